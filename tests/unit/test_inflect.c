/*
 * The inflector. tests/unit/inflect_pairs.txt holds "singular<tab>plural" lines; every line is tried in both
 * directions and from the wanted number to itself. What has no unique answer is tried by name below:
 *
 *   - axe, basis and ellipsis share their plural with axis, base and ellipse, which programs name more often;
 *   - Latin words have second plurals (foci, formulae): understood, never produced;
 *   - data is a plural, whose singular is datum, though nobody would call a model that.
 */
#include "test.h"

#include "schema/inflect.h"

typedef size_t inflection(const struct inflect_word *extra, const char *word, char *out, size_t capacity);

static const char *inflected(inflection *inflect, const struct inflect_word *extra, const char *word)
{
    static char text[4][256];
    static unsigned turn;
    char *out = text[turn++ % 4];
    size_t length = inflect(extra, word, out, sizeof text[0]);

    assert_true(length < sizeof text[0]);
    assert_int_equal(strlen(out), length);
    return out;
}

static const char *plural(const char *word) { return inflected(inflect_plural, NULL, word); }
static const char *singular(const char *word) { return inflected(inflect_singular, NULL, word); }

static void check_pair(const char *one, const char *many)
{
    assert_string_equal(plural(one), many);
    assert_string_equal(singular(many), one);
    assert_string_equal(plural(many), many);
    assert_string_equal(singular(one), one);
}

TEST(every_pair_of_the_list_goes_both_ways)
{
    FILE *file = fopen(TEST_DIRECTORY "/unit/inflect_pairs.txt", "r");
    char line[128];
    int pairs = 0;

    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        char *many = strchr(line, '\t');

        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '\0')
            continue;
        assert_non_null(many);
        *many++ = '\0';
        check_pair(line, many);
        pairs++;
    }
    fclose(file);
    assert_true(pairs >= 700);
}

TEST(a_plural_two_words_share_has_the_commoner_singular)
{
    assert_string_equal(plural("axe"), "axes");
    assert_string_equal(singular("axes"), "axis");
    assert_string_equal(plural("basis"), "bases");
    assert_string_equal(singular("basis"), "basis");
    assert_string_equal(singular("bases"), "base");
    assert_string_equal(plural("ellipsis"), "ellipses");
    assert_string_equal(singular("ellipses"), "ellipse");
}

TEST(second_plurals_are_understood)
{
    static const char *const known[][2] = {
        { "foci", "focus" }, { "octopi", "octopus" }, { "formulae", "formula" }, { "indexes", "index" },
        { "schemata", "schema" }, { "stadia", "stadium" }, { "fishes", "fish" },
        { "memoranda", "memorandum" }, { "mangoes", "mango" }, { "cargoes", "cargo" }, { "viri", "virus" },
        { "plateaux", "plateau" }, { "appendixes", "appendix" }, { "dies", "die" }, { "pence", "penny" },
    };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        assert_string_equal(singular(known[i][0]), known[i][1]);
        assert_string_equal(plural(known[i][0]), known[i][0]);
    }
    assert_string_equal(plural("die"), "dice");
    assert_string_equal(plural("penny"), "pennies");
}

TEST(data_and_media_are_plurals)
{
    assert_string_equal(plural("data"), "data");
    assert_string_equal(singular("data"), "datum");
    assert_string_equal(plural("UserData"), "UserData");
    assert_string_equal(singular("UserData"), "UserDatum");
    assert_string_equal(singular("Media"), "Medium");
    assert_string_equal(plural("Media"), "Media");
    assert_string_equal(singular("Metadata"), "Metadata");
}

TEST(only_the_last_part_of_a_compound_changes)
{
    check_pair("UserRole", "UserRoles");
    check_pair("userRole", "userRoles");
    check_pair("user_role", "user_roles");
    check_pair("order-line", "order-lines");
    check_pair("line item", "line items");
    check_pair("shop.order", "shop.orders");
    check_pair("PeopleCategory", "PeopleCategories");
    check_pair("children_person", "children_people");
    check_pair("HTTPServer", "HTTPServers");
    check_pair("MP3Player", "MP3Players");
    check_pair("Tie", "Ties");
    check_pair("BowTie", "BowTies");
}

