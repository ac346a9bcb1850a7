/*
 * Dates, days and times, and their text in both directions.
 */
#include "test.h"

#include "schema/calendar.h"

#include <time.h>

#define SECOND INT64_C(1000000)
#define DAY (86400 * SECOND)

static const char *date_text(int64_t date)
{
    static char out[CALENDAR_TEXT];
    size_t size = calendar_format_date(date, out);
    assert_int_equal(size, strlen(out));
    return out;
}

static const char *iso_text(int64_t date)
{
    static char out[CALENDAR_TEXT];
    size_t size = calendar_format_iso(date, out);
    assert_int_equal(size, strlen(out));
    return out;
}

static const char *day_text(int32_t days)
{
    static char out[CALENDAR_TEXT];
    size_t size = calendar_format_dateonly(days, out);
    assert_int_equal(size, strlen(out));
    return out;
}

static const char *time_text(int64_t time)
{
    static char out[CALENDAR_TEXT];
    size_t size = calendar_format_time(time, out);
    assert_int_equal(size, strlen(out));
    return out;
}

TEST(days_are_those_of_the_calendar)
{
    assert_int_equal(calendar_days(1970, 1, 1), 0);
    assert_int_equal(calendar_days(1969, 12, 31), -1);
    assert_int_equal(calendar_days(2000, 2, 29), 11016);
    assert_int_equal(calendar_days(2000, 3, 1), 11017);
    assert_int_equal(calendar_days(2026, 11, 22), 20779);
    assert_int_equal(calendar_days(1, 1, 1), -719162);
    assert_int_equal(calendar_days(9999, 12, 31), 2932896);
    assert_int_equal(calendar_days(0, 12, 31), -719163);
}

TEST(days_run_over_months_and_years)
{
    assert_int_equal(calendar_days(2026, 13, 1), calendar_days(2027, 1, 1));
    assert_int_equal(calendar_days(2026, 0, 1), calendar_days(2025, 12, 1));
    assert_int_equal(calendar_days(2026, -11, 1), calendar_days(2025, 1, 1));
    assert_int_equal(calendar_days(2026, 3, 0), calendar_days(2026, 2, 28));
}

/* Every day of every year, counted one by one. */
TEST(days_follow_one_another)
{
    static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int32_t day = -719162;
    for (int year = 1; year <= 9999; year++) {
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        for (int month = 1; month <= 12; month++) {
            int length = lengths[month - 1] + (leap && month == 2);
            for (int i = 1; i <= length; i++, day++) {
                if (i > 1 && i < length && !test_long())
                    continue;
                char expected[32];
                snprintf(expected, sizeof expected, "%04d-%02d-%02d", year, month, i);
                int32_t parsed;
                if (calendar_days(year, month, i) != day || strcmp(day_text(day), expected) != 0 ||
                    !calendar_parse_dateonly(expected, 10, &parsed) || parsed != day)
                    fail_msg("%s is not day %d", expected, (int)day);
            }
            char beyond[32];
            snprintf(beyond, sizeof beyond, "%04d-%02d-%02d", year, month, length + 1);
            int32_t none;
            if (calendar_parse_dateonly(beyond, 10, &none))
                fail_msg("%s is a day", beyond);
        }
    }
    assert_int_equal(day, 2932897);
}

TEST(dates_are_made_of_their_parts)
{
    assert_int_equal(kin_date_from(1970, 1, 1, 0, 0, 0), 0);
    assert_int_equal(kin_date_from(2026, 11, 22, 14, 30, 0), INT64_C(1795357800) * SECOND);
    assert_int_equal(kin_date_from(1969, 12, 31, 23, 59, 59), -SECOND);
    assert_int_equal(kin_date_from(2026, 11, 22, 24, 0, 0), kin_date_from(2026, 11, 23, 0, 0, 0));
    assert_int_equal(kin_date_from(2026, 11, 22, 0, -1, 60), kin_date_from(2026, 11, 22, 0, 0, 0));
    assert_true(kin_date_from(INT_MAX, INT_MAX, INT_MAX, INT_MAX, INT_MAX, INT_MAX) == INT64_MAX);
    assert_true(kin_date_from(INT_MIN, INT_MIN, INT_MIN, INT_MIN, INT_MIN, INT_MIN) == INT64_MIN);
}

