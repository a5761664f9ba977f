package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.merganser.corpus.InputFormat;

/** Damaged CSV and TSV. */
class CsvFuzzTest extends CorpusFuzz {
  static Stream<byte[]> seeds() {
    return Stream.of(
            "text,meta.id,meta.lang,number,tags\n"
                + "\"a \"\"quoted\"\"\n"
                + "field\",1,en,7,x\n"
                + "plain é,2,,,\r\n",
            "text,meta.id,split\n"
                + "\"several\r\nrecords, quoted\",1,test\nplain,2,train\n".repeat(6),
            "meta.id\ttext\tsplit\n1\tone\ttest\n\n2\t\"two\t\ttoo\"\n",
            "\uFEFFtext\nonly\n\"open",
            "text;meta.id\na;b;c\n\"x\"y;z\n",
            "text,text\ra,b\r")
        .map(text -> text.getBytes(UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest
  void readsDamagedCsvToItsEnd(byte[] damaged) throws IOException {
    readToItsEnd(damaged, InputFormat.CSV, InputFormat.TSV);
  }
}
