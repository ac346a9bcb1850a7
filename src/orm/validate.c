/* Checks rows and values before they are written: NULL where there has to be a value, labels of an ENUM, an attribute's own validators. All that
 * is wrong with a row is told in one message, in the order of its attributes. */
#include <stdio.h>
#include <string.h>

#include "orm/save.h"

struct complaints {
    char text[1500];
    size_t used;
    const struct attribute *first;
    bool first_is_null; /* the first is a missing value */
};

static void validate_complain(struct complaints *complaints, const struct attribute *attribute, const char *what) {
    if (!complaints->first)
        complaints->first = attribute;
    size_t room = sizeof complaints->text - complaints->used;
    int length = snprintf(complaints->text + complaints->used, room, "%s%s.%s %s", complaints->used ? "; " : "", attribute->model->info.name,
                          attribute->info.name, what);
    if (length > 0)
        complaints->used += (size_t)length < room ? (size_t)length : room - 1;
}

static bool validate_told(kin_session *session, const kin_model *model, const struct complaints *complaints) {
    if (!complaints->first)
        return true;
    fault_set(&session->fault, KIN_INVALID, model->info.name, complaints->first->info.name, "%s", complaints->text);
    if (complaints->first_is_null) {
        fault_constraint(&session->fault, KIN_NOT_NULL, NULL, model->info.table);
        fault_column(&session->fault, complaints->first->info.column);
    }
    return false;
}

/* ---- one value ---- */

/* A decimal's text as a double, whatever the locale. Digits beyond the 18th only count for the size. */
static double validate_decimal(const char *text, size_t size) {
    uint64_t digits = 0;
    int taken = 0, scale = 0;
    bool negative = size > 0 && text[0] == '-', fraction = false;
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '.')
            fraction = true;
        if (text[i] < '0' || text[i] > '9')
            continue;
        if (taken < 18) {
            digits = digits * 10 + (uint64_t)(text[i] - '0');
            taken += digits != 0;
            scale -= fraction;
        } else {
            scale += !fraction;
        }
    }
    double value = (double)digits, power = 1;
    for (int i = scale < 0 ? -scale : scale; i > 0; i--)
        power *= 10;
    value = scale < 0 ? value / power : value * power;
    return negative ? -value : value;
}

static bool validate_number(const kin_value *value, double *number) {
    switch (value->type) {
    case KIN_VALUE_INTEGER:
        *number = (double)value->as.integer;
        return true;
    case KIN_VALUE_REAL:
        *number = value->as.real;
        return true;
    case KIN_VALUE_DECIMAL:
        *number = validate_decimal(value->as.text.data, value->as.text.size);
        return true;
    default:
        return false;
    }
}

static void validate_bounds(struct complaints *complaints, const struct attribute *attribute, const kin_value *value) {
    const kin_validation *rules = &attribute->validation;
    double number;
    char what[64];
    if ((!rules->minimum && !rules->maximum) || !validate_number(value, &number))
        return;
    if (rules->minimum && !(number >= *rules->minimum)) {
        snprintf(what, sizeof what, "must be at least %.15g", *rules->minimum);
        validate_complain(complaints, attribute, what);
    }
    if (rules->maximum && !(number <= *rules->maximum)) {
        snprintf(what, sizeof what, "must be at most %.15g", *rules->maximum);
        validate_complain(complaints, attribute, what);
    }
}

static bool validate_is_text(const kin_value *value) {
    return value->type == KIN_VALUE_TEXT || value->type == KIN_VALUE_DECIMAL || value->type == KIN_VALUE_JSON;
}

static void validate_length(struct complaints *complaints, const struct attribute *attribute, const kin_value *value) {
    const kin_validation *rules = &attribute->validation;
    if (!validate_is_text(value) && value->type != KIN_VALUE_BLOB)
        return;
    size_t size = value->type == KIN_VALUE_BLOB ? value->as.blob.size : value->as.text.size;
    char what[80];
    if (rules->not_empty && size == 0)
        validate_complain(complaints, attribute, "cannot be empty");
    if (size < rules->min_length) {
        snprintf(what, sizeof what, "must have at least %zu bytes, not %zu", rules->min_length, size);
        validate_complain(complaints, attribute, what);
    }
    if (rules->max_length && size > rules->max_length) {
        snprintf(what, sizeof what, "must have at most %zu bytes, not %zu", rules->max_length, size);
        validate_complain(complaints, attribute, what);
    }
}

static void validate_among(struct complaints *complaints, const struct attribute *attribute, const kin_value *value, kin_names names) {
    char what[400];
    size_t used = (size_t)snprintf(what, sizeof what, "must be one of: ");
    for (size_t i = 0; i < names.count; i++) {
        if (validate_is_text(value) && strlen(names.at[i]) == value->as.text.size && memcmp(names.at[i], value->as.text.data, value->as.text.size) == 0)
            return;
        if (used < sizeof what)
            used += (size_t)snprintf(what + used, sizeof what - used, "%s%s", i ? ", " : "", names.at[i]);
    }
    validate_complain(complaints, attribute, what);
}

