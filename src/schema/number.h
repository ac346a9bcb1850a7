/* Numbers and their text, the same in every locale. */
#ifndef KIN_SCHEMA_NUMBER_H
#define KIN_SCHEMA_NUMBER_H

#include <kin.h>

enum number_reading {
    NUMBER_NONE,      /* no number */
    NUMBER_READ,
    NUMBER_FRACTION,  /* a number, but not a whole one */
    NUMBER_TOO_LARGE
};

enum {
    NUMBER_REAL_TEXT = 32,    /* bytes of value_format_real, and */
    NUMBER_DECIMAL_TEXT = 400, /* of number_format_decimal */
    NUMBER_LONGEST = 512      /* a text of more bytes is not read as a real */
};

/* Digits with one sign before them; a point and zeros behind them change nothing. */
enum number_reading number_parse_integer(const char *text, size_t size, int64_t *out);
/* The same with any fraction and an exponent; never infinite, never a NaN. */
enum number_reading number_parse_real(const char *text, size_t size, double *out);
/* The whole number that a real is. */
enum number_reading number_of_real(double real, int64_t *out);
/* The real that a whole number is; false when a real cannot tell it from its neighbours. */
bool number_to_real(int64_t integer, double *out);
/* A finite real as plain digits without an exponent. Returns the length. */
size_t number_format_decimal(double real, char *out);

#endif
