"""DeepSeek console: the `cost-*.csv` that stands beside `amount-*.csv` in a usage export.

Token rule: there are no tokens. This is what DeepSeek says it charged, never calls: each row becomes a
line of a bill. A row is one period, model and wallet: `Paid` is money, `Granted` a credit that was used
up. Both are what the usage came to, and the wallet is the item of the line. `cost` is in `currency` (CNY
or USD) and stays in it. API keys are not told apart. Periods and byte order mark are as in
`deepseek_console`.
"""

from collections.abc import Mapping
from typing import Final

from data.formats.base import EXACT, Container, FileHead
from data.formats.flat_record import FlatRecord, normal

_MARKERS: Final = {"model", "wallet_type", "cost", "currency"}


class DeepSeekCosts:
    """One period, model and wallet a row."""

    name = "deepseek_costs"
    title = "DeepSeek console costs"
    token_rule = "A bill, not calls: amounts are in the currency of the account, and there are no tokens."  # noqa: S105
    containers: frozenset[Container] = frozenset({"csv"})
    labels: Mapping[str, str] = {"ts": "start_time_iso or utc_date", "amount": "cost", "item": "wallet_type"}

    def claim(self, head: FileHead) -> int:
        """`wallet_type`, `cost` and `currency` beside a model and a period."""
        names = {normal(name) for name in head.columns}
        return EXACT if names & {"start_time_iso", "utc_date"} and names >= _MARKERS else 0

    def draft(self, head: FileHead) -> str:
        """One line of the bill a row."""
        record = FlatRecord(head)
        top = record.top
        day = record.column(day_of(top("utc_date")))
        start = record.column(f"coalesce({top('start_time_iso')}, {day})")
        about = [start, *(top(name) for name in ("user_id", "model", "wallet_type", "currency"))]
        same = ", ".join(f"coalesce({part}, '')" for part in about)
        return record.select(
            {
                "call_id": "cast(NULL AS VARCHAR)",
                "makes_call": "false",
                "makes_bill": "true",
                "ts_text": start,
                "ts_end_text": (
                    f"coalesce({top('end_time_iso')}, cast(moment({day}) + INTERVAL 1 DAY AS VARCHAR))"
                ),
                "ts_strict": "true",
                "provider_text": "'deepseek'",
                "model_text": top("model"),
                "item_text": top("wallet_type"),
                "amount_text": top("cost"),
                "currency_text": top("currency"),
            },
            reject="cast(NULL AS VARCHAR)",
            identity=f"concat_ws(chr(31), 'deepseek_costs', {same})",
        )


def day_of(text: str) -> str:
    """SQL: a day written 20260725 as 2026-07-25, which older exports write themselves."""
    return f"regexp_replace({text}, '^([0-9]{{4}})([0-9]{{2}})([0-9]{{2}})$', '\\1-\\2-\\3')"
