/* Belongs-to and what is pending: memory and database are two things, and the setter decides by the database. */
#include <kin.h>

#include "test.h"
#include "world.h"

struct club {
    struct world w;
    kin_model *team, *player;
    kin_association *team_of;
    kin_row *reds, *blues, *ann;
};

static void club_open(struct club *c, bool no_constraints) {
    world_start(&c->w);
    c->team = kin_define(c->w.schema, "Team", KIN_ATTRIBUTES(KIN_STRING("name")));
    c->player = kin_define(c->w.schema, "Player", KIN_ATTRIBUTES(KIN_STRING("name"), KIN_INTEGER("age")));
    c->team_of = kin_belongs_to(c->player, c->team, .no_constraints = no_constraints);
    world_open(&c->w);
    c->reds = kin_create(c->w.s, c->team, { "name", kin("Reds") });
    c->blues = kin_create(c->w.s, c->team, { "name", kin("Blues") });
    c->ann = kin_create(c->w.s, c->player, { "name", kin("Ann") });
    assert_kin_ok(c->w.s);
    world_forget(&c->w);
}

/* The team that the database has for Ann: 0 for none. */
static int64_t team_in_database(struct club *c) {
    kin_row *found = kin_find_by_pk(c->w.s, c->player, kin_key_of(c->ann));
    assert_kin_ok(c->w.s);
    return kin_is_null(found, "TeamId") ? 0 : kin_int(found, "TeamId");
}

#define assert_team(club, team) assert_int_equal(team_in_database(club), kin_int(team, "id"))

TEST(C16_C17_a_key_that_is_pending_is_written_though_memory_has_it) {
    struct club c;
    club_open(&c, false);
    assert_true(kin_set_one(c.ann, c.team_of, c.reds, .no_save = true));
    assert_true(kin_set_one(c.ann, c.team_of, c.reds));
    assert_team(&c, c.reds);
    assert_false(kin_changed(c.ann, NULL));
    kin_put(c.ann, "TeamId", kin_key_of(c.blues));
    assert_true(kin_set_one_key(c.ann, c.team_of, kin_key_of(c.blues)));
    assert_team(&c, c.blues);
    kin_put(c.ann, "TeamId", kin_key_of(c.reds));
    assert_true(kin_set_one(c.ann, c.team_of, NULL));
    assert_int_equal(team_in_database(&c), 0);
    assert_false(kin_changed(c.ann, NULL));
    assert_kin_ok(c.w.s);
    world_close(&c.w);
}

TEST(C17_after_a_rollback_the_same_target_is_written_again) {
    struct club c;
    club_open(&c, false);
    assert_true(kin_begin(c.w.s));
    assert_true(kin_set_one(c.ann, c.team_of, c.reds));
    assert_true(kin_rollback(c.w.s));
    assert_int_equal(team_in_database(&c), 0);
    assert_true(kin_set_one(c.ann, c.team_of, c.reds));
    assert_team(&c, c.reds);
    assert_true(kin_begin(c.w.s));
    assert_true(kin_set_one(c.ann, c.team_of, NULL));
    assert_true(kin_rollback(c.w.s));
    assert_true(kin_set_one(c.ann, c.team_of, NULL));
    assert_int_equal(team_in_database(&c), 0);
    assert_kin_ok(c.w.s);
    world_close(&c.w);
}

TEST(C14_C17_a_key_that_was_not_loaded_is_written) {
    struct club c;
    club_open(&c, false);
    assert_true(kin_set_one(c.ann, c.team_of, c.reds));
    kin_row *part = kin_find_by_pk(c.w.s, c.player, kin_key_of(c.ann), .attributes = KIN_NAMES("name"));
    assert_false(kin_is_loaded(part, "TeamId"));
    assert_null(kin_get_one(part, c.team_of));
    assert_kin_error(c.w.s, KIN_MISUSE, "Player.TeamId");
    world_forget(&c.w);
    assert_true(kin_set_one(part, c.team_of, NULL));
    assert_int_equal(c.w.statement_count, 1);
    assert_int_equal(team_in_database(&c), 0);
    part = kin_find_by_pk(c.w.s, c.player, kin_key_of(c.ann), .attributes = KIN_NAMES("name"));
    assert_true(kin_set_one(part, c.team_of, c.blues));
    assert_team(&c, c.blues);
    assert_true(kin_equals(kin_get_one(part, c.team_of), c.blues));
    assert_kin_ok(c.w.s);
    world_close(&c.w);
}

