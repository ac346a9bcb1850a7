/*
 * The writer: one walk over a tree yields the binds, a key of the tree's shape, and (when asked for) the SQL. Two trees with the same key
 * have the same SQL in the same dialect, so that a statement that was prepared once is found again without formatting any text.
 *
 * Lists do not grow the number of shapes without end: one value is `=`; up to 16 values are padded to 2, 4, 8 or 16 placeholders by
 * repeating the last; longer ones go as one bind where the dialect can, else as placeholders padded to a power of two (as far as the
 * database takes so many).
 *
 * A statement over one table writes plain column names; one with joins or EXISTS gives every table its alias t0, t1, …
 */
#ifndef KIN_SQL_WRITE_H
#define KIN_SQL_WRITE_H

#include <kin.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/text.h"
#include "sql/dialect.h"
#include "sql/tree.h"

/* Zeroed but for dialect, sql, arena and fault, it is ready. It can be used again and again: each sql_write begins anew, keeping key's
 * memory. The text is appended to sql, which is the caller's. */
struct sql_writer {
    const struct dialect *dialect;
    struct text *sql;    /* NULL: not wanted this time */
    struct text key;     /* the shape, as bytes */
    kin_value *binds;    /* in the order of the placeholders */
    size_t bind_count, bind_capacity;
    struct arena *arena; /* for binds and lists; must live until the statement has run */
    struct fault *fault;
    /* The walk's own: */
    bool failed;         /* fault is set, or out of memory */
    bool aliased;
    const struct sql_select *select; /* the innermost, whose outputs a HAVING names */
};

/* False: fault says why (out of memory; a wrong number of binds in hand-written SQL; more parameters than the database takes). */
bool sql_write(struct sql_writer *writer, const struct sql_statement *statement);
/* Frees what the writer owns (key; binds are the arena's). */
void sql_writer_free(struct sql_writer *writer);

/* How many values (of a key: tuples) can be looked for in one statement, with room for other binds: SIZE_MAX where they go as one bind.
 * Else a power of two, so that full portions are not padded. */
size_t sql_list_limit(const struct dialect *dialect, const struct key *key);

#endif
