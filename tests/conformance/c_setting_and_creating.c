/* Belongs-to, as it is written: the setter writes the key of the source and nothing else of it, the creator a target and then that key. */
#include <kin.h>

#include "test.h"
#include "world.h"

struct club {
    struct world w;
    kin_model *team, *player;
    kin_association *team_of;
    kin_row *reds, *blues, *ann;
};

static const char *refuse_far_team(void *context, kin_value value) {
    (void)context;
    return value.type == KIN_VALUE_INTEGER && value.as.integer >= 1000 ? "must be below 1000" : NULL;
}

static void club_declare(struct club *c, bool timestamps) {
    world_start(&c->w);
    c->team = kin_define(c->w.schema, "Team", KIN_ATTRIBUTES(KIN_STRING("name", .not_null = true), KIN_STRING("city")));
    c->player = kin_define(c->w.schema, "Player",
                           KIN_ATTRIBUTES(KIN_STRING("name", .not_null = true, .validate = { .min_length = 2 }), KIN_INTEGER("age")),
                           .timestamps = timestamps ? KIN_ON : KIN_OFF);
    c->team_of = kin_belongs_to(c->player, c->team, .key = { .validate = { .function = refuse_far_team } });
}

static void club_fill(struct club *c) {
    c->reds = kin_create(c->w.s, c->team, { "name", kin("Reds") });
    c->blues = kin_create(c->w.s, c->team, { "name", kin("Blues") });
    c->ann = kin_create(c->w.s, c->player, { "name", kin("Ann") }, { "age", kin(30) });
    assert_kin_ok(c->w.s);
    world_forget(&c->w);
}

static void club_open(struct club *c) {
    club_declare(c, false);
    world_open(&c->w);
    club_fill(c);
}

/* SQL as it reads without quotes, "?" for every bind. */
static const char *plain(const char *sql) {
    static char text[4096];
    size_t size = 0;
    for (; *sql && size + 1 < sizeof text; sql++) {
        if (*sql == '`' || *sql == '"')
            continue;
        text[size++] = *sql == '$' ? '?' : *sql;
        while (*sql == '$' && sql[1] >= '0' && sql[1] <= '9')
            sql++;
    }
    text[size] = '\0';
    return text;
}

/* The team that the database has for the player: 0 for none. */
static int64_t team_in_database(struct club *c, const kin_row *player) {
    kin_row *found = kin_find_by_pk(c->w.s, c->player, kin_key_of(player));
    assert_kin_ok(c->w.s);
    assert_non_null(found);
    return kin_is_null(found, "TeamId") ? 0 : kin_int(found, "TeamId");
}

#define assert_team(club, player, team) assert_int_equal(team_in_database(club, player), kin_int(team, "id"))

/* ---- the setter ---- */

TEST(C12_C22_the_setter_takes_a_row_a_key_or_null) {
    struct club c;
    club_open(&c);
    assert_true(kin_set_one(c.ann, c.team_of, c.reds));
    assert_team(&c, c.ann, c.reds);
    assert_int_equal(kin_int(c.ann, "TeamId"), kin_int(c.reds, "id"));
    assert_true(kin_set_one_key(c.ann, c.team_of, kin_key_of(c.blues)));
    assert_team(&c, c.ann, c.blues);
    assert_int_equal(kin_int(c.ann, "TeamId"), kin_int(c.blues, "id"));
    char text[32];
    snprintf(text, sizeof text, "%" PRId64, kin_int(c.reds, "id"));
    assert_true(kin_set_one_key(c.ann, c.team_of, kin(text))); /* in the key's own type */
    assert_team(&c, c.ann, c.reds);
    assert_true(kin_set_one(c.ann, c.team_of, NULL));
    assert_int_equal(team_in_database(&c, c.ann), 0);
    assert_true(kin_is_null(c.ann, "TeamId"));
    assert_false(kin_changed(c.ann, NULL));
    assert_kin_ok(c.w.s);
    world_close(&c.w);
}

