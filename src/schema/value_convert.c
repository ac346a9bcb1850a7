/* A caller's value becomes a value of an attribute's type, or a fault.
 *
 * It passes, it is converted without losing anything, or it is refused with a sentence that names the attribute, says what is wrong and
 * what to write instead. Where it passes, out points at what `in` points at; a label's text is the schema's own. */
#include "schema/model.h"

#include "schema/calendar.h"
#include "schema/json.h"
#include "schema/number.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* One call, on its way through the functions below. */
struct conversion {
    const struct attribute *attribute;
    const kin_value *in;
    kin_value *out;
    struct arena *arena;
    struct fault *fault;
};

/* ---- refusing ------------------------------------------------------------------------------------------- */

__attribute__((format(printf, 2, 3))) static bool convert_refuse(const struct conversion *conversion, const char *format, ...)
{
    const struct attribute *attribute = conversion->attribute;
    const char *model = attribute->model != NULL ? attribute->model->info.name : NULL;
    char why[700];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, sizeof why, format, arguments);
    va_end(arguments);
    return fault_set(conversion->fault, KIN_MISUSE, model, attribute->info.name, "%s%s%s: %s", model != NULL ? model : "",
                     model != NULL ? "." : "", attribute->info.name, why);
}

/* The attribute's type with its article. */
static const char *convert_type(const struct conversion *conversion)
{
    switch (conversion->attribute->info.type) {
    case KIN_TYPE_STRING: return "a STRING";
    case KIN_TYPE_TEXT: return "a TEXT";
    case KIN_TYPE_CHAR: return "a CHAR";
    case KIN_TYPE_INTEGER: return "an INTEGER";
    case KIN_TYPE_BIGINT: return "a BIGINT";
    case KIN_TYPE_REAL: return "a REAL";
    case KIN_TYPE_DECIMAL: return "a DECIMAL";
    case KIN_TYPE_BOOLEAN: return "a BOOLEAN";
    case KIN_TYPE_DATE: return "a DATE";
    case KIN_TYPE_DATEONLY: return "a DATEONLY";
    case KIN_TYPE_TIME: return "a TIME";
    case KIN_TYPE_UUID: return "a UUID";
    case KIN_TYPE_BLOB: return "a BLOB";
    case KIN_TYPE_JSON: return "JSON";
    case KIN_TYPE_ENUM: return "a label of an ENUM";
    case KIN_TYPE_ANY: break;
    }
    return "a value";
}

/* What to write instead. */
static const char *convert_advice(const struct conversion *conversion)
{
    switch (conversion->attribute->info.type) {
    case KIN_TYPE_STRING:
    case KIN_TYPE_TEXT:
    case KIN_TYPE_CHAR: return "give a text";
    case KIN_TYPE_INTEGER:
    case KIN_TYPE_BIGINT: return "give a whole number";
    case KIN_TYPE_REAL: return "give a number";
    case KIN_TYPE_DECIMAL: return "make it with kin_value_decimal(\"12.30\")";
    case KIN_TYPE_BOOLEAN: return "give true, false, 0 or 1";
    case KIN_TYPE_DATE: return "make it with kin_value_date(microseconds)";
    case KIN_TYPE_DATEONLY: return "make it with kin_value_dateonly(days)";
    case KIN_TYPE_TIME: return "make it with kin_value_time(microseconds)";
    case KIN_TYPE_UUID: return "make it with kin_value_uuid(uuid), or give its 36 characters";
    case KIN_TYPE_BLOB: return "make it with kin_value_blob(data, size)";
    case KIN_TYPE_JSON: return "make it with kin_value_json(text)";
    case KIN_TYPE_ENUM: return "give one of its labels, or a label's number";
    case KIN_TYPE_ANY: break;
    }
    return "give one value";
}

/* "an integer is not a DATE; ...": values of such a type never fit. */
static bool convert_wrong_type(const struct conversion *conversion)
{
    return convert_refuse(conversion, "%s is not %s; %s", value_type_name((kin_value_type)conversion->in->type),
                          convert_type(conversion), convert_advice(conversion));
}

