/*
 * What an attribute of each type takes, what becomes of it, and what is said of what it does not take.
 */
#include "failing.h"
#include "test.h"

#include "schema/json.h"
#include "schema/model.h"

#include <math.h>

static const kin_model user_model = { .info = { .name = "User" } };
static const char *const colours[] = { "red", "green", "blue" };
static struct arena memory;

static struct attribute attribute_of(kin_type type)
{
    return (struct attribute){ .info = { .name = "value", .type = type, .labels = { colours, type == KIN_TYPE_ENUM ? 3 : 0 } },
                               .model = &user_model,
                               .storage = storage_of(type) };
}

/* Type and description of what becomes of a value, or the message. */
static const char *converted(kin_type type, kin_value in)
{
    static char out[FAULT_STORAGE];
    struct attribute attribute = attribute_of(type);
    struct fault fault;
    struct text text = { 0 };
    kin_value value = { .type = KIN_VALUE_LAST };
    fault_start(&fault);
    bool ok = value_convert(&attribute, &in, &value, &memory, &fault);
    assert_int_equal(ok, !fault_is_set(&fault));
    if (ok) {
        text_add(&text, value_type_name((kin_value_type)value.type));
        text_add_character(&text, ' ');
        value_describe(&value, &text);
    } else {
        assert_int_equal(fault.error.status, KIN_MISUSE);
        assert_string_equal(fault.error.model, "User");
        assert_string_equal(fault.error.attribute, "value");
        assert_int_equal(value.type, KIN_VALUE_LAST);
        assert_memory_equal(fault.error.message, "User.value: ", 12);
        text_add(&text, fault.error.message + 12);
    }
    memcpy(out, text.data, text.length + 1);
    text_free(&text);
    arena_free(&memory);
    return out;
}

#define check(type, in, expected) assert_string_equal(converted(KIN_TYPE_##type, in), expected)

static const kin_value a_date = { .type = KIN_VALUE_DATE };
static const kin_value a_blob = { .type = KIN_VALUE_BLOB, .as.blob = { "b", 1 } };

TEST(unset_and_null_pass)
{
    for (kin_type type = KIN_TYPE_STRING; type <= KIN_TYPE_ANY; type++) {
        assert_string_equal(converted(type, kin_null), "NULL NULL");
        assert_string_equal(converted(type, (kin_value){ 0 }), "no value (no value)");
    }
}

TEST(a_key_is_not_one_value)
{
    for (kin_type type = KIN_TYPE_STRING; type <= KIN_TYPE_ANY; type++)
        assert_string_equal(converted(type, kin_key(kin(1))), "a composite key is not one value; give a single one");
}

TEST(what_c_could_not_carry_is_refused)
{
    for (kin_type type = KIN_TYPE_STRING; type <= KIN_TYPE_ANY; type++) {
        assert_string_equal(converted(type, kin(ULLONG_MAX)), "an unsigned number above 9223372036854775807; give a smaller number, "
                                                              "or its digits as the text of a DECIMAL");
        assert_string_equal(converted(type, (kin_value){ .type = KIN_VALUE_INVALID }), converted(type, kin(ULLONG_MAX)));
        assert_non_null(strstr(converted(type, kin_value_text(NULL, 3)), "a NULL pointer with a size"));
        assert_non_null(strstr(converted(type, kin_value_blob(NULL, 3)), "a NULL pointer with a size"));
        assert_non_null(strstr(converted(type, (kin_value){ .type = KIN_VALUE_TEXT, .as.text = { NULL, 3 } }), "a NULL pointer"));
        assert_non_null(strstr(converted(type, (kin_value){ .type = KIN_VALUE_BLOB, .as.blob = { NULL, 3 } }), "a NULL pointer"));
        assert_non_null(strstr(converted(type, (kin_value){ .type = KIN_VALUE_LAST }), "something that is no value"));
        assert_non_null(strstr(converted(type, (kin_value){ .type = 77 }), "something that is no value"));
    }
}

