/*
 * Expression and statement trees. Everything in them is resolved: attributes, not names; values converted to the attribute's type. Plain
 * structs, built in an arena or on the stack; nothing here is freed by itself.
 *
 * A table in a statement has a number, 0 for the first; its alias is t0, t1, … The writer leaves aliases out where there is one table only.
 * Numbers are the statement's: a select inside of an EXISTS goes on counting (first_table and its joins' tables).
 */
#ifndef KIN_SQL_TREE_H
#define KIN_SQL_TREE_H

#include <kin.h>

#include "schema/model.h"

struct sql_column {
    const struct attribute *attribute;
    unsigned table;
};

enum sql_operator {
    SQL_EQ = 1,  /* column op value; a NULL value makes it IS NULL, IS NOT NULL */
    SQL_NE,
    SQL_GT,
    SQL_GTE,
    SQL_LT,
    SQL_LTE,
    SQL_LIKE,
    SQL_IN,      /* column among values; none: false */
    SQL_KEY_IN,  /* several columns among tuples: values holds columns.count values a tuple */
    SQL_BETWEEN, /* column between values[0] and values[1] */
    SQL_SAME,    /* column = other */
    SQL_AND,     /* children; none: true */
    SQL_OR,      /* children; none: false */
    SQL_NOT,     /* children[0] */
    SQL_EXISTS,  /* select */
    SQL_RAW,     /* text with `?`, values */
    SQL_OUTPUT   /* an output of an aggregate (by number) compared: comparison op value; for HAVING */
};

struct sql_select;

struct sql_expression {
    enum sql_operator op;
    enum sql_operator comparison;  /* SQL_OUTPUT */
    struct sql_column column;
    struct sql_column other;       /* SQL_SAME */
    const struct sql_column *columns; /* SQL_KEY_IN */
    size_t column_count;
    kin_value value;
    const kin_value *values;
    size_t count;                  /* of values (SQL_KEY_IN: of tuples; SQL_RAW: or KIN_TO_LAST), or of children */
    const struct sql_expression *const *children;
    const struct sql_select *select;
    const char *text;
    size_t output;
    bool most;                     /* SQL_BETWEEN: most rows of the table match, so an index would be a detour */
};

struct sql_join {
    bool inner;
    const kin_model *model;
    unsigned table;
    const struct sql_expression *on;
};

/* What comes out: a column, or a function over one (no attribute: over rows). */
struct sql_output {
    kin_function function; /* 0: the column itself */
    struct sql_column column;
    const char *as;        /* the column's name in the result, or NULL */
};

struct sql_order {
    struct sql_column column;
    bool descending;
    bool by_output;       /* by output number `output`, as against column */
    size_t output;
    const struct sql_expression *raw; /* SQL_RAW, as against both */
};

struct sql_select {
    const kin_model *model; /* table 0 */
    const struct sql_output *outputs;
    size_t output_count;    /* 0: SELECT 1 */
    const struct sql_join *joins;
    size_t join_count;
    const struct sql_expression *where; /* NULL: everything */
    const struct sql_column *group;
    size_t group_count;
    const struct sql_expression *having;
    const struct sql_order *orders;
    size_t order_count;
    bool has_limit, has_offset; /* bound, not written */
    int64_t limit, offset;
    const struct sql_column *partition; /* the limit is for each combination of these (ROW_NUMBER), as against for all rows */
    size_t partition_count;
    unsigned first_table;   /* the number of table 0, in an EXISTS inside of another statement */
    bool lock;              /* FOR UPDATE where the database has it */
};

enum sql_conflict { SQL_CONFLICT_ERROR = 0, SQL_CONFLICT_NOTHING };

struct sql_insert {
    const kin_model *model;
    const struct attribute *const *attributes;
    size_t attribute_count;
    const kin_value *values; /* row by row, attribute_count each; unset is written as NULL; they stay until the statement has run */
    size_t row_count;
    enum sql_conflict conflict;
    const struct attribute *returning; /* or NULL; only where the dialect has it */
};

struct sql_set {
    const struct attribute *attribute;
    kin_value value;
    bool add; /* attribute = attribute + value */
};

struct sql_update {
    const kin_model *model;
    const struct sql_set *sets;
    size_t set_count;
    const struct sql_expression *where;
};

struct sql_delete {
    const kin_model *model;
    const struct sql_expression *where;
};

enum sql_kind { SQL_SELECT = 1, SQL_INSERT, SQL_UPDATE, SQL_DELETE, SQL_TEXT };

struct sql_statement {
    enum sql_kind kind;
    union {
        const struct sql_select *select;
        const struct sql_insert *insert;
        const struct sql_update *update;
        const struct sql_delete *delete_;
        struct {
            const char *sql;         /* `?` binds, `??` a question mark; quotes and comments are passed over */
            const kin_value *values;
            size_t count;            /* or KIN_TO_LAST */
        } text;
    } as;
    /* A statement that comes again and again may bring its own key (the first byte is 0xff, which sql_write never begins with) and its binds:
     * then the tree is walked only where the key is not known yet. Equal keys, equal SQL. */
    struct {
        const void *key; /* or NULL */
        size_t size;
        const kin_value *binds;
        size_t bind_count;
    } known;
};

/* How many there are in a list whose count may be KIN_TO_LAST. */
static inline size_t sql_value_count(const kin_value *values, size_t count) {
    if (count == KIN_TO_LAST)
        for (count = 0; values && values[count].type != KIN_VALUE_LAST;)
            count++;
    return count;
}

/* Builders for the commonest expressions; NULL when out of memory. Values and arrays of them are borrowed. */
struct arena;
struct sql_expression *sql_compare(struct arena *arena, enum sql_operator op, struct sql_column column, kin_value value);
struct sql_expression *sql_same(struct arena *arena, struct sql_column column, struct sql_column other);
struct sql_expression *sql_in(struct arena *arena, struct sql_column column, const kin_value *values, size_t count);
/* `one AND other`, either of which may be NULL (everything). Use with sql_failed for errors, since NULL is "everything". */
const struct sql_expression *sql_and(struct arena *arena, const struct sql_expression *one, const struct sql_expression *other, bool *failed);
/* The same, told by op: SQL_AND or SQL_OR of children. */
struct sql_expression *sql_joined(struct arena *arena, enum sql_operator op, const struct sql_expression *const *children, size_t count);
/* Every column of key in table equals the part of value (a KIN_VALUE_KEY when there are several; NULL parts: IS NULL). */
struct sql_expression *sql_key_equals(struct arena *arena, const struct key *key, unsigned table, const kin_value *value);
/* The key is among `count` values (parts of KIN_VALUE_KEY when there are several columns; NULL is among none). */
struct sql_expression *sql_key_in(struct arena *arena, const struct key *key, unsigned table, const kin_value *values, size_t count);

#endif
