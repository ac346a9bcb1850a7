/* To-one: belongs-to writes the key of the source and nothing else of it; has-one takes the key from the partner there is and gives it to the
 * target. When the database refuses, rows in memory have the keys they had. */
#include "orm/find.h"
#include "orm/link_kinds.h"
#include "orm/snapshot.h"

static struct snapshot *linking_take_key(kin_row *row, const struct key *key) {
    return snapshot_take(row, (const struct attribute *const *)key->at, key->count);
}

/* key NULL: NULLs. */
static bool linking_change_key(kin_row *row, const struct key *columns, const kin_value *key) {
    const kin_value null = { .type = KIN_VALUE_NULL };
    for (size_t i = 0; i < columns->count; i++)
        if (!row_change(row, columns->at[i], key ? relation_key_part(key, i) : &null))
            return false;
    return true;
}

/* ---- belongs-to ---- */

bool linking_belongs_to(struct relation *relation, const kin_value *key) {
    kin_row *row = relation->row;
    const struct key *columns = &relation->association->foreign_key;
    bool in_memory = relation->options->no_save || !row_has_flag(row, ROW_SAVED);
    kin_names only;
    if (row_has_flag(row, ROW_DELETED))
        return relation_need_key(relation);
    if (!relation_key_names(relation, columns, &only))
        return false;
    struct snapshot *snapshot = linking_take_key(row, columns);
    if (snapshot && linking_change_key(row, columns, key) && (in_memory || save_update(row, only, relation->flags)))
        return true;
    snapshot_restore(snapshot);
    return false;
}

/* ---- has-one ---- */

struct one {
    struct relation *relation;
    const kin_association *association;
    const kin_model *model;  /* the target's */
    kin_row *target;         /* the caller's; or NULL */
    kin_value wanted;        /* the target's primary key; unset when it has none yet, or there is no target */
    bool by_key;
    struct region region;    /* of the rows that are read */
    kin_row *found;          /* by_key: the target, or NULL */
    struct row_list leaving; /* partners that are not the target */
    bool linked;             /* the target is the partner already */
};

static bool one_where(const struct one *one, const struct sql_expression **where) {
    const struct relation *relation = one->relation;
    *where = NULL;
    if (!relation_and_keys(relation, &one->association->foreign_key, 0, &relation->key, 1, where) ||
        !relation_and_scope(relation, one->association->scope, one->association->scope_count, 0, where))
        return false;
    if (!one->by_key)
        return true;
    /* The target is read together with the partner. */
    const struct sql_expression **either = arena_allocate(relation->arena, 2 * sizeof *either);
    if (either) {
        either[0] = *where;
        either[1] = sql_key_equals(relation->arena, &one->model->primary_key, 0, &one->wanted);
    }
    *where = either && either[1] ? sql_joined(relation->arena, SQL_OR, either, 2) : NULL;
    return *where != NULL || fault_no_memory(&relation->session->fault);
}

static bool one_is_partner(const struct one *one, const kin_row *row) {
    const struct key *columns = &one->association->foreign_key;
    for (size_t i = 0; i < columns->count; i++) {
        kin_value value = row_load(row, columns->at[i]);
        if (!value_equal(&value, relation_key_part(&one->relation->key, i)))
            return false;
    }
    for (size_t i = 0; i < one->association->scope_count; i++) {
        kin_value value = row_load(row, one->association->scope[i].attribute);
        if (!value_equal(&value, &one->association->scope[i].value))
            return false;
    }
    return true;
}

static bool one_take(struct one *one, kin_row *row) {
    kin_value key;
    if (!row_key(row, &one->model->primary_key, one->relation->arena, &key) && fault_is_set(&one->relation->session->fault))
        return false;
    bool partner = one_is_partner(one, row);
    if (one->wanted.type != KIN_VALUE_UNSET && value_equal(&key, &one->wanted)) {
        one->found = row;
        one->linked = partner;
        return true;
    }
    return row_list_add(&one->leaving, row) || fault_no_memory(&one->relation->session->fault);
}

static bool one_read(struct one *one, bool lock) {
    const kin_find options = { .size = sizeof options };
    struct find_extra extra = { .lock = lock };
    kin_rows rows;
    one->found = NULL;
    one->linked = false;
    one->leaving = (struct row_list){ .arena = one->relation->arena };
    if (!one_where(one, &extra.where) || !find_rows(one->relation->session, one->model, &options, &extra, &one->region, &rows))
        return false;
    for (size_t i = 0; i < rows.count; i++)
        if (!one_take(one, rows.at[i]))
            return false;
    if (one->by_key && !one->found) {
        struct text described = { 0 };
        value_describe(&one->wanted, &described);
        fault_set(&one->relation->session->fault, KIN_NOT_FOUND, one->model->info.name, one->association->info.name,
                  "%s: there is no %s with the key %s", one->relation->verb, one->model->info.name, text_string(&described));
        text_free(&described);
        return false;
    }
    const struct attribute *required = relation_required_part(&one->association->foreign_key);
    return one->leaving.count == 0 || !required || relation_refuse_unlink(one->relation, required);
}

static bool one_unlink(const struct one *one) {
    kin_names only;
    if (!relation_key_names(one->relation, &one->association->foreign_key, &only))
        return false;
    for (size_t i = 0; i < one->leaving.count; i++)
        if (!linking_change_key(one->leaving.at[i], &one->association->foreign_key, NULL) ||
            !save_update(one->leaving.at[i], only, one->relation->flags))
            return false;
    return true;
}

/* The target's key and scope in memory: pending, unless the database has them. Where memory had them already, they are pending all the same: what
 * was read says that the database has something else. */
