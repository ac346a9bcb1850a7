/* Building plans: a caller's options become one SELECT, and a tree of nodes that says whose cells are whose. */
#include "orm/plan.h"

#include <string.h>

size_t includes_count(kin_includes includes) {
    size_t count = 0;
    if (!includes.at)
        return 0;
    if (includes.count != KIN_TO_LAST)
        return includes.count;
    while (!includes.at[count].last)
        count++;
    return count;
}

bool row_list_add(struct row_list *list, kin_row *row) {
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 16;
        kin_row **grown = arena_allocate(list->arena, capacity * sizeof *grown);
        if (!grown)
            return false;
        if (list->count)
            memcpy(grown, list->at, list->count * sizeof *grown);
        list->at = grown;
        list->capacity = capacity;
    }
    list->at[list->count++] = row;
    return true;
}

/* ---- outputs ---- */

static bool plan_output(struct plan *plan, const struct attribute *attribute, unsigned table) {
    if (plan->cell_count == plan->cell_capacity) {
        size_t capacity = plan->cell_capacity ? plan->cell_capacity * 2 : 16;
        struct sql_output *outputs = arena_allocate(plan->arena, capacity * sizeof *outputs);
        kin_type *types = arena_allocate(plan->arena, capacity * sizeof *types);
        if (!outputs || !types)
            return fault_no_memory(&plan->session->fault);
        if (plan->cell_count) {
            memcpy(outputs, plan->outputs, plan->cell_count * sizeof *outputs);
            memcpy(types, plan->types, plan->cell_count * sizeof *types);
        }
        plan->outputs = outputs;
        plan->types = types;
        plan->cell_capacity = capacity;
    }
    plan->outputs[plan->cell_count] = (struct sql_output){ .column = { attribute, table } };
    plan->types[plan->cell_count++] = attribute->info.type;
    return true;
}

static bool plan_output_projection(struct plan *plan, struct projection *projection, unsigned table) {
    projection->table = table;
    projection->first = plan->cell_count;
    for (size_t i = 0; i < projection->count; i++)
        if (!plan_output(plan, projection->attributes[i], table))
            return false;
    return true;
}

/* ---- conditions ---- */

static bool plan_and(struct plan *plan, const struct sql_expression **where, const struct sql_expression *more) {
    bool failed = false;
    if (more)
        *where = sql_and(plan->arena, *where, more, &failed);
    return !failed || fault_no_memory(&plan->session->fault);
}

static bool plan_and_scopes(struct plan *plan, const struct scope_value *values, size_t count, unsigned table, const struct sql_expression **where) {
    for (size_t i = 0; i < count; i++) {
        const struct sql_expression *equal = sql_compare(plan->arena, SQL_EQ, (struct sql_column){ values[i].attribute, table }, values[i].value);
        if (!equal)
            return fault_no_memory(&plan->session->fault);
        if (!plan_and(plan, where, equal))
            return false;
    }
    return true;
}

static bool plan_and_condition(struct plan *plan, const kin_model *model, unsigned table, const kin_condition *condition,
                               const struct sql_expression **where) {
    struct sql_scope scope = { model, table, &plan->next_table, plan->arena, &plan->session->fault };
    const struct sql_expression *resolved = NULL;
    return sql_resolve(&scope, condition, &resolved) && plan_and(plan, where, resolved);
}

static bool plan_and_live(struct plan *plan, const kin_model *model, unsigned table, const struct sql_expression **where) {
    struct sql_scope scope = { model, table, &plan->next_table, plan->arena, &plan->session->fault };
    return !model->deleted_at || sql_live_only(&scope, model, table, where);
}

/* ---- includes that restrict ---- */

/* A select of the targets that a row of the parent needs, for EXISTS. */
static bool plan_required_select(struct plan *plan, const kin_include *include, const struct sql_scope *parent, struct sql_select *select) {
    const kin_association *association = include->association;
    unsigned target = plan->next_table++, through = association->through_slot || association->info.through ? plan->next_table++ : 0;
    struct sql_scope scope = { association->info.target, target, &plan->next_table, plan->arena, &plan->session->fault };
    const struct sql_expression *target_on = NULL, *through_on = NULL;
    if (!sql_link(parent, association, parent->table, target, through, &target_on, &through_on))
        return false;
    if (!plan_and_condition(plan, scope.model, target, include->where, &target_on))
        return false;
    if (!include->with_deleted && !plan_and_live(plan, scope.model, target, &target_on))
        return false;
    size_t count = includes_count(include->include);
    for (size_t i = 0; i < count; i++)
        if (include_restricts(&include->include.at[i]) && !plan_require(plan, &include->include.at[i], &scope, &target_on))
            return false;
    *select = (struct sql_select){ .model = scope.model, .first_table = target, .where = target_on };
    if (!association->info.through)
        return true;
    struct sql_join *join = arena_allocate_cleared(plan->arena, sizeof *join);
    if (!join)
        return fault_no_memory(&plan->session->fault);
    if (!plan_and_condition(plan, association->info.through, through, include->through_where, &through_on) ||
        !plan_and_live(plan, association->info.through, through, &through_on))
        return false;
    *join = (struct sql_join){ .inner = true, .model = association->info.through, .table = through, .on = through_on };
    select->joins = join;
    select->join_count = 1;
    return true;
}

