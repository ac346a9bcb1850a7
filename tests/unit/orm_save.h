/* The models that the tests of writing rows share, and a database of them. */
#ifndef ORM_SAVE_H
#define ORM_SAVE_H

#include "test.h"

#include <kin.h>

/* Hooks of a model note their kind here, in order; refuse: the kind that returns false. */
struct heard {
    kin_hook_kind kinds[64];
    size_t count;
    kin_hook_kind refuse;
    void (*also)(const kin_hook_event *event);
};

struct store {
    kin_schema *schema;
    kin_db *db;
    kin_session *s;
    kin_model *plain;  /* title, done */
    kin_model *person; /* name, age, email, kind, score, balance; timestamps; validators */
    kin_model *note;   /* text; paranoid */
    kin_model *pair;   /* composite key (a, b), value */
    kin_model *token;  /* UUID key, born, day */
    kin_model *heard_of; /* name; with hooks on everything; its things are destroyed with it, with their hooks */
    kin_model *thing;
    struct heard heard;
};

static inline bool store_hook(void *context, const kin_hook_event *event)
{
    struct heard *heard = context;
    if (heard->count < sizeof heard->kinds / sizeof heard->kinds[0])
        heard->kinds[heard->count++] = event->kind;
    if (heard->also)
        heard->also(event);
    return event->kind != heard->refuse;
}

static inline const char *store_even(void *context, kin_value value)
{
    (void)context;
    return value.as.integer % 2 ? "must be even" : NULL;
}

static inline void store_declare(struct store *store)
{
    static const double zero = 0, hundred = 150;
    kin_schema *schema = store->schema = kin_schema_new();
    store->plain = kin_define(schema, "Plain", KIN_ATTRIBUTES(KIN_STRING("title"), KIN_BOOLEAN("done")));
    store->person = kin_define(schema, "Person",
        KIN_ATTRIBUTES(KIN_STRING("name", .not_null = true, .validate = { .not_empty = true, .max_length = 20 }),
                       KIN_INTEGER("age", .validate = { .minimum = &zero, .maximum = &hundred }),
                       KIN_STRING("email", .unique = true),
                       KIN_ENUM("kind", .labels = KIN_NAMES("guest", "member")),
                       KIN_REAL("score", .default_value = kin(1.5)),
                       KIN_DECIMAL("balance", .precision = 10, .scale = 2, .validate = { .maximum = &hundred }),
                       KIN_INTEGER("shoes", .validate = { .function = store_even })),
        .timestamps = true);
    store->note = kin_define(schema, "Note", KIN_ATTRIBUTES(KIN_TEXT("text")), .timestamps = true, .paranoid = true);
    store->pair = kin_define(schema, "Pair",
        KIN_ATTRIBUTES(KIN_INTEGER("a", .primary_key = true), KIN_STRING("b", .primary_key = true), KIN_STRING("value")));
    store->token = kin_define(schema, "Token",
        KIN_ATTRIBUTES(KIN_UUID("code", .primary_key = true, .default_uuid = true), KIN_DATE("born", .default_now = true),
                       KIN_DATEONLY("day", .default_now = true)));
    store->heard_of = kin_define(schema, "Heard", KIN_ATTRIBUTES(KIN_STRING("name"), KIN_INTEGER("age")), .table = "Heard");
    store->thing = kin_define(schema, "Thing", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_has_many(store->heard_of, store->thing, .on_delete = KIN_CASCADE, .hooks = true);
    for (int kind = KIN_BEFORE_VALIDATE; kind <= KIN_AFTER_BULK_DESTROY; kind++)
        kin_hook_add(store->heard_of, (kin_hook_kind)kind, store_hook, &store->heard);
}

static inline void store_open(struct store *store, const char *url)
{
    memset(store, 0, sizeof *store);
    store_declare(store);
    store->db = kin_open(url, store->schema);
    if (kin_db_error(store->db))
        fail_msg("%s", kin_db_error(store->db)->message);
    store->s = kin_session_open(store->db);
    assert_non_null(store->s);
}

/* On SQLite, with its tables. */
static inline void store_start(struct store *store)
{
    store_open(store, "sqlite::memory:");
    assert_true(kin_sync(store->db));
}

static inline void store_end(struct store *store)
{
    kin_session_close(store->s);
    kin_close(store->db);
    kin_schema_free(store->schema);
}

static inline void store_good(const struct store *store)
{
    if (!kin_ok(store->s))
        fail_msg("%s", kin_error_of(store->s)->message);
}

/* The session has an error of that status whose message holds the text; it is cleared. */
static inline void store_refused(const struct store *store, kin_status status, const char *text)
{
    const kin_error *error = kin_error_of(store->s);
    if (error->status != status || !strstr(error->message, text))
        fail_msg("status %d, not %d: %s", (int)error->status, (int)status, error->message);
    kin_clear_error(store->s);
}

/* The first cell of a query, which is named n. */
static inline int64_t store_number(const struct store *store, const char *sql)
{
    kin_rows rows = (kin_query)(store->s, sql, 0, NULL);
    store_good(store);
    assert_int_equal(rows.count, 1);
    return kin_int(rows.at[0], "n");
}

#endif
