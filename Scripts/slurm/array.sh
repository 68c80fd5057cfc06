#!/usr/bin/env bash
# One run of rdbench as a Slurm job array: each task measures its share of the images.
#
#   sbatch --array=1-8 Scripts/slurm/array.sh results --dataset kodak --codecs all
#   sbatch --dependency=afterok:JOB Scripts/slurm/merge.sh results
#
# The first argument is a folder that all machines share; the rest goes to ‘rdbench run’. Each task
# writes into shard-NUMBER of that folder. A task that failed is submitted again by its number, and
# goes on where it ended. Set RDBENCH when rdbench is not on the PATH.
#SBATCH --job-name=rdbench
#SBATCH --output=rdbench-%A-%a.log
set -euo pipefail
folder=$1
shift
exec ${RDBENCH:-rdbench} run --shard slurm --output "$folder/shard-$SLURM_ARRAY_TASK_ID" "$@"
