package org.merganser.pipeline.output;

import java.io.Serializable;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.merganser.dataset.Manifest;
import org.merganser.dataset.ManifestWriter;
import org.merganser.dataset.UnitReceipt;
import org.merganser.report.Phrase;
import org.merganser.tokenizer.TokenizerFolder;

/**
 * The paths of all files of a run below its output folder; the only place that spells them.
 * Relative paths use {@code /}.
 *
 * @param root the output folder, a local path or a URI, without a final slash
 * @param tokenizerAtRoot whether the run only learns a vocabulary, which goes into the root
 */
public record OutputLayout(String root, boolean tokenizerAtRoot) implements Serializable {
  /** The folder of a run's log and of what it needs to continue; it has no output. */
  public static final String RUN = "run/";

  public static final String UNITS = UnitReceipt.FOLDER;

  /** Folders below {@code run} whose files each run writes again for its own steps. */
  public static final Set<String> MADE_ANEW = Set.of("ids", "lists", "tables");

  /**
   * The unit number of receipts and parts of all units together. They sort after those of every
   * unit.
   */
  public static final int AFTER_ALL_UNITS = 9_999_999;

  public static OutputLayout of(String output, boolean tokenizerAtRoot) {
    String root = output;
    while (root.length() > 1 && root.endsWith("/")) {
      root = root.substring(0, root.length() - 1);
    }
    return new OutputLayout(root, tokenizerAtRoot);
  }

  public OutputLayout at(UnaryOperator<String> location) {
    return new OutputLayout(location.apply(root), tokenizerAtRoot);
  }

  public String at(String relative) {
    return root.equals("/") ? root + relative : root + "/" + relative;
  }

  public String tokenizerJson() {
    return tokenizerFile(TokenizerFolder.TOKENIZER_JSON);
  }

  public String tokenizerFile(String name) {
    return tokenizerAtRoot ? name : Manifest.TOKENIZER + "/" + name;
  }

  /**
   * @param group the folder of the group of its documents; empty without one
   */
  public String shard(boolean validation, String group, int unit, int subPart) {
    return (validation ? ManifestWriter.VALIDATION : ManifestWriter.SHARDS)
        + group
        + part(unit, subPart);
  }

  /** The name of a shard of a unit, or of a range of a shuffle. */
  public static String part(int unit, int subPart) {
    return Phrase.of("part-%07d-%03d.parquet", unit, subPart);
  }

  /** The unit that wrote a shard, from its path. */
  public static int unit(String shard) {
    int from = shard.lastIndexOf("part-") + "part-".length();
    return Integer.parseInt(shard.substring(from, shard.indexOf('-', from)));
  }

  public String deadLetters(int unit) {
    return Phrase.of("%s/part-%07d.jsonl.zst", Manifest.DEAD_LETTERS, unit);
  }

  public static final String ROWS = Manifest.EMBEDDED + "/rows.parquet";

  public String pooled(boolean validation, int unit, int subPart) {
    return vectors(validation) + "/pooled/" + part(unit, subPart);
  }

  public String sequence(boolean validation, int unit, int subPart) {
    return vectors(validation) + "/sequence/" + part(unit, subPart);
  }

  private static String vectors(boolean validation) {
    return validation ? Manifest.VALIDATION : Manifest.EMBEDDED;
  }

  public String idCounts(String sha256) {
    return "run/ids/" + sha256 + ".histogram";
  }

  public static final String NGRAMS = Manifest.LEARNED + "/ngrams.bin";

  public static final String LEARNED_VECTORS = Manifest.LEARNED + "/embeddings.parquet";

  public String learnedCounts(String shards, String fingerprint, int unit) {
    return Phrase.of("run/learned/%s-%s/unit-%07d.counts", shards, fingerprint, unit);
  }

  public String learnedTable(String fingerprint, int partition) {
    return Phrase.of("run/tables/%s/merged-%03d.counts", fingerprint, partition);
  }

  public static final String MARKER = "run/merganser.json";

  /** Its holder may write here. */
  public static final String LOCK = "run/lock";

