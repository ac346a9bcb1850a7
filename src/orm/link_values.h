/* The join attributes of a many-to-many link: what the caller supplies, and the join rows that are made of it. */
#ifndef KIN_ORM_LINK_VALUES_H
#define KIN_ORM_LINK_VALUES_H

#include <kin.h>

#include "orm/relation.h"
#include "orm/targets.h"

/* Values by attribute; the keys and what a scope decides are not among them. */
struct linking_values {
    const struct attribute **attributes; /* for which anybody supplied a value */
    size_t count;
    const kin_value *common; /* count of them: .through's, unset where it says nothing */
    const kin_value **own;   /* by target: common, or that with what kin_put_through gave; NULL: common for all */
};

/* False: fault, also for a name the join model does not have. */
bool linking_values_collect(const struct relation *relation, const struct targets *targets, struct linking_values *out);
static inline const kin_value *linking_values_at(const struct linking_values *values, size_t target) {
    return values->own ? values->own[target] : values->common;
}

/* Join rows to insert. */
struct linking_rows {
    const struct attribute **attributes;
    size_t attribute_count;
    kin_value *values;       /* row by row */
    const kin_value **parts; /* by row: the supplied values it was made of */
    size_t row_count;
    bool complete;           /* nothing that needs a value is without */
};

/* Keys, scope, supplied values, defaults, timestamps for the targets whose numbers are in `which` (NULL: the first `count`). */
bool linking_rows_plan(const struct relation *relation, const struct targets *targets, const struct linking_values *values, const size_t *which,
                       size_t count, struct linking_rows *out);
/* Validates, runs the join model's hooks, inserts. changed: rows inserted. With hooks the caller has a level open. */
bool linking_rows_insert(const struct relation *relation, struct linking_rows *rows, enum sql_conflict conflict, int64_t *changed);
/* Whether linking_rows_insert would run hooks. */
bool linking_rows_hooked(const struct relation *relation);
/* The join row of a target that was just inserted, as a row in the session's memory, not saved yet. NULL: fault. */
kin_row *linking_rows_build(const struct relation *relation, const struct linking_rows *rows, size_t row);

#endif
