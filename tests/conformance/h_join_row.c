/* The join row that comes with a target: what it holds, and that it can be changed, saved and destroyed by itself. */
#include "world.h"

struct studio {
    struct world w;
    kin_model *user, *project, *link;
    kin_association *projects, *users, *friends;
    kin_row *ann, *bob, *p[3];
};

static void studio_open(struct studio *o) {
    static const char *const titles[] = { "p1", "p2", "p3" };
    world_start(&o->w);
    kin_schema_defaults(o->w.schema, .underscored = true);
    o->user = kin_define(o->w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")), .table = "users");
    o->project = kin_define(o->w.schema, "Project", KIN_ATTRIBUTES(KIN_STRING("name"), KIN_INTEGER("cost")), .table = "projects");
    o->link = kin_define(o->w.schema, "UserProjects", KIN_ATTRIBUTES(KIN_STRING("status"), KIN_INTEGER("points", .default_value = kin(1))),
                         .table = "user_projects", .timestamps = true);
    o->projects = kin_belongs_to_many(o->user, o->project, .through_model = o->link);
    o->users = kin_belongs_to_many(o->project, o->user, .through_model = o->link);
    o->friends = kin_belongs_to_many(o->user, o->user, .as = "friends", .through = "friendships", .timestamps = false);
    world_open(&o->w);
    o->ann = kin_create(o->w.s, o->user, { "name", kin("ann") });
    o->bob = kin_create(o->w.s, o->user, { "name", kin("bob") });
    for (int i = 0; i < 3; i++)
        o->p[i] = kin_create(o->w.s, o->project, { "name", kin(titles[i]) }, { "cost", kin(i) });
    kin_add(o->ann, o->projects, KIN_ROWS(o->p[0], o->p[1]), .through = KIN_VALUES({ "status", kin("new") }));
    kin_add(o->bob, o->projects, KIN_ROWS(o->p[0]), .through = KIN_VALUES({ "status", kin("old") }, { "points", kin(9) }));
    assert_kin_ok(o->w.s);
    world_forget(&o->w);
}

/* The target of that name among those of a source. */
static kin_row *project_of(struct studio *o, const kin_row *user, const char *name) {
    kin_rows rows = kin_get(user, o->projects, .where = kin_eq("name", name));
    assert_kin_ok(o->w.s);
    assert_int_equal(rows.count, 1);
    return rows.at[0];
}

/* All links of the database: "ann-p1:new ann-p2:new bob-p1:old". Forgets the statements. */
static const char *links(struct studio *o) {
    static char text[512];
    size_t size = 0;
    kin_rows rows = kin_query(o->w.s, "SELECT u.name AS a, p.name AS b, l.status AS status FROM user_projects l INNER JOIN users u ON u.id = l.user_id "
                                      "INNER JOIN projects p ON p.id = l.project_id ORDER BY u.name, p.name");
    assert_kin_ok(o->w.s);
    text[0] = '\0';
    for (size_t i = 0; i < rows.count; i++)
        size += (size_t)snprintf(text + size, sizeof text - size, "%s%s-%s:%s", i ? " " : "", kin_text(rows.at[i], "a"), kin_text(rows.at[i], "b"),
                                 kin_is_null(rows.at[i], "status") ? "NULL" : kin_text(rows.at[i], "status"));
    world_forget(&o->w);
    return text;
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

/* ---- where it is ---- */

TEST(H1_a_target_of_a_getter_has_its_join_row) {
    struct studio o;
    studio_open(&o);
    kin_row *join = kin_through(project_of(&o, o.bob, "p1"), o.link);
    assert_non_null(join);
    assert_ptr_equal(kin_model_of(join), o.link);
    assert_true(kin_is_saved(join));
    assert_false(kin_changed(join, NULL));
    assert_string_equal(kin_text(join, "status"), "old");
    assert_string_equal(kin_text(kin_through(project_of(&o, o.ann, "p1"), o.link), "status"), "new"); /* each way has its own */
    assert_string_equal(kin_text(join, "status"), "old");
    kin_row *user = kin_get(o.p[0], o.users, .where = kin_eq("name", "bob")).at[0];
    assert_int_equal(kin_int(kin_through(user, o.link), "points"), 9); /* from the other side, the same join row */
    assert_kin_ok(o.w.s);
    world_close(&o.w);
}

TEST(H1_a_target_of_an_include_has_its_join_row) {
    struct studio o;
    studio_open(&o);
    kin_rows users = kin_find_all(o.w.s, o.user, .order = KIN_NAMES("name"), .include = KIN_INCLUDE(KIN_WITH(o.projects, .order = KIN_NAMES("name"))));
    assert_int_equal(users.count, 2);
    kin_rows of_ann = kin_related(users.at[0], o.projects), of_bob = kin_related(users.at[1], o.projects);
    assert_int_equal(of_ann.count, 2);
    assert_int_equal(of_bob.count, 1);
    assert_true(kin_equals(of_ann.at[0], of_bob.at[0]));
    assert_string_equal(kin_text(kin_through(of_ann.at[0], o.link), "status"), "new");
    assert_string_equal(kin_text(kin_through(of_bob.at[0], o.link), "status"), "old");
    assert_int_equal(kin_int(kin_through(of_bob.at[0], o.link), "user_id"), kin_int(o.bob, "id"));
    assert_kin_ok(o.w.s);
    world_close(&o.w);
}

TEST(H1_a_row_that_came_another_way_has_none) {
    struct studio o;
    studio_open(&o);
    assert_null(kin_through(kin_find_by_pk(o.w.s, o.project, kin_key_of(o.p[0])), o.link));
    assert_null(kin_through(o.p[0], o.link)); /* linking puts no row on the caller's own */
    assert_null(kin_through(NULL, o.link));
    assert_true(kin_add(o.ann, o.friends, KIN_ROWS(o.bob)));
    kin_row *bob = kin_get(o.ann, o.friends).at[0];
    assert_non_null(kin_through(bob, kin_model_named(o.w.schema, "friendships")));
    assert_null(kin_through(bob, o.link)); /* another join model's */
    assert_kin_ok(o.w.s);
    kin_through(o.p[0], o.project);
    assert_kin_error(o.w.s, KIN_MISUSE, "Project");
    world_close(&o.w);
}

TEST(H4_it_has_all_attributes_of_the_join_model) {
    struct studio o;
    studio_open(&o);
    int64_t before = kin_now();
    kin_row *join = kin_through(project_of(&o, o.ann, "p2"), o.link);
    assert_int_equal(kin_int(join, "user_id"), kin_int(o.ann, "id"));
    assert_int_equal(kin_int(join, "project_id"), kin_int(o.p[1], "id"));
    assert_string_equal(kin_text(join, "status"), "new");
    assert_int_equal(kin_int(join, "points"), 1);
    assert_true(before - kin_date_of(join, "created_at") < 600 * (int64_t)1000000 && kin_date_of(join, "created_at") <= before);
    for (int i = 0; i < 100; i++) { /* one moment for both, however often */
        assert_int_equal(kin_date_of(join, "updated_at"), kin_date_of(join, "created_at"));
        kin_set(o.ann, o.projects, KIN_NONE);
        kin_set(o.ann, o.projects, KIN_ROWS(o.p[1]));
        join = kin_through(project_of(&o, o.ann, "p2"), o.link);
    }
    assert_kin_ok(o.w.s);
    world_close(&o.w);
}

/* ---- what can be done with it ---- */

TEST(H2_it_can_be_changed_and_saved_by_its_whole_key) {
    struct studio o;
    studio_open(&o);
    kin_row *join = kin_through(project_of(&o, o.ann, "p1"), o.link);
    world_forget(&o.w);
    assert_true(kin_put(join, "status", kin("done")) && kin_save(join));
    assert_int_equal(o.w.statement_count, 1);
    const char *sql = plain(world_statement(&o.w, 0));
    assert_non_null(strstr(sql, "UPDATE user_projects SET status = ?"));
    assert_non_null(strstr(sql, "user_id = ? AND project_id = ?"));
    assert_string_equal(links(&o), "ann-p1:done ann-p2:new bob-p1:old");
    assert_string_equal(kin_text(kin_through(project_of(&o, o.ann, "p1"), o.link), "status"), "done");
    world_close(&o.w);
}

TEST(H2_it_can_be_saved_when_few_of_its_attributes_were_read) {
    struct studio o;
    studio_open(&o);
    kin_row *row = kin_get(o.ann, o.projects, .where = kin_eq("name", "p2"), .through_attributes = KIN_NAMES("status")).at[0];
    kin_row *join = kin_through(row, o.link);
    assert_true(kin_put(join, "status", kin("done")) && kin_save(join));
    assert_kin_ok(o.w.s);
    assert_string_equal(links(&o), "ann-p1:new ann-p2:done bob-p1:old");
    world_close(&o.w);
}

TEST(H3_destroying_it_ends_this_link_alone) {
    struct studio o;
    studio_open(&o);
    kin_row *join = kin_through(project_of(&o, o.ann, "p1"), o.link);
    world_forget(&o.w);
    assert_true(kin_destroy(join));
    assert_non_null(strstr(plain(world_statement(&o.w, 0)), "DELETE FROM user_projects WHERE user_id = ? AND project_id = ?"));
    assert_string_equal(links(&o), "ann-p2:new bob-p1:old");
    assert_false(kin_has(o.ann, o.projects, KIN_ROWS(o.p[0])));
    assert_true(kin_destroy(kin_through(kin_get(o.p[0], o.users, .through_attributes = KIN_NAMES("status")).at[0], o.link)));
    assert_string_equal(links(&o), "ann-p2:new");
    world_close(&o.w);
}

TEST(H2_H3_it_can_be_moved_and_does_not_outlive_its_link) {
    struct studio o;
    studio_open(&o);
    kin_row *join = kin_through(project_of(&o, o.ann, "p1"), o.link);
    assert_true(kin_put(join, "project_id", kin_key_of(o.p[2])) && kin_save(join));
    assert_string_equal(links(&o), "ann-p2:new ann-p3:new bob-p1:old");
    assert_true(kin_put(join, "project_id", kin_key_of(o.p[1])));
    assert_false(kin_save(join)); /* that pair is there */
    assert_int_equal(kin_error_of(o.w.s)->constraint, KIN_UNIQUE);
    assert_kin_error(o.w.s, KIN_CONSTRAINT, "UserProjects");
    assert_true(kin_reload(join));
    assert_int_equal(kin_int(join, "project_id"), kin_int(o.p[2], "id"));
    assert_true(kin_remove(o.ann, o.projects, KIN_ROWS(o.p[2])));
    assert_true(kin_put(join, "status", kin("late")));
    assert_false(kin_save(join));
    assert_kin_error(o.w.s, KIN_STALE, "UserProjects");
    assert_string_equal(links(&o), "ann-p2:new bob-p1:old");
    world_close(&o.w);
}

/* ---- how it looks ---- */

TEST(H5_json_nests_it_under_its_model_s_name) {
    struct studio o;
    char expected[200];
    studio_open(&o);
    kin_row *row = kin_get(o.bob, o.projects, .through_attributes = KIN_NAMES("status", "points")).at[0];
    snprintf(expected, sizeof expected, "{\"id\":%d,\"name\":\"p1\",\"cost\":0,\"UserProjects\":{\"status\":\"old\",\"points\":9}}",
             (int)kin_int(o.p[0], "id"));
    assert_string_equal(kin_json(row), expected);
    kin_row *user = kin_find_by_pk(o.w.s, o.user, kin_key_of(o.bob), .attributes = KIN_NAMES("name"),
                                   .include = KIN_INCLUDE(KIN_WITH(o.projects, .attributes = KIN_NAMES("name"), .through_attributes = KIN_NAMES("status"))));
    snprintf(expected, sizeof expected, "{\"id\":%d,\"name\":\"bob\",\"Projects\":[{\"id\":%d,\"name\":\"p1\",\"UserProjects\":{\"status\":\"old\"}}]}",
             (int)kin_int(o.bob, "id"), (int)kin_int(o.p[0], "id"));
    assert_string_equal(kin_json(user), expected);
    assert_kin_ok(o.w.s);
    world_close(&o.w);
}

TEST(H19_attributes_of_both_models_are_chosen_in_one_call) {
    struct studio o;
    char expected[200];
    studio_open(&o);
    kin_rows rows = kin_get(o.ann, o.projects, .attributes = KIN_NAMES("name"), .through_attributes = KIN_NAMES("status"), .order = KIN_NAMES("name"));
    assert_kin_ok(o.w.s);
    assert_int_equal(rows.count, 2);
    snprintf(expected, sizeof expected, "{\"id\":%d,\"name\":\"p2\",\"UserProjects\":{\"status\":\"new\"}}", (int)kin_int(o.p[1], "id"));
    assert_string_equal(kin_json(rows.at[1]), expected);
    assert_false(kin_is_loaded(rows.at[0], "cost"));
    assert_false(kin_is_loaded(kin_through(rows.at[0], o.link), "points"));
    assert_null(strstr(world_statement(&o.w, 0), "cost"));
    world_close(&o.w);
}

TEST(H20_a_link_made_again_is_a_new_one) {
    struct studio o;
    studio_open(&o);
    kin_execute(o.w.s, "UPDATE user_projects SET points = 7, created_at = '2001-02-03 04:05:06'");
    kin_row *known = project_of(&o, o.ann, "p1"); /* holds the join row that was */
    assert_true(kin_remove(o.ann, o.projects, KIN_ROWS(known)));
    assert_true(kin_add(o.ann, o.projects, KIN_ROWS(known)));
    kin_row *join = kin_through(project_of(&o, o.ann, "p1"), o.link);
    assert_true(kin_is_null(join, "status"));
    assert_int_equal(kin_int(join, "points"), 1);
    assert_true(kin_date_of(join, "created_at") > kin_date_from(2001, 2, 3, 4, 5, 6));
    assert_string_equal(links(&o), "ann-p1:NULL ann-p2:new bob-p1:old");
    world_close(&o.w);
}
