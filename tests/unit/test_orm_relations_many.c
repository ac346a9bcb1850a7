/* The verbs of has-many and many to many: what they send, what they leave in the database, what is refused. */
#include "orm_relations.h"

static struct world w;

static int64_t number(const char *sql) { return world_number(&w, sql); }

/* ---- has-many ---- */

TEST(has_many_set_sends_one_update_for_each_side)
{
    world_start(&w);
    kin_row *project = world_project(&w, "p"), *t[4];
    for (size_t i = 0; i < 4; i++)
        t[i] = world_task(&w, "t");
    kin_rows linked = kin_set(project, w.tasks, KIN_ROWS(t[0], t[1], t[0]));
    world_good(&w);
    assert_int_equal(linked.count, 2);
    assert_ptr_equal(linked.at[0], t[0]);
    assert_ptr_equal(linked.at[1], t[1]);
    assert_int_equal(kin_int(t[0], "ProjectId"), 1);
    assert_false(kin_changed(t[0], NULL));
    world_forget(&w);
    assert_int_equal(kin_set(project, w.tasks, KIN_ROWS(t[1], t[0])).count, 2); /* the same */
    assert_int_equal(w.control_count, 0);
    world_sent_one(&w, "SELECT");
    assert_true(kin_begin(w.s));
    assert_int_equal(kin_set(project, w.tasks, KIN_ROWS(t[1], t[2], t[3])).count, 3);
    world_sent(&w, 3); /* the read, one UPDATE for t0, one for t2 and t3 */
    assert_true(kin_commit(w.s));
    assert_int_equal(number("SELECT group_concat(id) = '2,3,4' AS n FROM Tasks WHERE ProjectId = 1"), 1);
    world_forget(&w);
    assert_int_equal(kin_set(project, w.tasks, KIN_NONE).count, 0);
    assert_non_null(strstr(w.sent[1], "UPDATE"));
    assert_int_equal(w.control_count, 0);
    world_sent(&w, 2);
    kin_set(project, w.tasks, KIN_NONE);
    world_sent_one(&w, "SELECT");
    assert_int_equal(number("SELECT count(*) AS n FROM Tasks WHERE ProjectId IS NULL"), 4);
    world_end(&w);
}

TEST(has_many_set_inserts_moves_and_takes_keys)
{
    world_start(&w);
    kin_row *one = world_project(&w, "one"), *two = world_project(&w, "two"), *task = world_task(&w, "t");
    kin_row *built = kin_build(w.s, w.task, { "title", kin("built") });
    assert_int_equal(kin_set(one, w.tasks, KIN_ROWS(built, task, built)).count, 2);
    assert_true(kin_is_saved(built));
    assert_int_equal(number("SELECT count(*) AS n FROM Tasks WHERE ProjectId = 1"), 2);
    kin_rows rows = kin_set(two, w.tasks, KIN_KEYS(kin(1), kin("2"), kin(1)));
    world_good(&w);
    assert_int_equal(rows.count, 2);
    assert_int_equal(kin_int(rows.at[1], "id"), 2);
    assert_false(kin_is_loaded(rows.at[0], "title"));
    assert_int_equal(number("SELECT count(*) AS n FROM Tasks WHERE ProjectId = 2"), 2);
    rows = kin_set(one, w.tasks, KIN_KEYS(kin(2), kin(1), kin(99)), .fetch = true);
    world_good(&w);
    assert_int_equal(rows.count, 2); /* 99 is not there */
    assert_int_equal(kin_int(rows.at[0], "id"), 2);
    assert_int_equal(kin_int(rows.at[0], "ProjectId"), 1);
    assert_non_null(kin_text(rows.at[1], "title"));
    world_end(&w);
}

