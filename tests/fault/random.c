/*
 * Random walks: a session does whatever comes, levels, marks and cursors open and close in between, and now and then something fails. What must
 * always hold: a call that did not succeed has left an error; outside of a transaction it has changed nothing; a transaction that was rolled back,
 * or could not be committed, has changed nothing; outside of a transaction every row in memory tells the truth; in the end nothing is left.
 */
#include "ground.h"

enum { WALK_ROWS = 16, WALK_MARKS = 4, WALK_STEPS = 100, WALK_TRAIL = 4000 };

struct walk_row {
    kin_row *row;
    size_t mark; /* how many marks were open when it was made */
};

struct walk {
    struct ground g;
    uint64_t seed, random;
    struct walk_row rows[WALK_ROWS];
    size_t row_count;
    kin_mark marks[WALK_MARKS];
    size_t mark_count;
    kin_cursor *cursor;
    size_t cursor_mark;
    char *before; /* what the database had when the transaction began */
    unsigned unique;
    bool shown;
    char name[40];
    char trail[WALK_TRAIL]; /* what was done, for the message */
};

static const struct ground_models *const models = &ground_models;

/* Composite keys, and hooks that do as they like. */
static kin_model *place, *visit, *odd;
static kin_association *visits, *place_of, *guests;
static struct walk *walking; /* whose hooks run */

static uint64_t below(struct walk *w, uint64_t limit) {
    w->random ^= w->random << 13, w->random ^= w->random >> 7, w->random ^= w->random << 17;
    return (w->random >> 11) % limit;
}

static void note_step(struct walk *w, const char *step) {
    size_t used = strlen(w->trail), length = strlen(step) + 2;
    if (w->shown)
        printf("%s\n", step);
    if (used + length >= WALK_TRAIL) {
        memmove(w->trail, w->trail + WALK_TRAIL / 2, used - WALK_TRAIL / 2 + 1);
        used -= WALK_TRAIL / 2;
    }
    snprintf(w->trail + used, WALK_TRAIL - used, "%s, ", step);
}

static void walk_fail(struct walk *w, const char *what) {
    fail_msg("walk %" PRIu64 ": %s; status %d: %s\nsteps: %s", w->seed, what, (int)kin_error_of(w->g.s)->status, kin_error_of(w->g.s)->message, w->trail);
}

/* ---- rows in hand ---- */

static bool take(struct walk *w, kin_row *row) {
    if (row == NULL)
        return false;
    if (w->row_count < WALK_ROWS)
        w->rows[w->row_count++] = (struct walk_row){ row, w->mark_count };
    return true;
}

static kin_row *some_row(struct walk *w, const kin_model *model) {
    kin_row *found = NULL;
    for (size_t i = 0, seen = 0; i < w->row_count; i++)
        if (kin_model_of(w->rows[i].row) == model && below(w, ++seen) == 0)
            found = w->rows[i].row;
    return found;
}

static void drop_rows(struct walk *w, size_t mark) {
    size_t kept = 0;
    for (size_t i = 0; i < w->row_count; i++)
        if (w->rows[i].mark <= mark)
            w->rows[kept++] = w->rows[i];
    w->row_count = kept;
}

static const char *unique_text(struct walk *w) {
    static char text[40];
    snprintf(text, sizeof text, "u%" PRIu64 "-%u@", w->seed, w->unique++);
    return text;
}

/* ---- steps: each returns whether the call said that it succeeded ---- */

static bool step_create(struct walk *w) { return take(w, kin_create(w->g.s, models->user, { "email", kin(unique_text(w)) }, { "age", kin(1) })); }
static bool step_create_task(struct walk *w) { return take(w, kin_create(w->g.s, models->task, { "title", kin("t") })); }
static bool step_create_heard(struct walk *w) { return take(w, kin_create(w->g.s, models->heard, { "name", kin("h") })); }
static bool step_build(struct walk *w) { return take(w, kin_build(w->g.s, models->user, { "email", kin(unique_text(w)) })); }
static bool step_create_gone(struct walk *w) { return take(w, kin_create(w->g.s, models->gone, { "text", kin("g") })); }

