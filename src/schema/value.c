/* Values as such: how they lie in a row, what they are called, how they are compared, hashed and copied. What becomes of a caller's
 * value is value_convert.c's, how one is shown value_format.c's. */
#include "schema/value.h"

#include "base/map.h"
#include "schema/number.h"

#include <math.h>
#include <string.h>

/* ---- storage -------------------------------------------------------------------------------------------- */

enum storage storage_of(kin_type type)
{
    switch (type) {
    case KIN_TYPE_STRING:
    case KIN_TYPE_TEXT:
    case KIN_TYPE_CHAR:
    case KIN_TYPE_DECIMAL:
    case KIN_TYPE_JSON: return STORAGE_TEXT;
    case KIN_TYPE_INTEGER:
    case KIN_TYPE_BIGINT:
    case KIN_TYPE_DATE:
    case KIN_TYPE_TIME: return STORAGE_INTEGER;
    case KIN_TYPE_REAL: return STORAGE_REAL;
    case KIN_TYPE_BOOLEAN: return STORAGE_BOOLEAN;
    case KIN_TYPE_DATEONLY: return STORAGE_DAYS;
    case KIN_TYPE_UUID: return STORAGE_UUID;
    case KIN_TYPE_BLOB: return STORAGE_BYTES;
    case KIN_TYPE_ENUM: return STORAGE_LABEL;
    case KIN_TYPE_ANY: break;
    }
    return STORAGE_VALUE;
}

size_t storage_size(enum storage storage)
{
    switch (storage) {
    case STORAGE_TEXT: return sizeof(const char *);
    case STORAGE_INTEGER: return sizeof(int64_t);
    case STORAGE_REAL: return sizeof(double);
    case STORAGE_BOOLEAN: return sizeof(bool);
    case STORAGE_DAYS:
    case STORAGE_LABEL: return sizeof(int32_t);
    case STORAGE_UUID: return sizeof(kin_uuid);
    case STORAGE_BYTES: return sizeof(kin_bytes);
    case STORAGE_VALUE: break;
    }
    return sizeof(kin_value);
}

size_t storage_alignment(enum storage storage)
{
    switch (storage) {
    case STORAGE_TEXT: return _Alignof(const char *);
    case STORAGE_INTEGER: return _Alignof(int64_t);
    case STORAGE_REAL: return _Alignof(double);
    case STORAGE_BOOLEAN: return _Alignof(bool);
    case STORAGE_DAYS:
    case STORAGE_LABEL: return _Alignof(int32_t);
    case STORAGE_UUID: return _Alignof(kin_uuid);
    case STORAGE_BYTES: return _Alignof(kin_bytes);
    case STORAGE_VALUE: break;
    }
    return _Alignof(kin_value);
}

char *value_store_text(struct arena *arena, const char *data, size_t size)
{
    uint32_t length = (uint32_t)size;
    if (length != size)
        return NULL;
    char *piece = size < SIZE_MAX - sizeof length ? arena_allocate(arena, sizeof length + size + 1) : NULL;
    if (piece == NULL)
        return NULL;
    char *text = piece + sizeof length;
    memcpy(piece, &length, sizeof length);
    if (size != 0)
        memcpy(text, data, size);
    text[size] = '\0';
    return text;
}

/* ---- names ---------------------------------------------------------------------------------------------- */

const char *type_name(kin_type type)
{
    switch (type) {
    case KIN_TYPE_STRING: return "STRING";
    case KIN_TYPE_TEXT: return "TEXT";
    case KIN_TYPE_CHAR: return "CHAR";
    case KIN_TYPE_INTEGER: return "INTEGER";
    case KIN_TYPE_BIGINT: return "BIGINT";
    case KIN_TYPE_REAL: return "REAL";
    case KIN_TYPE_DECIMAL: return "DECIMAL";
    case KIN_TYPE_BOOLEAN: return "BOOLEAN";
    case KIN_TYPE_DATE: return "DATE";
    case KIN_TYPE_DATEONLY: return "DATEONLY";
    case KIN_TYPE_TIME: return "TIME";
    case KIN_TYPE_UUID: return "UUID";
    case KIN_TYPE_BLOB: return "BLOB";
    case KIN_TYPE_JSON: return "JSON";
    case KIN_TYPE_ENUM: return "ENUM";
    case KIN_TYPE_ANY: return "ANY";
    }
    return "(no type)";
}

