/* Transactions: what others see of them, how their levels fail and end, and kin_transaction. Two sessions need a database that both can use at a
 * time, so where the database is in memory these tests take a file. */
#include "world.h"

struct bank {
    kin_schema *schema;
    kin_db *db;
    kin_session *s, *other;
    kin_model *user, *task, *tag, *card;
    kin_association *tasks, *owner, *tags, *card_of;
    kin_row *ann, *bob, *t1, *t2, *red, *blue;
};

static void bank_open(struct bank *b) {
    char url[600];
    snprintf(url, sizeof url, "sqlite:%s/x.db", test_temporary());
    b->schema = kin_schema_new();
    b->user = kin_define(b->schema, "User", KIN_ATTRIBUTES(KIN_STRING("name", .unique = true), KIN_INTEGER("age")));
    b->task = kin_define(b->schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title")));
    b->tag = kin_define(b->schema, "Tag", KIN_ATTRIBUTES(KIN_STRING("word")));
    b->card = kin_define(b->schema, "Card", KIN_ATTRIBUTES(KIN_STRING("number")));
    b->tasks = kin_has_many(b->user, b->task);
    b->owner = kin_belongs_to(b->task, b->user);
    b->tags = kin_belongs_to_many(b->task, b->tag, .through = "TaskTags");
    b->card_of = kin_has_one(b->user, b->card);
    b->db = kin_open(strstr(test_url(), ":memory:") ? url : test_url(), b->schema);
    if (!kin_sync(b->db, .force = true))
        fail_msg("%s", kin_db_error(b->db)->message);
    b->s = kin_session_open(b->db);
    b->other = kin_session_open(b->db);
    b->ann = kin_create(b->s, b->user, { "name", kin("Ann") }, { "age", kin(30) });
    b->bob = kin_create(b->s, b->user, { "name", kin("Bob") }, { "age", kin(40) });
    b->t1 = kin_create_for(b->ann, b->tasks, { "title", kin("one") });
    b->t2 = kin_create(b->s, b->task, { "title", kin("two") });
    b->red = kin_create_for(b->t1, b->tags, { "word", kin("red") });
    b->blue = kin_create(b->s, b->tag, { "word", kin("blue") });
    assert_kin_ok(b->s);
}

static void bank_close(struct bank *b) {
    kin_session_close(b->other);
    kin_session_close(b->s);
    kin_drop(b->db);
    kin_close(b->db);
    kin_schema_free(b->schema);
}

/* ---- what others see ---- */

/* The whole database as a text, as a session sees it; at most 2,000 bytes. */
static void bank_look(struct bank *b, kin_session *s, char *out) {
    kin_mark mark = kin_session_mark(s);
    const kin_model *models[] = { b->user, b->task, b->tag, b->card, kin_model_named(b->schema, "TaskTags") };
    out[0] = '\0';
    for (size_t i = 0; i < 5; i++) {
        kin_names key = kin_model_describe(models[i])->primary_key;
        kin_rows rows = kin_find_all(s, models[i], .order = key);
        for (size_t k = 0; k < rows.count; k++)
            snprintf(out + strlen(out), 2000 - strlen(out), "%s\n", kin_json(rows.at[k]));
    }
    assert_kin_ok(s);
    kin_session_release(s, mark);
}

typedef bool deed(struct bank *b);

static bool do_create(struct bank *b) { return kin_create(b->s, b->user, { "name", kin("Eve") }) != NULL; }
static bool do_bulk_create(struct bank *b) { return kin_bulk_create(b->s, b->tag, KIN_RECORDS(KIN_VALUES({ "word", kin("x") }))).count == 1; }
static bool do_update_all(struct bank *b) { return kin_update_all(b->s, b->user, KIN_VALUES({ "age", kin(1) }), .all = true) == 2; }
static bool do_destroy(struct bank *b) { return kin_destroy(b->t1); }
static bool do_destroy_all(struct bank *b) { return kin_destroy_all(b->s, b->tag, .all = true) >= 2; }
static bool do_find_or_create(struct bank *b) { return kin_find_or_create(b->s, b->user, KIN_VALUES({ "name", kin("Eve") })) != NULL; }
static bool do_increment(struct bank *b) { return kin_increment(b->ann, "age", kin(5)); }
static bool do_set_one(struct bank *b) { return kin_set_one(b->t2, b->owner, b->bob); }
static bool do_unset_one(struct bank *b) { return kin_set_one(b->t1, b->owner, NULL); }
static bool do_create_one(struct bank *b) { return kin_create_for(b->t2, b->owner, { "name", kin("Eve") }) != NULL; }
static bool do_has_one(struct bank *b) { return kin_create_for(b->ann, b->card_of, { "number", kin("1") }) != NULL; }
static bool do_add_many(struct bank *b) { return kin_add(b->ann, b->tasks, KIN_ROWS(b->t2)); }
static bool do_set_many(struct bank *b) { return kin_set(b->ann, b->tasks, KIN_ROWS(b->t2)).count == 1; }
static bool do_remove_many(struct bank *b) { return kin_remove(b->ann, b->tasks, KIN_ROWS(b->t1)); }
static bool do_create_many(struct bank *b) { return kin_create_for(b->bob, b->tasks, { "title", kin("new") }) != NULL; }
static bool do_add_through(struct bank *b) { return kin_add(b->t2, b->tags, KIN_ROWS(b->red, b->blue)); }
static bool do_set_through(struct bank *b) { return kin_set(b->t1, b->tags, KIN_ROWS(b->blue)).count == 1; }
static bool do_remove_through(struct bank *b) { return kin_remove(b->t1, b->tags, KIN_ROWS(b->red)); }
static bool do_create_through(struct bank *b) { return kin_create_for(b->t1, b->tags, { "word", kin("tin") }) != NULL; }
static bool do_call(struct bank *b) { return kin_call(b->t2, "addTag", .targets = KIN_ROWS(b->red)).ok; }
static bool do_by_hand(struct bank *b) {
    kin_put(b->bob, "age", kin(41));
    return kin_save(b->bob);
}

static deed *const deeds[] = { do_create,     do_bulk_create, do_update_all,  do_destroy,     do_destroy_all, do_find_or_create, do_increment,
                               do_set_one,    do_unset_one,   do_create_one,  do_has_one,     do_add_many,    do_set_many,       do_remove_many,
                               do_create_many, do_add_through, do_set_through, do_remove_through, do_create_through, do_call,    do_by_hand };

TEST(M26_what_a_transaction_writes_is_seen_after_its_commit) {
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
        char before[2000], within[2000], mine[2000], after[2000];
        struct bank b;
        bank_open(&b);
        bank_look(&b, b.other, before);
        assert_true(kin_begin(b.s));
        if (!deeds[i](&b))
            fail_msg("deed %zu: %s", i, kin_error_of(b.s)->message);
        assert_int_equal(kin_transaction_depth(b.s), 1);
        bank_look(&b, b.other, within);
        assert_string_equal(within, before);
        bank_look(&b, b.s, mine);
        assert_string_not_equal(mine, before); /* one's own writes are seen, by the verbs' reads as well */
        assert_true(kin_commit(b.s));
        bank_look(&b, b.other, after);
        assert_string_equal(after, mine);
        bank_close(&b);
    }
}

