/* References that an attribute declares by itself: in the tables, in the order of the tables, and as the keys of associations. */
#include "world.h"

static const char *const dialects[] = { "mock:sqlite", "mock:postgres", "mock:mariadb" };

/* The DDL has this line, in the words of each dialect. MariaDB's lines are the column's and, where there is one, the table's constraint. */
static void assert_lines(kin_schema *schema, const char *sqlite, const char *postgres, const char *mariadb, const char *constraint)
{
    const char *lines[] = { sqlite, postgres, mariadb };
    for (size_t i = 0; i < 3; i++) {
        kin_db *db = kin_open(dialects[i], schema);
        const char *sql = kin_sync_sql(db, .cycles = KIN_CYCLES_DEFER);
        if (!sql)
            fail_msg("%s", kin_db_error(db)->message);
        char line[300];
        snprintf(line, sizeof line, "\n  %s", lines[i]);
        const char *found = strstr(sql, line);
        if (!found || !strchr(",\n", found[strlen(line)]))
            fail_msg("%s: no line '%s' in\n%s", dialects[i], lines[i], sql);
        snprintf(line, sizeof line, "\n  %s", constraint ? constraint : "");
        found = i == 2 && constraint ? strstr(sql, line) : line;
        if (!found || (i == 2 && constraint && !strchr(",\n", found[strlen(line)])))
            fail_msg("%s: no line '%s' in\n%s", dialects[i], constraint, sql);
        kin_close(db);
    }
}

TEST(K1_K4_K8_a_reference_in_the_table)
{
    struct world w;
    world_start(&w);
    kin_model *trainer = kin_define(w.schema, "Trainer", KIN_ATTRIBUTES(KIN_INTEGER("number", .unique = true, .column = "nr"), KIN_STRING("code", .length = 8, .unique = true)));
    kin_model *series = kin_define(w.schema, "Series",
                                   KIN_ATTRIBUTES(KIN_STRING("title"), KIN_INTEGER("by_table", .references = { .table = "Trainers", .column = "id" }),
                                                  KIN_INTEGER("by_model", .references = { .model = trainer, .column = "id" }),
                                                  KIN_INTEGER("by_number", .references = { .model = trainer, .column = "number" }),
                                                  KIN_STRING("by_code", .length = 8, .references = { .table = "Trainers", .column = "code" }),
                                                  KIN_INTEGER("cascading", .references = { .model = trainer }, .on_delete = KIN_CASCADE),
                                                  KIN_INTEGER("both", .not_null = true, .references = { .model = trainer }, .on_delete = KIN_RESTRICT, .on_update = KIN_CASCADE)));
    assert_lines(w.schema, "`by_table` INTEGER REFERENCES `Trainers` (`id`)", "\"by_table\" INTEGER REFERENCES \"Trainers\" (\"id\")", "`by_table` INTEGER",
                 "FOREIGN KEY (`by_table`) REFERENCES `Trainers` (`id`)");
    assert_lines(w.schema, "`by_model` INTEGER REFERENCES `Trainers` (`id`)", "\"by_model\" INTEGER REFERENCES \"Trainers\" (\"id\")", "`by_model` INTEGER",
                 "FOREIGN KEY (`by_model`) REFERENCES `Trainers` (`id`)");
    assert_lines(w.schema, "`by_number` INTEGER REFERENCES `Trainers` (`nr`)", "\"by_number\" INTEGER REFERENCES \"Trainers\" (\"nr\")", "`by_number` INTEGER",
                 "FOREIGN KEY (`by_number`) REFERENCES `Trainers` (`nr`)");
    assert_lines(w.schema, "`by_code` VARCHAR(8) REFERENCES `Trainers` (`code`)", "\"by_code\" VARCHAR(8) REFERENCES \"Trainers\" (\"code\")", "`by_code` VARCHAR(8)",
                 "FOREIGN KEY (`by_code`) REFERENCES `Trainers` (`code`)");
    assert_lines(w.schema, "`cascading` INTEGER REFERENCES `Trainers` (`id`) ON DELETE CASCADE", "\"cascading\" INTEGER REFERENCES \"Trainers\" (\"id\") ON DELETE CASCADE",
                 "`cascading` INTEGER", "FOREIGN KEY (`cascading`) REFERENCES `Trainers` (`id`) ON DELETE CASCADE");
    assert_lines(w.schema, "`both` INTEGER NOT NULL REFERENCES `Trainers` (`id`) ON DELETE RESTRICT ON UPDATE CASCADE",
                 "\"both\" INTEGER NOT NULL REFERENCES \"Trainers\" (\"id\") ON DELETE RESTRICT ON UPDATE CASCADE", "`both` INTEGER NOT NULL",
                 "FOREIGN KEY (`both`) REFERENCES `Trainers` (`id`) ON DELETE RESTRICT ON UPDATE CASCADE");

    const kin_attribute_info *info = kin_attribute_named(series, "by_number");
    assert_ptr_equal(info->references, trainer);
    assert_string_equal(info->references_table, "Trainers");
    assert_string_equal(info->references_column, "nr");
    assert_int_equal(info->on_delete, KIN_ACTION_USUAL);
    assert_int_equal(kin_attribute_named(series, "both")->on_delete, KIN_RESTRICT);
    assert_null(kin_attribute_named(series, "title")->references);

    world_open(&w); /* which the database enforces */
    kin_row *t = kin_create(w.s, trainer, { "number", kin(7) }, { "code", kin("abc") });
    kin_row *good = kin_create(w.s, series, { "by_table", kin_key_of(t) }, { "by_model", kin_key_of(t) }, { "by_number", kin(7) }, { "by_code", kin("abc") }, { "both", kin_key_of(t) });
    assert_kin_ok(w.s);
    assert_non_null(good);
    assert_null(kin_create(w.s, series, { "by_number", kin(8) }, { "both", kin_key_of(t) }));
    assert_int_equal(kin_error_of(w.s)->constraint, KIN_FOREIGN_KEY);
    kin_clear_error(w.s);
    assert_null(kin_create(w.s, series, { "by_table", kin(404) }, { "both", kin_key_of(t) }));
    assert_int_equal(kin_error_of(w.s)->constraint, KIN_FOREIGN_KEY);
    kin_clear_error(w.s);
    world_close(&w);
}

