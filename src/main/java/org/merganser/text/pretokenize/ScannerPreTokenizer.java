package org.merganser.text.pretokenize;

import org.merganser.text.scan.PretokenScanner;

/** Splits text by a hand-written scanner, which finds many pretokens in a call. */
public final class ScannerPreTokenizer implements PreTokenizer {
  private final PretokenScanner scanner;
  private final int[] ends = new int[PretokenBatch.CAPACITY];

  /** A pre-tokenizer of one thread; the scanner is shared. */
  public ScannerPreTokenizer(PretokenScanner scanner) {
    this.scanner = scanner;
  }

  @Override
  public void split(byte[] text, int from, int to, boolean first, PretokenSink sink) {
    int at = from;
    while (at < to) {
      int count = scanner.scan(text, from, at, to, ends);
      int next = ends[count - 1];
      sink.accept(text, at, ends, count);
      at = next;
    }
  }
}
