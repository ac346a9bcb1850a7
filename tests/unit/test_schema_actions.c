/* Constraints: actions, references declared by hand, indexes, the order of the tables. */
#include "schema_check.h"

#define DEFINE(name) kin_define(schema, name, KIN_NO_ATTRIBUTES)

TEST(J1_J3_actions_of_one_and_many)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = DEFINE("User"), *task = DEFINE("Task");
    kin_association *a = kin_belongs_to(task, user, .as = "A");
    kin_belongs_to(task, user, .as = "B", .on_delete = KIN_CASCADE);
    kin_has_many(user, task, .foreign_key = "c", .on_update = KIN_RESTRICT);
    kin_has_one(user, task, .foreign_key = "d", .as = "Last", .on_delete = KIN_SET_DEFAULT, .on_update = KIN_NO_ACTION);
    assert_linked(schema);
    assert_string_equal(
        foreign_keys_text(task),
        "AId>Users.id SET NULL/CASCADE; BId>Users.id CASCADE/CASCADE; c>Users.id SET NULL/RESTRICT; d>Users.id SET DEFAULT/NO ACTION");
    assert_int_equal(kin_association_describe(a)->on_delete, KIN_SET_NULL);
    assert_true(kin_association_describe(a)->constraints);
    assert_ptr_equal(kin_attribute_named(task, "AId")->references, user);
    assert_string_equal(kin_attribute_named(task, "AId")->references_table, "Users");
    assert_int_equal(kin_attribute_named(task, "AId")->on_delete, KIN_SET_NULL);
    kin_schema_free(schema);
}

TEST(J6_a_key_that_cannot_be_null)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = DEFINE("User"), *task = kin_define(schema, "Task", KIN_ATTRIBUTES(KIN_INTEGER("UserId", .not_null = true)));
    kin_model *note = DEFINE("Note"), *both = DEFINE("Both"), *back = DEFINE("Back");
    kin_belongs_to(task, user);
    kin_has_many(user, note, .key = { .not_null = true });
    kin_has_many(user, both, .key = { .not_null = true });
    kin_belongs_to(both, user);
    kin_belongs_to(back, user);
    kin_has_many(user, back, .key = { .not_null = true });
    assert_linked(schema);
    assert_string_equal(foreign_keys_text(task), "UserId>Users.id NO ACTION/CASCADE");
    assert_string_equal(foreign_keys_text(note), "UserId>Users.id CASCADE/CASCADE");
    assert_string_equal(foreign_keys_text(both), "UserId>Users.id CASCADE/CASCADE"); /* the first declared decides */
    assert_string_equal(foreign_keys_text(back), "UserId>Users.id NO ACTION/CASCADE");
    kin_schema_free(schema);
}

TEST(J8_explicit_beats_default)
{
    for (int turn = 0; turn < 2; turn++) {
        kin_schema *schema = kin_schema_new();
        kin_model *user = DEFINE("User"), *task = DEFINE("Task");
        if (turn == 0)
            kin_has_many(user, task);
        kin_belongs_to(task, user, .on_delete = KIN_RESTRICT);
        if (turn == 1)
            kin_has_many(user, task, .on_update = KIN_RESTRICT);
        assert_linked(schema);
        assert_string_equal(foreign_keys_text(task), turn == 0 ? "UserId>Users.id RESTRICT/CASCADE" : "UserId>Users.id RESTRICT/RESTRICT");
        kin_schema_free(schema);
    }
}

TEST(J8_two_different_actions_on_one_key)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = DEFINE("User"), *task = DEFINE("Task");
    kin_has_many(user, task, .on_delete = KIN_CASCADE);
    kin_belongs_to(task, user, .on_delete = KIN_RESTRICT);
    assert_fault(schema, "Task.UserId: on_delete is CASCADE in User.Tasks and RESTRICT in Task.User, for the same key");
}

TEST(J9_J11_without_constraints)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = DEFINE("User"), *task = DEFINE("Task"), *note = DEFINE("Note");
    kin_association *none = kin_belongs_to(task, user, .no_constraints = true);
    kin_belongs_to(note, user, .no_constraints = true);
    kin_association *some = kin_has_many(user, note);
    assert_linked(schema);
    assert_string_equal(foreign_keys_text(task), "");
    assert_false(kin_association_describe(none)->constraints);
    assert_int_equal(kin_association_describe(none)->on_delete, KIN_ACTION_USUAL);
    assert_string_equal(foreign_keys_text(note), "UserId>Users.id SET NULL/CASCADE"); /* J11: the other side wants it */
    assert_true(kin_association_describe(some)->constraints);
    assert_string_equal(indexes_text(task), "Tasks_UserId(UserId)*");
    kin_schema_free(schema);
}

TEST(J10_no_constraints_with_an_action)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = DEFINE("User"), *task = DEFINE("Task");
    kin_belongs_to(task, user, .no_constraints = true, .on_delete = KIN_CASCADE);
    assert_fault(schema, "Task.User: .no_constraints and .on_delete = CASCADE contradict each other");
}

