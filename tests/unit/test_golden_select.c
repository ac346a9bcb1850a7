/* Selects: what comes out, joins, order, limits, functions, limits for each parent; hand-written statements. */
#include "golden.h"

TEST(one_table)
{
    struct golden golden, *g = &golden;
    golden_open(g);
    struct sql_output outputs[] = { { .column = golden_column(g->task, "id", 0) }, { .column = golden_column(g->task, "position", 0) } };
    struct sql_select select = { .model = g->task };
    golden_select(g, &select, "SELECT 1 FROM `Tasks`", "SELECT 1 FROM \"Tasks\"", NULL, "");
    select.outputs = outputs;
    select.output_count = 2;
    golden_select(g, &select, "SELECT `id`, `place_in_list` FROM `Tasks`", "SELECT \"id\", \"place_in_list\" FROM \"Tasks\"", NULL, "");
    select.where = golden_where(g, g->task, kin_eq("ProjectId", 5));
    golden_select(g, &select, "SELECT `id`, `place_in_list` FROM `Tasks` WHERE `ProjectId` = ?",
                  "SELECT \"id\", \"place_in_list\" FROM \"Tasks\" WHERE \"ProjectId\" = $1", NULL, "5");
    outputs[1].as = "first \"place\"";
    select.where = NULL;
    golden_select(g, &select, "SELECT `id`, `place_in_list` AS `first \"place\"` FROM `Tasks`",
                  "SELECT \"id\", \"place_in_list\" AS \"first \"\"place\"\"\" FROM \"Tasks\"", NULL, "");
    golden_close(g);
}

TEST(odd_names_are_quoted)
{
    struct golden golden, *g = &golden;
    golden_open(g);
    const struct sql_output outputs[] = { { .column = golden_column(g->odd, "a`b\"c", 0) }, { .column = golden_column(g->odd, "line\nbreak", 0) } };
    const struct sql_select select = { .model = g->odd, .outputs = outputs, .output_count = 2 };
    golden_select(g, &select, "SELECT `x``y\"z`, `line\nbreak` FROM `ta``b\"le`", "SELECT \"x`y\"\"z\", \"line\nbreak\" FROM \"ta`b\"\"le\"", NULL, "");
    golden_close(g);
}

TEST(order_and_limits)
{
    struct golden golden, *g = &golden;
    golden_open(g);
    const struct sql_order orders[] = { { .column = golden_column(g->task, "title", 0), .descending = true },
                                        { .column = golden_column(g->task, "done", 0) },
                                        { .column = golden_column(g->task, "id", 0), .descending = true } };
    struct sql_select select = { .model = g->task, .orders = orders, .order_count = 3 };
    golden_select(g, &select, "SELECT 1 FROM `Tasks` ORDER BY `title` DESC, `done`, `id` DESC",
                  "SELECT 1 FROM \"Tasks\" ORDER BY \"title\" DESC NULLS LAST, \"done\" NULLS FIRST, \"id\" DESC", NULL, "");
    select.order_count = 0;
    select.has_limit = true;
    select.limit = 10;
    golden_select(g, &select, "SELECT 1 FROM `Tasks` LIMIT ?", "SELECT 1 FROM \"Tasks\" LIMIT $1", NULL, "10");
    select.has_offset = true;
    select.offset = 20;
    golden_select(g, &select, "SELECT 1 FROM `Tasks` LIMIT ? OFFSET ?", "SELECT 1 FROM \"Tasks\" LIMIT $1 OFFSET $2", NULL, "10, 20");
    select.has_limit = false;
    golden_select(g, &select, "SELECT 1 FROM `Tasks` LIMIT -1 OFFSET ?", "SELECT 1 FROM \"Tasks\" OFFSET $1",
                  "SELECT 1 FROM `Tasks` LIMIT 18446744073709551615 OFFSET ?", "20");
    select.has_offset = false;
    select.lock = true;
    select.where = golden_where(g, g->task, kin_eq("id", 1));
    golden_select(g, &select, "SELECT 1 FROM `Tasks` WHERE `id` = ?", "SELECT 1 FROM \"Tasks\" WHERE \"id\" = $1 FOR UPDATE",
                  "SELECT 1 FROM `Tasks` WHERE `id` = ? FOR UPDATE", "1");
    golden_close(g);
}

