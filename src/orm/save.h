/* Writing rows: what kin_create, kin_save, kin_destroy and the verbs that link rows share. Each function is inside a call (session_enter). */
#ifndef KIN_ORM_SAVE_H
#define KIN_ORM_SAVE_H

#include <kin.h>

#include "orm/row.h"

struct save_flags {
    bool no_validate, no_hooks;
};

/* ---- rows ---- */

/* Begins a verb about one row: enters its session and checks its model. NULL: nothing is to be done (also for a NULL row), and no session_leave. */
kin_session *save_enter(const kin_row *row, const char *verb);
/* A new row with the values, defaults filled in (default_value, default_now, default_uuid; timestamps come at the insert). */
kin_row *save_build(kin_session *session, struct region *region, const kin_model *model, const struct row_values *values);
/* Converts a caller's value into a row that is being built. */
bool save_take_given(kin_row *row, const struct attribute *attribute, const kin_value *given);
/* Fills in the defaults of what is not loaded yet. */
bool save_fill_defaults(kin_row *row);
static inline bool save_has_default(const struct attribute *attribute) {
    return attribute->info.has_default || attribute->default_now || attribute->default_uuid;
}
/* The default of an attribute that kin knows, made now; unset when it has none. */
bool save_default(kin_session *session, const struct attribute *attribute, kin_value *out);
/* Validates, runs hooks, inserts. The identity key is filled in. */
bool save_insert(kin_row *row, struct save_flags flags);
/* Updates the attributes whose changed bit is set, or of those only the ones in `only` ({NULL,0}: all changed), and what hooks change
 * meanwhile; updatedAt with them. Nothing changed: no statement, no hooks. A row that is gone: KIN_STALE. */
bool save_update(kin_row *row, kin_names only, struct save_flags flags);
/* Insert or update, by the row's state. */
bool save_row(kin_row *row, kin_names only, struct save_flags flags);
/* The current time for createdAt/updatedAt, one value for a call. */
kin_value save_now(void);

/* ---- pieces of a write, for the files of this layer ---- */

/* The hooks and validation before a row is written: `kind` is KIN_BEFORE_CREATE or KIN_BEFORE_UPDATE. selected: see validate_selection. */
bool save_before(kin_row *row, const uint8_t *selected, kin_hook_kind kind, struct save_flags flags);
bool save_after(kin_row *row, kin_hook_kind kind, struct save_flags flags);
/* After its insert: saved, nothing pending, attributes without a value are NULL. */
void save_mark_inserted(kin_row *row);
/* Runs an INSERT. With keys (row_count of them) the keys that the database made for model->identity are read back, in order. */
bool save_execute_insert(kin_session *session, struct sql_insert *insert, int64_t *keys);
/* Runs an UPDATE of the row with that key; 0 rows: KIN_STALE. */
bool save_execute_update(kin_session *session, const kin_model *model, const struct sql_set *sets, size_t set_count, const kin_value *key);
/* The primary key that the database has for the row, in scratch memory; false and a fault that says what the verb needs it for. */
bool save_known_key(kin_row *row, const char *verb, kin_value *key);
/* The fault KIN_STALE: there is no row with that key. */
bool save_fault_gone(kin_session *session, const kin_model *model, const kin_value *key);

/* ---- many rows ---- */

/* Rows inserted without reading them back: used by the many-to-many verbs. values is row-major, one converted value for each of attributes;
 * chunked by the dialect's parameter limit, in one level when that takes several statements. changed: rows inserted (conflict NOTHING may
 * leave out); NULL allowed. */
bool save_insert_many(kin_session *session, const kin_model *model, const struct attribute *const *attributes, size_t attribute_count,
                      const kin_value *values, size_t row_count, enum sql_conflict conflict, int64_t *changed);
/* How many rows go into one INSERT of that many attributes. */
size_t save_chunk(const kin_session *session, size_t attribute_count);

/* ---- destroying ---- */

/* Destroys, one by one, what the row's associations with .hooks and KIN_CASCADE reach: before the row itself is deleted. */
bool destroy_cascade(kin_row *row);
bool destroy_cascades(const kin_model *model);

/* ---- validation ---- */

/* Checks a row (only changed attributes when it is saved): not null, enum labels, validators. A fault KIN_INVALID names all that is wrong. */
bool validate_row(kin_row *row, kin_names only);
/* The same for values of a bulk path. */
bool validate_values(kin_session *session, const kin_model *model, const struct row_values *values);
/* The attributes that a save is about, as a bit set in scratch memory: of a saved row those that changed, of a new one all (NULL); only those
 * named in `only`, when it is given. False: a name is wrong. */
bool validate_selection(kin_row *row, kin_names only, uint8_t **out);
bool validate_selected(kin_row *row, const uint8_t *selected);

/* Whether an attribute takes any value, NULL too: there is nothing to check. */
static inline bool validate_any_value(const struct attribute *attribute) {
    return !attribute->info.not_null && !attribute->info.primary_key && !attribute->has_validation && attribute->storage != STORAGE_LABEL;
}

/* ---- hooks ---- */

/* Each returns false when a hook refused (fault set). Cheap when there are none: test hooks_any first. */
static inline bool hooks_any(const kin_model *model, kin_hook_kind kind) { return model->hook_mask >> kind & 1; }
bool hooks_row(kin_row *row, kin_hook_kind kind);
bool hooks_bulk(kin_session *session, const kin_model *model, kin_hook_kind kind, kin_rows rows, kin_values values, const kin_condition *where);

#endif
