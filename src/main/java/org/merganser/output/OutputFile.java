package org.merganser.output;

import static org.merganser.output.OutputFile.Kind.DATA;
import static org.merganser.output.OutputFile.Kind.DATA_OF_UNIT;
import static org.merganser.output.OutputFile.Kind.FIGURES;
import static org.merganser.output.OutputFile.Kind.PAGE;
import static org.merganser.output.OutputFile.Kind.PROOF;
import static org.merganser.output.OutputFile.Kind.RECEIPT;
import static org.merganser.output.OutputFile.Kind.RECORD;
import static org.merganser.output.OutputFile.Kind.REJECTED;
import static org.merganser.output.OutputFile.Kind.RESULT;
import static org.merganser.output.OutputFile.Kind.VERSION;
import static org.merganser.output.OutputFile.Kind.WORK;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The table of all files below an output folder. A row has a {@link PathTemplate}, which spells the
 * paths of its files and recognizes them, and a kind. The kind says where a run writes the file,
 * when the file is deleted, and what proves that a run wrote it. Everything else is derived from
 * the rows: what a commit moves, what is deleted, what a manifest lists, what {@code verify}
 * compares.
 *
 * <p>A path belongs to the first row that matches it, so {@link #SHARD} is before {@link #LAYOUT}.
 * Two kinds of files have no row: drafts ({@code .tmp-merganser-…}), which exist only while their
 * writer runs, and all files below {@link #STAGE}, which a commit moves to the paths of the rows.
 */
@SuppressWarnings("ImmutableEnumChecker") // a template is never changed
public enum OutputFile {
  /** Makes the output a dataset. */
  MANIFEST(PROOF, "manifest.json"),

  /** The list of the files that were read. */
  INPUTS(PROOF, "inputs.jsonl"),

  /** The list of the files that were written. */
  OUTPUTS(PROOF, "outputs.jsonl"),

  /** The report for people. */
  REPORT(PAGE, "report.html"),

  /** The figures of the report. */
  STATISTICS(FIGURES, "statistics.json"),

  /** The lengths of documents, in an output without statistics. */
  LENGTHS(FIGURES, "lengths.json"),

  /** The dataset card. One whose sum is not that of the published list is the user's. */
  CARD(FIGURES, "README.md"),

  /** The bytes of each token, which follow from tokenizer.json. */
  TOKEN_BYTES(FIGURES, "tokenizer/token_bytes.npy"),

  /** {@link #TOKEN_BYTES} of a run that only learns a vocabulary. */
  ROOT_TOKEN_BYTES(FIGURES, "token_bytes.npy"),

  /** The groups with a folder of their own. */
  DATASET(DATA, "dataset.json"),

  /** The counts by group of a run that only counts tokens. */
  GROUPS(DATA, "groups.jsonl"),

  /** The files of a vocabulary, tokenizer.json among them. */
  VOCABULARY(DATA, "tokenizer/{vocabulary}"),

  /** {@link #VOCABULARY} of a run that only learns a vocabulary. */
  ROOT_VOCABULARY(DATA, "{vocabulary}"),

  /** A canonical shard of documents. */
  SHARD(DATA_OF_UNIT, "{side}parquet/{group}part-{unit}-{part}.parquet"),

  /** The pooled vectors of a shard. */
  POOLED(DATA_OF_UNIT, "{vectors}pooled/part-{unit}-{part}.parquet"),

  /** The vectors of each id of a shard. */
  SEQUENCE(DATA_OF_UNIT, "{vectors}sequence/part-{unit}-{part}.parquet"),

  /** The list of the parts in a folder, for readers that need one. */
  LAYOUT_INDEX(DATA, "{side}{order}litdata/{group}index.json"),

  /** A part in a layout. Each layout names its parts itself, so this row allows many names. */
  LAYOUT(DATA_OF_UNIT, "{side}{order}{format}/{group}part-{any}"),

  /** The counts of packing. */
  PACKING(DATA, "{side}packed/packing.json"),

  /** The files from which trainers read how to mix the groups. */
  BLEND(DATA, "shards/blend/{blend}"),

  /** The rows of the embedding table for the ids that occur. */
  ROWS(DATA, "embedded/rows.parquet"),

  /** The n-gram model. */
  NGRAMS(DATA, "learned/ngrams.bin"),

  /** The table of vectors that were learned from co-occurrence. */
  LEARNED_VECTORS(DATA, "learned/embeddings.parquet"),

  /** The records of a unit that are not documents. */
  DEAD_LETTERS(REJECTED, "dead-letters/part-{unit}.jsonl.zst"),

  /** A version of an output that grew, named by the sha256 of its manifest. */
  KEPT_VERSION(VERSION, OutputFile.VERSIONS + "/{sha256}/{list}"),

  /** The record of the run that published the version, or of the run in a stage. */
  RUN(RESULT, "run/run.json"),

  /** The record of the finished run, which the next run compares with. */
  FINISHED(RESULT, "run/finished.json"),

  /** The times of the stages. */
  TIMES(RESULT, "run/times.json"),

  /** What the run did not read of its inputs. */
  SKIPPED(RESULT, "run/skipped.jsonl"),

  /** Marks a folder as the output of a run. */
  MARKER(RECORD, "run/merganser.json"),

  /** The file whose lock is the right to write into the folder. */
  LOCK(RECORD, "run/lock"),

  /** Describes the process that holds the lock. */
  HOLDER(RECORD, "run/holder.json"),

  /** What a commit does, while it is carried out. */
  JOURNAL(RECORD, "run/commit.json"),

  /** The versions of input files that differ from their modification times. */
  INPUT_VERSIONS(RECORD, "run/versions.jsonl"),

  /** Damage that {@code verify} has found, for the next run. */
  DAMAGED(RECORD, "run/damaged"),

  /** The new files of {@code corpus.append} that wait for a person. */
  WAITING(RECORD, "run/waiting.json"),

  /** The files whose dead letters a person has accepted. */
  ACCEPTED(RECORD, "run/accepted.jsonl"),

  /** The reports of a worker. */
  WORKER(WORK, "run/workers/{any}-{number}.json"),

  /** The proof that a unit is finished, by its fingerprint and number. */
  RECEIPT_OF_UNIT(RECEIPT, "run/units/{F}/{unit}.json"),

  /** What a unit is about to publish in place. */
  BEGUN(RECEIPT, "run/units/{F}/{unit}.begun"),

  /** The figures of a sample of a unit's text. */
  SAMPLE(RECEIPT, "run/units/{F}/{unit}.sample{number}"),

  /** The counts of texts that belong to a {@link #SAMPLE}. */
  TEXTS(RECEIPT, "run/units/{F}/{unit}.texts{number}"),

  /** The work units with their files. */
  PLAN(WORK, "run/plan/{F}.jsonl"),

  /** What the first reading of a unit has found, for the second one. */
  FIRST_READING(WORK, "run/read/{F}.json"),

  /** The hashes of a unit's texts, among which duplicates are searched. */
  TEXT_HASHES(WORK, "run/texts/{F}.hashes"),

  /** The documents that are left out as duplicates. */
  DUPLICATES(WORK, "run/duplicates/{F}/list"),

  /** The texts of the most documents, among which duplicates were left out. */
  FREQUENT_TEXTS(WORK, "run/duplicates/{F}/frequent.json"),

  /** The duplicates that were found in a range of buckets of hashes. */
  DUPLICATES_FOUND(WORK, "run/duplicates/{F}/found-{part}-{part}"),

  /** What counting keeps of a unit until it is encoded. */
  KEPT_PRETOKENS(WORK, "run/sequences/{F}"),

  /** The pretoken counts of a unit. */
  UNIT_COUNTS(WORK, "run/counts/{F}-{F}/unit-{unit}.counts"),

  /** The merged counts of a partition. */
  MERGED_COUNTS(WORK, "run/counts/{F}/merged-{kind}{part}.counts"),

  /** The vocabulary from which tokens of several words are learned. */
  WORDS(WORK, "run/counts/{F}/merged-words.json"),

  /** The pairs of words that are frequent enough for a merge. */
  WORD_PAIRS(WORK, "run/counts/{F}/merged-words.pairs"),

  /** The spilled rows of a shuffle. */
  SHUFFLE_ROWS(WORK, "run/shuffle/{F}-{F}/{side}{group}{unit}.rows"),

  /** A list of files for one worker. */
  LIST(WORK, "run/lists/{F}.json"),

  /** The counts of tuples of ids in the shards of a unit. */
  LEARNED_COUNTS(WORK, "run/learned/{F}-{F}/unit-{unit}.counts"),

  /** The merged counts of a partition of the tuples. */
  LEARNED_TABLE(WORK, "run/tables/{F}/merged-{part}.counts"),

  /** The occurrences of each id in all units. */
  ID_COUNTS(WORK, "run/ids/{sha256}.histogram");

  /** What a file is for, which decides where a run writes it and when it is deleted. */
  public enum Kind {
    /** The manifest and its lists. Each commit replaces them. */
    PROOF,

    /** For people, and in no list. A commit replaces it, or deletes it if the run writes none. */
    PAGE,

    /** Listed, about the data but not part of them. Deleted when a commit no longer lists it. */
    FIGURES,

    /**
     * Listed, and part of the data. Deleted when a commit no longer lists it; a list or a receipt
     * proves that a run wrote it.
     */
    DATA,

    /** {@link #DATA} with the number of a unit in its name. */
    DATA_OF_UNIT,

    /** Listed, but not part of the data: records that are not documents. */
    REJECTED,

    /** Deleted by a commit for which the user gave up the versions of an output that grew. */
    VERSION,

    /** About the run that wrote the version. Each commit replaces it. */
    RESULT,

    /** Written in place at once, and not deleted by a commit. */
    RECORD,

    /** Proves the files of a unit. Deleted when they belong to no version. */
    RECEIPT,

    /** What a run needs to continue. Deleted when no later run can use it. */
    WORK
  }

  /** The folder of earlier versions, each in a folder that the sha256 of its manifest names. */
  public static final String VERSIONS = "states";

  /**
   * The folder in which a run's files wait for the commit, in the output and in those of its
   * folders that are links or other file systems. Shells, Spark, pyarrow and HF datasets skip names
   * that begin with a dot.
   */
  public static final String STAGE = ".merganser-staged";

  /** The folder of what a run needs to continue, and of its log. */
  public static final String RUN_FOLDER = "run/";

  /** The length of a fingerprint, in hexadecimal digits. */
  public static final int FINGERPRINT_LENGTH = PathTemplate.FINGERPRINT_LENGTH;

  /** The kinds of files that {@code outputs.jsonl} lists. */
  private static final Set<Kind> LISTED = Set.of(DATA, DATA_OF_UNIT, FIGURES, REJECTED);

  /** The kinds of files that a run writes at their paths at once. */
  private static final Set<Kind> IN_PLACE = Set.of(RECORD, RECEIPT, WORK);

  private final Kind kind;
  private final PathTemplate paths;

  OutputFile(Kind kind, String template) {
    this.kind = kind;
    this.paths = new PathTemplate(template);
  }

  /** The row of a path relative to the output; null for a path that no run writes. */
  public static @Nullable OutputFile of(String path) {
    for (OutputFile row : values()) {
      if (row.paths.matches(path)) {
        return row;
      }
    }
    return null;
  }

  /**
   * Whether a run may have files directly in a folder of the output.
   *
   * @param folder relative to the output, with a slash at its end
   */
  public static boolean mayBeDirectlyIn(String folder) {
    return Arrays.stream(values()).anyMatch(row -> row.paths.mayBeDirectlyIn(folder));
  }

  /**
   * Whether a path is below the output folder, without empty names, {@code .} and {@code ..}.
   * Anyone may have written the lists in a folder, and a listed path becomes that of a file that is
   * moved or deleted.
   */
  public static boolean isBelow(String path) {
    boolean leadsOut = Stream.of(path.split("/", -1)).anyMatch(Set.of("", ".", "..")::contains);
    return !leadsOut && !path.contains("\\") && path.indexOf(0) < 0;
  }

  /** The folders in which every file is listed, without slashes at their ends. */
  public static List<String> listedFolders() {
    return Arrays.stream(values())
        .filter(OutputFile::isListed)
        .flatMap(row -> row.paths.firstFolders().stream())
        .distinct()
        .toList();
  }

  /** What the files of this row are for. */
  public Kind kind() {
    return kind;
  }

  /**
   * The path of a file of this row, relative to the output.
   *
   * @param values the values of the template's variables, in their order
   */
  public String path(Object... values) {
    return paths.path(values);
  }

  /** Whether {@code outputs.jsonl} lists the files of this row. */
  public boolean isListed() {
    return LISTED.contains(kind);
  }

  /** Whether the files of this row are part of the data that the name of the data is taken from. */
  public boolean isData() {
    return kind == DATA || kind == DATA_OF_UNIT;
  }

  /** Whether a run writes the files of this row at their paths at once, and not into the stage. */
  public boolean isWrittenInPlace() {
    return IN_PLACE.contains(kind);
  }
}
