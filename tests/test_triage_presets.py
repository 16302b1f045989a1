"""Shipped policies, the sections beside the rules, line numbers, and the export for gateways."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from triage.errors import PolicyError, TriageError
from triage.policy import Policy

FOLDER = Path(__file__).resolve().parent.parent / "triage" / "policies"
DEFAULT_TEXT = (FOLDER / "default.yaml").read_text("utf-8")
GATEWAY_TEXT = (FOLDER / "gateway.yaml").read_text("utf-8")


def refusal(text: str) -> PolicyError:
    with pytest.raises(PolicyError) as caught:
        Policy.load(text)
    return caught.value


def edited(old: str, new: str, text: str = DEFAULT_TEXT) -> str:
    assert old in text, old
    return text.replace(old, new, 1)


def test_presets_are_files_with_the_default_first() -> None:
    assert Policy.presets() == ("default", "gateway", "strict_24h")
    assert [Policy.named(name).name for name in Policy.presets()] == [
        "Lanewise default",
        "Gateway",
        "Strict 24 h",
    ]
    assert Policy.named("default") is Policy.default()
    assert len({Policy.named(name).version for name in Policy.presets()}) == 3
    assert Policy.load(Policy.preset_text("gateway")) == Policy.named("gateway")


def test_a_preset_that_is_not_shipped_is_refused() -> None:
    with pytest.raises(TriageError, match="'lenient' is not shipped; there are default, gateway, strict_24h"):
        Policy.named("lenient")
    with pytest.raises(TriageError, match="not shipped"):
        Policy.preset_text("../policies/default")


def test_presets_share_their_rules() -> None:
    rules = Policy.default().rules
    assert Policy.named("gateway").rules == rules
    assert Policy.named("strict_24h").rules == tuple(rule for rule in rules if rule.id != "window-at-risk")


def test_what_the_presets_differ_in() -> None:
    default, gateway, strict = (Policy.named(name) for name in Policy.presets())
    assert [item.thresholds.semi_up_to_s for item in (default, gateway, strict)] == [3_600, 1_800, 86_399]
    assert [item.off_peak is not None for item in (default, gateway, strict)] == [False, True, False]
    assert [item.deadlines.max_miss_share for item in (default, gateway, strict)] == [Decimal("0.5"), 1, 0]
    assert [len(item.overrides) for item in (default, gateway, strict)] == [0, 5, 0]
    assert default.moving.model_dump() == {
        "pilot_requests": 200,
        "max_requests_per_batch": 10_000,
        "effort_days": 2,
        "usd_per_effort_day": 800,
        "payback_within_days": 365,
    }


@pytest.mark.parametrize(
    ("usd_per_day", "days", "pays_back"),
    [
        ("10", "160", True),
        ("4.384", None, True),  # 365 days of it are 1,600.16 dollars
        ("4.383", None, False),  # and of this 1,599.795
        ("0", None, False),
        ("-3", None, False),
    ],
)
def test_a_move_pays_back_or_does_not(usd_per_day: str, days: str | None, pays_back: bool) -> None:
    """Two days at 800 dollars are 1,600 dollars, to be earned within 365 days."""
    moving = Policy.default().moving
    assert moving.effort_usd == 1_600
    assert moving.pays_back(Decimal(usd_per_day)) is pays_back
    if days is not None:
        assert moving.payback_days(Decimal(usd_per_day)) == Decimal(days)
    if Decimal(usd_per_day) <= 0:
        assert moving.payback_days(Decimal(usd_per_day)) is None


def test_a_move_without_effort_pays_back_at_once() -> None:
    moving = Policy.load(edited("effort_days: 2", "effort_days: 0")).moving
    assert moving.payback_days(Decimal(0)) == 0
    assert moving.pays_back(Decimal(0))


def test_a_policy_without_the_newer_sections_still_loads() -> None:
    """The sections a file leaves out have the default policy's values; promises and overrides are none."""
    start, end = DEFAULT_TEXT.index("# Promises with a name"), DEFAULT_TEXT.index("confidence:\n  lost")
    policy = Policy.load(DEFAULT_TEXT[:start] + DEFAULT_TEXT[end:])
    default = Policy.default()
    assert (policy.moving, policy.deadlines) == (default.moving, default.deadlines)
    assert (policy.sla_classes, policy.overrides, policy.off_peak) == ({}, (), None)


@pytest.mark.parametrize("preset", Policy.presets())
def test_a_policy_survives_being_written_and_read(preset: str) -> None:
    policy = Policy.named(preset)
    for text in (policy.to_yaml(), policy.to_json()):
        again = Policy.load(text)
        assert again == policy
        assert again.version == policy.version


