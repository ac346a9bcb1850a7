/* Declarations that are wrong: each is told with the model, the attribute or association, and what to write instead. */
#include "schema_check.h"

#define DEFINE(name) kin_define(schema, name, KIN_NO_ATTRIBUTES)

/* One attribute of a model X that does not link, for the reason given. */
#define REFUSED(part, ...)                                                                                                                 \
    do {                                                                                                                                   \
        kin_schema *schema = kin_schema_new();                                                                                             \
        kin_define(schema, "X", KIN_ATTRIBUTES(__VA_ARGS__));                                                                              \
        assert_fault(schema, part);                                                                                                        \
    } while (0)

/* Statements with the models user, project and task that do not link, for the reason given. */
#define REFUSED_BETWEEN(part, ...)                                                                                                         \
    do {                                                                                                                                   \
        kin_schema *schema = kin_schema_new();                                                                                             \
        kin_model *user = DEFINE("User"), *project = DEFINE("Project"), *task = DEFINE("Task");                                            \
        (void)user, (void)project, (void)task;                                                                                             \
        __VA_ARGS__;                                                                                                                       \
        assert_fault(schema, part);                                                                                                        \
    } while (0)

TEST(models_without_a_name)
{
    const char *names[] = { NULL, "" };
    for (int i = 0; i < 2; i++) {
        kin_schema *schema = kin_schema_new();
        assert_non_null(DEFINE(names[i]));
        assert_fault(schema, "a model needs a name; write kin_define(schema, ");
    }
}

TEST(attributes_without_a_good_name)
{
    REFUSED("X: attribute 1 has no name", KIN_STRING(NULL));
    REFUSED("X: attribute 2 has no name", KIN_STRING("a"), KIN_STRING(""));
    REFUSED("X.a.b: an attribute's name has no '.'", KIN_STRING("a.b"));
    REFUSED("write .column = \"-a\"", KIN_STRING("-a"));
    REFUSED("X.a: the attribute is declared twice", KIN_STRING("a"), KIN_INTEGER("a"));
    REFUSED("X.b: has the same column 'a' as the attribute 'a'", KIN_STRING("a"), KIN_STRING("b", .column = "a"));
    REFUSED("X.Name: has the same column 'Name' as the attribute 'name'", KIN_STRING("name"), KIN_STRING("Name"));
    REFUSED("X.a: the column's name is empty", KIN_STRING("a", .column = ""));
}

TEST(A17_A19_primary_keys)
{
    REFUSED("X.id: an attribute called 'id' is declared but not marked with .primary_key = true", KIN_INTEGER("id"));
    REFUSED("X: Only one autoincrement attribute allowed", KIN_INTEGER("a", .primary_key = true, .auto_increment = true),
            KIN_INTEGER("b", .auto_increment = true));
    REFUSED("X: an autoincrement attribute is a primary key by itself", KIN_INTEGER("a", .primary_key = true, .auto_increment = true),
            KIN_INTEGER("b", .primary_key = true));
    REFUSED("X.a: auto_increment is for an INTEGER or BIGINT primary key", KIN_STRING("a", .primary_key = true, .auto_increment = true));
    REFUSED("X.a: auto_increment is for an INTEGER or BIGINT primary key", KIN_INTEGER("a", .auto_increment = true));
    REFUSED("X.a: auto_increment and a default contradict each other",
            KIN_INTEGER("a", .primary_key = true, .auto_increment = true, .default_value = kin(1)));
}

TEST(A23_A39_types)
{
    REFUSED("X.a: has no type; declare it with KIN_STRING(\"a\")", { .name = "a" });
    REFUSED("X.a: type 16 is none that can be declared", { .name = "a", .type = KIN_TYPE_ANY });
    REFUSED("X.a: type 99 is none that can be declared", { .name = "a", .type = (kin_type)99 });
    REFUSED("X.a: values for ENUM haven't been defined; write .labels = KIN_NAMES(", KIN_ENUM("a"));
    REFUSED("X.a: values for ENUM haven't been defined", KIN_ENUM("a", .labels = KIN_NO_NAMES));
    REFUSED("X.a: label 2 is empty", KIN_ENUM("a", .labels = KIN_NAMES("x", "")));
    REFUSED("X.a: the label 'x' comes twice", KIN_ENUM("a", .labels = KIN_NAMES("x", "y", "x")));
    REFUSED("X.a: labels are for ENUM and this is STRING", KIN_STRING("a", .labels = KIN_NAMES("x")));
    REFUSED("X.a: length is for STRING, CHAR and BLOB and this is INTEGER", KIN_INTEGER("a", .length = 11));
    REFUSED("X.a: precision and scale are for DECIMAL and this is REAL", KIN_REAL("a", .precision = 4));
    REFUSED("X.a: the scale 5 is larger than the precision 4", KIN_DECIMAL("a", .precision = 4, .scale = 5));
    REFUSED("X.a: the name of the unique group is empty", KIN_REAL("a", .unique_group = ""));
}