TEST(has_many_add_and_remove_are_one_statement)
{
    world_start(&w);
    kin_row *project = world_project(&w, "p"), *a = world_task(&w, "a"), *b = world_task(&w, "b");
    assert_true(kin_put(a, "title", kin("pending")));
    world_forget(&w);
    assert_true(kin_add(project, w.tasks, KIN_ROWS(a, b)));
    assert_int_equal(w.control_count, 0);
    world_sent_one(&w, "UPDATE");
    assert_true(kin_changed(a, "title"));
    assert_false(kin_changed(a, "ProjectId"));
    assert_true(kin_add(project, w.tasks, KIN_ROWS(a)));
    assert_true(kin_add(project, w.tasks, KIN_KEYS(kin(99)))); /* no row: nothing */
    world_sent(&w, 2);
    assert_true(kin_add(project, w.tasks, KIN_NONE));
    assert_true(kin_remove(project, w.tasks, KIN_NONE));
    world_sent(&w, 0);
    kin_row *elsewhere = kin_create_for(world_project(&w, "q"), w.tasks, KIN_DEFAULTS);
    world_forget(&w);
    assert_true(kin_remove(project, w.tasks, KIN_ROWS(a, elsewhere)));
    world_sent_one(&w, "UPDATE");
    assert_true(kin_is_null(a, "ProjectId"));
    assert_int_equal(kin_int(elsewhere, "ProjectId"), 2);
    assert_int_equal(number("SELECT group_concat(ProjectId) = '1,2' AS n FROM Tasks"), 1);
    kin_row *built = kin_build(w.s, w.task, KIN_DEFAULTS);
    world_forget(&w);
    assert_true(kin_remove(project, w.tasks, KIN_ROWS(built)));
    assert_false(kin_has(project, w.tasks, KIN_ROWS(built)));
    world_sent(&w, 0);
    assert_true(kin_add(project, w.tasks, KIN_ROWS(built)));
    world_sent_one(&w, "INSERT");
    world_end(&w);
}

TEST(has_many_with_a_scope)
{
    world_start(&w);
    kin_row *project = world_project(&w, "p"), *a = world_task(&w, "a"), *b = world_task(&w, "b");
    kin_row *done = kin_create_for(project, w.tasks, { "title", kin("done") }, { "done", kin(true) });
    assert_true(kin_put(b, "done", kin(true)) && kin_save(b));
    assert_true(kin_add(project, w.open_tasks, KIN_ROWS(a, b)));
    assert_false(kin_bool(b, "done"));
    assert_int_equal(number("SELECT count(*) AS n FROM Tasks WHERE ProjectId = 1 AND done = 0"), 2);
    assert_false(kin_has(project, w.open_tasks, KIN_ROWS(done)));
    assert_true(kin_has(project, w.tasks, KIN_ROWS(done)));
    kin_set(project, w.open_tasks, KIN_ROWS(a));
    assert_true(kin_has_exactly(project, w.open_tasks, KIN_ROWS(a)));
    assert_true(kin_has_exactly(project, w.tasks, KIN_ROWS(a, done))); /* out of scope, so untouched */
    assert_true(kin_remove(project, w.open_tasks, KIN_ROWS(done)));
    assert_true(kin_has(project, w.tasks, KIN_ROWS(done)));
    world_end(&w);
}

TEST(has_many_with_a_key_that_cannot_be_null)
{
    world_start(&w);
    kin_row *invoice = kin_create(w.s, w.invoice, { "number", kin("1") }), *other = kin_create(w.s, w.invoice, { "number", kin("2") });
    kin_row *a = kin_create_for(invoice, w.lines, { "text", kin("a") }), *b = kin_create_for(invoice, w.lines, { "text", kin("b") });
    world_good(&w);
    assert_true(kin_begin(w.s));
    kin_set(invoice, w.lines, KIN_ROWS(a));
    assert_string_equal(kin_error_of(w.s)->attribute, "InvoiceId");
    world_refused(&w, KIN_INVALID, "Line.InvoiceId cannot be NULL");
    assert_false(kin_remove(invoice, w.lines, KIN_ROWS(b)));
    world_refused(&w, KIN_INVALID, "Line.InvoiceId cannot be NULL");
    kin_set(invoice, w.lines, KIN_NONE);
    world_refused(&w, KIN_INVALID, "cannot be NULL");
    assert_true(kin_remove(other, w.lines, KIN_ROWS(b))); /* not linked: passed over */
    assert_true(kin_add(other, w.lines, KIN_ROWS(b)));
    assert_true(kin_commit(w.s));
    assert_int_equal(kin_set(invoice, w.lines, KIN_ROWS(a)).count, 1);
    world_good(&w);
    assert_int_equal(number("SELECT group_concat(InvoiceId) = '1,2' AS n FROM Lines"), 1);
    world_end(&w);
}

