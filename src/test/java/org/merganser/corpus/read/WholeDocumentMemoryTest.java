package org.merganser.corpus.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.merganser.corpus.HeapTooSmallException;

class WholeDocumentMemoryTest {
  @Test
  void aHeapThatIsTooSmallEndsTheRunAndSaysWhatToChange() throws Exception {
    WholeDocumentMemory memory = new WholeDocumentMemory(1200);
    memory.hold(100, "a.txt#7");
    memory.release();
    assertThatThrownBy(() -> memory.hold(101, "a.txt#7"))
        .isInstanceOf(HeapTooSmallException.class)
        .hasMessage(
            "the document at a.txt#7 cannot be cut, and encoding 101 bytes of it takes up to 1212"
                + " bytes of heap; with corpus.maxWholeDocumentBytes below that it becomes a dead"
                + " letter");
    memory.holdLine(200, "a.jsonl#7");
    memory.release();
    assertThatThrownBy(() -> memory.holdLine(201, "a.jsonl#7"))
        .isInstanceOf(HeapTooSmallException.class)
        .hasMessageContaining("reading 201 bytes of it takes up to 1206 bytes of heap");
  }

  @Test
  void oneThreadAtATimeHoldsADocument() throws Exception {
    AtomicInteger holders = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<?>> all = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      all.add(
          threads.submit(
              () -> {
                WholeDocumentMemory memory = new WholeDocumentMemory(Long.MAX_VALUE);
                for (int i = 0; i < 2000; i++) {
                  memory.hold(i, "a");
                  memory.hold(2 * i, "a"); // the same document, which has grown
                  most.accumulateAndGet(holders.incrementAndGet(), Math::max);
                  holders.decrementAndGet();
                  memory.release();
                  memory.release();
                }
                return null;
              }));
    }
    for (Future<?> one : all) {
      one.get();
    }
    threads.shutdown();
    assertThat(most).hasValue(1);
  }
}
