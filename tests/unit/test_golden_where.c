/* Conditions to WHERE, in three dialects. */
#include "golden.h"

/* SELECT id FROM model WHERE condition; the texts are what follows WHERE. */
static void where_is(struct golden *golden, const kin_model *model, const kin_condition *condition, const char *sqlite, const char *postgres,
                     const char *mariadb, const char *binds)
{
    const struct sql_output output = { .column = golden_column(model, model->primary_key.at[0]->info.name, 0) };
    const struct sql_select select = { .model = model, .outputs = &output, .output_count = 1, .where = golden_where(golden, model, condition) };
    const char *texts[] = { sqlite, postgres ? postgres : sqlite, mariadb ? mariadb : sqlite };
    for (size_t i = 0; i < 3; i++) {
        struct text whole = { 0 };
        bool aliased = strstr(texts[i], "t0.") != NULL;
        text_add(&whole, aliased ? "SELECT t0." : "SELECT ");
        dialect_identifier(golden_dialects[i], output.column.attribute->info.column, &whole);
        text_add(&whole, " FROM ");
        dialect_table(golden_dialects[i], NULL, model->info.table, &whole);
        text_add(&whole, aliased ? " AS t0 WHERE " : " WHERE ");
        text_add(&whole, texts[i]);
        golden_check(golden, golden_dialects[i], &(struct sql_statement){ .kind = SQL_SELECT, .as.select = &select }, text_string(&whole), binds);
        text_free(&whole);
    }
}

TEST(comparisons)
{
    struct golden golden, *g = &golden;
    golden_open(g);
    const kin_model *user = g->user;
    where_is(g, user, kin_eq("age", 36), "`age` = ?", "\"age\" = $1", NULL, "36");
    where_is(g, user, kin_ne("age", 36), "`age` <> ?", "\"age\" <> $1", NULL, "36");
    where_is(g, user, kin_gt("age", 36), "`age` > ?", "\"age\" > $1", NULL, "36");
    where_is(g, user, kin_gte("age", 36), "`age` >= ?", "\"age\" >= $1", NULL, "36");
    where_is(g, user, kin_lt("age", 36), "`age` < ?", "\"age\" < $1", NULL, "36");
    where_is(g, user, kin_lte("age", 36), "`age` <= ?", "\"age\" <= $1", NULL, "36");
    where_is(g, user, kin_eq("age", kin_null), "`age` IS NULL", "\"age\" IS NULL", NULL, "");
    where_is(g, user, kin_ne("age", kin_null), "`age` IS NOT NULL", "\"age\" IS NOT NULL", NULL, "");
    where_is(g, user, kin_eq("age", "36"), "`age` = ?", "\"age\" = $1", NULL, "36");
    where_is(g, user, kin_between("age", 18, 65), "`age` BETWEEN ? AND ?", "\"age\" BETWEEN $1 AND $2", NULL, "18, 65");
    where_is(g, user, kin_like("name", "a%"), "`name` LIKE ? ESCAPE '\\'", "\"name\" LIKE $1", "`name` LIKE ?", "'a%'");
    where_is(g, g->task, kin_eq("position", 3), "`place_in_list` = ?", "\"place_in_list\" = $1", NULL, "3");
    where_is(g, g->task, kin_eq("done", true), "`done` = ?", "\"done\" = $1", NULL, "true");
    where_is(g, g->everything, kin_eq("mood", "bad"), "`mood` = ?", "\"mood\" = $1", NULL, "'bad'");
    where_is(g, g->odd, kin_eq("a`b\"c", "1"), "`x``y\"z` = ?", "\"x`y\"\"z\" = $1", NULL, "'1'");
    golden_close(g);
}

