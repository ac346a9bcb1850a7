/* Rows of named columns, for kin_query and kin_aggregate. */
#ifndef KIN_ORM_QUERY_H
#define KIN_ORM_QUERY_H

#include <kin.h>

#include "orm/find.h"

/* A row of a model of model_for_result, with copies of the cells. NULL: fault. */
kin_row *query_row(struct region *region, const kin_model *model, const kin_value *cells);
/* Reads a result to its end, into the session's memory, and closes it. types: one for each attribute of model. */
bool query_rows(kin_session *session, struct result *result, const kin_model *model, const kin_type *types, kin_rows *out);

#endif
