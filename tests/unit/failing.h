/*
 * An allocator that fails at will, for tests of what happens without memory:
 *
 *     for (size_t n = 0; failing_round(n); n++)
 *         failing_done(operation());
 *
 * runs operation() with its n-th allocation failing, for every n until one run met no failure, and
 * checks that each failed run says so, that the last one succeeds, and that nothing is left allocated.
 */
#ifndef FAILING_H
#define FAILING_H

#include "test.h"

#include <kin.h>

struct failing {
    size_t countdown; /* allocations until the one that fails; SIZE_MAX: none does */
    size_t live;      /* allocations that were not freed */
    bool failed, ended;
};

static struct failing failing_state;

static inline void *failing_reallocate(void *context, void *pointer, size_t size)
{
    struct failing *failing = context;
    if (size == 0) {
        failing->live -= pointer != NULL;
        free(pointer);
        return NULL;
    }
    if (failing->countdown != SIZE_MAX && failing->countdown-- == 0) {
        failing->countdown = SIZE_MAX;
        failing->failed = true;
        return NULL;
    }
    void *result = realloc(pointer, size);
    failing->live += pointer == NULL && result != NULL;
    return result;
}

/* From here on allocations are counted, and the n-th (from 0) fails; SIZE_MAX: none. */
static inline void failing_start(size_t n)
{
    failing_state = (struct failing){ .countdown = n };
    kin_set_allocator(&(kin_allocator){ failing_reallocate, &failing_state });
}

/* The usual allocator again; everything must have been freed. */
static inline void failing_stop(void)
{
    kin_set_allocator(NULL);
    assert_int_equal(failing_state.live, 0);
}

static inline bool failing_round(size_t n)
{
    if (n > 0 && failing_state.ended)
        return false;
    assert_true(n < 100000);
    failing_start(n);
    return true;
}

static inline void failing_done(bool succeeded)
{
    failing_stop();
    assert_int_equal(succeeded, !failing_state.failed);
    failing_state.ended = succeeded;
}

#endif
