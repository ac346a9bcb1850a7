/* The session's error: it stays until it is looked at, and meanwhile every call does nothing. And what kinds of errors there are. */
#include "world.h"

struct desk {
    struct world w;
    kin_model *user, *task, *tag, *link;
    kin_association *tasks, *owner, *tags;
    kin_row *ann, *work, *red;
};

static const char *even(void *context, kin_value value) {
    (void)context;
    return value.as.integer % 2 ? "must be even" : NULL;
}

static bool refuse(void *context, const kin_hook_event *event) {
    (void)event;
    return !*(const bool *)context;
}

static bool refusing;

static void desk_open(struct desk *o) {
    refusing = false;
    world_start(&o->w);
    o->user = kin_define(o->w.schema, "User",
                         KIN_ATTRIBUTES(KIN_STRING("name", .unique = true), KIN_INTEGER("age", .validate = { .function = even })), .table = "users");
    o->task = kin_define(o->w.schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title")), .table = "tasks");
    o->tag = kin_define(o->w.schema, "Tag", KIN_ATTRIBUTES(KIN_STRING("word")), .timestamps = true, .paranoid = true);
    o->link = kin_define(o->w.schema, "TaskTag", KIN_ATTRIBUTES(KIN_STRING("role")));
    o->tasks = kin_has_many(o->user, o->task);
    o->owner = kin_belongs_to(o->task, o->user);
    o->tags = kin_belongs_to_many(o->task, o->tag, .through_model = o->link);
    kin_hook_add(o->user, KIN_BEFORE_DESTROY, refuse, &refusing);
    world_open(&o->w);
    o->ann = kin_create(o->w.s, o->user, { "name", kin("Ann") }, { "age", kin(30) });
    o->work = kin_create_for(o->ann, o->tasks, { "title", kin("Work") });
    o->red = kin_create_for(o->work, o->tags, { "word", kin("red") });
    o->ann = kin_find_one(o->w.s, o->user, .include = KIN_INCLUDE(KIN_WITH(o->tasks)));
    assert_kin_ok(o->w.s);
    world_forget(&o->w);
}

static bool nothing(kin_session *s, void *context) {
    (void)s;
    *(bool *)context = true;
    return true;
}

TEST(L33_after_an_error_every_call_is_empty_and_sends_nothing) {
    struct desk o;
    desk_open(&o);
    kin_session *s = o.w.s;
    kin_cursor *cursor = kin_each(s, o.user);
    kin_row *built = kin_build(s, o.user, { "name", kin("Bob") });
    uint64_t sent = kin_statement_count(s);
    assert_false(kin_put(o.ann, "nose", kin(1)));
    assert_false(kin_ok(s));

    assert_int_equal(kin_find_all(s, o.user).count, 0);
    assert_null(kin_find_one(s, o.user));
    assert_null(kin_find_by_pk(s, o.user, kin(1)));
    assert_null(kin_find_one(s, o.user, .required = true));
    assert_int_equal(kin_count_all(s, o.user), -1);
    kin_page page = kin_find_and_count(s, o.user);
    assert_int_equal(page.total, -1);
    assert_int_equal(page.rows.count, 0);
    assert_null(kin_each(s, o.user));
    assert_null(kin_next(cursor));
    assert_int_equal(kin_max(s, o.user, "age").type, KIN_VALUE_NULL);
    assert_int_equal(kin_aggregate(s, o.user, KIN_AGGREGATES({ KIN_COUNT, NULL, "n" })).count, 0);
    assert_int_equal(kin_query(s, "SELECT 1 AS n").count, 0);
    assert_int_equal(kin_execute(s, "DELETE FROM tasks"), -1);
    assert_null(kin_create(s, o.user, { "name", kin("x") }));
    assert_null(kin_build(s, o.user, { "name", kin("x") }));
    assert_false(kin_save(built));
    assert_false(kin_validate(built));
    assert_false(kin_put(o.ann, "age", kin(32)));
    assert_false(kin_put_through(o.red, o.link, KIN_VALUES({ "role", kin("x") })));
    assert_false(kin_reload(o.ann));
    assert_false(kin_destroy(o.work));
    assert_false(kin_restore(o.red));
    assert_false(kin_increment(o.ann, "age", kin(2)));
    assert_int_equal(kin_bulk_create(s, o.user, KIN_RECORDS(KIN_VALUES({ "name", kin("x") }))).count, 0);
    assert_int_equal(kin_update_all(s, o.user, KIN_VALUES({ "age", kin(2) }), .all = true), -1);
    assert_int_equal(kin_destroy_all(s, o.task, .all = true), -1);
    assert_null(kin_find_or_create(s, o.user, KIN_VALUES({ "name", kin("x") })));
    assert_int_equal(kin_get(o.ann, o.tasks).count, 0);
    assert_null(kin_get_one(o.work, o.owner));
    assert_int_equal(kin_count(o.ann, o.tasks), -1);
    assert_int_equal(kin_set(o.ann, o.tasks, KIN_NONE).count, 0);
    assert_false(kin_add(o.ann, o.tasks, KIN_ROWS(o.work)));
    assert_false(kin_remove(o.ann, o.tasks, KIN_ROWS(o.work)));
    assert_false(kin_has(o.ann, o.tasks, KIN_ROWS(o.work)));
    assert_false(kin_has_exactly(o.ann, o.tasks, KIN_NONE));
    assert_false(kin_set_one(o.work, o.owner, NULL));
    assert_false(kin_set_one_key(o.work, o.owner, kin(1)));
    assert_null(kin_create_for(o.ann, o.tasks, { "title", kin("x") }));
    assert_null(kin_create_linked(o.work, o.tags, KIN_VALUES({ "word", kin("x") })));
    assert_false(kin_call(o.ann, "countTasks").ok);
    assert_null(kin_keep(s, kin_eq("age", 1)));
    assert_null(kin_sql_text(s, "1 = 1", 0, NULL));
    assert_false(kin_begin(s));
    assert_int_equal(kin_transaction_depth(s), 0);
    bool ran = false;
    assert_false(kin_transaction(s, nothing, &ran));
    assert_false(ran);

    assert_int_equal(kin_statement_count(s), sent);
    assert_kin_error(s, KIN_MISUSE, "User has no attribute 'nose'"); /* the first is kept */
    assert_int_equal(kin_int(o.ann, "age"), 30);
    assert_false(kin_changed(o.ann, NULL));
    assert_int_equal(kin_count_all(s, o.task), 1);
    assert_int_equal(kin_count_all(s, o.user), 1);
    assert_kin_ok(s);
    world_close(&o.w);
}

TEST(L33_rows_in_hand_are_read_all_the_same) {
    struct desk o;
    desk_open(&o);
    assert_null(kin_find_one(o.w.s, o.user, .where = kin_eq("nose", 1)));
    assert_false(kin_ok(o.w.s));
    assert_string_equal(kin_text(o.ann, "name"), "Ann");
    assert_int_equal(kin_int(o.ann, "age"), 30);
    assert_int_equal(kin_value_of(o.ann, "age").as.integer, 30);
    assert_int_equal(kin_key_of(o.ann).type, KIN_VALUE_INTEGER);
    assert_int_equal(kin_related(o.ann, o.tasks).count, 1);
    assert_string_equal(kin_text(kin_related(o.ann, o.tasks).at[0], "title"), "Work");
    assert_true(kin_is_saved(o.ann));
    assert_true(kin_equals(kin_related(o.ann, o.tasks).at[0], o.work));
    assert_null(kin_text(o.ann, "noses")); /* a second error changes nothing */
    assert_kin_error(o.w.s, KIN_MISUSE, "'nose'");
    assert_null(strstr(kin_error_of(o.w.s)->message, "nose"));
    world_close(&o.w);
}

TEST(L33_a_sequence_is_checked_once_at_its_end) {
    struct desk o;
    desk_open(&o);
    kin_session *s = o.w.s;
    kin_begin(s);
    kin_row *bob = kin_create(s, o.user, { "name", kin("Bob") }, { "age", kin(31) }); /* odd: refused */
    kin_row *task = kin_create_for(bob, o.tasks, { "title", kin("x") });              /* a NULL source */
    kin_put(task, "title", kin("y"));
    kin_save(task);
    kin_create(s, o.task, { "title", kin("z") });
    assert_false(kin_commit(s)); /* the first error rolls everything back */
    assert_int_equal(kin_transaction_depth(s), 0);
    assert_string_equal(kin_error_of(s)->attribute, "age");
    assert_kin_error(s, KIN_INVALID, "User.age must be even");
    assert_int_equal(kin_count_all(s, o.task), 1);
    world_close(&o.w);
}

TEST(L33_an_error_that_is_cleared_is_forgotten) {
    struct desk o;
    desk_open(&o);
    assert_null(kin_create(o.w.s, o.user, { "name", kin("Ann") }));
    assert_int_equal(kin_error_of(o.w.s)->constraint, KIN_UNIQUE);
    kin_clear_error(o.w.s);
    const kin_error *error = kin_error_of(o.w.s);
    assert_true(kin_ok(o.w.s));
    assert_int_equal(error->status, KIN_OK);
    assert_int_equal(error->constraint, KIN_NO_CONSTRAINT);
    assert_string_equal(error->message, "");
    assert_string_equal(error->model, "");
    assert_string_equal(error->attribute, "");
    assert_string_equal(error->table, "");
    assert_int_equal(error->columns.count, 0);
    assert_int_equal(error->native_code, 0);
    assert_null(error->sql);
    assert_non_null(kin_create(o.w.s, o.user, { "name", kin("Bob") }));
    /* a wrapper's own error counts like any other, and does not replace one */
    assert_false(kin_fail(o.w.s, KIN_NOT_FOUND, "no such page"));
    assert_false(kin_fail(o.w.s, KIN_MISUSE, "another"));
    assert_int_equal(kin_count_all(o.w.s, o.user), -1);
    assert_kin_error(o.w.s, KIN_NOT_FOUND, "no such page");
    world_close(&o.w);
}

TEST(L33_no_session_and_no_row_is_no_crash) {
    assert_false(kin_ok(NULL));
    assert_int_equal(kin_error_of(NULL)->status, KIN_NO_MEMORY);
    assert_int_equal(kin_db_error(NULL)->status, KIN_NO_MEMORY);
    assert_int_equal(kin_schema_error(NULL)->status, KIN_NO_MEMORY);
    struct desk o;
    desk_open(&o);
    kin_session *none = NULL;
    kin_clear_error(none);
    kin_session_close(none);
    assert_int_equal(kin_find_all(none, o.user).count, 0);
    assert_null(kin_create(none, o.user, { "name", kin("x") }));
    assert_int_equal(kin_count_all(none, o.user), -1);
    assert_int_equal(kin_update_all(none, o.user, KIN_VALUES({ "age", kin(2) }), .all = true), -1);
    assert_int_equal(kin_query(none, "SELECT 1 AS n").count, 0);
    assert_false(kin_begin(none));
    assert_false(kin_commit(none));
    assert_false(kin_rollback(none));
    assert_int_equal(kin_transaction_depth(none), 0);
    kin_session_release(none, kin_session_mark(none));
    assert_false(kin_fail(none, KIN_HOOK, "x"));

    kin_row *row = NULL;
    assert_int_equal(kin_int(row, "age"), 0);
    assert_null(kin_text(row, "name"));
    assert_true(kin_is_null(row, "name"));
    assert_false(kin_is_loaded(row, "name"));
    assert_int_equal(kin_key_of(row).type, KIN_VALUE_UNSET);
    assert_null(kin_model_of(row));
    assert_false(kin_is_saved(row));
    assert_false(kin_put(row, "age", kin(1)));
    assert_false(kin_save(row));
    assert_false(kin_destroy(row));
    assert_false(kin_reload(row));
    assert_false(kin_changed(row, NULL));
    assert_int_equal(kin_related(row, o.tasks).count, 0);
    assert_kin_ok(o.w.s);
    world_close(&o.w);
}

TEST(L33_a_null_source_does_nothing) {
    struct desk o;
    desk_open(&o);
    kin_row *nobody = kin_find_one(o.w.s, o.user, .where = kin_eq("name", "Nobody"));
    assert_null(nobody);
    assert_kin_ok(o.w.s);
    world_forget(&o.w);
    assert_int_equal(kin_get(nobody, o.tasks).count, 0);
    assert_null(kin_get_one(kin_get_one(NULL, o.owner), o.owner));
    assert_int_equal(kin_count(nobody, o.tasks), 0);
    assert_int_equal(kin_set(nobody, o.tasks, KIN_ROWS(o.work)).count, 0);
    assert_false(kin_add(nobody, o.tasks, KIN_ROWS(o.work)));
    assert_false(kin_remove(nobody, o.tasks, KIN_ROWS(o.work)));
    assert_false(kin_has(nobody, o.tasks, KIN_NONE));
    assert_false(kin_has_exactly(nobody, o.tasks, KIN_NONE));
    assert_false(kin_set_one(NULL, o.owner, o.ann));
    assert_false(kin_set_one_key(NULL, o.owner, kin(1)));
    assert_null(kin_create_for(nobody, o.tasks, { "title", kin("x") }));
    assert_false(kin_call(nobody, "getTasks").ok);
    assert_kin_ok(o.w.s);
    assert_int_equal(o.w.statement_count, 0);
    /* only the target of a to-one setter means something when it is NULL */
    assert_true(kin_set_one(o.work, o.owner, NULL));
    assert_true(kin_is_null(o.work, "UserId"));
    assert_kin_ok(o.w.s);
    world_close(&o.w);
}

/* ---- what kinds there are ---- */

TEST(L34_each_kind_of_error_has_its_status) {
    struct desk o;
    desk_open(&o);
    kin_session *s = o.w.s;
    kin_create(s, o.user, { "nose", kin(1) });
    assert_kin_error(s, KIN_MISUSE, "");
    kin_create(s, o.user, { "age", kin(1) });
    assert_kin_error(s, KIN_INVALID, "User.age must be even");
    kin_create(s, o.user, { "name", kin("Ann") });
    assert_kin_error(s, KIN_CONSTRAINT, "User.name");
    kin_find_one(s, o.user, .where = kin_eq("name", "Nobody"), .required = true);
    assert_string_equal(kin_error_of(s)->model, "User");
    assert_kin_error(s, KIN_NOT_FOUND, "kin_find_one: there is no User that matches");
    kin_find_by_pk(s, o.user, kin(4711), .required = true);
    assert_kin_error(s, KIN_NOT_FOUND, "there is no User");
    kin_set_one(o.work, o.owner, NULL);
    assert_null(kin_get_one(o.work, o.owner));
    assert_kin_ok(s);
    kin_get_one(o.work, o.owner, .required = true);
    assert_kin_error(s, KIN_NOT_FOUND, "kin_get_one: this Task has no User");
    kin_query(s, "SELECT nonsense FROM nowhere");
    const kin_error *error = kin_error_of(s);
    assert_string_equal(error->sql, "SELECT nonsense FROM nowhere");
    assert_true(error->native_code != 0 || error->sqlstate[0] != '\0');
    assert_kin_error(s, KIN_DATABASE, "");
    refusing = true;
    kin_destroy(o.ann);
    assert_kin_error(s, KIN_HOOK, "a before_destroy hook of User refused; a hook says why with kin_fail");
    refusing = false;
    kin_begin(s);
    kin_create(s, o.user, { "name", kin("Ann") });
    kin_clear_error(s);
    kin_count_all(s, o.user);
    assert_kin_error(s, KIN_TRANSACTION, "");
    kin_rollback(s);
    assert_kin_ok(s);
    kin_row *other = kin_find_by_pk(s, o.task, kin_key_of(o.work));
    kin_destroy(o.work);
    kin_put(other, "title", kin("x"));
    kin_save(other);
    assert_kin_error(s, KIN_STALE, "Task");
    world_close(&o.w);
}

TEST(L34_unique_foreign_key_not_null_and_check_are_told_apart) {
    struct world w;
    world_start(&w);
    kin_model *user = kin_define(w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name", .not_null = true), KIN_STRING("email", .unique = true)), .table = "users");
    kin_model *task = kin_define(w.schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title")));
    kin_belongs_to(task, user);
    world_open(&w);
    assert_non_null(kin_create(w.s, user, { "name", kin("a") }, { "email", kin("e") }));
    kin_create(w.s, user, { "name", kin("b") }, { "email", kin("e") });
    assert_int_equal(kin_error_of(w.s)->constraint, KIN_UNIQUE);
    if (strncmp(test_url(), "sqlite", 6) == 0) { /* others name the constraint */
        assert_string_equal(kin_error_of(w.s)->table, "users");
        assert_names(kin_error_of(w.s)->columns, "email");
        assert_string_equal(kin_error_of(w.s)->sqlstate, "");
    } else {
        assert_string_equal(kin_error_of(w.s)->constraint_name, "users_email_unique");
    }
    assert_kin_error(w.s, KIN_CONSTRAINT, "User.email");
    kin_create(w.s, task, { "UserId", kin(99) });
    assert_int_equal(kin_error_of(w.s)->constraint, KIN_FOREIGN_KEY);
    assert_kin_error(w.s, KIN_CONSTRAINT, "UserId -> User");
    kin_update_all(w.s, user, KIN_VALUES({ "name", kin_null }), .all = true, .no_validate = true);
    assert_int_equal(kin_error_of(w.s)->constraint, KIN_NOT_NULL);
    assert_string_equal(kin_error_of(w.s)->attribute, "name");
    assert_kin_error(w.s, KIN_CONSTRAINT, "User.name");
    kin_execute(w.s, "DROP TABLE IF EXISTS kin_checked");
    kin_execute(w.s, "CREATE TABLE kin_checked (n INTEGER, CONSTRAINT small CHECK (n < 10))");
    assert_int_equal(kin_execute(w.s, "INSERT INTO kin_checked (n) VALUES (?)", kin(3)), 1);
    assert_kin_ok(w.s);
    assert_int_equal(kin_execute(w.s, "INSERT INTO kin_checked (n) VALUES (?)", kin(30)), -1);
    assert_int_equal(kin_error_of(w.s)->constraint, KIN_CHECK);
    assert_string_equal(kin_error_of(w.s)->constraint_name, "small");
    assert_string_equal(kin_error_of(w.s)->sql, "INSERT INTO kin_checked (n) VALUES (?)");
    assert_kin_error(w.s, KIN_CONSTRAINT, "small");
    assert_int_equal(kin_execute(w.s, "DROP TABLE kin_checked"), 0);
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(L34_a_database_that_cannot_be_reached) {
    kin_schema *schema = kin_schema_new();
    kin_model *user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")));
    char url[600];
    snprintf(url, sizeof url, "sqlite:%s/no/such/folder/x.db", test_temporary());
    kin_db *db = kin_open(url, schema);
    assert_non_null(db);
    kin_session *s = kin_session_open(db);
    assert_null(kin_create(s, user, { "name", kin("x") }));
    assert_int_equal((kin_db_error(db) ? kin_db_error(db) : kin_error_of(s))->status, KIN_CONNECTION);
    assert_non_null(strstr(kin_error_of(s)->message, "is it there"));
    kin_session_close(s);
    kin_close(db);
    db = kin_open("nowhere:x", schema);
    assert_int_equal(kin_db_error(db)->status, KIN_MISUSE);
    assert_non_null(strstr(kin_db_error(db)->message, "nowhere"));
    assert_false(kin_sync(db));
    kin_close(db);
    kin_schema_free(schema);
}

TEST(L34_locked_for_too_long_is_busy) {
    kin_schema *schema = kin_schema_new();
    kin_model *user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")));
    char url[600];
    snprintf(url, sizeof url, "sqlite:%s/x.db?busy_timeout=20", test_temporary());
    kin_db *db = kin_open(url, schema), *same = kin_open(url, schema);
    assert_true(kin_sync(db));
    kin_session *one = kin_session_open(db), *two = kin_session_open(db), *three = kin_session_open(same);
    assert_true(kin_begin(one));
    assert_non_null(kin_create(one, user, { "name", kin("x") }));
    kin_session *others[] = { two, three }; /* of the same handle, and as another program would be */
    for (size_t i = 0; i < 2; i++) {
        assert_null(kin_create(others[i], user, { "name", kin("y") }));
        assert_kin_error(others[i], KIN_BUSY, "20 ms");
        assert_false(kin_begin(others[i]));
        assert_kin_error(others[i], KIN_BUSY, "20 ms");
        assert_int_equal(kin_transaction_depth(others[i]), 0);
        assert_int_equal(kin_count_all(others[i], user), 0); /* reading goes on */
        assert_kin_ok(others[i]);
    }
    assert_true(kin_commit(one));
    assert_non_null(kin_create(two, user, { "name", kin("y") }));
    assert_non_null(kin_create(three, user, { "name", kin("z") }));
    assert_int_equal(kin_count_all(one, user), 3);
    assert_kin_ok(one);
    kin_session_close(one);
    kin_session_close(two);
    kin_session_close(three);
    kin_close(db);
    kin_close(same);
    kin_schema_free(schema);
}

TEST(L34_what_is_cancelled) {
    struct world w;
    world_start(&w);
    kin_model *item = kin_define(w.schema, "Item", KIN_ATTRIBUTES(KIN_STRING("label")));
    world_open(&w);
    for (int i = 0; i < 300; i++)
        kin_create(w.s, item, { "label", kin("some label") });
    kin_cursor *cursor = kin_each(w.s, item, .order = KIN_NAMES("id"));
    assert_non_null(kin_next(cursor));
    kin_cancel(w.s);
    size_t count = 1;
    while (kin_next(cursor))
        count++;
    if (strncmp(test_url(), "sqlite", 6) == 0 || !kin_ok(w.s)) { /* a server may have sent all of it already */
        assert_true(count < 300);
        assert_kin_error(w.s, KIN_CANCELLED, "cancelled");
    }
    kin_cursor_close(cursor);
    assert_int_equal(kin_count_all(w.s, item), 300); /* the next statement is not meant */
    kin_cancel(w.s);                                 /* nor is one when none runs */
    assert_int_equal(kin_count_all(w.s, item), 300);
    assert_kin_ok(w.s);
    world_close(&w);
}
