/* Validation: what is checked before a write, by which verb, and what is not. */
#include "world.h"

struct school {
    struct world w;
    kin_model *room, *pupil, *course, *seat;
    kin_association *room_of, *pupils, *courses;
    kin_row *red, *blue, *ann, *bob, *maths, *music;
    int asked; /* how often a key's validator was called */
};

static const char *small(void *context, kin_value value) {
    struct school *o = context;
    o->asked++;
    return value.type == KIN_VALUE_INTEGER && value.as.integer > 100 ? "must be at most 100" : NULL;
}

static void school_open(struct school *o) {
    static const double one = 1, five = 5;
    memset(o, 0, sizeof *o);
    world_start(&o->w);
    o->room = kin_define(o->w.schema, "Room", KIN_ATTRIBUTES(KIN_STRING("name", .not_null = true, .validate = { .min_length = 2 })), .table = "rooms");
    o->pupil = kin_define(o->w.schema, "Pupil",
                          KIN_ATTRIBUTES(KIN_STRING("name", .not_null = true, .validate = { .min_length = 2, .max_length = 8 }),
                                         KIN_STRING("house", .validate = { .one_of = KIN_NAMES("north", "south") })),
                          .table = "pupils");
    o->course = kin_define(o->w.schema, "Course", KIN_ATTRIBUTES(KIN_STRING("title", .validate = { .not_empty = true })), .table = "courses");
    o->seat = kin_define(o->w.schema, "Seat", KIN_ATTRIBUTES(KIN_INTEGER("mark", .validate = { .minimum = &one, .maximum = &five })), .table = "seats");
    kin_attribute key = { .validate = { .function = small, .context = o } };
    o->room_of = kin_belongs_to(o->pupil, o->room, .foreign_key = "room_id", .key = key, .no_constraints = true);
    o->pupils = kin_has_many(o->room, o->pupil, .foreign_key = "room_id", .no_constraints = true);
    o->courses = kin_belongs_to_many(o->pupil, o->course, .through_model = o->seat);
    world_open(&o->w);
    o->red = kin_create(o->w.s, o->room, { "name", kin("red") });
    o->blue = kin_create(o->w.s, o->room, { "id", kin(500) }, { "name", kin("blue") });
    o->ann = kin_create(o->w.s, o->pupil, { "name", kin("Ann") });
    o->bob = kin_create(o->w.s, o->pupil, { "name", kin("Bob") });
    o->maths = kin_create(o->w.s, o->course, { "title", kin("maths") });
    o->music = kin_create(o->w.s, o->course, { "title", kin("music") });
    assert_kin_ok(o->w.s);
    o->asked = 0;
    world_forget(&o->w);
}

/* Refused by a validator, and nothing was sent. */
static void assert_invalid(struct school *o, const char *model, const char *attribute, const char *text) {
    const kin_error *error = kin_error_of(o->w.s);
    assert_int_equal(error->status, KIN_INVALID);
    assert_string_equal(error->model, model);
    assert_string_equal(error->attribute, attribute);
    assert_null(error->sql);
    if (!strstr(error->message, text))
        fail_msg("%s", error->message);
    assert_int_equal(world_sent(&o->w, "INSERT") + world_sent(&o->w, "UPDATE") + world_sent(&o->w, "DELETE"), 0);
    kin_clear_error(o->w.s);
}

