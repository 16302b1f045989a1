"""What pages say of a workspace that holds only a part of what they need."""

from typing import Final

ONLY: Final = {
    "bills": "So far there are only bills: they say what was charged, not which calls were made.",
    "described": "So far workloads are only described: they have no calls of their own.",
    "aggregates": "So far there are only aggregates, which sum up calls and hold no single one.",
}
NO_LOG_TITLE: Final = "The bill is here, its calls are not"
NO_LOG_BODY: Final = (
    "Which calls can wait, and what that saves, is in a log of the same days, or in a description of your "
    "workloads."
)
NO_LOG_BILLS: Final = "See the bill"
BILLS_NO_LOG: Final = (
    "No call is loaded that this bill charges for, so nothing is computed beside it. Upload the log of the "
    "same days to see where the money went."
)
