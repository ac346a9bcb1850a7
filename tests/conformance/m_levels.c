/* Levels of a transaction: nested, failed, left open; and kin_transaction, which ends its level by itself and tries again. */
#include "world.h"

struct ledger {
    struct world w;
    kin_model *entry;
};

static void ledger_open(struct ledger *l) {
    world_start(&l->w);
    l->entry = kin_define(l->w.schema, "Entry", KIN_ATTRIBUTES(KIN_STRING("text", .unique = true), KIN_INTEGER("cents", .default_value = kin(0))),
                          .table = "entries");
    world_open(&l->w);
    assert_non_null(kin_create(l->w.s, l->entry, { "text", kin("first") }));
    world_forget(&l->w);
}

static kin_row *enter(struct ledger *l, const char *text) { return kin_create(l->w.s, l->entry, { "text", kin(text) }); }

/* The texts in the table, "a b ". */
static const char *texts(struct ledger *l) {
    static char out[500];
    out[0] = '\0';
    kin_rows rows = kin_find_all(l->w.s, l->entry, .order = KIN_NAMES("text"));
    assert_kin_ok(l->w.s);
    for (size_t i = 0; i < rows.count; i++)
        snprintf(out + strlen(out), sizeof out - strlen(out), "%s ", kin_text(rows.at[i], "text"));
    return out;
}

/* ---- levels ---- */

TEST(M27_every_call_is_in_the_level_on_top) {
    struct ledger l;
    ledger_open(&l);
    kin_session *s = l.w.s;
    assert_int_equal(kin_transaction_depth(s), 0);
    assert_true(kin_begin(s));
    enter(&l, "a");
    assert_true(kin_begin(s));
    enter(&l, "b");
    assert_true(kin_begin(s));
    enter(&l, "c");
    assert_int_equal(kin_transaction_depth(s), 3);
    assert_true(kin_rollback(s));
    assert_string_equal(texts(&l), "a b first ");
    assert_true(kin_begin(s));
    enter(&l, "d");
    assert_true(kin_commit(s));
    assert_true(kin_commit(s));
    assert_string_equal(texts(&l), "a b d first ");
    assert_int_equal(kin_transaction_depth(s), 1);
    assert_true(kin_rollback(s)); /* with all that was committed inside */
    assert_string_equal(texts(&l), "first ");
    assert_int_equal(world_sent(&l.w, "SAVEPOINT"), 3);
    assert_int_equal(world_sent(&l.w, "ROLLBACK TO"), 1);
    assert_int_equal(world_sent(&l.w, "RELEASE"), 2);
    assert_kin_ok(s);
    world_close(&l.w);
}

TEST(M27_nothing_to_end_is_an_error) {
    struct ledger l;
    ledger_open(&l);
    assert_false(kin_commit(l.w.s));
    assert_kin_error(l.w.s, KIN_MISUSE, "kin_commit: no transaction is open; kin_begin opens one");
    assert_false(kin_rollback(l.w.s));
    assert_kin_error(l.w.s, KIN_MISUSE, "kin_rollback: no transaction is open; kin_begin opens one");
    assert_int_equal(kin_execute(l.w.s, "COMMIT"), -1); /* not behind the session's back */
    assert_kin_error(l.w.s, KIN_MISUSE, "use kin_begin, kin_commit and kin_rollback");
    assert_int_equal(kin_execute(l.w.s, "  /* x */ begin"), -1);
    assert_kin_error(l.w.s, KIN_MISUSE, "use kin_begin, kin_commit and kin_rollback");
    assert_int_equal(l.w.statement_count, 0);
    world_close(&l.w);
}

