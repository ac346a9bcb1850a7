/* Declarations that cannot be meant: found when the schema is linked, told with the model, the association and what to write, and nothing of them
 * stays behind. The last tests are about what only the database can find out. */
#include "world.h"

#define DEFINE(schema, name) kin_define(schema, name, KIN_NO_ATTRIBUTES)

/* A User and a Task, to declare something wrong on. */
struct pair {
    kin_schema *schema;
    kin_model *user, *task;
};

static struct pair pair_make(void) {
    struct pair pair = { .schema = kin_schema_new() };
    pair.user = kin_define(pair.schema, "User", KIN_ATTRIBUTES(KIN_STRING("name"), KIN_STRING("email", .unique = true)));
    pair.task = kin_define(pair.schema, "Task", KIN_ATTRIBUTES(KIN_STRING("title"), KIN_STRING("done")));
    return pair;
}

/* Linking fails with that text, and the error says where. */
static void assert_refused(kin_schema *schema, const char *text, const char *model, const char *attribute) {
    assert_link_error(schema, text);
    const kin_error *error = kin_schema_error(schema);
    assert_int_equal(error->status, KIN_SCHEMA);
    assert_string_equal(error->model, model);
    assert_string_equal(error->attribute, attribute);
    assert_null(error->sql);
    kin_schema_free(schema);
}

/* ---- what an association stands between ---- */

typedef kin_association *declare(kin_model *source, const kin_association_options *options);

TEST(L1_a_target_that_is_no_model_of_the_schema) {
    static const struct {
        declare *function;
        const char *name;
    } kinds[] = { { (kin_belongs_to), "kin_belongs_to" }, { (kin_has_one), "kin_has_one" }, { (kin_has_many), "kin_has_many" },
                  { (kin_belongs_to_many), "kin_belongs_to_many" } };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        char text[120];
        struct pair pair = pair_make();
        assert_null(kinds[i].function(pair.user, &(kin_association_options){ .size = sizeof(kin_association_options), .through = "Both" }));
        snprintf(text, sizeof text, "User: %s was called with a NULL target", kinds[i].name);
        assert_refused(pair.schema, text, "User", "");

        struct pair here = pair_make(), there = pair_make();
        kinds[i].function(here.user, &(kin_association_options){ .size = sizeof(kin_association_options), .target = there.task, .through = "Both" });
        snprintf(text, sizeof text, "User: %s was called with Task, a model of another schema", kinds[i].name);
        assert_refused(here.schema, text, "User", "");
        kin_schema_free(there.schema);
    }
}

TEST(L2_a_source_that_was_not_defined) {
    struct pair pair = pair_make();
    assert_null(kin_model_named(pair.schema, "Nobody"));
    assert_null(kin_has_many(kin_model_named(pair.schema, "Nobody"), pair.task));
    assert_refused(pair.schema, "kin_has_many to Task was called on a NULL source; give it what kin_define returned", "", "");

    assert_null(kin_has_many(NULL, NULL)); /* there is nobody to tell */
    pair = pair_make();
    assert_true(kin_schema_link(pair.schema));
    assert_null(kin_has_many(pair.user, pair.task));
    assert_string_equal(kin_schema_error(pair.schema)->model, "User");
    assert_non_null(strstr(kin_schema_error(pair.schema)->message, "the schema is frozen: kin_has_many(User) came after it was linked"));
    kin_schema_free(pair.schema);
}

/* ---- names ---- */

TEST(L3_many_to_many_with_itself_needs_an_alias) {
    kin_schema *schema = kin_schema_new();
    kin_model *person = DEFINE(schema, "Person");
    kin_belongs_to_many(person, person, .through = "Families");
    assert_link_error(schema, "'as' must be defined for many-to-many self-associations");
    assert_string_equal(kin_schema_error(schema)->model, "Person");
    kin_schema_free(schema);

    schema = kin_schema_new();
    person = DEFINE(schema, "Person");
    kin_belongs_to_many(person, person, .as = "Children", .through = "Families");
    assert_true(kin_schema_link(schema));
    kin_schema_free(schema);
}

