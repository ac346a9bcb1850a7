/* Options that a program gives, compiled with an older or a newer kin.h than the library's: a member that the program does not know is zero,
 * one that the library does not know is not read. */
#ifndef KIN_BASE_OPTIONS_H
#define KIN_BASE_OPTIONS_H

#include <stddef.h>
#include <string.h>

/* given, when its leading `size_t size` is this library's (or 0, where the caller forgot it: then it is taken to be); else own, filled with what given
 * has. given may be NULL. */
static inline const void *options_of(const void *given, void *own, size_t size) {
    size_t theirs = 0;
    if (given)
        memcpy(&theirs, given, sizeof theirs);
    if (given && (theirs == size || theirs == 0))
        return given;
    memset(own, 0, size);
    if (given)
        memcpy(own, given, theirs < size ? theirs : size);
    memcpy(own, &size, sizeof size);
    return own;
}

#endif
