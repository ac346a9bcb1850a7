/* Rows are linked and unlinked, through every kind of association, while calls and allocations fail. */
#include "ground.h"

static const struct ground_models *const models = &ground_models;

/* ---- has-many ---- */

static void build_task(struct ground *g) {
    g->built = kin_build(g->s, models->task, { "title", kin("built") });
    look_at(g, g->built);
}

static bool many_set(struct ground *g) {
    look_at(g, g->tasks[0]);
    look_at(g, g->tasks[2]);
    return kin_set(g->projects[0], models->tasks, KIN_ROWS(g->tasks[0], g->tasks[2], g->built)).count == 3;
}
static bool many_set_by_keys(struct ground *g) {
    return kin_set(g->projects[0], models->tasks, KIN_KEYS(kin(3), kin(4), kin(5)), .fetch = true).count == 3;
}
static bool many_clear(struct ground *g) { return kin_set(g->projects[0], models->tasks, KIN_NONE).count == 0 && kin_ok(g->s); }
static bool many_add(struct ground *g) {
    look_at(g, g->tasks[3]);
    return kin_add(g->projects[0], models->tasks, KIN_ROWS(g->tasks[3], g->built));
}
static bool many_remove(struct ground *g) {
    look_at(g, g->tasks[0]);
    return kin_remove(g->projects[0], models->tasks, KIN_ROWS(g->tasks[0], g->tasks[2]));
}
static bool many_with_times(struct ground *g) {
    look_at(g, g->user);
    return kin_remove(g->company, models->users, KIN_ROWS(g->user));
}

static void new_echo(struct ground *g) {
    g->built = kin_build(g->s, models->echo, { "name", kin("built") });
    g->other = kin_create(g->s, models->echo, { "name", kin("lonely") });
    look_at(g, g->built);
    look_at(g, g->other);
}
static bool many_with_hooks(struct ground *g) {
    return kin_set(g->heard, models->echoes, KIN_ROWS(g->built, g->other), .individual_hooks = true).count == 2;
}

/* ---- belongs-to and has-one ---- */

static bool belongs_to(struct ground *g) {
    look_at(g, g->tasks[0]);
    return kin_set_one(g->tasks[0], models->project_of, g->projects[2]);
}
static bool belongs_to_nobody(struct ground *g) {
    look_at(g, g->user);
    return kin_set_one(g->user, models->company_of, NULL);
}
static void find_profile(struct ground *g) {
    g->other = kin_find_by_pk(g->s, models->profile, kin(2));
    kin_put(g->other, "bio", kin("changed"));
    look_at(g, g->other);
}
static bool has_one(struct ground *g) { return kin_set_one(g->user, models->profile_of, g->other); }
static void build_profile(struct ground *g) {
    g->other = kin_build(g->s, models->profile, { "bio", kin("built") });
    look_at(g, g->other);
}
static bool has_one_by_key(struct ground *g) { return kin_set_one_key(g->user, models->profile_of, kin(2)); }
static bool has_none(struct ground *g) { return kin_set_one(g->user, models->profile_of, NULL); }

/* ---- many to many ---- */

static bool set(struct ground *g) {
    return kin_set(g->user, models->projects, KIN_ROWS(g->projects[1], g->projects[2], g->projects[3]), .through = KIN_VALUES({ "status", kin("set") })).count == 3;
}
static bool set_by_keys(struct ground *g) { return kin_set(g->user, models->projects, KIN_KEYS(kin(1), kin(4)), .fetch = true).count == 2; }
static bool clear(struct ground *g) { return kin_set(g->user, models->projects, KIN_NONE).count == 0 && kin_ok(g->s); }
static bool set_again(struct ground *g) { return kin_set(g->user, models->projects, KIN_ROWS(g->projects[0], g->projects[1])).count == 2; }
static bool add(struct ground *g) { return kin_add(g->user, models->projects, KIN_ROWS(g->projects[1], g->projects[2], g->projects[3])); }
static bool add_with_values(struct ground *g) {
    return kin_put_through(g->projects[3], models->link, KIN_VALUES({ "status", kin("own") })) &&
           kin_add(g->user, models->projects, KIN_ROWS(g->projects[0], g->projects[3]), .through = KIN_VALUES({ "status", kin("added") }));
}
static bool take_away(struct ground *g) { return kin_remove(g->user, models->projects, KIN_ROWS(g->projects[0], g->projects[3])); }
static bool ask(struct ground *g) {
    return kin_has(g->user, models->projects, KIN_ROWS(g->projects[0], g->projects[1]), .where = kin_gt("id", 0)) &&
           kin_has_exactly(g->projects[0], models->tasks, KIN_ROWS(g->tasks[0], g->tasks[1])) && kin_count(g->user, models->projects) == 2;
}
static bool save_join_row(struct ground *g) {
    kin_rows projects = kin_get(g->user, models->projects, .order = KIN_NAMES("id"));
    if (projects.count != 2)
        return false;
    kin_row *join = kin_through(projects.at[0], models->link);
    look_at(g, projects.at[0]);
    return kin_put(join, "status", kin("saved")) && kin_save(join);
}

