/* The SQLite driver: opening, values in and out, statements, transactions, faults. */
#include "test_driver_support.h"

#ifdef KIN_HAVE_SQLITE

#include "driver/sqlite.h"

#include <float.h>
#include <math.h>
#include <unistd.h>

/* ---- values ------------------------------------------------------------------------------------------- */

static struct opened memory;

/* The value that sql gives (with one bind), in the type asked for; false and the fault where it cannot be. */
static bool read_as(const char *sql, kin_value bind, kin_type type, kin_value *cell)
{
    static char copy[4096];
    struct driver_statement *statement = prepare_on(&memory, sql);
    size_t binds = memory.driver->parameter_count(statement);
    must(memory.driver->start(statement, &bind, binds, &fault));
    bool good = memory.driver->next(statement, &type, cell, 1, &fault) == DRIVER_ROW;
    if (good && (cell->type == KIN_VALUE_TEXT || cell->type == KIN_VALUE_DECIMAL || cell->type == KIN_VALUE_BLOB)) {
        assert_true(cell->as.text.size < sizeof copy);
        memcpy(copy, cell->as.text.data, cell->as.text.size);
        copy[cell->as.text.size] = '\0';
        cell->as.text.data = copy;
    }
    memory.driver->reset(statement);
    memory.driver->finalize(statement);
    return good;
}

/* A value bound and read back as a type, through a column of a table. */
static kin_value round_trip(const char *column, kin_value value, kin_type type)
{
    kin_value cell;
    char sql[128];
    struct driver_result result;
    memory = open_url("sqlite::memory:");
    snprintf(sql, sizeof sql, "CREATE TABLE t (v %s)", column);
    must(run_on(memory.driver, memory.connection, sql));
    struct driver_statement *statement = prepare_on(&memory, "INSERT INTO t VALUES (?)");
    must(memory.driver->run(statement, &value, 1, &result, &fault));
    assert_int_equal(result.changed, 1);
    memory.driver->finalize(statement);
    must(read_as("SELECT v FROM t", value, type, &cell));
    close_url(&memory);
    return cell;
}

static void text_comes_back(const char *column, kin_value value, kin_type type, kin_value_type as)
{
    kin_value cell = round_trip(column, value, type);
    assert_int_equal(cell.type, as);
    assert_int_equal(cell.as.text.size, value.as.text.size);
    assert_memory_equal(cell.as.text.data, value.as.text.data, value.as.text.size);
}

TEST(integers_come_back)
{
    static const int64_t numbers[] = { 0, 1, -1, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        assert_int_equal(round_trip("INTEGER", kin_value_integer(numbers[i]), KIN_TYPE_INTEGER).as.integer, numbers[i]);
        assert_int_equal(round_trip("BIGINT", kin_value_integer(numbers[i]), KIN_TYPE_BIGINT).as.integer, numbers[i]);
    }
    for (int i = 0; i < 2; i++) {
        kin_value cell = round_trip("BOOLEAN", kin_value_boolean(i), KIN_TYPE_BOOLEAN);
        assert_int_equal(cell.type, KIN_VALUE_BOOLEAN);
        assert_int_equal(cell.as.boolean, i);
    }
}

TEST(reals_come_back)
{
    static const double numbers[] = { 0.0, 0.1, -1.5, 1e300, DBL_MAX, DBL_MIN, 5e-324, INFINITY, -INFINITY, 9007199254740993.0, 3.0 };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        kin_value cell = round_trip("REAL", kin_value_real(numbers[i]), KIN_TYPE_REAL);
        assert_int_equal(cell.type, KIN_VALUE_REAL);
        assert_memory_equal(&cell.as.real, &numbers[i], sizeof numbers[i]);
    }
}

TEST(texts_come_back)
{
    static const kin_type types[] = { KIN_TYPE_STRING, KIN_TYPE_TEXT, KIN_TYPE_CHAR, KIN_TYPE_ENUM };
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        text_comes_back("TEXT", kin_value_string("it's; DROP TABLE t"), types[i], KIN_VALUE_TEXT);
        text_comes_back("VARCHAR(255)", kin_value_string("12"), types[i], KIN_VALUE_TEXT);
    }
    text_comes_back("TEXT", kin_value_text("a\0b\0", 4), KIN_TYPE_TEXT, KIN_VALUE_TEXT);
    text_comes_back("TEXT", kin_value_text("not ended here", 3), KIN_TYPE_TEXT, KIN_VALUE_TEXT);
    text_comes_back("TEXT", kin_value_string("\xc3\xa4\xf0\x9f\x98\x80"), KIN_TYPE_TEXT, KIN_VALUE_TEXT);
    text_comes_back("TEXT", kin_value_string(""), KIN_TYPE_TEXT, KIN_VALUE_TEXT);
    kin_value empty = round_trip("TEXT", kin_value_text(NULL, 0), KIN_TYPE_TEXT);
    assert_true(empty.type == KIN_VALUE_TEXT || empty.type == KIN_VALUE_NULL);
    text_comes_back("TEXT", kin_value_json("{\"a\": [1, null]}"), KIN_TYPE_JSON, KIN_VALUE_TEXT);
    text_comes_back("TEXT", kin_value_decimal("123456789012345678901234567890.12"), KIN_TYPE_DECIMAL, KIN_VALUE_DECIMAL);
    text_comes_back("DECIMAL(10,2)", kin_value_decimal("-12.35"), KIN_TYPE_DECIMAL, KIN_VALUE_DECIMAL);
    text_comes_back("DECIMAL(10,2)", kin_value_decimal("7"), KIN_TYPE_DECIMAL, KIN_VALUE_DECIMAL);
}

