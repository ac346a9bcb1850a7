/* The key of a statement's shape: two trees with the same key have the same SQL, whatever the values. Tried on random trees, from few enough
 * parts that keys do meet. */
#include "golden.h"

static uint64_t random_state = 88172645463325252u;

static unsigned random_below(unsigned limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (unsigned)(random_state >> 33) % limit;
}

static kin_value random_value(void)
{
    switch (random_below(4)) {
    case 0:
        return kin_null;
    case 1:
        return kin("text");
    default:
        return kin((int)random_below(3));
    }
}

/* Which model a table number stands for: one of the two by turns, from either of them on. */
static unsigned random_turn;

static const kin_model *model_of(struct golden *golden, unsigned table)
{
    return (table + random_turn) % 2 ? golden->user : golden->task;
}

static struct sql_column random_column(struct golden *golden)
{
    unsigned table = random_below(3);
    const kin_model *model = model_of(golden, table);
    return (struct sql_column){ &model->attributes[random_below((unsigned)model->attribute_count)], table };
}

static void *random_room(struct golden *golden, size_t size)
{
    void *room = arena_allocate_cleared(&golden->arena, size);
    assert_non_null(room);
    return room;
}

static struct sql_select *random_select(struct golden *golden, unsigned depth, unsigned first);

static const struct sql_expression *random_expression(struct golden *golden, unsigned depth)
{
    struct sql_expression *node = random_room(golden, sizeof *node);
    unsigned op = 1 + random_below(depth ? SQL_RAW : SQL_SAME);
    node->op = (enum sql_operator)op;
    node->column = random_column(golden);
    node->other = random_column(golden);
    node->value = random_value();
    node->count = random_below(20);
    kin_value *values = random_room(golden, 64 * sizeof *values);
    for (size_t i = 0; i < 64; i++)
        values[i] = random_value();
    node->values = values;
    if (op == SQL_KEY_IN) {
        struct sql_column *columns = random_room(golden, 3 * sizeof *columns);
        for (size_t i = 0; i < 3; i++)
            columns[i] = random_column(golden);
        node->columns = columns;
        node->column_count = 2 + random_below(2);
    } else if (op == SQL_AND || op == SQL_OR || op == SQL_NOT) {
        const struct sql_expression **children = random_room(golden, 3 * sizeof *children);
        node->count = op == SQL_NOT ? 1 : random_below(4);
        for (size_t i = 0; i < node->count; i++)
            children[i] = random_expression(golden, depth - 1);
        node->children = children;
    } else if (op == SQL_EXISTS) {
        node->select = random_select(golden, depth - 1, 1 + random_below(2));
    } else if (op == SQL_RAW) {
        static const char *const texts[] = { "a = ?", "a = ? ", "a = 1", "", "a = ? OR b = ?" };
        unsigned which = random_below(5);
        node->text = texts[which];
        node->count = which == 4 ? 2 : which < 2 ? 1 : 0;
    }
    return node;
}

static struct sql_output *random_outputs(struct golden *golden, size_t count)
{
    struct sql_output *outputs = random_room(golden, (count + 1) * sizeof *outputs);
    for (size_t i = 0; i < count; i++) {
        outputs[i].function = (kin_function)random_below(3);
        outputs[i].column = random_column(golden);
        if (outputs[i].function == KIN_COUNT && random_below(2))
            outputs[i].column.attribute = NULL;
        outputs[i].as = random_below(3) ? NULL : random_below(2) ? "x" : "";
    }
    return outputs;
}

static struct sql_order *random_orders(struct golden *golden, size_t count)
{
    struct sql_order *orders = random_room(golden, (count + 1) * sizeof *orders);
    for (size_t i = 0; i < count; i++) {
        orders[i] = (struct sql_order){ .column = random_column(golden), .descending = random_below(2), .by_output = random_below(4) == 0, .output = random_below(2) };
        if (random_below(4) == 0) {
            struct sql_expression *raw = random_room(golden, sizeof *raw);
            *raw = (struct sql_expression){ .op = SQL_RAW, .text = random_below(2) ? "x" : "y" };
            orders[i].raw = raw;
        }
    }
    return orders;
}

