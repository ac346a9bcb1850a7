/* Aggregates: kin_calculate for one number, kin_aggregate for groups. */
#include <string.h>

#include "base/options.h"
#include "orm/plan.h"
#include "orm/query.h"

static const char *aggregate_function_name(kin_function function) {
    static const char *const names[] = { "?", "KIN_COUNT", "KIN_MIN", "KIN_MAX", "KIN_SUM", "KIN_AVERAGE" };
    return function >= KIN_COUNT && function <= KIN_AVERAGE ? names[function] : names[0];
}

static bool aggregate_is_number(kin_type type) {
    return type == KIN_TYPE_INTEGER || type == KIN_TYPE_BIGINT || type == KIN_TYPE_REAL || type == KIN_TYPE_DECIMAL;
}

/* One function over one attribute (NULL: rows, for a count), and the type its result is read in. */
static bool aggregate_output(kin_session *session, const kin_model *model, kin_function function, const char *attribute, const char *as,
                             struct sql_output *output, kin_type *type) {
    struct fault *fault = &session->fault;
    *output = (struct sql_output){ .function = function, .as = as };
    *type = KIN_TYPE_ANY;
    if (function < KIN_COUNT || function > KIN_AVERAGE)
        return fault_set(fault, KIN_MISUSE, model->info.name, attribute, "%s: %d is no aggregate function; write KIN_COUNT, KIN_MIN, KIN_MAX, KIN_SUM or KIN_AVERAGE",
                         model->info.name, (int)function);
    if (!attribute && function == KIN_COUNT)
        return true;
    if (!(output->column.attribute = model_attribute_required(model, attribute, fault)))
        return false;
    if ((function == KIN_SUM || function == KIN_AVERAGE) && !aggregate_is_number(output->column.attribute->info.type))
        return fault_set(fault, KIN_MISUSE, model->info.name, attribute, "%s.%s: %s needs a number, and this is %s", model->info.name, attribute,
                         aggregate_function_name(function), type_name(output->column.attribute->info.type));
    if (function == KIN_MIN || function == KIN_MAX)
        *type = output->column.attribute->info.type;
    return true;
}

kin_value(kin_calculate)(kin_session *session, kin_function function, const char *attribute, const kin_find *options) {
    kin_value value = { .type = KIN_VALUE_NULL }, cell;
    if (!session_enter(session))
        return value;
    kin_find own;
    options = options_of(options, &own, sizeof own);
    const kin_model *model = options->model;
    struct plan plan;
    struct plan_request request = { model, NULL, false, options, NULL };
    struct sql_output output;
    kin_type type;
    struct result result;
    struct sql_statement statement = { .kind = SQL_SELECT, .as.select = &plan.select };
    if (session_knows(session, model, "kin_calculate") && aggregate_output(session, model, function, attribute, NULL, &output, &type) &&
        plan_build(&plan, session, &session->scratch, session->region, &request)) {
        plan.select.outputs = &output;
        plan.select.output_count = 1;
        plan.select.order_count = 0;
        plan.select.has_limit = plan.select.has_offset = false; /* there is one row, of all that match */
        if (session_query(session, &statement, NULL, &result)) {
            if (result_next(&result, &type, &cell, 1) == DRIVER_ROW && !value_copy(&session->region->arena, &cell, &value))
                fault_no_memory(&session->fault);
            result_close(&result);
        }
    }
    session_leave(session);
    return value;
}

/* ---- groups ---- */

struct aggregate {
    const kin_aggregate_options *options;
    size_t count; /* group attributes, then columns */
    const char **names;
    struct sql_output *outputs;
    kin_type *types;
    struct sql_column *group;
    struct sql_order *orders;
    unsigned next_table;
    struct sql_select select;
};

static bool aggregate_columns(kin_session *session, struct aggregate *aggregate) {
    const kin_aggregate_options *options = aggregate->options;
    for (size_t i = 0; i < options->group.count; i++) {
        const struct attribute *attribute = model_attribute_required(options->model, options->group.at[i], &session->fault);
        if (!attribute)
            return false;
        aggregate->group[i] = (struct sql_column){ attribute, 0 };
        aggregate->outputs[i] = (struct sql_output){ .column = aggregate->group[i], .as = attribute->info.name };
        aggregate->types[i] = attribute->info.type;
        aggregate->names[i] = attribute->info.name;
    }
    for (size_t i = 0; i < options->column_count; i++) {
        const kin_aggregate_column *column = &options->columns[i];
        size_t place = options->group.count + i;
        const char *as = column->as ? column->as : column->attribute;
        if (!as)
            return fault_set(&session->fault, KIN_MISUSE, options->model->info.name, NULL, "kin_aggregate: column %zu has no name; write { %s, NULL, \"n\" }",
                             i + 1, aggregate_function_name(column->function));
        if (!aggregate_output(session, options->model, column->function, column->attribute, as, &aggregate->outputs[place], &aggregate->types[place]))
            return false;
        aggregate->names[place] = as;
    }
    return true;
}

