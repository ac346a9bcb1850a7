/* The record behind a kin_error: it owns the texts. Filling it never fails: what does not fit is cut short, so that an
 * out-of-memory error can still be told. The first fault sticks. */
#ifndef KIN_BASE_FAULT_H
#define KIN_BASE_FAULT_H

#include <kin.h>

enum { FAULT_STORAGE = 3072, FAULT_COLUMNS = 16 };

struct fault {
    kin_error error; /* status KIN_OK while there is none; every text "" then */
    char storage[FAULT_STORAGE];
    size_t used;
    const char *columns[FAULT_COLUMNS];
    char *sql; /* its own allocation; NULL where there was no memory for it */
    bool refused; /* a second fault came and went: what is said about it is not to mix with the first */
};

void fault_start(struct fault *fault);  /* makes it usable: nothing has happened */
void fault_clear(struct fault *fault);  /* nothing has happened any more; frees sql */

static inline bool fault_is_set(const struct fault *fault) { return fault->error.status != KIN_OK; }

/* Records a fault unless one is recorded. model and attribute may be NULL. Always returns false. */
bool fault_set(struct fault *fault, kin_status status, const char *model, const char *attribute, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
bool fault_no_memory(struct fault *fault);
/* More about the fault just set; NULLs are passed over. Nothing happens while there is none, or when the fault just set was not the
 * first (fault_sql then only fills what is empty). */
void fault_constraint(struct fault *fault, kin_constraint constraint, const char *name, const char *table);
void fault_column(struct fault *fault, const char *column);
void fault_native(struct fault *fault, int code, const char *sqlstate);
void fault_sql(struct fault *fault, const char *sql);
/* Puts the model's and attribute's names in afterwards; the message is kept. */
void fault_place(struct fault *fault, const char *model, const char *attribute);
/* Copies one record over another (which is cleared first, unless they are the same). */
void fault_copy(struct fault *to, const struct fault *from);
/* Replaces the message (e.g. to add what to do), keeping the rest. */
void fault_message(struct fault *fault, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The error for a NULL handle. */
const kin_error *fault_static_no_memory(void);

/* A caller's text made fit for a message: at most 60 characters, control characters as '?', "..." where it was cut. out takes 80 bytes.
 * NULL gives "(null)". Returns out. */
const char *fault_quote(const char *text, char *out);

/* "did you mean 'title'?" / "it has: id, title, done" for an error message: the nearest of the names (edit distance), else the
 * first few. Writes at most capacity bytes, NUL-terminated, "" when there are no names. Returns out. */
const char *fault_candidates(const char *wrong, size_t count, const char *const *names, char *out, size_t capacity);

#endif
