package org.merganser.pipeline.output;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.merganser.dataset.Manifest;
import org.merganser.layout.BinHeader;
import org.merganser.layout.ShardConversion;
import org.merganser.layout.ShardFormat;

/**
 * The names that a run gives to files in its own folders, as patterns of {@link OutputLayout}'s
 * paths. A file with another name is not from a run, so no run deletes it.
 */
final class OwnNames {
  private static final String FINGERPRINT = "[0-9a-f]{%d}".formatted(Fingerprint.LENGTH);

  private static final String GROUP = "([^/=]+=[^/]*/)?";

  private static final String PARQUET_PART = "part-\\d{7,}-\\d{3,}\\.parquet";

  private static final Pattern OWN =
      Pattern.compile(
          String.join(
                  "|",
                  "tokenizer/(tokenizer|tokenizer_config|special_tokens_map|vocab)\\.json",
                  "tokenizer/(merges\\.txt|tokenizer\\.tiktoken|counts\\.parquet)",
                  "tokenizer/training-(groups|parity)\\.json",
                  "(shards|validation)/(packed/|shuffled/)?(%s)".formatted(layouts()),
                  "(shards|validation)/packed/packing\\.json",
                  "shards/blend/(megatron\\.(txt|json)|nemo\\.yaml|maxtext\\.json)",
                  "(embedded|validation)/(pooled|sequence)/" + PARQUET_PART,
                  "embedded/rows\\.parquet",
                  "learned/(ngrams\\.bin|embeddings\\.parquet)",
                  Manifest.DEAD_LETTERS + "/part-\\d{7,}\\.jsonl\\.zst",
                  "run/(merganser|holder|run|times|finished)\\.json",
                  "run/(lock|damaged|versions\\.jsonl|skipped\\.jsonl)",
                  "run/(plan/F\\.jsonl|texts/F\\.hashes|read/F\\.json|lists/F\\.json)",
                  "run/duplicates/F/(list|found-\\d{3,}-\\d{3,})",
                  "run/units/F/\\d{7,}\\.(json|sample\\d+)",
                  "run/(counts|learned)/F-F/unit-\\d{7,}\\.counts",
                  "run/counts/F/merged-([a-z]+-)?\\d{3,}\\.counts",
                  "run/counts/F/merged-words\\.(json|pairs)",
                  "run/shuffle/F-F/(shards|validation)/" + GROUP + "\\d{7,}\\.rows",
                  "run/tables/F/merged-\\d{3,}\\.counts",
                  "run/ids/[0-9a-f]{64}\\.histogram",
                  "run/workers/[^/]+-\\d+\\.json")
              .replace("F-F", FINGERPRINT + "-" + FINGERPRINT)
              .replace("/F", "/" + FINGERPRINT));

  private OwnNames() {}

  private static String layouts() {
    List<String> layouts = new ArrayList<>();
    layouts.add("parquet/" + GROUP + PARQUET_PART);
    layouts.add(ShardFormat.LITDATA.spelled() + "/" + GROUP + "index\\.json");
    for (ShardFormat format : ShardFormat.made()) {
      String suffixes =
          format.layout(BinHeader.NONE).suffixes().stream()
              .map(Pattern::quote)
              .collect(Collectors.joining("|"));
      layouts.add(
          "%s/%spart-\\d{7,}(-\\d{3,})*((%s)(%s)?|%s)"
              .formatted(
                  format.spelled(),
                  GROUP,
                  suffixes,
                  Pattern.quote(ShardConversion.MASK_SUFFIX),
                  Pattern.quote(ShardConversion.INDEX_SUFFIX)));
    }
    return String.join("|", layouts);
  }

  /** Whether a run could have given this name to a file; a path relative to the output folder. */
  static boolean matches(String path) {
    return OWN.matcher(path).matches();
  }
}
