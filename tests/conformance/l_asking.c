/* Questions that cannot be meant: an error before anything is sent, that says what there is instead. */
#include "world.h"

struct office {
    struct world w;
    kin_model *user, *task, *tag;
    kin_association *tasks, *owner, *tags, *profile;
    kin_row *ann, *work;
};

static void office_open(struct office *o) {
    world_start(&o->w);
    o->user = kin_define(o->w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("username"), KIN_INTEGER("age")));
    o->task = kin_define(o->w.schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title"), KIN_BOOLEAN("done")));
    o->tag = kin_define(o->w.schema, "Tag", KIN_ATTRIBUTES(KIN_STRING("word")));
    kin_model *profile = kin_define(o->w.schema, "Profile", KIN_ATTRIBUTES(KIN_STRING("motto")));
    o->tasks = kin_has_many(o->user, o->task);
    o->owner = kin_belongs_to(o->task, o->user);
    o->tags = kin_belongs_to_many(o->task, o->tag, .through = "TaskTags");
    o->profile = kin_has_one(o->user, profile);
    world_open(&o->w);
    o->ann = kin_create(o->w.s, o->user, { "username", kin("Ann") }, { "age", kin(30) });
    o->work = kin_create_for(o->ann, o->tasks, { "title", kin("Work") });
    assert_kin_ok(o->w.s);
    world_forget(&o->w);
}

/* An error of the call itself, with both texts, and nothing was sent. */
static void assert_misuse(struct office *o, const char *text, const char *hint) {
    const kin_error *error = kin_error_of(o->w.s);
    if (error->status != KIN_MISUSE || !strstr(error->message, text) || !strstr(error->message, hint))
        fail_msg("wanted \"%s\" and \"%s\", got status %d: %s", text, hint, (int)error->status, error->message);
    assert_null(error->sql);
    assert_int_equal(error->constraint, KIN_NO_CONSTRAINT);
    assert_int_equal(o->w.statement_count, 0);
    kin_clear_error(o->w.s);
}

/* ---- includes ---- */

TEST(L19_an_include_is_an_association_of_the_model_that_is_found) {
    struct office o;
    office_open(&o);
    assert_int_equal(kin_find_all(o.w.s, o.user, .include = KIN_INCLUDE(KIN_WITH(o.owner))).count, 0);
    assert_misuse(&o, ".include of User: User is an association of Task, not of User", "Tasks");
    assert_null(kin_find_one(o.w.s, o.user, .include = KIN_INCLUDE(KIN_WITH(NULL))));
    assert_misuse(&o, ".include of User: an association is NULL", "");
    assert_null(kin_find_by_pk(o.w.s, o.task, kin(1), .include = KIN_INCLUDE(KIN_WITH(o.tasks))));
    assert_misuse(&o, "Tasks is an association of User, not of Task", "Tags");
    /* within an include, the association is asked of its target */
    assert_int_equal(kin_find_all(o.w.s, o.user, .include = KIN_INCLUDE(KIN_WITH(o.tasks, .include = KIN_INCLUDE(KIN_WITH(o.profile))))).count, 0);
    assert_non_null(strstr(kin_error_of(o.w.s)->message, ".include of Task: Profile is an association of User, not of Task"));
    assert_string_equal(kin_error_of(o.w.s)->model, "Task");
    assert_string_equal(kin_error_of(o.w.s)->attribute, "Profile");
    kin_clear_error(o.w.s);
    assert_int_equal(kin_count_all(o.w.s, o.user, .include = KIN_INCLUDE(KIN_WITH(o.owner, .required = true))), -1);
    assert_kin_error(o.w.s, KIN_MISUSE, ".include of User: User is an association of Task, not of User");
    world_close(&o.w);
}

