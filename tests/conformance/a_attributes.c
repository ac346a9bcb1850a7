/* Attributes: primary keys, columns, NULL, defaults, unique keys, and declarations that cannot be meant. */
#include "world.h"

static bool on_postgres(void) { return strncmp(test_url(), "postgres", 8) == 0; }
static bool on_sqlite(void) { return strncmp(test_url(), "sqlite", 6) == 0; }
static bool on_mariadb(void) { return !on_postgres() && !on_sqlite(); }

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

/* What stands between the parentheses of a table's CREATE TABLE, in backticks. */
static const char *table_text(const struct world *world, const char *table)
{
    static char out[8192];
    char wanted[256];
    const char *sql = kin_sync_sql(world->db, .cycles = KIN_CYCLES_DEFER);
    assert_non_null(sql);
    snprintf(wanted, sizeof wanted, "CREATE TABLE IF NOT EXISTS `%s` (\n", table);
    const char *from = strstr(sql, quoted(wanted));
    assert_non_null(from);
    from = strchr(from, '\n');
    const char *to = strstr(from, "\n)");
    assert_non_null(to);
    size_t size = (size_t)(to - from);
    assert_true(size < sizeof out - 2);
    memcpy(out, from, size);
    memcpy(out + size, ", \n", 4);
    if (on_postgres())
        for (char *at = out; (at = strchr(at, '"')) != NULL;)
            *at = '`';
    return out;
}

/* What the table says of the column, e.g. "VARCHAR(255) NOT NULL"; "" when it has none. */
static const char *column_text(const struct world *world, const char *table, const char *column)
{
    static char out[512];
    char wanted[128];
    const char *text = table_text(world, table);
    snprintf(wanted, sizeof wanted, "\n  `%s` ", column);
    const char *from = strstr(text, wanted);
    if (from == NULL)
        return "";
    from += strlen(wanted);
    const char *to = strstr(from, ", \n");
    assert_non_null(to);
    snprintf(out, sizeof out, "%.*s", (int)(to - from), from);
    return out;
}

static void assert_schema_error(kin_attributes attributes, const char *text)
{
    kin_schema *schema = kin_schema_new();
    (kin_define)(schema, &(kin_model_options){ .size = sizeof(kin_model_options), .name = "Thing", .attributes = attributes });
    assert_link_error(schema, text);
    assert_int_equal(kin_schema_error(schema)->status, KIN_SCHEMA);
    assert_string_equal(kin_schema_error(schema)->model, "Thing");
    assert_non_null(strstr(kin_schema_error(schema)->message, "Thing"));
    kin_schema_free(schema);
}

TEST(A16_without_a_primary_key_there_is_an_id_and_it_comes_first)
{
    struct world w;
    world_start(&w);
    kin_model *thing = kin_define(w.schema, "Thing", KIN_ATTRIBUTES(KIN_STRING("b"), KIN_STRING("a")), .timestamps = true);
    kin_model *given = kin_define(w.schema, "Given", KIN_ATTRIBUTES(KIN_STRING("name"), KIN_STRING("code", .length = 20, .primary_key = true)));
    world_open(&w);

    assert_names(kin_model_describe(thing)->attributes, "id", "b", "a", "createdAt", "updatedAt");
    assert_names(kin_model_describe(thing)->primary_key, "id");
    const kin_attribute_info *id = kin_attribute_named(thing, "id");
    assert_int_equal(id->type, KIN_TYPE_INTEGER);
    assert_true(id->primary_key && id->not_null && id->auto_increment && id->generated);
    assert_false(kin_attribute_named(thing, "b")->generated);
    assert_ptr_equal(strstr(table_text(&w, "Things"), "`"), strstr(table_text(&w, "Things"), "`id`"));
    assert_false(kin_model_has_attribute(given, "id"));
    assert_false(kin_attribute_named(given, "code")->generated);

    kin_row *one = kin_create(w.s, thing, KIN_DEFAULTS), *two = kin_create(w.s, thing, { "a", kin("x") });
    assert_kin_ok(w.s);
    assert_true(kin_int(one, "id") > 0);
    assert_true(kin_int(two, "id") > kin_int(one, "id"));
    world_close(&w);
}

