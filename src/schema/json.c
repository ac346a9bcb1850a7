/* The JSON check: one pass, without recursion and without memory. One bit a level says whether it is an object or a list. */
#include "schema/json.h"

#include "base/text.h"

struct json_reader {
    const char *text;
    size_t size, at;
    unsigned depth;
    uint8_t objects[JSON_DEPTH / 8];
};

static bool json_next_is(const struct json_reader *reader, char character)
{
    return reader->at < reader->size && reader->text[reader->at] == character;
}

static bool json_take(struct json_reader *reader, char character)
{
    if (!json_next_is(reader, character))
        return false;
    reader->at++;
    return true;
}

static void json_skip_space(struct json_reader *reader)
{
    while (json_next_is(reader, ' ') || json_next_is(reader, '\n') || json_next_is(reader, '\t') || json_next_is(reader, '\r'))
        reader->at++;
}

static bool json_read_word(struct json_reader *reader, const char *word)
{
    for (; *word != '\0'; word++)
        if (!json_take(reader, *word))
            return false;
    return true;
}

/* At least one. */
static bool json_read_digits(struct json_reader *reader)
{
    size_t start = reader->at;
    while (reader->at < reader->size && reader->text[reader->at] >= '0' && reader->text[reader->at] <= '9')
        reader->at++;
    return reader->at > start;
}

static bool json_read_number(struct json_reader *reader)
{
    json_take(reader, '-');
    if (!json_take(reader, '0') && !json_read_digits(reader))
        return false;
    if (json_take(reader, '.') && !json_read_digits(reader))
        return false;
    if (!json_take(reader, 'e') && !json_take(reader, 'E'))
        return true;
    if (!json_take(reader, '+'))
        json_take(reader, '-');
    return json_read_digits(reader);
}

static bool json_read_escape(struct json_reader *reader)
{
    if (reader->at == reader->size)
        return false;
    if (!json_take(reader, 'u')) {
        bool known = reader->text[reader->at] != '\0' && strchr("\"\\/bfnrt", reader->text[reader->at]) != NULL;
        reader->at += known;
        return known;
    }
    for (int i = 0; i < 4; i++, reader->at++) {
        if (reader->at == reader->size)
            return false;
        char digit = reader->text[reader->at];
        if (!((digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f') || (digit >= 'A' && digit <= 'F')))
            return false;
    }
    return true;
}

static bool json_read_string(struct json_reader *reader)
{
    if (!json_take(reader, '"'))
        return false;
    while (!json_take(reader, '"')) {
        if (json_take(reader, '\\')) {
            if (!json_read_escape(reader))
                return false;
            continue;
        }
        size_t length = text_character(reader->text + reader->at, reader->size - reader->at);
        if (length == 0 || (unsigned char)reader->text[reader->at] < 0x20)
            return false;
        reader->at += length;
    }
    return true;
}

static bool json_read_scalar(struct json_reader *reader)
{
    if (reader->at == reader->size)
        return false;
    switch (reader->text[reader->at]) {
    case '"': return json_read_string(reader);
    case 't': return json_read_word(reader, "true");
    case 'f': return json_read_word(reader, "false");
    case 'n': return json_read_word(reader, "null");
    default: return json_read_number(reader);
    }
}

static bool json_in_object(const struct json_reader *reader)
{
    unsigned level = reader->depth - 1;
    return (reader->objects[level / 8] >> level % 8 & 1) != 0;
}

static bool json_read_name(struct json_reader *reader)
{
    json_skip_space(reader);
    if (!json_read_string(reader))
        return false;
    json_skip_space(reader);
    return json_take(reader, ':');
}

/* Into a list or an object. *empty: it is left again already. */
static bool json_enter(struct json_reader *reader, bool object, bool *empty)
{
    if (reader->depth == JSON_DEPTH)
        return false;
    uint8_t bit = (uint8_t)(1u << reader->depth % 8);
    uint8_t *bits = &reader->objects[reader->depth / 8];
    *bits = (uint8_t)(object ? *bits | bit : *bits & ~bit);
    reader->depth++;
    reader->at++;
    json_skip_space(reader);
    *empty = json_take(reader, object ? '}' : ']');
    if (!*empty)
        return !object || json_read_name(reader);
    reader->depth--;
    return true;
}

/* What may follow a value: ends of lists and objects, then a comma and what leads to the next value, or the text's end. */
static bool json_leave(struct json_reader *reader, bool *ended)
{
    for (;;) {
        json_skip_space(reader);
        *ended = reader->depth == 0;
        if (*ended)
            return reader->at == reader->size;
        bool object = json_in_object(reader);
        if (json_take(reader, ','))
            return !object || json_read_name(reader);
        if (!json_take(reader, object ? '}' : ']'))
            return false;
        reader->depth--;
    }
}

static bool json_read(struct json_reader *reader)
{
    for (bool ended = false; !ended;) {
        json_skip_space(reader);
        bool object = json_next_is(reader, '{'), whole = true;
        if (object || json_next_is(reader, '[')) {
            if (!json_enter(reader, object, &whole))
                return false;
        } else if (!json_read_scalar(reader)) {
            return false;
        }
        if (whole && !json_leave(reader, &ended))
            return false;
    }
    return true;
}

bool json_is_valid(const char *text, size_t size, size_t *wrong)
{
    struct json_reader reader = { .text = text, .size = size };
    bool valid = json_read(&reader);
    *wrong = reader.at;
    return valid;
}
