/* Whatever fails, and whenever: it is told, nothing leaks, and the session goes on working. */
#include "failing.h"
#include "session/db.h"
#include "session_fixture.h"

static void count_undo(void *subject, void *memory)
{
    (void)memory;
    --*(int *)subject;
}

static bool insert_project(kin_session *session, const struct fixture *f, int *created)
{
    if (!session_journal_reserve(session, 1) || !fixture_insert(session, f->project, KIN_VALUES({ "title", kin("p") })))
        return false;
    session_journal(session, &session->base, count_undo, created, NULL);
    ++*created;
    return true;
}

/* A bit of everything. Leaves whatever levels are open where it fails. */
static bool scenario(kin_session *session, const struct fixture *f, int *created)
{
    kin_mark mark = kin_session_mark(session);
    if (!kin_begin(session) || !insert_project(session, f, created) || !kin_begin(session) || !insert_project(session, f, created) ||
        !kin_rollback(session) || !session_begin_level(session, true))
        return false;
    bool good = session_end_level(session, insert_project(session, f, created));
    good = good && kin_commit(session) && fixture_query(session, "SELECT * FROM Projects LIMIT 2") == 2;
    good = good && session_allocate(session, 5000) != NULL;
    kin_session_release(session, mark);
    return good;
}

static void unwind(kin_session *session)
{
    while (kin_transaction_depth(session) > 0)
        kin_rollback(session);
    kin_clear_error(session);
}

TEST(every_driver_call_may_fail)
{
    struct fixture f = fixture_open("failing:sqlite::memory:");
    fixture_tables(f.session);
    int created = 0;
    bool good = false;
    for (uint64_t n = 1; !good; n++) {
        assert_true(n < 1000);
        mock_fail_at(n, false);
        good = scenario(f.session, &f, &created);
        bool failed = mock_calls() >= n;
        mock_fail_at(0, false);
        if (!good) {
            assert_true(failed);
            assert_false(kin_ok(f.session));
            assert_int_equal(kin_error_of(f.session)->status, KIN_DATABASE);
        }
        unwind(f.session);
        assert_true(kin_ok(f.session));
        assert_int_equal(fixture_integer(f.session, "SELECT count(*) FROM Projects"), created);
        int before = created;
        fixture_must(f.session, scenario(f.session, &f, &created));
        assert_int_equal(created, before + 2);
        assert_int_equal(fixture_integer(f.session, "SELECT count(*) FROM Projects"), created);
        if (good && failed)
            good = false; /* a rollback that failed is made good by closing the connection */
    }
    fixture_close(&f);
}

TEST(from_any_driver_call_on_all_may_fail)
{
    struct fixture f = fixture_open("failing:sqlite::memory:");
    fixture_tables(f.session);
    for (uint64_t n = 1; n < 30; n++) {
        kin_session *session = kin_session_open(f.db);
        int created = (int)fixture_integer(f.session, "SELECT count(*) FROM Projects");
        mock_fail_at(n, true);
        bool good = scenario(session, &f, &created);
        assert_int_equal(good, kin_ok(session));
        kin_session_close(session); /* rolls back by closing the connection */
        mock_fail_at(0, false);
        int64_t there = fixture_integer(f.session, "SELECT count(*) FROM Projects");
        fixture_must(f.session, kin_ok(f.session));
        assert_int_equal(there, created);
    }
    fixture_close(&f);
}

static bool whole_life(struct fixture *f, const char *url)
{
    f->db = kin_open(url, f->schema);
    f->session = kin_session_open(f->db);
    int created = 0;
    bool good = session_enter(f->session);
    if (good) {
        good = session_script(f->session, "CREATE TABLE Projects (id INTEGER PRIMARY KEY, title TEXT)");
        session_leave(f->session);
    }
    good = good && scenario(f->session, f, &created);
    kin_error error = *kin_error_of(f->session);
    kin_session_close(f->session);
    if (!good && error.status != KIN_NO_MEMORY)
        fail_msg("status %d: %s", (int)error.status, f->db ? "of the session" : "of the handle");
    kin_close(f->db);
    return good;
}

