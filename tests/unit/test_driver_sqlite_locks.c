/* The SQLite driver where several connections meet: locks, memory databases, cancelling; and where memory runs out. */
#include "test_driver_support.h"

#ifdef KIN_HAVE_SQLITE

#include "failing.h"

#include <pthread.h>
#include <sqlite3.h>
#include <time.h>

static const char *file_url(const char *options)
{
    static char url[4500];
    snprintf(url, sizeof url, "sqlite:%s/locks.db%s", test_temporary(), options);
    return url;
}

static int64_t milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static const struct driver *const sqlite = &driver_sqlite;

/* ---- locks --------------------------------------------------------------------------------------------- */

static void writers_exclude_each_other(const char *url)
{
    struct opened opened = open_url(url);
    struct driver_connection *one = opened.connection, *other = open_second(&opened);
    must(run_on(sqlite, one, "CREATE TABLE t (x)"));
    must(control_on(sqlite, one, DRIVER_BEGIN_WRITE, 0));
    int64_t before = milliseconds();
    assert_false(control_on(sqlite, other, DRIVER_BEGIN_WRITE, 0));
    assert_in_range(milliseconds() - before, 60, 2000);
    const kin_error *error = failed_with(KIN_BUSY);
    assert_int_equal(error->native_code & 0xff, SQLITE_BUSY);
    assert_non_null(strstr(error->message, "longer than 60 ms"));
    assert_true(sqlite->usable(other));
    assert_false(sqlite->in_transaction(other));
    must(run_on(sqlite, one, "INSERT INTO t VALUES (1)"));
    must(control_on(sqlite, one, DRIVER_COMMIT, 0));
    must(control_on(sqlite, other, DRIVER_BEGIN_WRITE, 0));
    assert_int_equal(number_on(sqlite, other, "SELECT count(*) FROM t"), 1);
    must(control_on(sqlite, other, DRIVER_COMMIT, 0));
    sqlite->close(other);
    close_url(&opened);
}

TEST(writers_exclude_each_other_in_a_file)
{
    writers_exclude_each_other(file_url("?busy_timeout=60"));
}

TEST(writers_exclude_each_other_in_memory)
{
    writers_exclude_each_other("sqlite::memory:?busy_timeout=60");
}

static void readers_see_the_old_state(const char *url)
{
    struct opened opened = open_url(url);
    struct driver_connection *writer = opened.connection, *reader = open_second(&opened);
    must(run_on(sqlite, writer, "CREATE TABLE t (x); INSERT INTO t VALUES (1)"));
    must(control_on(sqlite, writer, DRIVER_BEGIN_WRITE, 0));
    must(run_on(sqlite, writer, "INSERT INTO t VALUES (2)"));
    assert_int_equal(number_on(sqlite, reader, "SELECT count(*) FROM t"), 1);
    must(control_on(sqlite, reader, DRIVER_BEGIN_READ, 0));
    assert_int_equal(number_on(sqlite, reader, "SELECT count(*) FROM t"), 1);
    must(control_on(sqlite, writer, DRIVER_COMMIT, 0));
    assert_int_equal(number_on(sqlite, reader, "SELECT count(*) FROM t"), 1);
    /* What it has read is old by now, so it cannot write upon it. */
    assert_false(run_on(sqlite, reader, "INSERT INTO t VALUES (3)"));
    assert_int_equal(failed_with(KIN_BUSY)->native_code, SQLITE_BUSY_SNAPSHOT);
    assert_non_null(strstr(fault.error.message, "has written since"));
    must(control_on(sqlite, reader, DRIVER_ROLLBACK, 0));
    assert_int_equal(number_on(sqlite, reader, "SELECT count(*) FROM t"), 2);
    sqlite->close(reader);
    close_url(&opened);
}

TEST(readers_of_a_file_see_the_old_state_while_one_writes)
{
    readers_see_the_old_state(file_url(""));
}

TEST(readers_in_memory_never_see_what_is_not_committed)
{
    struct opened opened = open_url("sqlite::memory:?busy_timeout=20");
    struct driver_connection *writer = opened.connection, *reader = open_second(&opened);
    must(run_on(sqlite, writer, "CREATE TABLE t (x); INSERT INTO t VALUES (1)"));
    must(control_on(sqlite, writer, DRIVER_BEGIN_WRITE, 0));
    must(run_on(sqlite, writer, "INSERT INTO t VALUES (2)"));
    /* SQLite's memdb lets readers wait for the writer; one day it may give them the old state. */
    if (number_on(sqlite, reader, "SELECT count(*) FROM t") != 1)
        failed_with(KIN_BUSY);
    must(control_on(sqlite, writer, DRIVER_COMMIT, 0));
    assert_int_equal(number_on(sqlite, reader, "SELECT count(*) FROM t"), 2);
    sqlite->close(reader);
    close_url(&opened);
}

