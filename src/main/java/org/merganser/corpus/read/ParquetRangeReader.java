package org.merganser.corpus.read;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;
import org.merganser.corpus.Compression;
import org.merganser.corpus.DeadLetter.Reason;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InvalidUtf8;
import org.merganser.corpus.Segments;
import org.merganser.corpus.field.FieldPath;
import org.merganser.corpus.field.FieldTemplate;
import org.merganser.corpus.field.FieldValues;
import org.merganser.corpus.field.RecordFields;
import org.merganser.corpus.field.SegmentTexts;
import org.merganser.parquet.CheckedPages;
import org.merganser.parquet.file.Footers;
import org.merganser.parquet.file.PageCodecs;
import org.merganser.store.FileStore;

/**
 * Reads the rows of a Parquet file, and of each row only the columns of text, id, group and kept
 * fields. A row group belongs to the range that contains its middle byte. A row's offset is its
 * index in the file. Damage in a row group becomes one dead letter for all rows from the first
 * damaged one on, counted by the footer; reading continues with the next row group. If the file has
 * no text column, one dead letter represents all rows of a range.
 *
 * <p>Memory: the compressed pages of these columns of one row group, and one page uncompressed.
 */
final class ParquetRangeReader {
  /** The number of columns in a message, and characters of each: a footer may have any number. */
  private static final int MAX_NAMES = 40;

  private static final int MAX_NAME = 100;

  private final RecordFields fields;
  private final RecordSink sink;
  private final MemoryCutter cutter;
  private final ByteBuilder joined = new ByteBuilder(1 << 10);
  private final SegmentTexts segments;
  private final PageCodecs codecs = new PageCodecs();

  ParquetRangeReader(
      RecordFields fields, InvalidUtf8 invalidUtf8, RecordSink sink, MemoryCutter cutter) {
    this.fields = fields;
    this.segments = new SegmentTexts(invalidUtf8);
    this.sink = sink;
    this.cutter = cutter;
  }

  void read(FileRange range) throws IOException {
    if (range.file().compression() != Compression.NONE) {
      sink.deadFile(Reason.CORRUPT, "Parquet inside another compression; decompress the file");
      return;
    }
    ParquetRowBytes bytes = new ParquetRowBytes(range.file());
    try (ParquetFileReader reader = open(range, bytes)) {
      ParquetColumns columns = reader == null ? null : columns(range, reader);
      if (reader != null && columns != null) {
        reader.setRequestedSchema(columns.schema());
        for (int group : groups(range, reader)) {
          readGroup(reader, group, columns, bytes);
        }
      }
    } finally {
      codecs.release();
    }
  }

  /** Null if the footer cannot be read, which parquet-java reports with many types. */
  private @Nullable ParquetFileReader open(FileRange range, ParquetRowBytes bytes)
      throws IOException {
    ParquetReadOptions options =
        ParquetReadOptions.builder(new PlainParquetConfiguration())
            .withCodecFactory(codecs)
            .usePageChecksumVerification(true)
            .build();
    try {
      return Footers.open(bytes, options);
    } catch (IOException | RuntimeException e) {
      bytes.rethrowFailure();
      sink.deadFile(Reason.CORRUPT, footerProblem(range.file(), e));
      return null;
    }
  }

  /**
   * The numbers of a range's row groups. All ranges examine all groups, so damage anywhere in the
   * footer is damage for each of them.
   */
  private static List<Integer> groups(FileRange range, ParquetFileReader reader) {
    List<BlockMetaData> all = reader.getRowGroups();
    return IntStream.range(0, all.size())
        .filter(i -> all.get(i).getRowCount() > 0)
        .filter(
            i -> {
              long middle = Math.min(middle(all.get(i)), range.file().size() - 1);
              return range.start() <= middle && middle < range.end();
            })
        .boxed()
        .toList();
  }

  private static long middle(BlockMetaData group) {
    List<ColumnChunkMetaData> known =
        group.getColumns().stream().filter(chunk -> !chunk.isEncrypted()).toList();
    long size = known.stream().mapToLong(ColumnChunkMetaData::getTotalSize).sum();
    return known.isEmpty() ? 0 : known.get(0).getStartingPos() + size / 2;
  }