TEST(has_many_in_memory_follows_the_rollback)
{
    world_start(&w);
    kin_row *project = world_project(&w, "p"), *a = world_task(&w, "a"), *b = world_task(&w, "b"), *built = kin_build(w.s, w.task, KIN_DEFAULTS);
    int64_t updated = kin_date_of(a, "updatedAt");
    assert_true(kin_begin(w.s));
    assert_int_equal(kin_set(project, w.tasks, KIN_ROWS(a, b, built)).count, 3);
    assert_true(kin_put(b, "ProjectId", kin_null)); /* changed since: it stays as it is */
    assert_true(kin_rollback(w.s));
    assert_true(kin_is_null(a, "ProjectId"));
    assert_int_equal(kin_date_of(a, "updatedAt"), updated);
    assert_false(kin_changed(a, NULL));
    assert_true(kin_changed(b, "ProjectId"));
    assert_false(kin_is_saved(built));
    assert_true(kin_save(built));
    /* A statement that the database refuses. */
    assert_int_equal(kin_execute(w.s, "CREATE TRIGGER no_update BEFORE UPDATE ON Tasks BEGIN SELECT RAISE(ABORT, 'no'); END"), 0);
    world_good(&w);
    assert_false(kin_add(project, w.tasks, KIN_ROWS(a)));
    assert_true(kin_is_null(a, "ProjectId"));
    kin_clear_error(w.s);
    world_end(&w);
}

TEST(has_many_hooks)
{
    world_start(&w);
    kin_row *project = world_project(&w, "p");
    kin_row *a = kin_create(w.s, w.listener, { "name", kin("a") }), *b = kin_create(w.s, w.listener, { "name", kin("b") });
    w.heard.count = 0;
    assert_true(kin_add(project, w.listeners, KIN_ROWS(a, b)));
    assert_int_equal(w.heard.count, 2);
    assert_int_equal(w.heard.kinds[0], KIN_BEFORE_BULK_UPDATE);
    assert_int_equal(w.heard.kinds[1], KIN_AFTER_BULK_UPDATE);
    assert_string_equal(w.heard.values, "ProjectId ");
    assert_int_equal(w.heard.where, KIN_CONDITION_IN);
    w.heard.count = 0;
    assert_true(kin_remove(project, w.listeners, KIN_ROWS(a), .no_hooks = true));
    assert_int_equal(w.heard.count, 0);
    w.heard.refuse = KIN_AFTER_BULK_UPDATE;
    assert_false(kin_add(project, w.listeners, KIN_ROWS(a)));
    world_refused(&w, KIN_HOOK, "refused");
    assert_true(kin_is_null(a, "ProjectId"));
    assert_int_equal(number("SELECT ProjectId IS NULL AS n FROM Listeners WHERE name = 'a'"), 1);
    w.heard.refuse = 0;
    w.heard.count = 0;
    assert_int_equal(kin_set(project, w.listeners, KIN_ROWS(a), .individual_hooks = true).count, 1);
    world_good(&w);
    assert_int_equal(w.heard.count, 12); /* before and after, bulk update, update and save, for b that leaves and a that joins */
    assert_int_equal(number("SELECT count(*) AS n FROM Listeners WHERE ProjectId = 1 AND name = 'a'"), 1);
    assert_int_equal(number("SELECT count(*) AS n FROM Listeners WHERE ProjectId = 1"), 1);
    assert_true(kin_add(project, w.listeners, KIN_KEYS(kin_key_of(b)), .individual_hooks = true));
    assert_true(kin_remove(project, w.listeners, KIN_ROWS(a, b), .individual_hooks = true));
    assert_int_equal(number("SELECT count(*) AS n FROM Listeners WHERE ProjectId = 1"), 0);
    world_end(&w);
}

/* ---- many to many: set ---- */

TEST(through_set_sends_only_what_differs)
{
    world_start(&w);
    kin_row *user = world_user(&w, "u"), *p[4];
    for (size_t i = 0; i < 4; i++)
        p[i] = world_project(&w, "p");
    assert_true(kin_begin(w.s));
    world_forget(&w);
    kin_rows linked = kin_set(user, w.projects, KIN_ROWS(p[0], p[1], p[1]));
    world_sent(&w, 2); /* the read, one INSERT */
    assert_int_equal(linked.count, 2);
    assert_ptr_equal(linked.at[1], p[1]);
    kin_set(user, w.projects, KIN_ROWS(p[1], p[2], p[3]));
    assert_non_null(strstr(w.sent[1], "DELETE"));
    assert_non_null(strstr(w.sent[2], "INSERT"));
    world_sent(&w, 3);
    kin_set(user, w.projects, KIN_ROWS(p[3], p[2], p[1]));
    world_sent_one(&w, "SELECT");
    assert_true(kin_commit(w.s));
    kin_set(user, w.projects, KIN_ROWS(p[3], p[2], p[1]));
    world_sent_one(&w, "SELECT");
    kin_set(user, w.projects, KIN_ROWS(p[3], p[2], p[1]), .through = KIN_VALUES({ "status", kin("new") })); /* what they have */
    world_sent_one(&w, "SELECT");
    kin_set(user, w.projects, KIN_KEYS(kin("4"), kin(3), kin(2))); /* the same keys, in another type */
    world_sent_one(&w, "SELECT");
    world_forget(&w);
    kin_set(user, w.projects, KIN_NONE);
    assert_non_null(strstr(w.sent[1], "DELETE"));
    world_sent(&w, 2);
    kin_set(user, w.projects, KIN_NONE);
    world_sent_one(&w, "SELECT");
    assert_int_equal(number("SELECT count(*) AS n FROM UserProjects"), 0);
    assert_int_equal(number("SELECT count(*) AS n FROM Projects"), 4);
    world_end(&w);
}

