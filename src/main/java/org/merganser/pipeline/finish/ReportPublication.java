package org.merganser.pipeline.finish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.corpus.plan.SkippedInputs;
import org.merganser.embedding.EmbeddingTable;
import org.merganser.json.Json;
import org.merganser.learn.ngram.NgramFile;
import org.merganser.message.Phrase;
import org.merganser.message.ProgramVersion;
import org.merganser.output.WrittenFile;
import org.merganser.output.figures.IdHistogram;
import org.merganser.output.manifest.Manifest;
import org.merganser.output.manifest.Manifest.ExcludedIdCounts;
import org.merganser.output.manifest.ManifestWriter;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.measure.StatisticsPublication;
import org.merganser.pipeline.output.FileLocations;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.pipeline.output.finished.OutputJson;
import org.merganser.pipeline.output.finished.TokenizerLocation;
import org.merganser.pipeline.output.receipt.Receipts;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.pipeline.progress.RunTimes;
import org.merganser.pipeline.request.RunRecord;
import org.merganser.pipeline.worker.LocalFiles;
import org.merganser.pipeline.worker.WorkerTables;
import org.merganser.pipeline.worker.WorkerTokenizers;
import org.merganser.report.measure.TokenBytes;
import org.merganser.report.page.ReportPage;
import org.merganser.report.page.SampleChoice;
import org.merganser.report.page.ShownDocument;
import org.merganser.report.page.TokenExamples;
import org.merganser.report.page.VectorRows;
import org.merganser.report.statistics.NamedTokenizer;
import org.merganser.report.statistics.Statistics;
import org.merganser.report.statistics.TrainingGroups;
import org.merganser.report.statistics.TrainingParity;
import org.merganser.report.statistics.VocabularyComparison;
import org.merganser.shard.ShardReader;
import org.merganser.shard.ShardRow;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.TokenizerFolder;

/** Writes report.html of a finished run from its output folder, without the corpus. */
public final class ReportPublication {
  static final String FILE = "report.html";

  /**
   * The shards, spread over the corpus, and the rows of each, among which a sample is looked for.
   */
  private static final int MOST_SAMPLED_SHARDS = 32;

  private static final int SAMPLED_ROWS = 8;

  /** The maximum bytes of the n-gram model in the page; in Base64 this is 3 MB. */
  private static final int MODEL_BYTES = 2_250_000;

  private static final int SHOWN_SKIPPED = 1000;

  private static final List<String> FILES =
      List.of(
          Manifest.FILE,
          Manifest.STATISTICS,
          Manifest.INPUTS,
          Manifest.OUTPUTS,
          Manifest.TOKENIZER + "/" + TokenizerFolder.TOKENIZER_JSON,
          Manifest.SHARDS + "/",
          Manifest.EMBEDDED + "/",
          Manifest.LEARNED + "/",
          Manifest.VALIDATION + "/",
          Manifest.DEAD_LETTERS + "/");

  private final FileLocations paths;

  /** The paths that the commit deletes, which the page does not count. */
  private final Set<String> deletes;

  private final Manifest manifest;
  private final Tokenizer tokenizer;

  /** The number of documents in the page; 0 for no text of any document. */
  private final int documents;

  private final TokenExamples examples = new TokenExamples();
  private final IdHistogram counted = new IdHistogram();
  private List<ShownDocument> shown = List.of();

  private ReportPublication(FileLocations paths, Set<String> deletes) throws IOException {
    this.paths = paths;
    this.deletes = deletes;
    this.manifest = FinishedOutput.at(paths).manifest();
    this.tokenizer = WorkerTokenizers.get(FinishedOutput.at(paths).tokenizer());
    this.documents = manifest.job().at("/report/documents").asInt();
  }

  /**
   * Returns the location of the page.
   *
   * @throws RunException if there is no finished run, or one without statistics
   */
  public static String publish(String output) throws IOException {
    return publish(OutputPaths.of(output, false), Set.of());
  }

  /**
   * @param paths of a version that is published, or waits for its commit
   * @param deletes the paths that the commit deletes
   */
  static String publish(FileLocations paths, Set<String> deletes) throws IOException {
    FinishedOutput.at(paths).manifest();
    byte[] figures = OutputJson.find(paths, Statistics.FILE);
    if (figures == null) {
      throw RunException.wrong(
          "%s: has no %s, which a run writes that encodes with report.enabled: true; set it in the"
              + " job and run it again: its shards are kept",
          paths.root(), Statistics.FILE);
    }
    return new ReportPublication(paths, deletes).make(figures, paths.at(Statistics.FILE));
  }

