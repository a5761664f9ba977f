package org.merganser.json;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a key of the job decides. Each stage of a run declares the roles that it sees, and gets a
 * job in which every key of another role has its default. From the roles follow the fingerprint of
 * a stage, the lines of a request, which changes want {@code --replace}, the job in the manifest,
 * and the column "a change makes again" of the documentation.
 *
 * <p>To declare a new key, give its {@link Field} the roles of the keys that act where it acts: a
 * role is right if {@code pipeline.step.Stage} lists it for each stage that reads the key, and a
 * stage that lists no role of the key gets its default. A key that no byte of the output depends on
 * is {@link #NOTHING}. Add a role only where no existing one has the right stages, and then to
 * {@code Stage}. A key to whose list a job may add without changing a published file says {@link
 * Field#grows}. A location needs no more: the content of its files counts, not its name.
 */
public enum Decides {
  /** Where the output lies and what its page is called: the only keys that no manifest has. */
  PLACE(Made.NOTHING),
  /** How a run ends: its exit code, or a limit at which it stops. */
  NOTHING(Made.NOTHING),
  /** A limit at which a run stops that is part of its request. */
  FOLDER_LIMIT(Made.NOTHING),
  /** The figures and the page. */
  REPORT(Made.REPORT),

  /** Which files are read, and as which format: the list of sources shows it. */
  FILES(Made.DOCUMENTS),
  /** The text of a document: fields, limits, how ill-formed text is read. */
  TEXT(Made.DOCUMENTS),
  /** Which documents are for training and which for validation. */
  SPLIT(Made.DOCUMENTS),
  /** Which documents are left out because another one has their text. */
  DUPLICATES(Made.DOCUMENTS),

  /** How text is normalized and cut into pretokens. */
  CUT(Made.TOKENIZER),
  /** What of a document is counted. */
  COUNTED(Made.TOKENIZER),
  /** By which groups counts are kept apart. */
  GROUPS(Made.TOKENIZER),
  /** The vocabulary, and the files beside tokenizer.json. */
  VOCABULARY(Made.TOKENIZER),
  /** Tokens across words. */
  SUPERWORDS(Made.TOKENIZER),

  /** The ids of documents, their groups and their folders. */
  ENCODED(Made.SHARDS),
  /** The rows of a file of shards, and how many it has. */
  ROWS(Made.SHARDS),
  /** The token that ends a document. */
  ENDS(Made.SHARDS),

  /** Packing and shuffling. */
  ARRANGEMENT(Made.LAYOUTS),
  /** The files of a layout other than Parquet. */
  LAYOUT(Made.LAYOUTS),
  /** Which layouts there are. */
  FORMATS(Made.LAYOUTS),
  /** The weights of groups. */
  BLEND(Made.LAYOUTS),

  /** What is written of the join, and as which number type. */
  JOIN(Made.VECTORS),
  /** Which ids occur near each other, for vectors that are learned. */
  PAIRS(Made.VECTORS),
  /** The vectors: those of a table, or those that are learned. */
  VECTORS(Made.VECTORS),
  /** The n-gram model. */
  NGRAMS(Made.LEARNED);

  /** What a change makes again; what is made of it is made again, too. */
  public enum Made {
    TOKENIZER,
    DOCUMENTS,
    SHARDS,
    LAYOUTS,
    VECTORS,
    LEARNED,
    REPORT,
    NOTHING
  }

  private final Made made;

  Decides(Made made) {
    this.made = made;
  }

  public Made made() {
    return made;
  }

  /**
   * The roles of keys that are part of a request: they decide data, and no list of sources shows
   * them.
   */
  public static Set<Decides> requested() {
    return EnumSet.complementOf(EnumSet.of(PLACE, NOTHING, REPORT, FILES));
  }
}
