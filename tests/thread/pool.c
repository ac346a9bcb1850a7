/* Sessions of many threads over few connections. Threads note what they saw; the test's own thread asserts. */
#include "../unit/session_fixture.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

enum { THREADS = 8 };

struct job {
    kin_db *db;
    int rounds;
    unsigned pause; /* milliseconds */
    bool good;
    char message[256];
    atomic_int *flag;
    kin_session *session;
};

static void nap(unsigned milliseconds)
{
    struct timespec time = { .tv_sec = milliseconds / 1000, .tv_nsec = (long)(milliseconds % 1000) * 1000000 };
    nanosleep(&time, NULL);
}

static void note(struct job *job, kin_session *session)
{
    job->good = kin_ok(session);
    if (!job->good && session)
        snprintf(job->message, sizeof job->message, "%d: %s", (int)kin_error_of(session)->status, kin_error_of(session)->message);
}

static void run_jobs(struct job *jobs, size_t count, void *(*run)(void *))
{
    pthread_t threads[THREADS];
    for (size_t i = 0; i < count; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, run, &jobs[i]), 0);
    for (size_t i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    for (size_t i = 0; i < count; i++)
        if (!jobs[i].good)
            fail_msg("thread %zu: %s", i, jobs[i].message);
}

static kin_db *open_pool(struct fixture *f, const char *url, unsigned pool, unsigned timeout)
{
    fixture_schema(f);
    f->db = kin_open(url, f->schema, .pool = pool, .acquire_timeout = timeout);
    if (kin_db_error(f->db))
        fail_msg("%s", kin_db_error(f->db)->message);
    f->session = kin_session_open(f->db);
    fixture_must(f->session, fixture_execute(f->session, "CREATE TABLE IF NOT EXISTS Projects (id INTEGER PRIMARY KEY, title TEXT)"));
    return f->db;
}

/* ---- everybody at once ---- */

static bool add_two(kin_session *session, void *context)
{
    (void)context;
    return fixture_execute(session, "INSERT INTO Projects (title) VALUES ('a')") &&
           fixture_execute(session, "INSERT INTO Projects (title) VALUES ('b')");
}

static void *work_hard(void *context)
{
    struct job *job = context;
    kin_session *session = kin_session_open(job->db);
    for (int i = 0; i < job->rounds && kin_ok(session); i++) {
        fixture_execute(session, "INSERT INTO Projects (title) VALUES ('c')");
        fixture_integer(session, "SELECT count(*) FROM Projects");
        kin_transaction(session, add_two, NULL);
        if (kin_begin(session)) {
            fixture_execute(session, "DELETE FROM Projects");
            kin_rollback(session);
        }
    }
    note(job, session);
    kin_session_close(session);
    return NULL;
}

static void crowd(const char *url, unsigned pool)
{
    struct fixture f = { 0 };
    open_pool(&f, url, pool, 60000);
    struct job jobs[THREADS] = { { 0 } };
    int rounds = test_long() ? 400 : 40;
    for (size_t i = 0; i < THREADS; i++)
        jobs[i] = (struct job){ .db = f.db, .rounds = rounds };
    run_jobs(jobs, THREADS, work_hard);
    assert_int_equal(fixture_integer(f.session, "SELECT count(*) FROM Projects"), THREADS * rounds * 3);
    fixture_close(&f);
}

TEST(threads_share_a_few_connections)
{
    char url[4200];
    snprintf(url, sizeof url, "sqlite:%s/crowd.db?busy_timeout=60000&synchronous=off", test_temporary());
    crowd(url, 3);
}

TEST(threads_share_one_connection)
{
    char url[4200];
    snprintf(url, sizeof url, "sqlite:%s/one.db?busy_timeout=60000&synchronous=off", test_temporary());
    crowd(url, 1);
}

TEST(threads_share_a_memory_database)
{
    crowd("sqlite::memory:?busy_timeout=60000", 8);
}

/* ---- waiting ---- */

TEST(an_idle_connection_is_taken_over)
{
    struct fixture f = { 0 };
    open_pool(&f, "sqlite::memory:", 1, 20);
    kin_session *other = kin_session_open(f.db);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(fixture_integer(other, "SELECT count(*) FROM Projects"), 0);
        assert_int_equal(fixture_integer(f.session, "SELECT count(*) FROM Projects"), 0);
    }
    kin_session_close(other);
    fixture_close(&f);
}

TEST(waiting_for_a_connection_ends)
{
    struct fixture f = { 0 };
    open_pool(&f, "sqlite::memory:", 1, 30);
    kin_session *other = kin_session_open(f.db);
    assert_true(kin_begin(f.session));
    assert_int_equal(fixture_integer(other, "SELECT 1"), -1);
    fixture_error(other, KIN_CONNECTION, "no connection was free within 30 ms: 1 of 1 are busy, the longest held for 0.");
    assert_true(kin_commit(f.session));
    assert_int_equal(fixture_integer(other, "SELECT 1"), 1);
    kin_session_close(other);
    fixture_close(&f);
}

TEST(an_open_result_keeps_the_connection)
{
    struct fixture f = { 0 };
    open_pool(&f, "sqlite::memory:", 1, 30);
    kin_session *other = kin_session_open(f.db);
    struct sql_statement statement = fixture_text("SELECT 1");
    struct result result;
    fixture_must(f.session, session_query(f.session, &statement, NULL, &result));
    assert_int_equal(fixture_integer(other, "SELECT 1"), -1);
    fixture_error(other, KIN_CONNECTION, "no connection was free");
    result_close(&result);
    assert_int_equal(fixture_integer(other, "SELECT 1"), 1);
    kin_session_close(other);
    fixture_close(&f);
}

