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
 * Reads footers and page headers whose lists, strings and nesting are bounded. Thrift allocates
 * what a length says, and calls itself for each level of a field that it skips, so a kilobyte could
 * take the heap, or the stack.
 */
final class BoundedThrift {
  /** Structures of Parquet are nested less than ten deep. */
  private static final int MAX_NESTING = 64;

  /** Parquet's reader calls itself for each level of a schema. */
  static final int MAX_SCHEMA_DEPTH = 200;

  private BoundedThrift() {}

  static FileMetaData footer(InputStream in, int length) throws IOException {
    FileMetaData footer = read(new FileMetaData(), in, length);
    checkDepth(footer.getSchema());
    return footer;
  }

  static PageHeader pageHeader(InputStream in, int length) throws IOException {
    return read(new PageHeader(), in, length);
  }

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

  /** Checks the tree of a schema, which is a list in the order of a walk through it. */
  private static void checkDepth(List<SchemaElement> schema) throws IOException {
    int[] left = new int[MAX_SCHEMA_DEPTH + 1];
    int depth = 0;
    for (SchemaElement element : schema) {
      while (depth > 0 && left[depth] == 0) {
        depth--;
      }
      left[depth]--;
      if (element.getNum_children() > 0) {
        if (depth == MAX_SCHEMA_DEPTH) {
          throw new IOException(
              "its schema has more than " + MAX_SCHEMA_DEPTH + " levels, at " + element.getName());
        }
        left[++depth] = element.getNum_children();
      }
    }
  }

  private static final class Bounded extends TCompactProtocol {
    private int nesting;

    Bounded(TIOStreamTransport bytes, int length) {
      super(bytes, length, length);
    }

    private void enter() throws TException {
      if (++nesting > MAX_NESTING) {
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
