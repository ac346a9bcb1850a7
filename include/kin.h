/*
 * kin: an object-relational mapper for C.
 *
 * Declare the relation once. Tables, keys, accessors and eager loading follow from it.
 *
 * This header is the manual; read it from top to bottom:
 *
 *    1  values and lists         what goes into a database and comes out of it
 *    2  errors                   one sticky error a session
 *    3  schemas and models       tables, declared
 *    4  associations             how models are related
 *    5  databases and sync       opening, creating and dropping tables
 *    6  sessions                 memory, transactions, hooks for logging
 *    7  conditions               what to look for
 *    8  finding
 *    9  rows                     reading, changing, saving
 *   10  many rows at once
 *   11  following associations   the verbs: get, set, add, remove, has, count, create
 *   12  accessors by name        "addTask" to verb and association
 *   13  reflection
 *   14  hooks
 *
 * Everywhere: a zero means "as usual"; option structs that are given by pointer open with `size_t size`, which the macros fill, so that they can
 * grow; elements of lists (kin_attribute, kin_include, …) do not, and change with the library's soname alone; the
 * function beneath a macro bears the macro's name in parentheses, for C++, bindings and wrappers. A text is
 * UTF-8 and ends with a NUL unless a length stands beside it. What a session hands out is freed with the
 * session, what a schema hands out with the schema, what a database hands out with the database.
 */
#ifndef KIN_H
#define KIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KIN_VERSION_MAJOR 0
#define KIN_VERSION_MINOR 1
#define KIN_VERSION_PATCH 0
#define KIN_VERSION "0.1.0"

#if defined(_WIN32)
#define KIN_API
#else
#define KIN_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kin_schema kin_schema;           /* models and associations; immutable once linked */
typedef struct kin_model kin_model;             /* one table */
typedef struct kin_association kin_association; /* how two models are related, seen from its source */
typedef struct kin_db kin_db;                   /* a pool of connections to one database */
typedef struct kin_session kin_session;         /* one thread's conversation with it */
typedef struct kin_row kin_row;                 /* one row of a model, or of kin_query */
typedef struct kin_cursor kin_cursor;           /* a result that is walked, not held */

/* The version of the library that runs, e.g. "0.1.0". */
KIN_API const char *kin_version(void);


/* ---- 1. Values and lists ------------------------------------------------------------------------------- */

typedef enum kin_value_type {
    KIN_VALUE_UNSET = 0, /* not mentioned: the attribute's default applies */
    KIN_VALUE_NULL,      /* SQL NULL */
    KIN_VALUE_BOOLEAN,
    KIN_VALUE_INTEGER,
    KIN_VALUE_REAL,
    KIN_VALUE_TEXT,
    KIN_VALUE_BLOB,
    KIN_VALUE_DATE,     /* microseconds since 1970-01-01 00:00:00 UTC */
    KIN_VALUE_DATEONLY, /* days since 1970-01-01 */
    KIN_VALUE_TIME,     /* microseconds since midnight */
    KIN_VALUE_UUID,
    KIN_VALUE_DECIMAL, /* its text */
    KIN_VALUE_JSON,    /* its text */
    KIN_VALUE_KEY,     /* a composite key: several values in one */
    KIN_VALUE_INVALID, /* what C could not carry, e.g. an unsigned above INT64_MAX: an error where it is used */
    KIN_VALUE_LAST     /* closes a list that a macro made; not for callers */
} kin_value_type;

typedef struct kin_uuid {
    uint8_t bytes[16];
} kin_uuid;

typedef struct kin_bytes {
    const void *data;
    size_t size;
} kin_bytes;

/* A value on its way in or out. Unset, NULL, 0 and "" are four different things. Texts and blobs are
 * borrowed: a value given to kin must stay valid for the call, a value got from kin lives as long as its row. */
typedef struct kin_value {
    union {
        struct {
            const char *data; /* not necessarily NUL-terminated; size counts */
            size_t size;
        } text; /* also decimal and JSON; first, so that a bare number where a kin_value is wanted makes the compiler complain */
        bool boolean;
        int64_t integer; /* also date, date-only and time */
        double real;
        kin_bytes blob;
        kin_uuid uuid;
        const struct kin_value *parts;
    } as;
    uint32_t type;  /* a kin_value_type */
    uint32_t count; /* parts of a KIN_VALUE_KEY */
} kin_value;

/* Makers. kin(v) chooses by type: bool, every integer type, float, double, char *, const char *, kin_value.
 * A plain char or a void * does not compile. A NULL char * is SQL NULL. */
KIN_API kin_value kin_value_boolean(bool value);
KIN_API kin_value kin_value_integer(long long value);
KIN_API kin_value kin_value_unsigned(unsigned long long value);
KIN_API kin_value kin_value_real(double value);
KIN_API kin_value kin_value_string(const char *text);            /* NUL-terminated; NULL is SQL NULL */
KIN_API kin_value kin_value_text(const char *text, size_t size); /* size bytes, NULs allowed; (NULL, 0) is "" */
KIN_API kin_value kin_value_blob(const void *data, size_t size);
KIN_API kin_value kin_value_date(int64_t microseconds); /* since 1970-01-01 00:00:00 UTC */
KIN_API kin_value kin_value_dateonly(int32_t days);     /* since 1970-01-01 */
KIN_API kin_value kin_value_time(int64_t microseconds); /* since midnight */
KIN_API kin_value kin_value_uuid(kin_uuid uuid);
KIN_API kin_value kin_value_decimal(const char *text); /* e.g. "12.30"; NULL is SQL NULL */
KIN_API kin_value kin_value_json(const char *text);    /* NULL is SQL NULL */
KIN_API kin_value kin_value_key(size_t count, const kin_value *parts);
KIN_API kin_value kin_value_same(kin_value value);

/* 2026, 11, 22, 14, 30, 0 (UTC, proleptic Gregorian) to microseconds for kin_value_date; and the present moment. */
KIN_API int64_t kin_date_from(int year, int month, int day, int hour, int minute, int second);
KIN_API int64_t kin_now(void);
/* A UUID and its 36 characters (out takes 37 bytes). Parse: false when the text is none. */
KIN_API void kin_uuid_format(kin_uuid uuid, char *out);
KIN_API bool kin_uuid_parse(const char *text, kin_uuid *out);

/* "name" gets value. Frozen: two members, in this order. */
typedef struct kin_assignment {
    const char *name;
    kin_value value;
} kin_assignment;

/* Lists. Each has a literal form (KIN_NAMES, KIN_VALUES, …) that lives to the end of the enclosing block, and
 * a run-time form (kin_names_of, …) that borrows the caller's array. A count of KIN_TO_LAST means "to the
 * closing element" and is the macros' business. */
#define KIN_TO_LAST SIZE_MAX

typedef struct kin_names {
    const char *const *at;
    size_t count;
} kin_names; /* { NULL, 0 }: none given; KIN_NO_NAMES: the empty list */

typedef struct kin_values {
    const kin_assignment *at;
    size_t count;
} kin_values;

typedef struct kin_records {
    const kin_values *at;
    size_t count;
} kin_records;

/* A result: count rows; at is never NULL when count is not 0. Frozen. */
typedef struct kin_rows {
    kin_row **at;
    size_t count;
} kin_rows;

/* Rows or keys handed to an association's verb. */
typedef struct kin_targets {
    kin_row *const *rows;  /* either rows … */
    const kin_value *keys; /* … or keys */
    size_t count;
} kin_targets;

KIN_API kin_names kin_names_of(size_t count, const char *const *names);
KIN_API kin_values kin_values_of(size_t count, const kin_assignment *assignments);
KIN_API kin_records kin_records_of(size_t count, const kin_values *records);
KIN_API kin_targets kin_rows_of(size_t count, kin_row *const *rows);
KIN_API kin_targets kin_keys_of(size_t count, const kin_value *keys);

#ifndef __cplusplus

#define kin(v)                                                                                                  \
    _Generic((v),                                                                                               \
        bool: kin_value_boolean,                                                                                \
        signed char: kin_value_integer,                                                                         \
        short: kin_value_integer,                                                                               \
        int: kin_value_integer,                                                                                 \
        long: kin_value_integer,                                                                                \
        long long: kin_value_integer,                                                                           \
        unsigned char: kin_value_unsigned,                                                                      \
        unsigned short: kin_value_unsigned,                                                                     \
        unsigned int: kin_value_unsigned,                                                                       \
        unsigned long: kin_value_unsigned,                                                                      \
        unsigned long long: kin_value_unsigned,                                                                 \
        float: kin_value_real,                                                                                  \
        double: kin_value_real,                                                                                 \
        char *: kin_value_string,                                                                               \
        const char *: kin_value_string,                                                                         \
        kin_value: kin_value_same)(v)