TEST(F39_F41_each_side_of_many_to_many_governs_its_own_key)
{
    static const struct {
        kin_action own, back;
        const char *expected;
    } given[] = { { KIN_RESTRICT, KIN_RESTRICT, "UserId>Users.id RESTRICT/CASCADE; ProjectId>Projects.id RESTRICT/CASCADE" },
                  { KIN_RESTRICT, KIN_CASCADE, "UserId>Users.id RESTRICT/CASCADE; ProjectId>Projects.id CASCADE/CASCADE" },
                  { KIN_RESTRICT, KIN_ACTION_USUAL, "UserId>Users.id RESTRICT/CASCADE; ProjectId>Projects.id RESTRICT/CASCADE" },
                  { KIN_ACTION_USUAL, KIN_ACTION_USUAL, "UserId>Users.id CASCADE/CASCADE; ProjectId>Projects.id CASCADE/CASCADE" } };
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        kin_schema *schema = kin_schema_new();
        kin_model *user = DEFINE("User"), *project = DEFINE("Project");
        kin_belongs_to_many(user, project, .through = "UserProject", .on_delete = given[i].own);
        kin_belongs_to_many(project, user, .through = "UserProject", .on_delete = given[i].back);
        assert_linked(schema);
        assert_string_equal(foreign_keys_text(kin_model_named(schema, "UserProject")), given[i].expected);
        kin_schema_free(schema);
    }
}

TEST(F41_what_the_join_models_attributes_say)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = DEFINE("User"), *project = DEFINE("Project");
    kin_model *join =
        kin_define(schema, "Join",
                   KIN_ATTRIBUTES(KIN_INTEGER("UserId", .on_delete = KIN_RESTRICT), KIN_INTEGER("ProjectId", .on_delete = KIN_RESTRICT)));
    kin_model *silent = kin_define(schema, "Silent", KIN_ATTRIBUTES(KIN_INTEGER("UserId", .on_delete = KIN_RESTRICT)));
    kin_belongs_to_many(user, project, .as = "A", .through_model = join, .on_delete = KIN_NO_ACTION);
    kin_belongs_to_many(user, project, .as = "B", .through_model = silent);
    assert_linked(schema);
    assert_string_equal(foreign_keys_text(join), "UserId>Users.id NO ACTION/CASCADE; ProjectId>Projects.id RESTRICT/CASCADE");
    assert_string_equal(foreign_keys_text(silent), "UserId>Users.id RESTRICT/CASCADE; ProjectId>Projects.id CASCADE/CASCADE");
    kin_schema_free(schema);
}

TEST(F43_constraints_go_when_both_sides_say_so)
{
    for (int both = 0; both < 2; both++) {
        kin_schema *schema = kin_schema_new();
        kin_model *user = DEFINE("User"), *project = DEFINE("Project");
        kin_belongs_to_many(user, project, .through = "UserProject", .no_constraints = true);
        kin_belongs_to_many(project, user, .through = "UserProject", .no_constraints = both == 1);
        assert_linked(schema);
        assert_int_equal(kin_model_named(schema, "UserProject")->foreign_key_count, both == 1 ? 0 : 2);
        kin_schema_free(schema);
    }
}

TEST(K1_K10_references_by_hand)
{
    kin_schema *schema = kin_schema_new();
    kin_model *early = kin_define(
        schema, "Early",
        KIN_ATTRIBUTES(KIN_INTEGER("a", .references = { .table = "Trainers" }), KIN_INTEGER("b", .references = { .table = "elsewhere" }),
                       KIN_INTEGER("c", .references = { .table = "elsewhere", .column = "nr" }, .on_delete = KIN_CASCADE)));
    kin_model *trainer = kin_define(schema, "Trainer", KIN_ATTRIBUTES(KIN_INTEGER("nr", .unique = true, .column = "number")));
    kin_model *late = kin_define(schema, "Late",
                                 KIN_ATTRIBUTES(KIN_INTEGER("a", .references = { .model = trainer }),
                                                KIN_INTEGER("b", .references = { .model = trainer, .column = "number" })));
    assert_linked(schema);
    assert_string_equal(foreign_keys_text(early), "a>Trainers.id -/-; b>elsewhere.id -/-; c>elsewhere.nr CASCADE/-");
    assert_string_equal(foreign_keys_text(late), "a>Trainers.id -/-; b>Trainers.number -/-");
    assert_ptr_equal(kin_attribute_named(early, "a")->references, trainer);
    assert_null(kin_attribute_named(early, "b")->references);
    assert_string_equal(kin_attribute_named(early, "c")->references_column, "nr");
    assert_string_equal(order_text(schema), "Trainer Early Late"); /* K5 */
    assert_string_equal(accessors_text(early), "");                /* K3 */
    assert_ptr_equal(model_attribute(late, "b")->target, model_attribute(trainer, "nr"));
    kin_schema_free(schema);
}

