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

/* What hand-written SQL may hold beside '…', "…", `…`, "--" to the end of the line and C comments. */
enum dialect_syntax {
    DIALECT_BRACKETS = 1,         /* [name] is a quoted name */
    DIALECT_DOLLAR_QUOTES = 2,    /* $tag$ … $tag$ */
    DIALECT_BACKSLASHES = 4,      /* \' does not end '…', nor \" "…" */
    DIALECT_ESCAPE_STRINGS = 8,   /* the same in E'…' alone */
    DIALECT_HASH_COMMENTS = 16,   /* # to the end of the line */
    DIALECT_NESTED_COMMENTS = 32, /* C comments nest */
    DIALECT_SPACED_DASHES = 64    /* "--" begins a comment only before white space */
};

struct dialect {
    const char *name;           /* "sqlite" */
    char quote;                 /* of identifiers; doubled inside of them */
    bool numbered;              /* $1, $2 as against ? */
    bool schemas;               /* real schemas, as against a prefix of the table's name: `schema.table` in one identifier */
    bool returning;             /* INSERT … RETURNING gives the identity key, as against the driver's last_id */
    bool inline_references;     /* single-column references at the column, as against table constraints */
    bool rowid;                 /* an INTEGER PRIMARY KEY is never NULL, without NOT NULL */
    bool create_referencing_missing; /* a table may be created before what it references */
    bool index_if_not_exists;   /* CREATE INDEX IF NOT EXISTS */
    bool foreign_keys_indexed;  /* the database itself indexes foreign keys */
    bool key_values;            /* (a, b) IN (VALUES (…), (…)), as against ((…), (…)) */
    bool delete_by_alias;       /* DELETE t0 FROM … AS t0, as against DELETE FROM … AS t0 */
    bool default_keyword;       /* DEFAULT may stand for a value in an INSERT */
    bool enums;                 /* the type of an ENUM holds its labels, as against a CHECK */
    unsigned syntax;            /* of hand-written SQL: dialect_syntax bits */
    size_t identifier_limit;    /* bytes (at most 120); longer names of indexes and constraints end in a hash */
    size_t parameter_limit;     /* of one statement */
    const char *conflict_nothing; /* " ON CONFLICT DO NOTHING", behind an INSERT's values; NULL: a no-op ON DUPLICATE KEY UPDATE */
    const char *default_row;    /* " DEFAULT VALUES" for an INSERT without columns */
    const char *row_locking;    /* " FOR UPDATE" or "" */
    const char *no_index;       /* before a column that is not to be looked up in an index; "" where the database knows best */
    const char *no_limit;       /* what OFFSET without LIMIT needs before it: " LIMIT -1" or "" */
    const char *like_escape;    /* behind LIKE ?, so that a backslash escapes on every database: " ESCAPE '\'" or "" */
    const char *nulls_first, *nulls_last; /* behind an ascending, a descending nullable column: NULL is the smallest on every database */
    const char *table_options;  /* behind CREATE TABLE's closing parenthesis */
    /* The column's type, e.g. VARCHAR(255); the whole text of an identity key's column, e.g. INTEGER PRIMARY KEY. */
    void (*type)(const struct attribute *attribute, struct text *out);
    void (*identity)(const struct attribute *attribute, struct text *out);
    /* What a column is cast to where it is compared, ordered or counted with, because it is stored as a text; NULL: as it is. */
    const char *(*compared_as)(const struct attribute *attribute);
    /* Behind a placeholder whose type the database cannot infer: "::bigint"; NULL: never needed. */
    const char *(*cast)(const struct attribute *attribute);
    /* Whether a list of this attribute's values can go as one bind (SQLite: a JSON text; PostgreSQL: an array's text). Writes
     * "IN (SELECT value FROM json_each(?))" or "= ANY(?)" around the placeholder: the part before it and the part behind it. */
    bool (*list)(const struct attribute *attribute, const char **before, const char **behind);
    /* The list itself, as a text. False: these values cannot go as one (a NUL in a text); out of memory is out's. Never called
     * where list says false. */
    bool (*list_text)(const kin_value *values, size_t count, struct text *out);
    /* Literals: 'it''s', x'00ff', 1 or TRUE. Nothing in the data can end them. */
    void (*text_literal)(const char *data, size_t size, struct text *out);
    void (*blob_literal)(const void *data, size_t size, struct text *out);
    /* " COMMENT 'text'" behind a column or (of_table) behind the table; NULL: there are none in CREATE TABLE. */
    void (*comment)(const char *comment, bool of_table, struct text *out);
    const char *true_literal, *false_literal;
    const char *infinity;
    /* The names of the tables and indexes that exist, one column of text, no binds; see ddl_table_name. */
    const char *existing;
    const char *begin_sync;     /* before dropping tables in a circle, outside of a transaction (the connection is closed afterwards); or NULL */
};

extern const struct dialect dialect_sqlite, dialect_postgres, dialect_mariadb;

/* Quotes an identifier: every byte of it is data. */
void dialect_identifier(const struct dialect *dialect, const char *name, struct text *out);
/* A table, with its schema (real or as a prefix); schema may be NULL. */
void dialect_table(const struct dialect *dialect, const char *schema, const char *table, struct text *out);
/* A literal for DEFAULT and CHECK; quotes doubled. */
void dialect_literal(const struct dialect *dialect, const kin_value *value, struct text *out);
/* A name within the dialect's limit: itself, or its head and a hash. out takes 128 bytes. */
const char *dialect_limited(const struct dialect *dialect, const char *name, char *out);

/* For the dialects: '…' with quotes doubled; "00ff"; NAME(length), with the usual length of 255 where none is given; NAME(p,s). */
void dialect_quoted_text(const char *data, size_t size, struct text *out);
void dialect_hex(const void *data, size_t size, struct text *out);
void dialect_sized_type(const char *name, const struct attribute *attribute, struct text *out);
void dialect_decimal_type(const char *name, unsigned precision, unsigned scale, struct text *out);
/* A value's text in the manner of the databases (2026-11-22 14:30:00, a UUID's 36 characters, 1, 0.5), unquoted. False: a type
 * that has none. */
bool dialect_plain_text(const kin_value *value, struct text *out);

#endif
