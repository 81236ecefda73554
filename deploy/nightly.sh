#!/bin/sh
# Runs `samsok reindex` every day at a time of the container's clock, and at once where nothing has
# been published yet: samsok-nightly [HH:MM [CONFIG [DATA_DIR]]]
#
# A run that fails is told in the log and ends nothing; the next day tries again.
set -u
at=${1:-02:30} config=${2:-/config/crawl_config.yaml} data=${3:-/data}

reindex() {
    samsok reindex --config "$config"
    code=$?
    [ $code -eq 0 ] || [ $code -eq 75 ] || echo "samsok reindex ended with exit code $code" >&2
}

[ -e "$data/index/CURRENT" ] || reindex
while :; do
    now=$(date +%s)
    next=$(date --date "today $at" +%s) || exit 2
    [ "$next" -gt "$now" ] || next=$(date --date "tomorrow $at" +%s)
    sleep $((next - now))
    reindex
done