TEST(hand_written_order)
{
    struct golden golden, *g = &golden;
    golden_open(g);
    const kin_value bind = kin("x");
    const struct sql_expression raw = { .op = SQL_RAW, .text = "title = ? DESC", .values = &bind, .count = 1 };
    const struct sql_expression commented = { .op = SQL_RAW, .text = "title -- by name" };
    const struct sql_order orders[] = { { .column = golden_column(g->task, "id", 0) }, { .raw = &raw }, { .raw = &commented } };
    const struct sql_select select = { .model = g->task, .orders = orders, .order_count = 3, .has_limit = true, .limit = 1 };
    golden_select(g, &select, "SELECT 1 FROM `Tasks` ORDER BY `id`, title = ? DESC, title -- by name\n LIMIT ?",
                  "SELECT 1 FROM \"Tasks\" ORDER BY \"id\", title = $1 DESC, title -- by name\n LIMIT $2", NULL, "'x', 1");
    golden_close(g);
}

TEST(joins_give_aliases)
{
    struct golden golden, *g = &golden;
    golden_open(g);
    unsigned next = 2;
    const struct sql_scope scope = { g->task, 0, &next, &g->arena, &g->fault };
    const struct sql_expression *on = NULL;
    assert_true(sql_link(&scope, g->project_of, 0, 1, 0, &on, NULL));
    assert_true(sql_live_only(&scope, g->project, 1, &on));
    const struct sql_output outputs[] = { { .column = golden_column(g->task, "id", 0) }, { .column = golden_column(g->project, "title", 1) } };
    const struct sql_order order = { .column = golden_column(g->project, "id", 1) };
    struct sql_join join = { .model = g->project, .table = 1, .on = on };
    const struct sql_select select = { .model = g->task, .outputs = outputs, .output_count = 2, .joins = &join, .join_count = 1, .orders = &order,
                                       .order_count = 1, .where = golden_where(g, g->task, kin_eq("done", true)) };
    golden_select(g, &select,
                  "SELECT t0.`id`, t1.`title` FROM `Tasks` AS t0 LEFT JOIN `Projects` AS t1 ON t1.`id` = t0.`ProjectId` AND t1.`deletedAt` IS NULL "
                  "WHERE t0.`done` = ? ORDER BY t1.`id`",
                  "SELECT t0.\"id\", t1.\"title\" FROM \"Tasks\" AS t0 LEFT JOIN \"Projects\" AS t1 ON t1.\"id\" = t0.\"ProjectId\" AND "
                  "t1.\"deletedAt\" IS NULL WHERE t0.\"done\" = $1 ORDER BY t1.\"id\" NULLS FIRST",
                  NULL, "true");
    join.inner = true;
    join.on = NULL;
    golden_select(g, &select, "SELECT t0.`id`, t1.`title` FROM `Tasks` AS t0 INNER JOIN `Projects` AS t1 ON 1 = 1 WHERE t0.`done` = ? ORDER BY t1.`id`",
                  "SELECT t0.\"id\", t1.\"title\" FROM \"Tasks\" AS t0 INNER JOIN \"Projects\" AS t1 ON 1 = 1 WHERE t0.\"done\" = $1 "
                  "ORDER BY t1.\"id\" NULLS FIRST",
                  NULL, "true");
    golden_close(g);
}

