/*
 * The failing wrapper: any driver's table, with a count before each call that can fail. Handles are pairs of the inner driver and its own
 * handle. A table has no context of its own, so each wrapped driver has a place with a configure that knows its number.
 */
#include "driver/mock.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "base/memory.h"

enum { FAILING_PLACES = 8 };

struct failing_config {
    const struct driver *inner;
    struct driver_config *config;
};

struct failing_connection {
    const struct driver *inner;
    struct driver_connection *connection;
};

struct failing_statement {
    const struct driver *inner;
    struct driver_statement *statement;
};

static pthread_mutex_t failing_lock = PTHREAD_MUTEX_INITIALIZER;
static const struct driver *failing_inner[FAILING_PLACES];
static struct driver failing_drivers[FAILING_PLACES];

static atomic_uint_fast64_t failing_count, failing_target;
static atomic_bool failing_for_ever;

static struct failing_config *failing_config_of(const struct driver_config *config) { return (struct failing_config *)config; }
static struct failing_connection *failing_connection_of(struct driver_connection *connection) { return (struct failing_connection *)connection; }
static struct failing_statement *failing_statement_of(const struct driver_statement *statement) { return (struct failing_statement *)statement; }

void mock_fail_at(uint64_t call, bool for_ever)
{
    atomic_store(&failing_target, 0);
    atomic_store(&failing_count, 0);
    atomic_store(&failing_for_ever, for_ever);
    atomic_store(&failing_target, call);
}

uint64_t mock_calls(void) { return atomic_load(&failing_count); }

/* Whether this call is let through. */
static bool failing_pass(struct fault *fault)
{
    uint64_t number = atomic_fetch_add(&failing_count, 1) + 1, target = atomic_load(&failing_target);
    if (target == 0 || number < target || (number > target && !atomic_load(&failing_for_ever)))
        return true;
    return fault_set(fault, KIN_DATABASE, NULL, NULL, "injected failure");
}

static bool failing_configure(size_t place, const char *url, struct driver_config **out, struct fault *fault)
{
    *out = NULL;
    struct failing_config *config = memory_allocate_cleared(sizeof *config);
    if (config == NULL)
        return fault_no_memory(fault);
    config->inner = failing_inner[place];
    if (!config->inner->configure(strncmp(url, "failing:", 8) == 0 ? url + 8 : url, &config->config, fault)) {
        memory_free(config);
        return false;
    }
    *out = (struct driver_config *)config;
    return true;
}

#define FAILING_CONFIGURE(place)                                                                              \
    static bool failing_configure_##place(const char *url, struct driver_config **out, struct fault *fault)   \
    {                                                                                                         \
        return failing_configure(place, url, out, fault);                                                     \
    }
FAILING_CONFIGURE(0)
FAILING_CONFIGURE(1)
FAILING_CONFIGURE(2)
FAILING_CONFIGURE(3)
FAILING_CONFIGURE(4)
FAILING_CONFIGURE(5)
FAILING_CONFIGURE(6)
FAILING_CONFIGURE(7)
#undef FAILING_CONFIGURE

static bool (*const failing_configures[FAILING_PLACES])(const char *, struct driver_config **, struct fault *) = {
    failing_configure_0, failing_configure_1, failing_configure_2, failing_configure_3,
    failing_configure_4, failing_configure_5, failing_configure_6, failing_configure_7,
};

static void failing_unconfigure(struct driver_config *opaque)
{
    struct failing_config *config = failing_config_of(opaque);
    if (config != NULL)
        config->inner->unconfigure(config->config);
    memory_free(config);
}

static const char *failing_database(const struct driver_config *opaque)
{
    const struct failing_config *config = failing_config_of(opaque);
    return config->inner->database(config->config);
}

static unsigned failing_busy_timeout(const struct driver_config *opaque)
{
    const struct failing_config *config = failing_config_of(opaque);
    return config->inner->busy_timeout(config->config);
}

static bool failing_open(const struct driver_config *opaque, struct driver_connection **out, struct fault *fault)
{
    const struct failing_config *config = failing_config_of(opaque);
    *out = NULL;
    if (!failing_pass(fault))
        return false;
    struct failing_connection *connection = memory_allocate_cleared(sizeof *connection);
    if (connection == NULL)
        return fault_no_memory(fault);
    connection->inner = config->inner;
    if (!config->inner->open(config->config, &connection->connection, fault)) {
        memory_free(connection);
        return false;
    }
    *out = (struct driver_connection *)connection;
    return true;
}

static void failing_close(struct driver_connection *opaque)
{
    struct failing_connection *connection = failing_connection_of(opaque);
    if (connection != NULL)
        connection->inner->close(connection->connection);
    memory_free(connection);
}

static bool failing_usable(struct driver_connection *opaque)
{
    struct failing_connection *connection = failing_connection_of(opaque);
    return connection->inner->usable(connection->connection);
}

