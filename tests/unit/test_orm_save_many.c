/* Many rows at once: kin_bulk_create, kin_update_all, kin_destroy_all, kin_find_or_create; destroying with cascades that run hooks. */
#include "orm_save.h"

#include "driver/mock.h"
#include "session/db.h"

/* ---- bulk create ---- */

TEST(bulk_create_gives_rows_in_order_with_keys)
{
    struct store store;
    store_start(&store);
    kin_rows rows = kin_bulk_create(store.s, store.person,
                                    KIN_RECORDS(KIN_VALUES({ "name", kin("a") }, { "age", kin("7") }), KIN_VALUES({ "age", kin(8) }, { "name", kin("b") }),
                                                KIN_VALUES({ "name", kin("c") }, { "score", kin_null }, { "kind", kin("guest") })));
    store_good(&store);
    assert_int_equal(rows.count, 3);
    for (size_t i = 0; i < 3; i++) {
        kin_row *found = kin_find_by_pk(store.s, store.person, kin_key_of(rows.at[i]));
        assert_int_equal(kin_int(rows.at[i], "id"), i + 1);
        assert_true(kin_is_saved(rows.at[i]));
        assert_false(kin_changed(rows.at[i], NULL));
        assert_string_equal(kin_json(found), kin_json(rows.at[i]));
    }
    assert_true(kin_is_null(rows.at[2], "age"));
    assert_true(kin_real(rows.at[0], "score") == 1.5);
    assert_int_equal(kin_bulk_create(store.s, store.person, kin_records_of(0, NULL)).count, 0);
    store_good(&store);
    store_end(&store);
}

TEST(bulk_create_sends_one_statement_a_chunk)
{
    enum { COUNT = 150 };
    struct store store;
    mock_reset();
    store_open(&store, "mock:");
    mock_result(2, 2);
    kin_bulk_create(store.s, store.plain, KIN_RECORDS(KIN_VALUES({ "title", kin("a") }), KIN_VALUES({ "done", kin(true) })));
    store_good(&store);
    assert_int_equal(mock_count(), 1);
    assert_string_equal(mock_sql(0), "INSERT INTO `Plains` (`title`, `done`) VALUES (?, ?), (?, ?)");
    assert_string_equal(mock_binds(0), "'a', NULL, NULL, true");
    kin_values records[COUNT];
    const kin_assignment title = { "title", kin("t") };
    for (size_t i = 0; i < COUNT; i++)
        records[i] = kin_values_of(1, &title);
    mock_reset();
    mock_result(64, 64);
    mock_result(64, 128);
    mock_result(22, 150);
    kin_rows rows = kin_bulk_create(store.s, store.plain, kin_records_of(COUNT, records));
    store_good(&store);
    assert_int_equal(mock_count(), 5);
    assert_string_equal(mock_sql(0), "BEGIN");
    assert_string_equal(mock_sql(1), mock_sql(2));
    assert_string_equal(mock_sql(4), "COMMIT");
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(kin_int(rows.at[i], "id"), i + 1);
    store_end(&store);
    mock_reset();
}

TEST(bulk_create_with_given_and_made_keys)
{
    struct store store;
    store_start(&store);
    kin_rows rows = kin_bulk_create(store.s, store.plain,
                                    KIN_RECORDS(KIN_VALUES({ "title", kin("a") }), KIN_VALUES({ "title", kin("b") }),
                                                KIN_VALUES({ "id", kin(50) }, { "title", kin("c") }), KIN_VALUES({ "id", kin(40) }, { "title", kin("d") }),
                                                KIN_VALUES({ "id", kin_null }, { "title", kin("e") }), KIN_VALUES({ "title", kin("f") })));
    static const int64_t keys[] = { 1, 2, 50, 40, 51, 52 };
    store_good(&store);
    assert_int_equal(rows.count, 6);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(kin_int(rows.at[i], "id"), keys[i]);
        kin_row *found = kin_find_by_pk(store.s, store.plain, kin(keys[i]));
        assert_string_equal(kin_text(found, "title"), kin_text(rows.at[i], "title"));
    }
    rows = kin_bulk_create(store.s, store.plain, KIN_RECORDS(KIN_VALUES(KIN_DEFAULTS), KIN_VALUES(KIN_DEFAULTS)));
    store_good(&store);
    assert_int_equal(kin_int(rows.at[1], "id"), 54);
    rows = kin_bulk_create(store.s, store.pair, KIN_RECORDS(KIN_VALUES({ "a", kin(1) }, { "b", kin("x") }), KIN_VALUES({ "a", kin(1) }, { "b", kin("y") })));
    store_good(&store);
    assert_int_equal(rows.count, 2);
    store_end(&store);
}

