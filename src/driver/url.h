/*
 * The URLs of databases: "name:rest?option=value&option=value". Percent escapes (%20, %3f) stand for bytes, in the rest and in
 * values. Messages never show a whole URL: it may hold a password.
 */
#ifndef KIN_DRIVER_URL_H
#define KIN_DRIVER_URL_H

#include <kin.h>

#include "base/fault.h"

/* An option that a driver knows. value is filled by url_parse: NULL when it was not given. */
struct url_option {
    const char *name;
    const char *value;
};

struct url {
    char *text; /* owns rest and the options' values */
    char *rest; /* between the first ':' and the '?', as written: see url_decode */
};

/* Takes a URL apart. An option that is unknown (the fault lists the known ones), comes twice or has no value is a fault. */
bool url_parse(const char *url, struct url *out, struct url_option *options, size_t count, struct fault *fault);
void url_free(struct url *url);
/* Replaces the escapes in place. False: one is broken, or is a zero byte. what: "the path", for the message. */
bool url_decode(char *text, const char *what, struct fault *fault);

/* Values. An option that was not given leaves *out as it is. */
bool url_switch(const struct url_option *option, bool *out, struct fault *fault); /* on, off, true, false, 1, 0 */
bool url_integer(const struct url_option *option, int64_t minimum, int64_t maximum, int64_t *out, struct fault *fault);
/* One of the words; *out then points at that word, not into the URL. */
bool url_keyword(const struct url_option *option, const char *const *words, size_t count, const char **out, struct fault *fault);

#endif
