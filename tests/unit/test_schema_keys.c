/* Models and foreign keys: tables, generated attributes, names of keys, merging with what is declared. */
#include "schema_check.h"

#define DEFINE(name) kin_define(schema, name, KIN_NO_ATTRIBUTES)

TEST(A1_A15_the_registry)
{
    kin_schema *schema = kin_schema_new();
    kin_model *old = DEFINE("User"), *task = DEFINE("Task");
    kin_association *early = kin_belongs_to(task, old, .as = "Early");
    kin_model *user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_association *late = kin_belongs_to(task, user, .as = "Late");
    kin_has_many(old, task);

    assert_ptr_equal(kin_model_named(schema, "User"), user);
    assert_null(kin_model_named(schema, "user"));
    assert_linked(schema);
    assert_int_equal(kin_model_count(schema), 2);
    assert_ptr_equal(kin_association_describe(early)->target, old);
    assert_ptr_equal(kin_association_describe(late)->target, user);
    assert_string_equal(attributes_text(old), "id"); /* its handle is safe */
    assert_true(kin_has_accessor(old, "getTasks"));
    assert_false(kin_has_accessor(user, "getTasks"));
    assert_string_equal(attributes_text(task), "id EarlyId LateId UserId");
    assert_string_equal(order_text(schema), "User Task"); /* by table: what references the old one waits for the new one */
    kin_schema_free(schema);
}

TEST(A2_A8_tables)
{
    static const char *const tables[][2] = { { "Person", "People" },      { "User", "Users" },        { "user_role", "user_roles" },
                                             { "UserRole", "UserRoles" }, { "Company", "Companies" }, { "Series", "Series" },
                                             { "mouse", "mice" },         { "status", "statuses" } };
    kin_schema *schema = kin_schema_new();
    kin_model *frozen = kin_define(schema, "Frozen", KIN_NO_ATTRIBUTES, .freeze_table_name = true);
    kin_model *named = kin_define(schema, "Named", KIN_NO_ATTRIBUTES, .freeze_table_name = true, .table = "tbl_named");
    kin_model *other = kin_define(schema, "Fish", KIN_NO_ATTRIBUTES, .plural = "schools");
    kin_model *half = kin_define(schema, "Half", KIN_NO_ATTRIBUTES, .singular = "part");
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        kin_define(schema, tables[i][0], KIN_NO_ATTRIBUTES);
    kin_schema_word(schema, "gizmo", "gizmata");
    DEFINE("Gizmo");

    assert_linked(schema);
    assert_string_equal(kin_model_describe(frozen)->table, "Frozen");
    assert_string_equal(kin_model_describe(named)->table, "tbl_named");
    assert_string_equal(kin_model_describe(other)->plural, "schools");
    assert_string_equal(kin_model_describe(other)->table, "Fish");
    assert_string_equal(kin_model_describe(half)->singular, "part");
    assert_string_equal(kin_model_describe(half)->plural, "Halves");
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        assert_string_equal(kin_model_describe(kin_model_named(schema, tables[i][0]))->table, tables[i][1]);
    assert_string_equal(kin_model_describe(kin_model_named(schema, "Gizmo"))->table, "Gizmata");
    kin_schema_free(schema);
}

TEST(A14_defaults_count_for_models_defined_later)
{
    kin_schema *schema = kin_schema_new();
    kin_model *before = DEFINE("Before");
    kin_schema_defaults(schema, .timestamps = true, .freeze_table_name = true);
    kin_schema_defaults(schema, .underscored = true, .schema = "shop");
    kin_model *after = DEFINE("After");
    kin_model *own = kin_define(schema, "Own", KIN_NO_ATTRIBUTES, .timestamps = KIN_OFF, .freeze_table_name = KIN_OFF, .schema = "");

    assert_linked(schema);
    assert_string_equal(attributes_text(before), "id");
    assert_null(kin_model_describe(before)->schema);
    assert_string_equal(attributes_text(after), "id created_at updated_at");
    assert_string_equal(kin_model_describe(after)->table, "After");
    assert_string_equal(kin_model_describe(after)->schema, "shop");
    assert_string_equal(attributes_text(own), "id");
    assert_string_equal(kin_model_describe(own)->table, "Owns");
    assert_null(kin_model_describe(own)->schema);
    kin_schema_free(schema);
}

