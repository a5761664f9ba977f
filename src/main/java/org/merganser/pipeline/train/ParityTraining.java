package org.merganser.pipeline.train;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.count.GroupedCounts;
import org.merganser.bpe.parity.ParitySettings;
import org.merganser.bpe.parity.ParityTrainer;
import org.merganser.bpe.train.MergeLearner;
import org.merganser.bpe.train.TrainingResult;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.CorpusPlanner;
import org.merganser.corpus.read.UnitReader;
import org.merganser.job.TrainSection;
import org.merganser.pipeline.count.CountTables;
import org.merganser.pipeline.count.DocumentSplitter;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.settings.ReadingSettings;
import org.merganser.pipeline.settings.TrainingSettings;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.step.StepComponents;
import org.merganser.report.statistics.TrainingParity;
import org.merganser.tokenizer.TrainingPretokenizer;

/**
 * Learns a vocabulary by {@code tokenizer.train.parity}: from combined counts by group, and with
 * the development text that the job may name, which is counted here.
 */
final class ParityTraining {
  private static final String KEY = "tokenizer.train.parity";

  /** A learned vocabulary, and the account of what was learned for each group. */
  record Learned(TrainingResult result, TrainingParity account) {}

  private final RunSpec spec;
  private final TrainSection train;
  private final TrainSection.Parity parity;
  private final GroupedTables tables;

  /** The groups that are learned from; the number of a group is its index. */
  private final List<String> groups;

  /**
   * Reads the combined counts to find their groups.
   *
   * @param locations of the combined counts
   * @throws RunException if there is no text, or the job names a group without text
   */
  ParityTraining(RunSpec spec, List<String> locations) {
    this.spec = spec;
    this.train = spec.job().requireTraining();
    this.parity = Objects.requireNonNull(train.parity(), "the job asks for parity");
    this.tables = GroupedTables.open(locations);
    SortedMap<String, Double> ratios = parity.ratios();
    if (ratios != null) {
      tables.requireGroups(KEY + ".ratios", ratios.keySet());
    }
    this.groups = ratios == null ? tables.names() : List.copyOf(ratios.keySet());
    if (groups.isEmpty()) {
      throw RunException.wrong("%s: the corpus has no text, so there are no groups", KEY);
    }
  }

  /**
   * Learns the vocabulary, after counting the development text if the job names one.
   *
   * @param progress receives the number of learned merges
   * @throws RunException if the development text has a dead letter, too many pretokens, or other
   *     groups
   */
  Learned learn(TrainingSettings training, IntConsumer progress) throws IOException {
    ParitySettings settings =
        new ParitySettings(
            groups.size(), ratios(), parity.globalMerges(), parity.window(), parity.alpha());
    ParityTrainer.GroupedSource development =
        parity.dev().isEmpty() ? null : countDevelopmentText(training);
    ParityTrainer.Result result =
        new ParityTrainer(training.trainer(), settings, MergeLearner.Keep.DEFAULT)
            .train(
                ofLearnedGroups(tables, tables.names()),
                development,
                TrainingMemory.bound(train),
                progress);
    return new Learned(
        new TrainingResult(result.trained(), result.kept()), TrainingParity.of(groups, result));
  }

  /** The ratios of the job, or 1 for each group; null if a development text is measured. */
  private double @Nullable [] ratios() {
    if (!parity.dev().isEmpty()) {
      return null;
    }
    SortedMap<String, Double> given = parity.ratios();
    double[] ratios = new double[groups.size()];
    for (int group = 0; group < ratios.length; group++) {
      ratios[group] = given == null ? 1 : Objects.requireNonNull(given.get(groups.get(group)));
    }
    return ratios;
  }

  /**
   * The counts of the groups that are learned from, with the numbers of these groups.
   *
   * @param names of the groups in the source, by their number there
   */
  private ParityTrainer.GroupedSource ofLearnedGroups(
      ParityTrainer.GroupedSource source, List<String> names) {
    return names.equals(groups) ? source : new RenumberedGroups(source, names, groups);
  }

