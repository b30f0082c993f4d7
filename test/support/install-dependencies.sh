#!/usr/bin/env bash
# Installs what the builds and tests need and is missing: on Debian 12, Ubuntu 24.04 and their like, with apt.
# Does nothing, quickly, when everything is there. With `check`: also a browser to look at reports with, where there is a package.
# With `bench`: also what benchmarks use.
set -euo pipefail
# shellcheck source=test/support/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

purpose=${1:-}

is_installed() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep '^install ok installed' >/dev/null; }

# The newest PostgreSQL installed, else the distribution's own.
postgres_version() {
    local newest
    newest=$(find /usr/lib/postgresql -mindepth 1 -maxdepth 1 -name '[0-9]*' -printf '%f\n' 2>/dev/null | sort -n | tail -1)
    if [ -n "$newest" ]; then
        echo "$newest"
    else
        apt-cache show postgresql 2>/dev/null | sed -n 's/^Version: \([0-9]*\).*/\1/p' | sort -n | tail -1
    fi
}

# Boost is packaged by version, and the versions exclude each other.
boost_package() {
    if [ -f /usr/include/boost/version.hpp ]; then return; fi
    local version
    for version in 1.81 1.83; do
        if apt-cache show "libboost$version-dev" >/dev/null 2>&1; then echo "libboost$version-dev"; return; fi
    done
    echo libboost-dev
}

# Only tests use it; what some distributions call so is a stub that installs something else.
browser_package() {
    # grep reads to the end: one that stops at the first match can break the pipe, which counts as a failure.
    if [ "$purpose" = check ] && apt-cache show chromium 2>/dev/null | grep '^Depends:.*chromium-common' >/dev/null; then echo chromium; fi
}

wanted() {
    local version
    version=$(postgres_version)
    printf '%s\n' g++ make cmake ccache libeigen3-dev librandom123-dev liblbfgs-dev libssl-dev openssl zlib1g-dev nlohmann-json3-dev \
        libgtest-dev librapidcheck-dev libtap-parser-sourcehandler-pgtap-perl \
        "postgresql-${version:?}" "postgresql-server-dev-$version" "postgresql-$version-pgtap"
    boost_package
    browser_package
    if [ "$purpose" = bench ]; then printf '%s\n' libbenchmark-dev python3 python3-venv gnuplot-nox; fi
}

missing() {
    local package
    for package in $(wanted); do is_installed "$package" || echo "$package"; done
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        env DEBIAN_FRONTEND=noninteractive "$@"
    elif command -v sudo >/dev/null; then
        sudo env DEBIAN_FRONTEND=noninteractive "$@"
    else
        die "missing packages; as root, run: $*"
    fi
}

command -v apt-get >/dev/null || die "this script knows apt only. Needed: a C++20 compiler, make, CMake 3.22, Eigen 3.4,
Boost 1.74 or later (Math and Random), Random123, liblbfgs, OpenSSL, zlib, nlohmann-json, GoogleTest, RapidCheck, PostgreSQL 15 to 18 with
its server headers, pgTAP and pg_prove."

if [ -z "$(postgres_version)" ]; then as_root apt-get update -qq; fi
packages=$(missing)
if [ -z "$packages" ]; then exit 0; fi
say "installing:" $packages
as_root apt-get update -qq
# shellcheck disable=SC2086
as_root apt-get install -y -qq --no-install-recommends --no-remove $packages >&2