TEST(A17_an_id_that_is_not_the_primary_key_is_refused)
{
    assert_schema_error(KIN_ATTRIBUTES(KIN_INTEGER("id"), KIN_STRING("name")), "'id' is declared but not marked with .primary_key = true");

    kin_schema *schema = kin_schema_new();
    kin_model *marked = kin_define(schema, "Marked", KIN_ATTRIBUTES(KIN_INTEGER("id"), KIN_STRING("code", .primary_key = true)));
    assert_true(kin_schema_link(schema));
    assert_names(kin_model_describe(marked)->primary_key, "code");
    kin_schema_free(schema);
}

TEST(A18_associations_point_at_the_primary_key_wherever_it_is_declared)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("name", .unique = true), KIN_STRING("uid", .length = 36, .primary_key = true)));
    kin_model *pair = kin_define(schema, "Pair", KIN_ATTRIBUTES(KIN_STRING("z"), KIN_INTEGER("second", .primary_key = true), KIN_INTEGER("first", .primary_key = true)));
    kin_model *task = kin_define(schema, "Task", KIN_NO_ATTRIBUTES);
    kin_association *of_user = kin_belongs_to(task, user), *of_pair = kin_has_many(pair, task);
    assert_true(kin_schema_link(schema));

    assert_names(kin_model_describe(user)->primary_key, "uid");
    assert_names(kin_association_describe(of_user)->foreign_key, "UserUid");
    assert_names(kin_association_describe(of_user)->target_key, "uid");
    assert_string_equal(kin_attribute_named(task, "UserUid")->references_column, "uid");
    /* Several: in the order they are declared, not in that of the alphabet. */
    assert_names(kin_model_describe(pair)->primary_key, "second", "first");
    assert_names(kin_association_describe(of_pair)->source_key, "second", "first");
    assert_names(kin_association_describe(of_pair)->foreign_key, "PairSecond", "PairFirst");
    kin_schema_free(schema);
}

TEST(A19_one_attribute_at_most_counts_up)
{
    assert_schema_error(KIN_ATTRIBUTES(KIN_INTEGER("a", .primary_key = true, .auto_increment = true), KIN_INTEGER("b", .auto_increment = true)),
                        "Only one autoincrement attribute allowed");
    assert_schema_error(KIN_ATTRIBUTES(KIN_INTEGER("a", .auto_increment = true)), "auto_increment is for an INTEGER or BIGINT primary key");
}

TEST(A23_an_attribute_needs_a_type_and_a_name)
{
    struct world w;
    world_start(&w);
    kin_model *thing = kin_define(w.schema, "Thing", KIN_ATTRIBUTES(KIN_STRING("bare"), KIN_STRING("full", .length = 7, .not_null = true)));
    world_connect(&w);
    assert_string_equal(column_text(&w, "Things", "bare"), "VARCHAR(255)");
    assert_string_equal(column_text(&w, "Things", "full"), "VARCHAR(7) NOT NULL");
    assert_int_equal(kin_attribute_named(thing, "full")->length, 7);
    world_close(&w);

    assert_schema_error(KIN_ATTRIBUTES({ .name = "bare" }), "Thing.bare: has no type");
    assert_schema_error(KIN_ATTRIBUTES({ .name = "bare", .type = (kin_type)99 }), "type 99 is none that can be declared");
    assert_schema_error(KIN_ATTRIBUTES({ .name = "bare", .type = KIN_TYPE_ANY }), "is none that can be declared");
    assert_schema_error(KIN_ATTRIBUTES(KIN_STRING("a"), KIN_STRING("")), "attribute 2 has no name");
    assert_schema_error(KIN_ATTRIBUTES(KIN_STRING("a"), KIN_INTEGER("a")), "declared twice");
}

