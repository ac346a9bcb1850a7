/*
 * kin_update_all and kin_destroy_all: one statement for all rows that match. Neither runs without a condition, unless .all says that every row is
 * meant. With individual_hooks the rows are loaded first, in the same level, and their hooks run around the statement.
 */
#include "base/options.h"
#include "orm/save.h"

#include "orm/find.h"
#include "sql/resolve.h"

struct change {
    kin_session *session;
    const kin_model *model;
    const kin_bulk_options *options;
    struct row_values values;              /* update: what is set */
    kin_values given;                      /* the same for hooks */
    const struct sql_expression *where;
    bool individual;
    bool deletes;                          /* destroy: DELETE, as against deletedAt */
    kin_rows rows;                         /* with individual hooks */
    kin_value now;                         /* destroy: what deletedAt gets */
    int64_t changed;
};

/* ---- the condition ---- */

static bool change_is_empty(const kin_condition *condition) {
    if (!condition)
        return true;
    if (condition->kind != KIN_CONDITION_AND && condition->kind != KIN_CONDITION_OR && condition->kind != KIN_CONDITION_NOT)
        return false;
    for (size_t i = 0; condition->children && i < condition->count; i++) {
        const kin_condition *child = condition->children[i];
        if (child && child->kind == KIN_CONDITION_LAST)
            break;
        if (!change_is_empty(child))
            return false;
    }
    return true;
}

static bool change_refuse(const struct change *change, const char *verb) {
    return fault_set(&change->session->fault, KIN_MISUSE, change->model->info.name, NULL,
                     "%s: %s without a condition: write .where = kin_eq(\"%s\", ...), or .all = true for every row", verb, change->model->info.name,
                     change->model->attributes[0].info.name);
}

/* Every row is meant only where .all says so. */
static bool change_resolve(struct change *change, const char *verb, bool with_deleted) {
    kin_session *session = change->session;
    unsigned next_table = 1;
    const struct sql_scope scope = {
        .model = change->model, .next_table = &next_table, .arena = &session->scratch, .fault = &session->fault
    };
    const kin_bulk_options *options = change->options;
    if (!options->all && change_is_empty(options->where))
        return change_refuse(change, verb);
    if (!sql_resolve(&scope, options->where, &change->where))
        return false;
    if (!options->all && !change->where)
        return change_refuse(change, verb);
    return with_deleted || sql_live_only(&scope, change->model, 0, &change->where);
}

/* ---- hooks ---- */

static bool change_hook(const struct change *change, kin_hook_kind kind) {
    return change->options->no_hooks || !hooks_any(change->model, kind) ||
           hooks_bulk(change->session, change->model, kind, (kin_rows){ NULL, 0 }, change->given, change->options->where);
}

static bool change_load_rows(struct change *change, bool with_deleted) {
    const kin_find options = { .size = sizeof options, .model = change->model, .where = change->options->where, .with_deleted = with_deleted };
    const struct find_extra extra = { .lock = true };
    return find_rows(change->session, change->model, &options, &extra, change->session->region, &change->rows);
}

static bool change_send(struct change *change, const struct sql_statement *statement) {
    struct driver_result done;
    if (!session_execute(change->session, statement, &done))
        return false;
    change->changed = done.changed;
    return true;
}

static bool change_send_update(struct change *change, const struct sql_set *sets, size_t count) {
    const struct sql_update update = { .model = change->model, .sets = sets, .set_count = count, .where = change->where };
    const struct sql_statement statement = { .kind = SQL_UPDATE, .as.update = &update };
    return change_send(change, &statement);
}

/* ---- update ---- */

static bool change_make_sets(struct change *change, struct sql_set **out, size_t *count) {
    const struct attribute *updated_at = change->model->updated_at;
    const struct row_values *values = &change->values;
    struct sql_set *sets = session_scratch(change->session, (values->count + 1) * sizeof *sets);
    if (!sets)
        return false;
    bool stamped = updated_at == NULL;
    for (size_t i = 0; i < values->count; i++) {
        sets[i] = (struct sql_set){ .attribute = values->attributes[i], .value = values->values[i] };
        stamped |= values->attributes[i] == updated_at;
    }
    if (!stamped)
        sets[values->count] = (struct sql_set){ .attribute = updated_at, .value = save_now() };
    *out = sets;
    *count = values->count + !stamped;
    return true;
}

