/*
 * The mock driver: a record of the SQL it was given, and a script of the answers. Both are the process's. Where there was no memory
 * for a part of the script, the next call fails with KIN_NO_MEMORY instead of answering wrongly.
 */
#include "driver/mock.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/memory.h"
#include "driver/url.h"
#include "schema/value.h"

struct mock_record {
    struct text sql, binds;
};

/* Rows for one statement. Owned by its arena. */
struct mock_answer {
    struct mock_answer *next;
    struct arena arena;
    size_t rows, columns;
    kin_value *cells;
    const char **names;
};

struct mock_outcome {
    struct mock_outcome *next;
    struct driver_result result;
};

struct mock_config {
    const struct dialect *dialect;
};

struct mock_connection {
    const struct dialect *dialect;
    bool in_transaction;
};

struct mock_statement {
    const struct dialect *dialect;
    char *sql;
    size_t parameters;
    struct mock_answer *answer; /* while it runs */
    size_t row;
};

static struct {
    struct mock_record *records;
    size_t count, capacity;
    struct mock_answer *answers;
    struct mock_outcome *outcomes;
    struct arena names_arena; /* of the names for the next answer */
    const char **names;
    size_t name_count;
    int64_t last_id;
    bool failed; /* something of the script is missing */
} mock;

static struct mock_connection *mock_connection_of(struct driver_connection *connection) { return (struct mock_connection *)connection; }
static struct mock_statement *mock_statement_of(const struct driver_statement *statement) { return (struct mock_statement *)statement; }

/* ---- the record -------------------------------------------------------------------------------------- */

static bool mock_note(const char *sql, const kin_value *binds, size_t count, struct fault *fault)
{
    if (mock.failed || !memory_reserve((void **)&mock.records, &mock.capacity, mock.count + 1, sizeof *mock.records))
        return fault_no_memory(fault);
    struct mock_record record = { 0 };
    text_add(&record.sql, sql);
    for (size_t i = 0; i < count; i++) {
        text_add(&record.binds, i == 0 ? "" : ", ");
        value_describe(&binds[i], &record.binds);
    }
    if (!text_ok(&record.sql) || !text_ok(&record.binds)) {
        text_free(&record.sql);
        text_free(&record.binds);
        return fault_no_memory(fault);
    }
    mock.records[mock.count++] = record;
    return true;
}

size_t mock_count(void) { return mock.count; }
const char *mock_sql(size_t index) { return index < mock.count ? text_string(&mock.records[index].sql) : ""; }
const char *mock_binds(size_t index) { return index < mock.count ? text_string(&mock.records[index].binds) : ""; }

/* ---- the script -------------------------------------------------------------------------------------- */

static void mock_free_answer(struct mock_answer *answer)
{
    if (answer == NULL)
        return;
    arena_free(&answer->arena);
    memory_free(answer);
}

/* Names for the columns: those given, then column2, … */
static bool mock_name_columns(struct mock_answer *answer)
{
    answer->names = arena_allocate(&answer->arena, answer->columns * sizeof *answer->names);
    for (size_t i = 0; answer->names != NULL && i < answer->columns; i++) {
        char made[32];
        snprintf(made, sizeof made, "column%zu", i + 1);
        answer->names[i] = arena_copy_string(&answer->arena, i < mock.name_count ? mock.names[i] : made);
        if (answer->names[i] == NULL)
            return false;
    }
    arena_free(&mock.names_arena);
    mock.names = NULL;
    mock.name_count = 0;
    return answer->names != NULL;
}

static bool mock_fill_answer(struct mock_answer *answer, const kin_value *cells)
{
    size_t count = answer->rows * answer->columns;
    answer->cells = arena_allocate(&answer->arena, count * sizeof *cells);
    if (answer->cells == NULL || !mock_name_columns(answer))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!value_copy(&answer->arena, &cells[i], &answer->cells[i]))
            return false;
    return true;
}

