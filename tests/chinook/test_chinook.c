/* kin over a database that somebody else designed: Chinook's tables as they are, no sync. What kin reads is compared, as text, with what
 * hand-written SQL gives over the client library itself. */
#include <kin.h>
#include <sqlite3.h>

#include "test.h"

struct shop {
    kin_schema *schema;
    kin_model *artist, *album, *track, *genre, *media_type, *playlist, *playlist_track, *employee, *customer, *invoice, *line;
    kin_association *artist_albums, *album_artist, *album_tracks, *track_album, *track_genre, *playlist_tracks, *track_playlists, *reports, *manager,
        *employee_customers, *support, *customer_invoices, *invoice_lines, *line_track;
    kin_db *db;
    kin_session *s;
    sqlite3 *hand;
};

static void declare_music(struct shop *shop) {
    kin_schema *schema = shop->schema;
    shop->artist = kin_define(schema, "Artist", KIN_ATTRIBUTES(KIN_INTEGER("ArtistId", .primary_key = true), KIN_STRING("Name", .length = 120)));
    shop->genre = kin_define(schema, "Genre", KIN_ATTRIBUTES(KIN_INTEGER("GenreId", .primary_key = true), KIN_STRING("Name")));
    shop->media_type = kin_define(schema, "MediaType", KIN_ATTRIBUTES(KIN_INTEGER("MediaTypeId", .primary_key = true), KIN_STRING("Name")));
    shop->album = kin_define(schema, "Album",
                             KIN_ATTRIBUTES(KIN_INTEGER("AlbumId", .primary_key = true), KIN_STRING("Title", .not_null = true),
                                            KIN_INTEGER("ArtistId", .not_null = true, .references = { .model = shop->artist })));
    shop->track = kin_define(schema, "Track",
                             KIN_ATTRIBUTES(KIN_INTEGER("TrackId", .primary_key = true), KIN_STRING("Name", .not_null = true),
                                            KIN_INTEGER("AlbumId", .references = { .model = shop->album }),
                                            KIN_INTEGER("MediaTypeId", .not_null = true, .references = { .model = shop->media_type }),
                                            KIN_INTEGER("GenreId", .references = { .model = shop->genre }), KIN_STRING("Composer"),
                                            KIN_INTEGER("Milliseconds", .not_null = true), KIN_INTEGER("Bytes"),
                                            KIN_DECIMAL("UnitPrice", .precision = 10, .scale = 2, .not_null = true)));
    shop->playlist = kin_define(schema, "Playlist", KIN_ATTRIBUTES(KIN_INTEGER("PlaylistId", .primary_key = true), KIN_STRING("Name")));
    shop->playlist_track = kin_define(schema, "PlaylistTrack", KIN_NO_ATTRIBUTES);
    /* A hand-declared key that references the model is adopted: no foreign_key needs to be written. */
    shop->album_artist = kin_belongs_to(shop->album, shop->artist);
    shop->artist_albums = kin_has_many(shop->artist, shop->album);
    shop->track_album = kin_belongs_to(shop->track, shop->album);
    shop->album_tracks = kin_has_many(shop->album, shop->track);
    shop->track_genre = kin_belongs_to(shop->track, shop->genre);
    shop->playlist_tracks = kin_belongs_to_many(shop->playlist, shop->track, .through_model = shop->playlist_track, .foreign_key = "PlaylistId",
                                                .other_key = "TrackId");
    shop->track_playlists = kin_belongs_to_many(shop->track, shop->playlist, .through_model = shop->playlist_track, .foreign_key = "TrackId",
                                                .other_key = "PlaylistId");
}

