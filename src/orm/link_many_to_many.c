/* Many to many: set, add and remove write join rows, never targets.
 *
 * Always: what is given up, kept and added is judged on join rows that nobody else can change meanwhile, or the statement itself settles who came
 * first (INSERT that passes over a pair that is there). One statement goes by itself; several are one level. */
#include "orm/link_kinds.h"
#include "orm/link_values.h"

#include <string.h>

/* What the join model's constraints say about the same pair coming twice. */
enum through_pairs {
    THROUGH_PAIRS_REPEAT,       /* nothing */
    THROUGH_PAIRS_ONCE_A_SCOPE, /* once among the rows of the association's scope */
    THROUGH_PAIRS_ONCE          /* once, whatever the scope */
};

/* Targets by number. */
struct through_list {
    size_t *at;
    size_t count;
};

struct through {
    struct relation *relation;
    struct targets *targets;
    const kin_association *association;
    const kin_model *model;
    struct linking_values values;
    enum through_pairs pairs;
    bool conflicts_are_pairs; /* no other constraint of the join model can refuse a join row as not unique */
    bool replace;             /* what is linked and not among the targets leaves */
    bool watches_deleted, watches_scope; /* join rows that are soft-deleted, or of another scope, are read as well */
    const struct attribute **columns;    /* read beside the key: values.attributes, deleted_at, the scope's */
    size_t column_count;
    struct key_list leaving;
    bool all_leave;
    struct through_list joining, differing, restoring;
};

/* ---- constraints of the join model ---- */

static bool through_is_pair(const kin_association *association, const struct attribute *attribute) {
    return relation_key_has(&association->foreign_key, attribute) || relation_key_has(&association->other_key, attribute);
}

static bool through_is_scope(const kin_association *association, const struct attribute *attribute) {
    for (size_t i = 0; i < association->through_scope_count; i++)
        if (association->through_scope[i].attribute == attribute)
            return true;
    return false;
}

static bool through_covers_pair(const kin_association *association, const struct key *unique) {
    for (size_t i = 0; i < association->foreign_key.count; i++)
        if (!relation_key_has(unique, association->foreign_key.at[i]))
            return false;
    for (size_t i = 0; i < association->other_key.count; i++)
        if (!relation_key_has(unique, association->other_key.at[i]))
            return false;
    return true;
}

static void through_judge_unique(struct through *through, const struct key *unique) {
    bool pair = true, scope = true;
    for (size_t i = 0; i < unique->count; i++) {
        bool in_pair = through_is_pair(through->association, unique->at[i]);
        pair &= in_pair;
        scope &= in_pair || through_is_scope(through->association, unique->at[i]);
    }
    if (!through_covers_pair(through->association, unique)) {
        through->conflicts_are_pairs = false;
        return;
    }
    if (pair)
        through->pairs = THROUGH_PAIRS_ONCE;
    else if (scope && through->pairs == THROUGH_PAIRS_REPEAT)
        through->pairs = THROUGH_PAIRS_ONCE_A_SCOPE;
}

static void through_judge(struct through *through) {
    const kin_model *model = through->model;
    through->pairs = THROUGH_PAIRS_REPEAT;
    through->conflicts_are_pairs = true;
    /* A key that the database makes is new each time. */
    if (!(model->identity && model->primary_key.count == 1))
        through_judge_unique(through, &model->primary_key);
    for (size_t i = 0; i < model->unique_count; i++)
        through_judge_unique(through, &model->uniques[i].columns);
    for (size_t i = 0; i < model->index_count; i++)
        if (model->indexes[i].unique)
            through_judge_unique(through, &model->indexes[i].columns);
}

