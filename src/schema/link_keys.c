/* Foreign keys. For each association, in the order of the calls: what its keys point at, what they are called, and the
 * attributes that hold them, made or merged with what is there.
 *
 * A model whose primary key is made of foreign keys (a join model's, mostly) has none until the associations that make it had
 * their turn; who points at such a model lets them go first. */
#include <string.h>

#include "schema/link.h"
#include "schema/link_merge.h"
#include "schema/naming.h"

static bool keys_of_association(struct link *link, struct link_association *draft);

static bool keys_complete_primary(struct link *link, const struct link_association *asking, const struct link_model *model) {
    for (size_t i = 0; i < model->maker_count; i++) {
        struct link_association *maker = model->makers[i];
        if (maker->state == LINK_RUNNING)
            return link_fault_at(
                link, asking,
                "its key points at the primary key of %s, which this key is to be part of; declare a primary key on %s",
                model->name, model->name);
        if (maker->state == LINK_WAITING && !keys_of_association(link, maker))
            return false;
    }
    return true;
}

static bool keys_target(struct link *link, const struct link_association *draft, const struct link_model *model,
                        const kin_names *names, const char *option, struct link_key *out) {
    return keys_complete_primary(link, draft, model) && link_target_key(link, draft, model, names, option, out);
}

/* X10: a reference declared by hand is the key, if it is the only one that points at that model. */
static struct link_attribute *keys_adopted(const struct link_model *holder, const struct link_model *referenced,
                                           const struct link_key *target) {
    struct link_attribute *found = NULL;
    if (target->count != 1)
        return NULL;
    for (size_t i = 0; i < holder->reference_count; i++) {
        const struct link_reference *reference = holder->references[i];
        if (!reference->by_hand || reference->target != referenced)
            continue;
        if (found != NULL)
            return NULL;
        found = reference->columns.at[0];
        if (reference->column != NULL && link_attribute_of_column(referenced, reference->column) != target->at[0])
            return NULL;
    }
    return found;
}

/* Of two associations of one side that name no key, only one can mean the reference declared by hand: the one without an alias. */
static bool keys_may_adopt(const struct link *link, const struct link_association *draft) {
    bool belongs = draft->association->info.kind == KIN_BELONGS_TO;
    if (draft->association->info.kind == KIN_BELONGS_TO_MANY)
        return draft->source != draft->target;
    if (draft->options->as == NULL && draft->options->singular == NULL && draft->options->plural == NULL)
        return true;
    for (size_t i = 0; i < link->association_count; i++) {
        const struct link_association *other = link->associations[i];
        kin_kind kind = other->association->info.kind;
        if (other != draft && kind != KIN_BELONGS_TO_MANY && (kind == KIN_BELONGS_TO) == belongs &&
            other->source == draft->source && other->target == draft->target && other->foreign.count == 0)
            return false;
    }
    return true;
}

/* A name for each part: from what it is called after and what it points at. */
static bool keys_default_names(const struct link *link, const char *base, bool underscored, const struct link_key *target,
                               kin_names *out) {
    const char **names = arena_allocate(link->arena, target->count * sizeof *names);
    if (names == NULL)
        return false;
    for (size_t i = 0; i < target->count; i++)
        if ((names[i] = naming_key(link->arena, base, target->at[i]->given.name, underscored)) == NULL)
            return false;
    *out = (kin_names){ names, target->count };
    return true;
}

static bool keys_names(const struct link *link, bool may_adopt, const struct link_model *holder,
                       const struct link_model *referenced, const char *base, bool underscored, const struct link_key *target,
                       kin_names *out) {
    if (!keys_default_names(link, base, underscored, target, out))
        return false;
    struct link_attribute *adopted = may_adopt ? keys_adopted(holder, referenced, target) : NULL;
    const struct link_attribute *usual = link_attribute_named(holder, out->at[0]);
    if (adopted == NULL || (usual != NULL && !usual->generated))
        return true;
    *out = (kin_names){ &adopted->given.name, 1 };
    return true;
}