TEST(blobs_come_back)
{
    static const unsigned char bytes[] = { 0, 255, 0, 'a' };
    kin_value cell = round_trip("BLOB", kin_value_blob(bytes, sizeof bytes), KIN_TYPE_BLOB);
    assert_int_equal(cell.type, KIN_VALUE_BLOB);
    assert_int_equal(cell.as.blob.size, sizeof bytes);
    assert_memory_equal(cell.as.blob.data, bytes, sizeof bytes);
    kin_value empty = { .type = KIN_VALUE_BLOB };
    cell = round_trip("BLOB", empty, KIN_TYPE_BLOB);
    assert_int_equal(cell.type, KIN_VALUE_BLOB);
    assert_int_equal(cell.as.blob.size, 0);
    assert_non_null(cell.as.blob.data);
}

TEST(moments_come_back)
{
    const int64_t first = kin_date_from(1, 1, 1, 0, 0, 0), last = kin_date_from(9999, 12, 31, 23, 59, 59) + 999999;
    const int64_t dates[] = { 0, -1, 1, first, last, kin_date_from(2026, 11, 22, 14, 30, 0), kin_date_from(1969, 12, 31, 23, 59, 59) };
    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
        kin_value cell = round_trip("DATETIME", kin_value_date(dates[i]), KIN_TYPE_DATE);
        assert_int_equal(cell.type, KIN_VALUE_DATE);
        assert_int_equal(cell.as.integer, dates[i]);
    }
    static const int32_t days[] = { 0, -1, 20000, -719162, 2932896 };
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        kin_value cell = round_trip("DATE", kin_value_dateonly(days[i]), KIN_TYPE_DATEONLY);
        assert_int_equal(cell.type, KIN_VALUE_DATEONLY);
        assert_int_equal(cell.as.integer, days[i]);
    }
    static const int64_t times[] = { 0, 1, 86399999999 };
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        kin_value cell = round_trip("TIME", kin_value_time(times[i]), KIN_TYPE_TIME);
        assert_int_equal(cell.type, KIN_VALUE_TIME);
        assert_int_equal(cell.as.integer, times[i]);
    }
}

TEST(moments_and_uuids_are_stored_as_text)
{
    static const kin_uuid uuid = { { 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0, 0, 1, 2, 3, 4, 5, 6, 0xff } };
    const struct {
        kin_value value;
        const char *column, *text;
    } cases[] = {
        { kin_value_date(kin_date_from(2026, 11, 22, 14, 30, 0)), "DATETIME", "2026-11-22 14:30:00" },
        { kin_value_date(kin_date_from(2026, 11, 22, 14, 30, 0) + 120000), "DATETIME", "2026-11-22 14:30:00.120000" },
        { kin_value_dateonly(20000), "DATE", "2024-10-04" },
        { kin_value_time(52200000000), "TIME", "14:30:00" },
        { kin_value_uuid(uuid), "UUID", "12345678-9abc-def0-0001-0203040506ff" },
        { kin_value_boolean(true), "BOOLEAN", "1" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        kin_value cell = round_trip(cases[i].column, cases[i].value, KIN_TYPE_TEXT);
        assert_int_equal(cell.as.text.size, strlen(cases[i].text));
        assert_memory_equal(cell.as.text.data, cases[i].text, cell.as.text.size);
    }
    kin_value cell = round_trip("UUID", kin_value_uuid(uuid), KIN_TYPE_UUID);
    assert_int_equal(cell.type, KIN_VALUE_UUID);
    assert_memory_equal(&cell.as.uuid, &uuid, sizeof uuid);
}

TEST(unset_and_null_are_null_in_every_type)
{
    kin_value cell, unset = { .type = KIN_VALUE_UNSET };
    memory = open_url("sqlite::memory:");
    for (kin_type type = KIN_TYPE_STRING; type <= KIN_TYPE_ANY; type++) {
        must(read_as("SELECT NULL", unset, type, &cell));
        assert_int_equal(cell.type, KIN_VALUE_NULL);
        must(read_as("SELECT ?", unset, type, &cell));
        assert_int_equal(cell.type, KIN_VALUE_NULL);
        must(read_as("SELECT ?", kin_value_string(NULL), type, &cell));
        assert_int_equal(cell.type, KIN_VALUE_NULL);
    }
    close_url(&memory);
}

TEST(any_gives_what_is_stored)
{
    static const struct {
        const char *sql;
        kin_value_type type;
    } cases[] = {
        { "SELECT 5", KIN_VALUE_INTEGER },   { "SELECT 5.0", KIN_VALUE_REAL },  { "SELECT 'x'", KIN_VALUE_TEXT },
        { "SELECT x'00'", KIN_VALUE_BLOB },  { "SELECT x''", KIN_VALUE_BLOB },  { "SELECT ''", KIN_VALUE_TEXT },
        { "SELECT NULL", KIN_VALUE_NULL },
    };
    kin_value cell;
    memory = open_url("sqlite::memory:");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        must(read_as(cases[i].sql, kin_value_integer(0), KIN_TYPE_ANY, &cell));
        assert_int_equal(cell.type, cases[i].type);
    }
    close_url(&memory);
}

