/* Has-many: creating targets, scopes, composite keys, and everything in the caller's transaction. */
#include <kin.h>

#include "test.h"
#include "world.h"

struct plan {
    struct world w;
    kin_model *project, *task;
    kin_association *tasks;
    kin_row *engine, *loom;
};

static void plan_declare(struct plan *p) {
    world_start(&p->w);
    p->project = kin_define(p->w.schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")));
    p->task = kin_define(p->w.schema, "Task",
                         KIN_ATTRIBUTES(KIN_STRING("title", .default_value = kin("untitled"), .validate = { .max_length = 20 }), KIN_INTEGER("hours")));
    p->tasks = kin_has_many(p->project, p->task);
}

static void plan_fill(struct plan *p) {
    p->engine = kin_create(p->w.s, p->project, { "title", kin("Engine") });
    p->loom = kin_create(p->w.s, p->project, { "title", kin("Loom") });
    assert_kin_ok(p->w.s);
    world_forget(&p->w);
}

static void plan_open(struct plan *p) {
    plan_declare(p);
    world_open(&p->w);
    plan_fill(p);
}

/* ---- create ---- */

TEST(E35_E37_a_target_is_created_with_one_insert) {
    struct plan p;
    plan_open(&p);
    kin_row *made = kin_create_for(p.engine, p.tasks, { "title", kin("draw") }, { "hours", kin(4) });
    assert_kin_ok(p.w.s);
    assert_int_equal(p.w.statement_count, 1);
    assert_int_equal(world_sent(&p.w, "INSERT"), 1);
    assert_true(kin_model_of(made) == p.task);
    assert_true(kin_is_saved(made));
    assert_int_equal(kin_int(made, "ProjectId"), kin_int(p.engine, "id"));
    kin_row *found = kin_find_by_pk(p.w.s, p.task, kin_key_of(made));
    assert_string_equal(kin_text(found, "title"), "draw");
    assert_int_equal(kin_int(found, "hours"), 4);
    assert_int_equal(kin_int(found, "ProjectId"), kin_int(p.engine, "id"));
    assert_true(kin_has_exactly(p.engine, p.tasks, KIN_ROWS(made)));
    world_close(&p.w);
}

TEST(E35_values_may_be_left_out_and_the_key_is_the_association_s) {
    struct plan p;
    plan_open(&p);
    kin_row *made = kin_create_for(p.engine, p.tasks, KIN_DEFAULTS);
    assert_string_equal(kin_text(kin_find_by_pk(p.w.s, p.task, kin_key_of(made)), "title"), "untitled");
    assert_int_equal(kin_count(p.engine, p.tasks), 1);
    made = kin_create_for(p.engine, p.tasks, { "ProjectId", kin_key_of(p.loom) });
    assert_int_equal(kin_int(kin_find_by_pk(p.w.s, p.task, kin_key_of(made)), "ProjectId"), kin_int(p.engine, "id"));
    assert_kin_ok(p.w.s);
    assert_null(kin_create_for(p.engine, p.tasks, { "titel", kin("x") }));
    assert_kin_error(p.w.s, KIN_MISUSE, "titel");
    assert_null(kin_create_for(p.engine, p.tasks, { "title", kin("a title that is much too long") }));
    assert_kin_error(p.w.s, KIN_INVALID, "Task.title");
    assert_int_equal(kin_count_all(p.w.s, p.task), 2);
    world_close(&p.w);
}

TEST(E36_a_list_of_attributes_gets_the_key_on_top) {
    struct plan p;
    plan_open(&p);
    kin_row *made = kin_create_linked(p.engine, p.tasks, KIN_VALUES({ "title", kin("draw") }, { "hours", kin(4) }), .attributes = KIN_NAMES("hours"));
    assert_kin_ok(p.w.s);
    kin_row *found = kin_find_by_pk(p.w.s, p.task, kin_key_of(made));
    assert_string_equal(kin_text(found, "title"), "untitled");
    assert_int_equal(kin_int(found, "hours"), 4);
    assert_int_equal(kin_int(found, "ProjectId"), kin_int(p.engine, "id"));
    world_close(&p.w);
}

/* ---- scopes ---- */

struct scoped {
    struct world w;
    kin_model *post, *comment;
    kin_association *comments, *notes; /* all; those of the kind "note" that are not hidden */
    kin_row *post1, *plainly, *note;
};

static void scoped_open(struct scoped *c) {
    world_start(&c->w);
    c->post = kin_define(c->w.schema, "Post", KIN_ATTRIBUTES(KIN_STRING("title")));
    c->comment = kin_define(c->w.schema, "Comment", KIN_ATTRIBUTES(KIN_STRING("text"), KIN_STRING("kind"), KIN_BOOLEAN("hidden")));
    c->comments = kin_has_many(c->post, c->comment);
    c->notes = kin_has_many(c->post, c->comment, .as = "Notes", .foreign_key = "PostId",
                            .scope = KIN_VALUES({ "kind", kin("note") }, { "hidden", kin(false) }));
    world_open(&c->w);
    c->post1 = kin_create(c->w.s, c->post, { "title", kin("first") });
    c->plainly = kin_create_for(c->post1, c->comments, { "text", kin("plain") }, { "kind", kin("talk") });
    c->note = kin_create_for(c->post1, c->notes, { "text", kin("noted") });
    assert_kin_ok(c->w.s);
    world_forget(&c->w);
}

static kin_row *scoped_found(struct scoped *c, const kin_row *comment) { return kin_find_by_pk(c->w.s, c->comment, kin_key_of(comment)); }

TEST(E39_a_scope_restricts_what_is_read) {
    struct scoped c;
    scoped_open(&c);
    assert_int_equal(kin_count(c.post1, c.comments), 2);
    assert_int_equal(kin_count(c.post1, c.notes), 1);
    kin_rows notes = kin_get(c.post1, c.notes);
    assert_int_equal(notes.count, 1);
    assert_string_equal(kin_text(notes.at[0], "text"), "noted");
    assert_true(kin_has(c.post1, c.notes, KIN_ROWS(c.note)));
    assert_false(kin_has(c.post1, c.notes, KIN_ROWS(c.plainly)));
    assert_true(kin_has(c.post1, c.comments, KIN_ROWS(c.note, c.plainly)));
    assert_true(kin_has_exactly(c.post1, c.notes, KIN_ROWS(c.note)));
    kin_row *found = kin_find_one(c.w.s, c.post, .include = KIN_INCLUDE(KIN_WITH(c.comments), KIN_WITH(c.notes)));
    assert_int_equal(kin_related(found, c.comments).count, 2);
    assert_int_equal(kin_related(found, c.notes).count, 1);
    assert_string_equal(kin_text(kin_related(found, c.notes).at[0], "text"), "noted");
    assert_int_equal(kin_count(c.post1, c.notes, .where = kin_eq("kind", "talk")), 0);
    assert_kin_ok(c.w.s);
    world_close(&c.w);
}

TEST(E35_E36_E39_a_scope_is_written_by_create) {
    struct scoped c;
    scoped_open(&c);
    kin_row *found = scoped_found(&c, c.note);
    assert_string_equal(kin_text(found, "kind"), "note");
    assert_false(kin_is_null(found, "hidden"));
    assert_false(kin_bool(found, "hidden"));
    kin_row *other = kin_create_for(c.post1, c.notes, { "kind", kin("talk") }, { "hidden", kin(true) });
    assert_string_equal(kin_text(scoped_found(&c, other), "kind"), "note"); /* the scope wins */
    assert_false(kin_bool(scoped_found(&c, other), "hidden"));
    kin_row *limited = kin_create_linked(c.post1, c.notes, KIN_VALUES({ "text", kin("x") }), .attributes = KIN_NAMES("text"));
    assert_string_equal(kin_text(scoped_found(&c, limited), "kind"), "note");
    assert_int_equal(kin_int(scoped_found(&c, limited), "PostId"), kin_int(c.post1, "id"));
    assert_kin_ok(c.w.s);
    world_close(&c.w);
}

TEST(E39_a_scope_is_written_by_add_and_set) {
    struct scoped c;
    scoped_open(&c);
    kin_row *one = kin_create(c.w.s, c.comment, { "text", kin("one") });
    kin_row *two = kin_create(c.w.s, c.comment, { "text", kin("two") }, { "kind", kin("talk") }, { "hidden", kin(true) });
    assert_true(kin_add(c.post1, c.notes, KIN_ROWS(one)));
    assert_string_equal(kin_text(scoped_found(&c, one), "kind"), "note");
    assert_string_equal(kin_text(one, "kind"), "note");
    assert_int_equal(kin_count(c.post1, c.notes), 2);
    /* What is linked outside of the scope is not seen, and stays. */
    assert_int_equal(kin_set(c.post1, c.notes, KIN_ROWS(two)).count, 1);
    assert_string_equal(kin_text(scoped_found(&c, two), "kind"), "note");
    assert_false(kin_bool(scoped_found(&c, two), "hidden"));
    assert_true(kin_is_null(scoped_found(&c, one), "PostId"));
    assert_true(kin_is_null(scoped_found(&c, c.note), "PostId"));
    assert_int_equal(kin_int(scoped_found(&c, c.plainly), "PostId"), kin_int(c.post1, "id"));
    assert_true(kin_remove(c.post1, c.notes, KIN_ROWS(c.plainly)));
    assert_int_equal(kin_int(scoped_found(&c, c.plainly), "PostId"), kin_int(c.post1, "id"));
    assert_int_equal(kin_set(c.post1, c.notes, KIN_NONE).count, 0);
    assert_int_equal(kin_count(c.post1, c.comments), 1);
    assert_kin_ok(c.w.s);
    world_close(&c.w);
}

TEST(E40_a_scope_stays_what_it_was) {
    struct scoped c;
    scoped_open(&c);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(kin_get(c.post1, c.notes, .where = kin_ne("kind", "x")).count, 1);
        assert_int_equal(kin_count(c.post1, c.notes), 1);
        kin_find_all(c.w.s, c.post, .include = KIN_INCLUDE(KIN_WITH(c.notes, .where = kin_eq("text", "noted"))));
    }
    assert_kin_ok(c.w.s);
    size_t half = c.w.statement_count / 2;
    assert_int_equal(half, 4);
    for (size_t i = 0; i < half; i++)
        assert_string_equal(world_statement(&c.w, i), world_statement(&c.w, half + i));
    world_close(&c.w);
}

