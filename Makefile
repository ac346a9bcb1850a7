# kin: an object-relational mapper for C. `make help` lists the targets.
#
# Honours CC CFLAGS CPPFLAGS LDFLAGS LDLIBS, DESTDIR PREFIX LIBDIR INCLUDEDIR, BUILD (where
# everything built goes) and DRIVERS (which of sqlite, postgres, mariadb to build in).

CFLAGS     ?= -O2 -g
BUILD      ?= build
PREFIX     ?= /usr/local
LIBDIR     ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
PKG_CONFIG ?= pkg-config
OBJCOPY    ?= objcopy
INSTALL    ?= install
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SECONDARY:

# The version is written once, in the public header.
VERSION := $(shell sed -n 's/^.define KIN_VERSION "\(.*\)"/\1/p' include/kin.h)
SONAME  := libkin.so.$(firstword $(subst ., ,$(VERSION)))

# --- Drivers: built in where both the sources and the client library are there ----------------

package_sqlite   := sqlite3
package_postgres := libpq
package_mariadb  := libmariadb
define_sqlite    := -DKIN_HAVE_SQLITE
define_postgres  := -DKIN_HAVE_POSTGRES
define_mariadb   := -DKIN_HAVE_MARIADB

CLIENTS := sqlite postgres mariadb
client_sources = $(wildcard src/driver/$(1)*.c)
has_client = $(and $(call client_sources,$(1)),$(shell $(PKG_CONFIG) --exists $(package_$(1)) 2>&1 && echo yes))
ifeq ($(origin DRIVERS),undefined)
DRIVERS := $(strip $(foreach d,$(CLIENTS),$(if $(filter yes,$(call has_client,$d)),$d)))
endif

