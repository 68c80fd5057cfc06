#!/usr/bin/env bash
# Puts the shards of array.sh together: results.csv and results.meta.json in the shared folder.
#SBATCH --job-name=rdbench-merge
#SBATCH --output=rdbench-merge-%j.log
set -euo pipefail
exec ${RDBENCH:-rdbench} merge "$1"/shard-* --output "$1"
