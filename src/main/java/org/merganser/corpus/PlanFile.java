package org.merganser.corpus;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** The plan as a file: JSON lines, a unit a line, streamed both ways. */
public final class PlanFile {
  private PlanFile() {}

  public static void write(String location, List<WorkUnit> units) throws IOException {
    throw new UnsupportedOperationException("interface only");
  }

  public static void read(String location, Consumer<WorkUnit> consumer) throws IOException {
    throw new UnsupportedOperationException("interface only");
  }
}
