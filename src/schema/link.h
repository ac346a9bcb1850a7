/*
 * Linking: from what was declared to what model.h describes. kin_schema_link conducts the stages below, in this order; each reads and
 * completes the drafts, and the last of them turn drafts into attributes, keys and rows.
 *
 *   - A stage returns false at the first fault. False without a fault means out of memory.
 *   - All memory is the schema's arena: a link that failed leaves garbage there and a schema that stays faulty.
 *   - Keys are injected in the order of the association calls; a key whose primary key is still to come from another association
 *     is the only exception (see link_keys.c).
 */
#ifndef KIN_SCHEMA_LINK_H
#define KIN_SCHEMA_LINK_H

#include <kin.h>

#include "schema/declare.h"
#include "schema/model.h"

struct link;
struct link_model;
struct link_association;
struct link_reference;

/* An attribute until link_layout makes it. */
struct link_attribute {
    kin_attribute given; /* as declared, or as an association needs it; merged */
    struct link_model *model;
    bool generated;                         /* not declared by the caller */
    bool type_inferred;                     /* from the key it points at: an explicit type may still replace it */
    const struct link_reference *reference; /* the constraint that reflection shows; NULL: none */
    struct attribute *made;
};

struct link_key {
    struct link_attribute **at;
    size_t count;
};

/* What was said about an action, by the one who may say most. */
enum { LINK_OWN, LINK_ATTRIBUTE, LINK_OTHER, LINK_LEVELS };

struct link_action {
    kin_action action;
    const char *by; /* for messages */
};

/* The key attributes of one model that point at one model: a constraint, or only a pair of lists. */
struct link_reference {
    struct link_key columns;
    struct link_model *target;  /* NULL: a table that is no model */
    const char *table;          /* then its name, */
    const char *column;         /* and the column: also a hand-declared one of a model's; NULL: the primary key */
    struct link_key target_key; /* no entries: not looked up yet, or a table that is no model */
    bool constrained, by_hand;
    bool joins; /* a belongs-to-many's */
    bool no_index;
    kin_kind first; /* of the association that was declared first and wants the constraint; 0: none */
    struct link_action on_delete[LINK_LEVELS], on_update[LINK_LEVELS];
    kin_action deleting, updating; /* what came of it */
};

struct link_model {
    kin_model *model;
    const kin_model_options *options;
    const kin_schema_options *defaults;
    const char *name; /* never NULL; for messages too */
    bool registered;
    bool underscored;
    size_t source_count, target_count; /* of how many associations it is */
    struct link_attribute **attributes;
    size_t attribute_count, attribute_capacity;
    struct link_attribute *generated_id; /* NULL: it has a primary key of its own, or lost it to the keys of a join model */
    struct link_attribute *created_at, *updated_at, *deleted_at;
    struct link_reference **references;
    size_t reference_count, reference_capacity;
    struct link_association **makers; /* associations that give it attributes of its primary key */
    size_t maker_count, maker_capacity;
    bool joins;         /* the join model of a belongs-to-many, … */
    bool joins_by_keys; /* … whose keys together are its primary key */
    bool not_unique;    /* the same pair may be linked several times */
};

enum link_state { LINK_WAITING, LINK_RUNNING, LINK_DONE };

struct link_association {
    kin_association *association;
    const kin_association_options *options;
    struct link_model *source, *target, *through;
    const char *label;                    /* "Task.Project": for messages */
    kin_names foreign, other;             /* the names the caller gave for the keys; count 0: none */
    kin_names source_names, target_names; /* of the keys they point at */
    struct link_association *pair;        /* belongs-to-many: the same join model, seen from the other side; or NULL */
    enum link_state state;
    struct link_key foreign_key, other_key, source_key, target_key;
    struct link_reference *reference, *other_reference;
};

struct link {
    kin_schema *schema;
    struct arena *arena;
    struct fault *fault;
    struct link_model **models; /* the registered ones, the replaced ones, then the join models made here */
    size_t model_count, model_capacity;
    struct link_association **associations;
    size_t association_count;
};

