/* Writing rows: what kin_create, kin_save, kin_destroy and the verbs that link rows share. Each function is inside a call (session_enter). */
#ifndef KIN_ORM_SAVE_H
#define KIN_ORM_SAVE_H

#include <kin.h>

#include "orm/row.h"

struct save_flags {
    bool no_validate, no_hooks;
};

/* A new row with the values, defaults filled in (default_value, default_now, default_uuid; timestamps come at the insert). */
kin_row *save_build(kin_session *session, struct region *region, const kin_model *model, const struct row_values *values);
/* Validates, runs hooks, inserts. The identity key is filled in. */
bool save_insert(kin_row *row, struct save_flags flags);
/* Updates the attributes whose changed bit is set, or of those only the ones in `only` ({NULL,0}: all changed); updatedAt with them. Nothing
 * changed: no statement. A row that is gone: KIN_STALE. */
bool save_update(kin_row *row, kin_names only, struct save_flags flags);
/* Insert or update, by the row's state. */
bool save_row(kin_row *row, kin_names only, struct save_flags flags);
/* The current time for createdAt/updatedAt, one value for a call. */
kin_value save_now(void);
/* A join row (or any row) inserted in bulk without reading it back: used by bulk_create and the many-to-many verbs. values is row-major, one
 * converted value for each of attributes; chunked by the dialect's parameter limit. changed: rows inserted (conflict NOTHING may leave out). */
bool save_insert_many(kin_session *session, const kin_model *model, const struct attribute *const *attributes, size_t attribute_count,
                      const kin_value *values, size_t row_count, enum sql_conflict conflict, int64_t *changed);

/* Checks a row (only changed attributes when it is saved): not null, enum labels, validators. A fault KIN_INVALID names all that is wrong. */
bool validate_row(kin_row *row, kin_names only);
/* The same for values of a bulk path. */
bool validate_values(kin_session *session, const kin_model *model, const struct row_values *values);

/* Hooks. Each returns false when a hook refused (fault set). Cheap when there are none: test hooks_any first. */
static inline bool hooks_any(const kin_model *model, kin_hook_kind kind) { return model->hook_mask >> kind & 1; }
bool hooks_row(kin_row *row, kin_hook_kind kind);
bool hooks_bulk(kin_session *session, const kin_model *model, kin_hook_kind kind, kin_rows rows, kin_values values, const kin_condition *where);

#endif