TEST(M26_a_failed_statement_fails_its_level) {
    struct ledger l;
    ledger_open(&l);
    kin_session *s = l.w.s;
    assert_true(kin_begin(s));
    enter(&l, "a");
    assert_null(enter(&l, "first"));
    assert_int_equal(kin_error_of(s)->constraint, KIN_UNIQUE);
    kin_clear_error(s);
    world_forget(&l.w);
    for (int i = 0; i < 3; i++) { /* clearing the error does not mend the level */
        assert_null(enter(&l, "b"));
        assert_kin_error(s, KIN_TRANSACTION, "this transaction level has failed; kin_rollback it");
        assert_int_equal(kin_count_all(s, l.entry), -1);
        assert_kin_error(s, KIN_TRANSACTION, "kin_rollback it");
        assert_false(kin_begin(s));
        assert_kin_error(s, KIN_TRANSACTION, "kin_rollback it");
    }
    assert_int_equal(l.w.statement_count, 0);
    assert_int_equal(kin_transaction_depth(s), 1);
    assert_true(kin_rollback(s));
    assert_kin_ok(s);
    assert_string_equal(texts(&l), "first ");
    assert_non_null(enter(&l, "b"));
    world_close(&l.w);
}

TEST(M26_commit_of_a_failed_level_rolls_back_and_says_so) {
    struct ledger l;
    ledger_open(&l);
    kin_session *s = l.w.s;
    assert_true(kin_begin(s));
    enter(&l, "a");
    enter(&l, "first");
    enter(&l, "b"); /* nothing happens */
    assert_false(kin_commit(s));
    assert_int_equal(kin_transaction_depth(s), 0);
    assert_int_equal(kin_error_of(s)->constraint, KIN_UNIQUE); /* why it failed */
    assert_kin_error(s, KIN_CONSTRAINT, "Entry.text");
    assert_string_equal(texts(&l), "first ");

    assert_true(kin_begin(s)); /* the error was cleared meanwhile */
    enter(&l, "a");
    enter(&l, "first");
    kin_clear_error(s);
    assert_false(kin_commit(s));
    assert_int_equal(kin_transaction_depth(s), 0);
    assert_kin_error(s, KIN_TRANSACTION, "this transaction level had failed; it is rolled back, not committed");
    assert_string_equal(texts(&l), "first ");

    assert_true(kin_begin(s)); /* an error that was no statement's rolls back, too; cleared, the level is good */
    enter(&l, "a");
    assert_null(kin_find_one(s, l.entry, .where = kin_eq("nothing", 1)));
    assert_false(kin_commit(s));
    assert_kin_error(s, KIN_MISUSE, "'nothing'");
    assert_string_equal(texts(&l), "first ");
    assert_true(kin_begin(s));
    enter(&l, "a");
    assert_null(kin_find_one(s, l.entry, .where = kin_eq("nothing", 1)));
    kin_clear_error(s);
    assert_true(kin_commit(s));
    assert_string_equal(texts(&l), "a first ");
    world_close(&l.w);
}

TEST(M26_rollback_works_whatever_has_happened) {
    struct ledger l;
    ledger_open(&l);
    kin_session *s = l.w.s;
    assert_true(kin_begin(s));
    enter(&l, "a");
    enter(&l, "first");
    assert_false(kin_ok(s));
    assert_true(kin_rollback(s)); /* with the error still there */
    assert_int_equal(kin_transaction_depth(s), 0);
    assert_int_equal(kin_error_of(s)->constraint, KIN_UNIQUE); /* and it stays to be looked at */
    kin_clear_error(s);
    assert_string_equal(texts(&l), "first ");
    world_close(&l.w);
}

TEST(M26_what_is_expected_to_fail_goes_in_a_level_of_its_own) {
    struct ledger l;
    ledger_open(&l);
    kin_session *s = l.w.s;
    assert_true(kin_begin(s));
    enter(&l, "a");
    assert_true(kin_begin(s));
    enter(&l, "b");
    assert_null(enter(&l, "first"));
    assert_false(kin_commit(s));
    kin_clear_error(s);
    assert_int_equal(kin_transaction_depth(s), 1);
    assert_string_equal(texts(&l), "a first "); /* the level around it is good */
    assert_true(kin_begin(s));
    enter(&l, "first");
    assert_true(kin_rollback(s));
    kin_clear_error(s);
    enter(&l, "c");
    assert_true(kin_commit(s));
    assert_string_equal(texts(&l), "a c first ");
    assert_kin_ok(s);
    world_close(&l.w);
}

