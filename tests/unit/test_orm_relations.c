/* The verbs of belongs-to and has-one, sources and targets that are wrong, kin_create_for, kin_call. */
#include "orm_relations.h"

static struct world w;

/* ---- belongs-to ---- */

TEST(belongs_to_set_writes_the_key_and_nothing_else)
{
    world_start(&w);
    kin_row *project = world_project(&w, "p"), *task = world_task(&w, "t");
    assert_true(kin_put(task, "title", kin("pending")));
    world_forget(&w);
    assert_true(kin_set_one(task, w.project_of, project));
    assert_non_null(strstr(w.sent[0], "UPDATE"));
    assert_null(strstr(w.sent[0], "title"));
    world_sent(&w, 1);
    assert_int_equal(w.control_count, 0);
    assert_true(kin_changed(task, "title"));
    assert_false(kin_changed(task, "ProjectId"));
    assert_int_equal(world_number(&w, "SELECT ProjectId AS n FROM Tasks"), kin_int(project, "id"));
    world_text(&w, "SELECT title AS n FROM Tasks", "t");
    assert_true(kin_set_one(task, w.project_of, project)); /* the same again */
    world_sent(&w, 0);
    assert_true(kin_set_one(task, w.project_of, NULL));
    world_sent(&w, 1);
    assert_true(kin_is_null(task, "ProjectId"));
    assert_int_equal(world_number(&w, "SELECT ProjectId IS NULL AS n FROM Tasks"), 1);
    world_end(&w);
}

TEST(belongs_to_set_in_memory)
{
    world_start(&w);
    kin_row *project = world_project(&w, "p"), *task = world_task(&w, "t");
    kin_row *built = kin_build(w.s, w.task, { "title", kin("built") });
    world_forget(&w);
    assert_true(kin_set_one(task, w.project_of, project, .no_save = true));
    assert_true(kin_set_one(built, w.project_of, project));
    world_sent(&w, 0);
    assert_true(kin_changed(task, "ProjectId"));
    assert_int_equal(kin_int(built, "ProjectId"), kin_int(project, "id"));
    assert_true(kin_save(task) && kin_save(built));
    assert_int_equal(world_number(&w, "SELECT count(*) AS n FROM Tasks WHERE ProjectId = 1"), 2);
    world_end(&w);
}

TEST(belongs_to_refusals_leave_the_old_key)
{
    world_start(&w);
    kin_row *project = world_project(&w, "p"), *task = world_task(&w, "t"), *unsaved = kin_build(w.s, w.project, KIN_DEFAULTS);
    assert_true(kin_set_one(task, w.project_of, project));
    assert_false(kin_set_one(task, w.project_of, unsaved));
    world_refused(&w, KIN_MISUSE, "not saved yet");
    assert_false(kin_set_one(task, w.project_of, task));
    world_refused(&w, KIN_MISUSE, "is a Task, but Task.Project takes rows of Project");
    assert_false(kin_set_one_key(task, w.project_of, kin(99)));
    assert_int_equal(kin_error_of(w.s)->constraint, KIN_FOREIGN_KEY);
    world_refused(&w, KIN_CONSTRAINT, "");
    assert_int_equal(kin_int(task, "ProjectId"), kin_int(project, "id"));
    assert_false(kin_changed(task, NULL));
    assert_false(kin_set_one_key(task, w.project_of, kin("x")));
    world_refused(&w, KIN_MISUSE, "id");
    assert_false(kin_set_one_key(task, w.project_of, kin_null));
    world_refused(&w, KIN_MISUSE, "NULL");
    assert_true(kin_set_one_key(task, w.project_of, kin("1"))); /* converted, and the same */
    assert_int_equal(world_number(&w, "SELECT ProjectId AS n FROM Tasks"), 1);
    world_end(&w);
}

TEST(belongs_to_in_a_transaction_is_pending_again_when_rolled_back)
{
    world_start(&w);
    kin_row *project = world_project(&w, "p"), *task = world_task(&w, "t");
    assert_true(kin_begin(w.s));
    assert_true(kin_set_one(task, w.project_of, project));
    assert_true(kin_rollback(w.s));
    assert_true(kin_changed(task, "ProjectId"));
    assert_true(kin_save(task));
    assert_int_equal(world_number(&w, "SELECT ProjectId AS n FROM Tasks"), 1);
    world_end(&w);
}

