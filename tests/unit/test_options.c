/* Options of a program that was compiled with an older or a newer kin.h. */
#include <kin.h>

#include "base/options.h"
#include "test.h"

TEST(options_of_this_size_are_taken_as_they_are) {
    kin_find own, given = { .size = sizeof given, .limit = 3 };
    assert_ptr_equal(options_of(&given, &own, sizeof own), &given);
}

TEST(what_an_older_program_does_not_know_is_zero) {
    struct older { size_t size; const kin_model *model; } *older = malloc(sizeof *older); /* reading past it would be seen */
    assert_non_null(older);
    kin_find own;
    memset(&own, 0xff, sizeof own);
    *older = (struct older){ sizeof *older, (const kin_model *)older };
    const kin_find *found = options_of(older, &own, sizeof own);
    assert_ptr_equal(found->model, older);
    assert_null(found->where);
    assert_int_equal(found->limit, 0);
    assert_int_equal(found->size, sizeof own);
    free(older);
}

TEST(what_a_newer_program_knows_besides_is_not_read) {
    struct newer { kin_begin_options known; char more[64]; } newer = { .known = { .size = sizeof newer, .read_only = true } };
    kin_begin_options own;
    const kin_begin_options *found = options_of(&newer, &own, sizeof own);
    assert_ptr_equal(found, &own);
    assert_true(found->read_only);
}

TEST(no_options_are_all_zero) {
    kin_find own;
    const kin_find *found = options_of(NULL, &own, sizeof own);
    assert_null(found->model);
}

TEST(an_older_programs_call_works_end_to_end) {
    kin_schema *schema = kin_schema_new();
    kin_model *task = kin_define(schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title")));
    kin_db *db = kin_open("sqlite::memory:", schema);
    assert_true(kin_sync(db));
    kin_session *s = kin_session_open(db);
    kin_create(s, task, { "title", kin("x") });
    size_t size = offsetof(kin_find, where);
    char *options = calloc(1, size);
    assert_non_null(options);
    memcpy(options + offsetof(kin_find, size), &size, sizeof size);
    memcpy(options + offsetof(kin_find, model), &task, sizeof task);
    assert_int_equal((kin_find_all)(s, (const kin_find *)(const void *)options).count, 1);
    assert_true(kin_ok(s));
    free(options);
    kin_session_close(s);
    kin_close(db);
    kin_schema_free(schema);
}
