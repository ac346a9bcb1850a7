/* Loading what a plan could not join: one further statement for each include and level, for all rows at once. */
#ifndef KIN_ORM_INCLUDE_H
#define KIN_ORM_INCLUDE_H

#include <kin.h>

#include "orm/plan.h"

/* Loads what the nodes of a plan have waiting, for the rows that it made. */
bool include_load_later(struct plan *plan);

#endif
