"""What goes wrong in use, as exceptions whose message is fit to show a person.

Problems in the *content* of a user's file are never exceptions: they are `Reject` values
with a line and a reason (see `data.schema`).
"""


class LanewiseDataError(Exception):
    """A file or workspace could not be used; title and message are shown as they stand.

    Attributes:
        title: a few words, no full stop.
        message: what was wrong, where, and what to do about it.
    """

    def __init__(self, title: str, message: str) -> None:
        super().__init__(f"{title}: {message}")
        self.title = title
        self.message = message


class UnreadableFileError(LanewiseDataError):
    """The file as a whole cannot be read: empty, binary, wrong encoding, cut off, too large."""


class UnknownFormatError(LanewiseDataError):
    """No format claims the file, or an explicit choice names none we have."""


class AmbiguousFormatError(LanewiseDataError):
    """Two formats claim the file equally strongly; the message names both."""


class WorkspaceError(LanewiseDataError):
    """The workspace folder cannot be used, or a dataset in it is damaged."""


class DamagedDatasetError(WorkspaceError):
    """A file of a dataset is missing or cannot be read; `dataset_id` is the one to delete and import anew."""

    def __init__(self, dataset_id: str, what: str) -> None:
        """`what` of the dataset cannot be read, such as `manifest.json` or `The calls`."""
        super().__init__(
            "A dataset is damaged",
            f"{what} of dataset {dataset_id} cannot be read. "
            "Delete the dataset and import its source file again.",
        )
        self.dataset_id = dataset_id


class RulesError(LanewiseDataError):
    """A list of workload rules is refused; `problems` has one sentence for each thing to mend."""

    def __init__(self, title: str, problems: tuple[str, ...]) -> None:
        super().__init__(title, "\n".join(problems))
        self.problems = problems
