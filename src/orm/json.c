/* A row as JSON: its loaded attributes in the model's order, then what was included, then its join row, each under its name. */
#include "base/text.h"
#include "orm/row.h"

static void json_row(const kin_row *row, struct text *out);

static void json_name(const char *name, bool *first, struct text *out) {
    if (!*first)
        text_add_character(out, ',');
    *first = false;
    text_add_json_string(out, name, strlen(name));
    text_add_character(out, ':');
}

static void json_association(const kin_row *row, const kin_association *association, struct text *out) {
    if (!association->many) {
        const kin_row *target = *row_slot_one(row, association);
        if (target)
            json_row(target, out);
        else
            text_add(out, "null");
        return;
    }
    const kin_rows *targets = row_slot_many(row, association);
    text_add_character(out, '[');
    for (size_t i = 0; i < targets->count; i++) {
        if (i)
            text_add_character(out, ',');
        json_row(targets->at[i], out);
    }
    text_add_character(out, ']');
}

static void json_row(const kin_row *row, struct text *out) {
    const kin_model *model = row_model(row);
    bool first = true;
    text_add_character(out, '{');
    for (size_t i = 0; i < model->attribute_count; i++) {
        if (!row_bit(row, ROW_LOADED, i))
            continue;
        kin_value value = row_load(row, &model->attributes[i]);
        json_name(model->attributes[i].info.name, &first, out);
        value_add_json(&value, out);
    }
    for (size_t i = 0; i < model->association_count; i++) {
        if (!row_bit(row, ROW_RELATED, i))
            continue;
        json_name(model->associations[i]->info.name, &first, out);
        json_association(row, model->associations[i], out);
    }
    for (size_t i = 0; i < model->through_count; i++) {
        kin_row *join;
        memcpy(&join, (const char *)row + model->throughs[i].offset, sizeof join);
        if (!join)
            continue;
        json_name(model->throughs[i].through->info.name, &first, out);
        json_row(join, out);
    }
    text_add_character(out, '}');
}

const char *kin_json(const kin_row *row) {
    if (!row)
        return NULL;
    struct text text = { 0 };
    json_row(row, &text);
    const char *copy = text_ok(&text) ? arena_copy_text(&row_header(row)->region->arena, text.data, text.length) : NULL;
    text_free(&text);
    if (!copy)
        fault_no_memory(&row_session(row)->fault);
    return copy;
}
