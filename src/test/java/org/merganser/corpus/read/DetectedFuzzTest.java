package org.merganser.corpus.read;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.merganser.corpus.Compression;
import org.merganser.corpus.InputFormat;

/** Damaged files of all formats of text, whose format is detected. */
class DetectedFuzzTest extends CorpusFuzz {
  static Stream<byte[]> seeds() throws IOException {
    Stream<byte[]> all =
        Stream.of(JsonFuzzTest.seeds(), CsvFuzzTest.seeds(), WarcFuzzTest.seeds())
            .flatMap(seeds -> seeds);
    byte[] json = JsonFuzzTest.seeds().findFirst().orElseThrow();
    return Stream.concat(all, Stream.of(Compressed.of(Compression.GZIP, json)));
  }

  @MethodSource("seeds")
  @FuzzTest
  void readsFilesOfAnyFormatToTheirEnd(byte[] damaged) throws IOException {
    readToItsEnd(damaged, InputFormat.AUTO);
  }
}
