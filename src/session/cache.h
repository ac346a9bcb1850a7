/* The prepared statements of one connection, found by the shape key that sql_write makes. The least recently used go first. */
#ifndef KIN_SESSION_CACHE_H
#define KIN_SESSION_CACHE_H

#include <kin.h>

#include "base/map.h"
#include "driver/driver.h"

enum { CACHE_STATEMENTS = 256 };

struct prepared {
    struct driver_statement *handle;
    const char *sql;
    const void *key; /* as sql, behind the struct */
    size_t key_size;
    struct prepared *newer, *older;
    bool cached;
    bool used; /* somebody reads or runs it: it stays */
};

/* Zeroed but for driver: an empty cache. */
struct cache {
    const struct driver *driver;
    struct map by_key;
    struct prepared *newest, *oldest;
};

/* The statement with that key, now used; NULL when there is none or when it is in use already. */
struct prepared *cache_find(struct cache *cache, const void *key, size_t size);
/* Whether cache_find would give one. */
bool cache_has(const struct cache *cache, const void *key, size_t size);
/* Takes over a statement just prepared, now used. One that cannot be kept (its key is in the cache, everything there is in use, or there is
 * no memory to index it) lives until it is released. NULL: out of memory, and the statement is finalized. */
struct prepared *cache_add(struct cache *cache, struct driver_statement *handle, const void *key, size_t size, const char *sql, size_t length);
/* Ends its use. */
void cache_release(struct cache *cache, struct prepared *prepared);
/* Ends its use and forgets it: it is not known to be good any more. */
void cache_drop(struct cache *cache, struct prepared *prepared);
/* Finalizes everything, which must not be in use. */
void cache_free(struct cache *cache);

#endif
