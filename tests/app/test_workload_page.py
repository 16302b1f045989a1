"""The Workloads page whole: choosing, answers that would change a verdict, halves, cache, history, replay."""

import random
from decimal import Decimal, localcontext
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from reports import explain
from reports.model import Analysis, DeadlineRisk
from reports.workbench import Workbench
from tests.app.conftest import RunApp
from tests.test_reports_mixed import chat, run, workbench
from triage.risk import Miss
from ui import picker
from ui import strings as s


def said(app: AppTest) -> str:
    return " ".join(item.value for item in (*app.markdown, *app.caption)).replace("\\", "")


# ---------------------------------------------------------------- choosing


def test_the_list_is_ordered(demo_analysis: Analysis) -> None:
    results = demo_analysis.workloads
    by_name = [item.workload for item in picker.arranged(results, "name")]
    assert by_name == sorted((item.workload for item in results), key=str.casefold)
    savings = [item.saving_per_year.base for item in picker.arranged(results, "saving")]
    assert savings == sorted(savings, reverse=True)
    spends = [item.billed_micro_usd or Decimal(0) for item in picker.arranged(results, "spend")]
    assert spends == sorted(spends, reverse=True)


def test_a_link_opens_a_workload_in_its_list_and_a_key_goes_to_the_next(demo: Path, run_app: RunApp) -> None:
    app = run_app("workloads", workload="contract-review", find="review", order="Name")
    assert not app.exception
    assert app.header[0].value == r"contract\-review"
    assert (app.button(key="step_-1").disabled, app.button(key="step_1").disabled) == (True, False)
    app.button(key="step_1").click().run()
    assert app.header[0].value == r"filing\-review"
    assert app.button(key="step_1").disabled
    app.text_input(key="find").set_value("no such name").run()
    assert "None of the 10 workloads fits: name contains “no such name”." in said(app)
    assert [item.value for item in app.header] == [s.FILTER_NONE_TITLE, r"filing\-review"]


# ---------------------------------------------------------------- verdict, answers, history


def test_the_verdict_its_rule_and_what_would_change_it(own_demo: Path, run_app: RunApp) -> None:
    Workbench.open(own_demo).declare("support-chat", author="Bea", user_waiting=True, max_wait="5s")
    Workbench.open(own_demo).declare(
        "nightly-summaries",
        author="Ada",
        user_waiting=False,
        max_wait="6h",
        trigger="schedule",
        sequential=False,
    )
    app = run_app("workloads", workload="nightly-summaries")
    assert not app.exception
    text = said(app)
    assert "The longest acceptable wait is 6 h" in text
    assert "Decided by rule window-at-risk of policy" in text
    assert "If its owner says **24 h is fine**" in text
    assert "P(miss) in a batch: unknown, from: 24 h, then unfinished requests expire" in text
    (history,) = [item.value for item in app.table if s.COL_WHO in item.value.columns]
    assert list(history[s.COL_WHO]) == ["Ada"]
    assert list(history[s.COL_WHAT]) == ["the longest acceptable wait"]


def test_what_a_deadline_means_in_words() -> None:
    quarter, half = Decimal("0.25"), Decimal("0.5")
    risk = DeadlineRisk(45_000, Miss(Decimal(0), quarter, half), None, "published", None, 1_200, 43_500)
    assert s.missed(risk.miss) == "25 % (0 % to 50 %)"
    assert s.deadline(risk, r"\$281", r"\$188") == (
        "**Deadline 12 h 30 min.** P(miss) in a batch: 25 % (0 % to 50 %), from: published. Late answers run "
        r"again: that leaves \$281 a year where they are not billed, \$188 where they are. Spill-over: "
        "cancel what is not back 12 h 5 min after sending (kept back for 20 min that a run takes) and send "
        "it synchronously."
    )
    hopeless = DeadlineRisk(60, Miss(Decimal(0), None, Decimal(1)), None, "nothing", "why", None, None)
    assert s.missed(hopeless.miss) == "unknown"
    assert s.deadline(hopeless, None, None).endswith(
        "There is no time to cancel a late batch and still run it synchronously."
    )


# ---------------------------------------------------------------- halves and cache


def test_both_halves_of_a_mixed_workload_and_its_cache(
    tmp_path: Path, run_app: RunApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    luck = random.Random(3)  # noqa: S311 - a test, not a secret
    bench = workbench(tmp_path, [*chat(luck, streamed=True), *run(luck, 22, 800, streamed=False)])
    monkeypatch.setenv("LANEWISE_HOME", str(bench.workspace.path))
    app = run_app("workloads")
    assert not app.exception
    assert [item.value for item in app.subheader if item.value == s.HALVES] == [s.HALVES]
    text = said(app)
    assert f"**{s.HALF_JOB}** :" in text
    assert "every day 22:00 to 24:00 UTC · 60 % of the calls" in text
    assert s.CACHE_READS in text
    analysis = bench.analysis()
    mixed = analysis.workloads[0].mixed
    assert mixed is not None
    for half in (mixed.job.result, mixed.rest.result):
        asked = half.potential_per_year is not None
        made = explain.workload_potential if asked else explain.workload_saving
        found = made(analysis, half)
        assert found.figure is not None
        with localcontext(prec=60):
            assert abs(sum((item.amount for item in found.inputs), Decimal(0)) - found.figure) < Decimal(
                "1e-30"
            )
    for key in ("half_job", "half_rest"):
        app.session_state[f"how_{key}"] = True
    app.button(key="cache_ask").click().run()
    assert not app.exception
    assert said(app).count(f"**{s.HALF_JOB}: ") == said(app).count(f"**{s.HALF_REST}: ") == 1
    assert s.CACHE_READS not in said(app)
    assert "A cache of 5 minutes could have read" in said(app)


def test_which_lifetime_is_cheaper_in_words() -> None:
    costs = [(None, r"\$12"), (300, r"\$4"), (3_600, r"\$6")]
    assert s.cache_by_gaps(1_000, costs, 300) == (
        r"For its own gaps, 1,000 tokens that all calls share cost over the log: no cache \$12, 5 min \$4, "
        r"1 h \$6. Cheapest is **5 min**."
    )
    assert s.cache_by_gaps(1_000, costs, None).endswith("Cheapest is going without a cache.")
    assert "keeping it for **1 h** is cheapest" in s.cache_by_hits(3_600)
    assert s.cache_by_hits(0).endswith("no cache is cheapest.")
    assert s.cache_by_hits(None).startswith("Between these bounds")


# ---------------------------------------------------------------- the policy replayed


def test_the_replay_runs_when_somebody_asks(demo: Path, run_app: RunApp) -> None:
    app = run_app("whatif")
    assert not app.exception
    assert s.REPLAY_DEFERRED not in {metric.label for metric in app.metric}
    app.button(key="replay").click().run()
    assert not app.exception
    shown = {metric.label: metric.value for metric in app.metric}
    # filing-review and embedding-refresh may wait a day; the 12 h of two others nobody can promise
    assert shown[s.REPLAY_DEFERRED] == "9,113"
    assert "8 % of 113,175 synchronous calls" in said(app)
    figures = ("deferred", "saving", "wait", "late")
    for key in figures:
        app.session_state[f"how_replay_{key}"] = True
    app.run()
    assert not app.exception
    opened = sum(said(app).count(f"-badge[{kind}]") for kind in s.EXPLAIN_PROVENANCE.values())
    assert opened == len(figures)
