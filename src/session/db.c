/* Database handles.
 *
 * Always: a handle that is not good has its fault set and nothing but it; a good one is freed only after its last session. */
#include "session/db.h"

#include "base/options.h"
#include "base/memory.h"

#include <string.h>

enum { DB_POOL = 8, DB_POOL_LIMIT = 4096, DB_ACQUIRE_TIMEOUT = 10000 };

/* ---- opening ---- */

static bool db_link(kin_db *db, kin_schema *schema) {
    if (!schema)
        return fault_set(&db->fault, KIN_MISUSE, NULL, NULL, "kin_open: the schema is NULL; kin_schema_new gives one");
    db->schema = schema;
    if (kin_schema_link(schema))
        return true;
    fault_copy(&db->fault, &schema->fault);
    return fault_is_set(&db->fault) ? false : fault_no_memory(&db->fault);
}

static bool db_configure(kin_db *db, const char *url) {
    if (!url)
        return fault_set(&db->fault, KIN_MISUSE, NULL, NULL, "kin_open: the URL is NULL; write e.g. \"sqlite:app.db\"");
    db->driver = driver_for(url, &db->fault);
    return db->driver && db->driver->configure(url, &db->config, &db->fault);
}

static bool db_open_pool(kin_db *db, const kin_open_options *options) {
    unsigned pool = options->pool > 0 ? options->pool : DB_POOL;
    if (pool > DB_POOL_LIMIT)
        return fault_set(&db->fault, KIN_MISUSE, NULL, NULL, "kin_open: a .pool of %u connections is too large; %d at most", pool, DB_POOL_LIMIT);
    unsigned timeout = options->acquire_timeout > 0 ? options->acquire_timeout : DB_ACQUIRE_TIMEOUT;
    if (!pool_open(&db->pool, db->driver, db->config, pool, timeout, db->driver->busy_timeout(db->config)))
        return fault_no_memory(&db->fault);
    /* The first connection is opened now, so that kin_open tells what is wrong with the URL. */
    struct lease lease = { 0 };
    if (!pool_lease(&db->pool, &lease, &db->fault)) {
        pool_close(&db->pool);
        return false;
    }
    pool_return(&db->pool, &lease);
    return true;
}

static kin_db *db_new(void) {
    kin_db *db = memory_allocate_cleared(sizeof *db);
    if (!db)
        return NULL;
    if (pthread_mutex_init(&db->lock, NULL) == 0) {
        if (pthread_cond_init(&db->last_session, NULL) == 0) {
            fault_start(&db->fault);
            return db;
        }
        pthread_mutex_destroy(&db->lock);
    }
    memory_free(db);
    return NULL;
}

kin_db *(kin_open)(const kin_open_options *options) {
    kin_db *db = db_new();
    if (!db)
        return NULL;
    kin_open_options own;
    const kin_open_options *given = options_of(options, &own, sizeof own);
    db->log = given->log;
    db->good = db_configure(db, given->url) && db_link(db, given->schema) && db_open_pool(db, given);
    if (!db->good && db->config) {
        db->driver->unconfigure(db->config);
        db->config = NULL;
    }
    return db;
}

void kin_close(kin_db *db) {
    if (!db)
        return;
    pthread_mutex_lock(&db->lock);
    while (db->sessions > 0)
        pthread_cond_wait(&db->last_session, &db->lock);
    pthread_mutex_unlock(&db->lock);
    if (db->good) {
        pool_close(&db->pool);
        db->driver->unconfigure(db->config);
    }
    pthread_cond_destroy(&db->last_session);
    pthread_mutex_destroy(&db->lock);
    fault_clear(&db->fault);
    memory_free(db->text);
    memory_free(db);
}

/* ---- sessions ---- */

void db_enter(kin_db *db, kin_log *log) {
    pthread_mutex_lock(&db->lock);
    db->sessions++;
    *log = db->log;
    pthread_mutex_unlock(&db->lock);
}

void db_leave(kin_db *db) {
    pthread_mutex_lock(&db->lock);
    if (--db->sessions == 0)
        pthread_cond_broadcast(&db->last_session);
    pthread_mutex_unlock(&db->lock);
}

void kin_db_log(kin_db *db, kin_log log) {
    if (!db)
        return;
    pthread_mutex_lock(&db->lock);
    db->log = log;
    pthread_mutex_unlock(&db->lock);
}

/* ---- what others ask ---- */

const kin_error *kin_db_error(const kin_db *db) {
    if (!db)
        return fault_static_no_memory();
    return fault_is_set(&db->fault) ? &db->fault.error : NULL;
}

enum { DB_DRIVER_NAMES = 16 };
static const char *db_driver_names[DB_DRIVER_NAMES];
static size_t db_driver_count;
static pthread_once_t db_drivers_once = PTHREAD_ONCE_INIT;

static void db_list_drivers(void) {
    for (size_t i = 0; i < driver_count() && db_driver_count < DB_DRIVER_NAMES; i++)
        if (strcmp(driver_at(i)->name, "mock") != 0) /* it is for tests */
            db_driver_names[db_driver_count++] = driver_at(i)->name;
}

kin_names kin_drivers(void) {
    pthread_once(&db_drivers_once, db_list_drivers);
    return (kin_names){ db_driver_names, db_driver_count };
}

struct fault *db_fault(kin_db *db) { return &db->fault; }
bool db_good(const kin_db *db) { return db->good; }
kin_schema *db_schema(const kin_db *db) { return db->schema; }
const struct driver *db_driver(const kin_db *db) { return db->driver; }
const char *db_name(const kin_db *db) { return db->config ? db->driver->database(db->config) : ""; }

void db_keep_text(kin_db *db, char *text) {
    memory_free(db->text);
    db->text = text;
}
