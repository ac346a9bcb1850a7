/* Names that no schema has, in every call that takes one: refused before anything is sent. And declarations that cannot be meant. */
#include "inject.h"

struct library {
    kin_schema *schema;
    kin_db *db;
    kin_session *s;
    kin_model *author, *book, *shelf;
    kin_association *books, *writer, *liked;
    kin_row *row;
};

static void library_open(struct library *l) {
    inject_open();
    memset(l, 0, sizeof *l);
    kin_schema *schema = l->schema = kin_schema_new();
    l->author = kin_define(schema, "Author", KIN_ATTRIBUTES(KIN_STRING("title"), KIN_INTEGER("count")));
    l->book = kin_define(schema, "Book", KIN_ATTRIBUTES(KIN_STRING("title")));
    l->shelf = kin_define(schema, "Shelf", KIN_ATTRIBUTES(KIN_STRING("place")));
    l->books = kin_has_many(l->author, l->book);
    l->writer = kin_belongs_to(l->book, l->author);
    l->liked = kin_belongs_to_many(l->author, l->book, .as = "Liked", .through_model = l->shelf);
    l->db = kin_open(inject_url, schema, .pool = 1, .log = { .function = inject_log });
    if (kin_db_error(l->db) || !kin_sync(l->db))
        fail_msg("%s", kin_db_error(l->db)->message);
    l->s = kin_session_open(l->db);
    l->row = kin_create(l->s, l->author, { "title", kin("a") });
    assert_true(kin_add(l->row, l->liked, KIN_ROWS(kin_create(l->s, l->book, { "title", kin("b") }, { "AuthorId", kin(1) }))));
}

static void library_close(struct library *l) {
    kin_session_close(l->s);
    kin_close(l->db);
    kin_schema_free(l->schema);
    inject_check_canary("at the end");
    inject_close();
}

static size_t library_sent; /* before the calls */

