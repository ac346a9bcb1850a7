/*
 * Many rows in few statements. kin_bulk_create builds all rows first (values, defaults, validation), then sends them in chunks of one INSERT each,
 * so that a wrong record stops it before anything is sent. More than one statement: one level, all or nothing.
 */
#include "base/options.h"
#include "orm/save.h"

#include <stdio.h>
#include <string.h>

/* Rows in one INSERT: more gain nothing on SQLite and cost memory for the binds. */
enum { BULK_ROWS = 64 };

size_t save_chunk(const kin_session *session, size_t attribute_count) {
    const struct dialect *dialect = session_dialect(session);
    size_t rows = attribute_count ? dialect->parameter_limit / attribute_count : BULK_ROWS;
    return rows < 1 ? 1 : rows > BULK_ROWS ? BULK_ROWS : rows;
}

/* ---- without reading back ---- */

static bool bulk_send_values(kin_session *session, struct sql_insert *insert, size_t row_count, int64_t *changed) {
    const struct sql_statement statement = { .kind = SQL_INSERT, .as.insert = insert };
    const size_t chunk = save_chunk(session, insert->attribute_count);
    for (size_t done = 0; done < row_count; done += insert->row_count) {
        struct driver_result result;
        insert->row_count = row_count - done < chunk ? row_count - done : chunk;
        if (!session_execute(session, &statement, &result))
            return false;
        *changed += result.changed;
        insert->values += insert->row_count * insert->attribute_count;
    }
    return true;
}

bool save_insert_many(kin_session *session, const kin_model *model, const struct attribute *const *attributes, size_t attribute_count,
                      const kin_value *values, size_t row_count, enum sql_conflict conflict, int64_t *changed) {
    struct sql_insert insert = {
        .model = model, .attributes = attributes, .attribute_count = attribute_count, .values = values, .conflict = conflict
    };
    int64_t inserted = 0;
    bool level = row_count > save_chunk(session, attribute_count);
    if (level && !session_begin_level(session, true))
        return false;
    bool good = bulk_send_values(session, &insert, row_count, &inserted);
    if (level)
        good = session_end_level(session, good);
    if (changed)
        *changed = good ? inserted : 0;
    return good;
}

/* ---- building the rows of kin_bulk_create ---- */

struct bulk {
    kin_session *session;
    const kin_model *model;
    const kin_bulk_options *options;
    struct save_flags flags;
    bool individual;      /* the hooks of each row too */
    kin_row **rows;
    size_t count;
    /* The attribute of the name at each place of the last record: records mostly repeat the same names. */
    const char **names;
    const struct attribute **named; /* NULL: left out by .attributes */
    size_t name_count, name_capacity;
    /* What the INSERTs have: all that any of the rows has, but for an identity key. */
    const struct attribute **attributes;
    size_t attribute_count;
    bool keys_are_made;   /* some rows have no identity key yet */
    bool key_is_last;     /* the identity key is the last of attributes, for the runs of rows that have one */
    bool has_defaults, has_checks; /* of the model's attributes, any */
};

/* Says which record the fault is about. */
static bool bulk_fault_in(const struct bulk *bulk, size_t record) {
    char message[1600];
    snprintf(message, sizeof message, "%s", bulk->session->fault.error.message);
    fault_message(&bulk->session->fault, "record %zu of %zu: %s", record + 1, bulk->count, message);
    return false;
}

static bool bulk_names_reserve(struct bulk *bulk, size_t need) {
    if (need <= bulk->name_capacity)
        return true;
    size_t capacity = need < 8 ? 8 : need * 2;
    const char **names = session_scratch(bulk->session, capacity * sizeof *names);
    const struct attribute **named = session_scratch(bulk->session, capacity * sizeof *named);
    if (!names || !named)
        return false;
    if (bulk->name_count) {
        memcpy(names, bulk->names, bulk->name_count * sizeof *names);
        memcpy(named, bulk->named, bulk->name_count * sizeof *named);
    }
    bulk->names = names;
    bulk->named = named;
    bulk->name_capacity = capacity;
    return true;
}

static bool bulk_is_wanted(const struct bulk *bulk, const char *name) {
    const kin_names only = bulk->options->attributes;
    for (size_t i = 0; i < only.count; i++)
        if (only.at[i] && strcmp(only.at[i], name) == 0)
            return true;
    return only.at == NULL;
}

