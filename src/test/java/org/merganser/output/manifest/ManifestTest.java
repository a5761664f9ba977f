package org.merganser.output.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.TestResources;
import org.merganser.checksum.Sha256;
import org.merganser.json.Json;
import org.merganser.output.WrittenFile;
import org.merganser.output.figures.GroupCounts;
import org.merganser.output.figures.LengthBucket;
import org.merganser.output.figures.MeasuredDocument;
import org.merganser.output.figures.RecordSums;
import org.merganser.output.figures.UnitLengths;
import org.merganser.output.receipt.GroupRow;
import org.merganser.output.receipt.InputRange;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.store.ChecksummedFile;
import org.merganser.store.UnusableFileException;

class ManifestTest {
  private static final String SUM = "0123456789abcdef".repeat(4);

  @TempDir Path dir;

  private static InputRange range(String path, long start, long end, long size, long documents) {
    GroupCounts validation = new GroupCounts(2, 20, 8);
    return range(path, start, end, size, documents + 5, documents, validation);
  }

  private static InputRange range(
      String path,
      long start,
      long end,
      long size,
      long records,
      long documents,
      GroupCounts validation) {
    return new InputRange(
        path,
        start,
        end,
        size,
        SUM,
        null,
        null,
        new RecordSums(
            records,
            documents,
            validation,
            new TreeMap<>(Map.of("invalid-utf8", 1L)),
            1L,
            null,
            null,
            1,
            documents * 10,
            documents * 12,
            documents * 4,
            null,
            null));
  }

  private static UnitReceipt receipt(int unit, List<WrittenFile> files, InputRange... inputs) {
    return new UnitReceipt(
        UnitReceipt.SCHEMA_VERSION,
        unit,
        "encode",
        "f00d",
        files,
        List.of(inputs),
        List.of(new GroupRow("de", GroupCounts.ZERO), new GroupRow("en", new GroupCounts(1, 2, 3))),
        null,
        new UnitLengths(
            List.of(
                new UnitLengths.Group(null, List.of(new LengthBucket(8, 2, 15))),
                new UnitLengths.Group("en", List.of(new LengthBucket(3, 1, 3)))),
            List.of(new MeasuredDocument("d", "in.txt", 4, 0, null, 8)),
            List.of(new MeasuredDocument("e", "in.txt", 0, 2, "en", 8))),
        null,
        List.of(),
        null,
        new TreeMap<>(),
        null);
  }

  private static WrittenFile shard(int unit, long documents) {
    return new WrittenFile(
        String.format("shards/parquet/part-%07d-000.parquet", unit),
        10,
        SUM,
        documents,
        documents * 4);
  }

  private static WrittenFile other(String path) {
    return new WrittenFile(path, 1, SUM, 0, 0);
  }

  private static String[] lists(List<UnitReceipt> receipts, List<WrittenFile> others)
      throws IOException {
    ByteArrayOutputStream inputs = new ByteArrayOutputStream();
    ByteArrayOutputStream outputs = new ByteArrayOutputStream();
    ManifestWriter.Inputs read =
        ManifestWriter.writeInputs(
            inputs, receipts.iterator(), (unit, range) -> null, line -> false);
    Manifest.ListFile in = read.list();
    List<WrittenFile> files = new ArrayList<>(read.sums().files());
    files.addAll(others);
    List<WrittenFile> sorted = ManifestWriter.sorted(files);
    Manifest.ListFile out = ManifestWriter.writeOutputs(outputs, sorted);
    assertThat(in.sha256()).isEqualTo(Sha256.of(inputs.toByteArray()));
    assertThat(out.size()).isEqualTo(outputs.size());
    Manifest manifest =
        new Manifest(
            Manifest.SCHEMA_VERSION,
            JsonNodeFactory.instance.objectNode().put("a", 1),
            SUM,
            300,
            null,
            read.sums().totals(),
            null,
            in,
            out,
            null,
            null,
            Request.of(new TreeMap<>(Map.of("a", "1"))),
            ManifestWriter.data(sorted, SUM));
    assertThat(Manifest.read(manifest.toJson(), "manifest.json")).isEqualTo(manifest);
    return new String[] {
      inputs.toString(UTF_8), outputs.toString(UTF_8), new String(manifest.toJson(), UTF_8)
    };
  }

