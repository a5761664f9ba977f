package org.merganser.pipeline.finish;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.plan.SkippedInputs;
import org.merganser.json.Json;
import org.merganser.message.Phrase;
import org.merganser.message.ProgramVersion;
import org.merganser.output.ListedFolders;
import org.merganser.output.WrittenFile;
import org.merganser.output.figures.RecordSums;
import org.merganser.output.manifest.Manifest;
import org.merganser.output.manifest.Manifest.ExcludedIdCounts;
import org.merganser.pipeline.output.FileLocations;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.pipeline.progress.RunTimes;
import org.merganser.pipeline.request.RunRecord;
import org.merganser.report.statistics.Statistics;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.TokenizerFolder;

/** The facts about a finished run in its page: the program, the inputs, and what was not read. */
final class ReportIdentity {
  /** Files and folders of an output that the page names if they exist. */
  private static final List<String> FILES =
      List.of(
          Manifest.FILE,
          Manifest.STATISTICS,
          Manifest.INPUTS,
          Manifest.OUTPUTS,
          ListedFolders.TOKENIZER + "/" + TokenizerFolder.TOKENIZER_JSON,
          ListedFolders.SHARDS + "/",
          ListedFolders.EMBEDDED + "/",
          ListedFolders.LEARNED + "/",
          ListedFolders.VALIDATION + "/",
          ListedFolders.DEAD_LETTERS + "/");

  /** Unread files beyond this number are counted by reason. */
  private static final int MAX_SKIPPED = 1000;

  private final FileLocations paths;

  /** The paths that the commit deletes, which the page does not count. */
  private final Set<String> deletes;

  private final Manifest manifest;
  private final Tokenizer tokenizer;
  private final Statistics statistics;

  /**
   * @param paths of the version that the page is about
   * @param deletes the paths that the commit deletes, which the page does not count
   */
  ReportIdentity(
      FileLocations paths,
      Set<String> deletes,
      Manifest manifest,
      Tokenizer tokenizer,
      Statistics statistics) {
    this.paths = paths;
    this.deletes = deletes;
    this.manifest = manifest;
    this.tokenizer = tokenizer;
    this.statistics = statistics;
  }

  /** The JSON that the script of the page reads. */
  ObjectNode toJson() throws IOException {
    ObjectNode identity = Json.MAPPER.createObjectNode();
    identity.put("version", ProgramVersion.current().version());
    identity.set("files", files());
    identity.set("facts", facts());
    identity.set("packing", Json.MAPPER.valueToTree(FinishedOutput.at(paths).packing()));
    ArrayNode dead = identity.putArray("deadLetters");
    statistics.deadLetters().forEach((reason, count) -> dead.addArray().add(reason).add(count));
    List<SkippedInputs.Line> unread = SkippedInputs.read(paths.at(OutputPaths.SKIPPED));
    identity.set("skipped", skipped(unread));
    identity.set(
        "sources", Json.MAPPER.valueToTree(SourceFigures.of(paths, manifest, unread, deletes)));
    identity.put("job", manifest.job().toPrettyString());
    identity.set("times", Json.MAPPER.valueToTree(RunTimes.find(paths)));
    return identity;
  }

  /** The names in {@link #FILES} that exist. */
  private ArrayNode files() throws IOException {
    ArrayNode files = Json.MAPPER.createArrayNode();
    List<WrittenFile> outputs = FinishedOutput.at(paths).outputs();
    for (String name : FILES) {
      boolean exists =
          name.endsWith("/")
              ? outputs.stream().anyMatch(file -> file.path().startsWith(name))
              : FileStore.of(paths.at(name)).exists(paths.at(name));
      if (exists) {
        files.add(name);
      }
    }
    return files;
  }

  /**
   * Names and values in the order of the page: what every run has, then what only some jobs have.
   */
  private ArrayNode facts() throws IOException {
    ArrayNode facts = Json.MAPPER.createArrayNode();
    ProgramVersion version = ProgramVersion.current();
    add(
        facts,
        "page made by",
        "Merganser %s, commit %s".formatted(version.version(), version.commit()));
    RunRecord record = RunRecord.find(paths);
    if (record != null) {
      record.warnings().forEach(warning -> add(facts, "look at", warning));
    }
    add(facts, "request", manifest.request().sha256());
    add(facts, "data", manifest.data());
    add(facts, "tokenizer.json, sha256", manifest.tokenizerSha256());
    add(facts, "normalizer", orNone(tokenizer.normalizerJson()));
    add(facts, "pre-tokenizer", orNone(tokenizer.preTokenizerJson()));
    add(facts, "ids", number(manifest.idBound()));
    add(facts, "merges", number(tokenizer.model().mergeCount()));
    add(facts, "inputs.jsonl, sha256", manifest.inputs().sha256());
    add(facts, "outputs.jsonl, sha256", manifest.outputs().sha256());
    addOptionalFacts(facts);
    return facts;
  }

  /** Adds the marks of documents, the loss mask, the excluded ids and the embedding table. */
  private void addOptionalFacts(ArrayNode facts) {
    addMark(facts, "begin with ", statistics.begun());
    addMark(facts, "end with ", statistics.ended());
    RecordSums sums = manifest.totals().sums();
    if (sums.lossTokens() != null) {
      add(facts, "tokens with loss", number(sums.lossTokens()) + " of " + number(sums.tokens()));
    }
    ExcludedIdCounts excluded = manifest.excludedIds();
    if (excluded != null) {
      add(
          facts,
          "ids to leave out",
          excluded.ids() + ", of which " + excluded.withoutDocument() + " match no document");
    }
    if (manifest.embeddingsSha256() != null) {
      add(facts, "embedding table, sha256", manifest.embeddingsSha256());
    }
  }

  private static void add(ArrayNode facts, String name, @Nullable String value) {
    facts.addArray().add(name).add(value);
  }

  /** Adds how many documents begin or end with a token, if they were counted. */
  private void addMark(ArrayNode facts, String verb, Statistics.@Nullable Mark mark) {
    if (mark != null) {
      add(
          facts,
          verb + mark.token(),
          number(mark.documents()) + " of " + number(statistics.documents()) + " documents");
    }
  }

  /** The path, size and reason of each unread file, then how many more there are by reason. */
  private static ArrayNode skipped(List<SkippedInputs.Line> unread) {
    ArrayNode shown = Json.MAPPER.createArrayNode();
    Map<String, Integer> more = new LinkedHashMap<>();
    for (SkippedInputs.Line line : unread) {
      if (line.path() == null || shown.size() == MAX_SKIPPED) {
        more.merge(line.reason(), line.more() == null ? 1 : line.more(), Integer::sum);
      } else {
        shown.addArray().add(line.path()).add(line.size()).add(line.reason());
      }
    }
    more.forEach(
        (reason, count) ->
            shown.addArray().add("and " + number(count) + " more").add((Long) null).add(reason));
    return shown;
  }

  /** The JSON of a part of a tokenizer.json, or "none" if the tokenizer does not have the part. */
  private static String orNone(String json) {
    return json.equals("null") ? "none" : json;
  }

  private static String number(long value) {
    return Phrase.of("%,d", value);
  }
}