#define KIN_LAST_VALUE ((kin_value){ .type = KIN_VALUE_LAST })
#define KIN_LAST_ASSIGNMENT { NULL, { .type = KIN_VALUE_LAST } }

/* SQL NULL, as against an attribute that is not mentioned. */
#define kin_null ((kin_value){ .type = KIN_VALUE_NULL })
/* A composite key as one value: kin_key(kin(1), kin("a")). */
#define kin_key(...)                                                                                            \
    (kin_value_key(sizeof((const kin_value[]){ __VA_ARGS__ }) / sizeof(kin_value), (const kin_value[]){ __VA_ARGS__ }))

#define KIN_NAMES(...)                                                                                          \
    ((kin_names){ (const char *const[]){ __VA_ARGS__ }, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *) })
#define KIN_NO_NAMES ((kin_names){ (const char *const[]){ NULL }, 0 })
/* KIN_VALUES({ "title", kin("x") }, { "age", kin(36) }); KIN_DEFAULTS in a brace's place: nothing is set. */
#define KIN_VALUES(...) ((kin_values){ (const kin_assignment[]){ __VA_ARGS__, KIN_LAST_ASSIGNMENT }, KIN_TO_LAST })
#define KIN_DEFAULTS KIN_LAST_ASSIGNMENT
#define KIN_RECORDS(...)                                                                                        \
    ((kin_records){ (const kin_values[]){ __VA_ARGS__ }, sizeof((const kin_values[]){ __VA_ARGS__ }) / sizeof(kin_values) })
#define KIN_ROWS(...)                                                                                           \
    ((kin_targets){ .rows = (kin_row *const[]){ __VA_ARGS__ },                                                  \
                    .count = sizeof((kin_row *const[]){ __VA_ARGS__ }) / sizeof(kin_row *) })
#define KIN_KEYS(...)                                                                                           \
    ((kin_targets){ .keys = (const kin_value[]){ __VA_ARGS__ },                                                 \
                    .count = sizeof((const kin_value[]){ __VA_ARGS__ }) / sizeof(kin_value) })
#define KIN_NONE ((kin_targets){ NULL, NULL, 0 })

_Static_assert(sizeof(kin_value) == 24, "kin_value is frozen at 24 bytes");
/* The value lies at the next multiple of its alignment: where pointers have 4 bytes, some platforms leave a gap. */
_Static_assert(offsetof(kin_assignment, value) == (sizeof(char *) < _Alignof(kin_value) ? _Alignof(kin_value) : sizeof(char *)) &&
                   sizeof(kin_assignment) == offsetof(kin_assignment, value) + sizeof(kin_value),
               "kin_assignment is frozen: a name and a value");
_Static_assert(sizeof(kin_rows) == 2 * sizeof(void *), "kin_rows is frozen: an array and a count");

#endif /* __cplusplus */


/* ---- 2. Errors ------------------------------------------------------------------------------------------ */

typedef enum kin_status {
    KIN_OK = 0,
    KIN_NO_MEMORY,   /* an allocation failed */
    KIN_MISUSE,      /* the call itself is wrong: a name, a type, an option, a row of another model */
    KIN_SCHEMA,      /* a declaration is wrong; found when the schema is linked */
    KIN_INVALID,     /* a validator refused a value */
    KIN_CONSTRAINT,  /* the database refused it: see constraint */
    KIN_NOT_FOUND,   /* .required and there is none */
    KIN_STALE,       /* the row is gone or not known to be what the database has */
    KIN_BUSY,        /* locked by somebody else for longer than the time-out; worth retrying */
    KIN_TRANSACTION, /* the transaction's level has failed; kin_rollback it */
    KIN_CONNECTION,  /* no connection could be had, or it broke */
    KIN_CANCELLED,   /* by kin_cancel */
    KIN_HOOK,        /* a hook refused */
    KIN_UNSUPPORTED, /* this database cannot do it */
    KIN_DATABASE     /* anything else the database said */
} kin_status;

typedef enum kin_constraint {
    KIN_NO_CONSTRAINT = 0,
    KIN_UNIQUE,
    KIN_FOREIGN_KEY,
    KIN_NOT_NULL,
    KIN_CHECK
} kin_constraint;

/* What went wrong. Texts are never NULL (""), except sql, which is NULL when no statement was sent; they
 * live until the error is cleared or its owner is freed. */
typedef struct kin_error {
    kin_status status;
    kin_constraint constraint;
    const char *message;         /* what, where, and what to do about it */
    const char *model;           /* the model it happened on, when known */
    const char *attribute;       /* the attribute or association, when known */
    const char *constraint_name; /* as far as the database names them: */
    const char *table;
    kin_names columns;
    const char *sqlstate; /* five characters on PostgreSQL and MariaDB */
    int native_code;      /* the database's own number: SQLite's extended result code, MariaDB's errno */
    const char *sql;      /* the statement, without its values */
} kin_error;

/* True while nothing has gone wrong since the session was opened or its error was cleared. NULL: false. */
KIN_API bool kin_ok(const kin_session *session);
/* The session's error, never NULL: status KIN_OK while there is none. NULL session: a static out-of-memory error. */
KIN_API const kin_error *kin_error_of(const kin_session *session);
/* Forgets the error. A failed transaction level stays failed until it is rolled back. */
KIN_API void kin_clear_error(kin_session *session);
/* For hooks and wrappers: makes status and message the session's error, if it has none; always false. */
KIN_API bool kin_fail(kin_session *session, kin_status status, const char *message);

/* All memory of the library comes from here: reallocate(context, pointer, size) does as realloc (a NULL pointer
 * allocates) and frees when size is 0. Set it before anything else and only then; NULL restores realloc and free. */
typedef struct kin_allocator {
    void *(*reallocate)(void *context, void *pointer, size_t size);
    void *context;
} kin_allocator;

KIN_API void kin_set_allocator(const kin_allocator *allocator);


/* ---- 3. Schemas and models -------------------------------------------------------------------------------- */

typedef enum kin_type {
    KIN_TYPE_STRING = 1, /* in memory: const char *, NUL-terminated, length kept */
    KIN_TYPE_TEXT,
    KIN_TYPE_CHAR,
    KIN_TYPE_INTEGER, /* int64_t */
    KIN_TYPE_BIGINT,
    KIN_TYPE_REAL,    /* double */
    KIN_TYPE_DECIMAL, /* const char * */
    KIN_TYPE_BOOLEAN, /* bool */
    KIN_TYPE_DATE,    /* int64_t microseconds since 1970-01-01 UTC */
    KIN_TYPE_DATEONLY, /* int32_t days since 1970-01-01 */
    KIN_TYPE_TIME,    /* int64_t microseconds since midnight */
    KIN_TYPE_UUID,    /* kin_uuid */
    KIN_TYPE_BLOB,    /* kin_bytes */
    KIN_TYPE_JSON,    /* const char * */
    KIN_TYPE_ENUM,    /* int32_t, labels from 1 */
    KIN_TYPE_ANY      /* kin_value: the columns of kin_query and kin_aggregate; not for declaring */
} kin_type;

/* What the database does to a row when the row it references is deleted or gets another key. */
typedef enum kin_action {
    KIN_ACTION_USUAL = 0,
    KIN_RESTRICT,
    KIN_CASCADE,
    KIN_NO_ACTION,
    KIN_SET_DEFAULT,
    KIN_SET_NULL
} kin_action;

/* An option that a schema-wide default may already have set. `true` compiles and is KIN_ON. */
typedef enum kin_switch { KIN_USUAL = 0, KIN_ON = 1, KIN_OFF = 2 } kin_switch;

/* A hand-declared foreign key: a model, or a table by its name. column: the primary key ("id") unless given. */
typedef struct kin_reference {
    const kin_model *model;
    const char *table;
    const char *column;
} kin_reference;

/* Refuses a value: returns NULL when it is good, else what is wrong with it ("must be even"). */
typedef const char *kin_validator(void *context, kin_value value);

/* Checked before a row is saved; NULL is checked by not_null alone. Lengths are in bytes. */
typedef struct kin_validation {
    bool not_empty;
    size_t min_length, max_length;   /* 0: none */
    const double *minimum, *maximum; /* of numbers; NULL: none */
    kin_names one_of;                /* of texts */
    kin_validator *function;
    void *context;
} kin_validation;

/* One attribute, declared. Written with the KIN_STRING … macros below. */
typedef struct kin_attribute {
    const char *name;
    kin_type type;
    const char *column;      /* its name in the table; the attribute's name unless given */
    bool not_null;
    bool primary_key;        /* several make a composite key */
    bool auto_increment;
    bool unique;
    const char *unique_group; /* attributes with the same group are unique together (the constraint is named after them) */
    kin_value default_value;  /* also becomes DEFAULT in the table */
    bool default_now, default_uuid; /* made by kin when a row is built; not in the table */
    size_t length;            /* STRING (255 unless given), CHAR (255 unless given), BLOB; SQLite does not hold anyone to it */
    unsigned precision, scale; /* DECIMAL; SQLite keeps one of more than 15 digits, or without precision, as a text, compared as a number */
    kin_names labels;         /* ENUM */
    kin_reference references;
    kin_action on_delete, on_update; /* with references */
    kin_validation validate;
    const char *comment;
} kin_attribute;

