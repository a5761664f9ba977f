package org.merganser.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads files of the kinds that docs/corpus-formats.md lists, and compares with the page. */
@Tag("run")
final class CorpusFormatsDocTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  @TempDir Path folder;

  private static String page() throws IOException {
    return Files.readString(Path.of("docs/corpus-formats.md"));
  }

  private static List<String> codes(String text) {
    return CODE.matcher(text).results().map(code -> code.group(1)).toList();
  }

  /** The rows of the table below {@code | line | becomes |}. */
  private static List<MatchResult> jsonLines() throws IOException {
    String page = page();
    String table = page.substring(page.indexOf("| line | becomes |"));
    table = table.substring(0, table.indexOf("\n\n"));
    return Pattern.compile("(?m)^\\| (.*) \\| (.*) \\|$").matcher(table).results().skip(1).toList();
  }

  @Test
  void linesOfJsonBecomeWhatTheTableSays() throws IOException {
    List<String> lines = new ArrayList<>();
    List<String> documents = new ArrayList<>();
    Map<String, Integer> dead = new TreeMap<>();
    int blank = 0;
    for (MatchResult row : jsonLines()) {
      String becomes = row.group(2);
      List<String> shown = becomes.equals("blank") ? List.of("", "  ") : codes(row.group(1));
      lines.addAll(shown);
      if (becomes.startsWith("document ")) {
        documents.add(codes(becomes).get(0));
      } else if (becomes.equals("blank")) {
        blank += shown.size();
      } else {
        assertThat(becomes).startsWith("dead letter ");
        dead.merge(codes(becomes).get(0), shown.size(), Integer::sum);
      }
    }
    assertThat(lines).hasSizeGreaterThan(8);
    Path corpus = Files.createDirectories(folder.resolve("corpus"));
    Files.write(corpus.resolve("x.jsonl"), lines);
    Path out = folder.resolve("out");
    CommandLineRun.of("run", job(corpus, out).toString(), "--set", "report.enabled=false")
        .endedWith(3); // so many dead letters

    JsonNode read = JSON.readTree(Files.readAllLines(out.resolve("inputs.jsonl")).get(0));
    assertThat(JSON.convertValue(read.get("deadLetters"), Map.class)).isEqualTo(dead);
    assertThat(read.get("blank").asInt()).isEqualTo(blank);
    List<String> ids = new ArrayList<>();
    String shown = CommandLineRun.of("cat", out.toString(), "--jsonl").succeeded().out();
    for (String line : shown.lines().toList()) {
      ids.add(JSON.readTree(line).get("doc_id").asText());
    }
    assertThat(ids).isEqualTo(documents);
  }

  @Test
  void autoTellsFormatsByTheRulesOfThePage() throws IOException {
    Path corpus = Files.createDirectories(folder.resolve("corpus"));
    List<String> planned = new ArrayList<>();
    for (MatchResult rule :
        Pattern.compile("(?m)^\\d\\. (.* the name ends in|The name ends in)(.*): `(\\w+)`\\.$")
            .matcher(page())
            .results()
            .toList()) {
      for (String suffix : codes(rule.group(2))) {
        Files.writeString(corpus.resolve("file" + suffix), "x\n");
        planned.add("file" + suffix + " (" + rule.group(3) + ", none)");
      }
    }
    assertThat(planned).hasSize(12);
    Files.writeString(corpus.resolve("object"), "{\"a\":1}\n");
    Files.writeString(corpus.resolve("other.xml"), "<a/>\n");
    planned.add("object (jsonl, none)");
    planned.add("other.xml (unsupported, none)");
    String explained =
        CommandLineRun.of("run", job(corpus, folder.resolve("out")).toString(), "--explain")
            .succeeded()
            .out();
    assertThat(explained).contains(planned);
  }

  private Path job(Path corpus, Path out) throws IOException {
    return Files.writeString(
        folder.resolve("job.yaml"),
        "corpus: { inputs: [ '"
            + corpus
            + "' ] }\ntokenizer: { train: { vocabSize: 256, pattern: gpt2 } }\noutput: '"
            + out
            + "'\n");
  }
}