TEST(C12_a_row_of_another_model_is_refused) {
    struct club c;
    club_open(&c);
    kin_row *bob = kin_create(c.w.s, c.player, { "name", kin("Bob") });
    world_forget(&c.w);
    assert_false(kin_set_one(c.ann, c.team_of, bob));
    assert_kin_error(c.w.s, KIN_MISUSE, "is a Player, but Player.Team takes rows of Team");
    assert_false(kin_set_one_key(c.ann, c.team_of, kin("Reds")));
    assert_kin_error(c.w.s, KIN_MISUSE, "Team.id");
    assert_int_equal(c.w.statement_count, 0);
    assert_true(kin_is_null(c.ann, "TeamId"));
    world_close(&c.w);
}

TEST(C13_other_changes_stay_in_memory_and_pending) {
    struct club c;
    club_open(&c);
    kin_put(c.ann, "name", kin("Anna"));
    kin_put(c.ann, "age", kin(31));
    assert_true(kin_set_one(c.ann, c.team_of, c.reds));
    kin_row *found = kin_find_by_pk(c.w.s, c.player, kin_key_of(c.ann));
    assert_string_equal(kin_text(found, "name"), "Ann");
    assert_int_equal(kin_int(found, "age"), 30);
    assert_int_equal(kin_int(found, "TeamId"), kin_int(c.reds, "id"));
    assert_string_equal(kin_text(c.ann, "name"), "Anna");
    assert_true(kin_changed(c.ann, "name"));
    assert_true(kin_changed(c.ann, "age"));
    assert_false(kin_changed(c.ann, "TeamId"));
    assert_true(kin_save(c.ann));
    found = kin_find_by_pk(c.w.s, c.player, kin_key_of(c.ann));
    assert_string_equal(kin_text(found, "name"), "Anna");
    assert_int_equal(kin_int(found, "TeamId"), kin_int(c.reds, "id"));
    assert_kin_ok(c.w.s);
    world_close(&c.w);
}

TEST(C13_C14_the_setter_is_one_update_of_the_key) {
    struct club c;
    club_open(&c);
    kin_put(c.ann, "age", kin(31));
    assert_true(kin_set_one(c.ann, c.team_of, c.reds));
    assert_int_equal(c.w.statement_count, 1);
    assert_string_equal(plain(world_statement(&c.w, 0)), "UPDATE Players SET TeamId = ? WHERE id = ?");
    world_forget(&c.w);
    assert_true(kin_set_one_key(c.ann, c.team_of, kin_key_of(c.blues)));
    assert_true(kin_set_one(c.ann, c.team_of, NULL));
    assert_int_equal(c.w.statement_count, 2);
    assert_string_equal(plain(world_statement(&c.w, 0)), "UPDATE Players SET TeamId = ? WHERE id = ?");
    assert_string_equal(plain(world_statement(&c.w, 1)), "UPDATE Players SET TeamId = ? WHERE id = ?");
    assert_kin_ok(c.w.s);
    world_close(&c.w);
}

TEST(C14_the_setter_writes_the_time_of_the_change_too) {
    struct club c;
    club_declare(&c, true);
    world_open(&c.w);
    club_fill(&c);
    kin_row *old = kin_create(c.w.s, c.player, { "name", kin("Old") }, { "createdAt", kin_value_date(0) }, { "updatedAt", kin_value_date(0) });
    kin_put(old, "age", kin(99));
    world_forget(&c.w);
    int64_t before = kin_now();
    assert_true(kin_set_one(old, c.team_of, c.reds));
    assert_int_equal(c.w.statement_count, 1);
    const char *sql = plain(world_statement(&c.w, 0));
    assert_true(strcmp(sql, "UPDATE Players SET TeamId = ?, updatedAt = ? WHERE id = ?") == 0 ||
                strcmp(sql, "UPDATE Players SET updatedAt = ?, TeamId = ? WHERE id = ?") == 0);
    kin_row *found = kin_find_by_pk(c.w.s, c.player, kin_key_of(old));
    assert_true(kin_date_of(found, "updatedAt") >= before - 1000000);
    assert_true(kin_date_of(found, "updatedAt") == kin_date_of(old, "updatedAt"));
    assert_true(kin_date_of(found, "createdAt") == 0);
    assert_true(kin_is_null(found, "age"));
    assert_kin_ok(c.w.s);
    world_close(&c.w);
}

