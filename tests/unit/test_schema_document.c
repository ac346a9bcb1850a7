/* The document's own examples at the level of the schema: names, keys, actions, order. The numbers S1 to S32 are those of its code
 * blocks in the order they come. */
#include "schema_check.h"

TEST(S1_belongs_to_adds_the_key_to_the_source)
{
    kin_schema *schema = kin_schema_new();
    kin_model *player = kin_define(schema, "Player", KIN_NO_ATTRIBUTES), *team = kin_define(schema, "Team", KIN_NO_ATTRIBUTES);
    kin_association *team_of = kin_belongs_to(player, team);

    assert_linked(schema);
    assert_string_equal(attributes_text(player), "id TeamId");
    assert_string_equal(attributes_text(team), "id");
    assert_string_equal(foreign_keys_text(player), "TeamId>Teams.id SET NULL/CASCADE");
    assert_string_equal(accessors_text(player), "getTeam setTeam createTeam");
    assert_string_equal(accessors_text(team), "");
    assert_string_equal(key_text(team_of), "TeamId");
    assert_ptr_equal(kin_association_named(player, "Team"), team_of);
    kin_schema_free(schema);
}

TEST(S2_S3_a_key_is_named_after_target_and_primary_key)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = kin_define(schema, "User", KIN_NO_ATTRIBUTES);
    kin_model *snake = kin_define(schema, "Snake", KIN_NO_ATTRIBUTES, .underscored = true);
    kin_model *company = kin_define(schema, "Company", KIN_ATTRIBUTES(KIN_UUID("uuid", .primary_key = true)));
    kin_model *firm = kin_define(schema, "Firm", KIN_NO_ATTRIBUTES);

    kin_belongs_to(user, company);
    kin_belongs_to(user, firm);
    kin_belongs_to(snake, company);
    assert_linked(schema);
    assert_string_equal(attributes_text(user), "id CompanyUuid FirmId");
    assert_string_equal(attributes_text(snake), "id company_uuid");
    assert_int_equal(kin_attribute_named(snake, "company_uuid")->type, KIN_TYPE_UUID);
    assert_string_equal(foreign_keys_text(snake), "company_uuid>Companies.uuid SET NULL/CASCADE");
    kin_schema_free(schema);
}

TEST(S4_S5_alias_and_foreign_key)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = kin_define(schema, "User", KIN_NO_ATTRIBUTES), *role = kin_define(schema, "UserRole", KIN_NO_ATTRIBUTES);
    kin_model *company = kin_define(schema, "Company", KIN_NO_ATTRIBUTES);

    kin_belongs_to(user, role, .as = "Role");
    kin_belongs_to(user, company, .foreign_key = "fk_company");
    assert_linked(schema);
    assert_string_equal(attributes_text(user), "id RoleId fk_company");
    assert_string_equal(accessors_text(user), "getRole setRole createRole getCompany setCompany createCompany");
    assert_string_equal(foreign_keys_text(user), "RoleId>UserRoles.id SET NULL/CASCADE; fk_company>Companies.id SET NULL/CASCADE");
    kin_schema_free(schema);
}

TEST(S6_has_one_adds_the_key_to_the_target)
{
    kin_schema *schema = kin_schema_new();
    kin_model *project = kin_define(schema, "Project", KIN_NO_ATTRIBUTES), *user = kin_define(schema, "User", KIN_NO_ATTRIBUTES);
    kin_model *snake = kin_define(schema, "Snake", KIN_NO_ATTRIBUTES, .underscored = true);

    kin_has_one(project, user);
    kin_has_one(project, snake);
    assert_linked(schema);
    assert_string_equal(attributes_text(user), "id ProjectId");
    assert_string_equal(attributes_text(snake), "id project_id");
    assert_string_equal(attributes_text(project), "id");
    assert_string_equal(accessors_text(project), "getUser setUser createUser getSnake setSnake createSnake");
    assert_string_equal(uniques_text(user), ""); /* D16: not unique */
    kin_schema_free(schema);
}

TEST(S7_has_one_by_foreign_key_and_by_alias)
{
    kin_schema *schema = kin_schema_new();
    kin_model *project = kin_define(schema, "Project", KIN_NO_ATTRIBUTES), *user = kin_define(schema, "User", KIN_NO_ATTRIBUTES);

    kin_has_one(project, user, .foreign_key = "initiator_id");
    kin_has_one(project, user, .as = "Initiator");
    assert_linked(schema);
    assert_string_equal(attributes_text(user), "id initiator_id ProjectId");
    assert_true(kin_has_accessor(project, "getInitiator"));
    assert_true(kin_has_accessor(project, "setInitiator"));
    kin_schema_free(schema);
}