TEST(defaults)
{
    REFUSED("X.a: more than one default", KIN_DATE("a", .default_now = true, .default_value = kin_value_date(0)));
    REFUSED("X.a: default_now is for DATE, DATEONLY and TIME and this is STRING", KIN_STRING("a", .default_now = true));
    REFUSED("X.a: default_uuid is for UUID and this is STRING", KIN_STRING("a", .default_uuid = true));
    REFUSED("X.a: the default is NULL and the attribute cannot be", KIN_STRING("a", .not_null = true, .default_value = kin_null));
    REFUSED("X.a: ", KIN_INTEGER("a", .default_value = kin("seven")));
    REFUSED("X.a: ", KIN_ENUM("a", .labels = KIN_NAMES("x"), .default_value = kin("y")));
    REFUSED("X.a: ", KIN_INTEGER("a", .default_value = kin(UINT64_MAX)));
}

TEST(validators_that_make_no_sense)
{
    static const double one = 1, two = 2;
    REFUSED("X.a: no value can pass: min_length 3 is larger than max_length 2",
            KIN_STRING("a", .validate = { .min_length = 3, .max_length = 2 }));
    REFUSED("X.a: not_empty, min_length and max_length are for texts", KIN_INTEGER("a", .validate = { .not_empty = true }));
    REFUSED("X.a: minimum and maximum are for numbers and this is STRING", KIN_STRING("a", .validate = { .minimum = &one }));
    REFUSED("X.a: no value can pass: the minimum 2 is larger than the maximum 1",
            KIN_REAL("a", .validate = { .minimum = &two, .maximum = &one }));
    REFUSED("X.a: one_of is for texts and this is REAL", KIN_REAL("a", .validate = { .one_of = KIN_NAMES("x") }));
    REFUSED("X.a: no value can pass: one_of is empty", KIN_STRING("a", .validate = { .one_of = KIN_NO_NAMES }));
    REFUSED("X.a: entry 1 of one_of is NULL", KIN_STRING("a", .validate = { .one_of = KIN_NAMES(NULL) }));
}

TEST(K_references_to_nothing)
{
    REFUSED("X.a: references a column of nothing", KIN_INTEGER("a", .references = { .column = "id" }));
    REFUSED("X.a: references a table without a name", KIN_INTEGER("a", .references = { .table = "" }));
    REFUSED("X.a: references the column 'nr' of X, which has none of that name",
            KIN_INTEGER("a", .references = { .table = "Xs", .column = "nr" }));
    REFUSED("X.a: on_delete is 9, which is no action; write KIN_RESTRICT, KIN_CASCADE, KIN_NO_ACTION, KIN_SET_DEFAULT or KIN_SET_NULL",
            KIN_INTEGER("a", .references = { .table = "t" }, .on_delete = (kin_action)9));
    REFUSED("X.a: on_update is SET NULL and the key cannot be NULL",
            KIN_INTEGER("a", .references = { .table = "t" }, .on_update = KIN_SET_NULL, .not_null = true));

    kin_schema *schema = kin_schema_new();
    kin_model *pair =
        kin_define(schema, "Pair", KIN_ATTRIBUTES(KIN_INTEGER("a", .primary_key = true), KIN_INTEGER("b", .primary_key = true)));
    kin_define(schema, "X", KIN_ATTRIBUTES(KIN_INTEGER("p", .references = { .model = pair })));
    assert_fault(schema, "X.p: references Pair, whose primary key has 2 attributes");

    schema = kin_schema_new();
    kin_model *one = DEFINE("One");
    kin_define(schema, "X", KIN_ATTRIBUTES(KIN_INTEGER("p", .references = { .model = one, .table = "Twos" })));
    assert_fault(schema, "X.p: references the model One and the table 'Twos', which are not the same");
}

