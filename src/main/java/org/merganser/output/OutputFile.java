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
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The table of all files below an output folder. A row has a template, which spells the paths of
 * its files and recognizes them, and a kind. The kind says where a run writes the file, when the
 * file goes, and what proves that a run wrote it. All else is derived from the rows: what a commit
 * moves, what is deleted, what a manifest lists, what {@code verify} compares.
 *
 * <p>A path belongs to the first row that matches it, so {@link #SHARD} is before {@link #LAYOUT}.
 * Two kinds of files have no row: drafts ({@code .tmp-merganser-…}), which begin and end with their
 * writer, and all below {@link #STAGE}, which a commit moves to the paths of the rows.
 */
@SuppressWarnings("ImmutableEnumChecker") // a template is never changed
public enum OutputFile {
  MANIFEST(PROOF, "manifest.json"),
  INPUTS(PROOF, "inputs.jsonl"),
  OUTPUTS(PROOF, "outputs.jsonl"),
  REPORT(PAGE, "report.html"),
  STATISTICS(FIGURES, "statistics.json"),
  LENGTHS(FIGURES, "lengths.json"),

  /** The dataset card. One that the published list does not prove, by its sum, is the user's. */
  CARD(FIGURES, "README.md"),

  /** Follows from tokenizer.json. */
  TOKEN_BYTES(FIGURES, "tokenizer/token_bytes.npy"),

  ROOT_TOKEN_BYTES(FIGURES, "token_bytes.npy"),
  DATASET(DATA, "dataset.json"),
  GROUPS(DATA, "groups.jsonl"),
  VOCABULARY(DATA, "tokenizer/{vocabulary}"),

  /** Of a run that only learns a vocabulary. */
  ROOT_VOCABULARY(DATA, "{vocabulary}"),

  SHARD(DATA_OF_UNIT, "{side}parquet/{group}part-{unit}-{part}.parquet"),
  POOLED(DATA_OF_UNIT, "{vectors}pooled/part-{unit}-{part}.parquet"),
  SEQUENCE(DATA_OF_UNIT, "{vectors}sequence/part-{unit}-{part}.parquet"),
  LAYOUT_INDEX(DATA, "{side}{order}litdata/{group}index.json"),

  /** The names of parts belong to each layout, so this row is loose. */
  LAYOUT(DATA_OF_UNIT, "{side}{order}{format}/{group}part-{any}"),

  PACKING(DATA, "{side}packed/packing.json"),
  BLEND(DATA, "shards/blend/{blend}"),
  ROWS(DATA, "embedded/rows.parquet"),
  NGRAMS(DATA, "learned/ngrams.bin"),
  LEARNED_VECTORS(DATA, "learned/embeddings.parquet"),
  DEAD_LETTERS(REJECTED, "dead-letters/part-{unit}.jsonl.zst"),

  /** A version of an output that grew, named by the sha256 of its manifest. */
  KEPT_VERSION(VERSION, OutputFile.VERSIONS + "/{sha256}/{list}"),

  /** The record of the run that published the version, or of the run in a stage. */
  RUN(RESULT, "run/run.json"),
  FINISHED(RESULT, "run/finished.json"),
  TIMES(RESULT, "run/times.json"),
  SKIPPED(RESULT, "run/skipped.jsonl"),

  MARKER(RECORD, "run/merganser.json"),
  LOCK(RECORD, "run/lock"),
  HOLDER(RECORD, "run/holder.json"),
  JOURNAL(RECORD, "run/commit.json"),

  /** The versions of input files that are not their modification times. */
  INPUT_VERSIONS(RECORD, "run/versions.jsonl"),

  DAMAGED(RECORD, "run/damaged"),
  WAITING(RECORD, "run/waiting.json"),

  /** What a person has accepted for good. */
  ACCEPTED(RECORD, "run/accepted.jsonl"),
  WORKER(WORK, "run/workers/{any}-{number}.json"),
  RECEIPT_OF_UNIT(RECEIPT, "run/units/{F}/{unit}.json"),
  BEGUN(RECEIPT, "run/units/{F}/{unit}.begun"),
  SAMPLE(RECEIPT, "run/units/{F}/{unit}.sample{number}"),
  TEXTS(RECEIPT, "run/units/{F}/{unit}.texts{number}"),
  PLAN(WORK, "run/plan/{F}.jsonl"),
  FIRST_READING(WORK, "run/read/{F}.json"),
  TEXT_HASHES(WORK, "run/texts/{F}.hashes"),
  DUPLICATES(WORK, "run/duplicates/{F}/list"),
  FREQUENT_TEXTS(WORK, "run/duplicates/{F}/frequent.json"),
  DUPLICATES_FOUND(WORK, "run/duplicates/{F}/found-{part}-{part}"),
  KEPT_PRETOKENS(WORK, "run/sequences/{F}"),
  UNIT_COUNTS(WORK, "run/counts/{F}-{F}/unit-{unit}.counts"),
  MERGED_COUNTS(WORK, "run/counts/{F}/merged-{kind}{part}.counts"),
  WORDS(WORK, "run/counts/{F}/merged-words.json"),
  WORD_PAIRS(WORK, "run/counts/{F}/merged-words.pairs"),
  SHUFFLE_ROWS(WORK, "run/shuffle/{F}-{F}/{side}{group}{unit}.rows"),
  LIST(WORK, "run/lists/{F}.json"),
  LEARNED_COUNTS(WORK, "run/learned/{F}-{F}/unit-{unit}.counts"),
  LEARNED_TABLE(WORK, "run/tables/{F}/merged-{part}.counts"),
  ID_COUNTS(WORK, "run/ids/{sha256}.histogram");

  /** What a file is, and so where a run writes it and when it goes. */
  public enum Kind {
    /** The manifest and its lists. Each commit replaces them. */
    PROOF,
    /** For people; in no list. A commit replaces it, or deletes it if the run writes none. */
    PAGE,
    /** Listed, about the data and no part of them. Goes when a commit no longer lists it. */
    FIGURES,
    /** Listed. Goes when a commit no longer lists it; a list or a receipt proves who wrote it. */
    DATA,
    /** {@link #DATA} with the number of a unit in its name. */
    DATA_OF_UNIT,
    /** Listed, no part of the data. */
    REJECTED,
    /** Goes in a commit in which the user gave up the versions of an output that grew. */
    VERSION,
    /** Of the run that made the version. Each commit replaces it. */
    RESULT,
    /** Written in place at once; stays. */
    RECORD,
    /** Proves the files of a unit. Goes when its files are those of no version. */
    RECEIPT,
    /** What a run needs to continue. Goes when no later run can use it. */
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
  public static final int FINGERPRINT_LENGTH = PathTemplate.FINGERPRINT;

  private static final Set<Kind> LISTED = Set.of(DATA, DATA_OF_UNIT, FIGURES, REJECTED);

  private static final Set<Kind> IN_PLACE = Set.of(RECORD, RECEIPT, WORK);

  private final Kind kind;
  private final String template;
  private final PathTemplate paths;

  OutputFile(Kind kind, String template) {
    this.kind = kind;
    this.template = template;
    this.paths = new PathTemplate(template);
  }

  public Kind kind() {
    return kind;
  }

  /**
   * The path of a file of this row, relative to the output.
   *
   * @param values of the template's variables, in their order
   */
  public String path(Object... values) {
    return paths.path(values);
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
   * Whether a run may have files in a folder of the output.
   *
   * @param folder relative to the output, with a slash at its end
   */
  public static boolean mayLieIn(String folder) {
    return Arrays.stream(values()).anyMatch(row -> row.paths.mayLieIn(folder));
  }

  /**
   * Whether a path is below the output folder, without a detour. What an output folder lists may be
   * anyone's, and becomes the name of a file that is moved or deleted.
   */
  public static boolean isBelow(String path) {
    boolean leadsOut = Stream.of(path.split("/", -1)).anyMatch(Set.of("", ".", "..")::contains);
    return !leadsOut && !path.contains("\\") && path.indexOf(0) < 0;
  }

  /** Whether {@code outputs.jsonl} lists the files of this row. */
  public boolean isListed() {
    return LISTED.contains(kind);
  }

  /** Whether its files are part of the data that the name of the data is taken from. */
  public boolean isData() {
    return kind == DATA || kind == DATA_OF_UNIT;
  }

  /** Whether a run writes its files at their paths at once, and not into the stage. */
  public boolean isWrittenInPlace() {
    return IN_PLACE.contains(kind);
  }

  /** The folders in which every file is listed, without slashes at their ends. */
  public static List<String> listedFolders() {
    return Arrays.stream(values())
        .filter(OutputFile::isListed)
        .flatMap(row -> row.firstFolders().stream())
        .distinct()
        .toList();
  }

  private Set<String> firstFolders() {
    Set<String> folders = new TreeSet<>();
    if (template.startsWith("{side}")) {
      folders.addAll(List.of("shards", "validation"));
    } else if (template.startsWith("{vectors}")) {
      folders.addAll(List.of("embedded", "validation"));
    } else if (template.indexOf('/') > 0) {
      folders.add(template.substring(0, template.indexOf('/')));
    }
    return folders;
  }
}