TEST(A16_A18_primary_keys)
{
    kin_schema *schema = kin_schema_new();
    kin_model *plain = kin_define(schema, "Plain", KIN_ATTRIBUTES(KIN_STRING("a")));
    kin_model *pair = kin_define(
        schema, "Pair", KIN_ATTRIBUTES(KIN_STRING("x"), KIN_INTEGER("b", .primary_key = true), KIN_STRING("a", .primary_key = true)));
    kin_model *counted = kin_define(schema, "Counted", KIN_ATTRIBUTES(KIN_BIGINT("n", .primary_key = true, .auto_increment = true)));
    kin_model *given = kin_define(schema, "Given", KIN_ATTRIBUTES(KIN_INTEGER("id", .primary_key = true)));

    assert_linked(schema);
    const kin_attribute_info *id = kin_attribute_named(plain, "id");
    assert_true(id->primary_key && id->auto_increment && id->not_null && id->generated);
    assert_int_equal(id->type, KIN_TYPE_INTEGER);
    assert_string_equal(attributes_text(plain), "id a");
    assert_ptr_equal(&plain->identity->info, id);
    assert_string_equal(names_text(kin_model_describe(pair)->primary_key), "b a");
    assert_true(kin_attribute_named(pair, "a")->not_null);
    assert_null(pair->identity);
    assert_ptr_equal(counted->identity, model_attribute(counted, "n"));
    assert_false(kin_attribute_named(counted, "n")->generated);
    assert_null(given->identity);
    kin_schema_free(schema);
}

TEST(A20_A22_timestamps)
{
    kin_schema *schema = kin_schema_new();
    kin_model *team = DEFINE("Team");
    kin_model *user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")), .timestamps = true, .paranoid = true);
    kin_model *named = kin_define(schema, "Named", KIN_NO_ATTRIBUTES, .timestamps = true, .created_at = "born", .updated_at = "");
    kin_model *without = kin_define(schema, "Without", KIN_NO_ATTRIBUTES, .timestamps = KIN_OFF, .paranoid = true);
    kin_model *own = kin_define(schema, "Own", KIN_ATTRIBUTES(KIN_DATE("createdAt", .column = "made")), .timestamps = true);
    kin_belongs_to(user, team);

    assert_linked(schema);
    assert_string_equal(attributes_text(user), "id name createdAt updatedAt deletedAt TeamId");
    assert_true(kin_attribute_named(user, "createdAt")->not_null);
    assert_false(kin_attribute_named(user, "deletedAt")->not_null);
    assert_true(kin_model_describe(user)->paranoid);
    assert_ptr_equal(user->deleted_at, model_attribute(user, "deletedAt"));
    assert_string_equal(attributes_text(named), "id born");
    assert_ptr_equal(named->created_at, model_attribute(named, "born"));
    assert_null(named->updated_at);
    assert_string_equal(attributes_text(without), "id");
    assert_false(kin_model_describe(without)->paranoid);
    assert_string_equal(attributes_text(own), "id createdAt updatedAt");
    assert_string_equal(own->created_at->info.column, "made");
    kin_schema_free(schema);
}