void mock_rows(size_t row_count, size_t column_count, const kin_value *cells)
{
    struct mock_answer *answer = memory_allocate_cleared(sizeof *answer);
    if (answer != NULL) {
        answer->rows = row_count;
        answer->columns = column_count;
    }
    if (answer == NULL || !mock_fill_answer(answer, cells)) {
        mock_free_answer(answer);
        mock.failed = true;
        return;
    }
    struct mock_answer **last = &mock.answers;
    while (*last != NULL)
        last = &(*last)->next;
    *last = answer;
}

void mock_column_names(size_t count, const char *const *names)
{
    arena_free(&mock.names_arena);
    mock.name_count = 0;
    mock.names = arena_allocate(&mock.names_arena, count * sizeof *names);
    for (size_t i = 0; mock.names != NULL && i < count; i++) {
        mock.names[i] = arena_copy_string(&mock.names_arena, names[i]);
        if (mock.names[i] == NULL)
            break;
        mock.name_count++;
    }
    mock.failed = mock.failed || mock.name_count < count;
}

void mock_result(int64_t changed, int64_t last_id)
{
    struct mock_outcome *outcome = memory_allocate_cleared(sizeof *outcome);
    if (outcome == NULL) {
        mock.failed = true;
        return;
    }
    outcome->result = (struct driver_result){ changed, last_id };
    struct mock_outcome **last = &mock.outcomes;
    while (*last != NULL)
        last = &(*last)->next;
    *last = outcome;
}

void mock_reset(void)
{
    for (size_t i = 0; i < mock.count; i++) {
        text_free(&mock.records[i].sql);
        text_free(&mock.records[i].binds);
    }
    memory_free(mock.records);
    for (struct mock_answer *answer = mock.answers, *next; answer != NULL; answer = next) {
        next = answer->next;
        mock_free_answer(answer);
    }
    for (struct mock_outcome *outcome = mock.outcomes, *next; outcome != NULL; outcome = next) {
        next = outcome->next;
        memory_free(outcome);
    }
    arena_free(&mock.names_arena);
    memset(&mock, 0, sizeof mock);
    mock_fail_at(0, false);
}

/* ---- connections ------------------------------------------------------------------------------------- */

static const struct driver driver_mock_postgres, driver_mock_mariadb;

const struct driver *mock_named(const char *rest)
{
    size_t length = strcspn(rest, "?");
    if (length == 0 || (length == 6 && strncmp(rest, "sqlite", length) == 0))
        return &driver_mock;
    if (length == 8 && strncmp(rest, "postgres", length) == 0)
        return &driver_mock_postgres;
    return length == 7 && strncmp(rest, "mariadb", length) == 0 ? &driver_mock_mariadb : NULL;
}

static bool mock_configure(const char *url, struct driver_config **out, struct fault *fault)
{
    struct url parts;
    *out = NULL;
    if (!url_parse(url, &parts, NULL, 0, fault))
        return false;
    const struct driver *driver = mock_named(parts.rest);
    url_free(&parts);
    if (driver == NULL)
        return fault_set(fault, KIN_MISUSE, NULL, NULL, "the mock driver has the dialects sqlite, postgres and mariadb");
    struct mock_config *config = memory_allocate(sizeof *config);
    if (config == NULL)
        return fault_no_memory(fault);
    config->dialect = driver->dialect;
    *out = (struct driver_config *)config;
    return true;
}

static void mock_unconfigure(struct driver_config *config) { memory_free(config); }

static const char *mock_database(const struct driver_config *config)
{
    (void)config;
    return "mock";
}

static unsigned mock_busy_timeout(const struct driver_config *config)
{
    (void)config;
    return 5000;
}

static bool mock_open(const struct driver_config *config, struct driver_connection **out, struct fault *fault)
{
    struct mock_connection *connection = memory_allocate_cleared(sizeof *connection);
    *out = (struct driver_connection *)connection;
    if (connection == NULL)
        return fault_no_memory(fault);
    connection->dialect = ((const struct mock_config *)config)->dialect;
    return true;
}

