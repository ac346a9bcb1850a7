/*
 * kin at a glance: people work in projects in some role, and projects have tasks.
 *
 *     demo [--sql] [FILE]
 *
 * Without FILE the database is in memory; with it, a second run finds what the first one left. --sql shows every statement.
 */
#include <kin.h>

#include <stdio.h>
#include <string.h>

static kin_model *user, *project, *task, *membership;
static kin_association *projects, *members, *tasks, *assignee;

/* Declare the relation once. Tables, keys, accessors and eager loading follow from it. */
static kin_schema *declare(void) {
    kin_schema *schema = kin_schema_new();
    user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("name", .not_null = true, .unique = true)));
    project = kin_define(schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title", .not_null = true), KIN_DATEONLY("due")));
    task = kin_define(schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title"), KIN_BOOLEAN("done", .default_value = kin(false))));
    membership = kin_define(schema, "Membership", KIN_ATTRIBUTES(KIN_STRING("role", .default_value = kin("helper"))));

    projects = kin_belongs_to_many(user, project, .through_model = membership);
    members = kin_belongs_to_many(project, user, .through_model = membership, .as = "Members");
    tasks = kin_has_many(project, task, .on_delete = KIN_CASCADE);
    kin_belongs_to(task, project, .on_delete = KIN_CASCADE);
    assignee = kin_belongs_to(task, user, .as = "Assignee");
    return schema;
}

static void show_statement(void *context, const kin_log_entry *entry) {
    (void)context;
    fputs("    | ", stdout);
    for (const char *c = entry->sql; *c; c++)
        if (*c != '\n')
            putchar(*c);
        else
            c += strspn(c + 1, " "); /* the tables are laid out over several lines */
    printf("%s%s\n", entry->bind_count ? "   <- " : "", entry->bind_count && entry->binds ? entry->binds : "");
}

static void fill(kin_session *s) {
    kin_row *ada = kin_create(s, user, { "name", kin("Ada") });
    kin_row *ben = kin_create(s, user, { "name", kin("Ben") });
    kin_row *cleo = kin_create(s, user, { "name", kin("Cleo") });
    kin_row *engine = kin_create(s, project, { "title", kin("Analytical Engine") }, { "due", kin("2026-11-22") });
    kin_row *loom = kin_create(s, project, { "title", kin("Loom") });

    kin_add(ada, projects, KIN_ROWS(engine, loom), .through = KIN_VALUES({ "role", kin("lead") }));
    kin_set(engine, members, KIN_ROWS(ada, ben, cleo)); /* Ada keeps her role, the others help */

    kin_row *draw = kin_create_for(engine, tasks, { "title", kin("Draw the mill") }, { "done", kin(true) });
    kin_row *cards = kin_create_for(engine, tasks, { "title", kin("Punch the cards") });
    kin_create_for(engine, tasks, { "title", kin("Find a patron") });
    kin_create_for(loom, tasks, { "title", kin("Oil the shuttle") });
    kin_set_one(draw, assignee, ada);
    kin_set_one(cards, assignee, ben);
}

/* One statement for the projects, one for all their members, one for all their tasks and those who do them. */
static void show_projects(kin_session *s) {
    kin_rows all = kin_find_all(s, project, .order = KIN_NAMES("title"),
        .include = KIN_INCLUDE(KIN_WITH(members, .order = KIN_NAMES("name")),
                               KIN_WITH(tasks, .order = KIN_NAMES("id"), .include = KIN_INCLUDE(KIN_WITH(assignee)))));
    for (size_t i = 0; i < all.count; i++) {
        printf("\n%s\n", kin_text(all.at[i], "title"));
        kin_rows people = kin_related(all.at[i], members), list = kin_related(all.at[i], tasks);
        for (size_t k = 0; k < people.count; k++)
            printf("    %-22s %s\n", kin_text(people.at[k], "name"), kin_text(kin_through(people.at[k], membership), "role"));
        for (size_t k = 0; k < list.count; k++) {
            kin_row *who = kin_related_one(list.at[k], assignee);
            printf("    [%c] %-18s %s\n", kin_bool(list.at[k], "done") ? 'x' : ' ', kin_text(list.at[k], "title"),
                   who ? kin_text(who, "name") : "-");
        }
    }
}

/* A join row is a row: it comes with its target, and is changed and saved like any other. */
static void promote(kin_session *s, const char *name) {
    kin_row *person = kin_find_one(s, user, .where = kin_eq("name", name), .required = true);
    kin_rows mine = kin_get(person, projects, .where = kin_like("title", "Analytical%"));
    for (size_t i = 0; i < mine.count; i++) {
        kin_row *link = kin_through(mine.at[i], membership);
        kin_put(link, "role", kin("mechanic"));
        kin_save(link);
        printf("\n%s is now %s of the %s.\n", name, kin_text(link, "role"), kin_text(mine.at[i], "title"));
    }
}

int main(int count, char **arguments) {
    bool sql = count > 1 && strcmp(arguments[1], "--sql") == 0;
    const char *file = count > (sql ? 2 : 1) ? arguments[sql ? 2 : 1] : ":memory:";
    char url[1024];
    snprintf(url, sizeof url, "sqlite:%s", file);

    kin_schema *schema = declare();
    kin_db *db = kin_open(url, schema, .log = { .function = sql ? show_statement : NULL, .binds = true });
    kin_sync(db);
    kin_session *s = kin_session_open(db);
    if (kin_count_all(s, user) == 0)
        fill(s);
    show_projects(s);
    promote(s, "Ben");
    printf("Open tasks of projects that Ben is in: %lld\n",
           (long long)kin_count_all(s, task, .where = kin_and(kin_eq("done", false), kin_eq("Project.Members.name", "Ben"))));

    bool good = kin_ok(s) && !kin_db_error(db);
    if (!good)
        fprintf(stderr, "demo: %s\n", kin_db_error(db) ? kin_db_error(db)->message : kin_error_of(s)->message);
    kin_session_close(s);
    kin_close(db);
    kin_schema_free(schema);
    return good ? 0 : 1;
}
