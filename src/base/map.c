/* The hash map: linear probing, at most three quarters full.
 *
 * Always: between the place an entry's hash points at and the place it is in, no entry is free. Removing keeps that up
 * by moving later entries back, so there are no tombstones and a map that is written and emptied stays fast. */
#include "base/map.h"

#include "base/memory.h"

#include <string.h>

static uint64_t map_mix(uint64_t bits)
{
    bits ^= bits >> 32;
    bits *= UINT64_C(0xD6E8FEB86659FD93);
    bits ^= bits >> 32;
    bits *= UINT64_C(0xD6E8FEB86659FD93);
    return bits ^ (bits >> 32);
}

uint64_t map_hash(const void *key, size_t size)
{
    const unsigned char *bytes = key;
    uint64_t hash = UINT64_C(0x9E3779B97F4A7C15) ^ (uint64_t)size;
    uint64_t eight = 0;
    for (; size >= sizeof eight; size -= sizeof eight, bytes += sizeof eight) {
        memcpy(&eight, bytes, sizeof eight);
        hash = map_mix(hash ^ eight) + UINT64_C(0x9E3779B97F4A7C15);
    }
    if (size != 0) {
        eight = 0;
        memcpy(&eight, bytes, size);
        hash ^= eight;
    }
    return map_mix(hash);
}

/* The entry of the key, or the free one where it would go. There is always a free one. */
static struct map_entry *map_find(const struct map *map, const void *key, size_t size, uint64_t hash)
{
    size_t mask = map->capacity - 1;
    size_t at = (size_t)hash & mask;
    for (;; at = (at + 1) & mask) {
        struct map_entry *entry = &map->entries[at];
        if (entry->key == NULL)
            return entry;
        if (entry->hash == hash && entry->size == size && (size == 0 || memcmp(entry->key, key, size) == 0))
            return entry;
    }
}

void *map_get_hashed(const struct map *map, const void *key, size_t size, uint64_t hash)
{
    return map->count != 0 ? map_find(map, key, size, hash)->value : NULL;
}

void *map_get(const struct map *map, const void *key, size_t size)
{
    return map->count != 0 ? map_find(map, key, size, map_hash(key, size))->value : NULL;
}

static bool map_grow(struct map *map)
{
    if (map->capacity > SIZE_MAX / 2 / sizeof(struct map_entry))
        return false;
    struct map grown = { .capacity = map->capacity != 0 ? map->capacity * 2 : 8, .count = map->count };
    grown.entries = memory_allocate_cleared(grown.capacity * sizeof *grown.entries);
    if (grown.entries == NULL)
        return false;
    size_t mask = grown.capacity - 1;
    for (size_t i = 0; i < map->capacity; i++) {
        if (map->entries[i].key == NULL)
            continue;
        size_t at = (size_t)map->entries[i].hash & mask;
        while (grown.entries[at].key != NULL)
            at = (at + 1) & mask;
        grown.entries[at] = map->entries[i];
    }
    memory_free(map->entries);
    *map = grown;
    return true;
}

bool map_put(struct map *map, const void *key, size_t size, void *value)
{
    uint64_t hash = map_hash(key, size);
    struct map_entry *entry = map->capacity != 0 ? map_find(map, key, size, hash) : NULL;
    if (entry == NULL || entry->key == NULL) {
        if (map->count + 1 > map->capacity - map->capacity / 4) {
            if (!map_grow(map))
                return false;
            entry = map_find(map, key, size, hash);
        }
        map->count++;
    }
    /* The new key too: the old one may go with the value it belonged to. */
    *entry = (struct map_entry){ key, size, hash, value };
    return true;
}

void *map_remove(struct map *map, const void *key, size_t size)
{
    if (map->count == 0)
        return NULL;
    struct map_entry *removed = map_find(map, key, size, map_hash(key, size));
    if (removed->key == NULL)
        return NULL;
    void *value = removed->value;
    size_t mask = map->capacity - 1;
    size_t hole = (size_t)(removed - map->entries);
    for (size_t at = (hole + 1) & mask; map->entries[at].key != NULL; at = (at + 1) & mask) {
        size_t home = (size_t)map->entries[at].hash & mask;
        if (((at - home) & mask) < ((at - hole) & mask))
            continue; /* it would come to lie before its home */
        map->entries[hole] = map->entries[at];
        hole = at;
    }
    map->entries[hole] = (struct map_entry){ 0 };
    map->count--;
    return value;
}

void *map_get_string(const struct map *map, const char *key)
{
    return map_get(map, key, strlen(key));
}

bool map_put_string(struct map *map, const char *key, void *value)
{
    return map_put(map, key, strlen(key), value);
}

void map_free(struct map *map)
{
    memory_free(map->entries);
    *map = (struct map){ 0 };
}
