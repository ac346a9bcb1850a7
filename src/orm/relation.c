/* The pieces every relation verb is made of. Nothing here sends a write; what is checked here is checked before any statement of the verb. */
#include "orm/relation.h"

#include <string.h>

#include "base/options.h"
#include "orm/find.h"
#include "sql/resolve.h"

/* ---- checks ---- */

struct relation_verb {
    const char *verb, *instead;
};

/* What to write when the association is of the other kind. */
static const struct relation_verb relation_verbs_to_one[] = {
    { "kin_get", "kin_get_one" },
    { "kin_count", "kin_get_one" },
    { "kin_set", "kin_set_one" },
    { "kin_add", "kin_set_one" },
    { "kin_remove", "kin_set_one with NULL" },
    { "kin_has", "kin_get_one and kin_equals" },
    { "kin_has_exactly", "kin_get_one and kin_equals" },
};

static const struct relation_verb relation_verbs_to_many[] = {
    { "kin_get_one", "kin_get" },
    { "kin_set_one", "kin_set, kin_add or kin_remove" },
    { "kin_set_one_key", "kin_set or kin_add with KIN_KEYS" },
};

static const char *relation_other_verb(const char *verb, const struct relation_verb *verbs, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(verbs[i].verb, verb) == 0)
            return verbs[i].instead;
    return "another verb";
}

static const char *relation_name(const kin_association *association) { return association->info.name ? association->info.name : "association"; }

bool relation_check(const kin_row *row, const kin_association *association, bool many, const char *verb) {
    if (!row)
        return false;
    struct fault *fault = &row_session(row)->fault;
    const char *model = row_model(row)->info.name;
    if (!association)
        return fault_set(fault, KIN_MISUSE, model, NULL, "%s: the association is NULL; give the handle that declaring it returned", verb);
    const char *source = association->source->info.name, *name = relation_name(association);
    if (association->source != row_model(row))
        return fault_set(fault, KIN_MISUSE, model, name, "%s: the row is a %s, but %s.%s starts from a %s", verb, model, source, name, source);
    if (many && !association->many)
        return fault_set(fault, KIN_MISUSE, model, name, "%s: %s.%s is a %s association, it has one target at most; write %s", verb, source, name,
                         kind_name(association->info.kind),
                         relation_other_verb(verb, relation_verbs_to_one, sizeof relation_verbs_to_one / sizeof *relation_verbs_to_one));
    if (!many && association->many)
        return fault_set(fault, KIN_MISUSE, model, name, "%s: %s.%s is a %s association, it has any number of targets; write %s", verb, source, name,
                         kind_name(association->info.kind),
                         relation_other_verb(verb, relation_verbs_to_many, sizeof relation_verbs_to_many / sizeof *relation_verbs_to_many));
    return true;
}

bool relation_enter(struct relation *relation, const kin_row *row, const kin_association *association, bool many, const kin_link *options,
                    const char *verb) {
    if (!row)
        return false;
    kin_session *session = row_session(row);
    if (!session_enter(session))
        return false;
    if (relation_check(row, association, many, verb)) {
        relation->session = session;
        relation->association = association;
        relation->row = (kin_row *)(uintptr_t)row;
        relation->verb = verb;
        relation->options = options = options_of(options, &relation->own, sizeof relation->own);
        relation->flags = (struct save_flags){ .no_validate = options->no_validate, .no_hooks = options->no_hooks };
        relation->key = (kin_value){ .type = KIN_VALUE_UNSET };
        relation->arena = &session->scratch;
        return true;
    }
    session_leave(session);
    return false;
}

bool relation_need_key(struct relation *relation) {
    const kin_association *association = relation->association;
    bool known;
    if (!relation_source_key(relation->row, association, relation->arena, &relation->key, &known))
        return false;
    if (known)
        return true;
    const char *model = association->source->info.name, *part = association->source_key.at[0]->info.name;
    return fault_set(&relation->session->fault, KIN_MISUSE, model, part,
                     "%s: %s.%s is NULL, so nothing can be linked to it; give it a value and save", relation->verb, model, part);
}

bool relation_refuse_where(const struct relation *relation) {
    if (!relation->options->where && !relation->options->through_where)
        return true;
    return fault_set(&relation->session->fault, KIN_MISUSE, relation->association->source->info.name, relation_name(relation->association),
                     "%s: %s is for kin_has; find the targets with kin_get and give those", relation->verb,
                     relation->options->where ? ".where" : ".through_where");
}

bool relation_refuse_through(const struct relation *relation) {
    const kin_values *through = &relation->options->through;
    const kin_association *association = relation->association;
    bool given = through->at && through->count != 0 && (through->count != KIN_TO_LAST || through->at[0].value.type != KIN_VALUE_LAST);
    if (!given || association->info.kind == KIN_BELONGS_TO_MANY)
        return true;
    return fault_set(&relation->session->fault, KIN_MISUSE, association->source->info.name, relation_name(association),
                     "%s: .through was given, but %s.%s is a %s association without a join model", relation->verb, association->source->info.name,
                     relation_name(association), kind_name(association->info.kind));
}

