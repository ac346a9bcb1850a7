/* Loading an include for many rows at once: one statement for all their keys, and one linear pass that gives every target to its source. A
 * source's slot is filled in every case: found nothing is empty, not "not loaded". */
#include <string.h>

#include "orm/include.h"
#include "orm/key_index.h"

/* Keys in one bind; keys from which a range is worth it; and from which "all of them" means most of the targets' table. */
enum { INCLUDE_LIST = 30000, INCLUDE_DENSE_FROM = 8, INCLUDE_MOST_FROM = 256 };

/* A target, and the source it belongs to. */
struct include_found {
    size_t source;
    kin_row *row;
};

struct include_loading {
    const kin_include *include;
    const struct row_list *sources;
    struct key_index index;
    struct include_found *found;
    size_t found_count, found_capacity;
    struct arena *arena;
    bool composite;
    bool all; /* the sources are all rows of their table */
};

static const struct key *include_source_key(const kin_association *association) {
    return association->info.kind == KIN_BELONGS_TO ? &association->foreign_key : &association->source_key;
}

/* The column(s) that hold the source's key, on the target's side. */
static const struct key *include_target_key(const kin_association *association) {
    return association->info.kind == KIN_BELONGS_TO ? &association->target_key : &association->foreign_key;
}

static bool include_add(struct include_loading *loading, size_t source, kin_row *row) {
    if (loading->found_count == loading->found_capacity) {
        size_t capacity = loading->found_capacity ? loading->found_capacity * 2 : 64;
        struct include_found *grown = arena_allocate(loading->arena, capacity * sizeof *grown);
        if (!grown)
            return false;
        if (loading->found_count)
            memcpy(grown, loading->found, loading->found_count * sizeof *grown);
        loading->found = grown;
        loading->found_capacity = capacity;
    }
    loading->found[loading->found_count++] = (struct include_found){ source, row };
    return true;
}

/* One target has come: a row of its own for each source that has the key. */
static bool include_take(void *context, struct plan *plan) {
    struct include_loading *loading = context;
    kin_value key = plan->cells[plan->source_cell];
    if (loading->composite)
        key = kin_value_key(plan->source_key->count, &plan->cells[plan->source_cell]);
    for (size_t source = key_index_find(&loading->index, &key); source != SIZE_MAX; source = loading->index.next[source]) {
        kin_row *row = plan_row(plan);
        if (!row)
            return false;
        if (!include_add(loading, source, row))
            return fault_no_memory(&plan->session->fault);
    }
    return true;
}

/* Counting sort: the targets of each source, in the order they came. */
static bool include_distribute(kin_session *session, struct region *region, struct include_loading *loading) {
    const kin_association *association = loading->include->association;
    size_t count = loading->sources->count;
    for (size_t i = 0; !association->many && i < count; i++)
        row_attach_one(loading->sources->at[i], association, NULL);
    if (!association->many) {
        for (size_t i = 0; i < loading->found_count; i++) {
            kin_row *source = loading->sources->at[loading->found[i].source];
            if (!*row_slot_one(source, association))
                row_attach_one(source, association, loading->found[i].row);
        }
        return true;
    }
    for (size_t i = 0; i < count; i++)
        row_attach_many(loading->sources->at[i], association, (kin_rows){ NULL, 0 });
    for (size_t i = 0; i < loading->found_count; i++)
        row_slot_many(loading->sources->at[loading->found[i].source], association)->count++;
    if (loading->found_count == 0)
        return true;
    kin_row **room = arena_allocate(&region->arena, loading->found_count * sizeof *room);
    if (!room)
        return fault_no_memory(&session->fault);
    for (size_t i = 0; i < count; i++) {
        kin_rows *slot = row_slot_many(loading->sources->at[i], association);
        if (slot->count) {
            slot->at = room;
            room += slot->count;
            slot->count = 0;
        }
    }
    for (size_t i = 0; i < loading->found_count; i++) {
        kin_rows *slot = row_slot_many(loading->sources->at[loading->found[i].source], association);
        slot->at[slot->count++] = loading->found[i].row;
    }
    return true;
}

/* The condition that finds the targets of `count` keys. Keys that lie close together are a range: what lies between them and is nobody's is
 * passed over when it comes. */
