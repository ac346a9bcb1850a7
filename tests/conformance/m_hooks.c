/* Which hooks the verbs of associations run, in which order, and what they are told. */
#include "world.h"

enum { HOOK_KINDS = KIN_AFTER_FIND };

static const char *const kind_names[HOOK_KINDS + 1] = { "",
                                                        "before_validate",
                                                        "after_validate",
                                                        "before_create",
                                                        "after_create",
                                                        "before_update",
                                                        "after_update",
                                                        "before_destroy",
                                                        "after_destroy",
                                                        "before_save",
                                                        "after_save",
                                                        "before_bulk_create",
                                                        "after_bulk_create",
                                                        "before_bulk_update",
                                                        "after_bulk_update",
                                                        "before_bulk_destroy",
                                                        "after_bulk_destroy",
                                                        "before_find",
                                                        "after_find" };

#define UPDATE_HOOKS(model)                                                                                                    \
    model ".before_validate " model ".after_validate " model ".before_save " model ".before_update " model ".after_update "    \
          model ".after_save "
#define CREATE_HOOKS(model)                                                                                                    \
    model ".before_validate " model ".after_validate " model ".before_save " model ".before_create " model ".after_create "    \
          model ".after_save "
#define BULK_HOOKS(model, verb) model ".before_bulk_" verb " " model ".after_bulk_" verb " "

struct club {
    struct world w;
    kin_model *team, *player, *badge, *link, *coach;
    kin_association *team_of, *players, *badges, *coach_of;
    kin_row *reds, *blues, *ann, *bob, *gold, *silver;
    char heard[2000];          /* "Player.before_update Player.after_update " */
    char values[300];          /* of the last bulk update: "TeamId=1 " */
    char where[300];           /* of the last bulk hook: "id in 1 2 " */
    size_t row_count;          /* of the last bulk create */
    const char *refuse;        /* the hook that refuses, "Player.before_update" */
};

static void note(char *text, size_t size, const char *format, ...) {
    size_t used = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + used, size - used, format, arguments);
    va_end(arguments);
}

static void note_value(char *text, size_t size, kin_value value) {
    if (value.type == KIN_VALUE_NULL)
        note(text, size, "NULL ");
    else if (value.type == KIN_VALUE_INTEGER)
        note(text, size, "%" PRId64 " ", value.as.integer);
    else if (value.type == KIN_VALUE_TEXT)
        note(text, size, "%.*s ", (int)value.as.text.size, value.as.text.data);
    else
        note(text, size, "? ");
}

static void note_condition(struct club *c, const kin_condition *condition) {
    if (!condition)
        return;
    if (condition->kind == KIN_CONDITION_AND) {
        for (size_t i = 0; i < condition->count; i++)
            note_condition(c, condition->children[i]);
        return;
    }
    bool one = condition->kind == KIN_CONDITION_EQ;
    size_t count = one ? 1 : 0;
    while (condition->kind == KIN_CONDITION_IN && count < condition->count && condition->values[count].type != KIN_VALUE_LAST)
        count++;
    note(c->where, sizeof c->where, "%s %s ", condition->name, count == 1 ? "=" : "in");
    for (size_t i = 0; i < count; i++)
        note_value(c->where, sizeof c->where, one ? condition->value : condition->values[i]);
}

static bool hear(void *context, const kin_hook_event *event) {
    struct club *c = context;
    char name[80];
    snprintf(name, sizeof name, "%s.%s", kin_model_describe(event->model)->name, kind_names[event->kind]);
    note(c->heard, sizeof c->heard, "%s ", name);
    assert_ptr_equal(event->session, c->w.s);
    bool bulk = event->kind >= KIN_BEFORE_BULK_CREATE;
    assert_true(bulk ? event->row == NULL : event->row != NULL && kin_model_of(event->row) == event->model);
    if (bulk && event->kind < KIN_BEFORE_FIND) {
        c->values[0] = c->where[0] = '\0';
        c->row_count = event->rows.count;
        for (size_t i = 0; i < event->values.count; i++) {
            note(c->values, sizeof c->values, "%s=", event->values.at[i].name);
            note_value(c->values, sizeof c->values, event->values.at[i].value);
        }
        note_condition(c, event->where);
    }
    return !c->refuse || strcmp(c->refuse, name) != 0;
}

