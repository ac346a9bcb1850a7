/* Expressions with children, and selects: they contain each other (EXISTS). */
#include "sql/write_part.h"

static void select_expression(struct sql_writer *writer, const struct sql_expression *expression, bool enclosed);

/* Databases read a AND b AND c … as a chain as deep as it is long and limit its depth, so a long one is written as groups. */
enum { SELECT_GROUP = 64 };

static void select_chain(struct sql_writer *writer, enum sql_operator op, const struct sql_expression *const *children, size_t count) {
    size_t step = 1;
    while (step * SELECT_GROUP < count)
        step *= SELECT_GROUP;
    for (size_t i = 0; i < count; i += step) {
        if (i)
            write_text(writer, op == SQL_AND ? " AND " : " OR ");
        if (step == 1) {
            select_expression(writer, children[i], children[i]->op != op);
            continue;
        }
        write_text(writer, "(");
        select_chain(writer, op, children + i, count - i < step ? count - i : step);
        write_text(writer, ")");
    }
}

/* AND and OR; parentheses around those of two and more children that stand inside of something else. */
static void select_joined(struct sql_writer *writer, const struct sql_expression *expression, bool enclosed) {
    if (expression->count == 0) {
        write_text(writer, expression->op == SQL_AND ? "1 = 1" : "1 = 0");
        return;
    }
    if (expression->count == 1) {
        select_expression(writer, expression->children[0], enclosed);
        return;
    }
    write_text(writer, enclosed ? "(" : "");
    select_chain(writer, expression->op, expression->children, expression->count);
    write_text(writer, enclosed ? ")" : "");
}

static void select_not(struct sql_writer *writer, const struct sql_expression *child) {
    bool exists = child->op == SQL_EXISTS; /* which needs no parentheses */
    write_text(writer, exists ? "NOT " : "NOT (");
    select_expression(writer, child, false);
    write_text(writer, exists ? "" : ")");
}

static void select_expression(struct sql_writer *writer, const struct sql_expression *expression, bool enclosed) {
    switch (expression->op) {
    case SQL_AND:
    case SQL_OR:
        write_key_byte(writer, expression->op);
        write_key_count(writer, expression->count);
        select_joined(writer, expression, enclosed);
        return;
    case SQL_NOT:
        write_key_byte(writer, SQL_NOT);
        select_not(writer, expression->children[0]);
        return;
    case SQL_EXISTS:
        write_key_byte(writer, SQL_EXISTS);
        write_text(writer, "EXISTS (");
        write_select(writer, expression->select);
        write_text(writer, ")");
        return;
    default:
        write_comparison(writer, expression);
    }
}

static void select_clause(struct sql_writer *writer, const char *keyword, const struct sql_expression *expression) {
    write_key_byte(writer, expression != NULL);
    if (!expression)
        return;
    write_text(writer, keyword);
    select_expression(writer, expression, false);
}

void write_where(struct sql_writer *writer, const struct sql_expression *where) {
    select_clause(writer, " WHERE ", where);
}

bool write_has_select(const struct sql_expression *expression) {
    if (!expression)
        return false;
    if (expression->op == SQL_EXISTS)
        return true;
    if (expression->op == SQL_AND || expression->op == SQL_OR || expression->op == SQL_NOT) {
        size_t count = expression->op == SQL_NOT ? 1 : expression->count;
        for (size_t i = 0; i < count; i++)
            if (write_has_select(expression->children[i]))
                return true;
    }
    return false;
}

/* Limits for each combination of the partition's columns: a select around the select. */
static bool select_is_partitioned(const struct sql_select *select) {
    return select->partition_count && (select->has_limit || select->has_offset);
}

static void select_numbered(struct sql_writer *writer, const char *letter, size_t number) {
    if (!writer->sql)
        return;
    text_add(writer->sql, letter);
    text_add_integer(writer->sql, (int64_t)number);
}