/* Every type given a value of every other: it converts or is refused, and never anything else. */
TEST(each_type_meets_each_value)
{
    kin_value values[] = {
        kin_value_boolean(true), kin(7), kin(7.5), kin("x"), a_blob, a_date, kin_value_dateonly(1), kin_value_time(1),
        kin_value_uuid((kin_uuid){ { 1 } }), kin_value_decimal("7.5"), kin_value_json("[]"),
    };
    /* By type from STRING on: which of these values it takes. */
    static const char *const takes[] = {
        "___x_______", "___x_______", "___x_______", "xx_________", "xx_________", "xxx______x_", "_xx______x_", "x__________",
        "_____x_____", "______x____", "_______x___", "________x__", "____x______", "__________x", "___________", "xxxxxxxxxxx",
    };
    for (kin_type type = KIN_TYPE_STRING; type <= KIN_TYPE_ANY; type++)
        for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
            const char *result = converted(type, values[i]);
            bool refused = strstr(result, "; ") != NULL;
            if (refused != (takes[type - 1][i] == '_'))
                fail_msg("%s given %s: %s", type_name(type), value_type_name((kin_value_type)values[i].type), result);
        }
}

TEST(texts_take_texts_only)
{
    check(STRING, kin("abc"), "a text 'abc'");
    check(TEXT, kin(""), "a text ''");
    check(CHAR, kin_value_text("a\0b", 3), "a text 'a\\x00b'");
    check(STRING, kin("\xc3\xa4\xf0\x9f\x98\x80"), "a text '\xc3\xa4\xf0\x9f\x98\x80'");
    check(STRING, kin(12), "an integer is not a STRING; give a text");
    check(TEXT, kin(1.5), "a real is not a TEXT; give a text");
    check(CHAR, kin_value_decimal("1"), "a decimal is not a CHAR; give a text");
    check(STRING, kin("0123456789\xff"), "the text is not UTF-8 (at byte 11 of 11); convert it to UTF-8, or declare a BLOB for bytes");
    check(TEXT, kin("\xc3"), "the text is not UTF-8 (at byte 1 of 1); convert it to UTF-8, or declare a BLOB for bytes");
}

TEST(texts_pass_where_they_are)
{
    struct attribute attribute = attribute_of(KIN_TYPE_STRING);
    struct fault fault;
    kin_value in = kin("abc"), out;
    fault_start(&fault);
    assert_true(value_convert(&attribute, &in, &out, &memory, &fault));
    assert_ptr_equal(out.as.text.data, in.as.text.data);
    assert_null(memory.chunks);
    in = (kin_value){ .type = KIN_VALUE_TEXT };
    assert_true(value_convert(&attribute, &in, &out, &memory, &fault));
    assert_non_null(out.as.text.data);
    assert_int_equal(out.as.text.size, 0);
    attribute = attribute_of(KIN_TYPE_BLOB);
    in = (kin_value){ .type = KIN_VALUE_BLOB };
    assert_true(value_convert(&attribute, &in, &out, &memory, &fault));
    assert_non_null(out.as.blob.data);
    /* in and out may be the same */
    attribute = attribute_of(KIN_TYPE_INTEGER);
    in = kin("42");
    assert_true(value_convert(&attribute, &in, &in, &memory, &fault));
    assert_int_equal(in.as.integer, 42);
}