TEST(A24_a_column_of_another_name_is_for_sql_alone)
{
    struct world w;
    world_start(&w);
    kin_model *user = kin_define(w.schema, "User",
                                 KIN_ATTRIBUTES(KIN_STRING("email", .column = "mail_address", .not_null = true), KIN_INTEGER("age", .column = "years"), KIN_STRING("name")));
    world_open(&w);
    assert_string_equal(column_text(&w, "Users", "mail_address"), "VARCHAR(255) NOT NULL");
    assert_string_equal(column_text(&w, "Users", "email"), "");
    assert_string_equal(kin_attribute_named(user, "email")->column, "mail_address");
    assert_null(kin_attribute_named(user, "mail_address"));

    kin_create(w.s, user, { "email", kin("a@x") }, { "age", kin(1) });
    kin_create(w.s, user, { "email", kin("b@x") }, { "age", kin(2) });
    kin_create(w.s, user, { "email", kin("c@x") }, { "age", kin(3) });
    world_forget(&w);
    kin_rows rows = kin_find_all(w.s, user, .attributes = KIN_NAMES("email", "age"), .where = kin_gt("age", 1), .order = KIN_NAMES("-email"));
    assert_kin_ok(w.s);
    assert_int_equal(rows.count, 2);
    assert_string_equal(kin_text(rows.at[0], "email"), "c@x");
    assert_int_equal(kin_int(rows.at[0], "age"), 3);
    assert_false(kin_is_loaded(rows.at[0], "name"));
    assert_non_null(strstr(world_statement(&w, 0), quoted("`mail_address`")));
    assert_null(strstr(world_statement(&w, 0), quoted("`email`")));
    assert_non_null(strstr(kin_json(rows.at[0]), "\"email\":\"c@x\""));
    assert_null(strstr(kin_json(rows.at[0]), "mail_address"));

    assert_true(kin_put(rows.at[0], "email", kin("d@x")));
    assert_true(kin_changed(rows.at[0], "email"));
    assert_true(kin_save(rows.at[0]));
    assert_int_equal(world_number(&w, quoted("SELECT count(*) AS n FROM `Users` WHERE `mail_address` = 'd@x' AND `years` = 3")), 1);

    /* The column is no name for a program: nowhere. */
    assert_null(kin_create(w.s, user, { "mail_address", kin("x") }));
    assert_kin_error(w.s, KIN_MISUSE, "mail_address");
    assert_int_equal(kin_find_all(w.s, user, .where = kin_eq("years", 1)).count, 0);
    assert_kin_error(w.s, KIN_MISUSE, "years");
    assert_int_equal(kin_find_all(w.s, user, .order = KIN_NAMES("years")).count, 0);
    assert_kin_error(w.s, KIN_MISUSE, "years");
    /* A fault names the attribute. */
    assert_null(kin_create(w.s, user, { "age", kin(4) }));
    assert_string_equal(kin_error_of(w.s)->attribute, "email");
    assert_kin_error(w.s, KIN_INVALID, "User.email");
    world_close(&w);
}

