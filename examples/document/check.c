/* The document, check associations: is it one of them, and are they exactly these? S28 and S29. */
#include "check.h"

struct work {
    struct world w;
    kin_model *project, *user;
    kin_association *users;
    kin_row *engine, *user1, *user2;
};

static struct work work_begin(void) {
    struct work k = { .w = { .schema = kin_schema_new() } };
    kin_schema *schema = k.w.schema;
    k.project = kin_define(schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")));
    k.user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")));
    k.users = kin_belongs_to_many(k.project, k.user, .through = "UserProject");
    kin_belongs_to_many(k.user, k.project, .through = "UserProject");
    k.w = OPEN_WORLD(schema);
    k.engine = kin_create(k.w.s, k.project, { "title", kin("Engine") });
    k.user1 = kin_create(k.w.s, k.user, { "name", kin("Ada") });
    k.user2 = kin_create(k.w.s, k.user, { "name", kin("Ben") });
    return k;
}

/* S28: hasUser is false, the user is added, hasUser is true. */
static void s28(void) {
    struct work k = work_begin();
    CHECK(!kin_has(k.engine, k.users, KIN_ROWS(k.user1)));
    CHECK(!kin_call(k.engine, "hasUser", .targets = KIN_ROWS(k.user1)).answer);
    CHECK(kin_ok(k.w.s)); /* no, as against: it failed */
    CHECK(kin_add(k.engine, k.users, KIN_ROWS(k.user1)));
    CHECK(kin_has(k.engine, k.users, KIN_ROWS(k.user1)));
    CHECK(kin_has(k.engine, k.users, KIN_KEYS(kin_value_of(k.user1, "id"))));
    CHECK(kin_call(k.engine, "hasUser", .targets = KIN_ROWS(k.user1)).answer);
    CHECK(!kin_has(k.engine, k.users, KIN_ROWS(k.user2)));
    CLOSE_WORLD(k.w);
}

/*
 * S29: "are all associated objects as expected?" With both users linked, hasUsers of one of them is false: it asks for
 * exactly these. That is kin_has_exactly, and the accessor hasUsers. kin_has, and the accessor hasUser, ask whether all
 * that are given are among the linked.
 */
static void s29(void) {
    struct work k = work_begin();
    CHECK_NUMBER(kin_set(k.engine, k.users, KIN_ROWS(k.user1, k.user2)).count, 2);

    CHECK(!kin_has_exactly(k.engine, k.users, KIN_ROWS(k.user1)));
    CHECK(kin_has(k.engine, k.users, KIN_ROWS(k.user1)));

    CHECK(kin_has_exactly(k.engine, k.users, KIN_ROWS(k.user1, k.user2)));
    CHECK(kin_has(k.engine, k.users, KIN_ROWS(k.user1, k.user2)));

    CHECK(kin_has_exactly(k.engine, k.users, KIN_ROWS(k.user2, k.user1, k.user1))); /* a set has no order */
    CHECK(!kin_call(k.engine, "hasUsers", .targets = KIN_ROWS(k.user1)).answer);
    CHECK(kin_call(k.engine, "hasUsers", .targets = KIN_ROWS(k.user1, k.user2)).answer);

    /* Of none: all of nothing are linked, but the linked are not nothing. */
    CHECK(kin_has(k.engine, k.users, KIN_NONE));
    CHECK(!kin_has_exactly(k.engine, k.users, KIN_NONE));
    CLOSE_WORLD(k.w);
}

int main(void) {
    s28();
    s29();
    return checks_done("check");
}
