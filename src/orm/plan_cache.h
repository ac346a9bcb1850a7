/* The plans of the commonest reads, made once a session: a row by its primary key, and the targets of an association, both without options. What is
 * left for each call is to bind the key. */
#ifndef KIN_ORM_PLAN_CACHE_H
#define KIN_ORM_PLAN_CACHE_H

#include <kin.h>

#include "orm/plan.h"

/* The key that a statement which comes again and again brings with it; the first byte: see sql/tree.h. */
struct known_name {
    uint8_t known; /* 0xff */
    uint8_t what;  /* a known_statement */
    uint8_t padding[2];
    uint32_t model, place; /* the model's in the schema; the association's in the model, from 1 */
};

enum known_statement { KNOWN_READ = 1, KNOWN_HAS, KNOWN_UPDATE };

static inline struct known_name known_name(enum known_statement what, const kin_model *model, const kin_association *association) {
    return (struct known_name){ .known = 0xff, .what = (uint8_t)what, .model = (uint32_t)model->ordinal,
                                .place = association ? (uint32_t)association->index + 1 : 0 };
}

/* True when options ask for nothing but the key (their model, association and key aside). */
bool plan_is_plain(const kin_find *options);
/* Runs the kept plan for key: a converted value of model's primary key (association NULL), or of the key on the source's side of the
 * association, whose scopes must be empty. The rows go into region. False: fault. */
bool plan_run_kept(kin_session *session, const kin_model *model, const kin_association *association, const kin_value *key, struct region *region,
                   kin_rows *out);

#endif
