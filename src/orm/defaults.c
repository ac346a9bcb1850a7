/* What an attribute gets that the caller did not mention: default_value, default_now, default_uuid. Timestamps are made at the insert (save.c). */
#include "orm/save.h"

#include <stdio.h>
#if defined(__linux__)
#include <sys/random.h>
#endif

static bool defaults_random(void *out, size_t size) {
#if defined(__linux__)
    if (getrandom(out, size, 0) == (ssize_t)size)
        return true;
#endif
    FILE *source = fopen("/dev/urandom", "rb");
    if (!source)
        return false;
    bool good = fread(out, 1, size, source) == size;
    fclose(source);
    return good;
}

/* A random UUID, version 4. */
static bool defaults_uuid(kin_session *session, kin_value *out) {
    kin_uuid uuid;
    if (!defaults_random(uuid.bytes, sizeof uuid.bytes))
        return fault_set(&session->fault, KIN_UNSUPPORTED, NULL, NULL, "this system gives no random bytes for a UUID: set the value yourself");
    uuid.bytes[6] = (uint8_t)((uuid.bytes[6] & 0x0f) | 0x40);
    uuid.bytes[8] = (uint8_t)((uuid.bytes[8] & 0x3f) | 0x80);
    *out = kin_value_uuid(uuid);
    return true;
}

static kin_value defaults_now(const struct attribute *attribute) {
    const int64_t day = INT64_C(86400) * 1000000;
    int64_t now = kin_now(), of_day = now % day;
    if (of_day < 0)
        of_day += day;
    if (attribute->info.type == KIN_TYPE_DATEONLY)
        return kin_value_dateonly((int32_t)((now - of_day) / day));
    return attribute->info.type == KIN_TYPE_TIME ? kin_value_time(of_day) : kin_value_date(now);
}

bool save_default(kin_session *session, const struct attribute *attribute, kin_value *out) {
    *out = (kin_value){ .type = KIN_VALUE_UNSET };
    if (attribute->default_uuid)
        return defaults_uuid(session, out);
    if (attribute->default_now)
        *out = defaults_now(attribute);
    else if (attribute->info.has_default)
        *out = attribute->info.default_value;
    return true;
}

bool save_fill_defaults(kin_row *row) {
    const kin_model *model = row_model(row);
    for (size_t i = 0; i < model->attribute_count; i++) {
        const struct attribute *attribute = &model->attributes[i];
        kin_value value;
        if (!save_has_default(attribute) || row_bit(row, ROW_LOADED, i))
            continue;
        if (!save_default(row_session(row), attribute, &value))
            return false;
        if (value.type == KIN_VALUE_UNSET)
            continue;
        if (!row_store(row, attribute, &value))
            return false;
        row_set_bit(row, ROW_CHANGED, i, true);
    }
    return true;
}