static bool through_start(struct through *through, struct relation *relation, struct targets *targets, bool replace) {
    *through = (struct through){ .relation = relation,
                                 .targets = targets,
                                 .association = relation->association,
                                 .model = relation->association->info.through,
                                 .replace = replace };
    through_judge(through);
    if (!linking_values_collect(relation, targets, &through->values))
        return false;
    through->watches_deleted = through->model->deleted_at && through->pairs != THROUGH_PAIRS_REPEAT;
    through->watches_scope = through->association->through_scope_count > 0 && through->pairs == THROUGH_PAIRS_ONCE;
    size_t count = through->values.count + 1 + through->association->through_scope_count;
    through->columns = arena_allocate(relation->arena, count * sizeof *through->columns);
    if (!through->columns)
        return fault_no_memory(&relation->session->fault);
    for (size_t i = 0; i < through->values.count; i++)
        through->columns[through->column_count++] = through->values.attributes[i];
    if (through->watches_deleted)
        through->columns[through->column_count++] = through->model->deleted_at;
    for (size_t i = 0; through->watches_scope && i < through->association->through_scope_count; i++)
        through->columns[through->column_count++] = through->association->through_scope[i].attribute;
    return true;
}

/* ---- reading ---- */

/* The join rows of the source: those the association sees, and those that are watched. */
static bool through_where(const struct through *through, bool watched, const struct sql_expression **where) {
    const kin_association *association = through->association;
    *where = NULL;
    return relation_and_keys(through->relation, &association->foreign_key, 0, &through->relation->key, 1, where) &&
           ((watched && through->watches_scope) ||
            relation_and_scope(through->relation, association->through_scope, association->through_scope_count, 0, where)) &&
           ((watched && through->watches_deleted) || relation_and_live(through->relation, through->model, 0, where));
}

static bool through_differs(const struct through *through, size_t target, const kin_value *cells) {
    const kin_value *supplied = linking_values_at(&through->values, target);
    for (size_t i = 0; i < through->values.count; i++)
        if (supplied[i].type != KIN_VALUE_UNSET && !value_equal(&supplied[i], &cells[i]))
            return true;
    return false;
}

static bool through_is_elsewhere(const struct through *through, const kin_value *cells) {
    for (size_t i = 0; i < through->association->through_scope_count; i++)
        if (!value_equal(&through->association->through_scope[i].value, &cells[i]))
            return true;
    return false;
}

static bool through_take(struct through *through, const struct key_reader *reader) {
    size_t target = targets_find(through->targets, &reader->key);
    const kin_value *cells = reader->cells + reader->key_count, *watched = cells + through->values.count;
    uint8_t *mark = target == SIZE_MAX ? NULL : &through->targets->marks[target];
    if (through->watches_scope && through_is_elsewhere(through, watched + through->watches_deleted)) {
        if (mark)
            *mark |= TARGET_ELSEWHERE;
        return true;
    }
    if (through->watches_deleted && watched->type != KIN_VALUE_NULL) {
        if (mark)
            *mark |= TARGET_DELETED;
        return true;
    }
    if (!mark)
        return !through->replace || key_list_copy(through->relation, &through->leaving, &reader->key);
    *mark |= TARGET_LINKED;
    through->all_leave = false;
    if (through->values.count > 0 && through_differs(through, target, cells))
        *mark |= TARGET_DIFFERS;
    return true;
}

/* keys: NULL for all join rows of the source. */
static bool through_read_part(struct through *through, const kin_value *keys, size_t count, bool lock) {
    const struct relation *relation = through->relation;
    const struct key *other = &through->association->other_key;
    const struct sql_expression *where;
    if (!through_where(through, true, &where) || (keys && !relation_and_keys(relation, other, 0, keys, count, &where)))
        return false;
    struct sql_select select = { .model = through->model, .where = where, .lock = lock };
    struct key_reader reader;
    if (!key_reader_open(relation, &reader, &select, other, 0, through->columns, through->column_count))
        return false;
    while (key_reader_next(&reader))
        if (!through_take(through, &reader)) {
            key_reader_close(&reader);
            return false;
        }
    return !fault_is_set(&relation->session->fault);
}

