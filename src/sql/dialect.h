/*
 * What differs between databases in SQL text: a const table each. Everything else is the one writer's (write.h) and ddl.h.
 *
 * To add one: write sql/<name>.c with a `const struct dialect`, declare it below, name it in the driver that speaks it, and
 * add its column to the golden tables in tests/unit/golden_*.
 */
#ifndef KIN_SQL_DIALECT_H
#define KIN_SQL_DIALECT_H

#include <kin.h>

#include "base/text.h"
#include "schema/model.h"

struct dialect {
    const char *name;           /* "sqlite" */
    char quote;                 /* of identifiers; doubled inside of them */
    bool numbered;              /* $1, $2 as against ? */
    bool schemas;               /* real schemas, as against a prefix of the table's name: `schema.table` in one identifier */
    bool returning;             /* INSERT … RETURNING */
    bool inline_references;     /* single-column references at the column, as against table constraints */
    bool create_referencing_missing; /* a table may be created before what it references */
    bool index_if_not_exists;   /* CREATE INDEX IF NOT EXISTS */
    bool foreign_keys_indexed;  /* the database itself indexes foreign keys */
    size_t identifier_limit;    /* bytes; longer names end in a hash */
    size_t parameter_limit;     /* of one statement */
    const char *conflict_nothing; /* " ON CONFLICT DO NOTHING", behind an INSERT's values (MariaDB's equal takes the key: see write.c) */
    const char *default_row;    /* " DEFAULT VALUES" for an INSERT without columns */
    const char *row_locking;    /* " FOR UPDATE" or "" */
    /* The column's type, e.g. VARCHAR(255); the whole text of an identity key's column, e.g. INTEGER PRIMARY KEY. */
    void (*type)(const struct attribute *attribute, struct text *out);
    void (*identity)(const struct attribute *attribute, struct text *out);
    /* Whether a list of this attribute's values can go as one bind (SQLite: a JSON text; PostgreSQL: an array's text). Writes
     * "IN (SELECT value FROM json_each(?))" or "= ANY(?)" around the placeholder: the part before it and the part behind it. */
    bool (*list)(const struct attribute *attribute, const char **before, const char **behind);
    /* The list itself, as a text. False: out of memory. */
    bool (*list_text)(const kin_value *values, size_t count, struct text *out);
    /* The names of the tables and indexes that exist, one column of text, no binds. */
    const char *existing;
    const char *begin_sync, *end_sync; /* around dropping and creating tables in a circle; or NULL */
};

extern const struct dialect dialect_sqlite, dialect_postgres, dialect_mariadb;

/* Quotes an identifier: every byte of it is data. */
void dialect_identifier(const struct dialect *dialect, const char *name, struct text *out);
/* A table, with its schema (real or as a prefix). */
void dialect_table(const struct dialect *dialect, const char *schema, const char *table, struct text *out);
/* A literal for DEFAULT and CHECK; quotes doubled. */
void dialect_literal(const struct dialect *dialect, const kin_value *value, struct text *out);
/* A name within the dialect's limit: itself, or its head and a hash. out takes 128 bytes. */
const char *dialect_limited(const struct dialect *dialect, const char *name, char *out);

#endif
