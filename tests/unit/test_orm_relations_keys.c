/* Relation verbs where keys, constraints and scopes are not the usual ones, and what they send to other databases. */
#include "test.h"

#include <kin.h>

#include "driver/mock.h"

static kin_schema *schema;
static kin_db *db;
static kin_session *s;

static void start(const char *url)
{
    db = kin_open(url, schema);
    if (kin_db_error(db))
        fail_msg("%s", kin_db_error(db)->message);
    if (!kin_sync(db))
        fail_msg("%s", kin_db_error(db)->message);
    s = kin_session_open(db);
    mock_reset();
}

static void end(void)
{
    kin_session_close(s);
    kin_close(db);
    kin_schema_free(schema);
}

static void good(void)
{
    if (!kin_ok(s))
        fail_msg("%s", kin_error_of(s)->message);
}

static void refused(kin_status status, const char *text)
{
    const kin_error *error = kin_error_of(s);
    if (error->status != status || !strstr(error->message, text))
        fail_msg("status %d, not %d: %s", (int)error->status, (int)status, error->message);
    kin_clear_error(s);
}

static int64_t number(const char *sql)
{
    kin_rows rows = (kin_query)(s, sql, 0, NULL);
    good();
    assert_int_equal(rows.count, 1);
    return kin_int(rows.at[0], "n");
}

/* ---- keys that are not primary ---- */

TEST(keys_other_than_the_primary_one)
{
    schema = kin_schema_new();
    kin_model *group = kin_define(schema, "Group", KIN_ATTRIBUTES(KIN_STRING("code", .unique = true), KIN_STRING("name")));
    kin_model *player = kin_define(schema, "Player", KIN_ATTRIBUTES(KIN_STRING("nick", .unique = true)));
    kin_association *players = kin_has_many(group, player, .source_key = "code", .foreign_key = "groupCode");
    kin_association *group_of = kin_belongs_to(player, group, .target_key = "code", .foreign_key = "groupCode");
    kin_association *friends = kin_belongs_to_many(group, player, .as = "friends", .through = "Friends", .source_key = "code", .target_key = "nick");
    start("sqlite::memory:");
    kin_row *red = kin_create(s, group, { "code", kin("red") }), *bare = kin_create(s, group, { "name", kin("bare") });
    kin_row *ann = kin_create(s, player, { "nick", kin("ann") }), *bob = kin_create(s, player, { "nick", kin("bob") });
    good();
    assert_true(kin_add(red, players, KIN_ROWS(ann)));
    assert_string_equal(kin_text(ann, "groupCode"), "red");
    assert_true(kin_has(red, players, KIN_ROWS(ann)));
    assert_true(kin_set_one(bob, group_of, red));
    assert_true(kin_set_one_key(ann, group_of, kin("red")));
    assert_true(kin_has_exactly(red, players, KIN_ROWS(ann, bob)));
    kin_rows linked = kin_set(red, friends, KIN_ROWS(ann, bob));
    good();
    assert_int_equal(linked.count, 2);
    linked = kin_set(red, friends, KIN_KEYS(kin("bob")));
    good();
    assert_string_equal(kin_text(linked.at[0], "nick"), "bob");
    assert_true(kin_has_exactly(red, friends, KIN_ROWS(bob)));
    linked = kin_set(red, friends, KIN_KEYS(kin("ann"), kin("bob")), .fetch = true);
    assert_int_equal(linked.count, 2);
    assert_int_equal(kin_int(linked.at[0], "id"), 1);
    assert_int_equal(kin_get(red, friends).count, 2);
    /* A source without a value in its key has nothing, and can get nothing. */
    assert_int_equal(kin_get(bare, players).count, 0);
    good();
    assert_false(kin_add(bare, players, KIN_ROWS(ann)));
    refused(KIN_MISUSE, "Group.code is NULL");
    assert_false(kin_set_one(ann, group_of, bare));
    refused(KIN_MISUSE, "NULL in the key");
    kin_rows part = kin_find_all(s, group, .attributes = KIN_NAMES("name"));
    assert_false(kin_add(part.at[0], players, KIN_ROWS(ann)));
    refused(KIN_MISUSE, "Group.code is the key of the association, but was not loaded");
    end();
}

