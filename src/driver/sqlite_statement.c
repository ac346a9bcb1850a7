/*
 * SQLite: statements and binds; cells are sqlite_cell.c. Texts and blobs are bound where they lie; what has to be written out first
 * (dates, UUIDs) goes into the statement's arena, which keeps its memory, so that a statement that is run again allocates nothing.
 *
 * How things lie in the database: DATE "2026-11-22 14:30:00[.123456]", DATEONLY "2026-11-22", TIME "14:30:00[.123456]", UUID its 36
 * characters, DECIMAL and JSON their text, BOOLEAN 0 and 1.
 */
#include "driver/sqlite.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "schema/calendar.h"

enum { SQLITE_SCRATCH = 1024 };

static struct sqlite_statement *sqlite_statement_of(struct driver_statement *statement) { return (struct sqlite_statement *)statement; }
static const struct sqlite_statement *sqlite_const_statement(const struct driver_statement *statement)
{
    return (const struct sqlite_statement *)statement;
}

/* ---- preparing --------------------------------------------------------------------------------------- */

/* Whether nothing but blanks, comments and semicolons follows. */
static bool sqlite_only_one(struct sqlite_connection *connection, const char *tail, const char *end, struct fault *fault)
{
    while (tail < end) {
        if (strchr(" \t\r\n;", *tail) != NULL) {
            tail++;
            continue;
        }
        sqlite3_stmt *second = NULL;
        const char *next = end;
        int code = sqlite3_prepare_v3(connection->handle, tail, (int)(end - tail), 0, &second, &next);
        sqlite3_finalize(second);
        if (code == SQLITE_NOMEM)
            return fault_no_memory(fault);
        if (code != SQLITE_OK || second != NULL)
            return fault_set(fault, KIN_MISUSE, NULL, NULL, "one statement at a time: there is more SQL behind the first one");
        tail = next > tail ? next : end;
    }
    return true;
}

static bool sqlite_prepare_handle(struct sqlite_connection *connection, const char *sql, size_t length, sqlite3_stmt **out, struct fault *fault)
{
    *out = NULL;
    if (length > INT_MAX)
        return fault_set(fault, KIN_MISUSE, NULL, NULL, "the statement is longer than SQLite takes");
    if (memchr(sql, '\0', length) != NULL)
        return fault_set(fault, KIN_MISUSE, NULL, NULL, "the statement holds a zero byte");
    const char *tail = sql + length;
    int code = sqlite3_prepare_v3(connection->handle, sql, (int)length, SQLITE_PREPARE_PERSISTENT, out, &tail);
    if (code != SQLITE_OK)
        return sqlite_fault(connection, code, fault);
    if (*out == NULL)
        return fault_set(fault, KIN_MISUSE, NULL, NULL, "the statement is empty");
    if (sqlite_only_one(connection, tail, sql + length, fault))
        return true;
    sqlite3_finalize(*out);
    *out = NULL;
    return false;
}

bool sqlite_prepare(struct driver_connection *opaque, const char *sql, size_t length, struct driver_statement **out, struct fault *fault)
{
    struct sqlite_connection *connection = (struct sqlite_connection *)opaque;
    *out = NULL;
    struct sqlite_statement *statement = memory_allocate_cleared(sizeof *statement);
    if (statement == NULL)
        return fault_no_memory(fault);
    statement->connection = connection;
    statement->binds.chunk_size = statement->row.chunk_size = SQLITE_SCRATCH;
    sqlite_begin_work(connection);
    if (!sqlite_prepare_handle(connection, sql, length, &statement->handle, fault)) {
        memory_free(statement);
        return false;
    }
    statement->parameters = (size_t)sqlite3_bind_parameter_count(statement->handle);
    *out = (struct driver_statement *)statement;
    return true;
}

void sqlite_finalize(struct driver_statement *opaque)
{
    struct sqlite_statement *statement = sqlite_statement_of(opaque);
    if (statement == NULL)
        return;
    sqlite3_finalize(statement->handle);
    arena_free(&statement->binds);
    arena_free(&statement->row);
    memory_free(statement);
}

size_t sqlite_parameter_count(const struct driver_statement *statement) { return sqlite_const_statement(statement)->parameters; }

size_t sqlite_column_count(const struct driver_statement *statement)
{
    return (size_t)sqlite3_column_count(sqlite_const_statement(statement)->handle);
}

const char *sqlite_column_name(const struct driver_statement *statement, size_t column)
{
    const char *name = column <= INT_MAX ? sqlite3_column_name(sqlite_const_statement(statement)->handle, (int)column) : NULL;
    return name != NULL ? name : "";
}

/* ---- binding ----------------------------------------------------------------------------------------- */

static int sqlite_bind_text(sqlite3_stmt *handle, int place, const char *text, size_t size)
{
    return sqlite3_bind_text64(handle, place, text != NULL ? text : "", size, SQLITE_STATIC, SQLITE_UTF8);
}

static bool sqlite_bind_refused(size_t place, const char *why, struct fault *fault)
{
    return fault_set(fault, KIN_MISUSE, NULL, NULL, "bind %zu %s", place, why);
}

