package org.merganser.pipeline.study;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.corpus.WorkUnit;
import org.merganser.json.Json;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.OwnFiles;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.train.CountedOnce;
import org.merganser.pipeline.train.CountingUnit;
import org.merganser.report.page.VocabularyComparisonPage;
import org.merganser.report.statistics.VocabularyComparison;
import org.merganser.store.CheckedFile;
import org.merganser.store.FileStore;

/**
 * The result of a study in its output folder: figures, the page, and a mark that both are whole.
 */
record StudyOutput(OutputLayout layout) {

  /**
   * {@code run/study.json}.
   *
   * @param fingerprint of the study
   * @param sha256ByName of what it wrote beside the vocabularies
   */
  private record Finished(String fingerprint, TreeMap<String, String> sha256ByName) {}

  /**
   * The figures of a finished study; null where the folder holds none of it.
   *
   * @param fingerprint of the study
   */
  @Nullable VocabularyComparison find(String fingerprint) throws IOException {
    byte[] json = CheckedFile.find(layout.at(layout.finishedStudy()));
    if (json == null) {
      return null;
    }
    Finished finished = Json.read(json, Finished.class, layout.finishedStudy(), RunException::new);
    if (!finished.fingerprint.equals(fingerprint)) {
      return null;
    }
    for (Map.Entry<String, String> file : finished.sha256ByName.entrySet()) {
      String location = layout.at(file.getKey());
      FileStore store = FileStore.of(location);
      if (!store.exists(location) || !Sha256.of(store.readAll(location)).equals(file.getValue())) {
        return null;
      }
    }
    return VocabularyComparison.read(
        FileStore.of(layout.root()).readAll(layout.at(StudyRun.FIGURES)),
        layout.at(StudyRun.FIGURES));
  }

  /** Keeps the speeds at which the study encoded, which {@link #speeds} gives. */
  void keep(SortedMap<String, BigDecimal> speeds) throws IOException {
    CheckedFile.publish(layout.at(layout.encodingSpeeds()), Json.file(speeds));
  }

  /** The speeds at which the study encoded, by vocabulary; none where they are gone. */
  SortedMap<String, BigDecimal> speeds() throws IOException {
    byte[] json = CheckedFile.find(layout.at(layout.encodingSpeeds()));
    return json == null
        ? new TreeMap<>()
        : Json.MAPPER.readValue(json, new TypeReference<TreeMap<String, BigDecimal>>() {});
  }

  /** Writes the figures and the page, and last that the study is finished. */
  void publish(
      String fingerprint, VocabularyComparison figures, SortedMap<String, BigDecimal> speeds)
      throws IOException {
    TreeMap<String, String> sha256ByName = new TreeMap<>();
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(StudyRun.FIGURES, figures.toJson());
    files.put(StudyRun.PAGE, VocabularyComparisonPage.of(figures, speeds));
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      String location = layout.at(file.getKey());
      FileStore.of(location).publish(location, out -> out.write(file.getValue()));
      sha256ByName.put(file.getKey(), Sha256.of(file.getValue()));
    }
    CheckedFile.publish(
        layout.at(layout.finishedStudy()), Json.file(new Finished(fingerprint, sha256ByName)));
  }

  /**
   * Deletes what no study of this corpus can use: merged counts, which are made from those of
   * units, counts of units that are not in the corpus any more, and texts of other lists.
   */
  void prune(CountedOnce counted, List<WorkUnit> trainingUnits) throws IOException {
    List<String> units =
        CountingUnit.of(trainingUnits).stream().map(unit -> Fingerprint.of(unit.units())).toList();
    for (String path : OwnFiles.list(layout, "run/counts")) {
      String folder = path.substring("run/counts/".length());
      boolean merged = path.startsWith("merged-", path.lastIndexOf('/') + 1);
      if (merged || units.stream().noneMatch(folder::startsWith)) {
        FileStore.of(layout.root()).delete(layout.at(path));
      }
    }
    List<String> texts = counted.texts();
    for (String path : OwnFiles.list(layout, "run/validation")) {
      if (path.endsWith(".texts") && texts.stream().noneMatch(text -> text.endsWith("/" + path))) {
        FileStore.of(layout.root()).delete(layout.at(path));
      }
    }
  }
}
