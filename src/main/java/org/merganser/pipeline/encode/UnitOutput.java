package org.merganser.pipeline.encode;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.DeadLetterFile;
import org.merganser.corpus.Document;
import org.merganser.corpus.Document.Selection;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.RangeReceipt;
import org.merganser.output.figures.BoundedGroups;
import org.merganser.output.figures.DocumentMarks;
import org.merganser.output.figures.GroupCounts;
import org.merganser.output.figures.MeasuredDocument;
import org.merganser.output.figures.RecordSums;
import org.merganser.output.figures.UnitLengthCounts;
import org.merganser.output.receipt.IdPlaces;
import org.merganser.output.receipt.InputRange;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.output.receipt.UnitFiles;
import org.merganser.pipeline.progress.RunProgress;
import org.merganser.pipeline.progress.StageMeter;
import org.merganser.pipeline.spec.Stage;

/**
 * The output of a unit while the unit is read. The subclass stores the documents; this class writes
 * the dead letters into a file and counts every record. After the reader has passed on the last
 * range, the caller calls {@link #finish}, and {@link #close} always.
 */
abstract class UnitOutput implements DocumentHandler, Closeable {
  final RunPaths paths;
  final int unit;
  final UnitFiles files;

  /** Whether {@link #encode} refuses some text. */
  private final boolean mayRefuse;

  private final StageMeter meter;

  /** The counts of the ranges that were read. */
  private final List<InputRange> ranges = new ArrayList<>();

  /** The counts of the documents for training, by group. */
  private final BoundedGroups<GroupCounts> groups =
      new BoundedGroups<>(() -> GroupCounts.ZERO, GroupCounts::plus);

  /** The lengths of the documents for training. */
  private final UnitLengthCounts lengths = new UnitLengthCounts();

  /** The places in the list of excluded ids of those that were found. */
  private final IdPlaces excludedPlaces = new IdPlaces();

  /** The ids with which documents should begin and end, with counts of 0; null for none. */
  private final @Nullable DocumentMarks marks;

  /** Null before the first dead letter, and after the end. */
  private @Nullable DeadLetterFile letters;

  /** The sums of the current range. */
  private RangeSums sums;

  /**
   * @param mayRefuse whether {@link #encode} refuses some text
   * @param marks the ids with which documents should begin and end, with counts of 0; null for none
   */
  UnitOutput(
      RunPaths paths, int unit, UnitFiles files, boolean mayRefuse, @Nullable DocumentMarks marks) {
    this.paths = paths;
    this.unit = unit;
    this.files = files;
    this.mayRefuse = mayRefuse;
    this.meter = RunProgress.meter(paths, Stage.ENCODE);
    this.marks = marks;
    this.sums = new RangeSums(marks);
  }

  /**
   * Encodes the text of a document, or of a part of one, replacing the ids before. Refuses text as
   * {@link DocumentHandler#document} does; there are then no ids.
   */
  abstract void encode(Document document);

  /**
   * Stores the encoded ids, and the id that ends a document after its last part; returns how many.
   */
  abstract long put(Document document) throws IOException;

  /** The number of ids in the last {@link #put} with a 1 in their loss mask. */
  abstract long lossTokens();

  /** Completes the files of the documents. */
  abstract void finishDocuments() throws IOException;