TEST(lists_are_padded)
{
    struct golden golden, *g = &golden;
    golden_open(g);
    const kin_model *user = g->user;
    where_is(g, user, kin_in_list("age", 0, NULL), "1 = 0", NULL, NULL, "");
    where_is(g, user, kin_in("age", kin(1)), "`age` = ?", "\"age\" = $1", NULL, "1");
    where_is(g, user, kin_in("age", kin(1), kin(2)), "`age` IN (?, ?)", "\"age\" IN ($1, $2)", NULL, "1, 2");
    where_is(g, user, kin_in("age", kin(1), kin(2), kin(3)), "`age` IN (?, ?, ?, ?)", "\"age\" IN ($1, $2, $3, $4)", NULL, "1, 2, 3, 3");
    where_is(g, user, kin_in("age", kin(1), kin(2), kin(3), kin(4), kin(5)), "`age` IN (?, ?, ?, ?, ?, ?, ?, ?)",
             "\"age\" IN ($1, $2, $3, $4, $5, $6, $7, $8)", NULL, "1, 2, 3, 4, 5, 5, 5, 5");
    where_is(g, user, kin_in("age", kin_null), "`age` IS NULL", "\"age\" IS NULL", NULL, "");
    where_is(g, user, kin_in("age", kin(1), kin_null), "`age` IS NULL OR `age` = ?", "\"age\" IS NULL OR \"age\" = $1", NULL, "1");
    where_is(g, user, kin_not(kin_in("age", kin(1), kin_null, kin(2))), "NOT (`age` IS NULL OR `age` IN (?, ?))",
             "NOT (\"age\" IS NULL OR \"age\" IN ($1, $2))", NULL, "1, 2");
    golden_close(g);
}

enum { MANY = 17 };

/* A list of MANY as one bind: the texts around it, and the bind itself. */
static void list_is(struct golden *golden, const char *attribute, const kin_value *values, const char *sqlite, const char *postgres,
                    const char *sqlite_bind, const char *postgres_bind)
{
    const char *texts[] = { sqlite, postgres }, *binds[] = { sqlite_bind, postgres_bind };
    const struct sql_select select = { .model = golden->everything, .where = golden_where(golden, golden->everything, kin_in_list(attribute, MANY, values)) };
    for (size_t i = 0; i < 2; i++) {
        struct text written = { 0 };
        struct sql_writer writer = { .dialect = golden_dialects[i], .sql = &written, .arena = &golden->arena, .fault = &golden->fault };
        assert_true(sql_write(&writer, &(struct sql_statement){ .kind = SQL_SELECT, .as.select = &select }));
        assert_string_equal(strstr(text_string(&written), "WHERE ") + 6, texts[i]);
        assert_int_equal(writer.bind_count, 1);
        assert_string_equal(writer.binds[0].as.text.data, binds[i]);
        if (i == 0)
            golden_prepare(golden, &writer);
        text_free(&written);
        sql_writer_free(&writer);
    }
}

static size_t binds_of(struct golden *golden, const struct dialect *dialect, const char *attribute, const kin_value *values)
{
    const struct sql_select select = { .model = golden->everything, .where = golden_where(golden, golden->everything, kin_in_list(attribute, MANY, values)) };
    struct sql_writer writer = { .dialect = dialect, .arena = &golden->arena, .fault = &golden->fault };
    assert_true(sql_write(&writer, &(struct sql_statement){ .kind = SQL_SELECT, .as.select = &select }));
    sql_writer_free(&writer);
    return writer.bind_count;
}

TEST(long_lists_go_as_one_bind)
{
    struct golden golden, *g = &golden;
    golden_open(g);
    kin_value numbers[MANY], texts[MANY], moments[MANY], days[MANY], hours[MANY], uuids[MANY], reals[MANY];
    kin_uuid uuid = { { 0xab, 0xcd } };
    for (int i = 0; i < MANY; i++) {
        numbers[i] = kin(i ? 1 : INT64_MIN);
        texts[i] = kin(i ? "x" : "a\"b\\c\n\x01'{}");
        moments[i] = kin_value_date(i ? 0 : 1500000);
        days[i] = kin_value_dateonly(i ? 1 : 0);
        hours[i] = kin_value_time(i ? 0 : 3600 * INT64_C(1000000));
        uuids[i] = kin_value_uuid(uuid);
        reals[i] = kin(0.5);
    }
#define TIMES16(text) text text text text text text text text text text text text text text text text
    list_is(g, "big", numbers, "`big` IN (SELECT value FROM json_each(?))", "\"big\" = ANY($1::bigint[])",
            "[-9223372036854775808" TIMES16(",1") "]", "{\"-9223372036854775808\"" TIMES16(",\"1\"") "}");
    list_is(g, "text", texts, "`text` IN (SELECT value FROM json_each(?))", "\"text\" = ANY($1::text[])",
            "[\"a\\\"b\\\\c\\u000a\\u0001'{}\"" TIMES16(",\"x\"") "]", "{\"a\\\"b\\\\c\n\x01'{}\"" TIMES16(",\"x\"") "}");
    list_is(g, "moment", moments, "`moment` IN (SELECT value FROM json_each(?))", "\"moment\" = ANY($1::timestamptz[])",
            "[\"1970-01-01 00:00:01.500000\"" TIMES16(",\"1970-01-01 00:00:00\"") "]",
            "{\"1970-01-01 00:00:01.500000+00\"" TIMES16(",\"1970-01-01 00:00:00+00\"") "}");
    list_is(g, "day", days, "`day` IN (SELECT value FROM json_each(?))", "\"day\" = ANY($1::date[])",
            "[\"1970-01-01\"" TIMES16(",\"1970-01-02\"") "]", "{\"1970-01-01\"" TIMES16(",\"1970-01-02\"") "}");
    list_is(g, "hour", hours, "`hour` IN (SELECT value FROM json_each(?))", "\"hour\" = ANY($1::time[])",
            "[\"01:00:00\"" TIMES16(",\"00:00:00\"") "]", "{\"01:00:00\"" TIMES16(",\"00:00:00\"") "}");
    list_is(g, "uuid", uuids, "`uuid` IN (SELECT value FROM json_each(?))", "\"uuid\" = ANY($1::uuid[])",
            "[\"abcd0000-0000-0000-0000-000000000000\"" TIMES16(",\"abcd0000-0000-0000-0000-000000000000\"") "]",
            "{\"abcd0000-0000-0000-0000-000000000000\"" TIMES16(",\"abcd0000-0000-0000-0000-000000000000\"") "}");

    /* What has no exact text in JSON, and a text with a NUL in it, stay placeholders; so do all of MariaDB's. */
    assert_int_equal(binds_of(g, &dialect_sqlite, "real", reals), 32);
    assert_int_equal(binds_of(g, &dialect_postgres, "real", reals), 1);
    assert_int_equal(binds_of(g, &dialect_mariadb, "text", texts), 32);
    texts[3] = kin_value_text("a\0b", 3);
    assert_int_equal(binds_of(g, &dialect_sqlite, "text", texts), 32);
    golden_close(g);
}