/* What is stored in another type than the one asked for: text is what comes out, NULL where it must be refused. */
static const struct {
    const char *stored;
    kin_type type;
    const char *text;
} conversions[] = {
    { "'12'", KIN_TYPE_INTEGER, "12" },
    { "'-9223372036854775808'", KIN_TYPE_INTEGER, "-9223372036854775808" },
    { "'9223372036854775807'", KIN_TYPE_BIGINT, "9223372036854775807" },
    { "'9223372036854775808'", KIN_TYPE_BIGINT, NULL },
    { "'12a'", KIN_TYPE_INTEGER, NULL },
    { "''", KIN_TYPE_INTEGER, NULL },
    { "'-'", KIN_TYPE_INTEGER, NULL },
    { "' 1'", KIN_TYPE_INTEGER, NULL },
    { "3.0", KIN_TYPE_INTEGER, "3" },
    { "3.7", KIN_TYPE_INTEGER, NULL },
    { "-9223372036854775808.0", KIN_TYPE_INTEGER, "-9223372036854775808" },
    { "9223372036854775808.0", KIN_TYPE_INTEGER, NULL },
    { "9e999", KIN_TYPE_INTEGER, NULL },
    { "x'3132'", KIN_TYPE_INTEGER, NULL },
    { "1", KIN_TYPE_BOOLEAN, "true" },
    { "0.0", KIN_TYPE_BOOLEAN, "false" },
    { "2", KIN_TYPE_BOOLEAN, NULL },
    { "-1", KIN_TYPE_BOOLEAN, NULL },
    { "'true'", KIN_TYPE_BOOLEAN, NULL },
    { "4", KIN_TYPE_REAL, "4" },
    { "9007199254740992", KIN_TYPE_REAL, "9007199254740992" },
    { "9007199254740993", KIN_TYPE_REAL, NULL },
    { "9223372036854775807", KIN_TYPE_REAL, NULL },
    { "'2.5'", KIN_TYPE_REAL, "2.5" },
    { "'25e-1'", KIN_TYPE_REAL, "2.5" },
    { "'2.5x'", KIN_TYPE_REAL, NULL },
    { "'e5'", KIN_TYPE_REAL, NULL },
    { "'1e'", KIN_TYPE_REAL, NULL },
    { "x'00'", KIN_TYPE_REAL, NULL },
    { "12", KIN_TYPE_STRING, "12" },
    { "0.1", KIN_TYPE_TEXT, "0.1" },
    { "0.30000000000000004", KIN_TYPE_TEXT, "0.30000000000000004" },
    { "x'61'", KIN_TYPE_TEXT, NULL },
    { "12", KIN_TYPE_DECIMAL, "12" },
    { "0.30000000000000004", KIN_TYPE_DECIMAL, "0.30000000000000004" },
    { "1e20", KIN_TYPE_DECIMAL, "100000000000000000000" },
    { "1.25e17", KIN_TYPE_DECIMAL, "125000000000000000" },
    { "-1e-7", KIN_TYPE_DECIMAL, "-0.0000001" },
    { "1.5e-10", KIN_TYPE_DECIMAL, "0.00000000015" },
    { "9e999", KIN_TYPE_DECIMAL, NULL },
    { "'1.2.3'", KIN_TYPE_DECIMAL, NULL },
    { "'abc'", KIN_TYPE_DECIMAL, NULL },
    { "x'31'", KIN_TYPE_DECIMAL, NULL },
    { "1700000000", KIN_TYPE_DATE, NULL },
    { "1.5", KIN_TYPE_DATE, NULL },
    { "'yesterday'", KIN_TYPE_DATE, NULL },
    { "'2026-02-30 00:00:00'", KIN_TYPE_DATE, NULL },
    { "'1970-01-01T00:00:01Z'", KIN_TYPE_DATE, "1000000" },
    { "'1970-01-02'", KIN_TYPE_DATE, "86400000000" },
    { "5", KIN_TYPE_DATEONLY, NULL },
    { "'1970-01-02'", KIN_TYPE_DATEONLY, "1" },
    { "'1970-13-02'", KIN_TYPE_DATEONLY, NULL },
    { "'00:00:01'", KIN_TYPE_TIME, "1000000" },
    { "'25:00:01'", KIN_TYPE_TIME, NULL },
    { "1", KIN_TYPE_TIME, NULL },
    { "'12345678-9abc-def0-0001-0203040506f'", KIN_TYPE_UUID, NULL },
    { "'12345678-9abc-def0-0001-0203040506fg'", KIN_TYPE_UUID, NULL },
    { "x'00'", KIN_TYPE_UUID, NULL },
    { "7", KIN_TYPE_UUID, NULL },
    { "x'123456789abcdef000010203040506ff'", KIN_TYPE_UUID, "12345678-9abc-def0-0001-0203040506ff" },
    { "'12345678-9ABC-DEF0-0001-0203040506FF'", KIN_TYPE_UUID, "12345678-9abc-def0-0001-0203040506ff" },
    { "'text'", KIN_TYPE_BLOB, "text" },
    { "5", KIN_TYPE_BLOB, NULL },
    { "5.5", KIN_TYPE_BLOB, NULL },
};

static const char *shown(const kin_value *cell)
{
    static char out[512];
    switch (cell->type) {
    case KIN_VALUE_BOOLEAN: return cell->as.boolean ? "true" : "false";
    case KIN_VALUE_REAL: snprintf(out, sizeof out, "%.17g", cell->as.real); return out;
    case KIN_VALUE_TEXT:
    case KIN_VALUE_BLOB:
    case KIN_VALUE_DECIMAL: snprintf(out, sizeof out, "%.*s", (int)cell->as.text.size, cell->as.text.data); return out;
    case KIN_VALUE_UUID: kin_uuid_format(cell->as.uuid, out); return out;
    default: snprintf(out, sizeof out, "%" PRId64, cell->as.integer); return out;
    }
}

