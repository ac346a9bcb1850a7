/* One row, built, inserted or updated. A row in memory changes its state (saved, pending, its key) only after its statement has succeeded; inside
 * of a transaction what it was is remembered first, so that memory and database also agree after a rollback. */
#include "orm/save.h"

#include <string.h>

#include "base/options.h"
#include "orm/find.h"
#include "orm/plan_cache.h"

enum {
    SAVE_LOCAL = 24, /* attributes whose values are gathered on the stack */
    SAVE_HOOKS = 1u << KIN_BEFORE_VALIDATE | 1u << KIN_AFTER_VALIDATE | 1u << KIN_BEFORE_SAVE | 1u << KIN_AFTER_SAVE,
    SAVE_INSERT_HOOKS = SAVE_HOOKS | 1u << KIN_BEFORE_CREATE | 1u << KIN_AFTER_CREATE,
    SAVE_UPDATE_HOOKS = SAVE_HOOKS | 1u << KIN_BEFORE_UPDATE | 1u << KIN_AFTER_UPDATE
};

static inline bool save_is_selected(const uint8_t *selected, size_t index) { return !selected || (selected[index >> 3] >> (index & 7) & 1); }

kin_value save_now(void) { return kin_value_date(kin_now()); }

kin_session *save_enter(const kin_row *row, const char *verb) {
    if (!row)
        return NULL;
    kin_session *session = row_session(row);
    const kin_model *model = row_model(row);
    if (!session_enter(session))
        return NULL;
    if (!model->schema)
        fault_set(&session->fault, KIN_MISUSE, NULL, NULL, "%s: a row of kin_query or kin_aggregate belongs to no model; find it with kin_find_all", verb);
    else if (session_knows(session, model, verb))
        return session;
    session_leave(session);
    return NULL;
}

/* ---- building ---- */

static bool save_take(kin_row *row, const struct attribute *attribute, const kin_value *value) {
    if (value->type == KIN_VALUE_UNSET)
        return true;
    if (!row_store(row, attribute, value))
        return false;
    row_set_bit(row, ROW_CHANGED, attribute->index, true);
    return true;
}

kin_row *save_build(kin_session *session, struct region *region, const kin_model *model, const struct row_values *values) {
    (void)session;
    kin_row *row = row_new(region, model);
    for (size_t i = 0; row && i < values->count; i++)
        if (!save_take(row, values->attributes[i], &values->values[i]))
            return NULL;
    return row && save_fill_defaults(row) ? row : NULL;
}

bool save_take_given(kin_row *row, const struct attribute *attribute, const kin_value *given) {
    kin_session *session = row_session(row);
    kin_value value;
    return value_convert(attribute, given, &value, &session->scratch, &session->fault) && save_take(row, attribute, &value);
}

/* ---- the row's key ---- */

bool save_fault_gone(kin_session *session, const kin_model *model, const kin_value *key) {
    struct text described = { 0 };
    value_describe(key, &described);
    fault_set(&session->fault, KIN_STALE, model->info.name, NULL, "%s %s is not in the database any more: it was deleted, or its key was changed",
              model->info.name, text_string(&described));
    text_free(&described);
    return false;
}

bool save_known_key(kin_row *row, const char *verb, kin_value *key) {
    kin_session *session = row_session(row);
    const kin_model *model = row_model(row);
    const char *name = model->info.name;
    if (row_has_flag(row, ROW_DELETED))
        return fault_set(&session->fault, KIN_STALE, name, NULL, "%s: this %s was destroyed", verb, name);
    if (!row_has_flag(row, ROW_SAVED))
        return fault_set(&session->fault, KIN_MISUSE, name, NULL, "%s: this %s is not in the database yet: kin_save it first", verb, name);
    if (row_saved_key(row, &session->scratch, key))
        return true;
    return fault_set(&session->fault, KIN_MISUSE, name, NULL,
                     "%s: this %s has no value for its primary key, so the statement would reach the whole table; find it with its key", verb, name);
}

/* ---- hooks and validation ---- */

static inline bool save_hook(kin_row *row, kin_hook_kind kind, struct save_flags flags) {
    return flags.no_hooks || !hooks_any(row_model(row), kind) || hooks_row(row, kind);
}

bool save_before(kin_row *row, const uint8_t *selected, kin_hook_kind kind, struct save_flags flags) {
    if (!flags.no_validate &&
        !(save_hook(row, KIN_BEFORE_VALIDATE, flags) && validate_selected(row, selected) && save_hook(row, KIN_AFTER_VALIDATE, flags)))
        return false;
    return save_hook(row, KIN_BEFORE_SAVE, flags) && save_hook(row, kind, flags);
}

