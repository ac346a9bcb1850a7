/* The workload by hand: prepared statements, structs in an arena, one query a table for eager loads. What an expert would write on SQLite. */
#include <sqlite3.h>

#include "workload.h"

struct user { long id; const char *username, *email; int age; struct membership *members; size_t member_count, member_room; };
struct task { long id, project; const char *title; int done; };
struct project { long id; const char *title; struct task *tasks; size_t count, room; };
struct membership { const char *status; struct project *project; };

struct block { struct block *next; };
static struct { struct block *blocks; char *next, *end; } memory;

static sqlite3 *db;

static void expect(int code) {
    if (code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE) {
        fprintf(stderr, "%s\n", sqlite3_errmsg(db));
        exit(1);
    }
}

static void *take(size_t size) {
    size = (size + 7) & ~(size_t)7;
    if ((size_t)(memory.end - memory.next) < size) {
        size_t room = size > 262144 ? size : 262144;
        struct block *block = malloc(sizeof *block + room);
        block->next = memory.blocks;
        memory.blocks = block;
        memory.next = (char *)(block + 1);
        memory.end = memory.next + room;
    }
    void *piece = memory.next;
    memory.next += size;
    return piece;
}

static void forget(void) {
    while (memory.blocks) {
        struct block *next = memory.blocks->next;
        free(memory.blocks);
        memory.blocks = next;
    }
    memory.next = memory.end = NULL;
}

static void *grow(void *at, size_t count, size_t *room, size_t size) {
    if (count < *room)
        return at;
    *room = *room ? *room * 2 : 16;
    void *grown = take(*room * size);
    if (count)
        memcpy(grown, at, count * size);
    return grown;
}

static sqlite3_stmt *prepare(const char *sql) {
    sqlite3_stmt *statement;
    expect(sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL));
    return statement;
}

static void run(const char *sql) { expect(sqlite3_exec(db, sql, NULL, NULL, NULL)); }

static void step(sqlite3_stmt *statement) {
    expect(sqlite3_step(statement));
    expect(sqlite3_reset(statement));
}

static void script(const char *variable) {
    char *text = workload_sql(variable), *rest = text, *statement;
    while ((statement = workload_next(&rest)) != NULL)
        run(statement);
    free(text);
}

