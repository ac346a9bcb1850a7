/* Levels of transactions: BEGIN for the first, savepoints for those inside.
 *
 * Always: the first level that may write holds the writers' turn; a level that is taken off has been committed, or been rolled back and its
 * journal run; when the last is taken off, the server has no transaction open, or the connection is on its way to be closed. */
#include "session/transaction.h"

#include "base/options.h"
#include "base/memory.h"
#include "session/db.h"
#include "session/enter.h"
#include "session/explain.h"
#include "session/log.h"

#include <string.h>
#include <time.h>

enum { TRANSACTION_RETRIES = 10, TRANSACTION_FIRST_PAUSE = 1000, TRANSACTION_LONGEST_PAUSE = 200000 /* microseconds */ };

/* ---- controls ---- */

/* Sends a control and logs it. level: of a savepoint, from 1. */
static bool transaction_control(kin_session *session, enum driver_control control, size_t level, struct fault *fault) {
    const struct driver *driver = session->db->driver;
    int64_t started = log_start(session);
    bool good = driver->control(session->lease.connection->handle, control, (unsigned)level, fault);
    if (session->log.function || !good) {
        char text[64];
        const char *sql = driver->control_text(control, (unsigned)level, text);
        log_end(session, sql, NULL, 0, started, 0, !good);
        if (!good)
            explain_fault(fault, session->db->schema, driver->dialect, NULL, sql);
    }
    return good;
}

/* Makes sure that the server has no transaction open. A connection that does not obey is closed, which ends it, too. */
static void transaction_abandon(kin_session *session) {
    const struct driver *driver = session->db->driver;
    struct connection *connection = session->lease.connection;
    struct fault fault;
    fault_start(&fault);
    if (driver->in_transaction(connection->handle) &&
        (!transaction_control(session, DRIVER_ROLLBACK, 0, &fault) || driver->in_transaction(connection->handle)))
        connection->broken = true;
    fault_clear(&fault);
}

/* ---- levels ---- */

static bool transaction_holds_turn(const kin_session *session) {
    return session->level_count > 0 && !session->levels[0].read_only;
}

static bool transaction_push(kin_session *session, enum level_owner owner, bool read_only) {
    void *levels = session->levels;
    if (!memory_reserve(&levels, &session->level_capacity, session->level_count + 1, sizeof *session->levels))
        return fault_no_memory(&session->fault);
    session->levels = levels;
    session->levels[session->level_count] = (struct level){ .owner = owner, .read_only = read_only, .journal_from = session->journal_count };
    if (session->level_count > 0) {
        if (!transaction_control(session, DRIVER_SAVEPOINT, session->level_count, &session->fault)) {
            session_failed(session);
            return false;
        }
        session->level_count++;
        return true;
    }
    if (!session_hold(session) || (!read_only && !turn_take(&session->db->pool, &session->lease, &session->fault)))
        return false;
    session->lost = false;
    if (transaction_control(session, read_only ? DRIVER_BEGIN_READ : DRIVER_BEGIN_WRITE, 0, &session->fault)) {
        session->level_count = 1;
        return true;
    }
    session_failed(session);
    if (!session->lease.connection->broken)
        transaction_abandon(session);
    if (!read_only)
        turn_leave(&session->db->pool, &session->lease);
    return false;
}

/* Takes the top level off, which has been ended. */
static void transaction_pop(kin_session *session) {
    bool turn = session->level_count == 1 && transaction_holds_turn(session);
    session->level_count--;
    if (session->level_count == 0) {
        journal_forget(session);
        session->lost = false;
    }
    if (turn)
        turn_leave(&session->db->pool, &session->lease);
}

/* Rolls the top level back, whatever has happened. False: the server refused to go back to the savepoint, so that the level around has
 * failed; the fault says why, unless there was one. */
static bool transaction_roll_back(kin_session *session) {
    bool good = true;
    if (!session->lost && session->level_count == 1)
        transaction_abandon(session);
    else if (!session->lost) {
        struct fault fault;
        fault_start(&fault);
        good = transaction_control(session, DRIVER_ROLLBACK_TO, session->level_count - 1, &fault);
        if (!good) {
            session_failed(session);
            session->levels[session->level_count - 2].failed = true;
            if (!fault_is_set(&session->fault))
                fault_copy(&session->fault, &fault);
        }
        fault_clear(&fault);
    }
    journal_undo(session, level_top(session)->journal_from);
    transaction_pop(session);
    return good;
}

static bool transaction_commit(kin_session *session) {
    struct level *level = level_top(session);
    if (level->failed)
        fault_set(&session->fault, KIN_TRANSACTION, NULL, NULL, "this transaction level had failed; it is rolled back, not committed");
    bool good = !fault_is_set(&session->fault);
    if (good) {
        bool first = session->level_count == 1;
        good = transaction_control(session, first ? DRIVER_COMMIT : DRIVER_RELEASE, session->level_count - 1, &session->fault);
        if (!good) {
            session_failed(session);
            if (first && session->lease.connection->broken)
                fault_message(&session->fault, "%s. It is not known whether the transaction was committed", session->fault.error.message);
        }
    }
    if (good)
        transaction_pop(session);
    else
        transaction_roll_back(session);
    return good;
}

void transaction_end_all(kin_session *session) {
    while (session->level_count > 0)
        transaction_roll_back(session);
}

/* ---- the verbs' own levels ---- */

