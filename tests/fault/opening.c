/* Schemas are declared, databases opened, filled with tables, emptied and closed while calls and allocations fail. */
#include "ground.h"

/* ---- declaring and linking ---- */

/* All kinds of attributes and associations, hooks, words, an index, a circle. */
static kin_schema *declare_much(kin_model **person_out) {
    kin_schema *schema = kin_schema_new();
    kin_schema_defaults(schema, .underscored = true);
    kin_schema_word(schema, "cow", "kine");
    kin_model *person = kin_define(schema, "Person",
        KIN_ATTRIBUTES(KIN_UUID("key", .primary_key = true, .default_uuid = true), KIN_STRING("name", .unique_group = "both"), KIN_DATE("born", .unique_group = "both"),
                       KIN_ENUM("mood", .labels = KIN_NAMES("good", "it's bad"), .default_value = kin("good")), KIN_DECIMAL("worth", .precision = 9, .scale = 2),
                       KIN_TEXT("about", .comment = "what there is to say", .validate = { .one_of = KIN_NAMES("a", "b") })),
        .indexes = KIN_INDEXES({ .attributes = KIN_NAMES("name", "worth"), .unique = true }, { .attributes = KIN_NAMES("mood"), .name = "moods" }), .timestamps = true, .paranoid = true);
    kin_model *cow = kin_define(schema, "Cow", KIN_ATTRIBUTES(KIN_INTEGER("a", .primary_key = true), KIN_STRING("b", .primary_key = true), KIN_BLOB("c")), .schema = "farm");
    kin_model *barn = kin_define(schema, "Barn", KIN_ATTRIBUTES(KIN_INTEGER("owner", .references = { .table = "people", .column = "key" })), .plural = "barn_s");
    kin_has_one(person, person, .as = "Father");
    kin_belongs_to_many(person, person, .as = "Children", .through = "Family");
    kin_has_many(person, cow, .foreign_key = "keeper", .on_delete = KIN_CASCADE, .hooks = true, .scope = KIN_VALUES({ "c", kin_null }));
    kin_belongs_to(cow, barn, .key = { .not_null = true, .default_value = kin(1) });
    kin_belongs_to_many(barn, cow, .through = "Stall", .through_scope = KIN_VALUES({ "kind", kin("warm") }), .other_keys = KIN_NAMES("cow_a", "cow_b"));
    kin_define(schema, "Stall", KIN_ATTRIBUTES(KIN_STRING("kind", .default_value = kin("cold"))));
    kin_belongs_to(barn, cow, .as = "Bell");
    kin_hook_add(cow, KIN_BEFORE_CREATE, ground_hook, NULL);
    *person_out = person;
    return schema;
}

static bool link_much(void) {
    kin_model *person = NULL;
    kin_schema *schema = declare_much(&person);
    bool linked = kin_schema_link(schema);
    if (!linked && (kin_schema_error(schema) == NULL || kin_schema_error(schema)->status != KIN_NO_MEMORY))
        fail_msg("status %d: %s", kin_schema_error(schema) ? (int)kin_schema_error(schema)->status : -1, kin_schema_error(schema) ? kin_schema_error(schema)->message : "no error");
    if (linked) {
        assert_true(kin_has_accessor(person, "addChildren"));
        assert_non_null(kin_association_named(person, "Father"));
    }
    /* What was linked stays so; what was not is not half linked now. */
    bool again = kin_schema_link(schema);
    assert_true(again || !linked);
    kin_schema_free(schema);
    return linked;
}

static void link_round(void *context, uint64_t n) {
    struct failing_plan plan = *(struct failing_plan *)context;
    plan.at = n;
    ground_memory_start();
    ground_fail_start(&plan);
    bool linked = link_much();
    assert_int_equal(linked, !ground_fail_stop(&plan, NULL));
    ground_memory_stop();
}

static void fail_linking(bool for_ever) {
    struct failing_plan plan = { .what = FAIL_ALLOCATION, .for_ever = for_ever };
    uint64_t total;
    ground_memory_start();
    ground_fail_start(&plan);
    assert_true(link_much());
    ground_fail_stop(&plan, &total);
    ground_memory_stop();
    ground_each(total, 400, test_long() ? 2000 : 100, link_round, &plan);
}

TEST(linking_while_an_allocation_fails) { fail_linking(false); }
TEST(linking_while_all_allocations_fail) { fail_linking(true); }

/* ---- opening, tables, closing ---- */

