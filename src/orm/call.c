/* kin_call: an accessor's name becomes a verb and an association. */
#include "base/options.h"
#include "orm/row.h"

#include <string.h>

#include "base/memory.h"

static bool call_refuse_name(const kin_row *row, const char *name) {
    struct fault *fault = &row_session(row)->fault;
    const kin_model *model = row_model(row);
    char quoted[80], near[512] = "";
    const char **names = session_scratch(row_session(row), (model->accessor_count + 1) * sizeof *names);
    if (!names)
        return false;
    for (size_t i = 0; i < model->accessor_count; i++)
        names[i] = model->accessors[i].name;
    fault_candidates(name ? name : "", model->accessor_count, names, near, sizeof near);
    return fault_set(fault, KIN_MISUSE, model->info.name, name, "kin_call: %s has no accessor '%s'%s%s", model->info.name, fault_quote(name, quoted),
                     near[0] ? "; " : "", near);
}

static kin_link call_link(const kin_call_options *options) {
    return (kin_link){ .size = sizeof(kin_link), .targets = options->targets, .through = options->through };
}

static kin_find call_find(const kin_call_options *options, const kin_association *association) {
    kin_find own, find = *(const kin_find *)options_of(options->find, &own, sizeof own);
    find.association = association;
    return find;
}

/* No target: unlink. */
static void call_set_one(kin_row *row, const kin_accessor *accessor, const kin_call_options *options) {
    kin_link link = call_link(options);
    const kin_targets *targets = &options->targets;
    link.targets = (kin_targets){ NULL, NULL, 0 };
    if (targets->count > 1)
        fault_set(&row_session(row)->fault, KIN_MISUSE, row_model(row)->info.name, accessor->association->info.name,
                  "kin_call: %s takes one target, not %zu", accessor->name, targets->count);
    else if (targets->count == 1 && targets->keys && !targets->rows)
        (kin_set_one_key)(row, accessor->association, targets->keys[0], &link);
    else
        (kin_set_one)(row, accessor->association, targets->count == 1 && targets->rows ? targets->rows[0] : NULL, &link);
}

static void call_run(kin_row *row, const kin_accessor *accessor, const kin_call_options *options, kin_result *result) {
    const kin_association *association = accessor->association;
    const kin_link link = call_link(options);
    const kin_find find = call_find(options, association);
    bool many = association->many;
    switch (accessor->verb) {
    case KIN_VERB_GET:
        if (many)
            result->rows = (kin_get)(row, &find);
        else
            result->row = (kin_get_one)(row, &find);
        break;
    case KIN_VERB_SET:
        if (many)
            result->rows = (kin_set)(row, association, &link);
        else
            call_set_one(row, accessor, options);
        break;
    case KIN_VERB_ADD:
        (kin_add)(row, association, &link);
        break;
    case KIN_VERB_REMOVE:
        (kin_remove)(row, association, &link);
        break;
    case KIN_VERB_HAS:
        result->answer = accessor->plural ? (kin_has_exactly)(row, association, &link) : (kin_has)(row, association, &link);
        break;
    case KIN_VERB_COUNT:
        result->count = (kin_count)(row, &find);
        break;
    case KIN_VERB_CREATE:
        result->row = (kin_create_linked)(row, association, options->values, &link);
        break;
    }
}

kin_result(kin_call)(kin_row *row, const kin_call_options *options) {
    kin_call_options own;
    options = options_of(options, &own, sizeof own);
    kin_result result = { 0 };
    if (!row)
        return result;
    kin_session *session = row_session(row);
    if (!session_enter(session))
        return result;
    const kin_accessor *accessor = options && options->accessor ? kin_accessor_named(row_model(row), options->accessor) : NULL;
    if (accessor)
        call_run(row, accessor, options, &result);
    else
        call_refuse_name(row, options ? options->accessor : NULL);
    result.ok = kin_ok(session);
    session_leave(session);
    return result;
}
