package org.merganser.corpus.plan;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SequenceWriter;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.io.function.IOConsumer;
import org.merganser.corpus.WorkUnit;
import org.merganser.store.ChecksummedFile;

/**
 * The plan as a {@link ChecksummedFile} of JSON lines, a unit a line; reading and writing stream.
 */
public final class PlanFile {
  /** Leaves a file open after its units, for the line feed at its end. */
  private static final ObjectMapper MAPPER =
      new ObjectMapper(
              JsonFactory.builder()
                  .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                  .enable(StreamReadFeature.AUTO_CLOSE_SOURCE)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

  private static final ObjectWriter WRITER =
      MAPPER.writerFor(WorkUnit.class).withRootValueSeparator("\n");

  private static final ObjectReader READER = MAPPER.readerFor(WorkUnit.class);

  /** The most files that {@link #firstFiles} names. */
  private static final int MOST_NAMED = 3;

  private PlanFile() {}

  /** Writes a plan, replacing an existing one. */
  public static void write(String location, List<WorkUnit> units) throws IOException {
    ChecksummedFile.publish(
        location,
        out -> {
          try (SequenceWriter lines = WRITER.writeValues(out)) {
            lines.writeAll(units);
          }
          out.write('\n');
        });
  }

  /** All units of a plan. */
  public static List<WorkUnit> units(String location) throws IOException {
    List<WorkUnit> units = new ArrayList<>();
    read(location, units::add);
    return units;
  }

  /**
   * Passes on the units of a plan in their order.
   *
   * @throws IOException if the file is missing or damaged
   */
  public static void read(String location, IOConsumer<WorkUnit> reader) throws IOException {
    if (!ChecksummedFile.isWhole(location)) {
      throw new IOException(
          "plan %s is missing or changed; run again, which writes it again".formatted(location));
    }
    try (InputStream in = ChecksummedFile.open(location);
        MappingIterator<WorkUnit> lines = READER.readValues(in)) {
      while (lines.hasNextValue()) {
        reader.accept(lines.nextValue());
      }
    }
  }

  /** The paths of the first files of a plan, at most {@value #MOST_NAMED}. */
  public static List<String> firstFiles(String location) throws IOException {
    Set<String> first = new LinkedHashSet<>();
    read(
        location,
        unit ->
            unit.ranges().stream()
                .limit(MOST_NAMED - first.size())
                .forEach(range -> first.add(range.file().path())));
    return List.copyOf(first);
  }
}
