#!/usr/bin/env bash
# Learning and encoding by SentencePiece (Debian's package sentencepiece) and by merganser, on one
# thread, whole processes one after the other: src/jmh/peers/sentencepiece.sh TEXT [IDS]
#
# Each line of the file TEXT is a document. SentencePiece learns BPE over characters, with bytes for the
# characters that it leaves out, so its vocabulary and its ids are others than ours: costs are compared.
set -eu
text=$(realpath "$1")
ids=${2:-32000}
cd "$(dirname "$0")/../../.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# measured NAME COMMAND…
measured() {
  TIMEFORMAT="$1: %U user + %S system CPU seconds, %R by the clock"
  shift
  time "$@" >"$out/log" 2>&1 || { cat "$out/log" >&2; exit 1; }
}

./merganser --version # builds, where it is not built
measured "spm_train" spm_train --model_type=bpe --vocab_size="$ids" --byte_fallback --num_threads=1 \
  --max_sentence_length=1000000 --normalization_rule_name=identity --input="$text" --model_prefix="$out/spm"
measured "merganser train" ./merganser train --format lines --pattern gpt2 --normalizer none --vocab-size "$ids" \
  --input "$text" --output "$out/train" --targetParallelism=1
measured "spm_encode" spm_encode --model="$out/spm.model" --output_format=id --input="$text" --output="$out/ids"
measured "merganser encode" ./merganser encode --format lines --to bin --tokenizer "$out/train" \
  --input "$text" --output "$out/encode" --targetParallelism=1
