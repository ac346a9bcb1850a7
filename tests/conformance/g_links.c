/* Many to many beside kin_set: add, remove, has, count and create, each with no more statements than it needs. */
#include "world.h"

struct library {
    struct world w;
    kin_model *reader, *book, *loan;
    kin_association *books, *open_books, *thick_books, *readers;
    kin_row *ann, *bob, *b[4];
};

static void library_declare(struct library *l) {
    static const double lowest = 0;
    kin_schema_defaults(l->w.schema, .underscored = true);
    l->reader = kin_define(l->w.schema, "Reader", KIN_ATTRIBUTES(KIN_STRING("name")), .table = "readers");
    l->book = kin_define(l->w.schema, "Book", KIN_ATTRIBUTES(KIN_STRING("title"), KIN_INTEGER("pages"), KIN_STRING("author")), .table = "books");
    l->loan = kin_define(l->w.schema, "Loan",
                         KIN_ATTRIBUTES(KIN_INTEGER("id", .primary_key = true, .auto_increment = true), KIN_STRING("state", .default_value = kin("open")),
                                        KIN_INTEGER("days", .validate = { .minimum = &lowest })),
                         .table = "loans");
    l->books = kin_belongs_to_many(l->reader, l->book, .through_model = l->loan);
    l->open_books = kin_belongs_to_many(l->reader, l->book, .as = "openBooks", .through_model = l->loan, .through_scope = KIN_VALUES({ "state", kin("open") }));
    l->thick_books = kin_belongs_to_many(l->reader, l->book, .as = "thickBooks", .through_model = l->loan, .scope = KIN_VALUES({ "pages", kin(900) }));
    l->readers = kin_belongs_to_many(l->book, l->reader, .through_model = l->loan);
}

static void library_open(struct library *l) {
    static const char *const titles[] = { "b1", "b2", "b3", "b4" };
    world_start(&l->w);
    library_declare(l);
    world_open(&l->w);
    l->ann = kin_create(l->w.s, l->reader, { "name", kin("ann") });
    l->bob = kin_create(l->w.s, l->reader, { "name", kin("bob") });
    for (int i = 0; i < 4; i++)
        l->b[i] = kin_create(l->w.s, l->book, { "title", kin(titles[i]) }, { "pages", kin(i == 2 ? 900 : 100) });
    assert_kin_ok(l->w.s);
    world_forget(&l->w);
}

/* What the database has for a reader: "b1:open b2:late", by title. Forgets the statements. */
static const char *loans(struct library *l, const kin_row *reader) {
    static char text[512];
    size_t size = 0;
    assert_kin_ok(l->w.s);
    kin_rows rows = kin_query(l->w.s, "SELECT b.title AS title, l.state AS state FROM loans l INNER JOIN books b ON b.id = l.book_id "
                                      "WHERE l.reader_id = ? ORDER BY b.title", kin_key_of(reader));
    text[0] = '\0';
    for (size_t i = 0; i < rows.count; i++)
        size += (size_t)snprintf(text + size, sizeof text - size, "%s%s:%s", i ? " " : "", kin_text(rows.at[i], "title"),
                                 kin_is_null(rows.at[i], "state") ? "NULL" : kin_text(rows.at[i], "state"));
    assert_kin_ok(l->w.s);
    world_forget(&l->w);
    return text;
}

/* Only this many statements were sent, controls included, and they all begin with the word. */
static void assert_only(struct world *w, const char *word, size_t count) {
    assert_kin_ok(w->s);
    assert_int_equal(w->statement_count, count);
    assert_int_equal(world_sent(w, word), count);
    world_forget(w);
}

/* ---- add ---- */

TEST(G35_add_keeps_the_others) {
    struct library l;
    library_open(&l);
    assert_true(kin_add(l.ann, l.books, KIN_ROWS(l.b[0])));
    assert_string_equal(loans(&l, l.ann), "b1:open");
    assert_true(kin_add(l.ann, l.books, KIN_ROWS(l.b[1], l.b[2])));
    assert_string_equal(loans(&l, l.ann), "b1:open b2:open b3:open");
    assert_true(kin_add(l.ann, l.books, KIN_KEYS(kin_key_of(l.b[3]))));
    assert_string_equal(loans(&l, l.ann), "b1:open b2:open b3:open b4:open");
    assert_true(kin_call(l.bob, "addBook", .targets = KIN_ROWS(l.b[0], l.b[1])).ok);
    assert_true(kin_call(l.bob, "addBooks", .targets = KIN_ROWS(l.b[2])).ok);
    assert_string_equal(loans(&l, l.bob), "b1:open b2:open b3:open");
    world_close(&l.w);
}

