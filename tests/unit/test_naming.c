/*
 * The naming strategy: keys, tables and accessors.
 */
#include "failing.h"
#include "test.h"

#include "schema/naming.h"

static struct arena names;

static void check(const char *name, const char *expected)
{
    assert_non_null(name);
    assert_string_equal(name, expected);
}

TEST(camelizing_raises_what_follows_a_separator)
{
    check(naming_camelize(&names, "user_role_id"), "userRoleId");
    check(naming_camelize(&names, "User_id"), "UserId");
    check(naming_camelize(&names, "user-role id"), "userRoleId");
    check(naming_camelize(&names, "a_-\t b"), "aB");
    check(naming_camelize(&names, "_id"), "Id");
    check(naming_camelize(&names, "id_"), "id");
    check(naming_camelize(&names, "userID"), "userID");
    check(naming_camelize(&names, "\xc3\xa4_\xc3\xa4"), "\xc3\xa4\xc3\xa4");
    check(naming_camelize(&names, "part_2b"), "part2b");
    check(naming_camelize(&names, ""), "");
    arena_free(&names);
}

TEST(underscoring_marks_every_capital)
{
    check(naming_underscore(&names, "UserRole"), "user_role");
    check(naming_underscore(&names, "userRoleId"), "user_role_id");
    check(naming_underscore(&names, "UserID"), "user_i_d");
    check(naming_underscore(&names, "HTML"), "h_t_m_l");
    check(naming_underscore(&names, "user_role"), "user_role");
    check(naming_underscore(&names, "createdAt"), "created_at");
    check(naming_underscore(&names, ""), "");
    check(naming_underscore(&names, "\xc3\x84" "B"), "\xc3\x84_b");
    arena_free(&names);
}

TEST(capitalizing_raises_the_first_letter_alone)
{
    check(naming_capitalize(&names, "tasks"), "Tasks");
    check(naming_capitalize(&names, "ASSIGNMENTS"), "ASSIGNMENTS");
    check(naming_capitalize(&names, "my_models"), "My_models");
    check(naming_capitalize(&names, "2nd"), "2nd");
    check(naming_capitalize(&names, ""), "");
    arena_free(&names);
}

TEST(keys_are_named_after_what_they_point_at)
{
    check(naming_key(&names, "Team", "id", false), "TeamId");
    check(naming_key(&names, "Company", "uuid", false), "CompanyUuid");
    check(naming_key(&names, "User", "user_id", false), "UserUserId");
    check(naming_key(&names, "project", "id", false), "projectId");
    check(naming_key(&names, "Father", "id", false), "FatherId");
    check(naming_key(&names, "user_role", "id", false), "userRoleId");
    check(naming_key(&names, "Team", "id", true), "team_id");
    check(naming_key(&names, "Company", "uuid", true), "company_uuid");
    check(naming_key(&names, "MainOwner", "id", true), "main_owner_id");
    check(naming_key(&names, "User", "userId", true), "user_user_id");
    check(naming_key(&names, "User", "Code", true), "user_code");
    check(naming_key(&names, "User", "Code", false), "UserCode");
    arena_free(&names);
}

TEST(accessors_are_a_verb_and_a_name)
{
    check(naming_accessor(&names, KIN_VERB_GET, "tasks"), "getTasks");
    check(naming_accessor(&names, KIN_VERB_SET, "ASSIGNMENTS"), "setASSIGNMENTS");
    check(naming_accessor(&names, KIN_VERB_ADD, "Task"), "addTask");
    check(naming_accessor(&names, KIN_VERB_REMOVE, "my_models"), "removeMy_models");
    check(naming_accessor(&names, KIN_VERB_HAS, "user"), "hasUser");
    check(naming_accessor(&names, KIN_VERB_COUNT, "tasks"), "countTasks");
    check(naming_accessor(&names, KIN_VERB_CREATE, "task"), "createTask");
    arena_free(&names);
}

TEST(plurals_and_singulars_are_the_inflectors)
{
    struct inflect_word own = { "kin", "kith", NULL };
    check(naming_plural(&names, NULL, "UserRole"), "UserRoles");
    check(naming_singular(&names, NULL, "People"), "Person");
    check(naming_plural(&names, &own, "kin"), "kith");
    check(naming_singular(&names, &own, "kith"), "kin");
    check(naming_plural(&names, NULL, ""), "");
    char longest[5001];
    memset(longest, 'a', 5000);
    longest[5000] = '\0';
    assert_int_equal(strlen(naming_plural(&names, NULL, longest)), 5001);
    arena_free(&names);
}

TEST(naming_survives_each_failure)
{
    static char name[3000];
    memset(name, 'N', sizeof name - 1);
    for (size_t n = 0; failing_round(n); n++) {
        struct arena arena = { 0 };
        bool ok = naming_plural(&arena, NULL, name) != NULL && naming_singular(&arena, NULL, name) != NULL &&
                  naming_camelize(&arena, name) != NULL && naming_underscore(&arena, name) != NULL &&
                  naming_capitalize(&arena, name) != NULL && naming_key(&arena, name, name, true) != NULL &&
                  naming_key(&arena, name, name, false) != NULL && naming_accessor(&arena, KIN_VERB_GET, name) != NULL;
        arena_free(&arena);
        failing_done(ok);
    }
}
