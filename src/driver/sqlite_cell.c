/*
 * SQLite: cells, each in the type that is asked for. SQLite's columns hold what they like, so the type stored is looked at first: what can be
 * given exactly is converted, anything else is a fault. Texts and blobs stay where SQLite has them; what has to be made lies in
 * the statement's arena until the next row.
 *
 * Cells are read through sqlite3_column_value, which finds the column once where sqlite3_column_type, _text and _bytes find it three times.
 * Its result is "unprotected": no matter here, since the connection is one thread's and open without mutexes.
 */
#include "driver/sqlite.h"

#include <math.h>
#include <string.h>

#include "schema/calendar.h"
#include "schema/number.h"
#include "schema/value.h"

static const char *sqlite_stored_name(int stored)
{
    switch (stored) {
    case SQLITE_INTEGER: return "an integer";
    case SQLITE_FLOAT: return "a real";
    case SQLITE_TEXT: return "a text";
    default: return "a blob";
    }
}

/* A cell that is not what was asked for. Its value is not shown: it may be a secret. */
static bool sqlite_unfit(const struct sqlite_statement *statement, int column, kin_type type, struct fault *fault)
{
    const char *name = sqlite3_column_name(statement->handle, column);
    fault_set(fault, KIN_DATABASE, NULL, NULL, "the column '%s' holds %s that is no %s", name != NULL ? name : "",
              sqlite_stored_name(sqlite3_column_type(statement->handle, column)), type_name(type));
    fault_column(fault, name);
    return false;
}

/* For texts and blobs NULL means out of memory; the cell is known not to be NULL. */
static bool sqlite_text_cell(struct sqlite_statement *statement, sqlite3_value *held, kin_value *cell, struct fault *fault)
{
    const char *text = (const char *)sqlite3_value_text(held);
    if (text == NULL) {
        sqlite_fault(statement->connection, SQLITE_NOMEM, fault);
        return false;
    }
    cell->type = KIN_VALUE_TEXT;
    cell->as.text.data = text;
    cell->as.text.size = (size_t)sqlite3_value_bytes(held);
    return true;
}

static bool sqlite_blob_cell(struct sqlite_statement *statement, sqlite3_value *held, kin_value *cell, struct fault *fault)
{
    const void *data = sqlite3_value_blob(held);
    size_t size = (size_t)sqlite3_value_bytes(held);
    if (data == NULL && size != 0) {
        sqlite_fault(statement->connection, SQLITE_NOMEM, fault);
        return false;
    }
    cell->type = KIN_VALUE_BLOB;
    cell->as.blob = (kin_bytes){ data != NULL ? data : "", size };
    return true;
}

static char *sqlite_row_scratch(struct sqlite_statement *statement, size_t size)
{
    statement->row_used = true;
    return arena_allocate(&statement->row, size);
}

/* SQLite's own text of a real has 15 digits, which do not read back the same. */
static bool sqlite_real_text(struct sqlite_statement *statement, sqlite3_value *held, kin_value *cell, struct fault *fault)
{
    char *out = sqlite_row_scratch(statement, NUMBER_REAL_TEXT);
    if (out == NULL)
        return fault_no_memory(fault);
    cell->as.text.data = out;
    cell->as.text.size = value_format_real(sqlite3_value_double(held), out);
    return true;
}

static bool sqlite_real_decimal(struct sqlite_statement *statement, sqlite3_value *held, kin_value *cell, struct fault *fault)
{
    char digits[NUMBER_DECIMAL_TEXT];
    double real = sqlite3_value_double(held);
    if (isinf(real))
        return false;
    size_t size = number_format_decimal(real, digits);
    char *out = sqlite_row_scratch(statement, size + 1);
    if (out == NULL)
        return fault_no_memory(fault);
    memcpy(out, digits, size);
    out[size] = '\0';
    cell->as.text.data = out;
    cell->as.text.size = size;
    return true;
}

static bool sqlite_integer(struct sqlite_statement *statement, sqlite3_value *held, int stored, int64_t *out, struct fault *fault)
{
    if (stored == SQLITE_INTEGER) {
        *out = sqlite3_value_int64(held);
        return true;
    }
    if (stored == SQLITE_FLOAT)
        return number_of_real(sqlite3_value_double(held), out) == NUMBER_READ;
    kin_value text;
    return stored == SQLITE_TEXT && sqlite_text_cell(statement, held, &text, fault) &&
           number_parse_integer(text.as.text.data, text.as.text.size, out) == NUMBER_READ;
}

static bool sqlite_real(struct sqlite_statement *statement, sqlite3_value *held, int stored, double *out, struct fault *fault)
{
    if (stored == SQLITE_FLOAT) {
        *out = sqlite3_value_double(held);
        return true;
    }
    if (stored == SQLITE_INTEGER)
        return number_to_real(sqlite3_value_int64(held), out);
    kin_value text;
    return stored == SQLITE_TEXT && sqlite_text_cell(statement, held, &text, fault) &&
           number_parse_real(text.as.text.data, text.as.text.size, out) == NUMBER_READ;
}

static bool sqlite_textual(struct sqlite_statement *statement, sqlite3_value *held, int stored, kin_value *cell, struct fault *fault)
{
    if (stored == SQLITE_BLOB)
        return false;
    cell->type = KIN_VALUE_TEXT;
    return stored == SQLITE_FLOAT ? sqlite_real_text(statement, held, cell, fault) : sqlite_text_cell(statement, held, cell, fault);
}

