"""Sends messages to the addresses of a workspace, and never says what an address is.

The library logs what it does, addresses and answers included, and some of its errors quote them; so
its log is silenced and of an error only that there was one is told.
"""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from reports.notices import Target

TIMEOUT_S: Final = 30


def usable(url: str) -> bool:
    """Whether the library knows what to do with an address; nothing is sent."""
    with _silence():
        import apprise

        return apprise.Apprise(asset=_asset()).add(url) is True


def send(target: "Target", *, title: str, body: str, html: bool, urgent: bool) -> str | None:
    """Sends one message and returns None, or a sentence why it did not get there."""
    with _silence():
        import apprise

        sender = apprise.Apprise(asset=_asset())
        try:
            if sender.add(target.url) is not True:
                return "its address is of no known kind, or incomplete"
            delivered = sender.notify(
                title=title,
                body=body,
                notify_type=apprise.NotifyType.FAILURE if urgent else apprise.NotifyType.WARNING,
                body_format=apprise.NotifyFormat.HTML if html else apprise.NotifyFormat.TEXT,
                timeout=TIMEOUT_S,
            )
        # Whatever a service's plug-in raises, a check must end with its exit code and without the address.
        except Exception as problem:
            return f"sending failed ({type(problem).__name__})"
    return None if delivered else "it was not accepted; try the address with the service's own tool"


def _asset() -> Any:
    import apprise

    return apprise.AppriseAsset(
        app_id="Lanewise",
        app_desc="Lanewise",
        app_url="",
        image_url_mask=None,
        image_url_logo=None,
        async_mode=False,
        secure_logging=True,
        storage_mode=apprise.PersistentStoreMode.MEMORY,
    )


@contextmanager
def _silence() -> Iterator[None]:
    """Nothing is logged or warned of while the block runs, by whatever library a service needs."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
