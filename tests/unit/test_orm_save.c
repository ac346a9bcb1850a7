/* One row: built, created, saved, reloaded, incremented, destroyed, restored; on SQLite, and the SQL on the mock driver. */
#include "orm_save.h"

#include "driver/mock.h"

/* ---- building ---- */

TEST(build_fills_defaults_and_sends_nothing)
{
    struct store store;
    store_start(&store);
    uint64_t before = kin_statement_count(store.s);
    kin_row *row = kin_build(store.s, store.person, { "name", kin("ada") }, { "age", kin("36") });
    store_good(&store);
    assert_int_equal(kin_statement_count(store.s), before);
    assert_string_equal(kin_text(row, "name"), "ada");
    assert_int_equal(kin_int(row, "age"), 36);
    assert_true(kin_real(row, "score") == 1.5);
    assert_false(kin_is_saved(row));
    assert_true(kin_changed(row, "name"));
    assert_null(kin_build(store.s, store.person, { "nmae", kin("ada") }));
    store_refused(&store, KIN_MISUSE, "name");
    assert_null(kin_build(store.s, NULL, { "name", kin("ada") }));
    store_refused(&store, KIN_MISUSE, "kin_build");
    store_end(&store);
}

TEST(generated_defaults)
{
    struct store store;
    store_start(&store);
    int64_t before = kin_now();
    kin_row *one = kin_create(store.s, store.token, KIN_DEFAULTS), *other = kin_create(store.s, store.token, KIN_DEFAULTS);
    store_good(&store);
    kin_uuid first = kin_uuid_of(one, "code"), second = kin_uuid_of(other, "code");
    assert_memory_not_equal(&first, &second, sizeof first);
    assert_int_equal(first.bytes[6] >> 4, 4);
    assert_int_equal(first.bytes[8] >> 6, 2);
    assert_true(kin_date_of(one, "born") >= before && kin_date_of(one, "born") <= kin_now());
    assert_int_equal(kin_date_of(one, "day"), kin_now() / INT64_C(86400000000));
    kin_row *found = kin_find_by_pk(store.s, store.token, kin_key_of(one));
    assert_non_null(found);
    assert_true(kin_equals(one, found));
    store_end(&store);
}

/* ---- creating ---- */

TEST(create_fills_in_the_key_and_the_timestamps)
{
    struct store store;
    store_start(&store);
    int64_t before = kin_now();
    kin_row *row = kin_create(store.s, store.person, { "name", kin("ada") }, { "kind", kin("member") }, { "balance", kin("1.20") });
    store_good(&store);
    assert_true(kin_is_saved(row));
    assert_false(kin_changed(row, NULL));
    assert_int_equal(kin_int(row, "id"), 1);
    assert_true(kin_is_null(row, "email"));
    assert_true(kin_date_of(row, "createdAt") >= before);
    assert_int_equal(kin_date_of(row, "createdAt"), kin_date_of(row, "updatedAt"));
    kin_row *found = kin_find_by_pk(store.s, store.person, kin(1));
    assert_string_equal(kin_text(found, "kind"), "member");
    assert_string_equal(kin_text(found, "balance"), kin_text(row, "balance"));
    assert_true(kin_real(found, "score") == 1.5);
    assert_int_equal(kin_date_of(found, "createdAt"), kin_date_of(row, "createdAt"));
    row = kin_create(store.s, store.person, { "name", kin("eve") }, { "id", kin(40) }, { "score", kin_null }, { "createdAt", kin_value_date(0) });
    assert_int_equal(kin_int(row, "id"), 40);
    assert_int_equal(store_number(&store, "SELECT count(*) AS n FROM People WHERE id = 40 AND score IS NULL AND createdAt LIKE '1970-%'"), 1);
    assert_int_equal(kin_int(kin_create(store.s, store.person, { "name", kin("bob") }, { "id", kin_null }), "id"), 41);
    store_end(&store);
}

