/* Inflection: the plural and the singular of an English name.
 *
 * A name may be a compound (UserRole, user_role, user-role, "user role"); only its last part is inflected, and
 * the bytes before it are copied as they are. The rules know American English as programs use it; where they
 * fall short a schema brings words of its own. */
#ifndef KIN_SCHEMA_INFLECT_H
#define KIN_SCHEMA_INFLECT_H

#include <stddef.h>

/* A word a schema adds; it wins over the built-in rules. Equal forms make it uncountable. It matches the last
 * part of a name, or its last few parts, whatever the letters' case; the longest match wins, then the first in
 * the list. The strings are borrowed and must outlive the list. */
struct inflect_word {
    const char          *singular, *plural;
    struct inflect_word *next;
};

/* Write the plural (the singular) of `word` into `out`, which has room for `capacity` bytes including the NUL.
 * The result is the length the whole text needs, without the NUL, as with snprintf: a result >= capacity means that
 * `out` holds only the beginning (with its NUL, if capacity > 0) and that more room is wanted. `out` may be NULL
 * if capacity is 0, and must not overlap `word`. `extra` may be NULL. Nothing is allocated.
 *
 *   - A name that is in the wanted number already comes back as it was; so does an uncountable one, and an
 *     empty one, and one that ends in a separator.
 *   - A part of up to four capitals that is no known word is an abbreviation, and one that ends in a digit is
 *     treated alike: API -> APIs, Status2 -> Status2s. Longer ones, and those of a name all in capitals, are
 *     words written large: PERSON -> PEOPLE, USER_ROLE -> USER_ROLES.
 *   - Bytes >= 0x80 are letters of no known kind; they are never changed. */
size_t inflect_plural(const struct inflect_word *extra, const char *word, char *out, size_t capacity);
size_t inflect_singular(const struct inflect_word *extra, const char *word, char *out, size_t capacity);

#endif
