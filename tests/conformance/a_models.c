/* A model's names: the registry, the table, singular and plural, casing, and the defaults of a schema. */
#include "world.h"

/* `name` in the quotes of the database. */
static const char *quoted(const char *sql)
{
    static char out[1024];
    assert_true(strlen(sql) < sizeof out);
    strcpy(out, sql);
    if (strncmp(test_url(), "postgres", 8) == 0)
        for (char *at = out; (at = strchr(at, '`')) != NULL;)
            *at = '"';
    return out;
}

static bool has_table(const struct world *world, const char *table)
{
    char wanted[256];
    const char *sql = kin_sync_sql(world->db, .cycles = KIN_CYCLES_DEFER);
    assert_non_null(sql);
    snprintf(wanted, sizeof wanted, "CREATE TABLE IF NOT EXISTS `%s` (", table);
    return strstr(sql, quoted(wanted)) != NULL;
}

static void link_or_fail(kin_schema *schema)
{
    if (!kin_schema_link(schema))
        fail_msg("%s", kin_schema_error(schema)->message);
}

static const char *table_of(const kin_model *model)
{
    const kin_model_info *info = kin_model_describe(model);
    assert_non_null(info);
    return info->table;
}

TEST(A1_A37_the_name_is_kept_as_written_and_is_the_key_of_the_registry)
{
    struct world w;
    world_start(&w);
    kin_model *lower = kin_define(w.schema, "userProfile", KIN_ATTRIBUTES(KIN_STRING("a")));
    kin_model *upper = kin_define(w.schema, "UserProfile", KIN_ATTRIBUTES(KIN_STRING("b")), .table = "others");
    world_open(&w);

    assert_string_equal(kin_model_describe(lower)->name, "userProfile");
    assert_string_equal(kin_model_describe(upper)->name, "UserProfile");
    assert_ptr_equal(kin_model_named(w.schema, "userProfile"), lower);
    assert_ptr_equal(kin_model_named(w.schema, "UserProfile"), upper);
    assert_int_equal(kin_model_count(w.schema), 2);

    /* What is not there is NULL, and no error: neither in another case, nor by the table. */
    assert_null(kin_model_named(w.schema, "userprofile"));
    assert_null(kin_model_named(w.schema, "UserProfiles"));
    assert_null(kin_model_named(w.schema, "others"));
    assert_null(kin_model_named(w.schema, ""));
    assert_null(kin_model_named(w.schema, NULL));
    assert_null(kin_schema_error(w.schema));
    assert_kin_ok(w.s);

    /* A NULL model goes no further: the call says so, and sends nothing. */
    assert_null(kin_find_one(w.s, kin_model_named(w.schema, "Nobody")));
    assert_kin_error(w.s, KIN_MISUSE, "model");
    assert_int_equal(w.statement_count, 0);

    kin_row *row = kin_create(w.s, lower, { "a", kin("x") });
    assert_kin_ok(w.s);
    assert_ptr_equal(kin_model_of(row), lower);
    assert_null(kin_create(w.s, lower, { "b", kin("x") }));
    assert_string_equal(kin_error_of(w.s)->model, "userProfile");
    assert_kin_error(w.s, KIN_MISUSE, "userProfile");
    world_close(&w);
}

TEST(A2_the_table_is_the_plural_of_the_name)
{
    static const char *const tables[][2] = {
        { "Person", "People" },       { "User", "Users" },       { "user_role", "user_roles" }, { "UserRole", "UserRoles" },
        { "Company", "Companies" },   { "Series", "Series" },    { "mouse", "mice" },           { "status", "statuses" },
        { "UserPerson", "UserPeople" }, { "projects", "projects" }, { "HTMLPage", "HTMLPages" },
    };
    enum { COUNT = sizeof tables / sizeof tables[0] };
    struct world w;
    world_start(&w);
    for (size_t i = 0; i < COUNT; i++)
        kin_define(w.schema, tables[i][0], KIN_NO_ATTRIBUTES);
    world_open(&w);
    for (size_t i = 0; i < COUNT; i++) {
        assert_string_equal(table_of(kin_model_named(w.schema, tables[i][0])), tables[i][1]);
        assert_true(has_table(&w, tables[i][1]));
    }
    kin_create(w.s, kin_model_named(w.schema, "Person"), KIN_DEFAULTS);
    kin_create(w.s, kin_model_named(w.schema, "mouse"), KIN_DEFAULTS);
    assert_kin_ok(w.s);
    assert_int_equal(world_number(&w, quoted("SELECT count(*) AS n FROM `People`")), 1);
    assert_int_equal(world_number(&w, quoted("SELECT count(*) AS n FROM `mice`")), 1);
    world_close(&w);
}