struct life {
    const char *name;
    /* Runs on an opened handle, all of which it leaves closed. True when all calls said that they succeeded; *error: what the first that did not
     * said, as far as there was one to ask. */
    bool (*run)(kin_status *error);
    bool starts_empty;
};

static bool say(kin_status *error, const kin_error *said) {
    *error = said ? said->status : KIN_OK;
    return false;
}

static kin_db *open_it(void) { return kin_open(ground_url, ground_models.schema, .pool = 2); }

static bool only_open(kin_status *error) {
    kin_db *db = open_it();
    const kin_error *said = kin_db_error(db);
    bool good = said == NULL || say(error, said);
    kin_close(db);
    return good;
}

static bool open_and_sync(kin_status *error) {
    kin_db *db = open_it();
    bool good = kin_db_error(db) == NULL && kin_sync(db);
    if (!good)
        say(error, kin_db_error(db));
    kin_close(db);
    return good;
}

static bool open_and_force(kin_status *error) {
    kin_db *db = open_it();
    bool good = kin_db_error(db) == NULL && kin_sync(db, .force = true);
    if (!good)
        say(error, kin_db_error(db));
    kin_close(db);
    return good;
}

static bool open_and_drop(kin_status *error) {
    kin_db *db = open_it();
    bool good = kin_db_error(db) == NULL && kin_drop(db);
    if (!good)
        say(error, kin_db_error(db));
    kin_close(db);
    return good;
}

static bool open_and_ask_for_text(kin_status *error) {
    kin_db *db = open_it();
    const char *sql = kin_db_error(db) == NULL ? kin_sync_sql(db) : NULL;
    bool good = sql != NULL && strstr(sql, "CREATE TABLE") != NULL && sql[strlen(sql) - 2] == ';';
    if (!good)
        say(error, kin_db_error(db));
    kin_close(db);
    return good;
}

/* Two sessions; one is closed in the middle of a transaction, with a cursor open in it. What it wrote is not there. */
static bool close_in_the_middle(kin_status *error) {
    kin_db *db = open_it();
    kin_session *s = kin_session_open(db), *other = kin_session_open(db, .read_only = true);
    bool good = kin_begin(s) && kin_create(s, ground_models.project, { "title", kin("never") }) && kin_begin(s);
    kin_mark mark = kin_session_mark(s);
    kin_cursor *cursor = kin_each(s, ground_models.task, .include = KIN_INCLUDE(KIN_WITH(ground_models.project_of)));
    good = good && kin_next(cursor) != NULL && kin_destroy_all(s, ground_models.task, .where = kin_gt("id", 3)) == 5;
    good = good && kin_count_all(other, ground_models.task) == 8 && mark.id != 0;
    if (!good)
        say(error, kin_ok(s) ? kin_error_of(other) : kin_error_of(s));
    kin_session_close(s);
    kin_session_close(other);
    kin_close(db);
    return good;
}

static const struct life lives[] = {
    { "kin_open", only_open, false },
    { "kin_open of nothing", only_open, true },
    { "kin_sync", open_and_sync, true },
    { "kin_sync of what is there", open_and_sync, false },
    { "kin_sync by force", open_and_force, false },
    { "kin_drop", open_and_drop, false },
    { "kin_sync_sql", open_and_ask_for_text, false },
    { "sessions, closed in the middle", close_in_the_middle, false },
};

struct life_loop {
    const struct life *life;
    struct failing_plan plan;
    char *before, *after;
    uint64_t total;
};

static void life_start(const struct life *life) {
    sqlite3 *empty;
    assert_int_equal(sqlite3_open(":memory:", &empty), SQLITE_OK);
    ground_copy(life->starts_empty ? empty : ground_template, ground_plain);
    sqlite3_close(empty);
}

