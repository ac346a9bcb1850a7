/* What a hand-written statement does, as far as its words tell. Inside session/ only. */
#ifndef KIN_SESSION_CLASSIFY_H
#define KIN_SESSION_CLASSIFY_H

#include <kin.h>

#include "sql/tree.h"

enum classified {
    CLASSIFIED_READS,
    CLASSIFIED_WRITES,
    CLASSIFIED_CONTROLS /* BEGIN, COMMIT, …: a transaction behind the session's back */
};

/* rows: the statement is read, as against executed, which is always taken to write. */
enum classified classify_statement(const struct sql_statement *statement, bool rows);

#endif
