"""The sign-in gate: closed where secrets configure it, absent everywhere else."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parent.parent.parent


def gated(home: Path, *, logged_in: bool) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.secrets["auth"] = {"client_id": "lanewise", "cookie_secret": "not a secret"}
    app.user = {"is_logged_in": logged_in, "email": "ada@example.com"}
    return app.run()


def test_nobody_gets_past_the_gate_without_signing_in(home: Path) -> None:
    app = gated(home, logged_in=False)
    assert not app.exception
    assert [title.value for title in app.title] == ["Sign in to Lanewise"]
    assert [button.label for button in app.button] == ["Sign in"]
    assert not home.exists()


def test_a_signed_in_person_sees_the_app_and_can_leave(home: Path) -> None:
    app = gated(home, logged_in=True)
    assert not app.exception
    assert "Sign out" in {button.label for button in app.button}
    assert any("ada" in caption.value for caption in app.sidebar.caption)
    assert app.title[0].value == "Which of your LLM calls can wait?"


def test_without_auth_secrets_there_is_no_gate(home: Path) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not app.exception
    assert not {"Sign in", "Sign out"} & {button.label for button in app.button}