static void select_outputs_text(struct sql_writer *writer, const struct sql_select *select, bool partitioned) {
    if (!select->output_count && !partitioned)
        write_text(writer, "1");
    for (size_t i = 0; i < select->output_count; i++) {
        const struct sql_output *output = &select->outputs[i];
        write_text(writer, i ? ", " : "");
        write_output_text(writer, output);
        if (partitioned) {
            select_numbered(writer, " AS c", i);
        } else if (output->as) {
            write_text(writer, " AS ");
            write_identifier(writer, output->as);
        }
    }
}

static void select_outputs(struct sql_writer *writer, const struct sql_select *select, bool partitioned) {
    for (size_t i = 0; i < select->output_count; i++) {
        const struct sql_output *output = &select->outputs[i];
        write_key_record(writer, output->function, output->as != NULL, output->column.attribute, output->column.table);
        if (output->as)
            write_key_text(writer, output->as);
    }
    if (writer->sql)
        select_outputs_text(writer, select, partitioned);
}

static void select_joins(struct sql_writer *writer, const struct sql_select *select) {
    for (size_t i = 0; i < select->join_count; i++) {
        const struct sql_join *join = &select->joins[i];
        write_key_byte(writer, join->inner);
        write_text(writer, join->inner ? " INNER JOIN " : " LEFT JOIN ");
        write_table(writer, join->model, join->table);
        select_clause(writer, " ON ", join->on);
        if (!join->on)
            write_text(writer, " ON 1 = 1");
    }
}

static void select_columns(struct sql_writer *writer, const char *keyword, const struct sql_column *columns, size_t count) {
    for (size_t i = 0; i < count; i++) {
        write_key_column(writer, 0, 0, &columns[i]);
        write_text(writer, i ? ", " : keyword);
        write_column_text(writer, &columns[i]);
    }
}

/* The direction, and where NULLs go: they come first, as the smallest, on every database. */
static void select_direction(struct sql_writer *writer, const struct sql_order *order, bool nullable) {
    write_text(writer, order->descending ? " DESC" : "");
    if (nullable)
        write_text(writer, order->descending ? writer->dialect->nulls_last : writer->dialect->nulls_first);
}

static void select_order(struct sql_writer *writer, const struct sql_select *select, const struct sql_order *order) {
    if (order->raw) {
        write_key_byte(writer, 1);
        write_raw(writer, order->raw->text, order->raw->values, order->raw->count, false);
    } else if (order->by_output) {
        write_key_byte(writer, order->descending ? 3 : 2);
        write_key_count(writer, order->output);
        select_numbered(writer, "", order->output + 1);
        select_direction(writer, order, order->output >= select->output_count || select->outputs[order->output].function != KIN_COUNT);
    } else {
        const kin_attribute_info *info = &order->column.attribute->info;
        write_key_byte(writer, order->descending ? 5 : 4);
        write_key_column(writer, 0, 0, &order->column);
        write_compared_text(writer, &order->column);
        select_direction(writer, order, order->column.table != select->first_table || !(info->not_null || info->primary_key));
    }
}

/* " ORDER BY a, b DESC"; begun: something stands in the list already. */
static void select_orders(struct sql_writer *writer, const struct sql_select *select, bool begun) {
    for (size_t i = 0; i < select->order_count; i++) {
        write_text(writer, i || begun ? ", " : " ORDER BY ");
        select_order(writer, select, &select->orders[i]);
    }
}

static void select_body(struct sql_writer *writer, const struct sql_select *select) {
    write_text(writer, " FROM ");
    write_table(writer, select->model, select->first_table);
    select_joins(writer, select);
    write_where(writer, select->where);
    select_columns(writer, " GROUP BY ", select->group, select->group_count);
    select_clause(writer, " HAVING ", select->having);
}

static void select_limits(struct sql_writer *writer, const struct sql_select *select) {
    if (select->has_limit) {
        write_text(writer, " LIMIT ");
        write_bind_integer(writer, select->limit);
    } else if (select->has_offset) {
        write_text(writer, writer->dialect->no_limit);
    }
    if (select->has_offset) {
        write_text(writer, " OFFSET ");
        write_bind_integer(writer, select->offset);
    }
}

