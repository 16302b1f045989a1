"""Who is told of alerts, what of, and how it is worded; sending itself is the command line's.

An address is a URL with secrets in it (a token, a password), so it is kept where only the owner of
the workspace can read it, and nothing ever shows more of it than its kind.
"""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from data.errors import LanewiseDataError
from data.private import PrivateFile
from data.store import Workspace
from reports.alerts import Alert

VARIABLE: Final = "LANEWISE_NOTIFY_URLS"
"""Addresses of the environment, separated by white space."""

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}")
_SERVICE: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,39})://")
_SHIPPED: Final = Path(__file__).parent / "templates" / "alerts.txt"


class NoticeError(LanewiseDataError):
    """Notifications cannot be set up or worded; the message never holds an address."""


@dataclass(frozen=True)
class Target:
    """Who is told: a name people gave it, and the address, which is in no text of it."""

    name: str
    url: str = field(repr=False)
    from_environment: bool = False

    @property
    def service(self) -> str:
        """The kind of address, such as `slack`."""
        found = _SERVICE.match(self.url)
        return found[1].lower() if found else "unknown"

    @property
    def shown(self) -> str:
        """The address as it may be shown: for some services even its host is a secret."""
        return f"{self.service}://…"


class Targets:
    """The addresses of a workspace, and those of the environment."""

    def __init__(self, workspace: Workspace) -> None:
        self._file = PrivateFile(workspace, "notify")

    def all(self) -> tuple[Target, ...]:
        """Everybody who is told, by name; the environment's last."""
        saved = self._file.read()
        kept = [Target(name, str(url)) for name, url in sorted(saved.items())]
        named = os.environ.get(VARIABLE, "").split()
        return (
            *kept,
            *(Target(f"environment {n}", url, from_environment=True) for n, url in enumerate(named, 1)),
        )

    def add(self, name: str, url: str) -> None:
        """Keeps an address under a name, in place of one of that name; NoticeError for a bad name."""
        if not _NAME.fullmatch(name):
            raise NoticeError(
                "The name cannot be used",
                "Name it with up to 40 letters, digits, spaces, dots, dashes or underscores.",
            )
        self._file.update(lambda saved: {**saved, name: url})

    def remove(self, name: str) -> bool:
        """Forgets an address; False when there is none of that name."""
        if name not in self._file.read():
            return False
        self._file.update(lambda saved: {known: url for known, url in saved.items() if known != name})
        return True


class Told:
    """Which alerts each target was told of, and when."""

    def __init__(self, workspace: Workspace) -> None:
        self._file = PrivateFile(workspace, "told")

    def due(
        self, target: Target, alerts: Sequence[Alert], now: datetime, again_after: timedelta
    ) -> tuple[Alert, ...]:
        """The alerts that are new to a target, got worse or better, or were sent too long ago."""
        told: Mapping[str, str] = self._file.read().get(target.name, {})
        return tuple(
            alert
            for alert in alerts
            if alert.state not in told or now - datetime.fromisoformat(told[alert.state]) >= again_after
        )

    def record(self, target: Target, alerts: Iterable[Alert], sent: Iterable[Alert], now: datetime) -> None:
        """Notes what was sent; what no longer fires is forgotten, so that it is news when it comes back."""
        firing = {alert.state for alert in alerts}
        fresh = {alert.state: now.isoformat() for alert in sent}

        def change(content: dict[str, Any]) -> dict[str, Any]:
            told = {state: at for state, at in content.get(target.name, {}).items() if state in firing}
            return {**content, target.name: {**told, **fresh}}

        self._file.update(change)


def title(alerts: Sequence[Alert]) -> str:
    """The heading of a message: `Lanewise: 1 breach, 2 warnings`."""
    counts = {
        word: sum(alert.severity == severity for alert in alerts)
        for severity, word in (("breach", "breach"), ("warning", "warning"))
    }
    plural = {"breach": "breaches", "warning": "warnings"}
    said = ", ".join(f"{n} {word if n == 1 else plural[word]}" for word, n in counts.items() if n)
    return f"Lanewise: {said or 'nothing fires'}"


def message(
    alerts: Sequence[Alert],
    *,
    workspace: str,
    at_utc: datetime,
    told_before: int,
    template: Path | None = None,
) -> str:
    """The body of a message from our template or a person's own, which may compute nothing and read nothing.

    A template whose name ends in .html is filled with every text escaped. NoticeError says what is
    wrong with it.
    """
    values = {
        "alerts": [
            {
                "kind": alert.kind,
                "severity": alert.severity,
                "sentence": one_line(alert.sentence),
                "todo": alert.todo,
                "where": alert.where,
                "workload": one_line(alert.workload or ""),
            }
            for alert in alerts
        ],
        "workspace": one_line(workspace),
        "at_utc": f"{at_utc:%Y-%m-%d %H:%M}",
        "told_before": told_before,
    }
    path = template if template is not None else _SHIPPED
    try:
        text = path.read_text(encoding="utf-8")
        filled = _environment(html=path.suffix.lower() == ".html").from_string(text).render(values)
    except (OSError, UnicodeDecodeError) as problem:
        raise NoticeError("The template cannot be read", f"{path}: {type(problem).__name__}.") from problem
    except (TemplateError, ArithmeticError, TypeError, ValueError, LookupError, AttributeError) as problem:
        line = getattr(problem, "lineno", None)
        where = f", line {line}" if line else ""
        raise NoticeError("The template cannot be filled", f"{path}{where}: {problem}.") from problem
    return filled.strip()


@cache
def _environment(*, html: bool) -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        autoescape=html, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def one_line(text: str) -> str:
    """Text of other people's making on one line: a workload's name can pretend to be no second alert."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
