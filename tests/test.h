/*
 * How a test is written. A file of tests is
 *
 *     #include "test.h"
 *
 *     TEST(adding_keeps_order)
 *     {
 *         assert_int_equal(1 + 1, 2);
 *     }
 *
 * and nothing more: TEST registers itself, tests/test.c has main(). The assert macros are cmocka's; use them
 * in the test's own thread only.
 *
 * Every test runs in a process of its own, so a crash, a leak or a time-out is the failure of that one test,
 * and tests share nothing. A program of tests takes:
 *
 *     --list       the names, file.test
 *     --no-fork    everything in one process (for a debugger)
 *     TEXT ...     only the tests whose name contains one of the texts
 *
 * It prints TAP, and as its last line "N passed, N failed, N skipped".
 */
#ifndef TEST_H
#define TEST_H

#include <inttypes.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The path of tests/ in the source tree; the Makefile gives it. */
#ifndef TEST_DIRECTORY
#error "compile tests with -DTEST_DIRECTORY"
#endif

typedef struct test_case {
    const char *file;
    int line;
    const char *name;
    void (*run)(void **state);
    struct test_case *next;
} test_case;

/* Adds a test to the program; TEST calls it before main(). */
void test_register(test_case *test);

#define TEST(name)                                                                  \
    static void name##_test(void **test_state);                                     \
    __attribute__((constructor)) static void name##_register(void)                  \
    {                                                                               \
        static test_case test = { __FILE__, __LINE__, #name, name##_test, NULL };   \
        test_register(&test);                                                       \
    }                                                                               \
    static void name##_test(__attribute__((unused)) void **test_state)

/* Ends the test, neither passed nor failed. The reason is printed; where CI=true a skip fails the run. */
#undef skip
#define skip(reason) test_skip(reason, __FILE__, __LINE__)
void test_skip(const char *reason, const char *file, int line);

/* The database to test on: KIN_TEST_URL, or "sqlite::memory:". The text @TEMP@ in it becomes
 * test_temporary(), so that "sqlite:@TEMP@/kin.db" is a new file for every test. */
const char *test_url(void);

/* A directory of this test alone, made at the first call and removed after the test. */
const char *test_temporary(void);

/* Whether the full size is asked for (KIN_TEST_SIZE=long) rather than the everyday one. */
bool test_long(void);

/* The folder that holds Chinook_Sqlite.sql, from KIN_CHINOOK; skips the test where that is not set. */
const char *test_chinook(void);

#endif