TEST(M28_a_verb_that_fails_fails_the_level_it_was_called_in) {
    struct ledger l;
    ledger_open(&l);
    kin_session *s = l.w.s;
    kin_row *a = enter(&l, "a");
    assert_true(kin_begin(s));
    assert_int_equal(kin_bulk_create(s, l.entry, KIN_RECORDS(KIN_VALUES({ "text", kin("b") }), KIN_VALUES({ "text", kin("first") }))).count, 0);
    kin_clear_error(s);
    assert_false(kin_increment(a, "cents", kin(1)));
    assert_kin_error(s, KIN_TRANSACTION, "kin_rollback it");
    assert_true(kin_rollback(s));
    assert_string_equal(texts(&l), "a first ");
    assert_true(kin_begin(s));
    assert_int_equal(kin_execute(s, "UPDATE nowhere SET x = 1"), -1);
    kin_clear_error(s);
    assert_false(kin_commit(s));
    assert_kin_error(s, KIN_TRANSACTION, "not committed");
    assert_kin_ok(s);
    world_close(&l.w);
}

TEST(M26_read_only_levels_and_sessions_refuse_to_write) {
    struct ledger l;
    ledger_open(&l);
    kin_session *s = l.w.s;
    assert_true(kin_begin(s, .read_only = true));
    assert_int_equal(kin_count_all(s, l.entry), 1);
    assert_null(enter(&l, "a"));
    assert_kin_error(s, KIN_MISUSE, "the transaction is read-only, and this statement would write");
    assert_true(kin_rollback(s));
    kin_session *reader = kin_session_open(l.w.db, .read_only = true);
    assert_int_equal(kin_count_all(reader, l.entry), 1);
    assert_null(kin_create(reader, l.entry, { "text", kin("a") }));
    assert_kin_error(reader, KIN_MISUSE, "the session is read-only, and this statement would write");
    assert_int_equal(kin_execute(reader, "DELETE FROM entries"), -1);
    assert_kin_error(reader, KIN_MISUSE, "the session is read-only");
    kin_session_close(reader);
    assert_string_equal(texts(&l), "first ");
    world_close(&l.w);
}

/* Constraints that are checked at the commit: kin makes none, but a table may have them. MariaDB checks every one at once. */
TEST(M26_a_commit_that_the_database_refuses_is_a_rollback) {
    bool lite = strncmp(test_url(), "sqlite", 6) == 0, deferred = lite || strncmp(test_url(), "postgres", 8) == 0;
    struct world w;
    char sql[300];
    world_start(&w);
    kin_model *child = kin_define(w.schema, "Child", KIN_ATTRIBUTES(KIN_INTEGER("parent_id"), KIN_STRING("name")), .table = "kin_children");
    world_connect(&w);
    kin_execute(w.s, "DROP TABLE IF EXISTS kin_children");
    kin_execute(w.s, "DROP TABLE IF EXISTS kin_parents");
    kin_execute(w.s, "CREATE TABLE kin_parents (id INTEGER PRIMARY KEY)");
    snprintf(sql, sizeof sql, "CREATE TABLE kin_children (id %s, name VARCHAR(255), parent_id INTEGER, FOREIGN KEY (parent_id) REFERENCES kin_parents (id)%s)",
             lite ? "INTEGER PRIMARY KEY" : deferred ? "SERIAL PRIMARY KEY" : "INTEGER AUTO_INCREMENT PRIMARY KEY",
             deferred ? " DEFERRABLE INITIALLY DEFERRED" : "");
    kin_execute(w.s, sql);
    assert_kin_ok(w.s);
    kin_row *old = kin_create(w.s, child, { "name", kin("old") });
    kin_row *made = kin_build(w.s, child, { "parent_id", kin(7) });
    assert_true(kin_begin(w.s));
    kin_put(old, "name", kin("changed"));
    assert_true(kin_save(old));
    assert_int_equal(kin_save(made), deferred);
    assert_int_equal(kin_ok(w.s), deferred);
    assert_false(kin_commit(w.s));
    assert_int_equal(kin_error_of(w.s)->constraint, KIN_FOREIGN_KEY);
    assert_kin_error(w.s, KIN_CONSTRAINT, "a foreign key");
    assert_int_equal(kin_transaction_depth(w.s), 0);
    assert_false(kin_is_saved(made));
    assert_true(kin_changed(old, "name"));
    assert_int_equal(kin_count_all(w.s, child, .where = kin_eq("name", "changed")), 0);
    assert_null(kin_create(w.s, child, { "parent_id", kin(7) })); /* outside of a transaction it is the statement that fails */
    assert_int_equal(kin_error_of(w.s)->constraint, KIN_FOREIGN_KEY);
    kin_clear_error(w.s);
    kin_put(made, "parent_id", kin_null);
    assert_true(kin_save(made));
    assert_true(kin_save(old));
    assert_int_equal(kin_count_all(w.s, child), 2);
    kin_execute(w.s, "DROP TABLE kin_children");
    kin_execute(w.s, "DROP TABLE kin_parents");
    assert_kin_ok(w.s);
    world_close(&w);
}

