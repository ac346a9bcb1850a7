/* The memory of a session: marks and the regions they open, writing to rows that are older than a mark, cursors; and how sessions share the connections
 * of their database. Much here is only seen by a sanitizer when it goes wrong. */
#include "world.h"

struct shelf {
    struct world w;
    kin_model *book, *author, *tag, *link;
    kin_association *author_of, *books, *tags;
    kin_row *woolf, *waves;
};

static void shelf_open(struct shelf *o) {
    world_start(&o->w);
    o->author = kin_define(o->w.schema, "Author", KIN_ATTRIBUTES(KIN_STRING("name")));
    o->book = kin_define(o->w.schema, "Book", KIN_ATTRIBUTES(KIN_STRING("title"), KIN_TEXT("note"), KIN_INTEGER("pages"), KIN_BLOB("cover")), .timestamps = true);
    o->tag = kin_define(o->w.schema, "Tag", KIN_ATTRIBUTES(KIN_STRING("word")));
    o->link = kin_define(o->w.schema, "BookTag", KIN_ATTRIBUTES(KIN_STRING("role")));
    o->author_of = kin_belongs_to(o->book, o->author);
    o->books = kin_has_many(o->author, o->book);
    o->tags = kin_belongs_to_many(o->book, o->tag, .through_model = o->link);
    world_open(&o->w);
    o->woolf = kin_create(o->w.s, o->author, { "name", kin("Virginia Woolf") });
    o->waves = kin_create(o->w.s, o->book, { "title", kin("The Waves") }, { "note", kin("first") });
    assert_kin_ok(o->w.s);
    world_forget(&o->w);
}

/* Memory that was given back is used again, so that what dangles is overwritten. */
static void churn(struct shelf *o) {
    kin_mark mark = kin_session_mark(o->w.s);
    for (int i = 0; i < 50; i++) {
        char text[100];
        snprintf(text, sizeof text, "something else, number %d, that takes some room", i);
        assert_non_null(kin_build(o->w.s, o->book, { "title", kin(text) }, { "note", kin(text) }));
    }
    kin_session_release(o->w.s, mark);
}

TEST(M26_an_older_row_keeps_what_was_written_within_a_mark) {
    struct shelf o;
    shelf_open(&o);
    kin_session *s = o.w.s;
    kin_mark mark = kin_session_mark(s);
    char note[300];
    memset(note, 'n', sizeof note - 1);
    note[sizeof note - 1] = '\0';
    assert_true(kin_put(o.waves, "note", kin(note)));
    assert_true(kin_put(o.waves, "cover", kin_value_blob("\0\1\2\3", 4)));
    assert_true(kin_save(o.waves));
    assert_true(kin_put(o.waves, "title", kin("The Waves, again")));
    assert_true(kin_put_through(kin_create(s, o.tag, { "word", kin("x") }), o.link, KIN_VALUES({ "role", kin("young") })));
    kin_session_release(s, mark);
    churn(&o);
    assert_string_equal(kin_text(o.waves, "note"), note);
    assert_string_equal(kin_text(o.waves, "title"), "The Waves, again");
    assert_int_equal(kin_bytes_of(o.waves, "cover").size, 4);
    assert_memory_equal(kin_bytes_of(o.waves, "cover").data, "\0\1\2\3", 4);
    assert_true(kin_changed(o.waves, "title"));
    assert_true(kin_save(o.waves));
    kin_row *found = kin_find_by_pk(s, o.book, kin_key_of(o.waves));
    assert_string_equal(kin_text(found, "title"), "The Waves, again");
    assert_string_equal(kin_text(found, "note"), note);
    assert_kin_ok(s);
    world_close(&o.w);
}