TEST(A32_actions_without_a_reference_are_nothing)
{
    kin_schema *schema = kin_schema_new();
    kin_model *task = kin_define(schema, "Task", KIN_ATTRIBUTES(KIN_INTEGER("n", .on_delete = KIN_CASCADE)));
    assert_linked(schema);
    assert_int_equal(task->foreign_key_count, 0);
    assert_int_equal(kin_attribute_named(task, "n")->on_delete, KIN_ACTION_USUAL);
    kin_schema_free(schema);
}

TEST(L12_a_key_that_would_reference_two_models)
{
    kin_schema *schema = kin_schema_new();
    kin_model *post = DEFINE("Post"), *image = DEFINE("Image"), *comment = DEFINE("Comment");
    kin_has_many(post, comment, .foreign_key = "subject_id");
    kin_has_many(image, comment, .foreign_key = "subject_id");
    assert_fault(schema, "Comment.subject_id: the key would reference both Post and Image");

    schema = kin_schema_new(); /* plain columns may serve both */
    post = DEFINE("Post");
    image = DEFINE("Image");
    comment = kin_define(schema, "Comment", KIN_ATTRIBUTES(KIN_STRING("kind")));
    kin_has_many(post, comment, .foreign_key = "subject_id", .no_constraints = true, .scope = KIN_VALUES({ "kind", kin("post") }));
    kin_has_many(image, comment, .foreign_key = "subject_id", .no_constraints = true, .scope = KIN_VALUES({ "kind", kin("image") }));
    assert_linked(schema);
    assert_string_equal(attributes_text(comment), "id kind subject_id");
    assert_string_equal(indexes_text(comment), "Comments_subject_id(subject_id)*");
    kin_schema_free(schema);
}

TEST(J23_indexes_of_foreign_keys)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = DEFINE("User"), *project = DEFINE("Project");
    kin_model *task =
        kin_define(schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title"), KIN_INTEGER("boss", .column = "boss_id")),
                   .indexes = KIN_INDEXES({ .attributes = KIN_NAMES("editor", "title") }, { .attributes = KIN_NAMES("title", "owner") }));
    kin_belongs_to(task, user, .foreign_key = "boss");
    kin_belongs_to(task, user, .as = "Editor", .foreign_key = "editor");
    kin_belongs_to(task, user, .as = "Owner", .foreign_key = "owner");
    kin_belongs_to(task, user, .as = "Reader", .foreign_key = "reader", .no_index = true);
    kin_belongs_to_many(user, project, .through = "UserProject");
    assert_linked(schema);
    assert_string_equal(indexes_text(task),
                        "Tasks_editor_title(editor,title) Tasks_title_owner(title,owner) Tasks_boss_id(boss)* Tasks_owner(owner)*");
    assert_string_equal(indexes_text(kin_model_named(schema, "UserProject")), "UserProject_ProjectId(ProjectId)*");
    kin_schema_free(schema);
}

TEST(index_names_do_not_meet)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = DEFINE("User");
    kin_model *a = kin_define(schema, "A", KIN_NO_ATTRIBUTES, .table = "a"),
              *ab = kin_define(schema, "AB", KIN_NO_ATTRIBUTES, .table = "a_b");
    kin_define(schema, "Table", KIN_NO_ATTRIBUTES, .table = "A_c");
    kin_belongs_to(a, user, .foreign_key = "b_x");
    kin_belongs_to(ab, user, .foreign_key = "x");
    kin_belongs_to(a, user, .as = "C", .foreign_key = "c");
    assert_linked(schema);
    assert_string_equal(indexes_text(a), "a_b_x(b_x)* a_c_2(c)*");
    assert_string_equal(indexes_text(ab), "a_b_x_2(x)*");
    kin_schema_free(schema);
}

TEST(J26_referenced_tables_come_first)
{
    kin_schema *schema = kin_schema_new();
    kin_model *task = DEFINE("Task"), *other = DEFINE("Other"), *project = DEFINE("Project"), *user = DEFINE("User");
    kin_belongs_to(task, project);
    kin_belongs_to(project, user, .as = "Owner");
    kin_belongs_to(user, other, .no_constraints = true);
    assert_linked(schema);
    assert_string_equal(order_text(schema), "User Project Task Other");
    assert_null(kin_model_at(schema, 4));
    assert_int_equal(task->ordinal, 0);
    kin_schema_free(schema);
}

TEST(J38_longer_chains)
{
    kin_schema *schema = kin_schema_new();
    kin_model *x = DEFINE("X"), *a = DEFINE("A"), *b = DEFINE("B"), *c = DEFINE("C");
    kin_belongs_to(x, a);
    kin_belongs_to(a, b);
    kin_belongs_to(b, c);
    kin_belongs_to(c, a);
    assert_linked(schema);
    assert_string_equal(schema->cycle, "Cyclic dependency found. 'A' is dependent of itself. Dependency Chain: X -> A -> B -> C => A");
    assert_string_equal(order_text(schema), "C B A X");
    kin_schema_free(schema);
}
