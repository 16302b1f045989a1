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


class PolicyError(TriageError):
    """A policy file is refused; `problems` has one sentence for each thing to mend, with its path."""

    def __init__(self, title: str, problems: tuple[str, ...]) -> None:
        super().__init__(title, "\n".join(problems))
        self.problems = problems