TEST(A24_A27_attributes_and_unique_keys)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user =
        kin_define(schema, "User",
                   KIN_ATTRIBUTES(KIN_STRING("email", .column = "mail", .unique = true), KIN_STRING("a", .unique_group = "pair"),
                                  KIN_INTEGER("n", .default_value = kin(7)), KIN_CHAR("b", .length = 3, .unique_group = "pair"),
                                  KIN_DECIMAL("price", .precision = 10, .scale = 2)),
                   .indexes = KIN_INDEXES({ .attributes = KIN_NAMES("n", "email") },
                                          { .attributes = KIN_NAMES("a"), .unique = true, .name = "one_a" }));

    assert_linked(schema);
    assert_string_equal(kin_attribute_named(user, "email")->column, "mail");
    assert_int_equal(kin_attribute_named(user, "email")->length, 255);
    assert_int_equal(kin_attribute_named(user, "b")->length, 3);
    assert_int_equal(kin_attribute_named(user, "price")->scale, 2);
    assert_true(kin_attribute_named(user, "n")->has_default);
    assert_int_equal(kin_attribute_named(user, "n")->default_value.as.integer, 7);
    assert_false(kin_attribute_named(user, "b")->has_default);
    assert_string_equal(uniques_text(user), "Users_email_unique(email)! Users_a_b_unique(a,b)");
    assert_string_equal(indexes_text(user), "Users_n_mail(n,email) unique one_a(a)");
    kin_schema_free(schema);
}

TEST(everything_given_is_copied)
{
    char name[] = "User", attribute[] = "state", label[] = "new", alias[] = "Boss", scope_name[] = "state", scope_value[] = "new";
    double minimum = 1;
    const char *labels[] = { label };
    kin_attribute attributes[] = { { .name = attribute, .type = KIN_TYPE_ENUM, .labels = { labels, 1 } },
                                   { .name = "n", .type = KIN_TYPE_INTEGER, .validate = { .minimum = &minimum } } };
    kin_assignment scope[] = { { scope_name, kin(scope_value) } };
    kin_schema *schema = kin_schema_new();
    kin_model *user = kin_define(schema, name, { attributes, 2 });
    kin_association *boss = kin_has_one(user, user, .as = alias, .scope = { scope, 1 });

    memset(name, 'x', sizeof name - 1);
    memset(attribute, 'x', sizeof attribute - 1);
    memset(label, 'x', sizeof label - 1);
    memset(alias, 'x', sizeof alias - 1);
    memset(scope_name, 'x', sizeof scope_name - 1);
    memset(scope_value, 'x', sizeof scope_value - 1);
    memset(attributes, 0, sizeof attributes);
    memset(scope, 0, sizeof scope);
    labels[0] = NULL;
    minimum = 5;
    assert_linked(schema);
    assert_string_equal(attributes_text(user), "id state n BossId");
    assert_string_equal(kin_attribute_named(user, "state")->labels.at[0], "new");
    assert_true(*model_attribute(user, "n")->validation.minimum == 1);
    assert_int_equal(boss->scope_count, 1);
    assert_int_equal(boss->scope[0].value.as.text.size, 3);
    assert_memory_equal(boss->scope[0].value.as.text.data, "new", 3);
    kin_schema_free(schema);
}

TEST(B3_B8_names_of_keys)
{
    kin_schema *schema = kin_schema_new();
    kin_model *source = DEFINE("Source"), *snake = kin_define(schema, "Snake", KIN_NO_ATTRIBUTES, .underscored = true);
    kin_model *long_key = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_INTEGER("user_id", .primary_key = true)));
    kin_model *lower = DEFINE("user_role"), *named = kin_define(schema, "Company", KIN_NO_ATTRIBUTES, .singular = "firm");

    kin_belongs_to(source, long_key);
    kin_belongs_to(source, lower);
    kin_belongs_to(source, named);
    kin_belongs_to(snake, lower, .as = "MainOwner");
    assert_linked(schema);
    assert_string_equal(attributes_text(source), "id UserUserId userRoleId firmId");
    assert_string_equal(attributes_text(snake), "id main_owner_id"); /* B6 */
    kin_schema_free(schema);
}