static const struct sql_expression *include_condition(struct include_loading *loading, const kin_value *keys, size_t count) {
    const kin_association *association = loading->include->association;
    const struct key *key = include_target_key(association);
    unsigned table = association->info.through ? 1 : 0;
    if (!loading->index.dense || count < INCLUDE_DENSE_FROM || count < loading->index.distinct_count)
        return sql_key_in(loading->arena, key, table, keys, count);
    struct sql_expression *range = arena_allocate_cleared(loading->arena, sizeof *range);
    kin_value *bounds = arena_allocate(loading->arena, 2 * sizeof *bounds);
    if (!range || !bounds)
        return NULL;
    bounds[0] = kin_value_integer(loading->index.min);
    bounds[1] = kin_value_integer(loading->index.max);
    range->op = SQL_BETWEEN;
    range->column = (struct sql_column){ key->at[0], table };
    range->values = bounds;
    range->count = 2;
    range->most = loading->all && count >= INCLUDE_MOST_FROM && !association->info.through;
    return range;
}

static bool include_chunk(kin_session *session, struct region *region, struct include_loading *loading, const kin_value *keys, size_t count) {
    const kin_include *include = loading->include;
    kin_find options = {
        .size = sizeof options, .association = include->association, .where = include->where, .attributes = include->attributes,
        .through_attributes = include->through_attributes, .through_where = include->through_where, .include = include->include,
        .order = include->order, .limit = include->limit, .offset = include->offset, .with_deleted = include->with_deleted,
    };
    /* Of several rows of a has-one the first counts, and "first" has to mean something. */
    if (!include->association->many && !include->order.at)
        options.order = include->association->info.target->info.primary_key;
    struct find_extra extra = { .where = include_condition(loading, keys, count) };
    if (!extra.where)
        return fault_no_memory(&session->fault);
    struct plan_request request = { include->association->info.target, include->association, true, &options, &extra };
    struct plan *plan = arena_allocate_cleared(loading->arena, sizeof *plan);
    if (!plan)
        return fault_no_memory(&session->fault);
    return plan_build(plan, session, loading->arena, region, &request) && plan_run(plan, NULL, include_take, loading) && include_load_later(plan);
}

static bool include_index(kin_session *session, struct include_loading *loading) {
    const struct key *key = include_source_key(loading->include->association);
    const struct row_list *sources = loading->sources;
    kin_value *keys = arena_allocate(loading->arena, sources->count * sizeof *keys);
    if (!keys)
        return fault_no_memory(&session->fault);
    loading->composite = key->count > 1;
    for (size_t i = 0; i < sources->count; i++)
        row_key(sources->at[i], key, loading->arena, &keys[i]);
    if (fault_is_set(&session->fault))
        return false;
    return key_index_build(&loading->index, loading->arena, keys, sources->count) || fault_no_memory(&session->fault);
}

static bool include_load(kin_session *session, struct arena *arena, struct region *region, const kin_include *include, const struct row_list *sources,
                         bool all) {
    if (sources->count == 0)
        return true;
    struct include_loading loading = { .include = include, .sources = sources, .arena = arena, .all = all };
    if (!include_index(session, &loading))
        return false;
    size_t chunk = sql_list_limit(session_dialect(session), include_target_key(include->association));
    if (chunk > INCLUDE_LIST)
        chunk = INCLUDE_LIST;
    for (size_t at = 0; at < loading.index.distinct_count; at += chunk) {
        size_t left = loading.index.distinct_count - at, count = left < chunk ? left : chunk;
        if (!include_chunk(session, region, &loading, loading.index.distinct + at, count))
            return false;
    }
    return include_distribute(session, region, &loading);
}

static bool include_load_node(struct plan *plan, struct plan_node *node) {
    for (size_t i = 0; i < node->later_count; i++)
        if (!include_load(plan->session, plan->arena, plan->region, node->later[i], &node->rows, node == &plan->root && plan->all))
            return false;
    for (struct plan_node *child = node->children; child; child = child->next)
        if (!include_load_node(plan, child))
            return false;
    return true;
}

bool include_load_later(struct plan *plan) {
    return include_load_node(plan, &plan->root);
}
