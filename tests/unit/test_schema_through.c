/* Join models: which one, with which keys, and what is unique in it. */
#include "schema_check.h"

#define DEFINE(name) kin_define(schema, name, KIN_NO_ATTRIBUTES)

/* The keys of an association over a join model: "UserId>ProjectId". */
static const char *through_keys(kin_association *association)
{
    const kin_association_info *info = kin_association_describe(association);
    struct text out = { NULL, 0, 0, false };
    text_format(&out, "%s>%s", names_text(info->foreign_key), names_text(info->other_key));
    return schema_keep_text(&out);
}

TEST(B16_each_key_of_a_join_model_follows_the_model_it_points_at)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = DEFINE("User"), *project = kin_define(schema, "Project", KIN_NO_ATTRIBUTES, .underscored = true);
    kin_model *task = kin_define(schema, "Task", KIN_NO_ATTRIBUTES, .underscored = true);
    kin_belongs_to_many(user, project, .through = "UserProject");
    kin_belongs_to_many(project, task, .through = "ProjectTask");
    assert_linked(schema);
    assert_string_equal(attributes_text(kin_model_named(schema, "UserProject")), "UserId project_id");
    assert_string_equal(attributes_text(kin_model_named(schema, "ProjectTask")), "project_id task_id");
    kin_schema_free(schema);
}

TEST(B18_self_many_to_many_keys)
{
    kin_schema *schema = kin_schema_new();
    kin_model *person = DEFINE("Person"), *snake = kin_define(schema, "Snake", KIN_NO_ATTRIBUTES, .underscored = true);
    kin_association *children = kin_belongs_to_many(person, person, .as = "Children", .through = "PersonChildren");
    kin_association *friends = kin_belongs_to_many(person, person, .singular = "pal", .plural = "gang", .through = "Friendships"); /* F30 */
    kin_association *prey = kin_belongs_to_many(snake, snake, .as = "Victims", .through = "Meals");
    assert_linked(schema);
    assert_string_equal(through_keys(children), "PersonId>ChildId");
    assert_string_equal(through_keys(friends), "PersonId>palId");
    assert_string_equal(through_keys(prey), "snake_id>victim_id");
    kin_schema_free(schema);
}

TEST(B19_two_self_many_to_many_without_keys)
{
    kin_schema *schema = kin_schema_new();
    kin_model *person = DEFINE("Person");
    kin_belongs_to_many(person, person, .as = "Children", .through = "Family");
    kin_belongs_to_many(person, person, .as = "Parents", .through = "Family");
    assert_fault(schema, "Person.Children: both its keys in Family would be 'PersonId'");
}

TEST(F29_two_directions_over_one_table)
{
    static const struct {
        const char *parent_own, *parent_other, *child_own, *child_other;
    } given[] = { { "childId", "parentId", "parentId", "childId" },
                  { "childId", "parentId", NULL, NULL },
                  { NULL, NULL, "parentId", "childId" },
                  { "childId", NULL, "parentId", NULL } };
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        kin_schema *schema = kin_schema_new();
        kin_model *person = DEFINE("Person");
        kin_association *parents = kin_belongs_to_many(person, person, .as = "Parents", .through = "Family",
                                                       .foreign_key = given[i].parent_own, .other_key = given[i].parent_other);
        kin_association *children = kin_belongs_to_many(person, person, .as = "Children", .through = "Family",
                                                        .foreign_key = given[i].child_own, .other_key = given[i].child_other);
        assert_linked(schema);
        assert_string_equal(through_keys(parents), "childId>parentId");
        assert_string_equal(through_keys(children), "parentId>childId");
        assert_int_equal(kin_model_named(schema, "Family")->attribute_count, 2);
        kin_schema_free(schema);
    }
}