/* ---- has-one ---- */

TEST(has_one_set_unlinks_and_saves_the_target)
{
    world_start(&w);
    kin_row *ann = kin_create(w.s, w.person, { "name", kin("ann") });
    kin_row *bob = kin_create(w.s, w.person, { "name", kin("bob") }), *cid = kin_create(w.s, w.person, { "name", kin("cid") });
    world_good(&w);
    assert_true(kin_set_one(ann, w.father, bob));
    assert_int_equal(kin_int(bob, "FatherId"), 1);
    assert_true(kin_put(cid, "name", kin("cyd")));
    assert_true(kin_set_one(ann, w.father, cid));
    world_good(&w);
    assert_int_equal(world_number(&w, "SELECT count(*) AS n FROM People WHERE FatherId = 1 AND name = 'cyd'"), 1);
    assert_int_equal(world_number(&w, "SELECT count(*) AS n FROM People WHERE FatherId IS NOT NULL"), 1);
    world_forget(&w);
    assert_true(kin_set_one(ann, w.father, cid)); /* the same: the read alone */
    assert_int_equal(w.control_count, 0);
    world_sent_one(&w, "SELECT");
    assert_true(kin_set_one(ann, w.father, NULL));
    world_good(&w);
    assert_int_equal(world_number(&w, "SELECT count(*) AS n FROM People WHERE FatherId IS NOT NULL"), 0);
    world_forget(&w);
    assert_true(kin_set_one(ann, w.father, NULL));
    world_sent_one(&w, "SELECT");
    world_end(&w);
}

TEST(has_one_set_inserts_and_sets_by_key)
{
    world_start(&w);
    kin_row *ann = kin_create(w.s, w.person, { "name", kin("ann") }), *new = kin_build(w.s, w.person, { "name", kin("new") });
    assert_true(kin_set_one(ann, w.father, new));
    assert_true(kin_is_saved(new));
    kin_row *bob = kin_create(w.s, w.person, { "name", kin("bob") });
    assert_true(kin_set_one_key(ann, w.father, kin_key_of(bob)));
    world_good(&w);
    assert_int_equal(world_number(&w, "SELECT FatherId AS n FROM People WHERE name = 'bob'"), 1);
    assert_false(kin_set_one_key(ann, w.father, kin(77)));
    world_refused(&w, KIN_NOT_FOUND, "no Person with the key 77");
    assert_int_equal(world_number(&w, "SELECT count(*) AS n FROM People WHERE FatherId = 1 AND name = 'bob'"), 1);
    world_forget(&w);
    assert_true(kin_set_one_key(ann, w.father, kin_key_of(bob)));
    world_sent_one(&w, "SELECT");
    world_end(&w);
}

TEST(has_one_refusals_change_nothing)
{
    world_start(&w);
    kin_row *ann = kin_create(w.s, w.person, { "name", kin("ann") }), *bob = kin_create(w.s, w.person, { "name", kin("bob") });
    kin_row *first = kin_build(w.s, w.passport, { "number", kin("1") }), *second = kin_build(w.s, w.passport, { "number", kin("2") });
    assert_true(kin_set_one(ann, w.passport_of, first));
    assert_true(kin_begin(w.s));
    assert_false(kin_set_one(ann, w.passport_of, second)); /* the first cannot be without its person */
    assert_string_equal(kin_error_of(w.s)->attribute, "PersonId");
    world_refused(&w, KIN_INVALID, "Passport.PersonId cannot be NULL");
    assert_false(kin_set_one(ann, w.passport_of, NULL));
    world_refused(&w, KIN_INVALID, "cannot be NULL");
    assert_true(kin_commit(w.s)); /* no statement has failed */
    assert_false(kin_is_saved(second));
    assert_false(kin_set_one(ann, w.passport_of, first, .no_save = true));
    world_refused(&w, KIN_MISUSE, ".no_save is for belongs-to");
    kin_row *long_name = kin_create(w.s, w.person, { "name", kin("cid") });
    assert_true(kin_set_one(ann, w.father, bob));
    assert_true(kin_put(long_name, "name", kin("much too long")));
    assert_false(kin_set_one(ann, w.father, long_name)); /* fails after bob was unlinked */
    world_refused(&w, KIN_INVALID, "name");
    assert_int_equal(world_number(&w, "SELECT FatherId AS n FROM People WHERE name = 'bob'"), 1);
    assert_true(kin_is_null(long_name, "FatherId"));
    assert_false(kin_changed(long_name, "FatherId"));
    assert_true(kin_changed(long_name, "name"));
    world_end(&w);
}