static struct sql_select *random_select(struct golden *golden, unsigned depth, unsigned first)
{
    struct sql_select *select = random_room(golden, sizeof *select);
    struct sql_column *columns = random_room(golden, 4 * sizeof *columns);
    struct sql_join *join = random_room(golden, sizeof *join);
    struct sql_expression *having = random_room(golden, sizeof *having);
    for (size_t i = 0; i < 4; i++)
        columns[i] = random_column(golden);
    *join = (struct sql_join){ .inner = random_below(2), .model = model_of(golden, first + 1), .table = first + 1 };
    if (random_below(2))
        join->on = random_expression(golden, 0);
    *select = (struct sql_select){ .model = model_of(golden, first),
                                   .output_count = random_below(3),
                                   .joins = join,
                                   .join_count = random_below(2),
                                   .where = random_below(3) ? random_expression(golden, depth) : NULL,
                                   .group = columns,
                                   .group_count = random_below(3),
                                   .order_count = random_below(3),
                                   .has_limit = random_below(2),
                                   .has_offset = random_below(2),
                                   .limit = (int64_t)random_below(3),
                                   .partition = columns + 2,
                                   .partition_count = random_below(3) ? 0 : random_below(3),
                                   .first_table = first,
                                   .lock = random_below(2) };
    select->outputs = random_outputs(golden, select->output_count);
    select->orders = random_orders(golden, select->order_count);
    if (select->output_count && random_below(2)) {
        *having = (struct sql_expression){ .op = SQL_OUTPUT, .comparison = (enum sql_operator)(SQL_EQ + random_below(6)), .value = random_value() };
        select->having = having;
    }
    return select;
}

static struct sql_statement random_change(struct golden *golden, enum sql_kind kind)
{
    struct sql_insert *insert = random_room(golden, sizeof *insert);
    struct sql_update *update = random_room(golden, sizeof *update);
    struct sql_delete *delete_ = random_room(golden, sizeof *delete_);
    const struct attribute **attributes = random_room(golden, 3 * sizeof *attributes);
    struct sql_set *sets = random_room(golden, 3 * sizeof *sets);
    kin_value *values = random_room(golden, 9 * sizeof *values);
    const kin_model *model = model_of(golden, 0);
    const struct sql_expression *where = random_below(2) ? random_expression(golden, 1) : NULL;
    for (size_t i = 0; i < 3; i++) {
        attributes[i] = &model->attributes[random_below(3)];
        sets[i] = (struct sql_set){ &model->attributes[random_below(3)], random_value(), random_below(2) };
    }
    *insert = (struct sql_insert){ model, attributes, random_below(3), values, 1 + random_below(3), (enum sql_conflict)random_below(2),
                                   random_below(2) ? model->identity : NULL };
    *update = (struct sql_update){ model, sets, 1 + random_below(2), where };
    *delete_ = (struct sql_delete){ model, where };
    struct sql_statement statement = { .kind = kind };
    if (kind == SQL_INSERT)
        statement.as.insert = insert;
    else if (kind == SQL_UPDATE)
        statement.as.update = update;
    else
        statement.as.delete_ = delete_;
    return statement;
}

static struct sql_statement random_statement(struct golden *golden)
{
    static const char *const texts[] = { "SELECT 1", "SELECT 1 ", "SELECT 2" };
    enum sql_kind kind = (enum sql_kind)(1 + random_below(8));
    random_turn = random_below(2);
    if (kind == SQL_TEXT)
        return (struct sql_statement){ .kind = SQL_TEXT, .as.text.sql = texts[random_below(3)] };
    if (kind > SQL_SELECT && kind < SQL_TEXT)
        return random_change(golden, kind);
    return (struct sql_statement){ .kind = SQL_SELECT, .as.select = random_select(golden, random_below(3), 0) };
}

struct shape {
    size_t key_size;
    char *key, *sql;
};

static int by_key(const void *one, const void *other)
{
    const struct shape *a = one, *b = other;
    size_t size = a->key_size < b->key_size ? a->key_size : b->key_size;
    int order = memcmp(a->key, b->key, size);
    return order ? order : (a->key_size > b->key_size) - (a->key_size < b->key_size);
}