static void club_listen(struct club *c, kin_model *model) {
    for (int kind = 1; kind < KIN_BEFORE_FIND; kind++)
        kin_hook_add(model, (kin_hook_kind)kind, hear, c);
}

static void club_open(struct club *c) {
    memset(c, 0, sizeof *c);
    world_start(&c->w);
    c->team = kin_define(c->w.schema, "Team", KIN_ATTRIBUTES(KIN_STRING("name")));
    c->player = kin_define(c->w.schema, "Player", KIN_ATTRIBUTES(KIN_STRING("name", .validate = { .min_length = 2 })));
    c->badge = kin_define(c->w.schema, "Badge", KIN_ATTRIBUTES(KIN_STRING("word")));
    c->link = kin_define(c->w.schema, "Award", KIN_ATTRIBUTES(KIN_STRING("role")));
    c->coach = kin_define(c->w.schema, "Coach", KIN_ATTRIBUTES(KIN_STRING("name")));
    c->team_of = kin_belongs_to(c->player, c->team);
    c->players = kin_has_many(c->team, c->player);
    c->badges = kin_belongs_to_many(c->player, c->badge, .through_model = c->link);
    c->coach_of = kin_has_one(c->team, c->coach);
    kin_model *const models[] = { c->team, c->player, c->badge, c->link, c->coach };
    for (size_t i = 0; i < 5; i++)
        club_listen(c, models[i]);
    world_open(&c->w);
    c->reds = kin_create(c->w.s, c->team, { "name", kin("Reds") });
    c->blues = kin_create(c->w.s, c->team, { "name", kin("Blues") });
    c->ann = kin_create(c->w.s, c->player, { "name", kin("Ann") });
    c->bob = kin_create(c->w.s, c->player, { "name", kin("Bob") });
    c->gold = kin_create(c->w.s, c->badge, { "word", kin("gold") });
    c->silver = kin_create(c->w.s, c->badge, { "word", kin("silver") });
    assert_kin_ok(c->w.s);
    c->heard[0] = '\0';
    world_forget(&c->w);
}

/* What was heard since; it is forgotten. */
#define assert_heard(club, wanted) assert_heard_at(club, wanted, __LINE__)
static void assert_heard_at(struct club *c, const char *wanted, int line) {
    assert_kin_ok_at(c->w.s, __FILE__, line);
    if (strcmp(c->heard, wanted) != 0) {
        print_error("wanted: %s\nheard:  %s\n", wanted, c->heard);
        _fail(__FILE__, line);
    }
    c->heard[0] = '\0';
}

/* ---- to-one ---- */

TEST(M10_setting_one_runs_the_hooks_of_the_row_that_is_saved) {
    struct club c;
    club_open(&c);
    assert_true(kin_set_one(c.ann, c.team_of, c.reds));
    assert_heard(&c, UPDATE_HOOKS("Player"));
    assert_true(kin_set_one(c.ann, c.team_of, c.reds)); /* nothing to save */
    assert_heard(&c, "");
    assert_true(kin_set_one_key(c.ann, c.team_of, kin_key_of(c.blues)));
    assert_heard(&c, UPDATE_HOOKS("Player"));
    assert_true(kin_set_one(c.ann, c.team_of, NULL));
    assert_heard(&c, UPDATE_HOOKS("Player"));

    kin_row *carl = kin_create(c.w.s, c.coach, { "name", kin("Carl") }), *dora = kin_build(c.w.s, c.coach, { "name", kin("Dora") });
    c.heard[0] = '\0';
    assert_true(kin_set_one(c.reds, c.coach_of, carl));
    assert_heard(&c, UPDATE_HOOKS("Coach"));
    assert_true(kin_set_one(c.reds, c.coach_of, dora)); /* the partner there was leaves, the new one is inserted */
    assert_heard(&c, UPDATE_HOOKS("Coach") CREATE_HOOKS("Coach"));
    assert_true(kin_set_one(c.reds, c.coach_of, NULL));
    assert_heard(&c, UPDATE_HOOKS("Coach"));
    world_close(&c.w);
}

