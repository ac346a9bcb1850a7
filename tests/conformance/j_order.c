/* In which order tables are created and dropped, and tables that reference each other in a circle. */
#include "world.h"

/* What sync sends, in order: the tables of CREATE TABLE and DROP TABLE, "+Users -Tasks". */
struct journal {
    char text[400];
};

static void journal_log(void *context, const kin_log_entry *entry)
{
    struct journal *journal = context;
    bool created = strncmp(entry->sql, "CREATE TABLE ", 13) == 0;
    if (!created && strncmp(entry->sql, "DROP TABLE ", 11) != 0)
        return;
    const char *name = strpbrk(entry->sql, "`\"") + 1;
    size_t length = strlen(journal->text);
    snprintf(journal->text + length, sizeof journal->text - length, "%s%c%.*s", length ? " " : "", created ? '+' : '-', (int)strcspn(name, "`\""), name);
}

/* Connects, drops what may be there, and writes down what is sent from then on. */
static void journal_start(struct journal *journal, struct world *world)
{
    world_connect(world);
    if (!kin_drop(world->db, .cycles = KIN_CYCLES_DEFER))
        fail_msg("%s", kin_db_error(world->db)->message);
    journal->text[0] = '\0';
    kin_db_log(world->db, (kin_log){ .function = journal_log, .context = journal });
}

static void assert_journal(struct journal *journal, const char *expected)
{
    assert_string_equal(journal->text, expected);
    journal->text[0] = '\0';
}

/* The models in the order of creation. */
static void assert_order(kin_schema *schema, const char *expected)
{
    char found[200] = "";
    assert_true(kin_schema_link(schema));
    for (size_t i = 0; i < kin_model_count(schema); i++)
        snprintf(found + strlen(found), sizeof found - strlen(found), "%s%s", i ? " " : "", kin_model_describe(kin_model_at(schema, i))->name);
    assert_string_equal(found, expected);
}

static void assert_synced(bool done, struct world *world)
{
    if (!done)
        fail_msg("%s", kin_db_error(world->db)->message);
}

#define DEFINE(name) kin_define(w.schema, name, KIN_NO_ATTRIBUTES)

TEST(J26_J30_referenced_tables_first_and_back_again)
{
    struct world w;
    struct journal journal;
    world_start(&w);
    kin_model *line = DEFINE("Line"), *invoice = DEFINE("Invoice"), *zebra = DEFINE("Zebra"), *customer = DEFINE("Customer"), *apple = DEFINE("Apple");
    kin_has_many(invoice, line);
    kin_belongs_to(invoice, customer);
    kin_belongs_to_many(line, apple, .through = "LineApple");
    (void)zebra;
    journal_start(&journal, &w);
    assert_order(w.schema, "Customer Invoice Line Zebra Apple LineApple");
    assert_synced(kin_sync(w.db), &w);
    assert_journal(&journal, "+Customers +Invoices +Lines +Zebras +Apples +LineApple");
    assert_synced(kin_drop(w.db), &w);
    assert_journal(&journal, "-LineApple -Apples -Zebras -Lines -Invoices -Customers");
    assert_synced(kin_drop(w.db), &w); /* what is not there is passed over */
    assert_journal(&journal, "");
    assert_null(kin_create(w.s, customer, KIN_DEFAULTS));
    assert_kin_error(w.s, KIN_DATABASE, "Customers");
    world_close(&w);
}

TEST(J27_only_constraints_order)
{
    struct world w;
    world_start(&w);
    kin_model *free = DEFINE("Free"), *card = DEFINE("Card"), *user = DEFINE("User");
    kin_model *pet = kin_define(w.schema, "Pet", KIN_ATTRIBUTES(KIN_INTEGER("owner", .references = { .table = "Owners" })));
    DEFINE("Owner");
    kin_belongs_to(free, user, .no_constraints = true);
    kin_has_one(user, card);
    assert_order(w.schema, "Free User Card Owner Pet");
    (void)pet;
    world_open(&w);
    world_close(&w);
}

