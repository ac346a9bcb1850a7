/* A caller's condition, checked name by name against the schema, becomes a tree. The condition may come from a request: its depth is
 * limited, and nothing in it but the text of kin_sql reaches the statement's text. */
#include "sql/resolve.h"

#include <string.h>

enum { RESOLVE_CANDIDATES = 400, RESOLVE_NAMES = 128 };

/* What nesting costs of the 100 places of SQLite's parser (before 3.46), some of which the rest of the statement takes. kin_and within
 * kin_and, or kin_or within kin_or, is no nesting. */
enum { RESOLVE_DEPTH = 80, RESOLVE_NOT = 2, RESOLVE_JOINED = 3, RESOLVE_EXISTS = 10 };

/* Where a condition stands: in a scope, at a depth. outputs: HAVING's. */
struct resolving {
    const struct sql_scope *scope;
    const struct sql_output *outputs;
    size_t output_count;
    unsigned depth;
};

static bool resolve_condition(const struct resolving *in, const kin_condition *condition, const struct sql_expression **out);

/* ---- Faults ---- */

static bool resolve_misuse(const struct resolving *in, const char *name, const char *what) {
    char quoted[80];
    const char *model = in->scope->model->info.name;
    return fault_set(in->scope->fault, KIN_MISUSE, model, name, "%s.%s: %s", model, fault_quote(name, quoted), what);
}

/* No such attribute: says what there is, associations included. */
static bool resolve_unknown(const struct resolving *in, const char *wrong, bool association) {
    const kin_model *model = in->scope->model;
    const char *names[RESOLVE_NAMES] = { NULL };
    char near[RESOLVE_CANDIDATES], quoted[80];
    size_t count = 0;
    for (size_t i = 0; i < model->attribute_count && count < RESOLVE_NAMES && !association; i++)
        names[count++] = model->attributes[i].info.name;
    for (size_t i = 0; i < model->association_count && count < RESOLVE_NAMES; i++)
        names[count++] = model->associations[i]->info.name;
    fault_candidates(wrong, count, names, near, sizeof near);
    return fault_set(in->scope->fault, KIN_MISUSE, model->info.name, wrong, "%s has no %s '%s'%s%s", model->info.name,
                     association ? "association" : "attribute or association", fault_quote(wrong, quoted), *near ? ": " : "", near);
}

static bool resolve_too_deep(const struct resolving *in) {
    return fault_set(in->scope->fault, KIN_MISUSE, in->scope->model->info.name, NULL,
                     "the condition is nested too deeply for a database: put conditions side by side, in kin_all_of or kin_any_of, which take "
                     "any number");
}

/* Passes a node on, or tells that there was no memory for it. */
static bool resolve_made(const struct resolving *in, const struct sql_expression *node, const struct sql_expression **out) {
    *out = node;
    return node || fault_no_memory(in->scope->fault);
}

/* Everything is NULL; nothing is an OR of nothing. */
static bool resolve_nothing(const struct resolving *in, const struct sql_expression **out) {
    return resolve_made(in, sql_joined(in->scope->arena, SQL_OR, NULL, 0), out);
}

/* ---- Comparisons ---- */

/* What a comparison names: an attribute, or (HAVING) an output. */
struct resolve_name {
    struct sql_column column;
    const struct sql_output *output; /* of a function; else NULL */
    size_t place;
};

/* A value in the name's type, neither unset nor a list's end. */
static bool resolve_value(const struct resolving *in, const char *shown, const struct resolve_name *name, const kin_value *given,
                          kin_value *out) {
    if (given->type == KIN_VALUE_UNSET)
        return resolve_misuse(in, shown, "there is no value to compare with: give one, or kin_null for SQL NULL");
    const struct attribute *attribute = name->column.attribute;
    kin_function function = name->output ? name->output->function : 0;
    if (function == KIN_COUNT || function == KIN_SUM || function == KIN_AVERAGE) {
        *out = *given;
        return given->type == KIN_VALUE_INTEGER || given->type == KIN_VALUE_REAL || given->type == KIN_VALUE_DECIMAL ||
               given->type == KIN_VALUE_NULL || resolve_misuse(in, shown, "it is a number: compare it with one");
    }
    return value_convert(attribute, given, out, in->scope->arena, in->scope->fault);
}

static bool resolve_is_pattern(const struct resolve_name *name) {
    const struct attribute *attribute = name->column.attribute;
    if (name->output || !attribute)
        return false;
    kin_type type = attribute->info.type;
    return type == KIN_TYPE_STRING || type == KIN_TYPE_TEXT || type == KIN_TYPE_CHAR || type == KIN_TYPE_ENUM;
}

