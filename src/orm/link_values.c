/* Join attributes. Where several say something about one attribute, the order is: keys and scope, kin_put_through, .through, the default. A join
 * row that was loaded says nothing. */
#include "orm/link_values.h"

#include <string.h>

static const kin_value linking_unset = { .type = KIN_VALUE_UNSET };

/* ---- what is supplied ---- */

static bool linking_is_scoped(const kin_association *association, const struct attribute *attribute) {
    for (size_t i = 0; i < association->through_scope_count; i++)
        if (association->through_scope[i].attribute == attribute)
            return true;
    return false;
}

/* Keys and scope are the association's: what is supplied for them does not count. */
static bool linking_counts(const kin_association *association, const struct attribute *attribute) {
    return !relation_key_has(&association->foreign_key, attribute) && !relation_key_has(&association->other_key, attribute) &&
           !linking_is_scoped(association, attribute);
}

static const struct row_supplied *linking_supplied(const kin_row *row, const kin_model *through) {
    const struct row_extra *extra = row_header(row)->extra;
    for (const struct row_supplied *supplied = extra ? extra->supplied : NULL; supplied; supplied = supplied->next)
        if (supplied->through == through)
            return supplied;
    return NULL;
}

/* places: by attribute of the join model, its place in values + 1. */
static void linking_name(struct linking_values *values, size_t *places, const kin_association *association, const struct attribute *attribute) {
    if (places[attribute->index] != 0 || !linking_counts(association, attribute))
        return;
    values->attributes[values->count++] = attribute;
    places[attribute->index] = values->count;
}

static void linking_lay(kin_value *into, const size_t *places, const struct attribute *const *attributes, const kin_value *from, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (places[attributes[i]->index] != 0 && from[i].type != KIN_VALUE_UNSET)
            into[places[attributes[i]->index] - 1] = from[i];
}

static bool linking_collect_own(const struct relation *relation, const struct targets *targets, const size_t *places, struct linking_values *out) {
    const kin_model *through = relation->association->info.through;
    const kin_value **own = arena_allocate(relation->arena, targets->count * sizeof *own);
    if (!own)
        return fault_no_memory(&relation->session->fault);
    for (size_t i = 0; i < targets->count; i++) {
        const struct row_supplied *supplied = linking_supplied(targets->rows[i], through);
        own[i] = out->common;
        if (!supplied || out->count == 0)
            continue;
        kin_value *values = arena_copy(relation->arena, out->common, out->count * sizeof *values);
        if (!values)
            return fault_no_memory(&relation->session->fault);
        linking_lay(values, places, supplied->attributes, supplied->values, supplied->count);
        own[i] = values;
    }
    out->own = own;
    return true;
}

bool linking_values_collect(const struct relation *relation, const struct targets *targets, struct linking_values *out) {
    const kin_association *association = relation->association;
    const kin_model *through = association->info.through;
    struct row_values given;
    *out = (struct linking_values){ .common = &linking_unset };
    if (!row_values(relation->session, through, relation->options->through, (kin_names){ NULL, 0 }, relation->arena, &given))
        return false;
    bool any_own = false;
    for (size_t i = 0; targets->rows && !any_own && i < targets->count; i++)
        any_own = linking_supplied(targets->rows[i], through) != NULL;
    if (given.count == 0 && !any_own)
        return true;
    size_t *places = arena_allocate_cleared(relation->arena, through->attribute_count * sizeof *places);
    kin_value *common = arena_allocate_cleared(relation->arena, through->attribute_count * sizeof *common);
    out->attributes = arena_allocate(relation->arena, through->attribute_count * sizeof *out->attributes);
    if (!places || !common || !out->attributes)
        return fault_no_memory(&relation->session->fault);
    for (size_t i = 0; i < given.count; i++)
        linking_name(out, places, association, given.attributes[i]);
    for (size_t i = 0; any_own && i < targets->count; i++) {
        const struct row_supplied *supplied = linking_supplied(targets->rows[i], through);
        for (size_t k = 0; supplied && k < supplied->count; k++)
            linking_name(out, places, association, supplied->attributes[k]);
    }
    linking_lay(common, places, given.attributes, given.values, given.count);
    out->common = common;
    return !any_own || linking_collect_own(relation, targets, places, out);
}

/* ---- join rows ---- */

/* The columns of the rows that are planned. */
struct linking_columns {
    const struct relation *relation;
    struct linking_rows *rows;
    size_t *places; /* by attribute: its column + 1 */
    kin_value *base; /* what is the same in all rows */
};

static size_t linking_column(struct linking_columns *columns, const struct attribute *attribute) {
    size_t *place = &columns->places[attribute->index];
    if (*place == 0) {
        columns->rows->attributes[columns->rows->attribute_count++] = attribute;
        *place = columns->rows->attribute_count;
        columns->base[*place - 1] = linking_unset;
    }
    return *place - 1;
}

