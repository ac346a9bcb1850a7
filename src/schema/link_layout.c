/* From drafts to models: attributes in the order of the table, their keys, foreign keys. From here on nothing is added. */
#include <string.h>

#include "schema/link.h"

static bool layout_names(const struct link *link, const struct key *key, kin_names *out) {
    const char **names = arena_allocate(link->arena, (key->count + 1) * sizeof *names);
    if (names == NULL)
        return false;
    for (size_t i = 0; i < key->count; i++)
        names[i] = key->at[i]->info.name;
    *out = (kin_names){ names, key->count };
    return true;
}

bool link_make_key(const struct link *link, const struct link_key *draft, struct key *out, kin_names *names) {
    struct attribute **list = arena_allocate(link->arena, (draft->count + 1) * sizeof *list);
    if (list == NULL)
        return false;
    for (size_t i = 0; i < draft->count; i++)
        list[i] = draft->at[i]->made;
    *out = (struct key){ list, draft->count };
    return names == NULL || layout_names(link, out, names);
}

static void layout_info(struct attribute *made, const struct link_attribute *draft) {
    const kin_attribute *given = &draft->given;
    bool sized = given->type == KIN_TYPE_STRING || given->type == KIN_TYPE_CHAR;
    made->info = (kin_attribute_info){
        .name = given->name,
        .column = link_column(draft),
        .type = given->type,
        .length = given->length == 0 && sized ? 255 : given->length,
        .precision = given->precision,
        .scale = given->scale,
        .labels = given->labels,
        .not_null = given->not_null || given->primary_key,
        .primary_key = given->primary_key,
        .auto_increment = given->auto_increment,
        .unique = given->unique,
        .has_default = given->default_value.type != KIN_VALUE_UNSET,
        .generated = draft->generated,
    };
}

/* A default is a value of the attribute like any other. */
static bool layout_default(const struct link *link, struct attribute *made, const kin_value *given) {
    if (value_convert(made, given, &made->info.default_value, link->arena, link->fault))
        return true;
    if (link->fault->error.status == KIN_MISUSE)
        link->fault->error.status = KIN_SCHEMA;
    return false;
}

static bool layout_attribute(const struct link *link, const struct link_model *model, size_t index) {
    struct link_attribute *draft = model->attributes[index];
    struct attribute *made = &model->model->attributes[index];
    const kin_attribute *given = &draft->given;
    draft->made = made;
    layout_info(made, draft);
    made->model = model->model;
    made->index = index;
    made->storage = storage_of(given->type);
    made->info.size = storage_size(made->storage);
    made->default_now = given->default_now;
    made->default_uuid = given->default_uuid;
    made->validation = given->validate;
    made->has_validation = link_has_validation(&given->validate);
    made->unique_group = given->unique_group;
    made->comment = given->comment;
    model->model->has_validation = model->model->has_validation || made->has_validation;
    return layout_default(link, made, &given->default_value);
}

static struct attribute *layout_made(const struct link_attribute *draft) { return draft != NULL ? draft->made : NULL; }

static bool layout_model(const struct link *link, struct link_model *model) {
    kin_model *made = model->model;
    struct link_key primary;
    made->attributes = arena_allocate_cleared(link->arena, (model->attribute_count + 1) * sizeof *made->attributes);
    const char **names = arena_allocate(link->arena, (model->attribute_count + 1) * sizeof *names);
    if (made->attributes == NULL || names == NULL || !link_primary_key(link, model, &primary))
        return false;
    made->attribute_count = model->attribute_count;
    for (size_t i = 0; i < model->attribute_count; i++) {
        if (!layout_attribute(link, model, i))
            return false;
        names[i] = made->attributes[i].info.name;
    }
    made->info.attributes = (kin_names){ names, made->attribute_count };
    if (!model_index_names(made, link->arena))
        return false;
    made->created_at = layout_made(model->created_at);
    made->updated_at = layout_made(model->updated_at);
    made->deleted_at = layout_made(model->deleted_at);
    made->bits_size = (made->attribute_count + 7) / 8;
    if (!link_make_key(link, &primary, &made->primary_key, &made->info.primary_key))
        return false;
    if (made->primary_key.count == 1 && made->primary_key.at[0]->info.auto_increment)
        made->identity = made->primary_key.at[0];
    return true;
}

/* What an attribute shows of the constraint it is part of. */
static void layout_reference(const struct link_attribute *draft) {
    const struct link_reference *reference = draft->reference;
    kin_attribute_info *info = &draft->made->info;
    size_t at = 0;
    if (reference == NULL)
        return;
    while (reference->columns.at[at] != draft)
        at++;
    if (reference->target != NULL) {
        const struct attribute *target = reference->target_key.at[at]->made;
        draft->made->target = target;
        info->references = reference->target->model;
        info->references_table = reference->target->model->info.table;
        info->references_column = target->info.column;
    } else {
        info->references_table = reference->table;
        info->references_column = reference->column != NULL ? reference->column : "id";
    }
    info->on_delete = reference->deleting;
    info->on_update = reference->updating;
}

static bool layout_target_columns(const struct link *link, const struct link_reference *reference, kin_names *out) {
    const char **columns = arena_allocate(link->arena, (reference->columns.count + 1) * sizeof *columns);
    if (columns == NULL)
        return false;
    if (reference->target == NULL)
        columns[0] = reference->column != NULL ? reference->column : "id";
    for (size_t i = 0; reference->target != NULL && i < reference->target_key.count; i++)
        columns[i] = reference->target_key.at[i]->made->info.column;
    *out = (kin_names){ columns, reference->columns.count };
    return true;
}

static bool layout_foreign_key(const struct link *link, const struct link_model *model, const struct link_reference *reference) {
    struct foreign_key *made = &model->model->foreign_keys[model->model->foreign_key_count++];
    const kin_model *target = reference->target != NULL ? reference->target->model : NULL;
    made->target = target;
    made->table = target != NULL ? target->info.table : reference->table;
    made->schema = target != NULL ? target->info.schema : model->model->info.schema;
    made->on_delete = reference->deleting;
    made->on_update = reference->updating;
    return link_make_key(link, &reference->columns, &made->columns, NULL) &&
           layout_target_columns(link, reference, &made->target_columns);
}

static bool layout_foreign_keys(const struct link *link, const struct link_model *model) {
    kin_model *made = model->model;
    made->foreign_keys = arena_allocate_cleared(link->arena, (model->reference_count + 1) * sizeof *made->foreign_keys);
    if (made->foreign_keys == NULL)
        return false;
    for (size_t i = 0; i < model->reference_count; i++)
        if (model->references[i]->constrained && !layout_foreign_key(link, model, model->references[i]))
            return false;
    for (size_t i = 0; i < model->attribute_count; i++)
        layout_reference(model->attributes[i]);
    return true;
}

bool link_layout(struct link *link) {
    for (size_t i = 0; i < link->model_count; i++)
        if (!layout_model(link, link->models[i]))
            return false;
    for (size_t i = 0; i < link->model_count; i++)
        if (!layout_foreign_keys(link, link->models[i]))
            return false;
    return true;
}
