package org.merganser.pipeline.output;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.merganser.dataset.Manifest;
import org.merganser.dataset.UnitReceipt;
import org.merganser.dataset.WrittenFile;
import org.merganser.store.FileStore;
import org.merganser.verify.OwnFiles;

/**
 * Decides which files below an output folder a run may delete: in its own folders, those with a
 * name that a run gives, and unfinished files of killed writers. Outside of {@code run/}, a file
 * with the number of a unit in its name must be named by a receipt, or by a list. Other files, and
 * files of a run with its own output folder there, are never deleted. A link is deleted itself and
 * never followed. Not thread-safe.
 */
public final class OutputSweep {
  private static final String FINGERPRINT =
      String.format(Locale.ROOT, "[0-9a-f]{%d}", Fingerprint.LENGTH);

  private static final String GROUP = "([^/=]+=[^/]*/)?";

  /**
   * The names that a run gives to files in its own folders, as patterns of {@link OutputLayout}'s
   * paths. The files of units are matched by their folders and beginnings; receipts have their
   * names.
   */
  private static final Pattern OWN =
      Pattern.compile(
          String.join(
                  "|",
                  "tokenizer/(tokenizer|tokenizer_config|special_tokens_map|vocab)\\.json",
                  "tokenizer/(merges\\.txt|tokenizer\\.tiktoken|token_bytes\\.npy|counts\\.parquet)",
                  "tokenizer/training-(groups|parity)\\.json",
                  "(shards|validation)/(packed/|shuffled/)?[a-z]+/" + GROUP + "part-[^/]+",
                  "(shards|validation)/(packed/|shuffled/)?litdata/" + GROUP + "index\\.json",
                  "(shards|validation)/packed/packing\\.json",
                  "shards/blend/(megatron\\.(txt|json)|nemo\\.yaml|maxtext\\.json)",
                  "(embedded/(pooled|sequence)|dead-letters)/part-[^/]+",
                  "embedded/rows\\.parquet",
                  "learned/(ngrams\\.bin|embeddings\\.parquet)",
                  "run/(merganser|holder|run|times|finished)\\.json",
                  "run/(lock|damaged|versions\\.jsonl|skipped\\.jsonl)",
                  "run/(plan/F\\.jsonl|texts/F\\.hashes|read/F\\.json|lists/F\\.json)",
                  "run/duplicates/F/(list|found-\\d{3,}-\\d{3,})",
                  "run/units/F/\\d{7,}\\.(json|begun|sample\\d+)",
                  "run/(counts|learned)/F-F/unit-\\d{7,}\\.counts",
                  "run/sequences/F",
                  "run/counts/F/merged-([a-z]+-)?\\d{3,}\\.counts",
                  "run/counts/F/merged-words\\.(json|pairs)",
                  "run/shuffle/F-F/(shards|validation)/" + GROUP + "\\d{7,}\\.rows",
                  "run/tables/F/merged-\\d{3,}\\.counts",
                  "run/ids/[0-9a-f]{64}\\.histogram",
                  "run/workers/[^/]+-\\d+\\.json")
              .replace("F-F", FINGERPRINT + "-" + FINGERPRINT)
              .replace("/F", "/" + FINGERPRINT));

  private final OutputLayout layout;
  private final FileStore store;
  private final List<WrittenFile> earlier;

  /** The paths that receipts name; null before a file was asked for. */
  private @Nullable Set<String> inReceipts;

  private final Map<String, Boolean> runs = new HashMap<>();

  public OutputSweep(OutputLayout layout) {
    this(layout, List.of());
  }

  /**
   * @param earlier files that the list of an earlier run names
   */
  public OutputSweep(OutputLayout layout, List<WrittenFile> earlier) {
    this.layout = layout;
    this.store = FileStore.of(layout.root());
    this.earlier = earlier;
  }

  static boolean inOwnFolder(String path) {
    int end = path.indexOf('/');
    String first = end < 0 ? path : path.substring(0, end);
    return Manifest.FOLDERS.contains(first) || OutputLayout.RUN.equals(first + "/");
  }

  /**
   * @param path relative to the output folder
   */
  public boolean mayDelete(String path) throws IOException {
    boolean ours =
        FileStore.isTemporary(path) ? path.indexOf('/') < 0 || inOwnFolder(path) : isWritten(path);
    return ours && otherRun(path).isEmpty();
  }

  public void delete(String path) throws IOException {
    if (mayDelete(path)) {
      store.delete(layout.at(path));
    }
  }

  /** The folder of another run that contains a file, with a slash; empty if there is none. */
  private String otherRun(String path) throws IOException {
    for (int end = path.indexOf('/'); end > 0; end = path.indexOf('/', end + 1)) {
      String folder = path.substring(0, end + 1);
      Boolean known = runs.get(folder);
      if (known == null) {
        known = OutputFolder.isOutput(layout.at(folder.substring(0, end)));
        runs.put(folder, known);
      }
      if (known) {
        return folder;
      }
    }
    return "";
  }

  /**
   * Checks that a later run recognizes the files of a run as its own.
   *
   * @throws IllegalStateException naming the first file that it would not delete, a defect
   */
  public static void requireOwnNames(List<WrittenFile> outputs) {
    for (WrittenFile file : outputs) {
      if (inOwnFolder(file.path()) && !isOwn(file.path())) {
        throw new IllegalStateException(file.path() + ": no later run knows this name as its own");
      }
    }
  }

  /** Files in the own folders that the list of outputs does not name and that a run may delete. */
  public List<String> leftovers(List<WrittenFile> outputs) throws IOException {
    List<String> leftovers = new ArrayList<>();
    for (String path : OwnFiles.unlisted(layout.root(), outputs)) {
      if (mayDelete(path)) {
        leftovers.add(path);
      }
    }
    return leftovers;
  }

  /** Whether a run has written a file; a name without the number of a unit is the run's own. */
  private boolean isWritten(String path) throws IOException {
    if (!isOwn(path) || path.startsWith(OutputLayout.RUN) || !path.contains("/part-")) {
      return isOwn(path);
    }
    Set<String> named = inReceipts;
    if (named == null) {
      named = new HashSet<>();
      earlier.stream().map(WrittenFile::path).forEach(named::add);
      for (String record : OwnFiles.list(layout.root(), OutputLayout.UNITS)) {
        boolean isReceipt = isOwn(record) && !record.contains(".sample");
        UnitReceipt receipt = isReceipt ? Receipts.readable(layout.at(record)) : null;
        if (receipt != null) {
          receipt.files().stream().map(WrittenFile::path).forEach(named::add);
        }
      }
      inReceipts = named;
    }
    return named.contains(path);
  }

  /**
   * Files in the own folders that no run here wrote, sorted; for another run, its folder with a
   * slash at the end.
   */
  public Set<String> foreign(List<WrittenFile> outputs) throws IOException {
    List<String> paths = OwnFiles.unlisted(layout.root(), outputs);
    paths.addAll(OwnFiles.list(layout.root(), "run"));
    Set<String> foreign = new TreeSet<>();
    for (String path : paths) {
      String run = otherRun(path);
      if (!run.isEmpty() || !FileStore.isTemporary(path) && !isWritten(path)) {
        foreign.add(run.isEmpty() ? path : run);
      }
    }
    return foreign;
  }

  /**
   * Whether a run could have given this name to a file.
   *
   * @param path relative to the output folder
   */
  private static boolean isOwn(String path) {
    return OWN.matcher(path).matches();
  }
}
