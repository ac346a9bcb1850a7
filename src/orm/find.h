/* Finding: from a caller's options to a statement, from its cells to rows. */
#ifndef KIN_ORM_FIND_H
#define KIN_ORM_FIND_H

#include <kin.h>

#include "orm/row.h"
#include "sql/resolve.h"

/* A growing list of rows in arena memory. */
struct row_list {
    kin_row **at;
    size_t count, capacity;
    struct arena *arena;
};
bool row_list_add(struct row_list *list, kin_row *row);

/* What the internal finders take beside a caller's options; everything may be zero. Scratch memory is the session's. */
struct find_extra {
    const struct sql_expression *where; /* ANDed; refers to table 0 (and 1, the join row, for an association) */
    bool lock;
    bool keys_only;                     /* primary key alone, whatever attributes say */
};

/* All rows of model that options and extra allow, includes loaded, in region. False: fault. Hooks are the callers' business. */
bool find_rows(kin_session *session, const kin_model *model, const kin_find *options, const struct find_extra *extra, struct region *region,
               kin_rows *out);
/* The first one; *out NULL when there is none. */
bool find_row(kin_session *session, const kin_model *model, const kin_find *options, const struct find_extra *extra, struct region *region,
              kin_row **out);
/* By the primary key, a converted value. attributes: the primary key and those named ({NULL,0}: all). Includes soft-deleted rows only when asked. */
bool find_by_key(kin_session *session, const kin_model *model, const kin_value *key, const kin_find *options, struct region *region, kin_row **out);
/* Counts roots. */
bool find_count(kin_session *session, const kin_model *model, const kin_find *options, const struct find_extra *extra, int64_t *out);

/* The targets of a source through an association: what kin_get, kin_get_one and kin_count do after their checks. `key` is the value of the
 * key on the source's side (belongs-to: the foreign key's value; else the source key's), not NULL. Join rows are attached. */
bool find_targets(kin_session *session, const kin_association *association, const kin_value *key, const kin_find *options,
                  const struct find_extra *extra, struct region *region, kin_rows *out);
bool find_target_count(kin_session *session, const kin_association *association, const kin_value *key, const kin_find *options, int64_t *out);

/* Refuses options of a join row where there is none. association: NULL for a finder. */
bool find_refuse(kin_session *session, const kin_find *options, const kin_model *model, const kin_association *association, const char *verb);

/* Checks that every verb begins with: row is not NULL, its model is the association's source, the association is of the kind (many) that the
 * verb serves; false and a fault (none for a NULL row). verb: "kin_get". */
bool relation_check(const kin_row *row, const kin_association *association, bool many, const char *verb);
/* The source's side of the key; *known is false when it is NULL. False, and a fault: the row is unsaved or was destroyed. */
bool relation_source_key(const kin_row *row, const kin_association *association, struct arena *arena, kin_value *key, bool *known);

#endif