TEST(C15_null_ends_the_link) {
    struct club c;
    club_open(&c);
    assert_true(kin_set_one(c.ann, c.team_of, c.reds));
    assert_true(kin_equals(kin_get_one(c.ann, c.team_of), c.reds));
    assert_true(kin_set_one(c.ann, c.team_of, NULL));
    assert_null(kin_get_one(c.ann, c.team_of));
    assert_null(kin_get_one(kin_find_by_pk(c.w.s, c.player, kin_key_of(c.ann)), c.team_of));
    assert_int_equal(kin_count_all(c.w.s, c.player, .where = kin_eq("TeamId", kin_null)), 1);
    assert_int_equal(kin_count_all(c.w.s, c.team), 2);
    assert_kin_ok(c.w.s);
    world_close(&c.w);
}

TEST(C16_C22_no_save_sets_the_key_in_memory_until_the_row_is_saved) {
    struct club c;
    club_open(&c);
    assert_true(kin_set_one(c.ann, c.team_of, c.reds, .no_save = true));
    assert_int_equal(c.w.statement_count, 0);
    assert_int_equal(kin_int(c.ann, "TeamId"), kin_int(c.reds, "id"));
    assert_true(kin_changed(c.ann, "TeamId"));
    assert_int_equal(team_in_database(&c, c.ann), 0);
    assert_true(kin_equals(kin_get_one(c.ann, c.team_of), c.reds)); /* the getter goes by memory */
    assert_true(kin_save(c.ann));
    assert_team(&c, c.ann, c.reds);
    assert_true(kin_set_one_key(c.ann, c.team_of, kin_key_of(c.blues), .no_save = true));
    assert_team(&c, c.ann, c.reds);
    assert_true(kin_save(c.ann));
    assert_team(&c, c.ann, c.blues);
    assert_kin_ok(c.w.s);
    world_close(&c.w);
}

TEST(C17_the_same_target_again_sends_nothing) {
    struct club c;
    club_open(&c);
    assert_true(kin_set_one(c.ann, c.team_of, c.reds));
    world_forget(&c.w);
    assert_true(kin_set_one(c.ann, c.team_of, c.reds));
    assert_true(kin_set_one_key(c.ann, c.team_of, kin_key_of(c.reds)));
    assert_int_equal(c.w.statement_count, 0);
    assert_team(&c, c.ann, c.reds);
    assert_kin_ok(c.w.s);
    world_close(&c.w);
}

TEST(C18_on_an_unsaved_row_the_setter_sets_the_key_in_memory) {
    struct club c;
    club_open(&c);
    kin_row *bob = kin_build(c.w.s, c.player, { "name", kin("Bob") }, { "age", kin(20) });
    assert_true(kin_set_one(bob, c.team_of, c.reds));
    assert_int_equal(c.w.statement_count, 0);
    assert_false(kin_is_saved(bob));
    assert_int_equal(kin_int(bob, "TeamId"), kin_int(c.reds, "id"));
    assert_true(kin_save(bob));
    assert_int_equal(world_sent(&c.w, "INSERT"), 1);
    assert_int_equal(world_sent(&c.w, NULL), 1);
    kin_row *found = kin_find_by_pk(c.w.s, c.player, kin_key_of(bob));
    assert_string_equal(kin_text(found, "name"), "Bob");
    assert_int_equal(kin_int(found, "age"), 20);
    assert_team(&c, bob, c.reds);
    assert_kin_ok(c.w.s);
    world_close(&c.w);
}

TEST(C19_a_target_that_is_not_saved_is_refused) {
    struct club c;
    club_open(&c);
    assert_true(kin_set_one(c.ann, c.team_of, c.reds));
    world_forget(&c.w);
    kin_row *greens = kin_build(c.w.s, c.team, { "name", kin("Greens") });
    assert_false(kin_set_one(c.ann, c.team_of, greens));
    assert_non_null(strstr(kin_error_of(c.w.s)->message, "Player.Team"));
    assert_kin_error(c.w.s, KIN_MISUSE, "not saved");
    assert_int_equal(c.w.statement_count, 0);
    assert_int_equal(kin_int(c.ann, "TeamId"), kin_int(c.reds, "id"));
    assert_team(&c, c.ann, c.reds);
    assert_true(kin_save(greens));
    assert_true(kin_set_one(c.ann, c.team_of, greens));
    assert_team(&c, c.ann, greens);
    world_close(&c.w);
}

