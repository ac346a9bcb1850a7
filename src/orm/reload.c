/* Verbs after which a row in memory has what the database made of it: kin_reload, kin_increment. The values are read into a fresh row first, so
 * that a failure leaves the caller's row as it was. */
#include "orm/save.h"

#include <string.h>

#include "orm/find.h"

/* Takes over an attribute: both rows are of one region, so what it points at lives as long. */
static void reload_take(kin_row *row, const kin_row *fresh, const struct attribute *attribute) {
    size_t index = attribute->index;
    memcpy((char *)row + attribute->info.offset, (const char *)fresh + attribute->info.offset, attribute->info.size);
    row_set_bit(row, ROW_LOADED, index, true);
    row_set_bit(row, ROW_NULL, index, row_bit(fresh, ROW_NULL, index));
    row_set_bit(row, ROW_CHANGED, index, false);
}

static kin_row *reload_read(kin_row *row, const kin_value *key, kin_names attributes) {
    kin_session *session = row_session(row);
    const kin_find options = { .size = sizeof options, .model = row_model(row), .attributes = attributes, .with_deleted = true };
    kin_row *fresh;
    if (!find_by_key(session, row_model(row), key, &options, row_header(row)->region, &fresh))
        return NULL;
    if (!fresh)
        save_fault_gone(session, row_model(row), key);
    return fresh;
}

static bool reload_row(kin_row *row) {
    const kin_model *model = row_model(row);
    kin_value key;
    if (!save_known_key(row, "kin_reload", &key))
        return false;
    const kin_row *fresh = reload_read(row, &key, (kin_names){ NULL, 0 });
    if (!fresh || !row_remember(row, ROW_WRITE_UNKNOWN))
        return false;
    for (size_t i = 0; i < model->attribute_count; i++)
        reload_take(row, fresh, &model->attributes[i]);
    struct row_header *header = row_header(row);
    header->flags = ROW_SAVED;
    if (header->extra)
        header->extra->original_key = NULL;
    return true;
}

bool kin_reload(kin_row *row) {
    kin_session *session = save_enter(row, "kin_reload");
    if (!session)
        return false;
    bool good = reload_row(row);
    session_leave(session);
    return good;
}

/* ---- kin_increment ---- */

static const struct attribute *increment_attribute(kin_row *row, const char *name) {
    kin_session *session = row_session(row);
    const kin_model *model = row_model(row);
    const struct attribute *attribute = model_attribute_required(model, name, &session->fault);
    if (!attribute)
        return NULL;
    kin_type type = attribute->info.type;
    if (type != KIN_TYPE_INTEGER && type != KIN_TYPE_BIGINT && type != KIN_TYPE_REAL && type != KIN_TYPE_DECIMAL) {
        fault_set(&session->fault, KIN_MISUSE, model->info.name, name, "kin_increment: %s.%s is %s, not a number", model->info.name, name, type_name(type));
        return NULL;
    }
    if (row_has_flag(row, ROW_SAVED) && row_bit(row, ROW_CHANGED, attribute->index)) {
        fault_set(&session->fault, KIN_MISUSE, model->info.name, name,
                  "kin_increment: %s.%s was changed and not saved, which adding in the database would lose; kin_save or kin_reload it first",
                  model->info.name, name);
        return NULL;
    }
    return attribute;
}

static bool increment_send(kin_row *row, const struct attribute *attribute, const kin_value *by, const kin_value *key) {
    kin_session *session = row_session(row);
    const kin_model *model = row_model(row);
    const struct sql_set sets[2] = { { .attribute = attribute, .value = *by, .add = true }, { .attribute = model->updated_at, .value = save_now() } };
    const char *names[2] = { attribute->info.name, model->updated_at ? model->updated_at->info.name : NULL };
    size_t count = model->updated_at && model->updated_at != attribute ? 2 : 1;
    if (!save_execute_update(session, model, sets, count, key))
        return false;
    /* Remembered once it is known to work: a failure leaves the row as it was, and no less known. The call has a level of its own. */
    const kin_row *fresh = reload_read(row, key, (kin_names){ names, count });
    if (!fresh || !row_remember(row, ROW_WRITE_UNKNOWN))
        return false;
    reload_take(row, fresh, attribute);
    if (count == 2)
        reload_take(row, fresh, model->updated_at);
    return true;
}

static bool increment_row(kin_row *row, const char *name, const kin_value *by) {
    kin_session *session = row_session(row);
    const struct attribute *attribute = increment_attribute(row, name);
    kin_value key, converted;
    if (!attribute)
        return false;
    if (attribute->info.primary_key)
        return fault_set(&session->fault, KIN_MISUSE, row_model(row)->info.name, name, "kin_increment: %s.%s is the primary key; kin_put another one and kin_save",
                         row_model(row)->info.name, name);
    if (by->type == KIN_VALUE_NULL || by->type == KIN_VALUE_UNSET)
        return fault_set(&session->fault, KIN_MISUSE, row_model(row)->info.name, name, "kin_increment: %s.%s is to grow by %s; write kin(1)",
                         row_model(row)->info.name, name, by->type == KIN_VALUE_NULL ? "NULL" : "nothing");
    if (!value_convert(attribute, by, &converted, &session->scratch, &session->fault) || !save_known_key(row, "kin_increment", &key))
        return false;
    if (!session_begin_level(session, true))
        return false;
    return session_end_level(session, increment_send(row, attribute, &converted, &key));
}

bool kin_increment(kin_row *row, const char *attribute, kin_value by) {
    kin_session *session = save_enter(row, "kin_increment");
    if (!session)
        return false;
    bool good = increment_row(row, attribute, &by);
    session_leave(session);
    return good;
}
