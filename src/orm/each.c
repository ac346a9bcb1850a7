/* kin_each: a result that is walked. Roots are read in windows from one open statement, so that memory stays the same however many there are, and
 * includes cost one statement a window, not a root. */
#include <string.h>

#include "base/options.h"
#include "base/memory.h"
#include "orm/include.h"
#include "orm/keep.h"

enum { EACH_WINDOW = 256 };

struct kin_cursor {
    struct dependent dependent; /* first: see session.h */
    kin_session *session;
    struct arena arena;  /* the options, the plan, and the binds of the open statement */
    struct arena window; /* the list of rows and the plans of includes */
    struct region region;
    kin_find options;    /* the caller's own may be gone at the next window */
    struct plan plan;
    struct sql_statement statement;
    struct result result;
    struct row_list rows;
    size_t next;
    bool ended; /* the statement has no more */
};

static void each_end(struct dependent *dependent) {
    kin_cursor *cursor = (kin_cursor *)(void *)dependent;
    session_forget(cursor->session, dependent);
    result_close(&cursor->result);
    region_end(&cursor->region);
    arena_free(&cursor->arena);
    arena_free(&cursor->window);
    memory_free(cursor);
}

static bool each_open(kin_cursor *cursor, const kin_find *options) {
    kin_session *session = cursor->session;
    struct plan_request request = { options->model, NULL, false, &cursor->options, NULL };
    cursor->statement = (struct sql_statement){ .kind = SQL_SELECT, .as.select = &cursor->plan.select };
    if (!keep_find(session, &cursor->arena, options, &cursor->options) ||
        !plan_build(&cursor->plan, session, &cursor->arena, &cursor->region, &request))
        return false;
    cursor->plan.all = false; /* includes are loaded for a window */
    return session_query(session, &cursor->statement, &cursor->arena, &cursor->result);
}

kin_cursor *(kin_each)(kin_session *session, const kin_find *options) {
    if (!session_enter(session))
        return NULL;
    kin_find own;
    options = options_of(options, &own, sizeof own);
    kin_cursor *cursor = NULL;
    if (session_knows(session, options->model, "kin_each")) {
        cursor = memory_allocate_cleared(sizeof *cursor);
        if (!cursor)
            fault_no_memory(&session->fault);
    }
    if (cursor) {
        cursor->session = session;
        cursor->dependent.end = each_end;
        region_start(&cursor->region, session);
        session_depend(session, &cursor->dependent);
        if (!each_open(cursor, options)) {
            each_end(&cursor->dependent);
            cursor = NULL;
        }
    }
    session_leave(session);
    return cursor;
}

/* The lists of what further statements are loaded for begin anew with each window, those of joined rows as well. */
static void each_clear(struct plan_node *node, struct arena *window) {
    node->rows = (struct row_list){ .arena = window };
    for (struct plan_node *child = node->children; child; child = child->next)
        each_clear(child, window);
}

/* Reads the next window of roots, and what is included with them. */
static bool each_fill(kin_cursor *cursor) {
    struct plan *plan = &cursor->plan;
    region_reset(&cursor->region);
    arena_reset(&cursor->window);
    cursor->rows = (struct row_list){ .arena = &cursor->window };
    cursor->next = 0;
    each_clear(&plan->root, &cursor->window);
    while (!cursor->ended && cursor->rows.count < EACH_WINDOW) {
        enum driver_step step = result_next(&cursor->result, plan->types, plan->cells, plan->cell_count);
        if (step == DRIVER_FAILED)
            return false;
        cursor->ended = step == DRIVER_DONE;
        if (cursor->ended)
            break;
        kin_row *row = plan_row(plan);
        if (!row || (!row_list_add(&cursor->rows, row) && !fault_no_memory(&cursor->session->fault)))
            return false;
    }
    if (cursor->ended)
        result_close(&cursor->result);
    struct arena *kept = plan->arena;
    plan->arena = &cursor->window;
    bool loaded = include_load_later(plan);
    plan->arena = kept;
    return loaded;
}

kin_row *kin_next(kin_cursor *cursor) {
    if (!cursor || !session_enter(cursor->session))
        return NULL;
    kin_session *session = cursor->session;
    kin_row *row = NULL;
    if (cursor->next == cursor->rows.count && !cursor->ended && !each_fill(cursor)) {
        cursor->ended = true; /* the rows before the failure are not handed out: there would be a gap after them */
        cursor->rows.count = 0;
    } else if (cursor->next < cursor->rows.count)
        row = cursor->rows.at[cursor->next++];
    session_leave(session);
    return row;
}

void kin_cursor_close(kin_cursor *cursor) {
    if (cursor)
        each_end(&cursor->dependent);
}