TEST(a_primary_key_that_is_changed_in_memory)
{
    schema = kin_schema_new();
    kin_model *box = kin_define(schema, "Box", KIN_ATTRIBUTES(KIN_STRING("code", .primary_key = true)));
    kin_model *item = kin_define(schema, "Item", KIN_ATTRIBUTES(KIN_STRING("code", .primary_key = true)));
    kin_association *items = kin_has_many(box, item), *labels = kin_belongs_to_many(box, item, .as = "extras", .through = "Extras");
    start("sqlite::memory:");
    kin_row *a = kin_create(s, box, { "code", kin("a") }), *x = kin_create(s, item, { "code", kin("x") });
    assert_true(kin_put(a, "code", kin("b")) && kin_put(x, "code", kin("y")));
    /* The database still has a and x. */
    assert_true(kin_add(a, items, KIN_ROWS(x)) && kin_add(a, labels, KIN_ROWS(x)));
    good();
    assert_int_equal(number("SELECT count(*) AS n FROM Items WHERE code = 'x' AND BoxCode = 'a'"), 1);
    assert_int_equal(number("SELECT count(*) AS n FROM Extras WHERE BoxCode = 'a' AND ItemCode = 'x'"), 1);
    end();
}

TEST(without_constraints_anything_is_accepted)
{
    schema = kin_schema_new();
    kin_model *post = kin_define(schema, "Post", KIN_ATTRIBUTES(KIN_STRING("title")));
    kin_model *remark = kin_define(schema, "Remark", KIN_ATTRIBUTES(KIN_STRING("text")));
    kin_association *post_of = kin_belongs_to(remark, post, .no_constraints = true);
    kin_association *tags = kin_belongs_to_many(post, remark, .as = "tags", .through = "Tags", .no_constraints = true);
    start("sqlite::memory:");
    kin_row *one = kin_create(s, remark, KIN_DEFAULTS), *first = kin_create(s, post, KIN_DEFAULTS);
    assert_true(kin_set_one_key(one, post_of, kin(77)));
    assert_true(kin_add(first, tags, KIN_KEYS(kin(55))));
    good();
    assert_int_equal(number("SELECT PostId AS n FROM Remarks"), 77);
    assert_int_equal(number("SELECT count(*) AS n FROM Tags"), 1);
    end();
}

/* ---- scopes ---- */

