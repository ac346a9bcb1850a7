// The plain functions of kin.h from C++, for tools/check-header: it has to compile without a warning; it is never run.
#include <kin.h>

int main()
{
    kin_schema *schema = kin_schema_new();
    kin_attribute name{};
    name.name = "name";
    name.type = KIN_TYPE_STRING;
    kin_model_options model{};
    model.size = sizeof model;
    model.name = "User";
    model.attributes = kin_attributes{ &name, 1 };
    kin_model *user = kin_define(schema, &model);

    kin_open_options open{};
    open.size = sizeof open;
    open.url = "sqlite::memory:";
    open.schema = schema;
    kin_db *db = kin_open(&open);

    kin_session_options options{};
    options.size = sizeof options;
    options.db = db;
    kin_session *session = kin_session_open(&options);
    const kin_assignment values[] = { { "name", kin_value_string("ada") } };
    kin_row *row = kin_create(session, user, kin_values_of(1, values));

    kin_find find{};
    find.size = sizeof find;
    find.model = user;
    bool found = kin_find_all(session, &find).count == 1 && kin_text(row, "name") != nullptr;

    kin_session_close(session);
    kin_close(db);
    kin_schema_free(schema);
    return found ? 0 : 1;
}
