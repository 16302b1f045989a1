"""Where the application's own files are, in a checkout and once installed."""

import sys
from pathlib import Path


def app_root() -> Path:
    """The folder that holds app.py: this package once installed, its parent in a checkout."""
    package = Path(__file__).resolve().parent
    return package if (package / "app.py").is_file() else package.parent


def use_app_root() -> Path:
    """Makes the application's packages importable, as Streamlit does for the pages."""
    root = app_root()
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    return root
