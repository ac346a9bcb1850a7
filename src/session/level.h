/* The stack of transaction levels, and what is undone in memory when one is rolled back. Inside session/ only. */
#ifndef KIN_SESSION_LEVEL_H
#define KIN_SESSION_LEVEL_H

#include <kin.h>

#include "session/session.h"

enum level_owner {
    LEVEL_USER, /* kin_begin: kin_commit and kin_rollback end it */
    LEVEL_VERB, /* session_begin_level */
    LEVEL_WORK  /* kin_transaction */
};

struct level {
    enum level_owner owner;
    bool read_only;
    bool failed;         /* it can only be rolled back */
    size_t journal_from; /* its first entry */
};

struct journal_entry {
    struct region *region; /* NULL: dropped */
    session_undo *undo;
    void *subject, *memory;
};

static inline struct level *level_top(const kin_session *session) {
    return session->level_count > 0 ? &session->levels[session->level_count - 1] : NULL;
}

/* Runs the entries from the last down to `from`, and takes them off. */
void journal_undo(kin_session *session, size_t from);
/* Takes all off: they are committed. */
void journal_forget(kin_session *session);
/* Drops the entries of a region that is going to be freed. */
void journal_drop(kin_session *session, struct region *region);

#endif
