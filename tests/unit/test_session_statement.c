/* Statements: prepared once, found again, counted, logged; what they may do; how their faults are told. */
#include "session_fixture.h"

/* ---- the cache ---- */

/* Driver calls of one execution: 2 when it is prepared, 1 when it is found. */
static uint64_t calls_of(kin_session *session, const char *sql)
{
    mock_fail_at(0, false);
    fixture_must(session, fixture_execute(session, sql));
    return mock_calls();
}

TEST(a_statement_is_prepared_once)
{
    struct fixture f = fixture_open("failing:mock:");
    assert_int_equal(calls_of(f.session, "UPDATE a SET b = 1"), 2);
    assert_int_equal(calls_of(f.session, "UPDATE a SET b = 1"), 1);
    assert_int_equal(calls_of(f.session, "UPDATE a SET b = 2"), 2);
    assert_int_equal(calls_of(f.session, "UPDATE a SET b = 1"), 1);
    fixture_close(&f);
}

TEST(the_least_recently_used_statement_goes_first)
{
    struct fixture f = fixture_open("failing:mock:");
    char sql[64];
    for (int i = 0; i < 256; i++) {
        snprintf(sql, sizeof sql, "UPDATE a SET b = %d", i);
        assert_int_equal(calls_of(f.session, sql), 2);
    }
    assert_int_equal(calls_of(f.session, "UPDATE a SET b = 0"), 1);
    assert_int_equal(calls_of(f.session, "UPDATE a SET b = 256"), 2); /* in the place of 1 */
    assert_int_equal(calls_of(f.session, "UPDATE a SET b = 0"), 1);
    assert_int_equal(calls_of(f.session, "UPDATE a SET b = 255"), 1);
    assert_int_equal(calls_of(f.session, "UPDATE a SET b = 1"), 2);
    fixture_close(&f);
}

TEST(a_statement_that_is_being_read_is_prepared_a_second_time)
{
    struct fixture f = fixture_open("sqlite::memory:");
    fixture_must(f.session, fixture_execute(f.session, "CREATE TABLE a (b)"));
    fixture_must(f.session, fixture_execute(f.session, "INSERT INTO a VALUES (1), (2), (3)"));
    struct sql_statement statement = fixture_text("SELECT b FROM a ORDER BY b");
    struct result outer, inner;
    kin_type type = KIN_TYPE_INTEGER;
    kin_value cell;
    int64_t pairs = 0;
    fixture_must(f.session, session_query(f.session, &statement, NULL, &outer));
    while (result_next(&outer, &type, &cell, 1) == DRIVER_ROW) {
        fixture_must(f.session, session_query(f.session, &statement, NULL, &inner));
        assert_ptr_not_equal(inner.prepared, outer.prepared);
        while (result_next(&inner, &type, &cell, 1) == DRIVER_ROW)
            pairs++;
        result_close(&inner);
        result_close(&inner);
    }
    result_close(&outer);
    assert_int_equal(pairs, 9);
    assert_int_equal(outer.rows, 3);
    fixture_close(&f);
}

TEST(a_statement_that_failed_is_prepared_anew)
{
    struct fixture f = fixture_open("failing:mock:");
    assert_int_equal(calls_of(f.session, "UPDATE a SET b = 1"), 2);
    mock_fail_at(1, false);
    assert_false(fixture_execute(f.session, "UPDATE a SET b = 1"));
    assert_string_equal(kin_error_of(f.session)->sql, "UPDATE a SET b = 1");
    fixture_error(f.session, KIN_DATABASE, "injected failure");
    assert_int_equal(calls_of(f.session, "UPDATE a SET b = 1"), 2);
    fixture_close(&f);
}

/* ---- counting and logging ---- */

struct heard {
    int count, failed;
    int64_t rows;
    char sql[8][64];
    char binds[8][64];
};

static void hear(void *context, const kin_log_entry *entry)
{
    struct heard *heard = context;
    snprintf(heard->sql[heard->count % 8], sizeof heard->sql[0], "%s", entry->sql);
    snprintf(heard->binds[heard->count % 8], sizeof heard->binds[0], "%s", entry->binds ? entry->binds : "none");
    heard->count++;
    heard->failed += entry->failed;
    heard->rows += entry->rows;
    assert_true(entry->microseconds >= 0);
}