def test_fractions_survive_being_written_and_read() -> None:
    policy = Policy.load(edited("effort_days: 2", "effort_days: 0.1"))
    assert policy.moving.effort_days == Decimal("0.1")
    assert Policy.load(policy.to_json()).version == policy.version


def test_the_export_is_plain_json_with_everything_a_gateway_needs() -> None:
    content = json.loads(Policy.named("gateway").to_json())
    assert content["thresholds"]["semi_up_to_s"] == 1_800
    assert content["off_peak"] == {
        "time_zone": "UTC",
        "from": "22:00",
        "to": "06:00",
        "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
        "defer_unstated": True,
    }
    assert content["overrides"][0] == {"tag": "realtime", "sla": "real-time"}
    assert content["sla_classes"]["real-time"] == {"user_waiting": True, "max_wait_s": 10}
    assert content["rules"][0]["when"] == {
        "user_waiting": {"is": True},
        "wait_s": {"below": "interactive_below_s"},
    }
    assert content["confidence"] == {"lost_per_counter": 0.1, "floor": 0.5}


def test_the_published_schema_is_the_one_of_the_code() -> None:
    published = (FOLDER / "policy.schema.json").read_text("utf-8")
    assert published == Policy.json_schema()
    schema = json.loads(published)
    assert set(json.loads(Policy.default().to_json())) <= set(schema["properties"])
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize(
    ("old", "new", "line_of", "problem"),
    [
        (
            "semi_up_to_s: 3600 ",
            "semi_up_to_s: soon ",
            "semi_up_to_s: soon",
            "thresholds.semi_up_to_s: 'soon' must",
        ),
        (
            "label: unknown",
            "label: unsure",
            "label: unsure",
            "rules[2] (waits-yet-long).label: 'unsure' is not",
        ),
        (
            "wait_s: {below: interactive_below_s}",
            "wait_s: {under: 3}",
            "under: 3",
            "rules[0] (waits-and-short)",
        ),
        (
            "trigger: {known: yes}",
            "trigger: cron",
            "trigger: cron",
            "rules[22] (trigger-alone).when.trigger: 'cron'",
        ),
        (
            "id: window-fits",
            "id: all-marked",
            "- id: all-marked\n    when:\n      batch",
            "rules[15].id: 'all-marked'",
        ),
        (
            "flush_every_s: 3600",
            "flush_every_s: 0",
            "flush_every_s: 0",
            "deadlines.flush_every_s: 0 must be greater",
        ),
        (
            "overrides: []",
            "overrides:\n  - {tag: a}",
            "- {tag: a}",
            "overrides[0]: changes nothing; write sla",
        ),
    ],
)
def test_each_problem_has_its_line_and_column(old: str, new: str, line_of: str, problem: str) -> None:
    text = edited(old, new)
    error = refusal(text)
    before = text[: text.index(line_of)]
    line, column = before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1
    column += 2 * line_of.startswith("- ")  # an item of a list begins after its hyphen
    assert error.problems[0].startswith(problem)
    assert error.places[0] == (line, column)
    assert error.message.splitlines()[0] == f"Line {line}, column {column}: {error.problems[0]}"