static bool sqlite_decimal(struct sqlite_statement *statement, sqlite3_value *held, int stored, kin_value *cell, struct fault *fault)
{
    bool good = stored == SQLITE_FLOAT ? sqlite_real_decimal(statement, held, cell, fault)
                                       : stored != SQLITE_BLOB && sqlite_text_cell(statement, held, cell, fault);
    cell->type = KIN_VALUE_DECIMAL;
    return good && value_is_decimal(cell->as.text.data, cell->as.text.size);
}

static bool sqlite_moment(struct sqlite_statement *statement, sqlite3_value *held, int stored, kin_type type, kin_value *cell, struct fault *fault)
{
    kin_value text;
    int32_t days = 0;
    if (stored != SQLITE_TEXT || !sqlite_text_cell(statement, held, &text, fault))
        return false;
    const char *data = text.as.text.data;
    size_t size = text.as.text.size;
    if (type == KIN_TYPE_DATE) {
        cell->type = KIN_VALUE_DATE;
        return calendar_parse_date(data, size, &cell->as.integer);
    }
    if (type == KIN_TYPE_TIME) {
        cell->type = KIN_VALUE_TIME;
        return calendar_parse_time(data, size, &cell->as.integer);
    }
    bool good = calendar_parse_dateonly(data, size, &days);
    cell->type = KIN_VALUE_DATEONLY;
    cell->as.integer = days;
    return good;
}

static bool sqlite_uuid(struct sqlite_statement *statement, sqlite3_value *held, int stored, kin_value *cell, struct fault *fault)
{
    kin_value bytes;
    cell->type = KIN_VALUE_UUID;
    if (stored == SQLITE_TEXT)
        return sqlite_text_cell(statement, held, &bytes, fault) && value_parse_uuid(bytes.as.text.data, bytes.as.text.size, &cell->as.uuid);
    if (stored != SQLITE_BLOB || !sqlite_blob_cell(statement, held, &bytes, fault) || bytes.as.blob.size != sizeof cell->as.uuid.bytes)
        return false;
    memcpy(cell->as.uuid.bytes, bytes.as.blob.data, sizeof cell->as.uuid.bytes);
    return true;
}

static bool sqlite_any(struct sqlite_statement *statement, sqlite3_value *held, int stored, kin_value *cell, struct fault *fault)
{
    switch (stored) {
    case SQLITE_INTEGER:
        cell->type = KIN_VALUE_INTEGER;
        cell->as.integer = sqlite3_value_int64(held);
        return true;
    case SQLITE_FLOAT:
        cell->type = KIN_VALUE_REAL;
        cell->as.real = sqlite3_value_double(held);
        return true;
    case SQLITE_TEXT: return sqlite_text_cell(statement, held, cell, fault);
    default: return sqlite_blob_cell(statement, held, cell, fault);
    }
}

/* One cell that is not NULL. False without a fault: it is not of the type. */
static bool sqlite_cell(struct sqlite_statement *statement, sqlite3_value *held, int stored, kin_type type, kin_value *cell, struct fault *fault)
{
    switch (type) {
    case KIN_TYPE_INTEGER:
    case KIN_TYPE_BIGINT:
        cell->type = KIN_VALUE_INTEGER;
        return sqlite_integer(statement, held, stored, &cell->as.integer, fault);
    case KIN_TYPE_STRING:
    case KIN_TYPE_TEXT:
    case KIN_TYPE_CHAR:
    case KIN_TYPE_JSON:
    case KIN_TYPE_ENUM: return sqlite_textual(statement, held, stored, cell, fault);
    case KIN_TYPE_REAL:
        cell->type = KIN_VALUE_REAL;
        return sqlite_real(statement, held, stored, &cell->as.real, fault);
    case KIN_TYPE_BOOLEAN: {
        int64_t integer = -1;
        bool good = sqlite_integer(statement, held, stored, &integer, fault) && (integer == 0 || integer == 1);
        cell->type = KIN_VALUE_BOOLEAN;
        cell->as.boolean = integer == 1;
        return good;
    }
    case KIN_TYPE_DATE:
    case KIN_TYPE_DATEONLY:
    case KIN_TYPE_TIME: return sqlite_moment(statement, held, stored, type, cell, fault);
    case KIN_TYPE_DECIMAL: return sqlite_decimal(statement, held, stored, cell, fault);
    case KIN_TYPE_UUID: return sqlite_uuid(statement, held, stored, cell, fault);
    case KIN_TYPE_BLOB: return (stored == SQLITE_BLOB || stored == SQLITE_TEXT) && sqlite_blob_cell(statement, held, cell, fault);
    case KIN_TYPE_ANY: return sqlite_any(statement, held, stored, cell, fault);
    }
    return false;
}

bool sqlite_cells(struct sqlite_statement *statement, const kin_type *types, kin_value *cells, size_t count, struct fault *fault)
{
    if (count > (size_t)sqlite3_data_count(statement->handle))
        return fault_set(fault, KIN_DATABASE, NULL, NULL, "the statement gives %d columns where %zu are read: the table has changed",
                         sqlite3_data_count(statement->handle), count);
    if (statement->row_used) {
        arena_reset(&statement->row);
        statement->row_used = false;
    }
    for (size_t i = 0; i < count; i++) {
        sqlite3_value *held = sqlite3_column_value(statement->handle, (int)i);
        int stored = sqlite3_value_type(held);
        if (stored == SQLITE_NULL)
            cells[i].type = KIN_VALUE_NULL;
        else if (!sqlite_cell(statement, held, stored, types[i], &cells[i], fault))
            return fault_is_set(fault) ? false : sqlite_unfit(statement, (int)i, types[i], fault);
    }
    return true;
}
