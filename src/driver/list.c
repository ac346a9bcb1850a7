/* The drivers of this build, and which of them a URL is for. */
#include "driver/driver.h"

#include <string.h>

#include "base/text.h"
#include "driver/mock.h"

static const struct driver *const driver_list[] = {
#ifdef KIN_HAVE_SQLITE
    &driver_sqlite,
#endif
#ifdef KIN_HAVE_POSTGRES
    &driver_postgres,
#endif
#ifdef KIN_HAVE_MARIADB
    &driver_mariadb,
#endif
    &driver_mock,
};

/* Other names that URLs of these databases go by. */
static const struct {
    const char *name, *driver;
} driver_aliases[] = { { "sqlite3", "sqlite" }, { "postgresql", "postgres" }, { "mysql", "mariadb" } };

size_t driver_count(void) { return sizeof driver_list / sizeof driver_list[0]; }
const struct driver *driver_at(size_t index) { return index < driver_count() ? driver_list[index] : NULL; }

static bool driver_name_is(const char *name, const char *text, size_t length) { return strlen(name) == length && memcmp(name, text, length) == 0; }

static const struct driver *driver_named(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof driver_aliases / sizeof driver_aliases[0]; i++)
        if (driver_name_is(driver_aliases[i].name, name, length))
            return driver_named(driver_aliases[i].driver, strlen(driver_aliases[i].driver));
    for (size_t i = 0; i < driver_count(); i++)
        if (driver_name_is(driver_list[i]->name, name, length))
            return driver_list[i];
    return NULL;
}

/* Only the name is shown: the rest may hold a password. */
static const struct driver *driver_unknown(const char *name, size_t length, struct fault *fault)
{
    char start[80], quoted[80];
    struct text known = { 0 };
    length = length < sizeof start - 1 ? length : sizeof start - 1;
    memcpy(start, name, length);
    start[length] = '\0';
    for (size_t i = 0; i < driver_count(); i++) {
        text_add(&known, i == 0 ? "" : ", ");
        text_add(&known, driver_list[i]->name);
    }
    if (!text_ok(&known))
        fault_no_memory(fault);
    else
        fault_set(fault, KIN_MISUSE, NULL, NULL, "no driver '%s' in this build, which has: %s; a URL begins with one, as sqlite:app.db does",
                  fault_quote(start, quoted), text_string(&known));
    text_free(&known);
    return NULL;
}

static const struct driver *driver_plain(const char *url, struct fault *fault)
{
    const char *colon = strchr(url, ':');
    if (colon == NULL) {
        fault_set(fault, KIN_MISUSE, NULL, NULL, "the URL names no driver: it begins with one and a colon, as sqlite:app.db does");
        return NULL;
    }
    size_t length = (size_t)(colon - url);
    const struct driver *driver = driver_named(url, length);
    if (driver == NULL)
        return driver_unknown(url, length, fault);
    if (driver == &driver_mock) {
        driver = mock_named(colon + 1);
        if (driver == NULL)
            fault_set(fault, KIN_MISUSE, NULL, NULL, "the mock driver's URL is one of mock:, mock:sqlite, mock:postgres and mock:mariadb");
    }
    return driver;
}

const struct driver *driver_for(const char *url, struct fault *fault)
{
    static const char failing[] = "failing:";
    if (url == NULL) {
        fault_set(fault, KIN_MISUSE, NULL, NULL, "there is no URL: it is NULL");
        return NULL;
    }
    bool wrapped = strncmp(url, failing, sizeof failing - 1) == 0;
    const struct driver *driver = driver_plain(wrapped ? url + sizeof failing - 1 : url, fault);
    if (driver == NULL || !wrapped)
        return driver;
    driver = mock_failing(driver);
    if (driver == NULL)
        fault_set(fault, KIN_MISUSE, NULL, NULL, "too many drivers are wrapped by failing: already");
    return driver;
}
