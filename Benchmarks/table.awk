# Sums up a bench: medians over the rounds, ratios within each round and then their median. Given
# in this order: aims, memory, cost, runs.

function median(list,    count, values, i, j, value) {
    count = split(list, values, " ")
    for (i = 2; i <= count; i++) {
        value = values[i] + 0
        for (j = i - 1; j > 0 && values[j] + 0 > value; j--) values[j + 1] = values[j]
        values[j + 1] = value
    }
    return count % 2 ? values[(count + 1) / 2] : (values[count / 2] + values[count / 2 + 1]) / 2
}

# The figure with its aim: `1.08 (≥ 1.0)`, `0.91 (≥ 0.95: missed)`.
function judged(what, figure, value, digits,    aim, isRatio, isMet) {
    value = sprintf("%." digits "f", value)
    if (!((what, figure) in aims)) return value
    aim = aims[what, figure]
    isRatio = figure ~ /^(nginx|pipeline|steps)$/
    isMet = isRatio ? value + 0 >= aim + 0 : value + 0 <= aim + 0
    if (isMet) met++
    else missed++
    return value " (" (isRatio ? "≥ " : "≤ ") aim (isMet ? "" : ": **missed**") ")"
}

function row(what, side, figure,    key, isOurs, isTimed) {
    key = what SUBSEP side
    isOurs = side ~ /^(service|logging)$/
    isTimed = side !~ /-/
    printf "| %s | %s ", side == "service" ? names[what] : "", labels[side]
    printf "| %d ", median(rates[key])
    printf "| %s ", isOurs ? "" : judged(what, figure, median(ratios[key]), 2)
    figure = side == "service" ? "cpu" : ""
    printf "| %s ", isTimed ? judged(what, figure, median(spent[key]), 0) : ""
    printf "| %d | %.1f", median(behind[key]), median(p50[key]) / 1000
    printf " / %s ", isTimed ? sprintf("%.1f", median(p99[key]) / 1000) : "–"
    printf "| %d %% |\n", median(others[key])
}

FILENAME != file { file = FILENAME; number++ }
/^#/ || NF == 0 { next }
number == 1 { aims[$1, $2] = $3; next }
number == 2 {
    first = first " " $1; held = held " " $2; idle = idle " " ($3 - $2) / (clients - 1)
    next
}
number == 3 { split($0, cost, "\t"); buffers[cost[1]] = cost[2]; indexes[cost[1]] = cost[3]; next }
{
    key = $1 SUBSEP $2
    rate[key, $3] = $4 / $5 * 1000000
    rates[key] = rates[key] " " rate[key, $3]
    if ($2 != "service") ratios[key] = ratios[key] " " rate[$1, "service", $3] / rate[key, $3]
    spent[key] = spent[key] " " $9 * 10000 / $4
    behind[key] = behind[key] " " $10 * 10000 / $4
    bad[key] += $6
    p50[key] = p50[key] " " $7
    p99[key] = p99[key] " " $8
    others[key] = others[key] " " 100 * $11 / $12
    if (!(key in seen)) { seen[key] = 1; order[++lines] = key }
}

END {
    names["livez"] = "`/livez`"
    names["person"] = "`GET /v1/people/{id}`"
    names["people"] = "`GET /v1/people?limit=50`"
    names["incident"] = "`GET /v1/incidents/{id}`, on record"
    names["incidents"] = "`GET /v1/incidents?limit=50`, on record"
    names["gate"] = "`GET /v1/gate?person_id=&for=`"
    names["device"] = "`GET /v1/device-decisions`"
    names["report"] = "`POST /v1/incidents`"
    names["triage"] = "`GET /v1/incidents?status=reported&limit=50`, of 5,000, on record"
    names["closing"] = "`GET /v1/incidents/{id}/closure` of a heavy one, on record"
    labels["service"] = "Rowan"
    labels["logging"] = "Rowan, with its log"
    labels["nginx"] = "nginx"
    print "| | who answers | a second | Rowan is × this | its µs a request | PostgreSQL's µs | " \
        "p50 / p99 ms | others' load |"
    print "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for (i = 1; i <= lines; i++) {
        split(order[i], parts, SUBSEP)
        figure = parts[2]
        if (split(figure, way, "-") == 2) {
            figure = way[1]
            labels[parts[2]] = "pgbench, " (figure == "pipeline" \
                ? "one pipeline, " : "begin … commit, ") way[2] " clients"
        }
        row(parts[1], parts[2], figure)
        errors += bad[order[i]]
    }
    print ""
    print "| | shared buffers touched | indexes by which its plans go |"
    print "| --- | ---: | --- |"
    for (i = 1; i <= lines; i++) {
        split(order[i], parts, SUBSEP)
        if (parts[2] != "service" || !(parts[1] in buffers)) continue
        gsub(/ /, ", ", indexes[parts[1]])
        gsub(/all, of, /, "all of ", indexes[parts[1]])
        printf "| %s | %d | %s |\n", names[parts[1]], buffers[parts[1]], indexes[parts[1]]
    }
    print ""
    print "| | |"
    print "| --- | ---: |"
    for (i = 1; i <= lines; i++) {
        split(order[i], parts, SUBSEP)
        if (parts[2] == "service" && (parts[1], "together") in aims)
            printf "| %s: its and PostgreSQL's µs together | %s |\n", names[parts[1]], \
                judged(parts[1], "together", median(spent[order[i]]) + median(behind[order[i]]), 0)
    }
    printf "| memory at start, MB | %s |\n", judged("memory", "start", median(held) / 1000, 1)
    printf "| memory of each of %d idle connections, KB | %s |\n", clients, \
        judged("memory", "idle", median(idle), 1)
    printf "| first answer after start, ms | %s |\n", judged("memory", "first", median(first), 0)
    print ""
    printf "%d aims met, %d missed; %d bad answers.\n", met, missed, errors
    exit errors > 0
}
