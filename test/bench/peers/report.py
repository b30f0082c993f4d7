"""Writes docs/benchmarks.md from what run.sh left in a folder.

    python3 report.py RESULTS_FOLDER OUT.md
"""
import datetime
import glob
import json
import os
import re
import sys

MODELS = {
    "mmm_example": ("mmm_example.csv: 179 weeks, 2 channels", "PyMC-Marketing's default model (preset `pymc`): geometric adstock of 8 weeks, logistic "
                    "saturation, 3 controls, yearly Fourier terms of order 2; 15 parameters."),
    "simulated_104x4": ("Simulated: 104 weeks, 4 channels", "The same model with 2 controls; 20 parameters. Rows by `mmm_simulate` with seed 1."),
    "geo_all_channels": ("geo_all_channels.csv: 40 geos, 156 weeks", "Meridian's demonstration model (preset `meridian`): 5 paid channels, organic media, "
                         "a promotion, 2 controls, log-normal geo effects, automatic knots, ROI ~ LogNormal(0.2, 0.9); about 500 parameters."),
}


def records(folder):
    found = []
    for path in sorted(glob.glob(os.path.join(folder, "*.json*"))):
        with open(path) as file:
            for line in file:
                if line.strip():
                    found.append(json.loads(line))
    for r in found:
        if r.get("group") == "fit":
            r.update(tool="**mmm**", sampler="NUTS", model=r["name"], fit_s=r["wall_s"], process_s=None, sampling_s=None)
    return found


def processor():
    with open("/proc/cpuinfo") as file:
        text = file.read()
    name = re.search(r"model name\s*: (.*)", text)
    best = "AVX-512" if "avx512f" in text else "AVX2" if "avx2" in text else "SSE"
    return f"{name.group(1) if name else 'unknown'}, {os.cpu_count()} cores, {best}"


def seconds(value):
    return "" if value is None else f"{value:.2f}" if value < 10 else f"{value:.0f}"


def per_second(r):
    """Of sampling alone where the sampler tells it, which leaves out compilation: the reading that favours the peer."""
    return r["min_ess_bulk"] / (r.get("sampling_s") or r["fit_s"])


def table(rows, ours):
    lines = ["| tool | sampler | chains x (warm-up + draws) | fit, s | of it sampling, s | whole process, s | min bulk ESS | max R-hat | divergences | "
             "peak memory, MB | min ESS per s | mmm is faster by |",
             "| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for r in rows:
        ratio = "" if r is ours or ours is None else f"{per_second(ours) / per_second(r):.0f}"
        divergences = "" if r.get("divergences") is None else r["divergences"]
        lines.append(f"| {r['tool']} | {r['sampler']} | {r['chains']} x ({r['warmup']} + {r['draws']}) | {seconds(r['fit_s'])} | "
                     f"{seconds(r.get('sampling_s'))} | {seconds(r.get('process_s'))} | {r['min_ess_bulk']:.0f} | {r['max_rhat']:.3f} | "
                     f"{divergences} | {r['peak_mb']:.0f} | {per_second(r):.3g} | {ratio} |")
    return lines


def main(folder, out):
    found = records(folder)
    lines = ["# Benchmarks beside other tools", "",
             "Written by `make bench-peers` (`test/bench/peers/`): the same rows and the same model by every tool, one after another on the same",
             f"machine. {datetime.date.today().isoformat()}; {processor()}.", "",
             "Time of a fit is what a user waits for after the tool is loaded, compilation included; the whole process adds loading (mmm runs inside the",
             "server, which has it loaded). ESS per second divides the least bulk ESS over all parameters by the seconds of sampling alone where the",
             "sampler tells them, which favours the other tools. ESS and R-hat are ArviZ's (rank-normalised); mmm's own agree with them",
             "(`test/core/sampler/convergence_reference_test.cpp`).", ""]
    for model, (title, text) in MODELS.items():
        rows = [r for r in found if r.get("model") == model]
        if not rows:
            continue
        ours = next((r for r in rows if r["tool"] == "**mmm**"), None)
        rows.sort(key=lambda r: -per_second(r))
        lines += ["## " + title, "", text, ""] + table(rows, ours) + [""]
    failed = [r for r in found if "failed" in r]
    if failed:
        lines += ["## What could not be run", ""] + [f"- {r['tool']}: {r['failed']}" for r in failed] + [""]
    lines += ["## How to repeat it", "", "    make bench-peers", "",
              "installs the pinned versions (`test/bench/peers/requirements-*.txt`) into virtual environments under `build-bench/peers`. It needs",
              "Python 3.11 or later, the public data sets in `../shared/data`, and about half an hour, most of it Meridian's.", ""]
    with open(out, "w") as file:
        file.write("\n".join(lines))
    print(out)


main(*sys.argv[1:3])
