/* What really happens to a database: the disk is full, somebody else holds it, the file may only be read, is no database, or lies nowhere. */
#include "ground.h"

#include <signal.h>
#include <sys/resource.h>

static const struct ground_models *const models = &ground_models;

/* ---- a full disk ---- */

static bool create_large(struct ground *g) {
    static char text[6000];
    memset(text, 'x', sizeof text - 1);
    bool good = true;
    for (int i = 0; good && i < 3; i++) {
        kin_row *row = kin_create(g->s, models->note, { "text", kin((const char *)text) });
        good = row != NULL;
        look_at(g, row);
    }
    return good;
}

static bool create_many(struct ground *g) {
    kin_assignment value = { "text", kin("a text of some length, so that a few hundred of them do not fit into the pages there are") };
    kin_values *records = malloc(300 * sizeof *records);
    for (size_t i = 0; i < 300; i++)
        records[i] = kin_values_of(1, &value);
    kin_rows rows = kin_bulk_create(g->s, models->note, kin_records_of(300, records));
    free(records);
    return rows.count == 300;
}

static bool link_and_create(struct ground *g) {
    look_at(g, g->user);
    kin_put(g->user, "name", kin("never"));
    return kin_save(g->user) && kin_set(g->user, models->projects, KIN_ROWS(g->projects[2], g->projects[3])).count == 2 && create_many(g);
}

static bool destroy_all(struct ground *g) {
    look_at(g, g->heard);
    return kin_destroy(g->heard) && create_large(g);
}

static const struct act acts[] = {
    { "rows of several pages", NULL, create_large, false, false },
    { "kin_bulk_create", NULL, create_many, false, false },
    { "kin_save, kin_set and kin_bulk_create", NULL, link_and_create, false, false },
    { "kin_destroy and rows of several pages", NULL, destroy_all, false, false },
};

static void set_pages(struct ground *g, int64_t pages) {
    char sql[100];
    snprintf(sql, sizeof sql, "PRAGMA max_page_count = %d", (int)pages);
    kin_rows rows = (kin_query)(g->s, sql, 0, NULL);
    assert_int_equal(rows.count, 1);
}

/* In one transaction, with `room` pages more than there are. True when it fit. */
static bool run_in_room(const struct act *act, int64_t room, char **before, char **after) {
    struct ground g;
    char name[200];
    ground_start(&g, act);
    snprintf(name, sizeof name, "%s with room for %d pages", act->name, (int)room);
    *before = digest_of(ground_plain);
    set_pages(&g, plain_integer(ground_plain, "PRAGMA page_count") + room);
    assert_true(kin_begin(g.s));
    bool good = act->run(&g);
    if (good != kin_ok(g.s))
        fail_msg("%s: the call and the session do not agree", name);
    if (!good && (kin_error_of(g.s)->status != KIN_DATABASE || strstr(kin_error_of(g.s)->message, "full") == NULL))
        fail_msg("%s: status %d: %s", name, (int)kin_error_of(g.s)->status, kin_error_of(g.s)->message);
    kin_clear_error(g.s);
    bool committed = kin_commit(g.s);
    if (committed != good)
        fail_msg("%s: committed %d: %s", name, committed, kin_error_of(g.s)->message);
    kin_clear_error(g.s);
    if (!good) {
        ground_check(&g, name, *before, "before it");
        set_pages(&g, 100000);
        assert_true(kin_begin(g.s));
        if (!act->run(&g) || !kin_commit(g.s))
            fail_msg("%s, again: %s", name, kin_error_of(g.s)->message);
    }
    *after = digest_of(ground_plain);
    for (size_t i = 0; i < g.looked_at_count; i++)
        if (kin_is_saved(g.looked_at[i])) /* the second time made new rows */
            ground_check_row(&g, name, g.looked_at[i]);
    plain_check_unlocked(ground_plain, name);
    ground_end(&g);
    return good;
}

static void fill_disk(const char *journal) {
    ground_open(journal);
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
        char *last = NULL;
        bool fit = false;
        for (int64_t room = 0; !fit; room++) {
            char *before, *after;
            assert_true(room < 60);
            fit = run_in_room(&acts[i], room, &before, &after);
            if (last)
                digest_check(after, last, acts[i].name, "in the end");
            free(before);
            free(last);
            last = after;
        }
        free(last);
    }
    ground_close();
}

