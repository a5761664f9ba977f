package org.merganser.job.key;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a key of the job decides. Each stage of a run declares the roles that it sees, and receives
 * a job in which every key of another role has its default, or some allowed value if it is
 * required. The roles also determine
 *
 * <ul>
 *   <li>the fingerprint of a stage,
 *   <li>the lines of a request,
 *   <li>the changes that require {@code --replace},
 *   <li>the job in the manifest, and
 *   <li>the column "a change makes again" of the documentation.
 * </ul>
 *
 * <p>To declare a new key:
 *
 * <ul>
 *   <li>Give its {@link JobKey} the roles of the keys with the same effect. A role is right if
 *       {@code pipeline.spec.Stage} lists it for each stage that reads the key: a stage that lists
 *       no role of the key sees its default.
 *   <li>If no byte of the output depends on the key, use {@link #RUN_END}.
 *   <li>Add a role, here and to {@code Stage}, only if no existing one has the right stages.
 *   <li>If a job may add to the list of the key without changing a published file, set {@link
 *       JobKey#grows}.
 *   <li>If the key is a location, nothing else is needed: fingerprints and requests have the
 *       content of its files in place of its name.
 * </ul>
 */
public enum KeyRole {
  /** The place of the output and the title of its page: the only keys that no manifest has. */
  PLACE(Result.NOTHING),
  /**
   * How a run ends: its exit code, a limit at which it stops, or what it does with files that
   * changed.
   */
  RUN_END(Result.NOTHING),
  /** A limit at which a run stops that is part of its request. */
  FOLDER_LIMIT(Result.NOTHING),
  /** The page and what is measured for it. */
  REPORT(Result.REPORT),

  /** Which files are read, and in which format; the list of sources shows both. */
  FILES(Result.DOCUMENTS),
  /** The text of a document: fields, limits, how ill-formed text is read. */
  TEXT(Result.DOCUMENTS),
  /** Which documents are for training and which for validation. */
  SPLIT(Result.DOCUMENTS),
  /** Which documents are left out because another one has their text. */
  DUPLICATES(Result.DOCUMENTS),

  /** How text is normalized and cut into pretokens. */
  PRETOKENS(Result.TOKENIZER),
  /** Which parts of a document are counted. */
  COUNTED(Result.TOKENIZER),
  /** The groups with separate counts. */
  GROUPS(Result.TOKENIZER),
  /** The vocabulary, and the files next to tokenizer.json. */
  VOCABULARY(Result.TOKENIZER),
  /** The second stage of training, whose merges join words. */
  SUPERWORDS(Result.TOKENIZER),
  /** How a document becomes ids, and into which folder they go. */
  ENCODED(Result.SHARDS),
  /** The columns of shards, and how many rows a file has. */
  ROWS(Result.SHARDS),
  /** The tokens before and after each document. */
  ENDS(Result.SHARDS),
  /** How shards are packed into sequences and shuffled. */
  ARRANGEMENT(Result.LAYOUTS),
  /** The files of a layout other than Parquet. */
  LAYOUT(Result.LAYOUTS),
  /** Which layouts are written. */
  FORMATS(Result.LAYOUTS),
  /** The weights of the folders of groups. */
  BLEND(Result.LAYOUTS),

  /** The content of the join, and its number type. */
  JOIN(Result.VECTORS),
  /** Which ids are near each other, for vectors that are learned. */
  PAIRS(Result.VECTORS),
  /** The embedding table: a file, or how it is learned. */
  VECTORS(Result.VECTORS),
  /** The model of n-grams. */
  NGRAMS(Result.LEARNED);

  /**
   * A result of a run, which a change writes again together with the results that depend on it. The
   * documentation lists several in this order.
   */
  public enum Result {
    TOKENIZER,
    DOCUMENTS,
    SHARDS,
    LAYOUTS,
    VECTORS,
    /** What is learned from shards, besides vectors. */
    LEARNED,
    REPORT,
    /** A change has no effect on files of the output. */
    NOTHING
  }

  private final Result result;

  KeyRole(Result result) {
    this.result = result;
  }

  /** What a change of a key with this role writes again. */
  public Result result() {
    return result;
  }

  /**
   * The roles whose keys are part of a request. They decide data that no list of sources shows, or
   * are {@link #FOLDER_LIMIT}.
   */
  public static Set<KeyRole> requested() {
    return EnumSet.complementOf(EnumSet.of(PLACE, RUN_END, REPORT, FILES));
  }
}
