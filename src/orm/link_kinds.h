/* The verbs that change links, by kind of association. Each is inside a call whose checks are done: relation_enter, relation_need_key (except
 * where it says otherwise), targets_collect. False: fault, and nothing is changed. */
#ifndef KIN_ORM_LINK_KINDS_H
#define KIN_ORM_LINK_KINDS_H

#include <kin.h>

#include "orm/relation.h"
#include "orm/targets.h"

/* has-many (link_many.c) */
bool linking_many_set(struct relation *relation, struct targets *targets);
bool linking_many_add(struct relation *relation, struct targets *targets);
bool linking_many_remove(struct relation *relation, struct targets *targets);

/* belongs-to-many (link_many_to_many.c) */
bool linking_through_set(struct relation *relation, struct targets *targets);
bool linking_through_add(struct relation *relation, struct targets *targets);
bool linking_through_remove(struct relation *relation, struct targets *targets);

/* belongs-to (link_one.c): the source's key gets that value, NULL when key is NULL. Needs no relation_need_key. */
bool linking_belongs_to(struct relation *relation, const kin_value *key);
/* has-one (link_one.c): the target, a row (saved or not) or a key, takes the place of the partner there is; neither: there is none any more. */
bool linking_has_one(struct relation *relation, kin_row *target, const kin_value *key);

#endif
