"""Files of allowed folders on the Data page: listed with size and time, chosen, imported where they are."""

import os
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from data.errors import LanewiseDataError
from data.folders import FOLDERS_VARIABLE, MOST_LISTED, AllowedFolder, ListedFile, Listing, allowed_folders
from reports import display
from reports.workbench import Workbench
from ui import components as c
from ui import strings as s
from ui.sources import InFolder

_LISTED = "folder_listed"
_GENERATION = "folder_generation"
SEARCH_FROM = 10
"""From how many files on there is a search field."""
ROWS_SHOWN = 9
ROW_PIXELS = 35


def picker(bench: Workbench) -> list[InFolder]:
    """The files that the person wants imported now; nothing where no folder is allowed."""
    folders = allowed_folders(os.environ.get(FOLDERS_VARIABLE))
    if not folders:
        return []
    card = st.expander(s.FOLDER_TITLE, icon=":material/folder_open:", key="folder_import", on_change="rerun")
    if not card.open:
        return []
    with card:
        chosen = folders[0]
        if len(folders) > 1:
            labels = [folder.label for folder in folders]
            label = st.selectbox(s.FOLDER_WHICH, labels, key="folder_which", width=320)
            chosen = folders[labels.index(label)]
        try:
            listing = _listing(bench, chosen)
        except LanewiseDataError as error:
            c.problem(error)
            return []
        return [InFolder(chosen, file) for file in _choice(chosen, listing)]


def listed_anew() -> None:
    """Forgets what was listed and chosen, so that the next look reads the folder again."""
    st.session_state.pop(_LISTED, None)
    st.session_state[_GENERATION] = st.session_state.get(_GENERATION, 0) + 1


def _listing(bench: Workbench, folder: AllowedFolder) -> Listing:
    """What the folder holds, as it was when it was first shown: row numbers of a choice rest on it."""
    known: tuple[AllowedFolder, Listing] | None = st.session_state.get(_LISTED)
    if known is None or known[0] != folder:
        known = (folder, folder.listing(without=bench.workspace.path))
        st.session_state[_LISTED] = known
    return known[1]


def _choice(folder: AllowedFolder, listing: Listing) -> Sequence[ListedFile]:
    generation = st.session_state.get(_GENERATION, 0)
    if not listing.files:
        st.caption(s.FOLDER_EMPTY)
    search = ""
    if len(listing.files) >= SEARCH_FROM:
        search = st.text_input(
            s.FOLDER_SEARCH,
            placeholder=s.FOLDER_SEARCH_PLACEHOLDER,
            key=f"folder_search_{generation}",
            width=320,
        )
    files = [file for file in listing.files if search.strip().lower() in file.shown.lower()]
    rows: list[int] = []
    if files:
        rows = _table(files, key=f"folder_files_{generation}_{folder.label}_{search}")
    elif listing.files:
        st.caption(s.FOLDER_NO_MATCH)
    st.caption(
        s.folder_caption(
            len(listing.files),
            sum(file.size_bytes for file in listing.files),
            MOST_LISTED if listing.cut else None,
            listing.unreadable,
        )
    )
    chosen = [files[row] for row in rows if row < len(files)]
    with st.container(horizontal=True):
        if st.button(
            s.folder_import_chosen(len(chosen)),
            type="primary",
            icon=":material/database_upload:",
            disabled=not chosen,
            key="folder_import_chosen",
        ):
            return chosen
        if st.button(s.folder_import_all(len(files)), disabled=not files, key="folder_import_all"):
            return files
        if st.button(s.FOLDER_REFRESH, icon=":material/refresh:", key="folder_refresh"):
            listed_anew()
            st.rerun()
    return []


def _table(files: Sequence[ListedFile], *, key: str) -> list[int]:
    frame = pd.DataFrame(
        {
            s.COL_FILE: [file.shown for file in files],
            s.COL_SIZE: [file.size_bytes for file in files],
            s.col_modified(): [display.local(file.modified_utc) for file in files],
        }
    )
    event = st.dataframe(
        frame,
        key=key,
        hide_index=True,
        row_height=ROW_PIXELS,
        height=ROW_PIXELS * (min(len(files), ROWS_SHOWN) + 1) + 2,
        on_select="rerun",
        selection_mode="multi-row",
        alt=s.ALT_FOLDER,
        column_config={
            s.COL_FILE: st.column_config.TextColumn(width="large"),
            s.COL_SIZE: st.column_config.NumberColumn(format="bytes", width=100),
            s.col_modified(): st.column_config.DatetimeColumn(format=s.MOMENT_FORMAT, width=140),
        },
    )
    return list(event.selection.rows)