/* The stages. */
bool link_check_models(struct link *link);      /* link_check.c: what is declared makes sense by itself */
bool link_name_models(struct link *link);       /* link_names.c: tables, singulars, plurals; id and timestamps */
bool link_name_associations(struct link *link); /* link_options.c: ends, names, options that fit the kind */
bool link_through(struct link *link);           /* link_through.c: join models, which sides belong together */
bool link_references(struct link *link);        /* link_references.c: those declared by hand: which model they mean */
bool link_keys(struct link *link);              /* link_keys.c: foreign keys, in the order of the calls */
bool link_constraints(struct link *link);       /* link_constraints.c: what they point at, and actions */
bool link_check_names(struct link *link);       /* link_check.c: columns and associations do not collide */
bool link_layout(struct link *link);            /* link_layout.c: attributes, primary and foreign keys */
bool link_rows(struct link *link);              /* link_rows.c: associations, and how a row lies in memory */
bool link_uniques(struct link *link);           /* link_uniques.c: unique keys */
bool link_indexes(struct link *link);           /* link_indexes.c: indexes */
bool link_scopes(struct link *link);            /* link_scopes.c */
bool link_accessors(struct link *link);         /* accessor.c */
bool link_order(struct link *link);             /* link_order.c: which table comes first */

/* Tools of the stages, in link_draft.c. */

/* A fault of the schema, "Model.what: …" (what may be NULL). Always false. */
bool link_fault(const struct link *link, const struct link_model *model, const char *what, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* "Source.name: …" */
bool link_fault_at(const struct link *link, const struct link_association *association, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Room for one more element of a list in the arena; `at` is NULL while it is empty. NULL: out of memory. */
void *link_room(const struct link *link, void *at, size_t count, size_t *capacity, size_t element);
/* A text made as by printf, in the arena. NULL: out of memory. */
const char *link_format(const struct link *link, const char *format, ...) __attribute__((format(printf, 2, 3)));

struct link_model *link_add_model(struct link *link, kin_model *model);
struct link_attribute *link_add_attribute(const struct link *link, struct link_model *model, const kin_attribute *given);
void link_remove_attribute(struct link_model *model, const struct link_attribute *attribute);
/* An empty one of the holder's; NULL: out of memory. */
struct link_reference *link_add_reference(const struct link *link, struct link_model *holder);
struct link_model *link_model_of(const kin_model *model);
/* NULL when there is none. By column: letters' case does not count, as in most databases. */
struct link_attribute *link_attribute_named(const struct link_model *model, const char *name);
struct link_attribute *link_attribute_of_column(const struct link_model *model, const char *column);
/* What a fault says behind a name that is not among the model's: "it has: …". out takes 512 bytes. */
enum { LINK_CANDIDATES = 512 };
const char *link_candidates(const struct link *link, const struct link_model *model, const char *wrong, char *out);
const char *link_column(const struct link_attribute *attribute);
/* The model's attributes that are its primary key, so far. False: out of memory. */
bool link_primary_key(const struct link *link, const struct link_model *model, struct link_key *out);
bool link_key_equal(const struct link_key *one, const struct link_key *other);
bool link_key_has(const struct link_key *key, const struct link_attribute *attribute);
/* A registered model by its table; NULL when there is none. */
struct link_model *link_model_of_table(const struct link *link, const char *schema, const char *table);
bool link_switch(kin_switch given, kin_switch otherwise);
bool link_has_validation(const kin_validation *validate);
bool link_same_text(const char *one, const char *other); /* NULL and "" are the same */

/* The attributes of `model` that a key points at: those named (`option` is where), which must be unique, or the primary key;
 * in link_target.c. */
bool link_target_key(const struct link *link, const struct link_association *draft, const struct link_model *model,
                     const kin_names *names, const char *option, struct link_key *out);

/* A key of attributes that are made, and their names (names may be NULL); in link_layout.c. False: out of memory. */
bool link_make_key(const struct link *link, const struct link_key *draft, struct key *out, kin_names *names);

/* Names, id and timestamps of a model, and whether its table is its own; in link_names.c. */
bool link_complete_model(struct link *link, struct link_model *model);
bool link_check_table(const struct link *link, const struct link_model *model);

/* Whether one attribute makes sense by itself, as declared or merged with what associations need. In link_attribute.c. */
bool link_check_attribute(const struct link *link, const struct link_model *model, const kin_attribute *attribute);

#endif
