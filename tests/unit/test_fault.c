/*
 * The record of an error, and the parts of its message that quote a caller's text or list what it may have meant.
 */
#include "failing.h"
#include "test.h"

#include "base/fault.h"
#include "base/text.h"

static void assert_nothing_happened(const struct fault *fault)
{
    const kin_error *error = &fault->error;
    assert_int_equal(error->status, KIN_OK);
    assert_int_equal(error->constraint, KIN_NO_CONSTRAINT);
    assert_string_equal(error->message, "");
    assert_string_equal(error->model, "");
    assert_string_equal(error->attribute, "");
    assert_string_equal(error->constraint_name, "");
    assert_string_equal(error->table, "");
    assert_string_equal(error->sqlstate, "");
    assert_int_equal(error->columns.count, 0);
    assert_int_equal(error->native_code, 0);
    assert_null(error->sql);
    assert_false(fault_is_set(fault));
}

static void fill(struct fault *fault)
{
    fault_set(fault, KIN_CONSTRAINT, "User", "email", "User.%s: taken", "email");
    fault_constraint(fault, KIN_UNIQUE, "users_email_unique", "users");
    fault_column(fault, "email");
    fault_column(fault, "tenant");
    fault_column(fault, NULL);
    fault_native(fault, 2067, "23505");
    fault_sql(fault, "INSERT INTO users");
}

static void assert_filled(const struct fault *fault)
{
    const kin_error *error = &fault->error;
    assert_int_equal(error->status, KIN_CONSTRAINT);
    assert_int_equal(error->constraint, KIN_UNIQUE);
    assert_string_equal(error->message, "User.email: taken");
    assert_string_equal(error->model, "User");
    assert_string_equal(error->attribute, "email");
    assert_string_equal(error->constraint_name, "users_email_unique");
    assert_string_equal(error->table, "users");
    assert_string_equal(error->sqlstate, "23505");
    assert_int_equal(error->native_code, 2067);
    assert_int_equal(error->columns.count, 2);
    assert_string_equal(error->columns.at[0], "email");
    assert_string_equal(error->columns.at[1], "tenant");
    assert_string_equal(error->sql, "INSERT INTO users");
}

TEST(fault_records_and_forgets)
{
    failing_start(SIZE_MAX);
    struct fault fault;
    fault_start(&fault);
    assert_nothing_happened(&fault);
    fill(&fault);
    assert_true(fault_is_set(&fault));
    assert_filled(&fault);
    fault_clear(&fault);
    assert_nothing_happened(&fault);
    failing_stop();
}

TEST(fault_details_need_a_fault)
{
    struct fault fault;
    fault_start(&fault);
    fault_constraint(&fault, KIN_UNIQUE, "name", "table");
    fault_column(&fault, "column");
    fault_native(&fault, 1, "00000");
    fault_sql(&fault, "SELECT 1");
    fault_place(&fault, "User", "name");
    fault_message(&fault, "nothing");
    assert_nothing_happened(&fault);
}

TEST(fault_that_is_first_sticks)
{
    struct fault fault;
    fault_start(&fault);
    fill(&fault);
    assert_false(fault_set(&fault, KIN_DATABASE, "Task", "title", "another"));
    fault_constraint(&fault, KIN_CHECK, "other", "others");
    fault_column(&fault, "other");
    fault_native(&fault, 9, "99999");
    fault_sql(&fault, "ROLLBACK");
    assert_false(fault_no_memory(&fault));
    assert_filled(&fault);
    fault_clear(&fault);
    fault_set(&fault, KIN_DATABASE, NULL, NULL, "now it counts");
    fault_native(&fault, 9, NULL);
    assert_int_equal(fault.error.native_code, 9);
    assert_string_equal(fault.error.model, "");
    assert_string_equal(fault.error.sqlstate, "");
    fault_clear(&fault);
}