/* The call said no, and why, in one line of printable text, and sent nothing. */
static void refused(struct library *l, bool answer, const char *call, const char *name) {
    const kin_error *error = kin_error_of(l->s);
    if (answer || error->status != KIN_MISUSE || error->message[0] == '\0')
        fail_msg("%s of '%s': answer %d, status %d: %.300s", call, inject_shown(name), answer, (int)error->status, error->message);
    for (const char *at = error->message; *at != '\0'; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            fail_msg("%s of '%s': the message has control characters", call, inject_shown(name));
    assert_true(strlen(error->message) < 2000);
    if (inject_sent != library_sent)
        fail_msg("%s of '%s': something was sent", call, inject_shown(name));
    kin_clear_error(l->s);
}

/* The same of what shows only when the roots have been read, or counted. */
static void refused_late(struct library *l, bool answer, const char *call, const char *name) {
    library_sent = inject_sent;
    refused(l, answer, call, name);
}

/* ---- reading ---- */

static void find_by(struct library *l, const char *name) {
    kin_session *s = l->s;
    const kin_condition *const conditions[] = {
        kin_eq(name, 1), kin_ne(name, kin_null), kin_gt(name, 1), kin_lte(name, "x"), kin_like(name, "x"), kin_in(name, kin(1)), kin_between(name, 1, 2), kin_in_list(name, 0, NULL),
        kin_not(kin_eq(name, 1)), kin_and(kin_eq("id", 1), kin_or(kin_eq(name, 1))), kin_exists(l->books, .where = kin_eq(name, 1)),
        kin_exists(l->liked, .through_where = kin_eq(name, 1)),
    };
    for (size_t i = 0; i < sizeof conditions / sizeof conditions[0]; i++) {
        refused(l, kin_count_all(s, l->author, .where = conditions[i]) >= 0, "a condition", name);
        refused(l, kin_update_all(s, l->author, KIN_VALUES({ "title", kin("x") }), .where = conditions[i]) >= 0, "a condition of kin_update_all", name);
        refused(l, kin_destroy_all(s, l->author, .where = conditions[i]) >= 0, "a condition of kin_destroy_all", name);
    }
    char *path = malloc(strlen(name) + 20);
    sprintf(path, "Books.%s", name);
    refused(l, kin_count_all(s, l->author, .where = kin_eq(path, 1)) >= 0, "a path", name);
    sprintf(path, "Author.%s", name);
    refused(l, kin_find_all(s, l->book, .order = KIN_NAMES(path), .include = KIN_INCLUDE(KIN_WITH(l->writer))).count > 0, "an order by a path", name);
    sprintf(path, "-Author.%s", name);
    refused(l, kin_find_all(s, l->book, .order = KIN_NAMES(path), .include = KIN_INCLUDE(KIN_WITH(l->writer))).count > 0, "an order by a path", name);
    sprintf(path, "-%s", name);
    refused(l, kin_find_all(s, l->book, .order = KIN_NAMES(path)).count > 0, "an order", name);
    sprintf(path, "%s.title", name);
    refused(l, kin_find_all(s, l->book, .order = KIN_NAMES(path), .include = KIN_INCLUDE(KIN_WITH(l->writer))).count > 0, "an order by a path", name);
    refused(l, kin_find_one(s, l->book, .where = kin_eq(path, 1)) != NULL, "a path", name);
    free(path);
}

static void find_with(struct library *l, const char *name) {
    kin_session *s = l->s;
    refused(l, kin_find_all(s, l->author, .order = KIN_NAMES("title", name)).count > 0, "an order", name);
    refused(l, kin_find_all(s, l->author, .attributes = KIN_NAMES("title", name)).count > 0, ".attributes", name);
    refused(l, kin_find_one(s, l->author, .order = KIN_NAMES(name)) != NULL, "an order", name);
    refused(l, kin_each(s, l->author, .order = KIN_NAMES(name)) != NULL, "an order of kin_each", name);
    assert_int_equal(kin_find_and_count(s, l->author, .attributes = KIN_NAMES(name)).total, -1);
    refused_late(l, false, ".attributes of kin_find_and_count", name);
    refused_late(l, kin_find_all(s, l->author, .include = KIN_INCLUDE(KIN_WITH(l->books, .where = kin_eq(name, 1)))).count > 0, "an include's .where", name);
    refused_late(l, kin_find_all(s, l->author, .include = KIN_INCLUDE(KIN_WITH(l->books, .order = KIN_NAMES(name)))).count > 0, "an include's .order", name);
    refused_late(l, kin_find_all(s, l->author, .include = KIN_INCLUDE(KIN_WITH(l->books, .attributes = KIN_NAMES(name)))).count > 0, "an include's .attributes", name);
    refused_late(l, kin_find_all(s, l->author, .include = KIN_INCLUDE(KIN_WITH(l->liked, .through_attributes = KIN_NAMES(name)))).count > 0, "an include's .through_attributes", name);
    refused_late(l, kin_find_all(s, l->author, .include = KIN_INCLUDE(KIN_WITH(l->liked, .through_where = kin_eq(name, 1)))).count > 0, "an include's .through_where", name);
    refused(l, kin_get(l->row, l->liked, .through_attributes = KIN_NAMES(name)).count > 0, ".through_attributes of kin_get", name);
    refused(l, kin_get(l->row, l->liked, .through_where = kin_eq(name, 1)).count > 0, ".through_where of kin_get", name);
    refused(l, kin_get(l->row, l->books, .order = KIN_NAMES(name)).count > 0, ".order of kin_get", name);
    refused(l, kin_get(l->row, l->books, .attributes = KIN_NAMES(name)).count > 0, ".attributes of kin_get", name);
    refused(l, kin_count(l->row, l->books, .where = kin_eq(name, 1)) >= 0, ".where of kin_count", name);
}

static void calculate(struct library *l, const char *name) {
    kin_session *s = l->s;
    refused(l, kin_sum(s, l->author, name).type == KIN_VALUE_INTEGER, "kin_sum", name);
    refused(l, kin_max(s, l->author, "id", .where = kin_eq(name, 1)).type == KIN_VALUE_INTEGER, "kin_max", name);
    refused(l, kin_aggregate(s, l->author, KIN_AGGREGATES({ KIN_MAX, name, "m" })).count > 0, "kin_aggregate", name);
    refused(l, kin_aggregate(s, l->author, KIN_AGGREGATES({ KIN_COUNT, NULL, "n" }), .group = KIN_NAMES(name)).count > 0, ".group", name);
    refused(l, kin_aggregate(s, l->author, KIN_AGGREGATES({ KIN_COUNT, NULL, "n" }), .group = KIN_NAMES("id"), .order = KIN_NAMES(name)).count > 0, ".order of kin_aggregate", name);
    refused(l, kin_aggregate(s, l->author, KIN_AGGREGATES({ KIN_COUNT, NULL, "n" }), .group = KIN_NAMES("id"), .having = kin_gt(name, 1)).count > 0, ".having", name);
    refused(l, kin_aggregate(s, l->author, KIN_AGGREGATES({ KIN_COUNT, NULL, "n" }), .where = kin_gt(name, 1)).count > 0, ".where of kin_aggregate", name);
}

/* ---- rows ---- */

static void read_row(struct library *l, const char *name) {
    refused(l, kin_text(l->row, name) != NULL, "kin_text", name);
    refused(l, kin_int(l->row, name) != 0, "kin_int", name);
    refused(l, kin_value_of(l->row, name).type == KIN_VALUE_TEXT, "kin_value_of", name);
    refused(l, kin_put(l->row, name, kin(1)), "kin_put", name);
    refused(l, kin_increment(l->row, name, kin(1)), "kin_increment", name);
    refused(l, kin_save(l->row, .attributes = KIN_NAMES(name)), "kin_save", name);
    refused(l, kin_put_through(l->row, l->shelf, KIN_VALUES({ name, kin("x") })), "kin_put_through", name);
}

static void write_row(struct library *l, const char *name) {
    kin_session *s = l->s;
    refused(l, kin_build(s, l->author, { name, kin(1) }) != NULL, "kin_build", name);
    refused(l, kin_create(s, l->author, { "title", kin("x") }, { name, kin(1) }) != NULL, "kin_create", name);
    refused(l, kin_bulk_create(s, l->author, KIN_RECORDS(KIN_VALUES({ "title", kin("x") }), KIN_VALUES({ name, kin(1) }))).count > 0, "kin_bulk_create", name);
    refused(l, kin_bulk_create(s, l->author, KIN_RECORDS(KIN_VALUES({ "title", kin("x") })), .attributes = KIN_NAMES(name)).count > 0, ".attributes of kin_bulk_create", name);
    refused(l, kin_update_all(s, l->author, KIN_VALUES({ name, kin(1) }), .all = true) >= 0, "kin_update_all", name);
    refused(l, kin_find_or_create(s, l->author, KIN_VALUES({ name, kin(1) })) != NULL, "kin_find_or_create", name);
    refused(l, kin_find_or_create(s, l->author, KIN_VALUES({ "title", kin("x") }), .defaults = KIN_VALUES({ name, kin(1) })) != NULL, ".defaults", name);
    refused(l, kin_create_for(l->row, l->books, { name, kin(1) }) != NULL, "kin_create_for", name);
    refused(l, kin_create_linked(l->row, l->liked, KIN_VALUES({ "title", kin("x") }), .through = KIN_VALUES({ name, kin(1) })) != NULL, ".through of kin_create_linked", name);
    refused(l, kin_create_linked(l->row, l->liked, KIN_VALUES({ "title", kin("x") }), .attributes = KIN_NAMES(name)) != NULL, ".attributes of kin_create_linked", name);
    refused(l, kin_add(l->row, l->liked, KIN_KEYS(kin(1)), .through = KIN_VALUES({ name, kin("x") })), ".through of kin_add", name);
    refused(l, kin_set(l->row, l->liked, KIN_KEYS(kin(1)), .through = KIN_VALUES({ name, kin("x") })).count > 0, ".through of kin_set", name);
    refused(l, kin_has(l->row, l->liked, KIN_KEYS(kin(1)), .where = kin_eq(name, 1)), ".where of kin_has", name);
    refused(l, kin_has(l->row, l->liked, KIN_KEYS(kin(1)), .through_where = kin_eq(name, 1)), ".through_where of kin_has", name);
}

static void ask_the_schema(struct library *l, const char *name) {
    refused(l, kin_call(l->row, name).ok, "kin_call", name);
    assert_null(kin_model_named(l->schema, name));
    assert_int_equal(kin_association_named(l->author, name) != NULL, strcmp(name, "Liked") == 0);
    assert_null(kin_attribute_named(l->author, name));
    assert_false(kin_model_has_attribute(l->author, name));
    assert_false(kin_has_accessor(l->author, name));
    assert_null(kin_accessor_named(l->author, name));
    assert_true(kin_ok(l->s));
    assert_false(kin_is_loaded(l->row, name) || kin_changed(l->row, name));
    kin_clear_error(l->s); /* both may say that there is no such attribute */
}

static void try_name(struct library *l, const char *name) {
    library_sent = inject_sent;
    find_by(l, name);
    find_with(l, name);
    calculate(l, name);
    read_row(l, name);
    write_row(l, name);
    ask_the_schema(l, name);
}

TEST(names_that_nothing_has)
{
    static const char *const others[] = { "", "-", "--title", "- title", "title ", " title", "title;", "Title", "TITLE", "title ASC", "title DESC", "title--", "`title`", "t0.title", "Books.",
                                          ".title", "Books..title", "Liked", "Authors.title", "id = id", "1", "title\0x", "titles", "title'", "(SELECT 1)" };
    struct library l;
    library_open(&l);
    for (size_t i = 0; i < INJECT_NAMES; i++)
        try_name(&l, inject_names[i]);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (strcmp(others[i], "title") != 0)
            try_name(&l, others[i]);
    assert_int_equal(plain_count("Authors"), 1);
    assert_int_equal(plain_count("Books"), 1);
    library_close(&l);
}

TEST(names_that_are_null)
{
    struct library l;
    library_open(&l);
    kin_session *s = l.s;
    const char *none = NULL;
    library_sent = inject_sent;
    refused(&l, kin_count_all(s, l.author, .where = kin_eq(none, 1)) >= 0, "a condition", "NULL");
    refused(&l, kin_find_all(s, l.author, .order = KIN_NAMES(none)).count > 0, "an order", "NULL");
    refused(&l, kin_find_all(s, l.author, .attributes = KIN_NAMES("id", none)).count > 0, ".attributes", "NULL");
    refused(&l, kin_find_all(s, l.author, .include = KIN_INCLUDE(KIN_WITH(NULL))).count > 0, "an include", "NULL");
    refused(&l, kin_create(s, l.author, { NULL, kin(1) }) != NULL, "kin_create", "NULL");
    refused(&l, kin_put(l.row, NULL, kin(1)), "kin_put", "NULL");
    refused(&l, kin_text(l.row, NULL) != NULL, "kin_text", "NULL");
    refused(&l, kin_call(l.row, NULL).ok, "kin_call", "NULL");
    refused(&l, kin_increment(l.row, NULL, kin(1)), "kin_increment", "NULL");
    refused(&l, kin_sum(s, l.author, NULL).type == KIN_VALUE_INTEGER, "kin_sum", "NULL");
    refused(&l, (kin_query)(s, NULL, 0, NULL).count > 0, "kin_query", "NULL");
    refused(&l, kin_find_all(s, NULL).count > 0, "a model", "NULL");
    refused(&l, kin_get(l.row, NULL).count > 0, "an association", "NULL");
    assert_null(kin_model_named(l.schema, NULL));
    assert_null(kin_association_named(l.author, NULL));
    assert_null(kin_attribute_named(l.author, NULL));
    assert_null(kin_accessor_named(l.author, NULL));
    library_close(&l);
}

/* ---- what no schema takes ---- */

static void not_linked(kin_schema *schema, const char *message) {
    if (kin_schema_link(schema) || strstr(kin_schema_error(schema)->message, message) == NULL)
        fail_msg("'%s' is not in: %s", message, kin_schema_error(schema) ? kin_schema_error(schema)->message : "no error");
    kin_schema_free(schema);
}

static kin_schema *of_two_tables(const char *table, const char *prefix, const char *other, const char *other_prefix) {
    kin_schema *schema = kin_schema_new();
    kin_define(schema, "A", KIN_ATTRIBUTES(KIN_STRING("x")), .table = table, .schema = prefix);
    kin_define(schema, "B", KIN_ATTRIBUTES(KIN_STRING("y")), .table = other, .schema = other_prefix);
    return schema;
}

TEST(two_models_of_one_table_are_refused)
{
    not_linked(of_two_tables("t", NULL, "t", NULL), "has the table 't', as A has");
    not_linked(of_two_tables("t", NULL, "T", NULL), "upper from lower");
    not_linked(of_two_tables("t", "a", "t", "A"), "has the table 't'");
    not_linked(of_two_tables("b.c", "a", "c", "a.b"), "has the table 'c'");
    not_linked(of_two_tables("a.t", NULL, "t", "a"), "has the table 't'");
    kin_schema *schema = of_two_tables("t", "a", "t", "b");
    assert_true(kin_schema_link(schema));
    kin_schema_free(schema);
}

/* Names that kin makes of others are ones that conditions and orders can name. */
TEST(generated_names_can_be_named)
{
    kin_schema *schema = kin_schema_new();
    kin_define(schema, "A", KIN_NO_ATTRIBUTES, .timestamps = true, .updated_at = "a.b");
    not_linked(schema, "updated_at");
    schema = kin_schema_new();
    kin_define(schema, "A", KIN_NO_ATTRIBUTES, .timestamps = true, .created_at = "-b");
    not_linked(schema, "created_at");
    schema = kin_schema_new();
    kin_model *source = kin_define(schema, "a.b", KIN_NO_ATTRIBUTES), *target = kin_define(schema, "C", KIN_NO_ATTRIBUTES);
    kin_has_many(source, target);
    not_linked(schema, "foreign_key");
    schema = kin_schema_new();
    source = kin_define(schema, "-a", KIN_NO_ATTRIBUTES), target = kin_define(schema, "C", KIN_NO_ATTRIBUTES);
    kin_has_many(source, target, .foreign_key = "of");
    kin_belongs_to_many(source, target, .as = "others", .through = "-D");
    if (!kin_schema_link(schema))
        fail_msg("%s", kin_schema_error(schema)->message);
    for (size_t i = 0; i < kin_model_count(schema); i++) {
        kin_names names = kin_model_describe(kin_model_at(schema, i))->attributes;
        for (size_t k = 0; k < names.count; k++)
            assert_true(names.at[k][0] != '-' && strchr(names.at[k], '.') == NULL);
    }
    kin_schema_free(schema);
}

TEST(tables_that_are_the_databases_own_are_refused)
{
    inject_open();
    static const char *const tables[] = { "sqlite_master", "sqlite_schema", "sqlite_sequence", "SQLITE_x" };
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        kin_schema *schema = of_two_tables("fine", NULL, tables[i], NULL);
        kin_db *db = kin_open(inject_url, schema, .log = { .function = inject_log });
        assert_false(kin_sync(db));
        assert_non_null(strstr(kin_db_error(db)->message, tables[i]));
        assert_int_equal(inject_ask("SELECT count(*) FROM sqlite_schema", NULL, NULL), 1);
        kin_drop(db);
        kin_close(db);
        kin_schema_free(schema);
        inject_check_canary(tables[i]);
    }
    inject_close();
}