static bool resolve_like(const struct resolving *in, const kin_condition *condition, const struct resolve_name *name,
                         const struct sql_expression **out) {
    if (!resolve_is_pattern(name))
        return resolve_misuse(in, condition->name, "kin_like compares texts (STRING, TEXT, CHAR, ENUM), which this is not");
    if (condition->value.type != KIN_VALUE_TEXT)
        return resolve_misuse(in, condition->name, "kin_like takes a text, e.g. \"%ada%\"; for NULL use kin_eq(name, kin_null)");
    return resolve_made(in, sql_compare(in->scope->arena, SQL_LIKE, name->column, condition->value), out);
}

/* One comparison with a value that is converted already. */
static const struct sql_expression *resolve_node(const struct resolving *in, const struct resolve_name *name, enum sql_operator op,
                                                 kin_value value) {
    struct sql_expression *node = sql_compare(in->scope->arena, name->output ? SQL_OUTPUT : op, name->column, value);
    if (node && name->output) {
        node->comparison = op;
        node->output = name->place;
    }
    return node;
}

static bool resolve_compare(const struct resolving *in, const kin_condition *condition, const struct resolve_name *name,
                            const struct sql_expression **out) {
    static const enum sql_operator operators[] = {
        [KIN_CONDITION_EQ] = SQL_EQ,   [KIN_CONDITION_NE] = SQL_NE, [KIN_CONDITION_GT] = SQL_GT,
        [KIN_CONDITION_GTE] = SQL_GTE, [KIN_CONDITION_LT] = SQL_LT, [KIN_CONDITION_LTE] = SQL_LTE,
    };
    kin_value value;
    if (!resolve_value(in, condition->name, name, &condition->value, &value))
        return false;
    if (value.type == KIN_VALUE_NULL && condition->kind != KIN_CONDITION_EQ && condition->kind != KIN_CONDITION_NE)
        return resolve_misuse(in, condition->name, "nothing is greater or less than NULL: use kin_eq or kin_ne with kin_null");
    return resolve_made(in, resolve_node(in, name, operators[condition->kind], value), out);
}

static bool resolve_between(const struct resolving *in, const kin_condition *condition, const struct resolve_name *name,
                            const struct sql_expression **out) {
    struct arena *arena = in->scope->arena;
    if (!condition->values || sql_value_count(condition->values, condition->count) != 2)
        return resolve_misuse(in, condition->name, "kin_between takes two values, the lowest and the highest");
    kin_value *values = arena_allocate(arena, 2 * sizeof *values);
    if (!values)
        return fault_no_memory(in->scope->fault);
    for (size_t i = 0; i < 2; i++) {
        if (!resolve_value(in, condition->name, name, &condition->values[i], &values[i]))
            return false;
        if (values[i].type == KIN_VALUE_NULL)
            return resolve_misuse(in, condition->name, "nothing is between NULL and a value: leave the condition out, or use kin_gte or kin_lte");
    }
    if (!name->output) {
        struct sql_expression *node = sql_in(arena, name->column, values, 2);
        if (node)
            node->op = SQL_BETWEEN;
        return resolve_made(in, node, out);
    }
    bool failed = false;
    const struct sql_expression *low = resolve_node(in, name, SQL_GTE, values[0]), *high = resolve_node(in, name, SQL_LTE, values[1]);
    return resolve_made(in, low && high ? sql_and(arena, low, high, &failed) : NULL, out);
}

/* HAVING's lists are short: one comparison for each. */
static const struct sql_expression *resolve_output_list(const struct resolving *in, const struct resolve_name *name,
                                                        const kin_value *values, size_t count) {
    const struct sql_expression **children = arena_allocate(in->scope->arena, (count + 1) * sizeof *children);
    for (size_t i = 0; children && i < count; i++)
        if (!(children[i] = resolve_node(in, name, SQL_EQ, values[i])))
            return NULL;
    return children ? sql_joined(in->scope->arena, SQL_OR, children, count) : NULL;
}