/* ---- transactions ---- */

TEST(E46_every_verb_is_part_of_the_caller_s_transaction) {
    struct plan p;
    plan_open(&p);
    kin_row *a = kin_create_for(p.engine, p.tasks, { "title", kin("A") });
    kin_row *b = kin_create(p.w.s, p.task, { "title", kin("B") });
    kin_row *c = kin_create(p.w.s, p.task, { "title", kin("C") });
    assert_true(kin_begin(p.w.s));
    assert_int_equal(kin_set(p.engine, p.tasks, KIN_ROWS(b)).count, 1);
    assert_true(kin_add(p.engine, p.tasks, KIN_ROWS(c)));
    assert_true(kin_remove(p.engine, p.tasks, KIN_ROWS(b)));
    kin_row *made = kin_create_for(p.engine, p.tasks, { "title", kin("D") });
    assert_true(kin_has_exactly(p.engine, p.tasks, KIN_ROWS(c, made)));
    assert_int_equal(kin_count(p.engine, p.tasks), 2);
    assert_int_equal(kin_get(p.engine, p.tasks).count, 2);
    assert_true(kin_rollback(p.w.s));
    assert_kin_ok(p.w.s);
    assert_true(kin_has_exactly(p.engine, p.tasks, KIN_ROWS(a)));
    assert_int_equal(kin_count_all(p.w.s, p.task), 3);
    assert_false(kin_is_saved(made));
    assert_true(kin_is_null(c, "ProjectId")); /* rows in memory are what they were, too */
    assert_true(kin_is_null(b, "ProjectId"));
    assert_true(kin_begin(p.w.s));
    assert_int_equal(kin_set(p.engine, p.tasks, KIN_ROWS(b)).count, 1);
    assert_true(kin_commit(p.w.s));
    assert_true(kin_has_exactly(p.engine, p.tasks, KIN_ROWS(b)));
    assert_kin_ok(p.w.s);
    world_close(&p.w);
}

