"""The kinds of agreement that five schools' policies have: for whom each is, who signs it, what
hangs on it and when it is due again, as the policies say; what each says is read out of them.
"""

from dataclasses import dataclass, field

from policies import Agreement, between, document, saying

STAFF = ("teacher", "support_staff")
OUTSIDE = ("visitor", "regular_visitor", "contractor", "community_user", "outsourced_ict")
YEARS = {"eyfs": "r", "key_stage_1": "2", "key_stage_2": "5", "key_stage_3": "8",
         "key_stage_4": "10"}


@dataclass
class Kind:
    """`audience` of kinds of persons, or for pupils of phases; `needs` names other kinds here."""
    name: str
    agreement: Agreement
    audience: tuple
    form: str = "signature"
    signers: str = "oneself"
    opens: tuple = ()
    renewal: dict = None
    needs: tuple = ()
    variants: dict = field(default_factory=dict)

    @property
    def is_of_pupils(self):
        return self.signers != "oneself"

    @property
    def is_signed(self):
        return self.form in ("signature", "agreement")


def of_000(lines):
    yield Kind("tablets", Agreement(between(lines, "Staff, and")), STAFF + ("visitor",),
               opens=("device",))
    yield Kind("staff, governors, visitors",
               Agreement(between(lines, "Staff, Governor and", "Staff, and")),
               STAFF + ("governor",) + OUTSIDE, opens=("device", "email", "internet"),
               needs=("tablets",))
    yield Kind("infants", Agreement(between(lines, "Think before", "Staff, Governor and")),
               ("eyfs", "key_stage_1"), signers="pupil", opens=("device", "internet"))
    yield Kind("home and school",
               Agreement(saying(lines, "Home School Agreement|parent/pupil agreement"),
                         "Home-school agreement"),
               ("eyfs", "key_stage_1"), signers="parent", opens=("internet",),
               renewal={"on_entering": ["n1", "r"]})


def of_001(lines):
    def appendix(letter):
        return Agreement(between(lines, f"Appendix {letter} ", "Appendix [A-Z] "))
    yield Kind("A", appendix("A"), STAFF + ("governor", "student_teacher"),
               opens=("work_with_pupils", "internet"))
    yield Kind("B", appendix("B"), ("peripatetic", "supply", "regular_visitor", "student_teacher"),
               opens=("work_with_pupils", "internet"))
    yield Kind("C", appendix("C"), ("visitor", "volunteer", "parent_helper"), form="delivery",
               opens=("work_with_pupils",))
    yield Kind("D", appendix("D"), ("eyfs", "key_stage_1", "key_stage_2"),
               signers="pupil_and_parent", opens=("internet",),
               renewal={"each_school_year": True})
    yield Kind("E", Agreement(saying(lines, r"^- E\. "), "Secondary pupils"),
               ("key_stage_3", "key_stage_4"), signers="pupil_and_parent", opens=("internet",),
               renewal={"each_school_year": True})
    yield Kind("F", appendix("F"), ("parent",), form="information")


def of_002(lines):
    yield Kind("staff", Agreement(saying(lines, "Staff Acceptable Use Policy"), "Staff"), STAFF,
               opens=("device", "log_in"))


def of_003(lines):
    letter = between(lines, "Dear Parent")
    youngest = between(lines, r"Pupil Acceptable Use Policy \(F",
                       r"Pupil Acceptable Use Policy \(KS2")[:-1]
    yield Kind("adults", Agreement(between(lines, "Appendix A", "Appendix B")), STAFF,
               opens=("internet", "email", "log_in"))
    yield Kind("Foundation Stage and KS1", Agreement(youngest + letter),
               ("eyfs", "key_stage_1"), signers="pupil_and_parent", opens=("internet",),
               renewal={"on_entering": ["3"]})
    yield Kind("KS2", Agreement(between(lines, r"Pupil Acceptable Use Policy \(KS2")),
               ("key_stage_2",), signers="pupil_and_parent", opens=("internet",))
    yield Kind("visitors, read and agreed",
               Agreement(saying(lines, "Visitors will be"), "Visitors"), ("visitor",),
               form="agreement", opens=("internet",))


def of_004(lines):
    signed = saying(lines, "read and sign an")
    yield Kind("adults", Agreement(signed, "Staff and visitors"), STAFF + ("visitor",),
               opens=("device", "network", "internet"))
    yield Kind("learners", Agreement(signed, "Learners"), ("eyfs", "key_stage_1"),
               signers="pupil", opens=("network", "internet"), variants={
                   "plain_words": saying(lines, "suits their age and ability"),
                   "differentiated": saying(lines, "ensure that differentiated")})
    yield Kind("parents read", Agreement(saying(lines, "Requiring them to read"), "Parents"),
               ("parent",), form="information")


def read(folder):
    """By the number of the policy. The first of each that others need comes before them."""
    return {number: list(kinds(document(folder, number)))
            for number, kinds in (("000", of_000), ("001", of_001), ("002", of_002),
                                  ("003", of_003), ("004", of_004))}
