/* What a few attributes of a row were before a verb changed them in memory, so that a failure, or a rollback later, gives them back. */
#ifndef KIN_ORM_SNAPSHOT_H
#define KIN_ORM_SNAPSHOT_H

#include <kin.h>

#include "orm/row.h"

struct snapshot_member {
    const struct attribute *attribute;
    bool loaded, null, changed;
    unsigned char bytes[sizeof(kin_value)]; /* the largest that lies in a struct */
};

struct snapshot {
    kin_row *row;
    kin_value *original_key;
    size_t count;
    struct snapshot_member at[];
};

/* Takes the attributes as they are. NULL: out of memory, fault set. */
struct snapshot *snapshot_take(kin_row *row, const struct attribute *const *attributes, size_t count);
/* Puts them back. NULL: nothing. */
void snapshot_restore(struct snapshot *snapshot);
/* In a transaction: rolled back, the attributes get their old values again, unless they were changed since. The caller has reserved the
 * journal's room (session_journal_reserve). Outside: nothing. */
void snapshot_keep(struct snapshot *snapshot);

#endif
