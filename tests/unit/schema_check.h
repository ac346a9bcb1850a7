/* What linking made of a schema, as short texts to compare with. Each text stays until the eighth one after it. */
#ifndef SCHEMA_CHECK_H
#define SCHEMA_CHECK_H

#include "test.h"

#include <kin.h>

#include "base/text.h"
#include "schema/model.h"

static inline const char *schema_keep_text(struct text *text)
{
    static char kept[8][4096];
    static unsigned turn;
    char *out = kept[turn++ % 8];
    assert_true(text_ok(text));
    assert_true(text->length < sizeof kept[0]);
    memcpy(out, text_string(text), text->length + 1);
    text_free(text);
    return out;
}

static inline void schema_add_key(struct text *out, const struct key *key)
{
    for (size_t i = 0; i < key->count; i++)
        text_format(out, "%s%s", i == 0 ? "" : ",", key->at[i]->info.name);
}

static inline const char *names_text(kin_names names)
{
    struct text out = { NULL, 0, 0, false };
    for (size_t i = 0; i < names.count; i++)
        text_format(&out, "%s%s", i == 0 ? "" : " ", names.at[i]);
    return schema_keep_text(&out);
}

/* "id username TeamId" */
static inline const char *attributes_text(const kin_model *model)
{
    const kin_model_info *info = kin_model_describe(model);
    assert_non_null(info);
    return names_text(info->attributes);
}

static inline const char *schema_action(kin_action action) { return action_name(action) != NULL ? action_name(action) : "-"; }

/* "TeamId>Teams.id SET NULL/CASCADE" for each constraint, "; " between them. */
static inline const char *foreign_keys_text(const kin_model *model)
{
    struct text out = { NULL, 0, 0, false };
    for (size_t i = 0; i < model->foreign_key_count; i++) {
        const struct foreign_key *key = &model->foreign_keys[i];
        text_add(&out, i == 0 ? "" : "; ");
        schema_add_key(&out, &key->columns);
        text_format(&out, ">%s.", key->table);
        for (size_t k = 0; k < key->target_columns.count; k++)
            text_format(&out, "%s%s", k == 0 ? "" : ",", key->target_columns.at[k]);
        text_format(&out, " %s/%s", schema_action(key->on_delete), schema_action(key->on_update));
        assert_int_equal(key->columns.count, key->target_columns.count);
    }
    return schema_keep_text(&out);
}

/* "Users_email_unique(email)!" ('!' where it stands at the column), then indexes: "Tasks_UserId(UserId)*" ('*' where it is for a foreign key). */
static inline const char *uniques_text(const kin_model *model)
{
    struct text out = { NULL, 0, 0, false };
    for (size_t i = 0; i < model->unique_count; i++) {
        text_format(&out, "%s%s(", i == 0 ? "" : " ", model->uniques[i].name);
        schema_add_key(&out, &model->uniques[i].columns);
        text_add(&out, model->uniques[i].inline_column ? ")!" : ")");
    }
    return schema_keep_text(&out);
}

static inline const char *indexes_text(const kin_model *model)
{
    struct text out = { NULL, 0, 0, false };
    for (size_t i = 0; i < model->index_count; i++) {
        text_format(&out, "%s%s%s(", i == 0 ? "" : " ", model->indexes[i].unique ? "unique " : "", model->indexes[i].name);
        schema_add_key(&out, &model->indexes[i].columns);
        text_add(&out, model->indexes[i].for_foreign_key ? ")*" : ")");
    }
    return schema_keep_text(&out);
}

/* "getTeam setTeam createTeam" */
static inline const char *accessors_text(const kin_model *model)
{
    struct text out = { NULL, 0, 0, false };
    for (size_t i = 0; i < kin_accessor_count(model); i++)
        text_format(&out, "%s%s", i == 0 ? "" : " ", kin_accessor_at(model, i)->name);
    return schema_keep_text(&out);
}

/* The models in the order of creation. */
static inline const char *order_text(const kin_schema *schema)
{
    struct text out = { NULL, 0, 0, false };
    for (size_t i = 0; i < kin_model_count(schema); i++)
        text_format(&out, "%s%s", i == 0 ? "" : " ", kin_model_describe(kin_model_at(schema, i))->name);
    return schema_keep_text(&out);
}

static inline const char *key_text(kin_association *association)
{
    const kin_association_info *info = kin_association_describe(association);
    assert_non_null(info);
    return names_text(info->foreign_key);
}

static inline void assert_linked(kin_schema *schema)
{
    if (!kin_schema_link(schema))
        fail_msg("%s", kin_schema_error(schema)->message);
    assert_null(kin_schema_error(schema));
}

/* The schema does not link, for the reason given: a part of the message. Frees it. */
static inline void assert_fault(kin_schema *schema, const char *part)
{
    assert_false(kin_schema_link(schema));
    const kin_error *error = kin_schema_error(schema);
    assert_non_null(error);
    if (strstr(error->message, part) == NULL)
        fail_msg("the message is: %s\nand not: %s", error->message, part);
    assert_true(error->status == KIN_SCHEMA || error->status == KIN_MISUSE);
    assert_false(kin_schema_link(schema));
    kin_schema_free(schema);
}

#endif
