/*
 * The mock driver ("mock:", or "mock:postgres" and "mock:mariadb" for another dialect's SQL): no database. It records the SQL it is
 * given and answers from a script, so that statements and faults can be tested without a server. Tests alone use this header; it stands in
 * every build so that what is tested is what ships.
 */
#ifndef KIN_DRIVER_MOCK_H
#define KIN_DRIVER_MOCK_H

#include <kin.h>

#include "driver/driver.h"

extern const struct driver driver_mock; /* with SQLite's dialect */
/* The one for what follows "mock:" in a URL; NULL when there is no such dialect. */
const struct driver *mock_named(const char *rest);

/* Everything is per process and not for threads. */
void mock_reset(void);                       /* forgets the record, the script and the failures */
size_t mock_count(void);                     /* statements recorded, controls included ("BEGIN", "COMMIT", …) */
const char *mock_sql(size_t index);          /* "" past the end */
const char *mock_binds(size_t index);        /* its binds, as the log has them: "1, 'x', NULL"; "" past the end */
/* Queues rows for the next statement that has rows (first in, first out); a statement without a script has none. Cells are given as they are
 * here, whatever type is asked for. */
void mock_rows(size_t row_count, size_t column_count, const kin_value *cells);
void mock_column_names(size_t count, const char *const *names); /* of the rows that mock_rows queues next; else column1, column2, … */
/* Queues a result for the next statement without rows; without a script: 1 row changed, ids counted up. */
void mock_result(int64_t changed, int64_t last_id);

/* A wrapper over any driver that lets the n-th call fail, with KIN_DATABASE and "injected failure"; what fails is not done, so a COMMIT
 * leaves its transaction open. open, control, script, prepare, start, next and run count. A URL for it may begin with "failing:", which
 * driver_for understands too ("failing:sqlite:app.db"). NULL when there are too many wrappers. For threads. */
const struct driver *mock_failing(const struct driver *inner);
void mock_fail_at(uint64_t call, bool for_ever); /* counted from now, 1 is the next; 0: never */
uint64_t mock_calls(void);                       /* since mock_fail_at */

#endif
