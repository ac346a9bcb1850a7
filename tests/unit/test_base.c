/*
 * The base layer: memory, arenas, growing text and maps; each also when memory runs out.
 */
#include "failing.h"
#include "test.h"

#include "base/arena.h"
#include "base/map.h"
#include "base/memory.h"
#include "base/text.h"

/* ---- memory --------------------------------------------------------------------------------------------- */

TEST(version_is_the_headers)
{
    assert_string_equal(kin_version(), KIN_VERSION);
}

TEST(memory_of_no_bytes_can_be_freed)
{
    failing_start(SIZE_MAX);
    void *none = memory_allocate(0);
    assert_non_null(none);
    memory_free(none);
    none = memory_allocate_cleared(0);
    assert_non_null(none);
    memory_free(none);
    memory_free(NULL);
    failing_stop();
}

TEST(memory_goes_through_the_callers_allocator)
{
    failing_start(SIZE_MAX);
    char *bytes = memory_allocate_cleared(100);
    assert_int_equal(failing_state.live, 1);
    for (size_t i = 0; i < 100; i++)
        assert_int_equal(bytes[i], 0);
    bytes = memory_resize(bytes, 200);
    assert_int_equal(failing_state.live, 1);
    char *copy = memory_copy_text("copied");
    assert_string_equal(copy, "copied");
    assert_int_equal(failing_state.live, 2);
    memory_free(copy);
    memory_free(bytes);
    failing_stop();
}

TEST(memory_that_fails_is_null)
{
    failing_start(0);
    assert_null(memory_allocate(1));
    failing_start(0);
    assert_null(memory_allocate_cleared(1));
    failing_start(0);
    assert_null(memory_copy_text("x"));
    assert_null(memory_copy_text(NULL));
    failing_stop();
}

TEST(an_allocator_without_a_function_is_the_usual_one)
{
    kin_set_allocator(&(kin_allocator){ NULL, NULL });
    void *bytes = memory_allocate(10);
    assert_non_null(bytes);
    memory_free(bytes);
}

TEST(reserve_grows_and_keeps)
{
    failing_start(SIZE_MAX);
    int *numbers = NULL;
    size_t capacity = 0;
    for (int i = 0; i < 1000; i++) {
        assert_true(memory_reserve((void **)&numbers, &capacity, (size_t)i + 1, sizeof *numbers));
        assert_true(capacity > (size_t)i);
        numbers[i] = i;
    }
    for (int i = 0; i < 1000; i++)
        assert_int_equal(numbers[i], i);
    memory_free(numbers);
    failing_stop();
}

TEST(reserve_that_fails_changes_nothing)
{
    void *at = NULL;
    size_t capacity = 0;
    failing_start(0);
    assert_false(memory_reserve(&at, &capacity, 1, 8));
    assert_null(at);
    assert_int_equal(capacity, 0);
    assert_true(memory_reserve(&at, &capacity, 1, 8));
    void *before = at;
    size_t capacity_before = capacity;
    assert_false(memory_reserve(&at, &capacity, SIZE_MAX / 4, 8));
    failing_state.countdown = 0;
    assert_false(memory_reserve(&at, &capacity, capacity + 1, 8));
    assert_ptr_equal(at, before);
    assert_int_equal(capacity, capacity_before);
    memory_free(at);
    failing_stop();
}

/* ---- arenas --------------------------------------------------------------------------------------------- */

TEST(arena_pieces_are_aligned_and_apart)
{
    failing_start(SIZE_MAX);
    struct arena arena = { 0 };
    unsigned char *pieces[2000];
    for (size_t i = 0; i < 2000; i++) {
        pieces[i] = arena_allocate(&arena, i % 100);
        assert_non_null(pieces[i]);
        assert_int_equal((uintptr_t)pieces[i] % 8, 0);
        memset(pieces[i], (int)(i % 251), i % 100);
    }
    for (size_t i = 0; i < 2000; i++)
        for (size_t j = 0; j < i % 100; j++)
            assert_int_equal(pieces[i][j], i % 251);
    arena_free(&arena);
    assert_null(arena.chunks);
    failing_stop();
}

