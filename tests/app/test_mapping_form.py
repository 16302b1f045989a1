"""An upload that nobody knows: mapped once on the Data page, imported, and never asked about again."""

from pathlib import Path

import pandas as pd
from streamlit.testing.v1 import AppTest

from data.store import Workspace
from reports.workbench import Workbench
from tests.app.conftest import RunApp
from tests.app.test_pages import metrics, texts, upload
from tests.formats_cases import calls
from tests.mapped_tables import CANARY, TABLE, mapping


def choice(app: AppTest, name: str) -> str:
    """The key of the form's widget for a field, answer or button."""
    widgets = [*app.selectbox, *app.radio, *app.text_input, *app.button]
    return next(
        str(item.key) for item in widgets if str(item.key).startswith("map_") and str(item.key).endswith(name)
    )


def pick(app: AppTest, field: str, column: str) -> AppTest:
    return app.selectbox(key=choice(app, f"_{field}")).set_value(column).run()


def answer(app: AppTest, name: str, value: str | bool) -> AppTest:
    return app.radio(key=choice(app, f"_{name}")).set_value(value).run()


def answered(app: AppTest) -> AppTest:
    """The form for `TABLE` with everything said as `MAPPED` says it."""
    pick(app, "cache_read_tokens", "from cache")
    answer(app, "row_is", "call")
    answer(app, "time_unit", "s")
    answer(app, "input_includes_cached", True)
    answer(app, "latency_unit", "s")
    return answer(app, "cost_unit", "cents")


def preview(app: AppTest) -> pd.DataFrame:
    frame: pd.DataFrame = app.dataframe[0].value
    return frame


def test_an_unknown_upload_opens_the_form_instead_of_a_dead_end(run_app: RunApp, home: Path) -> None:
    app = upload(run_app("data"), "acme.csv", TABLE.encode())
    assert not app.exception
    assert not app.error
    assert "Tell Lanewise what the columns mean" in [item.value for item in app.header]
    assert app.selectbox(key=choice(app, "_input_tokens")).value == "in tok"
    assert app.selectbox(key=choice(app, "_ts")).value == "when"
    # Units are asked for, hinted at, and not chosen.
    for question in ("row_is", "time_unit", "latency_unit", "cost_unit"):
        assert app.radio(key=choice(app, f"_{question}")).value is None
    assert "The first rows look like seconds since 1970 (s)." in texts(app)
    assert "once these are said: What is one row? · How is the time written? · " in texts(app)
    assert app.button(key=choice(app, "_save")).disabled
    assert list(home.glob(".tmp-*")) == []


def test_map_preview_import_and_never_be_asked_again(run_app: RunApp, home: Path) -> None:
    app = answered(upload(run_app("data"), "acme.csv", TABLE.encode()))
    assert not app.exception
    shown = preview(app)
    assert list(shown["Result"]) == ["call", "call", "in tok is not a whole number."]
    assert list(shown["Latency"])[:2] == ["1,500", "2,250"]
    assert list(shown["Cost"])[:2] == ["0.0012", "0.002"]
    assert "canary" not in shown.to_string()
    assert "3 rows tried: 2 usable, 1 not." in texts(app)
    app.button(key=choice(app, "_save")).click().run()
    assert not app.exception
    assert (metrics(app)["Accepted"], metrics(app)["Rejected"]) == ("2", "1")
    assert "Your mapping acme" in texts(app)
    assert "Tell Lanewise what the columns mean" not in [item.value for item in app.header]
    workspace = Workspace.open(home)
    assert [call["latency_ms"] for call in calls(workspace)] == [1500, 2250]
    again = upload(run_app("data"), "next.csv", TABLE.replace("17778852", "17778862").encode())
    assert "Tell Lanewise what the columns mean" not in [item.value for item in again.header]
    assert (metrics(again)["Accepted"], metrics(again)["Rejected"]) == ("2", "1")
    assert all(manifest.format == "mapped:acme" for manifest in workspace.datasets())
    for file in home.rglob("*"):
        assert not file.is_file() or CANARY.encode() not in file.read_bytes()


def test_a_wrong_unit_shows_before_anything_is_stored(run_app: RunApp, home: Path) -> None:
    app = answer(answered(upload(run_app("data"), "acme.csv", TABLE.encode())), "time_unit", "ms")
    assert "None of these rows would be a call" in texts(app)
    assert "when is not a time between 2000 and 2100" in preview(app)["Result"][0]
    assert Workbench.open(home).workspace.datasets() == ()


def test_a_constant_fills_a_field_for_every_row(run_app: RunApp) -> None:
    app = answered(upload(run_app("data"), "acme.csv", TABLE.encode()))
    pick(app, "provider", "\x00constant")
    app.text_input(key=choice(app, "_provider_constant")).set_value("azure").run()
    assert list(preview(app)["Provider"])[:2] == ["azure", "azure"]


