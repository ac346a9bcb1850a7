/* Schemas and models, declared. Owns the registry: schema->models holds what is registered, in the order of definition,
 * schema->replaced what a later model of the same name replaced. Everything a caller gives is copied; nothing is judged here
 * but what linking could not judge any more (see link.h). */
#include "schema/declare.h"

#include <stdatomic.h>
#include <string.h>

#include "base/memory.h"
#include "schema/inflect.h"

static atomic_uint_fast64_t declare_last_identity;

kin_schema *kin_schema_new(void) {
    kin_schema *schema = memory_allocate_cleared(sizeof *schema);
    if (schema == NULL)
        return NULL;
    fault_start(&schema->fault);
    schema->identity = (uint64_t)atomic_fetch_add(&declare_last_identity, 1) + 1;
    return schema;
}

static void declare_free_models(kin_model **models, size_t count) {
    for (size_t i = 0; i < count; i++)
        map_free(&models[i]->accessors_by_name);
    memory_free(models);
}

void kin_schema_free(kin_schema *schema) {
    if (schema == NULL)
        return;
    declare_free_models(schema->models, schema->model_count);
    declare_free_models(schema->replaced, schema->replaced_count);
    memory_free(schema->associations);
    map_free(&schema->by_name);
    fault_clear(&schema->fault);
    arena_free(&schema->arena);
    memory_free(schema);
}

const kin_error *kin_schema_error(const kin_schema *schema) {
    if (schema == NULL)
        return fault_static_no_memory();
    return fault_is_set(&schema->fault) ? &schema->fault.error : NULL;
}

bool declare_is_frozen(kin_schema *schema, const char *function, const char *name) {
    char quoted[80];
    if (!schema->linked)
        return false;
    fault_set(&schema->fault, KIN_MISUSE, name, NULL,
              "the schema is frozen: %s(%s) came after it was linked; declare everything before kin_schema_link and kin_open",
              function, fault_quote(name != NULL ? name : "", quoted));
    return true;
}

bool declare_read_options(kin_schema *schema, const char *function, const void *from, void *to, size_t known) {
    size_t size;
    memcpy(&size, from, sizeof size);
    memset(to, 0, known);
    memcpy(to, from, size < known ? size : known);
    if (size > known)
        return fault_set(&schema->fault, KIN_MISUSE, NULL, NULL,
                         "%s was given options of %zu bytes and knows %zu of them: the program was built against a newer kin.h "
                         "(this library is %s); rebuild it, or bring the library up to date",
                         function, size, known, KIN_VERSION);
    if (size <= sizeof size)
        return fault_set(&schema->fault, KIN_MISUSE, NULL, NULL,
                         "%s was given options without a size; use the macro of that name, or write .size = sizeof of the options",
                         function);
    return true;
}

static void declare_default(kin_switch *to, kin_switch from) {
    if (from != KIN_USUAL)
        *to = from;
}

void(kin_schema_defaults)(kin_schema *schema, const kin_schema_options *options) {
    kin_schema_options given;
    if (schema == NULL || options == NULL || declare_is_frozen(schema, "kin_schema_defaults", NULL))
        return;
    if (!declare_read_options(schema, "kin_schema_defaults", options, &given, sizeof given))
        return;
    if (!declare_copy_string(&schema->arena, &given.schema)) {
        fault_no_memory(&schema->fault);
        return;
    }
    declare_default(&schema->defaults.freeze_table_name, given.freeze_table_name);
    declare_default(&schema->defaults.underscored, given.underscored);
    declare_default(&schema->defaults.timestamps, given.timestamps);
    declare_default(&schema->defaults.paranoid, given.paranoid);
    if (given.schema != NULL)
        schema->defaults.schema = given.schema;
}

void kin_schema_word(kin_schema *schema, const char *singular, const char *plural) {
    if (schema == NULL || declare_is_frozen(schema, "kin_schema_word", singular))
        return;
    if (singular == NULL || plural == NULL || *singular == '\0' || *plural == '\0') {
        fault_set(&schema->fault, KIN_SCHEMA, NULL, NULL,
                  "kin_schema_word needs both forms of a word; for an uncountable one give the same word twice");
        return;
    }
    struct inflect_word *word = arena_allocate_cleared(&schema->arena, sizeof *word);
    if (word == NULL || !declare_copy_string(&schema->arena, &singular) || !declare_copy_string(&schema->arena, &plural)) {
        fault_no_memory(&schema->fault);
        return;
    }
    /* In front: of two that fit equally well the first is taken, and what was taught last is meant. */
    *word = (struct inflect_word){ singular, plural, schema->words };
    schema->words = word;
}

