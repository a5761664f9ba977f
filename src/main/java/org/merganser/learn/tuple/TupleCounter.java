package org.merganser.learn.tuple;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.merganser.shard.ShardReader;
import org.merganser.shard.ShardRow;
import org.merganser.store.UnusableFileException;

/**
 * Counts tuples in documents: {@link #begin}, {@link #addIds} and {@link #end} for each document,
 * or {@link #read}, and then {@link #finish}. A table with more than {@code maxDistinct} tuples is
 * passed on and a new one begins, so that memory does not depend on the unit's size.
 */
public abstract class TupleCounter {
  private final int length;
  private final int maxDistinct;
  private final Consumer<TupleCounts> tables;

  /** The current table. */
  private TupleCounts counts;

  /** The number of ids so far, those before documents included. */
  private long idsRead;

  /**
   * @param length ints of a tuple
   * @param maxDistinct the number of tuples above which a table is passed on
   * @param tables receives each table, the last one from {@link #finish}
   */
  public TupleCounter(int length, int maxDistinct, Consumer<TupleCounts> tables) {
    this.length = length;
    this.maxDistinct = maxDistinct;
    this.tables = tables;
    this.counts = new TupleCounts(length);
  }

  /** Begins a document. */
  public abstract void begin();

  /** Adds the next id of the document. */
  protected abstract void addId(int id);

  /** Ends the document. */
  public abstract void end();

  /**
   * Reads the documents of canonical shards, in the order in which they were written; the parts of
   * a cut document are one document.
   *
   * @param beginOfDocument the id before each document, which is no part of it; -1 for none
   */
  public final void read(List<Path> shards, int beginOfDocument) throws IOException {
    ShardRow row = new ShardRow();
    String open = null; // the id of the document whose parts are read
    for (Path path : shards) {
      try (ShardReader shard = new ShardReader(path)) {
        while (shard.next(row)) {
          if (open == null || row.part == 0 || !row.docId.equals(open)) {
            if (open != null) {
              end();
            }
            open = row.docId;
            begin();
          }
          boolean hasBeginId =
              beginOfDocument >= 0
                  && row.part == 0
                  && row.count > 0
                  && row.ids[0] == beginOfDocument;
          addIds(row.ids, hasBeginId ? 1 : 0, row.count);
        }
      }
    }
    if (open != null) {
      end();
    }
  }

  /** Adds the next ids {@code ids[0, count)} of the document. */
  public final void addIds(int[] ids, int count) {
    addIds(ids, 0, count);
  }

  /**
   * Passes on the last table; returns the number of ids so far, those before documents included.
   */
  public final long finish() {
    if (counts.distinct() > 0) {
      passOn();
    }
    return idsRead;
  }

  /** Adds {@code times} to the count of a tuple. */
  protected final void add(int[] tuple, long times) {
    counts.add(tuple, times);
    if (counts.distinct() > maxDistinct) {
      passOn();
    }
  }

  /**
   * Refuses an id that the tokenizer does not have.
   *
   * @throws UnusableFileException if the id is not in {@code [0, idBound)}
   */
  protected static void checkId(int id, int idBound) {
    if (id < 0 || id >= idBound) {
      throw new UnusableFileException(
          "id %s is not of a tokenizer of %s ids; are the shards this tokenizer's?"
              .formatted(id, idBound));
    }
  }

  /** Adds {@code ids[from, to)}; the ids before are counted as read. */
  private void addIds(int[] ids, int from, int to) {
    for (int i = from; i < to; i++) {
      addId(ids[i]);
    }
    idsRead += to;
  }

  /** Passes on the current table, and begins a new one. */
  private void passOn() {
    tables.accept(counts);
    counts = new TupleCounts(length);
  }
}
