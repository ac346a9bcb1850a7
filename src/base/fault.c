/* The record behind a kin_error.
 *
 * Nothing here needs memory but the statement's copy, which may be missing. The storage's first part is the
 * message's, so that it can be replaced; the short texts follow one another behind it. Every text ends with a NUL, and one
 * that was cut ends with "..." and at a whole character. */
#include "base/fault.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    FAULT_MESSAGE = 1536, /* bytes of the storage that are the message's */
    FAULT_NAME = 256,     /* bytes of one of the short texts at most */
    FAULT_QUOTED = 60,    /* characters, and */
    FAULT_QUOTED_BYTES = 76
};

static const kin_error fault_none = {
    .message = "", .model = "", .attribute = "", .constraint_name = "", .table = "", .sqlstate = "",
};

static const kin_error fault_without_handle = {
    .status = KIN_NO_MEMORY, .message = "the handle is NULL: out of memory, or never opened", .model = "", .attribute = "",
    .constraint_name = "", .table = "", .sqlstate = "",
};

/* Ends a text whose room of `capacity` bytes it overran, at a whole character. */
static void fault_cut(char *text, size_t capacity)
{
    if (capacity < 4) {
        text[0] = '\0';
        return;
    }
    size_t length = capacity - 4;
    while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80)
        length--;
    memcpy(text + length, "...", 4);
}

/* A copy of text among the short ones; "" where there is no room left. */
static const char *fault_keep(struct fault *fault, const char *text)
{
    if (text[0] == '\0')
        return "";
    char *copy = fault->storage + fault->used;
    size_t room = FAULT_STORAGE - fault->used;
    if (room > FAULT_NAME)
        room = FAULT_NAME;
    size_t length = strnlen(text, room);
    if (room < 4)
        return "";
    memcpy(copy, text, length < room ? length + 1 : room);
    if (length >= room)
        fault_cut(copy, room);
    fault->used += strlen(copy) + 1;
    return copy;
}

static void fault_replace(struct fault *fault, const char **place, const char *text)
{
    if (text != NULL && strcmp(*place, text) != 0)
        *place = fault_keep(fault, text);
}

__attribute__((format(printf, 2, 0))) static void fault_write(struct fault *fault, const char *format, va_list arguments)
{
    char message[FAULT_MESSAGE]; /* an argument may be the message there is */
    int length = vsnprintf(message, sizeof message, format, arguments);
    if (length < 0)
        message[0] = '\0';
    else if ((size_t)length >= sizeof message)
        fault_cut(message, sizeof message);
    memcpy(fault->storage, message, strlen(message) + 1);
    fault->error.message = fault->storage;
}

void fault_start(struct fault *fault)
{
    memset(fault, 0, sizeof *fault);
    fault->error = fault_none;
    fault->used = FAULT_MESSAGE;
}

void fault_clear(struct fault *fault)
{
    memory_free(fault->sql);
    fault->sql = NULL;
    fault->error = fault_none;
    fault->used = FAULT_MESSAGE;
    fault->refused = false;
}

bool fault_set(struct fault *fault, kin_status status, const char *model, const char *attribute, const char *format, ...)
{
    if (fault_is_set(fault)) {
        fault->refused = true;
        return false;
    }
    va_list arguments;
    va_start(arguments, format);
    fault_write(fault, format, arguments);
    va_end(arguments);
    fault->error.status = status;
    fault_place(fault, model, attribute);
    return false;
}

bool fault_no_memory(struct fault *fault)
{
    return fault_set(fault, KIN_NO_MEMORY, NULL, NULL, "out of memory");
}

static bool fault_takes_more(const struct fault *fault)
{
    return fault_is_set(fault) && !fault->refused;
}

void fault_constraint(struct fault *fault, kin_constraint constraint, const char *name, const char *table)
{
    if (!fault_takes_more(fault))
        return;
    fault->error.constraint = constraint;
    fault_replace(fault, &fault->error.constraint_name, name);
    fault_replace(fault, &fault->error.table, table);
}

void fault_column(struct fault *fault, const char *column)
{
    if (!fault_takes_more(fault) || column == NULL || fault->error.columns.count == FAULT_COLUMNS)
        return;
    fault->columns[fault->error.columns.count++] = fault_keep(fault, column);
    fault->error.columns.at = fault->columns;
}

void fault_native(struct fault *fault, int code, const char *sqlstate)
{
    if (!fault_takes_more(fault))
        return;
    fault->error.native_code = code;
    fault_replace(fault, &fault->error.sqlstate, sqlstate);
}

void fault_sql(struct fault *fault, const char *sql)
{
    if (!fault_is_set(fault) || sql == NULL || (fault->refused && fault->sql != NULL))
        return;
    char *copy = memory_copy_text(sql);
    memory_free(fault->sql);
    fault->sql = copy;
    fault->error.sql = copy;
}

void fault_place(struct fault *fault, const char *model, const char *attribute)
{
    if (!fault_is_set(fault))
        return;
    fault_replace(fault, &fault->error.model, model);
    fault_replace(fault, &fault->error.attribute, attribute);
}

void fault_copy(struct fault *to, const struct fault *from)
{
    if (to == from)
        return;
    fault_clear(to);
    if (!fault_is_set(from))
        return;
    const kin_error *error = &from->error;
    fault_set(to, error->status, error->model, error->attribute, "%s", error->message);
    fault_constraint(to, error->constraint, error->constraint_name, error->table);
    for (size_t i = 0; i < error->columns.count; i++)
        fault_column(to, error->columns.at[i]);
    fault_native(to, error->native_code, error->sqlstate);
    fault_sql(to, error->sql);
    to->refused = from->refused;
}

void fault_message(struct fault *fault, const char *format, ...)
{
    if (!fault_is_set(fault))
        return;
    va_list arguments;
    va_start(arguments, format);
    fault_write(fault, format, arguments);
    va_end(arguments);
}

const kin_error *fault_static_no_memory(void)
{
    return &fault_without_handle;
}

const char *fault_quote(const char *text, char *out)
{
    if (text == NULL)
        text = "(null)";
    size_t length = 0;
    for (size_t count = 0; text[0] != '\0'; count++) {
        /* No text is looked at beyond its NUL: a character of UTF-8 holds none. */
        size_t size = text_character(text, strnlen(text, 4));
        bool fit = size > 0 && (unsigned char)text[0] >= 0x20 && text[0] != 0x7F;
        if (size == 0)
            size = 1;
        if (count == FAULT_QUOTED || length + size > FAULT_QUOTED_BYTES) {
            memcpy(out + length, "...", 4);
            return out;
        }
        if (fit)
            memcpy(out + length, text, size);
        else
            memset(out + length, '?', size);
        length += size;
        text += size;
    }
    out[length] = '\0';
    return out;
}
