/* Values that mean harm, in every place that takes one: they are bound, come back as they went in, and are never part of the SQL. */
#include "inject.h"

struct store {
    kin_schema *schema;
    kin_db *db;
    kin_session *s;
    kin_model *note, *tag, *link;
    kin_association *tags, *replies;
};

static void store_open(struct store *store) {
    inject_open();
    memset(store, 0, sizeof *store);
    kin_schema *schema = store->schema = kin_schema_new();
    store->note = kin_define(schema, "Note", KIN_ATTRIBUTES(KIN_TEXT("text"), KIN_INTEGER("number"), KIN_REAL("real"), KIN_BLOB("blob"), KIN_JSON("json"),
                                                            KIN_ENUM("mood", .labels = KIN_NAMES("good", "bad")), KIN_DECIMAL("price", .precision = 10, .scale = 2)));
    store->tag = kin_define(schema, "Tag", KIN_ATTRIBUTES(KIN_STRING("name", .primary_key = true)));
    store->link = kin_define(schema, "NoteTags", KIN_ATTRIBUTES(KIN_TEXT("why")));
    store->tags = kin_belongs_to_many(store->note, store->tag, .through_model = store->link);
    store->replies = kin_has_many(store->note, store->note, .as = "Replies", .foreign_key = "parentId");
    store->db = kin_open(inject_url, schema, .pool = 1, .log = { .function = inject_log });
    if (kin_db_error(store->db) || !kin_sync(store->db))
        fail_msg("%s", kin_db_error(store->db)->message);
    store->s = kin_session_open(store->db);
}

static void store_close(struct store *store) {
    kin_session_close(store->s);
    kin_close(store->db);
    kin_schema_free(store->schema);
    inject_check_canary("at the end");
    inject_close();
}

static void good(struct store *store, bool answer, const char *value) {
    if (!answer || !kin_ok(store->s))
        fail_msg("'%s': status %d: %.500s", inject_shown(value), (int)kin_error_of(store->s)->status, kin_error_of(store->s)->message);
}

static void refused(struct store *store, bool answer, const char *value, const char *message) {
    if (answer || kin_error_of(store->s)->status != KIN_MISUSE || strstr(kin_error_of(store->s)->message, message) == NULL)
        fail_msg("'%s': answer %d, status %d: %.500s", inject_shown(value), answer, (int)kin_error_of(store->s)->status, kin_error_of(store->s)->message);
    kin_clear_error(store->s);
}

static bool is_utf8(const char *text) {
    return strcmp(text, "\xff\xfe") != 0 && strcmp(text, "\xc3") != 0 && strcmp(text, "a\xed\xa0\x80") != 0;
}

