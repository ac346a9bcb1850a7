/* What becomes of references: the columns they point at, and what happens on delete and update. What somebody wrote beats
 * every default; of two defaults the association declared first has it, and a many to many's comes before both. */
#include <string.h>

#include "schema/link.h"
#include "schema/link_merge.h"

static const char *constraints_attribute(const struct link_reference *reference) { return reference->columns.at[0]->given.name; }

/* A reference declared by hand: its column, by the name of the column or of the attribute; else the primary key. */
static bool constraints_target(const struct link *link, const struct link_model *holder, struct link_reference *reference) {
    char near[LINK_CANDIDATES];
    const struct link_model *target = reference->target;
    if (reference->target_key.count != 0 || target == NULL)
        return true;
    if (!link_primary_key(link, target, &reference->target_key))
        return false;
    if (reference->column == NULL && reference->target_key.count == 1)
        return true;
    if (reference->column == NULL)
        return link_fault(
            link, holder, constraints_attribute(reference),
            "references %s, whose primary key has %zu attributes; write .references = { .model = ..., .column = \"...\" }",
            target->name, reference->target_key.count);
    struct link_attribute *found = link_attribute_of_column(target, reference->column);
    if (found == NULL)
        found = link_attribute_named(target, reference->column);
    if (found == NULL)
        return link_fault(link, holder, constraints_attribute(reference),
                          "references the column '%s' of %s, which has none of that name; %s", reference->column, target->name,
                          link_candidates(link, target, reference->column, near));
    reference->target_key.at = arena_allocate(link->arena, sizeof found);
    if (reference->target_key.at == NULL)
        return false;
    reference->target_key.at[0] = found;
    reference->target_key.count = 1;
    return true;
}

static const char *constraints_target_name(const struct link_reference *reference) {
    return reference->target != NULL ? reference->target->name : reference->table;
}

/* One key, one constraint: two that point at different things cannot both be kept. */
static bool constraints_alone(const struct link *link, const struct link_model *holder, size_t index) {
    const struct link_reference *reference = holder->references[index];
    for (size_t i = 0; i < index; i++) {
        const struct link_reference *earlier = holder->references[i];
        if (!earlier->constrained || !reference->constrained || !link_key_equal(&earlier->columns, &reference->columns))
            continue;
        return link_fault(
            link, holder, constraints_attribute(reference),
            "the key would reference both %s and %s; write another .foreign_key for one of them, or .no_constraints = true",
            constraints_target_name(earlier), constraints_target_name(reference));
    }
    return true;
}

/* What the attributes themselves say: as much as an association, but less than the one a join model's key belongs to. */
static bool constraints_say(const struct link *link, const struct link_model *holder, struct link_reference *reference) {
    int level = reference->joins ? LINK_ATTRIBUTE : LINK_OWN;
    for (size_t i = 0; i < reference->columns.count; i++) {
        const kin_attribute *given = &reference->columns.at[i]->given;
        const char *by = link_format(link, "%s.%s", holder->name, given->name);
        if (by == NULL || !link_say_action(link, reference, &reference->on_delete[level], "on_delete", given->on_delete, by) ||
            !link_say_action(link, reference, &reference->on_update[level], "on_update", given->on_update, by))
            return false;
    }
    return true;
}

static kin_action constraints_said(const struct link_action *said) {
    for (int level = 0; level < LINK_LEVELS; level++)
        if (said[level].action != KIN_ACTION_USUAL)
            return said[level].action;
    return KIN_ACTION_USUAL;
}

static bool constraints_not_null(const struct link_reference *reference) {
    for (size_t i = 0; i < reference->columns.count; i++)
        if (reference->columns.at[i]->given.not_null || reference->columns.at[i]->given.primary_key)
            return true;
    return false;
}

static kin_action constraints_deleting(const struct link_reference *reference) {
    if (reference->joins)
        return KIN_CASCADE;
    if (!constraints_not_null(reference))
        return KIN_SET_NULL;
    return reference->first == KIN_BELONGS_TO ? KIN_NO_ACTION : KIN_CASCADE;
}

static bool constraints_act(const struct link *link, const struct link_model *holder, struct link_reference *reference) {
    if (!reference->constrained)
        return true;
    reference->deleting = constraints_said(reference->on_delete);
    reference->updating = constraints_said(reference->on_update);
    if ((reference->deleting == KIN_SET_NULL || reference->updating == KIN_SET_NULL) && constraints_not_null(reference))
        return link_fault(
            link, holder, constraints_attribute(reference),
            "%s is SET NULL and the key cannot be NULL; leave out one of the two, or write KIN_CASCADE or KIN_RESTRICT",
            reference->deleting == KIN_SET_NULL ? "on_delete" : "on_update");
    if (reference->first == 0) /* declared by hand alone: no clause that was not written */
        return true;
    if (reference->deleting == KIN_ACTION_USUAL)
        reference->deleting = constraints_deleting(reference);
    if (reference->updating == KIN_ACTION_USUAL)
        reference->updating = KIN_CASCADE;
    return true;
}

static void constraints_show(const struct link_reference *reference) {
    for (size_t i = 0; reference->constrained && i < reference->columns.count; i++)
        if (reference->columns.at[i]->reference == NULL)
            reference->columns.at[i]->reference = reference;
}

static bool constraints_of_model(const struct link *link, const struct link_model *model) {
    for (size_t i = 0; i < model->reference_count; i++) {
        struct link_reference *reference = model->references[i];
        if (!constraints_target(link, model, reference) || !constraints_alone(link, model, i) ||
            !constraints_say(link, model, reference) || !constraints_act(link, model, reference))
            return false;
        constraints_show(reference);
    }
    for (size_t i = 0; i < model->attribute_count; i++)
        if (!link_check_attribute(link, model, &model->attributes[i]->given))
            return false;
    return true;
}

/* kin_destroy goes through the targets one by one only where the database would delete them. */
static bool constraints_hooks(const struct link *link, const struct link_association *draft) {
    if (!draft->options->hooks || (draft->reference->constrained && draft->reference->deleting == KIN_CASCADE))
        return true;
    return link_fault_at(
        link, draft,
        ".hooks destroys what a deletion takes along, and here it takes nothing along; write .on_delete = KIN_CASCADE too");
}

bool link_constraints(struct link *link) {
    for (size_t i = 0; i < link->model_count; i++)
        if (!constraints_of_model(link, link->models[i]))
            return false;
    for (size_t i = 0; i < link->association_count; i++)
        if (!constraints_hooks(link, link->associations[i]))
            return false;
    return true;
}
