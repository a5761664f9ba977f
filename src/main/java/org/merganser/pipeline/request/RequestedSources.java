package org.merganser.pipeline.request;

import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.LineSum;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.SourceSettings;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.PlanFile;
import org.merganser.job.Job;
import org.merganser.job.JobKeys;
import org.merganser.job.key.KeyRole;
import org.merganser.output.manifest.InputSums;
import org.merganser.output.manifest.Request;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.count.FirstReadingReceipts;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.finished.InputFileVersions;
import org.merganser.pipeline.spec.RunKind;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.TokenizerSource;

/**
 * Computes what a request says about the sources of a run. A file with the size and time that the
 * output folder remembers is not read. Writes nothing.
 */
public final class RequestedSources {
  /** The key of the files that are encoded. */
  public static final String CORPUS = "corpus.inputs";

  /** The key of the files that are encoded but excluded from training. */
  public static final String VALIDATION = "corpus.validationInputs";

  /** The end of the key that has the way of reading the files of another key. */
  static final String FORMAT = ".format";

  private static final String TRAINING = "tokenizer.train.inputs";

  private final OutputPaths paths;
  private final InputFileVersions finished;

  /** The sha256 of each file that {@link #keys} has summed up, by path. */
  private final Map<String, String> sha256s = new HashMap<>();

  /**
   * @param paths of the output folder that remembers files
   */
  public RequestedSources(OutputPaths paths) throws IOException {
    this.paths = paths;
    boolean rehash = true; // so that it has the sums of the finished run
    this.finished = InputFileVersions.read(paths, rehash);
  }

  /**
   * The request of a run without the sources that it has yet to read.
   *
   * @param sources the keys of the sources that were read
   */
  public static Request beforeReading(Job job, Map<String, String> sources) {
    SortedMap<String, String> keys = JobKeys.changedValues(job, KeyRole.requested());
    keys.putAll(sources);
    return Request.of(keys);
  }

  /**
   * The request of a run that has read all its sources.
   *
   * @param read the sums over what it has encoded
   */
  public static Request request(RunSpec spec, InputSums read) throws IOException {
    SortedMap<String, String> keys = new TreeMap<>(spec.requestBeforeReading().keys());
    RunKind.OfCorpus run = spec.kind() instanceof RunKind.OfCorpus encoded ? encoded : null;
    if (run != null) {
      keys.put(CORPUS, read.sources());
      String validation = read.validationSources();
      if (validation != null) {
        keys.put(VALIDATION, validation);
      }
    }
    if (spec.tokenizer() instanceof TokenizerSource.FromText text
        && (run == null || !run.plan().equals(text.plan()))) {
      List<WorkUnit> units = PlanFile.units(text.plan());
      RequestedSources sources = new RequestedSources(spec.paths().output());
      keys.putAll(sources.keys(trainingKey(spec.job()), units));
    }
    return Request.of(keys);
  }

  /** The key of the files that the job learns from: its inputs for training, or the corpus. */
  public static String trainingKey(Job job) {
    return job.requireTraining().inputs().isEmpty() ? CORPUS : TRAINING;
  }

  /**
   * For each side of the split, by its key in a request, a sha256 of the format and the source
   * settings of all files in these units.
   *
   * @param key of the files that are not for validation
   */
  public static Map<String, String> formats(String key, List<WorkUnit> units) {
    SumsBySide sums = new SumsBySide(key);
    for (WorkUnit unit : units) {
      for (FileRange range : unit.ranges()) {
        if (range.start() == 0) { // each file once
          addFormat(range.file(), sums.of(range.file()));
        }
      }
    }
    return sums.keys(FORMAT);
  }

  /** Adds the lines about the way of reading a file; one without a separator has one line. */
  private static void addFormat(InputFile file, LineSum sum) {
    SourceSettings own = file.source();
    String format = file.format().name().toLowerCase(Locale.ROOT);
    sum.add(format, own.textField(), own.idField(), own.group(), String.valueOf(own.weight()));
    if (own.separator() != null) {
      sum.add("separator", own.separator());
    }
  }

  /**
   * For each side of the split, by its key in a request, a sha256 of the paths and bytes of all
   * files in these units, and the one of {@link #formats}.
   *
   * @param key of the files that are not for validation
   */
  public Map<String, String> keys(String key, List<WorkUnit> units) throws IOException {
    SumsBySide sums = new SumsBySide(key);
    for (WorkUnit unit : units) {
      UnitReceipt counted = FirstReadingReceipts.find(paths, unit);
      for (int i = 0; i < unit.ranges().size(); i++) {
        FileRange range = unit.ranges().get(i);
        if (range.start() == 0) { // each file once
          InputFile file = range.file();
          String noted = counted == null ? null : notedSha256(range, counted, i);
          String sha256 = noted == null ? finished.sha256(file) : noted;
          sha256s.put(file.path(), sha256);
          sums.of(file).add(file.path(), String.valueOf(file.size()), sha256);
        }
      }
    }
    String noSuffix = "";
    Map<String, String> keys = sums.keys(noSuffix);
    keys.putAll(formats(key, units));
    return keys;
  }

  /** The sha256 of each file in the units that {@link #keys} has summed up, by path. */
  Map<String, String> sha256s() {
    return Collections.unmodifiableMap(sha256s);
  }

  /**
   * The sha256 of a file, as counting noted it; null if it did not.
   *
   * @param range the first range of the file
   * @param counted the receipt of the unit that has the range at {@code index}
   */
  private static @Nullable String notedSha256(FileRange range, UnitReceipt counted, int index) {
    boolean isWhole = range.end() >= range.file().size();
    return isWhole ? counted.inputs().get(index).sha256() : counted.whole();
  }

  /** The sums of two keys: of the files for validation, and of all others. */
  private static final class SumsBySide {
    /** The key of the files that are not for validation. */
    private final String key;

    private final Map<String, LineSum> sums = new TreeMap<>();

    SumsBySide(String key) {
      this.key = key;
      sums.put(key, new LineSum());
    }

    /** The sum to which a file belongs. */
    LineSum of(InputFile file) {
      String side = file.validation() ? VALIDATION : key;
      return sums.computeIfAbsent(side, name -> new LineSum());
    }

    /** The sha256 of each sum by its key, with a suffix. */
    Map<String, String> keys(String suffix) {
      Map<String, String> keys = new TreeMap<>();
      sums.forEach((name, sum) -> keys.put(name + suffix, sum.sha256()));
      return keys;
    }
  }
}
