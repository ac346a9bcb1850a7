/* What makes sense in an attribute by itself. Used for what was declared, and again for what associations made of it. */
#include <string.h>

#include "schema/link.h"

static bool attribute_is_text(kin_type type) { return type == KIN_TYPE_STRING || type == KIN_TYPE_TEXT || type == KIN_TYPE_CHAR; }

static bool attribute_is_number(kin_type type) {
    return type == KIN_TYPE_INTEGER || type == KIN_TYPE_BIGINT || type == KIN_TYPE_REAL || type == KIN_TYPE_DECIMAL;
}

static bool attribute_check_labels(const struct link *link, const struct link_model *model, const kin_attribute *attribute) {
    const kin_names *labels = &attribute->labels;
    if (attribute->type != KIN_TYPE_ENUM)
        return labels->at == NULL ||
               link_fault(link, model, attribute->name, "labels are for ENUM and this is %s; write KIN_ENUM, or leave .labels out",
                          type_name(attribute->type));
    if (labels->count == 0)
        return link_fault(link, model, attribute->name,
                          "values for ENUM haven't been defined; write .labels = KIN_NAMES(\"...\", \"...\")");
    for (size_t i = 0; i < labels->count; i++) {
        if (labels->at[i] == NULL || *labels->at[i] == '\0')
            return link_fault(link, model, attribute->name, "label %zu is empty; every label of an ENUM needs a name", i + 1);
        for (size_t k = 0; k < i; k++)
            if (strcmp(labels->at[i], labels->at[k]) == 0)
                return link_fault(link, model, attribute->name, "the label '%s' comes twice; write it once", labels->at[i]);
    }
    return true;
}

static bool attribute_check_size(const struct link *link, const struct link_model *model, const kin_attribute *attribute) {
    kin_type type = attribute->type;
    const char *name = attribute->name;
    if (attribute->length != 0 && type != KIN_TYPE_STRING && type != KIN_TYPE_CHAR && type != KIN_TYPE_BLOB)
        return link_fault(link, model, name, "length is for STRING, CHAR and BLOB and this is %s; leave .length out",
                          type_name(type));
    if (type != KIN_TYPE_DECIMAL && (attribute->precision != 0 || attribute->scale != 0))
        return link_fault(link, model, name, "precision and scale are for DECIMAL and this is %s; leave them out", type_name(type));
    if (attribute->scale > attribute->precision)
        return link_fault(
            link, model, name,
            "the scale %u is larger than the precision %u, which counts all digits; write e.g. .precision = 10, .scale = 2",
            attribute->scale, attribute->precision);
    return true;
}

static bool attribute_check_default(const struct link *link, const struct link_model *model, const kin_attribute *attribute) {
    const char *name = attribute->name;
    bool given = attribute->default_value.type != KIN_VALUE_UNSET;
    if (given + attribute->default_now + attribute->default_uuid > 1)
        return link_fault(link, model, name, "more than one default; write one of .default_value, .default_now and .default_uuid");
    if (attribute->default_now && attribute->type != KIN_TYPE_DATE && attribute->type != KIN_TYPE_DATEONLY &&
        attribute->type != KIN_TYPE_TIME)
        return link_fault(link, model, name, "default_now is for DATE, DATEONLY and TIME and this is %s; write .default_value",
                          type_name(attribute->type));
    if (attribute->default_uuid && attribute->type != KIN_TYPE_UUID)
        return link_fault(link, model, name, "default_uuid is for UUID and this is %s; write KIN_UUID, or .default_value",
                          type_name(attribute->type));
    if (attribute->default_value.type == KIN_VALUE_NULL && (attribute->not_null || attribute->primary_key))
        return link_fault(link, model, name, "the default is NULL and the attribute cannot be; leave one of the two out");
    return true;
}

static bool attribute_check_increment(const struct link *link, const struct link_model *model, const kin_attribute *attribute) {
    if (!attribute->auto_increment)
        return true;
    if (!attribute->primary_key || (attribute->type != KIN_TYPE_INTEGER && attribute->type != KIN_TYPE_BIGINT))
        return link_fault(link, model, attribute->name,
                          "auto_increment is for an INTEGER or BIGINT primary key; write .primary_key = true too, or leave it out");
    if (attribute->default_value.type != KIN_VALUE_UNSET)
        return link_fault(link, model, attribute->name,
                          "auto_increment and a default contradict each other; leave one of them out");
    return true;
}

