"""The shipped server configuration: only options that exist, local by default, silent to the outside."""

import tomllib
from pathlib import Path

from streamlit import config as streamlit_config

CONFIG = tomllib.loads(
    (Path(__file__).resolve().parent.parent / ".streamlit" / "config.toml").read_text(encoding="utf-8")
)


def options(section: str, values: dict[str, object]) -> list[str]:
    """Every option of a section by its full name, nested sections included."""
    found: list[str] = []
    for name, value in values.items():
        found += options(f"{section}.{name}", value) if isinstance(value, dict) else [f"{section}.{name}"]
    return found


def test_every_option_is_one_that_streamlit_knows() -> None:
    known = set(streamlit_config.get_config_options())
    for section, values in CONFIG.items():
        for option in options(section, values):
            assert option in known, option


def test_the_server_is_local_and_reports_nothing() -> None:
    assert CONFIG["server"]["address"] == "127.0.0.1"
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert CONFIG["client"]["showErrorDetails"] == "none"
    assert CONFIG["server"]["enableXsrfProtection"] is True


def test_no_font_is_fetched_from_anywhere() -> None:
    assert "http" not in str(CONFIG["theme"])
    assert "fontFaces" not in CONFIG["theme"]