static bool through_refuse_elsewhere(const struct through *through) {
    struct fault *fault = &through->relation->session->fault;
    const char *source = through->association->source->info.name, *name = through->association->info.name;
    fault_set(
        fault, KIN_CONSTRAINT, source, name,
        "%s: a %s is linked to this %s already, outside of the scope of %s.%s, and %s has each pair once; declare the associations with .not_unique",
        through->relation->verb, through->association->info.target->info.name, source, source, name, through->model->info.name);
    fault_constraint(fault, KIN_UNIQUE, NULL, through->model->info.table);
    return false;
}

static void through_list_add(struct through_list *list, size_t target) { list->at[list->count++] = target; }

/* From marks to lists. */
static bool through_sort(struct through *through) {
    size_t count = through->targets->count;
    struct through_list *lists[3] = { &through->joining, &through->differing, &through->restoring };
    for (size_t i = 0; i < 3; i++) {
        lists[i]->count = 0;
        if (!lists[i]->at && !(lists[i]->at = arena_allocate(through->relation->arena, count * sizeof *lists[i]->at)))
            return fault_no_memory(&through->relation->session->fault);
    }
    for (size_t i = 0; i < count; i++) {
        unsigned mark = through->targets->marks[i];
        if (mark & TARGET_DIFFERS)
            through_list_add(&through->differing, i);
        else if (mark & TARGET_LINKED)
            continue;
        else if (mark & TARGET_ELSEWHERE)
            return through_refuse_elsewhere(through);
        else
            through_list_add(mark & TARGET_DELETED ? &through->restoring : &through->joining, i);
    }
    return true;
}

static bool through_read(struct through *through, bool lock) {
    size_t count = through->targets->count, chunk = relation_chunk(through->relation, &through->association->other_key);
    targets_clear_marks(through->targets);
    through->leaving.count = 0;
    through->all_leave = true;
    if (through->replace) {
        if (!through_read_part(through, NULL, 0, lock))
            return false;
        return through_sort(through);
    }
    for (size_t at = 0, part; at < count; at += part) {
        part = count - at < chunk ? count - at : chunk;
        if (!through_read_part(through, through->targets->keys + at, part, lock))
            return false;
    }
    return through_sort(through);
}

/* ---- writing ---- */

static bool through_hook(const struct through *through, kin_hook_kind kind, const struct sql_set *sets, size_t set_count, const kin_value *keys,
                         size_t count) {
    const struct relation *relation = through->relation;
    if (relation->flags.no_hooks || !hooks_any(through->model, kind))
        return true;
    kin_values values = { NULL, 0 };
    const kin_condition *source, *others = NULL, *where = NULL;
    if ((set_count > 0 && !relation_hook_values(relation, sets, set_count, &values)) ||
        !relation_hook_keys(relation, &through->association->foreign_key, &relation->key, 1, &source) ||
        (keys && !relation_hook_keys(relation, &through->association->other_key, keys, count, &others)))
        return false;
    const kin_condition *children[] = { source, others };
    const kin_condition both = { .kind = KIN_CONDITION_AND, .children = children, .count = others ? 2 : 1 };
    if (source && (others || !keys))
        where = &both;
    return hooks_bulk(relation->session, through->model, kind, (kin_rows){ NULL, 0 }, values, where);
}

static bool through_is_hooked(const struct through *through, kin_hook_kind before, kin_hook_kind after) {
    return !through->relation->flags.no_hooks && (hooks_any(through->model, before) || hooks_any(through->model, after));
}

/* Deletes join rows, or marks them deleted: those of the keys, or (NULL) all of the source. */
static bool through_delete_part(const struct through *through, const kin_value *keys, size_t count) {
    const struct relation *relation = through->relation;
    const kin_model *model = through->model;
    const struct sql_expression *where;
    if (!through_where(through, false, &where) || (keys && !relation_and_keys(relation, &through->association->other_key, 0, keys, count, &where)))
        return false;
    const struct sql_delete delete_ = { .model = model, .where = where };
    struct sql_statement statement = { .kind = SQL_DELETE, .as.delete_ = &delete_ };
    struct sql_set sets[2];
    struct sql_update update = { .model = model, .sets = sets, .where = where };
    if (model->deleted_at) {
        kin_value now = save_now();
        sets[update.set_count++] = (struct sql_set){ .attribute = model->deleted_at, .value = now };
        if (model->updated_at)
            sets[update.set_count++] = (struct sql_set){ .attribute = model->updated_at, .value = now };
        statement = (struct sql_statement){ .kind = SQL_UPDATE, .as.update = &update };
    }
    return session_execute(relation->session, &statement, NULL);
}

