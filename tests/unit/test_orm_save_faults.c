/*
 * Writing while things fail: each operation is run with its n-th driver call failing, then its n-th allocation, for every n until it meets no
 * failure. After each run the database has all of it or nothing, and every row in memory says the truth about itself; after a failure the same
 * operation works when it is tried again.
 */
#include "failing.h"
#include "orm_save.h"

#include "driver/mock.h"

enum { MANY = 70 };

struct ground {
    struct store store;
    kin_row *built, *heard_built, *saved, *heard, *doomed, *owner, *note;
    kin_row *made; /* by the operation */
    kin_rows many;
};

struct operation {
    const char *name;
    bool (*run)(struct ground *ground);
    bool (*complete)(struct ground *ground); /* the database has all of it; else it must have nothing of it */
    bool (*untouched)(struct ground *ground);
};

static int64_t count(struct ground *ground, const char *sql) { return store_number(&ground->store, sql); }

/* ---- the operations ---- */

static bool run_create(struct ground *ground)
{
    ground->made = kin_create(ground->store.s, ground->store.person, { "name", kin("created") }, { "age", kin(3) });
    return ground->made != NULL;
}
static bool has_created(struct ground *ground) { return count(ground, "SELECT count(*) AS n FROM People WHERE name = 'created' AND age = 3") == 1; }
static bool has_no_created(struct ground *ground) { return count(ground, "SELECT count(*) AS n FROM People WHERE name = 'created'") == 0; }

static bool run_insert(struct ground *ground) { return kin_save(ground->built); }
static bool has_built(struct ground *ground) { return count(ground, "SELECT count(*) AS n FROM People WHERE name = 'built'") == 1; }
static bool has_no_built(struct ground *ground) { return count(ground, "SELECT count(*) AS n FROM People WHERE name = 'built'") == 0; }

static bool run_insert_with_hooks(struct ground *ground) { return kin_save(ground->heard_built); }
static bool has_heard_built(struct ground *ground) { return count(ground, "SELECT count(*) AS n FROM Heard WHERE name = 'built'") == 1; }
static bool has_no_heard_built(struct ground *ground) { return count(ground, "SELECT count(*) AS n FROM Heard WHERE name = 'built'") == 0; }

static bool run_update(struct ground *ground)
{
    return kin_put(ground->saved, "age", kin(50)) && kin_put(ground->saved, "email", kin("new@mail")) && kin_save(ground->saved);
}
static bool has_updated(struct ground *ground) { return count(ground, "SELECT count(*) AS n FROM People WHERE name = 'saved' AND age = 50 AND email = 'new@mail'") == 1; }
static bool has_not_updated(struct ground *ground) { return count(ground, "SELECT count(*) AS n FROM People WHERE name = 'saved' AND age = 5 AND email IS NULL") == 1; }

static bool run_update_with_hooks(struct ground *ground) { return kin_put(ground->heard, "age", kin(50)) && kin_save(ground->heard); }
static bool has_heard_updated(struct ground *ground) { return count(ground, "SELECT count(*) AS n FROM Heard WHERE name = 'heard' AND age = 50") == 1; }
static bool has_heard_not_updated(struct ground *ground) { return count(ground, "SELECT count(*) AS n FROM Heard WHERE name = 'heard' AND age = 5") == 1; }

static bool run_increment(struct ground *ground) { return kin_increment(ground->saved, "age", kin(2)); }
static bool has_incremented(struct ground *ground) { return count(ground, "SELECT age AS n FROM People WHERE name = 'saved'") == 7; }
static bool has_not_incremented(struct ground *ground) { return count(ground, "SELECT age AS n FROM People WHERE name = 'saved'") == 5; }

static bool run_reload(struct ground *ground) { return kin_reload(ground->saved); }
static bool always(struct ground *ground)
{
    (void)ground;
    return true;
}

static bool run_destroy(struct ground *ground) { return kin_destroy(ground->doomed); }
static bool has_destroyed(struct ground *ground) { return count(ground, "SELECT count(*) AS n FROM People WHERE name = 'doomed'") == 0; }
static bool has_not_destroyed(struct ground *ground) { return count(ground, "SELECT count(*) AS n FROM People WHERE name = 'doomed'") == 1; }

static bool run_cascade(struct ground *ground) { return kin_destroy(ground->owner); }
static bool has_cascaded(struct ground *ground) { return count(ground, "SELECT (SELECT count(*) FROM Things) + count(*) AS n FROM Heard WHERE name = 'owner'") == 0; }
static bool has_not_cascaded(struct ground *ground) { return count(ground, "SELECT (SELECT count(*) FROM Things) + count(*) AS n FROM Heard WHERE name = 'owner'") == 4; }

