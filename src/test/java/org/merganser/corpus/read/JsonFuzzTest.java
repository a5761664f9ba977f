package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.merganser.corpus.InputFormat;

/** Damaged JSON Lines and JSON arrays. */
class JsonFuzzTest extends CorpusFuzz {
  static Stream<byte[]> seeds() {
    String record =
        "{\"text\":\"one \\u00e9\\ud83c\\udf32\\n"
            + "\",\"meta\":{\"id\":%d,\"lang\":\"en\"},\"split\":\"test\","
            + "\"number\":-12,\"tags\":[\"a\",{\"b\":[1.5e3,true,null]}],\"messages\":["
            + "{\"text\":\"Hi\",\"loss\":false},{\"text\":\"there.\",\"loss\":true}]}";
    return Stream.of(
            record.formatted(1) + "\n" + record.formatted(2) + "\r\n\nplain\n",
            "\uFEFF[" + record.formatted(1) + ",\n " + record.formatted(2) + "]\n",
            "[{\"text\":\"\\ud800\"},{\"text\":7},[],\"x\"]",
            "{\"text\":\"\"}{\"text\":\"two\"}\n{\"text\":")
        .map(text -> text.getBytes(UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest
  void readsDamagedJsonToItsEnd(byte[] damaged) throws IOException {
    readToItsEnd(damaged, InputFormat.JSONL, InputFormat.JSON);
  }
}