TEST(L19_what_an_include_is_given_has_to_fit_its_target) {
    struct office o;
    office_open(&o);
    kin_find_all(o.w.s, o.task, .include = KIN_INCLUDE(KIN_WITH(o.owner, .where = kin_eq("title", "x"))));
    assert_misuse(&o, "User has no attribute or association 'title'", "username");
    kin_find_all(o.w.s, o.task, .include = KIN_INCLUDE(KIN_WITH(o.owner, .attributes = KIN_NAMES("usrname"))));
    assert_misuse(&o, "'usrname'", "username");
    kin_find_all(o.w.s, o.task, .order = KIN_NAMES("User.username")); /* not included */
    assert_misuse(&o, ".order of Task: \"User.username\" does not reach an included belongs-to association", "include it");
    kin_find_all(o.w.s, o.task, .order = KIN_NAMES("Tags.word"), .include = KIN_INCLUDE(KIN_WITH(o.tags))); /* many */
    assert_misuse(&o, "\"Tags.word\" does not reach an included", "");
    kin_find_all(o.w.s, o.task, .include = KIN_INCLUDE(KIN_WITH(o.tags, .limit = -1)));
    assert_misuse(&o, ".include of Task.Tags: the limit is negative", "");
    world_close(&o.w);
}

/* ---- names ---- */

TEST(L20_unknown_names_are_found_before_anything_is_sent) {
    struct office o;
    office_open(&o);
    kin_find_all(o.w.s, o.user, .where = kin_eq("usename", "Ann"));
    assert_misuse(&o, "User has no attribute or association 'usename'", "did you mean 'username'?");
    kin_find_all(o.w.s, o.user, .where = kin_and(kin_eq("age", 1), kin_or(kin_eq("age", 2), kin_not(kin_eq("aeg", 3)))));
    assert_misuse(&o, "User has no attribute or association 'aeg'", "age");
    kin_find_all(o.w.s, o.user, .where = kin_eq("Tasks.titel", "x"));
    assert_misuse(&o, "Task has no attribute or association 'titel'", "title");
    kin_find_all(o.w.s, o.user, .where = kin_eq("Taks.title", "x"));
    assert_misuse(&o, "User has no association 'Taks'", "Tasks");
    kin_find_all(o.w.s, o.user, .order = KIN_NAMES("-agee"));
    assert_misuse(&o, "'agee'", "age");
    kin_find_all(o.w.s, o.user, .attributes = KIN_NAMES("username", "agee"));
    assert_misuse(&o, "'agee'", "age");
    assert_int_equal(kin_count_all(o.w.s, o.user, .where = kin_eq("agee", 1)), -1);
    assert_misuse(&o, "'agee'", "age");
    assert_int_equal(kin_sum(o.w.s, o.user, "agee").type, KIN_VALUE_NULL);
    assert_misuse(&o, "'agee'", "age");
    assert_null(kin_each(o.w.s, o.user, .where = kin_eq("agee", 1)));
    assert_misuse(&o, "'agee'", "age");
    kin_get(o.ann, o.tasks, .where = kin_eq("titel", "x"));
    assert_misuse(&o, "Task has no attribute or association 'titel'", "title");
    kin_aggregate(o.w.s, o.user, KIN_AGGREGATES({ KIN_SUM, "agee", "total" }));
    assert_misuse(&o, "'agee'", "age");
    assert_int_equal(kin_update_all(o.w.s, o.user, KIN_VALUES({ "agee", kin(1) }), .all = true), -1);
    assert_misuse(&o, "'agee'", "age");
    assert_null(kin_create(o.w.s, o.user, { "usrname", kin("x") }));
    assert_misuse(&o, "'usrname'", "username");
    assert_false(kin_put(o.ann, "agee", kin(1)));
    assert_misuse(&o, "'agee'", "age");
    assert_false(kin_save(o.ann, .attributes = KIN_NAMES("agee")));
    assert_misuse(&o, "'agee'", "age");
    assert_int_equal(kin_int(o.ann, "agee"), 0);
    assert_misuse(&o, "'agee'", "age");
    world_close(&o.w);
}

