/* Levels: what is sent, what fails, what is undone. */
#include "session_fixture.h"

/* The record of the mock is this, from its `from`-th statement on. */
static void assert_sent(size_t from, size_t count, const char *const *expected)
{
    for (size_t i = 0; i < count; i++)
        assert_string_equal(mock_sql(from + i), expected[i]);
    assert_int_equal(mock_count(), from + count);
}
#define SENT(from, ...) assert_sent(from, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *), (const char *const[]){ __VA_ARGS__ })

/* A connection that fails its next statement. */
static struct fixture open_failing(void)
{
    struct fixture f = fixture_open("failing:mock:");
    mock_fail_at(0, false);
    return f;
}

static void fail_statement(kin_session *session)
{
    mock_fail_at(1, false);
    assert_false(fixture_execute(session, "UPDATE a SET b = 1"));
    assert_int_equal(kin_error_of(session)->status, KIN_DATABASE);
}

/* ---- the caller's levels ---- */

TEST(levels_are_begin_and_savepoints)
{
    struct fixture f = fixture_open("mock:");
    assert_true(kin_begin(f.session));
    assert_true(kin_begin(f.session));
    assert_true(kin_begin(f.session));
    assert_int_equal(kin_transaction_depth(f.session), 3);
    assert_true(kin_commit(f.session));
    assert_true(kin_rollback(f.session));
    assert_true(kin_commit(f.session));
    assert_int_equal(kin_transaction_depth(f.session), 0);
    SENT(0, "BEGIN", "SAVEPOINT kin_1", "SAVEPOINT kin_2", "RELEASE kin_2", "ROLLBACK TO kin_1", "COMMIT");
    assert_true(kin_begin(f.session));
    assert_true(kin_rollback(f.session));
    SENT(6, "BEGIN", "ROLLBACK");
    fixture_close(&f);
}

TEST(a_failed_statement_fails_its_level)
{
    struct fixture f = open_failing();
    assert_true(kin_begin(f.session));
    assert_true(kin_begin(f.session));
    fail_statement(f.session);
    kin_clear_error(f.session);
    assert_false(session_enter(f.session));
    fixture_error(f.session, KIN_TRANSACTION, "this transaction level has failed; kin_rollback it");
    assert_false(kin_begin(f.session));
    fixture_error(f.session, KIN_TRANSACTION, "kin_rollback it");
    assert_false(fixture_execute(f.session, "UPDATE a SET b = 2"));
    fixture_error(f.session, KIN_TRANSACTION, "kin_rollback it");
    assert_true(kin_rollback(f.session));
    fixture_must(f.session, fixture_execute(f.session, "UPDATE a SET b = 3"));
    assert_true(kin_commit(f.session));
    SENT(0, "BEGIN", "SAVEPOINT kin_1", "ROLLBACK TO kin_1", "UPDATE a SET b = 3", "COMMIT");
    fixture_close(&f);
}

TEST(commit_of_a_failed_level_rolls_it_back)
{
    struct fixture f = open_failing();
    assert_true(kin_begin(f.session));
    fail_statement(f.session);
    assert_false(kin_commit(f.session));
    assert_int_equal(kin_transaction_depth(f.session), 0);
    fixture_error(f.session, KIN_DATABASE, "injected failure"); /* the first error is kept */

    assert_true(kin_begin(f.session));
    assert_true(kin_begin(f.session));
    fail_statement(f.session);
    kin_clear_error(f.session);
    assert_false(kin_commit(f.session));
    fixture_error(f.session, KIN_TRANSACTION, "rolled back, not committed");
    assert_true(kin_commit(f.session));
    SENT(0, "BEGIN", "ROLLBACK", "BEGIN", "SAVEPOINT kin_1", "ROLLBACK TO kin_1", "COMMIT");
    fixture_close(&f);
}

