package org.merganser.parquet.file;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.SchemaElement;
import shaded.parquet.org.apache.thrift.TBase;
import shaded.parquet.org.apache.thrift.TException;
import shaded.parquet.org.apache.thrift.protocol.TCompactProtocol;
import shaded.parquet.org.apache.thrift.protocol.TList;
import shaded.parquet.org.apache.thrift.protocol.TMap;
import shaded.parquet.org.apache.thrift.protocol.TSet;
import shaded.parquet.org.apache.thrift.protocol.TStruct;
import shaded.parquet.org.apache.thrift.transport.TIOStreamTransport;
import shaded.parquet.org.apache.thrift.transport.TTransportException;

/**
 * Reads footers and page headers, and bounds their lists, strings and nesting. Thrift itself
 * allocates whatever a length says, and calls itself for each level of a field that it skips, so a
 * kilobyte could fill the heap or the stack.
 */
final class BoundedThrift {
  /** The maximum depth of structures and lists; Parquet's are nested less than ten deep. */
  private static final int MAX_NESTING = 64;

  /** The maximum levels of a schema, for each of which Parquet's reader calls itself. */
  static final int MAX_SCHEMA_DEPTH = 200;

  private BoundedThrift() {}

  /**
   * Reads a footer.
   *
   * @param length the bytes that it may take
   * @throws IOException if it is damaged, or its schema is too deep
   */
  static FileMetaData footer(InputStream in, int length) throws IOException {
    FileMetaData footer = read(new FileMetaData(), in, length);
    checkDepth(footer.getSchema());
    return footer;
  }

  /**
   * Reads the header of a page.
   *
   * @param length the bytes that it may take
   * @throws IOException if it is damaged
   */
  static PageHeader pageHeader(InputStream in, int length) throws IOException {
    return read(new PageHeader(), in, length);
  }

  /** Fills a structure, which is returned. */
  private static <T extends TBase<?, ?>> T read(T structure, InputStream in, int length)
      throws IOException {
    try {
      structure.read(new Bounded(new TIOStreamTransport(in), length));
    } catch (TTransportException e) {
      throw new IOException("something in it goes beyond its end", e);
    } catch (TException | RuntimeException e) {
      throw new IOException(e.getMessage(), e);
    }
    return structure;
  }

  /** Checks the depth of a schema: a tree whose elements are listed parents first. */
  private static void checkDepth(List<SchemaElement> schema) throws IOException {
    int[] childrenLeft = new int[MAX_SCHEMA_DEPTH + 1]; // by depth: the children not seen yet
    int depth = 0;
    for (SchemaElement element : schema) {
      while (depth > 0 && childrenLeft[depth] == 0) {
        depth--;
      }
      childrenLeft[depth]--;
      if (element.getNum_children() > 0) {
        if (depth == MAX_SCHEMA_DEPTH) {
          throw new IOException(
              "its schema has more than " + MAX_SCHEMA_DEPTH + " levels, at " + element.getName());
        }
        depth++;
        childrenLeft[depth] = element.getNum_children();
      }
    }
  }

  /** Throws a {@link TException} if structures are nested too deep, or a length is too large. */
  private static final class Bounded extends TCompactProtocol {
    /** The number of structures and lists that have begun and not ended. */
    private int nesting;

    /**
     * @param bytes the bytes to read
     * @param length the maximum length of a string and of a list
     */
    Bounded(TIOStreamTransport bytes, int length) {
      super(bytes, length, length);
    }

    private void enter() throws TException {
      nesting++;
      if (nesting > MAX_NESTING) {
        throw new TException("its structures are nested more than " + MAX_NESTING + " deep");
      }
    }

    @Override
    public TStruct readStructBegin() throws TException {
      enter();
      return super.readStructBegin();
    }

    @Override
    public void readStructEnd() throws TException {
      nesting--;
      super.readStructEnd();
    }

    @Override
    public TList readListBegin() throws TException {
      enter();
      return super.readListBegin();
    }

    @Override
    public void readListEnd() throws TException {
      nesting--;
      super.readListEnd();
    }

    @Override
    public TSet readSetBegin() throws TException {
      enter();
      return super.readSetBegin();
    }

    @Override
    public void readSetEnd() throws TException {
      nesting--;
      super.readSetEnd();
    }

    @Override
    public TMap readMapBegin() throws TException {
      enter();
      return super.readMapBegin();
    }

    @Override
    public void readMapEnd() throws TException {
      nesting--;
      super.readMapEnd();
    }
  }
}
