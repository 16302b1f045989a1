"""What the filters say that the pages share."""

from typing import Final

FIND: Final = "Find a workload"
FIND_PLACEHOLDER: Final = "Find a workload"
FILTER_LABEL: Final = "Show labels"
FILTER_PROVIDER: Final = "Show providers"
FILTER_HOW: Final = (
    "The same on Overview, Workloads, Report and Savings, and in the address. Whole workloads: one with any "
    "call at a provider is shown with all it has."
)
ALL_COUNTED_OF_PART: Final = "Every call of these workloads is in these figures."
SAVINGS_NONE_OF_PART_TITLE: Final = "None of these workloads has saved anything yet"
SAVINGS_NONE_OF_PART_BODY: Final = (
    "No call of theirs ran in batch, flex or off-peak, and none used a cache. The Workloads page says which "
    "of them could."
)
FILTER_CLEAR: Final = "Clear filters"
FILTER_NONE_TITLE: Final = "No workload fits these filters"


def filtered(workloads: str, spend: str) -> str:
    """How much of the whole is shown; both parts are Markdown text."""
    return f"**Filtered: {workloads}** ({spend})"


def filter_none(words: str, of_workloads: int) -> str:
    """That a filter leaves nothing; `words` say which, as Markdown text."""
    return f"None of the {of_workloads:,} workloads fits: {words}. Clear the filters to see all of them."


def filter_beside(workload: str) -> str:
    """That a workload is shown although the filters leave it out; its name is Markdown text."""
    return (
        f"{workload} is outside the filters. It is shown because it was opened by name, or was changed here."
    )
