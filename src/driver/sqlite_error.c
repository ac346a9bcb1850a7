/*
 * SQLite's result codes made into faults. Constraint violations come as a sentence ("UNIQUE constraint failed: Users.email, Users.name"),
 * which is taken apart here; a name may itself hold dots and commas, so the schema is asked where the table ends.
 */
#include "driver/sqlite.h"

#include <string.h>

#include "base/memory.h"

static kin_status sqlite_status(int code)
{
    if (code == SQLITE_IOERR_NOMEM)
        return KIN_NO_MEMORY;
    if (code == SQLITE_LOCKED) /* by a statement of this connection itself: waiting is of no use */
        return KIN_MISUSE;
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return KIN_BUSY; /* the latter where the program has turned shared caches on */
    case SQLITE_CONSTRAINT: return KIN_CONSTRAINT;
    case SQLITE_NOMEM: return KIN_NO_MEMORY;
    case SQLITE_INTERRUPT: return KIN_CANCELLED;
    case SQLITE_CANTOPEN:
    case SQLITE_NOTADB:
    case SQLITE_IOERR:
    case SQLITE_PROTOCOL: return KIN_CONNECTION;
    default: return KIN_DATABASE;
    }
}

static kin_constraint sqlite_constraint_kind(int code, const char *message)
{
    switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID: return KIN_UNIQUE;
    case SQLITE_CONSTRAINT_NOTNULL: return KIN_NOT_NULL;
    case SQLITE_CONSTRAINT_CHECK: return KIN_CHECK;
    case SQLITE_CONSTRAINT_FOREIGNKEY: return KIN_FOREIGN_KEY;
    case SQLITE_CONSTRAINT_TRIGGER: /* ON DELETE RESTRICT is a trigger inside of SQLite */
        return strcmp(message, "FOREIGN KEY constraint failed") == 0 ? KIN_FOREIGN_KEY : KIN_NO_CONSTRAINT;
    default: return KIN_NO_CONSTRAINT;
    }
}

/* Whether the text up to dot is a table and the one from there to end (NULL: to the end) a column of it. Leaves the text as it was. */
static bool sqlite_names_column(sqlite3 *handle, char *text, char *dot, char *end)
{
    *dot = '\0';
    if (end != NULL)
        *end = '\0';
    int code = sqlite3_table_column_metadata(handle, NULL, text, dot + 1, NULL, NULL, NULL, NULL, NULL);
    if (end != NULL)
        *end = ',';
    *dot = '.';
    return code == SQLITE_OK;
}

/* The dot between table and column of the first "table.column", which ends at `end`; NULL when there is none. */
static char *sqlite_table_end(sqlite3 *handle, char *list, char *end)
{
    char *last = NULL;
    for (size_t i = end == NULL ? strlen(list) : (size_t)(end - list); i-- > 0;) {
        char *dot = list + i;
        if (*dot != '.')
            continue;
        last = last == NULL ? dot : last;
        if (sqlite_names_column(handle, list, dot, end))
            return dot;
    }
    return last;
}

/* Cuts up "table.column, table.column". */
static void sqlite_place(sqlite3 *handle, char *list, struct fault *fault)
{
    char *dot = sqlite_table_end(handle, list, strstr(list, ", "));
    if (dot == NULL)
        return;
    *dot = '\0';
    fault_constraint(fault, fault->error.constraint, NULL, list);
    size_t table = (size_t)(dot - list);
    for (char *column = dot + 1; column != NULL;) {
        /* The next column begins behind ", " and the same table. */
        char *next = strstr(column, ", ");
        while (next != NULL && (strncmp(next + 2, list, table) != 0 || next[2 + table] != '.'))
            next = strstr(next + 2, ", ");
        if (next != NULL)
            *next = '\0';
        fault_column(fault, column);
        column = next == NULL ? NULL : next + 2 + table + 1;
    }
}

