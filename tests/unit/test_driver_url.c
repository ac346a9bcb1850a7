/* URLs, and which driver they are for. */
#include "test_driver_support.h"

#include "driver/url.h"

enum { MODE, COUNT, OPTIONS };
static struct url_option options[OPTIONS];

static bool parse(const char *text, struct url *url)
{
    fault_start(&fault);
    options[MODE] = (struct url_option){ "mode", "old" };
    options[COUNT] = (struct url_option){ "count", NULL };
    return url_parse(text, url, options, OPTIONS, &fault);
}

static void refuses(const char *text, const char *why)
{
    struct url url;
    assert_false(parse(text, &url));
    assert_int_equal(fault.error.status, KIN_MISUSE);
    if (strstr(fault.error.message, why) == NULL)
        fail_msg("'%s' does not say '%s'", fault.error.message, why);
}

TEST(a_url_is_taken_apart)
{
    struct url url;
    must(parse("x:a/b c?mode=1%202&count=%41%6e", &url));
    assert_string_equal(url.rest, "a/b c");
    assert_string_equal(options[MODE].value, "1 2");
    assert_string_equal(options[COUNT].value, "An");
    url_free(&url);
    must(parse("x:", &url));
    assert_string_equal(url.rest, "");
    assert_null(options[MODE].value);
    url_free(&url);
    must(parse("x:a?", &url));
    assert_string_equal(url.rest, "a");
    url_free(&url);
    must(parse("x:a:b=c&d?mode=k=v", &url));
    assert_string_equal(url.rest, "a:b=c&d");
    assert_string_equal(options[MODE].value, "k=v");
    url_free(&url);
}

TEST(wrong_urls_say_what_is_wrong)
{
    refuses("nothing", "names no driver");
    refuses("", "names no driver");
    refuses("x:a?other=1", "unknown option 'other'; it takes mode, count");
    refuses("x:a?=1", "unknown option ''");
    refuses("x:a?mode=1&&count=2", "unknown option ''");
    refuses("x:a?mode", "option mode of the URL has no value");
    refuses("x:a?mode=", "option mode of the URL has no value");
    refuses("x:a?mode=1&mode=2", "mode twice");
    refuses("x:a?mode=%", "two hexadecimal digits");
    refuses("x:a?mode=%4", "two hexadecimal digits");
    refuses("x:a?mode=%zz", "two hexadecimal digits");
    refuses("x:a?mode=a%00b", "zero byte");
    refuses("x:a?MODE=1", "unknown option 'MODE'");
    refuses("x:a?\x01\x02=1", "unknown option '\?\?'");
}

TEST(escapes_are_decoded_in_place)
{
    char text[] = "%25a%2Fb%3f%c3%A4";
    must(url_decode(text, "the path", &fault));
    assert_string_equal(text, "%a/b?\xc3\xa4");
}

TEST(values_of_options_are_checked)
{
    static const char *const words[] = { "one", "two" };
    struct url_option option = { "o", NULL };
    bool on = true;
    int64_t number = 7;
    const char *word = NULL;
    fault_start(&fault);
    assert_true(url_switch(&option, &on, &fault) && on);
    assert_true(url_integer(&option, 0, 9, &number, &fault) && number == 7);
    assert_true(url_keyword(&option, words, 2, &word, &fault) && word == NULL);
    static const char *const off[] = { "off", "false", "0" }, *const is_on[] = { "on", "true", "1" };
    for (size_t i = 0; i < 3; i++) {
        option.value = off[i];
        assert_true(url_switch(&option, &on, &fault) && !on);
        option.value = is_on[i];
        assert_true(url_switch(&option, &on, &fault) && on);
    }
    option.value = "two";
    assert_true(url_keyword(&option, words, 2, &word, &fault) && word == words[1]);
    option.value = "-9";
    assert_true(url_integer(&option, -9, 9, &number, &fault) && number == -9);
    assert_false(url_integer(&option, -8, 9, &number, &fault));
    assert_non_null(strstr(failed_with(KIN_MISUSE)->message, "from -8 to 9"));
    static const char *const wrong[] = { "", "-", "1a", " 1", "1.5", "0x1", "99999999999999999999", "+1" };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        fault_clear(&fault);
        option.value = wrong[i];
        assert_false(url_integer(&option, INT64_MIN, INT64_MAX, &number, &fault));
        assert_int_equal(fault.error.status, KIN_MISUSE);
    }
    fault_clear(&fault);
    option.value = "wal; DROP TABLE t";
    assert_false(url_keyword(&option, words, 2, &word, &fault));
    assert_non_null(strstr(fault.error.message, "it takes one of one, two"));
    fault_clear(&fault);
    option.value = "yes please";
    assert_false(url_switch(&option, &on, &fault));
}

static void unknown(const char *url, const char *why)
{
    fault_start(&fault);
    assert_null(driver_for(url, &fault));
    if (strstr(failed_with(KIN_MISUSE)->message, why) == NULL)
        fail_msg("'%s' does not say '%s'", fault.error.message, why);
}

TEST(a_driver_is_found_by_its_url)
{
    fault_start(&fault);
    assert_ptr_equal(driver_for("mock:", &fault), &driver_mock);
    assert_ptr_equal(driver_for("mock:postgres", &fault)->dialect, &dialect_postgres);
    assert_ptr_equal(driver_for("mock:mariadb", &fault)->dialect, &dialect_mariadb);
    assert_ptr_equal(driver_for("mock:sqlite", &fault)->dialect, &dialect_sqlite);
    assert_ptr_equal(driver_for("failing:mock:", &fault), mock_failing(&driver_mock));
#ifdef KIN_HAVE_SQLITE
    assert_ptr_equal(driver_for("sqlite:a:b", &fault), &driver_sqlite);
    assert_ptr_equal(driver_for("sqlite3:a", &fault), &driver_sqlite);
#endif
    assert_false(fault_is_set(&fault));
}

TEST(a_url_of_no_driver_lists_the_drivers)
{
    unknown(NULL, "NULL");
    unknown("", "names no driver");
    unknown("app.db", "names no driver");
    unknown("oracle:x", "no driver 'oracle' in this build, which has: ");
    unknown("oracle:x", "mock");
    unknown("SQLITE:x", "no driver 'SQLITE'");
    unknown("sqlite :x", "no driver 'sqlite '");
    unknown(":x", "no driver ''");
    unknown("mock:oracle", "mock:postgres");
    unknown("failing:", "names no driver");
    unknown("failing:failing:mock:", "no driver 'failing'");
    unknown("secret-that-is-long-secret-that-is-long-secret-that-is-long-secret-that-is-long-secret:x", "...");
}

TEST(a_message_shows_no_password)
{
    unknown("oracle://user:secret@host", "oracle");
    assert_null(strstr(fault.error.message, "secret"));
}

TEST(drivers_can_be_listed)
{
    assert_true(driver_count() >= 1);
    assert_string_equal(driver_at(driver_count() - 1)->name, "mock");
    assert_null(driver_at(driver_count()));
    for (size_t i = 0; i < driver_count(); i++) {
        const struct driver *driver = driver_at(i);
        assert_true(driver->name && driver->dialect && driver->configure && driver->unconfigure && driver->database && driver->busy_timeout);
        assert_true(driver->open && driver->close && driver->usable && driver->in_transaction && driver->control && driver->control_text);
        assert_true(driver->cancel && driver->script && driver->prepare && driver->finalize && driver->parameter_count);
        assert_true(driver->column_count && driver->column_name && driver->start && driver->next && driver->run && driver->reset);
    }
}