def test_buckets_ask_for_their_count(run_app: RunApp) -> None:
    text = "day,model,input_tokens,completion_tokens,requests\n2026-05-04,gpt-4o,5000,600,12\n"
    app = upload(run_app("data"), "usage.csv", text.encode())
    answer(app, "row_is", "bucket")
    pick(app, "ts", "day")
    answer(app, "time_unit", "iso")
    assert app.selectbox(key=choice(app, "_n_requests")).value == "requests"
    assert list(preview(app)["Requests in the bucket"]) == ["12"]
    assert list(preview(app)["Result"]) == ["bucket"]


def test_choosing_the_prompts_is_warned_about(run_app: RunApp) -> None:
    text = TABLE.replace(CANARY, f"{CANARY} and would not stop at all")
    app = upload(run_app("data"), "acme.csv", text.encode())
    assert not app.warning
    pick(app, "workload", "prompt")
    assert "“prompt” looks like text that people wrote" in texts(app)


def test_a_taken_name_keeps_the_form_open(run_app: RunApp, home: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b,c\ngpt-4o,1,2\n", encoding="utf-8")
    fields = dict.fromkeys(("ts", "workload", "cache_read_tokens", "latency_ms", "reported_cost_usd"))
    sources = {"model": "a", "input_tokens": "b", "output_tokens": "c"}
    named = mapping(fields={**fields, **{name: {"column": column} for name, column in sources.items()}})
    Workbench.open(home).import_mapped(other, named, author="ann")
    app = answered(upload(run_app("data"), "acme.csv", TABLE.encode()))
    app.button(key=choice(app, "_save")).click().run()
    assert "another mapping “acme”" in texts(app)
    app.text_input(key=choice(app, "_name")).set_value("a b").run()
    assert "without blanks" in texts(app)
    assert app.button(key=choice(app, "_save")).disabled
    app.text_input(key=choice(app, "_name")).set_value("acme-2").run()
    app.button(key=choice(app, "_save")).click().run()
    assert not app.error
    assert [item.name for item in Workbench.open(home).mappings()] == ["acme", "acme-2"]


def test_files_of_one_shape_are_mapped_together_and_others_wait(run_app: RunApp, home: Path) -> None:
    app = run_app("data")
    app.file_uploader[0].upload("one.csv", TABLE.encode())
    app.file_uploader[0].upload("two.csv", TABLE.replace("17778852", "17778862").encode())
    app.file_uploader[0].upload("other.csv", b"colour,shape\nred,round\n")
    app.run()
    app.button(key="upload_import").click().run()
    assert "1 more file with the same columns" in texts(app)
    assert "1 more file of another shape" in texts(app)
    answered(app)
    app.button(key=choice(app, "_save")).click().run()
    assert not app.exception
    assert len(Workbench.open(home).workspace.datasets()) == 2
    assert "other.csv" in texts(app)
    assert "No column could be proposed" in texts(app)
    app.button(key=choice(app, "_leave")).click().run()
    assert "Tell Lanewise what the columns mean" not in [item.value for item in app.header]


def test_a_similar_file_starts_from_the_mapping_it_resembles(
    run_app: RunApp, home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "acme.csv"
    path.write_text(TABLE, encoding="utf-8")
    Workbench.open(home).import_mapped(path, mapping(), author="ann")
    wider = "more," + TABLE.replace("\n17778852", "\nx,17778862").replace("\n1777885320", "\nx,1777886320")
    app = upload(run_app("data"), "wider.csv", wider.encode())
    assert "The columns of your mapping **acme** are all here" in texts(app)
    assert app.radio(key=choice(app, "_time_unit")).value == "s"
    assert not app.button(key=choice(app, "_save")).disabled
    app.button(key=choice(app, "_save")).click().run()
    assert not app.exception
    assert [item.name for item in Workbench.open(home).mappings()] == ["acme"]


def test_saved_mappings_can_be_taken_along_chosen_and_forgotten(
    run_app: RunApp, home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "acme.csv"
    path.write_text(TABLE, encoding="utf-8")
    Workbench.open(home).import_mapped(path, mapping(), author="ann")
    app = run_app("data")
    assert "Your mapping acme" in app.selectbox(key="upload_format").options
    app.button(key="mapping_forget_acme").click().run()
    assert not app.exception
    assert Workbench.open(home).mappings() == ()
    assert len(Workbench.open(home).workspace.datasets()) == 1


def test_hostile_headers_are_shown_as_text(run_app: RunApp) -> None:
    text = '"<b>$x$</b>","[a](b)",\'\ngpt-4o,1,2\n'
    app = upload(run_app("data"), "**bold** $a$.csv", text.encode())
    assert not app.exception
    pick(app, "input_tokens", "[a](b)")
    pick(app, "output_tokens", "'")
    answer(app, "row_is", "call")
    assert not app.exception
    assert list(preview(app)["Result"]) == ["call"]