TEST(A3_a_frozen_table_is_named_as_the_model)
{
    struct world w;
    world_start(&w);
    kin_model *person = kin_define(w.schema, "Person", KIN_NO_ATTRIBUTES, .freeze_table_name = true);
    kin_association *parent = kin_belongs_to(person, person, .as = "Parent");
    world_open(&w);

    assert_string_equal(table_of(person), "Person");
    assert_true(has_table(&w, "Person"));
    assert_false(has_table(&w, "People"));
    kin_row *adam = kin_create(w.s, person, KIN_DEFAULTS), *abel = kin_create(w.s, person, KIN_DEFAULTS);
    assert_true(kin_set_one(abel, parent, adam));
    assert_true(kin_equals(kin_get_one(abel, parent), adam));
    assert_kin_ok(w.s);
    assert_int_equal(world_number(&w, quoted("SELECT count(*) AS n FROM `Person`")), 2);
    world_close(&w);
}

TEST(A4_A5_a_table_that_is_given_is_used_as_written_and_names_nothing_else)
{
    struct world w;
    world_start(&w);
    kin_model *user = kin_define(w.schema, "User", KIN_NO_ATTRIBUTES, .table = "tbl Human-Being");
    kin_model *task = kin_define(w.schema, "Task", KIN_NO_ATTRIBUTES, .table = "todo", .freeze_table_name = true);
    kin_association *tasks = kin_has_many(user, task), *owner = kin_belongs_to(task, user);
    kin_association *friends = kin_belongs_to_many(user, user, .as = "Friends", .through = "Friendship");
    world_open(&w);

    assert_string_equal(table_of(user), "tbl Human-Being");
    assert_string_equal(table_of(task), "todo");
    assert_true(has_table(&w, "tbl Human-Being"));
    assert_true(has_table(&w, "todo"));
    assert_false(has_table(&w, "Task"));

    /* Keys, associations and accessors follow the model's names. */
    assert_names(kin_association_describe(tasks)->foreign_key, "UserId");
    assert_names(kin_association_describe(owner)->foreign_key, "UserId");
    assert_names(kin_association_describe(friends)->foreign_key, "UserId");
    assert_names(kin_association_describe(friends)->other_key, "FriendId");
    assert_names(kin_model_describe(user)->associations, "Tasks", "Friends");
    assert_true(kin_has_accessor(user, "addTask"));
    assert_true(kin_has_accessor(task, "getUser"));
    assert_false(kin_has_accessor(user, "addTodo"));
    assert_string_equal(kin_attribute_named(task, "UserId")->references_table, "tbl Human-Being");

    kin_row *ada = kin_create(w.s, user, KIN_DEFAULTS), *work = kin_create(w.s, task, KIN_DEFAULTS);
    assert_true(kin_add(ada, tasks, KIN_ROWS(work)));
    assert_int_equal(kin_count(ada, tasks), 1);
    assert_kin_ok(w.s);
    assert_int_equal(world_number(&w, quoted("SELECT count(*) AS n FROM `todo` AS t JOIN `tbl Human-Being` AS u ON u.`id` = t.`UserId`")), 1);
    world_close(&w);
}

TEST(A6_singular_and_plural_come_from_the_name_even_of_a_plural)
{
    kin_schema *schema = kin_schema_new();
    kin_model *projects = kin_define(schema, "projects", KIN_NO_ATTRIBUTES), *task = kin_define(schema, "Task", KIN_NO_ATTRIBUTES);
    kin_association *tasks = kin_has_many(projects, task), *project = kin_belongs_to(task, projects);
    link_or_fail(schema);

    assert_string_equal(kin_model_describe(projects)->singular, "project");
    assert_string_equal(kin_model_describe(projects)->plural, "projects");
    assert_string_equal(kin_model_describe(task)->singular, "Task");
    assert_string_equal(kin_model_describe(task)->plural, "Tasks");
    assert_names(kin_association_describe(tasks)->foreign_key, "projectId");
    assert_names(kin_association_describe(project)->foreign_key, "projectId");
    assert_names(kin_model_describe(task)->attributes, "id", "projectId");
    assert_true(kin_has_accessor(task, "getProject"));
    kin_schema_free(schema);
}