TEST(through_set_supplies_join_attributes)
{
    world_start(&w);
    kin_row *user = world_user(&w, "u"), *one = world_project(&w, "one"), *two = world_project(&w, "two"), *three = world_project(&w, "three");
    assert_true(kin_add(user, w.projects, KIN_ROWS(three)));
    assert_true(kin_put_through(one, w.link, KIN_VALUES({ "status", kin("inactive") }, { "UserId", kin(77) })));
    kin_set(user, w.projects, KIN_ROWS(one, two, three), .through = KIN_VALUES({ "status", kin("active") }, { "rank", kin("3") }, { "ProjectId", kin(88) }));
    world_good(&w);
    assert_int_equal(number("SELECT group_concat(status || rank) = 'inactive3,active3,active3' AS n FROM (SELECT * FROM UserProjects ORDER BY ProjectId)"), 1);
    assert_int_equal(number("SELECT count(*) AS n FROM UserProjects WHERE createdAt IS NOT NULL AND updatedAt >= createdAt"), 3);
    /* They stay until they are replaced, and count on update, too. */
    assert_true(kin_execute(w.s, "UPDATE UserProjects SET status = 'x', createdAt = '2001-01-01 00:00:00.000000', updatedAt = '2001-01-01 00:00:00.000000'") == 3);
    assert_true(kin_begin(w.s));
    world_forget(&w);
    kin_set(user, w.projects, KIN_ROWS(one, two, three));
    world_sent(&w, 2); /* the read, one UPDATE */
    assert_true(kin_commit(w.s));
    assert_int_equal(number("SELECT group_concat(status) = 'inactive,x,x' AS n FROM (SELECT * FROM UserProjects ORDER BY ProjectId)"), 1);
    assert_int_equal(number("SELECT count(*) AS n FROM UserProjects WHERE updatedAt > '2002-' AND createdAt < '2002-'"), 1);
    assert_true(kin_put_through(one, w.link, KIN_VALUES(KIN_DEFAULTS)));
    kin_set(user, w.projects, KIN_ROWS(one, two, three), .through = KIN_VALUES({ "status", kin_null }));
    world_good(&w);
    assert_int_equal(number("SELECT count(*) AS n FROM UserProjects WHERE status IS NULL"), 3);
    /* A join row that was loaded says nothing. */
    kin_rows loaded = kin_get(user, w.projects);
    assert_true(kin_put(kin_through(loaded.at[0], w.link), "status", kin("memory")));
    kin_set(user, w.projects, loaded.count ? kin_rows_of(loaded.count, loaded.at) : KIN_NONE);
    assert_int_equal(number("SELECT count(*) AS n FROM UserProjects WHERE status IS NULL"), 3);
    world_end(&w);
}

TEST(through_set_gives_back_rows_for_keys)
{
    world_start(&w);
    kin_row *user = world_user(&w, "u");
    world_project(&w, "one");
    world_project(&w, "two");
    kin_rows rows = kin_set(user, w.projects, KIN_KEYS(kin(2), kin(1), kin(2)));
    world_good(&w);
    assert_int_equal(rows.count, 2);
    assert_int_equal(kin_int(rows.at[0], "id"), 2);
    assert_true(kin_is_saved(rows.at[0]));
    assert_null(kin_text(rows.at[0], "title"));
    world_refused(&w, KIN_MISUSE, "not loaded");
    world_forget(&w);
    rows = kin_set(user, w.projects, KIN_KEYS(kin(2), kin(1)), .fetch = true);
    world_sent(&w, 2); /* links, rows */
    assert_string_equal(kin_text(rows.at[0], "title"), "two");
    assert_string_equal(kin_text(rows.at[1], "title"), "one");
    assert_int_equal(kin_set(user, w.projects, KIN_KEYS(kin(1), kin(9))).count, 0);
    world_refused(&w, KIN_CONSTRAINT, "");
    assert_int_equal(number("SELECT count(*) AS n FROM UserProjects"), 2); /* nothing half done */
    world_end(&w);
}

