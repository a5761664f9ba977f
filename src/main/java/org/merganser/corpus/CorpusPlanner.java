package org.merganser.corpus;

import java.io.IOException;
import java.util.List;

/**
 * Finds the files of a corpus and cuts them into work units, from the listing and settings alone.
 */
public final class CorpusPlanner {
  private CorpusPlanner() {}

  /**
   * The files in document order: inputs as listed, each expanded and sorted by UTF-8 bytes of the
   * relative path; a file that two inputs name is read once, at its first place.
   *
   * @throws CorpusException naming an input that does not exist or matches nothing, an unreadable
   *     file, a FIFO or device, a cycle of links
   */
  public static List<InputFile> list(CorpusSettings settings) throws IOException {
    throw new UnsupportedOperationException("interface only");
  }

  /**
   * The work units, numbered from 0. Small files share a unit, large splittable ones are cut into
   * ranges, compressed ones are units of their own. Aims at {@code targetBytes(total)} a unit.
   */
  public static List<WorkUnit> plan(List<InputFile> files) {
    throw new UnsupportedOperationException("interface only");
  }
}
