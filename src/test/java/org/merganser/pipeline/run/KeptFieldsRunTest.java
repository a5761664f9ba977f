package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;
import org.merganser.output.verify.ManifestVerification;
import org.merganser.pipeline.Jobs;
import org.merganser.shard.Duck;

/** Fields of the corpus that go into the shards beside the ids. */
@Tag("run")
final class KeptFieldsRunTest {
  private static final String KEEP =
      "shards.keep=[meta.url, year:integer, score:double, clean:boolean, tags]";

  private static final String COLUMNS = "doc_id, meta_url, year, score, clean, tags";

  @TempDir Path folder;

  private CommandLineRun run(Path corpus, Path out, String... settings) {
    return Jobs.lean(
        out,
        List.of(
            "corpus={inputs: ['" + corpus + "'], maxDeadLetterRate: 1}",
            "shards.groupBy=null",
            "embeddings=null",
            "tokenizer.train.vocabSize=300"),
        settings);
  }

  private static List<String> rows(Path out, String layout) throws Exception {
    return Duck.query(
        "select %s from '%s/shards/%s/*.parquet' order by doc_id", COLUMNS, out, layout);
  }

  @Test
  void keepsTypedValuesOfJsonLinesAndNestedOnesAsJson() throws Exception {
    Path corpus = folder.resolve("c.jsonl");
    Files.writeString(
        corpus,
        """
        {"id": "a", "text": "sun", "meta": {"url": "http://x/🌲"}, "year": 7, "score": 1, "clean": true, "tags": ["p", {"q": null}]}
        {"id": "b", "text": "moon", "meta": {"url": null}, "score": -0.5e3, "tags": "plain \\"text\\""}
        {"id": "c", "text": "star", "meta": 3, "year": 9223372036854775807, "clean": false, "tags": 4.50}
        {"id": "d", "text": "dead", "year": 1.5}
        {"id": "e", "text": "dead", "score": "1"}
        {"id": "f", "text": "dead", "clean": 1}
        {"id": "g", "text": "dead", "year": 9223372036854775808}
        {"id": "h", "text": "dead", "score": 1e999}
        {"id": "i", "text": "half", "tags": "\\ud800"}
        """);
    Path out = folder.resolve("out");
    run(corpus, out, KEEP, "shards.shuffle={seed: 1}").succeeded();
    List<String> expected =
        List.of(
            "a|http://x/🌲|7|1.0|true|[\"p\", {\"q\": null}]",
            "b|null|null|-500.0|null|plain \"text\"",
            "c|null|9223372036854775807|null|false|4.50");
    assertThat(rows(out, "parquet")).isEqualTo(expected);
    assertThat(rows(out, "shuffled/parquet")).isEqualTo(expected);
    assertThat(
            Duck.query("select column_type from (describe '" + out + "/shards/parquet/*.parquet')"))
        .endsWith("VARCHAR", "BIGINT", "DOUBLE", "BOOLEAN", "VARCHAR");
    assertThat(ManifestVerification.check("" + out, true).findings()).isEmpty();
    String letters = CommandLineRun.of("cat", out.toString(), "--dead-letters").succeeded().out();
    assertThat(letters)
        .contains("kept-field")
        .contains("field tags is ")
        .contains("which is not UTF-8 at its byte 0")
        .contains("field year is \"1.5\", and shards.keep has it as integer")
        .contains("field score is \"1\", and shards.keep has it as double")
        .contains("field clean is \"1\", and shards.keep has it as boolean");
    Path shuffled = folder.resolve("shuffled");
    CommandLineRun.of(
            "convert", out + "", "--to", "npy", "--shuffle-seed", "2", "--output", shuffled + "")
        .succeeded();
    assertThat(rows(shuffled, "shuffled/parquet")).isEqualTo(expected);
  }

  @Test
  void keepsValuesOfParquetAndCsv() throws Exception {
    Path parquet = folder.resolve("c.parquet");
    Duck.query(
        "COPY (SELECT 'a' id, 'sun' \"text\", {'url': 'http://x'} meta, 7::int \"year\", 0.5::float"
            + " score, true clean, [{'k': 1, 'v': 'x'}, NULL] tags UNION ALL SELECT 'b', 'moon',"
            + " NULL, NULL, 2.25, NULL, NULL) TO '%s'",
        parquet);
    Path out = folder.resolve("parquet");
    run(parquet, out, KEEP).succeeded();
    assertThat(rows(out, "parquet"))
        .containsExactly(
            "a|http://x|7|0.5|true|[{\"k\":1,\"v\":\"x\"},null]", "b|null|null|2.25|null|null");
    Path csv = folder.resolve("c.csv");
    Files.writeString(
        csv, "id,text,year,score,clean,tags\na,sun,7,1.5,true,\"x,y\"\nb,moon,,,,\nc,dead,x,,,\n");
    Path ofCsv = folder.resolve("csv");
    run(csv, ofCsv, KEEP).succeeded();
    assertThat(rows(ofCsv, "parquet"))
        .containsExactly("a|null|7|1.5|true|x,y", "b|null|null|null|null|null");
  }

  @Test
  void refusesFieldsThatCannotBeKept() {
    assertThat(
            run(folder, folder.resolve("bad"), "shards.keep=[file, meta.url, meta_url, 'a[']")
                .endedWith(2)
                .err())
        .contains("shards.keep: file: \"file\" is the name of shards.columns.file, too")
        .contains("shards.keep: meta_url: \"meta_url\" is the name of shards.keep: meta.url, too");
    assertThat(run(folder, folder.resolve("bad"), "shards.keep=['a[']").endedWith(2).err())
        .contains("shards.keep: \"a[\" is not the path of a field");
  }
}