TEST(what_is_stored_differently_is_converted_exactly_or_refused)
{
    memory = open_url("sqlite::memory:");
    for (size_t i = 0; i < sizeof conversions / sizeof conversions[0]; i++) {
        char sql[128];
        kin_value cell;
        snprintf(sql, sizeof sql, "SELECT %s AS held", conversions[i].stored);
        bool good = read_as(sql, kin_value_integer(0), conversions[i].type, &cell);
        if (good != (conversions[i].text != NULL))
            fail_msg("%s as type %d: %s", conversions[i].stored, (int)conversions[i].type, good ? shown(&cell) : fault.error.message);
        if (good && strcmp(shown(&cell), conversions[i].text) != 0)
            fail_msg("%s as type %d: %s", conversions[i].stored, (int)conversions[i].type, shown(&cell));
        if (good)
            continue;
        assert_non_null(strstr(failed_with(KIN_DATABASE)->message, "the column 'held' holds "));
        assert_string_equal(fault.error.columns.at[0], "held");
    }
    close_url(&memory);
}

TEST(cells_made_for_a_row_stand_beside_each_other)
{
    memory = open_url("sqlite::memory:");
    struct driver_statement *statement = prepare_on(&memory, "SELECT 0.5, 1e20, 2.5 UNION ALL SELECT 3.5, 4.5, 5.5");
    const kin_type types[] = { KIN_TYPE_TEXT, KIN_TYPE_DECIMAL, KIN_TYPE_DECIMAL };
    kin_value cells[3];
    must(memory.driver->start(statement, NULL, 0, &fault));
    assert_int_equal(memory.driver->next(statement, types, cells, 3, &fault), DRIVER_ROW);
    assert_string_equal(cells[0].as.text.data, "0.5");
    assert_string_equal(cells[1].as.text.data, "100000000000000000000");
    assert_string_equal(cells[2].as.text.data, "2.5");
    assert_int_equal(memory.driver->next(statement, types, cells, 3, &fault), DRIVER_ROW);
    assert_string_equal(cells[0].as.text.data, "3.5");
    assert_int_equal(memory.driver->next(statement, types, cells, 3, &fault), DRIVER_DONE);
    memory.driver->finalize(statement);
    close_url(&memory);
}

TEST(values_that_cannot_be_stored_are_refused)
{
    const kin_value parts[] = { kin_value_integer(1), kin_value_integer(2) };
    const struct {
        kin_value value;
        const char *why;
    } cases[] = {
        { kin_value_real(NAN), "bind 1 is not a number" },
        { kin_value_key(2, parts), "bind 1 is a composite key" },
        { kin_value_unsigned(UINT64_MAX), "bind 1 is a value that cannot be stored" },
        { { .type = KIN_VALUE_LAST }, "cannot be stored" },
        { kin_value_date(INT64_MAX), "bind 1 is no moment of the years 0001 to 9999" },
        { kin_value_date(INT64_MIN), "no moment" },
        { kin_value_dateonly(INT32_MAX), "no moment" },
        { { .type = KIN_VALUE_DATEONLY, .as.integer = INT64_MAX }, "no moment" },
    };
    memory = open_url("sqlite::memory:");
    struct driver_statement *statement = prepare_on(&memory, "SELECT ?");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        fault_clear(&fault);
        assert_false(memory.driver->start(statement, &cases[i].value, 1, &fault));
        assert_non_null(strstr(failed_with(KIN_MISUSE)->message, cases[i].why));
    }
    memory.driver->finalize(statement);
    close_url(&memory);
}

/* ---- statements ---------------------------------------------------------------------------------------- */

TEST(a_statement_runs_again_and_again)
{
    memory = open_url("sqlite::memory:");
    must(run_on(memory.driver, memory.connection, "CREATE TABLE t (id INTEGER PRIMARY KEY, d DATETIME); CREATE TABLE u (x)"));
    struct driver_statement *insert = prepare_on(&memory, "INSERT INTO t (d) VALUES (?)");
    struct driver_result result;
    for (int i = 1; i <= 1000; i++) {
        kin_value date = kin_value_date(i * 1000000);
        must(memory.driver->run(insert, &date, 1, &result, &fault));
        assert_int_equal(result.last_id, i);
    }
    memory.driver->finalize(insert);
    struct driver_statement *select = prepare_on(&memory, "SELECT d, id FROM t WHERE id > ? ORDER BY id");
    assert_int_equal(memory.driver->parameter_count(select), 1);
    assert_int_equal(memory.driver->column_count(select), 2);
    assert_string_equal(memory.driver->column_name(select, 0), "d");
    assert_string_equal(memory.driver->column_name(select, 9), "");
    assert_string_equal(memory.driver->column_name(select, SIZE_MAX), "");
    const kin_type types[] = { KIN_TYPE_DATE, KIN_TYPE_INTEGER };
    for (int from = 0; from < 1000; from += 250) {
        kin_value cells[2], bind = kin_value_integer(from);
        int64_t rows = 0;
        must(memory.driver->start(select, &bind, 1, &fault));
        while (memory.driver->next(select, types, cells, 2, &fault) == DRIVER_ROW && rows < 300) {
            rows++;
            assert_int_equal(cells[0].as.integer, (from + rows) * 1000000);
            assert_int_equal(cells[1].as.integer, from + rows);
        }
        assert_false(fault_is_set(&fault));
        assert_int_equal(rows, from == 750 ? 250 : 300);
        memory.driver->reset(select);
    }
    memory.driver->finalize(select);
    memory.driver->finalize(NULL);
    close_url(&memory);
}