TEST(a_full_disk_with_a_rollback_journal) { fill_disk("delete"); }
TEST(a_full_disk_with_a_write_ahead_log) { fill_disk("wal"); }

/* One transaction, while the process may write files of so many bytes and no more: COMMIT fails, or the journal cannot be written. */
static bool run_in_files_of(struct ground *g, const struct act *act, rlim_t limit) {
    struct rlimit all, few;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &all), 0);
    few = (struct rlimit){ limit, all.rlim_max };
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &few), 0);
    bool good = kin_begin(g->s) && act->run(g);
    while (kin_transaction_depth(g->s) > 0) /* once at most */
        good = good ? kin_commit(g->s) : (kin_rollback(g->s), false);
    setrlimit(RLIMIT_FSIZE, &all);
    return good;
}

static void files_of_some_bytes(const char *journal) {
    static const struct act *const act = &acts[2];
    struct ground g;
    signal(SIGXFSZ, SIG_IGN);
    ground_open(journal);
    ground_start(&g, act);
    char *before = digest_of(ground_plain);
    assert_true(kin_begin(g.s) && act->run(&g) && kin_commit(g.s));
    char *after = digest_of(ground_plain);
    ground_end(&g);
    bool good = false;
    for (rlim_t limit = 0; !good; limit += 8192) {
        char name[100];
        snprintf(name, sizeof name, "files of %d bytes at most", (int)limit);
        assert_true(limit < 1000000);
        ground_start(&g, act);
        good = run_in_files_of(&g, act, limit);
        if (good != kin_ok(g.s))
            fail_msg("%s: the call and the session do not agree: %s", name, kin_error_of(g.s)->message);
        kin_clear_error(g.s);
        ground_check(&g, name, good ? after : before, good ? "after it" : "before it");
        if (!good && !(kin_begin(g.s) && act->run(&g) && kin_commit(g.s)))
            fail_msg("%s, again: %s", name, kin_error_of(g.s)->message);
        ground_check(&g, name, after, "after it");
        ground_end(&g);
    }
    free(before);
    free(after);
    ground_close();
}

TEST(files_that_may_not_grow_with_a_rollback_journal) { files_of_some_bytes("delete"); }
TEST(files_that_may_not_grow_with_a_write_ahead_log) { files_of_some_bytes("wal"); }

/* ---- somebody else ---- */

static bool update(struct ground *g) {
    kin_put(g->user, "name", kin("changed"));
    look_at(g, g->user);
    return kin_save(g->user);
}