bool save_after(kin_row *row, kin_hook_kind kind, struct save_flags flags) {
    return save_hook(row, kind, flags) && save_hook(row, KIN_AFTER_SAVE, flags);
}

/* ---- insert ---- */

/* Reads the keys that INSERT … RETURNING gives. */
static bool save_insert_returning(kin_session *session, const struct sql_statement *statement, size_t count, int64_t *keys) {
    struct result result;
    if (!session_query(session, statement, NULL, &result))
        return false;
    const kin_type type = KIN_TYPE_BIGINT;
    kin_value cell;
    size_t read = 0;
    enum driver_step step;
    while ((step = result_next(&result, &type, &cell, 1)) == DRIVER_ROW)
        if (read++ < count)
            keys[read - 1] = cell.as.integer;
    result_close(&result);
    if (step == DRIVER_FAILED)
        return false;
    return read == count || fault_set(&session->fault, KIN_DATABASE, NULL, NULL, "%zu rows were to be inserted, %zu were", count, read);
}

/* Keys from the last one. Rows of one INSERT get consecutive keys in their order: SQLite takes, row by row, the largest rowid (AUTOINCREMENT:
 * the largest there ever was) plus one, and nobody else writes meanwhile; MariaDB reserves the run for an INSERT whose rows are counted. What
 * breaks it shows in the number of rows or in the next run (save_bulk.c looks): a trigger that inserts into the same table, or, on SQLite, a table
 * that holds the largest possible rowid, where it takes free ones at random. */
static bool save_consecutive_keys(kin_session *session, const struct sql_insert *insert, const struct driver_result *done, int64_t *keys) {
    size_t count = insert->row_count;
    if (done->changed != (int64_t)count || (count > 1 && done->last_id < (int64_t)count))
        return fault_set(&session->fault, KIN_DATABASE, insert->model->info.name, NULL, "the keys of %zu rows of %s that were inserted cannot be told",
                         count, insert->model->info.name);
    for (size_t i = 0; i < count; i++)
        keys[i] = done->last_id - (int64_t)(count - 1 - i);
    return true;
}

bool save_execute_insert(kin_session *session, struct sql_insert *insert, int64_t *keys) {
    const struct sql_statement statement = { .kind = SQL_INSERT, .as.insert = insert };
    struct driver_result done;
    if (keys && session_dialect(session)->returning) {
        insert->returning = insert->model->identity;
        return save_insert_returning(session, &statement, insert->row_count, keys);
    }
    return session_execute(session, &statement, &done) && (!keys || save_consecutive_keys(session, insert, &done, keys));
}

void save_mark_inserted(kin_row *row) {
    const kin_model *model = row_model(row);
    uint8_t *loaded = row_bits(row, ROW_LOADED), *null = row_bits(row, ROW_NULL);
    for (size_t i = 0; i < model->bits_size; i++) {
        size_t last = model->attribute_count - i * 8;
        uint8_t all = (uint8_t)(last >= 8 ? 0xff : (1u << last) - 1), missing = (uint8_t)(all & ~loaded[i]);
        loaded[i] = all;
        null[i] |= missing;
    }
    memset(row_bits(row, ROW_CHANGED), 0, model->bits_size);
    struct row_header *header = row_header(row);
    header->flags = ROW_SAVED;
    if (header->extra)
        header->extra->original_key = NULL;
}

/* What an INSERT takes from a row. */
struct save_values {
    const struct attribute **attributes;
    kin_value *values;
    size_t count;
    kin_value now; /* unset until a timestamp needed it */
    bool key_is_made;
};


/* A value of the row, unless there is none: then it is left to the database, or is a timestamp to be made. */
static inline void save_add_value(struct save_values *out, const kin_model *model, const struct attribute *attribute, const kin_value *value) {
    if (attribute == model->identity && (value->type == KIN_VALUE_UNSET || value->type == KIN_VALUE_NULL)) {
        out->key_is_made = true;
        return;
    }
    if (value->type == KIN_VALUE_UNSET) {
        if (attribute != model->created_at && attribute != model->updated_at)
            return;
        if (out->now.type == KIN_VALUE_UNSET)
            out->now = save_now();
        value = &out->now;
    }
    out->attributes[out->count] = attribute;
    out->values[out->count++] = *value;
}