/* "3.7 is not an integer; ...": others of its type would fit. Without memory to show the value, its type has to do. */
static bool convert_wrong_value(const struct conversion *conversion, const char *is, const char *advice)
{
    struct text shown = { 0 };
    value_describe(conversion->in, &shown);
    convert_refuse(conversion, "%s %s; %s",
                   text_ok(&shown) ? text_string(&shown) : value_type_name((kin_value_type)conversion->in->type), is, advice);
    text_free(&shown);
    return false;
}

static bool convert_unreadable(const struct conversion *conversion, const char *advice)
{
    char is[48];
    snprintf(is, sizeof is, "is not %s", convert_type(conversion));
    return convert_wrong_value(conversion, is, advice);
}

/* ---- passing -------------------------------------------------------------------------------------------- */

static bool convert_pass(const struct conversion *conversion)
{
    *conversion->out = *conversion->in;
    return true;
}

static bool convert_give_integer(const struct conversion *conversion, kin_value_type type, int64_t integer)
{
    *conversion->out = (kin_value){ .type = type, .as.integer = integer };
    return true;
}

static bool convert_give_real(const struct conversion *conversion, double real)
{
    *conversion->out = (kin_value){ .type = KIN_VALUE_REAL, .as.real = real };
    return true;
}

static bool convert_give_boolean(const struct conversion *conversion, bool boolean)
{
    *conversion->out = (kin_value){ .type = KIN_VALUE_BOOLEAN, .as.boolean = boolean };
    return true;
}

/* The same text under another type's name. */
static bool convert_give_text(const struct conversion *conversion, kin_value_type type, const char *data, size_t size)
{
    *conversion->out = (kin_value){ .type = type, .as.text = { data, size } };
    return true;
}

static bool convert_is_text(const struct conversion *conversion, const char *text)
{
    size_t size = strlen(text);
    return conversion->in->as.text.size == size && memcmp(conversion->in->as.text.data, text, size) == 0;
}

/* ---- numbers -------------------------------------------------------------------------------------------- */

static bool convert_integer_read(const struct conversion *conversion, enum number_reading reading, int64_t integer)
{
    switch (reading) {
    case NUMBER_READ: return convert_give_integer(conversion, KIN_VALUE_INTEGER, integer);
    case NUMBER_TOO_LARGE:
        return convert_wrong_value(conversion, "is too large for an integer",
                                   "give one from -9223372036854775808 to 9223372036854775807");
    case NUMBER_NONE:
    case NUMBER_FRACTION: break;
    }
    return convert_wrong_value(conversion, "is not an integer", "give a whole number");
}

static bool convert_to_integer(const struct conversion *conversion)
{
    const kin_value *in = conversion->in;
    int64_t integer = 0;
    enum number_reading reading;
    switch ((kin_value_type)in->type) {
    case KIN_VALUE_INTEGER: return convert_pass(conversion);
    case KIN_VALUE_BOOLEAN: return convert_give_integer(conversion, KIN_VALUE_INTEGER, in->as.boolean);
    case KIN_VALUE_REAL: reading = number_of_real(in->as.real, &integer); break;
    case KIN_VALUE_TEXT:
    case KIN_VALUE_DECIMAL: reading = number_parse_integer(in->as.text.data, in->as.text.size, &integer); break;
    default: return convert_wrong_type(conversion);
    }
    return convert_integer_read(conversion, reading, integer);
}

static bool convert_real_from_text(const struct conversion *conversion)
{
    double real = 0;
    switch (number_parse_real(conversion->in->as.text.data, conversion->in->as.text.size, &real)) {
    case NUMBER_READ: return convert_give_real(conversion, real);
    case NUMBER_TOO_LARGE: return convert_wrong_value(conversion, "is too large for a REAL", "give a smaller number, or declare a DECIMAL");
    case NUMBER_NONE:
    case NUMBER_FRACTION: break;
    }
    return convert_wrong_value(conversion, "is not a number", "give a number");
}

static bool convert_to_real(const struct conversion *conversion)
{
    const kin_value *in = conversion->in;
    double real = 0;
    switch ((kin_value_type)in->type) {
    case KIN_VALUE_REAL: return convert_pass(conversion);
    case KIN_VALUE_BOOLEAN: return convert_give_real(conversion, in->as.boolean ? 1 : 0);
    case KIN_VALUE_INTEGER:
        if (number_to_real(in->as.integer, &real))
            return convert_give_real(conversion, real);
        return convert_wrong_value(conversion, "cannot be kept exactly in a REAL", "give a double, or declare an INTEGER or a DECIMAL");
    case KIN_VALUE_TEXT:
    case KIN_VALUE_DECIMAL: return convert_real_from_text(conversion);
    default: return convert_wrong_type(conversion);
    }
}

