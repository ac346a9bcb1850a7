/* Whether a text is JSON (RFC 8259). */
#ifndef KIN_SCHEMA_JSON_H
#define KIN_SCHEMA_JSON_H

#include <kin.h>

enum { JSON_DEPTH = 512 }; /* of lists and objects in one another, at most */

/* False: *wrong is the byte (from 0) up to which it could have been. */
bool json_is_valid(const char *text, size_t size, size_t *wrong);

#endif