TEST(M26_an_older_row_keeps_what_verbs_gave_it_within_a_mark) {
    struct shelf o;
    shelf_open(&o);
    kin_session *s = o.w.s;
    kin_row *red = kin_create(s, o.tag, { "word", kin("red") }), *built = kin_build(s, o.book, { "title", kin("built") });
    kin_mark mark = kin_session_mark(s);
    kin_row *bell = kin_create(s, o.author, { "name", kin("Clive Bell") });
    assert_true(kin_set_one(o.waves, o.author_of, bell));
    assert_true(kin_put_through(red, o.link, KIN_VALUES({ "role", kin("a role that is long enough to need its own memory") })));
    assert_true(kin_save(built));
    assert_true(kin_update_all(s, o.book, KIN_VALUES({ "note", kin("a note that came from the database") }), .all = true) == 2);
    assert_true(kin_reload(o.waves));
    assert_true(kin_add(o.woolf, o.books, KIN_ROWS(built)));
    int64_t bell_id = kin_int(bell, "id");
    const char *json = kin_json(o.waves);
    kin_session_release(s, mark);
    churn(&o);
    assert_non_null(strstr(json, "a note that came from the database")); /* the row's memory */
    assert_string_equal(kin_text(o.waves, "note"), "a note that came from the database");
    assert_int_equal(kin_int(o.waves, "AuthorId"), bell_id);
    assert_int_equal(kin_int(built, "AuthorId"), kin_int(o.woolf, "id"));
    assert_true(kin_add(o.waves, o.tags, KIN_ROWS(red)));
    assert_string_equal(kin_text(kin_find_one(s, o.link), "role"), "a role that is long enough to need its own memory");
    assert_kin_ok(s);
    world_close(&o.w);
}

TEST(M26_marks_nest_and_free_what_came_after_them) {
    struct shelf o;
    shelf_open(&o);
    kin_session *s = o.w.s;
    kin_mark outer = kin_session_mark(s);
    kin_row *a = kin_build(s, o.book, { "title", kin("a") });
    kin_mark inner = kin_session_mark(s);
    kin_build(s, o.book, { "title", kin("b") });
    kin_put(a, "title", kin("a, changed within the inner mark"));
    kin_session_release(s, inner);
    churn(&o);
    assert_string_equal(kin_text(a, "title"), "a, changed within the inner mark");
    kin_mark left = kin_session_mark(s), right = kin_session_mark(s);
    kin_session_release(s, outer); /* with those inside */
    assert_kin_ok(s);
    kin_mark gone[] = { outer, inner, left, right };
    for (size_t i = 0; i < 4; i++) {
        kin_session_release(s, gone[i]);
        assert_kin_error(s, KIN_MISUSE, "kin_session_release: the mark was released already, or is another session's; nothing is freed");
    }
    kin_session *t = kin_session_open(o.w.db);
    kin_mark theirs = kin_session_mark(t);
    kin_session_release(s, theirs);
    assert_kin_error(s, KIN_MISUSE, "another session's");
    kin_session_release(t, theirs);
    assert_kin_ok(t);
    kin_session_close(t);
    kin_session_mark(s); /* left open: it ends with the session */
    assert_non_null(kin_find_one(s, o.book));
    world_close(&o.w);
}

TEST(M26_a_mark_within_a_transaction_and_a_rollback_after_it) {
    struct shelf o;
    shelf_open(&o);
    kin_session *s = o.w.s;
    assert_true(kin_begin(s));
    for (int i = 0; i < 3; i++) {
        kin_mark mark = kin_session_mark(s);
        assert_non_null(kin_create(s, o.book, { "title", kin("young") })); /* forgotten by memory, and by the rollback */
        kin_put(o.waves, "pages", kin(i));
        assert_true(kin_save(o.waves));
        kin_put(o.waves, "note", kin(i == 2 ? "third" : "other"));
        assert_true(kin_save(o.waves));
        assert_true(kin_increment(kin_find_by_pk(s, o.book, kin_key_of(o.waves)), "pages", kin(0)));
        kin_session_release(s, mark);
        churn(&o);
    }
    assert_int_equal(kin_count_all(s, o.book), 4);
    assert_false(kin_changed(o.waves, NULL));
    assert_true(kin_rollback(s));
    assert_int_equal(kin_count_all(s, o.book), 1);
    assert_true(kin_changed(o.waves, "pages"));
    assert_true(kin_changed(o.waves, "note"));
    assert_string_equal(kin_text(o.waves, "note"), "third");
    assert_true(kin_save(o.waves));
    kin_row *found = kin_find_by_pk(s, o.book, kin_key_of(o.waves));
    assert_int_equal(kin_int(found, "pages"), 2);
    assert_string_equal(kin_text(found, "note"), "third");
    /* a level that begins within a mark and ends after it */
    kin_mark mark = kin_session_mark(s);
    assert_true(kin_begin(s));
    kin_row *young = kin_create(s, o.book, { "title", kin("young") });
    assert_true(kin_set_one(young, o.author_of, o.woolf));
    assert_true(kin_add(o.woolf, o.books, KIN_ROWS(o.waves)));
    kin_session_release(s, mark);
    churn(&o);
    assert_true(kin_rollback(s));
    assert_true(kin_is_null(o.waves, "AuthorId"));
    assert_int_equal(kin_count_all(s, o.book), 1);
    assert_kin_ok(s);
    world_close(&o.w);
}

