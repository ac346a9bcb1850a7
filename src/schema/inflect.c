/* The inflector: finds the last part of a name, then what to put in the place of its tail.
 *
 * It owns the order in which its sources are asked: the schema's own words, uncountables, irregulars, abbreviations,
 * endings. A change never touches the bytes before the tail it replaces. */
#include "schema/inflect.h"

#include "schema/inflect_words.h"

#include <stdbool.h>
#include <string.h>

/* In which case the new tail is written. */
enum inflect_case { INFLECT_AS_GIVEN, INFLECT_LOWER, INFLECT_UPPER, INFLECT_CAPITAL };

/* What becomes of a name: its first `kept` bytes, then `tail`. */
struct inflect_change {
    size_t            kept;
    const char       *tail;
    enum inflect_case letters;
};

/* The last part of a name, and whether the name is one of words written large (USER_ROLE). */
struct inflect_part {
    const char *text;
    size_t      start, length;
    bool        large_name;
};

/* Letters are those of ASCII whatever the locale: a name must give the same table everywhere. */
static bool inflect_is_upper(char c) { return c >= 'A' && c <= 'Z'; }
static bool inflect_is_lower(char c) { return c >= 'a' && c <= 'z'; }
static bool inflect_is_digit(char c) { return c >= '0' && c <= '9'; }
static char inflect_to_lower(char c) { return inflect_is_upper(c) ? (char)(c - 'A' + 'a') : c; }
static char inflect_to_upper(char c) { return inflect_is_lower(c) ? (char)(c - 'a' + 'A') : c; }

static bool inflect_is_separator(char c)
{
    return (unsigned char)c < 0x80 && !inflect_is_upper(c) && !inflect_is_lower(c) && !inflect_is_digit(c);
}

static bool inflect_is_consonant(char c)
{
    c = inflect_to_lower(c);
    return inflect_is_lower(c) && strchr("aeiou", c) == NULL;
}

/* Does a part of the NUL-terminated word begin at i? The s of "APIs" and "IDs" belongs to the capitals before it. */
static bool inflect_part_begins(const char *word, size_t i)
{
    if (i == 0 || inflect_is_separator(word[i - 1]))
        return true;
    if (!inflect_is_upper(word[i]))
        return false;
    if (!inflect_is_upper(word[i - 1]))
        return true;
    return inflect_is_lower(word[i + 1]) && !(word[i + 1] == 's' && word[i + 2] == '\0');
}

static bool inflect_has_lower(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (inflect_is_lower(text[i]))
            return true;
    return false;
}

static bool inflect_has_upper(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (inflect_is_upper(text[i]))
            return true;
    return false;
}

static struct inflect_part inflect_last_part(const char *word, size_t length)
{
    size_t start = length;

    while (!inflect_part_begins(word, start))
        start--;
    return (struct inflect_part){ word + start, start, length - start,
                                  inflect_has_upper(word, start) && !inflect_has_lower(word, length) };
}

static bool inflect_same_letters(const char *a, const char *b, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (inflect_to_lower(a[i]) != inflect_to_lower(b[i]))
            return false;
    return true;
}

static bool inflect_is_word(const struct inflect_part *part, const char *word)
{
    return strlen(word) == part->length && inflect_same_letters(part->text, word, part->length);
}

static bool inflect_ends_in(const struct inflect_part *part, const char *ending, size_t length)
{
    const char *tail;

    if (length > part->length)
        return false;
    tail = part->text + (part->length - length);
    if (*ending == '~')
        return inflect_is_consonant(*tail) && inflect_same_letters(tail + 1, ending + 1, length - 1);
    return inflect_same_letters(tail, ending, length);
}

/* The letters both begin with stay as they are written; the rest of `to` takes the place of the rest of `from`. */
static struct inflect_change inflect_replace(const char *word, size_t start, size_t length, const char *to)
{
    size_t same = 0;

    while (same < length && to[same] != '\0' && inflect_to_lower(word[start + same]) == inflect_to_lower(to[same]))
        same++;
    return (struct inflect_change){ start + same, to + same, INFLECT_AS_GIVEN };
}

/* The schema's own words */

