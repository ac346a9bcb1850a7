/* An arena: memory that is handed out piece by piece and freed at once. Pieces are aligned to 8 bytes. */
#ifndef KIN_BASE_ARENA_H
#define KIN_BASE_ARENA_H

#include <kin.h>

struct arena_chunk;

struct arena {
    struct arena_chunk *chunks; /* newest first */
    char *next, *end;           /* the free part of the newest */
    size_t chunk_size;          /* of the next chunk; grows up to a limit. Zero: the default */
};

/* A zeroed struct is an empty arena. */
void *arena_allocate_slow(struct arena *arena, size_t size);
void arena_free(struct arena *arena);
/* Forgets everything but keeps one chunk, of 1 MiB at most, for the next round. */
void arena_reset(struct arena *arena);

/* size bytes, not cleared; NULL when out of memory. No bytes have an address too. */
static inline void *arena_allocate(struct arena *arena, size_t size) {
    size_t rounded = (size + 7) & ~(size_t)7;
    /* 0, the size or what an overflow leaves of it, becomes the largest number here and goes the slow way too. */
    if (rounded - 1 >= (size_t)(arena->end - arena->next))
        return arena_allocate_slow(arena, size);
    void *piece = arena->next;
    arena->next += rounded;
    return piece;
}

/* The same, cleared. */
void *arena_allocate_cleared(struct arena *arena, size_t size);
/* A copy with a NUL behind it. */
char *arena_copy_text(struct arena *arena, const char *text, size_t size);
/* A copy of a NUL-terminated text; NULL stays NULL, so test what was given to tell it from out of memory. */
char *arena_copy_string(struct arena *arena, const char *text);
void *arena_copy(struct arena *arena, const void *data, size_t size);

#endif
