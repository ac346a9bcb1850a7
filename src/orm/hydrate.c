/* Hydration: each cell is written once, at its attribute's offset, by the exact type. */
#include "orm/hydrate.h"

#include <string.h>

static void projection_mark(uint8_t *bits, const struct attribute *attribute) {
    bits[attribute->index >> 3] = (uint8_t)(bits[attribute->index >> 3] | 1u << (attribute->index & 7));
}

static bool projection_mark_names(kin_session *session, const kin_model *model, kin_names names, uint8_t *bits) {
    for (size_t i = 0; i < names.count; i++) {
        const struct attribute *attribute = model_attribute_required(model, names.at[i], &session->fault);
        if (!attribute)
            return false;
        projection_mark(bits, attribute);
    }
    return true;
}

static bool projection_marked(const uint8_t *bits, const struct attribute *attribute) {
    return bits[attribute->index >> 3] >> (attribute->index & 7) & 1;
}

/* Which parts of the primary key were not asked for. */
static bool projection_hide_key(kin_session *session, struct projection *projection, struct arena *arena) {
    const struct key *key = &projection->model->primary_key;
    for (size_t i = 0; i < key->count; i++) {
        if (projection_marked(projection->loaded, key->at[i]))
            continue;
        if (!projection->hidden && !(projection->hidden = arena_allocate_cleared(arena, projection->model->bits_size)))
            return fault_no_memory(&session->fault);
        projection_mark(projection->hidden, key->at[i]);
    }
    return true;
}

bool projection_choose(kin_session *session, const kin_model *model, kin_names names, const struct key *also, bool hide_key,
                       struct arena *arena, struct projection *out) {
    *out = (struct projection){ .model = model };
    out->loaded = arena_allocate_cleared(arena, model->bits_size);
    out->attributes = arena_allocate(arena, model->attribute_count * sizeof *out->attributes);
    if (!out->loaded || !out->attributes)
        return fault_no_memory(&session->fault);
    if (!names.at) {
        for (size_t i = 0; i < model->attribute_count; i++)
            projection_mark(out->loaded, out->attributes[out->count++] = &model->attributes[i]);
        return true;
    }
    if (!projection_mark_names(session, model, names, out->loaded))
        return false;
    if (hide_key && !projection_hide_key(session, out, arena))
        return false;
    for (size_t i = 0; i < model->primary_key.count; i++)
        projection_mark(out->loaded, model->primary_key.at[i]);
    for (size_t i = 0; also && i < also->count; i++)
        projection_mark(out->loaded, also->at[i]);
    for (size_t i = 0; i < model->attribute_count; i++)
        if (projection_marked(out->loaded, &model->attributes[i]))
            out->attributes[out->count++] = &model->attributes[i];
    return true;
}

size_t projection_cell(const struct projection *projection, const struct attribute *attribute) {
    for (size_t i = 0; i < projection->count; i++)
        if (projection->attributes[i] == attribute)
            return projection->first + i;
    return SIZE_MAX;
}

bool projection_is_absent(const struct projection *projection, const kin_value *cells) {
    const struct key *key = &projection->model->primary_key;
    for (size_t i = 0; i < key->count; i++)
        if (cells[projection_cell(projection, key->at[i])].type != KIN_VALUE_NULL)
            return false;
    return true;
}

/* SQLite keeps a DECIMAL of up to 15 digits as a number, which forgets trailing zeros: they come back from the scale. */
static bool hydrate_decimal(kin_row *row, const struct attribute *attribute, const kin_value *cell) {
    size_t scale = attribute->info.scale, size = cell->as.text.size;
    const char *point = memchr(cell->as.text.data, '.', size);
    size_t digits = point ? (size_t)(cell->as.text.data + size - point - 1) : 0;
    char padded[96];
    if (digits >= scale || size + scale + 2 > sizeof padded || memchr(cell->as.text.data, 'e', size))
        return row_store(row, attribute, cell);
    memcpy(padded, cell->as.text.data, size);
    if (!point)
        padded[size++] = '.';
    memset(padded + size, '0', scale - digits);
    kin_value value = { .type = KIN_VALUE_DECIMAL, .as.text = { padded, size + scale - digits } };
    return row_store(row, attribute, &value);
}

