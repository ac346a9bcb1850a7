/* Values shown: to people (messages, the log) and to programs (JSON). Both go on in one line and in UTF-8 whatever the value holds. */
#include "schema/value.h"

#include "schema/calendar.h"
#include "schema/json.h"
#include "schema/number.h"

#include <math.h>

enum {
    FORMAT_LONGEST_TEXT = 100, /* bytes of a text, and */
    FORMAT_LONGEST_BLOB = 32   /* of a blob that are shown */
};

/* The text of a date, day, time, UUID or real. room has CALENDAR_TEXT bytes. "" for a date that has none. */
static const char *format_plain(const kin_value *value, bool iso, char *room)
{
    _Static_assert((int)CALENDAR_TEXT >= (int)NUMBER_REAL_TEXT && CALENDAR_TEXT >= 37, "there is room for each of them");
    int64_t integer = value->as.integer;
    room[0] = '\0';
    switch ((kin_value_type)value->type) {
    case KIN_VALUE_DATE: (iso ? calendar_format_iso : calendar_format_date)(integer, room); break;
    case KIN_VALUE_DATEONLY:
        if (calendar_has_day(integer))
            calendar_format_dateonly((int32_t)integer, room);
        break;
    case KIN_VALUE_TIME: calendar_format_time(integer, room); break;
    case KIN_VALUE_UUID: kin_uuid_format(value->as.uuid, room); break;
    case KIN_VALUE_REAL: value_format_real(value->as.real, room); break;
    default: break;
    }
    return room;
}

/* ---- for people ----------------------------------------------------------------------------------------- */

/* One character, or one byte that is none; a line break would end the log's line. Returns its bytes. */
static size_t format_add_character(struct text *out, const char *data, size_t size)
{
    size_t length = text_character(data, size);
    unsigned byte = (unsigned char)data[0];
    if (length == 0 || byte < 0x20 || byte == 0x7F)
        text_format(out, "\\x%02x", byte);
    else if (byte == '\'')
        text_add(out, "''");
    else
        text_append(out, data, length);
    return length != 0 ? length : 1;
}

static void format_add_rest(struct text *out, size_t size)
{
    text_format(out, "... (%zu bytes)", size);
}

static void format_quoted(const char *data, size_t size, struct text *out)
{
    size_t at = 0;
    text_add_character(out, '\'');
    while (at < size && at < FORMAT_LONGEST_TEXT)
        at += format_add_character(out, data + at, size - at);
    text_add_character(out, '\'');
    if (at < size)
        format_add_rest(out, size);
}

static void format_blob(const kin_bytes *blob, struct text *out)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *bytes = blob->data;
    size_t shown = blob->size < FORMAT_LONGEST_BLOB ? blob->size : FORMAT_LONGEST_BLOB;
    text_add(out, "x'");
    for (size_t i = 0; i < shown; i++)
        text_append(out, (const char[]){ digits[bytes[i] >> 4], digits[bytes[i] & 15] }, 2);
    text_add_character(out, '\'');
    if (shown < blob->size)
        format_add_rest(out, blob->size);
}

static void format_parts(const kin_value *value, struct text *out, void (*add)(const kin_value *, struct text *))
{
    for (uint32_t i = 0; i < value->count; i++) {
        if (i > 0)
            text_add(out, ", ");
        add(&value->as.parts[i], out);
    }
}

/* A date that the calendar does not have is shown as what it is, a number. */
static void format_moment(const kin_value *value, struct text *out)
{
    char room[CALENDAR_TEXT];
    if (format_plain(value, false, room)[0] == '\0')
        text_format(out, "(%s: %lld)", value_type_name((kin_value_type)value->type), (long long)value->as.integer);
    else
        text_format(out, "'%s'", room);
}