TEST(models_that_make_no_sense)
{
    kin_schema *schema = kin_schema_new();
    DEFINE("User");
    kin_define(schema, "Member", KIN_NO_ATTRIBUTES, .table = "Users");
    assert_fault(schema, "Member: has the table 'Users', as User has");

    schema = kin_schema_new();
    kin_define(schema, "User", KIN_NO_ATTRIBUTES, .paranoid = true);
    assert_fault(schema, "User: paranoid needs timestamps; write .timestamps = true too");

    schema = kin_schema_new();
    kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("createdAt")), .timestamps = true);
    assert_fault(schema, "User.createdAt: kin keeps the time in it");

    schema = kin_schema_new();
    kin_define(schema, "User", KIN_NO_ATTRIBUTES, .timestamps = true, .created_at = "t", .updated_at = "t");
    assert_fault(schema, "User.t: kin keeps the time in it");

    schema = kin_schema_new();
    kin_define(schema, "User", KIN_NO_ATTRIBUTES, .table = "");
    assert_fault(schema, "User: the table's name is empty");

    schema = kin_schema_new();
    kin_define(schema, "User", KIN_NO_ATTRIBUTES, .singular = "");
    assert_fault(schema, "User: singular and plural cannot be empty");

    schema = kin_schema_new();
    kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("name")), .indexes = KIN_INDEXES({ .attributes = KIN_NAMES("nam") }));
    assert_fault(schema, "User.nam: an index names this attribute, which User does not have; did you mean 'name'?");

    schema = kin_schema_new();
    kin_define(schema, "User", KIN_NO_ATTRIBUTES, .indexes = KIN_INDEXES({ .name = "i" }));
    assert_fault(schema, "User: an index without attributes"); /* L15 */

    schema = kin_schema_new();
    kin_define(schema, "User", KIN_NO_ATTRIBUTES,
               .indexes = KIN_INDEXES({ .attributes = KIN_NAMES("id"), .name = "i" }, { .attributes = KIN_NAMES("id"), .name = "I" }));
    assert_fault(schema, "User: the index name 'I' is taken");

    schema = kin_schema_new();
    kin_schema_word(schema, "a", NULL);
    assert_fault(schema, "kin_schema_word needs both forms");
}

TEST(L1_ends_that_are_not_there)
{
    REFUSED_BETWEEN("User: kin_has_many was called with a NULL target", assert_null(kin_has_many(user, NULL)));
    REFUSED_BETWEEN("kin_belongs_to to User was called on a NULL source", assert_null(kin_belongs_to(NULL, user)));
    kin_schema *other = kin_schema_new();
    kin_model *stranger = kin_define(other, "Stranger", KIN_NO_ATTRIBUTES);
    REFUSED_BETWEEN("User: kin_has_one was called with Stranger, a model of another schema", assert_null(kin_has_one(user, stranger)));
    REFUSED_BETWEEN("User.Projects: .through_model is Stranger, a model of another schema",
                    kin_belongs_to_many(user, project, .through_model = stranger));
    assert_linked(other);
    kin_schema_free(other);
}

TEST(L4_L9_names_that_collide)
{
    REFUSED_BETWEEN("Task.user: Naming collision between attribute 'user' and association 'user' on model Task. To remedy this, change "
                    "either .foreign_key or .as in your association definition",
                    kin_belongs_to(task, user, .as = "user", .foreign_key = "user"));
    REFUSED_BETWEEN("User has two associations named 'Tasks'; give one of them an alias", kin_has_many(user, task),
                    kin_belongs_to_many(user, task, .through = "UserTasks"));
    REFUSED_BETWEEN("User.Jobs: You have used the alias Jobs in two separate associations", kin_has_many(user, task, .as = "Jobs"),
                    kin_has_many(user, project, .as = "Jobs"));
    REFUSED_BETWEEN("Task.User: its name is empty", kin_belongs_to(task, user, .as = ""));
    REFUSED_BETWEEN("an association's name has no '.'", kin_belongs_to(task, user, .as = "a.b"));
    REFUSED_BETWEEN("Task.User: .as is 'a' and .singular is 'b'", kin_belongs_to(task, user, .as = "a", .singular = "b"));
    REFUSED_BETWEEN(".as is 'as' and .plural is 'bs'; for many they are the same", kin_has_many(user, task, .as = "as", .plural = "bs"));
}