static bool step_bulk(struct walk *w) {
    char first[40], second[40];
    snprintf(first, sizeof first, "%s", unique_text(w));
    snprintf(second, sizeof second, "%s", unique_text(w));
    kin_rows rows = kin_bulk_create(w->g.s, models->user, KIN_RECORDS(KIN_VALUES({ "email", kin((const char *)first) }), KIN_VALUES({ "email", kin((const char *)second) })));
    for (size_t i = 0; i < rows.count; i++)
        take(w, rows.at[i]);
    return rows.count == 2;
}

static bool step_put(struct walk *w) {
    kin_row *row = some_row(w, models->user);
    char name[300];
    snprintf(name, sizeof name, "%.*s", (int)below(w, 250), "a long name that does not fit where the old one was, and a longer one, and one that is longer than all of the names that came before it");
    return row == NULL || (kin_put(row, "name", below(w, 5) ? kin((const char *)name) : kin_null) && kin_put(row, "age", kin((int64_t)below(w, 100))));
}

static bool step_put_key(struct walk *w) {
    kin_row *row = some_row(w, models->task);
    return row == NULL || kin_put(row, "id", kin((int64_t)(100 + 50 * below(w, 50) + w->unique++)));
}

static bool step_save(struct walk *w) {
    kin_row *row = some_row(w, models->user);
    return row == NULL || kin_save(row);
}

static bool step_save_task(struct walk *w) {
    kin_row *row = some_row(w, models->task);
    return row == NULL || kin_save(row);
}

static bool step_save_some(struct walk *w) {
    kin_row *row = some_row(w, models->user);
    return row == NULL || kin_save(row, .attributes = KIN_NAMES("age"));
}

static bool step_save_heard(struct walk *w) {
    kin_row *row = some_row(w, models->heard);
    return row == NULL || (kin_put(row, "name", kin(unique_text(w))) && kin_save(row));
}

static bool step_increment(struct walk *w) {
    kin_row *row = some_row(w, models->user);
    return row == NULL || kin_increment(row, "age", kin(3));
}

static bool step_reload(struct walk *w) {
    kin_row *row = below(w, 2) ? some_row(w, models->user) : some_row(w, models->task);
    return row == NULL || kin_reload(row);
}

static bool step_destroy(struct walk *w) {
    const kin_model *const which[] = { models->user, models->task, models->heard, models->gone };
    kin_row *row = some_row(w, which[below(w, 4)]);
    return row == NULL || kin_destroy(row, .force = below(w, 3) == 0);
}

static bool step_restore(struct walk *w) {
    kin_row *row = some_row(w, models->gone);
    return row == NULL || kin_restore(row);
}

static bool step_add_task(struct walk *w) {
    kin_row *row = some_row(w, models->task);
    return row == NULL || kin_add(w->g.projects[below(w, 4)], models->tasks, KIN_ROWS(row));
}

static bool step_remove_task(struct walk *w) {
    kin_row *row = some_row(w, models->task);
    return row == NULL || kin_remove(w->g.projects[below(w, 4)], models->tasks, KIN_ROWS(row));
}

static bool step_set_one(struct walk *w) {
    kin_row *row = some_row(w, models->task);
    return row == NULL || kin_set_one(row, models->project_of, below(w, 4) ? w->g.projects[below(w, 4)] : NULL);
}

static bool step_link(struct walk *w) {
    kin_row *row = some_row(w, models->user);
    if (row == NULL)
        return true;
    kin_row *one = w->g.projects[below(w, 4)], *other = w->g.projects[below(w, 4)];
    if (below(w, 3) == 0)
        kin_put_through(one, models->link, KIN_VALUES({ "status", kin("own") }));
    switch (below(w, 4)) {
    case 0: return kin_add(row, models->projects, KIN_ROWS(one, other));
    case 1: return kin_set(row, models->projects, KIN_ROWS(one, other), .through = KIN_VALUES({ "status", kin("set") })).count > 0;
    case 2: return kin_set(row, models->projects, KIN_NONE).count == 0 && kin_ok(w->g.s);
    default: return kin_remove(row, models->projects, KIN_ROWS(one));
    }
}