TEST(G36_a_pair_is_added_by_one_insert_that_passes_over_what_is_there) {
    struct library l;
    library_open(&l);
    kin_add(l.ann, l.books, KIN_ROWS(l.b[0]));
    assert_only(&l.w, "INSERT", 1);
    kin_execute(l.w.s, "UPDATE loans SET state = 'kept'");
    world_forget(&l.w);
    kin_add(l.ann, l.books, KIN_ROWS(l.b[0]));
    assert_only(&l.w, "INSERT", 1);
    assert_string_equal(loans(&l, l.ann), "b1:kept");
    kin_add(l.ann, l.books, KIN_ROWS(l.b[0]), .through = KIN_VALUES({ "state", kin("late") }));
    assert_int_equal(world_sent(&l.w, "UPDATE"), 1);
    assert_string_equal(loans(&l, l.ann), "b1:late");
    world_close(&l.w);
}

TEST(G37_several_are_added_by_one_insert_and_nothing_is_read_first) {
    struct library l;
    library_open(&l);
    kin_add(l.ann, l.books, KIN_ROWS(l.b[1]));
    world_forget(&l.w);
    kin_add(l.ann, l.books, KIN_ROWS(l.b[0], l.b[1], l.b[2]));
    assert_only(&l.w, "INSERT", 1);
    assert_string_equal(loans(&l, l.ann), "b1:open b2:open b3:open");
    kin_add(l.ann, l.books, KIN_ROWS(l.b[0], l.b[1], l.b[2]));
    assert_only(&l.w, "INSERT", 1);
    assert_string_equal(loans(&l, l.ann), "b1:open b2:open b3:open");
    world_close(&l.w);
}

/* Another session's add, between the first read of a verb and what it writes. */
struct meddler {
    struct library *l;
    kin_session *s;
    kin_row *book;
    bool done;
};

static void meddle(void *context, const kin_log_entry *entry) {
    struct meddler *meddler = context;
    if (meddler->done || strncmp(entry->sql, "SELECT", 6) != 0)
        return;
    meddler->done = true;
    kin_row *ann = kin_find_by_pk(meddler->s, meddler->l->reader, kin_key_of(meddler->l->ann));
    kin_add(ann, meddler->l->books, KIN_KEYS(kin_key_of(meddler->book)));
}

TEST(G37_add_is_idempotent_when_another_session_adds_the_same) {
    struct library l;
    library_open(&l);
    kin_session *other = kin_session_open(l.w.db);
    kin_row *ann = kin_find_by_pk(other, l.reader, kin_key_of(l.ann));
    assert_true(kin_add(ann, l.books, KIN_KEYS(kin_key_of(l.b[0]), kin_key_of(l.b[1]))));
    assert_true(kin_add(l.ann, l.books, KIN_ROWS(l.b[1], l.b[2])));
    assert_true(kin_add(ann, l.books, KIN_KEYS(kin_key_of(l.b[2]))));
    assert_kin_ok(other);
    assert_string_equal(loans(&l, l.ann), "b1:open b2:open b3:open");
    struct meddler meddler = { &l, other, l.b[3], false };
    kin_remove(l.ann, l.books, KIN_ROWS(l.b[0]));
    kin_session_log(l.w.s, (kin_log){ .function = meddle, .context = &meddler });
    assert_true(kin_add(l.ann, l.open_books, KIN_ROWS(l.b[3], l.b[0]))); /* within a scope it has to read */
    kin_session_log(l.w.s, (kin_log){ .function = NULL });
    assert_true(meddler.done);
    assert_kin_ok(other);
    assert_string_equal(loans(&l, l.ann), "b1:open b2:open b3:open b4:open");
    kin_session_close(other);
    world_close(&l.w);
}

