"""The triage report as Markdown: one page a manager reads, then the evidence an engineer checks."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from reports.format import count, label_title, lane_title, percent, usd
from reports.model import Analysis, Part, WorkloadResult
from triage.model import LABELS, Evidence

_MONTHS: Final = Decimal(12)


def markdown(analysis: Analysis) -> str:
    """The report a manager reads first and an engineer checks after."""
    blocks = [
        "# LLM triage report",
        _summary(analysis),
        _decisions(analysis),
        _questions(analysis),
        "## Evidence by workload",
        *(_evidence(result) for result in analysis.workloads),
        _assumptions(analysis),
        _coverage(analysis),
        _prices(analysis),
        _discounts(analysis),
        _method(analysis),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _summary(analysis: Analysis) -> str:
    totals, saved = analysis.totals, analysis.totals.saving_per_year
    spend = f"{usd(totals.billed_micro_usd)}{_partial(analysis)} for {count(totals.n_requests)} calls"
    lines = []
    if analysis.first_hour_utc is not None and analysis.last_hour_utc is not None:
        lines.append(
            f"- **Spend in the log:** {spend}, {analysis.first_hour_utc:%Y-%m-%d} to "
            f"{analysis.last_hour_utc:%Y-%m-%d} UTC "
            "(computed from usage, each call at its own day's price)."
        )
    elif totals.n_requests:
        lines.append(
            f"- **Spend in the log:** {spend} without dates "
            "(computed from usage at the analysis date's prices)."
        )
    if totals.list_micro_usd is not None:
        lines.append(f"- **The same at list prices:** {usd(totals.list_micro_usd)}, before discounts.")
    if totals.reported_micro_usd is not None:
        lines.append(
            f"- **Reported by the source:** {usd(totals.reported_micro_usd)} on {count(totals.n_reported)} "
            "of those calls (billed)."
        )
    waits = sum(
        (totals.spend_by_label.get(label, Decimal(0)) for label in ("batch", "semi_interactive")), Decimal(0)
    )
    if totals.billed_micro_usd:
        lines.append(
            f"- **Can wait:** {usd(waits)}, {percent(float(waits / totals.billed_micro_usd))} of the spend."
        )
    lines.append(
        f"- **Projected saving:** {usd(saved.base)} a year, {usd(saved.base / _MONTHS)} a month "
        f"(low {usd(saved.low)}, high {usd(saved.high)} a year; estimated, see the assumptions)."
    )
    if totals.potential_per_year.base:
        lines.append(
            f"- **Waiting for an answer:** up to {usd(totals.potential_per_year.base)} a year more, if the "
            "workloads labelled unknown can wait. It is in no total."
        )
    lines.append(
        f"- Analysis date {analysis.as_of:%Y-%m-%d}, price table `{analysis.price_version}`, "
        f"policy {_escape(analysis.policy_title)}, `{analysis.policy_version}`."
    )
    return "## Summary\n\n" + "\n".join(lines)


def _partial(analysis: Analysis) -> str:
    return "" if analysis.coverage.complete else " (partial: not every call has a price)"


def _decisions(analysis: Analysis) -> str:
    rows = [
        (
            result.workload,
            label_title(result.verdict.label),
            lane_title(result.current_lane),
            usd(result.current_per_year_micro_usd),
            lane_title(result.recommended_lane),
            usd(result.saving_per_year.low),
            usd(result.saving_per_year.base),
            usd(result.saving_per_year.high),
            result.basis,
        )
        for result in analysis.workloads
    ]
    saved = analysis.totals.saving_per_year
    rows.append(
        (
            "**Total**",
            "",
            "",
            usd(analysis.totals.current_per_year_micro_usd),
            "",
            usd(saved.low),
            usd(saved.base),
            usd(saved.high),
            "",
        )
    )
    header = (
        "Workload",
        "Label",
        "Today",
        "Cost a year",
        "Recommended",
        "Saving low",
        "Saving base",
        "Saving high",
        "Basis",
    )
    return "## Decisions\n\n" + _table(header, rows, right=(3, 5, 6, 7), escaped_last=True)


def _questions(analysis: Analysis) -> str:
    open_questions = [
        f"- **{_escape(result.workload)}:** {_escape(result.verdict.question)}"
        + (
            f" Up to {usd(result.potential_per_year.base)} a year depends on it."
            if result.potential_per_year
            else ""
        )
        for result in analysis.workloads
        if result.verdict.question
    ]
    return "## Open questions\n\n" + "\n".join(open_questions) if open_questions else ""


def _evidence(result: WorkloadResult) -> str:
    verdict = result.verdict
    lines = [
        f"### {_escape(result.workload)}",
        "",
        f"**{label_title(verdict.label)}** (rule `{verdict.rule_id}`, confidence {verdict.confidence:.2f}). "
        + _escape(verdict.sentence),
        "",
        *_evidence_lines("For", verdict.evidence),
        *_evidence_lines("Against", verdict.counter_evidence),
        f"- Decision: {_escape(result.because)}",
    ]
    for part in result.parts:
        lines += ["", _part(part)]
    return "\n".join(lines)


def _evidence_lines(side: str, evidence: Sequence[Evidence]) -> list[str]:
    return [f"- {side}: {_escape(item.sentence)} ({item.kind}, {_escape(item.source)})" for item in evidence]


def _part(part: Part) -> str:
    tokens = part.tokens
    cached = tokens.cached_share
    head = (
        f"{_escape(part.provider)} / {_escape(part.model)}: {count(part.n_requests)} calls, "
        f"{count(tokens.input_tokens)} input tokens "
        f"({percent(cached, 1) if cached is not None else 'none'} from the cache), "
        f"{count(tokens.output_tokens)} output tokens. "
        f"{part.window_note}"
    )
    rows = []
    for lane in part.lanes:
        yearly = (
            lane.cost_micro_usd * part.year_factor
            if lane.cost_micro_usd is not None and part.year_factor
            else None
        )
        risky = (
            lane.projected.base * part.year_factor
            if lane.projected is not None and part.year_factor
            else None
        )
        rows.append(
            (
                lane_title(lane.lane) + (" (today)" if lane.lane == part.current_lane else ""),
                usd(yearly) if yearly is not None else "none",
                usd(risky) if risky is not None else "none",
                "yes" if lane.admissible else "no",
                lane.reason or lane.why_not or "",
            )
        )
    header = ("Lane", "Cost a year, same hits", "With risks, base case", "Allowed", "Why not")
    return head + "\n\n" + _table(header, rows, right=(1, 2))


def _assumptions(analysis: Analysis) -> str:
    rows = [(item.name, item.low, item.base, item.high, item.source) for item in analysis.assumptions]
    return "## Assumptions\n\n" + _table(("What", "Low saving", "Base", "High saving", "From"), rows)


def _coverage(analysis: Analysis) -> str:
    covered = analysis.coverage
    lines = []
    if covered.n_requests:
        lines.append(
            f"Priced: {count(covered.n_priced)} of {count(covered.n_requests - covered.n_failed_unmetered)} "
            f"calls with something to price, {percent(covered.share_of_tokens, 1)} of the tokens"
            + (
                f", {percent(covered.share_of_spend, 1)} of the spend that the source reports."
                if covered.share_of_spend is not None
                else "."
            )
        )
    if analysis.unpriced:
        rows = [
            (u.provider, u.model, count(u.n_requests), count(u.tokens), u.reason) for u in analysis.unpriced
        ]
        lines.append(
            _table(("Provider", "Model", "Calls", "Tokens", "Why it has no price"), rows, right=(2, 3))
        )
    if analysis.not_counted:
        left_out = [(item.what, count(item.count), item.detail) for item in analysis.not_counted]
        lines.append(_table(("Not counted or not certain", "Rows", "What that means"), left_out, right=(1,)))
    return "## Coverage\n\n" + "\n\n".join(lines) if lines else ""


def _prices(analysis: Analysis) -> str:
    rows = [
        (
            p.provider,
            p.model,
            p.tier + (f" from {count(p.min_prompt_tokens)} tokens" if p.min_prompt_tokens else ""),
            f"{p.valid_from:%Y-%m-%d}" if p.valid_from else "as far back as known",
            *(
                _rate(rate)
                for rate in (p.input_usd_per_mtok, p.cache_read_usd_per_mtok, p.cache_write_usd_per_mtok)
            ),
            *(_rate(rate) for rate in (p.cache_write_long_usd_per_mtok, p.output_usd_per_mtok)),
            p.cache_rule,
            f"{p.source} ({p.checked_on}, {p.confidence})",
        )
        for p in analysis.prices_used
    ]
    if not rows:
        return ""
    header = (
        "Provider",
        "Model",
        "Tier",
        "From",
        "Input",
        "Cache read",
        "Cache write",
        "Long write",
        "Output",
        "Cache rule",
        "Source",
    )
    return "## Prices used\n\nUS dollars per million tokens.\n\n" + _table(
        header, rows, right=(4, 5, 6, 7, 8)
    )


def _discounts(analysis: Analysis) -> str:
    found = analysis.price_extract.discounts if analysis.price_extract is not None else ()
    rows = [
        (
            one.provider,
            one.model_glob,
            one.tier or "every tier",
            one.kind,
            f"{one.percent_off.normalize():f} %",
            f"{one.valid_from:%Y-%m-%d}" if one.valid_from else "always",
            f"{one.valid_to:%Y-%m-%d}" if one.valid_to else "open",
            one.note,
        )
        for one in found
    ]
    if not rows:
        return ""
    header = ("Provider", "Model", "Tier", "Kind", "Off the list price", "From", "To", "Note")
    return "## Discounts\n\n" + _table(header, rows, right=(4,))


def _rate(rate: Decimal | None) -> str:
    return "none" if rate is None else f"{rate.normalize():f}"


def _method(analysis: Analysis) -> str:
    labels = ", ".join(label_title(label).lower() for label in LABELS)
    return (
        "## Method\n\n"
        "Every call is priced as tokens x price of its own day and tier, exactly, in micro-dollars; "
        "input counts include cached tokens. Each workload gets one label "
        f"({labels}) from what people declared and what its calls carry; the label says which lanes are "
        "allowed, and the recommended lane is the cheapest of those in the base case, or the one it is in. "
        "Prices are list prices, less the discounts above where there are any; taxes and tool fees are not "
        "in these figures."
    )


def _escape(text: str | None) -> str:
    cleaned = " ".join((text or "").split())
    for sign in ("\\", "|", "`", "*", "_", "<", ">", "[", "]", "#"):
        cleaned = cleaned.replace(sign, f"\\{sign}")
    return cleaned


def _table(
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    right: Sequence[int] = (),
    escaped_last: bool = False,
) -> str:
    lines = [
        "| " + " | ".join(header) + " |",
        "|" + "|".join("---:" if index in right else "---" for index in range(len(header))) + "|",
    ]
    for row in rows:
        cells = [cell if escaped_last and cell == "**Total**" else _escape(cell) for cell in row]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)
