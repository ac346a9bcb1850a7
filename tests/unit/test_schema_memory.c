/* Declaring and linking without memory: whichever allocation fails, the schema says so and gives everything back. */
#include "failing.h"
#include "schema_check.h"

static bool pass(void *context, const kin_hook_event *event)
{
    (void)context, (void)event;
    return true;
}

/* A schema with something of everything. */
static void declare_everything(kin_schema *schema)
{
    static const double one = 1;
    kin_schema_word(schema, "gizmo", "gizmata");
    kin_schema_defaults(schema, .timestamps = true, .schema = "main");
    kin_model *company =
        kin_define(schema, "Company", KIN_ATTRIBUTES(KIN_INTEGER("a", .primary_key = true), KIN_STRING("b", .primary_key = true)));
    kin_model *old = kin_define(schema, "User", KIN_NO_ATTRIBUTES);
    kin_model *user = kin_define(
        schema, "User",
        KIN_ATTRIBUTES(KIN_STRING("name", .unique = true, .default_value = kin("x"), .comment = "who"),
                       KIN_STRING("g", .unique_group = "pair"), KIN_INTEGER("h", .unique_group = "pair", .validate = { .minimum = &one }),
                       KIN_ENUM("state", .labels = KIN_NAMES("a", "b"))),
        .paranoid = true, .indexes = KIN_INDEXES({ .attributes = KIN_NAMES("name", "g"), .name = "i" }, { .attributes = KIN_NAMES("h") }));
    kin_model *task = kin_define(
        schema, "Task",
        KIN_ATTRIBUTES(KIN_INTEGER("boss", .references = { .model = user }), KIN_INTEGER("t", .references = { .table = "elsewhere" })),
        .underscored = true);
    kin_model *join = kin_define(schema, "Membership",
                                 KIN_ATTRIBUTES(KIN_INTEGER("id", .primary_key = true, .auto_increment = true), KIN_STRING("role")));
    kin_hook_add(user, KIN_BEFORE_SAVE, pass, NULL);
    kin_hook_add(user, KIN_BEFORE_SAVE, pass, NULL);
    kin_belongs_to(task, user);
    kin_belongs_to(task, company, .key = { .not_null = true });
    kin_has_many(old, task, .as = "Things", .foreign_key = "old_id");
    kin_has_one(user, user, .as = "Father", .scope = KIN_VALUES({ "state", kin("a") }));
    kin_belongs_to(user, task, .as = "Current");
    kin_belongs_to_many(user, task, .through = "UserTasks", .as = "Jobs");
    kin_belongs_to_many(task, user, .through = "UserTasks", .as = "Workers");
    kin_belongs_to_many(user, company, .through_model = join, .through_scope = KIN_VALUES({ "role", kin("boss") }));
    kin_belongs_to_many(company, user, .through_model = join, .unique_key = "one_each");
}

static bool schema_of_everything(void)
{
    kin_schema *schema = kin_schema_new();
    declare_everything(schema);
    bool linked = kin_schema_link(schema);
    const kin_error *error = kin_schema_error(schema);
    if (linked) {
        assert_null(error);
        assert_non_null(schema->cycle);
        assert_int_equal(kin_model_count(schema), 5);
    } else {
        assert_int_equal(error->status, KIN_NO_MEMORY);
        assert_false(kin_schema_link(schema)); /* and stays so */
        assert_int_equal(kin_model_count(schema), 0);
    }
    kin_schema_free(schema);
    return linked;
}

TEST(every_allocation_of_declaring_and_linking_may_fail)
{
    for (size_t n = 0; failing_round(n); n++)
        failing_done(schema_of_everything());
}

TEST(the_schema_of_everything_links)
{
    kin_schema *schema = kin_schema_new();
    declare_everything(schema);
    assert_linked(schema);
    assert_string_equal(attributes_text(kin_model_named(schema, "Task")), "id boss t created_at updated_at company_a company_b old_id");
    assert_string_equal(key_text(kin_association_named(kin_model_named(schema, "Task"), "User")), "boss");
    kin_schema_free(schema);
}
