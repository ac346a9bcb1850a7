/* Dates and their text. Days are counted from 1970-01-01 in the proleptic Gregorian calendar; a day has 86,400 seconds,
 * leap seconds are not known. */
#include "schema/calendar.h"

#include <string.h>
#include <time.h>

#define CALENDAR_SECOND INT64_C(1000000)
#define CALENDAR_DAY (86400 * CALENDAR_SECOND)

/* 0001-01-01 and 9999-12-31 */
enum { CALENDAR_FIRST_DAY = -719162, CALENDAR_LAST_DAY = 2932896 };

/* ---- days ----------------------------------------------------------------------------------------------- */

static bool calendar_is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int calendar_month_length(int year, int month)
{
    static const unsigned char lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    return lengths[month - 1] + (month == 2 && calendar_is_leap(year));
}

static int64_t calendar_floor(int64_t number, int64_t divisor)
{
    return number / divisor - (number % divisor < 0);
}

/* Years are counted from March, so that a leap day is a year's last; months beyond the twelve run into other years. */
int64_t calendar_days(int year, int month, int day)
{
    int64_t months = (int64_t)month - 3;
    int64_t years = (int64_t)year + calendar_floor(months, 12);
    months -= calendar_floor(months, 12) * 12;
    int64_t leaps = calendar_floor(years, 4) - calendar_floor(years, 100) + calendar_floor(years, 400);
    return years * 365 + leaps + (153 * months + 2) / 5 + day - 1 - 719468;
}

/* The year, month and day of a day in the years of this calendar. */
static void calendar_split(int64_t days, int *year, int *month, int *day)
{
    days += 719468; /* since 0000-03-01, never negative here */
    int64_t era = days / 146097;
    int64_t of_era = days - era * 146097;
    int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t from_march = (5 * of_year + 2) / 153;
    *day = (int)(of_year - (153 * from_march + 2) / 5 + 1);
    *month = (int)(from_march < 10 ? from_march + 3 : from_march - 9);
    *year = (int)(era * 400 + year_of_era + (*month <= 2));
}

bool calendar_has_date(int64_t microseconds)
{
    return microseconds >= CALENDAR_FIRST_DAY * CALENDAR_DAY && microseconds < (CALENDAR_LAST_DAY + 1) * CALENDAR_DAY;
}

bool calendar_has_day(int64_t days)
{
    return days >= CALENDAR_FIRST_DAY && days <= CALENDAR_LAST_DAY;
}

bool calendar_has_time(int64_t microseconds)
{
    return microseconds >= 0 && microseconds < CALENDAR_DAY;
}

/* The sum of two numbers, at most as large as there is one. */
static int64_t calendar_add(int64_t one, int64_t other)
{
    int64_t sum;
    if (__builtin_add_overflow(one, other, &sum))
        return one < 0 ? INT64_MIN : INT64_MAX;
    return sum;
}

int64_t kin_date_from(int year, int month, int day, int hour, int minute, int second)
{
    int64_t days = calendar_days(year, month, day), date;
    if (__builtin_mul_overflow(days, CALENDAR_DAY, &date))
        date = days < 0 ? INT64_MIN : INT64_MAX;
    date = calendar_add(date, hour * (3600 * CALENDAR_SECOND));
    date = calendar_add(date, minute * (60 * CALENDAR_SECOND));
    return calendar_add(date, second * CALENDAR_SECOND);
}

int64_t kin_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * CALENDAR_SECOND + now.tv_nsec / 1000;
}

/* ---- writing -------------------------------------------------------------------------------------------- */

static char *calendar_put(char *out, int number, int digits)
{
    for (int i = digits; i > 0; i--) {
        out[i - 1] = (char)('0' + number % 10);
        number /= 10;
    }
    return out + digits;
}

static char *calendar_put_day(char *out, int64_t days)
{
    int year, month, day;
    calendar_split(days, &year, &month, &day);
    out = calendar_put(out, year, 4);
    *out++ = '-';
    out = calendar_put(out, month, 2);
    *out++ = '-';
    return calendar_put(out, day, 2);
}

static char *calendar_put_time(char *out, int64_t microseconds)
{
    int seconds = (int)(microseconds / CALENDAR_SECOND);
    out = calendar_put(out, seconds / 3600, 2);
    *out++ = ':';
    out = calendar_put(out, seconds / 60 % 60, 2);
    *out++ = ':';
    out = calendar_put(out, seconds % 60, 2);
    int fraction = (int)(microseconds % CALENDAR_SECOND);
    if (fraction == 0)
        return out;
    *out++ = '.';
    return calendar_put(out, fraction, 6);
}

static size_t calendar_write(int64_t microseconds, char separator, const char *end, char *out)
{
    out[0] = '\0';
    if (!calendar_has_date(microseconds))
        return 0;
    int64_t days = calendar_floor(microseconds, CALENDAR_DAY);
    char *at = calendar_put_day(out, days);
    *at++ = separator;
    at = calendar_put_time(at, microseconds - days * CALENDAR_DAY);
    memcpy(at, end, strlen(end) + 1);
    return (size_t)(at - out) + strlen(end);
}

size_t calendar_format_date(int64_t microseconds, char *out)
{
    return calendar_write(microseconds, ' ', "", out);
}

