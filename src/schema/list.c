/* The public makers of values and of lists: what a caller hands to kin is put together here and judged later, where it is
 * used (value_convert.c). Nothing is copied and nothing fails; what cannot be carried becomes a KIN_VALUE_INVALID. */
#include "schema/value.h"

#include <string.h>

/* ---- values --------------------------------------------------------------------------------------------- */

static kin_value maker_invalid(enum value_invalid reason)
{
    return (kin_value){ .type = KIN_VALUE_INVALID, .count = reason };
}

static kin_value maker_text(kin_value_type type, const char *text)
{
    if (text == NULL)
        return (kin_value){ .type = KIN_VALUE_NULL };
    return (kin_value){ .type = type, .as.text = { text, strlen(text) } };
}

kin_value kin_value_boolean(bool value)
{
    return (kin_value){ .type = KIN_VALUE_BOOLEAN, .as.boolean = value };
}

kin_value kin_value_integer(long long value)
{
    return (kin_value){ .type = KIN_VALUE_INTEGER, .as.integer = value };
}

kin_value kin_value_unsigned(unsigned long long value)
{
    if (value > INT64_MAX)
        return maker_invalid(VALUE_INVALID_UNSIGNED);
    return kin_value_integer((long long)value);
}

kin_value kin_value_real(double value)
{
    return (kin_value){ .type = KIN_VALUE_REAL, .as.real = value };
}

kin_value kin_value_string(const char *text)
{
    return maker_text(KIN_VALUE_TEXT, text);
}

/* A pointer with its size is what an array of bytes is, and an empty one may be at NULL: that is "", not SQL NULL. */
kin_value kin_value_text(const char *text, size_t size)
{
    if (text == NULL && size != 0)
        return maker_invalid(VALUE_INVALID_POINTER);
    return (kin_value){ .type = KIN_VALUE_TEXT, .as.text = { text != NULL ? text : "", size } };
}

kin_value kin_value_blob(const void *data, size_t size)
{
    if (data == NULL && size != 0)
        return maker_invalid(VALUE_INVALID_POINTER);
    return (kin_value){ .type = KIN_VALUE_BLOB, .as.blob = { data != NULL ? data : "", size } };
}

kin_value kin_value_date(int64_t microseconds)
{
    return (kin_value){ .type = KIN_VALUE_DATE, .as.integer = microseconds };
}

kin_value kin_value_dateonly(int32_t days)
{
    return (kin_value){ .type = KIN_VALUE_DATEONLY, .as.integer = days };
}

kin_value kin_value_time(int64_t microseconds)
{
    return (kin_value){ .type = KIN_VALUE_TIME, .as.integer = microseconds };
}

kin_value kin_value_uuid(kin_uuid uuid)
{
    return (kin_value){ .type = KIN_VALUE_UUID, .as.uuid = uuid };
}

kin_value kin_value_decimal(const char *text)
{
    return maker_text(KIN_VALUE_DECIMAL, text);
}

kin_value kin_value_json(const char *text)
{
    return maker_text(KIN_VALUE_JSON, text);
}

kin_value kin_value_key(size_t count, const kin_value *parts)
{
    if (count > UINT32_MAX || (parts == NULL && count != 0))
        return maker_invalid(VALUE_INVALID_POINTER);
    return (kin_value){ .type = KIN_VALUE_KEY, .count = (uint32_t)count, .as.parts = parts };
}

kin_value kin_value_same(kin_value value)
{
    return value;
}

/* ---- lists ---------------------------------------------------------------------------------------------- */

/* A list of no names is a list (KIN_NO_NAMES), even when the caller's empty array is at NULL: "none given" is what a
 * caller says by not calling this. */
kin_names kin_names_of(size_t count, const char *const *names)
{
    static const char *const none[] = { NULL };
    if (names == NULL)
        return (kin_names){ none, 0 };
    return (kin_names){ names, count };
}

kin_values kin_values_of(size_t count, const kin_assignment *assignments)
{
    return (kin_values){ assignments, assignments != NULL ? count : 0 };
}

kin_records kin_records_of(size_t count, const kin_values *records)
{
    return (kin_records){ records, records != NULL ? count : 0 };
}

kin_targets kin_rows_of(size_t count, kin_row *const *rows)
{
    return (kin_targets){ .rows = rows, .count = rows != NULL ? count : 0 };
}

kin_targets kin_keys_of(size_t count, const kin_value *keys)
{
    return (kin_targets){ .keys = keys, .count = keys != NULL ? count : 0 };
}

kin_includes kin_includes_of(size_t count, const kin_include *includes)
{
    return (kin_includes){ includes, includes != NULL ? count : 0 };
}

/* In an option a limit of 0 means that none was given, so a computed zero travels as INT64_MIN, which no other limit becomes;
 * every other negative stays what it is: an error. */
int64_t kin_limit(int64_t limit)
{
    if (limit == 0)
        return INT64_MIN;
    return limit == INT64_MIN ? -1 : limit;
}
