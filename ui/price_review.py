"""Prices page, sources that disagree: every decision about the shipped prices, on one line each."""

import pandas as pd
import streamlit as st

from reports.price_review import settled
from ui import strings as s

ROW_HEIGHT = 118
"""Pixels; room for the five lines that the longest of most rows takes."""
ROWS_SHOWN = 5
HEADER_HEIGHT = 37


def section() -> None:
    """The decisions, folded away: what each source says, what was taken, why, and how sure that is."""
    found = settled()
    with st.expander(s.review_title(len(found)), icon=":material/balance:", key="price_review"):
        st.caption(s.REVIEW_HOW)
        st.dataframe(
            pd.DataFrame(
                {
                    s.COL_ABOUT: [
                        s.review_about(one.topic, one.provider, one.models, one.n_prices) for one in found
                    ],
                    s.COL_READINGS: [one.readings for one in found],
                    s.COL_TAKEN: [one.taken for one in found],
                    s.COL_WHY: [one.reason for one in found],
                    s.COL_PRICE_CONFIDENCE: [one.confidence for one in found],
                }
            ),
            hide_index=True,
            row_height=ROW_HEIGHT,
            height=HEADER_HEIGHT + ROW_HEIGHT * ROWS_SHOWN,
            alt=s.ALT_REVIEW,
            column_config={
                s.COL_ABOUT: st.column_config.TextColumn(width=190),
                s.COL_READINGS: st.column_config.TextColumn(width=215),
                s.COL_TAKEN: st.column_config.TextColumn(width=105),
                s.COL_WHY: st.column_config.TextColumn(width=245),
                s.COL_PRICE_CONFIDENCE: st.column_config.TextColumn(width=88),
            },
        )
