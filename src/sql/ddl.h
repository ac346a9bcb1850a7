/* CREATE, DROP and ALTER from models: text, one statement at a time, without the closing semicolon. */
#ifndef KIN_SQL_DDL_H
#define KIN_SQL_DDL_H

#include <kin.h>

#include "base/text.h"
#include "sql/dialect.h"

/* CREATE TABLE IF NOT EXISTS, laid out as in the document:
 *     CREATE TABLE IF NOT EXISTS `Task` (\n  `id` INTEGER PRIMARY KEY, \n  `title` VARCHAR(255)\n)
 * later: leave out foreign keys whose target it is true for (they are added by ddl_add_foreign_key). later may be NULL. */
void ddl_create_table(const struct dialect *dialect, const kin_model *model, bool (*later)(void *context, const kin_model *target),
                      void *context, struct text *out);
/* CREATE [UNIQUE] INDEX IF NOT EXISTS for model->indexes[index]. */
void ddl_create_index(const struct dialect *dialect, const kin_model *model, size_t index, struct text *out);
/* The index's name as it is in the database: limited, and with the schema before it where that is a prefix. out takes 128 bytes. False:
 * out of memory. */
bool ddl_index_name(const struct dialect *dialect, const kin_model *model, size_t index, char *out);
/* ALTER TABLE … ADD CONSTRAINT …, for dialects that cannot create a table before what it references; and back again, which is no
 * error where table or constraint are missing. */
void ddl_add_foreign_key(const struct dialect *dialect, const kin_model *model, size_t foreign_key, struct text *out);
void ddl_drop_foreign_key(const struct dialect *dialect, const kin_model *model, size_t foreign_key, struct text *out);
/* DROP TABLE IF EXISTS. */
void ddl_drop_table(const struct dialect *dialect, const kin_model *model, struct text *out);
/* CREATE SCHEMA IF NOT EXISTS for the model's table. False, and nothing written: none is needed. */
bool ddl_create_schema(const struct dialect *dialect, const kin_model *model, struct text *out);
/* The table's name as `existing` of the dialect lists it. */
void ddl_table_name(const struct dialect *dialect, const kin_model *model, struct text *out);

#endif
