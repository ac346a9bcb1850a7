/* Conditions that are wrong, deep, or made without memory. What right ones become: test_golden_where.c. */
#include "failing.h"
#include "golden.h"

static bool resolves(struct golden *golden, const kin_model *model, const kin_condition *condition)
{
    unsigned next = 1;
    const struct sql_scope scope = { model, 0, &next, &golden->arena, &golden->fault };
    const struct sql_expression *out = NULL;
    fault_clear(&golden->fault);
    return sql_resolve(&scope, condition, &out);
}

/* The condition is a misuse, and the message says all of these. */
static void refused(struct golden *golden, const kin_model *model, const kin_condition *condition, const char *one, const char *two)
{
    assert_false(resolves(golden, model, condition));
    assert_int_equal(golden->fault.error.status, KIN_MISUSE);
    if (strstr(golden->fault.error.message, one) == NULL || strstr(golden->fault.error.message, two) == NULL)
        fail_msg("'%s' lacks '%s' or '%s'", golden->fault.error.message, one, two);
}

TEST(wrong_names)
{
    struct golden golden, *g = &golden;
    golden_open(g);
    refused(g, g->task, kin_eq("titel", "x"), "Task has no attribute or association 'titel'", "title");
    refused(g, g->project, kin_eq("Task", 1), "Project has no attribute or association 'Task'", "Tasks");
    refused(g, g->project, kin_eq("Tasks", 1), "Project.Tasks", "it is an association");
    refused(g, g->project, kin_eq("Taks.title", "x"), "Project has no association 'Taks'", "Tasks");
    refused(g, g->project, kin_eq("Tasks.titel", "x"), "Task has no attribute or association 'titel'", "title");
    refused(g, g->project, kin_eq("Tasks.", "x"), "Task has no", "''");
    refused(g, g->project, kin_eq(".title", "x"), "Project has no association ''", "");
    refused(g, g->user, kin_eq("Father.Father.nme", "x"), "User has no attribute or association 'nme'", "name");
    refused(g, g->task, kin_eq(NULL, 1), "without a name", "Task");
    refused(g, g->task, kin_or(kin_eq("id", 1), kin_not(kin_and(kin_eq("nope", 1)))), "'nope'", "Task");
    refused(g, g->task, kin_eq("id\n; DROP TABLE x", 1), "id?; DROP TABLE x", "Task");
    assert_string_equal(g->fault.error.model, "Task");
    golden_close(g);
}

TEST(wrong_values)
{
    struct golden golden, *g = &golden;
    golden_open(g);
    refused(g, g->user, kin_eq("age", "old"), "age", "User");
    refused(g, g->user, kin_eq("age", 3.5), "age", "User");
    refused(g, g->user, kin_eq("age", ((kin_value){ .type = KIN_VALUE_UNSET })), "no value", "kin_null");
    refused(g, g->user, kin_gt("age", kin_null), "NULL", "kin_ne");
    refused(g, g->user, kin_between("age", 1, kin_null), "NULL", "kin_gte");
    refused(g, g->user, kin_in("age", kin(1), kin("x")), "age", "User");
    refused(g, g->user, kin_in("age", ((kin_value){ .type = KIN_VALUE_UNSET })), "no value", "age");
    refused(g, g->user, kin_like("age", "1%"), "kin_like", "texts");
    refused(g, g->user, kin_like("name", 1), "kin_like", "takes a text");
    refused(g, g->user, kin_like("name", kin_null), "kin_like", "takes a text");
    refused(g, g->everything, kin_eq("mood", "ugly"), "mood", "Everything");
    refused(g, g->user, &(const kin_condition){ .kind = KIN_CONDITION_BETWEEN, .name = "age" }, "two values", "age");
    refused(g, g->user, &(const kin_condition){ .kind = (kin_condition_kind)99 }, "unknown kind 99", "User");
    refused(g, g->user, &(const kin_condition){ .kind = KIN_CONDITION_LAST }, "unknown kind", "User");
    refused(g, g->user, &(const kin_condition){ .kind = KIN_CONDITION_SQL }, "NULL", "kin_sql");
    golden_close(g);
}

