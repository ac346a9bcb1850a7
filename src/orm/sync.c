/* Tables from models: kin_sync, kin_drop, kin_sync_sql. What is done is done in one transaction where the database has transactions for that. */
#include <fnmatch.h>
#include <string.h>

#include "base/options.h"
#include "base/map.h"
#include "base/memory.h"
#include "session/session.h"
#include "sql/ddl.h"

/* The statements of one run: sent, or collected as text. */
struct sync_run {
    const kin_sync_options *options;
    kin_session *session; /* NULL: only collect */
    const struct dialect *dialect;
    kin_schema *schema;
    struct fault *fault;
    struct text statement, script;
    struct map existing; /* names of tables and indexes; keys in arena */
    struct arena arena;
    size_t created;      /* models[0..created) of the order stand already, for deferred keys */
};

static bool sync_send(struct sync_run *run) {
    if (!text_ok(&run->statement))
        return fault_no_memory(run->fault);
    if (run->session) {
        bool sent = session_script(run->session, text_string(&run->statement));
        text_clear(&run->statement);
        return sent;
    }
    text_append(&run->script, run->statement.data, run->statement.length);
    text_add(&run->script, ";\n");
    text_clear(&run->statement);
    return text_ok(&run->script) || fault_no_memory(run->fault);
}

/* ---- what is there ---- */

static bool sync_read_existing(struct sync_run *run) {
    struct sql_statement statement = { .kind = SQL_TEXT, .as.text = { run->dialect->existing, NULL, 0 } };
    struct result result;
    kin_type type = KIN_TYPE_TEXT;
    kin_value cell;
    enum driver_step step;
    map_free(&run->existing);
    if (!session_query(run->session, &statement, NULL, &result))
        return false;
    bool good = true;
    while (good && (step = result_next(&result, &type, &cell, 1)) != DRIVER_DONE) {
        if (step == DRIVER_FAILED) {
            good = false;
        } else {
            char *name = arena_copy_text(&run->arena, cell.as.text.data, cell.as.text.size);
            good = (name && map_put_string(&run->existing, name, name)) || fault_no_memory(run->fault);
        }
    }
    result_close(&result);
    return good;
}

static bool sync_exists(struct sync_run *run, const kin_model *model) {
    struct text name = { 0 };
    ddl_table_name(run->dialect, model, &name);
    if (!text_ok(&name))
        fault_no_memory(run->fault);
    bool there = text_ok(&name) && map_get_string(&run->existing, text_string(&name)) != NULL;
    text_free(&name);
    return there;
}

/* ---- creating and dropping ---- */

static bool sync_later(void *context, const kin_model *target) {
    const struct sync_run *run = context;
    for (size_t i = 0; i < run->created; i++)
        if (run->schema->ordered[i] == target)
            return false;
    return true;
}

/* The columns that a table has: their names are in `columns`, which the caller frees; keys are in run->arena. */
static bool sync_read_columns(struct sync_run *run, const kin_model *model, struct map *columns) {
    struct text sql = { 0 };
    struct result result;
    text_add(&sql, "SELECT * FROM ");
    dialect_table(run->dialect, model->info.schema, model->info.table, &sql);
    text_add(&sql, " WHERE 1 = 0");
    struct sql_statement statement = { .kind = SQL_TEXT, .as.text = { text_string(&sql), NULL, 0 } };
    bool good = (text_ok(&sql) || fault_no_memory(run->fault)) && session_query(run->session, &statement, NULL, &result);
    if (good) {
        size_t count = result.driver->column_count(result.handle);
        for (size_t i = 0; good && i < count; i++) {
            const char *name = arena_copy_string(&run->arena, result.driver->column_name(result.handle, i));
            good = (name && map_put_string(columns, name, run)) || fault_no_memory(run->fault);
        }
        result_close(&result);
    }
    text_free(&sql);
    return good;
}

/* A table that was there before an attribute was declared is left as it is: without its column there is no index either. */
static bool sync_can_index(const struct model_index *index, const struct map *columns) {
    for (size_t i = 0; columns && i < index->columns.count; i++)
        if (!map_get_string(columns, index->columns.at[i]->info.column))
            return false;
    return true;
}