TEST(X1_the_holder_of_the_key_decides_its_casing)
{
    kin_schema *schema = kin_schema_new();
    kin_model *camel = DEFINE("Camel"), *snake = kin_define(schema, "Snake", KIN_NO_ATTRIBUTES, .underscored = true);
    kin_model *tail = kin_define(schema, "Tail", KIN_NO_ATTRIBUTES, .underscored = true);

    kin_belongs_to(camel, snake);
    kin_has_many(snake, camel); /* the same key, seen from the other side */
    kin_belongs_to(snake, camel, .as = "Friend");
    kin_has_many(camel, tail);
    kin_belongs_to(tail, camel);
    assert_linked(schema);
    assert_string_equal(attributes_text(camel), "id SnakeId");
    assert_string_equal(attributes_text(snake), "id friend_id");
    assert_string_equal(attributes_text(tail), "id camel_id");
    kin_schema_free(schema);
}

TEST(B9_J12_composite_keys)
{
    kin_schema *schema = kin_schema_new();
    kin_model *company = kin_define(
        schema, "Company",
        KIN_ATTRIBUTES(KIN_INTEGER("a", .primary_key = true), KIN_STRING("b", .primary_key = true, .length = 40, .column = "bee")));
    kin_model *user = DEFINE("User"), *task = DEFINE("Task");

    kin_association *one = kin_belongs_to(user, company);
    kin_association *many = kin_has_many(company, task, .foreign_keys = KIN_NAMES("ca", "cb"), .on_delete = KIN_RESTRICT);
    kin_association *link = kin_belongs_to_many(user, company, .through = "Jobs", .as = "Employers");
    assert_linked(schema);
    assert_string_equal(attributes_text(user), "id CompanyA CompanyB");
    assert_int_equal(kin_attribute_named(user, "CompanyB")->length, 40);
    assert_string_equal(kin_attribute_named(user, "CompanyB")->references_column, "bee");
    assert_string_equal(key_text(one), "CompanyA CompanyB");
    assert_string_equal(foreign_keys_text(user), "CompanyA,CompanyB>Companies.a,bee SET NULL/CASCADE");
    assert_string_equal(foreign_keys_text(task), "ca,cb>Companies.a,bee RESTRICT/CASCADE");
    assert_string_equal(names_text(kin_association_describe(many)->source_key), "a b");
    assert_string_equal(indexes_text(task), "Tasks_ca_cb(ca,cb)*");
    kin_model *jobs = kin_model_named(schema, "Jobs");
    assert_string_equal(attributes_text(jobs), "UserId CompanyA CompanyB");
    assert_string_equal(names_text(kin_association_describe(link)->other_key), "CompanyA CompanyB");
    assert_string_equal(foreign_keys_text(jobs), "UserId>Users.id CASCADE/CASCADE; CompanyA,CompanyB>Companies.a,bee CASCADE/CASCADE");
    kin_schema_free(schema);
}

TEST(B13_B14_has_many_ignores_its_alias)
{
    kin_schema *schema = kin_schema_new();
    kin_model *projects = DEFINE("projects"), *user = DEFINE("User"),
              *uid = kin_define(schema, "Project", KIN_ATTRIBUTES(KIN_INTEGER("uid", .primary_key = true)), .table = "P");

    kin_has_many(projects, user, .as = "Workers");
    kin_has_many(uid, user, .as = "Helpers");
    assert_linked(schema);
    assert_string_equal(attributes_text(user), "id projectId ProjectUid");
    kin_schema_free(schema);
}

