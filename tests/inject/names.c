/* Names that mean harm, in every place of a declaration that takes one: they work from one end to the other, or are refused when the schema is
 * linked. */
#include "places.h"

static void good(const struct names *n, bool answer) {
    if (!answer || !kin_ok(n->s))
        fail_msg("%s: status %d: %.500s", n->shown, (int)kin_error_of(n->s)->status, kin_error_of(n->s)->message);
}

/* The table and its columns are there under the very names. */
static void check_table(const struct names *n, const kin_model *model) {
    const kin_model_info *info = kin_model_describe(model);
    char *table = malloc(strlen(info->table) + (info->schema ? strlen(info->schema) : 0) + 2);
    sprintf(table, "%s%s%s", info->schema ? info->schema : "", info->schema && info->schema[0] ? "." : "", info->table);
    for (size_t i = 0; i < info->attributes.count; i++)
        if (inject_ask("SELECT count(*) FROM pragma_table_info(?) WHERE name = ?", table, kin_attribute_named(model, info->attributes.at[i])->column) != 1)
            fail_msg("%s: table %s has no column %s", n->shown, table, kin_attribute_named(model, info->attributes.at[i])->column);
    free(table);
}

static void write_and_read(struct names *n) {
    const char *const *at = n->at;
    const char *attribute = at[PLACE_ATTRIBUTE];
    kin_session *s = n->s;
    kin_row *one = kin_create(s, n->author, { attribute, kin("one") });
    kin_row *two = kin_create(s, n->author, { attribute, kin("two") }, { "mood", kin("none") });
    kin_row *book = kin_create(s, n->book, { "name", kin("book") });
    kin_row *other = kin_create(s, n->book, { "name", kin("other") });
    good(n, one && two && book && other);
    assert_string_equal(kin_text(one, "text"), at[PLACE_DEFAULT]);
    assert_string_equal(kin_text(one, "mood"), at[PLACE_LABEL]);
    good(n, kin_set(one, n->books, KIN_ROWS(book, other)).count == 2);
    good(n, kin_set_one(other, n->writer, two));
    good(n, kin_add(one, n->liked, KIN_ROWS(book, other), .through = KIN_VALUES({ at[PLACE_JOIN_ATTRIBUTE], kin("up") })));
    good(n, kin_set(one, n->liked, KIN_ROWS(book), .through = KIN_VALUES({ at[PLACE_JOIN_ATTRIBUTE], kin("down") })).count == 1);
    good(n, kin_put(two, attribute, kin("changed")) && kin_save(two) && kin_reload(two));
    assert_string_equal(kin_text(two, attribute), "changed");
    good(n, kin_update_all(s, n->author, KIN_VALUES({ attribute, kin("zwei") }), .where = kin_and(kin_eq(attribute, "changed"), kin_eq("mood", "none"))) == 1);
    kin_rows rows = kin_bulk_create(s, n->author, KIN_RECORDS(KIN_VALUES({ attribute, kin("three") }), KIN_VALUES({ attribute, kin("four") }, { "text", kin("t") })));
    good(n, rows.count == 2 && kin_destroy(rows.at[0]));
    good(n, kin_destroy_all(s, n->author, .where = kin_in(attribute, kin("four"), kin("five"))) == 1);
    good(n, kin_find_or_create(s, n->author, KIN_VALUES({ attribute, kin("zwei") })) != NULL);
}

static void find(struct names *n) {
    const char *const *at = n->at;
    const char *attribute = at[PLACE_ATTRIBUTE];
    kin_session *s = n->s;
    kin_rows rows = kin_find_all(s, n->author, .where = kin_or(kin_eq(attribute, "one"), kin_like(attribute, "z%")), .order = KIN_NAMES(attribute, "-id"),
                                 .attributes = KIN_NAMES(attribute, "mood"),
                                 .include = KIN_INCLUDE(KIN_WITH(n->books, .order = KIN_NAMES("-id")), KIN_WITH(n->liked, .limit = 3, .order = KIN_NAMES("name"))));
    good(n, rows.count == 2);
    assert_string_equal(kin_text(rows.at[0], attribute), "one");
    assert_int_equal(kin_related(rows.at[0], n->books).count, 1);
    kin_rows liked = kin_related(rows.at[0], n->liked);
    assert_int_equal(liked.count, 1);
    assert_string_equal(kin_text(kin_through(liked.at[0], n->shelf), at[PLACE_JOIN_ATTRIBUTE]), "down");
    rows = kin_find_all(s, n->book, .where = kin_exists(n->writer, .where = kin_ne(attribute, "nobody")), .order = KIN_NAMES("-id"), .include = KIN_INCLUDE(KIN_WITH(n->writer)));
    good(n, rows.count == 2);
    kin_row *writer = kin_related_one(rows.at[0], n->writer);
    assert_string_equal(kin_text(writer, attribute), "zwei");
    const char *json = kin_json(rows.at[0]);
    good(n, json != NULL);
    if (inject_ask("SELECT json_valid(?)", json, NULL) != 1 ||
        inject_ask("SELECT count(*) FROM json_tree(?) WHERE atom = 'zwei'", json, NULL) != 1)
        fail_msg("%s: %.500s", n->shown, json);
    kin_rows groups = kin_aggregate(s, n->author, KIN_AGGREGATES({ KIN_COUNT, NULL, "n" }, { KIN_MAX, attribute, "most" }), .group = KIN_NAMES(attribute), .order = KIN_NAMES("n"));
    good(n, groups.count == 2);
    good(n, kin_count_all(s, n->author, .where = kin_between(attribute, "o", "p")) == 1);
}

