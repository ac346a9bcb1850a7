/*
 * SQLite: the driver's table, configurations, connections and transactions. Statements are sqlite_statement.c.
 *
 * A memory database is a file of SQLite's own memdb, found by a name that is this configuration's alone; one connection, the anchor, is
 * held so that it outlives the pool's. It has no write-ahead log: a reader waits while another connection has a write transaction open, and
 * a COMMIT waits for the readers, each for the busy time-out. Every connection is used by one thread at a time, so SQLite's own mutexes are off.
 */
#include "driver/sqlite.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"

static struct sqlite_config *sqlite_config_of(const struct driver_config *config) { return (struct sqlite_config *)config; }
static struct sqlite_connection *sqlite_connection_of(struct driver_connection *connection) { return (struct sqlite_connection *)connection; }

/* ---- configurations ---------------------------------------------------------------------------------- */

enum sqlite_option {
    SQLITE_URL_BUSY_TIMEOUT,
    SQLITE_URL_JOURNAL_MODE,
    SQLITE_URL_SYNCHRONOUS,
    SQLITE_URL_FOREIGN_KEYS,
    SQLITE_URL_READ_ONLY,
    SQLITE_URL_CACHE_SIZE,
    SQLITE_URL_OPTIONS
};

static bool sqlite_take_options(struct sqlite_config *config, const struct url_option *options, struct fault *fault)
{
    static const char *const journals[] = { "wal", "delete", "truncate", "persist", "memory", "off" };
    static const char *const levels[] = { "normal", "full", "extra", "off" };
    int64_t timeout = 5000, pages = 0;
    config->foreign_keys = true;
    config->has_cache_size = options[SQLITE_URL_CACHE_SIZE].value != NULL;
    if (!url_integer(&options[SQLITE_URL_BUSY_TIMEOUT], 0, INT32_MAX, &timeout, fault) ||
        !url_keyword(&options[SQLITE_URL_JOURNAL_MODE], journals, sizeof journals / sizeof journals[0], &config->journal_mode, fault) ||
        !url_keyword(&options[SQLITE_URL_SYNCHRONOUS], levels, sizeof levels / sizeof levels[0], &config->synchronous, fault) ||
        !url_switch(&options[SQLITE_URL_FOREIGN_KEYS], &config->foreign_keys, fault) ||
        !url_switch(&options[SQLITE_URL_READ_ONLY], &config->read_only, fault) ||
        !url_integer(&options[SQLITE_URL_CACHE_SIZE], -INT32_MAX, INT32_MAX, &pages, fault))
        return false;
    config->busy_timeout = (int)timeout;
    config->cache_size = (int)pages;
    return true;
}

/* What SQLite is told to open: a path that it cannot take for a URI or for one of its own names. */
static char *sqlite_file_name(const char *path)
{
    size_t size = strlen(path) + 3;
    char *file = memory_allocate(size);
    bool special = path[0] == ':' || strncmp(path, "file:", 5) == 0;
    if (file != NULL)
        snprintf(file, size, "%s%s", special ? "./" : "", path);
    return file;
}

/* A name that no other configuration of the process has, nor one of another copy of kin in it. */
static char *sqlite_memory_name(void)
{
    static atomic_uint made;
    enum { SIZE = 64 };
    char *file = memory_allocate(SIZE);
    if (file != NULL)
        snprintf(file, SIZE, "file:/kin-%llx-%u?vfs=memdb", (unsigned long long)(uintptr_t)&made,
                 atomic_fetch_add_explicit(&made, 1, memory_order_relaxed));
    return file;
}

static int sqlite_open_handle(const struct sqlite_config *config, sqlite3 **out)
{
    bool memory = strcmp(config->database, ":memory:") == 0;
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    flags |= memory ? SQLITE_OPEN_URI : 0;
    flags |= config->read_only && !memory ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    *out = NULL;
    return sqlite3_open_v2(config->file, out, flags, NULL);
}

