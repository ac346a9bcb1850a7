/* Rows in memory: making, reading and changing attributes, keys, slots. A row's texts and blobs always lie in the row's own region, so a
 * row never dangles before its region is freed. */
#include "orm/row.h"

#include <string.h>

kin_row *row_new(struct region *region, const kin_model *model) {
    size_t prefix = row_prefix(model), size = prefix + model->info.row_size;
    char *block = arena_allocate(&region->arena, size);
    if (!block) {
        fault_no_memory(&region->session->fault);
        return NULL;
    }
    memset(block, 0, size);
    struct row_header *header = (struct row_header *)(void *)(block + prefix) - 1;
    header->model = model;
    header->region = region;
    header->prefix = (uint32_t)prefix;
    return (kin_row *)(void *)(block + prefix);
}

kin_row *row_with_key(struct region *region, const kin_model *model, const kin_value *key) {
    kin_row *row = row_new(region, model);
    if (!row)
        return NULL;
    for (size_t i = 0; i < model->primary_key.count; i++)
        if (!row_store(row, model->primary_key.at[i], model->primary_key.count == 1 ? key : &key->as.parts[i]))
            return NULL;
    row_header(row)->flags |= ROW_SAVED;
    return row;
}

/* ---- attributes ---- */

static int32_t row_label_of(const struct attribute *attribute, const kin_value *value) {
    const kin_names *labels = &attribute->info.labels;
    for (size_t i = 0; i < labels->count; i++)
        if (strlen(labels->at[i]) == value->as.text.size && memcmp(labels->at[i], value->as.text.data, value->as.text.size) == 0)
            return (int32_t)(i + 1);
    return 0;
}

static bool row_store_bytes(kin_row *row, void *member, const kin_value *value) {
    kin_bytes bytes = { "", value->as.blob.size };
    if (bytes.size > 0 && !(bytes.data = arena_copy(&row_header(row)->region->arena, value->as.blob.data, bytes.size)))
        return false;
    memcpy(member, &bytes, sizeof bytes);
    return true;
}

static bool row_store_member(kin_row *row, const struct attribute *attribute, const kin_value *value) {
    void *member = (char *)row + attribute->info.offset;
    switch (attribute->storage) {
    case STORAGE_TEXT: {
        char *text = value_store_text(&row_header(row)->region->arena, value->as.text.data, value->as.text.size);
        memcpy(member, &text, sizeof text);
        return text != NULL;
    }
    case STORAGE_INTEGER:
        memcpy(member, &value->as.integer, sizeof(int64_t));
        return true;
    case STORAGE_REAL:
        memcpy(member, &value->as.real, sizeof(double));
        return true;
    case STORAGE_BOOLEAN:
        memcpy(member, &value->as.boolean, sizeof(bool));
        return true;
    case STORAGE_DAYS: {
        int32_t days = (int32_t)value->as.integer;
        memcpy(member, &days, sizeof days);
        return true;
    }
    case STORAGE_LABEL: {
        int32_t label = row_label_of(attribute, value);
        memcpy(member, &label, sizeof label);
        return true;
    }
    case STORAGE_UUID:
        memcpy(member, &value->as.uuid, sizeof(kin_uuid));
        return true;
    case STORAGE_BYTES:
        return row_store_bytes(row, member, value);
    case STORAGE_VALUE: {
        kin_value copy;
        if (!value_copy(&row_header(row)->region->arena, value, &copy))
            return false;
        memcpy(member, &copy, sizeof copy);
        return true;
    }
    }
    return false;
}

bool row_store(kin_row *row, const struct attribute *attribute, const kin_value *value) {
    bool null = value->type == KIN_VALUE_NULL || value->type == KIN_VALUE_UNSET;
    if (null)
        memset((char *)row + attribute->info.offset, 0, attribute->info.size);
    else if (!row_store_member(row, attribute, value))
        return fault_no_memory(&row_session(row)->fault);
    const size_t at = attribute->index >> 3;
    const uint8_t bit = (uint8_t)(1u << (attribute->index & 7));
    uint8_t *loaded = row_bits(row, ROW_LOADED), *nulls = loaded + row_model(row)->bits_size;
    loaded[at] |= bit;
    nulls[at] = (uint8_t)(null ? nulls[at] | bit : nulls[at] & ~bit);
    return true;
}

