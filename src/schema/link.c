/* Conducts linking: the stages of link.h, once a schema. What always holds: a schema is linked, or has a fault, or was
 * never tried. */
#include "schema/link.h"

#include "base/memory.h"

static bool link_draft_models(struct link *link) {
    kin_schema *schema = link->schema;
    for (size_t i = 0; i < schema->model_count; i++)
        if (link_add_model(link, schema->models[i]) == NULL)
            return false;
    for (size_t i = 0; i < schema->replaced_count; i++)
        if (link_add_model(link, schema->replaced[i]) == NULL)
            return false;
    return true;
}

static bool link_draft_associations(struct link *link) {
    kin_schema *schema = link->schema;
    link->associations = arena_allocate(link->arena, (schema->association_count + 1) * sizeof *link->associations);
    if (link->associations == NULL)
        return false;
    for (size_t i = 0; i < schema->association_count; i++) {
        kin_association *association = schema->associations[i];
        struct link_association *draft = arena_allocate_cleared(link->arena, sizeof *draft);
        if (draft == NULL)
            return false;
        draft->association = association;
        draft->options = &association->declared->options;
        draft->source = link_model_of(association->source);
        draft->target = link_model_of(draft->options->target);
        draft->source->source_count++;
        draft->target->target_count++;
        association->declared->draft = draft;
        link->associations[link->association_count++] = draft;
    }
    return true;
}

bool kin_schema_link(kin_schema *schema) {
    static bool (*const stages[])(struct link *) = {
        link_draft_models,
        link_draft_associations,
        link_check_models,
        link_name_models,
        link_name_associations,
        link_through,
        link_references,
        link_keys,
        link_constraints,
        link_check_names,
        link_layout,
        link_rows,
        link_uniques,
        link_indexes,
        link_scopes,
        link_accessors,
        link_order,
    };
    if (schema == NULL)
        return false;
    if (schema->linked || fault_is_set(&schema->fault))
        return !fault_is_set(&schema->fault);
    struct link link = { .schema = schema, .arena = &schema->arena, .fault = &schema->fault };
    for (size_t i = 0; i < sizeof stages / sizeof stages[0]; i++)
        if (!stages[i](&link))
            return fault_no_memory(&schema->fault); /* unless the stage found a fault: the first one stays */
    schema->linked = true;
    return true;
}
