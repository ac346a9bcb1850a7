/* Prepared statements by key, in the order of their last use.
 *
 * Always: what is cached is in the map and in the list, and nothing else is; `used` statements are never finalized by
 * anyone but their user. */
#include "session/cache.h"

#include "base/memory.h"

#include <string.h>

static void cache_link(struct cache *cache, struct prepared *prepared) {
    prepared->newer = NULL;
    prepared->older = cache->newest;
    if (cache->newest)
        cache->newest->newer = prepared;
    else
        cache->oldest = prepared;
    cache->newest = prepared;
}

static void cache_unlink(struct cache *cache, struct prepared *prepared) {
    if (prepared->newer)
        prepared->newer->older = prepared->older;
    else
        cache->newest = prepared->older;
    if (prepared->older)
        prepared->older->newer = prepared->newer;
    else
        cache->oldest = prepared->newer;
}

static void cache_finalize(struct cache *cache, struct prepared *prepared) {
    cache->driver->finalize(prepared->handle);
    memory_free(prepared);
}

static void cache_remove(struct cache *cache, struct prepared *prepared) {
    map_remove(&cache->by_key, prepared->key, prepared->key_size);
    cache_unlink(cache, prepared);
    prepared->cached = false;
}

struct prepared *cache_find(struct cache *cache, const void *key, size_t size) {
    struct prepared *prepared = cache->newest;
    /* The same statement again and again is the commonest case: no hash for it. */
    if (!prepared || prepared->key_size != size || memcmp(prepared->key, key, size) != 0) {
        prepared = map_get(&cache->by_key, key, size);
        if (!prepared || prepared->used)
            return NULL;
        cache_unlink(cache, prepared);
        cache_link(cache, prepared);
    } else if (prepared->used)
        return NULL;
    prepared->used = true;
    return prepared;
}

bool cache_has(const struct cache *cache, const void *key, size_t size) {
    const struct prepared *prepared = cache->newest;
    if (!prepared || prepared->key_size != size || memcmp(prepared->key, key, size) != 0)
        prepared = map_get(&cache->by_key, key, size);
    return prepared && !prepared->used;
}

/* Makes room for one more. False: everything is in use. */
static bool cache_make_room(struct cache *cache) {
    if (cache->by_key.count < CACHE_STATEMENTS)
        return true;
    struct prepared *oldest = cache->oldest;
    while (oldest && oldest->used)
        oldest = oldest->newer;
    if (!oldest)
        return false;
    cache_remove(cache, oldest);
    cache_finalize(cache, oldest);
    return true;
}

struct prepared *cache_add(struct cache *cache, struct driver_statement *handle, const void *key, size_t size, const char *sql, size_t length) {
    struct prepared *prepared = memory_allocate(sizeof *prepared + length + 1 + size);
    if (!prepared) {
        cache->driver->finalize(handle);
        return NULL;
    }
    char *text = (char *)(prepared + 1), *copy = text + length + 1;
    memcpy(text, sql, length);
    text[length] = '\0';
    memcpy(copy, key, size);
    *prepared = (struct prepared){ .handle = handle, .sql = text, .key = copy, .key_size = size, .used = true };
    prepared->cached = !map_get(&cache->by_key, key, size) && cache_make_room(cache) && map_put(&cache->by_key, copy, size, prepared);
    if (prepared->cached)
        cache_link(cache, prepared);
    return prepared;
}

void cache_release(struct cache *cache, struct prepared *prepared) {
    prepared->used = false;
    if (!prepared->cached)
        cache_finalize(cache, prepared);
}

void cache_drop(struct cache *cache, struct prepared *prepared) {
    if (prepared->cached)
        cache_remove(cache, prepared);
    cache_finalize(cache, prepared);
}

void cache_free(struct cache *cache) {
    while (cache->newest) {
        struct prepared *prepared = cache->newest;
        cache_unlink(cache, prepared);
        cache_finalize(cache, prepared);
    }
    map_free(&cache->by_key);
}
