/* Declarations as they were given: deep copies in the schema's arena, which linking reads and nobody changes. */
#ifndef KIN_SCHEMA_DECLARE_H
#define KIN_SCHEMA_DECLARE_H

#include <kin.h>

#include "schema/model.h"

struct link_model;
struct link_association;

struct model_declaration {
    kin_model_options options;
    kin_schema_options defaults; /* those in force when it was declared */
    bool replaced;               /* by a later model of the same name: not in the registry */
    struct link_model *draft;    /* while linking */
};

struct association_declaration {
    kin_association_options options;
    kin_schema_options defaults;
    struct link_association *draft; /* while linking */
};

/* Whether nothing may be declared any more; what was tried is then a fault. schema is not NULL. */
bool declare_is_frozen(kin_schema *schema, const char *function, const char *name);

/* Reads an option struct of another version of the header: `from` opens with its size, `to` has room for `known` bytes. False
 * (and a fault of the schema that names the function) when it is unusable; what can be read has been read even so. */
bool declare_read_options(kin_schema *schema, const char *function, const void *from, void *to, size_t known);

/* Replace what a struct points at by copies in the arena. False: out of memory. */
bool declare_copy_string(struct arena *arena, const char **text);
bool declare_copy_names(struct arena *arena, kin_names *names);
bool declare_copy_values(struct arena *arena, kin_values *values);
bool declare_copy_attribute(struct arena *arena, kin_attribute *attribute);
bool declare_copy_model_options(struct arena *arena, kin_model_options *options);
bool declare_copy_association_options(struct arena *arena, kin_association_options *options);

#endif