TEST(L4_an_association_is_not_called_as_an_attribute_of_its_source) {
    static const char *const collision = "Naming collision between attribute '%s' and association '%s' on model %s. To remedy this, change either .foreign_key or .as";
    static const struct {
        declare *function;
        const char *as, *foreign_key;
    } cases[] = { { (kin_belongs_to), "name", NULL }, { (kin_belongs_to), "name", "user_task" }, { (kin_has_one), "name", NULL },
                  { (kin_has_many), "name", NULL },   { (kin_belongs_to_many), "name", NULL }, { (kin_belongs_to), "task", "task" } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pair pair = pair_make();
        bool many = cases[i].function == (kin_has_many) || cases[i].function == (kin_belongs_to_many);
        kin_association_options options = { .size = sizeof options, .target = pair.task, .as = cases[i].as, .foreign_key = cases[i].foreign_key };
        if (many)
            options.singular = "label"; /* the alias is a plural */
        if (cases[i].function == (kin_belongs_to_many))
            options.through = "UserTasks";
        cases[i].function(pair.user, &options);
        char text[200];
        snprintf(text, sizeof text, collision, cases[i].as, cases[i].as, "User");
        assert_refused(pair.schema, text, "User", cases[i].as);
    }
}

TEST(L4_the_default_name_counts_too_and_the_target_is_free) {
    kin_schema *schema = kin_schema_new();
    kin_model *user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_STRING("Task")));
    kin_belongs_to(user, DEFINE(schema, "Task"));
    assert_refused(schema, "Naming collision between attribute 'Task' and association 'Task' on model User", "User", "Task");

    schema = kin_schema_new();
    kin_model *task = kin_define(schema, "Task", KIN_ATTRIBUTES(KIN_STRING("Author")));
    kin_has_many(task, DEFINE(schema, "User"), .as = "Writers");
    kin_belongs_to(kin_model_named(schema, "User"), task, .as = "Author"); /* Task has an attribute of that name, User has none */
    assert_true(kin_schema_link(schema));
    kin_schema_free(schema);
}

TEST(L5_linking_that_fails_leaves_no_key_behind) {
    struct pair pair = pair_make();
    kin_has_many(pair.user, pair.task, .as = "Jobs"); /* good in itself */
    kin_belongs_to(pair.task, pair.user, .as = "done");
    assert_false(kin_schema_link(pair.schema));
    assert_false(kin_schema_link(pair.schema)); /* it stays wrong */
    assert_false(kin_model_has_attribute(pair.task, "UserId"));
    assert_false(kin_model_has_attribute(pair.task, "doneId"));
    kin_db *db = kin_open(test_url(), pair.schema);
    assert_non_null(db);
    assert_int_equal(kin_db_error(db)->status, KIN_SCHEMA);
    assert_non_null(strstr(kin_db_error(db)->message, "Naming collision"));
    assert_false(kin_sync(db));
    kin_session *s = kin_session_open(db);
    assert_false(kin_ok(s));
    assert_null(kin_create(s, pair.user, { "name", kin("x") }));
    kin_clear_error(s); /* and a session of it has no other error than that */
    assert_int_equal(kin_error_of(s)->status, KIN_SCHEMA);
    kin_session_close(s);
    kin_close(db);
    kin_schema_free(pair.schema);
}

TEST(L9_names_that_are_taken_by_another_association) {
    struct pair pair = pair_make();
    kin_belongs_to(pair.task, pair.user, .as = "Owner");
    kin_belongs_to(pair.task, pair.user, .as = "Owner", .foreign_key = "other_id");
    assert_refused(pair.schema, "You have used the alias Owner in two separate associations. Aliased associations must have unique aliases", "Task", "Owner");

    pair = pair_make();
    kin_has_many(pair.user, pair.task);
    kin_has_many(pair.user, pair.task, .foreign_key = "second_id");
    assert_refused(pair.schema, "User has two associations named 'Tasks'; give one of them an alias: .as = \"...\"", "User", "Tasks");

    pair = pair_make();
    kin_belongs_to(pair.task, pair.user, .as = "Owner");
    kin_belongs_to(pair.task, pair.user, .as = "Reader");
    kin_has_many(pair.user, pair.task, .as = "Owner", .singular = "owned", .foreign_key = "OwnerId"); /* another source */
    assert_true(kin_schema_link(pair.schema));
    kin_schema_free(pair.schema);
}