static bool through_delete(const struct through *through, const kin_value *keys, size_t count) {
    if (!through_hook(through, KIN_BEFORE_BULK_DESTROY, NULL, 0, keys, count))
        return false;
    size_t chunk = relation_chunk(through->relation, &through->association->other_key);
    if (!keys) {
        if (!through_delete_part(through, NULL, 0))
            return false;
    } else {
        for (size_t at = 0, part; at < count; at += part) {
            part = count - at < chunk ? count - at : chunk;
            if (!through_delete_part(through, keys + at, part))
                return false;
        }
    }
    return through_hook(through, KIN_AFTER_BULK_DESTROY, NULL, 0, keys, count);
}

/* The sets of an UPDATE; how many of them the validators are to see in *judged. */
static size_t through_sets(const struct through *through, const kin_value *supplied, bool restore, struct sql_set *sets, size_t *judged) {
    const kin_model *model = through->model;
    size_t count = 0;
    bool updated = false;
    for (size_t i = 0; i < through->values.count; i++) {
        if (supplied[i].type == KIN_VALUE_UNSET)
            continue;
        updated |= through->values.attributes[i] == model->updated_at;
        sets[count++] = (struct sql_set){ .attribute = through->values.attributes[i], .value = supplied[i] };
    }
    *judged = count;
    if (restore)
        sets[count++] = (struct sql_set){ .attribute = model->deleted_at, .value = { .type = KIN_VALUE_NULL } };
    if (model->updated_at && !updated)
        sets[count++] = (struct sql_set){ .attribute = model->updated_at, .value = save_now() };
    return count;
}

static bool through_validate(const struct through *through, const struct sql_set *sets, size_t count) {
    struct arena *arena = through->relation->arena;
    if (through->relation->flags.no_validate || count == 0)
        return true;
    struct row_values values = { arena_allocate(arena, count * sizeof *values.attributes), arena_allocate(arena, count * sizeof *values.values),
                                 count };
    if (!values.attributes || !values.values)
        return fault_no_memory(&through->relation->session->fault);
    for (size_t i = 0; i < count; i++) {
        values.attributes[i] = sets[i].attribute;
        values.values[i] = sets[i].value;
    }
    return validate_values(through->relation->session, through->model, &values);
}

static bool through_update_part(const struct through *through, const struct sql_set *sets, size_t set_count, bool restore, const kin_value *keys,
                                size_t count) {
    const struct relation *relation = through->relation;
    const kin_association *association = through->association;
    const struct sql_expression *where = NULL;
    if (!relation_and_keys(relation, &association->foreign_key, 0, &relation->key, 1, &where) ||
        !relation_and_keys(relation, &association->other_key, 0, keys, count, &where) ||
        !relation_and_scope(relation, association->through_scope, association->through_scope_count, 0, &where))
        return false;
    struct sql_column deleted = { through->model->deleted_at, 0 };
    if (restore ? !relation_and(relation, &where, sql_compare(relation->arena, SQL_NE, deleted, (kin_value){ .type = KIN_VALUE_NULL }))
                : !relation_and_live(relation, through->model, 0, &where))
        return false;
    const struct sql_update update = { .model = through->model, .sets = sets, .set_count = set_count, .where = where };
    const struct sql_statement statement = { .kind = SQL_UPDATE, .as.update = &update };
    return session_execute(relation->session, &statement, NULL);
}

