package org.merganser.bench;

import java.util.List;

/**
 * The results of {@code bench}, as JSON and as a table. Speeds are 10^6 bytes a second of CPU time.
 *
 * @param tokenizer the location of the tokenizer.json
 * @param splits the regular expressions by which the tokenizer cuts text
 * @param inputs the corpus
 * @param bytes of the measured text
 * @param ids of the measured text
 * @param encoding by shape of the documents
 * @param scan the speed of finding pretokens
 * @param scanAndCount the speed of finding and counting them
 * @param peers our encoder and each peer, in turns
 * @param threads the speeds of several threads
 * @param peakHeapBytes of our runs, with garbage
 * @param peakResidentBytes of the process, after our runs
 */
record BenchReport(
    String tokenizer,
    String tokenizerSha256,
    List<String> splits,
    List<String> inputs,
    String machine,
    String jvm,
    long bytes,
    OurRuns.Ids ids,
    double tokensPerByte,
    List<OurRuns.Encoding> encoding,
    double scan,
    double scanAndCount,
    List<PairedRuns.Result> peers,
    List<OurRuns.Threads> threads,
    long peakHeapBytes,
    long peakResidentBytes) {

  /** The results as lines of text. */
  String table() {
    StringBuilder out = new StringBuilder();
    line(out, "tokenizer   %s (sha256 %.12s…)", tokenizer, tokenizerSha256);
    line(out, "splits      %s", splits.isEmpty() ? "by no regex" : String.join(", ", splits));
    line(out, "corpus      %s: %,d bytes measured, as many before", inputs, bytes);
    line(out, "machine     %s", machine);
    line(out, "JVM         %s", jvm);
    line(
        out,
        "ids         %,d (%.2f bytes each), sha256 %.12s…",
        ids.tokens(),
        1 / tokensPerByte,
        ids.sha256());
    line(out, "");
    line(out, "MB/s of one thread's CPU time, medians");
    line(
        out,
        "%-28s %10s %8s %8s %8s %18s",
        "encode",
        "documents",
        "warm",
        "again",
        "cold",
        "allocated B/MB");
    for (OurRuns.Encoding e : encoding) {
      line(
          out,
          "%-28s %,10d %8.1f %8.1f %8.1f %,18.0f",
          e.shape(),
          e.documents(),
          e.warm(),
          e.again(),
          e.cold(),
          e.allocated());
    }
    line(out, "%-28s %10s %8.1f", "scan alone", "", scan);
    line(out, "%-28s %10s %8.1f", "scan and count", "", scanAndCount);
    line(out, "");
    line(
        out,
        "%-28s %10s %8s %8s %8s",
        "in turns with a peer, warm",
        "bytes",
        "ours",
        "peer",
        "ratio");
    for (PairedRuns.Result peer : peers) {
      if (peer.difference() == null) {
        line(
            out,
            "%-28s %,10d %8.1f %8.2f %8.1f  ids equal",
            peer.peer(),
            peer.bytes(),
            peer.ours(),
            peer.theirs(),
            peer.ratio());
      } else {
        line(out, "%-28s ids differ, not timed: %s", peer.peer(), peer.difference());
      }
    }
    line(out, "");
    line(out, "%-28s %10s %8s %8s", "threads", "", "by clock", "by CPU");
    for (OurRuns.Threads t : threads) {
      line(out, "%-28s %10d %8.1f %8.1f%s", t.work(), t.threads(), t.wall(), t.cpu(), scaling(t));
    }
    line(out, "");
    line(
        out,
        "peak of our runs: heap %,d MB in use (garbage included), process %,d MB resident",
        peakHeapBytes / 1_000_000,
        peakResidentBytes / 1_000_000);
    return out.toString();
  }

  /** How much faster several threads are than one; empty for one thread. */
  private String scaling(OurRuns.Threads many) {
    return threads.stream()
        .filter(one -> one.threads() == 1 && many.threads() > 1 && one.work().equals(many.work()))
        .map(
            one ->
                String.format(
                    "   %.2f times one thread by clock, %.2f by CPU",
                    many.wall() / one.wall(), many.cpu() / one.cpu()))
        .findFirst()
        .orElse("");
  }

  private static void line(StringBuilder out, String format, Object... values) {
    out.append(String.format(java.util.Locale.ROOT, format, values).stripTrailing()).append('\n');
  }
}
