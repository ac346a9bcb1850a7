/*
 * The connections of one database, and the writers' turn.
 *
 * A session leases a connection when it first needs one and then keeps it, so that steady calls cost no lock: `state` says whose the
 * connection is, and whether it is busy or lies idle between two calls. The holder makes it busy, and idle again, with one atomic
 * operation. A session that finds none free may take an idle one from the session that holds it; that one's next compare-exchange then fails,
 * and it leases anew. Who waits is served in order: while somebody waits, a session that becomes idle hands its connection over.
 *
 * Where a database takes one writer at a time, writers of this process queue for the turn, rather than in the database's busy handler.
 */
#ifndef KIN_SESSION_POOL_H
#define KIN_SESSION_POOL_H

#include <kin.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/fault.h"
#include "driver/driver.h"
#include "session/cache.h"
#include "session/lease.h"

/* A place for a connection. Places live as long as the pool, so that a session may look at one that it has lost. */
struct connection {
    _Atomic uint64_t state; /* 0: nobody's; else the id of the lease * 2, + 1 while it is busy */
    struct driver_connection *handle; /* NULL: not open. Changed under the lock, by who has it busy */
    struct cache cache;     /* the holder's, as the two below */
    bool broken;
    int64_t leased_at;      /* under the lock, as the one below */
    unsigned cancelling;    /* cancels that are under way: it does not change hands */
};

struct pool_queue {
    struct pool_waiter *first, *last;
};

struct pool {
    const struct driver *driver;
    const struct driver_config *config;
    pthread_mutex_t lock;
    pthread_condattr_t monotonic;
    pthread_cond_t cancelled;     /* some cancelling has ended */
    struct connection *at;
    size_t count;                 /* places */
    unsigned acquire_timeout, busy_timeout; /* milliseconds */
    uint64_t leases;              /* the last id given */
    _Atomic unsigned waiting;     /* sessions that look for a connection */
    struct pool_queue queue;
    _Atomic unsigned turn;        /* 0: nobody writes; 1: somebody; 2: and others may wait for it */
    struct pool_queue writers;
};

/* False: out of memory, and there is nothing to close. */
bool pool_open(struct pool *pool, const struct driver *driver, const struct driver_config *config, size_t count, unsigned acquire_timeout,
               unsigned busy_timeout);
/* Closes the connections; none may be leased. */
void pool_close(struct pool *pool);

/* Gives the lease a connection, open, busy and outside of any transaction. Waits when all are busy. False: fault. */
bool pool_lease(struct pool *pool, struct lease *lease, struct fault *fault);
/* Gives the connection back; closes it when it is broken. Nothing when the lease has none. */
void pool_return(struct pool *pool, struct lease *lease);
/* The slow end of lease_idle. */
void pool_hand_over(struct pool *pool, struct lease *lease);
/* Interrupts what the lease's connection runs, or what the lease waits for. From any thread. */
void pool_cancel(struct pool *pool, struct lease *lease);

/* The turn to write. Nested: as many leaves as takes. False: a fault, KIN_BUSY after the busy time-out. */
bool pool_turn_wait(struct pool *pool, struct lease *lease, struct fault *fault);
void pool_turn_pass(struct pool *pool);

/* Makes the lease's connection busy again; false when there is none, or it has been taken away. */
static inline bool lease_resume(struct lease *lease) {
    if (!lease->connection)
        return false;
    uint64_t idle = lease->id << 1;
    lease->busy = atomic_compare_exchange_strong(&lease->connection->state, &idle, idle | 1);
    return lease->busy;
}

/* Makes it idle. Between storing the state and looking for waiters nothing may be reordered: who waits does it the other way round. */
static inline void lease_idle(struct pool *pool, struct lease *lease) {
    lease->busy = false;
    atomic_store(&lease->connection->state, lease->id << 1);
    if (atomic_load(&pool->waiting) > 0)
        pool_hand_over(pool, lease);
}

static inline bool turn_take(struct pool *pool, struct lease *lease, struct fault *fault) {
    unsigned nobody = 0;
    if (lease->turns > 0 || !pool->driver->single_writer || atomic_compare_exchange_strong(&pool->turn, &nobody, 1)) {
        lease->turns++;
        return true;
    }
    return pool_turn_wait(pool, lease, fault);
}

static inline void turn_leave(struct pool *pool, struct lease *lease) {
    unsigned alone = 1;
    if (--lease->turns > 0 || !pool->driver->single_writer)
        return;
    if (!atomic_compare_exchange_strong(&pool->turn, &alone, 0))
        pool_turn_pass(pool);
}

#endif
