/* All memory of kin comes through here, so that a caller's allocator serves everything and tests can make each
 * allocation fail. */
#ifndef KIN_BASE_MEMORY_H
#define KIN_BASE_MEMORY_H

#include <kin.h>

/* size bytes, not cleared; NULL when there are none to be had. A size of 0 gives a pointer that may be freed. */
void *memory_allocate(size_t size);
/* The same, cleared. */
void *memory_allocate_cleared(size_t size);
/* As realloc, size never 0: on failure NULL, and pointer stays valid. */
void *memory_resize(void *pointer, size_t size);
/* NULL is allowed. */
void memory_free(void *pointer);
/* A copy of a NUL-terminated text; NULL when out of memory or when text is NULL. */
char *memory_copy_text(const char *text);

/* Grows *at, a pointer to elements of `element` bytes whose address is cast, so that it holds `need`; *capacity is kept up. False: out of
 * memory, nothing changed. */
bool memory_reserve(void **at, size_t *capacity, size_t need, size_t element);

#endif