TEST(through_validators_and_missing_values)
{
    world_start(&w);
    kin_row *user = world_user(&w, "u"), *project = world_project(&w, "p"), *club = kin_create(w.s, w.club, KIN_DEFAULTS);
    assert_false(kin_add(user, w.projects, KIN_ROWS(project), .through = KIN_VALUES({ "rank", kin(-1) })));
    world_refused(&w, KIN_INVALID, "rank");
    assert_true(kin_add(user, w.projects, KIN_ROWS(project), .through = KIN_VALUES({ "rank", kin(-1) }), .no_validate = true));
    assert_false(kin_add(user, w.projects, KIN_ROWS(project), .through = KIN_VALUES({ "rank", kin(-2) })));
    world_refused(&w, KIN_INVALID, "rank");
    assert_false(kin_add(club, w.members, KIN_ROWS(user)));
    world_refused(&w, KIN_INVALID, "Membership.role cannot be NULL");
    assert_true(kin_add(club, w.members, KIN_ROWS(user), .through = KIN_VALUES({ "role", kin("chair") })));
    assert_true(kin_add(club, w.members, KIN_ROWS(user))); /* already linked: nothing is missing */
    kin_set(club, w.members, KIN_ROWS(user));
    world_good(&w);
    world_end(&w);
}

/* ---- many to many: add and remove ---- */

TEST(through_add_is_one_statement)
{
    world_start(&w);
    kin_row *user = world_user(&w, "u"), *a = world_project(&w, "a"), *b = world_project(&w, "b");
    world_forget(&w);
    assert_true(kin_add(user, w.projects, KIN_ROWS(a, b, a)));
    world_sent_one(&w, "INSERT");
    assert_int_equal(w.control_count, 0);
    assert_true(kin_add(user, w.projects, KIN_ROWS(b)));
    world_sent_one(&w, "INSERT");
    assert_int_equal(number("SELECT count(*) AS n FROM UserProjects"), 2);
    assert_true(kin_add(user, w.projects, KIN_NONE) && kin_remove(user, w.projects, KIN_NONE));
    world_sent(&w, 0);
    assert_true(kin_remove(user, w.projects, KIN_ROWS(b)));
    world_sent_one(&w, "DELETE");
    assert_true(kin_remove(user, w.projects, KIN_ROWS(b)));
    assert_int_equal(number("SELECT count(*) AS n FROM UserProjects"), 1);
    world_forget(&w);
    assert_true(kin_add(user, w.projects, KIN_ROWS(b), .through = KIN_VALUES({ "status", kin("started") })));
    world_sent_one(&w, "INSERT");
    assert_false(kin_add(user, w.projects, KIN_KEYS(kin(1), kin(99))));
    assert_int_equal(kin_error_of(w.s)->constraint, KIN_FOREIGN_KEY);
    kin_clear_error(w.s);
    world_end(&w);
}

TEST(through_add_updates_what_is_supplied_and_differs)
{
    world_start(&w);
    kin_row *user = world_user(&w, "u"), *a = world_project(&w, "a"), *b = world_project(&w, "b"), *c = world_project(&w, "c");
    assert_true(kin_add(user, w.projects, KIN_ROWS(a, b)));
    assert_true(kin_put_through(b, w.link, KIN_VALUES({ "note", kin("mine") })));
    assert_true(kin_add(user, w.projects, KIN_ROWS(a, b, c), .through = KIN_VALUES({ "status", kin("started") })));
    world_good(&w);
    assert_int_equal(number("SELECT count(*) AS n FROM UserProjects WHERE status = 'started'"), 3);
    assert_int_equal(number("SELECT count(*) AS n FROM UserProjects WHERE note = 'mine' AND ProjectId = 2"), 1);
    world_forget(&w);
    assert_true(kin_add(user, w.projects, KIN_ROWS(a), .through = KIN_VALUES({ "status", kin("started") })));
    world_sent(&w, 2); /* INSERT that finds the pair, the read; no UPDATE */
    assert_true(kin_add(user, w.projects, KIN_ROWS(a), .through = KIN_VALUES({ "status", kin("ended") })));
    assert_int_equal(w.control_count, 0);
    world_sent(&w, 3);
    assert_int_equal(number("SELECT count(*) AS n FROM UserProjects WHERE status = 'ended'"), 1);
    world_end(&w);
}

