/* Where results are found: the names of what an include loads and of join rows, and the associations of a model. */
#include "world.h"

static void link_or_fail(kin_schema *schema)
{
    if (!kin_schema_link(schema))
        fail_msg("%s", kin_schema_error(schema)->message);
}

static kin_model *plain(kin_schema *schema, const char *name) { return kin_define(schema, name, KIN_NO_ATTRIBUTES); }

/* The row as JSON has this member, written as {"name": without white space. */
static void assert_member_at(const kin_row *row, const char *member, bool there, int line)
{
    const char *json = kin_json(row);
    if (json != NULL && (strstr(json, member) != NULL) == there)
        return;
    print_error("%s%s in %s\n", there ? "no " : "", member, json != NULL ? json : "nothing");
    _fail(__FILE__, line);
}

#define assert_member(row, member) assert_member_at(row, member, true, __LINE__)
#define assert_no_member(row, member) assert_member_at(row, member, false, __LINE__)

TEST(B45_one_target_is_found_under_the_alias_or_the_singular_as_written)
{
    struct world w;
    world_start(&w);
    kin_model *task = plain(w.schema, "Task"), *lower = plain(w.schema, "user"), *upper = plain(w.schema, "Person");
    kin_association *user = kin_belongs_to(task, lower), *person = kin_belongs_to(task, upper), *father = kin_has_one(upper, upper, .as = "father");
    kin_association *boss = kin_belongs_to(task, lower, .as = "Boss");
    world_open(&w);
    assert_names(kin_model_describe(task)->associations, "user", "Person", "Boss");
    assert_names(kin_model_describe(upper)->associations, "father");
    assert_true(kin_has_accessor(task, "getUser")); /* the accessor has the capital, the result has not */

    kin_row *work = kin_create(w.s, task, KIN_DEFAULTS);
    kin_set_one(work, user, kin_create(w.s, lower, KIN_DEFAULTS));
    kin_set_one(work, person, kin_create(w.s, upper, KIN_DEFAULTS));
    kin_row *found = kin_find_one(w.s, task, .include = KIN_INCLUDE(KIN_WITH(user), KIN_WITH(person), KIN_WITH(boss)));
    assert_kin_ok(w.s);
    assert_member(found, "\"user\":{\"id\":");
    assert_member(found, "\"Person\":{\"id\":");
    assert_member(found, "\"Boss\":null");
    assert_no_member(found, "\"User\":");
    assert_non_null(kin_related_one(found, user));
    assert_null(kin_related_one(found, boss));
    assert_kin_ok(w.s);
    found = kin_find_one(w.s, upper, .include = KIN_INCLUDE(KIN_WITH(father)));
    assert_member(found, "\"father\":null");
    found = kin_find_one(w.s, task);
    assert_no_member(found, "\"user\":");
    assert_null(kin_related_one(found, user));
    assert_kin_error(w.s, KIN_MISUSE, "user");
    world_close(&w);
}

TEST(B46_B47_many_targets_are_found_under_the_alias_or_the_plural_as_written)
{
    struct world w;
    world_start(&w);
    kin_model *project = plain(w.schema, "Project"), *lower = plain(w.schema, "user"), *upper = plain(w.schema, "Task");
    kin_association *users = kin_has_many(project, lower), *tasks = kin_belongs_to_many(project, upper, .through = "Links");
    kin_association *helpers = kin_has_many(project, lower, .as = "helpers", .foreign_key = "helps"), *pairs = kin_has_many(project, upper, .singular = "Werkje", .plural = "Werk");
    world_open(&w);
    assert_names(kin_model_describe(project)->associations, "users", "Tasks", "helpers", "Werk");

    kin_row *home = kin_create(w.s, project, KIN_DEFAULTS);
    kin_create_for(home, users, KIN_DEFAULTS);
    kin_create_for(home, tasks, KIN_DEFAULTS);
    kin_create_for(home, pairs, KIN_DEFAULTS);
    kin_row *found = kin_find_one(w.s, project, .include = KIN_INCLUDE(KIN_WITH(users), KIN_WITH(tasks), KIN_WITH(helpers), KIN_WITH(pairs)));
    assert_kin_ok(w.s);
    assert_member(found, "\"users\":[{\"id\":");
    assert_member(found, "\"Tasks\":[{\"id\":");
    assert_member(found, "\"helpers\":[]");
    assert_member(found, "\"Werk\":[{\"id\":");
    assert_no_member(found, "\"Werkje\":");
    assert_no_member(found, "\"Users\":");
    assert_int_equal(kin_related(found, pairs).count, 1);
    world_close(&w);
}