TEST(commit_with_an_error_rolls_back)
{
    struct fixture f = fixture_open("mock:");
    assert_true(kin_begin(f.session));
    kin_fail(f.session, KIN_INVALID, "bad");
    assert_false(kin_begin(f.session));
    assert_int_equal(kin_transaction_depth(f.session), 1);
    assert_false(kin_commit(f.session));
    assert_int_equal(kin_transaction_depth(f.session), 0);
    fixture_error(f.session, KIN_INVALID, "bad");
    SENT(0, "BEGIN", "ROLLBACK");
    fixture_close(&f);
}

TEST(rollback_works_with_an_error_and_keeps_it)
{
    struct fixture f = fixture_open("mock:");
    assert_true(kin_begin(f.session));
    kin_fail(f.session, KIN_INVALID, "bad");
    assert_true(kin_rollback(f.session));
    assert_false(kin_rollback(f.session));
    fixture_error(f.session, KIN_INVALID, "bad");
    SENT(0, "BEGIN", "ROLLBACK");
    fixture_close(&f);
}

TEST(ending_what_is_not_open_is_an_error)
{
    struct fixture f = fixture_open("mock:");
    assert_false(kin_commit(f.session));
    fixture_error(f.session, KIN_MISUSE, "kin_commit: no transaction is open");
    assert_false(kin_rollback(f.session));
    fixture_error(f.session, KIN_MISUSE, "kin_rollback: no transaction is open");
    assert_int_equal(mock_count(), 0);
    fixture_close(&f);
}

TEST(a_failing_commit_rolls_back)
{
    struct fixture f = fixture_open("sqlite::memory:");
    fixture_tables(f.session);
    assert_true(kin_begin(f.session));
    fixture_must(f.session, session_script(f.session, "PRAGMA defer_foreign_keys = on"));
    fixture_must(f.session, fixture_insert(f.session, f.task, KIN_VALUES({ "ProjectId", kin(7) })));
    assert_false(kin_commit(f.session));
    assert_int_equal(kin_transaction_depth(f.session), 0);
    assert_int_equal(kin_error_of(f.session)->constraint, KIN_FOREIGN_KEY);
    assert_string_equal(kin_error_of(f.session)->sql, "COMMIT");
    fixture_error(f.session, KIN_CONSTRAINT, "a row that was written points at one that does not exist");
    assert_int_equal(fixture_integer(f.session, "SELECT count(*) FROM Tasks"), 0);
    fixture_close(&f);
}

TEST(a_refused_begin_opens_nothing)
{
    struct fixture f = open_failing();
    mock_fail_at(1, false);
    assert_false(kin_begin(f.session));
    assert_int_equal(kin_transaction_depth(f.session), 0);
    fixture_error(f.session, KIN_DATABASE, "injected failure");
    assert_true(kin_begin(f.session));
    mock_fail_at(1, false);
    assert_false(kin_begin(f.session));
    assert_int_equal(kin_transaction_depth(f.session), 1);
    fixture_error(f.session, KIN_DATABASE, "injected failure");
    assert_true(kin_rollback(f.session));
    fixture_close(&f);
}

TEST(a_savepoint_that_cannot_be_gone_back_to_fails_the_level_around)
{
    struct fixture f = open_failing();
    assert_true(kin_begin(f.session));
    assert_true(kin_begin(f.session));
    mock_fail_at(1, false);
    assert_false(kin_rollback(f.session));
    assert_int_equal(kin_transaction_depth(f.session), 1);
    fixture_error(f.session, KIN_DATABASE, "injected failure");
    assert_false(session_enter(f.session));
    fixture_error(f.session, KIN_TRANSACTION, "kin_rollback it");
    assert_true(kin_rollback(f.session));
    fixture_close(&f);
}

TEST(a_connection_that_does_not_roll_back_is_closed)
{
    struct fixture f = fixture_open("failing:sqlite::memory:");
    mock_fail_at(0, false);
    fixture_tables(f.session);
    assert_true(kin_begin(f.session));
    fixture_must(f.session, fixture_insert(f.session, f.project, KIN_VALUES({ "title", kin("a") })));
    mock_fail_at(1, false);
    assert_true(kin_rollback(f.session));
    assert_true(kin_ok(f.session));
    mock_fail_at(0, false);
    assert_int_equal(fixture_integer(f.session, "SELECT count(*) FROM Projects"), 0);
    assert_int_equal(mock_calls(), 4); /* open, prepare, start, next */
    fixture_close(&f);
}

