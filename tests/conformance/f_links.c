/* What join rows may do: cascades and restrictions, scopes on either side of the join, and links without constraints. */
#include "world.h"

#define DEFINE(name) kin_define(w.schema, name, KIN_NO_ATTRIBUTES)

/* Users and projects through "Member", declared with these actions. */
struct team {
    struct world w;
    kin_model *user, *project, *member;
    kin_association *projects, *users;
    kin_row *ada, *bob, *engine, *notes;
};

static void team_rows(struct team *team)
{
    world_open(&team->w);
    team->member = kin_model_named(team->w.schema, "Member");
    team->ada = kin_create(team->w.s, team->user, { "name", kin("ada") });
    team->bob = kin_create(team->w.s, team->user, { "name", kin("bob") });
    team->engine = kin_create(team->w.s, team->project, { "title", kin("engine") });
    team->notes = kin_create(team->w.s, team->project, { "title", kin("notes") });
    assert_kin_ok(team->w.s);
}

static void team_models(struct team *team)
{
    world_start(&team->w);
    team->user = kin_define(team->w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")));
    team->project = kin_define(team->w.schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")));
}

static void team_start(struct team *team, kin_action own, kin_action back)
{
    team_models(team);
    team->projects = kin_belongs_to_many(team->user, team->project, .through = "Member", .on_delete = own);
    team->users = kin_belongs_to_many(team->project, team->user, .through = "Member", .on_delete = back);
    team_rows(team);
}

static int64_t team_links(struct team *team)
{
    return kin_count_all(team->w.s, team->member);
}

/* The row cannot be destroyed: a foreign key says no. */
static void assert_held(struct team *team, kin_row *row)
{
    int64_t links = team_links(team);
    assert_false(kin_destroy(row));
    assert_int_equal(kin_error_of(team->w.s)->status, KIN_CONSTRAINT);
    assert_int_equal(kin_error_of(team->w.s)->constraint, KIN_FOREIGN_KEY);
    assert_non_null(strstr(kin_error_of(team->w.s)->message, "Member"));
    kin_clear_error(team->w.s);
    assert_true(kin_is_saved(row));
    assert_int_equal(team_links(team), links);
}

TEST(F38_links_go_with_either_end)
{
    struct team t;
    team_start(&t, KIN_ACTION_USUAL, KIN_ACTION_USUAL);
    kin_add(t.ada, t.projects, KIN_ROWS(t.engine, t.notes));
    kin_add(t.bob, t.projects, KIN_ROWS(t.engine, t.notes));
    assert_int_equal(team_links(&t), 4);
    assert_true(kin_destroy(t.ada));
    assert_int_equal(team_links(&t), 2);
    assert_true(kin_destroy(t.engine));
    assert_int_equal(team_links(&t), 1);
    assert_true(kin_has_exactly(t.bob, t.projects, KIN_ROWS(t.notes)));
    assert_int_equal(kin_count_all(t.w.s, t.user), 1);
    assert_int_equal(kin_count_all(t.w.s, t.project), 1);
    assert_kin_ok(t.w.s);
    world_close(&t.w);
}

TEST(F39_links_that_hold_both_ends)
{
    struct team t;
    team_start(&t, KIN_RESTRICT, KIN_RESTRICT);
    kin_add(t.ada, t.projects, KIN_ROWS(t.engine));
    assert_held(&t, t.ada);
    assert_held(&t, t.engine);
    assert_true(kin_destroy(t.bob) && kin_destroy(t.notes)); /* nothing links these */
    assert_true(kin_remove(t.ada, t.projects, KIN_ROWS(t.engine)));
    assert_true(kin_destroy(t.ada) && kin_destroy(t.engine));
    assert_kin_ok(t.w.s);
    world_close(&t.w);
}

TEST(F40_each_side_governs_its_own_key)
{
    for (int turn = 0; turn < 2; turn++) {
        struct team t;
        team_start(&t, turn == 0 ? KIN_RESTRICT : KIN_CASCADE, turn == 0 ? KIN_CASCADE : KIN_RESTRICT);
        kin_add(t.ada, t.projects, KIN_ROWS(t.engine, t.notes));
        assert_int_equal(kin_association_describe(t.projects)->on_delete, turn == 0 ? KIN_RESTRICT : KIN_CASCADE);
        assert_int_equal(kin_association_describe(t.users)->on_delete, turn == 0 ? KIN_CASCADE : KIN_RESTRICT);
        assert_held(&t, turn == 0 ? t.ada : t.engine);
        assert_true(kin_destroy(turn == 0 ? t.notes : t.ada));
        assert_int_equal(team_links(&t), turn == 0 ? 1 : 0);
        assert_kin_ok(t.w.s);
        world_close(&t.w);
    }
}

TEST(F41_F42_what_one_side_leaves_unsaid)
{
    static const struct {
        kin_action own, back, of_user, of_project;
    } given[] = { { KIN_RESTRICT, KIN_ACTION_USUAL, KIN_RESTRICT, KIN_RESTRICT }, /* the first option counts for both */
                  { KIN_ACTION_USUAL, KIN_RESTRICT, KIN_RESTRICT, KIN_RESTRICT },
                  { KIN_RESTRICT, KIN_CASCADE, KIN_RESTRICT, KIN_CASCADE },
                  { KIN_ACTION_USUAL, KIN_ACTION_USUAL, KIN_CASCADE, KIN_CASCADE } };
    for (size_t i = 0; i < sizeof given / sizeof *given; i++)
        for (int both = 0; both < 2; both++) {
            struct team t;
            team_models(&t);
            kin_belongs_to_many(t.user, t.project, .through = "Member", .on_delete = given[i].own);
            if (both)
                kin_belongs_to_many(t.project, t.user, .through = "Member", .on_delete = given[i].back);
            assert_true(kin_schema_link(t.w.schema));
            t.member = kin_model_named(t.w.schema, "Member");
            kin_action own = given[i].own ? given[i].own : KIN_CASCADE; /* one side alone decides for both keys */
            assert_int_equal(kin_attribute_named(t.member, "UserId")->on_delete, both ? given[i].of_user : own);
            assert_int_equal(kin_attribute_named(t.member, "ProjectId")->on_delete, both ? given[i].of_project : own);
            assert_int_equal(kin_attribute_named(t.member, "UserId")->on_update, KIN_CASCADE);
            kin_schema_free(t.w.schema);
        }

    struct team t; /* what the join model's attributes say: less than the own side's option, more than the other side's */
    team_models(&t);
    t.member = kin_define(t.w.schema, "Member", KIN_ATTRIBUTES(KIN_INTEGER("UserId", .on_delete = KIN_RESTRICT), KIN_INTEGER("ProjectId", .on_delete = KIN_RESTRICT)));
    kin_belongs_to_many(t.user, t.project, .through = "Member", .on_delete = KIN_NO_ACTION);
    assert_true(kin_schema_link(t.w.schema));
    assert_int_equal(kin_attribute_named(t.member, "UserId")->on_delete, KIN_NO_ACTION);
    assert_int_equal(kin_attribute_named(t.member, "ProjectId")->on_delete, KIN_RESTRICT);
    kin_schema_free(t.w.schema);
}

TEST(F43_F44_without_constraints)
{
    for (int both = 0; both < 2; both++) {
        struct team t;
        team_models(&t);
        t.projects = kin_belongs_to_many(t.user, t.project, .through = "Member", .no_constraints = true);
        t.users = kin_belongs_to_many(t.project, t.user, .through = "Member", .no_constraints = both == 1);
        kin_db *db = kin_open("mock:sqlite", t.w.schema);
        assert_true((strstr(kin_sync_sql(db), "REFERENCES") == NULL) == (both == 1));
        kin_close(db);
        team_rows(&t);
        assert_true(kin_association_describe(t.projects)->constraints == (both == 0));
        assert_true(kin_add(t.ada, t.projects, KIN_ROWS(t.engine)));
        assert_true(kin_add(t.engine, t.users, KIN_ROWS(t.bob), .through = KIN_VALUES(KIN_DEFAULTS)));
        assert_true(kin_has_exactly(t.engine, t.users, KIN_ROWS(t.ada, t.bob)));
        assert_int_equal(kin_set(t.ada, t.projects, KIN_ROWS(t.engine, t.notes)).count, 2);
        assert_int_equal(kin_count(t.ada, t.projects), 2);
        assert_true(kin_remove(t.ada, t.projects, KIN_ROWS(t.notes)));
        kin_row *made = kin_create_for(t.bob, t.projects, { "title", kin("made") });
        assert_int_equal(kin_get(t.bob, t.projects, .where = kin_eq("title", "made")).count, 1);
        assert_true(kin_destroy(made));
        assert_int_equal(team_links(&t), both ? 3 : 2); /* nobody takes the link away */
        assert_int_equal(kin_count(t.bob, t.projects), 1);
        assert_kin_ok(t.w.s);
        world_close(&t.w);
    }
}

TEST(F44_tables_made_by_hand)
{
    struct world w;
    world_start(&w);
    kin_model *article = kin_define(w.schema, "Article", KIN_ATTRIBUTES(KIN_STRING("title")), .table = "articles");
    kin_model *label = kin_define(w.schema, "Label", KIN_ATTRIBUTES(KIN_STRING("name")), .table = "labels");
    kin_association *labels = kin_belongs_to_many(article, label, .through = "articles_labels", .foreign_key = "article_id", .other_key = "label_id");
    kin_association *articles = kin_belongs_to_many(label, article, .through = "articles_labels", .no_constraints = true);
    world_connect(&w);
    kin_drop(w.db);
    kin_execute(w.s, "CREATE TABLE articles (id INTEGER PRIMARY KEY, title VARCHAR(255))");
    kin_execute(w.s, "CREATE TABLE labels (id INTEGER PRIMARY KEY, name VARCHAR(255))");
    kin_execute(w.s, "CREATE TABLE articles_labels (article_id INTEGER, label_id INTEGER, PRIMARY KEY (article_id, label_id))");
    kin_execute(w.s, "INSERT INTO articles (id, title) VALUES (1, 'a')");
    kin_execute(w.s, "INSERT INTO labels (id, name) VALUES (1, 'x')");
    kin_execute(w.s, "INSERT INTO labels (id, name) VALUES (2, 'y')");
    assert_kin_ok(w.s);
    kin_row *a = kin_find_one(w.s, article), *x = kin_find_by_pk(w.s, label, kin(1)), *y = kin_find_by_pk(w.s, label, kin(2));
    assert_true(kin_add(a, labels, KIN_ROWS(x, y)));
    assert_int_equal(kin_count(a, labels), 2);
    assert_true(kin_has(y, articles, KIN_ROWS(a)));
    assert_int_equal(kin_set(a, labels, KIN_NONE).count, 0);
    assert_int_equal(world_number(&w, "SELECT count(*) AS n FROM articles_labels"), 0);
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(F45_a_scope_of_the_target)
{
    struct world w;
    world_start(&w);
    kin_model *post = DEFINE("Post"), *tag = kin_define(w.schema, "Tag", KIN_ATTRIBUTES(KIN_STRING("kind"), KIN_STRING("name")));
    kin_association *all = kin_belongs_to_many(post, tag, .through = "PostTag");
    kin_association *topics = kin_belongs_to_many(post, tag, .as = "Topics", .through = "PostTag", .scope = KIN_VALUES({ "kind", kin("topic") }));
    world_open(&w);
    kin_row *p = kin_create(w.s, post, KIN_DEFAULTS), *plain = kin_create(w.s, tag, { "kind", kin("plain") }, { "name", kin("b") });
    kin_row *topic = kin_create_for(p, topics, { "name", kin("a") });
    assert_string_equal(kin_text(topic, "kind"), "topic"); /* create sets it */
    kin_reload(topic);
    assert_string_equal(kin_text(topic, "kind"), "topic");
    assert_true(kin_add(p, topics, KIN_ROWS(plain))); /* add leaves the target as it is */
    kin_reload(plain);
    assert_string_equal(kin_text(plain, "kind"), "plain");
    assert_int_equal(kin_count(p, all), 2);
    assert_int_equal(kin_count(p, topics), 1);
    kin_rows found = kin_get(p, topics, .where = kin_ne("name", "zzz"));
    assert_int_equal(found.count, 1);
    assert_true(kin_equals(found.at[0], topic));
    assert_true(kin_has(p, topics, KIN_ROWS(topic)));
    assert_false(kin_has(p, topics, KIN_ROWS(plain)));
    assert_true(kin_has(p, all, KIN_ROWS(plain)));
    assert_true(kin_has_exactly(p, topics, KIN_ROWS(topic)));
    kin_row *loaded = kin_find_one(w.s, post, .include = KIN_INCLUDE(KIN_WITH(topics), KIN_WITH(all)));
    assert_int_equal(kin_related(loaded, topics).count, 1);
    assert_int_equal(kin_related(loaded, all).count, 2);
    assert_kin_ok(w.s);
    world_close(&w);
}

/* Three relations over one join model, told apart by its type. */
struct shelf {
    struct world w;
    kin_model *post, *tag, *join;
    kin_association *categories, *tags, *all;
    kin_row *p, *a, *b;
};

static void shelf_open(struct shelf *shelf)
{
    world_start(&shelf->w);
    shelf->post = kin_define(shelf->w.schema, "Post", KIN_NO_ATTRIBUTES);
    shelf->tag = kin_define(shelf->w.schema, "Tag", KIN_ATTRIBUTES(KIN_STRING("name")));
    shelf->join = kin_define(shelf->w.schema, "ItemTag", KIN_ATTRIBUTES(KIN_INTEGER("id", .primary_key = true, .auto_increment = true), KIN_STRING("type"), KIN_STRING("note")));
    shelf->categories = kin_belongs_to_many(shelf->post, shelf->tag, .as = "Categories", .through_model = shelf->join, .not_unique = true, .through_scope = KIN_VALUES({ "type", kin("category") }));
    shelf->tags = kin_belongs_to_many(shelf->post, shelf->tag, .as = "Tags", .through_model = shelf->join, .not_unique = true, .through_scope = KIN_VALUES({ "type", kin("tag") }));
    shelf->all = kin_belongs_to_many(shelf->post, shelf->tag, .as = "Labels", .through_model = shelf->join, .not_unique = true);
    world_open(&shelf->w);
    shelf->p = kin_create(shelf->w.s, shelf->post, KIN_DEFAULTS);
    shelf->a = kin_create(shelf->w.s, shelf->tag, { "name", kin("a") });
    shelf->b = kin_create(shelf->w.s, shelf->tag, { "name", kin("b") });
    assert_kin_ok(shelf->w.s);
}

/* How many join rows have this type. */
static int64_t shelf_count(struct shelf *shelf, const char *type)
{
    return kin_count_all(shelf->w.s, shelf->join, .where = kin_eq("type", type));
}

TEST(F46_F47_a_scope_of_the_join_row)
{
    struct shelf s;
    shelf_open(&s);
    assert_true(kin_add(s.p, s.categories, KIN_ROWS(s.a))); /* F47: nothing else is needed */
    assert_true(kin_add(s.p, s.tags, KIN_ROWS(s.a, s.b), .through = KIN_VALUES({ "note", kin("n") })));
    assert_int_equal(shelf_count(&s, "category"), 1);
    assert_int_equal(shelf_count(&s, "tag"), 2);
    assert_int_equal(kin_count_all(s.w.s, s.join, .where = kin_and(kin_eq("type", "tag"), kin_eq("note", "n"))), 2);
    assert_true(kin_has_exactly(s.p, s.categories, KIN_ROWS(s.a)));
    assert_true(kin_has_exactly(s.p, s.tags, KIN_ROWS(s.a, s.b)));
    assert_false(kin_has(s.p, s.categories, KIN_ROWS(s.b)));
    assert_int_equal(kin_count(s.p, s.categories), 1);
    kin_rows found = kin_get(s.p, s.tags, .order = KIN_NAMES("name"));
    assert_int_equal(found.count, 2);
    assert_string_equal(kin_text(kin_through(found.at[0], s.join), "type"), "tag");
    assert_string_equal(kin_text(kin_through(kin_get(s.p, s.categories).at[0], s.join), "type"), "category");
    kin_row *loaded = kin_find_one(s.w.s, s.post, .include = KIN_INCLUDE(KIN_WITH(s.categories), KIN_WITH(s.tags)));
    assert_int_equal(kin_related(loaded, s.categories).count, 1);
    assert_int_equal(kin_related(loaded, s.tags).count, 2);
    assert_string_equal(kin_text(kin_through(kin_related(loaded, s.categories).at[0], s.join), "type"), "category");
    assert_non_null(kin_create_for(s.p, s.categories, { "name", kin("c") }));
    assert_int_equal(shelf_count(&s, "category"), 2);
    assert_kin_ok(s.w.s);
    world_close(&s.w);
}

TEST(F48_removing_stays_within_the_scope)
{
    struct shelf s;
    shelf_open(&s);
    assert_true(kin_add(s.p, s.categories, KIN_ROWS(s.a, s.b)));
    assert_true(kin_add(s.p, s.tags, KIN_ROWS(s.a, s.b)));
    assert_true(kin_remove(s.p, s.tags, KIN_ROWS(s.a)));
    assert_int_equal(shelf_count(&s, "tag"), 1);
    assert_int_equal(shelf_count(&s, "category"), 2);
    assert_int_equal(kin_set(s.p, s.categories, KIN_ROWS(s.a)).count, 1);
    assert_int_equal(shelf_count(&s, "category"), 1);
    assert_int_equal(shelf_count(&s, "tag"), 1);
    assert_true(kin_has_exactly(s.p, s.tags, KIN_ROWS(s.b)));
    assert_int_equal(kin_set(s.p, s.tags, KIN_NONE).count, 0);
    assert_int_equal(shelf_count(&s, "tag"), 0);
    assert_true(kin_has_exactly(s.p, s.categories, KIN_ROWS(s.a)));
    assert_int_equal(kin_set(s.p, s.tags, KIN_ROWS(s.a)).count, 1); /* linked in another scope is not linked here */
    assert_int_equal(shelf_count(&s, "tag"), 1);
    assert_int_equal(shelf_count(&s, "category"), 1);
    assert_int_equal(kin_count(s.p, s.all), 2);
    assert_true(kin_remove(s.p, s.all, KIN_ROWS(s.a))); /* without a scope: all of them */
    assert_int_equal(kin_count_all(s.w.s, s.join), 0);
    assert_kin_ok(s.w.s);
    world_close(&s.w);
}

TEST(F49_a_target_that_was_deleted)
{
    struct team t;
    team_start(&t, KIN_ACTION_USUAL, KIN_ACTION_USUAL);
    kin_row *third = kin_create(t.w.s, t.project, { "title", kin("third") });
    kin_add(t.ada, t.projects, KIN_ROWS(t.engine, t.notes, third));
    kin_row *loaded = kin_find_one(t.w.s, t.user, .where = kin_eq("name", "ada"), .include = KIN_INCLUDE(KIN_WITH(t.projects)));
    assert_int_equal(kin_related(loaded, t.projects).count, 3);
    assert_true(kin_destroy(t.notes));
    kin_rows left = kin_get(t.ada, t.projects, .order = KIN_NAMES("title"));
    assert_int_equal(left.count, 2);
    assert_true(kin_equals(left.at[0], t.engine) && kin_equals(left.at[1], third));
    assert_int_equal(kin_count(t.ada, t.projects), 2);
    loaded = kin_find_one(t.w.s, t.user, .where = kin_eq("name", "ada"), .include = KIN_INCLUDE(KIN_WITH(t.projects)));
    assert_int_equal(kin_related(loaded, t.projects).count, 2);
    assert_int_equal(kin_count_all(t.w.s, t.project), 2);
    assert_kin_ok(t.w.s);
    world_close(&t.w);
}

TEST(F50_linked_twice_and_nested)
{
    struct world w;
    world_start(&w);
    kin_model *user = kin_define(w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name"))), *group = kin_define(w.schema, "Group", KIN_ATTRIBUTES(KIN_STRING("name")), .table = "groupings");
    kin_model *company = kin_define(w.schema, "Company", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_association *groups = kin_belongs_to_many(user, group, .through = "group_user", .key = { .name = "userId", .column = "id_user" });
    kin_association *members = kin_belongs_to_many(group, user, .as = "MyUsers", .through = "group_user", .key = { .name = "groupId", .column = "id_group" });
    kin_association *companies = kin_belongs_to_many(group, company, .through = "company_group", .key = { .name = "groupId", .column = "id_group" });
    kin_association *holders = kin_belongs_to_many(company, group, .as = "MyGroups", .through = "company_group", .key = { .name = "companyId", .column = "id_company" });
    world_open(&w);
    kin_row *ada = kin_create(w.s, user, { "name", kin("ada") }), *g = kin_create(w.s, group, { "name", kin("g") }), *c = kin_create(w.s, company, { "name", kin("c") });
    assert_true(kin_add(ada, groups, KIN_ROWS(g)));
    assert_true(kin_add(g, members, KIN_ROWS(ada))); /* the same link, from its other end */
    assert_int_equal(world_number(&w, "SELECT count(*) AS n FROM group_user"), 1);
    assert_true(kin_add(c, holders, KIN_ROWS(g)));
    assert_true(kin_add(g, companies, KIN_ROWS(c)));
    assert_int_equal(world_number(&w, "SELECT count(*) AS n FROM company_group"), 1);

    kin_row *found = kin_find_one(w.s, company,
                                  .include = KIN_INCLUDE(KIN_WITH(holders, .include = KIN_INCLUDE(KIN_WITH(members, .where = kin_eq("name", "ada")), KIN_WITH(companies)))));
    assert_kin_ok(w.s);
    kin_row *inner = kin_related(found, holders).at[0];
    assert_string_equal(kin_text(inner, "name"), "g");
    assert_int_equal(kin_related(inner, members).count, 1);
    assert_true(kin_equals(kin_related(inner, members).at[0], ada));
    assert_true(kin_equals(kin_related(inner, companies).at[0], c));
    kin_row *join = kin_through(kin_related(inner, members).at[0], kin_model_named(w.schema, "group_user"));
    assert_int_equal(kin_int(join, "userId"), kin_int(ada, "id"));
    found = kin_find_one(w.s, company, .include = KIN_INCLUDE(KIN_WITH(holders, .include = KIN_INCLUDE(KIN_WITH(members, .where = kin_eq("name", "bob"))))));
    assert_int_equal(kin_related(found, holders).count, 0); /* none with a bob */
    found = kin_find_one(w.s, company, .include = KIN_INCLUDE(KIN_WITH(holders, .required = true, .include = KIN_INCLUDE(KIN_WITH(members, .where = kin_eq("name", "bob"))))));
    assert_null(found);
    assert_true(kin_remove(g, members, KIN_ROWS(ada)));
    assert_int_equal(kin_count(ada, groups), 0);
    assert_kin_ok(w.s);
    world_close(&w);
}
