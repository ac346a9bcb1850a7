/* The one allocator of the library.
 *
 * There is one for the whole process, set before anything else, so it needs no lock. A reallocate of the caller's
 * never sees a size of 0 that is not meant as a free. */
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static void *memory_default(void *context, void *pointer, size_t size)
{
    (void)context;
    if (size == 0) {
        free(pointer);
        return NULL;
    }
    return realloc(pointer, size);
}

static kin_allocator memory_allocator = { memory_default, NULL };

void kin_set_allocator(const kin_allocator *allocator)
{
    if (allocator == NULL || allocator->reallocate == NULL)
        memory_allocator = (kin_allocator){ memory_default, NULL };
    else
        memory_allocator = *allocator;
}

void *memory_allocate(size_t size)
{
    return memory_allocator.reallocate(memory_allocator.context, NULL, size != 0 ? size : 1);
}

void *memory_allocate_cleared(size_t size)
{
    void *pointer = memory_allocate(size);
    if (pointer != NULL)
        memset(pointer, 0, size);
    return pointer;
}

void *memory_resize(void *pointer, size_t size)
{
    return memory_allocator.reallocate(memory_allocator.context, pointer, size);
}

void memory_free(void *pointer)
{
    if (pointer != NULL)
        memory_allocator.reallocate(memory_allocator.context, pointer, 0);
}

char *memory_copy_text(const char *text)
{
    if (text == NULL)
        return NULL;
    size_t size = strlen(text) + 1;
    char *copy = memory_allocate(size);
    if (copy != NULL)
        memcpy(copy, text, size);
    return copy;
}

bool memory_reserve(void **at, size_t *capacity, size_t need, size_t element)
{
    if (need <= *capacity)
        return true;
    size_t grown = *capacity < 4 ? 8 : *capacity <= SIZE_MAX / 2 ? *capacity * 2 : need;
    if (grown < need)
        grown = need;
    if (element != 0 && grown > SIZE_MAX / element)
        return false;
    /* As bytes: behind the cast is a pointer of another type, which may not be read as a void *. */
    void *pointer;
    memcpy(&pointer, at, sizeof pointer);
    pointer = memory_resize(pointer, element != 0 ? grown * element : 1);
    if (pointer == NULL)
        return false;
    memcpy(at, &pointer, sizeof pointer);
    *capacity = grown;
    return true;
}
