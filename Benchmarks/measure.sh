# For Scripts/bench: one run of wrk or pgbench, with the processor time that others spent on it.
# Each appends a line to `$home/runs`: what, side, round, requests, microseconds, bad answers, p50,
# p99, ticks of the service or of nginx, ticks of PostgreSQL, ticks of everybody else, ticks that it
# took.
# shellcheck shell=sh

# Ticks that processes and those of their children that have ended have used, by pid.
ticks_of() {
    cat /proc/[0-9]*/stat 2>/dev/null | awk -v of="$*" '
        BEGIN { count = split(of, pids, " "); for (i = 1; i <= count; i++) asked[pids[i]] = 1 }
        {
            pid = $1
            sub(/^.*\) /, "")
            if (pid in asked) total += $12 + $13 + $14 + $15
            else if ($2 in asked) total += $12 + $13
        }
        END { print total + 0 }'
}

# Ticks in which the processors did anything, and those that this script's own tools used.
busy() { awk '/^cpu / { print $2 + $3 + $4 + $7 + $8 }' /proc/stat; }
own() { awk '{ sub(/^.*\) /, ""); print $12 + $13 + $14 + $15 }' "/proc/$$/stat"; }

# measured <what> <side> <round> <pid that answers, or 0> <command …>: the command prints the line
# `result <requests> <microseconds> <bad> <p50> <p99>`.
measured() {
    what=$1 side=$2 round=$3 answering=$4
    shift 4
    service_ticks=$(ticks_of "$answering") server_ticks=$(ticks_of "$server")
    all=$(busy) mine=$(own) wall=$(date +%s%N)
    result=$("$@" 2>>"$home/log" | sed -n 's/^result //p')
    # PostgreSQL takes a moment to count what a process used that has just ended.
    sleep 0.2
    wall=$((($(date +%s%N) - wall) / 10000000))
    all=$(($(busy) - all)) mine=$(($(own) - mine))
    service_ticks=$(($(ticks_of "$answering") - service_ticks))
    server_ticks=$(($(ticks_of "$server") - server_ticks))
    [ -n "$result" ] || fail "$what by $side gave no result:"
    echo "$what $side $round $result $service_ticks $server_ticks" \
        "$((all - mine - service_ticks - server_ticks)) $wall" >>"$home/runs"
}

# wrk_asks <what> <port> <clients>
wrk_asks() {
    wrk -t2 -c"$3" -d"${seconds}s" --timeout 10s -s Benchmarks/ask.lua "http://127.0.0.1:$2" -- \
        "$1" "$home/turns"
}

# pgbench_runs <what> <pipeline|steps> <clients>: no two runs count from the same number. It has the
# service's own setting for plans, without which it would be slower than need be.
run=0
pgbench_runs() {
    PGOPTIONS="-c plan_cache_mode=force_generic_plan" "$pgbin/pgbench" \
        -n -M prepared -h "$home/cluster" -U rowan_service -d rowan \
        -c "$3" -j 2 -T "$seconds" -f "$home/$1.$2.pgbench" -D rest=0 -D count=0 \
        -D "run=$run" -D "turns=$turns" >"$home/pgbench.out" 2>&1 || {
        cat "$home/pgbench.out" >&2
        return 1
    }
    awk '
        /^number of transactions actually processed/ { split($NF, n, "/"); count = n[1] }
        /^number of failed transactions/ { bad = $5 }
        /^latency average/ { p50 = $4 * 1000 }
        /^tps/ { tps = $3 }
        END { printf "result %d %d %d %d 0\n", count, count / tps * 1000000, bad, p50 }
    ' "$home/pgbench.out"
}