typedef struct kin_attributes {
    const kin_attribute *at;
    size_t count;
} kin_attributes;

/* An index on a model's table. */
typedef struct kin_index {
    kin_names attributes;
    bool unique;
    const char *name; /* <table>_<columns> unless given */
} kin_index;

typedef struct kin_indexes {
    const kin_index *at;
    size_t count;
} kin_indexes;

typedef struct kin_model_options {
    size_t size;
    const char *name; /* kept as written; the registry's key */
    kin_attributes attributes;
    const char *table;            /* used as written; else the plural of the name */
    kin_switch freeze_table_name; /* the table is named as the model */
    kin_switch underscored;       /* keys and timestamps that kin names are snake_case */
    kin_switch timestamps;        /* createdAt and updatedAt */
    kin_switch paranoid;          /* deletedAt instead of DELETE; needs timestamps */
    const char *created_at, *updated_at, *deleted_at; /* other names for them; "" leaves that one out */
    const char *singular, *plural; /* for accessors and keys, where inflection would be wrong */
    const char *schema;            /* a database schema, or (SQLite, MariaDB) a prefix of the table's name */
    kin_indexes indexes;
    const char *comment;
} kin_model_options;

/* Defaults for every model that is defined after it; a model's own options win, key by key. */
typedef struct kin_schema_options {
    size_t size;
    kin_switch freeze_table_name, underscored, timestamps, paranoid;
    const char *schema;
} kin_schema_options;

/* A new, empty schema; NULL when out of memory, and then every call on it does nothing. The caller frees it,
 * after every database that was opened with it. */
KIN_API kin_schema *kin_schema_new(void);
KIN_API void kin_schema_free(kin_schema *schema);
KIN_API void(kin_schema_defaults)(kin_schema *schema, const kin_schema_options *options);
/* Teaches the inflector a pair; the same word twice makes it uncountable. */
KIN_API void kin_schema_word(kin_schema *schema, const char *singular, const char *plural);

/* Declares a model. Never fails on the spot (see kin_schema_link); everything given is copied. The handle is the
 * schema's. A model without a primary key gets `id`, an auto-increment INTEGER, as its first attribute. A name that
 * is defined again replaces the earlier model in the registry. */
KIN_API kin_model *(kin_define)(kin_schema *schema, const kin_model_options *options);

/* Resolves names, injects foreign keys and join models, orders the tables, freezes. Called by kin_open; may be
 * called earlier, and again. Threads may share a schema once it is linked. False: kin_schema_error says what is wrong and what
 * to write instead. */
KIN_API bool kin_schema_link(kin_schema *schema);
/* The first fault of the declarations; NULL when there is none. NULL schema: a static out-of-memory error. */
KIN_API const kin_error *kin_schema_error(const kin_schema *schema);

#ifndef __cplusplus

#define KIN_ATTRIBUTES(...)                                                                                     \
    ((kin_attributes){ (const kin_attribute[]){ __VA_ARGS__ }, sizeof((const kin_attribute[]){ __VA_ARGS__ }) / sizeof(kin_attribute) })
#define KIN_NO_ATTRIBUTES ((kin_attributes){ NULL, 0 })
#define KIN_INDEXES(...)                                                                                        \
    ((kin_indexes){ (const kin_index[]){ __VA_ARGS__ }, sizeof((const kin_index[]){ __VA_ARGS__ }) / sizeof(kin_index) })

#define KIN_STRING(...)   { .type = KIN_TYPE_STRING, .name = __VA_ARGS__ }
#define KIN_TEXT(...)     { .type = KIN_TYPE_TEXT, .name = __VA_ARGS__ }
#define KIN_CHAR(...)     { .type = KIN_TYPE_CHAR, .name = __VA_ARGS__ }
#define KIN_INTEGER(...)  { .type = KIN_TYPE_INTEGER, .name = __VA_ARGS__ }
#define KIN_BIGINT(...)   { .type = KIN_TYPE_BIGINT, .name = __VA_ARGS__ }
#define KIN_REAL(...)     { .type = KIN_TYPE_REAL, .name = __VA_ARGS__ }
#define KIN_DECIMAL(...)  { .type = KIN_TYPE_DECIMAL, .name = __VA_ARGS__ }
#define KIN_BOOLEAN(...)  { .type = KIN_TYPE_BOOLEAN, .name = __VA_ARGS__ }
#define KIN_DATE(...)     { .type = KIN_TYPE_DATE, .name = __VA_ARGS__ }
#define KIN_DATEONLY(...) { .type = KIN_TYPE_DATEONLY, .name = __VA_ARGS__ }
#define KIN_TIME(...)     { .type = KIN_TYPE_TIME, .name = __VA_ARGS__ }
#define KIN_UUID(...)     { .type = KIN_TYPE_UUID, .name = __VA_ARGS__ }
#define KIN_BLOB(...)     { .type = KIN_TYPE_BLOB, .name = __VA_ARGS__ }
#define KIN_JSON(...)     { .type = KIN_TYPE_JSON, .name = __VA_ARGS__ }
#define KIN_ENUM(...)     { .type = KIN_TYPE_ENUM, .name = __VA_ARGS__ }

/* kin_model *user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("username")), .underscored = true); */
#define kin_define(schema_, ...) (kin_define)((schema_), &(kin_model_options){ .size = sizeof(kin_model_options), .name = __VA_ARGS__ })
#define kin_schema_defaults(schema_, ...)                                                                       \
    (kin_schema_defaults)((schema_), &(kin_schema_options){ .size = sizeof(kin_schema_options), __VA_ARGS__ })

#endif


/* ---- 4. Associations --------------------------------------------------------------------------------------- */

/*
 *   belongs to        the source holds the key:           task.ProjectId
 *   has one           the target holds the key, once:     user.ProjectId
 *   has many          the target holds the key:           task.ProjectId
 *   belongs to many   a join model holds both keys:       UserProjects(UserId, ProjectId)
 *
 * Names. A belongs-to key is called after the association and the target's key (TeamId, RoleId); a has-one or has-many
 * key after the source and its key (ProjectId), a self-referencing has-one after its alias (FatherId); the keys of a
 * join model after the two models, on a self reference the second after the alias (PersonId, ChildId). The model that
 * holds the key decides the casing (underscored: company_uuid); in a join model each key follows the model it points at.
 * foreign_key is used as it is written.
 */
typedef enum kin_kind {
    KIN_BELONGS_TO = 1,
    KIN_HAS_ONE,
    KIN_HAS_MANY,
    KIN_BELONGS_TO_MANY
} kin_kind;

typedef struct kin_association_options {
    size_t size;
    kin_model *target;
    const char *as;               /* alias: singular for one, plural for many; used as written */
    const char *singular, *plural; /* both forms of it, where inflection would be wrong */
    const char *foreign_key;      /* belongs-to: on the source; has: on the target; many to many: the join model's key to the source */
    kin_names foreign_keys;       /* the same for a composite key */
    const char *other_key;        /* many to many: the join model's key to the target */
    kin_names other_keys;
    kin_attribute key;            /* more about the generated key: name, type, column, not_null, default_value, validate, … */
    const char *source_key;       /* has, many to many: what the key points at on the source; the primary key unless given */
    kin_names source_keys;
    const char *target_key;       /* belongs-to, many to many: the same on the target */
    kin_names target_keys;
    const char *through;          /* many to many, required: the join model's name; defined when there is none; … */
    kin_model *through_model;     /* … or the model itself */
    const char *unique_key;       /* the name of the join model's unique constraint, where it has a key of its own */
    bool not_unique;              /* the same pair may be linked several times */
    kin_action on_delete, on_update; /* one, has: SET NULL and CASCADE unless given; many to many: CASCADE and CASCADE */
    bool no_constraints;          /* the key is a plain column */
    bool no_index;                /* no index for the key */
    bool hooks;                   /* with on_delete = KIN_CASCADE: kin_destroy destroys the targets one by one, with their hooks */
    kin_values scope;             /* conditions on the target when reading, values for it when creating */
    kin_values through_scope;     /* the same for the join row */
    kin_switch timestamps;        /* of a join model that is made here */
} kin_association_options;

/* Each returns the association's handle, which is its accessor (section 11); it is the schema's. None fails on the spot. */
KIN_API kin_association *(kin_belongs_to)(kin_model *source, const kin_association_options *options);
KIN_API kin_association *(kin_has_one)(kin_model *source, const kin_association_options *options);
KIN_API kin_association *(kin_has_many)(kin_model *source, const kin_association_options *options);
KIN_API kin_association *(kin_belongs_to_many)(kin_model *source, const kin_association_options *options);