static bool sqlite_take_path(struct sqlite_config *config, struct fault *fault)
{
    char *path = config->url.rest;
    if (strncmp(path, "//", 2) == 0)
        return fault_set(fault, KIN_MISUSE, NULL, NULL, "the path in the URL begins with '//': write sqlite:app.db, or sqlite:/folder/app.db");
    if (!url_decode(path, "the path", fault))
        return false;
    if (path[0] == '\0')
        return fault_set(fault, KIN_MISUSE, NULL, NULL, "the URL names no file: write sqlite:app.db, or sqlite::memory:");
    config->database = path;
    if (strcmp(path, ":memory:") != 0) {
        config->file = sqlite_file_name(path);
        return config->file != NULL || fault_no_memory(fault);
    }
    config->file = sqlite_memory_name();
    if (config->file == NULL)
        return fault_no_memory(fault);
    struct sqlite_connection anchor = { .config = config };
    int code = sqlite_open_handle(config, &anchor.handle);
    config->anchor = anchor.handle;
    return code == SQLITE_OK || sqlite_open_fault(&anchor, code, fault);
}

static void sqlite_unconfigure(struct driver_config *opaque)
{
    struct sqlite_config *config = sqlite_config_of(opaque);
    if (config == NULL)
        return;
    sqlite3_close_v2(config->anchor);
    memory_free(config->file);
    url_free(&config->url);
    memory_free(config);
}

static bool sqlite_configure(const char *url, struct driver_config **out, struct fault *fault)
{
    struct url_option options[SQLITE_URL_OPTIONS] = {
        [SQLITE_URL_BUSY_TIMEOUT] = { .name = "busy_timeout" },
        [SQLITE_URL_JOURNAL_MODE] = { .name = "journal_mode" },
        [SQLITE_URL_SYNCHRONOUS] = { .name = "synchronous" },
        [SQLITE_URL_FOREIGN_KEYS] = { .name = "foreign_keys" },
        [SQLITE_URL_READ_ONLY] = { .name = "read_only" },
        [SQLITE_URL_CACHE_SIZE] = { .name = "cache_size" },
    };
    *out = NULL;
    if (!sqlite_version_good(sqlite3_libversion_number(), fault))
        return false;
    if (!sqlite3_threadsafe())
        return fault_set(fault, KIN_UNSUPPORTED, NULL, NULL, "the SQLite library found here was built without threads (SQLITE_THREADSAFE=0)");
    struct sqlite_config *config = memory_allocate_cleared(sizeof *config);
    if (config == NULL)
        return fault_no_memory(fault);
    if (!url_parse(url, &config->url, options, SQLITE_URL_OPTIONS, fault) || !sqlite_take_options(config, options, fault) ||
        !sqlite_take_path(config, fault)) {
        sqlite_unconfigure((struct driver_config *)config);
        return false;
    }
    *out = (struct driver_config *)config;
    return true;
}

static const char *sqlite_database(const struct driver_config *config) { return sqlite_config_of(config)->database; }
static unsigned sqlite_busy_timeout(const struct driver_config *config) { return (unsigned)sqlite_config_of(config)->busy_timeout; }

/* ---- connections ------------------------------------------------------------------------------------- */

/* SQLite's busy handler: like its own, with shorter pauses, and ended by cancel. */
static int sqlite_wait(void *context, int count)
{
    static const int pauses[] = { 1, 2, 5, 10, 20 }, before[] = { 0, 1, 3, 8, 18 };
    struct sqlite_connection *connection = context;
    int64_t waited = count < 4 ? before[count] : before[4] + (int64_t)(count - 4) * pauses[4];
    int64_t left = connection->config->busy_timeout - waited;
    if (left <= 0 || atomic_load_explicit(&connection->cancelled, memory_order_relaxed))
        return 0;
    int pause = pauses[count < 4 ? count : 4];
    sqlite3_sleep(pause < left ? pause : (int)left);
    return 1;
}

/* Runs a PRAGMA; answer (16 bytes) gets its first value. The text is of words that are kin's own. */
static int sqlite_pragma(struct sqlite_connection *connection, const char *sql, char *answer)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(connection->handle, sql, -1, &statement, NULL);
    if (code != SQLITE_OK)
        return code;
    code = sqlite3_step(statement);
    if (code == SQLITE_ROW && answer != NULL) {
        const unsigned char *text = sqlite3_column_text(statement, 0);
        snprintf(answer, 16, "%s", text != NULL ? (const char *)text : "");
    }
    if (code == SQLITE_ROW || code == SQLITE_DONE) {
        sqlite3_finalize(statement);
        return SQLITE_OK;
    }
    return sqlite3_finalize(statement);
}