/* The getter of a many to many: targets, and the join row beside each. */
TEST(through_a_join_model)
{
    struct golden golden, *g = &golden;
    golden_open(g);
    unsigned next = 2;
    const struct sql_scope scope = { g->project, 0, &next, &g->arena, &g->fault };
    const struct sql_expression *target_on = NULL, *through_on = NULL;
    const kin_value owner = kin(7);
    assert_true(sql_link_values(&scope, g->projects, &owner, 1, 0, 1, &target_on, &through_on));
    const struct sql_output outputs[] = { { .column = golden_column(g->project, "id", 0) }, { .column = golden_column(g->membership, "status", 1) } };
    const struct sql_join join = { .inner = true, .model = g->membership, .table = 1, .on = target_on };
    const struct sql_select select = { .model = g->project, .outputs = outputs, .output_count = 2, .joins = &join, .join_count = 1, .where = through_on };
    golden_select(g, &select,
                  "SELECT t0.`id`, t1.`status` FROM `Projects` AS t0 INNER JOIN `Memberships` AS t1 ON t0.`id` = t1.`ProjectId` "
                  "WHERE t1.`UserId` = ? AND t1.`status` = ?",
                  "SELECT t0.\"id\", t1.\"status\" FROM \"Projects\" AS t0 INNER JOIN \"Memberships\" AS t1 ON t0.\"id\" = t1.\"ProjectId\" "
                  "WHERE t1.\"UserId\" = $1 AND t1.\"status\" = $2",
                  NULL, "7, 'active'");
    golden_close(g);
}

TEST(composite_keys)
{
    struct golden golden, *g = &golden;
    golden_open(g);
    const kin_value keys[] = { kin_key(kin("de"), kin(1)), kin_key(kin("fr"), kin(2)), kin_key(kin("it"), kin(3)) };
    struct sql_select select = { .model = g->place, .where = sql_key_equals(&g->arena, &g->place->primary_key, 0, &keys[0]) };
    golden_select(g, &select, "SELECT 1 FROM `Places` WHERE `country` = ? AND `number` = ?",
                  "SELECT 1 FROM \"Places\" WHERE \"country\" = $1 AND \"number\" = $2", NULL, "'de', 1");
    select.where = sql_key_in(&g->arena, &g->place->primary_key, 0, keys, 1);
    golden_select(g, &select, "SELECT 1 FROM `Places` WHERE (`country` = ? AND `number` = ?)",
                  "SELECT 1 FROM \"Places\" WHERE (\"country\" = $1 AND \"number\" = $2)", NULL, "'de', 1");
    select.where = sql_key_in(&g->arena, &g->place->primary_key, 0, keys, 2);
    golden_select(g, &select, "SELECT 1 FROM `Places` WHERE (`country`, `number`) IN (VALUES (?, ?), (?, ?))",
                  "SELECT 1 FROM \"Places\" WHERE (\"country\", \"number\") IN (VALUES ($1::bpchar, $2::bigint), ($3, $4))",
                  "SELECT 1 FROM `Places` WHERE (`country`, `number`) IN ((?, ?), (?, ?))", "'de', 1, 'fr', 2");
    select.where = sql_key_in(&g->arena, &g->place->primary_key, 0, keys, 3);
    golden_select(g, &select, "SELECT 1 FROM `Places` WHERE (`country`, `number`) IN (VALUES (?, ?), (?, ?), (?, ?), (?, ?))",
                  "SELECT 1 FROM \"Places\" WHERE (\"country\", \"number\") IN (VALUES ($1::bpchar, $2::bigint), ($3, $4), ($5, $6), ($7, $8))",
                  "SELECT 1 FROM `Places` WHERE (`country`, `number`) IN ((?, ?), (?, ?), (?, ?), (?, ?))", "'de', 1, 'fr', 2, 'it', 3, 'it', 3");
    select.where = sql_key_in(&g->arena, &g->place->primary_key, 0, keys, 0);
    golden_select(g, &select, "SELECT 1 FROM `Places` WHERE 1 = 0", "SELECT 1 FROM \"Places\" WHERE 1 = 0", NULL, "");
    golden_close(g);
}