TEST(arena_gives_no_bytes_an_address)
{
    struct arena arena = { 0 };
    assert_non_null(arena_allocate(&arena, 0));
    assert_non_null(arena_allocate(&arena, 0));
    assert_non_null(arena_copy(&arena, NULL, 0));
    assert_string_equal(arena_copy_text(&arena, NULL, 0), "");
    arena_free(&arena);
}

TEST(arena_refuses_what_no_memory_holds)
{
    struct arena arena = { 0 };
    assert_null(arena_allocate(&arena, SIZE_MAX));
    assert_null(arena_allocate(&arena, SIZE_MAX - 7));
    assert_null(arena_allocate(&arena, SIZE_MAX - 20));
    assert_null(arena_copy_text(&arena, "", SIZE_MAX));
    assert_non_null(arena_allocate(&arena, 8));
    assert_null(arena_allocate(&arena, SIZE_MAX));
    arena_free(&arena);
}

TEST(arena_chunks_grow)
{
    failing_start(SIZE_MAX);
    struct arena arena = { 0 };
    for (size_t i = 0; i < 10000; i++)
        assert_non_null(arena_allocate(&arena, 1000));
    /* 10 MB: 4 + 8 + 16 + ... + 256 KiB, then 256 KiB each: some 45 chunks, not 2500. */
    assert_in_range(failing_state.live, 30, 60);
    arena_free(&arena);
    failing_stop();
}

TEST(arena_gives_a_large_piece_a_chunk_of_its_own)
{
    failing_start(SIZE_MAX);
    struct arena arena = { 0 };
    char *small = arena_allocate(&arena, 8);
    char *next = arena.next;
    char *large = arena_allocate_cleared(&arena, 5000000);
    assert_int_equal(failing_state.live, 2);
    large[4999999] = 1;
    assert_ptr_equal(arena.next, next);
    assert_ptr_equal(arena_allocate(&arena, 8), small + 8);
    assert_int_equal(failing_state.live, 2);
    arena_free(&arena);

    large = arena_allocate(&arena, 5000000);
    memset(large, 1, 5000000);
    small = arena_allocate(&arena, 8);
    assert_int_equal(failing_state.live, 2);
    memset(small, 2, 8);
    assert_int_equal(large[4999999], 1);
    arena_free(&arena);
    failing_stop();
}

TEST(arena_keeps_its_largest_chunk_when_reset)
{
    failing_start(SIZE_MAX);
    struct arena arena = { 0 };
    arena_reset(&arena);
    assert_int_equal(failing_state.live, 0);
    for (size_t i = 0; i < 1000; i++)
        arena_allocate(&arena, 100);
    arena_allocate(&arena, 1000000);
    arena_reset(&arena);
    assert_int_equal(failing_state.live, 1);
    for (size_t i = 0; i < 10000; i++)
        memset(arena_allocate(&arena, 100), 1, 100);
    assert_in_range(failing_state.live, 1, 2);
    arena_free(&arena);
    failing_stop();
}

TEST(arena_copies)
{
    struct arena arena = { 0 };
    assert_string_equal(arena_copy_string(&arena, "text"), "text");
    assert_null(arena_copy_string(&arena, NULL));
    char *part = arena_copy_text(&arena, "a\0bcd", 3);
    assert_memory_equal(part, "a\0b\0", 4);
    assert_memory_equal(arena_copy(&arena, "bytes", 5), "bytes", 5);
    const unsigned char *cleared = arena_allocate_cleared(&arena, 1000);
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(cleared[i], 0);
    arena_free(&arena);
}

static bool use_arena(void)
{
    struct arena arena = { 0 };
    bool ok = true;
    for (size_t i = 0; i < 500 && ok; i++)
        ok = arena_allocate(&arena, i * 7) != NULL && arena_copy_string(&arena, "text") != NULL;
    ok = ok && arena_allocate_cleared(&arena, 1000000) != NULL;
    arena_reset(&arena);
    ok = ok && arena_copy_text(&arena, "more", 4) != NULL && arena_copy(&arena, "more", 4) != NULL;
    arena_free(&arena);
    return ok;
}

