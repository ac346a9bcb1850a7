/* Tables: timestamps, references declared by hand, schemas, and when an association's key is there: at once in memory, in the table
 * after kin_sync. */
#include "world.h"

static bool on_postgres(void) { return strncmp(test_url(), "postgres", 8) == 0; }
static bool on_sqlite(void) { return strncmp(test_url(), "sqlite", 6) == 0; }

/* `name` in the quotes of the database. */
static const char *quoted(const char *sql)
{
    static char out[1024];
    assert_true(strlen(sql) < sizeof out);
    strcpy(out, sql);
    if (on_postgres())
        for (char *at = out; (at = strchr(at, '`')) != NULL;)
            *at = '"';
    return out;
}

static const char *date_type(void) { return on_sqlite() ? "DATETIME" : on_postgres() ? "TIMESTAMP WITH TIME ZONE" : "DATETIME(6)"; }

/* The statements of kin_sync_sql in backticks, "schema.table" in one pair of them. */
static const char *sync_text(const struct world *world)
{
    static char out[16384];
    const char *sql = kin_sync_sql(world->db, .cycles = KIN_CYCLES_DEFER);
    assert_non_null(sql);
    assert_true(strlen(sql) < sizeof out);
    strcpy(out, sql);
    if (!on_postgres())
        return out;
    for (char *at = out; (at = strchr(at, '"')) != NULL;)
        *at = '`';
    for (char *at = out; (at = strstr(at, "`.`")) != NULL; at++) {
        *at = '.';
        memmove(at + 1, at + 3, strlen(at + 3) + 1);
    }
    return out;
}

/* What the table says of the column, and what it references: "INTEGER REFERENCES `Users` (`id`)"; "" when it has no such column. */
static const char *column_text(const struct world *world, const char *table, const char *column)
{
    static char out[512];
    char wanted[256];
    const char *text = sync_text(world);
    snprintf(wanted, sizeof wanted, "CREATE TABLE IF NOT EXISTS `%s` (\n", table);
    const char *from = strstr(text, wanted);
    assert_non_null(from);
    const char *end = strstr(from, "\n)");
    assert_non_null(end);
    snprintf(wanted, sizeof wanted, "\n  `%s` ", column);
    from = strstr(from, wanted);
    if (from == NULL || from > end)
        return "";
    from += strlen(wanted);
    const char *to = strstr(from, ", \n");
    if (to == NULL || to > end)
        to = end;
    snprintf(out, sizeof out, "%.*s", (int)(to - from), from);
    snprintf(wanted, sizeof wanted, "FOREIGN KEY (`%s`)", column);
    const char *key = strstr(from, wanted); /* where references stand behind the columns */
    if (key != NULL && key < end) {
        key += strlen(wanted);
        to = strstr(key, ", \n");
        if (to == NULL || to > end)
            to = end;
        snprintf(out + strlen(out), sizeof out - strlen(out), "%.*s", (int)(to - key), key);
    }
    return out;
}

static void assert_column(const struct world *world, const char *table, const char *column, const char *type, const char *rest)
{
    char wanted[512];
    snprintf(wanted, sizeof wanted, "%s%s", type, rest);
    assert_string_equal(column_text(world, table, column), wanted);
}

