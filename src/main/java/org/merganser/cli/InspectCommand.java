package org.merganser.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.merganser.checksum.Sha256;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.TerminalText;
import org.merganser.dataset.Manifest;
import org.merganser.pipeline.MerganserRun;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.parts.AddedToken;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code inspect}: what an output folder or a tokenizer.json is. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description = "Says what an output folder or a tokenizer.json is.",
    footer = {"", "Example: merganser inspect target/sample"})
final class InspectCommand implements Callable<Integer> {
  @Parameters(paramLabel = "OUT|tokenizer.json", description = "What to look at.")
  private Path target = Path.of("");

  @Option(names = "--tokens", description = "Tokens listed of each kind (${DEFAULT-VALUE}).")
  private int listed = 10;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  InspectCommand() {}

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (Files.isDirectory(target)) {
      output(out);
    } else {
      tokenizer(target, out);
    }
    out.flush();
    return ExitCode.DONE;
  }

  private void output(PrintWriter out) throws IOException {
    Manifest manifest = MerganserRun.manifest(target.toString());
    out.printf(Locale.ROOT, "A run's output: %s%n%n", target);
    row(out, "files read", manifest.totals().files());
    row(out, "records", manifest.totals().records());
    row(out, "documents", manifest.totals().documents());
    manifest.totals().deadLetters().forEach((reason, count) -> row(out, "dead: " + reason, count));
    row(out, "text bytes", manifest.totals().textBytes());
    row(out, "tokens", manifest.totals().tokens());
    row(out, "files written", manifest.outputs().lines());
    out.printf("%njob: %s%n%n", manifest.job().toPrettyString());
    Path nested = target.resolve("tokenizer/tokenizer.json");
    Path own = Files.exists(nested) ? nested : target.resolve("tokenizer.json");
    if (Files.exists(own)) {
      tokenizer(own, out);
    }
  }

  private static void row(PrintWriter out, String name, long value) {
    out.printf(Locale.ROOT, "%-22s %,15d%n", name, value);
  }

  private void tokenizer(Path file, PrintWriter out) throws IOException {
    byte[] json = Files.readAllBytes(file);
    Tokenizer tokenizer = Tokenizer.read(json, file.toString());
    out.printf("A tokenizer: %s%n%n", file);
    out.printf("%-22s %s%n", "sha256", Sha256.of(json));
    row(out, "ids", tokenizer.idBound());
    row(out, "model vocabulary", tokenizer.model().size());
    row(out, "merges", tokenizer.model().mergeCount());
    out.printf("%-22s %s%n", "normalizer", tokenizer.normalizer());
    out.printf("%-22s %s%n", "pre-tokenizer", tokenizer.preTokenizer());
    out.printf("%-22s %s%n", "model options", tokenizer.model().options());
    int[] missing = tokenizer.missingBytes();
    if (missing.length > 0) {
      out.printf(
          "%-22s %d; documents that need them become dead letters:%s%n",
          "bytes without a token",
          missing.length,
          IntStream.of(missing)
              .limit(16)
              .mapToObj(b -> String.format(" %02X", b))
              .collect(Collectors.joining())
              .concat(missing.length > 16 ? " …" : ""));
    }
    tokenizer
        .warnings()
        .forEach(warning -> out.printf("%-22s %s%n", "warning", TerminalText.safe(warning)));
    out.printf("%nadded tokens%n");
    for (AddedToken token : tokenizer.addedTokens().stream().limit(listed).toList()) {
      out.printf(
          "%8d  %s%s%n",
          token.id(), TerminalText.safe(token.content()), token.special() ? "  (special)" : "");
    }
    list(out, tokenizer, "first merges", firstMerges(tokenizer));
    list(out, tokenizer, "longest tokens", longest(tokenizer));
  }

  private IntStream firstMerges(Tokenizer tokenizer) {
    return IntStream.range(0, Math.min(listed, tokenizer.model().mergeCount()))
        .map(rank -> tokenizer.id(merged(tokenizer, rank)));
  }

  private static String merged(Tokenizer tokenizer, int rank) {
    return tokenizer.model().token(tokenizer.model().mergeLeft(rank))
        + tokenizer.model().token(tokenizer.model().mergeRight(rank));
  }

  private IntStream longest(Tokenizer tokenizer) {
    return IntStream.range(0, tokenizer.idBound())
        .boxed()
        .sorted(
            Comparator.comparingInt((Integer id) -> -tokenizer.bytes(id).length)
                .thenComparing(Comparator.naturalOrder()))
        .limit(listed)
        .mapToInt(Integer::intValue);
  }

  private static void list(PrintWriter out, Tokenizer tokenizer, String title, IntStream ids) {
    out.printf("%n%s%n", title);
    ids.filter(id -> id >= 0)
        .forEach(
            id ->
                out.printf(
                    "%8d  %s%n",
                    id, TerminalText.printable(tokenizer.bytes(id), tokenizer.token(id))));
  }
}