/* A NULL in the list stands for IS NULL beside the list: in SQL it would match nothing, and NOT of it nothing either. */
static bool resolve_in(const struct resolving *in, const kin_condition *condition, const struct resolve_name *name,
                       const struct sql_expression **out) {
    struct arena *arena = in->scope->arena;
    size_t count = sql_value_count(condition->values, condition->values ? condition->count : 0), kept = 0;
    kin_value *values = arena_allocate(arena, (count + 1) * sizeof *values);
    if (!values)
        return fault_no_memory(in->scope->fault);
    for (size_t i = 0; i < count; i++) {
        if (!resolve_value(in, condition->name, name, &condition->values[i], &values[kept]))
            return false;
        kept += values[kept].type != KIN_VALUE_NULL;
    }
    const struct sql_expression *list = name->output ? resolve_output_list(in, name, values, kept) : sql_in(arena, name->column, values, kept);
    if (!list || kept == count)
        return resolve_made(in, list, out);
    const struct sql_expression *null = resolve_node(in, name, SQL_EQ, (kin_value){ .type = KIN_VALUE_NULL });
    const struct sql_expression *pair[] = { null, list };
    const struct sql_expression *const *children = arena_copy(arena, pair, sizeof pair);
    return resolve_made(in, null && children ? sql_joined(arena, SQL_OR, children, kept ? 2 : 1) : NULL, out);
}

static bool resolve_named(const struct resolving *in, const kin_condition *condition, const struct resolve_name *name,
                          const struct sql_expression **out) {
    switch (condition->kind) {
    case KIN_CONDITION_LIKE:
        return resolve_like(in, condition, name, out);
    case KIN_CONDITION_IN:
        return resolve_in(in, condition, name, out);
    case KIN_CONDITION_BETWEEN:
        return resolve_between(in, condition, name, out);
    default:
        return resolve_compare(in, condition, name, out);
    }
}

/* ---- Into associations ---- */

/* The scope's model's association whose name is the first `size` bytes. */
static const kin_association *resolve_association(const kin_model *model, const char *name, size_t size) {
    for (size_t i = 0; i < model->association_count; i++) {
        const char *other = model->associations[i]->info.name;
        if (strncmp(other, name, size) == 0 && other[size] == '\0')
            return model->associations[i];
    }
    return NULL;
}

/* The select behind an EXISTS, on its way. */
struct resolve_subselect {
    struct sql_scope target, through;
    const struct sql_expression *on;    /* many to many: the target's row to the join row's */
    const struct sql_expression *where;
};

/* Links source, join row and target, soft-deleted ones kept out. */
static bool resolve_linked(const struct resolving *in, const kin_association *association, struct resolve_subselect *made) {
    const struct sql_scope *scope = in->scope;
    const struct sql_expression *target_on = NULL, *through_on = NULL;
    made->target = made->through = *scope;
    made->target.model = association->info.target;
    made->target.table = (*scope->next_table)++;
    made->through.model = association->info.through;
    if (association->info.through)
        made->through.table = (*scope->next_table)++;
    if (!sql_link(scope, association, scope->table, made->target.table, made->through.table, &target_on, &through_on) ||
        !sql_live_only(scope, made->target.model, made->target.table, &target_on) ||
        (through_on && !sql_live_only(scope, made->through.model, made->through.table, &through_on)))
        return false;
    made->on = through_on ? target_on : NULL;
    made->where = through_on ? through_on : target_on;
    return true;
}

/* EXISTS (SELECT 1 FROM target [INNER JOIN join model ON …] WHERE …). */
static bool resolve_exists(const struct resolving *in, const struct resolve_subselect *made, const struct sql_expression **out) {
    struct arena *arena = in->scope->arena;
    struct sql_select *select = arena_allocate_cleared(arena, sizeof *select);
    struct sql_join *join = arena_allocate_cleared(arena, sizeof *join);
    struct sql_expression *exists = sql_joined(arena, SQL_EXISTS, NULL, 0);
    if (!select || !join || !exists)
        return fault_no_memory(in->scope->fault);
    *select = (struct sql_select){ .model = made->target.model, .first_table = made->target.table, .where = made->where };
    if (made->through.model) {
        *join = (struct sql_join){ .inner = true, .model = made->through.model, .table = made->through.table, .on = made->on };
        select->joins = join;
        select->join_count = 1;
    }
    exists->select = select;
    *out = exists;
    return true;
}

/* Adds a condition in one of the two scopes to the select's. */
static bool resolve_narrow(const struct resolving *in, const struct sql_scope *scope, const kin_condition *condition,
                           struct resolve_subselect *made) {
    const struct resolving inner = { .scope = scope, .depth = in->depth + RESOLVE_EXISTS };
    const struct sql_expression *resolved = NULL;
    bool failed = false;
    if (!resolve_condition(&inner, condition, &resolved))
        return false;
    made->where = sql_and(scope->arena, made->where, resolved, &failed);
    return !failed || fault_no_memory(scope->fault);
}

