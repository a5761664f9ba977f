package org.merganser.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.FileArgument;
import org.merganser.cli.job.MerganserCommand;
import org.merganser.cli.job.TerminalText;
import org.merganser.cli.job.TextsOptions;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.dataset.GroupCounts;
import org.merganser.json.Json;
import org.merganser.report.Plural;
import org.merganser.report.page.ComparisonPage;
import org.merganser.report.statistics.Comparison;
import org.merganser.report.statistics.TokenizerComparison;
import org.merganser.text.regex.RegexLimitException;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.UnencodableException;
import org.merganser.tokenizer.parts.TokenizerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code compare A.json B.json}: two tokenizers on the same texts. */
@Command(
    name = "compare",
    description = {
      "Compares two tokenizers on the same texts: vocabularies, bytes per token, and the kinds of",
      "text on which they differ."
    },
    footer = {
      "",
      "Example: merganser compare target/sample target/tutorial/tokenizer/tokenizer.json \\",
      "           --input sample-data/corpus --group-by lang --html target/compared.html"
    })
final class CompareCommand extends MerganserCommand {
  /** Kinds of text that the terminal shows an example of. */
  private static final int EXAMPLES = 3;

  @Parameters(
      index = "0",
      paramLabel = "A.json",
      converter = FileArgument.TokenizerPath.class,
      description = "The first tokenizer.json, or a run's output folder.")
  private Path first = Path.of("");

  @Parameters(
      index = "1",
      paramLabel = "B.json",
      converter = FileArgument.TokenizerPath.class,
      description = "The second tokenizer.json, or a run's output folder.")
  private Path second = Path.of("");

  @Mixin private TextsOptions input = new TextsOptions();

  @Option(names = "--group-by", description = "Field path of a group, such as lang.")
  private @Nullable String groupBy;

  @Option(names = "--json", description = "Print all figures as a JSON object.")
  private boolean json;

  @Option(names = "--html", paramLabel = "FILE", description = "Writes a page.")
  private @Nullable Path html;

  @Override
  public Integer call() throws IOException {
    if (!input.isGiven()) {
      throw wrongUsage("--input is missing: the texts on which the two are compared");
    }
    byte[] a = read(first);
    byte[] b = read(second);
    TokenizerComparison comparison =
        new TokenizerComparison(
            first.toString(),
            Sha256.of(a),
            Tokenizer.read(a, first.toString()),
            second.toString(),
            Sha256.of(b),
            Tokenizer.read(b, second.toString()));
    Texts texts = new Texts(comparison, groupBy != null);
    input.read(texts, groupBy);
    Comparison result = comparison.result();
    if (json) {
      printJson(Json.MAPPER.<ObjectNode>valueToTree(result).put("leftOut", texts.leftOut));
    } else {
      print(result, texts);
    }
    if (html != null) {
      Files.write(html, ComparisonPage.of(result));
    }
    return ExitCode.DONE;
  }

  private static byte[] read(Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new TokenizerException(
          file + ": there is no such file; compare takes two tokenizer.json", e);
    }
  }

  private void print(Comparison c, Texts texts) {
    PrintWriter out = out();
    out.printf("A  %s%nB  %s%n%n", c.nameA(), c.nameB());
    out.printf(Locale.ROOT, "%-26s %14s %14s%n", "", "A", "B");
    out.printf(Locale.ROOT, "%-26s %,14d %,14d%n", "vocabulary", c.sizeA(), c.sizeB());
    out.printf(Locale.ROOT, "%-26s %,14d %,14d%n", "tokens", c.tokensA(), c.tokensB());
    out.printf("%-26s %14s %14s%n", "bytes per token", c.bytesPerTokenA(), c.bytesPerTokenB());
    out.printf("%-26s %14s %14s%n", "uses the other knows", c.usesInB(), c.usesInA());
    out.printf(
        Locale.ROOT,
        "%nshared tokens %,d, Jaccard %s; %s, %s%n",
        c.shared(),
        c.jaccard(),
        Plural.of(c.documents(), "text"),
        Plural.of(c.bytes(), "byte"));
    if (texts.leftOut > 0) {
      out.printf(
          "left out %s: no text, or one of the two cannot encode it%n",
          Plural.of(texts.leftOut, "record"));
    }
    printSpecial(c.specialTokens(), out);
    if (!c.byGroup().isEmpty()) {
      out.println();
      c.byGroup()
          .forEach(
              row ->
                  out.printf(
                      "%-26s %14s %14s%n",
                      row.group(), row.bytesPerTokenA(), row.bytesPerTokenB()));
    }
    out.println();
    out.println("kinds of text, the largest difference first");
    int shown = 0;
    for (Comparison.Kind kind : c.kinds()) {
      out.printf(Locale.ROOT, "%-26s %,14d %,14d%n", kind.kind(), kind.tokensA(), kind.tokensB());
      if (shown < EXAMPLES && !kind.examples().isEmpty()) {
        shown++;
        example(kind.examples().get(0), out);
      }
    }
    out.flush();
  }

  private static void printSpecial(Comparison.SpecialTokens special, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "special tokens: %,d of both, %,d only of A, %,d only of B%n",
        special.both(),
        special.onlyA(),
        special.onlyB());
    special.listed().stream()
        .filter(token -> token.idA() == null || token.idB() == null)
        .limit(EXAMPLES)
        .forEach(
            token ->
                out.printf(
                    Locale.ROOT,
                    "  %s: %s of A, %s of B; %s in the texts%n",
                    TerminalText.safe(token.token()),
                    tokens(token.tokensA()),
                    tokens(token.tokensB()),
                    Plural.of(token.occurrences(), "time")));
  }

  private static String tokens(@Nullable Integer number) {
    return number == null ? "no tokens" : Plural.of(number, "token");
  }

  private static void example(Comparison.Text text, PrintWriter out) {
    String whole = text.text().strip().replaceAll("\\s+", " ");
    int most = Math.min(60, whole.codePointCount(0, whole.length()));
    out.printf(
        Locale.ROOT,
        "  such as %,d and %,d  %s: %s%n",
        text.tokensA(),
        text.tokensB(),
        TerminalText.safe(text.document()),
        TerminalText.safe(whole.substring(0, whole.offsetByCodePoints(0, most))));
  }

  /** Hands documents to the comparison and counts what it cannot take. */
  private static final class Texts implements DocumentHandler {
    private final TokenizerComparison comparison;
    private final boolean grouped;
    private long leftOut;

    Texts(TokenizerComparison comparison, boolean grouped) {
      this.comparison = comparison;
      this.grouped = grouped;
    }

    @Override
    public void document(Document document) {
      try {
        String group = document.group == null && grouped ? GroupCounts.NONE : document.group;
        comparison.add(document.id, group, document.text, document.from, document.to);
      } catch (UnencodableException | RegexLimitException e) {
        leftOut++;
      }
    }

    @Override
    public void deadLetter(DeadLetter letter) {
      leftOut++;
    }
  }
}
