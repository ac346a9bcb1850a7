/* Copies of what a caller gave, for what reads it after the call has returned. */
#ifndef KIN_ORM_KEEP_H
#define KIN_ORM_KEEP_H

#include <kin.h>

#include "session/session.h"

/* The options of a finder with all they point at, in arena. False: fault. */
bool keep_find(kin_session *session, struct arena *arena, const kin_find *options, kin_find *out);

#endif
