package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.provider.MethodSource;
import org.merganser.corpus.Compression;
import org.merganser.corpus.InputFormat;

/** Damaged compressed files. */
class CompressedFuzzTest extends CorpusFuzz {
  static List<byte[]> seeds() throws IOException {
    byte[] text = "A line.\n\nAnother one é\r\n".getBytes(UTF_8);
    List<byte[]> seeds = new ArrayList<>();
    for (Compression compression : Compression.values()) {
      byte[] one = Compressed.of(compression, text);
      seeds.add(one);
      seeds.add(Compressed.join(one, one));
    }
    return seeds;
  }

  @MethodSource("seeds")
  @FuzzTest
  void readsDamagedStreamsToTheirEnd(byte[] damaged) throws IOException {
    readToItsEnd(damaged, InputFormat.LINES);
  }
}