TEST(bulk_create_is_all_or_nothing)
{
    enum { COUNT = 200 };
    struct store store;
    store_start(&store);
    kin_assignment values[COUNT][2];
    kin_values records[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        values[i][0] = (kin_assignment){ "name", kin("x") };
        values[i][1] = (kin_assignment){ "email", i == 180 ? kin("0") : kin_null };
        records[i] = kin_values_of(2, values[i]);
    }
    assert_non_null(kin_create(store.s, store.person, { "name", kin("first") }, { "email", kin("0") }));
    assert_int_equal(kin_bulk_create(store.s, store.person, kin_records_of(COUNT, records)).count, 0);
    assert_int_equal(kin_error_of(store.s)->constraint, KIN_UNIQUE);
    kin_clear_error(store.s);
    assert_int_equal(store_number(&store, "SELECT count(*) AS n FROM People"), 1);
    values[180][1].value = kin_null;
    values[7][0].value = kin_null;
    uint64_t before = kin_statement_count(store.s);
    assert_int_equal(kin_bulk_create(store.s, store.person, kin_records_of(COUNT, records)).count, 0);
    store_refused(&store, KIN_INVALID, "record 8 of 200: Person.name cannot be NULL");
    assert_int_equal(kin_statement_count(store.s), before);
    values[7][0] = (kin_assignment){ "nmae", kin("x") };
    assert_int_equal(kin_bulk_create(store.s, store.person, kin_records_of(COUNT, records)).count, 0);
    store_refused(&store, KIN_MISUSE, "record 8 of 200");
    values[7][0] = (kin_assignment){ "name", kin("x") };
    assert_int_equal(kin_bulk_create(store.s, store.person, kin_records_of(COUNT, records)).count, COUNT);
    assert_int_equal(store_number(&store, "SELECT count(*) AS n FROM People"), COUNT + 1);
    store_end(&store);
}

TEST(bulk_create_of_some_attributes)
{
    struct store store;
    store_start(&store);
    kin_bulk_create(store.s, store.plain,
                    KIN_RECORDS(KIN_VALUES({ "title", kin("a") }, { "done", kin(true) }), KIN_VALUES({ "done", kin(true) }, { "title", kin("b") })),
                    .attributes = KIN_NAMES("title"));
    store_good(&store);
    assert_int_equal(store_number(&store, "SELECT count(*) AS n FROM Plains WHERE title IS NOT NULL AND done IS NULL"), 2);
    kin_bulk_create(store.s, store.plain, KIN_RECORDS(KIN_VALUES({ "title", kin("a") })), .attributes = KIN_NAMES("tilte"));
    store_refused(&store, KIN_MISUSE, "title");
    store_end(&store);
}

TEST(bulk_create_notices_keys_that_a_trigger_disturbs)
{
    enum { COUNT = 130 };
    struct store store;
    store_start(&store);
    kin_execute(store.s, "CREATE TRIGGER twin AFTER INSERT ON Plains WHEN NEW.title = 't' BEGIN INSERT INTO Plains (title) VALUES ('twin'); END");
    kin_values records[COUNT];
    const kin_assignment title = { "title", kin("t") };
    for (size_t i = 0; i < COUNT; i++)
        records[i] = kin_values_of(1, &title);
    assert_int_equal(kin_bulk_create(store.s, store.plain, kin_records_of(COUNT, records)).count, 0);
    store_refused(&store, KIN_UNSUPPORTED, "one by one");
    assert_int_equal(store_number(&store, "SELECT count(*) AS n FROM Plains"), 0);
    store_end(&store);
}