TEST(integers_take_whole_numbers)
{
    check(INTEGER, kin(36), "an integer 36");
    check(BIGINT, kin(INT64_MIN), "an integer -9223372036854775808");
    check(INTEGER, kin_value_boolean(true), "an integer 1");
    check(INTEGER, kin_value_boolean(false), "an integer 0");
    check(INTEGER, kin(3.0), "an integer 3");
    check(INTEGER, kin(-9223372036854775808.0), "an integer -9223372036854775808");
    check(INTEGER, kin("12"), "an integer 12");
    check(INTEGER, kin("-12"), "an integer -12");
    check(INTEGER, kin("+0012"), "an integer 12");
    check(INTEGER, kin("12.00"), "an integer 12");
    check(INTEGER, kin("9223372036854775807"), "an integer 9223372036854775807");
    check(INTEGER, kin("-9223372036854775808"), "an integer -9223372036854775808");
    check(INTEGER, kin_value_decimal("12.0"), "an integer 12");
    check(INTEGER, kin(3.7), "3.7 is not an integer; give a whole number");
    check(BIGINT, kin("abc"), "'abc' is not an integer; give a whole number");
    check(INTEGER, kin(""), "'' is not an integer; give a whole number");
    check(INTEGER, kin(" 12"), "' 12' is not an integer; give a whole number");
    check(INTEGER, kin("12 "), "'12 ' is not an integer; give a whole number");
    check(INTEGER, kin("0x10"), "'0x10' is not an integer; give a whole number");
    check(INTEGER, kin("12.5"), "'12.5' is not an integer; give a whole number");
    check(INTEGER, kin("1e3"), "'1e3' is not an integer; give a whole number");
    check(INTEGER, kin_value_text("1\0", 2), "'1\\x00' is not an integer; give a whole number");
    check(INTEGER, kin((double)NAN), "nan is not an integer; give a whole number");
    check(INTEGER, kin(9223372036854775808.0), "9.223372036854776e+18 is too large for an integer; give one from "
                                                "-9223372036854775808 to 9223372036854775807");
    check(INTEGER, kin((double)-INFINITY), "-inf is too large for an integer; give one from "
                                           "-9223372036854775808 to 9223372036854775807");
    check(INTEGER, kin("9223372036854775808"), "'9223372036854775808' is too large for an integer; give one from "
                                               "-9223372036854775808 to 9223372036854775807");
    check(INTEGER, kin("-9223372036854775809"), "'-9223372036854775809' is too large for an integer; give one from "
                                                "-9223372036854775808 to 9223372036854775807");
    check(INTEGER, a_date, "a date is not an INTEGER; give a whole number");
}

TEST(booleans_take_the_four_words)
{
    check(BOOLEAN, kin_value_boolean(true), "a boolean true");
    check(BOOLEAN, kin(0), "a boolean false");
    check(BOOLEAN, kin(1), "a boolean true");
    check(BOOLEAN, kin("0"), "a boolean false");
    check(BOOLEAN, kin("1"), "a boolean true");
    check(BOOLEAN, kin("false"), "a boolean false");
    check(BOOLEAN, kin("true"), "a boolean true");
    check(BOOLEAN, kin(2), "2 is not a BOOLEAN; give true, false, 0 or 1");
    check(BOOLEAN, kin(-1), "-1 is not a BOOLEAN; give true, false, 0 or 1");
    check(BOOLEAN, kin("yes"), "'yes' is not a BOOLEAN; give true, false, 0 or 1");
    check(BOOLEAN, kin("TRUE"), "'TRUE' is not a BOOLEAN; give true, false, 0 or 1");
    check(BOOLEAN, kin(""), "'' is not a BOOLEAN; give true, false, 0 or 1");
    check(BOOLEAN, kin(1.0), "a real is not a BOOLEAN; give true, false, 0 or 1");
}

TEST(reals_take_numbers)
{
    check(REAL, kin(1.5), "a real 1.5");
    check(REAL, kin((double)INFINITY), "a real inf");
    check(REAL, kin(12), "a real 12");
    check(REAL, kin_value_boolean(true), "a real 1");
    check(REAL, kin(9007199254740992), "a real 9007199254740992");
    check(REAL, kin(INT64_MIN), "a real -9.223372036854776e+18");
    check(REAL, kin("-1.5e-3"), "a real -0.0015");
    check(REAL, kin("1E3"), "a real 1000");
    check(REAL, kin(".5"), "a real 0.5");
    check(REAL, kin("1e-999"), "a real 0");
    check(REAL, kin_value_decimal("0.1"), "a real 0.1");
    check(REAL, kin(9007199254740993), "9007199254740993 cannot be kept exactly in a REAL; "
                                       "give a double, or declare an INTEGER or a DECIMAL");
    check(REAL, kin(INT64_MAX), "9223372036854775807 cannot be kept exactly in a REAL; "
                                "give a double, or declare an INTEGER or a DECIMAL");
    check(REAL, kin("1e999"), "'1e999' is too large for a REAL; give a smaller number, or declare a DECIMAL");
    static const char *const wrong[] = { "", ".", "1e", "1e+", "e5", "1,5", "nan", "inf", "infinity", "0x1p3", " 1", "1 ", "1.5.2", "1f" };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_non_null(strstr(converted(KIN_TYPE_REAL, kin(wrong[i])), "' is not a number; give a number"));
}

