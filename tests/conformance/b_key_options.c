/* What else can be said about a key: its type, its column, and all that an attribute has; and what it takes from what it points at. */
#include "world.h"

static bool on_postgres(void) { return strncmp(test_url(), "postgres", 8) == 0; }
static bool on_mariadb(void) { return !on_postgres() && strncmp(test_url(), "sqlite", 6) != 0; }

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

/* What the table says of the column, and what it references, in backticks; "" when it has no such column. */
static const char *column_text(const struct world *world, const char *table, const char *column)
{
    static char out[512], text[16384];
    char wanted[256];
    const char *sql = kin_sync_sql(world->db, .cycles = KIN_CYCLES_DEFER);
    assert_non_null(sql);
    assert_true(strlen(sql) < sizeof text);
    strcpy(text, sql);
    if (on_postgres())
        for (char *at = text; (at = strchr(at, '"')) != NULL;)
            *at = '`';
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

static kin_model *plain(kin_schema *schema, const char *name) { return kin_define(schema, name, KIN_NO_ATTRIBUTES); }

TEST(B21_a_key_that_is_described_without_a_name_has_the_usual_one)
{
    struct world w;
    world_start(&w);
    kin_model *user = plain(w.schema, "User"), *task = plain(w.schema, "Task"), *note = plain(w.schema, "Note"), *badge = plain(w.schema, "Badge");
    kin_association *named = kin_belongs_to(task, user, .key = { .name = "author" }), *usual = kin_belongs_to(note, user, .key = { .not_null = true });
    kin_association *many = kin_has_many(task, note, .key = { .name = "of_task" }), *one = kin_has_one(user, badge, .key = { .not_null = true });
    kin_association *joined = kin_belongs_to_many(user, task, .through = "Likes", .key = { .type = KIN_TYPE_BIGINT });
    kin_association *other = kin_belongs_to_many(user, note, .through = "Marks", .key = { .name = "who" });
    world_connect(&w);

    assert_names(kin_association_describe(named)->foreign_key, "author");
    assert_names(kin_association_describe(usual)->foreign_key, "UserId");
    assert_names(kin_association_describe(many)->foreign_key, "of_task");
    assert_names(kin_association_describe(one)->foreign_key, "UserId");
    assert_names(kin_association_describe(joined)->foreign_key, "UserId");
    assert_names(kin_association_describe(joined)->other_key, "TaskId");
    assert_names(kin_association_describe(other)->foreign_key, "who");
    assert_names(kin_association_describe(other)->other_key, "NoteId");
    const char *references = " REFERENCES `Users` (`id`) ON DELETE SET NULL ON UPDATE CASCADE";
    assert_column(&w, "Tasks", "author", "INTEGER", references);
    assert_column(&w, "Notes", "UserId", "INTEGER NOT NULL", " REFERENCES `Users` (`id`) ON DELETE NO ACTION ON UPDATE CASCADE");
    assert_column(&w, "Badges", "UserId", "INTEGER NOT NULL", " REFERENCES `Users` (`id`) ON DELETE CASCADE ON UPDATE CASCADE");
    assert_column(&w, "Likes", "UserId", "BIGINT NOT NULL", " REFERENCES `Users` (`id`) ON DELETE CASCADE ON UPDATE CASCADE");
    world_close(&w);

    kin_schema *schema = kin_schema_new();
    user = plain(schema, "User");
    kin_belongs_to(user, user, .as = "Boss", .foreign_key = "boss", .key = { .name = "chief" });
    assert_link_error(schema, ".key is named 'chief' and .foreign_key says otherwise");
    kin_schema_free(schema);
}

TEST(B22_an_attribute_that_is_declared_can_be_the_description_of_the_key)
{
    struct world w;
    world_start(&w);
    const kin_attribute owner = KIN_INTEGER("owner_id", .column = "owner", .default_value = kin(42));
    kin_model *user = kin_define(w.schema, "User", KIN_ATTRIBUTES(KIN_INTEGER("uid", .primary_key = true)));
    kin_model *task = kin_define(w.schema, "Task", KIN_ATTRIBUTES(owner)), *note = plain(w.schema, "Note"), *badge = plain(w.schema, "Badge");
    kin_association *tasks = kin_has_many(user, task, .key = owner), *writer = kin_belongs_to(note, user, .key = owner), *one = kin_has_one(user, badge, .key = owner);
    kin_association *notes = kin_belongs_to_many(user, note, .through = "Marks", .key = owner);
    world_connect(&w);

    assert_names(kin_model_describe(task)->attributes, "id", "owner_id");
    assert_names(kin_association_describe(tasks)->foreign_key, "owner_id");
    assert_names(kin_association_describe(writer)->foreign_key, "owner_id");
    assert_names(kin_association_describe(one)->foreign_key, "owner_id");
    assert_names(kin_association_describe(notes)->foreign_key, "owner_id");
    const char *references = "INTEGER DEFAULT 42 REFERENCES `Users` (`uid`) ON DELETE SET NULL ON UPDATE CASCADE";
    assert_column(&w, "Tasks", "owner", references, "");
    assert_column(&w, "Notes", "owner", references, "");
    assert_column(&w, "Badges", "owner", references, "");
    assert_false(kin_attribute_named(task, "owner_id")->generated);
    assert_true(kin_attribute_named(note, "owner_id")->generated);
    assert_ptr_equal(kin_attribute_named(task, "owner_id")->references, user);
    world_close(&w);
}

TEST(B23_a_key_takes_all_that_an_attribute_can_have)
{
    static const double one = 1;
    struct world w;
    world_start(&w);
    kin_model *user = plain(w.schema, "User"), *task = plain(w.schema, "Task"), *profile = plain(w.schema, "Profile");
    kin_belongs_to(task, user, .as = "Owner",
                   .key = { .type = KIN_TYPE_BIGINT, .column = "owner", .not_null = true, .default_value = kin(1), .unique = true, .comment = "whose",
                            .validate = { .minimum = &one }, .on_delete = KIN_CASCADE, .on_update = KIN_RESTRICT });
    kin_association *user_of = kin_belongs_to(profile, user, .key = { .primary_key = true });
    world_open(&w);

    assert_column(&w, "Tasks", "owner", on_mariadb() ? "BIGINT NOT NULL DEFAULT 1 UNIQUE COMMENT 'whose'" : "BIGINT NOT NULL DEFAULT 1 UNIQUE",
                  " REFERENCES `Users` (`id`) ON DELETE CASCADE ON UPDATE RESTRICT");
    const kin_attribute_info *info = kin_attribute_named(task, "OwnerId");
    assert_string_equal(info->column, "owner");
    assert_int_equal(info->type, KIN_TYPE_BIGINT);
    assert_true(info->not_null && info->unique && info->has_default && !info->primary_key);
    assert_int_equal(info->on_delete, KIN_CASCADE);
    assert_int_equal(info->on_update, KIN_RESTRICT);

    /* A key that is the primary key takes the place of `id`. */
    assert_names(kin_model_describe(profile)->attributes, "UserId");
    assert_names(kin_model_describe(profile)->primary_key, "UserId");

    kin_row *ada = kin_create(w.s, user, { "id", kin(1) });
    kin_row *work = kin_create(w.s, task, KIN_DEFAULTS);
    assert_kin_ok(w.s);
    assert_int_equal(kin_int(work, "OwnerId"), 1);
    world_forget(&w);
    assert_null(kin_create(w.s, task, { "OwnerId", kin(0) }));
    assert_kin_error(w.s, KIN_INVALID, "Task.OwnerId must be at least 1");
    assert_null(kin_create(w.s, task, { "OwnerId", kin_null }));
    assert_kin_error(w.s, KIN_INVALID, "Task.OwnerId cannot be NULL");
    assert_int_equal(world_sent(&w, NULL), 0);
    assert_null(kin_create(w.s, task, { "OwnerId", kin(1) }));
    assert_int_equal(kin_error_of(w.s)->constraint, KIN_UNIQUE);
    kin_clear_error(w.s);
    kin_row *page = kin_create(w.s, profile, { "UserId", kin_key_of(ada) });
    assert_true(kin_equals(kin_get_one(page, user_of), ada));
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(B24_what_a_declared_attribute_says_stays_and_the_association_fills_in_the_rest)
{
    struct world w;
    world_start(&w);
    kin_model *user = plain(w.schema, "User");
    kin_model *task = kin_define(w.schema, "Task",
                                 KIN_ATTRIBUTES(KIN_BIGINT("UserId", .column = "holder", .not_null = true, .default_value = kin(7), .on_delete = KIN_RESTRICT), KIN_STRING("title"),
                                                KIN_INTEGER("editor")));
    kin_association *tasks = kin_has_many(user, task, .key = { .column = "other", .default_value = kin(9), .type = KIN_TYPE_INTEGER });
    kin_association *edited = kin_has_many(user, task, .as = "Edited", .foreign_key = "editor", .key = { .column = "edited_by", .not_null = true, .default_value = kin(3) });
    world_connect(&w);

    assert_names(kin_model_describe(task)->attributes, "id", "UserId", "title", "editor");
    assert_names(kin_association_describe(tasks)->foreign_key, "UserId");
    assert_names(kin_association_describe(edited)->foreign_key, "editor");
    assert_column(&w, "Tasks", "holder", "BIGINT NOT NULL DEFAULT 7", " REFERENCES `Users` (`id`) ON DELETE RESTRICT ON UPDATE CASCADE");
    assert_column(&w, "Tasks", "other", "", "");
    assert_column(&w, "Tasks", "edited_by", "INTEGER NOT NULL DEFAULT 3", " REFERENCES `Users` (`id`) ON DELETE CASCADE ON UPDATE CASCADE");
    assert_false(kin_attribute_named(task, "UserId")->generated);
    assert_ptr_equal(kin_attribute_named(task, "UserId")->references, user);
    world_close(&w);
}

TEST(B25_a_key_with_another_column_is_read_by_its_name_and_asked_for_by_its_column)
{
    struct world w;
    world_start(&w);
    kin_model *user = kin_define(w.schema, "User", KIN_ATTRIBUTES(KIN_INTEGER("uid", .column = "user_number", .primary_key = true)));
    kin_model *task = plain(w.schema, "Task"), *badge = plain(w.schema, "Badge");
    kin_association *owner = kin_belongs_to(task, user, .key = { .name = "ownerId", .column = "owner_id" });
    kin_association *tasks = kin_has_many(user, task, .foreign_key = "ownerId"), *badge_of = kin_has_one(user, badge, .key = { .column = "b_user" });
    world_open(&w);
    assert_column(&w, "Tasks", "owner_id", "INTEGER", " REFERENCES `Users` (`user_number`) ON DELETE SET NULL ON UPDATE CASCADE");
    assert_column(&w, "Badges", "b_user", "INTEGER", " REFERENCES `Users` (`user_number`) ON DELETE SET NULL ON UPDATE CASCADE");

    kin_row *ada = kin_create(w.s, user, { "uid", kin(5) }), *work = kin_create(w.s, task, KIN_DEFAULTS), *pin = kin_create(w.s, badge, KIN_DEFAULTS);
    world_forget(&w);
    assert_true(kin_set_one(work, owner, ada));
    assert_true(kin_set_one(ada, badge_of, pin));
    assert_int_equal(kin_int(work, "ownerId"), 5);
    assert_int_equal(kin_int(pin, "UserUid"), 5);
    assert_int_equal(kin_get(ada, tasks).count, 1);
    assert_true(kin_equals(kin_get_one(ada, badge_of), pin));
    assert_kin_ok(w.s);
    for (size_t i = 0; i < w.statement_count; i++) {
        assert_null(strstr(w.statements[i], quoted("`ownerId`")));
        assert_null(strstr(w.statements[i], quoted("`UserUid`")));
    }
    assert_int_equal(world_number(&w, quoted("SELECT count(*) AS n FROM `Tasks` WHERE `owner_id` = 5")), 1);
    kin_row *found = kin_find_one(w.s, user, .include = KIN_INCLUDE(KIN_WITH(tasks), KIN_WITH(badge_of)));
    assert_kin_ok(w.s);
    assert_int_equal(kin_related(found, tasks).count, 1);
    assert_int_equal(kin_int(kin_related(found, tasks).at[0], "ownerId"), 5);
    assert_int_equal(kin_int(kin_related_one(found, badge_of), "UserUid"), 5);
    assert_int_equal(kin_count_all(w.s, task, .where = kin_eq("ownerId", 5)), 1);
    world_close(&w);
}

TEST(B26_a_key_has_the_type_of_what_it_points_at)
{
    struct world w;
    world_start(&w);
    kin_model *task = plain(w.schema, "Task"), *sub = plain(w.schema, "Sub");
    kin_belongs_to(task, kin_define(w.schema, "Big", KIN_ATTRIBUTES(KIN_BIGINT("n", .primary_key = true, .auto_increment = true))));
    kin_belongs_to(task, kin_define(w.schema, "Text", KIN_ATTRIBUTES(KIN_STRING("name", .length = 40, .primary_key = true))));
    kin_belongs_to(task, kin_define(w.schema, "Code", KIN_ATTRIBUTES(KIN_CHAR("code", .length = 5, .primary_key = true))));
    kin_belongs_to(task, kin_define(w.schema, "Unique", KIN_ATTRIBUTES(KIN_UUID("uuid", .primary_key = true))));
    kin_model *money = kin_define(w.schema, "Money", KIN_ATTRIBUTES(KIN_DECIMAL("amount", .precision = 8, .scale = 3, .primary_key = true)));
    kin_has_many(money, task);
    kin_model *day = kin_define(w.schema, "Day", KIN_ATTRIBUTES(KIN_DATEONLY("date", .primary_key = true)));
    kin_belongs_to_many(day, money, .through = "Rate");
    /* Through another key: its type too, wherever the chain begins. */
    kin_belongs_to(sub, kin_define(w.schema, "Leaf", KIN_ATTRIBUTES(KIN_STRING("tag", .length = 12, .unique = true))), .target_key = "tag");
    world_connect(&w);

    const char *behind = " ON DELETE SET NULL ON UPDATE CASCADE";
    char rest[128];
    static const char *const keys[][3] = {
        { "BigN", "BIGINT", "`Bigs` (`n`)" }, { "TextName", "VARCHAR(40)", "`Texts` (`name`)" }, { "CodeCode", "CHAR(5)", "`Codes` (`code`)" },
    };
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        snprintf(rest, sizeof rest, " REFERENCES %s%s", keys[i][2], behind);
        assert_column(&w, "Tasks", keys[i][0], keys[i][1], rest);
    }
    assert_column(&w, "Tasks", "UniqueUuid", on_mariadb() ? "CHAR(36)" : "UUID", " REFERENCES `Uniques` (`uuid`) ON DELETE SET NULL ON UPDATE CASCADE");
    const kin_attribute_info *amount = kin_attribute_named(task, "MoneyAmount");
    assert_int_equal(amount->type, KIN_TYPE_DECIMAL);
    assert_int_equal(amount->precision, 8);
    assert_int_equal(amount->scale, 3);
    assert_int_equal(kin_attribute_named(task, "TextName")->length, 40);
    assert_int_equal(kin_attribute_named(kin_model_named(w.schema, "Rate"), "DayDate")->type, KIN_TYPE_DATEONLY);
    assert_int_equal(kin_attribute_named(kin_model_named(w.schema, "Rate"), "MoneyAmount")->scale, 3);
    assert_column(&w, "Subs", "LeafTag", "VARCHAR(12)", " REFERENCES `Leafs` (`tag`) ON DELETE SET NULL ON UPDATE CASCADE");
    world_close(&w);
}

TEST(B27_a_type_that_is_given_replaces_the_inferred_one_where_the_two_compare)
{
    struct world w;
    world_start(&w);
    kin_model *user = plain(w.schema, "User"), *named = kin_define(w.schema, "Named", KIN_ATTRIBUTES(KIN_STRING("name", .length = 30, .primary_key = true)));
    kin_model *task = plain(w.schema, "Task"), *note = plain(w.schema, "Note");
    kin_association *owner = kin_belongs_to(task, user, .key = { .type = KIN_TYPE_BIGINT }), *tag = kin_belongs_to(task, named, .key = { .type = KIN_TYPE_CHAR, .length = 30 });
    kin_association *notes = kin_has_many(user, note, .key = { .type = KIN_TYPE_BIGINT });
    /* The other side need not say it again. */
    kin_belongs_to(note, user);
    kin_belongs_to_many(named, user, .through = "Likes", .key = { .type = KIN_TYPE_CHAR, .length = 31 });
    world_connect(&w);
    assert_int_equal(kin_attribute_named(task, kin_association_describe(owner)->foreign_key.at[0])->type, KIN_TYPE_BIGINT);
    assert_column(&w, "Tasks", "UserId", "BIGINT", " REFERENCES `Users` (`id`) ON DELETE SET NULL ON UPDATE CASCADE");
    assert_column(&w, "Tasks", kin_association_describe(tag)->foreign_key.at[0], "CHAR(30)", " REFERENCES `Nameds` (`name`) ON DELETE SET NULL ON UPDATE CASCADE");
    assert_column(&w, "Notes", kin_association_describe(notes)->foreign_key.at[0], "BIGINT", " REFERENCES `Users` (`id`) ON DELETE SET NULL ON UPDATE CASCADE");
    assert_column(&w, "Likes", "NamedName", "CHAR(31) NOT NULL", " REFERENCES `Nameds` (`name`) ON DELETE CASCADE ON UPDATE CASCADE");
    world_close(&w);

    kin_schema *schema = kin_schema_new();
    user = plain(schema, "User");
    kin_belongs_to(plain(schema, "Task"), user, .key = { .type = KIN_TYPE_STRING });
    assert_link_error(schema, "the key Task.UserId is STRING and points at User.id, which is INTEGER");
    kin_schema_free(schema);
}

TEST(B28_a_key_does_not_inherit_that_it_points_at_a_primary_key)
{
    struct world w;
    world_start(&w);
    kin_model *task = plain(w.schema, "Task"), *user = plain(w.schema, "User");
    kin_model *coded = kin_define(w.schema, "Coded", KIN_ATTRIBUTES(KIN_STRING("code", .length = 9, .primary_key = true, .default_value = kin("none"), .not_null = true,
                                                                               .validate = { .not_empty = true }, .comment = "of the target")));
    kin_model *token = kin_define(w.schema, "Token", KIN_ATTRIBUTES(KIN_UUID("uuid", .primary_key = true, .default_uuid = true)));
    kin_belongs_to(task, user);
    kin_has_many(coded, task);
    kin_belongs_to(task, token);
    world_open(&w);

    static const char *const keys[] = { "UserId", "CodedCode", "TokenUuid" };
    for (size_t i = 0; i < 3; i++) {
        const kin_attribute_info *info = kin_attribute_named(task, keys[i]);
        assert_non_null(info);
        assert_false(info->primary_key || info->auto_increment || info->has_default || info->not_null || info->unique);
    }
    assert_names(kin_model_describe(task)->primary_key, "id");
    assert_column(&w, "Tasks", "CodedCode", "VARCHAR(9)", " REFERENCES `Codeds` (`code`) ON DELETE SET NULL ON UPDATE CASCADE");
    kin_row *row = kin_build(w.s, task, KIN_DEFAULTS);
    for (size_t i = 0; i < 3; i++)
        assert_false(kin_is_loaded(row, keys[i]));
    assert_true(kin_save(row));
    row = kin_find_by_pk(w.s, task, kin_key_of(row));
    assert_kin_ok(w.s);
    for (size_t i = 0; i < 3; i++)
        assert_true(kin_is_null(row, keys[i]));
    world_close(&w);
}
