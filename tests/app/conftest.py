"""Workspaces in the states a page can meet, and the app run on them without a browser."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from data.demo import build_demo
from data.store import Workspace
from reports.model import Analysis
from reports.workbench import Workbench

ROOT = Path(__file__).resolve().parent.parent.parent

RunApp = Callable[..., AppTest]


@pytest.fixture(autouse=True, scope="session")
def no_components() -> Iterator[None]:
    """Streamlit looks through every installed package for components, on each run of an AppTest anew.

    That takes as long as a page, and there are none.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", list)
        yield


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo workspace, built once a process; tests work on copies."""
    folder = tmp_path_factory.mktemp("demo") / "workspace"
    build_demo(Workspace.open(folder))
    return folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the app looks for its workspace in this test."""
    folder = tmp_path / "home"
    monkeypatch.setenv("LANEWISE_HOME", str(folder))
    monkeypatch.delenv("LANEWISE_FOLDERS", raising=False)
    return folder


@pytest.fixture
def demo(demo_template: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The demo, shared by all tests that only look."""
    monkeypatch.setenv("LANEWISE_HOME", str(demo_template))
    return demo_template


@pytest.fixture
def own_demo(demo_template: Path, home: Path) -> Path:
    """A copy of the demo for a test that changes it."""
    shutil.copytree(demo_template, home)
    return home


@pytest.fixture(scope="session")
def demo_analysis(demo_template: Path) -> Analysis:
    """What the pages of the shared demo have to say."""
    return Workbench.open(demo_template).analysis()


@pytest.fixture
def run_app(home: Path) -> RunApp:
    """Runs the app at a page, as a browser would open it."""

    def run(page: str = "overview", **query: str | list[str]) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        for name, value in query.items():
            app.query_params[name] = value
        app.switch_page(f"ui/pages/{page}.py")
        return app.run()

    return run
