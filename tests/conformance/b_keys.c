/* What generated foreign keys are called, for each kind of association. */
#include "world.h"

static void link_or_fail(kin_schema *schema)
{
    if (!kin_schema_link(schema))
        fail_msg("%s", kin_schema_error(schema)->message);
}

/* The key's name, as the association and the model that holds it tell it; for a many to many the key to the source. */
static void assert_key_at(const kin_association *association, const kin_model *holder, const char *name, int line)
{
    const kin_association_info *info = kin_association_describe(association);
    assert_non_null(info);
    assert_names_at(info->foreign_key, (kin_names){ &name, 1 }, __FILE__, line);
    if (!kin_model_has_attribute(holder, name)) {
        print_error("%s has no %s\n", kin_model_describe(holder)->name, name);
        _fail(__FILE__, line);
    }
}

#define assert_key(association, holder, name) assert_key_at(association, holder, name, __LINE__)

static kin_model *plain(kin_schema *schema, const char *name) { return kin_define(schema, name, KIN_NO_ATTRIBUTES); }
static kin_model *snake(kin_schema *schema, const char *name) { return kin_define(schema, name, KIN_NO_ATTRIBUTES, .underscored = true); }

TEST(B1_B3_a_belongs_to_key_is_the_target_and_its_primary_key)
{
    struct world w;
    world_start(&w);
    kin_model *player = plain(w.schema, "Player"), *team = plain(w.schema, "Team");
    kin_model *user = plain(w.schema, "User"), *company = kin_define(w.schema, "Company", KIN_ATTRIBUTES(KIN_STRING("uuid", .length = 36, .primary_key = true)));
    kin_model *account = kin_define(w.schema, "Account", KIN_ATTRIBUTES(KIN_INTEGER("user_id", .primary_key = true)));
    kin_association *team_of = kin_belongs_to(player, team), *employer = kin_belongs_to(user, company), *account_of = kin_belongs_to(user, account);
    world_open(&w);

    assert_key(team_of, player, "TeamId");
    assert_key(employer, user, "CompanyUuid");
    assert_key(account_of, user, "AccountUserId");
    assert_names(kin_model_describe(player)->attributes, "id", "TeamId");
    assert_names(kin_model_describe(user)->attributes, "id", "CompanyUuid", "AccountUserId");
    assert_string_equal(kin_attribute_named(user, "CompanyUuid")->column, "CompanyUuid");

    kin_row *firm = kin_create(w.s, company, { "uuid", kin("u-1") });
    assert_non_null(kin_create(w.s, user, { "CompanyUuid", kin_key_of(firm) }));
    assert_kin_ok(w.s);
    assert_non_null(strstr(kin_sync_sql(w.db), "CompanyUuid"));
    assert_int_equal(kin_count_all(w.s, user, .where = kin_eq("CompanyUuid", "u-1")), 1);
    world_close(&w);
}

TEST(B2_an_alias_takes_the_targets_place_in_a_belongs_to_key)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = plain(schema, "User"), *role = plain(schema, "UserRole");
    kin_association *aliased = kin_belongs_to(user, role, .as = "Role"), *bare = kin_belongs_to(user, role), *formed = kin_belongs_to(user, role, .singular = "Duty");
    link_or_fail(schema);
    assert_key(aliased, user, "RoleId");
    assert_key(bare, user, "UserRoleId");
    assert_key(formed, user, "DutyId");
    assert_names(kin_model_describe(user)->attributes, "id", "RoleId", "UserRoleId", "DutyId");
    kin_schema_free(schema);
}

