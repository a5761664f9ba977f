package org.merganser.pipeline.output.finished;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.commons.io.function.IOConsumer;
import org.jspecify.annotations.Nullable;
import org.merganser.job.Locations;
import org.merganser.json.Json;
import org.merganser.output.CommitJournal;
import org.merganser.output.ListedFolders;
import org.merganser.output.OtherSchemaException;
import org.merganser.output.WrittenFile;
import org.merganser.output.figures.PackFigures;
import org.merganser.output.manifest.InputLine;
import org.merganser.output.manifest.Manifest;
import org.merganser.pipeline.output.FileLocations;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.receipt.Receipts;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.report.ReportException;
import org.merganser.report.statistics.DocumentLengths;
import org.merganser.report.statistics.Statistics;
import org.merganser.store.FileStore;
import org.merganser.store.IrregularFileException;
import org.merganser.store.UnusableFileException;

/**
 * Reads what a finished run has published in its output folder: manifest, lists, shards, tokenizer.
 * Each call reads the file again, since a run may replace it.
 *
 * @param paths the paths of the published version, or of one that waits for its commit
 */
public record FinishedOutput(FileLocations paths) {
  /** The output at these paths, which need not be finished: each method says what it requires. */
  public static FinishedOutput at(FileLocations paths) {
    return new FinishedOutput(paths);
  }

  /**
   * The canonical shards of several runs, in the order of the runs. The sets of the first run have
   * the numbers of the units that wrote them; the numbers of each further run follow those of the
   * run before.
   */
  public static List<ShardSet> shardsOfAll(List<OutputPaths> runs) throws IOException {
    List<ShardSet> all = new ArrayList<>();
    for (OutputPaths run : runs) {
      int first = all.isEmpty() ? 0 : all.get(all.size() - 1).unit() + 1;
      for (ShardSet set : at(run).shards()) {
        all.add(set.withUnit(first + set.unit()));
      }
    }
    return all;
  }

  /**
   * The manifest.
   *
   * @throws RunException if no run has finished here
   * @throws OtherSchemaException if another version of the program has finished one
   * @throws UnusableFileException if the manifest is damaged
   */
  public Manifest manifest() throws IOException {
    byte[] json = OutputJson.find(paths, Manifest.FILE);
    if (json == null && CommitJournal.exists(paths.root())) {
      throw RunException.of(
          "%s: the publication of a version has begun there and has not ended; if no process is at"
              + " work, it was cut, and running the job again completes it",
          paths.root());
    }
    if (json == null) {
      throw RunException.wrong(
              "%s: has no %s, so there is no finished run here; run its job (again) first",
              paths.root(), Manifest.FILE)
          .causedBy(new NoSuchFileException(paths.at(Manifest.FILE)));
    }
    try {
      return Manifest.read(json, paths.at(Manifest.FILE));
    } catch (OtherSchemaException | UnusableFileException e) {
      if (e instanceof OtherSchemaException other && isManifestUnchanged()) {
        throw other; // if the file was changed, its schema may be the damage
      }
      throw OutputJson.damaged(paths, Manifest.FILE, placeOf(e), e);
    }
  }

  /**
   * Refuses a folder in which another version of the program has finished a run. A folder with a
   * missing or a damaged manifest is not refused.
   *
   * @throws OtherSchemaException naming the manifest and both schemas
   */
  public void requireOwnSchema() throws IOException {
    if (OutputJson.find(paths, Manifest.FILE) != null) {
      try {
        manifest();
      } catch (UnusableFileException damaged) {
        return;
      }
    }
  }

  /** Whether a version was ever published here: its manifest or its record says so. */
  public boolean wasPublished() throws IOException {
    FileStore store = FileStore.of(paths.root());
    return store.exists(paths.at(Manifest.FILE))
        || !OutputJson.fields(paths, OutputPaths.FINISHED).isMissingNode();
  }

  /**
   * Whether the manifest is byte for byte that of the run that finished here; true if no record
   * says which one that is.
   */
  public boolean isManifestUnchanged() throws IOException {
    JsonNode sha256 = FinishedField.MANIFEST_SHA256.in(paths);
    try {
      return sha256.isMissingNode()
          || sha256.asText().equals(FileStore.sha256(paths.at(Manifest.FILE)));
    } catch (NoSuchFileException | IrregularFileException none) {
      return false;
    }
  }

