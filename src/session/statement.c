/* Statements: written or found by their shape, run, read, logged.
 *
 * Always: a result that is open has its statement in use, and the session counts it; a failed statement has failed its level,
 * said so in the session's fault, and left nothing open. */
#include "session/cache.h"
#include "session/classify.h"
#include "session/db.h"
#include "session/enter.h"
#include "session/explain.h"
#include "session/log.h"

/* ---- may it, and with what ---- */

static bool statement_refuse_write(kin_session *session, const struct sql_statement *statement) {
    const struct level *level = level_top(session);
    if (!session->read_only && !(level && level->read_only))
        return false;
    fault_set(&session->fault, KIN_MISUSE, NULL, NULL, "%s is read-only, and this statement would write%s%s",
              session->read_only ? "the session" : "the transaction", statement && statement->kind == SQL_TEXT ? ": " : "",
              statement && statement->kind == SQL_TEXT ? statement->as.text.sql : "");
    return true;
}

static bool statement_allowed(kin_session *session, const struct sql_statement *statement, enum classified kind) {
    if (kind == CLASSIFIED_CONTROLS)
        return fault_set(&session->fault, KIN_MISUSE, NULL, NULL,
                         "%s: transactions are the session's; use kin_begin, kin_commit and kin_rollback", statement->as.text.sql);
    return kind == CLASSIFIED_READS || !statement_refuse_write(session, statement);
}

/* A statement ready to run. */
struct found {
    struct prepared *prepared;
    const kin_value *binds;
    size_t bind_count;
};

static struct prepared *statement_prepare(kin_session *session, const struct sql_statement *statement, struct arena *arena) {
    struct cache *cache = &session->lease.connection->cache;
    struct sql_writer *writer = &session->writer;
    text_clear(&session->sql);
    writer->sql = &session->sql;
    writer->arena = arena;
    /* A tree that was left out because its key was known: never an UPDATE of every row. */
    if (statement->known.key && statement->kind == SQL_UPDATE && !statement->as.update->where) {
        fault_set(&session->fault, KIN_MISUSE, NULL, NULL, "kin has lost a prepared UPDATE; please report this");
        return NULL;
    }
    if (!sql_write(writer, statement))
        return NULL;
    struct driver_statement *handle;
    const char *sql = text_string(&session->sql);
    if (!session->db->driver->prepare(session->lease.connection->handle, sql, session->sql.length, &handle, &session->fault)) {
        explain_fault(&session->fault, session->db->schema, session->db->driver->dialect, statement, sql);
        return NULL;
    }
    const void *key = statement->known.key ? statement->known.key : writer->key.data;
    size_t size = statement->known.key ? statement->known.size : writer->key.length;
    struct prepared *prepared = cache_add(cache, handle, key, size, sql, session->sql.length);
    if (!prepared)
        fault_no_memory(&session->fault);
    return prepared;
}

static bool statement_find_known(kin_session *session, const struct sql_statement *statement, struct arena *arena, struct found *found) {
    found->binds = statement->known.binds;
    found->bind_count = statement->known.bind_count;
    found->prepared = cache_find(&session->lease.connection->cache, statement->known.key, statement->known.size);
    if (!found->prepared)
        found->prepared = statement_prepare(session, statement, arena);
    return found->prepared != NULL;
}

/* False: fault. */
static bool statement_find(kin_session *session, const struct sql_statement *statement, struct arena *arena, struct found *found) {
    struct sql_writer *writer = &session->writer;
    writer->dialect = session->db->driver->dialect;
    writer->fault = &session->fault;
    if (!session_hold(session))
        return false;
    if (statement->known.key)
        return statement_find_known(session, statement, arena, found);
    writer->sql = NULL;
    writer->arena = arena;
    if (!sql_write(writer, statement))
        return false;
    found->prepared = cache_find(&session->lease.connection->cache, writer->key.data, writer->key.length);
    if (!found->prepared)
        found->prepared = statement_prepare(session, statement, arena);
    found->binds = writer->binds;
    found->bind_count = writer->bind_count;
    return found->prepared != NULL;
}

/* ---- failing ---- */

/* Also where nothing was sent: the level has failed. */
static bool statement_fail(kin_session *session) {
    session_failed(session);
    session_settle(session);
    return false;
}

/* A statement that failed for no reason of its data is not known to be good any more. */
static void statement_release(kin_session *session, struct prepared *prepared, bool failed) {
    struct cache *cache = &session->lease.connection->cache;
    if (failed && session->fault.error.status == KIN_DATABASE)
        cache_drop(cache, prepared);
    else
        cache_release(cache, prepared);
}

static void statement_explain(kin_session *session, const struct sql_statement *statement, const struct prepared *prepared) {
    explain_fault(&session->fault, session->db->schema, session->db->driver->dialect, statement, prepared->sql);
}