static long number(const char *sql) {
    sqlite3_stmt *statement = prepare(sql);
    expect(sqlite3_step(statement));
    long value = (long)sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

static const char *text(sqlite3_stmt *row, int column) {
    const void *from = sqlite3_column_text(row, column);
    size_t size = (size_t)sqlite3_column_bytes(row, column);
    char *copy = take(size + 1);
    memcpy(copy, from, size + 1);
    return copy;
}

static void read_user(sqlite3_stmt *row, struct user *user) {
    *user = (struct user){ .id = (long)sqlite3_column_int64(row, 0), .username = text(row, 1), .email = text(row, 2), .age = sqlite3_column_int(row, 3) };
}

static void read_task(sqlite3_stmt *row, struct task *task) {
    task->id = (long)sqlite3_column_int64(row, 0);
    task->title = text(row, 1);
    task->done = sqlite3_column_int(row, 2);
    task->project = (long)sqlite3_column_int64(row, 3);
}

static struct task *add_task(struct project *project) {
    project->tasks = grow(project->tasks, project->count, &project->room, sizeof *project->tasks);
    return &project->tasks[project->count++];
}

struct sums {
    long rows, ids, ages, usernames, emails, projects, titles, tasks, task_ids, task_titles, done, statuses;
};

static void touch_user(struct sums *sums, const struct user *user) {
    sums->rows++;
    sums->ids += user->id;
    sums->ages += user->age;
    sums->usernames += (long)strlen(user->username);
    sums->emails += (long)strlen(user->email);
}

static void touch_task(struct sums *sums, const struct task *task) {
    sums->tasks++;
    sums->task_ids += task->id + task->project;
    sums->task_titles += (long)strlen(task->title);
    sums->done += task->done;
}

static void touch_project(struct sums *sums, const struct project *project) {
    sums->projects++;
    sums->ids += project->id;
    sums->titles += (long)strlen(project->title);
    for (size_t i = 0; i < project->count; i++)
        touch_task(sums, &project->tasks[i]);
}

enum { PORTION = 50 }; /* rows of one INSERT: fewer or more were slower */

static void bulk_insert(struct workload *w) {
    workload_begin(w);
    char sql[PORTION * 10 + 100], *end = sql + sprintf(sql, "INSERT INTO Users (username, email, age) VALUES ");
    static char names[PORTION][32], emails[PORTION][64];
    for (int i = 0; i < PORTION; i++)
        end += sprintf(end, "%s(?,?,?)", i ? "," : "");
    run("BEGIN");
    sqlite3_stmt *insert = prepare(sql);
    for (long i = 0; i < w->users; i += PORTION) {
        for (int k = 0; k < PORTION; k++) {
            int name = sprintf(names[k], "user%ld", i + k + 1), email = sprintf(emails[k], "user%ld@example.com", i + k + 1);
            sqlite3_bind_text(insert, 3 * k + 1, names[k], name, SQLITE_STATIC);
            sqlite3_bind_text(insert, 3 * k + 2, emails[k], email, SQLITE_STATIC);
            sqlite3_bind_int(insert, 3 * k + 3, workload_age(i + k + 1));
        }
        step(insert);
    }
    sqlite3_finalize(insert);
    run("COMMIT");
    workload_end(w);
    workload_report(w, "bulk_insert", w->users, "%ld:%ld", number("SELECT count(*) FROM Users"), number("SELECT sum(age) FROM Users"));
}

static void find_all(struct workload *w) {
    struct sums sums = { 0 };
    workload_begin(w);
    size_t count = 0, room = 1024;
    struct user *users = malloc(room * sizeof *users);
    sqlite3_stmt *select = prepare("SELECT id, username, email, age FROM Users");
    while (sqlite3_step(select) == SQLITE_ROW) {
        if (count == room)
            users = realloc(users, (room *= 2) * sizeof *users);
        read_user(select, &users[count++]);
    }
    sqlite3_finalize(select);
    for (size_t i = 0; i < count; i++)
        touch_user(&sums, &users[i]);
    workload_end(w);
    free(users);
    forget();
    workload_report(w, "find_all", w->users, "%ld:%ld:%ld:%ld:%ld", sums.rows, sums.ids, sums.ages, sums.usernames, sums.emails);
}

static void find_by_pk(struct workload *w) {
    struct sums sums = { 0 };
    struct user user;
    workload_begin(w);
    sqlite3_stmt *select = prepare("SELECT id, username, email, age FROM Users WHERE id = ?");
    for (long i = 0; i < w->lookups; i++) {
        sqlite3_bind_int64(select, 1, workload_lookup(w, i));
        expect(sqlite3_step(select));
        read_user(select, &user);
        sqlite3_reset(select);
        touch_user(&sums, &user);
    }
    sqlite3_finalize(select);
    workload_end(w);
    forget();
    workload_report(w, "find_by_pk", w->lookups, "%ld:%ld:%ld", sums.rows, sums.ages, sums.usernames);
}

static void create_each(struct workload *w) {
    long ids = 0;
    workload_begin(w);
    run("BEGIN");
    sqlite3_stmt *insert = prepare("INSERT INTO Users (username, email, age) VALUES (?, ?, ?)");
    for (long i = 1; i <= w->creates; i++) {
        char name[64], email[64];
        sqlite3_bind_text(insert, 1, name, snprintf(name, sizeof name, "new%ld", i), SQLITE_STATIC);
        sqlite3_bind_text(insert, 2, email, snprintf(email, sizeof email, "new%ld@example.com", i), SQLITE_STATIC);
        sqlite3_bind_int(insert, 3, workload_new_age(i));
        step(insert);
        ids += (long)sqlite3_last_insert_rowid(db);
    }
    sqlite3_finalize(insert);
    run("COMMIT");
    workload_end(w);
    workload_report(w, "create_each", w->creates, "%ld:%ld", number("SELECT count(*) FROM Users"), ids);
}

static void update_each(struct workload *w) {
    struct user user;
    workload_begin(w);
    run("BEGIN");
    sqlite3_stmt *select = prepare("SELECT id, username, email, age FROM Users WHERE id = ?");
    sqlite3_stmt *update = prepare("UPDATE Users SET age = ? WHERE id = ?");
    for (long i = 1; i <= w->updates; i++) {
        sqlite3_bind_int64(select, 1, i);
        expect(sqlite3_step(select));
        read_user(select, &user);
        sqlite3_reset(select);
        sqlite3_bind_int(update, 1, ++user.age);
        sqlite3_bind_int64(update, 2, user.id);
        step(update);
    }
    sqlite3_finalize(select);
    sqlite3_finalize(update);
    run("COMMIT");
    workload_end(w);
    forget();
    workload_report(w, "update_each", w->updates, "%ld", number("SELECT sum(age) FROM Users"));
}

/* Ids are dense here, so an array by id is the map an expert would take. */
static void eager_has_many(struct workload *w) {
    struct sums sums = { 0 };
    workload_begin(w);
    size_t count = 0, room = 256;
    struct project *projects = malloc(room * sizeof *projects);
    long highest = 0;
    sqlite3_stmt *select = prepare("SELECT id, title FROM Projects");
    while (sqlite3_step(select) == SQLITE_ROW) {
        if (count == room)
            projects = realloc(projects, (room *= 2) * sizeof *projects);
        projects[count] = (struct project){ .id = (long)sqlite3_column_int64(select, 0), .title = text(select, 1) };
        highest = projects[count].id > highest ? projects[count].id : highest;
        count++;
    }
    sqlite3_finalize(select);
    struct project **by_id = calloc((size_t)highest + 1, sizeof *by_id);
    for (size_t i = 0; i < count; i++)
        by_id[projects[i].id] = &projects[i];
    select = prepare("SELECT id, title, done, ProjectId FROM Tasks");
    while (sqlite3_step(select) == SQLITE_ROW)
        read_task(select, add_task(by_id[sqlite3_column_int64(select, 3)]));
    sqlite3_finalize(select);
    for (size_t i = 0; i < count; i++)
        touch_project(&sums, &projects[i]);
    workload_end(w);
    free(by_id);
    free(projects);
    forget();
    workload_report(w, "eager_has_many", w->projects, "%ld:%ld:%ld:%ld:%ld:%ld", sums.projects, sums.tasks, sums.task_ids, sums.task_titles, sums.titles,
                    sums.done);
}

static void eager_nested(struct workload *w) {
    struct sums sums = { 0 };
    workload_begin(w);
    struct user *users = calloc((size_t)w->members + 1, sizeof *users);
    struct project **projects = calloc((size_t)w->projects + 1, sizeof *projects);
    sqlite3_stmt *select = prepare("SELECT id, username, email, age FROM Users WHERE id <= ?");
    sqlite3_bind_int64(select, 1, w->members);
    while (sqlite3_step(select) == SQLITE_ROW)
        read_user(select, &users[sqlite3_column_int64(select, 0)]);
    sqlite3_finalize(select);
    select = prepare("SELECT m.UserId, m.status, p.id, p.title FROM UserProjects m JOIN Projects p ON p.id = m.ProjectId WHERE m.UserId <= ?");
    sqlite3_bind_int64(select, 1, w->members);
    while (sqlite3_step(select) == SQLITE_ROW) {
        struct user *user = &users[sqlite3_column_int64(select, 0)];
        struct project **project = &projects[sqlite3_column_int64(select, 2)];
        if (!*project) {
            *project = take(sizeof **project);
            **project = (struct project){ .id = (long)sqlite3_column_int64(select, 2), .title = text(select, 3) };
        }
        user->members = grow(user->members, user->member_count, &user->member_room, sizeof *user->members);
        user->members[user->member_count++] = (struct membership){ text(select, 1), *project };
    }
    sqlite3_finalize(select);
    select = prepare("SELECT id, title, done, ProjectId FROM Tasks WHERE ProjectId IN (SELECT ProjectId FROM UserProjects WHERE UserId <= ?)");
    sqlite3_bind_int64(select, 1, w->members);
    while (sqlite3_step(select) == SQLITE_ROW)
        read_task(select, add_task(projects[sqlite3_column_int64(select, 3)]));
    sqlite3_finalize(select);
    for (long i = 1; i <= w->members; i++) {
        touch_user(&sums, &users[i]);
        for (size_t m = 0; m < users[i].member_count; m++) {
            sums.statuses += (long)strlen(users[i].members[m].status);
            touch_project(&sums, users[i].members[m].project);
        }
    }
    workload_end(w);
    free(users);
    free(projects);
    forget();
    workload_report(w, "eager_nested_m2m", w->members, "%ld:%ld:%ld:%ld:%ld:%ld", sums.rows, sums.projects, sums.tasks, sums.statuses, sums.task_titles,
                    sums.done);
}

static void lazy_get(struct workload *w) {
    struct sums sums = { 0 };
    workload_begin(w);
    sqlite3_stmt *select = prepare("SELECT id, title, done, ProjectId FROM Tasks WHERE ProjectId = ?");
    for (long i = 1; i <= w->lazy; i++) {
        struct project project = { .id = i };
        sqlite3_bind_int64(select, 1, i);
        while (sqlite3_step(select) == SQLITE_ROW)
            read_task(select, add_task(&project));
        sqlite3_reset(select);
        for (size_t t = 0; t < project.count; t++)
            touch_task(&sums, &project.tasks[t]);
    }
    sqlite3_finalize(select);
    workload_end(w);
    forget();
    workload_report(w, "lazy_get", w->lazy, "%ld:%ld:%ld", sums.tasks, sums.task_titles, sums.done);
}

/* ---- many to many ---- */

static sqlite3_stmt *links, *link_one, *link_portion, *unlink_one, *unlink_portion;

static void prepare_links(void) {
    char sql[PORTION * 8 + 200], *end;
    links = prepare("SELECT UserId FROM UserProjects WHERE ProjectId = ?");
    link_one = prepare("INSERT INTO UserProjects (ProjectId, UserId) VALUES (?, ?)");
    unlink_one = prepare("DELETE FROM UserProjects WHERE ProjectId = ? AND UserId = ?");
    end = sql + sprintf(sql, "INSERT INTO UserProjects (ProjectId, UserId) VALUES ");
    for (int i = 0; i < PORTION; i++)
        end += sprintf(end, "%s(?1, ?)", i ? "," : "");
    link_portion = prepare(sql);
    end = sql + sprintf(sql, "DELETE FROM UserProjects WHERE ProjectId = ?1 AND UserId IN (");
    for (int i = 0; i < PORTION; i++)
        end += sprintf(end, "%s?", i ? "," : "");
    strcpy(end, ")");
    unlink_portion = prepare(sql);
}

static void change_links(sqlite3_stmt *one, sqlite3_stmt *portion, long project, const long *users, size_t count) {
    size_t at = 0;
    for (; count - at >= PORTION; at += PORTION) {
        sqlite3_bind_int64(portion, 1, project);
        for (int i = 0; i < PORTION; i++)
            sqlite3_bind_int64(portion, i + 2, users[at + (size_t)i]);
        step(portion);
    }
    for (; at < count; at++) {
        sqlite3_bind_int64(one, 1, project);
        sqlite3_bind_int64(one, 2, users[at]);
        step(one);
    }
}

static int compare(const void *a, const void *b) {
    long x = *(const long *)a, y = *(const long *)b;
    return (x > y) - (x < y);
}

/* wanted is sorted. */
static void set_links(long project, const long *wanted, size_t count) {
    static long there[8192], leaving[8192], joining[8192];
    size_t have = 0, gone = 0, come = 0, i = 0, j = 0;
    sqlite3_bind_int64(links, 1, project);
    while (sqlite3_step(links) == SQLITE_ROW)
        there[have++] = (long)sqlite3_column_int64(links, 0);
    sqlite3_reset(links);
    qsort(there, have, sizeof *there, compare);
    while (i < have || j < count) {
        if (i < have && j < count && there[i] == wanted[j])
            i++, j++;
        else if (j == count || (i < have && there[i] < wanted[j]))
            leaving[gone++] = there[i++];
        else
            joining[come++] = wanted[j++];
    }
    change_links(unlink_one, unlink_portion, project, leaving, gone);
    change_links(link_one, link_portion, project, joining, come);
}

static void set_many(struct workload *w) {
    size_t size = (size_t)w->set_size;
    long *a = malloc(size * sizeof *a), *b = malloc(size * sizeof *b), found[5];
    for (size_t i = 0; i < size; i++) {
        a[i] = workload_first_of_set(w) + (long)i;
        b[i] = a[i] + w->set_size / 2;
    }
    prepare_links();
    workload_begin(w);
    run("BEGIN");
    for (long i = 0; i < w->set_rounds; i++) {
        set_links(1, a, size);
        set_links(1, b, size);
        set_links(1, NULL, 0);
    }
    run("COMMIT");
    workload_end(w);
    set_links(1, a, size);
    found[0] = number("SELECT count(*) FROM UserProjects WHERE ProjectId = 1");
    found[1] = number("SELECT sum(UserId) FROM UserProjects WHERE ProjectId = 1");
    set_links(1, b, size);
    found[2] = number("SELECT count(*) FROM UserProjects WHERE ProjectId = 1");
    found[3] = number("SELECT sum(UserId) FROM UserProjects WHERE ProjectId = 1");
    set_links(1, NULL, 0);
    found[4] = number("SELECT count(*) FROM UserProjects WHERE ProjectId = 1");
    free(a);
    free(b);
    workload_report(w, "m2m_set", w->set_rounds * 3, "%ld:%ld:%ld:%ld:%ld", found[0], found[1], found[2], found[3], found[4]);
}

static void has(struct workload *w) {
    long yes = 0;
    sqlite3_stmt *select = prepare("SELECT 1 FROM UserProjects WHERE UserId = ? AND ProjectId = ?");
    workload_begin(w);
    for (long p = 1; p <= w->has; p++) {
        sqlite3_bind_int64(select, 1, workload_asked(w, p));
        sqlite3_bind_int64(select, 2, p);
        yes += sqlite3_step(select) == SQLITE_ROW;
        sqlite3_reset(select);
    }
    workload_end(w);
    sqlite3_finalize(select);
    workload_report(w, "m2m_has", w->has, "%ld", yes);
}

static void add_remove(struct workload *w) {
    long found[3] = { number("SELECT count(*) FROM UserProjects") };
    sqlite3_stmt *add = prepare("INSERT INTO UserProjects (UserId, ProjectId) VALUES (?, ?) ON CONFLICT DO NOTHING");
    workload_begin(w);
    run("BEGIN");
    for (long i = 0; i <= w->links; i++) {
        if (i == w->links) { /* the last round is the check */
            run("COMMIT");
            workload_end(w);
        }
        sqlite3_bind_int64(add, 1, workload_link_user(w, i));
        sqlite3_bind_int64(add, 2, workload_link_project(w, i));
        step(add);
        if (i == w->links)
            found[1] = number("SELECT count(*) FROM UserProjects");
        sqlite3_bind_int64(unlink_one, 1, workload_link_project(w, i));
        sqlite3_bind_int64(unlink_one, 2, workload_link_user(w, i));
        step(unlink_one);
    }
    sqlite3_finalize(add);
    found[2] = number("SELECT count(*) FROM UserProjects");
    workload_report(w, "m2m_add_remove", w->links, "%ld:%ld:%ld", found[0], found[1], found[2]);
}

int main(int count, char **arguments) {
    struct workload w = workload_start("hand-written", count > 1 ? arguments[1] : "sqlite");
    const char *file = strcmp(w.database, "sqlite-mem") == 0 ? ":memory:" : workload_setting("BENCH_SQLITE_FILE", "bench.db");
    expect(sqlite3_open_v2(file, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL));
    run("PRAGMA journal_mode = WAL");
    run("PRAGMA synchronous = NORMAL");
    run("PRAGMA foreign_keys = ON");
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
    return 0;
}
