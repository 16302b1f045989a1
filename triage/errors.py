"""What goes wrong in use of triage, as exceptions whose message is fit to show a person."""


class TriageError(Exception):
    """Triage was asked for something it cannot do; title and message are shown as they stand.

    Attributes:
        title: a few words, no full stop.
        message: what was wrong, where, and what to do about it.
    """

    def __init__(self, title: str, message: str) -> None:
        super().__init__(f"{title}: {message}")
        self.title = title
        self.message = message


class FactsError(TriageError):
    """The facts of a workload cannot all be meant: a negative wait, more marks than calls."""


Place = tuple[int, int]
"""Line and column in a file, both from 1."""


class PolicyError(TriageError):
    """A policy file is refused; the message has one line for each thing to mend.

    Attributes:
        problems: one sentence for each thing to mend, with its path.
        places: line and column of the file for each problem; None where it is about the whole file.
    """

    def __init__(self, title: str, problems: tuple[str, ...], places: tuple[Place | None, ...] = ()) -> None:
        self.problems = problems
        self.places = places or (None,) * len(problems)
        placed = zip(self.places, problems, strict=True)
        super().__init__(
            title,
            "\n".join(
                said if place is None else f"Line {place[0]}, column {place[1]}: {said}"
                for place, said in placed
            ),
        )
