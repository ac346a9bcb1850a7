/* Associations before their keys: their names, and whether the options given fit the kind and each other. */
#include <string.h>

#include "schema/link.h"
#include "schema/naming.h"

/* For messages, before the association has a name. */
static const char *options_label(const struct link *link, const struct link_association *association) {
    const char *as = association->association->info.name;
    return link_format(link, "%s.%s", association->source->name, as != NULL && *as != '\0' ? as : association->target->name);
}

/* An alias has two forms: for one the alias is the singular, for many the plural; what is not given is inflected. */
static bool options_alias(const struct link *link, struct link_association *draft, const char **singular, const char **plural) {
    const kin_association_options *options = draft->options;
    bool many = draft->association->many;
    const struct inflect_word *words = link->schema->words;
    const char *given = many ? options->plural : options->singular;
    if (options->as != NULL && given != NULL && strcmp(options->as, given) != 0)
        return link_fault_at(link, draft, ".as is '%s' and .%s is '%s'; for %s they are the same: write one of them", options->as,
                             many ? "plural" : "singular", given, many ? "many" : "one");
    if (options->as != NULL)
        given = options->as;
    *singular = many ? options->singular : given;
    *plural = many ? given : options->plural;
    if (*singular == NULL)
        *singular = *plural != NULL ? naming_singular(link->arena, words, *plural) : draft->target->model->info.singular;
    if (*plural == NULL)
        *plural = options->singular != NULL || options->as != NULL ? naming_plural(link->arena, words, *singular)
                                                                   : draft->target->model->info.plural;
    return *singular != NULL && *plural != NULL;
}

static bool options_name(const struct link *link, struct link_association *draft) {
    kin_association_info *info = &draft->association->info;
    draft->label = options_label(link, draft);
    if (draft->label == NULL || !options_alias(link, draft, &info->singular, &info->plural))
        return false;
    info->name = draft->association->many ? info->plural : info->singular;
    draft->label = options_label(link, draft);
    if (draft->label == NULL)
        return false;
    if (*info->singular == '\0' || *info->plural == '\0')
        return link_fault_at(link, draft, "its name is empty; leave .as out to name it after %s", draft->target->name);
    if (strchr(info->name, '.') != NULL || *info->name == '-')
        return link_fault_at(
            link, draft, "an association's name has no '.' and no leading '-' (conditions and orders use them); write another .as");
    return true;
}

/* The same source and the same name twice: one of them could not be reached. */
static bool options_unique(const struct link *link, const struct link_association *draft) {
    for (size_t i = 0; link->associations[i] != draft; i++) {
        const struct link_association *earlier = link->associations[i];
        if (earlier->source != draft->source || strcmp(earlier->association->info.name, draft->association->info.name) != 0)
            continue;
        if (draft->options->as != NULL && earlier->options->as != NULL)
            return link_fault_at(link, draft,
                                 "You have used the alias %s in two separate associations. Aliased associations must have unique "
                                 "aliases; give one of them another .as",
                                 draft->association->info.name);
        return link_fault_at(link, draft, "%s has two associations named '%s'; give one of them an alias: .as = \"...\"",
                             draft->source->name, draft->association->info.name);
    }
    return true;
}

/* One list from the two ways to write it: .foreign_key = "x", or .foreign_keys = KIN_NAMES("x", "y"). */
static bool options_names(const struct link *link, const struct link_association *draft, const char *option, const char *const *one,
                          const kin_names *many, kin_names *out) {
    if (*one != NULL && many->at != NULL)
        return link_fault_at(link, draft, ".%s and .%ss are both given; write one of them", option, option);
    *out = *one != NULL ? (kin_names){ one, 1 } : *many;
    for (size_t i = 0; i < out->count; i++)
        if (out->at[i] == NULL || *out->at[i] == '\0' || *out->at[i] == '-' || strchr(out->at[i], '.') != NULL)
            return link_fault_at(link, draft, ".%s is '%s', which is no name of an attribute; write e.g. .%s = \"project_id\"",
                                 option, out->at[i] != NULL ? out->at[i] : "(null)", option);
    return true;
}

