/*
 * SQLite: cells, each in the type that is asked for. SQLite's columns hold what they like, so the type stored is looked at first: what can be
 * given exactly is converted, anything else is a fault. Texts and blobs stay where SQLite has them; what has to be made lies in
 * the statement's arena until the next row.
 */
#include "driver/sqlite.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "schema/calendar.h"
#include "schema/value.h"

enum { SQLITE_DECIMAL_TEXT = 352 };

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
static bool sqlite_text_cell(struct sqlite_statement *statement, int column, kin_value *cell, struct fault *fault)
{
    const char *text = (const char *)sqlite3_column_text(statement->handle, column);
    if (text == NULL) {
        sqlite_fault(statement->connection, SQLITE_NOMEM, fault);
        return false;
    }
    cell->type = KIN_VALUE_TEXT;
    cell->as.text.data = text;
    cell->as.text.size = (size_t)sqlite3_column_bytes(statement->handle, column);
    return true;
}

static bool sqlite_blob_cell(struct sqlite_statement *statement, int column, kin_value *cell, struct fault *fault)
{
    const void *data = sqlite3_column_blob(statement->handle, column);
    size_t size = (size_t)sqlite3_column_bytes(statement->handle, column);
    if (data == NULL && (size != 0 || (sqlite3_errcode(statement->connection->handle) & 0xff) == SQLITE_NOMEM)) {
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

/* "1.5e+20" without its exponent. out takes SQLITE_DECIMAL_TEXT bytes. */
static size_t sqlite_expand(const char *text, char *out)
{
    char digits[32];
    size_t count = 0, length = 0;
    int point = 0; /* where it stands among the digits */
    bool behind = false;
    if (*text == '-')
        out[length++] = *text++;
    for (; *text != '\0' && *text != 'e'; text++) {
        behind = behind || *text == '.';
        if (*text == '.')
            continue;
        digits[count++] = *text;
        point += !behind;
    }
    if (*text == 'e')
        point += (int)strtol(text + 1, NULL, 10);
    for (int i = point < 1 ? point - 1 : 0; i < (int)count || i < point; i++) {
        if (i == point)
            out[length++] = '.';
        out[length++] = i < 0 || i >= (int)count ? '0' : digits[i];
    }
    out[length] = '\0';
    return length;
}

/* SQLite's own text of a real has 15 digits, which do not read back the same. */
static bool sqlite_real_text(struct sqlite_statement *statement, int column, bool decimal, kin_value *cell, struct fault *fault)
{
    char text[32];
    double real = sqlite3_column_double(statement->handle, column);
    if (decimal && isinf(real))
        return sqlite_unfit(statement, column, KIN_TYPE_DECIMAL, fault);
    size_t size = value_format_real(real, text);
    char *out = sqlite_row_scratch(statement, decimal ? SQLITE_DECIMAL_TEXT : sizeof text);
    if (out == NULL)
        return fault_no_memory(fault);
    if (decimal)
        size = sqlite_expand(text, out);
    else
        memcpy(out, text, size + 1);
    cell->as.text.data = out;
    cell->as.text.size = size;
    return true;
}

/* Digits with a sign, and nothing else. */
static bool sqlite_text_integer(const char *text, size_t size, int64_t *out)
{
    bool negative = size > 0 && text[0] == '-';
    size_t i = size > 0 && (negative || text[0] == '+');
    uint64_t value = 0, limit = (uint64_t)INT64_MAX + negative;
    if (i == size)
        return false;
    for (; i < size; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        uint64_t digit = (uint64_t)(text[i] - '0');
        if (value > (limit - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *out = negative ? (int64_t)(0 - value) : (int64_t)value;
    return true;
}

static bool sqlite_integer(struct sqlite_statement *statement, int column, int stored, int64_t *out, struct fault *fault)
{
    if (stored == SQLITE_INTEGER) {
        *out = sqlite3_column_int64(statement->handle, column);
        return true;
    }
    if (stored == SQLITE_FLOAT) {
        double real = sqlite3_column_double(statement->handle, column);
        bool fits = real >= -9223372036854775808.0 && real < 9223372036854775808.0;
        *out = fits ? (int64_t)real : 0;
        return fits && (double)*out == real;
    }
    kin_value text;
    return stored == SQLITE_TEXT && sqlite_text_cell(statement, column, &text, fault) &&
           sqlite_text_integer(text.as.text.data, text.as.text.size, out);
}

/* A number as text: 1, -1.5, .5, 1e3. */
static bool sqlite_is_number(const char *text, size_t size)
{
    size_t end = 0;
    while (end < size && text[end] != 'e' && text[end] != 'E')
        end++;
    if (!value_is_decimal(text, end))
        return false;
    int64_t exponent;
    return end == size || sqlite_text_integer(text + end + 1, size - end - 1, &exponent);
}

static bool sqlite_real(struct sqlite_statement *statement, int column, int stored, double *out, struct fault *fault)
{
    kin_value text;
    *out = sqlite3_column_double(statement->handle, column);
    if (stored == SQLITE_FLOAT)
        return true;
    if (stored == SQLITE_INTEGER) {
        int64_t integer = sqlite3_column_int64(statement->handle, column);
        return *out < 9223372036854775808.0 && (int64_t)*out == integer;
    }
    return stored == SQLITE_TEXT && sqlite_text_cell(statement, column, &text, fault) &&
           sqlite_is_number(text.as.text.data, text.as.text.size);
}

static bool sqlite_textual(struct sqlite_statement *statement, int column, int stored, kin_value *cell, struct fault *fault)
{
    if (stored == SQLITE_BLOB)
        return false;
    cell->type = KIN_VALUE_TEXT;
    return stored == SQLITE_FLOAT ? sqlite_real_text(statement, column, false, cell, fault) : sqlite_text_cell(statement, column, cell, fault);
}

static bool sqlite_decimal(struct sqlite_statement *statement, int column, int stored, kin_value *cell, struct fault *fault)
{
    bool good = stored == SQLITE_FLOAT ? sqlite_real_text(statement, column, true, cell, fault)
                                       : stored != SQLITE_BLOB && sqlite_text_cell(statement, column, cell, fault);
    cell->type = KIN_VALUE_DECIMAL;
    return good && value_is_decimal(cell->as.text.data, cell->as.text.size);
}

static bool sqlite_moment(struct sqlite_statement *statement, int column, int stored, kin_type type, kin_value *cell, struct fault *fault)
{
    kin_value text;
    int32_t days = 0;
    if (stored != SQLITE_TEXT || !sqlite_text_cell(statement, column, &text, fault))
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

static bool sqlite_uuid(struct sqlite_statement *statement, int column, int stored, kin_value *cell, struct fault *fault)
{
    kin_value held;
    cell->type = KIN_VALUE_UUID;
    if (stored == SQLITE_TEXT)
        return sqlite_text_cell(statement, column, &held, fault) && value_parse_uuid(held.as.text.data, held.as.text.size, &cell->as.uuid);
    if (stored != SQLITE_BLOB || !sqlite_blob_cell(statement, column, &held, fault) || held.as.blob.size != sizeof cell->as.uuid.bytes)
        return false;
    memcpy(cell->as.uuid.bytes, held.as.blob.data, sizeof cell->as.uuid.bytes);
    return true;
}

static bool sqlite_any(struct sqlite_statement *statement, int column, int stored, kin_value *cell, struct fault *fault)
{
    switch (stored) {
    case SQLITE_INTEGER:
        cell->type = KIN_VALUE_INTEGER;
        cell->as.integer = sqlite3_column_int64(statement->handle, column);
        return true;
    case SQLITE_FLOAT:
        cell->type = KIN_VALUE_REAL;
        cell->as.real = sqlite3_column_double(statement->handle, column);
        return true;
    case SQLITE_TEXT: return sqlite_text_cell(statement, column, cell, fault);
    default: return sqlite_blob_cell(statement, column, cell, fault);
    }
}

/* One cell that is not NULL. False without a fault: it is not of the type. */
static bool sqlite_cell(struct sqlite_statement *statement, int column, int stored, kin_type type, kin_value *cell, struct fault *fault)
{
    switch (type) {
    case KIN_TYPE_INTEGER:
    case KIN_TYPE_BIGINT:
        cell->type = KIN_VALUE_INTEGER;
        return sqlite_integer(statement, column, stored, &cell->as.integer, fault);
    case KIN_TYPE_STRING:
    case KIN_TYPE_TEXT:
    case KIN_TYPE_CHAR:
    case KIN_TYPE_JSON:
    case KIN_TYPE_ENUM: return sqlite_textual(statement, column, stored, cell, fault);
    case KIN_TYPE_REAL:
        cell->type = KIN_VALUE_REAL;
        return sqlite_real(statement, column, stored, &cell->as.real, fault);
    case KIN_TYPE_BOOLEAN: {
        int64_t integer = -1;
        bool good = sqlite_integer(statement, column, stored, &integer, fault) && (integer == 0 || integer == 1);
        cell->type = KIN_VALUE_BOOLEAN;
        cell->as.boolean = integer == 1;
        return good;
    }
    case KIN_TYPE_DATE:
    case KIN_TYPE_DATEONLY:
    case KIN_TYPE_TIME: return sqlite_moment(statement, column, stored, type, cell, fault);
    case KIN_TYPE_DECIMAL: return sqlite_decimal(statement, column, stored, cell, fault);
    case KIN_TYPE_UUID: return sqlite_uuid(statement, column, stored, cell, fault);
    case KIN_TYPE_BLOB: return (stored == SQLITE_BLOB || stored == SQLITE_TEXT) && sqlite_blob_cell(statement, column, cell, fault);
    case KIN_TYPE_ANY: return sqlite_any(statement, column, stored, cell, fault);
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
        int stored = sqlite3_column_type(statement->handle, (int)i);
        if (stored == SQLITE_NULL)
            cells[i].type = KIN_VALUE_NULL;
        else if (!sqlite_cell(statement, (int)i, stored, types[i], &cells[i], fault))
            return fault_is_set(fault) ? false : sqlite_unfit(statement, (int)i, types[i], fault);
    }
    return true;
}