TEST(G37_only_a_pair_that_is_there_is_passed_over) {
    struct library l;
    world_start(&l.w);
    kin_schema_defaults(l.w.schema, .underscored = true);
    l.reader = kin_define(l.w.schema, "Reader", KIN_ATTRIBUTES(KIN_STRING("name")), .table = "readers");
    l.book = kin_define(l.w.schema, "Book", KIN_ATTRIBUTES(KIN_STRING("title")), .table = "books");
    l.loan = kin_define(l.w.schema, "Loan", KIN_ATTRIBUTES(KIN_STRING("state"), KIN_INTEGER("slip", .unique = true)), .table = "loans");
    l.books = kin_belongs_to_many(l.reader, l.book, .through_model = l.loan);
    world_open(&l.w);
    l.ann = kin_create(l.w.s, l.reader, { "name", kin("ann") });
    l.b[0] = kin_create(l.w.s, l.book, { "title", kin("b1") });
    l.b[1] = kin_create(l.w.s, l.book, { "title", kin("b2") });
    assert_true(kin_add(l.ann, l.books, KIN_ROWS(l.b[0]), .through = KIN_VALUES({ "slip", kin(5) }, { "state", kin("a") })));
    assert_false(kin_add(l.ann, l.books, KIN_ROWS(l.b[1]), .through = KIN_VALUES({ "slip", kin(5) }))); /* another pair's slip: not silence */
    assert_int_equal(kin_error_of(l.w.s)->constraint, KIN_UNIQUE);
    assert_kin_error(l.w.s, KIN_CONSTRAINT, "Loan");
    assert_false(kin_add(l.ann, l.books, KIN_ROWS(l.b[0], l.b[1]), .through = KIN_VALUES({ "slip", kin(6) })));
    assert_kin_error(l.w.s, KIN_CONSTRAINT, "Loan");
    assert_int_equal(kin_set(l.ann, l.books, KIN_ROWS(l.b[0], l.b[1]), .through = KIN_VALUES({ "slip", kin(5) })).count, 0);
    assert_kin_error(l.w.s, KIN_CONSTRAINT, "Loan");
    assert_true(kin_add(l.ann, l.books, KIN_ROWS(l.b[0])));
    assert_string_equal(loans(&l, l.ann), "b1:a");
    assert_int_equal(world_number(&l.w, "SELECT slip AS n FROM loans"), 5);
    world_close(&l.w);
}

TEST(G38_a_pair_is_updated_only_where_it_differs) {
    struct library l;
    library_open(&l);
    kin_add(l.ann, l.books, KIN_ROWS(l.b[0], l.b[1]), .through = KIN_VALUES({ "state", kin("late") }, { "days", kin(3) }));
    world_forget(&l.w);
    kin_add(l.ann, l.books, KIN_ROWS(l.b[0], l.b[1]), .through = KIN_VALUES({ "state", kin("late") }));
    assert_int_equal(world_sent(&l.w, "UPDATE"), 0);
    kin_add(l.ann, l.books, KIN_ROWS(l.b[0]), .through = KIN_VALUES({ "days", kin("3") })); /* equal once it is an integer */
    assert_int_equal(world_sent(&l.w, "UPDATE"), 0);
    kin_execute(l.w.s, "UPDATE loans SET state = 'lost' WHERE book_id = ?", kin_key_of(l.b[1]));
    world_forget(&l.w);
    kin_add(l.ann, l.books, KIN_ROWS(l.b[0], l.b[1], l.b[2]), .through = KIN_VALUES({ "state", kin("late") }));
    assert_int_equal(world_sent(&l.w, "UPDATE"), 1);
    assert_string_equal(loans(&l, l.ann), "b1:late b2:late b3:late");
    assert_int_equal(world_number(&l.w, "SELECT count(*) AS n FROM loans WHERE days = 3"), 2);
    world_close(&l.w);
}

TEST(G39_adding_twice_never_fails) {
    struct library l;
    world_start(&l.w);
    kin_schema_defaults(l.w.schema, .underscored = true);
    l.reader = kin_define(l.w.schema, "Reader", KIN_ATTRIBUTES(KIN_STRING("name", .primary_key = true, .length = 20)), .table = "readers");
    l.book = kin_define(l.w.schema, "Book", KIN_ATTRIBUTES(KIN_STRING("isbn", .primary_key = true, .length = 20)), .table = "books");
    l.books = kin_belongs_to_many(l.reader, l.book, .through = "loans");
    kin_association *owned = kin_belongs_to_many(l.reader, l.book, .as = "owned", .through = "ownings", .timestamps = true);
    world_open(&l.w);
    l.ann = kin_create(l.w.s, l.reader, { "name", kin("ann") });
    l.b[0] = kin_create(l.w.s, l.book, { "isbn", kin("1-2") });
    for (int i = 0; i < 3; i++) {
        assert_true(kin_add(l.ann, l.books, KIN_ROWS(l.b[0])));
        assert_true(kin_add(l.ann, l.books, KIN_KEYS(kin("1-2"))));
        assert_true(kin_add(l.ann, owned, KIN_ROWS(l.b[0])));
    }
    assert_kin_ok(l.w.s);
    assert_int_equal(world_number(&l.w, "SELECT count(*) AS n FROM loans"), 1);
    assert_int_equal(world_number(&l.w, "SELECT count(*) AS n FROM ownings"), 1);
    world_close(&l.w);
}

