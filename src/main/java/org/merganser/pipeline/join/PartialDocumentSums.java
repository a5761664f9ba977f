package org.merganser.pipeline.join;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.merganser.embedding.Pooling;

/** Sums over parts of documents that lie in several units, as they travel in a file. */
final class PartialDocumentSums {
  /**
   * A sum.
   *
   * @param first number of the part that it begins with
   */
  private record Entry(boolean validation, String docId, int first, Pooling.Part part) {}

  private final List<Entry> entries = new ArrayList<>();

  void add(boolean validation, String docId, int first, Pooling.Part part) {
    entries.add(new Entry(validation, docId, first, part));
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  byte[] toBytes() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(entries.size());
      for (Entry entry : entries) {
        out.writeBoolean(entry.validation);
        byte[] docId = entry.docId.getBytes(StandardCharsets.UTF_8);
        out.writeInt(docId.length);
        out.write(docId);
        out.writeInt(entry.first);
        out.writeLong(entry.part.vectors());
        out.writeInt(entry.part.sum().length);
        for (double value : entry.part.sum()) {
          out.writeDouble(value);
        }
      }
    }
    return bytes.toByteArray();
  }

  /** Appends what {@link #toBytes} wrote; units are appended in their order. */
  void addAll(byte[] bytes) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int count = in.readInt();
      for (int i = 0; i < count; i++) {
        boolean validation = in.readBoolean();
        String docId = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
        int first = in.readInt();
        long vectors = in.readLong();
        double[] sum = new double[in.readInt()];
        for (int d = 0; d < sum.length; d++) {
          sum[d] = in.readDouble();
        }
        add(validation, docId, first, new Pooling.Part(vectors, sum));
      }
    }
  }

  /** Takes a whole document; the vector is overwritten by the next one. */
  interface Documents {
    void accept(String docId, float[] vector) throws IOException;
  }

  /** Puts the documents of one side together, in the order of their first parts; their number. */
  long combine(boolean validation, Pooling pooling, int dim, Documents documents)
      throws IOException {
    float[] vector = new float[dim];
    String open = null;
    long count = 0;
    for (Entry entry : entries) {
      if (entry.validation != validation) {
        continue;
      }
      if (entry.first == 0 || !entry.docId.equals(open)) {
        if (open != null) {
          pooling.end(vector);
          documents.accept(open, vector);
        }
        pooling.begin();
        open = entry.docId;
        count++;
      }
      pooling.add(entry.part);
    }
    if (open != null) {
      pooling.end(vector);
      documents.accept(open, vector);
    }
    return count;
  }
}
