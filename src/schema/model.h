/* Models and associations, as linking leaves them: immutable, shared by threads. */
#ifndef KIN_SCHEMA_MODEL_H
#define KIN_SCHEMA_MODEL_H

#include <kin.h>

#include <string.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/map.h"
#include "schema/value.h"

struct attribute {
    kin_attribute_info info; /* what reflection shows; offset is in the row's struct */
    const struct kin_model *model;
    size_t index; /* in model->attributes */
    enum storage storage;
    const struct attribute *target; /* the attribute it references, when that is a model's */
    bool default_now, default_uuid;
    bool has_validation;
    kin_validation validation;
    const char *unique_group;
    const char *comment;
};

/* A key is a list of attributes of one model. */
struct key {
    struct attribute *const *at;
    size_t count;
};

/* A foreign key that becomes a constraint. */
struct foreign_key {
    struct key columns;
    const struct kin_model *target; /* NULL: a table that is no model */
    const char *table, *schema;     /* of the target */
    kin_names target_columns;       /* column names, as many as columns */
    kin_action on_delete, on_update; /* KIN_ACTION_USUAL: no clause */
};

struct unique_key {
    struct key columns;
    const char *name; /* "<table>_<attributes>_unique" unless given */
    bool inline_column; /* one attribute with .unique: written at the column */
};

struct model_index {
    struct key columns;
    bool unique;
    bool for_foreign_key; /* made for one, as against declared: left out where the database makes its own */
    const char *name;
};

/* Where the join row of one join model hangs on a row of the target. */
struct through_slot {
    const struct kin_model *through;
    size_t offset; /* of a kin_row * */
};

struct model_hook {
    kin_hook *function;
    void *context;
};

struct hook_list {
    struct model_hook *at;
    size_t count;
};

enum { HOOK_KINDS = KIN_AFTER_FIND + 1 };

struct kin_model {
    kin_model_info info;
    kin_schema *schema;
    size_t ordinal; /* in the schema, in the order of definition; those that were replaced come last */
    struct model_declaration *declared; /* what the caller said; linking reads it */

    struct attribute *attributes;
    size_t attribute_count;
    struct attribute **by_name; /* open addressing by model_name_start, name_slots long (a power of two); NULL while there is no index */
    size_t name_slots;
    struct key primary_key;
    struct attribute *identity; /* the single INTEGER/BIGINT key that the database makes when it is not given; or NULL */
    struct attribute *created_at, *updated_at, *deleted_at; /* or NULL */

    struct foreign_key *foreign_keys;
    size_t foreign_key_count;
    struct unique_key *uniques;
    size_t unique_count;
    struct model_index *indexes; /* those of foreign keys included */
    size_t index_count;

    kin_association **associations; /* in the order of declaration */
    size_t association_count;
    struct through_slot *throughs;
    size_t through_count;
    kin_accessor *accessors;
    size_t accessor_count;
    struct map accessors_by_name; /* name -> kin_accessor * */

    struct hook_list hooks[HOOK_KINDS];
    uint32_t hook_mask; /* bit k: there are hooks of kind k */
    bool has_validation; /* not_null, enum lengths and such aside: any attribute with a kin_validation */

    /* The row: bits, a hidden header, then the struct of info.row_size bytes: attributes, association slots, join row slots. */
    size_t bits_size; /* bytes of one bit set over the attributes: (attribute_count + 7) / 8 */
    const char *comment;
};

/* An attribute and the value that a scope gives it, converted. */
struct scope_value {
    const struct attribute *attribute;
    kin_value value;
};

struct kin_association {
    kin_association_info info;
    kin_model *source;          /* the same as in info, not const */
    struct association_declaration *declared;
    size_t index;               /* in source->associations */
    bool many;                  /* has-many, belongs-to-many */
    struct key foreign_key;     /* see kin_association_info */
    struct key other_key;
    struct key source_key, target_key;
    struct scope_value *scope, *through_scope;
    size_t scope_count, through_scope_count;
    size_t through_slot;        /* belongs-to-many: offset in the target's row */
    bool not_unique;            /* the same pair may be linked several times */
    bool hooks;                 /* destroy cascades with hooks */
};

struct kin_schema {
    struct arena arena;
    struct fault fault;
    bool linked;
    kin_model **models; /* in the order of definition; join models that linking made come last */
    size_t model_count, model_capacity;
    kin_model **replaced; /* by a later model of the same name: linked too, so that their handles are safe, but in no list */
    size_t replaced_count, replaced_capacity;
    kin_model **ordered; /* the same, referenced ones first; in a cycle, as well as can be */
    char *cycle;        /* the document's sentence when the tables reference each other in a circle; else NULL */
    struct map by_name;
    kin_schema_options defaults;
    struct inflect_word *words;
    uint64_t identity;  /* differs between any two schemas of a process */
    struct kin_association **associations; /* every declared one, in order */
    size_t association_count, association_capacity;
};

/* Where the search for a name begins: by its first three characters. Attributes are few, and this is on the way of every kin_int. */
static inline size_t model_name_start(const char *name) {
    size_t start = (unsigned char)name[0];
    if (start == 0)
        return 0;
    start = start * 31 + (unsigned char)name[1];
    return name[1] == '\0' ? start : start * 31 + (unsigned char)name[2];
}

/* Among a model's attributes, without the index: while there is none yet. */
struct attribute *model_attribute_slow(const kin_model *model, const char *name);

/* NULL when there is none. */
static inline struct attribute *model_attribute(const kin_model *model, const char *name) {
    if (name == NULL || model->by_name == NULL)
        return model_attribute_slow(model, name);
    for (size_t at = model_name_start(name);; at++) {
        struct attribute *attribute = model->by_name[at & (model->name_slots - 1)];
        if (attribute == NULL || strcmp(attribute->info.name, name) == 0)
            return attribute;
    }
}
/* Makes the index of a model whose attributes are complete. False: out of memory. */
bool model_index_names(kin_model *model, struct arena *arena);
/* The same, but a wrong name is a fault that lists the near ones. */
struct attribute *model_attribute_required(const kin_model *model, const char *name, struct fault *fault);
/* For error messages. */
const char *kind_name(kin_kind kind); /* "belongs-to" */
/* Makes an unlinked, throw-away model of ANY attributes for the result of a query: row layout computed, named "query", no schema. All in
 * arena; NULL when out of memory. Names that come twice: the first is found. */
kin_model *model_for_result(struct arena *arena, size_t count, const char *const *names);

#endif