TEST(create_leaves_unset_attributes_to_the_database)
{
    struct store store;
    mock_reset();
    store_open(&store, "mock:");
    kin_create(store.s, store.plain, { "title", kin("x") });
    kin_create(store.s, store.plain, { "title", kin_null }, { "done", kin(true) });
    kin_create(store.s, store.plain, KIN_DEFAULTS);
    kin_create(store.s, store.pair, { "a", kin(1) }, { "b", kin("x") });
    store_good(&store);
    assert_int_equal(mock_count(), 4);
    assert_string_equal(mock_sql(0), "INSERT INTO `Plains` (`title`) VALUES (?)");
    assert_string_equal(mock_sql(1), "INSERT INTO `Plains` (`title`, `done`) VALUES (?, ?)");
    assert_string_equal(mock_binds(1), "NULL, true");
    assert_string_equal(mock_sql(2), "INSERT INTO `Plains` DEFAULT VALUES");
    assert_string_equal(mock_sql(3), "INSERT INTO `Pairs` (`a`, `b`) VALUES (?, ?)");
    store_end(&store);
    mock_reset();
}

TEST(create_reads_the_key_back_where_the_database_gives_it)
{
    struct store store;
    mock_reset();
    store_open(&store, "mock:postgres");
    const kin_value key = kin(77), two[] = { kin(5), kin(9) };
    mock_rows(1, 1, &key);
    kin_row *row = kin_create(store.s, store.plain, { "title", kin("x") });
    store_good(&store);
    assert_string_equal(mock_sql(0), "INSERT INTO \"Plains\" (\"title\") VALUES ($1) RETURNING \"id\"");
    assert_int_equal(kin_int(row, "id"), 77);
    mock_rows(2, 1, two);
    kin_rows rows = kin_bulk_create(store.s, store.plain, KIN_RECORDS(KIN_VALUES({ "title", kin("a") }), KIN_VALUES({ "title", kin("b") })));
    store_good(&store);
    assert_int_equal(rows.count, 2);
    assert_int_equal(kin_int(rows.at[0], "id"), 5);
    assert_int_equal(kin_int(rows.at[1], "id"), 9);
    store_end(&store);
    mock_reset();
}

TEST(a_refused_row_is_not_saved)
{
    struct store store;
    store_start(&store);
    assert_non_null(kin_create(store.s, store.person, { "name", kin("ada") }, { "email", kin("a@b") }));
    kin_row *row = kin_build(store.s, store.person, { "name", kin("eve") }, { "email", kin("a@b") });
    assert_false(kin_save(row));
    assert_int_equal(kin_error_of(store.s)->constraint, KIN_UNIQUE);
    store_refused(&store, KIN_CONSTRAINT, "");
    assert_false(kin_is_saved(row));
    assert_true(kin_changed(row, "email"));
    assert_true(kin_put(row, "email", kin("e@b")));
    assert_true(kin_save(row));
    assert_int_equal(kin_int(row, "id"), 2);
    store_end(&store);
}

/* ---- updating ---- */

TEST(save_writes_what_changed)
{
    struct store store;
    mock_reset();
    store_open(&store, "mock:");
    kin_row *row = kin_create(store.s, store.plain, { "title", kin("x") }, { "done", kin(false) });
    assert_true(kin_save(row));
    assert_int_equal(mock_count(), 1);
    kin_put(row, "done", kin(false));
    assert_true(kin_save(row));
    assert_int_equal(mock_count(), 1);
    kin_put(row, "done", kin(true));
    assert_true(kin_save(row));
    assert_string_equal(mock_sql(1), "UPDATE `Plains` SET `done` = ? WHERE `id` = ?");
    assert_string_equal(mock_binds(1), "true, 1");
    assert_false(kin_changed(row, NULL));
    kin_put(row, "title", kin("y"));
    kin_put(row, "done", kin_null);
    assert_true(kin_save(row, .attributes = KIN_NAMES("done")));
    assert_string_equal(mock_sql(2), "UPDATE `Plains` SET `done` = ? WHERE `id` = ?");
    assert_true(kin_changed(row, "title"));
    assert_false(kin_save(row, .attributes = KIN_NAMES("dnoe")));
    store_refused(&store, KIN_MISUSE, "done");
    store_end(&store);
    mock_reset();
}