/* ---- cursors ---- */

TEST(M26_a_cursor_in_a_transaction) {
    struct shelf o;
    shelf_open(&o);
    kin_session *s = o.w.s;
    for (int i = 0; i < 400; i++)
        kin_create(s, o.tag, { "word", kin("word") });
    assert_true(kin_begin(s));
    size_t count = 0;
    kin_cursor *cursor = kin_each(s, o.tag, .order = KIN_NAMES("id"));
    for (kin_row *row; (row = kin_next(cursor)) != NULL; count++) {
        kin_put(row, "word", kin("seen")); /* the body writes, in the same transaction */
        assert_true(kin_save(row));
    }
    assert_int_equal(count, 400);
    assert_int_equal(kin_count_all(s, o.tag, .where = kin_eq("word", "seen")), 400);
    assert_true(kin_rollback(s));
    assert_int_equal(kin_count_all(s, o.tag, .where = kin_eq("word", "seen")), 0);

    assert_true(kin_begin(s)); /* left in the middle, and its transaction ends */
    cursor = kin_each(s, o.tag);
    assert_non_null(kin_next(cursor));
    assert_true(kin_rollback(s));
    while (kin_next(cursor)) /* to its end, or to an error: but it ends */
        assert_true(count++ < 2000);
    kin_clear_error(s);
    kin_cursor_close(cursor);
    kin_mark mark = kin_session_mark(s);
    cursor = kin_each(s, o.tag);
    assert_non_null(kin_next(cursor));
    kin_session_release(s, mark); /* ends it */
    assert_true(kin_begin(s));
    assert_int_equal(kin_destroy_all(s, o.tag, .all = true), 400);
    assert_true(kin_commit(s));
    assert_non_null(kin_each(s, o.book)); /* and this one ends with the session */
    assert_kin_ok(s);
    world_close(&o.w);
}

/* A window's rows are not the whole table, however many there are in it. */
TEST(M26_each_window_of_a_cursor_looks_its_targets_up) {
    struct shelf o;
    shelf_open(&o);
    kin_session *s = o.w.s;
    for (int i = 0; i < 600; i++)
        assert_non_null(kin_create_for(kin_create(s, o.author, { "name", kin("nobody") }), o.books, { "title", kin("none") }));
    world_forget(&o.w);
    kin_cursor *cursor = kin_each(s, o.author, .include = KIN_INCLUDE(KIN_WITH(o.books)));
    while (kin_next(cursor))
        ;
    kin_cursor_close(cursor);
    assert_kin_ok(s);
    assert_int_equal(world_sent(&o.w, NULL), 4); /* the authors, and the books of three windows */
    for (size_t i = 0; i < 4; i++) /* a unary plus keeps SQLite from using the index */
        assert_null(strstr(world_statement(&o.w, i), "WHERE +"));
    world_close(&o.w);
}