static bool run_mark(struct ground *ground) { return kin_destroy(ground->note); }
static bool has_marked(struct ground *ground) { return count(ground, "SELECT count(*) AS n FROM Notes WHERE deletedAt IS NOT NULL") == 1; }
static bool has_not_marked(struct ground *ground) { return count(ground, "SELECT count(*) AS n FROM Notes WHERE deletedAt IS NULL") == 1; }

static bool bulk(struct ground *ground, kin_model *model, bool individual)
{
    const kin_assignment name = { "name", kin("many") };
    kin_values records[MANY];
    for (size_t i = 0; i < MANY; i++)
        records[i] = kin_values_of(1, &name);
    ground->many = kin_bulk_create(ground->store.s, model, kin_records_of(MANY, records), .individual_hooks = individual);
    return ground->many.count == MANY;
}
static bool run_bulk(struct ground *ground) { return bulk(ground, ground->store.person, false); }
static bool has_many(struct ground *ground) { return count(ground, "SELECT count(*) AS n FROM People WHERE name = 'many'") == MANY; }
static bool has_not_many(struct ground *ground) { return count(ground, "SELECT count(*) AS n FROM People WHERE name = 'many'") == 0; }
static bool run_bulk_with_hooks(struct ground *ground) { return bulk(ground, ground->store.heard_of, true); }
static bool has_heard_many(struct ground *ground) { return count(ground, "SELECT count(*) AS n FROM Heard WHERE name = 'many'") == MANY; }
static bool has_not_heard_many(struct ground *ground) { return count(ground, "SELECT count(*) AS n FROM Heard WHERE name = 'many'") == 0; }

static bool run_update_all(struct ground *ground)
{
    return kin_update_all(ground->store.s, ground->store.heard_of, KIN_VALUES({ "age", kin(9) }), .all = true, .individual_hooks = true) == 2;
}
static bool has_all_updated(struct ground *ground) { return count(ground, "SELECT sum(age) AS n FROM Heard") == 18; }
static bool has_none_updated(struct ground *ground) { return count(ground, "SELECT sum(age) AS n FROM Heard") == 10; }

static bool run_destroy_all(struct ground *ground)
{
    return kin_destroy_all(ground->store.s, ground->store.heard_of, .where = kin_eq("name", "owner"), .individual_hooks = true) == 1;
}

static bool run_find_or_create(struct ground *ground)
{
    ground->made = kin_find_or_create(ground->store.s, ground->store.person, KIN_VALUES({ "name", kin("created") }),
                                      .defaults = KIN_VALUES({ "age", kin(3) }));
    return ground->made != NULL;
}

/* Several in one transaction of the caller's. */
static bool run_together(struct ground *ground)
{
    kin_session *s = ground->store.s;
    bool good = kin_begin(s) && run_create(ground) && run_update(ground) && run_increment(ground) && run_destroy(ground) && run_bulk_with_hooks(ground);
    return good ? kin_commit(s) : (kin_rollback(s), false);
}
static bool has_together(struct ground *ground)
{
    return has_created(ground) && has_destroyed(ground) && has_heard_many(ground) && count(ground, "SELECT age AS n FROM People WHERE name = 'saved'") == 52;
}
static bool has_not_together(struct ground *ground)
{
    return has_no_created(ground) && has_not_destroyed(ground) && has_not_heard_many(ground) && has_not_updated(ground);
}

static const struct operation operations[] = {
    { "create", run_create, has_created, has_no_created },
    { "insert", run_insert, has_built, has_no_built },
    { "insert with hooks", run_insert_with_hooks, has_heard_built, has_no_heard_built },
    { "update", run_update, has_updated, has_not_updated },
    { "update with hooks", run_update_with_hooks, has_heard_updated, has_heard_not_updated },
    { "increment", run_increment, has_incremented, has_not_incremented },
    { "reload", run_reload, always, always },
    { "destroy", run_destroy, has_destroyed, has_not_destroyed },
    { "destroy with a cascade", run_cascade, has_cascaded, has_not_cascaded },
    { "mark as deleted", run_mark, has_marked, has_not_marked },
    { "bulk create", run_bulk, has_many, has_not_many },
    { "bulk create with hooks", run_bulk_with_hooks, has_heard_many, has_not_heard_many },
    { "update all with hooks", run_update_all, has_all_updated, has_none_updated },
    { "destroy all with hooks", run_destroy_all, has_cascaded, has_not_cascaded },
    { "find or create", run_find_or_create, has_created, has_no_created },
    { "several in a transaction", run_together, has_together, has_not_together },
};

/* ---- the ground they run on ---- */

