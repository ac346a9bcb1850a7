/* Rows in memory after a rollback, one thing at a time: what random walks have found. */
#include "ground.h"

static const struct ground_models *const models = &ground_models;
static const struct act nothing = { .name = "a rollback" };

static void check(struct ground *g, kin_row *row) {
    ground_good(g, nothing.name);
    ground_check_row(g, nothing.name, row);
}

static void in_ground(void (*test)(struct ground *g)) {
    struct ground g;
    ground_open("delete");
    ground_start(&g, &nothing);
    test(&g);
    ground_end(&g);
    ground_close();
}

/* The time that an update made is taken back with it. */
static void updated(struct ground *g) {
    int64_t before = kin_date_of(g->user, "updatedAt");
    assert_true(kin_begin(g->s));
    kin_put(g->user, "age", kin(5));
    assert_true(kin_save(g->user));
    assert_true(kin_date_of(g->user, "updatedAt") > before);
    assert_true(kin_rollback(g->s));
    assert_int_equal(kin_date_of(g->user, "updatedAt"), before);
    assert_true(kin_changed(g->user, "age"));
    assert_false(kin_changed(g->user, "updatedAt"));
    check(g, g->user);
}
TEST(updated_at_is_given_back) { in_ground(updated); }

/* What a kin_increment left unknown stays so, although something else was saved before it. */
static void incremented(struct ground *g) {
    assert_true(kin_begin(g->s));
    kin_put(g->user, "age", kin(5));
    assert_true(kin_save(g->user) && kin_increment(g->user, "age", kin(2)) && kin_rollback(g->s));
    kin_put(g->user, "name", kin("x"));
    assert_false(kin_save(g->user));
    assert_int_equal(kin_error_of(g->s)->status, KIN_STALE);
    kin_clear_error(g->s);
    assert_true(kin_reload(g->user));
    assert_true(kin_is_null(g->user, "age"));
    check(g, g->user);
}
TEST(a_row_stays_stale_whatever_was_saved_before) { in_ground(incremented); }

/* The key that the database has is known, although memory got another one behind a write that was rolled back. */
static void key_changed(struct ground *g) {
    assert_true(kin_begin(g->s));
    kin_put(g->user, "name", kin("never"));
    assert_true(kin_save(g->user));
    kin_put(g->user, "id", kin(2)); /* which is somebody else */
    assert_true(kin_rollback(g->s));
    assert_true(kin_reload(g->user));
    assert_int_equal(kin_int(g->user, "id"), 1);
    check(g, g->user);
}
TEST(a_key_changed_after_a_save_is_not_taken_for_the_databases) { in_ground(key_changed); }

static void destroyed(struct ground *g) {
    assert_true(kin_begin(g->s));
    assert_true(kin_destroy(g->tasks[0]));
    kin_put(g->tasks[0], "id", kin(2));
    assert_true(kin_rollback(g->s));
    assert_true(kin_is_saved(g->tasks[0]));
    assert_true(kin_destroy(g->tasks[0]));
    assert_int_equal(plain_integer(ground_plain, "SELECT count(*) FROM Tasks WHERE id = 1"), 0);
    assert_int_equal(plain_integer(ground_plain, "SELECT count(*) FROM Tasks WHERE id = 2"), 1);
}
TEST(a_key_changed_after_a_destroy_is_not_taken_for_the_databases) { in_ground(destroyed); }

/* A link that is pending in memory alone is not one that the database has. */
static void pending(struct ground *g) {
    kin_row *task = g->tasks[0]; /* of the first project */
    kin_put(task, "ProjectId", kin(3));
    assert_true(kin_remove(g->projects[2], models->tasks, KIN_ROWS(task)));
    assert_true(kin_is_null(task, "ProjectId") && kin_changed(task, "ProjectId"));
    check(g, task);
    assert_true(kin_save(task));
    assert_int_equal(plain_integer(ground_plain, "SELECT ProjectId IS NULL FROM Tasks WHERE id = 1"), 1);
}
TEST(removing_what_is_linked_in_memory_alone) { in_ground(pending); }

/* A ROLLBACK fails while a cursor holds the connection: nothing may be written into the transaction that stays open there. */
static void cursor_open(struct ground *g) {
    kin_session *s = g->s;
    for (int i = 0; i < 300; i++) /* more than a cursor reads at once */
        kin_create(s, models->task, { "title", kin("task") });
    ground_good(g, nothing.name);
    kin_cursor *cursor = kin_each(s, models->task);
    assert_non_null(kin_next(cursor));
    assert_true(kin_begin(s));
    mock_fail_at(1, true);
    kin_rollback(s);
    mock_fail_at(0, false);
    kin_clear_error(s);
    assert_null(kin_create(s, models->project, { "title", kin("lost?") }));
    assert_int_equal(kin_error_of(s)->status, KIN_CONNECTION);
    assert_non_null(strstr(kin_error_of(s)->message, "kin_cursor_close"));
    kin_clear_error(s);
    kin_cursor_close(cursor);
    assert_non_null(kin_create(s, models->project, { "title", kin("kept") }));
    ground_good(g, nothing.name);
    assert_int_equal(plain_integer(ground_plain, "SELECT count(*) FROM Projects WHERE title = 'kept'"), 1);
    plain_check_unlocked(ground_plain, nothing.name);
}
TEST(nothing_is_written_on_a_connection_that_could_not_be_rolled_back) { in_ground(cursor_open); }
