package org.merganser.pipeline.output;

import java.io.Serializable;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.merganser.output.ListedFolders;
import org.merganser.output.OutputFile;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.report.measure.UnitTexts;

/**
 * The locations of the published files of an output folder. The constants and static methods name
 * the paths of all files below such a folder, relative to it and with {@code /} between names; a
 * run finds its own files at these paths through {@link RunPaths}. The rows of {@link OutputFile}
 * spell the paths.
 *
 * @param root the output folder, a local path or a URI, without a final slash
 * @param tokenizerAtRoot whether the run only learns a vocabulary, which goes into the root
 */
public record OutputPaths(String root, boolean tokenizerAtRoot)
    implements FileLocations, Serializable {
  /** {@link OutputFile#RUN_FOLDER} without a slash at its end. */
  public static final String RUN = "run";

  /** The folder of the receipts of units. */
  public static final String UNITS = UnitReceipt.FOLDER;

  /** Folders below {@link #RUN} whose files each run writes again for its own steps. */
  public static final Set<String> WRITTEN_BY_EACH_RUN = Set.of("ids", "lists", "tables");

  /**
   * The unit number of receipts and parts of all units together. They sort after those of every
   * unit.
   */
  public static final int AFTER_ALL_UNITS = 9_999_999;

  /** The rows of the embedding table for the ids that occur. */
  public static final String ROWS = OutputFile.ROWS.path();

  /** The n-gram model. */
  public static final String NGRAMS = OutputFile.NGRAMS.path();

  /** The table of vectors that were learned from co-occurrence. */
  public static final String LEARNED_VECTORS = OutputFile.LEARNED_VECTORS.path();

  /** Marks a folder as the output of a run. */
  public static final String MARKER = OutputFile.MARKER.path();

  /** The file whose lock is the right to write into the folder. */
  public static final String LOCK = OutputFile.LOCK.path();

  /** Describes the process that holds the lock. */
  public static final String HOLDER = OutputFile.HOLDER.path();

  /** The record of the run that began last. */
  public static final String RECORD = OutputFile.RUN.path();

  /** The versions of input files that differ from their modification times. */
  public static final String INPUT_VERSIONS = OutputFile.INPUT_VERSIONS.path();

  /** The folder of the reports of workers. */
  public static final String WORKERS = "run/workers";

  /** The folder of all plans. */
  public static final String PLANS = "run/plan";

  /** The new files of {@code corpus.append} that have to wait, during the run. */
  public static final String WAITING = OutputFile.WAITING.path();

  /** The files whose dead letters a person has accepted, see {@code deadletter.AcceptedFiles}. */
  public static final String ACCEPTED = OutputFile.ACCEPTED.path();

  /** The list of what the last run did not read of its inputs. */
  public static final String SKIPPED = OutputFile.SKIPPED.path();

  /** The times of the stages. */
  public static final String TIMES = OutputFile.TIMES.path();

  /** Marks damage that verify found, which sizes alone do not show, for the next run. */
  public static final String DAMAGED = OutputFile.DAMAGED.path();

  /** The record of the finished run, which the next run compares with. */
  public static final String FINISHED = OutputFile.FINISHED.path();

  /** The counts of packing over all documents for training. */
  public static final String PACKING = packing(packed(ListedFolders.SHARDS + "/"));

  /** The number of folders in {@link OutputFile#SHUFFLE_ROWS} before those of side and group. */
  private static final int FOLDERS_OF_SHUFFLE_ROWS = 3;

  /** The beginning of the name of a shard, before the number of its unit. */
  private static final String PART = "part-";

  /** Separates the version of the hash from the halvings, which have two digits. */
  private static final int HASH_VERSION_FACTOR = 100;

  /**
   * The paths of an output folder whose vocabulary is in {@link ListedFolders#TOKENIZER}; also for
   * code that asks for no file of the vocabulary, since only their paths differ.
   *
   * @param output the folder as a user names it, which may end with slashes
   */
  public static OutputPaths of(String output) {
    boolean tokenizerAtRoot = false;
    return of(output, tokenizerAtRoot);
  }

  /**
   * The paths of an output folder.
   *
   * @param output as above
   * @param tokenizerAtRoot whether the run only learns a vocabulary
   */
  public static OutputPaths of(String output, boolean tokenizerAtRoot) {
    String root = output;
    while (root.length() > 1 && root.endsWith("/")) {
      root = root.substring(0, root.length() - 1);
    }
    return new OutputPaths(root, tokenizerAtRoot);
  }

  /**
   * The paths of the same output with another root.
   *
   * @param newRoot returns the new root for the present one
   */
  public OutputPaths withRoot(UnaryOperator<String> newRoot) {
    return new OutputPaths(newRoot.apply(root), tokenizerAtRoot);
  }

  @Override
  public String at(String relative) {
    return root.equals("/") ? root + relative : root + "/" + relative;
  }

  /**
   * A canonical shard of documents.
   *
   * @param validation whether its documents are for validation, not for training
   * @param group the folder of the group of its documents; empty without one
   * @param subPart the number of the shard in its unit, from 0
   */
  public static String shard(boolean validation, String group, int unit, int subPart) {
    return OutputFile.SHARD.path(side(validation), group, unit, subPart);
  }

  /** The name of a shard of a unit, or of a range of a shuffle. */
  public static String part(int unit, int subPart) {
    boolean validation = false;
    String noGroup = "";
    String path = shard(validation, noGroup, unit, subPart);
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** The number of the unit that wrote a shard, from the path of the shard. */
  public static int unit(String shard) {
    int from = shard.lastIndexOf(PART) + PART.length();
    return Integer.parseInt(shard.substring(from, shard.indexOf('-', from)));
  }

  /** The dead letters of a unit. */
  public static String deadLetters(int unit) {
    return OutputFile.DEAD_LETTERS.path(unit);
  }

  /**
   * The pooled vectors of a shard.
   *
   * @param subPart the number of the shard in its unit, from 0
   */
  public static String pooled(boolean validation, int unit, int subPart) {
    return OutputFile.POOLED.path(vectors(validation), unit, subPart);
  }

  /** The vectors of each id of a shard, as {@link #pooled}. */
  public static String sequence(boolean validation, int unit, int subPart) {
    return OutputFile.SEQUENCE.path(vectors(validation), unit, subPart);
  }

  /** The occurrences of each id in all units. */
  public static String idCounts(String sha256) {
    return OutputFile.ID_COUNTS.path(sha256);
  }

  /**
   * The counts of tuples of ids in the shards of a unit.
   *
   * @param shards the fingerprint of all shards that are counted
   * @param fingerprint the fingerprint of the settings of counting
   */
  public static String learnedCounts(String shards, String fingerprint, int unit) {
    return OutputFile.LEARNED_COUNTS.path(shards, fingerprint, unit);
  }

  /** The merged counts of a partition of the tuples. */
  public static String learnedTable(String fingerprint, int partition) {
    return OutputFile.LEARNED_TABLE.path(fingerprint, partition);
  }

  /** The plan: the work units with their files. */
  public static String plan(String fingerprint) {
    return OutputFile.PLAN.path(fingerprint);
  }

  /** The hashes of the texts of a unit, among which duplicates are searched. */
  public static String textHashes(String unitFingerprint) {
    return OutputFile.TEXT_HASHES.path(unitFingerprint);
  }

  /** The duplicates that were found in a range of buckets of hashes. */
  public static String duplicatesFound(String fingerprint, int fromBucket, int toBucket) {
    return OutputFile.DUPLICATES_FOUND.path(fingerprint, fromBucket, toBucket);
  }

  /** The texts of the most documents, among which duplicates were left out. */
  public static String frequentTexts(String fingerprint) {
    return OutputFile.FREQUENT_TEXTS.path(fingerprint);
  }

  /** The documents that are left out as duplicates. */
  public static String duplicates(String fingerprint) {
    return OutputFile.DUPLICATES.path(fingerprint);
  }

  /**
   * The pretoken counts of a unit.
   *
   * @param unitFingerprint the fingerprint of the input
   * @param fingerprint the fingerprint of the settings of counting
   */
  public static String unitCounts(String unitFingerprint, String fingerprint, int unit) {
    return OutputFile.UNIT_COUNTS.path(unitFingerprint, fingerprint, unit);
  }

  /**
   * What counting keeps of a unit until it is encoded.
   *
   * @param fingerprint the fingerprint of everything that decides it
   */
  public static String keptPretokens(String fingerprint) {
    return OutputFile.KEPT_PRETOKENS.path(fingerprint);
  }

  /** What the first reading of a unit has found, for the second one. */
  public static String firstReading(String unitFingerprint) {
    return OutputFile.FIRST_READING.path(unitFingerprint);
  }

  /**
   * The figures of a sample of a unit's text, in which one text in 2^{@code halvings} is measured.
   * The file is next to the receipt.
   */
  public static String sample(String receipt, int halvings) {
    return nextTo(receipt, ".sample" + halvings);
  }

  /**
   * The counts of texts that belong to the sample with the same halvings, next to the receipt.
   * Counts with another hash of texts do not add up, so the number has the version of the hash
   * above the halvings: {@code .texts104}.
   */
  public static String texts(String receipt, int halvings) {
    return nextTo(receipt, ".texts" + (HASH_VERSION_FACTOR * UnitTexts.HASH_VERSION + halvings));
  }

  /**
   * The merged counts of a partition.
   *
   * @param kind {@code pairs-} or {@code runs-} for counts of the text that is encoded with the
   *     words of stage 1; empty for counts of pretokens
   */
  public static String mergedCounts(String fingerprint, String kind, int partition) {
    return OutputFile.MERGED_COUNTS.path(fingerprint, kind, partition);
  }

  /** The vocabulary from which tokens of several words are learned. */
  public static String words(String fingerprint) {
    return OutputFile.WORDS.path(fingerprint);
  }

  /** The pairs of words that are frequent enough for a merge. */
  public static String wordPairs(String fingerprint) {
    return OutputFile.WORD_PAIRS.path(fingerprint);
  }

  /**
   * The spilled rows of a shuffle.
   *
   * @param shards the fingerprint of the shards whose rows they are
   * @param fingerprint the fingerprint of the work of spilling
   * @param side the folder of all layouts of a side of the split
   * @param group the folder of the group; empty without one
   */
  public static String shuffleRows(
      String shards, String fingerprint, String side, String group, int unit) {
    return OutputFile.SHUFFLE_ROWS.path(shards, fingerprint, side, group, unit);
  }

  /** The folder of the side and group of spilled rows, from the path of their file. */
  public static String folderOfShuffleRows(String path) {
    String folder = path.substring(0, path.lastIndexOf('/') + 1);
    return folder.split("/", FOLDERS_OF_SHUFFLE_ROWS + 1)[FOLDERS_OF_SHUFFLE_ROWS];
  }

  /** A list of files that one worker processes together. */
  public static String list(String fingerprint) {
    return OutputFile.LIST.path(fingerprint);
  }

  /**
   * The folder of all layouts of packed sequences.
   *
   * @param side the folder of all layouts of a side of the split
   */
  public static String packed(String side) {
    return side + "packed/";
  }

  /**
   * The folder of all layouts of shuffled documents.
   *
   * @param side the folder of all layouts of a side of the split
   */
  public static String shuffled(String side) {
    return side + "shuffled/";
  }

  /** The counts of packing over all units, in a folder of {@link #packed}. */
  public static String packing(String folder) {
    return folder + "packing.json";
  }

  /** The folder of all layouts of a side of the split. */
  private static String side(boolean validation) {
    return (validation ? ListedFolders.VALIDATION : ListedFolders.SHARDS) + "/";
  }

  /** The folder of the vectors of a side of the split. */
  private static String vectors(boolean validation) {
    return (validation ? ListedFolders.VALIDATION : ListedFolders.EMBEDDED) + "/";
  }

  /** The path of a file beside a receipt, with another ending. */
  private static String nextTo(String receipt, String suffix) {
    return receipt.substring(0, receipt.lastIndexOf('.')) + suffix;
  }
}
