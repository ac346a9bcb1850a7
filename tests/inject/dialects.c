/* The same names and texts in the SQL for other databases: whatever they are, each is one quoted name or one quoted text. The mock driver takes the
 * place of a server. */
#include "places.h"

#include "driver/mock.h"

/* How a database reads its SQL. */
struct reading {
    const char *url;
    char quote;       /* of names */
    bool backslashes; /* escape in texts */
};

static const struct reading readings[] = {
    { "mock:", '`', false },
    { "mock:postgres", '"', false },
    { "mock:mariadb", '`', true },
};

static const char *const more_words[] = {
    "SERIAL", "BIGSERIAL", "GENERATED", "ALWAYS", "IDENTITY", "TIMESTAMP", "WITH", "ZONE", "WITHOUT", "JSONB", "JSON", "BYTEA", "DOUBLE", "PRECISION", "NUMERIC", "INT", "INTEGER",
    "AUTO_INCREMENT", "ENGINE", "InnoDB", "CHARSET", "utf8mb4", "CHARACTER", "COLLATE", "COMMENT", "ENUM", "TINYINT", "LONGTEXT", "LONGBLOB", "VARBINARY", "BINARY", "SCHEMA",
    "ALTER", "ADD", "ANY", "SHARE", "FOR", "NULLS", "FIRST", "LAST", "DUPLICATE", "IGNORE", "READ", "ONLY", "START", "TRANSACTION", "ISOLATION", "LEVEL", "true", "false", "TRUE", "FALSE",
    "ILIKE", "STRAIGHT_JOIN", "text", "bigint", "integer", "varchar", "BY", "utf8mb4_bin", "utf8mb4_nopad_bin", "_utf8mb4", "E", "DATETIME", "MEDIUMTEXT",
};

static bool is_more(const char *word, size_t size) {
    for (size_t i = 0; i < sizeof more_words / sizeof more_words[0]; i++)
        if (strlen(more_words[i]) == size && memcmp(more_words[i], word, size) == 0)
            return true;
    return inject_is_word(word, size);
}

static const char *skip_quoted(const struct reading *reading, const char *at, const char *sql) {
    char quote = *at++;
    while (*at != '\0' && (*at != quote || at[1] == quote))
        at += *at == quote || (*at == '\\' && quote == '\'' && reading->backslashes && at[1] != '\0') ? 2 : 1;
    if (*at == '\0')
        fail_msg("%s: a quote is not closed: %.2000s", reading->url, sql);
    return at + 1;
}

static void check(const struct reading *reading, const char *sql) {
    for (const char *at = sql; *at != '\0';) {
        if (*at == reading->quote || *at == '\'') {
            at = skip_quoted(reading, at, sql);
        } else if (inject_in_word(*at)) {
            size_t size = 0;
            while (inject_in_word(at[size]))
                size++;
            if (strspn(at, "0123456789") != size && !is_more(at, size))
                fail_msg("%s: '%.*s' is no word of kin's: %.2000s", reading->url, (int)size, at, sql);
            at += size;
        } else if (strchr(" \n,.()=<>?+*-;:$[]", *at) == NULL || (at[0] == '-' && at[1] == '-') || (*at == ';' && at[1] != '\n' && at[1] != '\0')) {
            fail_msg("%s: '%s' has no place outside of quotes: %.2000s", reading->url, inject_shown(at), sql);
        } else {
            at++;
        }
    }
}

/* Whatever statement: that it was written is enough, there is no database behind it. */
static void send_some(const struct reading *reading, struct names *n) {
    const char *const *at = n->at;
    const char *attribute = at[PLACE_ATTRIBUTE];
    kin_session *s = n->s;
    const kin_value keys[2] = { kin(1), kin(2) };
    if (strcmp(reading->url, "mock:postgres") == 0) /* where INSERT gives the key back */
        mock_rows(1, 1, &keys[0]), mock_rows(1, 1, &keys[1]);
    kin_row *row = kin_create(s, n->author, { attribute, kin("one") });
    kin_row *book = kin_create(s, n->book, { "name", kin("book") });
    if (!row || !book)
        fail_msg("%s: %.300s", n->shown, kin_error_of(s)->message);
    kin_put(row, attribute, kin("two"));
    kin_save(row);
    kin_add(row, n->liked, KIN_ROWS(book), .through = KIN_VALUES({ at[PLACE_JOIN_ATTRIBUTE], kin("up") }));
    kin_set(row, n->books, KIN_ROWS(book));
    kin_find_all(s, n->author, .where = kin_and(kin_eq(attribute, "one"), kin_like(attribute, "z%"), kin_in(attribute, kin("a"), kin("b")), kin_exists(n->books)), .order = KIN_NAMES(attribute),
                 .limit = 3, .include = KIN_INCLUDE(KIN_WITH(n->books), KIN_WITH(n->liked, .limit = 3, .order = KIN_NAMES("name"))));
    kin_aggregate(s, n->author, KIN_AGGREGATES({ KIN_MAX, attribute, attribute }), .group = KIN_NAMES("mood"), .having = kin_gt(attribute, "x"));
    kin_update_all(s, n->author, KIN_VALUES({ attribute, kin("zwei") }), .where = kin_eq(attribute, "zwei"));
    kin_get(row, n->liked, .through_where = kin_eq(at[PLACE_JOIN_ATTRIBUTE], "up"), .order = KIN_NAMES("-name"));
    if (!kin_ok(s))
        fail_msg("%s: %.300s", n->shown, kin_error_of(s)->message);
}

static void try_names(const struct reading *reading, enum place place, const char *name) {
    struct names n;
    names_start(&n);
    n.at[place] = name;
    snprintf(n.shown, sizeof n.shown, "%s, %s '%s'", reading->url, place_names[place], inject_shown(name));
    mock_reset();
    declare(&n);
    n.db = kin_open(reading->url, n.schema);
    const char *sql = kin_db_error(n.db) ? NULL : kin_sync_sql(n.db);
    if (sql == NULL)
        fail_msg("%s: %.300s", n.shown, kin_db_error(n.db)->message);
    check(reading, sql);
    n.s = kin_session_open(n.db);
    send_some(reading, &n);
    kin_session_close(n.s);
    for (size_t i = 0; i < mock_count(); i++)
        check(reading, mock_sql(i));
    kin_close(n.db);
    kin_schema_free(n.schema);
}

static void try_all(const struct reading *reading) {
    inject_prepare();
    for (enum place place = 0; place < PLACES; place++)
        for (size_t i = 0; i < INJECT_NAMES; i++)
            if (!is_refused(place, inject_names[i]))
                try_names(reading, place, inject_names[i]);
    mock_reset();
}

TEST(names_in_the_sql_of_sqlite) { try_all(&readings[0]); }
TEST(names_in_the_sql_of_postgres) { try_all(&readings[1]); }
TEST(names_in_the_sql_of_mariadb) { try_all(&readings[2]); }
