# make            builds the extension against the PostgreSQL of $(PG_CONFIG)
# make install    installs it there (PGXS; DESTDIR=... stages it)
# make demo       a private PostgreSQL cluster with sample data and a fitted model; `make stop` ends it
# make check      every test of the repository; `make check-full` the long ones as well
# make bench      kernels, fits and SQL beside baselines of the same run; `make bench-peers` other tools beside this one
# make clean      removes what the builds made
#
# OPTFLAGS=-march=x86-64-v3 makes a faster build that runs on such processors only.

PG_CONFIG ?= pg_config
OPTFLAGS  ?=

EXTENSION    = control/mmm
MODULE_big   = mmm
EXTVERSION   = $(shell sed -n "s/^default_version = '\(.*\)'/\1/p" control/mmm.control)
# Many files are compiled at a time (batches.sh says why); CMake compiles them one by one, for work on them.
CORE_SOURCES = $(sort $(wildcard extension/core/*.cpp extension/core/*/*.cpp))
GLUE_SOURCES = $(sort $(wildcard extension/pg/*.cpp extension/sql/*.cpp))
BATCHES      = $(shell extension/batches.sh build-make/core 12 $(CORE_SOURCES); extension/batches.sh build-make/glue 9 $(GLUE_SOURCES))
OBJS        := $(BATCHES:.cpp=.o)
SQL_PARTS    = $(sort $(wildcard sql/[0-9]*.sql))
DATA_built   = mmm--$(EXTVERSION).sql
DATA         = $(wildcard sql/upgrade/mmm--*--*.sql)
EXTRA_CLEAN  = build-make build build-address build-thread build-bench

# -isystem: warnings in the headers of others are not ours to mend.
PG_CPPFLAGS  = -Iextension -isystem /usr/include/eigen3 -isystem $(shell $(PG_CONFIG) --includedir-server 2>/dev/null)
PG_CXXFLAGS  = -std=c++20 -O2 -g1 $(OPTFLAGS) -fvisibility-inlines-hidden \
               -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -MMD -MP
# PGXS links with the C compiler.
SHLIB_LINK   = -Wl,--version-script=extension/exports.map -llbfgs -lcrypto -lz -lstdc++ -lm -pthread

# PGXS would compile everything a second time with clang, without our flags, for inlining that is of no use here.
override with_llvm := no

# The targets for people need no PostgreSQL yet: they install it.
PEOPLE = demo stop check check-full bench bench-peers deps
ifeq ($(filter-out $(PEOPLE),$(or $(MAKECMDGOALS),all)),)
else
PGXS := $(shell $(PG_CONFIG) --pgxs 2>/dev/null)
ifeq ($(PGXS),)
$(error $(PG_CONFIG) not found: install the PostgreSQL server's development package, or run `make deps`)
endif
include $(PGXS)
CXX := $(if $(shell command -v ccache),ccache) $(CXX)
endif

mmm--$(EXTVERSION).sql: $(SQL_PARTS) control/mmm.control
	cat $(SQL_PARTS) > $@

# Servers built without dependency tracking leave this to us.
-include $(OBJS:.o=.d)

.PHONY: $(PEOPLE)

# Only where PGXS, which has a `check` of its own, was not read.
ifndef PGXS
deps:
	test/support/install-dependencies.sh
demo: deps
	test/support/demo.sh
stop:
	test/support/cluster.sh stop demo
check:
	test/support/install-dependencies.sh check
	test/support/check.sh
check-full:
	test/support/install-dependencies.sh check
	test/support/check.sh full
bench:
	test/support/install-dependencies.sh bench
	test/bench/bench.sh
bench-peers:
	test/support/install-dependencies.sh bench
	test/bench/peers/run.sh
endif