static bool keys_of_one(struct link *link, struct link_association *draft) {
    const kin_association_info *info = &draft->association->info;
    bool belongs = info->kind == KIN_BELONGS_TO;
    bool by_alias = belongs || (info->kind == KIN_HAS_ONE && draft->source == draft->target);
    struct link_model *holder = belongs ? draft->source : draft->target, *referenced = belongs ? draft->target : draft->source;
    struct link_key *target = belongs ? &draft->target_key : &draft->source_key;
    const char *base = by_alias ? info->name : draft->source->model->info.singular;
    kin_names names = draft->foreign;
    if (!keys_target(link, draft, referenced, belongs ? &draft->target_names : &draft->source_names,
                     belongs ? "target_key" : "source_key", target))
        return false;
    if (names.count == 0 &&
        !keys_names(link, keys_may_adopt(link, draft), holder, referenced, base, holder->underscored, target, &names))
        return false;
    const struct link_key_request request = {
        .by = draft,
        .holder = holder,
        .referenced = referenced,
        .target = target,
        .names = names,
        .option = "foreign_key",
        .about = &draft->options->key,
        .level = LINK_OWN,
    };
    return link_merge_key(link, &request, &draft->foreign_key, &draft->reference);
}

/* The names of a join model's keys to the source of `draft`: given there, or as the other side's other key, or usual. */
static bool keys_join_names(struct link *link, const struct link_association *draft, const struct link_key *target,
                            kin_names *out) {
    *out = draft->foreign;
    if (out->count == 0 && draft->pair != NULL)
        *out = draft->pair->other;
    if (out->count != 0)
        return true;
    return keys_names(link, keys_may_adopt(link, draft), draft->through, draft->source, draft->source->model->info.singular,
                      draft->source->underscored, target, out);
}

static bool keys_join_other_names(struct link *link, const struct link_association *draft, const struct link_key *target,
                                  kin_names *out) {
    bool itself = draft->source == draft->target;
    *out = draft->other;
    if (out->count != 0)
        return true;
    if (draft->pair != NULL)
        return keys_join_names(link, draft->pair, target, out);
    return keys_names(link, keys_may_adopt(link, draft), draft->through, draft->target,
                      itself ? draft->association->info.singular : draft->target->model->info.singular, draft->target->underscored,
                      target, out);
}

static bool keys_check_join(const struct link *link, const struct link_association *draft, const kin_names *foreign,
                            const kin_names *other) {
    for (size_t i = 0; i < foreign->count; i++)
        for (size_t k = 0; k < other->count; k++)
            if (strcmp(foreign->at[i], other->at[k]) == 0)
                return link_fault_at(link, draft,
                                     "both its keys in %s would be '%s'%s; write two names as .foreign_key and .other_key (and the "
                                     "same two the other way round in the opposite association)",
                                     draft->through->name, foreign->at[i],
                                     draft->pair != NULL
                                         ? " (it and another association go through that model, and nothing says which is which)"
                                         : "");
    return true;
}

static const kin_names *keys_first_given(const kin_names *own, const kin_names *others) {
    return own->count != 0 || others == NULL ? own : others;
}

static bool keys_of_many(struct link *link, struct link_association *draft) {
    const struct link_association *pair = draft->pair;
    const kin_names *source_names = keys_first_given(&draft->source_names, pair != NULL ? &pair->target_names : NULL);
    const kin_names *target_names = keys_first_given(&draft->target_names, pair != NULL ? &pair->source_names : NULL);
    kin_names foreign, other;
    if (!keys_target(link, draft, draft->source, source_names, "source_key", &draft->source_key) ||
        !keys_target(link, draft, draft->target, target_names, "target_key", &draft->target_key) ||
        !keys_join_names(link, draft, &draft->source_key, &foreign) ||
        !keys_join_other_names(link, draft, &draft->target_key, &other) || !keys_check_join(link, draft, &foreign, &other))
        return false;
    const struct link_key_request to_source = {
        .by = draft,
        .holder = draft->through,
        .referenced = draft->source,
        .target = &draft->source_key,
        .names = foreign,
        .option = "foreign_key",
        .about = &draft->options->key,
        .level = LINK_OWN,
        .joins = true,
    };
    const struct link_key_request to_target = {
        .by = draft,
        .holder = draft->through,
        .referenced = draft->target,
        .target = &draft->target_key,
        .names = other,
        .option = "other_key",
        .level = LINK_OTHER,
        .joins = true,
    };
    return link_merge_key(link, &to_source, &draft->foreign_key, &draft->reference) &&
           link_merge_key(link, &to_target, &draft->other_key, &draft->other_reference);
}

static bool keys_of_association(struct link *link, struct link_association *draft) {
    draft->state = LINK_RUNNING;
    if (draft->association->info.kind == KIN_BELONGS_TO_MANY ? !keys_of_many(link, draft) : !keys_of_one(link, draft))
        return false;
    draft->state = LINK_DONE;
    return true;
}

bool link_keys(struct link *link) {
    for (size_t i = 0; i < link->association_count; i++)
        if (link->associations[i]->state == LINK_WAITING && !keys_of_association(link, link->associations[i]))
            return false;
    return true;
}