static kin_value row_load_text(const struct attribute *attribute, const void *member) {
    kin_value value = { .type = KIN_VALUE_TEXT };
    if (attribute->info.type == KIN_TYPE_DECIMAL)
        value.type = KIN_VALUE_DECIMAL;
    else if (attribute->info.type == KIN_TYPE_JSON)
        value.type = KIN_VALUE_JSON;
    memcpy(&value.as.text.data, member, sizeof(char *));
    value.as.text.size = value_stored_length(value.as.text.data);
    return value;
}

static kin_value row_load_integer(const struct attribute *attribute, const void *member) {
    kin_value value = { .type = KIN_VALUE_INTEGER };
    if (attribute->info.type == KIN_TYPE_DATE)
        value.type = KIN_VALUE_DATE;
    else if (attribute->info.type == KIN_TYPE_TIME)
        value.type = KIN_VALUE_TIME;
    memcpy(&value.as.integer, member, sizeof(int64_t));
    return value;
}

static kin_value row_load_label(const struct attribute *attribute, const void *member) {
    int32_t label;
    memcpy(&label, member, sizeof label);
    if (label < 1 || (size_t)label > attribute->info.labels.count)
        return (kin_value){ .type = KIN_VALUE_NULL };
    return kin_value_string(attribute->info.labels.at[label - 1]);
}

kin_value row_load(const kin_row *row, const struct attribute *attribute) {
    if (!row_bit(row, ROW_LOADED, attribute->index))
        return (kin_value){ .type = KIN_VALUE_UNSET };
    if (row_bit(row, ROW_NULL, attribute->index))
        return (kin_value){ .type = KIN_VALUE_NULL };
    const void *member = (const char *)row + attribute->info.offset;
    kin_value value = { .type = KIN_VALUE_NULL };
    switch (attribute->storage) {
    case STORAGE_TEXT:
        return row_load_text(attribute, member);
    case STORAGE_INTEGER:
        return row_load_integer(attribute, member);
    case STORAGE_REAL:
        value.type = KIN_VALUE_REAL;
        memcpy(&value.as.real, member, sizeof(double));
        break;
    case STORAGE_BOOLEAN:
        value.type = KIN_VALUE_BOOLEAN;
        memcpy(&value.as.boolean, member, sizeof(bool));
        break;
    case STORAGE_DAYS: {
        int32_t days;
        memcpy(&days, member, sizeof days);
        return kin_value_dateonly(days);
    }
    case STORAGE_LABEL:
        return row_load_label(attribute, member);
    case STORAGE_UUID:
        value.type = KIN_VALUE_UUID;
        memcpy(&value.as.uuid, member, sizeof(kin_uuid));
        break;
    case STORAGE_BYTES:
        value.type = KIN_VALUE_BLOB;
        memcpy(&value.as.blob, member, sizeof(kin_bytes));
        break;
    case STORAGE_VALUE:
        memcpy(&value, member, sizeof value);
        break;
    }
    return value;
}

/* ---- keys ---- */

bool row_key(const kin_row *row, const struct key *key, struct arena *arena, kin_value *out) {
    *out = (kin_value){ .type = KIN_VALUE_UNSET };
    if (key->count == 0)
        return false;
    if (key->count == 1) {
        kin_value value = row_load(row, key->at[0]);
        if (value.type == KIN_VALUE_UNSET || value.type == KIN_VALUE_NULL)
            return false;
        *out = value;
        return true;
    }
    kin_value *parts = arena_allocate(arena, key->count * sizeof *parts);
    if (!parts)
        return fault_no_memory(&row_session(row)->fault);
    for (size_t i = 0; i < key->count; i++) {
        parts[i] = row_load(row, key->at[i]);
        if (parts[i].type == KIN_VALUE_UNSET || parts[i].type == KIN_VALUE_NULL)
            return false;
    }
    *out = kin_value_key(key->count, parts);
    return true;
}

bool row_saved_key(const kin_row *row, struct arena *arena, kin_value *out) {
    const kin_model *model = row_model(row);
    const struct row_extra *extra = row_header(row)->extra;
    if (!extra || !extra->original_key)
        return row_key(row, &model->primary_key, arena, out);
    *out = model->primary_key.count == 1 ? extra->original_key[0] : kin_value_key(model->primary_key.count, extra->original_key);
    return true;
}

static struct row_extra *row_extra_of(kin_row *row) {
    struct row_header *header = row_header(row);
    if (!header->extra && !(header->extra = arena_allocate_cleared(&header->region->arena, sizeof *header->extra)))
        fault_no_memory(&row_session(row)->fault);
    return header->extra;
}

