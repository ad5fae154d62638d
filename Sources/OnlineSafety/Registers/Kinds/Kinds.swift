extension Registers {
    /// Every kind of entry, in the order of the contract.
    static let kinds: [any RegisterKind.Type] = [
        Agency.self, OutsideService.self, DesignatedArea.self, OutsideOrganisation.self,
        OffSitePlacement.self,
        Committee.self, NamedPost.self, ReportingChannel.self, ReportingBriefing.self,
        FilteringArrangement.self,
        MonitoringDuty.self, Supervisor.self, SupervisionMeeting.self, LeadAccess.self,
        SafeguardingAllowance.self, Shortfall.self, LiaisonContact.self, LiaisonMeeting.self,
        SecureStore.self, ImageApproval.self, ImageGuidance.self, PhotographyEvent.self,
        VideoconferenceRecording.self,
        GuestLogInUse.self, TrainingRecord.self, ProfessionalUpdate.self, WirelessKeyIssue.self,
        DeviceApp.self, DeviceException.self, TripPhone.self, ContractorDevice.self,
        Confiscation.self, EquipmentCheck.self, TemporaryImage.self, ContactPhone.self,
        StakeholderInput.self, PolicyAnnouncement.self, OversightRecord.self,
        Trend.self,
        DataBreach.self,
    ]

    /// The closed lists whose words their fields have.
    static let vocabularies: [Vocabulary] = [
        Vocabulary("outside_service_kinds", OutsideServiceKind.self),
        Vocabulary("off_site_kinds", OffSiteKind.self),
        Vocabulary("committee_kinds", CommitteeKind.self),
        Vocabulary("named_post_kinds", NamedPostKind.self),
        Vocabulary("channel_reaches", ChannelReach.self),
        Vocabulary("told_besides", ToldBesides.self),
        Vocabulary("told_groups", ToldGroup.self),
        Vocabulary("monitoring_systems", MonitoringSystem.self),
        Vocabulary("supervision_meeting_kinds", SupervisionMeetingKind.self),
        Vocabulary("liaison_bodies", LiaisonBody.self),
        Vocabulary("liaison_posts", LiaisonPost.self),
        Vocabulary("secure_store_kinds", SecureStoreKind.self),
        Vocabulary("ways_to_keep_up_to_date", WayToKeepUpToDate.self),
        Vocabulary("checked_equipment", CheckedEquipment.self),
        Vocabulary("equipment_marks", EquipmentMark.self),
        Vocabulary("stakeholder_groups", StakeholderGroup.self),
        Vocabulary("announcement_channels", AnnouncementChannel.self),
        Vocabulary("oversight_kinds", OversightKind.self),
        Vocabulary("trend_kinds", TrendKind.self),
        Vocabulary("trend_changes", TrendChange.self),
        Vocabulary("breach_risks", BreachRisk.self),
        Vocabulary("breached_data", BreachedData.self),
    ]
}
