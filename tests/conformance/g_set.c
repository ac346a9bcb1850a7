/* kin_set over a join model: exactly the given links, with no more written than differs, all or nothing. */
#include "world.h"

struct team {
    struct world w;
    kin_model *user, *project, *link;
    kin_association *projects, *users;
    kin_row *ann, *bob, *p[6];
};

static void team_declare(struct team *t) {
    static const double lowest = 0;
    kin_schema_defaults(t->w.schema, .underscored = true);
    t->user = kin_define(t->w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")), .table = "users");
    t->project = kin_define(t->w.schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")), .table = "projects");
    t->link = kin_define(t->w.schema, "UserProjects",
                         KIN_ATTRIBUTES(KIN_STRING("status", .default_value = kin("new")), KIN_INTEGER("points", .validate = { .minimum = &lowest })),
                         .table = "user_projects", .timestamps = true);
    t->projects = kin_belongs_to_many(t->user, t->project, .through_model = t->link);
    t->users = kin_belongs_to_many(t->project, t->user, .through_model = t->link);
}

/* ann is linked to the first `count` of p1 … p6, bob to p1. */
static void team_fill(struct team *t, size_t count) {
    static const char *const titles[] = { "p1", "p2", "p3", "p4", "p5", "p6" };
    t->ann = kin_create(t->w.s, t->user, { "name", kin("ann") });
    t->bob = kin_create(t->w.s, t->user, { "name", kin("bob") });
    for (size_t i = 0; i < 6; i++)
        t->p[i] = kin_create(t->w.s, t->project, { "title", kin(titles[i]) });
    for (size_t i = 0; i < count; i++)
        kin_create(t->w.s, t->link, { "user_id", kin_key_of(t->ann) }, { "project_id", kin_key_of(t->p[i]) });
    kin_create(t->w.s, t->link, { "user_id", kin_key_of(t->bob) }, { "project_id", kin_key_of(t->p[0]) });
    assert_kin_ok(t->w.s);
    world_forget(&t->w);
}

static void team_open(struct team *t, size_t count) {
    world_start(&t->w);
    team_declare(t);
    world_open(&t->w);
    team_fill(t, count);
}

/* What the database has for a user: "p1:new p2:done", by title. Forgets the statements. */
static const char *links(struct team *t, const kin_row *user) {
    static char text[512];
    size_t size = 0;
    assert_kin_ok(t->w.s);
    kin_rows rows = kin_query(t->w.s, "SELECT p.title AS title, l.status AS status FROM user_projects l INNER JOIN projects p ON p.id = l.project_id "
                                      "WHERE l.user_id = ? ORDER BY p.title", kin_key_of(user));
    text[0] = '\0';
    for (size_t i = 0; i < rows.count; i++) {
        const char *status = kin_is_null(rows.at[i], "status") ? "NULL" : kin_text(rows.at[i], "status");
        size += (size_t)snprintf(text + size, sizeof text - size, "%s%s:%s", i ? " " : "", kin_text(rows.at[i], "title"), status);
    }
    assert_kin_ok(t->w.s);
    world_forget(&t->w);
    return text;
}

/* The first statement that begins with the word; "" when there is none. */
static const char *statement_of(const struct world *w, const char *word) {
    for (size_t i = 0; i < w->statement_count; i++)
        if (strncmp(w->statements[i], word, strlen(word)) == 0)
            return w->statements[i];
    return "";
}

static size_t occurrences(const char *text, const char *part) {
    size_t count = 0;
    for (; (text = strstr(text, part)) != NULL; text += strlen(part))
        count++;
    return count;
}

/* ---- exactly these ---- */

TEST(G20_set_makes_the_links_exactly_these) {
    struct team t;
    team_open(&t, 3);
    kin_set(t.ann, t.projects, KIN_ROWS(t.p[2], t.p[3], t.p[4]));
    assert_kin_ok(t.w.s);
    assert_int_equal(world_sent(&t.w, "DELETE"), 1);
    assert_int_equal(world_sent(&t.w, "INSERT"), 1);
    assert_int_equal(world_sent(&t.w, "UPDATE"), 0);
    assert_int_equal(occurrences(statement_of(&t.w, "INSERT"), "), ("), 1); /* two rows, not three */
    assert_non_null(strstr(statement_of(&t.w, "DELETE"), " IN ("));
    assert_int_equal(kin_transaction_depth(t.w.s), 0);
    assert_string_equal(links(&t, t.ann), "p3:new p4:new p5:new");
    assert_string_equal(links(&t, t.bob), "p1:new");
    assert_int_equal(world_number(&t.w, "SELECT count(*) AS n FROM projects"), 6);
    world_close(&t.w);
}

TEST(G20_only_what_is_needed_is_sent) {
    struct team t;
    team_open(&t, 2);
    kin_set(t.ann, t.projects, KIN_ROWS(t.p[0], t.p[1], t.p[2])); /* nothing leaves */
    assert_int_equal(world_sent(&t.w, "DELETE"), 0);
    assert_int_equal(world_sent(&t.w, "INSERT"), 1);
    assert_string_equal(links(&t, t.ann), "p1:new p2:new p3:new");
    kin_set(t.ann, t.projects, KIN_ROWS(t.p[1])); /* nothing joins */
    assert_int_equal(world_sent(&t.w, "DELETE"), 1);
    assert_int_equal(world_sent(&t.w, "INSERT"), 0);
    assert_string_equal(links(&t, t.ann), "p2:new");
    assert_string_equal(links(&t, t.bob), "p1:new");
    world_close(&t.w);
}

TEST(G21_the_same_set_is_one_read) {
    struct team t;
    team_open(&t, 3);
    assert_int_equal(kin_execute(t.w.s, "UPDATE user_projects SET status = 'kept', updated_at = '2001-02-03 04:05:06'"), 4);
    world_forget(&t.w);
    kin_set(t.ann, t.projects, KIN_ROWS(t.p[2], t.p[0], t.p[1]));
    assert_int_equal(t.w.statement_count, 1); /* no transaction either */
    assert_int_equal(world_sent(&t.w, "SELECT"), 1);
    assert_null(strstr(world_statement(&t.w, 0), "FOR UPDATE"));
    kin_set(t.ann, t.projects, KIN_ROWS(t.p[0], t.p[1], t.p[2], t.p[3])); /* those that stay are not written */
    assert_int_equal(world_sent(&t.w, "UPDATE"), 0);
    assert_string_equal(links(&t, t.ann), "p1:kept p2:kept p3:kept p4:new");
    kin_rows rows = kin_find_all(t.w.s, t.link, .where = kin_and(kin_eq("user_id", kin_key_of(t.ann)), kin_eq("status", "kept")));
    assert_int_equal(rows.count, 3);
    for (size_t i = 0; i < rows.count; i++)
        assert_int_equal(kin_date_of(rows.at[i], "updated_at"), kin_date_from(2001, 2, 3, 4, 5, 6));
    world_close(&t.w);
}

TEST(G22_what_is_linked_is_read_from_the_join_model) {
    struct team t;
    world_start(&t.w);
    kin_schema_defaults(t.w.schema, .underscored = true);
    t.user = kin_define(t.w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")), .table = "users");
    t.project = kin_define(t.w.schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")), .table = "projects", .timestamps = true, .paranoid = true);
    t.link = kin_define(t.w.schema, "UserProjects", KIN_ATTRIBUTES(KIN_INTEGER("id", .primary_key = true, .auto_increment = true), KIN_STRING("status")),
                        .table = "user_projects");
    t.projects = kin_belongs_to_many(t.user, t.project, .as = "projects", .through_model = t.link, .not_unique = true,
                                     .through_scope = KIN_VALUES({ "status", kin("new") }));
    kin_association *old = kin_belongs_to_many(t.user, t.project, .as = "old", .through_model = t.link, .not_unique = true,
                                               .through_scope = KIN_VALUES({ "status", kin("old") }));
    world_open(&t.w);
    team_fill(&t, 0);
    kin_execute(t.w.s, "DELETE FROM user_projects");
    assert_true(kin_add(t.ann, t.projects, KIN_ROWS(t.p[0], t.p[1])) && kin_add(t.ann, old, KIN_ROWS(t.p[0], t.p[2])));
    assert_true(kin_destroy(t.p[0])); /* hidden, and so is its link to getters */
    assert_int_equal(kin_get(t.ann, t.projects).count, 1);
    world_forget(&t.w);
    kin_set(t.ann, t.projects, KIN_ROWS(t.p[1], t.p[3]));
    assert_kin_ok(t.w.s);
    assert_null(strstr(statement_of(&t.w, "SELECT"), "JOIN"));
    assert_string_equal(links(&t, t.ann), "p1:old p2:new p3:old p4:new");
    world_close(&t.w);
}

TEST(G23_links_that_stay_are_updated_where_their_attributes_differ) {
    struct team t;
    team_open(&t, 3);
    kin_execute(t.w.s, "UPDATE user_projects SET status = 'done' WHERE project_id = ?", kin_key_of(t.p[1]));
    world_forget(&t.w);
    kin_set(t.ann, t.projects, KIN_ROWS(t.p[0], t.p[1]), .through = KIN_VALUES({ "status", kin("done") }));
    assert_int_equal(world_sent(&t.w, "UPDATE"), 1);
    assert_int_equal(world_sent(&t.w, "DELETE"), 1);
    assert_int_equal(world_sent(&t.w, "INSERT"), 0);
    assert_string_equal(links(&t, t.ann), "p1:done p2:done");
    kin_set(t.ann, t.projects, KIN_ROWS(t.p[0], t.p[1]), .through = KIN_VALUES({ "status", kin("done") }));
    assert_int_equal(t.w.statement_count, 1); /* all are as they should be: the read alone */
    kin_put_through(t.p[1], t.link, KIN_VALUES({ "status", kin("late") }));
    kin_set(t.ann, t.projects, KIN_ROWS(t.p[0], t.p[1], t.p[2]), .through = KIN_VALUES({ "status", kin_null }));
    assert_string_equal(links(&t, t.ann), "p1:NULL p2:late p3:NULL");
    assert_string_equal(links(&t, t.bob), "p1:new");
    world_close(&t.w);
}

TEST(G24_set_of_nothing_ends_all_links) {
    struct team t;
    team_open(&t, 3);
    assert_int_equal(kin_set(t.ann, t.projects, KIN_NONE).count, 0);
    assert_int_equal(world_sent(&t.w, "DELETE"), 1);
    assert_int_equal(world_sent(&t.w, "INSERT") + world_sent(&t.w, "UPDATE"), 0);
    assert_string_equal(links(&t, t.ann), "");
    assert_string_equal(links(&t, t.bob), "p1:new");
    assert_int_equal(world_number(&t.w, "SELECT count(*) AS n FROM projects"), 6);
    world_forget(&t.w);
    kin_set(t.ann, t.projects, kin_rows_of(0, NULL)); /* there is none: nothing to delete */
    assert_int_equal(world_sent(&t.w, "DELETE"), 0);
    kin_set(t.bob, t.projects, kin_keys_of(0, NULL));
    assert_string_equal(links(&t, t.bob), "");
    world_close(&t.w);
}

TEST(G25_G26_one_target_or_keys) {
    struct team t;
    team_open(&t, 2);
    kin_set(t.ann, t.projects, KIN_ROWS(t.p[3]));
    assert_string_equal(links(&t, t.ann), "p4:new");
    kin_rows now = kin_set(t.ann, t.projects, KIN_KEYS(kin_key_of(t.p[3]), kin_key_of(t.p[1])));
    for (size_t i = 0; i < t.w.statement_count; i++) /* keys are trusted: nobody looks them up */
        assert_null(strstr(t.w.statements[i], "title"));
    assert_int_equal(world_sent(&t.w, "DELETE"), 0);
    assert_int_equal(world_sent(&t.w, "INSERT"), 1);
    assert_int_equal(now.count, 2);
    assert_string_equal(links(&t, t.ann), "p2:new p4:new");
    kin_set(t.ann, t.projects, KIN_KEYS(kin_key_of(t.p[5])));
    assert_string_equal(links(&t, t.ann), "p6:new");
    world_close(&t.w);
}

TEST(G27_a_key_without_a_target_is_refused_by_the_foreign_key) {
    struct team t;
    team_open(&t, 2);
    assert_int_equal(kin_set(t.ann, t.projects, KIN_KEYS(kin_key_of(t.p[1]), kin(999))).count, 0);
    assert_int_equal(kin_error_of(t.w.s)->constraint, KIN_FOREIGN_KEY);
    assert_kin_error(t.w.s, KIN_CONSTRAINT, "UserProjects");
    assert_int_equal(kin_transaction_depth(t.w.s), 0);
    assert_string_equal(links(&t, t.ann), "p1:new p2:new");
    assert_false(kin_add(t.ann, t.projects, KIN_KEYS(kin(999))));
    assert_kin_error(t.w.s, KIN_CONSTRAINT, "UserProjects");
    assert_string_equal(links(&t, t.ann), "p1:new p2:new");
    world_close(&t.w);
}

TEST(G27_without_constraints_any_key_is_stored) {
    struct team t;
    world_start(&t.w);
    kin_schema_defaults(t.w.schema, .underscored = true);
    t.user = kin_define(t.w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")), .table = "users");
    t.project = kin_define(t.w.schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")), .table = "projects");
    t.projects = kin_belongs_to_many(t.user, t.project, .through = "user_projects", .no_constraints = true);
    t.users = kin_belongs_to_many(t.project, t.user, .through = "user_projects", .no_constraints = true);
    world_open(&t.w);
    t.ann = kin_create(t.w.s, t.user, { "name", kin("ann") });
    assert_int_equal(kin_set(t.ann, t.projects, KIN_KEYS(kin(999))).count, 1);
    assert_kin_ok(t.w.s);
    assert_int_equal(world_number(&t.w, "SELECT count(*) AS n FROM user_projects WHERE project_id = 999"), 1);
    assert_int_equal(kin_get(t.ann, t.projects).count, 0);
    assert_kin_ok(t.w.s);
    world_close(&t.w);
}

TEST(G28_duplicates_collapse) {
    struct team t;
    team_open(&t, 0);
    kin_row *again = kin_find_by_pk(t.w.s, t.project, kin_key_of(t.p[0]));
    kin_rows now = kin_set(t.ann, t.projects, KIN_ROWS(t.p[0], t.p[1], t.p[0], again));
    assert_int_equal(now.count, 2);
    assert_true(now.at[0] == t.p[0] && now.at[1] == t.p[1]);
    assert_string_equal(links(&t, t.ann), "p1:new p2:new");
    now = kin_set(t.bob, t.projects, KIN_KEYS(kin_key_of(t.p[2]), kin_key_of(t.p[2])));
    assert_int_equal(now.count, 1);
    assert_string_equal(links(&t, t.bob), "p3:new");
    kin_row *many[40];
    for (size_t i = 0; i < 40; i++)
        many[i] = t.p[i % 5];
    assert_int_equal(kin_set(t.ann, t.projects, kin_rows_of(40, many)).count, 5);
    assert_string_equal(links(&t, t.ann), "p1:new p2:new p3:new p4:new p5:new");
    assert_true(kin_add(t.bob, t.projects, KIN_ROWS(t.p[4], t.p[4])));
    assert_string_equal(links(&t, t.bob), "p3:new p5:new");
    world_close(&t.w);
}

TEST(G29_keys_are_compared_in_their_own_type) {
    struct team t;
    char text[24], other[24];
    team_open(&t, 2);
    kin_execute(t.w.s, "UPDATE user_projects SET status = 'kept'");
    snprintf(text, sizeof text, "%lld", (long long)kin_int(t.p[0], "id"));
    snprintf(other, sizeof other, "%lld", (long long)kin_int(t.p[1], "id"));
    world_forget(&t.w);
    assert_int_equal(kin_set(t.ann, t.projects, KIN_KEYS(kin(text), kin(other))).count, 2);
    assert_int_equal(t.w.statement_count, 1);
    assert_string_equal(links(&t, t.ann), "p1:kept p2:kept");
    assert_int_equal(kin_set(t.ann, t.projects, KIN_KEYS(kin(text), kin_key_of(t.p[0]))).count, 1); /* one and the same */
    assert_string_equal(links(&t, t.ann), "p1:kept");
    assert_true(kin_has(t.ann, t.projects, KIN_KEYS(kin(text))));
    assert_true(kin_remove(t.ann, t.projects, KIN_KEYS(kin(text))));
    assert_string_equal(links(&t, t.ann), "");
    kin_set(t.ann, t.projects, KIN_KEYS(kin("one")));
    assert_kin_error(t.w.s, KIN_MISUSE, "one");
    world_close(&t.w);
}

/* ---- all or nothing ---- */

TEST(G30_set_is_all_or_nothing) {
    struct team t;
    team_open(&t, 3);
    kin_set(t.ann, t.projects, KIN_KEYS(kin_key_of(t.p[0]), kin_key_of(t.p[4]), kin(999)), .through = KIN_VALUES({ "status", kin("x") }));
    assert_int_equal(world_sent(&t.w, "DELETE"), 1); /* it had begun */
    assert_int_equal(world_sent(&t.w, "COMMIT"), 0);
    assert_kin_error(t.w.s, KIN_CONSTRAINT, "");
    assert_string_equal(links(&t, t.ann), "p1:new p2:new p3:new");
    kin_set(t.ann, t.projects, KIN_ROWS(t.p[0], t.p[4]), .through = KIN_VALUES({ "status", kin("x") }));
    assert_int_equal(world_sent(&t.w, "BEGIN") + world_sent(&t.w, "START"), 1);
    assert_int_equal(world_sent(&t.w, "COMMIT"), 1);
    assert_int_equal(world_sent(&t.w, "DELETE") + world_sent(&t.w, "INSERT") + world_sent(&t.w, "UPDATE"), 3);
    assert_string_equal(links(&t, t.ann), "p1:x p5:x");
    world_close(&t.w);
}

TEST(G30_set_in_a_transaction_is_a_level_of_its_own) {
    struct team t;
    team_open(&t, 2);
    assert_true(kin_begin(t.w.s));
    kin_row *made = kin_create(t.w.s, t.project, { "title", kin("p7") });
    assert_true(kin_begin(t.w.s));
    kin_set(t.ann, t.projects, KIN_KEYS(kin_key_of(made), kin(999)));
    assert_kin_error(t.w.s, KIN_CONSTRAINT, "");
    assert_int_equal(kin_transaction_depth(t.w.s), 2);
    assert_true(kin_rollback(t.w.s));
    kin_set(t.ann, t.projects, KIN_ROWS(t.p[1], made));
    assert_kin_ok(t.w.s);
    assert_int_equal(kin_transaction_depth(t.w.s), 1);
    assert_true(kin_commit(t.w.s));
    assert_string_equal(links(&t, t.ann), "p2:new p7:new");
    assert_true(kin_begin(t.w.s));
    kin_set(t.ann, t.projects, KIN_ROWS(t.p[3], t.p[4]));
    assert_true(kin_rollback(t.w.s));
    assert_string_equal(links(&t, t.ann), "p2:new p7:new");
    world_close(&t.w);
}

/* Another session's writes, between the first read of a set and what it writes. */
struct meddler {
    struct team *t;
    kin_session *s;
    bool done;
};

static void meddle(void *context, const kin_log_entry *entry) {
    struct meddler *meddler = context;
    if (meddler->done || strncmp(entry->sql, "SELECT", 6) != 0)
        return;
    meddler->done = true;
    struct team *t = meddler->t;
    kin_row *ann = kin_find_by_pk(meddler->s, t->user, kin_key_of(t->ann));
    kin_add(ann, t->projects, KIN_KEYS(kin_key_of(t->p[2]), kin_key_of(t->p[3])));
    kin_remove(ann, t->projects, KIN_KEYS(kin_key_of(t->p[1])));
}

TEST(G30_set_is_exact_though_others_write_meanwhile) {
    struct team t;
    team_open(&t, 2);
    struct meddler meddler = { &t, kin_session_open(t.w.db), false };
    kin_session_log(t.w.s, (kin_log){ .function = meddle, .context = &meddler });
    kin_set(t.ann, t.projects, KIN_ROWS(t.p[1], t.p[2]));
    kin_session_log(t.w.s, (kin_log){ .function = NULL });
    assert_true(meddler.done);
    assert_kin_ok(meddler.s);
    assert_string_equal(links(&t, t.ann), "p2:new p3:new");
    kin_session_close(meddler.s);
    world_close(&t.w);
}

/* ---- keys of other types ---- */

TEST(G31_custom_primary_keys_set_twice) {
    struct world w;
    world_start(&w);
    kin_schema_defaults(w.schema, .underscored = true);
    kin_model *group = kin_define(w.schema, "Group", KIN_ATTRIBUTES(KIN_STRING("code", .primary_key = true, .length = 20)), .table = "circles");
    kin_model *member = kin_define(w.schema, "Member", KIN_ATTRIBUTES(KIN_UUID("uuid", .primary_key = true, .default_uuid = true), KIN_STRING("name")),
                                   .table = "members");
    kin_association *members = kin_belongs_to_many(group, member, .through = "group_members");
    kin_association *groups = kin_belongs_to_many(member, group, .through = "group_members");
    world_open(&w);
    kin_row *blue = kin_create(w.s, group, { "code", kin("blue") }), *red = kin_create(w.s, group, { "code", kin("red") });
    kin_row *ann = kin_create(w.s, member, { "name", kin("ann") }), *bob = kin_create(w.s, member, { "name", kin("bob") });
    for (int i = 0; i < 2; i++) {
        kin_set(blue, members, KIN_ROWS(ann, bob));
        assert_int_equal(kin_get(blue, members).count, 2);
        assert_true(kin_has_exactly(ann, groups, KIN_ROWS(blue)));
        assert_int_equal(kin_count_all(w.s, kin_model_named(w.schema, "group_members")), 2);
    }
    kin_set(ann, groups, KIN_KEYS(kin("red"), kin("blue")));
    kin_set(ann, groups, KIN_KEYS(kin("red")));
    kin_rows of_red = kin_get(red, members);
    assert_int_equal(of_red.count, 1);
    assert_string_equal(kin_text(of_red.at[0], "name"), "ann");
    assert_true(kin_has_exactly(blue, members, KIN_ROWS(bob)));
    assert_kin_ok(w.s);
    world_close(&w);
}

/* ---- what it gives back ---- */

TEST(G32_set_gives_back_the_rows_now_linked) {
    struct team t;
    team_open(&t, 3);
    kin_rows now = kin_set(t.ann, t.projects, KIN_ROWS(t.p[4], t.p[1], t.p[4]));
    assert_int_equal(now.count, 2);
    assert_true(now.at[0] == t.p[4] && now.at[1] == t.p[1]); /* the caller's own */
    now = kin_set(t.ann, t.projects, KIN_KEYS(kin_key_of(t.p[2]), kin_key_of(t.p[1])));
    assert_int_equal(now.count, 2);
    assert_true(kin_equals(now.at[0], t.p[2]) && kin_equals(now.at[1], t.p[1]));
    assert_true(kin_is_saved(now.at[0]));
    assert_false(kin_is_loaded(now.at[0], "title"));
    assert_kin_ok(t.w.s);
    assert_null(kin_text(now.at[0], "title"));
    assert_kin_error(t.w.s, KIN_MISUSE, "title");
    assert_true(kin_reload(now.at[0]));
    assert_string_equal(kin_text(now.at[0], "title"), "p3");
    now = kin_set(t.ann, t.projects, KIN_KEYS(kin_key_of(t.p[3]), kin_key_of(t.p[0])), .fetch = true);
    assert_int_equal(now.count, 2);
    assert_string_equal(kin_text(now.at[0], "title"), "p4");
    assert_string_equal(kin_text(now.at[1], "title"), "p1");
    assert_string_equal(links(&t, t.ann), "p1:new p4:new");
    assert_int_equal(kin_set(t.ann, t.projects, KIN_NONE).count, 0);
    assert_kin_ok(t.w.s);
    world_close(&t.w);
}

/* ---- validators of the join model ---- */

TEST(G34_validators_of_the_join_model_judge_every_link) {
    struct team t;
    team_open(&t, 1);
    const kin_values bad = KIN_VALUES({ "points", kin(-1) });
    assert_int_equal(kin_set(t.ann, t.projects, KIN_ROWS(t.p[1]), .through = bad).count, 0);
    assert_kin_error(t.w.s, KIN_INVALID, "points");
    assert_string_equal(links(&t, t.ann), "p1:new");
    kin_set(t.ann, t.projects, KIN_ROWS(t.p[0]), .through = bad); /* linked already: the UPDATE is judged, too */
    assert_kin_error(t.w.s, KIN_INVALID, "points");
    assert_false(kin_add(t.ann, t.projects, KIN_ROWS(t.p[2], t.p[3]), .through = bad));
    assert_kin_error(t.w.s, KIN_INVALID, "points");
    kin_put_through(t.p[3], t.link, bad);
    assert_false(kin_add(t.ann, t.projects, KIN_ROWS(t.p[2], t.p[3])));
    assert_kin_error(t.w.s, KIN_INVALID, "points");
    assert_null(kin_create_linked(t.ann, t.projects, KIN_VALUES({ "title", kin("p7") }), .through = bad));
    assert_kin_error(t.w.s, KIN_INVALID, "points");
    assert_string_equal(links(&t, t.ann), "p1:new");
    assert_int_equal(world_number(&t.w, "SELECT count(*) AS n FROM projects"), 6);
    assert_int_equal(world_number(&t.w, "SELECT count(*) AS n FROM user_projects WHERE points IS NOT NULL"), 0);
    assert_true(kin_add(t.ann, t.projects, KIN_ROWS(t.p[2]), .through = bad, .no_validate = true));
    assert_int_equal(world_number(&t.w, "SELECT points AS n FROM user_projects WHERE points IS NOT NULL"), -1);
    world_close(&t.w);
}