static bool convert_to_boolean(const struct conversion *conversion)
{
    const kin_value *in = conversion->in;
    switch ((kin_value_type)in->type) {
    case KIN_VALUE_BOOLEAN: return convert_pass(conversion);
    case KIN_VALUE_INTEGER:
        if (in->as.integer == 0 || in->as.integer == 1)
            return convert_give_boolean(conversion, in->as.integer == 1);
        break;
    case KIN_VALUE_TEXT:
        if (convert_is_text(conversion, "true") || convert_is_text(conversion, "1"))
            return convert_give_boolean(conversion, true);
        if (convert_is_text(conversion, "false") || convert_is_text(conversion, "0"))
            return convert_give_boolean(conversion, false);
        break;
    default: return convert_wrong_type(conversion);
    }
    return convert_unreadable(conversion, convert_advice(conversion));
}

static bool convert_make_decimal(const struct conversion *conversion, const char *text, size_t size)
{
    const char *copy = arena_copy_text(conversion->arena, text, size);
    if (copy == NULL)
        return fault_no_memory(conversion->fault);
    return convert_give_text(conversion, KIN_VALUE_DECIMAL, copy, size);
}

static bool convert_to_decimal(const struct conversion *conversion)
{
    const kin_value *in = conversion->in;
    char text[NUMBER_DECIMAL_TEXT];
    switch ((kin_value_type)in->type) {
    case KIN_VALUE_DECIMAL:
    case KIN_VALUE_TEXT:
        if (value_is_decimal(in->as.text.data, in->as.text.size))
            return convert_give_text(conversion, KIN_VALUE_DECIMAL, in->as.text.data, in->as.text.size);
        break;
    case KIN_VALUE_INTEGER: return convert_make_decimal(conversion, text, (size_t)snprintf(text, sizeof text, "%lld", (long long)in->as.integer));
    case KIN_VALUE_REAL:
        if (isfinite(in->as.real))
            return convert_make_decimal(conversion, text, number_format_decimal(in->as.real, text));
        break;
    default: return convert_wrong_type(conversion);
    }
    return convert_unreadable(conversion, "write digits, with one sign and one point at most, as in \"-12.30\"");
}

/* ---- texts and bytes ------------------------------------------------------------------------------------ */

static bool convert_not_utf8(const struct conversion *conversion)
{
    const char *data = conversion->in->as.text.data;
    size_t at = 0, size = conversion->in->as.text.size;
    for (size_t length; (length = text_character(data + at, size - at)) != 0;)
        at += length;
    return convert_refuse(conversion, "the text is not UTF-8 (at byte %zu of %zu); convert it to UTF-8, or declare a BLOB for bytes", at + 1, size);
}

static bool convert_to_text(const struct conversion *conversion)
{
    const kin_value *in = conversion->in;
    if (in->type != KIN_VALUE_TEXT)
        return convert_wrong_type(conversion);
    if (!text_is_utf8(in->as.text.data, in->as.text.size))
        return convert_not_utf8(conversion);
    return convert_pass(conversion);
}

static bool convert_to_json(const struct conversion *conversion)
{
    const kin_value *in = conversion->in;
    size_t wrong;
    if (in->type != KIN_VALUE_JSON && in->type != KIN_VALUE_TEXT)
        return convert_wrong_type(conversion);
    if (json_is_valid(in->as.text.data, in->as.text.size, &wrong))
        return convert_give_text(conversion, KIN_VALUE_JSON, in->as.text.data, in->as.text.size);
    char is[80];
    snprintf(is, sizeof is, "is not well-formed JSON (at byte %zu of %zu)", wrong + 1, in->as.text.size);
    return convert_wrong_value(conversion, is, "write it as RFC 8259 has it, a text in double quotes");
}

