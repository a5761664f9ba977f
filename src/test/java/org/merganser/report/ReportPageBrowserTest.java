package org.merganser.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.bpe.IdBuffer;
import org.merganser.cli.CommandLineRun;
import org.merganser.json.Json;
import org.merganser.shard.NodeJs;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.Tokenizer;

/**
 * The page in a real Chromium, at two widths: {@code src/test/node/page.js} opens it and says what
 * it found. Screenshots go to target/report-screenshots.
 */
@Tag("page")
final class ReportPageBrowserTest {
  private static final String TEXT = "the sun </script> e\u0301 \u202E\u0000 <|endoftext|>";

  @TempDir Path folder;

  @Test
  void showsEverySectionWithoutAnErrorAndEncodesWhatIsPasted()
      throws IOException, InterruptedException {
    Path reference = folder.resolve("reference");
    CommandLineRun.of(
            "train",
            "--input",
            "sample-data/corpus",
            "--format",
            "jsonl",
            "--vocab-size",
            "400",
            "--pattern",
            "gpt2",
            "--output",
            reference.toString())
        .succeeded();
    Path out = folder.resolve("out");
    CommandLineRun.of(
            "run",
            "pipelines/sample.yaml",
            "--set",
            "output=" + out,
            "--set",
            "report.reference=" + reference.resolve("tokenizer.json"))
        .succeeded();
    Path pictures = Files.createDirectories(Path.of("target/report-screenshots"));
    Files.writeString(
        folder.resolve("page-args.json"),
        Json.line(
            List.of(out.resolve("report.html").toString(), pictures.toAbsolutePath().toString())));
    List<String> lines = NodeJs.run(folder, Files.readString(Path.of("src/test/node/page.js")));
    assertThat(lines).as("%s", lines).hasSize(2);
    Tokenizer tokenizer = Tokenizer.read(out.resolve("tokenizer/tokenizer.json"));
    for (String line : lines) {
      JsonNode seen = new ObjectMapper().readTree(line);
      assertThat(seen.path("said")).as(line).isEmpty();
      assertThat(seen.path("found").asBoolean()).as("search").isTrue();
      assertThat(seen.path("tree").asBoolean()).as("merge tree").isTrue();
      assertThat(seen.path("examples").asBoolean()).as("examples").isTrue();
      assertThat(seen.path("ids").asText()).isEqualTo(ids(tokenizer, SpecialText.TEXT));
      assertThat(seen.path("special").asText()).isEqualTo(ids(tokenizer, SpecialText.PARSE));
    }
  }

  private static String ids(Tokenizer tokenizer, SpecialText special) {
    IdBuffer ids = new IdBuffer(64);
    byte[] utf8 = TEXT.getBytes(StandardCharsets.UTF_8);
    tokenizer.newEncoder(special).encode(utf8, 0, utf8.length, ids);
    return Arrays.stream(ids.toArray())
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(" "));
  }
}