TEST(L20_a_name_is_never_pasted_into_sql) {
    struct office o;
    office_open(&o);
    static const char *const names[] = { "age; DROP TABLE Users", "age\" OR \"1\"=\"1", "age`", "User.age", "", "-age", "age--", "age)" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *name = names[i];
        assert_int_equal(kin_count_all(o.w.s, o.user, .where = kin_eq(name, 30)), -1);
        assert_misuse(&o, "has no", "");
        assert_int_equal(kin_find_all(o.w.s, o.user, .attributes = kin_names_of(1, &name)).count, 0);
        assert_misuse(&o, "has no", "");
        if (strcmp(name, "-age") != 0) { /* descending */
            assert_int_equal(kin_find_all(o.w.s, o.user, .order = kin_names_of(1, &name)).count, 0);
            assert_misuse(&o, "", "");
        }
        const kin_assignment assignment = { name, kin(1) };
        assert_int_equal((kin_update_all)(o.w.s, o.user, kin_values_of(1, &assignment), &(kin_bulk_options){ .size = sizeof(kin_bulk_options), .all = true }), -1);
        assert_misuse(&o, "", "");
    }
    assert_int_equal(kin_count_all(o.w.s, o.user, .where = kin_eq("username", "x' OR '1'='1")), 0); /* and neither is a value */
    assert_kin_ok(o.w.s);
    assert_null(strstr(world_statement(&o.w, 0), "OR"));
    world_close(&o.w);
}

TEST(L21_a_condition_without_a_value_is_an_error) {
    struct office o;
    office_open(&o);
    const kin_value unset = { .type = KIN_VALUE_UNSET };
    kin_find_all(o.w.s, o.user, .where = kin_eq("age", unset));
    assert_misuse(&o, "User.age", "");
    assert_int_equal(kin_destroy_all(o.w.s, o.user, .where = kin_eq("age", unset)), -1);
    assert_misuse(&o, "User.age", "");
    kin_find_all(o.w.s, o.user, .where = kin_in("age", kin(30), unset));
    assert_misuse(&o, "User.age", "");
    kin_find_all(o.w.s, o.user, .where = kin_between("age", 30, unset));
    assert_misuse(&o, "User.age", "");
    kin_find_all(o.w.s, o.user, .where = kin_gt("age", kin_null)); /* no order with NULL */
    assert_misuse(&o, "User.age", "");
    kin_find_all(o.w.s, o.user, .where = kin_eq("age", kin(UINT64_MAX)));
    assert_misuse(&o, "User.age", "9223372036854775807");
    assert_null(kin_find_by_pk(o.w.s, o.user, unset)); /* nothing has such a key */
    assert_null(kin_find_by_pk(o.w.s, o.user, kin_null));
    assert_kin_ok(o.w.s);
    assert_int_equal(kin_count_all(o.w.s, o.user), 1);
    world_close(&o.w);
}

/* ---- accessors ---- */

TEST(L22_an_accessor_that_is_not_there) {
    struct office o;
    office_open(&o);
    assert_false(kin_has_accessor(o.user, "addTaks"));
    assert_null(kin_accessor_named(o.user, "addTaks"));
    assert_null(kin_accessor_named(o.user, NULL));
    assert_false(kin_call(o.ann, "addTaks", .targets = KIN_ROWS(o.work)).ok);
    assert_misuse(&o, "kin_call: User has no accessor 'addTaks'", "addTask");
    assert_false(kin_call(o.work, "getTasks").ok); /* User's */
    assert_misuse(&o, "kin_call: Task has no accessor 'getTasks'", "getTags");
    assert_false(kin_call(o.ann, "removeProfile").ok); /* of many alone */
    assert_misuse(&o, "User has no accessor 'removeProfile'", "");
    assert_true(kin_call(o.ann, "countTasks").ok);
    world_close(&o.w);
}

/* ---- what is no argument ---- */

