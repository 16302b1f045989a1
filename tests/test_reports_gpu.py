"""A night on a reserved GPU against the API, with every figure worked out by hand."""

from datetime import datetime
from decimal import Decimal

from pricing.model import Lane
from pricing.table import PriceTable
from reports.calculators import Job
from reports.gpu import Gpu, LaneAgainstGpu, PrefixBreakEven, against_gpu
from reports.quote import Subject
from tests.pricing_cases import price_row

DAY = datetime(2026, 11, 20)
TABLE = PriceTable(
    [
        price_row("1 / 0.1 / - / - / 4"),
        price_row("2 / 0.2 / - / - / 6", band=200_001),
        price_row("0.5 / - / - / - / 2", tier="batch", rule="billed_as_input"),
    ]
)
ACME = Subject(TABLE, "acme", "m", DAY)
# 2 USD x 8 h = 16 USD a night; 2,000 tokens/s x 28,800 s = 57.6 million tokens
GPU = Gpu(Decimal(2), 1, Decimal(8), Decimal(2_000))
JOB = Job(10_000, 1_000, 500, 100)
LANES: tuple[Lane, ...] = ("sync", "sync+cache", "batch", "flex")


def compared(job: Job = JOB, gpu: Gpu = GPU, subject: Subject = ACME) -> dict[Lane, LaneAgainstGpu]:
    return {item.quote.lane: item for item in against_gpu(subject, job, gpu, LANES)}


def test_the_night_of_the_gpu() -> None:
    assert GPU.night_micro_usd == 16_000_000
    assert GPU.night_tokens == 57_600_000
    assert GPU.capacity(JOB) == 36_000  # 57.6 million / 1,600
    assert round(GPU.hours_needed(JOB), 4) == Decimal("2.2222")  # 16 million tokens at 7.2 million an hour
    assert round(GPU.micro_usd_per_mtok()) == 277_778  # 16 / 57.6 USD
    assert Gpu(Decimal(2), 4, Decimal(8), Decimal(2_000)).night_micro_usd == 64_000_000
    assert GPU.capacity(Job(1, 0, 0, 0)) == 0


def test_the_bill_of_the_night_and_the_volume_at_which_the_gpu_wins() -> None:
    found = compared()
    # sync: 1,500 x 1 + 100 x 4 = 1,900 micro-dollars a request; 16,000,000 / 1,900 = 8,421.05
    assert found["sync"].quote.cost_micro_usd == 19_000_000
    assert found["sync"].break_even_requests == 8_422
    # with cache: first 1,900, then 1,000 x 0.1 + 500 + 400 = 1,000; 1 + (16,000,000 - 1,900) / 1,000
    assert found["sync+cache"].quote.cost_micro_usd == 1_900 + 9_999 * 1_000
    assert found["sync+cache"].break_even_requests == 1 + 15_999
    # batch: 950 micro-dollars a request
    assert found["batch"].break_even_requests == 16_843
    assert found["flex"].break_even_requests is None
    assert found["flex"].prefix is None
    assert found["flex"].quote.reason is not None


def test_the_prefix_from_which_the_gpu_at_full_use_is_cheaper() -> None:
    # A token costs 5/18 micro-dollars on the GPU. With a job of one size:
    # batch(P) = 0.5 P + 450; gpu(P) = (P + 600) x 5/18: dearer for every P, the GPU is cheaper throughout
    assert compared()["batch"].prefix == PrefixBreakEven(api_cheaper_without=False, tokens=None)
    # At 500 tokens/s a token costs 10/9: batch(0) = 450 < 666.7, and 0.5 P grows slower than 10/9 P
    slow = Gpu(Decimal(2), 1, Decimal(8), Decimal(500))
    assert compared(gpu=slow)["batch"].prefix == PrefixBreakEven(api_cheaper_without=True, tokens=None)
    # At 1,250 tokens/s a token costs 4/9: batch(0) = 450 > 266.7 stays above. At 800: 25/36 x 600 = 416.7
    # and 25/36 > 0.5: the API is cheaper from (450 - 416.67) / (25/36 - 0.5) = 171.43 on
    middling = Gpu(Decimal(2), 1, Decimal(8), Decimal(800))
    assert compared(gpu=middling)["batch"].prefix == PrefixBreakEven(api_cheaper_without=False, tokens=172)


def test_a_break_even_prefix_where_the_api_begins_cheaper() -> None:
    # Output free of charge; at 600 tokens/s a token costs 25/27: P + 500 against (P + 600) x 25/27
    free = PriceTable([price_row("1 / - / - / - / 0", rule="none")])
    gpu = Gpu(Decimal(2), 1, Decimal(8), Decimal(600))
    found = compared(gpu=gpu, subject=Subject(free, "acme", "m", DAY))
    # they meet at P x 2/27 = 1,500/27, and there the GPU is as cheap
    assert found["sync"].prefix == PrefixBreakEven(api_cheaper_without=True, tokens=750)


def test_a_context_band_can_be_the_break_even() -> None:
    # sync doubles for prompts of 200,001 tokens, 199,501 of prefix. At 400 tokens/s a token costs 25/18:
    # below: P + 900 against 25/18 P + 833 -> API cheaper from 172 on; a slow GPU never gets it back
    # At 300 tokens/s 50/27 = 1.85: API cheaper at once (900 < 1,111) until the band: 2 P + 1,600
    # against 1.85 P + 1,111, dearer from the first token of the band
    gpu = Gpu(Decimal(2), 1, Decimal(8), Decimal(300))
    assert compared(gpu=gpu)["sync"].prefix == PrefixBreakEven(api_cheaper_without=True, tokens=199_501)


def test_a_lane_that_costs_nothing_never_breaks_even() -> None:
    free = Subject(PriceTable([price_row("0 / - / - / - / 0", rule="none")]), "acme", "m", DAY)
    assert compared(subject=free)["sync"].break_even_requests is None
    assert compared(gpu=Gpu(Decimal(0), 1, Decimal(8), Decimal(1)))["sync"].break_even_requests == 1
