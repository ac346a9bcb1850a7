/* Options that have no meaning where they stand are refused, not passed over. */
#include "world.h"

TEST(L10_options_that_would_be_passed_over_are_refused) {
    struct world world;
    world_start(&world);
    kin_model *project = kin_define(world.schema, "Project", KIN_NO_ATTRIBUTES), *task = kin_define(world.schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title")));
    kin_association *tasks = kin_has_many(project, task);
    world_open(&world);
    kin_row *one = kin_create(world.s, project, KIN_DEFAULTS), *first = kin_create_for(one, tasks, { "title", kin("x") });
    world_forget(&world);
    kin_find_all(world.s, task, .through_where = kin_eq("title", "x"));
    assert_kin_error(world.s, KIN_MISUSE, ".through_where is for associations over a join model");
    kin_get(one, tasks, .through_attributes = KIN_NAMES("title"));
    assert_kin_error(world.s, KIN_MISUSE, "Project.Tasks has none");
    assert_false(kin_remove(one, tasks, KIN_ROWS(first), .where = kin_eq("title", "y")));
    assert_kin_error(world.s, KIN_MISUSE, "kin_remove: .where is for kin_has");
    assert_false(kin_add(one, tasks, KIN_ROWS(first), .through_where = kin_eq("title", "y")));
    assert_kin_error(world.s, KIN_MISUSE, ".through_where is for kin_has");
    assert_int_equal(world_sent(&world, NULL), 0);
    assert_int_equal(kin_count(one, tasks), 1);
    world_close(&world);
}

TEST(A24_L20_decimals_compare_as_numbers_whatever_their_precision) {
    struct world world;
    world_start(&world);
    kin_model *item = kin_define(world.schema, "Item", KIN_ATTRIBUTES(KIN_DECIMAL("price"), KIN_DECIMAL("exact", .precision = 30, .scale = 10)));
    world_open(&world);
    static const char *const prices[] = { "9.00", "10.00", "-3.5", "100" };
    for (size_t i = 0; i < 4; i++)
        kin_create(world.s, item, { "price", kin_value_decimal(prices[i]) }, { "exact", kin_value_decimal("12345678901234567890.0123456789") });
    kin_rows found = kin_find_all(world.s, item, .where = kin_gt("price", kin_value_decimal("9.50")), .order = KIN_NAMES("-price"));
    assert_kin_ok(world.s);
    assert_int_equal(found.count, 2);
    assert_int_equal(kin_real(found.at[0], "price"), 100);
    assert_string_equal(kin_text(found.at[0], "exact"), "12345678901234567890.0123456789");
    assert_int_equal(kin_find_all(world.s, item, .where = kin_in("price", kin_value_decimal("9"), kin_value_decimal("-3.50"))).count, 2);
    assert_int_equal(kin_find_all(world.s, item, .where = kin_between("price", kin_value_decimal("-4"), kin_value_decimal("9.1"))).count, 2);
    kin_value most = kin_max(world.s, item, "price"), sum = kin_sum(world.s, item, "price");
    assert_kin_ok(world.s);
    assert_true(strncmp(most.as.text.data, "100", 3) == 0);
    assert_true(sum.type == KIN_VALUE_REAL ? sum.as.real == 115.5 : sum.type == KIN_VALUE_TEXT || sum.type == KIN_VALUE_DECIMAL);
    world_close(&world);
}
