/*
 * Calls that are made while something fails: their n-th allocation, or their n-th driver call, once or from there on.
 *
 * A file of tests has a table of acts and gives it to fail_all. Each act is run on the same ground: a database file with the same rows in it,
 * and rows of it in memory. After each run the database is looked at through a connection that is not kin's. It must hold what
 * the act leaves where the act said that it succeeded, else what was there before; nothing may be locked; each row in memory must say about
 * itself what is true; the act must succeed when it is tried again; and when all is closed nothing may be left allocated.
 *
 * Each act is run by itself, in a transaction of the caller's, and in a transaction inside of a transaction.
 */
#ifndef GROUND_H
#define GROUND_H

#include "test.h"

#include <kin.h>
#include <sqlite3.h>

#include "driver/mock.h"

/* ---- memory that can run out ---- */

struct ground_memory {
    uint64_t fail_at; /* the allocation that fails, counted from 1; 0: none */
    bool for_ever;    /* and all that follow it */
    uint64_t made;    /* allocations asked for */
    size_t live;      /* blocks that were not freed */
    bool failed;
};

static struct ground_memory ground_memory;

static void *ground_reallocate(void *context, void *pointer, size_t size) {
    struct ground_memory *memory = context;
    if (size == 0) {
        memory->live -= pointer != NULL;
        free(pointer);
        return NULL;
    }
    uint64_t number = ++memory->made;
    if (memory->fail_at != 0 && (number == memory->fail_at || (memory->for_ever && number > memory->fail_at))) {
        memory->failed = true;
        return NULL;
    }
    void *result = realloc(pointer, size);
    memory->live += pointer == NULL && result != NULL;
    return result;
}

static inline void ground_memory_start(void) {
    ground_memory = (struct ground_memory){ 0 };
    kin_set_allocator(&(kin_allocator){ ground_reallocate, &ground_memory });
}

static inline void ground_memory_stop(void) {
    kin_set_allocator(NULL);
    if (ground_memory.live != 0)
        fail_msg("%zu blocks were not freed", ground_memory.live);
}

/* What fails, and how. */
enum ground_failing { FAIL_ALLOCATION, FAIL_CALL };

struct failing_plan {
    enum ground_failing what;
    bool for_ever;
    uint64_t at; /* 0: nothing fails, all is counted */
};

static inline void ground_fail_start(const struct failing_plan *plan) {
    ground_memory.made = 0;
    ground_memory.failed = false;
    ground_memory.for_ever = plan->for_ever;
    ground_memory.fail_at = plan->what == FAIL_ALLOCATION ? plan->at : 0;
    mock_fail_at(plan->what == FAIL_CALL ? plan->at : 0, plan->for_ever);
}

/* Everything works again. Returns whether something failed; count: of what was asked for. */
static inline bool ground_fail_stop(const struct failing_plan *plan, uint64_t *count) {
    bool calls = plan->what == FAIL_CALL;
    uint64_t made = calls ? mock_calls() : ground_memory.made;
    if (count)
        *count = made;
    ground_memory.fail_at = 0;
    mock_fail_at(0, false);
    return calls ? plan->at != 0 && made >= plan->at : ground_memory.failed;
}

/* Every n up to 200, then some of the others, always the same ones, then one past the end. f(context, n) for each. */
static inline void ground_each(uint64_t total, uint64_t every, uint64_t samples, void (*f)(void *context, uint64_t n), void *context) {
    uint64_t random = UINT64_C(0x2545F4914F6CDD1D);
    for (uint64_t n = 1; n <= total && n <= every; n++)
        f(context, n);
    if (total > every && total - every <= samples) {
        for (uint64_t n = every + 1; n <= total; n++)
            f(context, n);
    } else if (total > every) {
        for (uint64_t i = 0; i < samples; i++) {
            random ^= random << 13, random ^= random >> 7, random ^= random << 17;
            f(context, every + 1 + random % (total - every));
        }
    }
    f(context, total + 1);
}

