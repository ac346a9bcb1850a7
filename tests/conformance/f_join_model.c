/* Join models: which model joins, what stands in its table, and that it is a model like any other. */
#include "world.h"

#define DEFINE(name) kin_define(w.schema, name, KIN_NO_ATTRIBUTES)

static const char *table_of(const kin_model *model)
{
    return kin_model_describe(model)->table;
}

static const kin_model *through_of(const kin_association *association)
{
    return kin_association_describe(association)->through;
}

static void assert_linked(struct world *world)
{
    if (!kin_schema_link(world->schema))
        fail_msg("%s", kin_schema_error(world->schema)->message);
}

/* The script of the mock driver has (or has not) this text. */
static void assert_script(kin_schema *schema, const char *text, bool there)
{
    kin_db *db = kin_open("mock:sqlite", schema);
    const char *sql = kin_sync_sql(db);
    assert_non_null(sql);
    if ((strstr(sql, text) != NULL) != there)
        fail_msg("%s '%s' in\n%s", there ? "no" : "there is", text, sql);
    kin_close(db);
}

TEST(F1_a_join_model_that_nobody_defined)
{
    struct world w;
    world_start(&w);
    kin_model *user = DEFINE("User"), *project = DEFINE("Project");
    kin_association *projects = kin_belongs_to_many(user, project, .through = "UserProject");
    assert_null(kin_model_named(w.schema, "UserProject"));
    world_open(&w);
    kin_model *join = kin_model_named(w.schema, "UserProject");
    assert_non_null(join);
    assert_ptr_equal(through_of(projects), join);
    assert_string_equal(table_of(join), "UserProject"); /* no plural */
    assert_true(kin_model_describe(join)->generated);
    assert_names(kin_model_describe(join)->attributes, "UserId", "ProjectId");
    assert_int_equal(world_number(&w, strncmp(test_url(), "postgres", 8) == 0 ? "SELECT count(*) AS n FROM \"UserProject\"" : "SELECT count(*) AS n FROM UserProject"), 0);
    world_close(&w);
}

TEST(F2_F3_F4_a_join_model_that_is_there)
{
    struct world w;
    world_start(&w);
    kin_model *user = DEFINE("User"), *project = DEFINE("Project"), *decoy = kin_define(w.schema, "Decoy", KIN_NO_ATTRIBUTES, .table = "Member");
    kin_association *early = kin_belongs_to_many(user, project, .as = "Early", .through = "Member"); /* it is defined further down */
    kin_model *member = kin_define(w.schema, "Member", KIN_ATTRIBUTES(KIN_STRING("status"), KIN_INTEGER("rank")), .table = "staff");
    kin_association *given = kin_belongs_to_many(user, project, .as = "Given", .through_model = member);
    kin_association *both = kin_belongs_to_many(project, user, .as = "Both", .through_model = member, .through = "Member");
    assert_linked(&w);
    assert_ptr_equal(through_of(early), member); /* by the model's name, not the table's */
    assert_ptr_equal(through_of(given), member);
    assert_ptr_equal(through_of(both), member);
    assert_string_equal(table_of(member), "staff");
    assert_false(kin_model_describe(member)->generated);
    assert_names(kin_model_describe(member)->attributes, "status", "rank", "UserId", "ProjectId");
    assert_names(kin_model_describe(decoy)->attributes, "id");
    assert_int_equal(kin_model_count(w.schema), 4);
    world_open(&w);
    world_close(&w);

    world_start(&w); /* two names for it must be the same one */
    user = DEFINE("User");
    project = DEFINE("Project");
    member = DEFINE("Member");
    kin_belongs_to_many(user, project, .through_model = member, .through = "Other");
    assert_link_error(w.schema, "User.Projects: .through is 'Other' and .through_model is Member");
    kin_schema_free(w.schema);
}

