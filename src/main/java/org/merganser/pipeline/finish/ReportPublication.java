package org.merganser.pipeline.finish;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.embedding.EmbeddingTable;
import org.merganser.json.Json;
import org.merganser.learn.ngram.NgramFile;
import org.merganser.output.OutputFile;
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
import org.merganser.pipeline.request.RunRecord;
import org.merganser.pipeline.worker.WorkerTables;
import org.merganser.pipeline.worker.WorkerTokenizers;
import org.merganser.report.page.ReportPage;
import org.merganser.report.page.VectorRows;
import org.merganser.report.statistics.NamedTokenizer;
import org.merganser.report.statistics.Statistics;
import org.merganser.report.statistics.TrainingGroups;
import org.merganser.report.statistics.TrainingParity;
import org.merganser.report.statistics.VocabularyComparison;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Tokenizer;

/**
 * Writes report.html of a finished run from its output folder, without the corpus. {@link
 * PageDocuments} reads the shards.
 */
public final class ReportPublication {
  /** The path of the page. */
  static final String FILE = OutputFile.REPORT.path();

  /** The maximum bytes of the n-gram model in the page; in Base64 this is 3 MB. */
  private static final int MODEL_BYTES = 2_250_000;

  private final FileLocations paths;

  /** The paths that the commit deletes, which the page does not count. */
  private final Set<String> deletes;

  private final Manifest manifest;
  private final Tokenizer tokenizer;

  private ReportPublication(
      FileLocations paths, Set<String> deletes, Manifest manifest, Tokenizer tokenizer) {
    this.paths = paths;
    this.deletes = deletes;
    this.manifest = manifest;
    this.tokenizer = tokenizer;
  }

  /**
   * Writes the page of the published version; returns its location.
   *
   * @param output the output folder
   * @throws RunException if there is no finished run, or one without statistics
   */
  public static String publish(String output) throws IOException {
    return publish(OutputPaths.of(output), Set.of());
  }

  /**
   * Writes the page of a version; returns its location.
   *
   * @param paths of a version that is published, or waits for its commit
   * @param deletes the paths that the commit deletes, which the page does not count
   * @throws RunException if the version has no statistics
   */
  static String publish(FileLocations paths, Set<String> deletes) throws IOException {
    Manifest manifest = FinishedOutput.at(paths).manifest();
    byte[] figures = OutputJson.find(paths, Statistics.FILE);
    if (figures == null) {
      throw RunException.wrong(
          "%s: has no %s, which a run writes that encodes with report.enabled: true; set it in the"
              + " job and run it again: its shards are kept",
          paths.root(), Statistics.FILE);
    }
    Tokenizer tokenizer = WorkerTokenizers.get(FinishedOutput.at(paths).tokenizer());
    return new ReportPublication(paths, deletes, manifest, tokenizer).writePage(figures);
  }

  /**
   * Reads what the page needs, and writes it; returns its location.
   *
   * @param json the statistics
   */
  private String writePage(byte[] json) throws IOException {
    Statistics statistics = Statistics.read(json, paths.at(Statistics.FILE));
    IdHistogram keptIds = keptHistogram(json);
    boolean countsIds = keptIds == null;
    PageDocuments documents =
        PageDocuments.read(paths, tokenizer, statistics, maxDocuments(), countsIds);
    ReportIdentity identity = new ReportIdentity(paths, deletes, manifest, tokenizer, statistics);
    byte[] page =
        ReportPage.of(
            new ReportPage.Content(
                title(),
                identity.toJson(),
                statistics,
                tokenizer,
                keptIds == null ? documents.countedIds() : keptIds,
                documents.examples(),
                documents.shown(),
                documents.cutText(),
                vectorRows(),
                references(statistics),
                trainingAccounts(),
                ngrams()));
    String location = paths.at(FILE);
    FileStore.publish(location, page);
    return location;
  }

  /** The maximum number of documents in the page; 0 for no text of any document. */
  private int maxDocuments() {
    return manifest.job().at("/report/documents").asInt();
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
    if (WorkerTables.find(ref.sha256()) == null && !FileStore.sha256(path).equals(ref.sha256())) {
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