TEST(wrong_exists)
{
    struct golden golden, *g = &golden;
    golden_open(g);
    refused(g, g->task, kin_exists(NULL), "NULL", "Task");
    refused(g, g->task, kin_exists(g->tasks), "Tasks is an association of Project", "asked of Task");
    refused(g, g->project, kin_exists(g->tasks, .through_where = kin_eq("id", 1)), ".through_where", "Project.Tasks");
    refused(g, g->project, kin_exists(g->tasks, .where = kin_eq("nope", 1)), "Task has no", "'nope'");
    refused(g, g->user, kin_exists(g->projects, .through_where = kin_eq("statsu", "x")), "Membership has no", "status");
    golden_close(g);
}

TEST(having_looks_at_outputs)
{
    struct golden golden, *g = &golden;
    golden_open(g);
    unsigned next = 1;
    const struct sql_scope scope = { g->task, 0, &next, &g->arena, &g->fault };
    const struct sql_output outputs[] = { { .function = KIN_COUNT, .as = "n" }, { .function = KIN_MAX, .column = golden_column(g->task, "title", 0), .as = "last" } };
    const struct sql_expression *out = NULL;
    assert_false(sql_resolve_having(&scope, kin_gt("n", "many"), outputs, 2, &out));
    assert_non_null(strstr(g->fault.error.message, "number"));
    fault_clear(&g->fault);
    assert_false(sql_resolve_having(&scope, kin_like("last", "x%"), outputs, 2, &out));
    fault_clear(&g->fault);
    assert_true(sql_resolve_having(&scope, kin_gt("last", "m"), outputs, 2, &out));
    assert_int_equal(out->op, SQL_OUTPUT);
    assert_int_equal(out->output, 1);
    golden_close(g);
}

enum { DEEP = 10000 };

/* Wraps conditions one in the other, `step` after `step`: NOT, or AND and OR in turns, or a hop into an association. */
static const kin_condition *wrapped(struct golden *golden, size_t depth, unsigned kind)
{
    const kin_condition *inner = arena_copy(&golden->arena, kin_eq("age", 1), sizeof *inner), *leaf = inner;
    for (size_t i = 0; i < depth; i++) {
        const kin_condition **children = arena_allocate_cleared(&golden->arena, 2 * sizeof *children);
        kin_condition *outer = arena_allocate_cleared(&golden->arena, sizeof *outer);
        children[0] = kind == 1 ? leaf : inner;
        children[1] = inner;
        if (kind == 0)
            *outer = (kin_condition){ .kind = KIN_CONDITION_NOT, .children = children, .count = 1 };
        else if (kind == 1)
            *outer = (kin_condition){ .kind = i % 2 ? KIN_CONDITION_AND : KIN_CONDITION_OR, .children = children, .count = 2 };
        else
            *outer = (kin_condition){ .kind = KIN_CONDITION_EXISTS, .association = golden->father, .where = inner };
        inner = outer;
    }
    return inner;
}

/* Conditions may come from a request: whatever their depth, the answer is a statement that the database takes or a fault that says why. */
TEST(deep_conditions)
{
    static const size_t at_least[] = { 40, 25, 8 };
    struct golden golden, *g = &golden;
    golden_open(g);
    for (unsigned kind = 0; kind < 3; kind++) {
        size_t depth = 0;
        for (; resolves(g, g->user, wrapped(g, depth + 1, kind)); depth++) {
            const struct sql_select select = { .model = g->user, .where = golden_where(g, g->user, wrapped(g, depth, kind)), .has_limit = true };
            struct text written = { 0 };
            struct sql_writer writer = { .dialect = &dialect_sqlite, .sql = &written, .arena = &g->arena, .fault = &g->fault };
            assert_true(sql_write(&writer, &(struct sql_statement){ .kind = SQL_SELECT, .as.select = &select }));
            golden_prepare(g, &writer);
            text_free(&written);
            sql_writer_free(&writer);
        }
        assert_in_range(depth, at_least[kind], 100);
        refused(g, g->user, wrapped(g, depth + 1, kind), "nested too deeply", "kin_all_of");
        refused(g, g->user, wrapped(g, DEEP, kind), "nested too deeply", "kin_all_of");
    }
    struct text path = { 0 };
    for (size_t i = 0; i < DEEP; i++)
        text_add(&path, "Father.");
    text_add(&path, "age");
    refused(g, g->user, kin_eq(text_string(&path), 1), "nested too deeply", "");
    text_free(&path);
    golden_close(g);
}