TEST(M10_a_hook_that_refuses_leaves_everything_as_it_was) {
    struct club c;
    club_open(&c);
    static const char *const hooks[] = { "Player.before_validate", "Player.after_validate", "Player.before_save", "Player.before_update",
                                         "Player.after_update",    "Player.after_save" };
    for (size_t i = 0; i < sizeof hooks / sizeof *hooks; i++) {
        c.refuse = hooks[i];
        assert_false(kin_set_one(c.ann, c.team_of, c.reds));
        assert_kin_error(c.w.s, KIN_HOOK, strchr(hooks[i], '.') + 1);
        assert_true(kin_is_null(c.ann, "TeamId"));
        assert_false(kin_changed(c.ann, NULL));
        assert_int_equal(kin_count_all(c.w.s, c.player, .where = kin_ne("TeamId", kin_null)), 0);
    }
    kin_row *carl = kin_create(c.w.s, c.coach, { "name", kin("Carl") }), *dora = kin_create(c.w.s, c.coach, { "name", kin("Dora") });
    assert_true(kin_set_one(c.reds, c.coach_of, carl));
    c.refuse = "Coach.after_update";
    assert_false(kin_set_one(c.reds, c.coach_of, dora));
    assert_kin_error(c.w.s, KIN_HOOK, "a after_update hook of Coach refused");
    assert_true(kin_equals(kin_get_one(c.reds, c.coach_of), carl));
    assert_true(kin_is_null(dora, "TeamId"));
    world_close(&c.w);
}

/* ---- has-many ---- */

TEST(M11_linking_many_runs_the_bulk_hooks_of_the_target) {
    struct club c;
    club_open(&c);
    assert_true(kin_add(c.reds, c.players, KIN_ROWS(c.ann)));
    assert_heard(&c, BULK_HOOKS("Player", "update"));
    assert_int_equal(kin_set(c.reds, c.players, KIN_ROWS(c.bob)).count, 1); /* ann leaves, bob joins */
    assert_heard(&c, BULK_HOOKS("Player", "update") BULK_HOOKS("Player", "update"));
    assert_true(kin_remove(c.reds, c.players, KIN_ROWS(c.bob)));
    assert_heard(&c, BULK_HOOKS("Player", "update"));
    assert_int_equal(kin_set(c.reds, c.players, KIN_NONE).count, 0); /* nothing to write */
    assert_heard(&c, "");
    kin_row *built = kin_build(c.w.s, c.player, { "name", kin("Eve") });
    assert_true(kin_add(c.reds, c.players, KIN_ROWS(built, c.ann))); /* inserted, and linked */
    assert_heard(&c, CREATE_HOOKS("Player") BULK_HOOKS("Player", "update"));
    world_close(&c.w);
}

TEST(M12_individual_hooks_run_those_of_each_target_too) {
    struct club c;
    club_open(&c);
    assert_true(kin_add(c.reds, c.players, KIN_ROWS(c.ann, c.bob), .individual_hooks = true));
    assert_heard(&c, "Player.before_bulk_update " UPDATE_HOOKS("Player") UPDATE_HOOKS("Player") "Player.after_bulk_update ");
    assert_true(kin_remove(c.reds, c.players, KIN_ROWS(c.bob), .individual_hooks = true));
    assert_heard(&c, "Player.before_bulk_update " UPDATE_HOOKS("Player") "Player.after_bulk_update ");
    assert_int_equal(kin_set(c.reds, c.players, KIN_KEYS(kin_key_of(c.bob)), .individual_hooks = true).count, 1);
    assert_heard(&c, "Player.before_bulk_update " UPDATE_HOOKS("Player") "Player.after_bulk_update "
                     "Player.before_bulk_update " UPDATE_HOOKS("Player") "Player.after_bulk_update ");
    assert_int_equal(kin_count(c.reds, c.players), 1);
    assert_true(kin_has_exactly(c.reds, c.players, KIN_ROWS(c.bob)));
    c.refuse = "Player.before_update"; /* of one: all stay */
    assert_int_equal(kin_set(c.reds, c.players, KIN_ROWS(c.ann), .individual_hooks = true).count, 0);
    assert_kin_error(c.w.s, KIN_HOOK, "before_update");
    assert_true(kin_has_exactly(c.reds, c.players, KIN_ROWS(c.bob)));
    world_close(&c.w);
}

