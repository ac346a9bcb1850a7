/* Tables, keys and indexes in SQL. A column says all that concerns it alone, in the order type, NOT NULL, DEFAULT, UNIQUE, CHECK,
 * PRIMARY KEY, REFERENCES; what concerns several columns follows behind the last one. */
#include "sql/ddl.h"

/* One statement on its way; `later` as in ddl_create_table. */
struct ddl_table {
    const struct dialect *dialect;
    const kin_model *model;
    bool (*later)(void *context, const kin_model *target);
    void *context;
    struct text *out;
};

static void ddl_columns(const struct dialect *dialect, const struct key *key, struct text *out) {
    for (size_t i = 0; i < key->count; i++) {
        text_add(out, i ? ", " : "(");
        dialect_identifier(dialect, key->at[i]->info.column, out);
    }
    text_add_character(out, ')');
}

/* "<name>_<columns>_<ending>", limited and quoted. */
static void ddl_constraint_name(const struct dialect *dialect, const kin_model *model, const struct key *key, const char *ending,
                                struct text *out) {
    struct text name = { 0 };
    char limited[128];
    text_add(&name, model->info.table);
    for (size_t i = 0; i < key->count; i++) {
        text_add_character(&name, '_');
        text_add(&name, key->at[i]->info.column);
    }
    text_add(&name, ending);
    if (text_ok(&name))
        dialect_identifier(dialect, dialect_limited(dialect, text_string(&name), limited), out);
    else
        out->failed = true;
    text_free(&name);
}

static void ddl_references(const struct dialect *dialect, const struct foreign_key *key, struct text *out) {
    const char *on_delete = action_name(key->on_delete), *on_update = action_name(key->on_update);
    text_add(out, " REFERENCES ");
    dialect_table(dialect, key->schema, key->table, out);
    for (size_t i = 0; i < key->target_columns.count; i++) {
        text_add(out, i ? ", " : " (");
        dialect_identifier(dialect, key->target_columns.at[i], out);
    }
    text_add_character(out, ')');
    if (on_delete) {
        text_add(out, " ON DELETE ");
        text_add(out, on_delete);
    }
    if (on_update) {
        text_add(out, " ON UPDATE ");
        text_add(out, on_update);
    }
}

static bool ddl_is_wanted(const struct ddl_table *table, const struct foreign_key *key) {
    return !table->later || !key->target || !table->later(table->context, key->target);
}

static bool ddl_is_inline(const struct ddl_table *table, const struct foreign_key *key) {
    return table->dialect->inline_references && key->columns.count == 1;
}

static bool ddl_is_unique(const kin_model *model, const struct attribute *attribute) {
    for (size_t i = 0; i < model->unique_count; i++)
        if (model->uniques[i].inline_column && model->uniques[i].columns.count == 1 && model->uniques[i].columns.at[0] == attribute)
            return true;
    return false;
}

/* The labels of an ENUM, where the type itself does not hold them. */
static void ddl_check_labels(const struct dialect *dialect, const struct attribute *attribute, struct text *out) {
    text_add(out, " CHECK (");
    dialect_identifier(dialect, attribute->info.column, out);
    text_add(out, " IN (");
    for (size_t i = 0; i < attribute->info.labels.count; i++) {
        const char *label = attribute->info.labels.at[i];
        text_add(out, i ? ", " : "");
        dialect->text_literal(label, strlen(label), out);
    }
    text_add(out, "))");
}

static bool ddl_is_not_null(const struct ddl_table *table, const kin_attribute_info *info) {
    if (!info->primary_key)
        return info->not_null;
    return !(table->dialect->rowid && info->type == KIN_TYPE_INTEGER && table->model->primary_key.count == 1);
}

static void ddl_plain_column(const struct ddl_table *table, const struct attribute *attribute) {
    const struct dialect *dialect = table->dialect;
    const kin_attribute_info *info = &attribute->info;
    dialect->type(attribute, table->out);
    if (ddl_is_not_null(table, info))
        text_add(table->out, " NOT NULL");
    if (info->has_default && info->default_value.type != KIN_VALUE_UNSET) {
        text_add(table->out, " DEFAULT ");
        dialect_literal(dialect, &info->default_value, table->out);
    }
    if (ddl_is_unique(table->model, attribute))
        text_add(table->out, " UNIQUE");
    if (info->type == KIN_TYPE_ENUM && !dialect->enums && info->labels.count)
        ddl_check_labels(dialect, attribute, table->out);
    if (info->primary_key && table->model->primary_key.count == 1)
        text_add(table->out, " PRIMARY KEY");
}

static void ddl_column(const struct ddl_table *table, const struct attribute *attribute) {
    const kin_model *model = table->model;
    dialect_identifier(table->dialect, attribute->info.column, table->out);
    text_add_character(table->out, ' ');
    if (attribute == model->identity)
        table->dialect->identity(attribute, table->out);
    else
        ddl_plain_column(table, attribute);
    for (size_t i = 0; i < model->foreign_key_count; i++) {
        const struct foreign_key *key = &model->foreign_keys[i];
        if (key->columns.at[0] == attribute && ddl_is_inline(table, key) && ddl_is_wanted(table, key))
            ddl_references(table->dialect, key, table->out);
    }
    if (table->dialect->comment && attribute->comment)
        table->dialect->comment(attribute->comment, false, table->out);
}