  private static String footerProblem(InputFile file, Exception found) throws IOException {
    if (file.size() == 0) {
      return "the file is empty, not even a Parquet file without rows";
    }
    String begin = magic(file, 0);
    String end = magic(file, Math.max(0, file.size() - 4));
    if (end.equals("PARE")) {
      return "the footer is encrypted (PARE); decrypt the file first";
    }
    if (!begin.equals("PAR1")) {
      return "the file is not Parquet: it does not begin with PAR1";
    }
    return end.equals("PAR1") && file.size() >= 12
        ? "the file begins and ends as Parquet does, but " + why(found)
        : "the file begins like Parquet, but has no footer: it was truncated at "
            + file.size()
            + " bytes";
  }

  private static String magic(InputFile file, long at) throws IOException {
    try (InputStream in = FileStore.of(file.location()).open(file.location(), at)) {
      return new String(in.readNBytes(4), StandardCharsets.ISO_8859_1);
    }
  }

  private @Nullable ParquetColumns columns(FileRange range, ParquetFileReader reader)
      throws IOException {
    MessageType schema = reader.getFileMetaData().getSchema();
    for (FieldPath path : fields.paths()) {
      if (ParquetColumns.isTwice(schema, path)) {
        String detail =
            "the file has two columns of the name " + path.source() + "; rename one of them";
        deadRows(range, reader, Reason.UNDECODABLE, detail);
        return null;
      }
    }
    FieldTemplate text = fields.text();
    for (int i = 0; i < text.paths().size(); i++) {
      String name = text.paths().get(i).source();
      ParquetColumns.Column column = ParquetColumns.find(schema, text.paths().get(i));
      if (column == null && !text.isOptional(i)) {
        String names = named(schema.getFields().stream().map(Type::getName).toList());
        String detail =
            "there is no column %s (%s); the file has the columns %s"
                .formatted(name, fields.textKey(), names);
        deadRows(range, reader, Reason.MISSING_TEXT, detail);
        return null;
      }
      if (column != null && !isText(column)) {
        String type = column.type().toString().replaceAll("\\s+", " ");
        String one =
            fields.segmented()
                ? "a list of groups with a string text and a boolean loss"
                : "a string";
        String expected = text.isField() ? one : "a string, an integer or a boolean";
        String detail = "column " + name + " is \"" + cut(type) + "\", not " + expected;
        deadRows(range, reader, Reason.TEXT_NOT_STRING, detail);
        return null;
      }
    }
    return new ParquetColumns(schema, fields.paths(), fields.segmented(), fields.firstKept());
  }

  private boolean isText(ParquetColumns.Column column) {
    if (fields.segmented()) {
      return ParquetSegments.areIn(column);
    }
    return fields.text().isField() ? column.isString() || column.hasStrings() : column.isScalar();
  }

  private static String named(List<String> names) {
    String first = String.join(", ", names.stream().limit(MAX_NAMES).map(n -> cut(n)).toList());
    int more = names.size() - MAX_NAMES;
    return more > 0 ? first + " and " + more + " more" : first;
  }

