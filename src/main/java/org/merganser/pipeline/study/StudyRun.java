package org.merganser.pipeline.study;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.HeldOutTexts;
import org.merganser.corpus.plan.PlanFile;
import org.merganser.dataset.GroupCounts;
import org.merganser.dataset.Manifest;
import org.merganser.job.JobWriter;
import org.merganser.job.StudyJob;
import org.merganser.pipeline.PreparedRun;
import org.merganser.pipeline.RunPreparation;
import org.merganser.pipeline.engine.RunnerFlags;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputFolder;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.RunLock;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.NativeCodecs;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.WorkerTokenizers;
import org.merganser.pipeline.train.CountInOneReading;
import org.merganser.pipeline.train.CountedOnce;
import org.merganser.pipeline.train.LearnedPrefix;
import org.merganser.pipeline.train.TokenizerReceipt;
import org.merganser.report.statistics.HeldOutSample;
import org.merganser.report.statistics.MeasuredVocabulary;
import org.merganser.report.statistics.VocabularyComparison;
import org.merganser.report.statistics.VocabularyMeter;
import org.merganser.store.CheckedFile;
import org.merganser.store.FileStore;
import org.merganser.store.Scratch;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.Tokenizer;

/**
 * A study of several vocabularies: the corpus is read once and counted in all ways that they need,
 * each vocabulary is learned from these counts, or taken from a larger one that was, and measured
 * on the texts for validation. A study that was cut short goes on where it stopped, and of one that
 * is changed only what is new is made.
 */
public final class StudyRun {
  /** The figures, beside the page. */
  public static final String FIGURES = "study.json";

  public static final String PAGE = "study.html";

  /**
   * Raised when figures are computed in another way: those of earlier studies do not count then.
   */
  private static final int MEASURES = 1;

  private final StudyJob study;
  private final List<StudyVocabulary> vocabularies;
  private final OutputLayout layout;
  private final StudyOutput output;
  private final List<String> beamFlags;

  /**
   * What a study made.
   *
   * @param megabytesPerSecond at which each vocabulary encodes on this machine, by its name: a
   *     measurement
   */
  public record Result(
      VocabularyComparison figures,
      SortedMap<String, BigDecimal> megabytesPerSecond,
      String output,
      boolean upToDate) {}

  private StudyRun(StudyJob study, List<StudyVocabulary> vocabularies, List<String> beamFlags) {
    this.study = study;
    this.vocabularies = vocabularies;
    this.layout = OutputLayout.of(study.output(), false);
    this.output = new StudyOutput(layout);
    this.beamFlags = beamFlags;
  }