static void save_gather(const kin_row *row, const uint8_t *selected, struct save_values *out) {
    const kin_model *model = row_model(row);
    for (size_t i = 0; i < model->attribute_count; i++) {
        kin_value value = { .type = KIN_VALUE_UNSET };
        if (save_is_selected(selected, i))
            value = row_load(row, &model->attributes[i]);
        save_add_value(out, model, &model->attributes[i], &value);
    }
}

/* Key and timestamps, which memory did not have. Numbers all: they need no memory. */
static bool save_take_made(kin_row *row, const uint8_t *selected, const struct save_values *values, int64_t key) {
    const kin_model *model = row_model(row);
    const struct attribute *timestamps[2] = { model->created_at, model->updated_at };
    kin_value made = kin_value_integer(key);
    bool good = !values->key_is_made || row_store(row, model->identity, &made);
    for (size_t i = 0; good && i < 2 && values->now.type != KIN_VALUE_UNSET; i++)
        if (timestamps[i] && !(save_is_selected(selected, timestamps[i]->index) && row_bit(row, ROW_LOADED, timestamps[i]->index)))
            good = row_store(row, timestamps[i], &values->now);
    return good;
}

/* Attributes that an insert left out stay pending. */
static void save_keep_pending(kin_row *row, const uint8_t *selected, const uint8_t *changed) {
    uint8_t *bits = row_bits(row, ROW_CHANGED);
    for (size_t i = 0; i < row_model(row)->bits_size; i++)
        bits[i] = changed[i] & (uint8_t)~selected[i];
}

static bool save_send_values(kin_row *row, const uint8_t *selected, const struct save_values *values) {
    struct sql_insert insert = {
        .model = row_model(row), .attributes = values->attributes, .attribute_count = values->count, .values = values->values, .row_count = 1
    };
    int64_t key = 0;
    return save_execute_insert(row_session(row), &insert, values->key_is_made ? &key : NULL) && save_take_made(row, selected, values, key);
}

static bool save_send_insert(kin_row *row, const uint8_t *selected) {
    kin_session *session = row_session(row);
    const kin_model *model = row_model(row);
    const struct attribute *local_attributes[SAVE_LOCAL];
    kin_value local_values[SAVE_LOCAL];
    struct save_values values = { .attributes = local_attributes, .values = local_values };
    if (model->attribute_count > SAVE_LOCAL) {
        values.attributes = session_scratch(session, model->attribute_count * sizeof *values.attributes);
        values.values = session_scratch(session, model->attribute_count * sizeof *values.values);
        if (!values.attributes || !values.values)
            return false;
    }
    uint8_t *changed = NULL;
    if (selected && !(changed = session_scratch(session, model->bits_size)))
        return false;
    if (session_in_transaction(session) && !row_remember(row, ROW_WRITE_CREATE))
        return false;
    save_gather(row, selected, &values);
    if (!save_send_values(row, selected, &values))
        return false;
    if (selected)
        memcpy(changed, row_bits(row, ROW_CHANGED), model->bits_size);
    save_mark_inserted(row);
    if (selected)
        save_keep_pending(row, selected, changed);
    return true;
}

/* ---- what hooks change while a save is under way is saved too ---- */

static bool save_note_changes(kin_row *row, uint8_t **before) {
    *before = session_scratch(row_session(row), row_model(row)->bits_size);
    if (*before)
        memcpy(*before, row_bits(row, ROW_CHANGED), row_model(row)->bits_size);
    return *before != NULL;
}

static void save_add_changes(const kin_row *row, const uint8_t *before, uint8_t *selected) {
    const uint8_t *changed = row_bits(row, ROW_CHANGED);
    for (size_t i = 0; selected && i < row_model(row)->bits_size; i++)
        selected[i] = (uint8_t)(selected[i] | (changed[i] & ~before[i]));
}

/* save_before, with the hooks' changes taken into the selection before they are validated and again at the end. */
static bool save_before_changing(kin_row *row, uint8_t *selected, kin_hook_kind kind, struct save_flags flags) {
    uint8_t *before;
    if (!save_note_changes(row, &before))
        return false;
    if (!flags.no_validate) {
        if (!save_hook(row, KIN_BEFORE_VALIDATE, flags))
            return false;
        save_add_changes(row, before, selected);
        if (!validate_selected(row, selected) || !save_hook(row, KIN_AFTER_VALIDATE, flags))
            return false;
    }
    if (!save_hook(row, KIN_BEFORE_SAVE, flags) || !save_hook(row, kind, flags))
        return false;
    save_add_changes(row, before, selected);
    return true;
}