/* The values go into each row, so that its hooks see what is to be saved, and may change it. */
static bool change_rows_before(const struct change *change) {
    const struct save_flags flags = { .no_validate = change->options->no_validate };
    for (size_t i = 0; i < change->rows.count; i++) {
        kin_row *row = change->rows.at[i];
        uint8_t *selected;
        for (size_t k = 0; k < change->values.count; k++)
            if (!row_change(row, change->values.attributes[k], &change->values.values[k]))
                return false;
        if (!validate_selection(row, (kin_names){ NULL, 0 }, &selected) || !save_before(row, selected, KIN_BEFORE_UPDATE, flags))
            return false;
    }
    return true;
}

/* After the statement: what it wrote is not pending any more; what a hook made different is written row by row. */
static bool change_row_after(const struct change *change, kin_row *row, const struct sql_set *sets, size_t count) {
    const struct save_flags flags = { .no_validate = change->options->no_validate, .no_hooks = true };
    if (!row_remember(row, ROW_WRITE_UPDATE))
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct attribute *attribute = sets[i].attribute;
        const kin_value value = row_load(row, attribute);
        bool written = value_equal(&value, &sets[i].value);
        if (!written && attribute == change->model->updated_at && !row_bit(row, ROW_CHANGED, attribute->index))
            written = row_store(row, attribute, &sets[i].value);
        row_set_bit(row, ROW_CHANGED, attribute->index, !written);
    }
    if (row_header(row)->extra)
        row_header(row)->extra->original_key = NULL;
    return !fault_is_set(&change->session->fault) && save_update(row, (kin_names){ NULL, 0 }, flags) &&
           save_after(row, KIN_AFTER_UPDATE, (struct save_flags){ 0 });
}

static bool change_rows_after(const struct change *change, const struct sql_set *sets, size_t count) {
    for (size_t i = 0; i < change->rows.count; i++)
        if (!change_row_after(change, change->rows.at[i], sets, count))
            return false;
    return true;
}

static bool change_update_steps(struct change *change) {
    struct sql_set *sets;
    size_t count;
    if (!change_hook(change, KIN_BEFORE_BULK_UPDATE) || !change_make_sets(change, &sets, &count))
        return false;
    if (change->individual && !(change_load_rows(change, false) && change_rows_before(change)))
        return false;
    return change_send_update(change, sets, count) && change_rows_after(change, sets, count) && change_hook(change, KIN_AFTER_BULK_UPDATE);
}

/* What hooks are shown: the converted values under their names. */
static bool change_show_values(struct change *change) {
    const struct row_values *values = &change->values;
    kin_assignment *given = session_scratch(change->session, values->count * sizeof *given);
    for (size_t i = 0; given && i < values->count; i++)
        given[i] = (kin_assignment){ values->attributes[i]->info.name, values->values[i] };
    change->given = (kin_values){ given, values->count };
    return given != NULL;
}

/* Runs steps, in a level of their own where hooks are to see and stop them. */
static bool change_run(struct change *change, uint32_t hooks, bool (*steps)(struct change *change)) {
    bool level = change->individual || (!change->options->no_hooks && (change->model->hook_mask & hooks));
    if (!level)
        return steps(change);
    return session_begin_level(change->session, true) && session_end_level(change->session, steps(change));
}

static bool change_update(struct change *change, kin_values values) {
    kin_session *session = change->session;
    if (!session_knows(session, change->model, "kin_update_all") ||
        !row_values(session, change->model, values, change->options->attributes, &session->scratch, &change->values) ||
        !change_resolve(change, "kin_update_all", false))
        return false;
    if (change->values.count == 0)
        return true;
    if (!change->options->no_validate && !validate_values(session, change->model, &change->values))
        return false;
    return change_show_values(change) &&
           change_run(change, 1u << KIN_BEFORE_BULK_UPDATE | 1u << KIN_AFTER_BULK_UPDATE, change_update_steps);
}

