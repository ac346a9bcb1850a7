/*
 * Linking while things fail: each operation is run with its n-th driver call failing, then its n-th allocation, for every n until it meets no
 * failure. After each run the database is as the operation leaves it, or as it was before; the rows in memory say the same as the database, or
 * have changes pending; and after a failed driver call the same operation works when it is tried again.
 */
#include "failing.h"
#include "orm_relations.h"

#include "driver/mock.h"

struct ground {
    struct world w;
    kin_row *user, *p[4], *t[4], *built, *ann, *bob, *cid, *newborn, *club, *ivy, *a, *b, *visit, *place;
    kin_row *made;        /* by the operation */
    kin_row *checked[6];  /* rows that the operation was given */
    size_t checked_count;
};

struct operation {
    const char *name;
    bool (*run)(struct ground *g);
};

static void check_later(struct ground *g, kin_row *row) { g->checked[g->checked_count++] = row; }

/* ---- the operations ---- */

static bool run_belongs_to(struct ground *g)
{
    check_later(g, g->t[0]);
    return kin_set_one(g->t[0], g->w.project_of, g->p[1]);
}
static bool run_has_one(struct ground *g)
{
    check_later(g, g->cid);
    return kin_set_one(g->ann, g->w.father, g->cid);
}
static bool run_has_one_new(struct ground *g)
{
    check_later(g, g->newborn);
    return kin_set_one(g->ann, g->w.father, g->newborn);
}
static bool run_has_one_key(struct ground *g) { return kin_set_one_key(g->ann, g->w.father, kin(3)); }
static bool run_has_one_none(struct ground *g) { return kin_set_one(g->ann, g->w.father, NULL); }
static bool run_many_set(struct ground *g)
{
    check_later(g, g->t[1]);
    check_later(g, g->t[2]);
    check_later(g, g->built);
    return kin_set(g->p[0], g->w.tasks, KIN_ROWS(g->t[1], g->t[2], g->built)).count == 3;
}
static bool run_many_clear(struct ground *g) { return kin_set(g->p[0], g->w.tasks, KIN_NONE).count == 0 && kin_ok(g->w.s); }
static bool run_many_add(struct ground *g)
{
    check_later(g, g->t[2]);
    check_later(g, g->t[3]);
    return kin_add(g->p[0], g->w.tasks, KIN_ROWS(g->t[2], g->t[3]));
}
static bool run_many_remove(struct ground *g)
{
    check_later(g, g->t[0]);
    return kin_remove(g->p[0], g->w.tasks, KIN_ROWS(g->t[0], g->t[3]));
}
static bool run_many_hooks(struct ground *g)
{
    check_later(g, g->b);
    return kin_set(g->p[0], g->w.listeners, KIN_ROWS(g->b), .individual_hooks = true).count == 1;
}
static bool run_through_set(struct ground *g)
{
    return kin_set(g->user, g->w.projects, KIN_ROWS(g->p[1], g->p[2], g->p[3]), .through = KIN_VALUES({ "status", kin("set") })).count == 3;
}
static bool run_through_clear(struct ground *g) { return kin_set(g->user, g->w.projects, KIN_NONE).count == 0 && kin_ok(g->w.s); }
static bool run_through_fetch(struct ground *g)
{
    return kin_set(g->user, g->w.projects, KIN_KEYS(kin(4), kin(2)), .fetch = true).count == 2;
}
static bool run_through_add(struct ground *g) { return kin_add(g->user, g->w.projects, KIN_ROWS(g->p[2], g->p[3])); }
static bool run_through_add_with(struct ground *g)
{
    return kin_put_through(g->p[3], g->w.link, KIN_VALUES({ "note", kin("own") })) &&
           kin_add(g->user, g->w.projects, KIN_ROWS(g->p[0], g->p[3]), .through = KIN_VALUES({ "status", kin("added") }));
}
static bool run_through_remove(struct ground *g) { return kin_remove(g->user, g->w.projects, KIN_ROWS(g->p[0], g->p[3])); }
static bool run_through_hooks(struct ground *g)
{
    return kin_set(g->p[0], g->w.listener_of, KIN_ROWS(g->a, g->b), .through = KIN_VALUES({ "status", kin("set") })).count == 2;
}
static bool run_paranoid(struct ground *g)
{
    return kin_set(g->club, g->w.members, KIN_ROWS(g->user), .through = KIN_VALUES({ "role", kin("chair") })).count == 1;
}
static bool run_composite(struct ground *g)
{
    return kin_set(g->visit, g->w.places, KIN_ROWS(g->place)).count == 1;
}
static bool run_create_many(struct ground *g)
{
    g->made = kin_create_for(g->p[0], g->w.open_tasks, { "title", kin("made") });
    return g->made != NULL;
}
static bool run_create_through(struct ground *g)
{
    g->made = kin_create_linked(g->user, g->w.projects, KIN_VALUES({ "title", kin("made") }), .through = KIN_VALUES({ "status", kin("made") }));
    return g->made != NULL;
}
static bool run_create_belongs_to(struct ground *g)
{
    check_later(g, g->t[0]);
    g->made = kin_create_for(g->t[0], g->w.project_of, { "title", kin("made") });
    return g->made != NULL;
}
static bool run_create_has_one(struct ground *g)
{
    g->made = kin_create_for(g->ann, g->w.father, { "name", kin("made") });
    return g->made != NULL;
}
static bool run_has(struct ground *g)
{
    return kin_has(g->user, g->w.projects, KIN_ROWS(g->p[0], g->p[1]), .where = kin_gt("id", 0)) && kin_has_exactly(g->p[0], g->w.tasks, KIN_ROWS(g->t[0], g->t[1]));
}
static bool run_call(struct ground *g) { return kin_call(g->user, "addProject", .targets = KIN_ROWS(g->p[2])).ok; }

