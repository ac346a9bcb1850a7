/* The journal: what is undone in memory when a level is rolled back, oldest first.
 *
 * Always: an entry's region counts it, and is alive; entries of a level lie behind those of the levels around it. */
#include "base/memory.h"
#include "session/level.h"

bool session_journal_reserve(kin_session *session, size_t count) {
    if (session->level_count == 0 || session->journal_capacity - session->journal_count >= count)
        return true;
    void *at = session->journal;
    if (count > SIZE_MAX - session->journal_count ||
        !memory_reserve(&at, &session->journal_capacity, session->journal_count + count, sizeof *session->journal))
        return fault_no_memory(&session->fault);
    session->journal = at;
    return true;
}

void session_journal(kin_session *session, struct region *region, session_undo *undo, void *subject, void *memory) {
    if (session->level_count == 0)
        return;
    session->journal[session->journal_count++] = (struct journal_entry){ region, undo, subject, memory };
    region->journaled++;
}

void journal_undo(kin_session *session, size_t from) {
    while (session->journal_count > from) {
        struct journal_entry entry = session->journal[--session->journal_count];
        if (!entry.region)
            continue;
        entry.region->journaled--;
        entry.undo(entry.subject, entry.memory);
    }
}

void journal_forget(kin_session *session) {
    for (size_t i = 0; i < session->journal_count; i++)
        if (session->journal[i].region)
            session->journal[i].region->journaled--;
    session->journal_count = 0;
}

void journal_drop(kin_session *session, struct region *region) {
    for (size_t i = session->journal_count; i > 0 && region->journaled > 0; i--) {
        struct journal_entry *entry = &session->journal[i - 1];
        if (entry->region != region)
            continue;
        entry->region = NULL;
        region->journaled--;
    }
    size_t from = session->level_count > 0 ? level_top(session)->journal_from : 0;
    while (session->journal_count > from && !session->journal[session->journal_count - 1].region)
        session->journal_count--;
}
