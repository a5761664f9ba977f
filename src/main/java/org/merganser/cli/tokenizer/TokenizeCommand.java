package org.merganser.cli.tokenizer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.IdBuffer;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.FiguresCommand;
import org.merganser.cli.job.FileArgument;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.json.Json;
import org.merganser.report.Plural;
import org.merganser.tokenizer.Encoder;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "tokenize")
public final class TokenizeCommand extends FiguresCommand {
  @Option(names = "--tokenizer", converter = FileArgument.TokenizerPath.class)
  private @Nullable Path tokenizer;

  @Option(names = "--jsonl")
  private boolean jsonl;

  @Option(names = "--special-text")
  private SpecialText specialText = SpecialText.TEXT;

  @Option(names = "--add-special-tokens")
  private boolean addSpecialTokens;

  @Parameters(arity = "0..*")
  private List<String> texts = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    Path named = tokenizer == null ? FileArgument.tokenizer(texts, spec) : tokenizer;
    Tokenizer loaded = Tokenizer.read(named);
    Encoder encoder = loaded.newEncoder(specialText, addSpecialTokens);
    if (jsonl && !texts.isEmpty()) {
      throw wrongUsage("\"" + texts.get(0) + "\" is not read: with --jsonl, standard input is");
    }
    refuse(jsonl, "with --jsonl", "--json");
    if (jsonl) {
      OutputStream out = new BufferedOutputStream(System.out, 1 << 16);
      new JsonLinesTokenizer(encoder).run(System.in, out);
      out.flush();
      return ExitCode.DONE.code();
    }
    byte[] text =
        texts.isEmpty()
            ? System.in.readAllBytes()
            : String.join(" ", texts).getBytes(StandardCharsets.UTF_8);
    show(loaded, encoder, text);
    return ExitCode.DONE.code();
  }

  private void show(Tokenizer loaded, Encoder encoder, byte[] text) {
    IdBuffer ids = new IdBuffer(64);
    TerminalText.requireUtf8(text, "the text");
    encoder.encode(text, 0, text.length, ids);
    if (json) {
      ObjectNode result = Json.MAPPER.createObjectNode().put("bytes", text.length);
      ArrayNode tokens = result.putArray("tokens");
      IntStream.range(0, ids.size()).forEach(i -> tokens.add(TokenJson.of(loaded, ids.ids()[i])));
      printJson(result);
      return;
    }
    PrintWriter out = out();
    for (int i = 0; i < ids.size(); i++) {
      int id = ids.ids()[i];
      out.printf("%8d  %s%n", id, TerminalText.printable(loaded.bytes(id), loaded.token(id)));
    }
    out.println(Plural.of(ids.size(), "token") + ", " + Plural.of(text.length, "byte"));
  }
}
