package org.merganser.cli.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.merganser.bpe.IdBuffer;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.MerganserCommand;
import org.merganser.json.Json;
import org.merganser.pipeline.output.RunException;
import org.merganser.tokenizer.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code decode}: lines of ids to lines of text. */
@Command(
    name = "decode",
    description = "Decode {\"ids\": […]} lines to {\"text\": …} lines. Standard input is read.",
    footer =
        """
        Ids that are not complete characters become {"bytes": base64} instead.
        Example: ${ROOT-COMMAND-NAME} decode target/sample < target/ids.jsonl > target/texts.jsonl
        """)
public final class DecodeCommand extends MerganserCommand {
  @Mixin private TokenizerArgument argument = new TokenizerArgument();

  @Option(names = "--skip-special-tokens", description = "Leave special tokens out.")
  private boolean skipSpecialTokens;

  @Parameters(
      arity = "0..1",
      paramLabel = "TOKENIZER",
      description = "A tokenizer.json, or a run's output folder.")
  private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    Path tokenizerFile = argument.takeFirst(arguments);
    if (!arguments.isEmpty()) {
      throw wrongUsage(
          "\"%s\" is not read: ids come from standard input, a list a line: {\"ids\": [%s]}",
          arguments.get(0), exampleIds());
    }
    decodeLines(Tokenizer.read(tokenizerFile));
    return ExitCode.DONE.code();
  }

  /** The arguments as the list that was meant, if they are ids; else any list. */
  private String exampleIds() {
    String ids = String.join(", ", arguments);
    return ids.matches("[0-9, ]+") ? ids : "1, 2";
  }

  /** Decodes the lines of standard input; blank lines are left out. */
  private void decodeLines(Tokenizer tokenizer) throws IOException {
    PrintWriter out = out();
    IdBuffer ids = new IdBuffer(1024);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    long number = 0;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      number++;
      if (!line.isBlank()) {
        readIds(line, number, tokenizer, ids);
        byte[] decoded = tokenizer.decode(ids, skipSpecialTokens);
        out.println(TokenJson.addText(Json.MAPPER.createObjectNode(), decoded));
      }
    }
  }

  /**
   * Reads the list of a line into {@code ids}.
   *
   * @param number of the line, for messages
   * @throws RunException for a line without a list, or with a value that is no id of the tokenizer
   */
  private static void readIds(String line, long number, Tokenizer tokenizer, IdBuffer ids) {
    ids.clear();
    JsonNode list;
    try {
      list = Json.MAPPER.readTree(line).path("ids");
    } catch (JsonProcessingException e) {
      throw RunException.wrong(
              "standard input, line %s: is not JSON: %s", number, e.getOriginalMessage())
          .causedBy(e);
    }
    if (!list.isArray()) {
      throw RunException.wrong(
          "standard input, line %s: has no list \"ids\"; expected {\"ids\": [1, 2]}", number);
    }
    for (JsonNode id : list) {
      if (!id.isIntegralNumber()
          || !id.canConvertToInt()
          || id.intValue() < 0
          || tokenizer.token(id.intValue()) == null) {
        throw RunException.wrong(
            "standard input, line %s: %s is not an id of this tokenizer, whose ids are below %s",
            number, id, tokenizer.idBound());
      }
      ids.add(id.intValue());
    }
  }
}
