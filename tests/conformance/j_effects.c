/* What the database does with rows whose parents go, move, or never were. */
#include "world.h"

#define DEFINE(name) kin_define(w.schema, name, KIN_NO_ATTRIBUTES)

/* The database's refusal of a foreign key; it is cleared. */
static void assert_refused(struct world *world, const char *model)
{
    const kin_error *error = kin_error_of(world->s);
    if (error->status != KIN_CONSTRAINT || error->constraint != KIN_FOREIGN_KEY)
        fail_msg("wanted a foreign key error, got status %d, constraint %d: %s", (int)error->status, (int)error->constraint, error->message);
    if (!strstr(error->message, model))
        fail_msg("'%s' does not name %s", error->message, model);
    assert_string_equal(error->model, model);
    assert_non_null(error->sql);
    kin_clear_error(world->s);
}

/* Gives a row another primary key, without kin's row knowing. */
static void move(struct world *world, const kin_model *model, int64_t from, int64_t to)
{
    int64_t moved = kin_update_all(world->s, model, KIN_VALUES({ "id", kin(to) }), .where = kin_eq("id", from));
    assert_kin_ok(world->s);
    assert_int_equal(moved, 1);
}

TEST(J44_children_of_a_deleted_parent_have_none)
{
    for (int kind = 0; kind < 3; kind++) {
        struct world w;
        world_start(&w);
        kin_model *user = DEFINE("User"), *task = DEFINE("Task");
        if (kind == 0)
            kin_belongs_to(task, user);
        else if (kind == 1)
            kin_has_one(user, task);
        else
            kin_has_many(user, task);
        world_open(&w);
        kin_row *one = kin_create(w.s, user, KIN_DEFAULTS), *other = kin_create(w.s, user, KIN_DEFAULTS);
        kin_row *mine = kin_create(w.s, task, { "UserId", kin_key_of(one) }), *theirs = kin_create(w.s, task, { "UserId", kin_key_of(other) });
        world_forget(&w);
        assert_true(kin_destroy(one));
        assert_int_equal(world_sent(&w, NULL), 1); /* the database does the rest */
        kin_reload(mine);
        kin_reload(theirs);
        assert_kin_ok(w.s);
        assert_true(kin_is_null(mine, "UserId"));
        assert_int_equal(kin_int(theirs, "UserId"), kin_int(other, "id"));
        world_close(&w);
    }
}

TEST(J44_children_go_where_that_was_asked)
{
    for (int kind = 0; kind < 3; kind++) {
        struct world w;
        world_start(&w);
        kin_model *user = DEFINE("User"), *task = DEFINE("Task");
        if (kind == 0)
            kin_belongs_to(task, user, .on_delete = KIN_CASCADE);
        else if (kind == 1)
            kin_has_one(user, task, .on_delete = KIN_CASCADE);
        else
            kin_has_many(user, task, .key = { .not_null = true });
        world_open(&w);
        kin_row *one = kin_create(w.s, user, KIN_DEFAULTS), *other = kin_create(w.s, user, KIN_DEFAULTS);
        kin_create(w.s, task, { "UserId", kin_key_of(one) });
        kin_create(w.s, task, { "UserId", kin_key_of(other) });
        assert_true(kin_destroy(one));
        assert_int_equal(kin_count_all(w.s, task), 1);
        assert_int_equal(kin_count_all(w.s, task, .where = kin_eq("UserId", kin_key_of(other))), 1);
        assert_kin_ok(w.s);
        world_close(&w);
    }
}

TEST(J44_children_get_their_default)
{
    struct world w;
    world_start(&w);
    kin_model *user = DEFINE("User"), *task = DEFINE("Task");
    kin_has_many(user, task, .key = { .default_value = kin(1) }, .on_delete = KIN_SET_DEFAULT);
    world_connect(&w);
    kin_drop(w.db);
    bool innodb = strncmp(test_url(), "mariadb", 7) == 0 || strncmp(test_url(), "mysql", 5) == 0;
    if (!kin_sync(w.db)) {
        assert_true(innodb); /* which has no SET DEFAULT */
        world_close(&w);
        return;
    }
    kin_row *usual = kin_create(w.s, user, KIN_DEFAULTS), *one = kin_create(w.s, user, KIN_DEFAULTS);
    kin_row *mine = kin_create(w.s, task, { "UserId", kin_key_of(one) });
    assert_kin_ok(w.s);
    bool destroyed = kin_destroy(one);
    assert_true(destroyed || innodb);
    kin_clear_error(w.s);
    kin_reload(mine);
    assert_kin_ok(w.s);
    assert_int_equal(kin_int(mine, "UserId"), kin_int(destroyed ? usual : one, "id"));
    world_close(&w);
}

