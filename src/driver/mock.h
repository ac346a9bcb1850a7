/*
 * The mock driver ("mock:", or "mock:postgres" and "mock:mariadb" for another dialect's SQL): no database. It records the SQL it is
 * given and answers from a script, so that statements and faults can be tested without a server. Tests alone use this header; it stands in
 * every build so that what is tested is what ships.
 */
#ifndef KIN_DRIVER_MOCK_H
#define KIN_DRIVER_MOCK_H

#include <kin.h>

#include "driver/driver.h"

extern const struct driver driver_mock;

/* Everything is per process and not for threads. */
void mock_reset(void);                       /* forgets the record, the script and the failures */
size_t mock_count(void);                     /* statements recorded, controls included ("BEGIN", "COMMIT", …) */
const char *mock_sql(size_t index);          /* "" past the end */
/* Queues rows for the next statement that has rows (first in, first out); a statement without a script has none. */
void mock_rows(size_t row_count, size_t column_count, const kin_value *cells);
void mock_column_names(size_t count, const char *const *names); /* for the next one */
/* Queues a result for the next statement without rows; without a script: 1 row changed, ids counted up. */
void mock_result(int64_t changed, int64_t last_id);

/* A wrapper over any driver that lets the n-th call fail: the returned driver has the same contract. Used by fault loops: every
 * function of the table that can fail counts as a call. */
const struct driver *mock_failing(const struct driver *inner);
void mock_fail_at(uint64_t call, bool for_ever); /* 0: never */
uint64_t mock_calls(void);                       /* since mock_fail_at */

#endif
