/* Rows are found, walked and written out while calls and allocations fail. */
#include "ground.h"

static const struct ground_models *const models = &ground_models;

/* ---- finding ---- */

static bool find(struct ground *g) {
    kin_rows rows = kin_find_all(g->s, models->task, .where = kin_and(kin_gt("id", 1), kin_or(kin_like("title", "ta%"), kin_in("id", kin(3), kin(4)))), .order = KIN_NAMES("-id"));
    assert_true(rows.count == 0 || kin_int(rows.at[0], "id") == 8);
    return rows.count == 7;
}
static bool find_one(struct ground *g) { return kin_find_one(g->s, models->user, .where = kin_eq("email", "other@"), .required = true) != NULL; }
static bool find_by_pk(struct ground *g) { return kin_find_by_pk(g->s, models->project, kin(3)) != NULL; }
static bool count(struct ground *g) { return kin_count_all(g->s, models->user, .where = kin_eq("Projects.title", "project")) == 2; }
static bool page(struct ground *g) {
    kin_page page = kin_find_and_count(g->s, models->task, .limit = 3, .order = KIN_NAMES("id"));
    assert_true(kin_ok(g->s) || (page.rows.count == 0 && page.total == -1));
    return page.rows.count == 3 && page.total == 8;
}
static bool get(struct ground *g) {
    kin_rows rows = kin_get(g->user, models->projects, .where = kin_gte("id", 1), .through_attributes = KIN_NAMES("status"), .order = KIN_NAMES("id"));
    assert_true(rows.count == 0 || strcmp(kin_text(kin_through(rows.at[0], models->link), "status"), "old") == 0);
    return rows.count == 2 && kin_get_one(g->user, models->company_of) != NULL && kin_get_one(g->user, models->profile_of) != NULL;
}

/* Companies, their users, these with profile (one) and projects (many), and their tasks. */
static bool check_tree(kin_row *company) {
    kin_rows users = kin_related(company, models->users);
    if (users.count != 2 || kin_related_one(users.at[0], models->profile_of) == NULL || kin_related_one(users.at[1], models->profile_of) != NULL)
        return false;
    for (size_t i = 0; i < users.count; i++) {
        kin_rows projects = kin_related(users.at[i], models->projects);
        if (projects.count != 2 || kin_through(projects.at[0], models->link) == NULL)
            return false;
        for (size_t k = 0; k < projects.count; k++)
            if (kin_related(projects.at[k], models->tasks).count != 2)
                return false;
    }
    return true;
}

static bool find_eagerly(struct ground *g) {
    kin_rows rows = kin_find_all(g->s, models->company,
        .include = KIN_INCLUDE(KIN_WITH(models->users, .order = KIN_NAMES("id"), .include = KIN_INCLUDE(
            KIN_WITH(models->profile_of),
            KIN_WITH(models->projects, .order = KIN_NAMES("id"), .include = KIN_INCLUDE(KIN_WITH(models->tasks, .limit = 5)))))));
    assert_true(rows.count == 0 || check_tree(rows.at[0]));
    return rows.count == 1;
}

static bool find_upwards(struct ground *g) {
    kin_rows rows = kin_find_all(g->s, models->task, .order = KIN_NAMES("Project.title", "id"),
        .include = KIN_INCLUDE(KIN_WITH(models->project_of, .where = kin_lt("id", 3), .include = KIN_INCLUDE(KIN_WITH(models->workers, .through_where = kin_ne("status", "none"))))));
    assert_true(rows.count == 0 || kin_related(kin_related_one(rows.at[0], models->project_of), models->workers).count == 1);
    return rows.count == 4;
}

/* ---- walking ---- */

/* Every row is seen once, with what was included; else the end is an error. */
static bool each(struct ground *g) {
    kin_cursor *cursor = kin_each(g->s, models->project, .order = KIN_NAMES("id"), .include = KIN_INCLUDE(KIN_WITH(models->tasks), KIN_WITH(models->workers)));
    int64_t seen = 0;
    for (kin_row *row; (row = kin_next(cursor)) != NULL; seen++) {
        assert_int_equal(kin_int(row, "id"), seen + 1);
        assert_int_equal(kin_related(row, models->tasks).count, 2);
        assert_true(kin_is_related_loaded(row, models->workers));
    }
    kin_cursor_close(cursor);
    assert_true(seen == 4 || !kin_ok(g->s));
    return seen == 4 && kin_ok(g->s);
}

/* The body writes; the cursor is left early. */
static bool each_writes(struct ground *g) {
    kin_cursor *cursor = kin_each(g->s, models->task, .order = KIN_NAMES("id"));
    bool good = cursor != NULL;
    for (int i = 0; good && i < 3; i++) {
        kin_row *row = kin_next(cursor);
        good = row != NULL && kin_put(row, "title", kin("walked")) && kin_save(row);
    }
    kin_cursor_close(cursor);
    return good;
}