TEST(what_a_statement_changed_is_its_own)
{
    memory = open_url("sqlite::memory:");
    must(run_on(memory.driver, memory.connection, "CREATE TABLE t (id INTEGER PRIMARY KEY, n); INSERT INTO t (n) VALUES (1), (2), (3)"));
    static const struct {
        const char *sql;
        int64_t changed;
    } cases[] = {
        { "UPDATE t SET n = 0", 3 },     { "CREATE TABLE u (x)", 0 },  { "SELECT * FROM t", 0 },
        { "DELETE FROM t WHERE id = 3", 1 }, { "DELETE FROM t WHERE id = 3", 0 }, { "PRAGMA user_version = 4", 0 },
        { "INSERT INTO t (n) VALUES (4), (5) RETURNING id", 2 }, { "DROP TABLE u", 0 },
        { "INSERT INTO t (id) VALUES (1) ON CONFLICT DO NOTHING", 0 }, { "DELETE FROM t", 4 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct driver_result result;
        struct driver_statement *statement = prepare_on(&memory, cases[i].sql);
        must(memory.driver->run(statement, NULL, 0, &result, &fault));
        assert_int_equal(result.changed, cases[i].changed);
        memory.driver->finalize(statement);
    }
    close_url(&memory);
}

TEST(only_one_statement_can_be_prepared)
{
    memory = open_url("sqlite::memory:");
    static const char *const good[] = { "SELECT 1", "SELECT 1;", " SELECT 1 ; -- and no more\n ;; /* really */ ", "SELECT ';'" };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        memory.driver->finalize(prepare_on(&memory, good[i]));
    static const struct {
        const char *sql;
        kin_status status;
        const char *why;
    } wrong[] = {
        { "SELECT 1; SELECT 2", KIN_MISUSE, "one statement at a time" },
        { "SELECT 1; DROP TABLE x", KIN_MISUSE, "one statement at a time" },
        { "SELECT 1; nonsense", KIN_MISUSE, "one statement at a time" },
        { "SELECT 1;;/**/;BEGIN", KIN_MISUSE, "one statement at a time" },
        { "", KIN_MISUSE, "empty" },
        { " -- nothing", KIN_MISUSE, "empty" },
        { "SELEC 1", KIN_DATABASE, "syntax error" },
        { "SELECT * FROM missing", KIN_DATABASE, "no such table: missing" },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct driver_statement *statement = NULL;
        fault_clear(&fault);
        assert_false(memory.driver->prepare(memory.connection, wrong[i].sql, strlen(wrong[i].sql), &statement, &fault));
        assert_null(statement);
        assert_non_null(strstr(failed_with(wrong[i].status)->message, wrong[i].why));
    }
    struct driver_statement *statement = NULL;
    fault_clear(&fault);
    assert_false(memory.driver->prepare(memory.connection, "SELECT 1\0; DROP TABLE t", 23, &statement, &fault));
    assert_non_null(strstr(failed_with(KIN_MISUSE)->message, "zero byte"));
    fault_clear(&fault);
    must(memory.driver->prepare(memory.connection, "SELECT 1 nonsense beyond the end", 8, &statement, &fault));
    memory.driver->finalize(statement);
    close_url(&memory);
}

TEST(a_wrong_number_of_values_is_refused)
{
    memory = open_url("sqlite::memory:");
    struct driver_statement *statement = prepare_on(&memory, "SELECT ?, ?");
    const kin_value binds[] = { kin_value_integer(1), kin_value_integer(2), kin_value_integer(3) };
    const kin_type types[] = { KIN_TYPE_INTEGER, KIN_TYPE_INTEGER, KIN_TYPE_INTEGER };
    kin_value cells[3];
    for (size_t count = 0; count <= 3; count++) {
        fault_clear(&fault);
        assert_int_equal(memory.driver->start(statement, binds, count, &fault), count == 2);
    }
    fault_clear(&fault);
    must(memory.driver->start(statement, binds, 2, &fault));
    assert_int_equal(memory.driver->next(statement, types, cells, 3, &fault), DRIVER_FAILED);
    assert_non_null(strstr(failed_with(KIN_DATABASE)->message, "gives 2 columns where 3 are read"));
    memory.driver->finalize(statement);
    close_url(&memory);
}

/* ---- transactions -------------------------------------------------------------------------------------- */

TEST(controls_have_a_text)
{
    static const char *const texts[] = { "BEGIN", "BEGIN IMMEDIATE", "COMMIT", "ROLLBACK", "SAVEPOINT kin_4294967295",
                                         "RELEASE kin_4294967295", "ROLLBACK TO kin_4294967295; RELEASE kin_4294967295" };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char out[64];
        assert_string_equal(driver_sqlite.control_text((enum driver_control)i, UINT_MAX, out), texts[i]);
    }
}

static bool control(enum driver_control which, unsigned level)
{
    return control_on(memory.driver, memory.connection, which, level);
}

TEST(transactions_nest)
{
    memory = open_url("sqlite::memory:");
    must(run_on(memory.driver, memory.connection, "CREATE TABLE t (x)"));
    for (int round = 0; round < 3; round++) {
        assert_false(memory.driver->in_transaction(memory.connection));
        must(control(round == 0 ? DRIVER_BEGIN_READ : DRIVER_BEGIN_WRITE, 0));
        assert_true(memory.driver->in_transaction(memory.connection));
        must(run_on(memory.driver, memory.connection, "INSERT INTO t VALUES (1)"));
        must(control(DRIVER_SAVEPOINT, 1));
        must(run_on(memory.driver, memory.connection, "INSERT INTO t VALUES (2)"));
        must(control(DRIVER_SAVEPOINT, 2));
        must(run_on(memory.driver, memory.connection, "INSERT INTO t VALUES (3)"));
        must(control(DRIVER_ROLLBACK_TO, 2));
        must(control(DRIVER_RELEASE, 1));
        assert_false(control(DRIVER_RELEASE, 1));
        failed_with(KIN_DATABASE);
        must(control(round == 2 ? DRIVER_ROLLBACK : DRIVER_COMMIT, 0));
        assert_int_equal(number_on(memory.driver, memory.connection, "SELECT count(*) FROM t"), round == 2 ? 4 : 2 * (round + 1));
    }
    must(control(DRIVER_ROLLBACK, 0));
    assert_false(control(DRIVER_COMMIT, 0));
    assert_non_null(strstr(failed_with(KIN_DATABASE)->message, "no transaction"));
    close_url(&memory);
}