TEST(G40_adding_nothing_sends_nothing) {
    struct library l;
    library_open(&l);
    assert_true(kin_add(l.ann, l.books, KIN_NONE));
    assert_true(kin_add(l.ann, l.books, kin_rows_of(0, NULL)));
    assert_true(kin_add(l.ann, l.books, kin_keys_of(0, NULL), .through = KIN_VALUES({ "state", kin("late") })));
    assert_int_equal(l.w.statement_count, 0);
    assert_kin_ok(l.w.s);
    assert_false(kin_add(NULL, l.books, KIN_ROWS(l.b[0])));
    assert_kin_ok(l.w.s);
    assert_false(kin_add(l.ann, l.books, KIN_ROWS(l.b[0], NULL)));
    assert_int_equal(l.w.statement_count, 0);
    assert_kin_error(l.w.s, KIN_MISUSE, "target 2 of 2 is NULL");
    assert_string_equal(loans(&l, l.ann), "");
    world_close(&l.w);
}

TEST(G42_both_ends_must_be_saved) {
    struct library l;
    library_open(&l);
    kin_row *reader = kin_build(l.w.s, l.reader, { "name", kin("new") }), *book = kin_build(l.w.s, l.book, { "title", kin("new") });
    assert_false(kin_add(l.ann, l.books, KIN_ROWS(l.b[0], book)));
    assert_kin_error(l.w.s, KIN_MISUSE, "target 2 of 2 is not saved yet");
    assert_false(kin_add(reader, l.books, KIN_ROWS(l.b[0])));
    assert_kin_error(l.w.s, KIN_MISUSE, "kin_save it first");
    kin_set(l.ann, l.books, KIN_ROWS(book));
    assert_kin_error(l.w.s, KIN_MISUSE, "not saved");
    kin_get(reader, l.books);
    assert_kin_error(l.w.s, KIN_MISUSE, "not saved");
    assert_false(kin_has(l.ann, l.books, KIN_ROWS(book)));
    assert_kin_error(l.w.s, KIN_MISUSE, "not saved");
    assert_int_equal(l.w.statement_count, 0);
    assert_string_equal(loans(&l, l.ann), "");
    world_close(&l.w);
}

/* ---- remove ---- */

TEST(G44_G45_remove_deletes_these_links_alone) {
    struct library l;
    library_open(&l);
    kin_add(l.ann, l.books, KIN_ROWS(l.b[0], l.b[1], l.b[2], l.b[3]));
    kin_add(l.bob, l.books, KIN_ROWS(l.b[0], l.b[1]));
    world_forget(&l.w);
    assert_true(kin_remove(l.ann, l.books, KIN_ROWS(l.b[0])));
    assert_only(&l.w, "DELETE", 1); /* nothing is read */
    assert_string_equal(loans(&l, l.ann), "b2:open b3:open b4:open");
    assert_true(kin_remove(l.ann, l.books, KIN_ROWS(l.b[1], l.b[2])));
    assert_only(&l.w, "DELETE", 1);
    assert_string_equal(loans(&l, l.ann), "b4:open");
    assert_true(kin_remove(l.ann, l.books, KIN_KEYS(kin_key_of(l.b[3]))));
    assert_only(&l.w, "DELETE", 1);
    assert_string_equal(loans(&l, l.ann), "");
    assert_string_equal(loans(&l, l.bob), "b1:open b2:open");
    assert_int_equal(world_number(&l.w, "SELECT count(*) AS n FROM books"), 4);
    assert_true(kin_call(l.bob, "removeBook", .targets = KIN_ROWS(l.b[0])).ok);
    assert_true(kin_call(l.bob, "removeBooks", .targets = KIN_ROWS(l.b[1])).ok);
    assert_string_equal(loans(&l, l.bob), "");
    world_close(&l.w);
}

