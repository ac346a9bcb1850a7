/* Reading rows by name: kin_int and its kin, keys, what an include loaded. Reading works whatever the session's error; a wrong name or type
 * becomes the session's error when it has none. */
#include <string.h>

#include "orm/row.h"
#include "schema/number.h"

/* The attribute, if it is there and loaded; else NULL and a fault. */
static const struct attribute *read_attribute(const kin_row *row, const char *name) {
    const kin_model *model = row_model(row);
    const struct attribute *attribute = name ? model_attribute(model, name) : NULL;
    struct fault *fault = &row_session(row)->fault;
    if (!attribute) {
        model_attribute_required(model, name, fault);
        return NULL;
    }
    if (!row_bit(row, ROW_LOADED, attribute->index)) {
        if (row_has_flag(row, ROW_SAVED))
            fault_set(fault, KIN_MISUSE, model->info.name, name, "%s.%s was not loaded: name it in .attributes, or kin_reload the row",
                      model->info.name, name);
        return NULL;
    }
    return attribute;
}

enum {
    READ_INTEGERS = 1u << KIN_TYPE_INTEGER | 1u << KIN_TYPE_BIGINT,
    READ_BOOLEANS = 1u << KIN_TYPE_BOOLEAN,
    READ_TEXTS = 1u << KIN_TYPE_STRING | 1u << KIN_TYPE_TEXT | 1u << KIN_TYPE_CHAR | 1u << KIN_TYPE_DECIMAL | 1u << KIN_TYPE_JSON
};

/* The member itself, when everything is as it is nearly always: there, of one of the types (bits), loaded, not NULL. Else NULL, and the slow
 * way finds out what is wrong. */
static inline const void *read_member(const kin_row *row, const char *name, unsigned types) {
    if (!row || !name)
        return NULL;
    const struct attribute *attribute = model_attribute(row_model(row), name);
    if (!attribute || !(types >> attribute->info.type & 1) || !row_bit(row, ROW_LOADED, attribute->index) || row_bit(row, ROW_NULL, attribute->index))
        return NULL;
    return (const char *)row + attribute->info.offset;
}

/* The value of an attribute; NULL value for a NULL row, what is not there, and SQL NULL. */
static kin_value read_value(const kin_row *row, const char *name, const struct attribute **attribute) {
    *attribute = row ? read_attribute(row, name) : NULL;
    return *attribute ? row_load(row, *attribute) : (kin_value){ .type = KIN_VALUE_NULL };
}

static void read_refuse(const kin_row *row, const struct attribute *attribute, const char *asked, const char *instead) {
    fault_set(&row_session(row)->fault, KIN_MISUSE, row_model(row)->info.name, attribute->info.name, "%s.%s is %s %s: %s does not read it; use %s",
              row_model(row)->info.name, attribute->info.name, strchr("AEIOU", type_name(attribute->info.type)[0]) ? "an" : "a",
              type_name(attribute->info.type), asked, instead);
}

static const char *read_reader_of(const struct attribute *attribute, const kin_value *value) {
    switch (attribute->storage) {
    case STORAGE_TEXT:
    case STORAGE_LABEL:
        return "kin_text";
    case STORAGE_REAL:
        return "kin_real";
    case STORAGE_BOOLEAN:
        return "kin_bool";
    case STORAGE_DAYS:
        return "kin_date_of";
    case STORAGE_UUID:
        return "kin_uuid_of";
    case STORAGE_BYTES:
        return "kin_bytes_of";
    case STORAGE_INTEGER:
        return attribute->info.type == KIN_TYPE_DATE || attribute->info.type == KIN_TYPE_TIME ? "kin_date_of" : "kin_int";
    case STORAGE_VALUE:
        return value->type == KIN_VALUE_TEXT ? "kin_text" : value->type == KIN_VALUE_REAL ? "kin_real" : value->type == KIN_VALUE_BLOB ? "kin_bytes_of" : "kin_int";
    }
    return "kin_value_of";
}

static int64_t read_int(const kin_row *row, const char *attribute_name) {
    const struct attribute *attribute;
    kin_value value = read_value(row, attribute_name, &attribute);
    if (value.type == KIN_VALUE_INTEGER)
        return value.as.integer;
    if (value.type == KIN_VALUE_BOOLEAN)
        return value.as.boolean;
    if (value.type == KIN_VALUE_REAL && value.as.real >= -9223372036854775808.0 && value.as.real < 9223372036854775808.0 &&
        (double)(int64_t)value.as.real == value.as.real)
        return (int64_t)value.as.real;
    if (attribute && attribute->storage == STORAGE_LABEL && value.type == KIN_VALUE_TEXT) {
        int32_t label;
        memcpy(&label, (const char *)row + attribute->info.offset, sizeof label);
        return label;
    }
    if (attribute && value.type != KIN_VALUE_NULL)
        read_refuse(row, attribute, "kin_int", read_reader_of(attribute, &value));
    return 0;
}