  @Test
  void aReceiptIsWrittenInOneWayAndReadBack() throws IOException {
    UnitReceipt receipt =
        receipt(3, List.of(other("b"), other("a/x")), range("in.txt", 0, 5, 9, 2));
    String json = new String(content(receipt), UTF_8);
    assertThat(UnitReceipt.read(receipt.toFile(), "r")).isEqualTo(receipt);
    String path = UnitReceipt.path("f00d", 3);
    assertThat(UnitReceipt.unitOf("s3://bucket/out.json/" + path)).isEqualTo(3);
    assertThat(json)
        .isEqualTo(
            TestResources.text("output/manifest/receipt.json")
                    .replaceAll("\\s", "")
                    .replace("SUM", SUM)
                + "\n");
  }

  /** JSON readers limit the length of keys. */
  @Test
  void aReceiptIsReadAgainWhateverItsGroupsAre() {
    List<GroupRow> groups =
        List.of(
            new GroupRow("\u0000\"\\", new GroupCounts(4, 5, 6)),
            new GroupRow("x".repeat(100_000), new GroupCounts(1, 2, 3)));
    UnitReceipt receipt =
        new UnitReceipt(
            UnitReceipt.SCHEMA_VERSION,
            0,
            "encode",
            SUM,
            List.of(),
            List.of(),
            groups,
            null,
            null,
            null,
            List.of(),
            null,
            new TreeMap<>(),
            null);
    assertThat(UnitReceipt.read(receipt.toFile(), "receipt")).isEqualTo(receipt);
  }

  private static byte[] content(UnitReceipt receipt) {
    return Objects.requireNonNull(ChecksummedFile.contentOf(receipt.toFile()));
  }

  @Test
  void refusesAReceiptThatLacksAFieldOrLeadsOutOfTheFolder() {
    String text = new String(content(receipt(0, List.of(other("b")))), UTF_8);
    assertThatThrownBy(
            () ->
                UnitReceipt.read(
                    ChecksummedFile.withSum(
                        text.replace("\"stage\":\"encode\",", "").getBytes(UTF_8)),
                    "r"))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining("r is not a UnitReceipt")
        .hasMessageContaining("stage");
    for (String path : List.of("../b", "/b", "a//b", "a/./b", "", "a/..")) {
      byte[] bad =
          ChecksummedFile.withSum(text.replace("\"b\"", "\"" + path + "\"").getBytes(UTF_8));
      assertThatThrownBy(() -> UnitReceipt.read(bad, "r"))
          .as(path)
          .isInstanceOf(UnusableFileException.class)
          .hasMessageContaining("is not a path below the output folder");
    }
    byte[] begun = text.substring(0, 50).getBytes(UTF_8);
    assertThatThrownBy(() -> UnitReceipt.read(begun, "r"))
        .isInstanceOf(UnusableFileException.class);
  }

  @Test
  void aFileReadInRangesIsOneLineAndTheTotalsAddUp() throws IOException {
    String[] lists =
        lists(
            List.of(
                receipt(0, List.of(shard(0, 5)), range("a", 0, 7, 7, 1), range("b", 0, 10, 30, 4)),
                receipt(1, List.of(shard(1, 2)), range("b", 10, 20, 30, 2)),
                receipt(
                    4, List.of(shard(4, 6)), range("b", 20, 30, 30, 1), range("c", 0, 0, 0, 5))),
            List.of());
    assertThat(lists[0].lines()).hasSize(3);
    assertThat(lists[0].lines().toList().get(1))
        .isEqualTo(
            "{\"path\":\"b\",\"size\":30,\"ranges\":[{\"start\":0,\"end\":10,\"sha256\":\"SUM\"},{\"start\":10,\"end\":20,\"sha256\":\"SUM\"},{\"start\":20,\"end\":30,\"sha256\":\"SUM\"}],\"records\":22,\"documents\":7,\"validation\":{\"documents\":6,\"bytes\":60,\"tokens\":24},\"deadLetters\":{\"invalid-utf8\":3},\"duplicates\":3,\"blank\":3,\"textBytes\":70,\"rawBytes\":84,\"tokens\":28}"
                .replace("SUM", SUM));
    assertThat(lists[2])
        .contains("\"files\" : 3", "\"documents\" : 13", "\"records\" : 38", "\"tokens\" : 52")
        .doesNotContain("\r");
  }

