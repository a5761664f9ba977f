package org.merganser.pipeline.count;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.count.PretokenCounts;
import org.merganser.bpe.superword.SuperwordKeys;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.Document.Selection;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.RangeReceipt;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.read.UnitReader;
import org.merganser.job.TrainSection;
import org.merganser.output.figures.DocumentMarks;
import org.merganser.output.figures.GroupCounts;
import org.merganser.output.figures.RecordSums;
import org.merganser.output.receipt.InputRange;
import org.merganser.pipeline.pretokens.KeptPretokenWriter;
import org.merganser.pipeline.pretokens.KeptPretokens;
import org.merganser.pipeline.progress.RunProgress;
import org.merganser.pipeline.progress.StageMeter;
import org.merganser.pipeline.select.DocumentChoice;
import org.merganser.pipeline.select.DocumentSelection;
import org.merganser.pipeline.settings.CountingSpread;
import org.merganser.pipeline.settings.TrainingSettings;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.step.StepComponents;
import org.merganser.text.pretokenize.PretokenSink;
import org.merganser.text.regex.RegexLimitException;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.SpecialTextException;
import org.merganser.tokenizer.TrainingPretokenizer;
import org.merganser.tokenizer.parts.AddedToken;

/**
 * Counts the pretokens of work units, or the pairs or runs of words in them, into one table, or
 * into one for each group. Not thread-safe: call {@link #count} with the units, then {@link
 * #finish}. Dead letters are only counted: the encoding pass, if there is one, reads the same
 * records and writes their dead letters.
 */
final class UnitCounter {
  /** Counts nothing: a text is split only to find out whether it is refused. */
  private static final PretokenSink IGNORED = (text, start, ends, count) -> {};

  private final UnitReader reader;

  /** Reads documents with all fields of their shards; {@link #reader} if no pretokens are kept. */
  private final UnitReader readerOfShardFields;

  /** Null if the pretokens of no unit are kept. */
  private final @Nullable KeptPretokens keptPretokens;

  /** Splits text as the job feeds it to training. */
  private final DocumentSplitter splitter;

  /** Splits complete segments, as encoding does. */
  private final DocumentSplitter segmentSplitter;

  private final DocumentChoice choice;

  /**
   * Whether some text is refused: for a special token in it, or by a limit of regular expressions.
   */
  private final boolean mayRefuse;

  /** Turns pretokens into the runs or pairs of words to count; null if pretokens are counted. */
  private final @Nullable SuperwordKeys superwordKeys;

  private final StageMeter meter;
  private final SpillingTables tables;

  /**
   * Counts the chosen documents.
   *
   * @param superwordKeys turns pretokens into the keys to count; null if pretokens are counted
   */
  UnitCounter(
      RunSpec spec,
      CountingSpread spread,
      DocumentChoice choice,
      @Nullable SuperwordKeys superwordKeys,
      Stage stage) {
    TrainSection train = spec.job().requireTraining();
    TrainingSettings training =
        superwordKeys == null
            ? TrainingSettings.of(spec.job())
            : TrainingSettings.ofTokenizer(spec.job());
    List<AddedToken> rejected =
        StepComponents.rejected(spec.job(), training).stream()
            .map(content -> AddedToken.special(-1, content))
            .toList();
    List<AddedToken> found = new ArrayList<>(training.addedTokens());
    found.addAll(rejected);
    TrainingPretokenizer pretokenizer =
        new TrainingPretokenizer(
            training.normalizer(), training.preTokenizer(), found, SpecialText.REJECT);
    this.reader = StepComponents.trainingReader(spec);
    this.keptPretokens = superwordKeys == null ? KeptPretokens.of(spec) : null;
    this.readerOfShardFields =
        keptPretokens == null
            ? reader
            : StepComponents.reader(spec, keptPretokens.reuse().readingSettings(spec.job()));
    this.splitter = new DocumentSplitter(pretokenizer, train.feed());
    this.segmentSplitter = new DocumentSplitter(pretokenizer, TrainSection.Feed.DOCUMENT);
    this.choice = choice;
    this.mayRefuse = !rejected.isEmpty() || training.usesGeneralRegex();
    this.superwordKeys = superwordKeys;
    this.meter = RunProgress.meter(spec.paths(), stage);
    boolean byGroup = superwordKeys == null && train.countsByGroup();
    this.tables = new SpillingTables(spread, byGroup, keptPretokens != null);
  }