TEST(equal_keys_mean_equal_sql)
{
    struct golden golden, *g = &golden;
    golden_open(g);
    size_t count = test_long() ? 400000 : 40000, kept = 0, met = 0;
    struct shape *shapes = calloc(count, sizeof *shapes);
    struct arena kept_bytes = { 0 };
    for (size_t d = 0; d < 3; d++) {
        kept = 0;
        struct sql_writer writer = { .dialect = golden_dialects[d], .arena = &g->arena, .fault = &g->fault };
        for (size_t i = 0; i < count; i++) {
            struct text sql = { 0 };
            arena_reset(&g->arena);
            const struct sql_statement statement = random_statement(g);
            writer.sql = &sql;
            if (!sql_write(&writer, &statement))
                fail_msg("%s", g->fault.error.message);
            shapes[kept++] = (struct shape){ writer.key.length, arena_copy_text(&kept_bytes, writer.key.data, writer.key.length),
                                             arena_copy_text(&kept_bytes, text_string(&sql), sql.length) };
            text_free(&sql);
        }
        qsort(shapes, kept, sizeof *shapes, by_key);
        for (size_t i = 1; i < kept; i++)
            if (by_key(&shapes[i - 1], &shapes[i]) == 0) {
                met++;
                assert_string_equal(shapes[i - 1].sql, shapes[i].sql);
            }
        sql_writer_free(&writer);
        arena_free(&kept_bytes);
        kept_bytes = (struct arena){ 0 };
    }
    assert_true(met > count / 20);
    free(shapes);
    golden_close(g);
}

/* Of two schemas that look the same: a handle has one schema, but a key must not rely on it. */
TEST(schemas_differ)
{
    struct golden one, other;
    golden_open(&one);
    golden_open(&other);
    struct sql_writer first = { .dialect = &dialect_sqlite, .arena = &one.arena, .fault = &one.fault };
    struct sql_writer second = { .dialect = &dialect_sqlite, .arena = &other.arena, .fault = &other.fault };
    assert_true(sql_write(&first, &(struct sql_statement){ .kind = SQL_SELECT, .as.select = &(struct sql_select){ .model = one.user } }));
    assert_true(sql_write(&second, &(struct sql_statement){ .kind = SQL_SELECT, .as.select = &(struct sql_select){ .model = other.user } }));
    assert_int_equal(first.key.length, second.key.length);
    assert_memory_not_equal(first.key.data, second.key.data, first.key.length);
    sql_writer_free(&first);
    sql_writer_free(&second);
    golden_close(&one);
    golden_close(&other);
}

/* Different values, the same shape; NULL is a shape of its own. */
TEST(values_are_not_in_the_key)
{
    struct golden golden, *g = &golden;
    golden_open(g);
    const kin_condition *conditions[] = { kin_eq("age", 1), kin_eq("age", 2), kin_in("age", kin(1), kin(2), kin(3)), kin_in("age", kin(1), kin(2), kin(3), kin(4)),
                                          kin_eq("age", kin_null), kin_ne("age", 1) };
    struct sql_writer writers[6];
    for (size_t i = 0; i < 6; i++) {
        writers[i] = (struct sql_writer){ .dialect = &dialect_sqlite, .arena = &g->arena, .fault = &g->fault };
        const struct sql_select select = { .model = g->user, .where = golden_where(g, g->user, conditions[i]) };
        assert_true(sql_write(&writers[i], &(struct sql_statement){ .kind = SQL_SELECT, .as.select = &select }));
    }
    for (size_t i = 0; i < 6; i++)
        for (size_t j = 0; j < i; j++) {
            bool same = writers[i].key.length == writers[j].key.length && memcmp(writers[i].key.data, writers[j].key.data, writers[i].key.length) == 0;
            assert_int_equal(same, (i == 1 && j == 0) || (i == 3 && j == 2));
        }
    for (size_t i = 0; i < 6; i++)
        sql_writer_free(&writers[i]);
    golden_close(g);
}
