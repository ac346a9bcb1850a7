/* Associations, completed, and the rows of every model: attributes, then a slot for each association in the order of the
 * calls, then one for the join row of each join model that leads to it. */
#include <stdalign.h>

#include "schema/link.h"
#include "schema/row_layout.h"

/* An association with what linking found out about it. */
static bool rows_association(const struct link *link, const struct link_association *draft) {
    kin_association *made = draft->association;
    kin_association_info *info = &made->info;
    made->not_unique = draft->through != NULL && draft->through->not_unique;
    made->hooks = draft->options->hooks;
    info->constraints = draft->reference->constrained;
    info->on_delete = draft->reference->deleting;
    info->on_update = draft->reference->updating;
    return link_make_key(link, &draft->foreign_key, &made->foreign_key, &info->foreign_key) &&
           link_make_key(link, &draft->other_key, &made->other_key, &info->other_key) &&
           link_make_key(link, &draft->source_key, &made->source_key, &info->source_key) &&
           link_make_key(link, &draft->target_key, &made->target_key, &info->target_key);
}

static void rows_list(const struct link *link, kin_model *model, const char **names) {
    for (size_t i = 0; i < link->association_count; i++) {
        kin_association *association = link->associations[i]->association;
        if (association->source != model)
            continue;
        association->index = model->association_count;
        names[model->association_count] = association->info.name;
        model->associations[model->association_count++] = association;
    }
    model->info.associations = (kin_names){ names, model->association_count };
}

/* The join models over which this model can be reached. */
static void rows_throughs(const struct link *link, kin_model *model) {
    for (size_t i = 0; i < link->association_count; i++) {
        const kin_association_info *info = &link->associations[i]->association->info;
        size_t slot = 0;
        if (info->kind != KIN_BELONGS_TO_MANY || info->target != model)
            continue;
        while (slot < model->through_count && model->throughs[slot].through != info->through)
            slot++;
        if (slot == model->through_count)
            model->throughs[model->through_count++].through = info->through;
    }
}

static bool rows_model(const struct link *link, const struct link_model *draft) {
    struct row_layout layout = { 0, 0 };
    kin_model *model = draft->model;
    model->associations = arena_allocate(link->arena, (draft->source_count + 1) * sizeof(kin_association *));
    model->throughs = arena_allocate_cleared(link->arena, (draft->target_count + 1) * sizeof *model->throughs);
    const char **names = arena_allocate(link->arena, (draft->source_count + 1) * sizeof *names);
    if (model->associations == NULL || model->throughs == NULL || names == NULL)
        return false;
    rows_list(link, model, names);
    rows_throughs(link, model);
    row_layout_attributes(&layout, model);
    for (size_t i = 0; i < model->association_count; i++) {
        kin_association *association = model->associations[i];
        association->info.offset = association->many ? row_layout_add(&layout, sizeof(kin_rows), alignof(kin_rows))
                                                     : row_layout_add(&layout, sizeof(kin_row *), alignof(kin_row *));
    }
    for (size_t i = 0; i < model->through_count; i++)
        model->throughs[i].offset = row_layout_add(&layout, sizeof(kin_row *), alignof(kin_row *));
    model->info.row_size = row_layout_size(&layout);
    return true;
}

static void rows_through_slot(kin_association *association) {
    const kin_model *target = association->info.target;
    for (size_t i = 0; i < target->through_count; i++)
        if (target->throughs[i].through == association->info.through)
            association->through_slot = target->throughs[i].offset;
}

bool link_rows(struct link *link) {
    for (size_t i = 0; i < link->association_count; i++)
        if (!rows_association(link, link->associations[i]))
            return false;
    for (size_t i = 0; i < link->model_count; i++)
        if (!rows_model(link, link->models[i]))
            return false;
    for (size_t i = 0; i < link->association_count; i++)
        if (link->associations[i]->through != NULL)
            rows_through_slot(link->associations[i]->association);
    return true;
}
