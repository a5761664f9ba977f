package org.merganser.pipeline.finish;

import com.fasterxml.jackson.databind.JsonNode;
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
import org.merganser.embedding.EmbeddingTable;
import org.merganser.json.Json;
import org.merganser.learn.ngram.NgramFile;
import org.merganser.output.OutputFile;
import org.merganser.output.WrittenFile;
import org.merganser.output.figures.IdHistogram;
import org.merganser.output.manifest.Manifest;
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
import org.merganser.pipeline.request.RunRecord;
import org.merganser.pipeline.worker.LocalFiles;
import org.merganser.pipeline.worker.WorkerTables;
import org.merganser.pipeline.worker.WorkerTokenizers;
import org.merganser.report.measure.TokenBytes;
import org.merganser.report.page.CutTextChoice;
import org.merganser.report.page.ReportPage;
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

/** Writes report.html of a finished run from its output folder, without the corpus. */
public final class ReportPublication {
  /** The path of the page. */
  static final String FILE = OutputFile.REPORT.path();

  /**
   * The maximum number of shards, spread over the corpus, in which the text is looked for that the
   * page cuts in several ways.
   */
  private static final int SAMPLED_SHARDS = 32;

  /** The rows at the beginning of each of these shards that are offered to the choice. */
  private static final int SAMPLED_ROWS = 8;

  /** The maximum bytes of the n-gram model in the page; in Base64 this is 3 MB. */
  private static final int MODEL_BYTES = 2_250_000;

  private final FileLocations paths;

  /** The paths that the commit deletes, which the page does not count. */
  private final Set<String> deletes;

  private final Manifest manifest;
  private final Tokenizer tokenizer;

  /** The maximum number of documents in the page; 0 for no text of any document. */
  private final int maxDocuments;

  private final TokenExamples examples = new TokenExamples();

  /** The ids in the shards that were read; empty unless {@link #readShards} counts them. */
  private final IdHistogram countedIds = new IdHistogram();

  private ReportPublication(FileLocations paths, Set<String> deletes) throws IOException {
    this.paths = paths;
    this.deletes = deletes;
    this.manifest = FinishedOutput.at(paths).manifest();
    this.tokenizer = WorkerTokenizers.get(FinishedOutput.at(paths).tokenizer());
    this.maxDocuments = manifest.job().at("/report/documents").asInt();
  }

  /**
   * Writes the page of the published version; returns its location.
   *
   * @param output the output folder
   * @throws RunException if there is no finished run, or one without statistics
   */
  public static String publish(String output) throws IOException {
    return publish(OutputPaths.of(output, false), Set.of());
  }

  /**
   * Writes the page of a version; returns its location.
   *
   * @param paths of a version that is published, or waits for its commit
   * @param deletes the paths that the commit deletes, which the page does not count
   * @throws RunException if the version has no statistics
   */
  static String publish(FileLocations paths, Set<String> deletes) throws IOException {
    FinishedOutput.at(paths).manifest(); // reports an output without a finished run first
    byte[] figures = OutputJson.find(paths, Statistics.FILE);
    if (figures == null) {
      throw RunException.wrong(
          "%s: has no %s, which a run writes that encodes with report.enabled: true; set it in the"
              + " job and run it again: its shards are kept",
          paths.root(), Statistics.FILE);
    }
    return new ReportPublication(paths, deletes).writePage(figures);
  }

  /**
   * Reads what the page needs, and writes it; returns its location.
   *
   * @param json the statistics
   */
  private String writePage(byte[] json) throws IOException {
    Statistics statistics = Statistics.read(json, paths.at(Statistics.FILE));
    IdHistogram keptIds = keptHistogram(json);
    List<ShownDocument> shown = shownDocuments();
    CutTextChoice cutText = newCutTextChoice(statistics, shown);
    readShards(keptIds == null, cutText);
    if (maxDocuments > 0) {
      offerBeginnings(cutText);
    }
    ReportIdentity identity = new ReportIdentity(paths, deletes, manifest, tokenizer, statistics);
    byte[] page =
        ReportPage.of(
            new ReportPage.Content(
                title(),
                identity.toJson(),
                statistics,
                tokenizer,
                keptIds == null ? countedIds : keptIds,
                examples,
                shown,
                cutText,
                vectorRows(),
                references(statistics),
                trainingAccounts(),
                ngrams()));
    String location = paths.at(FILE);
    FileStore.publish(location, page);
    return location;
  }

  /** A choice among the texts of the script and the group with the most text. */
  private CutTextChoice newCutTextChoice(Statistics statistics, List<ShownDocument> shown) {
    String script =
        statistics.scripts().stream()
            .max(Comparator.comparingLong(Statistics.ScriptRow::bytes))
            .map(Statistics.ScriptRow::script)
            .orElse(null);
    String group =
        statistics.groups().stream()
            .max(Comparator.comparingLong(Statistics.GroupRow::bytes))
            .map(Statistics.GroupRow::group)
            .orElse(null);
    List<String> shownNames = shown.stream().map(ShownDocument::document).toList();
    return new CutTextChoice(tokenizer, script, group, shownNames);
  }

