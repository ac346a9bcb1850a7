/* What the verbs that follow an association share: the call, its checks, the conditions every statement of it needs. */
#ifndef KIN_ORM_RELATION_H
#define KIN_ORM_RELATION_H

#include <kin.h>

#include "orm/row.h"
#include "orm/save.h"
#include "sql/tree.h"

/* One call of a verb on an association. */
struct relation {
    kin_session *session;
    const kin_association *association;
    kin_row *row;            /* the source */
    const char *verb;        /* "kin_add", for messages */
    const kin_link *options; /* never NULL */
    kin_link own;            /* where the caller's are of another size */
    struct save_flags flags; /* of the options */
    kin_value key;           /* the source's side of the key, after relation_need_key */
    struct arena *arena;     /* scratch memory of the call */
};

/* Begins a verb: session_enter, the options, relation_check. False: the verb returns its empty value; else it ends with session_leave. */
bool relation_enter(struct relation *relation, const kin_row *row, const kin_association *association, bool many, const kin_link *options,
                    const char *verb);
/* The source's key, or a fault: the source is not saved, or has no value in the key. */
bool relation_need_key(struct relation *relation);
/* A fault where .through was given to an association without a join model. */
bool relation_refuse_where(const struct relation *relation);
bool relation_refuse_through(const struct relation *relation);

/* What identifies a target in the verbs: what the join model points at, on the belongs-to side what the key points at; else the primary key. */
const struct key *relation_target_key(const kin_association *association);
/* A row's value of a key as the database has it. *known is false where a part is NULL. False: fault, also where a part is not loaded. */
bool relation_row_key(const struct relation *relation, const kin_row *row, const struct key *key, kin_value *out, bool *known);
/* Part i of a key's value. */
static inline const kin_value *relation_key_part(const kin_value *key, size_t i) { return key->type == KIN_VALUE_KEY ? &key->as.parts[i] : key; }
bool relation_key_has(const struct key *key, const struct attribute *attribute);
/* The names of a key's attributes. False: out of memory. */
bool relation_key_names(const struct relation *relation, const struct key *key, kin_names *out);
/* The first attribute of a key that cannot be NULL; NULL when all can. */
const struct attribute *relation_required_part(const struct key *key);
/* The fault for links that cannot end because of it; always false. */
bool relation_refuse_unlink(const struct relation *relation, const struct attribute *attribute);

/* Conditions. Each ANDs to *where; false: out of memory (fault set). `more` NULL is that, too. */
bool relation_and(const struct relation *relation, const struct sql_expression **where, const struct sql_expression *more);
bool relation_and_scope(const struct relation *relation, const struct scope_value *scope, size_t count, unsigned table,
                        const struct sql_expression **where);
bool relation_and_live(const struct relation *relation, const kin_model *model, unsigned table, const struct sql_expression **where);
bool relation_and_keys(const struct relation *relation, const struct key *key, unsigned table, const kin_value *keys, size_t count,
                       const struct sql_expression **where);
/* How many keys go into one statement. */
size_t relation_chunk(const struct relation *relation, const struct key *key);
static inline size_t relation_chunks(size_t count, size_t chunk) { return count / chunk + (count % chunk != 0); }

/* True when nobody else can change what was read: the open transaction keeps all other writers out. */
bool relation_is_settled(const kin_session *session);
/* Locks the source's row where the database locks rows, so that calls on the same owner wait for each other. */
bool relation_lock_owner(const struct relation *relation);

/* For hooks: what is set; and the keys as a condition, NULL for composite ones. False: out of memory. */
bool relation_hook_values(const struct relation *relation, const struct sql_set *sets, size_t count, kin_values *out);
bool relation_hook_keys(const struct relation *relation, const struct key *key, const kin_value *keys, size_t count, const kin_condition **out);

#endif
