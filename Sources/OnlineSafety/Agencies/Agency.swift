import JSON
import Postgres

/// An agency that the school can call on, with how it is reached (AGY-01): local numbers are the
/// school's data, and in no program.
enum Agency: RegisterKind {
    static let register = SmallRegister(
        kind: "agency", address: "/v1/agency-entries/",
        words: """
            An agency that a school can call on, with how it is reached, and for what: the \
            school's own data, checked by the school (AGY-01).
            """,
        time: .inForce, readers: .ofASchool,
        writers: [
            .onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher, .office,
            .schoolAdministrator,
        ],
        fields: [
            .word("what", AgencyKind.self, "What it is.", needed: true),
            .line("name", "What it is called.", needed: true, as: "Call Derbyshire"),
            .line("telephone", "The number, when there is time.", as: "01632 960100"),
            .line("at_once", "The number where there is immediate risk.", as: "01632 960101"),
            .line("advice_line", "The number for professionals' advice.", as: "01632 960102"),
            .line("email", "The e-mail address.", as: "lado@example.org"),
            .line("form", "The address of its form.", as: "https://www.example.org/referral"),
            .prose("words", "For what, and in which hours.", as: "Out of hours: the same number"),
            .day("checked_on", "When this was last checked."),
        ],
        faults: { said in
            let ways = ["telephone", "at_once", "advice_line", "email", "form", "words"]
            return ways.contains(where: said.has)
                ? [] : [.wanted("telephone", "Say how it is reached, in one way at least")]
        })
}

/// Whom a school can turn to (appendix 4 of the matrix).
enum AgencyKind: String, Words {
    case police
    case ceop
    case iwf
    case lado
    case socialCare = "social_care"
    case safeguardingPartnership = "safeguarding_partnership"
    case prevent
    case localAuthority = "local_authority"
    case trust
    case network
    case emailProvider = "email_provider"
    case otherSetting = "other_setting"
    case legalAdviser = "legal_adviser"
    case dataProtection = "data_protection"
    case helpline
    case removal
    case fraud
    case hateCrime = "hate_crime"
    case other

    var label: String {
        switch self {
        case .police: "The police"
        case .ceop: "CEOP, of the National Crime Agency"
        case .iwf: "The Internet Watch Foundation"
        case .lado: "The local authority designated officer (LADO)"
        case .socialCare: "Children's social care"
        case .safeguardingPartnership: "The safeguarding board or partnership"
        case .prevent: "Prevent and Channel"
        case .localAuthority: "The local authority"
        case .trust: "The trust"
        case .network: "A social network or another site"
        case .emailProvider: "A provider of e-mail"
        case .otherSetting: "Another school or setting"
        case .legalAdviser: "Legal advisers"
        case .dataProtection: "The data protection officer"
        case .helpline: "A helpline, as that for professionals"
        case .removal: "A service that has images removed, as Report Remove"
        case .fraud: "Action Fraud"
        case .hateCrime: "A local site against hate crime"
        case .other: "Another, which is named"
        }
    }
}
