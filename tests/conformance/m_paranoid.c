/* Rows that are marked as deleted: who sees them, who does not, and what stays as it was. */
#include "world.h"

struct forum {
    struct world w;
    kin_model *user, *post, *tag, *profile, *link;
    kin_association *posts, *author, *tags, *tagged, *profile_of, *profile_user;
    kin_row *ann, *p1, *p2, *red, *blue;
};

/* link: whether the join rows of posts and tags are only marked, too. */
static void forum_open(struct forum *f, bool link) {
    world_start(&f->w);
    kin_schema_defaults(f->w.schema, .timestamps = true, .paranoid = true, .underscored = true);
    f->user = kin_define(f->w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")), .table = "users");
    f->post = kin_define(f->w.schema, "Post", KIN_ATTRIBUTES(KIN_STRING("title")), .table = "posts");
    f->tag = kin_define(f->w.schema, "Tag", KIN_ATTRIBUTES(KIN_STRING("word")), .table = "tags");
    f->profile = kin_define(f->w.schema, "Profile", KIN_ATTRIBUTES(KIN_STRING("motto")), .table = "profiles");
    f->link = kin_define(f->w.schema, "PostTag", KIN_ATTRIBUTES(KIN_STRING("role")), .table = "post_tags", .paranoid = link ? KIN_ON : KIN_OFF);
    f->posts = kin_has_many(f->user, f->post);
    f->author = kin_belongs_to(f->post, f->user, .as = "Author", .foreign_key = "user_id");
    f->profile_of = kin_has_one(f->user, f->profile);
    f->profile_user = kin_belongs_to(f->profile, f->user);
    f->tags = kin_belongs_to_many(f->post, f->tag, .through_model = f->link);
    f->tagged = kin_belongs_to_many(f->tag, f->post, .through_model = f->link);
    world_open(&f->w);
    f->ann = kin_create(f->w.s, f->user, { "name", kin("Ann") });
    f->p1 = kin_create_for(f->ann, f->posts, { "title", kin("one") });
    f->p2 = kin_create_for(f->ann, f->posts, { "title", kin("two") });
    f->red = kin_create_for(f->p1, f->tags, { "word", kin("red") });
    f->blue = kin_create_for(f->p1, f->tags, { "word", kin("blue") });
    kin_create_for(f->ann, f->profile_of, { "motto", kin("onwards") });
    assert_kin_ok(f->w.s);
    world_forget(&f->w);
}

TEST(M1_deleted_targets_are_not_seen) {
    struct forum f;
    forum_open(&f, false);
    kin_session *s = f.w.s;
    assert_true(kin_destroy(f.p2));
    assert_true(kin_destroy(f.blue));
    assert_int_equal(kin_get(f.ann, f.posts).count, 1);
    assert_int_equal(kin_count(f.ann, f.posts), 1);
    assert_int_equal(kin_get(f.p1, f.tags).count, 1);
    assert_int_equal(kin_count(f.p1, f.tags), 1);
    kin_value two = kin_key_of(kin_find_one(s, f.post, .where = kin_eq("title", "two"), .with_deleted = true));
    kin_value blue = kin_key_of(kin_find_one(s, f.tag, .where = kin_eq("word", "blue"), .with_deleted = true));
    assert_true(kin_has(f.ann, f.posts, KIN_KEYS(kin_key_of(f.p1))));
    assert_false(kin_has(f.ann, f.posts, KIN_KEYS(two)));
    assert_false(kin_has(f.p1, f.tags, KIN_KEYS(blue)));
    assert_true(kin_has_exactly(f.p1, f.tags, KIN_ROWS(f.red)));
    assert_int_equal(kin_find_all(s, f.post).count, 1);
    assert_int_equal(kin_count_all(s, f.post), 1);
    assert_null(kin_find_by_pk(s, f.post, two));
    assert_int_equal(kin_count_all(s, f.user, .where = kin_exists(f.posts, .where = kin_eq("title", "two"))), 0);
    assert_int_equal(kin_count_all(s, f.user, .where = kin_eq("Posts.title", "two")), 0);
    assert_int_equal(kin_count_all(s, f.user, .where = kin_eq("Posts.title", "one")), 1);

    kin_row *found = kin_find_one(s, f.user, .include = KIN_INCLUDE(KIN_WITH(f.posts, .include = KIN_INCLUDE(KIN_WITH(f.tags)))));
    assert_int_equal(kin_related(found, f.posts).count, 1);
    assert_int_equal(kin_related(kin_related(found, f.posts).at[0], f.tags).count, 1);
    kin_row *profile = kin_find_one(s, f.profile);
    assert_true(kin_destroy(profile));
    assert_null(kin_get_one(f.ann, f.profile_of));
    found = kin_find_one(s, f.user, .include = KIN_INCLUDE(KIN_WITH(f.profile_of)));
    assert_null(kin_related_one(found, f.profile_of));
    assert_int_equal(kin_find_all(s, f.user, .include = KIN_INCLUDE(KIN_WITH(f.profile_of, .required = true))).count, 0);
    assert_kin_ok(s);
    world_close(&f.w);
}

TEST(M2_with_deleted_shows_them) {
    struct forum f;
    forum_open(&f, false);
    kin_session *s = f.w.s;
    assert_true(kin_destroy(f.p2));
    assert_true(kin_destroy(f.blue));
    assert_true(kin_destroy(kin_find_one(s, f.profile)));
    assert_int_equal(kin_get(f.ann, f.posts, .with_deleted = true).count, 2);
    assert_int_equal(kin_count(f.ann, f.posts, .with_deleted = true), 2);
    assert_int_equal(kin_get(f.p1, f.tags, .with_deleted = true).count, 2);
    assert_non_null(kin_get_one(f.ann, f.profile_of, .with_deleted = true));
    assert_int_equal(kin_find_all(s, f.post, .with_deleted = true).count, 2);
    assert_int_equal(kin_count_all(s, f.post, .with_deleted = true), 2);
    kin_row *found = kin_find_one(s, f.user, .include = KIN_INCLUDE(KIN_WITH(f.posts, .with_deleted = true, .order = KIN_NAMES("title")),
                                                                    KIN_WITH(f.profile_of, .with_deleted = true)));
    assert_int_equal(kin_related(found, f.posts).count, 2);
    assert_true(kin_is_null(kin_related(found, f.posts).at[0], "deleted_at"));
    assert_false(kin_is_null(kin_related(found, f.posts).at[1], "deleted_at"));
    assert_string_equal(kin_text(kin_related_one(found, f.profile_of), "motto"), "onwards");
    /* of the roots or of the include: each for itself */
    found = kin_find_one(s, f.post, .where = kin_eq("title", "two"), .with_deleted = true, .include = KIN_INCLUDE(KIN_WITH(f.author)));
    assert_string_equal(kin_text(kin_related_one(found, f.author), "name"), "Ann");
    assert_true(kin_destroy(f.ann));
    found = kin_find_one(s, f.post, .where = kin_eq("title", "two"), .with_deleted = true, .include = KIN_INCLUDE(KIN_WITH(f.author)));
    assert_null(kin_related_one(found, f.author));
    found = kin_find_one(s, f.post, .include = KIN_INCLUDE(KIN_WITH(f.author, .with_deleted = true)));
    assert_string_equal(kin_text(kin_related_one(found, f.author), "name"), "Ann");
    assert_kin_ok(s);
    world_close(&f.w);
}

TEST(M3_marking_a_parent_reaches_nothing_else) {
    struct forum f;
    forum_open(&f, false);
    kin_session *s = f.w.s;
    int64_t before = kin_now();
    assert_true(kin_destroy(f.ann));
    assert_true(kin_destroy(f.p1));
    assert_int_equal(world_sent(&f.w, NULL), 2); /* one UPDATE each */
    assert_int_equal(world_sent(&f.w, "UPDATE"), 2);
    assert_true(kin_date_of(f.ann, "deleted_at") >= before - 1000000);
    assert_true(kin_date_of(f.ann, "updated_at") == kin_date_of(f.ann, "deleted_at"));
    assert_true(kin_is_saved(f.ann)); /* the row is there */
    assert_int_equal(world_number(&f.w, "SELECT count(*) AS n FROM users WHERE deleted_at IS NOT NULL"), 1);
    assert_int_equal(world_number(&f.w, "SELECT count(*) AS n FROM posts WHERE user_id IS NOT NULL"), 2);
    assert_int_equal(world_number(&f.w, "SELECT count(*) AS n FROM post_tags"), 2);
    assert_null(kin_get_one(f.p2, f.author));
    kin_row *found = kin_find_one(s, f.post, .where = kin_eq("title", "two"), .include = KIN_INCLUDE(KIN_WITH(f.author)));
    assert_true(kin_is_related_loaded(found, f.author));
    assert_null(kin_related_one(found, f.author));
    assert_int_equal(kin_int(found, "user_id"), kin_int(f.ann, "id"));
    assert_int_equal(kin_find_all(s, f.post, .include = KIN_INCLUDE(KIN_WITH(f.author, .required = true))).count, 0);
    assert_int_equal(kin_get(f.red, f.tagged).count, 0);
    assert_kin_ok(s);
    world_close(&f.w);
}

TEST(M4_force_deletes_and_the_database_acts) {
    struct forum f;
    forum_open(&f, false);
    assert_true(kin_destroy(f.p1, .force = true));
    assert_int_equal(world_sent(&f.w, "DELETE"), 1);
    assert_false(kin_is_saved(f.p1));
    assert_string_equal(kin_text(f.p1, "title"), "one");
    assert_int_equal(world_number(&f.w, "SELECT count(*) AS n FROM posts"), 1);
    assert_int_equal(world_number(&f.w, "SELECT count(*) AS n FROM post_tags"), 0); /* CASCADE */
    assert_int_equal(world_number(&f.w, "SELECT count(*) AS n FROM tags"), 2);
    assert_true(kin_destroy(f.ann)); /* marked first, then for good */
    assert_true(kin_destroy(f.ann, .force = true));
    assert_int_equal(world_number(&f.w, "SELECT count(*) AS n FROM users"), 0);
    assert_int_equal(world_number(&f.w, "SELECT count(*) AS n FROM posts WHERE user_id IS NULL"), 1); /* SET NULL */
    assert_kin_ok(f.w.s);
    assert_false(kin_restore(f.ann));
    assert_kin_error(f.w.s, KIN_STALE, "kin_restore: this User was destroyed");
    world_close(&f.w);
}

TEST(M4_many_rows_are_marked_or_deleted) {
    struct forum f;
    forum_open(&f, false);
    assert_int_equal(kin_destroy_all(f.w.s, f.post, .where = kin_eq("title", "one")), 1);
    assert_int_equal(kin_destroy_all(f.w.s, f.post, .all = true), 1); /* those that are not yet */
    assert_int_equal(world_sent(&f.w, "DELETE"), 0);
    assert_int_equal(world_number(&f.w, "SELECT count(*) AS n FROM posts WHERE deleted_at IS NOT NULL"), 2);
    assert_int_equal(kin_update_all(f.w.s, f.post, KIN_VALUES({ "title", kin("x") }), .all = true), 0); /* nobody changes what is deleted */
    assert_int_equal(kin_destroy_all(f.w.s, f.post, .all = true, .force = true), 2);
    assert_int_equal(world_number(&f.w, "SELECT count(*) AS n FROM posts"), 0);
    assert_int_equal(world_number(&f.w, "SELECT count(*) AS n FROM post_tags"), 0);
    assert_kin_ok(f.w.s);
    world_close(&f.w);
}

TEST(M5_set_leaves_the_keys_of_deleted_targets) {
    struct forum f;
    forum_open(&f, false);
    assert_true(kin_destroy(f.p2));
    assert_int_equal(kin_set(f.ann, f.posts, KIN_NONE).count, 0);
    assert_kin_ok(f.w.s);
    assert_int_equal(world_number(&f.w, "SELECT count(*) AS n FROM posts WHERE user_id IS NULL AND deleted_at IS NULL"), 1);
    assert_int_equal(world_number(&f.w, "SELECT count(*) AS n FROM posts WHERE user_id IS NOT NULL AND deleted_at IS NOT NULL"), 1);
    assert_int_equal(kin_set(f.ann, f.posts, KIN_ROWS(f.p1)).count, 1);
    assert_int_equal(world_number(&f.w, "SELECT count(*) AS n FROM posts WHERE user_id IS NOT NULL"), 2);
    assert_true(kin_restore(f.p2)); /* still hers */
    assert_int_equal(kin_count(f.ann, f.posts), 2);
    assert_kin_ok(f.w.s);
    world_close(&f.w);
}

TEST(M6_join_rows_of_a_paranoid_model_are_marked) {
    struct forum f;
    forum_open(&f, true);
    kin_session *s = f.w.s;
    assert_true(kin_remove(f.p1, f.tags, KIN_ROWS(f.red)));
    assert_int_equal(world_sent(&f.w, "DELETE"), 0);
    assert_int_equal(world_number(&f.w, "SELECT count(*) AS n FROM post_tags WHERE deleted_at IS NOT NULL"), 1);
    assert_int_equal(kin_get(f.p1, f.tags).count, 1);
    assert_int_equal(kin_count(f.p1, f.tags), 1);
    assert_false(kin_has(f.p1, f.tags, KIN_ROWS(f.red)));
    assert_true(kin_has_exactly(f.p1, f.tags, KIN_ROWS(f.blue)));
    assert_int_equal(kin_count(f.red, f.tagged), 0);
    assert_int_equal(kin_count_all(s, f.post, .where = kin_eq("Tags.word", "red")), 0);
    kin_row *found = kin_find_by_pk(s, f.post, kin_key_of(f.p1), .include = KIN_INCLUDE(KIN_WITH(f.tags)));
    assert_int_equal(kin_related(found, f.tags).count, 1);
    assert_string_equal(kin_text(kin_related(found, f.tags).at[0], "word"), "blue");
    assert_int_equal(kin_count_all(s, f.link), 1);
    assert_int_equal(kin_count_all(s, f.link, .with_deleted = true), 2); /* the join model shows them */
    world_forget(&f.w);
    assert_int_equal(kin_set(f.p1, f.tags, KIN_NONE).count, 0);
    assert_int_equal(world_sent(&f.w, "DELETE"), 0);
    assert_int_equal(world_number(&f.w, "SELECT count(*) AS n FROM post_tags WHERE deleted_at IS NOT NULL"), 2);
    assert_kin_ok(s);
    world_close(&f.w);
}

TEST(M7_a_pair_that_is_linked_again_is_brought_back) {
    struct forum f;
    forum_open(&f, true);
    assert_true(kin_remove(f.p1, f.tags, KIN_ROWS(f.red, f.blue)));
    world_forget(&f.w);
    assert_true(kin_add(f.p1, f.tags, KIN_ROWS(f.red), .through = KIN_VALUES({ "role", kin("main") })));
    assert_int_equal(world_sent(&f.w, "INSERT"), 0);
    assert_int_equal(world_number(&f.w, "SELECT count(*) AS n FROM post_tags"), 2);
    assert_int_equal(world_number(&f.w, "SELECT count(*) AS n FROM post_tags WHERE deleted_at IS NULL AND role = 'main'"), 1);
    assert_true(kin_has_exactly(f.p1, f.tags, KIN_ROWS(f.red)));
    kin_row *green = kin_create(f.w.s, f.tag, { "word", kin("green") });
    assert_int_equal(kin_set(f.p1, f.tags, KIN_ROWS(f.blue, green)).count, 2); /* one comes back, one is new, one goes */
    assert_true(kin_has_exactly(f.p1, f.tags, KIN_ROWS(f.blue, green)));
    assert_int_equal(world_number(&f.w, "SELECT count(*) AS n FROM post_tags"), 3);
    assert_int_equal(world_number(&f.w, "SELECT count(*) AS n FROM post_tags WHERE deleted_at IS NULL"), 2);
    assert_kin_ok(f.w.s);
    world_close(&f.w);
}

TEST(M8_a_parent_that_is_restored_has_its_links) {
    struct forum f;
    forum_open(&f, false);
    assert_true(kin_destroy(f.ann));
    assert_true(kin_destroy(f.p1));
    assert_null(kin_get_one(f.p2, f.author));
    int64_t before = kin_now();
    assert_true(kin_restore(f.ann));
    assert_true(kin_restore(f.p1));
    assert_true(kin_is_null(f.ann, "deleted_at"));
    assert_true(kin_date_of(f.ann, "updated_at") >= before - 1000000);
    assert_false(kin_changed(f.ann, NULL));
    assert_true(kin_equals(kin_get_one(f.p2, f.author), f.ann));
    assert_int_equal(kin_count(f.ann, f.posts), 2);
    assert_int_equal(kin_count(f.p1, f.tags), 2);
    assert_int_equal(kin_count(f.red, f.tagged), 1);
    assert_kin_ok(f.w.s);
    kin_model *link = f.link;
    kin_row *join = kin_find_one(f.w.s, link);
    assert_false(kin_restore(join));
    assert_kin_error(f.w.s, KIN_MISUSE, "kin_restore: PostTag is not paranoid, so its rows are deleted for good");
    world_close(&f.w);
}

TEST(M9_a_join_model_that_is_made_is_not_paranoid) {
    struct world w;
    world_start(&w);
    kin_schema_defaults(w.schema, .timestamps = true, .paranoid = true, .underscored = true);
    kin_model *post = kin_define(w.schema, "Post", KIN_ATTRIBUTES(KIN_STRING("title")));
    kin_model *tag = kin_define(w.schema, "Tag", KIN_ATTRIBUTES(KIN_STRING("word")));
    kin_association *tags = kin_belongs_to_many(post, tag, .through = "post_tags");
    world_open(&w);
    kin_model *link = kin_model_named(w.schema, "post_tags");
    assert_true(kin_model_describe(link)->generated);
    assert_false(kin_model_describe(link)->paranoid);
    assert_false(kin_model_has_attribute(link, "deleted_at"));
    assert_true(kin_model_describe(post)->paranoid);
    kin_row *one = kin_create(w.s, post, { "title", kin("one") });
    kin_row *red = kin_create_for(one, tags, { "word", kin("red") });
    world_forget(&w);
    assert_true(kin_remove(one, tags, KIN_ROWS(red)));
    assert_int_equal(world_sent(&w, "DELETE"), 1);
    assert_int_equal(kin_count_all(w.s, link, .with_deleted = true), 0);
    assert_kin_ok(w.s);
    world_close(&w);
}
