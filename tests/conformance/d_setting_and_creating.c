/* Has-one, as it is written: the partner there was loses the key, the new one gets it, all or nothing. */
#include <kin.h>

#include "test.h"
#include "world.h"

struct works {
    struct world w;
    kin_model *project, *user;
    kin_association *user_of;
    kin_row *engine, *loom, *ada, *ben;
};

static void works_declare(struct works *x, bool not_null) {
    world_start(&x->w);
    x->project = kin_define(x->w.schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")));
    x->user = kin_define(x->w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name", .not_null = true), KIN_INTEGER("age")));
    x->user_of = kin_has_one(x->project, x->user, .key = { .not_null = not_null });
}

/* Ada is the engine's. */
static void works_fill(struct works *x) {
    x->engine = kin_create(x->w.s, x->project, { "title", kin("Engine") });
    x->loom = kin_create(x->w.s, x->project, { "title", kin("Loom") });
    x->ada = kin_create(x->w.s, x->user, { "name", kin("Ada") }, { "age", kin(36) }, { "ProjectId", kin_key_of(x->engine) });
    if (!kin_attribute_named(x->user, "ProjectId")->not_null)
        x->ben = kin_create(x->w.s, x->user, { "name", kin("Ben") }, { "age", kin(20) });
    assert_kin_ok(x->w.s);
    world_forget(&x->w);
}

static void works_open(struct works *x) {
    works_declare(x, false);
    world_open(&x->w);
    works_fill(x);
}

/* SQL as it reads without quotes, "?" for every bind. */
static const char *plain(const char *sql) {
    static char text[4096];
    size_t size = 0;
    for (; *sql && size + 1 < sizeof text; sql++) {
        if (*sql == '`' || *sql == '"')
            continue;
        text[size++] = *sql == '$' ? '?' : *sql;
        while (*sql == '$' && sql[1] >= '0' && sql[1] <= '9')
            sql++;
    }
    text[size] = '\0';
    return text;
}

/* The n-th UPDATE that was sent. */
static const char *update_sent(const struct world *w, size_t number) {
    for (size_t i = 0; i < w->statement_count; i++)
        if (strncmp(world_statement(w, i), "UPDATE", 6) == 0 && number-- == 0)
            return plain(world_statement(w, i));
    return "";
}

/* The project that the database has for the user: 0 for none. */
static int64_t project_in_database(struct works *x, const kin_row *user) {
    kin_row *found = kin_find_by_pk(x->w.s, x->user, kin_key_of(user));
    assert_kin_ok(x->w.s);
    assert_non_null(found);
    return kin_is_null(found, "ProjectId") ? 0 : kin_int(found, "ProjectId");
}

#define assert_project(works, user, project) assert_int_equal(project_in_database(works, user), (project) ? kin_int(project, "id") : 0)

/* ---- the setter ---- */

TEST(D5_the_partner_is_read_then_unlinked_then_the_new_one_linked) {
    struct works x;
    works_open(&x);
    assert_true(kin_set_one(x.engine, x.user_of, x.ben));
    size_t first_update = 0;
    while (first_update < x.w.statement_count && strncmp(world_statement(&x.w, first_update), "UPDATE", 6) != 0)
        first_update++;
    assert_true(first_update > 0);
    assert_int_equal(world_sent(&x.w, "UPDATE"), 2);
    assert_int_equal(world_sent(&x.w, "SELECT") + world_sent(&x.w, "UPDATE"), world_sent(&x.w, NULL));
    assert_true(world_sent(&x.w, "BEGIN") + world_sent(&x.w, "START") == 1);
    assert_int_equal(world_sent(&x.w, "COMMIT"), 1);
    assert_string_equal(update_sent(&x.w, 0), "UPDATE Users SET ProjectId = ? WHERE id = ?");
    assert_string_equal(update_sent(&x.w, 1), "UPDATE Users SET ProjectId = ? WHERE id = ?");
    assert_project(&x, x.ada, NULL);
    assert_project(&x, x.ben, x.engine);
    assert_true(kin_equals(kin_get_one(x.engine, x.user_of), x.ben));
    world_close(&x.w);
}

TEST(D5_everything_is_in_the_caller_s_transaction) {
    struct works x;
    works_open(&x);
    assert_true(kin_begin(x.w.s));
    assert_true(kin_set_one(x.engine, x.user_of, x.ben));
    assert_true(kin_equals(kin_get_one(x.engine, x.user_of), x.ben));
    assert_true(kin_rollback(x.w.s));
    assert_project(&x, x.ada, x.engine);
    assert_project(&x, x.ben, NULL);
    assert_kin_ok(x.w.s);
    assert_true(kin_begin(x.w.s));
    assert_true(kin_set_one_key(x.engine, x.user_of, kin_key_of(x.ben)));
    assert_true(kin_commit(x.w.s));
    assert_project(&x, x.ada, NULL);
    assert_project(&x, x.ben, x.engine);
    world_close(&x.w);
}

static bool refuse(void *context, const kin_hook_event *event) {
    const char *const *name = context;
    return !*name || strcmp(kin_text(event->row, "name"), *name) != 0;
}

TEST(D5_a_failure_leaves_the_old_partner) {
    struct works x;
    const char *refused = NULL;
    works_declare(&x, false);
    kin_hook_add(x.user, KIN_BEFORE_UPDATE, refuse, &refused);
    world_open(&x.w);
    works_fill(&x);
    refused = "Ben";
    assert_false(kin_set_one(x.engine, x.user_of, x.ben));
    assert_kin_error(x.w.s, KIN_HOOK, "");
    assert_project(&x, x.ada, x.engine);
    assert_project(&x, x.ben, NULL);
    assert_true(kin_is_null(x.ben, "ProjectId"));
    assert_true(kin_set_one(x.engine, x.user_of, x.ben, .no_hooks = true));
    assert_project(&x, x.ben, x.engine);
    world_close(&x.w);
}

TEST(D6_the_new_partner_is_saved_with_all_that_changed_in_it) {
    struct works x;
    works_open(&x);
    kin_put(x.ben, "age", kin(21));
    kin_put(x.ben, "name", kin("Benjamin"));
    assert_true(kin_set_one(x.engine, x.user_of, x.ben));
    kin_row *found = kin_find_by_pk(x.w.s, x.user, kin_key_of(x.ben));
    assert_string_equal(kin_text(found, "name"), "Benjamin");
    assert_int_equal(kin_int(found, "age"), 21);
    assert_project(&x, x.ben, x.engine);
    assert_false(kin_changed(x.ben, NULL));
    assert_int_equal(world_sent(&x.w, "UPDATE"), 2);
    world_close(&x.w);
}

TEST(D7_D12_a_key_links_the_row_that_has_it) {
    struct works x;
    works_open(&x);
    assert_true(kin_set_one_key(x.engine, x.user_of, kin_key_of(x.ben)));
    assert_project(&x, x.ben, x.engine);
    assert_project(&x, x.ada, NULL);
    kin_row *found = kin_find_by_pk(x.w.s, x.user, kin_key_of(x.ben));
    assert_string_equal(kin_text(found, "name"), "Ben"); /* nothing else of it is touched */
    assert_int_equal(kin_int(found, "age"), 20);
    assert_true(kin_set_one_key(x.loom, x.user_of, kin_key_of(x.ada)));
    assert_project(&x, x.ada, x.loom);
    world_close(&x.w);
}

TEST(D7_a_key_that_does_not_exist_is_an_error_and_the_partner_stays) {
    struct works x;
    works_open(&x);
    assert_false(kin_set_one_key(x.engine, x.user_of, kin(777)));
    assert_non_null(strstr(kin_error_of(x.w.s)->message, "777"));
    assert_kin_error(x.w.s, KIN_NOT_FOUND, "User");
    assert_project(&x, x.ada, x.engine);
    assert_int_equal(world_sent(&x.w, "UPDATE"), 0);
    assert_false(kin_set_one_key(x.loom, x.user_of, kin(777)));
    assert_kin_error(x.w.s, KIN_NOT_FOUND, "User");
    assert_int_equal(kin_count_all(x.w.s, x.user), 2);
    world_close(&x.w);
}

TEST(D8_null_unlinks_the_partner) {
    struct works x;
    works_open(&x);
    assert_true(kin_set_one(x.engine, x.user_of, NULL));
    assert_int_equal(world_sent(&x.w, "UPDATE"), 1);
    assert_string_equal(update_sent(&x.w, 0), "UPDATE Users SET ProjectId = ? WHERE id = ?");
    assert_project(&x, x.ada, NULL);
    assert_null(kin_get_one(x.engine, x.user_of));
    assert_int_equal(kin_count_all(x.w.s, x.user), 2);
    world_forget(&x.w);
    assert_true(kin_set_one(x.loom, x.user_of, NULL)); /* nobody there: nothing to write */
    assert_int_equal(world_sent(&x.w, "SELECT"), 1);
    assert_int_equal(x.w.statement_count, 1);
    assert_kin_ok(x.w.s);
    world_close(&x.w);
}

TEST(D9_D10_the_partner_again_writes_nothing) {
    struct works x;
    works_open(&x);
    assert_true(kin_set_one(x.engine, x.user_of, x.ada));
    assert_int_equal(world_sent(&x.w, "SELECT"), 1);
    assert_int_equal(x.w.statement_count, 1);
    assert_project(&x, x.ada, x.engine);
    /* Another copy of it, and its key. */
    kin_row *copy = kin_find_by_pk(x.w.s, x.user, kin_key_of(x.ada));
    world_forget(&x.w);
    assert_true(kin_set_one(x.engine, x.user_of, copy));
    assert_true(kin_set_one_key(x.engine, x.user_of, kin_key_of(x.ada)));
    assert_int_equal(world_sent(&x.w, "UPDATE"), 0);
    assert_project(&x, x.ada, x.engine);
    assert_true(kin_equals(kin_get_one(x.engine, x.user_of), x.ada));
    assert_kin_ok(x.w.s);
    world_close(&x.w);
}

TEST(D9_what_changed_in_the_partner_is_saved_and_the_link_stays) {
    struct works x;
    works_open(&x);
    kin_put(x.ada, "age", kin(37));
    assert_true(kin_set_one(x.engine, x.user_of, x.ada));
    assert_int_equal(world_sent(&x.w, "UPDATE"), 1);
    assert_string_equal(update_sent(&x.w, 0), "UPDATE Users SET age = ? WHERE id = ?");
    assert_int_equal(kin_int(kin_find_by_pk(x.w.s, x.user, kin_key_of(x.ada)), "age"), 37);
    assert_project(&x, x.ada, x.engine);
    world_close(&x.w);
}

TEST(D9_memory_that_is_behind_the_database_does_not_decide) {
    struct works x;
    works_open(&x);
    kin_row *copy = kin_find_by_pk(x.w.s, x.user, kin_key_of(x.ada)); /* in memory it is the engine's, */
    assert_true(kin_set_one(x.engine, x.user_of, x.ben));             /* which it is no more */
    assert_true(kin_set_one(x.engine, x.user_of, copy));
    assert_project(&x, copy, x.engine);
    assert_project(&x, x.ben, NULL);
    assert_kin_ok(x.w.s);
    world_close(&x.w);
}

TEST(D11_D12_a_partner_that_is_not_saved_is_inserted_with_the_key) {
    struct works x;
    works_open(&x);
    kin_row *cleo = kin_build(x.w.s, x.user, { "name", kin("Cleo") }, { "age", kin(30) });
    assert_true(kin_set_one(x.engine, x.user_of, cleo));
    assert_int_equal(world_sent(&x.w, "INSERT"), 1);
    assert_int_equal(world_sent(&x.w, "UPDATE"), 1); /* Ada's */
    assert_true(kin_is_saved(cleo));
    assert_int_equal(kin_int(cleo, "ProjectId"), kin_int(x.engine, "id"));
    assert_project(&x, cleo, x.engine);
    assert_project(&x, x.ada, NULL);
    assert_int_equal(kin_int(kin_find_by_pk(x.w.s, x.user, kin_key_of(cleo)), "age"), 30);
    /* One that cannot be inserted: all stays as it was. */
    kin_row *nobody = kin_build(x.w.s, x.user, { "age", kin(1) });
    assert_false(kin_set_one(x.engine, x.user_of, nobody));
    assert_kin_error(x.w.s, KIN_INVALID, "User.name");
    assert_false(kin_is_saved(nobody));
    assert_project(&x, cleo, x.engine);
    world_close(&x.w);
}

TEST(D12_the_linked_row_knows_its_key) {
    struct works x;
    works_open(&x);
    assert_true(kin_set_one(x.engine, x.user_of, x.ben));
    assert_int_equal(kin_int(x.ben, "ProjectId"), kin_int(x.engine, "id"));
    assert_false(kin_changed(x.ben, NULL));
    assert_true(kin_equals(kin_get_one(x.engine, x.user_of), x.ben));
    assert_kin_ok(x.w.s);
    world_close(&x.w);
}

TEST(D13_a_partner_of_another_source_is_taken_over) {
    struct works x;
    works_open(&x);
    assert_true(kin_set_one(x.loom, x.user_of, x.ada));
    assert_int_equal(world_sent(&x.w, "UPDATE"), 1);
    assert_project(&x, x.ada, x.loom);
    assert_null(kin_get_one(x.engine, x.user_of));
    assert_true(kin_equals(kin_get_one(x.loom, x.user_of), x.ada));
    assert_kin_ok(x.w.s);
    world_close(&x.w);
}

TEST(D17_a_source_that_is_not_saved_is_refused) {
    struct works x;
    works_open(&x);
    kin_row *mill = kin_build(x.w.s, x.project, { "title", kin("Mill") });
    assert_false(kin_set_one(mill, x.user_of, x.ben));
    assert_kin_error(x.w.s, KIN_MISUSE, "this Project is not saved yet");
    assert_false(kin_set_one(mill, x.user_of, NULL));
    assert_kin_error(x.w.s, KIN_MISUSE, "this Project is not saved yet");
    assert_false(kin_set_one_key(mill, x.user_of, kin_key_of(x.ben)));
    assert_kin_error(x.w.s, KIN_MISUSE, "this Project is not saved yet");
    assert_null(kin_create_for(mill, x.user_of, { "name", kin("Cleo") }));
    assert_kin_error(x.w.s, KIN_MISUSE, "this Project is not saved yet");
    assert_null(kin_get_one(mill, x.user_of));
    assert_kin_error(x.w.s, KIN_MISUSE, "this Project is not saved yet");
    assert_int_equal(x.w.statement_count, 0);
    assert_project(&x, x.ben, NULL);
    assert_project(&x, x.ada, x.engine);
    world_close(&x.w);
}

TEST(D21_a_key_that_cannot_be_null_keeps_its_partner) {
    struct works x;
    works_declare(&x, true);
    world_open(&x.w);
    works_fill(&x);
    assert_false(kin_set_one(x.engine, x.user_of, NULL));
    assert_string_equal(kin_error_of(x.w.s)->model, "User");
    assert_string_equal(kin_error_of(x.w.s)->attribute, "ProjectId");
    assert_kin_error(x.w.s, KIN_INVALID, "User.ProjectId");
    kin_row *cleo = kin_build(x.w.s, x.user, { "name", kin("Cleo") });
    assert_false(kin_set_one(x.engine, x.user_of, cleo));
    assert_kin_error(x.w.s, KIN_INVALID, "User.ProjectId");
    assert_false(kin_is_saved(cleo));
    assert_null(kin_create_for(x.engine, x.user_of, { "name", kin("Cleo") }));
    assert_kin_error(x.w.s, KIN_INVALID, "User.ProjectId");
    assert_int_equal(world_sent(&x.w, "UPDATE") + world_sent(&x.w, "INSERT"), 0);
    assert_project(&x, x.ada, x.engine);
    /* Where nobody has to leave, nothing is in the way. */
    assert_true(kin_set_one(x.loom, x.user_of, cleo));
    assert_project(&x, cleo, x.loom);
    assert_true(kin_set_one(x.engine, x.user_of, x.ada));
    assert_kin_ok(x.w.s);
    world_close(&x.w);
}

TEST(D29_no_save_is_refused_where_the_target_has_the_key) {
    struct works x;
    works_open(&x);
    assert_false(kin_set_one(x.engine, x.user_of, x.ben, .no_save = true));
    assert_kin_error(x.w.s, KIN_MISUSE, ".no_save is for belongs-to");
    assert_int_equal(x.w.statement_count, 0);
    assert_true(kin_is_null(x.ben, "ProjectId"));
    assert_project(&x, x.ada, x.engine);
    world_close(&x.w);
}

/* ---- the creator ---- */

TEST(D14_a_partner_is_created_with_one_insert) {
    struct works x;
    works_open(&x);
    kin_row *cleo = kin_create_for(x.loom, x.user_of, { "name", kin("Cleo") }, { "age", kin(30) });
    assert_kin_ok(x.w.s);
    assert_int_equal(world_sent(&x.w, "INSERT"), 1);
    assert_int_equal(world_sent(&x.w, "UPDATE"), 0);
    assert_true(kin_is_saved(cleo));
    assert_int_equal(kin_int(cleo, "ProjectId"), kin_int(x.loom, "id"));
    assert_project(&x, cleo, x.loom);
    assert_int_equal(kin_int(kin_find_by_pk(x.w.s, x.user, kin_key_of(cleo)), "age"), 30);
    world_close(&x.w);
}

TEST(D14_values_and_attributes_are_the_caller_s_choice) {
    struct world w;
    world_start(&w);
    kin_model *project = kin_define(w.schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")));
    kin_model *note = kin_define(w.schema, "Note", KIN_ATTRIBUTES(KIN_STRING("text", .default_value = kin("blank")), KIN_INTEGER("size")));
    kin_association *note_of = kin_has_one(project, note);
    world_open(&w);
    kin_row *engine = kin_create(w.s, project, { "title", kin("Engine") });
    kin_row *plainly = kin_create_for(engine, note_of, KIN_DEFAULTS);
    assert_kin_ok(w.s);
    kin_row *found = kin_find_by_pk(w.s, note, kin_key_of(plainly));
    assert_string_equal(kin_text(found, "text"), "blank");
    assert_int_equal(kin_int(found, "ProjectId"), kin_int(engine, "id"));
    kin_row *limited = kin_create_linked(engine, note_of, KIN_VALUES({ "text", kin("x") }, { "size", kin(4) }), .attributes = KIN_NAMES("size"));
    assert_kin_ok(w.s);
    found = kin_find_by_pk(w.s, note, kin_key_of(limited));
    assert_string_equal(kin_text(found, "text"), "blank");
    assert_int_equal(kin_int(found, "size"), 4);
    assert_int_equal(kin_int(found, "ProjectId"), kin_int(engine, "id")); /* the key comes on top of the list */
    world_close(&w);
}

TEST(D15_creating_unlinks_the_partner_there_was) {
    struct works x;
    works_open(&x);
    kin_row *cleo = kin_create_for(x.engine, x.user_of, { "name", kin("Cleo") });
    assert_kin_ok(x.w.s);
    assert_project(&x, x.ada, NULL);
    assert_project(&x, cleo, x.engine);
    assert_int_equal(kin_count_all(x.w.s, x.user, .where = kin_eq("ProjectId", kin_key_of(x.engine))), 1);
    /* In one transaction: a partner that cannot be made takes nobody's place. */
    assert_null(kin_create_for(x.engine, x.user_of, { "age", kin(1) }));
    assert_kin_error(x.w.s, KIN_INVALID, "User.name");
    assert_project(&x, cleo, x.engine);
    assert_int_equal(kin_count_all(x.w.s, x.user), 3);
    world_close(&x.w);
}

/* ---- a scope ---- */

TEST(D23_a_scope_is_looked_for_and_written) {
    struct world w;
    world_start(&w);
    kin_model *item = kin_define(w.schema, "Item", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_model *picture = kin_define(w.schema, "Picture", KIN_ATTRIBUTES(KIN_STRING("file"), KIN_STRING("role")));
    kin_association *cover = kin_has_one(item, picture, .as = "Cover", .scope = KIN_VALUES({ "role", kin("cover") }));
    world_open(&w);
    kin_row *book = kin_create(w.s, item, { "name", kin("Book") });
    kin_row *back = kin_create(w.s, picture, { "file", kin("back") }, { "role", kin("back") }, { "ItemId", kin_key_of(book) });
    assert_null(kin_get_one(book, cover));
    kin_row *front = kin_create(w.s, picture, { "file", kin("front") });
    assert_true(kin_set_one(book, cover, front));
    kin_row *found = kin_find_by_pk(w.s, picture, kin_key_of(front));
    assert_string_equal(kin_text(found, "role"), "cover");
    assert_int_equal(kin_int(found, "ItemId"), kin_int(book, "id"));
    assert_true(kin_equals(kin_get_one(book, cover), front));
    kin_row *made = kin_create_for(book, cover, { "file", kin("new") }, { "role", kin("ignored") });
    assert_string_equal(kin_text(kin_find_by_pk(w.s, picture, kin_key_of(made)), "role"), "cover");
    assert_true(kin_equals(kin_get_one(book, cover), made));
    assert_true(kin_is_null(kin_find_by_pk(w.s, picture, kin_key_of(front)), "ItemId"));
    /* What is outside of the scope is another's and stays. */
    assert_int_equal(kin_int(kin_find_by_pk(w.s, picture, kin_key_of(back)), "ItemId"), kin_int(book, "id"));
    found = kin_find_one(w.s, item, .include = KIN_INCLUDE(KIN_WITH(cover)));
    assert_true(kin_equals(kin_related_one(found, cover), made));
    assert_true(kin_set_one_key(book, cover, kin_key_of(back)));
    assert_string_equal(kin_text(kin_find_by_pk(w.s, picture, kin_key_of(back)), "role"), "cover");
    assert_kin_ok(w.s);
    world_close(&w);
}

/* ---- destroying a source, with the partner's hooks ---- */

static bool count_call(void *context, const kin_hook_event *event) {
    int *count = context;
    (void)event;
    ++*count;
    return true;
}

TEST(D28_a_source_without_a_partner_is_destroyed_like_any_other) {
    struct world w;
    int destroyed = 0;
    world_start(&w);
    kin_model *project = kin_define(w.schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")));
    kin_model *user = kin_define(w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_association *user_of = kin_has_one(project, user, .on_delete = KIN_CASCADE, .hooks = true);
    kin_hook_add(user, KIN_BEFORE_DESTROY, count_call, &destroyed);
    world_open(&w);
    kin_row *engine = kin_create(w.s, project, { "title", kin("Engine") });
    kin_row *loom = kin_create(w.s, project, { "title", kin("Loom") });
    assert_non_null(kin_create_for(loom, user_of, { "name", kin("Ada") }));
    assert_true(kin_destroy(engine));
    assert_kin_ok(w.s);
    assert_int_equal(destroyed, 0);
    assert_int_equal(kin_count_all(w.s, project), 1);
    assert_int_equal(kin_count_all(w.s, user), 1);
    assert_true(kin_destroy(loom));
    assert_int_equal(destroyed, 1);
    assert_int_equal(kin_count_all(w.s, user), 0);
    assert_kin_ok(w.s);
    world_close(&w);
}

/* ---- orders and states that are easy to get wrong ---- */

TEST(D5_D15_where_the_key_is_unique_the_old_partner_goes_first) {
    struct works x;
    world_start(&x.w);
    x.project = kin_define(x.w.schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")));
    x.user = kin_define(x.w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name", .not_null = true), KIN_INTEGER("age")));
    x.user_of = kin_has_one(x.project, x.user, .key = { .unique = true });
    world_open(&x.w);
    works_fill(&x);
    assert_true(kin_set_one(x.engine, x.user_of, x.ben));
    assert_true(kin_set_one(x.loom, x.user_of, x.ada));
    kin_row *cleo = kin_create_for(x.engine, x.user_of, { "name", kin("Cleo") });
    assert_project(&x, cleo, x.engine);
    assert_project(&x, x.ben, NULL);
    assert_true(kin_set_one(x.engine, x.user_of, x.ada)); /* from the loom, in Cleo's place */
    assert_project(&x, x.ada, x.engine);
    assert_project(&x, cleo, NULL);
    assert_null(kin_get_one(x.loom, x.user_of));
    assert_kin_ok(x.w.s);
    world_close(&x.w);
}

TEST(D9_after_a_rollback_the_same_partner_is_written_again) {
    struct works x;
    works_open(&x);
    assert_true(kin_begin(x.w.s));
    assert_true(kin_set_one(x.engine, x.user_of, x.ben));
    assert_true(kin_rollback(x.w.s));
    assert_project(&x, x.ben, NULL);
    assert_true(kin_set_one(x.engine, x.user_of, x.ben));
    assert_project(&x, x.ben, x.engine);
    assert_project(&x, x.ada, NULL);
    assert_kin_ok(x.w.s);
    world_close(&x.w);
}

TEST(D8_D15_of_several_partners_all_are_unlinked) {
    struct works x;
    works_open(&x);
    kin_row *cleo = kin_create(x.w.s, x.user, { "name", kin("Cleo") }, { "ProjectId", kin_key_of(x.engine) });
    assert_true(kin_set_one(x.engine, x.user_of, cleo));
    assert_project(&x, x.ada, NULL);
    assert_project(&x, cleo, x.engine);
    kin_create(x.w.s, x.user, { "name", kin("Dan") }, { "ProjectId", kin_key_of(x.engine) });
    assert_true(kin_set_one(x.engine, x.user_of, NULL));
    assert_int_equal(kin_count_all(x.w.s, x.user, .where = kin_eq("ProjectId", kin_key_of(x.engine))), 0);
    assert_kin_ok(x.w.s);
    world_close(&x.w);
}
