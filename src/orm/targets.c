/* Targets and keys. What the caller gave is checked whole before anything is sent, so that a bad target changes nothing. */
#include "orm/targets.h"

#include <string.h>

enum { TARGETS_FEW = 8 };

/* ---- checks ---- */

static bool targets_refuse(const struct relation *relation, const kin_targets *given, size_t place, const char *why) {
    const char *target = relation->association->info.target->info.name;
    return fault_set(&relation->session->fault, KIN_MISUSE, relation->association->source->info.name, relation->association->info.name,
                     "%s: target %zu of %zu %s (%s.%s takes rows of %s)", relation->verb, place + 1, given->count, why,
                     relation->association->source->info.name, relation->association->info.name, target);
}

static bool targets_check_row(const struct relation *relation, const kin_targets *given, size_t place, bool written) {
    const kin_row *row = given->rows[place];
    if (!row)
        return targets_refuse(relation, given, place, "is NULL");
    if (row_model(row) != relation->association->info.target)
        return fault_set(&relation->session->fault, KIN_MISUSE, relation->association->source->info.name, relation->association->info.name,
                         "%s: target %zu of %zu is a %s, but %s.%s takes rows of %s", relation->verb, place + 1, given->count,
                         row_model(row)->info.name, relation->association->source->info.name, relation->association->info.name,
                         relation->association->info.target->info.name);
    if (written && row_session(row) != relation->session)
        return targets_refuse(relation, given, place, "belongs to another session, which alone may write it; give its key in KIN_KEYS");
    return true;
}

/* A row that is not in the database. */
static bool targets_take_unsaved(const struct relation *relation, const kin_targets *given, size_t place, enum targets_use use) {
    if (row_has_flag(given->rows[place], ROW_DELETED))
        return use == TARGETS_ASKED || targets_refuse(relation, given, place, "was destroyed");
    bool through = relation->association->info.kind == KIN_BELONGS_TO_MANY;
    return use == TARGETS_INSERTED || (use == TARGETS_ASKED && !through) ||
           targets_refuse(relation, given, place, "is not saved yet; kin_save it first");
}

static bool targets_take_row(const struct relation *relation, const kin_targets *given, size_t place, enum targets_use use, bool written,
                             kin_value *key) {
    const kin_row *row = given->rows[place];
    bool known;
    *key = (kin_value){ .type = KIN_VALUE_UNSET };
    if (!targets_check_row(relation, given, place, written))
        return false;
    if (!row_has_flag(row, ROW_SAVED))
        return targets_take_unsaved(relation, given, place, use);
    if (!relation_row_key(relation, row, relation_target_key(relation->association), key, &known))
        return false;
    return known || targets_refuse(relation, given, place, "has NULL in the key that it is linked by");
}

static bool targets_take_key(const struct relation *relation, const kin_targets *given, size_t place, kin_value *key) {
    const kin_value *in = &given->keys[place];
    if (in->type == KIN_VALUE_NULL || in->type == KIN_VALUE_UNSET)
        return targets_refuse(relation, given, place, "is NULL: a key has a value");
    return row_convert_key(relation->session, relation_target_key(relation->association), in, relation->arena, key, relation->verb);
}

/* ---- each once ---- */

/* Rows that are not saved have no key: they are told apart by their address. */
static bool targets_index_unsaved(const struct relation *relation, const struct targets *targets, struct key_index *out) {
    kin_value *addresses = arena_allocate(relation->arena, targets->count * sizeof *addresses);
    if (!addresses)
        return false;
    for (size_t i = 0; i < targets->count; i++)
        addresses[i] = targets->keys[i].type == KIN_VALUE_UNSET ? kin_value_integer((int64_t)(intptr_t)targets->rows[i])
                                                                : (kin_value){ .type = KIN_VALUE_UNSET };
    return key_index_build(out, relation->arena, addresses, targets->count);
}

static bool targets_index(const struct relation *relation, struct targets *targets) {
    targets->indexed = targets->count > TARGETS_FEW;
    return !targets->indexed || key_index_build(&targets->index, relation->arena, targets->keys, targets->count);
}

/* Whether the same target comes earlier in the list, of which the first `kept` places are its distinct ones. */
static bool targets_is_repeated(struct targets *targets, struct key_index *unsaved, size_t kept, size_t place) {
    const kin_value *key = &targets->keys[place];
    if (targets->indexed)
        return (key->type == KIN_VALUE_UNSET ? key_index_find(unsaved, &unsaved->keys[place]) : key_index_find(&targets->index, key)) != place;
    for (size_t i = 0; i < kept; i++)
        if (key->type == KIN_VALUE_UNSET ? targets->rows[i] == targets->rows[place] : value_equal(&targets->keys[i], key))
            return true;
    return false;
}

