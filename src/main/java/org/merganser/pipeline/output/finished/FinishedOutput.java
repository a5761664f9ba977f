package org.merganser.pipeline.output.finished;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.BufferedReader;
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
import org.merganser.output.OtherSchemaException;
import org.merganser.output.WrittenFile;
import org.merganser.output.figures.PackFigures;
import org.merganser.output.manifest.InputLine;
import org.merganser.output.manifest.Manifest;
import org.merganser.output.manifest.ManifestWriter;
import org.merganser.pipeline.output.FileLocations;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.receipt.Receipts;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.report.ReportException;
import org.merganser.report.statistics.DocumentLengths;
import org.merganser.report.statistics.Statistics;
import org.merganser.store.CheckedFile;
import org.merganser.store.FileStore;
import org.merganser.store.IrregularFileException;
import org.merganser.store.UnusableFileException;

/** Reads the output folder of a finished run: manifest, outputs, shards, tokenizer. */
public final class FinishedOutput {

  private FinishedOutput() {}

  /**
   * @throws RunException if no run has finished here
   * @throws OtherSchemaException if another version of the program has finished one
   * @throws UnusableFileException if the manifest is damaged
   */
  public static Manifest manifest(FileLocations paths) throws IOException {
    byte[] json = find(paths, Manifest.FILE);
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
      if (e instanceof OtherSchemaException other && manifestUnchanged(paths)) {
        throw other;
      }
      JsonLocation at = e.getCause() instanceof JsonProcessingException j ? j.getLocation() : null;
      String place = at == null ? "" : ": line " + at.getLineNr() + ", column " + at.getColumnNr();
      throw damaged(paths, Manifest.FILE, place, e);
    }
  }

  /**
   * Refuses a folder in which another version of the program has finished a run. A missing or a
   * damaged manifest passes.
   *
   * @throws OtherSchemaException naming the manifest and both schemas
   */
  public static void requireOwnSchema(FileLocations paths) throws IOException {
    if (find(paths, Manifest.FILE) != null) {
      try {
        manifest(paths);
      } catch (UnusableFileException damaged) {
        return;
      }
    }
  }

  /**
   * The bytes of a file of an output folder; null if it does not exist.
   *
   * @throws java.nio.file.FileSystemException for a location that is not a file, such as a FIFO
   */
  public static byte @Nullable [] find(FileLocations paths, String path) throws IOException {
    String location = paths.at(path);
    FileStore store = FileStore.of(location);
    return store.exists(location) ? store.readAll(location) : null;
  }

  /** Whether a version was ever published here: its manifest or its record says so. */
  public static boolean wasPublished(OutputPaths paths) throws IOException {
    FileStore store = FileStore.of(paths.root());
    return store.exists(paths.at(Manifest.FILE))
        || !fields(paths, OutputPaths.FINISHED).isMissingNode();
  }

  /** Whether the manifest is byte for byte that of the run that finished here. */
  public static boolean manifestUnchanged(FileLocations paths) throws IOException {
    JsonNode sha256 = fields(paths, OutputPaths.FINISHED).path("manifestSha256");
    try {
      return sha256.isMissingNode() // there is no record to compare with
          || sha256.asText().equals(Receipts.sha256(paths.at(Manifest.FILE)));
    } catch (NoSuchFileException | IrregularFileException none) {
      return false;
    }
  }

  /** The manifest, if it and its lists are unchanged since the run that finished here. */
  public static @Nullable Manifest wholeManifest(FileLocations paths) throws IOException {
    if (!FileStore.of(paths.root()).exists(paths.at(Manifest.FILE)) || !manifestUnchanged(paths)) {
      return null;
    }
    try {
      Manifest manifest = manifest(paths);
      return Receipts.unchanged(paths, manifest.inputs())
              && Receipts.unchanged(paths, manifest.outputs())
          ? manifest
          : null;
    } catch (UnusableFileException damaged) {
      return null; // the next run writes it again
    }
  }

  public static List<WrittenFile> outputs(FileLocations paths) throws IOException {
    List<WrittenFile> files = new ArrayList<>();
    forEachLine(paths, Manifest.OUTPUTS, WrittenFile.class, files::add);
    return files;
  }

  /** A record below {@code run/}; null if it is missing, damaged or of another version. */
  public static <T> @Nullable T record(FileLocations paths, String path, Class<T> type)
      throws IOException {
    byte[] json = CheckedFile.find(paths.at(path));
    try {
      return json == null ? null : Json.MAPPER.readValue(json, type);
    } catch (IOException ofAnotherVersion) {
      return null;
    }
  }

  /** A record below {@code run/} of any fields; has none if it is missing or damaged. */
  public static JsonNode fields(FileLocations paths, String path) throws IOException {
    JsonNode record = record(paths, path, JsonNode.class);
    return record == null ? MissingNode.getInstance() : record;
  }

  /**
   * The lengths of documents; null for a run that only learned a vocabulary.
   *
   * @throws ReportException for a file that is damaged, or of another version
   */
  public static @Nullable DocumentLengths lengths(FileLocations paths) throws IOException {
    byte[] statistics = find(paths, Manifest.STATISTICS);
    if (statistics != null) {
      return Statistics.read(statistics, paths.at(Manifest.STATISTICS)).lengths();
    }
    byte[] lengths = find(paths, Manifest.LENGTHS);
    return lengths == null
        ? null
        : Json.read(
            lengths, DocumentLengths.class, paths.at(Manifest.LENGTHS), Statistics::damaged);
  }

  /** The packing of the ids for training; null if nothing was packed, or the file is damaged. */
  public static @Nullable PackFigures packing(FileLocations paths) throws IOException {
    byte[] json = find(paths, OutputPaths.PACKING);
    try {
      return json == null
          ? null
          : Json.MAPPER.treeToValue(Json.MAPPER.readTree(json).path("figures"), PackFigures.class);
    } catch (IOException damaged) {
      return null; // used only for the summary, and the next run writes it again
    }
  }

  /** Reads the list of the inputs of a finished run. */
  public static void forEachInput(FileLocations paths, IOConsumer<InputLine> handler)
      throws IOException {
    forEachLine(paths, Manifest.INPUTS, InputLine.class, handler);
  }

  /**
   * Reads a list of a finished run; each line is read as a {@code type}.
   *
   * @throws UnusableFileException naming the line that is not
   */
  public static <T> void forEachLine(
      FileLocations paths, String path, Class<T> type, IOConsumer<T> handler) throws IOException {
    try (BufferedReader lines = FileStore.lines(paths.at(path))) {
      long number = 1;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        handler.accept(value(paths, path, number++, line, type));
      }
    }
  }

  private static <T> T value(
      FileLocations paths, String path, long number, String line, Class<T> type) {
    try {
      return Json.MAPPER.readValue(line, type);
    } catch (JsonProcessingException e) {
      throw damaged(paths, path, ": line " + number, e);
    }
  }

  private static UnusableFileException damaged(
      FileLocations paths, String path, String place, Exception e) {
    return new UnusableFileException(
        "%s%s is damaged; verify %s says what else is, and the job that wrote the folder, run again, repairs it"
            .formatted(paths.at(path), place, paths.root()),
        e);
  }

  /**
   * The canonical shards of several runs, in the order of the runs. The sets of the first run have
   * the numbers of the units that wrote them; the numbers of each further run follow those of the
   * run before.
   */
  public static List<ShardSet> shards(List<OutputPaths> runs) throws IOException {
    List<ShardSet> all = new ArrayList<>();
    for (OutputPaths run : runs) {
      int before = all.isEmpty() ? 0 : all.get(all.size() - 1).unit() + 1;
      for (ShardSet set : shards(run)) {
        all.add(new ShardSet(before + set.unit(), set.shards(), set.receipt()));
      }
    }
    return all;
  }

  /**
   * The canonical shards by the units that wrote them; files converted from them use these numbers.
   */
  public static List<ShardSet> shards(FileLocations paths) throws IOException {
    return shards(paths, outputs(paths));
  }

  /** The canonical shards among the outputs of a run, by units. */
  public static List<ShardSet> shards(FileLocations paths, List<WrittenFile> outputs) {
    return outputs.stream()
        .filter(file -> ManifestWriter.isShard(file.path()))
        .collect(groupingBy(file -> OutputPaths.unit(file.path()), TreeMap::new, toList()))
        .entrySet()
        .stream()
        .map(unit -> ShardSet.of(unit.getKey(), unit.getValue(), paths::at, ""))
        .toList();
  }

  /**
   * A location that the job of a finished run names. It is resolved from the folder in the run's
   * record; without a record it is returned as in the manifest.
   *
   * @param pointer to the key, such as {@code /embeddings/table}
   * @return null if the job names no location
   */
  public static @Nullable String location(FileLocations paths, String pointer) throws IOException {
    JsonNode named = manifest(paths).job().at(pointer);
    String folder = fields(paths, OutputPaths.RECORD).path("folder").asText();
    return named.isTextual() ? Locations.below(folder, named.textValue()) : null;
  }

  public static FileRef tokenizer(FileLocations paths) throws IOException {
    return new FileRef(paths.at(paths.tokenizerJson()), manifest(paths).tokenizerSha256());
  }
}