size_t calendar_format_iso(int64_t microseconds, char *out)
{
    return calendar_write(microseconds, 'T', "Z", out);
}

size_t calendar_format_dateonly(int32_t days, char *out)
{
    out[0] = '\0';
    if (!calendar_has_day(days))
        return 0;
    char *at = calendar_put_day(out, days);
    *at = '\0';
    return (size_t)(at - out);
}

size_t calendar_format_time(int64_t microseconds, char *out)
{
    out[0] = '\0';
    if (!calendar_has_time(microseconds))
        return 0;
    char *at = calendar_put_time(out, microseconds);
    *at = '\0';
    return (size_t)(at - out);
}

/* ---- reading -------------------------------------------------------------------------------------------- */

/* What is left of a text. */
struct calendar_reader {
    const char *at, *end;
};

static bool calendar_is_digit(const struct calendar_reader *reader)
{
    return reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9';
}

static bool calendar_take(struct calendar_reader *reader, char character)
{
    if (reader->at == reader->end || *reader->at != character)
        return false;
    reader->at++;
    return true;
}

/* Exactly so many digits, of a number from least to most. */
static bool calendar_number(struct calendar_reader *reader, int digits, int least, int most, int *number)
{
    *number = 0;
    for (int i = 0; i < digits; i++) {
        if (!calendar_is_digit(reader))
            return false;
        *number = *number * 10 + (*reader->at++ - '0');
    }
    return *number >= least && *number <= most;
}

static bool calendar_read_day(struct calendar_reader *reader, int64_t *days)
{
    int year, month, day;
    if (!calendar_number(reader, 4, 1, 9999, &year) || !calendar_take(reader, '-') ||
        !calendar_number(reader, 2, 1, 12, &month) || !calendar_take(reader, '-') || !calendar_number(reader, 2, 1, 31, &day))
        return false;
    *days = calendar_days(year, month, day);
    return day <= calendar_month_length(year, month);
}

/* 1 to 9 digits behind the point; those beyond the microseconds are dropped. */
static bool calendar_read_fraction(struct calendar_reader *reader, int64_t *microseconds)
{
    int count = 0;
    int64_t unit = CALENDAR_SECOND;
    for (; calendar_is_digit(reader); count++, reader->at++) {
        unit /= 10;
        *microseconds += (*reader->at - '0') * unit;
    }
    return count >= 1 && count <= 9;
}

static bool calendar_read_time(struct calendar_reader *reader, int64_t *microseconds)
{
    int hour, minute, second = 0;
    if (!calendar_number(reader, 2, 0, 23, &hour) || !calendar_take(reader, ':') || !calendar_number(reader, 2, 0, 59, &minute))
        return false;
    bool seconds = calendar_take(reader, ':');
    if (seconds && !calendar_number(reader, 2, 0, 59, &second))
        return false;
    *microseconds = (hour * 3600 + minute * 60 + second) * CALENDAR_SECOND;
    return !seconds || !calendar_take(reader, '.') || calendar_read_fraction(reader, microseconds);
}

/* How far a time is ahead of UTC: 'Z', "+00:00", "+0000", "+00", perhaps behind a blank; nothing is UTC. */
static bool calendar_read_zone(struct calendar_reader *reader, int64_t *ahead)
{
    *ahead = 0;
    if (reader->at == reader->end)
        return true;
    calendar_take(reader, ' ');
    if (calendar_take(reader, 'Z') || calendar_take(reader, 'z'))
        return true;
    bool west = calendar_take(reader, '-');
    int hours, minutes = 0;
    if ((!west && !calendar_take(reader, '+')) || !calendar_number(reader, 2, 0, 23, &hours))
        return false;
    bool colon = calendar_take(reader, ':');
    if ((colon || calendar_is_digit(reader)) && !calendar_number(reader, 2, 0, 59, &minutes))
        return false;
    *ahead = (hours * 60 + minutes) * 60 * CALENDAR_SECOND * (west ? -1 : 1);
    return true;
}

bool calendar_parse_date(const char *text, size_t size, int64_t *microseconds)
{
    struct calendar_reader reader = { text, text + size };
    int64_t days, time = 0, ahead = 0;
    if (!calendar_read_day(&reader, &days))
        return false;
    if (reader.at < reader.end) {
        if (!calendar_take(&reader, 'T') && !calendar_take(&reader, 't') && !calendar_take(&reader, ' '))
            return false;
        if (!calendar_read_time(&reader, &time) || !calendar_read_zone(&reader, &ahead))
            return false;
    }
    int64_t date = days * CALENDAR_DAY + time - ahead;
    if (reader.at < reader.end || !calendar_has_date(date))
        return false;
    *microseconds = date;
    return true;
}

bool calendar_parse_dateonly(const char *text, size_t size, int32_t *days)
{
    struct calendar_reader reader = { text, text + size };
    int64_t day;
    if (!calendar_read_day(&reader, &day) || reader.at < reader.end)
        return false;
    *days = (int32_t)day;
    return true;
}

bool calendar_parse_time(const char *text, size_t size, int64_t *microseconds)
{
    struct calendar_reader reader = { text, text + size };
    int64_t time;
    if (!calendar_read_time(&reader, &time) || reader.at < reader.end)
        return false;
    *microseconds = time;
    return true;
}

#undef CALENDAR_SECOND
#undef CALENDAR_DAY
