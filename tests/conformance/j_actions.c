/* What a foreign key says of deletions and updates, by default and when asked, in the DDL of every dialect. No table is made here. */
#include "world.h"

/* A schema's DDL in one dialect, by the mock driver: no server is needed. */
struct script {
    kin_db *db;
    const char *sql;
};

static void script_make(struct script *script, kin_schema *schema, const char *url)
{
    script->db = kin_open(url, schema);
    if (kin_db_error(script->db))
        fail_msg("%s", kin_db_error(script->db)->message);
    script->sql = kin_sync_sql(script->db, .cycles = KIN_CYCLES_DEFER);
    if (!script->sql)
        fail_msg("%s", kin_db_error(script->db)->message);
}

/* What stands from here to the end of the line, without a comma. */
static void script_rest(const char *from, char *out, size_t size)
{
    size_t length = strcspn(from, "\n;");
    if (length >= 2 && strncmp(from + length - 2, ", ", 2) == 0)
        length -= 2;
    assert_true(length < size);
    memcpy(out, from, length);
    out[length] = '\0';
}

/* What a table's key references, e.g. "`Users` (`id`) ON DELETE SET NULL ON UPDATE CASCADE"; "" where it is a plain column. Columns of a composite
 * key: "a`, `b". */
static void script_key(const char *sql, char quote, const char *table, const char *columns, char *out, size_t size)
{
    char wanted[200], *copy = strdup(sql);
    for (char *at = copy; quote != '`' && *at; at++)
        *at = *at == quote ? '`' : *at;
    snprintf(wanted, sizeof wanted, "CREATE TABLE IF NOT EXISTS `%s` (", table);
    char *begin = strstr(copy, wanted);
    if (!begin)
        fail_msg("no table %s in\n%s", table, copy);
    strstr(begin, ";\n")[0] = '\0';
    snprintf(wanted, sizeof wanted, "FOREIGN KEY (`%s`) REFERENCES ", columns);
    char *key = strstr(begin, wanted);
    if (key) {
        script_rest(key + strlen(wanted), out, size);
    } else {
        char line[400];
        snprintf(wanted, sizeof wanted, "\n  `%s` ", columns);
        key = strstr(begin, wanted);
        if (!key)
            fail_msg("no column %s in\n%s", columns, begin);
        script_rest(key + 1, line, sizeof line);
        char *reference = strstr(line, " REFERENCES ");
        snprintf(out, size, "%s", reference ? reference + strlen(" REFERENCES ") : "");
    }
    free(copy);
}

/* The key references this, in the DDL of all three dialects. */
static void assert_key(kin_schema *schema, const char *table, const char *columns, const char *expected)
{
    static const char *const urls[] = { "mock:sqlite", "mock:postgres", "mock:mariadb" };
    for (size_t i = 0; i < 3; i++) {
        struct script script;
        char found[400];
        script_make(&script, schema, urls[i]);
        script_key(script.sql, i == 1 ? '"' : '`', table, columns, found, sizeof found);
        if (strcmp(found, expected) != 0)
            fail_msg("%s: %s.%s should reference\n    %s\nand references\n    %s", urls[i], table, columns, expected, found);
        kin_close(script.db);
    }
}

#define DEFINE(name) kin_define(schema, name, KIN_NO_ATTRIBUTES)

TEST(J1_J2_actions_by_default)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = DEFINE("User"), *task = DEFINE("Task"), *card = DEFINE("Card"), *note = DEFINE("Note"), *project = DEFINE("Project");
    kin_association *of_task = kin_belongs_to(task, user);
    kin_association *of_card = kin_has_one(user, card);
    kin_association *of_note = kin_has_many(user, note);
    kin_association *of_project = kin_belongs_to_many(user, project, .through = "UserProject");
    assert_key(schema, "Tasks", "UserId", "`Users` (`id`) ON DELETE SET NULL ON UPDATE CASCADE");
    assert_key(schema, "Cards", "UserId", "`Users` (`id`) ON DELETE SET NULL ON UPDATE CASCADE");
    assert_key(schema, "Notes", "UserId", "`Users` (`id`) ON DELETE SET NULL ON UPDATE CASCADE");
    assert_key(schema, "UserProject", "UserId", "`Users` (`id`) ON DELETE CASCADE ON UPDATE CASCADE");
    assert_key(schema, "UserProject", "ProjectId", "`Projects` (`id`) ON DELETE CASCADE ON UPDATE CASCADE");

    kin_association *ones[] = { of_task, of_card, of_note };
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(kin_association_describe(ones[i])->on_delete, KIN_SET_NULL);
        assert_int_equal(kin_association_describe(ones[i])->on_update, KIN_CASCADE);
        assert_true(kin_association_describe(ones[i])->constraints);
    }
    assert_int_equal(kin_association_describe(of_project)->on_delete, KIN_CASCADE);
    assert_int_equal(kin_association_describe(of_project)->on_update, KIN_CASCADE);
    kin_schema_free(schema);
}

