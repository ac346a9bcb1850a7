/* The targets of a verb: what the caller gave as rows or keys, checked, converted, each once. And how the keys of linked rows are read. */
#ifndef KIN_ORM_TARGETS_H
#define KIN_ORM_TARGETS_H

#include <kin.h>

#include "orm/key_index.h"
#include "orm/relation.h"

/* What the verb does with a target that has no key, because its row is not in the database. */
enum targets_use {
    TARGETS_LINKED,   /* it must have one: an error that names its place */
    TARGETS_INSERTED, /* the verb inserts it; one that was destroyed is an error */
    TARGETS_ASKED     /* it is not linked, certainly; in many to many one that was never saved is an error all the same */
};

enum target_mark { TARGET_LINKED = 1, TARGET_DIFFERS = 2, TARGET_DELETED = 4, TARGET_ELSEWHERE = 8 };

struct targets {
    kin_row **rows;   /* NULL when keys were given */
    kin_value *keys;  /* of relation_target_key; unset for a row that is not saved */
    uint8_t *marks;   /* enum target_mark, for the verbs */
    size_t count;     /* duplicates are left out */
    size_t unsaved;   /* how many have no key */
    struct key_index index;
    bool indexed;     /* else they are few, and looked through */
};

/* False: fault. written: the verb changes the rows themselves, so they must be of the same session. */
bool targets_collect(const struct relation *relation, kin_targets given, enum targets_use use, bool written, struct targets *out);
/* SIZE_MAX when it is none of them. */
size_t targets_find(struct targets *targets, const kin_value *key);
void targets_clear_marks(struct targets *targets);

/* A growing list of keys, with all they point at, in scratch memory. */
struct key_list {
    kin_value *at;
    size_t count, capacity;
};
bool key_list_copy(const struct relation *relation, struct key_list *list, const kin_value *key);  /* with what it points at */
bool key_list_borrow(const struct relation *relation, struct key_list *list, const kin_value *key);

/* Reads the rows of a SELECT whose first outputs are the columns of a key. */
struct key_reader {
    struct result result;
    struct sql_statement statement;
    struct sql_select select;
    const kin_type *types;
    kin_value *cells;  /* of the row that was read; valid until the next one */
    size_t cell_count, key_count;
    kin_value key;     /* points into the cells */
};

/* The columns of key in table, and then those of `more` in table 0. */
bool key_reader_open(const struct relation *relation, struct key_reader *reader, const struct sql_select *select, const struct key *key,
                     unsigned table, const struct attribute *const *more, size_t more_count);
/* True: reader->key and reader->cells are a row's. False: the end, or a fault; the reader is closed. */
bool key_reader_next(struct key_reader *reader);
/* Ends reading early; may be called at any time after key_reader_open was true. */
void key_reader_close(struct key_reader *reader);

#endif