TEST(fault_is_placed_and_reworded)
{
    struct fault fault;
    fault_start(&fault);
    fill(&fault);
    fault_place(&fault, "Account", NULL);
    assert_string_equal(fault.error.model, "Account");
    assert_string_equal(fault.error.attribute, "email");
    fault_message(&fault, "%s; choose another", fault.error.message);
    assert_string_equal(fault.error.message, "User.email: taken; choose another");
    assert_int_equal(fault.error.native_code, 2067);
    fault_clear(&fault);
}

TEST(fault_cuts_what_does_not_fit)
{
    static char endless[10000];
    memset(endless, 'x', sizeof endless - 1);
    struct fault fault;
    fault_start(&fault);
    fault_set(&fault, KIN_MISUSE, endless, endless, "%s", endless);
    fault_constraint(&fault, KIN_CHECK, endless, endless);
    for (int i = 0; i < 2 * FAULT_COLUMNS; i++)
        fault_column(&fault, endless);
    fault_native(&fault, 1, endless);
    const kin_error *error = &fault.error;
    assert_in_range(strlen(error->message), 1500, 1600);
    assert_string_equal(error->message + strlen(error->message) - 4, "x...");
    assert_string_equal(error->model + strlen(error->model) - 4, "x...");
    assert_int_equal(error->columns.count, FAULT_COLUMNS);
    for (size_t i = 0; i < FAULT_COLUMNS; i++)
        assert_true(strlen(error->columns.at[i]) < 300);
    assert_true(fault.used <= FAULT_STORAGE);
    fault_clear(&fault);
}

TEST(fault_cuts_at_a_whole_character)
{
    for (size_t shift = 0; shift < 4; shift++) {
        char text[4000] = "";
        memset(text, 'x', shift);
        for (size_t i = shift; i + 4 < sizeof text; i += 4)
            memcpy(text + i, "\xf0\x9f\x98\x80", 5);
        struct fault fault;
        fault_start(&fault);
        fault_set(&fault, KIN_MISUSE, text, NULL, "%s", text);
        assert_true(text_is_utf8(fault.error.message, strlen(fault.error.message)));
        assert_true(text_is_utf8(fault.error.model, strlen(fault.error.model)));
        assert_in_range(strlen(fault.error.message), 1500, 1600);
        fault_clear(&fault);
    }
}

TEST(fault_needs_no_memory)
{
    failing_start(0);
    struct fault fault;
    fault_start(&fault);
    fault_no_memory(&fault);
    fault_sql(&fault, "SELECT 1");
    assert_int_equal(fault.error.status, KIN_NO_MEMORY);
    assert_string_equal(fault.error.message, "out of memory");
    assert_null(fault.error.sql);
    assert_true(failing_state.failed);
    fault_sql(&fault, "SELECT 2");
    assert_string_equal(fault.error.sql, "SELECT 2");
    fault_clear(&fault);
    failing_stop();
}

TEST(fault_copies_stand_alone)
{
    failing_start(SIZE_MAX);
    struct fault from, to;
    fault_start(&from);
    fault_start(&to);
    fill(&from);
    fault_set(&to, KIN_MISUSE, "Old", "old", "old");
    fault_sql(&to, "OLD");
    fault_copy(&to, &from);
    fault_copy(&to, &to);
    fault_clear(&from);
    memset(&from, 'x', sizeof from);
    assert_filled(&to);
    fault_start(&from);
    fault_copy(&to, &from);
    assert_nothing_happened(&to);
    failing_stop();
}

TEST(fault_without_a_handle_is_out_of_memory)
{
    const kin_error *error = fault_static_no_memory();
    assert_int_equal(error->status, KIN_NO_MEMORY);
    assert_true(strlen(error->message) > 0);
    assert_string_equal(error->model, "");
    assert_string_equal(error->table, "");
    assert_null(error->sql);
}

static void check_quote(const char *text, const char *expected)
{
    char out[80];
    assert_ptr_equal(fault_quote(text, out), out);
    assert_string_equal(out, expected);
}