void value_describe(const kin_value *value, struct text *out)
{
    char room[CALENDAR_TEXT];
    switch ((kin_value_type)value->type) {
    case KIN_VALUE_NULL: text_add(out, "NULL"); return;
    case KIN_VALUE_BOOLEAN: text_add(out, value->as.boolean ? "true" : "false"); return;
    case KIN_VALUE_INTEGER: text_add_integer(out, value->as.integer); return;
    case KIN_VALUE_REAL: text_add(out, format_plain(value, false, room)); return;
    case KIN_VALUE_DATE:
    case KIN_VALUE_DATEONLY:
    case KIN_VALUE_TIME: format_moment(value, out); return;
    case KIN_VALUE_UUID: text_format(out, "'%s'", format_plain(value, false, room)); return;
    case KIN_VALUE_DECIMAL:
        if (value->as.text.size <= FORMAT_LONGEST_TEXT && value_is_decimal(value->as.text.data, value->as.text.size))
            text_append(out, value->as.text.data, value->as.text.size);
        else
            format_quoted(value->as.text.data, value->as.text.size, out);
        return;
    case KIN_VALUE_TEXT:
    case KIN_VALUE_JSON: format_quoted(value->as.text.data, value->as.text.size, out); return;
    case KIN_VALUE_BLOB: format_blob(&value->as.blob, out); return;
    case KIN_VALUE_KEY:
        text_add_character(out, '(');
        format_parts(value, out, value_describe);
        text_add_character(out, ')');
        return;
    case KIN_VALUE_UNSET:
    case KIN_VALUE_INVALID:
    case KIN_VALUE_LAST: break;
    }
    text_format(out, "(%s)", value_type_name((kin_value_type)value->type));
}

/* ---- for programs --------------------------------------------------------------------------------------- */

/* Bytes as base64, RFC 4648 with padding: the usual form of bytes in JSON. */
static void format_base64(const kin_bytes *blob, struct text *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *bytes = blob->data;
    text_add_character(out, '"');
    for (size_t i = 0; i < blob->size; i += 3) {
        size_t left = blob->size - i;
        unsigned three = (unsigned)bytes[i] << 16 | (left > 1 ? (unsigned)bytes[i + 1] << 8 : 0) | (left > 2 ? bytes[i + 2] : 0u);
        text_append(out, (const char[]){ digits[three >> 18], digits[three >> 12 & 63], left > 1 ? digits[three >> 6 & 63] : '=',
                                         left > 2 ? digits[three & 63] : '=' }, 4);
    }
    text_add_character(out, '"');
}

/* JSON from a database was not checked on its way; what is none must not break the text around it. */
static void format_json_text(const kin_value *value, struct text *out)
{
    size_t wrong;
    if (json_is_valid(value->as.text.data, value->as.text.size, &wrong))
        text_append(out, value->as.text.data, value->as.text.size);
    else
        text_add_json_string(out, value->as.text.data, value->as.text.size);
}

static void format_json_plain(const kin_value *value, struct text *out)
{
    char room[CALENDAR_TEXT];
    if (format_plain(value, true, room)[0] != '\0')
        text_format(out, "\"%s\"", room);
    else
        text_add(out, "null");
}

void value_add_json(const kin_value *value, struct text *out)
{
    char room[CALENDAR_TEXT];
    switch ((kin_value_type)value->type) {
    case KIN_VALUE_BOOLEAN: text_add(out, value->as.boolean ? "true" : "false"); return;
    case KIN_VALUE_INTEGER: text_add_integer(out, value->as.integer); return;
    case KIN_VALUE_REAL: text_add(out, isfinite(value->as.real) ? format_plain(value, true, room) : "null"); return;
    /* A decimal is a string too: a reader that makes doubles of numbers would change it. */
    case KIN_VALUE_DECIMAL:
    case KIN_VALUE_TEXT: text_add_json_string(out, value->as.text.data, value->as.text.size); return;
    case KIN_VALUE_JSON: format_json_text(value, out); return;
    case KIN_VALUE_BLOB: format_base64(&value->as.blob, out); return;
    case KIN_VALUE_DATE:
    case KIN_VALUE_DATEONLY:
    case KIN_VALUE_TIME:
    case KIN_VALUE_UUID: format_json_plain(value, out); return;
    case KIN_VALUE_KEY:
        text_add_character(out, '[');
        format_parts(value, out, value_add_json);
        text_add_character(out, ']');
        return;
    case KIN_VALUE_UNSET:
    case KIN_VALUE_NULL:
    case KIN_VALUE_INVALID:
    case KIN_VALUE_LAST: break;
    }
    text_add(out, "null");
}
