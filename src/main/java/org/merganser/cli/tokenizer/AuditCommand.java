package org.merganser.cli.tokenizer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.checksum.WholeFile;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.FiguresCommand;
import org.merganser.cli.job.FileArgument;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.json.Json;
import org.merganser.message.Phrase;
import org.merganser.message.Plural;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.audit.TokenKind;
import org.merganser.tokenizer.audit.VocabularyAudit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The command {@code audit}: prints the odd and the unused tokens that {@link VocabularyAudit}
 * finds in a vocabulary.
 */
@Command(
    name = "audit",
    description =
        "Find odd and unused tokens of a tokenizer.json. These are tokens that no text "
            + "can produce, that are partial UTF-8, or that have odd characters; with texts, "
            + "also those that the texts never or rarely use, and which of these are only parts "
            + "of other tokens.",
    footer =
        """
        Examples: ${ROOT-COMMAND-NAME} audit target/tutorial --input sample-data/corpus
                  ${ROOT-COMMAND-NAME} audit target/tutorial --list unreachable --list partial-utf8
        pipelines/tutorial.yaml is the job of target/tutorial.
        """)
public final class AuditCommand extends FiguresCommand {
  /** The most tokens of each kind that are shown if no kind is listed. */
  private static final int MOST_EXAMPLES = 4;

  @Parameters(
      converter = FileArgument.TokenizerPath.class,
      paramLabel = "TOKENIZER",
      description = "A tokenizer.json, or a run's output folder.")
  private Path file = Path.of("");

  @Mixin private AuditOptions options = new AuditOptions();

  @Option(
      names = "--list",
      paramLabel = "KIND",
      description = "List all tokens of a kind. May be repeated.")
  private List<TokenKind> listed = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    options.check();
    byte[] tokenizerJson = WholeFile.read(file);
    Tokenizer tokenizer = Tokenizer.read(tokenizerJson, file.toString());
    CountedTexts texts = options.count(tokenizer);
    VocabularyAudit audit = options.audit(tokenizer, texts);
    if (json) {
      printJson(result(tokenizer, Sha256.of(tokenizerJson), audit, texts));
    } else {
      print(tokenizer, audit, texts);
    }
    return ExitCode.DONE.code();
  }

  /** Prints the findings for a person; {@code texts} is null without {@code --input}. */
  private void print(Tokenizer tokenizer, VocabularyAudit audit, @Nullable CountedTexts texts) {
    printTotals(tokenizer, audit, texts);
    for (TokenKind kind : TokenKind.values()) {
      printCount(tokenizer, audit, kind);
    }
    for (TokenKind kind : listed) {
      printAll(tokenizer, audit, kind);
    }
  }

  /** Prints the number of tokens and texts, and what limits the findings. */
  private void printTotals(
      Tokenizer tokenizer, VocabularyAudit audit, @Nullable CountedTexts texts) {
    PrintWriter out = out();
    out.printf("%s: %s%n", file, Plural.of(audit.tokens(), "token"));
    tokenizer.missingBytesWarning().ifPresent(out::println);
    if (audit.unexamined() > 0) {
      boolean isOne = audit.unexamined() == 1;
      out.printf(
          "%s %s not checked for a text that produces %s: %s text is too long%n",
          Plural.of(audit.unexamined(), "token"),
          isOne ? "was" : "were",
          isOne ? "it" : "them",
          isOne ? "its" : "their");
    }
    if (texts != null) {
      out.printf("counted in %s%n", Plural.of(texts.documents(), "text"));
      if (texts.leftOut() > 0) {
        out.printf(
            "left out %s: no text, or the tokenizer cannot encode it%n",
            Plural.of(texts.leftOut(), "record"));
      }
    }
    out.println();
  }

  /** Prints how many tokens are of a kind, with some examples unless kinds are listed. */
  private void printCount(Tokenizer tokenizer, VocabularyAudit audit, TokenKind kind) {
    List<VocabularyAudit.Finding> findings = audit.findings(kind);
    String count = audit.isKnown(kind) ? Phrase.of("%,d", findings.size()) : "-";
    out().printf("%-16s %9s  %s%n", kind, count, kind.meaning());
    if (listed.isEmpty() && !findings.isEmpty()) {
      String examples =
          findings.stream()
              .limit(MOST_EXAMPLES)
              .map(finding -> printable(tokenizer, finding.id()))
              .collect(Collectors.joining(", "));
      String more = findings.size() > MOST_EXAMPLES ? ", …" : "";
      out().printf("%-16s %9s  %s%s%n", "", "", examples, more); // below the meaning
    }
  }

  /** Prints a line for each token of a kind. */
  private void printAll(Tokenizer tokenizer, VocabularyAudit audit, TokenKind kind) {
    out().printf("%n%s: %s%n", kind, kind.meaning());
    for (VocabularyAudit.Finding finding : audit.findings(kind)) {
      out()
          .printf(
              Locale.ROOT,
              "%8d  %s%s%n",
              finding.id(),
              printable(tokenizer, finding.id()),
              finding.detail().isEmpty() ? "" : "  " + TerminalText.line(finding.detail()));
    }
  }

  /** A token for a person. */
  private static String printable(Tokenizer tokenizer, int id) {
    return TerminalText.printable(tokenizer.bytes(id), tokenizer.token(id));
  }

  /** The result of {@code --json}; {@code texts} is null without {@code --input}. */
  private ObjectNode result(
      Tokenizer tokenizer, String sha256, VocabularyAudit audit, @Nullable CountedTexts texts) {
    ObjectNode result = Json.MAPPER.createObjectNode();
    result.put("tokenizer", file.toString()).put("sha256", sha256);
    result.put("tokens", audit.tokens()).put("unexamined", audit.unexamined());
    result.set("bytesWithoutToken", Json.MAPPER.valueToTree(tokenizer.missingBytes()));
    if (texts != null) {
      result.put("documents", texts.documents()).put("leftOut", texts.leftOut());
    }
    ObjectNode kinds = result.putObject("kinds");
    for (TokenKind kind : TokenKind.values()) {
      if (audit.isKnown(kind)) {
        ObjectNode node = kinds.putObject(kind.toString());
        node.put("count", audit.findings(kind).size());
        ArrayNode tokens = node.putArray("tokens");
        audit.findings(kind).forEach(finding -> tokens.add(findingJson(tokenizer, finding, texts)));
      }
    }
    return result;
  }

  /** A finding as JSON, with how often the token occurs in {@code texts}, if there are any. */
  private static ObjectNode findingJson(
      Tokenizer tokenizer, VocabularyAudit.Finding finding, @Nullable CountedTexts texts) {
    ObjectNode token = TokenJson.of(tokenizer, finding.id()).put("detail", finding.detail());
    return texts == null ? token : token.put("times", texts.uses(finding.id()));
  }
}
