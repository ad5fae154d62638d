-- What wrk asks, in turn: `wrk … -s ask.lua http://… -- <what> <turns>`. `turns` is a file with a
-- line for each turn: token, person, incident. Every request is made before the first is sent.

local requests, turn = {}, 0
local threads = 0

local report = [[{"concerns":"child","description":"A pupil told me at the end of the lesson that]]
    .. [[ messages had been sent round in a game's chat since Saturday. Three of the class have ]]
    .. [[seen them, and one was upset.","types":["cyberbullying"],"channel":"form",]]
    .. [["locations":["inside_school"],"occurred_on":"2026-11-14","occurred_time":"10:35",]]
    .. [["is_child_at_risk":false,"social_media":["Roblox"],"people":[{"group":"child",]]
    .. [["name":"Robin Ash","detail":"Year 5","part":"target"}]}]]

local function make(what, token, person, incident)
    local headers = { ["Authorization"] = "Bearer " .. token }
    if what == "livez" then return wrk.format("GET", "/livez") end
    if what == "person" then return wrk.format("GET", "/v1/people/" .. person, headers) end
    if what == "people" then return wrk.format("GET", "/v1/people?limit=50", headers) end
    if what == "gate" then
        return wrk.format("GET", "/v1/gate?for=device&person_id=" .. person, headers)
    end
    if what == "device" then
        return wrk.format(
            "GET", "/v1/device-decisions?ownership=staff_owned&place=office&person_id=" .. person,
            headers)
    end
    if what == "incident" then return wrk.format("GET", "/v1/incidents/" .. incident, headers) end
    if what == "incidents" then return wrk.format("GET", "/v1/incidents?limit=50", headers) end
    if what == "triage" then
        return wrk.format("GET", "/v1/incidents?status=reported&limit=50", headers)
    end
    if what == "closing" then
        return wrk.format("GET", "/v1/incidents/" .. incident .. "/closure", headers)
    end
    headers["Content-Type"] = "application/json"
    return wrk.format("POST", "/v1/incidents", headers, report)
end

-- The threads begin far apart, so that they do not follow one another from school to school.
function setup(thread)
    thread:set("start", threads * 1777)
    threads = threads + 1
end

function init(arguments)
    for line in io.lines(arguments[2]) do
        local token, person, incident = line:match("(%S+) (%S+) (%S+)")
        requests[#requests + 1] = make(arguments[1], token, person, incident)
    end
    turn = start
end

function request()
    turn = turn % #requests + 1
    return requests[turn]
end

-- In a form that a program reads: requests, microseconds, bad answers, and how long they took.
function done(summary, latency)
    local errors = summary.errors
    local bad = errors.connect + errors.read + errors.write + errors.status + errors.timeout
    io.write(string.format(
        "result %d %d %d %d %d\n", summary.requests, summary.duration, bad,
        latency:percentile(50), latency:percentile(99)))
end
