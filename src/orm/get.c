/* Following an association: kin_get, kin_get_one, kin_count. */
#include "base/options.h"
#include "orm/find.h"
#include "orm/save.h"

/* The hooks of the target's model, as for any finder. */
static bool get_hook(kin_session *session, const kin_find *options, kin_hook_kind kind, kin_rows rows) {
    const kin_model *target = options->association->info.target;
    return options->no_hooks || !hooks_any(target, kind) || hooks_bulk(session, target, kind, rows, (kin_values){ NULL, 0 }, options->where);
}

static bool get_targets(kin_session *session, const kin_find *options, const kin_value *key, kin_rows *rows) {
    if (get_hook(session, options, KIN_BEFORE_FIND, *rows) && find_targets(session, options->association, key, options, NULL, session->region, rows) &&
        (rows->count == 0 || get_hook(session, options, KIN_AFTER_FIND, *rows)))
        return true;
    *rows = (kin_rows){ NULL, 0 };
    return false;
}

/* The key to look for; *known false: there is nothing to find, and no error. */
static bool get_enter(const kin_row *row, const kin_find *options, bool many, const char *verb, kin_value *key, bool *known) {
    kin_session *session = row ? row_session(row) : NULL;
    if (!session_enter(session))
        return false;
    *known = false;
    if (relation_check(row, options->association, many, verb) && find_refuse(session, options, row_model(row), options->association, verb))
        relation_source_key(row, options->association, &session->scratch, key, known);
    return true;
}

kin_rows(kin_get)(const kin_row *row, const kin_find *options) {
    kin_find own;
    options = options_of(options, &own, sizeof own);
    kin_rows rows = { NULL, 0 };
    kin_value key;
    bool known;
    if (!get_enter(row, options, true, "kin_get", &key, &known))
        return rows;
    kin_session *session = row_session(row);
    if (known)
        get_targets(session, options, &key, &rows);
    session_leave(session);
    return rows;
}

kin_row *(kin_get_one)(const kin_row *row, const kin_find *options) {
    kin_find own;
    options = options_of(options, &own, sizeof own);
    kin_value key;
    bool known;
    if (!get_enter(row, options, false, "kin_get_one", &key, &known))
        return NULL;
    kin_session *session = row_session(row);
    kin_rows rows = { NULL, 0 };
    kin_find one = *options;
    if (options->association && options->association->info.kind == KIN_HAS_ONE) {
        one.limit = 1;
        if (!one.order.at) /* as an include chooses it */
            one.order = options->association->info.target->info.primary_key;
    }
    if (known)
        get_targets(session, &one, &key, &rows);
    if (rows.count == 0 && options->required && !fault_is_set(&session->fault))
        fault_set(&session->fault, KIN_NOT_FOUND, row_model(row)->info.name, options->association->info.name, "kin_get_one: this %s has no %s",
                  row_model(row)->info.name, options->association->info.name);
    session_leave(session);
    return rows.count ? rows.at[0] : NULL;
}

int64_t(kin_count)(const kin_row *row, const kin_find *options) {
    kin_find own;
    options = options_of(options, &own, sizeof own);
    int64_t count = 0;
    kin_value key;
    bool known;
    if (!row)
        return 0;
    if (!get_enter(row, options, true, "kin_count", &key, &known))
        return -1;
    kin_session *session = row_session(row);
    if (known)
        find_target_count(session, options->association, &key, options, &count);
    session_leave(session);
    return kin_ok(session) ? count : -1;
}