TEST(through_scopes_and_pairs_that_repeat)
{
    world_start(&w);
    kin_row *post = kin_create(w.s, w.post, KIN_DEFAULTS), *a = kin_create(w.s, w.label, KIN_DEFAULTS), *b = kin_create(w.s, w.label, KIN_DEFAULTS);
    assert_true(kin_add(post, w.subjects, KIN_ROWS(a, b), .through = KIN_VALUES({ "type", kin("no") })));
    assert_true(kin_add(post, w.moods, KIN_ROWS(a)));
    world_good(&w);
    assert_int_equal(number("SELECT count(*) AS n FROM Labellings WHERE type = 'subject'"), 2);
    assert_true(kin_has_exactly(post, w.moods, KIN_ROWS(a)));
    assert_false(kin_has(post, w.moods, KIN_ROWS(b)));
    kin_set(post, w.subjects, KIN_ROWS(b));
    assert_int_equal(number("SELECT count(*) AS n FROM Labellings WHERE type = 'mood'"), 1);
    assert_true(kin_remove(post, w.moods, KIN_ROWS(a, b)));
    assert_int_equal(number("SELECT count(*) AS n FROM Labellings WHERE type = 'subject'"), 1);
    assert_true(kin_add(post, w.subjects, KIN_ROWS(b))); /* again */
    assert_int_equal(number("SELECT count(*) AS n FROM Labellings WHERE type = 'subject'"), 2);
    assert_true(kin_has_exactly(post, w.subjects, KIN_ROWS(b)));
    assert_true(kin_has(post, w.subjects, KIN_ROWS(b, b)));
    kin_set(post, w.subjects, KIN_ROWS(b, a));
    assert_int_equal(number("SELECT count(*) AS n FROM Labellings WHERE type = 'subject'"), 3);
    world_end(&w);
}

TEST(through_a_paranoid_join_model)
{
    world_start(&w);
    kin_row *club = kin_create(w.s, w.club, KIN_DEFAULTS), *ann = world_user(&w, "ann"), *bob = world_user(&w, "bob");
    assert_true(kin_add(club, w.members, KIN_ROWS(ann, bob), .through = KIN_VALUES({ "role", kin("member") })));
    assert_true(kin_remove(club, w.members, KIN_ROWS(ann)));
    assert_int_equal(number("SELECT count(*) AS n FROM Memberships"), 2);
    assert_int_equal(number("SELECT count(*) AS n FROM Memberships WHERE deletedAt IS NULL"), 1);
    assert_false(kin_has(club, w.members, KIN_ROWS(ann)));
    assert_true(kin_has_exactly(club, w.members, KIN_ROWS(bob)));
    assert_true(kin_add(club, w.members, KIN_ROWS(ann))); /* is restored */
    assert_true(kin_has(club, w.members, KIN_ROWS(ann, bob)));
    kin_set(club, w.members, KIN_NONE);
    assert_int_equal(number("SELECT count(*) AS n FROM Memberships WHERE deletedAt IS NULL"), 0);
    kin_set(club, w.members, KIN_ROWS(ann), .through = KIN_VALUES({ "role", kin("chair") }));
    world_good(&w);
    assert_int_equal(number("SELECT count(*) AS n FROM Memberships WHERE deletedAt IS NULL AND role = 'chair'"), 1);
    assert_int_equal(number("SELECT count(*) AS n FROM Memberships"), 2);
    world_end(&w);
}

TEST(through_itself_in_both_directions)
{
    world_start(&w);
    kin_row *ann = kin_create(w.s, w.person, KIN_DEFAULTS), *bob = kin_create(w.s, w.person, KIN_DEFAULTS), *cid = kin_create(w.s, w.person, KIN_DEFAULTS);
    kin_set(ann, w.children, KIN_ROWS(bob, cid));
    assert_true(kin_has(bob, w.parents, KIN_ROWS(ann)));
    assert_true(kin_add(bob, w.parents, KIN_ROWS(ann)));
    assert_true(kin_remove(bob, w.parents, KIN_ROWS(ann)));
    assert_true(kin_has_exactly(ann, w.children, KIN_ROWS(cid)));
    world_good(&w);
    world_end(&w);
}

