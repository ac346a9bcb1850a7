/* Hooks of finders run for getters too: the target's model has them. */
#include "world.h"

static int finder_before, finder_after;

static bool finder_count(void *context, const kin_hook_event *event) {
    (*(int *)context)++;
    return event->kind == KIN_BEFORE_FIND || event->rows.count > 0;
}

static bool finder_refuse(void *context, const kin_hook_event *event) {
    (void)context;
    return kin_fail(event->session, KIN_HOOK, "not today");
}

TEST(M10_G61_getters_run_the_finder_hooks_of_the_target) {
    struct world world;
    world_start(&world);
    kin_model *project = kin_define(world.schema, "Project", KIN_NO_ATTRIBUTES), *task = kin_define(world.schema, "Task", KIN_NO_ATTRIBUTES);
    kin_association *tasks = kin_has_many(project, task), *project_of = kin_belongs_to(task, project);
    finder_before = finder_after = 0;
    kin_hook_add(task, KIN_BEFORE_FIND, finder_count, &finder_before);
    kin_hook_add(task, KIN_AFTER_FIND, finder_count, &finder_after);
    world_open(&world);
    kin_row *one = kin_create(world.s, project, KIN_DEFAULTS);
    assert_int_equal(kin_get(one, tasks).count, 0);
    assert_int_equal(finder_before, 1);
    assert_int_equal(finder_after, 0);
    kin_row *first = kin_create_for(one, tasks, KIN_DEFAULTS);
    assert_int_equal(kin_get(one, tasks).count, 1);
    assert_int_equal(finder_before, 2);
    assert_int_equal(finder_after, 1);
    assert_int_equal(kin_get(one, tasks, .no_hooks = true).count, 1);
    assert_non_null(kin_get_one(first, project_of)); /* Project has no hooks */
    assert_int_equal(finder_before, 2);
    assert_kin_ok(world.s);
    world_close(&world);
}

TEST(M10_a_finder_hook_can_refuse_a_getter) {
    struct world world;
    world_start(&world);
    kin_model *project = kin_define(world.schema, "Project", KIN_NO_ATTRIBUTES), *task = kin_define(world.schema, "Task", KIN_NO_ATTRIBUTES);
    kin_association *tasks = kin_has_many(project, task);
    kin_hook_add(task, KIN_BEFORE_FIND, finder_refuse, NULL);
    world_open(&world);
    kin_row *one = kin_create(world.s, project, KIN_DEFAULTS);
    world_forget(&world);
    assert_int_equal(kin_get(one, tasks).count, 0);
    assert_int_equal(world_sent(&world, "SELECT"), 0);
    assert_kin_error(world.s, KIN_HOOK, "not today");
    world_close(&world);
}