static bool step_create_linked(struct walk *w) { return take(w, kin_create_linked(w->g.projects[below(w, 4)], models->tasks, KIN_VALUES({ "title", kin("linked") }))); }

static bool step_find(struct walk *w) {
    kin_mark mark = kin_session_mark(w->g.s);
    kin_rows rows = kin_find_all(w->g.s, models->user, .include = KIN_INCLUDE(KIN_WITH(models->company_of), KIN_WITH(models->projects, .include = KIN_INCLUDE(KIN_WITH(models->tasks)))));
    if (rows.count > 0 && below(w, 3) == 0)
        (void)kin_json(rows.at[0]);
    kin_session_release(w->g.s, mark);
    return kin_ok(w->g.s);
}

/* One that the database refuses. */
static bool step_refused(struct walk *w) {
    assert_null(kin_create(w->g.s, models->user, { "email", kin("user@") }));
    return false;
}

static bool work_in_vain(kin_session *s, void *context) {
    struct walk *w = context;
    take(w, kin_create(s, models->user, { "email", kin(unique_text(w)) }));
    kin_row *row = some_row(w, models->user);
    if (row != NULL) {
        kin_put(row, "age", kin(50));
        kin_save(row);
    }
    return below(w, 2) == 0;
}

static bool step_transaction(struct walk *w) {
    size_t depth = kin_transaction_depth(w->g.s);
    bool good = kin_transaction(w->g.s, work_in_vain, w);
    assert_int_equal(kin_transaction_depth(w->g.s), depth);
    return good || kin_ok(w->g.s);
}

static bool step_cursor(struct walk *w) {
    if (w->cursor == NULL) {
        w->cursor = kin_each(w->g.s, models->task, .include = KIN_INCLUDE(KIN_WITH(models->project_of)));
        w->cursor_mark = w->mark_count;
        return w->cursor != NULL;
    }
    if (below(w, 3) == 0) {
        kin_cursor_close(w->cursor);
        w->cursor = NULL;
        return true;
    }
    kin_next(w->cursor);
    return kin_ok(w->g.s);
}

/* ---- composite keys ---- */

static bool step_create_place(struct walk *w) {
    return take(w, kin_create(w->g.s, place, { "country", kin(below(w, 2) ? "de" : "a country with a long name") }, { "number", kin((int64_t)w->unique++) }, { "name", kin("p") }));
}

static bool step_put_place(struct walk *w) {
    kin_row *row = some_row(w, place);
    if (row == NULL)
        return true;
    if (below(w, 2))
        return kin_put(row, "country", kin(unique_text(w)));
    return kin_put(row, "name", kin(unique_text(w))) && kin_put(row, "number", kin((int64_t)(1000 + w->unique++)));
}

static bool step_save_place(struct walk *w) {
    kin_row *row = some_row(w, place);
    static const char *const parts[] = { "country", "number", "name" };
    if (row == NULL)
        return true;
    return below(w, 2) ? kin_save(row) : kin_save(row, .attributes = KIN_NAMES(parts[below(w, 3)]));
}

static bool step_visit(struct walk *w) {
    kin_row *row = some_row(w, place), *user = some_row(w, models->user);
    if (row == NULL || !kin_is_saved(row))
        return true;
    kin_mark made = kin_session_mark(w->g.s);
    bool good = kin_create_for(row, visits, { "text", kin("v") }) != NULL;
    kin_rows some = kin_get(row, visits);
    if (below(w, 2) && user != NULL)
        good = good && kin_add(row, guests, KIN_ROWS(user));
    if (below(w, 3) == 0)
        good = good && kin_set(row, visits, kin_rows_of(some.count / 2, some.at)).count == some.count / 2 && kin_ok(w->g.s);
    if (below(w, 3) == 0 && some.count > 0)
        good = good && kin_set_one(some.at[0], place_of, NULL);
    kin_session_release(w->g.s, made);
    return good && kin_ok(w->g.s);
}

static bool step_destroy_place(struct walk *w) {
    kin_row *row = some_row(w, place);
    return row == NULL || kin_destroy(row);
}

static bool step_find_or_create(struct walk *w) { return take(w, kin_find_or_create(w->g.s, models->user, KIN_VALUES({ "email", kin(unique_text(w)) }))); }