TEST(now_is_the_clocks)
{
    int64_t before = (int64_t)time(NULL) * SECOND, now = kin_now(), after = ((int64_t)time(NULL) + 1) * SECOND;
    assert_true(before <= now && now <= after);
}

TEST(dates_are_written)
{
    int64_t date = kin_date_from(2026, 11, 22, 14, 30, 5);
    assert_string_equal(date_text(date), "2026-11-22 14:30:05");
    assert_string_equal(date_text(date + 120), "2026-11-22 14:30:05.000120");
    assert_string_equal(iso_text(date), "2026-11-22T14:30:05Z");
    assert_string_equal(iso_text(date + 999999), "2026-11-22T14:30:05.999999Z");
    assert_string_equal(date_text(-1), "1969-12-31 23:59:59.999999");
    assert_string_equal(date_text(kin_date_from(1, 1, 1, 0, 0, 0)), "0001-01-01 00:00:00");
    assert_string_equal(date_text(kin_date_from(10000, 1, 1, 0, 0, 0) - 1), "9999-12-31 23:59:59.999999");
    assert_string_equal(time_text(0), "00:00:00");
    assert_string_equal(time_text(DAY - 1), "23:59:59.999999");
}

TEST(what_is_outside_of_the_calendar_is_not_written)
{
    assert_string_equal(date_text(kin_date_from(1, 1, 1, 0, 0, 0) - 1), "");
    assert_string_equal(date_text(kin_date_from(10000, 1, 1, 0, 0, 0)), "");
    assert_string_equal(iso_text(INT64_MAX), "");
    assert_string_equal(iso_text(INT64_MIN), "");
    assert_string_equal(day_text(INT32_MAX), "");
    assert_string_equal(day_text(INT32_MIN), "");
    assert_string_equal(day_text(-719163), "");
    assert_string_equal(day_text(2932897), "");
    assert_string_equal(time_text(-1), "");
    assert_string_equal(time_text(DAY), "");
    assert_string_equal(time_text(INT64_MIN), "");
}

static void check_date(const char *text, const char *iso)
{
    int64_t date;
    if (!calendar_parse_date(text, strlen(text), &date))
        fail_msg("'%s' is no date", text);
    assert_string_equal(iso_text(date), iso);
}

TEST(dates_are_read)
{
    check_date("2026-11-22", "2026-11-22T00:00:00Z");
    check_date("2026-11-22 14:30", "2026-11-22T14:30:00Z");
    check_date("2026-11-22 14:30:05", "2026-11-22T14:30:05Z");
    check_date("2026-11-22T14:30:05Z", "2026-11-22T14:30:05Z");
    check_date("2026-11-22t14:30:05z", "2026-11-22T14:30:05Z");
    check_date("2026-11-22 14:30:05.1", "2026-11-22T14:30:05.100000Z");
    check_date("2026-11-22 14:30:05.000001", "2026-11-22T14:30:05.000001Z");
    check_date("2026-11-22 14:30:05.123456789", "2026-11-22T14:30:05.123456Z");
    check_date("1969-12-31 23:59:59.9999999", "1969-12-31T23:59:59.999999Z");
    check_date("2026-11-22 14:30:05.123+00", "2026-11-22T14:30:05.123000Z");
    check_date("2026-11-22 14:30:05.123 +00:00", "2026-11-22T14:30:05.123000Z");
    check_date("2026-11-22T14:30:05+02:00", "2026-11-22T12:30:05Z");
    check_date("2026-11-22T14:30:05-0930", "2026-11-23T00:00:05Z");
    check_date("2026-11-22T14:30-01", "2026-11-22T15:30:00Z");
    check_date("2024-02-29", "2024-02-29T00:00:00Z");
}

