package org.merganser.pipeline.output;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.merganser.dataset.Manifest;
import org.merganser.dataset.WrittenFile;
import org.merganser.json.Json;
import org.merganser.store.FileStore;

/** Reads what a finished run left in its output folder: manifest, outputs, shards, tokenizer. */
public final class FinishedOutput {

  private FinishedOutput() {}

  public static Manifest manifest(OutputLayout layout) throws IOException {
    String location = layout.at(Manifest.FILE);
    FileStore store = FileStore.of(location);
    if (!store.exists(location)) {
      throw new RunException(
          layout.root()
              + ": has no "
              + Manifest.FILE
              + ", so there is no finished run here; run its job (again) first");
    }
    return Manifest.read(store.readAll(location), location);
  }

  public static List<WrittenFile> outputs(OutputLayout layout) throws IOException {
    List<WrittenFile> files = new ArrayList<>();
    String location = layout.at(Manifest.OUTPUTS);
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                FileStore.of(location).open(location, 0), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        files.add(Json.MAPPER.readValue(line, WrittenFile.class));
      }
    }
    return files;
  }

  /** The canonical shards by the units that wrote them, which name what is made from them. */
  public static List<ShardSet> shards(OutputLayout layout) throws IOException {
    SortedMap<Integer, List<WrittenFile>> byUnit = new TreeMap<>();
    for (WrittenFile file : outputs(layout)) {
      if (OutputLayout.isShard(file.path())) {
        byUnit.computeIfAbsent(OutputLayout.unit(file.path()), u -> new ArrayList<>()).add(file);
      }
    }
    List<ShardSet> sets = new ArrayList<>();
    byUnit.forEach((unit, files) -> sets.add(ShardSet.of(unit, files, layout, "")));
    return sets;
  }

  public static FileRef tokenizer(OutputLayout layout) throws IOException {
    return new FileRef(
        layout.at(layout.tokenizerFile("tokenizer.json")), manifest(layout).tokenizerSha256());
  }
}