TEST(functions_groups_and_having)
{
    struct golden golden, *g = &golden;
    golden_open(g);
    const struct sql_column project = golden_column(g->task, "ProjectId", 0), position = golden_column(g->task, "position", 0);
    const struct sql_output outputs[] = { { .column = project },
                                          { .function = KIN_COUNT, .as = "n" },
                                          { .function = KIN_SUM, .column = position, .as = "total" },
                                          { .function = KIN_MIN, .column = position },
                                          { .function = KIN_MAX, .column = position },
                                          { .function = KIN_AVERAGE, .column = position },
                                          { .function = KIN_COUNT, .column = position } };
    struct sql_select select = { .model = g->task, .outputs = outputs, .output_count = 7, .group = &project, .group_count = 1 };
    golden_select(g, &select,
                  "SELECT `ProjectId`, COUNT(*) AS `n`, SUM(`place_in_list`) AS `total`, MIN(`place_in_list`), MAX(`place_in_list`), "
                  "AVG(`place_in_list`), COUNT(`place_in_list`) FROM `Tasks` GROUP BY `ProjectId`",
                  "SELECT \"ProjectId\", COUNT(*) AS \"n\", SUM(\"place_in_list\") AS \"total\", MIN(\"place_in_list\"), MAX(\"place_in_list\"), "
                  "AVG(\"place_in_list\"), COUNT(\"place_in_list\") FROM \"Tasks\" GROUP BY \"ProjectId\"",
                  NULL, "");
    unsigned next = 1;
    const struct sql_scope scope = { g->task, 0, &next, &g->arena, &g->fault };
    const struct sql_order orders[] = { { .by_output = true, .output = 2, .descending = true }, { .by_output = true, .output = 1 } };
    assert_true(sql_resolve_having(&scope, kin_and(kin_gt("total", 10), kin_between("n", 1, 5), kin_ne("ProjectId", kin_null), kin_ne("total", kin_null)),
                                   outputs, 7, &select.having));
    select.output_count = 3;
    select.orders = orders;
    select.order_count = 2;
    golden_select(g, &select,
                  "SELECT `ProjectId`, COUNT(*) AS `n`, SUM(`place_in_list`) AS `total` FROM `Tasks` GROUP BY `ProjectId` "
                  "HAVING SUM(`place_in_list`) > ? AND COUNT(*) >= ? AND COUNT(*) <= ? AND `ProjectId` IS NOT NULL AND SUM(`place_in_list`) IS NOT NULL "
                  "ORDER BY 3 DESC, 2",
                  "SELECT \"ProjectId\", COUNT(*) AS \"n\", SUM(\"place_in_list\") AS \"total\" FROM \"Tasks\" GROUP BY \"ProjectId\" "
                  "HAVING SUM(\"place_in_list\") > $1 AND COUNT(*) >= $2 AND COUNT(*) <= $3 AND \"ProjectId\" IS NOT NULL AND "
                  "SUM(\"place_in_list\") IS NOT NULL ORDER BY 3 DESC NULLS LAST, 2",
                  NULL, "10, 1, 5");
    assert_true(sql_resolve_having(&scope, kin_in("n", kin(1), kin(2)), outputs, 7, &select.having));
    select.order_count = 0;
    golden_select(g, &select,
                  "SELECT `ProjectId`, COUNT(*) AS `n`, SUM(`place_in_list`) AS `total` FROM `Tasks` GROUP BY `ProjectId` HAVING COUNT(*) = ? OR COUNT(*) = ?",
                  "SELECT \"ProjectId\", COUNT(*) AS \"n\", SUM(\"place_in_list\") AS \"total\" FROM \"Tasks\" GROUP BY \"ProjectId\" "
                  "HAVING COUNT(*) = $1 OR COUNT(*) = $2",
                  NULL, "1, 2");
    golden_close(g);
}

