/*
 * The row: one block of memory with two views.
 *
 *      bits            header                  the struct: what kin_row * points at
 *      loaded|null|    model, region, extra,   attributes | association slots | join row slots
 *      changed|related flags
 *
 * The struct is laid out as the platform lays out a C struct of the same members. Bits are one set over the attributes each (model->bits_size
 * bytes), and one over the associations and then the join row slots. A slot whose related bit is 0 was not loaded.
 * Texts and blobs lie in the row's region. A row belongs to one session, so to one thread at a time.
 */
#ifndef KIN_ORM_ROW_H
#define KIN_ORM_ROW_H

#include <kin.h>

#include "schema/model.h"
#include "session/session.h"

enum row_flag {
    ROW_SAVED = 1,   /* in the database, as far as is known */
    ROW_STALE = 2,   /* after a rollback: what the database has is not known; kin_reload mends it */
    ROW_DELETED = 4  /* destroyed through this row */
};

/* What few rows have. */
struct row_extra {
    kin_value *original_key;       /* the primary key in the database, part by part, once it was changed in memory; or NULL */
    struct row_supplied *supplied; /* what kin_put_through gave */
};

struct row_supplied {
    struct row_supplied *next;
    const kin_model *through;
    const struct attribute **attributes;
    kin_value *values; /* converted, in the row's region */
    size_t count;
};

struct row_header {
    const kin_model *model;
    struct region *region;
    struct row_extra *extra; /* or NULL */
    uint32_t flags;
    uint32_t prefix; /* bytes from the start of the block to the struct */
};

static inline struct row_header *row_header(const kin_row *row) { return (struct row_header *)(uintptr_t)row - 1; }
static inline const kin_model *row_model(const kin_row *row) { return row_header(row)->model; }
static inline kin_session *row_session(const kin_row *row) { return row_header(row)->region->session; }
static inline bool row_has_flag(const kin_row *row, enum row_flag flag) { return (row_header(row)->flags & (uint32_t)flag) != 0; }

/* ---- bits ---- */

enum row_bits { ROW_LOADED = 0, ROW_NULL = 1, ROW_CHANGED = 2, ROW_RELATED = 3 };

static inline uint8_t *row_bits(const kin_row *row, enum row_bits set) {
    const struct row_header *header = row_header(row);
    return (uint8_t *)(uintptr_t)row - header->prefix + (size_t)set * header->model->bits_size;
}
static inline bool row_bit(const kin_row *row, enum row_bits set, size_t index) {
    return row_bits(row, set)[index >> 3] >> (index & 7) & 1;
}
static inline void row_set_bit(kin_row *row, enum row_bits set, size_t index, bool on) {
    uint8_t *byte = &row_bits(row, set)[index >> 3], mask = (uint8_t)(1u << (index & 7));
    *byte = on ? (uint8_t)(*byte | mask) : (uint8_t)(*byte & ~mask);
}
static inline bool row_any_changed(const kin_row *row) {
    const uint8_t *bits = row_bits(row, ROW_CHANGED);
    for (size_t i = 0; i < row_model(row)->bits_size; i++)
        if (bits[i])
            return true;
    return false;
}

/* ---- making ---- */

/* Bytes of a model's block before its struct. */
static inline size_t row_prefix(const kin_model *model) {
    size_t bits = 3 * model->bits_size + (model->association_count + model->through_count + 7) / 8;
    return ((bits + 7) & ~(size_t)7) + sizeof(struct row_header);
}

/* A row with nothing loaded, unsaved, all zero; NULL and a fault when out of memory. */
kin_row *row_new(struct region *region, const kin_model *model);
/* A saved row that knows its primary key alone: key is one value, a KIN_VALUE_KEY when composite, already converted. */
kin_row *row_with_key(struct region *region, const kin_model *model, const kin_value *key);

/* ---- attributes ---- */

/* Writes a converted value (value_convert) into the struct, copying what it points at; the attribute is loaded, null by the value, and the
 * changed bit is left alone. False: out of memory (fault set). */
bool row_store(kin_row *row, const struct attribute *attribute, const kin_value *value);
/* The attribute as a value: UNSET while not loaded, NULL, or its value, which points into the row. An ENUM is the TEXT of its label. */
kin_value row_load(const kin_row *row, const struct attribute *attribute);
/* The value of a key (primary or other): one value, or KIN_VALUE_KEY with parts in arena. False when a part is not loaded or NULL (out is
 * then unset), or out of memory (fault set). */
bool row_key(const kin_row *row, const struct key *key, struct arena *arena, kin_value *out);
/* The primary key as the database has it: differs from row_key after it was changed in memory. */
bool row_saved_key(const kin_row *row, struct arena *arena, kin_value *out);
/* Like kin_put, for an attribute and a converted value: sets the changed bit when the value differs; remembers the original key. */
bool row_change(kin_row *row, const struct attribute *attribute, const kin_value *value);
/* A caller's key (kin(3), kin_key(…)) in the types of `key`: parts in arena. what: for messages, e.g. "kin_find_by_pk". */
bool row_convert_key(kin_session *session, const struct key *key, const kin_value *in, struct arena *arena, kin_value *out, const char *what);

/* ---- slots ---- */

static inline kin_row **row_slot_one(const kin_row *row, const kin_association *association) {
    return (kin_row **)(void *)((char *)(uintptr_t)row + association->info.offset);
}
static inline kin_rows *row_slot_many(const kin_row *row, const kin_association *association) {
    return (kin_rows *)(void *)((char *)(uintptr_t)row + association->info.offset);
}
void row_attach_one(kin_row *row, const kin_association *association, kin_row *target);
void row_attach_many(kin_row *row, const kin_association *association, kin_rows targets);
/* Hangs the join row on a target. */
void row_attach_through(kin_row *target, const kin_association *association, kin_row *join);

/* ---- the caller's values, made rows of attributes and converted values ---- */

struct row_values {
    const struct attribute **attributes;
    kin_value *values;
    size_t count;
};
/* Looks names up in model and converts; a name that comes twice: the last counts. In arena. only: a list of the names that count (others
 * are left out), { NULL, 0 } for all. False: fault. */
bool row_values(kin_session *session, const kin_model *model, kin_values given, kin_names only, struct arena *arena, struct row_values *out);

/* ---- rollback ---- */

/* What a write does to the row in memory, for the case that it is rolled back. */
enum row_write {
    ROW_WRITE_UPDATE = 0, /* what memory has is written: pending again */
    ROW_WRITE_CREATE = 1, /* the row is not in the database yet: unsaved again */
    ROW_WRITE_UNKNOWN = 2 /* memory takes over what the database made of it (kin_increment, kin_reload): stale */
};

/* Before a write of the row inside a transaction: remembers its flags, changed bits and extra, so that a rollback restores them. False: out of
 * memory, and nothing is to be sent. */
bool row_remember(kin_row *row, enum row_write write);
/* What ROW_WRITE_CREATE has done at a rollback: the row is unsaved again, with everything it has pending, and without the key that the database
 * made (`given` not NULL: the key was the caller's). */
void row_forget_create(void *row, void *given);

#endif
