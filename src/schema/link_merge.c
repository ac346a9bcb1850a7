/* A foreign key and the attributes that hold it. What an attribute already says stays; an association fills what is missing.
 * A key never takes over that what it points at is a primary key, counts up, or has a default. */
#include "schema/link_merge.h"

#include <string.h>

static bool merge_is_whole(kin_type type) { return type == KIN_TYPE_INTEGER || type == KIN_TYPE_BIGINT; }
static bool merge_is_text(kin_type type) { return type == KIN_TYPE_STRING || type == KIN_TYPE_TEXT || type == KIN_TYPE_CHAR; }

/* Whether values of the two can be compared as they are. */
static bool merge_fits(kin_type one, kin_type other) {
    return one == other || (merge_is_whole(one) && merge_is_whole(other)) || (merge_is_text(one) && merge_is_text(other));
}

static void merge_take_type(kin_attribute *to, const kin_attribute *from) {
    to->type = from->type;
    to->length = from->length;
    to->precision = from->precision;
    to->scale = from->scale;
    to->labels = from->labels;
}

static void merge_fill(kin_attribute *to, const kin_attribute *from) {
    if (to->column == NULL)
        to->column = from->column;
    if (to->default_value.type == KIN_VALUE_UNSET && !to->default_now && !to->default_uuid) {
        to->default_value = from->default_value;
        to->default_now = from->default_now;
        to->default_uuid = from->default_uuid;
    }
    if (to->unique_group == NULL)
        to->unique_group = from->unique_group;
    if (to->comment == NULL)
        to->comment = from->comment;
    if (!link_has_validation(&to->validate))
        to->validate = from->validate;
    to->not_null = to->not_null || from->not_null;
    to->unique = to->unique || from->unique;
    to->primary_key = to->primary_key || from->primary_key;
}

/* The type: given with the key; or declared (but a join model's key is always like what it points at); or like that. */
static void merge_type(const struct link_key_request *request, struct link_attribute *attribute, const kin_attribute *target) {
    const kin_attribute *about = request->about;
    bool fresh = attribute->given.type == 0;
    if (about != NULL && about->type != 0 && (fresh || attribute->type_inferred)) {
        merge_take_type(&attribute->given, about);
        attribute->type_inferred = false;
    } else if (fresh || (request->joins && !attribute->generated)) {
        merge_take_type(&attribute->given, target);
        attribute->type_inferred = fresh;
    }
}

static struct link_attribute *merge_attribute(const struct link *link, const struct link_key_request *request, size_t index) {
    const char *name = request->names.at[index];
    struct link_attribute *attribute = link_attribute_named(request->holder, name);
    if (attribute == NULL)
        attribute = link_attribute_of_column(request->holder, name);
    if (attribute != NULL && (!attribute->generated || strcmp(attribute->given.name, name) == 0))
        return attribute;
    const kin_attribute given = { .name = name };
    attribute = link_add_attribute(link, request->holder, &given);
    if (attribute != NULL)
        attribute->generated = true;
    return attribute;
}

static bool merge_one(const struct link *link, const struct link_key_request *request, size_t index, struct link_attribute **out) {
    const kin_attribute *target = &request->target->at[index]->given;
    struct link_attribute *attribute = merge_attribute(link, request, index);
    if (attribute == NULL)
        return false;
    if (attribute == request->target->at[index])
        return link_fault_at(link, request->by, ".%s is '%s', which is also what it points at; write another name", request->option,
                             attribute->given.name);
    if (attribute == request->holder->generated_id)
        attribute->given.auto_increment = false; /* the caller made the id a foreign key: its values come from there */
    merge_type(request, attribute, target);
    if (request->about != NULL)
        merge_fill(&attribute->given, request->about);
    if (request->joins && request->holder->joins_by_keys)
        attribute->given.primary_key = attribute->given.not_null = true;
    if (!merge_fits(attribute->given.type, target->type))
        return link_fault_at(link, request->by,
                             "the key %s.%s is %s and points at %s.%s, which is %s; declare both with the same type",
                             request->holder->name, attribute->given.name, type_name(attribute->given.type),
                             request->referenced->name, target->name, type_name(target->type));
    *out = attribute;
    return true;
}