TEST(L23_a_verb_of_another_kind_of_association) {
    struct office o;
    office_open(&o);
    kin_get(o.work, o.owner);
    assert_misuse(&o, "kin_get: Task.User is a belongs-to association, it has one target at most", "write kin_get_one");
    assert_null(kin_get_one(o.ann, o.tasks));
    assert_misuse(&o, "kin_get_one: User.Tasks is a has-many association, it has any number of targets", "write kin_get");
    kin_set(o.ann, o.profile, KIN_NONE);
    assert_misuse(&o, "User.Profile is a has-one association", "kin_set_one");
    assert_false(kin_set_one(o.work, o.tags, NULL));
    assert_misuse(&o, "Task.Tags is a belongs-to-many association", "kin_set, kin_add or kin_remove");
    kin_add(o.work, o.owner, KIN_ROWS(o.ann));
    assert_misuse(&o, "kin_add: Task.User", "kin_set_one");
    kin_remove(o.work, o.owner, KIN_ROWS(o.ann));
    assert_misuse(&o, "kin_remove: Task.User", "kin_set_one with NULL");
    assert_int_equal(kin_count(o.work, o.owner), -1);
    assert_misuse(&o, "kin_count: Task.User", "kin_get_one");
    assert_false(kin_has(o.work, o.owner, KIN_ROWS(o.ann)));
    assert_misuse(&o, "kin_has: Task.User", "kin_equals");
    kin_related_one(o.ann, o.tasks);
    assert_misuse(&o, "kin_related_one: User.Tasks is has-many", "kin_related");
    kin_get(o.ann, o.tags); /* a Task's */
    assert_misuse(&o, "the row is a User, but Task.Tags starts from a Task", "");
    kin_get(o.ann, NULL);
    assert_misuse(&o, "kin_get: the association is NULL", "the handle that declaring it returned");
    world_close(&o.w);
}

TEST(L23_models_and_keys_that_do_not_fit) {
    struct office o;
    office_open(&o);
    kin_find_all(o.w.s, NULL);
    assert_misuse(&o, "kin_find_all: the model is NULL", "");
    kin_schema *other = kin_schema_new();
    kin_model *stranger = kin_define(other, "User", KIN_ATTRIBUTES(KIN_STRING("username")));
    assert_true(kin_schema_link(other));
    assert_null(kin_create(o.w.s, stranger, { "username", kin("x") }));
    assert_misuse(&o, "kin_create: the model User belongs to another schema than the one kin_open was given", "");
    kin_schema_free(other);
    assert_null(kin_find_by_pk(o.w.s, o.user, kin_key(kin(1), kin(2))));
    assert_misuse(&o, "kin_find_by_pk: the key of User has 1 part, not 2", "write kin(value)");
    assert_null(kin_find_by_pk(o.w.s, o.user, kin("one")));
    assert_misuse(&o, "User.id", "");
    kin_find_all(o.w.s, o.user, .limit = -1);
    assert_misuse(&o, ".limit of User is negative", "kin_limit(n)");
    kin_find_all(o.w.s, o.user, .offset = -1);
    assert_misuse(&o, ".offset of User is negative", "");
    kin_find_all(o.w.s, o.user, .where = kin_eq("age", "old"));
    assert_misuse(&o, "User.age", "");
    kin_find_all(o.w.s, o.user, .where = kin_sql("age > ? AND age < ?", kin(1)));
    assert_misuse(&o, "?", "1");
    kin_find_all(o.w.s, o.user, .order_sql = kin_eq("age", 1));
    assert_misuse(&o, ".order_sql takes a kin_sql, not a comparison", "");
    kin_query(o.w.s, NULL);
    assert_misuse(&o, "kin_query: the SQL is NULL", "");
    world_close(&o.w);
}

TEST(L24_lists_of_attributes) {
    struct office o;
    office_open(&o);
    static const char *const names[] = { "username", NULL };
    kin_find_all(o.w.s, o.user, .attributes = kin_names_of(2, names));
    assert_misuse(&o, "User", "");
    kin_find_all(o.w.s, o.user, .order = kin_names_of(2, names));
    assert_misuse(&o, ".order of User: name 2 is NULL", "");
    kin_row *found = kin_find_one(o.w.s, o.user, .attributes = KIN_NO_NAMES); /* the empty list is one: the key alone */
    assert_int_equal(kin_int(found, "id"), kin_int(o.ann, "id"));
    assert_false(kin_is_loaded(found, "username"));
    found = kin_find_one(o.w.s, o.user, .attributes = kin_names_of(1, names));
    assert_string_equal(kin_text(found, "username"), "Ann");
    assert_kin_ok(o.w.s);
    assert_int_equal(kin_int(found, "age"), 0);
    assert_kin_error(o.w.s, KIN_MISUSE, "User.age was not loaded: name it in .attributes, or kin_reload the row");
    world_close(&o.w);
}