TEST(S7_S8_the_same_association_twice_needs_an_alias)
{
    kin_schema *schema = kin_schema_new();
    kin_model *project = kin_define(schema, "Project", KIN_NO_ATTRIBUTES), *user = kin_define(schema, "User", KIN_NO_ATTRIBUTES);
    kin_has_one(project, user);
    kin_has_one(project, user, .foreign_key = "initiator_id");
    assert_fault(schema, "Project.User: Project has two associations named 'User'; give one of them an alias: .as = ");

    schema = kin_schema_new();
    kin_model *person = kin_define(schema, "Person", KIN_NO_ATTRIBUTES);
    kin_has_one(person, person, .as = "Father");
    kin_has_one(person, person, .as = "Father", .foreign_key = "DadId");
    assert_fault(
        schema,
        "Person.Father: You have used the alias Father in two separate associations. Aliased associations must have unique aliases");
}

TEST(S8_self_has_one)
{
    for (int i = 0; i < 2; i++) {
        kin_schema *schema = kin_schema_new();
        kin_model *person = kin_define(schema, "Person", KIN_NO_ATTRIBUTES);
        kin_has_one(person, person, .as = "Father", .foreign_key = i == 0 ? NULL : "DadId");
        assert_linked(schema);
        assert_string_equal(attributes_text(person), i == 0 ? "id FatherId" : "id DadId");
        assert_string_equal(accessors_text(person), "getFather setFather createFather");
        kin_schema_free(schema);
    }
}

TEST(S9_joining_a_table_twice)
{
    kin_schema *schema = kin_schema_new();
    kin_model *team = kin_define(schema, "Team", KIN_NO_ATTRIBUTES), *game = kin_define(schema, "Game", KIN_NO_ATTRIBUTES);

    kin_has_one(team, game, .as = "HomeTeam", .foreign_key = "homeTeamId");
    kin_has_one(team, game, .as = "AwayTeam", .foreign_key = "awayTeamId");
    kin_belongs_to(game, team);
    assert_linked(schema);
    assert_string_equal(attributes_text(game), "id homeTeamId awayTeamId TeamId");
    assert_string_equal(names_text(kin_model_describe(team)->associations), "HomeTeam AwayTeam");
    assert_true(kin_has_accessor(team, "getHomeTeam") && kin_has_accessor(team, "getAwayTeam"));
    kin_schema_free(schema);
}

TEST(S10_has_many)
{
    kin_schema *schema = kin_schema_new();
    kin_model *project = kin_define(schema, "Project", KIN_NO_ATTRIBUTES), *user = kin_define(schema, "User", KIN_NO_ATTRIBUTES);

    kin_has_many(project, user, .as = "Workers");
    assert_linked(schema);
    assert_string_equal(attributes_text(user), "id ProjectId");
    assert_string_equal(
        accessors_text(project),
        "getWorkers setWorkers addWorker addWorkers removeWorker removeWorkers hasWorker hasWorkers countWorkers createWorker");
    kin_schema_free(schema);
}

TEST(S11_many_to_many_makes_a_join_model)
{
    kin_schema *schema = kin_schema_new();
    kin_model *project = kin_define(schema, "Project", KIN_NO_ATTRIBUTES), *user = kin_define(schema, "User", KIN_NO_ATTRIBUTES);
    kin_association *users = kin_belongs_to_many(project, user, .through = "UserProject");
    kin_association *projects = kin_belongs_to_many(user, project, .through = "UserProject");

    assert_linked(schema);
    kin_model *join = kin_model_named(schema, "UserProject");
    const kin_model_info *info = kin_model_describe(join);
    assert_string_equal(info->table, "UserProject");
    assert_true(info->generated);
    assert_string_equal(attributes_text(join), "ProjectId UserId");
    assert_string_equal(names_text(info->primary_key), "ProjectId UserId");
    assert_string_equal(foreign_keys_text(join), "ProjectId>Projects.id CASCADE/CASCADE; UserId>Users.id CASCADE/CASCADE");
    assert_true(kin_attribute_named(join, "UserId")->not_null);
    assert_string_equal(key_text(users), "ProjectId");
    assert_string_equal(names_text(kin_association_describe(users)->other_key), "UserId");
    assert_string_equal(key_text(projects), "UserId");
    assert_string_equal(names_text(kin_association_describe(projects)->other_key), "ProjectId");
    assert_ptr_equal(kin_association_describe(users)->through, join);
    assert_string_equal(
        accessors_text(user),
        "getProjects setProjects addProject addProjects removeProject removeProjects hasProject hasProjects countProjects createProject");
    assert_true(kin_has_accessor(project, "addUser") && kin_has_accessor(project, "addUsers"));
    kin_schema_free(schema);
}

