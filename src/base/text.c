/* Growing text.
 *
 * After a failure capacity is cut to length: every append, which looks at the room first, then comes to text_grow
 * and is refused there. A text that has any data has room for the NUL behind it. */
#include "base/text.h"

#include "base/memory.h"

#include <stdarg.h>
#include <stdio.h>

static bool text_fail(struct text *text)
{
    text->failed = true;
    text->capacity = text->length;
    return false;
}

bool text_grow(struct text *text, size_t more)
{
    if (text->failed)
        return false;
    if (more >= SIZE_MAX / 2 - text->length)
        return text_fail(text);
    size_t need = text->length + more + 1;
    size_t capacity = text->capacity < 32 ? 64 : text->capacity * 2;
    if (capacity < need)
        capacity = need;
    char *data = memory_resize(text->data, capacity);
    if (data == NULL)
        return text_fail(text);
    text->data = data;
    text->capacity = capacity;
    return true;
}

void text_add_integer(struct text *text, int64_t value)
{
    char digits[24];
    char *at = digits + sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (value < 0)
        *--at = '-';
    text_append(text, at, (size_t)(digits + sizeof digits - at));
}

void text_format(struct text *text, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    char small[128];
    int size = vsnprintf(small, sizeof small, format, arguments);
    if (size < 0)
        text_fail(text);
    else if ((size_t)size < sizeof small)
        text_append(text, small, (size_t)size);
    else if (text->capacity - text->length > (size_t)size || text_grow(text, (size_t)size)) {
        vsnprintf(text->data + text->length, (size_t)size + 1, format, again);
        text->length += (size_t)size;
    }
    va_end(again);
    va_end(arguments);
}

/* What JSON has a short escape for, or 0. */
static char text_json_escape(char character)
{
    switch (character) {
    case '"': return '"';
    case '\\': return '\\';
    case '\b': return 'b';
    case '\f': return 'f';
    case '\n': return 'n';
    case '\r': return 'r';
    case '\t': return 't';
    default: return 0;
    }
}

/* A character that cannot stand in a JSON string as it is; bytes that are no UTF-8 become U+FFFD. */
static void text_add_json_escaped(struct text *text, char character)
{
    char escape = text_json_escape(character);
    if (escape != 0)
        text_append(text, (const char[]){ '\\', escape }, 2);
    else if ((unsigned char)character < 0x20)
        text_format(text, "\\u%04x", (unsigned)(unsigned char)character);
    else
        text_add(text, "\\ufffd");
}

void text_add_json_string(struct text *text, const char *data, size_t size)
{
    text_add_character(text, '"');
    size_t start = 0, at = 0;
    while (at < size) {
        size_t length = text_character(data + at, size - at);
        if (length > 1 || (length == 1 && (unsigned char)data[at] >= 0x20 && data[at] != '"' && data[at] != '\\')) {
            at += length;
            continue;
        }
        if (at > start)
            text_append(text, data + start, at - start);
        text_add_json_escaped(text, data[at]);
        start = ++at;
    }
    if (at > start)
        text_append(text, data + start, at - start);
    text_add_character(text, '"');
}

void text_truncate(struct text *text, size_t length)
{
    if (text->failed || length >= text->length)
        return;
    text->length = length;
    text->data[length] = '\0';
}

void text_clear(struct text *text)
{
    if (text->failed) /* its capacity is forgotten */
        text_free(text);
    text->length = 0;
    if (text->data != NULL)
        text->data[0] = '\0';
}

void text_free(struct text *text)
{
    memory_free(text->data);
    *text = (struct text){ 0 };
}

static bool text_continues(const char *data, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (((unsigned char)data[i] & 0xC0) != 0x80)
            return false;
    return true;
}

size_t text_character(const char *data, size_t size)
{
    if (size == 0)
        return 0;
    unsigned first = (unsigned char)data[0];
    if (first < 0x80)
        return 1;
    size_t length = first >= 0xC2 && first <= 0xDF ? 2 : (first & 0xF0) == 0xE0 ? 3 : first >= 0xF0 && first <= 0xF4 ? 4 : 0;
    if (length == 0 || size < length || !text_continues(data + 1, length - 1))
        return 0;
    unsigned second = (unsigned char)data[1];
    /* Too long for what it says, a surrogate, or beyond U+10FFFF. */
    if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) || (first == 0xF0 && second < 0x90) ||
        (first == 0xF4 && second > 0x8F))
        return 0;
    return length;
}

/* Eight bytes at a time, the last ones with some of what was seen already. */
static bool text_is_ascii(const char *data, size_t size)
{
    uint64_t seen = 0, eight;
    uint32_t four[2] = { 0, 0 };
    if (size >= sizeof eight) {
        for (size_t at = 0; size - at > sizeof eight; at += sizeof eight) {
            memcpy(&eight, data + at, sizeof eight);
            seen |= eight;
        }
        memcpy(&eight, data + size - sizeof eight, sizeof eight);
        seen |= eight;
    } else if (size >= sizeof four[0]) {
        memcpy(&four[0], data, sizeof four[0]);
        memcpy(&four[1], data + size - sizeof four[1], sizeof four[1]);
        seen = four[0] | four[1];
    } else {
        for (size_t at = 0; at < size; at++)
            seen |= (unsigned char)data[at];
    }
    return (seen & UINT64_C(0x8080808080808080)) == 0;
}

bool text_is_utf8(const char *data, size_t size)
{
    if (text_is_ascii(data, size))
        return true;
    size_t at = 0;
    while (at < size) {
        uint64_t eight;
        while (size - at >= sizeof eight) {
            memcpy(&eight, data + at, sizeof eight);
            if ((eight & UINT64_C(0x8080808080808080)) != 0)
                break;
            at += sizeof eight;
        }
        /* Out of the run of ASCII, go by characters as long as none of them is ASCII. */
        while (at < size) {
            size_t length = text_character(data + at, size - at);
            if (length == 0)
                return false;
            at += length;
            if (length == 1 && size - at >= sizeof eight)
                break;
        }
    }
    return true;
}