static void select_plain(struct sql_writer *writer, const struct sql_select *select) {
    write_text(writer, "SELECT ");
    select_outputs(writer, select, false);
    select_body(writer, select);
    select_columns(writer, " ORDER BY ", select->partition, select->partition_count);
    select_orders(writer, select, select->partition_count != 0);
    select_limits(writer, select);
    if (select->lock)
        write_text(writer, writer->dialect->row_locking);
}

static void select_outer_outputs(struct sql_writer *writer, const struct sql_select *select) {
    if (!writer->sql)
        return;
    write_text(writer, select->output_count ? "SELECT " : "SELECT 1");
    for (size_t i = 0; i < select->output_count; i++) {
        select_numbered(writer, i ? ", c" : "c", i);
        if (select->outputs[i].as) {
            write_text(writer, " AS ");
            write_identifier(writer, select->outputs[i].as);
        }
    }
}

/* Which of the rows, by their number within their parent: over offset, up to offset and limit. */
static void select_range(struct sql_writer *writer, const struct sql_select *select) {
    int64_t offset = select->has_offset ? select->offset : 0;
    write_text(writer, " WHERE ");
    if (select->has_offset) {
        write_text(writer, "kin_n > ");
        write_bind_integer(writer, offset);
    }
    if (select->has_limit) {
        write_text(writer, select->has_offset ? " AND kin_n <= " : "kin_n <= ");
        write_bind_integer(writer, select->limit > INT64_MAX - offset ? INT64_MAX : offset + select->limit);
    }
}

static void select_partitioned(struct sql_writer *writer, const struct sql_select *select) {
    select_outer_outputs(writer, select);
    write_text(writer, " FROM (SELECT ");
    select_outputs(writer, select, true);
    for (size_t i = 0; i < select->partition_count; i++) {
        write_text(writer, i || select->output_count ? ", " : "");
        write_column_text(writer, &select->partition[i]);
        select_numbered(writer, " AS p", i);
    }
    write_text(writer, ", ROW_NUMBER() OVER (");
    select_columns(writer, "PARTITION BY ", select->partition, select->partition_count);
    select_orders(writer, select, false);
    write_text(writer, ") AS kin_n");
    select_body(writer, select);
    write_text(writer, ") AS kin_rows");
    select_range(writer, select);
    for (size_t i = 0; i < select->partition_count; i++)
        select_numbered(writer, i ? ", p" : " ORDER BY p", i);
    write_text(writer, ", kin_n");
}

/* The key's head: what there is, and how many of each. One piece, since every look-up makes one. */
static void select_key(struct sql_writer *writer, const struct sql_select *select, bool partitioned) {
    const size_t counts[] = { select->output_count, select->join_count, select->group_count, select->order_count, select->partition_count };
    unsigned char head[1 + 5];
    bool large = false;
    for (size_t i = 0; i < 5; i++) {
        large = large || counts[i] > UINT8_MAX;
        head[1 + i] = (unsigned char)counts[i];
    }
    head[0] = (unsigned char)((select->has_limit ? 1u : 0u) | (select->has_offset ? 2u : 0u) | (select->lock ? 4u : 0u) | (partitioned ? 8u : 0u) |
                              (large ? 16u : 0u));
    text_append(&writer->key, (const char *)head, sizeof head);
    if (large)
        text_append(&writer->key, (const char *)counts, sizeof counts);
}

void write_select(struct sql_writer *writer, const struct sql_select *select) {
    const struct sql_select *outer = writer->select;
    bool partitioned = select_is_partitioned(select);
    writer->select = select;
    select_key(writer, select, partitioned);
    if (partitioned)
        select_partitioned(writer, select);
    else
        select_plain(writer, select);
    writer->select = outer;
}
