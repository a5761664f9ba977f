package org.merganser.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Seeds;
import org.merganser.cli.CommandLineRun;
import org.merganser.json.Json;
import org.merganser.pipeline.Jobs;
import org.merganser.shard.NodeJs;

/** The page of a run whose vocabulary has a million tokens, in Chromium. */
@Tag("page")
final class LargePageBrowserTest {
  private static final int TOKENS = 1_000_000;

  /** Characters of a part of a new token. */
  private static final int LONGEST_PART = 7;

  @TempDir Path folder;

  /** Its merges are random, so that they compress worst. */
  @Test
  void aMillionTokensFitIntoTenMegabytes() throws IOException, InterruptedException {
    Path table = folder.resolve("table.parquet");
    Jobs.table(table, TOKENS, 8);
    Path out = folder.resolve("out");
    CommandLineRun.line(
            "run pipelines/sample.yaml %s %s --set=output=%s",
            "--set=tokenizer={load: '" + tokenizer() + "'}",
            "--set=embeddings={table: '" + table + "', output: [rows]}",
            out)
        .succeeded();
    Path page = out.resolve("report.html");
    assertThat(Files.size(page)).isBetween(6_000_000L, 9_999_999L);
    Files.writeString(folder.resolve("page-args.json"), Json.line(List.of(page.toString())));
    List<String> said = NodeJs.run("large.js", folder);
    assertThat(said).hasSize(1);
    JsonNode seen = new ObjectMapper().readTree(said.get(0));
    System.out.printf("%,d bytes, %s%n", Files.size(page), seen);
    assertThat(seen.path("said")).isEmpty();
    assertThat(seen.path("found").intValue()).isPositive();
    assertThat(seen.path("card").textValue()).contains("the");
    assertThat(seen.path("bars").intValue()).isPositive();
  }

  private Path tokenizer() throws IOException {
    Path small = folder.resolve("small");
    Jobs.train(
        small,
        "--input=sample-data/corpus --format=jsonl --vocab-size=1000 --pattern=qwen2"
            + " --special-token=<|endoftext|>");
    ObjectNode json =
        (ObjectNode) new ObjectMapper().readTree(small.resolve("tokenizer.json").toFile());
    ObjectNode vocabulary = (ObjectNode) json.at("/model/vocab");
    ArrayNode merges = (ArrayNode) json.at("/model/merges");
    Set<String> known = new HashSet<>();
    List<String> parts = new ArrayList<>();
    vocabulary.fieldNames().forEachRemaining(known::add);
    known.stream().filter(token -> isPart(token)).sorted().forEach(parts::add);
    Random random = new Random(Seeds.next());
    while (vocabulary.size() < TOKENS) {
      String left = parts.get(random.nextInt(parts.size()));
      String right = parts.get(random.nextInt(parts.size()));
      String token = left + right;
      if (known.add(token)) {
        vocabulary.put(token, vocabulary.size());
        merges.addArray().add(left).add(right);
        if (isPart(token)) {
          parts.add(token);
        }
      }
    }
    Path large = folder.resolve("large.json");
    Files.write(large, new ObjectMapper().writeValueAsBytes(json));
    return large;
  }

  private static boolean isPart(String token) {
    return token.length() <= LONGEST_PART && !token.startsWith("<|");
  }
}
