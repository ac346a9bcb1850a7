/*
 * Many rows, little memory: kin_each walks a result of any size, and a mark frees what each step made beside it.
 * The allocator hook counts kin's memory, to show it.
 */
#include <kin.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SENSORS = 4, READINGS = 20000, BATCH = 1000 };

static size_t in_use, most; /* bytes */

/* As realloc, with the size in front of each block. */
static void *counting(void *context, void *pointer, size_t size) {
    (void)context;
    max_align_t *block = pointer;
    if (block) {
        block--;
        size_t before;
        memcpy(&before, block, sizeof before);
        in_use -= before;
    }
    if (size == 0) {
        free(block);
        return NULL;
    }
    block = realloc(block, size + sizeof *block);
    if (!block)
        return NULL;
    memcpy(block, &size, sizeof size);
    in_use += size;
    if (in_use > most)
        most = in_use;
    return block + 1;
}

static void fill(kin_session *s, const kin_model *sensor, const kin_model *reading) {
    static kin_assignment assignments[BATCH][2];
    static kin_values records[BATCH];
    for (int i = 0; i < SENSORS; i++)
        kin_create(s, sensor, { "place", kin(i % 2 ? "roof" : "cellar") });
    for (int done = 0; done < READINGS; done += BATCH) {
        kin_mark mark = kin_session_mark(s);
        for (int i = 0; i < BATCH; i++) {
            assignments[i][0] = (kin_assignment){ "SensorId", kin(1 + (done + i) % SENSORS) };
            assignments[i][1] = (kin_assignment){ "degrees", kin(0.5 * ((done + i) % 80)) };
            records[i] = kin_values_of(2, assignments[i]);
        }
        kin_bulk_create(s, reading, kin_records_of(BATCH, records));
        kin_session_release(s, mark); /* the rows of the batch */
    }
}

int main(void) {
    kin_set_allocator(&(kin_allocator){ .reallocate = counting });
    kin_schema *schema = kin_schema_new();
    kin_model *sensor = kin_define(schema, "Sensor", KIN_ATTRIBUTES(KIN_STRING("place")));
    kin_model *reading = kin_define(schema, "Reading", KIN_ATTRIBUTES(KIN_REAL("degrees")));
    kin_association *sensor_of = kin_belongs_to(reading, sensor);
    kin_db *db = kin_open("sqlite::memory:", schema);
    kin_sync(db);
    kin_session *s = kin_session_open(db);
    fill(s, sensor, reading);

    /* A row lives until the next one; what the body itself asks for is freed by the mark. */
    size_t before = most = in_use;
    int64_t rows = 0, warm_on_the_roof = 0;
    kin_cursor *cursor = kin_each(s, reading, .order = KIN_NAMES("id"));
    for (kin_row *row; (row = kin_next(cursor)) != NULL; rows++) {
        if (kin_real(row, "degrees") < 39)
            continue;
        kin_mark mark = kin_session_mark(s);
        const char *place = kin_text(kin_get_one(row, sensor_of), "place");
        warm_on_the_roof += place && strcmp(place, "roof") == 0;
        kin_session_release(s, mark);
    }
    printf("%" PRId64 " readings walked, %" PRId64 " of 39 degrees or more on the roof\n", rows, warm_on_the_roof);
    printf("memory on the way: %s\n", most - before < 256 * 1024 ? "less than 256 KiB more than before" : "too much");

    bool good = kin_ok(s) && rows == READINGS && warm_on_the_roof == READINGS / 80 && most - before < 256 * 1024;
    if (!kin_ok(s))
        fprintf(stderr, "streaming: %s\n", kin_error_of(s)->message);
    kin_session_close(s);
    kin_close(db);
    kin_schema_free(schema);
    if (in_use)
        fprintf(stderr, "streaming: %zu bytes were not freed\n", in_use);
    return good && in_use == 0 ? 0 : 1;
}