static void mock_close(struct driver_connection *connection) { memory_free(connection); }

static bool mock_usable(struct driver_connection *connection)
{
    (void)connection;
    return true;
}

static bool mock_in_transaction(struct driver_connection *connection) { return mock_connection_of(connection)->in_transaction; }

static const char *mock_control_text(enum driver_control control, unsigned level, char *out)
{
    static const char *const texts[] = { "BEGIN READ ONLY", "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "ROLLBACK TO" };
    if (control < DRIVER_SAVEPOINT)
        snprintf(out, 64, "%s", texts[control]);
    else
        snprintf(out, 64, "%s kin_%u", texts[control], level);
    return out;
}

static bool mock_control(struct driver_connection *opaque, enum driver_control control, unsigned level, struct fault *fault)
{
    struct mock_connection *connection = mock_connection_of(opaque);
    char sql[64];
    if (!mock_note(mock_control_text(control, level, sql), NULL, 0, fault))
        return false;
    if (control == DRIVER_COMMIT || control == DRIVER_ROLLBACK)
        connection->in_transaction = false;
    else
        connection->in_transaction = true;
    return true;
}

static void mock_cancel(struct driver_connection *connection) { (void)connection; }

static bool mock_script(struct driver_connection *connection, const char *sql, struct fault *fault)
{
    (void)connection;
    return mock_note(sql, NULL, 0, fault);
}

/* ---- statements -------------------------------------------------------------------------------------- */

/* Past a quoted text, a quoted name or a comment that begins at sql; sql itself where none does. */
static const char *mock_pass_quoted(const char *sql)
{
    const char *end = NULL;
    if (*sql == '\'' || *sql == '"' || *sql == '`')
        end = strchr(sql + 1, *sql);
    else if (strncmp(sql, "--", 2) == 0)
        end = strchr(sql, '\n');
    else if (strncmp(sql, "/*", 2) == 0)
        end = strstr(sql + 2, "*/");
    else
        return sql;
    return end == NULL ? sql + strlen(sql) : end + (*end == '*' ? 2 : 1);
}

static size_t mock_parameters(const char *sql, bool numbered)
{
    size_t count = 0;
    while (*sql != '\0') {
        const char *behind = mock_pass_quoted(sql);
        if (behind != sql) {
            sql = behind;
            continue;
        }
        if (!numbered && *sql == '?')
            count++;
        if (numbered && *sql == '$') {
            size_t number = 0;
            for (; sql[1] >= '0' && sql[1] <= '9' && number < 100000; sql++)
                number = number * 10 + (size_t)(sql[1] - '0');
            count = number > count ? number : count;
        }
        sql++;
    }
    return count;
}

static bool mock_prepare(struct driver_connection *opaque, const char *sql, size_t length, struct driver_statement **out, struct fault *fault)
{
    *out = NULL;
    struct mock_statement *statement = memory_allocate_cleared(sizeof *statement);
    if (statement == NULL)
        return fault_no_memory(fault);
    statement->sql = memory_allocate(length + 1);
    if (statement->sql == NULL) {
        memory_free(statement);
        return fault_no_memory(fault);
    }
    memcpy(statement->sql, sql, length);
    statement->sql[length] = '\0';
    statement->parameters = mock_parameters(statement->sql, mock_connection_of(opaque)->dialect->numbered);
    *out = (struct driver_statement *)statement;
    return true;
}

static void mock_reset_statement(struct driver_statement *opaque)
{
    struct mock_statement *statement = mock_statement_of(opaque);
    mock_free_answer(statement->answer);
    statement->answer = NULL;
    statement->row = 0;
}

static void mock_finalize(struct driver_statement *opaque)
{
    struct mock_statement *statement = mock_statement_of(opaque);
    if (statement == NULL)
        return;
    mock_reset_statement(opaque);
    memory_free(statement->sql);
    memory_free(statement);
}

/* The answer it has, or that it would get. */
static const struct mock_answer *mock_answer_of(const struct driver_statement *opaque)
{
    const struct mock_statement *statement = mock_statement_of(opaque);
    return statement->answer != NULL ? statement->answer : mock.answers;
}

static size_t mock_parameter_count(const struct driver_statement *statement) { return mock_statement_of(statement)->parameters; }

static size_t mock_column_count(const struct driver_statement *statement)
{
    const struct mock_answer *answer = mock_answer_of(statement);
    return answer == NULL ? 0 : answer->columns;
}

static const char *mock_column_name(const struct driver_statement *statement, size_t column)
{
    const struct mock_answer *answer = mock_answer_of(statement);
    return answer == NULL || column >= answer->columns ? "" : answer->names[column];
}

static bool mock_take_binds(struct mock_statement *statement, const kin_value *binds, size_t count, struct fault *fault)
{
    if (count != statement->parameters)
        return fault_set(fault, KIN_MISUSE, NULL, NULL, "the statement has %zu places for values, and %zu were given", statement->parameters, count);
    return mock_note(statement->sql, binds, count, fault);
}

static bool mock_start(struct driver_statement *opaque, const kin_value *binds, size_t count, struct fault *fault)
{
    struct mock_statement *statement = mock_statement_of(opaque);
    mock_reset_statement(opaque);
    if (!mock_take_binds(statement, binds, count, fault))
        return false;
    statement->answer = mock.answers;
    if (statement->answer != NULL)
        mock.answers = statement->answer->next;
    return true;
}

static enum driver_step mock_next(struct driver_statement *opaque, const kin_type *types, kin_value *cells, size_t count, struct fault *fault)
{
    struct mock_statement *statement = mock_statement_of(opaque);
    const struct mock_answer *answer = statement->answer;
    (void)types;
    if (answer == NULL || statement->row == answer->rows)
        return DRIVER_DONE;
    if (count > answer->columns) {
        fault_set(fault, KIN_DATABASE, NULL, NULL, "the script has %zu columns where %zu are read", answer->columns, count);
        return DRIVER_FAILED;
    }
    memcpy(cells, answer->cells + statement->row++ * answer->columns, count * sizeof *cells);
    return DRIVER_ROW;
}

static bool mock_run(struct driver_statement *opaque, const kin_value *binds, size_t count, struct driver_result *result, struct fault *fault)
{
    *result = (struct driver_result){ 0 };
    if (!mock_take_binds(mock_statement_of(opaque), binds, count, fault))
        return false;
    struct mock_outcome *outcome = mock.outcomes;
    if (outcome == NULL) {
        *result = (struct driver_result){ 1, ++mock.last_id };
        return true;
    }
    *result = outcome->result;
    mock.outcomes = outcome->next;
    memory_free(outcome);
    return true;
}

#define MOCK_DRIVER(dialect_)                                                                                 \
    {                                                                                                         \
        .name = "mock", .dialect = &(dialect_), .configure = mock_configure, .unconfigure = mock_unconfigure, \
        .database = mock_database, .busy_timeout = mock_busy_timeout,                                         \
        .open = mock_open, .close = mock_close, .usable = mock_usable,                                        \
        .in_transaction = mock_in_transaction, .control = mock_control, .control_text = mock_control_text,    \
        .cancel = mock_cancel, .script = mock_script, .prepare = mock_prepare, .finalize = mock_finalize,     \
        .parameter_count = mock_parameter_count, .column_count = mock_column_count,                           \
        .column_name = mock_column_name, .start = mock_start, .next = mock_next, .run = mock_run,             \
        .reset = mock_reset_statement,                                                                        \
    }
const struct driver driver_mock = MOCK_DRIVER(dialect_sqlite);
static const struct driver driver_mock_postgres = MOCK_DRIVER(dialect_postgres);
static const struct driver driver_mock_mariadb = MOCK_DRIVER(dialect_mariadb);
#undef MOCK_DRIVER
