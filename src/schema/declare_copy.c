/* Deep copies of what a caller declares. Each function replaces the pointers of a struct that was itself copied already;
 * after a failure the struct is not to be used, and what was copied is the arena's. */
#include "schema/declare.h"

bool declare_copy_string(struct arena *arena, const char **text) {
    if (*text == NULL)
        return true;
    *text = arena_copy_string(arena, *text);
    return *text != NULL;
}

/* The empty list keeps an address: it is not the same as no list. */
bool declare_copy_names(struct arena *arena, kin_names *names) {
    if (names->at == NULL) {
        names->count = 0;
        return true;
    }
    const char **copies = arena_allocate_cleared(arena, (names->count + 1) * sizeof *copies);
    if (copies == NULL)
        return false;
    for (size_t i = 0; i < names->count; i++) {
        copies[i] = names->at[i];
        if (!declare_copy_string(arena, &copies[i]))
            return false;
    }
    names->at = copies;
    return true;
}

static size_t declare_count_values(const kin_values *values) {
    if (values->at == NULL)
        return 0;
    if (values->count != KIN_TO_LAST)
        return values->count;
    size_t count = 0;
    while (values->at[count].value.type != KIN_VALUE_LAST)
        count++;
    return count;
}

bool declare_copy_values(struct arena *arena, kin_values *values) {
    size_t count = declare_count_values(values);
    kin_assignment *copies = arena_allocate_cleared(arena, (count + 1) * sizeof *copies);
    if (copies == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        copies[i].name = values->at[i].name;
        if (!declare_copy_string(arena, &copies[i].name) || !value_copy(arena, &values->at[i].value, &copies[i].value))
            return false;
    }
    *values = (kin_values){ copies, count };
    return true;
}

static bool declare_copy_double(struct arena *arena, const double **number) {
    if (*number == NULL)
        return true;
    *number = arena_copy(arena, *number, sizeof **number);
    return *number != NULL;
}

bool declare_copy_attribute(struct arena *arena, kin_attribute *attribute) {
    kin_value given = attribute->default_value;
    return declare_copy_string(arena, &attribute->name) && declare_copy_string(arena, &attribute->column) &&
           declare_copy_string(arena, &attribute->unique_group) && value_copy(arena, &given, &attribute->default_value) &&
           declare_copy_names(arena, &attribute->labels) && declare_copy_string(arena, &attribute->references.table) &&
           declare_copy_string(arena, &attribute->references.column) && declare_copy_double(arena, &attribute->validate.minimum) &&
           declare_copy_double(arena, &attribute->validate.maximum) && declare_copy_names(arena, &attribute->validate.one_of) &&
           declare_copy_string(arena, &attribute->comment);
}

static bool declare_copy_attributes(struct arena *arena, kin_attributes *attributes) {
    size_t count = attributes->at == NULL ? 0 : attributes->count;
    kin_attribute *copies = arena_allocate_cleared(arena, (count + 1) * sizeof *copies);
    if (copies == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        copies[i] = attributes->at[i];
        if (!declare_copy_attribute(arena, &copies[i]))
            return false;
    }
    *attributes = (kin_attributes){ copies, count };
    return true;
}

static bool declare_copy_indexes(struct arena *arena, kin_indexes *indexes) {
    size_t count = indexes->at == NULL ? 0 : indexes->count;
    kin_index *copies = arena_allocate_cleared(arena, (count + 1) * sizeof *copies);
    if (copies == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        copies[i] = indexes->at[i];
        if (!declare_copy_names(arena, &copies[i].attributes) || !declare_copy_string(arena, &copies[i].name))
            return false;
    }
    *indexes = (kin_indexes){ copies, count };
    return true;
}

bool declare_copy_model_options(struct arena *arena, kin_model_options *options) {
    const char **const texts[] = { &options->name,       &options->table,      &options->created_at,
                                   &options->updated_at, &options->deleted_at, &options->singular,
                                   &options->plural,     &options->schema,     &options->comment };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (!declare_copy_string(arena, texts[i]))
            return false;
    return declare_copy_attributes(arena, &options->attributes) && declare_copy_indexes(arena, &options->indexes);
}

bool declare_copy_association_options(struct arena *arena, kin_association_options *options) {
    const char **const texts[] = { &options->as,          &options->singular,  &options->plural,
                                   &options->foreign_key, &options->other_key, &options->source_key,
                                   &options->target_key,  &options->through,   &options->unique_key };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (!declare_copy_string(arena, texts[i]))
            return false;
    return declare_copy_names(arena, &options->foreign_keys) && declare_copy_names(arena, &options->other_keys) &&
           declare_copy_names(arena, &options->source_keys) && declare_copy_names(arena, &options->target_keys) &&
           declare_copy_attribute(arena, &options->key) && declare_copy_values(arena, &options->scope) &&
           declare_copy_values(arena, &options->through_scope);
}