TEST(a_commit_that_waits_too_long_for_readers_can_be_tried_again)
{
    struct opened opened = open_url(file_url("?journal_mode=delete&busy_timeout=20"));
    struct driver_connection *writer = opened.connection, *reader = open_second(&opened);
    must(run_on(sqlite, writer, "CREATE TABLE t (x); INSERT INTO t VALUES (1)"));
    must(control_on(sqlite, reader, DRIVER_BEGIN_READ, 0));
    assert_int_equal(number_on(sqlite, reader, "SELECT count(*) FROM t"), 1);
    must(control_on(sqlite, writer, DRIVER_BEGIN_WRITE, 0));
    must(run_on(sqlite, writer, "INSERT INTO t VALUES (2)"));
    assert_false(control_on(sqlite, writer, DRIVER_COMMIT, 0));
    failed_with(KIN_BUSY);
    assert_true(sqlite->in_transaction(writer));
    must(control_on(sqlite, reader, DRIVER_COMMIT, 0));
    must(control_on(sqlite, writer, DRIVER_COMMIT, 0));
    assert_int_equal(number_on(sqlite, reader, "SELECT count(*) FROM t"), 2);
    sqlite->close(reader);
    close_url(&opened);
}

struct writing {
    const struct opened *opened;
    int count;
    bool good;
};

static void *write_rows(void *argument)
{
    struct writing *writing = argument;
    const struct driver *driver = writing->opened->driver;
    struct driver_connection *connection = NULL;
    struct fault own;
    fault_start(&own);
    writing->good = driver->open(writing->opened->config, &connection, &own);
    for (int i = 0; i < writing->count && writing->good; i++) {
        writing->good = driver->control(connection, DRIVER_BEGIN_WRITE, 0, &own) &&
                        driver->script(connection, "UPDATE t SET x = x + 1", &own) && driver->control(connection, DRIVER_COMMIT, 0, &own);
    }
    if (!writing->good)
        printf("%s\n", own.error.message);
    fault_clear(&own);
    driver->close(connection);
    return NULL;
}

