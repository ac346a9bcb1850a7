/*
 * Values: how they are made, compared, hashed, copied and shown; and the lists of them.
 */
#include "failing.h"
#include "test.h"

#include "schema/number.h"
#include "schema/value.h"

#include <float.h>
#include <locale.h>
#include <math.h>

/* ---- makers --------------------------------------------------------------------------------------------- */

TEST(kin_chooses_by_type)
{
    char letters[] = "abc";
    const char *missing = NULL;
    bool yes = true;
    assert_int_equal(kin(yes).type, KIN_VALUE_BOOLEAN);
    assert_true(kin(yes).as.boolean);
    assert_int_equal(kin((signed char)-3).as.integer, -3);
    assert_int_equal(kin((short)-3).as.integer, -3);
    assert_int_equal(kin(-3).as.integer, -3);
    assert_int_equal(kin(-3L).as.integer, -3);
    assert_int_equal(kin(LLONG_MIN).as.integer, INT64_MIN);
    assert_int_equal(kin((unsigned char)200).as.integer, 200);
    assert_int_equal(kin((unsigned short)60000).as.integer, 60000);
    assert_int_equal(kin(4000000000U).as.integer, 4000000000);
    assert_int_equal(kin((unsigned long long)INT64_MAX).as.integer, INT64_MAX);
    assert_int_equal(kin(0UL).type, KIN_VALUE_INTEGER);
    assert_true(kin(1.5f).as.real == 1.5);
    assert_true(kin(1.5).as.real == 1.5);
    assert_int_equal(kin(letters).type, KIN_VALUE_TEXT);
    assert_int_equal(kin("abc").as.text.size, 3);
    assert_int_equal(kin(missing).type, KIN_VALUE_NULL);
    assert_int_equal(kin(kin(5)).as.integer, 5);
    assert_int_equal(kin(kin_null).type, KIN_VALUE_NULL);
    assert_int_equal(kin(ULLONG_MAX).type, KIN_VALUE_INVALID);
    assert_int_equal(kin((unsigned long long)INT64_MAX + 1).type, KIN_VALUE_INVALID);
}

TEST(makers_make_each_type)
{
    assert_int_equal(kin_value_text("a\0b", 3).as.text.size, 3);
    assert_int_equal(kin_value_text(NULL, 0).type, KIN_VALUE_TEXT);
    assert_non_null(kin_value_text(NULL, 0).as.text.data);
    assert_int_equal(kin_value_text(NULL, 1).type, KIN_VALUE_INVALID);
    assert_int_equal(kin_value_blob("ab", 2).as.blob.size, 2);
    assert_int_equal(kin_value_blob(NULL, 0).type, KIN_VALUE_BLOB);
    assert_non_null(kin_value_blob(NULL, 0).as.blob.data);
    assert_int_equal(kin_value_blob(NULL, 1).type, KIN_VALUE_INVALID);
    assert_int_equal(kin_value_date(-5).as.integer, -5);
    assert_int_equal(kin_value_date(0).type, KIN_VALUE_DATE);
    assert_int_equal(kin_value_dateonly(-5).as.integer, -5);
    assert_int_equal(kin_value_dateonly(0).type, KIN_VALUE_DATEONLY);
    assert_int_equal(kin_value_time(5).as.integer, 5);
    assert_int_equal(kin_value_time(0).type, KIN_VALUE_TIME);
    assert_int_equal(kin_value_decimal("1.50").type, KIN_VALUE_DECIMAL);
    assert_int_equal(kin_value_decimal(NULL).type, KIN_VALUE_NULL);
    assert_int_equal(kin_value_json("{}").as.text.size, 2);
    assert_int_equal(kin_value_json(NULL).type, KIN_VALUE_NULL);
    assert_int_equal(kin_key(kin(1), kin("a")).count, 2);
    assert_int_equal(kin_key(kin(1), kin("a")).as.parts[0].as.integer, 1);
    assert_int_equal(kin_value_key(1, NULL).type, KIN_VALUE_INVALID);
    kin_value part = kin(1);
    assert_int_equal(kin_value_key(SIZE_MAX, &part).type, KIN_VALUE_INVALID);
}

