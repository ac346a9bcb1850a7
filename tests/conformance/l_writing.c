/* Writes that are refused: by kin before anything is sent, or by the database, whose words come with the model and the attribute. What is refused
 * changes nothing, neither in the tables nor in the rows in memory. */
#include "world.h"

struct shop {
    struct world w;
    kin_model *user, *task, *tag, *link, *card;
    kin_association *tasks, *owner, *tags, *card_of;
    kin_row *ann, *bob, *t1, *t2, *red, *blue;
};

static void shop_declare(struct shop *o) {
    world_start(&o->w);
    o->user = kin_define(o->w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name", .not_null = true), KIN_STRING("email", .unique = true)), .table = "users");
    o->task = kin_define(o->w.schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title")), .table = "tasks");
    o->tag = kin_define(o->w.schema, "Tag", KIN_ATTRIBUTES(KIN_STRING("word")), .table = "tags");
    o->link = kin_define(o->w.schema, "TaskTag", KIN_ATTRIBUTES(KIN_STRING("role")), .table = "task_tags");
    o->card = kin_define(o->w.schema, "Card", KIN_ATTRIBUTES(KIN_INTEGER("user_id", .unique = true)), .table = "cards");
    o->tasks = kin_has_many(o->user, o->task, .foreign_key = "user_id");
    o->owner = kin_belongs_to(o->task, o->user, .as = "Owner", .foreign_key = "user_id");
    o->tags = kin_belongs_to_many(o->task, o->tag, .through_model = o->link, .foreign_key = "task_id", .other_key = "tag_id");
    o->card_of = kin_has_one(o->user, o->card, .foreign_key = "user_id");
}

static void shop_fill(struct shop *o) {
    kin_session *s = o->w.s;
    o->ann = kin_create(s, o->user, { "name", kin("Ann") }, { "email", kin("ann@x") });
    o->bob = kin_create(s, o->user, { "name", kin("Bob") }, { "email", kin("bob@x") });
    o->t1 = kin_create(s, o->task, { "title", kin("one") });
    o->t2 = kin_create(s, o->task, { "title", kin("two") });
    o->red = kin_create(s, o->tag, { "word", kin("red") });
    o->blue = kin_create(s, o->tag, { "word", kin("blue") });
    assert_kin_ok(s);
    world_forget(&o->w);
}

static void shop_open(struct shop *o) {
    shop_declare(o);
    world_open(&o->w);
    shop_fill(o);
}

#define links_of(shop) world_number(&(shop)->w, "SELECT count(*) AS n FROM task_tags")

/* ---- the database's constraints ---- */

static void assert_dangling(struct shop *o, const char *model, const char *text) {
    const kin_error *error = kin_error_of(o->w.s);
    assert_int_equal(error->status, KIN_CONSTRAINT);
    assert_int_equal(error->constraint, KIN_FOREIGN_KEY);
    assert_string_equal(error->model, model);
    if (!strstr(error->message, text) || !strstr(error->message, "the row it points at does not exist"))
        fail_msg("%s", error->message);
    assert_non_null(error->sql);
    assert_null(strstr(error->sql, "99")); /* without its values */
    kin_clear_error(o->w.s);
}

TEST(L25_links_to_what_is_not_there) {
    struct shop o;
    shop_open(&o);
    assert_false(kin_set_one_key(o.t1, o.owner, kin(99)));
    assert_string_equal(kin_error_of(o.w.s)->attribute, "user_id");
    assert_dangling(&o, "Task", "user_id -> User");
    assert_true(kin_is_null(o.t1, "user_id"));
    assert_false(kin_changed(o.t1, NULL));

    assert_false(kin_add(o.t1, o.tags, KIN_KEYS(kin(99))));
    assert_dangling(&o, "TaskTag", "tag_id -> Tag");
    assert_int_equal(kin_set(o.t1, o.tags, KIN_KEYS(kin_key_of(o.red), kin(99))).count, 0);
    assert_dangling(&o, "TaskTag", "tag_id -> Tag");
    assert_int_equal(links_of(&o), 0);

    assert_null(kin_create(o.w.s, o.task, { "title", kin("x") }, { "user_id", kin(99) }));
    assert_dangling(&o, "Task", "user_id -> User");
    kin_put(o.t1, "user_id", kin(99));
    assert_false(kin_save(o.t1));
    assert_dangling(&o, "Task", "user_id -> User");
    assert_true(kin_changed(o.t1, "user_id")); /* it is still to be saved */
    assert_int_equal(kin_count_all(o.w.s, o.task, .where = kin_ne("user_id", kin_null)), 0);
    assert_int_equal(kin_count_all(o.w.s, o.task), 2);
    world_close(&o.w);
}

TEST(L25_deleting_what_is_referenced_is_refused_with_the_one_who_does) {
    struct shop o;
    world_start(&o.w);
    o.user = kin_define(o.w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")));
    o.task = kin_define(o.w.schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title")));
    o.tasks = kin_has_many(o.user, o.task, .on_delete = KIN_RESTRICT, .on_update = KIN_RESTRICT);
    world_open(&o.w);
    o.ann = kin_create(o.w.s, o.user, { "name", kin("Ann") });
    o.t1 = kin_create_for(o.ann, o.tasks, { "title", kin("one") });
    assert_false(kin_destroy(o.ann));
    const kin_error *error = kin_error_of(o.w.s);
    assert_int_equal(error->constraint, KIN_FOREIGN_KEY);
    assert_string_equal(error->model, "User");
    assert_non_null(strstr(error->message, "(Task.UserId) refuses it: it is still referenced"));
    kin_clear_error(o.w.s);
    assert_true(kin_is_saved(o.ann));
    assert_int_equal(kin_count_all(o.w.s, o.user), 1);
    assert_true(kin_destroy(o.t1));
    assert_true(kin_destroy(o.ann));
    assert_kin_ok(o.w.s);
    world_close(&o.w);
}

TEST(L26_a_value_that_is_taken) {
    struct shop o;
    shop_open(&o);
    assert_null(kin_create(o.w.s, o.user, { "name", kin("Eve") }, { "email", kin("ann@x") }));
    const kin_error *error = kin_error_of(o.w.s);
    assert_int_equal(error->status, KIN_CONSTRAINT);
    assert_int_equal(error->constraint, KIN_UNIQUE);
    assert_string_equal(error->model, "User");
    assert_string_equal(error->attribute, "email");
    assert_non_null(strstr(error->message, "User.email: must be unique, and this value is taken"));
    assert_true(strncmp(error->sql, "INSERT INTO", 11) == 0);
    assert_null(strstr(error->sql, "ann@x"));
    assert_true(error->native_code != 0 || error->sqlstate[0] != '\0');
    kin_clear_error(o.w.s);
    kin_put(o.bob, "email", kin("ann@x"));
    assert_false(kin_save(o.bob));
    assert_kin_error(o.w.s, KIN_CONSTRAINT, "User.email: must be unique");
    assert_int_equal(kin_bulk_create(o.w.s, o.user, KIN_RECORDS(KIN_VALUES({ "name", kin("Eve") }, { "email", kin("eve@x") }),
                                                                KIN_VALUES({ "name", kin("Ann") }, { "email", kin("ann@x") }))).count, 0);
    assert_kin_error(o.w.s, KIN_CONSTRAINT, "User.email: must be unique");
    assert_int_equal(kin_count_all(o.w.s, o.user), 2); /* all or none */
    world_close(&o.w);
}

TEST(L26_a_pair_is_linked_once_and_a_key_of_one_has_one) {
    struct shop o;
    shop_open(&o);
    assert_true(kin_add(o.t1, o.tags, KIN_ROWS(o.red, o.red, o.blue))); /* twice in one call is once */
    assert_true(kin_add(o.t1, o.tags, KIN_ROWS(o.red)));
    assert_int_equal(links_of(&o), 2);
    kin_bulk_create(o.w.s, o.link, KIN_RECORDS(KIN_VALUES({ "task_id", kin_key_of(o.t1) }, { "tag_id", kin_key_of(o.red) })));
    assert_int_equal(kin_error_of(o.w.s)->constraint, KIN_UNIQUE); /* by hand it is the database's to refuse */
    assert_kin_error(o.w.s, KIN_CONSTRAINT, "TaskTag (task_id, tag_id): must be unique together, and these values are taken");
    assert_int_equal(links_of(&o), 2);

    assert_non_null(kin_create_for(o.ann, o.card_of, KIN_DEFAULTS));
    assert_null(kin_create(o.w.s, o.card, { "user_id", kin_key_of(o.ann) }));
    assert_kin_error(o.w.s, KIN_CONSTRAINT, "Card.user_id: must be unique, and this value is taken");
    assert_int_equal(kin_count_all(o.w.s, o.card), 1);
    world_close(&o.w);
}

/* ---- keys that cannot be NULL ---- */

TEST(L27_a_link_that_has_to_be_cannot_end) {
    struct shop o;
    world_start(&o.w);
    o.user = kin_define(o.w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")));
    o.task = kin_define(o.w.schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title")));
    o.card = kin_define(o.w.schema, "Card", KIN_ATTRIBUTES(KIN_STRING("number")));
    o.tasks = kin_has_many(o.user, o.task, .key = { .not_null = true });
    o.owner = kin_belongs_to(o.task, o.user, .key = { .not_null = true });
    o.card_of = kin_has_one(o.user, o.card, .key = { .not_null = true });
    world_open(&o.w);
    o.ann = kin_create(o.w.s, o.user, { "name", kin("Ann") });
    o.t1 = kin_create_for(o.ann, o.tasks, { "title", kin("one") });
    kin_row *card = kin_create_for(o.ann, o.card_of, { "number", kin("1") });
    assert_kin_ok(o.w.s);
    world_forget(&o.w);

    for (int i = 0; i < 4; i++) {
        static const char *const attributes[] = { "UserId", "UserId", "UserId", "UserId" };
        if (i == 0)
            assert_false(kin_set_one(o.t1, o.owner, NULL));
        else if (i == 1)
            assert_false(kin_remove(o.ann, o.tasks, KIN_ROWS(o.t1)));
        else if (i == 2)
            assert_int_equal(kin_set(o.ann, o.tasks, KIN_NONE).count, 0);
        else
            assert_false(kin_set_one(o.ann, o.card_of, NULL));
        const kin_error *error = kin_error_of(o.w.s);
        assert_int_equal(error->status, KIN_INVALID);
        assert_string_equal(error->model, i == 3 ? "Card" : "Task");
        assert_string_equal(error->attribute, attributes[i]);
        assert_non_null(strstr(error->message, i == 3 ? "Card.UserId cannot be NULL" : "Task.UserId cannot be NULL"));
        kin_clear_error(o.w.s);
    }
    assert_int_equal(world_sent(&o.w, "UPDATE"), 0);
    assert_int_equal(kin_int(o.t1, "UserId"), kin_int(o.ann, "id"));
    assert_int_equal(kin_int(card, "UserId"), kin_int(o.ann, "id"));
    assert_int_equal(kin_count_all(o.w.s, o.task, .where = kin_eq("UserId", kin_key_of(o.ann))), 1);
    world_close(&o.w);
}

TEST(L27_a_value_that_has_to_be_is_missed_before_anything_is_sent) {
    struct shop o;
    shop_open(&o);
    assert_null(kin_create(o.w.s, o.user, { "email", kin("x") }));
    const kin_error *error = kin_error_of(o.w.s);
    assert_int_equal(error->status, KIN_INVALID);
    assert_int_equal(error->constraint, KIN_NOT_NULL);
    assert_string_equal(error->attribute, "name");
    assert_kin_error(o.w.s, KIN_INVALID, "User.name cannot be NULL");
    kin_put(o.ann, "name", kin_null);
    assert_false(kin_save(o.ann));
    assert_kin_error(o.w.s, KIN_INVALID, "User.name cannot be NULL");
    assert_int_equal(o.w.statement_count, 0);
    assert_false(kin_save(o.ann, .no_validate = true)); /* the database says it too */
    assert_int_equal(kin_error_of(o.w.s)->constraint, KIN_NOT_NULL);
    assert_string_equal(kin_error_of(o.w.s)->attribute, "name");
    assert_kin_error(o.w.s, KIN_CONSTRAINT, "User.name: cannot be null");
    world_close(&o.w);
}

/* ---- statements that would reach too far ---- */

TEST(L28_a_row_without_its_key_is_not_written) {
    struct shop o;
    world_start(&o.w);
    kin_model *place = kin_define(o.w.schema, "Place", KIN_ATTRIBUTES(KIN_STRING("code", .primary_key = true), KIN_INTEGER("size")));
    world_open(&o.w);
    kin_row *here = kin_create(o.w.s, place, { "code", kin("here") }, { "size", kin(1) });
    kin_row *there = kin_create(o.w.s, place, { "code", kin("there") }, { "size", kin(2) });
    world_forget(&o.w);
    kin_put(here, "code", kin_null);
    kin_put(here, "size", kin(9));
    assert_false(kin_save(here));
    assert_kin_error(o.w.s, KIN_INVALID, "Place.code cannot be NULL");
    assert_int_equal(o.w.statement_count, 0);

    kin_row *built = kin_build(o.w.s, place, { "code", kin("new") }, { "size", kin(9) });
    assert_false(kin_destroy(built));
    assert_kin_error(o.w.s, KIN_MISUSE, "kin_destroy: this Place is not in the database yet: kin_save it first");
    assert_false(kin_reload(built));
    assert_kin_error(o.w.s, KIN_MISUSE, "kin_reload: this Place is not in the database yet");
    assert_false(kin_increment(built, "size", kin(1)));
    assert_kin_error(o.w.s, KIN_MISUSE, "kin_increment: this Place is not in the database yet");
    assert_int_equal(o.w.statement_count, 0);
    kin_reload(here);
    kin_reload(there);
    assert_int_equal(kin_int(here, "size"), 1);
    assert_int_equal(kin_int(there, "size"), 2);

    kin_put(here, "code", kin("elsewhere")); /* another key: the row that has the old one is written, and no other */
    kin_put(here, "size", kin(5));
    assert_true(kin_save(here));
    assert_int_equal(kin_count_all(o.w.s, place), 2);
    assert_int_equal(kin_count_all(o.w.s, place, .where = kin_eq("size", 5)), 1);
    assert_non_null(kin_find_by_pk(o.w.s, place, kin("elsewhere")));
    assert_null(kin_find_by_pk(o.w.s, place, kin("here")));
    assert_kin_ok(o.w.s);
    world_close(&o.w);
}

TEST(L28_a_row_that_is_known_by_another_key_alone) {
    struct shop o;
    world_start(&o.w);
    o.task = kin_define(o.w.schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title")));
    o.tag = kin_define(o.w.schema, "Tag", KIN_ATTRIBUTES(KIN_STRING("word", .unique = true), KIN_INTEGER("uses")));
    o.tags = kin_belongs_to_many(o.task, o.tag, .through = "TaskTags", .target_key = "word");
    world_open(&o.w);
    o.t1 = kin_create(o.w.s, o.task, { "title", kin("one") });
    o.red = kin_create(o.w.s, o.tag, { "word", kin("red") }, { "uses", kin(1) });
    o.blue = kin_create(o.w.s, o.tag, { "word", kin("blue") }, { "uses", kin(2) });
    kin_rows rows = kin_set(o.t1, o.tags, KIN_KEYS(kin("red")));
    assert_kin_ok(o.w.s);
    assert_int_equal(rows.count, 1);
    world_forget(&o.w);
    assert_true(kin_put(rows.at[0], "uses", kin(9)));
    assert_false(kin_save(rows.at[0]));
    assert_kin_error(o.w.s, KIN_MISUSE, "kin_save: this Tag has no value for its primary key, so the statement would reach the whole table");
    assert_false(kin_destroy(rows.at[0]));
    assert_kin_error(o.w.s, KIN_MISUSE, "kin_destroy: this Tag has no value for its primary key");
    assert_int_equal(o.w.statement_count, 0);
    assert_int_equal(kin_count_all(o.w.s, o.tag, .where = kin_eq("uses", 9)), 0);
    world_close(&o.w);
}

TEST(L29_many_rows_need_a_condition_or_all) {
    struct shop o;
    shop_open(&o);
    static const char *const update = "kin_update_all: Task without a condition: write .where = kin_eq(\"id\", ...), or .all = true for every row";
    static const char *const destroy = "kin_destroy_all: Task without a condition";
    const kin_condition *nothing[] = { NULL, NULL };
    const kin_condition *conditions[] = { NULL, kin_all_of(0, NULL), kin_all_of(2, nothing), kin_and(NULL), kin_and(kin_and(NULL), kin_all_of(2, nothing)) };
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
        assert_int_equal(kin_update_all(o.w.s, o.task, KIN_VALUES({ "title", kin("x") }), .where = conditions[i]), -1);
        assert_kin_error(o.w.s, KIN_MISUSE, update);
        assert_int_equal(kin_destroy_all(o.w.s, o.task, .where = conditions[i]), -1);
        assert_kin_error(o.w.s, KIN_MISUSE, destroy);
    }
    assert_int_equal(o.w.statement_count, 0);
    assert_int_equal(kin_update_all(o.w.s, o.task, KIN_VALUES({ "title", kin("x") }), .all = true), 2);
    assert_int_equal(kin_destroy_all(o.w.s, o.task, .where = kin_eq("title", "nothing")), 0);
    assert_int_equal(kin_destroy_all(o.w.s, o.task, .all = true), 2);
    assert_int_equal(kin_count_all(o.w.s, o.task), 0);
    assert_kin_ok(o.w.s);
    world_close(&o.w);
}

/* ---- sources and targets that are not fit ---- */

TEST(L30_unsaved_rows_are_named_before_anything_is_sent) {
    struct shop o;
    shop_open(&o);
    kin_row *built = kin_build(o.w.s, o.task, { "title", kin("new") }), *word = kin_build(o.w.s, o.tag, { "word", kin("green") });
    static const char *const source = "this Task is not saved yet, so Task.Tags cannot be followed; kin_save it first";
    kin_add(built, o.tags, KIN_ROWS(o.red));
    assert_kin_error(o.w.s, KIN_MISUSE, source);
    kin_set(built, o.tags, KIN_NONE);
    assert_kin_error(o.w.s, KIN_MISUSE, source);
    kin_get(built, o.tags);
    assert_kin_error(o.w.s, KIN_MISUSE, source);
    assert_int_equal(kin_count(built, o.tags), -1);
    assert_kin_error(o.w.s, KIN_MISUSE, source);
    assert_null(kin_create_for(built, o.tags, { "word", kin("x") }));
    assert_kin_error(o.w.s, KIN_MISUSE, source);
    assert_false(kin_add(o.t1, o.tags, KIN_ROWS(o.red, word)));
    assert_kin_error(o.w.s, KIN_MISUSE, "kin_add: target 2 of 2 is not saved yet; kin_save it first (Task.Tags takes rows of Tag)");
    kin_set(o.t1, o.tags, KIN_ROWS(word));
    assert_kin_error(o.w.s, KIN_MISUSE, "kin_set: target 1 of 1 is not saved yet");
    assert_false(kin_set_one(o.t1, o.owner, kin_build(o.w.s, o.user, { "name", kin("Eve") })));
    assert_kin_error(o.w.s, KIN_MISUSE, "kin_set_one: target 1 of 1 is not saved yet");
    assert_int_equal(o.w.statement_count, 0);
    assert_int_equal(links_of(&o), 0);
    assert_true(kin_destroy(o.red));
    assert_false(kin_add(o.t1, o.tags, KIN_ROWS(o.blue, o.red)));
    assert_kin_error(o.w.s, KIN_MISUSE, "kin_add: target 2 of 2 was destroyed");
    assert_true(kin_destroy(o.t1));
    kin_get(o.t1, o.tags);
    assert_kin_error(o.w.s, KIN_STALE, "this Task was destroyed, so Task.Tags cannot be followed any more");
    world_close(&o.w);
}

TEST(L31_L32_lists_and_options_that_are_left_out) {
    struct shop o;
    shop_declare(&o);
    kin_model *job = kin_define(o.w.schema, "Job", KIN_ATTRIBUTES(KIN_STRING("title")), .table = "jobs");
    kin_association *main_tags =
        kin_belongs_to_many(job, o.tag, .as = "MainTags", .through = "JobTags", .through_scope = KIN_VALUES({ "kind", kin("main") }));
    kin_define(o.w.schema, "JobTags", KIN_ATTRIBUTES(KIN_STRING("kind")), .table = "job_tags");
    world_open(&o.w);
    shop_fill(&o);
    kin_row *row = kin_create(o.w.s, job, { "title", kin("a") });
    assert_true(kin_add(row, main_tags, KIN_ROWS(o.red))); /* the scope fills the join row without a .through */
    assert_int_equal(world_number(&o.w, "SELECT count(*) AS n FROM job_tags WHERE kind = 'main'"), 1);

    assert_true(kin_add(o.ann, o.tasks, KIN_ROWS(o.t1, o.t2)));
    assert_true(kin_add(o.t1, o.tags, KIN_ROWS(o.red)));
    (kin_set)(o.t1, o.tags, NULL); /* no options at all: no targets, as with KIN_NONE */
    (kin_set)(o.ann, o.tasks, NULL);
    assert_kin_ok(o.w.s);
    assert_int_equal(links_of(&o), 0);
    assert_int_equal(kin_count(o.ann, o.tasks), 0);
    assert_true((kin_add)(o.ann, o.tasks, NULL));
    assert_true((kin_remove)(o.ann, o.tasks, NULL));
    kin_add(o.ann, o.tasks, { .count = 2 });
    assert_kin_error(o.w.s, KIN_MISUSE, "kin_add: 2 targets, but neither rows nor keys; give KIN_ROWS, KIN_KEYS or KIN_NONE");
    world_close(&o.w);
}

TEST(L33_a_null_row_in_a_list_is_told_with_its_place) {
    struct shop o;
    shop_open(&o);
    assert_true(kin_add(o.ann, o.tasks, KIN_ROWS(o.t1)));
    world_forget(&o.w);
    kin_set(o.ann, o.tasks, KIN_ROWS(o.t2, NULL));
    assert_kin_error(o.w.s, KIN_MISUSE, "kin_set: target 2 of 2 is NULL (User.Tasks takes rows of Task)");
    assert_false(kin_add(o.t1, o.tags, KIN_ROWS(NULL)));
    assert_kin_error(o.w.s, KIN_MISUSE, "kin_add: target 1 of 1 is NULL (Task.Tags takes rows of Tag)");
    assert_false(kin_remove(o.t1, o.tags, KIN_ROWS(o.red, NULL, o.blue)));
    assert_kin_error(o.w.s, KIN_MISUSE, "kin_remove: target 2 of 3 is NULL");
    assert_false(kin_has(o.t1, o.tags, KIN_ROWS(NULL)));
    assert_kin_error(o.w.s, KIN_MISUSE, "kin_has: target 1 of 1 is NULL");
    assert_false(kin_add(o.t1, o.tags, KIN_KEYS(kin(1), kin_null)));
    assert_kin_error(o.w.s, KIN_MISUSE, "kin_add: target 2 of 2 is NULL: a key has a value");
    assert_false(kin_add(o.t1, o.tags, KIN_ROWS(o.red, o.ann)));
    assert_kin_error(o.w.s, KIN_MISUSE, "kin_add: target 2 of 2 is a User, but Task.Tags takes rows of Tag");
    assert_int_equal(o.w.statement_count, 0);
    assert_int_equal(kin_count(o.ann, o.tasks), 1);
    world_close(&o.w);
}
