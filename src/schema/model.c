/* Looking things up in models, and the models that stand for the results of hand-written SQL. */
#include "schema/model.h"

#include <string.h>

#include "schema/row_layout.h"

enum { MODEL_CANDIDATES = 512 };

struct attribute *model_attribute_slow(const kin_model *model, const char *name) {
    for (size_t i = 0; name != NULL && i < model->attribute_count; i++)
        if (strcmp(model->attributes[i].info.name, name) == 0)
            return &model->attributes[i];
    return NULL;
}

bool model_index_names(kin_model *model, struct arena *arena) {
    size_t slots = 4;
    while (slots < model->attribute_count * 2)
        slots *= 2;
    struct attribute **index = arena_allocate_cleared(arena, slots * sizeof *index);
    if (index == NULL)
        return false;
    for (size_t i = 0; i < model->attribute_count; i++) {
        size_t at = model_name_start(model->attributes[i].info.name);
        while (index[at & (slots - 1)] != NULL)
            at++;
        index[at & (slots - 1)] = &model->attributes[i];
    }
    model->by_name = index;
    model->name_slots = slots;
    return true;
}

struct attribute *model_attribute_required(const kin_model *model, const char *name, struct fault *fault) {
    struct attribute *found = model_attribute(model, name);
    char near[MODEL_CANDIDATES], quoted[80];
    if (found != NULL)
        return found;
    fault_candidates(name != NULL ? name : "", model->info.attributes.count, model->info.attributes.at, near, sizeof near);
    fault_quote(name, quoted);
    const char *separator = *near != '\0' ? "; " : "";
    if (model->schema == NULL)
        fault_set(fault, KIN_MISUSE, NULL, name, "the result has no column '%s'%s%s", quoted, separator, near);
    else
        fault_set(fault, KIN_MISUSE, model->info.name, name, "%s has no attribute '%s'%s%s", model->info.name, quoted, separator,
                  near);
    return NULL;
}

const char *kind_name(kin_kind kind) {
    switch (kind) {
    case KIN_BELONGS_TO: return "belongs-to";
    case KIN_HAS_ONE: return "has-one";
    case KIN_HAS_MANY: return "has-many";
    case KIN_BELONGS_TO_MANY: return "belongs-to-many";
    }
    return "association";
}

kin_model *model_for_result(struct arena *arena, size_t count, const char *const *names) {
    struct row_layout layout = { 0, 0 };
    kin_model *model = arena_allocate_cleared(arena, sizeof *model);
    const char **copies = arena_allocate(arena, (count + 1) * sizeof *copies);
    struct attribute *attributes = arena_allocate_cleared(arena, (count + 1) * sizeof *attributes);
    if (model == NULL || copies == NULL || attributes == NULL)
        return NULL;
    model->info.name = "query";
    model->attributes = attributes;
    model->attribute_count = count;
    for (size_t i = 0; i < count; i++) {
        copies[i] = arena_copy_string(arena, names[i] != NULL ? names[i] : "");
        if (copies[i] == NULL)
            return NULL;
        attributes[i].info.name = attributes[i].info.column = copies[i];
        attributes[i].info.type = KIN_TYPE_ANY;
        attributes[i].storage = STORAGE_VALUE;
        attributes[i].model = model;
        attributes[i].index = i;
    }
    model->info.attributes = (kin_names){ copies, count };
    row_layout_attributes(&layout, model);
    model->info.row_size = row_layout_size(&layout);
    model->bits_size = (count + 7) / 8;
    return model_index_names(model, arena) ? model : NULL;
}
