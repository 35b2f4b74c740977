"""Reads what was exported with Prometheus' own parsers, and compares every sample with the JSON.

    prometheus.py FOLDER

For each NAME.json there are NAME.txt (the text format) and NAME.openmetrics.
"""

import json
import pathlib
import sys

from prometheus_client.openmetrics import parser as openmetrics
from prometheus_client import parser as text

QUANTILES = {"0.5": "p50", "0.9": "p90", "0.95": "p95", "0.99": "p99", "0.999": "p999", "0.9999": "p9999"}

# What is told of each allocator: family, whether it counts, and its name in the JSON.
FAMILIES = [
    ("nebula_memory_allocations", True, "allocations"),
    ("nebula_memory_deallocations", True, "deallocations"),
    ("nebula_memory_resizes", True, "resizes"),
    ("nebula_memory_refused", True, "refused"),
    ("nebula_memory_allocated_bytes", True, "bytes"),
    ("nebula_memory_in_use_bytes", False, "in_use"),
    ("nebula_memory_peak_bytes", False, "peak"),
    ("nebula_memory_capacity_bytes", False, "capacity"),
    ("nebula_memory_hits", True, "hits"),
    ("nebula_memory_misses", True, "misses"),
    ("nebula_memory_evictions", True, "evictions"),
]


def key(sample, /, **labels):
    return sample, tuple(sorted(labels.items()))


def expected(snapshot):
    """Every sample that there should be, by name and labels, and the type of each family."""
    samples, types = {}, {"nebula_memory_up": "gauge"}

    def add(where, value):
        assert where not in samples, f"two samples are {where}"
        samples[where] = value

    def summary(name, stats, labels):
        for quantile, percentile in QUANTILES.items():
            add(key(name, quantile=quantile, **labels), stats[percentile])
        add(key(f"{name}_sum", **labels), stats["sum"])
        add(key(f"{name}_count", **labels), stats["count"])

    types["nebula_memory_block_size_bytes"] = types["nebula_memory_histogram"] = "summary"
    for name, counts, _ in FAMILIES:
        types[name] = "counter" if counts else "gauge"
    for entry in snapshot["allocators"]:
        stats = entry["stats"]
        labels = {"allocator": entry["name"], "id": str(entry["id"]), "kind": entry["kind"]}
        for name, counts, field in FAMILIES:
            if stats[field] is not None:
                add(key(f"{name}_total" if counts else name, **labels), stats[field])
        add(key("nebula_memory_up", **labels), int(entry["alive"]))
        if stats["sizes"] is not None:
            summary("nebula_memory_block_size_bytes", stats["sizes"], labels)
    for entry in snapshot["histograms"]:
        summary("nebula_memory_histogram", entry["stats"], {"name": entry["name"], "unit": entry["unit"]})
    return samples, types


def check(where, families, snapshot):
    samples, types = expected(snapshot)
    for family in families:
        assert family.documentation, f"{where}: {family.name} has no help"
        assert types.pop(family.name, None) == family.type, f"{where}: {family.name} is a {family.type}"
        for sample in family.samples:
            found = samples.pop(key(sample.name, **sample.labels), None)
            assert found is not None, f"{where}: {sample} is not in the JSON"
            # The parsers make floats of some numbers.
            assert float(found) == float(sample.value), f"{where}: {sample} should be {found}"
    assert not samples, f"{where}: {list(samples)[:3]} are missing"
    assert not types, f"{where}: {types} are missing"


def main(folder):
    names = sorted(path.stem for path in folder.glob("*.json"))
    assert names, "nothing was exported"
    for name in names:
        read = lambda kind: (folder / f"{name}.{kind}").read_bytes().decode("utf-8")
        snapshot = json.loads(read("json"))
        check(f"{name}, text", text.text_string_to_metric_families(read("txt")), snapshot)
        check(f"{name}, OpenMetrics", openmetrics.text_string_to_metric_families(read("openmetrics")), snapshot)
    print(f"{len(names)} snapshots read")


main(pathlib.Path(sys.argv[1]))
