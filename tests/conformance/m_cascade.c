/* Destroying one by one: what .hooks with ON DELETE CASCADE reaches, in which order, and that it is all or nothing. Hooks in the session's hands: what
 * they may do, and what they may not. */
#include "world.h"

struct house {
    struct world w;
    kin_model *owner, *dog, *cat, *flea, *club, *member;
    kin_association *dogs, *cats, *fleas, *clubs;
    char heard[2000];   /* "-Dog:rex +Dog:rex ": before and after destroy */
    const char *refuse; /* the name of the row that stays */
};

static bool hear(void *context, const kin_hook_event *event) {
    struct house *h = context;
    size_t used = strlen(h->heard);
    const char *name = event->row ? kin_text(event->row, "name") : "all";
    bool before = event->kind == KIN_BEFORE_DESTROY || event->kind == KIN_BEFORE_BULK_DESTROY;
    snprintf(h->heard + used, sizeof h->heard - used, "%c%s:%s ", before ? '-' : '+', kin_model_describe(event->model)->name, name);
    return !h->refuse || !before || strcmp(name, h->refuse) != 0 || kin_fail(event->session, KIN_HOOK, "it stays");
}

static kin_model *house_model(struct house *h, const char *name) {
    kin_model *model = kin_define(h->w.schema, name, KIN_ATTRIBUTES(KIN_STRING("name")));
    static const kin_hook_kind kinds[] = { KIN_BEFORE_DESTROY, KIN_AFTER_DESTROY, KIN_BEFORE_BULK_DESTROY, KIN_AFTER_BULK_DESTROY };
    for (size_t i = 0; i < 4; i++)
        kin_hook_add(model, kinds[i], hear, h);
    return model;
}

/* An owner with dogs, which have fleas, and cats; and clubs by a join model. */
static void house_open(struct house *h, bool hooks) {
    memset(h, 0, sizeof *h);
    world_start(&h->w);
    h->owner = house_model(h, "Owner");
    h->dog = house_model(h, "Dog");
    h->cat = house_model(h, "Cat");
    h->flea = house_model(h, "Flea");
    h->club = house_model(h, "Club");
    h->member = house_model(h, "Member");
    h->dogs = kin_has_many(h->owner, h->dog, .on_delete = KIN_CASCADE, .hooks = hooks);
    h->cats = kin_has_one(h->owner, h->cat, .on_delete = KIN_CASCADE, .hooks = hooks);
    h->fleas = kin_has_many(h->dog, h->flea, .on_delete = KIN_CASCADE, .hooks = hooks);
    h->clubs = kin_belongs_to_many(h->owner, h->club, .through_model = h->member, .on_delete = KIN_CASCADE, .hooks = hooks);
    world_open(&h->w);
}

static kin_row *house_fill(struct house *h) {
    kin_row *ann = kin_create(h->w.s, h->owner, { "name", kin("ann") });
    kin_row *rex = kin_create_for(ann, h->dogs, { "name", kin("rex") });
    kin_create_for(ann, h->dogs, { "name", kin("max") });
    kin_create_for(rex, h->fleas, { "name", kin("flo") });
    kin_create_for(ann, h->cats, { "name", kin("tom") });
    kin_create_linked(ann, h->clubs, KIN_VALUES({ "name", kin("chess") }), .through = KIN_VALUES({ "name", kin("m1") }));
    kin_row *bob = kin_create(h->w.s, h->owner, { "name", kin("bob") });
    kin_create_for(bob, h->dogs, { "name", kin("ace") });
    assert_kin_ok(h->w.s);
    h->heard[0] = '\0';
    world_forget(&h->w);
    return ann;
}

static void assert_counts(struct house *h, int owners, int dogs, int cats, int fleas, int clubs, int members) {
    kin_session *s = h->w.s;
    assert_int_equal(kin_count_all(s, h->owner), owners);
    assert_int_equal(kin_count_all(s, h->dog), dogs);
    assert_int_equal(kin_count_all(s, h->cat), cats);
    assert_int_equal(kin_count_all(s, h->flea), fleas);
    assert_int_equal(kin_count_all(s, h->club), clubs);
    assert_int_equal(kin_count_all(s, h->member), members);
}