/* ---- what is wrong with a source ---- */

TEST(sources_and_associations_are_checked)
{
    world_start(&w);
    kin_row *project = world_project(&w, "p"), *task = world_task(&w, "t"), *built = kin_build(w.s, w.project, KIN_DEFAULTS);
    world_forget(&w);
    assert_false(kin_add(NULL, w.tasks, KIN_ROWS(task)));
    assert_int_equal(kin_set(NULL, w.tasks, KIN_ROWS(task)).count, 0);
    assert_false(kin_has(NULL, w.tasks, KIN_ROWS(task)));
    assert_false(kin_set_one(NULL, w.project_of, project));
    assert_null(kin_create_for(NULL, w.tasks, KIN_DEFAULTS));
    world_sent(&w, 0);
    assert_false(kin_add(built, w.tasks, KIN_ROWS(task)));
    world_refused(&w, KIN_MISUSE, "not saved yet");
    assert_false(kin_has(built, w.tasks, KIN_NONE));
    world_refused(&w, KIN_MISUSE, "not saved yet");
    assert_int_equal(kin_get(built, w.tasks).count, 0);
    world_refused(&w, KIN_MISUSE, "kin_save it first");
    assert_null(kin_create_for(built, w.tasks, KIN_DEFAULTS));
    world_refused(&w, KIN_MISUSE, "not saved yet");
    assert_false(kin_add(task, w.tasks, KIN_ROWS(task)));
    world_refused(&w, KIN_MISUSE, "the row is a Task, but Project.Tasks starts from a Project");
    assert_false(kin_add(project, NULL, KIN_ROWS(task)));
    world_refused(&w, KIN_MISUSE, "association is NULL");
    assert_int_equal(kin_set(task, w.project_of, KIN_ROWS(project)).count, 0);
    world_refused(&w, KIN_MISUSE, "write kin_set_one");
    assert_false(kin_set_one(project, w.tasks, task));
    world_refused(&w, KIN_MISUSE, "write kin_set, kin_add or kin_remove");
    assert_false(kin_add(project, w.tasks, KIN_ROWS(task), .through = KIN_VALUES({ "status", kin("x") })));
    world_refused(&w, KIN_MISUSE, "without a join model");
    assert_true(kin_destroy(task));
    assert_false(kin_add(project, w.tasks, KIN_ROWS(task)));
    world_refused(&w, KIN_MISUSE, "was destroyed");
    world_forget(&w);
    assert_false(kin_has(project, w.tasks, KIN_ROWS(task)));
    assert_true(kin_remove(project, w.tasks, KIN_ROWS(task)));
    world_sent(&w, 0);
    world_end(&w);
}

