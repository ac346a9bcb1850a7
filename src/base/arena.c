/* Chunks of memory, newest first.
 *
 * Always: next and end lie in the newest chunk, or are both NULL where there is none. A chunk of a piece that is larger
 * than a chunk goes behind the newest, so that the free part of that one is not lost. */
#include "base/arena.h"

#include "base/memory.h"

#include <string.h>

enum { ARENA_FIRST_CHUNK = 4 * 1024, ARENA_LAST_CHUNK = 256 * 1024, ARENA_KEPT = 1024 * 1024 /* at most, by arena_reset */ };

struct arena_chunk {
    struct arena_chunk *older;
    size_t size; /* of the bytes behind this header */
};

_Static_assert(sizeof(struct arena_chunk) % 8 == 0, "what follows a chunk's header is aligned to 8 bytes");

static char *arena_bytes(struct arena_chunk *chunk)
{
    return (char *)(chunk + 1);
}

static struct arena_chunk *arena_new_chunk(size_t size)
{
    if (size > SIZE_MAX - sizeof(struct arena_chunk))
        return NULL;
    struct arena_chunk *chunk = memory_allocate(sizeof *chunk + size);
    if (chunk != NULL)
        chunk->size = size;
    return chunk;
}

static void arena_use_chunk(struct arena *arena, struct arena_chunk *chunk)
{
    arena->next = arena_bytes(chunk);
    arena->end = arena->next + chunk->size;
}

/* The size of the next chunk, its header left out; the one after it will be twice as large. */
static size_t arena_next_size(struct arena *arena)
{
    size_t size = arena->chunk_size != 0 ? arena->chunk_size : ARENA_FIRST_CHUNK;
    if (size < 2 * sizeof(struct arena_chunk))
        size = 2 * sizeof(struct arena_chunk);
    arena->chunk_size = size < ARENA_LAST_CHUNK / 2 ? size * 2 : size < ARENA_LAST_CHUNK ? ARENA_LAST_CHUNK : size;
    return (size - sizeof(struct arena_chunk)) & ~(size_t)7;
}

static void *arena_allocate_alone(struct arena *arena, size_t size)
{
    struct arena_chunk *chunk = arena_new_chunk(size);
    if (chunk == NULL)
        return NULL;
    if (arena->chunks == NULL) {
        chunk->older = NULL;
        arena->chunks = chunk;
        arena->next = arena->end = arena_bytes(chunk) + size;
    } else {
        chunk->older = arena->chunks->older;
        arena->chunks->older = chunk;
    }
    return arena_bytes(chunk);
}

void *arena_allocate_slow(struct arena *arena, size_t size)
{
    if (size > SIZE_MAX - 7)
        return NULL;
    size_t rounded = size == 0 ? 8 : (size + 7) & ~(size_t)7;
    if (rounded > (size_t)(arena->end - arena->next)) {
        size_t usual = arena_next_size(arena);
        if (rounded > usual)
            return arena_allocate_alone(arena, rounded);
        struct arena_chunk *chunk = arena_new_chunk(usual);
        if (chunk == NULL)
            return NULL;
        chunk->older = arena->chunks;
        arena->chunks = chunk;
        arena_use_chunk(arena, chunk);
    }
    void *piece = arena->next;
    arena->next += rounded;
    return piece;
}

void arena_free(struct arena *arena)
{
    struct arena_chunk *chunk = arena->chunks;
    while (chunk != NULL) {
        struct arena_chunk *older = chunk->older;
        memory_free(chunk);
        chunk = older;
    }
    *arena = (struct arena){ 0 };
}

void arena_reset(struct arena *arena)
{
    struct arena_chunk *kept = NULL;
    for (struct arena_chunk *chunk = arena->chunks; chunk != NULL; chunk = chunk->older)
        if (chunk->size <= ARENA_KEPT && (kept == NULL || chunk->size > kept->size))
            kept = chunk;
    if (kept == NULL) {
        arena_free(arena);
        return;
    }
    struct arena_chunk *chunk = arena->chunks;
    while (chunk != NULL) {
        struct arena_chunk *older = chunk->older;
        if (chunk != kept)
            memory_free(chunk);
        chunk = older;
    }
    kept->older = NULL;
    arena->chunks = kept;
    arena_use_chunk(arena, kept);
}

void *arena_allocate_cleared(struct arena *arena, size_t size)
{
    void *piece = arena_allocate(arena, size);
    if (piece != NULL)
        memset(piece, 0, size);
    return piece;
}

char *arena_copy_text(struct arena *arena, const char *text, size_t size)
{
    char *copy = size < SIZE_MAX ? arena_allocate(arena, size + 1) : NULL;
    if (copy == NULL)
        return NULL;
    if (size != 0)
        memcpy(copy, text, size);
    copy[size] = '\0';
    return copy;
}

char *arena_copy_string(struct arena *arena, const char *text)
{
    return text != NULL ? arena_copy_text(arena, text, strlen(text)) : NULL;
}

void *arena_copy(struct arena *arena, const void *data, size_t size)
{
    void *copy = arena_allocate(arena, size);
    if (copy != NULL && size != 0)
        memcpy(copy, data, size);
    return copy;
}