TEST(a_commit_that_breaks_a_deferred_key_leaves_the_transaction_open)
{
    memory = open_url("sqlite::memory:");
    must(run_on(memory.driver, memory.connection,
                "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p INTEGER REFERENCES p DEFERRABLE INITIALLY DEFERRED)"));
    must(control(DRIVER_BEGIN_WRITE, 0));
    must(run_on(memory.driver, memory.connection, "INSERT INTO c VALUES (1)"));
    assert_false(control(DRIVER_COMMIT, 0));
    assert_int_equal(failed_with(KIN_CONSTRAINT)->constraint, KIN_FOREIGN_KEY);
    assert_true(memory.driver->in_transaction(memory.connection));
    must(run_on(memory.driver, memory.connection, "INSERT INTO p VALUES (1)"));
    must(control(DRIVER_COMMIT, 0));
    must(control(DRIVER_BEGIN_WRITE, 0));
    must(run_on(memory.driver, memory.connection, "INSERT INTO c VALUES (2)"));
    assert_false(control(DRIVER_COMMIT, 0));
    must(control(DRIVER_ROLLBACK, 0));
    assert_int_equal(number_on(memory.driver, memory.connection, "SELECT count(*) FROM c"), 1);
    close_url(&memory);
}

/* ---- faults -------------------------------------------------------------------------------------------- */

static const char constrained[] =
    "CREATE TABLE Users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT, x INTEGER, UNIQUE (email, x), "
    "CONSTRAINT adult CHECK (x IS NULL OR x >= 18));"
    "CREATE TABLE `blog.posts` (id TEXT PRIMARY KEY, `a.b` INTEGER UNIQUE, `c, d` INTEGER, `e` INTEGER, "
    "u INTEGER REFERENCES Users ON DELETE RESTRICT, UNIQUE (`c, d`, e));"
    "CREATE TABLE keyed (a, b, PRIMARY KEY (a, b)) WITHOUT ROWID;"
    "CREATE UNIQUE INDEX lowered ON Users (lower(name));"
    "CREATE TABLE guarded (x); CREATE TRIGGER guard BEFORE INSERT ON guarded BEGIN SELECT RAISE(ABORT, 'not today'); END;"
    "CREATE TABLE strict_one (n INTEGER) STRICT;"
    "INSERT INTO Users VALUES (1, 'ada', 'a@b', 20); INSERT INTO `blog.posts` VALUES ('p', 1, 2, 3, 1); INSERT INTO keyed VALUES (1, 2);";

static const struct {
    const char *sql;
    kin_constraint constraint;
    int code;
    const char *name, *table, *columns[3], *message;
} violations[] = {
    { "INSERT INTO Users VALUES (2, 'bob', 'a@b', 20)", KIN_UNIQUE, SQLITE_CONSTRAINT_UNIQUE, "", "Users", { "email", "x" },
      "UNIQUE constraint failed: Users.email, Users.x" },
    { "INSERT INTO Users VALUES (1, 'bob', NULL, 20)", KIN_UNIQUE, SQLITE_CONSTRAINT_PRIMARYKEY, "", "Users", { "id" }, "Users.id" },
    { "INSERT INTO Users VALUES (2, NULL, NULL, 20)", KIN_NOT_NULL, SQLITE_CONSTRAINT_NOTNULL, "", "Users", { "name" },
      "NOT NULL constraint failed: Users.name" },
    { "INSERT INTO Users VALUES (2, 'bob', NULL, 2)", KIN_CHECK, SQLITE_CONSTRAINT_CHECK, "adult", "", { NULL }, "CHECK constraint failed: adult" },
    { "INSERT INTO Users VALUES (2, 'ADA', NULL, 20)", KIN_UNIQUE, SQLITE_CONSTRAINT_UNIQUE, "lowered", "", { NULL }, "index 'lowered'" },
    { "INSERT INTO `blog.posts` VALUES ('p', 2, 2, 4, 1)", KIN_UNIQUE, SQLITE_CONSTRAINT_PRIMARYKEY, "", "blog.posts", { "id" }, "" },
    { "INSERT INTO `blog.posts` VALUES ('q', 1, 2, 4, 1)", KIN_UNIQUE, SQLITE_CONSTRAINT_UNIQUE, "", "blog.posts", { "a.b" }, "" },
    { "INSERT INTO `blog.posts` VALUES ('q', 2, 2, 3, 1)", KIN_UNIQUE, SQLITE_CONSTRAINT_UNIQUE, "", "blog.posts", { "c, d", "e" }, "" },
    { "INSERT INTO `blog.posts` VALUES ('q', 2, 3, 3, 9)", KIN_FOREIGN_KEY, SQLITE_CONSTRAINT_FOREIGNKEY, "", "", { NULL },
      "FOREIGN KEY constraint failed" },
    { "DELETE FROM Users", KIN_FOREIGN_KEY, SQLITE_CONSTRAINT_TRIGGER, "", "", { NULL }, "FOREIGN KEY constraint failed" },
    { "INSERT INTO keyed VALUES (1, 2)", KIN_UNIQUE, SQLITE_CONSTRAINT_PRIMARYKEY, "", "keyed", { "a", "b" }, "" },
    { "INSERT INTO guarded VALUES (1)", KIN_NO_CONSTRAINT, SQLITE_CONSTRAINT_TRIGGER, "", "", { NULL }, "not today" },
    { "INSERT INTO strict_one VALUES ('x')", KIN_NO_CONSTRAINT, SQLITE_CONSTRAINT_DATATYPE, "", "", { NULL }, "cannot store TEXT value" },
};