/* The attribute that a name at that place of a record means; NULL in *out when it is left out. */
static bool bulk_attribute(struct bulk *bulk, size_t place, const char *name, const struct attribute **out) {
    if (place < bulk->name_count && bulk->names[place] == name) {
        *out = bulk->named[place];
        return true;
    }
    const struct attribute *attribute = model_attribute_required(bulk->model, name, &bulk->session->fault);
    if (!attribute || !bulk_names_reserve(bulk, place + 1))
        return false;
    *out = bulk_is_wanted(bulk, name) ? attribute : NULL;
    bulk->names[place] = name;
    bulk->named[place] = *out;
    if (place >= bulk->name_count)
        bulk->name_count = place + 1;
    return true;
}

static kin_row *bulk_build_row(struct bulk *bulk, kin_values given) {
    kin_session *session = bulk->session;
    kin_row *row = row_new(session->region, bulk->model);
    for (size_t i = 0; row && given.at && i < given.count && given.at[i].value.type != KIN_VALUE_LAST; i++) {
        const struct attribute *attribute;
        if (!bulk_attribute(bulk, i, given.at[i].name, &attribute) || (attribute && !save_take_given(row, attribute, &given.at[i].value)))
            return NULL;
    }
    return row && (!bulk->has_defaults || save_fill_defaults(row)) ? row : NULL;
}

static void bulk_survey(struct bulk *bulk) {
    const kin_model *model = bulk->model;
    for (size_t i = 0; i < model->attribute_count; i++) {
        const struct attribute *attribute = &model->attributes[i];
        bulk->has_defaults |= save_has_default(attribute);
        bulk->has_checks |= !validate_any_value(attribute) && (attribute != model->identity || attribute->has_validation);
    }
}

static bool bulk_build(struct bulk *bulk, kin_records records) {
    bulk_survey(bulk);
    for (size_t i = 0; i < bulk->options->attributes.count; i++)
        if (!model_attribute_required(bulk->model, bulk->options->attributes.at[i], &bulk->session->fault))
            return false;
    if (records.count > SIZE_MAX / sizeof *bulk->rows)
        return fault_no_memory(&bulk->session->fault);
    bulk->count = records.count;
    bulk->rows = session_allocate(bulk->session, records.count * sizeof *bulk->rows);
    if (!bulk->rows)
        return false;
    for (size_t i = 0; i < records.count; i++)
        if (!(bulk->rows[i] = bulk_build_row(bulk, records.at[i])))
            return bulk_fault_in(bulk, i);
    return true;
}

static bool bulk_check(const struct bulk *bulk) {
    if (!bulk->individual && (bulk->flags.no_validate || !bulk->has_checks))
        return true;
    for (size_t i = 0; i < bulk->count; i++) {
        kin_row *row = bulk->rows[i];
        bool good = bulk->individual ? save_before(row, NULL, KIN_BEFORE_CREATE, bulk->flags)
                                     : validate_selected(row, NULL);
        if (!good)
            return bulk_fault_in(bulk, i);
    }
    return true;
}

/* ---- inserting them ---- */

static bool bulk_has_key(const struct bulk *bulk, const kin_row *row) {
    const struct attribute *identity = bulk->model->identity;
    return row_bit(row, ROW_LOADED, identity->index) && !row_bit(row, ROW_NULL, identity->index);
}

/* createdAt and updatedAt where they are not given, one moment for all. */
static bool bulk_stamp(const struct bulk *bulk) {
    const struct attribute *timestamps[2] = { bulk->model->created_at, bulk->model->updated_at };
    const kin_value now = save_now();
    for (size_t t = 0; t < 2; t++)
        for (size_t i = 0; timestamps[t] && i < bulk->count; i++)
            if (!row_bit(bulk->rows[i], ROW_LOADED, timestamps[t]->index) && !row_store(bulk->rows[i], timestamps[t], &now))
                return false;
    return true;
}

/* The attributes that any row has. A row that has no value for one of them gets NULL, which is what it would read as anyway. */
static bool bulk_gather_attributes(struct bulk *bulk) {
    const kin_model *model = bulk->model;
    uint8_t *any = session_scratch(bulk->session, model->bits_size);
    bulk->attributes = session_scratch(bulk->session, model->attribute_count * sizeof *bulk->attributes);
    if (!any || !bulk->attributes)
        return false;
    memset(any, 0, model->bits_size);
    for (size_t i = 0; i < bulk->count; i++) {
        const uint8_t *loaded = row_bits(bulk->rows[i], ROW_LOADED);
        for (size_t k = 0; k < model->bits_size; k++)
            any[k] |= loaded[k];
        if (model->identity && !bulk_has_key(bulk, bulk->rows[i]))
            bulk->keys_are_made = true;
        else if (model->identity)
            bulk->key_is_last = true;
    }
    for (size_t i = 0; i < model->attribute_count; i++)
        if (any[i >> 3] >> (i & 7) & 1 && &model->attributes[i] != model->identity)
            bulk->attributes[bulk->attribute_count++] = &model->attributes[i];
    if (bulk->key_is_last)
        bulk->attributes[bulk->attribute_count] = model->identity;
    return true;
}