TEST(M16_M20_without_hooks_the_database_cascades_and_nobody_hears) {
    struct house h;
    house_open(&h, false);
    kin_row *ann = house_fill(&h);
    assert_true(kin_destroy(ann));
    assert_string_equal(h.heard, "-Owner:ann +Owner:ann ");
    assert_int_equal(world_sent(&h.w, "SELECT"), 0); /* nothing is loaded */
    assert_int_equal(world_sent(&h.w, "DELETE"), 1);
    assert_counts(&h, 1, 1, 0, 0, 1, 0);
    assert_kin_ok(h.w.s);
    world_close(&h.w);
}

TEST(M17_M22_targets_are_destroyed_first_with_their_hooks_and_their_targets) {
    struct house h;
    house_open(&h, true);
    kin_row *ann = house_fill(&h);
    assert_true(kin_destroy(ann));
    assert_kin_ok(h.w.s);
    const char *parts[] = { "-Owner:ann -Dog:rex -Flea:flo +Flea:flo +Dog:rex -Dog:max +Dog:max -Cat:tom +Cat:tom -Member:m1 +Member:m1 +Owner:ann ",
                            "-Owner:ann -Dog:max +Dog:max -Dog:rex -Flea:flo +Flea:flo +Dog:rex -Cat:tom +Cat:tom -Member:m1 +Member:m1 +Owner:ann " };
    if (strcmp(h.heard, parts[0]) != 0 && strcmp(h.heard, parts[1]) != 0) /* dogs in either order */
        fail_msg("%s", h.heard);
    assert_int_equal(world_sent(&h.w, "DELETE"), 6);
    assert_string_equal(world_statement(&h.w, h.w.statement_count - 1), "COMMIT");
    assert_counts(&h, 1, 1, 0, 0, 1, 0);
    world_close(&h.w);
}

TEST(M17_hooks_need_the_cascade) {
    kin_schema *schema = kin_schema_new();
    kin_model *owner = kin_define(schema, "Owner", KIN_NO_ATTRIBUTES), *dog = kin_define(schema, "Dog", KIN_NO_ATTRIBUTES);
    kin_has_many(owner, dog, .hooks = true);
    assert_link_error(schema, "here it takes nothing along; write .on_delete = KIN_CASCADE too");
    assert_string_equal(kin_schema_error(schema)->attribute, "Dogs");
    kin_schema_free(schema);
}

TEST(M19_a_hook_that_refuses_keeps_everything) {
    struct house h;
    house_open(&h, true);
    kin_row *ann = house_fill(&h);
    static const char *const names[] = { "ann", "flo", "max", "tom", "m1" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        h.refuse = names[i];
        assert_false(kin_destroy(ann));
        assert_kin_error(h.w.s, KIN_HOOK, "it stays");
        assert_true(kin_is_saved(ann));
        assert_counts(&h, 2, 3, 1, 1, 1, 1); /* those handled before, too */
    }
    h.refuse = NULL;
    assert_true(kin_destroy(ann));
    assert_counts(&h, 1, 1, 0, 0, 1, 0);
    assert_kin_ok(h.w.s);
    world_close(&h.w);
}

