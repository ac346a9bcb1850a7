/* Tables that are there already, and names of tables that a database may take for one. */
#include "world.h"

TEST(A2_A4_tables_that_differ_in_case_alone_are_refused) {
    struct world world;
    world_start(&world);
    kin_define(world.schema, "user", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_define(world.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")));
    assert_link_error(world.schema, "User: has the table 'Users', as user has (databases may not tell upper from lower case in names of tables)");
    kin_schema_free(world.schema);
}

TEST(A41_J22_a_key_that_came_later_is_not_added_to_a_table_that_is_there) {
    struct world world;
    world_start(&world);
    kin_model *team = kin_define(world.schema, "Team", KIN_NO_ATTRIBUTES);
    kin_model *player = kin_define(world.schema, "Player", KIN_ATTRIBUTES(KIN_STRING("name")), .indexes = KIN_INDEXES({ .attributes = KIN_NAMES("name") }));
    kin_belongs_to(player, team);
    world_connect(&world);
    assert_true(kin_drop(world.db));
    kin_execute(world.s, "CREATE TABLE \"Players\" (id INTEGER PRIMARY KEY, name VARCHAR(255))");
    assert_kin_ok(world.s);
    assert_true(kin_sync(world.db)); /* the index of what is there is made, the column and its index are not */
    assert_int_equal(world_number(&world, "SELECT count(*) AS n FROM \"Teams\""), 0);
    kin_find_all(world.s, player);
    assert_kin_error(world.s, KIN_DATABASE, "TeamId");
    assert_true(kin_sync(world.db, .force = true));
    assert_non_null(kin_create(world.s, player, { "name", kin("ada") }));
    assert_kin_ok(world.s);
    world_close(&world);
}