TEST(B21_B23_the_key_as_an_attribute)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = DEFINE("User"), *task = DEFINE("Task");
    kin_association *owner = kin_belongs_to(task, user,
                                            .key = { .name = "ownerId",
                                                     .column = "owner",
                                                     .not_null = true,
                                                     .default_value = kin(1),
                                                     .unique = true,
                                                     .on_delete = KIN_RESTRICT,
                                                     .comment = "who",
                                                     .validate = { .minimum = &(double){ 1 } } });
    kin_association *editor = kin_belongs_to(task, user, .as = "Editor", .key = { .type = KIN_TYPE_BIGINT });

    assert_linked(schema);
    assert_string_equal(attributes_text(task), "id ownerId EditorId");
    const kin_attribute_info *info = kin_attribute_named(task, "ownerId");
    assert_string_equal(info->column, "owner");
    assert_true(info->not_null && info->unique && info->has_default && info->generated);
    assert_int_equal(info->on_delete, KIN_RESTRICT);
    assert_int_equal(info->on_update, KIN_CASCADE);
    assert_true(model_attribute(task, "ownerId")->has_validation && task->has_validation);
    assert_string_equal(model_attribute(task, "ownerId")->comment, "who");
    assert_int_equal(kin_attribute_named(task, "EditorId")->type, KIN_TYPE_BIGINT); /* B27 */
    assert_string_equal(key_text(owner), "ownerId");
    assert_string_equal(key_text(editor), "EditorId");
    assert_string_equal(indexes_text(task), "Tasks_EditorId(EditorId)*"); /* the unique key serves for the other */
    kin_schema_free(schema);
}

TEST(B24_B25_merging_with_a_declared_attribute)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_BIGINT("id", .primary_key = true, .auto_increment = true)));
    kin_model *task = kin_define(
        schema, "Task",
        KIN_ATTRIBUTES(KIN_INTEGER("UserId", .column = "user", .not_null = true, .on_delete = KIN_RESTRICT), KIN_STRING("title")));
    kin_model *note = kin_define(schema, "Note", KIN_ATTRIBUTES(KIN_BIGINT("owner", .column = "owner_id")));

    kin_belongs_to(task, user, .key = { .column = "other", .default_value = kin(3) });
    kin_association *owner = kin_belongs_to(note, user, .as = "Boss", .foreign_key = "owner_id"); /* names the column */
    assert_linked(schema);
    assert_string_equal(attributes_text(task), "id UserId title");
    const kin_attribute_info *info = kin_attribute_named(task, "UserId");
    assert_int_equal(info->type, KIN_TYPE_INTEGER);
    assert_string_equal(info->column, "user");
    assert_true(info->not_null && info->has_default && !info->generated);
    assert_string_equal(foreign_keys_text(task), "UserId>Users.id RESTRICT/CASCADE");
    assert_string_equal(key_text(owner), "owner");
    kin_schema_free(schema);
}

TEST(B26_B28_the_type_follows_the_key_and_nothing_else_does)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user =
        kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("code", .primary_key = true, .length = 40, .default_value = kin("x"))));
    kin_model *label = kin_define(schema, "Label", KIN_ATTRIBUTES(KIN_ENUM("kind", .primary_key = true, .labels = KIN_NAMES("a", "b"))));
    kin_model *price = kin_define(schema, "Price", KIN_ATTRIBUTES(KIN_DECIMAL("n", .primary_key = true, .precision = 9, .scale = 3)));
    kin_model *task = DEFINE("Task");

    kin_belongs_to(task, user);
    kin_belongs_to(task, label);
    kin_belongs_to(task, price);
    assert_linked(schema);
    const kin_attribute_info *code = kin_attribute_named(task, "UserCode");
    assert_int_equal(code->type, KIN_TYPE_STRING);
    assert_int_equal(code->length, 40);
    assert_false(code->primary_key || code->auto_increment || code->has_default || code->not_null);
    assert_string_equal(names_text(kin_attribute_named(task, "LabelKind")->labels), "a b");
    assert_int_equal(kin_attribute_named(task, "PriceN")->scale, 3);
    kin_schema_free(schema);
}

TEST(B29_B30_E45_both_sides_share_a_key_if_the_names_agree)
{
    for (int turn = 0; turn < 2; turn++) {
        kin_schema *schema = kin_schema_new();
        kin_model *user = DEFINE("User"), *task = DEFINE("Task");
        if (turn == 0)
            kin_has_many(user, task);
        kin_association *one = kin_belongs_to(task, user);
        if (turn == 1)
            kin_has_many(user, task);
        kin_has_one(user, task, .as = "Latest");
        kin_belongs_to(task, user, .as = "Author");
        assert_linked(schema);
        assert_string_equal(attributes_text(task), "id UserId AuthorId");
        assert_int_equal(task->foreign_key_count, 2);
        assert_string_equal(indexes_text(task), "Tasks_UserId(UserId)* Tasks_AuthorId(AuthorId)*");
        assert_string_equal(key_text(one), "UserId");
        kin_schema_free(schema);
    }
}