TEST(save_refreshes_updated_at)
{
    struct store store;
    store_start(&store);
    kin_row *row = kin_create(store.s, store.person, { "name", kin("ada") }, { "createdAt", kin_value_date(1) }, { "updatedAt", kin_value_date(2) });
    kin_put(row, "age", kin(36));
    assert_true(kin_save(row));
    assert_int_equal(kin_date_of(row, "createdAt"), 1);
    assert_true(kin_date_of(row, "updatedAt") > 2);
    kin_put(row, "updatedAt", kin_value_date(3));
    assert_true(kin_save(row));
    kin_row *found = kin_find_by_pk(store.s, store.person, kin(1));
    assert_int_equal(kin_date_of(found, "updatedAt"), 3);
    assert_int_equal(kin_int(found, "age"), 36);
    store_end(&store);
}

TEST(save_of_a_changed_key)
{
    struct store store;
    store_start(&store);
    kin_row *row = kin_create(store.s, store.plain, { "title", kin("x") });
    kin_put(row, "id", kin(9));
    kin_put(row, "title", kin("y"));
    assert_true(kin_save(row, .attributes = KIN_NAMES("title")));
    assert_true(kin_save(row));
    kin_put(row, "title", kin("z"));
    assert_true(kin_save(row));
    assert_int_equal(store_number(&store, "SELECT count(*) AS n FROM Plains WHERE id = 9 AND title = 'z'"), 1);
    kin_row *pair = kin_create(store.s, store.pair, { "a", kin(1) }, { "b", kin("x") }, { "value", kin("v") });
    kin_put(pair, "a", kin(2));
    kin_put(pair, "b", kin("y"));
    assert_true(kin_save(pair, .attributes = KIN_NAMES("b")));
    assert_int_equal(store_number(&store, "SELECT count(*) AS n FROM Pairs WHERE a = 1 AND b = 'y'"), 1);
    assert_true(kin_save(pair));
    kin_put(pair, "value", kin("w"));
    assert_true(kin_save(pair));
    assert_int_equal(store_number(&store, "SELECT count(*) AS n FROM Pairs WHERE a = 2 AND b = 'y' AND value = 'w'"), 1);
    store_end(&store);
}

TEST(save_of_a_row_that_is_gone)
{
    struct store store;
    store_start(&store);
    kin_row *row = kin_create(store.s, store.plain, { "title", kin("x") });
    kin_execute(store.s, "DELETE FROM Plains");
    kin_put(row, "title", kin("y"));
    assert_false(kin_save(row));
    store_refused(&store, KIN_STALE, "Plain 1 is not in the database");
    assert_true(kin_changed(row, "title"));
    assert_false(kin_reload(row));
    store_refused(&store, KIN_STALE, "Plain 1");
    assert_false(kin_destroy(row));
    store_refused(&store, KIN_STALE, "Plain 1");
    store_end(&store);
}

TEST(save_needs_a_row_of_a_model)
{
    struct store store;
    store_start(&store);
    assert_false(kin_save(NULL));
    assert_true(kin_ok(store.s));
    kin_rows rows = kin_query(store.s, "SELECT 1 AS n");
    assert_false(kin_save(rows.at[0]));
    store_refused(&store, KIN_MISUSE, "kin_query");
    kin_row *row = kin_build(store.s, store.plain, KIN_DEFAULTS);
    assert_false(kin_destroy(row));
    store_refused(&store, KIN_MISUSE, "not in the database yet");
    assert_false(kin_reload(row));
    store_refused(&store, KIN_MISUSE, "not in the database yet");
    store_end(&store);
}

