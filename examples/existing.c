/*
 * A database that was there before: its tables and columns have names of their own, and keys of two columns. kin_sync is
 * not called; the models say how things are.
 */
#include <kin.h>

#include <stdio.h>

/* What somebody once made by hand. */
static const char *const tables[] = {
    "CREATE TABLE tbl_parcel (depot CHAR(3) NOT NULL, no INTEGER NOT NULL, weight_g INTEGER, PRIMARY KEY (depot, no))",
    ("CREATE TABLE tbl_scan (scan_id INTEGER PRIMARY KEY, p_depot CHAR(3), p_no INTEGER, place VARCHAR(40),"
     " FOREIGN KEY (p_depot, p_no) REFERENCES tbl_parcel (depot, no))"),
    "INSERT INTO tbl_parcel VALUES ('HAM', 1, 1200), ('HAM', 2, 300), ('PAR', 1, 950)",
    "INSERT INTO tbl_scan VALUES (1, 'HAM', 1, 'Hamburg'), (2, 'HAM', 1, 'Bremen'), (3, 'PAR', 1, 'Paris')",
};

int main(void) {
    kin_schema *schema = kin_schema_new();
    kin_model *parcel = kin_define(schema, "Parcel",
        KIN_ATTRIBUTES(KIN_CHAR("depot", .length = 3, .primary_key = true),
                       KIN_INTEGER("number", .column = "no", .primary_key = true),
                       KIN_INTEGER("grams", .column = "weight_g")),
        .table = "tbl_parcel");
    kin_model *scan = kin_define(schema, "Scan",
        KIN_ATTRIBUTES(KIN_INTEGER("id", .column = "scan_id", .primary_key = true, .auto_increment = true),
                       KIN_CHAR("parcelDepot", .length = 3, .column = "p_depot"),
                       KIN_INTEGER("parcelNumber", .column = "p_no"),
                       KIN_STRING("place", .length = 40)),
        .table = "tbl_scan");
    kin_association *scans = kin_has_many(parcel, scan, .foreign_keys = KIN_NAMES("parcelDepot", "parcelNumber"));
    kin_association *parcel_of = kin_belongs_to(scan, parcel, .foreign_keys = KIN_NAMES("parcelDepot", "parcelNumber"));

    kin_db *db = kin_open("sqlite::memory:", schema);
    kin_session *s = kin_session_open(db);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        kin_execute(s, tables[i]);

    /* A key of two columns is one value. */
    kin_row *ham1 = kin_find_by_pk(s, parcel, kin_key(kin("HAM"), kin(1)), .required = true);
    kin_rows found = kin_get(ham1, scans, .order = KIN_NAMES("id"));
    printf("HAM/1, %lld g, was seen in", (long long)kin_int(ham1, "grams"));
    for (size_t i = 0; i < found.count; i++)
        printf("%s %s", i ? "," : "", kin_text(found.at[i], "place"));
    printf("\n");

    kin_row *lost = kin_create(s, scan, { "place", kin("Lyon") });
    kin_set_one_key(lost, parcel_of, kin_key(kin("HAM"), kin(2)));
    printf("Lyon saw %s/%lld\n", kin_text(lost, "parcelDepot"), (long long)kin_int(lost, "parcelNumber"));

    kin_rows all = kin_find_all(s, parcel, .include = KIN_INCLUDE(KIN_WITH(scans)), .order = KIN_NAMES("depot", "number"));
    for (size_t i = 0; i < all.count; i++)
        printf("%s/%lld: %zu\n", kin_text(all.at[i], "depot"), (long long)kin_int(all.at[i], "number"),
               kin_related(all.at[i], scans).count);

    bool good = kin_ok(s) && found.count == 2 && all.count == 3 && kin_related(all.at[1], scans).count == 1;
    if (!kin_ok(s))
        fprintf(stderr, "existing: %s\n", kin_error_of(s)->message);
    kin_session_close(s);
    kin_close(db);
    kin_schema_free(schema);
    return good ? 0 : 1;
}
