/* A database handle: the schema, the pool, and who is using it. Inside session/ only; session.h has what the layer above may see. */
#ifndef KIN_SESSION_DB_H
#define KIN_SESSION_DB_H

#include <kin.h>

#include "session/pool.h"
#include "session/session.h"

struct kin_db {
    bool good;                     /* opened: driver, config, schema and pool are there */
    const struct driver *driver;
    struct driver_config *config;
    kin_schema *schema;
    struct pool pool;
    struct fault fault;
    char *text;                    /* see db_keep_text */
    pthread_mutex_t lock;          /* guards the rest */
    pthread_cond_t last_session;   /* has been closed */
    size_t sessions;
    kin_log log;
};

/* Counts a session in, and gives it the log. */
void db_enter(kin_db *db, kin_log *log);
void db_leave(kin_db *db);

#endif
