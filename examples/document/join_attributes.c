/* The document: attributes of the join row, written and read. S25 to S27. */
#include "check.h"

struct work {
    struct world w;
    kin_model *user, *project, *user_projects;
    kin_association *projects;
    kin_row *ada, *project1, *project2;
};

static struct work work_begin(void) {
    struct work k = { .w = { .schema = kin_schema_new() } };
    kin_schema *schema = k.w.schema;
    k.user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")));
    k.project = kin_define(schema, "Project", KIN_ATTRIBUTES(KIN_STRING("name"), KIN_STRING("place")));
    k.user_projects = kin_define(schema, "UserProjects", KIN_ATTRIBUTES(KIN_STRING("status"), KIN_STRING("note")));
    k.projects = kin_belongs_to_many(k.user, k.project, .through_model = k.user_projects);
    kin_belongs_to_many(k.project, k.user, .through_model = k.user_projects);
    k.w = OPEN_WORLD(schema);
    k.ada = kin_create(k.w.s, k.user, { "name", kin("Ada") });
    k.project1 = kin_create(k.w.s, k.project, { "name", kin("Engine") }, { "place", kin("London") });
    k.project2 = kin_create(k.w.s, k.project, { "name", kin("Loom") }, { "place", kin("Lyon") });
    return k;
}

/* What the database has in the join row of a project. */
static const char *status_of(struct work *k, kin_row *project) {
    return kin_text(kin_find_one(k->w.s, k->user_projects, .where = kin_eq("ProjectId", kin_value_of(project, "id"))), "status");
}

/* S25: on the object before it is added; as an argument; or both, and then the argument holds the defaults. */
static void s25(void) {
    struct work k = work_begin();
    CHECK(kin_put_through(k.project1, k.user_projects, KIN_VALUES({ "status", kin("active") })));
    CHECK(kin_add(k.ada, k.projects, KIN_ROWS(k.project1)));
    CHECK_TEXT(status_of(&k, k.project1), "active");

    CHECK(kin_add(k.ada, k.projects, KIN_ROWS(k.project2), .through = KIN_VALUES({ "status", kin("started") })));
    CHECK_TEXT(status_of(&k, k.project2), "started");

    CHECK(kin_put_through(k.project1, k.user_projects, KIN_VALUES({ "status", kin("inactive") })));
    kin_rows linked =
        kin_set(k.ada, k.projects, KIN_ROWS(k.project1, k.project2), .through = KIN_VALUES({ "status", kin("active") }));
    CHECK_NUMBER(linked.count, 2);
    CHECK_TEXT(status_of(&k, k.project1), "inactive");
    CHECK_TEXT(status_of(&k, k.project2), "active");
    CHECK_NUMBER(kin_count_all(k.w.s, k.user_projects), 2);

    /* The same for links that are new. */
    CHECK(kin_ok(k.w.s) && kin_set(k.ada, k.projects, KIN_NONE).count == 0);
    CHECK_NUMBER(kin_count_all(k.w.s, k.user_projects), 0);
    kin_set(k.ada, k.projects, KIN_ROWS(k.project1, k.project2), .through = KIN_VALUES({ "status", kin("active") }));
    CHECK_TEXT(status_of(&k, k.project1), "inactive");
    CHECK_TEXT(status_of(&k, k.project2), "active");
    CLOSE_WORLD(k.w);
}

/* S26: the join row comes along with the target, as a row that can be changed and saved. */
static void s26(void) {
    struct work k = work_begin();
    kin_add(k.ada, k.projects, KIN_ROWS(k.project1), .through = KIN_VALUES({ "status", kin("active") }));
    kin_row *project = row_at(kin_get(k.ada, k.projects), 0);
    kin_row *link = kin_through(project, k.user_projects);
    CHECK_TEXT(kin_text(link, "status"), "active");
    CHECK_NUMBER(kin_int(link, "UserId"), kin_int(k.ada, "id"));
    CHECK_NUMBER(kin_int(link, "ProjectId"), kin_int(project, "id"));

    CHECK(kin_put(link, "status", kin("done")) && kin_save(link));
    CHECK_TEXT(status_of(&k, k.project1), "done");
    link = kin_through(row_at(kin_get(k.ada, k.projects), 0), k.user_projects);
    CHECK_TEXT(kin_text(link, "status"), "done");
    CLOSE_WORLD(k.w);
}

/* S27: only the name of the project, and only the status of the join row. */
static void s27(void) {
    struct work k = work_begin();
    kin_add(k.ada, k.projects, KIN_ROWS(k.project1),
            .through = KIN_VALUES({ "status", kin("active") }, { "note", kin("since May") }));
    kin_rows found = kin_get(k.ada, k.projects, .attributes = KIN_NAMES("name"), .through_attributes = KIN_NAMES("status"));
    kin_row *project = row_at(found, 0), *link = kin_through(project, k.user_projects);
    CHECK_NUMBER(found.count, 1);
    CHECK_TEXT(kin_text(project, "name"), "Engine");
    CHECK(!kin_is_loaded(project, "place"));
    CHECK_TEXT(kin_text(link, "status"), "active");
    CHECK(!kin_is_loaded(link, "note") && !kin_is_loaded(link, "UserId"));
    CHECK(kin_ok(k.w.s));

    /* And no join row at all. */
    project = row_at(kin_get(k.ada, k.projects, .through_attributes = KIN_NO_NAMES), 0);
    CHECK(project != NULL && kin_through(project, k.user_projects) == NULL);
    CLOSE_WORLD(k.w);
}

int main(void) {
    s25();
    s26();
    s27();
    return checks_done("join_attributes");
}