static bool convert_to_uuid(const struct conversion *conversion)
{
    const kin_value *in = conversion->in;
    kin_uuid uuid;
    if (in->type == KIN_VALUE_UUID)
        return convert_pass(conversion);
    if (in->type != KIN_VALUE_TEXT)
        return convert_wrong_type(conversion);
    if (!value_parse_uuid(in->as.text.data, in->as.text.size, &uuid))
        return convert_unreadable(conversion, "write its 36 characters, as in \"01234567-89ab-cdef-0123-456789abcdef\"");
    *conversion->out = kin_value_uuid(uuid);
    return true;
}

static bool convert_to_blob(const struct conversion *conversion)
{
    return conversion->in->type == KIN_VALUE_BLOB ? convert_pass(conversion) : convert_wrong_type(conversion);
}

/* ---- labels --------------------------------------------------------------------------------------------- */

static bool convert_give_label(const struct conversion *conversion, const char *label)
{
    return convert_give_text(conversion, KIN_VALUE_TEXT, label, strlen(label));
}

static bool convert_no_label(const struct conversion *conversion)
{
    const kin_value *in = conversion->in;
    const kin_names *labels = &conversion->attribute->info.labels;
    char wrong[80] = "", candidates[300];
    if (in->type == KIN_VALUE_TEXT && in->as.text.size < sizeof wrong && in->as.text.size > 0)
        memcpy(wrong, in->as.text.data, in->as.text.size);
    fault_candidates(in->type == KIN_VALUE_TEXT ? wrong : NULL, labels->count, labels->at, candidates, sizeof candidates);
    return convert_wrong_value(conversion, "is not one of its labels", candidates);
}

static bool convert_to_label(const struct conversion *conversion)
{
    const kin_value *in = conversion->in;
    const kin_names *labels = &conversion->attribute->info.labels;
    switch ((kin_value_type)in->type) {
    case KIN_VALUE_TEXT:
        for (size_t i = 0; i < labels->count; i++)
            if (convert_is_text(conversion, labels->at[i]))
                return convert_give_label(conversion, labels->at[i]);
        break;
    case KIN_VALUE_INTEGER:
        if (in->as.integer >= 1 && (uint64_t)in->as.integer <= labels->count)
            return convert_give_label(conversion, labels->at[in->as.integer - 1]);
        break;
    default: return convert_wrong_type(conversion);
    }
    return convert_no_label(conversion);
}

/* ---- dates ---------------------------------------------------------------------------------------------- */

static bool convert_to_date(const struct conversion *conversion)
{
    const kin_value *in = conversion->in;
    int64_t date;
    if (in->type == KIN_VALUE_TEXT) {
        if (calendar_parse_date(in->as.text.data, in->as.text.size, &date))
            return convert_give_integer(conversion, KIN_VALUE_DATE, date);
        return convert_unreadable(conversion, "write it as \"2026-11-22 14:30:00\", in UTC or with an offset, "
                                              "or make it with kin_value_date(microseconds)");
    }
    if (in->type != KIN_VALUE_DATE)
        return convert_wrong_type(conversion);
    if (!calendar_has_date(in->as.integer))
        return convert_wrong_value(conversion, "is not in the years 0001 to 9999", "give microseconds since 1970-01-01 00:00:00 UTC");
    return convert_pass(conversion);
}

static bool convert_to_dateonly(const struct conversion *conversion)
{
    const kin_value *in = conversion->in;
    int32_t days;
    if (in->type == KIN_VALUE_TEXT) {
        if (calendar_parse_dateonly(in->as.text.data, in->as.text.size, &days))
            return convert_give_integer(conversion, KIN_VALUE_DATEONLY, days);
        return convert_unreadable(conversion, "write it as \"2026-11-22\", or make it with kin_value_dateonly(days)");
    }
    if (in->type != KIN_VALUE_DATEONLY)
        return convert_wrong_type(conversion);
    if (!calendar_has_day(in->as.integer))
        return convert_wrong_value(conversion, "is not in the years 0001 to 9999", "give days since 1970-01-01");
    return convert_pass(conversion);
}