/* ---- options ---- */

TEST(L6_L7_through_belongs_to_many_to_many_alone) {
    struct pair pair = pair_make();
    kin_belongs_to_many(pair.user, pair.task);
    assert_refused(pair.schema, ".through is required for belongs-to-many; write .through = \"", "User", "Tasks");

    pair = pair_make();
    kin_has_many(pair.user, pair.task, .through = "UserTasks");
    assert_refused(pair.schema, "N:M associations are not supported with kin_has_many (.through). Use kin_belongs_to_many instead", "User", "Tasks");
    pair = pair_make();
    kin_model *join = DEFINE(pair.schema, "Join");
    kin_has_many(pair.user, pair.task, .through_model = join);
    assert_refused(pair.schema, "Use kin_belongs_to_many instead", "User", "Tasks");
}

TEST(L8_keys_that_are_not_there) {
    struct pair pair = pair_make();
    kin_belongs_to(pair.task, pair.user, .target_key = "mail");
    assert_refused(pair.schema, "Unknown attribute \"mail\" passed as .target_key, define this attribute on model \"User\" first", "Task", "User");
    pair = pair_make();
    kin_has_many(pair.user, pair.task, .source_key = "emial");
    assert_link_error(pair.schema, "Unknown attribute \"emial\" passed as .source_key, define this attribute on model \"User\" first");
    assert_non_null(strstr(kin_schema_error(pair.schema)->message, "email")); /* the near one */
    kin_schema_free(pair.schema);
    pair = pair_make();
    kin_has_one(pair.user, pair.task, .source_key = "nothing");
    assert_refused(pair.schema, "Unknown attribute \"nothing\" passed as .source_key", "User", "Task");
    pair = pair_make();
    kin_belongs_to_many(pair.user, pair.task, .through = "UserTasks", .target_key = "nothing");
    assert_refused(pair.schema, "Unknown attribute \"nothing\" passed as .target_key, define this attribute on model \"Task\" first", "User", "Tasks");
}

TEST(L10_options_of_another_kind_of_association_are_refused) {
    struct pair pair = pair_make();
    kin_belongs_to(pair.task, pair.user, .source_key = "email");
    assert_refused(pair.schema, "write .target_key in the place of .source_key", "Task", "User");
    pair = pair_make();
    kin_has_many(pair.user, pair.task, .target_key = "title");
    assert_refused(pair.schema, "write .source_key in the place of .target_key", "User", "Tasks");
    pair = pair_make();
    kin_belongs_to(pair.task, pair.user, .through = "Both");
    assert_refused(pair.schema, ".through is for kin_belongs_to_many; leave it out of this belongs-to", "Task", "User");
    pair = pair_make();
    kin_has_one(pair.user, pair.task, .other_key = "other");
    assert_refused(pair.schema, ".other_key is for kin_belongs_to_many; leave it out of this has-one", "User", "Task");
    pair = pair_make();
    kin_belongs_to(pair.task, pair.user, .hooks = true, .on_delete = KIN_CASCADE);
    assert_refused(pair.schema, "leave it out of this belongs-to", "Task", "User");
}

TEST(L10_L11_options_of_a_newer_header_are_refused) {
    struct pair pair = pair_make();
    struct {
        kin_association_options known;
        void *newer;
    } options = { .known = { .size = sizeof options, .target = pair.user } };
    (kin_belongs_to)(pair.task, &options.known);
    assert_link_error(pair.schema, "the program was built against a newer kin.h");
    assert_int_equal(kin_schema_error(pair.schema)->status, KIN_MISUSE);
    kin_schema_free(pair.schema);
    pair = pair_make();
    (kin_belongs_to)(pair.task, &(kin_association_options){ .target = pair.user });
    assert_link_error(pair.schema, "options without a size");
    kin_schema_free(pair.schema);
}

