package org.merganser.job;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Keys of the job file that an earlier build had, each with advice on what to do instead. */
final class RemovedKeys {
  private static final Pattern INDEX = Pattern.compile("\\[\\d+]");

  /**
   * Advice on keys that were removed.
   *
   * @param instead a sentence
   * @param paths of the keys, without indexes
   */
  private record Removed(String instead, List<String> paths) {}

  private static final List<Removed> KEYS =
      List.of(
          removed("run train --keep-counts once and train --counts for each size", "study"),
          removed("mend the input and run the job again", "corpus.rescueFrom"),
          removed("list the texts in tokenizer.train.addedTokens", "tokenizer.train.mustHave"),
          removed(
              "write what a token may hold into tokenizer.train.pattern, such as \\p{N}{1,3}",
              "tokenizer.train.forbid",
              "tokenizer.train.maxDigits",
              "tokenizer.train.maxTokenBytes"),
          removed("weigh the groups by tokenizer.train.mix", "tokenizer.train.minGroups"),
          removed(
              "shards.mergedTokens limits the tokens of a file for all layouts",
              "shards.bin.maxTokens",
              "shards.megatron",
              "shards.npy",
              "shards.datatrove",
              "shards.litdata"),
          removed("its users read the Parquet shards", "shards.arrow", "shards.mds"),
          removed(
              "shards.pack takes length, strategy, remainder, beginOfDocument",
              "shards.pack.crossDocuments",
              "shards.pack.splitDocuments",
              "shards.pack.maxDocumentsPerSequence",
              "shards.pack.maxCroppedPercent",
              "shards.pack.padToken"),
          removed("make one shuffle for each epoch and seed", "shards.shuffle.epochs"),
          removed("weigh the groups by shards.blend", "shards.shuffle.weights"),
          removed(
              "embeddings.learn takes dim and window alone",
              "embeddings.learn.contexts",
              "embeddings.learn.maxPairs",
              "embeddings.learn.shift",
              "embeddings.learn.seed"),
          removed(
              "pooled vectors are plain means; weigh or scale them where they are read",
              "embeddings.pooling",
              "embeddings.sifSmoothing",
              "embeddings.sifRemoveComponent",
              "embeddings.normalize"),
          removed(
              "the model keeps at most ten million n-grams", "learn.minCounts", "learn.maxNgrams"));

  private RemovedKeys() {}

  private static Removed removed(String instead, String... paths) {
    return new Removed(instead, List.of(paths));
  }

  /** The problem message for a removed key; null for any other key. */
  static @Nullable String message(String path) {
    String plain = INDEX.matcher(path).replaceAll("");
    return KEYS.stream()
        .filter(key -> key.paths().contains(plain))
        .map(key -> path + ": this key was removed; instead: " + key.instead())
        .findFirst()
        .orElse(null);
  }
}