TEST(bulk_create_hooks)
{
    static const kin_hook_kind bulk[] = { KIN_BEFORE_BULK_CREATE, KIN_AFTER_BULK_CREATE };
    struct store store;
    store_start(&store);
    kin_records two = KIN_RECORDS(KIN_VALUES({ "name", kin("a") }), KIN_VALUES({ "name", kin("b") }));
    assert_int_equal(kin_bulk_create(store.s, store.heard_of, two).count, 2);
    assert_int_equal(store.heard.count, 2);
    assert_memory_equal(store.heard.kinds, bulk, sizeof bulk);
    store.heard.count = 0;
    assert_int_equal(kin_bulk_create(store.s, store.heard_of, two, .individual_hooks = true).count, 2);
    assert_int_equal(store.heard.count, 2 + 2 * 6);
    store.heard.count = 0;
    assert_int_equal(kin_bulk_create(store.s, store.heard_of, two, .individual_hooks = true, .no_hooks = true).count, 2);
    assert_int_equal(store.heard.count, 0);
    store.heard.refuse = KIN_AFTER_BULK_CREATE;
    assert_int_equal(kin_bulk_create(store.s, store.heard_of, two).count, 0);
    store_refused(&store, KIN_HOOK, "after_bulk_create");
    store.heard.refuse = KIN_AFTER_CREATE;
    assert_int_equal(kin_bulk_create(store.s, store.heard_of, two, .individual_hooks = true).count, 0);
    store_refused(&store, KIN_HOOK, "after_create");
    assert_int_equal(store_number(&store, "SELECT count(*) AS n FROM Heard"), 6);
    store_end(&store);
}

/* ---- update all ---- */

TEST(update_all_sets_values)
{
    struct store store;
    store_start(&store);
    for (int i = 0; i < 5; i++)
        kin_create(store.s, store.person, { "name", kin("x") }, { "age", kin(i) }, { "updatedAt", kin_value_date(1) });
    assert_int_equal(kin_update_all(store.s, store.person, KIN_VALUES({ "name", kin("old") }), .where = kin_gte("age", 3)), 2);
    assert_int_equal(store_number(&store, "SELECT count(*) AS n FROM People WHERE name = 'old' AND updatedAt NOT LIKE '1970%'"), 2);
    assert_int_equal(store_number(&store, "SELECT count(*) AS n FROM People WHERE name = 'x' AND updatedAt LIKE '1970%'"), 3);
    assert_int_equal(kin_update_all(store.s, store.person, KIN_VALUES({ "age", kin_null }), .all = true), 5);
    assert_int_equal(kin_update_all(store.s, store.person, KIN_VALUES({ "age", kin(1) }), .where = kin_in_list("id", 0, NULL)), 0);
    assert_int_equal(kin_update_all(store.s, store.person, KIN_VALUES(KIN_DEFAULTS), .all = true), 0);
    store_good(&store);
    assert_int_equal(kin_update_all(store.s, store.person, KIN_VALUES({ "age", kin(-1) }, { "name", kin_null }), .all = true), -1);
    store_refused(&store, KIN_INVALID, "Person.age must be at least 0; Person.name cannot be NULL");
    store_end(&store);
}