TEST(uuids_are_written_and_read)
{
    kin_uuid uuid, back;
    char text[37];
    for (uint8_t i = 0; i < 16; i++)
        uuid.bytes[i] = (uint8_t)(i * 17 + 1);
    kin_uuid_format(uuid, text);
    assert_string_equal(text, "01122334-4556-6778-899a-abbccddeef00");
    assert_true(kin_uuid_parse(text, &back));
    assert_memory_equal(&uuid, &back, sizeof uuid);
    assert_true(kin_uuid_parse("01122334-4556-6778-899A-ABBCCDDEEF00", &back));
    assert_memory_equal(&uuid, &back, sizeof uuid);
    static const char *const wrong[] = {
        "", "01122334-4556-6778-899a-abbccddeef0", "01122334-4556-6778-899a-abbccddeef001", "011223344556-6778-899a-abbccddeef0000",
        "01122334-4556-6778-899a-abbccddeefg0", "01122334+4556-6778-899a-abbccddeef00", "-0112233-4556-6778-899a-abbccddeef00",
        "{1122334-4556-6778-899a-abbccddeef00",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(kin_uuid_parse(wrong[i], &back));
    assert_false(kin_uuid_parse(NULL, &back));
    assert_memory_equal(&uuid, &back, sizeof uuid);
}

TEST(lists_borrow_the_callers_arrays)
{
    static const char *const names[] = { "a", "b" };
    kin_assignment assignments[] = { { "a", kin(1) } };
    kin_values records[] = { { assignments, 1 } };
    kin_value keys[] = { kin(1), kin(2), kin(3) };
    kin_row *rows[] = { NULL };
    kin_include includes[] = { { .limit = 1 } };
    assert_ptr_equal(kin_names_of(2, names).at, names);
    assert_int_equal(kin_names_of(2, names).count, 2);
    assert_ptr_equal(kin_values_of(1, assignments).at, assignments);
    assert_int_equal(kin_values_of(1, assignments).count, 1);
    assert_ptr_equal(kin_records_of(1, records).at, records);
    assert_int_equal(kin_records_of(1, records).count, 1);
    assert_ptr_equal(kin_rows_of(1, rows).rows, rows);
    assert_null(kin_rows_of(1, rows).keys);
    assert_int_equal(kin_rows_of(1, rows).count, 1);
    assert_ptr_equal(kin_keys_of(3, keys).keys, keys);
    assert_null(kin_keys_of(3, keys).rows);
    assert_int_equal(kin_keys_of(3, keys).count, 3);
    assert_ptr_equal(kin_includes_of(1, includes).at, includes);
    assert_int_equal(kin_includes_of(1, includes).count, 1);
}

TEST(lists_at_null_are_empty)
{
    assert_non_null(kin_names_of(0, NULL).at); /* the empty list, not "none given" */
    assert_int_equal(kin_names_of(3, NULL).count, 0);
    assert_int_equal(kin_values_of(3, NULL).count, 0);
    assert_int_equal(kin_records_of(3, NULL).count, 0);
    assert_int_equal(kin_rows_of(3, NULL).count, 0);
    assert_int_equal(kin_keys_of(3, NULL).count, 0);
    assert_int_equal(kin_includes_of(3, NULL).count, 0);
}

TEST(a_computed_limit_keeps_its_zero)
{
    assert_true(kin_limit(0) == INT64_MIN);
    assert_int_equal(kin_limit(7), 7);
    assert_int_equal(kin_limit(-1), -1);
    assert_true(kin_limit(INT64_MIN) < 0 && kin_limit(INT64_MIN) != INT64_MIN);
}

/* ---- storage -------------------------------------------------------------------------------------------- */

TEST(every_type_has_a_name_and_a_storage)
{
    struct layout { char before; kin_value value; };
    for (kin_type type = KIN_TYPE_STRING; type <= KIN_TYPE_ANY; type++) {
        enum storage storage = storage_of(type);
        assert_true(type_name(type)[0] != '(');
        assert_in_range(storage_size(storage), 1, sizeof(kin_value));
        assert_int_equal(storage_size(storage) % storage_alignment(storage), 0);
    }
    assert_int_equal(storage_of(KIN_TYPE_DECIMAL), STORAGE_TEXT);
    assert_int_equal(storage_of(KIN_TYPE_TIME), STORAGE_INTEGER);
    assert_int_equal(storage_of(KIN_TYPE_DATEONLY), STORAGE_DAYS);
    assert_int_equal(storage_of(KIN_TYPE_ENUM), STORAGE_LABEL);
    assert_int_equal(storage_of(KIN_TYPE_ANY), STORAGE_VALUE);
    assert_int_equal(storage_alignment(STORAGE_VALUE), offsetof(struct layout, value));
    assert_string_equal(type_name((kin_type)0), "(no type)");
    for (uint32_t type = KIN_VALUE_UNSET; type < KIN_VALUE_LAST; type++)
        assert_null(strstr(value_type_name((kin_value_type)type), "something"));
    assert_string_equal(action_name(KIN_SET_NULL), "SET NULL");
    assert_string_equal(action_name(KIN_RESTRICT), "RESTRICT");
    assert_string_equal(action_name(KIN_CASCADE), "CASCADE");
    assert_string_equal(action_name(KIN_NO_ACTION), "NO ACTION");
    assert_string_equal(action_name(KIN_SET_DEFAULT), "SET DEFAULT");
    assert_null(action_name(KIN_ACTION_USUAL));
    assert_null(action_name((kin_action)99));
}

TEST(stored_texts_know_their_length)
{
    struct arena arena = { 0 };
    char *text = value_store_text(&arena, "a\0b", 3);
    assert_memory_equal(text, "a\0b\0", 4);
    assert_int_equal(value_stored_length(text), 3);
    text = value_store_text(&arena, NULL, 0);
    assert_string_equal(text, "");
    assert_int_equal(value_stored_length(text), 0);
    assert_null(value_store_text(&arena, "", (size_t)UINT32_MAX + 1));
    arena_free(&arena);
    failing_start(0);
    assert_null(value_store_text(&arena, "a", 1));
    failing_stop();
}

/* ---- comparing ------------------------------------------------------------------------------------------ */

static void check_equal(kin_value one, kin_value other)
{
    assert_true(value_equal(&one, &other));
    assert_true(value_equal(&other, &one));
    assert_true(value_hash(&one) == value_hash(&other));
}

static void check_different(kin_value one, kin_value other)
{
    assert_false(value_equal(&one, &other));
    assert_false(value_equal(&other, &one));
    assert_true(value_hash(&one) != value_hash(&other)); /* not a law, but these should not meet */
}

TEST(numbers_compare_by_value)
{
    check_equal(kin(1), kin(1));
    check_equal(kin(1), kin(1.0));
    check_equal(kin(1), kin_value_boolean(true));
    check_equal(kin(0), kin_value_boolean(false));
    check_equal(kin(1.0), kin_value_boolean(true));
    check_equal(kin(0.0), kin(-0.0));
    check_equal(kin(0), kin(-0.0));
    check_equal(kin(0.1), kin(0.1));
    check_equal(kin(INT64_MIN), kin(-9223372036854775808.0));
    check_equal(kin((double)NAN), kin((double)NAN));
    check_equal(kin((double)INFINITY), kin((double)INFINITY));
    check_different(kin(INT64_MAX), kin(9223372036854775808.0));
    check_different(kin(9007199254740993), kin(9007199254740992.0));
    check_different(kin(1), kin(1.5));
    check_different(kin(2), kin_value_boolean(true));
    check_different(kin((double)INFINITY), kin((double)-INFINITY));
    check_different(kin((double)NAN), kin(0));
}

TEST(values_of_a_type_compare_as_it)
{
    check_equal(kin("abc"), kin_value_text("abcd", 3));
    check_equal(kin(""), kin_value_text(NULL, 0));
    check_equal(kin("1.5"), kin_value_decimal("1.5"));
    check_equal(kin("{}"), kin_value_json("{}"));
    check_different(kin("abc"), kin("abd"));
    check_different(kin("abc"), kin("ab"));
    check_different(kin_value_decimal("1.5"), kin_value_decimal("1.50"));
    check_different(kin("1"), kin(1));
    check_equal(kin_value_blob("\0\1", 2), kin_value_blob("\0\1\2", 2));
    check_different(kin_value_blob("\0\1", 2), kin_value_blob("\0\2", 2));
    check_different(kin_value_blob("a", 1), kin("a"));
    check_equal(kin_value_date(5), kin_value_date(5));
    check_different(kin_value_date(5), kin_value_date(6));
    check_different(kin_value_date(5), kin_value_time(5));
    check_different(kin_value_date(5), kin_value_dateonly(5));
    check_different(kin_value_date(5), kin(5));
    check_equal(kin_value_uuid((kin_uuid){ { 1 } }), kin_value_uuid((kin_uuid){ { 1 } }));
    check_different(kin_value_uuid((kin_uuid){ { 1 } }), kin_value_uuid((kin_uuid){ { 2 } }));
    check_equal(kin_null, kin_null);
    check_different(kin_null, kin(0));
    check_different(kin_null, kin(""));
    check_different(kin_null, (kin_value){ 0 });
    check_equal((kin_value){ 0 }, (kin_value){ 0 });
}

TEST(keys_compare_part_by_part)
{
    check_equal(kin_key(kin(1), kin("a")), kin_key(kin(1.0), kin("a")));
    check_different(kin_key(kin(1), kin("a")), kin_key(kin(1), kin("b")));
    check_different(kin_key(kin(1), kin(2)), kin_key(kin(2), kin(1)));
    check_different(kin_key(kin(1), kin(2)), kin_key(kin(1), kin(2), kin(3)));
    check_different(kin_key(kin(1)), kin(1));
    check_equal(kin_key(kin_key(kin(1), kin(2)), kin_null), kin_key(kin_key(kin(1), kin(2)), kin_null));
    check_equal(kin_value_key(0, NULL), kin_value_key(0, NULL));
}

/* ---- copying -------------------------------------------------------------------------------------------- */

TEST(copies_are_deep)
{
    struct arena arena = { 0 };
    char text[] = "text", blob[] = "blob";
    kin_value parts[] = { kin(text), kin_value_blob(blob, 4), kin(3), kin_value_json(text) };
    kin_value key = kin_value_key(4, parts), copy;
    assert_true(value_copy(&arena, &key, &copy));
    memset(text, 'x', 4);
    memset(blob, 'x', 4);
    memset(parts, 0, sizeof parts);
    assert_int_equal(copy.count, 4);
    assert_string_equal(copy.as.parts[0].as.text.data, "text");
    assert_memory_equal(copy.as.parts[1].as.blob.data, "blob", 4);
    assert_int_equal(copy.as.parts[2].as.integer, 3);
    assert_int_equal(copy.as.parts[3].type, KIN_VALUE_JSON);
    key = kin_value_blob(NULL, 0);
    assert_true(value_copy(&arena, &key, &copy));
    assert_non_null(copy.as.blob.data);
    key = kin_null;
    assert_true(value_copy(&arena, &key, &copy));
    assert_int_equal(copy.type, KIN_VALUE_NULL);
    arena_free(&arena);
}

TEST(copying_survives_each_failure)
{
    static char text[20000];
    kin_value key = kin_key(kin_value_text(text, sizeof text), kin_key(kin(1), kin_value_blob(text, sizeof text)), kin_value_decimal("1"));
    for (size_t n = 0; failing_round(n); n++) {
        struct arena arena = { 0 };
        kin_value copy = kin(7);
        bool ok = value_copy(&arena, &key, &copy);
        assert_true(ok ? value_equal(&key, &copy) : copy.as.integer == 7);
        arena_free(&arena);
        failing_done(ok);
    }
}

/* ---- showing -------------------------------------------------------------------------------------------- */

static const char *shown(kin_value value, void (*show)(const kin_value *, struct text *))
{
    static char out[600];
    struct text text = { 0 };
    show(&value, &text);
    assert_true(text_ok(&text) && text.length < sizeof out);
    memcpy(out, text_string(&text), text.length + 1);
    text_free(&text);
    return out;
}

static const char *described(kin_value value) { return shown(value, value_describe); }
static const char *json(kin_value value) { return shown(value, value_add_json); }

TEST(values_are_described)
{
    assert_string_equal(described(kin(1)), "1");
    assert_string_equal(described(kin(INT64_MIN)), "-9223372036854775808");
    assert_string_equal(described(kin(0.1)), "0.1");
    assert_string_equal(described(kin((double)NAN)), "nan");
    assert_string_equal(described(kin_value_boolean(true)), "true");
    assert_string_equal(described(kin_null), "NULL");
    assert_string_equal(described((kin_value){ 0 }), "(no value)");
    assert_string_equal(described(kin("it's")), "'it''s'");
    assert_string_equal(described(kin("a\nb\x7f\xff")), "'a\\x0ab\\x7f\\xff'");
    assert_string_equal(described(kin("\xc3\xa4")), "'\xc3\xa4'");
    assert_string_equal(described(kin_value_text("a\0b", 3)), "'a\\x00b'");
    assert_string_equal(described(kin_value_blob("\0\xff", 2)), "x'00ff'");
    assert_string_equal(described(kin_value_blob(NULL, 0)), "x''");
    assert_string_equal(described(kin_value_date(0)), "'1970-01-01 00:00:00'");
    assert_string_equal(described(kin_value_date(INT64_MAX)), "(a date: 9223372036854775807)");
    assert_string_equal(described(kin_value_dateonly(1)), "'1970-01-02'");
    assert_string_equal(described(kin_value_dateonly(INT32_MAX)), "(a day: 2147483647)");
    assert_string_equal(described(kin_value_time(1)), "'00:00:00.000001'");
    assert_string_equal(described(kin_value_time(-1)), "(a time: -1)");
    assert_string_equal(described(kin_value_uuid((kin_uuid){ { 0xab } })), "'ab000000-0000-0000-0000-000000000000'");
    assert_string_equal(described(kin_value_decimal("-1.50")), "-1.50");
    assert_string_equal(described(kin_value_decimal("1; DROP")), "'1; DROP'");
    assert_string_equal(described(kin_value_json("{\"a\":'")), "'{\"a\":'''");
    assert_string_equal(described(kin_key(kin(1), kin("a"))), "(1, 'a')");
    assert_string_equal(described(kin(ULLONG_MAX)), "(an unsigned number above 9223372036854775807)");
}

TEST(long_values_are_cut)
{
    char text[301] = "";
    memset(text, 'a', 300);
    const char *out = described(kin(text));
    assert_int_equal(strlen(out), 100 + 2 + strlen("... (300 bytes)"));
    assert_non_null(strstr(out, "aa'... (300 bytes)"));
    assert_int_equal(strlen(described(kin_value_blob(text, 300))), 64 + 3 + strlen("... (300 bytes)"));
    text[100] = '\0';
    assert_int_equal(strlen(described(kin(text))), 102);
    memcpy(text + 99, "\xc3\xa4tail", 7);
    assert_non_null(strstr(described(kin(text)), "a\xc3\xa4'... (105 bytes)"));
}

TEST(values_are_written_as_json)
{
    assert_string_equal(json(kin(-1)), "-1");
    assert_string_equal(json(kin(INT64_MAX)), "9223372036854775807");
    assert_string_equal(json(kin(0.1)), "0.1");
    assert_string_equal(json(kin(1e300)), "1e+300");
    assert_string_equal(json(kin((double)NAN)), "null");
    assert_string_equal(json(kin((double)-INFINITY)), "null");
    assert_string_equal(json(kin_value_boolean(false)), "false");
    assert_string_equal(json(kin_null), "null");
    assert_string_equal(json((kin_value){ 0 }), "null");
    assert_string_equal(json(kin(ULLONG_MAX)), "null");
    assert_string_equal(json(kin("a\"b")), "\"a\\\"b\"");
    assert_string_equal(json(kin_value_decimal("1.50")), "\"1.50\"");
    assert_string_equal(json(kin_value_json("{\"a\": [1]}")), "{\"a\": [1]}");
    assert_string_equal(json(kin_value_json("{\"a\"")), "\"{\\\"a\\\"\"");
    assert_string_equal(json(kin_value_date(0)), "\"1970-01-01T00:00:00Z\"");
    assert_string_equal(json(kin_value_date(INT64_MIN)), "null");
    assert_string_equal(json(kin_value_dateonly(0)), "\"1970-01-01\"");
    assert_string_equal(json(kin_value_time(0)), "\"00:00:00\"");
    assert_string_equal(json(kin_value_uuid((kin_uuid){ { 0 } })), "\"00000000-0000-0000-0000-000000000000\"");
    assert_string_equal(json(kin_key(kin(1), kin("a"))), "[1, \"a\"]");
}

TEST(blobs_are_base64_in_json)
{
    assert_string_equal(json(kin_value_blob(NULL, 0)), "\"\"");
    assert_string_equal(json(kin_value_blob("f", 1)), "\"Zg==\"");
    assert_string_equal(json(kin_value_blob("fo", 2)), "\"Zm8=\"");
    assert_string_equal(json(kin_value_blob("foo", 3)), "\"Zm9v\"");
    assert_string_equal(json(kin_value_blob("foobar", 6)), "\"Zm9vYmFy\"");
    assert_string_equal(json(kin_value_blob("\xff\xfe\xfd\x00", 4)), "\"//79AA==\"");
}

/* ---- reals ---------------------------------------------------------------------------------------------- */

static const char *real_text(double real)
{
    static char out[NUMBER_REAL_TEXT];
    size_t length = value_format_real(real, out);
    assert_int_equal(length, strlen(out));
    return out;
}

TEST(reals_have_their_shortest_text)
{
    assert_string_equal(real_text(0), "0");
    assert_string_equal(real_text(-0.0), "-0");
    assert_string_equal(real_text(1), "1");
    assert_string_equal(real_text(-12345), "-12345");
    assert_string_equal(real_text(999999999999999), "999999999999999");
    assert_string_equal(real_text(1e15), "1e+15");
    assert_string_equal(real_text(0.1), "0.1");
    assert_string_equal(real_text(0.1 + 0.2), "0.30000000000000004");
    assert_string_equal(real_text(1.0 / 3), "0.3333333333333333");
    assert_string_equal(real_text(1e300), "1e+300");
    assert_string_equal(real_text(5e-324), "5e-324");
    assert_string_equal(real_text(-DBL_MIN), "-2.2250738585072014e-308");
    assert_string_equal(real_text(DBL_MAX), "1.7976931348623157e+308");
    assert_string_equal(real_text((double)INFINITY), "inf");
    assert_string_equal(real_text((double)-INFINITY), "-inf");
    assert_string_equal(real_text((double)NAN), "nan");
}

static double random_real(uint64_t *random)
{
    double real;
    *random = *random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    uint64_t bits = *random ^ *random >> 29;
    memcpy(&real, &bits, sizeof real);
    return real;
}

TEST(reals_read_back_the_same)
{
    uint64_t random = 9;
    for (int i = 0; i < 30000; i++) {
        double real = random_real(&random), back = 0;
        if (!isfinite(real))
            continue;
        char decimal[NUMBER_DECIMAL_TEXT];
        const char *text = real_text(real);
        assert_true(strlen(text) < NUMBER_REAL_TEXT);
        assert_int_equal(number_parse_real(text, strlen(text), &back), NUMBER_READ);
        assert_true(back == real);
        size_t length = number_format_decimal(real, decimal);
        assert_true(length < sizeof decimal && value_is_decimal(decimal, length));
        assert_int_equal(number_parse_real(decimal, length, &back), NUMBER_READ);
        assert_true(back == real);
    }
}

TEST(reals_as_plain_digits)
{
    char out[NUMBER_DECIMAL_TEXT];
    assert_int_equal(number_format_decimal(1e20, out), 21);
    assert_string_equal(out, "100000000000000000000");
    number_format_decimal(-1.5e16, out);
    assert_string_equal(out, "-15000000000000000");
    number_format_decimal(1.2345678901234567e16, out);
    assert_string_equal(out, "12345678901234568");
    number_format_decimal(1e-7, out);
    assert_string_equal(out, "0.0000001");
    number_format_decimal(-1.25e-5, out);
    assert_string_equal(out, "-0.0000125");
    number_format_decimal(12.5, out);
    assert_string_equal(out, "12.5");
    assert_true(number_format_decimal(-5e-324, out) < sizeof out);
    assert_true(number_format_decimal(-DBL_MAX, out) < sizeof out);
}

TEST(decimals_are_digits_a_sign_and_a_point)
{
    static const char *const right[] = { "0", "12", "-12.30", "+1.5", ".5", "5.", "00012" };
    static const char *const wrong[] = { "", "-", "+", ".", "-.", "1.2.3", "1e5", " 1", "1 ", "1,5", "--1", "1-", "0x1", "nan", "inf" };
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++)
        assert_true(value_is_decimal(right[i], strlen(right[i])));
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(value_is_decimal(wrong[i], strlen(wrong[i])));
    assert_false(value_is_decimal(NULL, 0));
}

