/* Getters: what they send and give back, and that no option of theirs widens what is linked. */
#include "world.h"

struct office {
    struct world w;
    kin_model *user, *project, *task, *badge, *link;
    kin_association *projects, *costly, *active, *users, *tasks, *project_of, *badge_of;
    kin_row *ann, *bob, *p[4], *t[4];
};

static void office_declare(struct office *o) {
    kin_schema *schema = o->w.schema;
    kin_schema_defaults(schema, .underscored = true);
    o->user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")), .table = "users");
    o->project = kin_define(schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title"), KIN_INTEGER("cost"), KIN_STRING("code")), .table = "projects");
    o->task = kin_define(schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title"), KIN_BOOLEAN("done")), .table = "tasks", .timestamps = true, .paranoid = true);
    o->badge = kin_define(schema, "Badge", KIN_ATTRIBUTES(KIN_STRING("number")), .table = "badges");
    o->link = kin_define(schema, "UserProjects", KIN_ATTRIBUTES(KIN_STRING("status"), KIN_INTEGER("points")), .table = "user_projects");
    o->projects = kin_belongs_to_many(o->user, o->project, .through_model = o->link);
    o->costly = kin_belongs_to_many(o->user, o->project, .as = "costly", .through_model = o->link, .scope = KIN_VALUES({ "cost", kin(30) }));
    o->active = kin_belongs_to_many(o->user, o->project, .as = "active", .through_model = o->link, .through_scope = KIN_VALUES({ "status", kin("active") }));
    o->users = kin_belongs_to_many(o->project, o->user, .through_model = o->link);
    o->tasks = kin_has_many(o->project, o->task);
    o->project_of = kin_belongs_to(o->task, o->project);
    o->badge_of = kin_has_one(o->user, o->badge);
}

/* ann is linked to p1 (active, 1), p2 (idle, 2) and p3 (active, 3), bob to p2 (idle, 9). p1 has the tasks t1 and t2 (done), p2 has t3. */
static void office_open(struct office *o) {
    static const char *const titles[] = { "p1", "p2", "p3", "p4" }, *const codes[] = { "a", "b", "c", "d" };
    static const char *const tasks[] = { "t1", "t2", "t3", "t4" };
    static const char *const states[] = { "active", "idle", "active", "idle" };
    static const int points[] = { 1, 2, 3, 9 };
    world_start(&o->w);
    office_declare(o);
    world_open(&o->w);
    kin_session *s = o->w.s;
    o->ann = kin_create(s, o->user, { "name", kin("ann") });
    o->bob = kin_create(s, o->user, { "name", kin("bob") });
    for (int i = 0; i < 4; i++) {
        o->p[i] = kin_create(s, o->project, { "title", kin(titles[i]) }, { "cost", kin(10 * (i + 1)) }, { "code", kin(codes[i]) });
        o->t[i] = kin_create(s, o->task, { "title", kin(tasks[i]) }, { "done", kin(i == 1) });
    }
    kin_row *own[] = { o->ann, o->ann, o->ann, o->bob }, *of[] = { o->p[0], o->p[1], o->p[2], o->p[1] };
    for (int i = 0; i < 4; i++)
        kin_create(s, o->link, { "user_id", kin_key_of(own[i]) }, { "project_id", kin_key_of(of[i]) }, { "status", kin(states[i]) },
                   { "points", kin(points[i]) });
    for (int i = 0; i < 3; i++) {
        kin_put(o->t[i], "project_id", kin_key_of(o->p[i / 2]));
        kin_save(o->t[i]);
    }
    kin_create(s, o->badge, { "number", kin("A-1") }, { "user_id", kin_key_of(o->ann) });
    assert_kin_ok(s);
    world_forget(&o->w);
}

/* A statement without quotes, "?" for every bind. */
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

/* One statement was sent, it is this: it holds the text. */
static bool sent_with(const struct world *w, const char *text) { return w->statement_count == 1 && strstr(plain(world_statement(w, 0)), text); }

/* One attribute of each row, sorted and joined: "p1 p2". */
static const char *values_of(kin_rows rows, const char *attribute) {
    static char text[512];
    const char *found[64];
    size_t size = 0;
    assert_true(rows.count <= 64);
    for (size_t i = 0; i < rows.count; i++) {
        size_t at = i;
        const char *value = kin_text(rows.at[i], attribute);
        assert_non_null(value);
        for (; at > 0 && strcmp(found[at - 1], value) > 0; at--)
            found[at] = found[at - 1];
        found[at] = value;
    }
    text[0] = '\0';
    for (size_t i = 0; i < rows.count; i++)
        size += (size_t)snprintf(text + size, sizeof text - size, "%s%s", i ? " " : "", found[i]);
    return text;
}

/* The same in the order of the rows. */
static const char *values_in_order(kin_rows rows, const char *attribute) {
    static char text[512];
    size_t size = 0;
    text[0] = '\0';
    for (size_t i = 0; i < rows.count; i++)
        size += (size_t)snprintf(text + size, sizeof text - size, "%s%s", i ? " " : "", kin_text(rows.at[i], attribute));
    return text;
}

/* ---- what is sent ---- */

TEST(G1_a_getter_is_one_select_over_the_join_model) {
    struct office o;
    office_open(&o);
    kin_rows rows = kin_get(o.ann, o.projects, .where = kin_gt("cost", 10));
    assert_kin_ok(o.w.s);
    assert_string_equal(values_of(rows, "title"), "p2 p3");
    assert_true(sent_with(&o.w, "FROM projects AS t0 INNER JOIN user_projects AS t1 ON t1.project_id = t0.id WHERE "));
    assert_true(sent_with(&o.w, "WHERE t1.user_id = ? AND t0.cost > ?"));
    assert_false(sent_with(&o.w, "users"));
    world_close(&o.w);
}

TEST(G1_scopes_of_both_models_are_part_of_the_select) {
    struct office o;
    office_open(&o);
    assert_string_equal(values_of(kin_get(o.ann, o.costly), "title"), "p3");
    assert_true(sent_with(&o.w, "t0.cost = ?"));
    world_forget(&o.w);
    assert_string_equal(values_of(kin_get(o.ann, o.active), "title"), "p1 p3");
    assert_true(sent_with(&o.w, "ON t1.project_id = t0.id AND t1.status = ? WHERE"));
    assert_kin_ok(o.w.s);
    world_close(&o.w);
}

TEST(G15_nothing_is_ordered_unless_asked) {
    struct office o;
    office_open(&o);
    kin_get(o.ann, o.projects);
    kin_get(o.p[0], o.tasks);
    kin_get_one(o.t[0], o.project_of);
    assert_int_equal(o.w.statement_count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_null(strstr(world_statement(&o.w, i), "ORDER BY"));
    assert_string_equal(values_in_order(kin_get(o.ann, o.projects, .order = KIN_NAMES("-cost")), "title"), "p3 p2 p1");
    assert_string_equal(values_in_order(kin_get(o.ann, o.projects, .order = KIN_NAMES("UserProjects.status", "-title")), "title"), "p3 p1 p2");
    assert_string_equal(values_in_order(kin_get(o.ann, o.projects, .order = KIN_NAMES("-UserProjects.points"), .through_attributes = KIN_NO_NAMES), "title"),
                        "p3 p2 p1");
    assert_string_equal(values_in_order(kin_get(o.p[0], o.tasks, .order = KIN_NAMES("-title")), "title"), "t2 t1");
    assert_kin_ok(o.w.s);
    kin_get(o.ann, o.projects, .order = KIN_NAMES("price"));
    assert_kin_error(o.w.s, KIN_MISUSE, "price");
    world_close(&o.w);
}

TEST(G14_a_limit_counts_targets) {
    struct office o;
    office_open(&o);
    kin_rows rows = kin_get(o.ann, o.projects, .order = KIN_NAMES("title"), .limit = 2, .offset = 1);
    assert_string_equal(values_in_order(rows, "title"), "p2 p3");
    assert_int_equal(o.w.statement_count, 1);
    assert_null(strstr(world_statement(&o.w, 0) + 1, "SELECT"));
    assert_int_equal(kin_get(o.ann, o.projects, .limit = 2).count, 2);
    assert_int_equal(kin_get(o.ann, o.projects, .limit = kin_limit(0)).count, 0);
    assert_kin_ok(o.w.s);
    world_close(&o.w);
}

/* ---- what comes back ---- */

TEST(G2_rows_are_whole_rows_of_the_target) {
    struct office o;
    office_open(&o);
    kin_rows rows = kin_get(o.ann, o.projects, .order = KIN_NAMES("title"));
    assert_int_equal(rows.count, 3);
    for (size_t i = 0; i < rows.count; i++) {
        assert_ptr_equal(kin_model_of(rows.at[i]), o.project);
        assert_true(kin_is_saved(rows.at[i]));
        assert_true(kin_equals(rows.at[i], o.p[i]));
        assert_int_equal(kin_int(rows.at[i], "cost"), 10 * (int)(i + 1));
    }
    assert_true(kin_put(rows.at[0], "title", kin("renamed")) && kin_save(rows.at[0]));
    assert_int_equal(world_number(&o.w, "SELECT count(*) AS n FROM projects WHERE title = 'renamed'"), 1);
    kin_row *badge = kin_get_one(o.ann, o.badge_of), *project = kin_get_one(o.t[2], o.project_of);
    assert_string_equal(kin_text(badge, "number"), "A-1");
    assert_ptr_equal(kin_model_of(badge), o.badge);
    assert_true(kin_equals(project, o.p[1]));
    assert_kin_ok(o.w.s);
    world_close(&o.w);
}

TEST(G2_none_is_an_empty_list_or_NULL) {
    struct office o;
    office_open(&o);
    assert_int_equal(kin_get(o.p[3], o.users).count, 0);
    assert_int_equal(kin_get(o.p[3], o.tasks).count, 0);
    assert_null(kin_get_one(o.bob, o.badge_of));
    assert_int_equal(o.w.statement_count, 3);
    assert_null(kin_get_one(o.t[3], o.project_of)); /* its key is NULL: nothing to ask */
    assert_int_equal(o.w.statement_count, 3);
    assert_kin_ok(o.w.s);
    assert_null(kin_get_one(o.bob, o.badge_of, .required = true));
    assert_kin_error(o.w.s, KIN_NOT_FOUND, "Badge");
    world_close(&o.w);
}

TEST(G9_attributes_are_those_asked_for_and_the_key) {
    struct office o;
    office_open(&o);
    kin_row *many = kin_get(o.ann, o.projects, .attributes = KIN_NAMES("title"), .where = kin_eq("title", "p1")).at[0];
    kin_row *task = kin_get(o.p[1], o.tasks, .attributes = KIN_NAMES("title")).at[0];
    kin_row *one = kin_get_one(o.t[0], o.project_of, .attributes = KIN_NAMES("title"));
    assert_kin_ok(o.w.s);
    assert_true(kin_equals(many, o.p[0]) && kin_equals(one, o.p[0]) && kin_equals(task, o.t[2]));
    assert_string_equal(kin_text(many, "title"), "p1");
    assert_false(kin_is_loaded(many, "cost") || kin_is_loaded(one, "cost") || kin_is_loaded(task, "done") || kin_is_loaded(task, "project_id"));
    assert_string_equal(kin_json(one), "{\"id\":1,\"title\":\"p1\"}");
    kin_int(many, "cost");
    assert_kin_error(o.w.s, KIN_MISUSE, "cost");
    assert_true(kin_put(many, "title", kin("new")) && kin_save(many));
    assert_int_equal(world_number(&o.w, "SELECT cost AS n FROM projects WHERE title = 'new'"), 10);
    world_close(&o.w);
}

TEST(G10_through_attributes_limit_the_join_row) {
    struct office o;
    office_open(&o);
    kin_row *row = kin_get(o.ann, o.projects, .where = kin_eq("title", "p2"), .through_attributes = KIN_NAMES("status")).at[0];
    kin_row *join = kin_through(row, o.link);
    assert_string_equal(kin_text(join, "status"), "idle");
    assert_false(kin_is_loaded(join, "points"));
    assert_string_equal(kin_json(join), "{\"status\":\"idle\"}");
    row = kin_get(o.ann, o.projects, .where = kin_eq("title", "p2"), .through_attributes = KIN_NAMES("points", "project_id")).at[0];
    join = kin_through(row, o.link);
    assert_int_equal(kin_int(join, "project_id"), kin_int(o.p[1], "id"));
    assert_int_equal(kin_int(join, "points"), 2);
    assert_false(kin_is_loaded(join, "user_id"));
    assert_kin_ok(o.w.s);
    kin_get(o.ann, o.projects, .through_attributes = KIN_NAMES("state"));
    assert_kin_error(o.w.s, KIN_MISUSE, "status");
    world_close(&o.w);
}

TEST(G11_no_through_attributes_means_no_join_row) {
    struct office o;
    office_open(&o);
    kin_rows rows = kin_get(o.bob, o.projects, .through_attributes = KIN_NO_NAMES);
    assert_int_equal(rows.count, 1);
    assert_null(strstr(kin_json(rows.at[0]), "UserProjects"));
    assert_null(kin_through(rows.at[0], o.link));
    assert_false(sent_with(&o.w, "status") || sent_with(&o.w, "points"));
    assert_kin_ok(o.w.s);
    world_close(&o.w);
}

/* ---- options ---- */

TEST(G3_getters_take_what_finders_take) {
    struct office o;
    office_open(&o);
    kin_row *ann = o.ann, *p1 = o.p[0];
    assert_string_equal(values_in_order(kin_get(ann, o.projects, .where = kin_lte("cost", 20), .order = KIN_NAMES("-title"), .limit = 5), "title"), "p2 p1");
    assert_string_equal(values_in_order(kin_get(ann, o.projects, .order = KIN_NAMES("title"), .offset = 2), "title"), "p3");
    assert_string_equal(values_in_order(kin_get(ann, o.projects, .order_sql = kin_sql("cost * -1")), "title"), "p3 p2 p1");
    assert_string_equal(values_of(kin_get(p1, o.tasks, .where = kin_eq("done", true), .attributes = KIN_NAMES("title")), "title"), "t2");
    assert_string_equal(values_in_order(kin_get(p1, o.tasks, .order = KIN_NAMES("title"), .limit = 1, .offset = 1), "title"), "t2");
    kin_row *with = kin_get(p1, o.tasks, .include = KIN_INCLUDE(KIN_WITH(o.project_of)), .limit = 1).at[0];
    assert_true(kin_equals(kin_related_one(with, o.project_of), p1));
    with = kin_get_one(o.t[0], o.project_of, .include = KIN_INCLUDE(KIN_WITH(o.tasks)));
    assert_int_equal(kin_related(with, o.tasks).count, 2);
    assert_kin_ok(o.w.s);
    assert_true(kin_destroy(o.t[0]));
    assert_string_equal(values_of(kin_get(p1, o.tasks), "title"), "t2");
    assert_string_equal(values_of(kin_get(p1, o.tasks, .with_deleted = true), "title"), "t1 t2");
    assert_int_equal(kin_count(p1, o.tasks), 1);
    assert_int_equal(kin_count(p1, o.tasks, .with_deleted = true), 2);
    assert_kin_ok(o.w.s);
    world_close(&o.w);
}

TEST(G4_a_condition_never_widens_the_result) {
    struct office o;
    office_open(&o);
    kin_row *bob = o.bob;
    assert_string_equal(values_of(kin_get(bob, o.projects, .where = kin_or(kin_eq("title", "p1"), kin_gt("cost", 0))), "title"), "p2");
    assert_string_equal(values_of(kin_get(bob, o.projects, .where = kin_and(NULL, NULL)), "title"), "p2");
    assert_string_equal(values_of(kin_get(o.p[1], o.tasks, .where = kin_or(kin_eq("done", true), kin_eq("done", false))), "title"), "t3");
    assert_null(kin_get_one(o.t[0], o.project_of, .where = kin_eq("title", "p2")));
    assert_null(kin_get_one(o.ann, o.badge_of, .where = kin_eq("number", "none")));
    assert_string_equal(values_of(kin_get(o.ann, o.costly, .where = kin_or(kin_eq("cost", 10), kin_eq("cost", 30))), "title"), "p3");
    assert_string_equal(values_of(kin_get(o.ann, o.active, .where = kin_not(kin_eq("title", "none"))), "title"), "p1 p3");
    assert_int_equal(kin_count(bob, o.projects, .where = kin_or(kin_eq("title", "p1"), kin_eq("title", "p2"))), 1);
    assert_kin_ok(o.w.s);
    world_close(&o.w);
}

TEST(G4_not_in_works_on_the_key_too) {
    struct office o;
    office_open(&o);
    kin_value first = kin_key_of(o.p[0]), third = kin_key_of(o.p[2]);
    assert_string_equal(values_of(kin_get(o.ann, o.projects, .where = kin_not(kin_in("id", first, third))), "title"), "p2");
    assert_string_equal(values_of(kin_get(o.ann, o.projects, .where = kin_in("id", first, third)), "title"), "p1 p3");
    assert_string_equal(values_of(kin_get(o.ann, o.projects, .where = kin_not(kin_in("title", kin("p1")))), "title"), "p2 p3");
    assert_string_equal(values_of(kin_get(o.ann, o.projects, .where = kin_not(kin_in_list("id", 0, NULL))), "title"), "p1 p2 p3");
    assert_int_equal(kin_get(o.ann, o.projects, .where = kin_in_list("id", 0, NULL)).count, 0);
    assert_string_equal(values_of(kin_get(o.p[0], o.tasks, .where = kin_not(kin_in("id", kin_key_of(o.t[0])))), "title"), "t2");
    assert_kin_ok(o.w.s);
    world_close(&o.w);
}

TEST(G5_hand_written_sql_stands_in_parentheses) {
    struct office o;
    office_open(&o);
    assert_string_equal(values_of(kin_get(o.p[1], o.tasks, .where = kin_sql("id > 10 OR 1 = 1")), "title"), "t3");
    assert_true(sent_with(&o.w, "project_id = ? AND (id > 10 OR 1 = 1)"));
    assert_string_equal(values_of(kin_get(o.bob, o.projects, .where = kin_sql("cost > 0 OR 1 = 1")), "title"), "p2");
    assert_string_equal(values_of(kin_get(o.ann, o.projects, .where = kin_sql("id > 1")), "title"), "p2 p3");
    assert_string_equal(values_of(kin_get(o.ann, o.projects, .where = kin_sql("points = 3")), "title"), "p3"); /* the join model's column */
    assert_null(kin_get_one(o.t[0], o.project_of, .where = kin_sql("cost > 10")));
    assert_kin_ok(o.w.s);
    world_close(&o.w);
}

TEST(G6_hand_written_sql_takes_binds) {
    struct office o;
    office_open(&o);
    assert_string_equal(values_of(kin_get(o.ann, o.projects, .where = kin_sql("cost > ? AND title <> ?", kin(10), kin("p2"))), "title"), "p3");
    assert_string_equal(values_of(kin_get(o.ann, o.projects, .where = kin_and(kin_sql("title = ?", kin("' OR 1 = 1 --")))), "title"), "");
    assert_kin_ok(o.w.s);
    world_forget(&o.w);
    kin_get(o.ann, o.projects, .where = kin_sql("cost > ? AND title <> ?", kin(10)));
    assert_int_equal(o.w.statement_count, 0);
    assert_kin_error(o.w.s, KIN_MISUSE, "2 placeholders");
    world_close(&o.w);
}

TEST(G8_every_kind_of_condition_works_in_every_getter) {
    struct office o;
    office_open(&o);
    const kin_condition *cheap = kin_or(kin_and(kin_eq("title", "p1"), kin_not(kin_eq("cost", 20))), kin_between("cost", 25, 35));
    assert_string_equal(values_of(kin_get(o.ann, o.projects, .where = cheap), "title"), "p1 p3");
    assert_non_null(kin_get_one(o.t[0], o.project_of, .where = cheap));
    assert_null(kin_get_one(o.t[2], o.project_of, .where = cheap));
    assert_string_equal(values_of(kin_get(o.ann, o.projects, .where = kin_exists(o.tasks, .where = kin_eq("done", true))), "title"), "p1");
    assert_string_equal(values_of(kin_get(o.ann, o.projects, .where = kin_exists(o.users, .where = kin_like("name", "b%"))), "title"), "p2");
    assert_string_equal(values_of(kin_get(o.p[0], o.tasks, .where = kin_or(kin_sql("1 = 0"), kin_like("title", "%2"))), "title"), "t2");
    assert_string_equal(values_of(kin_get(o.p[0], o.tasks, .where = kin_eq("Project.title", "p1")), "title"), "t1 t2");
    assert_non_null(kin_get_one(o.ann, o.badge_of, .where = kin_or(kin_like("number", "A%"), kin_eq("number", kin_null))));
    assert_null(kin_get_one(o.ann, o.badge_of, .where = kin_not(kin_ne("number", kin_null))));
    assert_kin_ok(o.w.s);
    kin_get_one(o.ann, o.badge_of, .where = kin_eq("numbr", "A-1"));
    assert_kin_error(o.w.s, KIN_MISUSE, "number");
    world_close(&o.w);
}

TEST(G12_conditions_on_the_join_row) {
    struct office o;
    office_open(&o);
    assert_string_equal(values_of(kin_get(o.ann, o.projects, .through_where = kin_eq("status", "active")), "title"), "p1 p3");
    assert_string_equal(values_of(kin_get(o.ann, o.projects, .through_where = kin_gt("points", 1), .where = kin_lt("cost", 30)), "title"), "p2");
    assert_string_equal(values_of(kin_get(o.ann, o.active, .through_where = kin_or(kin_eq("points", 3), kin_eq("status", "idle"))), "title"), "p3");
    assert_int_equal(kin_count(o.ann, o.projects, .through_where = kin_eq("status", "active")), 2);
    assert_true(kin_has(o.ann, o.projects, KIN_ROWS(o.p[0], o.p[2]), .through_where = kin_eq("status", "active")));
    assert_false(kin_has(o.ann, o.projects, KIN_ROWS(o.p[0], o.p[1]), .through_where = kin_eq("status", "active")));
    assert_true(kin_has_exactly(o.ann, o.projects, KIN_ROWS(o.p[0], o.p[2]), .through_where = kin_eq("status", "active")));
    assert_kin_ok(o.w.s);
    kin_get(o.ann, o.projects, .through_where = kin_eq("cost", 10));
    assert_kin_error(o.w.s, KIN_MISUSE, "UserProjects");
    world_close(&o.w);
}

/* One that has lost its target links nothing, so it counts nowhere. */
TEST(G49_join_rows_without_a_target) {
    struct world w;
    world_start(&w);
    kin_model *user = kin_define(w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_model *project = kin_define(w.schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")));
    kin_model *link = kin_define(w.schema, "Link", KIN_ATTRIBUTES(KIN_INTEGER("number", .primary_key = true, .auto_increment = true)));
    kin_association *projects = kin_belongs_to_many(user, project, .through_model = link, .on_delete = KIN_SET_NULL);
    kin_belongs_to_many(project, user, .through_model = link, .on_delete = KIN_SET_NULL);
    world_open(&w);
    kin_row *ann = kin_create(w.s, user, { "name", kin("ann") });
    kin_row *stays = kin_create_for(ann, projects, { "title", kin("stays") }), *goes = kin_create_for(ann, projects, { "title", kin("goes") });
    assert_true(kin_destroy(goes));
    assert_int_equal(kin_count_all(w.s, link), 2);
    assert_int_equal(kin_count(ann, projects), 1);
    assert_true(kin_has(ann, projects, KIN_ROWS(stays)));
    assert_true(kin_has_exactly(ann, projects, KIN_ROWS(stays)));
    assert_false(kin_has_exactly(ann, projects, KIN_NONE));
    assert_true(kin_destroy(stays));
    assert_true(kin_has_exactly(ann, projects, KIN_NONE));
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(G13_a_getter_includes) {
    struct office o;
    office_open(&o);
    kin_rows rows = kin_get(o.ann, o.projects, .order = KIN_NAMES("title"),
                            .include = KIN_INCLUDE(KIN_WITH(o.tasks, .where = kin_eq("done", true), .optional = true)));
    assert_string_equal(values_in_order(rows, "title"), "p1 p2 p3");
    assert_string_equal(values_of(kin_related(rows.at[0], o.tasks), "title"), "t2");
    assert_int_equal(kin_related(rows.at[1], o.tasks).count, 0);
    assert_string_equal(kin_text(kin_through(rows.at[1], o.link), "status"), "idle");
    rows = kin_get(o.ann, o.projects, .include = KIN_INCLUDE(KIN_WITH(o.tasks, .where = kin_eq("done", true))));
    assert_string_equal(values_of(rows, "title"), "p1");
    rows = kin_get(o.p[0], o.tasks, .order = KIN_NAMES("title"), .include = KIN_INCLUDE(KIN_WITH(o.project_of, .include = KIN_INCLUDE(KIN_WITH(o.users)))));
    assert_int_equal(rows.count, 2);
    assert_string_equal(values_of(kin_related(kin_related_one(rows.at[1], o.project_of), o.users), "name"), "ann");
    assert_kin_ok(o.w.s);
    world_close(&o.w);
}

TEST(G16_options_are_left_as_they_were) {
    struct office o;
    office_open(&o);
    const kin_include includes[] = { KIN_WITH(o.tasks, .optional = true) };
    const kin_include includes_before[] = { KIN_WITH(o.tasks, .optional = true) };
    kin_find find = { .size = sizeof find, .association = o.projects, .where = kin_gt("cost", 0), .order = KIN_NAMES("title"), .limit = 2, .offset = 1,
                      .through_attributes = KIN_NAMES("status"), .include = kin_includes_of(1, includes) };
    kin_condition where = *find.where;
    kin_find before;
    memcpy(&before, &find, sizeof find);
    assert_string_equal(values_of((kin_get)(o.ann, &find), "title"), "p2 p3");
    assert_int_equal((kin_count)(o.ann, &find), 3);
    assert_string_equal(values_of((kin_get)(o.ann, &find), "title"), "p2 p3");
    assert_memory_equal(&before, &find, sizeof find);
    assert_true(find.where->kind == where.kind && find.where->name == where.name && find.where->value.as.integer == 0);
    assert_ptr_equal(includes[0].association, includes_before[0].association);
    kin_find one = { .size = sizeof one, .association = o.badge_of, .where = kin_like("number", "A%") };
    memcpy(&before, &one, sizeof one);
    assert_non_null((kin_get_one)(o.ann, &one));
    assert_memory_equal(&before, &one, sizeof one);
    assert_kin_ok(o.w.s);
    world_close(&o.w);
}

/* ---- schemas of the database ---- */

TEST(G19_models_may_lie_in_schemas) {
    struct office o;
    world_start(&o.w);
    kin_schema_defaults(o.w.schema, .underscored = true);
    o.user = kin_define(o.w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")), .table = "users", .schema = "kin_people");
    o.project = kin_define(o.w.schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")), .table = "projects", .schema = "kin_works");
    o.link = kin_define(o.w.schema, "UserProjects", KIN_ATTRIBUTES(KIN_STRING("status")), .table = "user_projects", .schema = "kin_links");
    o.projects = kin_belongs_to_many(o.user, o.project, .through_model = o.link);
    world_open(&o.w);
    kin_row *ann = kin_create(o.w.s, o.user, { "name", kin("ann") });
    kin_row *one = kin_create(o.w.s, o.project, { "title", kin("one") }), *two = kin_create(o.w.s, o.project, { "title", kin("two") });
    assert_true(kin_add(ann, o.projects, KIN_ROWS(one), .through = KIN_VALUES({ "status", kin("new") })));
    world_forget(&o.w);
    kin_rows rows = kin_get(ann, o.projects);
    assert_string_equal(values_of(rows, "title"), "one");
    assert_string_equal(kin_text(kin_through(rows.at[0], o.link), "status"), "new");
    assert_true(sent_with(&o.w, "FROM kin_works.projects AS t0 INNER JOIN kin_links.user_projects AS t1"));
    kin_set(ann, o.projects, KIN_ROWS(two));
    assert_true(kin_has_exactly(ann, o.projects, KIN_ROWS(two)));
    assert_int_equal(kin_count(ann, o.projects, .where = kin_eq("title", "two")), 1);
    assert_true(kin_remove(ann, o.projects, KIN_ROWS(two)));
    assert_non_null(kin_create_linked(ann, o.projects, KIN_VALUES({ "title", kin("three") }), .through = KIN_VALUES({ "status", kin("made") })));
    assert_string_equal(values_of(kin_get(ann, o.projects, .through_where = kin_eq("status", "made")), "title"), "three");
    assert_int_equal(kin_count_all(o.w.s, o.link), 1);
    assert_kin_ok(o.w.s);
    world_close(&o.w);
}