TEST(M26_a_cursor_needs_nothing_of_its_caller_after_the_call) {
    struct shelf o;
    shelf_open(&o);
    kin_session *s = o.w.s;
    for (int i = 0; i < 600; i++)
        assert_non_null(kin_create_for(o.woolf, o.books, { "title", kin(i % 2 ? "odd" : "even") }));
    char title[] = "even", hers[] = "Virginia%", name[] = "title";
    const char *names[] = { name, "AuthorId" };
    kin_include includes[] = { { .association = o.author_of, .include = KIN_INCLUDE(KIN_WITH(o.books, .where = kin_eq("title", title), .limit = 3)) },
                               { .association = o.tags, .required = false } };
    kin_cursor *cursor = kin_each(s, o.book, .attributes = kin_names_of(2, names), .include = kin_includes_of(2, includes),
                                  .where = kin_and(kin_eq(name, title), kin_like("Author.name", hers)), .order_sql = kin_sql("length(?)", kin(hers)));
    assert_non_null(cursor);
    memset(includes, 0, sizeof includes);
    memset(names, 0, sizeof names);
    memset(title, 'x', sizeof title - 1);
    memset(hers, 'x', sizeof hers - 1);
    memset(name, 'x', sizeof name - 1);
    size_t count = 0;
    for (kin_row *row; (row = kin_next(cursor)) != NULL; count++) {
        assert_string_equal(kin_text(row, "title"), "even");
        kin_row *author = kin_related_one(row, o.author_of);
        assert_string_equal(kin_text(author, "name"), "Virginia Woolf");
        assert_int_equal(kin_related(author, o.books).count, 3);
        assert_string_equal(kin_text(kin_related(author, o.books).at[2], "title"), "even");
        assert_int_equal(kin_related(row, o.tags).count, 0);
    }
    assert_kin_ok(s);
    assert_int_equal(count, 300);
    world_close(&o.w);
}

TEST(M26_a_condition_that_is_kept_needs_nothing_of_its_maker) {
    struct shelf o;
    shelf_open(&o);
    char name[] = "title", title[] = "The Waves";
    const kin_condition *kept = kin_keep(o.w.s, kin_or(kin_eq(name, title), kin_in(name, kin(title)), kin_not(kin_exists(o.tags)), NULL));
    memset(name, 'x', sizeof name - 1);
    memset(title, 'x', sizeof title - 1);
    assert_int_equal(kin_count_all(o.w.s, o.book, .where = kept), 1);
    /* a value that no call takes is told where it is used */
    const kin_value nowhere = { .type = KIN_VALUE_TEXT, .as.text = { NULL, 5 } };
    kept = kin_keep(o.w.s, kin_eq("title", nowhere));
    assert_non_null(kept);
    assert_int_equal(kin_count_all(o.w.s, o.book, .where = kept), -1);
    assert_kin_error(o.w.s, KIN_MISUSE, "Book.title");
    assert_null(kin_each(o.w.s, o.book, .where = kin_eq("title", nowhere)));
    assert_kin_error(o.w.s, KIN_MISUSE, "Book.title");
    world_close(&o.w);
}

/* ---- sessions and connections ---- */

TEST(M26_a_memory_database_is_one_for_all_sessions_of_its_handle) {
    kin_schema *schema = kin_schema_new();
    kin_model *tag = kin_define(schema, "Tag", KIN_ATTRIBUTES(KIN_STRING("word")));
    kin_db *db = kin_open("sqlite::memory:", schema), *other = kin_open("sqlite::memory:", schema);
    assert_true(kin_sync(db));
    kin_session *s[4];
    for (size_t i = 0; i < 4; i++)
        s[i] = kin_session_open(db);
    assert_non_null(kin_create(s[0], tag, { "word", kin("x") }));
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(kin_count_all(s[i], tag), 1);
    for (size_t i = 0; i < 4; i++)
        kin_session_close(s[i]);
    s[0] = kin_session_open(db); /* it lives as long as the handle */
    assert_int_equal(kin_count_all(s[0], tag), 1);
    assert_ptr_equal(kin_session_db(s[0]), db);
    kin_session_close(s[0]);
    assert_true(kin_sync(other)); /* and is another handle's not at all */
    s[0] = kin_session_open(other);
    assert_int_equal(kin_count_all(s[0], tag), 0);
    assert_kin_ok(s[0]);
    kin_session_close(s[0]);
    kin_close(other);
    kin_close(db);
    kin_schema_free(schema);
}

