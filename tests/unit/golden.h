/*
 * Golden SQL: a tree, what it is in each dialect, and its binds. The models are those of golden_open; each statement of
 * SQLite's is prepared by SQLite too, on a database that has the tables, where the driver is built in.
 */
#ifndef GOLDEN_H
#define GOLDEN_H

#include "test.h"

#include <kin.h>

#include "driver/driver.h"
#include "schema/model.h"
#include "sql/ddl.h"
#include "sql/resolve.h"
#include "sql/write.h"

struct golden {
    kin_schema *schema;
    kin_model *everything, *user, *project, *task, *membership, *place, *visit, *odd;
    kin_association *tasks, *project_of, *projects, *users, *father, *visits, *place_of;
    struct arena arena;
    struct fault fault;
    struct driver_config *config;
    struct driver_connection *connection; /* NULL without SQLite's driver */
    const struct driver *driver;
};

static const struct dialect *const golden_dialects[] = { &dialect_sqlite, &dialect_postgres, &dialect_mariadb };

static inline void golden_declare(struct golden *golden)
{
    kin_schema *schema = golden->schema = kin_schema_new();
    golden->everything = kin_define(schema, "Everything",
        KIN_ATTRIBUTES(KIN_STRING("string"), KIN_TEXT("text"), KIN_CHAR("char", .length = 3), KIN_BIGINT("big"), KIN_REAL("real"),
                       KIN_DECIMAL("price", .precision = 10, .scale = 2), KIN_DECIMAL("exact"), KIN_BOOLEAN("flag"), KIN_DATE("moment"),
                       KIN_DATEONLY("day"), KIN_TIME("hour"), KIN_UUID("uuid"), KIN_BLOB("blob"), KIN_JSON("json"),
                       KIN_ENUM("mood", .labels = KIN_NAMES("good", "so 'so'", "bad"))));
    golden->user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("name", .not_null = true), KIN_INTEGER("age")));
    golden->project = kin_define(schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")), .timestamps = KIN_ON, .paranoid = KIN_ON);
    golden->task = kin_define(schema, "Task",
        KIN_ATTRIBUTES(KIN_STRING("title"), KIN_BOOLEAN("done"), KIN_INTEGER("position", .column = "place_in_list")));
    golden->membership = kin_define(schema, "Membership", KIN_ATTRIBUTES(KIN_STRING("status")));
    golden->place = kin_define(schema, "Place",
        KIN_ATTRIBUTES(KIN_CHAR("country", .length = 2, .primary_key = true), KIN_INTEGER("number", .primary_key = true), KIN_STRING("name")));
    golden->visit = kin_define(schema, "Visit", KIN_ATTRIBUTES(KIN_DATEONLY("day")));
    golden->odd = kin_define(schema, "Odd", KIN_ATTRIBUTES(KIN_STRING("a`b\"c", .column = "x`y\"z"), KIN_STRING("line\nbreak")),
                             .table = "ta`b\"le");

    golden->tasks = kin_has_many(golden->project, golden->task);
    golden->project_of = kin_belongs_to(golden->task, golden->project);
    golden->projects = kin_belongs_to_many(golden->user, golden->project, .through_model = golden->membership,
                                           .through_scope = KIN_VALUES({ "status", kin("active") }));
    golden->users = kin_belongs_to_many(golden->project, golden->user, .through_model = golden->membership);
    golden->father = kin_belongs_to(golden->user, golden->user, .as = "Father");
    golden->visits = kin_has_many(golden->place, golden->visit);
    golden->place_of = kin_belongs_to(golden->visit, golden->place);
}

/* A database of SQLite with the tables, to prepare statements on. */
static inline void golden_connect(struct golden *golden)
{
    golden->driver = driver_for("sqlite::memory:", &golden->fault);
    if (golden->driver == NULL) {
        fault_clear(&golden->fault);
        return;
    }
    assert_true(golden->driver->configure("sqlite::memory:", &golden->config, &golden->fault));
    assert_true(golden->driver->open(golden->config, &golden->connection, &golden->fault));
    for (size_t i = 0; i < golden->schema->model_count; i++) {
        struct text sql = { 0 };
        ddl_create_table(&dialect_sqlite, golden->schema->models[i], NULL, NULL, &sql);
        assert_true(text_ok(&sql));
        if (!golden->driver->script(golden->connection, text_string(&sql), &golden->fault))
            fail_msg("%s: %s", golden->fault.error.message, text_string(&sql));
        text_free(&sql);
    }
}

