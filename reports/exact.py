"""Amounts as exact text, for files that other programs read."""

from decimal import Decimal

from reports.format import dollars


def exact_usd(micro_usd: Decimal | None) -> str | None:
    """Exact dollars as plain digits; None stays None."""
    if micro_usd is None:
        return None
    text = f"{dollars(micro_usd):f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"", "-0"} else text
