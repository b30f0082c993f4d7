#!/usr/bin/env bash
# A private PostgreSQL cluster with the extension, found without touching the system's PostgreSQL.
#
#   eval "$(test/support/cluster.sh start [NAME])"     starts it, or finds it running, and sets PGHOST and its like
#   test/support/cluster.sh stop [NAME]                ends it
#
# Nothing is built: run `make` first. NAME (default: test) tells clusters apart that run at the same time.
# A cluster is thrown away when it stops, but for one called `demo`, which keeps its data in .cluster/demo.
# MMM_STAGE=DIR takes the extension from there (what `cmake --install` staged, say) instead of what `make` built.
set -euo pipefail
umask 022
# shellcheck source=test/support/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

name=${2:-test}
state=$repo/.cluster/$name
bin=$("$PG_CONFIG" --bindir) || die "no $PG_CONFIG: run make deps"

[[ $name =~ ^[a-z0-9_-]+$ ]] || die "a cluster's name is made of a-z, 0-9, _ and -"

# Where the cluster lives: a short path (a socket's is limited to 107 bytes) that the server's user can reach.
remembered() { [ -f "$state/where" ] && cat "$state/where"; }

make_home() {
    local home
    home=$(mktemp -d /tmp/mmm-cluster.XXXXXX)
    chmod 755 "$home"
    mkdir "$home/socket"
    [ "$(id -u)" -eq 0 ] && chown "$(server_user)" "$home/socket"
    mkdir -p "$state"
    echo "$home" >"$state/where"
    echo "$home"
}

# The data of `demo` stays in the repository's ignored folder, if the server's user can get there.
data_folder() {
    local home=$1 kept=$state/data
    if [ "$name" = demo ]; then
        mkdir -p "$kept"
        if [ "$(id -u)" -ne 0 ] || { chown "$(server_user)" "$kept" && as_server_user test -w "$kept"; }; then
            echo "$kept"
            return
        fi
    fi
    mkdir -p "$home/data"
    if [ "$(id -u)" -eq 0 ]; then chown "$(server_user)" "$home/data"; fi
    echo "$home/data"
}

# The files that `make install` would install, as they are: make itself would build what is out of date.
stage_extension() {
    local stage=$1/stage
    rm -rf "$stage"
    if [ -n "${MMM_STAGE:-}" ]; then
        cp -a "$MMM_STAGE" "$stage"
        return
    fi
    if [ ! -f "$repo/mmm.so" ] || ! compgen -G "$repo/mmm--*.sql" >/dev/null; then
        die "the extension is not built: run make first"
    fi
    install -D -m 755 "$repo/mmm.so" "$stage$("$PG_CONFIG" --pkglibdir)/mmm.so"
    install -D -m 644 -t "$stage$("$PG_CONFIG" --sharedir)/extension" "$repo/control/mmm.control" "$repo"/mmm--*.sql
    if compgen -G "$repo/sql/upgrade/mmm--*.sql" >/dev/null; then
        install -m 644 -t "$stage$("$PG_CONFIG" --sharedir)/extension" "$repo"/sql/upgrade/mmm--*.sql
    fi
}

has_setting() { as_server_user "$bin/postgres" -D "$1" -C "$2" >/dev/null 2>&1; }

# How the server finds files outside its own folders depends on its version and its packager.
find_extension() {
    local home=$1 data=$2 stage=$1/stage
    local libraries share
    libraries=$stage$("$PG_CONFIG" --pkglibdir)
    share=$stage$("$PG_CONFIG" --sharedir)
    if [ -z "${MMM_COPY_SERVER:-}" ] && has_setting "$data" extension_destdir; then
        echo "extension_destdir = '$stage'"
        echo "dynamic_library_path = '$libraries:\$libdir'"
    elif [ -z "${MMM_COPY_SERVER:-}" ] && has_setting "$data" extension_control_path; then
        echo "extension_control_path = '$share:\$system'"
        echo "dynamic_library_path = '$libraries:\$libdir'"
    else
        copy_server "$home"
    fi
}

# A PostgreSQL tree finds its files relative to its binaries, so a copy works by itself.
copy_server() {
    local home=$1 folder
    for folder in --bindir --pkglibdir --sharedir; do
        folder=$("$PG_CONFIG" "$folder")
        mkdir -p "$home/server$folder"
        cp -a "$folder/." "$home/server$folder/"
    done
    cp -a "$home/stage/." "$home/server/"
}

create_data() {
    local data=$1
    [ -f "$data/PG_VERSION" ] && return
    as_server_user "$bin/initdb" -D "$data" -U postgres -A trust -N --no-locale -E UTF8 >/dev/null
    echo "include_if_exists = 'mmm.conf'" >>"$data/postgresql.conf"
}

configure() {
    local home=$1 data=$2
    {
        echo "listen_addresses = ''"
        echo "unix_socket_directories = '$home/socket'"
        echo "port = 5432"
        echo "max_connections = 40"
        echo "shared_buffers = 64MB"
        echo "logging_collector = off"
        echo "shared_preload_libraries = 'mmm'"  # as tenants need it: docs/isolation.md
        if [ "$name" != demo ]; then printf '%s\n' "fsync = off" "full_page_writes = off"; fi
        cat "$home/find.conf"
    } >"$home/mmm.conf"
    chmod 644 "$home/mmm.conf"
    as_server_user cp "$home/mmm.conf" "$data/mmm.conf"
}

is_running() { as_server_user "$bin/pg_ctl" -D "$1" status >/dev/null 2>&1; }

print_exports() {
    local home=$1 data=$2
    printf 'export PGHOST=%s PGPORT=5432 PGUSER=postgres PGDATABASE=postgres\n' "$home/socket"
    printf 'export MMM_CLUSTER_DATA=%s MMM_CLUSTER_LOG=%s\n' "$data" "$home/socket/log"
}

start() {
    local home data
    home=$(remembered) || home=
    if [ ! -d "$home" ]; then home=$(make_home); fi
    data=$(data_folder "$home")
    if ! is_running "$data"; then
        stage_extension "$home"
        create_data "$data"
        find_extension "$home" "$data" >"$home/find.conf"
        if [ -d "$home/server" ]; then bin=$home/server$("$PG_CONFIG" --bindir); fi
        configure "$home" "$data"
        as_server_user "$bin/pg_ctl" -D "$data" -w -l "$home/socket/log" start >/dev/null ||
            { cat "$home/socket/log" >&2; die "PostgreSQL does not start"; }
    fi
    print_exports "$home" "$data"
}

stop() {
    local home data
    home=$(remembered) || home=
    [ -d "$home" ] || { rm -rf "$state/where"; return 0; }
    data=$(data_folder "$home")
    if is_running "$data"; then as_server_user "$bin/pg_ctl" -D "$data" -w -m fast stop >/dev/null; fi
    case $home in /tmp/mmm-cluster.*) rm -rf "$home" ;; esac
    rm -f "$state/where"
    rmdir "$state" 2>/dev/null || true
}

case ${1:-} in
    start) start ;;
    stop) stop ;;
    *) die "usage: cluster.sh start|stop [NAME]" ;;
esac