const char *value_type_name(kin_value_type type)
{
    switch (type) {
    case KIN_VALUE_UNSET: return "no value";
    case KIN_VALUE_NULL: return "NULL";
    case KIN_VALUE_BOOLEAN: return "a boolean";
    case KIN_VALUE_INTEGER: return "an integer";
    case KIN_VALUE_REAL: return "a real";
    case KIN_VALUE_TEXT: return "a text";
    case KIN_VALUE_BLOB: return "a blob";
    case KIN_VALUE_DATE: return "a date";
    case KIN_VALUE_DATEONLY: return "a day";
    case KIN_VALUE_TIME: return "a time";
    case KIN_VALUE_UUID: return "a UUID";
    case KIN_VALUE_DECIMAL: return "a decimal";
    case KIN_VALUE_JSON: return "a JSON text";
    case KIN_VALUE_KEY: return "a composite key";
    case KIN_VALUE_INVALID: return "an unsigned number above 9223372036854775807";
    case KIN_VALUE_LAST: break;
    }
    return "something that is no value";
}

const char *action_name(kin_action action)
{
    switch (action) {
    case KIN_RESTRICT: return "RESTRICT";
    case KIN_CASCADE: return "CASCADE";
    case KIN_NO_ACTION: return "NO ACTION";
    case KIN_SET_DEFAULT: return "SET DEFAULT";
    case KIN_SET_NULL: return "SET NULL";
    case KIN_ACTION_USUAL: break;
    }
    return NULL;
}

/* ---- comparing ------------------------------------------------------------------------------------------ */

/* The type that stands for all whose values may be equal. */
static kin_value_type value_family(const kin_value *value)
{
    switch ((kin_value_type)value->type) {
    case KIN_VALUE_BOOLEAN:
    case KIN_VALUE_INTEGER:
    case KIN_VALUE_REAL: return KIN_VALUE_INTEGER;
    case KIN_VALUE_TEXT:
    case KIN_VALUE_DECIMAL:
    case KIN_VALUE_JSON: return KIN_VALUE_TEXT;
    default: return (kin_value_type)value->type;
    }
}

/* A number in the form in which equal ones are the same: whole where it can be. */
static kin_value value_plain_number(const kin_value *value)
{
    int64_t integer;
    if (value->type == KIN_VALUE_BOOLEAN)
        return (kin_value){ .type = KIN_VALUE_INTEGER, .as.integer = value->as.boolean };
    if (value->type == KIN_VALUE_REAL && number_of_real(value->as.real, &integer) == NUMBER_READ)
        return (kin_value){ .type = KIN_VALUE_INTEGER, .as.integer = integer };
    return *value;
}

static bool value_equal_numbers(const kin_value *one, const kin_value *other)
{
    kin_value a = value_plain_number(one), b = value_plain_number(other);
    if (a.type != b.type)
        return false;
    if (a.type == KIN_VALUE_INTEGER)
        return a.as.integer == b.as.integer;
    return a.as.real == b.as.real || (isnan(a.as.real) && isnan(b.as.real));
}

static bool value_equal_bytes(const void *one, size_t size, const void *other, size_t other_size)
{
    return size == other_size && (size == 0 || memcmp(one, other, size) == 0);
}

static bool value_equal_parts(const kin_value *one, const kin_value *other)
{
    if (one->count != other->count)
        return false;
    for (uint32_t i = 0; i < one->count; i++)
        if (!value_equal(&one->as.parts[i], &other->as.parts[i]))
            return false;
    return true;
}