int64_t kin_int(const kin_row *row, const char *attribute_name) {
    const void *member = read_member(row, attribute_name, READ_INTEGERS);
    int64_t value;
    if (!member)
        return read_int(row, attribute_name);
    memcpy(&value, member, sizeof value);
    return value;
}

double kin_real(const kin_row *row, const char *attribute_name) {
    const struct attribute *attribute;
    kin_value value = read_value(row, attribute_name, &attribute);
    if (value.type == KIN_VALUE_REAL)
        return value.as.real;
    if (value.type == KIN_VALUE_INTEGER)
        return (double)value.as.integer;
    double real;
    if ((value.type == KIN_VALUE_DECIMAL || (value.type == KIN_VALUE_TEXT && attribute->storage == STORAGE_VALUE &&
                                             value_is_decimal(value.as.text.data, value.as.text.size))) &&
        number_parse_real(value.as.text.data, value.as.text.size, &real) == NUMBER_READ)
        return real;
    if (attribute && value.type != KIN_VALUE_NULL)
        read_refuse(row, attribute, "kin_real", read_reader_of(attribute, &value));
    return 0;
}

bool kin_bool(const kin_row *row, const char *attribute_name) {
    const bool *member = read_member(row, attribute_name, READ_BOOLEANS);
    if (member)
        return *member;
    const struct attribute *attribute;
    kin_value value = read_value(row, attribute_name, &attribute);
    if (value.type == KIN_VALUE_BOOLEAN)
        return value.as.boolean;
    if (value.type == KIN_VALUE_INTEGER)
        return value.as.integer != 0;
    if (attribute && value.type != KIN_VALUE_NULL)
        read_refuse(row, attribute, "kin_bool", read_reader_of(attribute, &value));
    return false;
}

const char *kin_text(const kin_row *row, const char *attribute_name) {
    const char *const *member = read_member(row, attribute_name, READ_TEXTS);
    if (member)
        return *member;
    const struct attribute *attribute;
    kin_value value = read_value(row, attribute_name, &attribute);
    if (value.type == KIN_VALUE_TEXT || value.type == KIN_VALUE_DECIMAL || value.type == KIN_VALUE_JSON)
        return value.as.text.data;
    if (attribute && value.type != KIN_VALUE_NULL)
        read_refuse(row, attribute, "kin_text", read_reader_of(attribute, &value));
    return NULL;
}

size_t kin_length_of(const kin_row *row, const char *attribute_name) {
    const struct attribute *attribute;
    kin_value value = read_value(row, attribute_name, &attribute);
    if (value.type == KIN_VALUE_TEXT || value.type == KIN_VALUE_DECIMAL || value.type == KIN_VALUE_JSON)
        return value.as.text.size;
    if (value.type == KIN_VALUE_BLOB)
        return value.as.blob.size;
    if (attribute && value.type != KIN_VALUE_NULL)
        read_refuse(row, attribute, "kin_length_of", read_reader_of(attribute, &value));
    return 0;
}

kin_bytes kin_bytes_of(const kin_row *row, const char *attribute_name) {
    const struct attribute *attribute;
    kin_value value = read_value(row, attribute_name, &attribute);
    if (value.type == KIN_VALUE_BLOB)
        return value.as.blob;
    if (attribute && value.type != KIN_VALUE_NULL)
        read_refuse(row, attribute, "kin_bytes_of", read_reader_of(attribute, &value));
    return (kin_bytes){ NULL, 0 };
}

int64_t kin_date_of(const kin_row *row, const char *attribute_name) {
    const struct attribute *attribute;
    kin_value value = read_value(row, attribute_name, &attribute);
    if (value.type == KIN_VALUE_DATE || value.type == KIN_VALUE_DATEONLY || value.type == KIN_VALUE_TIME)
        return value.as.integer;
    if (attribute && value.type != KIN_VALUE_NULL)
        read_refuse(row, attribute, "kin_date_of", read_reader_of(attribute, &value));
    return 0;
}

kin_uuid kin_uuid_of(const kin_row *row, const char *attribute_name) {
    const struct attribute *attribute;
    kin_value value = read_value(row, attribute_name, &attribute);
    kin_uuid uuid = { { 0 } };
    if (value.type == KIN_VALUE_UUID)
        return value.as.uuid;
    if (value.type == KIN_VALUE_TEXT && attribute->storage == STORAGE_VALUE && value_parse_uuid(value.as.text.data, value.as.text.size, &uuid))
        return uuid;
    if (attribute && value.type != KIN_VALUE_NULL)
        read_refuse(row, attribute, "kin_uuid_of", read_reader_of(attribute, &value));
    return uuid;
}

kin_value kin_value_of(const kin_row *row, const char *attribute_name) {
    const struct attribute *attribute;
    return read_value(row, attribute_name, &attribute);
}

bool kin_is_null(const kin_row *row, const char *attribute_name) {
    const struct attribute *attribute;
    return read_value(row, attribute_name, &attribute).type == KIN_VALUE_NULL;
}

