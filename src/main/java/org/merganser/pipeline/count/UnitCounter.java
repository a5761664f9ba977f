package org.merganser.pipeline.count;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.count.PretokenCounts;
import org.merganser.bpe.superword.WordRuns;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.Document.Selection;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.RangeReceipt;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.read.UnitReader;
import org.merganser.job.TrainSection;
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
 * Counts the pretokens of work units into one table. Not thread-safe: call {@link #begin}, then
 * {@link #count} for each unit, then {@link #finish}. Dead letters are only counted: the encoding
 * pass, if there is one, reads the same records and writes their dead letters.
 */
public final class UnitCounter {
  /** Receives the counts of all units, packed, by partition in ascending order. */
  @FunctionalInterface
  interface Blocks {
    void block(int partition, byte[] packed) throws IOException;
  }

  /** The size of the tables is checked after this many pretokens, and after each document. */
  private static final int CHECKED = 1 << 14;

  private final UnitReader reader;

  /** Reads documents with all that their shards have; the reader if no pretokens are kept. */
  private final UnitReader recording;

  private final @Nullable KeptPretokens keptPretokens;

  private final TrainingPretokenizer pretokenizer;
  private final CountingSpread spread;
  private final TrainSection.Feed feed;
  private final DocumentChoice choice;

  private final boolean mayRefuse;

  private final boolean byGroup;

  private final @Nullable WordRuns runs;

  private final StageMeter meter;
  private CountTables counts;
  private @Nullable SpilledCounts spilled;

  /**
   * Counts the chosen documents.
   *
   * @param runs turns pretokens into the keys to count; null if pretokens are counted
   */
  UnitCounter(
      RunSpec spec,
      CountingSpread spread,
      DocumentChoice choice,
      @Nullable WordRuns runs,
      Stage stage) {
    TrainSection train = spec.job().requireTraining();
    TrainingSettings training =
        runs == null ? TrainingSettings.of(spec.job()) : TrainingSettings.ofTokenizer(spec.job());
    List<AddedToken> found = new ArrayList<>(training.addedTokens());
    for (String content : StepComponents.rejected(spec.job(), training)) {
      found.add(AddedToken.special(-1, content));
    }
    this.reader = StepComponents.trainingReader(spec);
    this.keptPretokens = runs == null ? KeptPretokens.of(spec) : null;
    this.recording =
        keptPretokens == null
            ? reader
            : StepComponents.reader(spec, keptPretokens.reuse().reading(spec.job()));
    this.pretokenizer =
        new TrainingPretokenizer(
            training.normalizer(), training.preTokenizer(), found, SpecialText.REJECT);
    this.mayRefuse = found.size() > training.addedTokens().size() || training.generalRegex();
    this.byGroup = runs == null && train.countsByGroup();
    this.runs = runs;
    this.counts = newTables();
    this.spread = spread;
    this.feed = train.feed();
    this.choice = choice;
    this.meter = RunProgress.meter(spec.paths(), stage);
  }

  /** Drops all counts; also used after a failure. */
  private void begin() throws IOException {
    counts = newTables();
    if (spilled != null) {
      spilled.close();
      spilled = null;
    }
  }

  List<List<InputRange>> count(List<WorkUnit> units, List<DocumentSelection> selections)
      throws IOException {
    if (keptPretokens != null) {
      try {
        return count(recording, units, selections, keptPretokens);
      } catch (OtherRecordsException e) {
        // Without the fields of the shards, the record is a document that counts.
      }
    }
    return count(reader, units, selections, null);
  }

  private List<List<InputRange>> count(
      UnitReader by,
      List<WorkUnit> units,
      List<DocumentSelection> selections,
      @Nullable KeptPretokens kept)
      throws IOException {
    return by.readOnce(
        () -> {
          begin();
          List<List<InputRange>> read = new ArrayList<>();
          for (int i = 0; i < selections.size(); i++) {
            DocumentSelection selection = selections.get(i);
            try (KeptPretokenWriter pretokenWriter =
                kept == null ? null : kept.begin(units.get(i), selection)) {
              Counting counting =
                  new Counting(pretokenWriter, kept == null || kept.reuse().readsAlike());
              if (runs == null) {
                by.read(units.get(i), selection.before(counting));
              } else {
                by.readAgain(units.get(i), selection.before(counting));
              }
              read.add(counting.ranges);
              if (pretokenWriter != null) {
                pretokenWriter.publish();
              }
            }
          }
          return read;
        });
  }

  private CountTables newTables() {
    return new CountTables(byGroup, keptPretokens != null);
  }

  /** Passes on all counts since {@link #begin}; the blocks do not depend on what was spilled. */
  void finish(Blocks blocks) throws IOException {
    byte[][] last = counts.pack(spread.partitions());
    counts = newTables(); // released before blocks are combined
    SpilledCounts tables = spilled;
    if (tables != null) {
      tables.add(last);
    }
    for (int partition = 0; partition < last.length; partition++) {
      blocks.block(partition, tables == null ? last[partition] : tables.combined(partition));
    }
    begin();
  }

  private void spill() {
    byte[][] blocks = counts.pack(spread.partitions());
    counts = newTables(); // released before blocks are written
    try {
      if (spilled == null) {
        spilled = new SpilledCounts(spread.partitions());
      }
      spilled.add(blocks);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Passes the pretokens of a document to the sink, segment by segment as in encoding. */
  public static void split(
      TrainingPretokenizer pretokenizer,
      TrainSection.Feed feed,
      Document document,
      PretokenSink table) {
    byte[] text = document.text;
    int start = document.from;
    for (int segment = 0; segment < document.segmentCount(); segment++) {
      int end = document.segmentEnd(segment);
      if (feed == TrainSection.Feed.LINE_WITH_NEWLINE) {
        for (int i = start; i < end; i++) {
          if (text[i] == '\n') {
            pretokenizer.split(text, start, i + 1, table);
            start = i + 1;
          }
        }
      }
      if (start < end) {
        pretokenizer.split(text, start, end, table);
      }
      start = end;
    }
  }

  /** A record became a dead letter that may be a document for counting alone. */
  private static final class OtherRecordsException extends IOException {
    private static final long serialVersionUID = 1;
  }

  private final class Counting implements DocumentHandler {
    /** Null if the pretokens of the unit are not kept. */
    private final @Nullable KeptPretokenWriter pretokenWriter;

    private final boolean readsAlike;
    private int[] numbers = new int[1 << 10];
    private final List<InputRange> ranges = new ArrayList<>();
    private SortedMap<String, Long> deadLetters = new TreeMap<>();

    private PretokenCounts table = new PretokenCounts();

    private long sinceCheck;

    /**
     * @param readsAlike whether a dead letter is one for counting and encoding
     */
    Counting(@Nullable KeptPretokenWriter pretokenWriter, boolean readsAlike) {
      this.pretokenWriter = pretokenWriter;
      this.readsAlike = readsAlike;
      if (pretokenWriter != null) {
        counts.of(null).restartNumbers();
      }
    }

    @Override
    public void document(Document document) throws IOException {
      boolean counted = isCounted(document);
      if (pretokenWriter != null && pretokenWriter.isOpen()) {
        keep(document, counted, pretokenWriter);
      } else if (counted) {
        check(document);
        try {
          split(pretokenizer, feed, document, table(document.group, document.weight));
          spillIfFull(document.group);
        } catch (UncheckedIOException e) {
          throw e.getCause();
        }
      }
      if (counted) {
        meter.add(document.part == 0 ? 1 : 0, document.length(), 0);
      }
    }

    /** Keeps the pretokens of a document, and counts them. */
    private void keep(Document document, boolean counted, KeptPretokenWriter kept)
        throws IOException {
      Selection selection = document.selection;
      if (selection != Selection.TRAINING && selection != Selection.VALIDATION) {
        kept.leftOut(document);
        return;
      }
      try {
        if (mayRefuse) {
          split(pretokenizer, TrainSection.Feed.DOCUMENT, document, (text, from, ends, n) -> {});
        }
        keepPretokens(document, counted ? document.weight : 0, kept);
        spillIfFull(document.group);
      } catch (UncheckedIOException e) {
        throw e.getCause();
      } catch (SpecialTextException | RegexLimitException e) {
        kept.giveUp(); // encoding refuses it, too
        if (counted) {
          throw e;
        }
      }
    }

    private void keepPretokens(Document document, int weight, KeptPretokenWriter kept) {
      table = counts.of(document.group);
      kept.begin(document);
      int start = document.from;
      for (int segment = 0; segment < document.segmentCount(); segment++) {
        int end = document.segmentEnd(segment);
        if (start < end) {
          pretokenizer.split(
              document.text,
              start,
              end,
              (text, from, ends, n) -> {
                if (numbers.length < n) {
                  numbers = new int[2 * n];
                }
                table.number(text, from, ends, n, weight, numbers);
                kept.add(text, from, ends, n, numbers);
                sinceCheck += n;
                if (sinceCheck > CHECKED) {
                  spillIfFull(document.group);
                }
              });
        }
        kept.endSegment();
        start = end;
      }
      kept.end(document);
    }

    private boolean isCounted(Document document) {
      return document.selection == Selection.TRAINING
          && document.weight != 0
          && choice.chosen(document);
    }

    /** Splits the text once before it is counted, so that no part of a refused text counts. */
    @Override
    public void check(Document part) {
      if (mayRefuse && isCounted(part)) {
        split(pretokenizer, TrainSection.Feed.DOCUMENT, part, (text, from, ends, n) -> {});
      }
    }

    private PretokenSink table(@Nullable String group, int weight) {
      table = counts.of(group);
      PretokenSink counted =
          (text, start, ends, n) -> {
            table.addAll(text, start, ends, n, weight);
            sinceCheck += n;
            if (sinceCheck > CHECKED) {
              spillIfFull(group); // a document may have millions of distinct pretokens
            }
          };
      WordRuns words = runs;
      return words == null
          ? counted
          : (text, start, ends, n) -> words.addAll(text, start, ends, n, counted::accept);
    }

    /**
     * Spills the tables before a full one doubles.
     *
     * @param group of the table that is counted in
     */
    private void spillIfFull(@Nullable String group) {
      sinceCheck = 0;
      if (counts.distinct() > spread.maxDistinct()) {
        spill();
        table = counts.of(group);
        if (pretokenWriter != null) {
          pretokenWriter.restart();
        }
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
      if (runs == null) { // the pass that counts pretokens accounts for the ranges
        ranges.add(account(receipt));
      }
      deadLetters = new TreeMap<>();
    }

    /** Every record that is neither lost nor blank counts as a document, chosen or not. */
    private InputRange account(RangeReceipt read) {
      long records = read.records();
      return InputRange.ofFirst(
          read,
          new RecordSums(
              records,
              /* documents= */ records - RecordSums.sum(deadLetters) - read.blank(),
              /* validation= */ GroupCounts.ZERO,
              deadLetters,
              /* duplicates= */ 0,
              /* excluded= */ null,
              /* testSplit= */ null,
              read.blank(),
              read.textBytes(),
              read.rawBytes(),
              /* tokens= */ 0,
              /* lossTokens= */ null,
              /* marks= */ null));
    }
  }
}