TEST(B35_B42_names_of_accessors)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = DEFINE("User"), *task = DEFINE("Task"), *series = DEFINE("Series");

    kin_has_many(user, task, .as = "assignments", .foreign_key = "a");
    kin_has_many(user, task, .as = "ASSIGNMENTS", .foreign_key = "b");
    kin_has_many(user, task, .as = "my_models", .foreign_key = "c");
    kin_has_one(user, task, .as = "Fathers", .foreign_key = "d"); /* B40: of one is not inflected */
    kin_has_many(task, series);
    assert_linked(schema);
    assert_true(kin_has_accessor(user, "getAssignments") && kin_has_accessor(user, "addAssignment"));
    assert_true(kin_has_accessor(user, "getASSIGNMENTS"));
    assert_true(kin_has_accessor(user, "getMy_models") && kin_has_accessor(user, "addMy_model"));
    assert_true(kin_has_accessor(user, "getFathers") && !kin_has_accessor(user, "getFather"));
    assert_true(kin_has_accessor(user, "countAssignments") && !kin_has_accessor(user, "countAssignment"));
    assert_true(kin_has_accessor(user, "createAssignment") && !kin_has_accessor(user, "createAssignments"));

    const kin_accessor *has = kin_accessor_named(user, "hasAssignments"), *add = kin_accessor_named(user, "addAssignment");
    assert_int_equal(has->verb, KIN_VERB_HAS);
    assert_true(has->plural);
    assert_int_equal(add->verb, KIN_VERB_ADD);
    assert_false(add->plural);
    assert_string_equal(kin_association_describe(add->association)->name, "assignments");
    assert_string_equal(accessors_text(task), "getSeries setSeries addSeries removeSeries hasSeries countSeries createSeries");
    assert_false(kin_accessor_named(task, "hasSeries")->plural);
    kin_schema_free(schema);
}

TEST(B44_of_two_accessors_of_one_name_the_last_wins)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = DEFINE("User"), *task = DEFINE("Task");
    kin_has_one(user, task, .as = "job", .foreign_key = "a");
    kin_association *last = kin_has_one(user, task, .as = "Job", .foreign_key = "b");
    assert_linked(schema);
    assert_string_equal(accessors_text(user), "getJob setJob createJob");
    assert_ptr_equal(kin_accessor_named(user, "getJob")->association, last);
    kin_schema_free(schema);
}

TEST(C32_D22_E41_keys_that_point_at_other_unique_attributes)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user =
        kin_define(schema, "User",
                   KIN_ATTRIBUTES(KIN_STRING("name", .unique = true, .column = "user_name", .length = 20),
                                  KIN_INTEGER("x", .unique_group = "xy"), KIN_INTEGER("y", .unique_group = "xy"), KIN_INTEGER("z")),
                   .indexes = KIN_INDEXES({ .attributes = KIN_NAMES("z"), .unique = true }));
    kin_model *task = DEFINE("Task");

    kin_association *by_name = kin_belongs_to(task, user, .target_key = "name");
    kin_association *many = kin_has_many(user, task, .source_keys = KIN_NAMES("x", "y"));
    kin_has_one(user, task, .as = "Last", .source_key = "z");
    assert_linked(schema);
    assert_string_equal(attributes_text(task), "id UserName UserX UserY UserZ");
    assert_string_equal(names_text(kin_association_describe(by_name)->target_key), "name");
    assert_int_equal(kin_attribute_named(task, "UserName")->length, 20);
    assert_string_equal(
        foreign_keys_text(task),
        "UserName>Users.user_name SET NULL/CASCADE; UserX,UserY>Users.x,y SET NULL/CASCADE; UserZ>Users.z SET NULL/CASCADE");
    assert_string_equal(names_text(kin_association_describe(many)->source_key), "x y");
    kin_schema_free(schema);
}

