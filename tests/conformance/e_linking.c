/* Has-many, as links are set, added and removed: the key in the targets' table is all that is written, and never is a target deleted. */
#include <kin.h>

#include "test.h"
#include "world.h"

struct plan {
    struct world w;
    kin_model *project, *task;
    kin_association *tasks;
    kin_row *engine, *loom; /* the engine has A and B, the loom has C; D and E are nobody's */
    kin_row *a, *b, *c, *d, *e;
};

static kin_row *plan_task(struct plan *p, const char *title, const kin_row *project) {
    return kin_create(p->w.s, p->task, { "title", kin(title) }, { "ProjectId", kin_key_of(project) });
}

static void plan_declare(struct plan *p, bool not_null) {
    memset(p, 0, sizeof *p);
    world_start(&p->w);
    p->project = kin_define(p->w.schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")));
    p->task = kin_define(p->w.schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title", .validate = { .max_length = 20 }), KIN_INTEGER("hours")));
    p->tasks = kin_has_many(p->project, p->task, .key = { .not_null = not_null });
}

static void plan_fill(struct plan *p) {
    p->engine = kin_create(p->w.s, p->project, { "title", kin("Engine") });
    p->loom = kin_create(p->w.s, p->project, { "title", kin("Loom") });
    p->a = plan_task(p, "A", p->engine);
    p->b = plan_task(p, "B", p->engine);
    p->c = plan_task(p, "C", p->loom);
    if (!kin_attribute_named(p->task, "ProjectId")->not_null) {
        p->d = kin_create(p->w.s, p->task, { "title", kin("D") });
        p->e = kin_create(p->w.s, p->task, { "title", kin("E") });
    }
    assert_kin_ok(p->w.s);
    world_forget(&p->w);
}

static void plan_open(struct plan *p) {
    plan_declare(p, false);
    world_open(&p->w);
    plan_fill(p);
}

/* SQL as it reads without quotes, "?" for every bind. */
static const char *plain(const char *sql) {
    static char text[4096];
    size_t size = 0;
    for (; *sql && size + 1 < sizeof text; sql++) {
        if (*sql == '`' || *sql == '"')
            continue;
        text[size++] = *sql == '$' ? '?' : *sql;
        while (*sql == '$' && sql[1] >= '0' && sql[1] <= '9')
            sql++;
    }
    text[size] = '\0';
    return text;
}

/* The n-th UPDATE that was sent. */
static const char *update_sent(const struct world *w, size_t number) {
    for (size_t i = 0; i < w->statement_count; i++)
        if (strncmp(world_statement(w, i), "UPDATE", 6) == 0 && number-- == 0)
            return plain(world_statement(w, i));
    return "";
}

/* The first letters of the titles that the database has under a project (NULL: nobody's), in order: "AB". What was sent so far stays on record. */
static const char *in_database(struct plan *p, const kin_row *project) {
    static char text[64];
    size_t recorded = p->w.statement_count;
    kin_rows rows = kin_find_all(p->w.s, p->task, .where = kin_eq("ProjectId", project ? kin_key_of(project) : kin_null), .order = KIN_NAMES("title"));
    assert_kin_ok(p->w.s);
    while (p->w.statement_count > recorded)
        free(p->w.statements[--p->w.statement_count]);
    size_t count = 0;
    for (; count < rows.count && count + 1 < sizeof text; count++)
        text[count] = kin_text(rows.at[count], "title")[0];
    text[count] = '\0';
    return text;
}

/* ---- set ---- */

TEST(E7_set_makes_the_links_exactly_these_with_two_updates) {
    struct plan p;
    plan_open(&p);
    kin_rows linked = kin_set(p.engine, p.tasks, KIN_ROWS(p.b, p.d, p.e));
    assert_kin_ok(p.w.s);
    assert_int_equal(world_sent(&p.w, "UPDATE"), 2);
    assert_int_equal(world_sent(&p.w, "SELECT") + 2, world_sent(&p.w, NULL));
    assert_true(strncmp(world_statement(&p.w, 0), "SELECT", 6) == 0);
    assert_non_null(strstr(update_sent(&p.w, 0), "UPDATE Tasks SET ProjectId = ? WHERE ProjectId = ? AND id"));
    assert_non_null(strstr(update_sent(&p.w, 1), "UPDATE Tasks SET ProjectId = ? WHERE id"));
    assert_string_equal(in_database(&p, p.engine), "BDE");
    assert_string_equal(in_database(&p, NULL), "A");
    assert_string_equal(in_database(&p, p.loom), "C");
    assert_int_equal(linked.count, 3);
    assert_ptr_equal(linked.at[0], p.b);
    assert_ptr_equal(linked.at[1], p.d);
    assert_ptr_equal(linked.at[2], p.e);
    world_close(&p.w);
}

TEST(E7_an_update_that_has_nothing_to_do_is_left_out) {
    struct plan p;
    plan_open(&p);
    assert_int_equal(kin_set(p.engine, p.tasks, KIN_ROWS(p.a, p.b, p.d)).count, 3); /* nobody leaves */
    assert_int_equal(world_sent(&p.w, "UPDATE"), 1);
    assert_null(strstr(update_sent(&p.w, 0), "WHERE ProjectId = ?"));
    assert_string_equal(in_database(&p, p.engine), "ABD");
    world_forget(&p.w);
    assert_int_equal(kin_set(p.engine, p.tasks, KIN_ROWS(p.d)).count, 1); /* nobody joins */
    assert_int_equal(world_sent(&p.w, "UPDATE"), 1);
    assert_non_null(strstr(update_sent(&p.w, 0), "WHERE ProjectId = ?"));
    assert_string_equal(in_database(&p, p.engine), "D");
    assert_string_equal(in_database(&p, NULL), "ABE");
    assert_kin_ok(p.w.s);
    world_close(&p.w);
}

TEST(E7_rows_that_stay_are_not_written) {
    struct plan p;
    world_start(&p.w);
    p.project = kin_define(p.w.schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")));
    p.task = kin_define(p.w.schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title")), .timestamps = true);
    p.tasks = kin_has_many(p.project, p.task);
    world_open(&p.w);
    p.engine = kin_create(p.w.s, p.project, { "title", kin("Engine") });
    kin_row *rows[3];
    for (int i = 0; i < 3; i++)
        rows[i] = kin_create(p.w.s, p.task, { "title", kin(i == 0 ? "goes" : i == 1 ? "stays" : "comes") }, { "updatedAt", kin_value_date(0) },
                             { "ProjectId", i == 2 ? kin_null : kin_key_of(p.engine) });
    assert_int_equal(kin_set(p.engine, p.tasks, KIN_ROWS(rows[1], rows[2])).count, 2);
    for (int i = 0; i < 3; i++) {
        kin_row *found = kin_find_by_pk(p.w.s, p.task, kin_key_of(rows[i]));
        assert_int_equal(kin_date_of(found, "updatedAt") == 0, i == 1);
    }
    assert_kin_ok(p.w.s);
    world_close(&p.w);
}

TEST(E8_the_same_set_again_is_read_and_not_written) {
    struct plan p;
    plan_open(&p);
    kin_rows linked = kin_set(p.engine, p.tasks, KIN_ROWS(p.b, p.a));
    assert_int_equal(linked.count, 2);
    assert_int_equal(world_sent(&p.w, "SELECT"), 1);
    assert_int_equal(p.w.statement_count, 1);
    linked = kin_set(p.engine, p.tasks, KIN_KEYS(kin_key_of(p.a), kin_key_of(p.b)));
    assert_int_equal(linked.count, 2);
    assert_int_equal(p.w.statement_count, 2);
    assert_string_equal(in_database(&p, p.engine), "AB");
    assert_kin_ok(p.w.s);
    world_close(&p.w);
}

TEST(E9_E14_set_to_none_unlinks_all_and_deletes_nothing) {
    struct plan p;
    plan_open(&p);
    assert_int_equal(kin_set(p.engine, p.tasks, KIN_NONE).count, 0);
    assert_kin_ok(p.w.s);
    assert_int_equal(world_sent(&p.w, "UPDATE"), 1);
    assert_int_equal(world_sent(&p.w, "DELETE"), 0);
    assert_string_equal(in_database(&p, p.engine), "");
    assert_string_equal(in_database(&p, p.loom), "C");
    assert_string_equal(in_database(&p, NULL), "ABDE");
    assert_int_equal(kin_count_all(p.w.s, p.task), 5);
    world_close(&p.w);
}

TEST(E10_E11_set_takes_one_target_as_well_as_none_at_all) {
    struct plan p;
    plan_open(&p);
    assert_int_equal(kin_set(p.engine, p.tasks, KIN_ROWS(p.d)).count, 1);
    assert_string_equal(in_database(&p, p.engine), "D");
    kin_targets nothing;
    memset(&nothing, 0, sizeof nothing);
    assert_int_equal(kin_set(p.engine, p.tasks, nothing).count, 0);
    assert_kin_ok(p.w.s);
    assert_string_equal(in_database(&p, p.engine), "");
    /* A NULL among the targets is a mistake, not the end of the list. */
    kin_row *none = NULL;
    assert_int_equal(kin_set(p.loom, p.tasks, KIN_ROWS(p.d, none)).count, 0);
    assert_kin_error(p.w.s, KIN_MISUSE, "target 2 of 2 is NULL");
    assert_string_equal(in_database(&p, p.loom), "C");
    world_close(&p.w);
}

TEST(E12_targets_are_rows_or_keys) {
    struct plan p;
    char text[32];
    plan_open(&p);
    snprintf(text, sizeof text, "%" PRId64, kin_int(p.d, "id"));
    kin_rows linked = kin_set(p.engine, p.tasks, KIN_KEYS(kin_key_of(p.a), kin(text), kin_key_of(p.d)));
    assert_int_equal(linked.count, 2); /* "4" and 4 are one key */
    assert_int_equal(kin_int(linked.at[0], "id"), kin_int(p.a, "id"));
    assert_int_equal(kin_int(linked.at[1], "id"), kin_int(p.d, "id"));
    assert_false(kin_is_loaded(linked.at[0], "title"));
    assert_string_equal(in_database(&p, p.engine), "AD");
    assert_true(kin_add(p.engine, p.tasks, KIN_KEYS(kin_key_of(p.e))));
    assert_true(kin_remove(p.engine, p.tasks, KIN_KEYS(kin_key_of(p.a))));
    assert_string_equal(in_database(&p, p.engine), "DE");
    linked = kin_set(p.engine, p.tasks, KIN_KEYS(kin_key_of(p.e), kin_key_of(p.b)), .fetch = true);
    assert_int_equal(linked.count, 2);
    assert_string_equal(kin_text(linked.at[0], "title"), "E");
    assert_string_equal(kin_text(linked.at[1], "title"), "B");
    assert_string_equal(in_database(&p, p.engine), "BE");
    assert_kin_ok(p.w.s);
    world_close(&p.w);
}

TEST(E13_a_target_of_another_source_is_moved) {
    struct plan p;
    plan_open(&p);
    assert_int_equal(kin_set(p.engine, p.tasks, KIN_ROWS(p.a, p.c)).count, 2);
    assert_string_equal(in_database(&p, p.engine), "AC");
    assert_string_equal(in_database(&p, p.loom), "");
    assert_true(kin_add(p.loom, p.tasks, KIN_ROWS(p.a)));
    assert_string_equal(in_database(&p, p.engine), "C");
    assert_string_equal(in_database(&p, p.loom), "A");
    assert_kin_ok(p.w.s);
    world_close(&p.w);
}

TEST(E14_set_and_remove_leave_every_row_in_the_table) {
    struct plan p;
    plan_open(&p);
    kin_set(p.engine, p.tasks, KIN_ROWS(p.d));
    kin_remove(p.engine, p.tasks, KIN_ROWS(p.d));
    kin_remove(p.loom, p.tasks, KIN_KEYS(kin_key_of(p.c)));
    assert_kin_ok(p.w.s);
    assert_int_equal(world_sent(&p.w, "DELETE"), 0);
    assert_string_equal(in_database(&p, NULL), "ABCDE");
    world_close(&p.w);
}

TEST(E15_a_key_that_cannot_be_null_keeps_its_rows) {
    struct plan p;
    plan_declare(&p, true);
    world_open(&p.w);
    plan_fill(&p);
    assert_int_equal(kin_set(p.engine, p.tasks, KIN_ROWS(p.a, p.c)).count, 0);
    assert_string_equal(kin_error_of(p.w.s)->attribute, "ProjectId");
    assert_kin_error(p.w.s, KIN_INVALID, "Task.ProjectId");
    assert_int_equal(kin_set(p.engine, p.tasks, KIN_NONE).count, 0);
    assert_kin_error(p.w.s, KIN_INVALID, "Task.ProjectId");
    assert_false(kin_remove(p.engine, p.tasks, KIN_ROWS(p.b)));
    assert_kin_error(p.w.s, KIN_INVALID, "Task.ProjectId");
    assert_int_equal(world_sent(&p.w, "UPDATE"), 0);
    assert_string_equal(in_database(&p, p.engine), "AB");
    assert_string_equal(in_database(&p, p.loom), "C");
    assert_int_equal(kin_int(p.c, "ProjectId"), kin_int(p.loom, "id"));
    /* Nobody has to be without a key: fine. */
    assert_int_equal(kin_set(p.engine, p.tasks, KIN_ROWS(p.a, p.b, p.c)).count, 3);
    assert_true(kin_remove(p.loom, p.tasks, KIN_ROWS(p.a)));
    assert_string_equal(in_database(&p, p.engine), "ABC");
    assert_kin_ok(p.w.s);
    world_close(&p.w);
}

struct binds {
    char text[512];
};

static void keep_binds(void *context, const kin_log_entry *entry) {
    struct binds *binds = context;
    if (strncmp(entry->sql, "UPDATE", 6) == 0)
        snprintf(binds->text, sizeof binds->text, "%s", entry->binds ? entry->binds : "");
}

TEST(E16_unlinking_writes_null) {
    struct plan p;
    struct binds binds = { "" };
    plan_open(&p);
    kin_session_log(p.w.s, (kin_log){ .function = keep_binds, .context = &binds, .binds = true });
    assert_int_equal(kin_set(p.engine, p.tasks, KIN_NONE).count, 0);
    assert_true(strncmp(binds.text, "NULL, ", 6) == 0);
    assert_true(kin_remove(p.loom, p.tasks, KIN_ROWS(p.c)));
    assert_true(strncmp(binds.text, "NULL, ", 6) == 0);
    assert_string_equal(in_database(&p, NULL), "ABCDE");
    assert_true(kin_is_null(p.c, "ProjectId"));
    assert_kin_ok(p.w.s);
    world_close(&p.w);
}

/* ---- add ---- */

TEST(E18_E19_E20_add_is_one_update_and_reads_nothing) {
    struct plan p;
    plan_open(&p);
    assert_true(kin_add(p.engine, p.tasks, KIN_ROWS(p.d)));
    assert_int_equal(p.w.statement_count, 1);
    assert_string_equal(update_sent(&p.w, 0), "UPDATE Tasks SET ProjectId = ? WHERE id = ?");
    world_forget(&p.w);
    assert_true(kin_add(p.engine, p.tasks, KIN_ROWS(p.e, p.c)));
    assert_int_equal(p.w.statement_count, 1);
    assert_non_null(strstr(update_sent(&p.w, 0), "UPDATE Tasks SET ProjectId = ? WHERE id"));
    assert_string_equal(in_database(&p, p.engine), "ABCDE");
    assert_kin_ok(p.w.s);
    world_close(&p.w);
}

struct calls {
    int each, bulk;
};

static bool count_each(void *context, const kin_hook_event *event) {
    struct calls *calls = context;
    calls->each += event->row != NULL;
    return true;
}

static bool count_bulk(void *context, const kin_hook_event *event) {
    struct calls *calls = context;
    for (size_t i = 0; i < event->values.count; i++)
        calls->bulk += strcmp(event->values.at[i].name, "ProjectId") == 0;
    return true;
}

TEST(E18_add_runs_the_hooks_of_many_rows) {
    struct plan p;
    struct calls calls = { 0, 0 };
    plan_declare(&p, false);
    kin_hook_add(p.task, KIN_BEFORE_UPDATE, count_each, &calls);
    kin_hook_add(p.task, KIN_BEFORE_BULK_UPDATE, count_bulk, &calls);
    world_open(&p.w);
    plan_fill(&p);
    assert_true(kin_add(p.engine, p.tasks, KIN_ROWS(p.d, p.e)));
    assert_int_equal(calls.bulk, 1);
    assert_int_equal(calls.each, 0);
    assert_true(kin_add(p.loom, p.tasks, KIN_ROWS(p.d, p.e), .individual_hooks = true));
    assert_int_equal(calls.each, 2);
    assert_int_equal(calls.bulk, 2);
    assert_true(kin_add(p.engine, p.tasks, KIN_ROWS(p.d), .no_hooks = true));
    assert_int_equal(calls.each, 2);
    assert_int_equal(calls.bulk, 2);
    assert_string_equal(in_database(&p, p.engine), "ABD");
    assert_string_equal(in_database(&p, p.loom), "CE");
    assert_kin_ok(p.w.s);
    world_close(&p.w);
}

TEST(E20_many_are_added_to_those_there_are) {
    enum { MANY = 1000 };
    struct plan p;
    kin_value keys[MANY];
    plan_open(&p);
    kin_values *records = malloc(MANY * sizeof *records);
    assert_non_null(records);
    const kin_assignment title = { "title", kin("X") };
    for (size_t i = 0; i < MANY; i++)
        records[i] = kin_values_of(1, &title);
    kin_rows made = kin_bulk_create(p.w.s, p.task, kin_records_of(MANY, records));
    free(records);
    assert_int_equal(made.count, MANY);
    for (size_t i = 0; i < MANY; i++)
        keys[i] = kin_key_of(made.at[i]);
    world_forget(&p.w);
    assert_true(kin_add(p.engine, p.tasks, kin_rows_of(MANY / 2, made.at)));
    assert_true(kin_add(p.engine, p.tasks, kin_keys_of(MANY, keys)));
    assert_int_equal(world_sent(&p.w, "UPDATE"), 2);
    assert_int_equal(kin_count(p.engine, p.tasks), MANY + 2);
    assert_true(kin_has(p.engine, p.tasks, kin_keys_of(MANY, keys)));
    assert_int_equal(kin_set(p.engine, p.tasks, kin_keys_of(MANY - 1, keys)).count, MANY - 1);
    assert_int_equal(kin_count(p.engine, p.tasks), MANY - 1);
    assert_true(kin_has_exactly(p.engine, p.tasks, kin_keys_of(MANY - 1, keys)));
    assert_kin_ok(p.w.s);
    world_close(&p.w);
}

TEST(E21_adding_twice_is_harmless) {
    struct plan p;
    plan_open(&p);
    assert_true(kin_add(p.engine, p.tasks, KIN_ROWS(p.d)));
    assert_true(kin_add(p.engine, p.tasks, KIN_ROWS(p.d)));
    assert_true(kin_add(p.engine, p.tasks, KIN_ROWS(p.d, p.d, p.a)));
    assert_int_equal(kin_count(p.engine, p.tasks), 3);
    assert_string_equal(in_database(&p, p.engine), "ABD");
    assert_kin_ok(p.w.s);
    world_close(&p.w);
}

TEST(E22_E23_adding_nothing_sends_nothing) {
    struct plan p;
    kin_row *const none = NULL;
    plan_open(&p);
    assert_true(kin_add(p.engine, p.tasks, KIN_NONE));
    assert_true(kin_add(p.engine, p.tasks, kin_rows_of(0, &none)));
    assert_true(kin_add(p.engine, p.tasks, kin_keys_of(0, NULL)));
    assert_true(kin_remove(p.engine, p.tasks, KIN_NONE));
    assert_int_equal(p.w.statement_count, 0);
    assert_kin_ok(p.w.s);
    assert_string_equal(in_database(&p, p.engine), "AB");
    world_close(&p.w);
}

TEST(E22_a_null_an_empty_text_and_zero_are_not_nothing) {
    struct plan p;
    kin_row *none = NULL;
    plan_open(&p);
    assert_false(kin_add(p.engine, p.tasks, KIN_ROWS(p.d, none)));
    assert_kin_error(p.w.s, KIN_MISUSE, "kin_add: target 2 of 2 is NULL");
    assert_false(kin_add(p.engine, p.tasks, KIN_KEYS(kin_null)));
    assert_kin_error(p.w.s, KIN_MISUSE, "target 1 of 1 is NULL");
    assert_false(kin_add(p.engine, p.tasks, KIN_KEYS(kin(""))));
    assert_kin_error(p.w.s, KIN_MISUSE, "Task.id");
    assert_int_equal(p.w.statement_count, 0);
    assert_non_null(kin_create(p.w.s, p.task, { "title", kin("Z") }, { "hours", kin(0) }));
    kin_update_all(p.w.s, p.task, KIN_VALUES({ "id", kin(0) }), .where = kin_eq("title", "Z"));
    assert_kin_ok(p.w.s);
    assert_true(kin_add(p.engine, p.tasks, KIN_KEYS(kin(0)))); /* a key like any other */
    assert_string_equal(in_database(&p, p.engine), "ABZ");
    world_close(&p.w);
}

TEST(E24_a_target_that_is_not_saved_is_inserted_with_the_key) {
    struct plan p;
    plan_open(&p);
    kin_row *f = kin_build(p.w.s, p.task, { "title", kin("F") }, { "hours", kin(3) });
    assert_true(kin_add(p.engine, p.tasks, KIN_ROWS(p.d, f)));
    assert_int_equal(world_sent(&p.w, "INSERT"), 1);
    assert_int_equal(world_sent(&p.w, "UPDATE"), 1);
    assert_true(kin_is_saved(f));
    assert_int_equal(kin_int(f, "ProjectId"), kin_int(p.engine, "id"));
    assert_int_equal(kin_int(kin_find_by_pk(p.w.s, p.task, kin_key_of(f)), "hours"), 3);
    assert_string_equal(in_database(&p, p.engine), "ABDF");
    kin_row *g = kin_build(p.w.s, p.task, { "title", kin("G") });
    assert_int_equal(kin_set(p.loom, p.tasks, KIN_ROWS(g, p.a, g)).count, 2);
    assert_string_equal(in_database(&p, p.loom), "AG");
    assert_kin_ok(p.w.s);
    /* One that cannot be inserted: none is linked. */
    kin_row *bad = kin_build(p.w.s, p.task, { "title", kin("a title that is much too long") });
    assert_false(kin_add(p.engine, p.tasks, KIN_ROWS(p.e, bad)));
    assert_kin_error(p.w.s, KIN_INVALID, "Task.title");
    assert_false(kin_is_saved(bad));
    assert_true(kin_is_null(p.e, "ProjectId"));
    assert_string_equal(in_database(&p, NULL), "CE");
    world_close(&p.w);
}

TEST(E25_a_key_that_does_not_exist_links_nothing_and_is_no_error) {
    struct plan p;
    plan_open(&p);
    assert_true(kin_add(p.engine, p.tasks, KIN_KEYS(kin(777))));
    assert_true(kin_add(p.engine, p.tasks, KIN_KEYS(kin(777), kin_key_of(p.d))));
    assert_kin_ok(p.w.s);
    assert_string_equal(in_database(&p, p.engine), "ABD");
    assert_int_equal(kin_count_all(p.w.s, p.task), 5);
    world_close(&p.w);
}

/* ---- remove ---- */

TEST(E26_E29_remove_unlinks_those_that_are_linked) {
    struct plan p;
    plan_open(&p);
    assert_true(kin_remove(p.engine, p.tasks, KIN_ROWS(p.a, p.c, p.d))); /* C is another's, D nobody's */
    assert_string_equal(in_database(&p, p.engine), "B");
    assert_string_equal(in_database(&p, p.loom), "C");
    assert_true(kin_remove(p.engine, p.tasks, KIN_KEYS(kin(777), kin_key_of(p.b))));
    assert_string_equal(in_database(&p, p.engine), "");
    assert_true(kin_add(p.engine, p.tasks, KIN_ROWS(p.a, p.b, p.d)));
    assert_true(kin_call(p.engine, "removeTask", .targets = KIN_ROWS(p.a)).ok);
    assert_string_equal(in_database(&p, p.engine), "BD");
    assert_true(kin_call(p.engine, "removeTasks", .targets = KIN_ROWS(p.b, p.d)).ok);
    assert_string_equal(in_database(&p, p.engine), "");
    assert_kin_ok(p.w.s);
    world_close(&p.w);
}

TEST(E28_remove_is_one_update_of_the_source_s_own) {
    struct plan p;
    plan_open(&p);
    assert_true(kin_remove(p.engine, p.tasks, KIN_ROWS(p.a, p.c)));
    assert_int_equal(p.w.statement_count, 1);
    assert_non_null(strstr(update_sent(&p.w, 0), "UPDATE Tasks SET ProjectId = ? WHERE ProjectId = ? AND id"));
    assert_int_equal(kin_int(p.c, "ProjectId"), kin_int(p.loom, "id"));
    assert_string_equal(in_database(&p, p.loom), "C");
    assert_string_equal(in_database(&p, NULL), "ADE");
    assert_kin_ok(p.w.s);
    world_close(&p.w);
}

TEST(E30_rows_that_were_given_know_their_key_and_copies_do_not) {
    struct plan p;
    plan_open(&p);
    kin_row *copy = kin_find_by_pk(p.w.s, p.task, kin_key_of(p.d));
    kin_put(p.d, "hours", kin(9));
    assert_true(kin_add(p.engine, p.tasks, KIN_ROWS(p.d)));
    assert_int_equal(kin_int(p.d, "ProjectId"), kin_int(p.engine, "id"));
    assert_false(kin_changed(p.d, "ProjectId"));
    assert_true(kin_changed(p.d, "hours")); /* what else is pending was not saved */
    assert_true(kin_is_null(kin_find_by_pk(p.w.s, p.task, kin_key_of(p.d)), "hours"));
    assert_true(kin_is_null(copy, "ProjectId"));
    assert_true(kin_reload(copy));
    assert_int_equal(kin_int(copy, "ProjectId"), kin_int(p.engine, "id"));
    assert_true(kin_remove(p.engine, p.tasks, KIN_ROWS(p.d)));
    assert_true(kin_is_null(p.d, "ProjectId"));
    assert_false(kin_changed(p.d, "ProjectId"));
    assert_int_equal(kin_int(copy, "ProjectId"), kin_int(p.engine, "id"));
    assert_kin_ok(p.w.s);
    world_close(&p.w);
}