static bool each_to_the_end_of_a_mark(struct ground *g) {
    kin_mark mark = kin_session_mark(g->s);
    kin_cursor *cursor = kin_each(g->s, models->task);
    bool good = kin_next(cursor) != NULL;
    kin_session_release(g->s, mark);
    return good;
}

/* ---- by hand ---- */

static bool query(struct ground *g) {
    kin_rows rows = kin_query(g->s, "SELECT name, email || ? AS mail, count(*) AS n FROM Users WHERE id <= ? GROUP BY 1, 2 ORDER BY 1", kin("home"), kin(2));
    assert_true(rows.count == 0 || strcmp(kin_text(rows.at[1], "mail"), "user@home") == 0);
    return rows.count == 2;
}

static bool aggregate(struct ground *g) {
    kin_rows rows = kin_aggregate(g->s, models->task, KIN_AGGREGATES({ KIN_COUNT, NULL, "n" }, { KIN_MAX, "id", "last" }), .group = KIN_NAMES("ProjectId"),
                                  .having = kin_gt("last", 2), .order = KIN_NAMES("-last"));
    assert_true(rows.count == 0 || kin_int(rows.at[0], "last") == 8);
    return rows.count == 3 && kin_max(g->s, models->task, "id").as.integer == 8;
}

/* ---- written out ---- */

static bool json(struct ground *g) {
    kin_row *row = kin_find_by_pk(g->s, models->company, kin(1), .include = KIN_INCLUDE(KIN_WITH(models->users, .include = KIN_INCLUDE(KIN_WITH(models->projects)))));
    const char *text = row ? kin_json(row) : NULL;
    assert_true(text == NULL || (strstr(text, "\"UserProjects\":{") != NULL && text[strlen(text) - 1] == '}'));
    return text != NULL;
}

static bool keep(struct ground *g) {
    const kin_condition *condition = kin_keep(g->s, kin_and(kin_in("id", kin(1), kin(2)), kin_exists(models->tasks, .where = kin_eq("title", "task")), kin_not(kin_eq("title", kin_null))));
    const kin_condition *text = kin_sql_text(g->s, "id < ?", 1, &(kin_value){ .type = KIN_VALUE_INTEGER, .as.integer = 2 });
    return condition && text && kin_find_all(g->s, models->project, .where = kin_and(condition, text)).count == 1;
}

static const struct act acts[] = {
    { "kin_find_all", NULL, find, true, false },
    { "kin_find_one", NULL, find_one, true, false },
    { "kin_find_by_pk", NULL, find_by_pk, true, false },
    { "kin_count_all", NULL, count, true, false },
    { "kin_find_and_count", NULL, page, true, false },
    { "kin_get and kin_get_one", NULL, get, true, false },
    { "includes, downwards", NULL, find_eagerly, true, false },
    { "includes, upwards", NULL, find_upwards, true, false },
    { "kin_each", NULL, each, true, false },
    { "kin_each to the end of a mark", NULL, each_to_the_end_of_a_mark, true, false },
    { "kin_query", NULL, query, true, false },
    { "kin_aggregate", NULL, aggregate, true, false },
    { "kin_json", NULL, json, true, false },
    { "kin_keep and kin_sql_text", NULL, keep, true, false },
};

FAIL_TESTS(reading, acts)

/* By itself each of its three writes stands alone, so it is all or nothing in a transaction only. */
static const struct act writing[] = { { "kin_each with a body that writes", NULL, each_writes, false, false } };
TEST(walking_and_writing_while_a_call_fails) { fail_all(writing, 1, IN_A_LEVEL, FAIL_CALL, false); }
TEST(walking_and_writing_while_all_calls_fail) { fail_all(writing, 1, IN_A_LEVEL, FAIL_CALL, true); }
TEST(walking_and_writing_while_an_allocation_fails) { fail_all(writing, 1, IN_A_LEVEL, FAIL_ALLOCATION, false); }
TEST(walking_and_writing_while_all_allocations_fail) { fail_all(writing, 1, IN_A_LEVEL, FAIL_ALLOCATION, true); }

/* A cursor that met an error hands nothing out any more, even when the error is cleared: it would have gaps. */
TEST(a_cursor_that_failed_has_ended)
{
    static const struct act act = { "kin_each", NULL, each, true, false };
    ground_open("delete");
    for (uint64_t n = 1; n < 40; n++) {
        struct ground g;
        ground_start(&g, &act);
        const struct failing_plan plan = { .what = FAIL_CALL, .at = n };
        ground_fail_start(&plan);
        kin_cursor *cursor = kin_each(g.s, models->project, .include = KIN_INCLUDE(KIN_WITH(models->tasks)));
        size_t seen = 0;
        while (kin_next(cursor))
            seen++;
        if (ground_fail_stop(&plan, NULL)) {
            assert_false(kin_ok(g.s));
            kin_clear_error(g.s);
            assert_null(kin_next(cursor));
            ground_good(&g, act.name);
        } else {
            assert_int_equal(seen, 4);
        }
        kin_cursor_close(cursor);
        ground_end(&g);
    }
    ground_close();
}