/* Several in one transaction of the caller's. */
static bool run_together(struct ground *g)
{
    kin_session *s = g->w.s;
    check_later(g, g->t[2]);
    check_later(g, g->built);
    check_later(g, g->cid);
    bool good = kin_begin(s) && kin_set(g->p[0], g->w.tasks, KIN_ROWS(g->t[2], g->built)).count == 2 && run_through_set(g) &&
                kin_set_one(g->ann, g->w.father, g->cid) && run_through_remove(g);
    return good ? kin_commit(s) : (kin_rollback(s), false);
}

static const struct operation operations[] = {
    { "belongs-to set", run_belongs_to },
    { "has-one set", run_has_one },
    { "has-one set of a new row", run_has_one_new },
    { "has-one set by key", run_has_one_key },
    { "has-one unlinked", run_has_one_none },
    { "has-many set", run_many_set },
    { "has-many cleared", run_many_clear },
    { "has-many add", run_many_add },
    { "has-many remove", run_many_remove },
    { "has-many set with hooks", run_many_hooks },
    { "many to many set", run_through_set },
    { "many to many cleared", run_through_clear },
    { "many to many set by keys, fetched", run_through_fetch },
    { "many to many add", run_through_add },
    { "many to many add with values", run_through_add_with },
    { "many to many remove", run_through_remove },
    { "many to many set with hooks", run_through_hooks },
    { "a paranoid join model", run_paranoid },
    { "composite keys", run_composite },
    { "create for has-many", run_create_many },
    { "create for many to many", run_create_through },
    { "create for belongs-to", run_create_belongs_to },
    { "create for has-one", run_create_has_one },
    { "has", run_has },
    { "call", run_call },
    { "several in a transaction", run_together },
};
enum { OPERATIONS = sizeof operations / sizeof operations[0] };

/* ---- the ground they run on ---- */