bool session_begin_level(kin_session *session, bool write) {
    if (!session_ready(session))
        return false;
    const struct level *level = level_top(session);
    bool read_only = session->read_only || (level && level->read_only);
    if (write && read_only) {
        fault_set(&session->fault, KIN_MISUSE, NULL, NULL, "%s is read-only, and this call would write",
                  session->read_only ? "the session" : "the transaction");
        session_failed(session);
        return false;
    }
    /* Inside of a transaction a savepoint is a savepoint: a hook may write in it. */
    bool good = transaction_push(session, LEVEL_VERB, level ? read_only : !write);
    session_settle(session);
    return good;
}

bool session_end_level(kin_session *session, bool good) {
    if (session->level_count == 0)
        return false;
    while (session->level_count > 1 && level_top(session)->owner != LEVEL_VERB) {
        fault_set(&session->fault, KIN_MISUSE, NULL, NULL, "a hook has left a transaction level open; it is rolled back: end it with kin_commit");
        transaction_roll_back(session);
    }
    if (good)
        good = transaction_commit(session);
    else
        transaction_roll_back(session);
    if (!good && session->level_count > 0)
        level_top(session)->failed = true;
    session_settle(session);
    return good;
}

/* ---- the caller's ---- */

bool (kin_begin)(const kin_begin_options *options) {
    kin_begin_options own;
    const kin_begin_options *given = options_of(options, &own, sizeof own);
    if (!session_enter(given->session))
        return false;
    const struct level *level = level_top(given->session);
    bool good = transaction_push(given->session, LEVEL_USER, given->read_only || given->session->read_only || (level && level->read_only));
    session_leave(given->session);
    return good;
}

/* Whether the caller may end the top level. */
static bool transaction_may_end(kin_session *session, const char *verb) {
    struct level *level = level_top(session);
    if (!level)
        return fault_set(&session->fault, KIN_MISUSE, NULL, NULL, "%s: no transaction is open; kin_begin opens one", verb);
    if (level->owner == LEVEL_USER)
        return true;
    level->failed = true;
    return fault_set(&session->fault, KIN_MISUSE, NULL, NULL, "%s: the transaction is not one that kin_begin opened; %s", verb,
                     level->owner == LEVEL_WORK ? "kin_transaction ends it: return true to commit, false to roll back"
                                                : "the call that runs this hook ends it: return false to refuse");
}

bool kin_commit(kin_session *session) {
    if (!session || !transaction_may_end(session, "kin_commit"))
        return false;
    session->depth++;
    bool good = transaction_commit(session);
    session_leave(session);
    return good;
}

bool kin_rollback(kin_session *session) {
    if (!session || !transaction_may_end(session, "kin_rollback"))
        return false;
    session->depth++;
    bool good = transaction_roll_back(session);
    session_leave(session);
    return good;
}

size_t kin_transaction_depth(const kin_session *session) {
    return session ? session->level_count : 0;
}

/* ---- kin_transaction ---- */

static bool transaction_attempt(kin_session *session, bool (*work)(kin_session *session, void *context), void *context) {
    if (!session_enter(session))
        return false;
    const struct level *around = level_top(session);
    bool opened = transaction_push(session, LEVEL_WORK, session->read_only || (around && around->read_only));
    session_leave(session);
    if (!opened)
        return false;
    size_t mine = session->level_count;
    bool good = work(session, context);
    session->depth++;
    while (session->level_count > mine) {
        fault_set(&session->fault, KIN_MISUSE, NULL, NULL,
                  "kin_transaction: the work has left a transaction level open; everything is rolled back: end it with kin_commit or kin_rollback");
        transaction_roll_back(session);
    }
    if (good)
        good = transaction_commit(session);
    else
        transaction_roll_back(session);
    session_leave(session);
    return good;
}

static bool transaction_is_worth_retrying(const kin_session *session) {
    const kin_error *error = &session->fault.error;
    /* Serialization failure, deadlock detected. */
    return error->status == KIN_BUSY || strcmp(error->sqlstate, "40001") == 0 || strcmp(error->sqlstate, "40P01") == 0;
}

/* Twice as long each time, between half and all of it, so that those who collided do not meet again. */
static void transaction_pause(const kin_session *session, unsigned attempt) {
    int64_t longest = (int64_t)TRANSACTION_FIRST_PAUSE << attempt;
    if (longest > TRANSACTION_LONGEST_PAUSE)
        longest = TRANSACTION_LONGEST_PAUSE;
    uint64_t random = (uint64_t)clock_microseconds() ^ (uint64_t)(uintptr_t)session;
    random = (random ^ random >> 17) * UINT64_C(0x9E3779B97F4A7C15);
    int64_t pause = longest / 2 + (int64_t)((random >> 33) % (uint64_t)(longest / 2 + 1));
    struct timespec time = clock_timespec(pause);
    nanosleep(&time, NULL);
}

bool kin_transaction(kin_session *session, bool (*work)(kin_session *session, void *context), void *context) {
    if (!session)
        return false;
    if (!work)
        return fault_set(&session->fault, KIN_MISUSE, NULL, NULL, "kin_transaction: the work is NULL");
    if (fault_is_set(&session->fault))
        return false;
    bool outermost = session->level_count == 0;
    for (unsigned attempt = 0; !transaction_attempt(session, work, context); attempt++) {
        if (!outermost || attempt == TRANSACTION_RETRIES || !transaction_is_worth_retrying(session))
            return false;
        fault_clear(&session->fault);
        transaction_pause(session, attempt);
    }
    return true;
}