TEST(A25_not_null_is_in_the_table_and_is_checked_before_a_row_is_saved)
{
    struct world w;
    world_start(&w);
    kin_model *user = kin_define(w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name", .not_null = true), KIN_INTEGER("age")));
    world_open(&w);
    assert_string_equal(column_text(&w, "Users", "name"), "VARCHAR(255) NOT NULL");
    assert_string_equal(column_text(&w, "Users", "age"), "INTEGER");

    assert_null(kin_create(w.s, user, { "age", kin(1) }));
    assert_int_equal(kin_error_of(w.s)->constraint, KIN_NOT_NULL);
    assert_null(kin_error_of(w.s)->sql);
    assert_kin_error(w.s, KIN_INVALID, "User.name cannot be NULL");
    assert_null(kin_create(w.s, user, { "name", kin_null }));
    assert_kin_error(w.s, KIN_INVALID, "User.name cannot be NULL");
    kin_row *ada = kin_build(w.s, user, { "name", kin_null });
    assert_false(kin_validate(ada));
    assert_kin_error(w.s, KIN_INVALID, "User.name cannot be NULL");
    assert_int_equal(world_sent(&w, NULL), 0);

    ada = kin_create(w.s, user, { "name", kin("") }); /* "" is a text */
    assert_kin_ok(w.s);
    assert_true(kin_put(ada, "name", kin_null));
    world_forget(&w);
    assert_false(kin_save(ada));
    assert_kin_error(w.s, KIN_INVALID, "User.name cannot be NULL");
    assert_int_equal(world_sent(&w, NULL), 0);

    /* The table says no by itself. */
    assert_int_equal(kin_execute(w.s, quoted("INSERT INTO `Users` (`age`) VALUES (?)"), kin(1)), -1);
    assert_int_equal(kin_error_of(w.s)->constraint, KIN_NOT_NULL);
    kin_clear_error(w.s);
    world_close(&w);
}

TEST(A26_a_literal_default_is_in_the_table_and_in_a_built_row_and_a_made_one_in_the_row_alone)
{
    struct world w;
    world_start(&w);
    kin_model *user = kin_define(w.schema, "User",
                                 KIN_ATTRIBUTES(KIN_STRING("role", .default_value = kin("it's")), KIN_INTEGER("n", .not_null = true, .default_value = kin(7)),
                                                KIN_INTEGER("zero", .default_value = kin(0)), KIN_DATE("at", .default_now = true), KIN_UUID("token", .default_uuid = true),
                                                KIN_STRING("plain")));
    world_open(&w);
    assert_string_equal(column_text(&w, "Users", "role"), "VARCHAR(255) DEFAULT 'it''s'");
    assert_string_equal(column_text(&w, "Users", "n"), "INTEGER NOT NULL DEFAULT 7");
    assert_string_equal(column_text(&w, "Users", "zero"), "INTEGER DEFAULT 0");
    assert_string_equal(column_text(&w, "Users", "at"), on_sqlite() ? "DATETIME" : on_postgres() ? "TIMESTAMP WITH TIME ZONE" : "DATETIME(6)");
    assert_string_equal(column_text(&w, "Users", "token"), on_mariadb() ? "CHAR(36)" : "UUID");

    int64_t before = kin_now();
    kin_row *row = kin_build(w.s, user, KIN_DEFAULTS), *other = kin_build(w.s, user, { "role", kin_null }, { "n", kin(0) });
    assert_kin_ok(w.s);
    assert_string_equal(kin_text(row, "role"), "it's");
    assert_int_equal(kin_int(row, "n"), 7);
    assert_false(kin_is_null(row, "zero"));
    assert_true(kin_date_of(row, "at") >= before && kin_date_of(row, "at") <= kin_now());
    kin_uuid one = kin_uuid_of(row, "token"), two = kin_uuid_of(other, "token");
    assert_int_equal(one.bytes[6] >> 4, 4);
    assert_true(memcmp(&one, &two, sizeof one) != 0);
    assert_false(kin_is_loaded(row, "plain"));
    /* What is mentioned has no default: NULL and 0 are values. */
    assert_true(kin_is_null(other, "role"));
    assert_int_equal(kin_int(other, "n"), 0);
    assert_int_equal(w.statement_count, 0);

    assert_true(kin_save(row));
    assert_true(kin_save(other));
    kin_row *found = kin_find_by_pk(w.s, user, kin_key_of(row));
    assert_kin_ok(w.s);
    assert_string_equal(kin_text(found, "role"), "it's");
    assert_int_equal(kin_int(found, "n"), 7);
    kin_uuid read = kin_uuid_of(found, "token");
    assert_memory_equal(&read, &one, sizeof one);
    assert_true(kin_is_null(kin_find_by_pk(w.s, user, kin_key_of(other)), "role"));

    /* The table's own defaults serve those who write past kin. */
    assert_int_equal(kin_execute(w.s, quoted("INSERT INTO `Users` (`plain`) VALUES (?)"), kin("raw")), 1);
    found = kin_find_one(w.s, user, .where = kin_eq("plain", "raw"));
    assert_kin_ok(w.s);
    assert_string_equal(kin_text(found, "role"), "it's");
    assert_int_equal(kin_int(found, "n"), 7);
    assert_true(kin_is_null(found, "at"));
    assert_true(kin_is_null(found, "token"));
    world_close(&w);
}

TEST(A27_A28_unique_stands_at_the_column_and_a_group_is_one_constraint)
{
    struct world w;
    world_start(&w);
    kin_model *user = kin_define(w.schema, "User",
                                 KIN_ATTRIBUTES(KIN_STRING("email", .column = "mail", .length = 40, .unique = true), KIN_STRING("a", .length = 10, .unique_group = "pair"),
                                                KIN_INTEGER("b", .unique_group = "pair"), KIN_INTEGER("c", .unique_group = "alone")));
    world_open(&w);
    assert_string_equal(column_text(&w, "Users", "mail"), "VARCHAR(40) UNIQUE");
    assert_string_equal(column_text(&w, "Users", "a"), "VARCHAR(10)");
    assert_non_null(strstr(table_text(&w, "Users"), "CONSTRAINT `Users_a_b_unique` UNIQUE (`a`, `b`), \n"));
    assert_non_null(strstr(table_text(&w, "Users"), "CONSTRAINT `Users_c_unique` UNIQUE (`c`), \n"));
    assert_true(kin_attribute_named(user, "email")->unique);
    assert_false(kin_attribute_named(user, "a")->unique);

    kin_create(w.s, user, { "email", kin("x") }, { "a", kin("p") }, { "b", kin(1) });
    kin_create(w.s, user, { "email", kin("y") }, { "a", kin("p") }, { "b", kin(2) });
    kin_create(w.s, user, { "email", kin("z") }, { "a", kin("q") }, { "b", kin(1) });
    assert_kin_ok(w.s);

    /* A violation is told in the model's words. */
    assert_null(kin_create(w.s, user, { "email", kin("x") }));
    assert_int_equal(kin_error_of(w.s)->constraint, KIN_UNIQUE);
    assert_string_equal(kin_error_of(w.s)->model, "User");
    assert_string_equal(kin_error_of(w.s)->attribute, "email");
    assert_kin_error(w.s, KIN_CONSTRAINT, "email");
    assert_null(kin_create(w.s, user, { "email", kin("v") }, { "a", kin("p") }, { "b", kin(2) }));
    assert_int_equal(kin_error_of(w.s)->constraint, KIN_UNIQUE);
    assert_kin_error(w.s, KIN_CONSTRAINT, "a, b");
    assert_int_equal(kin_count_all(w.s, user), 3);
    world_close(&w);
}

TEST(A34_an_integer_primary_key_of_sqlite_is_the_rowid)
{
    struct world w;
    world_start(&w);
    kin_define(w.schema, "Plain", KIN_NO_ATTRIBUTES);
    kin_define(w.schema, "Counted", KIN_ATTRIBUTES(KIN_INTEGER("n", .primary_key = true, .auto_increment = true)));
    kin_define(w.schema, "Big", KIN_ATTRIBUTES(KIN_BIGINT("n", .primary_key = true, .auto_increment = true)));
    kin_model *given = kin_define(w.schema, "Given", KIN_ATTRIBUTES(KIN_INTEGER("n", .primary_key = true)));
    kin_define(w.schema, "BigGiven", KIN_ATTRIBUTES(KIN_BIGINT("n", .primary_key = true)));
    world_open(&w);
    const char *identity = " GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY";
    if (on_sqlite()) {
        assert_string_equal(column_text(&w, "Plains", "id"), "INTEGER PRIMARY KEY");
        assert_string_equal(column_text(&w, "Counteds", "n"), "INTEGER PRIMARY KEY AUTOINCREMENT");
        assert_string_equal(column_text(&w, "Bigs", "n"), "INTEGER PRIMARY KEY AUTOINCREMENT");
        assert_string_equal(column_text(&w, "Givens", "n"), "INTEGER PRIMARY KEY");
    } else {
        if (on_mariadb())
            identity = " NOT NULL AUTO_INCREMENT PRIMARY KEY";
        assert_string_equal(strstr(column_text(&w, "Plains", "id"), " "), identity);
        assert_string_equal(strstr(column_text(&w, "Bigs", "n"), " "), identity);
        assert_string_equal(column_text(&w, "Givens", "n"), "INTEGER NOT NULL PRIMARY KEY");
    }
    assert_string_equal(column_text(&w, "BigGivens", "n"), "BIGINT NOT NULL PRIMARY KEY");

    /* One that does not count up wants to be given. */
    kin_row *row = kin_create(w.s, given, { "n", kin(12) });
    assert_kin_ok(w.s);
    assert_int_equal(kin_int(row, "n"), 12);
    assert_null(kin_create(w.s, given, KIN_DEFAULTS));
    assert_kin_error(w.s, KIN_INVALID, "Given.n cannot be NULL");
    world_close(&w);
}

TEST(A35_several_primary_keys_are_one_key_at_the_end_of_the_table)
{
    struct world w;
    world_start(&w);
    kin_model *place = kin_define(w.schema, "Place",
                                  KIN_ATTRIBUTES(KIN_CHAR("country", .length = 2, .primary_key = true), KIN_STRING("name"), KIN_INTEGER("number", .primary_key = true)));
    world_open(&w);
    assert_string_equal(column_text(&w, "Places", "country"), "CHAR(2) NOT NULL");
    assert_string_equal(column_text(&w, "Places", "number"), "INTEGER NOT NULL");
    assert_string_equal(column_text(&w, "Places", "name"), "VARCHAR(255)");
    assert_non_null(strstr(table_text(&w, "Places"), "\n  PRIMARY KEY (`country`, `number`), \n"));
    assert_names(kin_model_describe(place)->primary_key, "country", "number");

    kin_create(w.s, place, { "country", kin("de") }, { "number", kin(1) }, { "name", kin("x") });
    kin_create(w.s, place, { "country", kin("de") }, { "number", kin(2) }, { "name", kin("y") });
    assert_kin_ok(w.s);
    kin_row *found = kin_find_by_pk(w.s, place, kin_key(kin("de"), kin(2)));
    assert_string_equal(kin_text(found, "name"), "y");
    assert_null(kin_create(w.s, place, { "country", kin("de") }, { "number", kin(2) }));
    assert_int_equal(kin_error_of(w.s)->constraint, KIN_UNIQUE);
    assert_kin_error(w.s, KIN_CONSTRAINT, "country, number");
    world_close(&w);
}

static bool refuse_backwards(void *context, const kin_hook_event *event)
{
    (void)context;
    if (kin_int(event->row, "from") <= kin_int(event->row, "to"))
        return true;
    return kin_fail(event->session, KIN_INVALID, "from is behind to");
}

TEST(A38_a_check_of_a_whole_row_is_a_hook_which_cannot_be_left_out)
{
    struct world w;
    world_start(&w);
    kin_model *span = kin_define(w.schema, "Span", KIN_ATTRIBUTES(KIN_INTEGER("from"), KIN_INTEGER("to")));
    kin_hook_add(span, KIN_BEFORE_VALIDATE, refuse_backwards, NULL);
    world_open(&w);
    assert_non_null(kin_create(w.s, span, { "from", kin(1) }, { "to", kin(2) }));
    world_forget(&w);
    assert_null(kin_create(w.s, span, { "from", kin(2) }, { "to", kin(1) }));
    assert_kin_error(w.s, KIN_INVALID, "from is behind to");
    assert_int_equal(world_sent(&w, "INSERT"), 0);
    world_close(&w);

    kin_schema *schema = kin_schema_new();
    kin_hook_add(kin_define(schema, "Span", KIN_NO_ATTRIBUTES), KIN_BEFORE_VALIDATE, NULL, NULL);
    assert_link_error(schema, "Span: kin_hook_add was given no function");
    kin_schema_free(schema);
}

TEST(A39_an_enum_needs_labels)
{
    assert_schema_error(KIN_ATTRIBUTES(KIN_ENUM("mood")), "Thing.mood: values for ENUM haven't been defined");
    assert_schema_error(KIN_ATTRIBUTES(KIN_ENUM("mood", .labels = KIN_NO_NAMES)), "values for ENUM haven't been defined");
    assert_schema_error(KIN_ATTRIBUTES(KIN_ENUM("mood", .labels = KIN_NAMES("good", "bad", "good"))), "the label 'good' comes twice");

    struct world w;
    world_start(&w);
    kin_model *thing = kin_define(w.schema, "Thing", KIN_ATTRIBUTES(KIN_ENUM("mood", .labels = KIN_NAMES("good", "bad"))));
    world_open(&w);
    kin_row *row = kin_create(w.s, thing, { "mood", kin("bad") });
    assert_kin_ok(w.s);
    assert_string_equal(kin_text(kin_find_by_pk(w.s, thing, kin_key_of(row)), "mood"), "bad");
    assert_null(kin_create(w.s, thing, { "mood", kin("so so") }));
    assert_int_not_equal(kin_error_of(w.s)->status, KIN_OK);
    assert_string_equal(kin_error_of(w.s)->attribute, "mood");
    kin_clear_error(w.s);
    world_close(&w);
}