TEST(L4_an_attribute_named_as_an_association)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("Tasks")));
    kin_has_many(user, DEFINE("Task"));
    assert_fault(schema, "User.Tasks: Naming collision between attribute 'Tasks' and association 'Tasks' on model User");

    schema = kin_schema_new();
    kin_model *a = kin_define(schema, "A", KIN_ATTRIBUTES(KIN_INTEGER("owner", .column = "userid")));
    kin_belongs_to(a, DEFINE("User"), .as = "Boss", .foreign_key = "UserId");
    assert_linked(schema); /* the column's name means the attribute, whatever its letters' case */
    assert_string_equal(attributes_text(a), "id owner");
    kin_schema_free(schema);
}

TEST(options_that_do_not_fit)
{
    REFUSED_BETWEEN("User.Tasks: N:M associations are not supported with kin_has_many (.through). Use kin_belongs_to_many instead",
                    kin_has_many(user, task, .through = "x"));
    REFUSED_BETWEEN("Task.User: .other_key is for kin_belongs_to_many; leave it out of this belongs-to",
                    kin_belongs_to(task, user, .other_key = "x"));
    REFUSED_BETWEEN(".not_unique is for kin_belongs_to_many", kin_has_one(user, task, .not_unique = true));
    REFUSED_BETWEEN(".timestamps is for kin_belongs_to_many", kin_has_one(user, task, .timestamps = true));
    REFUSED_BETWEEN("Task.User: a belongs-to points at its target; write .target_key", kin_belongs_to(task, user, .source_key = "id"));
    REFUSED_BETWEEN("User.Tasks: the target of a has-many points at the source; write .source_key",
                    kin_has_many(user, task, .target_key = "id"));
    REFUSED_BETWEEN("User.Tasks: .on_update is 7, which is no action; write KIN_RESTRICT, ",
                    kin_has_many(user, task, .on_update = (kin_action)7));
    REFUSED_BETWEEN("Task.User: .key.on_delete is -1, which is no action",
                    kin_belongs_to(task, user, .key = { .on_delete = (kin_action)-1 }));
    REFUSED_BETWEEN("Task.User: .foreign_key and .foreign_keys are both given",
                    kin_belongs_to(task, user, .foreign_key = "a", .foreign_keys = KIN_NAMES("b")));
    REFUSED_BETWEEN("Task.User: .key is named 'a' and .foreign_key says otherwise",
                    kin_belongs_to(task, user, .foreign_key = "b", .key = { .name = "a" }));
    REFUSED_BETWEEN("Task.User: .foreign_key is '', which is no name", kin_belongs_to(task, user, .foreign_key = ""));
    REFUSED_BETWEEN("leave .key.references out", kin_belongs_to(task, user, .key = { .references = { .table = "x" } }));
    REFUSED_BETWEEN("leave .key.auto_increment out", kin_belongs_to(task, user, .key = { .auto_increment = true }));
    REFUSED_BETWEEN("Task.User: .hooks is for destroying the targets", kin_belongs_to(task, user, .hooks = true));
    REFUSED_BETWEEN(
        "User.Tasks: .hooks destroys what a deletion takes along, and here it takes nothing along; write .on_delete = KIN_CASCADE",
        kin_has_many(user, task, .hooks = true));
    REFUSED_BETWEEN("Task.UserId: on_delete is SET NULL and the key cannot be NULL",
                    kin_has_many(user, task, .key = { .not_null = true }, .on_delete = KIN_SET_NULL));
    REFUSED_BETWEEN("Task.User: .no_constraints and .key.on_update = CASCADE contradict",
                    kin_belongs_to(task, user, .no_constraints = true, .key = { .on_update = KIN_CASCADE }));
}