TEST(through_composite_and_text_keys)
{
    world_start(&w);
    kin_row *visit = kin_create(w.s, w.visit, { "code", kin("v1") }), *p[12];
    for (int i = 0; i < 12; i++)
        p[i] = kin_create(w.s, w.place, { "country", kin(i % 2 ? "de" : "fr") }, { "number", kin(i) });
    world_good(&w);
    assert_int_equal((kin_set)(visit, w.places, &(kin_link){ .size = sizeof(kin_link), .targets = kin_rows_of(10, p) }).count, 10);
    assert_true((kin_has)(visit, w.places, &(kin_link){ .size = sizeof(kin_link), .targets = kin_rows_of(10, p) }));
    assert_true((kin_has_exactly)(visit, w.places, &(kin_link){ .size = sizeof(kin_link), .targets = kin_rows_of(10, p) }));
    assert_false(kin_has(visit, w.places, KIN_ROWS(p[0], p[11])));
    kin_rows rows = kin_set(visit, w.places, KIN_KEYS(kin_key(kin("de"), kin("11")), kin_key(kin("fr"), kin(0)), kin_key(kin("de"), kin(11))), .fetch = true);
    world_good(&w);
    assert_int_equal(rows.count, 2);
    assert_int_equal(kin_int(rows.at[0], "number"), 11);
    assert_true(kin_has_exactly(visit, w.places, KIN_ROWS(p[0], p[11])));
    assert_true(kin_remove(visit, w.places, KIN_ROWS(p[0], p[1], p[2])));
    assert_int_equal(number("SELECT count(*) AS n FROM Stops"), 1);
    /* has-many by two columns */
    kin_set(p[0], w.visits, KIN_ROWS(visit));
    world_good(&w);
    assert_string_equal(kin_text(visit, "mainCountry"), "fr");
    assert_true(kin_has(p[0], w.visits, KIN_KEYS(kin("v1"))));
    assert_false(kin_has(p[1], w.visits, KIN_KEYS(kin("v1"))));
    kin_set(p[0], w.visits, KIN_NONE);
    assert_int_equal(number("SELECT mainCountry IS NULL AND mainNumber IS NULL AS n FROM Visits"), 1);
    world_end(&w);
}

TEST(through_hooks)
{
    world_start(&w);
    kin_row *project = world_project(&w, "p"), *a = kin_create(w.s, w.listener, KIN_DEFAULTS), *b = kin_create(w.s, w.listener, KIN_DEFAULTS);
    w.heard.count = 0;
    assert_true(kin_add(project, w.listener_of, KIN_ROWS(a, b)));
    assert_int_equal(w.heard.count, 2);
    assert_int_equal(w.heard.kinds[0], KIN_BEFORE_BULK_CREATE);
    assert_int_equal(w.heard.rows, 2);
    w.heard.count = 0;
    kin_set(project, w.listener_of, KIN_ROWS(a), .through = KIN_VALUES({ "status", kin("x") }));
    world_good(&w);
    assert_int_equal(w.heard.count, 4);
    assert_int_equal(w.heard.kinds[0], KIN_BEFORE_BULK_DESTROY);
    assert_int_equal(w.heard.kinds[2], KIN_BEFORE_BULK_UPDATE);
    assert_string_equal(w.heard.values, "status ");
    assert_int_equal(w.heard.where, KIN_CONDITION_AND);
    w.heard.refuse = KIN_AFTER_BULK_DESTROY;
    assert_false(kin_remove(project, w.listener_of, KIN_ROWS(a)));
    world_refused(&w, KIN_HOOK, "refused");
    kin_set(project, w.listener_of, KIN_NONE);
    world_refused(&w, KIN_HOOK, "refused");
    w.heard.refuse = KIN_AFTER_BULK_CREATE;
    assert_false(kin_add(project, w.listener_of, KIN_ROWS(b)));
    world_refused(&w, KIN_HOOK, "refused");
    assert_true(kin_has_exactly(project, w.listener_of, KIN_ROWS(a)));
    w.heard.count = 0;
    assert_true(kin_remove(project, w.listener_of, KIN_ROWS(a), .no_hooks = true));
    assert_int_equal(w.heard.count, 0);
    world_end(&w);
}

/* ---- has ---- */

