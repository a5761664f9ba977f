package org.merganser.job;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keys of the job file that an earlier build had, each with advice on what to do instead. A key
 * that has its old default, as {@code run --explain} wrote it, is ignored.
 */
final class RemovedKeys {
  private static final Pattern INDEX = Pattern.compile("\\[\\d+]");

  /**
   * A key, or a value of a key, that was removed.
   *
   * @param path of the key, without indexes
   * @param unused the value, as YAML, with which the key had no effect; null where there is none
   * @param instead a sentence
   */
  private record Removed(String path, @Nullable String unused, String instead) {}

  private static final String MERGED =
      "shards.mergedTokens limits the tokens of a file for all layouts";
  private static final String PARQUET = "its users read the Parquet shards";
  private static final String PATTERN = "write what a token may hold into tokenizer.train.pattern";
  private static final String LEARNED = "embeddings.learn takes dim and window alone";
  private static final String MEAN =
      "pooled vectors are plain means; weigh or scale them where they are read";
  private static final String PACK =
      "shards.pack takes length, strategy, remainder, beginOfDocument";

  private static final List<Removed> KEYS =
      List.of(
          new Removed(
              "study",
              null,
              "run train --keep-counts once and train --counts for each size, then compare them"),
          new Removed(
              "corpus.rescueFrom",
              "null",
              "mend the input and run the job again: only the units that changed are read"),
          new Removed(
              "tokenizer.train.mustHave", "[]", "list the texts in tokenizer.train.addedTokens"),
          new Removed("tokenizer.train.forbid", "[]", PATTERN),
          new Removed("tokenizer.train.maxDigits", "null", PATTERN + ", such as \\p{N}{1,3}"),
          new Removed("tokenizer.train.maxTokenBytes", "null", PATTERN),
          new Removed("tokenizer.train.minGroups", "1", "weigh the groups by tokenizer.train.mix"),
          new Removed("shards.bin.maxTokens", "null", MERGED),
          new Removed("shards.megatron", "{maxTokens: null}", MERGED),
          new Removed("shards.npy", "{maxTokens: null}", MERGED),
          new Removed("shards.datatrove", "{maxTokens: null}", MERGED),
          new Removed("shards.litdata", "{maxTokens: null}", MERGED),
          new Removed("shards.arrow", "{maxTokens: null, splits: false}", PARQUET),
          new Removed("shards.mds", "{maxTokens: null, compression: none}", PARQUET),
          new Removed("shards.formats=arrow", null, PARQUET),
          new Removed("shards.formats=mds", null, PARQUET),
          new Removed("shards.pack.crossDocuments", "true", PACK),
          new Removed("shards.pack.splitDocuments", "true", PACK),
          new Removed("shards.pack.maxDocumentsPerSequence", "null", PACK),
          new Removed("shards.pack.maxCroppedPercent", "null", PACK),
          new Removed("shards.pack.padToken", "null", PACK + "; endOfDocument fills sequences"),
          new Removed("shards.shuffle.epochs", "1", "make one shuffle for each epoch and seed"),
          new Removed("shards.shuffle.weights", "null", "weigh the groups by shards.blend"),
          new Removed("embeddings.learn.contexts", "4096", LEARNED),
          new Removed("embeddings.learn.maxPairs", "20000000", LEARNED),
          new Removed("embeddings.learn.shift", "1", LEARNED),
          new Removed("embeddings.learn.seed", "1", LEARNED),
          new Removed("embeddings.pooling", "mean", MEAN),
          new Removed("embeddings.sifSmoothing", "0.001", MEAN),
          new Removed("embeddings.sifRemoveComponent", "true", MEAN),
          new Removed("embeddings.normalize", "false", MEAN),
          new Removed("learn.minCounts", "[]", "the model keeps at most ten million n-grams"),
          new Removed(
              "learn.maxNgrams", "10000000", "the model keeps at most ten million n-grams"));

  private RemovedKeys() {}

  /** Whether the key was removed and has the value with which it had no effect. */
  static boolean isUnused(String path, JsonNode value) {
    Removed removed = find(path);
    return removed != null
        && removed.unused() != null
        && JobTree.yaml(removed.unused()).toString().equals(value.toString());
  }

  /** The problem message for a removed key; null for any other key. */
  static @Nullable String message(String path) {
    Removed removed = find(path);
    return removed == null ? null : path + ": this key was removed; instead: " + removed.instead();
  }

  /** The problem message for a removed value of a key; null for any other value. */
  static @Nullable String message(String path, String value) {
    Removed removed = find(path + "=" + value);
    return removed == null
        ? null
        : path + ": \"" + value + "\" was removed; instead: " + removed.instead();
  }

  private static @Nullable Removed find(String path) {
    String plain = INDEX.matcher(path).replaceAll("");
    return KEYS.stream().filter(key -> key.path().equals(plain)).findFirst().orElse(null);
  }
}
