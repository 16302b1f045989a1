"""The mappings a workspace has saved: to take along as YAML, or to forget."""

import streamlit as st

from data.mapping_yaml import mapping_yaml
from reports.workbench import Workbench
from ui import state
from ui import strings as s
from ui.text import md


def listing(bench: Workbench) -> None:
    """Every saved mapping; nothing where there is none."""
    saved = bench.mappings()
    if not saved:
        return
    with st.expander(s.MAPPINGS_TITLE, icon=":material/rule:", key="saved_mappings"):
        st.caption(s.MAPPINGS_HOW)
        for mapping in saved:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(s.mapping_line(md(mapping.name), len(mapping.fields)), width="stretch")
                st.download_button(
                    s.MAPPING_YAML,
                    data=mapping_yaml(mapping),
                    file_name=f"{mapping.name}.yaml",
                    mime="application/yaml",
                    icon=":material/download:",
                    help=s.MAPPING_YAML_HELP,
                    on_click="ignore",
                    key=f"mapping_yaml_{mapping.name}",
                )
                if st.button(
                    s.MAPPING_FORGET, icon=":material/delete:", key=f"mapping_forget_{mapping.name}"
                ):
                    bench.forget_mapping(mapping.name, author=state.author())
                    st.toast(s.mapping_forgotten(md(mapping.name)), icon=":material/check_circle:")
                    st.rerun()