/* Whether a join row may be inserted without the attribute being mentioned. */
static bool linking_may_lack(const struct attribute *attribute) {
    const kin_model *model = attribute->model;
    return (!attribute->info.not_null && !attribute->info.primary_key) || attribute == model->identity || attribute->info.auto_increment;
}

static bool linking_base(struct linking_columns *columns, const struct linking_values *values, bool *made_each) {
    const struct relation *relation = columns->relation;
    const kin_association *association = relation->association;
    const kin_model *model = association->info.through;
    const kin_value now = save_now(); /* one moment for both timestamps */
    for (size_t i = 0; i < association->foreign_key.count; i++)
        linking_column(columns, association->foreign_key.at[i]);
    for (size_t i = 0; i < association->other_key.count; i++)
        linking_column(columns, association->other_key.at[i]);
    for (size_t i = 0; i < values->count; i++)
        linking_column(columns, values->attributes[i]);
    for (size_t i = 0; i < model->attribute_count; i++) {
        const struct attribute *attribute = &model->attributes[i];
        bool timestamp = attribute == model->created_at || attribute == model->updated_at;
        if (!timestamp && !attribute->info.has_default && !attribute->default_now && !attribute->default_uuid && linking_may_lack(attribute))
            continue;
        kin_value *base = &columns->base[linking_column(columns, attribute)];
        *made_each |= attribute->default_uuid;
        if (timestamp)
            *base = now;
        else if (!save_default(relation->session, attribute, base))
            return false;
    }
    for (size_t i = 0; i < association->through_scope_count; i++)
        columns->base[linking_column(columns, association->through_scope[i].attribute)] = association->through_scope[i].value;
    for (size_t i = 0; i < association->foreign_key.count; i++)
        columns->base[linking_column(columns, association->foreign_key.at[i])] = *relation_key_part(&relation->key, i);
    return true;
}

static bool linking_fill(struct linking_columns *columns, const kin_value *key, const struct linking_values *values, const kin_value *supplied,
                         bool made_each, kin_value *row) {
    const kin_association *association = columns->relation->association;
    memcpy(row, columns->base, columns->rows->attribute_count * sizeof *row);
    for (size_t i = 0; made_each && i < columns->rows->attribute_count; i++)
        if (columns->rows->attributes[i]->default_uuid && !linking_is_scoped(association, columns->rows->attributes[i]) &&
            !relation_key_has(&association->foreign_key, columns->rows->attributes[i]) &&
            !save_default(columns->relation->session, columns->rows->attributes[i], &row[i]))
            return false;
    linking_lay(row, columns->places, values->attributes, supplied, values->count);
    for (size_t i = 0; i < association->other_key.count; i++)
        row[columns->places[association->other_key.at[i]->index] - 1] = *relation_key_part(key, i);
    return true;
}

static bool linking_is_complete(const struct linking_rows *rows, const kin_value *row) {
    for (size_t i = 0; i < rows->attribute_count; i++)
        if ((row[i].type == KIN_VALUE_UNSET || row[i].type == KIN_VALUE_NULL) && !linking_may_lack(rows->attributes[i]))
            return false;
    return true;
}

bool linking_rows_plan(const struct relation *relation, const struct targets *targets, const struct linking_values *values, const size_t *which,
                       size_t count, struct linking_rows *out) {
    struct arena *arena = relation->arena;
    size_t width = relation->association->info.through->attribute_count;
    *out = (struct linking_rows){ .row_count = count, .complete = true };
    out->attributes = arena_allocate(arena, width * sizeof *out->attributes);
    out->parts = arena_allocate(arena, count * sizeof *out->parts);
    struct linking_columns columns = { relation, out, arena_allocate_cleared(arena, width * sizeof *columns.places),
                                    arena_allocate(arena, width * sizeof *columns.base) };
    bool made_each = false;
    if (!out->attributes || !out->parts || !columns.places || !columns.base)
        return fault_no_memory(&relation->session->fault);
    if (!linking_base(&columns, values, &made_each))
        return false;
    out->values = arena_allocate(arena, count * out->attribute_count * sizeof *out->values);
    if (!out->values)
        return fault_no_memory(&relation->session->fault);
    for (size_t i = 0; i < count; i++) {
        size_t target = which ? which[i] : i;
        kin_value *row = &out->values[i * out->attribute_count];
        out->parts[i] = linking_values_at(values, target);
        if (!linking_fill(&columns, &targets->keys[target], values, out->parts[i], made_each, row))
            return false;
        if (out->complete && (i == 0 || out->parts[i] != out->parts[i - 1]))
            out->complete = linking_is_complete(out, row);
    }
    return true;
}

/* ---- inserting ---- */

static struct row_values linking_row_values(const struct linking_rows *rows, size_t row) {
    return (struct row_values){ rows->attributes, &rows->values[row * rows->attribute_count], rows->attribute_count };
}