static bool targets_collapse(const struct relation *relation, struct targets *targets) {
    struct key_index unsaved;
    bool *repeated = arena_allocate(relation->arena, targets->count * sizeof *repeated);
    if (!repeated || !targets_index(relation, targets) ||
        (targets->indexed && targets->unsaved > 0 && !targets_index_unsaved(relation, targets, &unsaved)))
        return fault_no_memory(&relation->session->fault);
    size_t kept = 0, count = targets->count;
    /* The index looks at the keys, so they stay in their places until all are judged. */
    if (targets->indexed)
        for (size_t i = 0; i < count; i++)
            repeated[i] = targets_is_repeated(targets, &unsaved, 0, i);
    for (size_t i = 0; i < count; i++) {
        if (targets->indexed ? repeated[i] : targets_is_repeated(targets, NULL, kept, i)) {
            targets->unsaved -= targets->keys[i].type == KIN_VALUE_UNSET;
            continue;
        }
        targets->keys[kept] = targets->keys[i];
        if (targets->rows)
            targets->rows[kept] = targets->rows[i];
        kept++;
    }
    targets->count = kept;
    return kept == count || targets_index(relation, targets) || fault_no_memory(&relation->session->fault);
}

bool targets_collect(const struct relation *relation, kin_targets given, enum targets_use use, bool written, struct targets *out) {
    *out = (struct targets){ 0 };
    if (given.count == 0)
        return true;
    if (!given.rows && !given.keys)
        return fault_set(&relation->session->fault, KIN_MISUSE, relation->association->source->info.name, relation->association->info.name,
                         "%s: %zu targets, but neither rows nor keys; give KIN_ROWS, KIN_KEYS or KIN_NONE", relation->verb, given.count);
    struct arena *arena = relation->arena;
    out->count = given.count;
    out->keys = arena_allocate(arena, given.count * sizeof *out->keys);
    out->marks = arena_allocate_cleared(arena, given.count);
    if (given.rows) /* one is never moved */
        out->rows = given.count == 1 ? (kin_row **)(uintptr_t)given.rows : arena_copy(arena, given.rows, given.count * sizeof *out->rows);
    if (!out->keys || !out->marks || (given.rows && !out->rows))
        return fault_no_memory(&relation->session->fault);
    for (size_t i = 0; i < given.count; i++) {
        if (!(given.rows ? targets_take_row(relation, &given, i, use, written, &out->keys[i])
                         : targets_take_key(relation, &given, i, &out->keys[i])))
            return false;
        out->unsaved += out->keys[i].type == KIN_VALUE_UNSET;
    }
    return given.count == 1 || targets_collapse(relation, out);
}

size_t targets_find(struct targets *targets, const kin_value *key) {
    if (targets->indexed)
        return key_index_find(&targets->index, key);
    for (size_t i = 0; i < targets->count; i++)
        if (targets->keys[i].type != KIN_VALUE_UNSET && value_equal(&targets->keys[i], key))
            return i;
    return SIZE_MAX;
}

void targets_clear_marks(struct targets *targets) {
    if (targets->count > 0)
        memset(targets->marks, 0, targets->count);
}

/* ---- lists of keys ---- */

bool key_list_borrow(const struct relation *relation, struct key_list *list, const kin_value *key) {
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 16;
        kin_value *at = arena_allocate(relation->arena, capacity * sizeof *at);
        if (!at)
            return fault_no_memory(&relation->session->fault);
        if (list->count > 0)
            memcpy(at, list->at, list->count * sizeof *at);
        list->at = at;
        list->capacity = capacity;
    }
    list->at[list->count++] = *key;
    return true;
}

bool key_list_copy(const struct relation *relation, struct key_list *list, const kin_value *key) {
    kin_value copy;
    if (!value_copy(relation->arena, key, &copy))
        return fault_no_memory(&relation->session->fault);
    return key_list_borrow(relation, list, &copy);
}

/* ---- reading keys ---- */

bool key_reader_open(const struct relation *relation, struct key_reader *reader, const struct sql_select *select, const struct key *key,
                     unsigned table, const struct attribute *const *more, size_t more_count) {
    struct arena *arena = relation->arena;
    size_t count = key->count + more_count;
    struct sql_output *outputs = arena_allocate_cleared(arena, count * sizeof *outputs);
    kin_type *types = arena_allocate(arena, count * sizeof *types);
    reader->cells = arena_allocate(arena, count * sizeof *reader->cells);
    if (!outputs || !types || !reader->cells)
        return fault_no_memory(&relation->session->fault);
    for (size_t i = 0; i < count; i++) {
        const struct attribute *attribute = i < key->count ? key->at[i] : more[i - key->count];
        outputs[i].column = (struct sql_column){ attribute, i < key->count ? table : 0 };
        types[i] = attribute->info.type;
    }
    reader->types = types;
    reader->cell_count = count;
    reader->key_count = key->count;
    reader->select = *select;
    reader->select.outputs = outputs;
    reader->select.output_count = count;
    reader->statement = (struct sql_statement){ .kind = SQL_SELECT, .as.select = &reader->select };
    return session_query(relation->session, &reader->statement, NULL, &reader->result);
}

bool key_reader_next(struct key_reader *reader) {
    if (result_next(&reader->result, reader->types, reader->cells, reader->cell_count) != DRIVER_ROW) {
        result_close(&reader->result);
        return false;
    }
    reader->key = reader->key_count == 1 ? reader->cells[0] : kin_value_key(reader->key_count, reader->cells);
    return true;
}

void key_reader_close(struct key_reader *reader) { result_close(&reader->result); }
