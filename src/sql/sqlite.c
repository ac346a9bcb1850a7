/* SQLite's dialect. Dates, times and UUIDs are texts that sort as what they mean; booleans are 0 and 1. */
#include <string.h>

#include "schema/calendar.h"
#include "sql/dialect.h"

/* Beyond 15 digits a DECIMAL would lose some as a number, so it is kept as text. */
enum { SQLITE_EXACT_DIGITS = 15 };

static bool sqlite_keeps_text(const kin_attribute_info *info) {
    return info->type == KIN_TYPE_DECIMAL && (info->precision == 0 || info->precision > SQLITE_EXACT_DIGITS);
}

/* "10.00" is more than "9.00". Exact to 15 digits, which is what SQLite's numbers have. */
static const char *sqlite_compared_as(const struct attribute *attribute) {
    return sqlite_keeps_text(&attribute->info) ? "NUMERIC" : NULL;
}

static void sqlite_type(const struct attribute *attribute, struct text *out) {
    const kin_attribute_info *info = &attribute->info;
    switch (info->type) {
    case KIN_TYPE_STRING:
        dialect_sized_type("VARCHAR", attribute, out);
        return;
    case KIN_TYPE_CHAR:
        dialect_sized_type("CHAR", attribute, out);
        return;
    case KIN_TYPE_DECIMAL:
        if (sqlite_keeps_text(info))
            text_add(out, "TEXT");
        else
            dialect_decimal_type("DECIMAL", info->precision, info->scale, out);
        return;
    case KIN_TYPE_INTEGER:
        text_add(out, "INTEGER");
        return;
    case KIN_TYPE_BIGINT:
        text_add(out, "BIGINT");
        return;
    case KIN_TYPE_REAL:
        text_add(out, "REAL");
        return;
    case KIN_TYPE_BOOLEAN:
        text_add(out, "BOOLEAN");
        return;
    case KIN_TYPE_DATE:
        text_add(out, "DATETIME");
        return;
    case KIN_TYPE_DATEONLY:
        text_add(out, "DATE");
        return;
    case KIN_TYPE_TIME:
        text_add(out, "TIME");
        return;
    case KIN_TYPE_UUID:
        text_add(out, "UUID");
        return;
    case KIN_TYPE_BLOB:
        text_add(out, "BLOB");
        return;
    default: /* TEXT, JSON, ENUM */
        text_add(out, "TEXT");
    }
}

static void sqlite_identity(const struct attribute *attribute, struct text *out) {
    text_add(out, "INTEGER PRIMARY KEY"); /* BIGINT too: INTEGER alone is the rowid */
    if (attribute->info.auto_increment && !attribute->info.generated)
        text_add(out, " AUTOINCREMENT");
}

static bool sqlite_list(const struct attribute *attribute, const char **before, const char **behind) {
    switch (attribute->info.type) {
    case KIN_TYPE_INTEGER:
    case KIN_TYPE_BIGINT:
    case KIN_TYPE_STRING:
    case KIN_TYPE_TEXT:
    case KIN_TYPE_CHAR:
    case KIN_TYPE_ENUM:
    case KIN_TYPE_UUID:
    case KIN_TYPE_DATE:
    case KIN_TYPE_DATEONLY:
    case KIN_TYPE_TIME:
        *before = " IN (SELECT value FROM json_each(";
        *behind = "))";
        return true;
    default: /* a REAL read back from JSON's text may differ in its last bit; DECIMAL and BLOB have no JSON form */
        return false;
    }
}

static void sqlite_list_string(const char *data, size_t size, struct text *out) {
    text_add_character(out, '"');
    for (size_t i = 0, from = 0; i <= size; i++) {
        unsigned char byte = i < size ? (unsigned char)data[i] : '"';
        if (byte >= 0x20 && byte != '"' && byte != '\\')
            continue;
        text_append(out, data + from, i - from);
        from = i + 1;
        if (i < size && byte < 0x20)
            text_format(out, "\\u%04x", byte);
        else if (i < size) {
            text_add_character(out, '\\');
            text_add_character(out, (char)byte);
        }
    }
    text_add_character(out, '"');
}

static bool sqlite_list_text(const kin_value *values, size_t count, struct text *out) {
    text_add_character(out, '[');
    for (size_t i = 0; i < count; i++) {
        const kin_value *value = &values[i];
        if (i)
            text_add_character(out, ',');
        if (value->type == KIN_VALUE_UNSET || value->type == KIN_VALUE_NULL) {
            text_add(out, "null");
        } else if (value->type == KIN_VALUE_INTEGER) {
            text_add_integer(out, value->as.integer);
        } else if (value->type == KIN_VALUE_TEXT) {
            if (value->as.text.size && memchr(value->as.text.data, '\0', value->as.text.size))
                return false; /* json_each would end the text there */
            sqlite_list_string(value->as.text.data, value->as.text.size, out);
        } else { /* dates, times, UUIDs: nothing in them to escape */
            text_add_character(out, '"');
            if (!dialect_plain_text(value, out))
                return false;
            text_add_character(out, '"');
        }
    }
    text_add_character(out, ']');
    return true;
}

static void sqlite_blob_literal(const void *data, size_t size, struct text *out) {
    text_add(out, "x'");
    dialect_hex(data, size, out);
    text_add_character(out, '\'');
}

static void sqlite_text_literal(const char *data, size_t size, struct text *out) {
    if (!size || !memchr(data, '\0', size)) {
        dialect_quoted_text(data, size, out);
        return;
    }
    text_add(out, "(CAST("); /* a NUL would end the statement */
    sqlite_blob_literal(data, size, out);
    text_add(out, " AS TEXT))");
}

const struct dialect dialect_sqlite = {
    .name = "sqlite",
    .quote = '`',
    .inline_references = true,
    .rowid = true,
    .create_referencing_missing = true,
    .index_if_not_exists = true,
    .key_values = true,
    .syntax = DIALECT_BRACKETS,
    .identifier_limit = 120,
    .parameter_limit = 32766,
    .conflict_nothing = " ON CONFLICT DO NOTHING",
    .default_row = " DEFAULT VALUES",
    .row_locking = "",
    .compared_as = sqlite_compared_as,
    .no_index = "+",
    .no_limit = " LIMIT -1",
    .like_escape = " ESCAPE '\\'",
    .nulls_first = "",
    .nulls_last = "",
    .table_options = "",
    .type = sqlite_type,
    .identity = sqlite_identity,
    .list = sqlite_list,
    .list_text = sqlite_list_text,
    .text_literal = sqlite_text_literal,
    .blob_literal = sqlite_blob_literal,
    .true_literal = "1",
    .false_literal = "0",
    .infinity = "9e999",
    .existing = "SELECT name FROM sqlite_master WHERE type IN ('table', 'index')",
    .begin_sync = "PRAGMA foreign_keys = OFF",
};