TEST(update_and_destroy_need_a_condition)
{
    struct store store;
    store_start(&store);
    const kin_condition *none = NULL;
    const kin_condition *const empty[] = { NULL, kin_and(none, none), kin_or(none), kin_and(kin_or(none), kin_not(none)), kin_not(kin_or(none)) };
    for (size_t i = 0; i < sizeof empty / sizeof empty[0]; i++) {
        assert_int_equal(kin_update_all(store.s, store.plain, KIN_VALUES({ "title", kin("x") }), .where = empty[i]), -1);
        store_refused(&store, KIN_MISUSE, ".all = true");
        assert_int_equal(kin_destroy_all(store.s, store.plain, .where = empty[i]), -1);
        store_refused(&store, KIN_MISUSE, ".all = true");
    }
    assert_int_equal((kin_destroy_all)(store.s, store.plain, NULL), -1);
    store_refused(&store, KIN_MISUSE, "kin_destroy_all");
    assert_int_equal(kin_destroy_all(store.s, store.plain, .where = kin_eq("tilte", 1)), -1);
    store_refused(&store, KIN_MISUSE, "title");
    store_end(&store);
}

TEST(destroy_all_deletes_or_marks)
{
    struct store store;
    store_start(&store);
    for (int i = 0; i < 4; i++) {
        kin_create(store.s, store.plain, { "title", kin("x") });
        kin_create(store.s, store.note, { "text", kin("x") });
    }
    assert_int_equal(kin_destroy_all(store.s, store.plain, .where = kin_lte("id", 3)), 3);
    assert_int_equal(kin_destroy_all(store.s, store.plain, .all = true), 1);
    assert_int_equal(kin_destroy_all(store.s, store.note, .where = kin_lte("id", 3)), 3);
    assert_int_equal(kin_destroy_all(store.s, store.note, .where = kin_lte("id", 3)), 0);
    assert_int_equal(kin_update_all(store.s, store.note, KIN_VALUES({ "text", kin("y") }), .all = true), 1);
    assert_int_equal(store_number(&store, "SELECT count(*) AS n FROM Notes WHERE deletedAt IS NOT NULL AND text = 'x'"), 3);
    assert_int_equal(kin_destroy_all(store.s, store.note, .all = true, .force = true), 4);
    store_end(&store);
}

static void double_age(const kin_hook_event *event)
{
    if (event->kind == KIN_BEFORE_UPDATE && kin_text(event->row, "name")[0] == 'b')
        kin_put(event->row, "age", kin(2 * kin_int(event->row, "age")));
}

TEST(bulk_changes_with_hooks)
{
    struct store store;
    store_start(&store);
    kin_bulk_create(store.s, store.heard_of, KIN_RECORDS(KIN_VALUES({ "name", kin("a") }), KIN_VALUES({ "name", kin("b") })), .no_hooks = true);
    assert_int_equal(kin_update_all(store.s, store.heard_of, KIN_VALUES({ "age", kin(1) }), .all = true), 2);
    assert_int_equal(store.heard.count, 2);
    assert_int_equal(store.heard.kinds[0], KIN_BEFORE_BULK_UPDATE);
    store.heard.count = 0;
    store.heard.also = double_age;
    assert_int_equal(kin_update_all(store.s, store.heard_of, KIN_VALUES({ "age", kin(10) }), .all = true, .individual_hooks = true), 2);
    store_good(&store);
    assert_int_equal(store.heard.count, 2 + 2 * 6);
    assert_int_equal(store_number(&store, "SELECT sum(age) AS n FROM Heard WHERE (name = 'a' AND age = 10) OR (name = 'b' AND age = 20)"), 30);
    store.heard.also = NULL;
    store.heard.count = 0;
    store.heard.refuse = KIN_AFTER_UPDATE;
    assert_int_equal(kin_update_all(store.s, store.heard_of, KIN_VALUES({ "age", kin(0) }), .all = true, .individual_hooks = true), -1);
    store_refused(&store, KIN_HOOK, "after_update");
    store.heard.refuse = KIN_AFTER_DESTROY;
    assert_int_equal(kin_destroy_all(store.s, store.heard_of, .all = true, .individual_hooks = true), -1);
    store_refused(&store, KIN_HOOK, "after_destroy");
    assert_int_equal(store_number(&store, "SELECT sum(age) AS n FROM Heard"), 30);
    store.heard.refuse = 0;
    store.heard.count = 0;
    assert_int_equal(kin_destroy_all(store.s, store.heard_of, .all = true, .individual_hooks = true), 2);
    assert_int_equal(store.heard.count, 2 + 2 * 2);
    store_end(&store);
}