TEST(L12_one_key_does_not_point_at_two_tables) {
    struct pair pair = pair_make();
    kin_model *team = DEFINE(pair.schema, "Team");
    kin_belongs_to(pair.task, pair.user, .foreign_key = "owner_id");
    kin_belongs_to(pair.task, team, .foreign_key = "owner_id");
    assert_link_error(pair.schema, "the key would reference both User and Team");
    assert_string_equal(kin_schema_error(pair.schema)->model, "Task");
    kin_schema_free(pair.schema);

    pair = pair_make();
    team = DEFINE(pair.schema, "Team");
    kin_belongs_to(pair.task, pair.user, .foreign_key = "owner_id", .no_constraints = true);
    kin_belongs_to(pair.task, team, .foreign_key = "owner_id", .no_constraints = true);
    assert_true(kin_schema_link(pair.schema));
    kin_schema_free(pair.schema);
}

/* ---- models ---- */

TEST(L14_attributes_that_cannot_be_meant) {
    kin_schema *schema = kin_schema_new();
    kin_define(schema, "Item", KIN_ATTRIBUTES(KIN_INTEGER("id")));
    assert_refused(schema, "an attribute called 'id' is declared but not marked with .primary_key = true", "Item", "id");
    schema = kin_schema_new();
    kin_define(schema, "Item", KIN_ATTRIBUTES(KIN_INTEGER("a", .primary_key = true, .auto_increment = true), KIN_INTEGER("b", .auto_increment = true)));
    assert_refused(schema, "Only one autoincrement attribute allowed", "Item", "");
    schema = kin_schema_new();
    kin_define(schema, "Item", KIN_ATTRIBUTES({ .name = "label" }));
    assert_refused(schema, "has no type; declare it with KIN_STRING(\"label\")", "Item", "label");
    schema = kin_schema_new();
    kin_define(schema, "Item", KIN_ATTRIBUTES(KIN_ENUM("size")));
    assert_refused(schema, "values for ENUM haven't been defined; write .labels = KIN_NAMES(", "Item", "size");
    schema = kin_schema_new();
    kin_hook_add(kin_define(schema, "Item", KIN_NO_ATTRIBUTES), KIN_BEFORE_SAVE, NULL, NULL);
    assert_link_error(schema, "Item: kin_hook_add was given no function");
    kin_schema_free(schema);
}

TEST(L15_indexes_and_validators_that_cannot_be_meant) {
    kin_schema *schema = kin_schema_new();
    kin_define(schema, "Item", KIN_ATTRIBUTES(KIN_STRING("label")), .indexes = KIN_INDEXES({ .name = "empty" }));
    assert_refused(schema, "an index without attributes; write { .attributes = KIN_NAMES(\"title\") }", "Item", "");
    schema = kin_schema_new();
    kin_define(schema, "Item", KIN_ATTRIBUTES(KIN_STRING("label")), .indexes = KIN_INDEXES({ .attributes = KIN_NAMES("lable") }));
    assert_link_error(schema, "an index names this attribute, which Item does not have");
    assert_non_null(strstr(kin_schema_error(schema)->message, "'label'"));
    kin_schema_free(schema);

    struct pair pair = pair_make(); /* of a join model, too */
    kin_model *join = kin_define(pair.schema, "Join", KIN_ATTRIBUTES(KIN_STRING("role", .validate = { .min_length = 3, .max_length = 2 })));
    kin_belongs_to_many(pair.user, pair.task, .through_model = join);
    assert_refused(pair.schema, "no value can pass: min_length 3 is larger than max_length 2", "Join", "role");
    pair = pair_make();
    join = kin_define(pair.schema, "Join", KIN_ATTRIBUTES(KIN_STRING("role")), .indexes = KIN_INDEXES({ .name = "roles" }));
    kin_belongs_to_many(pair.user, pair.task, .through_model = join);
    assert_refused(pair.schema, "an index without attributes", "Join", "");
}

/* ---- when tables are made ---- */