TEST(the_log_hears_statements_and_controls)
{
    struct fixture f = fixture_open("sqlite::memory:");
    struct heard heard = { 0 };
    fixture_must(f.session, fixture_execute(f.session, "CREATE TABLE a (b, c)"));
    kin_session_log(f.session, (kin_log){ hear, &heard, true });
    kin_value values[] = { kin(1), kin("it's") };
    struct sql_statement insert = { .kind = SQL_TEXT, .as.text = { "INSERT INTO a VALUES (?, ?)", values, 2 } };
    fixture_must(f.session, kin_begin(f.session));
    fixture_must(f.session, session_execute(f.session, &insert, NULL));
    fixture_must(f.session, kin_commit(f.session));
    assert_int_equal(fixture_query(f.session, "SELECT * FROM a"), 1);
    assert_int_equal(heard.count, 4);
    assert_string_equal(heard.sql[0], "BEGIN IMMEDIATE");
    assert_string_equal(heard.sql[1], "INSERT INTO a VALUES (?, ?)");
    assert_string_equal(heard.binds[1], "1, 'it''s'");
    assert_string_equal(heard.sql[2], "COMMIT");
    assert_int_equal(heard.rows, 2);
    assert_int_equal(heard.failed, 0);
    assert_int_equal(fixture_query(f.session, "SELECT abs(-9223372036854775808)"), -1);
    assert_int_equal(heard.failed, 1);
    kin_clear_error(f.session);
    kin_session_log(f.session, (kin_log){ 0 });
    assert_int_equal(fixture_query(f.session, "SELECT * FROM a"), 1);
    assert_int_equal(heard.count, 5);
    fixture_close(&f);
}

TEST(binds_are_shown_only_when_asked_for)
{
    struct fixture f = fixture_open("mock:");
    struct heard heard = { 0 };
    kin_session_log(f.session, (kin_log){ hear, &heard, false });
    kin_value secret = kin("secret");
    struct sql_statement update = { .kind = SQL_TEXT, .as.text = { "UPDATE a SET b = ?", &secret, 1 } };
    fixture_must(f.session, session_execute(f.session, &update, NULL));
    assert_string_equal(heard.binds[0], "none");
    fixture_close(&f);
}

TEST(statements_are_counted_and_controls_are_not)
{
    struct fixture f = fixture_open("mock:");
    fixture_must(f.session, kin_begin(f.session));
    fixture_must(f.session, fixture_execute(f.session, "UPDATE a SET b = 1"));
    assert_int_equal(fixture_query(f.session, "SELECT 1"), 0);
    fixture_must(f.session, kin_begin(f.session));
    fixture_must(f.session, kin_commit(f.session));
    fixture_must(f.session, kin_commit(f.session));
    assert_int_equal(kin_statement_count(f.session), 2);
    fixture_close(&f);
}

/* ---- what may be sent ---- */

TEST(after_an_error_nothing_is_sent)
{
    struct fixture f = fixture_open("mock:");
    assert_false(kin_fail(f.session, KIN_HOOK, "no"));
    size_t before = mock_count();
    assert_false(fixture_execute(f.session, "UPDATE a SET b = 1"));
    assert_int_equal(fixture_query(f.session, "SELECT 1"), -1);
    assert_false(session_script(f.session, "CREATE TABLE a (b)"));
    assert_false(kin_begin(f.session));
    assert_int_equal(kin_transaction_depth(f.session), 0);
    assert_int_equal(mock_count(), before);
    fixture_error(f.session, KIN_HOOK, "no");
    fixture_must(f.session, fixture_execute(f.session, "UPDATE a SET b = 1"));
    fixture_close(&f);
}