static bool step_link_new(struct walk *w) {
    kin_row *row = some_row(w, models->user);
    if (row == NULL || !kin_is_saved(row))
        return true;
    kin_mark made = kin_session_mark(w->g.s);
    kin_row *project = kin_create_linked(row, models->projects, KIN_VALUES({ "title", kin("linked") }), .through = KIN_VALUES({ "status", kin("s") }));
    kin_rows projects = kin_get(row, models->projects);
    bool good = project != NULL && projects.count > 0;
    kin_row *join = good ? kin_through(projects.at[0], models->link) : NULL;
    good = good && kin_put(join, "status", kin(unique_text(w))) && kin_save(join) && (below(w, 2) || kin_destroy(join));
    kin_session_release(w->g.s, made);
    return good && kin_ok(w->g.s);
}

/* ---- hooks that do as they like ---- */

static bool hook_nothing(kin_session *s, void *context) {
    (void)context;
    return kin_create(s, models->note, { "text", kin("in a transaction of a hook") }) != NULL;
}

static bool odd_hook(void *context, const kin_hook_event *event) {
    kin_session *s = event->session;
    struct walk *w = walking;
    (void)context;
    switch (below(w, 12)) {
    case 0: return false;
    case 1: return kin_fail(s, KIN_INVALID, "the hook says no");
    case 2: return kin_begin(s); /* and leaves it open */
    case 3: return kin_commit(s);
    case 4: return kin_rollback(s) || kin_ok(s);
    case 5: return kin_begin(s) && kin_create(s, models->note, { "text", kin("in a hook") }) && (below(w, 2) ? kin_commit(s) : kin_rollback(s));
    case 6: return kin_transaction(s, hook_nothing, NULL);
    case 7: {
        kin_create(s, models->user, { "email", kin("user@") }); /* refused */
        kin_clear_error(s);
        return true;
    }
    case 8: {
        kin_mark made = kin_session_mark(s);
        kin_rows rows = kin_find_all(s, models->user, .include = KIN_INCLUDE(KIN_WITH(models->projects)));
        kin_session_release(s, made);
        return rows.count > 0;
    }
    case 9: return event->row == NULL || event->kind > KIN_BEFORE_UPDATE || kin_put(event->row, "name", kin(unique_text(w)));
    default: return kin_create(s, models->note, { "text", kin("of a hook") }) != NULL;
    }
}

static bool step_odd(struct walk *w) {
    kin_row *row = some_row(w, odd);
    if (row == NULL || below(w, 3) == 0)
        return take(w, kin_create(w->g.s, odd, { "name", kin("o") }));
    if (below(w, 3) == 0)
        return kin_destroy(row);
    return kin_put(row, "name", kin(unique_text(w))) && kin_save(row);
}

static bool step_many_odd(struct walk *w) {
    kin_rows rows = kin_bulk_create(w->g.s, odd, KIN_RECORDS(KIN_VALUES({ "name", kin("a") }), KIN_VALUES({ "name", kin("b") })), .individual_hooks = below(w, 2));
    for (size_t i = 0; i < rows.count; i++)
        take(w, rows.at[i]);
    return rows.count == 2;
}

static void declare_more(kin_schema *schema) {
    place = kin_define(schema, "Place", KIN_ATTRIBUTES(KIN_STRING("country", .primary_key = true), KIN_INTEGER("number", .primary_key = true), KIN_STRING("name")), .timestamps = true);
    visit = kin_define(schema, "Visit", KIN_ATTRIBUTES(GROUND_ID, KIN_STRING("text")));
    odd = kin_define(schema, "Odd", KIN_ATTRIBUTES(GROUND_ID, KIN_STRING("name")));
    visits = kin_has_many(place, visit);
    place_of = kin_belongs_to(visit, place);
    guests = kin_belongs_to_many(place, models->user, .as = "Guests", .through = "Stays");
    for (int kind = KIN_BEFORE_VALIDATE; kind <= KIN_AFTER_BULK_DESTROY; kind++)
        kin_hook_add(odd, (kin_hook_kind)kind, odd_hook, NULL);
}

