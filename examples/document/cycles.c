/* The document: tables that reference each other. S31. */
#include "check.h"

static const char *const cyclic =
    "Cyclic dependency found. 'Document' is dependent of itself. Dependency Chain: Document -> Version => Document";

static const char *const listing =
    "CREATE TABLE IF NOT EXISTS `Document` (\n"
    "  `id` INTEGER PRIMARY KEY, \n"
    "  `author` VARCHAR(255), \n"
    "  `current_version_id` INTEGER\n"
    ");\n"
    "CREATE TABLE IF NOT EXISTS `Version` (\n"
    "  `id` INTEGER PRIMARY KEY, \n"
    "  `timestamp` DATETIME, \n"
    "  `document_id` INTEGER REFERENCES `Document` (`id`) ON DELETE SET NULL ON UPDATE CASCADE\n"
    ");\n";

struct models {
    kin_schema *schema;
    kin_model *document, *version;
    kin_association *versions, *current;
};

/* A document has versions, and for convenience a key to the current one. */
static struct models declare(bool broken) {
    struct models m = { .schema = kin_schema_new() };
    kin_schema_defaults(m.schema, .freeze_table_name = true, .underscored = true);
    m.document = kin_define(m.schema, "Document", KIN_ATTRIBUTES(KIN_STRING("author")));
    m.version = kin_define(m.schema, "Version", KIN_ATTRIBUTES(KIN_DATE("timestamp")));
    m.versions = kin_has_many(m.document, m.version, .no_index = true);
    m.current = kin_belongs_to(m.document, m.version, .as = "Current", .foreign_key = "current_version_id", .no_index = true,
                               .no_constraints = broken);
    return m;
}

/* A document, two versions of it, and one of them current. */
static void use(struct world *w, struct models *m) {
    kin_row *letter = kin_create(w->s, m->document, { "author", kin("Ada") });
    kin_row *first = kin_create_for(letter, m->versions, { "timestamp", kin_value_date(kin_date_from(2026, 5, 1, 9, 0, 0)) });
    kin_row *second = kin_create_for(letter, m->versions, { "timestamp", kin_value_date(kin_date_from(2026, 5, 2, 9, 0, 0)) });
    CHECK(kin_get_one(letter, m->current) == NULL);
    CHECK(kin_set_one(letter, m->current, second));
    CHECK_NUMBER(kin_int(letter, "current_version_id"), kin_int(second, "id"));
    kin_row *current = kin_get_one(letter, m->current);
    CHECK(kin_equals(current, second));
    CHECK_NUMBER(kin_date_of(current, "timestamp"), kin_date_from(2026, 5, 2, 9, 0, 0));
    CHECK_NUMBER(kin_count(letter, m->versions), 2);
    CHECK(kin_set_one(letter, m->current, first));
    CHECK(kin_equals(kin_get_one(letter, m->current), first));
    CHECK(kin_ok(w->s));
}

/* S31: no order is right, and the error says so. It is sync's: declaring and opening are fine. */
static void s31_cyclic(void) {
    struct models m = declare(false);
    CHECK_LINKS(m.schema);
    kin_db *db = kin_open("sqlite::memory:", m.schema);
    CHECK(kin_db_error(db) == NULL);
    CHECK(!kin_sync(db));
    const kin_error *error = kin_db_error(db);
    CHECK(error != NULL && error->status == KIN_SCHEMA);
    CHECK_TEXT(error ? error->message : NULL, cyclic);
    kin_session *s = kin_session_open(db);
    CHECK_NUMBER(kin_int(row_at(kin_query(s, "SELECT count(*) AS n FROM sqlite_master"), 0), "n"), 0); /* nothing was created */
    CHECK(kin_ok(s));
    kin_session_close(s);
    kin_close(db);
    kin_schema_free(m.schema);
}

/* S31: one of the two has no constraint: the tables, as printed, and everything works. */
static void s31_broken(void) {
    struct models m = declare(true);
    struct world w = OPEN_WORLD(m.schema);
    CHECK_TEXT(kin_sync_sql(w.db), listing);
    use(&w, &m);

    /* Nothing guards the plain key: the version goes, the key stays and leads nowhere. */
    kin_row *letter = kin_find_one(w.s, m.document);
    CHECK(kin_destroy(kin_get_one(letter, m.current)));
    CHECK(kin_reload(letter) && !kin_is_null(letter, "current_version_id"));
    CHECK(kin_get_one(letter, m.current) == NULL);
    CLOSE_WORLD(w);
}

/* Beside the document: keep both constraints, and let sync create the tables all the same. */
static void deferred(void) {
    struct models m = declare(false);
    struct world w = { .schema = m.schema, .db = kin_open("sqlite::memory:", m.schema) };
    CHECK(kin_sync(w.db, .cycles = KIN_CYCLES_DEFER));
    w.s = kin_session_open(w.db);
    use(&w, &m);
    kin_row *letter = kin_find_one(w.s, m.document);
    CHECK(kin_destroy(kin_get_one(letter, m.current)));
    CHECK(kin_reload(letter) && kin_is_null(letter, "current_version_id"));
    CLOSE_WORLD(w);
}

int main(void) {
    s31_cyclic();
    s31_broken();
    deferred();
    return checks_done("cycles");
}