  /**
   * Counts units, after dropping the counts of earlier calls.
   *
   * @param selections of the documents of each unit, in the order of the units
   * @return the counts of the ranges of each unit; no ranges with {@code superwordKeys}
   */
  List<List<InputRange>> count(List<WorkUnit> units, List<DocumentSelection> selections)
      throws IOException {
    if (keptPretokens != null) {
      try {
        return countUnits(readerOfShardFields, units, selections, keptPretokens);
      } catch (OtherRecordsException e) {
        // Without the fields of the shards, the record is a document that counts.
      }
    }
    return countUnits(reader, units, selections, null);
  }

  /** Passes on the counts of all units and drops them. */
  void finish(SpillingTables.BlockSink blocks) throws IOException {
    tables.drain(blocks);
  }

  /**
   * Counts units; begins again if their text has to be read again.
   *
   * @param kept null if the pretokens of the units are not kept
   */
  private List<List<InputRange>> countUnits(
      UnitReader unitReader,
      List<WorkUnit> units,
      List<DocumentSelection> selections,
      @Nullable KeptPretokens kept)
      throws IOException {
    return unitReader.readOnce(
        () -> {
          tables.clear();
          List<List<InputRange>> inputs = new ArrayList<>();
          for (int i = 0; i < selections.size(); i++) {
            inputs.add(countUnit(unitReader, units.get(i), selections.get(i), kept));
          }
          return inputs;
        });
  }

  /** Counts a unit, and keeps its pretokens if {@code kept} is not null. */
  private List<InputRange> countUnit(
      UnitReader unitReader,
      WorkUnit unit,
      DocumentSelection selection,
      @Nullable KeptPretokens kept)
      throws IOException {
    try (KeptPretokenWriter pretokenWriter = kept == null ? null : kept.begin(unit, selection)) {
      Counting counting = new Counting(pretokenWriter, kept == null || kept.reuse().readsAlike());
      if (superwordKeys == null) {
        unitReader.read(unit, selection.before(counting));
      } else {
        unitReader.readAgain(unit, selection.before(counting));
      }
      if (pretokenWriter != null) {
        pretokenWriter.publish();
      }
      return counting.ranges;
    }
  }

  /** A record became a dead letter that may be a document for counting alone. */
  private static final class OtherRecordsException extends IOException {
    private static final long serialVersionUID = 1;
  }

  /** Counts the documents of one unit, and keeps their pretokens if there is a writer for them. */
  private final class Counting implements DocumentHandler {
    /** Null if the pretokens of the unit are not kept. */
    private final @Nullable KeptPretokenWriter pretokenWriter;

    /** Whether a dead letter of counting is one of encoding, and the reverse. */
    private final boolean readsAlike;

    /** The counts of the ranges that were read, in order. */
    private final List<InputRange> ranges = new ArrayList<>();

    /** The records lost in the current range, by reason. */
    private SortedMap<String, Long> deadLetters = new TreeMap<>();

    /** The table of the current document, which is another one after a spill. */
    private PretokenCounts table = new PretokenCounts();

    /** The numbers of the pretokens of a batch. */
    private int[] numbers = new int[1 << 10];

    Counting(@Nullable KeptPretokenWriter pretokenWriter, boolean readsAlike) {
      this.pretokenWriter = pretokenWriter;
      this.readsAlike = readsAlike;
      if (pretokenWriter != null) {
        tables.of(null).restartNumbers(); // all text has one table if pretokens are kept
      }
    }

