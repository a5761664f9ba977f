package org.merganser.pipeline;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.merganser.bpe.PretokenCounts;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.RangeReceipt;
import org.merganser.corpus.Selection;
import org.merganser.corpus.UnitReader;
import org.merganser.corpus.WorkUnit;
import org.merganser.job.Job;
import org.merganser.text.RegexLimitException;
import org.merganser.tokenizer.SpecialTextException;
import org.merganser.tokenizer.Tokenizer.Pretokenizer;

/**
 * Counts the pretokens of work units. For one thread; the table is reused. Dead letters are not
 * counted here: the encoding pass meets the same records and writes them down.
 */
final class UnitCounter {
  /** Hash partitions of a table: the merge runs in at most this many tasks. */
  static final int PARTITIONS = 32;

  /** A fuller table is handed on and begun anew: bounds the memory of a unit of any size. */
  private static final int MAX_DISTINCT = 4_000_000;

  private final UnitReader reader;
  private final Pretokenizer pretokenizer;
  private final Job.Feed feed;
  private final DocumentChoice choice;
  private final boolean mayRefuse;
  private final StageMeter meter = StageMeter.of(Stage.COUNT);

  /**
   * @param mayRefuse whether the pretokenizer may refuse a document: one that holds special tokens,
   *     or over which a regular expression gives up
   */
  UnitCounter(
      UnitReader reader,
      Pretokenizer pretokenizer,
      boolean mayRefuse,
      Job.Feed feed,
      DocumentChoice choice) {
    this.reader = reader;
    this.pretokenizer = pretokenizer;
    this.mayRefuse = mayRefuse;
    this.feed = feed;
    this.choice = choice;
  }

  /**
   * Hands the unit's counts to {@code tables} as partial tables of {@link #PARTITIONS} packed
   * blocks each: one table but for a unit with very many distinct pretokens. Returns the sha256 of
   * each range.
   */
  List<String> count(WorkUnit unit, DocumentSelection selection, Consumer<byte[][]> tables)
      throws IOException {
    Counting counting = new Counting(tables);
    reader.read(unit, selection.before(counting));
    counting.handOn();
    return counting.sha256s;
  }

  private final class Counting implements DocumentHandler {
    private final Consumer<byte[][]> tables;
    private final List<String> sha256s = new ArrayList<>();
    private PretokenCounts counts = new PretokenCounts();

    Counting(Consumer<byte[][]> tables) {
      this.tables = tables;
    }

    @Override
    public void document(Document document) {
      if (document.selection != Selection.TRAINING
          || !choice.chosen(document)
          || isRefused(document)) {
        return;
      }
      if (feed == Job.Feed.DOCUMENT) {
        split(document.text, document.from, document.to);
      } else {
        splitLines(document.text, document.from, document.to);
      }
      meter.add(document.part == 0 ? 1 : 0, document.length(), 0);
      if (counts.distinct() > MAX_DISTINCT) {
        handOn();
      }
    }

    /** Asked before anything of it is counted; encoding makes it a dead letter. */
    private boolean isRefused(Document document) {
      if (!mayRefuse) {
        return false;
      }
      try {
        pretokenizer.split(document.text, document.from, document.to, (text, from, ends, n) -> {});
        return false;
      } catch (SpecialTextException | RegexLimitException e) {
        return true;
      }
    }

    private void splitLines(byte[] text, int from, int to) {
      int start = from;
      for (int i = from; i < to; i++) {
        if (text[i] == '\n') {
          split(text, start, i + 1);
          start = i + 1;
        }
      }
      split(text, start, to);
    }

    private void split(byte[] text, int from, int to) {
      if (from < to) {
        pretokenizer.split(text, from, to, counts::addAll);
      }
    }

    @Override
    public void deadLetter(DeadLetter letter) {}

    @Override
    public void rangeRead(RangeReceipt receipt) {
      sha256s.add(receipt.sha256());
    }

    void handOn() {
      if (counts.distinct() > 0) {
        tables.accept(counts.pack(PARTITIONS));
      }
      counts = new PretokenCounts();
    }
  }
}