TEST(insert_of_some_attributes_keeps_the_others_pending)
{
    struct store store;
    store_start(&store);
    kin_row *row = kin_build(store.s, store.plain, { "title", kin("x") }, { "done", kin(true) });
    assert_true(kin_save(row, .attributes = KIN_NAMES("title")));
    assert_true(kin_changed(row, "done"));
    assert_false(kin_changed(row, "title"));
    assert_int_equal(store_number(&store, "SELECT count(*) AS n FROM Plains WHERE done IS NULL AND title = 'x'"), 1);
    assert_true(kin_save(row));
    assert_int_equal(store_number(&store, "SELECT count(*) AS n FROM Plains WHERE done AND title = 'x'"), 1);
    store_end(&store);
}

/* ---- validation ---- */

TEST(validation_tells_everything_at_once)
{
    struct store store;
    store_start(&store);
    assert_null(kin_create(store.s, store.person, { "age", kin(-1) }, { "shoes", kin(3) }, { "balance", kin("150.01") }));
    assert_string_equal(kin_error_of(store.s)->attribute, "name");
    assert_string_equal(kin_error_of(store.s)->message,
                        "Person.name cannot be NULL; Person.age must be at least 0; Person.balance must be at most 150; Person.shoes must be even");
    store_refused(&store, KIN_INVALID, "");
    assert_null(kin_create(store.s, store.person, { "name", kin("") }));
    store_refused(&store, KIN_INVALID, "Person.name cannot be empty");
    assert_null(kin_create(store.s, store.person, { "name", kin("123456789012345678901") }));
    store_refused(&store, KIN_INVALID, "Person.name must have at most 20 bytes, not 21");
    assert_null(kin_create(store.s, store.person, { "name", kin("a") }, { "kind", kin("boss") }));
    kin_clear_error(store.s);
    assert_int_equal(store_number(&store, "SELECT count(*) AS n FROM People"), 0);
    store_end(&store);
}

TEST(an_update_validates_what_it_saves)
{
    struct store store;
    store_start(&store);
    kin_execute(store.s, "INSERT INTO People (name, age, createdAt, updatedAt) VALUES ('ada', -5, '2026-01-01', '2026-01-01')");
    kin_row *row = kin_find_by_pk(store.s, store.person, kin(1));
    kin_put(row, "email", kin("a@b"));
    assert_true(kin_validate(row));
    assert_true(kin_save(row));
    kin_put(row, "name", kin_null);
    assert_false(kin_validate(row));
    store_refused(&store, KIN_INVALID, "Person.name cannot be NULL");
    kin_put(row, "email", kin("b@b"));
    assert_true(kin_save(row, .attributes = KIN_NAMES("email")));
    assert_false(kin_save(row));
    store_refused(&store, KIN_INVALID, "Person.name cannot be NULL");
    assert_false(kin_save(row, .no_validate = true));
    assert_int_equal(kin_error_of(store.s)->constraint, KIN_NOT_NULL);
    store_refused(&store, KIN_CONSTRAINT, "");
    kin_put(row, "name", kin("ada"));
    kin_put(row, "age", kin(-7));
    assert_true(kin_save(row, .no_validate = true));
    store_end(&store);
}

/* ---- hooks ---- */