TEST(M20_a_key_that_is_changed_loads_nobody) {
    struct world w;
    world_start(&w);
    struct house h = { .heard = "" };
    kin_model *owner = kin_define(w.schema, "Owner", KIN_ATTRIBUTES(KIN_STRING("name", .primary_key = true)));
    kin_model *dog = kin_define(w.schema, "Dog", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_association *dogs = kin_has_many(owner, dog, .on_update = KIN_CASCADE, .on_delete = KIN_CASCADE, .hooks = true);
    kin_hook_add(dog, KIN_BEFORE_UPDATE, hear, &h);
    kin_hook_add(dog, KIN_BEFORE_BULK_UPDATE, hear, &h);
    world_open(&w);
    kin_row *ann = kin_create(w.s, owner, { "name", kin("ann") });
    kin_create_for(ann, dogs, { "name", kin("rex") });
    world_forget(&w);
    kin_put(ann, "name", kin("anna"));
    assert_true(kin_save(ann));
    assert_int_equal(world_sent(&w, NULL), 1);
    assert_int_equal(world_sent(&w, "UPDATE"), 1);
    assert_string_equal(h.heard, "");
    assert_string_equal(kin_text(kin_find_one(w.s, dog), "OwnerName"), "anna");
    assert_int_equal(kin_count(ann, dogs), 1);
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(M17_the_cascade_follows_the_key_that_the_database_has) {
    struct house h;
    house_open(&h, true);
    kin_row *ann = house_fill(&h);
    kin_row *bob = kin_find_one(h.w.s, h.owner, .where = kin_eq("name", "bob"));
    assert_true(kin_put(ann, "id", kin_key_of(bob))); /* pending: bob's dogs are not hers */
    assert_true(kin_destroy(ann));
    assert_kin_ok(h.w.s);
    assert_null(strstr(h.heard, "ace"));
    assert_non_null(strstr(h.heard, "-Dog:rex "));
    assert_counts(&h, 1, 1, 0, 0, 1, 0);
    assert_int_equal(kin_count(bob, h.dogs), 1);
    world_close(&h.w);
}

TEST(M17_the_cascade_follows_another_key_that_is_pending_or_not_loaded) {
    struct world w;
    world_start(&w);
    struct house h = { .heard = "" };
    kin_model *owner = kin_define(w.schema, "Owner", KIN_ATTRIBUTES(KIN_STRING("name", .unique = true)));
    kin_model *dog = kin_define(w.schema, "Dog", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_association *dogs = kin_has_many(owner, dog, .source_key = "name", .on_delete = KIN_CASCADE, .hooks = true);
    kin_hook_add(dog, KIN_BEFORE_DESTROY, hear, &h);
    world_open(&w);
    kin_row *ann = kin_create(w.s, owner, { "name", kin("ann") }), *bob = kin_create(w.s, owner, { "name", kin("bob") });
    kin_create_for(ann, dogs, { "name", kin("rex") });
    kin_create_for(bob, dogs, { "name", kin("ace") });
    assert_true(kin_put(ann, "name", kin("bob")));
    assert_true(kin_destroy(ann));
    assert_string_equal(h.heard, "-Dog:rex ");
    assert_int_equal(kin_count(bob, dogs), 1);
    assert_true(kin_destroy(kin_find_one(w.s, owner, .attributes = KIN_NAMES("id"))));
    assert_string_equal(h.heard, "-Dog:rex -Dog:ace ");
    assert_int_equal(kin_count_all(w.s, dog), 0);
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(M21_many_to_many_destroys_join_rows_and_circles_end) {
    struct house h;
    memset(&h, 0, sizeof h);
    world_start(&h.w);
    kin_model *user = house_model(&h, "User"), *task = house_model(&h, "Task"), *work = house_model(&h, "Work");
    kin_association *tasks = kin_belongs_to_many(user, task, .through_model = work, .on_delete = KIN_CASCADE, .hooks = true);
    kin_association *users = kin_belongs_to_many(task, user, .through_model = work, .on_delete = KIN_CASCADE, .hooks = true);
    world_open(&h.w);
    kin_row *ann = kin_create(h.w.s, user, { "name", kin("ann") }), *bob = kin_create(h.w.s, user, { "name", kin("bob") });
    kin_row *one = kin_create_linked(ann, tasks, KIN_VALUES({ "name", kin("one") }), .through = KIN_VALUES({ "name", kin("w1") }));
    assert_true(kin_add(bob, tasks, KIN_ROWS(one), .through = KIN_VALUES({ "name", kin("w2") })));
    assert_true(kin_destroy(ann));
    assert_string_equal(h.heard, "-User:ann -Work:w1 +Work:w1 +User:ann ");
    assert_int_equal(kin_count_all(h.w.s, task), 1);
    assert_true(kin_equals(kin_get(one, users).at[0], bob));
    h.heard[0] = '\0';
    assert_true(kin_destroy(one));
    assert_string_equal(h.heard, "-Task:one -Work:w2 +Work:w2 +Task:one ");
    assert_int_equal(kin_count_all(h.w.s, user), 1);
    assert_kin_ok(h.w.s);
    world_close(&h.w);

    /* a chain of friends that bites its tail */
    memset(&h, 0, sizeof h);
    world_start(&h.w);
    user = house_model(&h, "User");
    kin_association *friends = kin_has_many(user, user, .as = "Friends", .foreign_key = "friend_of", .on_delete = KIN_CASCADE, .hooks = true);
    world_open(&h.w);
    ann = kin_create(h.w.s, user, { "name", kin("ann") });
    bob = kin_create_for(ann, friends, { "name", kin("bob") });
    assert_true(kin_add(bob, friends, KIN_ROWS(ann)));
    assert_true(kin_destroy(ann));
    assert_string_equal(h.heard, "-User:ann -User:bob +User:bob +User:ann ");
    assert_int_equal(kin_count_all(h.w.s, user), 0);
    assert_kin_ok(h.w.s);
    world_close(&h.w);
}

TEST(M23_many_rows_at_once_do_not_cascade_with_hooks) {
    struct house h;
    house_open(&h, true);
    house_fill(&h);
    assert_int_equal(kin_destroy_all(h.w.s, h.owner, .where = kin_eq("name", "bob")), 1);
    assert_string_equal(h.heard, "-Owner:all +Owner:all ");
    assert_int_equal(kin_count_all(h.w.s, h.dog, .where = kin_eq("name", "ace")), 0); /* the database did it */
    h.heard[0] = '\0';
    assert_int_equal(kin_destroy_all(h.w.s, h.owner, .where = kin_eq("name", "ann"), .individual_hooks = true), 1);
    assert_kin_ok(h.w.s);
    assert_int_equal(strncmp(h.heard, "-Owner:all -Owner:ann ", 22), 0);
    assert_non_null(strstr(h.heard, "-Flea:flo +Flea:flo"));
    assert_non_null(strstr(h.heard, "-Member:m1 +Member:m1"));
    assert_counts(&h, 0, 0, 0, 0, 1, 0);
    world_close(&h.w);
}

TEST(M29_the_cascade_is_in_the_sessions_transaction) {
    struct house h;
    house_open(&h, true);
    kin_row *ann = house_fill(&h);
    assert_true(kin_begin(h.w.s));
    assert_true(kin_destroy(ann));
    assert_counts(&h, 1, 1, 0, 0, 1, 0);
    assert_int_equal(kin_transaction_depth(h.w.s), 1);
    assert_true(kin_rollback(h.w.s));
    assert_counts(&h, 2, 3, 1, 1, 1, 1);
    assert_true(kin_is_saved(ann));
    kin_put(ann, "name", kin("anna"));
    assert_true(kin_save(ann));
    assert_true(kin_begin(h.w.s));
    assert_true(kin_destroy(ann));
    assert_true(kin_commit(h.w.s));
    assert_counts(&h, 1, 1, 0, 0, 1, 0);
    assert_false(kin_is_saved(ann));
    assert_string_equal(kin_text(ann, "name"), "anna"); /* still readable */
    assert_kin_ok(h.w.s);
    world_close(&h.w);
}

/* ---- what a hook does with the session ---- */

struct deed {
    struct world w;
    kin_model *user, *letter;
    enum { DEED_WRITE, DEED_BEGIN, DEED_COMMIT, DEED_ROLLBACK, DEED_NESTED, DEED_ERROR, DEED_CHANGE } what;
    size_t depth;
};

static bool deed_do(void *context, const kin_hook_event *event) {
    struct deed *d = context;
    kin_session *s = event->session;
    d->depth = kin_transaction_depth(s);
    switch (d->what) {
    case DEED_WRITE:
        return kin_create(s, d->letter, { "text", kin("hello") }) != NULL;
    case DEED_BEGIN:
        return kin_begin(s);
    case DEED_COMMIT:
        return kin_commit(s) || true;
    case DEED_ROLLBACK:
        return kin_rollback(s) || true;
    case DEED_NESTED:
        kin_begin(s);
        kin_create(s, d->letter, { "text", kin_null }); /* refused, and only that */
        kin_commit(s);
        kin_clear_error(s);
        return true;
    case DEED_ERROR:
        kin_create(s, d->letter, { "nothing", kin(1) });
        return true; /* forgot to look */
    case DEED_CHANGE:
        return kin_put(event->row, "name", kin("changed"));
    }
    return false;
}

static void deed_open(struct deed *d) {
    world_start(&d->w);
    d->user = kin_define(d->w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name"), KIN_INTEGER("age")));
    d->letter = kin_define(d->w.schema, "Letter", KIN_ATTRIBUTES(KIN_STRING("text", .not_null = true)));
    kin_hook_add(d->user, KIN_BEFORE_SAVE, deed_do, d);
    world_open(&d->w);
}

TEST(M27_a_hook_is_in_the_transaction_of_its_call) {
    struct deed d;
    deed_open(&d);
    d.what = DEED_WRITE;
    kin_row *ann = kin_create(d.w.s, d.user, { "name", kin("Ann") });
    assert_int_equal(d.depth, 1);
    assert_non_null(ann);
    assert_int_equal(kin_count_all(d.w.s, d.letter), 1);
    assert_true(kin_begin(d.w.s));
    kin_put(ann, "age", kin(1));
    assert_true(kin_save(ann));
    assert_int_equal(d.depth, 2);
    assert_true(kin_rollback(d.w.s));
    assert_int_equal(kin_count_all(d.w.s, d.letter), 1);
    d.what = DEED_NESTED;
    kin_put(ann, "age", kin(2));
    assert_true(kin_save(ann)); /* what failed in a level of the hook's own failed there alone */
    assert_int_equal(kin_count_all(d.w.s, d.user, .where = kin_eq("age", 2)), 1);
    d.what = DEED_CHANGE;
    kin_put(ann, "age", kin(3));
    assert_true(kin_save(ann)); /* what it changes is saved, too */
    assert_int_equal(kin_count_all(d.w.s, d.user, .where = kin_and(kin_eq("name", "changed"), kin_eq("age", 3))), 1);
    assert_false(kin_changed(ann, NULL));
    assert_kin_ok(d.w.s);
    world_close(&d.w);
}

TEST(M27_a_hook_ends_no_transaction_but_its_own) {
    struct deed d;
    deed_open(&d);
    d.what = DEED_COMMIT;
    assert_null(kin_create(d.w.s, d.user, { "name", kin("Ann") }));
    assert_kin_error(d.w.s, KIN_MISUSE, "kin_commit: the transaction is not one that kin_begin opened; the call that runs this hook ends it");
    d.what = DEED_ROLLBACK;
    assert_null(kin_create(d.w.s, d.user, { "name", kin("Ann") }));
    assert_kin_error(d.w.s, KIN_MISUSE, "kin_rollback: the transaction is not one that kin_begin opened");
    d.what = DEED_BEGIN;
    assert_null(kin_create(d.w.s, d.user, { "name", kin("Ann") }));
    assert_kin_error(d.w.s, KIN_MISUSE, "a hook has left a transaction level open; it is rolled back: end it with kin_commit");
    d.what = DEED_ERROR; /* an error that a hook leaves is the call's */
    assert_null(kin_create(d.w.s, d.user, { "name", kin("Ann") }));
    assert_kin_error(d.w.s, KIN_MISUSE, "Letter has no attribute 'nothing'");
    assert_int_equal(kin_transaction_depth(d.w.s), 0);
    assert_int_equal(kin_count_all(d.w.s, d.user), 0);
    /* in a transaction the level is failed, and can only be rolled back */
    d.what = DEED_COMMIT;
    assert_true(kin_begin(d.w.s));
    assert_null(kin_create(d.w.s, d.user, { "name", kin("Ann") }));
    kin_clear_error(d.w.s);
    assert_int_equal(kin_transaction_depth(d.w.s), 1);
    assert_false(kin_commit(d.w.s));
    kin_clear_error(d.w.s);
    d.what = DEED_WRITE;
    assert_non_null(kin_create(d.w.s, d.user, { "name", kin("Ann") }));
    assert_int_equal(kin_count_all(d.w.s, d.letter), 1);
    assert_kin_ok(d.w.s);
    world_close(&d.w);
}