TEST(J3_one_action_leaves_the_other_as_usual)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = DEFINE("User"), *task = DEFINE("Task"), *project = DEFINE("Project");
    kin_belongs_to(task, user, .as = "A", .on_delete = KIN_CASCADE);
    kin_belongs_to(task, user, .as = "B", .on_update = KIN_RESTRICT);
    kin_has_one(user, task, .as = "C", .foreign_key = "c", .on_delete = KIN_RESTRICT);
    kin_has_many(user, task, .as = "Ds", .foreign_key = "d", .on_update = KIN_NO_ACTION);
    kin_has_many(user, task, .as = "Es", .foreign_key = "e", .on_delete = KIN_NO_ACTION, .on_update = KIN_SET_NULL);
    kin_belongs_to_many(user, project, .through = "Member", .on_delete = KIN_RESTRICT);
    kin_belongs_to_many(project, user, .through = "Member", .on_update = KIN_RESTRICT);
    assert_key(schema, "Tasks", "AId", "`Users` (`id`) ON DELETE CASCADE ON UPDATE CASCADE");
    assert_key(schema, "Tasks", "BId", "`Users` (`id`) ON DELETE SET NULL ON UPDATE RESTRICT");
    assert_key(schema, "Tasks", "c", "`Users` (`id`) ON DELETE RESTRICT ON UPDATE CASCADE");
    assert_key(schema, "Tasks", "d", "`Users` (`id`) ON DELETE SET NULL ON UPDATE NO ACTION");
    assert_key(schema, "Tasks", "e", "`Users` (`id`) ON DELETE NO ACTION ON UPDATE SET NULL");
    /* One side's option counts for the other key as long as the other side says nothing of it. */
    assert_key(schema, "Member", "UserId", "`Users` (`id`) ON DELETE RESTRICT ON UPDATE RESTRICT");
    assert_key(schema, "Member", "ProjectId", "`Projects` (`id`) ON DELETE RESTRICT ON UPDATE RESTRICT");
    kin_schema_free(schema);
}

TEST(J4_the_five_actions)
{
    static const struct {
        kin_action action;
        const char *sql;
    } given[] = { { KIN_RESTRICT, "RESTRICT" }, { KIN_CASCADE, "CASCADE" }, { KIN_NO_ACTION, "NO ACTION" }, { KIN_SET_DEFAULT, "SET DEFAULT" }, { KIN_SET_NULL, "SET NULL" } };
    for (size_t i = 0; i < 5; i++) {
        kin_schema *schema = kin_schema_new();
        kin_model *user = DEFINE("User"), *task = DEFINE("Task"), *note = DEFINE("Note");
        char expected[100];
        kin_association *association = kin_belongs_to(task, user, .on_delete = given[i].action, .on_update = given[i].action);
        kin_has_many(user, note, .on_delete = given[i].action, .on_update = given[i].action);
        snprintf(expected, sizeof expected, "`Users` (`id`) ON DELETE %s ON UPDATE %s", given[i].sql, given[i].sql);
        assert_key(schema, "Tasks", "UserId", expected);
        assert_key(schema, "Notes", "UserId", expected);
        assert_int_equal(kin_association_describe(association)->on_delete, given[i].action);
        assert_int_equal(kin_attribute_named(task, "UserId")->on_update, given[i].action);
        kin_schema_free(schema);
    }
}

TEST(J5_an_action_that_is_none)
{
    static const char five[] = "write KIN_RESTRICT, KIN_CASCADE, KIN_NO_ACTION, KIN_SET_DEFAULT or KIN_SET_NULL";
    for (int turn = 0; turn < 4; turn++) {
        kin_schema *schema = kin_schema_new();
        kin_model *user = DEFINE("User"), *task = DEFINE("Task");
        const kin_action wrong = (kin_action)17;
        switch (turn) {
        case 0: kin_has_many(user, task, .on_delete = wrong); break;
        case 1: kin_belongs_to(task, user, .on_update = wrong); break;
        case 2: kin_belongs_to_many(user, task, .through = "UserTask", .key = { .on_delete = wrong }); break;
        default: kin_define(schema, "Note", KIN_ATTRIBUTES(KIN_INTEGER("user_id", .references = { .model = user }, .on_update = wrong)));
        }
        assert_link_error(schema, five);
        assert_non_null(strstr(kin_schema_error(schema)->message, turn % 2 == 0 ? "on_delete is 17" : "on_update is 17"));
        assert_int_equal(kin_schema_error(schema)->status, KIN_SCHEMA);
        kin_schema_free(schema);
    }
}

