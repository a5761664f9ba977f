package org.merganser.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.merganser.checksum.Sha256;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code bench guard}: five ratios beside HF's library and beside the last release, held against
 * those that were recorded. A ratio is of turns on one machine, so it says more than a time.
 */
@Command(
    name = "merganser bench guard",
    mixinStandardHelpOptions = true,
    description =
        "Measures five ratios beside HF's library and beside an earlier release, and holds them"
            + " against those that were recorded. Exit code 1 when one is below 95 %%.",
    footer = {
      "",
      "Beside HF's library in Node.js, CPU time: encoding of pieces of 64 KiB and of lines by the"
          + " core",
      "on one thread, and training as a whole process. Beside the release, CPU time of whole"
          + " processes:",
      "encode, and run with training on six copies of the corpus with other letters. Ids and"
          + " vocabularies must be equal to",
      "HF's.",
      "First: npm install --prefix target/node tokenizers@0.23.2",
      "",
      "A ratio is the median of its rounds. One that is below while a single round was not is"
          + " measured",
      "for as many rounds more, since other work of the machine may be the reason.",
      "",
      "Example: merganser bench guard --release ../merganser-0.1.0/bin/merganser"
    })
final class GuardCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The bytes of text that are encoded; HF needs seconds for a megabyte. */
  private static final long ENCODED_BYTES = 4_000_000;

  /** The bytes of text that are learned from. */
  private static final long TRAINED_BYTES = 20_000_000;

  /** The ids that are learned. */
  private static final int VOCABULARY = 32_000;

  @Option(
      names = "--release",
      required = true,
      description = "The launcher of the release, or of a checkout of its tag.")
  private Path release = Path.of("");

  @Option(
      names = "--record",
      paramLabel = "FILE",
      description = "What is measured, and what was recorded (${DEFAULT-VALUE}).")
  private Path file = Path.of("src/jmh/guard.json");

  @Option(names = "--write", description = "Records what is measured now.")
  private boolean write;

  @Option(names = "--rounds", description = "Runs of each, in turns (${DEFAULT-VALUE}).")
  private int rounds = 3;

  @Mixin private HfTraining hf = new HfTraining();

  /** Measures one ratio. */
  private interface Round {
    /** The ratio of one round: the cost of the other program divided by ours. */
    double ratio() throws IOException, InterruptedException;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    GuardRecord record = GuardRecord.read(file);
    try (ScratchFolder scratch = new ScratchFolder()) {
      BenchCorpus corpus = BenchCorpus.read(List.of(record.input()), ENCODED_BYTES);
      String text = sha256(corpus);
      String version = version(scratch.path());
      if (!write) {
        record.check(text, version, file);
      }
      List<GuardRatio> measured = new ArrayList<>();
      for (Map.Entry<String, Round> each : ratios(record, corpus, scratch.path()).entrySet()) {
        measured.add(measure(each.getKey(), each.getValue(), record));
      }
      if (write) {
        Map<String, Double> found = new LinkedHashMap<>();
        measured.forEach(
            ratio -> found.put(ratio.name(), Math.round(100 * ratio.median()) / 100.0));
        record.with(text, version, found).write(file);
        System.out.println(file + " has " + found);
        return 0;
      }
      System.out.printf("%n| ratio | recorded | now | | noise | |%n|---|---|---|---|---|---|%n");
      measured.forEach(ratio -> System.out.println(ratio.row(record.recorded(ratio.name()))));
      boolean all =
          measured.stream()
              .allMatch(
                  ratio ->
                      ratio.verdict(record.recorded(ratio.name())) == GuardRatio.Verdict.HOLDS);
      return all ? 0 : 1;
    }
  }

  /** Measures a ratio, with as many rounds more if the first ones do not decide. */
  private GuardRatio measure(String name, Round round, GuardRecord record)
      throws IOException, InterruptedException {
    List<Double> found = new ArrayList<>();
    boolean more = true;
    for (int part = 0; part < 2 && more; part++) {
      for (int i = 0; i < rounds; i++) {
        found.add(round.ratio());
        System.err.printf(
            Locale.ROOT, "%s, round %d: %.2f%n", name, found.size(), found.get(found.size() - 1));
      }
      more =
          !write
              && new GuardRatio(name, found).verdict(record.recorded(name))
                  == GuardRatio.Verdict.UNSURE;
    }
    return new GuardRatio(name, found);
  }

  /** The measurements by name, in order. */
  private Map<String, Round> ratios(GuardRecord record, BenchCorpus corpus, Path scratch)
      throws IOException {
    Path tokenizer = Path.of(record.tokenizer());
    BenchCorpus pieces =
        new BenchCorpus(corpus.before().joined(1 << 16), corpus.measured().joined(1 << 16));
    BenchCorpus lines = new BenchCorpus(corpus.before().lines(), corpus.measured().lines());
    Path text = scratch.resolve("corpus.txt");
    BenchCorpus.write(BenchCorpus.documents(List.of(record.input()), TRAINED_BYTES), text);
    Path job = scratch.resolve("job.yaml");
    Path out = scratch.resolve("out");
    // Of the corpus once, starting and compiling are half of what a run costs, so that a tenth more
    // for each megabyte is within the noise.
    Path copies =
        BenchCorpus.copies(List.of(record.input()), BenchCorpus.COPIES, scratch.resolve("copies"));
    Files.writeString(job, new BenchJob("gpt2", VOCABULARY).yaml(List.of(copies.toString()), out));
    // All distinct pretokens of the copies would not fit the heap of the launcher.
    List<String> run =
        List.of("run", job.toString(), "--set", "tokenizer.train.minPretokenCount=2");
    List<String> encode = new ArrayList<>(List.of("encode", "--tokenizer", tokenizer.toString()));
    encode.addAll(List.of("--input", record.input(), "--output", out.toString()));
    Map<String, Round> ratios = new LinkedHashMap<>();
    ratios.put("encode pieces of 64 KiB, HF", beside(tokenizer, "64 KiB", pieces, scratch));
    ratios.put("encode lines, HF", beside(tokenizer, "lines", lines, scratch));
    ratios.put("train, whole process, HF", () -> trained(text, scratch));
    ratios.put("encode, whole process, release", () -> besideRelease(encode, out, scratch));
    ratios.put(
        "run of six copies with other letters, whole process, release",
        () -> besideRelease(run, out, scratch));
    return ratios;
  }

  /** A measurement of encoding beside HF's library in Node.js. */
  private static Round beside(Path tokenizer, String shape, BenchCorpus corpus, Path scratch)
      throws IOException {
    PeerProgram program = PeerProgram.of("HF", "node src/jmh/node/encode.js");
    PeerTurns turns =
        new PeerTurns(
            tokenizer,
            shape,
            corpus,
            Files.createDirectory(scratch.resolve(shape.replace(' ', '-'))));
    return () -> {
      PeerTurns.Turn turn = turns.next(program);
      if (turn.difference() != null) {
        throw new IllegalStateException(shape + ": ids differ from HF's: " + turn.difference());
      }
      return turn.ours().warm() / turn.theirs().warm();
    };
  }

  /** The ratio of CPU times of training by HF's library and by this checkout. */
  private double trained(Path text, Path scratch) throws IOException, InterruptedException {
    Path saved = scratch.resolve("hf.json");
    double theirs = hf.run(text, saved).cpuSeconds();
    Path output = scratch.resolve("train");
    double ours = TrainCommand.command(text, output).cpuSeconds();
    Path learned = output.resolve("out/tokenizer.json");
    if (!TrainCommand.same(JSON.readTree(saved.toFile()), JSON.readTree(learned.toFile()))) {
      throw new IllegalStateException("the vocabulary differs from HF's");
    }
    ScratchFolder.delete(output);
    return theirs / ours;
  }

  /** The ratio of CPU times of a command by the release and by this checkout. */
  private double besideRelease(List<String> arguments, Path out, Path scratch)
      throws IOException, InterruptedException {
    double theirs = seconds(release, arguments, out, scratch);
    return theirs / seconds(Path.of("merganser"), arguments, out, scratch);
  }

  /** The CPU seconds of a command, whose output is deleted. */
  private static double seconds(Path launcher, List<String> arguments, Path out, Path scratch)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(launcher.toAbsolutePath().toString()));
    command.addAll(arguments);
    double seconds = new WholeProcess(command, scratch.resolve("output.log")).run().cpuSeconds();
    ScratchFolder.delete(out);
    return seconds;
  }

  /**
   * The version that the release prints. Both launchers train on a line before, since their first
   * start builds a checkout and makes an archive of classes.
   */
  private String version(Path scratch) throws IOException, InterruptedException {
    Path text = Files.writeString(scratch.resolve("line.txt"), "A line.\n");
    Path out = scratch.resolve("out");
    List<String> train = new ArrayList<>(List.of("train", "--pattern", "gpt2"));
    train.addAll(List.of("--vocab-size", "260", "--format", "lines", "--input", text.toString()));
    train.addAll(List.of("--output", out.toString()));
    for (Path launcher : List.of(release, Path.of("merganser"))) {
      seconds(launcher, train, out, scratch);
    }
    Path log = scratch.resolve("version.log");
    new WholeProcess(List.of(release.toAbsolutePath().toString(), "--version"), log).run();
    List<String> said = Files.readAllLines(log);
    return said.get(said.size() - 1).replaceAll(", Java.*\\)", ")");
  }

  private static String sha256(BenchCorpus corpus) {
    MessageDigest digest = Sha256.newDigest();
    for (byte[] document : corpus.measured().documents()) {
      digest.update(document);
    }
    return Sha256.hex(digest);
  }
}
