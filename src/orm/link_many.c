/* Has-many: set, add and remove write the key in the targets' table, with one UPDATE for those that leave and one for those that join. The
 * rows a caller gave know their new key afterwards, without anything pending. Targets are never deleted. */
#include "orm/find.h"
#include "orm/link_kinds.h"
#include "orm/snapshot.h"

struct many {
    struct relation *relation;
    struct targets *targets;
    const kin_association *association;
    const kin_model *model;       /* the targets' */
    const struct key *key;        /* its foreign key */
    const struct attribute *required; /* the part of it that cannot be NULL; or NULL */
    struct key_list leaving, joining;
    bool all_leave;
    struct snapshot **snapshots;  /* of the rows whose memory was changed */
    size_t snapshot_count;
};

static void many_start(struct many *many, struct relation *relation, struct targets *targets) {
    const kin_association *association = relation->association;
    *many = (struct many){ .relation = relation, .targets = targets, .association = association, .model = association->info.target,
                           .key = &association->foreign_key, .required = relation_required_part(&association->foreign_key) };
}

/* ---- reading ---- */

static bool many_where(const struct many *many, const struct sql_expression **where) {
    *where = NULL;
    return relation_and_keys(many->relation, many->key, 0, &many->relation->key, 1, where) &&
           relation_and_scope(many->relation, many->association->scope, many->association->scope_count, 0, where) &&
           relation_and_live(many->relation, many->model, 0, where);
}

/* All links end in one statement that needs no keys, so nothing that was read has to hold. */
static bool many_clears(const struct many *many) { return many->targets->count == 0 && !many->relation->options->individual_hooks; }

static bool many_read_keys(struct many *many, bool lock) {
    const struct relation *relation = many->relation;
    const struct sql_expression *where;
    struct key_reader reader;
    if (!many_where(many, &where))
        return false;
    struct sql_select select = { .model = many->model, .where = where, .lock = lock };
    if (!key_reader_open(relation, &reader, &select, &many->model->primary_key, 0, NULL, 0))
        return false;
    while (key_reader_next(&reader)) {
        size_t target = targets_find(many->targets, &reader.key);
        if (target != SIZE_MAX) {
            many->targets->marks[target] |= TARGET_LINKED;
            many->all_leave = false;
        } else if (!key_list_copy(relation, &many->leaving, &reader.key)) {
            key_reader_close(&reader);
            return false;
        }
        if (many_clears(many)) { /* one is enough to know */
            key_reader_close(&reader);
            break;
        }
    }
    return !fault_is_set(&relation->session->fault);
}

static bool many_read(struct many *many, bool lock) {
    targets_clear_marks(many->targets);
    many->leaving.count = many->joining.count = 0;
    many->all_leave = true;
    if (!many_read_keys(many, lock))
        return false;
    for (size_t i = 0; i < many->targets->count; i++)
        if (!(many->targets->marks[i] & TARGET_LINKED) && many->targets->keys[i].type != KIN_VALUE_UNSET &&
            !key_list_borrow(many->relation, &many->joining, &many->targets->keys[i]))
            return false;
    return many->leaving.count == 0 || !many->required || relation_refuse_unlink(many->relation, many->required);
}

/* ---- what is written ---- */

/* The key, or NULLs, and when linking the scope; updatedAt comes last. How many without it in *named. */
static size_t many_sets(const struct many *many, bool linking, struct sql_set *sets, size_t *named) {
    size_t count = 0;
    for (size_t i = 0; i < many->key->count; i++)
        sets[count++] = (struct sql_set){ .attribute = many->key->at[i],
                                          .value = linking ? *relation_key_part(&many->relation->key, i) : (kin_value){ .type = KIN_VALUE_NULL } };
    for (size_t i = 0; linking && i < many->association->scope_count; i++)
        if (!relation_key_has(many->key, many->association->scope[i].attribute))
            sets[count++] = (struct sql_set){ .attribute = many->association->scope[i].attribute, .value = many->association->scope[i].value };
    *named = count;
    if (many->model->updated_at)
        sets[count++] = (struct sql_set){ .attribute = many->model->updated_at, .value = save_now() };
    return count;
}

