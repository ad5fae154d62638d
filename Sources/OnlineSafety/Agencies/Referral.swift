import JSON
import Postgres

/// A referral to an agency, or a contact with one (AGY-02, AGY-03, AGY-06).
enum Referral: CasePartKind {
    static let part = CasePart(
        kind: "referral", path: "referrals",
        words: """
            A referral to an agency, or a contact with one: by which route, when, by whom, why, \
            what was said, and what came of it (AGY-02). A call to the police says whether on 999 \
            or on 101, and why (AGY-03). A DSL, deputy, the headteacher or the chair puts it down \
            (AGY-07). Other settings are not told while an agency must advise first (INC-38).
            """,
        writers: .deciders, readers: .deciders,
        fields: [
            .word("agency", AgencyKind.self, "To whom.", needed: true),
            .line(
                "name", "Which one; needed where the kind does not say.",
                as: "The head of Larkfield Junior"),
            .entry("directory", of: "agency", "The entry of the school's directory."),
            .word("route", ReferralRoute.self, "By which route.", needed: true),
            .prose(
                "route_reason", "Why on 999, or why 101 was enough; needed of both.",
                as: "Nobody is in danger now: he is at home with his mother"),
            .moment("happened_at", "When.", needed: true),
            .line("made_by", "By whom.", needed: true, as: "Grace Okafor"),
            .prose("words", "Why, and what was said.", needed: true, as: "All that the child told"),
            .line("reference", "The agency's reference.", as: "CR/2291/26"),
            .day("acknowledged_on", "When the agency acknowledged it."),
            .prose("advice", "What it advised.", as: "Do not speak with the family yet"),
            .prose("outcome", "What came of it.", as: "Early help, from January"),
            .day("chase_on", "When it is to be asked again."),
            .day("closed_on", "When nothing more was to come of it."),
        ],
        computed: [
            .word(
                "state", ReferralState.self, "Where it stands.",
                from: """
                    case
                        when entry._content ? 'closed_on' then 'closed'
                        when entry._content ? 'advice' then 'advice_received'
                        when entry._content ? 'acknowledged_on' then 'acknowledged'
                        else 'made'
                    end
                    """),
            .yesOrNo(
                "is_to_chase", "Whether the day on which it is to be asked again has come.",
                where: """
                    not entry._content ? 'closed_on'
                    and (entry._content ->> 'chase_on')::date <= london_today()
                    """),
        ],
        faults: { said in
            var faults: [JSONFault] = []
            let route = said.text("route").flatMap(ReferralRoute.init)
            let agency = said.text("agency").flatMap(AgencyKind.init)
            if route?.isACallToThePolice == true, !said.has("route_reason") {
                faults.append(.wanted("route_reason", "Say why it was this number"))
            }
            if agency == .police, route == .telephone {
                faults.append(
                    JSONFault(
                        pointer: "/route", code: "999_or_101",
                        detail: "Of the police say whether it was 999 or 101"))
            }
            if route?.isACallToThePolice == true, agency != .police {
                faults.append(
                    JSONFault(
                        pointer: "/route", code: "not_the_police",
                        detail: "999 and 101 are numbers of the police"))
            }
            if agency?.isNamed == true, !said.has("name"), !said.has("directory_id") {
                faults.append(.wanted("name", "Say which one, or name its entry"))
            }
            if said.has("closed_on"), !said.has("outcome") {
                faults.append(.wanted("outcome", "Say what came of it"))
            }
            return faults
        },
        standsAgainst: { said, incident, tx in
            said.text("agency") == AgencyKind.otherSetting.rawValue
                ? try await incident.isHeldForAnAgency(tx) : []
        },
        receipts: { said in
            said.text("route") == ReferralRoute.advisedToCall.rawValue ? nil : .passedOn
        })
}

/// By which route somebody outside is reached.
enum ReferralRoute: String, Words {
    case emergency = "999"
    case nonEmergency = "101"
    case telephone
    case onlineForm = "online_form"
    case email
    case inPerson = "in_person"
    case letter
    case advisedToCall = "advised_to_call"

    /// Of which the reason for the number is put down (AGY-03).
    var isACallToThePolice: Bool { self == .emergency || self == .nonEmergency }

    var label: String {
        switch self {
        case .emergency: "999: life or safety in danger, or a crime going on"
        case .nonEmergency: "101: the police, where nobody is in danger now"
        case .telephone: "Telephone"
        case .onlineForm: "An online form"
        case .email: "E-mail"
        case .inPerson: "In person"
        case .letter: "Letter"
        case .advisedToCall: "None: whoever told of it was advised to go there themselves"
        }
    }
}

/// Where a referral stands (24.8 of the matrix).
enum ReferralState: String, Words {
    case made
    case acknowledged
    case adviceReceived = "advice_received"
    case closed

    var label: String {
        switch self {
        case .made: "Made"
        case .acknowledged: "The agency has acknowledged it"
        case .adviceReceived: "It has advised"
        case .closed: "Nothing more is to come of it"
        }
    }
}

extension AgencyKind {
    /// Of which there are many, so that the one is named.
    fileprivate var isNamed: Bool {
        [.network, .emailProvider, .otherSetting, .legalAdviser, .helpline, .removal, .other]
            .contains(self)
    }
}
