/* Telling the caller's log what was sent. Inside session/ only. */
#ifndef KIN_SESSION_LOG_H
#define KIN_SESSION_LOG_H

#include <kin.h>

#include "session/clock.h"
#include "session/session.h"

/* When a statement begins; 0, and nothing measured, when nobody listens. */
static inline int64_t log_start(const kin_session *session) {
    return session->log.function ? clock_microseconds() : 0;
}
/* After it ended. binds may be NULL. */
void log_write(kin_session *session, const char *sql, const kin_value *binds, size_t count, int64_t started, int64_t rows, bool failed);
static inline void log_end(kin_session *session, const char *sql, const kin_value *binds, size_t count, int64_t started, int64_t rows, bool failed) {
    if (session->log.function)
        log_write(session, sql, binds, count, started, rows, failed);
}

#endif