TEST(limits_for_each_parent)
{
    struct golden golden, *g = &golden;
    golden_open(g);
    const struct sql_column parent = golden_column(g->task, "ProjectId", 0);
    const struct sql_output outputs[] = { { .column = golden_column(g->task, "id", 0) }, { .column = golden_column(g->task, "title", 0), .as = "name" } };
    const struct sql_order order = { .column = golden_column(g->task, "id", 0), .descending = true };
    struct sql_select select = { .model = g->task, .outputs = outputs, .output_count = 2, .partition = &parent, .partition_count = 1, .orders = &order,
                                 .order_count = 1, .has_limit = true, .limit = 3, .has_offset = true, .offset = 1,
                                 .where = golden_where(g, g->task, kin_in("ProjectId", kin(1), kin(2))) };
    golden_select(g, &select,
                  "SELECT c0, c1 AS `name` FROM (SELECT `id` AS c0, `title` AS c1, `ProjectId` AS p0, "
                  "ROW_NUMBER() OVER (PARTITION BY `ProjectId` ORDER BY `id` DESC) AS kin_n FROM `Tasks` WHERE `ProjectId` IN (?, ?)) AS kin_rows "
                  "WHERE kin_n > ? AND kin_n <= ? ORDER BY p0, kin_n",
                  "SELECT c0, c1 AS \"name\" FROM (SELECT \"id\" AS c0, \"title\" AS c1, \"ProjectId\" AS p0, "
                  "ROW_NUMBER() OVER (PARTITION BY \"ProjectId\" ORDER BY \"id\" DESC) AS kin_n FROM \"Tasks\" WHERE \"ProjectId\" IN ($1, $2)) AS kin_rows "
                  "WHERE kin_n > $3 AND kin_n <= $4 ORDER BY p0, kin_n",
                  NULL, "1, 2, 1, 4");
    select.has_offset = false;
    select.order_count = select.output_count = 0;
    select.where = NULL;
    golden_select(g, &select,
                  "SELECT 1 FROM (SELECT `ProjectId` AS p0, ROW_NUMBER() OVER (PARTITION BY `ProjectId`) AS kin_n FROM `Tasks`) AS kin_rows "
                  "WHERE kin_n <= ? ORDER BY p0, kin_n",
                  "SELECT 1 FROM (SELECT \"ProjectId\" AS p0, ROW_NUMBER() OVER (PARTITION BY \"ProjectId\") AS kin_n FROM \"Tasks\") AS kin_rows "
                  "WHERE kin_n <= $1 ORDER BY p0, kin_n",
                  NULL, "3");
    select.has_limit = false;
    select.order_count = 1;
    golden_select(g, &select, "SELECT 1 FROM `Tasks` ORDER BY `ProjectId`, `id` DESC", "SELECT 1 FROM \"Tasks\" ORDER BY \"ProjectId\", \"id\" DESC",
                  NULL, "");
    select.has_limit = select.has_offset = true;
    select.limit = INT64_MAX;
    select.offset = 2;
    select.order_count = 0;
    golden_select(g, &select,
                  "SELECT 1 FROM (SELECT `ProjectId` AS p0, ROW_NUMBER() OVER (PARTITION BY `ProjectId`) AS kin_n FROM `Tasks`) AS kin_rows "
                  "WHERE kin_n > ? AND kin_n <= ? ORDER BY p0, kin_n",
                  "SELECT 1 FROM (SELECT \"ProjectId\" AS p0, ROW_NUMBER() OVER (PARTITION BY \"ProjectId\") AS kin_n FROM \"Tasks\") AS kin_rows "
                  "WHERE kin_n > $1 AND kin_n <= $2 ORDER BY p0, kin_n",
                  NULL, "2, 9223372036854775807");
    golden_close(g);
}

static void text_is(struct golden *golden, const struct dialect *dialect, const char *sql, size_t count, const char *expected)
{
    const kin_value values[] = { kin(1), kin(2), kin(3) };
    const struct sql_statement statement = { .kind = SQL_TEXT, .as.text = { sql, values, count } };
    struct text written = { 0 };
    struct sql_writer writer = { .dialect = dialect, .sql = &written, .arena = &golden->arena, .fault = &golden->fault };
    if (!sql_write(&writer, &statement))
        fail_msg("%s", golden->fault.error.message);
    assert_string_equal(text_string(&written), expected);
    assert_int_equal(writer.bind_count, count);
    text_free(&written);
    sql_writer_free(&writer);
}