TEST(C20_a_key_that_says_nothing_is_refused_before_anything_is_sent) {
    struct club c;
    club_open(&c);
    assert_true(kin_set_one(c.ann, c.team_of, c.reds));
    world_forget(&c.w);
    assert_false(kin_set_one_key(c.ann, c.team_of, (kin_value){ .type = KIN_VALUE_UNSET }));
    assert_kin_error(c.w.s, KIN_MISUSE, "Team.id is not set");
    assert_false(kin_set_one_key(c.ann, c.team_of, kin_null));
    assert_kin_error(c.w.s, KIN_MISUSE, "Team.id is NULL");
    assert_int_equal(c.w.statement_count, 0);
    assert_int_equal(kin_int(c.ann, "TeamId"), kin_int(c.reds, "id"));
    assert_team(&c, c.ann, c.reds);
    world_close(&c.w);
}

TEST(C21_a_key_that_does_not_exist_is_an_error_and_changes_nothing) {
    struct club c;
    club_open(&c);
    assert_true(kin_set_one(c.ann, c.team_of, c.reds));
    kin_put(c.ann, "age", kin(31));
    assert_false(kin_set_one_key(c.ann, c.team_of, kin(777)));
    assert_int_equal(kin_error_of(c.w.s)->constraint, KIN_FOREIGN_KEY);
    assert_kin_error(c.w.s, KIN_CONSTRAINT, "");
    assert_int_equal(kin_int(c.ann, "TeamId"), kin_int(c.reds, "id"));
    assert_false(kin_changed(c.ann, "TeamId"));
    assert_true(kin_changed(c.ann, "age"));
    assert_team(&c, c.ann, c.reds);
    assert_true(kin_save(c.ann));
    assert_team(&c, c.ann, c.reds);
    assert_kin_ok(c.w.s);
    world_close(&c.w);
}

TEST(C21_C22_a_failed_setter_answers_false) {
    struct club c;
    club_open(&c);
    assert_false(kin_set_one_key(c.ann, c.team_of, kin(777)));
    assert_false(kin_ok(c.w.s));
    assert_false(kin_set_one(c.ann, c.team_of, c.reds)); /* the error stays until it is cleared */
    kin_clear_error(c.w.s);
    assert_true(kin_set_one(c.ann, c.team_of, c.reds));
    assert_team(&c, c.ann, c.reds);
    assert_false(kin_set_one(NULL, c.team_of, c.reds)); /* no source: nothing is done */
    assert_kin_ok(c.w.s);
    world_close(&c.w);
}

/* ---- validation and hooks ---- */

struct heard {
    char kinds[64];
    bool refuse;
};

static bool hear(void *context, const kin_hook_event *event) {
    struct heard *heard = context;
    size_t size = strlen(heard->kinds);
    snprintf(heard->kinds + size, sizeof heard->kinds - size, "%d%s ", (int)event->kind, kin_is_null(event->row, "TeamId") ? "-" : "+");
    return !heard->refuse;
}

TEST(C23_the_setter_validates_the_key_and_nothing_else) {
    struct club c;
    club_open(&c);
    kin_put(c.ann, "name", kin("")); /* would be refused */
    assert_true(kin_set_one(c.ann, c.team_of, c.reds));
    assert_team(&c, c.ann, c.reds);
    kin_row *far = kin_create(c.w.s, c.team, { "id", kin(1000) }, { "name", kin("Far") });
    world_forget(&c.w);
    assert_false(kin_set_one(c.ann, c.team_of, far));
    assert_string_equal(kin_error_of(c.w.s)->attribute, "TeamId");
    assert_kin_error(c.w.s, KIN_INVALID, "must be below 1000");
    assert_int_equal(c.w.statement_count, 0);
    assert_int_equal(kin_int(c.ann, "TeamId"), kin_int(c.reds, "id"));
    assert_true(kin_set_one(c.ann, c.team_of, far, .no_validate = true));
    assert_team(&c, c.ann, far);
    assert_false(kin_save(c.ann)); /* the name is still pending, and still wrong */
    assert_kin_error(c.w.s, KIN_INVALID, "Player.name");
    world_close(&c.w);
}

