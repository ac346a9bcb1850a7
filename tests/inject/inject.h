/*
 * Names and values that mean harm, and what tells whether they did any.
 *
 * Every statement that kin sends is taken apart: outside of quoted names and quoted texts there may be the words that kin itself writes, numbers,
 * placeholders and signs, and nothing else; every quote must be closed. A table that kin knows nothing of must be there afterwards, as it was.
 */
#ifndef INJECT_H
#define INJECT_H

#include "test.h"

#include <kin.h>
#include <sqlite3.h>

enum { INJECT_LONG = 10000 };

static char inject_long[INJECT_LONG + 1], inject_long_quotes[INJECT_LONG + 1];

static const char *const inject_names[] = {
    "a`b", "`", "``", "a\"b", "\"", "a'b", "'", "''", "a;b", ";", "id; DROP TABLE Canaries", "x'; DROP TABLE Canaries; --", "x`; DROP TABLE Canaries; --",
    "x\"; DROP TABLE Canaries; --", "`) DROP TABLE Canaries; --", "'); DELETE FROM Canaries; --", "a -- b", "--", "-a", "a.b", ".", "a.b.c", "a/*b", "*/", "/* */", "#", "[a]", "]", "[",
    "select", "table", "group by", "ORDER", "null", "Default", "rowid", "_rowid_", "oid", " ", " a", "a ", "\t", "a\nb", "\r\n", "\x01", "\x1b[31m", "\x7f", "\xc3\xa9",
    "\xe6\x97\xa5\xe6\x9c\xac", "\xff\xfe", "\xc3", "a\xed\xa0\x80", "%s%n%d", "%", "?", "??", "?1", ":x", "@x", "$x", "$$", "\\", "\\'", "\\`", "a\\", "0", "1e9", "+", "=",
    "*", "{}", "{\"a\":1}", "\",\"x\":\"", "t0", "t1", "kin_1", "c0", "value", "key", "_", "__", "true", "count(*)", "1 OR 1=1", "<script>", "&amp;", "\xe2\x80\xae",
    "\xef\xbb\xbf", inject_long, inject_long_quotes,
};
enum { INJECT_NAMES = sizeof inject_names / sizeof inject_names[0] };

static inline void inject_prepare(void) {
    memset(inject_long, 'n', INJECT_LONG);
    for (size_t i = 0; i < INJECT_LONG; i++)
        inject_long_quotes[i] = "`'\";"[i % 4];
}

/* A name for messages. */
static inline const char *inject_shown(const char *name) {
    static char text[100];
    size_t at = 0;
    for (; *name != '\0' && at < 60; name++)
        at += (size_t)snprintf(text + at, sizeof text - at, *name >= ' ' && *name <= '~' ? "%c" : "\\x%02x", (unsigned char)*name);
    snprintf(text + at, sizeof text - at, "%s", *name != '\0' ? "..." : "");
    return text;
}

/* ---- what was sent ---- */

static const char *const inject_words[] = {
    "SELECT", "FROM", "WHERE", "AND", "OR", "NOT", "NULL", "IS", "IN", "LIKE", "ESCAPE", "BETWEEN", "ORDER", "BY", "ASC", "DESC", "LIMIT", "OFFSET", "INSERT", "INTO",
    "VALUES", "UPDATE", "SET", "DELETE", "CREATE", "TABLE", "IF", "EXISTS", "INDEX", "UNIQUE", "ON", "PRIMARY", "KEY", "REFERENCES", "CASCADE", "RESTRICT", "NO", "ACTION",
    "DEFAULT", "CHECK", "CONSTRAINT", "FOREIGN", "INTEGER", "BIGINT", "VARCHAR", "CHAR", "TEXT", "BOOLEAN", "REAL", "DECIMAL", "DATETIME", "DATE", "TIME", "UUID", "BLOB",
    "AUTOINCREMENT", "json_each", "value", "count", "min", "max", "sum", "avg", "COUNT", "MIN", "MAX", "SUM", "AVG", "ROW_NUMBER", "OVER", "PARTITION", "LEFT", "INNER",
    "OUTER", "JOIN", "AS", "BEGIN", "IMMEDIATE", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "TO", "CAST", "CONFLICT", "DO", "NOTHING", "GROUP", "HAVING", "DISTINCT",
    "sqlite_master", "name", "type", "RETURNING", "x", "kin_n", "kin_rows",
};

static bool inject_may_drop; /* by force */