/* Makes a locale whose decimal point is a comma and goes into it. */
static void enter_comma_locale(void)
{
    char path[4200], command[13000];
    snprintf(path, sizeof path, "%s/comma.txt", test_temporary());
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("LC_NUMERIC\ndecimal_point \",\"\nthousands_sep \"\"\ngrouping -1\nEND LC_NUMERIC\n", file);
    assert_int_equal(fclose(file), 0);
    snprintf(command, sizeof command, "localedef --no-archive -c -f ANSI_X3.4-1968 -i '%s' '%s/comma' >'%s/log' 2>&1", path,
             test_temporary(), test_temporary());
    int status = system(command); /* not 0 when it warns; what counts is whether there is a locale */
    setenv("LOCPATH", test_temporary(), 1);
    if (setlocale(LC_NUMERIC, "comma") == NULL) {
        printf("localedef: %d\n", status);
        skip("localedef cannot make a locale here");
    }
}

TEST(reals_are_the_same_where_the_point_is_a_comma)
{
    enter_comma_locale();
    char text[16];
    snprintf(text, sizeof text, "%.1f", 1.5);
    assert_string_equal(text, "1,5");
    double back = 0;
    assert_string_equal(real_text(1.5), "1.5");
    assert_string_equal(real_text(-1.25e-30), "-1.25e-30");
    assert_string_equal(described(kin(0.1)), "0.1");
    assert_string_equal(json(kin(0.1)), "0.1");
    assert_int_equal(number_parse_real("-1.25e-30", 9, &back), NUMBER_READ);
    assert_true(back == -1.25e-30);
    assert_int_equal(number_parse_real("1,5", 3, &back), NUMBER_NONE);
    setlocale(LC_NUMERIC, "C");
}