TEST(decimals_take_well_formed_numbers)
{
    check(DECIMAL, kin_value_decimal("12.30"), "a decimal 12.30");
    check(DECIMAL, kin("12.30"), "a decimal 12.30");
    check(DECIMAL, kin(INT64_MIN), "a decimal -9223372036854775808");
    check(DECIMAL, kin(0.1), "a decimal 0.1");
    check(DECIMAL, kin(1e21), "a decimal 1000000000000000000000");
    check(DECIMAL, kin(-1.5e-7), "a decimal -0.00000015");
    check(DECIMAL, kin("12,30"), "'12,30' is not a DECIMAL; write digits, with one sign and one point at most, as in \"-12.30\"");
    check(DECIMAL, kin_value_decimal("1e5"), "'1e5' is not a DECIMAL; write digits, with one sign and one point at most, as in \"-12.30\"");
    check(DECIMAL, kin((double)NAN), "nan is not a DECIMAL; write digits, with one sign and one point at most, as in \"-12.30\"");
    check(DECIMAL, kin_value_boolean(true), "a boolean is not a DECIMAL; make it with kin_value_decimal(\"12.30\")");
}

TEST(dates_take_moments_and_their_text)
{
    check(DATE, a_date, "a date '1970-01-01 00:00:00'");
    check(DATE, kin("2026-11-22T14:30:00+02:00"), "a date '2026-11-22 12:30:00'");
    check(DATE, kin(5), "an integer is not a DATE; make it with kin_value_date(microseconds)");
    check(DATE, kin_value_dateonly(5), "a day is not a DATE; make it with kin_value_date(microseconds)");
    check(DATE, kin("tomorrow"), "'tomorrow' is not a DATE; write it as \"2026-11-22 14:30:00\", in UTC or with an offset, "
                                 "or make it with kin_value_date(microseconds)");
    check(DATE, kin_value_date(INT64_MAX), "(a date: 9223372036854775807) is not in the years 0001 to 9999; "
                                           "give microseconds since 1970-01-01 00:00:00 UTC");
    check(DATEONLY, kin_value_dateonly(1), "a day '1970-01-02'");
    check(DATEONLY, kin("2026-11-22"), "a day '2026-11-22'");
    check(DATEONLY, kin("2026-02-29"), "'2026-02-29' is not a DATEONLY; write it as \"2026-11-22\", or make it with kin_value_dateonly(days)");
    check(DATEONLY, kin_value_dateonly(INT32_MIN), "(a day: -2147483648) is not in the years 0001 to 9999; give days since 1970-01-01");
    check(DATEONLY, kin(5), "an integer is not a DATEONLY; make it with kin_value_dateonly(days)");
    check(TIME, kin_value_time(0), "a time '00:00:00'");
    check(TIME, kin("14:30"), "a time '14:30:00'");
    check(TIME, kin("25:00"), "'25:00' is not a TIME; write it as \"14:30:00\", or make it with kin_value_time(microseconds)");
    check(TIME, kin_value_time(-1), "(a time: -1) is not within a day; give microseconds since midnight, from 0 to 86399999999");
    check(TIME, kin_value_boolean(true), "a boolean is not a TIME; make it with kin_value_time(microseconds)");
}

