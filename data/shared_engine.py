"""The engine that roll-ups run on: one for each, or one for all of them within a block."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from typing import Final

from data.db import Engine, open_engine
from data.store import Workspace


class _Shared:
    """One engine for several roll-ups of a workspace, opened when the first of them needs it."""

    def __init__(self, workspace: Workspace, until: ExitStack) -> None:
        self.path = workspace.path
        self._workspace = workspace
        self._until = until
        self._engine: Engine | None = None

    def engine(self) -> Engine:
        if self._engine is None:
            self._engine = self._until.enter_context(_opened(self._workspace))
        return self._engine


_SHARED: Final[ContextVar[_Shared | None]] = ContextVar("shared engine", default=None)


@contextmanager
def sharing_an_engine(workspace: Workspace) -> Iterator[None]:
    """Roll-ups of the workspace within the block use one engine.

    Opening an engine takes longer than rolling up a small log. Threads started in the block have engines
    of their own.
    """
    outer = _SHARED.get()
    if outer is not None and outer.path == workspace.path:
        yield
        return
    with ExitStack() as until:
        before = _SHARED.set(_Shared(workspace, until))
        try:
            yield
        finally:
            _SHARED.reset(before)


@contextmanager
def roll_up_engine(workspace: Workspace) -> Iterator[Engine]:
    """An engine that reads the workspace, shared where `sharing_an_engine` says so."""
    shared = _SHARED.get()
    if shared is not None and shared.path == workspace.path:
        yield shared.engine()
        return
    with _opened(workspace) as engine:
        yield engine


@contextmanager
def _opened(workspace: Workspace) -> Iterator[Engine]:
    """An engine that may spill: a log with a session of its own for every call outgrows the memory."""
    with (
        workspace.scratch() as scratch,
        open_engine(readable=[workspace.path], spill=scratch / "spill") as engine,
    ):
        yield engine
