package org.merganser.pipeline.output.receipt;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.io.function.IOConsumer;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Json;
import org.merganser.output.WrittenFile;
import org.merganser.output.figures.GroupCounts;
import org.merganser.output.figures.IdHistogram;
import org.merganser.output.figures.PackFigures;
import org.merganser.output.figures.UnitLengths;
import org.merganser.output.receipt.GroupRow;
import org.merganser.output.receipt.InputRange;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.output.InPlaceVersion;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.store.FileStore;
import org.merganser.store.NamedOutputStream;

/**
 * The files of a unit of work in progress, and the content of its receipt. No file is visible
 * before {@link #publish}, which publishes all files and then the receipt; closing without it
 * leaves no files.
 */
public final class UnitFiles implements Closeable {
  private final RunPaths paths;
  private final Map<String, FileStore.Draft> drafts = new LinkedHashMap<>();
  private final List<WrittenFile> files = new ArrayList<>();
  private List<InputRange> inputs = List.of();
  private List<GroupRow> groups = List.of();
  private @Nullable String excluded;
  private @Nullable IdHistogram ids;
  private @Nullable UnitLengths lengths;
  private final List<String> textEnds = new ArrayList<>();
  private @Nullable String whole;
  private final SortedMap<String, PackFigures> packed = new TreeMap<>();
  private @Nullable JsonNode training;

  public UnitFiles(RunPaths paths) {
    this.paths = paths;
  }

  /**
   * @param path relative to the output
   * @return a local path at which to write the file; it does not exist yet
   */
  public Path begin(String path) throws IOException {
    String location = paths.at(path);
    FileStore.Draft draft = FileStore.of(location).draft(location);
    drafts.put(path, draft);
    return draft.file();
  }

  /**
   * @param documents that begin in it
   * @param tokens ids of its documents
   */
  public void finish(String path, long documents, long tokens) throws IOException {
    FileStore.Draft draft = Objects.requireNonNull(drafts.get(path), path);
    files.add(WrittenFile.of(draft.file(), path, documents, tokens));
  }

  /** Writes a complete file without documents. */
  public void write(String path, IOConsumer<OutputStream> content) throws IOException {
    try (OutputStream out = NamedOutputStream.of(begin(path))) {
      content.accept(out);
    }
    finish(path, 0, 0);
  }

  public void write(String path, byte[] content) throws IOException {
    write(path, out -> out.write(content));
  }

  public List<WrittenFile> written() {
    return List.copyOf(files);
  }

  public void include(WrittenFile file) {
    files.add(file);
  }

  public void count(IdHistogram counted) {
    ids = counted;
  }

  public void lengths(UnitLengths counted) {
    lengths = counted;
  }

  /** Adds a row of a shard to {@link UnitReceipt#textEnds}. */
  public void textEnd(String shard, long row) {
    textEnds.add(UnitReceipt.textEnd(shard, row));
  }

  public void whole(@Nullable String sha256) {
    whole = sha256;
  }

  public void packed(String folder, PackFigures figures) {
    packed.put(folder, figures);
  }

  public void training(Record account) {
    training = Json.MAPPER.valueToTree(account);
  }

  /**
   * @param read the ranges, in the order of the plan
   * @param byGroup counts of the documents for training
   * @param excludedPlaces as {@link UnitReceipt#excluded}
   */
  public void account(
      List<InputRange> read, SortedMap<String, GroupCounts> byGroup, String excludedPlaces) {
    inputs = read;
    groups = byGroup.entrySet().stream().map(g -> new GroupRow(g.getKey(), g.getValue())).toList();
    excluded = excludedPlaces;
  }

  /** Publishes all files, in the stage or in place, and then the receipt. */
  public LocatedReceipt publish(int unit, String stage, String fingerprint) throws IOException {
    UnitReceipt receipt = receipt(unit, stage, fingerprint);
    InPlaceVersion.begin(paths, receipt);
    for (FileStore.Draft draft : drafts.values()) {
      draft.publish();
    }
    FileStore.publish(paths.at(receipt.path()), receipt.toFile());
    InPlaceVersion.end(paths, receipt);
    Map<String, String> locations = new HashMap<>();
    for (WrittenFile file : files) {
      boolean isWritten = drafts.containsKey(file.path());
      String location = isWritten ? paths.at(file.path()) : Receipts.locate(paths, file);
      locations.put(file.path(), location);
    }
    return new LocatedReceipt(receipt, locations);
  }

  public UnitReceipt receipt(int unit, String stage, String fingerprint) {
    return new UnitReceipt(
        UnitReceipt.SCHEMA_VERSION,
        unit,
        stage,
        fingerprint,
        files,
        inputs,
        groups,
        ids == null ? null : ids.toText(),
        lengths,
        excluded,
        textEnds,
        whole,
        packed,
        training);
  }

  @Override
  public void close() throws IOException {
    for (FileStore.Draft draft : drafts.values()) {
      draft.close();
    }
  }
}