bool plan_require(struct plan *plan, const kin_include *include, const struct sql_scope *parent, const struct sql_expression **where) {
    struct sql_select *select = arena_allocate_cleared(plan->arena, sizeof *select);
    struct sql_expression *exists = arena_allocate_cleared(plan->arena, sizeof *exists);
    if (!select || !exists)
        return fault_no_memory(&plan->session->fault);
    if (!plan_required_select(plan, include, parent, select))
        return false;
    exists->op = SQL_EXISTS;
    exists->select = select;
    return plan_and(plan, where, exists);
}

/* ---- joined includes ---- */

/* A to-one include can be joined when it can have one target at most: a has-one whose key is not unique may have several. */
static bool plan_is_unique(const struct key *key) {
    if (key->count == 0)
        return false;
    const kin_model *model = key->at[0]->model;
    if (key->count == 1 && (key->at[0]->info.unique || (model->primary_key.count == 1 && model->primary_key.at[0] == key->at[0])))
        return true;
    for (size_t u = 0; u < model->unique_count; u++) {
        size_t among = 0;
        for (size_t i = 0; i < model->uniques[u].columns.count; i++)
            for (size_t k = 0; k < key->count; k++)
                among += model->uniques[u].columns.at[i] == key->at[k];
        if (among == model->uniques[u].columns.count)
            return true;
    }
    return false;
}

static bool plan_can_join(const kin_include *include) {
    const kin_association *association = include->association;
    if (association->many || include->order.at || include->limit || include->offset)
        return false;
    return association->info.kind == KIN_BELONGS_TO || plan_is_unique(&association->foreign_key);
}

bool plan_check_include(struct plan *plan, const kin_model *model, const kin_include *include) {
    struct fault *fault = &plan->session->fault;
    if (!include->association)
        return fault_set(fault, KIN_MISUSE, model->info.name, NULL, ".include of %s: an association is NULL", model->info.name);
    if (include->association->source != model) {
        char names[256];
        fault_candidates(include->association->info.name, model->info.associations.count, model->info.associations.at, names, sizeof names);
        return fault_set(fault, KIN_MISUSE, model->info.name, include->association->info.name,
                         ".include of %s: %s is an association of %s, not of %s; %s", model->info.name, include->association->info.name,
                         include->association->source->info.name, model->info.name, names);
    }
    if (include->limit < 0 && include->limit != kin_limit(0))
        return fault_set(fault, KIN_MISUSE, model->info.name, include->association->info.name, ".include of %s.%s: the limit is negative",
                         model->info.name, include->association->info.name);
    if (include->offset < 0)
        return fault_set(fault, KIN_MISUSE, model->info.name, include->association->info.name, ".include of %s.%s: the offset is negative",
                         model->info.name, include->association->info.name);
    return true;
}

static bool plan_includes(struct plan *plan, struct plan_node *node, kin_includes includes, const struct sql_expression **where);

/* What the keys of a node's includes need is read, whatever attributes were asked for. */
static bool plan_choose(struct plan *plan, struct plan_node *node, const kin_model *model, kin_names names, kin_includes includes) {
    struct key also = { NULL, 0 };
    size_t count = includes_count(includes), parts = 0;
    for (size_t i = 0; i < count; i++)
        if (includes.at[i].association)
            parts += includes.at[i].association->source_key.count + includes.at[i].association->foreign_key.count;
    struct attribute **at = arena_allocate(plan->arena, (parts + 1) * sizeof *at);
    if (!at)
        return fault_no_memory(&plan->session->fault);
    for (size_t i = 0; i < count; i++) {
        const kin_association *association = includes.at[i].association;
        if (!association || association->source != model)
            continue;
        const struct key *key = association->info.kind == KIN_BELONGS_TO ? &association->foreign_key : &association->source_key;
        for (size_t k = 0; k < key->count; k++)
            at[also.count++] = key->at[k];
    }
    also.at = at;
    return projection_choose(plan->session, model, names, &also, false, plan->arena, &node->projection);
}

