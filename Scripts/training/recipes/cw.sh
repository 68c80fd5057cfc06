#!/usr/bin/env bash
# Trains cw: one network for 0.07 to 0.5 bits per pixel, conditioned on the rate trade-off, with its importance map.
#
#   Scripts/training/recipes/cw.sh PICTURES WORK [MANIFEST]
#
# PICTURES is the folder that MANIFEST (datasets/photographs.json) describes, WORK is for everything that is made; the model is
# WORK/cw.safetensors. The shipped file came about by these steps, but not in one go; its model card says what differs. Four hours and
# twenty minutes of two cores went into the decoder.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/stages.sh"

check_pictures
first_decoder
weighted=(--set loss.error_weight_exponent=0.5)
decoder cw second first 1480 0.003 "${weighted[@]}"
# Networks for bits as their signs have them, networks for bits that weigh their cost by the former, and the decoder for such bits.
entropy second plain.safetensors 6000
entropy second decided.safetensors 6000 --rdoq "$work/plain.safetensors"
decoder cw cw second 1609 0.003 "${weighted[@]}" --rdoq "$work/decided.safetensors"
entropy cw cw.safetensors 6000 --rdoq "$work/plain.safetensors"
