/* Rows are created, changed and deleted while calls and allocations fail. */
#include "ground.h"

static const struct ground_models *const models = &ground_models;

/* ---- one row ---- */

static bool create(struct ground *g) {
    kin_row *row = kin_create(g->s, models->user, { "name", kin("ada") }, { "email", kin("ada@") }, { "CompanyId", kin(1) });
    look_at(g, row);
    return row != NULL;
}

static bool create_with_hooks(struct ground *g) {
    kin_row *row = kin_create(g->s, models->heard, { "name", kin("new") });
    look_at(g, row);
    return row != NULL;
}

static void build(struct ground *g) {
    g->built = kin_build(g->s, models->user, { "name", kin("built") }, { "email", kin("built@") });
    look_at(g, g->built);
}

static bool insert(struct ground *g) { return kin_save(g->built); }

static void build_with_hooks(struct ground *g) {
    g->built = kin_build(g->s, models->heard, { "name", kin("built") });
    look_at(g, g->built);
}

static void change(struct ground *g) {
    kin_put(g->user, "name", kin("changed"));
    kin_put(g->user, "age", kin(36));
    look_at(g, g->user);
}

static bool update(struct ground *g) { return kin_save(g->user); }

static bool put_and_update(struct ground *g) {
    static const char long_text[] = "a text that is longer than any that fits into the memory of the row that was there before it";
    look_at(g, g->user);
    return kin_put(g->user, "name", kin(long_text)) && kin_put(g->user, "CompanyId", kin_null) && kin_save(g->user);
}

static void change_with_hooks(struct ground *g) {
    kin_put(g->heard, "name", kin("changed"));
    look_at(g, g->heard);
}

static bool update_with_hooks(struct ground *g) { return kin_save(g->heard); }

static bool increment(struct ground *g) {
    look_at(g, g->user);
    /* When it is tried again a rollback has left it stale. */
    return kin_reload(g->user) && kin_put(g->user, "age", kin(1)) && kin_save(g->user) && kin_increment(g->user, "age", kin(4)) && kin_int(g->user, "age") == 5;
}

static bool destroy(struct ground *g) {
    look_at(g, g->tasks[0]);
    return kin_destroy(g->tasks[0]);
}

static bool destroy_with_hooks(struct ground *g) {
    look_at(g, g->heard);
    return kin_destroy(g->heard);
}

static bool mark_as_deleted(struct ground *g) { return kin_destroy(g->gone); }
static void delete_softly(struct ground *g) { kin_destroy(g->gone); }

static bool bring_back(struct ground *g) {
    look_at(g, g->gone);
    return kin_restore(g->gone);
}

static bool reload(struct ground *g) {
    kin_put(g->user, "name", kin("dropped"));
    look_at(g, g->user);
    return kin_reload(g->user) && strcmp(kin_text(g->user, "name"), "user") == 0;
}

/* ---- many rows ---- */

static bool create_many(struct ground *g) {
    kin_value texts[60];
    kin_assignment values[60];
    kin_values records[60];
    char names[60][8];
    for (size_t i = 0; i < 60; i++) {
        snprintf(names[i], sizeof names[i], "n%zu", i);
        texts[i] = kin(names[i]);
        values[i] = (kin_assignment){ "email", texts[i] };
        records[i] = kin_values_of(1, &values[i]);
    }
    kin_rows rows = kin_bulk_create(g->s, models->user, kin_records_of(60, records));
    for (size_t i = 0; i < rows.count; i += 20)
        look_at(g, rows.at[i]);
    return rows.count == 60;
}

static bool create_many_with_hooks(struct ground *g) {
    kin_rows rows = kin_bulk_create(g->s, models->heard, KIN_RECORDS(KIN_VALUES({ "name", kin("a") }), KIN_VALUES({ "name", kin("b") })), .individual_hooks = true);
    for (size_t i = 0; i < rows.count; i++)
        look_at(g, rows.at[i]);
    return rows.count == 2;
}

/* The second row is refused: none is there. */
static bool create_many_in_vain(struct ground *g) {
    kin_rows rows = kin_bulk_create(g->s, models->user, KIN_RECORDS(KIN_VALUES({ "email", kin("fine@") }), KIN_VALUES({ "email", kin("user@") })));
    assert_int_equal(rows.count, 0);
    bool refused = kin_error_of(g->s)->status == KIN_CONSTRAINT && kin_error_of(g->s)->constraint == KIN_UNIQUE;
    if (refused)
        kin_clear_error(g->s);
    return refused;
}

