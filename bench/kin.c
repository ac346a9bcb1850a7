/* The workload with kin, as its documentation says: models, rows and associations through the public header. */
#include <kin.h>

#include "workload.h"

static kin_schema *schema;
static kin_model *user, *project, *task, *member;
static kin_association *user_projects, *project_users, *project_tasks;
static kin_db *db;
static kin_session *s;

static void declare(void) {
    schema = kin_schema_new();
    user = kin_define(schema, "User",
                      KIN_ATTRIBUTES(KIN_STRING("username", .not_null = true), KIN_STRING("email", .not_null = true),
                                     KIN_INTEGER("age", .not_null = true)));
    project = kin_define(schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title", .not_null = true)));
    task = kin_define(schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title", .not_null = true), KIN_BOOLEAN("done", .not_null = true)));
    member = kin_define(schema, "UserProjects", KIN_ATTRIBUTES(KIN_STRING("status", .not_null = true, .default_value = kin("member"))),
                        .freeze_table_name = true);
    user_projects = kin_belongs_to_many(user, project, .through_model = member);
    project_users = kin_belongs_to_many(project, user, .through_model = member);
    project_tasks = kin_has_many(project, task);
}

static void check(const char *where) {
    if (kin_ok(s))
        return;
    fprintf(stderr, "%s: %s\n", where, kin_error_of(s)->message);
    exit(1);
}

static void script(const char *variable) {
    char *text = workload_sql(variable), *rest = text, *statement;
    while ((statement = workload_next(&rest)) != NULL) {
        if (strcmp(statement, "BEGIN") == 0)
            kin_begin(s);
        else if (strcmp(statement, "COMMIT") == 0)
            kin_commit(s);
        else
            kin_execute(s, statement);
    }
    check(variable);
    free(text);
}

static long number(const char *sql) {
    kin_mark mark = kin_session_mark(s);
    kin_rows rows = kin_query(s, sql);
    long value = rows.count ? (long)kin_int(rows.at[0], "n") : -1;
    kin_session_release(s, mark);
    return value;
}

struct sums {
    long rows, ids, ages, usernames, emails, projects, titles, tasks, task_ids, task_titles, done, statuses;
};

/* Every field of every row is read. */
static void touch_user(struct sums *sums, const kin_row *row) {
    sums->rows++;
    sums->ids += (long)kin_int(row, "id");
    sums->ages += (long)kin_int(row, "age");
    sums->usernames += (long)strlen(kin_text(row, "username"));
    sums->emails += (long)strlen(kin_text(row, "email"));
}

static void touch_task(struct sums *sums, const kin_row *row) {
    sums->tasks++;
    sums->task_ids += (long)(kin_int(row, "id") + kin_int(row, "ProjectId"));
    sums->task_titles += (long)strlen(kin_text(row, "title"));
    sums->done += kin_bool(row, "done");
}

static void touch_project(struct sums *sums, const kin_row *row) {
    kin_rows tasks = kin_related(row, project_tasks);
    sums->projects++;
    sums->ids += (long)kin_int(row, "id");
    sums->titles += (long)strlen(kin_text(row, "title"));
    for (size_t i = 0; i < tasks.count; i++)
        touch_task(sums, tasks.at[i]);
}

enum { BATCH = 1000 }; /* users of one kin_bulk_create: what a program that reads its input bit by bit would do */

static void insert_batch(long first, size_t count) {
    static char names[BATCH][32], emails[BATCH][64];
    static kin_assignment values[BATCH][3];
    static kin_values records[BATCH];
    for (size_t i = 0; i < count; i++) {
        long number = first + (long)i;
        snprintf(names[i], sizeof names[i], "user%ld", number);
        snprintf(emails[i], sizeof emails[i], "user%ld@example.com", number);
        values[i][0] = (kin_assignment){ "username", kin((const char *)names[i]) };
        values[i][1] = (kin_assignment){ "email", kin((const char *)emails[i]) };
        values[i][2] = (kin_assignment){ "age", kin(workload_age(number)) };
        records[i] = kin_values_of(3, values[i]);
    }
    kin_mark mark = kin_session_mark(s);
    kin_bulk_create(s, user, kin_records_of(count, records));
    kin_session_release(s, mark);
}

static void bulk_insert(struct workload *w) {
    workload_begin(w);
    kin_begin(s);
    for (long first = 1; first <= w->users; first += BATCH)
        insert_batch(first, (size_t)(w->users - first + 1 < BATCH ? w->users - first + 1 : BATCH));
    kin_commit(s);
    workload_end(w);
    check("bulk_insert");
    workload_report(w, "bulk_insert", w->users, "%ld:%ld", number("SELECT count(*) AS n FROM Users"), number("SELECT sum(age) AS n FROM Users"));
}

static void find_all(struct workload *w) {
    struct sums sums = { 0 };
    workload_begin(w);
    kin_mark mark = kin_session_mark(s);
    kin_rows rows = kin_find_all(s, user);
    for (size_t i = 0; i < rows.count; i++)
        touch_user(&sums, rows.at[i]);
    workload_end(w);
    kin_session_release(s, mark);
    check("find_all");
    workload_report(w, "find_all", w->users, "%ld:%ld:%ld:%ld:%ld", sums.rows, sums.ids, sums.ages, sums.usernames, sums.emails);
}

static void find_by_pk(struct workload *w) {
    struct sums sums = { 0 };
    workload_begin(w);
    kin_mark mark = kin_session_mark(s);
    for (long i = 0; i < w->lookups; i++)
        touch_user(&sums, kin_find_by_pk(s, user, kin(workload_lookup(w, i))));
    workload_end(w);
    kin_session_release(s, mark);
    check("find_by_pk");
    workload_report(w, "find_by_pk", w->lookups, "%ld:%ld:%ld", sums.rows, sums.ages, sums.usernames);
}

static void create_each(struct workload *w) {
    long ids = 0;
    workload_begin(w);
    kin_mark mark = kin_session_mark(s);
    kin_begin(s);
    for (long i = 1; i <= w->creates; i++) {
        char name[64], email[64];
        snprintf(name, sizeof name, "new%ld", i);
        snprintf(email, sizeof email, "new%ld@example.com", i);
        kin_row *row = kin_create(s, user, { "username", kin(name) }, { "email", kin(email) }, { "age", kin(workload_new_age(i)) });
        ids += (long)kin_int(row, "id");
    }
    kin_commit(s);
    workload_end(w);
    kin_session_release(s, mark);
    check("create_each");
    workload_report(w, "create_each", w->creates, "%ld:%ld", number("SELECT count(*) AS n FROM Users"), ids);
}

static void update_each(struct workload *w) {
    workload_begin(w);
    kin_mark mark = kin_session_mark(s);
    kin_begin(s);
    for (long i = 1; i <= w->updates; i++) {
        kin_row *row = kin_find_by_pk(s, user, kin(i));
        kin_put(row, "age", kin(kin_int(row, "age") + 1));
        kin_save(row);
    }
    kin_commit(s);
    workload_end(w);
    kin_session_release(s, mark);
    check("update_each");
    workload_report(w, "update_each", w->updates, "%ld", number("SELECT sum(age) AS n FROM Users"));
}

static void eager_has_many(struct workload *w) {
    struct sums sums = { 0 };
    workload_begin(w);
    kin_mark mark = kin_session_mark(s);
    kin_rows rows = kin_find_all(s, project, .include = KIN_INCLUDE(KIN_WITH(project_tasks)));
    for (size_t i = 0; i < rows.count; i++)
        touch_project(&sums, rows.at[i]);
    workload_end(w);
    kin_session_release(s, mark);
    check("eager_has_many");
    workload_report(w, "eager_has_many", w->projects, "%ld:%ld:%ld:%ld:%ld:%ld", sums.projects, sums.tasks, sums.task_ids, sums.task_titles, sums.titles,
                    sums.done);
}

static void eager_nested(struct workload *w) {
    struct sums sums = { 0 };
    workload_begin(w);
    kin_mark mark = kin_session_mark(s);
    kin_rows rows = kin_find_all(s, user, .where = kin_lte("id", w->members),
                                 .include = KIN_INCLUDE(KIN_WITH(user_projects, .include = KIN_INCLUDE(KIN_WITH(project_tasks)))));
    for (size_t i = 0; i < rows.count; i++) {
        kin_rows projects = kin_related(rows.at[i], user_projects);
        touch_user(&sums, rows.at[i]);
        for (size_t p = 0; p < projects.count; p++) {
            sums.statuses += (long)strlen(kin_text(kin_through(projects.at[p], member), "status"));
            touch_project(&sums, projects.at[p]);
        }
    }
    workload_end(w);
    kin_session_release(s, mark);
    check("eager_nested_m2m");
    workload_report(w, "eager_nested_m2m", w->members, "%ld:%ld:%ld:%ld:%ld:%ld", sums.rows, sums.projects, sums.tasks, sums.statuses, sums.task_titles,
                    sums.done);
}

static void lazy_get(struct workload *w) {
    struct sums sums = { 0 };
    kin_mark mark = kin_session_mark(s);
    kin_rows projects = kin_find_all(s, project, .order = KIN_NAMES("id"), .limit = w->lazy);
    workload_begin(w);
    for (size_t i = 0; i < projects.count; i++) {
        kin_rows tasks = kin_get(projects.at[i], project_tasks);
        for (size_t t = 0; t < tasks.count; t++)
            touch_task(&sums, tasks.at[t]);
    }
    workload_end(w);
    kin_session_release(s, mark);
    check("lazy_get");
    workload_report(w, "lazy_get", w->lazy, "%ld:%ld:%ld", sums.tasks, sums.task_titles, sums.done);
}

static void set_many(struct workload *w) {
    kin_mark mark = kin_session_mark(s);
    long first = workload_first_of_set(w), found[5];
    kin_row *one = kin_find_by_pk(s, project, kin(1));
    kin_rows all = kin_find_all(s, user, .where = kin_between("id", first, first + w->set_size * 2 - 1), .order = KIN_NAMES("id"));
    kin_targets a = kin_rows_of((size_t)w->set_size, all.at), b = kin_rows_of((size_t)w->set_size, all.at + w->set_size / 2);
    workload_begin(w);
    kin_begin(s);
    for (long i = 0; i < w->set_rounds; i++) {
        kin_set(one, project_users, a);
        kin_set(one, project_users, b);
        kin_set(one, project_users, KIN_NONE);
    }
    kin_commit(s);
    workload_end(w);
    kin_set(one, project_users, a);
    found[0] = number("SELECT count(*) AS n FROM UserProjects WHERE ProjectId = 1");
    found[1] = number("SELECT sum(UserId) AS n FROM UserProjects WHERE ProjectId = 1");
    kin_set(one, project_users, b);
    found[2] = number("SELECT count(*) AS n FROM UserProjects WHERE ProjectId = 1");
    found[3] = number("SELECT sum(UserId) AS n FROM UserProjects WHERE ProjectId = 1");
    kin_set(one, project_users, KIN_NONE);
    found[4] = number("SELECT count(*) AS n FROM UserProjects WHERE ProjectId = 1");
    kin_session_release(s, mark);
    check("m2m_set");
    workload_report(w, "m2m_set", w->set_rounds * 3, "%ld:%ld:%ld:%ld:%ld", found[0], found[1], found[2], found[3], found[4]);
}

static void has(struct workload *w) {
    kin_mark mark = kin_session_mark(s);
    kin_rows projects = kin_find_all(s, project, .order = KIN_NAMES("id"));
    kin_rows users = kin_find_all(s, user, .where = kin_lte("id", w->members), .order = KIN_NAMES("id"));
    long yes = 0;
    workload_begin(w);
    for (long p = 1; p <= w->has; p++)
        yes += kin_has(projects.at[p - 1], project_users, KIN_ROWS(users.at[workload_asked(w, p) - 1]));
    workload_end(w);
    kin_session_release(s, mark);
    check("m2m_has");
    workload_report(w, "m2m_has", w->has, "%ld", yes);
}

static void add_remove(struct workload *w) {
    kin_mark mark = kin_session_mark(s);
    long first = workload_link_user(w, 0), found[3];
    kin_rows projects = kin_find_all(s, project, .order = KIN_NAMES("id"));
    kin_rows users = kin_find_all(s, user, .where = kin_between("id", first, first + w->links), .order = KIN_NAMES("id"));
    found[0] = number("SELECT count(*) AS n FROM UserProjects");
    workload_begin(w);
    kin_begin(s);
    for (long i = 0; i < w->links; i++) {
        kin_row *of = projects.at[workload_link_project(w, i) - 1];
        kin_add(of, project_users, KIN_ROWS(users.at[i]));
        kin_remove(of, project_users, KIN_ROWS(users.at[i]));
    }
    kin_commit(s);
    workload_end(w);
    kin_row *last = projects.at[workload_link_project(w, w->links) - 1];
    kin_add(last, project_users, KIN_ROWS(users.at[w->links]));
    found[1] = number("SELECT count(*) AS n FROM UserProjects");
    kin_remove(last, project_users, KIN_ROWS(users.at[w->links]));
    found[2] = number("SELECT count(*) AS n FROM UserProjects");
    kin_session_release(s, mark);
    check("m2m_add_remove");
    workload_report(w, "m2m_add_remove", w->links, "%ld:%ld:%ld", found[0], found[1], found[2]);
}

int main(int count, char **arguments) {
    struct workload w = workload_start("kin", count > 1 ? arguments[1] : "sqlite");
    char url[1024];
    snprintf(url, sizeof url, "sqlite:%s?journal_mode=wal&synchronous=normal",
             strcmp(w.database, "sqlite-mem") == 0 ? ":memory:" : workload_setting("BENCH_SQLITE_FILE", "bench.db"));
    declare();
    db = kin_open(url, schema);
    if (kin_db_error(db)) {
        fprintf(stderr, "%s\n", kin_db_error(db)->message);
        return 1;
    }
    s = kin_session_open(db);
    script("BENCH_SCHEMA");
    bulk_insert(&w);
    find_all(&w);
    find_by_pk(&w);
    create_each(&w);
    update_each(&w);
    script("BENCH_SEED");
    eager_has_many(&w);
    eager_nested(&w);
    lazy_get(&w);
    set_many(&w);
    has(&w);
    add_remove(&w);
    kin_session_close(s);
    kin_close(db);
    kin_schema_free(schema);
    return 0;
}