TEST(arena_survives_each_failure)
{
    for (size_t n = 0; failing_round(n); n++)
        failing_done(use_arena());
}

TEST(arena_goes_on_after_a_failure)
{
    failing_start(0);
    struct arena arena = { 0 };
    assert_null(arena_allocate(&arena, 10));
    assert_non_null(arena_allocate(&arena, 10));
    arena_free(&arena);
    failing_stop();
}

/* ---- text ----------------------------------------------------------------------------------------------- */

TEST(text_grows)
{
    failing_start(SIZE_MAX);
    struct text text = { 0 };
    assert_string_equal(text_string(&text), "");
    text_append(&text, NULL, 0);
    for (int i = 0; i < 1000; i++)
        text_add(&text, "abc");
    text_add_character(&text, '!');
    assert_true(text_ok(&text));
    assert_int_equal(text.length, 3001);
    assert_int_equal(strlen(text.data), 3001);
    assert_string_equal(text.data + 2999, "c!");
    text_free(&text);
    assert_null(text.data);
    failing_stop();
}

static void check_integer(int64_t value, const char *expected)
{
    struct text text = { 0 };
    text_add_integer(&text, value);
    assert_string_equal(text_string(&text), expected);
    text_free(&text);
}

TEST(text_takes_integers)
{
    check_integer(0, "0");
    check_integer(-1, "-1");
    check_integer(10, "10");
    check_integer(INT64_MAX, "9223372036854775807");
    check_integer(INT64_MIN, "-9223372036854775808");
}

TEST(text_formats_short_and_long)
{
    struct text text = { 0 };
    text_format(&text, "%d-%s", 12, "x");
    assert_string_equal(text_string(&text), "12-x");
    text_format(&text, "%0*d", 5000, 7);
    assert_int_equal(text.length, 5004);
    assert_int_equal(strlen(text.data), 5004);
    assert_int_equal(text.data[5003], '7');
    text_format(&text, "%s", "");
    text_format(&text, "%0*d|", 127, 7);
    text_format(&text, "%0*d|", 128, 7);
    assert_int_equal(text.length, 5004 + 128 + 129);
    text_free(&text);
}

static void check_json_string(const char *data, size_t size, const char *expected)
{
    struct text text = { 0 };
    text_add_json_string(&text, data, size);
    assert_string_equal(text_string(&text), expected);
    text_free(&text);
}

TEST(text_writes_json_strings)
{
    check_json_string(NULL, 0, "\"\"");
    check_json_string("plain", 5, "\"plain\"");
    check_json_string("a\"b\\c", 5, "\"a\\\"b\\\\c\"");
    check_json_string("\n\r\t\b\f", 5, "\"\\n\\r\\t\\b\\f\"");
    check_json_string("\0\x1f\x7f", 3, "\"\\u0000\\u001f\x7f\"");
    check_json_string("\xc3\xa4/\xf0\x9f\x98\x80", 7, "\"\xc3\xa4/\xf0\x9f\x98\x80\"");
    check_json_string("x\xff\xc3", 3, "\"x\\ufffd\\ufffd\"");
}

TEST(text_is_cut_and_cleared)
{
    struct text text = { 0 };
    text_truncate(&text, 0);
    text_clear(&text);
    text_add(&text, "abcdef");
    text_truncate(&text, 3);
    assert_string_equal(text.data, "abc");
    text_truncate(&text, 10);
    assert_int_equal(text.length, 3);
    char *data = text.data;
    text_clear(&text);
    assert_string_equal(text.data, "");
    text_add(&text, "new");
    assert_ptr_equal(text.data, data);
    assert_string_equal(text.data, "new");
    text_free(&text);
}

TEST(text_that_failed_stays_failed_until_cleared)
{
    failing_start(1);
    struct text text = { 0 };
    text_add(&text, "abc");
    text_format(&text, "%0*d", 1000, 1);
    assert_false(text_ok(&text));
    text_add(&text, "d");
    text_add_integer(&text, 5);
    text_format(&text, "%d", 5);
    text_append(&text, "x", 0);
    assert_string_equal(text.data, "abc");
    text_truncate(&text, 1);
    text_add(&text, "d");
    assert_false(text_ok(&text));
    assert_string_equal(text.data, "abc");
    text_clear(&text);
    assert_true(text_ok(&text));
    text_add(&text, "again");
    assert_true(text_ok(&text));
    assert_string_equal(text.data, "again");
    text_free(&text);
    failing_stop();
}