TEST(C23_the_setter_runs_the_hooks_of_an_update) {
    struct club c;
    struct heard heard = { "", false };
    char wanted[64];
    club_declare(&c, false);
    kin_hook_add(c.player, KIN_BEFORE_UPDATE, hear, &heard);
    kin_hook_add(c.player, KIN_AFTER_UPDATE, hear, &heard);
    kin_hook_add(c.player, KIN_BEFORE_CREATE, hear, &heard);
    world_open(&c.w);
    club_fill(&c);
    heard.kinds[0] = '\0';
    assert_true(kin_set_one(c.ann, c.team_of, c.reds));
    snprintf(wanted, sizeof wanted, "%d+ %d+ ", (int)KIN_BEFORE_UPDATE, (int)KIN_AFTER_UPDATE);
    assert_string_equal(heard.kinds, wanted); /* both see the new key */
    heard.kinds[0] = '\0';
    assert_true(kin_set_one(c.ann, c.team_of, c.blues, .no_hooks = true));
    assert_string_equal(heard.kinds, "");
    heard.refuse = true;
    assert_false(kin_set_one(c.ann, c.team_of, NULL));
    assert_kin_error(c.w.s, KIN_HOOK, "");
    assert_int_equal(kin_int(c.ann, "TeamId"), kin_int(c.blues, "id"));
    assert_team(&c, c.ann, c.blues);
    world_close(&c.w);
}

/* ---- the creator ---- */

TEST(C24_C25_a_target_is_created_and_linked) {
    struct club c;
    club_open(&c);
    kin_put(c.ann, "age", kin(31));
    kin_row *greens = kin_create_for(c.ann, c.team_of, { "name", kin("Greens") }, { "city", kin("York") });
    assert_kin_ok(c.w.s);
    assert_int_equal(world_sent(&c.w, "INSERT"), 1);
    assert_int_equal(world_sent(&c.w, "UPDATE"), 1);
    assert_int_equal(world_sent(&c.w, NULL), 2);
    assert_true(kin_model_of(greens) == c.team);
    assert_true(kin_is_saved(greens));
    assert_string_equal(kin_text(greens, "city"), "York");
    assert_int_equal(kin_int(c.ann, "TeamId"), kin_int(greens, "id"));
    assert_team(&c, c.ann, greens);
    assert_string_equal(kin_text(kin_find_by_pk(c.w.s, c.team, kin_key_of(greens)), "name"), "Greens");
    assert_true(kin_changed(c.ann, "age")); /* nothing else of the source was saved */
    assert_true(kin_is_null(kin_find_by_pk(c.w.s, c.player, kin_key_of(c.ann)), "age") == false);
    assert_int_equal(kin_int(kin_find_by_pk(c.w.s, c.player, kin_key_of(c.ann)), "age"), 30);
    world_close(&c.w);
}

TEST(C24_C27_target_and_link_are_made_together_or_not_at_all) {
    struct club c;
    struct heard heard = { "", false };
    club_declare(&c, false);
    kin_hook_add(c.player, KIN_AFTER_UPDATE, hear, &heard);
    world_open(&c.w);
    club_fill(&c);
    assert_true(kin_set_one(c.ann, c.team_of, c.reds));
    heard.refuse = true;
    assert_null(kin_create_for(c.ann, c.team_of, { "name", kin("Greens") }));
    assert_kin_error(c.w.s, KIN_HOOK, "");
    assert_int_equal(kin_count_all(c.w.s, c.team), 2);
    assert_int_equal(kin_int(c.ann, "TeamId"), kin_int(c.reds, "id"));
    assert_team(&c, c.ann, c.reds);
    heard.refuse = false;
    assert_null(kin_create_for(c.ann, c.team_of, { "city", kin("York") })); /* a team needs a name */
    assert_kin_error(c.w.s, KIN_INVALID, "Team.name");
    assert_team(&c, c.ann, c.reds);
    world_close(&c.w);
}

