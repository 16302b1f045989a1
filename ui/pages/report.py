"""The triage report as people will read it, as files to take along, and beside an earlier one."""

from functools import partial

import streamlit as st

from reports import migration, triage_report
from reports.chosen import Chosen
from reports.reopen import ReportError
from reports.report_compare import Comparison
from reports.report_compared import compared_section
from reports.report_files import FORMATS
from reports.report_notes import note_blocks
from reports.report_tables import moves
from ui import filters, nav, report_view, sections, state
from ui import strings as s
from ui.text import md

ICONS = {
    "pdf": ":material/picture_as_pdf:",
    "html": ":material/html:",
    "xlsx": ":material/table_view:",
    "md": ":material/article:",
    "csv": ":material/csv:",
    "json": ":material/data_object:",
    "focus": ":material/receipt_long:",
}

whole = state.analysis()
st.title(s.REPORT_TITLE, anchor=False)
if not whole.workloads:
    sections.nothing_yet(s.REPORT_EMPTY_TITLE, s.REPORT_EMPTY_BODY)
    st.stop()
st.caption(s.REPORT_CAPTION, help=s.terms(*s.TERMS_REPORT))
analysis = filters.narrowed(whole, nav.REPORT)
by = analysis.narrowed.by if analysis.narrowed is not None else Chosen()

downloads = st.container(horizontal=True)
compared: Comparison | None = None
with st.expander(s.REPORT_COMPARE, icon=":material/compare_arrows:"):
    earlier = st.file_uploader(
        s.REPORT_COMPARE_LABEL, type=["json"], key="report_earlier", help=s.REPORT_COMPARE_HELP
    )
    if earlier is not None:
        try:
            compared = state.comparison(earlier.getvalue().decode("utf-8", errors="replace"), by)
        except ReportError as problem:
            st.error(f"**{s.REPORT_COMPARE_FAILED}**  \n{md(str(problem))}", icon=":material/error:")
        else:
            st.caption(s.REPORT_COMPARED)
            report_view.draw(compared_section(compared).blocks)

with downloads:
    for name, (title, what) in s.REPORT_FORMATS.items():
        known = FORMATS[name]
        st.download_button(
            title,
            data=partial(known.write, analysis, compared),
            file_name=f"{s.report_file(analysis.as_of, part=by.any)}{known.suffix}",
            mime=known.mime,
            icon=ICONS[name],
            type="primary" if name == "pdf" else "secondary",
            on_click="ignore",
            key=f"report_{name}",
            help=what,
        )

with st.expander(s.REPORT_MIGRATION, icon=":material/swap_horiz:"):
    notes = migration.notes(analysis)
    moving = [result.workload for result in moves(analysis)]
    if not notes or not moving:
        st.markdown(s.REPORT_MIGRATION_NONE)
    else:
        chosen = st.selectbox(s.REPORT_MIGRATION_WORKLOAD, moving, key="report_migration")
        for note in notes:
            if chosen in note.workloads:
                report_view.draw(note_blocks(note))

with st.container(border=True):
    report_view.show(
        triage_report.markdown(analysis, appendix=False), {item.workload for item in analysis.workloads}
    )
