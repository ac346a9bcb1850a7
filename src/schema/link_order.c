/* The order of the tables: what is referenced first, else as defined. A walk in the depth, along the constraints alone; a table that
 * references itself is no circle. The first circle that is met gives the sentence in schema->cycle; the walk goes on without the
 * reference that closed it. */
#include <string.h>

#include "schema/link.h"
#include "base/text.h"

enum order_state { ORDER_NEW, ORDER_OPEN, ORDER_DONE };

struct order_walk {
    kin_schema *schema;
    enum order_state *states; /* by ordinal */
    size_t *next;             /* by ordinal: the foreign key to follow next */
    kin_model **path;
    size_t depth, count;
};

/* The model behind a reference, by its table: one that was replaced shares its table with another. */
static kin_model *order_target(const kin_schema *schema, const struct foreign_key *key) {
    if (key->target != NULL && !key->target->declared->replaced)
        return schema->models[key->target->ordinal];
    for (size_t i = 0; i < schema->model_count; i++)
        if (strcmp(schema->models[i]->info.table, key->table) == 0 && link_same_text(schema->models[i]->info.schema, key->schema))
            return schema->models[i];
    return NULL;
}

/* Document is dependent of itself: Document -> Version => Document. */
static bool order_tell_cycle(struct order_walk *walk, const kin_model *closing) {
    struct text sentence = { NULL, 0, 0, false };
    text_format(&sentence, "Cyclic dependency found. '%s' is dependent of itself. Dependency Chain: ", closing->info.name);
    for (size_t i = 0; i < walk->depth; i++)
        text_format(&sentence, "%s%s", i == 0 ? "" : " -> ", walk->path[i]->info.name);
    text_format(&sentence, " => %s", closing->info.name);
    if (text_ok(&sentence))
        walk->schema->cycle = arena_copy_text(&walk->schema->arena, text_string(&sentence), sentence.length);
    text_free(&sentence);
    return walk->schema->cycle != NULL;
}

static void order_enter(struct order_walk *walk, kin_model *model) {
    walk->states[model->ordinal] = ORDER_OPEN;
    walk->path[walk->depth++] = model;
}

static void order_leave(struct order_walk *walk, kin_model *model) {
    walk->states[model->ordinal] = ORDER_DONE;
    walk->depth--;
    walk->schema->ordered[walk->count++] = model;
}

static bool order_from(struct order_walk *walk, kin_model *first) {
    order_enter(walk, first);
    while (walk->depth > 0) {
        kin_model *model = walk->path[walk->depth - 1];
        if (walk->next[model->ordinal] == model->foreign_key_count) {
            order_leave(walk, model);
            continue;
        }
        kin_model *target = order_target(walk->schema, &model->foreign_keys[walk->next[model->ordinal]++]);
        if (target == NULL || target == model)
            continue;
        if (walk->states[target->ordinal] == ORDER_NEW)
            order_enter(walk, target);
        else if (walk->states[target->ordinal] == ORDER_OPEN && walk->schema->cycle == NULL && !order_tell_cycle(walk, target))
            return false;
    }
    return true;
}

bool link_order(struct link *link) {
    kin_schema *schema = link->schema;
    size_t count = schema->model_count + 1;
    struct order_walk walk = { .schema = schema };
    walk.states = arena_allocate_cleared(link->arena, count * sizeof *walk.states);
    walk.next = arena_allocate_cleared(link->arena, count * sizeof *walk.next);
    walk.path = arena_allocate(link->arena, count * sizeof *walk.path);
    schema->ordered = arena_allocate(link->arena, count * sizeof *schema->ordered);
    if (walk.states == NULL || walk.next == NULL || walk.path == NULL || schema->ordered == NULL)
        return false;
    for (size_t i = 0; i < schema->model_count; i++)
        schema->models[i]->ordinal = i;
    /* Those that were replaced have their own too: statements and plans are known by it. */
    for (size_t i = 0; i < schema->replaced_count; i++)
        schema->replaced[i]->ordinal = schema->model_count + i;
    for (size_t i = 0; i < schema->model_count; i++)
        if (walk.states[i] == ORDER_NEW && !order_from(&walk, schema->models[i]))
            return false;
    return true;
}
