/* Comparisons: a column, or several, against bound values or another column. The key tells apart whatever changes the text: operator,
 * columns, NULL or not, and how a list is written. */
#include "sql/write_part.h"

enum { COMPARE_SHORT_LIST = 16, COMPARE_AS_ONE_BIND = 1 };

static const char *compare_sign(enum sql_operator op) {
    switch (op) {
    case SQL_NE:
        return " <> ";
    case SQL_GT:
        return " > ";
    case SQL_GTE:
        return " >= ";
    case SQL_LT:
        return " < ";
    case SQL_LTE:
        return " <= ";
    case SQL_LIKE:
        return " LIKE ";
    default:
        return " = ";
    }
}

static bool compare_is_null(const kin_value *value) {
    return value->type == KIN_VALUE_NULL || value->type == KIN_VALUE_UNSET;
}

static void compare_value(struct sql_writer *writer, const struct sql_expression *expression) {
    bool null = (expression->op == SQL_EQ || expression->op == SQL_NE) && compare_is_null(&expression->value);
    write_key_column(writer, expression->op, null, &expression->column);
    if (null || expression->op == SQL_LIKE)
        write_column_text(writer, &expression->column);
    else
        write_compared_text(writer, &expression->column);
    if (null) {
        write_text(writer, expression->op == SQL_EQ ? " IS NULL" : " IS NOT NULL");
        return;
    }
    write_text(writer, compare_sign(expression->op));
    write_bind(writer, &expression->value);
    if (expression->op == SQL_LIKE)
        write_text(writer, writer->dialect->like_escape);
}

/* 1, 2, 4, 8, … placeholders for count values of `width` binds each; exactly count where so many would be too many. */
static size_t compare_padded(const struct sql_writer *writer, size_t count, size_t width) {
    size_t padded = 1, room = writer->dialect->parameter_limit - writer->bind_count;
    while (padded < count)
        padded *= 2;
    return writer->bind_count < writer->dialect->parameter_limit && padded <= room / width ? padded : count;
}

/* A long list as one bind. False: it cannot be. */
static bool compare_one_bind(struct sql_writer *writer, const struct sql_expression *expression) {
    const struct dialect *dialect = writer->dialect;
    const char *before, *behind;
    if (expression->count <= COMPARE_SHORT_LIST || !dialect->list(expression->column.attribute, &before, &behind))
        return false;
    struct text list = { 0 };
    if (!dialect->list_text(expression->values, expression->count, &list) && text_ok(&list)) {
        text_free(&list);
        return false;
    }
    char *copy = text_ok(&list) ? arena_copy_text(writer->arena, text_string(&list), list.length) : NULL;
    kin_value value = { .type = KIN_VALUE_TEXT, .as.text = { copy, list.length } };
    text_free(&list);
    if (!copy) {
        writer->failed = true;
        fault_no_memory(writer->fault);
        return true;
    }
    write_key_byte(writer, COMPARE_AS_ONE_BIND);
    write_column_text(writer, &expression->column);
    write_text(writer, before);
    write_bind(writer, &value);
    write_text(writer, behind);
    return true;
}

static void compare_list(struct sql_writer *writer, const struct sql_expression *expression) {
    write_key_column(writer, SQL_IN, 0, &expression->column);
    if (compare_one_bind(writer, expression))
        return;
    write_key_byte(writer, 0);
    size_t padded = expression->count ? compare_padded(writer, expression->count, 1) : 0;
    write_key_count(writer, padded);
    if (padded == 0) {
        write_text(writer, "1 = 0");
        return;
    }
    write_compared_text(writer, &expression->column);
    write_text(writer, padded == 1 ? " = " : " IN (");
    if (!write_grow_binds(writer, padded))
        return;
    for (size_t i = 0; i < padded; i++) {
        if (i)
            write_text(writer, ", ");
        write_bind(writer, &expression->values[i < expression->count ? i : expression->count - 1]);
    }
    if (padded > 1)
        write_text(writer, ")");
}