/* ---- kin_transaction ---- */

struct work {
    struct ledger *l;
    int calls, busy;  /* how often it was called; how often it says busy */
    kin_status other; /* an error that is not worth retrying */
    bool answer;
    enum { WORK_ALONE, WORK_NESTED, WORK_OPENS, WORK_COMMITS } what;
    size_t depth;
};

static bool work_inner(kin_session *s, void *context) {
    struct work *work = context;
    work->calls++;
    enter(work->l, "inner");
    return kin_fail(s, KIN_BUSY, "as if it were busy");
}

static bool work_do(kin_session *s, void *context) {
    struct work *work = context;
    work->calls++;
    work->depth = kin_transaction_depth(s);
    enter(work->l, "worked");
    if (work->calls <= work->busy)
        kin_fail(s, KIN_BUSY, "as if it were busy");
    if (work->other)
        kin_fail(s, work->other, "something else");
    if (work->what == WORK_NESTED) {
        struct work inner = { .l = work->l };
        bool good = kin_transaction(s, work_inner, &inner);
        work->calls += 100 * inner.calls;
        kin_clear_error(s);
        return !good;
    }
    if (work->what == WORK_OPENS)
        return kin_begin(s);
    if (work->what == WORK_COMMITS)
        return !kin_commit(s);
    return work->answer;
}

TEST(M26_kin_transaction_commits_or_rolls_back) {
    struct ledger l;
    ledger_open(&l);
    struct work work = { .l = &l };
    assert_false(kin_transaction(l.w.s, work_do, &work)); /* false: rolled back, and no error */
    assert_kin_ok(l.w.s);
    assert_int_equal(work.calls, 1);
    assert_int_equal(work.depth, 1);
    assert_string_equal(texts(&l), "first ");
    work = (struct work){ .l = &l, .answer = true, .other = KIN_NOT_FOUND }; /* true, and an error */
    assert_false(kin_transaction(l.w.s, work_do, &work));
    assert_int_equal(work.calls, 1);
    assert_kin_error(l.w.s, KIN_NOT_FOUND, "something else");
    assert_int_equal(kin_transaction_depth(l.w.s), 0);
    assert_string_equal(texts(&l), "first ");
    work = (struct work){ .l = &l, .answer = true };
    assert_true(kin_transaction(l.w.s, work_do, &work));
    assert_string_equal(texts(&l), "first worked ");
    assert_false(kin_transaction(l.w.s, work_do, &work)); /* taken */
    assert_kin_error(l.w.s, KIN_CONSTRAINT, "Entry.text");
    assert_false(kin_transaction(l.w.s, NULL, NULL));
    assert_kin_error(l.w.s, KIN_MISUSE, "kin_transaction: the work is NULL");
    world_close(&l.w);
}

TEST(M26_kin_transaction_tries_again_where_the_database_was_busy) {
    struct ledger l;
    ledger_open(&l);
    struct work work = { .l = &l, .answer = true, .busy = 3 };
    assert_true(kin_transaction(l.w.s, work_do, &work));
    assert_kin_ok(l.w.s);
    assert_int_equal(work.calls, 4);
    assert_string_equal(texts(&l), "first worked "); /* once: the other attempts were rolled back */
    assert_int_equal(kin_destroy_all(l.w.s, l.entry, .where = kin_eq("text", "worked")), 1);
    work = (struct work){ .l = &l, .answer = true, .busy = 1000 };
    assert_false(kin_transaction(l.w.s, work_do, &work));
    assert_int_equal(work.calls, 11); /* once, and 10 times more */
    assert_kin_error(l.w.s, KIN_BUSY, "as if it were busy");
    assert_string_equal(texts(&l), "first ");
    world_close(&l.w);
}