TEST(M27_one_connection_serves_many_sessions_until_one_needs_it_for_itself) {
    kin_schema *schema = kin_schema_new();
    kin_model *tag = kin_define(schema, "Tag", KIN_ATTRIBUTES(KIN_STRING("word")));
    char url[600];
    snprintf(url, sizeof url, "sqlite:%s/x.db", test_temporary());
    kin_db *db = kin_open(strstr(test_url(), ":memory:") ? url : test_url(), schema, .pool = 1, .acquire_timeout = 20);
    assert_true(kin_sync(db, .force = true));
    kin_session *s[3];
    for (size_t i = 0; i < 3; i++)
        s[i] = kin_session_open(db);
    for (int round = 0; round < 3; round++)
        for (size_t i = 0; i < 3; i++)
            assert_non_null(kin_create(s[i], tag, { "word", kin("x") }));
    assert_true(kin_begin(s[0]));
    assert_non_null(kin_create(s[0], tag, { "word", kin("mine") }));
    assert_int_equal(kin_count_all(s[1], tag), -1);
    assert_kin_error(s[1], KIN_CONNECTION, "no connection was free within 20 ms: 1 of 1 are busy");
    assert_true(kin_commit(s[0]));
    assert_int_equal(kin_count_all(s[1], tag), 10);
    assert_true(kin_begin(s[1]));
    for (int i = 0; i < 590; i++)
        assert_non_null(kin_create(s[1], tag, { "word", kin("x") }));
    assert_true(kin_commit(s[1]));
    kin_cursor *cursor = kin_each(s[1], tag);
    assert_non_null(kin_next(cursor));
    assert_int_equal(kin_count_all(s[2], tag), -1);
    assert_kin_error(s[2], KIN_CONNECTION, "no connection was free");
    kin_cursor_close(cursor);
    assert_int_equal(kin_count_all(s[2], tag), 600);
    assert_true(kin_begin(s[2])); /* the failure above left no transaction behind */
    assert_true(kin_rollback(s[2]));
    for (size_t i = 0; i < 3; i++) {
        assert_kin_ok(s[i]);
        kin_session_close(s[i]);
    }
    assert_true(kin_drop(db));
    kin_close(db);
    kin_schema_free(schema);
}

/* ---- hooks of finding ---- */

struct seen {
    int before, after;
    size_t rows;
    const kin_condition *where;
    bool refuse;
};

static bool see(void *context, const kin_hook_event *event) {
    struct seen *seen = context;
    seen->before += event->kind == KIN_BEFORE_FIND;
    seen->after += event->kind == KIN_AFTER_FIND;
    seen->rows = event->rows.count;
    seen->where = event->where;
    return !seen->refuse;
}

TEST(M13_hooks_of_finding) {
    struct seen seen = { 0 };
    struct world w;
    world_start(&w);
    kin_model *tag = kin_define(w.schema, "Tag", KIN_ATTRIBUTES(KIN_STRING("word")));
    kin_hook_add(tag, KIN_BEFORE_FIND, see, &seen);
    kin_hook_add(tag, KIN_AFTER_FIND, see, &seen);
    world_open(&w);
    kin_bulk_create(w.s, tag, KIN_RECORDS(KIN_VALUES({ "word", kin("a") }), KIN_VALUES({ "word", kin("b") })));
    const kin_condition *where = kin_gt("id", 0);
    assert_int_equal(kin_find_all(w.s, tag, .where = where).count, 2);
    assert_int_equal(seen.before, 1);
    assert_int_equal(seen.after, 1);
    assert_int_equal(seen.rows, 2);
    assert_ptr_equal(seen.where, where);
    assert_non_null(kin_find_one(w.s, tag));
    assert_int_equal(seen.rows, 1);
    assert_int_equal(kin_find_all(w.s, tag, .no_hooks = true).count, 2);
    assert_int_equal(seen.before, 2);
    seen.refuse = true;
    world_forget(&w);
    assert_int_equal(kin_find_all(w.s, tag).count, 0);
    assert_kin_error(w.s, KIN_HOOK, "a before_find hook of Tag refused");
    assert_int_equal(w.statement_count, 0);
    world_close(&w);
}