TEST(M26_what_is_rolled_back_is_never_seen) {
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
        char before[2000], after[2000], mine[2000];
        struct bank b;
        bank_open(&b);
        bank_look(&b, b.other, before);
        assert_true(kin_begin(b.s));
        assert_true(deeds[i](&b));
        assert_true(kin_rollback(b.s));
        assert_int_equal(kin_transaction_depth(b.s), 0);
        bank_look(&b, b.other, after);
        assert_string_equal(after, before);
        bank_look(&b, b.s, mine);
        assert_string_equal(mine, before);
        /* and in a level within another, which is committed */
        assert_true(kin_begin(b.s));
        assert_non_null(kin_create(b.s, b.tag, { "word", kin("kept") }));
        bank_look(&b, b.s, mine);
        assert_true(kin_begin(b.s));
        kin_reload(b.ann);
        kin_reload(b.bob);
        kin_reload(b.t1);
        kin_reload(b.t2);
        if (!deeds[i](&b))
            fail_msg("deed %zu again: %s", i, kin_error_of(b.s)->message);
        assert_true(kin_rollback(b.s));
        assert_true(kin_commit(b.s));
        bank_look(&b, b.other, after);
        assert_string_equal(after, mine);
        assert_kin_ok(b.s);
        bank_close(&b);
    }
}

TEST(M26_a_getter_reads_what_its_own_transaction_wrote) {
    struct bank b;
    bank_open(&b);
    kin_row *ann = kin_find_one(b.other, b.user, .where = kin_eq("name", "Ann"));
    assert_true(kin_begin(b.s));
    assert_true(kin_add(b.ann, b.tasks, KIN_ROWS(b.t2)));
    assert_int_equal(kin_get(b.ann, b.tasks).count, 2);
    assert_int_equal(kin_count(b.ann, b.tasks), 2);
    assert_true(kin_has(b.ann, b.tasks, KIN_ROWS(b.t2)));
    assert_true(kin_equals(kin_get_one(b.t2, b.owner), b.ann));
    kin_row *found = kin_find_by_pk(b.s, b.user, kin_key_of(b.ann), .include = KIN_INCLUDE(KIN_WITH(b.tasks)));
    assert_int_equal(kin_related(found, b.tasks).count, 2);
    assert_int_equal(kin_get(ann, b.tasks).count, 1);
    assert_int_equal(kin_count(ann, b.tasks), 1);
    assert_kin_ok(b.other);
    kin_session_close(b.s); /* what is open is rolled back */
    b.s = kin_session_open(b.db);
    assert_int_equal(kin_count(ann, b.tasks), 1);
    assert_int_equal(kin_count_all(b.s, b.task, .where = kin_ne("UserId", kin_null)), 1);
    bank_close(&b);
}

