/*
 * The harness: main() of every program of tests.
 *
 * The parent process only counts and prints. Each test runs in a child whose output goes to a file that is
 * shown when the test fails. Whatever way the child ends, the parent has a verdict: two exit statuses that nothing
 * else gives mean passed and skipped (the reason is the last line of the file), anything else is failed, so a test
 * that calls exit(0) has failed too.
 */
#define _XOPEN_SOURCE 700 /* nftw */

#include "test.h"

#include <errno.h>
#include <ftw.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

enum { VERDICT_FAILED = 1, VERDICT_PASSED = 42, VERDICT_SKIPPED = 77 };

static test_case *test_first;
static char test_temporary_path[4096];
static char test_url_text[8192];
static const char *test_skip_reason;

/* ---- what tests call ---------------------------------------------------------------------------------- */

static int compare_tests(const test_case *a, const test_case *b)
{
    int by_file = strcmp(a->file, b->file);
    return by_file != 0 ? by_file : (a->line > b->line) - (a->line < b->line);
}

void test_register(test_case *test)
{
    test_case **place = &test_first;
    while (*place != NULL && compare_tests(*place, test) < 0)
        place = &(*place)->next;
    test->next = *place;
    *place = test;
}

void test_skip(const char *reason, const char *file, int line)
{
    test_skip_reason = reason;
    _skip(file, line);
}

bool test_long(void)
{
    const char *size = getenv("KIN_TEST_SIZE");
    return size != NULL && strcmp(size, "long") == 0;
}

const char *test_chinook(void)
{
    const char *folder = getenv("KIN_CHINOOK");
    if (folder == NULL || folder[0] == '\0')
        skip("KIN_CHINOOK is not set to the folder of Chinook_Sqlite.sql");
    return folder;
}

const char *test_temporary(void)
{
    if (mkdir(test_temporary_path, 0700) != 0 && errno != EEXIST)
        fail_msg("cannot make %s: %s", test_temporary_path, strerror(errno));
    return test_temporary_path;
}

const char *test_url(void)
{
    static const char token[] = "@TEMP@";
    const char *url = getenv("KIN_TEST_URL");
    if (url == NULL || url[0] == '\0')
        url = "sqlite::memory:";
    const char *at = strstr(url, token);
    if (at == NULL)
        return url;
    int length = snprintf(test_url_text, sizeof test_url_text, "%.*s%s%s", (int)(at - url), url, test_temporary(),
                          at + strlen(token));
    if (length < 0 || (size_t)length >= sizeof test_url_text)
        fail_msg("KIN_TEST_URL is too long");
    return test_url_text;
}

/* ---- one test ------------------------------------------------------------------------------------------ */

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void)status;
    (void)kind;
    (void)walk;
    return remove(path);
}

static void name_temporary(int number)
{
    const char *folder = getenv("TMPDIR");
    int length = snprintf(test_temporary_path, sizeof test_temporary_path, "%s/kin-test-%ld-%d",
                          folder != NULL && folder[0] != '\0' ? folder : "/tmp", (long)getpid(), number);
    if (length < 0 || (size_t)length >= sizeof test_temporary_path) {
        fputs("TMPDIR is too long\n", stderr);
        exit(2);
    }
}

static int run_here(const test_case *test)
{
    struct CMUnitTest unit = { test->name, test->run, NULL, NULL, NULL };
    test_skip_reason = NULL;
    cmocka_set_message_output(CM_OUTPUT_STDOUT);
    int failed = _cmocka_run_group_tests(test->name, &unit, 1, NULL, NULL);
    if (failed != 0)
        return VERDICT_FAILED;
    if (test_skip_reason == NULL)
        return VERDICT_PASSED;
    printf("\n%s\n", test_skip_reason);
    return VERDICT_SKIPPED;
}

/* Does not return: the child's exit status is the verdict. exit() rather than _exit(), for the leak checker. */
static void run_child(const test_case *test, FILE *output)
{
    if (dup2(fileno(output), STDOUT_FILENO) < 0 || dup2(fileno(output), STDERR_FILENO) < 0)
        _exit(2);
    setvbuf(stdout, NULL, _IONBF, 0);
    const char *seconds = getenv("KIN_TEST_TIMEOUT");
    if (seconds != NULL)
        alarm((unsigned)strtoul(seconds, NULL, 10));
    exit(run_here(test));
}