static bool one_change(const struct one *one, kin_row *row) {
    const struct key *columns = &one->association->foreign_key;
    bool saved = row_has_flag(row, ROW_SAVED);
    if (!linking_change_key(row, columns, &one->relation->key))
        return false;
    for (size_t i = 0; i < one->association->scope_count; i++)
        if (!row_change(row, one->association->scope[i].attribute, &one->association->scope[i].value))
            return false;
    for (size_t i = 0; saved && i < columns->count; i++)
        row_set_bit(row, ROW_CHANGED, columns->at[i]->index, !one->linked);
    for (size_t i = 0; saved && one->linked && i < one->association->scope_count; i++)
        row_set_bit(row, ROW_CHANGED, one->association->scope[i].attribute->index, false);
    return true;
}

static kin_row *one_target(const struct one *one) { return one->target ? one->target : one->found; }

static bool one_link(const struct one *one, struct snapshot **taken) {
    kin_row *row = one_target(one);
    const struct key *columns = &one->association->foreign_key;
    size_t count = columns->count + one->association->scope_count;
    if (!one->target && !one->by_key)
        return true;
    const struct attribute **attributes = arena_allocate(one->relation->arena, count * sizeof *attributes);
    if (!attributes)
        return fault_no_memory(&one->relation->session->fault);
    for (size_t i = 0; i < count; i++)
        attributes[i] = i < columns->count ? columns->at[i] : one->association->scope[i - columns->count].attribute;
    *taken = snapshot_take(row, attributes, count);
    return *taken && one_change(one, row) && save_row(row, (kin_names){ NULL, 0 }, one->relation->flags);
}

static bool one_write(struct one *one, bool reread, bool level) {
    kin_session *session = one->relation->session;
    struct snapshot *taken = NULL;
    if (level && !session_begin_level(session, true))
        return false;
    bool good = true;
    if (reread) {
        region_reset(&one->region);
        good = relation_lock_owner(one->relation) && one_read(one, true);
    }
    good = good && one_unlink(one) && one_link(one, &taken);
    if (level)
        good = session_end_level(session, good);
    if (!good && one->target)
        snapshot_restore(taken);
    return good;
}

static bool one_settle(struct one *one) {
    kin_session *session = one->relation->session;
    if (!one_read(one, false))
        return false;
    kin_row *row = one_target(one);
    bool links = (one->target || one->by_key) && !one->linked;
    size_t statements = one->leaving.count + (links || (row && one->linked && row_any_changed(row)));
    /* Even when there is nothing to send the row in memory learns its key. */
    if (statements == 0)
        return one_write(one, false, false);
    bool settled = relation_is_settled(session);
    return one_write(one, !settled, !settled || statements > 1);
}

bool linking_has_one(struct relation *relation, kin_row *target, const kin_value *key) {
    struct one one = { .relation = relation, .association = relation->association, .model = relation->association->info.target,
                       .target = target, .wanted = { .type = KIN_VALUE_UNSET }, .by_key = key != NULL };
    bool known = false;
    if (key)
        one.wanted = *key;
    else if (target && row_has_flag(target, ROW_SAVED) && !relation_row_key(relation, target, &one.model->primary_key, &one.wanted, &known))
        return false;
    region_start(&one.region, relation->session);
    bool good = one_settle(&one);
    region_end(&one.region);
    return good;
}

/* ---- the verbs ---- */

static bool one_refuse_no_save(const struct relation *relation) {
    if (!relation->options->no_save || relation->association->info.kind == KIN_BELONGS_TO)
        return true;
    return fault_set(&relation->session->fault, KIN_MISUSE, relation->association->source->info.name, relation->association->info.name,
                     "%s: .no_save is for belongs-to, where the row itself has the key; %s.%s is a has-one association", relation->verb,
                     relation->association->source->info.name, relation->association->info.name);
}

static bool one_set(struct relation *relation, kin_row *target) {
    bool belongs_to = relation->association->info.kind == KIN_BELONGS_TO;
    struct targets targets = { 0 };
    kin_row *const rows[] = { target };
    const kin_targets given = { .rows = rows, .count = target ? 1 : 0 };
    if (!relation_refuse_through(relation) || !one_refuse_no_save(relation) || (!belongs_to && !relation_need_key(relation)) ||
        !targets_collect(relation, given, belongs_to ? TARGETS_LINKED : TARGETS_INSERTED, !belongs_to, &targets))
        return false;
    return belongs_to ? linking_belongs_to(relation, target ? &targets.keys[0] : NULL) : linking_has_one(relation, target, NULL);
}

static bool one_set_key(struct relation *relation, const kin_value *given) {
    kin_value key;
    if (!relation_refuse_through(relation) || !one_refuse_no_save(relation) ||
        !row_convert_key(relation->session, relation_target_key(relation->association), given, relation->arena, &key, relation->verb))
        return false;
    if (relation->association->info.kind == KIN_BELONGS_TO)
        return linking_belongs_to(relation, &key);
    return relation_need_key(relation) && linking_has_one(relation, NULL, &key);
}

bool(kin_set_one)(kin_row *row, const kin_association *association, kin_row *target, const kin_link *options) {
    struct relation relation;
    if (!relation_enter(&relation, row, association, false, options, "kin_set_one"))
        return false;
    bool good = one_set(&relation, target);
    session_leave(relation.session);
    return good;
}

bool(kin_set_one_key)(kin_row *row, const kin_association *association, kin_value key, const kin_link *options) {
    struct relation relation;
    if (!relation_enter(&relation, row, association, false, options, "kin_set_one_key"))
        return false;
    bool good = one_set_key(&relation, &key);
    session_leave(relation.session);
    return good;
}