struct step {
    const char *name;
    bool (*run)(struct walk *w);
    bool reads;
};

static const struct step steps[] = {
    { "create", step_create, false }, { "create task", step_create_task, false }, { "create heard", step_create_heard, false }, { "create gone", step_create_gone, false },
    { "build", step_build, true }, { "bulk", step_bulk, false }, { "put", step_put, true }, { "put key", step_put_key, true }, { "save", step_save, false },
    { "save task", step_save_task, false }, { "save some", step_save_some, false }, { "save heard", step_save_heard, false }, { "increment", step_increment, false },
    { "reload", step_reload, true }, { "destroy", step_destroy, false }, { "restore", step_restore, false }, { "add task", step_add_task, false },
    { "remove task", step_remove_task, false }, { "set one", step_set_one, false }, { "link", step_link, false }, { "create linked", step_create_linked, false },
    { "find", step_find, true }, { "refused", step_refused, false }, { "transaction", step_transaction, false }, { "cursor", step_cursor, true },
    { "create place", step_create_place, false }, { "put place", step_put_place, true }, { "save place", step_save_place, false }, { "visit", step_visit, false },
    { "destroy place", step_destroy_place, false }, { "find or create", step_find_or_create, false }, { "link new", step_link_new, false }, { "odd", step_odd, false },
    { "many odd", step_many_odd, false },
};
enum { STEPS = sizeof steps / sizeof steps[0] };

/* ---- levels and marks ---- */

static void check_digest(struct walk *w, const char *before, const char *what) {
    char *now = digest_of(ground_plain);
    if (strcmp(before, now) != 0)
        walk_fail(w, what);
    free(now);
}

static void begin(struct walk *w) {
    if (kin_transaction_depth(w->g.s) == 0) {
        free(w->before);
        w->before = digest_of(ground_plain);
    }
    if (!kin_begin(w->g.s) && kin_ok(w->g.s))
        walk_fail(w, "kin_begin says no and not why");
}

static void end(struct walk *w, bool commit) {
    size_t depth = kin_transaction_depth(w->g.s);
    if (depth == 0)
        return;
    bool good = commit ? kin_commit(w->g.s) : kin_rollback(w->g.s);
    if (kin_transaction_depth(w->g.s) != depth - 1)
        walk_fail(w, "the level is still there");
    if (depth == 1 && !(good && commit))
        check_digest(w, w->before, "what was rolled back is there");
    if (!good && kin_ok(w->g.s))
        walk_fail(w, "a level ended badly, without an error");
}

static void mark(struct walk *w) {
    if (w->mark_count == WALK_MARKS)
        return;
    kin_mark made = kin_session_mark(w->g.s);
    if (!kin_ok(w->g.s))
        return;
    w->marks[w->mark_count++] = made;
}

static void release(struct walk *w) {
    if (w->mark_count == 0)
        return;
    size_t to = below(w, w->mark_count);
    kin_session_release(w->g.s, w->marks[to]);
    w->mark_count = to;
    drop_rows(w, to);
    if (w->cursor != NULL && w->cursor_mark > to)
        w->cursor = NULL;
}

/* ---- walking ---- */

static void check_rows(struct walk *w) {
    for (size_t i = 0; i < w->row_count; i++) {
        kin_mark made = kin_session_mark(w->g.s);
        kin_row *row = w->rows[i].row;
        bool key_changed = kin_model_of(row) == place ? kin_changed(row, "country") || kin_changed(row, "number") : kin_changed(row, "id");
        if (kin_is_saved(row) && key_changed && !kin_reload(row)) /* by the key that the database has */
            walk_fail(w, "a row whose key was changed is not found");
        ground_check_row(&w->g, w->name, row);
        kin_session_release(w->g.s, made);
    }
}

static void arm(struct walk *w, struct failing_plan *plan) {
    plan->what = below(w, 2) ? FAIL_CALL : FAIL_ALLOCATION;
    plan->for_ever = below(w, 4) == 0;
    plan->at = below(w, 4) == 0 ? 1 + below(w, plan->what == FAIL_CALL ? 8 : 40) : 0;
    ground_fail_start(plan);
}

