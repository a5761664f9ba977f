package org.merganser.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.merganser.checksum.Sha256;
import org.merganser.tokenizer.Tokenizer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code bench}: measures our speed on a corpus, beside the peers on the JVM. It runs from a
 * checkout only.
 */
@Command(
    name = "merganser bench",
    mixinStandardHelpOptions = true,
    description =
        "Encodes a corpus, proves that HF's Rust library and jtokkit give the same ids, and prints"
            + " speeds side by side.",
    footer = {
      "",
      "Half of the text is measured; caches and the JIT compiler have seen the other half only.",
      "Times are CPU times of the measuring thread. Exit code 1 when ids differ from HF's.",
      "",
      "merganser bench growth shows how costs grow with the text, merganser bench train how",
      "training compares with HF's, merganser bench peers how encoding compares with HF's newest",
      "release or any other program, merganser bench megatron how encoding to Megatron's files",
      "compares with another program, merganser bench engines what a job costs with Flink and"
          + " Spark,",
      "merganser bench guard whether it is slower than it was; merganser bench text writes a"
          + " larger",
      "corpus: see their --help.",
      "",
      "Example: merganser bench --tokenizer my/tokenizer.json --input corpus/ --json bench.json"
    })
public final class BenchCommand implements Callable<Integer> {
  @Option(names = "--tokenizer", required = true, description = "The tokenizer.json.")
  private Path tokenizerFile = Path.of("");

  @Mixin private BenchInputs inputs = new BenchInputs();

  @Option(
      names = "--threads",
      split = ",",
      description = "Threads, by commas, to see how it scales (${DEFAULT-VALUE}).")
  private List<Integer> threads = new ArrayList<>(List.of(1, 2));

  @Option(names = "--json", paramLabel = "FILE", description = "Writes the results there, too.")
  private Path json;

  @Option(
      names = "--max-bytes",
      description = "Text read at most, from each file alike (${DEFAULT-VALUE}).")
  private long mostBytes = 32_000_000;

  @Option(
      names = "--hf-bytes",
      description = "Text that HF encodes at most, 0 to leave it out (${DEFAULT-VALUE}).")
  private long hfBytes = 1_000_000;

  @Option(
      names = "--jtokkit-bytes",
      description = "Text that jtokkit encodes at most, 0 to leave it out (${DEFAULT-VALUE}).")
  private long jtokkitBytes = 4_000_000;

  /** Runs the command that the first argument names, or {@code bench} itself. */
  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    String first = args.length > 0 ? args[0] : "";
    Callable<Integer> command =
        switch (first) {
          case "engines" -> new EnginesCommand();
          case "growth" -> new GrowthCommand();
          case "text" -> new TextCommand();
          case "guard" -> new GuardCommand();
          case "megatron" -> new MegatronCommand();
          case "peers" -> new PeersCommand();
          case "train" -> new TrainCommand();
          default -> new BenchCommand();
        };
    boolean named = !(command instanceof BenchCommand);
    String[] options = named ? Arrays.copyOfRange(args, 1, args.length) : args;
    int exitCode =
        new CommandLine(command)
            .setOut(out)
            .setUsageHelpWidth(100)
            .setExecutionExceptionHandler(
                (e, commandLine, parsed) -> {
                  if (e instanceof RuntimeException && e.getMessage() == null) {
                    throw e;
                  }
                  System.err.println("merganser bench: " + e.getMessage());
                  return 1;
                })
            .execute(options);
    out.flush();
    System.exit(exitCode);
  }

  @Override
  public Integer call() throws IOException {
    Tokenizer tokenizer = Tokenizer.read(tokenizerFile);
    BenchCorpus corpus = BenchCorpus.read(inputs.globs(), mostBytes);
    Texts measured = corpus.measured();
    OurRuns ours = new OurRuns(tokenizer);
    OurRuns.Ids ids = ours.checksum(measured);
    Meter.resetPeakHeap();
    List<OurRuns.Encoding> encoding = new ArrayList<>();
    encoding.add(
        ours.encoding(
            "joined to 64 KiB", corpus.before().joined(1 << 16), measured.joined(1 << 16)));
    encoding.add(ours.encoding("documents", corpus.before(), measured));
    encoding.add(ours.encoding("lines", corpus.before().lines(), measured.lines()));
    double scan = ours.scan(measured);
    double count = ours.count(measured);
    List<OurRuns.Threads> scaling = new ArrayList<>();
    for (int n : threads) {
      scaling.add(ours.encodingThreads(n, corpus.before(), measured));
    }
    for (int n : threads) {
      scaling.add(ours.countingThreads(n, measured));
    }
    long peakHeap = Meter.peakHeap();
    long peakResident = Meter.peakResident();
    List<PairedRuns.Result> peers = peers(tokenizer, ours, corpus);
    BenchReport report =
        new BenchReport(
            tokenizerFile.toString(),
            Sha256.of(Files.readAllBytes(tokenizerFile)),
            SplitWays.of(tokenizer),
            inputs.globs(),
            System.getProperty("os.name")
                + " "
                + System.getProperty("os.arch")
                + ", "
                + Runtime.getRuntime().availableProcessors()
                + " processors",
            System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
            measured.bytes(),
            ids,
            (double) ids.tokens() / measured.bytes(),
            encoding,
            scan,
            count,
            peers,
            scaling,
            peakHeap,
            peakResident);
    System.out.print(report.table());
    if (json != null) {
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .writeValue(json.toFile(), report);
    }
    boolean hfDiffers =
        peers.stream().anyMatch(p -> p.peer().startsWith("HF") && p.difference() != null);
    return hfDiffers ? 1 : 0;
  }

  private List<PairedRuns.Result> peers(Tokenizer tokenizer, OurRuns ours, BenchCorpus corpus)
      throws IOException {
    List<PairedRuns.Result> results = new ArrayList<>();
    if (hfBytes > 0) {
      try (Peer hf = new HfPeer(tokenizerFile)) {
        results.add(PairedRuns.run(ours, hf, corpus, hfBytes));
      }
    }
    if (jtokkitBytes > 0) {
      for (Peer jtokkit : JtokkitPeer.of(tokenizer)) {
        PairedRuns.Result result = PairedRuns.run(ours, jtokkit, corpus, jtokkitBytes);
        results.add(result);
        if (result.difference() == null) {
          break; // the others would be slower
        }
      }
    }
    return results;
  }
}
