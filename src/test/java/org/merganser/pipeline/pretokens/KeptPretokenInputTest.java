package org.merganser.pipeline.pretokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;

/** A file in memory and a stream, against {@link DataInputStream}. */
final class KeptPretokenInputTest {
  private final Random random = new Random(Seeds.next());

  /** A stream that returns between one and {@code most} bytes at a time. */
  private InputStream inPieces(byte[] file, int most) {
    return new FilterInputStream(new ByteArrayInputStream(file)) {
      @Override
      public int read(byte[] to, int at, int length) throws IOException {
        return super.read(to, at, Math.min(length, 1 + random.nextInt(most)));
      }
    };
  }

  @Test
  void readsWhatWasWrittenFromMemoryAndFromAStream() throws IOException {
    int[] kinds = random.ints(4000, 0, 6).toArray();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    for (int kind : kinds) {
      switch (kind) {
        case 0 -> out.writeByte(random.nextInt());
        case 1 -> out.writeBoolean(random.nextBoolean());
        case 2 -> out.writeInt(random.nextInt());
        case 3 -> out.writeLong(random.nextLong());
        case 4 -> out.writeDouble(random.nextGaussian());
        default -> {
          byte[] block = new byte[random.nextInt(10) == 0 ? 200_000 : random.nextInt(100)];
          random.nextBytes(block);
          out.writeInt(block.length);
          out.write(block);
        }
      }
    }
    byte[] file = bytes.toByteArray();
    List<KeptPretokenInput> inputs =
        List.of(
            new KeptPretokenInput(file),
            new KeptPretokenInput(inPieces(file, 5000)),
            new KeptPretokenInput(new ByteArrayInputStream(file)));
    for (KeptPretokenInput in : inputs) {
      DataInputStream expected = new DataInputStream(new ByteArrayInputStream(file));
      for (int kind : kinds) {
        switch (kind) {
          case 0 -> assertThat(in.readByte()).isEqualTo(expected.readByte());
          case 1 -> assertThat(in.readBoolean()).isEqualTo(expected.readBoolean());
          case 2 -> assertThat(in.readInt()).isEqualTo(expected.readInt());
          case 3 -> assertThat(in.readLong()).isEqualTo(expected.readLong());
          case 4 -> assertThat(in.readDouble()).isEqualTo(expected.readDouble());
          default -> {
            byte[] block = new byte[in.readInt()];
            in.readFully(block, block.length);
            assertThat(Arrays.equals(block, expected.readNBytes(expected.readInt()))).isTrue();
          }
        }
      }
      assertThatThrownBy(in::readByte).isInstanceOf(EOFException.class);
      assertThatThrownBy(() -> in.readFully(new byte[3], 3)).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void aNumberThatIsCutIsAnError() throws IOException {
    for (int length = 0; length < 8; length++) {
      byte[] file = new byte[length];
      assertThatThrownBy(new KeptPretokenInput(file)::readLong).isInstanceOf(EOFException.class);
      assertThatThrownBy(new KeptPretokenInput(inPieces(file, 2))::readLong)
          .isInstanceOf(EOFException.class);
    }
  }
}
