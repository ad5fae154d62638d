import JSON
import Testing

@testable import OnlineSafety

/// What a school permits to which class of device, and whose own may be used where and when.
@Suite struct `Rules of devices` {
    @Test func `source 000's matrix is kept cell by cell, and what is blank stays blank`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        let path = devices.rules("matrix")
        let before = try devices.register.as(.staff).get(path)
        #expect(before.json["cells"] == [] && before["etag"] == "\"0\"")
        #expect(before["from_on"] == nil && before["set_by"] == nil)
        let set = try devices.sets("matrix", DevicesAtWork.matrixOf000)
        #expect(set.status == 200, "\(set.text)")
        let read = try devices.register.as(.governor).get(path)
        #expect(read.json["cells"]?.sorted == DevicesAtWork.matrixOf000["cells"]?.sorted)
        #expect(read["from_on"] == "2026-11-20" && read["set_by"] == Role.headteacher.label)
    }

    @Test func `a version holds from its day, and what held before is kept`() async throws {
        let devices = try await DevicesAtWork.open()
        let path = devices.rules("matrix")
        try devices.sets("matrix", DevicesAtWork.matrixOf000)
        let head = devices.register.as(.headteacher)
        let blank: JSONValue = ["from_on": "2027-01-04", "cells": []]
        #expect(try head.put(path, blank).status == 428)
        #expect(try head.put(path, blank, ["If-Match": "\"0\""]).status == 412)
        let over: JSONValue = ["from_on": "2026-11-19", "cells": []]
        #expect(
            try head.put(path, over, ["If-Match": "\"1\""]).faults
                == ["/from_on": "out_of_range"])
        let planned = try head.put(path, blank, ["If-Match": "\"1\""])
        #expect(planned["from_on"] == "2027-01-04" && planned["etag"] == "\"2\"")
        let cells = try head.get(path).json["cells"]
        #expect(cells?.sorted == DevicesAtWork.matrixOf000["cells"]?.sorted)
        #expect(try head.get(path + "?on=2027-01-04").json["cells"] == [])
        #expect(try head.get(path + "?on=2026-11-19").json["cells"] == [])
    }

    @Test func `every fault of a matrix and of rules of use is told`() async throws {
        let devices = try await DevicesAtWork.open()
        let cell: JSONValue = [
            "ownership": "authorised", "permission": "in_school", "answer": "yes",
        ]
        let wrong: JSONValue = ["cells": [cell, cell, ["ownership": "mine", "answer": "perhaps"]]]
        #expect(
            try devices.sets("matrix", wrong).faults == [
                "/cells/2/ownership": "unknown_word", "/cells/2/permission": "required",
                "/cells/2/answer": "unknown_word",
            ])
        #expect(
            try devices.sets("matrix", ["cells": [cell, cell]]).faults
                == ["/cells/1": "repeated"])
        let rule: JSONValue = ["audiences": [], "places": [], "times": [], "answer": "no"]
        #expect(
            try devices.sets("use-rules", ["rules": [rule]]).faults == [
                "/rules/0/audiences": "empty", "/rules/0/places": "empty",
                "/rules/0/times": "empty",
            ])
        for role in [Role.dsl, .technician, .office, .staff] {
            #expect(try devices.sets("use-rules", ["rules": []], by: role).status == 403)
        }
    }

    @Test func `rules of use come back in their order, with what owners are told`() async throws {
        let devices = try await DevicesAtWork.open()
        let path = devices.rules("use-rules")
        let usual = try devices.register.as(.staff).get(path)
        #expect(usual.json["rules"] == [] && usual["statement"] == UseRules.usualStatement)
        // 002: break and lunch only, in the staff room; otherwise as the headteacher agrees.
        let rules: JSONValue = [
            [
                "audiences": ["staff"], "places": ["staff_room", "planning_area"],
                "times": ["break", "lunch"], "answer": "allowed",
            ],
            ["audiences": ["staff"], "answer": "with_permission", "words": "The headteacher"],
            ["audiences": ["pupil"], "answer": "no"],
        ]
        let set = try devices.sets(
            "use-rules", ["statement": "At your own risk", "rules": rules], by: .seniorLeader)
        #expect(set.status == 200, "\(set.text)")
        let read = try devices.register.as(.office).get(path)
        #expect(read.json["rules"]?.sorted == rules.sorted)
        #expect(read["statement"] == "At your own risk")
        let unlike = try devices.register.database.number(
            "select count(*) from rule_unlike_its_entry")
        #expect(unlike == 0)
        try devices.register.database.execute("update school_rule set content = '{}'")
        #expect(
            try devices.register.database.number(
                "select count(*) from rule_unlike_its_entry") > 0)
    }
}
