/* What both sides of the benchmark share: sizes, the clock, peak memory, one JSON line a step. The names, sizes and checks are those of the
 * workload that other mappers are measured with, so that kin can be run among them (see bench/README.md). */
#ifndef KIN_BENCH_WORKLOAD_H
#define KIN_BENCH_WORKLOAD_H

#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct workload {
    long users, lookups, creates, updates, projects, members, lazy, set_size, set_rounds, has, links;
    const char *side, *database;
    struct timespec began;
    double seconds;
    long peak;
};

static inline const char *workload_setting(const char *name, const char *otherwise) {
    const char *value = getenv(name);
    return value && *value ? value : otherwise;
}

static inline struct workload workload_start(const char *side, const char *database) {
    long share = atol(workload_setting("BENCH_DIV", "1"));
    struct workload w = { .users = 100000, .lookups = 20000, .creates = 10000, .updates = 10000, .projects = 2000, .members = 200,
                          .lazy = 2000, .set_size = 1000, .has = 2000, .links = 5000 };
    long *sizes[] = { &w.users, &w.lookups, &w.creates, &w.updates, &w.projects, &w.members, &w.lazy, &w.set_size, &w.has, &w.links };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        *sizes[i] /= share > 0 ? share : 1;
    w.set_rounds = 10;
    w.side = workload_setting("BENCH_IMPL", side);
    w.database = database;
    return w;
}

static inline long workload_peak(void) {
    char line[256];
    long kilobytes = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status))
        if (sscanf(line, "VmHWM: %ld", &kilobytes) == 1)
            break;
    if (status)
        fclose(status);
    return kilobytes;
}

/* The high-water mark of memory starts anew with each step. */
static inline void workload_begin(struct workload *w) {
    int file = open("/proc/self/clear_refs", O_WRONLY);
    if (file >= 0) {
        if (write(file, "5", 1) != 1)
            w->peak = 0;
        close(file);
    }
    clock_gettime(CLOCK_MONOTONIC, &w->began);
}

static inline void workload_end(struct workload *w) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    w->seconds = (double)(now.tv_sec - w->began.tv_sec) + (double)(now.tv_nsec - w->began.tv_nsec) / 1e9;
    w->peak = workload_peak();
}

/* check: what the step found, as colon-separated numbers. */
__attribute__((format(printf, 4, 5))) static inline void workload_report(const struct workload *w, const char *step, long count, const char *check, ...) {
    char found[512];
    va_list arguments;
    va_start(arguments, check);
    vsnprintf(found, sizeof found, check, arguments);
    va_end(arguments);
    printf("{\"impl\":\"%s\",\"db\":\"%s\",\"step\":\"%s\",\"n\":%ld,\"seconds\":%.6f,\"peak_rss_kb\":%ld,\"check\":\"%s\"}\n", w->side, w->database, step,
           count, w->seconds, w->peak, found);
    fflush(stdout);
}

/* A whole file of SQL, statements ending in ";\n", named by an environment variable. */
static inline char *workload_sql(const char *variable) {
    const char *path = getenv(variable);
    FILE *file = path ? fopen(path, "r") : NULL;
    if (!file) {
        fprintf(stderr, "%s does not name a file that can be read\n", variable);
        exit(2);
    }
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *text = malloc((size_t)size + 1);
    text[fread(text, 1, (size_t)size, file)] = '\0';
    fclose(file);
    return text;
}

/* Cuts the next statement off; NULL at the end. */
static inline char *workload_next(char **rest) {
    char *statement = *rest + strspn(*rest, "\n"), *end;
    if (!*statement)
        return NULL;
    if ((end = strstr(statement, ";\n")) != NULL) {
        *end = '\0';
        *rest = end + 2;
    } else {
        *rest = statement + strlen(statement);
    }
    return statement;
}

static inline long workload_lookup(const struct workload *w, long i) { return 1 + (i * 7919) % w->users; }
static inline int workload_age(long i) { return 18 + (int)(i * 7 % 60); }
static inline int workload_new_age(long i) { return 18 + (int)(i % 60); }
/* Project p belongs to user (p-1)/10+1; every odd one is asked about somebody else. */
static inline long workload_asked(const struct workload *w, long p) {
    long owner = (p - 1) / 10 + 1;
    return p % 2 == 0 ? owner : owner % w->members + 1;
}
static inline long workload_first_of_set(const struct workload *w) { return w->members + 1; }
static inline long workload_link_user(const struct workload *w, long i) { return w->set_size + i; }
static inline long workload_link_project(const struct workload *w, long i) { return 1 + i % w->projects; }

#endif