struct many_change {
    struct sql_set *sets;
    struct row_values values; /* the same, apart */
    size_t named;
};

static bool many_change(const struct many *many, bool linking, struct many_change *out) {
    struct arena *arena = many->relation->arena;
    size_t room = many->key->count + many->association->scope_count + 1;
    out->sets = arena_allocate_cleared(arena, room * sizeof *out->sets);
    out->values.attributes = arena_allocate(arena, room * sizeof *out->values.attributes);
    out->values.values = arena_allocate(arena, room * sizeof *out->values.values);
    if (!out->sets || !out->values.attributes || !out->values.values)
        return fault_no_memory(&many->relation->session->fault);
    out->values.count = many_sets(many, linking, out->sets, &out->named);
    for (size_t i = 0; i < out->values.count; i++) {
        out->values.attributes[i] = out->sets[i].attribute;
        out->values.values[i] = out->sets[i].value;
    }
    return true;
}

/* ---- rows in memory ---- */

/* Whether memory has what the database has: a row that stays linked may have been read before it was, or have another key pending. */
static bool many_row_knows(const kin_row *row, const struct many_change *change) {
    for (size_t i = 0; i < change->named; i++) {
        kin_value value = row_load(row, change->values.attributes[i]);
        if (row_bit(row, ROW_CHANGED, change->values.attributes[i]->index) || !value_equal(&value, &change->values.values[i]))
            return false;
    }
    return true;
}

/* The rows take the values that are about to be written; many_memory_end says whether they were. only_from: those alone that have that key. */
static bool many_memory_begin(struct many *many, const struct many_change *change, const kin_value *only_from) {
    const struct targets *targets = many->targets;
    kin_session *session = many->relation->session;
    bool each = many->relation->options->individual_hooks && !only_from; /* each that was not linked is saved by itself */
    many->snapshot_count = 0;
    if (!targets->rows)
        return true;
    many->snapshots = arena_allocate(many->relation->arena, targets->count * sizeof *many->snapshots);
    if (!many->snapshots)
        return fault_no_memory(&session->fault);
    for (size_t i = 0; i < targets->count; i++) {
        kin_row *row = targets->rows[i];
        kin_value there;
        bool linked = targets->marks[i] & TARGET_LINKED;
        if (targets->keys[i].type == KIN_VALUE_UNSET || (each && !linked) || (linked && many_row_knows(row, change)))
            continue;
        if (only_from && !(row_key(row, many->key, many->relation->arena, &there) && value_equal(&there, only_from)))
            continue;
        struct snapshot *snapshot = snapshot_take(row, change->values.attributes, change->values.count);
        if (!snapshot)
            return false;
        many->snapshots[many->snapshot_count++] = snapshot;
        /* A row that is linked already is not written. */
        size_t count = linked ? change->named : change->values.count;
        for (size_t k = 0; k < count; k++) {
            if (!row_store(row, change->values.attributes[k], &change->values.values[k]))
                return false;
            if (!only_from) /* what leaves with another key pending may not have had this one in the database: NULL is pending then */
                row_set_bit(row, ROW_CHANGED, change->values.attributes[k]->index, false);
        }
    }
    if (!session_journal_reserve(session, many->snapshot_count))
        return false;
    for (size_t i = 0; i < many->snapshot_count; i++)
        snapshot_keep(many->snapshots[i]);
    return true;
}

static bool many_memory_end(struct many *many, bool good) {
    for (size_t i = 0; !good && i < many->snapshot_count; i++)
        snapshot_restore(many->snapshots[i]);
    many->snapshot_count = 0;
    return good;
}

/* ---- the UPDATE ---- */

static bool many_is_hooked(const struct many *many) {
    return !many->relation->flags.no_hooks && (hooks_any(many->model, KIN_BEFORE_BULK_UPDATE) || hooks_any(many->model, KIN_AFTER_BULK_UPDATE));
}