static void check_violation(size_t i)
{
    const kin_error *error = failed_with(KIN_CONSTRAINT);
    size_t columns = 0;
    while (columns < 3 && violations[i].columns[columns] != NULL)
        columns++;
    assert_int_equal(error->constraint, violations[i].constraint);
    assert_int_equal(error->native_code, violations[i].code);
    assert_string_equal(error->constraint_name, violations[i].name);
    assert_string_equal(error->table, violations[i].table);
    assert_non_null(strstr(error->message, violations[i].message));
    assert_int_equal(error->columns.count, columns);
    for (size_t k = 0; k < columns; k++)
        assert_string_equal(error->columns.at[k], violations[i].columns[k]);
}

TEST(violations_say_what_was_violated)
{
    memory = open_url("sqlite::memory:");
    must(run_on(memory.driver, memory.connection, constrained));
    for (size_t i = 0; i < sizeof violations / sizeof violations[0]; i++) {
        struct driver_result result;
        struct driver_statement *statement = prepare_on(&memory, violations[i].sql);
        assert_false(memory.driver->run(statement, NULL, 0, &result, &fault));
        check_violation(i);
        memory.driver->finalize(statement);
        assert_false(run_on(memory.driver, memory.connection, violations[i].sql));
        check_violation(i);
        assert_true(memory.driver->usable(memory.connection));
    }
    close_url(&memory);
}

TEST(a_statement_that_failed_runs_again)
{
    memory = open_url("sqlite::memory:");
    must(run_on(memory.driver, memory.connection, "CREATE TABLE t (x UNIQUE)"));
    struct driver_statement *statement = prepare_on(&memory, "INSERT INTO t VALUES (?)");
    struct driver_result result;
    static const int values[] = { 1, 1, 2, 2, 3 };
    for (size_t i = 0; i < 5; i++) {
        kin_value bind = kin_value_integer(values[i]);
        fault_clear(&fault);
        assert_int_equal(memory.driver->run(statement, &bind, 1, &result, &fault), i % 2 == 0);
        assert_int_equal(result.changed, i % 2 == 0);
    }
    memory.driver->finalize(statement);
    close_url(&memory);
}

TEST(old_libraries_are_refused)
{
    fault_start(&fault);
    assert_true(sqlite_version_good(3038000, &fault));
    assert_true(sqlite_version_good(4000000, &fault));
    assert_false(sqlite_version_good(3037002, &fault));
    assert_non_null(strstr(failed_with(KIN_UNSUPPORTED)->message, "3.37.2"));
}

/* ---- opening ------------------------------------------------------------------------------------------- */

static const char *url_of(const char *file)
{
    static char url[4500];
    snprintf(url, sizeof url, "sqlite:%s/%s", test_temporary(), file);
    return url;
}

static bool file_is_there(const char *name)
{
    char path[4500];
    snprintf(path, sizeof path, "%s/%s", test_temporary(), name);
    FILE *file = fopen(path, "r");
    return file != NULL && fclose(file) == 0;
}

static void asked(struct opened *opened, const char *pragma, const char *expected)
{
    kin_value cell;
    char sql[64];
    memory = *opened;
    snprintf(sql, sizeof sql, "PRAGMA %s", pragma);
    must(read_as(sql, kin_value_integer(0), KIN_TYPE_TEXT, &cell));
    assert_string_equal(cell.as.text.data, expected);
}

TEST(a_file_is_set_up_as_the_options_say)
{
    struct opened opened = open_url(url_of("usual.db"));
    asked(&opened, "journal_mode", "wal");
    asked(&opened, "synchronous", "1");
    asked(&opened, "foreign_keys", "1");
    assert_int_equal(opened.driver->busy_timeout(opened.config), 5000);
    assert_string_equal(opened.driver->database(opened.config), url_of("usual.db") + strlen("sqlite:"));
    close_url(&opened);
    opened = open_url(url_of("other.db?journal_mode=truncate&synchronous=extra&foreign_keys=off&busy_timeout=7&cache_size=-4321"));
    asked(&opened, "journal_mode", "truncate");
    asked(&opened, "synchronous", "3");
    asked(&opened, "foreign_keys", "0");
    asked(&opened, "cache_size", "-4321");
    assert_int_equal(opened.driver->busy_timeout(opened.config), 7);
    close_url(&opened);
    opened = open_url(url_of("other.db?journal_mode=delete"));
    asked(&opened, "synchronous", "2");
    close_url(&opened);
}