static bool save_insert_with_hooks(kin_row *row, uint8_t *selected, struct save_flags flags) {
    if (!session_begin_level(row_session(row), true))
        return false;
    bool good = save_before_changing(row, selected, KIN_BEFORE_CREATE, flags) && save_send_insert(row, selected) &&
                save_after(row, KIN_AFTER_CREATE, flags);
    return session_end_level(row_session(row), good);
}

static bool save_insert_selected(kin_row *row, uint8_t *selected, struct save_flags flags) {
    if (!flags.no_hooks && row_model(row)->hook_mask & SAVE_INSERT_HOOKS)
        return save_insert_with_hooks(row, selected, flags);
    return (flags.no_validate || validate_selected(row, selected)) && save_send_insert(row, selected);
}

static bool save_refuse_destroyed(kin_row *row) {
    if (!row_has_flag(row, ROW_DELETED))
        return true;
    return fault_set(&row_session(row)->fault, KIN_STALE, row_model(row)->info.name, NULL,
                     "kin_save: this %s was destroyed; kin_create a new one", row_model(row)->info.name);
}

bool save_insert(kin_row *row, struct save_flags flags) {
    return save_refuse_destroyed(row) && save_insert_selected(row, NULL, flags);
}

/* ---- update ---- */

enum { SAVE_KNOWN_SETS = 12, SAVE_KNOWN_KEYS = 4 };

/* What names the UPDATE of these attributes by key, and its binds. */
struct save_known {
    struct known_name name;
    uint16_t sets[SAVE_KNOWN_SETS];
    kin_value binds[SAVE_KNOWN_SETS + SAVE_KNOWN_KEYS];
};

static bool save_name_update(struct save_known *known, const kin_model *model, const struct sql_set *sets, size_t set_count, const kin_value *key,
                             struct sql_statement *statement) {
    size_t parts = model->primary_key.count;
    if (set_count > SAVE_KNOWN_SETS || parts > SAVE_KNOWN_KEYS || model->attribute_count > UINT16_MAX)
        return false;
    known->name = known_name(KNOWN_UPDATE, model, NULL);
    for (size_t i = 0; i < set_count; i++) {
        if (sets[i].add)
            return false;
        known->sets[i] = (uint16_t)sets[i].attribute->index;
        known->binds[i] = sets[i].value;
    }
    for (size_t i = 0; i < parts; i++)
        known->binds[set_count + i] = parts == 1 ? *key : key->as.parts[i];
    statement->known.key = known;
    statement->known.size = offsetof(struct save_known, sets) + set_count * sizeof *known->sets;
    statement->known.binds = known->binds;
    statement->known.bind_count = set_count + parts;
    return true;
}

bool save_execute_update(kin_session *session, const kin_model *model, const struct sql_set *sets, size_t set_count, const kin_value *key) {
    struct sql_update update = { .model = model, .sets = sets, .set_count = set_count };
    struct sql_statement statement = { .kind = SQL_UPDATE, .as.update = &update };
    struct save_known known;
    bool named = save_name_update(&known, model, sets, set_count, key, &statement);
    if (!named || !session_has_statement(session, statement.known.key, statement.known.size)) {
        update.where = sql_key_equals(&session->scratch, &model->primary_key, 0, key);
        if (!update.where)
            return fault_no_memory(&session->fault);
    }
    struct driver_result done;
    if (!session_execute(session, &statement, &done))
        return false;
    return done.changed > 0 || save_fault_gone(session, model, key);
}

/* The row's values for the selected attributes, and updatedAt; how many there are. */
static size_t save_gather_sets(const kin_row *row, const uint8_t *selected, struct sql_set *sets, const kin_value *now) {
    const kin_model *model = row_model(row);
    size_t count = 0;
    for (size_t i = 0; i < model->attribute_count; i++) {
        if (!save_is_selected(selected, i))
            continue;
        sets[count++] = (struct sql_set){ .attribute = &model->attributes[i], .value = row_load(row, &model->attributes[i]) };
    }
    if (count > 0 && now->type != KIN_VALUE_UNSET)
        sets[count++] = (struct sql_set){ .attribute = model->updated_at, .value = *now };
    return count;
}

/* The key that the database has after an update of the selected attributes, where that is not the one in memory: a primary key whose change is
 * pending, or was saved in part. NULL in *out: the one in memory. */
