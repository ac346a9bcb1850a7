/* From a caller's conditions and names to trees: names become attributes, values are converted, mistakes become faults. */
#ifndef KIN_SQL_RESOLVE_H
#define KIN_SQL_RESOLVE_H

#include <kin.h>

#include "base/arena.h"
#include "base/fault.h"
#include "sql/tree.h"

/* Where names are looked up, and where aliases come from. */
struct sql_scope {
    const kin_model *model;
    unsigned table;        /* the model's number in the statement */
    unsigned *next_table;  /* the next free number: EXISTS takes some */
    struct arena *arena;
    struct fault *fault;
};

/* A condition in a scope. *out is NULL for NULL and for what matches everything. A name is an attribute of the scope's model, or
 * "association.attribute" (any depth), which becomes EXISTS. A NULL in a list of kin_in matches NULL, as kin_eq does. What *out points at
 * may borrow texts and values of the condition. False: fault names the model and the near names. */
bool sql_resolve(const struct sql_scope *scope, const kin_condition *condition, const struct sql_expression **out);

/* The same for HAVING: names are looked up among the outputs (their `as`) first, then among the attributes. */
bool sql_resolve_having(const struct sql_scope *scope, const kin_condition *condition, const struct sql_output *outputs,
                        size_t output_count, const struct sql_expression **out);

/* Appends to an expression (AND) what keeps soft-deleted rows of a model out; nothing for models that are not paranoid. */
bool sql_live_only(const struct sql_scope *scope, const kin_model *model, unsigned table, const struct sql_expression **where);

/* What links a source row in table `source_table` with an association's target in `target_table` (and the join row in
 * `through_table`, for many to many): key equality and scopes.
 *     belongs-to, has:  *target_on joins the target to the source; *through_on is NULL
 *     many to many:     *through_on joins the join row to the source, *target_on the target to the join row
 * Soft deletion is not in it: see sql_live_only. */
bool sql_link(const struct sql_scope *scope, const kin_association *association, unsigned source_table, unsigned target_table,
              unsigned through_table, const struct sql_expression **target_on, const struct sql_expression **through_on);

/* The same without the source's table: its side is one of `count` values (of what the association's key is compared with on the source:
 * KIN_VALUE_KEYs when there are several columns). One value is an equality. */
bool sql_link_values(const struct sql_scope *scope, const kin_association *association, const kin_value *values, size_t count,
                     unsigned target_table, unsigned through_table, const struct sql_expression **target_on,
                     const struct sql_expression **through_on);

#endif
