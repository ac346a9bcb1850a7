/* Names of models and tables, and the attributes a model gets by itself: `id` first, timestamps last. Tables follow the
 * model's name alone; singular and plural, which may be given, are for keys and accessors. */
#include <ctype.h>
#include <string.h>

#include "schema/link.h"
#include "schema/naming.h"

static const char *names_given(const char *text) { return text != NULL && *text != '\0' ? text : NULL; }

static bool names_of_model(const struct link *link, struct link_model *model) {
    const kin_model_options *options = model->options;
    const struct inflect_word *words = link->schema->words;
    kin_model_info *info = &model->model->info;
    if ((options->singular != NULL && *options->singular == '\0') || (options->plural != NULL && *options->plural == '\0'))
        return link_fault(link, model, NULL, "singular and plural cannot be empty; leave them out to have them inflected");
    if (options->table != NULL && *options->table == '\0')
        return link_fault(link, model, NULL, "the table's name is empty; leave .table out to name it after the model");
    info->singular = options->singular != NULL ? options->singular : naming_singular(link->arena, words, info->name);
    info->plural = options->plural != NULL ? options->plural : naming_plural(link->arena, words, info->name);
    if (options->table != NULL)
        info->table = options->table;
    else if (link_switch(options->freeze_table_name, model->defaults->freeze_table_name))
        info->table = info->name;
    else
        info->table = naming_plural(link->arena, words, info->name);
    info->schema = names_given(options->schema != NULL ? options->schema : model->defaults->schema);
    model->model->comment = options->comment;
    model->underscored = info->underscored = link_switch(options->underscored, model->defaults->underscored);
    return info->singular != NULL && info->plural != NULL && info->table != NULL;
}

static bool names_add_id(struct link *link, struct link_model *model) {
    const kin_attributes *declared = &model->options->attributes;
    for (size_t i = 0; i < declared->count; i++)
        if (declared->at[i].primary_key)
            return true;
    const kin_attribute id = {
        .name = "id", .type = KIN_TYPE_INTEGER, .not_null = true, .primary_key = true, .auto_increment = true
    };
    model->generated_id = link_add_attribute(link, model, &id);
    if (model->generated_id == NULL)
        return false;
    model->generated_id->generated = true;
    return true;
}

/* A date that kin keeps. An attribute the caller declared under the name is used, if it can be. */
static bool names_add_timestamp(struct link *link, struct link_model *model, const char *given, const char *camel,
                                const char *snake, struct link_attribute **out) {
    if (given != NULL && *given == '\0')
        return true;
    const char *name = given != NULL ? given : model->underscored ? snake : camel;
    *out = link_attribute_named(model, name);
    if (*out != NULL) {
        if ((*out)->given.type != KIN_TYPE_DATE || (*out)->given.primary_key || (*out)->generated)
            return link_fault(
                link, model, name,
                "kin keeps the time in it, and it is something else too; make it a KIN_DATE, or write another name as .%s", snake);
        return true;
    }
    const kin_attribute date = { .name = name, .type = KIN_TYPE_DATE, .not_null = out != &model->deleted_at };
    *out = link_add_attribute(link, model, &date);
    if (*out == NULL)
        return false;
    (*out)->generated = true;
    return true;
}

/* A model that is paranoid without timestamps is not: but where nobody said a word about timestamps that is a mistake. */
static bool names_check_paranoid(const struct link *link, const struct link_model *model) {
    kin_switch said = model->options->timestamps != KIN_USUAL ? model->options->timestamps : model->defaults->timestamps;
    if (said != KIN_USUAL || !link_switch(model->options->paranoid, model->defaults->paranoid))
        return true;
    return link_fault(link, model, NULL, "paranoid needs timestamps; write .timestamps = true too");
}

static bool names_add_timestamps(struct link *link, struct link_model *model) {
    const kin_model_options *options = model->options;
    kin_model_info *info = &model->model->info;
    if (!names_check_paranoid(link, model))
        return false;
    info->timestamps = link_switch(options->timestamps, model->defaults->timestamps);
    info->paranoid = info->timestamps && link_switch(options->paranoid, model->defaults->paranoid) &&
                     (options->deleted_at == NULL || *options->deleted_at != '\0');
    if (!info->timestamps)
        return true;
    return names_add_timestamp(link, model, options->created_at, "createdAt", "created_at", &model->created_at) &&
           names_add_timestamp(link, model, options->updated_at, "updatedAt", "updated_at", &model->updated_at) &&
           (!info->paranoid ||
            names_add_timestamp(link, model, options->deleted_at, "deletedAt", "deleted_at", &model->deleted_at));
}

static bool names_add_attributes(struct link *link, struct link_model *model) {
    const kin_attributes *declared = &model->options->attributes;
    if (!names_add_id(link, model))
        return false;
    for (size_t i = 0; i < declared->count; i++)
        if (link_add_attribute(link, model, &declared->at[i]) == NULL)
            return false;
    return names_add_timestamps(link, model);
}

bool link_complete_model(struct link *link, struct link_model *model) {
    return names_of_model(link, model) && names_add_attributes(link, model);
}

/* A table's name with its schema before it, character by character, as one name: where a schema is a prefix, "a" and "b.c" are "a.b" and "c". */
static int names_table_character(const kin_model_info *info, size_t prefix, size_t at) {
    if (at < prefix)
        return tolower((unsigned char)info->schema[at]);
    if (prefix != 0 && at == prefix)
        return '.';
    return tolower((unsigned char)info->table[at - (prefix != 0 ? prefix + 1 : 0)]);
}

/* SQLite takes `users` and `Users` for one table, and so do some file systems under MariaDB. */
static bool names_same_table(const kin_model_info *one, const kin_model_info *other) {
    size_t prefix = one->schema != NULL ? strlen(one->schema) : 0, other_prefix = other->schema != NULL ? strlen(other->schema) : 0;
    for (size_t i = 0;; i++) {
        int character = names_table_character(one, prefix, i);
        if (character != names_table_character(other, other_prefix, i))
            return false;
        if (character == '\0')
            return true;
    }
}

/* Two models of one table would create it once, with the columns of one of them. */
static const struct link_model *names_table_taken(const struct link *link, const struct link_model *model) {
    for (size_t i = 0; i < link->model_count && link->models[i] != model; i++) {
        const kin_model_info *other = &link->models[i]->model->info;
        if (link->models[i]->registered && other->table != NULL && names_same_table(other, &model->model->info))
            return link->models[i];
    }
    return NULL;
}

bool link_check_table(const struct link *link, const struct link_model *model) {
    const struct link_model *first = model->registered ? names_table_taken(link, model) : NULL;
    if (first == NULL)
        return true;
    return link_fault(link, model, NULL, "has the table '%s', as %s has%s; give one of them another .table", model->model->info.table, first->name,
                      strcmp(model->model->info.table, first->model->info.table) != 0 ? " (databases may not tell upper from lower case in names of tables)"
                                                                                     : "");
}

bool link_name_models(struct link *link) {
    for (size_t i = 0; i < link->model_count; i++)
        if (!link_complete_model(link, link->models[i]))
            return false;
    for (size_t i = 0; i < link->model_count; i++)
        if (!link_check_table(link, link->models[i]))
            return false;
    return true;
}