static void *hold_a_while(void *context)
{
    struct job *job = context;
    kin_session *session = kin_session_open(job->db);
    kin_begin(session, .read_only = true);
    atomic_fetch_add(job->flag, 1);
    nap(job->pause);
    kin_commit(session);
    note(job, session);
    kin_session_close(session);
    return NULL;
}

TEST(who_waits_gets_the_connection_that_is_given_back)
{
    struct fixture f = { 0 };
    open_pool(&f, "sqlite::memory:", 2, 60000);
    atomic_int held = 0;
    struct job jobs[THREADS] = { { 0 } };
    for (size_t i = 0; i < THREADS; i++)
        jobs[i] = (struct job){ .db = f.db, .pause = 5, .flag = &held };
    run_jobs(jobs, THREADS, hold_a_while);
    assert_int_equal(held, THREADS);
    fixture_close(&f);
}

/* A session that is busy nearly always, but never in a transaction, lets others in between its calls. */
static void *be_busy(void *context)
{
    struct job *job = context;
    kin_session *session = kin_session_open(job->db);
    while (kin_ok(session) && atomic_load(job->flag) < 200)
        fixture_integer(session, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) SELECT max(i) FROM n");
    note(job, session);
    kin_session_close(session);
    return NULL;
}

static void *come_and_go(void *context)
{
    struct job *job = context;
    for (int i = 0; i < 100; i++) {
        kin_session *session = kin_session_open(job->db);
        fixture_integer(session, "SELECT 1");
        note(job, session);
        kin_session_close(session);
        atomic_fetch_add(job->flag, 1);
        if (!job->good)
            atomic_store(job->flag, 200);
    }
    return NULL;
}

static void *be_one_or_other(void *context)
{
    struct job *job = context;
    return job->rounds ? be_busy(job) : come_and_go(job);
}

TEST(busy_sessions_do_not_starve_others)
{
    struct fixture f = { 0 };
    open_pool(&f, "sqlite::memory:", 2, 60000);
    atomic_int count = 0;
    struct job jobs[5] = { { 0 } };
    for (size_t i = 0; i < 5; i++)
        jobs[i] = (struct job){ .db = f.db, .rounds = i < 3, .flag = &count };
    run_jobs(jobs, 5, be_one_or_other);
    fixture_close(&f);
}

/* ---- cancelling ---- */

static void *run_long(void *context)
{
    struct job *job = context;
    atomic_fetch_add(job->flag, 1);
    fixture_integer(job->session, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n");
    job->good = kin_error_of(job->session)->status == KIN_CANCELLED;
    snprintf(job->message, sizeof job->message, "%s", kin_error_of(job->session)->message);
    atomic_fetch_add(job->flag, 1);
    return NULL;
}

static void *wait_for_turn(void *context)
{
    struct job *job = context;
    atomic_fetch_add(job->flag, 1);
    if (job->rounds)
        kin_begin(job->session);
    else
        fixture_integer(job->session, "SELECT 1");
    job->good = kin_error_of(job->session)->status == KIN_CANCELLED;
    snprintf(job->message, sizeof job->message, "%s", kin_error_of(job->session)->message);
    atomic_fetch_add(job->flag, 1);
    return NULL;
}

/* Cancels until the thread has noticed: it may not have got as far when the first came. */
static void cancel_job(struct job *job, void *(*run)(void *))
{
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, run, job), 0);
    while (atomic_load(job->flag) < 2) {
        nap(2);
        kin_cancel(job->session);
    }
    pthread_join(thread, NULL);
    if (!job->good)
        fail_msg("%s", job->message);
}

TEST(cancel_interrupts_a_statement)
{
    struct fixture f = { 0 };
    open_pool(&f, "sqlite::memory:", 2, 60000);
    atomic_int flag = 0;
    struct job job = { .session = f.session, .flag = &flag };
    cancel_job(&job, run_long);
    kin_clear_error(f.session);
    kin_cancel(f.session); /* nothing runs: nothing happens */
    assert_int_equal(fixture_integer(f.session, "SELECT 1"), 1);
    fixture_close(&f);
}

TEST(cancel_ends_waiting_for_a_connection_or_a_turn)
{
    for (int i = 0; i < 2; i++) {
        struct fixture f = { 0 };
        open_pool(&f, "sqlite::memory:?busy_timeout=60000", i == 0 ? 1 : 2, 60000);
        atomic_int flag = 0;
        struct job job = { .session = kin_session_open(f.db), .rounds = i, .flag = &flag };
        assert_int_equal(fixture_integer(job.session, "SELECT 1"), 1);
        assert_true(kin_begin(f.session));
        cancel_job(&job, wait_for_turn);
        assert_true(kin_commit(f.session));
        kin_clear_error(job.session);
        assert_int_equal(fixture_integer(job.session, "SELECT 1"), 1);
        kin_session_close(job.session);
        fixture_close(&f);
    }
}

/* ---- closing ---- */

static void *close_later(void *context)
{
    struct job *job = context;
    nap(30);
    atomic_store(job->flag, 1);
    kin_session_close(job->session);
    return NULL;
}

TEST(close_waits_for_the_last_session)
{
    struct fixture f = { 0 };
    open_pool(&f, "sqlite::memory:", 2, 60000);
    atomic_int closed = 0;
    struct job job = { .session = f.session, .flag = &closed };
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, close_later, &job), 0);
    kin_close(f.db);
    assert_int_equal(atomic_load(&closed), 1);
    pthread_join(thread, NULL);
    kin_schema_free(f.schema);
}
