package org.merganser.corpus;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The texts that a run keeps for validation, as a stream: what is encoded by itself, which is a
 * document, a part of a large one or a segment, with the group of its document. Compressed by zstd,
 * level 1, a text after the other in document order:
 *
 * <pre>
 * 1 (byte), begins a document (byte), bytes of the group (int; -1: no group), group, bytes of the text
 * (int), text; at the end 0 (byte)</pre>
 */
public final class HeldOutTexts {
  private HeldOutTexts() {}

  /** Receives texts. */
  @FunctionalInterface
  public interface Sink {
    /**
     * @param begins whether the text is the first of its document
     * @param group null for a document that has none
     */
    void text(boolean begins, @Nullable String group, byte[] text) throws IOException;
  }

  /** Writes the texts of the documents for validation among those that it is given. */
  public static final class Writer implements DocumentHandler, Closeable {
    private final DataOutputStream out;

    /**
     * @param out left open by {@link #close}
     */
    public Writer(OutputStream out) throws IOException {
      this.out =
          new DataOutputStream(
              new BufferedOutputStream(
                  new ZstdOutputStreamNoFinalizer(new DeadLetterWriter.LeftOpen(out), 1), 1 << 16));
    }

    @Override
    public void document(Document document) throws IOException {
      if (document.selection != Selection.VALIDATION) {
        return;
      }
      int start = document.from;
      for (int stretch = 0; stretch < document.stretches(); stretch++) {
        int end = document.stretchEnd(stretch);
        out.writeByte(1);
        out.writeByte(stretch == 0 && document.part == 0 ? 1 : 0);
        byte[] group =
            document.group == null ? null : document.group.getBytes(StandardCharsets.UTF_8);
        out.writeInt(group == null ? -1 : group.length);
        if (group != null) {
          out.write(group);
        }
        out.writeInt(end - start);
        out.write(document.text, start, end - start);
        start = end;
      }
    }

    @Override
    public void deadLetter(DeadLetter letter) {}

    /** Writes the end. */
    @Override
    public void close() throws IOException {
      out.writeByte(0);
      out.close();
    }
  }

  /** Hands on all texts. */
  public static void read(InputStream in, Sink sink) throws IOException {
    try (DataInputStream texts =
        new DataInputStream(new BufferedInputStream(new ZstdInputStreamNoFinalizer(in), 1 << 16))) {
      while (texts.readByte() != 0) {
        boolean begins = texts.readByte() != 0;
        int groupBytes = texts.readInt();
        String group =
            groupBytes < 0
                ? null
                : new String(texts.readNBytes(groupBytes), StandardCharsets.UTF_8);
        sink.text(begins, group, texts.readNBytes(texts.readInt()));
      }
    }
  }
}
