/* The keys of join models: their names from both sides, their types, and relations whose keys are out of the ordinary. */
#include "world.h"

#define DEFINE(name) kin_define(w.schema, name, KIN_NO_ATTRIBUTES)

static void assert_linked(struct world *world)
{
    if (!kin_schema_link(world->schema))
        fail_msg("%s", kin_schema_error(world->schema)->message);
}

/* The association's keys in its join model: "UserId>ProjectId". */
static void assert_keys(const kin_association *association, const char *expected)
{
    const kin_association_info *info = kin_association_describe(association);
    char found[200] = "";
    for (size_t i = 0; i < info->foreign_key.count; i++)
        snprintf(found + strlen(found), sizeof found - strlen(found), "%s%s", i ? "," : "", info->foreign_key.at[i]);
    for (size_t i = 0; i < info->other_key.count; i++)
        snprintf(found + strlen(found), sizeof found - strlen(found), "%s%s", i ? "," : ">", info->other_key.at[i]);
    assert_string_equal(found, expected);
}

/* Links two to one, and sees it from both sides (the other one may be missing). */
static void assert_works(struct world *world, kin_association *forth, kin_association *back, kin_row *one, kin_row *first, kin_row *second)
{
    assert_kin_ok(world->s);
    assert_true(kin_set(one, forth, KIN_ROWS(first, second)).count == 2);
    assert_int_equal(kin_count(one, forth), 2);
    assert_true(kin_has_exactly(one, forth, KIN_ROWS(second, first)));
    kin_rows found = kin_get(one, forth);
    assert_int_equal(found.count, 2);
    assert_true(kin_equals(found.at[0], first) || kin_equals(found.at[1], first));
    kin_row *loaded = kin_find_one(world->s, kin_model_of(one), .where = kin_exists(forth), .include = KIN_INCLUDE(KIN_WITH(forth)));
    assert_kin_ok(world->s);
    assert_true(kin_equals(loaded, one));
    assert_int_equal(kin_related(loaded, forth).count, 2);
    if (back) {
        found = kin_get(second, back);
        assert_int_equal(found.count, 1);
        assert_true(kin_equals(found.at[0], one));
        assert_true(kin_remove(second, back, KIN_ROWS(one)));
        assert_true(kin_has_exactly(one, forth, KIN_ROWS(first)));
        assert_true(kin_add(second, back, KIN_ROWS(one)));
    }
    assert_true(kin_remove(one, forth, KIN_ROWS(first)));
    assert_true(kin_has_exactly(one, forth, KIN_ROWS(second)));
    assert_int_equal(kin_set(one, forth, KIN_NONE).count, 0);
    assert_int_equal(kin_count(one, forth), 0);
    assert_kin_ok(world->s);
}

TEST(F21_F22_F23_F24_each_side_knows_the_others_key)
{
    static const struct {
        const char *own, *other, *back, *back_other, *attributes;
    } given[] = { { NULL, NULL, NULL, NULL, "UserId>ProjectId" }, { "u", "p", NULL, NULL, "u>p" }, { NULL, NULL, "p", "u", "u>p" },
                  { "u", NULL, "p", NULL, "u>p" },                { NULL, "p", NULL, "u", "u>p" }, { "u", "p", "p", "u", "u>p" },
                  { NULL, NULL, "p", NULL, "UserId>p" },          { "u", NULL, NULL, NULL, "u>ProjectId" } };
    for (size_t i = 0; i < sizeof given / sizeof *given; i++)
        for (int model = 0; model < 2; model++) {
            struct world w;
            world_start(&w);
            kin_model *user = DEFINE("User"), *project = DEFINE("Project"), *member = model ? DEFINE("Member") : NULL;
            kin_association *projects = kin_belongs_to_many(user, project, .through = model ? NULL : "Member", .through_model = member, .foreign_key = given[i].own, .other_key = given[i].other);
            kin_association *users = kin_belongs_to_many(project, user, .through = model ? NULL : "Member", .through_model = member, .foreign_key = given[i].back, .other_key = given[i].back_other);
            assert_linked(&w);
            const kin_association_info *one = kin_association_describe(projects), *other = kin_association_describe(users);
            assert_keys(projects, given[i].attributes);
            assert_string_equal(one->foreign_key.at[0], other->other_key.at[0]);
            assert_string_equal(one->other_key.at[0], other->foreign_key.at[0]);
            /* Nothing is left of a name that was thought of first. */
            assert_names(kin_model_describe(kin_model_named(w.schema, "Member"))->attributes, one->foreign_key.at[0], one->other_key.at[0]);
            kin_schema_free(w.schema);
        }
}