TEST(B4_B6_an_underscored_source_has_a_belongs_to_key_in_snake_case)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = snake(schema, "User"), *other = plain(schema, "Other");
    kin_model *company = kin_define(schema, "Company", KIN_ATTRIBUTES(KIN_UUID("uuid", .primary_key = true)));
    kin_model *lower = snake(schema, "Firm");
    kin_association *employer = kin_belongs_to(user, company), *owner = kin_belongs_to(user, company, .as = "MainOwner");
    kin_association *camel = kin_belongs_to(other, lower), *both = kin_belongs_to(user, lower);
    link_or_fail(schema);
    assert_key(employer, user, "company_uuid");
    assert_key(owner, user, "main_owner_uuid");
    assert_key(both, user, "firm_id");
    assert_key(camel, other, "FirmId"); /* the target's casing says nothing */
    kin_schema_free(schema);
}

TEST(B7_B8_a_key_keeps_the_first_letter_of_the_name_and_takes_the_singular_given)
{
    kin_schema *schema = kin_schema_new();
    kin_model *source = plain(schema, "Source"), *company = plain(schema, "company"), *role = plain(schema, "user_role");
    kin_model *firm = kin_define(schema, "Organisation", KIN_NO_ATTRIBUTES, .singular = "firm");
    kin_association *of_company = kin_belongs_to(source, company), *of_role = kin_belongs_to(source, role), *of_firm = kin_belongs_to(source, firm);
    kin_association *many = kin_has_many(role, source, .as = "Sources"), *ones = kin_has_one(firm, source, .as = "Base");
    link_or_fail(schema);
    assert_key(of_company, source, "companyId");
    assert_key(of_role, source, "userRoleId");
    assert_key(of_firm, source, "firmId");
    assert_key(many, source, "userRoleId");
    assert_key(ones, source, "firmId");
    assert_names(kin_model_describe(source)->attributes, "id", "companyId", "userRoleId", "firmId");
    kin_schema_free(schema);
}

TEST(B9_a_key_to_a_composite_key_has_a_part_for_each_and_one_constraint)
{
    struct world w;
    world_start(&w);
    kin_model *company = kin_define(w.schema, "Company", KIN_ATTRIBUTES(KIN_INTEGER("a", .primary_key = true), KIN_STRING("b", .length = 8, .primary_key = true)));
    kin_model *user = plain(w.schema, "User");
    kin_association *employer = kin_belongs_to(user, company), *staff = kin_has_many(company, user);
    world_open(&w);

    assert_names(kin_association_describe(employer)->foreign_key, "CompanyA", "CompanyB");
    assert_names(kin_association_describe(staff)->foreign_key, "CompanyA", "CompanyB");
    assert_names(kin_model_describe(user)->attributes, "id", "CompanyA", "CompanyB");
    char sql[4096];
    snprintf(sql, sizeof sql, "%s", kin_sync_sql(w.db));
    for (char *at = sql; (at = strchr(at, '"')) != NULL;)
        *at = '`';
    assert_non_null(strstr(sql, "FOREIGN KEY (`CompanyA`, `CompanyB`) REFERENCES `Companies` (`a`, `b`) ON DELETE SET NULL ON UPDATE CASCADE"));

    kin_row *firm = kin_create(w.s, company, { "a", kin(1) }, { "b", kin("x") }), *ada = kin_create(w.s, user, KIN_DEFAULTS);
    assert_true(kin_set_one(ada, employer, firm));
    assert_string_equal(kin_text(ada, "CompanyB"), "x");
    assert_true(kin_equals(kin_get_one(ada, employer), firm));
    assert_int_equal(kin_count(firm, staff), 1);
    assert_null(kin_create(w.s, user, { "CompanyA", kin(1) }, { "CompanyB", kin("y") }));
    assert_int_equal(kin_error_of(w.s)->constraint, KIN_FOREIGN_KEY);
    kin_clear_error(w.s);
    world_close(&w);
}