/* columns: of a table that was there already; NULL for one just made. */
static bool sync_create_index(struct sync_run *run, const kin_model *model, size_t index, const struct map *columns) {
    char name[128];
    if (!ddl_index_name(run->dialect, model, index, name))
        return fault_no_memory(run->fault);
    if ((run->session && map_get_string(&run->existing, name)) || !sync_can_index(&model->indexes[index], columns) ||
        (model->indexes[index].for_foreign_key && run->dialect->foreign_keys_indexed))
        return true;
    ddl_create_index(run->dialect, model, index, &run->statement);
    return sync_send(run);
}

static bool sync_is_indexed(struct sync_run *run, const kin_model *model) {
    char name[128];
    for (size_t i = 0; i < model->index_count; i++)
        if (ddl_index_name(run->dialect, model, i, name) && !map_get_string(&run->existing, name))
            return false;
    return true;
}

static bool sync_create_indexes(struct sync_run *run, const kin_model *model, bool there) {
    struct map columns = { 0 };
    bool good = true;
    if (there && sync_is_indexed(run, model))
        return true;
    if (there)
        good = sync_read_columns(run, model, &columns);
    for (size_t i = 0; good && i < model->index_count; i++)
        good = sync_create_index(run, model, i, there ? &columns : NULL);
    map_free(&columns);
    return good;
}

/* place: of the model in the order; what stands before it may be referenced. */
static bool sync_create(struct sync_run *run, const kin_model *model, size_t place) {
    bool defer = !run->dialect->create_referencing_missing;
    bool there = run->session && sync_exists(run, model);
    run->created = place + 1;
    if (fault_is_set(run->fault))
        return false;
    if (!there) {
        if (ddl_create_schema(run->dialect, model, &run->statement) && !sync_send(run))
            return false;
        ddl_create_table(run->dialect, model, defer ? sync_later : NULL, run, &run->statement);
        if (!sync_send(run))
            return false;
    }
    return sync_create_indexes(run, model, there);
}

static bool sync_add_deferred(struct sync_run *run) {
    if (run->dialect->create_referencing_missing)
        return true;
    for (size_t m = 0; m < run->schema->model_count; m++) {
        const kin_model *model = run->schema->ordered[m];
        run->created = m + 1;
        if (run->session && sync_exists(run, model))
            continue;
        for (size_t k = 0; k < model->foreign_key_count; k++) {
            if (!model->foreign_keys[k].target || !sync_later(run, model->foreign_keys[k].target))
                continue;
            ddl_add_foreign_key(run->dialect, model, k, &run->statement);
            if (!sync_send(run))
                return false;
        }
    }
    return true;
}

static bool sync_create_all(struct sync_run *run) {
    const kin_model *only = run->options->model;
    for (size_t i = 0; i < run->schema->model_count; i++)
        if ((!only || only == run->schema->ordered[i]) && !sync_create(run, run->schema->ordered[i], i))
            return false;
    return only || sync_add_deferred(run);
}

/* Where nothing lets the database look away, the keys that close a circle go before the tables. */
static bool sync_drop_deferred(struct sync_run *run) {
    if (!run->schema->cycle || run->dialect->begin_sync)
        return true;
    for (size_t m = 0; m < run->schema->model_count; m++) {
        const kin_model *model = run->schema->ordered[m];
        run->created = m + 1;
        for (size_t k = 0; k < model->foreign_key_count; k++) {
            if (!model->foreign_keys[k].target || !sync_later(run, model->foreign_keys[k].target))
                continue;
            ddl_drop_foreign_key(run->dialect, model, k, &run->statement);
            if (!sync_send(run))
                return false;
        }
    }
    return true;
}

static bool sync_drop_all(struct sync_run *run) {
    const kin_model *only = run->options->model;
    if (!only && !sync_drop_deferred(run))
        return false;
    for (size_t i = run->schema->model_count; i-- > 0;) {
        const kin_model *model = run->schema->ordered[i];
        if ((only && only != model) || !sync_exists(run, model))
            continue;
        ddl_drop_table(run->dialect, model, &run->statement);
        if (!sync_send(run))
            return false;
    }
    return !fault_is_set(run->fault);
}

/* ---- conducting ---- */

