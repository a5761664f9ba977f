package org.merganser.corpus.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.Compression;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.SourceSettings;
import org.merganser.corpus.WorkUnit;
import org.merganser.store.CheckedFile;

/** The plan as a {@link CheckedFile}: JSON lines, a unit a line, streamed both ways. */
public final class PlanFile {
  /** A line of the file; an input file that several ranges share is repeated. */
  private record Line(int unit, List<Range> ranges) {}

  private record Range(
      String path,
      String location,
      long size,
      long modified,
      long version,
      InputFormat format,
      Compression compression,
      long start,
      long end,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable SourceSettings source) {}

  private static final ObjectMapper MAPPER =
      new ObjectMapper(
              JsonFactory.builder()
                  .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                  .enable(StreamReadFeature.AUTO_CLOSE_SOURCE)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);
  private static final ObjectWriter WRITER =
      MAPPER.writerFor(Line.class).withRootValueSeparator("\n");
  private static final ObjectReader READER = MAPPER.readerFor(Line.class);

  private static final String REDO = "; run again, which writes it anew";

  private PlanFile() {}

  /** Publishes the plan; an existing file is replaced. */
  public static void write(String location, List<WorkUnit> units) throws IOException {
    CheckedFile.publish(
        location,
        out -> {
          try (SequenceWriter lines = WRITER.writeValues(out)) {
            for (WorkUnit unit : units) {
              lines.write(line(unit));
            }
          }
          out.write('\n');
        });
  }

  private static Line line(WorkUnit unit) {
    List<Range> ranges = new ArrayList<>(unit.ranges().size());
    for (FileRange range : unit.ranges()) {
      InputFile f = range.file();
      ranges.add(
          new Range(
              f.path(),
              f.location(),
              f.size(),
              f.modified(),
              f.version(),
              f.format(),
              f.compression(),
              range.start(),
              range.end(),
              f.source().equals(SourceSettings.NONE) ? null : f.source()));
    }
    return new Line(unit.number(), ranges);
  }

  /**
   * Gives the units one after the other, in order.
   *
   * @throws CorpusException when the file is not a plan, with the place
   */
  public static void read(String location, Consumer<WorkUnit> consumer) throws IOException {
    int expected = 0;
    Map<SourceSettings, SourceSettings> sources = new HashMap<>(); // one of each, for all files
    if (!CheckedFile.isWhole(location)) {
      throw new CorpusException(
          "plan " + location + " is not there, or not as it was written" + REDO);
    }
    try (InputStream in = CheckedFile.open(location);
        MappingIterator<Line> lines = READER.readValues(in)) {
      while (lines.hasNextValue()) {
        Line line = lines.nextValue();
        if (line.unit != expected) {
          throw new CorpusException(
              "plan %s has unit %s where %s is due%s"
                  .formatted(location, line.unit, expected, REDO));
        }
        consumer.accept(unit(line, sources));
        expected++;
      }
    } catch (JsonProcessingException e) {
      throw new CorpusException(
          "plan %s cannot be read behind unit %s: %s%s"
              .formatted(location, expected - 1, e.getOriginalMessage(), REDO),
          e);
    }
  }

  private static WorkUnit unit(Line line, Map<SourceSettings, SourceSettings> sources) {
    List<FileRange> ranges = new ArrayList<>(line.ranges.size());
    for (Range r : line.ranges) {
      InputFile file =
          new InputFile(
              r.path,
              r.location,
              r.size,
              r.modified,
              r.version,
              r.format,
              r.compression,
              r.source == null
                  ? SourceSettings.NONE
                  : sources.computeIfAbsent(r.source, source -> source));
      ranges.add(new FileRange(file, r.start, r.end));
    }
    return new WorkUnit(line.unit, ranges);
  }
}
