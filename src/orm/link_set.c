/* kin_set, kin_add, kin_remove: the checks, then the kind of association decides (link_many.c, link_many_to_many.c). What kin_set gives back is made
 * before anything is written, so that it cannot fail afterwards. */
#include "orm/find.h"
#include "orm/link_kinds.h"

static bool linking_is_through(const struct relation *relation) { return relation->association->info.kind == KIN_BELONGS_TO_MANY; }

/* The source's key, and the targets. */
static bool linking_take(struct relation *relation, bool removes, struct targets *targets) {
    bool through = linking_is_through(relation);
    enum targets_use use = removes ? TARGETS_ASKED : through ? TARGETS_LINKED : TARGETS_INSERTED;
    return relation_refuse_through(relation) && relation_refuse_where(relation) && relation_need_key(relation) &&
           targets_collect(relation, relation->options->targets, use, !through, targets);
}

/* ---- what kin_set gives back ---- */

static kin_row *linking_key_row(const struct relation *relation, const kin_value *key) {
    const struct key *columns = relation_target_key(relation->association);
    const kin_model *model = relation->association->info.target;
    if (columns->count == model->primary_key.count && columns->at[0] == model->primary_key.at[0])
        return row_with_key(relation->session->region, model, key);
    kin_row *row = row_new(relation->session->region, model);
    for (size_t i = 0; row && i < columns->count; i++)
        if (!row_store(row, columns->at[i], relation_key_part(key, i)))
            return NULL;
    if (row)
        row_header(row)->flags |= ROW_SAVED;
    return row;
}

/* fetched: room for the rows alone, which linking_fetch finds. */
static bool linking_result(const struct relation *relation, const struct targets *targets, bool fetched, kin_rows *out) {
    *out = (kin_rows){ NULL, 0 };
    if (targets->count == 0)
        return true;
    out->at = session_allocate(relation->session, targets->count * sizeof *out->at);
    if (!out->at)
        return false;
    for (size_t i = 0; !fetched && i < targets->count; i++)
        if (!(out->at[i] = targets->rows ? targets->rows[i] : linking_key_row(relation, &targets->keys[i])))
            return false;
    out->count = targets->count;
    return true;
}

/* Whole rows for the keys, in their order; one that does not exist is left out. */
static bool linking_fetch(const struct relation *relation, struct targets *targets, kin_rows *out) {
    const struct key *columns = relation_target_key(relation->association);
    size_t chunk = relation_chunk(relation, columns), kept = 0;
    kin_row **places = arena_allocate_cleared(relation->arena, targets->count * sizeof *places);
    if (!places)
        return fault_no_memory(&relation->session->fault);
    for (size_t at = 0, part; at < targets->count; at += part) {
        const kin_find options = { .size = sizeof options, .with_deleted = true };
        struct find_extra extra = { 0 };
        kin_rows rows;
        part = targets->count - at < chunk ? targets->count - at : chunk;
        if (!relation_and_keys(relation, columns, 0, targets->keys + at, part, &extra.where) ||
            !find_rows(relation->session, relation->association->info.target, &options, &extra, relation->session->region, &rows))
            return false;
        for (size_t i = 0; i < rows.count; i++) {
            kin_value key;
            size_t place = row_key(rows.at[i], columns, relation->arena, &key) ? targets_find(targets, &key) : SIZE_MAX;
            if (place != SIZE_MAX)
                places[place] = rows.at[i];
        }
    }
    for (size_t i = 0; i < targets->count; i++)
        if (places[i])
            out->at[kept++] = places[i];
    out->count = kept;
    return !fault_is_set(&relation->session->fault);
}

static bool linking_write_set(struct relation *relation, struct targets *targets) {
    return linking_is_through(relation) ? linking_through_set(relation, targets) : linking_many_set(relation, targets);
}

static bool linking_set(struct relation *relation, kin_rows *out) {
    struct targets targets;
    if (!linking_take(relation, false, &targets))
        return false;
    bool fetched = relation->options->fetch && !targets.rows && targets.count > 0;
    if (!linking_result(relation, &targets, fetched, out))
        return false;
    if (!fetched)
        return linking_write_set(relation, &targets);
    /* The set must not stay when the rows cannot be read. */
    return session_begin_level(relation->session, true) &&
           session_end_level(relation->session, linking_write_set(relation, &targets) && linking_fetch(relation, &targets, out));
}

/* ---- the verbs ---- */

kin_rows(kin_set)(kin_row *row, const kin_association *association, const kin_link *options) {
    struct relation relation;
    kin_rows rows = { NULL, 0 };
    if (!relation_enter(&relation, row, association, true, options, "kin_set"))
        return rows;
    if (!linking_set(&relation, &rows))
        rows = (kin_rows){ NULL, 0 };
    session_leave(relation.session);
    return rows;
}

bool(kin_add)(kin_row *row, const kin_association *association, const kin_link *options) {
    struct relation relation;
    struct targets targets;
    if (!relation_enter(&relation, row, association, true, options, "kin_add"))
        return false;
    bool good = linking_take(&relation, false, &targets) &&
                (linking_is_through(&relation) ? linking_through_add(&relation, &targets) : linking_many_add(&relation, &targets));
    session_leave(relation.session);
    return good;
}

bool(kin_remove)(kin_row *row, const kin_association *association, const kin_link *options) {
    struct relation relation;
    struct targets targets;
    if (!relation_enter(&relation, row, association, true, options, "kin_remove"))
        return false;
    bool good = linking_take(&relation, true, &targets) &&
                (linking_is_through(&relation) ? linking_through_remove(&relation, &targets) : linking_many_remove(&relation, &targets));
    session_leave(relation.session);
    return good;
}
