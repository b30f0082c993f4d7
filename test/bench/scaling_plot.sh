#!/usr/bin/env bash
# Draws docs/scaling.svg from the lines that bench_scaling printed: time of a gradient and memory of a fit by cells
# (geos x weeks x channels), beside a line of growth in proportion.
#
#   scaling_plot.sh SCALING.jsonl OUT.svg
set -euo pipefail
lines=$1 out=$2
data=$(mktemp -d)
trap 'rm -rf "$data"' EXIT
# Which of the three grew, from the smallest panel.
python3 - "$lines" "$data" <<'PY'
import json, sys
rows = [json.loads(line) for line in open(sys.argv[1])]
first = rows[0]
series = {"geos": [], "weeks": [], "channels": [], "all": []}
for row in rows:
    grown = [key for key in ("geos", "weeks", "channels") if row[key] != first[key]]
    for name in (grown if len(grown) == 1 else ["all"] if grown else list(series)):
        series[name].append(row)
for name, found in series.items():
    with open(f"{sys.argv[2]}/{name}", "w") as file:
        for row in sorted(found, key=lambda r: r["cells"]):
            file.write(f"{row['cells']} {row['gradient_us']} {row['peak_mb']}\n")
with open(f"{sys.argv[2]}/first", "w") as file:
    file.write(f"{first['cells']} {first['gradient_us']} {first['peak_mb']}\n")
PY
read -r cells us _ <"$data/first"
gnuplot <<GNUPLOT
set terminal svg size 960,420 font "Helvetica,13" background rgb "white"
set output "$out"
set multiplot layout 1,2
set logscale xy
set format x "%.0s%c"
set xlabel "cells: geos x weeks x channels"
set grid xtics ytics lc rgb "#e4e4e4" lt 1
set border 3 lc rgb "#777777"
set tics nomirror
set key top left reverse Left
set xrange [1000:500000]
set title "Time of a gradient"
set ylabel "microseconds"
plot $us * x / $cells with lines dt 2 lc rgb "#999999" title "in proportion", \
     "$data/geos" using 1:2 with linespoints pt 7 ps 0.8 lw 2 lc rgb "#1f5fa8" title "geos alone", \
     "$data/weeks" using 1:2 with linespoints pt 5 ps 0.8 lw 2 lc rgb "#c8631c" title "weeks alone", \
     "$data/channels" using 1:2 with linespoints pt 9 ps 0.9 lw 2 lc rgb "#3b8f4c" title "channels alone", \
     "$data/all" using 1:2 with linespoints pt 13 ps 1 lw 2 lc rgb "#5b4a8a" title "all three"
set title "Memory of a fit, 4 chains x 200 draws"
set ylabel "megabytes, highest resident size"
set yrange [5:1000]
unset key
plot "$data/geos" using 1:3 with linespoints pt 7 ps 0.8 lw 2 lc rgb "#1f5fa8", \
     "$data/weeks" using 1:3 with linespoints pt 5 ps 0.8 lw 2 lc rgb "#c8631c", \
     "$data/channels" using 1:3 with linespoints pt 9 ps 0.9 lw 2 lc rgb "#3b8f4c", \
     "$data/all" using 1:3 with linespoints pt 13 ps 1 lw 2 lc rgb "#5b4a8a"
unset multiplot
GNUPLOT