TEST(every_allocation_may_fail)
{
    static const char *const urls[] = { "sqlite::memory:", "mock:", "failing:sqlite::memory:" };
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        struct fixture f = { 0 };
        fixture_schema(&f);
        bool mock = strcmp(urls[i], "mock:") == 0;
        kin_value rows[2] = { kin(1), kin(2) };
        bool met = true;
        for (size_t n = 0; met; n++) {
            failing_start(n);
            if (mock) /* what the scenario reads */
                mock_rows(2, 1, rows);
            bool good = whole_life(&f, urls[i]);
            mock_reset();
            failing_stop();
            met = failing_state.failed;
            assert_true(good || met); /* a statement that cannot be kept for the next time runs all the same */
        }
        kin_schema_free(f.schema);
    }
}

/* ---- broken connections ---- */

static bool breakable_broken;
static int breakable_opened, breakable_closed;

static bool breakable_open(const struct driver_config *config, struct driver_connection **out, struct fault *fault)
{
    breakable_opened++;
    return driver_mock.open(config, out, fault);
}

static void breakable_close(struct driver_connection *connection)
{
    breakable_closed++;
    breakable_broken = false;
    driver_mock.close(connection);
}

static bool breakable_usable(struct driver_connection *connection)
{
    (void)connection;
    return !breakable_broken;
}

static bool breakable_run(struct driver_statement *statement, const kin_value *binds, size_t count, struct driver_result *result, struct fault *fault)
{
    if (breakable_broken)
        return fault_set(fault, KIN_CONNECTION, NULL, NULL, "the server has gone away");
    return driver_mock.run(statement, binds, count, result, fault);
}

/* Commits, and the answer does not arrive. */
static bool breakable_control(struct driver_connection *connection, enum driver_control control, unsigned level, struct fault *fault)
{
    bool good = driver_mock.control(connection, control, level, fault);
    return breakable_broken ? fault_set(fault, KIN_CONNECTION, NULL, NULL, "the server has gone away") : good;
}

TEST(a_broken_connection_is_closed_and_replaced)
{
    struct driver breakable = driver_mock;
    breakable.open = breakable_open;
    breakable.close = breakable_close;
    breakable.usable = breakable_usable;
    breakable.run = breakable_run;
    breakable.control = breakable_control;
    struct fixture f = fixture_open("mock:");
    f.db->driver = f.db->pool.driver = &breakable;

    fixture_must(f.session, fixture_execute(f.session, "UPDATE a SET b = 1"));
    breakable_broken = true;
    assert_false(fixture_execute(f.session, "UPDATE a SET b = 1"));
    fixture_error(f.session, KIN_CONNECTION, "the server has gone away");
    assert_int_equal(breakable_closed, 1);
    fixture_must(f.session, fixture_execute(f.session, "UPDATE a SET b = 1"));
    assert_int_equal(breakable_opened, 1);

    assert_true(kin_begin(f.session));
    assert_true(kin_begin(f.session));
    breakable_broken = true;
    assert_false(fixture_execute(f.session, "UPDATE a SET b = 1"));
    fixture_error(f.session, KIN_CONNECTION, "the server has gone away");
    size_t sent = mock_count();
    assert_true(kin_rollback(f.session));
    assert_false(session_enter(f.session));
    fixture_error(f.session, KIN_TRANSACTION, "kin_rollback it");
    assert_int_equal(breakable_closed, 1);
    assert_true(kin_rollback(f.session));
    assert_int_equal(breakable_closed, 2);
    assert_int_equal(mock_count(), sent); /* there was nobody left to tell */

    assert_true(kin_begin(f.session));
    breakable_broken = true;
    assert_false(kin_commit(f.session));
    fixture_error(f.session, KIN_CONNECTION, "It is not known whether the transaction was committed");
    assert_int_equal(breakable_closed, 3);

    fixture_must(f.session, fixture_execute(f.session, "UPDATE a SET b = 1"));
    assert_true(session_enter(f.session));
    fixture_must(f.session, fixture_execute(f.session, "UPDATE a SET b = 1"));
    session_distrust(f.session);
    session_leave(f.session);
    assert_int_equal(breakable_closed, 4);
    fixture_close(&f);
}