TEST(G46_what_is_not_linked_is_passed_over) {
    struct library l;
    library_open(&l);
    kin_add(l.ann, l.books, KIN_ROWS(l.b[0], l.b[1]));
    kin_add(l.bob, l.books, KIN_ROWS(l.b[2]));
    assert_true(kin_remove(l.ann, l.books, KIN_ROWS(l.b[2])));
    assert_true(kin_remove(l.ann, l.books, KIN_ROWS(l.b[0], l.b[3], l.b[0])));
    assert_true(kin_remove(l.ann, l.books, KIN_KEYS(kin(999))));
    assert_string_equal(loans(&l, l.ann), "b2:open");
    assert_string_equal(loans(&l, l.bob), "b3:open");
    world_close(&l.w);
}

TEST(G47_removing_nothing_sends_nothing) {
    struct library l;
    library_open(&l);
    kin_add(l.ann, l.books, KIN_ROWS(l.b[0]));
    world_forget(&l.w);
    assert_true(kin_remove(l.ann, l.books, KIN_NONE));
    assert_true(kin_remove(l.ann, l.books, kin_keys_of(0, NULL)));
    assert_false(kin_remove(l.ann, l.books, KIN_ROWS(NULL)));
    assert_kin_error(l.w.s, KIN_MISUSE, "target 1 of 1 is NULL");
    assert_false(kin_remove(l.ann, l.books, KIN_KEYS(kin_null)));
    assert_kin_error(l.w.s, KIN_MISUSE, "NULL");
    assert_false(kin_add(l.ann, l.books, KIN_KEYS(kin_null)));
    assert_kin_error(l.w.s, KIN_MISUSE, "NULL");
    kin_set(l.ann, l.books, KIN_KEYS(kin_key_of(l.b[1]), kin_null));
    assert_kin_error(l.w.s, KIN_MISUSE, "NULL");
    assert_int_equal(l.w.statement_count, 0);
    assert_string_equal(loans(&l, l.ann), "b1:open");
    world_close(&l.w);
}

/* ---- has ---- */

TEST(G48_has_is_false_before_and_true_after) {
    struct library l;
    library_open(&l);
    assert_false(kin_has(l.ann, l.books, KIN_ROWS(l.b[0])));
    assert_false(kin_call(l.ann, "hasBook", .targets = KIN_ROWS(l.b[0])).answer);
    kin_add(l.ann, l.books, KIN_ROWS(l.b[0]));
    assert_true(kin_has(l.ann, l.books, KIN_ROWS(l.b[0])));
    assert_true(kin_call(l.ann, "hasBook", .targets = KIN_ROWS(l.b[0])).answer);
    assert_true(kin_has(l.b[0], l.readers, KIN_ROWS(l.ann)));
    assert_false(kin_has(l.bob, l.books, KIN_ROWS(l.b[0])));
    kin_remove(l.ann, l.books, KIN_ROWS(l.b[0]));
    assert_false(kin_has(l.ann, l.books, KIN_ROWS(l.b[0])));
    assert_kin_ok(l.w.s);
    world_close(&l.w);
}

TEST(G49_G50_has_asks_for_all_of_these_and_has_exactly_for_no_others) {
    struct library l;
    library_open(&l);
    kin_add(l.ann, l.books, KIN_ROWS(l.b[0], l.b[1]));
    assert_true(kin_has(l.ann, l.books, KIN_ROWS(l.b[0])));
    assert_false(kin_has_exactly(l.ann, l.books, KIN_ROWS(l.b[0])));
    assert_true(kin_has(l.ann, l.books, KIN_ROWS(l.b[1], l.b[0])));
    assert_true(kin_has_exactly(l.ann, l.books, KIN_ROWS(l.b[1], l.b[0])));
    assert_false(kin_has(l.ann, l.books, KIN_ROWS(l.b[0], l.b[1], l.b[2])));
    assert_false(kin_has_exactly(l.ann, l.books, KIN_ROWS(l.b[0], l.b[1], l.b[2])));
    assert_false(kin_has_exactly(l.ann, l.books, KIN_ROWS(l.b[0], l.b[2])));
    assert_true(kin_has(l.ann, l.books, KIN_KEYS(kin_key_of(l.b[0]), kin_key_of(l.b[1]))));
    assert_false(kin_has(l.ann, l.books, KIN_KEYS(kin_key_of(l.b[0]), kin(999))));
    assert_false(kin_call(l.ann, "hasBooks", .targets = KIN_ROWS(l.b[0])).answer);
    assert_true(kin_call(l.ann, "hasBooks", .targets = KIN_ROWS(l.b[0], l.b[1])).answer);
    assert_true(kin_call(l.ann, "hasBook", .targets = KIN_ROWS(l.b[0])).answer);
    world_forget(&l.w);
    assert_true(kin_has(l.ann, l.books, KIN_NONE));
    assert_int_equal(l.w.statement_count, 0);
    assert_false(kin_has_exactly(l.ann, l.books, KIN_NONE));
    assert_true(kin_has_exactly(l.bob, l.books, KIN_NONE));
    assert_kin_ok(l.w.s);
    world_close(&l.w);
}