  /** The name in the job, else the name of the output folder. */
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
    return receipt == null ? null : receipt.idHistogram();
  }

  /**
   * Reads shards until there are enough examples, or all of them if their ids are counted.
   *
   * @param countsIds whether ids are counted
   * @param cutText is offered the documents with examples
   */
  private void readShards(boolean countsIds, CutTextChoice cutText) throws IOException {
    ShardRow row = new ShardRow();
    for (String location : trainingShards()) {
      if (!countsIds && !wantsExamples()) {
        return;
      }
      try (ShardReader in = new ShardReader(LocalFiles.of(location))) {
        while (in.next(row) && (countsIds || wantsExamples())) {
          if (wantsExamples()) {
            examples.add(row.docId, row.ids, row.count);
            cutText.offer(row.docId, row.group, row.ids, row.count);
          }
          if (countsIds) {
            countedIds.addAll(row.ids, row.count);
          }
        }
      }
    }
  }

  private boolean wantsExamples() {
    return maxDocuments > 0 && !examples.isFull();
  }

  /**
   * Offers the beginnings of shards, spread over the corpus, whose main language may come after all
   * documents that examples are taken from; ends when a text of the main language is chosen.
   */
  private void offerBeginnings(CutTextChoice cutText) throws IOException {
    List<String> shards = trainingShards();
    ShardRow row = new ShardRow();
    int step = Math.max(1, (shards.size() + SAMPLED_SHARDS - 1) / SAMPLED_SHARDS);
    for (int at = 0; at < shards.size() && !cutText.isOfMostText(); at += step) {
      try (ShardReader in = new ShardReader(LocalFiles.of(shards.get(at)))) {
        for (int i = 0; i < SAMPLED_ROWS && !cutText.isOfMostText() && in.next(row); i++) {
          cutText.offer(row.docId, row.group, row.ids, row.count);
        }
      }
    }
  }

  /** The locations of the canonical shards of documents for training, in order. */
  private List<String> trainingShards() throws IOException {
    List<String> shards = new ArrayList<>();
    for (ShardSet set : FinishedOutput.at(paths).shards()) {
      shards.addAll(set.training().locations());
    }
    return shards;
  }

  /** The documents whose text is in the page, spread over the corpus. */
  private List<ShownDocument> shownDocuments() throws IOException {
    List<ShownDocument> shown = new ArrayList<>();
    TokenBytes bytes = new TokenBytes(tokenizer);
    List<WrittenFile> shards =
        FinishedOutput.at(paths).outputs().stream()
            .filter(file -> file.path().startsWith(Manifest.CANONICAL_SHARDS))
            .toList();
    SortedSet<Long> chosen =
        ShownDocument.choose(shards.stream().mapToLong(WrittenFile::documents).sum(), maxDocuments);
    long first = 0;
    for (WrittenFile shard : shards) {
      SortedSet<Long> ofShard = chosen.subSet(first, first + shard.documents());
      if (!ofShard.isEmpty()) {
        addShown(shard, first, ofShard, bytes, shown);
      }
      first += shard.documents();
    }
    return shown;
  }

  /**
   * Adds the chosen documents of a shard.
   *
   * @param first the place in the corpus of the first document of the shard
   * @param chosen the places in the corpus of the chosen documents; not empty
   */
  private void addShown(
      WrittenFile shard,
      long first,
      SortedSet<Long> chosen,
      TokenBytes bytes,
      List<ShownDocument> shown)
      throws IOException {
    ShardRow row = new ShardRow();
    try (ShardReader in = new ShardReader(LocalFiles.of(paths.at(shard.path())))) {
      for (long at = first; at <= chosen.last() && in.next(row); at += row.documents()) {
        if (row.documents() > 0 && chosen.contains(at)) {
          shown.add(ShownDocument.of(row.docId, row.group, row.ids, row.count, bytes));
        }
      }
    }
  }

  /**
   * The rows of the embedding table that the job names, or else of the learned one; null without a
   * table, or if it is missing or has changed.
   */
  private @Nullable VectorRows vectorRows() throws IOException {
    String named = FinishedOutput.at(paths).embeddingTable();
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
    int rows = Math.min(table.rows(), tokenizer.idBound());
    return VectorRows.of(rows, table.dim(), (id, to) -> table.row(id, to, 0));
  }

  /**
   * The compared tokenizers that are still what they were, by their place in the comparison; place
   * 0 is the run's own.
   */
  private SortedMap<Integer, Tokenizer> references(Statistics statistics) throws IOException {
    SortedMap<Integer, Tokenizer> found = new TreeMap<>();
    VocabularyComparison compared = statistics.comparison();
    if (compared == null) {
      return found;
    }
    int rows = compared.vocabularies().size();
    for (int place = 1; place < rows; place++) {
      String named = FinishedOutput.at(paths).referenceTokenizer(place - 1);
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

  /** What training recorded about groups and about parity, by file name; without missing files. */
  private Map<String, JsonNode> trainingAccounts() throws IOException {
    Map<String, JsonNode> found = new LinkedHashMap<>();
    for (String name : List.of(TrainingGroups.FILE, TrainingParity.FILE)) {
      byte[] account = OutputJson.find(paths, paths.tokenizerFile(name));
      if (account != null) {
        found.put(name, Json.MAPPER.readTree(account));
      }
    }
    return found;
  }

  /** The learned n-gram model, cut to the size for a page; null if there is none. */
  private byte @Nullable [] ngrams() throws IOException {
    byte[] model = OutputJson.find(paths, OutputPaths.NGRAMS);
    return model == null ? null : NgramFile.within(MODEL_BYTES, model, OutputPaths.NGRAMS);
  }
}
