/* Finding rows of a model: the internal finders that every verb uses, and the public ones. */
#include "base/options.h"
#include "orm/find.h"

#include <string.h>

#include "orm/include.h"
#include "orm/plan_cache.h"
#include "orm/save.h"

static const kin_find find_plain = { .size = sizeof(kin_find) };

bool find_rows(kin_session *session, const kin_model *model, const kin_find *options, const struct find_extra *extra, struct region *region,
               kin_rows *out) {
    struct plan plan;
    struct plan_request request = { model, NULL, false, options ? options : &find_plain, extra };
    struct row_list rows = { .arena = &region->arena };
    *out = (kin_rows){ NULL, 0 };
    if (!plan_build(&plan, session, &session->scratch, region, &request) || !plan_run(&plan, &rows, NULL, NULL) || !include_load_later(&plan))
        return false;
    *out = (kin_rows){ rows.at, rows.count };
    return true;
}

bool find_row(kin_session *session, const kin_model *model, const kin_find *options, const struct find_extra *extra, struct region *region,
              kin_row **out) {
    kin_find one = options ? *options : find_plain;
    kin_rows rows;
    one.limit = 1;
    *out = NULL;
    if (!find_rows(session, model, &one, extra, region, &rows))
        return false;
    *out = rows.count ? rows.at[0] : NULL;
    return true;
}

bool find_by_key(kin_session *session, const kin_model *model, const kin_value *key, const kin_find *options, struct region *region, kin_row **out) {
    kin_rows rows;
    *out = NULL;
    if (plan_is_plain(options)) {
        if (!plan_run_kept(session, model, NULL, key, region, &rows))
            return false;
        *out = rows.count ? rows.at[0] : NULL;
        return true;
    }
    struct find_extra extra = { .where = sql_key_equals(&session->scratch, &model->primary_key, 0, key) };
    if (!extra.where)
        return fault_no_memory(&session->fault);
    if (!find_rows(session, model, options, &extra, region, &rows))
        return false;
    *out = rows.count ? rows.at[0] : NULL;
    return true;
}

/* ---- counting ---- */

static bool find_run_count(kin_session *session, const struct sql_select *select, int64_t *out) {
    struct sql_statement statement = { .kind = SQL_SELECT, .as.select = select };
    struct result result;
    kin_value cell;
    kin_type type = KIN_TYPE_INTEGER;
    if (!session_query(session, &statement, NULL, &result))
        return false;
    enum driver_step step = result_next(&result, &type, &cell, 1);
    if (step == DRIVER_ROW)
        *out = cell.as.integer;
    result_close(&result);
    return step == DRIVER_ROW;
}

bool find_count(kin_session *session, const kin_model *model, const kin_find *options, const struct find_extra *extra, int64_t *out) {
    /* A count has no rows to give: includes count only by what they ask of the roots. */
    kin_find counted = options ? *options : find_plain;
    counted.attributes = (kin_names){ NULL, 0 };
    counted.include = (kin_includes){ NULL, 0 };
    counted.order = (kin_names){ NULL, 0 };
    counted.order_sql = NULL;
    counted.limit = counted.offset = 0;
    struct plan plan;
    struct plan_request request = { model, counted.association, false, &counted, extra };
    if (!plan_build(&plan, session, &session->scratch, session->region, &request))
        return false;
    size_t count = options ? includes_count(options->include) : 0;
    for (size_t i = 0; i < count; i++)
        if (include_restricts(&options->include.at[i]) &&
            (!plan_check_include(&plan, model, &options->include.at[i]) ||
             !plan_require(&plan, &options->include.at[i], &plan.scope, &plan.select.where)))
            return false;
    struct sql_output output = { .function = KIN_COUNT };
    plan.select.outputs = &output;
    plan.select.output_count = 1;
    return find_run_count(session, &plan.select, out);
}

/* ---- targets of an association ---- */

static bool find_target_extra(kin_session *session, const kin_association *association, const kin_value *key, const struct find_extra *extra,
                              struct find_extra *out) {
    const struct key *columns = association->info.kind == KIN_BELONGS_TO ? &association->target_key : &association->foreign_key;
    *out = extra ? *extra : (struct find_extra){ 0 };
    bool failed = false;
    const struct sql_expression *linked = sql_key_equals(&session->scratch, columns, association->info.through ? 1 : 0, key);
    out->where = linked ? sql_and(&session->scratch, linked, out->where, &failed) : NULL;
    return (linked && !failed) || fault_no_memory(&session->fault);
}

bool find_targets(kin_session *session, const kin_association *association, const kin_value *key, const kin_find *options,
                  const struct find_extra *extra, struct region *region, kin_rows *out) {
    if (!extra && association->scope_count == 0 && association->through_scope_count == 0 && plan_is_plain(options))
        return plan_run_kept(session, association->source, association, key, region, out);
    struct find_extra linked;
    struct plan plan;
    struct plan_request request = { association->info.target, association, false, options ? options : &find_plain, &linked };
    struct row_list rows = { .arena = &region->arena };
    *out = (kin_rows){ NULL, 0 };
    if (!find_target_extra(session, association, key, extra, &linked) || !plan_build(&plan, session, &session->scratch, region, &request) ||
        !plan_run(&plan, &rows, NULL, NULL) || !include_load_later(&plan))
        return false;
    *out = (kin_rows){ rows.at, rows.count };
    return true;
}