TEST(quotes_are_fit_for_a_message)
{
    check_quote("title", "title");
    check_quote("", "");
    check_quote(NULL, "(null)");
    check_quote("a\nb\x7f\x1b[0m", "a?b??[0m");
    check_quote("\xff\xc3", "??");
    check_quote("\xc3\xa4", "\xc3\xa4");
    check_quote("123456789012345678901234567890123456789012345678901234567890",
                "123456789012345678901234567890123456789012345678901234567890");
    check_quote("1234567890123456789012345678901234567890123456789012345678901",
                "123456789012345678901234567890123456789012345678901234567890...");
    char wide[300] = "", out[80];
    for (size_t i = 0; i < 60; i++)
        memcpy(wide + 4 * i, "\xf0\x9f\x98\x80", 5);
    fault_quote(wide, out);
    assert_true(strlen(out) < sizeof out);
    assert_true(text_is_utf8(out, strlen(out)));
    assert_string_equal(out + strlen(out) - 3, "...");
}

static const char *candidates(const char *wrong, size_t count, const char *const *names)
{
    static char out[200];
    return fault_candidates(wrong, count, names, out, sizeof out);
}

TEST(candidates_are_the_near_names)
{
    static const char *const names[] = { "id", "title", "done", "ProjectId", "createdAt" };
    assert_string_equal(candidates("titel", 5, names), "did you mean 'title'?");
    assert_string_equal(candidates("TITLE", 5, names), "did you mean 'title'?");
    assert_string_equal(candidates("tite", 5, names), "did you mean 'title'?");
    assert_string_equal(candidates("projectid", 5, names), "did you mean 'ProjectId'?");
    assert_string_equal(candidates("created_at", 5, names), "did you mean 'createdAt'?");
    assert_string_equal(candidates("di", 5, names), "did you mean 'id'?");
    static const char *const alike[] = { "user", NULL, "users", "uses", "used", "other" };
    assert_string_equal(candidates("usr", 6, alike), "did you mean 'user'?");
    assert_string_equal(candidates("usex", 6, alike), "did you mean 'user', 'uses' or 'used'?");
}

TEST(candidates_are_all_names_where_none_is_near)
{
    static const char *const names[] = { "id", "title", NULL, "done" };
    assert_string_equal(candidates("something", 4, names), "it has: id, title, done");
    assert_string_equal(candidates("", 4, names), "it has: id, title, done");
    assert_string_equal(candidates(NULL, 4, names), "it has: id, title, done");
    assert_string_equal(candidates("x", 0, NULL), "");
    static const char *const many[] = { "aa", "bb", "cc", "dd", "ee", "ff", "gg", "hh", "ii", "jj", "kk", "ll", "mm" };
    assert_string_equal(candidates("zzz", 13, many), "it has: aa, bb, cc, dd, ee, ff, gg, hh, ii, jj, kk, ll, ...");
    assert_string_equal(candidates("zzz", 12, many), "it has: aa, bb, cc, dd, ee, ff, gg, hh, ii, jj, kk, ll");
    char longest[300];
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_string_equal(candidates(longest, 4, names), "it has: id, title, done");
}

TEST(candidates_keep_to_the_room_there_is)
{
    static const char *const names[] = { "alpha", "beta", "gamma" };
    for (size_t capacity = 1; capacity < 40; capacity++) {
        char *out = malloc(capacity); /* so that a sanitizer sees the end */
        assert_ptr_equal(fault_candidates("zzzz", 3, names, out, capacity), out);
        assert_true(strlen(out) < capacity);
        if (capacity >= 27)
            assert_string_equal(out, "it has: alpha, beta, gamma");
        else if (out[0] != '\0')
            assert_non_null(strstr(out, ", ..."));
        fault_candidates("alpah", 3, names, out, capacity);
        assert_true(strlen(out) < capacity);
        free(out);
    }
    assert_string_equal(fault_candidates("x", 3, names, NULL, 0), "");
}
