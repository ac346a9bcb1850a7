/*
 * The contract of a database client library. A driver is a const table of functions; session/ is the only caller.
 *
 *   - A connection and its statements belong to one thread at a time; only cancel may come from another.
 *   - Functions that can fail return false (or DRIVER_FAILED) and fill the fault: status, constraint kind with its name, table
 *     and columns where the server names them, the native code, a message of the server's words. Never a crash, never a half
 *     prepared statement left behind.
 *   - Binds are typed (kin_value): unset and NULL are SQL NULL; dates, times, UUIDs, decimals and JSON are encoded here, in the manner of
 *     the database, and decoded here. Binds stay valid until the statement is reset.
 *   - Cells come in the type that is asked for: KIN_TYPE_ANY in the type the database has it; a cell that cannot be given exactly in
 *     the type asked for is a fault that names the column. Texts and blobs in cells are valid until the next step or reset.
 *
 * To add one: write driver/<name>.c with a `const struct driver`, put it into driver/list.c behind its KIN_HAVE_ macro, give it a
 * dialect (sql/dialect.h), and run the conformance suite with its URL.
 */
#ifndef KIN_DRIVER_DRIVER_H
#define KIN_DRIVER_DRIVER_H

#include <kin.h>

#include "base/fault.h"
#include "sql/dialect.h"

/* Never defined: each driver casts them to its own. */
struct driver_config;     /* a parsed URL */
struct driver_connection;
struct driver_statement;

enum driver_step { DRIVER_ROW, DRIVER_DONE, DRIVER_FAILED };

enum driver_control {
    DRIVER_BEGIN_READ,   /* a transaction that only reads */
    DRIVER_BEGIN_WRITE,  /* one that may write: SQLite takes the write lock now */
    DRIVER_COMMIT,
    DRIVER_ROLLBACK,
    DRIVER_SAVEPOINT,    /* named by its level */
    DRIVER_RELEASE,
    DRIVER_ROLLBACK_TO   /* and forget the savepoint */
};

struct driver_result {
    int64_t changed; /* rows */
    int64_t last_id; /* the identity key of the last row that was inserted */
};

struct driver {
    const char *name; /* of the URL: "sqlite" in "sqlite:app.db" */
    const struct dialect *dialect;
    bool single_writer; /* one writer at a time in the whole database: the pool lets writers queue */

    /* Parses "name:rest"; *out is freed by unconfigure. The fault names the option that is wrong. */
    bool (*configure)(const char *url, struct driver_config **out, struct fault *fault);
    void (*unconfigure)(struct driver_config *config);
    /* The database's name for kin_sync's .match: SQLite's path. Lives as long as config. */
    const char *(*database)(const struct driver_config *config);
    /* How long the database waits for a lock, in milliseconds. */
    unsigned (*busy_timeout)(const struct driver_config *config);

    bool (*open)(const struct driver_config *config, struct driver_connection **out, struct fault *fault);
    void (*close)(struct driver_connection *connection);
    /* Whether the connection can still be used; asked after a failure. */
    bool (*usable)(struct driver_connection *connection);
    /* Whether the server has a transaction open: false where it ended one by itself. */
    bool (*in_transaction)(struct driver_connection *connection);
    bool (*control)(struct driver_connection *connection, enum driver_control control, unsigned level, struct fault *fault);
    /* The text of a control, for the log: "BEGIN IMMEDIATE". out takes 64 bytes. */
    const char *(*control_text)(enum driver_control control, unsigned level, char *out);
    /* Interrupts what runs; from any thread. */
    void (*cancel)(struct driver_connection *connection);
    /* Runs DDL or several statements, without binds or rows. */
    bool (*script)(struct driver_connection *connection, const char *sql, struct fault *fault);

    bool (*prepare)(struct driver_connection *connection, const char *sql, size_t length, struct driver_statement **out, struct fault *fault);
    void (*finalize)(struct driver_statement *statement);
    size_t (*parameter_count)(const struct driver_statement *statement);
    size_t (*column_count)(const struct driver_statement *statement);
    /* Of the rows that come, once the statement is started. Valid until it is finalized or run again. */
    const char *(*column_name)(const struct driver_statement *statement, size_t column);
    /* For a statement with rows: binds and starts it; then next until it is not DRIVER_ROW; then reset. */
    bool (*start)(struct driver_statement *statement, const kin_value *binds, size_t count, struct fault *fault);
    enum driver_step (*next)(struct driver_statement *statement, const kin_type *types, kin_value *cells, size_t count, struct fault *fault);
    /* For one without: binds, runs to its end and resets. */
    bool (*run)(struct driver_statement *statement, const kin_value *binds, size_t count, struct driver_result *result, struct fault *fault);
    void (*reset)(struct driver_statement *statement);
};

/* The driver for a URL; NULL and a fault that lists the drivers of this build. "failing:" before a URL: see mock_failing. */
const struct driver *driver_for(const char *url, struct fault *fault);
/* Those of this build; the mock is the last. */
size_t driver_count(void);
const struct driver *driver_at(size_t index);

extern const struct driver driver_sqlite, driver_postgres, driver_mariadb; /* where they are built in: KIN_HAVE_SQLITE, ... */

#endif
