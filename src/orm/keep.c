/* Conditions that outlive their block: kin_keep and kin_sql_text copy them into the session's memory. */
#include <string.h>

#include "session/session.h"

enum { KEEP_DEPTH = 200 };

static kin_condition *keep_condition(kin_session *session, const kin_condition *condition, unsigned depth);

static bool keep_values(kin_session *session, const kin_condition *from, kin_condition *to) {
    if (!from->values)
        return true;
    size_t count = sql_value_count(from->values, from->count);
    kin_value *values = session_allocate(session, (count + 1) * sizeof *values);
    for (size_t i = 0; values && i < count; i++)
        if (!value_copy(&session->region->arena, &from->values[i], &values[i]))
            return fault_no_memory(&session->fault);
    to->values = values;
    to->count = count;
    return values != NULL;
}

static bool keep_children(kin_session *session, const kin_condition *from, kin_condition *to, unsigned depth) {
    if (!from->children)
        return true;
    size_t count = 0;
    if (from->count == KIN_TO_LAST)
        while (!from->children[count] || from->children[count]->kind != KIN_CONDITION_LAST)
            count++;
    else
        count = from->count;
    const kin_condition **children = session_allocate(session, (count + 1) * sizeof *children);
    for (size_t i = 0; children && i < count; i++) {
        children[i] = keep_condition(session, from->children[i], depth + 1);
        if (from->children[i] && !children[i])
            return false;
    }
    to->children = children;
    to->count = count;
    return children != NULL;
}

static kin_condition *keep_condition(kin_session *session, const kin_condition *condition, unsigned depth) {
    if (!condition)
        return NULL;
    if (depth > KEEP_DEPTH) {
        fault_set(&session->fault, KIN_MISUSE, NULL, NULL, "kin_keep: the condition is nested more than %d deep", KEEP_DEPTH);
        return NULL;
    }
    kin_condition *copy = session_allocate(session, sizeof *copy);
    if (!copy)
        return NULL;
    *copy = *condition;
    copy->name = arena_copy_string(&session->region->arena, condition->name);
    bool copied = (copy->name || !condition->name) && value_copy(&session->region->arena, &condition->value, &copy->value);
    if (!copied)
        fault_no_memory(&session->fault);
    if (!copied || !keep_values(session, condition, copy) || !keep_children(session, condition, copy, depth))
        return NULL;
    copy->where = keep_condition(session, condition->where, depth + 1);
    copy->through_where = keep_condition(session, condition->through_where, depth + 1);
    return fault_is_set(&session->fault) ? NULL : copy;
}

const kin_condition *kin_keep(kin_session *session, const kin_condition *condition) {
    if (!session_enter(session))
        return NULL;
    const kin_condition *kept = keep_condition(session, condition, 0);
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
        kept = keep_condition(session, &condition, 0);
    session_leave(session);
    return kept;
}
