"""Misuse of the pricing package, as an exception whose message is fit to show a person.

Problems in prices that somebody typed or uploaded are never exceptions: they are `Problem`
values with a row and a column (see `pricing.overlay`).
"""


class PricingError(Exception):
    """A price table or a cube could not be used; title and message are shown as they stand.

    Attributes:
        title: a few words, no full stop.
        message: what was wrong, where, and what to do about it.
    """

    def __init__(self, title: str, message: str) -> None:
        super().__init__(f"{title}: {message}")
        self.title = title
        self.message = message
