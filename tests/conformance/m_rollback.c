/* Rows in memory after a rollback: what was created is unsaved again, what was changed is pending again, and what cannot be known is stale. */
#include "world.h"

struct garden {
    struct world w;
    kin_model *bed, *plant, *tag, *place;
    kin_association *plants, *bed_of, *tags;
    kin_row *rose, *north;
};

static void garden_open(struct garden *g) {
    world_start(&g->w);
    g->bed = kin_define(g->w.schema, "Bed", KIN_ATTRIBUTES(KIN_STRING("name")));
    g->plant = kin_define(g->w.schema, "Plant",
                          KIN_ATTRIBUTES(KIN_STRING("name", .unique = true), KIN_INTEGER("height", .default_value = kin(0)), KIN_TEXT("note")),
                          .timestamps = true, .paranoid = true);
    g->tag = kin_define(g->w.schema, "Tag", KIN_ATTRIBUTES(KIN_STRING("word")));
    g->place = kin_define(g->w.schema, "Place", KIN_ATTRIBUTES(KIN_STRING("code", .primary_key = true), KIN_INTEGER("size")));
    g->plants = kin_has_many(g->bed, g->plant);
    g->bed_of = kin_belongs_to(g->plant, g->bed);
    g->tags = kin_belongs_to_many(g->plant, g->tag, .through = "PlantTags");
    world_open(&g->w);
    g->north = kin_create(g->w.s, g->bed, { "name", kin("north") });
    g->rose = kin_create(g->w.s, g->plant, { "name", kin("rose") }, { "height", kin(10) });
    assert_kin_ok(g->w.s);
    world_forget(&g->w);
}

static kin_row *in_database(struct garden *g, const char *name) {
    kin_row *row = kin_find_one(g->w.s, g->plant, .where = kin_eq("name", name), .with_deleted = true);
    assert_kin_ok(g->w.s);
    return row;
}

TEST(M26_created_rows_are_unsaved_again) {
    struct garden g;
    garden_open(&g);
    kin_session *s = g.w.s;
    assert_true(kin_begin(s));
    kin_row *lily = kin_create(s, g.plant, { "name", kin("lily") });
    kin_row *built = kin_build(s, g.plant, { "name", kin("iris") });
    assert_true(kin_save(built));
    kin_row *moss = kin_find_or_create(s, g.plant, KIN_VALUES({ "name", kin("moss") }));
    kin_rows many = kin_bulk_create(s, g.plant, KIN_RECORDS(KIN_VALUES({ "name", kin("a") }), KIN_VALUES({ "name", kin("b") })));
    kin_row *here = kin_create(s, g.place, { "code", kin("here") });
    kin_row *rows[] = { lily, built, moss, many.at[0], many.at[1] };
    for (size_t i = 0; i < 5; i++) {
        assert_true(kin_is_saved(rows[i]));
        assert_int_equal(kin_key_of(rows[i]).type, KIN_VALUE_INTEGER);
    }
    assert_true(kin_rollback(s));
    for (size_t i = 0; i < 5; i++) {
        assert_false(kin_is_saved(rows[i]));
        assert_int_equal(kin_key_of(rows[i]).type, KIN_VALUE_UNSET); /* the database's key is nobody's now */
        assert_true(kin_changed(rows[i], "name"));
    }
    assert_string_equal(kin_key_of(here).as.text.data, "here"); /* one's own key stays */
    assert_string_equal(kin_text(lily, "name"), "lily");
    assert_int_equal(kin_count_all(s, g.plant), 1);
    assert_false(kin_destroy(lily));
    assert_kin_error(s, KIN_MISUSE, "kin_destroy: this Plant is not in the database yet");
    world_forget(&g.w);
    for (size_t i = 0; i < 5; i++)
        assert_true(kin_save(rows[i])); /* inserts them */
    assert_true(kin_save(here));
    assert_int_equal(world_sent(&g.w, "INSERT"), 6);
    assert_int_equal(kin_count_all(s, g.plant), 6);
    assert_true(kin_equals(in_database(&g, "lily"), lily));
    assert_false(kin_changed(lily, NULL));
    assert_kin_ok(s);
    world_close(&g.w);
}