static bool merge_check_request(const struct link *link, const struct link_key_request *request) {
    size_t wanted = request->target->count, given = request->names.count;
    const kin_attribute *about = request->about;
    if (given != wanted && wanted == 1)
        return link_fault_at(
            link, request->by, ".%ss has %zu names and the key of %s is the one attribute '%s'; write one name as .%s",
            request->option, given, request->referenced->name, request->target->at[0]->given.name, request->option);
    if (given != wanted)
        return link_fault_at(
            link, request->by, "the key of %s has %zu attributes and %zu %s given; write .%ss = KIN_NAMES(...) with %zu names",
            request->referenced->name, wanted, given, given == 1 ? "name is" : "names are", request->option, wanted);
    if (about != NULL && wanted > 1 && (about->column != NULL || about->type != 0))
        return link_fault_at(
            link, request->by,
            "the key has %zu attributes, so that .key.column and .key.type cannot be meant; declare the attributes on %s", wanted,
            request->holder->name);
    for (size_t i = 0; i < given; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(request->names.at[i], request->names.at[k]) == 0)
                return link_fault_at(link, request->by, ".%ss has the name '%s' twice; write a name for each attribute",
                                     request->option, request->names.at[i]);
    return true;
}

/* A reference declared by hand whose column is not looked up yet is the same one if it says nothing else. */
static bool merge_same_reference(const struct link_reference *reference, const struct link_key_request *request,
                                 const struct link_key *columns) {
    if (!link_key_equal(&reference->columns, columns) || reference->target != request->referenced)
        return false;
    if (reference->target_key.count != 0)
        return link_key_equal(&reference->target_key, request->target);
    return reference->column == NULL ||
           (request->target->count == 1 &&
            link_attribute_of_column(request->referenced, reference->column) == request->target->at[0]);
}

static struct link_reference *merge_reference(const struct link *link, const struct link_key_request *request,
                                              const struct link_key *columns) {
    for (size_t i = 0; i < request->holder->reference_count; i++)
        if (merge_same_reference(request->holder->references[i], request, columns)) {
            request->holder->references[i]->target_key = *request->target;
            return request->holder->references[i];
        }
    struct link_reference *made = link_add_reference(link, request->holder);
    if (made == NULL)
        return NULL;
    made->columns = *columns;
    made->target = request->referenced;
    made->target_key = *request->target;
    return made;
}

bool link_say_action(const struct link *link, const struct link_reference *reference, struct link_action *said, const char *name,
                     kin_action action, const char *by) {
    const struct link_attribute *column = reference->columns.at[0];
    if (action == KIN_ACTION_USUAL || action == said->action)
        return true;
    if (said->action == KIN_ACTION_USUAL) {
        *said = (struct link_action){ action, by };
        return true;
    }
    return link_fault(link, column->model, column->given.name,
                      "%s is %s in %s and %s in %s, for the same key; write one of them, or the same in both", name,
                      action_name(said->action), said->by, action_name(action), by);
}

static bool merge_actions(const struct link *link, const struct link_key_request *request, struct link_reference *reference) {
    const kin_association_options *options = request->by->options;
    struct link_action *deleting = &reference->on_delete[request->level], *updating = &reference->on_update[request->level];
    const char *by = request->by->label;
    if (!link_say_action(link, reference, deleting, "on_delete", options->on_delete, by) ||
        !link_say_action(link, reference, updating, "on_update", options->on_update, by))
        return false;
    return request->about == NULL || (link_say_action(link, reference, deleting, "on_delete", request->about->on_delete, by) &&
                                      link_say_action(link, reference, updating, "on_update", request->about->on_update, by));
}

bool link_merge_key(const struct link *link, const struct link_key_request *request, struct link_key *out,
                    struct link_reference **reference) {
    const kin_association_options *options = request->by->options;
    if (!merge_check_request(link, request))
        return false;
    out->count = request->target->count;
    out->at = arena_allocate(link->arena, out->count * sizeof(struct link_attribute *));
    if (out->at == NULL)
        return false;
    for (size_t i = 0; i < out->count; i++)
        if (!merge_one(link, request, i, &out->at[i]))
            return false;
    *reference = merge_reference(link, request, out);
    if (*reference == NULL)
        return false;
    (*reference)->joins = (*reference)->joins || request->joins;
    (*reference)->no_index = (*reference)->no_index || options->no_index;
    if (!options->no_constraints) {
        (*reference)->constrained = true;
        if ((*reference)->first == 0)
            (*reference)->first = request->by->association->info.kind;
    }
    return merge_actions(link, request, *reference);
}