TEST(B10_a_has_one_key_is_the_source_and_its_primary_key)
{
    kin_schema *schema = kin_schema_new();
    kin_model *project = plain(schema, "Project"), *user = plain(schema, "User"), *small = snake(schema, "Small");
    kin_model *from_snake = snake(schema, "FromSnake"), *keyed = kin_define(schema, "Keyed", KIN_ATTRIBUTES(KIN_UUID("uid", .primary_key = true)));
    kin_association *one = kin_has_one(project, user), *lower = kin_has_one(project, small), *upper = kin_has_one(from_snake, user), *by_uid = kin_has_one(keyed, user);
    link_or_fail(schema);
    assert_key(one, user, "ProjectId");
    assert_key(lower, small, "project_id"); /* the model that holds the key decides … */
    assert_key(upper, user, "FromSnakeId"); /* … and not the one it points at */
    assert_key(by_uid, user, "KeyedUid");
    assert_names(kin_model_describe(project)->attributes, "id");
    kin_schema_free(schema);
}

TEST(B11_B12_a_has_one_alias_names_the_key_on_a_self_reference_alone)
{
    kin_schema *schema = kin_schema_new();
    kin_model *person = plain(schema, "Person"), *project = plain(schema, "Project"), *user = plain(schema, "User"), *page = snake(schema, "Page");
    kin_association *father = kin_has_one(person, person, .as = "Father"), *mother = kin_has_one(person, person, .as = "Mother");
    kin_association *initiator = kin_has_one(project, user, .as = "Initiator"), *next = kin_has_one(page, page, .as = "NextPage");
    link_or_fail(schema);
    assert_key(father, person, "FatherId");
    assert_key(mother, person, "MotherId");
    assert_key(initiator, user, "ProjectId");
    assert_key(next, page, "next_page_id");
    assert_names(kin_model_describe(person)->attributes, "id", "FatherId", "MotherId");
    assert_false(kin_model_has_attribute(user, "InitiatorId"));
    kin_schema_free(schema);
}

TEST(B13_B14_a_has_many_key_is_the_source_and_its_primary_key_whatever_the_alias)
{
    kin_schema *schema = kin_schema_new();
    kin_model *project = plain(schema, "Project"), *user = plain(schema, "User"), *small = snake(schema, "Small");
    kin_model *keyed = kin_define(schema, "Keyed", KIN_ATTRIBUTES(KIN_UUID("uid", .primary_key = true))), *plural = plain(schema, "projects2");
    kin_model *lower = kin_define(schema, "plans", KIN_NO_ATTRIBUTES), *person = plain(schema, "Person");
    kin_association *workers = kin_has_many(project, user, .as = "Workers"), *smalls = kin_has_many(project, small, .as = "Helpers");
    kin_association *by_uid = kin_has_many(keyed, user), *from_plural = kin_has_many(lower, user), *children = kin_has_many(person, person, .as = "Children");
    link_or_fail(schema);
    assert_key(workers, user, "ProjectId");
    assert_key(smalls, small, "project_id");
    assert_key(by_uid, user, "KeyedUid");
    assert_key(from_plural, user, "planId");
    assert_key(children, person, "PersonId");
    assert_names(kin_model_describe(user)->attributes, "id", "ProjectId", "KeyedUid", "planId");
    assert_names(kin_model_describe(plural)->attributes, "id");
    kin_schema_free(schema);
}

TEST(B15_the_keys_of_a_join_model_are_named_after_both_models)
{
    kin_schema *schema = kin_schema_new();
    kin_model *project = plain(schema, "Project"), *user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("uid", .length = 9, .primary_key = true)));
    kin_association *users = kin_belongs_to_many(project, user, .as = "Workers", .through = "Job"), *projects = kin_belongs_to_many(user, project, .through = "Job");
    link_or_fail(schema);
    kin_model *job = kin_model_named(schema, "Job");
    assert_key(users, job, "ProjectId");
    assert_names(kin_association_describe(users)->other_key, "UserUid");
    assert_key(projects, job, "UserUid");
    assert_names(kin_association_describe(projects)->other_key, "ProjectId");
    assert_names(kin_model_describe(job)->attributes, "ProjectId", "UserUid");
    assert_names(kin_model_describe(project)->attributes, "id");
    kin_schema_free(schema);
}