/* The journal's mode is changed under an exclusive lock, for which SQLite itself does not wait. */
static int sqlite_set_journal(struct sqlite_connection *connection, const char *mode, char *answer)
{
    char sql[64];
    snprintf(sql, sizeof sql, "PRAGMA journal_mode=%s", mode);
    int code = sqlite_pragma(connection, sql, answer);
    for (int count = 0; (code & 0xff) == SQLITE_BUSY && sqlite_wait(connection, count); count++)
        code = sqlite_pragma(connection, sql, answer);
    return code;
}

/* A file is given a write-ahead log unless another journal is asked for: readers and the writer then do not wait for each other. */
static bool sqlite_set_up_file(struct sqlite_connection *connection, struct fault *fault)
{
    const struct sqlite_config *config = connection->config;
    const char *wanted = config->journal_mode != NULL ? config->journal_mode : "wal";
    char mode[16] = "", sql[64];
    int code = sqlite_set_journal(connection, wanted, mode);
    if (code == SQLITE_OK && config->journal_mode != NULL && strcmp(mode, wanted) != 0)
        return fault_set(fault, KIN_UNSUPPORTED, NULL, NULL, "cannot open the database: its journal_mode cannot be %s, it stays %s", wanted, mode);
    const char *synchronous = config->synchronous != NULL ? config->synchronous : strcmp(mode, "wal") == 0 ? "normal" : NULL;
    if (code == SQLITE_OK && synchronous != NULL) {
        snprintf(sql, sizeof sql, "PRAGMA synchronous=%s", synchronous);
        code = sqlite_pragma(connection, sql, NULL);
    }
    return code == SQLITE_OK || sqlite_open_fault(connection, code, fault);
}

static bool sqlite_set_up(struct sqlite_connection *connection, struct fault *fault)
{
    const struct sqlite_config *config = connection->config;
    char sql[64];
    sqlite3_busy_handler(connection->handle, sqlite_wait, connection);
    int code = sqlite3_db_config(connection->handle, SQLITE_DBCONFIG_ENABLE_FKEY, (int)config->foreign_keys, (int *)NULL);
    /* The first read of the file: whether it is a database shows here. */
    if (code == SQLITE_OK)
        code = sqlite_pragma(connection, "PRAGMA schema_version", NULL);
    if (code == SQLITE_OK && config->has_cache_size) {
        snprintf(sql, sizeof sql, "PRAGMA cache_size=%d", config->cache_size);
        code = sqlite_pragma(connection, sql, NULL);
    }
    if (code == SQLITE_OK && config->read_only)
        code = sqlite_pragma(connection, "PRAGMA query_only=1", NULL);
    if (code != SQLITE_OK)
        return sqlite_open_fault(connection, code, fault);
    return config->anchor != NULL || config->read_only || sqlite_set_up_file(connection, fault);
}

static void sqlite_close(struct driver_connection *opaque)
{
    struct sqlite_connection *connection = sqlite_connection_of(opaque);
    if (connection == NULL)
        return;
    for (size_t i = 0; i < SQLITE_KEPT_CONTROLS; i++)
        sqlite3_finalize(connection->controls[i]);
    sqlite3_close_v2(connection->handle);
    memory_free(connection);
}

static bool sqlite_open(const struct driver_config *config, struct driver_connection **out, struct fault *fault)
{
    *out = NULL;
    struct sqlite_connection *connection = memory_allocate_cleared(sizeof *connection);
    if (connection == NULL)
        return fault_no_memory(fault);
    connection->config = sqlite_config_of(config);
    atomic_init(&connection->cancelled, false);
    int code = sqlite_open_handle(connection->config, &connection->handle);
    bool good = code == SQLITE_OK ? sqlite_set_up(connection, fault) : sqlite_open_fault(connection, code, fault);
    if (!good) {
        sqlite_close((struct driver_connection *)connection);
        return false;
    }
    *out = (struct driver_connection *)connection;
    return true;
}

