# For Scripts/bench: a PostgreSQL cluster, services and nginx of its own, and how they end. Sets
# `home`, `server` and `pgbin`; the functions write to `$home/log`.
# shellcheck shell=sh

pgbin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$pgbin" ] || pgbin=$(dirname "$(command -v initdb)")
PATH="$pgbin:$PATH:/usr/sbin:/sbin"

# On a disk, because a commit must cost what it costs.
home=$(mktemp -d "${TMPDIR:-/var/tmp}/rowan-bench.XXXXXX")
chmod 755 "$home"
processes= server=

clean_up() {
    trap '' INT TERM HUP
    for process in $processes; do
        # A fast shutdown for PostgreSQL, which would else wait for its clients.
        if [ "$process" = "$server" ]; then signal=INT; else signal=TERM; fi
        kill -s "$signal" "$process" 2>/dev/null || true
    done
    for process in $processes; do wait "$process" 2>/dev/null || true; done
    rm -rf "$home"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

fail() {
    echo "$1" >&2
    tail -n 20 "$home/log" >&2
    exit 1
}

# PostgreSQL refuses to run as root.
as_user=
if [ "$(id -u)" -eq 0 ]; then
    user=$(id -un postgres 2>/dev/null || echo nobody)
    as_user="--reuid $user --regid $(id -gn "$user") --init-groups"
fi
unset PGDATA PGHOST PGPORT PGUSER PGDATABASE PGOPTIONS PGSERVICE

start_cluster() {
    mkdir "$home/cluster"
    [ -z "$as_user" ] || chown "$user:$(id -gn "$user")" "$home/cluster"
    # shellcheck disable=SC2086 # several words
    (cd / && setpriv $as_user "$pgbin/initdb" --pgdata="$home/cluster/data" --username=postgres \
        --encoding=UTF8 --locale=C.UTF-8 --data-checksums --auth-local=trust --auth-host=reject \
        --no-instructions) >"$home/log" 2>&1 || fail "initdb failed:"
    # What makes a commit safe stays as it is: on. The data lie in memory as they would on a server
    # of its own, and no checkpoint falls into one round and not into the other.
    # shellcheck disable=SC2086 # several words
    setpriv $as_user --pdeathsig INT "$pgbin/postgres" -D "$home/cluster/data" -k "$home/cluster" \
        -c listen_addresses= -c port=5432 -c max_connections=200 -c timezone=UTC -c jit=off \
        -c shared_buffers=1GB -c max_wal_size=8GB -c checkpoint_timeout=1h \
        -c logging_collector=on -c log_destination=csvlog -c log_directory=.. \
        -c log_filename=server.log -c log_rotation_size=0 >>"$home/log" 2>&1 &
    server=$!
    processes="$server"
    until [ "$(sed -n '8s/ *$//p' "$home/cluster/data/postmaster.pid" 2>/dev/null)" = ready ]; do
        kill -0 "$server" 2>/dev/null || fail "PostgreSQL did not start:"
        sleep 0.05
    done
    as_owner -d postgres -c "create database rowan" >/dev/null
}

# psql as whoever owns the cluster; `-d` names another database than the register's.
as_owner() {
    "$pgbin/psql" -XAtq -v ON_ERROR_STOP=1 -h "$home/cluster" -U postgres -d rowan "$@"
}

# start_service <name> <port> <words for env …>: sets `$service`, and waits until it is ready.
start_service() {
    name=$1 at=$2
    shift 2
    env "$@" DATABASE_URL="host=$home/cluster dbname=rowan user=rowan_service" \
        ROWAN_KEYS="1 0000000000000000000000000000000000000000000000000000000000000001" \
        ROWAN_PORT="$at" ROWAN_ADMIN_PORT=$((at + 1)) ROWAN_ACCOUNT_REQUESTS=60000 \
        .build/release/rowan serve >"$home/$name.log" 2>>"$home/log" &
    service=$!
    processes="$service $processes"
    tries=0
    until env ROWAN_ADMIN_PORT=$((at + 1)) .build/release/rowan healthcheck >/dev/null 2>&1; do
        kill -0 "$service" 2>/dev/null || fail "rowan did not start:"
        tries=$((tries + 1))
        [ "$tries" -lt 100 ] || fail "rowan did not become ready:"
        sleep 0.1
    done
}

# stop <pid>: one of the processes that were started here, and not the last of them.
stop() {
    kill "$1"
    wait "$1" 2>/dev/null || true
    processes=$(echo " $processes " | sed "s/ $1 / /")
}

start_nginx() {
    mkdir "$home/nginx"
    chmod 755 "$home/nginx"
    sed "s/PORT/$1/" Benchmarks/nginx.conf >"$home/nginx/nginx.conf"
    nginx -p "$home/nginx" -c nginx.conf -e error.log >>"$home/log" 2>&1 &
    nginx=$!
    processes="$nginx $processes"
    sleep 0.3
    kill -0 "$nginx" 2>/dev/null || fail "nginx did not start:"
}