/* ---- calculating ---- */

TEST(what_is_calculated_is_of_all_that_match)
{
    struct store store;
    store_start(&store);
    kin_bulk_create(store.s, store.person, KIN_RECORDS(KIN_VALUES({ "name", kin("a") }, { "age", kin(7) }), KIN_VALUES({ "name", kin("b") }, { "age", kin(8) })));
    const kin_value sum = kin_sum(store.s, store.person, "age", .limit = 1, .offset = 1);
    store_good(&store);
    assert_int_equal(sum.type, KIN_VALUE_INTEGER);
    assert_int_equal(sum.as.integer, 15);
    store_end(&store);
}

/* ---- find or create ---- */

TEST(find_or_create_finds_or_creates)
{
    struct store store;
    store_start(&store);
    bool created = false;
    kin_row *one = kin_find_or_create(store.s, store.person, KIN_VALUES({ "name", kin("ada") }, { "email", kin_null }),
                                      .defaults = KIN_VALUES({ "age", kin(36) }, { "name", kin("ignored") }), .created = &created);
    store_good(&store);
    assert_true(created);
    assert_string_equal(kin_text(one, "name"), "ada");
    assert_int_equal(kin_int(one, "age"), 36);
    kin_row *same = kin_find_or_create(store.s, store.person, KIN_VALUES({ "name", kin("ada") }, { "email", kin_null }), .created = &created);
    assert_false(created);
    assert_true(kin_equals(one, same));
    assert_null(kin_find_or_create(store.s, store.person, KIN_VALUES({ "name", kin("") })));
    store_refused(&store, KIN_INVALID, "empty");
    assert_null(kin_find_or_create(store.s, store.person, KIN_VALUES(KIN_DEFAULTS)));
    store_refused(&store, KIN_MISUSE, "KIN_VALUES");
    assert_int_equal(kin_transaction_depth(store.s), 0);
    store_end(&store);
}

/* A database of several writers, on which another one is always quicker to insert. */
static bool quicker_run(struct driver_statement *statement, const kin_value *binds, size_t count, struct driver_result *result, struct fault *fault)
{
    (void)statement, (void)binds, (void)count, (void)result;
    fault_set(fault, KIN_CONSTRAINT, NULL, NULL, "Duplicate entry");
    fault_constraint(fault, KIN_UNIQUE, "Plains_title_unique", "Plains");
    return false;
}

TEST(find_or_create_finds_what_another_was_quicker_to_make)
{
    static const kin_value cells[] = { { .type = KIN_VALUE_INTEGER, .as.integer = 7 }, { .type = KIN_VALUE_NULL }, { .type = KIN_VALUE_NULL } };
    static const char *const sent[] = { "BEGIN", "SELECT", "SAVEPOINT", "ROLLBACK TO", "SELECT", "COMMIT" };
    struct store store;
    bool created = true;
    mock_reset();
    store_open(&store, "mock:mariadb");
    struct driver quicker = *store.db->driver;
    const struct driver *usual = store.db->driver;
    quicker.run = quicker_run;
    store.db->driver = &quicker;
    mock_rows(0, 3, NULL);
    mock_rows(1, 3, cells);
    kin_row *row = kin_find_or_create(store.s, store.plain, KIN_VALUES({ "title", kin("x") }), .created = &created);
    store_good(&store);
    assert_int_equal(kin_int(row, "id"), 7);
    assert_false(created);
    assert_int_equal(mock_count(), sizeof sent / sizeof sent[0]);
    for (size_t i = 0; i < mock_count(); i++)
        assert_memory_equal(mock_sql(i), sent[i], strlen(sent[i]));
    mock_rows(0, 3, NULL);
    mock_rows(0, 3, NULL);
    assert_null(kin_find_or_create(store.s, store.plain, KIN_VALUES({ "title", kin("x") })));
    assert_int_equal(kin_error_of(store.s)->constraint, KIN_UNIQUE);
    store_refused(&store, KIN_CONSTRAINT, "Duplicate entry");
    assert_int_equal(kin_transaction_depth(store.s), 0);
    store.db->driver = usual;
    store_end(&store);
    mock_reset();
}