TEST(M26_kin_transaction_within_another_is_a_level_and_tried_once) {
    struct ledger l;
    ledger_open(&l);
    struct work work = { .l = &l, .what = WORK_NESTED };
    assert_true(kin_transaction(l.w.s, work_do, &work));
    assert_int_equal(work.calls, 101);
    assert_string_equal(texts(&l), "first worked "); /* what the inner one wrote is gone */
    work = (struct work){ .l = &l, .answer = true, .busy = 5 };
    kin_destroy_all(l.w.s, l.entry, .where = kin_eq("text", "worked"));
    assert_true(kin_begin(l.w.s));
    enter(&l, "a");
    assert_false(kin_transaction(l.w.s, work_do, &work));
    assert_int_equal(work.calls, 1);
    assert_kin_error(l.w.s, KIN_BUSY, "busy");
    work = (struct work){ .l = &l, .answer = true };
    assert_true(kin_transaction(l.w.s, work_do, &work));
    assert_int_equal(work.depth, 2);
    assert_true(kin_commit(l.w.s));
    assert_string_equal(texts(&l), "a first worked ");
    assert_kin_ok(l.w.s);
    world_close(&l.w);
}

TEST(M26_kin_transaction_ends_its_level_itself) {
    struct ledger l;
    ledger_open(&l);
    struct work work = { .l = &l, .what = WORK_OPENS };
    assert_false(kin_transaction(l.w.s, work_do, &work));
    assert_kin_error(l.w.s, KIN_MISUSE, "kin_transaction: the work has left a transaction level open; everything is rolled back");
    work = (struct work){ .l = &l, .what = WORK_COMMITS };
    assert_false(kin_transaction(l.w.s, work_do, &work));
    assert_kin_error(l.w.s, KIN_MISUSE, "kin_commit: the transaction is not one that kin_begin opened; kin_transaction ends it");
    assert_int_equal(kin_transaction_depth(l.w.s), 0);
    assert_string_equal(texts(&l), "first ");
    world_close(&l.w);
}

/* A lock of another program: it goes when the log has shown that somebody was refused. */
struct lock {
    kin_session *holder;
    int refused;
};

static void lock_release(void *context, const kin_log_entry *entry) {
    struct lock *lock = context;
    if (entry->failed && ++lock->refused == 3)
        kin_commit(lock->holder);
}

TEST(M26_kin_transaction_waits_for_a_lock_of_another_program) {
    char url[600];
    snprintf(url, sizeof url, "sqlite:%s/x.db?busy_timeout=5", test_temporary());
    struct ledger l = { .w.schema = kin_schema_new() };
    l.entry = kin_define(l.w.schema, "Entry", KIN_ATTRIBUTES(KIN_STRING("text", .unique = true)));
    l.w.db = kin_open(url, l.w.schema);
    assert_true(kin_sync(l.w.db));
    kin_db *elsewhere = kin_open(url, l.w.schema);
    struct lock lock = { .holder = kin_session_open(elsewhere) };
    l.w.s = kin_session_open(l.w.db, .log = { .function = lock_release, .context = &lock });
    assert_true(kin_begin(lock.holder));
    assert_non_null(kin_create(lock.holder, l.entry, { "text", kin("theirs") }));
    struct work work = { .l = &l, .answer = true };
    assert_true(kin_transaction(l.w.s, work_do, &work));
    assert_kin_ok(l.w.s);
    assert_int_equal(lock.refused, 3);
    assert_int_equal(work.calls, 1); /* SQLite takes the lock at BEGIN, so the work begins when it has it */
    assert_string_equal(texts(&l), "theirs worked ");
    kin_session_close(lock.holder);
    kin_close(elsewhere);
    kin_session_close(l.w.s);
    kin_close(l.w.db);
    kin_schema_free(l.w.schema);
}