static bool update_many(struct ground *g) { return kin_update_all(g->s, models->task, KIN_VALUES({ "done", kin(true) }), .where = kin_gt("id", 2)) == 6; }
static bool destroy_many(struct ground *g) { return kin_destroy_all(g->s, models->task, .where = kin_in("id", kin(1), kin(3))) == 2; }
static bool destroy_many_with_hooks(struct ground *g) { return kin_destroy_all(g->s, models->heard, .all = true, .individual_hooks = true) == 1; }

static bool find_or_create(struct ground *g) {
    bool created = false;
    kin_row *row = kin_find_or_create(g->s, models->user, KIN_VALUES({ "email", kin("new@") }), .defaults = KIN_VALUES({ "name", kin("new") }), .created = &created);
    look_at(g, row);
    return row != NULL && created;
}

static bool execute(struct ground *g) { return kin_execute(g->s, "UPDATE Tasks SET title = ? WHERE id > ?", kin("by hand"), kin(2)) == 6; }

/* ---- transactions ---- */

static bool work(kin_session *s, void *context) {
    struct ground *g = context;
    kin_row *row = kin_create(s, models->project, { "title", kin("worked") });
    look_at(g, row);
    kin_put(g->projects[0], "title", kin("worked"));
    look_at(g, g->projects[0]);
    return kin_save(g->projects[0]) && kin_add(g->user, models->projects, KIN_ROWS(row)) && kin_destroy(g->tasks[1]);
}

static bool transaction(struct ground *g) {
    look_at(g, g->tasks[1]);
    return kin_transaction(g->s, work, g);
}

/* An inner level that is rolled back, and one that stays. */
static bool levels(struct ground *g) {
    kin_session *s = g->s;
    look_at(g, g->projects[1]);
    bool good = kin_begin(s) && kin_begin(s);
    kin_put(g->projects[1], "title", kin("never"));
    good = good && kin_save(g->projects[1]) && kin_rollback(s) && kin_begin(s);
    kin_put(g->projects[1], "title", kin("kept"));
    good = good && kin_save(g->projects[1]) && kin_commit(s) && kin_commit(s);
    while (!good && kin_transaction_depth(s) > 0)
        kin_rollback(s);
    return good;
}

static const struct act acts[] = {
    { "kin_create", NULL, create, false, false },
    { "kin_create with hooks", NULL, create_with_hooks, false, false },
    { "kin_save of a built row", build, insert, false, false },
    { "kin_save of a built row with hooks", build_with_hooks, insert, false, false },
    { "kin_save of a changed row", change, update, false, false },
    { "kin_put and kin_save", NULL, put_and_update, false, false },
    { "kin_save with hooks", change_with_hooks, update_with_hooks, false, false },
    { "kin_destroy", NULL, destroy, false, false },
    { "kin_destroy with hooks and a cascade", NULL, destroy_with_hooks, false, false },
    { "kin_destroy of a paranoid row", NULL, mark_as_deleted, false, false },
    { "kin_restore", delete_softly, bring_back, false, false },
    { "kin_reload", NULL, reload, true, false },
    { "kin_bulk_create", NULL, create_many, false, false },
    { "kin_bulk_create with hooks", NULL, create_many_with_hooks, false, false },
    { "kin_update_all", NULL, update_many, false, false },
    { "kin_destroy_all", NULL, destroy_many, false, false },
    { "kin_destroy_all with hooks", NULL, destroy_many_with_hooks, false, false },
    { "kin_find_or_create", NULL, find_or_create, false, false },
    { "kin_execute", NULL, execute, false, false },
    { "kin_transaction", NULL, transaction, false, false },
};

FAIL_TESTS(saving, acts)

/* What is several statements, opens levels of its own, or means to be refused, is not to be had in each way. */
static const struct act alone[] = {
    { "kin_increment", NULL, increment, false, false },
    { "levels", NULL, levels, false, false },
    { "kin_bulk_create that is refused", NULL, create_many_in_vain, true, true },
};
TEST(levels_while_a_call_fails) { fail_all(alone + 1, 2, BY_ITSELF, FAIL_CALL, false); }
TEST(levels_while_all_calls_fail) { fail_all(alone + 1, 2, BY_ITSELF, FAIL_CALL, true); }
TEST(levels_while_an_allocation_fails) { fail_all(alone + 1, 2, BY_ITSELF, FAIL_ALLOCATION, false); }
TEST(levels_while_all_allocations_fail) { fail_all(alone + 1, 2, BY_ITSELF, FAIL_ALLOCATION, true); }
TEST(increments_in_a_level_while_a_call_fails) { fail_all(alone, 1, IN_A_LEVEL, FAIL_CALL, false); }
TEST(increments_in_a_level_while_an_allocation_fails) { fail_all(alone, 1, IN_A_LEVEL, FAIL_ALLOCATION, false); }
