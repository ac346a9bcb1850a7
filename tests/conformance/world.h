/*
 * What every conformance test stands on: a schema, a database at test_url() with its tables made anew, a session, and the statements it
 * sent. Only kin.h is used here, so that the same tests run on every database.
 *
 * A test is named by the items of doc/behaviour.md that it proves: TEST(G20_G21_set_sends_only_what_differs).
 */
#ifndef KIN_TESTS_WORLD_H
#define KIN_TESTS_WORLD_H

#include <kin.h>

#include "test.h"

enum { WORLD_STATEMENTS = 256 };

struct world {
    kin_schema *schema;
    kin_db *db;
    kin_session *s;
    char *statements[WORLD_STATEMENTS]; /* since world_forget, controls included */
    size_t statement_count;
};

/* kin_schema_new: declare into world->schema, then world_open. */
void world_start(struct world *world);
/* Links, opens, drops what is there, creates the tables, opens the session; a failure fails the test with the error's message. */
void world_open(struct world *world);
/* The same without making tables. */
void world_connect(struct world *world);
/* Drops the tables and frees everything. */
void world_close(struct world *world);

/* Forgets the statements recorded so far. */
void world_forget(struct world *world);
/* How many recorded statements begin with the word ("SELECT", "INSERT", …), or there are in all but BEGIN, COMMIT and savepoints (NULL). */
size_t world_sent(const struct world *world, const char *word);
/* The n-th statement recorded; "" past the end. */
const char *world_statement(const struct world *world, size_t index);
/* The only value of a query without binds, e.g. "SELECT count(*) AS n FROM …": the column is named n. */
int64_t world_number(struct world *world, const char *sql);

/* The session is kin_ok; else the test fails with its error's message. */
#define assert_kin_ok(session) assert_kin_ok_at(session, __FILE__, __LINE__)
void assert_kin_ok_at(const kin_session *session, const char *file, int line);
/* The session has an error of that status whose message contains the text; it is cleared. */
#define assert_kin_error(session, status, text) assert_kin_error_at(session, status, text, __FILE__, __LINE__)
void assert_kin_error_at(kin_session *session, kin_status status, const char *text, const char *file, int line);
/* kin_schema_link fails, and its message contains the text. */
#define assert_link_error(schema, text) assert_link_error_at(schema, text, __FILE__, __LINE__)
void assert_link_error_at(kin_schema *schema, const char *text, const char *file, int line);
/* The names are exactly these, in order: assert_names(info->foreign_key, "UserId"). */
#define assert_names(names, ...) assert_names_at(names, KIN_NAMES(__VA_ARGS__), __FILE__, __LINE__)
void assert_names_at(kin_names found, kin_names wanted, const char *file, int line);

#endif