TEST(M31_setting_one_asks_the_validators_of_the_key_alone) {
    struct school o;
    school_open(&o);
    assert_false(kin_set_one(o.ann, o.room_of, o.blue));
    assert_invalid(&o, "Pupil", "room_id", "Pupil.room_id must be at most 100");
    assert_int_equal(o.asked, 1);
    assert_true(kin_is_null(o.ann, "room_id"));
    assert_false(kin_set_one_key(o.ann, o.room_of, kin(101)));
    assert_invalid(&o, "Pupil", "room_id", "must be at most 100");
    kin_put(o.ann, "name", kin("x")); /* invalid, and not what is written */
    assert_true(kin_set_one(o.ann, o.room_of, o.red));
    assert_int_equal(world_number(&o.w, "SELECT count(*) AS n FROM pupils WHERE room_id IS NOT NULL AND name = 'Ann'"), 1);
    assert_true(kin_changed(o.ann, "name"));
    world_forget(&o.w);
    assert_false(kin_save(o.ann));
    assert_invalid(&o, "Pupil", "name", "Pupil.name must have at least 2 bytes, not 1");
    assert_true(kin_set_one(o.ann, o.room_of, o.blue, .no_validate = true));
    assert_int_equal(world_number(&o.w, "SELECT count(*) AS n FROM pupils WHERE room_id = 500"), 1);
    assert_kin_ok(o.w.s);
    world_close(&o.w);
}

TEST(M31_a_key_is_validated_when_its_row_is_saved) {
    struct school o;
    school_open(&o);
    assert_null(kin_create(o.w.s, o.pupil, { "name", kin("Eve") }, { "room_id", kin(101) }));
    assert_invalid(&o, "Pupil", "room_id", "must be at most 100");
    kin_put(o.ann, "room_id", kin(101));
    assert_false(kin_validate(o.ann));
    assert_invalid(&o, "Pupil", "room_id", "must be at most 100");
    assert_false(kin_save(o.ann));
    assert_invalid(&o, "Pupil", "room_id", "must be at most 100");
    assert_int_equal(kin_update_all(o.w.s, o.pupil, KIN_VALUES({ "room_id", kin(101) }), .all = true), -1);
    assert_invalid(&o, "Pupil", "room_id", "must be at most 100");
    int asked = o.asked;
    kin_put(o.ann, "room_id", kin_null); /* NULL is not_null's alone to judge */
    assert_true(kin_save(o.ann));
    assert_int_equal(o.asked, asked);
    assert_kin_ok(o.w.s);
    world_close(&o.w);
}

TEST(M32_linking_many_validates_the_key_and_not_the_rest_of_the_rows) {
    struct school o;
    school_open(&o);
    kin_put(o.ann, "name", kin("x")); /* pending and invalid */
    kin_execute(o.w.s, "UPDATE pupils SET house = 'nowhere', name = '' WHERE name = 'Bob'"); /* there, and invalid */
    assert_true(kin_reload(o.bob));
    world_forget(&o.w);
    assert_true(kin_add(o.red, o.pupils, KIN_ROWS(o.ann, o.bob)));
    assert_int_equal(world_sent(&o.w, "UPDATE"), 1);
    assert_int_equal(kin_count(o.red, o.pupils), 2);
    assert_true(kin_changed(o.ann, "name"));
    assert_int_equal(kin_set(o.red, o.pupils, KIN_ROWS(o.bob)).count, 1);
    assert_true(kin_remove(o.red, o.pupils, KIN_ROWS(o.bob)));
    assert_kin_ok(o.w.s);
    world_forget(&o.w);
    assert_false(kin_add(o.blue, o.pupils, KIN_ROWS(o.ann, o.bob)));
    assert_invalid(&o, "Pupil", "room_id", "must be at most 100");
    assert_int_equal(kin_set(o.blue, o.pupils, KIN_ROWS(o.bob)).count, 0);
    assert_invalid(&o, "Pupil", "room_id", "must be at most 100");
    assert_true(kin_is_null(o.bob, "room_id"));
    assert_true(kin_add(o.blue, o.pupils, KIN_ROWS(o.bob), .no_validate = true));
    assert_int_equal(kin_count(o.blue, o.pupils), 1);
    kin_row *eve = kin_build(o.w.s, o.pupil, { "name", kin("E") }); /* a row that is inserted is validated whole */
    world_forget(&o.w);
    assert_false(kin_add(o.red, o.pupils, KIN_ROWS(eve)));
    assert_invalid(&o, "Pupil", "name", "Pupil.name must have at least 2 bytes");
    assert_false(kin_is_saved(eve));
    assert_true(kin_is_null(eve, "room_id") || !kin_is_loaded(eve, "room_id"));
    world_close(&o.w);
}