static void life_round(void *context, uint64_t n) {
    struct life_loop *loop = context;
    kin_status error = KIN_OK;
    char name[200];
    loop->plan.at = n;
    snprintf(name, sizeof name, "%s, %s %d failing%s", loop->life->name, loop->plan.what == FAIL_CALL ? "call" : "allocation", (int)n,
             loop->plan.for_ever ? " for ever" : "");
    life_start(loop->life);
    ground_memory_start();
    ground_fail_start(&loop->plan);
    bool good = loop->life->run(&error);
    bool met = ground_fail_stop(&loop->plan, NULL);
    if (good && met && loop->plan.what == FAIL_CALL && loop->life->run != close_in_the_middle)
        fail_msg("%s: it says that it succeeded", name);
    if (!good && !met)
        fail_msg("%s: nothing failed", name);
    if (!good && error != (loop->plan.what == FAIL_ALLOCATION ? KIN_NO_MEMORY : KIN_DATABASE))
        fail_msg("%s: the error has the status %d", name, (int)error);
    ground_memory_stop();
    plain_check_unlocked(ground_plain, name);
    char *found = digest_of(ground_plain);
    digest_check(found, good ? loop->after : loop->before, name, good ? "after it" : "before it");
    free(found);
    if (!good) {
        if (!loop->life->run(&error))
            fail_msg("%s, again: status %d", name, (int)error);
        found = digest_of(ground_plain);
        digest_check(found, loop->after, name, "after it");
        free(found);
    }
}

static void fail_lives(enum ground_failing what, bool for_ever) {
    ground_open(what == FAIL_CALL ? "wal" : "delete");
    for (size_t i = 0; i < sizeof lives / sizeof lives[0]; i++) {
        struct life_loop loop = { .life = &lives[i], .plan = { .what = what, .for_ever = for_ever } };
        kin_status error = KIN_OK;
        life_start(&lives[i]);
        loop.before = digest_of(ground_plain);
        ground_memory_start();
        ground_fail_start(&loop.plan);
        if (!lives[i].run(&error))
            fail_msg("%s: status %d", lives[i].name, (int)error);
        ground_fail_stop(&loop.plan, &loop.total);
        ground_memory_stop();
        loop.after = digest_of(ground_plain);
        ground_each(loop.total, 200, test_long() ? 500 : 20, life_round, &loop);
        free(loop.before);
        free(loop.after);
    }
    ground_close();
}

TEST(lives_while_a_call_fails) { fail_lives(FAIL_CALL, false); }
TEST(lives_while_all_calls_fail) { fail_lives(FAIL_CALL, true); }
TEST(lives_while_an_allocation_fails) { fail_lives(FAIL_ALLOCATION, false); }
TEST(lives_while_all_allocations_fail) { fail_lives(FAIL_ALLOCATION, true); }

/* ---- on one handle ---- */

/* Where tables reference themselves the database looks away while they are dropped. However that ends, it looks again. */
static void sync_on_a_handle(enum ground_failing what, bool for_ever) {
    kin_schema *schema = kin_schema_new();
    kin_model *person = kin_define(schema, "Person", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_has_many(person, person, .as = "Children", .foreign_key = "ParentId");
    assert_true(kin_schema_link(schema));
    char url[4300];
    snprintf(url, sizeof url, "failing:sqlite:%s/self.db?synchronous=off", test_temporary());
    bool met = true;
    for (uint64_t n = 1; met; n++) {
        const struct failing_plan plan = { .what = what, .for_ever = for_ever, .at = n };
        ground_memory_start();
        kin_db *db = kin_open(url, schema, .pool = 1);
        if (!kin_sync(db, .force = true))
            fail_msg("%s", kin_db_error(db)->message);
        kin_session *s = kin_session_open(db);
        kin_row *first = kin_create(s, person, { "name", kin("first") });
        assert_non_null(kin_create(s, person, { "name", kin("second") }, { "ParentId", kin_value_of(first, "id") }));
        ground_fail_start(&plan);
        bool good = kin_sync(db, .force = true);
        met = ground_fail_stop(&plan, NULL);
        assert_true(good || met);
        assert_int_equal(good, kin_db_error(db) == NULL);
        assert_int_equal(kin_count_all(s, person), good ? 0 : 2);
        assert_null(kin_create(s, person, { "ParentId", kin(99) }));
        if (kin_error_of(s)->constraint != KIN_FOREIGN_KEY)
            fail_msg("%s, %d: %s", "kin_sync on an open handle", (int)n, kin_error_of(s)->message);
        kin_session_close(s);
        kin_close(db);
        ground_memory_stop();
    }
    kin_schema_free(schema);
}

TEST(foreign_keys_hold_after_a_call_failed) { sync_on_a_handle(FAIL_CALL, false); }
TEST(foreign_keys_hold_after_all_calls_failed) { sync_on_a_handle(FAIL_CALL, true); }
TEST(foreign_keys_hold_after_an_allocation_failed) { sync_on_a_handle(FAIL_ALLOCATION, false); }
TEST(foreign_keys_hold_after_all_allocations_failed) { sync_on_a_handle(FAIL_ALLOCATION, true); }