/* ---- keys ---- */

const struct key *relation_target_key(const kin_association *association) {
    if (association->info.kind == KIN_BELONGS_TO || association->info.kind == KIN_BELONGS_TO_MANY)
        return &association->target_key;
    return &association->info.target->primary_key;
}

static bool relation_is_primary(const kin_model *model, const struct key *key) {
    if (key->count != model->primary_key.count)
        return false;
    for (size_t i = 0; i < key->count; i++)
        if (key->at[i] != model->primary_key.at[i])
            return false;
    return true;
}

static bool relation_not_loaded(kin_session *session, const struct attribute *attribute) {
    const char *model = attribute->model->info.name, *name = attribute->info.name;
    return fault_set(&session->fault, KIN_MISUSE, model, name,
                     "%s.%s is the key of the association, but was not loaded; find the row with it in .attributes, or kin_reload it", model, name);
}

/* As it is in memory. */
static bool relation_memory_key(kin_session *session, const kin_row *row, const struct key *key, struct arena *arena, kin_value *out, bool *known) {
    *known = false;
    for (size_t i = 0; i < key->count; i++)
        if (!row_bit(row, ROW_LOADED, key->at[i]->index))
            return relation_not_loaded(session, key->at[i]);
    *known = row_key(row, key, arena, out);
    /* The row may be another session's, and the fault with it. */
    return *known || !fault_is_set(&row_session(row)->fault) || (row_session(row) != session && fault_no_memory(&session->fault));
}

/* The database links by what it has, and of a key that is not the primary key memory forgets that when it is changed. */
static bool relation_refuse_pending(kin_session *session, const kin_row *row, const struct key *key) {
    const char *model = row_model(row)->info.name;
    for (size_t i = 0; i < key->count; i++)
        if (row_has_flag(row, ROW_SAVED) && row_bit(row, ROW_CHANGED, key->at[i]->index))
            return fault_set(&session->fault, KIN_MISUSE, model, key->at[i]->info.name,
                             "%s.%s was changed and not saved, and what is linked depends on it; kin_save this %s first", model, key->at[i]->info.name, model);
    return true;
}

static bool relation_database_key(kin_session *session, const kin_row *row, const struct key *key, struct arena *arena, kin_value *out, bool *known) {
    bool primary = relation_is_primary(row_model(row), key);
    *known = primary && row_saved_key(row, arena, out);
    if (!primary && !relation_refuse_pending(session, row, key))
        return false;
    return *known || relation_memory_key(session, row, key, arena, out, known);
}

bool relation_row_key(const struct relation *relation, const kin_row *row, const struct key *key, kin_value *out, bool *known) {
    return relation_database_key(relation->session, row, key, relation->arena, out, known);
}

/* A row that is not in the database has no targets there, and can have none: that is an error, not an empty result. */
static bool relation_need_saved(kin_session *session, const kin_row *row, const kin_association *association) {
    const char *model = row_model(row)->info.name, *name = relation_name(association);
    if (row_has_flag(row, ROW_SAVED))
        return true;
    if (row_has_flag(row, ROW_DELETED))
        return fault_set(&session->fault, KIN_STALE, model, name, "this %s was destroyed, so %s.%s cannot be followed any more", model, model, name);
    return fault_set(&session->fault, KIN_MISUSE, model, name, "this %s is not saved yet, so %s.%s cannot be followed; kin_save it first", model,
                     model, name);
}

bool relation_source_key(const kin_row *row, const kin_association *association, struct arena *arena, kin_value *key, bool *known) {
    kin_session *session = row_session(row);
    *known = false;
    *key = (kin_value){ .type = KIN_VALUE_UNSET };
    if (!relation_need_saved(session, row, association))
        return false;
    if (association->info.kind == KIN_BELONGS_TO)
        return relation_memory_key(session, row, &association->foreign_key, arena, key, known);
    return relation_database_key(session, row, &association->source_key, arena, key, known);
}

bool relation_key_has(const struct key *key, const struct attribute *attribute) {
    for (size_t i = 0; i < key->count; i++)
        if (key->at[i] == attribute)
            return true;
    return false;
}

bool relation_key_names(const struct relation *relation, const struct key *key, kin_names *out) {
    const char **names = arena_allocate(relation->arena, key->count * sizeof *names);
    if (!names)
        return fault_no_memory(&relation->session->fault);
    for (size_t i = 0; i < key->count; i++)
        names[i] = key->at[i]->info.name;
    *out = (kin_names){ names, key->count };
    return true;
}

const struct attribute *relation_required_part(const struct key *key) {
    for (size_t i = 0; i < key->count; i++)
        if (key->at[i]->info.not_null || key->at[i]->info.primary_key)
            return key->at[i];
    return NULL;
}

