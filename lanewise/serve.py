"""Starts the dashboard: Streamlit on the application's own app.py, on this machine only."""

import os
import socket
from pathlib import Path

from lanewise.paths import app_root


def free_port(first: int, address: str) -> int:
    """The first port from `first` on that nothing listens on; OSError when a hundred are taken."""
    for port in range(first, first + 100):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            if probe.connect_ex((address, port)) != 0:
                return port
    raise OSError(f"Ports {first} to {first + 99} are all in use.")


def serve(workspace: Path, *, address: str, port: int | None, browser: bool) -> None:
    """Serves until it is interrupted; `port` None takes the first free one from 8501 on."""
    # Streamlit reads its configuration from the folder it is started in or the script's; both are ours.
    root = app_root()
    os.environ["LANEWISE_HOME"] = str(workspace)
    probe = "127.0.0.1" if address in {"0.0.0.0", "::"} else address  # noqa: S104 - compared, not bound
    chosen = port if port is not None else free_port(8501, probe)

    from streamlit.web import cli

    cli.main(
        [
            "run",
            str(root / "app.py"),
            f"--server.address={address}",
            f"--server.port={chosen}",
            f"--server.headless={str(not browser).lower()}",
            "--server.fileWatcherType=none",
            "--server.showEmailPrompt=false",
            "--browser.gatherUsageStats=false",
        ],
        standalone_mode=False,
    )