TEST(S12_aliases_do_not_change_the_keys)
{
    kin_schema *schema = kin_schema_new();
    kin_model *project = kin_define(schema, "Project", KIN_NO_ATTRIBUTES), *user = kin_define(schema, "User", KIN_NO_ATTRIBUTES);

    kin_belongs_to_many(user, project, .as = "Tasks", .through = "worker_tasks");
    kin_belongs_to_many(project, user, .as = "Workers", .through = "worker_tasks");
    assert_linked(schema);
    assert_string_equal(attributes_text(kin_model_named(schema, "worker_tasks")), "UserId ProjectId");
    assert_true(kin_has_accessor(user, "addTask") && kin_has_accessor(user, "getTasks"));
    assert_true(kin_has_accessor(project, "addWorker") && kin_has_accessor(project, "getWorkers"));
    kin_schema_free(schema);
}

TEST(S13_self_many_to_many)
{
    kin_schema *schema = kin_schema_new();
    kin_model *person = kin_define(schema, "Person", KIN_NO_ATTRIBUTES);

    kin_belongs_to_many(person, person, .as = "Children", .through = "PersonChildren");
    assert_linked(schema);
    kin_model *join = kin_model_named(schema, "PersonChildren");
    assert_string_equal(kin_model_describe(join)->table, "PersonChildren");
    assert_string_equal(attributes_text(join), "PersonId ChildId");
    assert_true(kin_has_accessor(person, "addChild") && kin_has_accessor(person, "getChildren"));
    kin_schema_free(schema);
}

TEST(S14_S15_a_join_model_with_attributes)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = kin_define(schema, "User", KIN_NO_ATTRIBUTES), *project = kin_define(schema, "Project", KIN_NO_ATTRIBUTES);
    kin_model *join = kin_define(schema, "UserProjects", KIN_ATTRIBUTES(KIN_STRING("status")));

    kin_belongs_to_many(user, project, .through_model = join);
    kin_belongs_to_many(project, user, .through_model = join);
    assert_linked(schema);
    assert_string_equal(attributes_text(join), "status UserId ProjectId");
    assert_string_equal(names_text(kin_model_describe(join)->primary_key), "UserId ProjectId");
    assert_string_equal(uniques_text(join), "");
    assert_false(kin_model_describe(join)->generated);
    kin_schema_free(schema);
}

TEST(S16_a_join_model_with_a_primary_key_of_its_own)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = kin_define(schema, "User", KIN_NO_ATTRIBUTES), *project = kin_define(schema, "Project", KIN_NO_ATTRIBUTES);
    kin_model *join = kin_define(schema, "UserProjects",
                                 KIN_ATTRIBUTES(KIN_INTEGER("id", .primary_key = true, .auto_increment = true), KIN_STRING("status")));

    kin_belongs_to_many(user, project, .through_model = join);
    kin_belongs_to_many(project, user, .through_model = join);
    assert_linked(schema);
    assert_string_equal(attributes_text(join), "id status UserId ProjectId");
    assert_string_equal(names_text(kin_model_describe(join)->primary_key), "id");
    assert_string_equal(uniques_text(join), "UserProjects_ProjectId_UserId_unique(UserId,ProjectId)");
    assert_false(kin_attribute_named(join, "UserId")->not_null); /* J21 */
    assert_ptr_equal(join->identity, model_attribute(join, "id"));
    kin_schema_free(schema);
}

TEST(S17_letters_case_of_a_model_only_shows_in_the_name)
{
    const char *names[] = { "user", "User" };
    for (int i = 0; i < 2; i++) {
        kin_schema *schema = kin_schema_new();
        kin_model *user = kin_define(schema, names[i], KIN_NO_ATTRIBUTES), *task = kin_define(schema, "Task", KIN_NO_ATTRIBUTES);
        kin_association *one = kin_belongs_to(task, user);
        kin_association *many = kin_belongs_to_many(task, user, .through = "TaskUsers");
        assert_linked(schema);
        assert_true(kin_has_accessor(task, "getUser") && kin_has_accessor(task, "setUser") && kin_has_accessor(task, "addUser"));
        assert_string_equal(kin_association_describe(one)->name, names[i]);
        assert_string_equal(kin_association_describe(many)->name, i == 0 ? "users" : "Users");
        assert_string_equal(key_text(one), i == 0 ? "userId" : "UserId");
        kin_schema_free(schema);
    }
}

TEST(S18_both_forms_of_an_alias)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = kin_define(schema, "User", KIN_NO_ATTRIBUTES), *project = kin_define(schema, "Project", KIN_NO_ATTRIBUTES);

    kin_association *tasks = kin_belongs_to_many(user, project, .singular = "task", .plural = "tasks", .through = "UserProjects");
    assert_linked(schema);
    assert_string_equal(kin_association_describe(tasks)->name, "tasks");
    assert_true(kin_has_accessor(user, "addTask") && kin_has_accessor(user, "getTasks"));
    kin_schema_free(schema);
}