TEST(L16_tables_that_need_each_other_are_an_error_of_sync) {
    struct world w;
    world_start(&w);
    kin_model *document = kin_define(w.schema, "Document", KIN_ATTRIBUTES(KIN_STRING("author")));
    kin_model *version = kin_define(w.schema, "Version", KIN_ATTRIBUTES(KIN_STRING("timestamp")));
    kin_has_many(document, version);
    kin_belongs_to(document, version, .as = "Current", .foreign_key = "current_version_id");
    world_connect(&w); /* linking is fine: a schema may have circles */
    assert_true(kin_drop(w.db, .cycles = KIN_CYCLES_DEFER));
    assert_false(kin_sync(w.db));
    const kin_error *error = kin_db_error(w.db);
    assert_int_equal(error->status, KIN_SCHEMA);
    assert_string_equal(error->message, "Cyclic dependency found. 'Document' is dependent of itself. Dependency Chain: Document -> Version => Document");
    assert_null(kin_sync_sql(w.db));
    assert_int_equal(kin_count_all(w.s, document), -1); /* nothing was made */
    assert_int_equal(kin_error_of(w.s)->status, KIN_DATABASE);
    kin_clear_error(w.s);
    assert_true(kin_sync(w.db, .cycles = KIN_CYCLES_DEFER));
    assert_null(kin_db_error(w.db));
    assert_int_equal(kin_count_all(w.s, document), 0);
    world_close(&w);
}

TEST(L17_actions_and_types_of_keys_are_judged_when_linking) {
    struct pair pair = pair_make();
    kin_belongs_to(pair.task, pair.user, .on_delete = (kin_action)77);
    assert_refused(pair.schema, ".on_delete is 77, which is no action; write KIN_RESTRICT, KIN_CASCADE, KIN_NO_ACTION, KIN_SET_DEFAULT or KIN_SET_NULL", "Task",
                   "User");
    kin_schema *schema = kin_schema_new();
    kin_define(schema, "Task", KIN_ATTRIBUTES(KIN_INTEGER("user_id", .references = { .table = "Users" }, .on_update = (kin_action)-1)));
    assert_refused(schema, "on_update is -1, which is no action", "Task", "user_id");

    schema = kin_schema_new();
    kin_model *user = kin_define(schema, "User", KIN_ATTRIBUTES(KIN_UUID("id", .primary_key = true)));
    kin_model *task = kin_define(schema, "Task", KIN_ATTRIBUTES(KIN_INTEGER("UserId")));
    kin_belongs_to(task, user);
    assert_link_error(schema, "the key Task.UserId is INTEGER and points at User.id, which is UUID; declare both with the same type");
    kin_schema_free(schema);
}

/* Where the database makes the table all the same, it refuses the rows; the driver's word comes with the statement. */
TEST(L17_a_table_that_is_not_there_is_the_databases_error) {
    struct world w;
    world_start(&w);
    kin_model *task = kin_define(w.schema, "Task", KIN_ATTRIBUTES(KIN_INTEGER("nowhere_id", .references = { .table = "Nowhere" })));
    world_connect(&w);
    kin_drop(w.db);
    if (kin_sync(w.db)) {
        assert_null(kin_create(w.s, task, { "nowhere_id", kin(1) }));
        const kin_error *error = kin_error_of(w.s);
        assert_int_equal(error->status, KIN_DATABASE);
        assert_non_null(strstr(error->message, "Nowhere"));
        assert_true(strncmp(error->sql, "INSERT INTO", 11) == 0);
        assert_string_equal(error->model, "Task");
        assert_int_not_equal(error->native_code, 0);
    } else {
        const kin_error *error = kin_db_error(w.db);
        assert_int_equal(error->status, KIN_DATABASE);
        assert_true(strncmp(error->sql, "CREATE TABLE", 12) == 0);
    }
    world_close(&w);
}

TEST(L18_set_null_of_a_key_that_cannot_be_null) {
    struct pair pair = pair_make();
    kin_belongs_to(pair.task, pair.user, .key = { .not_null = true }, .on_delete = KIN_SET_NULL);
    assert_link_error(pair.schema, "on_delete is SET NULL and the key cannot be NULL");
    assert_string_equal(kin_schema_error(pair.schema)->model, "Task");
    kin_schema_free(pair.schema);
    pair = pair_make();
    kin_has_many(pair.user, pair.task, .key = { .not_null = true }, .on_update = KIN_SET_NULL);
    assert_link_error(pair.schema, "on_update is SET NULL and the key cannot be NULL");
    kin_schema_free(pair.schema);
}