static bool many_hook(const struct many *many, kin_hook_kind kind, const struct many_change *change, const kin_value *keys, size_t count) {
    const struct relation *relation = many->relation;
    kin_values values;
    const kin_condition *where;
    if (relation->flags.no_hooks || !hooks_any(many->model, kind))
        return true;
    const struct key *key = keys ? &many->model->primary_key : many->key;
    return relation_hook_values(relation, change->sets, change->named, &values) &&
           relation_hook_keys(relation, key, keys ? keys : &relation->key, keys ? count : 1, &where) &&
           hooks_bulk(relation->session, many->model, kind, (kin_rows){ NULL, 0 }, values, where);
}

/* keys: NULL for all that are linked. Those that leave must still be linked when the statement runs. */
static bool many_update_part(const struct many *many, bool linking, const struct many_change *change, const kin_value *keys, size_t count) {
    const struct relation *relation = many->relation;
    const struct sql_expression *where = NULL;
    if ((!linking && !many_where(many, &where)) || (keys && !relation_and_keys(relation, &many->model->primary_key, 0, keys, count, &where)))
        return false;
    const struct sql_update update = { .model = many->model, .sets = change->sets, .set_count = change->values.count, .where = where };
    const struct sql_statement statement = { .kind = SQL_UPDATE, .as.update = &update };
    return session_execute(relation->session, &statement, NULL);
}

static bool many_update_parts(const struct many *many, bool linking, const struct many_change *change, const kin_value *keys, size_t count) {
    size_t chunk = relation_chunk(many->relation, &many->model->primary_key);
    if (!keys)
        return many_update_part(many, linking, change, NULL, 0);
    for (size_t at = 0, part; at < count; at += part) {
        part = count - at < chunk ? count - at : chunk;
        if (!many_update_part(many, linking, change, keys + at, part))
            return false;
    }
    return true;
}

static bool many_update(const struct many *many, bool linking, const struct many_change *change, const kin_value *keys, size_t count) {
    struct row_values named = change->values;
    named.count = change->named;
    if (linking && !many->relation->flags.no_validate && !validate_values(many->relation->session, many->model, &named))
        return false;
    return many_hook(many, KIN_BEFORE_BULK_UPDATE, change, keys, count) && many_update_parts(many, linking, change, keys, count) &&
           many_hook(many, KIN_AFTER_BULK_UPDATE, change, keys, count);
}

/* ---- row by row, for .individual_hooks and for rows that are not saved ---- */

/* Gives a row the values as pending changes, also where memory has them already: the database may not. */
static bool many_change_row(kin_row *row, const struct many_change *change) {
    for (size_t i = 0; i < change->named; i++) {
        if (!row_change(row, change->values.attributes[i], &change->values.values[i]))
            return false;
        row_set_bit(row, ROW_CHANGED, change->values.attributes[i]->index, true);
    }
    return true;
}

static bool many_save_row(const struct many *many, kin_row *row, const struct many_change *change, struct snapshot **snapshot) {
    *snapshot = snapshot_take(row, change->values.attributes, change->values.count);
    if (!*snapshot || !many_change_row(row, change))
        return false;
    if (!row_has_flag(row, ROW_SAVED))
        return save_insert(row, many->relation->flags);
    const char **names = arena_allocate(many->relation->arena, change->named * sizeof *names);
    if (!names)
        return fault_no_memory(&many->relation->session->fault);
    for (size_t i = 0; i < change->named; i++)
        names[i] = change->values.attributes[i]->info.name;
    return save_update(row, (kin_names){ names, change->named }, many->relation->flags);
}

/* Rows that have keys, read for their hooks' sake. */
static bool many_find(const struct many *many, const kin_value *keys, size_t count, struct region *region, kin_rows *out) {
    const struct sql_expression *where = NULL;
    const kin_find options = { .size = sizeof options, .with_deleted = true };
    if (!relation_and_keys(many->relation, &many->model->primary_key, 0, keys, count, &where))
        return false;
    const struct find_extra extra = { .where = where };
    return find_rows(many->relation->session, many->model, &options, &extra, region, out);
}