static enum inflect_case inflect_case_like(const char *text, const char *given, size_t length)
{
    if (memcmp(text, given, length) == 0)
        return INFLECT_AS_GIVEN;
    if (!inflect_has_upper(text, length))
        return INFLECT_LOWER;
    if (!inflect_has_lower(text, length))
        return INFLECT_UPPER;
    return inflect_is_upper(*text) ? INFLECT_CAPITAL : INFLECT_AS_GIVEN;
}

/* The length of `form` if the name ends in it and a part begins there, or else 0. */
static size_t inflect_match_extra(const char *word, size_t length, const char *form)
{
    size_t size = strlen(form);

    if (size > length || !inflect_same_letters(word + (length - size), form, size) ||
        !inflect_part_begins(word, length - size))
        return 0;
    return size;
}

static bool inflect_by_extra(const struct inflect_word *extra, const char *word, size_t length, bool plural,
                             struct inflect_change *change)
{
    size_t longest = 0;

    for (; extra != NULL; extra = extra->next) {
        const char *from = plural ? extra->singular : extra->plural;
        const char *to = plural ? extra->plural : extra->singular;
        size_t      size = inflect_match_extra(word, length, from);

        if (size > longest) {
            longest = size;
            *change = inflect_replace(word, length - size, size, to);
            change->letters = inflect_case_like(word + (length - size), from, size);
            if (change->letters == INFLECT_CAPITAL && change->kept > length - size)
                change->letters = INFLECT_AS_GIVEN;
        }
        size = inflect_match_extra(word, length, to);
        if (size > longest) {
            longest = size;
            *change = (struct inflect_change){ length, "", INFLECT_AS_GIVEN };
        }
    }
    return longest > 0;
}

/* The built-in ones */

static bool inflect_is_uncountable(const struct inflect_part *part)
{
    for (const char *const *word = inflect_uncountables; *word != NULL; word++)
        if (inflect_is_word(part, *word))
            return true;
    return false;
}

/* The irregular pair of a part, with *converts false if the part is in the wanted number already. */
static const struct inflect_pair *inflect_find_irregular(const struct inflect_part *part, bool plural, bool *converts)
{
    const struct inflect_pair *already = NULL;

    *converts = false;
    for (const struct inflect_pair *pair = inflect_irregulars; pair->singular != NULL; pair++) {
        *converts = inflect_is_word(part, plural ? pair->singular : pair->plural);
        if (*converts)
            return pair;
        if (already == NULL && inflect_is_word(part, plural ? pair->plural : pair->singular))
            already = pair;
    }
    return already;
}

/* The longest ending of a part; there is always one, for the empty one matches everything. *whole tells whether it is
 * the whole part, which then is a known word; shorter than three letters they are mere endings. */
static const struct inflect_pair *inflect_find_ending(const struct inflect_part *part, bool plural, bool *converts,
                                                      bool *whole)
{
    const struct inflect_pair *found = inflect_endings;
    size_t                     longest = 0;

    *converts = plural;
    for (const struct inflect_pair *pair = inflect_endings; pair->singular != NULL; pair++) {
        const char *from = plural ? pair->singular : pair->plural;
        const char *to = plural ? pair->plural : pair->singular;
        size_t      from_length = strlen(from), to_length = strlen(to);

        if (from_length > longest && inflect_ends_in(part, from, from_length)) {
            found = pair;
            longest = from_length;
            *converts = true;
        }
        if (to_length > longest && inflect_ends_in(part, to, to_length)) {
            found = pair;
            longest = to_length;
            *converts = false;
        }
    }
    *whole = longest == part->length && longest >= 3;
    return found;
}

/* API, ID, X and Status2: they take a small s, and a final S of theirs is no plural. */
static bool inflect_is_abbreviation(const struct inflect_part *part)
{
    if (inflect_is_digit(part->text[part->length - 1]))
        return true;
    return part->length <= 4 && !part->large_name && inflect_has_upper(part->text, part->length) &&
           !inflect_has_lower(part->text, part->length);
}

/* APIs, IDs, Xs and Status2s. */
static bool inflect_is_abbreviation_plural(const struct inflect_part *part)
{
    size_t stem = part->length - 1;

    if (stem == 0 || part->text[stem] != 's')
        return false;
    if (inflect_is_digit(part->text[stem - 1]))
        return true;
    return inflect_has_upper(part->text, stem) && !inflect_has_lower(part->text, stem);
}