TEST(where_the_server_ended_the_transaction_all_levels_are_failed)
{
    struct fixture f = fixture_open("sqlite::memory:");
    fixture_tables(f.session);
    assert_true(kin_begin(f.session));
    fixture_must(f.session, fixture_insert(f.session, f.user, KIN_VALUES({ "email", kin("a") })));
    assert_true(kin_begin(f.session));
    assert_false(fixture_execute(f.session, "INSERT OR ROLLBACK INTO Users (email) VALUES ('a')"));
    fixture_error(f.session, KIN_CONSTRAINT, "User.email: must be unique");
    assert_int_equal(kin_transaction_depth(f.session), 2);
    assert_true(kin_rollback(f.session));
    assert_false(fixture_execute(f.session, "INSERT INTO Users (email) VALUES ('b')"));
    fixture_error(f.session, KIN_TRANSACTION, "kin_rollback it");
    assert_true(kin_rollback(f.session));
    assert_int_equal(fixture_integer(f.session, "SELECT count(*) FROM Users"), 0);
    assert_true(kin_begin(f.session));
    fixture_must(f.session, fixture_execute(f.session, "INSERT INTO Users (email) VALUES ('b')"));
    assert_true(kin_commit(f.session));
    assert_int_equal(fixture_integer(f.session, "SELECT count(*) FROM Users"), 1);
    fixture_close(&f);
}

TEST(closing_a_session_rolls_back)
{
    struct fixture f = fixture_open("sqlite::memory:");
    fixture_tables(f.session);
    kin_session *other = kin_session_open(f.db);
    assert_true(kin_begin(other));
    assert_true(kin_begin(other));
    fixture_must(other, fixture_insert(other, f.project, KIN_VALUES({ "title", kin("a") })));
    kin_session_close(other);
    assert_int_equal(fixture_integer(f.session, "SELECT count(*) FROM Projects"), 0);
    fixture_must(f.session, fixture_insert(f.session, f.project, KIN_VALUES({ "title", kin("a") })));
    fixture_close(&f);
}

TEST(writers_of_one_process_take_turns)
{
    char url[4200];
    snprintf(url, sizeof url, "sqlite:%s/turn.db?busy_timeout=40", test_temporary());
    struct fixture f = fixture_open(url);
    fixture_tables(f.session);
    kin_session *other = kin_session_open(f.db);
    assert_true(kin_begin(f.session));
    assert_int_equal(fixture_integer(other, "SELECT count(*) FROM Projects"), 0);
    assert_true(kin_begin(other, .read_only = true));
    assert_true(kin_commit(other));
    assert_false(kin_begin(other));
    fixture_error(other, KIN_BUSY, "another session of this process has been writing for longer than the busy time-out of 40 ms");
    assert_false(fixture_execute(other, "INSERT INTO Projects (title) VALUES ('a')"));
    fixture_error(other, KIN_BUSY, "another session of this process");
    assert_true(kin_commit(f.session));
    assert_true(kin_begin(other));
    assert_true(kin_commit(other));
    kin_session_close(other);
    fixture_close(&f);
}

/* ---- the verbs' own levels ---- */

TEST(a_verbs_level_fails_the_one_around_it)
{
    struct fixture f = fixture_open("mock:");
    assert_true(session_begin_level(f.session, true));
    assert_true(session_end_level(f.session, true));
    assert_true(session_begin_level(f.session, true));
    assert_false(session_end_level(f.session, false));
    assert_true(kin_begin(f.session));
    assert_true(session_begin_level(f.session, true));
    kin_fail(f.session, KIN_INVALID, "bad");
    assert_false(session_end_level(f.session, true));
    fixture_error(f.session, KIN_INVALID, "bad");
    assert_false(kin_commit(f.session));
    fixture_error(f.session, KIN_TRANSACTION, "rolled back");
    SENT(0, "BEGIN", "COMMIT", "BEGIN", "ROLLBACK", "BEGIN", "SAVEPOINT kin_1", "ROLLBACK TO kin_1", "ROLLBACK");
    fixture_close(&f);
}

