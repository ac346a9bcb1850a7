/* Join models: which one a belongs-to-many goes through (made here where nobody defined it), which declarations are two sides
 * of one, and whether its keys take the place of the `id` it would have. */
#include <string.h>

#include "base/memory.h"
#include "schema/link.h"

static bool through_is_many_to_many(const struct link_association *draft) {
    return draft->association->info.kind == KIN_BELONGS_TO_MANY;
}

static bool through_check(const struct link *link, const struct link_association *draft) {
    const kin_association_options *options = draft->options;
    const char *given = options->through != NULL ? options->through : options->through_model == NULL ? "" : NULL;
    if (given != NULL && *given == '\0')
        return link_fault_at(link, draft,
                             ".through is required for belongs-to-many; write .through = \"%s%s\" or .through_model = ...",
                             draft->source->name, draft->target->model->info.plural);
    if (options->through_model != NULL && options->through_model->schema != link->schema)
        return link_fault_at(link, draft, ".through_model is %s, a model of another schema; define it in this one",
                             options->through_model->info.name != NULL ? options->through_model->info.name : "(no name)");
    if (options->through_model != NULL && given != NULL && strcmp(given, link_model_of(options->through_model)->name) != 0)
        return link_fault_at(link, draft, ".through is '%s' and .through_model is %s; write one of them", given,
                             link_model_of(options->through_model)->name);
    if (draft->source == draft->target && options->as == NULL && options->plural == NULL)
        return link_fault_at(
            link, draft,
            "'as' must be defined for many-to-many self-associations; write .as = \"Children\", or what these %s are to the others",
            draft->target->model->info.plural);
    return true;
}

/* What the associations that go through a model which is made here say about its timestamps. */
static bool through_timestamps(const struct link *link, const char *name, kin_switch *out) {
    *out = KIN_USUAL;
    for (size_t i = 0; i < link->association_count; i++) {
        const struct link_association *draft = link->associations[i];
        kin_switch said = draft->options->timestamps;
        if (said == KIN_USUAL || draft->options->through == NULL || strcmp(draft->options->through, name) != 0)
            continue;
        if (*out != KIN_USUAL && *out != said)
            return link_fault_at(link, draft, ".timestamps contradicts what another association says of %s; write the same in both",
                                 name);
        *out = said;
    }
    return true;
}

/* The join model has the schema that both ends have, else the usual one; and the casing of the model that names it first. */
static bool through_declare(const struct link *link, const struct link_association *draft, struct model_declaration *declared) {
    const char *source_schema = draft->source->model->info.schema, *target_schema = draft->target->model->info.schema;
    kin_model_options *options = &declared->options;
    declared->defaults = draft->association->declared->defaults;
    options->size = sizeof *options;
    options->name = options->table = draft->options->through;
    options->underscored = draft->source->underscored ? KIN_ON : KIN_OFF;
    options->paranoid = KIN_OFF;
    if (link_same_text(source_schema, target_schema))
        options->schema = source_schema != NULL ? source_schema : "";
    return through_timestamps(link, options->name, &options->timestamps);
}

static struct link_model *through_make(struct link *link, const struct link_association *draft) {
    kin_schema *schema = link->schema;
    kin_model *model = arena_allocate_cleared(link->arena, sizeof *model);
    struct model_declaration *declared = arena_allocate_cleared(link->arena, sizeof *declared);
    if (model == NULL || declared == NULL || !through_declare(link, draft, declared))
        return NULL;
    model->schema = schema;
    model->declared = declared;
    model->info.name = declared->options.name;
    model->info.generated = true;
    if (!memory_reserve((void **)&schema->models, &schema->model_capacity, schema->model_count + 1, sizeof *schema->models) ||
        !map_put_string(&schema->by_name, model->info.name, model))
        return NULL;
    schema->models[schema->model_count++] = model;
    struct link_model *made = link_add_model(link, model);
    if (made == NULL || !link_complete_model(link, made) || !link_check_table(link, made))
        return NULL;
    return made;
}