static bool many_save_keys(const struct many *many, const struct many_change *change, const struct key_list *keys) {
    size_t chunk = relation_chunk(many->relation, &many->model->primary_key);
    struct region region;
    region_start(&region, many->relation->session);
    bool good = true;
    for (size_t at = 0, part; good && at < keys->count; at += part) {
        kin_rows rows;
        struct snapshot *snapshot;
        part = keys->count - at < chunk ? keys->count - at : chunk;
        good = many_find(many, keys->at + at, part, &region, &rows);
        for (size_t i = 0; good && i < rows.count; i++)
            good = many_save_row(many, rows.at[i], change, &snapshot);
    }
    region_end(&region);
    return good;
}

/* The caller's rows: those that are not saved, or (linked) all that are to be linked and are not. */
static bool many_save_rows(struct many *many, const struct many_change *change, bool saved_too) {
    const struct targets *targets = many->targets;
    many->snapshot_count = 0;
    many->snapshots = arena_allocate(many->relation->arena, targets->count * sizeof *many->snapshots);
    if (!many->snapshots)
        return fault_no_memory(&many->relation->session->fault);
    for (size_t i = 0; i < targets->count; i++) {
        if (targets->keys[i].type != KIN_VALUE_UNSET && (!saved_too || targets->marks[i] & TARGET_LINKED))
            continue;
        struct snapshot *snapshot;
        bool good = many_save_row(many, targets->rows[i], change, &snapshot);
        if (snapshot)
            many->snapshots[many->snapshot_count++] = snapshot;
        if (!good)
            return false;
    }
    return true;
}

/* ---- unlinking and linking ---- */

/* The bulk hooks run around those of each row. */
static bool many_save_keys_hooked(const struct many *many, const struct many_change *change, const struct key_list *keys) {
    return many_hook(many, KIN_BEFORE_BULK_UPDATE, change, keys->at, keys->count) && many_save_keys(many, change, keys) &&
           many_hook(many, KIN_AFTER_BULK_UPDATE, change, keys->at, keys->count);
}

static bool many_save_rows_hooked(struct many *many, const struct many_change *change) {
    const struct key_list *keys = &many->joining;
    return (keys->count == 0 || many_hook(many, KIN_BEFORE_BULK_UPDATE, change, keys->at, keys->count)) && many_save_rows(many, change, true) &&
           (keys->count == 0 || many_hook(many, KIN_AFTER_BULK_UPDATE, change, keys->at, keys->count));
}

static bool many_unlink(struct many *many) {
    struct many_change change;
    if (many->leaving.count == 0)
        return true;
    if (!many_change(many, false, &change))
        return false;
    if (many->relation->options->individual_hooks)
        return many_save_keys_hooked(many, &change, &many->leaving);
    return many_update(many, false, &change, many->all_leave ? NULL : many->leaving.at, many->leaving.count);
}

/* Links those in many->joining, and inserts those that are not saved. Rows that were linked before learn their key, too. What was changed in
 * memory is undone by the caller when it fails, after the level has ended: the journal's entries are older. */
static bool many_link(struct many *many, struct snapshot ***taken, size_t *taken_count) {
    struct many_change change;
    *taken_count = 0;
    if (!many_change(many, true, &change))
        return false;
    bool each = many->relation->options->individual_hooks && many->targets->rows;
    bool good = true;
    if (each || many->targets->unsaved > 0) {
        good = each ? many_save_rows_hooked(many, &change) : many_save_rows(many, &change, false);
        *taken = many->snapshots;
        *taken_count = many->snapshot_count;
    }
    if (!good)
        return false;
    good = many_memory_begin(many, &change, NULL);
    if (good && many->joining.count > 0 && !each)
        good = many->relation->options->individual_hooks ? many_save_keys_hooked(many, &change, &many->joining)
                                                         : many_update(many, true, &change, many->joining.at, many->joining.count);
    return many_memory_end(many, good);
}

static bool many_is_one_statement(const struct many *many) {
    size_t chunk = relation_chunk(many->relation, &many->model->primary_key);
    size_t count = many->all_leave ? many->leaving.count > 0 : relation_chunks(many->leaving.count, chunk);
    return count + relation_chunks(many->joining.count, chunk) + many->targets->unsaved <= 1 && !many_is_hooked(many) &&
           !many->relation->options->individual_hooks;
}

