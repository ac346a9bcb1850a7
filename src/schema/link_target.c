/* What a foreign key points at: the primary key, or attributes that are unique. */
#include <string.h>

#include "schema/link.h"

static bool target_same_set(const struct link_key *key, const struct link_model *model, const kin_names *names) {
    if (names->count != key->count)
        return false;
    for (size_t i = 0; i < names->count; i++) {
        const struct link_attribute *attribute = names->at[i] != NULL ? link_attribute_named(model, names->at[i]) : NULL;
        if (attribute == NULL || !link_key_has(key, attribute))
            return false;
    }
    return true;
}

static bool target_is_group(const struct link_key *key, const struct link_model *model) {
    const char *group = key->at[0]->given.unique_group;
    size_t members = 0;
    if (group == NULL)
        return false;
    for (size_t i = 0; i < model->attribute_count; i++) {
        const char *other = model->attributes[i]->given.unique_group;
        if (other == NULL || strcmp(other, group) != 0)
            continue;
        members++;
        if (!link_key_has(key, model->attributes[i]))
            return false;
    }
    return members == key->count;
}

static bool target_is_unique(const struct link *link, const struct link_key *key, const struct link_model *model, bool *out) {
    struct link_key primary;
    if (!link_primary_key(link, model, &primary))
        return false;
    size_t shared = 0;
    for (size_t i = 0; i < key->count; i++)
        shared += link_key_has(&primary, key->at[i]);
    *out = (shared == key->count && shared == primary.count) || (key->count == 1 && key->at[0]->given.unique) ||
           target_is_group(key, model);
    for (size_t i = 0; i < model->options->indexes.count; i++)
        if (model->options->indexes.at[i].unique && target_same_set(key, model, &model->options->indexes.at[i].attributes))
            *out = true;
    return true;
}

static bool target_by_names(const struct link *link, const struct link_association *draft, const struct link_model *model,
                            const kin_names *names, const char *option, struct link_key *out) {
    char near[LINK_CANDIDATES];
    bool unique;
    out->count = names->count;
    out->at = arena_allocate(link->arena, names->count * sizeof(struct link_attribute *));
    if (out->at == NULL)
        return false;
    for (size_t i = 0; i < names->count; i++) {
        out->at[i] = link_attribute_named(model, names->at[i]);
        if (out->at[i] == NULL)
            return link_fault_at(link, draft,
                                 "Unknown attribute \"%s\" passed as .%s, define this attribute on model \"%s\" first; %s",
                                 names->at[i], option, model->name, link_candidates(link, model, names->at[i], near));
        for (size_t k = 0; k < i; k++)
            if (out->at[k] == out->at[i])
                return link_fault_at(link, draft, ".%ss names '%s' twice; write it once", option, names->at[i]);
    }
    if (!target_is_unique(link, out, model, &unique))
        return false;
    if (!unique)
        return link_fault_at(
            link, draft,
            ".%s is '%s' of %s, which is not unique, so that it could mean several rows; declare it with .unique = true%s", option,
            names->at[0], model->name, names->count > 1 ? " (several: one .unique_group)" : "");
    return true;
}

bool link_target_key(const struct link *link, const struct link_association *draft, const struct link_model *model,
                     const kin_names *names, const char *option, struct link_key *out) {
    if (names->count != 0)
        return target_by_names(link, draft, model, names, option, out);
    if (!link_primary_key(link, model, out))
        return false;
    if (out->count == 0)
        return link_fault_at(link, draft, "%s has no primary key to point at; declare one with .primary_key = true", model->name);
    return true;
}