#ifndef __cplusplus

#define KIN_ASSOCIATION_OPTIONS_(...) (&(kin_association_options){ .size = sizeof(kin_association_options), .target = __VA_ARGS__ })
/* kin_belongs_to(user, company, .as = "Employer", .foreign_key = "fk_company", .on_delete = KIN_CASCADE); */
#define kin_belongs_to(source_, ...) (kin_belongs_to)((source_), KIN_ASSOCIATION_OPTIONS_(__VA_ARGS__))
#define kin_has_one(source_, ...) (kin_has_one)((source_), KIN_ASSOCIATION_OPTIONS_(__VA_ARGS__))
#define kin_has_many(source_, ...) (kin_has_many)((source_), KIN_ASSOCIATION_OPTIONS_(__VA_ARGS__))
#define kin_belongs_to_many(source_, ...) (kin_belongs_to_many)((source_), KIN_ASSOCIATION_OPTIONS_(__VA_ARGS__))

#endif


/* ---- 5. Databases and sync ------------------------------------------------------------------------------------ */

/* One statement, as the log sees it. */
typedef struct kin_log_entry {
    size_t size;
    const char *sql;
    const char *binds;    /* "1, 'x', NULL" when .binds was asked for, else NULL */
    size_t bind_count;
    int64_t microseconds; /* how long it took */
    int64_t rows;         /* read, or changed */
    bool failed;
} kin_log_entry;

typedef void kin_log_function(void *context, const kin_log_entry *entry);

typedef struct kin_log {
    kin_log_function *function; /* called after each statement, in the session's thread; must not use the session */
    void *context;
    bool binds;                 /* show values too: they may be secrets */
} kin_log;

typedef struct kin_open_options {
    size_t size;
    const char *url;
    kin_schema *schema;
    unsigned pool;             /* connections at most; 8 unless given */
    unsigned acquire_timeout;  /* milliseconds a session waits for one; 10,000 unless given */
    kin_log log;
} kin_open_options;

/*
 * Opens a database, linking the schema. url:
 *   sqlite:path/to/file.db   sqlite::memory: (one database as long as the handle)
 *   options after a ?: busy_timeout=5000 (milliseconds), journal_mode=wal, synchronous=normal, foreign_keys=on, read_only=on, cache_size
 * Always returns a handle, to be closed with kin_close; kin_db_error says whether it is good. (Out of memory: NULL, for which
 * kin_db_error gives a static error.)
 */
KIN_API kin_db *(kin_open)(const kin_open_options *options);
/* Waits for the last session to close (for ever, where that is one of the calling thread's own), then frees everything. NULL is
 * allowed. */
KIN_API void kin_close(kin_db *db);
/* The last error of a call on the handle itself; NULL when there is none. Sessions of a handle may be opened and used by several threads
 * at a time; kin_sync, kin_drop, kin_sync_sql and this are for one thread at a time. */
KIN_API const kin_error *kin_db_error(const kin_db *db);
/* The drivers in this build: "sqlite", … */
KIN_API kin_names kin_drivers(void);
/* Replaces the log of sessions opened from now on. */
KIN_API void kin_db_log(kin_db *db, kin_log log);

typedef enum kin_cycles { KIN_CYCLES_ERROR = 0, KIN_CYCLES_DEFER } kin_cycles;

typedef struct kin_sync_options {
    size_t size;
    kin_db *db;
    bool force;             /* drop first, dependents before what they reference */
    kin_cycles cycles;      /* KIN_CYCLES_DEFER: create tables that reference each other all the same */
    const kin_model *model; /* this table alone */
    const char *match;      /* refuse unless the database's name matches this glob, e.g. "*_test.db" */
} kin_sync_options;

/* Creates the tables and indexes that are missing, referenced tables first. Never alters one that exists. */
KIN_API bool(kin_sync)(const kin_sync_options *options);
/* Drops the tables, dependents first; those that are not there are passed over. */
KIN_API bool(kin_drop)(const kin_sync_options *options);
/* The statements that kin_sync would run on an empty database, each ending in ";\n"; owned by db; NULL on error. */
KIN_API const char *(kin_sync_sql)(const kin_sync_options *options);

#ifndef __cplusplus

#define kin_open(...) (kin_open)(&(kin_open_options){ .size = sizeof(kin_open_options), .url = __VA_ARGS__ })
#define KIN_SYNC_OPTIONS_(...) (&(kin_sync_options){ .size = sizeof(kin_sync_options), .db = __VA_ARGS__ })
#define kin_sync(...) (kin_sync)(KIN_SYNC_OPTIONS_(__VA_ARGS__))
#define kin_drop(...) (kin_drop)(KIN_SYNC_OPTIONS_(__VA_ARGS__))
#define kin_sync_sql(...) (kin_sync_sql)(KIN_SYNC_OPTIONS_(__VA_ARGS__))

#endif


/* ---- 6. Sessions ------------------------------------------------------------------------------------------------ */

/*
 * A session is one thread's conversation with the database: memory, a transaction stack, an error. After an error
 * every call does nothing and returns an empty result (false, NULL, count 0) until kin_clear_error; reading rows
 * already in hand goes on working. So a sequence is checked once, at its end.
 */
typedef struct kin_session_options {
    size_t size;
    kin_db *db;
    bool read_only; /* what writes is refused; of hand-written SQL, what does not begin as a statement that reads */
    kin_log log;    /* instead of the database's */
} kin_session_options;

/* A session; NULL when out of memory (every call on it is then empty, kin_ok false). The caller closes it. */
KIN_API kin_session *(kin_session_open)(const kin_session_options *options);
/* Rolls back what is open and frees every row the session handed out. NULL is allowed. */
KIN_API void kin_session_close(kin_session *session);
KIN_API kin_db *kin_session_db(const kin_session *session);
KIN_API void kin_session_log(kin_session *session, kin_log log);
/* Statements sent since the session was opened; BEGIN, COMMIT and the like do not count. */
KIN_API uint64_t kin_statement_count(const kin_session *session);
/* Interrupts the statement that runs now, or its wait for a connection or a lock; it then fails with KIN_CANCELLED. The one call
 * allowed from another thread: see to it that the session is not closed meanwhile. */
KIN_API void kin_cancel(kin_session *session);

/* A mark opens a region of memory; release frees what was handed out since. Marks nest. Bytes belong to the region of
 * their row: writing to an older row is safe. */
typedef struct kin_mark {
    uint64_t id;
} kin_mark;

KIN_API kin_mark kin_session_mark(kin_session *session);
KIN_API void kin_session_release(kin_session *session, kin_mark mark);

/*
 * Transactions nest; inner levels are savepoints. A failed statement fails its level, on every database alike: kin_rollback
 * always works; kin_commit of a failed level rolls back and returns false. What is expected to fail goes in a nested kin_begin.
 * Rolled back, rows that were created are unsaved again and changes are pending again; where the row in memory cannot be
 * known to match the database it is stale, and saving it is refused until kin_reload.
 * While an error is set kin_begin returns false and opens nothing: such a kin_begin has no kin_commit or kin_rollback of its own.
 */
typedef struct kin_begin_options {
    size_t size;
    kin_session *session;
    bool read_only;
} kin_begin_options;

KIN_API bool(kin_begin)(const kin_begin_options *options);
KIN_API bool kin_commit(kin_session *session);
KIN_API bool kin_rollback(kin_session *session);
/* How many levels are open; 0 outside of a transaction. */
KIN_API size_t kin_transaction_depth(const kin_session *session);
/* Runs work(session, context) in a transaction and commits when it returns true and the session is kin_ok; else rolls
 * back. At the outermost level it is run again, up to 10 times with growing pauses, where the database was busy: work
 * must be repeatable. True when committed. */
KIN_API bool kin_transaction(kin_session *session, bool (*work)(kin_session *session, void *context), void *context);

#ifndef __cplusplus

#define kin_session_open(...) (kin_session_open)(&(kin_session_options){ .size = sizeof(kin_session_options), .db = __VA_ARGS__ })
#define kin_begin(...) (kin_begin)(&(kin_begin_options){ .size = sizeof(kin_begin_options), .session = __VA_ARGS__ })

#endif


/* ---- 7. Conditions ------------------------------------------------------------------------------------------------- */

typedef enum kin_condition_kind {
    KIN_CONDITION_EQ = 1,
    KIN_CONDITION_NE,
    KIN_CONDITION_GT,
    KIN_CONDITION_GTE,
    KIN_CONDITION_LT,
    KIN_CONDITION_LTE,
    KIN_CONDITION_LIKE,
    KIN_CONDITION_IN,
    KIN_CONDITION_BETWEEN,
    KIN_CONDITION_NOT,
    KIN_CONDITION_AND,
    KIN_CONDITION_OR,
    KIN_CONDITION_EXISTS,
    KIN_CONDITION_SQL,
    KIN_CONDITION_LAST
} kin_condition_kind;

