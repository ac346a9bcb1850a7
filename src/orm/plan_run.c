/* Running plans: cells become rows, and joined targets are hung on them. */
#include <string.h>

#include "orm/plan.h"

static bool plan_attach_children(struct plan *plan, struct plan_node *node, kin_row *row) {
    for (struct plan_node *child = node->children; child; child = child->next) {
        if (projection_is_absent(&child->projection, plan->cells)) {
            row_attach_one(row, child->include->association, NULL);
            continue;
        }
        kin_row *target = hydrate(plan->region, &child->projection, plan->cells);
        if (!target || !plan_attach_children(plan, child, target))
            return false;
        row_attach_one(row, child->include->association, target);
        if (child->later_count && !row_list_add(&child->rows, target))
            return fault_no_memory(&plan->session->fault);
    }
    return true;
}

kin_row *plan_row(struct plan *plan) {
    kin_row *row = hydrate(plan->region, &plan->root.projection, plan->cells);
    if (!row)
        return NULL;
    if (plan->root.children && !plan_attach_children(plan, &plan->root, row))
        return NULL;
    if (plan->has_join_row) {
        kin_row *join = hydrate(plan->region, &plan->join_row, plan->cells);
        if (!join)
            return NULL;
        row_attach_through(row, plan->association, join);
    }
    if (plan->root.later_count && !row_list_add(&plan->root.rows, row)) {
        fault_no_memory(&plan->session->fault);
        return NULL;
    }
    return row;
}

bool plan_run_statement(struct plan *plan, const struct sql_statement *statement, struct arena *arena, struct row_list *rows,
                        bool (*each)(void *context, struct plan *plan), void *context) {
    struct result result;
    if (!session_query(plan->session, statement, arena, &result))
        return false;
    enum driver_step step;
    bool good = true;
    while (good && (step = result_next(&result, plan->types, plan->cells, plan->cell_count)) != DRIVER_DONE) {
        if (step == DRIVER_FAILED)
            good = false;
        else if (each)
            good = each(context, plan);
        else {
            kin_row *row = plan_row(plan);
            good = row && (row_list_add(rows, row) || fault_no_memory(&plan->session->fault));
        }
    }
    result_close(&result);
    return good;
}

bool plan_run(struct plan *plan, struct row_list *rows, bool (*each)(void *context, struct plan *plan), void *context) {
    struct sql_statement statement = { .kind = SQL_SELECT, .as.select = &plan->select };
    return plan_run_statement(plan, &statement, plan->arena, rows, each, context);
}