static bool save_key_after(const kin_row *row, const uint8_t *selected, kin_value **out) {
    const struct key *key = &row_model(row)->primary_key;
    const struct row_extra *extra = row_header(row)->extra;
    bool pending = false;
    *out = NULL;
    if (!extra || !extra->original_key)
        return true;
    for (size_t i = 0; i < key->count; i++)
        pending |= row_bit(row, ROW_CHANGED, key->at[i]->index) && !save_is_selected(selected, key->at[i]->index);
    if (!pending)
        return true;
    struct arena *arena = &row_header(row)->region->arena;
    kin_value *parts = arena_copy(arena, extra->original_key, key->count * sizeof *parts);
    bool good = parts != NULL;
    for (size_t i = 0; good && i < key->count; i++) {
        kin_value value = row_load(row, key->at[i]);
        good = !save_is_selected(selected, key->at[i]->index) || value_copy(arena, &value, &parts[i]);
    }
    *out = parts;
    return good || fault_no_memory(&row_session(row)->fault);
}

static bool save_send_update(kin_row *row, const uint8_t *selected) {
    kin_session *session = row_session(row);
    const kin_model *model = row_model(row);
    kin_value key, now = { .type = KIN_VALUE_UNSET }, *key_after;
    if (!save_known_key(row, "kin_save", &key) || !save_key_after(row, selected, &key_after))
        return false;
    if (model->updated_at && !save_is_selected(selected, model->updated_at->index))
        now = save_now();
    struct sql_set local[SAVE_LOCAL + 1], *sets = local;
    if (model->attribute_count > SAVE_LOCAL && !(sets = session_scratch(session, (model->attribute_count + 1) * sizeof *sets)))
        return false;
    size_t count = save_gather_sets(row, selected, sets, &now);
    if (count == 0)
        return true;
    if (session_in_transaction(session) && !row_remember(row, ROW_WRITE_UPDATE))
        return false;
    if (!save_execute_update(session, model, sets, count, &key))
        return false;
    uint8_t *changed = row_bits(row, ROW_CHANGED);
    for (size_t i = 0; i < model->bits_size; i++)
        changed[i] = changed[i] & (uint8_t)~selected[i];
    if (row_header(row)->extra)
        row_header(row)->extra->original_key = key_after;
    return now.type == KIN_VALUE_UNSET || row_store(row, model->updated_at, &now);
}

static bool save_update_selected(kin_row *row, uint8_t *selected, struct save_flags flags) {
    kin_session *session = row_session(row);
    if (flags.no_hooks || !(row_model(row)->hook_mask & SAVE_UPDATE_HOOKS))
        return (flags.no_validate || validate_selected(row, selected)) && save_send_update(row, selected);
    if (!session_begin_level(session, true))
        return false;
    bool good = save_before_changing(row, selected, KIN_BEFORE_UPDATE, flags) && save_send_update(row, selected) &&
                save_after(row, KIN_AFTER_UPDATE, flags);
    return session_end_level(session, good);
}

bool save_update(kin_row *row, kin_names only, struct save_flags flags) {
    kin_session *session = row_session(row);
    const char *name = row_model(row)->info.name;
    uint8_t *selected;
    if (!save_refuse_destroyed(row) || !validate_selection(row, only, &selected))
        return false;
    if (row_has_flag(row, ROW_STALE))
        return fault_set(&session->fault, KIN_STALE, name, NULL,
                         "kin_save: a rollback left it unknown what the database has of this %s; kin_reload it first", name);
    for (size_t i = 0; i < row_model(row)->bits_size; i++)
        if (selected[i])
            return save_update_selected(row, selected, flags);
    return true;
}

bool save_row(kin_row *row, kin_names only, struct save_flags flags) {
    uint8_t *selected;
    if (row_has_flag(row, ROW_SAVED))
        return save_update(row, only, flags);
    return save_refuse_destroyed(row) && validate_selection(row, only, &selected) && save_insert_selected(row, selected, flags);
}

/* ---- the verbs ---- */

static inline size_t save_first_named(const kin_model *model) { return model->identity && model->identity->index == 0; }

/* Callers mostly name attributes in their order, so the next one is tried before the name is looked up. */
static const struct attribute *save_named(kin_session *session, const kin_model *model, const char *name, size_t *next) {
    const struct attribute *attribute = &model->attributes[*next];
    if (!name || *next >= model->attribute_count || strcmp(attribute->info.name, name) != 0)
        attribute = model_attribute_required(model, name, &session->fault);
    if (attribute)
        *next = attribute->index + 1;
    return attribute;
}