TEST(text_refuses_what_no_memory_holds)
{
    struct text text = { 0 };
    text_add(&text, "abc");
    assert_false(text_grow(&text, SIZE_MAX - 1));
    assert_false(text_ok(&text));
    assert_string_equal(text_string(&text), "abc");
    text_free(&text);
}

static bool use_text(void)
{
    struct text text = { 0 };
    for (int i = 0; i < 100; i++) {
        text_add(&text, "some more");
        text_add_integer(&text, i);
        text_format(&text, "%300d", i);
        text_add_json_string(&text, "\"\xff\n", 3);
    }
    bool ok = text_ok(&text);
    text_free(&text);
    return ok;
}

TEST(text_survives_each_failure)
{
    for (size_t n = 0; failing_round(n); n++)
        failing_done(use_text());
}

static bool utf8(const char *text) { return text_is_utf8(text, strlen(text)); }

TEST(utf8_is_told_from_other_bytes)
{
    assert_true(text_is_utf8(NULL, 0));
    assert_true(text_is_utf8("a\0b", 3));
    assert_true(utf8("0123456789abcdef0123456789\x7f"));
    assert_true(utf8("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"));
    assert_true(utf8("12345678\xc3\xa4" "1234567890\xc3\xa4"));
    assert_true(utf8("\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf"));
    assert_false(utf8("\x80"));
    assert_false(utf8("12345678901\xff"));
    assert_false(utf8("1234567\xc3"));
    assert_false(utf8("12345678\xc3"));
    assert_false(utf8("\xc3(")); /* no continuation */
    assert_false(utf8("\xc0\x80"));
    assert_false(utf8("\xc1\xbf"));
    assert_false(utf8("\xe0\x9f\xbf"));
    assert_false(utf8("\xed\xa0\x80")); /* a surrogate */
    assert_false(utf8("\xf0\x8f\xbf\xbf"));
    assert_false(utf8("\xf4\x90\x80\x80"));
    assert_false(utf8("\xf5\x80\x80\x80"));
    assert_false(utf8("\xe2\x82"));
    assert_false(utf8("\xf0\x9f\x98"));
}