static bool plan_join_include(struct plan *plan, struct plan_node *parent, const kin_include *include) {
    const kin_association *association = include->association;
    struct plan_node *node = arena_allocate_cleared(plan->arena, sizeof *node);
    if (!node)
        return fault_no_memory(&plan->session->fault);
    unsigned table = plan->next_table++;
    node->include = include;
    node->parent = parent;
    node->inner = parent->inner && include_restricts(include);
    node->rows.arena = plan->arena;
    struct plan_node **end = &parent->children;
    while (*end)
        end = &(*end)->next;
    *end = node;
    if (!plan_choose(plan, node, association->info.target, include->attributes, include->include) ||
        !plan_output_projection(plan, &node->projection, table))
        return false;
    struct sql_scope scope = { parent->projection.model, parent->projection.table, &plan->next_table, plan->arena, &plan->session->fault };
    const struct sql_expression *on = NULL;
    if (!sql_link(&scope, association, scope.table, table, 0, &on, NULL) ||
        !plan_and_condition(plan, association->info.target, table, include->where, &on) ||
        (!include->with_deleted && !plan_and_live(plan, association->info.target, table, &on)))
        return false;
    size_t place = plan->select.join_count++;
    plan->joins[place] = (struct sql_join){ .inner = node->inner, .model = association->info.target, .table = table };
    if (!plan_includes(plan, node, include->include, &on))
        return false;
    plan->joins[place].on = on;
    return true;
}

/* where: what restricts the node itself; required includes that are not joined by INNER JOIN are added to it as EXISTS. */
static bool plan_includes(struct plan *plan, struct plan_node *node, kin_includes includes, const struct sql_expression **where) {
    size_t count = includes_count(includes);
    node->later = count ? arena_allocate(plan->arena, count * sizeof *node->later) : NULL;
    if (count && !node->later)
        return fault_no_memory(&plan->session->fault);
    for (size_t i = 0; i < count; i++) {
        const kin_include *include = &includes.at[i];
        if (!plan_check_include(plan, node->projection.model, include))
            return false;
        for (size_t k = 0; k < i; k++)
            if (includes.at[k].association == include->association)
                return fault_set(&plan->session->fault, KIN_MISUSE, node->projection.model->info.name, include->association->info.name,
                                 ".include of %s: %s is included twice, and a row has one place for it; join the conditions with kin_and or kin_or",
                                 node->projection.model->info.name, include->association->info.name);
        bool joined = plan_can_join(include);
        if (!joined)
            node->later[node->later_count++] = include;
        if (include_restricts(include) && !(joined && node->inner)) {
            struct sql_scope scope = { node->projection.model, node->projection.table, &plan->next_table, plan->arena, &plan->session->fault };
            if (!plan_require(plan, include, &scope, where))
                return false;
        }
        if (joined && !plan_join_include(plan, node, include))
            return false;
    }
    return true;
}

static size_t plan_count_joins(kin_includes includes) {
    size_t count = includes_count(includes), joins = count;
    for (size_t i = 0; i < count; i++)
        joins += plan_count_joins(includes.at[i].include);
    return joins;
}

/* ---- order ---- */

static struct plan_node *plan_joined_node(struct plan_node *node, const char *name, size_t size) {
    for (struct plan_node *child = node->children; child; child = child->next) {
        const char *child_name = child->include->association->info.name;
        if (strlen(child_name) == size && memcmp(child_name, name, size) == 0)
            return child;
    }
    return NULL;
}

