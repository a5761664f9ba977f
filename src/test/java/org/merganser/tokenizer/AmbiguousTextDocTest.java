package org.merganser.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merganser.tokenizer.TestTokenizers.token;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.ChildProcess;
import org.merganser.shard.NodeJs;
import org.merganser.text.scan.SplitPattern;
import org.merganser.text.unicode.ByteAlphabet;
import org.merganser.text.unicode.Utf8;
import org.merganser.tokenizer.parts.AddedToken;

/**
 * The tables of docs/ambiguous-text.md that follow a comment {@code <!-- tokenizer NAME -->}: each
 * has the columns what, text, Merganser, HF, tiktoken and llama.cpp. What and text are given; the
 * other cells are what the tools make of the text with that tokenizer. {@code
 * -Dmerganser.write=true} writes them. llama.cpp is run where {@code -Dmerganser.llamaNode=FOLDER}
 * names a folder with {@code npm install node-llama-cpp@3.22.1}.
 */
class AmbiguousTextDocTest {
  private static final Path PAGE = Path.of("docs/ambiguous-text.md");
  private static final Pattern TABLE = Pattern.compile("<!-- tokenizer (\\S+) -->");
  private static final int MERGANSER = 2;
  private static final int HF = 3;
  private static final int TIKTOKEN = 4;
  private static final int LLAMA = 5;
  private static final String NOT_RUN = "–";

  @TempDir Path folder;

  /** What a tool makes of the text of each row: ids, or null for an error. */
  private interface Tool {
    List<int @Nullable []> encode(List<Row> rows) throws Exception;
  }

  /** What a tool makes of one text: ids, or null for an error. */
  private interface SingleTextTool {
    int @Nullable [] encode(Case tokenizer, String text) throws Exception;
  }

  private static Tool rowByRow(SingleTextTool tool) {
    return rows -> {
      List<int @Nullable []> ids = new ArrayList<>();
      for (Row row : rows) {
        ids.add(tool.encode(row.tokenizer(), row.text()));
      }
      return ids;
    };
  }

  /** A row of a table of the page: its line, from 0, and the text that is encoded. */
  private record Row(int line, Case tokenizer, String text) {}

  /**
   * A tokenizer of the page.
   *
   * @param pattern of the pretokens
   * @param llamaPre llama.cpp's name of the pattern
   * @param ranks whether tiktoken can have it: a token is made where its bytes are one
   */
  private record Case(byte[] json, SplitPattern pattern, String llamaPre, boolean ranks) {
    Tokenizer tokenizer() {
      return Tokenizer.read(json, "tokenizer.json");
    }
  }

  /** The tokenizer of a row. */
  private static Case named(String name, String text) {
    return switch (name) {
      case "gpt2" -> new Case(joining(text, null), SplitPattern.GPT2, "gpt-2", true);
      case "cl100k" ->
          new Case(joining(text, SplitPattern.CL100K), SplitPattern.CL100K, "llama-bpe", true);
      case "added" ->
          new Case(
              TestTokenizers.bytes()
                  .added(
                      token("<ab", ""),
                      token("<abc", ""),
                      token("c>def", ""),
                      token("word", "w"),
                      token("<l>", "l"),
                      token("<r>", "r"),
                      token("é", ""))
                  .json(),
              SplitPattern.GPT2,
              "gpt-2",
              true);
      case "merges" ->
          new Case(
              file(List.of("a a", "b c", "a b", "x y", "y z", "xy z", "x yz"), "never").json(),
              SplitPattern.GPT2,
              "gpt-2",
              false);
      default -> throw new IllegalArgumentException("no tokenizer " + name);
    };
  }

