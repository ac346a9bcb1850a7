/* Saying a driver's fault in the words of the model. Inside session/ only. */
#ifndef KIN_SESSION_EXPLAIN_H
#define KIN_SESSION_EXPLAIN_H

#include <kin.h>

#include "base/fault.h"
#include "sql/dialect.h"
#include "sql/tree.h"

/* Completes the fault that a statement has just met: the SQL, the model, and for a constraint the attributes and a message for people, with
 * the server's own words in parentheses. statement is NULL where there is none (COMMIT). */
void explain_fault(struct fault *fault, const kin_schema *schema, const struct dialect *dialect, const struct sql_statement *statement, const char *sql);

#endif
