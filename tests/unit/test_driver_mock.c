/* The mock driver and the failing wrapper. */
#include "test_driver_support.h"

#include <pthread.h>

static kin_value text(const char *string) { return kin_value_string(string); }

static bool run(struct opened *opened, const char *sql, size_t count, const kin_value *binds, struct driver_result *result)
{
    struct driver_statement *statement = prepare_on(opened, sql);
    bool good = opened->driver->run(statement, binds, count, result, &fault);
    opened->driver->finalize(statement);
    return good;
}

TEST(everything_sent_is_recorded)
{
    struct opened mock = open_url("mock:");
    struct driver_result result;
    must(control_on(mock.driver, mock.connection, DRIVER_BEGIN_WRITE, 0));
    must(run(&mock, "INSERT ?, ?", 2, (const kin_value[]){ kin_value_integer(1), text("x") }, &result));
    must(control_on(mock.driver, mock.connection, DRIVER_SAVEPOINT, 1));
    must(run_on(mock.driver, mock.connection, "DROP TABLE a; DROP TABLE b"));
    must(control_on(mock.driver, mock.connection, DRIVER_ROLLBACK_TO, 1));
    assert_true(mock.driver->in_transaction(mock.connection));
    must(control_on(mock.driver, mock.connection, DRIVER_COMMIT, 0));
    assert_false(mock.driver->in_transaction(mock.connection));
    static const char *const sent[] = { "BEGIN", "INSERT ?, ?", "SAVEPOINT kin_1", "DROP TABLE a; DROP TABLE b", "ROLLBACK TO kin_1", "COMMIT" };
    assert_int_equal(mock_count(), sizeof sent / sizeof sent[0]);
    for (size_t i = 0; i < mock_count(); i++)
        assert_string_equal(mock_sql(i), sent[i]);
    assert_string_equal(mock_binds(1), "1, 'x'");
    assert_string_equal(mock_binds(0), "");
    assert_string_equal(mock_sql(99), "");
    mock_reset();
    assert_int_equal(mock_count(), 0);
    close_url(&mock);
}

TEST(rows_come_from_the_script_in_turn)
{
    struct opened mock = open_url("mock:");
    mock_column_names(1, (const char *const[]){ "id" });
    mock_rows(2, 2, (const kin_value[]){ kin_value_integer(1), text("one"), kin_value_integer(2), text("two") });
    mock_rows(1, 1, (const kin_value[]){ text("later") });
    struct driver_statement *statement = prepare_on(&mock, "SELECT id, name");
    const kin_type types[] = { KIN_TYPE_INTEGER, KIN_TYPE_STRING };
    kin_value cells[2];
    assert_int_equal(mock.driver->column_count(statement), 2);
    must(mock.driver->start(statement, NULL, 0, &fault));
    assert_string_equal(mock.driver->column_name(statement, 0), "id");
    assert_string_equal(mock.driver->column_name(statement, 1), "column2");
    assert_int_equal(mock.driver->next(statement, types, cells, 2, &fault), DRIVER_ROW);
    assert_int_equal(cells[0].as.integer, 1);
    assert_int_equal(mock.driver->next(statement, types, cells, 2, &fault), DRIVER_ROW);
    assert_memory_equal(cells[1].as.text.data, "two", 3);
    assert_int_equal(mock.driver->next(statement, types, cells, 2, &fault), DRIVER_DONE);
    mock.driver->reset(statement);
    must(mock.driver->start(statement, NULL, 0, &fault));
    assert_int_equal(mock.driver->next(statement, types, cells, 2, &fault), DRIVER_FAILED);
    fault_clear(&fault);
    assert_int_equal(mock.driver->next(statement, types, cells, 1, &fault), DRIVER_ROW);
    mock.driver->reset(statement);
    must(mock.driver->start(statement, NULL, 0, &fault));
    assert_int_equal(mock.driver->column_count(statement), 0);
    assert_int_equal(mock.driver->next(statement, types, cells, 2, &fault), DRIVER_DONE);
    mock.driver->finalize(statement);
    mock_reset();
    close_url(&mock);
}

TEST(results_come_from_the_script_or_are_counted_up)
{
    struct opened mock = open_url("mock:");
    struct driver_result result;
    mock_result(5, 77);
    must(run(&mock, "UPDATE", 0, NULL, &result));
    assert_int_equal(result.changed, 5);
    assert_int_equal(result.last_id, 77);
    for (int i = 1; i <= 2; i++) {
        must(run(&mock, "INSERT", 0, NULL, &result));
        assert_int_equal(result.changed, 1);
        assert_int_equal(result.last_id, i);
    }
    mock_result(1, 1);
    mock_rows(1, 1, (const kin_value[]){ text("never read") });
    mock_reset();
    close_url(&mock);
}

static size_t parameters(const char *url, const char *sql)
{
    struct opened mock = open_url(url);
    struct driver_statement *statement = prepare_on(&mock, sql);
    size_t count = mock.driver->parameter_count(statement);
    mock.driver->finalize(statement);
    close_url(&mock);
    return count;
}

TEST(places_for_values_are_counted)
{
    assert_int_equal(parameters("mock:", "a = ? AND b = '?''?' AND `?` = \"?\" /* ? */ AND c = ? -- ?\n AND d = ?"), 3);
    assert_int_equal(parameters("mock:", "'unfinished ?"), 0);
    assert_int_equal(parameters("mock:", "a -- ?"), 0);
    assert_int_equal(parameters("mock:", "a /* ?"), 0);
    assert_int_equal(parameters("mock:postgres", "a = $2 AND b = $1 AND c = $12 AND d = '$13' AND e ? f"), 12);
    struct opened mock = open_url("mock:");
    struct driver_result result;
    assert_false(run(&mock, "?", 0, NULL, &result));
    assert_non_null(strstr(failed_with(KIN_MISUSE)->message, "1 places for values, and 0"));
    assert_int_equal(mock_count(), 0);
    close_url(&mock);
}

