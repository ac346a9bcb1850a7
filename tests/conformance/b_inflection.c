/* Singular and plural as a program meets them: a model of either number gives the table, the keys and the accessors that it should. */
#include "world.h"

static void link_or_fail(kin_schema *schema)
{
    if (!kin_schema_link(schema))
        fail_msg("%s", kin_schema_error(schema)->message);
}

static const char *joined(const char *head, const char *name, const char *tail)
{
    static char out[4][128];
    static unsigned turn;
    char *at = out[turn++ % 4];
    size_t length = strlen(head);
    snprintf(at, sizeof out[0], "%s%s%s", head, name, tail);
    if (length > 0 && at[length] >= 'a' && at[length] <= 'z')
        at[length] = (char)(at[length] - 'a' + 'A');
    return at;
}

static void assert_same_at(const char *found, const char *wanted, const char *what, int line)
{
    if (strcmp(found, wanted) == 0)
        return;
    print_error("%s is '%s', not '%s'\n", what, found, wanted);
    _fail(__FILE__, line);
}

/* Defined in either number the model has one singular, one plural and one table; its key and its accessors follow. */
static void assert_pair_at(const char *one, const char *many, int line)
{
    const char *const names[] = { one, many };
    for (size_t i = 0; i < 2; i++) {
        kin_schema *schema = kin_schema_new();
        kin_model *model = kin_define(schema, names[i], KIN_NO_ATTRIBUTES), *owner = kin_define(schema, "Owner", KIN_NO_ATTRIBUTES);
        kin_model *part = kin_define(schema, "Part", KIN_NO_ATTRIBUTES);
        kin_association *to_many = kin_has_many(owner, model), *to_one = kin_belongs_to(part, model);
        link_or_fail(schema);
        const kin_model_info *info = kin_model_describe(model);
        assert_same_at(info->singular, one, "the singular", line);
        assert_same_at(info->plural, many, "the plural", line);
        assert_same_at(info->table, many, "the table", line);
        assert_same_at(kin_association_describe(to_many)->name, many, "the association to many", line);
        assert_same_at(kin_association_describe(to_one)->name, one, "the association to one", line);
        assert_same_at(kin_association_describe(to_one)->foreign_key.at[0], joined("", one, "Id"), "the key", line);
        const char *const accessors[] = { joined("get", many, ""), joined("create", one, "") };
        for (size_t k = 0; k < 2; k++)
            if (!kin_has_accessor(owner, accessors[k])) {
                print_error("no %s\n", accessors[k]);
                _fail(__FILE__, line);
            }
        kin_schema_free(schema);
    }
}

#define assert_pairs(pairs)                                            \
    for (size_t pair = 0; pair < sizeof(pairs) / sizeof *(pairs); pair++) \
    assert_pair_at((pairs)[pair][0], (pairs)[pair][1], __LINE__)

TEST(B54_the_end_of_a_word_changes_and_its_beginning_keeps_its_case)
{
    static const char *const pairs[][2] = {
        { "Person", "People" }, { "UserPerson", "UserPeople" }, { "userCategory", "userCategories" }, { "BigBox", "BigBoxes" }, { "HTMLPage", "HTMLPages" }, { "PERSON", "PEOPLE" },
    };
    assert_pairs(pairs);
}

TEST(B55_a_word_that_is_plural_already_stays)
{
    static const char *const words[] = { "People", "data", "Children", "boxes", "statuses", "companies", "criteria" };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        kin_schema *schema = kin_schema_new();
        kin_model *model = kin_define(schema, words[i], KIN_NO_ATTRIBUTES);
        link_or_fail(schema);
        assert_string_equal(kin_model_describe(model)->plural, words[i]);
        assert_string_equal(kin_model_describe(model)->table, words[i]);
        assert_string_not_equal(kin_model_describe(model)->singular, words[i]);
        kin_schema_free(schema);
    }
}

TEST(B56_uncountable_words_have_one_form_and_irregular_ones_end_compounds)
{
    static const char *const words[] = { "equipment", "information", "rice", "money", "news", "series", "species", "sheep", "deer", "aircraft", "furniture", "software",
                                         "hardware", "music", "homework", "luggage", "advice", "knowledge", "traffic", "weather", "Series", "TvSeries", "UserNews" };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        assert_pair_at(words[i], words[i], __LINE__);
    static const char *const pairs[][2] = { { "GrandChild", "GrandChildren" }, { "UserDatum", "UserData" }, { "UserPerson", "UserPeople" } };
    assert_pairs(pairs);

    /* Where both forms are one word, its accessors are one too, and has asks whether all of these are linked. */
    kin_schema *schema = kin_schema_new();
    kin_model *series = kin_define(schema, "Series", KIN_NO_ATTRIBUTES), *channel = kin_define(schema, "Channel", KIN_NO_ATTRIBUTES);
    kin_has_many(channel, series);
    link_or_fail(schema);
    assert_int_equal(kin_accessor_count(channel), 7);
    assert_false(kin_accessor_named(channel, "hasSeries")->plural);
    assert_true(kin_accessor_named(channel, "getSeries")->plural);
    kin_schema_free(schema);
}