static void ground_start(struct ground *g, const char *url)
{
    memset(g, 0, sizeof *g);
    world_open(&g->w, url);
    kin_session *s = g->w.s;
    assert_true(kin_sync(g->w.db));
    assert_true(kin_begin(s));
    g->user = world_user(&g->w, "user");
    for (size_t i = 0; i < 4; i++) {
        g->p[i] = world_project(&g->w, "project");
        g->t[i] = world_task(&g->w, "task");
    }
    g->built = kin_build(s, g->w.task, { "title", kin("built") });
    g->ann = kin_create(s, g->w.person, { "name", kin("ann") });
    g->bob = kin_create(s, g->w.person, { "name", kin("bob") });
    g->cid = kin_create(s, g->w.person, { "name", kin("cid") });
    g->newborn = kin_build(s, g->w.person, { "name", kin("new") });
    g->club = kin_create(s, g->w.club, { "name", kin("club") });
    g->ivy = world_user(&g->w, "ivy");
    g->a = kin_create(s, g->w.listener, { "name", kin("a") });
    g->b = kin_create(s, g->w.listener, { "name", kin("b") });
    g->visit = kin_create(s, g->w.visit, { "code", kin("v") });
    g->place = kin_create(s, g->w.place, { "country", kin("de") }, { "number", kin(1) });
    kin_set_one(g->ann, g->w.father, g->bob);
    kin_set(g->p[0], g->w.tasks, KIN_ROWS(g->t[0], g->t[1]));
    kin_set(g->p[0], g->w.listeners, KIN_ROWS(g->a));
    kin_set(g->user, g->w.projects, KIN_ROWS(g->p[0], g->p[1]));
    kin_add(g->p[0], g->w.listener_of, KIN_ROWS(g->a));
    kin_add(g->club, g->w.members, KIN_ROWS(g->user, g->ivy), .through = KIN_VALUES({ "role", kin("member") }));
    kin_remove(g->club, g->w.members, KIN_ROWS(g->user));
    assert_true(kin_commit(s));
    world_good(&g->w);
}

static void ground_end(struct ground *g) { world_end(&g->w); }

/* All that is linked, without times. */
static char *ground_digest(struct ground *g)
{
    static const char sql[] =
        "SELECT (SELECT group_concat(id || ':' || title || ifnull(ProjectId, '-')) FROM Tasks)"
        " || ' ' || (SELECT group_concat(id || ':' || name || ifnull(FatherId, '-')) FROM People)"
        " || ' ' || (SELECT group_concat(id || ':' || ifnull(ProjectId, '-')) FROM Listeners)"
        " || ' ' || (SELECT count(*) FROM Projects)"
        " || ' ' || ifnull((SELECT group_concat(UserId || ':' || ProjectId || status || ifnull(note, '-')) FROM (SELECT * FROM UserProjects ORDER BY 1, 2)), '-')"
        " || ' ' || ifnull((SELECT group_concat(ProjectId || ':' || ListenerId || ifnull(status, '-')) FROM (SELECT * FROM HeardLinks ORDER BY 1, 2)), '-')"
        " || ' ' || ifnull((SELECT group_concat(ClubId || ':' || UserId || role || (deletedAt IS NULL)) FROM Memberships), '-')"
        " || ' ' || (SELECT count(*) FROM Stops) AS n";
    kin_rows rows = (kin_query)(g->w.s, sql, 0, NULL);
    world_good(&g->w);
    assert_int_equal(rows.count, 1);
    const char *text = kin_text(rows.at[0], "n");
    assert_non_null(text);
    return strdup(text);
}

/* What a row says about itself holds: a saved row is in the database, and is the same where nothing is pending; others are not there. */
static void check_row(struct ground *g, const struct operation *operation, kin_row *row)
{
    kin_session *s = g->w.s;
    kin_value key = kin_key_of(row);
    kin_row *found = key.type == KIN_VALUE_UNSET ? NULL : kin_find_by_pk(s, kin_model_of(row), key);
    world_good(&g->w);
    if (!kin_is_saved(row)) {
        assert_null(found);
        return;
    }
    assert_non_null(found);
    const kin_model_info *info = kin_model_describe(kin_model_of(row));
    for (size_t i = 0; i < info->attributes.count; i++) {
        const char *name = info->attributes.at[i];
        if (kin_changed(row, name))
            continue;
        if (kin_is_null(row, name) != kin_is_null(found, name) ||
            (kin_attribute_named(kin_model_of(row), name)->size == 8 && strstr(name, "Id") && kin_int(row, name) != kin_int(found, name)))
            fail_msg("%s: %s is not what the database has: %s and %s", operation->name, name, kin_json(row), kin_json(found));
    }
}