TEST(F1_F3_which_join_model)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = DEFINE("User"), *project = DEFINE("Project");
    kin_association *early = kin_belongs_to_many(user, project, .as = "Early", .through = "Member"); /* defined later */
    kin_association *made = kin_belongs_to_many(user, project, .as = "Made", .through = "made_here");
    kin_model *member = kin_define(schema, "Member", KIN_ATTRIBUTES(KIN_STRING("role")));
    kin_association *given = kin_belongs_to_many(user, project, .as = "Given", .through_model = member, .through = "Member");
    assert_linked(schema);
    assert_ptr_equal(kin_association_describe(early)->through, member);
    assert_ptr_equal(kin_association_describe(given)->through, member);
    assert_string_equal(kin_model_describe(member)->table, "Members");
    const kin_model *join = kin_association_describe(made)->through;
    assert_ptr_equal(kin_model_named(schema, "made_here"), join); /* F19 */
    assert_string_equal(kin_model_describe(join)->table, "made_here");
    assert_string_equal(order_text(schema), "User Project Member made_here");
    kin_schema_free(schema);
}

TEST(F11_the_same_pair_several_times)
{
    kin_schema *schema = kin_schema_new();
    kin_model *item = DEFINE("Item"), *tag = DEFINE("Tag");
    kin_model *own =
        kin_define(schema, "ItemTag", KIN_ATTRIBUTES(KIN_INTEGER("id", .primary_key = true, .auto_increment = true), KIN_STRING("type")));
    kin_association *one = kin_belongs_to_many(item, tag, .through = "Loose", .not_unique = true);
    kin_association *other = kin_belongs_to_many(tag, item, .through = "Loose");
    kin_association *tags = kin_belongs_to_many(item, tag, .as = "Categories", .through_model = own, .not_unique = true,
                                                .through_scope = KIN_VALUES({ "type", kin("category") }));
    assert_linked(schema);
    kin_model *loose = kin_model_named(schema, "Loose");
    assert_string_equal(attributes_text(loose), "id ItemId TagId"); /* a key of its own, or the pair could not repeat */
    assert_string_equal(names_text(kin_model_describe(loose)->primary_key), "id");
    assert_string_equal(uniques_text(loose), "");
    assert_true(one->not_unique && other->not_unique && tags->not_unique);
    assert_string_equal(uniques_text(own), "");
    assert_int_equal(tags->through_scope_count, 1);
    assert_ptr_equal(tags->through_scope[0].attribute, model_attribute(own, "type"));
    kin_schema_free(schema);
}

TEST(F9_F10_the_unique_pair_and_its_name)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = DEFINE("User"), *project = DEFINE("Project");
    kin_attribute id = { .name = "id", .type = KIN_TYPE_INTEGER, .primary_key = true };
    kin_model *named = kin_define(schema, "Named", KIN_ATTRIBUTES(id)), *three = kin_define(schema, "Three", KIN_ATTRIBUTES(id));
    kin_belongs_to_many(user, project, .as = "A", .through_model = named, .unique_key = "one_each");
    kin_belongs_to_many(project, user, .as = "B", .through_model = named);
    kin_belongs_to_many(user, project, .as = "C", .through_model = three);
    kin_belongs_to_many(user, project, .as = "D", .through_model = three);
    kin_belongs_to_many(user, project, .as = "E", .through_model = three, .foreign_key = "boss", .other_key = "work");
    assert_linked(schema);
    assert_string_equal(uniques_text(named), "one_each(UserId,ProjectId)");
    assert_string_equal(uniques_text(three), "Threes_UserId_ProjectId_unique(UserId,ProjectId) Threes_boss_work_unique(boss,work)");
    assert_string_equal(indexes_text(three), "Threes_ProjectId(ProjectId)* Threes_work(work)*");
    kin_schema_free(schema);
}

TEST(F13_F14_keys_that_the_join_model_declares)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = DEFINE("User"), *project = DEFINE("Project");
    kin_model *join = kin_define(schema, "Join", KIN_ATTRIBUTES(KIN_BIGINT("UserId", .column = "user", .comment = "who"), KIN_STRING("x")));
    kin_model *keyed = kin_define(
        schema, "Keyed", KIN_ATTRIBUTES(KIN_INTEGER("ProjectId", .primary_key = true), KIN_INTEGER("UserId", .primary_key = true)));
    kin_belongs_to_many(user, project, .through_model = join);
    kin_belongs_to_many(user, project, .as = "More", .through_model = keyed);
    assert_linked(schema);
    const kin_attribute_info *info = kin_attribute_named(join, "UserId");
    assert_int_equal(info->type, KIN_TYPE_INTEGER); /* like what it points at */
    assert_string_equal(info->column, "user");
    assert_true(info->not_null && info->primary_key && !info->generated);
    assert_string_equal(attributes_text(join), "UserId x ProjectId");
    assert_string_equal(names_text(kin_model_describe(join)->primary_key), "UserId ProjectId");
    assert_string_equal(attributes_text(keyed), "ProjectId UserId");
    assert_string_equal(uniques_text(keyed), "");
    kin_schema_free(schema);
}