TEST(M12_individual_hooks_of_many_rows_at_once) {
    struct club c;
    club_open(&c);
    assert_int_equal(kin_update_all(c.w.s, c.player, KIN_VALUES({ "name", kin("Cid") }), .all = true, .individual_hooks = true), 2);
    assert_int_equal(strncmp(c.heard, "Player.before_bulk_update ", 26), 0);
    size_t each = 0;
    for (const char *at = c.heard; (at = strstr(at, "Player.after_update ")); at++)
        each++;
    assert_int_equal(each, 2);
    assert_string_equal(c.heard + strlen(c.heard) - 25, "Player.after_bulk_update ");
    c.heard[0] = '\0';
    assert_int_equal(kin_destroy_all(c.w.s, c.player, .where = kin_eq("id", kin_key_of(c.bob)), .individual_hooks = true), 1);
    assert_heard(&c, "Player.before_bulk_destroy Player.before_destroy Player.after_destroy Player.after_bulk_destroy ");
    assert_int_equal(kin_bulk_create(c.w.s, c.badge, KIN_RECORDS(KIN_VALUES({ "word", kin("a") }), KIN_VALUES({ "word", kin("b") })),
                                     .individual_hooks = true).count, 2);
    assert_non_null(strstr(c.heard, "Badge.before_bulk_create Badge.before_validate"));
    assert_non_null(strstr(c.heard, "Badge.after_create Badge.after_save Badge.after_bulk_create "));
    world_close(&c.w);
}

TEST(M13_no_hooks_runs_none) {
    struct club c;
    club_open(&c);
    kin_session *s = c.w.s;
    assert_true(kin_set_one(c.ann, c.team_of, c.reds, .no_hooks = true));
    assert_true(kin_set_one_key(c.ann, c.team_of, kin_key_of(c.blues), .no_hooks = true));
    assert_true(kin_add(c.reds, c.players, KIN_ROWS(c.ann), .no_hooks = true));
    assert_int_equal(kin_set(c.reds, c.players, KIN_ROWS(c.bob), .no_hooks = true, .individual_hooks = true).count, 1);
    assert_true(kin_remove(c.reds, c.players, KIN_ROWS(c.bob), .no_hooks = true));
    assert_true(kin_add(c.ann, c.badges, KIN_ROWS(c.gold), .no_hooks = true));
    assert_int_equal(kin_set(c.ann, c.badges, KIN_ROWS(c.gold, c.silver), .no_hooks = true, .through = KIN_VALUES({ "role", kin("x") })).count, 2);
    assert_true(kin_remove(c.ann, c.badges, KIN_ROWS(c.gold), .no_hooks = true));
    assert_non_null(kin_create_linked(c.ann, c.badges, KIN_VALUES({ "word", kin("tin") }), .no_hooks = true));
    assert_non_null(kin_create_linked(c.reds, c.coach_of, KIN_VALUES({ "name", kin("Carl") }), .no_hooks = true));
    kin_put(c.ann, "name", kin("Anna"));
    assert_true(kin_save(c.ann, .no_hooks = true));
    assert_int_equal(kin_update_all(s, c.player, KIN_VALUES({ "name", kin("xx") }), .all = true, .no_hooks = true), 2);
    assert_int_equal(kin_bulk_create(s, c.badge, KIN_RECORDS(KIN_VALUES({ "word", kin("a") })), .no_hooks = true, .individual_hooks = true).count, 1);
    assert_int_equal(kin_destroy_all(s, c.badge, .where = kin_eq("word", "a"), .no_hooks = true), 1);
    assert_true(kin_destroy(c.bob, .no_hooks = true));
    assert_heard(&c, "");
    world_close(&c.w);
}

/* ---- many to many ---- */

TEST(M14_links_run_the_bulk_hooks_of_the_join_model) {
    struct club c;
    club_open(&c);
    assert_true(kin_add(c.ann, c.badges, KIN_ROWS(c.gold)));
    assert_heard(&c, BULK_HOOKS("Award", "create"));
    assert_int_equal(c.row_count, 1);
    assert_int_equal(kin_set(c.ann, c.badges, KIN_ROWS(c.gold, c.silver), .through = KIN_VALUES({ "role", kin("main") })).count, 2);
    assert_heard(&c, BULK_HOOKS("Award", "create") BULK_HOOKS("Award", "update"));
    assert_string_equal(c.values, "role=main ");
    assert_int_equal(kin_set(c.ann, c.badges, KIN_ROWS(c.silver)).count, 1);
    assert_heard(&c, BULK_HOOKS("Award", "destroy"));
    assert_true(kin_remove(c.ann, c.badges, KIN_ROWS(c.silver)));
    assert_heard(&c, BULK_HOOKS("Award", "destroy"));
    c.refuse = "Award.after_bulk_create";
    assert_int_equal(kin_set(c.ann, c.badges, KIN_ROWS(c.gold)).count, 0);
    assert_kin_error(c.w.s, KIN_HOOK, "after_bulk_create hook of Award refused");
    assert_int_equal(kin_count(c.ann, c.badges), 0);
    assert_int_equal(kin_count_all(c.w.s, c.link), 0);
    world_close(&c.w);
}