static bool through_find(struct link *link, struct link_association *draft) {
    const kin_association_options *options = draft->options;
    kin_model *model =
        options->through_model != NULL ? options->through_model : map_get_string(&link->schema->by_name, options->through);
    draft->through = model != NULL ? link_model_of(model) : through_make(link, draft);
    if (draft->through == NULL)
        return false;
    if (draft->through == draft->source || draft->through == draft->target)
        return link_fault_at(link, draft, "%s cannot join itself to another; write the name of a model between the two as .through",
                             draft->through->name);
    if (options->timestamps != KIN_USUAL && !draft->through->model->info.generated)
        return link_fault_at(link, draft, ".timestamps is for a join model that is made here, and %s is defined; write it there",
                             draft->through->name);
    draft->association->info.through = draft->through->model;
    draft->through->joins = true;
    draft->through->not_unique = draft->through->not_unique || options->not_unique;
    return true;
}

static bool through_same_names(const kin_names *one, const kin_names *other) {
    if (one->count != other->count)
        return false;
    for (size_t i = 0; i < one->count; i++)
        if (strcmp(one->at[i], other->at[i]) != 0)
            return false;
    return true;
}

/* How well two declarations go together as the two sides of one relation: -1 not at all, else the number of key names on which
 * they agree. */
static int through_fit(const struct link_association *one, const struct link_association *other) {
    int agreed = 0;
    if (one == other || !through_is_many_to_many(other) || other->through != one->through || other->source != one->target ||
        other->target != one->source)
        return -1;
    if (one->foreign.count != 0 && other->other.count != 0) {
        if (!through_same_names(&one->foreign, &other->other))
            return -1;
        agreed++;
    }
    if (one->other.count != 0 && other->foreign.count != 0) {
        if (!through_same_names(&one->other, &other->foreign))
            return -1;
        agreed++;
    }
    return agreed;
}

static void through_pair(const struct link *link, struct link_association *draft) {
    int best = -1;
    for (size_t i = 0; i < link->association_count; i++) {
        int fit = through_fit(draft, link->associations[i]);
        if (fit > best) {
            best = fit;
            draft->pair = link->associations[i];
        }
    }
}

static bool through_add_maker(const struct link *link, struct link_model *model, struct link_association *maker) {
    struct link_association **makers = link_room(link, model->makers, model->maker_count, &model->maker_capacity, sizeof *makers);
    if (makers == NULL)
        return false;
    model->makers = makers;
    makers[model->maker_count++] = maker;
    return true;
}

/* Keys that are to be a primary key take the place of a generated `id`. */
static bool through_replace_id(const struct link *link, struct link_association *draft) {
    kin_kind kind = draft->association->info.kind;
    struct link_model *holder = kind == KIN_BELONGS_TO_MANY ? draft->through
                                : kind == KIN_BELONGS_TO    ? draft->source
                                                            : draft->target;
    if (kind == KIN_BELONGS_TO_MANY && !holder->not_unique && holder->generated_id != NULL)
        holder->joins_by_keys = true;
    if (!holder->joins_by_keys && !draft->options->key.primary_key)
        return true;
    if (holder->generated_id != NULL)
        link_remove_attribute(holder, holder->generated_id);
    holder->generated_id = NULL;
    return through_add_maker(link, holder, draft);
}

bool link_through(struct link *link) {
    for (size_t i = 0; i < link->association_count; i++) {
        struct link_association *draft = link->associations[i];
        if (through_is_many_to_many(draft) && (!through_check(link, draft) || !through_find(link, draft)))
            return false;
    }
    for (size_t i = 0; i < link->association_count; i++) {
        if (through_is_many_to_many(link->associations[i]))
            through_pair(link, link->associations[i]);
        if (!through_replace_id(link, link->associations[i]))
            return false;
    }
    return true;
}
