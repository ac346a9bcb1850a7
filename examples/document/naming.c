/* The document's naming strategy: from the names of models and aliases to accessors and properties. S17 to S19. */
#include "check.h"

/* S17: models called user and User give the same accessors; what an include loads keeps the letter as it was written. */
static void s17(bool capital) {
    kin_schema *schema = kin_schema_new();
    kin_model *user = kin_define(schema, capital ? "User" : "user", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_model *task = kin_define(schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title")));
    kin_model *project = kin_define(schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")));
    kin_association *user_of = kin_belongs_to(task, user);
    kin_association *users = kin_belongs_to_many(project, user, .through = "Membership");
    CHECK_LINKS(schema);

    CHECK_ACCESSORS(task, "getUser", "setUser", "createUser");
    CHECK_ACCESSORS(project, "getUsers", "setUsers", "addUser", "addUsers");
    CHECK_TEXT(kin_association_describe(user_of)->name, capital ? "User" : "user");
    CHECK_TEXT(kin_association_describe(users)->name, capital ? "Users" : "users");
    CHECK(kin_model_has_attribute(task, capital ? "UserId" : "userId"));

    struct world w = OPEN_WORLD(schema);
    kin_row *ada = kin_create(w.s, user, { "name", kin("Ada") });
    kin_row *write = kin_create(w.s, task, { "title", kin("Write") });
    kin_row *engine = kin_create(w.s, project, { "title", kin("Engine") });
    CHECK(kin_set_one(write, user_of, ada) && kin_add(engine, users, KIN_ROWS(ada)));
    kin_row *found = kin_find_one(w.s, task, .include = KIN_INCLUDE(KIN_WITH(user_of)));
    CHECK_TEXT(kin_text(kin_related_one(found, user_of), "name"), "Ada");
    const char *json = kin_json(found);
    CHECK(json && strstr(json, capital ? "\"User\":" : "\"user\":") != NULL);
    found = kin_find_one(w.s, project, .include = KIN_INCLUDE(KIN_WITH(users)));
    CHECK_TEXT(kin_text(row_at(kin_related(found, users), 0), "name"), "Ada");
    json = kin_json(found);
    CHECK(json && strstr(json, capital ? "\"Users\":" : "\"users\":") != NULL);
    CLOSE_WORLD(w);
}

/* S18: where a word cannot be inflected, both of its forms are given. */
static void s18(void) {
    for (int through = 0; through < 2; through++) {
        kin_schema *schema = kin_schema_new();
        kin_model *user = kin_define(schema, "User", KIN_NO_ATTRIBUTES);
        kin_model *project = kin_define(schema, "Project", KIN_NO_ATTRIBUTES);
        kin_association *tasks =
            kin_belongs_to_many(user, project, .singular = "task", .plural = "tasks", .through = through ? "UserTasks" : NULL);
        if (through) {
            CHECK_LINKS(schema);
            CHECK_ACCESSORS(user, "addTask", "addTasks", "getTasks", "setTasks", "hasTask", "hasTasks");
            CHECK_TEXT(kin_association_describe(tasks)->name, "tasks");
            CHECK(kin_association_named(user, "tasks") == tasks);
        } else {
            /* As the document prints it, without a join model: that has to be named. */
            CHECK_REFUSED(schema, "through");
        }
        kin_schema_free(schema);
    }
}

/* S19: a model that is always called something else says so itself. */
static void s19(void) {
    kin_schema *schema = kin_schema_new();
    kin_model *user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_model *project = kin_define(schema, "project", KIN_ATTRIBUTES(KIN_STRING("title")), .singular = "task", .plural = "tasks");
    kin_association *tasks = kin_belongs_to_many(user, project, .through = "UserTasks");
    CHECK_LINKS(schema);
    CHECK_ACCESSORS(user, "addTask", "addTasks", "getTasks", "setTasks");
    CHECK(!kin_has_accessor(user, "getProjects"));
    CHECK_TEXT(kin_model_describe(project)->table, "projects"); /* the table keeps the model's name */

    struct world w = OPEN_WORLD(schema);
    kin_row *ada = kin_create(w.s, user, { "name", kin("Ada") });
    kin_row *one = kin_create(w.s, project, { "title", kin("One") });
    kin_row *two = kin_create(w.s, project, { "title", kin("Two") });
    CHECK(kin_call(ada, "addTask", .targets = KIN_ROWS(one)).ok);
    CHECK(kin_call(ada, "setTasks", .targets = KIN_ROWS(two)).ok);
    kin_rows found = kin_call(ada, "getTasks").rows;
    CHECK_NUMBER(found.count, 1);
    CHECK_TEXT(kin_text(row_at(found, 0), "title"), "Two");
    CHECK_NUMBER(kin_count(ada, tasks), 1);
    CLOSE_WORLD(w);
}

int main(void) {
    s17(false);
    s17(true);
    s18();
    s19();
    return checks_done("naming");
}
