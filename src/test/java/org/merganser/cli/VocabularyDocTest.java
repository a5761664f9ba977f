package org.merganser.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.ChildProcess;
import org.merganser.JavaProcess;
import org.merganser.pipeline.Jobs;

/** Runs the shell lines of docs/vocabulary.md on the sample, and compares what they print. */
@Tag("long")
final class VocabularyDocTest {
  private static final Pattern BLOCK =
      Pattern.compile("(?ms)^```sh\n(.*?)^```\n```text\n(.*?)^```$");

  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path folder;

  @Test
  void theLinesOfShellLearnEachSizeFromOneReadingAndCompareThem() throws Exception {
    Matcher block = BLOCK.matcher(Files.readString(Path.of("docs/vocabulary.md")));
    assertThat(block.find()).isTrue();
    splitTheSample();
    String printed = run(block.group(1));
    assertThat(printed).endsWith(block.group(2));
    assertThat(folder.resolve("sizes.html")).exists();

    Path direct = folder.resolve("direct");
    Jobs.train(direct, "--input %s --vocab-size 1000 --pattern qwen2", folder.resolve("texts"));
    assertThat(folder.resolve("sizes/1000/tokenizer.json"))
        .hasSameBinaryContentAs(direct.resolve("tokenizer.json"));
  }

  /** The second half of each text is held out. */
  private void splitTheSample() throws IOException {
    List<String> learned = new ArrayList<>();
    List<String> heldOut = new ArrayList<>();
    for (String file : List.of("asia", "europe", "symbols-and-code")) {
      for (String line : Files.readAllLines(Path.of("sample-data/corpus", file + ".jsonl"))) {
        JsonNode record = JSON.readTree(line);
        String text = record.get("text").textValue();
        int cut = text.offsetByCodePoints(0, text.codePointCount(0, text.length()) / 2);
        learned.add(record(text.substring(0, cut), record.get("lang")));
        heldOut.add(record(text.substring(cut), record.get("lang")));
      }
    }
    Files.write(Files.createDirectories(folder.resolve("texts")).resolve("a.jsonl"), learned);
    Files.write(Files.createDirectories(folder.resolve("held-out")).resolve("b.jsonl"), heldOut);
  }

  private static String record(String text, JsonNode lang) {
    return JSON.createObjectNode().put("text", text).<ObjectNode>set("lang", lang).toString();
  }

  private String run(String lines) throws Exception {
    Path program = Files.createDirectories(folder.resolve("bin")).resolve("merganser");
    String command =
        Stream.concat(
                JavaProcess.command(List.of(), Main.class.getName(), List.of()).stream()
                    .map(word -> "'" + word + "'"),
                Stream.of("\"$@\""))
            .collect(Collectors.joining(" "));
    Files.writeString(program, "#!/bin/sh\nexec " + command + "\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    ProcessBuilder shell =
        new ProcessBuilder("/bin/sh", "-e", "-c", lines)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .directory(folder.toFile());
    shell
        .environment()
        .merge("PATH", program.getParent().toString(), (old, own) -> own + ":" + old);
    Process process = ChildProcess.start(shell);
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return printed;
  }
}