  public static final String HOLDER = "run/holder.json";

  public static final String RECORD = "run/run.json";

  public String plan(String fingerprint) {
    return "run/plan/" + fingerprint + ".jsonl";
  }

  /** Versions of input files that differ from their modification time. */
  static final String VERSIONS = "run/versions.jsonl";

  public String textHashes(String unitFingerprint) {
    return "run/texts/" + unitFingerprint + ".hashes";
  }

  public String duplicatesFound(String fingerprint, int fromBucket, int toBucket) {
    return Phrase.of("run/duplicates/%s/found-%03d-%03d", fingerprint, fromBucket, toBucket);
  }

  public String duplicates(String fingerprint) {
    return "run/duplicates/" + fingerprint + "/list";
  }

  /**
   * @param unitFingerprint of the input
   * @param fingerprint of the way of counting
   */
  public String unitCounts(String unitFingerprint, String fingerprint, int unit) {
    return Phrase.of("run/counts/%s-%s/unit-%07d.counts", unitFingerprint, fingerprint, unit);
  }

  /**
   * What counting keeps of a unit until it is encoded.
   *
   * @param fingerprint of everything that decides it
   */
  public String sequenceOf(String fingerprint) {
    return "run/sequences/" + fingerprint;
  }

  public String firstReading(String unitFingerprint) {
    return "run/read/" + unitFingerprint + ".json";
  }

  /** Next to the receipt; one text in 2^{@code halvings} is measured. */
  public static String sample(String receipt, int halvings) {
    return receipt.substring(0, receipt.lastIndexOf('.')) + ".sample" + halvings;
  }

  /** The receipt of a unit while its files are published, next to its final receipt. */
  static String begun(String receipt) {
    return receipt.replaceFirst("\\.json$", BEGUN);
  }

  /**
   * @param of {@code pairs-} or {@code runs-} for counts of the text that is encoded with the words
   *     of stage 1; empty for counts of pretokens
   */
  public String mergedCounts(String fingerprint, String of, int partition) {
    return Phrase.of("run/counts/%s/merged-%s%03d.counts", fingerprint, of, partition);
  }

  /** The vocabulary from which tokens of several words are learned. */
  public String words(String fingerprint) {
    return "run/counts/" + fingerprint + "/merged-words.json";
  }

  /** The pairs of words that are frequent enough for a merge. */
  public String wordPairs(String fingerprint) {
    return "run/counts/" + fingerprint + "/merged-words.pairs";
  }

  /** The spilled rows of a shuffle; the group is a folder, or empty. */
  public String shuffleRows(String shards, String fingerprint, String group, int unit) {
    return Phrase.of("run/shuffle/%s-%s/%s%07d.rows", shards, fingerprint, group, unit);
  }

  /** A list of collected files that are divided into new ranges. */
  public String list(String fingerprint) {
    return "run/lists/" + fingerprint + ".json";
  }

  /**
   * @param side the folder of all layouts of a side of the split
   */
  public static String packed(String side) {
    return side + "packed/";
  }

  public static String shuffled(String side) {
    return side + "shuffled/";
  }

  /** The counts of packing over all units, in each folder of packed sequences. */
  public static String packing(String folder) {
    return folder + "packing.json";
  }

  static final String PACKING = packing(packed(Manifest.SHARDS + "/"));

  /** Ends the name of {@link #begun}. */
  public static final String BEGUN = ".begun";

  public static final String WORKERS = "run/workers";

  /** The new files of {@code corpus.append} that have to wait, during the run. */
  public static final String WAITING = "run/waiting.json";

  /** As {@link AcceptedFiles}. */
  public static final String ACCEPTED = "run/accepted.jsonl";

  /** The list of what the last run did not read of its inputs. */
  public static final String SKIPPED = "run/skipped.jsonl";

  public static final String TIMES = "run/times.json";

  /** Marks damage that verify found, which sizes alone do not show, for the next run. */
  public static final String DAMAGED = "run/damaged";

  /** The record of the finished run, which the next run compares with. */
  public static final String FINISHED = "run/finished.json";
}
