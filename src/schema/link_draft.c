/* The drafts that linking works on, and the tools its stages share. A draft's lists grow in the schema's arena; the
 * order of a model's attributes is the order of its table. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "schema/link.h"

enum { LINK_MESSAGE = 1536 };

bool link_fault(const struct link *link, const struct link_model *model, const char *what, const char *format, ...) {
    char message[LINK_MESSAGE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return fault_set(link->fault, KIN_SCHEMA, model->name, what, "%s%s%s: %s", model->name, what != NULL ? "." : "",
                     what != NULL ? what : "", message);
}

bool link_fault_at(const struct link *link, const struct link_association *association, const char *format, ...) {
    char message[LINK_MESSAGE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return fault_set(link->fault, KIN_SCHEMA, association->source->name, association->association->info.name, "%s: %s",
                     association->label, message);
}

void *link_room(const struct link *link, void *at, size_t count, size_t *capacity, size_t element) {
    if (count < *capacity)
        return at;
    size_t wanted = *capacity == 0 ? 8 : *capacity * 2;
    void *grown = arena_allocate_cleared(link->arena, wanted * element);
    if (grown == NULL)
        return NULL;
    if (count != 0)
        memcpy(grown, at, count * element);
    *capacity = wanted;
    return grown;
}

const char *link_format(const struct link *link, const char *format, ...) {
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = length < 0 ? NULL : arena_allocate(link->arena, (size_t)length + 1);
    if (text != NULL)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

struct link_model *link_add_model(struct link *link, kin_model *model) {
    struct link_model *draft = arena_allocate_cleared(link->arena, sizeof *draft);
    struct link_model **models = link_room(link, link->models, link->model_count, &link->model_capacity, sizeof *models);
    if (draft == NULL || models == NULL)
        return NULL;
    draft->model = model;
    draft->options = &model->declared->options;
    draft->defaults = &model->declared->defaults;
    draft->name = model->info.name != NULL ? model->info.name : "(no name)";
    draft->registered = !model->declared->replaced;
    model->declared->draft = draft;
    link->models = models;
    models[link->model_count++] = draft;
    return draft;
}

struct link_attribute *link_add_attribute(const struct link *link, struct link_model *model, const kin_attribute *given) {
    struct link_attribute *attribute = arena_allocate_cleared(link->arena, sizeof *attribute);
    struct link_attribute **list =
        link_room(link, model->attributes, model->attribute_count, &model->attribute_capacity, sizeof *list);
    if (attribute == NULL || list == NULL)
        return NULL;
    attribute->given = *given;
    attribute->model = model;
    model->attributes = list;
    list[model->attribute_count++] = attribute;
    return attribute;
}

void link_remove_attribute(struct link_model *model, const struct link_attribute *attribute) {
    size_t kept = 0;
    for (size_t i = 0; i < model->attribute_count; i++)
        if (model->attributes[i] != attribute)
            model->attributes[kept++] = model->attributes[i];
    model->attribute_count = kept;
}

struct link_model *link_model_of(const kin_model *model) {
    return model->declared->draft;
}

struct link_attribute *link_attribute_named(const struct link_model *model, const char *name) {
    for (size_t i = 0; i < model->attribute_count; i++)
        if (strcmp(model->attributes[i]->given.name, name) == 0)
            return model->attributes[i];
    return NULL;
}

const char *link_column(const struct link_attribute *attribute) {
    return attribute->given.column != NULL ? attribute->given.column : attribute->given.name;
}

static char link_lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

static bool link_same_column(const char *one, const char *other) {
    while (*one != '\0' && link_lower(*one) == link_lower(*other)) {
        one++;
        other++;
    }
    return *one == *other;
}

struct link_attribute *link_attribute_of_column(const struct link_model *model, const char *column) {
    for (size_t i = 0; i < model->attribute_count; i++)
        if (link_same_column(link_column(model->attributes[i]), column))
            return model->attributes[i];
    return NULL;
}

const char *link_candidates(const struct link *link, const struct link_model *model, const char *wrong, char *out) {
    out[0] = '\0';
    const char **names = arena_allocate(link->arena, (model->attribute_count + 1) * sizeof *names);
    if (names == NULL)
        return out;
    for (size_t i = 0; i < model->attribute_count; i++)
        names[i] = model->attributes[i]->given.name;
    return fault_candidates(wrong, model->attribute_count, names, out, LINK_CANDIDATES);
}

bool link_primary_key(const struct link *link, const struct link_model *model, struct link_key *out) {
    out->at = arena_allocate(link->arena, (model->attribute_count + 1) * sizeof(struct link_attribute *));
    out->count = 0;
    if (out->at == NULL)
        return false;
    for (size_t i = 0; i < model->attribute_count; i++)
        if (model->attributes[i]->given.primary_key)
            out->at[out->count++] = model->attributes[i];
    return true;
}

bool link_key_equal(const struct link_key *one, const struct link_key *other) {
    if (one->count != other->count)
        return false;
    for (size_t i = 0; i < one->count; i++)
        if (one->at[i] != other->at[i])
            return false;
    return true;
}

bool link_key_has(const struct link_key *key, const struct link_attribute *attribute) {
    for (size_t i = 0; i < key->count; i++)
        if (key->at[i] == attribute)
            return true;
    return false;
}

bool link_same_text(const char *one, const char *other) { return strcmp(one != NULL ? one : "", other != NULL ? other : "") == 0; }

struct link_model *link_model_of_table(const struct link *link, const char *schema, const char *table) {
    for (size_t i = 0; i < link->model_count; i++) {
        const kin_model_info *info = &link->models[i]->model->info;
        if (link->models[i]->registered && info->table != NULL && link_same_text(info->schema, schema) &&
            strcmp(info->table, table) == 0)
            return link->models[i];
    }
    return NULL;
}

bool link_switch(kin_switch given, kin_switch otherwise) { return (given != KIN_USUAL ? given : otherwise) == KIN_ON; }

struct link_reference *link_add_reference(const struct link *link, struct link_model *holder) {
    struct link_reference *made = arena_allocate_cleared(link->arena, sizeof *made);
    struct link_reference **list =
        link_room(link, holder->references, holder->reference_count, &holder->reference_capacity, sizeof *list);
    if (made == NULL || list == NULL)
        return NULL;
    holder->references = list;
    list[holder->reference_count++] = made;
    return made;
}

bool link_has_validation(const kin_validation *validate) {
    return validate->not_empty || validate->min_length != 0 || validate->max_length != 0 || validate->minimum != NULL ||
           validate->maximum != NULL || validate->one_of.at != NULL || validate->function != NULL;
}
