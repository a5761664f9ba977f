package org.merganser.parquet;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.parquet.bytes.BytesUtils;
import org.apache.parquet.format.AesGcmV1;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnCryptoMetaData;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.EncryptionAlgorithm;
import org.apache.parquet.format.EncryptionWithColumnKey;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;
import org.jspecify.annotations.Nullable;

/** Parquet files that no writer makes: one column "text" and one page, byte by byte. */
public final class HandmadeParquet {
  private static final byte[] MAGIC = "PAR1".getBytes(US_ASCII);

  private HandmadeParquet() {}

  /** A page of version 1 of a required column. */
  public static byte[] page(int values, Encoding encoding, byte[] data) throws IOException {
    PageHeader header = new PageHeader(PageType.DATA_PAGE, data.length, data.length);
    header.setData_page_header(new DataPageHeader(values, encoding, Encoding.RLE, Encoding.RLE));
    return file(values, CompressionCodec.UNCOMPRESSED, header, data);
  }

  /** A page of version 2 whose levels have the given lengths. */
  public static byte[] levels(int values, int repetition, int definition, byte[] data)
      throws IOException {
    PageHeader header = new PageHeader(PageType.DATA_PAGE_V2, data.length, data.length);
    header.setData_page_header_v2(
        new DataPageHeaderV2(values, 0, values, Encoding.PLAIN, definition, repetition));
    return file(values, CompressionCodec.UNCOMPRESSED, header, data);
  }

  /** A page that says to have {@code size} bytes and is {@code data} compressed. */
  public static byte[] compressed(CompressionCodec codec, int size, byte[] data)
      throws IOException {
    PageHeader header = new PageHeader(PageType.DATA_PAGE, size, data.length);
    header.setData_page_header(new DataPageHeader(1, Encoding.PLAIN, Encoding.RLE, Encoding.RLE));
    return file(1, codec, header, data);
  }

  private static byte[] file(int values, CompressionCodec codec, PageHeader header, byte[] data)
      throws IOException {
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    Util.writePageHeader(header, page);
    page.write(data);
    return file(values, codec, page.toByteArray());
  }

  /** A file whose only column chunk has these bytes. */
  public static byte[] file(int values, CompressionCodec codec, byte[] chunk) throws IOException {
    return file(values, codec, chunk, null);
  }

  /** A file whose footer says that its only column chunk is in the file of this name. */
  public static byte[] elsewhere(String name) throws IOException {
    return file(1, CompressionCodec.UNCOMPRESSED, new byte[40], name);
  }

  private static byte[] file(
      int values, CompressionCodec codec, byte[] chunk, @Nullable String name) throws IOException {
    SchemaElement root = new SchemaElement("message");
    root.setNum_children(1);
    SchemaElement text = new SchemaElement("text");
    text.setType(Type.BYTE_ARRAY);
    text.setRepetition_type(FieldRepetitionType.REQUIRED);
    text.setConverted_type(org.apache.parquet.format.ConvertedType.UTF8);
    ColumnMetaData data =
        new ColumnMetaData(
            Type.BYTE_ARRAY,
            List.of(Encoding.PLAIN),
            List.of("text"),
            codec,
            values,
            chunk.length,
            chunk.length,
            MAGIC.length);
    ColumnChunk column = new ColumnChunk(MAGIC.length);
    column.setMeta_data(data);
    column.setFile_path(name);
    RowGroup group = new RowGroup(List.of(column), chunk.length, values);
    return around(chunk, new FileMetaData(1, List.of(root, text), values, List.of(group)));
  }

  /** A file with one row, whose list "tags" has so many values that are null. */
  public static byte[] listOfNulls(int values) throws IOException {
    return lists(1, 0, values - 1, 1);
  }