TEST(A20_timestamps_stand_behind_the_attributes_and_before_the_keys)
{
    struct world w;
    world_start(&w);
    kin_model *user = kin_define(w.schema, "User", KIN_NO_ATTRIBUTES);
    kin_model *task = kin_define(w.schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title")), .timestamps = true);
    kin_has_many(user, task);
    world_open(&w);

    assert_names(kin_model_describe(user)->attributes, "id");
    assert_false(kin_model_describe(user)->timestamps);
    assert_true(kin_model_describe(task)->timestamps);
    assert_names(kin_model_describe(task)->attributes, "id", "title", "createdAt", "updatedAt", "UserId");
    assert_column(&w, "Tasks", "createdAt", date_type(), " NOT NULL");
    assert_column(&w, "Tasks", "updatedAt", date_type(), " NOT NULL");
    assert_true(strstr(sync_text(&w), "`updatedAt`") < strstr(sync_text(&w), "`UserId`"));

    int64_t before = kin_now();
    kin_row *row = kin_create(w.s, task, { "title", kin("a") });
    int64_t after = kin_now();
    assert_kin_ok(w.s);
    int64_t created = kin_date_of(row, "createdAt");
    assert_true(created >= before && created <= after);
    assert_true(kin_date_of(row, "updatedAt") == created);
    assert_true(kin_put(row, "title", kin("b")));
    while (kin_now() == created)
        ;
    assert_true(kin_save(row));
    kin_row *read = kin_find_by_pk(w.s, task, kin_key_of(row));
    assert_kin_ok(w.s);
    assert_true(kin_date_of(read, "createdAt") == created);
    assert_true(kin_date_of(read, "updatedAt") > created);
    world_close(&w);
}

TEST(A21_timestamps_can_have_other_names_or_be_left_out)
{
    struct world w;
    world_start(&w);
    kin_schema_defaults(w.schema, .timestamps = true);
    kin_model *named = kin_define(w.schema, "Named", KIN_NO_ATTRIBUTES, .paranoid = true, .created_at = "born", .updated_at = "touched", .deleted_at = "gone");
    kin_model *half = kin_define(w.schema, "Half", KIN_NO_ATTRIBUTES, .updated_at = "");
    kin_model *other = kin_define(w.schema, "Other", KIN_NO_ATTRIBUTES, .created_at = "", .underscored = true);
    kin_model *bare = kin_define(w.schema, "Bare", KIN_NO_ATTRIBUTES, .paranoid = true, .deleted_at = "");
    kin_model *none = kin_define(w.schema, "None", KIN_NO_ATTRIBUTES, .timestamps = KIN_OFF, .created_at = "born");
    kin_model *own = kin_define(w.schema, "Own", KIN_ATTRIBUTES(KIN_DATE("createdAt", .column = "made")));
    world_open(&w);

    assert_names(kin_model_describe(named)->attributes, "id", "born", "touched", "gone");
    assert_names(kin_model_describe(half)->attributes, "id", "createdAt");
    assert_names(kin_model_describe(other)->attributes, "id", "updated_at");
    assert_names(kin_model_describe(bare)->attributes, "id", "createdAt", "updatedAt");
    assert_false(kin_model_describe(bare)->paranoid);
    assert_names(kin_model_describe(none)->attributes, "id");
    assert_names(kin_model_describe(own)->attributes, "id", "createdAt", "updatedAt");
    assert_column(&w, "Nameds", "born", date_type(), " NOT NULL");
    assert_column(&w, "Nameds", "gone", date_type(), "");
    assert_column(&w, "Owns", "made", date_type(), "");

    kin_row *row = kin_create(w.s, named, KIN_DEFAULTS), *mine = kin_create(w.s, own, KIN_DEFAULTS);
    kin_create(w.s, half, KIN_DEFAULTS);
    kin_create(w.s, other, KIN_DEFAULTS);
    assert_kin_ok(w.s);
    assert_true(kin_date_of(row, "born") > 0);
    assert_true(kin_date_of(mine, "createdAt") > 0);
    assert_true(kin_destroy(row));
    assert_int_equal(world_number(&w, quoted("SELECT count(*) AS n FROM `Nameds` WHERE `gone` IS NOT NULL")), 1);
    world_close(&w);

    kin_schema *schema = kin_schema_new();
    kin_define(schema, "Thing", KIN_ATTRIBUTES(KIN_STRING("createdAt")), .timestamps = true);
    assert_link_error(schema, "Thing.createdAt: kin keeps the time in it");
    kin_schema_free(schema);
}

TEST(A22_a_paranoid_model_has_a_nullable_deleted_at_and_without_timestamps_is_like_any_other)
{
    struct world w;
    world_start(&w);
    kin_model *soft = kin_define(w.schema, "Soft", KIN_NO_ATTRIBUTES, .timestamps = true, .paranoid = true);
    kin_model *hard = kin_define(w.schema, "Hard", KIN_NO_ATTRIBUTES, .timestamps = KIN_OFF, .paranoid = true);
    world_open(&w);
    assert_names(kin_model_describe(soft)->attributes, "id", "createdAt", "updatedAt", "deletedAt");
    assert_true(kin_model_describe(soft)->paranoid);
    assert_column(&w, "Softs", "deletedAt", date_type(), "");
    assert_names(kin_model_describe(hard)->attributes, "id");
    assert_false(kin_model_describe(hard)->paranoid);

    kin_row *one = kin_create(w.s, soft, KIN_DEFAULTS), *two = kin_create(w.s, hard, KIN_DEFAULTS);
    assert_true(kin_is_null(one, "deletedAt"));
    assert_true(kin_destroy(one));
    assert_true(kin_destroy(two));
    assert_kin_ok(w.s);
    assert_int_equal(kin_count_all(w.s, soft), 0);
    assert_int_equal(world_number(&w, quoted("SELECT count(*) AS n FROM `Softs`")), 1);
    assert_int_equal(world_number(&w, quoted("SELECT count(*) AS n FROM `Hards`")), 0);
    world_close(&w);

    /* Nobody said a word about timestamps: that is a slip. */
    kin_schema *schema = kin_schema_new();
    kin_define(schema, "Soft", KIN_NO_ATTRIBUTES, .paranoid = true);
    assert_link_error(schema, "paranoid needs timestamps; write .timestamps = true too");
    kin_schema_free(schema);
}

TEST(A29_A30_A31_A33_a_reference_by_hand_is_a_model_or_a_table_and_has_the_clauses_that_were_written)
{
    struct world w;
    world_start(&w);
    kin_model *trainer = kin_define(w.schema, "Trainer", KIN_ATTRIBUTES(KIN_STRING("badge", .length = 9, .unique = true, .column = "badge_number")));
    kin_model *coded = kin_define(w.schema, "Coded", KIN_ATTRIBUTES(KIN_STRING("code", .length = 5, .primary_key = true)));
    kin_model *series = kin_define(w.schema, "Series",
                                   KIN_ATTRIBUTES(KIN_INTEGER("by_model", .references = { .model = trainer }), KIN_INTEGER("by_table", .references = { .table = "Trainers" }),
                                                  KIN_INTEGER("by_column", .references = { .table = "Trainers", .column = "id" }),
                                                  KIN_STRING("by_badge", .length = 9, .references = { .model = trainer, .column = "badge" }),
                                                  KIN_STRING("by_key", .length = 5, .references = { .model = coded })));
    kin_define(w.schema, "Stray", KIN_ATTRIBUTES(KIN_INTEGER("elsewhere", .references = { .table = "Legacy" }),
                                                 KIN_INTEGER("number", .references = { .table = "Legacy", .column = "number" })));
    world_connect(&w);

    assert_column(&w, "Series", "by_model", "INTEGER", " REFERENCES `Trainers` (`id`)");
    assert_column(&w, "Series", "by_table", "INTEGER", " REFERENCES `Trainers` (`id`)");
    assert_column(&w, "Series", "by_column", "INTEGER", " REFERENCES `Trainers` (`id`)");
    assert_column(&w, "Series", "by_badge", "VARCHAR(9)", " REFERENCES `Trainers` (`badge_number`)");
    assert_column(&w, "Series", "by_key", "VARCHAR(5)", " REFERENCES `Codeds` (`code`)");
    assert_column(&w, "Strays", "elsewhere", "INTEGER", " REFERENCES `Legacy` (`id`)");
    assert_column(&w, "Strays", "number", "INTEGER", " REFERENCES `Legacy` (`number`)");

    const kin_attribute_info *info = kin_attribute_named(series, "by_table");
    assert_ptr_equal(info->references, trainer);
    assert_string_equal(info->references_table, "Trainers");
    assert_string_equal(info->references_column, "id");
    assert_int_equal(info->on_delete, KIN_ACTION_USUAL);
    assert_int_equal(info->on_update, KIN_ACTION_USUAL);
    assert_string_equal(kin_attribute_named(series, "by_badge")->references_column, "badge_number");
    assert_null(kin_attribute_named(kin_model_named(w.schema, "Stray"), "elsewhere")->references);
    world_close(&w);
}

TEST(A29_the_database_keeps_a_reference_by_hand)
{
    struct world w;
    world_start(&w);
    kin_model *series = kin_define(w.schema, "Series", KIN_ATTRIBUTES(KIN_INTEGER("trainer_id", .references = { .table = "Trainers" })));
    kin_model *trainer = kin_define(w.schema, "Trainer", KIN_NO_ATTRIBUTES);
    world_open(&w);
    kin_row *row = kin_create(w.s, trainer, KIN_DEFAULTS);
    assert_non_null(kin_create(w.s, series, { "trainer_id", kin_key_of(row) }));
    assert_null(kin_create(w.s, series, { "trainer_id", kin(kin_int(row, "id") + 1) }));
    assert_int_equal(kin_error_of(w.s)->constraint, KIN_FOREIGN_KEY);
    assert_string_equal(kin_error_of(w.s)->attribute, "trainer_id");
    assert_kin_error(w.s, KIN_CONSTRAINT, "Series");
    world_close(&w);

    kin_schema *schema = kin_schema_new();
    trainer = kin_define(schema, "Trainer", KIN_NO_ATTRIBUTES);
    kin_define(schema, "Series", KIN_ATTRIBUTES(KIN_INTEGER("trainer_id", .references = { .model = trainer, .column = "number" })));
    assert_link_error(schema, "Series.trainer_id: references the column 'number' of Trainer");
    kin_schema_free(schema);
}

TEST(A32_actions_are_written_with_a_reference_alone)
{
    struct world w;
    world_start(&w);
    kin_model *trainer = kin_define(w.schema, "Trainer", KIN_NO_ATTRIBUTES);
    kin_model *series = kin_define(w.schema, "Series",
                                   KIN_ATTRIBUTES(KIN_INTEGER("both", .references = { .model = trainer }, .on_delete = KIN_CASCADE, .on_update = KIN_RESTRICT),
                                                  KIN_INTEGER("one", .references = { .model = trainer }, .on_delete = KIN_SET_NULL),
                                                  KIN_INTEGER("other", .references = { .model = trainer }, .on_update = KIN_NO_ACTION),
                                                  KIN_INTEGER("plain", .on_delete = KIN_CASCADE, .on_update = KIN_CASCADE)));
    world_open(&w);
    assert_column(&w, "Series", "both", "INTEGER", " REFERENCES `Trainers` (`id`) ON DELETE CASCADE ON UPDATE RESTRICT");
    assert_column(&w, "Series", "one", "INTEGER", " REFERENCES `Trainers` (`id`) ON DELETE SET NULL");
    assert_column(&w, "Series", "other", "INTEGER", " REFERENCES `Trainers` (`id`) ON UPDATE NO ACTION");
    assert_column(&w, "Series", "plain", "INTEGER", "");
    assert_int_equal(kin_attribute_named(series, "both")->on_delete, KIN_CASCADE);
    assert_int_equal(kin_attribute_named(series, "both")->on_update, KIN_RESTRICT);

    kin_row *one = kin_create(w.s, trainer, KIN_DEFAULTS), *two = kin_create(w.s, trainer, KIN_DEFAULTS);
    kin_create(w.s, series, { "both", kin_key_of(one) });
    kin_row *kept = kin_create(w.s, series, { "one", kin_key_of(two) });
    assert_true(kin_destroy(one));
    assert_true(kin_destroy(two));
    assert_kin_ok(w.s);
    assert_int_equal(kin_count_all(w.s, series), 1);
    assert_true(kin_reload(kept));
    assert_true(kin_is_null(kept, "one"));
    world_close(&w);
}

TEST(A36_a_models_schema_is_part_of_its_table_and_of_what_references_it)
{
    struct world w;
    world_start(&w);
    kin_model *user = kin_define(w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")), .schema = "kin_shop");
    kin_model *group = kin_define(w.schema, "Group", KIN_NO_ATTRIBUTES, .schema = "kin_shop");
    kin_model *task = kin_define(w.schema, "Task", KIN_NO_ATTRIBUTES);
    kin_association *tasks = kin_has_many(user, task), *owner = kin_belongs_to(task, user);
    kin_association *groups = kin_belongs_to_many(user, group, .through = "Membership");
    kin_belongs_to_many(group, user, .through = "Membership");
    world_open(&w);

    assert_string_equal(kin_model_describe(user)->schema, "kin_shop");
    assert_string_equal(kin_model_describe(user)->table, "Users");
    assert_null(kin_model_describe(task)->schema);
    assert_string_equal(kin_model_describe(kin_model_named(w.schema, "Membership"))->schema, "kin_shop");
    assert_column(&w, "Tasks", "UserId", "INTEGER", " REFERENCES `kin_shop.Users` (`id`) ON DELETE SET NULL ON UPDATE CASCADE");
    assert_column(&w, "kin_shop.Membership", "GroupId", "INTEGER", " NOT NULL REFERENCES `kin_shop.Groups` (`id`) ON DELETE CASCADE ON UPDATE CASCADE");
    const char *table = on_postgres() ? "\"kin_shop\".\"Users\"" : "`kin_shop.Users`";
    assert_non_null(strstr(kin_sync_sql(w.db), table));
    assert_names(kin_association_describe(owner)->foreign_key, "UserId");

    world_forget(&w);
    kin_row *ada = kin_create(w.s, user, { "name", kin("ada") }), *work = kin_create(w.s, task, KIN_DEFAULTS), *club = kin_create(w.s, group, KIN_DEFAULTS);
    assert_kin_ok(w.s);
    assert_non_null(strstr(world_statement(&w, 0), table));
    assert_true(kin_add(ada, tasks, KIN_ROWS(work)));
    assert_true(kin_add(ada, groups, KIN_ROWS(club)));
    assert_int_equal(kin_get(ada, groups).count, 1);
    kin_row *found = kin_find_one(w.s, task, .include = KIN_INCLUDE(KIN_WITH(owner)));
    assert_kin_ok(w.s);
    assert_string_equal(kin_text(kin_related_one(found, owner), "name"), "ada");
    assert_null(kin_create(w.s, task, { "UserId", kin(kin_int(ada, "id") + 1) }));
    assert_int_equal(kin_error_of(w.s)->constraint, KIN_FOREIGN_KEY);
    kin_clear_error(w.s);
    world_close(&w);
}

TEST(A40_an_associations_key_is_an_attribute_before_any_sync)
{
    struct world w;
    world_start(&w);
    kin_model *project = kin_define(w.schema, "Project", KIN_NO_ATTRIBUTES);
    kin_model *task = kin_define(w.schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title")));
    kin_has_many(project, task, .key = { .not_null = true });
    world_connect(&w);
    world_forget(&w);

    assert_true(kin_model_has_attribute(task, "ProjectId"));
    assert_true(kin_attribute_named(task, "ProjectId")->generated);
    assert_false(kin_model_has_attribute(project, "ProjectId"));
    kin_row *row = kin_build(w.s, task, { "title", kin("x") }, { "ProjectId", kin(3) });
    assert_kin_ok(w.s);
    assert_int_equal(kin_int(row, "ProjectId"), 3);
    assert_true(kin_put(row, "ProjectId", kin("4")));
    assert_int_equal(kin_int(row, "ProjectId"), 4);
    assert_true(kin_validate(row));
    assert_false(kin_put(row, "ProjectId", kin("four")));
    assert_string_equal(kin_error_of(w.s)->attribute, "ProjectId");
    kin_clear_error(w.s);
    assert_true(kin_put(row, "ProjectId", kin_null));
    assert_false(kin_validate(row));
    assert_kin_error(w.s, KIN_INVALID, "Task.ProjectId cannot be NULL");
    assert_int_equal(kin_statement_count(w.s), 0);

    assert_true(kin_sync(w.db, .force = true));
    kin_row *home = kin_create(w.s, project, KIN_DEFAULTS);
    kin_create(w.s, task, { "ProjectId", kin_key_of(home) });
    kin_rows rows = kin_find_all(w.s, task, .attributes = KIN_NAMES("ProjectId"), .where = kin_eq("ProjectId", kin_int(home, "id")), .order = KIN_NAMES("-ProjectId"));
    assert_kin_ok(w.s);
    assert_int_equal(rows.count, 1);
    assert_true(kin_is_loaded(rows.at[0], "ProjectId"));
    assert_false(kin_is_loaded(rows.at[0], "title"));
    world_close(&w);
}

TEST(A41_declaring_and_opening_leave_the_database_alone)
{
    struct world w;
    world_start(&w);
    kin_model *project = kin_define(w.schema, "Project", KIN_NO_ATTRIBUTES), *task = kin_define(w.schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title")));
    kin_has_many(project, task, .no_index = true);
    world_connect(&w);
    assert_true(kin_drop(w.db));
    assert_int_equal(kin_find_all(w.s, task).count, 0);
    assert_kin_error(w.s, KIN_DATABASE, "Tasks");

    /* A table that stands is not altered: sync creates what is missing, and that is the other one. */
    assert_true(kin_execute(w.s, quoted("CREATE TABLE `Tasks` (`id` INTEGER PRIMARY KEY, `title` VARCHAR(255))")) >= 0);
    assert_true(kin_execute(w.s, quoted("INSERT INTO `Tasks` (`id`, `title`) VALUES (1, 'old')")) == 1);
    assert_true(kin_sync(w.db));
    assert_int_equal(kin_count_all(w.s, project), 0);
    assert_int_equal(kin_find_all(w.s, task, .attributes = KIN_NAMES("id", "title")).count, 1);
    assert_kin_ok(w.s);
    assert_int_equal(kin_find_all(w.s, task).count, 0);
    assert_kin_error(w.s, KIN_DATABASE, "ProjectId");

    assert_true(kin_sync(w.db, .force = true));
    assert_int_equal(kin_find_all(w.s, task).count, 0);
    assert_non_null(kin_create(w.s, task, { "ProjectId", kin_null }));
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(A42_keys_stand_at_the_end_in_the_order_of_the_calls)
{
    struct world w;
    world_start(&w);
    kin_model *task = kin_define(w.schema, "Task", KIN_ATTRIBUTES(KIN_STRING("z"), KIN_INTEGER("reviewer")), .timestamps = true);
    kin_model *b = kin_define(w.schema, "B", KIN_NO_ATTRIBUTES), *a = kin_define(w.schema, "A", KIN_NO_ATTRIBUTES), *c = kin_define(w.schema, "C", KIN_NO_ATTRIBUTES);
    kin_belongs_to(task, c);
    kin_has_many(a, task);
    kin_belongs_to(task, a, .as = "Reviewer", .foreign_key = "reviewer");
    kin_has_one(b, task);
    kin_belongs_to(task, a);
    world_connect(&w);
    assert_names(kin_model_describe(task)->attributes, "id", "z", "reviewer", "createdAt", "updatedAt", "CId", "AId", "BId");
    const char *at = strstr(sync_text(&w), "`Tasks` (\n");
    static const char *const order[] = { "\n  `updatedAt` ", "\n  `CId` ", "\n  `AId` ", "\n  `BId` " };
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        at = strstr(at, order[i]);
        assert_non_null(at);
    }
    world_close(&w);
}

TEST(A43_options_of_an_association_are_read_and_left_as_they_are)
{
    kin_schema *schema = kin_schema_new();
    kin_model *project = kin_define(schema, "Project", KIN_NO_ATTRIBUTES), *user = kin_define(schema, "User", KIN_NO_ATTRIBUTES, .underscored = true);
    kin_model *task = kin_define(schema, "Task", KIN_NO_ATTRIBUTES);
    kin_association_options options = { .size = sizeof options, .target = task, .on_delete = KIN_CASCADE, .key = { .not_null = true } }, copy;
    memcpy(&copy, &options, sizeof copy);
    kin_association *first = (kin_has_many)(project, &options), *second = (kin_has_many)(user, &options);
    char alias[] = "Owner";
    options.target = user;
    options.as = alias;
    kin_association *third = (kin_belongs_to)(task, &options);
    memset(alias, 'x', sizeof alias - 1); /* what was given is the schema's own */
    assert_true(kin_schema_link(schema));

    options.target = task;
    options.as = NULL;
    assert_memory_equal(&options, &copy, sizeof copy);
    assert_names(kin_association_describe(first)->foreign_key, "ProjectId");
    assert_names(kin_association_describe(second)->foreign_key, "UserId");
    assert_names(kin_association_describe(third)->foreign_key, "OwnerId");
    assert_string_equal(kin_association_describe(third)->name, "Owner");
    assert_string_equal(kin_association_describe(first)->name, "Tasks");
    assert_int_equal(kin_association_describe(second)->on_delete, KIN_CASCADE);
    assert_true(kin_attribute_named(task, "UserId")->not_null);
    kin_schema_free(schema);
}

TEST(A44_a_models_own_options_are_not_those_of_its_associations)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = kin_define(schema, "User", KIN_NO_ATTRIBUTES, .timestamps = true, .paranoid = true, .singular = "Man", .plural = "Crew", .schema = "own", .table = "crew");
    kin_model *project = kin_define(schema, "Project", KIN_NO_ATTRIBUTES);
    kin_association *projects = kin_belongs_to_many(user, project, .through = "Job"), *jobs = kin_belongs_to_many(user, project, .through = "Dated", .as = "Others", .timestamps = true);
    kin_association *owned = kin_has_many(user, project, .as = "Owned");
    assert_true(kin_schema_link(schema));

    assert_string_equal(kin_association_describe(projects)->plural, "Projects");
    assert_string_equal(kin_association_describe(projects)->singular, "Project");
    assert_string_equal(kin_association_describe(owned)->name, "Owned");
    assert_names(kin_association_describe(owned)->foreign_key, "ManId");
    const kin_model_info *job = kin_model_describe(kin_association_describe(projects)->through);
    assert_string_equal(job->table, "Job");
    assert_null(job->schema);
    assert_false(job->timestamps);
    assert_names(job->attributes, "ManId", "ProjectId");
    assert_names(kin_model_describe(kin_association_describe(jobs)->through)->attributes, "createdAt", "updatedAt", "ManId", "ProjectId");
    kin_schema_free(schema);
}
