/* The memory of a session: regions, and what depends on them.
 *
 * Always: the region at the bottom is session->base; ids grow from the bottom of the stack to its top; a region that is freed has no
 * entry in the journal any more, and nothing that was opened after it was pushed is still open. */
#include "session/region.h"

#include "base/memory.h"
#include "session/level.h"

#include <stdatomic.h>

/* Ids are the process's, so that another session's mark is not mistaken for one's own. */
static uint64_t region_next_id(void) {
    static _Atomic uint64_t last;
    return atomic_fetch_add_explicit(&last, 1, memory_order_relaxed) + 1;
}

void *session_allocate(kin_session *session, size_t size) {
    void *piece = arena_allocate(&session->region->arena, size);
    if (!piece)
        fault_no_memory(&session->fault);
    return piece;
}

void *session_scratch(kin_session *session, size_t size) {
    void *piece = arena_allocate(&session->scratch, size);
    if (!piece)
        fault_no_memory(&session->fault);
    return piece;
}

void region_start(struct region *region, kin_session *session) {
    *region = (struct region){ .id = region_next_id(), .session = session };
}

void region_reset(struct region *region) {
    journal_drop(region->session, region);
    arena_reset(&region->arena);
}

void region_end(struct region *region) {
    journal_drop(region->session, region);
    arena_free(&region->arena);
}

/* ---- dependents ---- */

void session_depend(kin_session *session, struct dependent *dependent) {
    dependent->opened_in = session->region->id;
    dependent->next = session->dependents;
    session->dependents = dependent;
}

void session_forget(kin_session *session, struct dependent *dependent) {
    for (struct dependent **at = &session->dependents; *at; at = &(*at)->next)
        if (*at == dependent) {
            *at = dependent->next;
            return;
        }
}

/* The newest come first in the list, so those of younger regions do, too. */
static void region_end_dependents(kin_session *session, uint64_t id) {
    while (session->dependents && session->dependents->opened_in >= id)
        session->dependents->end(session->dependents);
}

/* ---- marks ---- */

void region_end_all_dependents(kin_session *session) {
    region_end_dependents(session, 0);
}

void region_end_all(kin_session *session) {
    while (session->region != &session->base) {
        struct region *region = session->region;
        session->region = region->below;
        region_end(region);
        memory_free(region);
    }
    region_end(&session->base);
    if (session->spare)
        arena_free(&session->spare->arena);
    memory_free(session->spare);
    session->spare = NULL;
}

kin_mark kin_session_mark(kin_session *session) {
    if (!session)
        return (kin_mark){ 0 };
    struct region *region = session->spare ? session->spare : memory_allocate_cleared(sizeof *region);
    if (!region) {
        fault_no_memory(&session->fault);
        return (kin_mark){ 0 };
    }
    session->spare = NULL;
    region->id = region_next_id();
    region->session = session;
    region->below = session->region;
    session->region = region;
    return (kin_mark){ region->id };
}

static void region_pop(kin_session *session) {
    struct region *region = session->region;
    session->region = region->below;
    if (session->spare) {
        region_end(region);
        memory_free(region);
        return;
    }
    region_reset(region);
    session->spare = region;
}

void kin_session_release(kin_session *session, kin_mark mark) {
    if (!session || mark.id == 0) /* 0: there was no memory for the mark, which is told already */
        return;
    struct region *region = session->region;
    while (region && region->id != mark.id)
        region = region->below;
    if (!region || region == &session->base) {
        fault_set(&session->fault, KIN_MISUSE, NULL, NULL,
                  "kin_session_release: the mark was released already, or is another session's; nothing is freed");
        return;
    }
    region_end_dependents(session, mark.id);
    struct region *below = region->below;
    while (session->region != below)
        region_pop(session);
}
