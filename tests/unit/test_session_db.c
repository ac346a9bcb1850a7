/* Handles of databases, good and bad, and NULL ones. */
#include "session_fixture.h"

TEST(a_handle_says_what_is_wrong)
{
    struct fixture f = { 0 };
    fixture_schema(&f);
    static const struct {
        const char *url, *message;
        kin_status status;
    } cases[] = {
        { NULL, "kin_open: the URL is NULL", KIN_MISUSE },
        { "nosuch:thing", "sqlite", KIN_MISUSE },
        { "sqlite:/nosuch/folder/at/all.db", "cannot open", KIN_CONNECTION },
        { "sqlite::memory:?colour=red", "colour", KIN_MISUSE },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kin_db *db = kin_open(cases[i].url, f.schema);
        assert_non_null(kin_db_error(db));
        assert_int_equal(kin_db_error(db)->status, cases[i].status);
        assert_non_null(strstr(kin_db_error(db)->message, cases[i].message));
        kin_session *session = kin_session_open(db);
        assert_false(kin_ok(session));
        assert_false(kin_begin(session));
        kin_clear_error(session); /* the handle's error stays */
        assert_false(kin_ok(session));
        assert_string_equal(kin_error_of(session)->message, kin_db_error(db)->message);
        assert_false(fixture_execute(session, "UPDATE a SET b = 1"));
        assert_int_equal(kin_session_mark(session).id != 0, 1);
        kin_cancel(session);
        kin_session_close(session);
        kin_close(db);
    }
    kin_schema_free(f.schema);
}

TEST(a_wrong_schema_is_the_handles_error)
{
    kin_db *db = kin_open("mock:", NULL);
    assert_int_equal(kin_db_error(db)->status, KIN_MISUSE);
    kin_close(db);
    kin_schema *schema = kin_schema_new();
    kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("name"), KIN_STRING("name")));
    db = kin_open("mock:", schema);
    assert_int_equal(kin_db_error(db)->status, KIN_SCHEMA);
    assert_string_equal(kin_db_error(db)->message, kin_schema_error(schema)->message);
    kin_close(db);
    kin_schema_free(schema);
    db = (kin_open)(NULL);
    assert_int_equal(kin_db_error(db)->status, KIN_MISUSE);
    kin_close(db);
}

TEST(null_handles_are_harmless)
{
    assert_int_equal(kin_db_error(NULL)->status, KIN_NO_MEMORY);
    assert_null(kin_session_open(NULL));
    assert_null((kin_session_open)(NULL));
    assert_false(kin_ok(NULL));
    assert_int_equal(kin_error_of(NULL)->status, KIN_NO_MEMORY);
    assert_false(kin_fail(NULL, KIN_HOOK, "x"));
    assert_false(kin_begin(NULL));
    assert_false((kin_begin)(NULL));
    assert_false(kin_commit(NULL));
    assert_false(kin_rollback(NULL));
    assert_int_equal(kin_transaction_depth(NULL), 0);
    assert_int_equal(kin_statement_count(NULL), 0);
    assert_null(kin_session_db(NULL));
    assert_false(kin_transaction(NULL, NULL, NULL));
    assert_false(session_enter(NULL));
    kin_clear_error(NULL);
    kin_cancel(NULL);
    kin_session_log(NULL, (kin_log){ 0 });
    kin_db_log(NULL, (kin_log){ 0 });
    kin_session_close(NULL);
    kin_close(NULL);
}

TEST(the_first_error_sticks)
{
    struct fixture f = fixture_open("mock:");
    assert_ptr_equal(kin_session_db(f.session), f.db);
    assert_true(kin_ok(f.session));
    assert_int_equal(kin_error_of(f.session)->status, KIN_OK);
    assert_string_equal(kin_error_of(f.session)->message, "");
    kin_fail(f.session, KIN_INVALID, "first");
    kin_fail(f.session, KIN_STALE, "second");
    fixture_error(f.session, KIN_INVALID, "first");
    kin_fail(f.session, KIN_OK, NULL);
    fixture_error(f.session, KIN_HOOK, "");
    assert_null(kin_db_error(f.db));
    fixture_close(&f);
}

TEST(drivers_are_listed)
{
    kin_names names = kin_drivers();
    for (size_t i = 0; i < names.count; i++) /* the mock is for tests, and not shown */
        assert_string_not_equal(names.at[i], "mock");
#ifdef KIN_HAVE_SQLITE
    assert_true(names.count >= 1);
#endif
    assert_ptr_equal(kin_drivers().at, names.at);
}

static void count_entry(void *context, const kin_log_entry *entry)
{
    assert_true(entry->size == sizeof *entry);
    ++*(int *)context;
}

TEST(a_session_takes_the_handles_log_or_its_own)
{
    int of_db = 0, of_session = 0;
    struct fixture f = fixture_open("mock:");
    kin_db_log(f.db, (kin_log){ count_entry, &of_db, false });
    fixture_must(f.session, fixture_execute(f.session, "UPDATE a SET b = 1")); /* opened before */
    kin_session *one = kin_session_open(f.db), *other = kin_session_open(f.db, .log = { count_entry, &of_session, false });
    fixture_must(one, fixture_execute(one, "UPDATE a SET b = 1"));
    fixture_must(other, fixture_execute(other, "UPDATE a SET b = 1"));
    fixture_must(other, fixture_execute(other, "UPDATE a SET b = 1"));
    assert_int_equal(of_db, 1);
    assert_int_equal(of_session, 2);
    kin_session_close(one);
    kin_session_close(other);
    fixture_close(&f);
}
