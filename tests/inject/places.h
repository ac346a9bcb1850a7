/* A schema, and the places of its declaration that take a name or a text. */
#ifndef PLACES_H
#define PLACES_H

#include "inject.h"

enum place {
    PLACE_MODEL, PLACE_TABLE, PLACE_PREFIX, PLACE_ATTRIBUTE, PLACE_COLUMN, PLACE_MANY, PLACE_ONE, PLACE_FOREIGN_KEY, PLACE_KEY_COLUMN, PLACE_THROUGH, PLACE_OTHER_KEY,
    PLACE_INDEX, PLACE_GROUP, PLACE_UNIQUE_KEY, PLACE_LABEL, PLACE_DEFAULT, PLACE_COMMENT, PLACE_SINGULAR, PLACE_PLURAL, PLACE_CREATED_AT, PLACE_JOIN_ATTRIBUTE, PLACES
};

static const char *const place_names[PLACES] = {
    "model", "table", "schema", "attribute", "column", "as of many", "as of one", "foreign_key", "key.column", "through", "other_key",
    "index", "unique_group", "unique_key", "label", "default", "comment", "singular", "plural", "created_at", "join attribute",
};

static const char *const usual[PLACES] = {
    "Author", "authors_table", NULL, "title", NULL, "Books", "Writer", "writerId", NULL, "Shelf", "thatId",
    "an_index", "a_group", "a_unique", "label", "default", "comment", NULL, NULL, "createdAt", "place",
};

struct names {
    const char *at[PLACES];
    char shown[200];
    kin_schema *schema;
    kin_db *db;
    kin_session *s;
    kin_model *author, *book, *shelf;
    kin_association *books, *writer, *liked;
};

static inline void declare(struct names *n) {
    kin_schema *schema = n->schema = kin_schema_new();
    const char *const *at = n->at;
    n->author = kin_define(schema, at[PLACE_MODEL],
        KIN_ATTRIBUTES(KIN_STRING(at[PLACE_ATTRIBUTE], .column = at[PLACE_COLUMN], .unique_group = at[PLACE_GROUP], .comment = at[PLACE_COMMENT]),
                       KIN_TEXT("text", .default_value = kin(at[PLACE_DEFAULT]), .unique_group = at[PLACE_GROUP]),
                       KIN_ENUM("mood", .labels = KIN_NAMES("none", at[PLACE_LABEL]), .default_value = kin(at[PLACE_LABEL]))),
        .table = at[PLACE_TABLE], .schema = at[PLACE_PREFIX], .singular = at[PLACE_SINGULAR], .plural = at[PLACE_PLURAL], .timestamps = true, .created_at = at[PLACE_CREATED_AT],
        .comment = at[PLACE_COMMENT],
        .indexes = KIN_INDEXES({ .attributes = KIN_NAMES(at[PLACE_ATTRIBUTE], "mood"), .name = at[PLACE_INDEX] }, { .attributes = KIN_NAMES("mood", at[PLACE_ATTRIBUTE]) }));
    n->book = kin_define(schema, "Book", KIN_ATTRIBUTES(KIN_STRING("name")));
    n->shelf = kin_define(schema, at[PLACE_THROUGH], KIN_ATTRIBUTES(KIN_INTEGER("id", .primary_key = true, .auto_increment = true), KIN_STRING(at[PLACE_JOIN_ATTRIBUTE])));
    n->books = kin_has_many(n->author, n->book, .as = at[PLACE_MANY], .foreign_key = at[PLACE_FOREIGN_KEY], .key = { .column = at[PLACE_KEY_COLUMN] });
    n->writer = kin_belongs_to(n->book, n->author, .as = at[PLACE_ONE], .foreign_key = at[PLACE_FOREIGN_KEY], .key = { .column = at[PLACE_KEY_COLUMN] });
    n->liked = kin_belongs_to_many(n->author, n->book, .as = "Liked", .through = at[PLACE_THROUGH], .foreign_key = "thisId", .other_key = at[PLACE_OTHER_KEY],
                                   .unique_key = at[PLACE_UNIQUE_KEY]);
}

/* What conditions and orders could not name; and texts that are none. */
static inline bool is_refused(enum place place, const char *name) {
    static const bool is_name[PLACES] = {
        [PLACE_ATTRIBUTE] = true, [PLACE_MANY] = true, [PLACE_ONE] = true, [PLACE_FOREIGN_KEY] = true, [PLACE_OTHER_KEY] = true, [PLACE_JOIN_ATTRIBUTE] = true,
        [PLACE_CREATED_AT] = true,
    };
    bool utf8 = strcmp(name, "\xff\xfe") != 0 && strcmp(name, "\xc3") != 0 && strcmp(name, "a\xed\xa0\x80") != 0;
    return (is_name[place] && (name[0] == '-' || strchr(name, '.') != NULL)) || (place == PLACE_DEFAULT && !utf8);
}

static inline void names_start(struct names *n) {
    memset(n, 0, sizeof *n);
    memcpy(n->at, usual, sizeof usual);
}

#endif
