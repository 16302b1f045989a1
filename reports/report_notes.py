"""Migration notes as sections of the report, and as blocks for the page."""

from typing import Final

from reports import migration
from reports.display import in_dollars
from reports.format import lane_title, usd
from reports.migration import Note
from reports.model import Analysis
from reports.report_document import Block, Bullets, Code, Paragraph, Section, line, strong

_NAMED: Final = 20
"""Names in a note; the decisions table has all of them."""


def migration_sections(analysis: Analysis) -> list[Section]:
    """The chapter of migration notes, one section a note; empty where nothing moves."""
    found = migration.notes(analysis)
    if not found:
        return []
    intro = (
        "One note for each provider and lane that something moves to. Code has placeholders in angle "
        "brackets; no prompt is in this report. Try each with a small share of the traffic first."
    )
    return [
        Section("Migration notes", (Paragraph(line(intro)),)),
        *(Section(note_title(note), note_blocks(note), level=3) for note in found),
    ]


def note_title(note: Note) -> str:
    """The heading of a migration note."""
    return f"{note.recipe.title} ({note.provider}, {lane_title(note.lane).lower()})"


@in_dollars()
def note_blocks(note: Note) -> tuple[Block, ...]:
    """A migration note, ready to be drawn."""
    recipe = note.recipe
    saved = note.saving_per_year
    blocks: list[Block] = [
        Paragraph(
            line(
                strong("For:"),
                f" {_some(note.workloads)}. ",
                strong("Models:"),
                f" {_some(note.models)}. ",
                strong("Saves a year:"),
                f" {usd(saved.base)} (low {usd(saved.low)}, high {usd(saved.high)}). ",
                strong("Effort:"),
                f" {recipe.effort}, {recipe.effort_why}.",
            )
        ),
        Paragraph(line(strong("Steps"))),
        Bullets(tuple(line(step) for step in recipe.steps), numbered=True),
    ]
    if recipe.file_format:
        blocks.append(Paragraph(line(strong("Format:"), f" {recipe.file_format}")))
    for title, sentences in (
        ("Limits", note.limits),
        ("Failures and partial results", recipe.failures),
        ("Cache settings in this lane", recipe.cache),
        ("Hygiene", recipe.hygiene),
        ("What to watch after the move", recipe.watch),
    ):
        if sentences:
            blocks += [
                Paragraph(line(strong(title))),
                Bullets(tuple(line(sentence) for sentence in sentences)),
            ]
    if recipe.snippet:
        blocks += [Paragraph(line(strong(f"With {recipe.sdk}"))), Code(note.snippet, "python")]
    if recipe.sources:
        sources = "; ".join(f"{source.url} (checked {source.checked_on})" for source in recipe.sources)
        blocks.append(Paragraph(line(f"Sources: {sources}.")))
    return tuple(blocks)


def _some(names: tuple[str, ...]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
