/* For the tests of sessions: a schema of three models, a database, statements given as text or as an insert. */
#ifndef SESSION_FIXTURE_H
#define SESSION_FIXTURE_H

#include "test.h"

#include <kin.h>

#include "driver/mock.h"
#include "session/session.h"

struct fixture {
    kin_schema *schema;
    kin_model *user, *project, *task;
    kin_db *db;
    kin_session *session;
};

/* User(email, tenant, name) unique by email and by tenant with name; Task.ProjectId references Project. */
__attribute__((unused)) static void fixture_schema(struct fixture *fixture)
{
    kin_schema *schema = kin_schema_new();
    fixture->schema = schema;
    fixture->user = kin_define(schema, "User",
                               KIN_ATTRIBUTES(KIN_STRING("email", .not_null = true, .unique = true), KIN_STRING("tenant", .column = "tenant_name"),
                                              KIN_STRING("name")),
                               .indexes = KIN_INDEXES({ .attributes = KIN_NAMES("tenant", "name"), .unique = true }));
    fixture->project = kin_define(schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")));
    fixture->task = kin_define(schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title")));
    kin_belongs_to(fixture->task, fixture->project, .on_delete = KIN_NO_ACTION);
    if (!kin_schema_link(schema))
        fail_msg("%s", kin_schema_error(schema)->message);
}

__attribute__((unused)) static void fixture_must(kin_session *session, bool good)
{
    if (!good)
        fail_msg("%s", kin_error_of(session)->message);
}

__attribute__((unused)) static struct fixture fixture_open(const char *url)
{
    struct fixture fixture = { 0 };
    fixture_schema(&fixture);
    fixture.db = kin_open(url, fixture.schema);
    if (kin_db_error(fixture.db))
        fail_msg("%s", kin_db_error(fixture.db)->message);
    fixture.session = kin_session_open(fixture.db);
    assert_non_null(fixture.session);
    return fixture;
}

/* The tables by hand: kin_sync belongs to a higher layer. */
__attribute__((unused)) static void fixture_tables(kin_session *session)
{
    fixture_must(session, session_script(session,
                                         "CREATE TABLE Users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, tenant_name TEXT, name TEXT CHECK (name <> 'x'),"
                                         " UNIQUE (tenant_name, name));"
                                         "CREATE TABLE Projects (id INTEGER PRIMARY KEY, title TEXT);"
                                         "CREATE TABLE Tasks (id INTEGER PRIMARY KEY, title TEXT, ProjectId INTEGER REFERENCES Projects (id)"
                                         " DEFERRABLE INITIALLY IMMEDIATE);"));
}

__attribute__((unused)) static void fixture_close(struct fixture *fixture)
{
    kin_session_close(fixture->session);
    kin_close(fixture->db);
    kin_schema_free(fixture->schema);
    mock_reset();
}

__attribute__((unused)) static struct sql_statement fixture_text(const char *sql)
{
    return (struct sql_statement){ .kind = SQL_TEXT, .as.text = { .sql = sql } };
}

__attribute__((unused)) static bool fixture_execute(kin_session *session, const char *sql)
{
    struct sql_statement statement = fixture_text(sql);
    return session_execute(session, &statement, NULL);
}

/* Reads all rows; how many, or -1. */
__attribute__((unused)) static int64_t fixture_query(kin_session *session, const char *sql)
{
    struct sql_statement statement = fixture_text(sql);
    struct result result;
    kin_type types[8] = { KIN_TYPE_ANY, KIN_TYPE_ANY, KIN_TYPE_ANY, KIN_TYPE_ANY, KIN_TYPE_ANY, KIN_TYPE_ANY, KIN_TYPE_ANY, KIN_TYPE_ANY };
    kin_value cells[8];
    if (!session_query(session, &statement, NULL, &result))
        return -1;
    enum driver_step step;
    while ((step = result_next(&result, types, cells, result.driver->column_count(result.handle))) == DRIVER_ROW)
        continue;
    int64_t rows = step == DRIVER_DONE ? result.rows : -1;
    result_close(&result);
    return rows;
}

/* One cell, an integer; -1 when there is none. */
__attribute__((unused)) static int64_t fixture_integer(kin_session *session, const char *sql)
{
    struct sql_statement statement = fixture_text(sql);
    struct result result;
    kin_type type = KIN_TYPE_BIGINT;
    kin_value cell;
    if (!session_query(session, &statement, NULL, &result))
        return -1;
    int64_t value = result_next(&result, &type, &cell, 1) == DRIVER_ROW ? cell.as.integer : -1;
    result_close(&result);
    return value;
}

/* Inserts one row: pairs of an attribute's name and a value. */
__attribute__((unused)) static bool fixture_insert(kin_session *session, const kin_model *model, kin_values values)
{
    const struct attribute *attributes[8];
    kin_value cells[8];
    size_t count = 0;
    for (; values.at[count].name && count < 8; count++) {
        attributes[count] = model_attribute(model, values.at[count].name);
        assert_non_null(attributes[count]);
        cells[count] = values.at[count].value;
    }
    struct sql_insert insert = { .model = model, .attributes = attributes, .attribute_count = count, .values = cells, .row_count = 1 };
    struct sql_statement statement = { .kind = SQL_INSERT, .as.insert = &insert };
    return session_execute(session, &statement, NULL);
}

/* The session's error is of that status, and says that; it is cleared. */
__attribute__((unused)) static void fixture_error(kin_session *session, kin_status status, const char *text)
{
    const kin_error *error = kin_error_of(session);
    if (error->status != status || !strstr(error->message, text))
        fail_msg("status %d where %d was expected, or no '%s' in: %s", (int)error->status, (int)status, text, error->message);
    kin_clear_error(session);
}

#endif
