/* The document, associating objects: set, get, add and remove. S20 to S23. */
#include "check.h"

struct work {
    struct world w;
    kin_model *project, *task;
    kin_association *tasks, *projects, *project_of;
    kin_row *engine, *task1, *task2;
};

/* A project and two tasks, which are not linked yet. The tasks have the ids 10 and 11. */
static struct work work_begin(void) {
    struct work k = { .w = { .schema = kin_schema_new() } };
    kin_schema *schema = k.w.schema;
    k.project = kin_define(schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")));
    k.task = kin_define(schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title"), KIN_BOOLEAN("done", .default_value = kin(false))));
    k.tasks = kin_belongs_to_many(k.project, k.task, .through = "ProjectTasks");
    k.projects = kin_belongs_to_many(k.task, k.project, .through = "ProjectTasks");
    k.project_of = kin_belongs_to(k.task, k.project);
    k.w = OPEN_WORLD(schema);
    k.engine = kin_create(k.w.s, k.project, { "title", kin("Engine") });
    k.task1 = kin_create(k.w.s, k.task, { "id", kin(10) }, { "title", kin("Draw") });
    k.task2 = kin_create(k.w.s, k.task, { "id", kin(11) }, { "title", kin("Build") });
    return k;
}

/* S20: two tasks are set, and got again. Without .through, as the document prints it, the schema is refused. */
static void s20(void) {
    kin_schema *schema = kin_schema_new();
    kin_model *project = kin_define(schema, "Project", KIN_NO_ATTRIBUTES);
    kin_model *task = kin_define(schema, "Task", KIN_NO_ATTRIBUTES);
    kin_belongs_to_many(project, task);
    kin_belongs_to_many(task, project);
    CHECK_REFUSED(schema, "through");
    kin_schema_free(schema);

    struct work k = work_begin();
    kin_rows saved = kin_set(k.engine, k.tasks, KIN_ROWS(k.task1, k.task2));
    CHECK_NUMBER(saved.count, 2);
    kin_rows found = kin_get(k.engine, k.tasks, .order = KIN_NAMES("id"));
    CHECK_NUMBER(found.count, 2);
    CHECK(kin_equals(row_at(found, 0), k.task1) && kin_equals(row_at(found, 1), k.task2));
    CHECK_TEXT(kin_text(row_at(found, 1), "title"), "Build");
    CHECK_NUMBER(kin_count(k.task1, k.projects), 1);
    CLOSE_WORLD(k.w);
}

/* S21: a getter takes what a finder takes: conditions, written as values or by hand, and a choice of attributes. */
static void s21(void) {
    struct work k = work_begin();
    kin_set(k.engine, k.tasks, KIN_ROWS(k.task1, k.task2));
    kin_rows by_hand = kin_get(k.engine, k.tasks, .where = kin_sql("id > 10"));
    kin_rows bound = kin_get(k.engine, k.tasks, .where = kin_sql("id > ? AND title <> ?", kin(10), kin("Draw")));
    kin_rows as_value = kin_get(k.engine, k.tasks, .where = kin_gt("id", 10));
    CHECK_NUMBER(by_hand.count, 1);
    CHECK_NUMBER(bound.count, 1);
    CHECK_NUMBER(as_value.count, 1);
    CHECK(kin_equals(row_at(by_hand, 0), k.task2));
    CHECK(kin_equals(row_at(bound, 0), k.task2));
    CHECK(kin_equals(row_at(as_value, 0), k.task2));
    /* Conditions narrow what is linked; they cannot widen it. */
    CHECK_NUMBER(kin_get(k.engine, k.tasks, .where = kin_sql("1 = 1 OR id = 12")).count, 2);

    /* The title, and always the primary key, so that the row can be saved. */
    kin_rows titles = kin_get(k.engine, k.tasks, .attributes = KIN_NAMES("title"), .order = KIN_NAMES("id"));
    kin_row *first = row_at(titles, 0);
    CHECK_TEXT(kin_text(first, "title"), "Draw");
    CHECK_NUMBER(kin_int(first, "id"), 10);
    CHECK(kin_is_loaded(first, "title") && kin_is_loaded(first, "id") && !kin_is_loaded(first, "done"));
    CHECK(kin_put(first, "title", kin("Sketch")) && kin_save(first));
    CHECK_TEXT(kin_text(kin_find_by_pk(k.w.s, k.task, kin(10)), "title"), "Sketch");
    CLOSE_WORLD(k.w);
}

/* S22: removing: set the rest, set nothing, or remove one; and add it again. */
static void s22(void) {
    struct work k = work_begin();
    kin_set(k.engine, k.tasks, KIN_ROWS(k.task1, k.task2));

    /* "You will get task2 only": what set gives back are the rows now linked, and they are the caller's own. */
    kin_rows linked = kin_set(k.engine, k.tasks, KIN_ROWS(k.task2));
    CHECK_NUMBER(linked.count, 1);
    CHECK(row_at(linked, 0) == k.task2);
    CHECK_NUMBER(kin_count(k.engine, k.tasks), 1);
    linked = kin_set(k.engine, k.tasks, KIN_ROWS(k.task2, k.task1, k.task2)); /* said twice is said once */
    CHECK_NUMBER(linked.count, 2);
    CHECK(row_at(linked, 0) == k.task2 && row_at(linked, 1) == k.task1);

    /* For keys: rows that know their key alone, or whole ones when asked. */
    linked = kin_set(k.engine, k.tasks, KIN_KEYS(kin(11)));
    CHECK_NUMBER(kin_int(row_at(linked, 0), "id"), 11);
    CHECK(!kin_is_loaded(row_at(linked, 0), "title"));
    linked = kin_set(k.engine, k.tasks, KIN_KEYS(kin(11)), .fetch = true);
    CHECK_TEXT(kin_text(row_at(linked, 0), "title"), "Build");

    /* "You will get an empty array." */
    linked = kin_set(k.engine, k.tasks, KIN_NONE);
    CHECK_NUMBER(linked.count, 0);
    CHECK(kin_ok(k.w.s));
    CHECK_NUMBER(kin_count(k.engine, k.tasks), 0);
    CHECK_NUMBER(kin_count_all(k.w.s, k.task), 2); /* the tasks are still there */

    kin_set(k.engine, k.tasks, KIN_ROWS(k.task1, k.task2));
    CHECK(kin_remove(k.engine, k.tasks, KIN_ROWS(k.task1)));
    CHECK(!kin_has(k.engine, k.tasks, KIN_ROWS(k.task1)));
    CHECK(kin_has(k.engine, k.tasks, KIN_ROWS(k.task2)));
    CHECK(kin_add(k.engine, k.tasks, KIN_ROWS(k.task1)));
    CHECK(kin_has(k.engine, k.tasks, KIN_ROWS(k.task1)));
    CLOSE_WORLD(k.w);
}

/* S23: and vice versa, from the side that holds a key. */
static void s23(void) {
    struct work k = work_begin();
    CHECK(kin_set_one(k.task2, k.project_of, k.engine));
    CHECK(kin_equals(kin_get_one(k.task2, k.project_of), k.engine));
    CHECK(kin_set_one(k.task2, k.project_of, NULL));
    CHECK(kin_get_one(k.task2, k.project_of) == NULL);
    CHECK(kin_is_null(kin_find_by_pk(k.w.s, k.task, kin(11)), "ProjectId"));
    CLOSE_WORLD(k.w);
}

int main(void) {
    s20();
    s21();
    s22();
    s23();
    return checks_done("associating");
}