TEST(B48_a_join_row_is_found_under_the_join_models_name)
{
    struct world w;
    world_start(&w);
    kin_model *user = plain(w.schema, "User"), *project = plain(w.schema, "Project");
    kin_model *jobs = kin_define(w.schema, "UserProject", KIN_ATTRIBUTES(KIN_STRING("status")), .table = "tbl_jobs");
    kin_association *projects = kin_belongs_to_many(user, project, .through_model = jobs), *watched = kin_belongs_to_many(user, project, .as = "Watched", .through = "worker_tasks");
    world_open(&w);
    kin_model *made = kin_model_named(w.schema, "worker_tasks");
    assert_non_null(made);
    assert_ptr_equal(kin_association_describe(projects)->through, jobs);
    assert_ptr_equal(kin_association_describe(watched)->through, made);

    kin_row *ada = kin_create(w.s, user, KIN_DEFAULTS), *engine = kin_create(w.s, project, KIN_DEFAULTS);
    assert_true(kin_add(ada, projects, KIN_ROWS(engine), .through = KIN_VALUES({ "status", kin("started") })));
    assert_true(kin_add(ada, watched, KIN_ROWS(engine)));
    kin_row *one = kin_get(ada, projects).at[0], *two = kin_get(ada, watched).at[0];
    assert_kin_ok(w.s);
    assert_member(one, "\"UserProject\":{");
    assert_member(one, "\"status\":\"started\"");
    assert_no_member(one, "tbl_jobs");
    assert_no_member(one, "worker_tasks");
    assert_member(two, "\"worker_tasks\":{");
    assert_string_equal(kin_text(kin_through(one, jobs), "status"), "started");
    assert_null(kin_through(one, made));
    assert_ptr_equal(kin_model_of(kin_through(two, made)), made);
    kin_row *found = kin_find_one(w.s, user, .include = KIN_INCLUDE(KIN_WITH(projects)));
    assert_member(found, "\"Projects\":[{\"id\":");
    assert_member(found, "\"UserProject\":{");
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(B49_B50_B51_a_model_knows_each_association_by_its_alias_or_usual_name)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = plain(schema, "User"), *task = plain(schema, "task"), *group = plain(schema, "Group"), *club = plain(schema, "Club");
    kin_association *owner = kin_belongs_to(task, user), *lead = kin_belongs_to(task, user, .as = "lead"), *reviewer = kin_belongs_to(task, user, .as = "Reviewer");
    kin_association *main_task = kin_has_one(user, task, .as = "mainTask", .foreign_key = "mainOf"), *one = kin_has_one(user, task, .foreign_key = "oneOf");
    kin_association *tasks = kin_has_many(user, task), *led = kin_has_many(user, task, .as = "Led", .foreign_key = "leadId");
    /* Two through one model go by their own names. */
    kin_association *groups = kin_belongs_to_many(user, group, .through = "Membership"), *clubs = kin_belongs_to_many(user, club, .through = "Membership");
    link_or_fail(schema);

    assert_names(kin_model_describe(task)->associations, "User", "lead", "Reviewer");
    assert_names(kin_model_describe(user)->associations, "mainTask", "task", "tasks", "Led", "Groups", "Clubs");
    assert_int_equal(kin_model_describe(group)->associations.count, 0);
    static const char *const names[] = { "mainTask", "task", "tasks", "Led", "Groups", "Clubs" };
    kin_association *const made[] = { main_task, one, tasks, led, groups, clubs };
    for (size_t i = 0; i < 6; i++)
        assert_ptr_equal(kin_association_named(user, names[i]), made[i]);
    assert_ptr_equal(kin_association_named(task, "User"), owner);
    assert_ptr_equal(kin_association_named(task, "lead"), lead);
    assert_ptr_equal(kin_association_named(task, "Reviewer"), reviewer);
    assert_names(kin_association_describe(lead)->foreign_key, "leadId");
    assert_names(kin_association_describe(reviewer)->foreign_key, "ReviewerId");
    static const char *const none[] = { "Lead", "Task", "led", "Membership", "leadId", "" };
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        assert_null(kin_association_named(user, none[i]));
    assert_null(kin_association_named(user, NULL));
    assert_null(kin_association_named(NULL, "tasks"));
    kin_schema_free(schema);
}

TEST(B51_aliases_to_one_target_are_set_and_read_each_by_itself)
{
    struct world w;
    world_start(&w);
    kin_model *task = plain(w.schema, "Task"), *user = plain(w.schema, "User");
    static const char *const names[] = { "Primary", "Secondary", "Tertiary" };
    kin_association *made[3];
    for (size_t i = 0; i < 3; i++)
        made[i] = kin_belongs_to(task, user, .as = names[i]);
    world_open(&w);
    kin_row *work = kin_create(w.s, task, KIN_DEFAULTS), *people[3];
    for (size_t i = 0; i < 3; i++) {
        people[i] = kin_create(w.s, user, KIN_DEFAULTS);
        assert_true(kin_set_one(work, made[i], people[i]));
    }
    for (size_t i = 0; i < 3; i++)
        assert_true(kin_equals(kin_get_one(work, made[i]), people[i]));
    kin_row *found = kin_find_one(w.s, task, .include = KIN_INCLUDE(KIN_WITH(made[0]), KIN_WITH(made[1]), KIN_WITH(made[2])));
    assert_kin_ok(w.s);
    for (size_t i = 0; i < 3; i++)
        assert_true(kin_equals(kin_related_one(found, made[i]), people[i]));
    world_close(&w);
}