static bool options_keys(const struct link *link, struct link_association *draft) {
    const kin_association_options *options = draft->options;
    if (!options_names(link, draft, "foreign_key", &options->foreign_key, &options->foreign_keys, &draft->foreign) ||
        !options_names(link, draft, "other_key", &options->other_key, &options->other_keys, &draft->other) ||
        !options_names(link, draft, "source_key", &options->source_key, &options->source_keys, &draft->source_names) ||
        !options_names(link, draft, "target_key", &options->target_key, &options->target_keys, &draft->target_names))
        return false;
    if (options->key.name == NULL)
        return true;
    if (draft->foreign.count != 0 && (draft->foreign.count != 1 || strcmp(draft->foreign.at[0], options->key.name) != 0))
        return link_fault_at(link, draft, ".key is named '%s' and .foreign_key says otherwise; write one of them",
                             options->key.name);
    const kin_names none = { NULL, 0 };
    return options_names(link, draft, "key.name", &options->key.name, &none, &draft->foreign);
}

static bool options_key_members(const struct link *link, const struct link_association *draft) {
    const kin_attribute *key = &draft->options->key;
    if (key->references.model != NULL || key->references.table != NULL || key->references.column != NULL)
        return link_fault_at(link, draft, "the association says what its key references; leave .key.references out");
    if (key->auto_increment)
        return link_fault_at(link, draft, "a foreign key takes its value from what it references; leave .key.auto_increment out");
    return true;
}

/* Options that only a many to many has. */
static bool options_of_join(const struct link *link, const struct link_association *draft) {
    const kin_association_options *options = draft->options;
    const char *option = options->through != NULL            ? "through"
                         : options->through_model != NULL    ? "through_model"
                         : draft->other.at != NULL           ? "other_key"
                         : options->unique_key != NULL       ? "unique_key"
                         : options->not_unique               ? "not_unique"
                         : options->through_scope.count != 0 ? "through_scope"
                         : options->timestamps != KIN_USUAL  ? "timestamps"
                                                             : NULL;
    if (option == NULL)
        return true;
    if (draft->association->info.kind == KIN_HAS_MANY)
        return link_fault_at(link, draft,
                             "N:M associations are not supported with kin_has_many (.%s). Use kin_belongs_to_many instead", option);
    return link_fault_at(link, draft, ".%s is for kin_belongs_to_many; leave it out of this %s", option,
                         kind_name(draft->association->info.kind));
}

static bool options_of_kind(const struct link *link, const struct link_association *draft) {
    kin_kind kind = draft->association->info.kind;
    if (kind == KIN_BELONGS_TO && draft->source_names.at != NULL)
        return link_fault_at(link, draft, "a belongs-to points at its target; write .target_key in the place of .source_key");
    if ((kind == KIN_HAS_ONE || kind == KIN_HAS_MANY) && draft->target_names.at != NULL)
        return link_fault_at(link, draft, "the target of a %s points at the source; write .source_key in the place of .target_key",
                             kind_name(kind));
    if (kind == KIN_BELONGS_TO && draft->options->hooks)
        return link_fault_at(
            link, draft,
            ".hooks is for destroying the targets of a has-one, has-many or belongs-to-many; leave it out of this belongs-to");
    return kind == KIN_BELONGS_TO_MANY || options_of_join(link, draft);
}

static bool options_actions(const struct link *link, const struct link_association *draft) {
    const kin_association_options *options = draft->options;
    const struct {
        const char *name;
        kin_action action;
    } given[] = { { "on_delete", options->on_delete },
                  { "on_update", options->on_update },
                  { "key.on_delete", options->key.on_delete },
                  { "key.on_update", options->key.on_update } };
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        if (given[i].action == KIN_ACTION_USUAL)
            continue;
        if (action_name(given[i].action) == NULL)
            return link_fault_at(
                link, draft,
                ".%s is %d, which is no action; write KIN_RESTRICT, KIN_CASCADE, KIN_NO_ACTION, KIN_SET_DEFAULT or KIN_SET_NULL",
                given[i].name, (int)given[i].action);
        if (options->no_constraints)
            return link_fault_at(link, draft,
                                 ".no_constraints and .%s = %s contradict each other: without a constraint there is no action; "
                                 "leave one of them out",
                                 given[i].name, action_name(given[i].action));
    }
    return true;
}

bool link_name_associations(struct link *link) {
    for (size_t i = 0; i < link->association_count; i++) {
        struct link_association *draft = link->associations[i];
        if (!options_name(link, draft) || !options_unique(link, draft) || !options_keys(link, draft) ||
            !options_key_members(link, draft) || !options_of_kind(link, draft) || !options_actions(link, draft))
            return false;
    }
    return true;
}