/* Fills constraint, table and columns from the sentence, which is the message. Out of memory, the message says it all the same. */
static void sqlite_constraint(sqlite3 *handle, int code, const char *sentence, struct fault *fault)
{
    kin_constraint kind = sqlite_constraint_kind(code, sentence);
    fault_constraint(fault, kind, NULL, NULL);
    const char *names = strstr(sentence, " constraint failed: ");
    if (kind == KIN_NO_CONSTRAINT || names == NULL)
        return;
    char *copy = memory_copy_text(names + strlen(" constraint failed: "));
    if (copy == NULL)
        return;
    size_t length = strlen(copy);
    if (kind == KIN_CHECK) {
        fault_constraint(fault, kind, copy, NULL);
    } else if (strncmp(copy, "index '", 7) == 0 && copy[length - 1] == '\'') {
        copy[length - 1] = '\0'; /* an index on an expression */
        fault_constraint(fault, kind, copy + 7, NULL);
    } else {
        sqlite_place(handle, copy, fault);
    }
    memory_free(copy);
}

static bool sqlite_busy(struct sqlite_connection *connection, int code, struct fault *fault)
{
    const char *said = sqlite3_errmsg(connection->handle);
    if (code == SQLITE_BUSY_SNAPSHOT)
        return fault_set(fault, KIN_BUSY, NULL, NULL,
                         "%s: another connection has written since this transaction began to read; begin it for writing, or run it again", said);
    return fault_set(fault, KIN_BUSY, NULL, NULL, "%s: another connection holds it for longer than %d ms (the option busy_timeout of the URL)",
                     said, connection->config->busy_timeout);
}

bool sqlite_fault(struct sqlite_connection *connection, int code, struct fault *fault)
{
    if (fault_is_set(fault))
        return false;
    kin_status status = sqlite_status(code);
    if (status == KIN_BUSY && atomic_load_explicit(&connection->cancelled, memory_order_relaxed))
        status = KIN_CANCELLED; /* while it waited for a lock */
    connection->broken |= status == KIN_CONNECTION;
    if (status == KIN_NO_MEMORY) {
        fault_no_memory(fault);
    } else if (status == KIN_CANCELLED) {
        fault_set(fault, status, NULL, NULL, "the statement was cancelled");
    } else if (status == KIN_BUSY) {
        sqlite_busy(connection, code, fault);
    } else if (status == KIN_MISUSE) {
        fault_set(fault, status, NULL, NULL, "%s: rows of it are still being read here; close the cursor first", sqlite3_errmsg(connection->handle));
    } else if (status == KIN_CONSTRAINT) {
        fault_set(fault, status, NULL, NULL, "%s", sqlite3_errmsg(connection->handle));
        sqlite_constraint(connection->handle, code, fault->error.message, fault);
    } else {
        const char *said = sqlite3_errmsg(connection->handle);
        fault_set(fault, status, NULL, NULL, "%s%s", said, strncmp(said, "no such table", 13) == 0 ? "; kin_sync creates the tables of the schema" : "");
    }
    fault_native(fault, code, NULL);
    return false;
}

bool sqlite_open_fault(struct sqlite_connection *connection, int code, struct fault *fault)
{
    char quoted[80];
    kin_status status = sqlite_status(code);
    if (status == KIN_NO_MEMORY || fault_is_set(fault)) {
        fault_no_memory(fault);
    } else {
        const char *file = fault_quote(connection->config->database, quoted);
        const char *said = connection->handle != NULL ? sqlite3_errmsg(connection->handle) : sqlite3_errstr(code);
        bool lasting = status != KIN_BUSY && status != KIN_CANCELLED;
        fault_set(fault, lasting ? KIN_CONNECTION : status, NULL, NULL, "cannot open '%s': %s%s", file, said,
                  (code & 0xff) == SQLITE_CANTOPEN ? "; is it there (or, where it is to be made, its folder), and may it be written?" : "");
    }
    fault_native(fault, code, NULL);
    return false;
}

bool sqlite_version_good(int version, struct fault *fault)
{
    if (version >= 3038000)
        return true;
    return fault_set(fault, KIN_UNSUPPORTED, NULL, NULL, "kin needs SQLite 3.38 or newer; the library found here is %d.%d.%d", version / 1000000,
                     version / 1000 % 1000, version % 1000);
}