TEST(J6_a_key_that_cannot_be_null)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = DEFINE("User"), *card = DEFINE("Card"), *note = DEFINE("Note");
    kin_model *task = kin_define(schema, "Task", KIN_ATTRIBUTES(KIN_INTEGER("UserId", .not_null = true)));
    kin_model *file = DEFINE("File");
    kin_belongs_to(task, user);
    kin_has_one(user, card, .key = { .not_null = true });
    kin_has_many(user, note, .key = { .not_null = true });
    kin_belongs_to(file, user, .key = { .not_null = true }, .on_delete = KIN_CASCADE);
    assert_key(schema, "Tasks", "UserId", "`Users` (`id`) ON DELETE NO ACTION ON UPDATE CASCADE");
    assert_key(schema, "Cards", "UserId", "`Users` (`id`) ON DELETE CASCADE ON UPDATE CASCADE");
    assert_key(schema, "Notes", "UserId", "`Users` (`id`) ON DELETE CASCADE ON UPDATE CASCADE");
    assert_key(schema, "Files", "UserId", "`Users` (`id`) ON DELETE CASCADE ON UPDATE CASCADE");
    kin_schema_free(schema);

    schema = kin_schema_new(); /* asking for NULL where it cannot be */
    user = DEFINE("User");
    task = DEFINE("Task");
    kin_has_many(user, task, .key = { .not_null = true }, .on_delete = KIN_SET_NULL);
    assert_link_error(schema, "Task.UserId: on_delete is SET NULL and the key cannot be NULL");
    kin_schema_free(schema);
}

TEST(J7_actions_in_the_key)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = DEFINE("User"), *task = DEFINE("Task"), *note = DEFINE("Note"), *project = DEFINE("Project");
    kin_belongs_to(task, user, .key = { .name = "owner", .on_delete = KIN_CASCADE, .on_update = KIN_RESTRICT });
    kin_has_many(user, note, .key = { .on_delete = KIN_RESTRICT }, .on_update = KIN_NO_ACTION);
    kin_belongs_to_many(user, project, .through = "UserProject", .key = { .on_delete = KIN_RESTRICT });
    kin_belongs_to_many(project, user, .through = "UserProject", .on_delete = KIN_CASCADE);
    assert_key(schema, "Tasks", "owner", "`Users` (`id`) ON DELETE CASCADE ON UPDATE RESTRICT");
    assert_key(schema, "Notes", "UserId", "`Users` (`id`) ON DELETE RESTRICT ON UPDATE NO ACTION");
    assert_key(schema, "UserProject", "UserId", "`Users` (`id`) ON DELETE RESTRICT ON UPDATE CASCADE");
    assert_key(schema, "UserProject", "ProjectId", "`Projects` (`id`) ON DELETE CASCADE ON UPDATE CASCADE");
    kin_schema_free(schema);

    schema = kin_schema_new();
    user = DEFINE("User");
    task = DEFINE("Task");
    kin_belongs_to(task, user, .on_delete = KIN_RESTRICT, .key = { .on_delete = KIN_CASCADE });
    assert_link_error(schema, "Task.UserId: on_delete is RESTRICT in Task.User and CASCADE in Task.User");
    kin_schema_free(schema);
}

TEST(J8_what_was_written_beats_a_default)
{
    for (int turn = 0; turn < 2; turn++) {
        kin_schema *schema = kin_schema_new();
        kin_model *user = DEFINE("User"), *task = DEFINE("Task"), *card = DEFINE("Card");
        if (turn == 0)
            kin_has_many(user, task, .on_update = KIN_NO_ACTION);
        kin_belongs_to(task, user, .on_delete = KIN_RESTRICT);
        if (turn == 1)
            kin_has_many(user, task, .on_update = KIN_NO_ACTION);
        if (turn == 0)
            kin_belongs_to(card, user);
        kin_has_one(user, card, .on_delete = KIN_CASCADE);
        if (turn == 1)
            kin_belongs_to(card, user);
        assert_key(schema, "Tasks", "UserId", "`Users` (`id`) ON DELETE RESTRICT ON UPDATE NO ACTION");
        assert_key(schema, "Cards", "UserId", "`Users` (`id`) ON DELETE CASCADE ON UPDATE CASCADE");
        kin_schema_free(schema);
    }
}