/* Rows of the same supplied values are good or bad together, unless a key has rules of its own. */
static bool linking_rows_validate(const struct relation *relation, struct linking_rows *rows) {
    const kin_model *model = relation->association->info.through;
    const struct key *other = &relation->association->other_key;
    bool each = false;
    for (size_t i = 0; i < other->count; i++)
        each |= other->at[i]->has_validation;
    for (size_t i = 0; i < rows->row_count; i++) {
        kin_value *row = &rows->values[i * rows->attribute_count];
        if (!each && i > 0 && rows->parts[i] == rows->parts[i - 1])
            continue;
        for (size_t k = 0; !rows->complete && k < rows->attribute_count; k++)
            if (row[k].type == KIN_VALUE_UNSET && !linking_may_lack(rows->attributes[k]))
                row[k] = (kin_value){ .type = KIN_VALUE_NULL }; /* so that it is missed */
        struct row_values values = linking_row_values(rows, i);
        if (!validate_values(relation->session, model, &values))
            return false;
    }
    return true;
}

bool linking_rows_hooked(const struct relation *relation) {
    const kin_model *model = relation->association->info.through;
    return !relation->flags.no_hooks && (hooks_any(model, KIN_BEFORE_BULK_CREATE) || hooks_any(model, KIN_AFTER_BULK_CREATE));
}

kin_row *linking_rows_build(const struct relation *relation, const struct linking_rows *rows, size_t row) {
    struct row_values values = linking_row_values(rows, row);
    return save_build(relation->session, relation->session->region, relation->association->info.through, &values);
}

static bool linking_rows_for_hooks(const struct relation *relation, const struct linking_rows *rows, kin_rows *out) {
    out->count = rows->row_count;
    out->at = session_allocate(relation->session, rows->row_count * sizeof *out->at);
    if (!out->at)
        return false;
    for (size_t i = 0; i < rows->row_count; i++)
        if (!(out->at[i] = linking_rows_build(relation, rows, i)))
            return false;
    return true;
}

/* What is inserted is what the hooks left in the rows. */
static bool linking_rows_take_back(const struct relation *relation, kin_rows from, struct linking_rows *rows) {
    const kin_model *model = relation->association->info.through;
    rows->attribute_count = 0;
    for (size_t i = 0; i < model->attribute_count; i++) {
        bool any = false;
        for (size_t k = 0; !any && k < from.count; k++)
            any = row_bit(from.at[k], ROW_LOADED, i);
        if (any)
            rows->attributes[rows->attribute_count++] = &model->attributes[i];
    }
    rows->values = arena_allocate(relation->arena, from.count * rows->attribute_count * sizeof *rows->values);
    if (!rows->values)
        return fault_no_memory(&relation->session->fault);
    for (size_t k = 0; k < from.count; k++)
        for (size_t i = 0; i < rows->attribute_count; i++)
            rows->values[k * rows->attribute_count + i] = row_load(from.at[k], rows->attributes[i]);
    return true;
}

static bool linking_rows_send(const struct relation *relation, const struct linking_rows *rows, enum sql_conflict conflict, int64_t *changed) {
    return save_insert_many(relation->session, relation->association->info.through, rows->attributes, rows->attribute_count, rows->values,
                            rows->row_count, conflict, changed);
}

static bool linking_rows_insert_hooked(const struct relation *relation, struct linking_rows *rows, enum sql_conflict conflict, int64_t *changed) {
    kin_session *session = relation->session;
    const kin_model *model = relation->association->info.through;
    const kin_values none = { NULL, 0 };
    kin_rows made;
    if (!linking_rows_for_hooks(relation, rows, &made))
        return false;
    if (hooks_any(model, KIN_BEFORE_BULK_CREATE) &&
        (!hooks_bulk(session, model, KIN_BEFORE_BULK_CREATE, made, none, NULL) || !linking_rows_take_back(relation, made, rows)))
        return false;
    for (size_t i = 0; i < made.count; i++)
        if (!row_remember(made.at[i], ROW_WRITE_CREATE))
            return false;
    if (!linking_rows_send(relation, rows, conflict, changed))
        return false;
    /* A key that the database made is not read back; without it a row is not known to be the one that is saved. */
    for (size_t i = 0; i < made.count; i++)
        if (!model->identity || row_bit(made.at[i], ROW_LOADED, model->identity->index))
            save_mark_inserted(made.at[i]);
    return !hooks_any(model, KIN_AFTER_BULK_CREATE) || hooks_bulk(session, model, KIN_AFTER_BULK_CREATE, made, none, NULL);
}

bool linking_rows_insert(const struct relation *relation, struct linking_rows *rows, enum sql_conflict conflict, int64_t *changed) {
    *changed = 0;
    if (rows->row_count == 0)
        return true;
    if (!relation->flags.no_validate && !linking_rows_validate(relation, rows))
        return false;
    return linking_rows_hooked(relation) ? linking_rows_insert_hooked(relation, rows, conflict, changed)
                                         : linking_rows_send(relation, rows, conflict, changed);
}
