package org.merganser.pipeline.select;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.select.DuplicateList;
import org.merganser.corpus.select.FrequentTexts;
import org.merganser.json.Json;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.spec.RunKind;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.step.ResumableUnit;
import org.merganser.store.FileStore;

/**
 * The files that {@link FindDuplicates} writes for a plan: their locations and fingerprints, and
 * reading them.
 *
 * @param hashes the files of the units' hashes
 * @param plan location of the units that are searched
 */
public record DuplicateFiles(TextHashFiles hashes, String plan) implements Serializable {
  /** The files of a run for one of its plans. */
  public static DuplicateFiles of(RunSpec spec, String plan) {
    return new DuplicateFiles(TextHashFiles.of(spec), plan);
  }

  /**
   * Opens the list that a run with this plan has written; {@link DuplicateList#NONE} if the job
   * keeps duplicates.
   *
   * @param units the number of units of the plan
   * @throws RunException if the list of duplicates is missing
   */
  public static DuplicateList openList(RunSpec spec, String plan, int units) throws IOException {
    if (!spec.job().deduplicates()) {
      return DuplicateList.NONE;
    }
    DuplicateFiles files = of(spec, plan);
    if (!files.listing().isDone()) {
      throw new RunException("the list of duplicates is gone");
    }
    return DuplicateList.at(files.listLocation(), units);
  }

  /**
   * The location of the texts that the most documents have.
   *
   * @param spec of the complete job
   * @return null if the run leaves out no duplicates
   */
  public static @Nullable String frequentTextsLocation(RunSpec spec) {
    return spec.job().deduplicates() && spec.kind() instanceof RunKind.OfCorpus run
        ? of(spec, run.plan()).frequentTextsLocation()
        : null;
  }

  /**
   * Reads the texts at a location that {@link #frequentTextsLocation} returned; null if the list
   * was made by a version of the program that keeps no texts.
   */
  public static @Nullable List<FrequentTexts.Named> readFrequentTexts(String location)
      throws IOException {
    FileStore store = FileStore.of(location);
    return store.exists(location)
        ? List.of(
            Json.read(
                store.readAll(location), FrequentTexts.Named[].class, location, RunException::new))
        : null;
  }

  /** The fingerprint of the search in all units of the plan, whose name depends on its content. */
  String fingerprint() {
    String planName = plan.substring(plan.lastIndexOf('/') + 1);
    return Fingerprint.of("duplicates", hashes.reading(), planName);
  }

  /** The location of the duplicates found in a range of buckets. */
  String foundLocation(int fromBucket, int toBucket) {
    return paths().at(OutputPaths.duplicatesFound(fingerprint(), fromBucket, toBucket));
  }

  /** The location of the list of all duplicates. */
  public String listLocation() {
    return paths().at(OutputPaths.duplicates(fingerprint()));
  }

  /** The work of writing the list and the frequent texts. */
  ResumableUnit listing() {
    return new ResumableUnit(
        paths(), Stage.DEDUPLICATE, "list duplicates", OutputPaths.AFTER_ALL_UNITS, fingerprint());
  }

  /** The location of the texts that the most documents have. */
  private String frequentTextsLocation() {
    return paths().at(OutputPaths.frequentTexts(fingerprint()));
  }

  private RunPaths paths() {
    return hashes.paths();
  }
}