TEST(S18_S20_through_is_required)
{
    kin_schema *schema = kin_schema_new();
    kin_model *project = kin_define(schema, "Project", KIN_NO_ATTRIBUTES), *task = kin_define(schema, "Task", KIN_NO_ATTRIBUTES);
    kin_belongs_to_many(project, task);
    assert_fault(schema, "Project.Tasks: .through is required for belongs-to-many; write .through = \"ProjectTasks\" or .through_model = ");
}

TEST(S19_names_of_a_model)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = kin_define(schema, "User", KIN_NO_ATTRIBUTES);
    kin_model *project = kin_define(schema, "project", KIN_NO_ATTRIBUTES, .singular = "task", .plural = "tasks");

    kin_belongs_to_many(user, project, .through = "UserTasks");
    assert_linked(schema);
    assert_true(kin_has_accessor(user, "addTask") && kin_has_accessor(user, "getTasks") && kin_has_accessor(user, "setTasks"));
    assert_string_equal(kin_model_describe(project)->table, "projects"); /* A8 */
    assert_string_equal(attributes_text(kin_model_named(schema, "UserTasks")), "UserId taskId");
    kin_schema_free(schema);
}

TEST(S30_the_documents_tables)
{
    kin_schema *schema = kin_schema_new();
    kin_schema_defaults(schema, .freeze_table_name = true, .underscored = true);
    kin_model *task = kin_define(schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title")));
    kin_model *user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("username")));

    kin_has_many(user, task);
    kin_belongs_to(task, user);
    assert_linked(schema);
    assert_string_equal(attributes_text(task), "id title user_id");
    assert_string_equal(foreign_keys_text(task), "user_id>User.id SET NULL/CASCADE");
    assert_string_equal(order_text(schema), "User Task");
    kin_schema_free(schema);
}

TEST(S31_documents_and_versions_in_a_circle)
{
    kin_schema *schema = kin_schema_new();
    kin_model *document = kin_define(schema, "Document", KIN_ATTRIBUTES(KIN_STRING("author")));
    kin_model *version = kin_define(schema, "Version", KIN_ATTRIBUTES(KIN_DATE("timestamp")));
    kin_has_many(document, version);
    kin_belongs_to(document, version, .as = "Current", .foreign_key = "current_version_id");
    assert_linked(schema); /* J39: linking does not mind */
    assert_string_equal(schema->cycle,
                        "Cyclic dependency found. 'Document' is dependent of itself. Dependency Chain: Document -> Version => Document");
    assert_int_equal(kin_model_count(schema), 2);
    kin_schema_free(schema);
}

TEST(S31_J40_the_circle_broken)
{
    kin_schema *schema = kin_schema_new();
    kin_schema_defaults(schema, .underscored = true, .freeze_table_name = true);
    kin_model *document = kin_define(schema, "Document", KIN_ATTRIBUTES(KIN_STRING("author")));
    kin_model *version = kin_define(schema, "Version", KIN_ATTRIBUTES(KIN_DATE("timestamp")));
    kin_has_many(document, version);
    kin_belongs_to(document, version, .as = "Current", .foreign_key = "current_version_id", .no_constraints = true);
    assert_linked(schema);
    assert_null(schema->cycle);
    assert_string_equal(order_text(schema), "Document Version");
    assert_string_equal(attributes_text(document), "id author current_version_id");
    assert_string_equal(foreign_keys_text(document), "");
    assert_null(kin_attribute_named(document, "current_version_id")->references_table);
    assert_string_equal(foreign_keys_text(version), "document_id>Document.id SET NULL/CASCADE");
    kin_schema_free(schema);
}

TEST(S32_X10_references_by_hand_are_adopted)
{
    kin_schema *schema = kin_schema_new();
    kin_model *series =
        kin_define(schema, "Series",
                   KIN_ATTRIBUTES(KIN_STRING("title"), KIN_INTEGER("trainer_id", .references = { .table = "Trainers", .column = "id" })));
    kin_model *trainer = kin_define(schema, "Trainer", KIN_ATTRIBUTES(KIN_STRING("first_name")));
    kin_model *video = kin_define(schema, "Video", KIN_ATTRIBUTES(KIN_INTEGER("series_id", .references = { .model = series })));

    kin_has_one(series, video);
    kin_association *many = kin_has_many(trainer, series);
    assert_linked(schema);
    assert_string_equal(order_text(schema), "Trainer Series Video");
    assert_string_equal(attributes_text(series), "id title trainer_id");
    assert_string_equal(attributes_text(video), "id series_id");
    assert_string_equal(key_text(many), "trainer_id");
    assert_string_equal(foreign_keys_text(series), "trainer_id>Trainers.id SET NULL/CASCADE"); /* K7: actions filled in */
    assert_string_equal(foreign_keys_text(video), "series_id>Series.id SET NULL/CASCADE");
    kin_schema_free(schema);
}
