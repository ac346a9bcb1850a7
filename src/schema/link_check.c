/* Declarations that cannot be meant: found before anything is built from them, and (names that collide) after every key is in
 * its place. */
#include <string.h>

#include "schema/link.h"

static bool check_name(const struct link *link, const struct link_model *model, size_t index) {
    const char *name = model->options->attributes.at[index].name;
    if (name == NULL || *name == '\0')
        return link_fault(link, model, NULL, "attribute %zu has no name; write e.g. KIN_STRING(\"title\")", index + 1);
    if (strchr(name, '.') != NULL || *name == '-')
        return link_fault(link, model, name,
                          "an attribute's name has no '.' and no leading '-' (conditions and orders use them); name it otherwise "
                          "and write .column = \"%s\"",
                          name);
    for (size_t i = 0; i < index; i++)
        if (strcmp(model->options->attributes.at[i].name, name) == 0)
            return link_fault(link, model, name, "the attribute is declared twice; leave one of them out");
    return true;
}

/* At most one auto-increment attribute, alone in its primary key; no `id` that is in the way of the generated one. */
static bool check_primary_key(const struct link *link, const struct link_model *model) {
    const kin_attributes *attributes = &model->options->attributes;
    size_t parts = 0, increments = 0;
    bool has_id = false;
    for (size_t i = 0; i < attributes->count; i++) {
        parts += attributes->at[i].primary_key;
        increments += attributes->at[i].auto_increment;
        has_id = has_id || strcmp(attributes->at[i].name, "id") == 0;
    }
    if (increments > 1)
        return link_fault(link, model, NULL, "Only one autoincrement attribute allowed; leave .auto_increment out of all but one");
    if (increments == 1 && parts > 1)
        return link_fault(
            link, model, NULL,
            "an autoincrement attribute is a primary key by itself; leave .primary_key out of the others, or .auto_increment");
    if (has_id && parts == 0)
        return link_fault(link, model, "id",
                          "an attribute called 'id' is declared but not marked with .primary_key = true; mark it, or another, or "
                          "name it otherwise");
    return true;
}

static bool check_model(const struct link *link, const struct link_model *model) {
    const kin_attributes *attributes = &model->options->attributes;
    if (model->model->info.name == NULL || *model->model->info.name == '\0')
        return link_fault(link, model, NULL, "a model needs a name; write kin_define(schema, \"Task\", ...)");
    for (size_t i = 0; i < attributes->count; i++)
        if (!check_name(link, model, i))
            return false;
    if (!check_primary_key(link, model))
        return false;
    for (size_t i = 0; i < attributes->count; i++)
        if (!link_check_attribute(link, model, &attributes->at[i]))
            return false;
    return true;
}

bool link_check_models(struct link *link) {
    for (size_t i = 0; i < link->model_count; i++)
        if (!check_model(link, link->models[i]))
            return false;
    return true;
}

static bool check_columns(const struct link *link, const struct link_model *model) {
    for (size_t i = 0; i < model->attribute_count; i++) {
        const struct link_attribute *attribute = model->attributes[i];
        const struct link_attribute *first = link_attribute_of_column(model, link_column(attribute));
        if (first == attribute)
            continue;
        const char *name = attribute->given.name;
        if (attribute->generated || first->generated)
            return link_fault(link, model, name,
                              "the generated attribute '%s' and '%s' have the same column '%s'; to use one for both write "
                              ".foreign_key = \"%s\" in the association",
                              attribute->generated ? name : first->given.name, attribute->generated ? first->given.name : name,
                              link_column(attribute), attribute->generated ? first->given.name : name);
        return link_fault(link, model, name, "has the same column '%s' as the attribute '%s'; give one of them another .column",
                          link_column(attribute), first->given.name);
    }
    return true;
}

static bool check_collision(const struct link *link, const struct link_association *association) {
    const char *name = association->association->info.name;
    if (link_attribute_named(association->source, name) == NULL)
        return true;
    return link_fault_at(link, association,
                         "Naming collision between attribute '%s' and association '%s' on model %s. To remedy this, change either "
                         ".foreign_key or .as in your association definition",
                         name, name, association->source->name);
}

/* Names that kin made, of models' names and options: conditions and orders use them like any other. */
static bool check_generated(const struct link *link, const struct link_model *model) {
    for (size_t i = 0; i < model->attribute_count; i++) {
        const char *name = model->attributes[i]->given.name;
        if (strchr(name, '.') != NULL || *name == '-')
            return link_fault(link, model, name,
                              "the generated attribute's name has a '.' or a leading '-' (conditions and orders use them); name it by "
                              ".foreign_key or .other_key of the association, or by .created_at, .updated_at or .deleted_at of the model");
    }
    return true;
}

bool link_check_names(struct link *link) {
    for (size_t i = 0; i < link->association_count; i++)
        if (!check_collision(link, link->associations[i]))
            return false;
    for (size_t i = 0; i < link->model_count; i++)
        if (!check_generated(link, link->models[i]) || !check_columns(link, link->models[i]))
            return false;
    return true;
}
