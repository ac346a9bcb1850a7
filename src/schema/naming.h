/* The document's naming strategy: from models and aliases to keys, tables and accessors. All results are in the arena; NULL: out of memory. */
#ifndef KIN_SCHEMA_NAMING_H
#define KIN_SCHEMA_NAMING_H

#include <kin.h>

#include "base/arena.h"
#include "schema/inflect.h"

const char *naming_plural(struct arena *arena, const struct inflect_word *words, const char *word);
const char *naming_singular(struct arena *arena, const struct inflect_word *words, const char *word);
/* "user_role_id" -> "userRoleId": each run of '-', '_' or white space goes, the next character is raised. */
const char *naming_camelize(struct arena *arena, const char *word);
/* "UserRole" -> "user_role": '_' before every capital, then lower case, without a leading '_'. */
const char *naming_underscore(struct arena *arena, const char *word);
/* "tasks" -> "Tasks": the first letter only. */
const char *naming_capitalize(struct arena *arena, const char *word);
/* A key's name from what it points at: ("Team", "id") -> "TeamId", or "team_id" when underscored. */
const char *naming_key(struct arena *arena, const char *name, const char *key, bool underscored);
/* "getTasks" from (KIN_VERB_GET, "tasks"). */
const char *naming_accessor(struct arena *arena, kin_verb verb, const char *name);

#endif