/* The columns of one tuple against its values: a = ? AND b = ?. */
static void compare_tuple(struct sql_writer *writer, const struct sql_expression *expression) {
    for (size_t i = 0; i < expression->column_count; i++) {
        write_text(writer, i ? " AND " : "(");
        write_column_text(writer, &expression->columns[i]);
        write_text(writer, " = ");
        write_bind(writer, &expression->values[i]);
    }
    write_text(writer, ")");
}

static void compare_tuples(struct sql_writer *writer, const struct sql_expression *expression, size_t padded) {
    const struct dialect *dialect = writer->dialect;
    size_t width = expression->column_count;
    for (size_t i = 0; i < width; i++) {
        write_text(writer, i ? ", " : "(");
        write_column_text(writer, &expression->columns[i]);
    }
    write_text(writer, dialect->key_values ? ") IN (VALUES " : ") IN (");
    if (!write_grow_binds(writer, padded * width))
        return;
    for (size_t i = 0; i < padded; i++) {
        const kin_value *tuple = expression->values + (i < expression->count ? i : expression->count - 1) * width;
        for (size_t part = 0; part < width; part++) {
            write_text(writer, part ? ", " : i ? ", (" : "(");
            write_bind(writer, &tuple[part]);
            if (i == 0 && dialect->cast) /* the first row decides the types of VALUES */
                write_text(writer, dialect->cast(expression->columns[part].attribute));
        }
        write_text(writer, ")");
    }
    write_text(writer, ")");
}

static void compare_key_list(struct sql_writer *writer, const struct sql_expression *expression) {
    size_t width = expression->column_count;
    size_t padded = expression->count && width ? compare_padded(writer, expression->count, width) : 0;
    write_key_byte(writer, SQL_KEY_IN);
    write_key_count(writer, width);
    for (size_t i = 0; i < width; i++)
        write_key_column(writer, 0, 0, &expression->columns[i]);
    write_key_count(writer, padded);
    if (padded == 0)
        write_text(writer, "1 = 0");
    else if (padded == 1)
        compare_tuple(writer, expression);
    else
        compare_tuples(writer, expression, padded);
}

static void compare_output(struct sql_writer *writer, const struct sql_expression *expression) {
    bool null = (expression->comparison == SQL_EQ || expression->comparison == SQL_NE) && compare_is_null(&expression->value);
    write_key_byte(writer, SQL_OUTPUT);
    write_key_byte(writer, expression->comparison);
    write_key_byte(writer, null);
    write_key_count(writer, expression->output);
    if (!writer->select || expression->output >= writer->select->output_count) {
        writer->failed = true;
        fault_set(writer->fault, KIN_MISUSE, NULL, NULL, "there is no column %zu in the result to compare", expression->output + 1);
        return;
    }
    write_output_text(writer, &writer->select->outputs[expression->output]);
    if (null) {
        write_text(writer, expression->comparison == SQL_EQ ? " IS NULL" : " IS NOT NULL");
        return;
    }
    write_text(writer, compare_sign(expression->comparison));
    write_bind(writer, &expression->value);
}

void write_comparison(struct sql_writer *writer, const struct sql_expression *expression) {
    switch (expression->op) {
    case SQL_IN:
        compare_list(writer, expression);
        return;
    case SQL_KEY_IN:
        compare_key_list(writer, expression);
        return;
    case SQL_BETWEEN:
        write_key_column(writer, SQL_BETWEEN, expression->most, &expression->column);
        if (expression->most)
            write_text(writer, writer->dialect->no_index);
        write_compared_text(writer, &expression->column);
        write_text(writer, " BETWEEN ");
        write_bind(writer, &expression->values[0]);
        write_text(writer, " AND ");
        write_bind(writer, &expression->values[1]);
        return;
    case SQL_SAME:
        write_key_column(writer, SQL_SAME, 0, &expression->column);
        write_key_column(writer, 0, 0, &expression->other);
        write_column_text(writer, &expression->column);
        write_text(writer, " = ");
        write_column_text(writer, &expression->other);
        return;
    case SQL_RAW:
        write_key_byte(writer, SQL_RAW);
        write_raw(writer, expression->text, expression->values, expression->count, true);
        return;
    case SQL_OUTPUT:
        compare_output(writer, expression);
        return;
    default:
        compare_value(writer, expression);
    }
}
