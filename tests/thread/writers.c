/*
 * Many threads that read and write through models, on one handle. No error reaches any of them; what they wrote adds up at the end; what they
 * read in between was never half of something. Threads note what they saw, the test's own thread asserts.
 */
#include "test.h"

#include <kin.h>

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

enum { THREADS = 8, PROJECTS = 12 };

struct office {
    kin_schema *schema;
    kin_db *db;
    kin_model *user, *project, *task, *link, *counter, *pair;
    kin_association *projects, *workers, *tasks, *project_of;
    char url[4300];
};

struct worker {
    struct office *office;
    kin_session *session;
    unsigned number;
    double until;
    uint64_t random;
    int64_t tasks, counted, incremented, calls; /* what it did */
    int64_t may_be;                             /* calls of which it is not known whether they were done: cancelled */
    atomic_bool started, done;
    bool bad;
    char message[400];
};

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void nap(unsigned microseconds) {
    struct timespec time = { .tv_nsec = (long)microseconds * 1000 };
    nanosleep(&time, NULL);
}

static void declare(struct office *o) {
    kin_schema *schema = o->schema = kin_schema_new();
    o->user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")));
    o->project = kin_define(schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")), .timestamps = true);
    o->task = kin_define(schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title"), KIN_INTEGER("thread")));
    o->link = kin_define(schema, "UserProjects", KIN_ATTRIBUTES(KIN_STRING("status")));
    o->counter = kin_define(schema, "Counter", KIN_ATTRIBUTES(KIN_INTEGER("value", .default_value = kin(0)), KIN_INTEGER("increments", .default_value = kin(0))));
    o->pair = kin_define(schema, "Pair", KIN_ATTRIBUTES(KIN_INTEGER("left"), KIN_INTEGER("right")));
    o->projects = kin_belongs_to_many(o->user, o->project, .through_model = o->link);
    o->workers = kin_belongs_to_many(o->project, o->user, .through = "UserProjects", .as = "workers");
    o->tasks = kin_has_many(o->project, o->task);
    o->project_of = kin_belongs_to(o->task, o->project);
}

static void office_open(struct office *o, const char *url, unsigned pool) {
    memset(o, 0, sizeof *o);
    declare(o);
    snprintf(o->url, sizeof o->url, "%s", url);
    o->db = kin_open(o->url, o->schema, .pool = pool);
    if (kin_db_error(o->db) || !kin_sync(o->db))
        fail_msg("%s", kin_db_error(o->db)->message);
    kin_session *s = kin_session_open(o->db);
    kin_create(s, o->user, { "name", kin("owner") });
    kin_create(s, o->counter, KIN_DEFAULTS);
    kin_create(s, o->pair, { "left", kin(0) }, { "right", kin(0) });
    for (int i = 0; i < PROJECTS; i++)
        kin_create(s, o->project, { "title", kin("project") });
    if (!kin_ok(s))
        fail_msg("%s", kin_error_of(s)->message);
    kin_session_close(s);
}

static void office_close(struct office *o) {
    kin_close(o->db);
    kin_schema_free(o->schema);
}

static void file_url(char *out, size_t size, const char *options) { snprintf(out, size, "sqlite:%s/office.db?journal_mode=wal%s", test_temporary(), options); }

/* ---- what a worker does ---- */

static uint64_t below(struct worker *w, uint64_t limit) {
    w->random ^= w->random << 13, w->random ^= w->random >> 7, w->random ^= w->random << 17;
    return w->random % limit;
}

static kin_value some_project(struct worker *w) { return kin((int64_t)below(w, PROJECTS) + 1); }

static bool bad(struct worker *w, const char *what) {
    if (!w->bad)
        snprintf(w->message, sizeof w->message, "%s: status %d: %s", what, (int)kin_error_of(w->session)->status, kin_error_of(w->session)->message);
    w->bad = true;
    return false;
}

/* The same owner for all. */
static kin_row *owner(struct worker *w) { return kin_find_by_pk(w->session, w->office->user, kin(1), .required = true); }

static bool create_tasks(struct worker *w) {
    const struct office *o = w->office;
    if (below(w, 2) == 0) {
        if (kin_create(w->session, o->task, { "title", kin("one") }, { "thread", kin(w->number) }, { "ProjectId", some_project(w) }) == NULL)
            return false;
        w->tasks++;
        return true;
    }
    kin_rows rows = kin_bulk_create(w->session, o->task, KIN_RECORDS(KIN_VALUES({ "title", kin("many") }, { "thread", kin(w->number) }),
                                                                     KIN_VALUES({ "title", kin("many") }, { "thread", kin(w->number) }, { "ProjectId", some_project(w) })));
    w->tasks += (int64_t)rows.count;
    return rows.count == 2;
}

/* A task of its own: nobody else touches it. */
static bool change_task(struct worker *w) {
    kin_row *task = kin_find_one(w->session, w->office->task, .where = kin_eq("thread", w->number), .order = KIN_NAMES("-id"));
    if (task == NULL)
        return kin_ok(w->session);
    if (below(w, 3) == 0) {
        bool good = kin_destroy(task);
        w->tasks -= good;
        return good;
    }
    return kin_put(task, "title", kin("changed")) && kin_save(task) && kin_set_one_key(task, w->office->project_of, some_project(w));
}

static bool link_projects(struct worker *w) {
    const struct office *o = w->office;
    kin_row *user = owner(w);
    kin_value keys[3] = { some_project(w), some_project(w), some_project(w) };
    switch (below(w, 4)) {
    case 0:
        return kin_add(user, o->projects, kin_keys_of(3, keys), .through = KIN_VALUES({ "status", kin("added") }));
    case 1:
        return kin_set(user, o->projects, kin_keys_of(3, keys)).count > 0;
    case 2:
        return kin_remove(user, o->projects, kin_keys_of(2, keys));
    default:
        kin_has(user, o->projects, kin_keys_of(1, keys));
        return kin_ok(w->session);
    }
}

/* Reads, adds one, writes: nobody may come between. */
static bool count_on(kin_session *s, void *context) {
    const struct office *o = context;
    kin_row *counter = kin_find_by_pk(s, o->counter, kin(1), .required = true);
    return kin_put(counter, "value", kin(kin_int(counter, "value") + 1)) && kin_save(counter);
}

static bool count_in_a_transaction(struct worker *w) {
    bool good = kin_transaction(w->session, count_on, w->office);
    w->counted += good;
    return good;
}

static bool increment(struct worker *w) {
    bool good = kin_increment(kin_find_by_pk(w->session, w->office->counter, kin(1), .required = true), "increments", kin(1));
    w->incremented += good;
    return good;
}

/* Both sides are changed in one transaction: nobody ever sees them differ. */
static bool change_pair(struct worker *w) {
    kin_session *s = w->session;
    if (!kin_begin(s))
        return false;
    kin_row *pair = kin_find_by_pk(s, w->office->pair, kin(1), .required = true);
    int64_t value = kin_int(pair, "left") + 1;
    kin_put(pair, "left", kin(value));
    kin_save(pair);
    kin_begin(s);
    kin_put(pair, "right", kin(-1));
    kin_save(pair);
    kin_rollback(s);
    kin_put(pair, "right", kin(value));
    kin_save(pair);
    if (below(w, 3) == 0)
        return kin_rollback(s);
    return kin_commit(s);
}

static bool read_pair(struct worker *w) {
    kin_row *pair = kin_find_by_pk(w->session, w->office->pair, kin(1), .required = true);
    if (pair == NULL)
        return false;
    return kin_int(pair, "left") == kin_int(pair, "right") || bad(w, "half of a transaction was read");
}

static bool find_with_includes(struct worker *w) {
    const struct office *o = w->office;
    kin_rows rows = kin_find_all(w->session, o->project, .order = KIN_NAMES("id"),
                                 .include = KIN_INCLUDE(KIN_WITH(o->tasks, .limit = 5, .order = KIN_NAMES("-id")), KIN_WITH(o->workers)));
    if (rows.count != PROJECTS)
        return kin_ok(w->session) ? bad(w, "projects are missing") : false;
    for (size_t i = 0; i < rows.count; i++)
        if (kin_related(rows.at[i], o->workers).count > 1 || kin_related(rows.at[i], o->tasks).count > 5)
            return bad(w, "too much was included");
    return true;
}

static bool walk(struct worker *w) {
    const struct office *o = w->office;
    kin_cursor *cursor = kin_each(w->session, o->task, .order = KIN_NAMES("-id"), .include = KIN_INCLUDE(KIN_WITH(o->project_of)));
    int64_t last = INT64_MAX;
    for (int i = 0; i < 50; i++) {
        kin_row *row = kin_next(cursor);
        if (row == NULL)
            break;
        if (kin_int(row, "id") >= last)
            return bad(w, "a row came twice");
        last = kin_int(row, "id");
    }
    kin_cursor_close(cursor);
    return kin_ok(w->session);
}

/* In a transaction that only reads two looks see the same. */
static bool look_twice(struct worker *w) {
    kin_session *s = w->session;
    if (!kin_begin(s, .read_only = true))
        return false;
    int64_t first = kin_count_all(s, w->office->task);
    kin_value value = kin_sum(s, w->office->counter, "value");
    bool same = kin_count_all(s, w->office->task) == first && kin_sum(s, w->office->counter, "value").as.integer == value.as.integer;
    bool good = kin_commit(s);
    return good && (same || bad(w, "a transaction saw two different states"));
}

static bool walk_and_write(struct worker *w) {
    kin_session *s = w->session;
    if (!kin_begin(s))
        return false;
    kin_cursor *cursor = kin_each(s, w->office->task, .where = kin_eq("thread", w->number), .limit = 5);
    for (kin_row *row; (row = kin_next(cursor)) != NULL;) {
        kin_put(row, "title", kin("walked"));
        kin_save(row);
    }
    kin_cursor_close(cursor);
    return kin_commit(s);
}

static bool (*const jobs[])(struct worker *) = { create_tasks, change_task, link_projects, link_projects, count_in_a_transaction, increment, change_pair, read_pair,
                                                 find_with_includes, walk, look_twice, walk_and_write };
enum { JOBS = sizeof jobs / sizeof jobs[0] };

static void *run_worker(void *context) {
    struct worker *w = context;
    w->session = kin_session_open(w->office->db);
    atomic_store(&w->started, true);
    while (seconds() < w->until && !w->bad) {
        kin_mark mark = kin_session_mark(w->session);
        size_t job = below(w, JOBS);
        if (!jobs[job](w)) {
            char name[20];
            snprintf(name, sizeof name, "job %zu", job);
            bad(w, name);
        }
        kin_session_release(w->session, mark);
        w->calls++;
    }
    atomic_store(&w->done, true);
    kin_session_close(w->session);
    return NULL;
}

/* ---- the crowd ---- */

static void workers_start(struct worker *workers, size_t count, struct office *o, pthread_t *threads, double time, void *(*run)(void *)) {
    for (size_t i = 0; i < count; i++) {
        memset(&workers[i], 0, sizeof workers[i]);
        workers[i].office = o;
        workers[i].number = (unsigned)i;
        workers[i].until = seconds() + time;
        workers[i].random = UINT64_C(0x9E3779B97F4A7C15) * (i + 1);
        assert_int_equal(pthread_create(&threads[i], NULL, run, &workers[i]), 0);
    }
}

static void workers_check(struct worker *workers, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (workers[i].bad)
            fail_msg("thread %zu: %s", i, workers[i].message);
        assert_true(workers[i].calls > 0);
    }
}

static void check_sums(struct office *o, const struct worker *workers, size_t count, bool exactly) {
    kin_session *s = kin_session_open(o->db);
    int64_t counted = 0, incremented = 0, unknown = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t found = kin_count_all(s, o->task, .where = kin_eq("thread", i));
        if (exactly && found != workers[i].tasks)
            fail_msg("thread %zu: %d tasks, and not %d", i, (int)found, (int)workers[i].tasks);
        counted += workers[i].counted;
        incremented += workers[i].incremented;
        unknown += workers[i].may_be;
    }
    kin_row *counter = kin_find_by_pk(s, o->counter, kin(1));
    int64_t value = kin_int(counter, "value"), increments = kin_int(counter, "increments");
    if (value < counted || value > counted + unknown || increments < incremented || increments > incremented + unknown)
        fail_msg("%d counted and not %d, %d incremented and not %d", (int)value, (int)counted, (int)increments, (int)incremented);
    kin_row *pair = kin_find_by_pk(s, o->pair, kin(1));
    assert_int_equal(kin_int(pair, "left"), kin_int(pair, "right"));
    assert_int_equal(kin_count_all(s, o->project), PROJECTS);
    assert_int_equal(kin_query(s, "SELECT UserId, ProjectId FROM UserProjects GROUP BY 1, 2 HAVING count(*) > 1").count, 0);
    assert_string_equal(kin_text(kin_query(s, "PRAGMA integrity_check").at[0], "integrity_check"), "ok");
    assert_int_equal(kin_query(s, "PRAGMA foreign_key_check").count, 0);
    if (!kin_ok(s))
        fail_msg("%s", kin_error_of(s)->message);
    kin_session_close(s);
}

