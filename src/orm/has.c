/* kin_has and kin_has_exactly: what is linked is asked of the join model (or the targets' key) alone, where nothing depends on the targets
 * themselves. One target is one look-up. */
#include "orm/plan_cache.h"
#include "orm/relation.h"
#include "orm/targets.h"
#include "sql/resolve.h"

struct has {
    struct relation *relation;
    struct targets *targets;
    const kin_association *association;
    bool through;
    const struct key *key;    /* what is read: the join model's key to the target, or the target's own */
    struct sql_select select; /* without a condition on the target's key */
    struct sql_join join;
};

/* ---- the statement ---- */

static bool has_resolve(struct has *has, const kin_model *model, unsigned table, unsigned *next_table, const kin_condition *condition) {
    const struct relation *relation = has->relation;
    const struct sql_scope scope = {
        .model = model, .table = table, .next_table = next_table, .arena = relation->arena, .fault = &relation->session->fault
    };
    const struct sql_expression *resolved;
    return !condition || (sql_resolve(&scope, condition, &resolved) && (!resolved || relation_and(relation, &has->select.where, resolved)));
}

/* Whether a target may be linked and yet not count. */
static bool has_depends_on_target(const struct has *has) {
    return has->relation->options->where || has->association->scope_count > 0 || has->association->info.target->deleted_at;
}

/* The target's table beside the join model's. */
static bool has_join(struct has *has) {
    const struct relation *relation = has->relation;
    const kin_association *association = has->association;
    const struct sql_expression *on = NULL;
    for (size_t i = 0; i < association->other_key.count; i++)
        if (!relation_and(relation, &on, sql_same(relation->arena, (struct sql_column){ association->target_key.at[i], 1 },
                                                  (struct sql_column){ association->other_key.at[i], 0 })))
            return false;
    has->join = (struct sql_join){ .inner = true, .model = association->info.target, .table = 1, .on = on };
    has->select.joins = &has->join;
    has->select.join_count = 1;
    return true;
}

static bool has_prepare_through(struct has *has) {
    const struct relation *relation = has->relation;
    const kin_association *association = has->association;
    const kin_model *target = association->info.target, *model = association->info.through;
    const struct sql_expression **where = &has->select.where;
    unsigned next_table = 2;
    has->select.model = model;
    has->key = &association->other_key;
    if (!relation_and_keys(relation, &association->foreign_key, 0, &relation->key, 1, where) ||
        !relation_and_scope(relation, association->through_scope, association->through_scope_count, 0, where) ||
        !relation_and_live(relation, model, 0, where) || !has_resolve(has, model, 0, &next_table, relation->options->through_where))
        return false;
    if (!has_depends_on_target(has))
        return true;
    return has_join(has) && relation_and_scope(relation, association->scope, association->scope_count, 1, where) &&
           relation_and_live(relation, target, 1, where) && has_resolve(has, target, 1, &next_table, relation->options->where);
}

static bool has_prepare_many(struct has *has) {
    const struct relation *relation = has->relation;
    const kin_association *association = has->association;
    const kin_model *target = association->info.target;
    const struct sql_expression **where = &has->select.where;
    unsigned next_table = 1;
    has->select.model = target;
    has->key = &target->primary_key;
    if (relation->options->through_where)
        return fault_set(&relation->session->fault, KIN_MISUSE, association->source->info.name, association->info.name,
                         "%s: .through_where was given, but %s.%s is a has-many association without a join model; use .where", relation->verb,
                         association->source->info.name, association->info.name);
    return relation_and_keys(relation, &association->foreign_key, 0, &relation->key, 1, where) &&
           relation_and_scope(relation, association->scope, association->scope_count, 0, where) && relation_and_live(relation, target, 0, where) &&
           has_resolve(has, target, 0, &next_table, relation->options->where);
}

/* One row of the join model, by both keys and nothing else: its statement is known by name, and only the keys are bound. */
static bool has_is_pair(const struct relation *relation, const struct targets *targets) {
    const kin_association *association = relation->association;
    return association->info.kind == KIN_BELONGS_TO_MANY && targets->count == 1 && targets->unsaved == 0 && association->foreign_key.count == 1 &&
           association->other_key.count == 1 && association->scope_count == 0 && association->through_scope_count == 0 &&
           !association->info.target->deleted_at && !association->info.through->deleted_at && !relation->options->where &&
           !relation->options->through_where;
}

