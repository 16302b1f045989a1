"""The workspace folder: immutable datasets, derived caches, versioned documents.

    datasets/<dataset_id>/  calls/*.parquet  bills/*.parquet?  rejects.parquet  manifest.json  facts.json?
    cache/<dataset_id>/     derived files, made again when missing
    documents/<name>/       000001.json, 000002.json, ...
    .tmp-*                  whatever is unfinished; swept when the workspace is opened

A dataset is written under a temporary name and renamed whole, so a crash leaves it there or not.
"""

import json
import os
import re
import shutil
import uuid
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

import pyarrow.parquet as pq
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from data.declared import Declared, checked, merged, to_json
from data.documents import Document
from data.errors import DamagedDatasetError, WorkspaceError
from data.files import TEMPORARY, exclusive, sync_folder, try_lock
from data.rejects import sentence
from data.schema import Grain, Reject

SCHEMA_VERSION: Final = 1
_DATASET_ID: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,63}")
DESCRIBED_HERE: Final = "-described"
"""How the id of the dataset ends that holds the workloads described in the workspace itself."""
_LEASE: Final = ".lease"
_FACT_KEYS: Final = ("row_id", "name", "facts", "bucket_requests")

Count = Annotated[int, Field(ge=0)]


class Manifest(BaseModel):
    """What one dataset is, where it came from, and what became of every row that was read.

    Times are naive UTC. `calls` is the rows in the call files: accepted rows plus `extra_calls`
    (sub-calls that a source row reports, such as Anthropic's `usage.iterations`), except that a
    workload description without usage, a line of a bill, or a record that is no call is accepted and
    makes none. `bills` is the rows in the bill files.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    dataset_id: str
    name: str
    source_sha256: str
    source_bytes: Count
    format: str
    container: str
    token_rule: str
    imported_at_utc: datetime
    read: Count
    accepted: Count
    rejected: Count
    duplicates: Count
    extra_calls: Count
    calls: Count
    bills: Count = 0
    undated: Count
    first_ts_utc: datetime | None
    last_ts_utc: datetime | None
    reject_counts: dict[str, int]
    duplicates_of: dict[str, int]
    grain: Grain
    schema_version: Literal[1] = SCHEMA_VERSION

    @model_validator(mode="after")
    def _every_row_is_accounted_for(self) -> Self:
        if self.accepted + self.rejected + self.duplicates != self.read:
            message = "accepted + rejected + duplicates is not the number of rows read"
            raise ValueError(message)
        if sum(self.reject_counts.values()) != self.rejected:
            message = "the reject counts do not sum to the rejected rows"
            raise ValueError(message)
        return self


class Workspace:
    """A workspace folder; safe to open from any number of threads and processes at once."""

    def __init__(self, path: Path) -> None:
        """Use `open`; the folder must be there."""
        self.path = path

    @classmethod
    def open(cls, path: Path) -> "Workspace":
        """Opens the folder, making it when missing, and sweeps what a crash left unfinished.

        Raises WorkspaceError when the folder cannot be made or written.
        """
        if any(mark in str(path) for mark in "*?["):
            raise WorkspaceError(
                "The workspace cannot be used",
                f"“{path}” has one of * ? [ in its name. Choose a folder without them.",
            )
        try:
            resolved = path.expanduser().resolve()
            for folder in ("datasets", "cache", "documents"):
                (resolved / folder).mkdir(parents=True, exist_ok=True)
            workspace = cls(resolved)
            workspace._sweep()
        except OSError as error:
            raise WorkspaceError(
                "The workspace cannot be used",
                f"“{path}” cannot be made or written ({error.strerror or 'system error'}). "
                "Choose a folder you may write to with --workspace or LANEWISE_HOME.",
            ) from error
        return workspace

    # -- datasets -----------------------------------------------------------------------------

    def datasets(self) -> tuple[Manifest, ...]:
        """The manifests of all datasets, oldest first."""
        found = [self.manifest(dataset_id) for dataset_id in self.dataset_ids()]
        return tuple(sorted(found, key=lambda manifest: (manifest.imported_at_utc, manifest.dataset_id)))

    def dataset_ids(self) -> tuple[str, ...]:
        """The ids of all datasets, damaged ones included, in name order.

        Of the workloads described in the workspace itself only the newest dataset counts: the moment
        it is there, it has replaced the one before, whether that is deleted yet or not.
        """
        folder = self.path / "datasets"
        found = sorted(item.name for item in folder.iterdir() if _DATASET_ID.fullmatch(item.name))
        replaced = [name for name in found if name.endswith(DESCRIBED_HERE)][:-1]
        return tuple(name for name in found if name not in replaced)

    def replaced_ids(self) -> tuple[str, ...]:
        """The ids of datasets that a newer one replaced and that are not deleted yet."""
        there = {item.name for item in (self.path / "datasets").glob(f"*{DESCRIBED_HERE}")}
        return tuple(sorted(there - {*self.dataset_ids()}))

    def describing(self) -> dict[str, str]:
        """Which dataset describes each described workload; what is described here wins over files."""
        found: dict[str, str] = {}
        ids = [manifest.dataset_id for manifest in self.datasets()]
        for dataset_id in sorted(ids, key=lambda name: name.endswith(DESCRIBED_HERE)):
            found |= {row["name"]: dataset_id for row in self.facts(dataset_id)}
        return found

    def manifest(self, dataset_id: str) -> Manifest:
        """One dataset's manifest; raises WorkspaceError when there is no such dataset or it is damaged."""
        path = self.dataset_path(dataset_id) / "manifest.json"
        try:
            content = path.read_bytes()
            return Manifest.model_validate_json(content)
        except OSError as error:
            raise DamagedDatasetError(dataset_id, path.name) from error
        except ValidationError as error:
            if _made_later(content):
                raise WorkspaceError(
                    "The workspace is of a newer version",
                    f"Dataset {dataset_id} was written by a newer version of Lanewise than this one. "
                    "Update Lanewise; the dataset is sound.",
                ) from error
            raise DamagedDatasetError(dataset_id, path.name) from error

    def dataset_path(self, dataset_id: str) -> Path:
        """The folder of one dataset; raises WorkspaceError when there is none."""
        path = self.path / "datasets" / dataset_id
        if not _DATASET_ID.fullmatch(dataset_id) or not path.is_dir():
            raise WorkspaceError(
                "No such dataset",
                "The dataset is not in this workspace; it may have been deleted. Reload and choose another.",
            )
        return path

    def calls_glob(self, dataset_id: str) -> str:
        """The glob of one dataset's call files, for `read_parquet`."""
        return str(self.dataset_path(dataset_id) / "calls" / "*.parquet")

    def call_files(self, dataset_id: str) -> tuple[Path, ...]:
        """The call files of one dataset."""
        return tuple(sorted((self.dataset_path(dataset_id) / "calls").glob("*.parquet")))

    def bill_files(self, dataset_id: str) -> tuple[Path, ...]:
        """The files of bill lines of one dataset; most have none."""
        return tuple(sorted((self.dataset_path(dataset_id) / "bills").glob("*.parquet")))

    def cache_path(self, dataset_id: str) -> Path:
        """The folder for files derived from one dataset, made when missing."""
        path = self.path / "cache" / self.dataset_path(dataset_id).name
        path.mkdir(exist_ok=True)
        return path

    def rejects(self, dataset_id: str, limit: int) -> tuple[Reject, ...]:
        """The first `limit` rejected rows of a dataset in line order."""
        path = self.dataset_path(dataset_id) / "rejects.parquet"
        found: list[Reject] = []
        try:
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches(batch_size=min(max(limit, 1), 10_000)):
                    found += [reject(**row) for row in batch.slice(0, limit - len(found)).to_pylist()]
                    if len(found) >= limit:
                        break
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise DamagedDatasetError(dataset_id, path.name) from error
        return tuple(found)

    def delete(self, dataset_id: str) -> None:
        """Removes a dataset and what was derived from it; gone at once, whatever happens next."""
        folder = self.dataset_path(dataset_id)
        doomed = self.path / f"{TEMPORARY}deleted-{uuid.uuid4().hex}"
        with exclusive(self.lock_file):
            try:
                folder.rename(doomed)
            except FileNotFoundError:
                return
            sync_folder(folder.parent)
            shutil.rmtree(doomed, ignore_errors=True)
        shutil.rmtree(self.path / "cache" / dataset_id, ignore_errors=True)

    # -- declared facts and documents ---------------------------------------------------------

    def document(self, name: str) -> Document:
        """The versioned document of that name, saved or not."""
        return Document(self.path / "documents", name, self.lock_file)

    def declared(self) -> tuple[Declared, ...]:
        """Every workload that someone described or declared, by name; declarations win field by field."""
        described: list[tuple[str, Mapping[str, Any]]] = []
        describing = self.describing()
        for manifest in self.datasets():
            rows = self.facts(manifest.dataset_id)
            described += [
                (manifest.name, row) for row in rows if describing.get(row["name"]) == manifest.dataset_id
            ]
        current = self.document("declarations").current()
        try:
            return merged(described, current[1] if current else {})
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise WorkspaceError(
                "Declared facts cannot be read",
                "A version of the document “declarations” was changed by hand and no longer makes sense. "
                "Delete its newest file in documents/declarations to go back to the version before.",
            ) from error

    def facts(self, dataset_id: str) -> tuple[dict[str, Any], ...]:
        """The fact rows of a description dataset: row_id, name, facts, bucket_requests; none in a log."""
        path = self.dataset_path(dataset_id) / "facts.json"
        if not path.exists():
            return ()
        try:
            rows = json.loads(path.read_bytes())
            return tuple({key: row[key] for key in _FACT_KEYS} for row in rows)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise DamagedDatasetError(dataset_id, path.name) from error

    def declare(self, name: str, *, author: str, **facts: Any) -> int:
        """Records what a person says about a workload and returns the version; None clears a fact.

        Raises KeyError for a field that is not a fact and ValueError with a sentence for a bad value.
        """
        return self.declare_many({name: facts}, author=author, note=f"{name}: {', '.join(facts)}")

    def declare_many(
        self, facts: Mapping[str, Mapping[str, Any]], *, author: str, note: str, by: str | None = None
    ) -> int:
        """Records what a person says of several workloads as one version and returns it; None clears a fact.

        `by` is who evidence names, the author unless it is given. Raises as `declare` does, then saving
        nothing.
        """
        said = {
            name: to_json({key: checked(key, value) for key, value in of.items()})
            for name, of in facts.items()
        }

        def change(content: dict[str, Any]) -> dict[str, Any]:
            made = {name: content.get(name, {"made": []})["made"] for name in said}
            return content | {
                name: {"made": [*made[name], {"by": by or author, "facts": of}]} for name, of in said.items()
            }

        return self.document("declarations").update(change, author=author, note=note)

    def fingerprint(self, *, but: Collection[str] = ()) -> str:
        """A short text that changes whenever a dataset or a document does; reads names and times only.

        Documents named in `but` are not looked at: they change nothing that is computed.
        """
        parts = []
        for folder, pattern in (("datasets", "*/manifest.json"), ("documents", "*/*.json")):
            for path in sorted((self.path / folder).glob(pattern)):
                if folder == "documents" and path.parent.name in but:
                    continue
                parts.append(f"{path.parent.name}/{path.name}@{path.stat().st_mtime_ns}")
        return uuid.uuid5(uuid.NAMESPACE_OID, "\n".join(parts)).hex

    # -- writing ------------------------------------------------------------------------------

    @property
    def lock_file(self) -> Path:
        """The file whose lock serialises changes to the workspace."""
        return self.path / ".lock"

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A folder of our own on the same file system, removed at the end; no sweep touches it meanwhile."""
        folder = self.path / f"{TEMPORARY}{uuid.uuid4().hex}"
        with exclusive(self.lock_file):
            folder.mkdir()
            lease = os.open(folder / _LEASE, os.O_RDWR | os.O_CREAT, 0o600)
            try_lock(lease)
        try:
            yield folder
        finally:
            os.close(lease)
            shutil.rmtree(folder, ignore_errors=True)

    def publish(self, folder: Path, dataset_id: str) -> None:
        """Renames a finished, synced dataset folder into place; call while holding the lock."""
        folder.rename(self.path / "datasets" / dataset_id)
        sync_folder(self.path / "datasets")

    def _sweep(self) -> None:
        with exclusive(self.lock_file):
            for folder in self.path.glob(f"{TEMPORARY}*"):
                if folder.is_file():
                    folder.unlink(missing_ok=True)
                elif not _in_use(folder):
                    shutil.rmtree(folder, ignore_errors=True)
            # Documents are written while the lock is held, so whatever is left there is stale.
            for file in self.path.glob(f"documents/*/{TEMPORARY}*"):
                file.unlink(missing_ok=True)


def reject(line: int, code: str, column: str | None, detail: str | None) -> Reject:
    """A stored reject with its sentence written out."""
    return Reject(line, code, column, sentence(code, column, detail))


def _made_later(manifest: bytes) -> bool:
    """Whether a manifest that cannot be read is of a version after ours."""
    try:
        version = json.loads(manifest)["schema_version"]
    except (ValueError, KeyError, TypeError):
        return False
    return isinstance(version, int) and version > SCHEMA_VERSION


def _in_use(folder: Path) -> bool:
    """Whether a living process still writes there."""
    try:
        lease = os.open(folder / _LEASE, os.O_RDWR)
    except OSError:
        return False
    try:
        return not try_lock(lease)
    finally:
        os.close(lease)
