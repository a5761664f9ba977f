package org.merganser.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.shard.Duck;
import org.merganser.shard.NumPy;
import org.merganser.shard.ShardRow;
import org.merganser.shard.ShardRows;
import org.merganser.store.UnusableFileException;

/** The files of dolma, read as its documentation and OLMo-core's say. */
final class DolmaLayoutTest {
  private static final int BOS = 1;
  private static final int EOS = 2;

  @TempDir Path dir;

  private Path convert(int bound, List<ShardRow> rows) throws IOException {
    Path shard = ShardRows.write(dir.resolve("s.parquet"), "ab", rows);
    new ShardConversion(
            ShardFormat.DOLMA.layout(BinHeader.NONE),
            new ShardLayout.IdSettings(bound, 0, -1),
            ShardConversion.Limits.NONE)
        .convert(shard, (part, suffix) -> dir.resolve(part + suffix), "part-0000000-000");
    return dir.resolve("part-0000000-000.npy");
  }

  private static List<ShardRow> documentsWithEosAsText() {
    return List.of(
        ShardRows.row("a", "f,1.jsonl", 0, 0, BOS, 10, EOS, 11, EOS),
        ShardRows.row("say \"b\"", "f,1.jsonl", 70, 0, BOS, EOS),
        ShardRows.row("no text", "g", 5, 0),
        ShardRows.row("ü🌲", "g", 99, 0, BOS, 12, 13),
        ShardRows.row("ü🌲", "g", 99, 17, 14, EOS));
  }

  @Test
  void aDocumentWithEosInItsTextIsOneInTheListAndSeveralBetweenEos() throws Exception {
    Path npy = convert(300, documentsWithEosAsText());
    assertThat(Files.size(npy)).isEqualTo(2 * 12); // without a header
    assertThat(NumPy.run("dolma.py", "uint16", EOS, BOS, npy))
        .containsExactly(
            "rows [['0', '5', 'a', 'f,1.jsonl', '1'], ['5', '7', 'say \"b\"', 'f,1.jsonl', '71'],"
                + " ['7', '10', 'ü🌲', 'g', '100'], ['10', '12', 'ü🌲', 'g', '100']]",
            "csv [[0, 5], [5, 7], [7, 10], [10, 12]]",
            "eos [[0, 3], [3, 5], [5, 7], [7, 12]]",
            "both [[0, 5], [5, 7], [7, 12]]",
            "ids [1, 10, 2, 11, 2, 1, 2, 1, 12, 13, 14, 2]");
  }

  @Test
  void anotherReaderOfCsvAndGzipFindsTheFields() throws Exception {
    convert(300, documentsWithEosAsText());
    assertThat(
            Duck.query(
                "SELECT * FROM read_csv('%s/*.csv.gz', header=false, columns={'start': 'BIGINT',"
                    + " 'end': 'BIGINT', 'id': 'VARCHAR', 'src': 'VARCHAR', 'loc': 'BIGINT'})",
                dir))
        .containsExactly(
            "0|5|a|f,1.jsonl|1", "5|7|say \"b\"|f,1.jsonl|71", "7|10|ü🌲|g|100", "10|12|ü🌲|g|100");
  }

  @Test
  void theListIsGzipWhoseBytesNoCompressorDecides() throws IOException {
    convert(300, documentsWithEosAsText().subList(0, 1));
    String csv = "0,5,a,\"f,1.jsonl\",1\r\n";
    byte[] file = Files.readAllBytes(dir.resolve("part-0000000-000.csv.gz"));
    assertThat(file).hasSize(csv.length() + 23).startsWith(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff);
    assertThat(new String(file, 15, csv.length(), java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo(csv);
  }

  @ParameterizedTest
  @CsvSource({"257, uint16, 2", "65536, uint16, 2", "65537, uint32, 4", "2147483647, uint32, 4"})
  void anIdHasTheWidthOfTheVocabulary(int bound, String dtype, int width) throws IOException {
    Path npy = convert(bound, List.of(ShardRows.row("d", "f", 0, 0, 0, bound - 1)));
    assertThat(Files.size(npy)).isEqualTo(2L * width);
    assertThat(ShardFormat.DOLMA.pythonExample(dir + "/", npy.toString(), BinHeader.NONE, bound))
        .contains("numpy.memmap(f, \"" + dtype + "\", \"r\", 0)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\r", "\n5,6,x"})
  void aLineBreakInAnIdIsRefusedBecauseReadersTakeLines(String id) {
    assertThatThrownBy(() -> convert(300, List.of(ShardRows.row(id, "f.jsonl", 0, 0, 5))))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining("dolma: the id of document \"" + id + "\" of \"f.jsonl\" has a line")
        .hasMessageContaining("corpus.idField");
    assertThatThrownBy(() -> convert(300, List.of(ShardRows.row("d", id, 0, 0, 5))))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining("dolma: the file of document \"d\"");
  }

  @Test
  void aFileEndsBeforeHalfAGibiIdsAndADocumentIsNeverTooLong() {
    ShardLayout dolma = ShardFormat.DOLMA.layout(BinHeader.NONE);
    assertThat(dolma.defaultPartTokens()).isEqualTo(512L * 1024 * 1024);
    assertThat(dolma.maxFileTokens()).isEqualTo(Long.MAX_VALUE);
    ShardLayout.IdSettings ids = new ShardLayout.IdSettings(300, 0, -1);
    ShardConversion.Limits large = new ShardConversion.Limits(Long.MAX_VALUE, null);
    assertThat(new ShardConversion(dolma, ids, large).maxTokens()).isEqualTo(1L << 29);
    ShardConversion.Limits small = new ShardConversion.Limits(1000L, null);
    assertThat(new ShardConversion(dolma, ids, small).maxTokens()).isEqualTo(1000);
  }
}