TEST(M15_the_targets_hooks_are_for_targets_that_are_made) {
    struct club c;
    club_open(&c);
    assert_true(kin_add(c.ann, c.badges, KIN_ROWS(c.gold)));
    assert_null(strstr(c.heard, "Badge."));
    assert_null(strstr(c.heard, "Player."));
    c.heard[0] = '\0';
    assert_non_null(kin_create_for(c.ann, c.badges, { "word", kin("tin") }));
    assert_heard(&c, CREATE_HOOKS("Badge") CREATE_HOOKS("Award"));
    assert_non_null(kin_create_for(c.reds, c.players, { "name", kin("Eve") }));
    assert_heard(&c, CREATE_HOOKS("Player"));
    assert_non_null(kin_create_for(c.ann, c.team_of, { "name", kin("Greens") }));
    assert_heard(&c, CREATE_HOOKS("Team") UPDATE_HOOKS("Player"));
    c.refuse = "Award.before_create"; /* the target goes with its link */
    assert_null(kin_create_for(c.ann, c.badges, { "word", kin("iron") }));
    assert_kin_error(c.w.s, KIN_HOOK, "before_create hook of Award");
    assert_int_equal(kin_count_all(c.w.s, c.badge, .where = kin_eq("word", "iron")), 0);
    world_close(&c.w);
}

/* ---- what bulk hooks are told ---- */

TEST(M25_bulk_hooks_are_told_the_key_that_is_set_and_for_whom) {
    struct club c;
    club_open(&c);
    char wanted[80];
    int64_t reds = kin_int(c.reds, "id"), ann = kin_int(c.ann, "id"), bob = kin_int(c.bob, "id"), gold = kin_int(c.gold, "id");
    assert_true(kin_add(c.reds, c.players, KIN_ROWS(c.ann, c.bob)));
    snprintf(wanted, sizeof wanted, "TeamId=%" PRId64 " ", reds);
    assert_string_equal(c.values, wanted);
    snprintf(wanted, sizeof wanted, "id in %" PRId64 " %" PRId64 " ", ann, bob);
    assert_string_equal(c.where, wanted);
    assert_true(kin_remove(c.reds, c.players, KIN_ROWS(c.bob)));
    assert_string_equal(c.values, "TeamId=NULL ");
    assert_non_null(strstr(c.where, "id "));
    assert_int_equal(kin_set(c.reds, c.players, KIN_NONE).count, 0); /* all who are linked */
    assert_string_equal(c.values, "TeamId=NULL ");
    snprintf(wanted, sizeof wanted, "TeamId = %" PRId64 " ", reds);
    assert_string_equal(c.where, wanted);

    assert_true(kin_add(c.ann, c.badges, KIN_ROWS(c.gold)));
    assert_true(kin_add(c.ann, c.badges, KIN_ROWS(c.gold), .through = KIN_VALUES({ "role", kin("x") })));
    assert_string_equal(c.values, "role=x ");
    snprintf(wanted, sizeof wanted, "PlayerId = %" PRId64 " ", ann);
    assert_non_null(strstr(c.where, wanted));
    snprintf(wanted, sizeof wanted, "BadgeId = %" PRId64 " ", gold);
    assert_non_null(strstr(c.where, wanted));
    assert_true(kin_remove(c.ann, c.badges, KIN_ROWS(c.gold)));
    assert_string_equal(c.values, "");
    assert_non_null(strstr(c.where, wanted));
    assert_int_equal(kin_update_all(c.w.s, c.player, KIN_VALUES({ "name", kin("Cid") }), .where = kin_eq("name", "Bob")), 1);
    assert_string_equal(c.values, "name=Cid ");
    assert_string_equal(c.where, "name = Bob ");
    assert_kin_ok(c.w.s);
    world_close(&c.w);
}