def test_a_problem_of_the_whole_file_has_no_line() -> None:
    error = refusal(edited("name: Lanewise default\n", ""))
    assert (error.problems, error.places) == (("name: is missing.",), (None,))
    assert error.message == "name: is missing."
    error = refusal("just words")
    assert error.places == (None,)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "by-morning: {user_waiting: no, max_wait_s: 43200}",
            "by-morning: {}",
            "sla_classes.by-morning: says nothing; write user_waiting, max_wait_s or both.",
        ),
        (
            "by-morning: {user_waiting: no, max_wait_s: 43200}",
            "by-morning: {user_waiting: yes, max_wait_s: 43200}",
            "sla_classes.by-morning: says that somebody waits, and longer than semi_up_to_s (3600); drop "
            "one of "
            "the two.",
        ),
        (
            "by-morning: {user_waiting: no, max_wait_s: 43200}",
            "By Morning: {user_waiting: no}",
            "sla_classes.By Morning: 'By Morning' must be lower-case words joined by hyphens, such as "
            "by-morning.",
        ),
        (
            "by-morning: {user_waiting: no, max_wait_s: 43200}",
            "by-morning: {max_wait: 12h}",
            "sla_classes.by-morning.max_wait: there is no such field; fields here are user_waiting, "
            "max_wait_s.",
        ),
        (
            "overrides: []",
            'overrides: [{tag: "night*", sla: tonight}]',
            "overrides[0].sla: there is no SLA class 'tonight'; there are real-time, interactive, "
            "ten-minutes, "
            "by-morning, within-a-day, within-a-week.",
        ),
        (
            "overrides: []",
            "overrides: [{tag: a, workload: b, sla: by-morning}]",
            "overrides[0]: must have workload or tag, one of the two, with a pattern such as nightly-*.",
        ),
        (
            "overrides: []",
            "overrides: [{tag: a, min_requests_per_batch: 0}]",
            "overrides[0].min_requests_per_batch: 0 must be greater than or equal to 1.",
        ),
        (
            "pilot_requests: 200",
            "pilot_requests: 20000",
            "moving.pilot_requests: 20000 does not fit into one batch of max_requests_per_batch (10000); "
            "lower it "
            "or raise the other.",
        ),
        (
            "pilot_requests: 200\n  max_requests_per_batch: 10000",
            "pilot_requests: 50\n  max_requests_per_batch: 99",
            "moving.max_requests_per_batch: 99 is below min_requests_per_batch (100); raise it or lower "
            "the other.",
        ),
        ("effort_days: 2", "effort_days: yes", "moving.effort_days: True is not a number."),
        ("effort_days: 2", "effort_days: -1", "moving.effort_days: -1 must be greater than or equal to 0."),
        (
            "max_miss_share: 0.5 ",
            "max_miss_share: 1.5 ",
            "deadlines.max_miss_share: 1.5 must be less than or equal to 1.",
        ),
        (
            "allow_unknown_risk: no",
            "allow_unknown_risk: maybe",
            "deadlines.allow_unknown_risk: 'maybe' must be yes or no.",
        ),
        (
            "suggests: batch",
            "suggests: unknown",
            "rules[20] (behaves-like-a-job).suggests: unknown suggests nothing; remove it.",
        ),
        (
            '    label: unknown\n    reason: "Nobody waits',
            '    label: unknown\n    suggests: batch\n    reason: "Nobody waits',
            "rules[21] (nobody-waits).suggests: only the log suggests; add a condition on behaviour or "
            "remove it.",
        ),
        (
            "    label: interactive\n    confidence: 0.6",
            "    label: interactive\n    suggests: batch\n    confidence: 0.6",
            "rules[17] (behaves-interactive).suggests: only a rule labelled unknown suggests; remove it "
            "or change "
            "the label.",
        ),
    ],
)
def test_what_a_section_may_not_say(old: str, new: str, problem: str) -> None:
    assert refusal(edited(old, new)).problems == (problem,)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "time_zone: UTC ",
            "time_zone: CET ",
            "off_peak.time_zone: 'CET' is not an IANA time zone; write UTC or a "
            "place, such as Europe/Berlin.",
        ),
        (
            'from: "22:00" ',
            "from: 22:00 ",
            'off_peak.from: 1320 must be a time in quotes, such as "22:00": YAML reads it as a number.',
        ),
        (
            'from: "22:00" ',
            'from: "10 pm" ',
            "off_peak.from: '10 pm' must be a time of the day in quotes, such as \"22:00\".",
        ),
        (
            'to: "06:00"',
            'to: "22:00"',
            "off_peak: from and to are both 22:00; a window needs a beginning and an end.",
        ),
        (
            "defer_unstated: yes",
            "deferred: yes",
            "off_peak.deferred: there is no such field; fields here are "
            "time_zone, from, to, days, defer_unstated.",
        ),
        (
            "[mon, tue",
            "[Monday, tue",
            "off_peak.days[0]: 'Monday' is not one of mon, tue, wed, thu, fri, sat, sun.",
        ),
    ],
)
def test_what_off_peak_hours_may_not_say(old: str, new: str, problem: str) -> None:
    assert refusal(edited(old, new, GATEWAY_TEXT)).problems == (problem,)


def test_no_behaviour_of_the_log_can_be_made_to_mean_batch() -> None:
    text = edited("    label: unknown\n    suggests: batch\n", "    label: batch\n    confidence: 0.9\n")
    start = text.index('    question: "May the answers take')
    text = text[:start] + text[text.index("  # Nothing here says") :]
    (problem,) = refusal(text).problems
    assert problem.startswith(
        "rules[20] (behaves-like-a-job): would label a workload for which nobody stated a wait or marked a "
        "call as batch, for example one with "
    )