TEST(C26_a_list_of_attributes_limits_the_target_and_not_the_link) {
    struct club c;
    club_open(&c);
    kin_row *greens = kin_create_linked(c.ann, c.team_of, KIN_VALUES({ "name", kin("Greens") }, { "city", kin("York") }),
                                        .attributes = KIN_NAMES("name"));
    assert_kin_ok(c.w.s);
    kin_row *found = kin_find_by_pk(c.w.s, c.team, kin_key_of(greens));
    assert_string_equal(kin_text(found, "name"), "Greens");
    assert_true(kin_is_null(found, "city"));
    assert_team(&c, c.ann, greens);
    world_close(&c.w);
}

TEST(C27_both_statements_of_the_creator_are_in_the_caller_s_transaction) {
    struct club c;
    club_open(&c);
    assert_true(kin_begin(c.w.s));
    kin_row *greens = kin_create_for(c.ann, c.team_of, { "name", kin("Greens") });
    assert_true(kin_equals(kin_get_one(c.ann, c.team_of), greens));
    assert_int_equal(kin_count_all(c.w.s, c.team), 3);
    assert_true(kin_rollback(c.w.s));
    assert_int_equal(kin_count_all(c.w.s, c.team), 2);
    assert_int_equal(team_in_database(&c, c.ann), 0);
    assert_false(kin_is_saved(greens));
    assert_true(kin_begin(c.w.s));
    kin_row *whites = kin_create_for(kin_find_by_pk(c.w.s, c.player, kin_key_of(c.ann)), c.team_of, { "name", kin("Whites") });
    assert_true(kin_commit(c.w.s));
    assert_int_equal(kin_count_all(c.w.s, c.team), 3);
    assert_team(&c, c.ann, whites);
    assert_kin_ok(c.w.s);
    world_close(&c.w);
}

/* ---- two sessions ---- */

TEST(C34_a_link_is_seen_in_its_transaction_and_not_outside) {
    struct club c;
    char url[8192];
    club_declare(&c, false);
    snprintf(url, sizeof url, "%s", test_url());
    if (strstr(url, ":memory:")) /* where a second session would wait for the first */
        snprintf(url, sizeof url, "sqlite:%s/isolation.db", test_temporary());
    c.w.db = kin_open(url, c.w.schema);
    assert_null(kin_db_error(c.w.db));
    assert_true(kin_sync(c.w.db, .force = true));
    c.w.s = kin_session_open(c.w.db);
    club_fill(&c);
    kin_session *outside = kin_session_open(c.w.db);
    assert_true(kin_begin(c.w.s));
    assert_true(kin_set_one(c.ann, c.team_of, c.reds));
    kin_row *inside = kin_find_by_pk(c.w.s, c.player, kin_key_of(c.ann));
    assert_string_equal(kin_text(kin_get_one(inside, c.team_of), "name"), "Reds");
    kin_row *other = kin_find_by_pk(outside, c.player, kin_key_of(c.ann));
    assert_non_null(other);
    assert_null(kin_get_one(other, c.team_of));
    assert_kin_ok(outside);
    assert_true(kin_commit(c.w.s));
    assert_true(kin_reload(other));
    assert_string_equal(kin_text(kin_get_one(other, c.team_of), "name"), "Reds");
    assert_true(kin_begin(c.w.s));
    assert_true(kin_set_one(c.ann, c.team_of, NULL));
    assert_null(kin_get_one(c.ann, c.team_of));
    assert_true(kin_rollback(c.w.s));
    assert_team(&c, c.ann, c.reds);
    assert_kin_ok(c.w.s);
    assert_kin_ok(outside);
    kin_session_close(outside);
    world_close(&c.w);
}

/* ---- what becomes of the source when the target goes ---- */

