/* Classifying statements. A statement of the mapper's is what its kind says. Of hand-written SQL the first word counts, and in
 * a WITH or an EXPLAIN any word, outside of quotes and comments; what is not known to read is taken to write. What is said wrongly
 * costs a wait for the writers' turn, no more, but in a read-only session, which must refuse what may write. */
#include "session/classify.h"

#include <string.h>

enum { CLASSIFY_WORD = 16 }; /* longer words are none that is looked for */

static bool classify_is_letter(char character) {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') || character == '_' ||
           (character >= '0' && character <= '9') || (unsigned char)character >= 0x80;
}

/* Past a quoted text or a comment that begins here; NULL when none does. */
static const char *classify_skip(const char *at) {
    const char *end;
    if (*at == '\'' || *at == '"' || *at == '`' || *at == '[') {
        end = strchr(at + 1, *at == '[' ? ']' : *at);
        return end ? end + 1 : at + strlen(at);
    }
    if (at[0] == '-' && at[1] == '-')
        return at + strcspn(at, "\n");
    if (at[0] == '/' && at[1] == '*') {
        end = strstr(at + 2, "*/");
        return end ? end + 2 : at + strlen(at);
    }
    return NULL;
}

/* The next word in upper case, and where it ends; "" at the end of the text. */
static const char *classify_word(const char *at, char *word) {
    size_t length = 0;
    while (*at && !classify_is_letter(*at)) {
        const char *behind = classify_skip(at);
        at = behind ? behind : at + 1;
    }
    for (; classify_is_letter(*at); at++)
        if (length + 1 < CLASSIFY_WORD)
            word[length++] = *at >= 'a' && *at <= 'z' ? (char)(*at - 'a' + 'A') : *at;
    word[length] = '\0';
    return at;
}

static bool classify_is_among(const char *word, const char *const *words) {
    while (*words && strcmp(*words, word) != 0)
        words++;
    return *words != NULL;
}

/* PRAGMA name = value, or name(value), but for those that ask about what is named: table_info(t), foreign_key_check(t). */
static bool classify_sets_pragma(const char *at) {
    static const char *const asking[] = { "INFO", "LIST", "CHECK", NULL };
    char word[CLASSIFY_WORD], last[CLASSIFY_WORD] = "";
    const char *ends = at + strcspn(at, "=(");
    if (*ends != '(')
        return *ends == '=';
    /* A name's last part: words are cut at CLASSIFY_WORD, so it is looked for from the end. */
    const char *end = ends, *start;
    while (end > at && !classify_is_letter(end[-1]))
        end--;
    for (start = end; start > at && classify_is_letter(start[-1]) && start[-1] != '_';)
        start--;
    if ((size_t)(end - start) < sizeof last)
        memcpy(last, start, (size_t)(end - start));
    classify_word(last, word);
    return !classify_is_among(word, asking);
}

static enum classified classify_text(const char *sql, bool rows) {
    static const char *const writers[] = { "INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "TRUNCATE", "CREATE", "DROP", "ALTER", NULL };
    static const char *const controls[] = { "BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE", NULL };
    static const char *const readers[] = { "", "SELECT", "VALUES", "TABLE", "SHOW", "DESCRIBE", "DESC", NULL };
    char word[CLASSIFY_WORD];
    const char *at = classify_word(sql ? sql : "", word);
    if (classify_is_among(word, controls))
        return CLASSIFIED_CONTROLS;
    if (!rows)
        return CLASSIFIED_WRITES;
    if (strcmp(word, "PRAGMA") == 0)
        return classify_sets_pragma(at) ? CLASSIFIED_WRITES : CLASSIFIED_READS;
    if (strcmp(word, "WITH") != 0 && strcmp(word, "EXPLAIN") != 0)
        return classify_is_among(word, readers) ? CLASSIFIED_READS : CLASSIFIED_WRITES;
    while (word[0]) {
        at = classify_word(at, word);
        if (classify_is_among(word, writers))
            return CLASSIFIED_WRITES;
    }
    return CLASSIFIED_READS;
}

enum classified classify_statement(const struct sql_statement *statement, bool rows) {
    if (statement->kind == SQL_TEXT)
        return classify_text(statement->as.text.sql, rows);
    return statement->kind == SQL_SELECT ? CLASSIFIED_READS : CLASSIFIED_WRITES;
}
