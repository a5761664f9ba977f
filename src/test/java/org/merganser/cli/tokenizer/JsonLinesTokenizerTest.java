package org.merganser.cli.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.json.Json;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.output.RunException;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.TestTokenizers;
import org.merganser.tokenizer.Tokenizer;

final class JsonLinesTokenizerTest {
  @TempDir Path folder;

  @Test
  void answersALineBeforeTheNextOneComes() throws Exception {
    PipedOutputStream question = new PipedOutputStream();
    PipedInputStream in = new PipedInputStream(question, 1 << 16);
    PipedInputStream answer = new PipedInputStream(1 << 16);
    PipedOutputStream out = new PipedOutputStream(answer);
    Path text = Files.writeString(folder.resolve("text.txt"), "low lower lowest");
    Jobs.train(folder.resolve("out"), "--input %s --vocab-size 260 --pattern gpt2", text);
    Tokenizer loaded = Tokenizer.read(folder.resolve("out/tokenizer.json"));
    Thread server =
        new Thread(
            () -> {
              try (out) {
                new JsonLinesTokenizer(loaded.newEncoder(SpecialText.TEXT))
                    .encodeLines(in, new BufferedOutputStream(out, 1 << 16));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    server.start();
    for (int i = 0; i < 3; i++) {
      question.write("{\"text\": \"low\"}\n".getBytes(UTF_8));
      question.flush();
      StringBuilder line = new StringBuilder();
      for (int c = answer.read(); c != '\n' && c >= 0; c = answer.read()) {
        line.append((char) c);
      }
      assertThat(line.toString()).matches("\\{\"ids\":\\[\\d+(,\\d+)*]}");
    }
    question.close();
    server.join();
    assertThat(answer.read()).isEqualTo(-1);
  }

  @Test
  void aTextThatTheNormalizerMakesTooLongIsAnErrorOfItsLine() throws Exception {
    ObjectNode file = (ObjectNode) Json.MAPPER.readTree(TestTokenizers.byteLevel());
    ObjectNode replace = file.putObject("normalizer").put("type", "Replace");
    replace.putObject("pattern").put("String", "x");
    replace.put("content", "a".repeat(100_000));
    Tokenizer growing = Tokenizer.read(Json.MAPPER.writeValueAsBytes(file), "growing");
    String lines = "{\"text\": \"a\"}\n{\"text\": \"xx\"}\n";
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    assertThatThrownBy(
            () ->
                new JsonLinesTokenizer(growing.newEncoder(SpecialText.TEXT))
                    .encodeLines(
                        new ByteArrayInputStream(lines.getBytes(UTF_8)),
                        new BufferedOutputStream(written)))
        .isInstanceOf(RunException.class)
        .hasMessageStartingWith("standard input, line 2: the normalizer makes more than");
    assertThat(written.toString(UTF_8)).matches("\\{\"ids\":\\[\\d+]}\n");
  }
}