static bool has_start(struct has *has, struct relation *relation, struct targets *targets, bool pair_is_enough) {
    *has = (struct has){ .relation = relation, .targets = targets, .association = relation->association,
                         .through = relation->association->info.kind == KIN_BELONGS_TO_MANY };
    if (!relation_refuse_through(relation) || !relation_need_key(relation) ||
        !targets_collect(relation, relation->options->targets, TARGETS_ASKED, false, targets))
        return false;
    if (pair_is_enough && has_is_pair(relation, targets))
        return true;
    return has->through ? has_prepare_through(has) : has_prepare_many(has);
}

/* ---- kin_has ---- */

/* Counts those of the keys that are linked and were not met yet. */
static bool has_count_part(struct has *has, const kin_value *keys, size_t count, size_t *found) {
    const struct relation *relation = has->relation;
    const struct sql_expression *where = has->select.where;
    struct key_reader reader;
    bool open = relation_and_keys(relation, has->key, 0, keys, count, &has->select.where) &&
                key_reader_open(relation, &reader, &has->select, has->key, 0, NULL, 0);
    has->select.where = where;
    if (!open)
        return false;
    while (*found < has->targets->count && key_reader_next(&reader)) {
        size_t target = count == 1 ? (size_t)(keys - has->targets->keys) : targets_find(has->targets, &reader.key);
        if (target == SIZE_MAX || has->targets->marks[target] & TARGET_LINKED)
            continue;
        has->targets->marks[target] |= TARGET_LINKED;
        (*found)++;
    }
    key_reader_close(&reader);
    return !fault_is_set(&relation->session->fault);
}

static bool has_all(struct has *has) {
    size_t count = has->targets->count, chunk = relation_chunk(has->relation, has->key), found = 0;
    if (has->targets->unsaved > 0)
        return false;
    for (size_t at = 0, part; at < count; at += part) {
        part = count - at < chunk ? count - at : chunk;
        if (!has_count_part(has, has->targets->keys + at, part, &found) || found < at + part)
            return false;
    }
    return true;
}

static bool has_pair(struct has *has) {
    const struct relation *relation = has->relation;
    const struct known_name name = known_name(KNOWN_HAS, has->association->source, has->association);
    const kin_value binds[] = { relation->key, has->targets->keys[0] };
    struct sql_statement statement = { .kind = SQL_SELECT, .as.select = &has->select };
    struct result result;
    has->select.model = has->association->info.through;
    if (!session_has_statement(relation->session, &name, sizeof name) &&
        (!has_prepare_through(has) || !relation_and_keys(relation, has->key, 0, &binds[1], 1, &has->select.where)))
        return false;
    statement.known.key = &name;
    statement.known.size = sizeof name;
    statement.known.binds = binds;
    statement.known.bind_count = sizeof binds / sizeof *binds;
    if (!session_query(relation->session, &statement, NULL, &result))
        return false;
    bool found = result_next(&result, NULL, NULL, 0) == DRIVER_ROW;
    result_close(&result);
    return found;
}

bool(kin_has)(const kin_row *row, const kin_association *association, const kin_link *options) {
    struct relation relation;
    struct targets targets;
    struct has has;
    if (!relation_enter(&relation, row, association, true, options, "kin_has"))
        return false;
    bool answer = has_start(&has, &relation, &targets, true) && (has_is_pair(&relation, &targets) ? has_pair(&has) : has_all(&has));
    session_leave(relation.session);
    return answer;
}

/* ---- kin_has_exactly ---- */

/* A join row stays without its target where that is deleted with ON DELETE SET NULL. */
static bool has_no_target(const struct key_reader *reader) {
    for (size_t i = 0; i < reader->key_count; i++)
        if (reader->cells[i].type == KIN_VALUE_NULL)
            return true;
    return false;
}

static bool has_exactly(struct has *has) {
    const struct relation *relation = has->relation;
    struct key_reader reader;
    size_t found = 0;
    if (has->targets->unsaved > 0 || !key_reader_open(relation, &reader, &has->select, has->key, 0, NULL, 0))
        return false;
    while (key_reader_next(&reader)) {
        if (has_no_target(&reader))
            continue;
        size_t target = targets_find(has->targets, &reader.key);
        if (target == SIZE_MAX) {
            key_reader_close(&reader);
            return false;
        }
        found += !(has->targets->marks[target] & TARGET_LINKED);
        has->targets->marks[target] |= TARGET_LINKED;
    }
    return found == has->targets->count && !fault_is_set(&relation->session->fault);
}

bool(kin_has_exactly)(const kin_row *row, const kin_association *association, const kin_link *options) {
    struct relation relation;
    struct targets targets;
    struct has has;
    if (!relation_enter(&relation, row, association, true, options, "kin_has_exactly"))
        return false;
    bool answer = has_start(&has, &relation, &targets, false) && has_exactly(&has);
    session_leave(relation.session);
    return answer;
}
