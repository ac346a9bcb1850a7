/* Growing text. Failure sticks: after an allocation failed, appending does nothing and text_ok is false, so that a
 * writer checks once, at its end. */
#ifndef KIN_BASE_TEXT_H
#define KIN_BASE_TEXT_H

#include <kin.h>
#include <string.h>

struct text {
    char *data; /* NUL-terminated when length is not 0; NULL while empty */
    size_t length, capacity;
    bool failed;
};

bool text_grow(struct text *text, size_t more);

static inline void text_append(struct text *text, const char *data, size_t size) {
    if (text->capacity - text->length <= size && !text_grow(text, size))
        return;
    if (size != 0) /* data may be NULL then */
        memcpy(text->data + text->length, data, size);
    text->length += size;
    text->data[text->length] = '\0';
}

static inline void text_add(struct text *text, const char *string) { text_append(text, string, strlen(string)); }
static inline void text_add_character(struct text *text, char character) { text_append(text, &character, 1); }
void text_add_integer(struct text *text, int64_t value);
void text_format(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* As a JSON string, quotes included. */
void text_add_json_string(struct text *text, const char *data, size_t size);
/* Cuts back to a length it had. */
void text_truncate(struct text *text, size_t length);
/* Empty again, failure forgotten, memory kept. */
void text_clear(struct text *text);
void text_free(struct text *text);
static inline bool text_ok(const struct text *text) { return !text->failed; }
/* Bytes of the UTF-8 character that begins at data; 0 where none does (size 0, or not UTF-8). */
size_t text_character(const char *data, size_t size);
bool text_is_utf8(const char *data, size_t size);
/* Never NULL. */
static inline const char *text_string(const struct text *text) { return text->data ? text->data : ""; }

#endif
