package org.merganser.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code bench megatron}: encodes one JSONL file to {@code .bin} and {@code .idx}, beside another
 * program that does the same.
 */
@Command(
    name = "merganser bench megatron",
    mixinStandardHelpOptions = true,
    description =
        "Encodes one JSONL file to Megatron's .bin and .idx beside another program, both on all"
            + " cores, in turns, as whole processes; proves that documents and ids are equal, and"
            + " prints time and memory. Exit code 1 when ids differ.",
    footer = {
      "",
      "A peer is any program that is called so: COMMAND TOKENIZER.json INPUT.jsonl PREFIX",
      "It encodes the field \"text\" of each line and writes PREFIX.bin and PREFIX.idx, a sequence"
          + " a",
      "document, without a token between documents. src/jmh/peers/gigatoken/megatron.rs is one.",
      "Ours is merganser encode --to megatron, with its list of files, checksums and report.",
      "",
      "With --kill each program is killed once, at half its time, and started again.",
      "",
      "Example: merganser bench megatron --tokenizer gpt2/tokenizer.json --input corpus.jsonl",
      "           --peer path/to/program --rounds 5 --kill"
    })
final class MegatronCommand implements Callable<Integer> {
  private static final String OURS = "merganser";

  @Option(names = "--tokenizer", required = true, description = "The tokenizer.json.")
  private Path tokenizer = Path.of("");

  @Option(names = "--input", required = true, description = "One JSONL file.")
  private Path input = Path.of("");

  @Option(names = "--peer", required = true, description = "The program to measure beside.")
  private String peer = "";

  @Option(names = "--rounds", description = "Runs of each, in turns (${DEFAULT-VALUE}).")
  private int rounds = 3;

  @Option(names = "--kill", description = "Kills each and starts it again, too.")
  private boolean kill;

  @Option(
      names = "--output",
      description = "A folder for what they write, which is deleted (${DEFAULT-VALUE}).")
  private Path output = Path.of("target");

  /** One of the two programs, and the cost of its runs. */
  private final class Side {
    private final String name;
    private final Path folder;
    private final WholeProcess process;

    /** Seconds by the clock, CPU seconds and resident bytes, by round. */
    private final double[][] costs = new double[3][rounds];

    Side(String name, Path folder, WholeProcess process) {
      this.name = name;
      this.folder = folder;
      this.process = process;
    }

    void run(int round) throws IOException, InterruptedException {
      clear();
      WholeProcess.Cost cost = process.run();
      System.err.printf(
          Locale.ROOT, "Round %d: %s, %s%n", round + 1, name, WholeProcess.cells(cost));
      costs[0][round] = cost.wallSeconds();
      costs[1][round] = cost.cpuSeconds();
      costs[2][round] = cost.residentBytes();
    }

    /** Deletes what an earlier run has left. */
    void clear() throws IOException {
      if (Files.exists(folder)) {
        ScratchFolder.delete(folder);
      }
      Files.createDirectory(folder);
    }

    WholeProcess.Cost median() {
      return new WholeProcess.Cost(
          Meter.median(costs[0]), Meter.median(costs[1]), (long) Meter.median(costs[2]));
    }

    /** Kills the program at half its time, and runs it again on what the first run has left. */
    void kill() throws IOException, InterruptedException {
      clear();
      WholeProcess.Cost first =
          process.kill(Duration.ofMillis(Math.round(500 * median().wallSeconds())));
      WholeProcess.Cost second = process.run();
      System.out.printf(
          Locale.ROOT,
          "%s, killed after %.1f s and started again: %.1f s and %.1f CPU s from then, %.1f s in"
              + " all%n",
          name,
          first.wallSeconds(),
          second.wallSeconds(),
          second.cpuSeconds(),
          first.wallSeconds() + second.wallSeconds());
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Files.createDirectories(output);
    try (ScratchFolder folder = new ScratchFolder(output)) {
      Path scratch = folder.path();
      Path mine = scratch.resolve("ours");
      Path theirs = scratch.resolve("peer");
      Path log = scratch.resolve("output.log");
      Side ours = new Side(OURS, mine, WholeProcess.merganser(ourCommand(mine), log));
      Side other = new Side("peer", theirs, new WholeProcess(peerCommand(theirs), log));
      for (int round = 0; round < rounds; round++) {
        ours.run(round);
        other.run(round);
        if (round == 0) {
          MegatronDataset expected = MegatronDataset.read(mine.resolve("run/shards/megatron"));
          String difference = expected.difference(MegatronDataset.read(theirs));
          if (difference != null) {
            System.err.println(
                "merganser bench megatron: merganser's and the peer's: " + difference);
            return 1;
          }
          System.out.printf(
              Locale.ROOT,
              "%,d bytes of JSONL, %,d documents, %,d ids, equal in both%n%n",
              Files.size(input),
              expected.documents(),
              expected.ids());
        }
      }
      print(ours.median(), other.median());
      if (kill) {
        ours.kill();
        other.kill();
      }
      return 0;
    }
  }

  private List<String> ourCommand(Path folder) {
    return List.of(
        "encode",
        "--tokenizer",
        tokenizer.toString(),
        "--input",
        input.toString(),
        "--to",
        "megatron",
        "--output",
        folder.resolve("run").toString());
  }

  private List<String> peerCommand(Path folder) {
    List<String> command = new ArrayList<>(List.of(peer.strip().split("\\s+")));
    command.addAll(
        List.of(tokenizer.toString(), input.toString(), folder.resolve("peer").toString()));
    return command;
  }

  private void print(WholeProcess.Cost ours, WholeProcess.Cost theirs) {
    System.out.printf(
        Locale.ROOT,
        "| medians of %d | by the clock, s | CPU s | resident MB |%n|---|---|---|---|%n"
            + "| merganser | %s |%n| peer | %s |%n| merganser over peer | %.2f | %.2f | %.2f |%n%n",
        rounds,
        WholeProcess.cells(ours),
        WholeProcess.cells(theirs),
        ours.wallSeconds() / theirs.wallSeconds(),
        ours.cpuSeconds() / theirs.cpuSeconds(),
        (double) ours.residentBytes() / theirs.residentBytes());
  }
}
