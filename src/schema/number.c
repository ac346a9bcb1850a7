/* Numbers and their text. The C library's conversions write and read the locale's decimal point; everything that goes through
 * them here has its point exchanged, so that a program's locale never reaches a database. */
#include "schema/number.h"

#include "schema/value.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 2 to the 63rd: the first real beyond every int64_t */
#define NUMBER_BEYOND 9223372036854775808.0

static bool number_is_digit(char character)
{
    return character >= '0' && character <= '9';
}

static size_t number_skip_digits(const char *text, size_t size, size_t at)
{
    while (at < size && number_is_digit(text[at]))
        at++;
    return at;
}

/* The end of sign, digits, point and digits at a text's beginning; 0 when there is no digit. *point: where the point is or, without
 * one, the end. */
static size_t number_skip_decimal(const char *text, size_t size, size_t *point)
{
    size_t start = size > 0 && (text[0] == '+' || text[0] == '-');
    size_t end = number_skip_digits(text, size, start);
    size_t digits = end - start;
    *point = end;
    if (end < size && text[end] == '.') {
        size_t fraction = end + 1;
        end = number_skip_digits(text, size, fraction);
        digits += end - fraction;
    }
    return digits > 0 ? end : 0;
}

bool value_is_decimal(const char *text, size_t size)
{
    size_t point;
    return size > 0 && number_skip_decimal(text, size, &point) == size;
}

enum number_reading number_parse_integer(const char *text, size_t size, int64_t *out)
{
    size_t point;
    if (size == 0 || number_skip_decimal(text, size, &point) != size)
        return NUMBER_NONE;
    for (size_t i = point + 1; i < size; i++)
        if (text[i] != '0')
            return NUMBER_FRACTION;
    /* Counted downwards: there is one negative number more. */
    bool negative = text[0] == '-';
    int64_t number = 0;
    for (size_t i = negative || text[0] == '+'; i < point; i++)
        if (__builtin_mul_overflow(number, 10, &number) || __builtin_sub_overflow(number, text[i] - '0', &number))
            return NUMBER_TOO_LARGE;
    if (!negative && number == INT64_MIN)
        return NUMBER_TOO_LARGE;
    *out = negative ? number : -number;
    return NUMBER_READ;
}

/* The locale's decimal point, of up to 4 bytes. localeconv() is not for threads; this is. */
static const char *number_point(char *room, size_t capacity)
{
    int length = snprintf(room, capacity, "%.1f", 1.5);
    if (length < 3 || (size_t)length >= capacity)
        return ".";
    room[length - 1] = '\0';
    return room + 1;
}

enum number_reading number_parse_real(const char *text, size_t size, double *out)
{
    size_t point, end;
    if (size == 0 || size > NUMBER_LONGEST || (end = number_skip_decimal(text, size, &point)) == 0)
        return NUMBER_NONE;
    if (end < size && (text[end] == 'e' || text[end] == 'E')) {
        size_t digits = end + 1 + (end + 1 < size && (text[end + 1] == '+' || text[end + 1] == '-'));
        end = number_skip_digits(text, size, digits);
        if (end == digits)
            return NUMBER_NONE;
    }
    if (end != size)
        return NUMBER_NONE;
    char copy[NUMBER_LONGEST + 16], room[16];
    size_t used = size;
    memcpy(copy, text, size);
    if (point < size && text[point] == '.') {
        const char *local = number_point(room, sizeof room);
        size_t width = strlen(local);
        memcpy(copy + point, local, width);
        memcpy(copy + point + width, text + point + 1, size - point - 1);
        used = size - 1 + width;
    }
    copy[used] = '\0';
    double real = strtod(copy, NULL);
    if (isinf(real))
        return NUMBER_TOO_LARGE;
    *out = real;
    return NUMBER_READ;
}

enum number_reading number_of_real(double real, int64_t *out)
{
    if (isnan(real))
        return NUMBER_NONE;
    if (real < -NUMBER_BEYOND || real >= NUMBER_BEYOND)
        return NUMBER_TOO_LARGE;
    int64_t integer = (int64_t)real;
    if ((double)integer != real)
        return NUMBER_FRACTION;
    *out = integer;
    return NUMBER_READ;
}

bool number_to_real(int64_t integer, double *out)
{
    double real = (double)integer;
    /* Of the numbers beyond 2 to the 53rd a real has some; the largest int64_t is rounded up out of the range. */
    if (real >= NUMBER_BEYOND || (int64_t)real != integer)
        return false;
    *out = real;
    return true;
}

/* Puts '.' where the locale's point is: the one thing in the text that is no digit, sign or exponent. */
static size_t number_exchange_point(char *text, char *out)
{
    size_t length = 0;
    for (const char *at = text; *at != '\0'; at++) {
        bool own = number_is_digit(*at) || *at == '-' || *at == '+' || *at == 'e';
        if (own)
            out[length++] = *at;
        else if (length == 0 || out[length - 1] != '.')
            out[length++] = '.';
    }
    out[length] = '\0';
    return length;
}

static size_t number_format_short(int64_t integer, char *out)
{
    char digits[24];
    size_t at = sizeof digits;
    int64_t rest = integer < 0 ? -integer : integer;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (integer < 0)
        digits[--at] = '-';
    memcpy(out, digits + at, sizeof digits - at);
    out[sizeof digits - at] = '\0';
    return sizeof digits - at;
}

size_t value_format_real(double real, char *out)
{
    int64_t integer;
    if (!isfinite(real)) {
        const char *name = isnan(real) ? "nan" : real < 0 ? "-inf" : "inf";
        memcpy(out, name, strlen(name) + 1);
        return strlen(name);
    }
    if (fabs(real) < 1e15 && number_of_real(real, &integer) == NUMBER_READ && (integer != 0 || !signbit(real)))
        return number_format_short(integer, out);
    /* Whatever has 15 digits or fewer is found at 15, zeros being dropped; but the smallest reals have fewer to begin with. */
    char text[48];
    for (int precision = fabs(real) < DBL_MIN ? 1 : 15; precision <= 17; precision++) {
        snprintf(text, sizeof text, "%.*g", precision, real);
        if (strtod(text, NULL) == real)
            break;
    }
    return number_exchange_point(text, out);
}

/* Zeros and digits around a point that stands `shift` digits into them (before them when it is negative). */
static size_t number_spread(const char *digits, int count, int shift, char *out)
{
    size_t at = 0;
    if (shift <= 0) {
        out[at++] = '0';
        out[at++] = '.';
    }
    for (int i = shift; i < 0; i++)
        out[at++] = '0';
    for (int i = 0; i < count || i < shift; i++) {
        if (i > 0 && i == shift)
            out[at++] = '.';
        out[at++] = i < count ? digits[i] : '0';
    }
    out[at] = '\0';
    return at;
}

size_t number_format_decimal(double real, char *out)
{
    char text[NUMBER_REAL_TEXT], digits[NUMBER_REAL_TEXT];
    size_t length = value_format_real(real, text);
    const char *exponent = memchr(text, 'e', length);
    if (exponent == NULL) {
        memcpy(out, text, length + 1);
        return length;
    }
    int count = 0;
    for (const char *from = text; from < exponent; from++)
        if (number_is_digit(*from))
            digits[count++] = *from;
    size_t sign = text[0] == '-';
    out[0] = '-';
    return sign + number_spread(digits, count, atoi(exponent + 1) + 1, out + sign);
}

#undef NUMBER_BEYOND