TEST(uncountable_words_end_compounds_too)
{
    check_pair("Series", "Series");
    check_pair("TvSeries", "TvSeries");
    check_pair("tv_series", "tv_series");
    check_pair("user-news", "user-news");
    check_pair("USER_NEWS", "USER_NEWS");
    check_pair("miniseries", "miniseries");
    check_pair("nursery", "nurseries");
    check_pair("sinew", "sinews");
}

TEST(the_case_of_the_word_is_kept)
{
    check_pair("Person", "People");
    check_pair("UserPerson", "UserPeople");
    check_pair("userPerson", "userPeople");
    check_pair("PERSON", "PEOPLE");
    check_pair("MAN", "MEN");
    check_pair("QUIZ", "QUIZZES");
    check_pair("FISH", "FISH");
    check_pair("ORDER", "ORDERS");
    check_pair("ADDRESS", "ADDRESSES");
    check_pair("CATEGORY", "CATEGORIES");
    check_pair("USER_ROLE", "USER_ROLES");
    check_pair("USER_ID", "USER_IDS");
    check_pair("DATABASE", "DATABASES");
    check_pair("Ox", "Oxen");
}

TEST(abbreviations_and_digits_take_a_small_s)
{
    check_pair("API", "APIs");
    check_pair("URL", "URLs");
    check_pair("ID", "IDs");
    check_pair("UserID", "UserIDs");
    check_pair("user_API", "user_APIs");
    check_pair("CPU", "CPUs");
    check_pair("CMS", "CMSs");
    check_pair("SMS", "SMS");
    check_pair("HTML", "HTMLs");
    check_pair("Status2", "Status2s");
    check_pair("MP3", "MP3s");
    check_pair("user_role_2", "user_role_2s");
    check_pair("PointX", "PointXs");
    assert_string_equal(singular("CPUS"), "CPU");
}

TEST(there_may_be_nothing_to_inflect)
{
    check_pair("", "");
    check_pair("_", "_");
    check_pair("user_", "user_");
    check_pair("?", "?");
    assert_string_equal(singular("s"), "s");
    assert_string_equal(singular("user_s"), "user_s");
}

TEST(bytes_beyond_ascii_are_left_alone)
{
    check_pair("caf\xc3\xa9", "caf\xc3\xa9s");
    check_pair("Pr\xc3\xa9nom", "Pr\xc3\xa9noms");
    check_pair("\xc3\xa9l\xc3\xa8veUser", "\xc3\xa9l\xc3\xa8veUsers");
    check_pair("\xff\x80", "\xff\x80s");
}

static void check_extra(const struct inflect_word *extra, const char *one, const char *many)
{
    assert_string_equal(inflected(inflect_plural, extra, one), many);
    assert_string_equal(inflected(inflect_singular, extra, many), one);
    assert_string_equal(inflected(inflect_plural, extra, many), many);
    assert_string_equal(inflected(inflect_singular, extra, one), one);
}

TEST(words_of_the_schema_win)
{
    struct inflect_word cow = { "Cow", "Kine", NULL };
    struct inflect_word person = { "person", "persons", &cow };
    struct inflect_word leaf = { "leaf", "leaves", &person };
    struct inflect_word feature = { "feature", "feature", &leaf };
    struct inflect_word basis = { "tax_basis", "tax_bases", &feature };
    struct inflect_word api = { "API", "APIS", &basis };
    struct inflect_word sku = { "sku", "skus", &api };

    check_extra(&sku, "Cow", "Kine");
    check_extra(&sku, "cow", "kine");
    check_extra(&sku, "COW", "KINE");
    check_extra(&sku, "HolyCow", "HolyKine");
    check_extra(&sku, "holy_cow", "holy_kine");
    check_extra(&sku, "UserPerson", "UserPersons");
    check_extra(&sku, "Leaf", "Leaves");
    check_extra(&sku, "FEATURE", "FEATURE");
    check_extra(&sku, "PlanFeature", "PlanFeature");
    check_extra(&sku, "old_tax_basis", "old_tax_bases");
    check_extra(&sku, "base", "bases");
    check_extra(&sku, "API", "APIS");
    check_extra(&sku, "user", "users");
    assert_string_equal(inflected(inflect_plural, &sku, "cloverleaf"), "cloverleafs");
}