TEST(a_read_only_session_refuses_what_writes)
{
    static const char *const writers[] = {
        "INSERT INTO a VALUES (1) RETURNING b", " -- a comment\n/* and */ update a SET b = 1 RETURNING b",
        "WITH x AS (SELECT 1) INSERT INTO a SELECT * FROM x RETURNING b", "WITH x AS (SELECT 'it') DELETE FROM a RETURNING b",
        "PRAGMA user_version = 7", "pragma main.user_version(7)", "VACUUM", "ATTACH 'b.db' AS b", "EXPLAIN ANALYZE DELETE FROM a",
    };
    static const char *const readers[] = { "SELECT 'delete'", "WITH x AS (SELECT 'delete' AS \"insert\", `update` FROM a) SELECT * FROM x", "VALUES (1)", "(SELECT 1)",
                                           "PRAGMA user_version", "PRAGMA main . table_info(a)", "PRAGMA foreign_key_check('a')", "EXPLAIN SELECT 1" };
    struct fixture f = fixture_open("mock:");
    kin_session *reader = kin_session_open(f.db, .read_only = true);
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++) {
        assert_int_equal(fixture_query(reader, writers[i]), -1);
        fixture_error(reader, KIN_MISUSE, "read-only");
        assert_int_equal(fixture_query(f.session, writers[i]), 0);
    }
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
        assert_int_equal(fixture_query(reader, readers[i]), 0);
    assert_false(fixture_execute(reader, "UPDATE a SET b = 1"));
    fixture_error(reader, KIN_MISUSE, "the session is read-only, and this statement would write: UPDATE a SET b = 1");
    assert_false(session_script(reader, "CREATE TABLE a (b)"));
    fixture_error(reader, KIN_MISUSE, "read-only");
    assert_false(session_begin_level(reader, true));
    fixture_error(reader, KIN_MISUSE, "read-only");
    kin_session_close(reader);
    fixture_close(&f);
}

TEST(a_read_only_transaction_refuses_what_writes)
{
    struct fixture f = fixture_open("mock:");
    fixture_must(f.session, kin_begin(f.session, .read_only = true));
    assert_string_equal(mock_sql(0), "BEGIN READ ONLY");
    assert_int_equal(fixture_query(f.session, "SELECT 1"), 0);
    assert_false(fixture_execute(f.session, "UPDATE a SET b = 1"));
    fixture_error(f.session, KIN_MISUSE, "the transaction is read-only");
    assert_true(kin_rollback(f.session));
    fixture_must(f.session, fixture_execute(f.session, "UPDATE a SET b = 1"));
    fixture_close(&f);
}

TEST(transactions_by_hand_are_refused)
{
    static const char *const controls[] = { "BEGIN", "commit", " /* x */ ROLLBACK TO a", "SAVEPOINT a", "START TRANSACTION", "END;", "release a" };
    struct fixture f = fixture_open("mock:");
    for (size_t i = 0; i < sizeof controls / sizeof *controls; i++) {
        assert_false(fixture_execute(f.session, controls[i]));
        fixture_error(f.session, KIN_MISUSE, "use kin_begin");
        assert_int_equal(fixture_query(f.session, controls[i]), -1);
        fixture_error(f.session, KIN_MISUSE, "use kin_begin");
    }
    assert_int_equal(mock_count(), 0);
    fixture_close(&f);
}

/* ---- faults in the model's words ---- */

TEST(a_unique_fault_names_the_attribute)
{
    struct fixture f = fixture_open("sqlite::memory:");
    fixture_tables(f.session);
    fixture_must(f.session, fixture_insert(f.session, f.user, KIN_VALUES({ "email", kin("a") })));
    assert_false(fixture_insert(f.session, f.user, KIN_VALUES({ "email", kin("a") })));
    const kin_error *error = kin_error_of(f.session);
    assert_int_equal(error->constraint, KIN_UNIQUE);
    assert_string_equal(error->model, "User");
    assert_string_equal(error->attribute, "email");
    assert_string_equal(error->table, "Users");
    assert_int_equal(error->columns.count, 1);
    assert_string_equal(error->sql, "INSERT INTO `Users` (`email`) VALUES (?)");
    assert_string_equal(error->message, "User.email: must be unique, and this value is taken (UNIQUE constraint failed: Users.email)");
    fixture_close(&f);
}