/* Thousands of targets: more than one statement can take. */
static bool set_many(struct ground *g) {
    enum { COUNT = 3000 };
    kin_value *keys = malloc(COUNT * sizeof *keys);
    for (int i = 0; i < COUNT; i++)
        keys[i] = kin(1 + i % 4);
    bool good = kin_set(g->user, models->projects, kin_keys_of(COUNT, keys)).count == 4;
    free(keys);
    return good;
}

/* ---- creating ---- */

static bool create_for_many(struct ground *g) {
    kin_row *row = kin_create_for(g->projects[0], models->tasks, { "title", kin("made") });
    look_at(g, row);
    return row != NULL;
}
static bool create_through(struct ground *g) {
    kin_row *row = kin_create_linked(g->user, models->projects, KIN_VALUES({ "title", kin("made") }), .through = KIN_VALUES({ "status", kin("made") }));
    look_at(g, row);
    return row != NULL;
}
static bool create_for_belongs_to(struct ground *g) {
    look_at(g, g->tasks[0]);
    kin_row *row = kin_create_for(g->tasks[0], models->project_of, { "title", kin("made") });
    look_at(g, row);
    return row != NULL;
}
static bool create_for_has_one(struct ground *g) {
    kin_row *row = kin_create_for(g->user, models->profile_of, { "bio", kin("made") });
    look_at(g, row);
    return row != NULL;
}
static bool by_name(struct ground *g) { return kin_call(g->user, "addProject", .targets = KIN_ROWS(g->projects[2])).ok; }

/* ---- what is refused ---- */

/* A key that does not exist: nothing is changed. */
static bool refuse(struct ground *g, bool answer) {
    bool refused = !answer && kin_error_of(g->s)->status == KIN_CONSTRAINT && kin_error_of(g->s)->constraint == KIN_FOREIGN_KEY;
    if (refused)
        kin_clear_error(g->s);
    return refused;
}
static bool set_what_is_not_there(struct ground *g) {
    kin_rows rows = kin_set(g->user, models->projects, KIN_KEYS(kin(2), kin(99)));
    return refuse(g, rows.count > 0);
}

static const struct act acts[] = {
    { "has-many set", build_task, many_set, false, false },
    { "has-many set by keys", NULL, many_set_by_keys, false, false },
    { "has-many cleared", NULL, many_clear, false, false },
    { "has-many add", build_task, many_add, false, false },
    { "has-many remove", NULL, many_remove, false, false },
    { "has-many remove of a row with times", NULL, many_with_times, false, false },
    { "has-many set with hooks", new_echo, many_with_hooks, false, false },
    { "belongs-to set", NULL, belongs_to, false, false },
    { "belongs-to unlinked", NULL, belongs_to_nobody, false, false },
    { "has-one set", find_profile, has_one, false, false },
    { "has-one set of a new row", build_profile, has_one, false, false },
    { "has-one set by key", NULL, has_one_by_key, false, false },
    { "has-one unlinked", NULL, has_none, false, false },
    { "many to many set", NULL, set, false, false },
    { "many to many set by keys", NULL, set_by_keys, false, false },
    { "many to many cleared", NULL, clear, false, false },
    { "many to many set as it is", NULL, set_again, true, false },
    { "many to many set of thousands", NULL, set_many, false, false },
    { "many to many add", NULL, add, false, false },
    { "many to many add with values", NULL, add_with_values, false, false },
    { "many to many remove", NULL, take_away, false, false },
    { "has, has exactly and count", NULL, ask, true, false },
    { "a join row saved", NULL, save_join_row, false, false },
    { "kin_create_for of has-many", NULL, create_for_many, false, false },
    { "kin_create_linked of many to many", NULL, create_through, false, false },
    { "kin_create_for of belongs-to", NULL, create_for_belongs_to, false, false },
    { "kin_create_for of has-one", NULL, create_for_has_one, false, false },
    { "kin_call", NULL, by_name, false, false },
};

FAIL_TESTS(linking, acts)

static const struct act refused[] = { { "many to many set of what is not there", NULL, set_what_is_not_there, true, true } };
TEST(refused_while_a_call_fails) { fail_all(refused, 1, BY_ITSELF, FAIL_CALL, false); }
TEST(refused_while_all_calls_fail) { fail_all(refused, 1, BY_ITSELF, FAIL_CALL, true); }
TEST(refused_while_an_allocation_fails) { fail_all(refused, 1, BY_ITSELF, FAIL_ALLOCATION, false); }
TEST(refused_while_all_allocations_fail) { fail_all(refused, 1, BY_ITSELF, FAIL_ALLOCATION, true); }
