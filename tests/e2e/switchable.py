"""Streamlit, as `python -m streamlit` starts it, on a workspace that the tests change while it runs.

Starting a server takes as long as a journey through it. The file that SWITCH names holds the path of the
workspace to serve; it is read wherever the app asks for its workspace.
"""

import os
import sys
from pathlib import Path
from typing import Final

from streamlit.web.cli import main

from reports import workbench

SWITCH: Final = "LANEWISE_TEST_SWITCH"

_asked = workbench.default_workspace


def default_workspace() -> Path:
    os.environ[workbench.WORKSPACE_VARIABLE] = Path(os.environ[SWITCH]).read_text(encoding="utf-8")
    return _asked()


if __name__ == "__main__":
    workbench.default_workspace = default_workspace
    sys.exit(main())