TEST(C33_D22_keys_that_are_not_there_or_not_unique)
{
    REFUSED_BETWEEN(
        "Task.User: Unknown attribute \"nick\" passed as .target_key, define this attribute on model \"User\" first; it has: id",
        kin_belongs_to(task, user, .target_key = "nick"));
    REFUSED_BETWEEN("User.Tasks: Unknown attribute \"nick\" passed as .source_key, define this attribute on model \"User\" first",
                    kin_has_many(user, task, .source_key = "nick"));
    kin_schema *schema = kin_schema_new();
    kin_model *user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("nick")));
    kin_has_many(user, DEFINE("Task"), .source_key = "nick");
    assert_fault(schema, "User.Tasks: .source_key is 'nick' of User, which is not unique, so that it could mean several rows; declare it "
                         "with .unique = true");
}

TEST(keys_of_the_wrong_number_or_type)
{
    kin_schema *schema = kin_schema_new();
    kin_model *pair =
        kin_define(schema, "Pair", KIN_ATTRIBUTES(KIN_INTEGER("a", .primary_key = true), KIN_INTEGER("b", .primary_key = true)));
    kin_belongs_to(DEFINE("Task"), pair, .foreign_key = "pair_id");
    assert_fault(schema,
                 "Task.Pair: the key of Pair has 2 attributes and 1 name is given; write .foreign_keys = KIN_NAMES(...) with 2 names");

    schema = kin_schema_new();
    pair = kin_define(schema, "Pair", KIN_ATTRIBUTES(KIN_INTEGER("a", .primary_key = true), KIN_INTEGER("b", .primary_key = true)));
    kin_belongs_to(DEFINE("Task"), pair, .foreign_keys = KIN_NAMES("x", "x"));
    assert_fault(schema, "Task.Pair: .foreign_keys has the name 'x' twice");

    schema = kin_schema_new();
    pair = kin_define(schema, "Pair", KIN_ATTRIBUTES(KIN_INTEGER("a", .primary_key = true), KIN_INTEGER("b", .primary_key = true)));
    kin_belongs_to(DEFINE("Task"), pair, .key = { .column = "x" });
    assert_fault(schema, "Task.Pair: the key has 2 attributes, so that .key.column and .key.type cannot be meant");

    schema = kin_schema_new();
    kin_model *task = kin_define(schema, "Task", KIN_ATTRIBUTES(KIN_STRING("UserId")));
    kin_belongs_to(task, DEFINE("User"));
    assert_fault(schema,
                 "Task.User: the key Task.UserId is STRING and points at User.id, which is INTEGER; declare both with the same type");

    schema = kin_schema_new();
    kin_model *a = DEFINE("A"), *b = DEFINE("B");
    kin_belongs_to(a, b, .key = { .primary_key = true });
    kin_belongs_to(b, a, .key = { .primary_key = true });
    assert_fault(schema, "B.A: its key points at the primary key of A, which this key is to be part of");
}

TEST(keys_of_one_attribute)
{
    REFUSED_BETWEEN("Task.User: .foreign_keys has 2 names and the key of User is the one attribute 'id'; write one name as .foreign_key",
                    kin_belongs_to(task, user, .foreign_keys = KIN_NAMES("a", "b")));
    REFUSED_BETWEEN("User.Boss: .foreign_key is 'id', which is also what it points at",
                    kin_belongs_to(user, user, .as = "Boss", .foreign_key = "id"));
}

TEST(L3_L6_join_models_that_cannot_be)
{
    REFUSED_BETWEEN("User.Tasks: .through is required for belongs-to-many; write .through = \"UserTasks\"",
                    kin_belongs_to_many(user, task, .through = ""));
    REFUSED_BETWEEN("User.Users: 'as' must be defined for many-to-many self-associations",
                    kin_belongs_to_many(user, user, .through = "Friends"));
    REFUSED_BETWEEN("User.Tasks: User cannot join itself to another", kin_belongs_to_many(user, task, .through_model = user));
    REFUSED_BETWEEN("User.Tasks: .through is 'x' and .through_model is Project",
                    kin_belongs_to_many(user, task, .through = "x", .through_model = project));
    REFUSED_BETWEEN("User.Tasks: .timestamps is for a join model that is made here, and Project is defined",
                    kin_belongs_to_many(user, task, .through_model = project, .timestamps = true));
    REFUSED_BETWEEN("Task.Users: .timestamps contradicts what another association says of J",
                    kin_belongs_to_many(user, task, .through = "J", .timestamps = true),
                    kin_belongs_to_many(task, user, .through = "J", .timestamps = KIN_OFF));
    REFUSED_BETWEEN("User.Tasks: both its keys in J would be 'x'",
                    kin_belongs_to_many(user, task, .through = "J", .foreign_key = "x", .other_key = "x"));
    REFUSED_BETWEEN("User.Tasks: .unique_key is 'u' and there is no such constraint: the keys together are the primary key",
                    kin_belongs_to_many(user, task, .through = "J", .unique_key = "u"));
    REFUSED_BETWEEN(".not_unique is set; leave it out",
                    kin_belongs_to_many(user, task, .through = "J", .unique_key = "u", .not_unique = true));
    REFUSED_BETWEEN("Tasks: has the table 'Tasks', as Task has", kin_belongs_to_many(user, task, .through = "Tasks"));

    kin_schema *schema = kin_schema_new();
    kin_model *user = DEFINE("User"), *task = DEFINE("Task"),
              *join = kin_define(schema, "J", KIN_ATTRIBUTES(KIN_INTEGER("id", .primary_key = true)));
    kin_belongs_to_many(user, task, .through_model = join, .unique_key = "a");
    kin_belongs_to_many(task, user, .through_model = join, .unique_key = "b");
    assert_fault(schema, "Task.Users: .unique_key is 'b' here and 'a' in another association of J");
}

