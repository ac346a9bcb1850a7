/*
 * Destroying and restoring one row. Deleting is what cascades with hooks: associations that were declared with .hooks and on_delete =
 * KIN_CASCADE have their targets (of belongs-to-many: the join rows) destroyed one by one before the row goes. Marking a row of a paranoid model
 * as deleted reaches nothing else. With hooks or a cascade everything is in one level.
 */
#include "base/options.h"
#include "orm/save.h"

#include <string.h>

#include "orm/find.h"

/* The rows whose destruction is under way, innermost first: relations may run in circles. */
struct destroy_chain {
    const kin_model *model;
    kin_value key;
    const struct destroy_chain *outer;
    bool *met; /* something inside came back to this row: the database may have deleted it then */
};

struct destroy_request {
    bool force, no_hooks;
    bool nested; /* in a cascade: a row that is gone by now is fine */
};

static bool destroy_row(kin_row *row, const struct destroy_request *request, const struct destroy_chain *outer);

static bool destroy_follows(const kin_association *association) {
    return association->hooks && association->info.on_delete == KIN_CASCADE && association->info.kind != KIN_BELONGS_TO;
}

bool destroy_cascades(const kin_model *model) {
    for (size_t i = 0; i < model->association_count; i++)
        if (destroy_follows(model->associations[i]))
            return true;
    return false;
}

/* ---- the cascade ---- */

static bool destroy_find_targets(kin_session *session, const kin_association *association, const kin_value *key, kin_rows *out) {
    const kin_find options = { .size = sizeof options };
    if (!association->info.through)
        return find_targets(session, association, key, &options, NULL, session->region, out);
    /* Many to many: the rows of the join model, whatever its scopes, since the database deletes them all. */
    const struct find_extra extra = { .where = sql_key_equals(&session->scratch, &association->foreign_key, 0, key) };
    if (!extra.where)
        return fault_no_memory(&session->fault);
    return find_rows(session, association->info.through, &options, &extra, session->region, out);
}

/* Whether memory has another value for the key than the database, or none. */
static bool destroy_key_differs(const kin_row *row, const struct key *key) {
    for (size_t i = 0; i < key->count; i++)
        if (!row_bit(row, ROW_LOADED, key->at[i]->index) || row_bit(row, ROW_CHANGED, key->at[i]->index))
            return true;
    return false;
}

/* What the targets point at, as the database has it: a key that was changed in memory alone is somebody else's, or nobody's. False without a
 * fault: there is none. */
static bool destroy_source_key(const kin_row *row, const kin_association *association, const struct destroy_chain *chain, kin_value *out) {
    const struct key *key = &association->source_key, *primary = &row_model(row)->primary_key;
    kin_session *session = row_session(row);
    if (key->count == primary->count && memcmp(key->at, primary->at, key->count * sizeof *key->at) == 0) {
        *out = chain->key;
        return true;
    }
    if (!destroy_key_differs(row, key))
        return row_key(row, key, &session->scratch, out);
    const kin_find options = { .size = sizeof options, .with_deleted = true };
    kin_row *fresh;
    return find_by_key(session, row_model(row), &chain->key, &options, session->region, &fresh) && fresh &&
           row_key(fresh, key, &session->scratch, out);
}

static bool destroy_follow(kin_row *row, const kin_association *association, const struct destroy_chain *chain) {
    const struct destroy_request request = { .force = true, .nested = true };
    kin_session *session = row_session(row);
    kin_value key;
    kin_rows targets;
    if (!destroy_source_key(row, association, chain, &key))
        return !fault_is_set(&session->fault);
    if (!destroy_find_targets(session, association, &key, &targets))
        return false;
    for (size_t i = 0; i < targets.count; i++)
        if (!destroy_row(targets.at[i], &request, chain))
            return false;
    return true;
}

static bool destroy_follow_all(kin_row *row, const struct destroy_chain *chain) {
    const kin_model *model = row_model(row);
    for (size_t i = 0; i < model->association_count; i++)
        if (destroy_follows(model->associations[i]) && !destroy_follow(row, model->associations[i], chain))
            return false;
    return true;
}

bool destroy_cascade(kin_row *row) {
    bool met = false;
    struct destroy_chain chain = { .model = row_model(row), .met = &met };
    return save_known_key(row, "kin_destroy_all", &chain.key) && destroy_follow_all(row, &chain);
}

/* ---- one row ---- */

static bool destroy_send_delete(kin_session *session, const kin_model *model, const kin_value *key, int64_t *changed) {
    const struct sql_delete delete_ = { .model = model, .where = sql_key_equals(&session->scratch, &model->primary_key, 0, key) };
    const struct sql_statement statement = { .kind = SQL_DELETE, .as.delete_ = &delete_ };
    struct driver_result done = { 0 };
    if (!delete_.where)
        return fault_no_memory(&session->fault);
    bool good = session_execute(session, &statement, &done);
    *changed = done.changed;
    return good;
}