static void assert_heard(struct store *store, size_t count, const kin_hook_kind *kinds)
{
    assert_int_equal(store->heard.count, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(store->heard.kinds[i], kinds[i]);
    store->heard.count = 0;
}
#define HEARD(store, ...) \
    assert_heard(store, sizeof((const kin_hook_kind[]){ __VA_ARGS__ }) / sizeof(kin_hook_kind), (const kin_hook_kind[]){ __VA_ARGS__ })

TEST(hooks_run_in_order)
{
    struct store store;
    store_start(&store);
    kin_row *row = kin_create(store.s, store.heard_of, { "name", kin("x") });
    store_good(&store);
    HEARD(&store, KIN_BEFORE_VALIDATE, KIN_AFTER_VALIDATE, KIN_BEFORE_SAVE, KIN_BEFORE_CREATE, KIN_AFTER_CREATE, KIN_AFTER_SAVE);
    assert_true(kin_save(row));
    assert_int_equal(store.heard.count, 0);
    kin_put(row, "age", kin(1));
    assert_true(kin_save(row));
    HEARD(&store, KIN_BEFORE_VALIDATE, KIN_AFTER_VALIDATE, KIN_BEFORE_SAVE, KIN_BEFORE_UPDATE, KIN_AFTER_UPDATE, KIN_AFTER_SAVE);
    kin_put(row, "age", kin(2));
    assert_true(kin_save(row, .no_validate = true));
    HEARD(&store, KIN_BEFORE_SAVE, KIN_BEFORE_UPDATE, KIN_AFTER_UPDATE, KIN_AFTER_SAVE);
    kin_put(row, "age", kin(3));
    assert_true(kin_save(row, .no_hooks = true));
    assert_int_equal(store.heard.count, 0);
    assert_true(kin_destroy(row));
    HEARD(&store, KIN_BEFORE_DESTROY, KIN_AFTER_DESTROY);
    store_end(&store);
}

static void set_age(const kin_hook_event *event)
{
    if (event->kind == KIN_BEFORE_SAVE)
        kin_put(event->row, "age", kin(99));
}

TEST(what_a_hook_changes_is_saved)
{
    struct store store;
    store_start(&store);
    kin_row *row = kin_create(store.s, store.heard_of, { "name", kin("x") });
    store.heard.also = set_age;
    kin_put(row, "name", kin("y"));
    assert_true(kin_save(row, .attributes = KIN_NAMES("name")));
    assert_false(kin_changed(row, NULL));
    assert_int_equal(store_number(&store, "SELECT count(*) AS n FROM Heard WHERE name = 'y' AND age = 99"), 1);
    assert_non_null(kin_create(store.s, store.heard_of, { "name", kin("z") }));
    assert_int_equal(store_number(&store, "SELECT count(*) AS n FROM Heard WHERE name = 'z' AND age = 99"), 1);
    store_end(&store);
}

TEST(a_refusing_hook_leaves_nothing_behind)
{
    static const kin_hook_kind kinds[] = { KIN_BEFORE_VALIDATE, KIN_AFTER_VALIDATE, KIN_BEFORE_SAVE, KIN_BEFORE_CREATE, KIN_AFTER_CREATE, KIN_AFTER_SAVE };
    struct store store;
    store_start(&store);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        kin_row *row = kin_build(store.s, store.heard_of, { "name", kin("x") });
        store.heard.refuse = kinds[i];
        assert_false(kin_save(row));
        store_refused(&store, KIN_HOOK, "hook of Heard refused");
        assert_false(kin_is_saved(row));
        assert_true(kin_changed(row, "name"));
        assert_int_equal(store_number(&store, "SELECT count(*) AS n FROM Heard"), 0);
        store.heard.refuse = 0;
        assert_true(kin_save(row));
        assert_true(kin_destroy(row));
    }
    kin_row *row = kin_create(store.s, store.heard_of, { "name", kin("x") });
    store.heard.refuse = KIN_AFTER_UPDATE;
    kin_put(row, "name", kin("y"));
    assert_false(kin_save(row));
    store_refused(&store, KIN_HOOK, "after_update");
    assert_true(kin_changed(row, "name"));
    assert_int_equal(store_number(&store, "SELECT count(*) AS n FROM Heard WHERE name = 'x'"), 1);
    store.heard.refuse = KIN_AFTER_DESTROY;
    assert_false(kin_destroy(row));
    store_refused(&store, KIN_HOOK, "after_destroy");
    assert_true(kin_is_saved(row));
    store.heard.refuse = 0;
    assert_true(kin_save(row));
    assert_int_equal(store_number(&store, "SELECT count(*) AS n FROM Heard WHERE name = 'y'"), 1);
    store_end(&store);
}

