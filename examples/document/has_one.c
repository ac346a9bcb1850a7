/* The document, has-one: the key is on the target. S6 to S9, and S24. */
#include "check.h"

struct pair {
    kin_schema *schema;
    kin_model *project, *user;
};

static struct pair project_and_user(bool underscored) {
    struct pair p = { .schema = kin_schema_new() };
    p.project = kin_define(p.schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")));
    p.user = kin_define(p.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")), .underscored = underscored ? KIN_ON : KIN_OFF);
    return p;
}

/* S6: a project has one user: ProjectId on the user, getUser and setUser on the project. */
static void s6(void) {
    struct pair p = project_and_user(false);
    kin_association *user_of = kin_has_one(p.project, p.user);
    CHECK_LINKS(p.schema);
    CHECK_KEY(p.user, "ProjectId", "Projects", "id", KIN_SET_NULL, KIN_CASCADE);
    CHECK_NUMBER(kin_model_describe(p.project)->attributes.count, 2);
    CHECK_ACCESSORS(p.project, "getUser", "setUser", "createUser");
    CHECK_NUMBER(kin_accessor_count(p.user), 0);

    struct world w = OPEN_WORLD(p.schema);
    kin_row *engine = kin_create(w.s, p.project, { "title", kin("Engine") });
    kin_row *ada = kin_create(w.s, p.user, { "name", kin("Ada") });
    kin_row *ben = kin_create(w.s, p.user, { "name", kin("Ben") });
    CHECK(kin_set_one(engine, user_of, ada));
    CHECK_TEXT(kin_text(kin_get_one(engine, user_of), "name"), "Ada");
    /* Another partner takes the place of the first. */
    CHECK(kin_set_one(engine, user_of, ben));
    CHECK_TEXT(kin_text(kin_get_one(engine, user_of), "name"), "Ben");
    CHECK(kin_reload(ada) && kin_is_null(ada, "ProjectId"));
    CHECK_NUMBER(kin_count_all(w.s, p.user, .where = kin_ne("ProjectId", kin_null)), 1);
    CHECK(kin_set_one(engine, user_of, NULL));
    CHECK(kin_get_one(engine, user_of) == NULL);
    CLOSE_WORLD(w);

    /* In the underscore style the key is project_id. */
    p = project_and_user(true);
    kin_has_one(p.project, p.user);
    CHECK_LINKS(p.schema);
    CHECK_KEY(p.user, "project_id", "Projects", "id", KIN_SET_NULL, KIN_CASCADE);
    CHECK(!kin_model_has_attribute(p.user, "ProjectId"));
    kin_schema_free(p.schema);
}

/* S7: the same with a key of one's own, then with an alias; each by itself, since one name means one association. */
static void s7(void) {
    struct pair p = project_and_user(false);
    kin_has_one(p.project, p.user, .foreign_key = "initiator_id");
    CHECK_LINKS(p.schema);
    CHECK_KEY(p.user, "initiator_id", "Projects", "id", KIN_SET_NULL, KIN_CASCADE);
    CHECK(!kin_model_has_attribute(p.user, "ProjectId"));
    CHECK_ACCESSORS(p.project, "getUser", "setUser");
    kin_schema_free(p.schema);

    p = project_and_user(false);
    kin_association *initiator = kin_has_one(p.project, p.user, .as = "Initiator");
    CHECK_LINKS(p.schema);
    CHECK_ACCESSORS(p.project, "getInitiator", "setInitiator");
    CHECK(!kin_has_accessor(p.project, "getUser"));
    CHECK_KEY(p.user, "ProjectId", "Projects", "id", KIN_SET_NULL, KIN_CASCADE);
    struct world w = OPEN_WORLD(p.schema);
    kin_row *engine = kin_create(w.s, p.project, { "title", kin("Engine") });
    kin_row *ada = kin_create(w.s, p.user, { "name", kin("Ada") });
    CHECK(kin_call(engine, "setInitiator", .targets = KIN_ROWS(ada)).ok);
    CHECK(kin_equals(kin_get_one(engine, initiator), ada));
    CHECK(kin_equals(kin_call(engine, "getInitiator").row, ada));
    CLOSE_WORLD(w);

    p = project_and_user(false);
    kin_has_one(p.project, p.user);
    kin_has_one(p.project, p.user, .foreign_key = "initiator_id");
    CHECK_REFUSED(p.schema, "User");
    CHECK(strstr(kin_schema_error(p.schema)->message, ".as") != NULL); /* it says what to write */
    kin_schema_free(p.schema);
}

/* S8: a person's father is a person: FatherId, or DadId when that is given. */
static void s8(void) {
    for (int own_key = 0; own_key < 2; own_key++) {
        kin_schema *schema = kin_schema_new();
        kin_model *person = kin_define(schema, "Person", KIN_ATTRIBUTES(KIN_STRING("name")));
        kin_association *father = kin_has_one(person, person, .as = "Father", .foreign_key = own_key ? "DadId" : NULL);
        const char *key = own_key ? "DadId" : "FatherId";
        CHECK_LINKS(schema);
        CHECK_KEY(person, key, "People", "id", KIN_SET_NULL, KIN_CASCADE);
        CHECK_NUMBER(kin_model_describe(person)->attributes.count, 3);
        CHECK_ACCESSORS(person, "getFather", "setFather");

        struct world w = OPEN_WORLD(schema);
        kin_row *byron = kin_create(w.s, person, { "name", kin("Byron") });
        kin_row *ada = kin_create(w.s, person, { "name", kin("Ada") });
        CHECK(kin_set_one(ada, father, byron));
        CHECK_TEXT(kin_text(kin_get_one(ada, father), "name"), "Byron");
        /* has-one: the key is on the target, here the father. */
        CHECK_NUMBER(kin_int(byron, key), kin_int(ada, "id"));
        CHECK(kin_get_one(byron, father) == NULL);
        CLOSE_WORLD(w);
    }
}

/* S9: one table joined twice, under two names with two keys; and the other direction has a third key of its own. */
static void s9(void) {
    kin_schema *schema = kin_schema_new();
    kin_model *team = kin_define(schema, "Team", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_model *game = kin_define(schema, "Game", KIN_ATTRIBUTES(KIN_STRING("place")));
    kin_association *home = kin_has_one(team, game, .as = "HomeTeam", .foreign_key = "homeTeamId");
    kin_association *away = kin_has_one(team, game, .as = "AwayTeam", .foreign_key = "awayTeamId");
    kin_association *team_of = kin_belongs_to(game, team);
    CHECK_LINKS(schema);

    CHECK_KEY(game, "homeTeamId", "Teams", "id", KIN_SET_NULL, KIN_CASCADE);
    CHECK_KEY(game, "awayTeamId", "Teams", "id", KIN_SET_NULL, KIN_CASCADE);
    CHECK_KEY(game, "TeamId", "Teams", "id", KIN_SET_NULL, KIN_CASCADE);
    CHECK_ACCESSORS(team, "getHomeTeam", "setHomeTeam", "getAwayTeam", "setAwayTeam");
    CHECK_ACCESSORS(game, "getTeam", "setTeam");
    CHECK_NUMBER(kin_model_describe(team)->associations.count, 2);

    struct world w = OPEN_WORLD(schema);
    kin_row *reds = kin_create(w.s, team, { "name", kin("Reds") });
    kin_row *blues = kin_create(w.s, team, { "name", kin("Blues") });
    kin_row *final = kin_create(w.s, game, { "place", kin("Rome") });
    CHECK(kin_set_one(reds, home, final) && kin_set_one(blues, away, final) && kin_set_one(final, team_of, reds));
    CHECK(kin_reload(final));
    CHECK_NUMBER(kin_int(final, "homeTeamId"), kin_int(reds, "id"));
    CHECK_NUMBER(kin_int(final, "awayTeamId"), kin_int(blues, "id"));
    CHECK_NUMBER(kin_int(final, "TeamId"), kin_int(reds, "id"));
    CHECK(kin_get_one(reds, away) == NULL);
    CLOSE_WORLD(w);
}

/* S24: a task has one user as its author. */
static void s24(void) {
    kin_schema *schema = kin_schema_new();
    kin_model *task = kin_define(schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title")));
    kin_model *user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_association *author = kin_has_one(task, user, .as = "Author");
    CHECK_LINKS(schema);
    CHECK_ACCESSORS(task, "getAuthor", "setAuthor", "createAuthor");
    CHECK(kin_model_has_attribute(user, "TaskId"));
    CHECK(!kin_model_has_attribute(task, "AuthorId"));

    struct world w = OPEN_WORLD(schema);
    kin_row *write = kin_create(w.s, task, { "title", kin("Write") });
    kin_row *ada = kin_create(w.s, user, { "name", kin("Ada") });
    CHECK(kin_set_one(write, author, ada));
    CHECK_TEXT(kin_text(kin_get_one(write, author), "name"), "Ada");
    CHECK_NUMBER(kin_int(kin_find_by_pk(w.s, user, kin_key_of(ada)), "TaskId"), kin_int(write, "id"));
    CLOSE_WORLD(w);
}

int main(void) {
    s6();
    s7();
    s8();
    s9();
    s24();
    return checks_done("has_one");
}