static bool sync_check(struct sync_run *run, const char *verb) {
    const kin_sync_options *options = run->options;
    if (options->model && options->model->schema != run->schema)
        return fault_set(run->fault, KIN_MISUSE, options->model->info.name, NULL, "%s: %s is a model of another schema", verb, options->model->info.name);
    if (options->match && fnmatch(options->match, db_name(options->db), 0) != 0) {
        char wanted[80], name[80];
        return fault_set(run->fault, KIN_MISUSE, NULL, NULL, "%s: the database '%s' does not match '%s'; nothing was touched", verb,
                         fault_quote(db_name(options->db), name), fault_quote(options->match, wanted));
    }
    if (!options->model && run->schema->cycle && options->cycles == KIN_CYCLES_ERROR)
        return fault_set(run->fault, KIN_SCHEMA, NULL, NULL, "%s", run->schema->cycle);
    return true;
}

static bool sync_start(struct sync_run *run, const kin_sync_options *options, kin_session *session) {
    *run = (struct sync_run){ .options = options, .session = session, .schema = db_schema(options->db) };
    run->dialect = db_driver(options->db) ? db_driver(options->db)->dialect : NULL;
    run->fault = session ? &session->fault : db_fault(options->db);
    return run->schema && run->dialect;
}

static void sync_end(struct sync_run *run) {
    text_free(&run->statement);
    text_free(&run->script);
    map_free(&run->existing);
    arena_free(&run->arena);
}

static bool sync_work(struct sync_run *run, bool drop, bool create) {
    if (drop && (!sync_read_existing(run) || !sync_drop_all(run)))
        return false;
    return !create || (sync_read_existing(run) && sync_create_all(run));
}

/* A table that references itself, among those to be dropped; and no other that stays references it. */
static bool sync_drops_self_reference(const struct sync_run *run) {
    const kin_model *only = run->options->model;
    bool found = false;
    for (size_t m = 0; m < run->schema->model_count; m++) {
        const kin_model *model = run->schema->ordered[m];
        for (size_t k = 0; k < model->foreign_key_count; k++) {
            const kin_model *target = model->foreign_keys[k].target;
            if (only && target == only && model != only)
                return false;
            found = found || (target == model && (!only || only == model));
        }
    }
    return found;
}

/* Tables that reference themselves, or each other in a circle, can be dropped with their rows only while the database looks away. */
static bool sync_in_level(struct sync_run *run, bool drop, bool create) {
    bool circle = drop && run->dialect->begin_sync && (run->schema->cycle || sync_drops_self_reference(run));
    if (circle && !session_script(run->session, run->dialect->begin_sync))
        return false;
    bool good = session_begin_level(run->session, true) && session_end_level(run->session, sync_work(run, drop, create));
    if (circle) /* this connection looks away still: the next one is opened anew, as its URL says */
        session_distrust(run->session);
    return good;
}

static bool sync_do(const kin_sync_options *options, const char *verb, bool drop, bool create) {
    kin_db *db = options->db;
    if (!db)
        return false;
    kin_session *session = (kin_session_open)(&(kin_session_options){ .size = sizeof(kin_session_options), .db = db });
    if (!session)
        return fault_no_memory(db_fault(db));
    struct sync_run run;
    bool good = false;
    if (session_enter(session)) {
        good = sync_start(&run, options, session) && sync_check(&run, verb) && sync_in_level(&run, drop, create);
        sync_end(&run);
        session_leave(session);
    }
    if (good)
        fault_clear(db_fault(db));
    else if (db_fault(db) != &session->fault)
        fault_copy(db_fault(db), &session->fault);
    kin_session_close(session);
    return good;
}

bool(kin_sync)(const kin_sync_options *options) {
    kin_sync_options own;
    options = options_of(options, &own, sizeof own);
    return sync_do(options, "kin_sync", options->force, true);
}

bool(kin_drop)(const kin_sync_options *options) {
    kin_sync_options own;
    options = options_of(options, &own, sizeof own);
    return sync_do(options, "kin_drop", true, false);
}

const char *(kin_sync_sql)(const kin_sync_options *options) {
    kin_sync_options own;
    options = options_of(options, &own, sizeof own);
    struct sync_run run;
    char *text = NULL;
    if (!options->db || !db_good(options->db) || !sync_start(&run, options, NULL))
        return NULL;
    fault_clear(run.fault);
    if (sync_check(&run, "kin_sync_sql") && sync_create_all(&run)) {
        text = memory_copy_text(text_string(&run.script));
        if (!text)
            fault_no_memory(run.fault);
    }
    sync_end(&run);
    if (text)
        db_keep_text(options->db, text);
    return text;
}
