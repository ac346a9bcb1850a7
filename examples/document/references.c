/* The document: references that are declared by hand, with and without associations. S32. */
#include "check.h"

struct models {
    kin_schema *schema;
    kin_model *series, *trainer, *video;
};

/* Series references the trainers by the table's name, which is defined later; Video references the model. */
static struct models declare(void) {
    struct models m = { .schema = kin_schema_new() };
    m.series = kin_define(m.schema, "Series",
        KIN_ATTRIBUTES(KIN_STRING("title"), KIN_STRING("sub_title"), KIN_TEXT("description"),
                       KIN_INTEGER("trainer_id", .references = { .table = "Trainers", .column = "id" })));
    m.trainer = kin_define(m.schema, "Trainer", KIN_ATTRIBUTES(KIN_STRING("first_name"), KIN_STRING("last_name")));
    m.video = kin_define(m.schema, "Video",
        KIN_ATTRIBUTES(KIN_STRING("title"), KIN_INTEGER("sequence"), KIN_TEXT("description"),
                       KIN_INTEGER("series_id", .references = { .model = m.series, .column = "id" })));
    return m;
}

static void check_order(const struct models *m) {
    CHECK_NUMBER(kin_model_count(m->schema), 3);
    CHECK(kin_model_at(m->schema, 0) == m->trainer);
    CHECK(kin_model_at(m->schema, 1) == m->series);
    CHECK(kin_model_at(m->schema, 2) == m->video);
}

/* S32, the references alone: constraints and an order, but no accessors and no actions. */
static void s32_without_associations(void) {
    struct models m = declare();
    CHECK_LINKS(m.schema);
    check_order(&m);
    CHECK_KEY(m.series, "trainer_id", "Trainers", "id", KIN_ACTION_USUAL, KIN_ACTION_USUAL);
    CHECK_KEY(m.video, "series_id", "Series", "id", KIN_ACTION_USUAL, KIN_ACTION_USUAL);
    CHECK_NUMBER(kin_accessor_count(m.series), 0);
    CHECK_NUMBER(kin_accessor_count(m.trainer), 0);

    struct world w = OPEN_WORLD(m.schema);
    const char *sql = kin_sync_sql(w.db);
    CHECK(sql && strstr(sql, "`trainer_id` INTEGER REFERENCES `Trainers` (`id`)\n") != NULL);
    CHECK(sql && strstr(sql, "`series_id` INTEGER REFERENCES `Series` (`id`)\n") != NULL);
    kin_row *ann = kin_create(w.s, m.trainer, { "first_name", kin("Ann") });
    kin_create(w.s, m.series, { "title", kin("Rowing") }, { "trainer_id", kin_value_of(ann, "id") });
    CHECK(kin_create(w.s, m.series, { "title", kin("Lost") }, { "trainer_id", kin(99) }) == NULL);
    CHECK_ERROR(w.s, KIN_CONSTRAINT);
    CLOSE_WORLD(w);
}

/* S32, with the two associations: they adopt the columns that are there, since each is the only one that fits. */
static void s32_with_associations(void) {
    struct models m = declare();
    kin_association *video_of = kin_has_one(m.series, m.video);
    kin_association *series_of = kin_has_many(m.trainer, m.series);
    CHECK_LINKS(m.schema);
    check_order(&m);
    CHECK_KEY(m.series, "trainer_id", "Trainers", "id", KIN_SET_NULL, KIN_CASCADE);
    CHECK_KEY(m.video, "series_id", "Series", "id", KIN_SET_NULL, KIN_CASCADE);
    CHECK(!kin_model_has_attribute(m.series, "TrainerId") && !kin_model_has_attribute(m.video, "SeriesId"));
    CHECK_TEXT(kin_association_describe(series_of)->foreign_key.at[0], "trainer_id");
    CHECK_TEXT(kin_association_describe(video_of)->foreign_key.at[0], "series_id");
    CHECK_ACCESSORS(m.series, "getVideo", "setVideo");
    CHECK_ACCESSORS(m.trainer, "getSeries", "addSeries"); /* a word without a plural */

    struct world w = OPEN_WORLD(m.schema);
    kin_row *ann = kin_create(w.s, m.trainer, { "first_name", kin("Ann") }, { "last_name", kin("Bell") });
    kin_row *rowing = kin_create_for(ann, series_of, { "title", kin("Rowing") });
    kin_row *video = kin_create(w.s, m.video, { "title", kin("The catch") }, { "sequence", kin(1) });
    CHECK_NUMBER(kin_int(rowing, "trainer_id"), kin_int(ann, "id"));
    CHECK(kin_set_one(rowing, video_of, video));
    CHECK_TEXT(kin_text(kin_get_one(rowing, video_of), "title"), "The catch");
    CHECK(kin_destroy(ann));
    CHECK(kin_reload(rowing) && kin_is_null(rowing, "trainer_id"));
    CLOSE_WORLD(w);
}

int main(void) {
    s32_without_associations();
    s32_with_associations();
    return checks_done("references");
}