  @Override
  public final void document(Document document) {
    try {
      int documents = document.part == 0 ? 1 : 0;
      switch (document.selection) {
        case DUPLICATE -> sums.duplicates += documents;
        case EXCLUDED -> {
          sums.excluded += documents;
          excludedPlaces.add(document.excludedPlace);
        }
        case TEST_SPLIT -> sums.testSplit += documents;
        case TRAINING, VALIDATION -> {
          encode(document);
          long tokens = put(document);
          add(document, tokens, lossTokens());
        }
      }
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  @Override
  public final void check(Document part) {
    Selection selection = part.selection;
    boolean isEncoded = selection == Selection.TRAINING || selection == Selection.VALIDATION;
    if (mayRefuse && isEncoded) {
      encode(part); // for its exception; the ids are not used
    }
  }

  @Override
  public final void deadLetter(DeadLetter letter) {
    try {
      write(letter);
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  @Override
  public final void rangeRead(RangeReceipt read) {
    ranges.add(InputRange.of(read, sums.toRecordSums(read)));
    sums = new RangeSums(marks);
  }

  /**
   * Counts whether a document for training, or a part of one, has the marks.
   *
   * @param ids of the document, of which the first {@code count} are read
   */
  final void countMarks(Document document, int[] ids, int count) {
    DocumentMarks before = sums.marks;
    if (before != null) {
      boolean begins = document.part == 0 && before.begins(ids, count);
      boolean ends = document.lastPart && before.ends(ids, count);
      sums.marks = before.plus(begins ? 1 : 0, ends ? 1 : 0);
    }
  }

  /** The sha256 of each range that was read, in order. */
  final List<String> sha256s() {
    return ranges.stream().map(InputRange::sha256).toList();
  }

  /** Completes all files, and passes the counts to the unit's files. */
  final void finish() {
    try {
      DeadLetterFile finished = letters;
      if (finished != null) {
        letters = null;
        finished.close();
        long documents = 0; // dead letters are none
        long tokens = 0;
        files.finish(OutputPaths.deadLetters(unit), finished.sum(), documents, tokens);
      }
      finishDocuments();
      files.setCounts(ranges, groups.toMap(), excludedPlaces.toText());
      files.setLengths(lengths.toUnitLengths());
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  @Override
  public void close() throws IOException {
    DeadLetterFile open = letters;
    if (open != null) {
      open.close();
    }
  }

  /** Adds an encoded document, or a part of one, to the sums of its range. */
  private void add(Document document, long tokens, long lossTokens) {
    int documents = document.part == 0 ? 1 : 0;
    GroupCounts counts = new GroupCounts(documents, document.length(), tokens);
    if (document.selection == Selection.VALIDATION) {
      sums.validation = sums.validation.plus(counts);
    } else {
      sums.training = sums.training.plus(counts);
      if (document.segments != null) {
        sums.lossTokens = lossTokens + (sums.lossTokens == null ? 0 : sums.lossTokens);
      }
      if (document.group != null) {
        groups.add(document.group, counts);
      }
      lengths.add(
          new MeasuredDocument(
              document.id, document.file, document.offset, document.part, document.group, tokens));
    }
    meter.add(documents, document.length(), tokens);
  }

  /** Writes a dead letter into the file of the unit, which begins with the first one. */
  private void write(DeadLetter letter) throws IOException {
    DeadLetterFile current = letters;
    if (current == null) {
      current = new DeadLetterFile(files.begin(OutputPaths.deadLetters(unit)));
      letters = current;
    }
    current.write(letter);
    sums.deadLetters.merge(letter.reason().label(), letter.records(), Math::addExact);
  }

  /** The error that the files of the unit cannot be written. */
  private RunException cannotWrite(IOException e) {
    return RunException.cannotWrite(paths.root(), "the files of unit " + unit, e);
  }

  /** What the documents and dead letters of a range add up to. */
  private static final class RangeSums {
    GroupCounts training = GroupCounts.ZERO;
    GroupCounts validation = GroupCounts.ZERO;

    /** Of documents for training; null if none has segments. */
    @Nullable Long lossTokens;

    /** How many documents have the marks so far; null if they are not counted. */
    @Nullable DocumentMarks marks;

    // Documents that are not encoded, by the reason.

    long duplicates;
    long excluded;
    long testSplit;

    final SortedMap<String, Long> deadLetters = new TreeMap<>();

    RangeSums(@Nullable DocumentMarks marks) {
      this.marks = marks;
    }

    /** The sums with those of the reader, after it has read the range. */
    RecordSums toRecordSums(RangeReceipt read) {
      return new RecordSums(
          read.records(),
          training.documents(),
          validation,
          deadLetters,
          duplicates,
          excluded,
          testSplit,
          read.blank(),
          training.bytes(), // without those for validation
          read.rawBytes(),
          training.tokens(),
          lossTokens,
          marks);
    }
  }
}