TEST(the_longest_word_of_the_schema_wins_then_the_first)
{
    struct inflect_word last = { "status", "statii", NULL };
    struct inflect_word longest = { "http status", "http stati", &last };
    struct inflect_word first = { "status", "stati", &longest };

    check_extra(&first, "status", "stati");
    check_extra(&first, "my http status", "my http stati");
    assert_string_equal(inflected(inflect_singular, &first, "statii"), "status");
}

TEST(a_short_buffer_holds_the_beginning)
{
    char out[16];

    assert_int_equal(inflect_plural(NULL, "category", NULL, 0), 10);
    memset(out, '#', sizeof out);
    assert_int_equal(inflect_plural(NULL, "category", out, 1), 10);
    assert_memory_equal(out, "\0#", 2);
    memset(out, '#', sizeof out);
    assert_int_equal(inflect_plural(NULL, "category", out, 5), 10);
    assert_memory_equal(out, "cate\0#", 6);
    memset(out, '#', sizeof out);
    assert_int_equal(inflect_plural(NULL, "category", out, 10), 10);
    assert_memory_equal(out, "categorie\0#", 11);
    memset(out, '#', sizeof out);
    assert_int_equal(inflect_plural(NULL, "category", out, 11), 10);
    assert_memory_equal(out, "categories\0#", 12);
    assert_int_equal(inflect_singular(NULL, "categories", out, 1), 8);
    assert_string_equal(out, "");
}

static unsigned next_random(unsigned *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 16;
}

/* A word of random bytes, or of random endings, which come nearer to the rules. */
static void make_word(unsigned *state, char *word, size_t capacity)
{
    static const char *const bits[] = {
        "s", "S", "ies", "es", "Y", "x", "_", "7", "man", "men", "us", "sis", "ves", "oe", "I", "os", "data",
        "ices", "\xc3", " ", "Series", "quiz", "Po", "aa",
    };
    size_t length = 0;
    size_t wanted = next_random(state) % 8;

    word[0] = '\0';
    for (size_t i = 0; i < wanted; i++) {
        const char *bit = bits[next_random(state) % (sizeof bits / sizeof bits[0])];
        char byte[2] = { (char)(next_random(state) % 255 + 1), '\0' };

        if (next_random(state) % 4 == 0)
            bit = byte;
        if (length + strlen(bit) >= capacity)
            break;
        length += (size_t)snprintf(word + length, capacity - length, "%s", bit);
    }
}

/* Buffers are allocated to the byte, so that a sanitizer or valgrind sees one byte too many. */
static void check_bounds(inflection *inflect, const struct inflect_word *extra, const char *word)
{
    size_t length = inflect(extra, word, NULL, 0);
    char *whole = malloc(length + 1);

    assert_non_null(whole);
    assert_int_equal(inflect(extra, word, whole, length + 1), length);
    assert_int_equal(strlen(whole), length);
    for (size_t capacity = 1; capacity <= length; capacity += capacity < length ? length - capacity : 1) {
        char *part = malloc(capacity);

        assert_non_null(part);
        assert_int_equal(inflect(extra, word, part, capacity), length);
        assert_int_equal(strlen(part), capacity - 1);
        assert_memory_equal(part, whole, capacity - 1);
        free(part);
    }
    free(whole);
}

TEST(random_words_stay_in_their_buffers)
{
    struct inflect_word last = { "man", "mannen", NULL };
    struct inflect_word extra = { "s", "", &last };
    unsigned state = 20150401u;
    int rounds = test_long() ? 50000 : 2000;

    for (int i = 0; i < rounds; i++) {
        char word[64];

        make_word(&state, word, sizeof word);
        check_bounds(inflect_plural, NULL, word);
        check_bounds(inflect_singular, NULL, word);
        check_bounds(inflect_plural, &extra, word);
        check_bounds(inflect_singular, &extra, word);
    }
}
