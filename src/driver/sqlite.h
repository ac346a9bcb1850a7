/* The parts of the SQLite driver, for each other: sqlite.c (connections, transactions), sqlite_statement.c,
 * sqlite_cell.c, sqlite_error.c. */
#ifndef KIN_DRIVER_SQLITE_H
#define KIN_DRIVER_SQLITE_H

#include <sqlite3.h>
#include <stdatomic.h>

#include "base/arena.h"
#include "driver/driver.h"
#include "driver/url.h"

#if SQLITE_VERSION_NUMBER < 3038000
#error "kin needs SQLite 3.38 or newer"
#endif

enum {
    SQLITE_KEPT_CONTROLS = DRIVER_ROLLBACK + 1, /* those whose text never changes: kept prepared */
    SQLITE_UUID_TEXT = 36
};

struct sqlite_config {
    struct url url;
    const char *database;    /* the path, or ":memory:" */
    char *file;              /* what SQLite is told to open */
    sqlite3 *anchor;         /* keeps a memory database alive; else NULL */
    int busy_timeout;        /* milliseconds */
    const char *journal_mode, *synchronous; /* keywords; NULL: not given */
    bool foreign_keys, read_only, has_cache_size;
    int cache_size;          /* pages, or KiB when negative */
};

struct sqlite_connection {
    sqlite3 *handle;
    const struct sqlite_config *config;
    sqlite3_stmt *controls[SQLITE_KEPT_CONTROLS]; /* by enum driver_control, made when first used */
    atomic_bool cancelled;   /* since the last statement began */
    bool broken;             /* the file cannot be read or written any more */
};

struct sqlite_statement {
    sqlite3_stmt *handle;
    struct sqlite_connection *connection;
    size_t parameters;
    int first;               /* what the step made by start gave, until next has told it; else SQLITE_OK */
    struct arena binds;      /* texts of dates and UUIDs that are bound; emptied before the next binding */
    struct arena row;        /* texts made for one row; emptied before the next */
    bool row_used;
};

/* Sets the fault for a result code of the connection, whose own message is still the one of that code. Always false. */
bool sqlite_fault(struct sqlite_connection *connection, int code, struct fault *fault);
/* The same for opening: the status is KIN_CONNECTION where nothing more precise fits, and the file is named. */
bool sqlite_open_fault(struct sqlite_connection *connection, int code, struct fault *fault);
/* Whether a library of this version number will do. */
bool sqlite_version_good(int version, struct fault *fault);

/* Called before anything that may run: what kin_cancel said earlier does not count. */
static inline void sqlite_begin_work(struct sqlite_connection *connection)
{
    atomic_store_explicit(&connection->cancelled, false, memory_order_relaxed);
}

/* The cells of the row that the statement stands on. */
bool sqlite_cells(struct sqlite_statement *statement, const kin_type *types, kin_value *cells, size_t count, struct fault *fault);

/* The statement's part of the driver's table; see driver.h. */
bool sqlite_prepare(struct driver_connection *connection, const char *sql, size_t length, struct driver_statement **out, struct fault *fault);
void sqlite_finalize(struct driver_statement *statement);
size_t sqlite_parameter_count(const struct driver_statement *statement);
size_t sqlite_column_count(const struct driver_statement *statement);
const char *sqlite_column_name(const struct driver_statement *statement, size_t column);
bool sqlite_start(struct driver_statement *statement, const kin_value *binds, size_t count, struct fault *fault);
enum driver_step sqlite_next(struct driver_statement *statement, const kin_type *types, kin_value *cells, size_t count, struct fault *fault);
bool sqlite_run(struct driver_statement *statement, const kin_value *binds, size_t count, struct driver_result *result, struct fault *fault);
void sqlite_reset(struct driver_statement *statement);

#endif
