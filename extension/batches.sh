#!/bin/sh
# Writes the files that the Makefile compiles and prints their names: each includes a dozen of ours, as the headers of others
# take the compiler longer than our own code. A file is written only where what it includes has changed.
#   batches.sh FOLDER SIZE SOURCE...        sources of one kind: the engine's, or the glue's
set -eu
folder=$1 size=$2
shift 2
mkdir -p "$folder"
number=0
while [ $# -gt 0 ]; do
    number=$((number + 1))
    batch=$folder/$(printf '%02d' $number).cpp
    text=$(
        i=0
        for source in "$@"; do
            i=$((i + 1))
            [ $i -gt "$size" ] || printf '#include "%s"\n' "${source#extension/}"
        done
    )
    [ "$(cat "$batch" 2>/dev/null)" = "$text" ] || printf '%s\n' "$text" >"$batch"
    printf '%s ' "$batch"
    shift $(($# < size ? $# : size))
done
