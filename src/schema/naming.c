/* The naming strategy. Only letters of ASCII have a case here, whatever the locale: a name must give the same table
 * everywhere. A name is short, so each function writes once into as much room as the longest result could need. */
#include "schema/naming.h"

#include <string.h>

static char naming_raise(char character)
{
    return character >= 'a' && character <= 'z' ? (char)(character - 'a' + 'A') : character;
}

static bool naming_is_separator(char character)
{
    return character == '-' || character == '_' || character == ' ' || (character >= '\t' && character <= '\r');
}

typedef size_t naming_inflection(const struct inflect_word *words, const char *word, char *out, size_t capacity);

static const char *naming_inflect(struct arena *arena, const struct inflect_word *words, const char *word,
                                  naming_inflection *inflection)
{
    size_t length = inflection(words, word, NULL, 0);
    char *out = arena_allocate(arena, length + 1);
    if (out != NULL)
        inflection(words, word, out, length + 1);
    return out;
}

const char *naming_plural(struct arena *arena, const struct inflect_word *words, const char *word)
{
    return naming_inflect(arena, words, word, inflect_plural);
}

const char *naming_singular(struct arena *arena, const struct inflect_word *words, const char *word)
{
    return naming_inflect(arena, words, word, inflect_singular);
}

const char *naming_camelize(struct arena *arena, const char *word)
{
    char *out = arena_allocate(arena, strlen(word) + 1);
    if (out == NULL)
        return NULL;
    char *at = out;
    for (bool raise = false; *word != '\0'; word++) {
        if (naming_is_separator(*word)) {
            raise = true;
            continue;
        }
        *at++ = raise ? naming_raise(*word) : *word;
        raise = false;
    }
    *at = '\0';
    return out;
}

const char *naming_underscore(struct arena *arena, const char *word)
{
    char *out = arena_allocate(arena, 2 * strlen(word) + 1);
    if (out == NULL)
        return NULL;
    char *at = out;
    for (; *word != '\0'; word++) {
        bool capital = *word >= 'A' && *word <= 'Z';
        if (capital)
            *at++ = '_';
        *at++ = capital ? (char)(*word - 'A' + 'a') : *word;
    }
    *at = '\0';
    return out[0] == '_' ? out + 1 : out;
}

const char *naming_capitalize(struct arena *arena, const char *word)
{
    char *out = arena_copy_string(arena, word);
    if (out != NULL)
        out[0] = naming_raise(out[0]);
    return out;
}

/* first, between and second in one text. */
static char *naming_join(struct arena *arena, const char *first, const char *between, const char *second)
{
    size_t size = strlen(first), gap = strlen(between), rest = strlen(second) + 1;
    char *out = arena_allocate(arena, size + gap + rest);
    if (out == NULL)
        return NULL;
    memcpy(out, first, size);
    memcpy(out + size, between, gap);
    memcpy(out + size + gap, second, rest);
    return out;
}

/* Each name is underscored by itself, so that a capital at the key's beginning does not give a second '_'. */
static const char *naming_key_underscored(struct arena *arena, const char *name, const char *key)
{
    const char *first = naming_underscore(arena, name), *second = naming_underscore(arena, key);
    return first != NULL && second != NULL ? naming_join(arena, first, "_", second) : NULL;
}

const char *naming_key(struct arena *arena, const char *name, const char *key, bool underscored)
{
    if (underscored)
        return naming_key_underscored(arena, name, key);
    const char *joined = naming_join(arena, name, "_", key);
    return joined != NULL ? naming_camelize(arena, joined) : NULL;
}

const char *naming_accessor(struct arena *arena, kin_verb verb, const char *name)
{
    static const char *const verbs[] = {
        [KIN_VERB_GET] = "get", [KIN_VERB_SET] = "set",     [KIN_VERB_ADD] = "add",       [KIN_VERB_REMOVE] = "remove",
        [KIN_VERB_HAS] = "has", [KIN_VERB_COUNT] = "count", [KIN_VERB_CREATE] = "create",
    };
    char *out = naming_join(arena, verbs[verb], "", name);
    if (out != NULL)
        out[strlen(verbs[verb])] = naming_raise(out[strlen(verbs[verb])]);
    return out;
}
