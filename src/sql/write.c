/* The writer's entry: one statement, begun anew, checked at its end. */
#include "sql/write.h"

#include "sql/write_part.h"

static bool write_select_is_aliased(const struct sql_select *select) {
    return select->join_count || select->first_table || write_has_select(select->where) || write_has_select(select->having);
}

static void write_statement(struct sql_writer *writer, const struct sql_statement *statement) {
    switch (statement->kind) {
    case SQL_SELECT:
        writer->aliased = write_select_is_aliased(statement->as.select);
        write_select(writer, statement->as.select);
        return;
    case SQL_INSERT:
        write_insert(writer, statement->as.insert);
        return;
    case SQL_UPDATE:
        write_update(writer, statement->as.update);
        return;
    case SQL_DELETE:
        write_delete(writer, statement->as.delete_);
        return;
    case SQL_TEXT:
        write_raw(writer, statement->as.text.sql, statement->as.text.values, statement->as.text.count, false);
        return;
    }
}

bool sql_write(struct sql_writer *writer, const struct sql_statement *statement) {
    text_clear(&writer->key);
    writer->binds = NULL; /* the arena may have been emptied since */
    writer->bind_count = writer->bind_capacity = 0;
    writer->failed = writer->aliased = false;
    writer->select = NULL;
    write_key_byte(writer, statement->kind);
    write_statement(writer, statement);
    if (writer->failed)
        return false; /* the fault is set */
    if (!text_ok(&writer->key) || (writer->sql && !text_ok(writer->sql)))
        return fault_no_memory(writer->fault);
    if (writer->bind_count > writer->dialect->parameter_limit)
        return fault_set(writer->fault, KIN_UNSUPPORTED, NULL, NULL, "a statement with %zu values, but %s takes %zu: send fewer at a time",
                         writer->bind_count, writer->dialect->name, writer->dialect->parameter_limit);
    return true;
}

void sql_writer_free(struct sql_writer *writer) {
    text_free(&writer->key);
}

size_t sql_list_limit(const struct dialect *dialect, const struct key *key) {
    enum { OTHER_BINDS = 256 };
    const char *before, *behind;
    if (key->count == 1 && dialect->list(key->at[0], &before, &behind))
        return SIZE_MAX;
    size_t most = (dialect->parameter_limit - OTHER_BINDS) / (key->count ? key->count : 1), limit = 1;
    while (limit * 2 <= most)
        limit *= 2;
    return limit;
}