static void writers_wait_for_each_other(const char *url)
{
    enum { THREADS = 4, ROUNDS = 50 };
    pthread_t threads[THREADS];
    struct writing writing[THREADS];
    struct opened opened = open_url(url);
    must(run_on(sqlite, opened.connection, "CREATE TABLE t (x); INSERT INTO t VALUES (0)"));
    for (size_t i = 0; i < THREADS; i++) {
        writing[i] = (struct writing){ &opened, ROUNDS, false };
        assert_int_equal(pthread_create(&threads[i], NULL, write_rows, &writing[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_true(writing[i].good);
    }
    assert_int_equal(number_on(sqlite, opened.connection, "SELECT x FROM t"), THREADS * ROUNDS);
    close_url(&opened);
}

TEST(writers_of_a_file_wait_for_each_other)
{
    writers_wait_for_each_other(file_url(""));
}

TEST(writers_in_memory_wait_for_each_other)
{
    writers_wait_for_each_other("sqlite::memory:");
}

static void *open_once(void *argument)
{
    struct writing *writing = argument;
    struct driver_connection *connection = NULL;
    struct fault own;
    fault_start(&own);
    writing->good = sqlite->open(writing->opened->config, &connection, &own);
    if (!writing->good)
        printf("%s\n", own.error.message);
    fault_clear(&own);
    sqlite->close(connection);
    return NULL;
}

TEST(a_new_file_can_be_opened_by_many_at_once)
{
    enum { THREADS = 8 };
    for (int round = 0; round < 5; round++) {
        char options[16];
        pthread_t threads[THREADS];
        struct writing writing[THREADS];
        struct opened opened = { .driver = sqlite };
        snprintf(options, sizeof options, ".%d", round);
        fault_start(&fault);
        must(sqlite->configure(file_url(options), &opened.config, &fault));
        for (size_t i = 0; i < THREADS; i++) {
            writing[i] = (struct writing){ &opened, 0, false };
            assert_int_equal(pthread_create(&threads[i], NULL, open_once, &writing[i]), 0);
        }
        for (size_t i = 0; i < THREADS; i++) {
            pthread_join(threads[i], NULL);
            assert_true(writing[i].good);
        }
        sqlite->unconfigure(opened.config);
    }
}

/* ---- memory databases ---------------------------------------------------------------------------------- */

TEST(a_memory_database_is_one_for_all_its_connections)
{
    struct opened opened = open_url("sqlite::memory:");
    must(run_on(sqlite, opened.connection, "CREATE TABLE t (x); INSERT INTO t VALUES (41)"));
    assert_string_equal(sqlite->database(opened.config), ":memory:");
    /* Also when for a time nobody has it open. */
    sqlite->close(opened.connection);
    opened.connection = open_second(&opened);
    assert_int_equal(number_on(sqlite, opened.connection, "SELECT x FROM t"), 41);
    struct driver_connection *other = open_second(&opened);
    must(run_on(sqlite, other, "UPDATE t SET x = 42"));
    assert_int_equal(number_on(sqlite, opened.connection, "SELECT x FROM t"), 42);
    must(run_on(sqlite, other, "ALTER TABLE t ADD COLUMN y DEFAULT 7"));
    assert_int_equal(number_on(sqlite, opened.connection, "SELECT y FROM t"), 7);
    sqlite->close(other);
    close_url(&opened);
}

TEST(rows_come_under_the_names_that_the_columns_have_now)
{
    static const kin_type types[] = { KIN_TYPE_INTEGER, KIN_TYPE_INTEGER };
    struct opened opened = open_url("sqlite::memory:");
    struct driver_connection *other = open_second(&opened);
    kin_value cells[2];
    must(run_on(sqlite, opened.connection, "CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 2)"));
    struct driver_statement *statement = prepare_on(&opened, "SELECT * FROM t");
    must(sqlite->start(statement, NULL, 0, &fault));
    assert_string_equal(sqlite->column_name(statement, 0), "a");
    sqlite->reset(statement);
    must(run_on(sqlite, other, "ALTER TABLE t DROP COLUMN a; ALTER TABLE t ADD COLUMN c DEFAULT 7"));
    must(sqlite->start(statement, NULL, 0, &fault));
    assert_int_equal(sqlite->column_count(statement), 2);
    assert_string_equal(sqlite->column_name(statement, 0), "b");
    assert_string_equal(sqlite->column_name(statement, 1), "c");
    assert_int_equal(sqlite->next(statement, types, cells, 2, &fault), DRIVER_ROW);
    assert_int_equal(cells[0].as.integer, 2);
    assert_int_equal(cells[1].as.integer, 7);
    assert_int_equal(sqlite->next(statement, types, cells, 2, &fault), DRIVER_DONE);
    sqlite->finalize(statement);
    sqlite->close(other);
    close_url(&opened);
}

TEST(memory_databases_are_apart)
{
    struct opened one = open_url("sqlite::memory:"), other = open_url("sqlite::memory:?foreign_keys=off");
    must(run_on(sqlite, one.connection, "CREATE TABLE t (x)"));
    assert_int_equal(number_on(sqlite, one.connection, "SELECT count(*) FROM t"), 0);
    assert_int_equal(number_on(sqlite, other.connection, "SELECT count(*) FROM t"), -1);
    assert_non_null(strstr(failed_with(KIN_DATABASE)->message, "no such table"));
    assert_int_equal(number_on(sqlite, one.connection, "PRAGMA foreign_keys"), 1);
    assert_int_equal(number_on(sqlite, other.connection, "PRAGMA foreign_keys"), 0);
    close_url(&one);
    one = open_url("sqlite::memory:");
    assert_int_equal(number_on(sqlite, one.connection, "SELECT count(*) FROM t"), -1);
    close_url(&one);
    close_url(&other);
}

TEST(a_table_that_is_being_read_here_is_not_busy_elsewhere)
{
    static const kin_type type = KIN_TYPE_INTEGER;
    struct opened opened = open_url("sqlite::memory:");
    kin_value cell;
    must(run_on(sqlite, opened.connection, "CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)"));
    struct driver_statement *statement = prepare_on(&opened, "SELECT a FROM t");
    must(sqlite->start(statement, NULL, 0, &fault));
    assert_int_equal(sqlite->next(statement, &type, &cell, 1, &fault), DRIVER_ROW);
    assert_false(run_on(sqlite, opened.connection, "DROP TABLE t"));
    const kin_error *error = failed_with(KIN_MISUSE);
    assert_int_equal(error->native_code, SQLITE_LOCKED);
    assert_non_null(strstr(error->message, "close the cursor first"));
    sqlite->finalize(statement);
    fault_clear(&fault);
    must(run_on(sqlite, opened.connection, "DROP TABLE t"));
    close_url(&opened);
}

/* ---- cancelling ---------------------------------------------------------------------------------------- */

static void *cancel_soon(void *connection)
{
    nanosleep(&(struct timespec){ .tv_nsec = 50000000 }, NULL);
    sqlite->cancel(connection);
    return NULL;
}

TEST(what_runs_can_be_cancelled)
{
    static const char endless[] = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
    struct opened opened = open_url("sqlite::memory:");
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, cancel_soon, opened.connection), 0);
    assert_int_equal(number_on(sqlite, opened.connection, endless), -1);
    pthread_join(thread, NULL);
    failed_with(KIN_CANCELLED);
    assert_true(sqlite->usable(opened.connection));
    /* Nothing runs: there is nothing to cancel, now or later. */
    sqlite->cancel(opened.connection);
    assert_int_equal(number_on(sqlite, opened.connection, "SELECT 5"), 5);
    close_url(&opened);
}

TEST(waiting_for_a_lock_can_be_cancelled)
{
    struct opened opened = open_url(file_url("?busy_timeout=60000"));
    struct driver_connection *other = open_second(&opened);
    pthread_t thread;
    must(control_on(sqlite, opened.connection, DRIVER_BEGIN_WRITE, 0));
    assert_int_equal(pthread_create(&thread, NULL, cancel_soon, other), 0);
    assert_false(control_on(sqlite, other, DRIVER_BEGIN_WRITE, 0));
    pthread_join(thread, NULL);
    failed_with(KIN_CANCELLED);
    must(control_on(sqlite, opened.connection, DRIVER_COMMIT, 0));
    must(control_on(sqlite, other, DRIVER_BEGIN_WRITE, 0));
    sqlite->close(other);
    close_url(&opened);
}

/* ---- without memory ------------------------------------------------------------------------------------ */

/* Everything a driver does, into `own`. False: something failed, and all is closed again. */
static bool everything(const char *url, struct fault *own)
{
    static const kin_type types[] = { KIN_TYPE_DATE, KIN_TYPE_DECIMAL, KIN_TYPE_TEXT, KIN_TYPE_BLOB, KIN_TYPE_UUID };
    const struct driver *driver = driver_for(url, own);
    struct driver_config *config = NULL;
    struct driver_connection *connection = NULL;
    struct driver_statement *insert = NULL, *select = NULL;
    struct driver_result result;
    kin_value binds[] = { kin_value_date(1), kin_value_decimal("0.5"), kin_value_string("text"), kin_value_blob("blob", 4),
                          { .type = KIN_VALUE_UUID } };
    kin_value cells[5];
    const char *put = "INSERT INTO t VALUES (?, ?, ?, ?, ?)", *get = "SELECT d, x, s, b, u FROM t";
    bool good = driver != NULL && driver->configure(url, &config, own) && driver->open(config, &connection, own) &&
                driver->script(connection, "DROP TABLE IF EXISTS t; CREATE TABLE t (d DATETIME, x DECIMAL(10,2), s TEXT, b BLOB, u UUID UNIQUE)", own) &&
                driver->control(connection, DRIVER_BEGIN_WRITE, 0, own) &&
                driver->prepare(connection, put, strlen(put), &insert, own) && driver->run(insert, binds, 5, &result, own) &&
                driver->control(connection, DRIVER_SAVEPOINT, 1, own) && driver->control(connection, DRIVER_ROLLBACK_TO, 1, own) &&
                driver->control(connection, DRIVER_COMMIT, 0, own) && driver->prepare(connection, get, strlen(get), &select, own) &&
                driver->start(select, NULL, 0, own) && driver->next(select, types, cells, 5, own) == DRIVER_ROW &&
                driver->next(select, types, cells, 5, own) == DRIVER_DONE;
    if (select != NULL)
        driver->finalize(select);
    if (insert != NULL)
        driver->finalize(insert);
    if (connection != NULL)
        driver->close(connection);
    if (config != NULL)
        driver->unconfigure(config);
    return good;
}

static void fail_each_allocation(const char *url)
{
    fault_start(&fault);
    for (size_t n = 0; failing_round(n); n++) {
        fault_clear(&fault);
        bool good = everything(url, &fault);
        if (!good)
            failed_with(KIN_NO_MEMORY);
        failing_done(good);
    }
    assert_false(fault_is_set(&fault));
}

TEST(each_allocation_of_kin_may_fail)
{
    fail_each_allocation("sqlite::memory:");
    fail_each_allocation(file_url(""));
    fail_each_allocation("failing:sqlite::memory:");
}

TEST(a_wrong_url_may_run_out_of_memory)
{
    static const char *const wrong[] = { "nobody:x", "sqlite:x?unknown=1" };
    fault_start(&fault);
    for (size_t i = 0; i < 2; i++) {
        bool told = false;
        for (size_t n = 0; !told; n++) {
            failing_start(n);
            fault_clear(&fault);
            assert_false(everything(wrong[i], &fault));
            assert_true(fault.error.status == KIN_NO_MEMORY || fault.error.status == KIN_MISUSE);
            told = fault.error.status == KIN_MISUSE;
            failing_stop();
        }
    }
}

TEST(a_violation_is_told_without_memory)
{
    struct opened opened = open_url("sqlite::memory:");
    must(run_on(sqlite, opened.connection, "CREATE TABLE t (x UNIQUE); INSERT INTO t VALUES (1)"));
    fault_clear(&fault);
    failing_start(0);
    assert_false(sqlite->script(opened.connection, "INSERT INTO t VALUES (1)", &fault));
    failing_stop();
    assert_true(failing_state.failed);
    assert_int_equal(failed_with(KIN_CONSTRAINT)->constraint, KIN_UNIQUE);
    assert_non_null(strstr(fault.error.message, "t.x"));
    assert_string_equal(fault.error.table, "");
    close_url(&opened);
}

/* SQLite's own allocations, the n-th of which fails, once or from then on. */
static sqlite3_mem_methods usual;
static int64_t left;
static bool lasting, met;

static bool is_gone(void)
{
    if (left > 0 && --left == 0) {
        met = true;
        left = lasting ? 1 : 0;
        return true;
    }
    return false;
}

static void *gone_allocate(int size) { return is_gone() ? NULL : usual.xMalloc(size); }
static void *gone_resize(void *pointer, int size) { return is_gone() ? NULL : usual.xRealloc(pointer, size); }

static void fail_each_of_sqlites(const char *url)
{
    for (int64_t n = 1;; n++) {
        fault_clear(&fault);
        left = n;
        met = false;
        bool good = everything(url, &fault);
        left = 0;
        if (!met)
            break;
        /* SQLite gets along without some of them. */
        if (!good)
            failed_with(KIN_NO_MEMORY);
    }
    assert_false(fault_is_set(&fault));
}

TEST(each_allocation_of_sqlite_may_fail)
{
    assert_int_equal(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &usual), SQLITE_OK);
    sqlite3_mem_methods gone = usual;
    gone.xMalloc = gone_allocate;
    gone.xRealloc = gone_resize;
    assert_int_equal(sqlite3_config(SQLITE_CONFIG_MALLOC, &gone), SQLITE_OK);
    fault_start(&fault);
    assert_true(everything("sqlite::memory:", &fault)); /* what SQLite sets up once */
    fail_each_of_sqlites("sqlite::memory:");
    fail_each_of_sqlites(file_url(""));
    lasting = true;
    fail_each_of_sqlites("sqlite::memory:");
    assert_int_equal(sqlite3_memory_used(), 0);
}

