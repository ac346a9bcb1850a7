/* The index that merges children with their parents in one linear pass, and that tells sets of keys apart. */
#include "orm/key_index.h"

#include <string.h>

#include "schema/value.h"

enum { KEY_INDEX_DENSE = 2 }; /* at most that many numbers from min to max for each key */

static void key_index_measure(struct key_index *index, size_t count) {
    bool any = false;
    index->integers = true;
    for (size_t i = 0; i < count; i++) {
        const kin_value *key = &index->keys[i];
        if (key->type == KIN_VALUE_UNSET)
            continue;
        if (key->type != KIN_VALUE_INTEGER) {
            index->integers = false;
            return;
        }
        if (!any || key->as.integer < index->min)
            index->min = key->as.integer;
        if (!any || key->as.integer > index->max)
            index->max = key->as.integer;
        any = true;
    }
    uint64_t span = (uint64_t)index->max - (uint64_t)index->min;
    index->integers = any;
    index->dense = any && span < (uint64_t)count * KEY_INDEX_DENSE;
}

static size_t key_index_hash(const struct key_index *index, const kin_value *key) {
    uint64_t hash = index->integers ? (uint64_t)key->as.integer * 0x9E3779B97F4A7C15u >> 20 : value_hash(key);
    return (size_t)hash & (index->bucket_count - 1);
}

/* The bucket that holds the key, or the free one where it belongs. */
static size_t *key_index_bucket(const struct key_index *index, const kin_value *key) {
    if (index->dense)
        return &index->buckets[(uint64_t)key->as.integer - (uint64_t)index->min];
    for (size_t at = key_index_hash(index, key);; at = (at + 1) & (index->bucket_count - 1)) {
        size_t *bucket = &index->buckets[at];
        if (*bucket == 0)
            return bucket;
        const kin_value *there = &index->keys[*bucket - 1];
        if (index->integers ? there->as.integer == key->as.integer : value_equal(there, key))
            return bucket;
    }
}

bool key_index_build(struct key_index *index, struct arena *arena, const kin_value *keys, size_t count) {
    *index = (struct key_index){ .keys = keys, .last_found = SIZE_MAX };
    key_index_measure(index, count);
    index->bucket_count = 16;
    if (index->dense)
        index->bucket_count = (size_t)((uint64_t)index->max - (uint64_t)index->min) + 1;
    while (!index->dense && index->bucket_count < count * 2)
        index->bucket_count *= 2;
    index->next = arena_allocate(arena, (count + 1) * sizeof *index->next);
    index->distinct = arena_allocate(arena, (count + 1) * sizeof *index->distinct);
    index->buckets = arena_allocate_cleared(arena, index->bucket_count * sizeof *index->buckets);
    if (!index->next || !index->distinct || !index->buckets)
        return false;
    for (size_t i = count; i-- > 0;) { /* backwards, so that chains run forwards */
        if (keys[i].type == KIN_VALUE_UNSET)
            continue;
        size_t *bucket = key_index_bucket(index, &keys[i]);
        index->next[i] = *bucket ? *bucket - 1 : SIZE_MAX;
        *bucket = i + 1;
    }
    for (size_t i = 0; i < count; i++)
        if (keys[i].type != KIN_VALUE_UNSET && *key_index_bucket(index, &keys[i]) == i + 1)
            index->distinct[index->distinct_count++] = keys[i];
    return true;
}

size_t key_index_find(struct key_index *index, const kin_value *key) {
    if (!index->integers) {
        size_t row = key->type == KIN_VALUE_NULL || key->type == KIN_VALUE_UNSET || index->distinct_count == 0 ? 0 : *key_index_bucket(index, key);
        return row ? row - 1 : SIZE_MAX;
    }
    if (key->type != KIN_VALUE_INTEGER || key->as.integer < index->min || key->as.integer > index->max)
        return SIZE_MAX;
    if (index->last_found != SIZE_MAX && index->last_integer == key->as.integer)
        return index->last_found;
    size_t row = *key_index_bucket(index, key);
    if (row == 0)
        return SIZE_MAX;
    index->last_integer = key->as.integer;
    return index->last_found = row - 1;
}