TEST(M26_a_row_that_was_created_and_changed_is_inserted_as_it_is_now) {
    struct garden g;
    garden_open(&g);
    kin_session *s = g.w.s;
    assert_true(kin_begin(s));
    kin_row *lily = kin_create(s, g.plant, { "name", kin("lily") }, { "height", kin(1) });
    kin_put(lily, "height", kin(2));
    assert_true(kin_save(lily));
    assert_true(kin_begin(s));
    kin_put(lily, "height", kin(3));
    assert_true(kin_save(lily));
    assert_true(kin_rollback(s)); /* the update alone */
    assert_true(kin_is_saved(lily));
    assert_true(kin_changed(lily, "height"));
    assert_int_equal(kin_int(in_database(&g, "lily"), "height"), 2);
    assert_true(kin_rollback(s)); /* the insert, too */
    assert_false(kin_is_saved(lily));
    kin_put(lily, "note", kin("white"));
    assert_true(kin_save(lily));
    kin_row *found = in_database(&g, "lily");
    assert_int_equal(kin_int(found, "height"), 3);
    assert_string_equal(kin_text(found, "note"), "white");
    assert_kin_ok(s);
    world_close(&g.w);
}

TEST(M26_changes_are_pending_again) {
    struct garden g;
    garden_open(&g);
    kin_session *s = g.w.s;
    kin_put(g.rose, "height", kin(20)); /* before the transaction */
    assert_true(kin_begin(s));
    kin_put(g.rose, "note", kin("red"));
    assert_true(kin_save(g.rose));
    assert_false(kin_changed(g.rose, NULL));
    kin_put(g.rose, "name", kin("big rose")); /* and not saved */
    assert_true(kin_rollback(s));
    assert_true(kin_changed(g.rose, "height"));
    assert_true(kin_changed(g.rose, "note"));
    assert_true(kin_changed(g.rose, "name"));
    assert_false(kin_changed(g.rose, "id"));
    assert_int_equal(kin_int(g.rose, "height"), 20);
    kin_row *found = in_database(&g, "rose");
    assert_int_equal(kin_int(found, "height"), 10);
    assert_true(kin_is_null(found, "note"));
    world_forget(&g.w);
    assert_true(kin_save(g.rose));
    assert_int_equal(world_sent(&g.w, "UPDATE"), 1);
    found = in_database(&g, "big rose");
    assert_int_equal(kin_int(found, "height"), 20);
    assert_string_equal(kin_text(found, "note"), "red");
    assert_kin_ok(s);
    world_close(&g.w);
}

TEST(M26_a_level_gives_back_its_own_changes_alone) {
    struct garden g;
    garden_open(&g);
    kin_session *s = g.w.s;
    assert_true(kin_begin(s));
    kin_put(g.rose, "height", kin(20));
    assert_true(kin_save(g.rose));
    assert_true(kin_begin(s));
    kin_put(g.rose, "note", kin("red"));
    assert_true(kin_save(g.rose));
    kin_row *lily = kin_create(s, g.plant, { "name", kin("lily") });
    assert_true(kin_rollback(s));
    assert_false(kin_changed(g.rose, "height"));
    assert_true(kin_changed(g.rose, "note"));
    assert_false(kin_is_saved(lily));
    assert_true(kin_begin(s));
    assert_true(kin_save(lily));
    assert_true(kin_commit(s));
    assert_true(kin_commit(s));
    assert_false(kin_changed(g.rose, "height"));
    assert_true(kin_is_saved(lily));
    kin_row *found = in_database(&g, "rose");
    assert_int_equal(kin_int(found, "height"), 20);
    assert_true(kin_is_null(found, "note"));
    /* committed inside, rolled back around it */
    assert_true(kin_begin(s));
    assert_true(kin_begin(s));
    kin_row *iris = kin_create(s, g.plant, { "name", kin("iris") });
    assert_true(kin_commit(s));
    assert_true(kin_is_saved(iris));
    assert_true(kin_rollback(s));
    assert_false(kin_is_saved(iris));
    assert_kin_ok(s);
    world_close(&g.w);
}