TEST(B16_each_key_of_a_join_model_is_in_the_case_of_the_model_it_points_at)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = plain(schema, "User"), *project = snake(schema, "Project"), *task = snake(schema, "BigTask");
    kin_belongs_to_many(user, project, .through = "Mixed");
    kin_belongs_to_many(project, user, .through = "Mixed");
    kin_belongs_to_many(project, task, .through = "Snakes");
    kin_belongs_to_many(project, user, .through_model = kin_define(schema, "Own", KIN_NO_ATTRIBUTES, .underscored = true), .as = "Owners");
    link_or_fail(schema);
    assert_names(kin_model_describe(kin_model_named(schema, "Mixed"))->attributes, "UserId", "project_id");
    assert_names(kin_model_describe(kin_model_named(schema, "Snakes"))->attributes, "project_id", "big_task_id");
    assert_names(kin_model_describe(kin_model_named(schema, "Own"))->attributes, "project_id", "UserId");
    kin_schema_free(schema);
}

TEST(B18_the_second_key_of_a_self_reference_is_named_after_the_alias)
{
    struct world w;
    world_start(&w);
    kin_model *person = plain(w.schema, "Person"), *page = snake(w.schema, "Page");
    kin_association *children = kin_belongs_to_many(person, person, .as = "Children", .through = "Family");
    kin_association *links = kin_belongs_to_many(page, page, .as = "LinkedPages", .through = "Links");
    world_open(&w);
    assert_names(kin_association_describe(children)->foreign_key, "PersonId");
    assert_names(kin_association_describe(children)->other_key, "ChildId");
    assert_names(kin_association_describe(links)->foreign_key, "page_id");
    assert_names(kin_association_describe(links)->other_key, "linked_page_id");
    assert_names(kin_model_describe(kin_model_named(w.schema, "Family"))->attributes, "PersonId", "ChildId");

    kin_row *one = kin_create(w.s, person, KIN_DEFAULTS), *two = kin_create(w.s, person, KIN_DEFAULTS);
    assert_true(kin_add(one, children, KIN_ROWS(two)));
    assert_int_equal(kin_count(one, children), 1);
    assert_int_equal(kin_count(two, children), 0);
    kin_row *link = kin_find_one(w.s, kin_model_named(w.schema, "Family"));
    assert_kin_ok(w.s);
    assert_int_equal(kin_int(link, "PersonId"), kin_int(one, "id"));
    assert_int_equal(kin_int(link, "ChildId"), kin_int(two, "id"));
    world_close(&w);
}

TEST(B19_two_self_references_through_one_model_need_names)
{
    kin_schema *schema = kin_schema_new();
    kin_model *person = plain(schema, "Person");
    kin_belongs_to_many(person, person, .as = "Children", .through = "Family");
    kin_belongs_to_many(person, person, .as = "Parents", .through = "Family");
    assert_link_error(schema, "both its keys in Family would be 'PersonId'");
    assert_non_null(strstr(kin_schema_error(schema)->message, ".foreign_key and .other_key"));
    kin_schema_free(schema);

    schema = kin_schema_new();
    person = plain(schema, "Person");
    kin_association *children = kin_belongs_to_many(person, person, .as = "Children", .through = "Family", .foreign_key = "parent", .other_key = "child");
    kin_association *parents = kin_belongs_to_many(person, person, .as = "Parents", .through = "Family", .foreign_key = "child", .other_key = "parent");
    link_or_fail(schema);
    assert_names(kin_association_describe(children)->foreign_key, "parent");
    assert_names(kin_association_describe(parents)->foreign_key, "child");
    assert_names(kin_model_describe(kin_model_named(schema, "Family"))->attributes, "parent", "child");
    kin_schema_free(schema);
}