TEST(scopes_that_do_not_fit)
{
    REFUSED_BETWEEN("User.Tasks: .scope names 'done', which Task does not have; it has: ",
                    kin_has_many(user, task, .scope = KIN_VALUES({ "done", kin(true) })));
    REFUSED_BETWEEN("Task.id: ", kin_has_many(user, task, .scope = KIN_VALUES({ "id", kin("x") })));
    REFUSED_BETWEEN("User.Tasks: .scope gives 'id' no value", kin_has_many(user, task, .scope = KIN_VALUES({ "id", { .type = KIN_VALUE_UNSET } })));
    REFUSED_BETWEEN("User.Tasks: .scope names 'id' twice",
                    kin_has_many(user, task, .scope = KIN_VALUES({ "id", kin(1) }, { "id", kin(2) })));
    REFUSED_BETWEEN("User.Tasks: .scope sets 'UserId', which is the association's own key",
                    kin_has_many(user, task, .scope = KIN_VALUES({ "UserId", kin(1) })));
    REFUSED_BETWEEN("User.Tasks: .through_scope names 'x', which J does not have; it has: UserId, TaskId",
                    kin_belongs_to_many(user, task, .through = "J", .through_scope = KIN_VALUES({ "x", kin(1) })));
    REFUSED_BETWEEN("Task.User: .through_scope is for kin_belongs_to_many",
                    kin_belongs_to(task, user, .through_scope = KIN_VALUES({ "x", kin(1) })));
}

TEST(options_of_another_version)
{
    kin_schema *schema = kin_schema_new();
    struct {
        kin_model_options options;
        void *more;
    } newer = { { .size = sizeof newer, .name = "User" }, NULL };
    assert_non_null((kin_define)(schema, &newer.options));
    assert_fault(schema, "the program was built against a newer kin.h");

    schema = kin_schema_new();
    assert_non_null((kin_define)(schema, &(kin_model_options){ .name = "User" }));
    assert_fault(schema, "kin_define was given options without a size");

    schema = kin_schema_new(); /* an older one ends earlier */
    struct {
        size_t size;
        const char *name;
        kin_attributes attributes;
    } older = { sizeof older, "User", KIN_ATTRIBUTES(KIN_STRING("name")) };
    kin_model *user = (kin_define)(schema, (const kin_model_options *)(const void *)&older);
    assert_linked(schema);
    assert_string_equal(attributes_text(user), "id name");
    kin_schema_free(schema);
}

TEST(a_linked_schema_is_frozen)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = DEFINE("User");
    assert_linked(schema);
    assert_linked(schema); /* as often as one likes */
    assert_null(DEFINE("Task"));
    assert_string_equal(attributes_text(user), "id"); /* what was linked stays readable */
    assert_fault(schema, "the schema is frozen: kin_define(Task) came after it was linked");

    schema = kin_schema_new();
    user = DEFINE("User");
    assert_linked(schema);
    assert_null(kin_has_many(user, user));
    assert_fault(schema, "the schema is frozen: kin_has_many(User)");

    schema = kin_schema_new();
    user = DEFINE("User");
    assert_linked(schema);
    kin_hook_add(user, KIN_BEFORE_SAVE, NULL, NULL);
    assert_fault(schema, "the schema is frozen: kin_hook_add(User)");
}

