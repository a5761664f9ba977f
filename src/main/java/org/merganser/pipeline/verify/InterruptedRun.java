package org.merganser.pipeline.verify;

import java.util.List;
import java.util.Set;
import org.merganser.pipeline.verify.VerificationReport.MissingUnit;

/**
 * The finished and the missing work of an interrupted run, which {@link InterruptedRunSearch}
 * finds.
 *
 * @param missing units whose work is missing
 * @param done phrases about the finished work of each stage, in order, and about unreadable
 *     receipts
 * @param vouched the paths that valid receipts list
 */
public record InterruptedRun(List<MissingUnit> missing, List<String> done, Set<String> vouched) {
  /** A run of which nothing is known. */
  static final InterruptedRun UNKNOWN = new InterruptedRun(List.of(), List.of(), Set.of());
}
