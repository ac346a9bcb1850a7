/* The end of a session's transaction. Inside session/ only; session.h has what the layer above may see. */
#ifndef KIN_SESSION_TRANSACTION_H
#define KIN_SESSION_TRANSACTION_H

#include <kin.h>

#include "session/session.h"

/* Rolls back every level, whoever owns it. */
void transaction_end_all(kin_session *session);

#endif