static bool convert_to_time(const struct conversion *conversion)
{
    const kin_value *in = conversion->in;
    int64_t time;
    if (in->type == KIN_VALUE_TEXT) {
        if (calendar_parse_time(in->as.text.data, in->as.text.size, &time))
            return convert_give_integer(conversion, KIN_VALUE_TIME, time);
        return convert_unreadable(conversion, "write it as \"14:30:00\", or make it with kin_value_time(microseconds)");
    }
    if (in->type != KIN_VALUE_TIME)
        return convert_wrong_type(conversion);
    if (!calendar_has_time(in->as.integer))
        return convert_wrong_value(conversion, "is not within a day", "give microseconds since midnight, from 0 to 86399999999");
    return convert_pass(conversion);
}

/* ---- choosing ------------------------------------------------------------------------------------------- */

static bool convert_by_type(const struct conversion *conversion)
{
    switch (conversion->attribute->info.type) {
    case KIN_TYPE_STRING:
    case KIN_TYPE_TEXT:
    case KIN_TYPE_CHAR: return convert_to_text(conversion);
    case KIN_TYPE_INTEGER:
    case KIN_TYPE_BIGINT: return convert_to_integer(conversion);
    case KIN_TYPE_REAL: return convert_to_real(conversion);
    case KIN_TYPE_DECIMAL: return convert_to_decimal(conversion);
    case KIN_TYPE_BOOLEAN: return convert_to_boolean(conversion);
    case KIN_TYPE_DATE: return convert_to_date(conversion);
    case KIN_TYPE_DATEONLY: return convert_to_dateonly(conversion);
    case KIN_TYPE_TIME: return convert_to_time(conversion);
    case KIN_TYPE_UUID: return convert_to_uuid(conversion);
    case KIN_TYPE_BLOB: return convert_to_blob(conversion);
    case KIN_TYPE_JSON: return convert_to_json(conversion);
    case KIN_TYPE_ENUM: return convert_to_label(conversion);
    case KIN_TYPE_ANY: break;
    }
    return convert_pass(conversion);
}

static bool convert_null_pointer(const struct conversion *conversion)
{
    return convert_refuse(conversion, "a NULL pointer with a size that is not 0; give the address of the bytes, or kin_null");
}

static bool convert_invalid(const struct conversion *conversion)
{
    if (conversion->in->count == VALUE_INVALID_POINTER)
        return convert_null_pointer(conversion);
    return convert_refuse(conversion, "%s; give a smaller number, or its digits as the text of a DECIMAL", value_type_name(KIN_VALUE_INVALID));
}

/* A text or blob at NULL: the makers give none, but a caller may write one down. Nobody below is to see that pointer, which client
 * libraries take for SQL NULL. */
static bool convert_at_null(const struct conversion *conversion)
{
    kin_value empty = { .type = conversion->in->type };
    struct conversion again = *conversion;
    if (empty.type == KIN_VALUE_BLOB ? conversion->in->as.blob.size != 0 : conversion->in->as.text.size != 0)
        return convert_null_pointer(conversion);
    if (empty.type == KIN_VALUE_BLOB)
        empty.as.blob.data = "";
    else
        empty.as.text.data = "";
    again.in = &empty;
    return convert_by_type(&again);
}

bool value_convert(const struct attribute *attribute, const kin_value *in, kin_value *out, struct arena *arena, struct fault *fault)
{
    struct conversion conversion = { attribute, in, out, arena, fault };
    switch ((kin_value_type)in->type) {
    case KIN_VALUE_UNSET:
    case KIN_VALUE_NULL: return convert_pass(&conversion);
    case KIN_VALUE_KEY: return convert_refuse(&conversion, "a composite key is not one value; give a single one");
    case KIN_VALUE_INVALID: return convert_invalid(&conversion);
    case KIN_VALUE_TEXT:
    case KIN_VALUE_DECIMAL:
    case KIN_VALUE_JSON: return in->as.text.data != NULL ? convert_by_type(&conversion) : convert_at_null(&conversion);
    case KIN_VALUE_BLOB: return in->as.blob.data != NULL ? convert_by_type(&conversion) : convert_at_null(&conversion);
    case KIN_VALUE_BOOLEAN:
    case KIN_VALUE_INTEGER:
    case KIN_VALUE_REAL:
    case KIN_VALUE_DATE:
    case KIN_VALUE_DATEONLY:
    case KIN_VALUE_TIME:
    case KIN_VALUE_UUID: return convert_by_type(&conversion);
    case KIN_VALUE_LAST: break;
    }
    return convert_wrong_type(&conversion);
}
