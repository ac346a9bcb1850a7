/* Kept plans lie in the session's own region, by the model's place in the schema: that of the primary key first, then one for each association. */
#include "orm/plan_cache.h"

#include <string.h>

struct plan_kept {
    struct plan plan;
    struct known_name name;
};

struct plan_cache {
    struct plan_kept ***models; /* [model][0: by key, n: association n - 1] */
};

bool plan_is_plain(const kin_find *options) {
    return !options || (!options->where && !options->attributes.at && !options->through_attributes.at && !options->through_where && !options->include.at &&
                        !options->order.at && !options->order_sql && !options->limit && !options->offset && !options->with_deleted);
}

static bool plan_keep(kin_session *session, const kin_model *model, const kin_association *association, struct plan_kept *kept) {
    static const kin_find plain = { .size = sizeof plain };
    struct arena *arena = &session->base.arena;
    const struct key *key = &model->primary_key;
    if (association)
        key = association->info.kind == KIN_BELONGS_TO ? &association->target_key : &association->foreign_key;
    /* The shape alone matters: the values are bound at each call. */
    kin_value *parts = arena_allocate_cleared(arena, key->count * sizeof *parts), whole;
    if (!parts)
        return fault_no_memory(&session->fault);
    for (size_t i = 0; i < key->count; i++)
        parts[i] = kin_value_integer(0);
    whole = key->count == 1 ? parts[0] : kin_value_key(key->count, parts);
    struct find_extra extra = { .where = sql_key_equals(arena, key, association && association->info.through ? 1 : 0, &whole) };
    struct plan_request request = { association ? association->info.target : model, association, false, &plain, &extra };
    if (!extra.where)
        return fault_no_memory(&session->fault);
    kept->name = known_name(KNOWN_READ, model, association);
    return plan_build(&kept->plan, session, arena, &session->base, &request);
}

static struct plan_kept *plan_kept_for(kin_session *session, const kin_model *model, const kin_association *association) {
    struct arena *arena = &session->base.arena;
    struct plan_cache *cache = session->plans;
    size_t place = association ? association->index + 1 : 0;
    if (!cache) {
        cache = arena_allocate_cleared(arena, sizeof *cache);
        if (cache)
            cache->models = arena_allocate_cleared(arena, (model->schema->model_count + model->schema->replaced_count) * sizeof *cache->models);
        if (!cache || !cache->models)
            return fault_no_memory(&session->fault), NULL;
        session->plans = cache;
    }
    struct plan_kept ***of = &cache->models[model->ordinal];
    if (!*of && !(*of = arena_allocate_cleared(arena, (model->association_count + 1) * sizeof **of)))
        return fault_no_memory(&session->fault), NULL;
    if ((*of)[place])
        return (*of)[place];
    struct plan_kept *kept = arena_allocate_cleared(arena, sizeof *kept);
    if (!kept)
        return fault_no_memory(&session->fault), NULL;
    if (!plan_keep(session, model, association, kept))
        return NULL;
    return (*of)[place] = kept;
}

bool plan_run_kept(kin_session *session, const kin_model *model, const kin_association *association, const kin_value *key, struct region *region,
                   kin_rows *out) {
    struct plan_kept *kept = plan_kept_for(session, model, association);
    if (!kept)
        return false;
    struct sql_statement statement = { .kind = SQL_SELECT, .as.select = &kept->plan.select };
    statement.known.key = &kept->name;
    statement.known.size = sizeof kept->name;
    statement.known.binds = key->type == KIN_VALUE_KEY ? key->as.parts : key;
    statement.known.bind_count = key->type == KIN_VALUE_KEY ? key->count : 1;
    struct row_list rows = { .arena = &region->arena };
    kept->plan.region = region;
    if (!plan_run_statement(&kept->plan, &statement, NULL, &rows, NULL, NULL))
        return false;
    *out = (kin_rows){ rows.at, rows.count };
    return true;
}