TEST(F5_through_is_required)
{
    struct world w;
    world_start(&w);
    kin_belongs_to_many(DEFINE("Project"), DEFINE("Task"));
    assert_link_error(w.schema, "Project.Tasks: .through is required for belongs-to-many; write .through = \"ProjectTasks\" or .through_model = ...");
    kin_schema_free(w.schema);
    world_start(&w);
    kin_belongs_to_many(DEFINE("Project"), DEFINE("Task"), .through = "");
    assert_link_error(w.schema, ".through is required");
    kin_schema_free(w.schema);
}

TEST(F6_an_alias_does_not_name_the_table)
{
    struct world w;
    world_start(&w);
    kin_model *user = DEFINE("User"), *project = DEFINE("Project");
    kin_association *tasks = kin_belongs_to_many(user, project, .as = "Tasks", .through = "worker_tasks");
    kin_association *workers = kin_belongs_to_many(project, user, .as = "Workers", .through = "worker_tasks");
    assert_linked(&w);
    assert_ptr_equal(through_of(tasks), through_of(workers));
    assert_string_equal(table_of(through_of(tasks)), "worker_tasks");
    assert_string_equal(kin_model_describe(through_of(tasks))->name, "worker_tasks");
    assert_names(kin_model_describe(through_of(tasks))->attributes, "UserId", "ProjectId"); /* nor the keys */
    assert_int_equal(kin_model_count(w.schema), 3);
    kin_schema_free(w.schema);
}

TEST(F7_the_keys_take_the_place_of_the_id)
{
    struct world w;
    world_start(&w);
    kin_model *user = DEFINE("User"), *project = DEFINE("Project");
    kin_model *member = kin_define(w.schema, "Member", KIN_ATTRIBUTES(KIN_STRING("status")), .table = "members");
    kin_association *projects = kin_belongs_to_many(user, project, .through_model = member);
    kin_belongs_to_many(project, user, .through_model = member);
    world_open(&w);
    assert_false(kin_model_has_attribute(member, "id"));
    assert_names(kin_model_describe(member)->primary_key, "UserId", "ProjectId");
    assert_true(kin_attribute_named(member, "UserId")->primary_key && kin_attribute_named(member, "UserId")->not_null);
    assert_script(w.schema, "CREATE TABLE IF NOT EXISTS `members` (\n  `status` VARCHAR(255), \n", true);
    assert_script(w.schema, "PRIMARY KEY (`UserId`, `ProjectId`)", true);
    assert_script(w.schema, "UNIQUE (", false);
    kin_row *u = kin_create(w.s, user, KIN_DEFAULTS), *p = kin_create(w.s, project, KIN_DEFAULTS);
    kin_add(u, projects, KIN_ROWS(p), .through = KIN_VALUES({ "status", kin("here") }));
    kin_row *found = kin_find_by_pk(w.s, member, kin_key(kin_key_of(u), kin_key_of(p)));
    assert_kin_ok(w.s);
    assert_string_equal(kin_text(found, "status"), "here");
    world_close(&w);
}