ifeq ($(DRIVERS),)
$(warning no database driver is built in: neither SQLite's nor another client library was found by $(PKG_CONFIG))
endif
PACKAGES := $(foreach d,$(DRIVERS),$(package_$d))
ifneq ($(PACKAGES),)
CLIENT_CPPFLAGS := $(foreach d,$(DRIVERS),$(define_$d)) $(shell $(PKG_CONFIG) --cflags $(PACKAGES))
CLIENT_LIBS     := $(shell $(PKG_CONFIG) --libs $(PACKAGES))
endif

# --- What is compiled, and how ----------------------------------------------------------------

LAYERS   := base schema sql driver session orm
SOURCES  := $(filter-out $(foreach d,$(CLIENTS),$(call client_sources,$d)), \
              $(foreach l,$(LAYERS),$(sort $(wildcard src/$l/*.c)))) \
            $(foreach d,$(DRIVERS),$(call client_sources,$d))
OBJECTS  := $(SOURCES:%.c=$(BUILD)/%.o)
INTERNAL := $(wildcard src/*/*.h)

WARNINGS     := -Wall -Wextra -Wpedantic -Wconversion -Wshadow
KIN_CPPFLAGS := -D_POSIX_C_SOURCE=200809L -Iinclude $(CLIENT_CPPFLAGS)
KIN_CFLAGS   := -std=c11 $(WARNINGS) -fvisibility=hidden -fPIC -pthread
LIBS         := $(CLIENT_LIBS) -pthread $(LDLIBS)
COMPILE       = $(CC) $(KIN_CPPFLAGS) $(INCLUDES) $(CPPFLAGS) $(KIN_CFLAGS) $(CFLAGS)
LINK          = $(CC) $(CFLAGS) $(LDFLAGS)

# Every object of the tree, src/, tests/, examples/ and bench/ alike; only what may be included differs.
$(BUILD)/src/%.o: INCLUDES = -Isrc
$(BUILD)/tests/%.o: INCLUDES = -Isrc -Itests -DTEST_DIRECTORY='"$(CURDIR)/tests"'
$(BUILD)/tests/conformance/%.o: INCLUDES = -Itests -DTEST_DIRECTORY='"$(CURDIR)/tests"'

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(COMPILE) -MMD -MP -c -o $@ $<

# Rebuild when the compiler, its flags or the drivers change.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(KIN_CPPFLAGS) $(CPPFLAGS) $(KIN_CFLAGS) $(CFLAGS) $(LDFLAGS)' | cmp -s - $@ || \
	 echo '$(CC) $(KIN_CPPFLAGS) $(CPPFLAGS) $(KIN_CFLAGS) $(CFLAGS) $(LDFLAGS)' > $@

# --- The libraries ----------------------------------------------------------------------------

STATIC := $(BUILD)/libkin.a
SHARED := $(BUILD)/libkin.so.$(VERSION)

all: $(STATIC) $(SHARED) $(BUILD)/libkin.so $(BUILD)/kin.pc ## both libraries and kin.pc

# With AMALGAMATED=1 the libraries are made of the one-file form.
LIBRARY_OBJECTS := $(if $(AMALGAMATED),$(BUILD)/amalgamation/kin.o,$(OBJECTS))

# One relocatable object whose hidden symbols are made local, so that no name inside kin can
# clash with one of the program it is linked into. With -flto it has to be compiled to the end.
RELOCATE = $(if $(findstring -flto,$(CFLAGS)),$(LINK) -nostdlib -flinker-output=nolto-rel,$(LD)) -r

$(STATIC): $(LIBRARY_OBJECTS)
	$(RELOCATE) -o $(BUILD)/kin.o $^
	$(OBJCOPY) --localize-hidden $(BUILD)/kin.o
	rm -f $@ && $(AR) rcs $@ $(BUILD)/kin.o

$(SHARED): $(LIBRARY_OBJECTS)
	$(LINK) -shared -Wl,-soname,$(SONAME) $(if $(findstring -fsanitize,$(CFLAGS)),,-Wl,-z,defs) -o $@ $^ $(LIBS)

$(BUILD)/libkin.so: $(SHARED)
	ln -sf $(notdir $(SHARED)) $(BUILD)/$(SONAME)
	ln -sf $(SONAME) $@

# The same objects with their inner names visible, for the tests of internals.
$(BUILD)/libkin-internal.a: $(LIBRARY_OBJECTS)
	rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/kin.pc: tools/kin.pc.in FORCE
	@mkdir -p $(@D)
	@sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR)|' -e 's|@INCLUDEDIR@|$(INCLUDEDIR)|' \
	 -e 's|@VERSION@|$(VERSION)|' -e 's|@PACKAGES@|$(PACKAGES)|' $< > $@

amalgamation: $(BUILD)/amalgamation/kin.c ## the whole library as one kin.c and kin.h

$(BUILD)/amalgamation/kin.c: tools/amalgamate include/kin.h $(wildcard src/*/*.c) $(INTERNAL)
	tools/amalgamate $(@D)

$(BUILD)/amalgamation/kin.o: $(BUILD)/amalgamation/kin.c $(BUILD)/flags
	$(COMPILE) -c -o $@ $<

install: all ## into $(DESTDIR)$(PREFIX)
	$(INSTALL) -d $(DESTDIR)$(INCLUDEDIR) $(DESTDIR)$(LIBDIR)/pkgconfig
	$(INSTALL) -m 644 include/kin.h $(DESTDIR)$(INCLUDEDIR)/kin.h
	$(INSTALL) -m 644 $(STATIC) $(DESTDIR)$(LIBDIR)/libkin.a
	$(INSTALL) -m 755 $(SHARED) $(DESTDIR)$(LIBDIR)/$(notdir $(SHARED))
	ln -sf $(notdir $(SHARED)) $(DESTDIR)$(LIBDIR)/$(SONAME)
	ln -sf $(SONAME) $(DESTDIR)$(LIBDIR)/libkin.so
	$(INSTALL) -m 644 $(BUILD)/kin.pc $(DESTDIR)$(LIBDIR)/pkgconfig/kin.pc

uninstall: ## removes what install put there
	rm -f $(DESTDIR)$(INCLUDEDIR)/kin.h $(DESTDIR)$(LIBDIR)/pkgconfig/kin.pc \
	 $(addprefix $(DESTDIR)$(LIBDIR)/,libkin.a libkin.so $(SONAME) $(notdir $(SHARED)))

# --- Programs: each examples/*.c, examples/document/*.c and bench/*.c is one ------------------

EXAMPLES   := $(patsubst %.c,$(BUILD)/%,$(wildcard examples/*.c examples/document/*.c))
BENCHMARKS := $(patsubst %.c,$(BUILD)/%,$(wildcard bench/*.c))

$(EXAMPLES) $(BENCHMARKS): %: %.o $(STATIC)
	$(LINK) -o $@ $^ $(LIBS)

examples: $(EXAMPLES) ## builds the examples

# A make of its own, because the drivers are looked up when a make starts.
demo: ## installs what is missing, builds and runs examples/demo.c
	@tools/install-deps build
	@$(MAKE) --no-print-directory -s $(BUILD)/examples/demo
	@$(BUILD)/examples/demo

bench: $(BENCHMARKS) ## kin beside hand-written C: see bench/README.md
	@BUILD='$(BUILD)' bench/run

# --- Tests: see tests/run for the variants, tests/test.h for how a test is written -------------

INTERNAL_TESTS := $(patsubst %.c,$(BUILD)/%,$(foreach f,unit fault thread chinook inject,$(wildcard tests/$f/*.c)))
CONFORMANCE_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/conformance/*.c))
CONFORMANCE := $(if $(CONFORMANCE_OBJECTS),$(BUILD)/tests/conformance/conformance)
TESTS := $(INTERNAL_TESTS) $(CONFORMANCE)

$(INTERNAL_TESTS): %: %.o $(BUILD)/tests/test.o $(BUILD)/libkin-internal.a
	$(LINK) -o $@ $^ -lcmocka $(LIBS)

$(CONFORMANCE): $(CONFORMANCE_OBJECTS) $(BUILD)/tests/test.o $(STATIC)
	$(LINK) -o $@ $^ -lcmocka $(LIBS)

tests: $(TESTS) $(EXAMPLES) ## builds the test programs, runs nothing

list-tests:
	@printf '%s\n' $(patsubst $(BUILD)/%,%,$(TESTS) $(EXAMPLES))

test: deps ## everyday size, in every variant (under sanitizers too)
	@BUILD='$(BUILD)' KIN_TEST_SIZE=small tests/run

test-long: deps ## full size
	@BUILD='$(BUILD)' KIN_TEST_SIZE=long tests/run

deps: ## installs what demo and test need (Debian, as root)
	@tools/install-deps test

# --- Checks -----------------------------------------------------------------------------------

CHECKS := check-layers check-text check-behaviour check-header check-exports check-amalgamation check-readme

check: $(CHECKS) ## layers, text, exports, header in all standards, amalgamation, README

check-layers: $(OBJECTS)
	@tools/check-layers $(BUILD)/src
check-text:
	@tools/check-text
check-behaviour:
	@tools/behaviour --check
check-header:
	@tools/check-header
check-exports: $(SHARED)
	@tools/check-exports $(SHARED)
check-amalgamation: $(BUILD)/amalgamation/kin.c
	@tools/check-amalgamation $(BUILD)/amalgamation $(CLIENT_CPPFLAGS)
check-readme: $(STATIC)
	@tools/check-readme $(STATIC) $(LIBS)

exports: $(SHARED) ## rewrites src/exports.txt, for review
	tools/check-exports --write $(SHARED)

clean: ## removes $(BUILD)
	rm -rf $(BUILD)

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' Makefile
	@echo "drivers: $(or $(DRIVERS),none) and mock; version $(VERSION)"

FORCE:
.PHONY: all amalgamation install uninstall examples demo bench tests list-tests test test-long deps \
        check $(CHECKS) exports clean help FORCE

-include $(patsubst %.o,%.d,$(OBJECTS) $(CONFORMANCE_OBJECTS) $(BUILD)/tests/test.o) \
         $(addsuffix .d,$(INTERNAL_TESTS) $(EXAMPLES) $(BENCHMARKS))
