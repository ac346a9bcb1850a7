/* What a caller gave, kept for later: kin_keep and kin_sql_text copy conditions into the session's memory, a cursor those of its options into its own. */
#include "orm/keep.h"

#include <string.h>

#include "orm/plan.h"

enum { KEEP_DEPTH = 200 };

struct keeping {
    kin_session *session;
    struct arena *arena;
};

static const kin_condition *keep_condition(const struct keeping *keeping, const kin_condition *condition, unsigned depth);

static void *keep_allocate(const struct keeping *keeping, size_t size) {
    void *piece = arena_allocate(keeping->arena, size);
    if (!piece)
        fault_no_memory(&keeping->session->fault);
    return piece;
}

static bool keep_values(const struct keeping *keeping, const kin_condition *from, kin_condition *to) {
    if (!from->values)
        return true;
    size_t count = sql_value_count(from->values, from->count);
    kin_value *values = keep_allocate(keeping, (count + 1) * sizeof *values);
    for (size_t i = 0; values && i < count; i++)
        if (!value_copy(keeping->arena, &from->values[i], &values[i]))
            return fault_no_memory(&keeping->session->fault);
    to->values = values;
    to->count = count;
    return values != NULL;
}

static bool keep_children(const struct keeping *keeping, const kin_condition *from, kin_condition *to, unsigned depth) {
    if (!from->children)
        return true;
    size_t count = 0;
    if (from->count == KIN_TO_LAST)
        while (!from->children[count] || from->children[count]->kind != KIN_CONDITION_LAST)
            count++;
    else
        count = from->count;
    const kin_condition **children = keep_allocate(keeping, (count + 1) * sizeof *children);
    for (size_t i = 0; children && i < count; i++) {
        children[i] = keep_condition(keeping, from->children[i], depth + 1);
        if (from->children[i] && !children[i])
            return false;
    }
    to->children = children;
    to->count = count;
    return children != NULL;
}

static const kin_condition *keep_condition(const struct keeping *keeping, const kin_condition *condition, unsigned depth) {
    struct fault *fault = &keeping->session->fault;
    if (!condition)
        return NULL;
    if (depth > KEEP_DEPTH) {
        fault_set(fault, KIN_MISUSE, NULL, NULL,
                  "the condition is nested more than %d deep: put conditions side by side, in kin_all_of or kin_any_of, which take any number", KEEP_DEPTH);
        return NULL;
    }
    kin_condition *copy = keep_allocate(keeping, sizeof *copy);
    if (!copy)
        return NULL;
    *copy = *condition;
    copy->name = arena_copy_string(keeping->arena, condition->name);
    bool copied = (copy->name || !condition->name) && value_copy(keeping->arena, &condition->value, &copy->value);
    if (!copied)
        fault_no_memory(fault);
    if (!copied || !keep_values(keeping, condition, copy) || !keep_children(keeping, condition, copy, depth))
        return NULL;
    copy->where = keep_condition(keeping, condition->where, depth + 1);
    copy->through_where = keep_condition(keeping, condition->through_where, depth + 1);
    return fault_is_set(fault) ? NULL : copy;
}

/* ---- options ---- */

/* The empty list stays one that was given. */
static bool keep_names(const struct keeping *keeping, kin_names *names) {
    if (!names->at)
        return true;
    const char **copies = keep_allocate(keeping, (names->count + 1) * sizeof *copies);
    for (size_t i = 0; copies && i < names->count; i++) {
        copies[i] = arena_copy_string(keeping->arena, names->at[i]);
        if (names->at[i] && !copies[i])
            return fault_no_memory(&keeping->session->fault);
    }
    names->at = copies;
    return copies != NULL;
}

static bool keep_includes(const struct keeping *keeping, kin_includes *includes, unsigned depth) {
    size_t count = includes_count(*includes);
    if (count == 0)
        return true;
    kin_include *copies = keep_allocate(keeping, count * sizeof *copies);
    bool good = copies != NULL;
    if (good && depth > KEEP_DEPTH)
        good = fault_set(&keeping->session->fault, KIN_MISUSE, NULL, NULL, ".include is nested more than %d deep", KEEP_DEPTH);
    for (size_t i = 0; good && i < count; i++) {
        copies[i] = includes->at[i];
        copies[i].where = keep_condition(keeping, includes->at[i].where, 0);
        copies[i].through_where = keep_condition(keeping, includes->at[i].through_where, 0);
        good = !fault_is_set(&keeping->session->fault) && keep_names(keeping, &copies[i].attributes) &&
               keep_names(keeping, &copies[i].through_attributes) && keep_names(keeping, &copies[i].order) &&
               keep_includes(keeping, &copies[i].include, depth + 1);
    }
    *includes = (kin_includes){ copies, count };
    return good;
}

bool keep_find(kin_session *session, struct arena *arena, const kin_find *options, kin_find *out) {
    const struct keeping keeping = { session, arena };
    *out = *options;
    out->where = keep_condition(&keeping, options->where, 0);
    out->order_sql = keep_condition(&keeping, options->order_sql, 0);
    return !fault_is_set(&session->fault) && keep_names(&keeping, &out->attributes) && keep_names(&keeping, &out->order) &&
           keep_includes(&keeping, &out->include, 0);
}

/* ---- public ---- */

static const kin_condition *keep_in_session(kin_session *session, const kin_condition *condition) {
    const struct keeping keeping = { session, &session->region->arena };
    return keep_condition(&keeping, condition, 0);
}

const kin_condition *kin_keep(kin_session *session, const kin_condition *condition) {
    if (!session_enter(session))
        return NULL;
    const kin_condition *kept = keep_in_session(session, condition);
    session_leave(session);
    return kept;
}

const kin_condition *kin_sql_text(kin_session *session, const char *sql, size_t count, const kin_value *binds) {
    kin_condition condition = { .kind = KIN_CONDITION_SQL, .name = sql, .values = binds, .count = count };
    if (!session_enter(session))
        return NULL;
    const kin_condition *kept = NULL;
    if (!sql)
        fault_set(&session->fault, KIN_MISUSE, NULL, NULL, "kin_sql_text: the SQL is NULL");
    else
        kept = keep_in_session(session, &condition);
    session_leave(session);
    return kept;
}
