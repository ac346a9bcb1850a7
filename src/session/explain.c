/* From a server's words to the model's. The server names tables and columns as far as it does; what it leaves out is looked for in the
 * statement: which of the model's foreign keys it wrote, who references the rows it deleted. */
#include "session/explain.h"

#include <stdio.h>
#include <string.h>

enum { EXPLAIN_NAMES = 300, EXPLAIN_PLACE = 2 * EXPLAIN_NAMES + 8 }; /* bytes of a list of attributes or keys; and of "Model (list)" */

/* What is known of one fault. */
struct explained {
    struct fault *fault;
    const kin_schema *schema;
    const struct dialect *dialect;
    const struct sql_statement *statement;
    const kin_model *model;    /* whose table the server named, else the statement's */
    char words[EXPLAIN_NAMES]; /* the server's */
};

static const kin_model *explain_model(const struct sql_statement *statement) {
    if (!statement)
        return NULL;
    switch (statement->kind) {
    case SQL_SELECT:
        return statement->as.select->model;
    case SQL_INSERT:
        return statement->as.insert->model;
    case SQL_UPDATE:
        return statement->as.update->model;
    case SQL_DELETE:
        return statement->as.delete_->model;
    case SQL_TEXT:
        break;
    }
    return NULL;
}

/* A table as a server names it: with its schema, as a prefix, or without. */
static bool explain_is_table(const kin_model *model, const char *table) {
    const char *name = model->info.table;
    size_t length = strlen(table), tail = strlen(name);
    return length >= tail && strcmp(table + length - tail, name) == 0 && (length == tail || table[length - tail - 1] == '.');
}

static const kin_model *explain_table(const kin_schema *schema, const kin_model *model, const char *table) {
    if (table[0] == '\0' || (model && explain_is_table(model, table)))
        return model;
    for (size_t i = 0; schema && i < schema->model_count; i++)
        if (explain_is_table(schema->models[i], table))
            return schema->models[i];
    return model;
}

static const struct attribute *explain_column(const kin_model *model, const char *column) {
    const char *dot = strrchr(column, '.'); /* some servers write table.column */
    for (size_t i = 0; i < model->attribute_count; i++)
        if (strcmp(model->attributes[i].info.column, column) == 0 || (dot && strcmp(model->attributes[i].info.column, dot + 1) == 0))
            return &model->attributes[i];
    return NULL;
}

static void explain_append(char *out, const char *separator, const char *text) {
    size_t length = strlen(out);
    snprintf(out + length, EXPLAIN_NAMES - length, "%s%s", length > 0 ? separator : "", text);
}

static void explain_append_key(char *out, const struct key *key) {
    for (size_t i = 0; i < key->count; i++)
        explain_append(out, ", ", key->at[i]->info.name);
}

static bool explain_is_named(const struct explained *explained, const char *name) {
    char limited[128];
    const char *given = explained->fault->error.constraint_name;
    return given[0] != '\0' && name && (strcmp(name, given) == 0 || strcmp(dialect_limited(explained->dialect, name, limited), given) == 0);
}

/* The attributes that a constraint is about, "a, b": by the columns that were named, else by the constraint's name. *single: the only
 * one, or NULL. */
static void explain_attributes(const struct explained *explained, char *out, const struct attribute **single) {
    const kin_names columns = explained->fault->error.columns;
    const kin_model *model = explained->model;
    size_t count = 0;
    *single = NULL;
    for (size_t i = 0; i < columns.count; i++) {
        const struct attribute *attribute = explain_column(model, columns.at[i]);
        explain_append(out, ", ", attribute ? attribute->info.name : columns.at[i]);
        *single = ++count == 1 ? attribute : NULL;
    }
    for (size_t i = 0; count == 0 && i < model->unique_count; i++)
        if (explain_is_named(explained, model->uniques[i].name)) {
            count = model->uniques[i].columns.count;
            explain_append_key(out, &model->uniques[i].columns);
            *single = count == 1 ? model->uniques[i].columns.at[0] : NULL;
        }
    for (size_t i = 0; count == 0 && i < model->index_count; i++)
        if (model->indexes[i].unique && explain_is_named(explained, model->indexes[i].name)) {
            count = model->indexes[i].columns.count;
            explain_append_key(out, &model->indexes[i].columns);
            *single = count == 1 ? model->indexes[i].columns.at[0] : NULL;
        }
}

/* "User.email" or "User (email, tenant)" or "User" */
static void explain_place(const struct explained *explained, char place[EXPLAIN_PLACE], const struct attribute **single) {
    char attributes[EXPLAIN_NAMES] = "";
    const char *name = explained->model->info.name;
    explain_attributes(explained, attributes, single);
    if (*single)
        snprintf(place, EXPLAIN_PLACE, "%.*s.%.*s", EXPLAIN_NAMES, name, EXPLAIN_NAMES, (*single)->info.name);
    else if (attributes[0])
        snprintf(place, EXPLAIN_PLACE, "%.*s (%s)", EXPLAIN_NAMES, name, attributes);
    else
        snprintf(place, EXPLAIN_PLACE, "%.*s", EXPLAIN_NAMES, name);
}

static void explain_column_constraint(struct explained *explained, const char *one, const char *several) {
    char place[EXPLAIN_PLACE];
    const struct attribute *single;
    explain_place(explained, place, &single);
    fault_place(explained->fault, explained->model->info.name, single ? single->info.name : NULL);
    fault_message(explained->fault, "%s: %s (%s)", place, strchr(place, '(') ? several : one, explained->words);
}

/* ---- foreign keys ---- */