/* "project.owner.name": down through joined includes, or into the join row by its model's name. */
static bool plan_order_column(struct plan *plan, const char *path, struct sql_column *column) {
    struct fault *fault = &plan->session->fault;
    struct plan_node *node = &plan->root;
    const kin_model *model = node->projection.model;
    const char *name = path, *dot;
    unsigned table = 0;
    while ((dot = strchr(name, '.')) != NULL) {
        size_t size = (size_t)(dot - name);
        struct plan_node *child = node ? plan_joined_node(node, name, size) : NULL;
        if (child) {
            node = child;
            model = child->projection.model;
            table = child->projection.table;
        } else if (node == &plan->root && plan->join_row.model && strlen(plan->join_row.model->info.name) == size &&
                   memcmp(plan->join_row.model->info.name, name, size) == 0) {
            node = NULL;
            model = plan->join_row.model;
            table = 1;
        } else {
            char quoted[80];
            return fault_set(fault, KIN_MISUSE, plan->root.projection.model->info.name, NULL,
                             ".order of %s: \"%s\" does not reach an included belongs-to association; include it, or order by an attribute of %s",
                             plan->root.projection.model->info.name, fault_quote(path, quoted), plan->root.projection.model->info.name);
        }
        name = dot + 1;
    }
    column->table = table;
    column->attribute = model_attribute(model, name);
    if (!column->attribute && strchr(name, ' ')) {
        char quoted[80];
        return fault_set(fault, KIN_MISUSE, model->info.name, NULL, ".order of %s: \"%s\" is no name of an attribute; write \"name\", or \"-name\" for descending",
                         model->info.name, fault_quote(path, quoted));
    }
    return column->attribute || model_attribute_required(model, name, fault);
}

static bool plan_order_by(struct plan *plan, const kin_find *options) {
    const struct key *key = &plan->root.projection.model->primary_key;
    size_t room = options->order.count + 1 + key->count;
    plan->orders = arena_allocate_cleared(plan->arena, room * sizeof *plan->orders);
    if (!plan->orders)
        return fault_no_memory(&plan->session->fault);
    for (size_t i = 0; i < options->order.count; i++) {
        const char *name = options->order.at[i];
        if (!name)
            return fault_set(&plan->session->fault, KIN_MISUSE, plan->root.projection.model->info.name, NULL, ".order of %s: name %zu is NULL",
                             plan->root.projection.model->info.name, i + 1);
        struct sql_order *order = &plan->orders[plan->order_count++];
        order->descending = name[0] == '-';
        if (!plan_order_column(plan, order->descending ? name + 1 : name, &order->column))
            return false;
    }
    if (options->order_sql) {
        const struct sql_expression *raw = NULL;
        if (options->order_sql->kind != KIN_CONDITION_SQL)
            return fault_set(&plan->session->fault, KIN_MISUSE, plan->root.projection.model->info.name, NULL,
                             ".order_sql takes a kin_sql, not a comparison");
        if (!sql_resolve(&plan->scope, options->order_sql, &raw))
            return false;
        plan->orders[plan->order_count++].raw = raw;
    }
    /* Pages that follow one another need an order without ties. */
    if (options->offset > 0 || (plan->order_count > 0 && options->limit))
        for (size_t i = 0; i < key->count; i++)
            plan->orders[plan->order_count++].column = (struct sql_column){ key->at[i], 0 };
    plan->select.orders = plan->orders;
    plan->select.order_count = plan->order_count;
    return true;
}

static bool plan_limit(struct plan *plan, const kin_find *options) {
    struct fault *fault = &plan->session->fault;
    const char *model = plan->root.projection.model->info.name;
    if (options->limit < 0 && options->limit != kin_limit(0))
        return fault_set(fault, KIN_MISUSE, model, NULL, ".limit of %s is negative; 0 or nothing for no limit, kin_limit(n) for a computed one", model);
    if (options->offset < 0)
        return fault_set(fault, KIN_MISUSE, model, NULL, ".offset of %s is negative", model);
    plan->select.has_limit = options->limit != 0;
    plan->select.limit = options->limit == kin_limit(0) ? 0 : options->limit;
    plan->select.has_offset = options->offset != 0;
    plan->select.offset = options->offset;
    return true;
}

/* ---- the root ---- */

/* The join row's table, and what links it to the targets. */
static bool plan_join_through(struct plan *plan, const struct plan_request *request) {
    const kin_association *association = request->association;
    const kin_find *options = request->options;
    const struct sql_expression *on = NULL;
    for (size_t i = 0; i < association->other_key.count; i++) {
        const struct sql_expression *same = sql_same(plan->arena, (struct sql_column){ association->other_key.at[i], 1 },
                                                     (struct sql_column){ association->target_key.at[i], 0 });
        if (!same)
            return fault_no_memory(&plan->session->fault);
        if (!plan_and(plan, &on, same))
            return false;
    }
    if (!plan_and_scopes(plan, association->through_scope, association->through_scope_count, 1, &on) ||
        !plan_and_condition(plan, association->info.through, 1, options->through_where, &on) || !plan_and_live(plan, association->info.through, 1, &on))
        return false;
    plan->joins[plan->select.join_count++] = (struct sql_join){ .inner = true, .model = association->info.through, .table = 1, .on = on };
    bool wanted = !(options->through_attributes.at && options->through_attributes.count == 0);
    plan->has_join_row = wanted && !(request->extra && request->extra->keys_only);
    return projection_choose(plan->session, association->info.through, options->through_attributes, NULL, true, plan->arena, &plan->join_row) &&
           (!plan->has_join_row || plan_output_projection(plan, &plan->join_row, 1));
}