TEST(a_hook_can_neither_end_the_verbs_level_nor_leave_one_open)
{
    struct fixture f = fixture_open("mock:");
    assert_true(session_begin_level(f.session, true));
    assert_false(kin_commit(f.session));
    fixture_error(f.session, KIN_MISUSE, "the call that runs this hook ends it");
    assert_false(session_end_level(f.session, true));
    kin_clear_error(f.session);

    assert_true(session_begin_level(f.session, true));
    assert_true(kin_begin(f.session));
    assert_false(session_end_level(f.session, true));
    assert_int_equal(kin_transaction_depth(f.session), 0);
    fixture_error(f.session, KIN_MISUSE, "a hook has left a transaction level open");
    SENT(0, "BEGIN", "ROLLBACK", "BEGIN", "SAVEPOINT kin_1", "ROLLBACK TO kin_1", "ROLLBACK");
    fixture_close(&f);
}

/* ---- the journal ---- */

static char undone[16];

static void undo(void *subject, void *memory)
{
    (void)memory;
    size_t length = strlen(undone);
    undone[length] = *(const char *)subject;
    undone[length + 1] = '\0';
}

static void write_down(kin_session *session, struct region *region, const char *what)
{
    static char letters[] = "abcdef";
    assert_true(session_journal_reserve(session, 1));
    session_journal(session, region, undo, &letters[*what - 'a'], NULL);
}

TEST(rollback_undoes_the_newest_first)
{
    struct fixture f = fixture_open("mock:");
    undone[0] = '\0';
    write_down(f.session, f.session->region, "f"); /* outside of a transaction: nothing */
    assert_true(kin_begin(f.session));
    write_down(f.session, f.session->region, "a");
    assert_true(kin_begin(f.session));
    write_down(f.session, f.session->region, "b");
    write_down(f.session, f.session->region, "c");
    assert_true(kin_rollback(f.session));
    assert_string_equal(undone, "cb");
    assert_true(kin_begin(f.session));
    write_down(f.session, f.session->region, "d");
    assert_true(kin_commit(f.session));
    assert_string_equal(undone, "cb");
    assert_true(kin_rollback(f.session));
    assert_string_equal(undone, "cbda");
    assert_true(kin_begin(f.session));
    write_down(f.session, f.session->region, "e");
    assert_true(kin_commit(f.session));
    assert_true(kin_begin(f.session));
    assert_true(kin_rollback(f.session));
    assert_string_equal(undone, "cbda");
    assert_int_equal(f.session->region->journaled, 0);
    fixture_close(&f);
}

TEST(releasing_memory_drops_its_entries)
{
    struct fixture f = fixture_open("mock:");
    undone[0] = '\0';
    assert_true(kin_begin(f.session));
    struct region *base = f.session->region;
    write_down(f.session, base, "a");
    kin_mark mark = kin_session_mark(f.session);
    write_down(f.session, f.session->region, "b");
    write_down(f.session, base, "c");
    assert_true(kin_begin(f.session));
    write_down(f.session, f.session->region, "d");
    kin_session_release(f.session, mark);
    write_down(f.session, base, "e");
    assert_true(kin_rollback(f.session));
    assert_string_equal(undone, "e");
    assert_true(kin_rollback(f.session));
    assert_string_equal(undone, "eca");
    fixture_close(&f);
}

/* ---- kin_transaction ---- */

struct work {
    int runs;
    int fail_first; /* with KIN_BUSY */
    const char *leave;
};

static bool do_work(kin_session *session, void *context)
{
    struct work *work = context;
    work->runs++;
    if (work->leave && strcmp(work->leave, "open") == 0)
        kin_begin(session);
    if (work->leave && strcmp(work->leave, "closed") == 0 && !kin_commit(session))
        kin_clear_error(session);
    if (work->runs <= work->fail_first)
        return kin_fail(session, KIN_BUSY, "busy");
    return !(work->leave && strcmp(work->leave, "false") == 0);
}