/* A condition is a value: made by the macros below as a compound literal (no allocation, nothing to free), valid to
 * the end of the enclosing block. The body of an `if` is a block, even without braces: `if (x) w = kin_eq("n", x);` dangles, and
 * `if (x) w = kin_keep(s, kin_eq("n", x));` is right. Attributes are named; "Association.attribute" reaches into an association. */
typedef struct kin_condition kin_condition;
struct kin_condition {
    kin_condition_kind kind;
    const char *name;                     /* comparisons: the attribute; SQL: the text */
    kin_value value;                      /* comparisons */
    const kin_value *values;              /* in, between, the binds of SQL; closed by KIN_VALUE_LAST when count is KIN_TO_LAST */
    size_t count;                         /* of values, or of children */
    const kin_condition *const *children; /* and, or, not; closed by KIN_CONDITION_LAST when count is KIN_TO_LAST */
    const kin_association *association;   /* exists */
    const kin_condition *where;           /* exists: of the target */
    const kin_condition *through_where;   /* exists: of the join row */
};

/* Copies a condition, with all it points at, into the session's memory. NULL stays NULL. */
KIN_API const kin_condition *kin_keep(kin_session *session, const kin_condition *condition);
/* A condition of text that was made at run time, in the session's memory. Whoever reviews for injected SQL looks for this, kin_query
 * and kin_execute: nothing else takes SQL that is no literal. */
KIN_API const kin_condition *kin_sql_text(kin_session *session, const char *sql, size_t count, const kin_value *binds);

#ifndef __cplusplus

#define KIN_COMPARE_(kind_, name_, value_) (&(const kin_condition){ .kind = (kind_), .name = (name_), .value = kin(value_) })
#define kin_eq(name_, value_) KIN_COMPARE_(KIN_CONDITION_EQ, name_, value_) /* kin_null: IS NULL */
#define kin_ne(name_, value_) KIN_COMPARE_(KIN_CONDITION_NE, name_, value_) /* kin_null: IS NOT NULL */
#define kin_gt(name_, value_) KIN_COMPARE_(KIN_CONDITION_GT, name_, value_)
#define kin_gte(name_, value_) KIN_COMPARE_(KIN_CONDITION_GTE, name_, value_)
#define kin_lt(name_, value_) KIN_COMPARE_(KIN_CONDITION_LT, name_, value_)
#define kin_lte(name_, value_) KIN_COMPARE_(KIN_CONDITION_LTE, name_, value_)
#define kin_like(name_, value_) KIN_COMPARE_(KIN_CONDITION_LIKE, name_, value_)
#define kin_between(name_, low_, high_)                                                                         \
    (&(const kin_condition){ .kind = KIN_CONDITION_BETWEEN, .name = (name_),                                    \
                             .values = (const kin_value[]){ kin(low_), kin(high_) }, .count = 2 })
/* kin_in("id", kin(1), kin(2)): lists are of kin_values, unlike the single values above; nothing in the list matches nothing. */
#define kin_in(...) KIN_IN_(__VA_ARGS__, KIN_LAST_VALUE)
#define KIN_IN_(name_, ...)                                                                                     \
    (&(const kin_condition){ .kind = KIN_CONDITION_IN, .name = (name_), .values = (const kin_value[]){ __VA_ARGS__ }, .count = KIN_TO_LAST })
#define kin_in_list(name_, count_, values_)                                                                     \
    (&(const kin_condition){ .kind = KIN_CONDITION_IN, .name = (name_), .values = (values_), .count = (count_) })

#define KIN_LAST_CONDITION (&(const kin_condition){ .kind = KIN_CONDITION_LAST })
#define KIN_JOINED_(kind_, ...)                                                                                 \
    (&(const kin_condition){ .kind = (kind_), .children = (const kin_condition *const[]){ __VA_ARGS__, KIN_LAST_CONDITION }, .count = KIN_TO_LAST })
/* A NULL among them is left out; all of nothing matches everything, any of nothing matches nothing. */
#define kin_and(...) KIN_JOINED_(KIN_CONDITION_AND, __VA_ARGS__)
#define kin_or(...) KIN_JOINED_(KIN_CONDITION_OR, __VA_ARGS__)
#define kin_not(condition_) KIN_JOINED_(KIN_CONDITION_NOT, condition_)
#define kin_all_of(count_, conditions_) (&(const kin_condition){ .kind = KIN_CONDITION_AND, .children = (conditions_), .count = (count_) })
#define kin_any_of(count_, conditions_) (&(const kin_condition){ .kind = KIN_CONDITION_OR, .children = (conditions_), .count = (count_) })

/* kin_exists(tasks, .where = kin_eq("done", false)): has at least one such target. */
#define kin_exists(...) (&(const kin_condition){ .kind = KIN_CONDITION_EXISTS, .association = __VA_ARGS__ })

/* kin_sql("id > ? AND title <> ?", kin(10), kin("x")): the one door for hand-written SQL; a string literal only. `??` is a
 * literal question mark (in C11 before = / ' ( ) ! < > - it would be a trigraph: write "?" "?" there). */
#define kin_sql(...) KIN_SQL_(__VA_ARGS__, KIN_LAST_VALUE)
#define KIN_SQL_(text_, ...)                                                                                    \
    (&(const kin_condition){ .kind = KIN_CONDITION_SQL, .name = "" text_ "", .values = (const kin_value[]){ __VA_ARGS__ }, .count = KIN_TO_LAST })

#endif


/* ---- 8. Finding ----------------------------------------------------------------------------------------------------------- */

typedef struct kin_include kin_include;

typedef struct kin_includes {
    const kin_include *at;
    size_t count;
} kin_includes;

/* One association to load with the rows that are found: to-one by a join, to-many by one further statement (so is a has-one whose key is not
 * unique: it may find several rows, of which the first counts). */
struct kin_include {
    const kin_association *association;
    const kin_condition *where;         /* of the target; restricts the roots too, unless optional */
    bool optional;                      /* keep roots without a target, whatever where says */
    bool required;                      /* only roots that have a target */
    bool with_deleted;                  /* soft-deleted targets too */
    kin_names attributes;               /* of the target, and always its key */
    kin_names through_attributes;       /* of the join row; KIN_NO_NAMES: no join row at all */
    const kin_condition *through_where; /* of the join row */
    kin_names order;
    int64_t limit, offset;              /* for each parent */
    kin_includes include;               /* and what to load with the targets */
    bool last;                          /* closes a list that a macro made; not for callers */
};

/* Options of every finder and getter. */
typedef struct kin_find {
    size_t size;
    const kin_model *model;             /* finders */
    const kin_association *association; /* getters */
    kin_value key;                      /* kin_find_by_pk */
    const kin_condition *where;
    kin_names attributes;               /* only these, and always the primary key */
    kin_names through_attributes;       /* getters over a join model: of the join row; KIN_NO_NAMES: no join row */
    const kin_condition *through_where;
    kin_includes include;
    kin_names order;                    /* "name", "-age" descending, "Project.title" of an included to-one association */
    const kin_condition *order_sql;     /* kin_sql("…"), after order */
    int64_t limit;                      /* of roots; 0: none was given, kin_limit(n) keeps a computed zero; negative: an error */
    int64_t offset;
    bool required;                      /* one or by key: none is the error KIN_NOT_FOUND */
    bool with_deleted;                  /* soft-deleted rows too */
    bool no_hooks;
} kin_find;

/* A limit computed at run time: zero means no rows. */
KIN_API int64_t kin_limit(int64_t limit);

/* Rows that match, in the session's memory. */
KIN_API kin_rows(kin_find_all)(kin_session *session, const kin_find *options);
/* The first row that matches, or NULL. */
KIN_API kin_row *(kin_find_one)(kin_session *session, const kin_find *options);
/* The row with that primary key, or NULL. Composite: kin_key(…). */
KIN_API kin_row *(kin_find_by_pk)(kin_session *session, const kin_find *options);
/* How many rows match, limit and offset aside; roots are counted whatever is included; -1 on error. */
KIN_API int64_t(kin_count_all)(kin_session *session, const kin_find *options);

/* The rows of one page, and how many there are without limit and offset. */
typedef struct kin_page {
    kin_rows rows;
    int64_t total; /* -1 on error */
} kin_page;

KIN_API kin_page(kin_find_and_count)(kin_session *session, const kin_find *options);

/* A result of any size in constant memory:
 *     kin_cursor *cursor = kin_each(s, user, .where = …);
 *     for (kin_row *row; (row = kin_next(cursor)) != NULL;) …
 * A row lives until the next kin_next. The body may use the session; leaving early is safe: the cursor ends with
 * the session, or the mark, or kin_cursor_close. NULL on error. A body that writes while other sessions do belongs into a transaction
 * (SQLite: a reader cannot become a writer once somebody else has written). */
