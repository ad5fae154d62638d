import JSON

@testable import OnlineSafety

/// The types in which the contract says that the service answers, by the name of their schema.
struct DeclaredType: Sendable {
    /// Throws every fault of an answer that is not of the type; an unknown member is one.
    let decode: @Sendable (JSONValue) throws -> Void

    /// The example that the contract shows.
    let example: @Sendable () throws -> JSONValue

    private init<Value: Resource>(_: Value.Type) {
        decode = { _ = try JSON.decode(Value.self, from: $0) }
        example = { try JSON.value(of: Value.example) }
    }

    /// A list answers a page of one of these.
    static let all: [String: DeclaredType] =
        (Registers.kinds.map { ofEntries($0) }
        + (CaseWork.kinds + [Referral.self]).map { ofAPart($0) })
        .reduce(others) { $0.merging($1) { $1 } }

    private static func ofAPart<Kind: CasePartKind>(_: Kind.Type) -> [String: DeclaredType] {
        [CasePartShown<Kind>.schemaName: DeclaredType(CasePartShown<Kind>.self)]
    }

    private static func ofEntries<Kind: RegisterKind>(
        _: Kind.Type
    ) -> [String: DeclaredType] {
        [
            EntryShown<Kind>.schemaName: DeclaredType(EntryShown<Kind>.self),
            EntryVersion<Kind>.schemaName: DeclaredType(EntryVersion<Kind>.self),
        ]
    }

