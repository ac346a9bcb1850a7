/* The log of a session. The text of the binds is made only when it was asked for, in memory that the session keeps. */
#include "session/log.h"

#include "schema/value.h"

static const char *log_binds(kin_session *session, const kin_value *binds, size_t count) {
    struct text *text = &session->binds;
    text_clear(text);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            text_add(text, ", ");
        value_describe(&binds[i], text);
    }
    return text_ok(text) ? text_string(text) : "(out of memory)";
}

void log_write(kin_session *session, const char *sql, const kin_value *binds, size_t count, int64_t started, int64_t rows, bool failed) {
    kin_log_entry entry = {
        .size = sizeof entry,
        .sql = sql,
        .binds = session->log.binds ? log_binds(session, binds, count) : NULL,
        .bind_count = count,
        /* A log that was set while the statement ran has not seen it begin. */
        .microseconds = started > 0 ? clock_microseconds() - started : 0,
        .rows = rows,
        .failed = failed,
    };
    session->log.function(session->log.context, &entry);
}
