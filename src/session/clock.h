/* The clock that only goes forward: for time-outs and for the log. */
#ifndef KIN_SESSION_CLOCK_H
#define KIN_SESSION_CLOCK_H

#include <kin.h>
#include <time.h>

/* Microseconds since some moment. */
static inline int64_t clock_microseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* The same moment, as pthread_cond_timedwait takes it. */
static inline struct timespec clock_timespec(int64_t microseconds) {
    return (struct timespec){ .tv_sec = (time_t)(microseconds / 1000000), .tv_nsec = (long)(microseconds % 1000000) * 1000 };
}

#endif