TEST(B52_an_association_is_a_handle_that_tells_all_about_itself)
{
    struct world w;
    world_start(&w);
    kin_model *user = kin_define(w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("email", .length = 40, .unique = true))), *task = plain(w.schema, "Task"), *group = plain(w.schema, "Group");
    kin_association *owner = kin_belongs_to(task, user, .as = "Owner", .on_delete = KIN_CASCADE), *first = kin_has_one(user, task, .as = "First", .foreign_key = "firstOf");
    kin_association *tasks = kin_has_many(user, task, .foreign_key = "email", .source_key = "email", .no_constraints = true);
    kin_association *groups = kin_belongs_to_many(user, group, .through = "Membership");
    world_open(&w);

    const kin_association_info *info = kin_association_describe(owner);
    assert_int_equal(info->kind, KIN_BELONGS_TO);
    assert_ptr_equal(info->source, task);
    assert_ptr_equal(info->target, user);
    assert_null(info->through);
    assert_string_equal(info->name, "Owner");
    assert_string_equal(info->singular, "Owner");
    assert_string_equal(info->plural, "Owners");
    assert_names(info->foreign_key, "OwnerId");
    assert_names(info->target_key, "id");
    assert_int_equal(info->on_delete, KIN_CASCADE);
    assert_int_equal(info->on_update, KIN_CASCADE);
    assert_true(info->constraints);

    info = kin_association_describe(first);
    assert_int_equal(info->kind, KIN_HAS_ONE);
    assert_names(info->foreign_key, "firstOf");
    assert_names(info->source_key, "id");
    assert_int_equal(info->on_delete, KIN_SET_NULL);

    info = kin_association_describe(tasks);
    assert_int_equal(info->kind, KIN_HAS_MANY);
    assert_string_equal(info->name, "Tasks");
    assert_names(info->foreign_key, "email");
    assert_names(info->source_key, "email");
    assert_false(info->constraints);

    info = kin_association_describe(groups);
    assert_int_equal(info->kind, KIN_BELONGS_TO_MANY);
    assert_ptr_equal(info->through, kin_model_named(w.schema, "Membership"));
    assert_names(info->foreign_key, "UserId");
    assert_names(info->other_key, "GroupId");
    assert_names(info->source_key, "id");
    assert_names(info->target_key, "id");
    assert_int_equal(info->on_delete, KIN_CASCADE);
    assert_null(kin_association_describe(NULL));

    /* And it is what an include takes: what it loaded lies in its slot. */
    kin_row *ada = kin_create(w.s, user, { "email", kin("a") });
    kin_create_for(ada, tasks, KIN_DEFAULTS);
    kin_create_for(ada, groups, KIN_DEFAULTS);
    kin_row *found = kin_find_one(w.s, user, .include = KIN_INCLUDE(KIN_WITH(first), KIN_WITH(tasks), KIN_WITH(groups)));
    assert_kin_ok(w.s);
    kin_rows slot;
    memcpy(&slot, (const char *)found + kin_association_describe(tasks)->offset, sizeof slot);
    assert_int_equal(slot.count, 1);
    assert_ptr_equal(slot.at, kin_related(found, tasks).at);
    assert_string_equal(kin_text(slot.at[0], "email"), "a");
    assert_int_equal(kin_related(found, groups).count, 1);
    world_close(&w);
}

TEST(B53_the_associations_to_a_model_can_be_listed)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = plain(schema, "User"), *task = plain(schema, "Task"), *note = plain(schema, "Note");
    kin_association *made[] = { kin_has_many(user, task), kin_has_many(user, note), kin_has_one(user, task, .as = "Best", .foreign_key = "bestOf"),
                                kin_belongs_to_many(user, task, .singular = "Liked", .plural = "LikedOnes", .through = "Likes") };
    link_or_fail(schema);
    const kin_association *found[4];
    size_t count = 0;
    kin_names names = kin_model_describe(user)->associations;
    for (size_t i = 0; i < names.count; i++) {
        const kin_association *association = kin_association_named(user, names.at[i]);
        assert_non_null(association);
        if (kin_association_describe(association)->target == task)
            found[count++] = association;
    }
    assert_int_equal(count, 3);
    assert_ptr_equal(found[0], made[0]);
    assert_ptr_equal(found[1], made[2]);
    assert_ptr_equal(found[2], made[3]);
    assert_ptr_equal(kin_association_named(user, "LikedOnes"), made[3]);
    assert_null(kin_association_named(user, "Liked"));
    kin_schema_free(schema);
}