TEST(paths_are_taken_literally)
{
    static const struct {
        const char *url, *file;
    } cases[] = {
        { "with space.db", "with space.db" },
        { "with%20escape%3f.db?busy_timeout=1", "with escape?.db" },
        { "%25percent.db", "%percent.db" },
        { "a:b&c=d.db", "a:b&c=d.db" },
        { "caf\xc3\xa9.db", "caf\xc3\xa9.db" },
        { "semi;colon'quote.db", "semi;colon'quote.db" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct opened opened = open_url(url_of(cases[i].url));
        must(run_on(opened.driver, opened.connection, "CREATE TABLE t (x)"));
        close_url(&opened);
        assert_true(file_is_there(cases[i].file));
    }
}

TEST(a_path_is_never_a_uri)
{
    char here[4096], folder[4200];
    assert_non_null(getcwd(here, sizeof here));
    snprintf(folder, sizeof folder, "%s", test_temporary());
    assert_int_equal(chdir(folder), 0);
    static const char *const names[] = { "file:memory.db", "file:x.db%3fmode=memory", ":special:", "plain.db" };
    static const char *const files[] = { "file:memory.db", "file:x.db?mode=memory", ":special:", "plain.db" };
    for (size_t i = 0; i < 4; i++) {
        char url[128];
        snprintf(url, sizeof url, "sqlite:%s", names[i]);
        struct opened opened = open_url(url);
        must(run_on(opened.driver, opened.connection, "CREATE TABLE t (x)"));
        assert_string_equal(opened.driver->database(opened.config), files[i]);
        close_url(&opened);
        assert_true(file_is_there(files[i]));
    }
    assert_int_equal(chdir(here), 0);
}

TEST(wrong_urls_are_refused)
{
    static const struct {
        const char *url, *why;
    } cases[] = {
        { "sqlite:", "names no file" },
        { "sqlite:?busy_timeout=1", "names no file" },
        { "sqlite://host/a.db", "begins with '//'" },
        { "sqlite:a%00b", "zero byte" },
        { "sqlite:a%", "hexadecimal" },
        { "sqlite:a?vfs=memdb", "it takes busy_timeout, journal_mode, synchronous, foreign_keys, read_only, cache_size" },
        { "sqlite:a?journal_mode=wal;DROP", "it takes one of wal, delete" },
        { "sqlite:a?synchronous=2", "it takes one of normal, full" },
        { "sqlite:a?busy_timeout=-1", "from 0 to 2147483647" },
        { "sqlite:a?busy_timeout=99999999999", "from 0 to 2147483647" },
        { "sqlite:a?foreign_keys=maybe", "it takes one of on, off" },
        { "sqlite:a?cache_size=1;DROP", "it takes a number" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct driver_config *config;
        fault_start(&fault);
        assert_false(driver_sqlite.configure(cases[i].url, &config, &fault));
        assert_null(config);
        if (strstr(failed_with(KIN_MISUSE)->message, cases[i].why) == NULL)
            fail_msg("%s", fault.error.message);
    }
    driver_sqlite.unconfigure(NULL);
    driver_sqlite.close(NULL);
}

static void cannot_open(const char *url, int code, const char *why)
{
    struct driver_config *config;
    struct driver_connection *connection;
    fault_start(&fault);
    must(driver_sqlite.configure(url, &config, &fault));
    assert_false(driver_sqlite.open(config, &connection, &fault));
    assert_null(connection);
    const kin_error *error = failed_with(KIN_CONNECTION);
    assert_int_equal(error->native_code & 0xff, code);
    assert_non_null(strstr(error->message, "cannot open '"));
    if (strstr(error->message, why) == NULL)
        fail_msg("'%s' does not say '%s'", error->message, why);
    driver_sqlite.unconfigure(config);
}

TEST(what_cannot_be_opened_is_named)
{
    cannot_open("sqlite:/no/such/folder/x.db", SQLITE_CANTOPEN, "/no/such/folder/x.db");
    cannot_open("sqlite:/no/such/folder/x.db", SQLITE_CANTOPEN, "is it there");
    cannot_open(url_of("missing.db?read_only=on"), SQLITE_CANTOPEN, "missing.db");
    cannot_open("sqlite:/tmp", SQLITE_CANTOPEN, "'/tmp'");
    char path[4500];
    snprintf(path, sizeof path, "%s/not.db", test_temporary());
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (int i = 0; i < 1000; i++)
        fputs("this is no database\n", file);
    fclose(file);
    cannot_open(url_of("not.db"), SQLITE_NOTADB, "file is not a database");
}

TEST(a_read_only_database_is_not_written)
{
    struct opened opened = open_url(url_of("read.db"));
    must(run_on(opened.driver, opened.connection, "CREATE TABLE t (x); INSERT INTO t VALUES (5)"));
    close_url(&opened);
    opened = open_url(url_of("read.db?read_only=on"));
    assert_int_equal(number_on(opened.driver, opened.connection, "SELECT x FROM t"), 5);
    assert_false(run_on(opened.driver, opened.connection, "INSERT INTO t VALUES (6)"));
    assert_int_equal(failed_with(KIN_DATABASE)->native_code & 0xff, SQLITE_READONLY);
    assert_true(opened.driver->usable(opened.connection));
    close_url(&opened);
    opened = open_url("sqlite::memory:?read_only=on");
    assert_false(run_on(opened.driver, opened.connection, "CREATE TABLE t (x)"));
    failed_with(KIN_DATABASE);
    close_url(&opened);
}

TEST(a_full_database_says_so)
{
    memory = open_url("sqlite::memory:");
    must(run_on(memory.driver, memory.connection, "PRAGMA max_page_count = 10; CREATE TABLE t (x)"));
    assert_false(run_on(memory.driver, memory.connection, "INSERT INTO t VALUES (zeroblob(100000))"));
    assert_int_equal(failed_with(KIN_DATABASE)->native_code, SQLITE_FULL);
    assert_non_null(strstr(fault.error.message, "full"));
    close_url(&memory);
}

#else

TEST(sqlite_is_not_in_this_build)
{
    fault_start(&fault);
    assert_null(driver_for("sqlite:x", &fault));
    failed_with(KIN_MISUSE);
}

#endif