  /** Counts the development text, which must have text of all learned groups and of no other. */
  private ParityTrainer.GroupedSource countDevelopmentText(TrainingSettings training)
      throws IOException {
    CorpusSettings settings = ReadingSettings.developmentSettings(spec.job());
    UnitReader reader = StepComponents.reader(spec, settings);
    DevelopmentText text = new DevelopmentText(training);
    for (WorkUnit unit : CorpusPlanner.plan(CorpusPlanner.list(settings))) {
      reader.readAgain(unit, text);
    }
    byte[] block = text.counts.pack(1)[0];
    List<String> names = List.copyOf(GroupedCounts.blocksByGroup(block).keySet());
    if (!Set.copyOf(names).equals(Set.copyOf(groups))) {
      throw RunException.wrong(
          "%s.dev: has text of the groups %s, and those that are learned from are %s",
          KEY, names, groups);
    }
    return ofLearnedGroups(visitor -> GroupedCounts.forEach(block, names, visitor), names);
  }

  /** Some groups of a source, with other numbers. */
  private static final class RenumberedGroups implements ParityTrainer.GroupedSource {
    private final ParityTrainer.GroupedSource source;

    /** The number of each group of the source; -1 if the group is left out. */
    private final int[] numbers;

    // What a visitor reads during its visit; all visits share these arrays.
    private final int[] kept;
    private final long[] keptCounts;

    /**
     * @param names of all groups of the source, by their number there
     * @param groups the names of the groups that are kept, by their new number
     */
    RenumberedGroups(ParityTrainer.GroupedSource source, List<String> names, List<String> groups) {
      this.source = source;
      this.numbers = names.stream().mapToInt(groups::indexOf).toArray();
      this.kept = new int[groups.size()];
      this.keptCounts = new long[groups.size()];
    }

    @Override
    public void forEach(GroupedCounts.Visitor visitor) {
      source.forEach(
          (bytes, from, to, present, counts, n) -> {
            int size = keep(present, counts, n);
            if (size > 0) {
              visitor.visit(bytes, from, to, kept, keptCounts, size);
            }
          });
    }

    /** Keeps the groups of a pretoken that are not left out; returns their number. */
    private int keep(int[] present, long[] counts, int n) {
      int size = 0;
      for (int i = 0; i < n; i++) {
        int number = numbers[present[i]];
        if (number >= 0) {
          kept[size] = number;
          keptCounts[size] = counts[i];
          size++;
        }
      }
      return size;
    }
  }

  /** Counts the pretokens of the development text; a dead letter in it is an error. */
  private final class DevelopmentText implements DocumentHandler {
    /** The maximum distinct pretokens, which are all in memory; checked after each document. */
    private static final int MAX_DISTINCT = 4_000_000;

    private static final boolean BY_GROUP = true;

    private final CountTables counts = new CountTables(BY_GROUP);
    private final DocumentSplitter splitter;

    DevelopmentText(TrainingSettings training) {
      TrainingPretokenizer pretokenizer =
          new TrainingPretokenizer(
              training.normalizer(), training.preTokenizer(), training.addedTokens());
      this.splitter = new DocumentSplitter(pretokenizer, train.feed());
    }

    @Override
    public void document(Document document) {
      splitter.split(document, counts.of(document.group)::addAll);
      if (counts.distinct() > MAX_DISTINCT) {
        throw RunException.wrong(
            "%s.dev: has more than %s distinct pretokens; a development text is a small one",
            KEY, MAX_DISTINCT);
      }
    }

    @Override
    public void deadLetter(DeadLetter letter) {
      throw RunException.wrong(
          "%s.dev: %s at %s: %s: %s",
          KEY, letter.file(), letter.offset(), letter.reason().label(), letter.detail());
    }
  }
}