static kin_row *save_build_given(kin_session *session, const kin_model *model, kin_values given) {
    kin_row *row = row_new(session->region, model);
    size_t next = save_first_named(model);
    for (size_t i = 0; row && given.at && i < given.count && given.at[i].value.type != KIN_VALUE_LAST; i++) {
        const struct attribute *attribute = save_named(session, model, given.at[i].name, &next);
        if (!attribute || !save_take_given(row, attribute, &given.at[i].value))
            return NULL;
    }
    return row && save_fill_defaults(row) ? row : NULL;
}

/* A caller's values, each at its attribute's place. */
static bool save_convert_given(kin_session *session, const kin_model *model, kin_values given, kin_value *out) {
    size_t next = save_first_named(model);
    memset(out, 0, model->attribute_count * sizeof *out);
    for (size_t i = 0; given.at && i < given.count && given.at[i].value.type != KIN_VALUE_LAST; i++) {
        const kin_value *value = &given.at[i].value;
        const struct attribute *attribute = save_named(session, model, given.at[i].name, &next);
        if (!attribute)
            return false;
        if (value->type != KIN_VALUE_UNSET && !value_convert(attribute, value, &out[attribute->index], &session->scratch, &session->fault))
            return false;
    }
    return true;
}

/*
 * kin_create where no hook looks on: the row is nobody's until it is in the database, so its values go the short way, from the caller's into the row and into
 * the statement at once.
 */
static kin_row *save_create_plain(kin_session *session, const kin_model *model, kin_values given) {
    const struct attribute *attributes[SAVE_LOCAL];
    kin_value values[SAVE_LOCAL], given_values[SAVE_LOCAL];
    struct save_values insert = { .attributes = attributes, .values = values };
    bool check = false;
    if (!save_convert_given(session, model, given, given_values))
        return NULL;
    kin_row *row = row_new(session->region, model);
    for (size_t i = 0; row && i < model->attribute_count; i++) {
        const struct attribute *attribute = &model->attributes[i];
        kin_value *value = &given_values[i];
        if (value->type == KIN_VALUE_UNSET && save_has_default(attribute) && !save_default(session, attribute, value))
            return NULL;
        if (value->type != KIN_VALUE_UNSET && !row_store(row, attribute, value))
            return NULL;
        check |= !validate_any_value(attribute) && (attribute != model->identity || attribute->has_validation);
        save_add_value(&insert, model, attribute, value);
    }
    if (!row || (check && !validate_selected(row, NULL)) || (session_in_transaction(session) && !row_remember(row, ROW_WRITE_CREATE)) ||
        !save_send_values(row, NULL, &insert))
        return NULL;
    save_mark_inserted(row);
    return row;
}

static kin_row *save_create(kin_session *session, const kin_model *model, kin_values given) {
    if (!(model->hook_mask & SAVE_INSERT_HOOKS) && model->attribute_count <= SAVE_LOCAL)
        return save_create_plain(session, model, given);
    kin_row *row = save_build_given(session, model, given);
    return row && save_insert(row, (struct save_flags){ 0 }) ? row : NULL;
}

kin_row *(kin_build)(kin_session *session, const kin_model *model, kin_values given) {
    if (!session_enter(session))
        return NULL;
    kin_row *row = session_knows(session, model, "kin_build") ? save_build_given(session, model, given) : NULL;
    session_leave(session);
    return row;
}

kin_row *(kin_create)(kin_session *session, const kin_model *model, kin_values given) {
    if (!session_enter(session))
        return NULL;
    kin_row *row = session_knows(session, model, "kin_create") ? save_create(session, model, given) : NULL;
    session_leave(session);
    return row;
}

bool(kin_save)(const kin_save_options *options) {
    kin_save_options own;
    options = options_of(options, &own, sizeof own);
    kin_session *session = options ? save_enter(options->row, "kin_save") : NULL;
    if (!session)
        return false;
    bool good = save_row(options->row, options->attributes, (struct save_flags){ options->no_validate, options->no_hooks });
    session_leave(session);
    return good;
}

bool kin_validate(kin_row *row) {
    kin_session *session = save_enter(row, "kin_validate");
    if (!session)
        return false;
    bool good = validate_row(row, (kin_names){ NULL, 0 });
    session_leave(session);
    return good;
}
