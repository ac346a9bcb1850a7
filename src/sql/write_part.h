/* The writer's parts: each does its share of the text (when it is wanted), of the key and of the binds. Only the files write*.c use them. */
#ifndef KIN_SQL_WRITE_PART_H
#define KIN_SQL_WRITE_PART_H

#include <string.h>

#include "sql/write.h"

static inline void write_text(struct sql_writer *writer, const char *text) {
    if (writer->sql)
        text_add(writer->sql, text);
}

/* Key: what is appended must say by itself where it ends, so that no two shapes share their bytes. */
static inline void write_key_byte(struct sql_writer *writer, unsigned byte) {
    text_add_character(&writer->key, (char)byte);
}

static inline void write_key_number(struct sql_writer *writer, uint64_t number) {
    text_append(&writer->key, (const char *)&number, sizeof number);
}

static inline void write_key_count(struct sql_writer *writer, size_t count) {
    if (count < 255) {
        write_key_byte(writer, (unsigned)count);
        return;
    }
    write_key_byte(writer, 255);
    write_key_number(writer, count);
}

/* NULL and "" differ. */
static inline void write_key_text(struct sql_writer *writer, const char *text) {
    size_t size = text ? strlen(text) : 0;
    write_key_count(writer, text ? size + 1 : 0);
    if (size)
        text_append(&writer->key, text, size);
}

/* A column in the key, with whatever else fits: what (up to 63), more (up to 3). One piece: most of a key is these. */
static inline void write_key_record(struct sql_writer *writer, unsigned what, unsigned more, const struct attribute *attribute, unsigned table) {
    uint64_t index = attribute ? (uint64_t)attribute->index + 1 : 0; /* tables are numbered far below 2^24: memory sees to that */
    write_key_number(writer, index | (uint64_t)table << 32 | (uint64_t)what << 56 | (uint64_t)more << 62);
}

static inline void write_key_column(struct sql_writer *writer, unsigned what, unsigned more, const struct sql_column *column) {
    write_key_record(writer, what, more, column->attribute, column->table);
}

bool write_grow_binds(struct sql_writer *writer, size_t more);
void write_placeholder(struct sql_writer *writer);

/* A value for the next placeholder, whose text is written. */
static inline void write_bind(struct sql_writer *writer, const kin_value *value) {
    if (writer->bind_count == writer->bind_capacity && !write_grow_binds(writer, 1))
        return;
    writer->binds[writer->bind_count++] = *value;
    if (writer->sql)
        write_placeholder(writer);
}

void write_bind_integer(struct sql_writer *writer, int64_t integer);

/* Text and key of a table, with its alias where the statement has them. */
void write_table(struct sql_writer *writer, const kin_model *model, unsigned table);
/* Text alone. */
void write_alias(struct sql_writer *writer, unsigned table);
void write_identifier(struct sql_writer *writer, const char *name);
void write_column_text(struct sql_writer *writer, const struct sql_column *column);
/* The same where its value counts, as in a comparison: see dialect->compared_as. */
void write_compared_text(struct sql_writer *writer, const struct sql_column *column);
/* An output: the column, or a function over it. */
void write_output_text(struct sql_writer *writer, const struct sql_output *output);

/* Hand-written SQL: text, key (its bytes) and binds. enclosed: in parentheses. (write_raw.c) */
void write_raw(struct sql_writer *writer, const char *sql, const kin_value *values, size_t count, bool enclosed);

/* An expression without children or selects. (write_compare.c) */
void write_comparison(struct sql_writer *writer, const struct sql_expression *expression);

/* " WHERE …" or, for NULL, nothing; and a whole select. (write_select.c) */
void write_where(struct sql_writer *writer, const struct sql_expression *where);
void write_select(struct sql_writer *writer, const struct sql_select *select);
/* Whether an expression has a select in it, so that the statement needs aliases. */
bool write_has_select(const struct sql_expression *expression);

/* (write_change.c) */
void write_insert(struct sql_writer *writer, const struct sql_insert *insert);
void write_update(struct sql_writer *writer, const struct sql_update *update);
void write_delete(struct sql_writer *writer, const struct sql_delete *delete_);

#endif