/* Deletes the row. tolerant: it may be gone. */
static bool destroy_delete(kin_row *row, const kin_value *key, bool tolerant) {
    kin_session *session = row_session(row);
    int64_t changed = 0;
    if (!row_remember(row, ROW_WRITE_UPDATE) || !destroy_send_delete(session, row_model(row), key, &changed))
        return false;
    if (changed == 0 && !tolerant)
        return save_fault_gone(session, row_model(row), key);
    row_header(row)->flags = ROW_DELETED;
    return true;
}

/* Writes deletedAt, NULL or now, and updatedAt with it. */
static bool destroy_mark(kin_row *row, const kin_value *key, const kin_value *deleted_at) {
    kin_session *session = row_session(row);
    const kin_model *model = row_model(row);
    kin_value now = deleted_at->type == KIN_VALUE_NULL ? save_now() : *deleted_at;
    const struct attribute *attributes[2] = { model->deleted_at, model->updated_at };
    struct sql_set sets[2] = { { .attribute = model->deleted_at, .value = *deleted_at }, { .attribute = model->updated_at, .value = now } };
    size_t count = model->updated_at ? 2 : 1;
    if (!row_remember(row, ROW_WRITE_UNKNOWN) || !save_execute_update(session, model, sets, count, key))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!row_store(row, attributes[i], &sets[i].value))
            return false;
        row_set_bit(row, ROW_CHANGED, attributes[i]->index, false);
    }
    return true;
}

static bool destroy_is_met(const kin_row *row, const kin_value *key, const struct destroy_chain *chain) {
    for (; chain; chain = chain->outer)
        if (chain->model == row_model(row) && value_equal(&chain->key, key)) {
            *chain->met = true;
            return true;
        }
    return false;
}

static bool destroy_steps(kin_row *row, const struct destroy_request *request, const struct destroy_chain *chain) {
    const kin_model *model = row_model(row);
    bool hooks = !request->no_hooks;
    if (hooks && hooks_any(model, KIN_BEFORE_DESTROY) && !hooks_row(row, KIN_BEFORE_DESTROY))
        return false;
    if (model->deleted_at && !request->force) {
        const kin_value now = save_now();
        if (!destroy_mark(row, &chain->key, &now))
            return false;
    } else if ((hooks && !destroy_follow_all(row, chain)) || !destroy_delete(row, &chain->key, request->nested || *chain->met)) {
        return false;
    }
    return !hooks || !hooks_any(model, KIN_AFTER_DESTROY) || hooks_row(row, KIN_AFTER_DESTROY);
}

static bool destroy_row(kin_row *row, const struct destroy_request *request, const struct destroy_chain *outer) {
    kin_session *session = row_session(row);
    const kin_model *model = row_model(row);
    bool met = false;
    struct destroy_chain chain = { .model = model, .outer = outer, .met = &met };
    if (!save_known_key(row, "kin_destroy", &chain.key))
        return false;
    if (destroy_is_met(row, &chain.key, outer))
        return true;
    const uint32_t hooks = 1u << KIN_BEFORE_DESTROY | 1u << KIN_AFTER_DESTROY;
    bool level = !request->nested && !request->no_hooks && ((model->hook_mask & hooks) || destroy_cascades(model));
    if (!level)
        return destroy_steps(row, request, &chain);
    return session_begin_level(session, true) && session_end_level(session, destroy_steps(row, request, &chain));
}

bool(kin_destroy)(const kin_destroy_options *options) {
    kin_destroy_options own;
    options = options_of(options, &own, sizeof own);
    kin_session *session = options ? save_enter(options->row, "kin_destroy") : NULL;
    if (!session)
        return false;
    const struct destroy_request request = { .force = options->force, .no_hooks = options->no_hooks };
    bool good = destroy_row(options->row, &request, NULL);
    session_leave(session);
    return good;
}

static bool destroy_restore(kin_row *row) {
    const kin_value null = { .type = KIN_VALUE_NULL };
    const kin_model *model = row_model(row);
    kin_value key;
    if (!model->deleted_at)
        return fault_set(&row_session(row)->fault, KIN_MISUSE, model->info.name, NULL, "kin_restore: %s is not paranoid, so its rows are deleted for good",
                         model->info.name);
    return save_known_key(row, "kin_restore", &key) && destroy_mark(row, &key, &null);
}

bool kin_restore(kin_row *row) {
    kin_session *session = save_enter(row, "kin_restore");
    if (!session)
        return false;
    bool good = destroy_restore(row);
    session_leave(session);
    return good;
}
