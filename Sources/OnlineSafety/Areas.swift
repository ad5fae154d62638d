/// Every area, in the order of the contract: the whole API on one screen.
package let areas: [Area] = [
    About.area,
    SignIn.area,
    Incidents.area,
    Intake.area,
    Notices.area,
    People.area,
    Roster.area,
    Schools.area,
    Calendar.area,
    Posts.area,
    Invitations.area,
    Settings.area,
    Registers.area,
    ReadingTheAudit.area,
    Clients.area,
    IncidentFigures.area,
]