/* A value that is there. */
static void validate_value(struct complaints *complaints, const struct attribute *attribute, const kin_value *value) {
    if (attribute->storage == STORAGE_LABEL)
        validate_among(complaints, attribute, value, attribute->info.labels);
    if (!attribute->has_validation)
        return;
    validate_length(complaints, attribute, value);
    validate_bounds(complaints, attribute, value);
    if (attribute->validation.one_of.count > 0 && validate_is_text(value))
        validate_among(complaints, attribute, value, attribute->validation.one_of);
    if (attribute->validation.function) {
        const char *wrong = attribute->validation.function(attribute->validation.context, *value);
        if (wrong)
            validate_complain(complaints, attribute, wrong);
    }
}

static void validate_missing(struct complaints *complaints, const struct attribute *attribute) {
    complaints->first_is_null |= !complaints->first;
    validate_complain(complaints, attribute, "cannot be NULL");
}

static inline bool validate_needed(const struct attribute *attribute) {
    return attribute->info.not_null || attribute->info.primary_key;
}

/* ---- rows ---- */

/* Whether kin or the database gives a new row this value where the caller gave none. */
static bool validate_made_later(const struct attribute *attribute, bool null) {
    const kin_model *model = attribute->model;
    if (attribute == model->identity)
        return true;
    return !null && (attribute->info.has_default || attribute->info.auto_increment || attribute == model->created_at || attribute == model->updated_at);
}

static void validate_attribute(struct complaints *complaints, const kin_row *row, const struct attribute *attribute, bool selected) {
    bool is_new = !row_has_flag(row, ROW_SAVED);
    bool loaded = selected && row_bit(row, ROW_LOADED, attribute->index), null = loaded && row_bit(row, ROW_NULL, attribute->index);
    if (!loaded || null) {
        if (validate_needed(attribute) && !(is_new && validate_made_later(attribute, null)))
            validate_missing(complaints, attribute);
        return;
    }
    if (attribute->has_validation || attribute->storage == STORAGE_LABEL) {
        kin_value value = row_load(row, attribute);
        validate_value(complaints, attribute, &value);
    }
}

bool validate_selected(kin_row *row, const uint8_t *selected) {
    const kin_model *model = row_model(row);
    struct complaints complaints;
    complaints.used = 0;
    complaints.first = NULL;
    complaints.first_is_null = false;
    bool saved = row_has_flag(row, ROW_SAVED);
    for (size_t i = 0; i < model->attribute_count; i++) {
        const struct attribute *attribute = &model->attributes[i];
        if (validate_any_value(attribute) || (!saved && attribute == model->identity && !attribute->has_validation))
            continue;
        bool chosen = !selected || (selected[i >> 3] >> (i & 7) & 1);
        if (chosen || !saved)
            validate_attribute(&complaints, row, attribute, chosen);
    }
    return validate_told(row_session(row), model, &complaints);
}

bool validate_selection(kin_row *row, kin_names only, uint8_t **out) {
    kin_session *session = row_session(row);
    const kin_model *model = row_model(row);
    bool saved = row_has_flag(row, ROW_SAVED);
    *out = NULL;
    if (!saved && !only.at)
        return true;
    uint8_t *bits = session_scratch(session, model->bits_size);
    if (!bits)
        return false;
    memset(bits, 0, model->bits_size);
    for (size_t i = 0; i < only.count; i++) {
        const struct attribute *attribute = model_attribute_required(model, only.at[i], &session->fault);
        if (!attribute)
            return false;
        bits[attribute->index >> 3] = (uint8_t)(bits[attribute->index >> 3] | 1u << (attribute->index & 7));
    }
    const uint8_t *changed = row_bits(row, ROW_CHANGED);
    for (size_t i = 0; saved && i < model->bits_size; i++)
        bits[i] = only.at ? bits[i] & changed[i] : changed[i];
    *out = bits;
    return true;
}

bool validate_row(kin_row *row, kin_names only) {
    uint8_t *selected;
    return validate_selection(row, only, &selected) && validate_selected(row, selected);
}

bool validate_values(kin_session *session, const kin_model *model, const struct row_values *values) {
    struct complaints complaints = { .used = 0 };
    for (size_t i = 0; i < values->count; i++) {
        if (values->values[i].type == KIN_VALUE_UNSET)
            continue;
        if (values->values[i].type != KIN_VALUE_NULL)
            validate_value(&complaints, values->attributes[i], &values->values[i]);
        else if (validate_needed(values->attributes[i]))
            validate_missing(&complaints, values->attributes[i]);
    }
    return validate_told(session, model, &complaints);
}
