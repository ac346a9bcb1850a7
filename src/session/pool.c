/* Leasing connections, waiting for them, taking turns at writing.
 *
 * Always, under the lock: a place whose state is 0 is nobody's; a queue of waiters that is not empty means that no place is
 * nobody's. A connection's handle and cache belong to who has the state busy, and to nobody else. */
#include "session/pool.h"

#include "base/memory.h"
#include "session/clock.h"

#include <inttypes.h>

/* A session that waits; on its stack. Everything is under the lock. */
struct pool_waiter {
    pthread_cond_t wake;
    struct lease *lease;
    struct pool_waiter *next;
    bool granted, cancelled;
};

/* ---- opening and closing ---- */

bool pool_open(struct pool *pool, const struct driver *driver, const struct driver_config *config, size_t count, unsigned acquire_timeout,
               unsigned busy_timeout) {
    *pool = (struct pool){ .driver = driver, .config = config, .count = count, .acquire_timeout = acquire_timeout, .busy_timeout = busy_timeout };
    pool->at = memory_allocate_cleared(count * sizeof *pool->at);
    if (!pool->at)
        return false;
    if (pthread_mutex_init(&pool->lock, NULL) != 0)
        goto no_lock;
    if (pthread_condattr_init(&pool->monotonic) != 0)
        goto no_attribute;
    if (pthread_condattr_setclock(&pool->monotonic, CLOCK_MONOTONIC) != 0 || pthread_cond_init(&pool->cancelled, &pool->monotonic) != 0)
        goto no_condition;
    for (size_t i = 0; i < count; i++) {
        atomic_init(&pool->at[i].state, 0);
        pool->at[i].cache.driver = driver;
    }
    atomic_init(&pool->waiting, 0);
    atomic_init(&pool->turn, 0);
    return true;
no_condition:
    pthread_condattr_destroy(&pool->monotonic);
no_attribute:
    pthread_mutex_destroy(&pool->lock);
no_lock:
    memory_free(pool->at);
    return false;
}

void pool_close(struct pool *pool) {
    for (size_t i = 0; i < pool->count; i++) {
        cache_free(&pool->at[i].cache);
        if (pool->at[i].handle)
            pool->driver->close(pool->at[i].handle);
    }
    pthread_cond_destroy(&pool->cancelled);
    pthread_condattr_destroy(&pool->monotonic);
    pthread_mutex_destroy(&pool->lock);
    memory_free(pool->at);
}

/* ---- waiting ---- */

static void pool_enqueue(struct pool_queue *queue, struct pool_waiter *waiter) {
    if (queue->last)
        queue->last->next = waiter;
    else
        queue->first = waiter;
    queue->last = waiter;
}

static void pool_dequeue(struct pool_queue *queue, struct pool_waiter *waiter) {
    struct pool_waiter *before = NULL, *at = queue->first;
    while (at && at != waiter) {
        before = at;
        at = at->next;
    }
    if (!at)
        return;
    if (before)
        before->next = at->next;
    else
        queue->first = at->next;
    if (queue->last == at)
        queue->last = before;
}

/* Takes the first off, with what it waited for. NULL: nobody waits. */
static struct lease *pool_grant(struct pool_queue *queue) {
    struct pool_waiter *waiter = queue->first;
    if (!waiter)
        return NULL;
    pool_dequeue(queue, waiter);
    waiter->granted = true;
    pthread_cond_signal(&waiter->wake);
    return waiter->lease;
}

enum pool_wait { POOL_GRANTED, POOL_TIMED_OUT, POOL_CANCELLED };

/* Under the lock, which is open while it waits. */
static enum pool_wait pool_await(struct pool *pool, struct pool_queue *queue, struct lease *lease, unsigned milliseconds) {
    struct pool_waiter waiter = { .lease = lease };
    struct timespec deadline = clock_timespec(clock_microseconds() + (int64_t)milliseconds * 1000);
    if (pthread_cond_init(&waiter.wake, &pool->monotonic) != 0)
        return POOL_TIMED_OUT;
    pool_enqueue(queue, &waiter);
    lease->waiter = &waiter;
    while (!waiter.granted && !waiter.cancelled)
        if (pthread_cond_timedwait(&waiter.wake, &pool->lock, &deadline) != 0)
            break;
    lease->waiter = NULL;
    if (!waiter.granted)
        pool_dequeue(queue, &waiter);
    pthread_cond_destroy(&waiter.wake);
    return waiter.granted ? POOL_GRANTED : waiter.cancelled ? POOL_CANCELLED : POOL_TIMED_OUT;
}

/* ---- leasing ---- */