static void declare_trade(struct shop *shop) {
    kin_schema *schema = shop->schema;
    shop->employee = kin_define(schema, "Employee",
                                KIN_ATTRIBUTES(KIN_INTEGER("EmployeeId", .primary_key = true), KIN_STRING("LastName", .not_null = true),
                                               KIN_STRING("FirstName", .not_null = true), KIN_STRING("Title"), KIN_INTEGER("ReportsTo"),
                                               KIN_DATE("BirthDate"), KIN_DATE("HireDate"), KIN_STRING("City"), KIN_STRING("Email")));
    shop->customer = kin_define(schema, "Customer",
                                KIN_ATTRIBUTES(KIN_INTEGER("CustomerId", .primary_key = true), KIN_STRING("FirstName", .not_null = true),
                                               KIN_STRING("LastName", .not_null = true), KIN_STRING("Company"), KIN_STRING("Country"),
                                               KIN_STRING("Email", .not_null = true), KIN_INTEGER("SupportRepId")));
    shop->invoice = kin_define(schema, "Invoice",
                               KIN_ATTRIBUTES(KIN_INTEGER("InvoiceId", .primary_key = true),
                                              KIN_INTEGER("CustomerId", .not_null = true, .references = { .model = shop->customer }),
                                              KIN_DATE("InvoiceDate", .not_null = true), KIN_STRING("BillingCountry"),
                                              KIN_DECIMAL("Total", .precision = 10, .scale = 2, .not_null = true)));
    shop->line = kin_define(schema, "InvoiceLine",
                            KIN_ATTRIBUTES(KIN_INTEGER("InvoiceLineId", .primary_key = true),
                                           KIN_INTEGER("InvoiceId", .not_null = true, .references = { .model = shop->invoice }),
                                           KIN_INTEGER("TrackId", .not_null = true, .references = { .model = shop->track }),
                                           KIN_DECIMAL("UnitPrice", .precision = 10, .scale = 2, .not_null = true),
                                           KIN_INTEGER("Quantity", .not_null = true)));
    shop->manager = kin_belongs_to(shop->employee, shop->employee, .as = "Manager", .foreign_key = "ReportsTo");
    shop->reports = kin_has_many(shop->employee, shop->employee, .as = "Reports", .foreign_key = "ReportsTo");
    shop->support = kin_belongs_to(shop->customer, shop->employee, .as = "Support", .foreign_key = "SupportRepId");
    shop->employee_customers = kin_has_many(shop->employee, shop->customer, .foreign_key = "SupportRepId");
    shop->customer_invoices = kin_has_many(shop->customer, shop->invoice);
    shop->invoice_lines = kin_has_many(shop->invoice, shop->line);
    shop->line_track = kin_belongs_to(shop->line, shop->track);
}

static char *read_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file)
        fail_msg("%s cannot be read", path);
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *text = malloc((size_t)size + 1);
    assert_non_null(text);
    text[fread(text, 1, (size_t)size, file)] = '\0';
    fclose(file);
    return text;
}