static struct inflect_change inflect_by_abbreviation(const struct inflect_part *part, bool plural, bool is_plural)
{
    size_t end = part->start + part->length;

    if (plural)
        return (struct inflect_change){ end, is_plural ? "" : "s", INFLECT_AS_GIVEN };
    return (struct inflect_change){ is_plural ? end - 1 : end, "", INFLECT_AS_GIVEN };
}

static struct inflect_change inflect_by_pair(const char *word, const struct inflect_part *part,
                                             const struct inflect_pair *pair, bool plural)
{
    const char           *from = plural ? pair->singular : pair->plural;
    const char           *to = plural ? pair->plural : pair->singular;
    size_t                skipped = *from == '~' ? 1 : 0;
    size_t                size = strlen(from) - skipped;
    size_t                start = part->start + part->length - size;
    struct inflect_change change = inflect_replace(word, start, size, to + skipped);

    if (strcmp(change.tail, "s") == 0 && inflect_is_abbreviation(part))
        change.letters = INFLECT_LOWER; /* CPU is listed, and yet takes the small s */
    else if (!inflect_has_lower(part->text, part->length) && inflect_has_upper(part->text, part->length))
        change.letters = INFLECT_UPPER;
    else if (size > 0 && change.kept == start && inflect_is_upper(word[start]))
        change.letters = INFLECT_CAPITAL;
    return change;
}

static struct inflect_change inflect_by_rules(const char *word, size_t length, bool plural)
{
    const struct inflect_change unchanged = { length, "", INFLECT_AS_GIVEN };
    const struct inflect_part   part = inflect_last_part(word, length);
    const struct inflect_pair  *pair;
    struct inflect_change       change;
    bool                        converts, is_plural, known;

    if (part.length == 0 || inflect_is_uncountable(&part))
        return unchanged;
    pair = inflect_find_irregular(&part, plural, &converts);
    if (pair == NULL) {
        pair = inflect_find_ending(&part, plural, &converts, &known);
        is_plural = inflect_is_abbreviation_plural(&part);
        if (!known && (is_plural || inflect_is_abbreviation(&part)))
            return inflect_by_abbreviation(&part, plural, is_plural);
    }
    if (!converts)
        return unchanged;
    change = inflect_by_pair(word, &part, pair, plural);
    /* The singular of a lone "s" is not nothing. */
    return change.kept == part.start && *change.tail == '\0' ? unchanged : change;
}

/* Output */

static char inflect_in_case(char c, enum inflect_case letters, bool first)
{
    if (letters == INFLECT_LOWER)
        return inflect_to_lower(c);
    if (letters == INFLECT_UPPER || (letters == INFLECT_CAPITAL && first))
        return inflect_to_upper(c);
    return c;
}

static size_t inflect_write(const char *word, const struct inflect_change *change, char *out, size_t capacity)
{
    size_t tail = strlen(change->tail);
    size_t length = change->kept + tail;
    size_t kept, i;

    if (capacity == 0)
        return length;
    kept = change->kept < capacity - 1 ? change->kept : capacity - 1;
    memcpy(out, word, kept);
    for (i = 0; i < tail && kept + i < capacity - 1; i++)
        out[kept + i] = inflect_in_case(change->tail[i], change->letters, i == 0);
    out[kept + i] = '\0';
    return length;
}

static size_t inflect_to_number(const struct inflect_word *extra, const char *word, bool plural, char *out,
                                size_t capacity)
{
    size_t                length = strlen(word);
    struct inflect_change change;

    if (!inflect_by_extra(extra, word, length, plural, &change))
        change = inflect_by_rules(word, length, plural);
    return inflect_write(word, &change, out, capacity);
}

size_t inflect_plural(const struct inflect_word *extra, const char *word, char *out, size_t capacity)
{
    return inflect_to_number(extra, word, true, out, capacity);
}

size_t inflect_singular(const struct inflect_word *extra, const char *word, char *out, size_t capacity)
{
    return inflect_to_number(extra, word, false, out, capacity);
}