TEST(F16_F18_timestamps_of_a_join_model)
{
    kin_schema *schema = kin_schema_new();
    kin_schema_defaults(schema, .timestamps = true, .paranoid = true, .underscored = true);
    kin_model *user = DEFINE("User"), *project = DEFINE("Project");
    kin_belongs_to_many(user, project, .as = "A", .through = "Usual");
    kin_belongs_to_many(user, project, .as = "B", .through = "Without", .timestamps = KIN_OFF);
    kin_belongs_to_many(project, user, .as = "C", .through = "Without");
    assert_linked(schema);
    assert_string_equal(attributes_text(kin_model_named(schema, "Usual")), "created_at updated_at user_id project_id"); /* J20 */
    assert_false(kin_model_describe(kin_model_named(schema, "Usual"))->paranoid);
    assert_string_equal(attributes_text(kin_model_named(schema, "Without")), "user_id project_id");
    kin_schema_free(schema);

    schema = kin_schema_new();
    user = DEFINE("User");
    project = DEFINE("Project");
    kin_belongs_to_many(user, project, .through = "UserProject");
    kin_belongs_to_many(project, user, .through = "UserProject", .timestamps = true);
    assert_linked(schema);
    assert_string_equal(attributes_text(kin_model_named(schema, "UserProject")), "createdAt updatedAt UserId ProjectId");
    kin_schema_free(schema);
}

TEST(F21_F24_each_side_knows_the_others_key)
{
    static const struct {
        const char *own, *other, *back, *back_other;
    } given[] = {
        { "u", "p", NULL, NULL }, { "u", NULL, "p", NULL }, { NULL, NULL, "p", "u" }, { NULL, "p", NULL, "u" }, { "u", "p", "p", "u" }
    };
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        kin_schema *schema = kin_schema_new();
        kin_model *user = DEFINE("User"), *project = DEFINE("Project");
        kin_association *projects =
            kin_belongs_to_many(user, project, .through = "UserProject", .foreign_key = given[i].own, .other_key = given[i].other);
        kin_association *users =
            kin_belongs_to_many(project, user, .through = "UserProject", .foreign_key = given[i].back, .other_key = given[i].back_other);
        assert_linked(schema);
        assert_string_equal(through_keys(projects), "u>p");
        assert_string_equal(through_keys(users), "p>u");
        assert_string_equal(attributes_text(kin_model_named(schema, "UserProject")), "u p");
        kin_schema_free(schema);
    }
}

TEST(F25_F26_different_join_models_are_never_paired)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = DEFINE("User"), *project = DEFINE("Project");
    kin_association *owned = kin_belongs_to_many(user, project, .as = "Owned", .through = "Owners", .foreign_key = "u1");
    kin_association *users = kin_belongs_to_many(project, user, .as = "Members", .through = "Memberships", .foreign_key = "p2");
    assert_linked(schema);
    assert_string_equal(through_keys(owned), "u1>ProjectId");
    assert_string_equal(through_keys(users), "p2>UserId");
    kin_schema_free(schema);
}

TEST(several_relations_over_one_join_model_pair_by_their_keys)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = DEFINE("User"), *project = DEFINE("Project");
    kin_association *owned =
        kin_belongs_to_many(user, project, .as = "Owned", .through = "Roles", .foreign_key = "ownerId", .other_key = "projectId");
    kin_association *led =
        kin_belongs_to_many(user, project, .as = "Led", .through = "Roles", .foreign_key = "leaderId", .other_key = "projectId");
    kin_association *leaders =
        kin_belongs_to_many(project, user, .as = "Leaders", .through = "Roles", .foreign_key = "projectId", .other_key = "leaderId");
    assert_linked(schema);
    assert_string_equal(through_keys(owned), "ownerId>projectId");
    assert_string_equal(through_keys(led), "leaderId>projectId");
    assert_string_equal(through_keys(leaders), "projectId>leaderId");
    kin_schema_free(schema);
}