KIN_API kin_cursor *(kin_each)(kin_session *session, const kin_find *options);
KIN_API kin_row *kin_next(kin_cursor *cursor);
KIN_API void kin_cursor_close(kin_cursor *cursor);

/* The smallest, largest, sum, mean of an attribute over the rows that match, in the session's memory; NULL value when there are none. */
typedef enum kin_function { KIN_COUNT = 1, KIN_MIN, KIN_MAX, KIN_SUM, KIN_AVERAGE } kin_function;

KIN_API kin_value(kin_calculate)(kin_session *session, kin_function function, const char *attribute, const kin_find *options);

typedef struct kin_aggregate_column {
    kin_function function;
    const char *attribute; /* NULL with KIN_COUNT: rows */
    const char *as;        /* the result's column */
} kin_aggregate_column;

typedef struct kin_aggregate_options {
    size_t size;
    const kin_model *model;
    const kin_aggregate_column *columns;
    size_t column_count;
    kin_names group;             /* attributes; they are columns of the result too */
    const kin_condition *where;  /* before grouping */
    const kin_condition *having; /* after it; names a column of the result or a group attribute */
    kin_names order;             /* columns of the result */
    int64_t limit, offset;
    bool with_deleted;
} kin_aggregate_options;

/* kin_aggregate(s, line, KIN_AGGREGATES({ KIN_SUM, "price", "total" }), .group = KIN_NAMES("InvoiceId"), .having = kin_gt("total", 10)) */
KIN_API kin_rows(kin_aggregate)(kin_session *session, const kin_aggregate_options *options);

/* SQL by hand, `?` for each bind on every database (`??`: a question mark): rows of the named columns, read like any other. */
KIN_API kin_rows(kin_query)(kin_session *session, const char *sql, size_t count, const kin_value *binds);
/* The same for a statement without rows: rows changed, or -1. What belongs to a connection (PRAGMA, SET, temporary tables) is of the
 * one that the session has just now, which the next session may get. */
KIN_API int64_t(kin_execute)(kin_session *session, const char *sql, size_t count, const kin_value *binds);

KIN_API kin_includes kin_includes_of(size_t count, const kin_include *includes);

#ifndef __cplusplus

#define KIN_WITH(...) { .association = __VA_ARGS__ }
#define KIN_INCLUDE(...) ((kin_includes){ (const kin_include[]){ __VA_ARGS__, { .last = true } }, KIN_TO_LAST })

#define KIN_FIND_MODEL_(...) (&(kin_find){ .size = sizeof(kin_find), .model = __VA_ARGS__ })
#define kin_find_all(session_, ...) (kin_find_all)((session_), KIN_FIND_MODEL_(__VA_ARGS__))
#define kin_find_one(session_, ...) (kin_find_one)((session_), KIN_FIND_MODEL_(__VA_ARGS__))
#define kin_find_by_pk(session_, model_, ...) KIN_FIND_BY_PK_(session_, model_, __VA_ARGS__, .size = sizeof(kin_find))
#define KIN_FIND_BY_PK_(session_, model_, key_, ...)                                                            \
    (kin_find_by_pk)((session_), &(kin_find){ .model = (model_), .key = kin(key_), __VA_ARGS__ })
#define kin_count_all(session_, ...) (kin_count_all)((session_), KIN_FIND_MODEL_(__VA_ARGS__))
#define kin_find_and_count(session_, ...) (kin_find_and_count)((session_), KIN_FIND_MODEL_(__VA_ARGS__))
#define kin_each(session_, ...) (kin_each)((session_), KIN_FIND_MODEL_(__VA_ARGS__))
/* kin_min(s, user, "age", .where = …) */
#define kin_min(session_, model_, ...) KIN_CALCULATE_(session_, KIN_MIN, model_, __VA_ARGS__, .size = sizeof(kin_find))
#define kin_max(session_, model_, ...) KIN_CALCULATE_(session_, KIN_MAX, model_, __VA_ARGS__, .size = sizeof(kin_find))
#define kin_sum(session_, model_, ...) KIN_CALCULATE_(session_, KIN_SUM, model_, __VA_ARGS__, .size = sizeof(kin_find))
#define kin_average(session_, model_, ...) KIN_CALCULATE_(session_, KIN_AVERAGE, model_, __VA_ARGS__, .size = sizeof(kin_find))
#define KIN_CALCULATE_(session_, function_, model_, attribute_, ...)                                            \
    (kin_calculate)((session_), (function_), (attribute_), &(kin_find){ .model = (model_), __VA_ARGS__ })

#define KIN_AGGREGATES(...)                                                                                     \
    (const kin_aggregate_column[]){ __VA_ARGS__ }, sizeof((const kin_aggregate_column[]){ __VA_ARGS__ }) / sizeof(kin_aggregate_column)
#define kin_aggregate(session_, model_, ...)                                                                    \
    (kin_aggregate)((session_), &(kin_aggregate_options){ .size = sizeof(kin_aggregate_options), .model = (model_), .columns = __VA_ARGS__ })

#define kin_query(session_, ...) KIN_QUERY_(kin_query, session_, __VA_ARGS__, KIN_LAST_VALUE)
#define kin_execute(session_, ...) KIN_QUERY_(kin_execute, session_, __VA_ARGS__, KIN_LAST_VALUE)
#define KIN_QUERY_(function_, session_, sql_, ...) (function_)((session_), (sql_), KIN_TO_LAST, (const kin_value[]){ __VA_ARGS__ })

#endif


/* ---- 9. Rows ------------------------------------------------------------------------------------------------------------------ */

/*
 * A kin_row * points at the attributes, laid out as a C struct of the same members would be (section 3 has the types;
 * section 13 the offsets). Reading by name is checked: a wrong name, a wrong type or an attribute that was not
 * loaded is the session's error, and the result is 0, false or NULL. SQL NULL reads as 0, false or NULL too;
 * kin_is_null tells. A NULL row reads as NULL, silently.
 */
KIN_API int64_t kin_int(const kin_row *row, const char *attribute);
KIN_API double kin_real(const kin_row *row, const char *attribute); /* of integers and decimals too */
KIN_API bool kin_bool(const kin_row *row, const char *attribute);
KIN_API const char *kin_text(const kin_row *row, const char *attribute); /* of an ENUM: its label */
KIN_API size_t kin_length_of(const kin_row *row, const char *attribute); /* bytes of a text or blob */
KIN_API kin_bytes kin_bytes_of(const kin_row *row, const char *attribute);
KIN_API int64_t kin_date_of(const kin_row *row, const char *attribute);  /* DATE and TIME: microseconds; DATEONLY: days */
KIN_API kin_uuid kin_uuid_of(const kin_row *row, const char *attribute);
KIN_API kin_value kin_value_of(const kin_row *row, const char *attribute);
KIN_API bool kin_is_null(const kin_row *row, const char *attribute);
KIN_API bool kin_is_loaded(const kin_row *row, const char *attribute);
/* The primary key as one value: unset when the row has none yet. */
KIN_API kin_value kin_key_of(const kin_row *row);
KIN_API const kin_model *kin_model_of(const kin_row *row); /* NULL for rows of kin_query */
KIN_API kin_session *kin_session_of(const kin_row *row);
KIN_API bool kin_is_saved(const kin_row *row); /* in the database, as far as the session knows */
/* True when both are rows of one model with the same, known key. */
KIN_API bool kin_equals(const kin_row *one, const kin_row *other);
/* The row as a JSON object, included rows and the join row nested under their names; in the row's memory; NULL on error. */
KIN_API const char *kin_json(const kin_row *row);

/* What an include loaded: asking for one that was not loaded is an error, not a query. Row and list are the session's. */
KIN_API kin_rows kin_related(const kin_row *row, const kin_association *association);
KIN_API kin_row *kin_related_one(const kin_row *row, const kin_association *association);
KIN_API bool kin_is_related_loaded(const kin_row *row, const kin_association *association);
/* The join row of a target that came through that join model; NULL when it came another way. It can be changed and saved. */
KIN_API kin_row *kin_through(const kin_row *row, const kin_model *through);

/* Changes an attribute in memory. The value is copied and converted (integers from "12": yes; from 3.7: an error). */
KIN_API bool kin_put(kin_row *row, const char *attribute, kin_value value);
/* Values for the join row of the next kin_add or kin_set of this row; they stay until replaced, or cleared with KIN_VALUES(KIN_DEFAULTS). */
KIN_API bool kin_put_through(kin_row *row, const kin_model *through, kin_values values);
/* True when the attribute (NULL: any) differs from what was loaded or saved. */
KIN_API bool kin_changed(const kin_row *row, const char *attribute);

