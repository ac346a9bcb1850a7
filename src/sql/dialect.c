/* What the dialects share: quoting, literals, limits. Whatever the bytes are, what is written here is one identifier or one
 * literal and cannot end early. */
#include "sql/dialect.h"

#include <math.h>

#include "schema/calendar.h"

static void dialect_doubled(const struct dialect *dialect, const char *name, struct text *out) {
    for (const char *quote; (quote = strchr(name, dialect->quote)) != NULL; name = quote + 1) {
        text_append(out, name, (size_t)(quote - name) + 1);
        text_add_character(out, dialect->quote);
    }
    text_add(out, name);
}

void dialect_identifier(const struct dialect *dialect, const char *name, struct text *out) {
    text_add_character(out, dialect->quote);
    dialect_doubled(dialect, name, out);
    text_add_character(out, dialect->quote);
}

void dialect_table(const struct dialect *dialect, const char *schema, const char *table, struct text *out) {
    if (!schema || !*schema) {
        dialect_identifier(dialect, table, out);
    } else if (dialect->schemas) {
        dialect_identifier(dialect, schema, out);
        text_add_character(out, '.');
        dialect_identifier(dialect, table, out);
    } else {
        text_add_character(out, dialect->quote);
        dialect_doubled(dialect, schema, out);
        text_add_character(out, '.');
        dialect_doubled(dialect, table, out);
        text_add_character(out, dialect->quote);
    }
}

void dialect_quoted_text(const char *data, size_t size, struct text *out) {
    text_add_character(out, '\'');
    for (size_t i = 0; i < size; i++) {
        if (data[i] == '\'')
            text_add_character(out, '\'');
        text_add_character(out, data[i]);
    }
    text_add_character(out, '\'');
}

void dialect_hex(const void *data, size_t size, struct text *out) {
    static const char digits[] = "0123456789abcdef";
    const unsigned char *bytes = data;
    for (size_t i = 0; i < size; i++) {
        text_add_character(out, digits[bytes[i] >> 4]);
        text_add_character(out, digits[bytes[i] & 15]);
    }
}

void dialect_sized_type(const char *name, const struct attribute *attribute, struct text *out) {
    size_t length = attribute->info.length ? attribute->info.length : 255;
    text_format(out, "%s(%zu)", name, length);
}

void dialect_decimal_type(const char *name, unsigned precision, unsigned scale, struct text *out) {
    text_format(out, "%s(%u,%u)", name, precision, scale);
}

bool dialect_plain_text(const kin_value *value, struct text *out) {
    char buffer[CALENDAR_TEXT];
    switch ((kin_value_type)value->type) {
    case KIN_VALUE_BOOLEAN:
        text_add_character(out, value->as.boolean ? '1' : '0');
        return true;
    case KIN_VALUE_INTEGER:
        text_add_integer(out, value->as.integer);
        return true;
    case KIN_VALUE_REAL:
        text_append(out, buffer, value_format_real(value->as.real, buffer));
        return true;
    case KIN_VALUE_TEXT:
    case KIN_VALUE_DECIMAL:
    case KIN_VALUE_JSON:
        text_append(out, value->as.text.data, value->as.text.size);
        return true;
    case KIN_VALUE_DATE:
        text_append(out, buffer, calendar_format_date(value->as.integer, buffer));
        return true;
    case KIN_VALUE_DATEONLY:
        text_append(out, buffer, calendar_format_dateonly((int32_t)value->as.integer, buffer));
        return true;
    case KIN_VALUE_TIME:
        text_append(out, buffer, calendar_format_time(value->as.integer, buffer));
        return true;
    case KIN_VALUE_UUID:
        kin_uuid_format(value->as.uuid, buffer);
        text_append(out, buffer, 36);
        return true;
    default:
        return false;
    }
}

static void dialect_real_literal(const struct dialect *dialect, double real, struct text *out) {
    char buffer[CALENDAR_TEXT];
    if (isfinite(real)) {
        text_append(out, buffer, value_format_real(real, buffer));
    } else if (isnan(real)) {
        text_add(out, "NULL");
    } else {
        text_add(out, real < 0 ? "-" : "");
        text_add(out, dialect->infinity);
    }
}

void dialect_literal(const struct dialect *dialect, const kin_value *value, struct text *out) {
    switch ((kin_value_type)value->type) {
    case KIN_VALUE_BOOLEAN:
        text_add(out, value->as.boolean ? dialect->true_literal : dialect->false_literal);
        return;
    case KIN_VALUE_INTEGER:
        text_add_integer(out, value->as.integer);
        return;
    case KIN_VALUE_REAL:
        dialect_real_literal(dialect, value->as.real, out);
        return;
    case KIN_VALUE_BLOB:
        dialect->blob_literal(value->as.blob.data, value->as.blob.size, out);
        return;
    case KIN_VALUE_TEXT:
    case KIN_VALUE_DECIMAL: /* in quotes: where it is kept as text, its last zeros are kept too */
    case KIN_VALUE_JSON:
        dialect->text_literal(value->as.text.data, value->as.text.size, out);
        return;
    case KIN_VALUE_DATE:
    case KIN_VALUE_DATEONLY:
    case KIN_VALUE_TIME:
    case KIN_VALUE_UUID:
        text_add_character(out, '\'');
        dialect_plain_text(value, out);
        text_add_character(out, '\'');
        return;
    default:
        text_add(out, "NULL");
    }
}

const char *dialect_limited(const struct dialect *dialect, const char *name, char *out) {
    static const char digits[] = "0123456789abcdef";
    enum { HASH_DIGITS = 12 };
    size_t length = strlen(name), limit = dialect->identifier_limit;
    if (length <= limit) {
        memcpy(out, name, length + 1);
        return out;
    }
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a: the same in every process, since the name stays in the database */
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)name[i]) * UINT64_C(1099511628211);
    hash ^= hash >> 29;
    size_t head = limit - HASH_DIGITS - 1;
    while (head > 0 && ((unsigned char)name[head] & 0xC0) == 0x80)
        head--; /* not in the middle of a character */
    memcpy(out, name, head);
    out[head++] = '_';
    for (int i = 0; i < HASH_DIGITS; i++, hash >>= 4)
        out[head++] = digits[hash & 15];
    out[head] = '\0';
    return out;
}
