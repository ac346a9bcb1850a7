/* MariaDB's dialect. Tables are InnoDB and compare texts byte by byte, as the other databases do. */
#include <string.h>

#include "sql/dialect.h"

enum { MARIADB_INDEXED = 3072, MARIADB_BLOB = 65535, MARIADB_MEDIUMBLOB = 16777215 };

static void mariadb_text_literal(const char *data, size_t size, struct text *out) {
    if (!size || (!memchr(data, '\\', size) && !memchr(data, '\0', size))) {
        dialect_quoted_text(data, size, out);
        return;
    }
    text_add(out, "_utf8mb4 x'"); /* means the same whatever sql_mode says of backslashes */
    dialect_hex(data, size, out);
    text_add_character(out, '\'');
}

static void mariadb_blob_literal(const void *data, size_t size, struct text *out) {
    text_add(out, "x'");
    dialect_hex(data, size, out);
    text_add_character(out, '\'');
}

/* Where the grammar wants a plain literal. Backslashes are doubled too, which ends no literal early in any sql_mode. */
static void mariadb_plain_literal(const char *string, struct text *out) {
    text_add_character(out, '\'');
    for (; *string; string++) {
        if (*string == '\'' || *string == '\\')
            text_add_character(out, *string);
        text_add_character(out, *string);
    }
    text_add_character(out, '\'');
}

static void mariadb_comment(const char *comment, bool of_table, struct text *out) {
    text_add(out, of_table ? " COMMENT=" : " COMMENT ");
    mariadb_plain_literal(comment, out);
}

static void mariadb_enum(const struct attribute *attribute, struct text *out) {
    text_add(out, "ENUM(");
    for (size_t i = 0; i < attribute->info.labels.count; i++) {
        text_add(out, i ? ", " : "");
        mariadb_plain_literal(attribute->info.labels.at[i], out);
    }
    text_add_character(out, ')');
}

/* A BLOB cannot be a key, as only its beginning could be indexed. */
static bool mariadb_is_binary_key(const struct attribute *attribute) {
    const kin_attribute_info *info = &attribute->info;
    return info->length > 0 && info->length <= MARIADB_INDEXED && (info->primary_key || info->unique || attribute->target);
}

static void mariadb_type(const struct attribute *attribute, struct text *out) {
    const kin_attribute_info *info = &attribute->info;
    switch (info->type) {
    case KIN_TYPE_STRING:
        dialect_sized_type("VARCHAR", attribute, out);
        return;
    case KIN_TYPE_CHAR:
        dialect_sized_type("CHAR", attribute, out);
        return;
    case KIN_TYPE_DECIMAL: /* without a precision as much as there is: a bare DECIMAL would be DECIMAL(10,0) */
        dialect_decimal_type("DECIMAL", info->precision ? info->precision : 65, info->precision ? info->scale : 30, out);
        return;
    case KIN_TYPE_INTEGER:
        text_add(out, "INTEGER");
        return;
    case KIN_TYPE_BIGINT:
        text_add(out, "BIGINT");
        return;
    case KIN_TYPE_REAL:
        text_add(out, "DOUBLE");
        return;
    case KIN_TYPE_BOOLEAN:
        text_add(out, "BOOLEAN");
        return;
    case KIN_TYPE_DATE:
        text_add(out, "DATETIME(6)");
        return;
    case KIN_TYPE_DATEONLY:
        text_add(out, "DATE");
        return;
    case KIN_TYPE_TIME:
        text_add(out, "TIME(6)");
        return;
    case KIN_TYPE_UUID:
        text_add(out, "CHAR(36)");
        return;
    case KIN_TYPE_BLOB:
        if (mariadb_is_binary_key(attribute)) {
            dialect_sized_type("VARBINARY", attribute, out);
            return;
        }
        text_add(out, !info->length || info->length > MARIADB_MEDIUMBLOB ? "LONGBLOB" : info->length > MARIADB_BLOB ? "MEDIUMBLOB" : "BLOB");
        return;
    case KIN_TYPE_ENUM:
        mariadb_enum(attribute, out);
        return;
    default: /* TEXT, JSON */
        text_add(out, "LONGTEXT");
    }
}

static void mariadb_identity(const struct attribute *attribute, struct text *out) {
    mariadb_type(attribute, out);
    text_add(out, " NOT NULL AUTO_INCREMENT PRIMARY KEY");
}

/* There is no list in one bind. */
static bool mariadb_list(const struct attribute *attribute, const char **before, const char **behind) {
    (void)attribute, (void)before, (void)behind;
    return false;
}

const struct dialect dialect_mariadb = {
    .name = "mariadb",
    .quote = '`',
    .index_if_not_exists = true,
    .foreign_keys_indexed = true,
    .delete_by_alias = true,
    .default_keyword = true,
    .enums = true,
    .syntax = DIALECT_BACKSLASHES | DIALECT_HASH_COMMENTS | DIALECT_SPACED_DASHES,
    .identifier_limit = 64,
    .parameter_limit = 65535,
    .conflict_nothing = NULL, /* INSERT IGNORE would hide other mistakes too */
    .default_row = " () VALUES ()",
    .row_locking = " FOR UPDATE",
    .no_index = "",
    .no_limit = " LIMIT 18446744073709551615",
    .like_escape = "",
    .nulls_first = "",
    .nulls_last = "",
    .table_options = " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin",
    .type = mariadb_type,
    .identity = mariadb_identity,
    .list = mariadb_list,
    .text_literal = mariadb_text_literal,
    .blob_literal = mariadb_blob_literal,
    .comment = mariadb_comment,
    .true_literal = "TRUE",
    .false_literal = "FALSE",
    .infinity = "9e999",
    .existing = "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() "
                "UNION SELECT index_name FROM information_schema.statistics WHERE table_schema = DATABASE()",
    .begin_sync = "SET FOREIGN_KEY_CHECKS = 0",
};