TEST(E46_links_are_seen_in_their_transaction_and_not_outside) {
    struct plan p;
    char url[8192];
    plan_declare(&p);
    snprintf(url, sizeof url, "%s", test_url());
    if (strstr(url, ":memory:")) /* where a second session would wait for the first */
        snprintf(url, sizeof url, "sqlite:%s/isolation.db", test_temporary());
    p.w.db = kin_open(url, p.w.schema);
    assert_null(kin_db_error(p.w.db));
    assert_true(kin_sync(p.w.db, .force = true));
    p.w.s = kin_session_open(p.w.db);
    plan_fill(&p);
    kin_row *a = kin_create(p.w.s, p.task, { "title", kin("A") });
    kin_session *outside = kin_session_open(p.w.db);
    kin_row *engine = kin_find_by_pk(outside, p.project, kin_key_of(p.engine));
    assert_true(kin_begin(p.w.s));
    assert_true(kin_add(p.engine, p.tasks, KIN_ROWS(a)));
    assert_int_equal(kin_count(p.engine, p.tasks), 1);
    assert_true(kin_has(p.engine, p.tasks, KIN_ROWS(a)));
    assert_int_equal(kin_count(engine, p.tasks), 0);
    assert_int_equal(kin_get(engine, p.tasks).count, 0);
    assert_false(kin_has(engine, p.tasks, KIN_KEYS(kin_key_of(a))));
    assert_kin_ok(outside);
    assert_true(kin_commit(p.w.s));
    assert_int_equal(kin_count(engine, p.tasks), 1);
    assert_true(kin_has(engine, p.tasks, KIN_KEYS(kin_key_of(a))));
    assert_kin_ok(outside);
    assert_kin_ok(p.w.s);
    kin_session_close(outside);
    world_close(&p.w);
}