/* How many rows from there on go into one statement: those whose key is given and those whose key is made do not mix. */
static size_t bulk_run(const struct bulk *bulk, size_t from, size_t chunk) {
    size_t end = bulk->count - from < chunk ? bulk->count : from + chunk, to = from + 1;
    if (!bulk->keys_are_made || !bulk->key_is_last)
        return end - from;
    bool has_key = bulk_has_key(bulk, bulk->rows[from]);
    while (to < end && bulk_has_key(bulk, bulk->rows[to]) == has_key)
        to++;
    return to - from;
}

struct bulk_chunk {
    kin_value *values;
    int64_t *keys;
    int64_t last_key;    /* of the statement before, when that one's keys were made and consecutive ones are to follow */
    bool follows;
};

/* SQLite's keys go on where those of the statement before ended: nobody else writes in between. If not, they cannot be what save_execute_insert
 * takes them for. */
static bool bulk_keys_follow(const struct bulk *bulk, const struct bulk_chunk *chunk) {
    if (!chunk->follows || !db_driver(bulk->session->db)->single_writer || chunk->keys[0] == chunk->last_key + 1)
        return true;
    return fault_set(&bulk->session->fault, KIN_UNSUPPORTED, bulk->model->info.name, NULL,
                     "the keys of rows of %s that are inserted together cannot be told: a trigger inserts into %s too, or its largest key is reached; "
                     "kin_create them one by one",
                     bulk->model->info.name, bulk->model->info.table);
}

static bool bulk_send_chunk(const struct bulk *bulk, struct bulk_chunk *chunk, size_t from, size_t count) {
    const kin_model *model = bulk->model;
    bool has_key = model->identity && bulk_has_key(bulk, bulk->rows[from]), made = model->identity && !has_key;
    size_t attribute_count = bulk->attribute_count + has_key;
    kin_value *value = chunk->values;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < attribute_count; k++, value++) {
            *value = row_load(bulk->rows[from + i], bulk->attributes[k]);
            if (value->type == KIN_VALUE_UNSET)
                value->type = KIN_VALUE_NULL;
        }
    struct sql_insert insert = {
        .model = model, .attributes = bulk->attributes, .attribute_count = attribute_count, .values = chunk->values, .row_count = count
    };
    if (!save_execute_insert(bulk->session, &insert, made ? chunk->keys : NULL) || (made && !bulk_keys_follow(bulk, chunk)))
        return false;
    for (size_t i = 0; made && i < count; i++) {
        const kin_value key = kin_value_integer(chunk->keys[i]);
        if (!row_store(bulk->rows[from + i], model->identity, &key))
            return false;
    }
    chunk->follows = made;
    chunk->last_key = made ? chunk->keys[count - 1] : 0;
    return true;
}

static bool bulk_send(const struct bulk *bulk, size_t rows) {
    struct bulk_chunk chunk = {
        .values = session_scratch(bulk->session, rows * (bulk->attribute_count + 1) * sizeof *chunk.values),
        .keys = session_scratch(bulk->session, rows * sizeof *chunk.keys),
    };
    if (!chunk.values || !chunk.keys)
        return false;
    for (size_t from = 0; from < bulk->count;) {
        size_t count = bulk_run(bulk, from, rows);
        if (!bulk_send_chunk(bulk, &chunk, from, count))
            return false;
        from += count;
    }
    for (size_t i = 0; i < bulk->count; i++)
        save_mark_inserted(bulk->rows[i]);
    return true;
}

static size_t bulk_chunk_rows(const struct bulk *bulk) {
    size_t rows = save_chunk(bulk->session, bulk->attribute_count + bulk->key_is_last);
    if (bulk->attribute_count == 0 && bulk->model->identity == NULL && !session_dialect(bulk->session)->default_keyword)
        return 1; /* rows of nothing but defaults */
    return rows < bulk->count ? rows : bulk->count;
}

/* ---- the whole ---- */

