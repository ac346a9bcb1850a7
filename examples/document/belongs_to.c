/* The document, belongs-to: the key is on the source. S1 to S5. */
#include "check.h"

/* S1: a player belongs to a team, and gets TeamId. */
static void s1(void) {
    kin_schema *schema = kin_schema_new();
    kin_model *player = kin_define(schema, "Player", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_model *team = kin_define(schema, "Team", KIN_ATTRIBUTES(KIN_STRING("name")));
    kin_association *team_of = kin_belongs_to(player, team);
    CHECK_LINKS(schema);

    CHECK_KEY(player, "TeamId", "Teams", "id", KIN_SET_NULL, KIN_CASCADE);
    CHECK(!kin_attribute_named(player, "TeamId")->not_null);
    CHECK_ACCESSORS(player, "getTeam", "setTeam", "createTeam");
    CHECK(!kin_has_accessor(player, "getTeams"));
    /* The team stays as it was. */
    CHECK_NUMBER(kin_model_describe(team)->attributes.count, 2);
    CHECK_NUMBER(kin_accessor_count(team), 0);

    struct world w = OPEN_WORLD(schema);
    kin_row *ann = kin_create(w.s, player, { "name", kin("Ann") });
    kin_row *reds = kin_create(w.s, team, { "name", kin("Reds") });
    CHECK(kin_get_one(ann, team_of) == NULL);
    CHECK(kin_set_one(ann, team_of, reds));
    CHECK_NUMBER(kin_int(ann, "TeamId"), kin_int(reds, "id"));
    CHECK_TEXT(kin_text(kin_get_one(ann, team_of), "name"), "Reds");

    kin_row *blues = kin_create_for(ann, team_of, { "name", kin("Blues") });
    CHECK(kin_equals(kin_get_one(ann, team_of), blues));
    CHECK(kin_set_one_key(ann, team_of, kin_value_of(reds, "id")));
    CHECK_TEXT(kin_text(kin_get_one(ann, team_of), "name"), "Reds");
    CHECK(kin_set_one(ann, team_of, NULL));
    CHECK(kin_is_null(kin_find_by_pk(w.s, player, kin_key_of(ann)), "TeamId"));
    CLOSE_WORLD(w);
}

/* S2: the key is made of the target's name and its primary key: CompanyId. */
static void s2(void) {
    kin_schema *schema = kin_schema_new();
    kin_model *user = kin_define(schema, "User", KIN_NO_ATTRIBUTES);
    kin_model *company = kin_define(schema, "Company", KIN_NO_ATTRIBUTES);
    kin_belongs_to(user, company);
    CHECK_LINKS(schema);

    CHECK_KEY(user, "CompanyId", "Companies", "id", KIN_SET_NULL, KIN_CASCADE);
    CHECK_NUMBER(kin_attribute_named(user, "CompanyId")->type, KIN_TYPE_INTEGER);
    kin_schema_free(schema);
}

/* S3: the source is underscored and the company's key is a UUID called uuid: company_uuid, a UUID too. */
static void s3(void) {
    kin_schema *schema = kin_schema_new();
    kin_model *user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")), .underscored = true);
    kin_model *company = kin_define(schema, "Company",
        KIN_ATTRIBUTES(KIN_UUID("uuid", .primary_key = true, .default_uuid = true), KIN_STRING("name")));
    kin_association *company_of = kin_belongs_to(user, company);
    CHECK_LINKS(schema);

    CHECK_KEY(user, "company_uuid", "Companies", "uuid", KIN_SET_NULL, KIN_CASCADE);
    CHECK_NUMBER(kin_attribute_named(user, "company_uuid")->type, KIN_TYPE_UUID);
    CHECK(!kin_model_has_attribute(user, "CompanyUuid"));
    CHECK(!kin_model_has_attribute(company, "id"));

    struct world w = OPEN_WORLD(schema);
    kin_row *acme = kin_create(w.s, company, { "name", kin("Acme") });
    kin_row *ann = kin_create(w.s, user, { "name", kin("Ann") });
    CHECK(kin_set_one(ann, company_of, acme));
    kin_uuid key = kin_uuid_of(kin_find_by_pk(w.s, user, kin_key_of(ann)), "company_uuid");
    kin_uuid expected = kin_uuid_of(acme, "uuid");
    CHECK(memcmp(&key, &expected, sizeof key) == 0);
    CHECK_TEXT(kin_text(kin_get_one(ann, company_of), "name"), "Acme");
    CLOSE_WORLD(w);
}

/* S4: an alias takes the place of the target's name: RoleId, getRole. */
static void s4(void) {
    kin_schema *schema = kin_schema_new();
    kin_model *user = kin_define(schema, "User", KIN_NO_ATTRIBUTES);
    kin_model *user_role = kin_define(schema, "UserRole", KIN_NO_ATTRIBUTES);
    kin_association *role = kin_belongs_to(user, user_role, .as = "Role");
    CHECK_LINKS(schema);

    CHECK_KEY(user, "RoleId", "UserRoles", "id", KIN_SET_NULL, KIN_CASCADE);
    CHECK(!kin_model_has_attribute(user, "UserRoleId"));
    CHECK_ACCESSORS(user, "getRole", "setRole");
    CHECK(!kin_has_accessor(user, "getUserRole"));
    CHECK_TEXT(kin_association_describe(role)->name, "Role");
    CHECK(kin_association_named(user, "Role") == role);
    kin_schema_free(schema);
}

/* S5: a foreign key that is given is used as it is. */
static void s5(void) {
    kin_schema *schema = kin_schema_new();
    kin_model *user = kin_define(schema, "User", KIN_NO_ATTRIBUTES);
    kin_model *company = kin_define(schema, "Company", KIN_NO_ATTRIBUTES);
    kin_belongs_to(user, company, .foreign_key = "fk_company");
    CHECK_LINKS(schema);

    CHECK_KEY(user, "fk_company", "Companies", "id", KIN_SET_NULL, KIN_CASCADE);
    CHECK(!kin_model_has_attribute(user, "CompanyId"));
    CHECK_ACCESSORS(user, "getCompany", "setCompany");
    kin_schema_free(schema);
}

int main(void) {
    s1();
    s2();
    s3();
    s4();
    s5();
    return checks_done("belongs_to");
}
