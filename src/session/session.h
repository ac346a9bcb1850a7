/*
 * Sessions as the layer above sees them: memory, statements, levels of transactions, the sticky error.
 *
 * A public verb is written
 *
 *     if (!session_enter(session)) return <empty>;
 *     … work; on failure the session's fault is set …
 *     session_leave(session);
 *
 * session_enter is false for a NULL session, when an error is set, and when the current level has failed (which sets KIN_TRANSACTION).
 * Verbs nest: hooks call verbs, verbs call verbs.
 */
#ifndef KIN_SESSION_SESSION_H
#define KIN_SESSION_SESSION_H

#include <kin.h>

#include "base/arena.h"
#include "base/fault.h"
#include "driver/driver.h"
#include "schema/model.h"
#include "session/lease.h"
#include "sql/tree.h"
#include "sql/write.h"

/* Memory that is freed together: opened by a mark, or a cursor's. Rows know theirs. */
struct region {
    struct arena arena;
    uint64_t id;
    struct region *below;
    struct kin_session *session;
    size_t journaled; /* entries of the journal that are its */
};

struct dependent;
struct level;         /* level.h */
struct journal_entry; /* level.h */

struct kin_session {
    kin_db *db;
    struct fault fault;
    struct region *region;      /* the top one; session->base at the bottom */
    struct region base;
    struct region *spare;       /* one that was released, for the next mark; or NULL */
    struct arena scratch;       /* lives for one outermost call */
    unsigned depth;             /* of calls within calls */
    struct lease lease;         /* of a connection */
    struct level *levels;
    size_t level_count, level_capacity;
    bool lost;                  /* the server has ended the transaction by itself: nothing is left to roll back there */
    struct journal_entry *journal;
    size_t journal_count, journal_capacity;
    struct dependent *dependents;
    unsigned open_results;      /* statements that are being read: the connection stays */
    struct sql_writer writer;   /* its key's memory is used again and again */
    struct text sql;            /* of a statement that is being prepared */
    struct text binds;          /* for the log */
    void *plans;                /* the orm layer's, in base: see orm/plan_cache.h */
    kin_log log;
    uint64_t statements;
    bool read_only;
};

bool session_enter(kin_session *session);
/* Ends what session_enter began: at the outermost call the scratch memory is forgotten and the connection goes back when
 * somebody waits for it. */
void session_leave(kin_session *session);

const struct dialect *session_dialect(const kin_session *session);

/* True when the model belongs to the session's schema and is linked; else a fault that says so (also for NULL, by `what`: "kin_find_all"). */
bool session_knows(kin_session *session, const kin_model *model, const char *what);

/* ---- statements ---- */

/* A statement that is being read. */
struct result {
    kin_session *session;
    const struct driver *driver;
    struct driver_statement *handle;
    struct prepared *prepared;
    const struct sql_statement *statement;
    const kin_value *binds;
    size_t bind_count;
    int64_t rows;
    int64_t started; /* microseconds; only when there is a log */
    bool open;
    bool failed;
    bool writes;     /* an INSERT with RETURNING and the like: it has the writers' turn */
};

/* Writes, prepares (or finds) and starts a statement with rows. Binds are in the session's scratch memory unless `arena` is given, which
 * must then outlive the result. False: the fault is set, the level has failed, nothing is open. */
bool session_query(kin_session *session, const struct sql_statement *statement, struct arena *arena, struct result *result);
/* Whether the session's connection knows a statement by that key (see sql_statement.known). */
bool session_has_statement(kin_session *session, const void *key, size_t size);
enum driver_step session_next_failed(struct result *result); /* the slow end of result_next */

/* The next row into cells; DRIVER_DONE and DRIVER_FAILED close the result. */
static inline enum driver_step result_next(struct result *result, const kin_type *types, kin_value *cells, size_t count) {
    enum driver_step step = result->driver->next(result->handle, types, cells, count, &result->session->fault);
    if (step == DRIVER_ROW) {
        result->rows++;
        return step;
    }
    return step == DRIVER_DONE ? DRIVER_DONE : session_next_failed(result);
}
/* Ends reading and logs; may be called twice. Must be called also after DRIVER_DONE and DRIVER_FAILED. */
void result_close(struct result *result);

/* Runs a statement without rows; out may be NULL. Takes the writers' turn where the database has one writer. False: fault set, level failed. */
bool session_execute(kin_session *session, const struct sql_statement *statement, struct driver_result *out);
/* Runs DDL text. */
bool session_script(kin_session *session, const char *sql);
/* The connection is not as others expect it (a setting could not be set back): it is closed, rather than used again, when the session lets go. */
void session_distrust(kin_session *session);

/* ---- transactions ---- */

/* An inner level for a verb of several statements: BEGIN outside of a transaction, a savepoint inside. */
bool session_begin_level(kin_session *session, bool write);
/* Ends it: commits when good and there is no fault, else rolls back (keeping the fault that is set) and fails the level around it, too.
 * Levels that a hook left open inside are rolled back, and are a fault. Returns true when it was good and is committed. */
bool session_end_level(kin_session *session, bool good);
static inline bool session_in_transaction(const kin_session *session) { return session->level_count > 0; }

/* What is done to something in memory when its level is rolled back. */
typedef void session_undo(void *subject, void *memory);

/* Makes room for entries, before the write is sent, so that journaling itself cannot fail. True outside of a transaction. */
bool session_journal_reserve(kin_session *session, size_t count);
/* Remembers an undo for the current level; nothing outside of a transaction. Dropped when region is freed. */
void session_journal(kin_session *session, struct region *region, session_undo *undo, void *subject, void *memory);

/* ---- memory ---- */

/* In the top region; NULL and a fault when out of memory. */
void *session_allocate(kin_session *session, size_t size);
/* In the scratch memory of the call. */
void *session_scratch(kin_session *session, size_t size);
/* A region of its own, for a cursor. */
void region_start(struct region *region, kin_session *session);
/* Frees what is in it (and the journal's entries of its rows); it can be used again. */
void region_reset(struct region *region);
void region_end(struct region *region);

/* ---- what must end with the session, or with a mark ---- */

/* Something that holds a statement open (a cursor). The first member of its struct. */
struct dependent {
    struct dependent *next;
    uint64_t opened_in; /* the id of the region on top when it was opened: session_depend fills it in */
    void (*end)(struct dependent *dependent); /* must take itself off with session_forget */
};
void session_depend(kin_session *session, struct dependent *dependent);
void session_forget(kin_session *session, struct dependent *dependent);

/* ---- databases ---- */

/* The handle's own fault, which kin_db_error shows. A call on the handle clears it first. Use db_good to see whether there is a database. */
struct fault *db_fault(kin_db *db);
/* False where kin_open failed. */
bool db_good(const kin_db *db);
kin_schema *db_schema(const kin_db *db);
const struct driver *db_driver(const kin_db *db); /* NULL where kin_open found none */
const char *db_name(const kin_db *db); /* for kin_sync's .match */
/* Keeps a text as long as the database, and frees the one kept before. The text is from memory_allocate. */
void db_keep_text(kin_db *db, char *text);

#endif