  private static String cut(String name) {
    return name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME) + "…";
  }

  /**
   * Reports all rows of the range as dead, by its row groups; a file without rows is one record.
   */
  private void deadRows(FileRange range, ParquetFileReader reader, Reason reason, String detail)
      throws IOException {
    List<BlockMetaData> groups =
        groups(range, reader).stream().map(reader.getRowGroups()::get).toList();
    long rows = groups.stream().mapToLong(BlockMetaData::getRowCount).sum();
    if (rows > 0) {
      sink.deadRows(groups.get(0).getRowIndexOffset(), rows, reason, detail);
    } else if (range.start() == 0) {
      sink.deadRows(0, 1, reason, detail);
    }
  }

  private void readGroup(
      ParquetFileReader reader, int group, ParquetColumns columns, ParquetRowBytes bytes)
      throws IOException {
    BlockMetaData block = reader.getRowGroups().get(group);
    long first = block.getRowIndexOffset();
    long rows = block.getRowCount();
    String unreadable = unreadableColumn(block, columns.schema());
    if (unreadable != null) {
      sink.deadRows(first, rows, Reason.UNDECODABLE, unreadable);
      return;
    }
    long row = first;
    RecordReader<Group> records = null;
    for (; row < first + rows; row++) {
      Group read;
      try {
        if (records == null) {
          records = records(reader, group, columns);
        }
        read = records.read();
      } catch (IOException | RuntimeException e) {
        // Damaged pages surface as many types; a failure to read the file must fail the run.
        bytes.rethrowFailure();
        long left = first + rows - row;
        String detail = left + " rows from row " + row + " on cannot be decoded: " + why(e);
        sink.deadRows(row, left, Reason.UNDECODABLE, detail);
        return;
      }
      document(row, columns, read);
    }
  }

  private static String why(Exception failure) {
    String message = failure.getMessage();
    return cut(message == null ? failure.getClass().getSimpleName() : message);
  }

  /**
   * Names a column of a row group that is encrypted or has an unsupported codec, for a dead letter;
   * or null.
   */
  private @Nullable String unreadableColumn(BlockMetaData group, MessageType columns) {
    for (ColumnChunkMetaData chunk : group.getColumns()) {
      if (columns.containsPath(chunk.getPath().toArray())) {
        if (chunk.isEncrypted()) {
          return "column %s is encrypted; write the file again without encryption"
              .formatted(chunk.getPath().toDotString());
        }
        try {
          codecs.getDecompressor(chunk.getCodec());
        } catch (RuntimeException | LinkageError e) {
          return ("column %s is compressed with %s, which this build cannot decompress: write"
                  + " the file again with zstd, snappy or gzip")
              .formatted(chunk.getPath().toDotString(), chunk.getCodec());
        }
      }
    }
    return null;
  }

  private static RecordReader<Group> records(
      ParquetFileReader reader, int group, ParquetColumns columns) throws IOException {
    PageReadStore pages = reader.readRowGroup(group);
    if (pages == null) {
      throw new IOException("row group " + group + " is empty");
    }
    MessageColumnIO io =
        new ColumnIOFactory(reader.getFileMetaData().getCreatedBy())
            .getColumnIO(columns.schema(), reader.getFileMetaData().getSchema());
    CheckedPages checked = new CheckedPages(pages, CheckedPages.MOST_VALUES_OF_A_RECORD);
    return io.getRecordReader(checked, columns.rows(), FilterCompat.NOOP);
  }

  /** Reads the segments; false if the row became a dead letter. */
  private boolean readSegments(long row, ParquetColumns columns) throws IOException {
    String wrong = ParquetSegments.read(columns.elements(RecordFields.TEXT), segments);
    String notUtf8 = segments.notUtf8();
    if (wrong == null && notUtf8 == null) {
      return true;
    }
    joined.clear();
    columns.append(RecordFields.TEXT, joined);
    RawRecord raw = new RawRecord(row, joined.bytes(), 0, joined.length());
    String column = "column " + fields.text().paths().get(0).source() + ": ";
    if (wrong != null) {
      sink.dead(raw, Reason.INVALID_SEGMENTS, column + wrong);
    } else {
      sink.notUtf8(raw, column + notUtf8);
    }
    return false;
  }

  private void document(long row, ParquetColumns columns, Group read) throws IOException {
    columns.set(read);
    FieldTemplate template = fields.text();
    byte[] text = new byte[0];
    int length = 0;
    int wrong = FieldTemplate.WHOLE;
    if (!template.isField()) {
      joined.clear();
      wrong = template.append(columns, RecordFields.TEXT, joined);
      text = joined.bytes();
      length = joined.length();
    } else if (columns.kind(RecordFields.TEXT) == FieldValues.Kind.NULL) {
      wrong = 0;
    } else if (fields.segmented()) {
      if (!readSegments(row, columns)) {
        return;
      }
      text = segments.text().bytes();
      length = segments.text().length();
    } else if (columns.kind(RecordFields.TEXT) != FieldValues.Kind.STRING) {
      joined.clear();
      String problem = columns.appendStrings(RecordFields.TEXT, joined);
      if (problem != null) {
        RawRecord raw = new RawRecord(row, joined.bytes(), 0, joined.length());
        String detail = "column " + template.paths().get(0).source() + " is a list, and " + problem;
        sink.dead(raw, Reason.TEXT_NOT_STRING, detail);
        return;
      }
      text = joined.bytes();
      length = joined.length();
    } else {
      text = columns.string(RecordFields.TEXT);
      length = text.length;
    }
    if (wrong != FieldTemplate.WHOLE) {
      String detail = "column " + template.paths().get(wrong).source() + " is null";
      sink.dead(new RawRecord(row, new byte[0], 0, 0), Reason.MISSING_TEXT, detail);
      return;
    }
    Segments of = fields.segmented() ? segments.segments() : null;
    RawRecord raw = new RawRecord(row, text, 0, length);
    cutter.document(raw, fields, columns, true, of, text, 0, length);
  }
}