/* While another process writes: KIN_BUSY, nothing is changed, and it goes on when the other has ended. */
static void held_by_another(const char *journal, const char *lock) {
    static const struct act act = { "kin_save", NULL, update, false, false };
    ground_open(journal);
    struct ground g;
    ground_start(&g, &act);
    char *before = digest_of(ground_plain);
    assert_int_equal(sqlite3_exec(ground_plain, lock, NULL, NULL, NULL), SQLITE_OK);
    assert_false(update(&g));
    if (kin_error_of(g.s)->status != KIN_BUSY)
        fail_msg("status %d: %s", (int)kin_error_of(g.s)->status, kin_error_of(g.s)->message);
    kin_clear_error(g.s);
    assert_false(kin_begin(g.s));
    assert_int_equal(kin_error_of(g.s)->status, KIN_BUSY);
    kin_clear_error(g.s);
    assert_int_equal(kin_transaction_depth(g.s), 0);
    assert_false(kin_sync(g.db, .force = true));
    assert_int_equal(kin_db_error(g.db)->status, KIN_BUSY);
    assert_int_equal(sqlite3_exec(ground_plain, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    ground_check(&g, journal, before, "before it");
    assert_true(update(&g));
    assert_true(kin_begin(g.s) && kin_commit(g.s));
    assert_null(kin_db_error(g.db) && !kin_sync(g.db) ? kin_db_error(g.db) : NULL);
    free(before);
    ground_end(&g);
    ground_close();
}

TEST(another_process_writes) { held_by_another("wal", "BEGIN IMMEDIATE"); }
TEST(another_process_writes_with_a_rollback_journal) { held_by_another("delete", "BEGIN IMMEDIATE"); }
TEST(another_process_has_it_for_itself) { held_by_another("delete", "BEGIN EXCLUSIVE"); }

/* A transaction that reads first and writes then cannot when somebody has written in between: told, not half done. */
static bool read_then_write(kin_session *s, void *context) {
    struct ground *g = context;
    return kin_count_all(s, models->user) >= 0 && (g->other == NULL) && kin_put(g->user, "name", kin("x")) && kin_save(g->user);
}

TEST(a_transaction_is_run_again_when_it_was_busy)
{
    static const struct act act = { "kin_transaction", NULL, update, false, false };
    ground_open("wal");
    struct ground g;
    ground_start(&g, &act);
    assert_int_equal(sqlite3_exec(ground_plain, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_false(kin_transaction(g.s, read_then_write, &g));
    assert_int_equal(kin_error_of(g.s)->status, KIN_BUSY);
    kin_clear_error(g.s);
    assert_int_equal(sqlite3_exec(ground_plain, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    assert_true(kin_transaction(g.s, read_then_write, &g));
    ground_end(&g);
    ground_close();
}

/* ---- files that are none ---- */

static void not_opened(const char *url, kin_status status) {
    kin_schema *schema = kin_schema_new();
    kin_define(schema, "A", KIN_ATTRIBUTES(KIN_STRING("x")));
    assert_true(kin_schema_link(schema));
    ground_memory_start();
    kin_db *db = kin_open(url, schema);
    if (kin_db_error(db) == NULL || kin_db_error(db)->status != status)
        fail_msg("%s: status %d: %s", url, kin_db_error(db) ? (int)kin_db_error(db)->status : 0, kin_db_error(db) ? kin_db_error(db)->message : "");
    assert_false(kin_sync(db) || kin_drop(db));
    assert_null(kin_sync_sql(db));
    kin_session *s = kin_session_open(db);
    assert_false(kin_ok(s));
    kin_clear_error(s);
    assert_false(kin_ok(s) || kin_begin(s) || kin_commit(s) || kin_rollback(s));
    assert_null(kin_create(s, kin_model_at(schema, 0), KIN_DEFAULTS));
    kin_session_close(s);
    kin_close(db);
    ground_memory_stop();
    kin_schema_free(schema);
}

TEST(files_that_are_no_databases)
{
    char path[4200], url[4300];
    snprintf(path, sizeof path, "%s/text", test_temporary());
    snprintf(url, sizeof url, "sqlite:%s", path);
    FILE *file = fopen(path, "w");
    for (int i = 0; i < 1000; i++)
        fputs("this is no database ", file);
    fclose(file);
    not_opened(url, KIN_CONNECTION);
    snprintf(url, sizeof url, "sqlite:%s", test_temporary());
    not_opened(url, KIN_CONNECTION);
    snprintf(url, sizeof url, "sqlite:%s/nowhere/at/all.db", test_temporary());
    not_opened(url, KIN_CONNECTION);
    snprintf(url, sizeof url, "sqlite:%s/missing.db?read_only=on", test_temporary());
    not_opened(url, KIN_CONNECTION);
}

TEST(a_file_that_may_only_be_read)
{
    ground_open("delete");
    struct ground g;
    char *before = digest_of(ground_plain);
    snprintf(ground_url + strlen(ground_url), sizeof ground_url - strlen(ground_url), "&read_only=on");
    static const struct act act = { "a read-only file", NULL, update, false, false };
    char *mode = strstr(ground_url, "journal_mode=delete&");
    memmove(mode, mode + strlen("journal_mode=delete&"), strlen(mode + strlen("journal_mode=delete&")) + 1);
    ground_start(&g, &act);
    assert_false(update(&g));
    assert_int_not_equal(kin_error_of(g.s)->status, KIN_OK);
    kin_clear_error(g.s);
    assert_false(kin_sync(g.db, .force = true));
    assert_int_equal(kin_execute(g.s, "DELETE FROM Tasks"), -1);
    kin_clear_error(g.s);
    ground_check(&g, act.name, before, "before it");
    free(before);
    ground_end(&g);
    ground_close();
}
