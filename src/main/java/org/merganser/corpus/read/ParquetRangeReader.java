package org.merganser.corpus.read;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
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
  /** The most columns in a message: a footer may have any number. */
  private static final int MAX_NAMES = 40;

  /** The most characters of a name in a message. */
  private static final int MAX_NAME = 100;

  /** The first and the last bytes of a file. */
  private static final String MAGIC = "PAR1";

  /** The last bytes of a file whose footer is encrypted. */
  private static final String ENCRYPTED_MAGIC = "PARE";

  /**
   * The bytes of a file with an empty footer: the magic number twice, and the length of the footer.
   */
  private static final int LEAST_BYTES = 12;

  private final RecordFields fields;
  private final RecordSink sink;
  private final MemoryCutter cutter;

  /** The text of a row, if it is not one string. */
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

  /** Passes on the rows of the row groups that belong to a range. */
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

  /** Opens a file; null if its footer cannot be read, and the file became a dead letter. */
  private @Nullable ParquetFileReader open(FileRange range, ParquetRowBytes bytes)
      throws IOException {
    ParquetReadOptions options =
        ParquetReadOptions.builder(new PlainParquetConfiguration())
            .withCodecFactory(codecs)
            .usePageChecksumVerification(true)
            .build();
    try {
      return Footers.open(bytes, options);
    } catch (IOException | RuntimeException e) { // damage in a footer surfaces as many types
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

  /** The place of the middle of a row group, by the columns that are not encrypted. */
  private static long middle(BlockMetaData group) {
    List<ColumnChunkMetaData> known =
        group.getColumns().stream().filter(chunk -> !chunk.isEncrypted()).toList();
    long size = known.stream().mapToLong(ColumnChunkMetaData::getTotalSize).sum();
    return known.isEmpty() ? 0 : known.get(0).getStartingPos() + size / 2;
  }

  /** Why a file has no footer that can be read. */
  private static String footerProblem(InputFile file, Exception found) throws IOException {
    if (file.size() == 0) {
      return "the file is empty, not even a Parquet file without rows";
    }
    String begin = magic(file, 0);
    String end = magic(file, Math.max(0, file.size() - 4));
    if (end.equals(ENCRYPTED_MAGIC)) {
      return "the footer is encrypted (PARE); decrypt the file first";
    }
    if (!begin.equals(MAGIC)) {
      return "the file is not Parquet: it does not begin with PAR1";
    }
    return end.equals(MAGIC) && file.size() >= LEAST_BYTES
        ? "the file begins and ends as Parquet does, but " + why(found)
        : "the file begins like Parquet, but has no footer: it was truncated at "
            + file.size()
            + " bytes";
  }

  private static String magic(InputFile file, long at) throws IOException {
    try (InputStream in = FileStore.of(file.location()).open(file.location(), at)) {
      return new String(in.readNBytes(MAGIC.length()), StandardCharsets.ISO_8859_1);
    }
  }

  /**
   * The columns of the fields; null if the file lacks the text, or its schema is ambiguous, and its
   * rows became dead letters.
   */
  private @Nullable ParquetColumns columns(FileRange range, ParquetFileReader reader)
      throws IOException {
    MessageType schema = reader.getFileMetaData().getSchema();
    for (FieldPath path : fields.paths()) {
      if (ParquetColumns.isAmbiguous(schema, path)) {
        String detail =
            "the file has two columns of the name " + path.source() + "; rename one of them";
        deadRows(range, reader, Reason.UNDECODABLE, detail);
        return null;
      }
    }
    FieldTemplate text = fields.text();
    for (int i = 0; i < text.paths().size(); i++) {
      FieldPath path = text.paths().get(i);
      ParquetColumns.Column column = ParquetColumns.find(schema, path);
      if (column == null && !text.isOptional(i)) {
        deadRows(range, reader, Reason.MISSING_TEXT, missing(path, schema));
        return null;
      }
      if (column != null && !isText(column)) {
        deadRows(range, reader, Reason.TEXT_NOT_STRING, wrongType(path, column));
        return null;
      }
    }
    return new ParquetColumns(schema, fields.paths(), fields.segmented(), fields.firstKept());
  }

  private String missing(FieldPath path, MessageType schema) {
    return "there is no column %s (%s); the file has the columns %s"
        .formatted(
            path.source(),
            fields.textKey(),
            listed(schema.getFields().stream().map(Type::getName).toList()));
  }

  private String wrongType(FieldPath path, ParquetColumns.Column column) {
    String type = column.type().toString().replaceAll("\\s+", " ");
    String one =
        fields.segmented() ? "a list of groups with a string text and a boolean loss" : "a string";
    String expected = fields.text().isField() ? one : "a string, an integer or a boolean";
    return "column " + path.source() + " is \"" + shortened(type) + "\", not " + expected;
  }

  /** Whether the type of a column is one that the text takes. */
  private boolean isText(ParquetColumns.Column column) {
    if (fields.segmented()) {
      return ParquetSegments.areIn(column);
    }
    return fields.text().isField() ? column.isString() || column.hasStrings() : column.isScalar();
  }

  private static String listed(List<String> names) {
    String first =
        names.stream()
            .limit(MAX_NAMES)
            .map(ParquetRangeReader::shortened)
            .collect(Collectors.joining(", "));
    int more = names.size() - MAX_NAMES;
    return more > 0 ? first + " and " + more + " more" : first;
  }

  private static String shortened(String name) {
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

  /**
   * Passes on the rows of a row group; those from the first damaged one on become one dead letter.
   */
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
    while (row < first + rows) {
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
      row++;
    }
  }

  private static String why(Exception failure) {
    String message = failure.getMessage();
    return shortened(message == null ? failure.getClass().getSimpleName() : message);
  }

  /**
   * Says which of the columns that are read is encrypted, or compressed with a codec that is
   * missing, in a row group; null if none is.
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

  /** Passes on the document of a row, or reports why it is a dead letter. */
  private void document(long row, ParquetColumns columns, Group read) throws IOException {
    columns.set(read);
    FieldValues.Kind kind = columns.kind(RecordFields.TEXT);
    if (!fields.text().isField()) {
      documentOfTemplate(row, columns);
    } else if (kind == FieldValues.Kind.NULL) {
      refuseNull(row, 0);
    } else if (fields.segmented()) {
      documentOfSegments(row, columns);
    } else if (kind == FieldValues.Kind.STRING) {
      byte[] text = columns.string(RecordFields.TEXT);
      passOn(row, columns, null, text, text.length);
    } else {
      documentOfStrings(row, columns);
    }
  }

  private void passOn(
      long row, ParquetColumns columns, @Nullable Segments of, byte[] text, int length)
      throws IOException {
    RawRecord raw = new RawRecord(row, text, 0, length);
    cutter.document(raw, fields, columns, of, text, 0, length);
  }

  private void documentOfTemplate(long row, ParquetColumns columns) throws IOException {
    joined.clear();
    int field = fields.text().append(columns, RecordFields.TEXT, joined);
    if (field == FieldTemplate.WHOLE) {
      passOn(row, columns, null, joined.bytes(), joined.length());
    } else {
      refuseNull(row, field);
    }
  }

  private void documentOfSegments(long row, ParquetColumns columns) throws IOException {
    String wrong = ParquetSegments.read(columns.elements(RecordFields.TEXT), segments);
    String notUtf8 = segments.notUtf8();
    if (wrong == null && notUtf8 == null) {
      ByteBuilder texts = segments.text();
      passOn(row, columns, segments.segments(), texts.bytes(), texts.length());
      return;
    }
    joined.clear();
    columns.append(RecordFields.TEXT, joined);
    String column = "column " + fields.text().paths().get(0).source() + ": ";
    if (wrong != null) {
      sink.dead(joinedAsRecord(row), Reason.INVALID_SEGMENTS, column + wrong);
    } else {
      sink.notUtf8(joinedAsRecord(row), column + notUtf8);
    }
  }

  /** The text is the strings of a list, joined. */
  private void documentOfStrings(long row, ParquetColumns columns) throws IOException {
    joined.clear();
    String wrong = columns.appendStrings(RecordFields.TEXT, joined);
    if (wrong == null) {
      passOn(row, columns, null, joined.bytes(), joined.length());
    } else {
      String name = fields.text().paths().get(0).source();
      String detail = "column " + name + " is a list, and " + wrong;
      sink.dead(joinedAsRecord(row), Reason.TEXT_NOT_STRING, detail);
    }
  }

  private RawRecord joinedAsRecord(long row) {
    return new RawRecord(row, joined.bytes(), 0, joined.length());
  }

  /** Reports a row in which a field of the text, numbered from 0, is null. */
  private void refuseNull(long row, int field) throws IOException {
    String detail = "column " + fields.text().paths().get(field).source() + " is null";
    sink.dead(new RawRecord(row, new byte[0], 0, 0), Reason.MISSING_TEXT, detail);
  }
}