/* The rows of one call, for a rollback of a level around it. */
struct bulk_memory {
    kin_row **rows;
    size_t count;
    uint8_t *given; /* a bit for each row whose identity key was given; NULL: none was */
};

static void bulk_forget(void *subject, void *unused) {
    const struct bulk_memory *memory = subject;
    (void)unused;
    for (size_t i = 0; i < memory->count; i++) {
        bool given = memory->given && (memory->given[i >> 3] >> (i & 7) & 1);
        row_forget_create(memory->rows[i], given ? memory->rows[i] : NULL);
    }
}

/* Rows that the caller may see again if an outer level is rolled back; what fails here gives no rows. One entry for all. */
static bool bulk_remember(const struct bulk *bulk) {
    kin_session *session = bulk->session;
    if (!session_in_transaction(session))
        return true;
    struct bulk_memory *memory = session_allocate(session, sizeof *memory);
    if (!memory || !session_journal_reserve(session, 1))
        return false;
    *memory = (struct bulk_memory){ bulk->rows, bulk->count, NULL };
    if (bulk->key_is_last) {
        memory->given = arena_allocate_cleared(&session->region->arena, bulk->count / 8 + 1);
        if (!memory->given)
            return fault_no_memory(&session->fault);
        for (size_t i = 0; i < bulk->count; i++)
            memory->given[i >> 3] = (uint8_t)(memory->given[i >> 3] | (unsigned)bulk_has_key(bulk, bulk->rows[i]) << (i & 7));
    }
    session_journal(session, session->region, bulk_forget, memory, NULL);
    return true;
}

static bool bulk_hook(const struct bulk *bulk, kin_hook_kind kind) {
    return bulk->flags.no_hooks || !hooks_any(bulk->model, kind) ||
           hooks_bulk(bulk->session, bulk->model, kind, (kin_rows){ bulk->rows, bulk->count }, (kin_values){ NULL, 0 }, NULL);
}

static bool bulk_after(const struct bulk *bulk) {
    for (size_t i = 0; bulk->individual && i < bulk->count; i++)
        if (!save_after(bulk->rows[i], KIN_AFTER_CREATE, bulk->flags))
            return false;
    return bulk_hook(bulk, KIN_AFTER_BULK_CREATE);
}

static bool bulk_prepare(struct bulk *bulk) {
    return bulk_hook(bulk, KIN_BEFORE_BULK_CREATE) && bulk_check(bulk) && bulk_stamp(bulk) && bulk_gather_attributes(bulk);
}

static bool bulk_insert(struct bulk *bulk) {
    const kin_model *model = bulk->model;
    const uint32_t bulk_hooks = 1u << KIN_BEFORE_BULK_CREATE | 1u << KIN_AFTER_BULK_CREATE;
    bool hooks = !bulk->flags.no_hooks && (bulk->individual ? model->hook_mask : model->hook_mask & bulk_hooks);
    bool inside = session_in_transaction(bulk->session);
    if (hooks && !session_begin_level(bulk->session, true))
        return false;
    bool good = bulk_prepare(bulk);
    size_t rows = good ? bulk_chunk_rows(bulk) : 0;
    /* Without hooks nobody sees the rows before the level has ended, so only a level around it needs to know them. */
    bool level = good && !hooks && bulk_run(bulk, 0, rows) < bulk->count;
    if (level && !session_begin_level(bulk->session, true))
        return false;
    good = good && (!(inside || hooks) || bulk_remember(bulk)) && bulk_send(bulk, rows) && bulk_after(bulk);
    return hooks || level ? session_end_level(bulk->session, good) : good;
}

static kin_rows bulk_create(kin_session *session, const kin_model *model, kin_records records, const kin_bulk_options *options) {
    struct bulk bulk = {
        .session = session, .model = model, .options = options, .flags = { options->no_validate, options->no_hooks },
        .individual = options->individual_hooks && !options->no_hooks
    };
    if (records.count == 0 || !session_knows(session, model, "kin_bulk_create"))
        return (kin_rows){ NULL, 0 };
    if (!bulk_build(&bulk, records) || !bulk_insert(&bulk))
        return (kin_rows){ NULL, 0 };
    return (kin_rows){ bulk.rows, bulk.count };
}

kin_rows(kin_bulk_create)(kin_session *session, const kin_model *model, kin_records records, const kin_bulk_options *options) {
    kin_bulk_options own;
    options = options_of(options, &own, sizeof own);
    if (!session_enter(session))
        return (kin_rows){ NULL, 0 };
    kin_rows rows = bulk_create(session, model, records, options);
    session_leave(session);
    return rows;
}
