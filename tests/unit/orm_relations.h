/* The models that the tests of relation verbs share, a database of them, and what was sent to it. */
#ifndef ORM_RELATIONS_H
#define ORM_RELATIONS_H

#include "test.h"

#include <kin.h>

enum { WORLD_SENT = 200, WORLD_HEARD = 64 };

struct world_heard {
    kin_hook_kind kinds[WORLD_HEARD];
    size_t count;
    kin_hook_kind refuse;
    size_t rows;             /* of the last event */
    char values[100];        /* names that the last bulk update set */
    kin_condition_kind where; /* of the last event */
};

struct world {
    kin_schema *schema;
    kin_db *db;
    kin_session *s;
    char *sent[WORLD_SENT]; /* statements, BEGIN and the like left out */
    size_t sent_count, control_count;

    kin_model *user, *project, *task, *link;     /* many to many: UserProjects(status, rank, note) */
    kin_association *projects, *users;
    kin_association *tasks, *project_of;         /* has-many and belongs-to, over one key */
    kin_association *open_tasks;                 /* the same with a scope: done = false */
    kin_model *invoice, *line;                   /* a key that cannot be NULL */
    kin_association *lines, *invoice_of;
    kin_model *person;
    kin_association *father, *children, *parents; /* has-one of itself; many to many of itself */
    kin_model *passport;                          /* has-one, with a key that cannot be NULL */
    kin_association *passport_of;
    kin_model *post, *label, *labelling;          /* scopes on the join model, the pair may repeat */
    kin_association *subjects, *moods;
    kin_model *club, *membership;                 /* a paranoid join model */
    kin_association *members;
    kin_model *place, *visit;                     /* composite and text keys */
    kin_association *places, *visits;
    kin_model *listener, *heard_link;             /* hooks on the targets and on the join model */
    kin_association *listeners, *listener_of;
    struct world_heard heard;
};

static inline bool world_hook(void *context, const kin_hook_event *event)
{
    struct world_heard *heard = context;
    if (heard->count < WORLD_HEARD)
        heard->kinds[heard->count++] = event->kind;
    heard->rows = event->rows.count;
    heard->where = event->where ? event->where->kind : (kin_condition_kind)0;
    heard->values[0] = '\0';
    for (size_t i = 0; i < event->values.count; i++) {
        strncat(heard->values, event->values.at[i].name, sizeof heard->values - strlen(heard->values) - 1);
        strncat(heard->values, " ", sizeof heard->values - strlen(heard->values) - 1);
    }
    return event->kind != heard->refuse;
}

static inline void world_log(void *context, const kin_log_entry *entry)
{
    struct world *world = context;
    if (strncmp(entry->sql, "BEGIN", 5) == 0 || strncmp(entry->sql, "COMMIT", 6) == 0 || strncmp(entry->sql, "ROLLBACK", 8) == 0 ||
        strncmp(entry->sql, "SAVEPOINT", 9) == 0 || strncmp(entry->sql, "RELEASE", 7) == 0) {
        world->control_count++;
        return;
    }
    if (world->sent_count < WORLD_SENT)
        world->sent[world->sent_count++] = strdup(entry->sql);
}

static inline void world_forget(struct world *world)
{
    for (size_t i = 0; i < world->sent_count; i++)
        free(world->sent[i]);
    world->sent_count = world->control_count = 0;
}