  private String make(byte[] json, String name) throws IOException {
    Statistics statistics = Statistics.read(json, name);
    IdHistogram kept = keptHistogram(json);
    shown = shown();
    SampleChoice sample =
        new SampleChoice(
            tokenizer,
            statistics.scripts().stream()
                .max(Comparator.comparingLong(Statistics.ScriptRow::bytes))
                .map(Statistics.ScriptRow::script)
                .orElse(null),
            statistics.groups().stream()
                .max(Comparator.comparingLong(Statistics.GroupRow::bytes))
                .map(Statistics.GroupRow::group)
                .orElse(null),
            shown.stream().map(ShownDocument::document).toList());
    readShards(kept == null, sample);
    if (documents > 0) {
      lookForSample(sample);
    }
    byte[] page =
        ReportPage.of(
            new ReportPage.Content(
                title(),
                identity(statistics),
                statistics,
                tokenizer,
                kept == null ? counted : kept,
                examples,
                shown,
                sample,
                rows(),
                references(statistics),
                learned(),
                ngrams()));
    String location = paths.at(FILE);
    FileStore.publish(location, page);
    return location;
  }

  private String title() throws IOException {
    String root = paths.root();
    String name = RunRecord.name(paths);
    return name == null ? root.substring(root.lastIndexOf('/') + 1) : name;
  }

  /** The id counts of the statistics, if {@code run/} still has them. */
  private @Nullable IdHistogram keptHistogram(byte[] statistics) throws IOException {
    UnitReceipt receipt =
        Receipts.find(
            paths,
            StatisticsPublication.fingerprint(Sha256.of(statistics)),
            OutputPaths.AFTER_ALL_UNITS);
    return receipt == null ? null : receipt.counted();
  }

  private void readShards(boolean count, SampleChoice sample) throws IOException {
    ShardRow row = new ShardRow();
    for (ShardSet set : FinishedOutput.at(paths).shards()) {
      for (String location : set.training().locations()) {
        if (!wantsExamples() && !count) {
          return;
        }
        try (ShardReader in = new ShardReader(LocalFiles.of(location))) {
          while (in.next(row) && (count || wantsExamples())) {
            if (wantsExamples()) {
              examples.add(row.docId, row.ids, row.count);
              sample.offer(row.docId, row.group, row.ids, row.count);
            }
            if (count) {
              counted.addAll(row.ids, row.count);
            }
          }
        }
      }
    }
  }

  /**
   * Looks for a better sample at the beginnings of shards over the whole corpus, whose main
   * language may come after all documents that examples are taken from.
   */
  private void lookForSample(SampleChoice sample) throws IOException {
    List<String> shards = new ArrayList<>();
    for (ShardSet set : FinishedOutput.at(paths).shards()) {
      shards.addAll(set.training().locations());
    }
    ShardRow row = new ShardRow();
    int step = Math.max(1, (shards.size() + MOST_SAMPLED_SHARDS - 1) / MOST_SAMPLED_SHARDS);
    for (int at = 0; at < shards.size() && !sample.isOfMostText(); at += step) {
      try (ShardReader in = new ShardReader(LocalFiles.of(shards.get(at)))) {
        for (int i = 0; i < SAMPLED_ROWS && !sample.isOfMostText() && in.next(row); i++) {
          sample.offer(row.docId, row.group, row.ids, row.count);
        }
      }
    }
  }

  private boolean wantsExamples() {
    return documents > 0 && !examples.isFull();
  }

  private List<ShownDocument> shown() throws IOException {
    List<ShownDocument> shown = new ArrayList<>();
    TokenBytes bytes = new TokenBytes(tokenizer);
    List<WrittenFile> shards =
        FinishedOutput.at(paths).outputs().stream()
            .filter(file -> file.path().startsWith(ManifestWriter.SHARDS))
            .toList();
    SortedSet<Long> chosen =
        ShownDocument.choose(shards.stream().mapToLong(WrittenFile::documents).sum(), documents);
    long first = 0;
    ShardRow row = new ShardRow();
    for (WrittenFile shard : shards) {
      SortedSet<Long> here = chosen.subSet(first, first + shard.documents());
      if (!here.isEmpty()) {
        try (ShardReader in = new ShardReader(LocalFiles.of(paths.at(shard.path())))) {
          for (long at = first; at <= here.last() && in.next(row); at += row.documents()) {
            if (row.documents() > 0 && here.contains(at)) {
              shown.add(ShownDocument.of(row.docId, row.group, row.ids, row.count, bytes));
            }
          }
        }
      }
      first += shard.documents();
    }
    return shown;
  }

