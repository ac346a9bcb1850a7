/* How rows lie in memory, and what reflection shows of it: the same as in a C struct of the same members. */
#include "schema_check.h"

#include "base/arena.h"

/* Every way an attribute can lie in a row, in an order that needs padding. */
struct sample_row {
    int64_t id;
    bool done;
    int32_t day;
    bool again;
    kin_uuid token;
    double weight;
    bool last;
    kin_bytes picture;
    const char *name;
    int32_t state;
    int64_t born;
    int64_t at;
    const char *price;
    const char *extra;
    int64_t TeamId;
    kin_row *Team;
    kin_rows Notes;
    kin_rows Friends;
    kin_row *through_friendship;
    kin_row *through_membership;
};

struct team_row {
    int64_t id;
    kin_rows Samples;
};

TEST(rows_lie_as_structs_do)
{
    kin_schema *schema = kin_schema_new();
    kin_model *sample = kin_define(schema, "Sample",
                                   KIN_ATTRIBUTES(KIN_BOOLEAN("done"), KIN_DATEONLY("day"), KIN_BOOLEAN("again"), KIN_UUID("token"),
                                                  KIN_REAL("weight"), KIN_BOOLEAN("last"), KIN_BLOB("picture"), KIN_STRING("name"),
                                                  KIN_ENUM("state", .labels = KIN_NAMES("a", "b")), KIN_DATE("born"), KIN_TIME("at"),
                                                  KIN_DECIMAL("price"), KIN_JSON("extra")));
    kin_model *team = kin_define(schema, "Team", KIN_NO_ATTRIBUTES);
    kin_model *note = kin_define(schema, "Note", KIN_NO_ATTRIBUTES);
    kin_association *team_of = kin_belongs_to(sample, team), *notes = kin_has_many(sample, note);
    kin_association *friends = kin_belongs_to_many(sample, sample, .as = "Friends", .through = "Friendship");
    kin_association *samples = kin_belongs_to_many(team, sample, .through = "Membership");
    assert_linked(schema);

#define SAME(member)                                                                                                                       \
    do {                                                                                                                                   \
        assert_int_equal(kin_attribute_named(sample, #member)->offset, offsetof(struct sample_row, member));                               \
        assert_int_equal(kin_attribute_named(sample, #member)->size, sizeof(((struct sample_row *)0)->member));                            \
    } while (0)
    SAME(id);
    SAME(done);
    SAME(day);
    SAME(again);
    SAME(token);
    SAME(weight);
    SAME(last);
    SAME(picture);
    SAME(name);
    SAME(state);
    SAME(born);
    SAME(at);
    SAME(price);
    SAME(extra);
    SAME(TeamId);
    assert_int_equal(kin_association_describe(team_of)->offset, offsetof(struct sample_row, Team));
    assert_int_equal(kin_association_describe(notes)->offset, offsetof(struct sample_row, Notes));
    assert_int_equal(kin_association_describe(friends)->offset, offsetof(struct sample_row, Friends));
    assert_int_equal(kin_through_offset(sample, kin_model_named(schema, "Friendship")), offsetof(struct sample_row, through_friendship));
    assert_int_equal(kin_through_offset(sample, kin_model_named(schema, "Membership")), offsetof(struct sample_row, through_membership));
    assert_int_equal(kin_through_offset(team, kin_model_named(schema, "Membership")), SIZE_MAX);
    assert_int_equal(kin_through_offset(sample, NULL), SIZE_MAX);
    assert_int_equal(friends->through_slot, offsetof(struct sample_row, through_friendship));
    assert_int_equal(samples->through_slot, offsetof(struct sample_row, through_membership));
    assert_int_equal(kin_model_describe(sample)->row_size, sizeof(struct sample_row));
    assert_int_equal(kin_model_describe(team)->row_size, sizeof(struct team_row));
    assert_int_equal(sample->bits_size, 2);
    kin_schema_free(schema);
}

TEST(a_row_ends_at_its_alignment)
{
    kin_schema *schema = kin_schema_new();
    kin_model *flag = kin_define(schema, "Flag", KIN_ATTRIBUTES(KIN_UUID("id", .primary_key = true), KIN_BOOLEAN("on")));
    kin_model *day = kin_define(schema, "Day", KIN_ATTRIBUTES(KIN_DATEONLY("id", .primary_key = true), KIN_BOOLEAN("on")));
    assert_linked(schema);
    assert_int_equal(kin_model_describe(flag)->row_size, 17);
    assert_int_equal(kin_model_describe(day)->row_size, 8);
    kin_schema_free(schema);
}

TEST(a_model_for_the_result_of_a_query)
{
    struct arena arena = { 0 };
    struct fault fault;
    const char *names[] = { "id", "total", "id" };
    kin_model *model = model_for_result(&arena, 3, names);
    fault_start(&fault);
    assert_non_null(model);
    assert_string_equal(model->info.name, "query");
    assert_null(model->schema);
    assert_int_equal(model->info.row_size, 3 * sizeof(kin_value));
    assert_int_equal(model->attributes[1].info.offset, sizeof(kin_value));
    assert_ptr_equal(model_attribute(model, "id"), &model->attributes[0]);
    assert_ptr_equal(model_attribute_required(model, "total", &fault), &model->attributes[1]);
    assert_null(model_attribute_required(model, "totl", &fault));
    assert_string_equal(fault.error.message, "the result has no column 'totl'; did you mean 'total'?");
    fault_clear(&fault);
    assert_non_null(model_for_result(&arena, 0, NULL));
    arena_free(&arena);
}

TEST(a_wrong_attribute_is_told_with_the_near_ones)
{
    kin_schema *schema = kin_schema_new();
    kin_model *task = kin_define(schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title")));
    struct fault fault;
    assert_linked(schema);
    fault_start(&fault);
    assert_null(model_attribute_required(task, "titel", &fault));
    assert_string_equal(fault.error.message, "Task has no attribute 'titel'; did you mean 'title'?");
    assert_string_equal(fault.error.model, "Task");
    fault_clear(&fault);
    assert_null(model_attribute_required(task, NULL, &fault));
    assert_true(fault_is_set(&fault));
    fault_clear(&fault);
    kin_schema_free(schema);
}

TEST(kinds_have_names)
{
    assert_string_equal(kind_name(KIN_BELONGS_TO), "belongs-to");
    assert_string_equal(kind_name(KIN_HAS_ONE), "has-one");
    assert_string_equal(kind_name(KIN_HAS_MANY), "has-many");
    assert_string_equal(kind_name(KIN_BELONGS_TO_MANY), "belongs-to-many");
}

TEST(schemas_can_be_told_apart)
{
    kin_schema *one = kin_schema_new(), *other = kin_schema_new();
    assert_true(one->identity != other->identity);
    kin_schema_free(one);
    kin_schema_free(other);
}

TEST(many_models_and_associations)
{
    enum { MODELS = 150 };
    kin_schema *schema = kin_schema_new();
    kin_model *models[MODELS];
    char name[32];
    for (int i = 0; i < MODELS; i++) {
        snprintf(name, sizeof name, "Model%dX", i);
        models[i] = kin_define(schema, name, KIN_ATTRIBUTES(KIN_STRING("title")));
    }
    for (int i = 0; i + 1 < MODELS; i++) {
        kin_belongs_to(models[i], models[i + 1]); /* each table waits for the next one */
        kin_has_many(models[i + 1], models[i]);
    }
    assert_linked(schema);
    assert_int_equal(kin_model_count(schema), MODELS);
    for (size_t i = 0; i < MODELS; i++)
        assert_ptr_equal(kin_model_at(schema, i), models[MODELS - 1 - i]);
    assert_null(schema->cycle);
    kin_schema_free(schema);
}