/* ---- composite keys ---- */

struct places {
    struct world w;
    kin_model *country, *place;
    kin_association *places;
    kin_row *wales;
};

static kin_row *places_one(struct places *p, const char *area, int number) {
    return kin_create(p->w.s, p->place, { "area", kin(area) }, { "number", kin(number) });
}

static void places_open(struct places *p) {
    world_start(&p->w);
    p->country = kin_define(p->w.schema, "Country", KIN_ATTRIBUTES(KIN_STRING("name")));
    p->place = kin_define(p->w.schema, "Place",
                          KIN_ATTRIBUTES(KIN_CHAR("area", .length = 2, .primary_key = true), KIN_INTEGER("number", .primary_key = true)));
    p->places = kin_has_many(p->country, p->place);
    world_open(&p->w);
    p->wales = kin_create(p->w.s, p->country, { "name", kin("Wales") });
    assert_kin_ok(p->w.s);
}

/* The linked places in order, e.g. "a1 b2 ". */
static const char *places_linked(struct places *p) {
    static char text[256];
    size_t size = 0;
    kin_rows rows = kin_get(p->wales, p->places, .order = KIN_NAMES("area", "number"));
    assert_kin_ok(p->w.s);
    text[0] = '\0';
    for (size_t i = 0; i < rows.count && size < sizeof text; i++)
        size += (size_t)snprintf(text + size, sizeof text - size, "%.1s%d ", kin_text(rows.at[i], "area"), (int)kin_int(rows.at[i], "number"));
    return text;
}