/* ---- what a connection that is not kin's sees ---- */

struct digest {
    char *text;
    size_t size, capacity;
};

static inline void digest_add(struct digest *digest, const char *text) {
    size_t length = strlen(text);
    if (digest->size + length + 1 > digest->capacity) {
        digest->capacity = 2 * (digest->size + length + 1);
        digest->text = realloc(digest->text, digest->capacity);
        assert_non_null(digest->text);
    }
    memcpy(digest->text + digest->size, text, length + 1);
    digest->size += length;
}

static inline sqlite3_stmt *plain_prepare(sqlite3 *plain, const char *sql) {
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(plain, sql, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(plain));
    return statement;
}

static inline int64_t plain_integer(sqlite3 *plain, const char *sql) {
    sqlite3_stmt *statement = plain_prepare(plain, sql);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t result = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return result;
}

/* The rows of a table, times left out. */
static inline void digest_table(struct digest *digest, sqlite3 *plain, const char *table) {
    char sql[512];
    snprintf(sql, sizeof sql, "SELECT * FROM \"%s\" ORDER BY 1, 2", table);
    sqlite3_stmt *statement = plain_prepare(plain, sql);
    digest_add(digest, table);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        digest_add(digest, " (");
        for (int i = 0; i < sqlite3_column_count(statement); i++) {
            const char *name = sqlite3_column_name(statement, i);
            const char *text = (const char *)sqlite3_column_text(statement, i);
            size_t length = strlen(name);
            if (length > 2 && strcmp(name + length - 2, "At") == 0)
                text = text != NULL ? "then" : NULL;
            digest_add(digest, text != NULL ? text : "-");
            digest_add(digest, ",");
        }
        digest_add(digest, ")");
    }
    digest_add(digest, "\n");
    sqlite3_finalize(statement);
}

/* All tables and their rows, and what is declared; the table Outers is looked at by itself. */
static inline char *digest_of(sqlite3 *plain) {
    struct digest digest = { 0 };
    sqlite3_stmt *tables = plain_prepare(plain, "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite%' AND name <> 'Outers' ORDER BY 1, 2");
    digest_add(&digest, "");
    while (sqlite3_step(tables) == SQLITE_ROW) {
        digest_add(&digest, (const char *)sqlite3_column_text(tables, 2));
        digest_add(&digest, "\n");
        if (strcmp((const char *)sqlite3_column_text(tables, 0), "table") == 0)
            digest_table(&digest, plain, (const char *)sqlite3_column_text(tables, 1));
    }
    sqlite3_finalize(tables);
    return digest.text;
}