static void open_shop(struct shop *shop) {
    char path[4096], url[4200];
    memset(shop, 0, sizeof *shop);
    snprintf(path, sizeof path, "%s/Chinook_Sqlite.sql", test_chinook());
    char *script = read_file(path);
    snprintf(path, sizeof path, "%s/chinook.db", test_temporary());
    assert_int_equal(sqlite3_open(path, &shop->hand), SQLITE_OK);
    sqlite3_exec(shop->hand, "BEGIN", NULL, NULL, NULL);
    if (sqlite3_exec(shop->hand, script, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("Chinook: %s", sqlite3_errmsg(shop->hand));
    sqlite3_exec(shop->hand, "COMMIT", NULL, NULL, NULL);
    free(script);
    shop->schema = kin_schema_new();
    kin_schema_defaults(shop->schema, .freeze_table_name = true);
    declare_music(shop);
    declare_trade(shop);
    snprintf(url, sizeof url, "sqlite:%s", path);
    shop->db = kin_open(url, shop->schema);
    if (kin_db_error(shop->db))
        fail_msg("kin_open: %s", kin_db_error(shop->db)->message);
    shop->s = kin_session_open(shop->db);
}

static void close_shop(struct shop *shop) {
    if (!kin_ok(shop->s))
        fail_msg("kin: %s", kin_error_of(shop->s)->message);
    kin_session_close(shop->s);
    kin_close(shop->db);
    kin_schema_free(shop->schema);
    sqlite3_close(shop->hand);
}

/* ---- text to compare ---- */

struct page {
    char *text;
    size_t length, room;
};

static void page_add(struct page *page, const char *text) {
    size_t size = strlen(text);
    if (page->length + size + 1 > page->room) {
        page->room = (page->length + size + 1) * 2;
        page->text = realloc(page->text, page->room);
        assert_non_null(page->text);
    }
    memcpy(page->text + page->length, text, size + 1);
    page->length += size;
}

static void page_cell(struct page *page, const char *text) {
    page_add(page, text ? text : "NULL");
    page_add(page, "|");
}

static void page_int(struct page *page, const kin_row *row, const char *name) {
    char number[32];
    snprintf(number, sizeof number, "%lld", (long long)kin_int(row, name));
    page_cell(page, row && !kin_is_null(row, name) ? number : NULL);
}

/* The rows of hand-written SQL, cell by cell. */
static void page_hand(struct page *page, sqlite3 *db, const char *sql) {
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("by hand: %s", sqlite3_errmsg(db));
    while (sqlite3_step(statement) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(statement); i++)
            page_cell(page, (const char *)sqlite3_column_text(statement, i));
        page_add(page, "\n");
    }
    sqlite3_finalize(statement);
}

static void assert_same_page(struct page *kin_page_, struct page *hand, size_t at_least) {
    assert_true(hand->length > at_least);
    assert_string_equal(kin_page_->text, hand->text);
    free(kin_page_->text);
    free(hand->text);
}

/* ---- reading ---- */

TEST(artists_with_albums_with_tracks_with_genre) {
    struct shop shop;
    open_shop(&shop);
    uint64_t before = kin_statement_count(shop.s);
    kin_rows artists = kin_find_all(
        shop.s, shop.artist, .order = KIN_NAMES("ArtistId"),
        .include = KIN_INCLUDE(KIN_WITH(shop.artist_albums, .order = KIN_NAMES("AlbumId"),
                                        .include = KIN_INCLUDE(KIN_WITH(shop.album_tracks, .order = KIN_NAMES("TrackId"),
                                                                        .include = KIN_INCLUDE(KIN_WITH(shop.track_genre)))))));
    assert_int_equal(kin_statement_count(shop.s) - before, 3);
    struct page found = { 0 }, hand = { 0 };
    for (size_t a = 0; a < artists.count; a++) {
        kin_rows albums = kin_related(artists.at[a], shop.artist_albums);
        for (size_t b = 0; b < albums.count; b++) {
            kin_rows tracks = kin_related(albums.at[b], shop.album_tracks);
            for (size_t t = 0; t < tracks.count; t++) {
                page_cell(&found, kin_text(artists.at[a], "Name"));
                page_cell(&found, kin_text(albums.at[b], "Title"));
                page_cell(&found, kin_text(tracks.at[t], "Name"));
                page_int(&found, tracks.at[t], "Milliseconds");
                page_cell(&found, kin_text(tracks.at[t], "UnitPrice"));
                page_cell(&found, kin_text(kin_related_one(tracks.at[t], shop.track_genre), "Name"));
                page_add(&found, "\n");
            }
        }
    }
    page_hand(&hand, shop.hand,
              "SELECT ar.Name, al.Title, t.Name, t.Milliseconds, printf('%.2f', t.UnitPrice), g.Name FROM Artist ar JOIN Album al USING (ArtistId) "
              "JOIN Track t USING (AlbumId) LEFT JOIN Genre g USING (GenreId) ORDER BY ar.ArtistId, al.AlbumId, t.TrackId");
    assert_same_page(&found, &hand, 200000);
    close_shop(&shop);
}

TEST(artists_without_albums_are_there_with_none) {
    struct shop shop;
    open_shop(&shop);
    kin_rows artists = kin_find_all(shop.s, shop.artist, .order = KIN_NAMES("ArtistId"), .include = KIN_INCLUDE(KIN_WITH(shop.artist_albums)));
    struct page found = { 0 }, hand = { 0 };
    char number[32];
    for (size_t i = 0; i < artists.count; i++) {
        page_int(&found, artists.at[i], "ArtistId");
        snprintf(number, sizeof number, "%zu", kin_related(artists.at[i], shop.artist_albums).count);
        page_cell(&found, number);
        page_add(&found, "\n");
    }
    page_hand(&hand, shop.hand, "SELECT ArtistId, (SELECT count(*) FROM Album al WHERE al.ArtistId = ar.ArtistId) FROM Artist ar ORDER BY 1");
    assert_same_page(&found, &hand, 1000);
    close_shop(&shop);
}

TEST(playlists_with_tracks) {
    struct shop shop;
    open_shop(&shop);
    kin_rows lists = kin_find_all(shop.s, shop.playlist, .order = KIN_NAMES("PlaylistId"),
                                  .include = KIN_INCLUDE(KIN_WITH(shop.playlist_tracks, .order = KIN_NAMES("TrackId"))));
    struct page found = { 0 }, hand = { 0 };
    size_t links = 0;
    for (size_t p = 0; p < lists.count; p++) {
        kin_rows tracks = kin_related(lists.at[p], shop.playlist_tracks);
        links += tracks.count;
        for (size_t t = 0; t < tracks.count; t++) {
            const kin_row *join = kin_through(tracks.at[t], shop.playlist_track);
            page_cell(&found, kin_text(lists.at[p], "Name"));
            page_cell(&found, kin_text(tracks.at[t], "Name"));
            page_int(&found, join, "PlaylistId");
            page_int(&found, join, "TrackId");
            page_add(&found, "\n");
        }
    }
    assert_int_equal(links, 8715);
    page_hand(&hand, shop.hand,
              "SELECT p.Name, t.Name, pt.PlaylistId, pt.TrackId FROM Playlist p JOIN PlaylistTrack pt USING (PlaylistId) JOIN Track t USING (TrackId) "
              "ORDER BY pt.PlaylistId, pt.TrackId");
    assert_same_page(&found, &hand, 100000);
    close_shop(&shop);
}

TEST(a_track_knows_its_playlists) {
    struct shop shop;
    open_shop(&shop);
    struct page found = { 0 }, hand = { 0 };
    kin_rows tracks = kin_find_all(shop.s, shop.track, .where = kin_lte("TrackId", 200), .order = KIN_NAMES("TrackId"));
    assert_int_equal(tracks.count, 200);
    for (size_t t = 0; t < tracks.count; t++) {
        kin_rows lists = kin_get(tracks.at[t], shop.track_playlists, .order = KIN_NAMES("PlaylistId"));
        for (size_t p = 0; p < lists.count; p++) {
            page_int(&found, tracks.at[t], "TrackId");
            page_cell(&found, kin_text(lists.at[p], "Name"));
            page_add(&found, "\n");
        }
        assert_int_equal(kin_count(tracks.at[t], shop.track_playlists), lists.count);
    }
    page_hand(&hand, shop.hand, "SELECT TrackId, p.Name FROM PlaylistTrack JOIN Playlist p USING (PlaylistId) WHERE TrackId <= 200 ORDER BY TrackId, PlaylistId");
    assert_same_page(&found, &hand, 2000);
    close_shop(&shop);
}

TEST(employees_with_manager_and_reports) {
    struct shop shop;
    open_shop(&shop);
    kin_rows employees = kin_find_all(shop.s, shop.employee, .order = KIN_NAMES("EmployeeId"),
                                      .include = KIN_INCLUDE(KIN_WITH(shop.manager), KIN_WITH(shop.reports, .order = KIN_NAMES("EmployeeId"))));
    struct page found = { 0 }, hand = { 0 };
    for (size_t i = 0; i < employees.count; i++) {
        char names[512] = "";
        kin_rows reports = kin_related(employees.at[i], shop.reports);
        for (size_t r = 0; r < reports.count; r++) {
            strcat(names, r ? ", " : "");
            strcat(names, kin_text(reports.at[r], "LastName"));
        }
        page_cell(&found, kin_text(employees.at[i], "LastName"));
        page_cell(&found, kin_text(kin_related_one(employees.at[i], shop.manager), "LastName"));
        page_cell(&found, reports.count ? names : NULL);
        page_int(&found, employees.at[i], "ReportsTo");
        page_add(&found, "\n");
    }
    page_hand(&hand, shop.hand,
              "SELECT e.LastName, m.LastName, (SELECT group_concat(LastName, ', ') FROM (SELECT LastName FROM Employee r WHERE r.ReportsTo = e.EmployeeId "
              "ORDER BY r.EmployeeId)), e.ReportsTo FROM Employee e LEFT JOIN Employee m ON m.EmployeeId = e.ReportsTo ORDER BY e.EmployeeId");
    assert_same_page(&found, &hand, 100);
    close_shop(&shop);
}

TEST(customers_with_invoices_with_lines_with_track) {
    struct shop shop;
    open_shop(&shop);
    kin_rows customers = kin_find_all(
        shop.s, shop.customer, .order = KIN_NAMES("CustomerId"),
        .include = KIN_INCLUDE(KIN_WITH(shop.customer_invoices, .order = KIN_NAMES("InvoiceId"),
                                        .include = KIN_INCLUDE(KIN_WITH(shop.invoice_lines, .order = KIN_NAMES("InvoiceLineId"),
                                                                        .include = KIN_INCLUDE(KIN_WITH(shop.line_track)))))));
    struct page found = { 0 }, hand = { 0 };
    for (size_t c = 0; c < customers.count; c++) {
        kin_rows invoices = kin_related(customers.at[c], shop.customer_invoices);
        for (size_t i = 0; i < invoices.count; i++) {
            kin_rows lines = kin_related(invoices.at[i], shop.invoice_lines);
            for (size_t l = 0; l < lines.count; l++) {
                page_cell(&found, kin_text(customers.at[c], "Email"));
                page_cell(&found, kin_text(invoices.at[i], "Total"));
                char seconds[32];
                snprintf(seconds, sizeof seconds, "%lld", (long long)(kin_date_of(invoices.at[i], "InvoiceDate") / 1000000));
                page_cell(&found, seconds);
                page_cell(&found, kin_text(kin_related_one(lines.at[l], shop.line_track), "Name"));
                page_add(&found, "\n");
            }
        }
    }
    page_hand(&hand, shop.hand,
              "SELECT c.Email, printf('%.2f', i.Total), strftime('%s', i.InvoiceDate), t.Name FROM Customer c JOIN Invoice i USING (CustomerId) JOIN "
              "InvoiceLine l USING (InvoiceId) JOIN Track t USING (TrackId) ORDER BY c.CustomerId, i.InvoiceId, l.InvoiceLineId");
    assert_same_page(&found, &hand, 50000);
    close_shop(&shop);
}

TEST(best_customers_by_total_with_support) {
    struct shop shop;
    open_shop(&shop);
    kin_rows totals = kin_aggregate(shop.s, shop.invoice, KIN_AGGREGATES({ KIN_SUM, "Total", "spent" }, { KIN_COUNT, NULL, "invoices" }),
                                    .group = KIN_NAMES("CustomerId"), .order = KIN_NAMES("-spent", "CustomerId"), .limit = 10);
    struct page found = { 0 }, hand = { 0 };
    assert_int_equal(totals.count, 10);
    for (size_t i = 0; i < totals.count; i++) {
        kin_row *customer = kin_find_by_pk(shop.s, shop.customer, kin(kin_int(totals.at[i], "CustomerId")), .include = KIN_INCLUDE(KIN_WITH(shop.support)));
        char spent[32];
        snprintf(spent, sizeof spent, "%.2f", kin_real(totals.at[i], "spent"));
        page_cell(&found, kin_text(customer, "LastName"));
        page_cell(&found, spent);
        page_int(&found, totals.at[i], "invoices");
        page_cell(&found, kin_text(kin_related_one(customer, shop.support), "LastName"));
        page_add(&found, "\n");
    }
    page_hand(&hand, shop.hand,
              "SELECT c.LastName, printf('%.2f', sum(i.Total)), count(*), e.LastName FROM Invoice i JOIN Customer c USING (CustomerId) JOIN Employee e ON "
              "e.EmployeeId = c.SupportRepId GROUP BY i.CustomerId ORDER BY sum(i.Total) DESC, i.CustomerId LIMIT 10");
    assert_same_page(&found, &hand, 100);
    close_shop(&shop);
}

TEST(three_longest_tracks_of_every_album) {
    struct shop shop;
    open_shop(&shop);
    kin_rows albums = kin_find_all(shop.s, shop.album, .order = KIN_NAMES("AlbumId"),
                                   .include = KIN_INCLUDE(KIN_WITH(shop.album_tracks, .order = KIN_NAMES("-Milliseconds", "TrackId"), .limit = 3)));
    struct page found = { 0 }, hand = { 0 };
    for (size_t a = 0; a < albums.count; a++) {
        kin_rows tracks = kin_related(albums.at[a], shop.album_tracks);
        for (size_t t = 0; t < tracks.count; t++) {
            page_int(&found, albums.at[a], "AlbumId");
            page_cell(&found, kin_text(tracks.at[t], "Name"));
            page_add(&found, "\n");
        }
    }
    page_hand(&hand, shop.hand,
              "SELECT AlbumId, Name FROM (SELECT AlbumId, Name, TrackId, Milliseconds, row_number() OVER (PARTITION BY AlbumId ORDER BY Milliseconds DESC, "
              "TrackId) n FROM Track) WHERE n <= 3 ORDER BY AlbumId, Milliseconds DESC, TrackId");
    assert_same_page(&found, &hand, 10000);
    close_shop(&shop);
}

TEST(conditions_reach_through_associations) {
    struct shop shop;
    open_shop(&shop);
    struct page found = { 0 }, hand = { 0 };
    kin_rows artists = kin_find_all(shop.s, shop.artist, .where = kin_like("Albums.Tracks.Genre.Name", "Ja%"), .order = KIN_NAMES("Name"));
    for (size_t i = 0; i < artists.count; i++) {
        page_cell(&found, kin_text(artists.at[i], "Name"));
        page_add(&found, "\n");
    }
    page_hand(&hand, shop.hand,
              "SELECT Name FROM Artist ar WHERE EXISTS (SELECT 1 FROM Album al JOIN Track t USING (AlbumId) JOIN Genre g USING (GenreId) WHERE "
              "al.ArtistId = ar.ArtistId AND g.Name LIKE 'Ja%') ORDER BY Name");
    assert_same_page(&found, &hand, 50);
    close_shop(&shop);
}

/* ---- writing ---- */

TEST(an_album_moves_to_another_artist_and_back) {
    struct shop shop;
    open_shop(&shop);
    struct page before = { 0 }, after = { 0 };
    page_hand(&before, shop.hand, "SELECT * FROM Album ORDER BY AlbumId");
    kin_row *album = kin_find_by_pk(shop.s, shop.album, kin(1)), *first = kin_get_one(album, shop.album_artist);
    kin_row *other = kin_find_one(shop.s, shop.artist, .where = kin_eq("Name", "Accept"), .required = true);
    assert_string_equal(kin_text(first, "Name"), "AC/DC");
    int64_t had = kin_count(other, shop.artist_albums);
    assert_true(kin_set_one(album, shop.album_artist, other));
    assert_int_equal(kin_count(other, shop.artist_albums), had + 1);
    assert_true(kin_has(other, shop.artist_albums, KIN_ROWS(album)));
    struct page moved = { 0 };
    page_hand(&moved, shop.hand, "SELECT ArtistId FROM Album WHERE AlbumId = 1");
    assert_string_equal(moved.text, "2|\n");
    free(moved.text);
    assert_true(kin_add(first, shop.artist_albums, KIN_ROWS(album)));
    page_hand(&after, shop.hand, "SELECT * FROM Album ORDER BY AlbumId");
    assert_same_page(&after, &before, 5000);
    close_shop(&shop);
}

TEST(a_track_comes_and_goes_from_playlists) {
    struct shop shop;
    open_shop(&shop);
    struct page before = { 0 }, after = { 0 };
    page_hand(&before, shop.hand, "SELECT * FROM PlaylistTrack ORDER BY PlaylistId, TrackId");
    kin_row *track = kin_find_by_pk(shop.s, shop.track, kin(1)), *list = kin_find_by_pk(shop.s, shop.playlist, kin(18));
    assert_false(kin_has(list, shop.playlist_tracks, KIN_ROWS(track)));
    assert_true(kin_add(list, shop.playlist_tracks, KIN_ROWS(track)));
    assert_true(kin_add(list, shop.playlist_tracks, KIN_KEYS(kin(1))));
    assert_true(kin_has(track, shop.track_playlists, KIN_ROWS(list)));
    assert_int_equal(kin_count(list, shop.playlist_tracks), 2);
    assert_true(kin_remove(track, shop.track_playlists, KIN_ROWS(list)));
    assert_false(kin_has(list, shop.playlist_tracks, KIN_ROWS(track)));
    kin_rows all = kin_get(track, shop.track_playlists);
    kin_rows none = kin_set(track, shop.track_playlists, KIN_NONE);
    assert_int_equal(none.count, 0);
    assert_int_equal(kin_count(track, shop.track_playlists), 0);
    kin_rows again = kin_set(track, shop.track_playlists, kin_rows_of(all.count, all.at));
    assert_int_equal(again.count, all.count);
    page_hand(&after, shop.hand, "SELECT * FROM PlaylistTrack ORDER BY PlaylistId, TrackId");
    assert_same_page(&after, &before, 50000);
    close_shop(&shop);
}

TEST(an_artist_with_albums_cannot_be_deleted) {
    struct shop shop;
    open_shop(&shop);
    kin_row *artist = kin_find_by_pk(shop.s, shop.artist, kin(1));
    assert_false(kin_destroy(artist));
    assert_int_equal(kin_error_of(shop.s)->status, KIN_CONSTRAINT);
    assert_int_equal(kin_error_of(shop.s)->constraint, KIN_FOREIGN_KEY);
    kin_clear_error(shop.s);
    assert_non_null(kin_find_by_pk(shop.s, shop.artist, kin(1)));
    close_shop(&shop);
}

TEST(every_track_can_be_walked) {
    struct shop shop;
    open_shop(&shop);
    struct page found = { 0 }, hand = { 0 };
    kin_cursor *cursor = kin_each(shop.s, shop.track, .order = KIN_NAMES("TrackId"), .include = KIN_INCLUDE(KIN_WITH(shop.track_album)));
    for (kin_row *track; (track = kin_next(cursor)) != NULL;) {
        page_cell(&found, kin_text(track, "Name"));
        page_cell(&found, kin_text(kin_related_one(track, shop.track_album), "Title"));
        page_add(&found, "\n");
    }
    page_hand(&hand, shop.hand, "SELECT t.Name, a.Title FROM Track t LEFT JOIN Album a USING (AlbumId) ORDER BY TrackId");
    assert_same_page(&found, &hand, 100000);
    close_shop(&shop);
}
