/* kin_create_for and kin_create_linked: a new target and its link, all or nothing. .attributes limits what of the target's values counts, never the
 * link. */
#include "orm/find.h"
#include "orm/link_kinds.h"
#include "orm/link_values.h"

/* The new row in memory: the caller's values, then what the association decides (its scope, and for has-many the key). */
static kin_row *linked_build(struct relation *relation, kin_values given, bool with_key) {
    const kin_association *association = relation->association;
    const kin_model *target = association->info.target;
    struct row_values values;
    if (!row_values(relation->session, target, given, relation->options->attributes, relation->arena, &values))
        return NULL;
    kin_row *row = save_build(relation->session, relation->session->region, target, &values);
    for (size_t i = 0; row && i < association->scope_count; i++)
        if (!row_change(row, association->scope[i].attribute, &association->scope[i].value))
            return NULL;
    for (size_t i = 0; row && with_key && i < association->foreign_key.count; i++)
        if (!row_change(row, association->foreign_key.at[i], relation_key_part(&relation->key, i)))
            return NULL;
    return row;
}

/* ---- belongs-to: the target, then the source's key ---- */

static bool linked_into_source(struct relation *relation, kin_row *target) {
    kin_value key;
    bool known;
    if (!save_insert(target, relation->flags) || !relation_row_key(relation, target, relation_target_key(relation->association), &key, &known))
        return false;
    if (known)
        return linking_belongs_to(relation, &key);
    const struct attribute *part = relation->association->target_key.at[0];
    return fault_set(&relation->session->fault, KIN_MISUSE, part->model->info.name, part->info.name,
                     "%s: the new %s has no %s, which %s.%s points at; give it a value", relation->verb, part->model->info.name, part->info.name,
                     relation->association->source->info.name, relation->association->info.name);
}

/* ---- many to many: the target, then the join row ---- */

static bool linked_with_join_row(struct relation *relation, kin_row *target) {
    kin_row *const rows[] = { target };
    struct targets targets;
    struct linking_values values;
    struct linking_rows plan;
    if (!save_insert(target, relation->flags) ||
        !targets_collect(relation, (kin_targets){ .rows = rows, .count = 1 }, TARGETS_LINKED, false, &targets) ||
        !linking_values_collect(relation, &targets, &values) || !linking_rows_plan(relation, &targets, &values, NULL, 1, &plan))
        return false;
    kin_row *join = linking_rows_build(relation, &plan, 0);
    if (!join || !save_insert(join, relation->flags))
        return false;
    row_attach_through(target, relation->association, join);
    return true;
}

/* Names and values of the join row are judged before the target is inserted. */
static bool linked_check_values(const struct relation *relation) {
    struct row_values ignored;
    return relation->association->info.kind != KIN_BELONGS_TO_MANY ||
           row_values(relation->session, relation->association->info.through, relation->options->through, (kin_names){ NULL, 0 }, relation->arena,
                      &ignored);
}

/* ---- the verbs ---- */

/* The source must be in the database, but its own key is what is about to be written. */
static bool linked_need_source(struct relation *relation) {
    bool known;
    kin_value key;
    if (relation->association->info.kind != KIN_BELONGS_TO)
        return relation_need_key(relation);
    return row_has_flag(relation->row, ROW_SAVED) || relation_source_key(relation->row, relation->association, relation->arena, &key, &known);
}

static bool linked_save(struct relation *relation, kin_row *target) {
    kin_session *session = relation->session;
    switch (relation->association->info.kind) {
    case KIN_HAS_MANY:
        return save_insert(target, relation->flags);
    case KIN_HAS_ONE:
        return linking_has_one(relation, target, NULL);
    case KIN_BELONGS_TO:
        return session_begin_level(session, true) && session_end_level(session, linked_into_source(relation, target));
    case KIN_BELONGS_TO_MANY:
        return session_begin_level(session, true) && session_end_level(session, linked_with_join_row(relation, target));
    }
    return false;
}

static kin_row *linked_create(struct relation *relation, kin_values values) {
    if (!relation_refuse_through(relation) || !linked_need_source(relation) || !linked_check_values(relation))
        return NULL;
    kin_row *target = linked_build(relation, values, relation->association->info.kind == KIN_HAS_MANY);
    return target && linked_save(relation, target) ? target : NULL;
}

static kin_row *linked_enter(kin_row *row, const kin_association *association, kin_values values, const kin_link *options, const char *verb) {
    struct relation relation;
    if (!relation_enter(&relation, row, association, association && association->many, options, verb))
        return NULL;
    kin_row *target = linked_create(&relation, values);
    session_leave(relation.session);
    return target;
}

kin_row *(kin_create_for)(kin_row *row, const kin_association *association, kin_values values) {
    return linked_enter(row, association, values, NULL, "kin_create_for");
}

kin_row *(kin_create_linked)(kin_row *row, const kin_association *association, kin_values values, const kin_link *options) {
    return linked_enter(row, association, values, options, "kin_create_linked");
}