TEST(transaction_commits_what_went_well)
{
    struct fixture f = fixture_open("mock:");
    struct work work = { 0 };
    assert_true(kin_transaction(f.session, do_work, &work));
    assert_int_equal(work.runs, 1);
    work.leave = "false";
    assert_false(kin_transaction(f.session, do_work, &work));
    assert_true(kin_ok(f.session));
    assert_int_equal(work.runs, 2);
    SENT(0, "BEGIN", "COMMIT", "BEGIN", "ROLLBACK");
    assert_false(kin_transaction(f.session, NULL, NULL));
    fixture_error(f.session, KIN_MISUSE, "the work is NULL");
    fixture_close(&f);
}

TEST(transaction_runs_again_what_was_busy)
{
    struct fixture f = fixture_open("mock:");
    struct work work = { .fail_first = 2 };
    assert_true(kin_transaction(f.session, do_work, &work));
    assert_int_equal(work.runs, 3);
    SENT(0, "BEGIN", "ROLLBACK", "BEGIN", "ROLLBACK", "BEGIN", "COMMIT");
    work = (struct work){ .fail_first = 100 };
    assert_false(kin_transaction(f.session, do_work, &work));
    assert_int_equal(work.runs, 11);
    fixture_error(f.session, KIN_BUSY, "busy");
    assert_true(kin_begin(f.session));
    work = (struct work){ .fail_first = 1 };
    assert_false(kin_transaction(f.session, do_work, &work)); /* inside of another one it cannot be run again */
    assert_int_equal(work.runs, 1);
    fixture_error(f.session, KIN_BUSY, "busy");
    assert_true(kin_commit(f.session));
    fixture_close(&f);
}

TEST(transaction_says_when_levels_do_not_match)
{
    struct fixture f = fixture_open("mock:");
    struct work work = { .leave = "open" };
    assert_false(kin_transaction(f.session, do_work, &work));
    assert_int_equal(kin_transaction_depth(f.session), 0);
    fixture_error(f.session, KIN_MISUSE, "the work has left a transaction level open");
    assert_true(kin_begin(f.session));
    work.leave = "closed";
    assert_false(kin_transaction(f.session, do_work, &work));
    assert_int_equal(kin_transaction_depth(f.session), 1);
    fixture_error(f.session, KIN_TRANSACTION, "rolled back");
    assert_true(kin_commit(f.session));
    SENT(0, "BEGIN", "SAVEPOINT kin_1", "ROLLBACK TO kin_1", "ROLLBACK", "BEGIN", "SAVEPOINT kin_1", "ROLLBACK TO kin_1", "COMMIT");
    fixture_close(&f);
}

/* A log that lets another session's transaction end after the third busy BEGIN. */
struct release {
    kin_session *writer;
    int busy;
};

static void release_writer(void *context, const kin_log_entry *entry)
{
    struct release *release = context;
    if (entry->failed && ++release->busy == 3)
        kin_rollback(release->writer);
}

TEST(transaction_waits_for_another_database_handle)
{
    char url[4200];
    snprintf(url, sizeof url, "sqlite:%s/busy.db?busy_timeout=1", test_temporary());
    struct fixture f = fixture_open(url);
    fixture_tables(f.session);
    kin_db *db = kin_open(url, f.schema);
    assert_null(kin_db_error(db));
    kin_session *other = kin_session_open(db);
    struct release release = { .writer = f.session };
    kin_session_log(other, (kin_log){ release_writer, &release, false });
    assert_true(kin_begin(f.session));
    struct work work = { 0 };
    fixture_must(other, kin_transaction(other, do_work, &work));
    assert_int_equal(release.busy, 3);
    assert_int_equal(work.runs, 1);
    kin_session_close(other);
    kin_close(db);
    fixture_close(&f);
}
