/* The end of a session's memory. Inside session/ only. */
#ifndef KIN_SESSION_REGION_H
#define KIN_SESSION_REGION_H

#include <kin.h>

#include "session/session.h"

/* Ends all that depends on the session. */
void region_end_all_dependents(kin_session *session);
/* Frees every region; only the base is left, empty. */
void region_end_all(kin_session *session);

#endif