static void step(struct walk *w) {
    const struct step *step = &steps[below(w, STEPS)];
    bool alone = kin_transaction_depth(w->g.s) == 0;
    char *before = alone ? digest_of(ground_plain) : NULL;
    char name[60];
    struct failing_plan plan;
    bool was_good = kin_ok(w->g.s);
    arm(w, &plan);
    snprintf(name, sizeof name, plan.at ? "%s (%s %d%s)" : "%s", step->name, plan.what == FAIL_CALL ? "call" : "allocation", (int)plan.at, plan.for_ever ? "+" : "");
    note_step(w, name);
    bool good = step->run(w);
    ground_fail_stop(&plan, NULL);
    if (was_good && good != kin_ok(w->g.s))
        walk_fail(w, "the call and the session do not agree");
    bool several = step->run == step_transaction || step->run == step_visit || step->run == step_link_new; /* calls, each by itself */
    if (alone && (!good || step->reads) && !several)
        check_digest(w, before, "a call that failed, or only reads, has changed something");
    free(before);
}

static void walk_on(struct walk *w) {
    struct failing_plan plan;
    switch (below(w, 12)) {
    case 0:
        note_step(w, "begin");
        arm(w, &plan);
        begin(w);
        ground_fail_stop(&plan, NULL);
        break;
    case 1:
    case 2: {
        bool commit = below(w, 3) > 0;
        arm(w, &plan);
        note_step(w, commit ? (plan.at ? "commit!" : "commit") : plan.at ? "rollback!" : "rollback");
        end(w, commit);
        ground_fail_stop(&plan, NULL);
        break;
    }
    case 3:
        note_step(w, "mark");
        mark(w);
        break;
    case 4:
        note_step(w, "release");
        release(w);
        break;
    default:
        step(w);
    }
    if (!kin_ok(w->g.s) && below(w, 4) > 0) {
        note_step(w, "clear");
        kin_clear_error(w->g.s);
    }
    if (kin_transaction_depth(w->g.s) == 0 && kin_ok(w->g.s) && w->cursor == NULL)
        check_rows(w);
}

/* Of a walk that is looked at. */
static void show(void *context, const kin_log_entry *entry) {
    (void)context;
    printf("    %s%s (%s)\n", entry->failed ? "FAILED " : "", entry->sql, entry->binds ? entry->binds : "");
}

static void walk(uint64_t seed) {
    static const struct act nothing = { .name = "a walk" };
    struct walk *w = calloc(1, sizeof *w);
    w->seed = seed;
    snprintf(w->name, sizeof w->name, "walk %" PRIu64, seed);
    w->random = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
    walking = w;
    ground_start(&w->g, &nothing);
    w->shown = getenv("KIN_TEST_WALK") != NULL;
    if (w->shown)
        kin_session_log(w->g.s, (kin_log){ .function = show, .binds = true });
    for (int i = 0; i < WALK_STEPS; i++)
        walk_on(w);
    kin_clear_error(w->g.s);
    if (below(w, 2) == 0) { /* else the session is closed as it is */
        kin_cursor_close(w->cursor);
        while (kin_transaction_depth(w->g.s) > 0)
            end(w, false);
        plain_check_unlocked(ground_plain, w->name);
        kin_clear_error(w->g.s);
        check_rows(w);
    }
    bool open = kin_transaction_depth(w->g.s) > 0;
    ground_end(&w->g);
    if (open)
        check_digest(w, w->before, "what was open at the end is there");
    plain_check_unlocked(ground_plain, w->name);
    free(w->before);
    free(w);
}

static void walks(const char *journal, uint64_t from, uint64_t count) {
    const char *only = getenv("KIN_TEST_WALK"); /* a walk to be looked at */
    ground_declare_more = declare_more;
    ground_open(journal);
    if (only != NULL)
        walk(strtoull(only, NULL, 10));
    for (uint64_t i = 0; only == NULL && i < count; i++)
        walk(from + i);
    ground_close();
}

TEST(walks_with_a_rollback_journal) { walks("delete", 1, test_long() ? 4000 : 250); }
TEST(walks_with_a_write_ahead_log) { walks("wal", 1000001, test_long() ? 4000 : 250); }
