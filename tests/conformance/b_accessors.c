/* The names of accessors: which there are, which verb and association each means, and that they can be called. */
#include "world.h"

static void link_or_fail(kin_schema *schema)
{
    if (!kin_schema_link(schema))
        fail_msg("%s", kin_schema_error(schema)->message);
}

static kin_model *plain(kin_schema *schema, const char *name) { return kin_define(schema, name, KIN_NO_ATTRIBUTES); }

/* The model's accessors are exactly these, whatever their order. */
static void assert_accessors_at(const kin_model *model, kin_names wanted, int line)
{
    bool same = kin_accessor_count(model) == wanted.count;
    for (size_t i = 0; i < wanted.count; i++)
        if (!kin_has_accessor(model, wanted.at[i])) {
            print_error("no %s\n", wanted.at[i]);
            same = false;
        }
    if (same)
        return;
    print_error("there are:");
    for (size_t i = 0; i < kin_accessor_count(model); i++)
        print_error(" %s", kin_accessor_at(model, i)->name);
    print_error("\n");
    _fail(__FILE__, line);
}

#define assert_accessors(model, ...) assert_accessors_at(model, KIN_NAMES(__VA_ARGS__), __LINE__)

static void assert_means(const kin_model *model, const char *name, kin_verb verb, bool plural, const kin_association *association)
{
    const kin_accessor *accessor = kin_accessor_named(model, name);
    if (accessor == NULL)
        fail_msg("no %s", name);
    assert_string_equal(accessor->name, name);
    assert_int_equal(accessor->verb, verb);
    assert_int_equal(accessor->plural, plural);
    assert_ptr_equal(accessor->association, association);
}

TEST(B32_one_target_has_get_set_and_create)
{
    kin_schema *schema = kin_schema_new();
    kin_model *task = plain(schema, "Task"), *project = plain(schema, "Project"), *badge = plain(schema, "access_badge");
    kin_association *belongs = kin_belongs_to(task, project), *aliased = kin_belongs_to(task, project, .as = "mainProject"), *one = kin_has_one(task, badge);
    link_or_fail(schema);
    assert_accessors(task, "getProject", "setProject", "createProject", "getMainProject", "setMainProject", "createMainProject", "getAccess_badge", "setAccess_badge",
                     "createAccess_badge");
    assert_means(task, "getProject", KIN_VERB_GET, false, belongs);
    assert_means(task, "setProject", KIN_VERB_SET, false, belongs);
    assert_means(task, "createMainProject", KIN_VERB_CREATE, false, aliased);
    assert_means(task, "setAccess_badge", KIN_VERB_SET, false, one);
    assert_int_equal(kin_accessor_count(project), 0);
    assert_int_equal(kin_accessor_count(badge), 0);
    kin_schema_free(schema);
}

TEST(B33_B34_B35_many_targets_have_both_forms_and_no_more)
{
    kin_schema *schema = kin_schema_new();
    kin_model *project = plain(schema, "Project"), *task = plain(schema, "Task"), *user = plain(schema, "User");
    kin_association *tasks = kin_has_many(project, task), *projects = kin_belongs_to_many(user, project, .through = "Jobs");
    link_or_fail(schema);
    assert_accessors(project, "getTasks", "setTasks", "addTask", "addTasks", "removeTask", "removeTasks", "hasTask", "hasTasks", "countTasks", "createTask");
    assert_accessors(user, "getProjects", "setProjects", "addProject", "addProjects", "removeProject", "removeProjects", "hasProject", "hasProjects", "countProjects",
                     "createProject");
    assert_means(project, "getTasks", KIN_VERB_GET, true, tasks);
    assert_means(project, "addTask", KIN_VERB_ADD, false, tasks);
    assert_means(project, "addTasks", KIN_VERB_ADD, true, tasks);
    assert_means(project, "removeTask", KIN_VERB_REMOVE, false, tasks);
    assert_means(user, "hasProject", KIN_VERB_HAS, false, projects);
    assert_means(user, "hasProjects", KIN_VERB_HAS, true, projects);
    assert_means(user, "countProjects", KIN_VERB_COUNT, true, projects);
    assert_means(user, "createProject", KIN_VERB_CREATE, false, projects);

    static const char *const none[] = { "getTask", "setTask", "createTasks", "countTask", "isTask", "gettasks", "Task", "get", "" };
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        assert_false(kin_has_accessor(project, none[i]));
        assert_null(kin_accessor_named(project, none[i]));
    }
    assert_false(kin_has_accessor(task, "getProject"));
    assert_null(kin_accessor_named(project, NULL));
    assert_null(kin_accessor_at(project, 10));
    assert_false(kin_has_accessor(NULL, "getTasks"));
    kin_schema_free(schema);
}

