/*
 * What the programs of this folder share. Each function sN() is a block of the document, done in C; CHECK says what
 * has to come of it. A check that fails is printed with its place and its text, and makes main return 1.
 */
#ifndef CHECK_H
#define CHECK_H

#include <kin.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static int checks_made, checks_failed;

static inline bool check_one(bool good, const char *file, int line, const char *text) {
    checks_made++;
    if (!good) {
        checks_failed++;
        fprintf(stderr, "%s:%d: failed: %s\n", file, line, text);
    }
    return good;
}

static inline void check_text(const char *actual, const char *expected, const char *file, int line, const char *text) {
    bool good = actual && expected && strcmp(actual, expected) == 0;
    if (!check_one(good, file, line, text))
        fprintf(stderr, "    it is:   %s\n    not:     %s\n", actual ? actual : "(NULL)", expected ? expected : "(NULL)");
}

static inline void check_number(int64_t actual, int64_t expected, const char *file, int line, const char *text) {
    if (!check_one(actual == expected, file, line, text))
        fprintf(stderr, "    it is %" PRId64 ", not %" PRId64 "\n", actual, expected);
}

#define CHECK(condition) check_one((condition), __FILE__, __LINE__, #condition)
#define CHECK_TEXT(actual, expected) check_text((actual), (expected), __FILE__, __LINE__, #actual)
#define CHECK_NUMBER(actual, expected) check_number((int64_t)(actual), (int64_t)(expected), __FILE__, __LINE__, #actual)

/* The schema links; else its error is printed. */
#define CHECK_LINKS(schema) check_links((schema), __FILE__, __LINE__)
static inline void check_links(kin_schema *schema, const char *file, int line) {
    if (!check_one(kin_schema_link(schema), file, line, "the schema links"))
        fprintf(stderr, "    %s\n", kin_schema_error(schema)->message);
}

/* The schema does not link, and its message contains a text. */
#define CHECK_REFUSED(schema, part) check_refused((schema), (part), __FILE__, __LINE__)
static inline void check_refused(kin_schema *schema, const char *part, const char *file, int line) {
    if (!check_one(!kin_schema_link(schema), file, line, "the schema is refused"))
        return;
    const kin_error *error = kin_schema_error(schema);
    check_number(error->status, KIN_SCHEMA, file, line, "the status is KIN_SCHEMA");
    if (!check_one(strstr(error->message, part) != NULL, file, line, "the message names the fault"))
        fprintf(stderr, "    \"%s\" is not in: %s\n", part, error->message);
}

/* The call before it failed in this manner; the error is cleared, so that the program can go on. */
#define CHECK_ERROR(session, expected) check_error((session), (expected), __FILE__, __LINE__)
static inline void check_error(kin_session *session, kin_status expected, const char *file, int line) {
    check_number(kin_error_of(session)->status, expected, file, line, "the session's error");
    kin_clear_error(session);
}

/* Each of the names is an accessor of the model. The list ends with NULL. */
#define CHECK_ACCESSORS(model, ...) check_accessors((model), (const char *const[]){ __VA_ARGS__, NULL }, __FILE__, __LINE__)
static inline void check_accessors(const kin_model *model, const char *const *names, const char *file, int line) {
    for (; *names; names++)
        check_one(kin_has_accessor(model, *names), file, line, *names);
}

/* A foreign key: an attribute that references a table's column and does this when what it references goes or changes. */
#define CHECK_KEY(model, attribute, table, column, deleting, updating)                                                  \
    check_key((model), (attribute), (table), (column), (deleting), (updating), __FILE__, __LINE__)
static inline void check_key(const kin_model *model, const char *attribute, const char *table, const char *column, kin_action deleting,
                             kin_action updating, const char *file, int line) {
    const kin_attribute_info *info = kin_attribute_named(model, attribute);
    if (!check_one(info != NULL, file, line, attribute))
        return;
    check_text(info->references_table, table, file, line, "the table it references");
    check_text(info->references_column, column, file, line, "the column it references");
    check_number(info->on_delete, deleting, file, line, "ON DELETE");
    check_number(info->on_update, updating, file, line, "ON UPDATE");
}

static inline bool names_have(kin_names names, const char *name) {
    for (size_t i = 0; i < names.count; i++)
        if (strcmp(names.at[i], name) == 0)
            return true;
    return false;
}

/* A row of a result; NULL, which reads as NULL, when there are not so many. */
static inline kin_row *row_at(kin_rows rows, size_t index) {
    return index < rows.count ? rows.at[index] : NULL;
}

/* A database in memory with the schema's tables, and a session. */
struct world {
    kin_schema *schema;
    kin_db *db;
    kin_session *s;
};

#define OPEN_WORLD(schema) world_open((schema), __FILE__, __LINE__)
static inline struct world world_open(kin_schema *schema, const char *file, int line) {
    struct world world = { .schema = schema, .db = kin_open("sqlite::memory:", schema) };
    if (!check_one(kin_db_error(world.db) == NULL && kin_sync(world.db), file, line, "the database is there"))
        fprintf(stderr, "    %s\n", kin_db_error(world.db)->message);
    world.s = kin_session_open(world.db);
    return world;
}

/* Closes it all. An error that nobody expected is still in the session. */
#define CLOSE_WORLD(world) world_close((world), __FILE__, __LINE__)
static inline void world_close(struct world world, const char *file, int line) {
    if (!check_one(kin_ok(world.s), file, line, "the session is fine to the end"))
        fprintf(stderr, "    %s\n", kin_error_of(world.s)->message);
    kin_session_close(world.s);
    kin_close(world.db);
    kin_schema_free(world.schema);
}

/* main's last line. */
static inline int checks_done(const char *program) {
    printf("%s: %d checks, %d failed\n", program, checks_made, checks_failed);
    return checks_failed == 0 && checks_made > 0 ? 0 : 1;
}

#endif
