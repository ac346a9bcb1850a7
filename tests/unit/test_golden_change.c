/* INSERT, UPDATE, DELETE. */
#include "golden.h"

static void insert_is(struct golden *golden, const struct sql_insert *insert, const char *sqlite, const char *postgres, const char *mariadb,
                      const char *binds)
{
    golden_statement(golden, &(struct sql_statement){ .kind = SQL_INSERT, .as.insert = insert }, sqlite, postgres, mariadb, binds);
}

TEST(inserting)
{
    struct golden golden, *g = &golden;
    golden_open(g);
    const struct attribute *attributes[] = { model_attribute(g->task, "title"), model_attribute(g->task, "position") };
    const kin_value values[] = { kin("a"), kin(1), kin("b"), { .type = KIN_VALUE_UNSET } };
    struct sql_insert insert = { .model = g->task, .attributes = attributes, .attribute_count = 2, .values = values, .row_count = 1 };
    insert_is(g, &insert, "INSERT INTO `Tasks` (`title`, `place_in_list`) VALUES (?, ?)",
              "INSERT INTO \"Tasks\" (\"title\", \"place_in_list\") VALUES ($1, $2)", NULL, "'a', 1");
    insert.row_count = 2;
    struct sql_writer writer = { .dialect = &dialect_sqlite, .arena = &g->arena, .fault = &g->fault };
    assert_true(sql_write(&writer, &(struct sql_statement){ .kind = SQL_INSERT, .as.insert = &insert }));
    assert_int_equal(writer.bind_count, 4);
    assert_int_equal(writer.binds[3].type, KIN_VALUE_UNSET); /* the driver's NULL */
    sql_writer_free(&writer);
    insert.row_count = 1;
    insert.returning = g->task->identity;
    insert_is(g, &insert, "INSERT INTO `Tasks` (`title`, `place_in_list`) VALUES (?, ?) RETURNING `id`",
              "INSERT INTO \"Tasks\" (\"title\", \"place_in_list\") VALUES ($1, $2) RETURNING \"id\"", NULL, "'a', 1");
    insert.returning = NULL;
    insert.attribute_count = 0;
    insert_is(g, &insert, "INSERT INTO `Tasks` DEFAULT VALUES", "INSERT INTO \"Tasks\" DEFAULT VALUES", "INSERT INTO `Tasks` () VALUES ()", "");
    insert.row_count = 3;
    insert_is(g, &insert, "INSERT INTO `Tasks` (`id`) VALUES (NULL), (NULL), (NULL)", "INSERT INTO \"Tasks\" (\"id\") VALUES (DEFAULT), (DEFAULT), (DEFAULT)",
              "INSERT INTO `Tasks` (`id`) VALUES (DEFAULT), (DEFAULT), (DEFAULT)", "");
    golden_close(g);
}

TEST(inserting_what_may_be_there)
{
    struct golden golden, *g = &golden;
    golden_open(g);
    const struct attribute *attributes[] = { model_attribute(g->membership, "ProjectId"), model_attribute(g->membership, "UserId") };
    const kin_value values[] = { kin(1), kin(2), kin(1), kin(3) };
    const struct sql_insert insert = { .model = g->membership, .attributes = attributes, .attribute_count = 2, .values = values, .row_count = 2,
                                       .conflict = SQL_CONFLICT_NOTHING };
    const char *first = g->membership->primary_key.at[0]->info.column;
    struct text mariadb = { 0 };
    text_format(&mariadb, "INSERT INTO `Memberships` (`ProjectId`, `UserId`) VALUES (?, ?), (?, ?) ON DUPLICATE KEY UPDATE `%s` = `%s`", first, first);
    insert_is(g, &insert, "INSERT INTO `Memberships` (`ProjectId`, `UserId`) VALUES (?, ?), (?, ?) ON CONFLICT DO NOTHING",
              "INSERT INTO \"Memberships\" (\"ProjectId\", \"UserId\") VALUES ($1, $2), ($3, $4) ON CONFLICT DO NOTHING", text_string(&mariadb), "1, 2, 1, 3");
    text_free(&mariadb);
    golden_close(g);
}