static bool failing_in_transaction(struct driver_connection *opaque)
{
    struct failing_connection *connection = failing_connection_of(opaque);
    return connection->inner->in_transaction(connection->connection);
}

static bool failing_control(struct driver_connection *opaque, enum driver_control control, unsigned level, struct fault *fault)
{
    struct failing_connection *connection = failing_connection_of(opaque);
    return failing_pass(fault) && connection->inner->control(connection->connection, control, level, fault);
}

static void failing_cancel(struct driver_connection *opaque)
{
    struct failing_connection *connection = failing_connection_of(opaque);
    connection->inner->cancel(connection->connection);
}

static bool failing_script(struct driver_connection *opaque, const char *sql, struct fault *fault)
{
    struct failing_connection *connection = failing_connection_of(opaque);
    return failing_pass(fault) && connection->inner->script(connection->connection, sql, fault);
}

static bool failing_prepare(struct driver_connection *opaque, const char *sql, size_t length, struct driver_statement **out, struct fault *fault)
{
    struct failing_connection *connection = failing_connection_of(opaque);
    *out = NULL;
    if (!failing_pass(fault))
        return false;
    struct failing_statement *statement = memory_allocate_cleared(sizeof *statement);
    if (statement == NULL)
        return fault_no_memory(fault);
    statement->inner = connection->inner;
    if (!connection->inner->prepare(connection->connection, sql, length, &statement->statement, fault)) {
        memory_free(statement);
        return false;
    }
    *out = (struct driver_statement *)statement;
    return true;
}

static void failing_finalize(struct driver_statement *opaque)
{
    struct failing_statement *statement = failing_statement_of(opaque);
    if (statement != NULL)
        statement->inner->finalize(statement->statement);
    memory_free(statement);
}

static size_t failing_parameter_count(const struct driver_statement *opaque)
{
    const struct failing_statement *statement = failing_statement_of(opaque);
    return statement->inner->parameter_count(statement->statement);
}

static size_t failing_column_count(const struct driver_statement *opaque)
{
    const struct failing_statement *statement = failing_statement_of(opaque);
    return statement->inner->column_count(statement->statement);
}

static const char *failing_column_name(const struct driver_statement *opaque, size_t column)
{
    const struct failing_statement *statement = failing_statement_of(opaque);
    return statement->inner->column_name(statement->statement, column);
}

static bool failing_start(struct driver_statement *opaque, const kin_value *binds, size_t count, struct fault *fault)
{
    struct failing_statement *statement = failing_statement_of(opaque);
    return failing_pass(fault) && statement->inner->start(statement->statement, binds, count, fault);
}

static enum driver_step failing_next(struct driver_statement *opaque, const kin_type *types, kin_value *cells, size_t count, struct fault *fault)
{
    struct failing_statement *statement = failing_statement_of(opaque);
    return failing_pass(fault) ? statement->inner->next(statement->statement, types, cells, count, fault) : DRIVER_FAILED;
}

static bool failing_run(struct driver_statement *opaque, const kin_value *binds, size_t count, struct driver_result *result, struct fault *fault)
{
    struct failing_statement *statement = failing_statement_of(opaque);
    *result = (struct driver_result){ 0 };
    return failing_pass(fault) && statement->inner->run(statement->statement, binds, count, result, fault);
}

static void failing_reset(struct driver_statement *opaque)
{
    struct failing_statement *statement = failing_statement_of(opaque);
    statement->inner->reset(statement->statement);
}

static void failing_fill(size_t place, const struct driver *inner)
{
    failing_inner[place] = inner;
    failing_drivers[place] = (struct driver){
        .name = inner->name,
        .dialect = inner->dialect,
        .single_writer = inner->single_writer,
        .configure = failing_configures[place],
        .unconfigure = failing_unconfigure,
        .database = failing_database,
        .busy_timeout = failing_busy_timeout,
        .open = failing_open,
        .close = failing_close,
        .usable = failing_usable,
        .in_transaction = failing_in_transaction,
        .control = failing_control,
        .control_text = inner->control_text,
        .cancel = failing_cancel,
        .script = failing_script,
        .prepare = failing_prepare,
        .finalize = failing_finalize,
        .parameter_count = failing_parameter_count,
        .column_count = failing_column_count,
        .column_name = failing_column_name,
        .start = failing_start,
        .next = failing_next,
        .run = failing_run,
        .reset = failing_reset,
    };
}

const struct driver *mock_failing(const struct driver *inner)
{
    pthread_mutex_lock(&failing_lock);
    size_t place = 0;
    while (place < FAILING_PLACES && failing_inner[place] != inner && failing_inner[place] != NULL)
        place++;
    if (place < FAILING_PLACES && failing_inner[place] == NULL)
        failing_fill(place, inner);
    pthread_mutex_unlock(&failing_lock);
    return place < FAILING_PLACES ? &failing_drivers[place] : NULL;
}