/* Under the lock: the place is the lease's; the caller sees to the state. */
static void pool_assign(struct connection *connection, struct lease *lease, uint64_t id) {
    lease->connection = connection;
    lease->id = id;
    lease->busy = true;
    connection->leased_at = clock_microseconds();
}

/* Under the lock, by who has the place: to the first who waits, or to nobody. */
static void pool_pass(struct pool *pool, struct connection *connection) {
    struct lease *lease = pool_grant(&pool->queue);
    if (!lease) {
        atomic_store(&connection->state, 0);
        return;
    }
    pool_assign(connection, lease, ++pool->leases);
    atomic_store(&connection->state, lease->id << 1 | 1);
}

/* Under the lock: lets the first who waits have a connection that lies idle. */
static void pool_offer(struct pool *pool, struct connection *connection, uint64_t idle) {
    if (!pool->queue.first || connection->cancelling > 0)
        return;
    uint64_t id = pool->leases + 1;
    if (atomic_compare_exchange_strong(&connection->state, &idle, id << 1 | 1)) {
        pool->leases = id;
        pool_assign(connection, pool_grant(&pool->queue), id);
    }
}

/* Under the lock: a place for the lease, open ones before those that are not, idle ones of others last. NULL: all are busy. */
static struct connection *pool_find(struct pool *pool, uint64_t id) {
    struct connection *found = NULL;
    for (size_t i = 0; i < pool->count && !(found && found->handle); i++)
        if (atomic_load(&pool->at[i].state) == 0 && (!found || pool->at[i].handle))
            found = &pool->at[i];
    if (found) {
        atomic_store(&found->state, id << 1 | 1);
        return found;
    }
    for (size_t i = 0; i < pool->count; i++) {
        uint64_t state = atomic_load(&pool->at[i].state);
        if ((state & 1) == 0 && pool->at[i].cancelling == 0 && atomic_compare_exchange_strong(&pool->at[i].state, &state, id << 1 | 1))
            return &pool->at[i];
    }
    return NULL;
}

/* "8 of 8 are in use, the longest for 12.3 s" */
static bool pool_exhausted(struct pool *pool, struct fault *fault) {
    size_t busy = 0;
    int64_t now = clock_microseconds(), longest = 0;
    for (size_t i = 0; i < pool->count; i++) {
        if ((atomic_load(&pool->at[i].state) & 1) == 0)
            continue;
        busy++;
        if (now - pool->at[i].leased_at > longest)
            longest = now - pool->at[i].leased_at;
    }
    return fault_set(fault, KIN_CONNECTION, NULL, NULL,
                     "no connection was free within %u ms: %zu of %zu are busy, the longest held for %" PRId64 ".%" PRId64
                     " s. End transactions and cursors sooner, or give kin_open a larger .pool",
                     pool->acquire_timeout, busy, pool->count, longest / 1000000, longest / 100000 % 10);
}

/* A place for the lease, open or not. */
static bool pool_acquire(struct pool *pool, struct lease *lease, struct fault *fault) {
    pthread_mutex_lock(&pool->lock);
    lease->connection = NULL; /* another session may have it by now */
    lease->busy = false;
    atomic_fetch_add(&pool->waiting, 1); /* before looking for idle ones: see lease_idle */
    enum pool_wait waited = POOL_GRANTED;
    uint64_t id = pool->leases + 1;
    struct connection *connection = pool->queue.first ? NULL : pool_find(pool, id);
    if (connection) {
        pool->leases = id;
        pool_assign(connection, lease, id);
    } else {
        waited = pool_await(pool, &pool->queue, lease, pool->acquire_timeout);
    }
    atomic_fetch_sub(&pool->waiting, 1);
    if (waited == POOL_TIMED_OUT)
        pool_exhausted(pool, fault);
    else if (waited == POOL_CANCELLED)
        fault_set(fault, KIN_CANCELLED, NULL, NULL, "kin_cancel: cancelled while waiting for a connection");
    pthread_mutex_unlock(&pool->lock);
    return waited == POOL_GRANTED;
}

/* Under the lock: waits until nobody cancels what the connection runs, which must not hit the next who has it. */
static void pool_await_cancels(struct pool *pool, struct connection *connection) {
    while (connection->cancelling > 0)
        pthread_cond_wait(&pool->cancelled, &pool->lock);
}

/* Closes the lease's connection; the place stays its own. */
static void pool_disconnect(struct pool *pool, struct lease *lease) {
    struct connection *connection = lease->connection;
    pthread_mutex_lock(&pool->lock);
    pool_await_cancels(pool, connection);
    struct driver_connection *handle = connection->handle;
    connection->handle = NULL;
    pthread_mutex_unlock(&pool->lock);
    cache_free(&connection->cache);
    if (handle)
        pool->driver->close(handle);
    connection->broken = false;
}