bool relation_refuse_unlink(const struct relation *relation, const struct attribute *attribute) {
    const char *model = attribute->model->info.name, *name = attribute->info.name;
    return fault_set(&relation->session->fault, KIN_INVALID, model, name,
                     "%s: %s.%s cannot be NULL, so a %s cannot be without its %s; destroy it, or link it to another one", relation->verb, model, name,
                     model, relation->association->source->info.name);
}

/* ---- conditions ---- */

bool relation_and(const struct relation *relation, const struct sql_expression **where, const struct sql_expression *more) {
    bool failed = more == NULL;
    if (!failed)
        *where = sql_and(relation->arena, *where, more, &failed);
    return failed ? fault_no_memory(&relation->session->fault) : true;
}

bool relation_and_scope(const struct relation *relation, const struct scope_value *scope, size_t count, unsigned table,
                        const struct sql_expression **where) {
    for (size_t i = 0; i < count; i++)
        if (!relation_and(relation, where, sql_compare(relation->arena, SQL_EQ, (struct sql_column){ scope[i].attribute, table }, scope[i].value)))
            return false;
    return true;
}

bool relation_and_live(const struct relation *relation, const kin_model *model, unsigned table, const struct sql_expression **where) {
    if (!model->deleted_at)
        return true;
    unsigned next = table + 1;
    struct sql_scope scope = { .model = model, .table = table, .next_table = &next, .arena = relation->arena, .fault = &relation->session->fault };
    return sql_live_only(&scope, model, table, where);
}

bool relation_and_keys(const struct relation *relation, const struct key *key, unsigned table, const kin_value *keys, size_t count,
                       const struct sql_expression **where) {
    if (count == 1)
        return relation_and(relation, where, sql_key_equals(relation->arena, key, table, keys));
    return relation_and(relation, where, sql_key_in(relation->arena, key, table, keys, count));
}

/* Lists are padded to a power of two; what else a statement binds has room in the rest. */
size_t relation_chunk(const struct relation *relation, const struct key *key) {
    enum { RELATION_OTHER_BINDS = 128 };
    const struct dialect *dialect = session_dialect(relation->session);
    const char *before, *behind;
    if (key->count == 1 && dialect->list && dialect->list(key->at[0], &before, &behind))
        return SIZE_MAX;
    size_t room = dialect->parameter_limit > 2 * RELATION_OTHER_BINDS ? dialect->parameter_limit - RELATION_OTHER_BINDS : RELATION_OTHER_BINDS;
    size_t chunk = 1;
    while (chunk * 2 * key->count <= room)
        chunk *= 2;
    return chunk;
}

/* ---- other writers ---- */

static bool relation_locks_rows(const kin_session *session) {
    const char *locking = session_dialect(session)->row_locking;
    return locking && locking[0] != '\0';
}

/* Where rows are not locked there is one writer, and a transaction that may write has its turn from the beginning. */
bool relation_is_settled(const kin_session *session) { return session_in_transaction(session) && !relation_locks_rows(session); }

bool relation_lock_owner(const struct relation *relation) {
    if (!relation_locks_rows(relation->session))
        return true;
    const kin_association *association = relation->association;
    const struct sql_expression *where = NULL;
    if (!relation_and_keys(relation, &association->source_key, 0, &relation->key, 1, &where))
        return false;
    struct sql_output output = { .column = { association->source_key.at[0], 0 } };
    struct sql_select select = { .model = association->source, .outputs = &output, .output_count = 1, .where = where, .lock = true };
    struct sql_statement statement = { .kind = SQL_SELECT, .as.select = &select };
    struct result result;
    if (!session_query(relation->session, &statement, NULL, &result))
        return false;
    kin_type type = association->source_key.at[0]->info.type;
    kin_value cell;
    enum driver_step step;
    do
        step = result_next(&result, &type, &cell, 1);
    while (step == DRIVER_ROW);
    result_close(&result);
    return step == DRIVER_DONE;
}

/* ---- for hooks ---- */

bool relation_hook_values(const struct relation *relation, const struct sql_set *sets, size_t count, kin_values *out) {
    kin_assignment *assignments = arena_allocate(relation->arena, count * sizeof *assignments);
    if (!assignments)
        return fault_no_memory(&relation->session->fault);
    for (size_t i = 0; i < count; i++)
        assignments[i] = (kin_assignment){ sets[i].attribute->info.name, sets[i].value };
    *out = (kin_values){ assignments, count };
    return true;
}

bool relation_hook_keys(const struct relation *relation, const struct key *key, const kin_value *keys, size_t count, const kin_condition **out) {
    *out = NULL;
    if (key->count != 1)
        return true;
    kin_condition *condition = arena_allocate(relation->arena, sizeof *condition);
    if (!condition)
        return fault_no_memory(&relation->session->fault);
    *condition = (kin_condition){ .kind = KIN_CONDITION_IN, .name = key->at[0]->info.name, .values = keys, .count = count };
    *out = condition;
    return true;
}