TEST(B33_accessors_can_be_called_by_name)
{
    struct world w;
    world_start(&w);
    kin_model *project = plain(w.schema, "Project"), *task = kin_define(w.schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title")));
    kin_has_many(project, task);
    kin_association *owner = kin_belongs_to(task, project);
    world_open(&w);
    kin_row *home = kin_create(w.s, project, KIN_DEFAULTS), *one = kin_create(w.s, task, { "title", kin("a") }), *two = kin_create(w.s, task, { "title", kin("b") });
    kin_result result = kin_call(home, "createTask", .values = KIN_VALUES({ "title", kin("made") }));
    assert_true(result.ok);
    assert_string_equal(kin_text(result.row, "title"), "made");
    assert_int_equal(kin_int(result.row, "ProjectId"), kin_int(home, "id"));
    assert_int_equal(kin_call(home, "countTasks").count, 1);
    result = kin_call(home, "setTasks", .targets = KIN_ROWS(one, two));
    assert_true(result.ok);
    assert_int_equal(result.rows.count, 2);
    assert_int_equal(kin_call(home, "getTasks", .find = &(kin_find){ .size = sizeof(kin_find), .where = kin_eq("title", "b") }).rows.count, 1);
    assert_true(kin_equals(kin_call(one, "getProject").row, home));
    assert_true(kin_call(one, "setProject").ok);
    assert_null(kin_get_one(one, owner));
    assert_kin_ok(w.s);

    assert_false(kin_call(home, "getTask").ok);
    assert_kin_error(w.s, KIN_MISUSE, "getTasks");
    world_close(&w);
}

TEST(B36_either_form_of_add_remove_and_has_takes_one_or_several)
{
    struct world w;
    world_start(&w);
    kin_model *project = plain(w.schema, "Project"), *task = plain(w.schema, "Task"), *user = plain(w.schema, "User");
    kin_has_many(project, task);
    kin_belongs_to_many(project, user, .through = "Jobs");
    world_open(&w);
    kin_row *home = kin_create(w.s, project, KIN_DEFAULTS);
    static const char *const forms[2][7] = {
        { "addTask", "addTasks", "removeTask", "removeTasks", "hasTask", "hasTasks", "countTasks" },
        { "addUser", "addUsers", "removeUser", "removeUsers", "hasUser", "hasUsers", "countUsers" },
    };
    for (size_t i = 0; i < 2; i++) {
        const char *const *form = forms[i];
        const kin_model *target = i == 0 ? task : user;
        kin_row *a = kin_create(w.s, target, KIN_DEFAULTS), *b = kin_create(w.s, target, KIN_DEFAULTS), *c = kin_create(w.s, target, KIN_DEFAULTS);
        assert_true(kin_call(home, form[0], .targets = KIN_ROWS(a, b)).ok);
        assert_true(kin_call(home, form[1], .targets = KIN_ROWS(c)).ok);
        assert_int_equal(kin_call(home, form[6]).count, 3);
        /* The singular asks whether all of these are linked, the plural whether these and no others are. */
        assert_true(kin_call(home, form[4], .targets = KIN_ROWS(a, b)).answer);
        assert_false(kin_call(home, form[5], .targets = KIN_ROWS(a, b)).answer);
        assert_true(kin_call(home, form[5], .targets = KIN_ROWS(a, b, c)).answer);
        assert_true(kin_call(home, form[2], .targets = KIN_ROWS(a, b)).ok);
        assert_true(kin_call(home, form[5], .targets = KIN_ROWS(c)).answer);
        assert_false(kin_call(home, form[4], .targets = KIN_ROWS(a)).answer);
        assert_true(kin_call(home, form[3], .targets = KIN_ROWS(c)).ok);
        assert_int_equal(kin_call(home, form[6]).count, 0);
        assert_kin_ok(w.s);
    }
    world_close(&w);
}

TEST(B37_an_alias_is_used_as_written_but_for_its_first_letter)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = plain(schema, "User"), *task = plain(schema, "Task");
    kin_has_many(user, task, .as = "assignments", .foreign_key = "a");
    kin_belongs_to_many(user, task, .as = "my_models", .through = "Mine");
    kin_belongs_to(user, task, .as = "jOB");
    kin_has_many(task, user, .as = "ASSIGNMENTS");
    link_or_fail(schema);
    static const char *const names[] = { "getAssignments", "addAssignment", "getMy_models", "addMy_model", "countMy_models", "getJOB", "setJOB" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (!kin_has_accessor(user, names[i]))
            fail_msg("no %s", names[i]);
    assert_true(kin_has_accessor(task, "getASSIGNMENTS"));
    assert_false(kin_has_accessor(task, "getAssignments"));
    assert_names(kin_model_describe(user)->associations, "assignments", "my_models", "jOB");
    assert_names(kin_model_describe(task)->associations, "ASSIGNMENTS");
    kin_schema_free(schema);
}

TEST(B38_an_alias_of_many_is_the_plural_and_its_singular_is_inflected)
{
    static const char *const forms[][3] = {
        { "Tasks", "addTask", "getTasks" },         { "Children", "addChild", "getChildren" }, { "Workers", "createWorker", "setWorkers" },
        { "SmallCompanies", "hasSmallCompany", "hasSmallCompanies" }, { "Series", "addSeries", "getSeries" }, { "People", "removePerson", "removePeople" },
    };
    enum { COUNT = sizeof forms / sizeof forms[0] };
    kin_schema *schema = kin_schema_new();
    kin_model *user = plain(schema, "User"), *target = plain(schema, "Target");
    kin_association *made[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        made[i] = i % 2 == 0 ? kin_has_many(user, target, .as = forms[i][0]) : kin_belongs_to_many(user, target, .as = forms[i][0], .through = "Links");
    link_or_fail(schema);
    for (size_t i = 0; i < COUNT; i++) {
        const kin_accessor *one = kin_accessor_named(user, forms[i][1]), *many = kin_accessor_named(user, forms[i][2]);
        if (one == NULL || many == NULL)
            fail_msg("no %s or %s", forms[i][1], forms[i][2]);
        assert_ptr_equal(one->association, made[i]);
        assert_ptr_equal(many->association, made[i]);
        assert_string_equal(kin_association_describe(made[i])->plural, forms[i][0]);
    }
    kin_schema_free(schema);
}

TEST(B39_both_forms_of_an_alias_can_be_given)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = plain(schema, "User"), *task = plain(schema, "Task");
    kin_association *tasks = kin_has_many(user, task, .singular = "Werkje", .plural = "Werk");
    kin_association *others = kin_belongs_to_many(user, task, .as = "Taken", .singular = "Taak", .through = "Links");
    link_or_fail(schema);
    assert_accessors(user, "getWerk", "setWerk", "addWerkje", "addWerk", "removeWerkje", "removeWerk", "hasWerkje", "hasWerk", "countWerk", "createWerkje", "getTaken",
                     "setTaken", "addTaak", "addTaken", "removeTaak", "removeTaken", "hasTaak", "hasTaken", "countTaken", "createTaak");
    assert_string_equal(kin_association_describe(tasks)->name, "Werk");
    assert_string_equal(kin_association_describe(tasks)->singular, "Werkje");
    assert_string_equal(kin_association_describe(others)->singular, "Taak");
    kin_schema_free(schema);

    schema = kin_schema_new();
    user = plain(schema, "User");
    kin_has_many(user, user, .as = "Friends", .plural = "Mates");
    assert_link_error(schema, ".as is 'Friends' and .plural is 'Mates'");
    kin_schema_free(schema);
}

TEST(B40_an_alias_of_one_is_not_inflected)
{
    kin_schema *schema = kin_schema_new();
    kin_model *person = plain(schema, "Person"), *house = plain(schema, "House");
    kin_association *fathers = kin_has_one(person, person, .as = "Fathers"), *people = kin_belongs_to(house, person, .as = "People");
    link_or_fail(schema);
    assert_accessors(person, "getFathers", "setFathers", "createFathers");
    assert_accessors(house, "getPeople", "setPeople", "createPeople");
    assert_string_equal(kin_association_describe(fathers)->name, "Fathers");
    assert_names(kin_association_describe(fathers)->foreign_key, "FathersId");
    assert_names(kin_association_describe(people)->foreign_key, "PeopleId");
    kin_schema_free(schema);
}

TEST(B41_without_an_alias_the_models_singular_and_plural_name_the_accessors)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = plain(schema, "User"), *boss = plain(schema, "Boss"), *project = kin_define(schema, "project", KIN_NO_ATTRIBUTES, .singular = "task", .plural = "tasks");
    kin_model *job = plain(schema, "Job");
    kin_has_many(user, project);
    kin_belongs_to_many(job, project, .through = "Links");
    kin_has_one(boss, project);
    link_or_fail(schema);
    assert_accessors(user, "getTasks", "setTasks", "addTask", "addTasks", "removeTask", "removeTasks", "hasTask", "hasTasks", "countTasks", "createTask");
    assert_accessors(job, "getTasks", "setTasks", "addTask", "addTasks", "removeTask", "removeTasks", "hasTask", "hasTasks", "countTasks", "createTask");
    assert_accessors(boss, "getTask", "setTask", "createTask");
    assert_names(kin_model_describe(user)->associations, "tasks");
    assert_names(kin_model_describe(boss)->associations, "task");
    kin_schema_free(schema);
}

