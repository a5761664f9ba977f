package org.merganser.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench peers}: encoding beside programs of others, in turns on the same documents. */
@Command(
    name = "merganser bench peers",
    mixinStandardHelpOptions = true,
    description =
        "Encodes a corpus beside other programs, one thread each, in turns; proves that the ids are"
            + " equal, and prints speeds side by side. Exit code 1 when ids differ.",
    footer = {
      "",
      "Without --peer, beside HF's library in Node.js: npm install --prefix target/node tokenizers@0.23.2",
      "",
      "A peer is any program that is called so: COMMAND TOKENIZER.json BEFORE MEASURED IDS",
      "BEFORE and MEASURED are documents: of each its length (little-endian, 32 bits) and its UTF-8.",
      "It writes the ids of MEASURED to IDS (little-endian, 32 bits) and prints what it reached in",
      "MB/s of CPU time, as {\"again\": 1.5, \"warm\": 1.4, \"cold\": 1.2}: a pass over MEASURED when its",
      "caches have seen MEASURED, when they have seen BEFORE, and when they have seen nothing.",
      "",
      "Example: merganser bench peers --tokenizer my/tokenizer.json --input corpus/",
      "           --peer \"mine=path/to/program --with options\""
    })
final class PeersCommand implements Callable<Integer> {
  @Option(names = "--tokenizer", required = true, description = "The tokenizer.json.")
  private Path tokenizerFile = Path.of("");

  @Mixin private BenchInputs inputs = new BenchInputs();

  @Option(
      names = "--peer",
      paramLabel = "NAME=COMMAND",
      defaultValue = "HF=node src/jmh/node/encode.js",
      description = "A program to measure beside (${DEFAULT-VALUE}). It may be repeated.")
  private Map<String, String> peers = new LinkedHashMap<>();

  @Option(
      names = "--max-bytes",
      description = "Text at the most, of which half is measured (${DEFAULT-VALUE}).")
  private long maxBytes = 8_000_000;

  @Option(names = "--rounds", description = "Runs of each, in turns (${DEFAULT-VALUE}).")
  private int rounds = 3;

  private boolean differ;

  @Override
  public Integer call() throws IOException, InterruptedException {
    BenchCorpus corpus = BenchCorpus.read(inputs.globs(), maxBytes);
    BenchCorpus joined =
        new BenchCorpus(corpus.before().joined(1 << 16), corpus.measured().joined(1 << 16));
    BenchCorpus lines = new BenchCorpus(corpus.before().lines(), corpus.measured().lines());
    System.out.printf(
        Locale.ROOT,
        "%,d bytes measured; MB/s of CPU time on one thread, again / warm / cold, medians of %d%n%n"
            + "| documents | peer | ours | the peer's | ours over it |%n|---|---|---|---|---|%n",
        corpus.measured().bytes(),
        rounds);
    compare("64 KiB", joined);
    compare("lines", lines);
    return differ ? 1 : 0;
  }

  private void compare(String shape, BenchCorpus corpus) throws IOException, InterruptedException {
    try (ScratchFolder scratch = new ScratchFolder()) {
      PeerTurns turns = new PeerTurns(tokenizerFile, shape, corpus, scratch.path());
      for (Map.Entry<String, String> named : peers.entrySet()) {
        PeerProgram peer = PeerProgram.of(named.getKey(), named.getValue());
        double[][] speeds = new double[6][rounds];
        String difference = null;
        for (int i = 0; i < rounds && difference == null; i++) {
          PeerTurns.Turn turn = turns.next(peer);
          difference = turn.difference();
          if (difference == null) {
            OurRuns.Encoding mine = turn.ours();
            PeerProgram.Speeds theirs = turn.theirs();
            double[] row = {
              mine.again(), mine.warm(), mine.cold(), theirs.again(), theirs.warm(), theirs.cold()
            };
            for (int k = 0; k < row.length; k++) {
              speeds[k][i] = row[k];
            }
          }
        }
        row(shape, peer.name(), speeds, difference);
      }
    }
  }

  private void row(String shape, String peer, double[][] speeds, String difference) {
    if (difference != null) {
      differ = true;
      System.out.printf("| %s | %s | ids differ, not timed: %s | | |%n", shape, peer, difference);
      return;
    }
    double[] m = IntStream.range(0, 6).mapToDouble(k -> Meter.median(speeds[k])).toArray();
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %.0f / %.0f / %.0f | %.1f / %.1f / %.1f | %.2f / %.2f / %.2f |%n",
        shape,
        peer,
        m[0],
        m[1],
        m[2],
        m[3],
        m[4],
        m[5],
        m[0] / m[3],
        m[1] / m[4],
        m[2] / m[5]);
  }
}
