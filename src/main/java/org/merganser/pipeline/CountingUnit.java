package org.merganser.pipeline;

import java.io.Serializable;
import java.util.List;
import org.merganser.corpus.WorkUnit;

/**
 * Work units whose pretokens are counted into one table.
 *
 * @param units at least one, neighbours in their plan
 */
record CountingUnit(List<WorkUnit> units) implements Serializable {
  /** That of its first work unit. */
  int number() {
    return units.get(0).number();
  }
}