/* ---- destroy ---- */

static bool change_each_hook(const struct change *change, kin_hook_kind kind) {
    for (size_t i = 0; hooks_any(change->model, kind) && i < change->rows.count; i++)
        if (!hooks_row(change->rows.at[i], kind))
            return false;
    return true;
}

static bool change_cascade(const struct change *change) {
    for (size_t i = 0; destroy_cascades(change->model) && i < change->rows.count; i++)
        if (!destroy_cascade(change->rows.at[i]))
            return false;
    return true;
}

static bool change_send_destroy(struct change *change) {
    const kin_model *model = change->model;
    const struct sql_delete delete_ = { .model = model, .where = change->where };
    const struct sql_statement statement = { .kind = SQL_DELETE, .as.delete_ = &delete_ };
    if (change->deletes)
        return change_send(change, &statement);
    const struct sql_set sets[2] = { { .attribute = model->deleted_at, .value = change->now }, { .attribute = model->updated_at, .value = change->now } };
    return change_send_update(change, sets, model->updated_at ? 2 : 1);
}

/* The rows that the individual hooks see. */
static bool change_mark_destroyed(const struct change *change) {
    const struct attribute *attributes[2] = { change->model->deleted_at, change->model->updated_at };
    for (size_t i = 0; i < change->rows.count; i++) {
        kin_row *row = change->rows.at[i];
        if (!row_remember(row, change->deletes ? ROW_WRITE_UPDATE : ROW_WRITE_UNKNOWN))
            return false;
        if (change->deletes)
            row_header(row)->flags = ROW_DELETED;
        for (size_t k = 0; !change->deletes && k < 2; k++)
            if (attributes[k] && !row_store(row, attributes[k], &change->now))
                return false;
    }
    return true;
}

static bool change_destroy_steps(struct change *change) {
    if (!change_hook(change, KIN_BEFORE_BULK_DESTROY) || (change->individual && !change_load_rows(change, change->deletes)) ||
        !change_each_hook(change, KIN_BEFORE_DESTROY) || (change->deletes && !change_cascade(change)) || !change_send_destroy(change))
        return false;
    return change_mark_destroyed(change) && change_each_hook(change, KIN_AFTER_DESTROY) && change_hook(change, KIN_AFTER_BULK_DESTROY);
}

static bool change_destroy(struct change *change) {
    if (!session_knows(change->session, change->model, "kin_destroy_all"))
        return false;
    change->deletes = change->options->force || !change->model->deleted_at;
    change->now = save_now();
    return change_resolve(change, "kin_destroy_all", change->deletes) &&
           change_run(change, 1u << KIN_BEFORE_BULK_DESTROY | 1u << KIN_AFTER_BULK_DESTROY, change_destroy_steps);
}

/* ---- the verbs ---- */

static struct change change_start(kin_session *session, const kin_model *model, const kin_bulk_options *options) {
    struct change change = { .session = session, .model = model, .options = options };
    change.individual = change.options->individual_hooks && !change.options->no_hooks;
    return change;
}

int64_t(kin_update_all)(kin_session *session, const kin_model *model, kin_values values, const kin_bulk_options *options) {
    kin_bulk_options own;
    options = options_of(options, &own, sizeof own);
    if (!session_enter(session))
        return -1;
    struct change change = change_start(session, model, options);
    bool good = change_update(&change, values);
    session_leave(session);
    return good ? change.changed : -1;
}

int64_t(kin_destroy_all)(kin_session *session, const kin_model *model, const kin_bulk_options *options) {
    kin_bulk_options own;
    options = options_of(options, &own, sizeof own);
    if (!session_enter(session))
        return -1;
    struct change change = change_start(session, model, options);
    bool good = change_destroy(&change);
    session_leave(session);
    return good ? change.changed : -1;
}
