/* How an association's tables hang together, and which of their rows count. */
#include "sql/resolve.h"

bool sql_live_only(const struct sql_scope *scope, const kin_model *model, unsigned table, const struct sql_expression **where) {
    bool failed = false;
    if (!model->deleted_at)
        return true;
    const kin_value null = { .type = KIN_VALUE_NULL };
    const struct sql_expression *live = sql_compare(scope->arena, SQL_EQ, (struct sql_column){ model->deleted_at, table }, null);
    const struct sql_expression *both = live ? sql_and(scope->arena, *where, live, &failed) : NULL;
    if (!both)
        return fault_no_memory(scope->fault);
    *where = both;
    return true;
}

/* one's columns in one table = other's columns in another, pair by pair. NULL: out of memory. */
static const struct sql_expression *side_keys(struct arena *arena, const struct key *one, unsigned one_table, const struct key *other,
                                              unsigned other_table) {
    size_t count = one->count < other->count ? one->count : other->count;
    if (count == 1)
        return sql_same(arena, (struct sql_column){ one->at[0], one_table }, (struct sql_column){ other->at[0], other_table });
    const struct sql_expression **pairs = arena_allocate(arena, (count + 1) * sizeof *pairs);
    for (size_t i = 0; pairs && i < count; i++)
        if (!(pairs[i] = sql_same(arena, (struct sql_column){ one->at[i], one_table }, (struct sql_column){ other->at[i], other_table })))
            return NULL;
    return pairs ? sql_joined(arena, SQL_AND, pairs, count) : NULL;
}

static const struct sql_expression *side_values(struct arena *arena, const struct key *key, unsigned table, const kin_value *values,
                                                size_t count) {
    return count == 1 ? sql_key_equals(arena, key, table, values) : sql_key_in(arena, key, table, values, count);
}

/* The scope's values as conditions, behind `on`. NULL: out of memory. */
static const struct sql_expression *side_scope(struct arena *arena, const struct sql_expression *on, const struct scope_value *values,
                                               size_t count, unsigned table) {
    bool failed = false;
    for (size_t i = 0; on && i < count; i++) {
        const struct sql_expression *one =
            sql_compare(arena, SQL_EQ, (struct sql_column){ values[i].attribute, table }, values[i].value);
        on = one ? sql_and(arena, on, one, &failed) : NULL;
    }
    return on;
}

/* The key beyond the source: the target's, or the join row's; and the source's own side of it. */
static const struct key *side_far_key(const kin_association *association) {
    return association->info.kind == KIN_BELONGS_TO ? &association->target_key : &association->foreign_key;
}

static const struct key *side_near_key(const kin_association *association) {
    return association->info.kind == KIN_BELONGS_TO ? &association->foreign_key : &association->source_key;
}

/* Behind what links the source (`near`): scopes, and the target to the join row. */
static bool side_finish(const struct sql_scope *scope, const kin_association *association, const struct sql_expression *near,
                        unsigned target_table, unsigned through_table, const struct sql_expression **target_on,
                        const struct sql_expression **through_on) {
    struct arena *arena = scope->arena;
    const struct sql_expression *through = NULL, *target = near;
    if (association->info.kind == KIN_BELONGS_TO_MANY) {
        through = side_scope(arena, near, association->through_scope, association->through_scope_count, through_table);
        target = through ? side_keys(arena, &association->target_key, target_table, &association->other_key, through_table) : NULL;
    }
    target = side_scope(arena, target, association->scope, association->scope_count, target_table);
    if (!target)
        return fault_no_memory(scope->fault);
    *target_on = target;
    if (through_on)
        *through_on = through;
    return true;
}

bool sql_link(const struct sql_scope *scope, const kin_association *association, unsigned source_table, unsigned target_table,
              unsigned through_table, const struct sql_expression **target_on, const struct sql_expression **through_on) {
    bool through = association->info.kind == KIN_BELONGS_TO_MANY;
    const struct sql_expression *near = side_keys(scope->arena, side_far_key(association), through ? through_table : target_table,
                                                  side_near_key(association), source_table);
    return side_finish(scope, association, near, target_table, through_table, target_on, through_on);
}

bool sql_link_values(const struct sql_scope *scope, const kin_association *association, const kin_value *values, size_t count,
                     unsigned target_table, unsigned through_table, const struct sql_expression **target_on,
                     const struct sql_expression **through_on) {
    bool through = association->info.kind == KIN_BELONGS_TO_MANY;
    const struct sql_expression *near =
        side_values(scope->arena, side_far_key(association), through ? through_table : target_table, values, count);
    return side_finish(scope, association, near, target_table, through_table, target_on, through_on);
}
