/* Being inside of a call: the connection, and what a failure does to the levels. Inside session/ only. */
#ifndef KIN_SESSION_ENTER_H
#define KIN_SESSION_ENTER_H

#include <kin.h>

#include "session/level.h"
#include "session/pool.h"
#include "session/session.h"

/* False: an error is set, or the level has failed, which is made an error. */
static inline bool session_ready(kin_session *session) {
    if (fault_is_set(&session->fault))
        return false;
    const struct level *level = level_top(session);
    return !level || !level->failed ||
           fault_set(&session->fault, KIN_TRANSACTION, NULL, NULL, "this transaction level has failed; kin_rollback it (what is expected to fail goes in a kin_begin of its own)");
}

/* Makes sure of a connection that is the session's until session_settle lets go of it. False: fault. */
bool session_hold_slow(kin_session *session);
static inline bool session_hold(kin_session *session) {
    return (session->lease.busy && !session->lease.connection->broken) || session_hold_slow(session);
}

/* Lets the connection lie idle, where no call, transaction or result needs it; a broken one is closed. */
void session_settle_slow(kin_session *session);
static inline void session_settle(kin_session *session) {
    if (session->lease.busy && session->depth == 0 && session->level_count == 0 && session->open_results == 0)
        session_settle_slow(session);
}

/* A statement or a control has failed: the level with it, or all of them where the server has ended the transaction. */
void session_failed(kin_session *session);

#endif
