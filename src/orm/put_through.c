/* kin_put_through: values for a join row wait on the target until it is linked. They lie in the row's region and stay until they are replaced. */
#include "orm/row.h"

#include <string.h>

static bool put_is_through(const kin_model *model, const kin_model *through) {
    for (size_t i = 0; i < model->through_count; i++)
        if (model->throughs[i].through == through)
            return true;
    return false;
}

static bool put_check(const kin_row *row, const kin_model *through) {
    struct fault *fault = &row_session(row)->fault;
    const char *model = row_model(row)->info.name;
    if (!through)
        return fault_set(fault, KIN_MISUSE, model, NULL, "kin_put_through: the join model is NULL");
    if (put_is_through(row_model(row), through))
        return true;
    return fault_set(fault, KIN_MISUSE, model, through->info.name, "kin_put_through: no many-to-many association reaches a %s through %s", model,
                     through->info.name);
}

/* The place of a join model's values among the supplied; made when there is none. */
static struct row_supplied *put_supplied(kin_row *row, const kin_model *through) {
    struct row_header *header = row_header(row);
    struct arena *arena = &header->region->arena;
    if (!header->extra && !(header->extra = arena_allocate_cleared(arena, sizeof *header->extra)))
        return NULL;
    for (struct row_supplied *supplied = header->extra->supplied; supplied; supplied = supplied->next)
        if (supplied->through == through)
            return supplied;
    struct row_supplied *supplied = arena_allocate_cleared(arena, sizeof *supplied);
    if (!supplied)
        return NULL;
    supplied->through = through;
    supplied->next = header->extra->supplied;
    header->extra->supplied = supplied;
    return supplied;
}

static bool put_values(kin_row *row, const kin_model *through, kin_values given) {
    kin_session *session = row_session(row);
    struct arena *arena = &row_header(row)->region->arena;
    struct row_values values;
    if (!row_values(session, through, given, (kin_names){ NULL, 0 }, arena, &values))
        return false;
    /* Converted values may still point at what the caller gave. */
    for (size_t i = 0; i < values.count; i++)
        if (!value_copy(arena, &values.values[i], &values.values[i]))
            return fault_no_memory(&session->fault);
    struct row_supplied *supplied = put_supplied(row, through);
    if (!supplied)
        return fault_no_memory(&session->fault);
    supplied->attributes = values.attributes;
    supplied->values = values.values;
    supplied->count = values.count;
    return true;
}

bool kin_put_through(kin_row *row, const kin_model *through, kin_values values) {
    if (!row || fault_is_set(&row_session(row)->fault))
        return false;
    return put_check(row, through) && put_values(row, through, values);
}
