/* For the tests of drivers: a connection that is open, and calls that fail the test when they fail. */
#ifndef TEST_DRIVER_SUPPORT_H
#define TEST_DRIVER_SUPPORT_H

#include "test.h"

#include <kin.h>

#include "base/fault.h"
#include "base/memory.h"
#include "driver/driver.h"
#include "driver/mock.h"

static struct fault fault;

struct opened {
    const struct driver *driver;
    struct driver_config *config;
    struct driver_connection *connection;
};

__attribute__((unused)) static void must(bool good)
{
    if (!good)
        fail_msg("%s", fault.error.message);
}

/* The fault that is set, and forgets it at the next call. */
__attribute__((unused)) static const kin_error *failed_with(kin_status status)
{
    if (fault.error.status != status)
        fail_msg("status %d where %d was expected: %s", (int)fault.error.status, (int)status, fault.error.message);
    return &fault.error;
}

__attribute__((unused)) static struct opened open_url(const char *url)
{
    struct opened opened = { 0 };
    fault_start(&fault);
    opened.driver = driver_for(url, &fault);
    must(opened.driver != NULL);
    must(opened.driver->configure(url, &opened.config, &fault));
    must(opened.driver->open(opened.config, &opened.connection, &fault));
    return opened;
}

__attribute__((unused)) static struct driver_connection *open_second(const struct opened *opened)
{
    struct driver_connection *connection;
    must(opened->driver->open(opened->config, &connection, &fault));
    return connection;
}

__attribute__((unused)) static void close_url(struct opened *opened)
{
    opened->driver->close(opened->connection);
    opened->driver->unconfigure(opened->config);
    fault_clear(&fault);
}

__attribute__((unused)) static bool run_on(const struct driver *driver, struct driver_connection *connection, const char *sql)
{
    fault_clear(&fault);
    return driver->script(connection, sql, &fault);
}

__attribute__((unused)) static bool control_on(const struct driver *driver, struct driver_connection *connection, enum driver_control control,
                                               unsigned level)
{
    fault_clear(&fault);
    return driver->control(connection, control, level, &fault);
}

__attribute__((unused)) static struct driver_statement *prepare_on(const struct opened *opened, const char *sql)
{
    struct driver_statement *statement;
    fault_clear(&fault);
    must(opened->driver->prepare(opened->connection, sql, strlen(sql), &statement, &fault));
    return statement;
}

/* The first cell of the first row as an integer; -1 and the fault when that failed. */
__attribute__((unused)) static int64_t number_on(const struct driver *driver, struct driver_connection *connection, const char *sql)
{
    struct driver_statement *statement;
    kin_value cell = { 0 };
    fault_clear(&fault);
    if (!driver->prepare(connection, sql, strlen(sql), &statement, &fault))
        return -1;
    bool good = driver->start(statement, NULL, 0, &fault) &&
                driver->next(statement, (const kin_type[]){ KIN_TYPE_INTEGER }, &cell, 1, &fault) == DRIVER_ROW;
    driver->reset(statement);
    driver->finalize(statement);
    return good ? cell.as.integer : -1;
}

#endif