TEST(the_first_fault_stays)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = DEFINE("User");
    kin_has_many(user, NULL);
    assert_non_null(kin_schema_error(schema));
    DEFINE("");
    assert_string_equal(kin_schema_error(schema)->model, "User");
    assert_fault(schema, "User: kin_has_many was called with a NULL target");

    schema = kin_schema_new();
    user = DEFINE("User");
    kin_belongs_to(user, user, .as = "Boss", .target_key = "x");
    assert_false(kin_schema_link(schema));
    const kin_error *error = kin_schema_error(schema);
    assert_int_equal(error->status, KIN_SCHEMA);
    assert_string_equal(error->model, "User");
    assert_string_equal(error->attribute, "Boss");
    assert_int_equal(kin_model_count(schema), 0); /* nothing to see of what failed */
    assert_null(kin_model_describe(user));
    assert_false(kin_model_has_attribute(user, "id"));
    kin_schema_free(schema);
}

TEST(nothing_given_is_safe)
{
    kin_schema_free(NULL);
    assert_false(kin_schema_link(NULL));
    assert_int_equal(kin_schema_error(NULL)->status, KIN_NO_MEMORY);
    kin_schema_word(NULL, "a", "b");
    kin_schema_defaults(NULL, .timestamps = true);
    assert_null(kin_define(NULL, "User", KIN_NO_ATTRIBUTES));
    assert_null(kin_has_many(NULL, NULL));
    assert_null((kin_has_many)(NULL, NULL));
    kin_hook_add(NULL, KIN_BEFORE_SAVE, NULL, NULL);
    assert_int_equal(kin_model_count(NULL), 0);
    assert_null(kin_model_at(NULL, 0));
    assert_null(kin_model_named(NULL, "User"));
    assert_null(kin_association_named(NULL, "Tasks"));
    assert_false(kin_model_has_attribute(NULL, "id"));
    assert_null(kin_attribute_named(NULL, "id"));
    assert_null(kin_model_describe(NULL));
    assert_null(kin_association_describe(NULL));
    assert_int_equal(kin_through_offset(NULL, NULL), SIZE_MAX);
    assert_false(kin_has_accessor(NULL, "addTask"));
    assert_int_equal(kin_accessor_count(NULL), 0);
    assert_null(kin_accessor_at(NULL, 0));

    kin_schema *schema = kin_schema_new();
    kin_model *user = DEFINE("User");
    assert_null(kin_model_describe(user)); /* not linked yet */
    assert_null(kin_association_named(user, "Tasks"));
    assert_linked(schema);
    assert_null(kin_model_named(schema, NULL));
    assert_null(kin_attribute_named(user, NULL));
    assert_null(kin_association_named(user, NULL));
    assert_null(kin_accessor_named(user, NULL));
    kin_schema_free(schema);

    schema = kin_schema_new();
    assert_null((kin_define)(schema, NULL));
    assert_fault(schema, "kin_define was given no options");
}

static bool refuse_everything(void *context, const kin_hook_event *event)
{
    (void)context, (void)event;
    return false;
}

TEST(hooks_are_kept_in_order)
{
    kin_schema *schema = kin_schema_new();
    kin_model *user = DEFINE("User");
    int contexts[9];
    for (int i = 0; i < 9; i++)
        kin_hook_add(user, KIN_BEFORE_SAVE, refuse_everything, &contexts[i]);
    assert_linked(schema);
    assert_int_equal(user->hooks[KIN_BEFORE_SAVE].count, 9);
    for (int i = 0; i < 9; i++)
        assert_ptr_equal(user->hooks[KIN_BEFORE_SAVE].at[i].context, &contexts[i]);
    assert_int_equal(user->hook_mask, 1u << KIN_BEFORE_SAVE);
    kin_schema_free(schema);
}

TEST(hooks_that_cannot_be_called)
{
    REFUSED_BETWEEN("User: kin_hook_add was given no function", kin_hook_add(user, KIN_BEFORE_SAVE, NULL, NULL));
    REFUSED_BETWEEN("User: kin_hook_add was given no known kind of hook", kin_hook_add(user, (kin_hook_kind)40, refuse_everything, NULL));
}
