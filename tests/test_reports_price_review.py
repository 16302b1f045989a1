"""The decisions about the shipped prices, as people read them."""

from pricing import shipped
from reports.price_review import settled


def test_every_decision_and_every_figure_is_in_the_list() -> None:
    found = settled()
    rules = [one for one in found if one.n_prices is None]
    figures = [one for one in found if one.n_prices is not None]
    assert len(rules) == len(shipped.decisions())
    assert sum(one.n_prices or 0 for one in figures) == len(shipped.disagreements())
    assert [one.n_prices is None for one in found] == [True] * len(rules) + [False] * len(figures)


def test_a_line_says_what_each_source_reads_what_was_taken_and_why() -> None:
    found = settled()
    (azure,) = (one for one in found if one.provider == "azure" and one.topic == "Price")
    assert azure.models == "ada, text-embedding-3-large, text-embedding-3-small and 1 more"
    assert azure.readings == "ada, input: litellm 0.11, genai-prices 0.1"
    assert azure.taken == "litellm"
    assert azure.reason.startswith("Azure's retail price list for a region")
    assert azure.confidence == "medium"
    (sonar,) = (one for one in found if one.provider == "perplexity")
    assert sonar.taken == "neither alone: dated rows of our own"
    (sonnet,) = (one for one in found if one.models == "claude-sonnet-5-5")
    assert (sonnet.topic, sonnet.taken, sonnet.confidence) == ("Cache read price", "0.10", "medium")


def test_every_line_is_complete() -> None:
    for one in settled():
        assert all((one.topic, one.provider, one.models, one.readings, one.taken)), one
        assert one.reason.endswith("."), one
        assert one.confidence in ("high", "medium", "low"), one
