/* From a key's value to the rows that have it: whole numbers by direct index where they lie close together, by hash else. */
#ifndef KIN_ORM_KEY_INDEX_H
#define KIN_ORM_KEY_INDEX_H

#include <kin.h>

#include "base/arena.h"

struct key_index {
    const kin_value *keys; /* one a row; unset where a row has none */
    size_t *next;          /* the next row with the same key, SIZE_MAX at the end */
    size_t *buckets;       /* the first row + 1 of a key, 0: none */
    size_t bucket_count;
    bool integers;         /* every key is one whole number … */
    bool dense;            /* … and they lie so close that min to max is a good condition */
    int64_t min, max;
    kin_value *distinct;   /* each key once */
    size_t distinct_count;
    int64_t last_integer;  /* the last look-up: children of one parent come in a row */
    size_t last_found;
};

/* Chains keep the order of the rows. False: out of memory. keys must outlive the index. */
bool key_index_build(struct key_index *index, struct arena *arena, const kin_value *keys, size_t count);
/* The first row with that key (next leads on), SIZE_MAX when there is none. */
size_t key_index_find(struct key_index *index, const kin_value *key);

#endif
