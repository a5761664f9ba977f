package org.merganser.pipeline.step;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.merganser.pipeline.output.OutputLayout;

/**
 * The files of a run as a worker meets them.
 *
 * @param layout of the run's own folder, into which its workers report
 * @param needed locations that the driver wrote or named, and that every worker must see
 */
public record RunFiles(OutputLayout layout, List<String> needed) implements Serializable {

  /** A folder that is marked as a run's, and other files that its steps read. */
  public static RunFiles of(OutputLayout layout, List<String> others) {
    List<String> needed = new ArrayList<>();
    needed.add(layout.at(layout.marker()));
    needed.addAll(others);
    return new RunFiles(layout, List.copyOf(needed));
  }
}
