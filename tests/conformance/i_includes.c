/* Includes, beyond what the groups on associations prove. */
#include "world.h"

TEST(an_association_is_included_once) {
    struct world world;
    world_start(&world);
    kin_model *project = kin_define(world.schema, "Project", KIN_NO_ATTRIBUTES), *task = kin_define(world.schema, "Task", KIN_ATTRIBUTES(KIN_BOOLEAN("done")));
    kin_association *tasks = kin_has_many(project, task);
    world_open(&world);
    kin_create_for(kin_create(world.s, project, KIN_DEFAULTS), tasks, { "done", kin(true) });
    assert_int_equal(kin_find_all(world.s, project,
                                  .include = KIN_INCLUDE(KIN_WITH(tasks, .where = kin_eq("done", true)), KIN_WITH(tasks, .where = kin_eq("done", false)))).count, 0);
    assert_kin_error(world.s, KIN_MISUSE, "Tasks is included twice");
    world_close(&world);
}

TEST(D3_D16_the_first_of_several_partners_is_the_same_for_getter_and_include) {
    struct world world;
    world_start(&world);
    kin_model *user = kin_define(world.schema, "User", KIN_NO_ATTRIBUTES), *profile = kin_define(world.schema, "Profile", KIN_ATTRIBUTES(KIN_STRING("text")));
    kin_association *profile_of = kin_has_one(user, profile);
    world_open(&world);
    kin_row *ada = kin_create(world.s, user, KIN_DEFAULTS);
    for (int id = 3; id >= 1; id--)
        kin_create(world.s, profile, { "id", kin(id) }, { "UserId", kin_key_of(ada) });
    kin_rows users = kin_find_all(world.s, user, .include = KIN_INCLUDE(KIN_WITH(profile_of)));
    assert_kin_ok(world.s);
    assert_int_equal(users.count, 1);
    assert_int_equal(kin_int(kin_related_one(users.at[0], profile_of), "id"), 1);
    assert_int_equal(kin_int(kin_get_one(ada, profile_of), "id"), 1);
    assert_int_equal(kin_int(kin_get_one(ada, profile_of, .order = KIN_NAMES("-id")), "id"), 3);
    world_close(&world);
}

TEST(an_increment_does_not_lose_a_pending_change) {
    struct world world;
    world_start(&world);
    kin_model *counter = kin_define(world.schema, "Counter", KIN_ATTRIBUTES(KIN_INTEGER("n", .default_value = kin(0))));
    world_open(&world);
    kin_row *row = kin_create(world.s, counter, KIN_DEFAULTS);
    assert_true(kin_increment(row, "n", kin(2)));
    assert_int_equal(kin_int(row, "n"), 2);
    kin_put(row, "n", kin(10));
    assert_false(kin_increment(row, "n", kin(1)));
    assert_kin_error(world.s, KIN_MISUSE, "Counter.n was changed and not saved");
    assert_int_equal(kin_int(row, "n"), 10);
    assert_true(kin_save(row) && kin_increment(row, "n", kin(1)));
    assert_int_equal(kin_int(row, "n"), 11);
    assert_kin_ok(world.s);
    world_close(&world);
}

TEST(E41_a_source_key_that_is_pending_links_nothing) {
    struct world world;
    world_start(&world);
    kin_model *team = kin_define(world.schema, "Team", KIN_ATTRIBUTES(KIN_STRING("code", .unique = true))), *player = kin_define(world.schema, "Player", KIN_NO_ATTRIBUTES);
    kin_association *players = kin_has_many(team, player, .source_key = "code");
    world_open(&world);
    kin_row *reds = kin_create(world.s, team, { "code", kin("red") }), *ada = kin_create_for(reds, players, KIN_DEFAULTS);
    kin_put(reds, "code", kin("blue"));
    assert_int_equal(kin_set(reds, players, KIN_NONE).count, 0);
    assert_kin_error(world.s, KIN_MISUSE, "Team.code was changed and not saved");
    kin_save(reds); /* the players follow */
    assert_kin_ok(world.s);
    assert_int_equal(kin_count(reds, players), 1);
    kin_reload(ada);
    assert_true(kin_has(reds, players, KIN_ROWS(ada)));
    assert_kin_ok(world.s);
    world_close(&world);
}
