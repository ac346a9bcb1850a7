/* What a wrong name may have meant: the part of an error message that lists the names there are.
 *
 * Works without memory, as fault.c does: a name of more than CANDIDATE_LONGEST bytes is listed, but is near to nothing. */
#include "base/fault.h"

#include <string.h>

enum { CANDIDATE_LONGEST = 64, CANDIDATES_NEAR = 3, CANDIDATES_LISTED = 12 };

/* A text in a caller's room; once something did not fit, nothing is added any more. */
struct candidate_text {
    char *out;
    size_t length, capacity;
    bool full;
};

static void candidate_add(struct candidate_text *text, const char *piece)
{
    size_t size = strlen(piece);
    if (text->full || size >= text->capacity - text->length) {
        text->full = true;
        return;
    }
    memcpy(text->out + text->length, piece, size + 1);
    text->length += size;
}

static char candidate_lower(char character)
{
    return character >= 'A' && character <= 'Z' ? (char)(character - 'A' + 'a') : character;
}

/* Letters to insert, remove, exchange or swap with their neighbour, whatever their case. */
static size_t candidate_distance(const char *one, size_t one_length, const char *other, size_t other_length)
{
    size_t rows[3][CANDIDATE_LONGEST + 1];
    size_t *earlier = rows[0], *above = rows[1], *row = rows[2];
    for (size_t j = 0; j <= other_length; j++)
        above[j] = j;
    for (size_t i = 1; i <= one_length; i++) {
        row[0] = i;
        for (size_t j = 1; j <= other_length; j++) {
            char a = candidate_lower(one[i - 1]), b = candidate_lower(other[j - 1]);
            size_t best = above[j - 1] + (a != b);
            if (above[j] + 1 < best)
                best = above[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            if (i > 1 && j > 1 && a == candidate_lower(other[j - 2]) && b == candidate_lower(one[i - 2]) &&
                earlier[j - 2] + 1 < best)
                best = earlier[j - 2] + 1;
            row[j] = best;
        }
        size_t *swap = earlier;
        earlier = above;
        above = row;
        row = swap;
    }
    return above[other_length];
}

/* The distance of two names; SIZE_MAX when they have too little in common. */
static size_t candidate_nearness(const char *wrong, const char *name)
{
    size_t wrong_length = strnlen(wrong, CANDIDATE_LONGEST + 1), length = strnlen(name, CANDIDATE_LONGEST + 1);
    if (wrong_length > CANDIDATE_LONGEST || length > CANDIDATE_LONGEST)
        return SIZE_MAX;
    size_t distance = candidate_distance(wrong, wrong_length, name, length);
    size_t allowed = (length > wrong_length ? length : wrong_length) / 3;
    return distance <= (allowed > 0 ? allowed : 1) && distance < length ? distance : SIZE_MAX;
}

/* Indexes of the nearest names, nearest first; of equally near ones, the first. Returns how many. */
static size_t candidate_nearest(const char *wrong, size_t count, const char *const *names, size_t *nearest)
{
    size_t distances[CANDIDATES_NEAR], found = 0;
    for (size_t i = 0; i < count; i++) {
        size_t distance = names[i] != NULL ? candidate_nearness(wrong, names[i]) : SIZE_MAX;
        if (distance == SIZE_MAX)
            continue;
        size_t at = found < CANDIDATES_NEAR ? found++ : CANDIDATES_NEAR;
        for (; at > 0 && distances[at - 1] > distance; at--)
            if (at < CANDIDATES_NEAR) {
                distances[at] = distances[at - 1];
                nearest[at] = nearest[at - 1];
            }
        if (at < CANDIDATES_NEAR) {
            distances[at] = distance;
            nearest[at] = i;
        }
    }
    /* A name that is right but for its case, or nearly, needs no others beside it. */
    size_t kept = 0;
    while (kept < found && distances[kept] <= distances[0] + 1)
        kept++;
    return kept;
}

static void candidate_ask(struct candidate_text *text, size_t count, const size_t *nearest, const char *const *names)
{
    for (size_t i = 0; i < count; i++) {
        char quoted[80];
        candidate_add(text, i == 0 ? "did you mean '" : i + 1 < count ? "', '" : "' or '");
        candidate_add(text, fault_quote(names[nearest[i]], quoted));
    }
    candidate_add(text, "'?");
}

static void candidate_list(struct candidate_text *text, size_t count, const char *const *names)
{
    size_t listed = 0, fits = 0;
    for (size_t i = 0; i < count && !text->full; i++) {
        char quoted[80];
        if (names[i] == NULL)
            continue;
        bool last = listed == CANDIDATES_LISTED;
        candidate_add(text, listed == 0 ? "it has: " : ", ");
        candidate_add(text, last ? "..." : fault_quote(names[i], quoted));
        if (last)
            return;
        listed++;
        /* As far as "..." could still follow. */
        if (!text->full && text->capacity - text->length > sizeof ", ...")
            fits = text->length;
    }
    if (!text->full)
        return;
    text->length = fits;
    text->out[fits] = '\0';
    text->full = false;
    if (fits != 0)
        candidate_add(text, ", ...");
}

const char *fault_candidates(const char *wrong, size_t count, const char *const *names, char *out, size_t capacity)
{
    struct candidate_text text = { .out = out, .capacity = capacity };
    if (capacity == 0)
        return "";
    out[0] = '\0';
    size_t nearest[CANDIDATES_NEAR];
    size_t near = wrong != NULL ? candidate_nearest(wrong, count, names, nearest) : 0;
    for (; near > 0; near--) {
        candidate_ask(&text, near, nearest, names);
        if (!text.full)
            return out;
        text = (struct candidate_text){ .out = out, .capacity = capacity };
        out[0] = '\0';
    }
    candidate_list(&text, count, names);
    return out;
}
