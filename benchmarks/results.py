"""The tables of docs/benchmarks.md, made of one run's results."""

from collections.abc import Sequence

from benchmarks.importing import Result
from benchmarks.peers import Peer
from benchmarks.whatif import Moved


def with_imports(page: str, imports: Sequence[Result]) -> str:
    """The page with a new table of imports between its markers; a page without them is a ValueError."""
    return _between(page, "import", _imports(imports))


def with_peers(page: str, others: Sequence[Peer]) -> str:
    """The page with a new table of what else one could do; a page without its markers is a ValueError."""
    return _between(page, "peers", _peers(others))


def with_moves(page: str, moves: Sequence[Moved]) -> str:
    """The page with a new table of the What-if page's controls; the old one where nothing was measured."""
    return _between(page, "whatif", _moves(moves)) if moves else page


def _between(page: str, name: str, lines: Sequence[str]) -> str:
    start, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    before, found, rest = page.partition(start)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        message = f"no markers for the table {name}"
        raise ValueError(message)
    return f"{before}{start}{chr(10).join(lines)}\n{end}{after}"


def _imports(imports: Sequence[Result]) -> list[str]:
    lines = [
        "| File | Calls | Time, in scans | Processor time, in scans | A copy of the calls | Peak memory |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {one.kind} | {one.calls:,} | {one.wall_ratio:.1f} | {one.cpu_ratio:.1f} | "
        f"{one.copy_ratio:.1f} | {one.whole.peak_mib:,.0f} MiB |"
        for one in imports
    ]
    return lines


def _peers(others: Sequence[Peer]) -> list[str]:
    lines = ["| Instead | What it does | Time, in imports |", "| --- | --- | ---: |"]
    for peer in others:
        told = "skipped: not installed, or it could not do it" if peer.ratio is None else f"{peer.ratio:.1f}"
        lines.append(f"| {peer.name} | {peer.job} | {told} |")
    return lines


def _moves(moves: Sequence[Moved]) -> list[str]:
    lines = [
        "| Workspace | Cube rows | Control | Median | Fastest | Server at work | Page at work |",
        "| --- | ---: | --- | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {one.workspace} | {one.cube_rows:,} | {one.control} | {one.median_ms:.0f} ms | "
        f"{one.fastest_ms:.0f} ms | {one.server_ms:.0f} ms | {one.page_ms:.0f} ms |"
        for one in moves
    ]
    return lines