    @Override
    public void document(Document document) throws IOException {
      boolean counted = isCounted(document);
      try {
        if (pretokenWriter != null && pretokenWriter.isOpen()) {
          keep(document, counted, pretokenWriter);
        } else if (counted) {
          check(document);
          splitter.split(document, countingSink(document));
          spillIfFull(document.group);
        }
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
      if (counted) {
        meter.add(document.part == 0 ? 1 : 0, document.length(), 0);
      }
    }

    /** Splits the text once before it is counted, so that no part of a refused text counts. */
    @Override
    public void check(Document part) {
      if (mayRefuse && isCounted(part)) {
        segmentSplitter.split(part, IGNORED);
      }
    }

    @Override
    public void deadLetter(DeadLetter letter) throws IOException {
      if (!readsAlike) {
        throw new OtherRecordsException();
      }
      if (pretokenWriter != null) {
        pretokenWriter.deadLetter(letter);
      }
      deadLetters.merge(letter.reason().label(), letter.records(), Math::addExact);
    }

    @Override
    public void rangeRead(RangeReceipt receipt) {
      if (pretokenWriter != null) {
        pretokenWriter.rangeRead(receipt);
      }
      if (superwordKeys == null) { // else the pass that counted pretokens has the same ranges
        ranges.add(inputRange(receipt));
      }
      deadLetters = new TreeMap<>();
    }

    /**
     * The counts of a range; every record that is neither lost nor blank counts as a document,
     * chosen or not.
     */
    private InputRange inputRange(RangeReceipt read) {
      long documents = read.records() - RecordSums.sum(deadLetters) - read.blank();
      // What only encoding counts:
      GroupCounts validation = GroupCounts.ZERO;
      long duplicates = 0;
      Long excluded = null;
      Long testSplit = null;
      long tokens = 0;
      Long lossTokens = null;
      DocumentMarks marks = null;
      return InputRange.ofFirstReading(
          read,
          new RecordSums(
              read.records(),
              documents,
              validation,
              deadLetters,
              duplicates,
              excluded,
              testSplit,
              read.blank(),
              read.textBytes(),
              read.rawBytes(),
              tokens,
              lossTokens,
              marks));
    }

    /** Whether the pretokens of a document count for the vocabulary. */
    private boolean isCounted(Document document) {
      return document.selection == Selection.TRAINING
          && document.weight != 0
          && choice.includes(document);
    }

    /** Counts the pretokens of a document, or the pairs or runs of words in it. */
    private PretokenSink countingSink(Document document) {
      String group = document.group;
      int weight = document.weight;
      table = tables.of(group);
      PretokenSink sink =
          (text, start, ends, count) -> {
            table.addAll(text, start, ends, count, weight);
            spillIfDue(count, group);
          };
      SuperwordKeys keys = superwordKeys;
      return keys == null
          ? sink
          : (text, start, ends, count) -> keys.addAll(text, start, ends, count, sink::accept);
    }

    /** Keeps the pretokens of a document, and counts them if {@code counted}. */
    private void keep(Document document, boolean counted, KeptPretokenWriter writer) {
      Selection selection = document.selection;
      if (selection != Selection.TRAINING && selection != Selection.VALIDATION) {
        writer.leftOut(document);
        return;
      }
      try {
        if (mayRefuse) {
          segmentSplitter.split(document, IGNORED);
        }
        keepPretokens(document, counted ? document.weight : 0, writer);
        spillIfFull(document.group);
      } catch (SpecialTextException | RegexLimitException e) {
        writer.giveUp(); // encoding refuses it, too
        if (counted) {
          throw e;
        }
      }
    }

    /**
     * Numbers the pretokens of a document, and keeps the numbers.
     *
     * @param weight how often each pretoken is counted; 0 if they are kept but not counted
     */
    private void keepPretokens(Document document, int weight, KeptPretokenWriter writer) {
      String group = document.group;
      table = tables.of(group);
      writer.begin(document);
      PretokenSink sink =
          (text, from, ends, count) -> {
            if (numbers.length < count) {
              numbers = new int[2 * count];
            }
            table.number(text, from, ends, count, weight, numbers);
            writer.add(text, from, ends, count, numbers);
            spillIfDue(count, group);
          };
      int start = document.from;
      for (int segment = 0; segment < document.segmentCount(); segment++) {
        int end = document.segmentEnd(segment);
        if (start < end) {
          segmentSplitter.pretokenizer().split(document.text, start, end, sink);
        }
        writer.endSegment();
        start = end;
      }
      writer.end(document);
    }

    /** Spills the tables within a document if they are full. */
    private void spillIfDue(int added, @Nullable String group) {
      try {
        if (tables.spillIfDue(added)) {
          beginTables(group);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Spills the tables after a document if they are full. */
    private void spillIfFull(@Nullable String group) {
      try {
        if (tables.spillIfFull()) {
          beginTables(group);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /**
     * Begins empty tables after the full ones were spilled.
     *
     * @param group of the table that is counted in
     */
    private void beginTables(@Nullable String group) {
      table = tables.of(group);
      if (pretokenWriter != null) {
        pretokenWriter.restart();
      }
    }
  }
}
