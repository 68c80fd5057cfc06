# What the recipes of the content-weighted models share; they source it. Every schedule counts steps. A stage whose result lies in
# the work folder already is not done again, and training goes on where it was stopped, so a recipe can be interrupted at any time.
# One thread and 32-bit floats by default: then two runs on one machine give the same bytes.

if [ $# -lt 2 ]; then
  echo "usage: $0 PICTURES WORK [MANIFEST]" >&2
  exit 2
fi
training=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
pictures=$1
work=$2
manifest=${3:-$training/datasets/photographs.json}
python=${PYTHON:-python3}
threads=${THREADS:-1}
data=(--data "$pictures" --cache "$work/cache" --threads "$threads")
export PYTHONPATH=$training${PYTHONPATH:+:$PYTHONPATH}

# -P: nothing in the folder that the recipe is called from stands in for a module.
program() { "$python" -P -m "rdbench_training.$@"; }

# Refuses a folder of pictures that is not the set of the manifest.
check_pictures() { program common.training_set check "$manifest" "$pictures"; }

# decoder CONFIGURATION OUTPUT INITIAL STEPS MUON-RATE [OPTION…]: what a network that began as a transform codec learns.
decoder() {
  local configuration=$1 output=$2 initial=$3 steps=$4 rate=$5
  shift 5
  program content_weighted.train "$training/configs/$configuration.yaml" "${data[@]}" --device cpu --precision f32 --compile off \
    --output "$work/$output" --init-from "$work/$initial" --steps "$steps" \
    --set optimizer.learning_rate="$rate" --set optimizer.adam_learning_rate=0.0003 --set optimizer.warmup_steps=20 \
    --set optimizer.ema_decay=0.99 "$@"
}

# entropy CHECKPOINT OUTPUT STEPS [OPTION…]: the entropy coder's networks, in an exported model.
entropy() {
  local checkpoint=$1 output=$2 steps=$3
  shift 3
  if [ ! -e "$work/$output" ]; then
    program entropy.train "$work/$checkpoint" "${data[@]}" --output "$work/$output" --steps "$steps" --batch 10 \
      --bits-per-map 48 "$@"
  fi
}

# The transform codec, its importance map, and the decoder's first steps, with which the baseline begins, too.
first_decoder() {
  if [ ! -e "$work/start/checkpoint.json" ]; then
    program transform_start.start "$training/configs/cw.yaml" "${data[@]}" --output "$work/start"
  fi
  if [ ! -e "$work/map/checkpoint.json" ]; then
    program transform_start.train_importance "$work/start" "${data[@]}" --output "$work/map" --steps 500 --context-steps 150
  fi
  decoder cw first map 2493 0.002
}