TEST(rows_of_defaults_need_an_identity_on_sqlite)
{
    struct golden golden, *g = &golden;
    golden_open(g);
    const struct sql_insert insert = { .model = g->place, .row_count = 2 };
    struct sql_writer writer = { .dialect = &dialect_sqlite, .arena = &g->arena, .fault = &g->fault };
    assert_false(sql_write(&writer, &(struct sql_statement){ .kind = SQL_INSERT, .as.insert = &insert }));
    assert_int_equal(g->fault.error.status, KIN_UNSUPPORTED);
    sql_writer_free(&writer);
    golden_close(g);
}

TEST(updating)
{
    struct golden golden, *g = &golden;
    golden_open(g);
    const struct sql_set sets[] = { { model_attribute(g->task, "title"), kin("x"), false },
                                    { model_attribute(g->task, "position"), kin(1), true },
                                    { model_attribute(g->task, "done"), kin_null, false } };
    struct sql_update update = { .model = g->task, .sets = sets, .set_count = 3, .where = golden_where(g, g->task, kin_eq("id", 4)) };
    struct sql_statement statement = { .kind = SQL_UPDATE, .as.update = &update };
    golden_statement(g, &statement, "UPDATE `Tasks` SET `title` = ?, `place_in_list` = `place_in_list` + ?, `done` = ? WHERE `id` = ?",
                     "UPDATE \"Tasks\" SET \"title\" = $1, \"place_in_list\" = \"place_in_list\" + $2, \"done\" = $3 WHERE \"id\" = $4", NULL, "'x', 1, NULL, 4");
    update.set_count = 1;
    update.where = NULL;
    golden_statement(g, &statement, "UPDATE `Tasks` SET `title` = ?", "UPDATE \"Tasks\" SET \"title\" = $1", NULL, "'x'");
    update.where = golden_where(g, g->task, kin_eq("Project.title", "p"));
    update.sets = &sets[1];
    golden_statement(g, &statement,
                     "UPDATE `Tasks` AS t0 SET `place_in_list` = t0.`place_in_list` + ? WHERE EXISTS (SELECT 1 FROM `Projects` AS t1 WHERE "
                     "t1.`id` = t0.`ProjectId` AND t1.`deletedAt` IS NULL AND t1.`title` = ?)",
                     "UPDATE \"Tasks\" AS t0 SET \"place_in_list\" = t0.\"place_in_list\" + $1 WHERE EXISTS (SELECT 1 FROM \"Projects\" AS t1 WHERE "
                     "t1.\"id\" = t0.\"ProjectId\" AND t1.\"deletedAt\" IS NULL AND t1.\"title\" = $2)",
                     NULL, "1, 'p'");
    update.set_count = 0;
    struct sql_writer writer = { .dialect = &dialect_sqlite, .arena = &g->arena, .fault = &g->fault };
    assert_false(sql_write(&writer, &statement));
    assert_int_equal(g->fault.error.status, KIN_MISUSE);
    sql_writer_free(&writer);
    golden_close(g);
}

TEST(deleting)
{
    struct golden golden, *g = &golden;
    golden_open(g);
    struct sql_delete delete_ = { .model = g->task };
    const struct sql_statement statement = { .kind = SQL_DELETE, .as.delete_ = &delete_ };
    golden_statement(g, &statement, "DELETE FROM `Tasks`", "DELETE FROM \"Tasks\"", NULL, "");
    delete_.where = golden_where(g, g->task, kin_in("id", kin(1), kin(2)));
    golden_statement(g, &statement, "DELETE FROM `Tasks` WHERE `id` IN (?, ?)", "DELETE FROM \"Tasks\" WHERE \"id\" IN ($1, $2)", NULL, "1, 2");
    delete_.where = golden_where(g, g->task, kin_not(kin_exists(g->project_of)));
    golden_statement(g, &statement,
                     "DELETE FROM `Tasks` AS t0 WHERE NOT EXISTS (SELECT 1 FROM `Projects` AS t1 WHERE t1.`id` = t0.`ProjectId` AND t1.`deletedAt` IS NULL)",
                     "DELETE FROM \"Tasks\" AS t0 WHERE NOT EXISTS (SELECT 1 FROM \"Projects\" AS t1 WHERE t1.\"id\" = t0.\"ProjectId\" AND "
                     "t1.\"deletedAt\" IS NULL)",
                     "DELETE t0 FROM `Tasks` AS t0 WHERE NOT EXISTS (SELECT 1 FROM `Projects` AS t1 WHERE t1.`id` = t0.`ProjectId` AND "
                     "t1.`deletedAt` IS NULL)",
                     "");
    golden_close(g);
}