TEST(what_is_no_date_is_not_read)
{
    static const char *const wrong[] = {
        "", "2026", "2026-11", "2026-1-22", "2026-11-2", "26-11-22", "2026/11/22", "2026-11-22x", "2026-11-22 ", "2026-11-22T",
        "2026-13-01", "2026-00-01", "2026-01-00", "2026-01-32", "2026-02-29", "2100-02-29", "2026-04-31", "0000-01-01",
        "2026-11-22 24:00:00", "2026-11-22 14:60", "2026-11-22 14:30:60", "2026-11-22 14", "2026-11-22 14:3", "2026-11-22 14:30:",
        "2026-11-22 14:30:05.", "2026-11-22 14:30:05.1234567890", "2026-11-22  14:30", "2026-11-22 14:30.5", "2026-11-22 14:30 ",
        "2026-11-22 14:30+", "2026-11-22 14:30+1", "2026-11-22 14:30+24", "2026-11-22 14:30+01:", "2026-11-22 14:30+01:60",
        "2026-11-22 14:30+01:5", "2026-11-22 14:30ZZ", "2026-11-22Z", " 2026-11-22", "-2026-11-22", "10000-01-01", "tomorrow",
        "0001-01-01 00:00+00:01", "9999-12-31 23:59-00:01",
    };
    int64_t date = 7;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (calendar_parse_date(wrong[i], strlen(wrong[i]), &date))
            fail_msg("'%s' is a date", wrong[i]);
    assert_int_equal(date, 7);
    assert_false(calendar_parse_date("2026-11-22\0", 11, &date));
}

TEST(reading_keeps_to_the_size)
{
    int64_t date;
    char *text = malloc(19);
    memcpy(text, "2026-11-22 14:30:05", 19);
    for (size_t size = 0; size <= 19; size++) {
        char *part = malloc(size + !size); /* so that a sanitizer sees the end */
        memcpy(part, text, size);
        assert_int_equal(calendar_parse_date(part, size, &date), size == 10 || size == 16 || size == 19);
        free(part);
    }
    free(text);
}

TEST(times_and_days_are_read)
{
    int64_t time;
    assert_true(calendar_parse_time("14:30:05.25", 11, &time));
    assert_int_equal(time, ((14 * 60 + 30) * 60 + 5) * SECOND + 250000);
    assert_true(calendar_parse_time("00:00", 5, &time));
    assert_int_equal(time, 0);
    static const char *const wrong[] = { "", "1:00", "24:00", "12:00Z", "12:00 ", "12", "-01:00", "12:00:00.", "2026-11-22 12:00" };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(calendar_parse_time(wrong[i], strlen(wrong[i]), &time));
    int32_t days;
    assert_true(calendar_parse_dateonly("1970-01-02", 10, &days));
    assert_int_equal(days, 1);
    assert_false(calendar_parse_dateonly("1970-01-02 00:00:00", 19, &days));
    assert_false(calendar_parse_dateonly("1970-01-0", 9, &days));
}

TEST(what_is_written_is_read_back)
{
    uint64_t random = 3;
    int64_t least = kin_date_from(1, 1, 1, 0, 0, 0), most = kin_date_from(10000, 1, 1, 0, 0, 0), earlier = least;
    char text[CALENDAR_TEXT], before[CALENDAR_TEXT] = "";
    for (int i = 0; i < 100000; i++) {
        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        int64_t date = least + (int64_t)((random >> 2) % (uint64_t)(most - least)), back = 0;
        if (random & 4)
            date -= date % SECOND;
        size_t size = calendar_format_date(date, text);
        assert_true(size != 0 && calendar_parse_date(text, size, &back));
        assert_true(back == date);
        assert_int_equal(strcmp(before, text) < 0, earlier < date || i == 0);
        memcpy(before, text, sizeof text);
        earlier = date;
        size = calendar_format_iso(date, text);
        assert_true(size != 0 && calendar_parse_date(text, size, &back));
        assert_true(back == date);
        int64_t time = (int64_t)((random >> 2) % (uint64_t)DAY);
        size = calendar_format_time(time, text);
        assert_true(size != 0 && calendar_parse_time(text, size, &back));
        assert_true(back == time);
    }
}
