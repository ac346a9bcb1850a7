/* Has-many, as it is declared and read: the targets have the key; get, count and has ask their table alone. */
#include <kin.h>

#include "test.h"
#include "world.h"

struct plan {
    struct world w;
    kin_model *project, *task;
    kin_association *tasks;
    kin_row *engine, *loom; /* the engine has A, B and C, the loom has D; E is nobody's */
    kin_row *a, *b, *c, *d, *e;
};

static kin_row *plan_task(struct plan *p, const char *title, const kin_row *project) {
    return kin_create(p->w.s, p->task, { "title", kin(title) }, { "done", kin(title[0] == 'A') }, { "ProjectId", project ? kin_key_of(project) : kin_null });
}

static void plan_open(struct plan *p) {
    world_start(&p->w);
    p->project = kin_define(p->w.schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")));
    p->task = kin_define(p->w.schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title"), KIN_BOOLEAN("done")));
    p->tasks = kin_has_many(p->project, p->task);
    world_open(&p->w);
    p->engine = kin_create(p->w.s, p->project, { "title", kin("Engine") });
    p->loom = kin_create(p->w.s, p->project, { "title", kin("Loom") });
    p->a = plan_task(p, "A", p->engine);
    p->b = plan_task(p, "B", p->engine);
    p->c = plan_task(p, "C", p->engine);
    p->d = plan_task(p, "D", p->loom);
    p->e = plan_task(p, "E", NULL);
    assert_kin_ok(p->w.s);
    world_forget(&p->w);
}

/* SQL as it reads without quotes, "?" for every bind. */
static const char *plain(const char *sql) {
    static char text[4096];
    size_t size = 0;
    for (; *sql && size + 1 < sizeof text; sql++) {
        if (*sql == '`' || *sql == '"')
            continue;
        text[size++] = *sql == '$' ? '?' : *sql;
        while (*sql == '$' && sql[1] >= '0' && sql[1] <= '9')
            sql++;
    }
    text[size] = '\0';
    return text;
}

static bool contains(const char *sql, const char *part) { return strstr(plain(sql), part) != NULL; }

/* The first letters of the titles, in order: "AB". */
static const char *titles(kin_rows rows) {
    static char text[64];
    size_t count = 0;
    for (; count < rows.count && count + 1 < sizeof text; count++)
        text[count] = kin_text(rows.at[count], "title")[0];
    text[count] = '\0';
    return text;
}

/* ---- declaring ---- */

TEST(E1_the_key_is_the_targets_and_the_accessors_are_the_source_s) {
    struct world w;
    world_start(&w);
    kin_model *project = kin_define(w.schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")));
    kin_model *user = kin_define(w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_association *workers = kin_has_many(project, user, .as = "Workers");
    world_open(&w);
    assert_names(kin_model_describe(user)->attributes, "id", "name", "ProjectId");
    assert_names(kin_model_describe(project)->attributes, "id", "title");
    assert_names(kin_association_describe(workers)->foreign_key, "ProjectId");
    static const char *const names[] = { "getWorkers", "setWorkers", "addWorker", "addWorkers", "removeWorker", "removeWorkers",
                                         "hasWorker", "hasWorkers", "countWorkers", "createWorker" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_true(kin_has_accessor(project, names[i]));
    assert_int_equal(kin_accessor_count(project), sizeof names / sizeof *names);
    assert_int_equal(kin_accessor_count(user), 0);
    kin_row *engine = kin_create(w.s, project, { "title", kin("Engine") });
    kin_row *ada = kin_create(w.s, user, { "name", kin("Ada") });
    assert_true(kin_add(engine, workers, KIN_ROWS(ada))); /* one side is enough */
    assert_int_equal(kin_count(engine, workers), 1);
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(E1_the_key_is_underscored_where_the_target_is) {
    kin_schema *schema = kin_schema_new();
    kin_model *project = kin_define(schema, "Project", KIN_NO_ATTRIBUTES);
    kin_model *user = kin_define(schema, "User", KIN_NO_ATTRIBUTES, .underscored = true);
    kin_has_many(project, user, .as = "Workers");
    assert_true(kin_schema_link(schema));
    assert_names(kin_model_describe(user)->attributes, "id", "project_id");
    kin_schema_free(schema);
}

TEST(E2_the_key_references_the_source_and_may_be_null) {
    struct plan p;
    plan_open(&p);
    const kin_attribute_info *key = kin_attribute_named(p.task, "ProjectId");
    assert_ptr_equal(key->references, p.project);
    assert_string_equal(key->references_column, "id");
    assert_int_equal(key->on_delete, KIN_SET_NULL);
    assert_int_equal(key->on_update, KIN_CASCADE);
    assert_false(key->not_null);
    assert_true(contains(kin_sync_sql(p.w.db, .model = p.task), "REFERENCES Projects (id) ON DELETE SET NULL ON UPDATE CASCADE"));
    assert_true(kin_destroy(p.engine));
    assert_int_equal(kin_count_all(p.w.s, p.task), 5);
    assert_int_equal(kin_count_all(p.w.s, p.task, .where = kin_eq("ProjectId", kin_null)), 4);
    assert_kin_ok(p.w.s);
    world_close(&p.w);
}

TEST(E43_opposing_has_many_stay_two_has_many) {
    struct world w;
    world_start(&w);
    kin_model *user = kin_define(w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_model *task = kin_define(w.schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title")));
    kin_association *tasks = kin_has_many(user, task), *users = kin_has_many(task, user);
    world_open(&w);
    assert_int_equal(kin_model_count(w.schema), 2);
    assert_int_equal(kin_association_describe(tasks)->kind, KIN_HAS_MANY);
    assert_int_equal(kin_association_describe(users)->kind, KIN_HAS_MANY);
    assert_null(kin_association_describe(tasks)->through);
    assert_true(kin_model_has_attribute(task, "UserId"));
    assert_true(kin_model_has_attribute(user, "TaskId"));
    kin_row *ada = kin_create(w.s, user, { "name", kin("Ada") });
    kin_row *write = kin_create(w.s, task, { "title", kin("write") });
    assert_true(kin_add(ada, tasks, KIN_ROWS(write)));
    assert_int_equal(kin_count(ada, tasks), 1);
    assert_int_equal(kin_count(write, users), 0);
    assert_kin_ok(w.s);
    world_close(&w);
}

static void both_sides(bool many_first) {
    struct world w;
    kin_association *tasks, *project_of;
    world_start(&w);
    kin_model *project = kin_define(w.schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")));
    kin_model *task = kin_define(w.schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title")));
    if (many_first) {
        tasks = kin_has_many(project, task);
        project_of = kin_belongs_to(task, project);
    } else {
        project_of = kin_belongs_to(task, project);
        tasks = kin_has_many(project, task);
    }
    world_open(&w);
    assert_names(kin_model_describe(task)->attributes, "id", "title", "ProjectId");
    assert_names(kin_association_describe(tasks)->foreign_key, "ProjectId");
    assert_names(kin_association_describe(project_of)->foreign_key, "ProjectId");
    const char *sql = plain(kin_sync_sql(w.db, .model = task));
    const char *key = strstr(sql, "ProjectId INTEGER");
    assert_non_null(key);
    assert_null(strstr(key + 1, "ProjectId INTEGER"));
    assert_non_null(strstr(sql, "ON DELETE SET NULL ON UPDATE CASCADE"));
    kin_row *engine = kin_create(w.s, project, { "title", kin("Engine") });
    kin_row *write = kin_create_for(engine, tasks, { "title", kin("write") });
    assert_true(kin_equals(kin_get_one(write, project_of), engine));
    assert_true(kin_set_one(write, project_of, NULL));
    assert_int_equal(kin_count(engine, tasks), 0);
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(E45_belongs_to_on_the_other_side_shares_the_key) { both_sides(true); }

TEST(E45_the_order_of_the_two_does_not_matter) { both_sides(false); }

/* ---- get ---- */

TEST(E3_the_getter_is_one_look_up_by_the_key_of_the_source) {
    struct plan p;
    plan_open(&p);
    kin_rows found = kin_get(p.engine, p.tasks);
    assert_int_equal(p.w.statement_count, 1);
    const char *sql = plain(world_statement(&p.w, 0));
    assert_non_null(strstr(sql, " FROM Tasks"));
    assert_non_null(strstr(sql, "ProjectId = ?"));
    assert_null(strstr(sql, "Projects"));
    assert_int_equal(found.count, 3);
    assert_string_equal(titles(kin_get(p.engine, p.tasks, .order = KIN_NAMES("title"))), "ABC");
    assert_string_equal(titles(kin_get(p.engine, p.tasks, .where = kin_eq("done", true))), "A");
    assert_string_equal(titles(kin_get(p.engine, p.tasks, .where = kin_eq("title", "D"))), "");
    assert_string_equal(titles(kin_get(p.engine, p.tasks, .where = kin_or(kin_eq("title", "D"), kin_eq("title", "B")))), "B");
    assert_string_equal(titles(kin_get(p.engine, p.tasks, .order = KIN_NAMES("-title"), .limit = 2)), "CB");
    assert_string_equal(titles(kin_get(p.engine, p.tasks, .where = kin_sql("id > ?", kin_key_of(p.a)), .order = KIN_NAMES("title"))), "BC");
    assert_kin_ok(p.w.s);
    world_close(&p.w);
}

TEST(E4_a_new_source_has_no_targets) {
    struct plan p;
    plan_open(&p);
    kin_row *mill = kin_create(p.w.s, p.project, { "title", kin("Mill") });
    assert_int_equal(kin_get(mill, p.tasks).count, 0);
    assert_int_equal(kin_count(mill, p.tasks), 0);
    assert_false(kin_has(mill, p.tasks, KIN_ROWS(p.a)));
    assert_false(kin_has(mill, p.tasks, KIN_ROWS(p.e)));
    assert_false(kin_has_exactly(mill, p.tasks, KIN_ROWS(p.e)));
    assert_true(kin_has_exactly(mill, p.tasks, KIN_NONE));
    assert_kin_ok(p.w.s);
    world_close(&p.w);
}

TEST(E5_a_source_that_is_not_saved_is_an_error_and_finds_nothing) {
    struct plan p;
    plan_open(&p);
    kin_row *mill = kin_build(p.w.s, p.project, { "title", kin("Mill") });
    assert_int_equal(kin_get(mill, p.tasks).count, 0);
    assert_kin_error(p.w.s, KIN_MISUSE, "this Project is not saved yet, so Project.Tasks cannot be followed");
    assert_int_equal(kin_count(mill, p.tasks), -1);
    assert_kin_error(p.w.s, KIN_MISUSE, "not saved");
    assert_false(kin_has(mill, p.tasks, KIN_ROWS(p.e)));
    assert_kin_error(p.w.s, KIN_MISUSE, "not saved");
    assert_false(kin_add(mill, p.tasks, KIN_ROWS(p.e)));
    assert_kin_error(p.w.s, KIN_MISUSE, "not saved");
    assert_int_equal(kin_set(mill, p.tasks, KIN_ROWS(p.e)).count, 0);
    assert_kin_error(p.w.s, KIN_MISUSE, "not saved");
    assert_null(kin_create_for(mill, p.tasks, { "title", kin("F") }));
    assert_kin_error(p.w.s, KIN_MISUSE, "not saved");
    assert_int_equal(p.w.statement_count, 0);
    assert_true(kin_is_null(p.e, "ProjectId"));
    world_close(&p.w);
}

TEST(E6_many_sources_have_their_targets_from_one_further_statement) {
    struct plan p;
    plan_open(&p);
    kin_create(p.w.s, p.project, { "title", kin("Mill") });
    world_forget(&p.w);
    kin_rows found = kin_find_all(p.w.s, p.project, .order = KIN_NAMES("title"), .include = KIN_INCLUDE(KIN_WITH(p.tasks, .order = KIN_NAMES("-title"))));
    assert_int_equal(p.w.statement_count, 2);
    assert_int_equal(found.count, 3);
    assert_string_equal(titles(kin_related(found.at[0], p.tasks)), "CBA");
    assert_string_equal(titles(kin_related(found.at[1], p.tasks)), "D");
    assert_true(kin_is_related_loaded(found.at[2], p.tasks));
    assert_int_equal(kin_related(found.at[2], p.tasks).count, 0);
    /* A limit is one for each source. */
    found = kin_find_all(p.w.s, p.project, .order = KIN_NAMES("title"),
                         .include = KIN_INCLUDE(KIN_WITH(p.tasks, .order = KIN_NAMES("-title"), .limit = 2)));
    assert_string_equal(titles(kin_related(found.at[0], p.tasks)), "CB");
    assert_string_equal(titles(kin_related(found.at[1], p.tasks)), "D");
    assert_kin_ok(p.w.s);
    world_close(&p.w);
}

/* ---- count ---- */

TEST(E38_count_is_one_select) {
    struct plan p;
    plan_open(&p);
    assert_int_equal(kin_count(p.engine, p.tasks), 3);
    assert_int_equal(p.w.statement_count, 1);
    assert_true(contains(world_statement(&p.w, 0), "COUNT("));
    assert_false(contains(world_statement(&p.w, 0), "Projects"));
    assert_int_equal(kin_count(p.loom, p.tasks), 1);
    assert_int_equal(kin_count(p.engine, p.tasks, .where = kin_eq("done", true)), 1);
    assert_int_equal(kin_count(p.engine, p.tasks, .where = kin_eq("title", "D")), 0);
    assert_kin_ok(p.w.s);
    world_close(&p.w);
}

TEST(E38_attributes_of_one_name_on_both_sides_are_told_apart) {
    struct world w;
    world_start(&w);
    kin_model *project = kin_define(w.schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")));
    kin_model *task = kin_define(w.schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title")));
    kin_association *tasks = kin_has_many(project, task), *project_of = kin_belongs_to(task, project);
    world_open(&w);
    kin_row *engine = kin_create(w.s, project, { "title", kin("Engine") });
    kin_create_for(engine, tasks, { "title", kin("draw") });
    kin_create_for(engine, tasks, { "title", kin("Engine") });
    assert_int_equal(kin_count(engine, tasks, .where = kin_eq("title", "draw"), .include = KIN_INCLUDE(KIN_WITH(project_of))), 1);
    assert_int_equal(kin_count(engine, tasks, .include = KIN_INCLUDE(KIN_WITH(project_of, .where = kin_eq("title", "Engine")))), 2);
    assert_int_equal(kin_count(engine, tasks, .include = KIN_INCLUDE(KIN_WITH(project_of, .where = kin_eq("title", "draw")))), 0);
    assert_kin_ok(w.s);
    world_close(&w);
}

/* ---- has ---- */

TEST(E31_has_one_target_by_row_or_by_key) {
    struct plan p;
    plan_open(&p);
    assert_true(kin_has(p.engine, p.tasks, KIN_ROWS(p.a)));
    assert_int_equal(p.w.statement_count, 1);
    assert_int_equal(world_sent(&p.w, "SELECT"), 1);
    assert_false(kin_has(p.engine, p.tasks, KIN_ROWS(p.d)));
    assert_false(kin_has(p.engine, p.tasks, KIN_ROWS(p.e)));
    assert_true(kin_has(p.engine, p.tasks, KIN_KEYS(kin_key_of(p.b))));
    assert_false(kin_has(p.engine, p.tasks, KIN_KEYS(kin_key_of(p.d))));
    assert_false(kin_has(p.engine, p.tasks, KIN_KEYS(kin(777))));
    assert_true(kin_call(p.engine, "hasTask", .targets = KIN_ROWS(p.c)).answer);
    assert_false(kin_call(p.engine, "hasTask", .targets = KIN_ROWS(p.e)).answer);
    kin_row *built = kin_build(p.w.s, p.task, { "title", kin("F") });
    assert_false(kin_has(p.engine, p.tasks, KIN_ROWS(built)));
    assert_kin_ok(p.w.s);
    world_close(&p.w);
}

TEST(E31_has_goes_by_the_database_and_by_a_condition) {
    struct plan p;
    plan_open(&p);
    kin_put(p.e, "ProjectId", kin_key_of(p.engine)); /* pending */
    assert_false(kin_has(p.engine, p.tasks, KIN_ROWS(p.e)));
    assert_true(kin_has(p.engine, p.tasks, KIN_ROWS(p.a), .where = kin_eq("done", true)));
    assert_false(kin_has(p.engine, p.tasks, KIN_ROWS(p.b), .where = kin_eq("done", true)));
    assert_kin_ok(p.w.s);
    world_close(&p.w);
}

TEST(E32_has_asks_for_all_of_them_and_exactly_for_no_others) {
    struct plan p;
    plan_open(&p);
    assert_true(kin_has(p.engine, p.tasks, KIN_ROWS(p.a, p.b)));
    assert_int_equal(p.w.statement_count, 1);
    assert_false(kin_has(p.engine, p.tasks, KIN_ROWS(p.a, p.d)));
    assert_false(kin_has(p.engine, p.tasks, KIN_KEYS(kin_key_of(p.a), kin(777))));
    assert_true(kin_has(p.engine, p.tasks, KIN_KEYS(kin_key_of(p.a), kin_key_of(p.c))));
    assert_false(kin_has_exactly(p.engine, p.tasks, KIN_ROWS(p.a, p.b)));
    assert_true(kin_has_exactly(p.engine, p.tasks, KIN_ROWS(p.c, p.a, p.b)));
    assert_false(kin_has_exactly(p.engine, p.tasks, KIN_ROWS(p.c, p.a, p.b, p.d)));
    assert_false(kin_has_exactly(p.engine, p.tasks, KIN_ROWS(p.a, p.b, p.d)));
    assert_false(kin_call(p.engine, "hasTasks", .targets = KIN_ROWS(p.a, p.b)).answer);
    assert_true(kin_call(p.engine, "hasTasks", .targets = KIN_ROWS(p.a, p.b, p.c)).answer);
    assert_kin_ok(p.w.s);
    world_close(&p.w);
}

TEST(E33_the_same_target_twice_counts_once) {
    struct plan p;
    char text[32];
    plan_open(&p);
    snprintf(text, sizeof text, "%" PRId64, kin_int(p.a, "id"));
    kin_row *copy = kin_find_by_pk(p.w.s, p.task, kin_key_of(p.a));
    assert_true(kin_has(p.engine, p.tasks, KIN_ROWS(p.a, p.a, copy)));
    assert_true(kin_has(p.engine, p.tasks, KIN_KEYS(kin_key_of(p.a), kin(text))));
    assert_true(kin_has_exactly(p.engine, p.tasks, KIN_ROWS(p.a, copy, p.b, p.c, p.b)));
    assert_true(kin_has_exactly(p.loom, p.tasks, KIN_ROWS(p.d, p.d)));
    assert_kin_ok(p.w.s);
    world_close(&p.w);
}

TEST(E34_has_of_nothing_is_true_without_a_query) {
    struct plan p;
    plan_open(&p);
    assert_true(kin_has(p.engine, p.tasks, KIN_NONE));
    assert_int_equal(p.w.statement_count, 0);
    assert_false(kin_has_exactly(p.engine, p.tasks, KIN_NONE));
    assert_kin_ok(p.w.s);
    kin_row *none = NULL;
    assert_false(kin_has(p.engine, p.tasks, KIN_ROWS(p.a, none)));
    assert_kin_error(p.w.s, KIN_MISUSE, "target 2 of 2 is NULL");
    assert_false(kin_has(p.engine, p.tasks, KIN_KEYS(kin_null)));
    assert_kin_error(p.w.s, KIN_MISUSE, "target 1 of 1 is NULL");
    world_close(&p.w);
}

/* ---- a source key of the caller's choice ---- */

TEST(E41_a_source_key_is_followed_by_every_verb) {
    struct world w;
    world_start(&w);
    kin_model *user = kin_define(w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("username", .unique = true, .not_null = true, .column = "user_name")));
    kin_model *task = kin_define(w.schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title")));
    kin_association *tasks = kin_has_many(user, task, .foreign_key = "owner", .source_key = "username");
    world_open(&w);
    assert_int_equal(kin_attribute_named(task, "owner")->type, KIN_TYPE_STRING);
    assert_true(contains(kin_sync_sql(w.db, .model = task), "REFERENCES Users (user_name)"));
    kin_row *ada = kin_create(w.s, user, { "username", kin("ada") });
    kin_row *ben = kin_create(w.s, user, { "username", kin("ben") });
    kin_row *draw = kin_create(w.s, task, { "title", kin("draw") }), *write = kin_create(w.s, task, { "title", kin("write") });
    assert_true(kin_add(ada, tasks, KIN_ROWS(draw, write)));
    assert_string_equal(kin_text(kin_find_by_pk(w.s, task, kin_key_of(draw)), "owner"), "ada");
    kin_row *made = kin_create_for(ada, tasks, { "title", kin("rest") });
    assert_string_equal(kin_text(kin_find_by_pk(w.s, task, kin_key_of(made)), "owner"), "ada");
    assert_int_equal(kin_count(ada, tasks), 3);
    assert_int_equal(kin_get(ada, tasks).count, 3);
    assert_int_equal(kin_count(ben, tasks), 0);
    assert_true(kin_has(ada, tasks, KIN_ROWS(draw, made)));
    assert_false(kin_has(ben, tasks, KIN_ROWS(draw)));
    kin_rows users = kin_find_all(w.s, user, .order = KIN_NAMES("username"), .include = KIN_INCLUDE(KIN_WITH(tasks)));
    assert_int_equal(kin_related(users.at[0], tasks).count, 3);
    assert_int_equal(kin_related(users.at[1], tasks).count, 0);
    assert_int_equal(kin_set(ben, tasks, KIN_ROWS(write)).count, 1);
    assert_true(kin_remove(ada, tasks, KIN_ROWS(draw)));
    assert_string_equal(kin_text(kin_find_by_pk(w.s, task, kin_key_of(write)), "owner"), "ben");
    assert_true(kin_is_null(kin_find_by_pk(w.s, task, kin_key_of(draw)), "owner"));
    assert_int_equal(kin_count(ada, tasks), 1);
    assert_kin_ok(w.s);
    world_close(&w);
}

/* ---- one model on both sides ---- */

TEST(E42_a_model_may_have_many_of_itself) {
    struct world w;
    world_start(&w);
    kin_model *person = kin_define(w.schema, "Person", KIN_ATTRIBUTES(KIN_STRING("title")));
    kin_association *children = kin_has_many(person, person, .as = "Children", .foreign_key = "parentId");
    world_open(&w);
    assert_names(kin_model_describe(person)->attributes, "id", "title", "parentId");
    assert_true(kin_has_accessor(person, "getChildren"));
    assert_true(kin_has_accessor(person, "addChild"));
    assert_true(contains(kin_sync_sql(w.db, .model = person), "REFERENCES People (id)"));
    kin_row *mary = kin_create(w.s, person, { "title", kin("Mary") });
    kin_row *john = kin_create(w.s, person, { "title", kin("John") });
    kin_row *chris = kin_create(w.s, person, { "title", kin("Chris") });
    assert_int_equal(kin_set(mary, children, KIN_ROWS(john, chris)).count, 2);
    assert_string_equal(titles(kin_get(mary, children, .order = KIN_NAMES("title"))), "CJ");
    assert_int_equal(kin_count(john, children), 0);
    assert_int_equal(kin_count_all(w.s, person, .where = kin_eq("parentId", kin_key_of(mary))), 2);
    assert_true(kin_is_null(kin_find_by_pk(w.s, person, kin_key_of(mary)), "parentId"));
    kin_row *found = kin_find_by_pk(w.s, person, kin_key_of(mary), .include = KIN_INCLUDE(KIN_WITH(children, .order = KIN_NAMES("title"))));
    assert_string_equal(titles(kin_related(found, children)), "CJ");
    assert_kin_ok(w.s);
    world_close(&w);
}