/* What kin has open must keep nobody from writing. */
static inline void plain_check_unlocked(sqlite3 *plain, const char *name) {
    if (sqlite3_exec(plain, "BEGIN IMMEDIATE; ROLLBACK", NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s has left the database locked: %s", name, sqlite3_errmsg(plain));
}

/* Where two texts part. */
static inline void digest_check(const char *found, const char *wanted, const char *name, const char *what) {
    size_t i = 0, start = 0;
    while (found[i] != '\0' && found[i] == wanted[i]) {
        if (found[i] == '\n')
            start = i + 1;
        i++;
    }
    if (found[i] != wanted[i])
        fail_msg("%s: the database does not have what it had %s:\n  %.300s\nand not\n  %.300s", name, what, found + start, wanted + start);
}

/* ---- the ground ---- */

struct ground_models {
    kin_schema *schema;
    kin_model *company, *user, *profile, *project, *task, *link, *heard, *echo, *note, *outer, *gone;
    kin_association *users, *company_of, *profile_of, *projects, *workers, *tasks, *project_of, *echoes, *heard_of;
};

static struct ground_models ground_models;

/* Writes down that it was called, in the transaction of the call. */
static bool ground_hook(void *context, const kin_hook_event *event) {
    (void)context;
    char text[32];
    snprintf(text, sizeof text, "hook %d", (int)event->kind);
    return kin_create(event->session, ground_models.note, { "text", kin(text) }) != NULL;
}

/* A key that is never given to another row. */
#define GROUND_ID KIN_INTEGER("id", .primary_key = true, .auto_increment = true)

static void (*ground_declare_more)(kin_schema *schema); /* a file's own models */

static inline void ground_declare(struct ground_models *m) {
    kin_schema *schema = m->schema = kin_schema_new();
    m->company = kin_define(schema, "Company", KIN_ATTRIBUTES(KIN_STRING("name")));
    m->user = kin_define(schema, "User", KIN_ATTRIBUTES(GROUND_ID, KIN_STRING("name"), KIN_STRING("email", .unique = true), KIN_INTEGER("age")), .timestamps = true);
    m->profile = kin_define(schema, "Profile", KIN_ATTRIBUTES(KIN_TEXT("bio")));
    m->project = kin_define(schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title", .not_null = true)));
    m->task = kin_define(schema, "Task", KIN_ATTRIBUTES(GROUND_ID, KIN_STRING("title"), KIN_BOOLEAN("done", .default_value = kin(false))));
    m->link = kin_define(schema, "UserProjects", KIN_ATTRIBUTES(KIN_STRING("status", .default_value = kin("new"))));
    m->heard = kin_define(schema, "Heard", KIN_ATTRIBUTES(GROUND_ID, KIN_STRING("name")));
    m->echo = kin_define(schema, "Echo", KIN_ATTRIBUTES(KIN_STRING("name")));
    m->note = kin_define(schema, "Note", KIN_ATTRIBUTES(KIN_STRING("text")));
    m->outer = kin_define(schema, "Outer", KIN_ATTRIBUTES(KIN_STRING("text")));
    m->gone = kin_define(schema, "Gone", KIN_ATTRIBUTES(GROUND_ID, KIN_STRING("text")), .timestamps = true, .paranoid = true);
    m->users = kin_has_many(m->company, m->user);
    m->company_of = kin_belongs_to(m->user, m->company);
    m->profile_of = kin_has_one(m->user, m->profile);
    m->projects = kin_belongs_to_many(m->user, m->project, .through_model = m->link);
    m->workers = kin_belongs_to_many(m->project, m->user, .through = "UserProjects", .as = "workers");
    m->tasks = kin_has_many(m->project, m->task);
    m->project_of = kin_belongs_to(m->task, m->project);
    m->echoes = kin_has_many(m->heard, m->echo, .on_delete = KIN_CASCADE, .hooks = true);
    m->heard_of = kin_belongs_to(m->echo, m->heard);
    static const kin_hook_kind kinds[] = { KIN_BEFORE_CREATE, KIN_AFTER_CREATE, KIN_BEFORE_UPDATE, KIN_AFTER_UPDATE, KIN_BEFORE_DESTROY, KIN_AFTER_DESTROY };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        kin_hook_add(m->heard, kinds[i], ground_hook, NULL);
        if (kinds[i] == KIN_AFTER_DESTROY)
            kin_hook_add(m->echo, kinds[i], ground_hook, NULL);
    }
    if (ground_declare_more)
        ground_declare_more(schema);
    if (!kin_schema_link(schema))
        fail_msg("%s", kin_schema_error(schema)->message);
}

enum { GROUND_LOOKED_AT = 12 };

struct ground {
    kin_db *db;
    kin_session *s;
    kin_row *company, *user, *projects[4], *tasks[4], *heard, *gone;
    kin_row *built, *other;    /* of an act's prepare */
    kin_row *looked_at[GROUND_LOOKED_AT]; /* rows that the act is given, or makes: what they say about themselves is checked */
    size_t looked_at_count;
};

struct act {
    const char *name;
    void (*prepare)(struct ground *g); /* while nothing fails */
    bool (*run)(struct ground *g);
    bool changes_nothing;
    bool may_succeed;          /* although a call fails: a rollback that fails is made good by closing the connection */
};

static sqlite3 *ground_plain;    /* the connection that is not kin's */
static sqlite3 *ground_template; /* what every round begins with */
static char ground_url[4300];

static inline void look_at(struct ground *g, kin_row *row) {
    for (size_t i = 0; i < g->looked_at_count; i++)
        if (g->looked_at[i] == row)
            return;
    assert_true(g->looked_at_count < GROUND_LOOKED_AT);
    if (row != NULL)
        g->looked_at[g->looked_at_count++] = row;
}

static inline void ground_good(struct ground *g, const char *where) {
    if (!kin_ok(g->s))
        fail_msg("%s: status %d: %s", where, (int)kin_error_of(g->s)->status, kin_error_of(g->s)->message);
}

static inline void ground_copy(sqlite3 *from, sqlite3 *to) {
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    assert_non_null(backup);
    int code = sqlite3_backup_step(backup, -1);
    sqlite3_backup_finish(backup);
    if (code != SQLITE_DONE)
        fail_msg("cannot copy a database: %s", sqlite3_errstr(code));
}

static inline void ground_fill(kin_session *s, const struct ground_models *m) {
    kin_row *company = kin_create(s, m->company, { "name", kin("company") });
    kin_row *user = kin_create(s, m->user, { "name", kin("user") }, { "email", kin("user@") });
    kin_row *other = kin_create(s, m->user, { "name", kin("other") }, { "email", kin("other@") });
    kin_row *projects[4];
    for (int i = 0; i < 4; i++) {
        projects[i] = kin_create(s, m->project, { "title", kin("project") });
        for (int k = 0; k < 2; k++)
            kin_create_for(projects[i], m->tasks, { "title", kin("task") });
    }
    kin_set(company, m->users, KIN_ROWS(user, other));
    kin_set_one(user, m->profile_of, kin_create(s, m->profile, { "bio", kin("old") }));
    kin_create(s, m->profile, { "bio", kin("new") });
    kin_set(user, m->projects, KIN_ROWS(projects[0], projects[1]), .through = KIN_VALUES({ "status", kin("old") }));
    kin_set(other, m->projects, KIN_ROWS(projects[1], projects[2]));
    kin_row *heard = kin_create(s, m->heard, { "name", kin("heard") });
    for (int i = 0; i < 3; i++)
        kin_create(s, m->echo, { "name", kin("echo") }, { "HeardId", kin_value_of(heard, "id") });
    kin_create(s, m->gone, { "text", kin("there") });
}

/* Once a test: the schema, the template, the connection that is not kin's. journal: its mode, "delete" or "wal". */
static inline void ground_open(const char *journal) {
    char path[4200], pragma[100];
    ground_declare(&ground_models);
    snprintf(path, sizeof path, "%s/ground.db", test_temporary());
    snprintf(ground_url, sizeof ground_url, "failing:sqlite:%s?journal_mode=%s&synchronous=off&busy_timeout=0", path, journal);
    kin_db *db = kin_open(ground_url, ground_models.schema);
    kin_session *s = kin_session_open(db);
    if (!kin_sync(db))
        fail_msg("%s", kin_db_error(db)->message);
    ground_fill(s, &ground_models);
    if (!kin_ok(s))
        fail_msg("%s", kin_error_of(s)->message);
    kin_session_close(s);
    kin_close(db);
    assert_int_equal(sqlite3_open(path, &ground_plain), SQLITE_OK);
    assert_int_equal(sqlite3_open(":memory:", &ground_template), SQLITE_OK);
    snprintf(pragma, sizeof pragma, "PRAGMA journal_mode=%s; PRAGMA synchronous=off", journal);
    assert_int_equal(sqlite3_exec(ground_plain, pragma, NULL, NULL, NULL), SQLITE_OK);
    ground_copy(ground_plain, ground_template);
}

static inline void ground_close(void) {
    sqlite3_close(ground_plain);
    sqlite3_close(ground_template);
    kin_schema_free(ground_models.schema);
}

static inline void ground_start(struct ground *g, const struct act *act) {
    const struct ground_models *m = &ground_models;
    memset(g, 0, sizeof *g);
    ground_copy(ground_template, ground_plain);
    ground_memory_start();
    g->db = kin_open(ground_url, m->schema, .pool = 1);
    g->s = kin_session_open(g->db);
    g->company = kin_find_by_pk(g->s, m->company, kin(1));
    g->user = kin_find_by_pk(g->s, m->user, kin(1));
    kin_rows projects = kin_find_all(g->s, m->project, .order = KIN_NAMES("id"));
    kin_rows tasks = kin_find_all(g->s, m->task, .order = KIN_NAMES("id"), .limit = 4);
    ground_good(g, act->name);
    for (size_t i = 0; i < 4; i++) {
        g->projects[i] = projects.at[i];
        g->tasks[i] = tasks.at[i];
    }
    g->heard = kin_find_by_pk(g->s, m->heard, kin(1));
    g->gone = kin_find_by_pk(g->s, m->gone, kin(1));
    if (act->prepare)
        act->prepare(g);
    ground_good(g, act->name);
}

static inline void ground_end(struct ground *g) {
    kin_session_close(g->s);
    kin_close(g->db);
    ground_memory_stop();
}

/* ---- what must hold ---- */

/* A saved row is in the database, and says the same where nothing is pending, or is known to be stale; others are not there. */
static inline void ground_check_row(struct ground *g, const char *name, kin_row *row) {
    kin_value key = kin_key_of(row);
    kin_row *found = key.type == KIN_VALUE_UNSET ? NULL : kin_find_by_pk(g->s, kin_model_of(row), key, .with_deleted = true);
    ground_good(g, name);
    const kin_model_info *info = kin_model_describe(kin_model_of(row));
    if (!kin_is_saved(row)) {
        if (found)
            fail_msg("%s: a %s says that it is not saved, and is in the database", name, info->name);
        return;
    }
    if (!found)
        fail_msg("%s: a %s says that it is saved, and is not in the database", name, info->name);
    for (size_t i = 0; i < info->attributes.count; i++) {
        const char *attribute = info->attributes.at[i];
        if (kin_changed(row, attribute) || !kin_is_loaded(row, attribute))
            continue;
        kin_value mine = kin_value_of(row, attribute), theirs = kin_value_of(found, attribute);
        bool text = mine.type == KIN_VALUE_TEXT && theirs.type == KIN_VALUE_TEXT;
        bool same = text ? mine.as.text.size == theirs.as.text.size && memcmp(mine.as.text.data, theirs.as.text.data, mine.as.text.size) == 0
                         : mine.type == theirs.type && (mine.type == KIN_VALUE_NULL || mine.as.integer == theirs.as.integer);
        if (same)
            continue;
        const char *change = kin_model_has_attribute(kin_model_of(row), "name") ? "name" : kin_model_has_attribute(kin_model_of(row), "text") ? "text" : "title";
        kin_put(row, change, kin("stale?"));
        if (kin_save(row) || kin_error_of(g->s)->status != KIN_STALE)
            fail_msg("%s: %s.%s is not what the database has, and the row does not know", name, info->name, attribute);
        kin_clear_error(g->s);
        assert_true(kin_reload(row));
        return;
    }
}

static inline void ground_check(struct ground *g, const char *name, const char *wanted, const char *what) {
    if (kin_transaction_depth(g->s) != 0)
        fail_msg("%s has left %zu levels open", name, kin_transaction_depth(g->s));
    plain_check_unlocked(ground_plain, name);
    char *found = digest_of(ground_plain);
    digest_check(found, wanted, name, what);
    free(found);
    for (size_t i = 0; i < g->looked_at_count; i++)
        ground_check_row(g, name, g->looked_at[i]);
}

/* ---- the loop ---- */

enum ground_around { BY_ITSELF, IN_A_LEVEL, IN_TWO_LEVELS };

struct loop {
    const struct act *act;
    enum ground_around around;
    struct failing_plan plan;
    char *before, *after;
    uint64_t total; /* allocations or calls of a run that met no failure */
    char name[200]; /* of the round, for messages */
};

/* Runs the act as loop->around has it, failing as planned. committed: what it did stays. */
static inline bool loop_run(struct loop *loop, struct ground *g, bool *met, bool *outer, uint64_t *count) {
    kin_session *s = g->s;
    *outer = false;
    if (loop->around == IN_TWO_LEVELS)
        assert_true(kin_begin(s) && kin_create(s, ground_models.outer, { "text", kin("outer") }) != NULL);
    if (loop->around != BY_ITSELF)
        assert_true(kin_begin(s));
    ground_fail_start(&loop->plan);
    bool done = loop->act->run(g);
    if (done != kin_ok(s))
        fail_msg("%s: the call says %d, and the session %d: %s", loop->name, done, kin_ok(s), kin_error_of(s)->message);
    if (loop->around != BY_ITSELF) {
        if (!loop->plan.for_ever)
            *met = ground_fail_stop(&loop->plan, count);
        done = done ? kin_commit(s) : (kin_rollback(s), false);
    }
    if (loop->around == BY_ITSELF || loop->plan.for_ever)
        *met = ground_fail_stop(&loop->plan, count);
    if (done && loop->plan.what == FAIL_CALL && *met && !loop->act->may_succeed)
        fail_msg("%s: it says that it succeeded", loop->name);
    if (!done && !*met)
        fail_msg("%s: nothing failed: %s", loop->name, kin_error_of(s)->message);
    if (!done) {
        const kin_error *error = kin_error_of(s);
        if (loop->plan.what == FAIL_ALLOCATION ? error->status != KIN_NO_MEMORY : strstr(error->message, "injected failure") == NULL)
            fail_msg("%s: status %d: %s", loop->name, (int)error->status, error->message);
        kin_clear_error(s);
    }
    if (loop->around == IN_TWO_LEVELS) {
        *outer = kin_commit(s);
        if (!*outer && !loop->plan.for_ever)
            fail_msg("%s: the transaction around it could not be committed: %s", loop->name, kin_error_of(s)->message);
        if (!*outer)
            done = false;
        kin_clear_error(s);
    }
    return done;
}

static inline void loop_round(void *context, uint64_t n) {
    static const char *const arounds[] = { "", " in a transaction", " in a transaction in a transaction" };
    struct loop *loop = context;
    struct ground g;
    bool met = false, outer = false;
    loop->plan.at = n;
    snprintf(loop->name, sizeof loop->name, "%s%s, %s %d failing%s", loop->act->name, arounds[loop->around],
             loop->plan.what == FAIL_CALL ? "call" : "allocation", (int)n, loop->plan.for_ever ? " for ever" : "");
    ground_start(&g, loop->act);
    bool done = loop_run(loop, &g, &met, &outer, NULL);
    if (n > loop->total && !done)
        fail_msg("%s: it should have met no failure", loop->name);
    ground_check(&g, loop->name, done ? loop->after : loop->before, done ? "after it" : "before it");
    if (plain_integer(ground_plain, "SELECT count(*) FROM Outers") != outer)
        fail_msg("%s: what was done before it in the transaction", loop->name);
    if (!done) {
        strncat(loop->name, ", again", sizeof loop->name - strlen(loop->name) - 1);
        if (!loop->act->run(&g))
            fail_msg("%s: %s", loop->name, kin_error_of(g.s)->message);
        ground_check(&g, loop->name, loop->after, "after it");
    }
    ground_end(&g);
}

/* What the act leaves, and how much it asks for. */
static inline void loop_expect(struct loop *loop) {
    struct ground g;
    bool met, outer;
    loop->plan.at = 0;
    snprintf(loop->name, sizeof loop->name, "%s", loop->act->name);
    ground_start(&g, loop->act);
    loop->before = digest_of(ground_plain);
    if (!loop_run(loop, &g, &met, &outer, &loop->total))
        fail_msg("%s: %s", loop->name, kin_error_of(g.s)->message);
    loop->after = digest_of(ground_plain);
    if ((strcmp(loop->before, loop->after) == 0) != loop->act->changes_nothing)
        fail_msg("%s: what it changes is not what is said of it", loop->name);
    ground_check(&g, loop->name, loop->after, "after it");
    ground_end(&g);
}

static inline void fail_all(const struct act *acts, size_t count, enum ground_around around, enum ground_failing what, bool for_ever) {
    ground_open(what == FAIL_CALL ? "wal" : "delete");
    for (size_t i = 0; i < count; i++) {
        struct loop loop = { .act = &acts[i], .around = around, .plan = { .what = what, .for_ever = for_ever } };
        loop_expect(&loop);
        ground_each(loop.total, 200, test_long() ? 500 : 20, loop_round, &loop);
        free(loop.before);
        free(loop.after);
    }
    ground_close();
}

/* The twelve tests of a table of acts. */
#define FAIL_TESTS(name, acts)                                                                                                       \
    TEST(name##_while_a_call_fails) { fail_all(acts, sizeof acts / sizeof acts[0], BY_ITSELF, FAIL_CALL, false); }                   \
    TEST(name##_while_all_calls_fail) { fail_all(acts, sizeof acts / sizeof acts[0], BY_ITSELF, FAIL_CALL, true); }                  \
    TEST(name##_while_an_allocation_fails) { fail_all(acts, sizeof acts / sizeof acts[0], BY_ITSELF, FAIL_ALLOCATION, false); }      \
    TEST(name##_while_all_allocations_fail) { fail_all(acts, sizeof acts / sizeof acts[0], BY_ITSELF, FAIL_ALLOCATION, true); }      \
    TEST(name##_in_a_level_while_a_call_fails) { fail_all(acts, sizeof acts / sizeof acts[0], IN_A_LEVEL, FAIL_CALL, false); }       \
    TEST(name##_in_a_level_while_all_calls_fail) { fail_all(acts, sizeof acts / sizeof acts[0], IN_A_LEVEL, FAIL_CALL, true); }      \
    TEST(name##_in_a_level_while_an_allocation_fails) { fail_all(acts, sizeof acts / sizeof acts[0], IN_A_LEVEL, FAIL_ALLOCATION, false); }  \
    TEST(name##_in_a_level_while_all_allocations_fail) { fail_all(acts, sizeof acts / sizeof acts[0], IN_A_LEVEL, FAIL_ALLOCATION, true); }  \
    TEST(name##_in_two_levels_while_a_call_fails) { fail_all(acts, sizeof acts / sizeof acts[0], IN_TWO_LEVELS, FAIL_CALL, false); }         \
    TEST(name##_in_two_levels_while_all_calls_fail) { fail_all(acts, sizeof acts / sizeof acts[0], IN_TWO_LEVELS, FAIL_CALL, true); }        \
    TEST(name##_in_two_levels_while_an_allocation_fails) { fail_all(acts, sizeof acts / sizeof acts[0], IN_TWO_LEVELS, FAIL_ALLOCATION, false); } \
    TEST(name##_in_two_levels_while_all_allocations_fail) { fail_all(acts, sizeof acts / sizeof acts[0], IN_TWO_LEVELS, FAIL_ALLOCATION, true); }

#endif