TEST(a_scope_on_the_targets_of_many_to_many)
{
    schema = kin_schema_new();
    kin_model *team = kin_define(schema, "Team", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_model *man = kin_define(schema, "Man", KIN_ATTRIBUTES(KIN_STRING("name"), KIN_BOOLEAN("active")), .timestamps = true, .paranoid = true);
    kin_association *all = kin_belongs_to_many(team, man, .as = "men", .through = "Members");
    kin_association *active = kin_belongs_to_many(team, man, .as = "actives", .through = "Members", .scope = KIN_VALUES({ "active", kin(true) }));
    start("sqlite::memory:");
    kin_row *t = kin_create(s, team, KIN_DEFAULTS), *a = kin_create(s, man, { "active", kin(false) });
    assert_true(kin_add(t, active, KIN_ROWS(a))); /* the target itself is not touched */
    good();
    assert_true(kin_has(t, all, KIN_ROWS(a)));
    assert_false(kin_has(t, active, KIN_ROWS(a)));
    kin_row *made = kin_create_for(t, active, { "name", kin("made") });
    good();
    assert_true(kin_bool(made, "active"));
    assert_true(kin_has_exactly(t, active, KIN_ROWS(made)));
    assert_true(kin_has_exactly(t, all, KIN_ROWS(a, made)));
    kin_value key = kin_key_of(made);
    assert_true(kin_destroy(made)); /* softly: it does not count any more */
    assert_false(kin_has(t, active, KIN_KEYS(key)));
    assert_true(kin_has_exactly(t, all, KIN_ROWS(a)));
    good();
    end();
}

TEST(a_pair_that_is_linked_in_another_scope)
{
    schema = kin_schema_new();
    kin_model *post = kin_define(schema, "Post", KIN_ATTRIBUTES(KIN_STRING("title")));
    kin_model *tag = kin_define(schema, "Tag", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_model *link = kin_define(schema, "Link", KIN_ATTRIBUTES(KIN_STRING("type")));
    kin_association *subjects = kin_belongs_to_many(post, tag, .as = "subjects", .through_model = link, .through_scope = KIN_VALUES({ "type", kin("subject") }));
    kin_association *moods = kin_belongs_to_many(post, tag, .as = "moods", .through_model = link, .through_scope = KIN_VALUES({ "type", kin("mood") }));
    start("sqlite::memory:");
    kin_row *p = kin_create(s, post, KIN_DEFAULTS), *a = kin_create(s, tag, KIN_DEFAULTS), *b = kin_create(s, tag, KIN_DEFAULTS);
    assert_true(kin_add(p, subjects, KIN_ROWS(a)) && kin_add(p, subjects, KIN_ROWS(a)));
    good();
    assert_true(kin_begin(s));
    assert_false(kin_add(p, moods, KIN_ROWS(b, a))); /* never silence */
    assert_int_equal(kin_error_of(s)->constraint, KIN_UNIQUE);
    refused(KIN_CONSTRAINT, ".not_unique");
    assert_int_equal(kin_set(p, moods, KIN_ROWS(a)).count, 0);
    refused(KIN_CONSTRAINT, ".not_unique");
    assert_int_equal(kin_set(p, moods, KIN_ROWS(b)).count, 1);
    assert_true(kin_commit(s));
    assert_int_equal(number("SELECT count(*) AS n FROM Links"), 2);
    end();
}

/* ---- join models of all sorts ---- */

TEST(a_join_model_with_a_key_of_its_own)
{
    schema = kin_schema_new();
    kin_model *user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_model *role = kin_define(schema, "Role", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_model *grant = kin_define(schema, "Grant",
        KIN_ATTRIBUTES(KIN_UUID("code", .primary_key = true, .default_uuid = true), KIN_DATEONLY("day", .default_now = true), KIN_STRING("by")));
    kin_association *roles = kin_belongs_to_many(user, role, .through_model = grant);
    start("sqlite::memory:");
    kin_row *u = kin_create(s, user, KIN_DEFAULTS), *a = kin_create(s, role, KIN_DEFAULTS), *b = kin_create(s, role, KIN_DEFAULTS);
    assert_true(kin_add(u, roles, KIN_ROWS(a, b), .through = KIN_VALUES({ "by", kin("me") })));
    assert_true(kin_add(u, roles, KIN_ROWS(a, b)));
    good();
    assert_int_equal(number("SELECT count(DISTINCT code) AS n FROM Grants WHERE day IS NOT NULL AND by = 'me'"), 2);
    kin_set(u, roles, KIN_ROWS(b), .through = KIN_VALUES({ "by", kin("you") }));
    good();
    assert_int_equal(number("SELECT count(*) AS n FROM Grants WHERE by = 'you'"), 1);
    kin_row *made = kin_create_for(u, roles, { "name", kin("made") });
    assert_false(kin_is_null(kin_through(made, grant), "code"));
    end();
}

/* Another unique column of the join model is not taken for the pair. */
TEST(a_join_model_with_another_unique_column)
{
    schema = kin_schema_new();
    kin_model *user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_model *seat = kin_define(schema, "Seat", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_model *booking = kin_define(schema, "Booking", KIN_ATTRIBUTES(KIN_STRING("ticket", .unique = true)));
    kin_association *seats = kin_belongs_to_many(user, seat, .through_model = booking);
    start("sqlite::memory:");
    kin_row *u = kin_create(s, user, KIN_DEFAULTS), *a = kin_create(s, seat, KIN_DEFAULTS), *b = kin_create(s, seat, KIN_DEFAULTS);
    assert_true(kin_add(u, seats, KIN_ROWS(a), .through = KIN_VALUES({ "ticket", kin("t1") })));
    assert_true(kin_add(u, seats, KIN_ROWS(a), .through = KIN_VALUES({ "ticket", kin("t1") })));
    good();
    assert_false(kin_add(u, seats, KIN_ROWS(b), .through = KIN_VALUES({ "ticket", kin("t1") })));
    assert_int_equal(kin_error_of(s)->constraint, KIN_UNIQUE);
    refused(KIN_CONSTRAINT, "");
    assert_int_equal(number("SELECT count(*) AS n FROM Bookings"), 1);
    end();
}

TEST(a_unique_pair_is_missing)
{
    schema = kin_schema_new();
    kin_model *user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_model *role = kin_define(schema, "Role", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_model *grant = kin_define(schema, "Grant", KIN_ATTRIBUTES(KIN_INTEGER("UserId", .primary_key = true), KIN_INTEGER("RoleId", .primary_key = true),
                                                                  KIN_STRING("area", .primary_key = true, .default_value = kin("all"))));
    kin_association *roles = kin_belongs_to_many(user, role, .through_model = grant);
    start("sqlite::memory:");
    kin_row *u = kin_create(s, user, KIN_DEFAULTS), *a = kin_create(s, role, KIN_DEFAULTS);
    assert_true(kin_add(u, roles, KIN_ROWS(a)) && kin_add(u, roles, KIN_ROWS(a)));
    good();
    assert_int_equal(number("SELECT count(*) AS n FROM Grants"), 1);
    end();
}

TEST(read_only_sessions_may_ask_and_not_change)
{
    schema = kin_schema_new();
    kin_model *user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_association *friends = kin_belongs_to_many(user, user, .as = "friends", .through = "Friends");
    start("sqlite::memory:");
    kin_row *u = kin_create(s, user, KIN_DEFAULTS);
    assert_true(kin_add(u, friends, KIN_ROWS(u)));
    kin_session *reader = kin_session_open(db, .read_only = true);
    kin_row *same = kin_find_by_pk(reader, user, kin(1));
    assert_true(kin_has(same, friends, KIN_ROWS(same)));
    assert_int_equal(kin_set(same, friends, KIN_ROWS(same)).count, 1);
    assert_true(kin_ok(reader));
    kin_set(same, friends, KIN_NONE);
    assert_int_equal(kin_error_of(reader)->status, KIN_MISUSE);
    kin_session_close(reader);
    end();
}

/* ---- what other databases are sent ---- */

static void sent(size_t index, const char *text)
{
    if (!strstr(mock_sql(index), text))
        fail_msg("statement %zu has no %s: %s", index, text, mock_sql(index));
}

static void on_a_server(const char *url, const char *passes_over)
{
    schema = kin_schema_new();
    kin_model *user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_model *project = kin_define(schema, "Project", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_model *task = kin_define(schema, "Task", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_association *projects = kin_belongs_to_many(user, project, .through = "UserProjects"), *tasks = kin_has_many(user, task);
    db = kin_open(url, schema);
    s = kin_session_open(db);
    kin_value one = kin(1), two = kin(2), linked[] = { kin(2), kin(3) };
    mock_reset();
    mock_rows(1, 2, (const kin_value[]){ one, kin("u") });
    kin_row *u = kin_find_by_pk(s, user, kin(1));
    good();
    assert_non_null(u);
    /* A set: read, lock the owner, read again, write. */
    mock_reset();
    mock_rows(2, 1, linked);
    mock_rows(1, 1, &one);
    mock_rows(2, 1, linked);
    assert_int_equal(kin_set(u, projects, KIN_KEYS(kin(2), kin(4))).count, 2);
    good();
    sent(0, "SELECT");
    sent(1, "BEGIN");
    sent(2, "FOR UPDATE");
    sent(2, "Users");
    sent(3, "FOR UPDATE");
    sent(4, "DELETE");
    sent(5, passes_over);
    sent(6, "COMMIT");
    assert_int_equal(mock_count(), 7);
    /* Unchanged: no lock. */
    mock_reset();
    mock_rows(1, 1, &two);
    kin_set(u, projects, KIN_KEYS(kin(2)));
    good();
    assert_int_equal(mock_count(), 1);
    mock_reset();
    mock_rows(1, 1, &two);
    mock_rows(1, 1, &one);
    mock_rows(1, 1, &two);
    kin_set(u, tasks, KIN_KEYS(kin(4)));
    good();
    assert_int_equal(mock_count(), 7); /* the same steps, with two UPDATEs */
    sent(4, "UPDATE");
    sent(5, "UPDATE");
    mock_reset();
    assert_true(kin_add(u, projects, KIN_KEYS(kin(5))));
    assert_int_equal(mock_count(), 1);
    sent(0, passes_over);
    end();
    mock_reset();
}

TEST(sets_on_postgres) { on_a_server("mock:postgres", "ON CONFLICT DO NOTHING"); }
TEST(sets_on_mariadb) { on_a_server("mock:mariadb", "ON DUPLICATE KEY UPDATE"); }
