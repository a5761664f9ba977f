package org.merganser.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.merganser.bpe.count.PretokenCounts;
import org.merganser.bpe.train.BpeTrainer;
import org.merganser.bpe.train.TrainedBpe;
import org.merganser.bpe.train.TrainerSettings;
import org.merganser.bpe.train.TrainingBound;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.scan.SplitPattern;
import org.merganser.tokenizer.TokenizerBuilder;
import org.merganser.tokenizer.TrainingPretokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code bench train}: compares training with that of HF's Rust library, in turns. HF's library
 * runs in Node.js, whose binding trains with HF's defaults only; so both use these.
 */
@Command(
    name = "merganser bench train",
    mixinStandardHelpOptions = true,
    description =
        "Trains on a corpus beside HF's library (npm's tokenizers, one thread), proves that the"
            + " vocabularies are equal, and prints CPU seconds.",
    footer = {
      "",
      "HF's Node.js binding trains with its defaults alone: 30,000 ids, no minimum, no special",
      "tokens, the bytes that occur, lines with their newline; here with GPT-2's pre-tokenizer.",
      "Needs Node.js and: npm install --prefix target/node tokenizers@0.23.2",
      "",
      "Example: merganser bench train --input corpus/ --max-bytes 50000000"
    })
final class TrainCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The ids that are learned: HF's default. */
  private static final int VOCABULARY = 30_000;

  @Mixin private BenchInputs inputs = new BenchInputs();

  @Option(names = "--max-bytes", description = "Text at most (${DEFAULT-VALUE}).")
  private long maxBytes = 50_000_000;

  @Option(names = "--rounds", description = "Runs of each, in turns (${DEFAULT-VALUE}).")
  private int rounds = 3;

  @Mixin private HfTraining hf = new HfTraining();

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (ScratchFolder scratch = new ScratchFolder()) {
      Path text = scratch.path().resolve("corpus.txt");
      BenchCorpus.write(BenchCorpus.documents(inputs.globs(), maxBytes), text);
      return compare(text, scratch.path());
    }
  }

  private int compare(Path text, Path scratch) throws IOException, InterruptedException {
    double[] theirs = new double[rounds];
    double[] core = new double[rounds];
    double[] whole = new double[rounds];
    long[] resident = {0, 0};
    byte[] bytes = Files.readAllBytes(text);
    for (int round = 0; round < rounds; round++) {
      Path saved = scratch.resolve("hf.json");
      HfTraining.Cost cost = hf.run(text, saved);
      theirs[round] = cost.cpuSeconds();
      resident[0] = cost.residentBytes();
      long start = Meter.cpuNanos();
      byte[] ours = train(bytes);
      core[round] = (Meter.cpuNanos() - start) / 1e9;
      if (round == 0 && !same(JSON.readTree(saved.toFile()), JSON.readTree(ours))) {
        System.err.println("the vocabularies differ");
        return 1;
      }
      WholeProcess.Cost run = command(text, scratch.resolve("run" + round));
      whole[round] = run.cpuSeconds();
      resident[1] = run.residentBytes();
    }
    System.out.printf(
        Locale.ROOT,
        "%.1f MB of text, equal vocabularies and merges; CPU seconds, medians of %d%n%n"
            + "| | CPU s | by HF | resident MB |%n|---|---|---|---|%n",
        bytes.length / 1e6,
        rounds);
    row("HF's library", Meter.median(theirs), Meter.median(theirs), resident[0]);
    row("the core, first run", core[0], Meter.median(theirs), 0);
    row("the core, median", Meter.median(core), Meter.median(theirs), 0);
    row(
        "merganser train, the whole process",
        Meter.median(whole),
        Meter.median(theirs),
        resident[1]);
    return 0;
  }

  private static void row(String what, double seconds, double theirs, long resident) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %.2f | %.1f | %s |%n",
        what,
        seconds,
        theirs / seconds,
        resident == 0 ? "" : String.valueOf(resident / 1_000_000));
  }

  /** Learns a tokenizer.json from text in memory, on this thread. */
  private static byte[] train(byte[] text) {
    PreTokenizerSpec preTokenizer = OurRuns.preTokenizer(SplitPattern.GPT2);
    PretokenCounts counts = new PretokenCounts();
    TrainingPretokenizer pretokenizer = new TrainingPretokenizer(null, preTokenizer, List.of());
    for (int from = 0; from < text.length; ) {
      int to = from;
      while (to < text.length && text[to++] != '\n') {
        // move to the line's end
      }
      pretokenizer.split(text, from, to, counts::addAll);
      from = to;
    }
    TrainedBpe trained =
        new BpeTrainer(
                new TrainerSettings(
                    VOCABULARY, 0, List.of(), TrainerSettings.Alphabet.SEEN, List.of(), null, null))
            .train(counts::forEachSorted, TrainingBound.NONE, learned -> {})
            .trained();
    return TokenizerBuilder.of(trained, preTokenizer).build().toJson();
  }

  /** Whether two tokenizer.json have the same vocabulary and merges. */
  static boolean same(JsonNode theirs, JsonNode ours) {
    JsonNode a = theirs.get("model");
    JsonNode b = ours.get("model");
    return a.get("vocab").equals(b.get("vocab")) && a.get("merges").equals(b.get("merges"));
  }

  /** Runs {@code merganser train} as a process, which writes to {@code output/out}. */
  static WholeProcess.Cost command(Path text, Path output)
      throws IOException, InterruptedException {
    Files.createDirectories(output);
    List<String> command = new ArrayList<>(List.of("train", "--input", text.toString()));
    command.addAll(List.of("--format", "text", "--feed", "lineWithNewline", "--pattern", "gpt2"));
    command.addAll(List.of("--normalizer", "none", "--vocab-size", "" + VOCABULARY));
    command.addAll(List.of("--min-frequency", "0", "--initial-alphabet", "seen"));
    command.addAll(List.of("--output", output.resolve("out").toString()));
    return WholeProcess.merganser(command, output.resolve("output.log")).run();
  }
}