TEST(targets_are_checked_before_anything_is_sent)
{
    world_start(&w);
    kin_row *user = world_user(&w, "u"), *project = world_project(&w, "p"), *built = kin_build(w.s, w.project, KIN_DEFAULTS);
    kin_session *other = kin_session_open(w.db);
    kin_row *foreign = kin_find_by_pk(other, w.project, kin(1));
    assert_non_null(foreign);
    world_forget(&w);
    assert_false(kin_add(user, w.projects, KIN_ROWS(project, NULL)));
    world_refused(&w, KIN_MISUSE, "target 2 of 2 is NULL");
    assert_false(kin_add(user, w.projects, KIN_ROWS(project, user)));
    world_refused(&w, KIN_MISUSE, "target 2 of 2 is a User, but User.Projects takes rows of Project");
    assert_int_equal(kin_set(user, w.projects, KIN_ROWS(built)).count, 0);
    world_refused(&w, KIN_MISUSE, "target 1 of 1 is not saved yet");
    assert_false(kin_add(user, w.projects, KIN_KEYS(kin(1), kin_null)));
    world_refused(&w, KIN_MISUSE, "target 2 of 2 is NULL");
    assert_false(kin_add(user, w.projects, KIN_KEYS(kin("one"))));
    world_refused(&w, KIN_MISUSE, "");
    assert_false(kin_add(user, w.projects, KIN_KEYS(kin_key(kin(1), kin(2)))));
    world_refused(&w, KIN_MISUSE, "part");
    assert_false(kin_add(user, w.projects, KIN_ROWS(project), .through = KIN_VALUES({ "statsu", kin("x") })));
    world_refused(&w, KIN_MISUSE, "status");
    assert_false(kin_put_through(project, w.link, KIN_VALUES({ "statsu", kin("x") })));
    world_refused(&w, KIN_MISUSE, "status");
    assert_false(kin_put_through(project, w.task, KIN_VALUES({ "title", kin("x") })));
    world_refused(&w, KIN_MISUSE, "reaches a Project through Task");
    world_sent(&w, 0);
    assert_false(kin_has(user, w.projects, KIN_ROWS(built)));
    world_refused(&w, KIN_MISUSE, "not saved yet");
    assert_true(kin_add(user, w.projects, KIN_ROWS(foreign))); /* its key is all that is needed */
    assert_true(kin_destroy(project));
    assert_false(kin_has(user, w.projects, KIN_ROWS(project)));
    assert_true(kin_remove(user, w.projects, KIN_ROWS(project)));
    world_good(&w);
    project = world_project(&w, "q");
    assert_false(kin_add(project, w.tasks, KIN_ROWS(kin_create(other, w.task, KIN_DEFAULTS))));
    world_refused(&w, KIN_MISUSE, "another session");
    kin_session_close(other);
    world_end(&w);
}

/* ---- create ---- */

TEST(create_for_has_many_is_one_statement)
{
    world_start(&w);
    kin_row *project = world_project(&w, "p");
    world_forget(&w);
    kin_row *task = kin_create_for(project, w.open_tasks, { "title", kin("x") }, { "ProjectId", kin(55) });
    world_sent_one(&w, "INSERT");
    assert_int_equal(w.control_count, 0);
    assert_int_equal(kin_int(task, "ProjectId"), 1);
    assert_int_equal(world_number(&w, "SELECT count(*) AS n FROM Tasks WHERE ProjectId = 1 AND done = 0 AND title = 'x'"), 1);
    assert_non_null(kin_create_linked(project, w.tasks, KIN_VALUES({ "title", kin("y") }, { "done", kin(true) }), .attributes = KIN_NAMES("title")));
    assert_int_equal(world_number(&w, "SELECT count(*) AS n FROM Tasks WHERE ProjectId = 1 AND done IS NULL AND title = 'y'"), 1);
    assert_non_null(kin_create_for(project, w.tasks, KIN_DEFAULTS));
    assert_int_equal(world_number(&w, "SELECT count(*) AS n FROM Tasks WHERE ProjectId = 1"), 3);
    world_end(&w);
}

TEST(create_for_belongs_to_and_has_one)
{
    world_start(&w);
    kin_row *task = world_task(&w, "t");
    assert_true(kin_put(task, "title", kin("pending")));
    kin_row *project = kin_create_for(task, w.project_of, { "title", kin("made") });
    world_good(&w);
    assert_int_equal(kin_int(task, "ProjectId"), kin_int(project, "id"));
    assert_true(kin_changed(task, "title"));
    assert_int_equal(world_number(&w, "SELECT ProjectId AS n FROM Tasks"), 1);
    assert_null(kin_create_for(task, w.project_of, { "title", kin("a title that is too long") }));
    world_refused(&w, KIN_INVALID, "title");
    assert_int_equal(kin_int(task, "ProjectId"), 1);
    kin_row *ann = kin_create(w.s, w.person, { "name", kin("ann") });
    kin_row *first = kin_create_for(ann, w.father, { "name", kin("one") }), *second = kin_create_for(ann, w.father, { "name", kin("two") });
    world_good(&w);
    assert_int_equal(kin_int(second, "FatherId"), 1);
    assert_int_equal(world_number(&w, "SELECT count(*) AS n FROM People WHERE FatherId = 1"), 1);
    assert_true(kin_reload(first) && kin_is_null(first, "FatherId"));
    kin_row *built = kin_build(w.s, w.task, KIN_DEFAULTS);
    assert_null(kin_create_for(built, w.project_of, { "title", kin("x") }));
    world_refused(&w, KIN_MISUSE, "not saved yet");
    assert_int_equal(world_number(&w, "SELECT count(*) AS n FROM Projects"), 1);
    world_end(&w);
}

