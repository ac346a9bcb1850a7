/* Associations, declared: copied and listed in the order of the calls. What they mean is found out by linking. */
#include <kin.h>

#include "base/memory.h"
#include "schema/declare.h"

static const char *associate_function(kin_kind kind) {
    switch (kind) {
    case KIN_BELONGS_TO: return "kin_belongs_to";
    case KIN_HAS_ONE: return "kin_has_one";
    case KIN_HAS_MANY: return "kin_has_many";
    case KIN_BELONGS_TO_MANY: break;
    }
    return "kin_belongs_to_many";
}

static const char *associate_name(const kin_model *model) {
    return model != NULL && model->info.name != NULL ? model->info.name : "(no name)";
}

/* The models it stands between are there, and of one schema. */
static bool associate_check_ends(kin_schema *schema, kin_kind kind, const kin_model *source, const kin_model *target) {
    const char *function = associate_function(kind);
    if (source == NULL)
        return fault_set(&schema->fault, KIN_SCHEMA, NULL, NULL,
                         "%s to %s was called on a NULL source; give it what kin_define returned", function,
                         associate_name(target));
    if (target == NULL)
        return fault_set(&schema->fault, KIN_SCHEMA, source->info.name, NULL,
                         "%s: %s was called with a NULL target; give it what kin_define returned", associate_name(source),
                         function);
    if (target->schema != source->schema)
        return fault_set(&schema->fault, KIN_SCHEMA, source->info.name, NULL,
                         "%s: %s was called with %s, a model of another schema; define both in one schema", associate_name(source),
                         function, associate_name(target));
    return true;
}

static kin_association *associate_make(kin_schema *schema, kin_kind kind, kin_model *source, const kin_association_options *given) {
    kin_association *association = arena_allocate_cleared(&schema->arena, sizeof *association);
    struct association_declaration *declared = arena_allocate_cleared(&schema->arena, sizeof *declared);
    if (association == NULL || declared == NULL)
        return NULL;
    declared->options = *given;
    declared->defaults = schema->defaults;
    if (!declare_copy_association_options(&schema->arena, &declared->options))
        return NULL;
    association->declared = declared;
    association->source = source;
    association->info.kind = kind;
    association->info.source = source;
    association->info.target = given->target;
    association->many = kind == KIN_HAS_MANY || kind == KIN_BELONGS_TO_MANY;
    if (!memory_reserve((void **)&schema->associations, &schema->association_capacity, schema->association_count + 1,
                        sizeof *schema->associations))
        return NULL;
    schema->associations[schema->association_count++] = association;
    return association;
}

static kin_association *associate(kin_kind kind, kin_model *source, const kin_association_options *options) {
    const char *function = associate_function(kind);
    kin_schema *schema = source != NULL                               ? source->schema
                         : options != NULL && options->target != NULL ? options->target->schema
                                                                      : NULL;
    kin_association_options given;
    if (schema == NULL || declare_is_frozen(schema, function, source != NULL ? source->info.name : NULL))
        return NULL;
    if (options == NULL) {
        fault_set(&schema->fault, KIN_MISUSE, source->info.name, NULL, "%s: %s was given no options", associate_name(source),
                  function);
        return NULL;
    }
    if (!declare_read_options(schema, function, options, &given, sizeof given) ||
        !associate_check_ends(schema, kind, source, given.target))
        return NULL;
    kin_association *association = associate_make(schema, kind, source, &given);
    if (association == NULL)
        fault_no_memory(&schema->fault);
    return association;
}

kin_association *(kin_belongs_to)(kin_model *source, const kin_association_options *options) {
    return associate(KIN_BELONGS_TO, source, options);
}

kin_association *(kin_has_one)(kin_model *source, const kin_association_options *options) {
    return associate(KIN_HAS_ONE, source, options);
}

kin_association *(kin_has_many)(kin_model *source, const kin_association_options *options) {
    return associate(KIN_HAS_MANY, source, options);
}

kin_association *(kin_belongs_to_many)(kin_model *source, const kin_association_options *options) {
    return associate(KIN_BELONGS_TO_MANY, source, options);
}