TEST(B20_a_key_that_is_given_is_used_as_it_is_written)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = snake(schema, "User"), *company = plain(schema, "Company"), *person = plain(schema, "Person"), *project = plain(schema, "Project");
    kin_association *employer = kin_belongs_to(user, company, .foreign_key = "fk_company"), *camel = kin_belongs_to(user, company, .as = "Second", .foreign_key = "secondCompany");
    kin_association *initiator = kin_has_one(project, user, .foreign_key = "initiator_id"), *father = kin_has_one(person, person, .as = "Father", .foreign_key = "DadId");
    kin_association *many = kin_has_many(project, person, .foreign_key = "IN-Project");
    kin_association *users = kin_belongs_to_many(company, person, .through = "Works", .foreign_key = "company", .other_key = "whoId");
    link_or_fail(schema);
    assert_key(employer, user, "fk_company");
    assert_key(camel, user, "secondCompany");
    assert_key(initiator, user, "initiator_id");
    assert_key(father, person, "DadId");
    assert_key(many, person, "IN-Project");
    assert_key(users, kin_model_named(schema, "Works"), "company");
    assert_names(kin_association_describe(users)->other_key, "whoId");
    assert_names(kin_model_describe(user)->attributes, "id", "fk_company", "secondCompany", "initiator_id");
    assert_names(kin_model_describe(person)->attributes, "id", "DadId", "IN-Project");
    kin_schema_free(schema);
}

TEST(B29_both_sides_of_a_relation_share_one_key)
{
    struct world w;
    world_start(&w);
    kin_model *user = plain(w.schema, "User"), *task = plain(w.schema, "Task"), *profile = snake(w.schema, "Profile");
    kin_association *tasks = kin_has_many(user, task), *owner = kin_belongs_to(task, user);
    kin_association *of_user = kin_belongs_to(profile, user), *profile_of = kin_has_one(user, profile);
    kin_association *lead = kin_belongs_to(task, user, .as = "Lead", .foreign_key = "LeadId"), *led = kin_has_many(user, task, .as = "Led", .foreign_key = "LeadId");
    world_open(&w);
    assert_names(kin_model_describe(task)->attributes, "id", "UserId", "LeadId");
    assert_names(kin_model_describe(profile)->attributes, "id", "user_id");
    assert_key(tasks, task, "UserId");
    assert_key(owner, task, "UserId");
    assert_key(of_user, profile, "user_id");
    assert_key(profile_of, profile, "user_id");

    /* What one side writes the other reads. */
    kin_row *ada = kin_create(w.s, user, KIN_DEFAULTS), *work = kin_create(w.s, task, KIN_DEFAULTS);
    assert_true(kin_add(ada, tasks, KIN_ROWS(work)));
    assert_true(kin_equals(kin_get_one(work, owner), ada));
    assert_null(kin_get_one(work, lead));
    assert_true(kin_set_one(work, lead, ada));
    assert_int_equal(kin_count(ada, led), 1);
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(B30_sides_with_different_names_have_a_key_each)
{
    kin_schema *schema = kin_schema_new();
    kin_model *game = plain(schema, "Game"), *team = plain(schema, "Team");
    kin_association *home = kin_has_one(game, team, .as = "HomeTeam", .foreign_key = "homeTeamId");
    kin_association *away = kin_has_one(game, team, .as = "AwayTeam", .foreign_key = "awayTeamId"), *third = kin_belongs_to(game, team);
    link_or_fail(schema);
    assert_key(home, team, "homeTeamId");
    assert_key(away, team, "awayTeamId");
    assert_key(third, game, "TeamId");
    assert_names(kin_model_describe(team)->attributes, "id", "homeTeamId", "awayTeamId");
    assert_names(kin_model_describe(game)->attributes, "id", "TeamId");
    kin_schema_free(schema);

    schema = kin_schema_new();
    kin_model *user = plain(schema, "User"), *task = plain(schema, "Task");
    kin_has_many(user, task);
    kin_belongs_to(task, user, .as = "Owner");
    link_or_fail(schema);
    assert_names(kin_model_describe(task)->attributes, "id", "UserId", "OwnerId");
    kin_schema_free(schema);
}