TEST(lists_as_placeholders_stay_within_the_limit)
{
    struct golden golden, *g = &golden;
    golden_open(g);
    enum { REALS = 20000, TOO_MANY = 32767 };
    kin_value *reals = calloc(TOO_MANY, sizeof *reals);
    for (size_t i = 0; i < TOO_MANY; i++)
        reals[i] = kin((double)i);
    struct sql_writer writer = { .dialect = &dialect_sqlite, .arena = &g->arena, .fault = &g->fault };
    struct sql_select select = { .model = g->everything, .where = golden_where(g, g->everything, kin_in_list("real", REALS, reals)) };
    const struct sql_statement statement = { .kind = SQL_SELECT, .as.select = &select };
    assert_true(sql_write(&writer, &statement));
    assert_int_equal(writer.bind_count, REALS); /* 32768 would be more than SQLite takes */
    select.where = golden_where(g, g->everything, kin_in_list("real", TOO_MANY, reals));
    assert_false(sql_write(&writer, &statement));
    assert_int_equal(g->fault.error.status, KIN_UNSUPPORTED);
    assert_non_null(strstr(g->fault.error.message, "32767"));
    fault_clear(&g->fault);

    assert_int_equal(sql_list_limit(&dialect_sqlite, &g->user->primary_key), SIZE_MAX);
    assert_int_equal(sql_list_limit(&dialect_sqlite, &g->place->primary_key), 8192);
    assert_int_equal(sql_list_limit(&dialect_mariadb, &g->user->primary_key), 32768);
    sql_writer_free(&writer);
    free(reals);
    golden_close(g);
}