  /**
   * Plans the corpus and checks all that can be checked before any text is read; writes nothing.
   *
   * @param beamFlags flags for Beam and its runner
   * @throws RunException when the study cannot begin
   * @throws org.merganser.job.JobException for flags that Beam doesn't know, or a pattern that
   *     isn't supported
   */
  public static StudyRun prepare(StudyJob study, List<String> beamFlags) throws IOException {
    NativeCodecs.check();
    RunnerFlags.use(beamFlags);
    List<PreparedRun> runs =
        RunPreparation.prepareAll(study.arms().stream().map(StudyJob.Arm::source).toList());
    List<StudyVocabulary> vocabularies = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      vocabularies.add(StudyVocabulary.of(study.arms().get(i), runs.get(i)));
    }
    requireNoRun(OutputLayout.of(study.output(), false));
    return new StudyRun(study, List.copyOf(vocabularies), beamFlags);
  }

  /** Refuses the folder of a run, which the run would go on to write into. */
  private static void requireNoRun(OutputLayout layout) throws IOException {
    if (FileStore.of(layout.root()).exists(layout.at(Manifest.FILE))) {
      throw new RunException(
          "output: %s holds the result of a run (%s); a study needs a folder of its own, so name another"
              .formatted(layout.root(), Manifest.FILE));
    }
  }

  /**
   * Runs the study to its end.
   *
   * @param command as it was typed, for whoever finds the folder taken
   * @param progress hears what is done next
   * @param warnings hears what the user should know though the study goes on
   * @throws RunException where no document is kept for validation
   */
  public Result execute(String command, Consumer<String> progress, Consumer<String> warnings)
      throws IOException {
    RunLock lock = RunLock.acquire(layout, command, warnings);
    try {
      String fingerprint = fingerprint();
      VocabularyComparison finished = output.find(fingerprint);
      if (finished != null && allLearned()) {
        return new Result(finished, output.speeds(), layout.root(), true);
      }
      Scratch.sweep();
      begin();
      StudyGraphs graphs =
          new StudyGraphs(vocabularies.get(0).counting(), textBytes(), beamFlags, warnings);
      CountedOnce counted = count(graphs, progress);
      HeldOutSample sample = sample(counted);
      learn(graphs, counted, progress);
      List<VocabularyComparison.Measured> measured = measure(counted, sample, progress);
      SortedMap<String, BigDecimal> speeds = time(sample, progress);
      VocabularyComparison figures = VocabularyComparison.of(study.dim(), sample.texts(), measured);
      output.publish(fingerprint, figures, speeds);
      output.prune(counted, vocabularies.get(0).run().trainingUnits());
      return new Result(figures, speeds, layout.root(), false);
    } finally {
      FileStore.abandonDrafts(layout.root()); // none is open unless the study has failed
      lock.close();
    }
  }

  /** The fingerprint of everything that the figures depend on. */
  private String fingerprint() {
    return Fingerprint.of(
        "study",
        MEASURES,
        String.valueOf(study.dim()),
        vocabularies.stream()
            .map(vocabulary -> Fingerprint.of(vocabulary.name(), vocabulary.run().fingerprint()))
            .toList());
  }

  private boolean allLearned() throws IOException {
    for (StudyVocabulary vocabulary : vocabularies) {
      if (vocabulary.receipt() == null) {
        return false;
      }
    }
    return true;
  }

  private long textBytes() {
    return vocabularies.get(0).run().trainingUnits().stream()
        .mapToLong(unit -> unit.textBytes())
        .sum();
  }

  /** Makes the folders this study's own, and writes what workers read. */
  private void begin() throws IOException {
    FileStore.of(layout.root()).delete(layout.at(layout.finishedStudy()));
    OutputFolder.mark(layout);
    PreparedRun first = vocabularies.get(0).run();
    first.versions().publish(layout);
    PlanFile.write(vocabularies.get(0).text().plan(), first.trainingUnits());
    for (StudyVocabulary vocabulary : vocabularies) {
      OutputFolder.mark(vocabulary.layout());
    }
  }

  private CountedOnce count(StudyGraphs graphs, Consumer<String> progress) throws IOException {
    Map<String, RunSpec> ways = new LinkedHashMap<>();
    for (StudyVocabulary vocabulary : vocabularies) {
      ways.putIfAbsent(vocabulary.text().countFingerprint(), vocabulary.counting());
    }
    List<RunSpec> specs = List.copyOf(ways.values());
    String list = CountInOneReading.list(specs);
    CountedOnce found = CountedOnce.find(list);
    if (found == null) {
      progress.accept(
          specs.size() == 1
              ? "reading the corpus"
              : "reading the corpus, which is counted in %d ways".formatted(specs.size()));
      graphs.count(specs);
      found = CountedOnce.find(list);
    }
    return Objects.requireNonNull(found, list + " is gone; run again");
  }

  /** Reads the texts for validation, for how much there is and for a sample of them. */
  private HeldOutSample sample(CountedOnce counted) throws IOException {
    long[] bytes = {0};
    read(counted, (begins, group, text) -> bytes[0] += text.length);
    if (bytes[0] == 0) {
      throw new RunException(
          "corpus.validation: a share of %s keeps no text of this corpus, so there is nothing to measure on; give a larger one, at most 0.5"
              .formatted(JobComponents.corpus(vocabularies.get(0).counting().job()).validation()));
    }
    HeldOutSample sample = new HeldOutSample(bytes[0]);
    read(counted, (begins, group, text) -> sample.add(begins, named(group), text));
    return sample;
  }

  private static void read(CountedOnce counted, HeldOutTexts.Sink sink) throws IOException {
    for (String texts : counted.texts()) {
      try (InputStream in = CheckedFile.open(texts)) {
        HeldOutTexts.read(in, sink);
      }
    }
  }

  /** The group as figures name it; null where documents have none. */
  private @Nullable String named(@Nullable String group) {
    boolean grouped = JobComponents.hasGroups(vocabularies.get(0).counting().job());
    return group == null && grouped ? GroupCounts.NONE : group;
  }

  private void learn(StudyGraphs graphs, CountedOnce counted, Consumer<String> progress)
      throws IOException {
    List<StudyVocabulary> largestFirst = new ArrayList<>(vocabularies);
    largestFirst.sort(
        Comparator.comparingInt((StudyVocabulary vocabulary) -> vocabulary.train().vocabSize())
            .reversed());
    Map<String, StudyVocabulary> largest = new LinkedHashMap<>();
    for (StudyVocabulary vocabulary : largestFirst) {
      StudyVocabulary larger = largest.putIfAbsent(vocabulary.learning(), vocabulary);
      if (vocabulary.receipt() == null && !isTaken(vocabulary, larger)) {
        progress.accept("learning " + vocabulary.name());
        graphs.learn(vocabulary, counted.choice());
      }
    }
  }

  /**
   * Takes a vocabulary from a larger one, where that is what learning gives.
   *
   * @param larger that is learned; null: none is
   */
  private static boolean isTaken(StudyVocabulary vocabulary, @Nullable StudyVocabulary larger)
      throws IOException {
    if (larger == null || !LearnedPrefix.isPossible(vocabulary.train())) {
      return false;
    }
    TokenizerReceipt receipt = larger.receipt();
    return receipt != null && LearnedPrefix.publish(vocabulary.learned(), larger.layout(), receipt);
  }

  private List<VocabularyComparison.Measured> measure(
      CountedOnce counted, HeldOutSample sample, Consumer<String> progress) throws IOException {
    List<VocabularyComparison.Measured> measured = new ArrayList<>();
    for (StudyVocabulary vocabulary : vocabularies) {
      FileRef file = tokenizer(vocabulary);
      String location =
          layout.at(
              layout.vocabularyFigures(
                  Fingerprint.of(
                      MEASURES, file.sha256(), specialText(vocabulary), counted.texts())));
      byte[] json = CheckedFile.find(location);
      MeasuredVocabulary figures;
      if (json == null) {
        progress.accept("measuring " + vocabulary.name());
        figures = figures(vocabulary, WorkerTokenizers.get(file), counted, sample);
        CheckedFile.publish(location, figures.toJson());
      } else {
        figures = MeasuredVocabulary.read(json, location);
      }
      measured.add(
          new VocabularyComparison.Measured(
              vocabulary.name(),
              file.sha256(),
              JobWriter.sectionTree(JobComponents.train(vocabulary.counting().written())),
              figures));
    }
    return measured;
  }

  private static SpecialText specialText(StudyVocabulary vocabulary) {
    return JobComponents.tokenizer(vocabulary.counting().job()).specialText();
  }

  private static FileRef tokenizer(StudyVocabulary vocabulary) throws IOException {
    return Objects.requireNonNull(vocabulary.receipt(), vocabulary.name() + " is not learned")
        .ref(vocabulary.layout());
  }

  private MeasuredVocabulary figures(
      StudyVocabulary vocabulary, Tokenizer tokenizer, CountedOnce counted, HeldOutSample sample)
      throws IOException {
    VocabularyMeter meter = new VocabularyMeter(tokenizer, specialText(vocabulary));
    read(counted, (begins, group, text) -> meter.add(named(group), text));
    return meter.figures(sample.bitsPerByte(tokenizer));
  }

  private SortedMap<String, BigDecimal> time(HeldOutSample sample, Consumer<String> progress)
      throws IOException {
    progress.accept("timing");
    SortedMap<String, BigDecimal> speeds = new TreeMap<>();
    for (StudyVocabulary vocabulary : vocabularies) {
      double speed = sample.megabytesPerSecond(WorkerTokenizers.get(tokenizer(vocabulary)));
      if (Double.isFinite(speed)) {
        speeds.put(vocabulary.name(), new BigDecimal(speed).setScale(1, RoundingMode.HALF_EVEN));
      }
    }
    output.keep(speeds);
    return speeds;
  }
}