TEST(M33_a_creator_validates_the_whole_target) {
    struct school o;
    school_open(&o);
    assert_null(kin_create_for(o.red, o.pupils, { "name", kin("a name that is too long") }, { "house", kin("east") }));
    assert_non_null(strstr(kin_error_of(o.w.s)->message, "Pupil.house must be one of: north, south")); /* all that is wrong, at once */
    assert_invalid(&o, "Pupil", "name", "Pupil.name must have at most 8 bytes, not 23; ");
    assert_null(kin_create_for(o.red, o.pupils, { "house", kin("north") }));
    assert_invalid(&o, "Pupil", "name", "Pupil.name cannot be NULL");
    assert_null(kin_create_for(o.blue, o.pupils, { "name", kin("Eve") }));
    assert_invalid(&o, "Pupil", "room_id", "must be at most 100");
    assert_null(kin_create_for(o.ann, o.courses, { "title", kin("") }));
    assert_invalid(&o, "Course", "title", "Course.title cannot be empty");
    assert_null(kin_create_linked(o.ann, o.courses, KIN_VALUES({ "title", kin("art") }), .through = KIN_VALUES({ "mark", kin(9) })));
    assert_int_equal(kin_error_of(o.w.s)->status, KIN_INVALID); /* the join row, after the target was inserted: both are gone */
    assert_kin_error(o.w.s, KIN_INVALID, "Seat.mark must be at most 5");
    assert_null(kin_create_for(o.ann, o.room_of, { "name", kin("r") }));
    assert_kin_error(o.w.s, KIN_INVALID, "Room.name must have at least 2 bytes");
    assert_true(kin_is_null(o.ann, "room_id"));
    assert_int_equal(world_number(&o.w, "SELECT count(*) AS n FROM pupils"), 2);
    assert_int_equal(world_number(&o.w, "SELECT count(*) AS n FROM courses"), 2);
    assert_int_equal(world_number(&o.w, "SELECT count(*) AS n FROM rooms"), 2);
    assert_int_equal(world_number(&o.w, "SELECT count(*) AS n FROM seats"), 0);
    assert_non_null(kin_create_linked(o.red, o.pupils, KIN_VALUES({ "name", kin("E") }), .no_validate = true));
    assert_kin_ok(o.w.s);
    world_close(&o.w);
}

TEST(M34_values_for_join_rows_are_validated) {
    struct school o;
    school_open(&o);
    assert_false(kin_add(o.ann, o.courses, KIN_ROWS(o.maths), .through = KIN_VALUES({ "mark", kin(6) })));
    assert_invalid(&o, "Seat", "mark", "Seat.mark must be at most 5");
    assert_int_equal(kin_set(o.ann, o.courses, KIN_ROWS(o.maths, o.music), .through = KIN_VALUES({ "mark", kin(0) })).count, 0);
    assert_invalid(&o, "Seat", "mark", "Seat.mark must be at least 1");
    assert_true(kin_put_through(o.music, o.seat, KIN_VALUES({ "mark", kin(7) }))); /* of one of them alone */
    assert_false(kin_add(o.ann, o.courses, KIN_ROWS(o.maths, o.music), .through = KIN_VALUES({ "mark", kin(3) })));
    assert_invalid(&o, "Seat", "mark", "Seat.mark must be at most 5");
    assert_int_equal(kin_count(o.ann, o.courses), 0);
    assert_true(kin_put_through(o.music, o.seat, KIN_VALUES(KIN_DEFAULTS)));
    assert_true(kin_add(o.ann, o.courses, KIN_ROWS(o.maths, o.music), .through = KIN_VALUES({ "mark", kin(3) })));
    world_forget(&o.w);
    assert_int_equal(kin_set(o.ann, o.courses, KIN_ROWS(o.maths), .through = KIN_VALUES({ "mark", kin(9) })).count, 0); /* an update of what is linked */
    assert_kin_error(o.w.s, KIN_INVALID, "Seat.mark must be at most 5");
    assert_int_equal(world_number(&o.w, "SELECT count(*) AS n FROM seats WHERE mark = 3"), 2); /* and music did not leave */
    assert_int_equal(kin_set(o.ann, o.courses, KIN_ROWS(o.maths), .through = KIN_VALUES({ "mark", kin(9) }), .no_validate = true).count, 1);
    assert_int_equal(world_number(&o.w, "SELECT count(*) AS n FROM seats WHERE mark = 9"), 1);
    assert_true(kin_add(o.ann, o.courses, KIN_ROWS(o.music), .through = KIN_VALUES({ "mark", kin(8) }), .no_validate = true));
    assert_int_equal(world_number(&o.w, "SELECT count(*) AS n FROM seats WHERE mark = 8"), 1);
    assert_kin_ok(o.w.s);
    world_close(&o.w);
}