  /**
   * The manifest; null if it is missing, or if it or one of its lists was changed since the run
   * that finished here.
   */
  public @Nullable Manifest wholeManifest() throws IOException {
    if (!FileStore.of(paths.root()).exists(paths.at(Manifest.FILE)) || !isManifestUnchanged()) {
      return null;
    }
    try {
      Manifest manifest = manifest();
      return Receipts.isUnchanged(paths, manifest.inputs())
              && Receipts.isUnchanged(paths, manifest.outputs())
          ? manifest
          : null;
    } catch (UnusableFileException damaged) {
      return null; // the next run writes it again
    }
  }

  /** The files that the list of outputs names. */
  public List<WrittenFile> outputs() throws IOException {
    List<WrittenFile> files = new ArrayList<>();
    OutputJson.forEachLine(paths, Manifest.OUTPUTS, WrittenFile.class, files::add);
    return files;
  }

  /**
   * The lengths of documents; null for a run that only learned a vocabulary.
   *
   * @throws ReportException for a file that is damaged, or of another version
   */
  public @Nullable DocumentLengths lengths() throws IOException {
    byte[] statistics = OutputJson.find(paths, Manifest.STATISTICS);
    if (statistics != null) {
      return Statistics.read(statistics, paths.at(Manifest.STATISTICS)).lengths();
    }
    byte[] lengths = OutputJson.find(paths, Manifest.LENGTHS);
    return lengths == null
        ? null
        : Json.read(
            lengths, DocumentLengths.class, paths.at(Manifest.LENGTHS), Statistics::damaged);
  }

  /** The packing of the ids for training; null if nothing was packed, or the file is damaged. */
  public @Nullable PackFigures packing() throws IOException {
    byte[] json = OutputJson.find(paths, OutputPaths.PACKING);
    try {
      return json == null
          ? null
          : Json.MAPPER.treeToValue(Json.MAPPER.readTree(json).path("figures"), PackFigures.class);
    } catch (IOException damaged) {
      return null; // only the summary and the page show it, and the next run writes it again
    }
  }

  /** Passes each line of the list of inputs to a handler, in the order of the list. */
  public void forEachInput(IOConsumer<InputLine> handler) throws IOException {
    OutputJson.forEachLine(paths, Manifest.INPUTS, InputLine.class, handler);
  }

  /**
   * The canonical shards by the units that wrote them; files converted from them use these numbers.
   */
  public List<ShardSet> shards() throws IOException {
    return shards(outputs());
  }

  /** The canonical shards among the outputs of a run, by units. */
  public List<ShardSet> shards(List<WrittenFile> outputs) {
    return outputs.stream()
        .filter(file -> ListedFolders.isCanonicalShard(file.path()))
        .collect(groupingBy(file -> OutputPaths.unit(file.path()), TreeMap::new, toList()))
        .entrySet()
        .stream()
        .map(unit -> ShardSet.of(unit.getKey(), unit.getValue(), paths::at))
        .toList();
  }

  /**
   * A run whose shards the finished run was made from.
   *
   * @param number its place in {@code shards.from}, from 0
   * @return its location; null if the job names no run at this place
   */
  public @Nullable String runOfShards(int number) throws IOException {
    return location("/shards/from/" + number);
  }

  /**
   * A tokenizer with which the report of the finished run compares.
   *
   * @param number its place in {@code report.reference}, from 0
   * @return its location; null if the job names no tokenizer at this place
   */
  public @Nullable String referenceTokenizer(int number) throws IOException {
    return location("/report/reference/" + number);
  }

  /** The location of the embedding table that the job of the finished run names; null for none. */
  public @Nullable String embeddingTable() throws IOException {
    return location("/embeddings/table");
  }

  /**
   * A location that the job of a finished run names. A relative one is resolved from the folder in
   * the run's record; without a record it is returned as in the manifest.
   *
   * @param pointer the JSON pointer to the key, such as {@code /embeddings/table}
   * @return null if the job names no location
   */
  @Nullable String location(String pointer) throws IOException {
    JsonNode named = manifest().job().at(pointer);
    String folder = OutputJson.fields(paths, OutputPaths.RECORD).path("folder").asText();
    return named.isTextual() ? Locations.resolved(folder, named.textValue()) : null;
  }

  /** The tokenizer.json that the run has learned or used. */
  public FileRef tokenizer() throws IOException {
    return new FileRef(paths.at(paths.tokenizerJson()), manifest().tokenizerSha256());
  }

  /** The place of an error in JSON, after a colon; "" if it is unknown. */
  private static String placeOf(Exception e) {
    if (e.getCause() instanceof JsonProcessingException json && json.getLocation() != null) {
      JsonLocation at = json.getLocation();
      return ": line " + at.getLineNr() + ", column " + at.getColumnNr();
    }
    return "";
  }
}