/* Hand-written SQL may have ended the transaction without an error (DDL on some databases, for one). */
static bool statement_kept_transaction(kin_session *session, const char *sql) {
    if (session->level_count == 0 || session->db->driver->in_transaction(session->lease.connection->handle))
        return true;
    fault_set(&session->fault, KIN_TRANSACTION, NULL, NULL, "this statement has ended the transaction on this database; run it outside of one");
    fault_sql(&session->fault, sql);
    return statement_fail(session);
}

/* ---- with rows ---- */

static bool statement_start(kin_session *session, const struct sql_statement *statement, struct arena *arena, struct result *result) {
    struct found found;
    if (!statement_find(session, statement, arena, &found))
        return false;
    struct prepared *prepared = found.prepared;
    result->prepared = prepared;
    result->handle = prepared->handle;
    result->binds = found.binds;
    result->bind_count = found.bind_count;
    result->started = log_start(session);
    session->statements++;
    if (result->driver->start(prepared->handle, result->binds, result->bind_count, &session->fault)) {
        result->open = true;
        session->open_results++;
        return true;
    }
    statement_explain(session, statement, prepared);
    result->driver->reset(prepared->handle);
    log_end(session, prepared->sql, result->binds, result->bind_count, result->started, 0, true);
    statement_release(session, prepared, true);
    return false;
}

bool session_query(kin_session *session, const struct sql_statement *statement, struct arena *arena, struct result *result) {
    *result = (struct result){ .session = session, .driver = session->db->driver, .statement = statement };
    if (!session_ready(session))
        return false;
    enum classified kind = statement->kind == SQL_SELECT ? CLASSIFIED_READS : classify_statement(statement, true);
    if (!statement_allowed(session, statement, kind) || !session_hold(session))
        return statement_fail(session);
    struct pool *pool = &session->db->pool;
    result->writes = kind == CLASSIFIED_WRITES;
    if (result->writes && !turn_take(pool, &session->lease, &session->fault)) {
        result->writes = false;
        return statement_fail(session);
    }
    if (statement_start(session, statement, arena ? arena : &session->scratch, result))
        return true;
    if (result->writes)
        turn_leave(pool, &session->lease);
    return statement_fail(session);
}

bool session_has_statement(kin_session *session, const void *key, size_t size) {
    return session_ready(session) && session_hold(session) && cache_has(&session->lease.connection->cache, key, size);
}

enum driver_step session_next_failed(struct result *result) {
    if (!result->failed) {
        result->failed = true;
        statement_explain(result->session, result->statement, result->prepared);
        session_failed(result->session);
    }
    return DRIVER_FAILED;
}

void result_close(struct result *result) {
    if (!result->open)
        return;
    kin_session *session = result->session;
    result->open = false;
    result->driver->reset(result->handle);
    log_end(session, result->prepared->sql, result->binds, result->bind_count, result->started, result->rows, result->failed);
    statement_release(session, result->prepared, result->failed);
    if (result->writes)
        turn_leave(&session->db->pool, &session->lease);
    session->open_results--;
    session_settle(session);
}

/* ---- without ---- */

static bool statement_run(kin_session *session, const struct sql_statement *statement, struct driver_result *out) {
    struct found found;
    if (!statement_find(session, statement, &session->scratch, &found))
        return false;
    struct prepared *prepared = found.prepared;
    const kin_value *binds = found.binds;
    size_t count = found.bind_count;
    int64_t started = log_start(session);
    session->statements++;
    bool good = session->db->driver->run(prepared->handle, binds, count, out, &session->fault);
    if (!good)
        statement_explain(session, statement, prepared);
    log_end(session, prepared->sql, binds, count, started, good ? out->changed : 0, !good);
    if (good && statement->kind == SQL_TEXT)
        good = statement_kept_transaction(session, prepared->sql);
    statement_release(session, prepared, !good);
    return good;
}

bool session_execute(kin_session *session, const struct sql_statement *statement, struct driver_result *out) {
    struct driver_result unwanted;
    if (!session_ready(session))
        return false;
    struct pool *pool = &session->db->pool;
    if (!statement_allowed(session, statement, classify_statement(statement, false)) || !session_hold(session) ||
        !turn_take(pool, &session->lease, &session->fault))
        return statement_fail(session);
    bool good = statement_run(session, statement, out ? out : &unwanted);
    turn_leave(pool, &session->lease);
    if (!good)
        return statement_fail(session);
    session_settle(session);
    return true;
}

bool session_script(kin_session *session, const char *sql) {
    if (!session_ready(session))
        return false;
    struct pool *pool = &session->db->pool;
    if (statement_refuse_write(session, NULL) || !session_hold(session) || !turn_take(pool, &session->lease, &session->fault))
        return statement_fail(session);
    int64_t started = log_start(session);
    session->statements++;
    bool good = session->db->driver->script(session->lease.connection->handle, sql, &session->fault);
    if (!good)
        fault_sql(&session->fault, sql);
    log_end(session, sql, NULL, 0, started, 0, !good);
    if (good)
        good = statement_kept_transaction(session, sql);
    turn_leave(pool, &session->lease);
    if (!good)
        return statement_fail(session);
    session_settle(session);
    return true;
}