TEST(M35_unlinking_writes_null_whatever_the_default_is) {
    struct world w;
    world_start(&w);
    kin_model *team = kin_define(w.schema, "Team", KIN_ATTRIBUTES(KIN_STRING("name")), .table = "teams");
    kin_model *player = kin_define(w.schema, "Player", KIN_ATTRIBUTES(KIN_STRING("name")), .table = "players");
    kin_model *coach = kin_define(w.schema, "Coach", KIN_ATTRIBUTES(KIN_STRING("name")), .table = "coaches");
    kin_association *team_of = kin_belongs_to(player, team, .foreign_key = "team_id", .key = { .default_value = kin(1) });
    kin_association *players = kin_has_many(team, player, .foreign_key = "team_id");
    kin_association *coach_of = kin_has_one(team, coach, .foreign_key = "team_id", .key = { .default_value = kin(1) });
    world_open(&w);
    kin_row *reds = kin_create(w.s, team, { "id", kin(1) }, { "name", kin("Reds") });
    for (int i = 0; i < 4; i++) {
        kin_row *ann = kin_create(w.s, player, { "name", kin("Ann") }); /* the default */
        assert_int_equal(kin_int(ann, "team_id"), 1);
        if (i == 0)
            assert_true(kin_set_one(ann, team_of, NULL));
        else if (i == 1)
            assert_true(kin_remove(reds, players, KIN_ROWS(ann)));
        else if (i == 2)
            assert_int_equal(kin_set(reds, players, KIN_NONE).count, 0);
        else {
            kin_put(ann, "team_id", kin_null);
            assert_true(kin_save(ann));
        }
        assert_int_equal(world_number(&w, "SELECT count(*) AS n FROM players WHERE team_id IS NULL"), i + 1);
        assert_int_equal(world_number(&w, "SELECT count(*) AS n FROM players WHERE team_id IS NOT NULL"), 0);
    }
    kin_row *carl = kin_create(w.s, coach, { "name", kin("Carl") });
    assert_true(kin_equals(kin_get_one(reds, coach_of), carl));
    assert_true(kin_set_one(reds, coach_of, NULL));
    assert_int_equal(world_number(&w, "SELECT count(*) AS n FROM coaches WHERE team_id IS NULL"), 1);
    kin_row *none = kin_create(w.s, player, { "name", kin("Bob") }, { "team_id", kin_null }); /* NULL was said, so the default is not meant */
    assert_true(kin_is_null(none, "team_id"));
    assert_int_equal(world_number(&w, "SELECT count(*) AS n FROM players WHERE team_id IS NULL AND name = 'Bob'"), 1);
    assert_kin_ok(w.s);
    world_close(&w);
}