static inline void golden_open(struct golden *golden)
{
    *golden = (struct golden){ 0 };
    fault_start(&golden->fault);
    golden_declare(golden);
    if (!kin_schema_link(golden->schema))
        fail_msg("%s", kin_schema_error(golden->schema)->message);
    golden_connect(golden);
}

static inline void golden_close(struct golden *golden)
{
    if (golden->connection != NULL)
        golden->driver->close(golden->connection);
    if (golden->config != NULL)
        golden->driver->unconfigure(golden->config);
    arena_free(&golden->arena);
    fault_clear(&golden->fault);
    kin_schema_free(golden->schema);
}

static inline struct sql_column golden_column(const kin_model *model, const char *name, unsigned table)
{
    const struct attribute *attribute = model_attribute(model, name);
    if (attribute == NULL)
        fail_msg("no attribute %s", name);
    return (struct sql_column){ attribute, table };
}

/* The condition, resolved in table 0. */
static inline const struct sql_expression *golden_where(struct golden *golden, const kin_model *model, const kin_condition *condition)
{
    unsigned next = 1;
    struct sql_scope scope = { model, 0, &next, &golden->arena, &golden->fault };
    const struct sql_expression *out = NULL;
    if (!sql_resolve(&scope, condition, &out))
        fail_msg("%s", golden->fault.error.message);
    return out;
}

static inline void golden_prepare(struct golden *golden, const struct sql_writer *writer)
{
    struct driver_statement *prepared = NULL;
    if (golden->connection == NULL)
        return;
    if (!golden->driver->prepare(golden->connection, writer->sql->data, writer->sql->length, &prepared, &golden->fault))
        fail_msg("%s: %s", golden->fault.error.message, writer->sql->data);
    assert_int_equal(golden->driver->parameter_count(prepared), writer->bind_count);
    golden->driver->finalize(prepared);
}

/* The statement is this text in that dialect, with these binds ("1, 'x', NULL"); and its key alone is the key with the text. */
static inline void golden_check(struct golden *golden, const struct dialect *dialect, const struct sql_statement *statement,
                                const char *sql, const char *binds)
{
    struct text written = { 0 }, described = { 0 }, key = { 0 };
    struct sql_writer writer = { .dialect = dialect, .sql = &written, .arena = &golden->arena, .fault = &golden->fault };
    if (!sql_write(&writer, statement))
        fail_msg("%s", golden->fault.error.message);
    assert_string_equal(text_string(&written), sql);
    for (size_t i = 0; i < writer.bind_count; i++) {
        text_add(&described, i ? ", " : "");
        value_describe(&writer.binds[i], &described);
    }
    assert_string_equal(text_string(&described), binds);
    if (dialect == &dialect_sqlite)
        golden_prepare(golden, &writer);

    text_append(&key, writer.key.data, writer.key.length);
    writer.sql = NULL;
    assert_true(sql_write(&writer, statement));
    assert_int_equal(writer.key.length, key.length);
    assert_memory_equal(writer.key.data, key.data, key.length);
    text_free(&written);
    text_free(&described);
    text_free(&key);
    sql_writer_free(&writer);
}

/* In all three dialects; a NULL means "as SQLite". */
static inline void golden_statement(struct golden *golden, const struct sql_statement *statement, const char *sqlite, const char *postgres,
                                    const char *mariadb, const char *binds)
{
    const char *texts[] = { sqlite, postgres ? postgres : sqlite, mariadb ? mariadb : sqlite };
    for (size_t i = 0; i < 3; i++)
        golden_check(golden, golden_dialects[i], statement, texts[i], binds);
}

static inline void golden_select(struct golden *golden, const struct sql_select *select, const char *sqlite, const char *postgres,
                                 const char *mariadb, const char *binds)
{
    golden_statement(golden, &(struct sql_statement){ .kind = SQL_SELECT, .as.select = select }, sqlite, postgres, mariadb, binds);
}

#endif
