"""Reads agreements out of policies, as somebody would who types them in: headings, clauses, what is
confirmed, and the lines that ask for a name or a date. Nothing of a policy is written here: only
how to find where an agreement begins and ends, and how to tell its lines apart.
"""

import glob
import re

# What a form asks its signer for, and where that goes.
LABELS = {
    "full name": "full_name", "name": "full_name", "pupil name": "full_name",
    "parent carer name": "full_name", "member of staff full name": "full_name",
    "job title": "job_title", "job title role": "job_title", "class": "class_name",
    "date": "signed_on", "signature": "signature", "signed": "signature",
    "pupil signature": "signature", "child signature": "signature",
    "parent carer signature": "signature",
}
# What the school fills in at the head of one.
FILLED = {
    "school name": "school", "online safety lead": "coordinator", "dsl": "dsl",
    "designated safeguarding lead dsl": "dsl",
}
SYMBOL = re.compile(r"^(\?|[a-z]{3,5})?\t(?=I )")
# A cell of a table that lies within a sentence.
CELL = re.compile(r"(?<=\w )Pupil signature:\t")
NAMED = r"\b(?:Mrs?|Ms|Miss|Dr)\.? [A-Z][a-z]+(?: [A-Z][a-z]+)?"
SCHOOL = r"\b[A-Z][\w'’]+ (?:Infants? (?:and Nursery )?School|Federation)\b"
PUPIL = r"_{3,} \(pupil.s name\)"
SIGNING = re.compile(r"^(user signature|pupil agreement|parent\(?s?\)?\S* agreement)$", re.I)
AGREEING = re.compile(r"(We have discussed|I agree to follow) ")


def document(folder, number):
    """Its lines, without marks of emphasis."""
    path, = glob.glob(f"{folder}/{number}_*.txt")
    with open(path, encoding="utf-8") as file:
        return [line.rstrip().replace("**", "").replace("\xa0", " ") for line in file]


def between(lines, begin, end=None):
    """From the last line that begins so up to the next that ends it."""
    starts = [place for place, line in enumerate(lines) if re.match(begin, line)]
    assert starts, f"nothing begins with {begin}"
    rest = lines[starts[-1] + 1:]
    stop = next((n for n, line in enumerate(rest) if end and re.match(end, line)), len(rest))
    return lines[starts[-1]:starts[-1] + 1 + stop]


def saying(lines, words):
    """The items that speak of an agreement of which a policy does not give the words."""
    found = [line for line in lines if re.search(words, line)]
    assert found, f"nothing says {words}"
    return found


def plain(line):
    return re.sub(r"\s+", " ", re.sub(r"^\s*(?:[-•]\s+)?(?:\d+\.\s+)?", "", line)).strip()


def asked(line):
    """What a line of a form asks for, by its labels; nothing where it says something."""
    text = re.sub(r"\([^)]*(?:print|block)[^)]*\)", " ", line, flags=re.I)
    words = re.sub(r"[^a-z]+", " ", text.lower().replace("(s)", "")).strip()
    known = sorted({**LABELS, **FILLED}, key=len, reverse=True)
    found = []
    while words:
        label = next((one for one in known if (words + " ").startswith(one + " ")), None)
        if label is None:
            return []
        found.append(label)
        words = words[len(label):].strip()
    return found


def templated(line, names=None):
    """With placeholders where the policy names people and schools, or with what stands for them."""
    def name(placeholder):
        return (names or {}).get(placeholder, "{{" + placeholder + "}}")
    line = re.sub(r"(?<=discussed with )" + NAMED, name("contact"), line)
    line = re.sub(PUPIL, name("person"), line)
    return re.sub(SCHOOL, name("school"), re.sub(NAMED, name("coordinator"), line))


def sentences(line):
    return [one for one in re.split(r"(?<=[.!?])\s+(?=[A-Z(])", line) if one]


def words(text):
    return " ".join(re.findall(r"\w+", text))


class Agreement:
    """What was read: `headings` of `(words, clauses)`, the words `None` before the first; clauses
    of `(symbol, words)`; `confirmed` of `(who, words)`; `fields`, the labels of what is asked.
    """

    def __init__(self, lines, title=None):
        """With a title where the policy does not give the agreement, but tells of it only."""
        self.headings, self.confirmed, self.fields, self.who = [], [], [], None
        self.lines = [line for line in lines if line.strip()]
        self.is_given = title is None
        self.above = [] if title else self.lines[:self.height()]
        self.title = title or templated(", ".join(plain(line) for line in self.above))
        for line in self.lines[len(self.above):]:
            self.read(line)

    def height(self):
        """A title may have two lines, of which the first alone says only for whom it is."""
        return 2 if re.match(r"Staff,", self.lines[0]) else 1

    def read(self, line):
        if CELL.search(line):
            self.fields.append("pupil signature")
            line = CELL.sub("", line)
        symbol = SYMBOL.match(line)
        labels = [] if symbol else asked(line)
        if labels:
            self.fields += [label for label in labels if label in LABELS]
            for label in labels:
                if label in FILLED:
                    self.add(None, f"{plain(line).rstrip('.')}: {{{{{FILLED[label]}}}}}")
            return
        said = templated(plain(line[symbol.end():] if symbol else line))
        if SIGNING.match(said):
            self.who = re.match(r"[a-z]+", said.lower())[0]
        if self.is_heading(line, said):
            self.headings.append((said, []))
            return
        self.add(symbol and symbol[1], said)
        if self.who or AGREEING.match(said):
            self.confirmed += [(self.who, one) for one in sentences(said)]

    def add(self, symbol, said):
        if not self.headings:
            self.headings.append((None, []))
        self.headings[-1][1].append((symbol, said))

    @staticmethod
    def is_heading(line, said):
        if re.match(r"\s*-\s", line) or SYMBOL.match(line) or said.endswith((".", "?", ",")):
            return False
        return len(said) <= 80 and not re.match(r"(I|We|You|Please|Dear) ", said)

    def sentences(self, names=None):
        """Every sentence of the document, in words, read anew line by line: in their order, and
        with what stands in the copy for those whom it names. Labels alone are no sentences.
        """
        for line in self.lines:
            line = CELL.sub("", line)
            for label in [] if SYMBOL.match(line) else asked(line):
                if label in FILLED:
                    yield words(f"{line} {(names or {}).get(FILLED[label], FILLED[label])}")
            if SYMBOL.match(line) or not asked(line):
                line = plain(SYMBOL.sub("", line))
                yield from (words(one) for one in sentences(templated(line, names)))
