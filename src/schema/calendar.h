/* Dates and their text, proleptic Gregorian, UTC, years 0001 to 9999. */
#ifndef KIN_SCHEMA_CALENDAR_H
#define KIN_SCHEMA_CALENDAR_H

#include <kin.h>

enum { CALENDAR_TEXT = 48 }; /* bytes that any of the formats needs, NUL included */

int64_t calendar_days(int year, int month, int day); /* since 1970-01-01 */
/* Whether it lies within those years, or within a day. */
bool calendar_has_date(int64_t microseconds);
bool calendar_has_day(int64_t days);
bool calendar_has_time(int64_t microseconds);
/* "2026-11-22 14:30:00", with ".123456" when there is a fraction: sorts as text as it does as time. Return the length;
 * 0 when the value is outside of the years above. */
size_t calendar_format_date(int64_t microseconds, char *out);
size_t calendar_format_dateonly(int32_t days, char *out);      /* "2026-11-22" */
size_t calendar_format_time(int64_t microseconds, char *out); /* "14:30:00", with a fraction when there is one */
/* The same with 'T' and 'Z' in their places, for JSON. */
size_t calendar_format_iso(int64_t microseconds, char *out);
/* Read those back, and what other programs write: 'T' or ' ' between, a fraction of 1 to 9 digits, 'Z', " +00:00" or an offset, or
 * nothing (UTC), date alone for a date. False when the text is none, or no day of the calendar. */
bool calendar_parse_date(const char *text, size_t size, int64_t *microseconds);
bool calendar_parse_dateonly(const char *text, size_t size, int32_t *days);
bool calendar_parse_time(const char *text, size_t size, int64_t *microseconds);

#endif