TEST(K2_the_primary_key_unless_a_column_is_given)
{
    struct world w;
    world_start(&w);
    kin_model *land = kin_define(w.schema, "Land", KIN_ATTRIBUTES(KIN_CHAR("code", .length = 2, .primary_key = true, .column = "land_code")));
    kin_model *town = kin_define(w.schema, "Town", KIN_ATTRIBUTES(KIN_CHAR("land", .length = 2, .references = { .model = land }), KIN_CHAR("other", .length = 2, .references = { .table = "Lands" }),
                                                                  KIN_INTEGER("far", .references = { .table = "Elsewhere" })));
    assert_lines(w.schema, "`land` CHAR(2) REFERENCES `Lands` (`land_code`)", "\"land\" CHAR(2) REFERENCES \"Lands\" (\"land_code\")", "`land` CHAR(2)",
                 "FOREIGN KEY (`land`) REFERENCES `Lands` (`land_code`)");
    assert_lines(w.schema, "`other` CHAR(2) REFERENCES `Lands` (`land_code`)", "\"other\" CHAR(2) REFERENCES \"Lands\" (\"land_code\")", "`other` CHAR(2)",
                 "FOREIGN KEY (`other`) REFERENCES `Lands` (`land_code`)");
    assert_lines(w.schema, "`far` INTEGER REFERENCES `Elsewhere` (`id`)", "\"far\" INTEGER REFERENCES \"Elsewhere\" (\"id\")", "`far` INTEGER",
                 "FOREIGN KEY (`far`) REFERENCES `Elsewhere` (`id`)");
    assert_string_equal(kin_attribute_named(town, "other")->references_column, "land_code");
    kin_schema_free(w.schema);

    world_start(&w); /* of several columns one must be chosen, and it must be there */
    kin_model *pair = kin_define(w.schema, "Pair", KIN_ATTRIBUTES(KIN_INTEGER("a", .primary_key = true), KIN_INTEGER("b", .primary_key = true)));
    kin_define(w.schema, "Note", KIN_ATTRIBUTES(KIN_INTEGER("pair", .references = { .model = pair })));
    assert_link_error(w.schema, "Note.pair: references Pair, whose primary key has 2 attributes");
    kin_schema_free(w.schema);
    world_start(&w);
    kin_define(w.schema, "Note", KIN_ATTRIBUTES(KIN_INTEGER("user", .references = { .table = "Users", .column = "nr" })));
    kin_define(w.schema, "User", KIN_ATTRIBUTES(KIN_INTEGER("number", .unique = true)));
    assert_link_error(w.schema, "Note.user: references the column 'nr' of User, which has none of that name");
    kin_schema_free(w.schema);
}

