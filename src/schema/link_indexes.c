/* Indexes: those declared, and one for every foreign key that no key's or index's beginning covers. In most databases an
 * index's name is the schema's, beside those of the tables, so no two of them may be the same. */
#include <string.h>

#include "schema/link.h"

struct index_names {
    const struct link *link;
    struct map taken; /* in lower case */
};

/* False: out of memory. */
static bool indexes_take(struct index_names *names, const char *name, bool *was_free) {
    char *key = arena_copy_string(names->link->arena, name);
    if (key == NULL)
        return false;
    for (char *at = key; *at != '\0'; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at - 'A' + 'a');
    *was_free = map_get_string(&names->taken, key) == NULL;
    return !*was_free || map_put_string(&names->taken, key, key);
}

static bool indexes_take_tables(struct index_names *names) {
    bool was_free;
    for (size_t i = 0; i < names->link->model_count; i++)
        if (names->link->models[i]->registered && !indexes_take(names, names->link->models[i]->model->info.table, &was_free))
            return false;
    return true;
}

/* "<table>_<columns>", with a number behind it where that is taken. */
static bool indexes_name(struct index_names *names, const kin_model *model, const struct key *columns, const char **out) {
    const struct link *link = names->link;
    const char *name = model->info.table;
    bool was_free = false;
    for (size_t i = 0; name != NULL && i < columns->count; i++)
        name = link_format(link, "%s_%s", name, columns->at[i]->info.column);
    *out = name;
    for (unsigned number = 2; *out != NULL; number++) {
        if (!indexes_take(names, *out, &was_free))
            return false;
        if (was_free)
            return true;
        *out = link_format(link, "%s_%u", name, number);
    }
    return false;
}

static bool indexes_declared(const struct link *link, const struct link_model *model, const kin_index *given,
                             struct model_index *made) {
    char near[LINK_CANDIDATES];
    struct link_key key = { NULL, 0 };
    if (given->attributes.count == 0)
        return link_fault(link, model, NULL, "an index without attributes; write { .attributes = KIN_NAMES(\"title\") }");
    key.at = arena_allocate(link->arena, given->attributes.count * sizeof(struct link_attribute *));
    if (key.at == NULL)
        return false;
    for (size_t i = 0; i < given->attributes.count; i++) {
        const char *name = given->attributes.at[i] != NULL ? given->attributes.at[i] : "";
        struct link_attribute *attribute = link_attribute_named(model, name);
        if (attribute == NULL)
            return link_fault(link, model, name, "an index names this attribute, which %s does not have; %s", model->name,
                              link_candidates(link, model, name, near));
        if (link_key_has(&key, attribute))
            return link_fault(link, model, name, "an index names this attribute twice; write it once");
        key.at[key.count++] = attribute;
    }
    made->unique = given->unique;
    return link_make_key(link, &key, &made->columns, NULL);
}

static bool indexes_take_given(struct index_names *names, const struct link_model *model, const char *name) {
    bool was_free;
    if (*name == '\0')
        return link_fault(names->link, model, NULL, "the name of an index is empty; leave .name out to name it after its columns");
    if (!indexes_take(names, name, &was_free))
        return false;
    return was_free || link_fault(names->link, model, NULL,
                                  "the index name '%s' is taken by another index or a table; write another .name", name);
}

/* Names that were given come before those that are made up. */
static bool indexes_of_model(struct index_names *names, const struct link_model *model) {
    const kin_indexes *given = &model->options->indexes;
    kin_model *made = model->model;
    made->indexes = arena_allocate_cleared(names->link->arena, (given->count + model->reference_count + 1) * sizeof *made->indexes);
    if (made->indexes == NULL)
        return false;
    for (size_t i = 0; i < given->count; i++) {
        struct model_index *index = &made->indexes[made->index_count++];
        if (!indexes_declared(names->link, model, &given->at[i], index))
            return false;
        index->name = given->at[i].name;
        if (index->name != NULL && model->registered && !indexes_take_given(names, model, index->name))
            return false;
    }
    return true;
}

/* Whether looking for the key's columns can use the beginning of another's. */
static bool indexes_begin_with(const struct key *key, const struct link_key *columns) {
    if (key->count < columns->count)
        return false;
    for (size_t i = 0; i < columns->count; i++) {
        bool found = false;
        for (size_t k = 0; k < columns->count; k++)
            found = found || key->at[k] == columns->at[i]->made;
        if (!found)
            return false;
    }
    return true;
}

static bool indexes_cover(const kin_model *model, const struct link_key *columns) {
    if (indexes_begin_with(&model->primary_key, columns))
        return true;
    for (size_t i = 0; i < model->unique_count; i++)
        if (indexes_begin_with(&model->uniques[i].columns, columns))
            return true;
    for (size_t i = 0; i < model->index_count; i++)
        if (indexes_begin_with(&model->indexes[i].columns, columns))
            return true;
    return false;
}

static bool indexes_of_references(struct index_names *names, const struct link_model *model) {
    kin_model *made = model->model;
    for (size_t i = 0; i < made->index_count; i++)
        if (made->indexes[i].name == NULL && !indexes_name(names, made, &made->indexes[i].columns, &made->indexes[i].name))
            return false;
    for (size_t i = 0; i < model->reference_count; i++) {
        const struct link_reference *reference = model->references[i];
        if (reference->no_index || indexes_cover(made, &reference->columns))
            continue;
        struct model_index *index = &made->indexes[made->index_count++];
        index->for_foreign_key = true;
        if (!link_make_key(names->link, &reference->columns, &index->columns, NULL) ||
            !indexes_name(names, made, &index->columns, &index->name))
            return false;
    }
    return true;
}

static bool indexes_all(struct index_names *names) {
    const struct link *link = names->link;
    if (!indexes_take_tables(names))
        return false;
    for (size_t i = 0; i < link->model_count; i++)
        if (!indexes_of_model(names, link->models[i]))
            return false;
    for (size_t i = 0; i < link->model_count; i++)
        if (!indexes_of_references(names, link->models[i]))
            return false;
    return true;
}

bool link_indexes(struct link *link) {
    struct index_names names = { .link = link };
    bool done = indexes_all(&names);
    map_free(&names.taken);
    return done;
}