static bool hydrate_label(kin_row *row, const struct attribute *attribute, const kin_value *cell) {
    if (!row_store(row, attribute, cell))
        return false;
    int32_t label;
    memcpy(&label, (const char *)row + attribute->info.offset, sizeof label);
    if (label != 0)
        return true;
    char quoted[80];
    kin_value copy = *cell;
    char text[64];
    size_t size = copy.as.text.size < sizeof text - 1 ? copy.as.text.size : sizeof text - 1;
    memcpy(text, copy.as.text.data, size);
    text[size] = '\0';
    return fault_set(&row_session(row)->fault, KIN_DATABASE, attribute->model->info.name, attribute->info.name,
                     "%s.%s: the database has '%s', which is none of the labels of this ENUM", attribute->model->info.name, attribute->info.name,
                     fault_quote(text, quoted));
}

static bool hydrate_attribute(kin_row *row, const struct attribute *attribute, const kin_value *cell) {
    char *member = (char *)row + attribute->info.offset;
    switch (attribute->storage) {
    case STORAGE_INTEGER:
        memcpy(member, &cell->as.integer, sizeof(int64_t));
        return true;
    case STORAGE_TEXT: {
        if (attribute->info.type == KIN_TYPE_DECIMAL && attribute->info.scale > 0)
            return hydrate_decimal(row, attribute, cell);
        char *text = value_store_text(&row_header(row)->region->arena, cell->as.text.data, cell->as.text.size);
        memcpy(member, &text, sizeof text);
        return text || fault_no_memory(&row_session(row)->fault);
    }
    case STORAGE_REAL:
        memcpy(member, &cell->as.real, sizeof(double));
        return true;
    case STORAGE_BOOLEAN:
        memcpy(member, &cell->as.boolean, sizeof(bool));
        return true;
    case STORAGE_LABEL:
        return hydrate_label(row, attribute, cell);
    case STORAGE_DAYS:
    case STORAGE_UUID:
    case STORAGE_BYTES:
    case STORAGE_VALUE:
        return row_store(row, attribute, cell);
    }
    return false;
}

/* The key goes where saving finds it, and out of sight. */
static bool hydrate_hide_key(kin_row *row, const uint8_t *hidden) {
    const struct key *key = &row_model(row)->primary_key;
    struct row_header *header = row_header(row);
    kin_value *parts = arena_allocate(&header->region->arena, key->count * sizeof *parts);
    header->extra = arena_allocate_cleared(&header->region->arena, sizeof *header->extra);
    if (!parts || !header->extra)
        return fault_no_memory(&row_session(row)->fault);
    for (size_t i = 0; i < key->count; i++) {
        parts[i] = row_load(row, key->at[i]);
        if (projection_marked(hidden, key->at[i]))
            row_set_bit(row, ROW_LOADED, key->at[i]->index, false);
    }
    header->extra->original_key = parts;
    return true;
}

kin_row *hydrate(struct region *region, const struct projection *projection, const kin_value *cells) {
    kin_row *row = row_new(region, projection->model);
    if (!row)
        return NULL;
    row_header(row)->flags = ROW_SAVED;
    memcpy(row_bits(row, ROW_LOADED), projection->loaded, projection->model->bits_size);
    cells += projection->first;
    for (size_t i = 0; i < projection->count; i++) {
        if (cells[i].type == KIN_VALUE_NULL)
            row_set_bit(row, ROW_NULL, projection->attributes[i]->index, true);
        else if (!hydrate_attribute(row, projection->attributes[i], &cells[i]))
            return NULL;
    }
    return projection->hidden && !hydrate_hide_key(row, projection->hidden) ? NULL : row;
}