    private static let others: [String: DeclaredType] = [
        "EmergencyCall": DeclaredType(EmergencyCall.self),
        "IllegalAddress": DeclaredType(IllegalAddress.self),
        "Signpost": DeclaredType(Signpost.self),
        "GovernorReportPreview": DeclaredType(GovernorReportPreview.self),
        "FamilyLink": DeclaredType(FamilyLink.self),
        "RosterBatch": DeclaredType(RosterBatch.self),
        "SchoolClass": DeclaredType(SchoolClass.self),
        "RegisterGap": DeclaredType(RegisterGap.self),
        "ReportingChannels": DeclaredType(PublishedChannels.self),
        "AccessGrant": DeclaredType(AccessGrant.self),
        "AccessSystem": DeclaredType(AccessSystem.self),
        "AccessTask": DeclaredType(AccessTask.self),
        "AccessTasksCompleted": DeclaredType(AccessTasksCompleted.self),
        "AccessReview": DeclaredType(AccessReview.self),
        "Agreement": DeclaredType(Agreement.self),
        "AgreementCampaign": DeclaredType(Campaign.self),
        "AgreementCopy": DeclaredType(AgreementCopy.self),
        "AgreementStanding": DeclaredType(AgreementStanding.self),
        "AgreementTemplate": DeclaredType(AgreementTemplate.self),
        "AgreementVersion": DeclaredType(AgreementVersion.self),
        "OrganisationAgreement": DeclaredType(OrganisationAgreement.self),
        "OrganisationMembership": DeclaredType(OrganisationMembership.self),
        "OrganisationOpened": DeclaredType(OrganisationOpened.self),
        "OrganisationStanding": DeclaredType(OrganisationStanding.self),
        "Complaint": DeclaredType(Complaint.self),
        "ComplaintReporter": DeclaredType(ComplaintReporter.self),
        "Device": DeclaredType(Device.self),
        "DeviceBatch": DeclaredType(DeviceBatch.self),
        "DeviceDecision": DeclaredType(DeviceDecision.self),
        "DeviceHold": DeclaredType(DeviceHold.self),
        "DeviceIssue": DeclaredType(DeviceIssue.self),
        "DeviceMatrix": DeclaredType(SchoolRule<DeviceMatrix>.self),
        "DeviceUseRules": DeclaredType(SchoolRule<UseRules>.self),
        "Completion": DeclaredType(Completion.self),
        "Consent": DeclaredType(Consent.self),
        "ConsentCheck": DeclaredType(ConsentCheck.self),
        "ConsentRule": DeclaredType(SchoolRule<ConsentRule>.self),
        "ConsentStanding": DeclaredType(ConsentStanding.self),
        "ConsentsRecorded": DeclaredType(ConsentsRecorded.self),
        "ImageRemoval": DeclaredType(ImageRemoval.self),
        "TrainingRule": DeclaredType(SchoolRule<TrainingRule>.self),
        "TrainingStanding": DeclaredType(TrainingStanding.self),
        "CalendarLink": DeclaredType(CalendarLink.self),
        "CalendarLinkMade": DeclaredType(CalendarLink.Made.self),
        "ChildEntry": DeclaredType(ChildEntry.self),
        "ChronologyHandover": DeclaredType(ChronologyHandover.self),
        "Duty": DeclaredType(Duty.self),
        "DutyFigure": DeclaredType(DutyFigure.self),
        "SummaryFigure": DeclaredType(SummaryFigure.self),
        "GovernorReport": DeclaredType(GovernorReport.self),
        "Induction": DeclaredType(Induction.self),
        "InductionRule": DeclaredType(SchoolRule<InductionRule>.self),
        "PlannedAction": DeclaredType(PlannedAction.self),
        "AttachedProcedure": DeclaredType(AttachedProcedure.self),
        "ProcedureMap": DeclaredType(ProcedureMap.self),
        "SchoolProcedure": DeclaredType(SchoolProcedure.self),
        "StepOfAProcedure": DeclaredType(StepShown.self),
        "Policy": DeclaredType(Policy.self),
        "PolicyReceipt": DeclaredType(PolicyReceipt.self),
        "PolicyRule": DeclaredType(SchoolRule<PolicyRule>.self),
        "PolicyVersion": DeclaredType(PolicyVersion.self),
        "PublishedPolicies": DeclaredType(PublishedPolicies.self),
        "PublishedPolicy": DeclaredType(PublishedPolicy.self),
        "Review": DeclaredType(Review.self),
        "ReviewRule": DeclaredType(ReviewRule.self),
        "LinkConsents": DeclaredType(LinkConsents.self),
        "PermissionLine": DeclaredType(PermissionLine.self),
        "SoughtConsent": DeclaredType(SoughtConsent.self),
        "AgreementCheck": DeclaredType(AgreementCheck.self),
        "GateAnswer": DeclaredType(GateAnswer.self),
        "ActionLine": DeclaredType(ActionLine.self),
        "AuditEntry": DeclaredType(AuditEntry.self),
        "IncidentReading": DeclaredType(IncidentReading.self),
        "CalendarDay": DeclaredType(DayShown.self),
        "CalendarYear": DeclaredType(CalendarYear.self),
        "ChronologyEntry": DeclaredType(ChronologyEntry.self),
        "Closure": DeclaredType(Closure.self),
        "Delegation": DeclaredType(Delegation.self),
        "Breach": DeclaredType(Breach.self), "Evidence": DeclaredType(Evidence.self),
        "Incident": DeclaredType(Incident.self),
        "IncidentNotice": DeclaredType(IncidentNotice.self),
        "AccessToken": DeclaredType(AccessToken.self),
        "Client": DeclaredType(Client.self),
        "ClientSecretMade": DeclaredType(Client.SecretMade.self),
        "ReportingTokenMade": DeclaredType(Client.ReportingMade.self),
        "IncidentFigure": DeclaredType(IncidentFigure.self),
        "IncidentTrends": DeclaredType(IncidentTrends.self),
        "Restriction": DeclaredType(Restriction.self),
        "BrokenGlass": DeclaredType(BrokenGlass.self),
        "RestrictedCount": DeclaredType(RestrictedCount.self),
        "Invitation": DeclaredType(Invitation.self),
        "TrustPost": DeclaredType(TrustPost.self),
        "Involvement": DeclaredType(Involvement.self),
        "IntakeKey": DeclaredType(IntakeKey.self),
        "IntakeKeyMade": DeclaredType(IntakeKey.Made.self),
        "IntakeReceipt": DeclaredType(IntakeReceipt.self),
        "Leaver": DeclaredType(Leaver.self),
        "Link": DeclaredType(Link.self),
        "AgencyHold": DeclaredType(AgencyHold.self),
        "LogEntry": DeclaredType(LogEntry.self),
        "Me": DeclaredType(Me.self),
        "ProcessingShown": DeclaredType(ProcessingShown.self),
        "MonitoringNotice": DeclaredType(MonitoringNotice.self),
        "Notice": DeclaredType(Notice.self),
        "OpenSession": DeclaredType(OpenSession.self),
        "ParentsDecision": DeclaredType(ParentsDecision.self),
        "Person": DeclaredType(Person.self),
        "Post": DeclaredType(Post.self),
        "PostHeld": DeclaredType(PostHeld.self),
        "Proposal": DeclaredType(Proposal.self),
        "Readiness": DeclaredType(Readiness.self),
        "ReportRecipient": DeclaredType(ReportRecipient.self),
        "RecordVersion": DeclaredType(RecordVersion.self),
        "RecoveryCodes": DeclaredType(RecoveryCodes.self),
        "Reported": DeclaredType(Reported.self),
        "School": DeclaredType(School.self),
        "SchoolDay": DeclaredType(SchoolDay.self),
        "SecondFactorBegun": DeclaredType(SecondFactorBegun.self),
        "SessionOpened": DeclaredType(SessionOpened.self),
        "Setting": DeclaredType(SettingShown.self),
        "PaperReturnsEntered": DeclaredType(PaperReturnsEntered.self),
        "CampaignReminder": DeclaredType(CampaignReminder.self),
        "SigningLink": DeclaredType(SigningLink.self),
        "OpenedLink": DeclaredType(OpenedLink.self),
        "LinkCopy": DeclaredType(LinkCopy.self),
        "SettingVersion": DeclaredType(SettingVersion.self),
        "SteppedUp": DeclaredType(SteppedUp.self),
        "SuspectedAttack": DeclaredType(SuspectedAttack.self),
        "Triaged": DeclaredType(Triaged.self),
        "TrustSetting": DeclaredType(TrustSetting.self),
        "VulnerabilityMarker": DeclaredType(VulnerabilityMarker.self),
    ]
}

extension Route {
    /// What the contract says of it.
    var contractWords: OperationWords {
        var words = OperationWords()
        contract(&words)
        return words
    }

    /// The name of the schema of what it answers; `nil` where it answers nothing, or anything.
    var answeredSchema: String? {
        guard case .object(let object)? = contractWords.response?.schema?.shape else { return nil }
        return object.name
    }

    /// Throws when an answer is not of the type that the contract says.
    func decode(_ answer: JSONValue) throws {
        guard let name = answeredSchema else { return }
        if let type = DeclaredType.all[name] { return try type.decode(answer) }
        guard name.hasSuffix("Page"), let type = DeclaredType.all[String(name.dropLast(4))],
            case .array(let records)? = answer["data"], answer["next_cursor"] != nil
        else { throw Undeclared(name: name) }
        for record in records { try type.decode(record) }
    }
}

/// A schema that no type here stands for: add it to `DeclaredType.all`.
struct Undeclared: Error { let name: String }