static void ground_start(struct ground *ground, const char *url)
{
    memset(ground, 0, sizeof *ground);
    store_open(&ground->store, url);
    kin_session *s = ground->store.s;
    assert_true(kin_sync(ground->store.db));
    ground->built = kin_build(s, ground->store.person, { "name", kin("built") });
    ground->heard_built = kin_build(s, ground->store.heard_of, { "name", kin("built") }, { "age", kin(5) });
    ground->saved = kin_create(s, ground->store.person, { "name", kin("saved") }, { "age", kin(5) });
    ground->doomed = kin_create(s, ground->store.person, { "name", kin("doomed") });
    ground->heard = kin_create(s, ground->store.heard_of, { "name", kin("heard") }, { "age", kin(5) });
    ground->owner = kin_create(s, ground->store.heard_of, { "name", kin("owner") }, { "age", kin(5) });
    for (int i = 0; i < 3; i++)
        kin_create(s, ground->store.thing, { "HeardId", kin_value_of(ground->owner, "id") });
    ground->note = kin_create(s, ground->store.note, { "text", kin("x") });
    store_good(&ground->store);
}

/* What a row says about itself holds: a saved row is in the database, and is the same where nothing is pending; others are not there. */
static void check_row(struct ground *ground, kin_row *row)
{
    kin_session *s = ground->store.s;
    if (!row)
        return;
    kin_value key = kin_key_of(row);
    kin_row *found = key.type == KIN_VALUE_UNSET ? NULL : kin_find_by_pk(s, kin_model_of(row), key, .with_deleted = true);
    store_good(&ground->store);
    if (!kin_is_saved(row)) {
        assert_null(found);
        return;
    }
    assert_non_null(found);
    if (kin_changed(row, NULL))
        return;
    if (strcmp(kin_json(row), kin_json(found)) == 0)
        return;
    /* Else it must be known to be stale: a change is refused until it is reloaded. */
    const char *text = kin_model_has_attribute(kin_model_of(row), "name") ? "name" : "text";
    assert_true(kin_put(row, text, kin("stale?")));
    if (kin_save(row))
        fail_msg("%s and %s: not known to be stale", kin_json(row), kin_json(found));
    store_refused(&ground->store, KIN_STALE, "kin_reload");
    assert_true(kin_reload(row));
}

static void check_ground(struct ground *ground, const struct operation *operation, bool done)
{
    kin_row *const rows[] = { ground->built, ground->heard_built, ground->saved, ground->doomed, ground->heard, ground->owner, ground->note };
    assert_int_equal(kin_transaction_depth(ground->store.s), 0);
    if (!(done ? operation->complete : operation->untouched)(ground))
        fail_msg("%s: the database does not have %s", operation->name, done ? "all" : "what it had");
    if (operation->run != run_update_all && operation->run != run_destroy_all) /* which are told nothing of the rows in hand */
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
            check_row(ground, rows[i]);
    if (done && ground->made)
        check_row(ground, ground->made);
    for (size_t i = 0; i < ground->many.count; i++)
        check_row(ground, ground->many.at[i]);
}

/* ---- the loops ---- */

TEST(driver_calls_that_fail)
{
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++) {
        const struct operation *operation = &operations[i];
        bool met = true;
        for (uint64_t n = 1; met; n++) {
            struct ground ground;
            ground_start(&ground, "failing:sqlite::memory:");
            mock_fail_at(n, false);
            bool done = operation->run(&ground);
            met = mock_calls() >= n;
            mock_fail_at(0, false);
            if (done == met)
                fail_msg("%s: call %d failed, and it says %d", operation->name, (int)n, done);
            if (!done) {
                assert_true(strstr(kin_error_of(ground.store.s)->message, "injected failure") != NULL);
                kin_clear_error(ground.store.s);
            }
            check_ground(&ground, operation, done);
            if (!done && operation->run != run_together) {
                done = operation->run(&ground);
                store_good(&ground.store);
                assert_true(done);
                check_ground(&ground, operation, true);
            }
            store_end(&ground.store);
        }
    }
}

TEST(allocations_that_fail)
{
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++) {
        const struct operation *operation = &operations[i];
        bool met = true;
        for (size_t n = 0; met; n++) {
            struct ground ground;
            failing_start(SIZE_MAX);
            ground_start(&ground, "sqlite::memory:");
            failing_state.countdown = n;
            bool done = operation->run(&ground);
            failing_state.countdown = SIZE_MAX;
            met = failing_state.failed;
            if (!done && !met)
                fail_msg("%s: nothing failed, and it says it has", operation->name);
            if (!done)
                store_refused(&ground.store, KIN_NO_MEMORY, "");
            check_ground(&ground, operation, done);
            store_end(&ground.store);
            failing_stop();
        }
    }
}