TEST(uuids_and_blobs_take_their_own)
{
    check(UUID, kin_value_uuid((kin_uuid){ { 1 } }), "a UUID '01000000-0000-0000-0000-000000000000'");
    check(UUID, kin("01000000-0000-0000-0000-0000000000AB"), "a UUID '01000000-0000-0000-0000-0000000000ab'");
    check(UUID, kin("01"), "'01' is not a UUID; write its 36 characters, as in \"01234567-89ab-cdef-0123-456789abcdef\"");
    check(UUID, a_blob, "a blob is not a UUID; make it with kin_value_uuid(uuid), or give its 36 characters");
    check(BLOB, a_blob, "a blob x'62'");
    check(BLOB, kin_value_blob(NULL, 0), "a blob x''");
    check(BLOB, kin("b"), "a text is not a BLOB; make it with kin_value_blob(data, size)");
}

TEST(enums_take_labels_and_their_numbers)
{
    check(ENUM, kin("red"), "a text 'red'");
    check(ENUM, kin_value_text("bluebell", 4), "a text 'blue'");
    check(ENUM, kin(1), "a text 'red'");
    check(ENUM, kin(3), "a text 'blue'");
    check(ENUM, kin("gren"), "'gren' is not one of its labels; did you mean 'green'?");
    check(ENUM, kin("Red"), "'Red' is not one of its labels; did you mean 'red'?");
    check(ENUM, kin("yellowish"), "'yellowish' is not one of its labels; it has: red, green, blue");
    check(ENUM, kin(""), "'' is not one of its labels; it has: red, green, blue");
    check(ENUM, kin_value_text("red\0", 4), "'red\\x00' is not one of its labels; did you mean 'red'?");
    check(ENUM, kin(0), "0 is not one of its labels; it has: red, green, blue");
    check(ENUM, kin(4), "4 is not one of its labels; it has: red, green, blue");
    check(ENUM, kin(INT64_MIN), "-9223372036854775808 is not one of its labels; it has: red, green, blue");
    check(ENUM, kin(1.0), "a real is not a label of an ENUM; give one of its labels, or a label's number");
    struct attribute attribute = attribute_of(KIN_TYPE_ENUM);
    struct fault fault;
    kin_value in = kin("green"), out;
    fault_start(&fault);
    assert_true(value_convert(&attribute, &in, &out, &memory, &fault));
    assert_ptr_equal(out.as.text.data, colours[1]); /* the schema's own */
}

TEST(json_takes_well_formed_text)
{
    check(JSON, kin_value_json("{\"a\": 1}"), "a JSON text '{\"a\": 1}'");
    check(JSON, kin("[1, 2]"), "a JSON text '[1, 2]'");
    check(JSON, kin_value_json("{a: 1}"), "'{a: 1}' is not well-formed JSON (at byte 2 of 6); write it as RFC 8259 has it, a text in double quotes");
    check(JSON, kin("hello"), "'hello' is not well-formed JSON (at byte 1 of 5); write it as RFC 8259 has it, a text in double quotes");
    check(JSON, kin(1), "an integer is not JSON; make it with kin_value_json(text)");
}

TEST(any_takes_everything_that_is_one_value)
{
    check(ANY, kin(1), "an integer 1");
    check(ANY, kin_value_json("{"), "a JSON text '{'");
    check(ANY, a_blob, "a blob x'62'");
}

TEST(messages_name_an_attribute_without_a_model)
{
    struct attribute attribute = attribute_of(KIN_TYPE_INTEGER);
    struct fault fault;
    kin_value in = kin(3.7), out;
    attribute.model = NULL;
    fault_start(&fault);
    assert_false(value_convert(&attribute, &in, &out, &memory, &fault));
    assert_string_equal(fault.error.message, "value: 3.7 is not an integer; give a whole number");
}

TEST(messages_stay_short)
{
    static char text[100000];
    memset(text, 'x', sizeof text - 1);
    for (kin_type type = KIN_TYPE_INTEGER; type <= KIN_TYPE_ENUM; type++)
        assert_true(strlen(converted(type, kin(text))) < 400);
}

/* Without memory a value is refused with its type in the place of itself. */
TEST(refusing_needs_no_memory)
{
    struct attribute attribute = attribute_of(KIN_TYPE_INTEGER);
    struct fault fault;
    kin_value in = kin("abc"), out;
    failing_start(0);
    fault_start(&fault);
    assert_false(value_convert(&attribute, &in, &out, &memory, &fault));
    assert_string_equal(fault.error.message, "User.value: a text is not an integer; give a whole number");
    assert_int_equal(fault.error.status, KIN_MISUSE);
    assert_true(failing_state.failed);
    failing_stop();
}