TEST(create_for_many_to_many_attaches_the_join_row)
{
    world_start(&w);
    kin_row *user = world_user(&w, "u");
    kin_row *project = kin_create_linked(user, w.projects, KIN_VALUES({ "title", kin("x") }), .through = KIN_VALUES({ "note", kin("hello") }));
    world_good(&w);
    kin_row *join = kin_through(project, w.link);
    assert_non_null(join);
    assert_string_equal(kin_text(join, "note"), "hello");
    assert_string_equal(kin_text(join, "status"), "new");
    assert_true(kin_put(join, "note", kin("changed")) && kin_save(join));
    world_text(&w, "SELECT note AS n FROM UserProjects", "changed");
    /* The link is refused: there is no new project either. */
    assert_null(kin_create_linked(user, w.projects, KIN_VALUES({ "title", kin("y") }), .through = KIN_VALUES({ "rank", kin(-1) })));
    world_refused(&w, KIN_INVALID, "rank");
    assert_null(kin_create_linked(user, w.projects, KIN_VALUES({ "title", kin("y") }), .through = KIN_VALUES({ "nope", kin(1) })));
    world_refused(&w, KIN_MISUSE, "nope");
    assert_int_equal(world_number(&w, "SELECT count(*) AS n FROM Projects"), 1);
    world_end(&w);
}

/* ---- by name ---- */

TEST(kin_call_finds_verb_and_association)
{
    world_start(&w);
    kin_row *project = world_project(&w, "p"), *a = world_task(&w, "a"), *b = world_task(&w, "b"), *user = world_user(&w, "u");
    assert_true(kin_call(project, "setTasks", .targets = KIN_ROWS(a)).ok);
    assert_true(kin_call(project, "addTask", .targets = KIN_ROWS(b)).ok);
    assert_true(kin_call(project, "hasTask", .targets = KIN_ROWS(a)).answer);
    assert_false(kin_call(project, "hasTasks", .targets = KIN_ROWS(a)).answer);
    assert_true(kin_call(project, "hasTasks", .targets = KIN_ROWS(a, b)).answer);
    assert_int_equal(kin_call(project, "countTasks").count, 2);
    assert_int_equal(kin_call(project, "getTasks", .find = &(kin_find){ .size = sizeof(kin_find), .where = kin_eq("title", "b") }).rows.count, 1);
    assert_true(kin_call(project, "removeTask", .targets = KIN_ROWS(a)).ok);
    assert_true(kin_call(a, "setProject", .targets = KIN_ROWS(project)).ok);
    assert_int_equal(kin_int(kin_call(a, "getProject").row, "id"), 1);
    assert_true(kin_call(a, "setProject").ok);
    assert_null(kin_call(a, "getProject").row);
    assert_true(kin_call(a, "setProject", .targets = KIN_KEYS(kin(1))).ok);
    assert_true(kin_call(user, "addProject", .targets = KIN_ROWS(project), .through = KIN_VALUES({ "status", kin("started") })).ok);
    world_text(&w, "SELECT status AS n FROM UserProjects", "started");
    assert_string_equal(kin_text(kin_call(project, "createTask", .values = KIN_VALUES({ "title", kin("c") })).row, "title"), "c");
    assert_true(kin_call(project, "hasWorker", .targets = KIN_ROWS(user)).answer);
    assert_false(kin_call(project, "addTsak", .targets = KIN_ROWS(a)).ok);
    world_refused(&w, KIN_MISUSE, "addTask");
    assert_false(kin_call(a, "setProject", .targets = KIN_ROWS(project, project)).ok);
    world_refused(&w, KIN_MISUSE, "one target");
    assert_false(kin_call(NULL, "addTask").ok);
    world_end(&w);
}