/* ---- cascades ---- */

struct family {
    kin_schema *schema;
    kin_db *db;
    kin_session *s;
    kin_model *parent, *child, *grandchild, *tag, *tagging, *node;
    struct heard children, grandchildren, tags, taggings, nodes;
};

static void family_hear(kin_model *model, struct heard *heard)
{
    kin_hook_add(model, KIN_BEFORE_DESTROY, store_hook, heard);
    kin_hook_add(model, KIN_AFTER_DESTROY, store_hook, heard);
}

static void family_start(struct family *family)
{
    memset(family, 0, sizeof *family);
    kin_schema *schema = family->schema = kin_schema_new();
    family->parent = kin_define(schema, "Parent", KIN_ATTRIBUTES(KIN_STRING("name")));
    family->child = kin_define(schema, "Child", KIN_ATTRIBUTES(KIN_STRING("name")));
    family->grandchild = kin_define(schema, "Grandchild", KIN_ATTRIBUTES(KIN_STRING("name")));
    family->tag = kin_define(schema, "Tag", KIN_ATTRIBUTES(KIN_STRING("name")));
    family->tagging = kin_define(schema, "Tagging", KIN_ATTRIBUTES(KIN_STRING("why")));
    family->node = kin_define(schema, "Node", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_has_many(family->parent, family->child, .on_delete = KIN_CASCADE, .hooks = true);
    kin_has_one(family->child, family->grandchild, .on_delete = KIN_CASCADE, .hooks = true);
    kin_belongs_to(family->grandchild, family->child, .on_delete = KIN_CASCADE);
    kin_belongs_to_many(family->parent, family->tag, .through_model = family->tagging, .on_delete = KIN_CASCADE, .hooks = true);
    kin_belongs_to_many(family->tag, family->parent, .through_model = family->tagging, .on_delete = KIN_CASCADE, .hooks = true);
    kin_has_many(family->node, family->node, .as = "Parts", .foreign_key = "whole", .on_delete = KIN_CASCADE, .hooks = true);
    family_hear(family->child, &family->children);
    family_hear(family->grandchild, &family->grandchildren);
    family_hear(family->tag, &family->tags);
    family_hear(family->tagging, &family->taggings);
    family_hear(family->node, &family->nodes);
    family->db = kin_open("sqlite::memory:", schema);
    if (kin_db_error(family->db))
        fail_msg("%s", kin_db_error(family->db)->message);
    assert_true(kin_sync(family->db));
    family->s = kin_session_open(family->db);
}

static void family_end(struct family *family)
{
    kin_session_close(family->s);
    kin_close(family->db);
    kin_schema_free(family->schema);
}

static kin_row *family_make(struct family *family)
{
    kin_row *parent = kin_create(family->s, family->parent, { "name", kin("p") });
    for (int i = 0; i < 2; i++) {
        kin_row *child = kin_create(family->s, family->child, { "ParentId", kin_value_of(parent, "id") });
        kin_create(family->s, family->grandchild, { "ChildId", kin_value_of(child, "id") });
        kin_row *tag = kin_create(family->s, family->tag, { "name", kin("t") });
        kin_create(family->s, family->tagging, { "ParentId", kin_value_of(parent, "id") }, { "TagId", kin_value_of(tag, "id") });
    }
    assert_true(kin_ok(family->s));
    return parent;
}

static int64_t family_count(struct family *family)
{
    return kin_count_all(family->s, family->parent) + kin_count_all(family->s, family->child) + kin_count_all(family->s, family->grandchild) +
           kin_count_all(family->s, family->tagging);
}

TEST(destroy_cascades_with_hooks)
{
    struct family family;
    family_start(&family);
    kin_row *parent = family_make(&family);
    assert_true(kin_destroy(parent));
    assert_int_equal(family.children.count, 4);
    assert_int_equal(family.grandchildren.count, 4);
    assert_int_equal(family.taggings.count, 4);
    assert_int_equal(family.tags.count, 0);
    assert_int_equal(family_count(&family), 0);
    assert_int_equal(kin_count_all(family.s, family.tag), 2);
    family_end(&family);
}

TEST(a_refusing_hook_in_a_cascade_stops_it_all)
{
    struct family family;
    family_start(&family);
    kin_row *parent = family_make(&family);
    family.taggings.refuse = KIN_AFTER_DESTROY;
    assert_false(kin_destroy(parent));
    assert_int_equal(kin_error_of(family.s)->status, KIN_HOOK);
    kin_clear_error(family.s);
    assert_true(kin_is_saved(parent));
    assert_int_equal(family_count(&family), 1 + 2 + 2 + 2);
    family.taggings.refuse = 0;
    family.children.count = 0;
    assert_true(kin_destroy(parent, .no_hooks = true));
    assert_int_equal(family.children.count, 0);
    assert_int_equal(family_count(&family), 0);
    parent = family_make(&family);
    assert_int_equal(kin_destroy_all(family.s, family.parent, .all = true), 1);
    assert_int_equal(family.children.count, 0);
    parent = family_make(&family);
    assert_int_equal(kin_destroy_all(family.s, family.parent, .all = true, .individual_hooks = true), 1);
    assert_int_equal(family.children.count, 4);
    assert_int_equal(family_count(&family), 0);
    family_end(&family);
}

TEST(a_cascade_in_a_circle_ends)
{
    struct family family;
    family_start(&family);
    kin_row *nodes[4];
    for (int i = 0; i < 4; i++)
        nodes[i] = kin_create(family.s, family.node, { "id", kin(i + 1) }, { "whole", i ? kin(i) : kin_null });
    kin_put(nodes[0], "whole", kin(3));
    assert_true(kin_save(nodes[0]));
    assert_true(kin_destroy(nodes[0]));
    assert_true(kin_ok(family.s));
    assert_int_equal(family.nodes.count, 8);
    assert_int_equal(kin_count_all(family.s, family.node), 0);
    kin_row *own = kin_create(family.s, family.node, { "id", kin(9) }, { "whole", kin(9) });
    assert_true(kin_destroy(own));
    assert_int_equal(kin_count_all(family.s, family.node), 0);
    family_end(&family);
}

/* ---- models of the same name ---- */

TEST(a_model_that_was_replaced_is_not_taken_for_another)
{
    kin_schema *schema = kin_schema_new();
    kin_model *first = kin_define(schema, "First", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_model *old = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_model *user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_db *db = kin_open("sqlite::memory:", schema);
    assert_true(kin_sync(db));
    kin_session *s = kin_session_open(db);
    assert_non_null(kin_create(s, first, { "name", kin("first") }));
    assert_non_null(kin_create(s, user, { "name", kin("user") }));
    const kin_model *models[] = { first, old, user, first };
    for (size_t i = 0; i < sizeof models / sizeof *models; i++) {
        const char *expected = models[i] == first ? "first" : "user";
        assert_string_equal(kin_text(kin_find_one(s, models[i]), "name"), expected);
        assert_string_equal(kin_text(kin_find_by_pk(s, models[i], kin(1)), "name"), expected);
    }
    assert_true(kin_ok(s));
    kin_session_close(s);
    kin_close(db);
    kin_schema_free(schema);
}
