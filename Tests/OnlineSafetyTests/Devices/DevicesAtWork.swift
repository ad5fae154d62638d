import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// Hawthorn on 20 November 2026, a Friday, with its devices.
struct DevicesAtWork {
    let register: Register
    let school = TestSchool.hawthorn

    static func open() async throws -> DevicesAtWork {
        let devices = DevicesAtWork(register: try await Register.open())
        try devices.at("2026-11-20T12:00:00Z")
        return devices
    }

    func at(_ moment: String) throws { try register.database.setClock(moment) }

    func rules(_ kind: String) -> String { "/v1/schools/\(school.id)/device-\(kind)" }

    /// Sets a matrix, or rules of use; from today, unless it says so itself.
    @discardableResult
    func sets(
        _ kind: String, _ body: JSONValue, by role: Role = .headteacher
    ) throws -> Reading {
        try register.as(role).put(rules(kind), body, ["If-Match": "*"])
    }

    /// Enters one of the school's, with these facts besides what is usual; its id.
    @discardableResult
    func device(_ tag: String = "HW-1", _ facts: [String: JSONValue] = [:]) throws -> String {
        let entered = try entering(tag, facts)
        try #require(entered.status == 201, "\(entered.json)")
        return entered.id
    }

    func entering(
        _ tag: String, _ facts: [String: JSONValue] = [:], by role: Role = .technician
    ) throws -> Reading {
        let usual: [String: JSONValue] = [
            "kind": "tablet", "ownership": "school_single", "tag": .string(tag),
        ]
        return try register.as(role).post(
            "/v1/devices", ["facts": .of(usual.merging(facts) { $1 })])
    }

    /// Declares somebody's own.
    func declaring(
        _ owner: UUID, _ facts: [String: JSONValue] = [:], by role: Role = .office
    ) throws -> Reading {
        let usual: [String: JSONValue] = ["kind": "phone", "ownership": "staff_owned"]
        return try register.as(role).post(
            "/v1/devices",
            [
                "owner_id": .string(owner.lowercased), "holds_nothing_illegal": true,
                "facts": .of(usual.merging(facts) { $1 }),
            ])
    }

    func declare(
        _ owner: UUID, _ facts: [String: JSONValue] = [:], by role: Role = .office
    ) throws -> String {
        let declared = try declaring(owner, facts, by: role)
        try #require(declared.status == 201, "\(declared.json)")
        return declared.id
    }

    /// Does something with it.
    func act(
        _ act: String, on device: String, _ more: [String: JSONValue] = [:],
        by role: Role = .technician
    ) throws -> Reading {
        try register.as(role).post(
            "/v1/devices/\(device)/acts", .of(more.merging(["act": .string(act)]) { $1 }))
    }

    /// Gives it to somebody.
    func assign(
        _ device: String, to person: UUID, _ more: [String: JSONValue] = [:]
    ) throws -> Reading {
        let said: [String: JSONValue] = [
            "person_id": .string(person.lowercased), "duties_confirmed": true,
        ]
        return try act("assigned", on: device, said.merging(more) { $1 })
    }

    func hold(
        _ device: String, _ act: String = "ordered", _ more: [String: JSONValue] = [:],
        by role: Role = .dsl
    ) throws -> Reading {
        let said: [String: JSONValue] =
            act == "released"
            ? ["act": .string(act), "reason": "No further action", "agency": "Police, 43/9912"]
            : [
                "act": .string(act), "reason": "Images were seen on it",
                "custodian": "Amina Yusuf", "kept_at": "The safe",
            ]
        return try register.as(role).post(
            "/v1/devices/\(device)/hold", .of(said.merging(more) { $1 }))
    }

    func read(_ device: String, as role: Role = .technician) throws -> Reading {
        try register.as(role).get("/v1/devices/\(device)")
    }

    func list(_ query: String = "", as role: Role = .technician) throws -> [String] {
        let told = try register.as(role).get("/v1/devices?\(query)")
        try #require(told.status == 200, "\(told.json)")
        return told.data.compactMap { $0["id"]?.text }
    }

    func sets(setting name: String, to value: JSONValue) throws {
        let set = try register.as(.headteacher).put(
            "/v1/schools/\(school.id)/settings/\(name)", ["value": value], ["If-Match": "*"])
        try #require(set.status == 200, "\(set.json)")
    }

    /// The matrix of source 000, cell by cell (appendix 5): "None" is no in the policy's own word.
    static let matrixOf000: JSONValue = {
        func cell(
            _ ownership: String, _ permission: String, _ answer: String, _ words: String? = nil
        ) -> JSONValue {
            .of([
                "ownership": .string(ownership), "permission": .string(permission),
                "answer": .string(answer), "words": words.map { .string($0) } ?? .null,
            ])
        }
        let rows = ["in_school", "full_network", "internet_only", "no_network"]
        let staff = zip(rows, ["yes", "no", "yes", "no"])
        let visitors = zip(rows, ["yes", "no", "no", "no"])
        return [
            "cells": .array(
                [
                    cell("school_single", "in_school", "yes"),
                    cell("school_single", "full_network", "yes"),
                    cell("school_multiple", "in_school", "yes"),
                    cell(
                        "school_multiple", "full_network", "yes",
                        "Pupils have restricted access"),
                    cell("authorised", "in_school", "yes"),
                    cell("authorised", "full_network", "yes"),
                ] + rows.map { cell("student_owned", $0, "no", "None") }
                    + staff.map { cell("staff_owned", $0.0, $0.1) }
                    + visitors.map { cell("visitor_owned", $0.0, $0.1) })
        ]
    }()
}

extension JSONValue {
    /// With its members in one order, as the database has another than whoever wrote it.
    var sorted: JSONValue {
        switch self {
        case .array(let elements): .array(elements.map(\.sorted))
        case .object(let object):
            .of(
                Dictionary(
                    object.members.map { ($0.name, $0.value.sorted) }, uniquingKeysWith: { $1 }))
        default: self
        }
    }
}
