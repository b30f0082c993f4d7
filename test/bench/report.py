"""Reads what bench.sh left in a folder, prints it as tables and writes it together as results.json.

    python3 report.py FOLDER
"""
import json
import os
import platform
import sys


def lines(path):
    if not os.path.exists(path):
        return []
    with open(path) as file:
        return [json.loads(line) for line in file if line.strip()]


def kernels(path):
    """The best of the repetitions: neighbours on the machine only ever slow things down."""
    if not os.path.exists(path):
        return []
    with open(path) as file:
        found = json.load(file)
    best = {}
    for run in found["benchmarks"]:
        if run.get("run_type") == "aggregate":
            continue
        unit = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3}[run["time_unit"]]
        row = {"seconds": run["cpu_time"] * unit, "rate": run.get("multiply_adds") or run.get("items_per_second")}
        name = run["run_name"] if "run_name" in run else run["name"]
        if name not in best or row["seconds"] < best[name]["seconds"]:
            best[name] = row
    peaks = {name.split("/")[1]: row["rate"] for name, row in best.items() if name.startswith("peak/")}
    best_set = found["context"]["instruction_set"]
    records = []
    for name, row in best.items():
        kind, _, rest = name.partition("/")
        instruction_set = best_set if kind == "gradient" else rest
        peak = peaks[instruction_set]
        records.append({
            "group": "gradient" if kind == "gradient" else "kernel",
            "name": rest if kind == "gradient" else kind,
            "instruction_set": instruction_set,
            "us": row["seconds"] * 1e6,
            "rate_per_s": row["rate"],
            "baseline": "multiply-adds at the peak of " + instruction_set,
            "ratio": peak / row["rate"],
        })
    return records


def show(title, records, columns):
    if not records:
        return
    print("\n" + title)
    width = max(len(r["name"]) for r in records) + 2
    print("  " + "".ljust(width) + "".join(head.rjust(size) for head, _, size in columns))
    for r in records:
        print("  " + r["name"].ljust(width) + "".join(form(r).rjust(size) for _, form, size in columns))


def main(folder):
    kernel_rows = kernels(os.path.join(folder, "kernels.json"))
    fits = lines(os.path.join(folder, "fits.jsonl"))
    both = lines(os.path.join(folder, "sql.jsonl"))
    sql, stored = [r for r in both if r["group"] == "sql"], [r for r in both if r["group"] == "size"]
    sets = [r["instruction_set"] for r in kernel_rows if r["name"] == "peak"]
    for chosen in sets:
        show("Kernels, " + chosen + " (40 geos x 156 periods; ratio: time over that of its multiply-adds at the peak)",
             [r for r in kernel_rows if r["group"] == "kernel" and r["instruction_set"] == chosen],
             [("us", lambda r: f"{r['us']:.2f}", 10), ("G/s", lambda r: f"{r['rate_per_s'] / 1e9:.2f}", 10),
              ("ratio", lambda r: f"{r['ratio']:.2f}", 10)])
    show("Gradients (ratio: time over that of its multiply-adds at the peak)", [r for r in kernel_rows if r["group"] == "gradient"],
         [("us", lambda r: f"{r['us']:.2f}", 10), ("ratio", lambda r: f"{r['ratio']:.2f}", 10)])
    show("Fits (ratio: processor time over that of its gradients alone)", fits,
         [("wall s", lambda r: f"{r['wall_s']:.3f}", 10), ("CPU s", lambda r: f"{r['cpu_s']:.3f}", 10),
          ("ratio", lambda r: f"{r['ratio']:.2f}", 8), ("min ESS", lambda r: f"{r['min_ess_bulk']:.0f}", 9),
          ("min ESS/s", lambda r: f"{r['min_ess_per_s']:.0f}", 11), ("med ESS/s", lambda r: f"{r['median_ess_per_s']:.0f}", 11),
          ("R-hat", lambda r: f"{r['max_rhat']:.4f}", 9), ("div", lambda r: str(r["divergences"]), 5),
          ("grad/draw", lambda r: f"{r['gradients_per_draw']:.1f}", 11), ("MB", lambda r: f"{r['peak_mb']:.0f}", 6)])
    show("SQL", sql, [("ms", lambda r: f"{r['ms']:.1f}", 11), ("baseline ms", lambda r: f"{r['baseline_ms']:.1f}", 13),
                      ("ratio", lambda r: f"{r['ratio']:.3f}", 9), ("  against", lambda r: "  " + r["baseline"], 0)])
    show("Stored", stored, [("bytes", lambda r: f"{r['bytes']:.0f}", 11), ("baseline", lambda r: f"{r['baseline_bytes']:.0f}", 11),
                            ("ratio", lambda r: f"{r['ratio']:.3f}", 9), ("  against", lambda r: "  " + r["baseline"], 0)])
    scaling = lines(os.path.join(folder, "scaling.jsonl"))
    for r in scaling:
        r["name"] = f"{r['geos']} geos x {r['weeks']} weeks x {r['channels']} channels"
        # Against the smallest, in proportion to its cells.
        r["ratio"] = r["ns_per_cell"] / scaling[0]["ns_per_cell"]
    show("Growth with the data (ratio: time a cell over that of the smallest)",
         scaling, [("cells", lambda r: f"{r['cells']:.0f}", 10), ("parameters", lambda r: f"{r['parameters']}", 12),
                   ("us", lambda r: f"{r['gradient_us']:.1f}", 10), ("ratio", lambda r: f"{r['ratio']:.2f}", 8),
                   ("MB", lambda r: f"{r['peak_mb']:.0f}", 7)])
    result = {"machine": {"processor": platform.processor() or platform.machine(), "cores": os.cpu_count()},
              "results": kernel_rows + fits + scaling + both}
    path = os.path.join(folder, "results.json")
    with open(path, "w") as file:
        json.dump(result, file, indent=1)
    print("\nevery figure: " + path)


main(sys.argv[1])