TEST(A7_A8_given_names_replace_what_is_inflected_one_by_one_and_leave_the_table)
{
    kin_schema *schema = kin_schema_new();
    kin_model *both = kin_define(schema, "project", KIN_NO_ATTRIBUTES, .singular = "task", .plural = "tasks");
    kin_model *one = kin_define(schema, "Person", KIN_NO_ATTRIBUTES, .singular = "Human");
    kin_model *many = kin_define(schema, "Child", KIN_NO_ATTRIBUTES, .plural = "Kids");
    kin_model *owner = kin_define(schema, "Owner", KIN_NO_ATTRIBUTES);
    kin_has_many(owner, both);
    kin_has_many(owner, many);
    kin_belongs_to(owner, one);
    kin_has_many(one, many, .foreign_key = "parent");
    link_or_fail(schema);

    assert_string_equal(kin_model_describe(both)->singular, "task");
    assert_string_equal(kin_model_describe(both)->plural, "tasks");
    assert_string_equal(kin_model_describe(one)->singular, "Human");
    assert_string_equal(kin_model_describe(one)->plural, "People");
    assert_string_equal(kin_model_describe(many)->singular, "Child");
    assert_string_equal(kin_model_describe(many)->plural, "Kids");
    assert_string_equal(table_of(both), "projects");
    assert_string_equal(table_of(one), "People");
    assert_string_equal(table_of(many), "Children");

    static const char *const accessors[] = { "getTasks", "addTask", "getKids", "addChild", "getHuman", "setHuman" };
    for (size_t i = 0; i < sizeof accessors / sizeof accessors[0]; i++)
        if (!kin_has_accessor(owner, accessors[i]))
            fail_msg("no %s", accessors[i]);
    assert_false(kin_has_accessor(owner, "getProjects"));
    assert_false(kin_has_accessor(owner, "getChildren"));
    assert_names(kin_model_describe(owner)->attributes, "id", "HumanId");
    kin_schema_free(schema);
}

TEST(A7_names_cannot_be_empty)
{
    kin_schema *schema = kin_schema_new();
    kin_define(schema, "Person", KIN_NO_ATTRIBUTES, .plural = "");
    assert_link_error(schema, "singular and plural cannot be empty");
    kin_schema_free(schema);
}

TEST(A9_underscored_is_for_what_kin_names_alone)
{
    struct world w;
    world_start(&w);
    kin_model *company = kin_define(w.schema, "BigCompany", KIN_NO_ATTRIBUTES);
    kin_model *user = kin_define(w.schema, "UserRole", KIN_ATTRIBUTES(KIN_STRING("firstName"), KIN_STRING("lastName", .column = "familyName")),
                                 .underscored = true, .timestamps = true, .paranoid = true);
    kin_belongs_to(user, company);
    world_open(&w);

    assert_names(kin_model_describe(user)->attributes, "id", "firstName", "lastName", "created_at", "updated_at", "deleted_at", "big_company_id");
    assert_string_equal(kin_attribute_named(user, "firstName")->column, "firstName");
    assert_string_equal(kin_attribute_named(user, "lastName")->column, "familyName");
    assert_string_equal(kin_attribute_named(user, "big_company_id")->column, "big_company_id");
    assert_string_equal(table_of(user), "UserRoles");
    assert_true(kin_model_describe(user)->underscored);
    assert_false(kin_model_describe(company)->underscored);
    assert_true(kin_has_accessor(user, "getBigCompany"));
    kin_create(w.s, user, { "firstName", kin("Ada") });
    assert_kin_ok(w.s);
    assert_int_equal(world_number(&w, quoted("SELECT count(*) AS n FROM `UserRoles` WHERE `firstName` = 'Ada' AND `created_at` IS NOT NULL")), 1);
    world_close(&w);
}

TEST(A12_snake_case_has_an_underscore_before_every_capital)
{
    static const char *const keys[][2] = {
        { "UserRole", "user_role_id" }, { "UserID", "user_i_d_id" }, { "HTML", "h_t_m_l_id" },
        { "user", "user_id" },          { "mainOwner", "main_owner_id" }, { "Of2Rooms", "of2_rooms_id" },
    };
    enum { COUNT = sizeof keys / sizeof keys[0] };
    kin_schema *schema = kin_schema_new();
    kin_model *target = kin_define(schema, "Target", KIN_NO_ATTRIBUTES);
    kin_model *coded = kin_define(schema, "Coded", KIN_ATTRIBUTES(KIN_STRING("ISOCode", .primary_key = true)));
    kin_model *snake = kin_define(schema, "Snake", KIN_NO_ATTRIBUTES, .underscored = true);
    kin_association *made[COUNT], *code = kin_belongs_to(snake, coded);
    for (size_t i = 0; i < COUNT; i++)
        made[i] = kin_belongs_to(snake, target, .as = keys[i][0]);
    link_or_fail(schema);
    for (size_t i = 0; i < COUNT; i++)
        assert_names(kin_association_describe(made[i])->foreign_key, keys[i][1]);
    assert_names(kin_association_describe(code)->foreign_key, "coded_i_s_o_code");
    kin_schema_free(schema);
}