/* Before the primary key of a saved row changes in memory: the database still has the old one. */
static bool row_keep_original_key(kin_row *row) {
    const kin_model *model = row_model(row);
    struct row_extra *extra = row_extra_of(row);
    if (!extra || extra->original_key)
        return extra != NULL;
    struct arena *arena = &row_header(row)->region->arena;
    kin_value *parts = arena_allocate(arena, model->primary_key.count * sizeof *parts);
    bool copied = parts != NULL;
    for (size_t i = 0; copied && i < model->primary_key.count; i++) {
        kin_value value = row_load(row, model->primary_key.at[i]);
        copied = value_copy(arena, &value, &parts[i]);
    }
    if (!copied)
        return fault_no_memory(&row_session(row)->fault);
    extra->original_key = parts;
    return true;
}

bool row_change(kin_row *row, const struct attribute *attribute, const kin_value *value) {
    kin_value old = row_load(row, attribute);
    if (old.type != KIN_VALUE_UNSET && value_equal(&old, value))
        return true;
    /* Of a destroyed row too: a rollback may bring it back. */
    bool known = row_has_flag(row, ROW_SAVED) || row_has_flag(row, ROW_DELETED);
    if (attribute->info.primary_key && known && old.type != KIN_VALUE_UNSET && !row_keep_original_key(row))
        return false;
    if (!row_store(row, attribute, value))
        return false;
    row_set_bit(row, ROW_CHANGED, attribute->index, true);
    return true;
}

bool row_convert_key(kin_session *session, const struct key *key, const kin_value *in, struct arena *arena, kin_value *out, const char *what) {
    struct fault *fault = &session->fault;
    const kin_model *model = key->at[0]->model;
    size_t parts = in->type != KIN_VALUE_KEY ? 1 : in->as.parts ? in->count : 0;
    if (parts != key->count)
        return fault_set(fault, KIN_MISUSE, model->info.name, key->at[0]->info.name,
                         "%s: the key of %s has %zu part%s, not %zu; write %s", what, model->info.name, key->count, key->count == 1 ? "" : "s", parts,
                         key->count == 1 ? "kin(value)" : "kin_key(kin(first), kin(second))");
    kin_value *converted = arena_allocate(arena, key->count * sizeof *converted);
    if (!converted)
        return fault_no_memory(fault);
    for (size_t i = 0; i < key->count; i++) {
        const kin_value *part = in->type == KIN_VALUE_KEY ? &in->as.parts[i] : in;
        if (part->type == KIN_VALUE_NULL || part->type == KIN_VALUE_UNSET)
            return fault_set(fault, KIN_MISUSE, model->info.name, key->at[i]->info.name, "%s: the key %s.%s is %s; a key has a value", what,
                             model->info.name, key->at[i]->info.name, part->type == KIN_VALUE_NULL ? "NULL" : "not set");
        if (!value_convert(key->at[i], part, &converted[i], arena, fault))
            return false;
    }
    *out = key->count == 1 ? converted[0] : kin_value_key(key->count, converted);
    return true;
}

/* ---- slots ---- */

void row_attach_one(kin_row *row, const kin_association *association, kin_row *target) {
    *row_slot_one(row, association) = target;
    row_set_bit(row, ROW_RELATED, association->index, true);
}

void row_attach_many(kin_row *row, const kin_association *association, kin_rows targets) {
    *row_slot_many(row, association) = targets;
    row_set_bit(row, ROW_RELATED, association->index, true);
}

void row_attach_through(kin_row *target, const kin_association *association, kin_row *join) {
    memcpy((char *)target + association->through_slot, &join, sizeof join);
}

/* ---- a caller's values ---- */

static bool row_name_is_in(kin_names names, const char *name) {
    for (size_t i = 0; i < names.count; i++)
        if (names.at[i] && strcmp(names.at[i], name) == 0)
            return true;
    return false;
}

static size_t row_given_count(kin_values given) {
    size_t count = 0;
    if (given.count != KIN_TO_LAST)
        return given.count;
    while (given.at[count].value.type != KIN_VALUE_LAST)
        count++;
    return count;
}

static bool row_add_value(kin_session *session, const kin_model *model, const kin_assignment *given, struct arena *arena, struct row_values *out) {
    const struct attribute *attribute = model_attribute_required(model, given->name, &session->fault);
    if (!attribute)
        return false;
    size_t place = 0;
    while (place < out->count && out->attributes[place] != attribute)
        place++;
    if (!value_convert(attribute, &given->value, &out->values[place], arena, &session->fault))
        return false;
    out->attributes[place] = attribute;
    if (place == out->count)
        out->count++;
    return true;
}