/* The key that says which source a row belongs to: found among the cells, or read besides. */
static bool plan_read_source_key(struct plan *plan) {
    const kin_association *association = plan->association;
    bool through = association->info.through != NULL;
    plan->source_key = association->info.kind == KIN_BELONGS_TO ? &association->target_key : &association->foreign_key;
    const struct projection *projection = through ? &plan->join_row : &plan->root.projection;
    bool among = !through || plan->has_join_row;
    for (size_t i = 0; among && i < plan->source_key->count; i++) {
        size_t cell = projection_cell(projection, plan->source_key->at[i]);
        if (i == 0)
            plan->source_cell = cell;
        among = cell != SIZE_MAX && cell == plan->source_cell + i;
    }
    if (among)
        return true;
    plan->source_cell = plan->cell_count;
    for (size_t i = 0; i < plan->source_key->count; i++)
        if (!plan_output(plan, plan->source_key->at[i], through ? 1 : 0))
            return false;
    return true;
}

static bool plan_partition(struct plan *plan) {
    struct sql_column *columns = arena_allocate(plan->arena, plan->source_key->count * sizeof *columns);
    if (!columns)
        return fault_no_memory(&plan->session->fault);
    for (size_t i = 0; i < plan->source_key->count; i++)
        columns[i] = (struct sql_column){ plan->source_key->at[i], plan->association->info.through ? 1 : 0 };
    plan->select.partition = columns;
    plan->select.partition_count = plan->source_key->count;
    return true;
}

static bool plan_root(struct plan *plan, const struct plan_request *request, const struct sql_expression **where) {
    const kin_find *options = request->options;
    struct plan_node *root = &plan->root;
    bool keys_only = request->extra && request->extra->keys_only;
    root->inner = true;
    root->rows.arena = plan->arena;
    kin_names none = { (const char *const[]){ NULL }, 0 };
    if (!plan_choose(plan, root, request->model, keys_only ? none : options->attributes, options->include) ||
        !plan_output_projection(plan, &root->projection, 0))
        return false;
    if (request->association && request->association->info.through && !plan_join_through(plan, request))
        return false;
    if (request->association && !plan_and_scopes(plan, request->association->scope, request->association->scope_count, 0, where))
        return false;
    if (request->extra && !plan_and(plan, where, request->extra->where))
        return false;
    if (request->by_source && !plan_read_source_key(plan))
        return false;
    return plan_and_condition(plan, request->model, 0, options->where, where) &&
           (options->with_deleted || plan_and_live(plan, request->model, 0, where)) && plan_includes(plan, root, options->include, where);
}

bool plan_build(struct plan *plan, kin_session *session, struct arena *arena, struct region *region, const struct plan_request *request) {
    const kin_find *options = request->options;
    *plan = (struct plan){ .session = session, .arena = arena, .region = region, .association = request->association };
    plan->next_table = request->association && request->association->info.through ? 2 : 1;
    plan->select.model = request->model;
    size_t joins = 1 + plan_count_joins(options->include);
    plan->joins = arena_allocate(arena, joins * sizeof *plan->joins);
    if (!plan->joins)
        return fault_no_memory(&session->fault);
    plan->scope = (struct sql_scope){ request->model, 0, &plan->next_table, arena, &session->fault };
    const struct sql_expression *where = NULL;
    if (!plan_root(plan, request, &where) || !plan_limit(plan, options) || !plan_order_by(plan, options))
        return false;
    if (request->by_source && (plan->select.has_limit || plan->select.has_offset) && !plan_partition(plan))
        return false;
    plan->select.where = where;
    plan->all = !where && !request->association && !plan->select.has_limit && !plan->select.has_offset;
    plan->select.outputs = plan->outputs;
    plan->select.output_count = plan->cell_count;
    plan->select.joins = plan->joins;
    plan->select.lock = request->extra && request->extra->lock;
    plan->cells = arena_allocate(arena, (plan->cell_count + 1) * sizeof *plan->cells);
    return plan->cells || fault_no_memory(&session->fault);
}
