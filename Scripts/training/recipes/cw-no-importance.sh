#!/usr/bin/env bash
# Trains cw-no-importance: the baseline of cw without importance map, its rate set by how many maps are sent everywhere.
#
#   Scripts/training/recipes/cw-no-importance.sh PICTURES WORK [MANIFEST]
#
# Arguments as of cw.sh; the same WORK saves what both begin with. The model is WORK/cw-no-importance.safetensors.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/stages.sh"

check_pictures
first_decoder
decoder cw-no-importance baseline first 358 0.002
entropy baseline plain-baseline.safetensors 5000
entropy baseline cw-no-importance.safetensors 5000 --rdoq "$work/plain-baseline.safetensors"
