/*
 * Money from one account to another: all of it or nothing. What happens to errors, and to the rows in memory.
 */
#include <kin.h>

#include <inttypes.h>
#include <stdio.h>

static kin_model *account, *entry;

struct transfer {
    const char *from, *to;
    int64_t cents;
};

/* All of this, or none. There is no need to look at each call: after an error the next ones do nothing. */
static bool transfer(kin_session *s, void *context) {
    const struct transfer *t = context;
    kin_row *from = kin_find_one(s, account, .where = kin_eq("owner", t->from), .required = true);
    kin_row *to = kin_find_one(s, account, .where = kin_eq("owner", t->to), .required = true);
    kin_put(from, "cents", kin(kin_int(from, "cents") - t->cents));
    kin_put(to, "cents", kin(kin_int(to, "cents") + t->cents));
    kin_save(from); /* the validator refuses a debt */
    kin_save(to);
    kin_create(s, entry, { "text", kin(t->to) }, { "cents", kin(t->cents) });
    return kin_ok(s);
}

static void attempt(kin_session *s, const char *from, const char *to, int64_t cents) {
    struct transfer t = { from, to, cents };
    if (kin_transaction(s, transfer, &t))
        printf("%s pays %s %" PRId64 ".%02" PRId64 "\n", from, to, cents / 100, cents % 100);
    else
        printf("%s cannot pay %s: %s\n", from, to, kin_error_of(s)->message);
    kin_clear_error(s);
}

/* What is expected to fail goes in a nested level: it alone is rolled back, the level around it goes on. */
static kin_row *open_account(kin_session *s, const char *owner) {
    if (!kin_begin(s))
        return NULL;
    kin_row *made = kin_create(s, account, { "owner", kin(owner) });
    if (kin_commit(s))
        return made;
    bool taken = kin_error_of(s)->constraint == KIN_UNIQUE;
    if (taken)
        kin_clear_error(s);
    return taken ? kin_find_one(s, account, .where = kin_eq("owner", owner)) : NULL;
}

int main(void) {
    static const double nothing = 0;
    kin_schema *schema = kin_schema_new();
    account = kin_define(schema, "Account",
        KIN_ATTRIBUTES(KIN_STRING("owner", .not_null = true, .unique = true),
                       KIN_INTEGER("cents", .not_null = true, .default_value = kin(0), .validate = { .minimum = &nothing })));
    entry = kin_define(schema, "Entry", KIN_ATTRIBUTES(KIN_STRING("text"), KIN_INTEGER("cents")));
    kin_db *db = kin_open("sqlite::memory:", schema);
    kin_sync(db);
    kin_session *s = kin_session_open(db);

    kin_begin(s);
    kin_row *ada = open_account(s, "Ada");
    open_account(s, "Ben");
    kin_row *again = open_account(s, "Ada"); /* finds the one that is there */
    printf("Ada has %s account\n", kin_equals(ada, again) ? "one" : "a second");
    kin_put(again, "cents", kin(10000));
    kin_save(again);
    kin_commit(s);

    attempt(s, "Ada", "Ben", 2500);
    attempt(s, "Ben", "Ada", 9900);
    attempt(s, "Ben", "Cleo", 100);

    /* Rolled back, a new row is unsaved again. */
    kin_begin(s);
    kin_row *draft = kin_create(s, entry, { "text", kin("draft") }, { "cents", kin(1) });
    printf("saved: %s, ", kin_is_saved(draft) ? "yes" : "no");
    kin_rollback(s);
    printf("after the rollback: %s\n", kin_is_saved(draft) ? "yes" : "no");

    kin_rows all = kin_find_all(s, account, .order = KIN_NAMES("owner"));
    for (size_t i = 0; i < all.count; i++)
        printf("%-5s %6.2f\n", kin_text(all.at[i], "owner"), kin_real(all.at[i], "cents") / 100);
    bool good = kin_ok(s) && all.count == 2 && kin_int(all.at[0], "cents") == 7500 && kin_int(all.at[1], "cents") == 2500 &&
                kin_count_all(s, entry) == 1;
    if (!kin_ok(s))
        fprintf(stderr, "transactions: %s\n", kin_error_of(s)->message);
    kin_session_close(s);
    kin_close(db);
    kin_schema_free(schema);
    return good ? 0 : 1;
}
