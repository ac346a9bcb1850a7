/* References declared by hand: which model or table an attribute points at. What column that is follows later, when every key
 * has its name (link_constraints.c). */
#include <string.h>

#include "schema/link.h"

/* A table by its name: of the holder's own schema first. */
static struct link_model *references_table(const struct link *link, const struct link_model *holder, const char *table) {
    struct link_model *found = link_model_of_table(link, holder->model->info.schema, table);
    for (size_t i = 0; found == NULL && i < link->model_count; i++)
        if (link->models[i]->registered && strcmp(link->models[i]->model->info.table, table) == 0)
            found = link->models[i];
    return found;
}

static bool references_target(const struct link *link, const struct link_attribute *attribute, struct link_model **out) {
    const kin_reference *given = &attribute->given.references;
    const struct link_model *holder = attribute->model;
    *out = NULL;
    if (given->model == NULL) {
        *out = references_table(link, holder, given->table);
        return true;
    }
    if (given->model->schema != link->schema)
        return link_fault(link, holder, attribute->given.name,
                          "references %s, a model of another schema; write its table: .references = { .table = \"...\" }",
                          given->model->info.name != NULL ? given->model->info.name : "(no name)");
    *out = link_model_of(given->model);
    if (given->table != NULL && strcmp(given->table, (*out)->model->info.table) != 0)
        return link_fault(link, holder, attribute->given.name,
                          "references the model %s and the table '%s', which are not the same; write one of them", (*out)->name,
                          given->table);
    return true;
}

static bool references_add(const struct link *link, struct link_attribute *attribute) {
    struct link_model *holder = attribute->model;
    struct link_reference *made = link_add_reference(link, holder);
    if (made == NULL || !references_target(link, attribute, &made->target))
        return false;
    made->columns.at = arena_allocate(link->arena, sizeof(struct link_attribute *));
    if (made->columns.at == NULL)
        return false;
    made->columns.at[0] = attribute;
    made->columns.count = 1;
    made->table = attribute->given.references.table;
    made->column = attribute->given.references.column;
    made->constrained = made->by_hand = true;
    return true;
}

bool link_references(struct link *link) {
    for (size_t i = 0; i < link->model_count; i++) {
        const struct link_model *model = link->models[i];
        for (size_t k = 0; k < model->attribute_count; k++) {
            const kin_reference *given = &model->attributes[k]->given.references;
            if ((given->model != NULL || given->table != NULL) && !references_add(link, model->attributes[k]))
                return false;
        }
    }
    return true;
}
