/* SQL by hand: kin_query and kin_execute. Rows of named columns are rows of a throw-away model whose attributes take any value. */
#include "orm/query.h"

#include <string.h>

kin_row *query_row(struct region *region, const kin_model *model, const kin_value *cells) {
    kin_row *row = row_new(region, model);
    for (size_t i = 0; row && i < model->attribute_count; i++)
        if (!row_store(row, &model->attributes[i], &cells[i]))
            return NULL;
    if (row)
        row_header(row)->flags = ROW_SAVED;
    return row;
}

bool query_rows(kin_session *session, struct result *result, const kin_model *model, const kin_type *types, kin_rows *out) {
    struct row_list rows = { .arena = &session->region->arena };
    kin_value *cells = session_scratch(session, (model->attribute_count + 1) * sizeof *cells);
    bool good = cells != NULL;
    enum driver_step step;
    while (good && (step = result_next(result, types, cells, model->attribute_count)) != DRIVER_DONE) {
        kin_row *row = step == DRIVER_ROW ? query_row(session->region, model, cells) : NULL;
        good = row && (row_list_add(&rows, row) || fault_no_memory(&session->fault));
    }
    result_close(result);
    if (good)
        *out = (kin_rows){ rows.at, rows.count };
    return good;
}

static bool query_check(kin_session *session, const char *sql, const char *verb) {
    return sql || fault_set(&session->fault, KIN_MISUSE, NULL, NULL, "%s: the SQL is NULL", verb);
}

static const kin_model *query_model(kin_session *session, struct result *result, const kin_type **types) {
    size_t count = result->driver->column_count(result->handle);
    const char **names = session_scratch(session, (count + 1) * sizeof *names);
    kin_type *any = session_scratch(session, (count + 1) * sizeof *any);
    for (size_t i = 0; names && any && i < count; i++) {
        names[i] = result->driver->column_name(result->handle, i);
        any[i] = KIN_TYPE_ANY;
    }
    const kin_model *model = names && any ? model_for_result(&session->region->arena, count, names) : NULL;
    if (!model)
        fault_no_memory(&session->fault);
    *types = any;
    return model;
}

kin_rows(kin_query)(kin_session *session, const char *sql, size_t count, const kin_value *binds) {
    kin_rows rows = { NULL, 0 };
    if (!session_enter(session))
        return rows;
    struct sql_statement statement = { .kind = SQL_TEXT, .as.text = { sql, binds, count } };
    struct result result;
    if (query_check(session, sql, "kin_query") && session_query(session, &statement, NULL, &result)) {
        const kin_type *types;
        const kin_model *model = query_model(session, &result, &types);
        if (model)
            query_rows(session, &result, model, types, &rows);
        result_close(&result);
    }
    session_leave(session);
    return rows;
}

int64_t(kin_execute)(kin_session *session, const char *sql, size_t count, const kin_value *binds) {
    int64_t changed = -1;
    if (!session_enter(session))
        return changed;
    struct sql_statement statement = { .kind = SQL_TEXT, .as.text = { sql, binds, count } };
    struct driver_result result;
    if (query_check(session, sql, "kin_execute") && session_execute(session, &statement, &result))
        changed = result.changed;
    session_leave(session);
    return changed;
}