  private ObjectNode identity(Statistics statistics) throws IOException {
    ObjectNode identity = Json.MAPPER.createObjectNode();
    ProgramVersion version = ProgramVersion.current();
    identity.put("version", version.version());
    ArrayNode files = identity.putArray("files");
    List<WrittenFile> outputs = FinishedOutput.at(paths).outputs();
    for (String name : FILES) {
      boolean isThere =
          name.endsWith("/")
              ? outputs.stream().anyMatch(file -> file.path().startsWith(name))
              : FileStore.of(paths.at(name)).exists(paths.at(name));
      if (isThere) {
        files.add(name);
      }
    }
    ArrayNode facts = identity.putArray("facts");
    fact(
        facts,
        "page made by",
        "Merganser %s, commit %s".formatted(version.version(), version.commit()));
    RunRecord record = RunRecord.find(paths);
    if (record != null) {
      record.warnings().forEach(warning -> fact(facts, "look at", warning));
    }
    fact(facts, "request", manifest.request().sha256());
    fact(facts, "data", manifest.data());
    fact(facts, "tokenizer.json, sha256", manifest.tokenizerSha256());
    fact(facts, "normalizer", orNone(tokenizer.normalizerJson()));
    fact(facts, "pre-tokenizer", orNone(tokenizer.preTokenizerJson()));
    fact(facts, "ids", number(manifest.vocabulary()));
    fact(facts, "merges", number(tokenizer.model().mergeCount()));
    fact(facts, "inputs.jsonl, sha256", manifest.inputs().sha256());
    fact(facts, "outputs.jsonl, sha256", manifest.outputs().sha256());
    mark(facts, "begin with ", statistics.begun(), statistics);
    mark(facts, "end with ", statistics.ended(), statistics);
    Long lossTokens = manifest.totals().sums().lossTokens();
    if (lossTokens != null) {
      fact(
          facts,
          "tokens with loss",
          number(lossTokens) + " of " + number(manifest.totals().sums().tokens()));
    }
    identity.set("packing", Json.MAPPER.valueToTree(FinishedOutput.at(paths).packing()));
    ExcludedIdCounts excluded = manifest.excludedIds();
    if (excluded != null) {
      fact(
          facts,
          "ids to leave out",
          excluded.ids() + ", of which " + excluded.withoutDocument() + " match no document");
    }
    if (manifest.embeddingsSha256() != null) {
      fact(facts, "embedding table, sha256", manifest.embeddingsSha256());
    }
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

  private static ArrayNode skipped(List<SkippedInputs.Line> unread) {
    ArrayNode shown = Json.MAPPER.createArrayNode();
    Map<String, Integer> more = new LinkedHashMap<>();
    for (SkippedInputs.Line line : unread) {
      if (line.path() == null || shown.size() == SHOWN_SKIPPED) {
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

  private static void mark(
      ArrayNode facts, String what, Statistics.@Nullable Mark mark, Statistics all) {
    if (mark != null) {
      fact(
          facts,
          what + mark.token(),
          number(mark.documents()) + " of " + number(all.documents()) + " documents");
    }
  }

  private static String orNone(String json) {
    return json.equals("null") ? "none" : json;
  }

  private static String number(long value) {
    return Phrase.of("%,d", value);
  }

  private static void fact(ArrayNode facts, String name, @Nullable String value) {
    facts.addArray().add(name).add(value);
  }

  private byte @Nullable [] ngrams() throws IOException {
    byte[] model = OutputJson.find(paths, OutputPaths.NGRAMS);
    return model == null ? null : NgramFile.within(MODEL_BYTES, model, OutputPaths.NGRAMS);
  }

  /** By file name. */
  private Map<String, JsonNode> learned() throws IOException {
    Map<String, JsonNode> found = new LinkedHashMap<>();
    for (String name : List.of(TrainingGroups.FILE, TrainingParity.FILE)) {
      byte[] account = OutputJson.find(paths, paths.tokenizerFile(name));
      if (account != null) {
        found.put(name, Json.MAPPER.readTree(account));
      }
    }
    return found;
  }

  private SortedMap<Integer, Tokenizer> references(Statistics statistics) throws IOException {
    SortedMap<Integer, Tokenizer> found = new TreeMap<>();
    VocabularyComparison compared = statistics.comparison();
    if (compared == null) {
      return found;
    }
    int rows = compared.vocabularies().size();
    for (int place = 1; place < rows; place++) { // 0 is the run's own tokenizer
      String named = FinishedOutput.at(paths).location("/report/reference/" + (place - 1));
      if (named == null || !FileStore.of(named).exists(named)) {
        continue;
      }
      String file = TokenizerLocation.of(named, "report.reference");
      NamedTokenizer read = NamedTokenizer.read(FileStore.of(file).readAll(file), named);
      if (read.sha256().equals(compared.vocabularies().get(place).sha256())) {
        found.put(place, read.tokenizer());
      }
    }
    return found;
  }

  private @Nullable VectorRows rows() throws IOException {
    String named = FinishedOutput.at(paths).location("/embeddings/table");
    String path = named == null ? paths.at(OutputPaths.LEARNED_VECTORS) : named;
    FileStore store = FileStore.of(path);
    if (manifest.embeddingsSha256() == null || !store.exists(path) || store.isFolder(path)) {
      return null;
    }
    FileRef ref = new FileRef(path, manifest.embeddingsSha256());
    if (WorkerTables.find(ref.sha256()) == null && !Receipts.sha256(path).equals(ref.sha256())) {
      return null;
    }
    EmbeddingTable table = WorkerTables.get(ref);
    return VectorRows.of(
        Math.min(table.rows(), tokenizer.idBound()), table.dim(), (id, to) -> table.row(id, to, 0));
  }
}