TEST(joined_conditions)
{
    struct golden golden, *g = &golden;
    golden_open(g);
    const kin_model *user = g->user;
    where_is(g, user, kin_and(kin_eq("age", 1), kin_eq("name", "x")), "`age` = ? AND `name` = ?", "\"age\" = $1 AND \"name\" = $2", NULL, "1, 'x'");
    where_is(g, user, kin_or(kin_eq("age", 1), kin_eq("name", "x")), "`age` = ? OR `name` = ?", "\"age\" = $1 OR \"name\" = $2", NULL, "1, 'x'");
    where_is(g, user, kin_or(kin_and(kin_eq("age", 1), kin_eq("name", "x")), kin_eq("age", 2)), "(`age` = ? AND `name` = ?) OR `age` = ?",
             "(\"age\" = $1 AND \"name\" = $2) OR \"age\" = $3", NULL, "1, 'x', 2");
    where_is(g, user, kin_and(kin_or(kin_eq("age", 1), kin_eq("age", 2)), kin_and(kin_eq("name", "x"), kin_eq("id", 3))),
             "(`age` = ? OR `age` = ?) AND `name` = ? AND `id` = ?", "(\"age\" = $1 OR \"age\" = $2) AND \"name\" = $3 AND \"id\" = $4", NULL,
             "1, 2, 'x', 3");
    where_is(g, user, kin_not(kin_eq("age", 1)), "NOT (`age` = ?)", "NOT (\"age\" = $1)", NULL, "1");
    where_is(g, user, kin_not(kin_or(kin_eq("age", 1), kin_eq("age", 2))), "NOT (`age` = ? OR `age` = ?)", "NOT (\"age\" = $1 OR \"age\" = $2)", NULL,
             "1, 2");
    where_is(g, user, kin_or(NULL, kin_eq("age", 1), NULL), "`age` = ?", "\"age\" = $1", NULL, "1");
    where_is(g, user, kin_any_of(0, NULL), "1 = 0", NULL, NULL, "");
    where_is(g, user, kin_or(NULL, NULL), "1 = 0", NULL, NULL, "");
    where_is(g, user, kin_not(kin_and(NULL, NULL)), "1 = 0", NULL, NULL, "");
    where_is(g, user, kin_not(kin_any_of(0, NULL)), "NOT (1 = 0)", NULL, NULL, "");
    where_is(g, user, kin_and(kin_any_of(0, NULL), kin_eq("age", 1)), "1 = 0 AND `age` = ?", "1 = 0 AND \"age\" = $1", NULL, "1");
    assert_null(golden_where(g, user, NULL));
    assert_null(golden_where(g, user, kin_all_of(0, NULL)));
    assert_null(golden_where(g, user, kin_not(NULL)));
    assert_null(golden_where(g, user, kin_or(kin_eq("age", 1), kin_and(NULL, NULL))));
    golden_close(g);
}