TEST(J45_children_follow_their_parents_key)
{
    for (int kind = 0; kind < 3; kind++) {
        struct world w;
        world_start(&w);
        kin_model *user = DEFINE("User"), *task = DEFINE("Task");
        if (kind == 0)
            kin_belongs_to(task, user);
        else if (kind == 1)
            kin_has_one(user, task);
        else
            kin_has_many(user, task);
        world_open(&w);
        kin_row *one = kin_create(w.s, user, KIN_DEFAULTS), *other = kin_create(w.s, user, KIN_DEFAULTS);
        kin_row *mine = kin_create(w.s, task, { "UserId", kin_key_of(one) }), *theirs = kin_create(w.s, task, { "UserId", kin_key_of(other) });
        move(&w, user, kin_int(one, "id"), 999);
        kin_reload(mine);
        kin_reload(theirs);
        assert_kin_ok(w.s);
        assert_int_equal(kin_int(mine, "UserId"), 999);
        assert_int_equal(kin_int(theirs, "UserId"), kin_int(other, "id"));
        world_close(&w);
    }
}

TEST(J46_join_rows_go_and_follow)
{
    struct world w;
    world_start(&w);
    kin_model *user = DEFINE("User"), *project = DEFINE("Project");
    kin_association *projects = kin_belongs_to_many(user, project, .through = "UserProject");
    kin_association *users = kin_belongs_to_many(project, user, .through = "UserProject");
    world_open(&w);
    kin_model *join = kin_model_named(w.schema, "UserProject");
    kin_row *u1 = kin_create(w.s, user, { "id", kin(1) }), *u2 = kin_create(w.s, user, { "id", kin(2) });
    kin_row *p1 = kin_create(w.s, project, { "id", kin(11) }), *p2 = kin_create(w.s, project, { "id", kin(12) });
    assert_true(kin_add(u1, projects, KIN_ROWS(p1, p2)));
    assert_true(kin_add(u2, projects, KIN_ROWS(p1, p2)));
    move(&w, user, 1, 101);
    move(&w, project, 11, 111);
    assert_int_equal(kin_count_all(w.s, join), 4);
    assert_int_equal(kin_count_all(w.s, join, .where = kin_and(kin_eq("UserId", 101), kin_eq("ProjectId", 111))), 1);
    assert_int_equal(kin_count_all(w.s, join, .where = kin_eq("UserId", 1)), 0);
    u1 = kin_find_by_pk(w.s, user, kin(101));
    assert_int_equal(kin_count(u1, projects), 2);
    assert_true(kin_destroy(u1)); /* either end */
    assert_int_equal(kin_count_all(w.s, join), 2);
    assert_true(kin_destroy(p2));
    assert_int_equal(kin_count_all(w.s, join), 1);
    kin_rows left = kin_get(u2, projects);
    assert_int_equal(left.count, 1);
    assert_int_equal(kin_int(left.at[0], "id"), 111);
    assert_int_equal(kin_count(left.at[0], users), 1);
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(J47_restrict_refuses)
{
    static const kin_action actions[] = { KIN_RESTRICT, KIN_NO_ACTION };
    for (int kind = 0; kind < 6; kind++) {
        struct world w;
        world_start(&w);
        kin_model *user = DEFINE("User"), *task = DEFINE("Task");
        kin_action action = actions[kind % 2];
        if (kind / 2 == 0)
            kin_belongs_to(task, user, .on_delete = action, .on_update = action);
        else if (kind / 2 == 1)
            kin_has_one(user, task, .on_delete = action, .on_update = action);
        else
            kin_has_many(user, task, .on_delete = action, .on_update = action);
        world_open(&w);
        kin_row *one = kin_create(w.s, user, KIN_DEFAULTS), *free = kin_create(w.s, user, KIN_DEFAULTS);
        kin_row *mine = kin_create(w.s, task, { "UserId", kin_key_of(one) });
        assert_false(kin_destroy(one));
        assert_refused(&w, "User");
        assert_true(kin_is_saved(one));
        assert_int_equal(kin_update_all(w.s, user, KIN_VALUES({ "id", kin(999) }), .where = kin_eq("id", kin_key_of(one))), -1);
        assert_refused(&w, "User");
        assert_int_equal(kin_destroy_all(w.s, user, .all = true), -1);
        assert_refused(&w, "User");
        kin_reload(mine);
        assert_int_equal(kin_int(mine, "UserId"), kin_int(one, "id")); /* nothing changed */
        assert_int_equal(kin_count_all(w.s, user), 2);
        assert_true(kin_destroy(free)); /* nobody references it */
        assert_true(kin_destroy(mine));
        assert_true(kin_destroy(one));
        assert_kin_ok(w.s);
        world_close(&w);
    }
}

/* What the error says, as far as the database names it. */
TEST(J47_J48_what_the_error_names)
{
    struct world w;
    world_start(&w);
    kin_model *user = DEFINE("User"), *task = DEFINE("Task"), *note = DEFINE("Note");
    kin_belongs_to(task, user, .on_delete = KIN_RESTRICT);
    kin_belongs_to(note, user);
    world_open(&w);
    kin_row *one = kin_create(w.s, user, KIN_DEFAULTS);
    kin_create(w.s, task, { "UserId", kin_key_of(one) });
    kin_create(w.s, note, { "UserId", kin_key_of(one) });
    assert_kin_ok(w.s);
    kin_destroy(one);
    const kin_error *error = kin_error_of(w.s);
    assert_int_equal(error->constraint, KIN_FOREIGN_KEY);
    assert_non_null(strstr(error->message, "Task")); /* who holds on to it */
    assert_non_null(strstr(error->message, "User"));
    assert_true(strncmp(error->sql, "DELETE", 6) == 0);
    assert_true(error->native_code != 0 || strlen(error->sqlstate) == 5);
    kin_clear_error(w.s);

    kin_create(w.s, note, { "UserId", kin(404) });
    error = kin_error_of(w.s);
    assert_int_equal(error->status, KIN_CONSTRAINT);
    assert_int_equal(error->constraint, KIN_FOREIGN_KEY);
    assert_string_equal(error->model, "Note");
    assert_string_equal(error->attribute, "UserId");
    assert_non_null(strstr(error->message, "Note: a foreign key (UserId -> User) refuses it: the row it points at does not exist"));
    assert_null(strstr(error->sql, "404"));
    kin_clear_error(w.s);
    world_close(&w);
}

TEST(J48_children_of_an_unknown_parent)
{
    struct world w;
    world_start(&w);
    kin_model *user = DEFINE("User"), *task = DEFINE("Task"), *project = DEFINE("Project");
    kin_association *of = kin_belongs_to(task, user), *projects = kin_belongs_to_many(user, project, .through = "UserProject");
    world_open(&w);
    kin_row *one = kin_create(w.s, user, KIN_DEFAULTS), *mine = kin_create(w.s, task, { "UserId", kin_key_of(one) });
    assert_null(kin_create(w.s, task, { "UserId", kin(404) }));
    assert_refused(&w, "Task");
    kin_put(mine, "UserId", kin(404));
    assert_false(kin_save(mine));
    assert_refused(&w, "Task");
    kin_reload(mine);
    assert_int_equal(kin_int(mine, "UserId"), kin_int(one, "id"));
    assert_false(kin_set_one_key(mine, of, kin(404)));
    assert_refused(&w, "Task");
    assert_int_equal(kin_int(mine, "UserId"), kin_int(one, "id"));
    assert_int_equal(kin_bulk_create(w.s, task, KIN_RECORDS(KIN_VALUES({ "UserId", kin_key_of(one) }), KIN_VALUES({ "UserId", kin(404) }))).count, 0);
    assert_refused(&w, "Task");
    assert_int_equal(kin_update_all(w.s, task, KIN_VALUES({ "UserId", kin(404) }), .all = true), -1);
    assert_refused(&w, "Task");
    assert_false(kin_add(one, projects, KIN_KEYS(kin(404))));
    assert_refused(&w, "UserProject");
    assert_int_equal(kin_count_all(w.s, task), 1);
    assert_int_equal(kin_count_all(w.s, kin_model_named(w.schema, "UserProject")), 0);
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(J49_without_constraints_keys_dangle)
{
    struct world w;
    world_start(&w);
    kin_model *user = DEFINE("User"), *task = DEFINE("Task"), *project = DEFINE("Project");
    kin_association *of = kin_belongs_to(task, user, .no_constraints = true), *tasks = kin_has_many(user, task, .no_constraints = true);
    kin_association *projects = kin_belongs_to_many(user, project, .through = "UserProject", .no_constraints = true);
    kin_belongs_to_many(project, user, .through = "UserProject", .no_constraints = true);
    world_open(&w);
    kin_row *one = kin_create(w.s, user, KIN_DEFAULTS), *other = kin_create(w.s, user, KIN_DEFAULTS);
    kin_row *mine = kin_create(w.s, task, { "UserId", kin_key_of(one) }), *p = kin_create(w.s, project, KIN_DEFAULTS);
    assert_true(kin_add(other, projects, KIN_ROWS(p)));
    assert_int_equal(kin_count(one, tasks), 1);
    int64_t gone = kin_int(one, "id");
    assert_true(kin_destroy(one));
    assert_true(kin_destroy(p));
    kin_reload(mine);
    assert_int_equal(kin_int(mine, "UserId"), gone);
    assert_null(kin_get_one(mine, of));
    assert_int_equal(kin_get(other, projects).count, 0);
    assert_int_equal(kin_count(other, projects), 0);
    assert_int_equal(kin_count_all(w.s, kin_model_named(w.schema, "UserProject")), 1);

    kin_row *found = kin_find_one(w.s, task, .include = KIN_INCLUDE(KIN_WITH(of)));
    assert_true(kin_is_related_loaded(found, of));
    assert_null(kin_related_one(found, of));
    found = kin_find_one(w.s, user, .include = KIN_INCLUDE(KIN_WITH(tasks), KIN_WITH(projects)));
    assert_int_equal(kin_related(found, tasks).count, 0);
    assert_int_equal(kin_related(found, projects).count, 0);
    assert_non_null(kin_create(w.s, task, { "UserId", kin(404) })); /* nobody asks */
    assert_true(kin_set_one_key(mine, of, kin(405)));
    assert_kin_ok(w.s);
    world_close(&w);
}
