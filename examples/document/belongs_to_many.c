/* The document, belongs-to-many: a join model between the two. S11 to S16. */
#include "check.h"

struct pair {
    kin_schema *schema;
    kin_model *user, *project;
};

static struct pair user_and_project(void) {
    struct pair p = { .schema = kin_schema_new() };
    p.user = kin_define(p.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")));
    p.project = kin_define(p.schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")));
    return p;
}

/* S11: the join model is made from its name: the two keys, which together are its primary key. */
static void s11(void) {
    struct pair p = user_and_project();
    kin_association *users = kin_belongs_to_many(p.project, p.user, .through = "UserProject");
    kin_association *projects = kin_belongs_to_many(p.user, p.project, .through = "UserProject");
    CHECK_LINKS(p.schema);

    const kin_model *join = kin_model_named(p.schema, "UserProject");
    const kin_model_info *info = kin_model_describe(join);
    CHECK(join != NULL && info->generated);
    CHECK_TEXT(info->table, "UserProject");
    CHECK_NUMBER(info->attributes.count, 2);
    CHECK_NUMBER(info->primary_key.count, 2);
    CHECK(names_have(info->primary_key, "ProjectId") && names_have(info->primary_key, "UserId"));
    CHECK_KEY(join, "ProjectId", "Projects", "id", KIN_CASCADE, KIN_CASCADE);
    CHECK_KEY(join, "UserId", "Users", "id", KIN_CASCADE, KIN_CASCADE);
    CHECK_ACCESSORS(p.project, "getUsers", "setUsers", "addUsers", "addUser", "removeUser", "removeUsers", "hasUser", "hasUsers",
                    "countUsers", "createUser");
    CHECK_ACCESSORS(p.user, "getProjects", "setProjects", "addProject", "addProjects");

    struct world w = OPEN_WORLD(p.schema);
    kin_row *ada = kin_create(w.s, p.user, { "name", kin("Ada") });
    kin_row *ben = kin_create(w.s, p.user, { "name", kin("Ben") });
    kin_row *engine = kin_create(w.s, p.project, { "title", kin("Engine") });
    kin_row *loom = kin_create(w.s, p.project, { "title", kin("Loom") });
    CHECK(kin_add(engine, users, KIN_ROWS(ada, ben)));
    CHECK(kin_add(ada, projects, KIN_ROWS(loom)));
    /* Both ends see one and the same links. */
    CHECK_NUMBER(kin_count(ada, projects), 2);
    CHECK_NUMBER(kin_count(ben, projects), 1);
    CHECK_TEXT(kin_text(row_at(kin_get(loom, users), 0), "name"), "Ada");
    CHECK_NUMBER(kin_count_all(w.s, join), 3);
    /* Without one end a link goes too. */
    CHECK(kin_destroy(engine));
    CHECK_NUMBER(kin_count_all(w.s, join), 1);
    CLOSE_WORLD(w);
}

/* S12: users as workers and projects as tasks. The aliases name the accessors; the keys are as before. */
static void s12(void) {
    struct pair p = user_and_project();
    kin_association *tasks = kin_belongs_to_many(p.user, p.project, .as = "Tasks", .through = "worker_tasks");
    kin_association *workers = kin_belongs_to_many(p.project, p.user, .as = "Workers", .through = "worker_tasks");
    CHECK_LINKS(p.schema);

    CHECK_ACCESSORS(p.user, "getTasks", "setTasks", "addTask", "addTasks", "hasTask", "createTask");
    CHECK_ACCESSORS(p.project, "getWorkers", "setWorkers", "addWorker", "addWorkers");
    CHECK(!kin_has_accessor(p.user, "getProjects") && !kin_has_accessor(p.project, "getUsers"));
    const kin_model *join = kin_model_named(p.schema, "worker_tasks");
    CHECK_TEXT(kin_model_describe(join)->table, "worker_tasks");
    CHECK(kin_model_has_attribute(join, "UserId") && kin_model_has_attribute(join, "ProjectId"));

    struct world w = OPEN_WORLD(p.schema);
    kin_row *ada = kin_create(w.s, p.user, { "name", kin("Ada") });
    kin_row *engine = kin_create(w.s, p.project, { "title", kin("Engine") });
    CHECK(kin_call(ada, "addTask", .targets = KIN_ROWS(engine)).ok);
    CHECK(kin_has(engine, workers, KIN_ROWS(ada)));
    CHECK_TEXT(kin_text(row_at(kin_get(ada, tasks), 0), "title"), "Engine");
    CLOSE_WORLD(w);
}

/* S13: people's children are people. */
static void s13(void) {
    kin_schema *schema = kin_schema_new();
    kin_model *person = kin_define(schema, "Person", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_association *children = kin_belongs_to_many(person, person, .as = "Children", .through = "PersonChildren");
    CHECK_LINKS(schema);

    const kin_model *join = kin_model_named(schema, "PersonChildren");
    CHECK_TEXT(kin_model_describe(join)->table, "PersonChildren");
    CHECK_KEY(join, "PersonId", "People", "id", KIN_CASCADE, KIN_CASCADE);
    CHECK_KEY(join, "ChildId", "People", "id", KIN_CASCADE, KIN_CASCADE);
    CHECK_ACCESSORS(person, "getChildren", "setChildren", "addChild", "addChildren", "removeChild");

    struct world w = OPEN_WORLD(schema);
    kin_row *ann = kin_create(w.s, person, { "name", kin("Ann") });
    kin_row *ben = kin_create(w.s, person, { "name", kin("Ben") });
    kin_row *cat = kin_create(w.s, person, { "name", kin("Cat") });
    CHECK(kin_add(ann, children, KIN_ROWS(ben, cat)));
    CHECK_NUMBER(kin_count(ann, children), 2);
    CHECK_NUMBER(kin_count(ben, children), 0); /* one direction */
    kin_row *link = kin_find_one(w.s, join, .where = kin_eq("ChildId", kin_value_of(cat, "id")));
    CHECK_NUMBER(kin_int(link, "PersonId"), kin_int(ann, "id"));
    CLOSE_WORLD(w);
}

/* S14: a join model of one's own with an attribute: it gets the two keys, which are its primary key, and no id. */
static void s14(void) {
    struct pair p = user_and_project();
    kin_model *join = kin_define(p.schema, "UserProjects", KIN_ATTRIBUTES(KIN_STRING("status")));
    kin_belongs_to_many(p.user, p.project, .through_model = join);
    kin_belongs_to_many(p.project, p.user, .through_model = join);
    CHECK_LINKS(p.schema);

    const kin_model_info *info = kin_model_describe(join);
    CHECK(!info->generated);
    CHECK(!kin_model_has_attribute(join, "id"));
    CHECK_NUMBER(info->attributes.count, 3);
    CHECK(names_have(info->attributes, "status"));
    CHECK_NUMBER(info->primary_key.count, 2);
    CHECK(names_have(info->primary_key, "UserId") && names_have(info->primary_key, "ProjectId"));
    kin_schema_free(p.schema);
}

/* S15: a project is added together with its status; added again with another, the status is changed. */
static void s15(void) {
    struct pair p = user_and_project();
    kin_model *join = kin_define(p.schema, "UserProjects", KIN_ATTRIBUTES(KIN_STRING("status")));
    kin_association *projects = kin_belongs_to_many(p.user, p.project, .through_model = join);
    kin_belongs_to_many(p.project, p.user, .through_model = join);

    struct world w = OPEN_WORLD(p.schema);
    kin_row *ada = kin_create(w.s, p.user, { "name", kin("Ada") });
    kin_row *engine = kin_create(w.s, p.project, { "title", kin("Engine") });
    CHECK(kin_add(ada, projects, KIN_ROWS(engine), .through = KIN_VALUES({ "status", kin("started") })));
    CHECK_NUMBER(kin_count_all(w.s, join), 1);
    kin_row *link = kin_find_one(w.s, join);
    CHECK_TEXT(kin_text(link, "status"), "started");
    CHECK_NUMBER(kin_int(link, "UserId"), kin_int(ada, "id"));
    CHECK_NUMBER(kin_int(link, "ProjectId"), kin_int(engine, "id"));

    CHECK(kin_add(ada, projects, KIN_ROWS(engine), .through = KIN_VALUES({ "status", kin("done") })));
    CHECK_NUMBER(kin_count_all(w.s, join), 1);
    CHECK_TEXT(kin_text(kin_find_one(w.s, join), "status"), "done");
    CLOSE_WORLD(w);
}

/* S16: a join model with a primary key of its own keeps it; a pair is there once all the same. */
static void s16(void) {
    struct pair p = user_and_project();
    kin_model *join = kin_define(p.schema, "UserProjects",
        KIN_ATTRIBUTES(KIN_INTEGER("id", .primary_key = true, .auto_increment = true), KIN_STRING("status")));
    kin_association *projects = kin_belongs_to_many(p.user, p.project, .through_model = join);
    kin_belongs_to_many(p.project, p.user, .through_model = join);
    CHECK_LINKS(p.schema);
    CHECK_NUMBER(kin_model_describe(join)->primary_key.count, 1);
    CHECK_TEXT(kin_model_describe(join)->primary_key.at[0], "id");
    CHECK(kin_model_has_attribute(join, "UserId") && kin_model_has_attribute(join, "ProjectId"));

    struct world w = OPEN_WORLD(p.schema);
    kin_row *ada = kin_create(w.s, p.user, { "name", kin("Ada") });
    kin_row *engine = kin_create(w.s, p.project, { "title", kin("Engine") });
    CHECK(kin_add(ada, projects, KIN_ROWS(engine)));
    CHECK(kin_add(ada, projects, KIN_ROWS(engine)));
    CHECK_NUMBER(kin_count_all(w.s, join), 1);
    CHECK(kin_int(kin_find_one(w.s, join), "id") > 0);

    kin_row *twice = kin_create(w.s, join, { "UserId", kin_value_of(ada, "id") }, { "ProjectId", kin_value_of(engine, "id") });
    CHECK(twice == NULL);
    CHECK_NUMBER(kin_error_of(w.s)->constraint, KIN_UNIQUE);
    CHECK_ERROR(w.s, KIN_CONSTRAINT);
    CHECK_NUMBER(kin_count_all(w.s, join), 1);
    CLOSE_WORLD(w);
}

int main(void) {
    s11();
    s12();
    s13();
    s14();
    s15();
    s16();
    return checks_done("belongs_to_many");
}