static int run_forked(const test_case *test, FILE *output)
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        run_child(test, output);
    int status = 0;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    int verdict = child > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    if (verdict == VERDICT_FAILED || verdict == VERDICT_PASSED || verdict == VERDICT_SKIPPED)
        return verdict;
    fseek(output, 0, SEEK_END);
    if (verdict >= 0)
        fprintf(output, "\nended with exit status %d\n", verdict);
    else if (child < 0)
        fprintf(output, "\ncannot start a process: %s\n", strerror(errno));
    else if (WTERMSIG(status) == SIGALRM)
        fprintf(output, "\ntimed out\n");
    else
        fprintf(output, "\nkilled by signal %d (%s)\n", WTERMSIG(status), strsignal(WTERMSIG(status)));
    return VERDICT_FAILED;
}

/* ---- the report ---------------------------------------------------------------------------------------- */

/* "tests/unit/arena.c" and "grows" make "arena.grows" */
static const char *name_of(const test_case *test)
{
    static char name[512];
    const char *slash = strrchr(test->file, '/');
    const char *base = slash != NULL ? slash + 1 : test->file;
    snprintf(name, sizeof name, "%.*s.%s", (int)strcspn(base, "."), base, test->name);
    return name;
}

/* cmocka's report around one test, which says nothing that the "not ok" line does not. */
static bool is_frame(const char *line)
{
    static const char *const frames[] = { "[=", "[ RUN", "[  PASSED", "[  FAILED", " 1 FAILED TEST", "\n" };
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++)
        if (strncmp(line, frames[i], strlen(frames[i])) == 0)
            return true;
    return false;
}

static void print_output(FILE *output)
{
    char line[4096];
    rewind(output);
    while (fgets(line, sizeof line, output) != NULL)
        if (!is_frame(line))
            printf("#   %s%s", line, strchr(line, '\n') != NULL ? "" : "\n");
}

static void print_last_line(FILE *output)
{
    char line[4096] = "", last[4096] = "";
    rewind(output);
    while (fgets(line, sizeof line, output) != NULL)
        memcpy(last, line, sizeof last);
    printf(" # SKIP %.*s", (int)strcspn(last, "\n"), last);
}

static int run_one(const test_case *test, int number, bool in_process)
{
    FILE *output = tmpfile();
    if (output == NULL) {
        perror("cannot make a temporary file");
        exit(2);
    }
    name_temporary(number);
    int verdict = in_process ? run_here(test) : run_forked(test, output);
    printf("%s %d - %s", verdict == VERDICT_FAILED ? "not ok" : "ok", number, name_of(test));
    if (verdict == VERDICT_SKIPPED)
        print_last_line(output);
    putchar('\n');
    if (verdict == VERDICT_FAILED)
        print_output(output);
    fclose(output);
    nftw(test_temporary_path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    return verdict;
}

static bool is_wanted(const test_case *test, int count, char **texts)
{
    bool any = false;
    for (int i = 0; i < count; i++) {
        if (strncmp(texts[i], "--", 2) == 0)
            continue;
        if (strstr(name_of(test), texts[i]) != NULL)
            return true;
        any = true;
    }
    return !any;
}

int main(int argc, char **argv)
{
    bool list = false, in_process = false;
    int number = 0, passed = 0, failed = 0, skipped = 0;
    for (int i = 1; i < argc; i++) {
        list = list || strcmp(argv[i], "--list") == 0;
        in_process = in_process || strcmp(argv[i], "--no-fork") == 0;
    }
    for (test_case *test = test_first; test != NULL; test = test->next) {
        if (!is_wanted(test, argc - 1, argv + 1))
            continue;
        if (list) {
            puts(name_of(test));
            continue;
        }
        int verdict = run_one(test, ++number, in_process);
        passed += verdict == VERDICT_PASSED;
        skipped += verdict == VERDICT_SKIPPED;
        failed += verdict == VERDICT_FAILED;
    }
    if (list)
        return 0;
    printf("1..%d\n%d passed, %d failed, %d skipped\n", number, passed, failed, skipped);
    return failed > 0 || number == 0;
}