TEST(J28_a_self_reference_is_no_cycle)
{
    struct world w;
    struct journal journal;
    world_start(&w);
    kin_model *person = DEFINE("Person");
    kin_belongs_to(person, person, .as = "Father", .on_delete = KIN_RESTRICT);
    kin_belongs_to_many(person, person, .as = "Friends", .through = "Friendship");
    journal_start(&journal, &w);
    assert_synced(kin_sync(w.db), &w);
    assert_journal(&journal, "+People +Friendship");
    kin_row *father = kin_create(w.s, person, KIN_DEFAULTS);
    kin_create(w.s, person, { "FatherId", kin_key_of(father) });
    assert_kin_ok(w.s);
    assert_synced(kin_drop(w.db), &w); /* whatever it holds */
    assert_journal(&journal, "-Friendship -People");
    assert_synced(kin_sync(w.db), &w);
    assert_null(kin_create(w.s, person, { "FatherId", kin(404) })); /* and looks again */
    assert_int_equal(kin_error_of(w.s)->constraint, KIN_FOREIGN_KEY);
    kin_clear_error(w.s);
    world_close(&w);
}

TEST(J28_J32_a_self_reference_dropped_alone)
{
    struct world w;
    world_start(&w);
    kin_model *worker = DEFINE("Worker");
    kin_belongs_to(worker, worker, .as = "Boss", .on_delete = KIN_RESTRICT);
    world_open(&w);
    kin_create(w.s, worker, { "BossId", kin_key_of(kin_create(w.s, worker, KIN_DEFAULTS)) });
    assert_synced(kin_sync(w.db, .model = worker, .force = true), &w);
    assert_int_equal(kin_count_all(w.s, worker), 0);
    assert_kin_ok(w.s);
    world_close(&w);

    world_start(&w); /* what others reference is not dropped behind their backs */
    worker = DEFINE("Worker");
    kin_model *task = DEFINE("Task");
    kin_belongs_to(worker, worker, .as = "Boss");
    kin_belongs_to(task, worker, .on_delete = KIN_RESTRICT);
    world_open(&w);
    kin_create(w.s, task, { "WorkerId", kin_key_of(kin_create(w.s, worker, KIN_DEFAULTS)) });
    assert_false(kin_drop(w.db, .model = worker));
    assert_non_null(kin_db_error(w.db));
    assert_int_equal(kin_count_all(w.s, worker), 1);
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(J29_a_table_that_is_no_model_orders_nothing)
{
    struct world w;
    world_start(&w);
    kin_model *first = kin_define(w.schema, "First", KIN_ATTRIBUTES(KIN_INTEGER("there", .references = { .table = "elsewhere" })), .table = "first_ones");
    kin_model *second = DEFINE("Second");
    kin_belongs_to(first, second, .no_constraints = true);
    assert_order(w.schema, "First Second");
    world_connect(&w);
    const char *sql = kin_sync_sql(w.db);
    assert_non_null(strstr(sql, "REFERENCES"));
    assert_non_null(strstr(sql, "elsewhere"));
    kin_drop(w.db);
    bool created = kin_sync(w.db);
    if (strncmp(test_url(), "sqlite", 6) == 0)
        assert_true(created); /* SQLite asks only when a row comes */
    else
        assert_false(created);
    world_close(&w);
}

TEST(J31_force_drops_dependents_first)
{
    struct world w;
    struct journal journal;
    world_start(&w);
    kin_model *task = DEFINE("Task"), *user = DEFINE("User");
    kin_model *label = DEFINE("Label");
    kin_association *tasks = kin_has_many(user, task, .on_delete = KIN_RESTRICT);
    kin_belongs_to_many(task, label, .through = "TaskLabel", .on_delete = KIN_RESTRICT);
    journal_start(&journal, &w);
    for (int turn = 0; turn < 3; turn++) {
        assert_synced(kin_sync(w.db, .force = true), &w);
        assert_journal(&journal, turn == 0 ? "+Users +Tasks +Labels +TaskLabel" : "-TaskLabel -Labels -Tasks -Users +Users +Tasks +Labels +TaskLabel");
        assert_int_equal(kin_count_all(w.s, user), 0);
        kin_row *one = kin_create(w.s, user, KIN_DEFAULTS);
        assert_int_equal(kin_int(one, "id"), 1);
        kin_create(w.s, task, { "UserId", kin_key_of(one) });
        assert_int_equal(kin_count(one, tasks), 1);
        kin_create(w.s, label, KIN_DEFAULTS);
        assert_int_equal(kin_execute(w.s, strncmp(test_url(), "postgres", 8) == 0 ? "INSERT INTO \"TaskLabel\" (\"TaskId\", \"LabelId\") VALUES (1, 1)"
                                                                                    : "INSERT INTO TaskLabel (TaskId, LabelId) VALUES (1, 1)"), 1);
        assert_kin_ok(w.s);
    }
    world_close(&w);
}

TEST(J32_one_table_alone)
{
    struct world w;
    struct journal journal;
    world_start(&w);
    kin_model *task = DEFINE("Task"), *user = DEFINE("User"), *note = DEFINE("Note");
    kin_belongs_to(task, user);
    kin_belongs_to(note, user);
    journal_start(&journal, &w);
    assert_synced(kin_sync(w.db, .model = user), &w);
    assert_synced(kin_sync(w.db, .model = task), &w);
    assert_journal(&journal, "+Users +Tasks");
    kin_create(w.s, task, { "UserId", kin_key_of(kin_create(w.s, user, KIN_DEFAULTS)) });
    assert_kin_ok(w.s);
    assert_null(kin_create(w.s, note, KIN_DEFAULTS));
    assert_kin_error(w.s, KIN_DATABASE, "Notes");
    assert_non_null(strstr(kin_sync_sql(w.db, .model = note), "Notes"));
    assert_null(strstr(kin_sync_sql(w.db, .model = note), "Tasks"));
    assert_synced(kin_sync(w.db, .model = task, .force = true), &w);
    assert_journal(&journal, "-Tasks +Tasks");
    assert_int_equal(kin_count_all(w.s, task), 0);
    assert_int_equal(kin_count_all(w.s, user), 1);
    assert_synced(kin_drop(w.db, .model = task), &w);
    assert_journal(&journal, "-Tasks");
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(J33_what_is_there_already_is_left_alone)
{
    struct world w;
    struct journal journal;
    world_start(&w);
    kin_model *user = kin_define(w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name", .length = 100)), .indexes = KIN_INDEXES({ .attributes = KIN_NAMES("name") }));
    kin_model *task = DEFINE("Task"), *project = DEFINE("Project");
    kin_belongs_to(task, user);
    kin_belongs_to_many(user, project, .through = "Member");
    journal_start(&journal, &w);
    assert_synced(kin_sync(w.db), &w);
    kin_create(w.s, task, { "UserId", kin_key_of(kin_create(w.s, user, { "name", kin("ada") })) });
    journal.text[0] = '\0';
    assert_synced(kin_sync(w.db), &w);
    assert_synced(kin_sync(w.db), &w);
    assert_journal(&journal, "");
    assert_int_equal(kin_count_all(w.s, task, .where = kin_eq("UserId", 1)), 1);
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(J34_a_database_of_another_name)
{
    struct world w;
    struct journal journal;
    world_start(&w);
    kin_model *user = DEFINE("User");
    journal_start(&journal, &w);
    assert_synced(kin_sync(w.db, .match = "*"), &w);
    kin_create(w.s, user, KIN_DEFAULTS);
    assert_journal(&journal, "+Users");
    assert_false(kin_sync(w.db, .force = true, .match = "no-such-*_test"));
    assert_int_equal(kin_db_error(w.db)->status, KIN_MISUSE);
    assert_non_null(strstr(kin_db_error(w.db)->message, "does not match 'no-such-*_test'; nothing was touched"));
    assert_false(kin_drop(w.db, .match = "no-such-*_test"));
    assert_null(kin_sync_sql(w.db, .match = "no-such-*_test"));
    assert_journal(&journal, "");
    assert_int_equal(kin_count_all(w.s, user), 1);
    world_close(&w);
}

/* Documents have versions, and a current one. */
static void declare_documents(struct world *w, bool broken, kin_model **document, kin_model **version, kin_association **versions, kin_association **current)
{
    world_start(w);
    kin_schema_defaults(w->schema, .freeze_table_name = true, .underscored = true);
    *document = kin_define(w->schema, "Document", KIN_ATTRIBUTES(KIN_STRING("author")));
    *version = kin_define(w->schema, "Version", KIN_ATTRIBUTES(KIN_DATE("timestamp")));
    *versions = kin_has_many(*document, *version);
    *current = kin_belongs_to(*document, *version, .as = "Current", .foreign_key = "current_version_id", .no_constraints = broken);
}

TEST(J35_J39_a_circle_is_an_error_of_sync)
{
    static const char sentence[] = "Cyclic dependency found. 'Document' is dependent of itself. Dependency Chain: Document -> Version => Document";
    struct world w;
    struct journal journal;
    kin_model *document, *version;
    kin_association *versions, *current;
    declare_documents(&w, false, &document, &version, &versions, &current);
    kin_define(w.schema, "Apart", KIN_NO_ATTRIBUTES);
    assert_true(kin_schema_link(w.schema)); /* J39 */
    assert_null(kin_schema_error(w.schema));
    journal_start(&journal, &w);
    assert_false(kin_sync(w.db));
    assert_int_equal(kin_db_error(w.db)->status, KIN_SCHEMA);
    assert_string_equal(kin_db_error(w.db)->message, sentence);
    assert_false(kin_sync(w.db, .force = true));
    assert_string_equal(kin_db_error(w.db)->message, sentence);
    assert_false(kin_drop(w.db));
    assert_string_equal(kin_db_error(w.db)->message, sentence);
    assert_null(kin_sync_sql(w.db));
    assert_string_equal(kin_db_error(w.db)->message, sentence);
    assert_journal(&journal, ""); /* not even the table that stands apart */
    world_close(&w);
}

TEST(J38_longer_circles)
{
    for (int before = 0; before < 2; before++) {
        struct world w;
        world_start(&w);
        kin_model *x = before ? DEFINE("X") : NULL;
        kin_model *a = DEFINE("A"), *b = DEFINE("B"), *c = DEFINE("C");
        kin_belongs_to(a, b);
        kin_belongs_to(b, c);
        kin_has_many(a, c);
        if (before)
            kin_belongs_to(x, a);
        world_connect(&w);
        assert_false(kin_sync(w.db));
        assert_string_equal(kin_db_error(w.db)->message, before ? "Cyclic dependency found. 'A' is dependent of itself. Dependency Chain: X -> A -> B -> C => A"
                                                                : "Cyclic dependency found. 'A' is dependent of itself. Dependency Chain: A -> B -> C => A");
        world_close(&w);
    }
}

TEST(J40_J43_the_circle_broken)
{
    struct world w;
    kin_model *document, *version;
    kin_association *versions, *current;
    declare_documents(&w, true, &document, &version, &versions, &current);
    kin_db *db = kin_open("mock:sqlite", w.schema);
    assert_string_equal(kin_sync_sql(db), "CREATE TABLE IF NOT EXISTS `Document` (\n  `id` INTEGER PRIMARY KEY, \n  `author` VARCHAR(255), \n  `current_version_id` INTEGER\n);\n"
                                          "CREATE INDEX IF NOT EXISTS `Document_current_version_id` ON `Document` (`current_version_id`);\n"
                                          "CREATE TABLE IF NOT EXISTS `Version` (\n  `id` INTEGER PRIMARY KEY, \n  `timestamp` DATETIME, \n"
                                          "  `document_id` INTEGER REFERENCES `Document` (`id`) ON DELETE SET NULL ON UPDATE CASCADE\n);\n"
                                          "CREATE INDEX IF NOT EXISTS `Version_document_id` ON `Version` (`document_id`);\n");
    kin_close(db);

    world_open(&w);
    assert_synced(kin_sync(w.db), &w);
    kin_row *paper = kin_create(w.s, document, { "author", kin("ada") });
    kin_row *first = kin_create_for(paper, versions, { "timestamp", kin_value_date(1000000) });
    kin_row *second = kin_create_for(paper, versions, { "timestamp", kin_value_date(2000000) });
    assert_true(kin_set_one(paper, current, second));
    kin_reload(paper);
    assert_int_equal(kin_int(paper, "current_version_id"), kin_int(second, "id"));
    assert_true(kin_equals(kin_get_one(paper, current), second));
    assert_int_equal(kin_count(paper, versions), 2);
    kin_row *found = kin_find_one(w.s, document, .include = KIN_INCLUDE(KIN_WITH(current), KIN_WITH(versions, .order = KIN_NAMES("id"))));
    assert_true(kin_equals(kin_related_one(found, current), second));
    assert_int_equal(kin_related(found, versions).count, 2);
    assert_true(kin_equals(kin_related(found, versions).at[0], first));
    assert_true(kin_set_one(paper, current, NULL));
    assert_null(kin_get_one(paper, current));
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(J41_a_circle_created_all_the_same)
{
    struct world w;
    struct journal journal;
    kin_model *document, *version;
    kin_association *versions, *current;
    declare_documents(&w, false, &document, &version, &versions, &current);
    journal_start(&journal, &w);
    for (int turn = 0; turn < 2; turn++) {
        assert_synced(kin_sync(w.db, .force = true, .cycles = KIN_CYCLES_DEFER), &w);
        assert_journal(&journal, turn == 0 ? "+Version +Document" : "-Document -Version +Version +Document");
        kin_row *paper = kin_create(w.s, document, { "author", kin("ada") });
        kin_row *draft = kin_create_for(paper, versions, KIN_DEFAULTS);
        assert_true(kin_set_one(paper, current, draft));
        assert_kin_ok(w.s);
        /* Both keys are constraints. */
        assert_null(kin_create(w.s, version, { "document_id", kin(404) }));
        assert_int_equal(kin_error_of(w.s)->constraint, KIN_FOREIGN_KEY);
        kin_clear_error(w.s);
        assert_null(kin_create(w.s, document, { "current_version_id", kin(404) }));
        assert_int_equal(kin_error_of(w.s)->constraint, KIN_FOREIGN_KEY);
        kin_clear_error(w.s);
        assert_true(kin_destroy(draft));
        kin_reload(paper);
        assert_true(kin_is_null(paper, "current_version_id"));
        assert_kin_ok(w.s);
    }
    assert_synced(kin_sync(w.db, .cycles = KIN_CYCLES_DEFER), &w); /* J33 */
    assert_journal(&journal, "");
    assert_synced(kin_drop(w.db, .cycles = KIN_CYCLES_DEFER), &w);
    assert_journal(&journal, "-Document -Version");
    world_close(&w);
}

/* Where a table cannot reference what is not there yet, its key follows when all tables stand. */
TEST(J41_keys_that_follow)
{
    struct world w;
    kin_model *document, *version;
    kin_association *versions, *current;
    declare_documents(&w, false, &document, &version, &versions, &current);
    static const char *const urls[] = { "mock:postgres", "mock:mariadb" };
    static const char *const alters[] = {
        ";\nALTER TABLE \"Version\" ADD CONSTRAINT \"Version_document_id_fkey\" FOREIGN KEY (\"document_id\") REFERENCES \"Document\" (\"id\") ON DELETE SET NULL ON UPDATE CASCADE;\n",
        ";\nALTER TABLE `Version` ADD CONSTRAINT `Version_document_id_fkey` FOREIGN KEY (`document_id`) REFERENCES `Document` (`id`) ON DELETE SET NULL ON UPDATE CASCADE;\n"
    };
    for (size_t i = 0; i < 2; i++) {
        kin_db *db = kin_open(urls[i], w.schema);
        const char *sql = kin_sync_sql(db, .cycles = KIN_CYCLES_DEFER), *alter = strstr(sql, alters[i]);
        assert_non_null(alter);
        assert_int_equal(strlen(alter), strlen(alters[i])); /* the last */
        const char *reference = strstr(sql, "REFERENCES");  /* of Document, which comes second */
        assert_non_null(reference);
        assert_true(reference < alter && strstr(reference, "current_version_id") != reference);
        assert_ptr_equal(strstr(strstr(reference + 1, "REFERENCES") + 1, "REFERENCES"), NULL);
        kin_close(db);
    }
    kin_schema_free(w.schema);
}

static void journal_alters(void *context, const kin_log_entry *entry)
{
    struct journal *journal = context;
    if (strncmp(entry->sql, "ALTER", 5) == 0)
        snprintf(journal->text, sizeof journal->text, "%s", entry->sql);
}

/* And where nothing else helps it goes before the tables. */
TEST(J41_keys_that_go_first)
{
    struct world w;
    struct journal journal = { "" };
    kin_model *document, *version;
    kin_association *versions, *current;
    declare_documents(&w, false, &document, &version, &versions, &current);
    kin_db *db = kin_open("mock:postgres", w.schema, .log = { .function = journal_alters, .context = &journal });
    assert_true(kin_drop(db, .cycles = KIN_CYCLES_DEFER));
    assert_string_equal(journal.text, "ALTER TABLE IF EXISTS \"Version\" DROP CONSTRAINT IF EXISTS \"Version_document_id_fkey\"");
    kin_close(db);
    kin_schema_free(w.schema);
}

TEST(J42_models_of_a_circle_can_be_walked)
{
    struct world w;
    kin_model *document, *version;
    kin_association *versions, *current;
    declare_documents(&w, false, &document, &version, &versions, &current);
    assert_order(w.schema, "Version Document");
    kin_schema_free(w.schema);
}
