/* The writer's smallest parts: binds, names, tables, columns. */
#include "sql/write_part.h"

bool write_grow_binds(struct sql_writer *writer, size_t more) {
    if (writer->failed)
        return false;
    size_t need = writer->bind_count + more, capacity = writer->bind_capacity ? writer->bind_capacity : 8;
    while (capacity < need)
        capacity *= 2;
    if (capacity == writer->bind_capacity)
        return true;
    kin_value *binds = arena_allocate(writer->arena, capacity * sizeof *binds);
    if (!binds) {
        writer->failed = true;
        return fault_no_memory(writer->fault);
    }
    if (writer->bind_count)
        memcpy(binds, writer->binds, writer->bind_count * sizeof *binds);
    writer->binds = binds;
    writer->bind_capacity = capacity;
    return true;
}

void write_placeholder(struct sql_writer *writer) {
    if (!writer->dialect->numbered) {
        text_add_character(writer->sql, '?');
        return;
    }
    text_add_character(writer->sql, '$');
    text_add_integer(writer->sql, (int64_t)writer->bind_count);
}

void write_bind_integer(struct sql_writer *writer, int64_t integer) {
    kin_value value = { .type = KIN_VALUE_INTEGER, .as.integer = integer };
    write_bind(writer, &value);
}

void write_alias(struct sql_writer *writer, unsigned table) {
    if (!writer->sql)
        return;
    text_add_character(writer->sql, 't');
    text_add_integer(writer->sql, table);
}

void write_identifier(struct sql_writer *writer, const char *name) {
    if (writer->sql)
        dialect_identifier(writer->dialect, name, writer->sql);
}

void write_table(struct sql_writer *writer, const kin_model *model, unsigned table) {
    const uint64_t record[] = { model->schema ? model->schema->identity : 0, (uint64_t)model->ordinal << 32 | table };
    text_append(&writer->key, (const char *)record, sizeof record);
    if (!writer->sql)
        return;
    dialect_table(writer->dialect, model->info.schema, model->info.table, writer->sql);
    if (writer->aliased) {
        text_add(writer->sql, " AS ");
        write_alias(writer, table);
    }
}

void write_column_text(struct sql_writer *writer, const struct sql_column *column) {
    if (!writer->sql)
        return;
    if (writer->aliased) {
        write_alias(writer, column->table);
        text_add_character(writer->sql, '.');
    }
    dialect_identifier(writer->dialect, column->attribute->info.column, writer->sql);
}

void write_compared_text(struct sql_writer *writer, const struct sql_column *column) {
    const char *type = writer->sql && writer->dialect->compared_as ? writer->dialect->compared_as(column->attribute) : NULL;
    if (!type) {
        write_column_text(writer, column);
        return;
    }
    text_add(writer->sql, "CAST(");
    write_column_text(writer, column);
    text_format(writer->sql, " AS %s)", type);
}

static const char *write_function_name(kin_function function) {
    switch (function) {
    case KIN_MIN:
        return "MIN(";
    case KIN_MAX:
        return "MAX(";
    case KIN_SUM:
        return "SUM(";
    case KIN_AVERAGE:
        return "AVG(";
    default:
        return "COUNT(";
    }
}

void write_output_text(struct sql_writer *writer, const struct sql_output *output) {
    if (!writer->sql)
        return;
    if (output->function == 0) {
        write_column_text(writer, &output->column);
        return;
    }
    text_add(writer->sql, write_function_name(output->function));
    if (output->column.attribute)
        write_compared_text(writer, &output->column);
    else
        text_add_character(writer->sql, '*');
    text_add_character(writer->sql, ')');
}