/* How many rows of a table have this very text in a column, as SQLite itself sees it. */
static int64_t count_exactly(const char *table, const char *column, const char *text, size_t size) {
    char sql[200];
    sqlite3_stmt *statement;
    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s WHERE CAST(%s AS BLOB) = ?", table, column);
    assert_int_equal(sqlite3_prepare_v2(inject_plain, sql, -1, &statement, NULL), SQLITE_OK);
    sqlite3_bind_blob(statement, 1, text, (int)size, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t result = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return result;
}

/* ---- texts ---- */

static void write_text(struct store *store, const char *text, size_t size) {
    kin_session *s = store->s;
    kin_value value = kin_value_text(text, size);
    kin_row *row = kin_create(s, store->note, { "text", value }, { "number", kin(1) });
    good(store, row != NULL, text);
    assert_int_equal(count_exactly("Notes", "text", text, size), 1);
    assert_int_equal(kin_length_of(row, "text"), size);
    kin_row *other = kin_create(s, store->note, { "text", kin("other") });
    good(store, kin_put(other, "text", value) && kin_save(other), text);
    good(store, kin_update_all(s, store->note, KIN_VALUES({ "text", value }), .where = kin_eq("text", value)) == 2, text);
    good(store, kin_bulk_create(s, store->note, KIN_RECORDS(KIN_VALUES({ "text", value }), KIN_VALUES({ "text", kin("x") }, { "blob", kin_value_blob(text, size) }))).count == 2, text);
    assert_int_equal(count_exactly("Notes", "text", text, size), 3 + (size == 1 && *text == 'x'));
    assert_int_equal(count_exactly("Notes", "blob", text, size), 1);
    bool created = true;
    good(store, kin_find_or_create(s, store->note, KIN_VALUES({ "text", value }), .created = &created) != NULL && !created, text);
}

static void link_text(struct store *store, const char *text, size_t size) {
    kin_session *s = store->s;
    kin_value value = kin_value_text(text, size);
    kin_row *note = kin_find_one(s, store->note, .where = kin_eq("text", value));
    kin_row *tag = kin_create(s, store->tag, { "name", value });
    good(store, note && tag, text);
    good(store, kin_add(note, store->tags, KIN_KEYS(value), .through = KIN_VALUES({ "why", value })), text);
    good(store, kin_has(note, store->tags, KIN_KEYS(value)), text);
    kin_row *found = kin_find_by_pk(s, store->note, kin_key_of(note), .include = KIN_INCLUDE(KIN_WITH(store->tags, .where = kin_eq("name", value), .through_where = kin_eq("why", value))));
    good(store, found && kin_related(found, store->tags).count == 1, text);
    kin_row *join = kin_through(kin_related(found, store->tags).at[0], store->link);
    assert_int_equal(kin_length_of(join, "why"), size);
    assert_memory_equal(kin_text(join, "why"), text, size);
    good(store, kin_count_all(s, store->note, .where = kin_exists(store->tags, .where = kin_eq("name", value))) == 1, text);
    good(store, kin_remove(note, store->tags, KIN_KEYS(value)) && kin_destroy(tag), text);
    assert_int_equal(plain_count("NoteTags"), 0);
}

static void find_text(struct store *store, const char *text, size_t size) {
    kin_session *s = store->s;
    kin_value value = kin_value_text(text, size), many[40];
    int64_t all = 3 + (size == 1 && *text == 'x');
    for (size_t i = 0; i < 40; i++)
        many[i] = i == 17 ? value : kin_value_text("nothing", 7);
    good(store, kin_count_all(s, store->note, .where = kin_eq("text", value)) == all, text);
    good(store, kin_count_all(s, store->note, .where = kin_in("text", value, kin("nothing"))) == all, text);
    good(store, kin_count_all(s, store->note, .where = kin_in_list("text", 40, many)) == all, text);
    good(store, kin_count_all(s, store->note, .where = kin_between("text", value, value)) == all, text);
    good(store, kin_count_all(s, store->note, .where = kin_and(kin_gte("text", value), kin_not(kin_gt("text", value)))) == all, text);
    good(store, kin_count_all(s, store->note, .where = kin_sql("`text` = ?", value)) == all, text);
    good(store, kin_count_all(s, store->note, .where = kin_keep(s, kin_or(kin_eq("text", value)))) == all, text);
    kin_rows rows = kin_query(s, "SELECT count(*) AS `n`, ? AS `back` FROM `Notes` WHERE `text` = ?", value, value);
    good(store, rows.count == 1 && kin_int(rows.at[0], "n") == all && kin_length_of(rows.at[0], "back") == size, text);
    good(store, kin_count_all(s, store->note, .where = kin_like("text", value)) >= 0, text);
    rows = kin_aggregate(s, store->note, KIN_AGGREGATES({ KIN_MAX, "text", "most" }), .group = KIN_NAMES("number"), .having = kin_eq("most", value));
    good(store, rows.count > 0 && kin_length_of(rows.at[0], "most") == size, text);
    good(store, kin_execute(s, "UPDATE `Notes` SET `text` = ? WHERE `text` = ?", value, value) == all, text);
}

/* JSON of it is JSON, says the same, and is UTF-8. */
static void write_out(struct store *store, const char *text, size_t size) {
    kin_row *row = kin_find_one(store->s, store->note, .where = kin_eq("text", kin_value_text(text, size)), .attributes = KIN_NAMES("text"));
    const char *json = kin_json(row);
    good(store, json != NULL, text);
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_prepare_v2(inject_plain, "SELECT json_valid(?1), json_extract(?1, '$.text')", -1, &statement, NULL), SQLITE_OK);
    sqlite3_bind_text(statement, 1, json, -1, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    bool same = (size_t)sqlite3_column_bytes(statement, 1) == size && memcmp(sqlite3_column_text(statement, 1), text, size) == 0;
    bool has_nul = memchr(text, '\0', size) != NULL; /* SQLite's own JSON ends there */
    if (sqlite3_column_int(statement, 0) != 1 || (!same && !has_nul))
        fail_msg("'%s': %.300s", inject_shown(text), json);
    sqlite3_finalize(statement);
    for (const char *at = json; *at != '\0'; at++)
        assert_true((unsigned char)*at >= 0x20);
}

static void try_text(struct store *store, const char *text, size_t size) {
    write_text(store, text, size);
    link_text(store, text, size);
    find_text(store, text, size);
    write_out(store, text, size);
    good(store, kin_destroy_all(store->s, store->note, .where = kin_in("text", kin_value_text(text, size), kin("x"), kin("other"))) == 4, text);
    assert_int_equal(plain_count("Notes"), 0);
    inject_check_canary(text);
}

TEST(texts_go_in_and_come_out)
{
    static const char nul[] = "a\0b'; DROP TABLE Canaries; --", nuls[] = "\0\0\0", one[] = "\0";
    struct store store;
    store_open(&store);
    for (size_t i = 0; i < INJECT_NAMES; i++)
        if (is_utf8(inject_names[i]))
            try_text(&store, inject_names[i], strlen(inject_names[i]));
    try_text(&store, "", 0);
    try_text(&store, nul, sizeof nul - 1);
    try_text(&store, nuls, sizeof nuls - 1);
    try_text(&store, one, 1);
    store_close(&store);
}

TEST(texts_that_are_not_utf8_are_refused)
{
    struct store store;
    store_open(&store);
    kin_row *row = kin_create(store.s, store.note, { "text", kin("x") });
    for (size_t i = 0; i < INJECT_NAMES; i++) {
        const char *text = inject_names[i];
        if (is_utf8(text))
            continue;
        size_t sent = inject_sent;
        refused(&store, kin_create(store.s, store.note, { "text", kin(text) }) != NULL, text, "UTF-8");
        refused(&store, kin_put(row, "text", kin(text)), text, "UTF-8");
        refused(&store, kin_count_all(store.s, store.note, .where = kin_eq("text", text)) >= 0, text, "UTF-8");
        refused(&store, kin_find_by_pk(store.s, store.tag, kin(text)) != NULL, text, "UTF-8");
        refused(&store, kin_add(row, store.tags, KIN_KEYS(kin(text))), text, "UTF-8");
        assert_int_equal(inject_sent, sent);
    }
    store_close(&store);
}

/* ---- values of other types ---- */

TEST(texts_in_the_place_of_other_values_are_refused)
{
    struct store store;
    store_open(&store);
    static const char *const attributes[] = { "number", "real", "mood", "price", "blob" };
    kin_row *row = kin_create(store.s, store.note, { "text", kin("x") });
    for (size_t i = 0; i < INJECT_NAMES; i++) {
        const char *text = inject_names[i];
        for (size_t k = 0; k < sizeof attributes / sizeof attributes[0]; k++) {
            bool number = strcmp(text, "0") == 0 || strcmp(text, "1e9") == 0;
            if ((number && k != 2) || k == 4) /* a BLOB may be given as a text */
                continue;
            size_t sent = inject_sent;
            refused(&store, kin_create(store.s, store.note, { attributes[k], kin(text) }) != NULL, text, attributes[k]);
            refused(&store, kin_put(row, attributes[k], kin(text)), text, attributes[k]);
            refused(&store, kin_count_all(store.s, store.note, .where = kin_in(attributes[k], kin(text))) >= 0, text, attributes[k]);
            if (k != 2)
                refused(&store, kin_count_all(store.s, store.note, .where = kin_like(attributes[k], text)) >= 0, text, attributes[k]);
            assert_int_equal(inject_sent, sent);
        }
        if (strcmp(text, "{}") != 0 && strcmp(text, "{\"a\":1}") != 0 && strcmp(text, "null") != 0 && strcmp(text, "true") != 0 && strcmp(text, "0") != 0 && strcmp(text, "1e9") != 0)
            refused(&store, kin_create(store.s, store.note, { "json", kin_value_json(text) }) != NULL, text, "json");
    }
    assert_int_equal(plain_count("Notes"), 1);
    store_close(&store);
}

/* ---- nothing of a value is in the SQL, nor in the log ---- */

static void look_for_secrets(void *context, const kin_log_entry *entry) {
    (void)context;
    inject_sent++;
    if (strstr(entry->sql, "secret") != NULL || entry->binds != NULL)
        fail_msg("the log has a secret: %s; %s", entry->sql, entry->binds ? entry->binds : "");
}

TEST(values_are_not_in_the_log)
{
    struct store store;
    store_open(&store);
    kin_session *s = store.s;
    kin_session_log(s, (kin_log){ .function = look_for_secrets });
    kin_row *row = kin_create(s, store.note, { "text", kin("secret") });
    kin_put(row, "text", kin("secret2"));
    kin_save(row);
    kin_bulk_create(s, store.tag, KIN_RECORDS(KIN_VALUES({ "name", kin("secret") }), KIN_VALUES({ "name", kin("secret2") })));
    kin_set(row, store.tags, KIN_KEYS(kin("secret"), kin("secret2")), .through = KIN_VALUES({ "why", kin("secret") }));
    kin_find_all(s, store.note, .where = kin_or(kin_eq("text", "secret"), kin_in("text", kin("secret"), kin("x")), kin_like("text", "secret%"), kin_sql("text = ?", kin("secret"))),
                 .include = KIN_INCLUDE(KIN_WITH(store.tags, .where = kin_ne("name", "secret"))));
    kin_update_all(s, store.note, KIN_VALUES({ "text", kin("secret3") }), .where = kin_between("text", "secret", "secret9"));
    kin_query(s, "SELECT ? AS a", kin("secret"));
    good(&store, kin_ok(s), "secret");
    assert_null(kin_create(s, store.tag, { "name", kin("secret") }));
    assert_int_equal(kin_error_of(s)->constraint, KIN_UNIQUE);
    assert_null(strstr(kin_error_of(s)->sql, "secret"));
    store_close(&store);
}

/* ---- patterns ---- */

TEST(patterns)
{
    struct store store;
    store_open(&store);
    kin_session *s = store.s;
    static const char *const texts[] = { "100%", "100x", "a_b", "axb", "a\\b", "'", "" };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        kin_create(s, store.note, { "text", kin(texts[i]) });
    assert_int_equal(kin_count_all(s, store.note, .where = kin_like("text", "100%")), 2);
    assert_int_equal(kin_count_all(s, store.note, .where = kin_like("text", "100\\%")), 1);
    assert_int_equal(kin_count_all(s, store.note, .where = kin_like("text", "a_b")), 3);
    assert_int_equal(kin_count_all(s, store.note, .where = kin_like("text", "a\\_b")), 1);
    assert_int_equal(kin_count_all(s, store.note, .where = kin_like("text", "a\\\\b")), 1);
    assert_int_equal(kin_count_all(s, store.note, .where = kin_like("text", "%'%")), 1);
    assert_int_equal(kin_count_all(s, store.note, .where = kin_like("text", "")), 1);
    good(&store, kin_ok(s), "patterns");
    store_close(&store);
}

/* ---- too much ---- */

enum { MANY = 100000 };

/* What has no form as one text is bound one by one, and there SQLite has a limit. */
static void refuse_list(struct store *store, const char *name, const kin_value *values) {
    assert_int_equal(kin_count_all(store->s, store->note, .where = kin_in_list(name, MANY, values)), -1);
    assert_non_null(strstr(kin_error_of(store->s)->message, "send fewer at a time"));
    kin_clear_error(store->s);
    assert_int_equal(kin_count_all(store->s, store->note, .where = kin_in_list(name, 30000, values)), 2);
}

static void find_in_list(struct store *store, const char *name, kin_value *values, int64_t found) {
    int64_t count = kin_count_all(store->s, store->note, .where = kin_in_list(name, MANY, values));
    if (count != found)
        fail_msg("%s: %d found: %.300s", name, (int)count, kin_error_of(store->s)->message);
    kin_rows rows = kin_find_all(store->s, store->note, .where = kin_not(kin_in_list(name, MANY, values)));
    assert_int_equal((int64_t)rows.count, plain_count("Notes") - found);
}

TEST(lists_of_a_hundred_thousand)
{
    static char texts[MANY][12];
    kin_value *values = malloc(MANY * sizeof *values);
    struct store store;
    store_open(&store);
    kin_session *s = store.s;
    for (int i = 0; i < 10; i++) {
        char text[20];
        snprintf(text, sizeof text, "t%d", i * 20000);
        assert_non_null(kin_create(s, store.note, { "text", kin(text) }, { "number", kin(i * 20000) }, { "real", kin(i * 20000 + 0.5) }, { "blob", kin_value_blob(text, strlen(text)) },
                                   { "price", kin(i * 20000) }));
    }
    for (int i = 0; i < MANY; i++)
        values[i] = kin(i);
    find_in_list(&store, "number", values, 5);
    find_in_list(&store, "id", values, 10);
    refuse_list(&store, "price", values);
    for (int i = 0; i < MANY; i++)
        values[i] = kin(i + 0.5);
    refuse_list(&store, "real", values);
    for (int i = 0; i < MANY; i++) {
        snprintf(texts[i], sizeof texts[i], "t%d", i);
        values[i] = kin((const char *)texts[i]);
    }
    find_in_list(&store, "text", values, 5);
    values[3] = kin_value_text("a\0b", 3);
    refuse_list(&store, "text", values);
    for (int i = 0; i < MANY; i++)
        values[i] = kin_value_blob(texts[i], strlen(texts[i]));
    refuse_list(&store, "blob", values);
    free(values);
    store_close(&store);
}

/* A hundred thousand conditions side by side; and within each other. */
TEST(conditions_of_a_hundred_thousand)
{
    kin_condition *conditions = calloc(MANY, sizeof *conditions);
    const kin_condition **pointers = malloc(MANY * sizeof *pointers);
    struct store store;
    store_open(&store);
    kin_session *s = store.s;
    assert_non_null(kin_create(s, store.note, { "number", kin(77) }));
    for (size_t i = 0; i < MANY; i++) {
        conditions[i] = *kin_eq("number", i);
        pointers[i] = &conditions[i];
    }
    for (size_t count = 100; count <= MANY; count *= 10) {
        int64_t any = kin_count_all(s, store.note, .where = kin_any_of(count, pointers));
        int64_t all = kin_count_all(s, store.note, .where = kin_all_of(count, pointers));
        bool taken = any == 1 && all == 0;
        bool told = any == -1 && all == -1 && strstr(kin_error_of(s)->message, "send fewer at a time") != NULL;
        if (count < MANY ? !taken : !told)
            fail_msg("%zu conditions: any %d, all %d: %.300s", count, (int)any, (int)all, kin_error_of(s)->message);
        kin_clear_error(s);
    }
    /* not(not(...)), and(or(and(...))) */
    for (size_t i = 1; i < MANY; i++) {
        conditions[i] = (kin_condition){ .kind = KIN_CONDITION_NOT, .children = &pointers[i - 1], .count = 1 };
        pointers[i] = &conditions[i];
    }
    size_t sent = inject_sent;
    refused(&store, kin_count_all(s, store.note, .where = pointers[MANY - 1]) >= 0, "not", "nested too deeply");
    for (size_t i = 1; i < MANY; i++)
        conditions[i].kind = i % 2 ? KIN_CONDITION_AND : KIN_CONDITION_OR;
    (void)kin_count_all(s, store.note, .where = pointers[MANY - 1]);
    kin_clear_error(s);
    for (size_t i = 1; i < MANY; i++)
        conditions[i] = (kin_condition){ .kind = KIN_CONDITION_EXISTS, .association = store.replies, .where = pointers[i - 1] };
    refused(&store, kin_count_all(s, store.note, .where = pointers[MANY - 1]) >= 0, "exists", "nested too deeply");
    char *path = malloc(8 * MANY + 10);
    path[0] = '\0';
    for (size_t i = 0; i < MANY; i++)
        memcpy(path + 8 * i, "Replies.", 9);
    strcat(path, "number");
    refused(&store, kin_count_all(s, store.note, .where = kin_eq(path, 1)) >= 0, "Replies.Replies...", "nested too deeply");
    refused(&store, kin_find_all(s, store.note, .order = KIN_NAMES(path)).count > 0, "order by Replies.Replies...", "Replies");
    free(path);
    assert_true(inject_sent <= sent + 1);
    /* A copy of what is too deep is none, or is as deep. */
    const kin_condition *kept = kin_keep(s, pointers[MANY - 1]);
    assert_true(kept != NULL || !kin_ok(s));
    kin_clear_error(s);
    free(conditions);
    free(pointers);
    store_close(&store);
}

TEST(includes_within_each_other)
{
    enum { DEEP = 2000 };
    struct store store;
    store_open(&store);
    kin_row *row = kin_create(store.s, store.note, { "number", kin(1) });
    kin_include *includes = calloc(DEEP, sizeof *includes);
    for (size_t i = 0; i < DEEP; i++) {
        includes[i].association = store.replies;
        if (i + 1 < DEEP)
            includes[i].include = kin_includes_of(1, &includes[i + 1]);
    }
    kin_rows rows = kin_find_all(store.s, store.note, .include = kin_includes_of(1, includes));
    assert_true(rows.count == 1 || kin_error_of(store.s)->message[0] != '\0');
    kin_clear_error(store.s);
    good(&store, kin_reload(row), "after it");
    free(includes);
    store_close(&store);
}

/* ---- limits ---- */

TEST(limits_at_the_ends)
{
    struct store store;
    store_open(&store);
    kin_session *s = store.s;
    kin_row *parent = kin_create(s, store.note, { "number", kin(INT64_MIN) });
    for (int i = 0; i < 3; i++)
        kin_create(s, store.note, { "number", kin(INT64_MAX - i) }, { "parentId", kin_value_of(parent, "id") });
    good(&store, kin_find_all(s, store.note, .limit = INT64_MAX).count == 4, "limit");
    good(&store, kin_find_all(s, store.note, .limit = INT64_MAX, .offset = INT64_MAX).count == 0, "limit and offset");
    good(&store, kin_find_all(s, store.note, .offset = INT64_MAX).count == 0, "offset");
    good(&store, kin_find_all(s, store.note, .limit = kin_limit(0)).count == 0, "no rows");
    good(&store, kin_find_all(s, store.note, .limit = kin_limit(INT64_MAX)).count == 4, "all rows");
    refused(&store, kin_find_all(s, store.note, .limit = -1).count > 0, "-1", "limit");
    refused(&store, kin_find_all(s, store.note, .limit = kin_limit(-1)).count > 0, "kin_limit(-1)", "limit");
    refused(&store, kin_find_all(s, store.note, .limit = kin_limit(INT64_MIN)).count > 0, "kin_limit(INT64_MIN)", "limit");
    refused(&store, kin_find_all(s, store.note, .offset = -1).count > 0, "offset -1", "offset");
    refused(&store, kin_find_all(s, store.note, .offset = INT64_MIN).count > 0, "offset INT64_MIN", "offset");
    kin_row *row = kin_find_by_pk(s, store.note, kin_key_of(parent), .include = KIN_INCLUDE(KIN_WITH(store.replies, .limit = INT64_MAX, .offset = 1)));
    good(&store, row && kin_related(row, store.replies).count == 2, "limit of an include");
    row = kin_find_by_pk(s, store.note, kin_key_of(parent), .include = KIN_INCLUDE(KIN_WITH(store.replies, .limit = INT64_MAX, .offset = INT64_MAX)));
    good(&store, row && kin_related(row, store.replies).count == 0, "limit and offset of an include");
    row = kin_find_by_pk(s, store.note, kin_key_of(parent), .include = KIN_INCLUDE(KIN_WITH(store.replies, .limit = 2, .offset = INT64_MAX)));
    good(&store, row && kin_related(row, store.replies).count == 0, "offset of an include");
    refused(&store, kin_find_by_pk(s, store.note, kin_key_of(parent), .include = KIN_INCLUDE(KIN_WITH(store.replies, .limit = -1))) != NULL, "-1 of an include", "limit");
    good(&store, kin_get(parent, store.replies, .limit = INT64_MAX, .offset = 2).count == 1, "limit of kin_get");
    kin_page page = kin_find_and_count(s, store.note, .limit = INT64_MAX, .offset = INT64_MAX);
    good(&store, page.rows.count == 0 && page.total == 4, "page");
    good(&store, kin_count_all(s, store.note, .where = kin_between("number", INT64_MIN, INT64_MAX)) == 4, "between");
    refused(&store, kin_count_all(s, store.note, .where = kin_eq("number", UINT64_MAX)) >= 0, "UINT64_MAX", "number");
    store_close(&store);
}

/* ---- names of results ---- */

TEST(columns_of_results_have_any_name)
{
    struct store store;
    store_open(&store);
    kin_session *s = store.s;
    assert_non_null(kin_create(s, store.note, { "number", kin(3) }));
    for (size_t i = 0; i < INJECT_NAMES; i++) {
        const char *name = inject_names[i];
        kin_aggregate_column column = { KIN_SUM, "number", name };
        kin_mark mark = kin_session_mark(s);
        kin_names names = kin_names_of(1, &name);
        kin_rows rows = (kin_aggregate)(s, &(kin_aggregate_options){ .size = sizeof(kin_aggregate_options), .model = store.note, .columns = &column, .column_count = 1,
                                                                    .group = KIN_NAMES("id"), .order = name[0] == '-' ? KIN_NAMES("id") : names, .having = kin_gt(name, 2) });
        good(&store, rows.count == 1 && kin_int(rows.at[0], name) == 3, name);
        const char *json = kin_json(rows.at[0]);
        if (inject_ask("SELECT json_valid(?)", json, NULL) != 1)
            fail_msg("%s", json);
        kin_session_release(s, mark);
    }
    store_close(&store);
}
