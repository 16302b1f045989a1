"""Uploads are copied under a name of our own, and leave the server's memory."""

import tomllib
from contextlib import nullcontext
from pathlib import Path

import pytest
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.testing.v1 import AppTest
from streamlit.typing import UploadedFile

from ui import uploads

ROOT = Path(__file__).resolve().parent.parent


def uploaded(name: str, content: bytes) -> UploadedFile:
    return UploadedFile(UploadedFileRec("file-1", name, "text/csv", content), FileURLs())


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("calls.csv", ".csv"),
        ("Calls.JSONL", ".jsonl"),
        ("calls.tar.gz", ".tar.gz"),
        ("../../etc/passwd", ""),
        ("..\\..\\boot.csv", ".csv"),
        ("no suffix", ""),
        ("x.csv/../../y", ""),
        ("a.b c", ""),
    ],
)
def test_only_the_suffix_of_the_browsers_name_is_used(name: str, suffix: str, tmp_path: Path) -> None:
    target = uploads.copy_to(tmp_path, uploaded(name, b"a,b\n1,2\n"))
    assert target.parent == tmp_path
    assert "".join(target.suffixes) == suffix
    assert target.read_bytes() == b"a,b\n1,2\n"


def test_a_file_that_was_read_before_is_copied_from_its_beginning(tmp_path: Path) -> None:
    file = uploaded("calls.csv", bytes(range(256)) * 40_000)
    file.read(1000)
    assert uploads.copy_to(tmp_path, file).stat().st_size == 256 * 40_000


def test_freeing_outside_a_session_does_nothing() -> None:
    assert uploads.free(uploaded("calls.csv", b"x")) is False


def test_freeing_takes_the_bytes_out_of_the_servers_memory() -> None:
    def script() -> None:
        import streamlit as st
        from streamlit.runtime.scriptrunner import get_script_run_ctx

        from ui import uploads

        file = st.file_uploader("file")
        context = get_script_run_ctx()
        if file is not None and context is not None and "freed" not in st.session_state:
            manager = context.uploaded_file_mgr
            st.session_state.before = len(manager.get_files(context.session_id, [file.file_id]))
            st.session_state.freed = uploads.free(file)
            st.session_state.after = len(manager.get_files(context.session_id, [file.file_id]))

    app = AppTest.from_function(script).run()
    app.file_uploader[0].upload("calls.csv", b"a,b\n").run()
    assert not app.exception
    assert (app.session_state["before"], app.session_state["freed"], app.session_state["after"]) == (
        1,
        True,
        0,
    )


def test_the_cap_in_the_text_and_on_the_page_is_the_servers() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["server"]["maxUploadSize"] == uploads.MAX_UPLOAD_MB
    from ui import strings

    assert "up to 500 MB" in strings.upload_caption(uploads.MAX_UPLOAD_MB)
    assert uploads.MAX_UPLOAD_MB == 500


def test_an_upload_stays_in_memory_where_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = tmp_path / "memory"
    memory.mkdir()
    monkeypatch.setattr(uploads, "MEMORY_FOLDER", memory)
    with uploads.folder_for(10, nullcontext(tmp_path)) as folder:
        assert folder.parent == memory
        (folder / "x").write_bytes(b"prompt")
    assert list(memory.iterdir()) == []


def test_an_upload_goes_to_disk_where_there_is_no_room_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with uploads.folder_for(10**18, nullcontext(tmp_path)) as folder:
        assert folder == tmp_path
    monkeypatch.setattr(uploads, "MEMORY_FOLDER", tmp_path / "absent")
    with uploads.folder_for(1, nullcontext(tmp_path)) as folder:
        assert folder == tmp_path