TEST(F23_keys_with_columns_of_their_own)
{
    struct world w;
    world_start(&w);
    kin_model *user = DEFINE("User"), *project = DEFINE("Project");
    kin_association *projects = kin_belongs_to_many(user, project, .through = "member", .key = { .name = "userId", .column = "user_ref" });
    kin_association *users = kin_belongs_to_many(project, user, .through = "member", .key = { .name = "projectId", .column = "project_ref" });
    world_open(&w);
    assert_keys(projects, "userId>projectId");
    assert_string_equal(kin_attribute_named(kin_model_named(w.schema, "member"), "userId")->column, "user_ref");
    kin_row *u = kin_create(w.s, user, KIN_DEFAULTS), *a = kin_create(w.s, project, KIN_DEFAULTS), *b = kin_create(w.s, project, KIN_DEFAULTS);
    assert_works(&w, projects, users, u, a, b);
    assert_true(kin_add(u, projects, KIN_ROWS(b)));
    assert_int_equal(world_number(&w, "SELECT project_ref AS n FROM member"), kin_int(b, "id"));
    kin_row *join = kin_through(kin_get(u, projects).at[0], kin_model_named(w.schema, "member"));
    assert_int_equal(kin_int(join, "projectId"), kin_int(b, "id"));
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(F25_F26_different_join_models_are_different_relations)
{
    struct world w;
    world_start(&w);
    kin_model *user = DEFINE("User"), *project = DEFINE("Project");
    kin_association *owned = kin_belongs_to_many(user, project, .as = "Owned", .through = "Owners", .foreign_key = "u1");
    kin_association *joined = kin_belongs_to_many(user, project, .as = "Joined", .through = "Members");
    kin_association *owners = kin_belongs_to_many(project, user, .as = "Owners", .through = "Owners");
    kin_association *members = kin_belongs_to_many(project, user, .as = "Members", .through = "Members", .foreign_key = "p2");
    world_open(&w);
    assert_keys(owned, "u1>ProjectId");
    assert_keys(owners, "ProjectId>u1");
    assert_keys(joined, "UserId>p2");
    assert_keys(members, "p2>UserId");
    kin_row *ada = kin_create(w.s, user, KIN_DEFAULTS), *bob = kin_create(w.s, user, KIN_DEFAULTS), *p = kin_create(w.s, project, KIN_DEFAULTS);
    kin_add(p, owners, KIN_ROWS(ada));
    kin_add(p, members, KIN_ROWS(ada, bob));
    assert_true(kin_has_exactly(p, owners, KIN_ROWS(ada)));
    assert_true(kin_has_exactly(p, members, KIN_ROWS(ada, bob)));
    assert_int_equal(kin_count(bob, owned), 0);
    assert_int_equal(kin_count(bob, joined), 1);
    kin_set(p, members, KIN_NONE);
    assert_true(kin_has_exactly(p, owners, KIN_ROWS(ada)));
    assert_int_equal(kin_count(ada, joined), 0);
    assert_kin_ok(w.s);
    world_close(&w);

    world_start(&w); /* a name given in one relation is nothing to another */
    user = DEFINE("User");
    project = DEFINE("Project");
    owned = kin_belongs_to_many(user, project, .as = "Owned", .through = "A", .foreign_key = "u1");
    members = kin_belongs_to_many(project, user, .as = "Members", .through = "B", .foreign_key = "p2");
    assert_linked(&w);
    assert_keys(owned, "u1>ProjectId");
    assert_keys(members, "p2>UserId");
    kin_schema_free(w.schema);
}

TEST(F27_relations_of_a_model_to_itself_need_an_alias)
{
    struct world w;
    world_start(&w);
    kin_model *person = DEFINE("Person");
    kin_belongs_to_many(person, person, .through = "Friends");
    assert_link_error(w.schema, "'as' must be defined for many-to-many self-associations");
    kin_schema_free(w.schema);
}

TEST(F28_F30_relations_of_a_model_to_itself)
{
    struct world w;
    world_start(&w);
    kin_model *person = kin_define(w.schema, "Person", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_association *children = kin_belongs_to_many(person, person, .as = "Children", .through = "PersonChildren");
    kin_association *gang = kin_belongs_to_many(person, person, .singular = "pal", .plural = "gang", .through = "Gangs");
    world_open(&w);
    const kin_model *join = kin_model_named(w.schema, "PersonChildren");
    assert_string_equal(kin_model_describe(join)->table, "PersonChildren");
    assert_names(kin_model_describe(join)->attributes, "PersonId", "ChildId");
    assert_keys(gang, "PersonId>palId");
    static const char *const accessors[] = { "getChildren", "setChildren", "addChild", "addChildren", "removeChild", "removeChildren", "hasChild", "hasChildren",
                                             "countChildren", "createChild", "getGang", "addPal", "createPal", "hasGang" };
    for (size_t i = 0; i < sizeof accessors / sizeof *accessors; i++)
        if (!kin_has_accessor(person, accessors[i]))
            fail_msg("Person has no %s", accessors[i]);
    assert_ptr_equal(kin_association_named(person, "gang"), gang);

    kin_row *mother = kin_create(w.s, person, { "name", kin("mother") }), *one = kin_create(w.s, person, { "name", kin("one") });
    kin_row *two = kin_create(w.s, person, { "name", kin("two") });
    assert_works(&w, children, NULL, mother, one, two);
    assert_works(&w, gang, NULL, one, two, mother);
    assert_true(kin_call(mother, "addChild", .targets = KIN_ROWS(one)).ok);
    assert_int_equal(kin_call(mother, "countChildren").count, 1);
    assert_int_equal(kin_count(one, children), 0); /* one way only */
    assert_true(kin_add(one, children, KIN_ROWS(one)));
    assert_true(kin_has(one, children, KIN_ROWS(one)));
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(F29_two_directions_through_one_table)
{
    for (int turn = 0; turn < 3; turn++) {
        struct world w;
        world_start(&w);
        kin_model *person = DEFINE("Person"), *family = turn == 1 ? kin_define(w.schema, "Family", KIN_ATTRIBUTES(KIN_STRING("house"))) : NULL;
        kin_association *parents = kin_belongs_to_many(person, person, .as = "Parents", .through = "Family", .through_model = family, .foreign_key = "childId", .other_key = "parentId");
        kin_association *children = kin_belongs_to_many(person, person, .as = "Children", .through = "Family", .through_model = family,
                                                        .foreign_key = turn == 2 ? NULL : "parentId", .other_key = turn == 2 ? NULL : "childId");
        world_open(&w);
        assert_keys(parents, "childId>parentId");
        assert_keys(children, "parentId>childId");
        assert_names(kin_model_describe(kin_model_named(w.schema, "Family"))->primary_key, "childId", "parentId");
        kin_row *mother = kin_create(w.s, person, KIN_DEFAULTS), *one = kin_create(w.s, person, KIN_DEFAULTS), *two = kin_create(w.s, person, KIN_DEFAULTS);
        assert_works(&w, children, parents, mother, one, two);
        assert_true(kin_add(mother, children, KIN_ROWS(one)));
        assert_true(kin_add(two, parents, KIN_ROWS(mother)));
        assert_true(kin_has_exactly(mother, children, KIN_ROWS(one, two)));
        assert_true(kin_has_exactly(one, parents, KIN_ROWS(mother)));
        assert_int_equal(kin_count(mother, parents), 0);
        assert_kin_ok(w.s);
        world_close(&w);
    }
}

TEST(F31_F32_keys_of_every_type)
{
    struct world w;
    world_start(&w);
    kin_model *user = kin_define(w.schema, "User", KIN_ATTRIBUTES(KIN_UUID("uid", .primary_key = true, .default_uuid = true, .column = "user_uid"), KIN_STRING("name")));
    kin_model *land = kin_define(w.schema, "Land", KIN_ATTRIBUTES(KIN_STRING("code", .length = 20, .primary_key = true, .column = "land_code")));
    kin_model *big = kin_define(w.schema, "Big", KIN_ATTRIBUTES(KIN_BIGINT("nr", .primary_key = true)));
    kin_association *lands = kin_belongs_to_many(user, land, .through = "Visit"), *users = kin_belongs_to_many(land, user, .through = "Visit");
    kin_association *bigs = kin_belongs_to_many(land, big, .through = "LandBig"), *of_big = kin_belongs_to_many(big, land, .through = "LandBig");
    world_open(&w);
    const kin_model *visit = kin_model_named(w.schema, "Visit");
    assert_names(kin_model_describe(visit)->attributes, "UserUid", "LandCode");
    assert_int_equal(kin_attribute_named(visit, "UserUid")->type, KIN_TYPE_UUID);
    assert_int_equal(kin_attribute_named(visit, "LandCode")->type, KIN_TYPE_STRING);
    assert_int_equal(kin_attribute_named(visit, "LandCode")->length, 20);
    assert_string_equal(kin_attribute_named(visit, "LandCode")->references_column, "land_code");
    assert_int_equal(kin_attribute_named(kin_model_named(w.schema, "LandBig"), "BigNr")->type, KIN_TYPE_BIGINT);
    kin_row *ada = kin_create(w.s, user, { "name", kin("ada") }), *at = kin_create(w.s, land, { "code", kin("at") }), *ch = kin_create(w.s, land, { "code", kin("it's \"ch\"") });
    kin_row *one = kin_create(w.s, big, { "nr", kin(INT64_C(9007199254740993)) }), *two = kin_create(w.s, big, { "nr", kin(INT64_C(9007199254740992)) });
    assert_works(&w, lands, users, ada, at, ch);
    assert_works(&w, bigs, of_big, at, one, two);
    assert_true(kin_add(ada, lands, KIN_KEYS(kin("it's \"ch\""))));
    assert_string_equal(kin_text(kin_get(ada, lands, .order = KIN_NAMES("code")).at[0], "code"), "it's \"ch\"");
    kin_row *found = kin_find_one(w.s, big, .where = kin_eq("nr", INT64_C(9007199254740993)), .include = KIN_INCLUDE(KIN_WITH(of_big, .include = KIN_INCLUDE(KIN_WITH(users)))));
    assert_int_equal(kin_related(found, of_big).count, 0);
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(F33_composite_primary_keys)
{
    struct world w;
    world_start(&w);
    kin_model *place = kin_define(w.schema, "Place", KIN_ATTRIBUTES(KIN_CHAR("country", .length = 2, .primary_key = true), KIN_INTEGER("number", .primary_key = true)));
    kin_model *guest = DEFINE("Guest");
    kin_association *guests = kin_belongs_to_many(place, guest, .through = "Stay"), *places = kin_belongs_to_many(guest, place, .through = "Stay");
    kin_association *near = kin_belongs_to_many(place, place, .as = "Neighbours", .through = "Nearby");
    world_open(&w);
    assert_keys(guests, "PlaceCountry,PlaceNumber>GuestId");
    assert_keys(places, "GuestId>PlaceCountry,PlaceNumber");
    assert_keys(near, "PlaceCountry,PlaceNumber>NeighbourCountry,NeighbourNumber");
    assert_names(kin_model_describe(kin_model_named(w.schema, "Stay"))->primary_key, "PlaceCountry", "PlaceNumber", "GuestId");
    kin_row *a1 = kin_create(w.s, place, { "country", kin("at") }, { "number", kin(1) }), *a2 = kin_create(w.s, place, { "country", kin("at") }, { "number", kin(2) });
    kin_row *b1 = kin_create(w.s, place, { "country", kin("be") }, { "number", kin(1) });
    kin_row *g1 = kin_create(w.s, guest, KIN_DEFAULTS), *g2 = kin_create(w.s, guest, KIN_DEFAULTS);
    assert_works(&w, guests, places, a1, g1, g2);
    assert_works(&w, places, guests, g1, a2, b1);
    assert_works(&w, near, NULL, a1, a2, b1);
    assert_true(kin_add(g1, places, KIN_KEYS(kin_key(kin("at"), kin(1)), kin_key(kin("be"), kin(1)))));
    assert_true(kin_has_exactly(g1, places, KIN_ROWS(a1, b1))); /* all of the key counts: not a2 */
    assert_int_equal(kin_count(a2, guests), 0);
    assert_false(kin_add(g1, places, KIN_KEYS(kin("at"))));
    assert_kin_error(w.s, KIN_MISUSE, "Place");
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(F34_other_unique_attributes)
{
    for (int turn = 0; turn < 2; turn++) {
        struct world w;
        world_start(&w);
        kin_model *user = kin_define(w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("email", .length = 60, .unique = true, .column = "mail"), KIN_STRING("name")));
        kin_model *group = kin_define(w.schema, "Group", KIN_ATTRIBUTES(KIN_INTEGER("number", .unique = true)), .table = "groupings");
        kin_association *groups = turn == 0 ? kin_belongs_to_many(user, group, .through = "Membership", .source_key = "email", .target_key = "number")
                                            : kin_belongs_to_many(user, group, .through = "Membership", .source_key = "email");
        kin_association *users = turn == 0 ? kin_belongs_to_many(group, user, .through = "Membership") /* known from the other side */
                                           : kin_belongs_to_many(group, user, .through = "Membership", .source_key = "number");
        world_open(&w);
        assert_keys(groups, "UserEmail>GroupNumber");
        assert_keys(users, "GroupNumber>UserEmail");
        assert_names(kin_association_describe(groups)->source_key, "email");
        assert_names(kin_association_describe(groups)->target_key, "number");
        assert_names(kin_association_describe(users)->target_key, "email");
        const kin_attribute_info *key = kin_attribute_named(kin_model_named(w.schema, "Membership"), "UserEmail");
        assert_string_equal(key->references_column, "mail");
        assert_int_equal(key->length, 60);
        kin_row *ada = kin_create(w.s, user, { "email", kin("ada@x") }), *one = kin_create(w.s, group, { "number", kin(70) }), *two = kin_create(w.s, group, { "number", kin(71) });
        assert_works(&w, groups, users, ada, one, two);
        assert_true(kin_add(ada, groups, KIN_KEYS(kin(71)))); /* a key is what the join row holds */
        assert_true(kin_has_exactly(ada, groups, KIN_ROWS(two)));
        kin_row *made = kin_create_for(two, users, { "email", kin("bob@x") });
        assert_non_null(made);
        assert_int_equal(kin_count(two, users), 2);
        kin_row *nameless = kin_create(w.s, user, { "name", kin("no mail") });
        assert_false(kin_add(nameless, groups, KIN_ROWS(one)));
        assert_kin_error(w.s, KIN_MISUSE, "email");
        world_close(&w);
    }

    struct world w;
    world_start(&w);
    kin_model *user = kin_define(w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_belongs_to_many(user, DEFINE("Group"), .through = "Membership", .source_key = "name");
    assert_link_error(w.schema, ".source_key is 'name' of User, which is not unique");
    kin_schema_free(w.schema);
}

TEST(F35_other_associations_of_the_same_models)
{
    struct world w;
    world_start(&w);
    kin_model *a = DEFINE("A"), *b = DEFINE("B");
    kin_association *one = kin_belongs_to(a, b, .as = "b", .foreign_key = "b_id");
    kin_association *bs = kin_belongs_to_many(a, b, .through = "AB");
    kin_association *many = kin_has_many(b, a, .as = "Own", .foreign_key = "b_id");
    kin_association *as = kin_belongs_to_many(b, a, .through = "AB");
    world_open(&w);
    assert_keys(bs, "AId>BId");
    assert_names(kin_model_describe(kin_model_named(w.schema, "AB"))->attributes, "AId", "BId");
    kin_row *x = kin_create(w.s, a, KIN_DEFAULTS), *y = kin_create(w.s, b, KIN_DEFAULTS), *z = kin_create(w.s, b, KIN_DEFAULTS);
    assert_true(kin_set_one(x, one, y));
    assert_works(&w, bs, as, x, y, z);
    assert_true(kin_equals(kin_get_one(x, one), y));
    assert_int_equal(kin_count(y, many), 1);
    assert_kin_ok(w.s);
    world_close(&w);
}

TEST(F36_associations_of_the_join_model_itself)
{
    for (int turn = 0; turn < 2; turn++) {
        struct world w;
        world_start(&w);
        kin_model *user = kin_define(w.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name"))), *project = kin_define(w.schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")));
        kin_model *member = kin_define(w.schema, "Member", KIN_ATTRIBUTES(KIN_STRING("role")));
        kin_association *of_user = NULL, *projects = NULL;
        if (turn == 0)
            of_user = kin_belongs_to(member, user);
        projects = kin_belongs_to_many(user, project, .through_model = member);
        if (turn == 1)
            of_user = kin_belongs_to(member, user);
        kin_association *of_project = kin_belongs_to(member, project), *members = kin_has_many(user, member);
        world_open(&w);
        assert_int_equal(kin_model_describe(member)->attributes.count, 3); /* the keys are shared */
        assert_names(kin_association_describe(of_user)->foreign_key, "UserId");
        assert_int_equal(kin_association_describe(of_user)->on_delete, KIN_CASCADE); /* a join model's */
        kin_row *ada = kin_create(w.s, user, { "name", kin("ada") }), *engine = kin_create(w.s, project, { "title", kin("engine") });
        assert_true(kin_add(ada, projects, KIN_ROWS(engine), .through = KIN_VALUES({ "role", kin("author") })));
        kin_row *found = kin_find_one(w.s, member, .include = KIN_INCLUDE(KIN_WITH(of_user), KIN_WITH(of_project)));
        assert_kin_ok(w.s);
        assert_string_equal(kin_text(found, "role"), "author");
        assert_true(kin_equals(kin_related_one(found, of_user), ada));
        assert_string_equal(kin_text(kin_related_one(found, of_project), "title"), "engine");
        assert_int_equal(kin_count(ada, members), 1);
        assert_kin_ok(w.s);
        world_close(&w);
    }
}

TEST(F51_declared_twice)
{
    struct world w;
    world_start(&w);
    kin_model *user = DEFINE("User"), *project = DEFINE("Project");
    kin_belongs_to_many(user, project, .through = "UserProject");
    kin_belongs_to_many(user, project, .through = "UserProject");
    assert_link_error(w.schema, "User.Projects: User has two associations named 'Projects'; give one of them an alias");
    kin_schema_free(w.schema);

    world_start(&w); /* with an alias they are two views of one table */
    user = DEFINE("User");
    project = DEFINE("Project");
    kin_association *projects = kin_belongs_to_many(user, project, .through = "UserProject"), *work = kin_belongs_to_many(user, project, .as = "Work", .through = "UserProject");
    world_open(&w);
    kin_row *u = kin_create(w.s, user, KIN_DEFAULTS), *p = kin_create(w.s, project, KIN_DEFAULTS);
    assert_true(kin_add(u, projects, KIN_ROWS(p)));
    assert_true(kin_has(u, work, KIN_ROWS(p)));
    assert_kin_ok(w.s);
    world_close(&w);
}