bool value_equal(const kin_value *one, const kin_value *other)
{
    if (one->type == KIN_VALUE_INTEGER && other->type == KIN_VALUE_INTEGER)
        return one->as.integer == other->as.integer;
    kin_value_type family = value_family(one);
    if (family != value_family(other))
        return false;
    switch (family) {
    case KIN_VALUE_INTEGER: return value_equal_numbers(one, other);
    case KIN_VALUE_DATE:
    case KIN_VALUE_DATEONLY:
    case KIN_VALUE_TIME: return one->as.integer == other->as.integer;
    case KIN_VALUE_TEXT: return value_equal_bytes(one->as.text.data, one->as.text.size, other->as.text.data, other->as.text.size);
    case KIN_VALUE_BLOB: return value_equal_bytes(one->as.blob.data, one->as.blob.size, other->as.blob.data, other->as.blob.size);
    case KIN_VALUE_UUID: return memcmp(&one->as.uuid, &other->as.uuid, sizeof one->as.uuid) == 0;
    case KIN_VALUE_KEY: return value_equal_parts(one, other);
    default: return true;
    }
}

static uint64_t value_hash_number(const kin_value *value)
{
    kin_value number = value_plain_number(value);
    if (number.type == KIN_VALUE_INTEGER)
        return map_hash(&number.as.integer, sizeof number.as.integer);
    double real = isnan(number.as.real) ? (double)NAN : number.as.real;
    return map_hash(&real, sizeof real);
}

static uint64_t value_hash_parts(const kin_value *value)
{
    uint64_t hashes[2] = { value->count, 0 };
    for (uint32_t i = 0; i < value->count; i++) {
        hashes[1] = value_hash(&value->as.parts[i]);
        hashes[0] = map_hash(hashes, sizeof hashes);
    }
    return hashes[0];
}

uint64_t value_hash(const kin_value *value)
{
    kin_value_type family = value_family(value);
    uint64_t hash = 0;
    switch (family) {
    case KIN_VALUE_INTEGER: hash = value_hash_number(value); break;
    case KIN_VALUE_DATE:
    case KIN_VALUE_DATEONLY:
    case KIN_VALUE_TIME: hash = map_hash(&value->as.integer, sizeof value->as.integer); break;
    case KIN_VALUE_TEXT: hash = map_hash(value->as.text.data, value->as.text.size); break;
    case KIN_VALUE_BLOB: hash = map_hash(value->as.blob.data, value->as.blob.size); break;
    case KIN_VALUE_UUID: hash = map_hash(&value->as.uuid, sizeof value->as.uuid); break;
    case KIN_VALUE_KEY: hash = value_hash_parts(value); break;
    default: break;
    }
    return hash + (uint64_t)family * UINT64_C(0x9E3779B97F4A7C15);
}

/* ---- copying -------------------------------------------------------------------------------------------- */

static bool value_copy_parts(struct arena *arena, const kin_value *from, kin_value *to)
{
    kin_value copy = *from;
    size_t size;
    if (__builtin_mul_overflow((size_t)from->count, sizeof *from, &size))
        return false;
    kin_value *parts = arena_allocate(arena, size);
    if (parts == NULL)
        return false;
    for (uint32_t i = 0; i < from->count; i++)
        if (!value_copy(arena, &from->as.parts[i], &parts[i]))
            return false;
    copy.as.parts = parts;
    *to = copy;
    return true;
}

bool value_copy(struct arena *arena, const kin_value *from, kin_value *to)
{
    kin_value copy = *from;
    const void *bytes = copy.as.text.data;
    kin_value_type family = value_family(from);
    /* What is at NULL and not empty is refused where it is used; there is nothing to copy. */
    if ((family == KIN_VALUE_TEXT && bytes == NULL && from->as.text.size > 0) ||
        (family == KIN_VALUE_BLOB && from->as.blob.data == NULL && from->as.blob.size > 0) ||
        (family == KIN_VALUE_KEY && from->as.parts == NULL)) {
        *to = copy;
        return true;
    }
    switch (family) {
    case KIN_VALUE_KEY: return value_copy_parts(arena, from, to);
    case KIN_VALUE_TEXT: bytes = copy.as.text.data = arena_copy_text(arena, from->as.text.data, from->as.text.size); break;
    case KIN_VALUE_BLOB: bytes = copy.as.blob.data = arena_copy(arena, from->as.blob.data, from->as.blob.size); break;
    default: *to = copy; return true;
    }
    if (bytes == NULL)
        return false;
    *to = copy;
    return true;
}