TEST(C35_a_deleted_target_leaves_a_null_key_and_rows_in_memory_as_they_were) {
    struct club c;
    club_open(&c);
    int64_t reds = kin_int(c.reds, "id");
    assert_true(kin_set_one(c.ann, c.team_of, c.reds));
    assert_true(kin_destroy(c.reds));
    assert_int_equal(team_in_database(&c, c.ann), 0);
    assert_int_equal(kin_int(c.ann, "TeamId"), reds);
    assert_null(kin_get_one(c.ann, c.team_of)); /* there is no such team any more */
    assert_true(kin_reload(c.ann));
    assert_true(kin_is_null(c.ann, "TeamId"));
    assert_kin_ok(c.w.s);
    world_close(&c.w);
}

struct actions {
    struct world w;
    kin_model *user, *task;
    kin_association *user_of;
    kin_row *ada, *write;
};

static void actions_open(struct actions *a, kin_action on_delete, kin_action on_update) {
    world_start(&a->w);
    a->user = kin_define(a->w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")));
    a->task = kin_define(a->w.schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title")));
    a->user_of = kin_belongs_to(a->task, a->user, .on_delete = on_delete, .on_update = on_update);
    world_open(&a->w);
    a->ada = kin_create(a->w.s, a->user, { "name", kin("Ada") });
    a->write = kin_create(a->w.s, a->task, { "title", kin("write") });
    kin_create(a->w.s, a->task, { "title", kin("rest") });
    assert_true(kin_set_one(a->write, a->user_of, a->ada));
    assert_kin_ok(a->w.s);
}

static void assert_foreign_key(kin_session *s) {
    assert_int_equal(kin_error_of(s)->constraint, KIN_FOREIGN_KEY);
    assert_kin_error(s, KIN_CONSTRAINT, "");
}

TEST(C36_a_delete_cascades_where_it_is_asked_for) {
    struct actions a;
    actions_open(&a, KIN_CASCADE, KIN_ACTION_USUAL);
    assert_true(kin_destroy(a.ada));
    assert_kin_ok(a.w.s);
    kin_rows left = kin_find_all(a.w.s, a.task);
    assert_int_equal(left.count, 1);
    assert_string_equal(kin_text(left.at[0], "title"), "rest");
    world_close(&a.w);
}

TEST(C36_a_delete_is_refused_where_it_is_restricted) {
    struct actions a;
    actions_open(&a, KIN_RESTRICT, KIN_ACTION_USUAL);
    assert_false(kin_destroy(a.ada));
    assert_foreign_key(a.w.s);
    assert_int_equal(kin_count_all(a.w.s, a.user), 1);
    assert_true(kin_is_saved(a.ada));
    assert_true(kin_set_one(a.write, a.user_of, NULL));
    assert_true(kin_destroy(a.ada));
    assert_int_equal(kin_count_all(a.w.s, a.user), 0);
    assert_int_equal(kin_count_all(a.w.s, a.task), 2);
    assert_kin_ok(a.w.s);
    world_close(&a.w);
}

TEST(C36_a_new_key_of_the_target_cascades) {
    struct actions a;
    actions_open(&a, KIN_ACTION_USUAL, KIN_CASCADE);
    assert_true(kin_put(a.ada, "id", kin(999)));
    assert_true(kin_save(a.ada));
    assert_int_equal(kin_int(kin_find_by_pk(a.w.s, a.task, kin_key_of(a.write)), "UserId"), 999);
    assert_kin_ok(a.w.s);
    world_close(&a.w);
}

TEST(C36_a_new_key_of_the_target_is_refused_where_it_is_restricted) {
    struct actions a;
    actions_open(&a, KIN_ACTION_USUAL, KIN_RESTRICT);
    int64_t id = kin_int(a.ada, "id");
    assert_true(kin_put(a.ada, "id", kin(999)));
    assert_false(kin_save(a.ada));
    assert_foreign_key(a.w.s);
    assert_int_equal(kin_int(kin_find_by_pk(a.w.s, a.task, kin_key_of(a.write)), "UserId"), id);
    assert_non_null(kin_find_by_pk(a.w.s, a.user, kin(id)));
    world_close(&a.w);
}