static void fail_gently(const kin_hook_event *event) { kin_fail(event->session, KIN_INVALID, "not on a Sunday"); }

TEST(a_hook_says_why)
{
    struct store store;
    store_start(&store);
    store.heard.also = fail_gently;
    assert_null(kin_create(store.s, store.heard_of, { "name", kin("x") }));
    store_refused(&store, KIN_INVALID, "not on a Sunday");
    assert_int_equal(store.heard.count, 1);
    store_end(&store);
}

/* ---- rollback ---- */

TEST(rolled_back_rows_tell_the_truth)
{
    struct store store;
    store_start(&store);
    kin_row *old = kin_create(store.s, store.plain, { "title", kin("old") });
    kin_row *dead = kin_create(store.s, store.plain, { "title", kin("dead") });
    assert_true(kin_begin(store.s));
    kin_row *made = kin_create(store.s, store.plain, { "title", kin("made") });
    kin_put(old, "title", kin("new"));
    assert_true(kin_save(old));
    assert_true(kin_destroy(dead));
    kin_rows many = kin_bulk_create(store.s, store.plain, KIN_RECORDS(KIN_VALUES({ "title", kin("b1") }), KIN_VALUES({ "title", kin("b2") })));
    assert_int_equal(many.count, 2);
    assert_true(kin_rollback(store.s));
    assert_false(kin_is_saved(made));
    assert_true(kin_changed(made, "title"));
    assert_false(kin_is_saved(many.at[1]));
    assert_true(kin_changed(old, "title"));
    assert_true(kin_is_saved(dead));
    assert_true(kin_save(made) && kin_save(old) && kin_save(many.at[0]) && kin_destroy(dead));
    store_good(&store);
    assert_int_equal(store_number(&store, "SELECT count(*) AS n FROM Plains WHERE title IN ('made', 'new', 'b1')"), 3);
    assert_int_equal(store_number(&store, "SELECT count(*) AS n FROM Plains"), 3);
    store_end(&store);
}

TEST(a_stale_row_is_reloaded_before_it_is_saved)
{
    struct store store;
    store_start(&store);
    kin_row *row = kin_create(store.s, store.person, { "name", kin("ada") }, { "age", kin(1) });
    assert_true(kin_begin(store.s));
    assert_true(kin_increment(row, "age", kin(5)));
    assert_int_equal(kin_int(row, "age"), 6);
    assert_true(kin_rollback(store.s));
    kin_put(row, "name", kin("eve"));
    assert_false(kin_save(row));
    store_refused(&store, KIN_STALE, "kin_reload");
    assert_true(kin_reload(row));
    assert_int_equal(kin_int(row, "age"), 1);
    assert_string_equal(kin_text(row, "name"), "ada");
    kin_put(row, "name", kin("eve"));
    assert_true(kin_save(row));
    store_end(&store);
}

/* ---- reload, increment ---- */

TEST(reload_reads_everything_again)
{
    struct store store;
    store_start(&store);
    kin_row *row = kin_create(store.s, store.plain, { "title", kin("x") });
    kin_execute(store.s, "UPDATE Plains SET title = 'y', done = 1");
    kin_put(row, "title", kin("mine"));
    kin_put(row, "id", kin(7));
    assert_true(kin_reload(row));
    assert_string_equal(kin_text(row, "title"), "y");
    assert_true(kin_bool(row, "done"));
    assert_int_equal(kin_int(row, "id"), 1);
    assert_false(kin_changed(row, NULL));
    store_end(&store);
}

