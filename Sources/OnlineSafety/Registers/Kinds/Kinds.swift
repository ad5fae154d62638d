extension Registers {
    /// Every kind of entry, in the order of the contract.
    static let kinds: [any RegisterKind.Type] = [
        OutsideService.self, DesignatedArea.self, OutsideOrganisation.self, OffSitePlacement.self,
        Committee.self, NamedPost.self, ReportingChannel.self, ReportingBriefing.self,
        FilteringArrangement.self,
        MonitoringDuty.self, Supervisor.self, SupervisionMeeting.self, LeadAccess.self,
        SafeguardingAllowance.self, Shortfall.self, LiaisonContact.self, LiaisonMeeting.self,
        SecureStore.self, ImageGuidance.self, PhotographyEvent.self, VideoconferenceRecording.self,
        GuestLogInUse.self,
    ]

    /// The closed lists whose words their fields have.
    static let vocabularies: [Vocabulary] = [
        Vocabulary("outside_service_kinds", OutsideServiceKind.self),
        Vocabulary("off_site_kinds", OffSiteKind.self),
        Vocabulary("committee_kinds", CommitteeKind.self),
        Vocabulary("named_post_kinds", NamedPostKind.self),
        Vocabulary("channel_reaches", ChannelReach.self),
        Vocabulary("told_groups", ToldGroup.self),
        Vocabulary("monitoring_systems", MonitoringSystem.self),
        Vocabulary("supervision_meeting_kinds", SupervisionMeetingKind.self),
        Vocabulary("liaison_bodies", LiaisonBody.self),
        Vocabulary("liaison_posts", LiaisonPost.self),
        Vocabulary("secure_store_kinds", SecureStoreKind.self),
    ]
}