TEST(F8_F9_a_declared_primary_key_stays)
{
    struct world w;
    world_start(&w);
    kin_model *user = DEFINE("User"), *project = DEFINE("Project");
    kin_model *member = kin_define(w.schema, "Member", KIN_ATTRIBUTES(KIN_INTEGER("nr", .primary_key = true, .auto_increment = true), KIN_STRING("status")), .table = "members");
    kin_association *projects = kin_belongs_to_many(user, project, .through_model = member);
    kin_belongs_to_many(project, user, .through_model = member);
    world_open(&w);
    assert_names(kin_model_describe(member)->primary_key, "nr");
    assert_names(kin_model_describe(member)->attributes, "nr", "status", "UserId", "ProjectId");
    assert_false(kin_attribute_named(member, "UserId")->primary_key);
    assert_false(kin_attribute_named(member, "UserId")->not_null);
    /* One constraint, its columns as in the table, its name as the side declared last sees them. */
    assert_script(w.schema, "CONSTRAINT `members_ProjectId_UserId_unique` UNIQUE (`UserId`, `ProjectId`)\n", true);
    kin_row *u = kin_create(w.s, user, KIN_DEFAULTS), *p = kin_create(w.s, project, KIN_DEFAULTS);
    assert_true(kin_add(u, projects, KIN_ROWS(p)));
    assert_true(kin_add(u, projects, KIN_ROWS(p))); /* no second one */
    assert_int_equal(kin_count_all(w.s, member), 1);
    assert_null(kin_create(w.s, member, { "UserId", kin_key_of(u) }, { "ProjectId", kin_key_of(p) }));
    assert_int_equal(kin_error_of(w.s)->constraint, KIN_UNIQUE);
    kin_clear_error(w.s);
    kin_row *join = kin_find_one(w.s, member);
    assert_int_equal(kin_int(join, "nr"), 1);
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(F10_the_constraints_name)
{
    struct world w;
    world_start(&w);
    kin_model *user = DEFINE("User"), *project = DEFINE("Project");
    kin_model *member = kin_define(w.schema, "Member", KIN_ATTRIBUTES(KIN_INTEGER("nr", .primary_key = true)));
    kin_model *lengthy = kin_define(w.schema, "MemberOfACommitteeThatIsCalledByAVeryLongNameIndeed", KIN_ATTRIBUTES(KIN_INTEGER("nr", .primary_key = true)));
    kin_belongs_to_many(user, project, .through_model = member);
    kin_belongs_to_many(project, user, .through_model = member, .unique_key = "one_each");
    kin_belongs_to_many(user, project, .as = "Committees", .through_model = lengthy, .foreign_key = "the_user_who_is_a_member_of_the_committee", .other_key = "the_project_that_the_committee_is_about");
    world_open(&w); /* whatever the names' lengths */
    assert_script(w.schema, "CONSTRAINT `one_each` UNIQUE (`UserId`, `ProjectId`)", true);
    assert_script(w.schema, "CONSTRAINT `MemberOfACommitteeThatIsCalledByAVeryLongNameIndeed", true);
    kin_db *db = kin_open("mock:postgres", w.schema);
    const char *name = strstr(kin_sync_sql(db), "CONSTRAINT \"MemberOf");
    assert_non_null(name);
    assert_true(strcspn(name + strlen("CONSTRAINT \""), "\"") <= 63);
    kin_close(db);
    world_close(&w);

    world_start(&w);
    user = DEFINE("User");
    project = DEFINE("Project");
    member = kin_define(w.schema, "Member", KIN_ATTRIBUTES(KIN_INTEGER("nr", .primary_key = true)));
    kin_belongs_to_many(user, project, .through_model = member, .unique_key = "one");
    kin_belongs_to_many(project, user, .through_model = member, .unique_key = "another");
    assert_link_error(w.schema, ".unique_key is 'another' here and 'one' in another association of Member");
    kin_schema_free(w.schema);
    world_start(&w);
    kin_belongs_to_many(DEFINE("User"), DEFINE("Project"), .through = "UserProject", .unique_key = "one");
    assert_link_error(w.schema, ".unique_key is 'one' and there is no such constraint: the keys together are the primary key");
    kin_schema_free(w.schema);
}

TEST(F11_the_same_pair_several_times)
{
    for (int declared = 0; declared < 2; declared++) {
        struct world w;
        world_start(&w);
        kin_model *item = DEFINE("Item"), *tag = DEFINE("Tag");
        if (declared)
            kin_define(w.schema, "ItemTag", KIN_ATTRIBUTES(KIN_INTEGER("id", .primary_key = true, .auto_increment = true), KIN_STRING("note")));
        kin_association *tags = kin_belongs_to_many(item, tag, .through = "ItemTag", .not_unique = true);
        kin_association *items = kin_belongs_to_many(tag, item, .through = "ItemTag");
        world_open(&w);
        assert_script(w.schema, "UNIQUE", false);
        kin_model *join = kin_model_named(w.schema, "ItemTag");
        assert_names(kin_model_describe(join)->primary_key, "id"); /* which sets them apart */
        kin_row *i = kin_create(w.s, item, KIN_DEFAULTS), *t = kin_create(w.s, tag, KIN_DEFAULTS);
        assert_true(kin_add(i, tags, KIN_ROWS(t)));
        assert_true(kin_add(i, tags, KIN_ROWS(t)));
        assert_true(kin_add(t, items, KIN_ROWS(i)));
        assert_int_equal(kin_count_all(w.s, join), 3);
        assert_true(kin_has(i, tags, KIN_ROWS(t)));
        assert_true(kin_remove(i, tags, KIN_ROWS(t))); /* all of them */
        assert_int_equal(kin_count_all(w.s, join), 0);
        assert_kin_ok(w.s);
        world_close(&w);
    }
}

TEST(F12_the_same_pair_several_times_and_once)
{
    struct world w;
    world_start(&w);
    kin_model *user = DEFINE("User"), *project = DEFINE("Project");
    kin_model *member = kin_define(w.schema, "Member", KIN_ATTRIBUTES(KIN_INTEGER("UserId", .primary_key = true), KIN_INTEGER("ProjectId", .primary_key = true)));
    kin_belongs_to_many(user, project, .through_model = member, .not_unique = true);
    assert_link_error(w.schema, "User.Projects: .not_unique, and the primary key of Member allows each pair once");
    kin_schema_free(w.schema);

    world_start(&w); /* with one more attribute in it the pair may repeat */
    user = DEFINE("User");
    project = DEFINE("Project");
    member = kin_define(w.schema, "Member", KIN_ATTRIBUTES(KIN_INTEGER("UserId", .primary_key = true), KIN_INTEGER("ProjectId", .primary_key = true), KIN_STRING("role", .primary_key = true, .length = 50)));
    kin_association *projects = kin_belongs_to_many(user, project, .through_model = member, .not_unique = true);
    world_open(&w);
    kin_row *u = kin_create(w.s, user, KIN_DEFAULTS), *p = kin_create(w.s, project, KIN_DEFAULTS);
    assert_true(kin_add(u, projects, KIN_ROWS(p), .through = KIN_VALUES({ "role", kin("a") })));
    assert_true(kin_add(u, projects, KIN_ROWS(p), .through = KIN_VALUES({ "role", kin("b") })));
    assert_int_equal(kin_count_all(w.s, member), 2);
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(F13_F14_keys_that_the_join_model_declares)
{
    struct world w;
    world_start(&w);
    kin_model *user = DEFINE("User"), *project = DEFINE("Project");
    kin_model *member = kin_define(w.schema, "Member", KIN_ATTRIBUTES(KIN_BIGINT("UserId", .column = "user_ref", .not_null = true, .comment = "who"), KIN_STRING("status")));
    kin_model *keyed = kin_define(w.schema, "Keyed", KIN_ATTRIBUTES(KIN_INTEGER("the_project", .primary_key = true), KIN_INTEGER("the_user", .primary_key = true)));
    kin_association *projects = kin_belongs_to_many(user, project, .through_model = member);
    kin_association *keyed_projects = kin_belongs_to_many(user, project, .as = "Keyed", .through_model = keyed, .foreign_key = "the_user", .other_key = "the_project");
    world_open(&w);
    const kin_attribute_info *key = kin_attribute_named(member, "UserId");
    assert_string_equal(key->column, "user_ref");
    assert_int_equal(key->type, KIN_TYPE_INTEGER); /* like what it points at */
    assert_true(key->primary_key && key->not_null && !key->generated);
    assert_ptr_equal(key->references, user);
    assert_names(kin_model_describe(member)->attributes, "UserId", "status", "ProjectId");
    assert_script(w.schema, "`user_ref` INTEGER NOT NULL REFERENCES `Users` (`id`) ON DELETE CASCADE ON UPDATE CASCADE, \n", true); /* NOT NULL once */
    assert_names(kin_model_describe(keyed)->primary_key, "the_project", "the_user");
    assert_script(w.schema, "UNIQUE", false);

    kin_row *u = kin_create(w.s, user, KIN_DEFAULTS), *p1 = kin_create(w.s, project, KIN_DEFAULTS), *p2 = kin_create(w.s, project, KIN_DEFAULTS);
    assert_true(kin_add(u, projects, KIN_ROWS(p1)));
    assert_true(kin_add(u, projects, KIN_ROWS(p1, p2)));
    assert_true(kin_add(u, keyed_projects, KIN_ROWS(p2)));
    assert_true(kin_add(u, keyed_projects, KIN_ROWS(p2, p1)));
    assert_int_equal(kin_count_all(w.s, member, .where = kin_eq("UserId", kin_key_of(u))), 2);
    assert_int_equal(kin_count_all(w.s, keyed, .where = kin_eq("the_user", kin_key_of(u))), 2);
    assert_int_equal(kin_count(u, projects), 2);
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(F16_F18_what_a_join_model_takes_over)
{
    struct world w;
    world_start(&w);
    kin_schema_defaults(w.schema, .timestamps = true, .paranoid = true);
    kin_model *user = kin_define(w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name", .length = 50, .validate = { .not_empty = true })), .indexes = KIN_INDEXES({ .attributes = KIN_NAMES("name") }));
    kin_model *project = DEFINE("Project");
    kin_belongs_to_many(user, project, .as = "A", .through = "Usual");
    kin_belongs_to_many(user, project, .as = "B", .through = "Without", .timestamps = KIN_OFF);
    assert_linked(&w);
    kin_model *usual = kin_model_named(w.schema, "Usual"), *without = kin_model_named(w.schema, "Without");
    assert_names(kin_model_describe(usual)->attributes, "createdAt", "updatedAt", "UserId", "ProjectId"); /* no deletedAt, no name */
    assert_false(kin_model_describe(usual)->paranoid); /* though both ends are */
    assert_true(kin_model_describe(user)->paranoid);
    assert_names(kin_model_describe(without)->attributes, "UserId", "ProjectId");
    assert_script(w.schema, "Usual_name", false);
    kin_schema_free(w.schema);

    world_start(&w); /* without the default it has none; one side may ask */
    user = kin_define(w.schema, "User", KIN_NO_ATTRIBUTES, .timestamps = true);
    project = kin_define(w.schema, "Project", KIN_NO_ATTRIBUTES, .timestamps = true);
    kin_belongs_to_many(user, project, .as = "A", .through = "Usual");
    kin_belongs_to_many(user, project, .as = "B", .through = "Asked");
    kin_belongs_to_many(project, user, .as = "C", .through = "Asked", .timestamps = true);
    assert_linked(&w);
    assert_names(kin_model_describe(kin_model_named(w.schema, "Usual"))->attributes, "UserId", "ProjectId");
    assert_names(kin_model_describe(kin_model_named(w.schema, "Asked"))->attributes, "createdAt", "updatedAt", "UserId", "ProjectId");
    kin_schema_free(w.schema);
}

TEST(F17_timestamps_of_join_rows)
{
    struct world w;
    world_start(&w);
    kin_schema_defaults(w.schema, .timestamps = true, .underscored = true);
    kin_model *user = DEFINE("User"), *project = DEFINE("Project");
    kin_model *member = kin_define(w.schema, "Member", KIN_ATTRIBUTES(KIN_STRING("status")), .table = "members");
    kin_association *plain = kin_belongs_to_many(user, project, .as = "Plain", .through = "links");
    kin_association *projects = kin_belongs_to_many(user, project, .through_model = member);
    world_open(&w);
    int64_t before = kin_now();
    kin_row *u = kin_create(w.s, user, KIN_DEFAULTS), *p = kin_create(w.s, project, KIN_DEFAULTS);
    assert_true(kin_add(u, plain, KIN_ROWS(p)));
    kin_row *link = kin_find_one(w.s, kin_model_named(w.schema, "links"));
    assert_true(kin_attribute_named(kin_model_of(link), "created_at")->not_null);
    assert_true(kin_date_of(link, "created_at") >= before - 1000000 && kin_date_of(link, "created_at") <= kin_now() + 1000000);
    assert_true(kin_date_of(link, "updated_at") == kin_date_of(link, "created_at"));

    assert_true(kin_add(u, projects, KIN_ROWS(p), .through = KIN_VALUES({ "status", kin("one") })));
    assert_int_equal(kin_execute(w.s, "UPDATE members SET created_at = '2001-01-01 00:00:00', updated_at = '2001-01-01 00:00:00'"), 1);
    assert_true(kin_add(u, projects, KIN_ROWS(p), .through = KIN_VALUES({ "status", kin("one") }))); /* nothing new */
    link = kin_find_one(w.s, member);
    int64_t long_ago = kin_date_of(link, "created_at");
    assert_true(long_ago < before && kin_date_of(link, "updated_at") == long_ago);
    assert_true(kin_add(u, projects, KIN_ROWS(p), .through = KIN_VALUES({ "status", kin("two") })));
    kin_reload(link);
    assert_true(kin_date_of(link, "created_at") == long_ago);
    assert_true(kin_date_of(link, "updated_at") >= before - 1000000);
    assert_string_equal(kin_text(link, "status"), "two");
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(F19_a_join_model_is_a_model)
{
    struct world w;
    world_start(&w);
    kin_model *user = DEFINE("User"), *project = DEFINE("Project");
    kin_association *projects = kin_belongs_to_many(user, project, .through = "UserProject");
    world_open(&w);
    kin_model *join = kin_model_named(w.schema, "UserProject");
    bool listed = false;
    for (size_t i = 0; i < kin_model_count(w.schema); i++)
        listed |= kin_model_at(w.schema, i) == join;
    assert_true(listed);
    kin_row *u = kin_create(w.s, user, KIN_DEFAULTS), *p1 = kin_create(w.s, project, KIN_DEFAULTS), *p2 = kin_create(w.s, project, KIN_DEFAULTS);
    kin_row *made = kin_create(w.s, join, { "UserId", kin_key_of(u) }, { "ProjectId", kin_key_of(p1) }); /* by hand */
    assert_int_equal(kin_count(u, projects), 1);
    kin_add(u, projects, KIN_ROWS(p2));
    assert_int_equal(kin_find_all(w.s, join, .where = kin_eq("UserId", kin_key_of(u)), .order = KIN_NAMES("-ProjectId")).count, 2);
    assert_true(kin_destroy(made));
    kin_rows left = kin_get(u, projects);
    assert_int_equal(left.count, 1);
    assert_true(kin_equals(left.at[0], p2));
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(F20_one_side_is_enough)
{
    struct world w;
    world_start(&w);
    kin_model *user = DEFINE("User"), *project = kin_define(w.schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")));
    kin_association *projects = kin_belongs_to_many(user, project, .through = "UserProject");
    world_open(&w);
    assert_names(kin_model_describe(kin_model_named(w.schema, "UserProject"))->attributes, "UserId", "ProjectId");
    assert_true(kin_has_accessor(user, "getProjects") && kin_has_accessor(user, "addProject"));
    assert_int_equal(kin_accessor_count(project), 0); /* the other side gets nothing */
    assert_int_equal(kin_model_describe(project)->associations.count, 0);
    kin_row *u = kin_create(w.s, user, KIN_DEFAULTS), *p = kin_create(w.s, project, { "title", kin("a") });
    kin_row *made = kin_create_for(u, projects, { "title", kin("b") });
    assert_true(kin_add(u, projects, KIN_ROWS(p)));
    kin_rows found = kin_get(u, projects, .order = KIN_NAMES("title"));
    assert_int_equal(found.count, 2);
    assert_true(kin_equals(found.at[0], p) && kin_equals(found.at[1], made));
    assert_int_equal(kin_set(u, projects, KIN_ROWS(made)).count, 1);
    assert_true(kin_has_exactly(u, projects, KIN_ROWS(made)));
    assert_true(kin_remove(u, projects, KIN_ROWS(made)));
    assert_int_equal(kin_count(u, projects), 0);
    kin_row *loaded = kin_find_one(w.s, user, .include = KIN_INCLUDE(KIN_WITH(projects)));
    assert_int_equal(kin_related(loaded, projects).count, 0);
    assert_kin_ok(w.s);
    world_close(&w);
}