TEST(A13_camel_case_raises_what_follows_a_separator_and_keeps_the_first_letter)
{
    static const char *const keys[][2] = {
        { "user_role", "userRoleId" }, { "User_x", "UserXId" },      { "big-blue box", "bigBlueBoxId" },
        { "a__b", "aBId" },            { "MIXED_up", "MIXEDUpId" },  { "tab\tbed", "tabBedId" },
    };
    enum { COUNT = sizeof keys / sizeof keys[0] };
    kin_schema *schema = kin_schema_new();
    kin_model *target = kin_define(schema, "Target", KIN_NO_ATTRIBUTES), *source = kin_define(schema, "Source", KIN_NO_ATTRIBUTES);
    kin_model *user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_INTEGER("user_role_id", .primary_key = true)));
    kin_association *made[COUNT], *role = kin_belongs_to(source, user);
    for (size_t i = 0; i < COUNT; i++)
        made[i] = kin_belongs_to(source, target, .as = keys[i][0]);
    link_or_fail(schema);
    for (size_t i = 0; i < COUNT; i++)
        assert_names(kin_association_describe(made[i])->foreign_key, keys[i][1]);
    assert_names(kin_association_describe(role)->foreign_key, "UserUserRoleId");
    kin_schema_free(schema);
}

TEST(A14_a_schemas_defaults_count_for_models_defined_after_them_key_by_key)
{
    struct world w;
    world_start(&w);
    kin_model *before = kin_define(w.schema, "Before", KIN_NO_ATTRIBUTES);
    kin_schema_defaults(w.schema, .timestamps = true, .freeze_table_name = true);
    kin_model *after = kin_define(w.schema, "After", KIN_NO_ATTRIBUTES);
    kin_schema_defaults(w.schema, .underscored = true);
    kin_model *later = kin_define(w.schema, "Later", KIN_NO_ATTRIBUTES, .paranoid = true);
    kin_model *own = kin_define(w.schema, "Own", KIN_NO_ATTRIBUTES, .timestamps = KIN_OFF, .underscored = KIN_OFF);
    kin_model *thawed = kin_define(w.schema, "Thawed", KIN_NO_ATTRIBUTES, .freeze_table_name = KIN_OFF);
    kin_association *of_own = kin_belongs_to(own, after), *of_later = kin_belongs_to(later, after);
    world_open(&w);

    assert_names(kin_model_describe(before)->attributes, "id");
    assert_true(has_table(&w, "Befores"));
    assert_names(kin_model_describe(after)->attributes, "id", "createdAt", "updatedAt");
    assert_true(has_table(&w, "After"));
    assert_names(kin_model_describe(later)->attributes, "id", "created_at", "updated_at", "deleted_at", "after_id");
    assert_true(has_table(&w, "Later"));
    assert_names(kin_model_describe(own)->attributes, "id", "AfterId");
    assert_true(has_table(&w, "Own"));
    assert_names(kin_model_describe(thawed)->attributes, "id", "created_at", "updated_at");
    assert_true(has_table(&w, "Thaweds"));
    assert_names(kin_association_describe(of_own)->foreign_key, "AfterId");
    assert_names(kin_association_describe(of_later)->foreign_key, "after_id");
    world_close(&w);
}

TEST(A15_a_name_defined_again_replaces_the_model_in_the_registry)
{
    struct world w;
    world_start(&w);
    kin_model *task = kin_define(w.schema, "Task", KIN_NO_ATTRIBUTES);
    kin_model *old = kin_define(w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("old")));
    kin_association *tasks = kin_has_many(old, task);
    kin_model *user = kin_define(w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("new")));
    kin_association *boss = kin_belongs_to(user, user, .as = "Boss");
    world_open(&w);

    assert_ptr_not_equal(old, user);
    assert_ptr_equal(kin_model_named(w.schema, "User"), user);
    assert_int_equal(kin_model_count(w.schema), 2);
    for (size_t i = 0; i < 2; i++)
        assert_ptr_not_equal(kin_model_at(w.schema, i), old);

    /* What was said of the old one stays with it. */
    assert_names(kin_model_describe(old)->attributes, "id", "old");
    assert_ptr_equal(kin_association_named(old, "Tasks"), tasks);
    assert_ptr_equal(kin_association_describe(tasks)->source, old);
    assert_true(kin_has_accessor(old, "addTask"));
    assert_false(kin_has_accessor(old, "setBoss"));
    assert_null(kin_association_named(user, "Tasks"));
    assert_false(kin_has_accessor(user, "addTask"));
    assert_ptr_equal(kin_association_named(user, "Boss"), boss);

    /* The table is the new one's, and is created once. */
    kin_row *row = kin_create(w.s, user, { "new", kin("x") });
    assert_kin_ok(w.s);
    assert_non_null(row);
    const char *create = strstr(kin_sync_sql(w.db), quoted("CREATE TABLE IF NOT EXISTS `Users`"));
    assert_non_null(create);
    assert_null(strstr(create + 1, quoted("CREATE TABLE IF NOT EXISTS `Users`")));
    assert_non_null(strstr(create, quoted("`new`")));
    assert_null(strstr(create, quoted("`old`")));
    world_close(&w);
}
