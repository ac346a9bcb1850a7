#include "world.h"

static void world_log(void *context, const kin_log_entry *entry) {
    struct world *world = context;
    if (world->statement_count < WORLD_STATEMENTS) {
        size_t size = strlen(entry->sql) + 1;
        char *copy = malloc(size);
        if (copy)
            world->statements[world->statement_count++] = memcpy(copy, entry->sql, size);
    }
}

void world_start(struct world *world) {
    memset(world, 0, sizeof *world);
    world->schema = kin_schema_new();
    assert_non_null(world->schema);
}

void world_connect(struct world *world) {
    world->db = kin_open(test_url(), world->schema);
    const kin_error *error = kin_db_error(world->db);
    if (error)
        fail_msg("kin_open: %s", error->message);
    world->s = kin_session_open(world->db, .log = { .function = world_log, .context = world });
    assert_non_null(world->s);
}

void world_open(struct world *world) {
    world_connect(world);
    if (!kin_sync(world->db, .force = true, .cycles = KIN_CYCLES_DEFER))
        fail_msg("kin_sync: %s", kin_db_error(world->db)->message);
    world_forget(world);
}

void world_close(struct world *world) {
    kin_session_close(world->s);
    if (world->db)
        kin_drop(world->db, .cycles = KIN_CYCLES_DEFER);
    kin_close(world->db);
    kin_schema_free(world->schema);
    world_forget(world);
}

void world_forget(struct world *world) {
    while (world->statement_count > 0)
        free(world->statements[--world->statement_count]);
}

static bool world_is_control(const char *sql) {
    static const char *const controls[] = { "BEGIN", "START", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE" };
    for (size_t i = 0; i < sizeof controls / sizeof *controls; i++)
        if (strncmp(sql, controls[i], strlen(controls[i])) == 0)
            return true;
    return false;
}

size_t world_sent(const struct world *world, const char *word) {
    size_t count = 0;
    for (size_t i = 0; i < world->statement_count; i++)
        count += word ? strncmp(world->statements[i], word, strlen(word)) == 0 : !world_is_control(world->statements[i]);
    return count;
}

const char *world_statement(const struct world *world, size_t index) {
    return index < world->statement_count ? world->statements[index] : "";
}

int64_t world_number(struct world *world, const char *sql) {
    kin_rows rows = kin_query(world->s, sql);
    assert_kin_ok(world->s);
    assert_int_equal(rows.count, 1);
    return kin_int(rows.at[0], "n");
}

void assert_kin_ok_at(const kin_session *session, const char *file, int line) {
    if (!kin_ok(session)) {
        print_error("kin says: %s\n", kin_error_of(session)->message);
        _fail(file, line);
    }
}

void assert_kin_error_at(kin_session *session, kin_status status, const char *text, const char *file, int line) {
    const kin_error *error = kin_error_of(session);
    if (error->status != status || !strstr(error->message, text)) {
        print_error("wanted status %d and \"%s\", got status %d: %s\n", (int)status, text, (int)error->status, error->message);
        _fail(file, line);
    }
    kin_clear_error(session);
}

void assert_link_error_at(kin_schema *schema, const char *text, const char *file, int line) {
    if (kin_schema_link(schema)) {
        print_error("the schema links, and should not: \"%s\"\n", text);
        _fail(file, line);
    }
    if (!strstr(kin_schema_error(schema)->message, text)) {
        print_error("wanted \"%s\", got: %s\n", text, kin_schema_error(schema)->message);
        _fail(file, line);
    }
}

void assert_names_at(kin_names found, kin_names wanted, const char *file, int line) {
    bool same = found.count == wanted.count;
    for (size_t i = 0; same && i < wanted.count; i++)
        same = strcmp(found.at[i], wanted.at[i]) == 0;
    if (same)
        return;
    print_error("wanted:");
    for (size_t i = 0; i < wanted.count; i++)
        print_error(" %s", wanted.at[i]);
    print_error("; found:");
    for (size_t i = 0; i < found.count; i++)
        print_error(" %s", found.at[i]);
    print_error("\n");
    _fail(file, line);
}
