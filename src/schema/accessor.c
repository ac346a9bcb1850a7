/* Accessors by name: which names the document's naming strategy gives an association, and which verb each means. */
#include <string.h>

#include "schema/link.h"
#include "schema/naming.h"

struct accessor_form {
    kin_verb verb;
    bool plural;
};

static const struct accessor_form accessor_forms_of_one[] = { { KIN_VERB_GET, false },
                                                              { KIN_VERB_SET, false },
                                                              { KIN_VERB_CREATE, false } };

/* Where singular and plural are the same word (Series) the first form of a verb has it: has asks whether all given are linked. */
static const struct accessor_form accessor_forms_of_many[] = {
    { KIN_VERB_GET, true },     { KIN_VERB_SET, true },     { KIN_VERB_ADD, false }, { KIN_VERB_ADD, true },
    { KIN_VERB_REMOVE, false }, { KIN_VERB_REMOVE, true },  { KIN_VERB_HAS, false }, { KIN_VERB_HAS, true },
    { KIN_VERB_COUNT, true },   { KIN_VERB_CREATE, false },
};

enum { ACCESSOR_FORMS = sizeof accessor_forms_of_many / sizeof accessor_forms_of_many[0] };

/* A name that an earlier association gave is now this one's: the last wins. */
static bool accessor_add(kin_model *model, kin_association *association, struct accessor_form form, const char *name) {
    kin_accessor *accessor = map_get_string(&model->accessors_by_name, name);
    if (accessor != NULL && accessor->association == association)
        return true;
    if (accessor == NULL) {
        accessor = &model->accessors[model->accessor_count];
        if (!map_put_string(&model->accessors_by_name, name, accessor))
            return false;
        accessor->name = name;
        model->accessor_count++;
    }
    accessor->verb = form.verb;
    accessor->plural = form.plural;
    accessor->association = association;
    return true;
}

static bool accessor_add_all(const struct link *link, kin_model *model, kin_association *association) {
    size_t count = association->many ? ACCESSOR_FORMS : sizeof accessor_forms_of_one / sizeof accessor_forms_of_one[0];
    const struct accessor_form *forms = association->many ? accessor_forms_of_many : accessor_forms_of_one;
    for (size_t i = 0; i < count; i++) {
        const char *base = forms[i].plural ? association->info.plural : association->info.singular;
        const char *name = naming_accessor(link->arena, forms[i].verb, base);
        if (name == NULL || !accessor_add(model, association, forms[i], name))
            return false;
    }
    return true;
}

bool link_accessors(struct link *link) {
    for (size_t i = 0; i < link->model_count; i++) {
        kin_model *model = link->models[i]->model;
        model->accessors =
            arena_allocate_cleared(link->arena, (model->association_count * ACCESSOR_FORMS + 1) * sizeof *model->accessors);
        if (model->accessors == NULL)
            return false;
        for (size_t k = 0; k < model->association_count; k++)
            if (!accessor_add_all(link, model, model->associations[k]))
                return false;
    }
    return true;
}

const kin_accessor *kin_accessor_named(const kin_model *model, const char *name) {
    if (model == NULL || name == NULL || model->schema == NULL || !model->schema->linked)
        return NULL;
    return map_get_string(&model->accessors_by_name, name);
}

bool kin_has_accessor(const kin_model *model, const char *name) { return kin_accessor_named(model, name) != NULL; }

size_t kin_accessor_count(const kin_model *model) {
    return model == NULL || model->schema == NULL || !model->schema->linked ? 0 : model->accessor_count;
}

const kin_accessor *kin_accessor_at(const kin_model *model, size_t index) {
    return index < kin_accessor_count(model) ? &model->accessors[index] : NULL;
}