static bool many_write(struct many *many, bool reread, bool level) {
    kin_session *session = many->relation->session;
    struct snapshot **taken = NULL;
    size_t taken_count = 0;
    if (level && !session_begin_level(session, true))
        return false;
    bool good =
        (!reread || (relation_lock_owner(many->relation) && many_read(many, true))) && many_unlink(many) && many_link(many, &taken, &taken_count);
    if (level)
        good = session_end_level(session, good);
    for (size_t i = 0; !good && i < taken_count; i++)
        snapshot_restore(taken[i]);
    return good;
}

/* ---- the verbs ---- */

bool linking_many_set(struct relation *relation, struct targets *targets) {
    struct many many;
    many_start(&many, relation, targets);
    if (!many_read(&many, false))
        return false;
    /* Even when there is nothing to send the rows in memory learn their key. */
    if (many.leaving.count + many.joining.count + targets->unsaved == 0)
        return many_write(&many, false, false);
    bool holds = relation_is_settled(relation->session) || many_clears(&many);
    return many_write(&many, !holds, !holds || !many_is_one_statement(&many));
}

bool linking_many_add(struct relation *relation, struct targets *targets) {
    struct many many;
    if (targets->count == 0)
        return true;
    many_start(&many, relation, targets);
    for (size_t i = 0; i < targets->count; i++)
        if (targets->keys[i].type != KIN_VALUE_UNSET && !key_list_borrow(relation, &many.joining, &targets->keys[i]))
            return false;
    return many_write(&many, false, !many_is_one_statement(&many));
}

/* Those of the targets that are linked. */
static bool many_read_linked(struct many *many) {
    const struct relation *relation = many->relation;
    size_t chunk = relation_chunk(relation, &many->model->primary_key), count = many->joining.count;
    for (size_t at = 0, part; at < count; at += part) {
        const struct sql_expression *where;
        struct key_reader reader;
        part = count - at < chunk ? count - at : chunk;
        if (!many_where(many, &where) || !relation_and_keys(relation, &many->model->primary_key, 0, many->joining.at + at, part, &where))
            return false;
        struct sql_select select = { .model = many->model, .where = where };
        if (!key_reader_open(relation, &reader, &select, &many->model->primary_key, 0, NULL, 0))
            return false;
        while (key_reader_next(&reader))
            if (!key_list_copy(relation, &many->leaving, &reader.key)) {
                key_reader_close(&reader);
                return false;
            }
    }
    return !fault_is_set(&relation->session->fault);
}

static bool many_remove_each(struct many *many, const struct many_change *change) {
    kin_session *session = many->relation->session;
    return many_read_linked(many) && (many->leaving.count == 0 || (session_begin_level(session, true) &&
                                                                    session_end_level(session, many_save_keys_hooked(many, change, &many->leaving))));
}

static bool many_remove_together(struct many *many, const struct many_change *change) {
    kin_session *session = many->relation->session;
    bool level = many_is_hooked(many) || relation_chunks(many->joining.count, relation_chunk(many->relation, &many->model->primary_key)) > 1;
    if (level && !session_begin_level(session, true))
        return false;
    bool good = many_update(many, false, change, many->joining.at, many->joining.count);
    return level ? session_end_level(session, good) : good;
}

bool linking_many_remove(struct relation *relation, struct targets *targets) {
    struct many many;
    struct many_change change;
    many_start(&many, relation, targets);
    for (size_t i = 0; i < targets->count; i++)
        if (targets->keys[i].type != KIN_VALUE_UNSET && !key_list_borrow(relation, &many.joining, &targets->keys[i]))
            return false;
    if (many.joining.count == 0)
        return true;
    if (many.required) /* what is not linked is passed over here, too */
        return many_read_linked(&many) && (many.leaving.count == 0 || relation_refuse_unlink(relation, many.required));
    if (!many_change(&many, false, &change))
        return false;
    bool good = many_memory_begin(&many, &change, &relation->key) &&
                (relation->options->individual_hooks ? many_remove_each(&many, &change) : many_remove_together(&many, &change));
    return many_memory_end(&many, good);
}