/* Join rows that get the same values. */
static bool through_update(const struct through *through, const kin_value *supplied, bool restore, const kin_value *keys, size_t count) {
    const struct relation *relation = through->relation;
    struct sql_set *sets = arena_allocate_cleared(relation->arena, (through->values.count + 2) * sizeof *sets);
    size_t judged, chunk = relation_chunk(relation, &through->association->other_key);
    if (!sets)
        return fault_no_memory(&relation->session->fault);
    size_t set_count = through_sets(through, supplied, restore, sets, &judged);
    if (!through_validate(through, sets, judged) || !through_hook(through, KIN_BEFORE_BULK_UPDATE, sets, set_count, keys, count))
        return false;
    for (size_t at = 0, part; at < count; at += part) {
        part = count - at < chunk ? count - at : chunk;
        if (!through_update_part(through, sets, set_count, restore, keys + at, part))
            return false;
    }
    return through_hook(through, KIN_AFTER_BULK_UPDATE, sets, set_count, keys, count);
}

/* Those that take .through's values go in one statement, those with values of their own one by one. */
static bool through_update_list(const struct through *through, const struct through_list *list, bool restore) {
    struct key_list together = { 0 };
    for (size_t i = 0; i < list->count; i++) {
        const kin_value *supplied = linking_values_at(&through->values, list->at[i]), *key = &through->targets->keys[list->at[i]];
        if (supplied == through->values.common ? !key_list_borrow(through->relation, &together, key)
                                               : !through_update(through, supplied, restore, key, 1))
            return false;
    }
    return together.count == 0 || through_update(through, through->values.common, restore, together.at, together.count);
}

static bool through_insert(const struct through *through) {
    struct linking_rows rows;
    int64_t changed;
    if (through->joining.count == 0)
        return true;
    bool pairs_once = through->pairs != THROUGH_PAIRS_REPEAT && through->conflicts_are_pairs;
    return linking_rows_plan(through->relation, through->targets, &through->values, through->joining.at, through->joining.count, &rows) &&
           linking_rows_insert(through->relation, &rows, pairs_once ? SQL_CONFLICT_NOTHING : SQL_CONFLICT_ERROR, &changed);
}

static bool through_write(const struct through *through) {
    if (through->leaving.count > 0 && !through_delete(through, through->all_leave ? NULL : through->leaving.at, through->leaving.count))
        return false;
    return through_update_list(through, &through->restoring, true) && through_insert(through) &&
           through_update_list(through, &through->differing, false);
}

/* How many UPDATEs a list takes. */
static size_t through_updates(const struct through *through, const struct through_list *list, size_t chunk) {
    size_t together = 0, single = 0;
    for (size_t i = 0; i < list->count; i++)
        if (linking_values_at(&through->values, list->at[i]) == through->values.common)
            together++;
        else
            single++;
    return single + relation_chunks(together, chunk);
}

/* Whether what is to be written is one statement, and no hook can refuse it when it has been sent. */
static bool through_is_one_statement(const struct through *through) {
    size_t chunk = relation_chunk(through->relation, &through->association->other_key);
    size_t count = through->all_leave ? through->leaving.count > 0 : relation_chunks(through->leaving.count, chunk);
    count +=
        (through->joining.count > 0) + through_updates(through, &through->restoring, chunk) + through_updates(through, &through->differing, chunk);
    return count <= 1 && !linking_rows_hooked(through->relation) && !through_is_hooked(through, KIN_BEFORE_BULK_UPDATE, KIN_AFTER_BULK_UPDATE) &&
           !through_is_hooked(through, KIN_BEFORE_BULK_DESTROY, KIN_AFTER_BULK_DESTROY);
}

/* ---- the verbs ---- */

static bool through_changes(const struct through *through) {
    return through->leaving.count + through->joining.count + through->differing.count + through->restoring.count > 0;
}

/* Reads, and when something is to be written makes sure that what was read still holds: it is read again behind the owner's lock, unless nobody
 * else can write. So a set that changes nothing sends the read alone, and asks for no lock. */
static bool through_settle(struct through *through) {
    kin_session *session = through->relation->session;
    bool settled = relation_is_settled(session);
    if (!through_read(through, false))
        return false;
    if (!through_changes(through))
        return true;
    if (settled && through_is_one_statement(through))
        return through_write(through);
    if (!session_begin_level(session, true))
        return false;
    bool good = settled || (relation_lock_owner(through->relation) && through_read(through, true));
    return session_end_level(session, good && through_write(through));
}

