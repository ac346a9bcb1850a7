/* Scopes: conditions on the targets (or the join rows) of an association, which are also the values of new ones. Their names
 * are attributes, their values of the attributes' types. */
#include <string.h>

#include "schema/link.h"

static bool scopes_value(const struct link *link, const struct link_association *draft, const struct link_model *model,
                         const char *option, const kin_assignment *given, struct scope_value *out) {
    char near[LINK_CANDIDATES];
    const char *name = given->name != NULL ? given->name : "";
    const struct link_attribute *attribute = link_attribute_named(model, name);
    if (attribute == NULL)
        return link_fault_at(link, draft, ".%s names '%s', which %s does not have; %s", option, name, model->name,
                             link_candidates(link, model, name, near));
    if (given->value.type == KIN_VALUE_UNSET)
        return link_fault_at(link, draft, ".%s gives '%s' no value; write kin(...), or kin_null", option, name);
    out->attribute = attribute->made;
    if (value_convert(attribute->made, &given->value, &out->value, link->arena, link->fault))
        return true;
    if (link->fault->error.status == KIN_MISUSE)
        link->fault->error.status = KIN_SCHEMA;
    return false;
}

static bool scopes_list(const struct link *link, const struct link_association *draft, const struct link_model *model,
                        const char *option, const kin_values *given, struct scope_value **out, size_t *count) {
    *out = arena_allocate_cleared(link->arena, (given->count + 1) * sizeof **out);
    if (*out == NULL)
        return false;
    for (size_t i = 0; i < given->count; i++) {
        if (!scopes_value(link, draft, model, option, &given->at[i], &(*out)[i]))
            return false;
        for (size_t k = 0; k < i; k++)
            if ((*out)[k].attribute == (*out)[i].attribute)
                return link_fault_at(link, draft, ".%s names '%s' twice; write it once", option, given->at[i].name);
    }
    *count = given->count;
    return true;
}

static bool scopes_keys_apart(const struct link *link, const struct link_association *draft, const struct link_model *model,
                              const char *option, const struct scope_value *scope, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct link_attribute *attribute = link_attribute_named(model, scope[i].attribute->info.name);
        bool on_holder = draft->foreign_key.at[0]->model == model;
        if (on_holder && (link_key_has(&draft->foreign_key, attribute) || link_key_has(&draft->other_key, attribute)))
            return link_fault_at(link, draft, ".%s sets '%s', which is the association's own key; leave it out", option,
                                 attribute->given.name);
    }
    return true;
}

bool link_scopes(struct link *link) {
    for (size_t i = 0; i < link->association_count; i++) {
        const struct link_association *draft = link->associations[i];
        const kin_association_options *options = draft->options;
        kin_association *made = draft->association;
        bool belongs = made->info.kind == KIN_BELONGS_TO;
        if (!scopes_list(link, draft, draft->target, "scope", &options->scope, &made->scope, &made->scope_count) ||
            (!belongs && !scopes_keys_apart(link, draft, draft->target, "scope", made->scope, made->scope_count)))
            return false;
        if (draft->through != NULL &&
            (!scopes_list(link, draft, draft->through, "through_scope", &options->through_scope, &made->through_scope,
                          &made->through_scope_count) ||
             !scopes_keys_apart(link, draft, draft->through, "through_scope", made->through_scope, made->through_scope_count)))
            return false;
    }
    return true;
}