/* Those that are written out: dates and UUIDs. */
static bool sqlite_bind_written(struct sqlite_statement *statement, size_t place, const kin_value *value, struct fault *fault)
{
    char *text = arena_allocate(&statement->binds, CALENDAR_TEXT);
    if (text == NULL)
        return fault_no_memory(fault);
    size_t size = SQLITE_UUID_TEXT;
    switch (value->type) {
    case KIN_VALUE_DATE: size = calendar_format_date(value->as.integer, text); break;
    case KIN_VALUE_DATEONLY:
        size = value->as.integer < INT32_MIN || value->as.integer > INT32_MAX ? 0 : calendar_format_dateonly((int32_t)value->as.integer, text);
        break;
    case KIN_VALUE_TIME: size = calendar_format_time(value->as.integer, text); break;
    default: kin_uuid_format(value->as.uuid, text); break;
    }
    if (size == 0)
        return sqlite_bind_refused(place, "is no moment of the years 0001 to 9999", fault);
    int code = sqlite_bind_text(statement->handle, (int)place, text, size);
    return code == SQLITE_OK || sqlite_fault(statement->connection, code, fault);
}

static bool sqlite_bind(struct sqlite_statement *statement, size_t place, const kin_value *value, struct fault *fault)
{
    sqlite3_stmt *handle = statement->handle;
    int number = (int)place, code;
    switch (value->type) {
    case KIN_VALUE_UNSET:
    case KIN_VALUE_NULL: code = sqlite3_bind_null(handle, number); break;
    case KIN_VALUE_INTEGER: code = sqlite3_bind_int64(handle, number, value->as.integer); break;
    case KIN_VALUE_BOOLEAN: code = sqlite3_bind_int64(handle, number, value->as.boolean); break;
    case KIN_VALUE_REAL:
        if (isnan(value->as.real))
            return sqlite_bind_refused(place, "is not a number (NaN), which SQLite would store as NULL", fault);
        code = sqlite3_bind_double(handle, number, value->as.real);
        break;
    case KIN_VALUE_TEXT:
    case KIN_VALUE_DECIMAL:
    case KIN_VALUE_JSON: code = sqlite_bind_text(handle, number, value->as.text.data, value->as.text.size); break;
    case KIN_VALUE_BLOB: /* no pointer would be NULL, not an empty blob */
        code = sqlite3_bind_blob64(handle, number, value->as.blob.data != NULL ? value->as.blob.data : "", value->as.blob.size, SQLITE_STATIC);
        break;
    case KIN_VALUE_DATE:
    case KIN_VALUE_DATEONLY:
    case KIN_VALUE_TIME:
    case KIN_VALUE_UUID: return sqlite_bind_written(statement, place, value, fault);
    case KIN_VALUE_KEY: return sqlite_bind_refused(place, "is a composite key: bind its parts one by one", fault);
    default: return sqlite_bind_refused(place, "is a value that cannot be stored, e.g. an unsigned integer above INT64_MAX", fault);
    }
    return code == SQLITE_OK || sqlite_fault(statement->connection, code, fault);
}

static bool sqlite_bind_all(struct sqlite_statement *statement, const kin_value *binds, size_t count, struct fault *fault)
{
    sqlite_begin_work(statement->connection);
    statement->first = SQLITE_OK;
    if (count != statement->parameters)
        return fault_set(fault, KIN_MISUSE, NULL, NULL, "the statement has %zu places for values, and %zu were given", statement->parameters, count);
    sqlite3_reset(statement->handle); /* else SQLite takes no binds */
    arena_reset(&statement->binds);
    for (size_t i = 0; i < count; i++)
        if (!sqlite_bind(statement, i + 1, &binds[i], fault))
            return false;
    return true;
}

/* ---- running ----------------------------------------------------------------------------------------- */

/* The first step is made here, for next to find: where another connection has changed the table, SQLite prepares the statement anew in it,
 * and it is then that the columns and their names are those of the rows. */
bool sqlite_start(struct driver_statement *opaque, const kin_value *binds, size_t count, struct fault *fault)
{
    struct sqlite_statement *statement = sqlite_statement_of(opaque);
    if (!sqlite_bind_all(statement, binds, count, fault))
        return false;
    statement->first = sqlite3_step(statement->handle);
    if (statement->first == SQLITE_ROW || statement->first == SQLITE_DONE)
        return true;
    return sqlite_fault(statement->connection, statement->first, fault);
}

enum driver_step sqlite_next(struct driver_statement *opaque, const kin_type *types, kin_value *cells, size_t count, struct fault *fault)
{
    struct sqlite_statement *statement = sqlite_statement_of(opaque);
    int code = statement->first != SQLITE_OK ? statement->first : sqlite3_step(statement->handle);
    statement->first = SQLITE_OK;
    if (code == SQLITE_DONE)
        return DRIVER_DONE;
    if (code != SQLITE_ROW)
        sqlite_fault(statement->connection, code, fault);
    else if (sqlite_cells(statement, types, cells, count, fault))
        return DRIVER_ROW;
    return DRIVER_FAILED;
}

bool sqlite_run(struct driver_statement *opaque, const kin_value *binds, size_t count, struct driver_result *result, struct fault *fault)
{
    struct sqlite_statement *statement = sqlite_statement_of(opaque);
    sqlite3 *handle = statement->connection->handle;
    *result = (struct driver_result){ 0 };
    if (!sqlite_bind_all(statement, binds, count, fault))
        return false;
    sqlite3_int64 before = sqlite3_total_changes64(handle);
    int code = sqlite3_step(statement->handle);
    while (code == SQLITE_ROW)
        code = sqlite3_step(statement->handle);
    bool good = code == SQLITE_DONE || sqlite_fault(statement->connection, code, fault);
    sqlite3_reset(statement->handle);
    /* What is neither INSERT nor UPDATE nor DELETE leaves the count of the one before it standing. */
    if (good && sqlite3_total_changes64(handle) != before) {
        result->changed = sqlite3_changes64(handle);
        result->last_id = sqlite3_last_insert_rowid(handle);
    }
    return good;
}

void sqlite_reset(struct driver_statement *statement) { sqlite3_reset(sqlite_statement_of(statement)->handle); }