static bool explain_sets(const kin_value *value) {
    return value->type != KIN_VALUE_NULL && value->type != KIN_VALUE_UNSET;
}

/* Whether the statement writes something other than NULL to the attribute. */
static bool explain_writes(const struct sql_statement *statement, const struct attribute *attribute) {
    if (statement->kind == SQL_UPDATE) {
        const struct sql_update *update = statement->as.update;
        for (size_t i = 0; i < update->set_count; i++)
            if (update->sets[i].attribute == attribute)
                return explain_sets(&update->sets[i].value);
        return false;
    }
    const struct sql_insert *insert = statement->as.insert;
    for (size_t i = 0; i < insert->attribute_count; i++)
        for (size_t row = 0; insert->attributes[i] == attribute && row < insert->row_count; row++)
            if (explain_sets(&insert->values[row * insert->attribute_count + i]))
                return true;
    return false;
}

/* Whether a foreign key may be the one: it has the columns that the server named, or the statement writes it. */
static bool explain_may_be(const struct explained *explained, const struct foreign_key *key) {
    const kin_names columns = explained->fault->error.columns;
    for (size_t i = 0; i < key->columns.count; i++) {
        const struct attribute *attribute = key->columns.at[i];
        if (columns.count > 0 ? i >= columns.count || strcmp(columns.at[i], attribute->info.column) != 0
                              : !explain_writes(explained->statement, attribute))
            return false;
    }
    return true;
}

/* "ProjectId -> Project", all that may be meant. How many. */
static size_t explain_written_keys(const struct explained *explained, char *out, const struct attribute **single) {
    const kin_model *model = explained->model;
    size_t count = 0;
    for (size_t i = 0; i < model->foreign_key_count; i++) {
        const struct foreign_key *key = &model->foreign_keys[i];
        if (!explain_may_be(explained, key))
            continue;
        char one[EXPLAIN_NAMES] = "";
        explain_append_key(one, &key->columns);
        explain_append(one, " -> ", key->target ? key->target->info.name : key->table);
        explain_append(out, " or ", one);
        *single = ++count == 1 && key->columns.count == 1 ? key->columns.at[0] : NULL;
    }
    return count;
}

/* "Task.ProjectId": who references the model. */
static void explain_referencing(const kin_schema *schema, const kin_model *model, char *out) {
    for (size_t i = 0; schema && i < schema->model_count; i++)
        for (size_t j = 0; j < schema->models[i]->foreign_key_count; j++) {
            const struct foreign_key *key = &schema->models[i]->foreign_keys[j];
            if (key->target != model)
                continue;
            char one[EXPLAIN_NAMES] = "";
            explain_append_key(one, &key->columns);
            explain_append(out, " or ", schema->models[i]->info.name);
            explain_append(out, ".", one);
        }
}

static void explain_foreign_key(struct explained *explained, const kin_model *written) {
    char keys[EXPLAIN_NAMES] = "";
    const struct attribute *single = NULL;
    enum sql_kind kind = explained->statement->kind;
    bool writes = kind == SQL_INSERT || kind == SQL_UPDATE;
    if (writes && explained->model == written && (explain_written_keys(explained, keys, &single) > 0 || kind == SQL_INSERT)) {
        fault_place(explained->fault, written->info.name, single ? single->info.name : NULL);
        fault_message(explained->fault, "%s: a foreign key%s%s%s refuses it: the row it points at does not exist (%s)", written->info.name,
                      keys[0] ? " (" : "", keys, keys[0] ? ")" : "", explained->words);
        return;
    }
    keys[0] = '\0';
    explain_referencing(explained->schema, written, keys);
    fault_place(explained->fault, written->info.name, NULL);
    fault_message(explained->fault, "%s: a foreign key%s%s%s refuses it: it is still referenced (%s)", written->info.name, keys[0] ? " (" : "",
                  keys, keys[0] ? ")" : "", explained->words);
}

/* ---- all together ---- */

static void explain_constraint(struct explained *explained, const kin_model *written) {
    switch (explained->fault->error.constraint) {
    case KIN_UNIQUE:
        explain_column_constraint(explained, "must be unique, and this value is taken", "must be unique together, and these values are taken");
        break;
    case KIN_NOT_NULL:
        explain_column_constraint(explained, "cannot be null", "cannot be null");
        break;
    case KIN_CHECK:
        explain_column_constraint(explained, "refused by a check of the database", "refused by a check of the database");
        break;
    case KIN_FOREIGN_KEY:
        explain_foreign_key(explained, written);
        break;
    case KIN_NO_CONSTRAINT:
        break;
    }
}

void explain_fault(struct fault *fault, const kin_schema *schema, const struct dialect *dialect, const struct sql_statement *statement, const char *sql) {
    const kin_model *written = explain_model(statement);
    fault_sql(fault, sql);
    if (written && fault->error.model[0] == '\0')
        fault_place(fault, written->info.name, NULL);
    if (fault->error.status != KIN_CONSTRAINT)
        return;
    struct explained explained = { .fault = fault, .schema = schema, .dialect = dialect, .statement = statement };
    explained.model = explain_table(schema, written, fault->error.table);
    snprintf(explained.words, sizeof explained.words, "%s", fault->error.message);
    if (explained.model && (written || fault->error.constraint != KIN_FOREIGN_KEY))
        explain_constraint(&explained, written);
    else if (!statement && fault->error.constraint == KIN_FOREIGN_KEY)
        fault_message(fault, "kin_commit: a foreign key refuses it: a row that was written points at one that does not exist (%s)", explained.words);
}
