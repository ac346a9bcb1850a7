/* Sessions: their life and their error.
 *
 * Always: a session of a handle that is not good keeps the handle's error, so no call ever gets to a driver that is not there. */
#include "session/session.h"

#include "base/options.h"
#include "base/memory.h"
#include "session/db.h"
#include "session/enter.h"
#include "session/region.h"
#include "session/transaction.h"

#include <string.h>

/* The error of a handle that could not be opened is the error of its sessions, and cannot be cleared. */
static void session_inherit_error(kin_session *session) {
    if (!session->db->good)
        fault_copy(&session->fault, &session->db->fault);
}

kin_session *(kin_session_open)(const kin_session_options *options) {
    kin_session_options own;
    const kin_session_options *given = options_of(options, &own, sizeof own);
    if (!given->db)
        return NULL;
    kin_session *session = memory_allocate_cleared(sizeof *session);
    if (!session)
        return NULL;
    session->db = given->db;
    fault_start(&session->fault);
    region_start(&session->base, session);
    session->region = &session->base;
    session->read_only = given->read_only;
    db_enter(given->db, &session->log);
    if (given->log.function)
        session->log = given->log;
    session_inherit_error(session);
    return session;
}

void kin_session_close(kin_session *session) {
    if (!session)
        return;
    session->depth = 1; /* what depends on the session may be in the middle of a call; nothing lets go of the connection before the end */
    region_end_all_dependents(session);
    transaction_end_all(session);
    if (session->db->good)
        pool_return(&session->db->pool, &session->lease);
    region_end_all(session);
    arena_free(&session->scratch);
    memory_free(session->levels);
    memory_free(session->journal);
    sql_writer_free(&session->writer);
    text_free(&session->sql);
    text_free(&session->binds);
    fault_clear(&session->fault);
    kin_db *db = session->db;
    memory_free(session);
    db_leave(db);
}

bool kin_ok(const kin_session *session) {
    return session && !fault_is_set(&session->fault);
}

const kin_error *kin_error_of(const kin_session *session) {
    return session ? &session->fault.error : fault_static_no_memory();
}

void kin_clear_error(kin_session *session) {
    if (!session)
        return;
    fault_clear(&session->fault);
    session_inherit_error(session);
}

bool kin_fail(kin_session *session, kin_status status, const char *message) {
    if (!session)
        return false;
    /* Whoever calls this wants an error: KIN_OK, or what is no status, must not hide it. */
    bool known = status > KIN_OK && status <= KIN_DATABASE;
    return fault_set(&session->fault, known ? status : KIN_HOOK, NULL, NULL, "%s", message ? message : "");
}

kin_db *kin_session_db(const kin_session *session) {
    return session ? session->db : NULL;
}

void kin_session_log(kin_session *session, kin_log log) {
    if (session)
        session->log = log;
}

uint64_t kin_statement_count(const kin_session *session) {
    return session ? session->statements : 0;
}

void kin_cancel(kin_session *session) {
    if (session && session->db->good)
        pool_cancel(&session->db->pool, &session->lease);
}