static void crowd(const char *options, unsigned pool, double time) {
    struct office o;
    struct worker workers[THREADS];
    pthread_t threads[THREADS];
    char url[4300];
    file_url(url, sizeof url, options);
    office_open(&o, url, pool);
    workers_start(workers, THREADS, &o, threads, time, run_worker);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    workers_check(workers, THREADS);
    check_sums(&o, workers, THREADS, true);
    office_close(&o);
}

TEST(eight_threads_on_one_handle) { crowd("", THREADS, test_long() ? 20 : 5); }
TEST(eight_threads_on_three_connections) { crowd("&synchronous=off", 3, test_long() ? 10 : 2); }
TEST(eight_threads_on_one_connection) { crowd("&synchronous=off", 1, test_long() ? 10 : 2); }
TEST(eight_threads_in_memory)
{
    struct office o;
    struct worker workers[THREADS];
    pthread_t threads[THREADS];
    office_open(&o, "sqlite::memory:", 4);
    workers_start(workers, THREADS, &o, threads, test_long() ? 10 : 2, run_worker);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    workers_check(workers, THREADS);
    check_sums(&o, workers, THREADS, true);
    office_close(&o);
}

/* ---- closing ---- */

/* kin_close is called while all of them are still at work; it comes back when the last has closed its session. */
TEST(close_waits_for_all_workers)
{
    struct office o;
    struct worker workers[THREADS];
    pthread_t threads[THREADS];
    char url[4300];
    file_url(url, sizeof url, "&synchronous=off");
    for (int round = 0; round < (test_long() ? 10 : 3); round++) {
        office_open(&o, url, 2);
        workers_start(workers, THREADS, &o, threads, 0.3, run_worker);
        for (size_t i = 0; i < THREADS; i++)
            while (!atomic_load(&workers[i].started))
                nap(1000);
        kin_close(o.db);
        o.db = NULL;
        for (size_t i = 0; i < THREADS; i++)
            assert_true(atomic_load(&workers[i].done));
        for (size_t i = 0; i < THREADS; i++)
            pthread_join(threads[i], NULL);
        workers_check(workers, THREADS);
        office_close(&o);
        remove(strtok(url + strlen("sqlite:"), "?"));
        file_url(url, sizeof url, "&synchronous=off");
    }
}

