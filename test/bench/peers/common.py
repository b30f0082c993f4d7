"""What the scripts of the peers share: the figures of one fit, as one line of JSON."""
import json
import resource
import sys
import time

import arviz as az
import numpy as np

STARTED = time.perf_counter()


def worst(posterior, names):
    """Largest R-hat and least bulk ESS over every element of the named variables that is not constant."""
    rhat = az.rhat(posterior[names], method="rank")
    bulk = az.ess(posterior[names], method="bulk")
    tail = az.ess(posterior[names], method="tail")
    spread = posterior[names].std(dim=["chain", "draw"])
    moves = np.concatenate([np.ravel(spread[n].values) > 0 for n in names])

    def values(of):
        return np.concatenate([np.ravel(of[n].values) for n in names])[moves]

    return {
        "parameters": int(moves.sum()),
        "max_rhat": float(np.nanmax(values(rhat))),
        "min_ess_bulk": float(np.nanmin(values(bulk))),
        "min_ess_tail": float(np.nanmin(values(tail))),
        "median_ess_bulk": float(np.nanmedian(values(bulk))),
    }


def report(**figures):
    figures["process_s"] = time.perf_counter() - STARTED
    figures["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures["cpu_s"] = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    for key in ("min_ess_bulk", "median_ess_bulk"):
        figures[key.replace("_bulk", "_per_s")] = figures[key] / figures["fit_s"]
    print(json.dumps(figures))
    sys.stdout.flush()