  /**
   * A tokenizer with every part of a text as a token, and a merge of any two parts that are
   * neighbours: all that a pattern leaves together becomes one token.
   */
  private static byte[] joining(String text, @Nullable SplitPattern pattern) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Set<String> merges = new LinkedHashSet<>();
    for (int length = 2; length <= bytes.length; length++) {
      for (int from = 0; from + length <= bytes.length; from++) {
        for (int middle = from + 1; middle < from + length; middle++) {
          merges.add(
              ByteAlphabet.toToken(bytes, from, middle)
                  + " "
                  + ByteAlphabet.toToken(bytes, middle, from + length));
        }
      }
    }
    TestTokenizers file = file(List.copyOf(merges), null).added(token("<|endoftext|>", "s"));
    if (pattern != null) {
      String split =
          JsonNodeFactory.instance.textNode(pattern.regex()).toString().replace("'", "\\u0027");
      file.with(
          "pre_tokenizer",
          "{'type':'Sequence','pretokenizers':[{'type':'Split','pattern':{'Regex':"
              + split
              + "},'behavior':'Isolated','invert':false},"
              + TestTokenizers.PLAIN_BYTE_LEVEL
              + "]}");
    }
    return file.json();
  }

  /** All bytes, merges by rank, and a token that no merge makes. */
  private static TestTokenizers file(List<String> merged, @Nullable String more) {
    TestTokenizers file = TestTokenizers.bytes();
    Tokenizer bytes = file.build();
    ObjectNode vocabulary = JsonNodeFactory.instance.objectNode();
    for (int id = 0; id < 256; id++) {
      vocabulary.put(bytes.token(id), id);
    }
    ArrayNode merges = JsonNodeFactory.instance.arrayNode();
    for (String merge : merged) {
      String[] parts = merge.split(" ");
      merges.addArray().add(parts[0]).add(parts[1]);
      if (!vocabulary.has(parts[0] + parts[1])) {
        vocabulary.put(parts[0] + parts[1], vocabulary.size());
      }
    }
    if (more != null) {
      vocabulary.put(more, vocabulary.size());
    }
    return file.model("vocab", vocabulary.toString().replace("'", "\\u0027"))
        .model("merges", merges.toString().replace("'", "\\u0027"));
  }

  @Test
  void merganser() throws Exception {
    check(MERGANSER, rowByRow((of, text) -> of.tokenizer().encode(text)));
  }

  @Test
  void hf() throws Exception {
    check(
        HF,
        rowByRow(
            (of, text) -> {
              try (HfTokenizer hf = new HfTokenizer(of.json())) {
                return hf.encode(text);
              }
            }));
  }

  @Test
  void tiktoken() throws Exception {
    check(TIKTOKEN, this::tiktoken);
  }

  private List<int @Nullable []> tiktoken(List<Row> rows) throws Exception {
    ArrayNode arguments = JsonNodeFactory.instance.arrayNode();
    rows.forEach(row -> arguments.add(tiktokenArguments(row.tokenizer(), row.text())));
    Files.writeString(folder.resolve("arguments.json"), arguments.toString());
    List<int @Nullable []> ids = new ArrayList<>();
    NodeJs.run("tiktoken-text.js", folder).forEach(line -> ids.add(ids(line)));
    return ids;
  }

  private static ArrayNode tiktokenArguments(Case of, String text) {
    Tokenizer tokenizer = of.tokenizer();
    StringBuilder ranks = new StringBuilder();
    for (int id = 0; id < tokenizer.model().idBound(); id++) {
      ranks.append(Base64.getEncoder().encodeToString(ByteAlphabet.toBytes(tokenizer.token(id))));
      ranks.append(' ').append(id).append('\n');
    }
    ObjectNode specials = JsonNodeFactory.instance.objectNode();
    for (AddedToken token : tokenizer.addedTokens()) {
      specials.put(token.content(), token.id());
    }
    ArrayNode arguments = JsonNodeFactory.instance.arrayNode();
    arguments.add(ranks.toString()).add(specials).add(of.pattern().regex()).add(text);
    // What is no special token elsewhere is one that is allowed.
    return arguments.add(tokenizer.addedTokens().stream().noneMatch(AddedToken::special));
  }

  @Test
  void llamaCpp() throws Exception {
    String packages = System.getProperty("merganser.llamaNode");
    Assumptions.assumeTrue(packages != null, "NO LLAMA.CPP: -Dmerganser.llamaNode names a folder");
    check(
        LLAMA,
        rowByRow(
            (of, text) -> {
              Files.writeString(
                  folder.resolve("text.json"), JsonNodeFactory.instance.textNode(text).toString());
              Files.write(
                  folder.resolve("vocabulary.gguf"),
                  GgufVocabulary.of(of.tokenizer(), of.llamaPre()));
              Path script = Path.of("src/test/node/llama.mjs").toAbsolutePath();
              ProcessBuilder node = new ProcessBuilder("node", script.toString(), packages);
              List<String> lines =
                  ChildProcess.output(node.directory(folder.toFile())).lines().toList();
              return ids(lines.get(lines.size() - 1));
            }));
  }

  private static int @Nullable [] ids(String line) {
    return line.equals("error")
        ? null
        : Arrays.stream(line.replaceAll("[\\[\\] ]", "").split(","))
            .filter(id -> !id.isEmpty())
            .mapToInt(Integer::parseInt)
            .toArray();
  }

  @Test
  void theTestsThatThePageNamesAreThere() throws Exception {
    Matcher named = Pattern.compile("`(\\w+Test)(?:#(\\w+))?`").matcher(Files.readString(PAGE));
    int found = 0;
    while (named.find()) {
      try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
        Path file =
            files
                .filter(path -> path.endsWith(named.group(1) + ".java"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no test " + named.group()));
        if (named.group(2) != null) {
          assertThat(Files.readString(file)).as(named.group()).contains(" " + named.group(2) + "(");
        }
      }
      found++;
    }
    assertThat(found).isGreaterThan(25);
  }

  /** Compares a column of all tables with what a tool says, or writes it. */
  private static void check(int column, Tool tool) throws Exception {
    List<String> page = new ArrayList<>(Files.readAllLines(PAGE));
    List<Row> rows = new ArrayList<>();
    for (int at = 0; at < page.size(); at++) {
      Matcher table = TABLE.matcher(page.get(at));
      if (!table.matches()) {
        continue;
      }
      int row = at + 1;
      while (!page.get(row).startsWith("|---")) {
        row++;
      }
      for (row++; row < page.size() && page.get(row).startsWith("|"); row++) {
        String text = text(cells(page.get(row)).get(1));
        rows.add(new Row(row, named(table.group(1), text), text));
      }
    }
    assertThat(rows).hasSizeGreaterThan(30);
    Predicate<Row> isRun = row -> column != TIKTOKEN || row.tokenizer().ranks();
    List<Row> run = rows.stream().filter(isRun).toList();
    List<int @Nullable []> ids = tool.encode(run);
    assertThat(ids).hasSameSizeAs(run);
    Map<Integer, String> expected = new LinkedHashMap<>();
    for (Row row : rows) {
      int at = run.indexOf(row);
      List<String> cells = cells(page.get(row.line()));
      cells.set(column, at < 0 ? NOT_RUN : cell(column, row, ids.get(at)));
      expected.put(row.line(), "| " + String.join(" | ", cells) + " |");
    }
    if (Boolean.getBoolean("merganser.write")) {
      expected.forEach(page::set);
      Files.write(PAGE, page);
    }
    expected.forEach(
        (row, line) -> assertThat(page.get(row)).as("%s, line %s", PAGE, row + 1).isEqualTo(line));
  }

  private static String cell(int column, Row row, int @Nullable [] ids) {
    if (ids == null) {
      return "error";
    }
    Tokenizer tokenizer = row.tokenizer().tokenizer();
    return column != MERGANSER && Arrays.equals(ids, tokenizer.encode(row.text()))
        ? "same"
        : "`" + pieces(tokenizer, ids) + "`";
  }

  private static List<String> cells(String row) {
    List<String> cells = new ArrayList<>();
    for (String cell : row.substring(1, row.lastIndexOf('|')).split("\\|", -1)) {
      cells.add(cell.strip());
    }
    return cells;
  }

  /** The tokens of ids; bytes that are no characters in hexadecimal. */
  private static String pieces(Tokenizer tokenizer, int[] ids) {
    return Arrays.stream(ids)
        .mapToObj(
            id -> {
              byte[] bytes = tokenizer.bytes(id);
              return Utf8.firstIllFormed(bytes, 0, bytes.length) < 0
                  ? spelled(new String(bytes, StandardCharsets.UTF_8))
                  : "<" + HexFormat.ofDelimiter(" ").withUpperCase().formatHex(bytes) + ">";
            })
        .collect(Collectors.joining("·"));
  }

  /** A text as the page has it: spaces are visible, and what cannot be seen is escaped. */
  private static String spelled(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              boolean seen =
                  c > ' ' && c < 0x7F && c != '\\' && c != '|' && c != '`'
                      || c >= 0xA1 && Character.isLetterOrDigit(c) && c < 0xA000
                      || c >= 0x3000 && c < 0xA000 && c != 0x3000;
              out.append(
                  c == ' '
                      ? "␣"
                      : c == '\n'
                          ? "\\n"
                          : c == '\r'
                              ? "\\r"
                              : c == '\t'
                                  ? "\\t"
                                  : seen ? Character.toString(c) : "\\u{%X}".formatted(c));
            });
    return out.toString();
  }

  private static String text(String cell) {
    String code = cell.substring(1, cell.length() - 1).replace('␣', ' ');
    Matcher escape = Pattern.compile("\\\\(?:u\\{([0-9A-F]+)}|([nrt]))").matcher(code);
    return escape.replaceAll(
        found ->
            Matcher.quoteReplacement(
                found.group(1) != null
                    ? Character.toString(Integer.parseInt(found.group(1), 16))
                    : Map.of("n", "\n", "r", "\r", "t", "\t").get(found.group(2))));
  }
}
