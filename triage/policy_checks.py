"""What makes a policy unfit although each of its fields is well formed.

Rules are data that anybody may edit, so what must hold for every policy is proved here, when it
is read: each rule can decide something, each sentence can be filled in, and no ordering of rules
defers what somebody waits for or what nobody said can wait.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from triage.cases import find_case, whole_space, within
from triage.durations import number_text
from triage.facts import FACTS, Fact, FactValue
from triage.model import LABELS, Label, Tier
from triage.rules import COMPARISONS, Condition, Rule, Thresholds
from triage.sections import Moving, Override, SlaClass
from triage.sentences import PLACEHOLDERS, placeholders_in

_WAITS: Final = ("wait_s", "max_wait_s", "min_deadline_s")

_ALLOWED_TIERS: Final[dict[Label, tuple[Tier, ...]]] = {
    "interactive": ("standard", "priority"),
    "semi_interactive": ("standard", "priority", "flex", "offpeak"),
    "batch": ("standard", "priority", "flex", "batch", "offpeak"),
    "unknown": ("standard", "priority"),
}
"""The most a policy may admit for each label; a policy may admit less."""


def threshold_problems(thresholds: Thresholds) -> Iterator[str]:
    """Thresholds that leave no room for a label between them."""
    if thresholds.interactive_below_s >= thresholds.semi_up_to_s:
        yield (
            f"thresholds.interactive_below_s: {thresholds.interactive_below_s} is not below semi_up_to_s "
            f"({thresholds.semi_up_to_s}), so nothing could be semi-interactive; lower it or raise the other."
        )
    if thresholds.semi_up_to_s >= thresholds.batch_window_s:
        yield (
            f"thresholds.semi_up_to_s: {thresholds.semi_up_to_s} is not below batch_window_s "
            f"({thresholds.batch_window_s}), so a wait that the window fits into would not be batch; lower "
            f"it, to {thresholds.batch_window_s - 1} at most, or raise the other."
        )


def section_problems(
    thresholds: Thresholds,
    classes: Mapping[str, SlaClass],
    overrides: Sequence[Override],
    moving: Moving,
) -> Iterator[str]:
    """Promises that contradict themselves, overrides that name none, sizes that do not fit together."""
    for name, sla in classes.items():
        if sla.user_waiting and sla.max_wait_s is not None and sla.max_wait_s > thresholds.semi_up_to_s:
            yield (
                f"sla_classes.{name}: says that somebody waits, and longer than semi_up_to_s "
                f"({thresholds.semi_up_to_s}); drop one of the two."
            )
    for index, override in enumerate(overrides):
        if override.sla is not None and override.sla not in classes:
            known = ", ".join(classes) or "none"
            yield f"overrides[{index}].sla: there is no SLA class {override.sla!r}; there are {known}."
    if moving.pilot_requests > moving.max_requests_per_batch:
        yield (
            f"moving.pilot_requests: {moving.pilot_requests} does not fit into one batch of "
            f"max_requests_per_batch ({moving.max_requests_per_batch}); lower it or raise the other."
        )
    if thresholds.min_requests_per_batch > moving.max_requests_per_batch:
        yield (
            f"moving.max_requests_per_batch: {moving.max_requests_per_batch} is below "
            f"min_requests_per_batch ({thresholds.min_requests_per_batch}); raise it or lower the other."
        )


def tier_problems(tiers: Mapping[Label, tuple[Tier, ...]]) -> Iterator[str]:
    """Labels without tiers, without the way back to standard, or with tiers that break their promise."""
    for label in LABELS:
        path = f"admissible_tiers.{label}"
        if label not in tiers:
            yield f"{path}: is missing; each of {', '.join(LABELS)} needs a list of tiers."
            continue
        if len(set(tiers[label])) != len(tiers[label]):
            yield f"{path}: names a tier twice."
        if "standard" not in tiers[label]:
            yield f"{path}: must contain standard, so that staying where it is stays possible."
        for tier in tiers[label]:
            if tier not in _ALLOWED_TIERS[label]:
                yield f"{path}: may not contain {tier}; allowed are {', '.join(_ALLOWED_TIERS[label])}."


def rule_problems(thresholds: Thresholds, rules: Sequence[Rule], floor: Decimal) -> list[str]:
    """Everything unfit about the rules; order and safety are looked at once each rule is sound by itself."""
    problems = [
        f"{_path(index, rule)}{problem}"
        for index, rule in enumerate(rules)
        for problem in (*_field_problems(rule, floor), *_condition_problems(rule), *_sentence_problems(rule))
    ]
    first_use: dict[str, int] = {}
    for index, rule in enumerate(rules):
        if first_use.setdefault(rule.id, index) != index:
            problems.append(
                f"rules[{index}].id: {rule.id!r} is taken by rules[{first_use[rule.id]}]; ids are unique."
            )
    if not problems and (not rules or rules[-1].when or rules[-1].label != "unknown"):
        problems.append(
            "rules: the last rule must be labelled unknown and have an empty 'when: {}', "
            "so that every workload gets a verdict and no other label is a guess."
        )
    return problems or [*_unreachable(thresholds, rules), *_unsafe(thresholds, rules)]


def _path(index: int, rule: Rule) -> str:
    return f"rules[{index}] ({rule.id})"


def _field_problems(rule: Rule, floor: Decimal) -> Iterator[str]:
    if rule.label == "unknown":
        for name in ("question", "answer"):
            if getattr(rule, name) is None:
                yield f".{name}: is missing; a rule labelled unknown says what to ask and what settles it."
        if rule.confidence is not None:
            yield ".confidence: belongs to a label; a rule labelled unknown has none."
        if rule.suggests == "unknown":
            yield ".suggests: unknown suggests nothing; remove it."
        if rule.suggests and not ("behaviour" in rule.when and rule.when["behaviour"].needs_value):
            yield ".suggests: only the log suggests; add a condition on behaviour or remove it."
        return
    if rule.suggests is not None:
        yield ".suggests: only a rule labelled unknown suggests; remove it or change the label."
    for name in ("question", "answer"):
        if getattr(rule, name) is not None:
            yield f".{name}: only a rule labelled unknown asks; remove it or change the label."
    if rule.confidence is None:
        yield ".confidence: is missing; write a number above 0 and up to 1."
    elif rule.confidence < floor:
        yield f".confidence: {rule.confidence} is below the floor of {floor}; raise it or lower the floor."


def _condition_problems(rule: Rule) -> Iterator[str]:
    for name, condition in rule.when.items():
        fact = FACTS.get(name)
        if fact is None:
            yield f".when.{name}: there is no such fact; facts are {', '.join(FACTS)}."
            continue
        for word in condition.words:
            problem = _word_problem(fact, condition, word)
            if problem:
                yield f".when.{name}: {problem}"


def _word_problem(fact: Fact, condition: Condition, word: str) -> str | None:
    if word == "known":
        return None
    if fact.kind == "number":
        return (
            None if word in COMPARISONS else f"a number takes {', '.join(COMPARISONS)} or known, not {word}."
        )
    if word in COMPARISONS:
        allowed = "yes, no or known" if fact.kind == "yes_no" else f"{', '.join(fact.words)}, one_of or known"
        return f"is not a number; it takes {allowed}, not {word}."
    if fact.kind == "yes_no":
        good = word == "is" and isinstance(condition.is_, bool)
        return None if good else "must be yes or no, or known: yes or no."
    given = condition.one_of if word == "one_of" else (condition.is_,)
    wrong = [value for value in given or () if value not in fact.words]
    return f"{wrong[0]!r} is not one of {', '.join(fact.words)}." if wrong else None


def _sentence_problems(rule: Rule) -> Iterator[str]:
    for name in ("reason", "question", "answer"):
        template = getattr(rule, name)
        if template is None:
            continue
        if not template.strip():
            yield f".{name}: is blank."
            continue
        try:
            names = placeholders_in(template)
        except ValueError as error:
            yield f".{name}: {error}."
            continue
        for placeholder in names:
            if placeholder not in PLACEHOLDERS:
                known = ", ".join(PLACEHOLDERS)
                yield f".{name}: there is no placeholder {{{placeholder}}}; there are {known}."
                continue
            needed = PLACEHOLDERS[placeholder]
            if needed and not any(fact in rule.when and rule.when[fact].needs_value for fact in needed):
                yield (
                    f".{name}: {{{placeholder}}} would be a hole for a workload without {needed[0]}; "
                    f"add a condition on {' or '.join(needed)}, such as 'known: yes', or drop it."
                )


def _unreachable(thresholds: Thresholds, rules: Sequence[Rule]) -> Iterator[str]:
    whole = whole_space(thresholds, rules)
    for index, rule in enumerate(rules):
        own = within(whole, rule.when, thresholds)
        if own is None:
            yield f"{_path(index, rule)}.when: no workload can meet these conditions together; mend them."
        elif find_case(own, rules[:index], thresholds) is None:
            taken = [
                earlier.id for earlier in rules[:index] if within(own, earlier.when, thresholds) is not None
            ]
            yield (
                f"{_path(index, rule)}: can never decide, because all it matches is decided before it by "
                f"{', '.join(taken)}; move it up, change it or remove it."
            )


def _unsafe(thresholds: Thresholds, rules: Sequence[Rule]) -> Iterator[str]:
    whole = whole_space(thresholds, rules)
    short = {"wait_s": Condition(below=Decimal(thresholds.interactive_below_s))}
    soon = {"wait_s": Condition(at_most=Decimal(thresholds.semi_up_to_s))}
    unsaid = {name: Condition(known=False) for name in (*_WAITS, "deadline_share", "batch_eligible_share")}
    in_part = Condition(below=Decimal(1))
    promises: tuple[tuple[tuple[Label, ...], dict[str, Condition], str], ...] = (
        (("semi_interactive", "batch"), {"user_waiting": Condition(is_=True)}, "somebody waits for"),
        (("semi_interactive", "batch"), short, "that is needed below interactive_below_s"),
        (("batch",), soon, "that is needed within semi_up_to_s"),
        (("batch",), unsaid, "for which nobody stated a wait or marked a call"),
        (("batch",), {"batch_eligible_share": in_part}, "with calls marked as not eligible"),
        (
            ("batch",),
            unsaid | {"batch_eligible_share": Condition(known=True), "batch_marked_share": in_part},
            "of which only a part is marked",
        ),
        (
            ("batch",),
            {"max_wait_s": Condition(known=False), "deadline_share": in_part},
            "of which only a part has a deadline",
        ),
    )
    for index, rule in enumerate(rules):
        for labels, when, what in promises:
            if rule.label not in labels:
                continue
            box = within(whole, when, thresholds)
            own = None if box is None else within(box, rule.when, thresholds)
            case = None if own is None else find_case(own, rules[:index], thresholds)
            if case is not None:
                example = _example(case, {**rule.when, **when})
                yield (
                    f"{_path(index, rule)}: would label a workload {what} as {rule.label}, for example one "
                    f"with {example}; add a condition, or a rule before it."
                )


def _example(case: Mapping[str, FactValue | None], named: Mapping[str, Condition]) -> str:
    return ", ".join(f"{name} {_value_text(value)}" for name, value in case.items() if name in named)


def _value_text(value: FactValue | None) -> str:
    match value:
        case None:
            return "unknown"
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return number_text(value)
        case str():
            return value