TEST(M26_a_key_that_was_changed_is_the_old_one_again) {
    struct garden g;
    garden_open(&g);
    kin_session *s = g.w.s;
    kin_row *here = kin_create(s, g.place, { "code", kin("here") }, { "size", kin(1) });
    assert_true(kin_begin(s));
    kin_put(here, "code", kin("there"));
    assert_true(kin_save(here));
    kin_put(here, "size", kin(2));
    assert_true(kin_save(here));
    assert_true(kin_rollback(s));
    assert_true(kin_changed(here, "code"));
    assert_non_null(kin_find_by_pk(s, g.place, kin("here")));
    assert_true(kin_save(here)); /* the row with the old key gets the new one */
    assert_null(kin_find_by_pk(s, g.place, kin("here")));
    assert_int_equal(kin_int(kin_find_by_pk(s, g.place, kin("there")), "size"), 2);
    assert_int_equal(kin_count_all(s, g.place), 1);
    assert_kin_ok(s);
    world_close(&g.w);
}

TEST(M26_what_was_destroyed_is_there_again) {
    struct garden g;
    garden_open(&g);
    kin_session *s = g.w.s;
    assert_true(kin_begin(s));
    assert_true(kin_destroy(g.north));
    assert_false(kin_is_saved(g.north));
    assert_true(kin_destroy(g.rose, .force = true));
    assert_false(kin_is_saved(g.rose));
    assert_true(kin_rollback(s));
    assert_true(kin_is_saved(g.north));
    assert_true(kin_is_saved(g.rose));
    kin_put(g.north, "name", kin("north-east"));
    kin_put(g.rose, "height", kin(11));
    assert_true(kin_save(g.north));
    assert_true(kin_save(g.rose));
    assert_int_equal(kin_int(in_database(&g, "rose"), "height"), 11);
    assert_kin_ok(s);
    world_close(&g.w);
}

TEST(M26_what_the_database_made_of_a_row_is_stale) {
    struct garden g;
    garden_open(&g);
    kin_session *s = g.w.s;
    for (int i = 0; i < 3; i++) {
        assert_true(kin_begin(s));
        if (i == 0)
            assert_true(kin_increment(g.rose, "height", kin(5)));
        else if (i == 1)
            assert_true(kin_destroy(g.rose)); /* marks it */
        else {
            kin_update_all(s, g.plant, KIN_VALUES({ "height", kin(99) }), .all = true);
            assert_true(kin_reload(g.rose));
        }
        assert_true(kin_rollback(s));
        kin_put(g.rose, "note", kin("x"));
        world_forget(&g.w);
        assert_false(kin_save(g.rose));
        assert_string_equal(kin_error_of(s)->model, "Plant");
        assert_kin_error(s, KIN_STALE, "kin_save: a rollback left it unknown what the database has of this Plant; kin_reload it first");
        assert_int_equal(g.w.statement_count, 0);
        assert_true(kin_is_saved(g.rose));
        assert_true(kin_reload(g.rose));
        assert_int_equal(kin_int(g.rose, "height"), 10);
        assert_true(kin_is_null(g.rose, "deletedAt"));
        assert_true(kin_is_null(g.rose, "note")); /* what was pending is dropped */
        kin_put(g.rose, "note", kin("y"));
        assert_true(kin_save(g.rose));
        kin_put(g.rose, "note", kin_null);
        assert_true(kin_save(g.rose));
    }
    assert_kin_ok(s);
    world_close(&g.w);
}

TEST(M26_a_stale_row_is_stale_after_the_level_around_it_too) {
    struct garden g;
    garden_open(&g);
    kin_session *s = g.w.s;
    assert_true(kin_begin(s));
    assert_true(kin_begin(s));
    assert_true(kin_increment(g.rose, "height", kin(5)));
    assert_true(kin_rollback(s));
    assert_true(kin_commit(s));
    kin_put(g.rose, "height", kin(1));
    assert_false(kin_save(g.rose));
    assert_kin_error(s, KIN_STALE, "kin_reload");
    /* reloaded in a transaction that is rolled back: what it read may be gone again */
    assert_true(kin_begin(s));
    assert_true(kin_reload(g.rose));
    assert_true(kin_rollback(s));
    kin_put(g.rose, "height", kin(1));
    assert_false(kin_save(g.rose));
    assert_kin_error(s, KIN_STALE, "kin_reload");
    assert_true(kin_reload(g.rose));
    kin_put(g.rose, "height", kin(1));
    assert_true(kin_save(g.rose));
    assert_int_equal(kin_int(in_database(&g, "rose"), "height"), 1);
    assert_kin_ok(s);
    world_close(&g.w);
}

