/*
 * A plan: one SELECT for a model with everything that is joined to it, and what to make of its cells. To-one includes are joined; to-many ones
 * (and has-one, whose key is not known to be unique) wait in their node for include.c, which loads each with one further statement.
 */
#ifndef KIN_ORM_PLAN_H
#define KIN_ORM_PLAN_H

#include <kin.h>

#include "orm/find.h"
#include "orm/hydrate.h"
#include "sql/resolve.h"

/* One model's place in the statement. */
struct plan_node {
    const kin_include *include; /* NULL for the root */
    struct plan_node *parent;
    struct projection projection;
    struct plan_node *children, *next; /* joined to-one includes */
    const kin_include **later;         /* includes that need a statement of their own */
    size_t later_count;
    bool inner;                        /* the root, or joined by INNER JOIN all the way up */
    struct row_list rows;              /* of this node, when something is loaded later for them */
};

struct plan {
    kin_session *session;
    struct arena *arena;               /* of the plan itself */
    struct region *region;             /* of the rows */
    struct plan_node root;
    const kin_association *association; /* the root's rows come through it; or NULL */
    bool all;                          /* nothing restricts the roots: they are the whole table */
    bool has_join_row;
    struct projection join_row;        /* of table 1, for a many-to-many association */
    const struct key *source_key;      /* what says which source a row belongs to: in the root, or in table 1 */
    size_t source_cell;                /* its first cell, when it was asked for */
    struct sql_select select;
    struct sql_output *outputs;
    kin_type *types;
    kin_value *cells;
    size_t cell_count, cell_capacity;
    struct sql_join *joins;
    struct sql_order *orders;
    size_t order_count;
    unsigned next_table;
    struct sql_scope scope;            /* of the root */
};

struct plan_request {
    const kin_model *model;            /* of the rows that come out */
    const kin_association *association; /* they are its targets: join it (many to many), apply its scopes */
    bool by_source;                    /* also read the key on the source's side, for include.c */
    const kin_find *options;
    const struct find_extra *extra;    /* NULL allowed */
};

/* Builds the plan; arena must outlive its use. False: fault. */
bool plan_build(struct plan *plan, kin_session *session, struct arena *arena, struct region *region, const struct plan_request *request);
/* Makes the rows of the current cells: the root's, with to-one rows and join row attached. NULL: fault. */
kin_row *plan_row(struct plan *plan);
/* Runs the plan and collects the root's rows; or calls each for every row of cells, which makes of it what it wants with plan_row. */
bool plan_run(struct plan *plan, struct row_list *rows, bool (*each)(void *context, struct plan *plan), void *context);
/* The same for a statement that was made of the plan's select; arena: for its binds, NULL: scratch memory. */
bool plan_run_statement(struct plan *plan, const struct sql_statement *statement, struct arena *arena, struct row_list *rows,
                        bool (*each)(void *context, struct plan *plan), void *context);

/* ANDs what an include asks of its parent in `parent_table`: at least one target that fits (and so on, inwards). */
bool plan_require(struct plan *plan, const kin_include *include, const struct sql_scope *parent, const struct sql_expression **where);
/* An include fits its model, and its numbers make sense; else a fault. */
bool plan_check_include(struct plan *plan, const kin_model *model, const kin_include *include);
/* True when the include restricts its parent. */
static inline bool include_restricts(const kin_include *include) {
    return include->required || ((include->where || include->through_where) && !include->optional);
}
/* How many includes a list has; a literal one is closed by `last`. */
size_t includes_count(kin_includes includes);

#endif
