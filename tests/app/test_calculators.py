"""The calculators as a person meets them: known answers, reasons instead of figures, a link that repeats."""

from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.conftest import RunApp
from tests.app.test_pages import metrics, texts

DAY = "2026-11-20"


def cells(app: AppTest, table: int = 0) -> list[list[str]]:
    """The Markdown of a table, row by row, without escapes; aligned columns hold row numbers."""
    return [[str(cell).replace("\\", "") for cell in row] for row in app.table[table].value.values.tolist()]


@pytest.mark.parametrize("name", ["Four configurations", "Share that can wait", "Bulk tokens", "API or GPU"])
def test_every_calculator_answers_without_data(name: str, run_app: RunApp) -> None:
    app = run_app("calculators", calc=name)
    assert not app.exception
    assert not app.error
    assert app.table
    assert "Price table" in texts(app)


def test_a_hundred_thousand_documents_in_every_lane(run_app: RunApp) -> None:
    app = run_app("calculators", date=DAY)
    assert metrics(app) == {
        "Sync, no caching": "$1,650.00",
        "Cheapest lane: Batch with cache": "$420.01",
        "Saves 74.5 % against sync, no caching": "$1,229.99",
    }
    last = [row[-1] for row in cells(app)]
    assert last[3] == ":green[saves $1,229.99 (74.5 %)]"
    assert last[4] == "The price table has no flex price for claude-sonnet-4-5 on anthropic."
    # every digit is in the working
    exact = app.code[0].value
    assert parse_qs(exact.removeprefix("?").split("?")[-1])["requests"] == ["100000"]


def test_the_inputs_come_from_the_address(run_app: RunApp) -> None:
    app = run_app(
        "calculators",
        calc="Bulk tokens",
        model="openai / text-embedding-3-small",
        tokens="100B",
        size="300",
        date=DAY,
    )
    assert metrics(app)["Sync, no caching"] == "$2,000.00"
    assert metrics(app)["Cheapest lane: Batch, no caching"] == "$1,000.00"
    # 333,333,334 requests, 50,000 in a batch
    assert "that is 6,667 batches" in texts(app)
    query = parse_qs(app.code[0].value.split("?")[-1])
    assert query["model"] == ["openai / text-embedding-3-small"]
    assert query["tokens"] == ["100B"]
    assert query["date"] == [DAY]


def test_ten_billion_tokens_on_gemini(run_app: RunApp) -> None:
    app = run_app("calculators", calc="Bulk tokens", model="gemini / gemini-2.5-pro", date=DAY)
    assert metrics(app)["Sync, no caching"] == "$12,500.00"
    assert metrics(app)["Cheapest lane: Batch, no caching"] == "$6,250.00"


def test_a_number_nobody_can_read_is_refused_in_words(run_app: RunApp) -> None:
    app = run_app("calculators", calc="Bulk tokens", tokens="many")
    assert [item.value for item in app.error] == [
        "Write a whole number of tokens such as 10B, 2.5M or 100 000, up to 1000T."
    ]
    assert not app.table


def test_a_share_of_a_bill(run_app: RunApp) -> None:
    app = run_app("calculators", calc="Share that can wait", model="openai / gpt-4o", date=DAY)
    batch = next(row for row in cells(app) if "Batch, no caching" in row[0])
    assert batch[2:5] == ["saves $500.00", "saves $1,000.00", "saves $12,000.00"]


def test_a_warm_cache_that_batch_would_lose(run_app: RunApp) -> None:
    # gpt-4.1, 4 in 1 out, 80 % cached: today 0.8 x 2 + 3.2 x 0.5 + 8 = 11.2; batch 4 x 1 + 4 = 8
    # with 20 in 1 out: 4 x 2 + 16 x 0.5 + 8 = 24; batch 20 + 4 = 24: the same
    app = run_app(
        "calculators",
        calc="Share that can wait",
        model="openai / gpt-4.1",
        date=DAY,
        paid="Sync with cache",
        cached="80",
        ratio="40",
    )
    batch = next(row for row in cells(app) if "Batch, no caching" in row[0])
    # 40 in: today 8 x 2 + 32 x 0.5 + 8 = 40; batch 40 + 4 = 44: 10 % more of 20 % of 5,000
    assert batch[2] == ":red[costs $100.00 more]"


def test_cache_writes_pay_from_the_second_and_the_third_request(run_app: RunApp) -> None:
    app = run_app("calculators", calc="Cache writes", date=DAY)
    assert not app.exception
    assert [row[2] for row in cells(app)][:4] == ["from the 2nd request", "from the 3rd request"] * 2
    assert "no flex price" in cells(app)[4][2]
    assert len(cells(app, 1)) == 6


def test_an_api_against_a_gpu(run_app: RunApp) -> None:
    # 2.50 x 8 h; 2,500 tokens/s x 28,800 s = 72 million tokens of 2,700 a request
    app = run_app("calculators", calc="API or GPU", date=DAY)
    shown = metrics(app)
    assert shown["The GPU a night"] == "$20.00"
    assert shown["Requests that fit, no prefix cache"] == "26,666"
    assert shown["Requests that fit, prefix cache"] == "64,000"
    # sync: 2,500 x 3 + 200 x 15 = 10,500 micro-dollars; 20,000,000 / 10,500 = 1,904.8
    assert cells(app)[0][2] == "1,905 requests a night"
    assert "it fits" in texts(app)