/* ---- URLs and patterns of kin_sync ---- */

static void try_url(kin_schema *schema, const char *url) {
    kin_db *db = kin_open(url, schema);
    assert_non_null(db);
    if (kin_db_error(db) == NULL)
        fail_msg("'%s' is taken", inject_shown(url));
    assert_true(kin_db_error(db)->message[0] != '\0' && strlen(kin_db_error(db)->message) < 2000);
    kin_session *s = kin_session_open(db);
    assert_false(kin_ok(s));
    kin_session_close(s);
    kin_close(db);
}

TEST(urls)
{
    static const char *const formats[] = { "%s", "sqlite:%s/?journal_mode=%s", "%s:app.db", "sqlite::memory:?%s", "sqlite::memory:?journal_mode=%s", "sqlite::memory:?busy_timeout=%s",
                                           "sqlite::memory:?foreign_keys=%s", "sqlite::memory:?synchronous=%s", "sqlite::memory:?cache_size=%s", "sqlite::memory:?read_only=%s",
                                           "sqlite::memory:?%s=1" };
    inject_open();
    kin_schema *schema = of_two_tables("fine", NULL, "good", NULL);
    for (size_t i = 0; i < INJECT_NAMES; i++)
        for (size_t k = 0; k < sizeof formats / sizeof formats[0]; k++) {
            const char *name = inject_names[i];
            bool number = strcmp(name, "0") == 0, truth = strcmp(name, "true") == 0;
            if ((number || truth) && k != 0 && k != 2)
                continue;
            char *url = malloc(2 * strlen(name) + 50);
            sprintf(url, formats[k], name, name);
            try_url(schema, url);
            free(url);
        }
    kin_schema_free(schema);
    inject_check_canary("urls");
    inject_close();
}

TEST(patterns_of_databases)
{
    struct library l;
    library_open(&l);
    for (size_t i = 0; i < INJECT_NAMES; i++) {
        if (strcmp(inject_names[i], "*") == 0)
            continue;
        library_sent = inject_sent;
        assert_false(kin_sync(l.db, .force = true, .match = inject_names[i]));
        assert_non_null(strstr(kin_db_error(l.db)->message, "nothing was touched"));
        assert_false(kin_drop(l.db, .match = inject_names[i]));
        assert_int_equal(inject_sent, library_sent);
    }
    assert_int_equal(plain_count("Authors"), 1);
    inject_may_drop = true;
    assert_true(kin_sync(l.db, .force = true, .match = "*/inject.db"));
    assert_int_equal(plain_count("Authors"), 0);
    library_close(&l);
}
