/* The document, foreign keys: what is created, and what the database then does by itself. S30. */
#include "check.h"

/* The document's listing, letter for letter: a comma is followed by a blank and a new line. */
static const char *const listing =
    "CREATE TABLE IF NOT EXISTS `User` (\n"
    "  `id` INTEGER PRIMARY KEY, \n"
    "  `username` VARCHAR(255)\n"
    ");\n"
    "CREATE TABLE IF NOT EXISTS `Task` (\n"
    "  `id` INTEGER PRIMARY KEY, \n"
    "  `title` VARCHAR(255), \n"
    "  `user_id` INTEGER REFERENCES `User` (`id`) ON DELETE SET NULL ON UPDATE CASCADE\n"
    ");\n";

struct models {
    kin_schema *schema;
    kin_model *task, *user;
    kin_association *tasks, *user_of;
};

/* The document prints tables called as their models, keys in snake case, and no indexes. */
static struct models declare(bool no_index, kin_action on_delete) {
    struct models m = { .schema = kin_schema_new() };
    kin_schema_defaults(m.schema, .freeze_table_name = true, .underscored = true);
    m.task = kin_define(m.schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title")));
    m.user = kin_define(m.schema, "User", KIN_ATTRIBUTES(KIN_STRING("username")));
    m.tasks = kin_has_many(m.user, m.task, .no_index = no_index, .on_delete = on_delete);
    m.user_of = kin_belongs_to(m.task, m.user, .no_index = no_index, .on_delete = on_delete);
    return m;
}

/* S30: the SQL; then a user is given another id, and deleted. */
static void s30(void) {
    struct models m = declare(true, KIN_ACTION_USUAL);
    struct world w = OPEN_WORLD(m.schema);
    CHECK_TEXT(kin_sync_sql(w.db), listing);

    kin_row *ada = kin_create(w.s, m.user, { "username", kin("ada") });
    kin_row *draw = kin_create_for(ada, m.tasks, { "title", kin("Draw") });
    kin_row *build = kin_create_for(ada, m.tasks, { "title", kin("Build") });
    CHECK_NUMBER(kin_int(draw, "user_id"), kin_int(ada, "id"));

    /* Another id: the tasks' keys follow. */
    CHECK(kin_put(ada, "id", kin(77)) && kin_save(ada));
    CHECK(kin_reload(draw) && kin_reload(build));
    CHECK_NUMBER(kin_int(draw, "user_id"), 77);
    CHECK_NUMBER(kin_int(build, "user_id"), 77);
    CHECK_TEXT(kin_text(kin_get_one(draw, m.user_of), "username"), "ada");
    CHECK_NUMBER(kin_count_all(w.s, m.user), 1);

    /* Deleted: the tasks stay, their keys are NULL. */
    CHECK(kin_destroy(ada));
    CHECK(kin_reload(draw) && kin_is_null(draw, "user_id"));
    CHECK(kin_reload(build) && kin_is_null(build, "user_id"));
    CHECK_NUMBER(kin_count_all(w.s, m.task), 2);

    /* A key that references nobody is refused. */
    CHECK(!kin_set_one_key(draw, m.user_of, kin(123)));
    CHECK_NUMBER(kin_error_of(w.s)->constraint, KIN_FOREIGN_KEY);
    CHECK_ERROR(w.s, KIN_CONSTRAINT);
    CLOSE_WORLD(w);

    /* As usual there is an index for the key too, in a statement of its own. */
    m = declare(false, KIN_ACTION_USUAL);
    w = OPEN_WORLD(m.schema);
    const char *sql = kin_sync_sql(w.db);
    CHECK(sql && strncmp(sql, listing, strlen(listing)) == 0);
    CHECK(sql && strstr(sql, "CREATE INDEX IF NOT EXISTS") && strstr(sql, "ON `Task` (`user_id`);\n"));
    CLOSE_WORLD(w);
}

/* The defaults can be overridden: here the tasks go with their user, or keep it. */
static void actions(void) {
    struct models m = declare(true, KIN_CASCADE);
    struct world w = OPEN_WORLD(m.schema);
    kin_row *ada = kin_create(w.s, m.user, { "username", kin("ada") });
    kin_create_for(ada, m.tasks, { "title", kin("Draw") });
    CHECK(strstr(kin_sync_sql(w.db), "ON DELETE CASCADE ON UPDATE CASCADE") != NULL);
    CHECK(kin_destroy(ada));
    CHECK_NUMBER(kin_count_all(w.s, m.task), 0);
    CLOSE_WORLD(w);

    m = declare(true, KIN_RESTRICT);
    w = OPEN_WORLD(m.schema);
    ada = kin_create(w.s, m.user, { "username", kin("ada") });
    kin_row *draw = kin_create_for(ada, m.tasks, { "title", kin("Draw") });
    CHECK(!kin_destroy(ada));
    CHECK_ERROR(w.s, KIN_CONSTRAINT);
    CHECK_NUMBER(kin_count_all(w.s, m.user), 1);
    CHECK(kin_destroy(draw) && kin_destroy(ada));
    CLOSE_WORLD(w);
}

int main(void) {
    s30();
    actions();
    return checks_done("foreign_keys");
}
