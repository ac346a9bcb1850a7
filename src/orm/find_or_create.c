/* kin_find_or_create: looks for a row and makes it in one transaction. Where others may write in between (a database with several writers), the
 * insert is a level of its own: when it meets a row that somebody else was quicker to make, that one is found. */
#include "base/options.h"
#include "orm/save.h"

#include <string.h>

#include "orm/find.h"

struct seek {
    kin_session *session;
    const kin_model *model;
    const kin_bulk_options *options;
    struct row_values wanted; /* what is looked for */
    struct row_values all;    /* the same, and the defaults */
    kin_row *row;
    bool created;
};

/* Appends what is not there yet. */
static void seek_add_values(struct row_values *to, const struct row_values *from) {
    for (size_t i = 0; i < from->count; i++) {
        size_t place = 0;
        while (place < to->count && to->attributes[place] != from->attributes[i])
            place++;
        if (place < to->count)
            continue;
        to->attributes[place] = from->attributes[i];
        to->values[to->count++] = from->values[i];
    }
}

static bool seek_take_values(struct seek *seek, kin_values given) {
    kin_session *session = seek->session;
    struct row_values defaults;
    if (!row_values(session, seek->model, given, (kin_names){ NULL, 0 }, &session->scratch, &seek->wanted) ||
        !row_values(session, seek->model, seek->options->defaults, (kin_names){ NULL, 0 }, &session->scratch, &defaults))
        return false;
    if (seek->wanted.count == 0)
        return fault_set(&session->fault, KIN_MISUSE, seek->model->info.name, NULL,
                         "kin_find_or_create: %s is looked for by no value; write KIN_VALUES({ \"%s\", kin(...) })", seek->model->info.name,
                         seek->model->attributes[0].info.name);
    size_t count = seek->wanted.count + defaults.count;
    seek->all.attributes = session_scratch(session, count * sizeof *seek->all.attributes);
    seek->all.values = session_scratch(session, count * sizeof *seek->all.values);
    if (!seek->all.attributes || !seek->all.values)
        return false;
    seek_add_values(&seek->all, &seek->wanted);
    seek_add_values(&seek->all, &defaults);
    return true;
}

/* Leaves NULL in row when there is none. */
static bool seek_find(struct seek *seek) {
    kin_session *session = seek->session;
    const kin_find options = { .size = sizeof options, .model = seek->model };
    struct find_extra extra = { 0 };
    bool failed = false;
    for (size_t i = 0; i < seek->wanted.count && !failed; i++) {
        const struct sql_expression *equal =
            sql_compare(&session->scratch, SQL_EQ, (struct sql_column){ seek->wanted.attributes[i], 0 }, seek->wanted.values[i]);
        failed = !equal;
        extra.where = sql_and(&session->scratch, extra.where, equal, &failed);
    }
    if (failed)
        return fault_no_memory(&session->fault);
    return find_row(session, seek->model, &options, &extra, session->region, &seek->row);
}

static bool seek_insert(struct seek *seek) {
    const struct save_flags flags = { seek->options->no_validate, seek->options->no_hooks };
    kin_row *row = save_build(seek->session, seek->session->region, seek->model, &seek->all);
    if (!row || !save_insert(row, flags))
        return false;
    seek->row = row;
    seek->created = true;
    return true;
}

static bool seek_was_quicker(const struct seek *seek) {
    const kin_error *error = &seek->session->fault.error;
    return error->status == KIN_CONSTRAINT && error->constraint == KIN_UNIQUE;
}

/* The insert in a level that may fail: the one around it stays good. */
static bool seek_insert_guarded(struct seek *seek) {
    kin_session *session = seek->session;
    struct fault *refused;
    if (!(kin_begin)(&(kin_begin_options){ .size = sizeof(kin_begin_options), .session = session }))
        return false;
    if (seek_insert(seek))
        return kin_commit(session);
    bool again = seek_was_quicker(seek);
    if (!kin_rollback(session) || !again || !(refused = session_scratch(session, sizeof *refused)))
        return false;
    fault_start(refused);
    fault_copy(refused, &session->fault);
    fault_clear(&session->fault);
    bool found = seek_find(seek);
    if (found && !seek->row) /* it is another row that has one of the values */
        fault_copy(&session->fault, refused);
    fault_clear(refused);
    return found && seek->row;
}

static bool seek_steps(struct seek *seek) {
    if (!seek_find(seek))
        return false;
    if (seek->row)
        return true;
    return db_driver(seek->session->db)->single_writer ? seek_insert(seek) : seek_insert_guarded(seek);
}

static bool seek_run(struct seek *seek, kin_values given) {
    kin_session *session = seek->session;
    if (!session_knows(session, seek->model, "kin_find_or_create") || !seek_take_values(seek, given))
        return false;
    return session_begin_level(session, true) && session_end_level(session, seek_steps(seek));
}

kin_row *(kin_find_or_create)(kin_session *session, const kin_model *model, kin_values values, const kin_bulk_options *options) {
    kin_bulk_options own;
    options = options_of(options, &own, sizeof own);
    struct seek seek = { .session = session, .model = model, .options = options };
    if (seek.options->created)
        *seek.options->created = false;
    if (!session_enter(session))
        return NULL;
    bool good = seek_run(&seek, values);
    session_leave(session);
    if (good && seek.options->created)
        *seek.options->created = seek.created;
    return good ? seek.row : NULL;
}
