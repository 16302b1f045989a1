"""Which tags hold for a workload: those that every logged call of it carries.

A tag on some calls says nothing of the others, and overrides of a policy state a promise by tag: one
call with a stray tag must not defer the rest.
"""

from typing import Final

import pyarrow as pa

from data.attributes import attribute_sets
from data.attribution import Kind, fields
from data.rules import RuleSet
from data.store import Workspace

_TAG: Final = "tag"


def workload_tags(workspace: Workspace, keyed: pa.Table, rules: RuleSet) -> dict[str, tuple[str, ...]]:
    """Workload -> the tags that all its calls share, sorted; workloads without any are left out.

    `keyed` is what `data.cube.keyed_usage` gives.
    """
    formats = {manifest.dataset_id: manifest.format for manifest in workspace.datasets()}
    sets = {dataset_id: attribute_sets(workspace, dataset_id) for dataset_id in formats}
    if not any(sets.values()):
        return {}
    shared: dict[str, set[str]] = {}
    columns = ["workload", "provider", "model", "dataset_id"]
    for row in keyed.group_by(columns).aggregate([]).to_pylist():
        seen = fields(
            Kind(row["workload"], row["provider"], row["model"]),
            sets[row["dataset_id"]],
            formats[row["dataset_id"]],
        )
        name = rules.deciding(seen)[1]
        tags = set(seen.get(_TAG, ()))
        shared[name] = shared[name] & tags if name in shared else tags
    return {name: tuple(sorted(tags)) for name, tags in shared.items() if tags}