/* What a reader of the definition would write. */
static bool utf8_slowly(const unsigned char *bytes, size_t size)
{
    for (size_t at = 0; at < size;) {
        static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
        uint32_t code = bytes[at];
        size_t length = code < 0x80 ? 1 : code >> 5 == 6 ? 2 : code >> 4 == 14 ? 3 : code >> 3 == 30 ? 4 : 0;
        if (length == 0 || size - at < length)
            return false;
        code = length == 1 ? code : code & (0xFFu >> (length + 1));
        for (size_t i = 1; i < length; i++) {
            if (bytes[at + i] >> 6 != 2)
                return false;
            code = code << 6 | (bytes[at + i] & 0x3Fu);
        }
        if (code < least[length] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
            return false;
        at += length;
    }
    return true;
}

TEST(utf8_of_random_bytes_is_as_defined)
{
    static const unsigned char interesting[] = { 'a', 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC1, 0xC2, 0xE0, 0xE1, 0xED, 0xF0, 0xF4, 0xF5 };
    uint64_t random = 1;
    size_t good = 0;
    for (int round = 0; round < 200000; round++) {
        unsigned char bytes[24];
        size_t size = 0;
        memset(bytes, 'x', sizeof bytes);
        for (size_t i = 0; i < 6; i++) {
            random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            bytes[(random >> 40) % 3 * 8 + i] = interesting[(random >> 33) % sizeof interesting];
            size = (random >> 50) % (sizeof bytes + 1);
        }
        bool expected = utf8_slowly(bytes, size);
        good += expected;
        assert_int_equal(text_is_utf8((const char *)bytes, size), expected);
    }
    assert_in_range(good, 1000, 199000);
}

/* ---- maps ----------------------------------------------------------------------------------------------- */

TEST(map_finds_what_was_put)
{
    failing_start(SIZE_MAX);
    struct map map = { 0 };
    int one = 1, two = 2;
    assert_null(map_get_string(&map, "one"));
    assert_null(map_remove(&map, "one", 3));
    assert_true(map_put_string(&map, "one", &one));
    assert_true(map_put_string(&map, "two", &two));
    assert_true(map_put(&map, "", 0, &two));
    assert_ptr_equal(map_get_string(&map, "one"), &one);
    assert_ptr_equal(map_get(&map, "two?", 3), &two);
    assert_ptr_equal(map_get_hashed(&map, "two", 3, map_hash("two", 3)), &two);
    assert_ptr_equal(map_get_string(&map, ""), &two);
    assert_null(map_get_string(&map, "three"));
    assert_true(map_put_string(&map, "one", &two));
    assert_ptr_equal(map_get_string(&map, "one"), &two);
    assert_int_equal(map.count, 3);
    assert_ptr_equal(map_remove(&map, "one", 3), &two);
    assert_null(map_get_string(&map, "one"));
    assert_int_equal(map.count, 2);
    map_free(&map);
    assert_null(map_get_string(&map, "two"));
    failing_stop();
}

TEST(map_replaces_the_key_with_the_value)
{
    struct map map = { 0 };
    char first[] = "key", second[] = "key";
    int value = 1;
    assert_true(map_put_string(&map, first, &value));
    assert_true(map_put_string(&map, second, &value));
    first[0] = 'x';
    assert_ptr_equal(map_get_string(&map, "key"), &value);
    map_free(&map);
}

/* Puts and removes at random, beside a plain array that says what the map must hold. */
TEST(map_agrees_with_an_array)
{
    enum { KEYS = 600 };
    static uint32_t keys[KEYS];
    static bool in[KEYS];
    struct map map = { 0 };
    uint64_t random = 42;
    size_t count = 0;
    for (uint32_t i = 0; i < KEYS; i++)
        keys[i] = i;
    for (int round = 0; round < 60000; round++) {
        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        size_t i = (random >> 33) % KEYS;
        bool put = (random >> 20) % 5 < (round / 10000 % 2 ? 1u : 4u);
        if (put)
            assert_true(map_put(&map, &keys[i], sizeof keys[i], &in[i]));
        else
            assert_ptr_equal(map_remove(&map, &keys[i], sizeof keys[i]), in[i] ? &in[i] : NULL);
        count += (size_t)put - in[i];
        in[i] = put;
        assert_int_equal(map.count, count);
        if (round % 500 == 0)
            for (size_t j = 0; j < KEYS; j++)
                assert_ptr_equal(map_get(&map, &keys[j], sizeof keys[j]), in[j] ? &in[j] : NULL);
    }
    map_free(&map);
}

TEST(map_hash_tells_sizes_and_tails_apart)
{
    char zeros[32] = "";
    for (size_t i = 0; i < 32; i++)
        for (size_t j = 0; j < i; j++)
            assert_true(map_hash(zeros, i) != map_hash(zeros, j));
    for (size_t i = 0; i < 31; i++) {
        uint64_t before = map_hash(zeros, 31);
        zeros[i] = 1;
        assert_true(map_hash(zeros, 31) != before);
        zeros[i] = 0;
    }
}

TEST(map_survives_each_failure)
{
    static int keys[200];
    for (size_t n = 0; failing_round(n); n++) {
        struct map map = { 0 };
        bool ok = true;
        for (int i = 0; i < 200 && ok; i++) {
            keys[i] = i;
            ok = map_put(&map, &keys[i], sizeof keys[i], &keys[i]);
            for (int j = 0; j < i; j++)
                assert_ptr_equal(map_get(&map, &keys[j], sizeof keys[j]), &keys[j]);
            assert_ptr_equal(map_get(&map, &keys[i], sizeof keys[i]), ok ? &keys[i] : NULL);
        }
        map_free(&map);
        failing_done(ok);
    }
}