TEST(F34_other_unique_attributes_on_both_sides)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("name", .unique = true))), *project = DEFINE("Project");
    kin_association *projects = kin_belongs_to_many(user, project, .through = "UserProject", .source_key = "name");
    kin_association *users = kin_belongs_to_many(project, user, .through = "UserProject");
    assert_linked(schema);
    assert_string_equal(through_keys(projects), "UserName>ProjectId");
    assert_string_equal(through_keys(users), "ProjectId>UserName");
    assert_string_equal(names_text(kin_association_describe(users)->target_key), "name");
    assert_string_equal(foreign_keys_text(kin_model_named(schema, "UserProject")),
                        "UserName>Users.name CASCADE/CASCADE; ProjectId>Projects.id CASCADE/CASCADE");
    kin_schema_free(schema);
}

TEST(F35_F36_associations_beside_and_on_the_join_model)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = DEFINE("User"), *project = DEFINE("Project");
    kin_model *join = kin_define(schema, "Membership", KIN_ATTRIBUTES(KIN_STRING("role"))), *note = DEFINE("Note");
    kin_association *notes = kin_has_many(join, note); /* points at a key that is still to come */
    kin_belongs_to(join, user);
    kin_belongs_to_many(user, project, .through_model = join);
    kin_belongs_to(join, project);
    kin_belongs_to(user, project, .as = "Favourite", .foreign_key = "favourite_id");
    assert_linked(schema);
    assert_string_equal(attributes_text(join), "role UserId ProjectId");
    assert_string_equal(foreign_keys_text(join), "UserId>Users.id CASCADE/CASCADE; ProjectId>Projects.id CASCADE/CASCADE");
    assert_string_equal(names_text(kin_model_describe(join)->primary_key), "UserId ProjectId");
    assert_string_equal(key_text(notes), "MembershipUserId MembershipProjectId");
    assert_string_equal(foreign_keys_text(note), "MembershipUserId,MembershipProjectId>Memberships.UserId,ProjectId SET NULL/CASCADE");
    kin_schema_free(schema);
}

TEST(A36_a_join_model_has_the_schema_of_both_ends)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = kin_define(schema, "User", KIN_NO_ATTRIBUTES, .schema = "acme"),
              *project = kin_define(schema, "Project", KIN_NO_ATTRIBUTES, .schema = "acme");
    kin_model *task = DEFINE("Task");
    kin_belongs_to_many(user, project, .through = "Both");
    kin_belongs_to_many(user, task, .through = "Mixed");
    assert_linked(schema);
    assert_string_equal(kin_model_describe(kin_model_named(schema, "Both"))->schema, "acme");
    assert_null(kin_model_describe(kin_model_named(schema, "Mixed"))->schema);
    assert_string_equal(kin_model_named(schema, "Mixed")->foreign_keys[0].schema, "acme");
    kin_schema_free(schema);
}

TEST(F45_F46_scopes_are_converted)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = DEFINE("User"), *project = kin_define(schema, "Project", KIN_ATTRIBUTES(KIN_BOOLEAN("active"), KIN_INTEGER("n")));
    kin_association *active =
        kin_belongs_to_many(user, project, .through = "UserProject", .scope = KIN_VALUES({ "active", kin(1) }, { "n", kin("12") }));
    assert_linked(schema);
    assert_int_equal(active->scope_count, 2);
    assert_int_equal(active->scope[0].value.type, KIN_VALUE_BOOLEAN);
    assert_true(active->scope[0].value.as.boolean);
    assert_int_equal(active->scope[1].value.as.integer, 12);
    assert_ptr_equal(active->scope[1].attribute, model_attribute(project, "n"));
    kin_schema_free(schema);
}