  /**
   * A file whose footer says that there is one row, with lists "tags" of values that are null.
   *
   * @param repetition pairs of a length and a level: 0 begins a row, 1 continues it
   */
  public static byte[] lists(int... repetition) throws IOException {
    int values = 0;
    for (int i = 0; i < repetition.length; i += 2) {
      values += repetition[i];
    }
    ByteArrayOutputStream levels = new ByteArrayOutputStream();
    levels.write(runs(repetition));
    levels.write(runs(values, 1)); // each is there, and has no text
    byte[] data = levels.toByteArray();
    PageHeader header = new PageHeader(PageType.DATA_PAGE, data.length, data.length);
    header.setData_page_header(
        new DataPageHeader(values, Encoding.PLAIN, Encoding.RLE, Encoding.RLE));
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    Util.writePageHeader(header, page);
    page.write(data);
    SchemaElement root = new SchemaElement("message");
    root.setNum_children(1);
    SchemaElement list = new SchemaElement("tags");
    list.setRepetition_type(FieldRepetitionType.REPEATED);
    list.setNum_children(1);
    SchemaElement text = new SchemaElement("text");
    text.setType(Type.BYTE_ARRAY);
    text.setRepetition_type(FieldRepetitionType.OPTIONAL);
    text.setConverted_type(org.apache.parquet.format.ConvertedType.UTF8);
    ColumnMetaData chunk =
        new ColumnMetaData(
            Type.BYTE_ARRAY,
            List.of(Encoding.PLAIN),
            List.of("tags", "text"),
            CompressionCodec.UNCOMPRESSED,
            values,
            page.size(),
            page.size(),
            MAGIC.length);
    ColumnChunk column = new ColumnChunk(MAGIC.length);
    column.setMeta_data(chunk);
    RowGroup group = new RowGroup(List.of(column), page.size(), 1);
    return around(
        page.toByteArray(), new FileMetaData(1, List.of(root, list, text), 1, List.of(group)));
  }

  /** Levels of one bit or two, as a page of version 1 has them: pairs of a length and a level. */
  private static byte[] runs(int... lengthsAndLevels) throws IOException {
    ByteArrayOutputStream runs = new ByteArrayOutputStream();
    for (int i = 0; i < lengthsAndLevels.length; i += 2) {
      BytesUtils.writeUnsignedVarInt(lengthsAndLevels[i] << 1, runs);
      runs.write(lengthsAndLevels[i + 1]);
    }
    ByteBuffer length = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(length.putInt(runs.size()).array());
    runs.writeTo(all);
    return all.toByteArray();
  }

  /** A file with a plain footer whose only column is encrypted with a key of its own. */
  public static byte[] encryptedColumn() throws IOException {
    SchemaElement root = new SchemaElement("message");
    root.setNum_children(1);
    SchemaElement text = new SchemaElement("text");
    text.setType(Type.BYTE_ARRAY);
    text.setRepetition_type(FieldRepetitionType.REQUIRED);
    byte[] pages = new byte[40];
    ColumnChunk column = new ColumnChunk(MAGIC.length);
    column.setCrypto_metadata(
        ColumnCryptoMetaData.ENCRYPTION_WITH_COLUMN_KEY(
            new EncryptionWithColumnKey(List.of("text"))));
    column.setEncrypted_column_metadata(new byte[60]);
    RowGroup group = new RowGroup(List.of(column), pages.length, 2);
    FileMetaData footer = new FileMetaData(1, List.of(root, text), 2, List.of(group));
    footer.setEncryption_algorithm(EncryptionAlgorithm.AES_GCM_V1(new AesGcmV1()));
    return around(pages, footer);
  }

  /** A file with these bytes before its footer. */
  public static byte[] around(byte[] pages, FileMetaData footer) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Util.writeFileMetaData(footer, bytes);
    return around(pages, bytes.toByteArray());
  }

  /** A file with these bytes as its footer. */
  public static byte[] around(byte[] pages, byte[] footer) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(MAGIC);
    file.write(pages);
    file.write(footer);
    ByteBuffer length = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    file.write(length.putInt(footer.length).array());
    file.write(MAGIC);
    return file.toByteArray();
  }
}