/* A row in memory, defaults filled in; not in the database until kin_save. */
KIN_API kin_row *(kin_build)(kin_session *session, const kin_model *model, kin_values values);
/* Inserts a row; NULL on error. */
KIN_API kin_row *(kin_create)(kin_session *session, const kin_model *model, kin_values values);

typedef struct kin_save_options {
    size_t size;
    kin_row *row;
    kin_names attributes; /* only these; else what changed */
    bool no_validate;
    bool no_hooks;
} kin_save_options;

/* Inserts a built row, or updates what changed (nothing changed: no statement). A row that is gone is the error KIN_STALE. */
KIN_API bool(kin_save)(const kin_save_options *options);
/* Runs the validators alone. */
KIN_API bool kin_validate(kin_row *row);
/* Reads the attributes again, pending changes are dropped; what an include loaded stays as it is. KIN_STALE when the row is gone. */
KIN_API bool kin_reload(kin_row *row);

typedef struct kin_destroy_options {
    size_t size;
    kin_row *row;
    bool force; /* a paranoid model's row too is deleted for good */
    bool no_hooks;
} kin_destroy_options;

/* Deletes the row (paranoid: marks it deleted). The struct stays readable; it is unsaved afterwards. */
KIN_API bool(kin_destroy)(const kin_destroy_options *options);
/* Brings a soft-deleted row back. */
KIN_API bool kin_restore(kin_row *row);
/* Adds to a numeric attribute in the database, and reads it back. Other changes stay pending; one of that attribute is refused. */
KIN_API bool kin_increment(kin_row *row, const char *attribute, kin_value by);

#ifndef __cplusplus

/* kin_create(s, user, { "username", kin("ada") }, { "age", kin(36) }); kin_create(s, user, KIN_DEFAULTS); */
#define kin_build(session_, model_, ...) (kin_build)((session_), (model_), KIN_VALUES(__VA_ARGS__))
#define kin_create(session_, model_, ...) (kin_create)((session_), (model_), KIN_VALUES(__VA_ARGS__))
#define kin_save(...) (kin_save)(&(kin_save_options){ .size = sizeof(kin_save_options), .row = __VA_ARGS__ })
#define kin_destroy(...) (kin_destroy)(&(kin_destroy_options){ .size = sizeof(kin_destroy_options), .row = __VA_ARGS__ })

#endif


/* ---- 10. Many rows at once ------------------------------------------------------------------------------------------------------- */

typedef struct kin_bulk_options {
    size_t size;
    const kin_condition *where; /* update, destroy: required unless all */
    bool all;                   /* update, destroy: every row */
    bool force;                 /* destroy: delete soft-deletable rows for good */
    bool no_validate;
    bool no_hooks;
    bool individual_hooks;      /* the hooks of each row too */
    kin_names attributes;       /* create: only these of the values */
    kin_values defaults;        /* find_or_create: beside the values looked for */
    bool *created;              /* find_or_create: whether it did; NULL allowed */
} kin_bulk_options;

/* Inserts all or none. The rows, in order, with their keys; count 0 on error. */
KIN_API kin_rows(kin_bulk_create)(kin_session *session, const kin_model *model, kin_records records, const kin_bulk_options *options);
/* Rows touched, -1 on error. */
KIN_API int64_t(kin_update_all)(kin_session *session, const kin_model *model, kin_values values, const kin_bulk_options *options);
KIN_API int64_t(kin_destroy_all)(kin_session *session, const kin_model *model, const kin_bulk_options *options);
/* The row with those values, or a new one with them and .defaults; in one transaction. */
KIN_API kin_row *(kin_find_or_create)(kin_session *session, const kin_model *model, kin_values values, const kin_bulk_options *options);

#ifndef __cplusplus

/* kin_update_all(s, user, KIN_VALUES({ "age", kin(1) }), .where = kin_eq("name", "x")) */
#define kin_bulk_create(session_, model_, ...) KIN_BULK_(kin_bulk_create, session_, model_, __VA_ARGS__, .size = sizeof(kin_bulk_options))
#define kin_update_all(session_, model_, ...) KIN_BULK_(kin_update_all, session_, model_, __VA_ARGS__, .size = sizeof(kin_bulk_options))
#define kin_find_or_create(session_, model_, ...) KIN_BULK_(kin_find_or_create, session_, model_, __VA_ARGS__, .size = sizeof(kin_bulk_options))
#define KIN_BULK_(function_, session_, model_, list_, ...)                                                      \
    (function_)((session_), (model_), (list_), &(kin_bulk_options){ __VA_ARGS__ })
#define kin_destroy_all(session_, ...) KIN_DESTROY_ALL_(session_, __VA_ARGS__, .size = sizeof(kin_bulk_options))
#define KIN_DESTROY_ALL_(session_, model_, ...) (kin_destroy_all)((session_), (model_), &(kin_bulk_options){ __VA_ARGS__ })

#endif


/* ---- 11. Following associations ---------------------------------------------------------------------------------------------------- */

/*
 * The handle is the accessor. A NULL source does nothing and returns empty or false; a source of another model is an
 * error that names both; so is one that was never saved (except kin_set_one of a belongs-to, which then only sets the
 * key in memory). A NULL inside KIN_ROWS is an error that names its place.
 *
 *    project.getTasks({where: 'id > 10'})    kin_get(project, tasks, .where = kin_gt("id", 10))
 *    project.setTasks([t1, t2])              kin_set(project, tasks, KIN_ROWS(t1, t2))
 *    project.setTasks([])                    kin_set(project, tasks, KIN_NONE)
 *    task.setProject(null)                   kin_set_one(task, project_of, NULL)
 *    u.addProject(p, {status: 'started'})    kin_add(u, projects, KIN_ROWS(p), .through = KIN_VALUES({ "status", kin("started") }))
 *    project.removeTask(t)                   kin_remove(project, tasks, KIN_ROWS(t))
 */

/* To-many: the targets. */
KIN_API kin_rows(kin_get)(const kin_row *row, const kin_find *options);
/* To-one: the target, or NULL. No statement when the key is NULL. */
KIN_API kin_row *(kin_get_one)(const kin_row *row, const kin_find *options);
/* To-many: how many targets; -1 on error. */
KIN_API int64_t(kin_count)(const kin_row *row, const kin_find *options);

typedef struct kin_link {
    size_t size;
    kin_targets targets;                /* KIN_ROWS(…), KIN_KEYS(…), KIN_NONE */
    kin_values through;                 /* for the join rows; what kin_put_through set on a target wins, name by name */
    bool fetch;                         /* set by keys: give back whole rows, not rows that know only their key */
    bool no_save;                       /* set_one of a belongs-to: in memory only */
    bool no_validate;
    bool no_hooks;
    bool individual_hooks;              /* has-many: the hooks of each target too */
    const kin_condition *where;         /* has: among these only */
    const kin_condition *through_where; /* has: and these join rows */
    kin_names attributes;               /* create_linked: only these of the values */
} kin_link;

/* To-many: makes the links exactly these, in one transaction. Many to many: join rows that stay keep their attributes
 * unless .through or kin_put_through supply some. Gives back the rows now linked: the caller's own, duplicates collapsed;
 * for keys, rows that know only their key. Count 0 on error, and nothing is changed. */
KIN_API kin_rows(kin_set)(kin_row *row, const kin_association *association, const kin_link *options);
/* To-many: adds links, keeps the others; already linked is fine (supplied join attributes are updated). An unsaved target
 * is inserted by a has-many, and an error in many to many. Nothing to add: no statement, true. */
KIN_API bool(kin_add)(kin_row *row, const kin_association *association, const kin_link *options);
/* To-many: removes links; what is not linked is passed over. Targets are never deleted. */
KIN_API bool(kin_remove)(kin_row *row, const kin_association *association, const kin_link *options);
/* To-many: are all of these among the linked? (hasUser; hasUsers in the practice of other mappers.) Of none: true. */
KIN_API bool(kin_has)(const kin_row *row, const kin_association *association, const kin_link *options);
/* To-many: are the linked exactly these? (hasUsers as the document has it.) */
KIN_API bool(kin_has_exactly)(const kin_row *row, const kin_association *association, const kin_link *options);
/* To-one: links the target, or unlinks with NULL. belongs-to writes the key and nothing else of the row; has-one
 * unlinks the partner there was, and saves the target with whatever else changed in it, in one transaction. */
KIN_API bool(kin_set_one)(kin_row *row, const kin_association *association, kin_row *target, const kin_link *options);
/* The same by key: a key that does not exist is an error, and nothing is changed. */
KIN_API bool(kin_set_one_key)(kin_row *row, const kin_association *association, kin_value key, const kin_link *options);
/* Creates a target and links it, in one transaction: the new row, or NULL. */
KIN_API kin_row *(kin_create_for)(kin_row *row, const kin_association *association, kin_values values);
/* The same with options: .through for the join row, .attributes. */
KIN_API kin_row *(kin_create_linked)(kin_row *row, const kin_association *association, kin_values values, const kin_link *options);

