package org.merganser.cli.embeddings;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.IdBuffer;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.FileArgument;
import org.merganser.cli.job.MerganserCommand;
import org.merganser.cli.job.RunArgument;
import org.merganser.cli.job.TerminalText;
import org.merganser.cli.job.TokenJson;
import org.merganser.json.Json;
import org.merganser.learn.vector.Nearest;
import org.merganser.pipeline.LearnedRun;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code embeddings near}: the tokens whose vectors are nearest to one's. */
@Command(
    name = "near",
    description = {
      "Lists the tokens nearest to a token by the cosine of their vectors.",
      "The token is given as its text, with or without a space before it, or as #id."
    },
    footer = {
      "",
      "Examples: merganser embeddings near target/tutorial sun",
      "          merganser embeddings near --table target/learned.parquet \\",
      "            --tokenizer target/sample '#262'",
      "The run target/tutorial is that of pipelines/tutorial.yaml."
    })
final class EmbeddingsNearCommand extends MerganserCommand {
  @Mixin private RunArgument run = new RunArgument();

  @Option(
      names = "--table",
      converter = FileArgument.Table.class,
      description = "The table, as Parquet, instead of the run's.")
  private @Nullable String table;

  @Option(
      names = "--tokenizer",
      converter = FileArgument.TokenizerPath.class,
      description = "The tokenizer.json whose ids the rows are, instead of the run's.")
  private @Nullable Path tokenizer;

  @Option(names = "--top", description = "Tokens listed (${DEFAULT-VALUE}).")
  private int top = 10;

  @Option(names = "--json", description = "Print the result as a JSON object.")
  private boolean json;

  @Parameters(
      paramLabel = "OUT TOKEN",
      arity = "1..2",
      description =
          "The output folder of a run, unless --run or --table and --tokenizer are given, and a"
              + " token's text, or #id.")
  private List<String> arguments = new ArrayList<>();

  private String token = "";

  @Override
  public Integer call() throws IOException {
    LearnedRun of =
        run.isOption() || table == null || tokenizer == null
            ? LearnedRun.open(run.first(arguments, "the output folder of a run", spec))
            : null;
    if (arguments.size() != 1) {
      throw wrongUsage(
          arguments.isEmpty()
              ? "a token is missing: its text, or #id, behind the run"
              : "one token is asked for, not " + arguments);
    }
    token = arguments.get(0);
    if (top < 1) {
      throw wrongUsage("--top is " + top + "; at least 1");
    }
    Tokenizer loaded =
        tokenizer != null ? Tokenizer.read(tokenizer) : Objects.requireNonNull(of).tokenizer();
    Nearest.Vectors vectors = LearnedRun.vectors(of, table, loaded.idBound());
    Map<Integer, Nearest.Neighbour[]> nearest = new LinkedHashMap<>();
    ids(loaded).forEach(id -> nearest.put(id, Nearest.of(vectors, id, top)));
    if (json) {
      printJson(result(loaded, nearest));
    } else {
      nearest.forEach((id, neighbours) -> print(loaded, id, neighbours, out()));
      out().flush();
    }
    return ExitCode.DONE;
  }

  private static ObjectNode result(Tokenizer tokenizer, Map<Integer, Nearest.Neighbour[]> nearest) {
    ObjectNode result = Json.MAPPER.createObjectNode();
    ArrayNode tokens = result.putArray("tokens");
    nearest.forEach(
        (id, neighbours) -> {
          ObjectNode token = TokenJson.of(tokenizer, id);
          ArrayNode listed = token.putArray("nearest");
          for (Nearest.Neighbour neighbour : neighbours) {
            listed.add(TokenJson.of(tokenizer, neighbour.id()).put("cosine", neighbour.cosine()));
          }
          tokens.add(token);
        });
    return result;
  }

  private static void print(
      Tokenizer tokenizer, int id, Nearest.Neighbour[] nearest, PrintWriter out) {
    out.printf("%8d  %s%n", id, name(tokenizer, id));
    for (Nearest.Neighbour neighbour : nearest) {
      out.printf(
          Locale.ROOT,
          "  %6.3f  %8d  %s%n",
          neighbour.cosine(),
          neighbour.id(),
          name(tokenizer, neighbour.id()));
    }
    if (nearest.length == 0) {
      out.println("  its vector is zero: nothing is known of it");
    }
  }

  private static String name(Tokenizer tokenizer, int id) {
    return TerminalText.printable(tokenizer.bytes(id), tokenizer.token(id));
  }

  /** The token that was asked for, as it is and with a space before it. */
  private Set<Integer> ids(Tokenizer tokenizer) {
    if (token.matches("#[0-9]{1,9}")) {
      int id = Integer.parseInt(token.substring(1));
      if (id >= tokenizer.idBound()) {
        throw wrongUsage(
            token + " is no id of the tokenizer, which has 0 to " + (tokenizer.idBound() - 1));
      }
      return Set.of(id);
    }
    Set<Integer> found = new LinkedHashSet<>();
    int special = tokenizer.id(token);
    if (special >= 0 && tokenizer.addedTokens().stream().anyMatch(t -> t.id() == special)) {
      found.add(special);
    }
    IdBuffer plain = encode(tokenizer, token);
    IdBuffer spaced = encode(tokenizer, " " + token);
    for (IdBuffer ids : List.of(plain, spaced)) {
      if (ids.size() == 1) {
        found.add(ids.ids()[0]);
      }
    }
    if (found.isEmpty()) {
      StringBuilder pieces = new StringBuilder();
      for (int i = 0; i < plain.size(); i++) {
        int id = plain.ids()[i];
        pieces.append(i == 0 ? "" : ", ").append(name(tokenizer, id)).append(" #").append(id);
      }
      throw wrongUsage(
          "\"%s\" is not one token but %s: %s; ask for one of them"
              .formatted(token, plain.size(), pieces));
    }
    return found;
  }

  private static IdBuffer encode(Tokenizer tokenizer, String text) {
    IdBuffer ids = new IdBuffer(8);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    tokenizer.newEncoder(SpecialText.TEXT).encode(bytes, 0, bytes.length, ids);
    return ids;
  }
}
