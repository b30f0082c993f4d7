"""One fit of Google Meridian's demonstration model (geo_all_channels.csv, automatic knots, ROI ~ LogNormal(0.2, 0.9)).

    python meridian_fit.py CSV CHAINS WARMUP DRAWS

Warm-up is Meridian's n_adapt; n_burnin is 0. Everything else is its default.
"""
import os
import sys
import time

import common  # first: its clock starts with the process

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import meridian
import numpy as np
from meridian import backend, constants
from meridian.data import load
from meridian.model import model, prior_distribution, spec

path, chains, warmup, draws = [sys.argv[1]] + [int(a) for a in sys.argv[2:5]]
channels = [f"Channel{i}" for i in range(5)]
columns = load.CoordToColumns(
    time="time", geo="geo", population="population", kpi="conversions", revenue_per_kpi="revenue_per_conversion",
    controls=["competitor_sales_control", "sentiment_score_control"], media=[c + "_impression" for c in channels],
    media_spend=[c + "_spend" for c in channels], organic_media=["Organic_channel0_impression"], non_media_treatments=["Promo"])
data = load.CsvDataLoader(csv_path=path, kpi_type="non_revenue", coord_to_columns=columns,
                          media_to_channel={c + "_impression": c for c in channels},
                          media_spend_to_channel={c + "_spend": c for c in channels}).load()
prior = prior_distribution.PriorDistribution(roi_m=backend.tfd.LogNormal(np.float64(0.2), np.float64(0.9), name=constants.ROI_M))
mmm = model.Meridian(input_data=data, model_spec=spec.ModelSpec(prior=prior, enable_aks=True))
begin = time.perf_counter()
mmm.sample_posterior(n_chains=chains, n_adapt=warmup, n_burnin=0, n_keep=draws, seed=1)
fit_s = time.perf_counter() - begin
posterior = mmm.inference_data.posterior
# What follows from others (the intercept in each period from the knots) counts once.
names = [n for n in posterior.data_vars if n not in ("mu_t",)]
stats = mmm.inference_data.sample_stats
divergences = int(np.sum(stats["diverging"].values)) if "diverging" in stats else None
common.report(tool="Meridian " + meridian.__version__, sampler="NUTS", model="geo_all_channels", chains=chains, warmup=warmup,
              draws=draws, fit_s=fit_s, sampling_s=None, divergences=divergences, **common.worst(posterior, names))
