package org.merganser.pipeline.select;

import java.io.Serializable;
import org.merganser.corpus.WorkUnit;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.step.ResumableUnit;
import org.merganser.pipeline.step.StepComponents;
import org.merganser.text.scan.CutRule;

/**
 * The locations and fingerprints of the files of {@link FindDuplicates}.
 *
 * @param reading the fingerprint of how texts are read
 * @param plan location of the units that are searched
 */
record DuplicateFiles(RunPaths paths, String reading, String plan) implements Serializable {
  DuplicateFiles(RunSpec spec, String plan) {
    this(spec.paths(), reading(spec), plan);
  }

  private static String reading(RunSpec spec) {
    RunSpec.ExcludedIdFiles excluded = spec.excludedIds();
    String sha256 = excluded == null ? null : excluded.sha256();
    CutRule rule = StepComponents.cutRule(spec);
    String cuts = rule == null ? "none" : rule.toString();
    return Stage.DEDUPLICATE.fingerprint(spec.job(), cuts, sha256);
  }

  /** The fingerprint of the hashes of a unit. */
  String fingerprint(WorkUnit unit) {
    return Fingerprint.of(reading, Fingerprint.of(unit));
  }

  /** The fingerprint of the search in all units of the plan. */
  String fingerprint() {
    return Fingerprint.of("duplicates", reading, plan.substring(plan.lastIndexOf('/') + 1));
  }

  /** The location of the hashes of the texts of a unit. */
  String hashes(WorkUnit unit) {
    return paths.at(OutputPaths.textHashes(fingerprint(unit)));
  }

  /** The location of the duplicates found in a range of buckets. */
  String found(int fromBucket, int toBucket) {
    return paths.at(OutputPaths.duplicatesFound(fingerprint(), fromBucket, toBucket));
  }

  /** The location of the list of all duplicates. */
  String list() {
    return paths.at(OutputPaths.duplicates(fingerprint()));
  }

  /** The location of the texts of the most documents. */
  String frequentTexts() {
    return paths.at(OutputPaths.frequentTexts(fingerprint()));
  }

  /** The work of writing the list and the frequent texts. */
  ResumableUnit listing() {
    return new ResumableUnit(
        paths, Stage.DEDUPLICATE, "list duplicates", OutputPaths.AFTER_ALL_UNITS, fingerprint());
  }
}
