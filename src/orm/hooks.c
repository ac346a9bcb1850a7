/* Runs a model's hooks. A hook that returns false, or that leaves an error in the session, stops the call it is part of; there is always an
 * error then. */
#include "orm/save.h"

static const char *const hooks_names[HOOK_KINDS] = {
    [KIN_BEFORE_VALIDATE] = "before_validate",
    [KIN_AFTER_VALIDATE] = "after_validate",
    [KIN_BEFORE_CREATE] = "before_create",
    [KIN_AFTER_CREATE] = "after_create",
    [KIN_BEFORE_UPDATE] = "before_update",
    [KIN_AFTER_UPDATE] = "after_update",
    [KIN_BEFORE_DESTROY] = "before_destroy",
    [KIN_AFTER_DESTROY] = "after_destroy",
    [KIN_BEFORE_SAVE] = "before_save",
    [KIN_AFTER_SAVE] = "after_save",
    [KIN_BEFORE_BULK_CREATE] = "before_bulk_create",
    [KIN_AFTER_BULK_CREATE] = "after_bulk_create",
    [KIN_BEFORE_BULK_UPDATE] = "before_bulk_update",
    [KIN_AFTER_BULK_UPDATE] = "after_bulk_update",
    [KIN_BEFORE_BULK_DESTROY] = "before_bulk_destroy",
    [KIN_AFTER_BULK_DESTROY] = "after_bulk_destroy",
    [KIN_BEFORE_FIND] = "before_find",
    [KIN_AFTER_FIND] = "after_find",
};

static bool hooks_run(const kin_hook_event *event) {
    struct fault *fault = &event->session->fault;
    const struct hook_list *list = &event->model->hooks[event->kind];
    for (size_t i = 0; i < list->count; i++) {
        if (!list->at[i].function(list->at[i].context, event))
            return fault_set(fault, KIN_HOOK, event->model->info.name, NULL, "a %s hook of %s refused; a hook says why with kin_fail",
                             hooks_names[event->kind], event->model->info.name);
        if (fault_is_set(fault))
            return false;
    }
    return true;
}

bool hooks_row(kin_row *row, kin_hook_kind kind) {
    const kin_hook_event event = {
        .size = sizeof event, .kind = kind, .session = row_session(row), .model = row_model(row), .row = row
    };
    return hooks_run(&event);
}

bool hooks_bulk(kin_session *session, const kin_model *model, kin_hook_kind kind, kin_rows rows, kin_values values, const kin_condition *where) {
    const kin_hook_event event = {
        .size = sizeof event, .kind = kind, .session = session, .model = model, .rows = rows, .values = values, .where = where
    };
    return hooks_run(&event);
}