bool row_values(kin_session *session, const kin_model *model, kin_values given, kin_names only, struct arena *arena, struct row_values *out) {
    *out = (struct row_values){ 0 };
    size_t count = given.at ? row_given_count(given) : 0;
    for (size_t i = 0; i < only.count; i++)
        if (!model_attribute_required(model, only.at[i], &session->fault))
            return false;
    if (count == 0)
        return true;
    out->attributes = arena_allocate(arena, count * sizeof *out->attributes);
    out->values = arena_allocate(arena, count * sizeof *out->values);
    if (!out->attributes || !out->values)
        return fault_no_memory(&session->fault);
    for (size_t i = 0; i < count; i++) {
        if (given.at[i].name && only.at && !row_name_is_in(only, given.at[i].name)) {
            if (!model_attribute_required(model, given.at[i].name, &session->fault))
                return false;
            continue;
        }
        if (given.at[i].value.type == KIN_VALUE_UNSET && given.at[i].name && model_attribute(model, given.at[i].name))
            continue;
        if (!row_add_value(session, model, &given.at[i], arena, out))
            return false;
    }
    return true;
}

/* ---- rollback ---- */

struct row_memory {
    uint32_t flags;
    enum row_write write;
    struct row_extra extra;
    kin_value updated_at; /* which an update makes itself */
    uint8_t changed[];    /* model->bits_size bytes */
};

void row_forget_create(void *subject, void *given) {
    kin_row *row = subject;
    const kin_model *model = row_model(row);
    row_header(row)->flags = 0;
    memcpy(row_bits(row, ROW_CHANGED), row_bits(row, ROW_LOADED), model->bits_size);
    if (model->identity && !given) {
        row_set_bit(row, ROW_LOADED, model->identity->index, false);
        row_set_bit(row, ROW_CHANGED, model->identity->index, false);
    }
}

/* Gives updatedAt its old value again, unless the caller has another one pending. A time: storing it needs no memory. */
static void row_forget_update_time(kin_row *row, const kin_value *old) {
    const struct attribute *updated_at = row_model(row)->updated_at;
    if (!updated_at || row_bit(row, ROW_CHANGED, updated_at->index))
        return;
    if (old->type == KIN_VALUE_UNSET)
        row_set_bit(row, ROW_LOADED, updated_at->index, false);
    else
        row_store(row, updated_at, old);
}

/* An updated row has pending what it had before the write and what was changed since: all that may differ from the database. Where the
 * database gave the values, they are not known any more. */
static void row_forget_write(void *subject, void *data) {
    kin_row *row = subject;
    const struct row_memory *memory = data;
    struct row_header *header = row_header(row);
    const kin_model *model = header->model;
    header->flags = memory->flags | (header->flags & ROW_STALE); /* a later write may have left it so */
    uint8_t *changed = row_bits(row, ROW_CHANGED);
    for (size_t i = 0; i < model->bits_size; i++)
        changed[i] |= memory->changed[i];
    if (header->extra && memory->extra.original_key) /* else the write has not changed the key: one that is kept is right */
        header->extra->original_key = memory->extra.original_key;
    if (memory->write == ROW_WRITE_UNKNOWN)
        header->flags |= ROW_STALE;
    else
        row_forget_update_time(row, &memory->updated_at);
}

static bool row_remember_create(kin_row *row) {
    kin_session *session = row_session(row);
    const struct attribute *identity = row_model(row)->identity;
    bool given = identity && row_bit(row, ROW_LOADED, identity->index) && !row_bit(row, ROW_NULL, identity->index);
    if (!session_journal_reserve(session, 1))
        return false;
    session_journal(session, row_header(row)->region, row_forget_create, row, given ? row : NULL);
    return true;
}

bool row_remember(kin_row *row, enum row_write write) {
    kin_session *session = row_session(row);
    if (!session_in_transaction(session))
        return true;
    if (write == ROW_WRITE_CREATE)
        return row_remember_create(row);
    struct row_header *header = row_header(row);
    const kin_model *model = header->model;
    struct row_memory *memory = arena_allocate(&header->region->arena, sizeof *memory + model->bits_size);
    if (!memory)
        return fault_no_memory(&session->fault);
    memory->flags = header->flags;
    memory->write = write;
    memory->extra = header->extra ? *header->extra : (struct row_extra){ 0 };
    memory->updated_at = model->updated_at ? row_load(row, model->updated_at) : (kin_value){ .type = KIN_VALUE_UNSET };
    memcpy(memory->changed, row_bits(row, ROW_CHANGED), model->bits_size);
    if (!session_journal_reserve(session, 1))
        return false;
    session_journal(session, header->region, row_forget_write, row, memory);
    return true;
}
