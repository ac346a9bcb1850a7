/* A hash map from bytes to a pointer, open addressing. Keys are borrowed: they must outlive their entry. */
#ifndef KIN_BASE_MAP_H
#define KIN_BASE_MAP_H

#include <kin.h>

struct map_entry {
    const void *key; /* NULL: free; a key of no bytes still has an address */
    size_t size;
    uint64_t hash;
    void *value;
};

struct map {
    struct map_entry *entries;
    size_t capacity, count; /* capacity is 0 or a power of two */
};

uint64_t map_hash(const void *key, size_t size);
void *map_get(const struct map *map, const void *key, size_t size);
void *map_get_hashed(const struct map *map, const void *key, size_t size, uint64_t hash);
/* Adds or replaces; value is not NULL. False: out of memory, nothing changed. */
bool map_put(struct map *map, const void *key, size_t size, void *value);
/* The value there was, or NULL. */
void *map_remove(struct map *map, const void *key, size_t size);
void *map_get_string(const struct map *map, const char *key);
bool map_put_string(struct map *map, const char *key, void *value);
void map_free(struct map *map);

#endif