/* Whoever had the connection before may have left a transaction open with SQL of its own. */
static bool pool_is_clean(struct pool *pool, struct connection *connection) {
    if (!connection->handle || !pool->driver->in_transaction(connection->handle))
        return true;
    struct fault fault;
    fault_start(&fault);
    bool clean = pool->driver->control(connection->handle, DRIVER_ROLLBACK, 0, &fault) && !pool->driver->in_transaction(connection->handle);
    fault_clear(&fault);
    return clean;
}

/* Gives the place to who waits, or to nobody. */
static void pool_vacate(struct pool *pool, struct lease *lease) {
    struct connection *connection = lease->connection;
    pthread_mutex_lock(&pool->lock);
    pool_await_cancels(pool, connection);
    lease->connection = NULL;
    lease->busy = false;
    pool_pass(pool, connection);
    pthread_mutex_unlock(&pool->lock);
}

bool pool_lease(struct pool *pool, struct lease *lease, struct fault *fault) {
    if (!pool_acquire(pool, lease, fault))
        return false;
    struct connection *connection = lease->connection;
    if (connection->broken || !pool_is_clean(pool, connection))
        pool_disconnect(pool, lease);
    if (connection->handle)
        return true;
    struct driver_connection *handle = NULL;
    if (!pool->driver->open(pool->config, &handle, fault)) {
        pool_vacate(pool, lease);
        return false;
    }
    pthread_mutex_lock(&pool->lock);
    connection->handle = handle;
    pthread_mutex_unlock(&pool->lock);
    return true;
}

void pool_return(struct pool *pool, struct lease *lease) {
    if (!lease->busy && !lease_resume(lease)) {
        pthread_mutex_lock(&pool->lock);
        lease->connection = NULL;
        pthread_mutex_unlock(&pool->lock);
        return;
    }
    if (lease->connection->broken)
        pool_disconnect(pool, lease);
    pool_vacate(pool, lease);
}

void pool_hand_over(struct pool *pool, struct lease *lease) {
    pthread_mutex_lock(&pool->lock);
    pool_offer(pool, lease->connection, lease->id << 1);
    pthread_mutex_unlock(&pool->lock);
}

void pool_cancel(struct pool *pool, struct lease *lease) {
    pthread_mutex_lock(&pool->lock);
    struct connection *connection = lease->connection;
    uint64_t id = lease->id;
    if (lease->waiter) {
        lease->waiter->cancelled = true;
        pthread_cond_signal(&lease->waiter->wake);
    } else if (connection && connection->handle && atomic_load(&connection->state) == (id << 1 | 1)) {
        connection->cancelling++;
        struct driver_connection *handle = connection->handle;
        pthread_mutex_unlock(&pool->lock);
        pool->driver->cancel(handle); /* may take a while: not under the lock */
        pthread_mutex_lock(&pool->lock);
        if (--connection->cancelling == 0) {
            pthread_cond_broadcast(&pool->cancelled);
            pool_offer(pool, connection, id << 1);
        }
    }
    pthread_mutex_unlock(&pool->lock);
}

/* ---- the writers' turn ---- */

/* Under the lock: takes the turn, or notes that somebody waits for it. */
static bool pool_turn_try(struct pool *pool) {
    for (;;) {
        unsigned nobody = 0, alone = 1;
        if (atomic_compare_exchange_strong(&pool->turn, &nobody, 1))
            return true;
        if (nobody == 2 || atomic_compare_exchange_strong(&pool->turn, &alone, 2))
            return false;
    }
}

bool pool_turn_wait(struct pool *pool, struct lease *lease, struct fault *fault) {
    pthread_mutex_lock(&pool->lock);
    enum pool_wait waited = POOL_GRANTED;
    if (!pool_turn_try(pool))
        waited = pool_await(pool, &pool->writers, lease, pool->busy_timeout);
    pthread_mutex_unlock(&pool->lock);
    if (waited == POOL_GRANTED) {
        lease->turns++;
        return true;
    }
    if (waited == POOL_CANCELLED)
        return fault_set(fault, KIN_CANCELLED, NULL, NULL, "kin_cancel: cancelled while another session was writing");
    return fault_set(fault, KIN_BUSY, NULL, NULL,
                     "another session of this process has been writing for longer than the busy time-out of %u ms: it must end its "
                     "transaction first (this database takes one writer at a time)",
                     pool->busy_timeout);
}

void pool_turn_pass(struct pool *pool) {
    pthread_mutex_lock(&pool->lock);
    struct lease *next = pool_grant(&pool->writers);
    atomic_store(&pool->turn, !next ? 0 : pool->writers.first ? 2 : 1);
    pthread_mutex_unlock(&pool->lock);
}
