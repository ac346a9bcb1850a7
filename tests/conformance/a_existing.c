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

TEST(A41_a_key_that_came_later_is_not_added_to_a_table_that_is_there) {
    struct world world;
    world_start(&world);
    kin_model *team = kin_define(world.schema, "Team", KIN_NO_ATTRIBUTES);
    kin_model *player = kin_define(world.schema, "Player", KIN_NO_ATTRIBUTES);
    kin_belongs_to(player, team);
    world_connect(&world);
    assert_true(kin_drop(world.db));
    kin_execute(world.s, "CREATE TABLE \"Players\" (id INTEGER PRIMARY KEY)");
    assert_kin_ok(world.s);
    assert_false(kin_sync(world.db));
    const kin_error *error = kin_db_error(world.db);
    assert_non_null(error);
    assert_string_equal(error->model, "Player");
    assert_string_equal(error->attribute, "TeamId");
    assert_non_null(strstr(error->message, "Player: no index for TeamId can be made in the table 'Players', which was there already"));
    assert_int_equal(world_number(&world, "SELECT count(*) AS n FROM \"Players\""), 0);
    assert_true(kin_sync(world.db, .force = true));
    world_close(&world);
}