/* Nothing is to be linked: one DELETE, if there is anything to delete. */
static bool through_clear(struct through *through) {
    kin_session *session = through->relation->session;
    const struct sql_expression *where;
    if (!through_where(through, false, &where))
        return false;
    struct sql_select select = { .model = through->model, .where = where };
    struct key_reader reader;
    if (!key_reader_open(through->relation, &reader, &select, &through->association->other_key, 0, NULL, 0))
        return false;
    bool any = key_reader_next(&reader);
    key_reader_close(&reader);
    if (!any)
        return !fault_is_set(&session->fault);
    if (!through_is_hooked(through, KIN_BEFORE_BULK_DESTROY, KIN_AFTER_BULK_DESTROY))
        return through_delete(through, NULL, 0);
    return session_begin_level(session, true) && session_end_level(session, through_delete(through, NULL, 0));
}

bool linking_through_set(struct relation *relation, struct targets *targets) {
    struct through through;
    if (!through_start(&through, relation, targets, true))
        return false;
    return targets->count == 0 ? through_clear(&through) : through_settle(&through);
}

/* INSERT that passes over what is there, and where that leaves some and there are values for them, UPDATE. */
static bool through_insert_or_update(struct through *through, struct linking_rows *rows, bool level) {
    int64_t changed;
    if (!linking_rows_insert(through->relation, rows, SQL_CONFLICT_NOTHING, &changed))
        return false;
    if (through->values.count == 0 || changed == (int64_t)rows->row_count)
        return true;
    return through_read(through, level) && through_update_list(through, &through->differing, false);
}

static bool through_add_directly(struct through *through, struct linking_rows *rows) {
    kin_session *session = through->relation->session;
    bool repeats = through->association->not_unique;
    bool updates = !repeats && through->values.count > 0;
    bool level = linking_rows_hooked(through->relation) ||
                 (updates && (rows->row_count > 1 || through_is_hooked(through, KIN_BEFORE_BULK_UPDATE, KIN_AFTER_BULK_UPDATE)));
    int64_t changed;
    if (level && !session_begin_level(session, true))
        return false;
    bool good = repeats ? linking_rows_insert(through->relation, rows, SQL_CONFLICT_ERROR, &changed) : through_insert_or_update(through, rows, level);
    return level ? session_end_level(session, good) : good;
}

bool linking_through_add(struct relation *relation, struct targets *targets) {
    struct through through;
    struct linking_rows rows;
    if (!through_start(&through, relation, targets, false))
        return false;
    if (targets->count == 0)
        return true;
    bool direct = through.association->not_unique ||
                  (through.pairs != THROUGH_PAIRS_REPEAT && through.conflicts_are_pairs && !through.watches_deleted && !through.watches_scope);
    if (direct) {
        if (!linking_rows_plan(relation, targets, &through.values, NULL, targets->count, &rows))
            return false;
        /* A pair that is linked already needs no value for what a new one must have. */
        direct = through.association->not_unique || rows.complete;
    }
    return direct ? through_add_directly(&through, &rows) : through_settle(&through);
}

bool linking_through_remove(struct relation *relation, struct targets *targets) {
    struct through through;
    struct key_list keys = { 0 };
    for (size_t i = 0; i < targets->count; i++)
        if (targets->keys[i].type != KIN_VALUE_UNSET && !key_list_borrow(relation, &keys, &targets->keys[i]))
            return false;
    if (keys.count == 0)
        return true;
    if (!through_start(&through, relation, targets, false))
        return false;
    size_t chunks = relation_chunks(keys.count, relation_chunk(relation, &relation->association->other_key));
    if (chunks == 1 && !through_is_hooked(&through, KIN_BEFORE_BULK_DESTROY, KIN_AFTER_BULK_DESTROY))
        return through_delete(&through, keys.at, keys.count);
    return session_begin_level(relation->session, true) && session_end_level(relation->session, through_delete(&through, keys.at, keys.count));
}
