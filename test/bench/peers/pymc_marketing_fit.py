"""One fit of PyMC-Marketing's default model.

    python pymc_marketing_fit.py SAMPLER mmm_example|simulated_104x4 CSV CHAINS WARMUP DRAWS

SAMPLER: pymc, nutpie, numpyro or blackjax. Priors, scaling and saturation are the library's own, which are those of the
preset `pymc`. The seconds of the fit hold compilation, as a user waits for it; `sampling_s` is what the sampler says of itself.
"""
import sys
import time

import common  # first: its clock starts with the process
import pandas as pd
from pymc_marketing.mmm import MMM, GeometricAdstock, LogisticSaturation
import pymc_marketing

sampler, model, path, chains, warmup, draws = sys.argv[1:3] + [sys.argv[3]] + [int(a) for a in sys.argv[4:7]]
data = pd.read_csv(path)
if model == "mmm_example":
    date, kpi, media, controls = "date_week", "y", ["x1", "x2"], ["event_1", "event_2", "t"]
    data[date] = pd.to_datetime(data[date])
else:
    date, kpi, media, controls = "week", "sales", ["a", "b", "c", "d"], ["price", "weather"]
    data[date] = pd.date_range("2022-01-03", periods=len(data), freq="W-MON")
mmm = MMM(date_column=date, channel_columns=media, control_columns=controls, adstock=GeometricAdstock(l_max=8),
          saturation=LogisticSaturation(), yearly_seasonality=2)
begin = time.perf_counter()
idata = mmm.fit(X=data.drop(columns=[kpi]), y=data[kpi], chains=chains, tune=warmup, draws=draws, cores=2, random_seed=1,
                nuts_sampler=sampler, progressbar=False)
fit_s = time.perf_counter() - begin
names = [rv.name for rv in mmm.model.free_RVs]
common.report(tool="PyMC-Marketing " + pymc_marketing.__version__, sampler=sampler, model=model, chains=chains, warmup=warmup,
              draws=draws, fit_s=fit_s, sampling_s=idata.posterior.attrs.get("sampling_time"),
              divergences=int(idata.sample_stats["diverging"].sum()), **common.worst(idata.posterior, names))
