/* Attributes for join rows: two ways to supply them, who wins, what is left to defaults, and what is refused. */
#include "world.h"

struct stage {
    struct world w;
    kin_model *user, *project, *link;
    kin_association *projects, *users, *active;
    kin_row *ann, *p[4];
};

static void stage_declare(struct stage *o) {
    static const double lowest = 0;
    kin_schema_defaults(o->w.schema, .underscored = true);
    o->user = kin_define(o->w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")), .table = "users");
    o->project = kin_define(o->w.schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")), .table = "projects");
    o->link = kin_define(o->w.schema, "UserProjects",
                         KIN_ATTRIBUTES(KIN_STRING("status", .default_value = kin("new")), KIN_STRING("role", .column = "role_name"),
                                        KIN_INTEGER("points", .validate = { .minimum = &lowest }), KIN_BOOLEAN("no_hooks")),
                         .table = "user_projects", .timestamps = true);
    o->projects = kin_belongs_to_many(o->user, o->project, .through_model = o->link);
    o->users = kin_belongs_to_many(o->project, o->user, .through_model = o->link);
    o->active = kin_belongs_to_many(o->user, o->project, .as = "active", .through_model = o->link, .through_scope = KIN_VALUES({ "status", kin("active") }));
}

static void stage_fill(struct stage *o) {
    static const char *const titles[] = { "p1", "p2", "p3", "p4" };
    o->ann = kin_create(o->w.s, o->user, { "name", kin("ann") });
    for (int i = 0; i < 4; i++)
        o->p[i] = kin_create(o->w.s, o->project, { "title", kin(titles[i]) });
    assert_kin_ok(o->w.s);
    world_forget(&o->w);
}

static void stage_open(struct stage *o) {
    world_start(&o->w);
    stage_declare(o);
    world_open(&o->w);
    stage_fill(o);
}

/* Each join row's status and role: "p1:new/NULL p2:done/lead", by title. Forgets the statements. */
static const char *links(struct stage *o) {
    static char text[512];
    size_t size = 0;
    assert_kin_ok(o->w.s);
    kin_rows rows = kin_query(o->w.s, "SELECT p.title AS title, l.status AS status, l.role_name AS role FROM user_projects l "
                                      "INNER JOIN projects p ON p.id = l.project_id ORDER BY p.title");
    assert_kin_ok(o->w.s);
    text[0] = '\0';
    for (size_t i = 0; i < rows.count; i++)
        size += (size_t)snprintf(text + size, sizeof text - size, "%s%s:%s/%s", i ? " " : "", kin_text(rows.at[i], "title"),
                                 kin_is_null(rows.at[i], "status") ? "NULL" : kin_text(rows.at[i], "status"),
                                 kin_is_null(rows.at[i], "role") ? "NULL" : kin_text(rows.at[i], "role"));
    world_forget(&o->w);
    return text;
}

#define STATUS(value) KIN_VALUES({ "status", kin(value) })

/* ---- the two ways ---- */

TEST(H6_G43_attributes_put_on_the_target_are_stored) {
    struct stage o;
    stage_open(&o);
    char role[] = "lead"; /* copied when it is put */
    assert_true(kin_put_through(o.p[0], o.link, KIN_VALUES({ "status", kin("active") }, { "role", kin(role) })));
    role[0] = 'L';
    assert_int_equal(o.w.statement_count, 0);
    assert_true(kin_add(o.ann, o.projects, KIN_ROWS(o.p[0])));
    assert_string_equal(links(&o), "p1:active/lead");
    kin_set(o.ann, o.projects, KIN_ROWS(o.p[1], o.p[0])); /* they stay until they are replaced */
    assert_string_equal(links(&o), "p1:active/lead p2:new/NULL");
    kin_remove(o.ann, o.projects, KIN_ROWS(o.p[0]));
    assert_true(kin_put_through(o.p[0], o.link, KIN_VALUES(KIN_DEFAULTS)));
    assert_true(kin_add(o.ann, o.projects, KIN_ROWS(o.p[0])));
    assert_string_equal(links(&o), "p1:new/NULL p2:new/NULL");
    world_close(&o.w);
}

TEST(H7_G43_attributes_of_the_call_are_stored) {
    struct stage o;
    stage_open(&o);
    assert_true(kin_add(o.ann, o.projects, KIN_ROWS(o.p[0], o.p[1]), .through = STATUS("active")));
    assert_true(kin_add(o.ann, o.projects, KIN_KEYS(kin_key_of(o.p[2])), .through = KIN_VALUES({ "role", kin("lead") })));
    assert_true(kin_call(o.ann, "addProject", .targets = KIN_ROWS(o.p[3]), .through = STATUS("called")).ok);
    assert_string_equal(links(&o), "p1:active/NULL p2:active/NULL p3:new/lead p4:called/NULL");
    const kin_assignment made[] = { { "status", kin("made") }, { "role", kin("x") } };
    kin_set(o.ann, o.projects, KIN_ROWS(o.p[3]), .through = kin_values_of(2, made));
    assert_string_equal(links(&o), "p4:made/x");
    assert_false(kin_set_one(o.ann, o.projects, o.p[0]));
    kin_clear_error(o.w.s);
    world_close(&o.w);
}

TEST(H8_the_target_s_own_win_name_by_name) {
    struct stage o;
    stage_open(&o);
    kin_put_through(o.p[0], o.link, STATUS("inactive"));
    kin_set(o.ann, o.projects, KIN_ROWS(o.p[0], o.p[1]), .through = KIN_VALUES({ "status", kin("active") }, { "role", kin("lead") }));
    assert_string_equal(links(&o), "p1:inactive/lead p2:active/lead");
    kin_put_through(o.p[2], o.link, KIN_VALUES({ "role", kin_null }));
    kin_add(o.ann, o.projects, KIN_ROWS(o.p[2], o.p[3]), .through = KIN_VALUES({ "status", kin("active") }, { "role", kin("lead") }));
    assert_string_equal(links(&o), "p1:inactive/lead p2:active/lead p3:active/NULL p4:active/lead");
    world_close(&o.w);
}

TEST(H9_links_that_were_there_take_them_as_well) {
    struct stage o;
    stage_open(&o);
    kin_add(o.ann, o.projects, KIN_ROWS(o.p[0], o.p[1]));
    kin_put_through(o.p[0], o.link, STATUS("inactive"));
    kin_put_through(o.p[2], o.link, STATUS("idle"));
    kin_set(o.ann, o.projects, KIN_ROWS(o.p[0], o.p[1], o.p[2], o.p[3]), .through = KIN_VALUES({ "status", kin("active") }, { "role", kin("lead") }));
    assert_string_equal(links(&o), "p1:inactive/lead p2:active/lead p3:idle/lead p4:active/lead");
    kin_put_through(o.p[0], o.link, STATUS("late"));
    kin_add(o.ann, o.projects, KIN_ROWS(o.p[0], o.p[1]), .through = KIN_VALUES({ "role", kin("aide") }));
    assert_string_equal(links(&o), "p1:late/aide p2:active/aide p3:idle/lead p4:active/lead");
    world_close(&o.w);
}

TEST(H10_a_join_row_that_was_loaded_says_nothing) {
    struct stage o;
    stage_open(&o);
    kin_add(o.ann, o.projects, KIN_ROWS(o.p[0], o.p[1]), .through = KIN_VALUES({ "status", kin("old") }, { "role", kin("lead") }));
    kin_rows loaded = kin_get(o.ann, o.projects, .order = KIN_NAMES("title"));
    kin_put(kin_through(loaded.at[0], o.link), "role", kin("pending"));
    world_forget(&o.w);
    kin_set(o.ann, o.projects, kin_rows_of(loaded.count, loaded.at));
    assert_int_equal(o.w.statement_count, 1);
    kin_set(o.ann, o.projects, kin_rows_of(loaded.count, loaded.at), .through = STATUS("now")); /* on the way of UPDATE */
    assert_string_equal(links(&o), "p1:now/lead p2:now/lead");
    kin_remove(o.ann, o.projects, KIN_ROWS(loaded.at[0]));
    kin_add(o.ann, o.projects, KIN_ROWS(loaded.at[0])); /* and of INSERT */
    assert_string_equal(links(&o), "p1:new/NULL p2:now/lead");
    kin_row *bob = kin_create(o.w.s, o.user, { "name", kin("bob") });
    kin_add(bob, o.projects, KIN_ROWS(loaded.at[1]));
    kin_row *join = kin_through(kin_get(bob, o.projects).at[0], o.link);
    assert_string_equal(kin_text(join, "status"), "new");
    assert_true(kin_is_null(join, "role"));
    assert_kin_ok(o.w.s);
    world_close(&o.w);
}

/* ---- which names ---- */

TEST(H11_attributes_may_be_called_as_options_are) {
    struct stage o;
    stage_open(&o);
    assert_true(kin_add(o.ann, o.projects, KIN_ROWS(o.p[0]), .through = KIN_VALUES({ "no_hooks", kin(true) })));
    kin_row *join = kin_through(kin_get(o.ann, o.projects).at[0], o.link);
    assert_true(kin_bool(join, "no_hooks"));
    assert_true(kin_add(o.ann, o.projects, KIN_ROWS(o.p[0]), .through = KIN_VALUES({ "no_hooks", kin(false) }), .no_hooks = true));
    assert_true(kin_reload(join));
    assert_false(kin_bool(join, "no_hooks"));
    assert_kin_ok(o.w.s);
    world_close(&o.w);
}

TEST(H12_keys_among_them_do_not_count) {
    struct stage o;
    stage_open(&o);
    kin_row *bob = kin_create(o.w.s, o.user, { "name", kin("bob") });
    const kin_values keys = KIN_VALUES({ "user_id", kin_key_of(bob) }, { "project_id", kin_key_of(o.p[3]) }, { "status", kin("x") });
    assert_true(kin_add(o.ann, o.projects, KIN_ROWS(o.p[0]), .through = keys));
    kin_put_through(o.p[1], o.link, keys);
    assert_true(kin_add(o.ann, o.projects, KIN_ROWS(o.p[1])));
    assert_int_equal(kin_count(bob, o.projects), 0);
    assert_true(kin_has_exactly(o.ann, o.projects, KIN_ROWS(o.p[0], o.p[1])));
    kin_execute(o.w.s, "UPDATE user_projects SET status = 'y'");
    assert_true(kin_add(o.ann, o.projects, KIN_ROWS(o.p[0]), .through = keys)); /* the UPDATE */
    kin_set(o.ann, o.projects, KIN_ROWS(o.p[0], o.p[1]));
    assert_true(kin_has_exactly(o.ann, o.projects, KIN_ROWS(o.p[0], o.p[1])));
    kin_row *made = kin_create_linked(o.ann, o.projects, KIN_VALUES({ "title", kin("p5") }), .through = keys);
    assert_int_equal(kin_int(kin_through(made, o.link), "user_id"), kin_int(o.ann, "id"));
    assert_true(kin_has(o.ann, o.projects, KIN_ROWS(made)));
    assert_int_equal(kin_count(bob, o.projects), 0);
    assert_string_equal(links(&o), "p1:x/NULL p2:x/NULL p5:x/NULL");
    world_close(&o.w);
}

TEST(H13_unknown_names_are_refused) {
    struct stage o;
    stage_open(&o);
    const kin_values unknown = KIN_VALUES({ "statis", kin("x") });
    assert_false(kin_add(o.ann, o.projects, KIN_ROWS(o.p[0]), .through = unknown));
    assert_kin_error(o.w.s, KIN_MISUSE, "status");
    kin_set(o.ann, o.projects, KIN_ROWS(o.p[0]), .through = unknown);
    assert_kin_error(o.w.s, KIN_MISUSE, "UserProjects");
    assert_null(kin_create_linked(o.ann, o.projects, KIN_VALUES({ "title", kin("p5") }), .through = unknown));
    assert_kin_error(o.w.s, KIN_MISUSE, "status");
    assert_false(kin_put_through(o.p[0], o.link, unknown));
    assert_kin_error(o.w.s, KIN_MISUSE, "status");
    assert_false(kin_put_through(o.p[0], o.user, KIN_VALUES({ "name", kin("x") })));
    assert_kin_error(o.w.s, KIN_MISUSE, "no many-to-many association reaches a Project through User");
    assert_false(kin_add(o.ann, o.projects, KIN_ROWS(o.p[0]), .through = KIN_VALUES({ "points", kin("many") })));
    assert_kin_error(o.w.s, KIN_MISUSE, "points");
    assert_int_equal(o.w.statement_count, 0);
    assert_string_equal(links(&o), "");
    world_close(&o.w);
}

/* ---- what is stored ---- */

TEST(H14_defaults_fill_what_is_left_out_and_NULL_is_NULL) {
    struct stage o;
    stage_open(&o);
    kin_add(o.ann, o.projects, KIN_ROWS(o.p[0]), .through = KIN_VALUES({ "role", kin("lead") }));
    kin_add(o.ann, o.projects, KIN_ROWS(o.p[1]), .through = KIN_VALUES({ "status", kin_null }));
    kin_put_through(o.p[2], o.link, KIN_VALUES({ "status", kin_null }));
    kin_add(o.ann, o.projects, KIN_ROWS(o.p[2], o.p[3])); /* one statement, and yet each its own */
    assert_string_equal(links(&o), "p1:new/lead p2:NULL/NULL p3:NULL/NULL p4:new/NULL");
    kin_add(o.ann, o.projects, KIN_ROWS(o.p[0]), .through = KIN_VALUES({ "status", kin_null })); /* of a link that is there, too */
    kin_add(o.ann, o.projects, KIN_ROWS(o.p[3]), .through = KIN_VALUES({ "status", kin("") }));
    assert_string_equal(links(&o), "p1:NULL/lead p2:NULL/NULL p3:NULL/NULL p4:/NULL");
    world_close(&o.w);
}

TEST(H15_what_cannot_be_NULL_must_be_supplied) {
    struct stage o;
    world_start(&o.w);
    kin_schema_defaults(o.w.schema, .underscored = true);
    o.user = kin_define(o.w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")), .table = "users");
    o.project = kin_define(o.w.schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")), .table = "projects");
    o.link = kin_define(o.w.schema, "UserProjects", KIN_ATTRIBUTES(KIN_STRING("status", .not_null = true), KIN_STRING("role", .column = "role_name")),
                        .table = "user_projects");
    o.projects = kin_belongs_to_many(o.user, o.project, .through_model = o.link);
    world_open(&o.w);
    stage_fill(&o);
    assert_false(kin_add(o.ann, o.projects, KIN_ROWS(o.p[0])));
    assert_kin_error(o.w.s, KIN_INVALID, "UserProjects.status");
    kin_set(o.ann, o.projects, KIN_ROWS(o.p[0], o.p[1]), .through = KIN_VALUES({ "role", kin("lead") }));
    assert_kin_error(o.w.s, KIN_INVALID, "UserProjects.status");
    assert_null(kin_create_for(o.ann, o.projects, { "title", kin("p5") }));
    assert_kin_error(o.w.s, KIN_INVALID, "UserProjects.status");
    kin_put_through(o.p[1], o.link, KIN_VALUES({ "status", kin_null }));
    assert_false(kin_add(o.ann, o.projects, KIN_ROWS(o.p[0], o.p[1]), .through = STATUS("x")));
    assert_kin_error(o.w.s, KIN_INVALID, "UserProjects.status");
    assert_string_equal(links(&o), "");
    assert_int_equal(world_number(&o.w, "SELECT count(*) AS n FROM projects"), 4);
    assert_true(kin_add(o.ann, o.projects, KIN_ROWS(o.p[0]), .through = STATUS("x")));
    assert_true(kin_add(o.ann, o.projects, KIN_ROWS(o.p[0]))); /* linked already: nothing has to be supplied */
    assert_string_equal(links(&o), "p1:x/NULL");
    world_close(&o.w);
}

TEST(H16_the_scope_wins) {
    struct stage o;
    stage_open(&o);
    kin_put_through(o.p[1], o.link, STATUS("mine"));
    assert_true(kin_add(o.ann, o.active, KIN_ROWS(o.p[0], o.p[1]), .through = KIN_VALUES({ "status", kin("other") }, { "role", kin("lead") })));
    assert_string_equal(links(&o), "p1:active/lead p2:active/lead");
    kin_set(o.ann, o.active, KIN_ROWS(o.p[1], o.p[2]), .through = STATUS("other"));
    kin_row *made = kin_create_linked(o.ann, o.active, KIN_VALUES({ "title", kin("p5") }), .through = STATUS("other"));
    assert_string_equal(kin_text(kin_through(made, o.link), "status"), "active");
    assert_string_equal(links(&o), "p2:active/lead p3:active/NULL p5:active/NULL");
    kin_add(o.ann, o.projects, KIN_ROWS(o.p[3]), .through = STATUS("idle"));
    assert_false(kin_add(o.ann, o.active, KIN_ROWS(o.p[3]))); /* the pair is there, but not in the scope, and can be there once */
    assert_int_equal(kin_error_of(o.w.s)->constraint, KIN_UNIQUE);
    assert_kin_error(o.w.s, KIN_CONSTRAINT, ".not_unique");
    assert_string_equal(links(&o), "p2:active/lead p3:active/NULL p4:idle/NULL p5:active/NULL");
    world_close(&o.w);
}

TEST(H17_columns_and_validators_of_the_join_model_apply) {
    struct stage o;
    stage_open(&o);
    assert_true(kin_add(o.ann, o.projects, KIN_ROWS(o.p[0], o.p[1]), .through = KIN_VALUES({ "role", kin("lead") })));
    assert_true(kin_add(o.ann, o.projects, KIN_ROWS(o.p[0]), .through = KIN_VALUES({ "role", kin("aide") })));
    assert_string_equal(links(&o), "p1:new/aide p2:new/lead"); /* in the column role_name */
    kin_rows rows = kin_get(o.ann, o.projects, .through_attributes = KIN_NAMES("role"), .through_where = kin_eq("role", "aide"));
    assert_int_equal(rows.count, 1);
    assert_string_equal(kin_text(kin_through(rows.at[0], o.link), "role"), "aide");
    assert_false(kin_add(o.ann, o.projects, KIN_ROWS(o.p[2]), .through = KIN_VALUES({ "points", kin(-1) })));
    assert_kin_error(o.w.s, KIN_INVALID, "points");
    kin_row *join = kin_through(rows.at[0], o.link);
    kin_put(join, "points", kin(-1));
    assert_false(kin_save(join));
    assert_kin_error(o.w.s, KIN_INVALID, "points");
    assert_int_equal(world_number(&o.w, "SELECT count(*) AS n FROM user_projects WHERE points IS NULL"), 2);
    assert_true(kin_add(o.ann, o.projects, KIN_ROWS(o.p[0]), .through = KIN_VALUES({ "points", kin("12") }))); /* converted as in kin_put */
    assert_int_equal(world_number(&o.w, "SELECT points AS n FROM user_projects WHERE points IS NOT NULL"), 12);
    world_close(&o.w);
}

TEST(H18_writing_a_link_refreshes_its_updated_at_alone) {
    struct stage o;
    int64_t then = kin_date_from(2001, 2, 3, 4, 5, 6);
    stage_open(&o);
    kin_add(o.ann, o.projects, KIN_ROWS(o.p[0], o.p[1], o.p[2]));
    kin_execute(o.w.s, "UPDATE user_projects SET created_at = '2001-02-03 04:05:06', updated_at = '2001-02-03 04:05:06'");
    kin_set(o.ann, o.projects, KIN_ROWS(o.p[0], o.p[1], o.p[2])); /* nothing written */
    kin_add(o.ann, o.projects, KIN_ROWS(o.p[0]), .through = STATUS("x"));
    kin_put_through(o.p[1], o.link, STATUS("y"));
    kin_set(o.ann, o.projects, KIN_ROWS(o.p[0], o.p[1], o.p[2]));
    kin_rows rows = kin_get(o.ann, o.projects, .order = KIN_NAMES("title"));
    assert_kin_ok(o.w.s);
    for (size_t i = 0; i < 3; i++) {
        kin_row *join = kin_through(rows.at[i], o.link);
        assert_int_equal(kin_date_of(join, "created_at"), then);
        if (i < 2)
            assert_true(kin_date_of(join, "updated_at") > then);
        else
            assert_int_equal(kin_date_of(join, "updated_at"), then);
    }
    kin_row *join = kin_through(rows.at[2], o.link);
    kin_put(join, "role", kin("lead"));
    assert_true(kin_save(join) && kin_reload(join));
    assert_true(kin_date_of(join, "updated_at") > then);
    assert_int_equal(kin_date_of(join, "created_at"), then);
    world_close(&o.w);
}

/* ---- a join model with a key of its own ---- */

TEST(H2_H3_H6_H8_a_join_model_may_have_a_key_of_its_own) {
    struct stage o;
    world_start(&o.w);
    kin_schema_defaults(o.w.schema, .underscored = true);
    o.user = kin_define(o.w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")), .table = "users");
    o.project = kin_define(o.w.schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")), .table = "projects");
    o.link = kin_define(o.w.schema, "UserProjects",
                        KIN_ATTRIBUTES(KIN_UUID("uuid", .primary_key = true, .default_uuid = true), KIN_STRING("status"),
                                       KIN_STRING("role", .column = "role_name")),
                        .table = "user_projects");
    o.projects = kin_belongs_to_many(o.user, o.project, .through_model = o.link);
    world_open(&o.w);
    stage_fill(&o);
    kin_put_through(o.p[1], o.link, KIN_VALUES({ "role", kin("lead") }));
    assert_true(kin_add(o.ann, o.projects, KIN_ROWS(o.p[0], o.p[1], o.p[2]), .through = STATUS("a")));
    assert_true(kin_add(o.ann, o.projects, KIN_ROWS(o.p[0], o.p[1]), .through = STATUS("b")));
    assert_string_equal(links(&o), "p1:b/NULL p2:b/lead p3:a/NULL");
    kin_rows rows = kin_get(o.ann, o.projects, .order = KIN_NAMES("title"), .through_attributes = KIN_NAMES("status"));
    kin_row *join = kin_through(rows.at[1], o.link);
    assert_true(kin_put(join, "status", kin("c")) && kin_save(join));
    assert_true(kin_destroy(kin_through(rows.at[0], o.link)));
    assert_string_equal(links(&o), "p2:c/lead p3:a/NULL");
    world_close(&o.w);
}
