import Crypto
import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

extension TestSchool {
    static let sibling = "00000000-0000-7000-8000-0000000e0003"
    static let address = "ines@home.example"
}

extension Register {
    /// The parents of Hawthorn's pupil with an address each, and a second child of the one.
    func addFamily() throws {
        try addParents()
        let school = TestSchool.hawthorn.id
        try database.execute(
            """
            update person set email = '\(TestSchool.address)' where id = '\(TestSchool.parent)';
            update person set email = 'paul@moss.example' where id = '\(TestSchool.estranged)';
            insert into person (school_id, id, kind, given_name, family_name)
            values ('\(school)', '\(TestSchool.sibling)', 'pupil', 'Wren', 'Ash');
            insert into parent_link (
                school_id, id, parent_id, child_id, has_responsibility, from_on)
            values ('\(school)', gen_random_uuid(), '\(TestSchool.parent)',
                '\(TestSchool.sibling)', true, '2020-01-01');
            """)
    }

    /// Another person of a roster, with what else is to be said of them.
    func person(
        _ kind: String, _ email: String?, parentOf child: String? = nil,
        at school: TestSchool = .hawthorn
    ) throws -> String {
        let id = UUID().lowercased
        try database.owner().run(
            """
            insert into person (school_id, id, kind, given_name, family_name, email)
            values (\(school.id), \(id)::text::uuid, \(kind), 'Some', 'Body', \(email))
            """)
        if let child {
            try database.owner().run(
                """
                insert into parent_link (
                    school_id, id, parent_id, child_id, has_responsibility, from_on)
                values (\(school.id), gen_random_uuid(), \(id)::text::uuid,
                    \(child)::text::uuid, true, '2020-01-01')
                """)
        }
        return id
    }

    /// A template that pupils and parents sign, in force.
    func rulesForPupils(_ said: [String: JSONValue] = [:]) throws -> String {
        let template = try template("Pupils", for: [["kind": "pupil"]])
        let usual: [String: JSONValue] = [
            "signers": "pupil_and_parent",
            "attestations": [["code": "talked", "words": "We talked about it.", "by": "parent"]],
        ]
        _ = try publish(agreementText(usual.merging(said) { $1 }), of: template)
        return template
    }

    /// Whoever opens the link that the office sent to somebody.
    func signer(_ person: String) throws -> Visitor {
        let sent = try self.as(.office).post("/v1/signing-links", ["person_id": .string(person)])
        try #require(sent.status == 201, "\(sent.json)")
        return visitor(token: try #require(try links().last).secret)
    }

    /// Asks for a fresh link.
    func askForLink(_ email: String) throws -> Reading {
        try nobody.post("/v1/signing/links", ["email": .string(email)])
    }

    /// Lets the worker answer all who asked.
    func answerAsks() throws {
        for _ in 0..<50 {
            let worker = try DirectConnection(database.workerURL)
            let answer = try worker.run("select answer_signing_ask() as is_answered")
            if answer.bool(0, "is_answered") != true { return }
        }
    }

    /// A parent of Hawthorn's pupil with a live link, to sign what the contract's examples name.
    func signerOfTheExample() throws -> Visitor {
        let (school, secret) = (TestSchool.hawthorn, Secret(of: "link"))
        let example = ID<Agreement>.example.uuid
        let parent = try person(
            "parent", TestSchool.address, parentOf: school.pupil.lowercased)
        let kept = KeptAgreement(as: example)
        let text = agreementText([
            "signers": "parent", "attestations": [["code": "talked", "words": "We talked."]],
        ])
        try database.execute(
            kept.text(text, for: "pupil") + kept.issued(to: school.pupil)
                + """
                insert into sign_in_link (id, purpose, address, lasts_until, secret_hash)
                values ('\(example)', 'signing', '\(TestSchool.address)',
                    rowan_now() + interval '1 day', '\\x\(Hex.encode(secret.hash))');
                insert into signing_link (school_id, id, person_id, link_id, lasts_until)
                values ('\(school.id)', gen_random_uuid(), '\(parent)', '\(example)',
                    rowan_now() + interval '1 day');
                """)
        return visitor(token: secret.string)
    }
}

extension Reading {
    /// What a link opens: the titles, by before whom they were put.
    var opened: [String: [String]] {
        guard case .array(let agreements)? = json["agreements"] else { return [:] }
        return agreements.reduce(into: [:]) { opened, one in
            opened[one["who"]?.text ?? "", default: []].append(one["state"]?.text ?? "")
        }
    }
}

/// What a parent writes.
let parentsSignature: JSONValue = ["full_name": "Ines Ash", "attestations": ["talked"]]
