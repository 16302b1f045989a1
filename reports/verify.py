"""What was really saved and really billed, asked of one workspace: batches, realised savings, bills."""

from datetime import datetime
from typing import TYPE_CHECKING

from data import batches
from data.batches import RetryLine
from data.bills import bill_lines
from data.shared_engine import sharing_an_engine
from reports import counting
from reports.batch_jobs import BatchJob, batch_jobs
from reports.before_after import Changes
from reports.billed_lines import Bills, bills
from reports.look import Look
from reports.realised import Realised, realised
from reports.reported import Reported, reported

if TYPE_CHECKING:
    from reports.workbench import Workbench


class Verify:
    """The questions of the Verify pages; each answers from the workspace as it is when asked.

    `as_of` is naive UTC, None for today: the day whose prices calls without a time take.
    """

    def __init__(self, bench: "Workbench") -> None:
        self._bench = bench

    def batch_jobs(self, as_of: datetime | None = None) -> tuple[BatchJob, ...]:
        """Every batch of the workspace, latest first."""
        workspace = self._bench.workspace
        with sharing_an_engine(workspace):
            inputs = self._bench.inputs(as_of=as_of)
            jobs = batches.batch_jobs(workspace)
            usage = batches.batch_usage(workspace, inputs.prices.thresholds())
            errors = batches.batch_errors(workspace)
        return batch_jobs(jobs, usage, errors, inputs.prices, inputs.declared, inputs.as_of)

    def retry_lines(self, job: BatchJob) -> tuple[RetryLine, ...]:
        """The lines of a batch that failed or expired, read from the calls now."""
        return batches.retry_lines(self._bench.workspace, job.provider, job.batch_id)

    def realised(self, as_of: datetime | None = None) -> Realised:
        """What calls in batch, flex, off-peak and with a cache saved."""
        with sharing_an_engine(self._bench.workspace):
            inputs = self._bench.inputs(as_of=as_of)
            repeated = batches.repeated_usage(self._bench.workspace, inputs.prices.thresholds())
        kept = counting.counted(repeated, self._bench.overlaps())
        return realised(inputs, Look(inputs).ground.logged, kept)

    def changes(self, as_of: datetime | None = None) -> Changes:
        """The logged calls, to be compared before and after a date."""
        inputs = self._bench.inputs(as_of=as_of)
        return Changes(inputs, Look(inputs).ground.logged)

    def reported(self, as_of: datetime | None = None) -> Reported:
        """The costs that the sources of the logs reported, beside the computed ones."""
        inputs = self._bench.inputs(as_of=as_of)
        return reported(inputs, Look(inputs).ground.logged)

    def bills(self, as_of: datetime | None = None) -> Bills:
        """The imported bills beside the computed costs."""
        inputs = self._bench.inputs(as_of=as_of)
        return bills(inputs, Look(inputs).ground.logged, bill_lines(self._bench.workspace))