TEST(the_mocks_url_is_checked)
{
    static const char *const wrong[] = { "mock:oracle", "mock:?x=1", "mock:postgres2" };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct driver_config *config;
        fault_start(&fault);
        assert_false(driver_mock.configure(wrong[i], &config, &fault));
        failed_with(KIN_MISUSE);
        assert_null(config);
    }
    struct opened mock = open_url("mock:");
    assert_string_equal(mock.driver->database(mock.config), "mock");
    assert_true(mock.driver->usable(mock.connection));
    mock.driver->cancel(mock.connection);
    close_url(&mock);
}

/* Everything that counts, once. How far it came. */
static int sequence(const struct driver *driver)
{
    struct driver_config *config;
    struct driver_connection *connection;
    struct driver_statement *statement = NULL;
    struct driver_result result;
    kin_value cell;
    int done = 0;
    fault_start(&fault);
    must(driver->configure("failing:mock:", &config, &fault));
    if (driver->open(config, &connection, &fault)) {
        done = 1;
        done += driver->control(connection, DRIVER_BEGIN_WRITE, 0, &fault);
        done += driver->script(connection, "script", &fault);
        if (driver->prepare(connection, "statement", 9, &statement, &fault)) {
            done++;
            done += driver->start(statement, NULL, 0, &fault);
            done += driver->next(statement, NULL, &cell, 0, &fault) != DRIVER_FAILED;
            driver->reset(statement);
            done += driver->run(statement, NULL, 0, &result, &fault);
        }
        done += driver->control(connection, DRIVER_COMMIT, 0, &fault);
        driver->finalize(statement);
        driver->close(connection);
    }
    driver->unconfigure(config);
    return done;
}

TEST(each_call_can_be_made_to_fail)
{
    const struct driver *driver = mock_failing(&driver_mock);
    assert_ptr_equal(driver, mock_failing(&driver_mock));
    static const char *const never_sent[] = { NULL, NULL, "BEGIN", "script", NULL, NULL, NULL, NULL, "COMMIT" };
    for (uint64_t call = 1; call <= 8; call++) {
        mock_reset();
        mock_fail_at(call, false);
        int done = sequence(driver);
        assert_int_equal(fault.error.status, KIN_DATABASE);
        assert_string_equal(fault.error.message, "injected failure");
        /* Without the connection nothing follows, without the statement not what it does. */
        assert_int_equal(done, call == 1 ? 0 : call == 4 ? 4 : 7);
        for (size_t i = 0; i < mock_count(); i++)
            assert_true(never_sent[call] == NULL || strcmp(mock_sql(i), never_sent[call]) != 0);
        fault_clear(&fault);
    }
    mock_fail_at(0, false);
    assert_int_equal(sequence(driver), 8);
    assert_int_equal(mock_calls(), 8);
    mock_fail_at(3, true);
    assert_int_equal(sequence(driver), 2);
    assert_int_equal(mock_calls(), 5);
    fault_clear(&fault);
    mock_reset();
}

TEST(a_commit_that_fails_leaves_its_transaction_open)
{
    struct opened opened = open_url("failing:mock:");
    must(control_on(opened.driver, opened.connection, DRIVER_BEGIN_WRITE, 0));
    mock_fail_at(1, false);
    assert_false(control_on(opened.driver, opened.connection, DRIVER_COMMIT, 0));
    assert_true(opened.driver->in_transaction(opened.connection));
    must(control_on(opened.driver, opened.connection, DRIVER_ROLLBACK, 0));
    assert_false(opened.driver->in_transaction(opened.connection));
    assert_string_equal(mock_sql(mock_count() - 1), "ROLLBACK");
    mock_reset();
    close_url(&opened);
}

TEST(the_wrapper_passes_the_rest_on)
{
    struct opened opened = open_url("failing:mock:postgres");
    assert_ptr_equal(opened.driver->dialect, &dialect_postgres);
    assert_string_equal(opened.driver->name, "mock");
    assert_string_equal(opened.driver->database(opened.config), "mock");
    assert_int_equal(opened.driver->busy_timeout(opened.config), 5000);
    assert_true(opened.driver->usable(opened.connection));
    opened.driver->cancel(opened.connection);
    char out[64];
    assert_string_equal(opened.driver->control_text(DRIVER_SAVEPOINT, 3, out), "SAVEPOINT kin_3");
    mock_rows(1, 1, (const kin_value[]){ kin_value_integer(8) });
    struct driver_statement *statement = prepare_on(&opened, "SELECT $1");
    assert_int_equal(opened.driver->parameter_count(statement), 1);
    assert_int_equal(opened.driver->column_count(statement), 1);
    assert_string_equal(opened.driver->column_name(statement, 0), "column1");
    opened.driver->finalize(statement);
    struct driver_config *config;
    assert_false(opened.driver->configure("mock:oracle", &config, &fault));
    assert_null(config);
    mock_reset();
    close_url(&opened);
}

static void *count_calls(void *argument)
{
    struct opened *opened = argument;
    struct fault own;
    fault_start(&own);
    for (int i = 0; i < 1000; i++) {
        struct driver_connection *connection = NULL;
        if (opened->driver->open(opened->config, &connection, &own))
            opened->driver->close(connection);
    }
    fault_clear(&own);
    return NULL;
}

TEST(calls_are_counted_across_threads)
{
    struct opened opened = open_url("failing:mock:");
    pthread_t threads[4];
    mock_fail_at(2000, false);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, count_calls, &opened), 0);
    for (size_t i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(mock_calls(), 4000);
    mock_reset();
    close_url(&opened);
}