TEST(B57_regular_words)
{
    static const char *const pairs[][2] = {
        { "task", "tasks" },   { "day", "days" },       { "photo", "photos" }, { "category", "categories" }, { "company", "companies" }, { "box", "boxes" },
        { "church", "churches" }, { "dish", "dishes" }, { "address", "addresses" }, { "bus", "buses" },
    };
    assert_pairs(pairs);
}

TEST(B58_words_that_end_in_s_or_f)
{
    static const char *const pairs[][2] = {
        { "status", "statuses" }, { "alias", "aliases" }, { "crisis", "crises" }, { "thesis", "theses" }, { "half", "halves" },
        { "wolf", "wolves" },     { "life", "lives" },    { "wife", "wives" },    { "knife", "knives" },  { "leaf", "leafs" },
    };
    assert_pairs(pairs);
}

TEST(B59_irregular_words)
{
    static const char *const pairs[][2] = {
        { "person", "people" }, { "child", "children" }, { "man", "men" },       { "ox", "oxen" },         { "mouse", "mice" },          { "foot", "feet" },
        { "tooth", "teeth" },   { "goose", "geese" },    { "index", "indices" }, { "vertex", "vertices" }, { "matrix", "matrices" },     { "quiz", "quizzes" },
        { "datum", "data" },    { "medium", "media" },   { "bacterium", "bacteria" }, { "tomato", "tomatoes" }, { "potato", "potatoes" }, { "buffalo", "buffaloes" },
        { "movie", "movies" },  { "hive", "hives" },
    };
    assert_pairs(pairs);
}

TEST(B60_words_that_simple_rules_get_wrong)
{
    static const char *const pairs[][2] = {
        { "woman", "women" }, { "hero", "heroes" },   { "octopus", "octopuses" }, { "virus", "viruses" },   { "criterion", "criteria" }, { "fish", "fish" },
        { "shoe", "shoes" },  { "cache", "caches" },  { "cookie", "cookies" },    { "tie", "ties" },        { "cave", "caves" },         { "analysis", "analyses" },
        { "database", "databases" }, { "campus", "campuses" }, { "cactus", "cacti" }, { "radius", "radii" }, { "gas", "gases" },         { "slice", "slices" },
    };
    assert_pairs(pairs);
}

TEST(B61_where_inflection_fails_both_forms_are_given)
{
    kin_schema *schema = kin_schema_new();
    kin_schema_word(schema, "Werkje", "Werk");
    kin_schema_word(schema, "Kit", "Kit");
    kin_model *owner = kin_define(schema, "Owner", KIN_NO_ATTRIBUTES), *thing = kin_define(schema, "Pokemon", KIN_NO_ATTRIBUTES, .singular = "Pokemon", .plural = "Pokemon");
    kin_model *taught = kin_define(schema, "Werkje", KIN_NO_ATTRIBUTES), *kit = kin_define(schema, "Kit", KIN_NO_ATTRIBUTES);
    kin_association *things = kin_has_many(owner, thing), *aliased = kin_has_many(owner, thing, .singular = "Pet", .plural = "Menagerie", .foreign_key = "pet_of");
    kin_association *works = kin_has_many(owner, taught), *by_alias = kin_has_many(owner, kit, .as = "Werk2", .foreign_key = "w");
    link_or_fail(schema);
    assert_string_equal(kin_association_describe(things)->name, "Pokemon");
    assert_string_equal(kin_association_describe(aliased)->name, "Menagerie");
    assert_string_equal(kin_association_describe(aliased)->singular, "Pet");
    assert_true(kin_has_accessor(owner, "addPet"));
    assert_true(kin_has_accessor(owner, "getMenagerie"));

    /* A word can be taught to the schema: then the table follows too. */
    assert_string_equal(kin_model_describe(taught)->table, "Werk");
    assert_string_equal(kin_model_describe(kit)->table, "Kit");
    assert_string_equal(kin_association_describe(works)->name, "Werk");
    assert_true(kin_has_accessor(owner, "addWerkje"));
    assert_string_equal(kin_association_describe(by_alias)->name, "Werk2");
    kin_schema_free(schema);

    schema = kin_schema_new();
    kin_schema_word(schema, "Werkje", "");
    assert_link_error(schema, "both forms of a word");
    kin_schema_free(schema);
}