TEST(a_unique_fault_of_several_names_them)
{
    struct fixture f = fixture_open("sqlite::memory:");
    fixture_tables(f.session);
    kin_values ada = KIN_VALUES({ "email", kin("a") }, { "tenant", kin("t") }, { "name", kin("n") });
    kin_values eve = KIN_VALUES({ "email", kin("b") }, { "tenant", kin("t") }, { "name", kin("n") });
    fixture_must(f.session, fixture_insert(f.session, f.user, ada));
    assert_false(fixture_insert(f.session, f.user, eve));
    assert_string_equal(kin_error_of(f.session)->attribute, "");
    fixture_error(f.session, KIN_CONSTRAINT, "User (tenant, name): must be unique together, and these values are taken");
    fixture_close(&f);
}

TEST(hand_written_sql_is_told_by_its_table)
{
    struct fixture f = fixture_open("sqlite::memory:");
    fixture_tables(f.session);
    assert_false(fixture_execute(f.session, "INSERT INTO Users (name) VALUES ('a')"));
    assert_string_equal(kin_error_of(f.session)->model, "User");
    fixture_error(f.session, KIN_CONSTRAINT, "User.email: cannot be null (NOT NULL constraint failed: Users.email)");
    fixture_close(&f);
}

TEST(a_check_is_told)
{
    struct fixture f = fixture_open("sqlite::memory:");
    fixture_tables(f.session);
    assert_false(fixture_insert(f.session, f.user, KIN_VALUES({ "email", kin("a") }, { "name", kin("x") })));
    assert_int_equal(kin_error_of(f.session)->constraint, KIN_CHECK);
    fixture_error(f.session, KIN_CONSTRAINT, "User: refused by a check of the database (CHECK constraint failed");
    fixture_close(&f);
}

TEST(a_foreign_key_fault_names_the_key)
{
    struct fixture f = fixture_open("sqlite::memory:");
    fixture_tables(f.session);
    assert_false(fixture_insert(f.session, f.task, KIN_VALUES({ "title", kin("t") }, { "ProjectId", kin(7) })));
    assert_string_equal(kin_error_of(f.session)->attribute, "ProjectId");
    fixture_error(f.session, KIN_CONSTRAINT, "Task: a foreign key (ProjectId -> Project) refuses it: the row it points at does not exist");

    fixture_must(f.session, fixture_insert(f.session, f.project, KIN_VALUES({ "id", kin(1) })));
    fixture_must(f.session, fixture_insert(f.session, f.task, KIN_VALUES({ "ProjectId", kin(1) })));
    struct sql_set set = { .attribute = model_attribute(f.task, "ProjectId"), .value = kin(9) };
    struct sql_update update = { .model = f.task, .sets = &set, .set_count = 1 };
    assert_false(session_execute(f.session, &(struct sql_statement){ .kind = SQL_UPDATE, .as.update = &update }, NULL));
    fixture_error(f.session, KIN_CONSTRAINT, "Task: a foreign key (ProjectId -> Project) refuses it: the row it points at does not exist");

    struct sql_delete removal = { .model = f.project };
    assert_false(session_execute(f.session, &(struct sql_statement){ .kind = SQL_DELETE, .as.delete_ = &removal }, NULL));
    fixture_error(f.session, KIN_CONSTRAINT, "Project: a foreign key (Task.ProjectId) refuses it: it is still referenced");

    set = (struct sql_set){ .attribute = model_attribute(f.project, "id"), .value = kin(3) };
    update.model = f.project;
    assert_false(session_execute(f.session, &(struct sql_statement){ .kind = SQL_UPDATE, .as.update = &update }, NULL));
    fixture_error(f.session, KIN_CONSTRAINT, "Project: a foreign key (Task.ProjectId) refuses it: it is still referenced");
    fixture_close(&f);
}

/* ---- models ---- */

TEST(a_model_of_another_schema_is_refused)
{
    struct fixture f = fixture_open("mock:"), other = { 0 };
    fixture_schema(&other);
    assert_true(session_knows(f.session, f.user, "kin_find_all"));
    assert_false(session_knows(f.session, other.user, "kin_find_all"));
    fixture_error(f.session, KIN_MISUSE, "kin_find_all: the model User belongs to another schema");
    assert_false(session_knows(f.session, NULL, "kin_find_all"));
    fixture_error(f.session, KIN_MISUSE, "kin_find_all: the model is NULL");
    kin_schema_free(other.schema);
    fixture_close(&f);
}