static void check_ground(struct ground *g, const struct operation *operation, bool done, const char *before, const char *after)
{
    assert_int_equal(kin_transaction_depth(g->w.s), 0);
    char *digest = ground_digest(g);
    if (strcmp(digest, done ? after : before) != 0)
        fail_msg("%s, done %d:\n%s\nand not\n%s", operation->name, done, digest, done ? after : before);
    free(digest);
    for (size_t i = 0; i < g->checked_count; i++)
        check_row(g, operation, g->checked[i]);
    if (done && g->made)
        check_row(g, operation, g->made);
}

/* What the database has before an operation, and after it. */
static void ground_expect(const struct operation *operation, char **before, char **after)
{
    struct ground g;
    ground_start(&g, "sqlite::memory:");
    *before = ground_digest(&g);
    if (!operation->run(&g))
        fail_msg("%s: %s", operation->name, kin_error_of(g.w.s)->message);
    *after = ground_digest(&g);
    if (operation->run != run_has && strcmp(*before, *after) == 0)
        fail_msg("%s changes nothing: %s", operation->name, *after);
    check_ground(&g, operation, true, *before, *after);
    ground_end(&g);
}

/* ---- the loops ---- */

static void fail_each_call(const struct operation *operation, const char *before, const char *after)
{
    bool met = true;
    for (uint64_t n = 1; met; n++) {
        struct ground g;
        ground_start(&g, "failing:sqlite::memory:");
        mock_fail_at(n, false);
        bool done = operation->run(&g);
        met = mock_calls() >= n;
        mock_fail_at(0, false);
        if (done == met)
            fail_msg("%s: call %d failed, and it says %d", operation->name, (int)n, done);
        if (!done) {
            assert_non_null(strstr(kin_error_of(g.w.s)->message, "injected failure"));
            kin_clear_error(g.w.s);
        }
        check_ground(&g, operation, done, before, after);
        if (!done && operation->run != run_together) {
            g.checked_count = 0;
            done = operation->run(&g);
            world_good(&g.w);
            assert_true(done);
            check_ground(&g, operation, true, before, after);
        }
        ground_end(&g);
    }
}

TEST(driver_calls_that_fail_while_linking)
{
    for (size_t i = 0; i < OPERATIONS; i++) {
        char *before, *after;
        ground_expect(&operations[i], &before, &after);
        fail_each_call(&operations[i], before, after);
        free(before);
        free(after);
    }
}

static void fail_each_allocation(const struct operation *operation, const char *before, const char *after)
{
    bool met = true;
    for (size_t n = 0; met; n++) {
        struct ground g;
        failing_start(SIZE_MAX);
        ground_start(&g, "sqlite::memory:");
        failing_state.countdown = n;
        bool done = operation->run(&g);
        failing_state.countdown = SIZE_MAX;
        met = failing_state.failed;
        if (!done && !met)
            fail_msg("%s: nothing failed, and it says it has", operation->name);
        if (!done)
            world_refused(&g.w, KIN_NO_MEMORY, "");
        check_ground(&g, operation, done, before, after);
        ground_end(&g);
        failing_stop();
    }
}

TEST(allocations_that_fail_while_linking)
{
    for (size_t i = 0; i < OPERATIONS; i++) {
        char *before, *after;
        ground_expect(&operations[i], &before, &after);
        fail_each_allocation(&operations[i], before, after);
        free(before);
        free(after);
    }
}