TEST(increment_adds_in_the_database)
{
    struct store store;
    store_start(&store);
    kin_row *row = kin_create(store.s, store.person, { "name", kin("ada") }, { "age", kin(1) }, { "updatedAt", kin_value_date(5) });
    kin_execute(store.s, "UPDATE People SET age = 10");
    kin_put(row, "name", kin("eve"));
    assert_true(kin_increment(row, "age", kin(5)));
    assert_int_equal(kin_int(row, "age"), 15);
    assert_true(kin_date_of(row, "updatedAt") > 5);
    assert_true(kin_changed(row, "name"));
    assert_true(kin_increment(row, "score", kin(-0.5)));
    assert_true(kin_real(row, "score") == 1.0);
    assert_false(kin_increment(row, "name", kin(1)));
    store_refused(&store, KIN_MISUSE, "not a number");
    assert_false(kin_increment(row, "id", kin(1)));
    store_refused(&store, KIN_MISUSE, "primary key");
    assert_false(kin_increment(row, "age", kin_null));
    store_refused(&store, KIN_MISUSE, "NULL");
    assert_false(kin_increment(row, "age", kin(1.5)));
    store_refused(&store, KIN_MISUSE, "age");
    kin_execute(store.s, "DELETE FROM People");
    assert_false(kin_increment(row, "age", kin(1)));
    store_refused(&store, KIN_STALE, "Person 1");
    assert_int_equal(kin_int(row, "age"), 15);
    store_end(&store);
}

/* ---- destroy, restore ---- */

TEST(destroy_deletes)
{
    struct store store;
    store_start(&store);
    kin_row *row = kin_create(store.s, store.plain, { "title", kin("x") });
    assert_true(kin_destroy(row));
    assert_false(kin_is_saved(row));
    assert_string_equal(kin_text(row, "title"), "x");
    assert_int_equal(store_number(&store, "SELECT count(*) AS n FROM Plains"), 0);
    kin_put(row, "title", kin("y"));
    assert_false(kin_save(row));
    store_refused(&store, KIN_STALE, "destroyed");
    assert_false(kin_destroy(row));
    store_refused(&store, KIN_STALE, "destroyed");
    kin_row *pair = kin_create(store.s, store.pair, { "a", kin(1) }, { "b", kin("x") });
    assert_non_null(kin_create(store.s, store.pair, { "a", kin(1) }, { "b", kin("y") }));
    assert_true(kin_destroy(pair));
    assert_int_equal(store_number(&store, "SELECT count(*) AS n FROM Pairs WHERE b = 'y'"), 1);
    store_end(&store);
}

TEST(paranoid_rows_are_marked_and_restored)
{
    struct store store;
    store_start(&store);
    kin_row *row = kin_create(store.s, store.note, { "text", kin("x") });
    assert_true(kin_destroy(row));
    assert_false(kin_is_null(row, "deletedAt"));
    assert_null(kin_find_by_pk(store.s, store.note, kin(1)));
    assert_int_equal(store_number(&store, "SELECT count(*) AS n FROM Notes WHERE deletedAt IS NOT NULL"), 1);
    assert_true(kin_restore(row));
    assert_true(kin_is_null(row, "deletedAt"));
    assert_non_null(kin_find_by_pk(store.s, store.note, kin(1)));
    assert_true(kin_begin(store.s));
    assert_true(kin_destroy(row));
    assert_true(kin_rollback(store.s));
    assert_true(kin_reload(row));
    assert_true(kin_is_null(row, "deletedAt"));
    assert_true(kin_destroy(row, .force = true));
    assert_int_equal(store_number(&store, "SELECT count(*) AS n FROM Notes"), 0);
    assert_false(kin_restore(row));
    store_refused(&store, KIN_STALE, "destroyed");
    kin_row *plain = kin_create(store.s, store.plain, KIN_DEFAULTS);
    assert_false(kin_restore(plain));
    store_refused(&store, KIN_MISUSE, "not paranoid");
    store_end(&store);
}
