/* Hand-written SQL: `?` becomes a placeholder and `??` a question mark, except in what the database reads as a quoted text, a
 * quoted name or a comment; those are passed over as they are. */
#include "sql/write_part.h"

static bool raw_in_name(char character) {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') || (character >= '0' && character <= '9') ||
           character == '_' || character == '$' || (character & 0x80) != 0;
}

/* Behind the closing quote, or the end of the text where there is none. A doubled quote ends one piece and begins another. */
static const char *raw_skip_quoted(const char *at, char closing, bool backslashes) {
    for (at++; *at && *at != closing; at++)
        if (backslashes && *at == '\\' && at[1])
            at++;
    return *at ? at + 1 : at;
}

static const char *raw_skip_line(const char *at) {
    while (*at && *at != '\n')
        at++;
    return at;
}

static const char *raw_skip_comment(const char *at, bool nested) {
    size_t depth = 1;
    for (at += 2; *at; at++) {
        if (at[0] == '*' && at[1] == '/') {
            at++;
            if (--depth == 0)
                return at + 1;
        } else if (nested && at[0] == '/' && at[1] == '*') {
            at++;
            depth++;
        }
    }
    return at;
}

/* at is a '$' outside of a name. at itself when it opens no quote. */
static const char *raw_skip_dollars(const char *at) {
    const char *tag = at + 1;
    if (*tag >= '0' && *tag <= '9')
        return at;
    while (*tag != '$' && raw_in_name(*tag))
        tag++;
    if (*tag != '$')
        return at;
    size_t size = (size_t)(tag - at) + 1;
    for (const char *end = tag + 1; (end = strchr(end, '$')) != NULL; end++)
        if (strncmp(end, at, size) == 0)
            return end + size;
    return tag + strlen(tag);
}

/* Behind the quoted piece or comment that begins at `at`; at itself when none does. */
static const char *raw_skip(unsigned syntax, const char *start, const char *at) {
    char before = at > start ? at[-1] : '\0';
    switch (*at) {
    case '\'': {
        bool marked = (before == 'e' || before == 'E') && (at - start < 2 || !raw_in_name(at[-2]));
        return raw_skip_quoted(at, '\'', (syntax & DIALECT_BACKSLASHES) || ((syntax & DIALECT_ESCAPE_STRINGS) && marked));
    }
    case '"':
        return raw_skip_quoted(at, '"', syntax & DIALECT_BACKSLASHES);
    case '`':
        return raw_skip_quoted(at, '`', false);
    case '[':
        return syntax & DIALECT_BRACKETS ? raw_skip_quoted(at, ']', false) : at;
    case '-':
        return at[1] == '-' && (!(syntax & DIALECT_SPACED_DASHES) || (unsigned char)at[2] <= ' ') ? raw_skip_line(at) : at;
    case '#':
        return syntax & DIALECT_HASH_COMMENTS ? raw_skip_line(at) : at;
    case '/':
        return at[1] == '*' ? raw_skip_comment(at, syntax & DIALECT_NESTED_COMMENTS) : at;
    case '$':
        return (syntax & DIALECT_DOLLAR_QUOTES) && !raw_in_name(before) ? raw_skip_dollars(at) : at;
    default:
        return at;
    }
}

/* What is wrong with a value that the SQL's text is given; NULL: nothing. No driver is to see a pointer without bytes. */
static const char *raw_wrong(const kin_value *value) {
    bool at_null = value->type == KIN_VALUE_INVALID && value->count == VALUE_INVALID_POINTER;
    if (value->type == KIN_VALUE_TEXT || value->type == KIN_VALUE_DECIMAL || value->type == KIN_VALUE_JSON)
        at_null = !value->as.text.data && value->as.text.size;
    else if (value->type == KIN_VALUE_BLOB)
        at_null = !value->as.blob.data && value->as.blob.size;
    if (at_null)
        return "is a NULL pointer with a size that is not 0";
    if (value->type == KIN_VALUE_KEY)
        return "is a composite key: give its parts one by one";
    return value->type < KIN_VALUE_KEY ? NULL : "is no value that a database can hold (an unsigned beyond INT64_MAX?)";
}

static bool raw_values_good(struct sql_writer *writer, const kin_value *values, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const char *wrong = raw_wrong(&values[i]);
        if (!wrong)
            continue;
        writer->failed = true;
        return fault_set(writer->fault, KIN_MISUSE, NULL, NULL, "bind %zu of the SQL %s", i + 1, wrong);
    }
    return true;
}

static void raw_copy(struct sql_writer *writer, const char *from, const char *to) {
    if (writer->sql && to > from)
        text_append(writer->sql, from, (size_t)(to - from));
}

void write_raw(struct sql_writer *writer, const char *sql, const kin_value *values, size_t count, bool enclosed) {
    unsigned syntax = writer->dialect->syntax;
    if (!sql) {
        writer->failed = true;
        fault_set(writer->fault, KIN_MISUSE, NULL, NULL, "the SQL is NULL: give a text");
        return;
    }
    count = sql_value_count(values, count);
    if (!raw_values_good(writer, values, count))
        return;
    write_key_text(writer, sql);
    write_text(writer, enclosed ? "(" : "");
    size_t found = 0;
    const char *copied = sql;
    bool in_comment = false; /* to the end of the text */
    for (const char *at = sql; *at;) {
        const char *behind = raw_skip(syntax, sql, at);
        if (behind != at) {
            in_comment = (*at == '-' || *at == '#') && !*behind;
            at = behind;
        } else if (*at != '?') {
            at++;
        } else if (at[1] == '?') {
            raw_copy(writer, copied, at + 1);
            copied = at += 2;
        } else {
            raw_copy(writer, copied, at);
            if (found++ < count)
                write_bind(writer, &values[found - 1]);
            copied = ++at;
        }
    }
    raw_copy(writer, copied, copied + strlen(copied));
    write_text(writer, in_comment ? "\n" : ""); /* it would swallow what follows */
    write_text(writer, enclosed ? ")" : "");
    if (found != count) {
        char quoted[80];
        writer->failed = true;
        fault_set(writer->fault, KIN_MISUSE, NULL, NULL,
                  "the SQL '%s' has %zu placeholder%s (?) but %zu value%s given: give one for each; a question mark itself is written twice",
                  fault_quote(sql, quoted), found, found == 1 ? "" : "s", count, count == 1 ? " was" : "s were");
    }
}