TEST(K3_a_reference_is_no_association)
{
    struct world w;
    world_start(&w);
    kin_model *trainer = kin_define(w.schema, "Trainer", KIN_ATTRIBUTES(KIN_STRING("first_name")));
    kin_model *series = kin_define(w.schema, "Series", KIN_ATTRIBUTES(KIN_STRING("title"), KIN_INTEGER("trainer_id", .references = { .model = trainer })));
    world_open(&w);
    const kin_model *both[] = { trainer, series };
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(kin_accessor_count(both[i]), 0);
        assert_int_equal(kin_model_describe(both[i])->associations.count, 0);
    }
    assert_null(kin_association_named(series, "Trainer"));
    assert_null(kin_association_named(trainer, "Series"));
    assert_false(kin_has_accessor(series, "getTrainer"));
    assert_false(kin_has_accessor(trainer, "getSeries"));

    kin_row *t = kin_create(w.s, trainer, { "first_name", kin("ada") });
    kin_row *s = kin_create(w.s, series, { "title", kin("x") }, { "trainer_id", kin_key_of(t) });
    assert_kin_ok(w.s);
    assert_int_equal(kin_find_all(w.s, series, .where = kin_eq("Trainer.first_name", "ada")).count, 0);
    assert_kin_error(w.s, KIN_MISUSE, "Trainer");
    assert_int_equal(kin_find_all(w.s, series, .order = KIN_NAMES("trainer_id.first_name")).count, 0);
    assert_kin_error(w.s, KIN_MISUSE, "trainer_id");
    assert_false(kin_call(s, "getTrainer").ok);
    assert_kin_error(w.s, KIN_MISUSE, "getTrainer");
    assert_string_equal(kin_text(kin_find_by_pk(w.s, trainer, kin_value_of(s, "trainer_id")), "first_name"), "ada"); /* by hand, as it was declared */
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(K4_the_database_decides_without_a_clause)
{
    struct world w;
    world_start(&w);
    kin_model *trainer = kin_define(w.schema, "Trainer", KIN_NO_ATTRIBUTES);
    kin_model *series = kin_define(w.schema, "Series", KIN_ATTRIBUTES(KIN_INTEGER("trainer_id", .references = { .model = trainer }), KIN_INTEGER("stand_in", .references = { .model = trainer }, .on_delete = KIN_SET_NULL)));
    world_open(&w);
    assert_null(strstr(kin_sync_sql(w.db), "ON UPDATE"));
    kin_row *one = kin_create(w.s, trainer, KIN_DEFAULTS), *other = kin_create(w.s, trainer, KIN_DEFAULTS);
    kin_row *s = kin_create(w.s, series, { "trainer_id", kin_key_of(one) }, { "stand_in", kin_key_of(other) });
    assert_false(kin_destroy(one)); /* NO ACTION */
    assert_int_equal(kin_error_of(w.s)->constraint, KIN_FOREIGN_KEY);
    kin_clear_error(w.s);
    assert_true(kin_destroy(other));
    kin_reload(s);
    assert_true(kin_is_null(s, "stand_in"));
    assert_int_equal(kin_int(s, "trainer_id"), kin_int(one, "id"));
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(K5_K6_tables_named_before_their_models)
{
    struct world w;
    world_start(&w);
    kin_model *video = kin_define(w.schema, "Video", KIN_ATTRIBUTES(KIN_INTEGER("series_id", .references = { .table = "Series" })));
    kin_model *series = kin_define(w.schema, "Series", KIN_ATTRIBUTES(KIN_INTEGER("trainer_id", .references = { .table = "Trainers", .column = "id" })));
    kin_model *trainer = kin_define(w.schema, "Trainer", KIN_NO_ATTRIBUTES);
    world_open(&w);
    const kin_model *order[] = { trainer, series, video };
    assert_int_equal(kin_model_count(w.schema), 3);
    for (size_t i = 0; i < 3; i++)
        assert_ptr_equal(kin_model_at(w.schema, i), order[i]);
    assert_ptr_equal(kin_attribute_named(video, "series_id")->references, series);
    kin_row *t = kin_create(w.s, trainer, KIN_DEFAULTS);
    kin_row *s = kin_create(w.s, series, { "trainer_id", kin_key_of(t) });
    kin_create(w.s, video, { "series_id", kin_key_of(s) });
    assert_kin_ok(w.s);
    assert_true(kin_sync(w.db, .force = true)); /* and back again */
    world_close(&w);

    world_start(&w); /* two tables that name each other are a circle like any other */
    kin_define(w.schema, "Egg", KIN_ATTRIBUTES(KIN_INTEGER("hen", .references = { .table = "Hens" })));
    kin_define(w.schema, "Hen", KIN_ATTRIBUTES(KIN_INTEGER("egg", .references = { .table = "Eggs" })));
    world_connect(&w);
    assert_false(kin_sync(w.db));
    assert_string_equal(kin_db_error(w.db)->message, "Cyclic dependency found. 'Egg' is dependent of itself. Dependency Chain: Egg -> Hen => Egg");
    world_close(&w);
}

/* The document's example: nothing but the keys that were declared. */
TEST(K7_associations_take_the_declared_keys)
{
    struct world w;
    world_start(&w);
    kin_model *series = kin_define(w.schema, "Series", KIN_ATTRIBUTES(KIN_STRING("title"), KIN_STRING("sub_title"), KIN_TEXT("description"),
                                                                      KIN_INTEGER("trainer_id", .references = { .table = "Trainers", .column = "id" })));
    kin_model *trainer = kin_define(w.schema, "Trainer", KIN_ATTRIBUTES(KIN_STRING("first_name"), KIN_STRING("last_name")));
    kin_model *video = kin_define(w.schema, "Video", KIN_ATTRIBUTES(KIN_STRING("title"), KIN_INTEGER("sequence"), KIN_INTEGER("series_id", .references = { .model = series, .column = "id" })));
    kin_association *of_series = kin_has_one(series, video), *of_trainer = kin_has_many(trainer, series);
    assert_lines(w.schema, "`trainer_id` INTEGER REFERENCES `Trainers` (`id`) ON DELETE SET NULL ON UPDATE CASCADE",
                 "\"trainer_id\" INTEGER REFERENCES \"Trainers\" (\"id\") ON DELETE SET NULL ON UPDATE CASCADE", "`trainer_id` INTEGER",
                 "FOREIGN KEY (`trainer_id`) REFERENCES `Trainers` (`id`) ON DELETE SET NULL ON UPDATE CASCADE");
    assert_names(kin_association_describe(of_trainer)->foreign_key, "trainer_id");
    assert_names(kin_association_describe(of_series)->foreign_key, "series_id");
    assert_names(kin_model_describe(series)->attributes, "id", "title", "sub_title", "description", "trainer_id");
    assert_names(kin_model_describe(video)->attributes, "id", "title", "sequence", "series_id");

    world_open(&w);
    kin_row *t = kin_create(w.s, trainer, { "first_name", kin("ada") }), *s = kin_create(w.s, series, { "title", kin("x") });
    kin_row *v = kin_create(w.s, video, { "title", kin("y") });
    assert_true(kin_add(t, of_trainer, KIN_ROWS(s)));
    assert_true(kin_set_one(s, of_series, v));
    assert_int_equal(world_number(&w, strncmp(test_url(), "postgres", 8) == 0 ? "SELECT count(*) AS n FROM \"Series\" WHERE trainer_id IS NOT NULL" : "SELECT count(*) AS n FROM Series WHERE trainer_id IS NOT NULL"), 1);
    assert_true(kin_equals(kin_get_one(s, of_series), v));
    assert_int_equal(kin_count(t, of_trainer), 1);
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(K7_which_declared_key_is_taken)
{
    struct world w;
    world_start(&w);
    kin_model *user = kin_define(w.schema, "User", KIN_NO_ATTRIBUTES);
    kin_model *task = kin_define(w.schema, "Task", KIN_ATTRIBUTES(KIN_INTEGER("author", .references = { .model = user }), KIN_INTEGER("editor", .references = { .model = user }, .on_delete = KIN_CASCADE)));
    kin_model *note = kin_define(w.schema, "Note", KIN_ATTRIBUTES(KIN_INTEGER("owner", .references = { .model = user })));
    kin_association *unclear = kin_belongs_to(task, user), *named = kin_belongs_to(task, user, .as = "Editor", .foreign_key = "editor");
    kin_association *other = kin_has_many(user, note, .foreign_key = "reader_id");
    world_open(&w);
    assert_names(kin_association_describe(unclear)->foreign_key, "UserId"); /* two might be meant: neither is */
    assert_names(kin_association_describe(named)->foreign_key, "editor");
    assert_int_equal(kin_association_describe(named)->on_delete, KIN_CASCADE); /* what was written stays */
    assert_int_equal(kin_association_describe(named)->on_update, KIN_CASCADE);
    assert_int_equal(kin_attribute_named(task, "author")->on_delete, KIN_ACTION_USUAL);
    assert_names(kin_association_describe(other)->foreign_key, "reader_id"); /* a given name is used */
    assert_names(kin_model_describe(note)->attributes, "id", "owner", "reader_id");
    assert_names(kin_model_describe(task)->attributes, "id", "author", "editor", "UserId");
    world_close(&w);

    world_start(&w); /* the declared type and column stay */
    user = kin_define(w.schema, "User", KIN_NO_ATTRIBUTES);
    task = kin_define(w.schema, "Task", KIN_ATTRIBUTES(KIN_BIGINT("owner", .column = "owner_ref", .references = { .model = user }, .on_delete = KIN_RESTRICT)));
    kin_belongs_to(task, user);
    assert_lines(w.schema, "`owner_ref` BIGINT REFERENCES `Users` (`id`) ON DELETE RESTRICT ON UPDATE CASCADE",
                 "\"owner_ref\" BIGINT REFERENCES \"Users\" (\"id\") ON DELETE RESTRICT ON UPDATE CASCADE", "`owner_ref` BIGINT",
                 "FOREIGN KEY (`owner_ref`) REFERENCES `Users` (`id`) ON DELETE RESTRICT ON UPDATE CASCADE");
    assert_names(kin_model_describe(task)->attributes, "id", "owner");
    kin_schema_free(w.schema);
}

TEST(K10_a_table_that_is_no_model)
{
    struct world w;
    world_start(&w);
    kin_model *task = kin_define(w.schema, "Task", KIN_ATTRIBUTES(KIN_INTEGER("legacy", .references = { .table = "legacy_things", .column = "nr" })));
    assert_true(kin_schema_link(w.schema));
    const kin_attribute_info *info = kin_attribute_named(task, "legacy");
    assert_null(info->references);
    assert_string_equal(info->references_table, "legacy_things");
    assert_string_equal(info->references_column, "nr");
    world_connect(&w);
    kin_drop(w.db);
    kin_execute(w.s, "DROP TABLE IF EXISTS legacy_things");
    bool created = kin_sync(w.db);
    assert_int_equal(created, strncmp(test_url(), "sqlite", 6) == 0); /* the others ask for the table at once */
    if (created) {
        assert_null(kin_create(w.s, task, { "legacy", kin(1) }));
        assert_kin_error(w.s, KIN_DATABASE, "legacy_things");
    } else {
        assert_non_null(kin_db_error(w.db));
    }
    kin_execute(w.s, "CREATE TABLE legacy_things (nr INTEGER PRIMARY KEY)"); /* somebody else's */
    kin_execute(w.s, "INSERT INTO legacy_things (nr) VALUES (1)");
    assert_kin_ok(w.s);
    assert_true(kin_sync(w.db));
    assert_non_null(kin_create(w.s, task, { "legacy", kin(1) }));
    assert_null(kin_create(w.s, task, { "legacy", kin(2) }));
    assert_int_equal(kin_error_of(w.s)->constraint, KIN_FOREIGN_KEY);
    kin_clear_error(w.s);
    assert_true(kin_drop(w.db));
    assert_int_equal(world_number(&w, "SELECT count(*) AS n FROM legacy_things"), 1); /* kin leaves it alone */
    kin_execute(w.s, "DROP TABLE legacy_things");
    assert_kin_ok(w.s);
    world_close(&w);
}