bool find_target_count(kin_session *session, const kin_association *association, const kin_value *key, const kin_find *options, int64_t *out) {
    struct find_extra linked;
    kin_find counted = options ? *options : find_plain;
    counted.association = association;
    return find_target_extra(session, association, key, NULL, &linked) && find_count(session, association->info.target, &counted, &linked, out);
}

/* ---- public ---- */

/* Options that would be passed over in silence. */
bool find_refuse(kin_session *session, const kin_find *options, const kin_model *model, const kin_association *association, const char *verb) {
    const char *given = options->through_where ? ".through_where" : options->through_attributes.at ? ".through_attributes" : NULL;
    if (!given || (association && association->info.through))
        return true;
    return fault_set(&session->fault, KIN_MISUSE, model->info.name, association ? association->info.name : NULL,
                     "%s: %s is for associations over a join model, and %s%s%s has none", verb, given, model->info.name, association ? "." : "",
                     association ? association->info.name : "");
}

/* What every public finder begins with. */
static bool find_enter(kin_session *session, const kin_find *options, const char *verb) {
    if (!session_enter(session))
        return false;
    bool good = session_knows(session, options->model, verb) && find_refuse(session, options, options->model, NULL, verb);
    if (good && !options->no_hooks && hooks_any(options->model, KIN_BEFORE_FIND))
        good = hooks_bulk(session, options->model, KIN_BEFORE_FIND, (kin_rows){ NULL, 0 }, (kin_values){ NULL, 0 }, options->where);
    if (!good)
        session_leave(session);
    return good;
}

static bool find_after(kin_session *session, const kin_find *options, kin_rows rows) {
    return options->no_hooks || !hooks_any(options->model, KIN_AFTER_FIND) ||
           hooks_bulk(session, options->model, KIN_AFTER_FIND, rows, (kin_values){ NULL, 0 }, options->where);
}

static kin_row *find_required(kin_session *session, const kin_find *options, kin_row *row, const char *verb) {
    if (!row && options->required && !fault_is_set(&session->fault))
        fault_set(&session->fault, KIN_NOT_FOUND, options->model->info.name, NULL, "%s: there is no %s that matches", verb,
                  options->model->info.name);
    return row;
}

kin_rows(kin_find_all)(kin_session *session, const kin_find *options) {
    kin_find own;
    options = options_of(options, &own, sizeof own);
    kin_rows rows = { NULL, 0 };
    if (!find_enter(session, options, "kin_find_all"))
        return rows;
    if (!find_rows(session, options->model, options, NULL, session->region, &rows) || !find_after(session, options, rows))
        rows = (kin_rows){ NULL, 0 };
    session_leave(session);
    return rows;
}

kin_row *(kin_find_one)(kin_session *session, const kin_find *options) {
    kin_find own;
    options = options_of(options, &own, sizeof own);
    kin_row *row = NULL;
    if (!find_enter(session, options, "kin_find_one"))
        return NULL;
    if (!find_row(session, options->model, options, NULL, session->region, &row) || (row && !find_after(session, options, (kin_rows){ &row, 1 })))
        row = NULL;
    row = find_required(session, options, row, "kin_find_one");
    session_leave(session);
    return row;
}

kin_row *(kin_find_by_pk)(kin_session *session, const kin_find *options) {
    kin_find own;
    options = options_of(options, &own, sizeof own);
    kin_row *row = NULL;
    if (!find_enter(session, options, "kin_find_by_pk"))
        return NULL;
    const kin_model *model = options->model;
    kin_value key;
    if (model->primary_key.count == 0)
        fault_set(&session->fault, KIN_MISUSE, model->info.name, NULL, "kin_find_by_pk: %s has no primary key", model->info.name);
    else if (options->key.type == KIN_VALUE_NULL || options->key.type == KIN_VALUE_UNSET)
        row = NULL; /* nothing has a NULL key */
    else if (!row_convert_key(session, &model->primary_key, &options->key, &session->scratch, &key, "kin_find_by_pk") ||
             !find_by_key(session, model, &key, options, session->region, &row) || (row && !find_after(session, options, (kin_rows){ &row, 1 })))
        row = NULL;
    row = find_required(session, options, row, "kin_find_by_pk");
    session_leave(session);
    return row;
}

int64_t(kin_count_all)(kin_session *session, const kin_find *options) {
    kin_find own;
    options = options_of(options, &own, sizeof own);
    int64_t count = -1;
    if (!session_enter(session))
        return -1;
    if (!session_knows(session, options->model, "kin_count_all") || !find_refuse(session, options, options->model, NULL, "kin_count_all") ||
        !find_count(session, options->model, options, NULL, &count))
        count = -1;
    session_leave(session);
    return count;
}

kin_page(kin_find_and_count)(kin_session *session, const kin_find *options) {
    kin_find own;
    options = options_of(options, &own, sizeof own);
    kin_page page = { { NULL, 0 }, -1 };
    if (!find_enter(session, options, "kin_find_and_count"))
        return page;
    if (find_count(session, options->model, options, NULL, &page.total) && page.total > 0 &&
        find_rows(session, options->model, options, NULL, session->region, &page.rows))
        find_after(session, options, page.rows);
    session_leave(session);
    return kin_ok(session) ? page : (kin_page){ { NULL, 0 }, -1 };
}