static bool resolve_through(const struct resolving *in, const kin_condition *condition, const struct sql_expression **out) {
    const kin_association *association = condition->association;
    const char *model = in->scope->model->info.name;
    struct resolve_subselect made;
    if (!association)
        return fault_set(in->scope->fault, KIN_MISUSE, model, NULL, "kin_exists on %s without an association: the handle is NULL", model);
    if (association->source != in->scope->model)
        return fault_set(in->scope->fault, KIN_MISUSE, model, association->info.name,
                         "kin_exists(%s) is asked of %s, but %s is an association of %s", association->info.name, model,
                         association->info.name, association->source->info.name);
    if (condition->through_where && !association->info.through)
        return fault_set(in->scope->fault, KIN_MISUSE, model, association->info.name,
                         "kin_exists(%s): .through_where is for many to many; %s.%s has no join row: use .where", association->info.name,
                         model, association->info.name);
    return resolve_linked(in, association, &made) &&
           (!condition->through_where || resolve_narrow(in, &made.through, condition->through_where, &made)) &&
           (!condition->where || resolve_narrow(in, &made.target, condition->where, &made)) && resolve_exists(in, &made, out);
}

/* "association.rest": EXISTS a target for which the comparison holds with the name "rest". */
static bool resolve_path(const struct resolving *in, const kin_condition *condition, const char *dot, const struct sql_expression **out) {
    const kin_association *association = resolve_association(in->scope->model, condition->name, (size_t)(dot - condition->name));
    struct resolve_subselect made;
    kin_condition rest = *condition;
    if (!association) {
        const char *head = arena_copy_text(in->scope->arena, condition->name, (size_t)(dot - condition->name));
        return head ? resolve_unknown(in, head, true) : fault_no_memory(in->scope->fault);
    }
    rest.name = dot + 1;
    return resolve_linked(in, association, &made) && resolve_narrow(in, &made.target, &rest, &made) && resolve_exists(in, &made, out);
}

/* A comparison: its name is an output, an attribute, or a path through associations. */
static bool resolve_comparison(const struct resolving *in, const kin_condition *condition, const struct sql_expression **out) {
    const char *name = condition->name, *model = in->scope->model->info.name;
    if (!name)
        return fault_set(in->scope->fault, KIN_MISUSE, model, NULL, "a condition on %s without a name: give an attribute's", model);
    struct resolve_name found = { .column.table = in->scope->table };
    for (size_t i = 0; i < in->output_count; i++) {
        const struct sql_output *output = &in->outputs[i];
        if (!output->as || strcmp(output->as, name) != 0)
            continue;
        found.column = output->column;
        found.output = output->function ? output : NULL;
        found.place = i;
        return resolve_named(in, condition, &found, out);
    }
    found.column.attribute = model_attribute(in->scope->model, name);
    if (found.column.attribute)
        return resolve_named(in, condition, &found, out);
    const char *dot = strchr(name, '.');
    if (dot)
        return resolve_path(in, condition, dot, out);
    if (resolve_association(in->scope->model, name, strlen(name)))
        return resolve_misuse(in, name, "it is an association: name one of its target's attributes behind a dot, or use kin_exists");
    return resolve_unknown(in, name, false);
}

/* ---- What holds conditions together ---- */

static size_t resolve_child_count(const kin_condition *condition) {
    size_t count = condition->count;
    if (!condition->children)
        return 0;
    if (count == KIN_TO_LAST)
        for (count = 0; !condition->children[count] || condition->children[count]->kind != KIN_CONDITION_LAST;)
            count++;
    return count;
}

/* A list of conditions that grows in the arena. */
struct resolve_list {
    const kin_condition **at;
    size_t count, capacity;
};

static bool resolve_push(const struct resolving *in, struct resolve_list *list, const kin_condition *condition) {
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 8;
        const kin_condition **at = arena_allocate(in->scope->arena, capacity * sizeof *at);
        if (!at)
            return fault_no_memory(in->scope->fault);
        if (list->count)
            memcpy(at, list->at, list->count * sizeof *at);
        list->at = at;
        list->capacity = capacity;
    }
    list->at[list->count++] = condition;
    return true;
}

/* The children, in order, those of children of the same kind in their place: a condition that a loop made longer and longer is as deep
 * as it is long, so this does not call itself. NULLs are left out. */
static bool resolve_flatten(const struct resolving *in, const kin_condition *condition, struct resolve_list *flat) {
    struct resolve_list waiting = { NULL, 0, 0 };
    if (!resolve_push(in, &waiting, condition))
        return false;
    while (waiting.count) {
        const kin_condition *next = waiting.at[--waiting.count];
        if (next->kind != condition->kind) {
            if (!resolve_push(in, flat, next))
                return false;
            continue;
        }
        for (size_t i = resolve_child_count(next); i-- > 0;)
            if (next->children[i] && !resolve_push(in, &waiting, next->children[i]))
                return false;
    }
    return true;
}