TEST(E47_targets_with_composite_keys_are_compared_as_a_whole) {
    struct places p;
    places_open(&p);
    kin_row *a1 = places_one(&p, "aa", 1), *a2 = places_one(&p, "aa", 2), *b1 = places_one(&p, "bb", 1), *b2 = places_one(&p, "bb", 2);
    assert_int_equal(kin_set(p.wales, p.places, KIN_ROWS(a1, b2)).count, 2);
    assert_string_equal(places_linked(&p), "a1 b2 ");
    assert_true(kin_has(p.wales, p.places, KIN_ROWS(b2, a1)));
    assert_false(kin_has(p.wales, p.places, KIN_ROWS(a2)));
    assert_false(kin_has(p.wales, p.places, KIN_KEYS(kin_key(kin("bb"), kin(1)))));
    world_forget(&p.w);
    assert_int_equal(kin_set(p.wales, p.places, KIN_KEYS(kin_key(kin("bb"), kin("2")), kin_key(kin("aa"), kin(1)))).count, 2);
    assert_int_equal(p.w.statement_count, 1); /* nothing to change */
    assert_int_equal(kin_set(p.wales, p.places, KIN_ROWS(a2, b1, b2)).count, 3);
    assert_string_equal(places_linked(&p), "a2 b1 b2 ");
    assert_true(kin_remove(p.wales, p.places, KIN_KEYS(kin_key(kin("bb"), kin(1)), kin_key(kin("aa"), kin(1)))));
    assert_string_equal(places_linked(&p), "a2 b2 ");
    assert_true(kin_add(p.wales, p.places, KIN_ROWS(a1, a2)));
    assert_string_equal(places_linked(&p), "a1 a2 b2 ");
    assert_true(kin_has_exactly(p.wales, p.places, KIN_ROWS(b2, a2, a1)));
    assert_false(kin_add(p.wales, p.places, KIN_KEYS(kin("aa"))));
    assert_kin_error(p.w.s, KIN_MISUSE, "the key of Place has 2 parts, not 1");
    world_close(&p.w);
}

TEST(E47_sources_with_composite_keys_give_each_target_all_parts) {
    struct world w;
    world_start(&w);
    kin_model *place = kin_define(w.schema, "Place",
                                  KIN_ATTRIBUTES(KIN_CHAR("area", .length = 2, .primary_key = true), KIN_INTEGER("number", .primary_key = true)));
    kin_model *visit = kin_define(w.schema, "Visit", KIN_ATTRIBUTES(KIN_STRING("who")));
    kin_association *visits = kin_has_many(place, visit);
    world_open(&w);
    assert_names(kin_association_describe(visits)->foreign_key, "PlaceArea", "PlaceNumber");
    kin_row *a1 = kin_create(w.s, place, { "area", kin("aa") }, { "number", kin(1) });
    kin_row *a2 = kin_create(w.s, place, { "area", kin("aa") }, { "number", kin(2) });
    kin_row *ada = kin_create_for(a1, visits, { "who", kin("Ada") }), *ben = kin_create(w.s, visit, { "who", kin("Ben") });
    assert_true(kin_add(a2, visits, KIN_ROWS(ben)));
    assert_int_equal(kin_count(a1, visits), 1);
    assert_int_equal(kin_count(a2, visits), 1);
    kin_row *found = kin_find_by_pk(w.s, visit, kin_key_of(ben));
    assert_string_equal(kin_text(found, "PlaceArea"), "aa");
    assert_int_equal(kin_int(found, "PlaceNumber"), 2);
    assert_int_equal(kin_set(a2, visits, KIN_ROWS(ada)).count, 1);
    assert_int_equal(kin_count(a1, visits), 0);
    found = kin_find_by_pk(w.s, visit, kin_key_of(ben));
    assert_true(kin_is_null(found, "PlaceArea") && kin_is_null(found, "PlaceNumber"));
    assert_kin_ok(w.s);
    world_close(&w);
}