TEST(converting_survives_each_failure)
{
    struct attribute attribute = attribute_of(KIN_TYPE_DECIMAL);
    for (size_t n = 0; failing_round(n); n++) {
        struct arena arena = { 0 };
        struct fault fault;
        kin_value in = kin(12), real = kin(1.5e300), out;
        fault_start(&fault);
        bool ok = true;
        for (int i = 0; i < 100 && ok; i++)
            ok = value_convert(&attribute, &in, &out, &arena, &fault) && value_convert(&attribute, &real, &out, &arena, &fault);
        assert_int_equal(fault.error.status, ok ? KIN_OK : KIN_NO_MEMORY);
        arena_free(&arena);
        failing_done(ok);
    }
}

/* ---- JSON ----------------------------------------------------------------------------------------------- */

static bool valid(const char *text)
{
    size_t wrong, size = strlen(text);
    char *copy = malloc(size + !size); /* so that a sanitizer sees the end */
    memcpy(copy, text, size);
    bool result = json_is_valid(copy, size, &wrong);
    assert_true(result ? wrong == size : wrong <= size);
    free(copy);
    return result;
}

TEST(json_is_told_from_other_texts)
{
    static const char *const right[] = {
        "null", "true", "false", "0", "-0", "12", "-1.5", "1e5", "1E+5", "1.25e-5", "\"\"", "\"a\"", "[]", "{}", " [ ] ", "[1]", "[1,2]",
        "[[],[[]],{}]", "{\"a\":1}", "{ \"a\" : [ { \"b\" : null } ] , \"\" : 2 }", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\\uD83D\"",
        "\"\xc3\xa4\"", "\t\r\n 1 \n", "{\"a\":1,\"a\":2}", "\"\x7f\"",
    };
    static const char *const wrong[] = {
        "", " ", "nul", "nulll", "True", "01", "-", "+1", ".5", "5.", "1e", "1e+", "1.e5", "0x1", "NaN", "Infinity", "'a'", "\"", "\"a",
        "\"\\\"", "\"\\x\"", "\"\\u12\"", "\"\\u123g\"", "\"\n\"", "\"\x1f\"", "\"\xff\"", "\"\xc3\"", "[", "]", "[1", "[1,", "[1,]", "[,1]",
        "[1 2]", "[}", "{", "}", "{]", "{1:2}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":1 \"b\":2}", "{,}", "{\"a\":1]", "[1}", "1 2", "[] []",
        "{a:1}", "// x\n1", "\xef\xbb\xbf[]", "\"\\", "[\"a\",\"b\":1]", "\"\\u",
    };
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++)
        if (!valid(right[i]))
            fail_msg("%s is not JSON", right[i]);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (valid(wrong[i]))
            fail_msg("%s is JSON", wrong[i]);
    size_t at;
    assert_false(json_is_valid("1\0", 2, &at));
    assert_false(json_is_valid("\"\\\0\"", 4, &at));
    assert_false(json_is_valid(NULL, 0, &at));
}

TEST(json_has_a_depth)
{
    char text[4 * JSON_DEPTH + 16];
    for (size_t depth = JSON_DEPTH - 1; depth <= JSON_DEPTH + 1; depth++) {
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        text[2 * depth] = '\0';
        assert_int_equal(valid(text), depth <= JSON_DEPTH);
    }
    /* Lists and objects in turn, so that every level's bit counts. */
    char *at = text;
    for (size_t i = 0; i < 100; i++)
        at += snprintf(at, 8, "%s", i % 3 ? "[" : "{\"\":");
    *at++ = '1';
    for (size_t i = 100; i-- > 0;)
        *at++ = i % 3 ? ']' : '}';
    *at = '\0';
    assert_true(valid(text));
    at[-50] = at[-50] == ']' ? '}' : ']';
    assert_false(valid(text));
}
