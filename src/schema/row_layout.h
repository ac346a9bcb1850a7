/* How a row lies in memory: as a C struct of the same members would. */
#ifndef KIN_SCHEMA_ROW_LAYOUT_H
#define KIN_SCHEMA_ROW_LAYOUT_H

#include <kin.h>

#include "schema/model.h"

struct row_layout {
    size_t end;       /* of the last member */
    size_t alignment; /* the largest of the members' */
};

/* The offset of the next member. */
size_t row_layout_add(struct row_layout *layout, size_t size, size_t alignment);
/* Gives every attribute its offset and size. */
void row_layout_attributes(struct row_layout *layout, kin_model *model);
/* The size of the whole struct. */
size_t row_layout_size(const struct row_layout *layout);

#endif
