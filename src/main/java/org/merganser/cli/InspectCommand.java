package org.merganser.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.checksum.Sha256;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.MerganserCommand;
import org.merganser.cli.job.RunArgument;
import org.merganser.cli.job.TerminalText;
import org.merganser.dataset.Manifest;
import org.merganser.pipeline.MerganserRun;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.parts.AddedToken;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code inspect}: what an output folder or a tokenizer.json is. */
@Command(
    name = "inspect",
    description = "Says what an output folder or a tokenizer.json is.",
    footer = {"", "Example: merganser inspect target/sample"})
final class InspectCommand extends MerganserCommand {
  @Mixin private RunArgument run = new RunArgument();

  @Parameters(
      arity = "0..1",
      paramLabel = "OUT|tokenizer.json",
      description = "A run's output folder, or a tokenizer.json.")
  private @Nullable String argument;

  @Option(names = "--tokens", description = "Tokens listed of each kind (${DEFAULT-VALUE}).")
  private int listed = 10;

  @Override
  public Integer call() throws IOException {
    Path target = Path.of(run.or(argument, "an output folder, or a tokenizer.json", spec));
    PrintWriter out = out();
    if (Files.isDirectory(target)) {
      output(target, out);
    } else {
      tokenizer(target, out);
    }
    out.flush();
    return ExitCode.DONE;
  }

  private void output(Path target, PrintWriter out) throws IOException {
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
    out.printf("%-22s %s%n", "normalizer", TerminalText.safe(tokenizer.normalizerJson()));
    out.printf("%-22s %s%n", "pre-tokenizer", TerminalText.safe(tokenizer.preTokenizerJson()));
    out.printf(
        "%-22s %s%n", "model options", TerminalText.safe(options(tokenizer.model().options())));
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

  /** As tokenizer.json spells them; those that are not set are left out. */
  private static String options(BpeModel.Options options) {
    Map<String, @Nullable Object> set = new LinkedHashMap<>();
    set.put("unk_token", options.unkToken());
    set.put("continuing_subword_prefix", options.continuingSubwordPrefix());
    set.put("end_of_word_suffix", options.endOfWordSuffix());
    set.put("fuse_unk", options.fuseUnk() ? true : null);
    set.put("byte_fallback", options.byteFallback() ? true : null);
    set.put("ignore_merges", options.ignoreMerges() ? true : null);
    set.values().removeIf(Objects::isNull);
    return set.isEmpty()
        ? "none"
        : set.entrySet().stream()
            .map(option -> option.getKey() + " " + option.getValue())
            .collect(Collectors.joining(", "));
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