static inline bool inject_is_word(const char *word, size_t size) {
    if (inject_may_drop && size == 4 && memcmp(word, "DROP", 4) == 0)
        return true;
    for (size_t i = 0; i < sizeof inject_words / sizeof inject_words[0]; i++)
        if (strlen(inject_words[i]) == size && memcmp(inject_words[i], word, size) == 0)
            return true;
    /* t0, c12, p3, kin_4: names that kin makes */
    size_t letters = size > 4 && memcmp(word, "kin_", 4) == 0 ? 4 : 1;
    if (size < letters + 1 || (letters == 1 && strchr("tcp", word[0]) == NULL))
        return false;
    for (size_t i = letters; i < size; i++)
        if (word[i] < '0' || word[i] > '9')
            return false;
    return true;
}

static inline bool inject_in_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

static inline void inject_check_sql(const char *sql) {
    for (const char *at = sql; *at != '\0';) {
        if (*at == '`' || *at == '\'') {
            char quote = *at++;
            while (*at != '\0' && (*at != quote || at[1] == quote))
                at += *at == quote ? 2 : 1;
            if (*at++ == '\0')
                fail_msg("a quote is not closed: %s", sql);
            continue;
        }
        if (inject_in_word(*at)) {
            size_t size = 0;
            while (inject_in_word(at[size]))
                size++;
            bool number = *at >= '0' && *at <= '9' && strspn(at, "0123456789") == size;
            if (!number && !inject_is_word(at, size))
                fail_msg("'%.*s' is no word of kin's: %.2000s", (int)size, at, sql);
            at += size;
            continue;
        }
        if (strchr(" \n,.()=<>?+*-", *at) == NULL || (at[0] == '-' && at[1] == '-'))
            fail_msg("'%s' has no place outside of quotes: %.2000s", inject_shown(at), sql);
        at++;
    }
}

static size_t inject_sent;

static inline void inject_log(void *context, const kin_log_entry *entry) {
    (void)context;
    inject_sent++;
    if (strncmp(entry->sql, "PRAGMA", 6) != 0)
        inject_check_sql(entry->sql);
}

/* ---- a database with a canary ---- */

static sqlite3 *inject_plain;
static char inject_url[4300];

static inline void inject_execute(const char *sql) {
    char *message = NULL;
    if (sqlite3_exec(inject_plain, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
}

/* An empty database with the canary in it. */
static inline void inject_open(void) {
    char path[4200];
    inject_prepare();
    snprintf(path, sizeof path, "%s/inject.db", test_temporary());
    snprintf(inject_url, sizeof inject_url, "sqlite:%s?journal_mode=delete&synchronous=off&busy_timeout=1000", path);
    assert_int_equal(sqlite3_open(path, &inject_plain), SQLITE_OK);
    inject_execute("PRAGMA synchronous=off; CREATE TABLE Canaries (id INTEGER PRIMARY KEY, song TEXT); INSERT INTO Canaries (song) VALUES ('tweet')");
}

static inline void inject_close(void) { sqlite3_close(inject_plain); }

/* What a query with texts bound to it answers. */
static inline int64_t inject_ask(const char *sql, const char *first, const char *second) {
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(inject_plain, sql, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(inject_plain));
    if (first != NULL)
        sqlite3_bind_text(statement, 1, first, -1, SQLITE_STATIC);
    if (second != NULL)
        sqlite3_bind_text(statement, 2, second, -1, SQLITE_STATIC);
    int64_t result = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1;
    sqlite3_finalize(statement);
    return result;
}

static inline int64_t plain_count(const char *table) {
    char sql[100];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", table);
    return inject_ask(sql, NULL, NULL);
}

static inline void inject_check_canary(const char *where) {
    if (inject_ask("SELECT count(*) FROM Canaries WHERE song = 'tweet'", NULL, NULL) != 1)
        fail_msg("%s: the canary is gone", where);
}

/* Drops all that is there but the canary, so that the next can begin. */
static inline void inject_clean(void) {
    char *drops = NULL;
    sqlite3_stmt *tables;
    inject_execute("PRAGMA foreign_keys=off");
    do {
        free(drops);
        drops = NULL;
        assert_int_equal(sqlite3_prepare_v2(inject_plain,
                                            "SELECT 'DROP TABLE \"' || replace(name, '\"', '\"\"') || '\"' FROM sqlite_schema WHERE type = 'table' AND name <> 'Canaries' "
                                            "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' LIMIT 1",
                                            -1, &tables, NULL),
                         SQLITE_OK);
        if (sqlite3_step(tables) == SQLITE_ROW)
            drops = strdup((const char *)sqlite3_column_text(tables, 0));
        sqlite3_finalize(tables);
        if (drops != NULL)
            inject_execute(drops);
    } while (drops != NULL);
}

#endif