#ifndef __cplusplus

#define KIN_FIND_ASSOCIATION_(...) (&(kin_find){ .size = sizeof(kin_find), .association = __VA_ARGS__ })
#define kin_get(row_, ...) (kin_get)((row_), KIN_FIND_ASSOCIATION_(__VA_ARGS__))
#define kin_get_one(row_, ...) (kin_get_one)((row_), KIN_FIND_ASSOCIATION_(__VA_ARGS__))
#define kin_count(row_, ...) (kin_count)((row_), KIN_FIND_ASSOCIATION_(__VA_ARGS__))

#define KIN_LINK_(...) (&(kin_link){ .size = sizeof(kin_link), .targets = __VA_ARGS__ })
#define kin_set(row_, association_, ...) (kin_set)((row_), (association_), KIN_LINK_(__VA_ARGS__))
#define kin_add(row_, association_, ...) (kin_add)((row_), (association_), KIN_LINK_(__VA_ARGS__))
#define kin_remove(row_, association_, ...) (kin_remove)((row_), (association_), KIN_LINK_(__VA_ARGS__))
#define kin_has(row_, association_, ...) (kin_has)((row_), (association_), KIN_LINK_(__VA_ARGS__))
#define kin_has_exactly(row_, association_, ...) (kin_has_exactly)((row_), (association_), KIN_LINK_(__VA_ARGS__))
#define KIN_LINKED_(function_, row_, association_, first_, ...)                                                 \
    (function_)((row_), (association_), (first_), &(kin_link){ __VA_ARGS__ })
#define kin_set_one(row_, association_, ...) KIN_LINKED_(kin_set_one, row_, association_, __VA_ARGS__, .size = sizeof(kin_link))
#define kin_set_one_key(row_, association_, ...) KIN_LINKED_(kin_set_one_key, row_, association_, __VA_ARGS__, .size = sizeof(kin_link))
#define kin_create_for(row_, association_, ...) (kin_create_for)((row_), (association_), KIN_VALUES(__VA_ARGS__))
#define kin_create_linked(row_, association_, ...) KIN_LINKED_(kin_create_linked, row_, association_, __VA_ARGS__, .size = sizeof(kin_link))

#endif


/* ---- 12. Accessors by name ------------------------------------------------------------------------------------------------------------ */

/*
 * The names that the document's naming strategy gives: getTasks setTasks addTask addTasks removeTask removeTasks hasTask
 * hasTasks countTasks createTask; getProject setProject createProject. For generators, tools and language bindings.
 */
typedef enum kin_verb {
    KIN_VERB_GET = 1,
    KIN_VERB_SET,
    KIN_VERB_ADD,
    KIN_VERB_REMOVE,
    KIN_VERB_HAS,
    KIN_VERB_COUNT,
    KIN_VERB_CREATE
} kin_verb;

typedef struct kin_accessor {
    const char *name; /* the schema's */
    kin_verb verb;
    bool plural; /* addTasks, as against addTask; hasTasks asks for exactly these */
    const kin_association *association;
} kin_accessor;

KIN_API bool kin_has_accessor(const kin_model *model, const char *name);
/* NULL when the model has no such accessor. */
KIN_API const kin_accessor *kin_accessor_named(const kin_model *model, const char *name);
KIN_API size_t kin_accessor_count(const kin_model *model);
KIN_API const kin_accessor *kin_accessor_at(const kin_model *model, size_t index);

typedef struct kin_call_options {
    size_t size;
    const char *accessor;
    kin_targets targets; /* set, add, remove, has */
    kin_values values;   /* create */
    kin_values through;  /* set, add, create */
    const kin_find *find; /* get, count; its association is filled in */
} kin_call_options;

typedef struct kin_result {
    bool ok;
    kin_row *row;  /* get of one, create */
    kin_rows rows; /* get of many, set */
    int64_t count;
    bool answer;   /* has */
} kin_result;

/* kin_call(user, "addProject", .targets = KIN_ROWS(project)); an unknown name is an error that lists the near ones. */
KIN_API kin_result(kin_call)(kin_row *row, const kin_call_options *options);

#ifndef __cplusplus
#define kin_call(row_, ...) (kin_call)((row_), &(kin_call_options){ .size = sizeof(kin_call_options), .accessor = __VA_ARGS__ })
#endif


/* ---- 13. Reflection ------------------------------------------------------------------------------------------------------------------------ */

/* All of it after linking; what is returned is the schema's. */
typedef struct kin_attribute_info {
    const char *name, *column;
    kin_type type;
    size_t length;
    unsigned precision, scale;
    kin_names labels;
    bool not_null, primary_key, auto_increment, unique, has_default, generated; /* generated: not declared by the caller */
    kin_value default_value;
    const kin_model *references;   /* NULL: none, or a table that is no model */
    const char *references_table;  /* NULL: none */
    const char *references_column;
    kin_action on_delete, on_update;
    size_t offset, size;           /* in the row's struct */
} kin_attribute_info;

typedef struct kin_model_info {
    const char *name, *table, *schema, *singular, *plural;
    kin_names attributes;  /* in the order of the table */
    kin_names primary_key;
    kin_names associations;
    bool underscored, timestamps, paranoid;
    bool generated;        /* a join model that an association made */
    size_t row_size;       /* bytes of the row's struct */
} kin_model_info;

typedef struct kin_association_info {
    kin_kind kind;
    const char *name;             /* what an include puts it under: alias, or the target's singular or plural */
    const char *singular, *plural;
    const kin_model *source, *target, *through;
    kin_names foreign_key;        /* belongs-to: on the source; has: on the target; many to many: on the join model */
    kin_names other_key;          /* many to many: on the join model */
    kin_names source_key, target_key; /* what they point at */
    kin_action on_delete, on_update;
    bool constraints;
    size_t offset;                /* of the slot in the source's row: kin_row * (one), kin_rows (many) */
} kin_association_info;

KIN_API size_t kin_model_count(const kin_schema *schema);
KIN_API const kin_model *kin_model_at(const kin_schema *schema, size_t index); /* in the order of creation */
/* NULL when there is none: never an error. */
KIN_API kin_model *kin_model_named(const kin_schema *schema, const char *name);
KIN_API kin_association *kin_association_named(const kin_model *model, const char *name);
KIN_API bool kin_model_has_attribute(const kin_model *model, const char *name);
KIN_API const kin_attribute_info *kin_attribute_named(const kin_model *model, const char *name);
KIN_API const kin_model_info *kin_model_describe(const kin_model *model);
KIN_API const kin_association_info *kin_association_describe(const kin_association *association);
/* Where the join row's kin_row * lies in a row of model; SIZE_MAX when no association reaches it through that model. */
KIN_API size_t kin_through_offset(const kin_model *model, const kin_model *through);


/* ---- 14. Hooks -------------------------------------------------------------------------------------------------------------------------------- */

typedef enum kin_hook_kind {
    KIN_BEFORE_VALIDATE = 1,
    KIN_AFTER_VALIDATE,
    KIN_BEFORE_CREATE,
    KIN_AFTER_CREATE,
    KIN_BEFORE_UPDATE,
    KIN_AFTER_UPDATE,
    KIN_BEFORE_DESTROY,
    KIN_AFTER_DESTROY,
    KIN_BEFORE_SAVE,
    KIN_AFTER_SAVE,
    KIN_BEFORE_BULK_CREATE,
    KIN_AFTER_BULK_CREATE,
    KIN_BEFORE_BULK_UPDATE,
    KIN_AFTER_BULK_UPDATE,
    KIN_BEFORE_BULK_DESTROY,
    KIN_AFTER_BULK_DESTROY,
    KIN_BEFORE_FIND,
    KIN_AFTER_FIND
} kin_hook_kind;

typedef struct kin_hook_event {
    size_t size;
    kin_hook_kind kind;
    kin_session *session;
    const kin_model *model;
    kin_row *row;               /* of one row */
    kin_rows rows;              /* bulk create, after find */
    kin_values values;          /* bulk update: what is set, a foreign key included */
    const kin_condition *where; /* bulk update and destroy, find: what is looked for; NULL where keys say it */
} kin_hook_event;

/* False stops the call: its error is the one the hook gave with kin_fail, else KIN_HOOK. May use the session, which is
 * then in the call's transaction. */
typedef bool kin_hook(void *context, const kin_hook_event *event);

/* Adds a hook to a model, before it is linked; hooks of a kind run in the order they were added. */
KIN_API void kin_hook_add(kin_model *model, kin_hook_kind kind, kin_hook *function, void *context);

#ifdef __cplusplus
}
#endif

#endif /* KIN_H */