static inline void world_declare_links(struct world *world)
{
    static const double lowest = 0;
    kin_schema *schema = world->schema;
    world->user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("username")));
    world->project = kin_define(schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title", .validate = { .max_length = 20 }), KIN_STRING("code")));
    world->task = kin_define(schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title"), KIN_BOOLEAN("done")), .timestamps = true);
    world->link = kin_define(schema, "UserProjects",
        KIN_ATTRIBUTES(KIN_STRING("status", .default_value = kin("new")), KIN_INTEGER("rank", .validate = { .minimum = &lowest }), KIN_STRING("note")),
        .timestamps = true);
    world->projects = kin_belongs_to_many(world->user, world->project, .through_model = world->link);
    world->users = kin_belongs_to_many(world->project, world->user, .through = "UserProjects", .singular = "worker", .plural = "workers");
    world->tasks = kin_has_many(world->project, world->task);
    world->project_of = kin_belongs_to(world->task, world->project);
    world->open_tasks = kin_has_many(world->project, world->task, .as = "openTasks", .foreign_key = "ProjectId", .scope = KIN_VALUES({ "done", kin(false) }));
    world->invoice = kin_define(schema, "Invoice", KIN_ATTRIBUTES(KIN_STRING("number")));
    world->line = kin_define(schema, "Line", KIN_ATTRIBUTES(KIN_STRING("text")));
    world->lines = kin_has_many(world->invoice, world->line, .key = { .not_null = true });
    world->invoice_of = kin_belongs_to(world->line, world->invoice);
    world->person = kin_define(schema, "Person", KIN_ATTRIBUTES(KIN_STRING("name", .validate = { .max_length = 9 })));
    world->father = kin_has_one(world->person, world->person, .as = "Father");
    world->children = kin_belongs_to_many(world->person, world->person, .as = "Children", .through = "Family", .foreign_key = "parent", .other_key = "child");
    world->parents = kin_belongs_to_many(world->person, world->person, .as = "Parents", .through = "Family", .foreign_key = "child", .other_key = "parent");
    world->passport = kin_define(schema, "Passport", KIN_ATTRIBUTES(KIN_STRING("number")));
    world->passport_of = kin_has_one(world->person, world->passport, .key = { .not_null = true });
}

static inline void world_declare_others(struct world *world)
{
    kin_schema *schema = world->schema;
    world->post = kin_define(schema, "Post", KIN_ATTRIBUTES(KIN_STRING("title")));
    world->label = kin_define(schema, "Label", KIN_ATTRIBUTES(KIN_STRING("name")));
    world->labelling = kin_define(schema, "Labelling", KIN_ATTRIBUTES(KIN_INTEGER("id", .primary_key = true, .auto_increment = true), KIN_STRING("type")));
    world->subjects = kin_belongs_to_many(world->post, world->label, .as = "subjects", .through_model = world->labelling, .foreign_key = "post",
                                          .other_key = "label", .through_scope = KIN_VALUES({ "type", kin("subject") }), .not_unique = true);
    world->moods = kin_belongs_to_many(world->post, world->label, .as = "moods", .through_model = world->labelling, .foreign_key = "post",
                                       .other_key = "label", .through_scope = KIN_VALUES({ "type", kin("mood") }), .not_unique = true);
    world->club = kin_define(schema, "Club", KIN_ATTRIBUTES(KIN_STRING("name")));
    world->membership = kin_define(schema, "Membership", KIN_ATTRIBUTES(KIN_STRING("role", .not_null = true)), .timestamps = true, .paranoid = true);
    world->members = kin_belongs_to_many(world->club, world->user, .as = "members", .through_model = world->membership);
    world->place = kin_define(schema, "Place",
        KIN_ATTRIBUTES(KIN_STRING("country", .primary_key = true), KIN_INTEGER("number", .primary_key = true), KIN_STRING("name")));
    world->visit = kin_define(schema, "Visit", KIN_ATTRIBUTES(KIN_STRING("code", .primary_key = true), KIN_STRING("text")));
    world->places = kin_belongs_to_many(world->visit, world->place, .as = "places", .through = "Stops", .foreign_key = "visit",
                                        .other_keys = KIN_NAMES("country", "number"));
    world->visits = kin_has_many(world->place, world->visit, .as = "mainVisits", .foreign_keys = KIN_NAMES("mainCountry", "mainNumber"));
    world->listener = kin_define(schema, "Listener", KIN_ATTRIBUTES(KIN_STRING("name")));
    world->heard_link = kin_define(schema, "HeardLink", KIN_ATTRIBUTES(KIN_STRING("status")));
    world->listeners = kin_has_many(world->project, world->listener);
    world->listener_of = kin_belongs_to_many(world->project, world->listener, .as = "guests", .through_model = world->heard_link);
    for (int kind = KIN_BEFORE_CREATE; kind <= KIN_AFTER_BULK_DESTROY; kind++) {
        kin_hook_add(world->listener, (kin_hook_kind)kind, world_hook, &world->heard);
        kin_hook_add(world->heard_link, (kin_hook_kind)kind, world_hook, &world->heard);
    }
}

static inline void world_open(struct world *world, const char *url)
{
    memset(world, 0, sizeof *world);
    world->schema = kin_schema_new();
    world_declare_links(world);
    world_declare_others(world);
    world->db = kin_open(url, world->schema);
    if (kin_db_error(world->db))
        fail_msg("%s", kin_db_error(world->db)->message);
    world->s = kin_session_open(world->db);
    assert_non_null(world->s);
}

static inline void world_watch(struct world *world) { kin_session_log(world->s, (kin_log){ .function = world_log, .context = world }); }

/* On SQLite, with its tables. */
static inline void world_start(struct world *world)
{
    world_open(world, "sqlite::memory:");
    if (!kin_sync(world->db))
        fail_msg("%s", kin_db_error(world->db)->message);
    world_watch(world);
}

static inline void world_end(struct world *world)
{
    world_forget(world);
    kin_session_close(world->s);
    kin_close(world->db);
    kin_schema_free(world->schema);
}

static inline void world_good(const struct world *world)
{
    if (!kin_ok(world->s))
        fail_msg("%s", kin_error_of(world->s)->message);
}

/* The session has an error of that status whose message holds the text; it is cleared. */
static inline void world_refused(const struct world *world, kin_status status, const char *text)
{
    const kin_error *error = kin_error_of(world->s);
    if (error->status != status || !strstr(error->message, text))
        fail_msg("status %d, not %d: %s", (int)error->status, (int)status, error->message);
    kin_clear_error(world->s);
}

/* The statements since the last look were so many; they are forgotten. */
static inline void world_sent(struct world *world, size_t count)
{
    world_good(world);
    if (world->sent_count != count) {
        for (size_t i = 0; i < world->sent_count; i++)
            print_message("%s\n", world->sent[i]);
        fail_msg("%zu statements, not %zu", world->sent_count, count);
    }
    world_forget(world);
}

/* The same for one statement, which holds the text. */
static inline void world_sent_one(struct world *world, const char *text)
{
    world_good(world);
    if (world->sent_count != 1 || !strstr(world->sent[0], text))
        fail_msg("%zu statements; %s", world->sent_count, world->sent_count ? world->sent[0] : "");
    world_forget(world);
}

/* The first cell of a query, which is named n. Leaves no trace in what was sent. */
static inline int64_t world_number(struct world *world, const char *sql)
{
    size_t before = world->sent_count, controls = world->control_count;
    kin_rows rows = (kin_query)(world->s, sql, 0, NULL);
    world_good(world);
    assert_int_equal(rows.count, 1);
    while (world->sent_count > before)
        free(world->sent[--world->sent_count]);
    world->control_count = controls;
    return kin_int(rows.at[0], "n");
}

static inline void world_text(struct world *world, const char *sql, const char *expected)
{
    size_t before = world->sent_count;
    kin_rows rows = (kin_query)(world->s, sql, 0, NULL);
    world_good(world);
    assert_int_equal(rows.count, 1);
    while (world->sent_count > before)
        free(world->sent[--world->sent_count]);
    const char *text = kin_text(rows.at[0], "n");
    assert_string_equal(text ? text : "(NULL)", expected);
}

static inline kin_row *world_task(struct world *world, const char *title)
{
    kin_row *task = kin_create(world->s, world->task, { "title", kin(title) }, { "done", kin(false) });
    world_good(world);
    return task;
}
static inline kin_row *world_project(struct world *world, const char *title)
{
    kin_row *project = kin_create(world->s, world->project, { "title", kin(title) });
    world_good(world);
    return project;
}
static inline kin_row *world_user(struct world *world, const char *name)
{
    kin_row *user = kin_create(world->s, world->user, { "username", kin(name) });
    world_good(world);
    return user;
}

#endif