static bool attribute_check_validation(const struct link *link, const struct link_model *model, const kin_attribute *attribute) {
    const kin_validation *validate = &attribute->validate;
    const char *name = attribute->name;
    kin_type type = attribute->type;
    bool lengths = validate->not_empty || validate->min_length != 0 || validate->max_length != 0;
    if (lengths && !attribute_is_text(type) && type != KIN_TYPE_BLOB && type != KIN_TYPE_JSON && type != KIN_TYPE_DECIMAL)
        return link_fault(
            link, model, name,
            "not_empty, min_length and max_length are for texts and BLOB and this is %s; use minimum and maximum for numbers",
            type_name(type));
    if (validate->max_length != 0 && validate->min_length > validate->max_length)
        return link_fault(link, model, name, "no value can pass: min_length %zu is larger than max_length %zu",
                          validate->min_length, validate->max_length);
    if ((validate->minimum != NULL || validate->maximum != NULL) && !attribute_is_number(type))
        return link_fault(link, model, name,
                          "minimum and maximum are for numbers and this is %s; use min_length and max_length for texts",
                          type_name(type));
    if (validate->minimum != NULL && validate->maximum != NULL && !(*validate->minimum <= *validate->maximum))
        return link_fault(link, model, name, "no value can pass: the minimum %g is larger than the maximum %g", *validate->minimum,
                          *validate->maximum);
    if (validate->one_of.at != NULL && !attribute_is_text(type))
        return link_fault(link, model, name, "one_of is for texts and this is %s; use .labels of KIN_ENUM, or a function",
                          type_name(type));
    if (validate->one_of.at != NULL && validate->one_of.count == 0)
        return link_fault(link, model, name, "no value can pass: one_of is empty; write .one_of = KIN_NAMES(\"...\")");
    for (size_t i = 0; i < validate->one_of.count; i++)
        if (validate->one_of.at[i] == NULL)
            return link_fault(link, model, name, "entry %zu of one_of is NULL", i + 1);
    return true;
}

static bool attribute_check_actions(const struct link *link, const struct link_model *model, const kin_attribute *attribute) {
    const kin_reference *references = &attribute->references;
    for (int i = 0; i < 2; i++) {
        kin_action action = i == 0 ? attribute->on_delete : attribute->on_update;
        if (action != KIN_ACTION_USUAL && action_name(action) == NULL)
            return link_fault(
                link, model, attribute->name,
                "%s is %d, which is no action; write KIN_RESTRICT, KIN_CASCADE, KIN_NO_ACTION, KIN_SET_DEFAULT or KIN_SET_NULL",
                i == 0 ? "on_delete" : "on_update", (int)action);
    }
    if (references->column != NULL && references->model == NULL && references->table == NULL)
        return link_fault(
            link, model, attribute->name,
            "references a column of nothing; write .references = { .model = ... } or { .table = \"...\", .column = \"%s\" }",
            references->column);
    if (references->table != NULL && *references->table == '\0')
        return link_fault(link, model, attribute->name,
                          "references a table without a name; write .references = { .table = \"...\" } or { .model = ... }");
    return true;
}

bool link_check_attribute(const struct link *link, const struct link_model *model, const kin_attribute *attribute) {
    if (attribute->type == 0)
        return link_fault(link, model, attribute->name, "has no type; declare it with KIN_STRING(\"%s\"), KIN_INTEGER(\"%s\"), ...",
                          attribute->name, attribute->name);
    if (attribute->type < KIN_TYPE_STRING || attribute->type >= KIN_TYPE_ANY)
        return link_fault(link, model, attribute->name, "type %d is none that can be declared; use KIN_STRING, KIN_INTEGER, ...",
                          (int)attribute->type);
    if (attribute->column != NULL && *attribute->column == '\0')
        return link_fault(link, model, attribute->name, "the column's name is empty; leave .column out to name it '%s'",
                          attribute->name);
    if (attribute->unique_group != NULL && *attribute->unique_group == '\0')
        return link_fault(link, model, attribute->name,
                          "the name of the unique group is empty; write e.g. .unique_group = \"pair\"");
    return attribute_check_labels(link, model, attribute) && attribute_check_size(link, model, attribute) &&
           attribute_check_default(link, model, attribute) && attribute_check_increment(link, model, attribute) &&
           attribute_check_validation(link, model, attribute) && attribute_check_actions(link, model, attribute);
}