/* ---- one statement, or several ---- */

TEST(M28_M30_verbs_of_several_statements_are_one_transaction_or_one_savepoint) {
    struct world w;
    world_start(&w);
    kin_model *user = kin_define(w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_model *task = kin_define(w.schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title")));
    kin_model *tag = kin_define(w.schema, "Tag", KIN_ATTRIBUTES(KIN_STRING("word")));
    kin_association *tasks = kin_has_many(user, task), *tags = kin_belongs_to_many(task, tag, .through = "TaskTags");
    world_open(&w);
    kin_row *ann = kin_create(w.s, user, { "name", kin("Ann") });
    kin_row *t1 = kin_create(w.s, task, { "title", kin("1") }), *t2 = kin_create(w.s, task, { "title", kin("2") });
    kin_row *red = kin_create(w.s, tag, { "word", kin("red") }), *blue = kin_create(w.s, tag, { "word", kin("blue") });
    world_forget(&w);

    assert_true(kin_add(ann, tasks, KIN_ROWS(t1, t2)));
    assert_int_equal(w.statement_count, 1); /* alone: no BEGIN */
    world_forget(&w);
    assert_true(kin_add(t1, tags, KIN_ROWS(red)));
    assert_int_equal(w.statement_count, 1);
    world_forget(&w);
    assert_int_equal(kin_set(t1, tags, KIN_ROWS(red)).count, 1); /* nothing to change: a read alone */
    assert_int_equal(w.statement_count, 1);
    world_forget(&w);
    assert_int_equal(kin_set(t1, tags, KIN_ROWS(blue)).count, 1);
    size_t last = w.statement_count - 1, begins = world_sent(&w, "BEGIN") + world_sent(&w, "START");
    assert_int_equal(begins, 1);
    assert_int_equal(world_sent(&w, "SAVEPOINT"), 0);
    assert_string_equal(world_statement(&w, last), "COMMIT");
    world_forget(&w);

    assert_true(kin_begin(w.s));
    world_forget(&w);
    assert_int_equal(kin_set(t1, tags, KIN_ROWS(red)).count, 1);
    assert_int_equal(world_sent(&w, "BEGIN") + world_sent(&w, "START") + world_sent(&w, "COMMIT"), 0);
    assert_int_equal(world_sent(&w, "SAVEPOINT"), 1);
    assert_int_equal(world_sent(&w, "RELEASE"), 1);
    assert_int_equal(world_sent(&w, "DELETE"), 1);
    assert_int_equal(world_sent(&w, "INSERT"), 1);
    assert_int_equal(kin_transaction_depth(w.s), 1);
    assert_true(kin_commit(w.s));
    assert_int_equal(kin_count_all(w.s, tag), 2); /* no target goes with its link */
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(M28_a_verb_that_fails_has_changed_nothing) {
    struct bank b;
    char before[2000], after[2000];
    bank_open(&b);
    bank_look(&b, b.other, before);
    assert_int_equal(kin_set(b.t1, b.tags, KIN_KEYS(kin_key_of(b.blue), kin(99))).count, 0); /* red had left by then */
    assert_int_equal(kin_error_of(b.s)->constraint, KIN_FOREIGN_KEY);
    kin_clear_error(b.s);
    bank_look(&b, b.other, after);
    assert_string_equal(after, before);
    assert_null(kin_create_for(b.t2, b.owner, { "name", kin("Ann") })); /* taken */
    kin_clear_error(b.s);
    assert_int_equal(kin_bulk_create(b.s, b.user, KIN_RECORDS(KIN_VALUES({ "name", kin("Eve") }), KIN_VALUES({ "name", kin("Ann") }))).count, 0);
    kin_clear_error(b.s);
    bank_look(&b, b.other, after);
    assert_string_equal(after, before);
    assert_int_equal(kin_transaction_depth(b.s), 0);
    assert_non_null(kin_create(b.s, b.user, { "name", kin("Eve") })); /* and the session goes on */
    assert_kin_ok(b.s);
    bank_close(&b);
}
