/* Uses every macro of kin.h once, for tools/check-header: it has to compile without a warning; it is never run. */
#include <kin.h>

static const char *must_be_even(void *context, kin_value value)
{
    (void)context;
    return value.as.integer % 2 == 0 ? NULL : "must be even";
}

static kin_model *declare(kin_schema *schema, kin_association **projects, kin_association **tasks)
{
    static const double low = 0, high = 150;
    kin_schema_defaults(schema, .underscored = true, .timestamps = KIN_OFF);
    kin_model *plain = kin_define(schema, "Plain", KIN_NO_ATTRIBUTES);
    kin_model *user = kin_define(
        schema, "User",
        KIN_ATTRIBUTES(KIN_STRING("name", .length = 40, .not_null = true, .unique = true),
                       KIN_TEXT("about", .default_value = kin("")),
                       KIN_CHAR("code", .length = 3, .unique_group = "codes"),
                       KIN_INTEGER("age", .validate = { .minimum = &low, .maximum = &high, .function = must_be_even }),
                       KIN_BIGINT("big", .column = "big_number"), KIN_REAL("weight", .default_value = kin(1.5)),
                       KIN_DECIMAL("price", .precision = 10, .scale = 2), KIN_BOOLEAN("done", .default_value = kin(false)),
                       KIN_DATE("at", .default_now = true), KIN_DATEONLY("day"), KIN_TIME("hour"),
                       KIN_UUID("uuid", .default_uuid = true), KIN_BLOB("picture"), KIN_JSON("extra"),
                       KIN_ENUM("state", .labels = KIN_NAMES("new", "old")),
                       KIN_INTEGER("plain_id", .references = { .model = plain }, .on_delete = KIN_CASCADE)),
        .underscored = true, .paranoid = KIN_ON, .indexes = KIN_INDEXES({ .attributes = KIN_NAMES("name", "age"), .unique = true }));
    kin_model *project = kin_define(schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")));
    kin_model *join = kin_define(schema, "UserProjects", KIN_ATTRIBUTES(KIN_STRING("status")));
    *projects = kin_belongs_to_many(user, project, .through_model = join, .scope = KIN_VALUES({ "title", kin("x") }));
    kin_belongs_to_many(project, user, .through = "UserProjects", .singular = "worker", .plural = "workers");
    *tasks = kin_has_many(user, plain, .as = "Tasks", .foreign_key = "owner", .no_constraints = true);
    kin_has_one(user, plain);
    kin_belongs_to(plain, user, .foreign_keys = KIN_NAMES("a", "b"), .key = { .name = "a", .not_null = true });
    return user;
}

static void values(const kin_value *given)
{
    const char *constant = "text";
    char text[] = "text", *pointer = text;
    unsigned char byte = 1;
    const kin_value all[] = {
        kin(true), kin((signed char)1), kin((short)1), kin(1), kin(1L), kin(1LL), kin(byte), kin((unsigned short)1), kin(1U),
        kin(1UL), kin(1ULL), kin(1.0F), kin(1.0), kin("literal"), kin(constant), kin(pointer), kin(*given), kin_null,
        kin_key(kin(1), kin("a")), kin_value_text(text, 2), kin_value_blob(text, 2), kin_value_date(kin_now()),
        kin_value_decimal("12.30"), kin_value_json("{}"),
    };
    (void)all;
}

static void find(kin_session *s, kin_model *user, kin_association *projects, kin_association *tasks)
{
    const kin_condition *some[] = { kin_eq("a", 1), kin_ne("a", kin_null) };
    kin_rows rows = kin_find_all(s, user);
    rows = kin_find_all(
        s, user,
        .where = kin_and(kin_gt("age", 1), kin_gte("age", 2), kin_lt("age", 3.5), kin_lte("age", 4U), kin_like("name", "a%"),
                         kin_or(kin_in("id", kin(1), kin(2)), kin_in_list("id", 1, (const kin_value[]){ kin(1) })),
                         kin_not(kin_between("age", 18, 65)), kin_all_of(2, some), kin_any_of(2, some),
                         kin_exists(tasks, .where = kin_eq("done", false)), kin_sql("1 = 1"), kin_sql("id > ?", kin(1))),
        .include = KIN_INCLUDE(KIN_WITH(tasks), KIN_WITH(projects, .where = kin_eq("title", "x"), .optional = true,
                                                         .include = KIN_INCLUDE(KIN_WITH(tasks)))),
        .order = KIN_NAMES("-age", "name"), .limit = kin_limit(10), .offset = 5, .attributes = KIN_NO_NAMES);
    kin_row *row = kin_find_one(s, user, .required = true);
    row = kin_find_by_pk(s, user, kin(1));
    row = kin_find_by_pk(s, user, kin_key(kin(1), kin(2)), .required = true);
    int64_t count = kin_count_all(s, user) + kin_find_and_count(s, user, .limit = 1).total;
    kin_cursor *cursor = kin_each(s, user, .where = kin_eq("age", 1));
    row = kin_next(cursor);
    kin_value value = kin_min(s, user, "age");
    value = kin_max(s, user, "age", .where = kin_eq("age", 1));
    value = kin_sum(s, user, "age");
    value = kin_average(s, user, "age");
    rows = kin_aggregate(s, user, KIN_AGGREGATES({ KIN_SUM, "price", "total" }), .group = KIN_NAMES("age"));
    rows = kin_query(s, "SELECT 1");
    rows = kin_query(s, "SELECT ?", kin(1));
    count += kin_execute(s, "DELETE FROM x") + kin_execute(s, "DELETE FROM x WHERE a = ?", value);
    (void)rows, (void)row, (void)count;
}

static void write(kin_session *s, kin_model *user)
{
    kin_row *row = kin_create(s, user, { "name", kin("ada") }, { "age", kin(36) });
    row = kin_create(s, user, KIN_DEFAULTS);
    row = kin_build(s, user, { "name", kin("ada") });
    kin_row *const many[] = { row };
    bool created = kin_put(row, "age", kin(37)) && kin_save(row) && kin_save(row, .no_hooks = true) && kin_destroy(row) &&
                   kin_destroy(row, .force = true);
    kin_bulk_create(s, user, KIN_RECORDS(KIN_VALUES({ "name", kin("a") }), KIN_VALUES({ "name", kin("b") })));
    kin_bulk_create(s, user, kin_records_of(0, NULL), .no_validate = true);
    kin_update_all(s, user, KIN_VALUES({ "age", kin(1) }), .where = kin_eq("name", "x"));
    kin_destroy_all(s, user, .where = kin_eq("name", "x"));
    kin_find_or_create(s, user, KIN_VALUES({ "name", kin("x") }), .defaults = KIN_VALUES(KIN_DEFAULTS), .created = &created);
    (void)many;
}

static void follow(kin_row *row, kin_association *projects, kin_association *one, kin_model *join)
{
    kin_rows rows = kin_get(row, projects);
    rows = kin_get(row, projects, .where = kin_gt("id", 10), .through_attributes = KIN_NAMES("status"));
    kin_row *other = kin_get_one(row, one);
    int64_t count = kin_count(row, projects) + kin_count(row, projects, .where = kin_eq("id", 1));
    rows = kin_set(row, projects, KIN_ROWS(row, other), .through = KIN_VALUES({ "status", kin("started") }));
    rows = kin_set(row, projects, KIN_NONE);
    bool done = kin_add(row, projects, KIN_KEYS(kin(1), kin(2))) && kin_remove(row, projects, KIN_ROWS(other)) &&
                kin_has(row, projects, KIN_ROWS(other)) && kin_has_exactly(row, projects, KIN_KEYS(kin(1))) &&
                kin_set_one(row, one, NULL) && kin_set_one(row, one, other, .no_save = true) &&
                kin_set_one_key(row, one, kin(3)) &&
                kin_put_through(row, join, KIN_VALUES({ "status", kin("x") }, { "done", kin_null }));
    other = kin_create_for(row, projects, { "title", kin("x") });
    other = kin_create_linked(row, projects, KIN_VALUES({ "title", kin("x") }), .through = KIN_VALUES(KIN_DEFAULTS));
    done = kin_call(row, "addProject", .targets = KIN_ROWS(other)).ok;
    (void)rows, (void)count, (void)done;
}

int main(void)
{
    kin_schema *schema = kin_schema_new();
    kin_association *projects, *tasks;
    kin_model *user = declare(schema, &projects, &tasks);
    kin_db *db = kin_open("sqlite::memory:", schema, .pool = 4, .log = { .binds = true });
    bool ready = kin_sync(db) && kin_sync(db, .force = true) && kin_drop(db);
    const char *sql = kin_sync_sql(db, .cycles = KIN_CYCLES_DEFER);
    kin_session *s = kin_session_open(db, .read_only = false);
    if (ready && sql != NULL && kin_begin(s) && kin_begin(s, .read_only = true)) {
        values(&kin_null);
        find(s, user, projects, tasks);
        write(s, user);
        follow(kin_find_one(s, user), projects, tasks, user);
        kin_commit(s);
    }
    kin_session_close(s);
    kin_close(db);
    kin_schema_free(schema);
    return 0;
}
