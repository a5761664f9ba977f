package org.merganser.cli.tokenizer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.merganser.bpe.IdBuffer;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.FiguresCommand;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.json.Json;
import org.merganser.message.Plural;
import org.merganser.pipeline.output.RunException;
import org.merganser.text.unicode.Utf8;
import org.merganser.tokenizer.Encoder;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code tokenize}: a text to tokens, or lines of text to lines of ids. */
@Command(
    name = "tokenize",
    description = "Show tokens and ids of a text, or encode JSON lines.",
    footer =
        """
        Examples: ${ROOT-COMMAND-NAME} tokenize target/sample 'The sun rises in the east.'
                  ${ROOT-COMMAND-NAME} tokenize --tokenizer target/sample/tokenizer/tokenizer.json --jsonl \\
                    < sample-data/corpus/asia.jsonl > target/ids.jsonl
                  (each line has {"text": "…"}; each line of the output has {"ids": […]}, in order)
        """)
public final class TokenizeCommand extends FiguresCommand {
  @Mixin private TokenizerArgument argument = new TokenizerArgument();

  @Option(names = "--jsonl", description = "Read and write JSON lines.")
  private boolean jsonl;

  @Option(
      names = "--special-text",
      paramLabel = "MODE",
      description = "Treat special-token text in this way: text, parse, reject (text).")
  private SpecialText specialText = SpecialText.TEXT;

  @Option(
      names = "--add-special-tokens",
      description = "Apply the post-processor's template (BOS, EOS), as HF's default does.")
  private boolean addSpecialTokens;

  @Parameters(
      arity = "0..*",
      paramLabel = "TEXT",
      description =
          "The text; without it, standard input is read. Without --tokenizer, the first argument is"
              + " the tokenizer.")
  private List<String> texts = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    Tokenizer tokenizer = Tokenizer.read(argument.takeFirst(texts));
    Encoder encoder = tokenizer.newEncoder(specialText, addSpecialTokens);
    if (jsonl && !texts.isEmpty()) {
      throw wrongUsage("\"" + texts.get(0) + "\" is not read: with --jsonl, standard input is");
    }
    refuseIf(jsonl, "with --jsonl", "--json");
    if (jsonl) {
      encodeLines(encoder);
    } else {
      printTokens(tokenizer, encoder, readText());
    }
    return ExitCode.DONE.code();
  }

  /** Encodes the lines of standard input. Ids need no escapes, so they bypass {@link #out}. */
  private static void encodeLines(Encoder encoder) throws IOException {
    OutputStream out = new BufferedOutputStream(System.out, 1 << 16);
    new JsonLinesTokenizer(encoder).encodeLines(System.in, out);
  }

  /** The text of the arguments, or else of standard input, which may be no UTF-8. */
  private byte[] readText() throws IOException {
    return texts.isEmpty()
        ? System.in.readAllBytes()
        : String.join(" ", texts).getBytes(StandardCharsets.UTF_8);
  }

  /** Prints the tokens of a text, as JSON or a line for each. */
  private void printTokens(Tokenizer tokenizer, Encoder encoder, byte[] text) {
    requireUtf8(text);
    IdBuffer ids = new IdBuffer(64);
    encoder.encode(text, 0, text.length, ids);
    if (json) {
      ObjectNode result = Json.MAPPER.createObjectNode().put("bytes", text.length);
      ArrayNode tokens = result.putArray("tokens");
      for (int id : ids.toArray()) {
        tokens.add(TokenJson.of(tokenizer, id));
      }
      printJson(result);
      return;
    }
    PrintWriter out = out();
    for (int id : ids.toArray()) {
      String token = TerminalText.printable(tokenizer.bytes(id), tokenizer.token(id));
      out.printf(Locale.ROOT, "%8d  %s%n", id, token);
    }
    out.println(Plural.of(ids.size(), "token") + ", " + Plural.of(text.length, "byte"));
  }

  /**
   * Requires a text that is UTF-8.
   *
   * @throws RunException naming the offset of the first byte that is not UTF-8
   */
  private static void requireUtf8(byte[] text) {
    int illFormed = Utf8.firstIllFormed(text, 0, text.length);
    if (illFormed >= 0) {
      throw RunException.wrong(
          "the text is not UTF-8: byte 0x%02X at offset %d; convert it first, or put it into a file"
              + " and use encode with corpus.invalidUtf8",
          text[illFormed] & 0xFF, illFormed);
    }
  }
}
