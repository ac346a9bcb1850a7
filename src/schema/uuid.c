/* UUIDs and their 36 characters, RFC 9562: lower-case when written, any case when read. */
#include "schema/value.h"

#include <string.h>

enum { UUID_CHARACTERS = 36 };

static bool uuid_hyphen_at(size_t at)
{
    return at == 8 || at == 13 || at == 18 || at == 23;
}

static int uuid_digit(char character)
{
    if (character >= '0' && character <= '9')
        return character - '0';
    if (character >= 'a' && character <= 'f')
        return character - 'a' + 10;
    if (character >= 'A' && character <= 'F')
        return character - 'A' + 10;
    return -1;
}

void kin_uuid_format(kin_uuid uuid, char *out)
{
    static const char digits[] = "0123456789abcdef";
    size_t at = 0;
    for (size_t i = 0; i < sizeof uuid.bytes; i++) {
        if (uuid_hyphen_at(at))
            out[at++] = '-';
        out[at++] = digits[uuid.bytes[i] >> 4];
        out[at++] = digits[uuid.bytes[i] & 15];
    }
    out[at] = '\0';
}

bool value_parse_uuid(const char *text, size_t size, kin_uuid *out)
{
    if (size != UUID_CHARACTERS)
        return false;
    kin_uuid uuid;
    size_t byte = 0;
    for (size_t at = 0; at < UUID_CHARACTERS;) {
        if (uuid_hyphen_at(at)) {
            if (text[at++] != '-')
                return false;
            continue;
        }
        int high = uuid_digit(text[at]), low = uuid_digit(text[at + 1]);
        if (high < 0 || low < 0)
            return false;
        uuid.bytes[byte++] = (uint8_t)(high << 4 | low);
        at += 2;
    }
    *out = uuid;
    return true;
}

bool kin_uuid_parse(const char *text, kin_uuid *out)
{
    return text != NULL && value_parse_uuid(text, strnlen(text, UUID_CHARACTERS + 1), out);
}
