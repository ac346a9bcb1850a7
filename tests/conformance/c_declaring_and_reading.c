/* Belongs-to, as it is declared and read: the source has the key, and the getter is one look-up by it. */
#include <kin.h>

#include "test.h"
#include "world.h"

struct club {
    struct world w;
    kin_model *team, *player;
    kin_association *team_of;
};

static void club_open(struct club *c) {
    world_start(&c->w);
    c->team = kin_define(c->w.schema, "Team", KIN_ATTRIBUTES(KIN_STRING("name"), KIN_STRING("city")));
    c->player = kin_define(c->w.schema, "Player", KIN_ATTRIBUTES(KIN_STRING("name")));
    c->team_of = kin_belongs_to(c->player, c->team);
    world_open(&c->w);
}

/* A player in a team, read afresh. */
static kin_row *club_player(struct club *c, const char *name) {
    kin_row *team = kin_create(c->w.s, c->team, { "name", kin("Reds") }, { "city", kin("Leeds") });
    kin_row *made = kin_create(c->w.s, c->player, { "name", kin(name) }, { "TeamId", kin_key_of(team) });
    kin_row *player = kin_find_by_pk(c->w.s, c->player, kin_key_of(made));
    assert_kin_ok(c->w.s);
    assert_non_null(player);
    world_forget(&c->w);
    return player;
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

TEST(C1_C28_the_key_is_the_source_s_and_the_target_gets_nothing) {
    struct club c;
    club_open(&c);
    assert_true(kin_model_has_attribute(c.player, "TeamId"));
    assert_names(kin_association_describe(c.team_of)->foreign_key, "TeamId");
    assert_ptr_equal(kin_association_describe(c.team_of)->target, c.team);
    assert_names(kin_model_describe(c.team)->attributes, "id", "name", "city");
    assert_int_equal(kin_model_describe(c.team)->associations.count, 0);
    assert_int_equal(kin_accessor_count(c.team), 0);
    assert_true(kin_has_accessor(c.player, "getTeam"));
    assert_true(kin_has_accessor(c.player, "setTeam"));
    assert_true(kin_has_accessor(c.player, "createTeam"));
    assert_int_equal(kin_accessor_count(c.player), 3);
    world_close(&c.w);
}

TEST(C1_C28_an_association_in_one_direction_is_followed_from_there_alone) {
    struct club c;
    club_open(&c);
    kin_row *player = club_player(&c, "Ann");
    kin_row *team = kin_get_one(player, c.team_of);
    assert_string_equal(kin_text(team, "name"), "Reds");
    assert_null(kin_get_one(team, c.team_of));
    assert_kin_error(c.w.s, KIN_MISUSE, "the row is a Team, but Player.Team starts from a Player");
    world_close(&c.w);
}

TEST(C2_the_key_references_the_target_and_may_be_null) {
    struct club c;
    club_open(&c);
    const kin_attribute_info *key = kin_attribute_named(c.player, "TeamId");
    assert_non_null(key);
    assert_ptr_equal(key->references, c.team);
    assert_string_equal(key->references_table, "Teams");
    assert_string_equal(key->references_column, "id");
    assert_int_equal(key->on_delete, KIN_SET_NULL);
    assert_int_equal(key->on_update, KIN_CASCADE);
    assert_false(key->not_null);
    assert_true(key->generated);
    const char *sql = kin_sync_sql(c.w.db, .model = c.player);
    assert_non_null(sql);
    assert_true(contains(sql, "REFERENCES Teams (id) ON DELETE SET NULL ON UPDATE CASCADE"));
    assert_false(contains(sql, "TeamId INTEGER NOT NULL"));
    world_close(&c.w);
}

TEST(C2_the_database_keeps_the_reference) {
    struct club c;
    club_open(&c);
    assert_non_null(kin_create(c.w.s, c.player, { "name", kin("Free") }));
    assert_null(kin_create(c.w.s, c.player, { "name", kin("Lost") }, { "TeamId", kin(77) }));
    assert_int_equal(kin_error_of(c.w.s)->constraint, KIN_FOREIGN_KEY);
    assert_kin_error(c.w.s, KIN_CONSTRAINT, "");
    assert_int_equal(kin_count_all(c.w.s, c.player), 1);
    world_close(&c.w);
}

TEST(C29_two_associations_with_one_target_do_not_touch_each_other) {
    struct world w;
    world_start(&w);
    kin_model *team = kin_define(w.schema, "Team", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_model *match = kin_define(w.schema, "Match", KIN_ATTRIBUTES(KIN_STRING("day")));
    kin_association *home = kin_belongs_to(match, team, .as = "HomeTeam", .foreign_key = "HomeTeamId");
    kin_association *away = kin_belongs_to(match, team, .as = "AwayTeam");
    world_open(&w);
    assert_names(kin_association_describe(home)->foreign_key, "HomeTeamId");
    assert_names(kin_association_describe(away)->foreign_key, "AwayTeamId");
    assert_true(kin_has_accessor(match, "getHomeTeam"));
    assert_true(kin_has_accessor(match, "setAwayTeam"));
    assert_false(kin_has_accessor(match, "getTeam"));
    kin_row *reds = kin_create(w.s, team, { "name", kin("Reds") });
    kin_row *blues = kin_create(w.s, team, { "name", kin("Blues") });
    kin_row *derby = kin_create(w.s, match, { "day", kin("Sunday") });
    assert_true(kin_set_one(derby, home, reds));
    assert_null(kin_get_one(derby, away));
    assert_true(kin_set_one(derby, away, blues));
    assert_true(kin_set_one(derby, home, NULL));
    derby = kin_find_by_pk(w.s, match, kin_key_of(derby));
    assert_null(kin_get_one(derby, home));
    assert_string_equal(kin_text(kin_get_one(derby, away), "name"), "Blues");
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(C30_a_model_may_belong_to_itself) {
    struct world w;
    world_start(&w);
    kin_model *person = kin_define(w.schema, "Person", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_association *father = kin_belongs_to(person, person, .as = "Father");
    world_open(&w);
    assert_names(kin_model_describe(person)->attributes, "id", "name", "FatherId");
    assert_true(contains(kin_sync_sql(w.db, .model = person), "REFERENCES People (id) ON DELETE SET NULL ON UPDATE CASCADE"));
    kin_row *old = kin_create(w.s, person, { "name", kin("Old") });
    kin_row *young = kin_create(w.s, person, { "name", kin("Young") });
    assert_true(kin_set_one(young, father, old));
    assert_true(kin_equals(kin_get_one(young, father), old));
    assert_null(kin_get_one(old, father));
    assert_int_equal(kin_count_all(w.s, person, .where = kin_eq("FatherId", kin_key_of(old))), 1);
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(C31_the_key_takes_name_and_type_of_a_primary_key_that_is_not_id) {
    struct world w;
    world_start(&w);
    kin_model *user = kin_define(w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("login", .primary_key = true, .length = 40), KIN_STRING("name")));
    kin_model *task = kin_define(w.schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title")));
    kin_association *user_of = kin_belongs_to(task, user);
    world_open(&w);
    const kin_attribute_info *key = kin_attribute_named(task, "UserLogin");
    assert_non_null(key);
    assert_int_equal(key->type, KIN_TYPE_STRING);
    assert_int_equal(key->length, 40);
    assert_string_equal(key->references_column, "login");
    assert_false(kin_model_has_attribute(task, "UserId"));
    assert_true(contains(kin_sync_sql(w.db, .model = task), "UserLogin VARCHAR(40)"));
    kin_row *ada = kin_create(w.s, user, { "login", kin("ada") }, { "name", kin("Ada") });
    kin_row *ben = kin_create(w.s, user, { "login", kin("ben") }, { "name", kin("Ben") });
    kin_row *made = kin_create(w.s, task, { "title", kin("write") });
    assert_true(kin_set_one(made, user_of, ada));
    assert_string_equal(kin_text(kin_find_by_pk(w.s, task, kin_key_of(made)), "UserLogin"), "ada");
    assert_string_equal(kin_text(kin_get_one(made, user_of), "name"), "Ada");
    assert_true(kin_set_one_key(made, user_of, kin_key_of(ben)));
    assert_string_equal(kin_text(kin_get_one(made, user_of), "name"), "Ben");
    assert_kin_ok(w.s);
    world_close(&w);
}

/* ---- a target key of the caller's choice ---- */

struct account {
    struct world w;
    kin_model *user, *task;
    kin_association *user_of;
};

/* composite: the users' primary key has two parts, so that only the name is left to point at. */
static void account_open(struct account *a, const char *column, bool composite) {
    world_start(&a->w);
    kin_attribute name = KIN_STRING("username", .not_null = true, .unique = true, .length = 60, .column = column);
    a->user = composite ? kin_define(a->w.schema, "User",
                                     KIN_ATTRIBUTES(KIN_INTEGER("part", .primary_key = true), KIN_INTEGER("number", .primary_key = true), name))
                        : kin_define(a->w.schema, "User", KIN_ATTRIBUTES(name));
    a->task = kin_define(a->w.schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title")));
    a->user_of = kin_belongs_to(a->task, a->user, .foreign_key = "owner", .target_key = "username");
    world_open(&a->w);
}

static void account_is_followed(struct account *a, kin_row *ada, kin_row *ben) {
    kin_session *s = a->w.s;
    kin_row *task = kin_create(s, a->task, { "title", kin("write") });
    assert_true(kin_set_one(task, a->user_of, ada));
    assert_string_equal(kin_text(kin_find_by_pk(s, a->task, kin_key_of(task)), "owner"), "ada");
    assert_true(kin_equals(kin_get_one(task, a->user_of), ada));
    assert_true(kin_set_one_key(task, a->user_of, kin("ben")));
    assert_true(kin_equals(kin_get_one(task, a->user_of), ben));
    kin_row *found = kin_find_one(s, a->task, .include = KIN_INCLUDE(KIN_WITH(a->user_of)));
    assert_true(kin_equals(kin_related_one(found, a->user_of), ben));
    assert_kin_ok(s);
}

TEST(C32_the_key_may_point_at_another_unique_attribute) {
    struct account a;
    account_open(&a, NULL, false);
    const kin_attribute_info *key = kin_attribute_named(a.task, "owner");
    assert_int_equal(key->type, KIN_TYPE_STRING);
    assert_int_equal(key->length, 60);
    assert_string_equal(key->references_column, "username");
    assert_names(kin_association_describe(a.user_of)->target_key, "username");
    assert_true(contains(kin_sync_sql(a.w.db, .model = a.task), "REFERENCES Users (username)"));
    kin_row *ada = kin_create(a.w.s, a.user, { "username", kin("ada") });
    account_is_followed(&a, ada, kin_create(a.w.s, a.user, { "username", kin("ben") }));
    world_close(&a.w);
}

TEST(C32_a_target_key_goes_by_its_column) {
    struct account a;
    account_open(&a, "user_name", false);
    assert_string_equal(kin_attribute_named(a.task, "owner")->references_column, "user_name");
    assert_true(contains(kin_sync_sql(a.w.db, .model = a.task), "REFERENCES Users (user_name)"));
    kin_row *ada = kin_create(a.w.s, a.user, { "username", kin("ada") });
    account_is_followed(&a, ada, kin_create(a.w.s, a.user, { "username", kin("ben") }));
    world_close(&a.w);
}

TEST(C32_a_target_key_serves_where_the_primary_key_has_several_parts) {
    struct account a;
    account_open(&a, NULL, true);
    assert_int_equal(kin_model_describe(a.user)->primary_key.count, 2);
    assert_names(kin_model_describe(a.task)->attributes, "id", "title", "owner");
    kin_row *ada = kin_create(a.w.s, a.user, { "part", kin(1) }, { "number", kin(1) }, { "username", kin("ada") });
    account_is_followed(&a, ada, kin_create(a.w.s, a.user, { "part", kin(1) }, { "number", kin(2) }, { "username", kin("ben") }));
    world_close(&a.w);
}

TEST(C32_a_target_created_for_the_source_is_linked_by_its_target_key) {
    struct account a;
    account_open(&a, NULL, false);
    kin_row *task = kin_create(a.w.s, a.task, { "title", kin("write") });
    kin_row *ada = kin_create_for(task, a.user_of, { "username", kin("ada") });
    assert_kin_ok(a.w.s);
    assert_true(kin_is_saved(ada));
    assert_string_equal(kin_text(kin_find_by_pk(a.w.s, a.task, kin_key_of(task)), "owner"), "ada");
    world_close(&a.w);
}

TEST(C33_an_unknown_target_key_is_an_error_that_names_it) {
    kin_schema *schema = kin_schema_new();
    kin_model *user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("username", .unique = true)));
    kin_model *task = kin_define(schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title")));
    kin_belongs_to(task, user, .target_key = "wowzer");
    assert_link_error(schema, "wowzer");
    assert_non_null(strstr(kin_schema_error(schema)->message, "User"));
    assert_non_null(strstr(kin_schema_error(schema)->message, "username"));
    assert_int_equal(kin_schema_error(schema)->status, KIN_SCHEMA);
    kin_schema_free(schema);
}

/* ---- reading ---- */

TEST(C3_a_null_key_finds_nothing_and_asks_nothing) {
    struct club c;
    club_open(&c);
    kin_row *player = kin_create(c.w.s, c.player, { "name", kin("Free") });
    world_forget(&c.w);
    assert_null(kin_get_one(player, c.team_of));
    assert_null(kin_get_one(player, c.team_of, .where = kin_eq("name", "Reds")));
    assert_kin_ok(c.w.s);
    assert_int_equal(c.w.statement_count, 0);
    world_close(&c.w);
}

TEST(C4_C7_the_getter_is_one_look_up_by_key_without_a_limit) {
    struct club c;
    club_open(&c);
    kin_row *player = club_player(&c, "Ann");
    kin_create(c.w.s, c.team, { "name", kin("Blues") });
    world_forget(&c.w);
    kin_row *team = kin_get_one(player, c.team_of);
    assert_int_equal(c.w.statement_count, 1);
    const char *sql = world_statement(&c.w, 0);
    assert_true(contains(sql, "SELECT "));
    assert_true(contains(sql, " FROM Teams"));
    assert_true(contains(sql, "id = ?"));
    assert_false(contains(sql, "LIMIT"));
    assert_false(contains(sql, "Players"));
    assert_string_equal(kin_text(team, "name"), "Reds");
    assert_string_equal(kin_text(team, "city"), "Leeds");
    assert_true(kin_model_of(team) == c.team);
    assert_kin_ok(c.w.s);
    world_close(&c.w);
}

TEST(C5_a_condition_of_the_caller_joins_that_of_the_key) {
    struct club c;
    club_open(&c);
    kin_row *player = club_player(&c, "Ann");
    kin_create(c.w.s, c.team, { "name", kin("Blues") });
    assert_null(kin_get_one(player, c.team_of, .where = kin_eq("name", "Blues")));
    assert_non_null(kin_get_one(player, c.team_of, .where = kin_eq("name", "Reds")));
    /* An "or" of the caller's does not loosen the key. */
    kin_row *team = kin_get_one(player, c.team_of, .where = kin_or(kin_eq("name", "Blues"), kin_eq("city", "Leeds")));
    assert_string_equal(kin_text(team, "name"), "Reds");
    assert_kin_ok(c.w.s);
    assert_null(kin_get_one(player, c.team_of, .where = kin_eq("name", "Blues"), .required = true));
    assert_kin_error(c.w.s, KIN_NOT_FOUND, "Team");
    world_close(&c.w);
}

TEST(C5_a_getter_chooses_attributes_and_includes) {
    struct world w;
    world_start(&w);
    kin_model *country = kin_define(w.schema, "Country", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_model *team = kin_define(w.schema, "Team", KIN_ATTRIBUTES(KIN_STRING("name"), KIN_STRING("city")));
    kin_model *player = kin_define(w.schema, "Player", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_association *country_of = kin_belongs_to(team, country), *team_of = kin_belongs_to(player, team);
    world_open(&w);
    kin_row *wales = kin_create(w.s, country, { "name", kin("Wales") });
    kin_row *reds = kin_create(w.s, team, { "name", kin("Reds") }, { "city", kin("Barry") }, { "CountryId", kin_key_of(wales) });
    kin_row *ann = kin_create(w.s, player, { "name", kin("Ann") }, { "TeamId", kin_key_of(reds) });
    kin_row *few = kin_get_one(ann, team_of, .attributes = KIN_NAMES("city"));
    assert_true(kin_is_loaded(few, "city"));
    assert_true(kin_is_loaded(few, "id"));
    assert_false(kin_is_loaded(few, "name"));
    kin_row *deep = kin_get_one(ann, team_of, .include = KIN_INCLUDE(KIN_WITH(country_of)));
    assert_string_equal(kin_text(kin_related_one(deep, country_of), "name"), "Wales");
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(C6_the_options_of_a_getter_are_left_as_they_were) {
    struct club c;
    club_open(&c);
    kin_row *player = club_player(&c, "Ann");
    kin_find options;
    memset(&options, 0, sizeof options);
    options.size = sizeof options;
    options.association = c.team_of;
    options.where = kin_eq("name", "Reds");
    options.attributes = KIN_NAMES("name");
    kin_condition where = *options.where;
    kin_find copy;
    memcpy(&copy, &options, sizeof copy);
    assert_non_null((kin_get_one)(player, &options));
    assert_memory_equal(&copy, &options, sizeof copy);
    assert_memory_equal(&where, options.where, sizeof where);
    /* So that they serve again, and send the same. */
    assert_non_null((kin_get_one)(player, &options));
    assert_int_equal(c.w.statement_count, 2);
    assert_string_equal(world_statement(&c.w, 0), world_statement(&c.w, 1));
    assert_kin_ok(c.w.s);
    world_close(&c.w);
}

TEST(C8_the_getter_works_across_schemas) {
    struct world w;
    world_start(&w);
    kin_model *current = kin_define(w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_model *archived = kin_define(w.schema, "ArchivedUser", KIN_ATTRIBUTES(KIN_STRING("name")), .table = "Users", .schema = "archive");
    kin_model *task = kin_define(w.schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title")), .schema = "work");
    kin_association *user_of = kin_belongs_to(task, archived, .as = "User");
    kin_association *author_of = kin_belongs_to(task, archived, .as = "Author", .foreign_key = "author_id");
    world_open(&w);
    kin_create(w.s, current, { "name", kin("now") });
    kin_create(w.s, current, { "name", kin("later") });
    kin_row *one = kin_create(w.s, archived, { "name", kin("then") });
    kin_row *two = kin_create(w.s, archived, { "name", kin("before") });
    kin_row *made = kin_create(w.s, task, { "title", kin("write") });
    assert_true(kin_set_one(made, user_of, one));
    assert_true(kin_set_one(made, author_of, two));
    world_forget(&w);
    assert_string_equal(kin_text(kin_get_one(made, user_of), "name"), "then");
    assert_string_equal(kin_text(kin_get_one(made, author_of), "name"), "before");
    assert_int_equal(w.statement_count, 2);
    assert_true(contains(world_statement(&w, 0), "FROM archive.Users"));
    kin_row *found = kin_find_by_pk(w.s, task, kin_key_of(made));
    assert_int_equal(kin_int(found, "author_id"), kin_int(two, "id"));
    assert_kin_ok(w.s);
    world_close(&w);
}

static void count_statement(void *context, const kin_log_entry *entry) {
    size_t *count = context;
    *count += strncmp(entry->sql, "SELECT", 6) == 0 ? 1 : strncmp(entry->sql, "UPDATE", 6) == 0 ? 100 : 0;
}

TEST(C9_the_log_sees_what_getter_and_setter_send) {
    struct club c;
    size_t count = 0;
    club_open(&c);
    kin_row *player = club_player(&c, "Ann");
    kin_session_log(c.w.s, (kin_log){ .function = count_statement, .context = &count });
    kin_get_one(player, c.team_of);
    assert_int_equal(count, 1);
    kin_set_one(player, c.team_of, NULL);
    assert_int_equal(count, 101);
    assert_int_equal(c.w.statement_count, 0);
    assert_kin_ok(c.w.s);
    world_close(&c.w);
}

TEST(C11_the_targets_of_many_sources_come_with_one_statement) {
    struct club c;
    club_open(&c);
    kin_row *reds = kin_create(c.w.s, c.team, { "name", kin("Reds") });
    kin_row *blues = kin_create(c.w.s, c.team, { "name", kin("Blues") });
    kin_create(c.w.s, c.player, { "name", kin("Ann") }, { "TeamId", kin_key_of(blues) });
    kin_create(c.w.s, c.player, { "name", kin("Bob") });
    kin_create(c.w.s, c.player, { "name", kin("Cy") }, { "TeamId", kin_key_of(reds) });
    kin_create(c.w.s, c.player, { "name", kin("Di") }, { "TeamId", kin_key_of(blues) });
    world_forget(&c.w);
    kin_rows players = kin_find_all(c.w.s, c.player, .order = KIN_NAMES("name"), .include = KIN_INCLUDE(KIN_WITH(c.team_of)));
    assert_int_equal(c.w.statement_count, 1);
    assert_int_equal(players.count, 4);
    assert_string_equal(kin_text(kin_related_one(players.at[0], c.team_of), "name"), "Blues");
    assert_true(kin_is_related_loaded(players.at[1], c.team_of));
    assert_null(kin_related_one(players.at[1], c.team_of));
    assert_string_equal(kin_text(kin_related_one(players.at[2], c.team_of), "name"), "Reds");
    assert_string_equal(kin_text(kin_related_one(players.at[3], c.team_of), "name"), "Blues");
    assert_kin_ok(c.w.s);
    world_close(&c.w);
}
