/* Has-many and the rows in memory: those that were given know their key, whatever was pending, and a rollback gives back what was. */
#include <kin.h>

#include "test.h"
#include "world.h"

struct plan {
    struct world w;
    kin_model *project, *task;
    kin_association *tasks;
    kin_row *engine, *loom; /* the engine has A; B is nobody's */
    kin_row *a, *b;
};

static bool refuse_some(void *context, const kin_hook_event *event) {
    const bool *refuse = context;
    (void)event;
    return !*refuse;
}

static void plan_open(struct plan *p, bool *refuse) {
    world_start(&p->w);
    p->project = kin_define(p->w.schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")));
    p->task = kin_define(p->w.schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title"), KIN_INTEGER("hours")));
    p->tasks = kin_has_many(p->project, p->task);
    if (refuse)
        kin_hook_add(p->task, KIN_AFTER_BULK_UPDATE, refuse_some, refuse);
    world_open(&p->w);
    p->engine = kin_create(p->w.s, p->project, { "title", kin("Engine") });
    p->loom = kin_create(p->w.s, p->project, { "title", kin("Loom") });
    p->a = kin_create(p->w.s, p->task, { "title", kin("A") }, { "ProjectId", kin_key_of(p->engine) });
    p->b = kin_create(p->w.s, p->task, { "title", kin("B") });
    assert_kin_ok(p->w.s);
    world_forget(&p->w);
}

static kin_row *found(struct plan *p, const kin_row *task) { return kin_find_by_pk(p->w.s, p->task, kin_key_of(task)); }

#define assert_knows(task, project)                                  \
    do {                                                             \
        assert_false(kin_is_null(task, "ProjectId"));                \
        assert_int_equal(kin_int(task, "ProjectId"), kin_int(project, "id")); \
        assert_false(kin_changed(task, "ProjectId"));                \
    } while (0)

TEST(E30_a_pending_key_gives_way_to_the_one_that_is_added) {
    struct plan p;
    plan_open(&p, NULL);
    kin_put(p.b, "ProjectId", kin_key_of(p.engine));
    assert_true(kin_add(p.engine, p.tasks, KIN_ROWS(p.b)));
    assert_knows(p.b, p.engine);
    assert_int_equal(kin_int(found(&p, p.b), "ProjectId"), kin_int(p.engine, "id"));
    kin_put(p.b, "ProjectId", kin_key_of(p.engine));
    assert_true(kin_add(p.loom, p.tasks, KIN_ROWS(p.b)));
    assert_knows(p.b, p.loom);
    assert_true(kin_save(p.b)); /* nothing is left to say otherwise */
    assert_int_equal(kin_int(found(&p, p.b), "ProjectId"), kin_int(p.loom, "id"));
    assert_kin_ok(p.w.s);
    world_close(&p.w);
}

/* A is the engine's in the database, and something else in memory. */
static void set_where_memory_differs(struct plan *p, const kin_targets targets) {
    assert_int_equal(kin_set(p->engine, p->tasks, targets).count, targets.count);
    assert_knows(p->a, p->engine);
    assert_true(kin_save(p->a));
    assert_int_equal(kin_int(found(p, p->a), "ProjectId"), kin_int(p->engine, "id"));
    assert_kin_ok(p->w.s);
}

TEST(E8_E30_rows_that_stay_linked_know_their_key_too) {
    struct plan p;
    plan_open(&p, NULL);
    kin_put(p.a, "ProjectId", kin_key_of(p.loom));
    set_where_memory_differs(&p, KIN_ROWS(p.a, p.b)); /* B joins */
    kin_put(p.a, "ProjectId", kin_key_of(p.loom));
    set_where_memory_differs(&p, KIN_ROWS(p.a)); /* B leaves */
    kin_put(p.a, "ProjectId", kin_key_of(p.loom));
    set_where_memory_differs(&p, KIN_ROWS(p.a)); /* nothing to write */
    kin_put(p.a, "ProjectId", kin_null);
    set_where_memory_differs(&p, KIN_ROWS(p.a));
    /* Read before somebody else linked it. */
    kin_row *copy = found(&p, p.b);
    assert_true(kin_add(p.engine, p.tasks, KIN_ROWS(p.b)));
    assert_true(kin_is_null(copy, "ProjectId"));
    assert_int_equal(kin_set(p.engine, p.tasks, KIN_ROWS(p.a, copy)).count, 2);
    assert_knows(copy, p.engine);
    /* Also where each row is saved by itself. */
    kin_put(p.b, "ProjectId", kin_key_of(p.loom));
    kin_row *c = kin_create(p.w.s, p.task, { "title", kin("C") });
    assert_int_equal(kin_set(p.engine, p.tasks, KIN_ROWS(p.b, c), .individual_hooks = true).count, 2);
    assert_knows(p.b, p.engine);
    assert_knows(c, p.engine);
    assert_true(kin_is_null(found(&p, p.a), "ProjectId"));
    assert_kin_ok(p.w.s);
    world_close(&p.w);
}

TEST(E30_E46_a_rollback_gives_back_what_was_pending_in_rows_that_stayed) {
    struct plan p;
    plan_open(&p, NULL);
    kin_put(p.a, "ProjectId", kin_key_of(p.loom));
    assert_true(kin_begin(p.w.s));
    assert_int_equal(kin_set(p.engine, p.tasks, KIN_ROWS(p.a)).count, 1);
    assert_knows(p.a, p.engine);
    assert_true(kin_rollback(p.w.s));
    assert_int_equal(kin_int(p.a, "ProjectId"), kin_int(p.loom, "id"));
    assert_true(kin_changed(p.a, "ProjectId"));
    assert_kin_ok(p.w.s);
    world_close(&p.w);
}

TEST(E30_E46_a_hook_that_refuses_leaves_memory_and_database_as_they_were) {
    struct plan p;
    bool refuse = false;
    plan_open(&p, &refuse);
    kin_put(p.b, "hours", kin(4));
    refuse = true;
    assert_false(kin_add(p.engine, p.tasks, KIN_ROWS(p.b)));
    assert_kin_error(p.w.s, KIN_HOOK, "");
    assert_true(kin_is_null(p.b, "ProjectId"));
    assert_true(kin_is_null(found(&p, p.b), "ProjectId"));
    assert_true(kin_changed(p.b, "hours"));
    assert_int_equal(kin_set(p.engine, p.tasks, KIN_ROWS(p.b)).count, 0);
    assert_kin_error(p.w.s, KIN_HOOK, "");
    assert_knows(p.a, p.engine);
    assert_int_equal(kin_int(found(&p, p.a), "ProjectId"), kin_int(p.engine, "id"));
    assert_false(kin_remove(p.engine, p.tasks, KIN_ROWS(p.a)));
    assert_kin_error(p.w.s, KIN_HOOK, "");
    assert_knows(p.a, p.engine);
    assert_int_equal(kin_int(found(&p, p.a), "ProjectId"), kin_int(p.engine, "id"));
    world_close(&p.w);
}

TEST(E46_savepoints_give_back_what_was) {
    struct plan p;
    plan_open(&p, NULL);
    assert_true(kin_begin(p.w.s));
    assert_true(kin_add(p.engine, p.tasks, KIN_ROWS(p.b)));
    assert_true(kin_begin(p.w.s));
    assert_true(kin_add(p.loom, p.tasks, KIN_ROWS(p.b)));
    assert_true(kin_remove(p.engine, p.tasks, KIN_ROWS(p.a)));
    assert_knows(p.b, p.loom);
    assert_true(kin_rollback(p.w.s));
    assert_knows(p.b, p.engine);
    assert_knows(p.a, p.engine);
    assert_true(kin_has_exactly(p.engine, p.tasks, KIN_ROWS(p.a, p.b)));
    assert_true(kin_commit(p.w.s));
    assert_true(kin_has_exactly(p.engine, p.tasks, KIN_ROWS(p.a, p.b)));
    assert_kin_ok(p.w.s);
    world_close(&p.w);
}

TEST(E46_what_is_released_needs_no_rollback) {
    struct plan p;
    plan_open(&p, NULL);
    assert_true(kin_begin(p.w.s));
    kin_mark mark = kin_session_mark(p.w.s);
    kin_row *copy = found(&p, p.b);
    assert_true(kin_add(p.engine, p.tasks, KIN_ROWS(copy)));
    assert_non_null(kin_create_for(p.engine, p.tasks, { "title", kin("C") }));
    kin_session_release(p.w.s, mark);
    assert_int_equal(kin_count(p.engine, p.tasks), 3);
    assert_true(kin_rollback(p.w.s));
    assert_int_equal(kin_count(p.engine, p.tasks), 1);
    assert_int_equal(kin_count_all(p.w.s, p.task), 2);
    assert_kin_ok(p.w.s);
    world_close(&p.w);
}

TEST(E12_E24_many_targets_saved_and_not_each_counts_once) {
    enum { MANY = 20 };
    struct plan p;
    kin_row *rows[2 * MANY];
    plan_open(&p, NULL);
    for (int i = 0; i < MANY; i++) {
        rows[i] = i % 2 ? kin_build(p.w.s, p.task, { "title", kin("new") }, { "hours", kin(i) })
                        : kin_create(p.w.s, p.task, { "title", kin("old") }, { "hours", kin(i) });
        rows[2 * MANY - 1 - i] = rows[i];
    }
    kin_rows linked = kin_set(p.engine, p.tasks, kin_rows_of(2 * MANY, rows));
    assert_kin_ok(p.w.s);
    assert_int_equal(linked.count, MANY);
    for (int i = 0; i < MANY; i++) {
        assert_ptr_equal(linked.at[i], rows[i]);
        assert_true(kin_is_saved(rows[i]));
        assert_knows(rows[i], p.engine);
    }
    assert_int_equal(kin_count_all(p.w.s, p.task), MANY + 2);
    assert_int_equal(kin_count(p.engine, p.tasks), MANY);
    assert_true(kin_is_null(found(&p, p.a), "ProjectId"));
    assert_true(kin_has_exactly(p.engine, p.tasks, kin_rows_of(2 * MANY, rows)));
    world_close(&p.w);
}

TEST(E12_rows_of_other_models_and_destroyed_rows_are_refused) {
    struct plan p;
    plan_open(&p, NULL);
    assert_false(kin_add(p.engine, p.tasks, KIN_ROWS(p.b, p.loom)));
    assert_kin_error(p.w.s, KIN_MISUSE, "target 2 of 2 is a Project, but Project.Tasks takes rows of Task");
    assert_false(kin_add(p.b, p.tasks, KIN_ROWS(p.a)));
    assert_kin_error(p.w.s, KIN_MISUSE, "the row is a Task, but Project.Tasks starts from a Project");
    assert_false(kin_set_one(p.engine, p.tasks, p.b));
    assert_kin_error(p.w.s, KIN_MISUSE, "write kin_set, kin_add or kin_remove");
    assert_int_equal(p.w.statement_count, 0);
    kin_row *copy = found(&p, p.a);
    assert_true(kin_destroy(copy));
    assert_int_equal(kin_set(p.loom, p.tasks, KIN_ROWS(p.b, copy)).count, 0);
    assert_kin_error(p.w.s, KIN_MISUSE, "target 2 of 2 was destroyed");
    assert_true(kin_is_null(found(&p, p.b), "ProjectId"));
    world_close(&p.w);
}

TEST(E25_E30_a_source_that_is_gone_is_the_database_s_error) {
    struct plan p;
    plan_open(&p, NULL);
    kin_row *copy = kin_find_by_pk(p.w.s, p.project, kin_key_of(p.loom));
    assert_true(kin_destroy(copy));
    assert_false(kin_add(p.loom, p.tasks, KIN_ROWS(p.b)));
    assert_int_equal(kin_error_of(p.w.s)->constraint, KIN_FOREIGN_KEY);
    assert_kin_error(p.w.s, KIN_CONSTRAINT, "");
    assert_true(kin_is_null(p.b, "ProjectId"));
    assert_false(kin_changed(p.b, NULL));
    assert_false(kin_add(copy, p.tasks, KIN_ROWS(p.b)));
    assert_kin_error(p.w.s, KIN_STALE, "this Project was destroyed");
    world_close(&p.w);
}
