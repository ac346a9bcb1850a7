/* INSERT, UPDATE and DELETE. */
#include "sql/write_part.h"

static void change_column(struct sql_writer *writer, const struct attribute *attribute) {
    write_identifier(writer, attribute->info.column);
}

/* A row that is there already is left as it is. */
static void change_conflict(struct sql_writer *writer, const struct sql_insert *insert) {
    const struct key *key = &insert->model->primary_key;
    if (insert->conflict != SQL_CONFLICT_NOTHING || insert->attribute_count == 0)
        return;
    if (writer->dialect->conflict_nothing) {
        write_text(writer, writer->dialect->conflict_nothing);
        return;
    }
    const struct attribute *same = key->count ? key->at[0] : insert->attributes[0];
    write_text(writer, " ON DUPLICATE KEY UPDATE ");
    change_column(writer, same);
    write_text(writer, " = ");
    change_column(writer, same);
}

/* Rows of nothing but defaults. */
static void change_default_rows(struct sql_writer *writer, const struct sql_insert *insert) {
    const struct dialect *dialect = writer->dialect;
    if (insert->row_count == 1) {
        write_text(writer, dialect->default_row);
        return;
    }
    if (!dialect->default_keyword && !insert->model->identity) {
        writer->failed = true;
        fault_set(writer->fault, KIN_UNSUPPORTED, insert->model->info.name, NULL,
                  "%s cannot insert several rows without any value in one statement: insert them one by one", dialect->name);
        return;
    }
    write_text(writer, " (");
    change_column(writer, dialect->default_keyword ? &insert->model->attributes[0] : insert->model->identity);
    write_text(writer, ") VALUES ");
    for (size_t row = 0; row < insert->row_count; row++) {
        write_text(writer, row ? ", " : "");
        write_text(writer, dialect->default_keyword ? "(DEFAULT)" : "(NULL)");
    }
}

static void change_rows(struct sql_writer *writer, const struct sql_insert *insert) {
    const kin_value *value = insert->values;
    if (!writer->sql && writer->bind_count == 0) { /* the values are the binds: nothing else comes before or behind them */
        writer->binds = (kin_value *)(uintptr_t)value;
        writer->bind_count = writer->bind_capacity = insert->row_count * insert->attribute_count;
        return;
    }
    for (size_t i = 0; i < insert->attribute_count; i++) {
        write_text(writer, i ? ", " : " (");
        change_column(writer, insert->attributes[i]);
    }
    write_text(writer, ") VALUES ");
    if (!write_grow_binds(writer, insert->row_count * insert->attribute_count))
        return;
    for (size_t row = 0; row < insert->row_count; row++)
        for (size_t i = 0; i < insert->attribute_count; i++) {
            write_text(writer, i ? ", " : row ? "), (" : "(");
            write_bind(writer, value++);
        }
    write_text(writer, ")");
}

void write_insert(struct sql_writer *writer, const struct sql_insert *insert) {
    write_key_byte(writer, insert->conflict);
    write_text(writer, "INSERT INTO ");
    write_table(writer, insert->model, 0);
    write_key_count(writer, insert->row_count);
    write_key_count(writer, insert->attribute_count);
    for (size_t i = 0; i < insert->attribute_count; i++)
        write_key_count(writer, insert->attributes[i]->index);
    if (insert->attribute_count)
        change_rows(writer, insert);
    else
        change_default_rows(writer, insert);
    change_conflict(writer, insert);
    write_key_count(writer, insert->returning ? insert->returning->index + 1 : 0);
    if (insert->returning) {
        write_text(writer, " RETURNING ");
        change_column(writer, insert->returning);
    }
}

void write_update(struct sql_writer *writer, const struct sql_update *update) {
    if (update->set_count == 0) {
        writer->failed = true;
        fault_set(writer->fault, KIN_MISUSE, update->model->info.name, NULL, "an UPDATE of no attribute: give at least one value");
        return;
    }
    writer->aliased = write_has_select(update->where);
    write_text(writer, "UPDATE ");
    write_table(writer, update->model, 0);
    write_key_count(writer, update->set_count);
    for (size_t i = 0; i < update->set_count; i++) {
        const struct sql_set *set = &update->sets[i];
        const struct sql_column column = { set->attribute, 0 };
        write_key_column(writer, set->add, 0, &column);
        write_text(writer, i ? ", " : " SET ");
        change_column(writer, set->attribute);
        write_text(writer, " = ");
        if (set->add) {
            write_column_text(writer, &column);
            write_text(writer, " + ");
        }
        write_bind(writer, &set->value);
    }
    write_where(writer, update->where);
}

void write_delete(struct sql_writer *writer, const struct sql_delete *delete_) {
    writer->aliased = write_has_select(delete_->where);
    write_text(writer, writer->aliased && writer->dialect->delete_by_alias ? "DELETE t0 FROM " : "DELETE FROM ");
    write_table(writer, delete_->model, 0);
    write_where(writer, delete_->where);
}