TEST(has_is_one_cheap_statement)
{
    world_start(&w);
    kin_row *user = world_user(&w, "u"), *a = world_project(&w, "a"), *b = world_project(&w, "b");
    assert_true(kin_add(user, w.projects, KIN_ROWS(a)));
    world_forget(&w);
    assert_true(kin_has(user, w.projects, KIN_ROWS(a)));
    assert_null(strstr(w.sent[0], "JOIN"));
    world_sent_one(&w, "SELECT");
    assert_false(kin_has(user, w.projects, KIN_ROWS(b)));
    assert_false(kin_has(user, w.projects, KIN_ROWS(a, b)));
    world_sent(&w, 2);
    assert_true(kin_has(user, w.projects, KIN_NONE));
    world_sent(&w, 0);
    assert_true(kin_has(user, w.projects, KIN_ROWS(a, a)));
    assert_true(kin_has(user, w.projects, KIN_KEYS(kin(1), kin("1"))));
    assert_false(kin_has_exactly(user, w.projects, KIN_NONE));
    assert_true(kin_has_exactly(user, w.projects, KIN_ROWS(a, a)));
    assert_true(kin_add(user, w.projects, KIN_ROWS(b), .through = KIN_VALUES({ "status", kin("x") })));
    assert_false(kin_has_exactly(user, w.projects, KIN_ROWS(a))); /* the document's hasUsers([user1]) */
    assert_true(kin_has(user, w.projects, KIN_ROWS(a, b), .where = kin_in("title", kin("a"), kin("b"))));
    assert_false(kin_has(user, w.projects, KIN_ROWS(a, b), .where = kin_eq("title", "a")));
    assert_true(kin_has_exactly(user, w.projects, KIN_ROWS(b), .through_where = kin_eq("status", "x")));
    assert_false(kin_has(user, w.projects, KIN_ROWS(a), .through_where = kin_eq("status", "x")));
    world_good(&w);
    assert_false(kin_has(user, w.projects, KIN_ROWS(a), .where = kin_eq("titel", "a")));
    world_refused(&w, KIN_MISUSE, "title");
    kin_row *task = kin_create_for(a, w.tasks, { "title", kin("t") });
    assert_true(kin_has(a, w.tasks, KIN_ROWS(task), .where = kin_eq("title", "t")));
    assert_false(kin_has(a, w.tasks, KIN_ROWS(task), .where = kin_eq("title", "x")));
    assert_false(kin_has(a, w.tasks, KIN_ROWS(task), .through_where = kin_eq("title", "x")));
    world_refused(&w, KIN_MISUSE, "use .where");
    world_end(&w);
}

TEST(large_sets)
{
    enum { LARGE = 3000 };
    static kin_value keys[LARGE];
    world_start(&w);
    kin_row *user = world_user(&w, "u");
    assert_true(kin_begin(w.s));
    for (int i = 0; i < LARGE; i++) {
        keys[i] = kin(i + 1);
        assert_non_null(kin_create(w.s, w.project, KIN_DEFAULTS));
    }
    assert_true(kin_commit(w.s));
    kin_link all = { .size = sizeof all, .targets = kin_keys_of(LARGE, keys) }, half = { .size = sizeof half, .targets = kin_keys_of(LARGE / 2, keys) };
    world_forget(&w);
    assert_int_equal((kin_set)(user, w.projects, &all).count, LARGE);
    assert_true((kin_has_exactly)(user, w.projects, &all));
    assert_int_equal((kin_set)(user, w.projects, &half).count, LARGE / 2);
    assert_true((kin_has_exactly)(user, w.projects, &half));
    assert_false((kin_has)(user, w.projects, &all));
    assert_true((kin_add)(user, w.projects, &all));
    assert_true((kin_has)(user, w.projects, &all));
    assert_true((kin_remove)(user, w.projects, &half));
    world_good(&w);
    assert_int_equal(number("SELECT count(*) AS n FROM UserProjects"), LARGE / 2);
    world_end(&w);
}

/* Two sessions on one owner: the later set holds, nothing of the earlier is left. */
TEST(sets_of_two_sessions)
{
    world_start(&w);
    kin_row *user = world_user(&w, "u"), *a = world_project(&w, "a"), *b = world_project(&w, "b");
    kin_session *other = kin_session_open(w.db);
    kin_row *same = kin_find_by_pk(other, w.user, kin(1));
    kin_set(user, w.projects, KIN_ROWS(a));
    kin_set(same, w.projects, KIN_KEYS(kin(2)));
    assert_true(kin_ok(other));
    assert_true(kin_has_exactly(user, w.projects, KIN_ROWS(b)));
    assert_true(kin_add(same, w.projects, KIN_KEYS(kin(2)))); /* idempotent, whoever was first */
    assert_true(kin_ok(other));
    kin_session_close(other);
    world_end(&w);
}