TEST(M26_links_in_memory_follow_the_rollback) {
    struct garden g;
    garden_open(&g);
    kin_session *s = g.w.s;
    kin_row *south = kin_create(s, g.bed, { "name", kin("south") });
    kin_row *lily = kin_create(s, g.plant, { "name", kin("lily") });
    assert_true(kin_set_one(g.rose, g.bed_of, g.north));
    assert_true(kin_begin(s));
    assert_true(kin_set_one(g.rose, g.bed_of, south));
    assert_true(kin_add(g.north, g.plants, KIN_ROWS(lily)));
    kin_row *red = kin_create_for(g.rose, g.tags, { "word", kin("red") });
    assert_true(kin_is_saved(kin_through(red, kin_model_named(g.w.schema, "PlantTags"))));
    assert_true(kin_rollback(s));
    assert_int_equal(kin_int(in_database(&g, "rose"), "BedId"), kin_int(g.north, "id"));
    /* the setter is a change, which is pending again; what has-many had written itself is undone */
    assert_true(kin_changed(g.rose, "BedId"));
    assert_int_equal(kin_int(g.rose, "BedId"), kin_int(south, "id"));
    assert_true(kin_is_null(lily, "BedId"));
    assert_false(kin_changed(lily, NULL));
    assert_false(kin_is_saved(red));
    assert_false(kin_is_saved(kin_through(red, kin_model_named(g.w.schema, "PlantTags"))));
    assert_int_equal(kin_count(g.rose, g.tags), 0);
    assert_true(kin_save(red));
    assert_true(kin_save(g.rose));
    assert_true(kin_add(g.rose, g.tags, KIN_ROWS(red)));
    assert_true(kin_equals(kin_get_one(g.rose, g.bed_of), south));
    assert_int_equal(kin_count(g.rose, g.tags), 1);
    assert_kin_ok(s);
    world_close(&g.w);
}

