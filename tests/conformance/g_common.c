/* What all verbs have in common: transactions, options, wrong targets, rows in memory, both sides of a relation, rows of every origin. */
#include "world.h"

enum { HEARD = 32 };

struct firm {
    struct world w;
    kin_model *user, *project, *task, *badge, *link;
    kin_association *projects, *users, *tasks, *project_of, *badge_of, *user_of;
    kin_row *ann, *p[2], *t[3], *b[2];
    kin_hook_kind heard[HEARD]; /* of tasks, badges and join rows */
    size_t heard_count;
};

static bool firm_hook(void *context, const kin_hook_event *event) {
    struct firm *f = context;
    if (f->heard_count < HEARD)
        f->heard[f->heard_count++] = event->kind;
    return true;
}

static const char *firm_validate(void *context, kin_value value) {
    (void)context;
    return value.as.text.size == 3 && memcmp(value.as.text.data, "bad", 3) == 0 ? "must not be bad" : NULL;
}

static void firm_declare(struct firm *f) {
    kin_schema *schema = f->w.schema;
    kin_schema_defaults(schema, .underscored = true);
    f->user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")), .table = "users");
    f->project = kin_define(schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")), .table = "projects");
    f->task = kin_define(schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title", .validate = { .function = firm_validate })), .table = "tasks");
    f->badge = kin_define(schema, "Badge", KIN_ATTRIBUTES(KIN_STRING("number", .validate = { .function = firm_validate })), .table = "badges");
    f->link = kin_define(schema, "UserProjects", KIN_ATTRIBUTES(KIN_STRING("status", .validate = { .function = firm_validate })), .table = "user_projects");
    f->projects = kin_belongs_to_many(f->user, f->project, .through_model = f->link);
    f->users = kin_belongs_to_many(f->project, f->user, .through_model = f->link);
    f->tasks = kin_has_many(f->project, f->task);
    f->project_of = kin_belongs_to(f->task, f->project);
    f->badge_of = kin_has_one(f->user, f->badge);
    f->user_of = kin_belongs_to(f->badge, f->user);
    for (int kind = KIN_BEFORE_CREATE; kind <= KIN_AFTER_BULK_DESTROY; kind++) {
        kin_hook_add(f->task, (kin_hook_kind)kind, firm_hook, f);
        kin_hook_add(f->badge, (kin_hook_kind)kind, firm_hook, f);
        kin_hook_add(f->link, (kin_hook_kind)kind, firm_hook, f);
    }
}

/* p1 has t1; ann has the badge b1 and is linked to p1. */
static void firm_fill(struct firm *f) {
    kin_session *s = f->w.s;
    f->ann = kin_create(s, f->user, { "name", kin("ann") });
    f->p[0] = kin_create(s, f->project, { "title", kin("p1") });
    f->p[1] = kin_create(s, f->project, { "title", kin("p2") });
    f->t[0] = kin_create(s, f->task, { "title", kin("t1") }, { "project_id", kin_key_of(f->p[0]) });
    f->t[1] = kin_create(s, f->task, { "title", kin("t2") });
    f->t[2] = kin_create(s, f->task, { "title", kin("t3") });
    f->b[0] = kin_create(s, f->badge, { "number", kin("b1") }, { "user_id", kin_key_of(f->ann) });
    f->b[1] = kin_create(s, f->badge, { "number", kin("b2") });
    kin_create(s, f->link, { "user_id", kin_key_of(f->ann) }, { "project_id", kin_key_of(f->p[0]) }, { "status", kin("new") });
    assert_kin_ok(s);
    world_forget(&f->w);
    f->heard_count = 0;
}

static void firm_open(struct firm *f) {
    memset(f, 0, sizeof *f);
    world_start(&f->w);
    firm_declare(f);
    world_open(&f->w);
    firm_fill(f);
}

/* The same on a database where two sessions do not wait for each other's transactions. */
static void firm_open_for_two(struct firm *f) {
    char url[4096];
    if (strncmp(test_url(), "sqlite::memory:", 15) != 0) {
        firm_open(f);
        return;
    }
    memset(f, 0, sizeof *f);
    world_start(&f->w);
    firm_declare(f);
    snprintf(url, sizeof url, "sqlite:%s/two.db", test_temporary());
    f->w.db = kin_open(url, f->w.schema);
    assert_null(kin_db_error(f->w.db));
    f->w.s = kin_session_open(f->w.db);
    assert_true(kin_sync(f->w.db));
    firm_fill(f);
}

static size_t heard(struct firm *f, kin_hook_kind kind) {
    size_t count = 0;
    for (size_t i = 0; i < f->heard_count; i++)
        count += f->heard[i] == kind;
    return count;
}

/* All links as a session sees them: tasks with their project, badges with their user, join rows with their status. */
static const char *links_seen_by(kin_session *s) {
    static char text[512];
    size_t size = 0;
    text[0] = '\0';
    kin_rows tasks = kin_query(s, "SELECT t.title AS a, p.title AS b FROM tasks t INNER JOIN projects p ON p.id = t.project_id ORDER BY t.title");
    kin_rows badges = kin_query(s, "SELECT b.number AS a, u.name AS b FROM badges b INNER JOIN users u ON u.id = b.user_id ORDER BY b.number");
    kin_rows joins = kin_query(s, "SELECT p.title AS a, l.status AS b FROM user_projects l INNER JOIN projects p ON p.id = l.project_id ORDER BY p.title");
    const kin_rows all[] = { tasks, badges, joins };
    assert_kin_ok(s);
    for (size_t k = 0; k < 3; k++)
        for (size_t i = 0; i < all[k].count; i++)
            size += (size_t)snprintf(text + size, sizeof text - size, "%s%s:%s", size ? " " : "", kin_text(all[k].at[i], "a"),
                                     kin_is_null(all[k].at[i], "b") ? "NULL" : kin_text(all[k].at[i], "b"));
    return text;
}

/* ---- transactions ---- */

static const char firm_before[] = "t1:p1 b1:ann p1:new";

/* Runs one change in a transaction: this session sees what it left, another sees nothing of it, and a rollback undoes it. */
static void in_transaction(struct firm *f, kin_session *other, void (*change)(struct firm *f), const char *after) {
    assert_true(kin_begin(f->w.s));
    change(f);
    assert_kin_ok(f->w.s);
    assert_string_equal(links_seen_by(f->w.s), after);
    assert_string_equal(links_seen_by(other), firm_before);
    assert_int_equal(kin_transaction_depth(f->w.s), 1);
    assert_true(kin_rollback(f->w.s));
    assert_string_equal(links_seen_by(f->w.s), firm_before);
}

static void change_belongs_to(struct firm *f) {
    kin_set_one(f->t[0], f->project_of, f->p[1]);
    assert_true(kin_equals(kin_get_one(f->t[0], f->project_of), f->p[1]));
}
static void change_belongs_to_by_key(struct firm *f) { kin_set_one_key(f->t[0], f->project_of, kin_key_of(f->p[1])); }
static void change_has_one(struct firm *f) {
    kin_set_one(f->ann, f->badge_of, f->b[1]);
    assert_true(kin_equals(kin_get_one(f->ann, f->badge_of), f->b[1]));
}
static void change_many_set(struct firm *f) {
    kin_set(f->p[0], f->tasks, KIN_ROWS(f->t[1], f->t[2]));
    assert_int_equal(kin_count(f->p[0], f->tasks), 2);
    assert_true(kin_has_exactly(f->p[0], f->tasks, KIN_ROWS(f->t[1], f->t[2])));
}
static void change_many_add(struct firm *f) { kin_add(f->p[1], f->tasks, KIN_ROWS(f->t[1])); }
static void change_many_remove(struct firm *f) { kin_remove(f->p[0], f->tasks, KIN_ROWS(f->t[0])); }
static void change_many_create(struct firm *f) { kin_create_for(f->p[1], f->tasks, { "title", kin("t9") }); }
static void change_through_set(struct firm *f) {
    kin_set(f->ann, f->projects, KIN_ROWS(f->p[1]), .through = KIN_VALUES({ "status", kin("x") }));
    assert_int_equal(kin_get(f->ann, f->projects).count, 1);
    assert_true(kin_has(f->ann, f->projects, KIN_ROWS(f->p[1])));
}
static void change_through_add(struct firm *f) { kin_add(f->ann, f->projects, KIN_ROWS(f->p[0], f->p[1]), .through = KIN_VALUES({ "status", kin("y") })); }
static void change_through_remove(struct firm *f) { kin_remove(f->ann, f->projects, KIN_ROWS(f->p[0])); }
static void change_through_create(struct firm *f) { kin_create_for(f->ann, f->projects, { "title", kin("p9") }); }
static void change_join_row(struct firm *f) {
    kin_row *join = kin_through(kin_get(f->ann, f->projects).at[0], f->link);
    kin_put(join, "status", kin("z"));
    kin_save(join);
}

TEST(G60_every_verb_is_part_of_the_transaction) {
    struct firm f;
    firm_open_for_two(&f);
    kin_session *other = kin_session_open(f.w.db);
    assert_string_equal(links_seen_by(other), firm_before);
    in_transaction(&f, other, change_belongs_to, "t1:p2 b1:ann p1:new");
    in_transaction(&f, other, change_belongs_to_by_key, "t1:p2 b1:ann p1:new");
    in_transaction(&f, other, change_has_one, "t1:p1 b2:ann p1:new");
    in_transaction(&f, other, change_many_set, "t2:p1 t3:p1 b1:ann p1:new");
    in_transaction(&f, other, change_many_add, "t1:p1 t2:p2 b1:ann p1:new");
    in_transaction(&f, other, change_many_remove, "b1:ann p1:new");
    in_transaction(&f, other, change_many_create, "t1:p1 t9:p2 b1:ann p1:new");
    in_transaction(&f, other, change_through_set, "t1:p1 b1:ann p2:x");
    in_transaction(&f, other, change_through_add, "t1:p1 b1:ann p1:y p2:y");
    in_transaction(&f, other, change_through_remove, "t1:p1 b1:ann");
    in_transaction(&f, other, change_through_create, "t1:p1 b1:ann p1:new p9:NULL");
    in_transaction(&f, other, change_join_row, "t1:p1 b1:ann p1:z");
    assert_true(kin_begin(f.w.s));
    change_through_set(&f);
    assert_true(kin_commit(f.w.s));
    assert_string_equal(links_seen_by(other), "t1:p1 b1:ann p2:x");
    kin_session_close(other);
    world_close(&f.w);
}

/* ---- options ---- */

TEST(G61_the_session_s_log_sees_every_verb) {
    struct firm f;
    firm_open(&f);
    struct { const char *verb; size_t least; } seen[12];
    size_t count = 0;
#define SEEN(call) ((void)(call), seen[count].verb = #call, seen[count++].least = f.w.statement_count, world_forget(&f.w))
    SEEN(kin_get(f.ann, f.projects));
    SEEN(kin_get_one(f.t[0], f.project_of));
    SEEN(kin_count(f.ann, f.projects));
    SEEN(kin_has(f.ann, f.projects, KIN_ROWS(f.p[0])));
    SEEN(kin_set(f.ann, f.projects, KIN_ROWS(f.p[1])));
    SEEN(kin_add(f.ann, f.projects, KIN_ROWS(f.p[0])));
    SEEN(kin_remove(f.ann, f.projects, KIN_ROWS(f.p[0])));
    SEEN(kin_create_for(f.ann, f.projects, KIN_DEFAULTS));
    SEEN(kin_set_one(f.t[0], f.project_of, f.p[1]));
    SEEN(kin_set_one(f.ann, f.badge_of, f.b[1]));
    SEEN(kin_set(f.p[0], f.tasks, KIN_ROWS(f.t[1])));
#undef SEEN
    assert_kin_ok(f.w.s);
    for (size_t i = 0; i < count; i++)
        if (seen[i].least == 0)
            fail_msg("nothing was logged for %s", seen[i].verb);
    world_close(&f.w);
}

TEST(G61_hooks_run_unless_no_hooks) {
    struct firm f;
    firm_open(&f);
    kin_set_one(f.t[0], f.project_of, f.p[1]);
    assert_int_equal(heard(&f, KIN_BEFORE_UPDATE), 1);
    kin_set_one(f.t[0], f.project_of, f.p[0], .no_hooks = true);
    assert_int_equal(heard(&f, KIN_BEFORE_UPDATE), 1);
    kin_set_one(f.ann, f.badge_of, f.b[1]); /* the one that leaves, the one that comes */
    assert_int_equal(heard(&f, KIN_BEFORE_UPDATE), 3);
    kin_set_one(f.ann, f.badge_of, f.b[0], .no_hooks = true);
    assert_int_equal(heard(&f, KIN_BEFORE_UPDATE), 3);
    kin_add(f.p[1], f.tasks, KIN_ROWS(f.t[1]));
    kin_remove(f.p[1], f.tasks, KIN_ROWS(f.t[1]));
    assert_int_equal(heard(&f, KIN_BEFORE_BULK_UPDATE), 2);
    kin_add(f.p[1], f.tasks, KIN_ROWS(f.t[1]), .no_hooks = true);
    assert_int_equal(heard(&f, KIN_BEFORE_BULK_UPDATE), 2);
    kin_add(f.ann, f.projects, KIN_ROWS(f.p[1]));
    assert_int_equal(heard(&f, KIN_AFTER_BULK_CREATE), 1);
    kin_remove(f.ann, f.projects, KIN_ROWS(f.p[1]));
    assert_int_equal(heard(&f, KIN_AFTER_BULK_DESTROY), 1);
    kin_add(f.ann, f.projects, KIN_ROWS(f.p[1]), .no_hooks = true);
    kin_set(f.ann, f.projects, KIN_NONE, .no_hooks = true);
    assert_int_equal(heard(&f, KIN_AFTER_BULK_CREATE) + heard(&f, KIN_AFTER_BULK_DESTROY), 2);
    assert_int_equal(heard(&f, KIN_AFTER_CREATE), 0);
    kin_create_for(f.p[1], f.tasks, { "title", kin("t4") });
    assert_int_equal(heard(&f, KIN_AFTER_CREATE), 1);
    kin_create_linked(f.p[1], f.tasks, KIN_VALUES({ "title", kin("t5") }), .no_hooks = true);
    assert_int_equal(heard(&f, KIN_AFTER_CREATE), 1);
    assert_kin_ok(f.w.s);
    world_close(&f.w);
}

TEST(G61_individual_hooks_run_for_each_target) {
    struct firm f;
    firm_open(&f);
    kin_add(f.p[1], f.tasks, KIN_ROWS(f.t[1], f.t[2]), .individual_hooks = true);
    assert_int_equal(heard(&f, KIN_BEFORE_UPDATE), 2);
    kin_set(f.p[1], f.tasks, KIN_ROWS(f.t[2]), .individual_hooks = true);
    assert_int_equal(heard(&f, KIN_AFTER_UPDATE), 3);
    kin_remove(f.p[1], f.tasks, KIN_KEYS(kin_key_of(f.t[2])), .individual_hooks = true);
    assert_int_equal(heard(&f, KIN_AFTER_UPDATE), 4);
    assert_kin_ok(f.w.s);
    assert_string_equal(links_seen_by(f.w.s), firm_before);
    world_close(&f.w);
}

TEST(G61_validators_run_unless_no_validate) {
    struct firm f;
    firm_open(&f);
    const kin_values bad_status = KIN_VALUES({ "status", kin("bad") });
    kin_put(f.b[1], "number", kin("bad"));
    assert_false(kin_set_one(f.ann, f.badge_of, f.b[1]));
    assert_kin_error(f.w.s, KIN_INVALID, "must not be bad");
    assert_null(kin_create_for(f.p[1], f.tasks, { "title", kin("bad") }));
    assert_kin_error(f.w.s, KIN_INVALID, "must not be bad");
    assert_false(kin_add(f.ann, f.projects, KIN_ROWS(f.p[1]), .through = bad_status));
    assert_kin_error(f.w.s, KIN_INVALID, "must not be bad");
    assert_string_equal(links_seen_by(f.w.s), firm_before);
    assert_true(kin_set_one(f.ann, f.badge_of, f.b[1], .no_validate = true));
    assert_non_null(kin_create_linked(f.p[1], f.tasks, KIN_VALUES({ "title", kin("bad") }), .no_validate = true));
    assert_true(kin_add(f.ann, f.projects, KIN_ROWS(f.p[1]), .through = bad_status, .no_validate = true));
    assert_string_equal(links_seen_by(f.w.s), "bad:p2 t1:p1 bad:ann p1:new p2:bad");
    world_close(&f.w);
}

/* ---- what is no target ---- */

TEST(G62_a_row_of_another_model_is_refused_and_nothing_sent) {
    struct firm f;
    firm_open(&f);
    assert_false(kin_add(f.ann, f.projects, KIN_ROWS(f.p[0], f.t[0])));
    assert_kin_error(f.w.s, KIN_MISUSE, "target 2 of 2 is a Task, but User.Projects takes rows of Project");
    kin_set(f.ann, f.projects, KIN_ROWS(f.b[0]));
    assert_kin_error(f.w.s, KIN_MISUSE, "is a Badge, but User.Projects takes rows of Project");
    assert_false(kin_remove(f.ann, f.projects, KIN_ROWS(f.ann)));
    assert_kin_error(f.w.s, KIN_MISUSE, "is a User, but User.Projects takes rows of Project");
    assert_false(kin_has(f.ann, f.projects, KIN_ROWS(f.t[0])));
    assert_kin_error(f.w.s, KIN_MISUSE, "is a Task");
    assert_false(kin_has_exactly(f.ann, f.projects, KIN_ROWS(f.t[0])));
    assert_kin_error(f.w.s, KIN_MISUSE, "is a Task");
    kin_set(f.p[0], f.tasks, KIN_ROWS(f.p[0]));
    assert_kin_error(f.w.s, KIN_MISUSE, "is a Project, but Project.Tasks takes rows of Task");
    assert_false(kin_set_one(f.t[0], f.project_of, f.t[1]));
    assert_kin_error(f.w.s, KIN_MISUSE, "is a Task, but Task.Project takes rows of Project");
    assert_false(kin_set_one(f.ann, f.badge_of, f.p[0]));
    assert_kin_error(f.w.s, KIN_MISUSE, "is a Project, but User.Badge takes rows of Badge");
    kin_get(f.t[0], f.projects); /* and a source of another model */
    assert_kin_error(f.w.s, KIN_MISUSE, "the row is a Task, but User.Projects starts from a User");
    assert_false(kin_add(f.p[0], f.projects, KIN_ROWS(f.p[1])));
    assert_kin_error(f.w.s, KIN_MISUSE, "the row is a Project");
    assert_int_equal(f.w.statement_count, 0);
    assert_string_equal(links_seen_by(f.w.s), firm_before);
    world_close(&f.w);
}

TEST(G62_a_value_that_is_no_key_is_refused_and_nothing_sent) {
    struct firm f;
    firm_open(&f);
    assert_false(kin_add(f.ann, f.projects, KIN_KEYS(kin("p1"))));
    assert_kin_error(f.w.s, KIN_MISUSE, "id");
    assert_false(kin_remove(f.ann, f.projects, KIN_KEYS(kin(1.5))));
    assert_kin_error(f.w.s, KIN_MISUSE, "id");
    assert_false(kin_has(f.ann, f.projects, KIN_KEYS(kin_key(kin(1), kin(2)))));
    assert_kin_error(f.w.s, KIN_MISUSE, "the key of Project has 1 part, not 2");
    assert_false(kin_set_one_key(f.t[0], f.project_of, kin(kin_value_blob("x", 1))));
    assert_kin_error(f.w.s, KIN_MISUSE, "id");
    kin_add(f.t[0], f.project_of, KIN_ROWS(f.p[0])); /* the verb of another kind */
    assert_kin_error(f.w.s, KIN_MISUSE, "kin_set_one");
    kin_get_one(f.ann, f.projects);
    assert_kin_error(f.w.s, KIN_MISUSE, "kin_get");
    assert_int_equal(f.w.statement_count, 0);
    assert_string_equal(links_seen_by(f.w.s), firm_before);
    world_close(&f.w);
}

/* ---- rows in memory ---- */

TEST(G63_verbs_leave_what_an_include_loaded) {
    struct firm f;
    firm_open(&f);
    kin_row *project = kin_find_by_pk(f.w.s, f.project, kin_key_of(f.p[0]), .include = KIN_INCLUDE(KIN_WITH(f.tasks), KIN_WITH(f.users)));
    kin_row *task = kin_find_by_pk(f.w.s, f.task, kin_key_of(f.t[0]), .include = KIN_INCLUDE(KIN_WITH(f.project_of)));
    kin_row *ann = kin_find_by_pk(f.w.s, f.user, kin_key_of(f.ann), .include = KIN_INCLUDE(KIN_WITH(f.badge_of)));
    kin_set(project, f.tasks, KIN_ROWS(f.t[1], f.t[2]));
    kin_set(project, f.users, KIN_NONE);
    kin_create_for(project, f.tasks, { "title", kin("t4") });
    kin_set_one(task, f.project_of, f.p[1]);
    kin_set_one(ann, f.badge_of, NULL);
    assert_kin_ok(f.w.s);
    assert_int_equal(kin_related(project, f.tasks).count, 1);
    assert_string_equal(kin_text(kin_related(project, f.tasks).at[0], "title"), "t1");
    assert_int_equal(kin_related(project, f.users).count, 1);
    assert_true(kin_equals(kin_related_one(task, f.project_of), f.p[0]));
    assert_true(kin_equals(kin_related_one(ann, f.badge_of), f.b[0]));
    assert_string_equal(links_seen_by(f.w.s), "t1:p2 t2:p1 t3:p1 t4:p1");
    world_close(&f.w);
}

TEST(G64_either_side_controls_the_relation) {
    struct firm f;
    firm_open(&f);
    kin_set_one(f.t[0], f.project_of, NULL);
    assert_false(kin_has(f.p[0], f.tasks, KIN_ROWS(f.t[0])));
    assert_int_equal(kin_get(f.p[0], f.tasks).count, 0);
    kin_add(f.p[1], f.tasks, KIN_ROWS(f.t[0]));
    assert_true(kin_equals(kin_get_one(f.t[0], f.project_of), f.p[1]));
    kin_remove(f.p[1], f.tasks, KIN_ROWS(f.t[0]));
    assert_null(kin_get_one(f.t[0], f.project_of));
    kin_set_one(f.b[0], f.user_of, NULL);
    assert_null(kin_get_one(f.ann, f.badge_of));
    kin_set_one(f.ann, f.badge_of, f.b[1]);
    assert_true(kin_equals(kin_get_one(f.b[1], f.user_of), f.ann));
    kin_remove(f.p[0], f.users, KIN_ROWS(f.ann));
    assert_false(kin_has(f.ann, f.projects, KIN_ROWS(f.p[0])));
    kin_add(f.p[1], f.users, KIN_ROWS(f.ann), .through = KIN_VALUES({ "status", kin("in") }));
    assert_string_equal(links_seen_by(f.w.s), "b2:ann p2:in");
    world_close(&f.w);
}

TEST(G65_verbs_work_on_rows_of_every_origin) {
    struct firm f;
    firm_open(&f);
    kin_row *sources[8];
    size_t count = 0;
    sources[count++] = kin_find_one(f.w.s, f.user);
    sources[count++] = kin_find_all(f.w.s, f.user, .attributes = KIN_NO_NAMES).at[0];
    sources[count++] = kin_create(f.w.s, f.user, { "name", kin("made") });
    sources[count] = kin_build(f.w.s, f.user, { "name", kin("built") });
    assert_true(kin_save(sources[count++]));
    sources[count++] = kin_related(kin_find_by_pk(f.w.s, f.project, kin_key_of(f.p[0]), .include = KIN_INCLUDE(KIN_WITH(f.users))), f.users).at[0];
    sources[count++] = kin_get(f.p[0], f.users, .through_attributes = KIN_NO_NAMES).at[0];
    sources[count++] = kin_get_one(f.b[0], f.user_of);
    sources[count++] = kin_set(f.p[0], f.users, KIN_KEYS(kin_key_of(f.ann))).at[0];
    assert_kin_ok(f.w.s);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(kin_set(sources[i], f.projects, KIN_NONE).count, 0);
        assert_true(kin_add(sources[i], f.projects, KIN_ROWS(f.p[1])));
        assert_true(kin_has_exactly(sources[i], f.projects, KIN_ROWS(f.p[1])));
        assert_int_equal(kin_count(sources[i], f.projects), 1);
        kin_row *project = kin_get(sources[i], f.projects).at[0];
        assert_true(kin_has(project, f.users, KIN_ROWS(sources[i]))); /* and so on, from what a getter gave */
        assert_true(kin_set_one(sources[i], f.badge_of, f.b[1]));
        assert_true(kin_remove(sources[i], f.projects, KIN_ROWS(project)));
        assert_kin_ok(f.w.s);
    }
    world_close(&f.w);
}

TEST(G58_every_kind_creates_without_values) {
    struct firm f;
    firm_open(&f);
    kin_row *task = kin_create_for(f.p[1], f.tasks, KIN_DEFAULTS), *project = kin_create_for(f.t[1], f.project_of, KIN_DEFAULTS);
    kin_row *badge = kin_create_for(f.ann, f.badge_of, KIN_DEFAULTS);
    assert_kin_ok(f.w.s);
    assert_true(kin_equals(kin_get_one(task, f.project_of), f.p[1]));
    assert_true(kin_equals(kin_get_one(f.t[1], f.project_of), project));
    assert_true(kin_equals(kin_get_one(badge, f.user_of), f.ann));
    assert_kin_ok(f.w.s);
    world_close(&f.w);
}

TEST(G66_lists_may_be_made_at_run_time) {
    struct firm f;
    firm_open(&f);
    enum { MANY = 300 };
    kin_row *rows[MANY];
    kin_value keys[MANY];
    for (size_t i = 0; i < MANY; i++) {
        rows[i] = kin_create(f.w.s, f.project, KIN_DEFAULTS);
        keys[i] = kin_key_of(rows[i]);
    }
    assert_kin_ok(f.w.s);
    assert_int_equal(kin_set(f.ann, f.projects, kin_rows_of(MANY, rows)).count, MANY);
    assert_true(kin_has_exactly(f.ann, f.projects, kin_keys_of(MANY, keys)));
    assert_true(kin_remove(f.ann, f.projects, kin_keys_of(MANY - 1, keys)));
    assert_true(kin_has_exactly(f.ann, f.projects, kin_rows_of(1, rows + MANY - 1)));
    kin_rows all = kin_find_all(f.w.s, f.project, .where = kin_in_list("id", MANY, keys));
    assert_true(kin_add(f.ann, f.projects, kin_rows_of(all.count, all.at))); /* a result goes straight in */
    assert_int_equal(kin_count(f.ann, f.projects), MANY);
    assert_kin_ok(f.w.s);
    world_close(&f.w);
}