  @Test
  void outputsAreSortedByBytesAcrossFoldersAndOthers() throws IOException {
    String[] lists =
        lists(
            List.of(
                receipt(
                    0,
                    List.of(shard(0, 1), other("p/a-0"), other("p/z/0")),
                    range("a", 0, 1, 1, 1)),
                receipt(
                    1,
                    List.of(shard(1, 1), other("p/a-1"), other("p/z/1")),
                    range("b", 0, 1, 1, 1))),
            List.of(other("p/r"), other("\uD83C\uDF32"), other("\uFF01")));
    assertThat(lists[1].lines().map(l -> l.split("\"")[3]).toList())
        .containsExactly(
            "p/a-0",
            "p/a-1",
            "p/r",
            "p/z/0",
            "p/z/1",
            "shards/parquet/part-0000000-000.parquet",
            "shards/parquet/part-0000001-000.parquet",
            "\uFF01",
            "\uD83C\uDF32");
  }

  private static AbstractThrowableAssert<?, ?> refusal(
      List<WrittenFile> others, UnitReceipt... receipts) {
    return assertThatThrownBy(() -> lists(List.of(receipts), others))
        .isInstanceOf(UnusableFileException.class);
  }

  @Test
  void sumsThatDoNotAddUpFailWithTheFile() {
    InputRange good = range("in/x", 0, 5, 5, 2);
    InputRange bad = range("in/x", 0, 5, 5, 6, 2, GroupCounts.ZERO);
    refusal(List.of(), receipt(0, List.of(), bad))
        .hasMessageContaining("input in/x: of 6 records, 5 are accounted for");
    refusal(List.of(), receipt(0, List.of(), range("in/x", 0, 4, 5, 2)))
        .hasMessageContaining("input in/x: only 4 of 5 bytes are accounted for");
    refusal(
            List.of(),
            receipt(0, List.of(), range("in/x", 0, 2, 5, 2)),
            receipt(1, List.of(), range("in/x", 3, 5, 5, 2)))
        .hasMessageContaining("was read up to 2, and then from 3");
    refusal(List.of(), receipt(0, List.of(shard(0, 3)), good))
        .hasMessageContaining("2 documents and 8 tokens")
        .hasMessageContaining("hold 3 and 12");
    refusal(List.of(other("b")), receipt(0, List.of(other("a"), other("b"))))
        .hasMessageContaining("two outputs have the path b");
  }

  @Test
  void membersThatAreUnknownMissingOrNullAreRefusedBesideTheSumsAndAmongThem() {
    byte[] json = Json.file(range("in/x", 0, 5, 5, 2));
    assertThat(Json.read(json, InputRange.class, "r", UnusableFileException::new))
        .isEqualTo(range("in/x", 0, 5, 5, 2));
    for (String field : List.of("start", "end", "records", "blank", "tokens")) {
      for (String change : List.of("another", "missing", "null")) {
        ObjectNode changed = (ObjectNode) Json.tree(json, "r", UnusableFileException::new);
        switch (change) {
          case "another" -> changed.put(field + "s", 1);
          case "missing" -> changed.remove(field);
          default -> changed.putNull(field);
        }
        assertThatThrownBy(
                () ->
                    Json.read(
                        Json.file(changed), InputRange.class, "r", UnusableFileException::new))
            .as("%s %s", change, field)
            .isInstanceOf(UnusableFileException.class);
      }
    }
  }

  @Test
  void sumsOfMoreThanALongAreRefused() {
    RecordSums most =
        new RecordSums(
            Long.MAX_VALUE,
            0,
            GroupCounts.ZERO,
            new TreeMap<>(),
            0,
            null,
            null,
            0,
            0,
            0,
            0,
            null,
            null);
    assertThatThrownBy(() -> most.plus(range("x", 0, 1, 1, 2).sums()))
        .isInstanceOf(ArithmeticException.class);
    RecordSums two = range("x", 0, 1, 1, 2).sums();
    assertThat(two.plus(two).dead()).isEqualTo(2);
    assertThat(RecordSums.ZERO.plus(two)).isEqualTo(two);
  }
}