static bool sqlite_usable(struct driver_connection *connection) { return !sqlite_connection_of(connection)->broken; }

static bool sqlite_in_transaction(struct driver_connection *connection)
{
    return !sqlite3_get_autocommit(sqlite_connection_of(connection)->handle);
}

static void sqlite_cancel(struct driver_connection *opaque)
{
    struct sqlite_connection *connection = sqlite_connection_of(opaque);
    atomic_store_explicit(&connection->cancelled, true, memory_order_relaxed);
    sqlite3_interrupt(connection->handle);
}

/* ---- transactions ------------------------------------------------------------------------------------ */

static const char *sqlite_control_text(enum driver_control control, unsigned level, char *out)
{
    static const char *const texts[SQLITE_KEPT_CONTROLS] = { "BEGIN", "BEGIN IMMEDIATE", "COMMIT", "ROLLBACK" };
    enum { SIZE = 64 };
    switch (control) {
    case DRIVER_SAVEPOINT: snprintf(out, SIZE, "SAVEPOINT kin_%u", level); break;
    case DRIVER_RELEASE: snprintf(out, SIZE, "RELEASE kin_%u", level); break;
    case DRIVER_ROLLBACK_TO: snprintf(out, SIZE, "ROLLBACK TO kin_%u; RELEASE kin_%u", level, level); break;
    default: snprintf(out, SIZE, "%s", texts[control]); break;
    }
    return out;
}

static int sqlite_run_control(struct sqlite_connection *connection, enum driver_control control, const char *sql)
{
    sqlite3_stmt **kept = &connection->controls[control];
    int code = SQLITE_OK;
    if (*kept == NULL)
        code = sqlite3_prepare_v3(connection->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, kept, NULL);
    if (code != SQLITE_OK)
        return code;
    sqlite3_step(*kept);
    return sqlite3_reset(*kept); /* the same code, and the same message */
}

static bool sqlite_control(struct driver_connection *opaque, enum driver_control control, unsigned level, struct fault *fault)
{
    struct sqlite_connection *connection = sqlite_connection_of(opaque);
    char sql[64];
    /* SQLite itself has rolled back after some failures: a rollback has nothing left to do then. */
    if (control == DRIVER_ROLLBACK && sqlite3_get_autocommit(connection->handle))
        return true;
    sqlite_begin_work(connection);
    sqlite_control_text(control, level, sql);
    int code = control <= DRIVER_ROLLBACK ? sqlite_run_control(connection, control, sql)
                                        : sqlite3_exec(connection->handle, sql, NULL, NULL, NULL);
    return code == SQLITE_OK || sqlite_fault(connection, code, fault);
}

static bool sqlite_script(struct driver_connection *opaque, const char *sql, struct fault *fault)
{
    struct sqlite_connection *connection = sqlite_connection_of(opaque);
    sqlite_begin_work(connection);
    int code = sqlite3_exec(connection->handle, sql, NULL, NULL, NULL);
    return code == SQLITE_OK || sqlite_fault(connection, code, fault);
}

const struct driver driver_sqlite = {
    .name = "sqlite",
    .dialect = &dialect_sqlite,
    .single_writer = true,
    .configure = sqlite_configure,
    .unconfigure = sqlite_unconfigure,
    .database = sqlite_database,
    .busy_timeout = sqlite_busy_timeout,
    .open = sqlite_open,
    .close = sqlite_close,
    .usable = sqlite_usable,
    .in_transaction = sqlite_in_transaction,
    .control = sqlite_control,
    .control_text = sqlite_control_text,
    .cancel = sqlite_cancel,
    .script = sqlite_script,
    .prepare = sqlite_prepare,
    .finalize = sqlite_finalize,
    .parameter_count = sqlite_parameter_count,
    .column_count = sqlite_column_count,
    .column_name = sqlite_column_name,
    .start = sqlite_start,
    .next = sqlite_next,
    .run = sqlite_run,
    .reset = sqlite_reset,
};
