"""Sign-in, navigation, sidebar, and the page of an empty workspace."""

from typing import Final

SIGN_IN_TITLE: Final = "Sign in to Lanewise"
SIGN_IN_BODY: Final = (
    "This workspace is shared by a team. Sign in with your organisation's account to see it."
)
SIGN_IN: Final = "Sign in"
SIGN_OUT: Final = "Sign out"
NAV_DECIDE: Final = "Decide"
NAV_INPUTS: Final = "Inputs"
NAV_OVERVIEW: Final = "Overview"
NAV_OVERVIEW_HELP: Final = "What the log cost, how much of it can wait, and what moving it would save."
NAV_WORKLOADS: Final = "Workloads"
NAV_WORKLOADS_HELP: Final = (
    "Each workload's label with its reasons, its cost in every lane, and the facts you declare."
)
NAV_WHATIF: Final = "What-if"
NAV_WHATIF_HELP: Final = "Try another lane, cache hit rate or volume and see the month it would make."
NAV_REPORT: Final = "Report"
NAV_REPORT_HELP: Final = "The triage report to read, forward and download."
NAV_DATA: Final = "Data"
NAV_DATA_HELP: Final = "Upload logs, see what was accepted and what was not, delete datasets."
NAV_DESCRIBE: Final = "Describe"
NAV_DESCRIBE_HELP: Final = "Describe workloads without a log: how often, how long, how long they may wait."
NAV_RULES: Final = "Workload rules"
NAV_RULES_HELP: Final = "The rules that say which workload a call is part of, and what they leave over."
NAV_POLICY: Final = "Policy"
NAV_POLICY_HELP: Final = "What decides which workloads can wait: classes, rules, off-peak hours, overrides."
NAV_PRICES: Final = "Prices"
NAV_PRICES_HELP: Final = "The price rows behind every figure: sources, edits, undo, export."
NAV_VERIFY: Final = "Verify"
NAV_SAVINGS: Final = "Savings"
NAV_SAVINGS_HELP: Final = (
    "What batch, flex, off-peak and caches really saved, beside what is still projected."
)
NAV_BATCHES: Final = "Batch jobs"
NAV_BATCHES_HELP: Final = "Every batch: how it ended, what a usable answer cost, and what to run again."
NAV_BILLS: Final = "Bills"
NAV_BILLS_HELP: Final = "Computed costs beside what gateways reported and providers charged."
NAV_CALCULATORS: Final = "Calculators"
NAV_CALCULATORS_HELP: Final = "What a job, a share of a bill or a GPU would cost, without any log."
NAV_LEDGER: Final = "Ledger"
NAV_LEDGER_HELP: Final = "What became of each recommendation: claimed, measured, verified or dismissed."
NAV_ALERTS: Final = "Alerts"
NAV_ALERTS_HELP: Final = "What needs attention now, and the budgets and thresholds it is measured by."


def signed_in(name: str) -> str:
    """Who is signed in."""
    return f"Signed in as {name}"


def sidebar(*, workspace: str, loaded: str, holds: str, prices: str, edited: bool, times: str) -> str:
    """What is loaded and which prices hold, at the foot of the sidebar."""
    own = ", with your edits" if edited else ""
    # A number stays on the line of what it counts.
    unbroken = ", ".join(part.replace(" ", "\u00a0") for part in holds.split(", "))
    return f"Workspace **{workspace}**  \n{loaded}: {unbroken}  \nPrice table {prices}{own}  \n{times}"


WELCOME_TITLE: Final = "Which of your LLM calls can wait?"
WELCOME_BODY: Final = (
    "Give Lanewise a usage log or a list of workloads. It sorts them into those somebody waits for and "
    "those that can wait, prices each in every lane the provider sells (sync, cache, batch, flex and more), "
    "and shows what moving them would save, with the evidence."
)
WELCOME_OWN_TITLE: Final = "Your own log"
WELCOME_OWN_BODY: Final = (
    "OpenAI and Anthropic responses, LiteLLM spend logs, Lanewise CSV, JSON Lines or Parquet, or a CSV that "
    "describes your workloads. Prompts and answers are dropped while reading and never stored."
)
WELCOME_OWN_BUTTON: Final = "Upload a log"
WELCOME_DEMO_TITLE: Final = "A worked example"
WELCOME_DEMO_BODY: Final = (
    "About nine workloads over two weeks, built from public traces: chat, code completion, nightly "
    "summaries, evaluations and more. You can delete it again on the Data page."
)
DEMO_BUTTON: Final = "Load the demo"
DEMO_LOADING: Final = "Loading the demo data"
DEMO_NOTICE: Final = "This is demo data. Names, models and tiers are assigned; timings and lengths are real."
