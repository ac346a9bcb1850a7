/*
 * URLs taken apart. One copy of the text holds everything: names are cut out of it and values decoded where they stand, since decoded
 * text is never longer. What is wrong is told by the option's name and, for values of closed lists, by its value.
 */
#include "driver/url.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"

static int url_hex(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F')
        return digit - 'A' + 10;
    return -1;
}

bool url_decode(char *text, const char *what, struct fault *fault)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; from++) {
        if (*from != '%') {
            *to++ = *from;
            continue;
        }
        int high = url_hex(from[1]);
        int low = high < 0 ? -1 : url_hex(from[2]);
        if (low < 0)
            return fault_set(fault, KIN_MISUSE, NULL, NULL, "%s in the URL has a '%%' without two hexadecimal digits: write %%25 for a '%%'", what);
        if (high == 0 && low == 0)
            return fault_set(fault, KIN_MISUSE, NULL, NULL, "%s in the URL has a zero byte (%%00)", what);
        *to++ = (char)(high * 16 + low);
        from += 2;
    }
    *to = '\0';
    return true;
}

/* "; known are busy_timeout, journal_mode" */
static bool url_unknown(const char *name, const struct url_option *options, size_t count, struct fault *fault)
{
    char quoted[80];
    struct text known = { 0 };
    for (size_t i = 0; i < count; i++) {
        text_add(&known, i == 0 ? "; it takes " : ", ");
        text_add(&known, options[i].name);
    }
    if (!text_ok(&known))
        fault_no_memory(fault);
    else
        fault_set(fault, KIN_MISUSE, NULL, NULL, "the URL has an unknown option '%s'%s", fault_quote(name, quoted),
                  count == 0 ? "; this driver takes none" : text_string(&known));
    text_free(&known);
    return false;
}

/* One "name=value", which is cut up. */
static bool url_take_option(char *text, struct url_option *options, size_t count, struct fault *fault)
{
    char quoted[80];
    char *value = strchr(text, '=');
    if (value != NULL)
        *value++ = '\0';
    for (size_t i = 0; i < count; i++) {
        if (strcmp(options[i].name, text) != 0)
            continue;
        if (value == NULL || *value == '\0')
            return fault_set(fault, KIN_MISUSE, NULL, NULL, "the option %s of the URL has no value: write %s=...", text, text);
        if (options[i].value != NULL)
            return fault_set(fault, KIN_MISUSE, NULL, NULL, "the URL has the option %s twice", text);
        options[i].value = value;
        return url_decode(value, fault_quote(text, quoted), fault);
    }
    return url_unknown(text, options, count, fault);
}

bool url_parse(const char *url, struct url *out, struct url_option *options, size_t count, struct fault *fault)
{
    *out = (struct url){ 0 };
    for (size_t i = 0; i < count; i++)
        options[i].value = NULL;
    const char *colon = strchr(url, ':');
    if (colon == NULL)
        return fault_set(fault, KIN_MISUSE, NULL, NULL, "the URL names no driver: it begins with one and a colon, as sqlite:app.db does");
    out->text = memory_copy_text(colon + 1);
    if (out->text == NULL)
        return fault_no_memory(fault);
    out->rest = out->text;
    char *next = strchr(out->text, '?');
    if (next != NULL)
        *next++ = '\0';
    while (next != NULL && *next != '\0') {
        char *option = next;
        next = strchr(option, '&');
        if (next != NULL)
            *next++ = '\0';
        if (!url_take_option(option, options, count, fault)) {
            url_free(out);
            return false;
        }
    }
    return true;
}

void url_free(struct url *url)
{
    memory_free(url->text);
    *url = (struct url){ 0 };
}

bool url_switch(const struct url_option *option, bool *out, struct fault *fault)
{
    static const char *const words[] = { "on", "off", "true", "false", "1", "0" };
    const char *word = NULL;
    if (!url_keyword(option, words, sizeof words / sizeof words[0], &word, fault))
        return false;
    for (size_t i = 0; word != NULL && i < sizeof words / sizeof words[0]; i++)
        if (word == words[i])
            *out = i % 2 == 0;
    return true;
}

bool url_integer(const struct url_option *option, int64_t minimum, int64_t maximum, int64_t *out, struct fault *fault)
{
    if (option->value == NULL)
        return true;
    const char *digit = option->value;
    bool negative = *digit == '-';
    digit += negative;
    int64_t value = 0;
    bool good = *digit != '\0';
    for (; good && *digit != '\0'; digit++) {
        good = *digit >= '0' && *digit <= '9' && value <= (INT64_MAX - 9) / 10;
        if (good)
            value = value * 10 + (*digit - '0');
    }
    value = negative ? -value : value;
    if (!good || value < minimum || value > maximum) {
        char quoted[80];
        return fault_set(fault, KIN_MISUSE, NULL, NULL, "the option %s of the URL is '%s': it takes a number from %lld to %lld", option->name,
                         fault_quote(option->value, quoted), (long long)minimum, (long long)maximum);
    }
    *out = value;
    return true;
}

bool url_keyword(const struct url_option *option, const char *const *words, size_t count, const char **out, struct fault *fault)
{
    if (option->value == NULL)
        return true;
    char list[160] = "", quoted[80];
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(option->value, words[i]) == 0) {
            *out = words[i];
            return true;
        }
        size_t size = strlen(words[i]);
        if (length + size + 3 > sizeof list)
            continue;
        if (length > 0) {
            memcpy(list + length, ", ", 2);
            length += 2;
        }
        memcpy(list + length, words[i], size);
        length += size;
    }
    list[length] = '\0';
    return fault_set(fault, KIN_MISUSE, NULL, NULL, "the option %s of the URL is '%s': it takes one of %s", option->name,
                     fault_quote(option->value, quoted), list);
}
