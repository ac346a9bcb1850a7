/* Has-one, as it is declared and read: the target has the key, and the getter looks for the one row with the source's. */
#include <kin.h>

#include "test.h"
#include "world.h"

struct works {
    struct world w;
    kin_model *project, *user;
    kin_association *user_of;
};

static void works_open(struct works *x) {
    world_start(&x->w);
    x->project = kin_define(x->w.schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")));
    x->user = kin_define(x->w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name"), KIN_STRING("city")));
    x->user_of = kin_has_one(x->project, x->user);
    world_open(&x->w);
}

static kin_row *works_project(struct works *x, const char *title) { return kin_create(x->w.s, x->project, { "title", kin(title) }); }

static kin_row *works_user(struct works *x, const char *name, const kin_row *project) {
    return kin_create(x->w.s, x->user, { "name", kin(name) }, { "city", kin("Leeds") }, { "ProjectId", project ? kin_key_of(project) : kin_null });
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

static bool contains(const char *sql, const char *part) { return strstr(plain(sql), part) != NULL; }

/* ---- declaring ---- */

TEST(D1_the_key_is_the_target_s_and_the_accessors_are_the_source_s) {
    struct works x;
    works_open(&x);
    assert_names(kin_model_describe(x.user)->attributes, "id", "name", "city", "ProjectId");
    assert_names(kin_model_describe(x.project)->attributes, "id", "title");
    assert_names(kin_association_describe(x.user_of)->foreign_key, "ProjectId");
    assert_true(kin_has_accessor(x.project, "getUser"));
    assert_true(kin_has_accessor(x.project, "setUser"));
    assert_true(kin_has_accessor(x.project, "createUser"));
    assert_int_equal(kin_accessor_count(x.project), 3);
    assert_int_equal(kin_accessor_count(x.user), 0);
    world_close(&x.w);
}

TEST(D2_an_alias_names_accessors_and_the_included_partner) {
    struct world w;
    world_start(&w);
    kin_model *project = kin_define(w.schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")));
    kin_model *user = kin_define(w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_association *initiator = kin_has_one(project, user, .as = "Initiator", .foreign_key = "initiated_id");
    world_open(&w);
    assert_true(kin_has_accessor(project, "getInitiator"));
    assert_true(kin_has_accessor(project, "setInitiator"));
    assert_true(kin_has_accessor(project, "createInitiator"));
    assert_false(kin_has_accessor(project, "getUser"));
    assert_string_equal(kin_association_describe(initiator)->name, "Initiator");
    assert_ptr_equal(kin_association_named(project, "Initiator"), initiator);
    kin_row *made = kin_create(w.s, project, { "title", kin("Engine") });
    kin_row *ada = kin_create(w.s, user, { "name", kin("Ada") });
    assert_true(kin_call(made, "setInitiator", .targets = KIN_ROWS(ada)).ok);
    assert_true(kin_equals(kin_call(made, "getInitiator").row, ada));
    kin_row *found = kin_find_one(w.s, project, .include = KIN_INCLUDE(KIN_WITH(initiator)));
    assert_non_null(strstr(kin_json(found), "\"Initiator\""));
    assert_true(kin_equals(kin_related_one(found, initiator), ada));
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(D18_the_key_references_the_source_and_may_be_null) {
    struct works x;
    works_open(&x);
    const kin_attribute_info *key = kin_attribute_named(x.user, "ProjectId");
    assert_ptr_equal(key->references, x.project);
    assert_int_equal(key->on_delete, KIN_SET_NULL);
    assert_int_equal(key->on_update, KIN_CASCADE);
    assert_false(key->not_null);
    assert_true(contains(kin_sync_sql(x.w.db, .model = x.user), "REFERENCES Projects (id) ON DELETE SET NULL ON UPDATE CASCADE"));
    kin_row *engine = works_project(&x, "Engine"), *ada = works_user(&x, "Ada", engine);
    assert_true(kin_destroy(engine));
    assert_true(kin_reload(ada));
    assert_true(kin_is_null(ada, "ProjectId"));
    assert_kin_ok(x.w.s);
    world_close(&x.w);
}

static void actions_open(struct works *x, kin_action on_delete, kin_action on_update) {
    world_start(&x->w);
    x->project = kin_define(x->w.schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")));
    x->user = kin_define(x->w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name"), KIN_STRING("city")));
    x->user_of = kin_has_one(x->project, x->user, .on_delete = on_delete, .on_update = on_update);
    world_open(&x->w);
}

static void assert_foreign_key(kin_session *s) {
    assert_int_equal(kin_error_of(s)->constraint, KIN_FOREIGN_KEY);
    assert_kin_error(s, KIN_CONSTRAINT, "");
}

TEST(D18_cascade_takes_the_partner_along) {
    struct works x;
    actions_open(&x, KIN_CASCADE, KIN_ACTION_USUAL);
    kin_row *engine = works_project(&x, "Engine");
    works_user(&x, "Ada", engine);
    works_user(&x, "Ben", NULL);
    assert_true(kin_destroy(engine));
    kin_rows left = kin_find_all(x.w.s, x.user);
    assert_int_equal(left.count, 1);
    assert_string_equal(kin_text(left.at[0], "name"), "Ben");
    assert_kin_ok(x.w.s);
    world_close(&x.w);
}

TEST(D18_restrict_keeps_the_source) {
    struct works x;
    actions_open(&x, KIN_RESTRICT, KIN_RESTRICT);
    kin_row *engine = works_project(&x, "Engine"), *ada = works_user(&x, "Ada", engine);
    assert_false(kin_destroy(engine));
    assert_foreign_key(x.w.s);
    kin_put(engine, "id", kin(999));
    assert_false(kin_save(engine));
    assert_foreign_key(x.w.s);
    assert_null(kin_find_by_pk(x.w.s, x.project, kin(999)));
    assert_int_equal(kin_count_all(x.w.s, x.project, .where = kin_eq("id", kin_int(ada, "ProjectId"))), 1);
    world_close(&x.w);
}

TEST(D18_a_new_key_of_the_source_cascades) {
    struct works x;
    actions_open(&x, KIN_ACTION_USUAL, KIN_CASCADE);
    kin_row *engine = works_project(&x, "Engine"), *ada = works_user(&x, "Ada", engine);
    kin_put(engine, "id", kin(999));
    assert_true(kin_save(engine));
    assert_int_equal(kin_int(kin_find_by_pk(x.w.s, x.user, kin_key_of(ada)), "ProjectId"), 999);
    assert_kin_ok(x.w.s);
    world_close(&x.w);
}

/* ---- a key that is declared by hand ---- */

static kin_schema *by_hand(kin_action attribute, kin_action association, kin_model **user) {
    kin_schema *schema = kin_schema_new();
    kin_model *project = kin_define(schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")));
    *user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_INTEGER("ProjectId", .references = { .model = project }, .on_delete = attribute)));
    kin_has_one(project, *user, .on_delete = association);
    return schema;
}

TEST(D19_what_a_key_declared_by_hand_says_stays) {
    kin_model *user;
    kin_schema *schema = by_hand(KIN_RESTRICT, KIN_ACTION_USUAL, &user);
    assert_true(kin_schema_link(schema));
    assert_names(kin_model_describe(user)->attributes, "id", "ProjectId");
    assert_int_equal(kin_attribute_named(user, "ProjectId")->on_delete, KIN_RESTRICT);
    kin_schema_free(schema);
    /* Where it says nothing, the association does. */
    schema = by_hand(KIN_ACTION_USUAL, KIN_CASCADE, &user);
    assert_true(kin_schema_link(schema));
    assert_int_equal(kin_attribute_named(user, "ProjectId")->on_delete, KIN_CASCADE);
    kin_schema_free(schema);
}

TEST(D19_two_different_actions_for_one_key_are_an_error) {
    kin_model *user;
    kin_schema *schema = by_hand(KIN_RESTRICT, KIN_CASCADE, &user);
    assert_link_error(schema, "on_delete is");
    assert_non_null(strstr(kin_schema_error(schema)->message, "RESTRICT"));
    assert_non_null(strstr(kin_schema_error(schema)->message, "CASCADE"));
    kin_schema_free(schema);
    schema = by_hand(KIN_RESTRICT, KIN_RESTRICT, &user);
    assert_true(kin_schema_link(schema));
    kin_schema_free(schema);
}

TEST(D20_the_partner_goes_with_the_source_where_its_key_cannot_be_null) {
    struct world w;
    world_start(&w);
    kin_model *project = kin_define(w.schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")));
    kin_model *user = kin_define(w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_has_one(project, user, .key = { .not_null = true });
    world_open(&w);
    assert_true(kin_attribute_named(user, "ProjectId")->not_null);
    assert_int_equal(kin_attribute_named(user, "ProjectId")->on_delete, KIN_CASCADE);
    assert_int_equal(kin_attribute_named(user, "ProjectId")->on_update, KIN_CASCADE);
    assert_true(contains(kin_sync_sql(w.db, .model = user), "ON DELETE CASCADE ON UPDATE CASCADE"));
    kin_row *engine = kin_create(w.s, project, { "title", kin("Engine") });
    kin_create(w.s, user, { "name", kin("Ada") }, { "ProjectId", kin_key_of(engine) });
    assert_true(kin_destroy(engine));
    assert_int_equal(kin_count_all(w.s, user), 0);
    assert_kin_ok(w.s);
    world_close(&w);
}

/* ---- a source key of the caller's choice ---- */

static void source_key_open(struct works *x, const char *column, bool composite) {
    world_start(&x->w);
    kin_attribute code = KIN_STRING("code", .unique = true, .not_null = true, .length = 20, .column = column);
    x->project = composite ? kin_define(x->w.schema, "Project",
                                        KIN_ATTRIBUTES(KIN_INTEGER("year", .primary_key = true), KIN_INTEGER("number", .primary_key = true), code))
                           : kin_define(x->w.schema, "Project", KIN_ATTRIBUTES(code));
    x->user = kin_define(x->w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")));
    x->user_of = kin_has_one(x->project, x->user, .foreign_key = "project_code", .source_key = "code");
    world_open(&x->w);
}

static void source_key_is_followed(struct works *x, kin_row *engine) {
    kin_row *ada = kin_create(x->w.s, x->user, { "name", kin("Ada") });
    kin_row *ben = kin_create(x->w.s, x->user, { "name", kin("Ben") });
    assert_true(kin_set_one(engine, x->user_of, ada));
    assert_string_equal(kin_text(kin_find_by_pk(x->w.s, x->user, kin_key_of(ada)), "project_code"), "engine");
    assert_true(kin_equals(kin_get_one(engine, x->user_of), ada));
    assert_true(kin_set_one_key(engine, x->user_of, kin_key_of(ben)));
    assert_true(kin_equals(kin_get_one(engine, x->user_of), ben));
    kin_row *cleo = kin_create_for(engine, x->user_of, { "name", kin("Cleo") });
    kin_row *found = kin_find_one(x->w.s, x->project, .include = KIN_INCLUDE(KIN_WITH(x->user_of)));
    assert_true(kin_equals(kin_related_one(found, x->user_of), cleo));
    assert_int_equal(kin_count_all(x->w.s, x->user, .where = kin_eq("project_code", "engine")), 1);
    assert_kin_ok(x->w.s);
}

TEST(D22_the_key_may_point_at_another_unique_attribute_of_the_source) {
    struct works x;
    source_key_open(&x, NULL, false);
    const kin_attribute_info *key = kin_attribute_named(x.user, "project_code");
    assert_int_equal(key->type, KIN_TYPE_STRING);
    assert_int_equal(key->length, 20);
    assert_string_equal(key->references_column, "code");
    source_key_is_followed(&x, kin_create(x.w.s, x.project, { "code", kin("engine") }));
    world_close(&x.w);
}

TEST(D22_a_source_key_goes_by_its_column) {
    struct works x;
    source_key_open(&x, "project_number", false);
    assert_true(contains(kin_sync_sql(x.w.db, .model = x.user), "REFERENCES Projects (project_number)"));
    source_key_is_followed(&x, kin_create(x.w.s, x.project, { "code", kin("engine") }));
    world_close(&x.w);
}

TEST(D22_a_source_key_serves_where_the_primary_key_has_several_parts) {
    struct works x;
    source_key_open(&x, NULL, true);
    assert_names(kin_model_describe(x.user)->attributes, "id", "name", "project_code");
    source_key_is_followed(&x, kin_create(x.w.s, x.project, { "year", kin(2026) }, { "number", kin(1) }, { "code", kin("engine") }));
    world_close(&x.w);
}

TEST(D22_an_unknown_source_key_is_an_error_that_names_it) {
    kin_schema *schema = kin_schema_new();
    kin_model *project = kin_define(schema, "Project", KIN_ATTRIBUTES(KIN_STRING("code", .unique = true)));
    kin_has_one(project, kin_define(schema, "User", KIN_NO_ATTRIBUTES), .source_key = "wowzer");
    assert_link_error(schema, "wowzer");
    assert_non_null(strstr(kin_schema_error(schema)->message, "Project"));
    kin_schema_free(schema);
}

/* ---- beside other associations ---- */

TEST(D25_the_same_target_twice_under_two_aliases) {
    struct world w;
    world_start(&w);
    kin_model *game = kin_define(w.schema, "Game", KIN_ATTRIBUTES(KIN_STRING("day")));
    kin_model *team = kin_define(w.schema, "Team", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_association *home = kin_has_one(game, team, .as = "HomeTeam", .foreign_key = "homeTeamId");
    kin_association *away = kin_has_one(game, team, .as = "AwayTeam", .foreign_key = "awayTeamId");
    world_open(&w);
    assert_names(kin_model_describe(team)->attributes, "id", "name", "homeTeamId", "awayTeamId");
    assert_names(kin_model_describe(game)->associations, "HomeTeam", "AwayTeam");
    kin_row *derby = kin_create(w.s, game, { "day", kin("Sunday") });
    kin_row *reds = kin_create(w.s, team, { "name", kin("Reds") });
    kin_row *blues = kin_create(w.s, team, { "name", kin("Blues") });
    assert_true(kin_set_one(derby, home, reds));
    assert_null(kin_get_one(derby, away));
    assert_true(kin_set_one(derby, away, blues));
    assert_true(kin_equals(kin_get_one(derby, home), reds));
    assert_true(kin_equals(kin_get_one(derby, away), blues));
    kin_row *found = kin_find_one(w.s, game, .include = KIN_INCLUDE(KIN_WITH(home), KIN_WITH(away)));
    assert_string_equal(kin_text(kin_related_one(found, home), "name"), "Reds");
    assert_string_equal(kin_text(kin_related_one(found, away), "name"), "Blues");
    assert_true(kin_set_one(derby, home, NULL));
    assert_true(kin_equals(kin_get_one(derby, away), blues));
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(D26_belongs_to_on_the_other_side_shares_the_key) {
    struct world w;
    world_start(&w);
    kin_model *project = kin_define(w.schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")));
    kin_model *user = kin_define(w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_association *user_of = kin_has_one(project, user);
    kin_association *project_of = kin_belongs_to(user, project);
    world_open(&w);
    assert_names(kin_model_describe(user)->attributes, "id", "name", "ProjectId");
    assert_names(kin_model_describe(project)->attributes, "id", "title");
    kin_row *engine = kin_create(w.s, project, { "title", kin("Engine") });
    kin_row *ada = kin_create(w.s, user, { "name", kin("Ada") });
    assert_true(kin_set_one(engine, user_of, ada));
    assert_true(kin_equals(kin_get_one(ada, project_of), engine));
    assert_true(kin_set_one(ada, project_of, NULL));
    assert_null(kin_get_one(engine, user_of));
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(D27_an_alias_like_an_attribute_of_the_source_is_an_error) {
    kin_schema *schema = kin_schema_new();
    kin_model *user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("attribute")));
    kin_has_one(user, kin_define(schema, "Attribute", KIN_NO_ATTRIBUTES), .as = "attribute");
    assert_link_error(schema, "'attribute'");
    assert_non_null(strstr(kin_schema_error(schema)->message, "User"));
    assert_int_equal(kin_schema_error(schema)->status, KIN_SCHEMA);
    kin_schema_free(schema);
}

/* ---- reading ---- */

TEST(D3_the_getter_looks_for_the_key_of_the_source) {
    struct works x;
    works_open(&x);
    kin_row *engine = works_project(&x, "Engine"), *loom = works_project(&x, "Loom");
    works_user(&x, "Nobody", NULL);
    works_user(&x, "Ada", loom);
    world_forget(&x.w);
    assert_null(kin_get_one(engine, x.user_of));
    kin_row *found = kin_get_one(loom, x.user_of);
    assert_string_equal(kin_text(found, "name"), "Ada");
    assert_int_equal(x.w.statement_count, 2);
    const char *sql = plain(world_statement(&x.w, 1));
    assert_non_null(strstr(sql, " FROM Users"));
    assert_non_null(strstr(sql, "ProjectId = ?"));
    assert_null(strstr(sql, "Projects"));
    assert_kin_ok(x.w.s);
    world_close(&x.w);
}

TEST(D3_of_several_partners_the_getter_gives_one) {
    struct works x;
    works_open(&x);
    kin_row *engine = works_project(&x, "Engine");
    works_user(&x, "Ada", engine);
    works_user(&x, "Ben", engine);
    kin_row *found = kin_get_one(engine, x.user_of, .order = KIN_NAMES("-name"));
    assert_string_equal(kin_text(found, "name"), "Ben");
    found = kin_get_one(engine, x.user_of, .order = KIN_NAMES("name"));
    assert_string_equal(kin_text(found, "name"), "Ada");
    assert_non_null(kin_get_one(engine, x.user_of));
    assert_kin_ok(x.w.s);
    world_close(&x.w);
}

TEST(D4_a_condition_of_the_caller_joins_that_of_the_key) {
    struct works x;
    works_open(&x);
    kin_row *engine = works_project(&x, "Engine");
    works_user(&x, "Ada", engine);
    works_user(&x, "Ben", NULL);
    assert_non_null(kin_get_one(engine, x.user_of, .where = kin_eq("name", "Ada")));
    assert_null(kin_get_one(engine, x.user_of, .where = kin_eq("name", "Ben")));
    kin_row *found = kin_get_one(engine, x.user_of, .where = kin_or(kin_eq("name", "Ben"), kin_eq("city", "Leeds")), .order = KIN_NAMES("-name"));
    assert_string_equal(kin_text(found, "name"), "Ada");
    found = kin_get_one(engine, x.user_of, .attributes = KIN_NAMES("name"));
    assert_true(kin_is_loaded(found, "name"));
    assert_true(kin_is_loaded(found, "id"));
    assert_false(kin_is_loaded(found, "city"));
    assert_kin_ok(x.w.s);
    world_close(&x.w);
}

TEST(D4_the_options_of_a_getter_are_left_as_they_were) {
    struct works x;
    works_open(&x);
    kin_row *engine = works_project(&x, "Engine");
    works_user(&x, "Ada", engine);
    world_forget(&x.w);
    kin_find options, copy;
    memset(&options, 0, sizeof options);
    options.size = sizeof options;
    options.association = x.user_of;
    options.where = kin_eq("name", "Ada");
    memcpy(&copy, &options, sizeof copy);
    assert_non_null((kin_get_one)(engine, &options));
    assert_memory_equal(&copy, &options, sizeof copy);
    assert_non_null((kin_get_one)(engine, &options));
    assert_string_equal(world_statement(&x.w, 0), world_statement(&x.w, 1));
    assert_kin_ok(x.w.s);
    world_close(&x.w);
}

TEST(D16_with_two_partners_an_include_gives_the_source_once_with_the_first) {
    struct works x;
    works_open(&x);
    kin_row *engine = works_project(&x, "Engine"), *loom = works_project(&x, "Loom");
    kin_row *ada = works_user(&x, "Ada", engine);
    works_user(&x, "Ben", engine);
    kin_row *cleo = works_user(&x, "Cleo", loom);
    works_user(&x, "Dan", engine);
    kin_rows found = kin_find_all(x.w.s, x.project, .order = KIN_NAMES("title"), .include = KIN_INCLUDE(KIN_WITH(x.user_of)));
    assert_int_equal(found.count, 2);
    assert_true(kin_equals(found.at[0], engine));
    assert_true(kin_equals(kin_related_one(found.at[0], x.user_of), ada));
    assert_true(kin_equals(found.at[1], loom));
    assert_true(kin_equals(kin_related_one(found.at[1], x.user_of), cleo));
    /* Also where only so many sources are asked for. */
    found = kin_find_all(x.w.s, x.project, .order = KIN_NAMES("title"), .limit = 2, .include = KIN_INCLUDE(KIN_WITH(x.user_of)));
    assert_int_equal(found.count, 2);
    assert_true(kin_equals(found.at[1], loom));
    assert_kin_ok(x.w.s);
    world_close(&x.w);
}

static void partners_come_together(bool unique, size_t statements) {
    struct works x;
    world_start(&x.w);
    x.project = kin_define(x.w.schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")));
    x.user = kin_define(x.w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name"), KIN_STRING("city")));
    x.user_of = kin_has_one(x.project, x.user, .key = { .unique = unique });
    world_open(&x.w);
    kin_row *engine = works_project(&x, "Engine"), *loom = works_project(&x, "Loom");
    works_project(&x, "Mill");
    works_user(&x, "Ada", loom);
    works_user(&x, "Ben", engine);
    works_user(&x, "Cleo", NULL);
    world_forget(&x.w);
    kin_rows found = kin_find_all(x.w.s, x.project, .order = KIN_NAMES("title"), .include = KIN_INCLUDE(KIN_WITH(x.user_of)));
    assert_int_equal(x.w.statement_count, statements);
    assert_int_equal(found.count, 3);
    assert_string_equal(kin_text(kin_related_one(found.at[0], x.user_of), "name"), "Ben");
    assert_string_equal(kin_text(kin_related_one(found.at[1], x.user_of), "name"), "Ada");
    assert_true(kin_is_related_loaded(found.at[2], x.user_of));
    assert_null(kin_related_one(found.at[2], x.user_of));
    assert_kin_ok(x.w.s);
    world_close(&x.w);
}

TEST(D24_the_partners_of_many_sources_come_with_one_further_statement) { partners_come_together(false, 2); }

TEST(D24_where_there_is_one_partner_at_most_they_come_by_a_join) { partners_come_together(true, 1); }
