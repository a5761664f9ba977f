package org.merganser.pipeline.finish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.merganser.json.Json;
import org.merganser.output.WrittenFile;
import org.merganser.output.figures.RecordSums;
import org.merganser.pipeline.output.deadletter.LostFiles;

/** The form of the summary in JSON, and what it counts of the published files. */
final class RunSummaryTest {
  private static WrittenFile file(String path, String content) {
    return WrittenFile.ofContent(path, content.getBytes(UTF_8));
  }

  @Test
  void inJsonThePartsAreOneObjectWithTheirMembersInOrder() {
    RunSummary summary =
        new RunSummary(
            new RunSummary.Version("out", "request", "data", Map.of(), Map.of()),
            RunSummary.Encoded.of(RecordSums.ZERO),
            new RunSummary.Omitted(0, 0, null, 0),
            new RunSummary.Losses(new TreeMap<>(), false, null, "not in JSON"),
            new RunSummary.Inputs(new TreeMap<>(), new TreeMap<>(), null, List.of()),
            new RunSummary.Remarks(List.of(), false, LostFiles.NONE, null),
            new RunSummary.Vocabulary(256, null),
            new RunSummary.Work(null, null, null, null, 1, 0),
            new RunSummary.Report(List.of(), null, 0));
    ObjectNode json = Json.MAPPER.valueToTree(summary);
    List<String> keys = new ArrayList<>();
    json.fieldNames().forEachRemaining(keys::add);
    assertThat(String.join(" ", keys))
        .isEqualTo(
            "output request data parts opened documents textBytes tokens lossTokens"
                + " validationDocuments validationTokens duplicates excluded excludedIds testSplit"
                + " deadLetters tooManyDeadLetters records leftOut waiting night warnings foreign"
                + " keptCard lost fieldWithoutGroups vocabularySize vocabularyChange published"
                + " training packing times unitsEncoded unitsKept verdict page pageDocuments");
  }

  @Test
  void changesOfPublishedFilesAreCountedWithoutFigures() {
    List<WrittenFile> earlier =
        List.of(
            file("README.md", "a card"),
            file("shards/parquet/part-0000000-000.parquet", "kept"),
            file("shards/parquet/part-0000001-000.parquet", "old"),
            file("shards/parquet/part-0000002-000.parquet", "deleted"));
    List<WrittenFile> now =
        List.of(
            file("README.md", "another card"),
            file("shards/parquet/part-0000000-000.parquet", "kept"),
            file("shards/parquet/part-0000001-000.parquet", "new"),
            file("shards/parquet/part-0000003-000.parquet", "added"),
            file("shards/parquet/part-0000004-000.parquet", "added"));
    assertThat(PublishedChanges.of(earlier, now)).isEqualTo(new PublishedChanges(2, 1, 1, 3));
  }
}