TEST(B42_a_models_first_letter_does_not_show_in_accessors)
{
    static const char *const names[] = { "user", "User" };
    for (size_t i = 0; i < 2; i++) {
        kin_schema *schema = kin_schema_new();
        kin_model *task = plain(schema, "Task"), *job = plain(schema, "Job"), *user = plain(schema, names[i]);
        kin_belongs_to(task, user);
        kin_has_many(job, user);
        link_or_fail(schema);
        assert_accessors(task, "getUser", "setUser", "createUser");
        assert_accessors(job, "getUsers", "setUsers", "addUser", "addUsers", "removeUser", "removeUsers", "hasUser", "hasUsers", "countUsers", "createUser");
        kin_schema_free(schema);
    }
}

TEST(B44_of_two_associations_with_one_accessor_the_last_has_it)
{
    struct world w;
    world_start(&w);
    kin_model *task = plain(w.schema, "Task"), *user = plain(w.schema, "User");
    kin_association *first = kin_belongs_to(task, user, .as = "boss", .foreign_key = "a"), *last = kin_belongs_to(task, user, .as = "Boss", .foreign_key = "b");
    world_open(&w);
    assert_accessors(task, "getBoss", "setBoss", "createBoss");
    assert_means(task, "getBoss", KIN_VERB_GET, false, last);
    assert_means(task, "setBoss", KIN_VERB_SET, false, last);
    assert_ptr_equal(kin_association_named(task, "boss"), first);
    assert_ptr_equal(kin_association_named(task, "Boss"), last);

    kin_row *ada = kin_create(w.s, user, KIN_DEFAULTS), *work = kin_create(w.s, task, KIN_DEFAULTS);
    assert_true(kin_call(work, "setBoss", .targets = KIN_ROWS(ada)).ok);
    assert_true(kin_is_null(work, "a"));
    assert_int_equal(kin_int(work, "b"), kin_int(ada, "id"));
    assert_true(kin_set_one(work, first, ada)); /* the handle still reaches the other */
    assert_int_equal(kin_int(work, "a"), kin_int(ada, "id"));
    assert_kin_ok(w.s);
    world_close(&w);

    /* The same name to the letter is an error: one of the two could never be reached. */
    kin_schema *schema = kin_schema_new();
    task = plain(schema, "Task");
    user = plain(schema, "User");
    kin_belongs_to(task, user, .as = "Boss", .foreign_key = "a");
    kin_belongs_to(task, user, .as = "Boss", .foreign_key = "b");
    assert_link_error(schema, "alias Boss in two separate associations");
    kin_schema_free(schema);
}