TEST(G51_has_counts_a_target_once) {
    struct library l;
    world_start(&l.w);
    kin_schema_defaults(l.w.schema, .underscored = true);
    l.reader = kin_define(l.w.schema, "Reader", KIN_ATTRIBUTES(KIN_STRING("name")), .table = "readers");
    l.book = kin_define(l.w.schema, "Book", KIN_ATTRIBUTES(KIN_STRING("title")), .table = "books");
    l.loan = kin_define(l.w.schema, "Loan", KIN_ATTRIBUTES(KIN_INTEGER("id", .primary_key = true, .auto_increment = true)), .table = "loans");
    l.books = kin_belongs_to_many(l.reader, l.book, .through_model = l.loan, .not_unique = true);
    world_open(&l.w);
    l.ann = kin_create(l.w.s, l.reader, { "name", kin("ann") });
    l.b[0] = kin_create(l.w.s, l.book, { "title", kin("b1") });
    l.b[1] = kin_create(l.w.s, l.book, { "title", kin("b2") });
    for (int i = 0; i < 2; i++)
        assert_true(kin_add(l.ann, l.books, KIN_ROWS(l.b[0])));
    assert_int_equal(world_number(&l.w, "SELECT count(*) AS n FROM loans"), 2); /* the pair may repeat */
    assert_true(kin_has(l.ann, l.books, KIN_ROWS(l.b[0])));
    assert_true(kin_has(l.ann, l.books, KIN_ROWS(l.b[0], l.b[0])));
    assert_false(kin_has(l.ann, l.books, KIN_ROWS(l.b[0], l.b[1]))); /* two join rows, but one target */
    assert_true(kin_has_exactly(l.ann, l.books, KIN_ROWS(l.b[0], l.b[0])));
    assert_false(kin_has_exactly(l.ann, l.books, KIN_ROWS(l.b[0], l.b[1])));
    assert_kin_ok(l.w.s);
    world_close(&l.w);
}

