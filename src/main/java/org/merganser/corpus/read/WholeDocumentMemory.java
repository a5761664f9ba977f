package org.merganser.corpus.read;

import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;
import org.merganser.corpus.HeapTooSmallException;

/**
 * Memory for documents above {@code corpus.maxDocumentBytes} that are held completely, since no
 * rule allows a cut, and for records with fields that are as large. A JVM holds one of these at a
 * time, so its heap need not grow with its threads: a second thread waits until the first document
 * is encoded. Each reader has an object of this class, which is not thread-safe; all share a lock.
 *
 * <p>Whether such a document is encoded depends only on the job, never on the machine: {@link
 * PartCutter} and {@link MemoryCutter} make a dead letter of a document above {@code
 * corpus.maxWholeDocumentBytes}. A heap that is too small ends the run before the document is
 * encoded; the same run can be continued with more heap.
 */
final class WholeDocumentMemory {
  /**
   * Bytes of heap for each byte of text: its array while it doubles, its normalized form likewise,
   * the growing ids, and those of the row that waits for its shard. Measured, with a margin.
   */
  static final int HEAP_PER_BYTE = 12;

  /**
   * Bytes of heap for each byte of a record with fields, such as a line of JSON: its array and that
   * of its text, while they double.
   */
  static final int HEAP_PER_BYTE_OF_LINE = 6;

  /** One lock for the JVM, since all its threads share the heap. */
  private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();

  private final long heap;

  /** Whether this object has the lock. */
  private boolean held;

  /**
   * @param heap the most bytes of the heap of this JVM
   */
  WholeDocumentMemory(long heap) {
    this.heap = heap;
  }

  /**
   * Waits until no other thread holds such a document.
   *
   * @param bytes the text that is held so far
   * @param where the file and the place of the document
   * @throws HeapTooSmallException if the heap is too small to encode this much text at once
   */
  void hold(long bytes, String where) throws HeapTooSmallException {
    hold(bytes, HEAP_PER_BYTE, "the document at " + where + " cannot be cut, and encoding");
  }

  /**
   * Waits like {@link #hold}, for a record with fields (a line in messages), whose text may be cut
   * after it is read.
   */
  void holdLine(long bytes, String where) throws HeapTooSmallException {
    hold(bytes, HEAP_PER_BYTE_OF_LINE, "the line at " + where + " is read complete, and reading");
  }

  private void hold(long bytes, int heapPerByte, String what) throws HeapTooSmallException {
    if (bytes > heap / heapPerByte) {
      throw new HeapTooSmallException(
          String.format(
              Locale.ROOT,
              "%s %d bytes of it takes up to %d bytes of heap; with corpus.maxWholeDocumentBytes"
                  + " below that it becomes a dead letter",
              what,
              bytes,
              heapPerByte * bytes));
    }
    if (!held) {
      ONE_AT_A_TIME.lock();
      held = true;
    }
  }

  /** Lets the next thread continue; does nothing if this object holds no document. */
  void release() {
    if (held) {
      held = false;
      ONE_AT_A_TIME.unlock();
    }
  }
}