TEST(E42_C30_self_references)
{
    kin_schema *schema = kin_schema_new();
    kin_model *person = DEFINE("Person");
    kin_has_many(person, person, .as = "Children", .foreign_key = "parentId");
    kin_belongs_to(person, person, .as = "Father");
    kin_belongs_to(person, person, .as = "Parent", .foreign_key = "parentId");
    assert_linked(schema);
    assert_string_equal(attributes_text(person), "id parentId FatherId");
    assert_string_equal(foreign_keys_text(person), "parentId>People.id SET NULL/CASCADE; FatherId>People.id SET NULL/CASCADE");
    assert_null(schema->cycle); /* J28 */
    kin_schema_free(schema);
}

TEST(B23_a_foreign_key_that_is_the_primary_key)
{
    kin_schema *schema = kin_schema_new();
    kin_model *picture = DEFINE("Picture"), *profile = DEFINE("Profile"), *user = DEFINE("User"), *setting = DEFINE("Setting");
    kin_belongs_to(picture, profile); /* before the key it points at is known */
    kin_belongs_to(profile, user, .key = { .primary_key = true });
    kin_has_one(user, setting, .foreign_key = "id");
    assert_linked(schema);
    assert_string_equal(attributes_text(profile), "UserId");
    assert_string_equal(names_text(kin_model_describe(profile)->primary_key), "UserId");
    assert_string_equal(foreign_keys_text(profile), "UserId>Users.id NO ACTION/CASCADE");
    assert_string_equal(attributes_text(picture), "id ProfileUserId");
    assert_null(profile->identity);
    assert_string_equal(attributes_text(setting), "id");
    assert_null(setting->identity); /* its values come from the user's */
    kin_schema_free(schema);
}

TEST(X10_adoption_has_limits)
{
    kin_schema *schema = kin_schema_new();
    kin_model *team = DEFINE("Team");
    kin_model *two =
        kin_define(schema, "Two",
                   KIN_ATTRIBUTES(KIN_INTEGER("a", .references = { .model = team }), KIN_INTEGER("b", .references = { .model = team })));
    kin_model *named =
        kin_define(schema, "Named", KIN_ATTRIBUTES(KIN_INTEGER("a", .references = { .model = team }), KIN_INTEGER("TeamId")));
    kin_model *game = kin_define(schema, "Game", KIN_ATTRIBUTES(KIN_INTEGER("team_id", .references = { .model = team })));
    kin_model *other = kin_define(schema, "Other", KIN_ATTRIBUTES(KIN_INTEGER("a", .references = { .model = team })));
    kin_model *join =
        kin_define(schema, "Join",
                   KIN_ATTRIBUTES(KIN_INTEGER("t", .references = { .model = team }), KIN_INTEGER("o", .references = { .model = other })));

    kin_association *in_two = kin_belongs_to(two, team), *in_named = kin_belongs_to(named, team);
    kin_association *home = kin_belongs_to(game, team, .as = "Home"), *away = kin_belongs_to(game, team, .as = "Away");
    kin_association *given = kin_belongs_to(other, team, .foreign_key = "b");
    kin_association *many = kin_belongs_to_many(team, other, .through_model = join);
    assert_linked(schema);
    assert_string_equal(key_text(in_two), "TeamId");   /* two references: which one? */
    assert_string_equal(key_text(in_named), "TeamId"); /* the usual name is there */
    assert_string_equal(key_text(home), "HomeId");     /* two associations: which one? */
    assert_string_equal(key_text(away), "AwayId");
    assert_string_equal(key_text(given), "b");
    assert_string_equal(key_text(many), "t");
    assert_string_equal(names_text(kin_association_describe(many)->other_key), "o");
    assert_string_equal(names_text(kin_model_describe(join)->primary_key), "t o");
    kin_schema_free(schema);
}
