/* Unique keys: attributes marked unique, groups of them, and the pair of keys of a join model that has a primary key of its
 * own. */
#include <string.h>

#include "schema/link.h"

/* The key's columns in the order of the table. */
static bool uniques_order(const struct link *link, const struct link_model *model, const struct link_key *set,
                          struct link_key *out) {
    out->at = arena_allocate(link->arena, (set->count + 1) * sizeof(struct link_attribute *));
    out->count = 0;
    if (out->at == NULL)
        return false;
    for (size_t i = 0; i < model->attribute_count; i++)
        if (link_key_has(set, model->attributes[i]))
            out->at[out->count++] = model->attributes[i];
    return true;
}

/* "<table>_<attributes>_unique", the attributes in the order given. */
static const char *uniques_name(const struct link *link, const struct link_model *model, const struct link_key *key) {
    const char *name = model->model->info.table;
    for (size_t i = 0; name != NULL && i < key->count; i++)
        name = link_format(link, "%s_%s", name, key->at[i]->given.name);
    return name != NULL ? link_format(link, "%s_unique", name) : NULL;
}

static bool uniques_same_set(const struct key *key, const struct link_key *set) {
    if (key->count != set->count)
        return false;
    for (size_t i = 0; i < set->count; i++) {
        bool found = false;
        for (size_t k = 0; k < key->count; k++)
            found = found || key->at[k] == set->at[i]->made;
        if (!found)
            return false;
    }
    return true;
}

static struct unique_key *uniques_find(const struct link_model *model, const struct link_key *set) {
    for (size_t i = 0; i < model->model->unique_count; i++)
        if (uniques_same_set(&model->model->uniques[i].columns, set))
            return &model->model->uniques[i];
    return NULL;
}

/* There is room; name NULL: after the columns in the order of `set`. */
static bool uniques_add(const struct link *link, const struct link_model *model, const struct link_key *set, const char *name,
                        bool inline_column) {
    struct unique_key *made = uniques_find(model, set);
    struct link_key ordered;
    if (made == NULL)
        made = &model->model->uniques[model->model->unique_count++];
    made->name = name != NULL ? name : uniques_name(link, model, set);
    made->inline_column = inline_column;
    return made->name != NULL && uniques_order(link, model, set, &ordered) && link_make_key(link, &ordered, &made->columns, NULL);
}

static bool uniques_single(const struct link *link, const struct link_model *model, struct link_attribute *attribute) {
    const struct link_key set = { &attribute, 1 };
    const struct key *primary = &model->model->primary_key;
    if (!attribute->given.unique || (primary->count == 1 && primary->at[0] == attribute->made))
        return true;
    return uniques_add(link, model, &set, NULL, true);
}

/* The group of an attribute, at its first member. */
static bool uniques_group(const struct link *link, const struct link_model *model, size_t first) {
    const char *group = model->attributes[first]->given.unique_group;
    struct link_key set = { NULL, 0 };
    if (group == NULL)
        return true;
    set.at = arena_allocate(link->arena, model->attribute_count * sizeof(struct link_attribute *));
    if (set.at == NULL)
        return false;
    for (size_t i = 0; i < model->attribute_count; i++) {
        const char *other = model->attributes[i]->given.unique_group;
        if (other == NULL || strcmp(other, group) != 0)
            continue;
        if (i < first)
            return true;
        set.at[set.count++] = model->attributes[i];
    }
    return uniques_add(link, model, &set, NULL, false);
}

static bool uniques_pair_set(const struct link *link, const struct link_association *draft, struct link_key *out) {
    const struct link_key *parts[] = { &draft->foreign_key, &draft->other_key };
    out->at = arena_allocate(link->arena, (draft->foreign_key.count + draft->other_key.count) * sizeof(struct link_attribute *));
    out->count = 0;
    if (out->at == NULL)
        return false;
    for (size_t p = 0; p < 2; p++)
        for (size_t i = 0; i < parts[p]->count; i++)
            if (!link_key_has(out, parts[p]->at[i]))
                out->at[out->count++] = parts[p]->at[i];
    return true;
}

static bool uniques_covered_by_primary(const struct link_model *model, const struct link_key *set) {
    const struct key *primary = &model->model->primary_key;
    for (size_t i = 0; i < primary->count; i++) {
        bool found = false;
        for (size_t k = 0; k < set->count; k++)
            found = found || set->at[k]->made == primary->at[i];
        if (!found)
            return false;
    }
    return true;
}

/* The name somebody gave the constraint of this pair: once, or the same. */
static bool uniques_given_name(const struct link *link, const struct link_association *draft, const struct link_key *set,
                               const char **out) {
    *out = NULL;
    for (size_t i = 0; i < link->association_count; i++) {
        const struct link_association *other = link->associations[i];
        struct link_key others;
        if (other->through != draft->through || other->options->unique_key == NULL)
            continue;
        if (!uniques_pair_set(link, other, &others))
            return false;
        bool same = others.count == set->count;
        for (size_t k = 0; k < others.count; k++)
            same = same && link_key_has(set, others.at[k]);
        if (same && *out != NULL && strcmp(*out, other->options->unique_key) != 0)
            return link_fault_at(link, other, ".unique_key is '%s' here and '%s' in another association of %s; write one of them",
                                 other->options->unique_key, *out, other->through->name);
        if (same)
            *out = other->options->unique_key;
    }
    return true;
}

static bool uniques_pair(const struct link *link, const struct link_association *draft) {
    const struct link_model *through = draft->through;
    const char *name;
    struct link_key set;
    if (draft->options->unique_key != NULL && (through->joins_by_keys || through->not_unique))
        return link_fault_at(link, draft, ".unique_key is '%s' and there is no such constraint: %s; leave it out",
                             draft->options->unique_key,
                             through->joins_by_keys ? "the keys together are the primary key" : ".not_unique is set");
    if (!uniques_pair_set(link, draft, &set))
        return false;
    if (draft->options->not_unique && through->model->primary_key.count != 0 && uniques_covered_by_primary(through, &set))
        return link_fault_at(link, draft,
                             ".not_unique, and the primary key of %s allows each pair once; give %s a primary key of its own, or leave "
                             "out .not_unique",
                             through->name, through->name);
    if (through->joins_by_keys || through->not_unique || uniques_covered_by_primary(through, &set))
        return true;
    return uniques_given_name(link, draft, &set, &name) && uniques_add(link, through, &set, name, false);
}

bool link_uniques(struct link *link) {
    for (size_t i = 0; i < link->model_count; i++) {
        const struct link_model *model = link->models[i];
        size_t pairs = model->joins ? link->association_count : 0;
        model->model->uniques =
            arena_allocate_cleared(link->arena, (2 * model->attribute_count + pairs + 1) * sizeof(struct unique_key));
        if (model->model->uniques == NULL)
            return false;
        for (size_t k = 0; k < model->attribute_count; k++)
            if (!uniques_single(link, model, model->attributes[k]) || !uniques_group(link, model, k))
                return false;
    }
    for (size_t i = 0; i < link->association_count; i++)
        if (link->associations[i]->through != NULL && !uniques_pair(link, link->associations[i]))
            return false;
    return true;
}