TEST(associations_become_exists)
{
    struct golden golden, *g = &golden;
    golden_open(g);
    where_is(g, g->project, kin_exists(g->tasks), "EXISTS (SELECT 1 FROM `Tasks` AS t1 WHERE t1.`ProjectId` = t0.`id`)",
             "EXISTS (SELECT 1 FROM \"Tasks\" AS t1 WHERE t1.\"ProjectId\" = t0.\"id\")", NULL, "");
    where_is(g, g->project, kin_exists(g->tasks, .where = kin_eq("done", false)),
             "EXISTS (SELECT 1 FROM `Tasks` AS t1 WHERE t1.`ProjectId` = t0.`id` AND t1.`done` = ?)",
             "EXISTS (SELECT 1 FROM \"Tasks\" AS t1 WHERE t1.\"ProjectId\" = t0.\"id\" AND t1.\"done\" = $1)", NULL, "false");
    where_is(g, g->project, kin_not(kin_eq("Tasks.title", "x")),
             "NOT EXISTS (SELECT 1 FROM `Tasks` AS t1 WHERE t1.`ProjectId` = t0.`id` AND t1.`title` = ?)",
             "NOT EXISTS (SELECT 1 FROM \"Tasks\" AS t1 WHERE t1.\"ProjectId\" = t0.\"id\" AND t1.\"title\" = $1)", NULL, "'x'");
    where_is(g, g->task, kin_like("Project.title", "x%"),
             "EXISTS (SELECT 1 FROM `Projects` AS t1 WHERE t1.`id` = t0.`ProjectId` AND t1.`deletedAt` IS NULL AND t1.`title` LIKE ? ESCAPE '\\')",
             "EXISTS (SELECT 1 FROM \"Projects\" AS t1 WHERE t1.\"id\" = t0.\"ProjectId\" AND t1.\"deletedAt\" IS NULL AND t1.\"title\" LIKE $1)",
             "EXISTS (SELECT 1 FROM `Projects` AS t1 WHERE t1.`id` = t0.`ProjectId` AND t1.`deletedAt` IS NULL AND t1.`title` LIKE ?)", "'x%'");
    where_is(g, g->user, kin_exists(g->projects, .where = kin_eq("title", "x"), .through_where = kin_ne("status", "old")),
             "EXISTS (SELECT 1 FROM `Projects` AS t1 INNER JOIN `Memberships` AS t2 ON t1.`id` = t2.`ProjectId` AND t1.`deletedAt` IS NULL "
             "WHERE t2.`UserId` = t0.`id` AND t2.`status` = ? AND t2.`status` <> ? AND t1.`title` = ?)",
             "EXISTS (SELECT 1 FROM \"Projects\" AS t1 INNER JOIN \"Memberships\" AS t2 ON t1.\"id\" = t2.\"ProjectId\" AND t1.\"deletedAt\" IS NULL "
             "WHERE t2.\"UserId\" = t0.\"id\" AND t2.\"status\" = $1 AND t2.\"status\" <> $2 AND t1.\"title\" = $3)",
             NULL, "'active', 'old', 'x'");
    where_is(g, g->user, kin_eq("Projects.Tasks.title", "x"),
             "EXISTS (SELECT 1 FROM `Projects` AS t1 INNER JOIN `Memberships` AS t2 ON t1.`id` = t2.`ProjectId` AND t1.`deletedAt` IS NULL "
             "WHERE t2.`UserId` = t0.`id` AND t2.`status` = ? AND "
             "EXISTS (SELECT 1 FROM `Tasks` AS t3 WHERE t3.`ProjectId` = t1.`id` AND t3.`title` = ?))",
             "EXISTS (SELECT 1 FROM \"Projects\" AS t1 INNER JOIN \"Memberships\" AS t2 ON t1.\"id\" = t2.\"ProjectId\" AND t1.\"deletedAt\" IS NULL "
             "WHERE t2.\"UserId\" = t0.\"id\" AND t2.\"status\" = $1 AND "
             "EXISTS (SELECT 1 FROM \"Tasks\" AS t3 WHERE t3.\"ProjectId\" = t1.\"id\" AND t3.\"title\" = $2))",
             NULL, "'active', 'x'");
    where_is(g, g->user, kin_and(kin_gt("Father.age", 60), kin_eq("Father.Father.name", "x")),
             "EXISTS (SELECT 1 FROM `Users` AS t1 WHERE t1.`id` = t0.`FatherId` AND t1.`age` > ?) AND "
             "EXISTS (SELECT 1 FROM `Users` AS t2 WHERE t2.`id` = t0.`FatherId` AND "
             "EXISTS (SELECT 1 FROM `Users` AS t3 WHERE t3.`id` = t2.`FatherId` AND t3.`name` = ?))",
             "EXISTS (SELECT 1 FROM \"Users\" AS t1 WHERE t1.\"id\" = t0.\"FatherId\" AND t1.\"age\" > $1) AND "
             "EXISTS (SELECT 1 FROM \"Users\" AS t2 WHERE t2.\"id\" = t0.\"FatherId\" AND "
             "EXISTS (SELECT 1 FROM \"Users\" AS t3 WHERE t3.\"id\" = t2.\"FatherId\" AND t3.\"name\" = $2))",
             NULL, "60, 'x'");
    where_is(g, g->place, kin_exists(g->visits),
             "EXISTS (SELECT 1 FROM `Visits` AS t1 WHERE t1.`PlaceCountry` = t0.`country` AND t1.`PlaceNumber` = t0.`number`)",
             "EXISTS (SELECT 1 FROM \"Visits\" AS t1 WHERE t1.\"PlaceCountry\" = t0.\"country\" AND t1.\"PlaceNumber\" = t0.\"number\")", NULL, "");
    golden_close(g);
}

TEST(hand_written_sql)
{
    struct golden golden, *g = &golden;
    golden_open(g);
    const kin_model *user = g->user;
    where_is(g, user, kin_sql("id > 10"), "(id > 10)", NULL, NULL, "");
    where_is(g, user, kin_sql("id > ? AND name <> ?", kin(10), kin("x")), "(id > ? AND name <> ?)", "(id > $1 AND name <> $2)", NULL, "10, 'x'");
    where_is(g, user, kin_and(kin_eq("age", 1), kin_sql("id = ? OR id = ?", kin(2), kin(3))), "`age` = ? AND (id = ? OR id = ?)",
             "\"age\" = $1 AND (id = $2 OR id = $3)", NULL, "1, 2, 3");
    where_is(g, user, kin_sql("name = '?' -- ?\n AND id = ?", kin(1)), "(name = '?' -- ?\n AND id = ?)", "(name = '?' -- ?\n AND id = $1)", NULL, "1");
    where_is(g, user, kin_sql("id = ? -- the one", kin(1)), "(id = ? -- the one\n)", "(id = $1 -- the one\n)", NULL, "1");
    where_is(g, user, kin_sql("name = 'it''s ?' AND id = ? /* ? */", kin(1)), "(name = 'it''s ?' AND id = ? /* ? */)",
             "(name = 'it''s ?' AND id = $1 /* ? */)", NULL, "1");
    golden_close(g);
}