TEST(J8_of_two_defaults_the_first_has_it)
{
    for (int turn = 0; turn < 2; turn++) {
        kin_schema *schema = kin_schema_new();
        kin_model *user = DEFINE("User"), *task = kin_define(schema, "Task", KIN_ATTRIBUTES(KIN_INTEGER("UserId", .not_null = true)));
        if (turn == 0)
            kin_has_many(user, task);
        kin_belongs_to(task, user);
        if (turn == 1)
            kin_has_many(user, task);
        assert_key(schema, "Tasks", "UserId",
                   turn == 0 ? "`Users` (`id`) ON DELETE CASCADE ON UPDATE CASCADE" : "`Users` (`id`) ON DELETE NO ACTION ON UPDATE CASCADE");
        kin_schema_free(schema);
    }
}

TEST(J8_two_different_actions_for_one_key)
{
    for (int turn = 0; turn < 3; turn++) {
        kin_schema *schema = kin_schema_new();
        kin_model *user = DEFINE("User"), *task = DEFINE("Task");
        kin_has_many(user, task, .on_delete = KIN_CASCADE);
        kin_belongs_to(task, user, .on_delete = turn == 0 ? KIN_RESTRICT : turn == 1 ? KIN_CASCADE : KIN_ACTION_USUAL);
        if (turn == 0)
            assert_link_error(schema, "Task.UserId: on_delete is CASCADE in User.Tasks and RESTRICT in Task.User, for the same key");
        else
            assert_key(schema, "Tasks", "UserId", "`Users` (`id`) ON DELETE CASCADE ON UPDATE CASCADE");
        kin_schema_free(schema);
    }
}

TEST(J9_J11_no_constraints)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = DEFINE("User"), *task = DEFINE("Task"), *card = DEFINE("Card"), *note = DEFINE("Note"), *file = DEFINE("File");
    kin_model *project = DEFINE("Project");
    kin_association *plain = kin_belongs_to(task, user, .no_constraints = true);
    kin_has_one(user, card, .no_constraints = true);
    kin_has_many(user, note, .no_constraints = true);
    kin_belongs_to_many(user, project, .through = "UserProject", .no_constraints = true);
    kin_association *unsure = kin_belongs_to(file, user, .no_constraints = true);
    kin_association *sure = kin_has_many(user, file);
    assert_key(schema, "Tasks", "UserId", "");
    assert_key(schema, "Cards", "UserId", "");
    assert_key(schema, "Notes", "UserId", "");
    assert_key(schema, "UserProject", "UserId", "");
    assert_key(schema, "UserProject", "ProjectId", "");
    assert_key(schema, "Files", "UserId", "`Users` (`id`) ON DELETE SET NULL ON UPDATE CASCADE"); /* J11 */
    assert_false(kin_association_describe(plain)->constraints);
    assert_int_equal(kin_association_describe(plain)->on_delete, KIN_ACTION_USUAL);
    assert_null(kin_attribute_named(task, "UserId")->references_table);
    assert_int_equal(kin_attribute_named(task, "UserId")->type, KIN_TYPE_INTEGER);
    assert_true(kin_association_describe(unsure)->constraints && kin_association_describe(sure)->constraints);
    kin_schema_free(schema);
}

TEST(J10_an_action_without_a_constraint)
{
    for (int turn = 0; turn < 3; turn++) {
        kin_schema *schema = kin_schema_new();
        kin_model *user = DEFINE("User"), *task = DEFINE("Task");
        if (turn == 0)
            kin_belongs_to(task, user, .no_constraints = true, .on_delete = KIN_CASCADE);
        else if (turn == 1)
            kin_has_many(user, task, .no_constraints = true, .on_update = KIN_RESTRICT);
        else
            kin_has_one(user, task, .no_constraints = true, .key = { .on_delete = KIN_SET_NULL });
        assert_link_error(schema, turn == 0   ? "Task.User: .no_constraints and .on_delete = CASCADE contradict each other"
                                  : turn == 1 ? "User.Tasks: .no_constraints and .on_update = RESTRICT contradict each other"
                                              : "User.Task: .no_constraints and .key.on_delete = SET NULL contradict each other");
        kin_schema_free(schema);
    }
}

