/* Builders of expressions. They allocate in the arena and never fail otherwise. */
#include "sql/tree.h"

#include "base/arena.h"

static struct sql_expression *tree_node(struct arena *arena, enum sql_operator op) {
    struct sql_expression *node = arena_allocate_cleared(arena, sizeof *node);
    if (node)
        node->op = op;
    return node;
}

struct sql_expression *sql_compare(struct arena *arena, enum sql_operator op, struct sql_column column, kin_value value) {
    struct sql_expression *node = tree_node(arena, op);
    if (node) {
        node->column = column;
        node->value = value;
    }
    return node;
}

struct sql_expression *sql_same(struct arena *arena, struct sql_column column, struct sql_column other) {
    struct sql_expression *node = tree_node(arena, SQL_SAME);
    if (node) {
        node->column = column;
        node->other = other;
    }
    return node;
}

struct sql_expression *sql_in(struct arena *arena, struct sql_column column, const kin_value *values, size_t count) {
    struct sql_expression *node = tree_node(arena, SQL_IN);
    if (node) {
        node->column = column;
        node->values = values;
        node->count = count;
    }
    return node;
}

struct sql_expression *sql_joined(struct arena *arena, enum sql_operator op, const struct sql_expression *const *children, size_t count) {
    struct sql_expression *node = tree_node(arena, op);
    if (node) {
        node->children = children;
        node->count = count;
    }
    return node;
}

const struct sql_expression *sql_and(struct arena *arena, const struct sql_expression *one, const struct sql_expression *other, bool *failed) {
    if (!one || !other)
        return one ? one : other;
    const struct sql_expression *pair[] = { one, other };
    const struct sql_expression *const *children = arena_copy(arena, pair, sizeof pair);
    const struct sql_expression *both = children ? sql_joined(arena, SQL_AND, children, 2) : NULL;
    if (!both)
        *failed = true;
    return both;
}

struct sql_expression *sql_key_equals(struct arena *arena, const struct key *key, unsigned table, const kin_value *value) {
    if (key->count == 1)
        return sql_compare(arena, SQL_EQ, (struct sql_column){ key->at[0], table }, value->type == KIN_VALUE_KEY ? value->as.parts[0] : *value);
    const struct sql_expression **children = arena_allocate(arena, key->count * sizeof *children);
    if (!children)
        return NULL;
    for (size_t i = 0; i < key->count; i++)
        if (!(children[i] = sql_compare(arena, SQL_EQ, (struct sql_column){ key->at[i], table }, value->as.parts[i])))
            return NULL;
    return sql_joined(arena, SQL_AND, children, key->count);
}

struct sql_expression *sql_key_in(struct arena *arena, const struct key *key, unsigned table, const kin_value *values, size_t count) {
    if (key->count == 1)
        return sql_in(arena, (struct sql_column){ key->at[0], table }, values, count);
    struct sql_expression *node = tree_node(arena, SQL_KEY_IN);
    struct sql_column *columns = arena_allocate(arena, key->count * sizeof *columns);
    kin_value *parts = arena_allocate(arena, (count ? count : 1) * key->count * sizeof *parts);
    if (!node || !columns || !parts)
        return NULL;
    for (size_t i = 0; i < key->count; i++)
        columns[i] = (struct sql_column){ key->at[i], table };
    for (size_t i = 0; i < count; i++)
        memcpy(parts + i * key->count, values[i].as.parts, key->count * sizeof *parts);
    node->columns = columns;
    node->column_count = key->count;
    node->values = parts;
    node->count = count;
    return node;
}