/* Moves an earlier model out of the registry; there is room for it in schema->replaced. */
static void declare_replace(kin_schema *schema, kin_model *old) {
    size_t at = 0;
    while (schema->models[at] != old)
        at++;
    memmove(schema->models + at, schema->models + at + 1, (schema->model_count - at - 1) * sizeof *schema->models);
    schema->model_count--;
    old->declared->replaced = true;
    schema->replaced[schema->replaced_count++] = old;
}

/* False: out of memory, and the registry is as it was. */
static bool declare_register(kin_schema *schema, kin_model *model) {
    const char *name = model->info.name;
    if (!memory_reserve((void **)&schema->models, &schema->model_capacity, schema->model_count + 1, sizeof *schema->models) ||
        !memory_reserve((void **)&schema->replaced, &schema->replaced_capacity, schema->replaced_count + 1,
                        sizeof *schema->replaced))
        return false;
    if (name != NULL) {
        kin_model *old = map_get_string(&schema->by_name, name);
        if (!map_put_string(&schema->by_name, name, model))
            return false;
        if (old != NULL)
            declare_replace(schema, old);
    }
    schema->models[schema->model_count++] = model;
    return true;
}

kin_model *(kin_define)(kin_schema *schema, const kin_model_options *options) {
    if (schema == NULL)
        return NULL;
    if (options == NULL) {
        fault_set(&schema->fault, KIN_MISUSE, NULL, NULL, "kin_define was given no options");
        return NULL;
    }
    if (declare_is_frozen(schema, "kin_define", options->name))
        return NULL;
    kin_model *model = arena_allocate_cleared(&schema->arena, sizeof *model);
    struct model_declaration *declared = arena_allocate_cleared(&schema->arena, sizeof *declared);
    if (model == NULL || declared == NULL)
        goto no_memory;
    declare_read_options(schema, "kin_define", options, &declared->options, sizeof declared->options);
    if (!declare_copy_model_options(&schema->arena, &declared->options))
        goto no_memory;
    declared->defaults = schema->defaults;
    model->schema = schema;
    model->declared = declared;
    model->info.name = declared->options.name;
    if (!declare_register(schema, model))
        goto no_memory;
    return model;

no_memory:
    fault_no_memory(&schema->fault);
    return NULL;
}

/* Room in a list that doubles whenever its count is a power of two. */
static bool declare_grow_hooks(struct arena *arena, struct hook_list *list) {
    if (list->count != 0 && (list->count & (list->count - 1)) != 0)
        return true;
    struct model_hook *grown = arena_allocate_cleared(arena, (list->count == 0 ? 1 : 2 * list->count) * sizeof *grown);
    if (grown == NULL)
        return false;
    if (list->count != 0)
        memcpy(grown, list->at, list->count * sizeof *grown);
    list->at = grown;
    return true;
}

void kin_hook_add(kin_model *model, kin_hook_kind kind, kin_hook *function, void *context) {
    if (model == NULL || model->schema == NULL || declare_is_frozen(model->schema, "kin_hook_add", model->info.name))
        return;
    kin_schema *schema = model->schema;
    if (function == NULL || kind < KIN_BEFORE_VALIDATE || kind > KIN_AFTER_FIND) {
        fault_set(&schema->fault, KIN_SCHEMA, model->info.name, NULL, "%s: kin_hook_add was given no %s",
                  model->info.name != NULL ? model->info.name : "(no name)",
                  function == NULL ? "function" : "known kind of hook; see kin_hook_kind");
        return;
    }
    struct hook_list *list = &model->hooks[kind];
    if (!declare_grow_hooks(&schema->arena, list)) {
        fault_no_memory(&schema->fault);
        return;
    }
    list->at[list->count++] = (struct model_hook){ function, context };
    model->hook_mask |= (uint32_t)1 << kind;
}
