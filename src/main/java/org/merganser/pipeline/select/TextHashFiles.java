package org.merganser.pipeline.select;

import java.io.Serializable;
import org.merganser.corpus.WorkUnit;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.step.StepComponents;
import org.merganser.text.scan.CutRule;

/**
 * The locations and fingerprints of the hashes of texts, a file for each unit. Plans that have the
 * same unit share its file.
 *
 * @param reading the fingerprint of how texts are read
 */
public record TextHashFiles(RunPaths paths, String reading) implements Serializable {
  /** The files of a run. */
  public static TextHashFiles of(RunSpec spec) {
    RunSpec.ExcludedIdFiles excluded = spec.excludedIds();
    String sha256 = excluded == null ? null : excluded.sha256();
    CutRule rule = StepComponents.cutRule(spec);
    String cuts = rule == null ? "none" : rule.toString();
    String reading = Stage.DEDUPLICATE.fingerprint(spec.job(), cuts, sha256);
    return new TextHashFiles(spec.paths(), reading);
  }

  /** The fingerprint of the hashes of a unit. */
  String fingerprint(WorkUnit unit) {
    return Fingerprint.of(reading, Fingerprint.of(unit));
  }

  /** The location of the hashes of a unit. */
  public String location(WorkUnit unit) {
    return paths.at(OutputPaths.textHashes(fingerprint(unit)));
  }
}
