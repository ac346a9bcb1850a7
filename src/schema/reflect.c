/* Reflection: what linking found out, for generators, tools and tests. Before a schema is linked there is nothing to see but
 * the registry; a NULL handle has nothing either. */
#include <string.h>

#include "schema/model.h"

static bool reflect_is_linked(const kin_model *model) { return model != NULL && model->schema != NULL && model->schema->linked; }

size_t kin_model_count(const kin_schema *schema) { return schema != NULL && schema->linked ? schema->model_count : 0; }

const kin_model *kin_model_at(const kin_schema *schema, size_t index) {
    return index < kin_model_count(schema) ? schema->ordered[index] : NULL;
}

kin_model *kin_model_named(const kin_schema *schema, const char *name) {
    return schema != NULL && name != NULL ? map_get_string(&schema->by_name, name) : NULL;
}

kin_association *kin_association_named(const kin_model *model, const char *name) {
    if (!reflect_is_linked(model) || name == NULL)
        return NULL;
    for (size_t i = 0; i < model->association_count; i++)
        if (strcmp(model->associations[i]->info.name, name) == 0)
            return model->associations[i];
    return NULL;
}

bool kin_model_has_attribute(const kin_model *model, const char *name) { return kin_attribute_named(model, name) != NULL; }

const kin_attribute_info *kin_attribute_named(const kin_model *model, const char *name) {
    const struct attribute *attribute = reflect_is_linked(model) && name != NULL ? model_attribute(model, name) : NULL;
    return attribute != NULL ? &attribute->info : NULL;
}

const kin_model_info *kin_model_describe(const kin_model *model) { return reflect_is_linked(model) ? &model->info : NULL; }

const kin_association_info *kin_association_describe(const kin_association *association) {
    return association != NULL && reflect_is_linked(association->source) ? &association->info : NULL;
}

size_t kin_through_offset(const kin_model *model, const kin_model *through) {
    if (reflect_is_linked(model))
        for (size_t i = 0; i < model->through_count; i++)
            if (model->throughs[i].through == through)
                return model->throughs[i].offset;
    return SIZE_MAX;
}