/* ---- cancelling ---- */

/* Works on, whatever is cancelled. What was cancelled was not done, but for a commit that was on its way. */
static void *run_cancelled(void *context) {
    struct worker *w = context;
    while (seconds() < w->until && !w->bad) {
        kin_mark mark = kin_session_mark(w->session);
        jobs[below(w, JOBS)](w);
        if (!kin_ok(w->session)) {
            if (kin_error_of(w->session)->status != KIN_CANCELLED && kin_error_of(w->session)->status != KIN_TRANSACTION)
                bad(w, "cancelled");
            while (kin_transaction_depth(w->session) > 0)
                kin_rollback(w->session);
            kin_clear_error(w->session);
            w->may_be++;
        } else if (kin_transaction_depth(w->session) > 0) {
            bad(w, "a level is open");
        }
        kin_session_release(w->session, mark);
        w->calls++;
    }
    return NULL;
}

TEST(calls_are_cancelled_from_another_thread)
{
    enum { CANCELLED = 4 };
    struct office o;
    struct worker workers[CANCELLED];
    pthread_t threads[CANCELLED];
    kin_session *sessions[CANCELLED];
    char url[4300];
    file_url(url, sizeof url, "&synchronous=off");
    office_open(&o, url, 3);
    double until = seconds() + (test_long() ? 10 : 2);
    for (size_t i = 0; i < CANCELLED; i++) {
        sessions[i] = kin_session_open(o.db);
        memset(&workers[i], 0, sizeof workers[i]);
        workers[i] = (struct worker){ .office = &o, .session = sessions[i], .number = (unsigned)i, .until = until, .random = UINT64_C(0x9E3779B97F4A7C15) * (i + 1) };
        assert_int_equal(pthread_create(&threads[i], NULL, run_cancelled, &workers[i]), 0);
    }
    for (unsigned i = 0; seconds() < until; i++) {
        nap(300 + i % 7 * 100);
        kin_cancel(sessions[i % CANCELLED]);
    }
    for (size_t i = 0; i < CANCELLED; i++)
        pthread_join(threads[i], NULL);
    int64_t cancelled = 0;
    for (size_t i = 0; i < CANCELLED; i++) {
        cancelled += workers[i].may_be;
        kin_session_close(sessions[i]);
    }
    workers_check(workers, CANCELLED);
    assert_true(cancelled > 0);
    check_sums(&o, workers, CANCELLED, false);
    office_close(&o);
}

/* ---- several handles ---- */

/* Opens a handle of its own on the same file, makes sure that the tables are there, works. */
static void *run_handle(void *context) {
    struct worker *w = context;
    struct office own = *w->office;
    own.db = kin_open(own.url, own.schema, .pool = 2);
    if (kin_db_error(own.db) || !kin_sync(own.db)) {
        w->bad = true;
        snprintf(w->message, sizeof w->message, "%s", kin_db_error(own.db)->message);
    } else {
        w->office = &own;
        run_worker(w);
    }
    kin_close(own.db);
    return NULL;
}

TEST(handles_on_one_file)
{
    enum { HANDLES = 4 };
    struct office o;
    struct worker workers[HANDLES];
    pthread_t threads[HANDLES];
    char url[4300];
    file_url(url, sizeof url, "&synchronous=off&busy_timeout=60000");
    office_open(&o, url, 1);
    workers_start(workers, HANDLES, &o, threads, test_long() ? 10 : 2, run_handle);
    for (size_t i = 0; i < HANDLES; i++)
        pthread_join(threads[i], NULL);
    workers_check(workers, HANDLES);
    check_sums(&o, workers, HANDLES, true);
    office_close(&o);
}
