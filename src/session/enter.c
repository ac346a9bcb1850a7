/* Calls within calls, and the connection they need.
 *
 * Always: outside of calls, transactions and results the connection is not busy, so that another session may have it. */
#include "session/enter.h"

#include "session/db.h"

bool session_enter(kin_session *session) {
    if (!session || !session_ready(session))
        return false;
    session->depth++;
    return true;
}

void session_leave(kin_session *session) {
    if (--session->depth > 0)
        return;
    arena_reset(&session->scratch);
    session_settle(session);
}

bool session_hold_slow(kin_session *session) {
    /* It may have a transaction open that could not be rolled back: what is sent on it would be lost with it. */
    if (session->lease.busy)
        return fault_set(&session->fault, KIN_CONNECTION, NULL, NULL,
                         "the connection broke, or could not be rolled back, and is closed as soon as nothing is read from it: end the kin_each that "
                         "is open with kin_cursor_close");
    return lease_resume(&session->lease) || pool_lease(&session->db->pool, &session->lease, &session->fault);
}

void session_settle_slow(kin_session *session) {
    if (session->lease.connection->broken)
        pool_return(&session->db->pool, &session->lease);
    else
        lease_idle(&session->db->pool, &session->lease);
}

void session_failed(kin_session *session) {
    if (!session->lease.busy) { /* there was no connection to be had */
        if (session->level_count > 0)
            level_top(session)->failed = true;
        return;
    }
    const struct driver *driver = session->db->driver;
    struct connection *connection = session->lease.connection;
    if (!driver->usable(connection->handle))
        connection->broken = true;
    if (session->level_count == 0)
        return;
    level_top(session)->failed = true;
    if (connection->broken || !driver->in_transaction(connection->handle)) {
        session->lost = true;
        for (size_t i = 0; i < session->level_count; i++)
            session->levels[i].failed = true;
    }
}

void session_distrust(kin_session *session) {
    if (session->lease.busy)
        session->lease.connection->broken = true;
}

const struct dialect *session_dialect(const kin_session *session) {
    return session->db->driver->dialect;
}

bool session_knows(kin_session *session, const kin_model *model, const char *what) {
    if (!model)
        return fault_set(&session->fault, KIN_MISUSE, NULL, NULL, "%s: the model is NULL", what);
    if (model->schema == session->db->schema && model->schema->linked)
        return true;
    return fault_set(&session->fault, KIN_MISUSE, model->info.name, NULL, "%s: the model %s belongs to another schema than the one kin_open was given",
                     what, model->info.name);
}