TEST(J12_a_composite_key_has_one_constraint)
{
    kin_schema *schema = kin_schema_new();
    kin_model *place = kin_define(schema, "Place", KIN_ATTRIBUTES(KIN_CHAR("country", .length = 2, .primary_key = true), KIN_INTEGER("number", .primary_key = true, .column = "nr")));
    kin_model *visit = DEFINE("Visit"), *house = DEFINE("House"), *guest = DEFINE("Guest");
    kin_association *at = kin_belongs_to(visit, place);
    kin_has_many(place, house, .foreign_keys = KIN_NAMES("land", "no"), .on_delete = KIN_RESTRICT);
    kin_belongs_to_many(place, guest, .through = "Stay");
    assert_key(schema, "Visits", "PlaceCountry`, `PlaceNumber", "`Places` (`country`, `nr`) ON DELETE SET NULL ON UPDATE CASCADE");
    assert_key(schema, "Houses", "land`, `no", "`Places` (`country`, `nr`) ON DELETE RESTRICT ON UPDATE CASCADE");
    assert_key(schema, "Stay", "PlaceCountry`, `PlaceNumber", "`Places` (`country`, `nr`) ON DELETE CASCADE ON UPDATE CASCADE");
    assert_key(schema, "Stay", "GuestId", "`Guests` (`id`) ON DELETE CASCADE ON UPDATE CASCADE");
    assert_names(kin_association_describe(at)->foreign_key, "PlaceCountry", "PlaceNumber");
    assert_true(kin_association_describe(at)->constraints);
    assert_int_equal(kin_attribute_named(visit, "PlaceCountry")->type, KIN_TYPE_CHAR);
    assert_int_equal(kin_attribute_named(visit, "PlaceCountry")->length, 2);
    kin_schema_free(schema);
}

TEST(J13_the_tables_and_columns_as_they_are_called)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_UUID("uid", .primary_key = true, .column = "user_uid")), .table = "my people");
    kin_model *task = DEFINE("Task"), *frozen = kin_define(schema, "Frozen", KIN_NO_ATTRIBUTES, .freeze_table_name = true);
    kin_model *hidden = kin_define(schema, "Hidden", KIN_NO_ATTRIBUTES, .table = "hidden", .schema = "app"), *note = DEFINE("Note");
    kin_belongs_to(task, user);
    kin_has_many(frozen, task);
    kin_belongs_to(note, hidden);
    assert_key(schema, "Tasks", "UserUid", "`my people` (`user_uid`) ON DELETE SET NULL ON UPDATE CASCADE");
    assert_key(schema, "Tasks", "FrozenId", "`Frozen` (`id`) ON DELETE SET NULL ON UPDATE CASCADE");
    assert_string_equal(kin_attribute_named(task, "UserUid")->references_table, "my people");
    assert_string_equal(kin_attribute_named(task, "UserUid")->references_column, "user_uid");
    assert_ptr_equal(kin_attribute_named(task, "UserUid")->references, user);

    static const char *const urls[] = { "mock:sqlite", "mock:postgres", "mock:mariadb" };
    static const char *const tables[] = { " REFERENCES `app.hidden` (`id`)", " REFERENCES \"app\".\"hidden\" (\"id\")", " REFERENCES `app.hidden` (`id`)" };
    for (size_t i = 0; i < 3; i++) {
        struct script script;
        script_make(&script, schema, urls[i]);
        assert_non_null(strstr(script.sql, tables[i]));
        kin_close(script.db);
    }
    kin_schema_free(schema);
}

TEST(J14_self_references_are_constrained)
{
    kin_schema *schema = kin_schema_new();
    kin_model *person = DEFINE("Person");
    kin_belongs_to(person, person, .as = "Mother");
    kin_has_one(person, person, .as = "Father");
    kin_has_many(person, person, .as = "Pupils", .foreign_key = "teacher_id", .on_delete = KIN_RESTRICT);
    kin_belongs_to_many(person, person, .as = "Children", .through = "Parenthood");
    assert_key(schema, "People", "MotherId", "`People` (`id`) ON DELETE SET NULL ON UPDATE CASCADE");
    assert_key(schema, "People", "FatherId", "`People` (`id`) ON DELETE SET NULL ON UPDATE CASCADE");
    assert_key(schema, "People", "teacher_id", "`People` (`id`) ON DELETE RESTRICT ON UPDATE CASCADE");
    assert_key(schema, "Parenthood", "PersonId", "`People` (`id`) ON DELETE CASCADE ON UPDATE CASCADE");
    assert_key(schema, "Parenthood", "ChildId", "`People` (`id`) ON DELETE CASCADE ON UPDATE CASCADE");
    kin_schema_free(schema);
}
