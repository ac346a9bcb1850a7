/* From cells to rows: a projection says which cells of a statement's result are which attributes of one model. */
#ifndef KIN_ORM_HYDRATE_H
#define KIN_ORM_HYDRATE_H

#include <kin.h>

#include "orm/row.h"

struct projection {
    const kin_model *model;
    unsigned table;                      /* in the statement */
    const struct attribute **attributes; /* in the model's order */
    size_t count;
    size_t first;                        /* the first one's cell */
    uint8_t *loaded;                     /* the loaded bits of a row made from it */
    uint8_t *hidden;                     /* parts of the primary key that are read for saving but were not asked for; NULL: none */
};

/* Chooses the attributes to read: those named and the primary key, or all when names is { NULL, 0 }; and those of `also` (NULL allowed).
 * hide_key: a primary key that was not named is read, but not shown. In arena. False: a wrong name, or out of memory. */
bool projection_choose(kin_session *session, const kin_model *model, kin_names names, const struct key *also, bool hide_key,
                       struct arena *arena, struct projection *out);
/* The cell of an attribute; SIZE_MAX when the projection does not read it. */
size_t projection_cell(const struct projection *projection, const struct attribute *attribute);
/* True when the cells hold no row: a LEFT JOIN found none. */
bool projection_is_absent(const struct projection *projection, const kin_value *cells);
/* A saved row; NULL and a fault: out of memory, or a value that the model does not know (an ENUM's label). */
kin_row *hydrate(struct region *region, const struct projection *projection, const kin_value *cells);

#endif
