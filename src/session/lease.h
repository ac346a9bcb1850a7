/* A session's hold on a connection of the pool, and on the writers' turn. */
#ifndef KIN_SESSION_LEASE_H
#define KIN_SESSION_LEASE_H

#include <kin.h>

struct connection;  /* pool.h */
struct pool_waiter; /* pool.c */

struct lease {
    struct connection *connection; /* NULL: none. May have been taken by another session while it was not busy */
    uint64_t id;                   /* of this hold: no two holds of a database have the same */
    bool busy;                     /* the connection is this session's until it says otherwise */
    unsigned turns;                /* how many want the writers' turn, which is had when not 0 */
    struct pool_waiter *waiter;    /* under the pool's lock: what the session waits for */
};

#endif