/* ---- the failing wrapper -------------------------------------------------------------------------------- */

TEST(each_call_of_the_driver_may_fail)
{
    fault_start(&fault);
    uint64_t call = 0;
    do {
        fault_clear(&fault);
        call++;
        mock_fail_at(call, call % 2 == 0);
        if (!everything("failing:sqlite::memory:", &fault))
            assert_string_equal(failed_with(KIN_DATABASE)->message, "injected failure");
    } while (fault_is_set(&fault));
    assert_int_equal(call, 13); /* one more than there are */
    mock_fail_at(0, false);
}

TEST(a_commit_made_to_fail_can_be_rolled_back)
{
    struct opened opened = open_url("failing:sqlite::memory:");
    must(run_on(opened.driver, opened.connection, "CREATE TABLE t (x)"));
    must(control_on(opened.driver, opened.connection, DRIVER_BEGIN_WRITE, 0));
    must(run_on(opened.driver, opened.connection, "INSERT INTO t VALUES (1)"));
    mock_fail_at(1, false);
    assert_false(control_on(opened.driver, opened.connection, DRIVER_COMMIT, 0));
    assert_true(opened.driver->in_transaction(opened.connection));
    must(control_on(opened.driver, opened.connection, DRIVER_ROLLBACK, 0));
    assert_int_equal(number_on(opened.driver, opened.connection, "SELECT count(*) FROM t"), 0);
    mock_fail_at(0, false);
    close_url(&opened);
}

#else

TEST(sqlite_is_not_in_this_build)
{
    assert_true(driver_count() > 0);
    for (size_t i = 0; i < driver_count(); i++)
        assert_string_not_equal(driver_at(i)->name, "sqlite");
}

#endif