static bool aggregate_order(kin_session *session, struct aggregate *aggregate) {
    const kin_names *order = &aggregate->options->order;
    for (size_t i = 0; i < order->count; i++) {
        const char *name = order->at[i] ? order->at[i] : "";
        aggregate->orders[i].descending = name[0] == '-';
        name += aggregate->orders[i].descending;
        size_t output = 0;
        while (output < aggregate->count && strcmp(aggregate->names[output], name) != 0)
            output++;
        if (output == aggregate->count) {
            char quoted[80], near[256];
            return fault_set(&session->fault, KIN_MISUSE, aggregate->options->model->info.name, NULL, "kin_aggregate: there is no column \"%s\" to order by; %s",
                             fault_quote(name, quoted), fault_candidates(name, aggregate->count, aggregate->names, near, sizeof near));
        }
        aggregate->orders[i].by_output = true;
        aggregate->orders[i].output = output;
    }
    aggregate->select.orders = aggregate->orders;
    aggregate->select.order_count = order->count;
    return true;
}

static bool aggregate_conditions(kin_session *session, struct aggregate *aggregate) {
    const kin_aggregate_options *options = aggregate->options;
    struct sql_scope scope = { .model = options->model, .next_table = &aggregate->next_table, .arena = &session->scratch, .fault = &session->fault };
    if (!sql_resolve(&scope, options->where, &aggregate->select.where))
        return false;
    if (!options->with_deleted && !sql_live_only(&scope, options->model, 0, &aggregate->select.where))
        return false;
    return sql_resolve_having(&scope, options->having, aggregate->outputs, aggregate->count, &aggregate->select.having);
}

static bool aggregate_build(kin_session *session, struct aggregate *aggregate) {
    const kin_aggregate_options *options = aggregate->options;
    size_t room = options->group.count + options->column_count + 1;
    aggregate->count = room - 1;
    aggregate->next_table = 1;
    aggregate->names = session_scratch(session, room * sizeof *aggregate->names);
    aggregate->outputs = session_scratch(session, room * sizeof *aggregate->outputs);
    aggregate->types = session_scratch(session, room * sizeof *aggregate->types);
    aggregate->group = session_scratch(session, room * sizeof *aggregate->group);
    aggregate->orders = session_scratch(session, (options->order.count + 1) * sizeof *aggregate->orders);
    if (!aggregate->names || !aggregate->outputs || !aggregate->types || !aggregate->group || !aggregate->orders)
        return false;
    memset(aggregate->orders, 0, (options->order.count + 1) * sizeof *aggregate->orders);
    if (aggregate->count == 0)
        return fault_set(&session->fault, KIN_MISUSE, options->model->info.name, NULL, "kin_aggregate: there are no columns; write KIN_AGGREGATES({ KIN_COUNT, NULL, \"n\" })");
    if ((options->limit < 0 && options->limit != kin_limit(0)) || options->offset < 0)
        return fault_set(&session->fault, KIN_MISUSE, options->model->info.name, NULL, "kin_aggregate: limit or offset is negative");
    aggregate->select = (struct sql_select){
        .model = options->model, .outputs = aggregate->outputs, .output_count = aggregate->count, .group = aggregate->group,
        .group_count = options->group.count, .has_limit = options->limit != 0, .has_offset = options->offset != 0,
        .limit = options->limit == kin_limit(0) ? 0 : options->limit, .offset = options->offset,
    };
    return aggregate_columns(session, aggregate) && aggregate_order(session, aggregate) && aggregate_conditions(session, aggregate);
}

kin_rows(kin_aggregate)(kin_session *session, const kin_aggregate_options *options) {
    kin_rows rows = { NULL, 0 };
    if (!session_enter(session))
        return rows;
    kin_aggregate_options own;
    options = options_of(options, &own, sizeof own);
    struct aggregate aggregate = { .options = options };
    struct sql_statement statement = { .kind = SQL_SELECT, .as.select = &aggregate.select };
    struct result result;
    if (session_knows(session, options->model, "kin_aggregate") && aggregate_build(session, &aggregate) &&
        session_query(session, &statement, NULL, &result)) {
        const kin_model *model = model_for_result(&session->region->arena, aggregate.count, aggregate.names);
        if (!model)
            fault_no_memory(&session->fault);
        else
            query_rows(session, &result, model, aggregate.types, &rows);
        result_close(&result);
    }
    session_leave(session);
    return rows;
}
