/* Regions, marks, and what ends with them. */
#include "session_fixture.h"

struct ending {
    struct dependent dependent;
    kin_session *session;
    int ended;
};

static void end_dependent(struct dependent *dependent)
{
    struct ending *ending = (struct ending *)dependent;
    session_forget(ending->session, dependent);
    ending->ended++;
}

TEST(marks_nest_and_free_what_came_after_them)
{
    struct fixture f = fixture_open("mock:");
    char *kept = session_allocate(f.session, 100);
    memset(kept, 'k', 100);
    for (int i = 0; i < 50; i++) {
        kin_mark outer = kin_session_mark(f.session);
        assert_non_null(session_allocate(f.session, 10000));
        kin_mark inner = kin_session_mark(f.session);
        memset(session_allocate(f.session, 5000), 'x', 5000);
        if (i % 2)
            kin_session_release(f.session, inner);
        kin_session_release(f.session, outer);
        assert_ptr_equal(f.session->region, &f.session->base);
    }
    assert_int_equal(kept[99], 'k');
    assert_true(kin_ok(f.session));
    fixture_close(&f);
}

TEST(a_stale_or_foreign_mark_is_an_error)
{
    struct fixture f = fixture_open("mock:");
    kin_session *other = kin_session_open(f.db);
    kin_mark outer = kin_session_mark(f.session), inner = kin_session_mark(f.session), foreign = kin_session_mark(other);
    kin_session_release(f.session, foreign);
    fixture_error(f.session, KIN_MISUSE, "kin_session_release: the mark was released already, or is another session's");
    kin_session_release(f.session, outer);
    kin_session_release(f.session, inner);
    fixture_error(f.session, KIN_MISUSE, "kin_session_release");
    kin_session_release(f.session, outer);
    fixture_error(f.session, KIN_MISUSE, "kin_session_release");
    kin_session_release(f.session, (kin_mark){ 0 });
    kin_session_release(NULL, outer);
    assert_int_equal(kin_session_mark(NULL).id, 0);
    assert_true(kin_ok(f.session));
    kin_session_close(other);
    fixture_close(&f);
}

TEST(dependents_end_with_their_mark)
{
    struct fixture f = fixture_open("mock:");
    struct ending before = { { .end = end_dependent }, f.session, 0 }, after = before, gone = before;
    session_depend(f.session, &before.dependent);
    kin_mark mark = kin_session_mark(f.session);
    session_depend(f.session, &after.dependent);
    session_depend(f.session, &gone.dependent);
    session_forget(f.session, &gone.dependent);
    kin_session_release(f.session, mark);
    assert_int_equal(before.ended, 0);
    assert_int_equal(after.ended, 1);
    assert_int_equal(gone.ended, 0);
    fixture_close(&f);
    assert_int_equal(before.ended, 1);
    assert_int_equal(after.ended, 1);
}

TEST(scratch_memory_lives_for_the_outermost_call)
{
    struct fixture f = fixture_open("mock:");
    assert_true(session_enter(f.session));
    char *outer = session_scratch(f.session, 16);
    memcpy(outer, "still here", 11);
    assert_true(session_enter(f.session));
    assert_non_null(session_scratch(f.session, 100000));
    session_leave(f.session);
    assert_string_equal(outer, "still here");
    session_leave(f.session);
    assert_int_equal(f.session->depth, 0);
    fixture_close(&f);
}

TEST(a_region_of_its_own_drops_its_entries_when_it_is_reset)
{
    struct fixture f = fixture_open("mock:");
    struct region region;
    region_start(&region, f.session);
    assert_true(kin_begin(f.session));
    assert_true(session_journal_reserve(f.session, 1));
    session_journal(f.session, &region, NULL, NULL, NULL); /* to call it would crash */
    region_reset(&region);
    assert_true(kin_rollback(f.session));
    region_end(&region);
    fixture_close(&f);
}