static void ddl_unique(const struct ddl_table *table, const struct unique_key *unique) {
    char limited[128];
    if (unique->inline_column && unique->columns.count == 1)
        return;
    text_add(table->out, ", \n  ");
    if (unique->name && *unique->name) {
        text_add(table->out, "CONSTRAINT ");
        dialect_identifier(table->dialect, dialect_limited(table->dialect, unique->name, limited), table->out);
        text_add_character(table->out, ' ');
    }
    text_add(table->out, "UNIQUE ");
    ddl_columns(table->dialect, &unique->columns, table->out);
}

static void ddl_table_constraints(const struct ddl_table *table) {
    const kin_model *model = table->model;
    if (model->primary_key.count > 1) {
        text_add(table->out, ", \n  PRIMARY KEY ");
        ddl_columns(table->dialect, &model->primary_key, table->out);
    }
    for (size_t i = 0; i < model->unique_count; i++)
        ddl_unique(table, &model->uniques[i]);
    for (size_t i = 0; i < model->foreign_key_count; i++) {
        const struct foreign_key *key = &model->foreign_keys[i];
        if (ddl_is_inline(table, key) || !ddl_is_wanted(table, key))
            continue;
        text_add(table->out, ", \n  FOREIGN KEY ");
        ddl_columns(table->dialect, &key->columns, table->out);
        ddl_references(table->dialect, key, table->out);
    }
}

void ddl_create_table(const struct dialect *dialect, const kin_model *model, bool (*later)(void *context, const kin_model *target),
                      void *context, struct text *out) {
    const struct ddl_table table = { dialect, model, later, context, out };
    text_add(out, "CREATE TABLE IF NOT EXISTS ");
    dialect_table(dialect, model->info.schema, model->info.table, out);
    for (size_t i = 0; i < model->attribute_count; i++) {
        text_add(out, i ? ", \n  " : " (\n  ");
        ddl_column(&table, &model->attributes[i]);
    }
    ddl_table_constraints(&table);
    text_add(out, "\n)");
    text_add(out, dialect->table_options);
    if (dialect->comment && model->comment)
        dialect->comment(model->comment, true, out);
}

bool ddl_index_name(const struct dialect *dialect, const kin_model *model, size_t index, char *out) {
    const struct model_index *made = &model->indexes[index];
    struct text name = { 0 };
    if (!dialect->schemas && model->info.schema && *model->info.schema) {
        text_add(&name, model->info.schema);
        text_add_character(&name, '.');
    }
    text_add(&name, made->name && *made->name ? made->name : model->info.table);
    for (size_t i = 0; i < made->columns.count && !(made->name && *made->name); i++) {
        text_add_character(&name, '_');
        text_add(&name, made->columns.at[i]->info.column);
    }
    bool good = text_ok(&name);
    if (good)
        dialect_limited(dialect, text_string(&name), out);
    text_free(&name);
    return good;
}

void ddl_create_index(const struct dialect *dialect, const kin_model *model, size_t index, struct text *out) {
    const struct model_index *made = &model->indexes[index];
    char name[128];
    if (!ddl_index_name(dialect, model, index, name)) {
        out->failed = true;
        return;
    }
    text_add(out, made->unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ");
    text_add(out, dialect->index_if_not_exists ? "IF NOT EXISTS " : "");
    dialect_identifier(dialect, name, out);
    text_add(out, " ON ");
    dialect_table(dialect, model->info.schema, model->info.table, out);
    text_add_character(out, ' ');
    ddl_columns(dialect, &made->columns, out);
}

void ddl_add_foreign_key(const struct dialect *dialect, const kin_model *model, size_t foreign_key, struct text *out) {
    const struct foreign_key *key = &model->foreign_keys[foreign_key];
    text_add(out, "ALTER TABLE ");
    dialect_table(dialect, model->info.schema, model->info.table, out);
    text_add(out, " ADD CONSTRAINT ");
    ddl_constraint_name(dialect, model, &key->columns, "_fkey", out);
    text_add(out, " FOREIGN KEY ");
    ddl_columns(dialect, &key->columns, out);
    ddl_references(dialect, key, out);
}

void ddl_drop_foreign_key(const struct dialect *dialect, const kin_model *model, size_t foreign_key, struct text *out) {
    text_add(out, "ALTER TABLE IF EXISTS ");
    dialect_table(dialect, model->info.schema, model->info.table, out);
    text_add(out, " DROP CONSTRAINT IF EXISTS ");
    ddl_constraint_name(dialect, model, &model->foreign_keys[foreign_key].columns, "_fkey", out);
}

void ddl_drop_table(const struct dialect *dialect, const kin_model *model, struct text *out) {
    text_add(out, "DROP TABLE IF EXISTS ");
    dialect_table(dialect, model->info.schema, model->info.table, out);
}

bool ddl_create_schema(const struct dialect *dialect, const kin_model *model, struct text *out) {
    if (!dialect->schemas || !model->info.schema || !*model->info.schema)
        return false;
    text_add(out, "CREATE SCHEMA IF NOT EXISTS ");
    dialect_identifier(dialect, model->info.schema, out);
    return true;
}

void ddl_table_name(const struct dialect *dialect, const kin_model *model, struct text *out) {
    (void)dialect; /* a schema and a prefix look the same here */
    if (model->info.schema && *model->info.schema) {
        text_add(out, model->info.schema);
        text_add_character(out, '.');
    }
    text_add(out, model->info.table);
}