/* Through names made of names: paths, orders over an association, accessors. */
static void follow(struct names *n) {
    const char *const *at = n->at;
    char *path = malloc(strlen(at[PLACE_ONE]) + strlen(at[PLACE_ATTRIBUTE]) + 2);
    sprintf(path, "%s.%s", at[PLACE_ONE], at[PLACE_ATTRIBUTE]);
    kin_rows rows = kin_find_all(n->s, n->book, .where = kin_eq(path, "zwei"), .order = KIN_NAMES(path), .include = KIN_INCLUDE(KIN_WITH(n->writer)));
    good(n, rows.count == 1);
    free(path);
    kin_row *author = kin_find_one(n->s, n->author, .where = kin_eq(at[PLACE_ATTRIBUTE], "one"));
    for (size_t i = 0; i < kin_accessor_count(n->author); i++) {
        const kin_accessor *accessor = kin_accessor_at(n->author, i);
        if (accessor->verb != KIN_VERB_COUNT)
            continue;
        kin_result result = kin_call(author, accessor->name);
        good(n, result.ok && result.count == 1);
        assert_ptr_equal(kin_accessor_named(n->author, accessor->name), accessor);
    }
    assert_ptr_equal(kin_model_named(n->schema, at[PLACE_MODEL]), n->author);
    assert_ptr_equal(kin_association_named(n->author, at[PLACE_MANY]), n->books);
    assert_ptr_equal(kin_association_named(n->book, at[PLACE_ONE]), n->writer);
}

/* True when the schema took the names; then all of it must work. */
static bool run_names(struct names *n) {
    declare(n);
    bool linked = kin_schema_link(n->schema);
    if (!linked) {
        const kin_error *error = kin_schema_error(n->schema);
        if (error == NULL || error->status != KIN_SCHEMA || error->message[0] == '\0')
            fail_msg("%s: %s", n->shown, error ? error->message : "no error");
        kin_schema_free(n->schema);
        return false;
    }
    n->db = kin_open(inject_url, n->schema, .pool = 1, .log = { .function = inject_log });
    if (kin_db_error(n->db) || !kin_sync(n->db))
        fail_msg("%s: %.500s", n->shown, kin_db_error(n->db)->message);
    n->s = kin_session_open(n->db);
    check_table(n, n->author);
    check_table(n, n->book);
    check_table(n, n->shelf);
    write_and_read(n);
    find(n);
    follow(n);
    kin_session_close(n->s);
    inject_check_canary(n->shown);
    if (!kin_sync(n->db)) /* what is there is found again */
        fail_msg("%s: again: %.500s", n->shown, kin_db_error(n->db)->message);
    kin_close(n->db);
    kin_schema_free(n->schema);
    return true;
}

static void name_in_place(enum place place) {
    inject_open();
    for (size_t i = 0; i < INJECT_NAMES; i++) {
        struct names n;
        names_start(&n);
        n.at[place] = inject_names[i];
        snprintf(n.shown, sizeof n.shown, "%s '%s'", place_names[place], inject_shown(inject_names[i]));
        if (run_names(&n) == is_refused(place, inject_names[i]))
            fail_msg("%s is %s", n.shown, is_refused(place, inject_names[i]) ? "taken" : "refused");
        inject_clean();
    }
    inject_check_canary(place_names[place]);
    inject_close();
}

TEST(names_of_models) { name_in_place(PLACE_MODEL); }
TEST(names_of_tables) { name_in_place(PLACE_TABLE); }
TEST(names_of_schemas) { name_in_place(PLACE_PREFIX); }
TEST(names_of_attributes) { name_in_place(PLACE_ATTRIBUTE); }
TEST(names_of_columns) { name_in_place(PLACE_COLUMN); }
TEST(names_of_to_many_associations) { name_in_place(PLACE_MANY); }
TEST(names_of_to_one_associations) { name_in_place(PLACE_ONE); }
TEST(names_of_foreign_keys) { name_in_place(PLACE_FOREIGN_KEY); }
TEST(names_of_columns_of_keys) { name_in_place(PLACE_KEY_COLUMN); }
TEST(names_of_join_models) { name_in_place(PLACE_THROUGH); }
TEST(names_of_other_keys) { name_in_place(PLACE_OTHER_KEY); }
TEST(names_of_indexes) { name_in_place(PLACE_INDEX); }
TEST(names_of_unique_groups) { name_in_place(PLACE_GROUP); }
TEST(names_of_unique_keys) { name_in_place(PLACE_UNIQUE_KEY); }
TEST(labels_of_enums) { name_in_place(PLACE_LABEL); }
TEST(default_texts) { name_in_place(PLACE_DEFAULT); }
TEST(comments) { name_in_place(PLACE_COMMENT); }
TEST(singulars) { name_in_place(PLACE_SINGULAR); }
TEST(plurals) { name_in_place(PLACE_PLURAL); }
TEST(names_of_timestamps) { name_in_place(PLACE_CREATED_AT); }
TEST(names_of_join_attributes) { name_in_place(PLACE_JOIN_ATTRIBUTE); }
