/* Values: what an attribute takes, how it lies in a row, how two of them compare. Pure data. */
#ifndef KIN_SCHEMA_VALUE_H
#define KIN_SCHEMA_VALUE_H

#include <kin.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/text.h"

struct attribute;

/* How an attribute of a type lies in a row's struct. */
enum storage {
    STORAGE_TEXT,    /* const char *, NUL-terminated; its length in the 4 bytes before it (see value_store_text) */
    STORAGE_INTEGER, /* int64_t: INTEGER BIGINT DATE TIME */
    STORAGE_REAL,    /* double */
    STORAGE_BOOLEAN, /* bool */
    STORAGE_DAYS,    /* int32_t: DATEONLY */
    STORAGE_LABEL,   /* int32_t: ENUM, labels from 1, 0 while NULL */
    STORAGE_UUID,    /* kin_uuid */
    STORAGE_BYTES,   /* kin_bytes */
    STORAGE_VALUE    /* kin_value: ANY */
};

/* Why a KIN_VALUE_INVALID is one; its count. */
enum value_invalid {
    VALUE_INVALID_UNSIGNED, /* an unsigned above INT64_MAX */
    VALUE_INVALID_POINTER   /* NULL where a size says that there is something */
};

enum storage storage_of(kin_type type);
size_t storage_size(enum storage storage);
size_t storage_alignment(enum storage storage);
const char *type_name(kin_type type);             /* "STRING" */
const char *value_type_name(kin_value_type type); /* "a text", "an integer" */
const char *action_name(kin_action action);       /* "SET NULL"; NULL for KIN_ACTION_USUAL and what is no action */

/* The one place where a caller's value becomes a value of an attribute's type: unset and NULL pass; integers, reals, booleans and
 * texts are converted where nothing is lost ("12" to INTEGER, 12 to REAL or DECIMAL, 0 and 1 to BOOLEAN, ISO text to DATE,
 * DATEONLY, TIME and UUID, an integer or text to an ENUM's label); anything else is a fault that names model and attribute and says
 * what to write instead. What has to be made (a decimal's text) goes into arena; out may then point there, or at what `in` points at.
 * An ENUM becomes the TEXT of its label. */
bool value_convert(const struct attribute *attribute, const kin_value *in, kin_value *out, struct arena *arena, struct fault *fault);

/* A text as it lies in a row: 4 bytes of length, the bytes, a NUL; the pointer is to the bytes. NULL: out of memory (or over 4 GiB). */
char *value_store_text(struct arena *arena, const char *data, size_t size);
static inline size_t value_stored_length(const char *text) {
    uint32_t length;
    __builtin_memcpy(&length, text - sizeof length, sizeof length);
    return length;
}

/* Equality and hash of values of one type (keys included, part by part); NULL equals nothing but NULL. Numbers of different kinds
 * compare by value: 1, 1.0 and true are equal; so are texts, decimals and JSON of the same bytes. A NaN equals a NaN. */
bool value_equal(const kin_value *one, const kin_value *other);
uint64_t value_hash(const kin_value *value);
/* A deep copy. False: out of memory. */
bool value_copy(struct arena *arena, const kin_value *from, kin_value *to);
/* For the log and for messages: 1, 'it''s', NULL, x'00ff', '2026-11-22 …'; long ones are cut. */
void value_describe(const kin_value *value, struct text *out);
/* As JSON: dates, UUIDs and decimals are strings, a blob is base64, what JSON has no form for is null. */
void value_add_json(const kin_value *value, struct text *out);
/* A UUID's 36 characters; false when it is none. */
bool value_parse_uuid(const char *text, size_t size, kin_uuid *out);
/* Real to the shortest text that reads back the same ("0.1", "1e+300"). Returns the length; out takes 32 bytes. */
size_t value_format_real(double real, char *out);
/* A decimal's text is well formed: digits, one sign, one point. */
bool value_is_decimal(const char *text, size_t size);

#endif