TEST(M26_a_partner_and_supplied_values_after_a_rollback) {
    struct world w;
    world_start(&w);
    kin_model *user = kin_define(w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_model *card = kin_define(w.schema, "Card", KIN_ATTRIBUTES(KIN_STRING("number")));
    kin_model *tag = kin_define(w.schema, "Tag", KIN_ATTRIBUTES(KIN_STRING("word")));
    kin_model *link = kin_define(w.schema, "UserTag", KIN_ATTRIBUTES(KIN_STRING("role")));
    kin_association *card_of = kin_has_one(user, card), *tags = kin_belongs_to_many(user, tag, .through_model = link);
    world_open(&w);
    kin_row *ann = kin_create(w.s, user, { "name", kin("Ann") }), *red = kin_create(w.s, tag, { "word", kin("red") });
    kin_row *one = kin_create_for(ann, card_of, { "number", kin("1") }), *two = kin_build(w.s, card, { "number", kin("2") });
    assert_true(kin_put_through(red, link, KIN_VALUES({ "role", kin("main") })));
    for (int i = 0; i < 2; i++) {
        assert_true(kin_begin(w.s));
        assert_true(kin_set_one(ann, card_of, two));
        assert_true(kin_is_saved(two));
        assert_true(kin_add(ann, tags, KIN_ROWS(red)));
        assert_int_equal(kin_count_all(w.s, link, .where = kin_eq("role", "main")), 1);
        if (i == 0) {
            assert_true(kin_rollback(w.s));
            assert_false(kin_is_saved(two));
            assert_true(kin_equals(kin_get_one(ann, card_of), one));
            assert_int_equal(kin_count(ann, tags), 0);
        } else {
            assert_true(kin_commit(w.s)); /* the same again, and this time for good */
        }
    }
    assert_true(kin_equals(kin_get_one(ann, card_of), two));
    assert_int_equal(kin_count_all(w.s, card), 2);
    assert_int_equal(kin_count_all(w.s, link, .where = kin_eq("role", "main")), 1);
    assert_true(kin_reload(one));
    assert_true(kin_is_null(one, "UserId"));
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(M26_a_cascade_and_rows_of_many_at_once_after_a_rollback) {
    struct garden g;
    garden_open(&g);
    kin_session *s = g.w.s;
    kin_row *lily = kin_create_for(g.north, g.plants, { "name", kin("lily") });
    assert_true(kin_begin(s));
    assert_int_equal(kin_update_all(s, g.plant, KIN_VALUES({ "height", kin(99) }), .all = true, .individual_hooks = true), 2);
    assert_int_equal(kin_destroy_all(s, g.plant, .all = true, .force = true), 2);
    assert_int_equal(kin_count_all(s, g.plant, .with_deleted = true), 0);
    kin_put(lily, "height", kin(5));
    assert_true(kin_begin(s));
    assert_false(kin_save(lily));
    assert_kin_error(s, KIN_STALE, "is not in the database any more");
    assert_true(kin_rollback(s));
    assert_true(kin_rollback(s));
    assert_true(kin_save(lily)); /* there again, and the change was kept */
    assert_int_equal(kin_int(in_database(&g, "lily"), "height"), 5);
    assert_int_equal(kin_int(in_database(&g, "rose"), "height"), 10);
    assert_true(kin_equals(kin_get_one(lily, g.bed_of), g.north));
    assert_kin_ok(s);
    world_close(&g.w);
}

/* A commit that is refused and a session that closes are rollbacks as well. */
TEST(M26_rows_of_a_commit_that_was_refused) {
    struct garden g;
    garden_open(&g);
    kin_session *s = g.w.s;
    assert_true(kin_begin(s));
    kin_row *lily = kin_create(s, g.plant, { "name", kin("lily") });
    kin_put(g.rose, "height", kin(30));
    assert_true(kin_save(g.rose));
    assert_null(kin_create(s, g.plant, { "name", kin("rose") }));
    assert_false(kin_commit(s));
    kin_clear_error(s);
    assert_false(kin_is_saved(lily));
    assert_true(kin_changed(g.rose, "height"));
    assert_true(kin_save(lily));
    assert_true(kin_save(g.rose));
    assert_int_equal(kin_int(in_database(&g, "rose"), "height"), 30);
    assert_kin_ok(s);
    world_close(&g.w);
}

TEST(M26_a_call_that_failed_outside_leaves_rows_as_they_were) {
    struct garden g;
    garden_open(&g);
    kin_session *s = g.w.s;
    kin_row *lily = kin_create(s, g.plant, { "name", kin("lily") }), *built = kin_build(s, g.plant, { "name", kin("rose") });
    kin_put(lily, "name", kin("rose"));
    assert_false(kin_save(lily));
    kin_clear_error(s);
    assert_false(kin_save(built));
    kin_clear_error(s);
    assert_true(kin_changed(lily, "name"));
    assert_false(kin_is_saved(built));
    assert_int_equal(kin_key_of(built).type, KIN_VALUE_UNSET);
    kin_put(lily, "name", kin("tall lily"));
    kin_put(built, "name", kin("wild rose"));
    assert_true(kin_save(lily));
    assert_true(kin_save(built));
    assert_non_null(in_database(&g, "tall lily"));
    assert_non_null(in_database(&g, "wild rose"));
    assert_kin_ok(s);
    world_close(&g.w);
}

TEST(M26_an_increment_or_a_reload_that_failed_leaves_no_row_stale) {
    struct world w;
    world_start(&w);
    kin_model *seat = kin_define(w.schema, "Seat", KIN_ATTRIBUTES(KIN_INTEGER("place", .unique = true), KIN_STRING("name")));
    world_open(&w);
    kin_row *one = kin_create(w.s, seat, { "place", kin(1) });
    assert_non_null(kin_create(w.s, seat, { "place", kin(2) }));
    for (int i = 0; i < 2; i++) {
        if (i == 1)
            assert_true(kin_begin(w.s));
        assert_false(kin_increment(one, "place", kin(1)));
        assert_int_equal(kin_error_of(w.s)->constraint, KIN_UNIQUE);
        kin_clear_error(w.s);
        if (i == 1)
            assert_true(kin_rollback(w.s));
        assert_int_equal(kin_int(one, "place"), 1);
        kin_put(one, "name", kin(i ? "x" : "y"));
        assert_true(kin_save(one));
    }
    assert_true(kin_begin(w.s));
    assert_true(kin_destroy(kin_find_by_pk(w.s, seat, kin_key_of(one))));
    assert_false(kin_reload(one));
    assert_kin_error(w.s, KIN_STALE, "is not in the database any more");
    assert_true(kin_rollback(w.s));
    kin_put(one, "name", kin("z"));
    assert_true(kin_save(one));
    assert_int_equal(kin_count_all(w.s, seat, .where = kin_eq("name", "z")), 1);
    assert_kin_ok(w.s);
    world_close(&w);
}

/* ---- rows that are gone ---- */

TEST(M26_a_row_that_is_gone_is_not_written_in_silence) {
    struct garden g;
    garden_open(&g);
    kin_session *s = g.w.s;
    kin_row *same[5];
    for (size_t i = 0; i < 5; i++)
        same[i] = kin_find_one(s, g.plant, .where = kin_eq("name", "rose"));
    assert_true(kin_destroy(g.rose, .force = true));
    char gone[80];
    snprintf(gone, sizeof gone, "Plant %" PRId64 " is not in the database any more: it was deleted, or its key was changed", kin_int(same[0], "id"));
    kin_put(same[0], "height", kin(1));
    assert_false(kin_save(same[0]));
    assert_kin_error(s, KIN_STALE, gone);
    assert_true(kin_changed(same[0], "height"));
    assert_false(kin_destroy(same[1]));
    assert_kin_error(s, KIN_STALE, gone);
    assert_false(kin_destroy(same[1], .force = true));
    assert_kin_error(s, KIN_STALE, gone);
    assert_false(kin_reload(same[2]));
    assert_kin_error(s, KIN_STALE, gone);
    assert_false(kin_increment(same[3], "height", kin(1)));
    assert_kin_error(s, KIN_STALE, gone);
    assert_false(kin_restore(same[4]));
    assert_kin_error(s, KIN_STALE, gone);
    assert_false(kin_set_one(same[4], g.bed_of, g.north));
    assert_kin_error(s, KIN_STALE, gone);
    assert_true(kin_is_null(same[4], "BedId"));
    assert_false(kin_save(g.rose)); /* and through the row that was destroyed */
    kin_clear_error(s);
    assert_true(kin_save(same[1])); /* nothing to write: nothing to miss */
    kin_put(g.rose, "height", kin(1));
    assert_false(kin_save(g.rose));
    assert_kin_error(s, KIN_STALE, "kin_save: this Plant was destroyed; kin_create a new one");
    assert_string_equal(kin_text(g.rose, "name"), "rose");
    assert_kin_ok(s);
    world_close(&g.w);
}

TEST(M26_a_row_that_another_took_away_in_a_transaction) {
    struct garden g;
    garden_open(&g);
    kin_session *s = g.w.s;
    assert_true(kin_begin(s));
    kin_row *lily = kin_create(s, g.plant, { "name", kin("lily") });
    kin_row *found = in_database(&g, "lily");
    assert_true(kin_is_saved(found));
    assert_true(kin_rollback(s));
    assert_false(kin_is_saved(lily));
    kin_put(found, "height", kin(7)); /* read in a transaction that is undone: it is found out when it is written */
    assert_false(kin_save(found));
    assert_kin_error(s, KIN_STALE, "is not in the database any more");
    assert_true(kin_begin(s));
    kin_put(found, "height", kin(8));
    assert_false(kin_save(found));
    assert_kin_error(s, KIN_STALE, "is not in the database any more");
    assert_true(kin_rollback(s));
    assert_int_equal(kin_count_all(s, g.plant), 1);
    assert_kin_ok(s);
    world_close(&g.w);
}