bool kin_is_loaded(const kin_row *row, const char *name) {
    const struct attribute *attribute = row && name ? model_attribute(row_model(row), name) : NULL;
    if (row && !attribute)
        model_attribute_required(row_model(row), name, &row_session(row)->fault);
    return attribute && row_bit(row, ROW_LOADED, attribute->index);
}

/* ---- about the row ---- */

kin_value kin_key_of(const kin_row *row) {
    kin_value key = { .type = KIN_VALUE_UNSET };
    if (row)
        row_key(row, &row_model(row)->primary_key, &row_header(row)->region->arena, &key);
    return key;
}

const kin_model *kin_model_of(const kin_row *row) {
    return row && row_model(row)->schema ? row_model(row) : NULL;
}

kin_session *kin_session_of(const kin_row *row) {
    return row ? row_session(row) : NULL;
}

bool kin_is_saved(const kin_row *row) {
    return row && row_has_flag(row, ROW_SAVED) && !row_has_flag(row, ROW_DELETED);
}

bool kin_equals(const kin_row *one, const kin_row *other) {
    if (!one || !other || row_model(one) != row_model(other))
        return false;
    const struct key *key = &row_model(one)->primary_key;
    for (size_t i = 0; i < key->count; i++) {
        kin_value a = row_load(one, key->at[i]), b = row_load(other, key->at[i]);
        if (a.type == KIN_VALUE_UNSET || a.type == KIN_VALUE_NULL || !value_equal(&a, &b))
            return false;
    }
    return key->count > 0;
}

bool kin_changed(const kin_row *row, const char *name) {
    if (!row)
        return false;
    if (!name)
        return row_any_changed(row);
    const struct attribute *attribute = model_attribute(row_model(row), name);
    if (!attribute)
        return model_attribute_required(row_model(row), name, &row_session(row)->fault) != NULL;
    return row_bit(row, ROW_CHANGED, attribute->index);
}

/* ---- what an include loaded ---- */

static bool read_association(const kin_row *row, const kin_association *association, bool many, const char *verb) {
    struct fault *fault = &row_session(row)->fault;
    const kin_model *model = row_model(row);
    if (!association)
        return fault_set(fault, KIN_MISUSE, model->info.name, NULL, "%s: the association is NULL", verb);
    if (association->source != model)
        return fault_set(fault, KIN_MISUSE, model->info.name, association->info.name, "%s: %s is an association of %s, and the row is a %s", verb,
                         association->info.name, association->source->info.name, model->info.name);
    if (association->many != many)
        return fault_set(fault, KIN_MISUSE, model->info.name, association->info.name, "%s: %s.%s is %s; use %s", verb, model->info.name,
                         association->info.name, kind_name(association->info.kind), many ? "kin_related_one" : "kin_related");
    if (!row_bit(row, ROW_RELATED, association->index))
        return fault_set(fault, KIN_MISUSE, model->info.name, association->info.name,
                         "%s: %s.%s was not loaded; name it in .include, or ask for it with %s", verb, model->info.name, association->info.name,
                         many ? "kin_get" : "kin_get_one");
    return true;
}

kin_rows kin_related(const kin_row *row, const kin_association *association) {
    if (!row || !read_association(row, association, true, "kin_related"))
        return (kin_rows){ NULL, 0 };
    return *row_slot_many(row, association);
}

kin_row *kin_related_one(const kin_row *row, const kin_association *association) {
    if (!row || !read_association(row, association, false, "kin_related_one"))
        return NULL;
    return *row_slot_one(row, association);
}

bool kin_is_related_loaded(const kin_row *row, const kin_association *association) {
    return row && association && association->source == row_model(row) && row_bit(row, ROW_RELATED, association->index);
}

kin_row *kin_through(const kin_row *row, const kin_model *through) {
    if (!row)
        return NULL;
    const kin_model *model = row_model(row);
    for (size_t i = 0; through && i < model->through_count; i++)
        if (model->throughs[i].through == through) {
            kin_row *join;
            memcpy(&join, (const char *)row + model->throughs[i].offset, sizeof join);
            return join;
        }
    fault_set(&row_session(row)->fault, KIN_MISUSE, model->info.name, through ? through->info.name : NULL,
              "kin_through: %s is reached by no association through %s", model->info.name, through ? through->info.name : "(NULL)");
    return NULL;
}

/* ---- changing ---- */

bool kin_put(kin_row *row, const char *name, kin_value value) {
    if (!row)
        return false;
    kin_session *session = row_session(row);
    if (!session_enter(session))
        return false;
    bool good = false;
    const struct attribute *attribute = model_attribute_required(row_model(row), name, &session->fault);
    kin_value converted;
    if (attribute && !row_model(row)->schema)
        fault_set(&session->fault, KIN_MISUSE, NULL, name, "kin_put: a row of kin_query or kin_aggregate cannot be changed");
    else if (attribute && value.type != KIN_VALUE_UNSET)
        good = value_convert(attribute, &value, &converted, &session->scratch, &session->fault) && row_change(row, attribute, &converted);
    else if (attribute)
        good = true;
    session_leave(session);
    return good;
}
