/* The document, has-many: one source, many targets, and the key on them. S10. */
#include "check.h"

static void s10(bool underscored) {
    kin_schema *schema = kin_schema_new();
    kin_model *user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")), .underscored = underscored ? KIN_ON : KIN_OFF);
    kin_model *project = kin_define(schema, "Project", KIN_ATTRIBUTES(KIN_STRING("title")));
    kin_association *workers = kin_has_many(project, user, .as = "Workers");
    const char *key = underscored ? "project_id" : "ProjectId";
    CHECK_LINKS(schema);

    /* The alias names the accessors, not the key. */
    CHECK_KEY(user, key, "Projects", "id", KIN_SET_NULL, KIN_CASCADE);
    CHECK_NUMBER(kin_model_describe(user)->attributes.count, 3);
    CHECK_ACCESSORS(project, "getWorkers", "setWorkers", "addWorkers", "addWorker", "removeWorkers", "removeWorker", "hasWorkers",
                    "hasWorker", "countWorkers", "createWorker");
    CHECK_NUMBER(kin_accessor_count(user), 0);

    struct world w = OPEN_WORLD(schema);
    kin_row *engine = kin_create(w.s, project, { "title", kin("Engine") });
    kin_row *loom = kin_create(w.s, project, { "title", kin("Loom") });
    kin_row *ada = kin_create(w.s, user, { "name", kin("Ada") });
    kin_row *ben = kin_create(w.s, user, { "name", kin("Ben") });
    CHECK_NUMBER(kin_get(engine, workers).count, 0);

    CHECK_NUMBER(kin_set(engine, workers, KIN_ROWS(ada, ben)).count, 2);
    CHECK_NUMBER(kin_count(engine, workers), 2);
    kin_rows found = kin_get(engine, workers, .order = KIN_NAMES("-name"));
    CHECK_NUMBER(found.count, 2);
    CHECK_TEXT(kin_text(row_at(found, 0), "name"), "Ben");
    CHECK_TEXT(kin_text(row_at(found, 1), "name"), "Ada");
    CHECK_NUMBER(kin_int(row_at(found, 0), key), kin_int(engine, "id"));

    /* Each target belongs to one source: added to another, it leaves the first. */
    CHECK(kin_add(loom, workers, KIN_ROWS(ben)));
    CHECK(kin_has(loom, workers, KIN_ROWS(ben)));
    CHECK(!kin_has(engine, workers, KIN_ROWS(ben)));
    CHECK_NUMBER(kin_count(engine, workers), 1);

    /* Removed and replaced targets stay in their table. */
    CHECK(kin_remove(loom, workers, KIN_ROWS(ben)));
    CHECK_NUMBER(kin_set(engine, workers, KIN_NONE).count, 0);
    CHECK_NUMBER(kin_count(engine, workers), 0);
    CHECK_NUMBER(kin_count_all(w.s, user), 2);

    kin_row *cid = kin_create_for(engine, workers, { "name", kin("Cid") });
    CHECK_NUMBER(kin_int(cid, key), kin_int(engine, "id"));
    CHECK_TEXT(kin_text(row_at(kin_call(engine, "getWorkers").rows, 0), "name"), "Cid");
    CLOSE_WORLD(w);
}

int main(void) {
    s10(false);
    s10(true);
    return checks_done("has_many");
}