TEST(G52_has_compares_binary_keys) {
    static const unsigned char one[16] = { 1, 0, 2 }, two[16] = { 1, 0, 3 };
    struct world w;
    world_start(&w);
    kin_schema_defaults(w.schema, .underscored = true);
    kin_model *node = kin_define(w.schema, "Node", KIN_ATTRIBUTES(KIN_BLOB("hash", .primary_key = true, .length = 16)), .table = "nodes");
    kin_model *tag = kin_define(w.schema, "Tag", KIN_ATTRIBUTES(KIN_UUID("uuid", .primary_key = true)), .table = "tags");
    kin_association *tags = kin_belongs_to_many(node, tag, .through = "node_tags"), *nodes = kin_belongs_to_many(tag, node, .through = "node_tags");
    kin_db *mariadb = kin_open("mock:mariadb", w.schema);
    const char *ddl = kin_sync_sql(mariadb);
    assert_non_null(strstr(ddl, "`hash` VARBINARY(16)")); /* where a BLOB could not be a key, nor reference one */
    assert_non_null(strstr(ddl, "`node_hash` VARBINARY(16)"));
    kin_close(mariadb);
    world_open(&w);
    kin_uuid uuid;
    assert_true(kin_uuid_parse("00010203-0405-0607-0809-0a0b0c0d0e0f", &uuid));
    kin_row *a = kin_create(w.s, node, { "hash", kin_value_blob(one, 16) }), *b = kin_create(w.s, node, { "hash", kin_value_blob(two, 16) });
    kin_row *t = kin_create(w.s, tag, { "uuid", kin_value_uuid(uuid) });
    assert_true(kin_add(t, nodes, KIN_ROWS(b)));
    assert_false(kin_has(t, nodes, KIN_ROWS(a)));
    assert_true(kin_has(t, nodes, KIN_KEYS(kin_value_blob(two, 16))));
    assert_true(kin_has_exactly(t, nodes, KIN_ROWS(b)));
    assert_true(kin_add(t, nodes, KIN_KEYS(kin_value_blob(one, 16))));
    assert_true(kin_has(t, nodes, KIN_ROWS(a, b)));
    assert_true(kin_has(a, tags, KIN_KEYS(kin("00010203-0405-0607-0809-0A0B0C0D0E0F"))));
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(G53_has_takes_conditions_and_reads_the_key_alone) {
    struct library l;
    library_open(&l);
    kin_add(l.ann, l.books, KIN_ROWS(l.b[0], l.b[2]), .through = KIN_VALUES({ "state", kin("late") }));
    assert_true(kin_has(l.ann, l.books, KIN_ROWS(l.b[0]), .where = kin_eq("title", "b1")));
    assert_false(kin_has(l.ann, l.books, KIN_ROWS(l.b[0]), .where = kin_eq("title", "b2")));
    assert_false(kin_has(l.ann, l.books, KIN_ROWS(l.b[1]), .where = kin_or(kin_eq("title", "b2"), kin_sql("1 = 1"))));
    assert_false(kin_has(l.ann, l.books, KIN_ROWS(l.b[0], l.b[2]), .where = kin_lt("pages", 900)));
    assert_true(kin_has_exactly(l.ann, l.books, KIN_ROWS(l.b[2]), .where = kin_eq("pages", 900)));
    assert_true(kin_has(l.ann, l.books, KIN_ROWS(l.b[0]), .through_where = kin_eq("state", "late")));
    assert_false(kin_has(l.ann, l.books, KIN_ROWS(l.b[0]), .through_where = kin_eq("state", "open")));
    assert_false(kin_has(l.ann, l.open_books, KIN_ROWS(l.b[0])));
    assert_true(kin_has(l.ann, l.thick_books, KIN_ROWS(l.b[2])));
    assert_false(kin_has(l.ann, l.thick_books, KIN_ROWS(l.b[0])));
    world_forget(&l.w);
    assert_true(kin_has(l.ann, l.books, KIN_ROWS(l.b[0], l.b[2])));
    assert_null(strstr(world_statement(&l.w, 0), "state"));
    assert_null(strstr(world_statement(&l.w, 0), "title"));
    assert_only(&l.w, "SELECT", 1);
    kin_has(l.ann, l.books, KIN_ROWS(l.b[0]), .where = kin_eq("titel", "b1"));
    assert_kin_error(l.w.s, KIN_MISUSE, "title");
    world_close(&l.w);
}

/* ---- count ---- */

TEST(G54_count_is_one_statement_within_conditions_and_scopes) {
    struct library l;
    library_open(&l);
    kin_add(l.ann, l.books, KIN_ROWS(l.b[0], l.b[1], l.b[2]), .through = KIN_VALUES({ "state", kin("late") }));
    kin_add(l.ann, l.books, KIN_ROWS(l.b[3]));
    kin_add(l.bob, l.books, KIN_ROWS(l.b[3]));
    world_forget(&l.w);
    assert_int_equal(kin_count(l.ann, l.books), 4);
    assert_non_null(strstr(world_statement(&l.w, 0), "COUNT("));
    assert_only(&l.w, "SELECT", 1);
    assert_int_equal(kin_count(l.ann, l.books, .where = kin_in("title", kin("b1"), kin("b4"))), 2);
    assert_int_equal(kin_count(l.ann, l.books, .through_where = kin_eq("state", "late"), .where = kin_lt("pages", 900)), 2);
    assert_int_equal(kin_count(l.ann, l.open_books), 1);
    assert_int_equal(kin_count(l.ann, l.thick_books), 1);
    assert_int_equal(kin_count(l.ann, l.thick_books, .where = kin_eq("title", "b1")), 0);
    assert_int_equal(kin_count(l.b[3], l.readers), 2);
    assert_int_equal(kin_call(l.ann, "countBooks").count, 4);
    assert_kin_ok(l.w.s);
    assert_int_equal(kin_count(l.ann, l.books, .where = kin_eq("page", 1)), -1);
    assert_kin_error(l.w.s, KIN_MISUSE, "pages");
    world_close(&l.w);
}

/* ---- create ---- */

TEST(G55_create_inserts_the_target_and_its_link) {
    struct library l;
    library_open(&l);
    kin_row *book = kin_create_for(l.ann, l.books, { "title", kin("new") }, { "pages", kin(7) });
    assert_kin_ok(l.w.s);
    assert_int_equal(world_sent(&l.w, "INSERT"), 2);
    assert_int_equal(world_sent(&l.w, NULL), 2);
    assert_ptr_equal(kin_model_of(book), l.book);
    assert_true(kin_is_saved(book));
    assert_false(kin_changed(book, NULL));
    assert_string_equal(kin_text(kin_through(book, l.loan), "state"), "open");
    assert_string_equal(loans(&l, l.ann), "new:open");
    assert_string_equal(loans(&l, l.bob), "");
    assert_int_equal(world_number(&l.w, "SELECT pages AS n FROM books WHERE title = 'new'"), 7);
    kin_result made = kin_call(l.bob, "createBook", .values = KIN_VALUES({ "title", kin("other") }));
    assert_true(made.ok);
    assert_true(kin_has_exactly(l.bob, l.books, KIN_ROWS(made.row)));
    book = kin_create_for(l.bob, l.thick_books, { "title", kin("thick") }); /* the scope's values are written */
    assert_int_equal(kin_int(book, "pages"), 900);
    assert_kin_ok(l.w.s);
    world_close(&l.w);
}

TEST(G56_create_takes_join_attributes) {
    struct library l;
    library_open(&l);
    kin_row *book = kin_create_linked(l.ann, l.books, KIN_VALUES({ "title", kin("new") }), .through = KIN_VALUES({ "state", kin("late") }, { "days", kin(5) }));
    assert_kin_ok(l.w.s);
    assert_int_equal(kin_int(kin_through(book, l.loan), "days"), 5);
    assert_string_equal(loans(&l, l.ann), "new:late");
    assert_int_equal(world_number(&l.w, "SELECT days AS n FROM loans"), 5);
    assert_true(kin_call(l.bob, "createBook", .values = KIN_VALUES({ "title", kin("x") }), .through = KIN_VALUES({ "state", kin("lost") })).ok);
    assert_string_equal(loans(&l, l.bob), "x:lost");
    world_close(&l.w);
}

TEST(G57_attributes_limit_the_target_and_not_the_link) {
    struct library l;
    library_open(&l);
    kin_row *book = kin_create_linked(l.ann, l.books, KIN_VALUES({ "title", kin("new") }, { "pages", kin(5) }, { "author", kin("me") }),
                                      .attributes = KIN_NAMES("title", "pages"), .through = KIN_VALUES({ "state", kin("late") }));
    assert_kin_ok(l.w.s);
    assert_string_equal(loans(&l, l.ann), "new:late");
    assert_int_equal(world_number(&l.w, "SELECT count(*) AS n FROM books WHERE title = 'new' AND pages = 5 AND author IS NULL"), 1);
    assert_true(kin_reload(book));
    assert_true(kin_is_null(book, "author"));
    kin_create_linked(l.ann, l.books, KIN_VALUES({ "title", kin("new") }), .attributes = KIN_NAMES("titel"));
    assert_kin_error(l.w.s, KIN_MISUSE, "title");
    world_close(&l.w);
}

TEST(G58_create_needs_no_values) {
    struct library l;
    library_open(&l);
    kin_row *book = kin_create_for(l.ann, l.books, KIN_DEFAULTS);
    assert_kin_ok(l.w.s);
    assert_true(kin_is_null(book, "title"));
    assert_true(kin_call(l.ann, "createBook").ok);
    assert_int_equal(kin_count(l.ann, l.books), 2);
    assert_int_equal(world_number(&l.w, "SELECT count(*) AS n FROM books WHERE title IS NULL"), 2);
    world_close(&l.w);
}

TEST(G59_create_is_all_or_nothing) {
    struct library l;
    library_open(&l);
    assert_null(kin_create_linked(l.ann, l.books, KIN_VALUES({ "title", kin("new") }), .through = KIN_VALUES({ "days", kin(-1) })));
    assert_kin_error(l.w.s, KIN_INVALID, "days");
    kin_row *gone = kin_create(l.w.s, l.reader, { "name", kin("gone") });
    kin_execute(l.w.s, "DELETE FROM readers WHERE name = 'gone'");
    world_forget(&l.w);
    assert_null(kin_create_for(gone, l.books, { "title", kin("new") })); /* the join row's key is refused when the book is there */
    assert_int_equal(world_sent(&l.w, "INSERT"), 2);
    assert_int_equal(kin_error_of(l.w.s)->constraint, KIN_FOREIGN_KEY);
    assert_kin_error(l.w.s, KIN_CONSTRAINT, "Loan");
    assert_int_equal(kin_transaction_depth(l.w.s), 0);
    assert_int_equal(world_number(&l.w, "SELECT count(*) AS n FROM books"), 4);
    assert_int_equal(world_number(&l.w, "SELECT count(*) AS n FROM loans"), 0);
    world_close(&l.w);
}