/* all = kin_and(all, one more), ten thousand times. */
TEST(conditions_made_longer_in_a_loop)
{
    struct golden golden, *g = &golden;
    golden_open(g);
    for (unsigned any = 0; any < 2; any++) {
        const kin_condition *all = NULL, *one = kin_eq("age", 1);
        for (size_t i = 0; i < DEEP; i++) {
            const kin_condition **children = arena_allocate(&g->arena, 2 * sizeof *children);
            kin_condition *joined = arena_allocate_cleared(&g->arena, sizeof *joined);
            children[0] = all;
            children[1] = one;
            *joined = (kin_condition){ .kind = any ? KIN_CONDITION_OR : KIN_CONDITION_AND, .children = children, .count = 2 };
            all = joined;
        }
        const struct sql_expression *resolved = golden_where(g, g->user, all);
        assert_int_equal(resolved->op, any ? SQL_OR : SQL_AND);
        assert_int_equal(resolved->count, DEEP);
    }
    golden_close(g);
}

/* Databases limit how deep a chain of AND may be; kin does not limit how long. */
TEST(long_conditions)
{
    struct golden golden, *g = &golden;
    golden_open(g);
    enum { LONG = 20000 };
    const kin_condition **many = calloc(LONG, sizeof *many);
    const kin_condition age = *kin_eq("age", 1);
    for (size_t i = 0; i < LONG; i++)
        many[i] = i % 2 ? &age : NULL;
    for (int any = 0; any < 2; any++) {
        const struct sql_select select = { .model = g->user,
                                           .where = golden_where(g, g->user, any ? kin_any_of(LONG, many) : kin_all_of(LONG, many)) };
        struct text written = { 0 };
        struct sql_writer writer = { .dialect = &dialect_sqlite, .sql = &written, .arena = &g->arena, .fault = &g->fault };
        assert_true(sql_write(&writer, &(struct sql_statement){ .kind = SQL_SELECT, .as.select = &select }));
        assert_int_equal(writer.bind_count, LONG / 2);
        golden_prepare(g, &writer);
        text_free(&written);
        sql_writer_free(&writer);
    }
    free(many);
    golden_close(g);
}

static bool resolve_and_write(const kin_model *model, const kin_condition *condition, const struct dialect *dialect)
{
    struct arena arena = { 0 };
    struct fault fault;
    struct text written = { 0 };
    unsigned next = 1;
    fault_start(&fault);
    const struct sql_scope scope = { model, 0, &next, &arena, &fault };
    struct sql_select select = { .model = model, .has_limit = true };
    struct sql_writer writer = { .dialect = dialect, .sql = &written, .arena = &arena, .fault = &fault };
    bool good = sql_resolve(&scope, condition, &select.where) && sql_write(&writer, &(struct sql_statement){ .kind = SQL_SELECT, .as.select = &select });
    if (!good)
        assert_int_equal(fault.error.status, KIN_NO_MEMORY);
    sql_writer_free(&writer);
    text_free(&written);
    arena_free(&arena);
    fault_clear(&fault);
    return good;
}

TEST(without_memory)
{
    struct golden golden, *g = &golden;
    golden_open(g);
    kin_value numbers[600];
    for (int i = 0; i < 600; i++)
        numbers[i] = kin(i);
    const kin_condition *condition =
        kin_and(kin_or(kin_eq("name", "x"), kin_like("name", "y%"), kin_between("age", 1, 2)), kin_not(kin_in("age", kin_null, kin(1), kin(2))),
                kin_exists(g->projects, .where = kin_eq("Tasks.title", "x"), .through_where = kin_ne("status", "y")), kin_sql("id > ?", kin(10)),
                kin_in_list("id", 600, numbers));
    for (size_t i = 0; i < 3; i++)
        for (size_t n = 0; failing_round(n); n++)
            failing_done(resolve_and_write(g->user, condition, golden_dialects[i]));
    golden_close(g);
}