/* AND leaves out what matches everything; OR with such a child matches everything itself. */
static bool resolve_joined(const struct resolving *in, const kin_condition *condition, enum sql_operator op, const struct sql_expression **out) {
    const struct resolving inner = { in->scope, in->outputs, in->output_count, in->depth + RESOLVE_JOINED };
    struct resolve_list flat = { NULL, 0, 0 };
    if (!resolve_flatten(in, condition, &flat))
        return false;
    const struct sql_expression **children = arena_allocate(in->scope->arena, (flat.count + 1) * sizeof *children);
    size_t kept = 0;
    bool everything = false;
    if (!children)
        return fault_no_memory(in->scope->fault);
    for (size_t i = 0; i < flat.count; i++) {
        if (!resolve_condition(&inner, flat.at[i], &children[kept]))
            return false;
        if (children[kept])
            kept++;
        else
            everything = true;
    }
    *out = NULL;
    if (op == SQL_AND ? kept == 0 : everything)
        return true;
    if (kept == 1) {
        *out = children[0];
        return true;
    }
    return resolve_made(in, sql_joined(in->scope->arena, op, children, kept), out);
}

static bool resolve_not(const struct resolving *in, const kin_condition *condition, const struct sql_expression **out) {
    const struct resolving inside = { in->scope, in->outputs, in->output_count, in->depth + RESOLVE_NOT };
    const struct sql_expression *inner = NULL;
    *out = NULL;
    if (resolve_child_count(condition) == 0 || !condition->children[0])
        return true; /* not of NULL: as if it were not there */
    if (!resolve_condition(&inside, condition->children[0], &inner))
        return false;
    if (!inner)
        return resolve_nothing(in, out);
    const struct sql_expression *const *children = arena_copy(in->scope->arena, &inner, sizeof inner);
    return resolve_made(in, children ? sql_joined(in->scope->arena, SQL_NOT, children, 1) : NULL, out);
}

static bool resolve_raw(const struct resolving *in, const kin_condition *condition, const struct sql_expression **out) {
    const char *model = in->scope->model->info.name;
    if (!condition->name)
        return fault_set(in->scope->fault, KIN_MISUSE, model, NULL, "kin_sql on %s: the text is NULL", model);
    struct sql_expression *raw = sql_joined(in->scope->arena, SQL_RAW, NULL, 0);
    if (raw) {
        raw->text = condition->name;
        raw->values = condition->values;
        raw->count = sql_value_count(condition->values, condition->values ? condition->count : 0);
    }
    return resolve_made(in, raw, out);
}

static bool resolve_condition(const struct resolving *in, const kin_condition *condition, const struct sql_expression **out) {
    *out = NULL;
    if (!condition)
        return true;
    if (in->depth > RESOLVE_DEPTH)
        return resolve_too_deep(in);
    switch (condition->kind) {
    case KIN_CONDITION_AND:
        return resolve_joined(in, condition, SQL_AND, out);
    case KIN_CONDITION_OR:
        return resolve_joined(in, condition, SQL_OR, out);
    case KIN_CONDITION_NOT:
        return resolve_not(in, condition, out);
    case KIN_CONDITION_EXISTS:
        return resolve_through(in, condition, out);
    case KIN_CONDITION_SQL:
        return resolve_raw(in, condition, out);
    case KIN_CONDITION_LAST:
        break;
    default:
        if (condition->kind >= KIN_CONDITION_EQ && condition->kind <= KIN_CONDITION_BETWEEN)
            return resolve_comparison(in, condition, out);
    }
    const char *model = in->scope->model->info.name;
    return fault_set(in->scope->fault, KIN_MISUSE, model, NULL, "a condition on %s of unknown kind %d: make it with kin_eq, kin_and and the like",
                     model, (int)condition->kind);
}

bool sql_resolve(const struct sql_scope *scope, const kin_condition *condition, const struct sql_expression **out) {
    const struct resolving in = { .scope = scope };
    return resolve_condition(&in, condition, out);
}

bool sql_resolve_having(const struct sql_scope *scope, const kin_condition *condition, const struct sql_output *outputs,
                        size_t output_count, const struct sql_expression **out) {
    const struct resolving in = { scope, outputs, output_count, 0 };
    return resolve_condition(&in, condition, out);
}