TEST(C21_a_refused_key_gives_back_the_one_that_was_pending) {
    struct club c;
    club_open(&c, false);
    kin_put(c.ann, "TeamId", kin_key_of(c.blues));
    assert_false(kin_set_one_key(c.ann, c.team_of, kin(777)));
    assert_kin_error(c.w.s, KIN_CONSTRAINT, "");
    assert_int_equal(kin_int(c.ann, "TeamId"), kin_int(c.blues, "id"));
    assert_true(kin_changed(c.ann, "TeamId"));
    assert_int_equal(team_in_database(&c), 0);
    assert_true(kin_save(c.ann));
    assert_team(&c, c.blues);
    assert_kin_ok(c.w.s);
    world_close(&c.w);
}

TEST(C21_without_a_constraint_nothing_judges_the_key) {
    struct club c;
    club_open(&c, true);
    assert_true(kin_set_one_key(c.ann, c.team_of, kin(777)));
    assert_int_equal(team_in_database(&c), 777);
    assert_null(kin_get_one(c.ann, c.team_of));
    assert_kin_ok(c.w.s);
    world_close(&c.w);
}

TEST(C18_getter_and_creator_of_an_unsaved_row_are_errors) {
    struct club c;
    club_open(&c, false);
    kin_row *bob = kin_build(c.w.s, c.player, { "name", kin("Bob") });
    assert_true(kin_set_one(bob, c.team_of, c.reds));
    assert_null(kin_get_one(bob, c.team_of));
    assert_kin_error(c.w.s, KIN_MISUSE, "this Player is not saved yet, so Player.Team cannot be followed");
    assert_null(kin_create_for(bob, c.team_of, { "name", kin("Greens") }));
    assert_kin_error(c.w.s, KIN_MISUSE, "this Player is not saved yet");
    assert_int_equal(c.w.statement_count, 0);
    assert_true(kin_set_one_key(bob, c.team_of, kin_key_of(c.blues)));
    assert_int_equal(c.w.statement_count, 0);
    assert_int_equal(kin_int(bob, "TeamId"), kin_int(c.blues, "id"));
    assert_true(kin_set_one(bob, c.team_of, NULL));
    assert_true(kin_save(bob));
    assert_true(kin_is_null(kin_find_by_pk(c.w.s, c.player, kin_key_of(bob)), "TeamId"));
    assert_kin_ok(c.w.s);
    world_close(&c.w);
}

TEST(C19_C22_rows_that_were_destroyed_are_neither_source_nor_target) {
    struct club c;
    club_open(&c, false);
    assert_true(kin_destroy(c.reds));
    assert_false(kin_set_one(c.ann, c.team_of, c.reds));
    assert_kin_error(c.w.s, KIN_MISUSE, "was destroyed");
    assert_int_equal(team_in_database(&c), 0);
    kin_row *copy = kin_find_by_pk(c.w.s, c.player, kin_key_of(c.ann));
    assert_true(kin_destroy(copy));
    assert_false(kin_set_one(copy, c.team_of, c.blues));
    assert_kin_error(c.w.s, KIN_STALE, "destroyed");
    assert_false(kin_set_one(c.ann, c.team_of, c.blues)); /* does not know yet that it is gone */
    assert_kin_error(c.w.s, KIN_STALE, "Player");
    assert_true(kin_is_null(c.ann, "TeamId"));
    world_close(&c.w);
}