TEST(statements_by_hand)
{
    struct golden golden, *g = &golden;
    golden_open(g);
    text_is(g, &dialect_sqlite, "SELECT ? + ?", 2, "SELECT ? + ?");
    text_is(g, &dialect_postgres, "SELECT ? + ?", 2, "SELECT $1 + $2");
    text_is(g, &dialect_postgres, "SELECT a ?" "? 'x', b ?" "?| ?", 1, "SELECT a ? 'x', b ?| $1");
    text_is(g, &dialect_postgres, "SELECT ?" "??", 1, "SELECT ?$1");
    text_is(g, &dialect_sqlite, "SELECT '?', \"?\", `?`, [?], ? -- ?\n, ? /* ? /* ? */ , ?", 3,
            "SELECT '?', \"?\", `?`, [?], ? -- ?\n, ? /* ? /* ? */ , ?");
    text_is(g, &dialect_postgres, "SELECT ARRAY[?, ?], a$b$?$b$", 3, "SELECT ARRAY[$1, $2], a$b$$3$b$");
    text_is(g, &dialect_postgres, "SELECT $$ ? $$, $a1$ ? $$ ? $a$ ? $a1$, ?", 1, "SELECT $$ ? $$, $a1$ ? $$ ? $a$ ? $a1$, $1");
    text_is(g, &dialect_postgres, "SELECT '\\', ?, E'\\' ?', name'\\', ?", 2, "SELECT '\\', $1, E'\\' ?', name'\\', $2");
    text_is(g, &dialect_postgres, "SELECT /* /* ? */ ? */ ?", 1, "SELECT /* /* ? */ ? */ $1");
    text_is(g, &dialect_mariadb, "SELECT '\\'?', \"\\\"?\", `\\`, ? # ?\n, 5--?", 2, "SELECT '\\'?', \"\\\"?\", `\\`, ? # ?\n, 5--?");
    text_is(g, &dialect_mariadb, "SELECT 1 -- ?", 0, "SELECT 1 -- ?\n");
    text_is(g, &dialect_sqlite, "SELECT 'open ?", 0, "SELECT 'open ?");
    text_is(g, &dialect_sqlite, "SELECT 1 /* open ?", 0, "SELECT 1 /* open ?");
    text_is(g, &dialect_postgres, "SELECT $x$ open ?", 0, "SELECT $x$ open ?");
    text_is(g, &dialect_postgres, "SELECT $", 0, "SELECT $");
    text_is(g, &dialect_sqlite, "", 0, "");
    golden_close(g);
}

TEST(counting_binds)
{
    struct golden golden, *g = &golden;
    golden_open(g);
    const kin_value one[] = { kin(1), { .type = KIN_VALUE_LAST } }, bad[] = { kin(UINT64_MAX) }, key[] = { kin_key(kin(1), kin(2)) };
    struct sql_writer writer = { .dialect = &dialect_sqlite, .arena = &g->arena, .fault = &g->fault };
    struct sql_statement statement = { .kind = SQL_TEXT, .as.text = { "SELECT ?, ?", one, KIN_TO_LAST } };
    assert_false(sql_write(&writer, &statement));
    assert_int_equal(g->fault.error.status, KIN_MISUSE);
    assert_string_equal(g->fault.error.message, "the SQL 'SELECT ?, ?' has 2 placeholders (?) but 1 value was given: give one for each; "
                                                "a question mark itself is written twice");
    fault_clear(&g->fault);
    statement.as.text.sql = "SELECT 1";
    assert_false(sql_write(&writer, &statement));
    assert_non_null(strstr(g->fault.error.message, "has 0 placeholders (?) but 1 value was given"));
    fault_clear(&g->fault);
    statement.as.text.sql = "SELECT ?";
    assert_true(sql_write(&writer, &statement));
    statement.as.text.values = bad;
    statement.as.text.count = 1;
    assert_false(sql_write(&writer, &statement));
    assert_non_null(strstr(g->fault.error.message, "bind 1 of the SQL is no value"));
    fault_clear(&g->fault);
    const kin_value at_null[] = { { .type = KIN_VALUE_TEXT, .as.text.size = 5 }, { .type = KIN_VALUE_BLOB, .as.blob.size = 5 }, kin_value_text(NULL, 5) };
    for (size_t i = 0; i < sizeof at_null / sizeof *at_null; i++) {
        statement.as.text.values = &at_null[i];
        assert_false(sql_write(&writer, &statement));
        assert_non_null(strstr(g->fault.error.message, "bind 1 of the SQL is a NULL pointer"));
        fault_clear(&g->fault);
    }
    statement.as.text.values = key;
    assert_false(sql_write(&writer, &statement));
    assert_non_null(strstr(g->fault.error.message, "composite key"));
    fault_clear(&g->fault);
    statement.as.text.sql = NULL;
    statement.as.text.values = one;
    assert_false(sql_write(&writer, &statement));
    assert_int_equal(g->fault.error.status, KIN_MISUSE);
    sql_writer_free(&writer);
    golden_close(g);
}
