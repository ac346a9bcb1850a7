/* Snapshots of attributes. They lie in the row's region: a journal's entry lives as long as its row. Texts are never freed before their region, so
 * that the bytes of the struct are all there is to keep. */
#include "orm/snapshot.h"

#include <string.h>

struct snapshot *snapshot_take(kin_row *row, const struct attribute *const *attributes, size_t count) {
    struct row_header *header = row_header(row);
    kin_session *session = row_session(row);
    struct arena *arena = session_in_transaction(session) ? &header->region->arena : &session->scratch;
    struct snapshot *snapshot = arena_allocate(arena, sizeof *snapshot + count * sizeof *snapshot->at);
    if (!snapshot) {
        fault_no_memory(&session->fault);
        return NULL;
    }
    snapshot->row = row;
    snapshot->original_key = header->extra ? header->extra->original_key : NULL;
    snapshot->count = count;
    for (size_t i = 0; i < count; i++) {
        struct snapshot_member *member = &snapshot->at[i];
        size_t index = attributes[i]->index;
        member->attribute = attributes[i];
        member->loaded = row_bit(row, ROW_LOADED, index);
        member->null = row_bit(row, ROW_NULL, index);
        member->changed = row_bit(row, ROW_CHANGED, index);
        memcpy(member->bytes, (const char *)row + attributes[i]->info.offset, attributes[i]->info.size);
    }
    return snapshot;
}

static void snapshot_put_back(const struct snapshot *snapshot, bool unless_changed) {
    kin_row *row = snapshot->row;
    for (size_t i = 0; i < snapshot->count; i++) {
        const struct snapshot_member *member = &snapshot->at[i];
        size_t index = member->attribute->index;
        if (unless_changed && row_bit(row, ROW_CHANGED, index))
            continue;
        memcpy((char *)row + member->attribute->info.offset, member->bytes, member->attribute->info.size);
        row_set_bit(row, ROW_LOADED, index, member->loaded);
        row_set_bit(row, ROW_NULL, index, member->null);
        row_set_bit(row, ROW_CHANGED, index, member->changed);
    }
}

void snapshot_restore(struct snapshot *snapshot) {
    if (!snapshot)
        return;
    snapshot_put_back(snapshot, false);
    struct row_extra *extra = row_header(snapshot->row)->extra;
    if (extra)
        extra->original_key = snapshot->original_key;
}

static void snapshot_undo(void *subject, void *memory) {
    (void)subject;
    snapshot_put_back(memory, true);
}

void snapshot_keep(struct snapshot *snapshot) {
    kin_session *session = row_session(snapshot->row);
    if (session_in_transaction(session))
        session_journal(session, row_header(snapshot->row)->region, snapshot_undo, snapshot->row, snapshot);
}
