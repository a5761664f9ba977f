package org.merganser.output.manifest;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.merganser.Fuzz;
import org.merganser.output.OtherSchemaException;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.store.ChecksummedFile;
import org.merganser.store.UnusableFileException;

/** A damaged manifest or receipt is refused with a documented exception, or it is one. */
class ManifestFuzzTest {
  static byte[][] seeds() {
    String sum = "ab".repeat(32);
    String totals =
        "{\"files\":1,\"storedBytes\":2,\"records\":3,\"documents\":3,\"validation\":"
            + "{\"documents\":0,\"bytes\":0,\"tokens\":0},\"deadLetters\":{\"notJson\":1},"
            + "\"duplicates\":0,\"blank\":0,\"textBytes\":1,\"rawBytes\":1,\"tokens\":1}";
    String list = "{\"path\":\"a\",\"lines\":1,\"size\":2,\"sha256\":\"" + sum + "\"}";
    String manifest =
        """
        {"schema":2,"job":{},"tokenizerSha256":"%s","vocabulary":300,
        "embeddingsSha256":null,"totals":%s,"inputs":%s,"outputs":%s,
        "request":{"sha256":"%s","format":1,"keys":{}},"data":"%s"}\
        """
            .formatted(sum, totals, list, list, Request.of(new TreeMap<>()).sha256(), sum)
            .replace("\n", "");
    String receipt =
        """
        {"schema":3,"unit":0,"stage":"encode","fingerprint":"ab","files":[
        {"path":"shards/a","size":1,"sha256":"%s","documents":1,"tokens":2}
        ],"inputs":[],"groups":[],"histogram":null}\
        """
            .formatted(sum)
            .replace("\n", "");
    Manifest.read(manifest.getBytes(), "the seed");
    UnitReceipt.read(ChecksummedFile.withSum(receipt.getBytes()), "the seed");
    return new byte[][] {manifest.getBytes(), receipt.getBytes()};
  }

  /** Anyone can write the sum of a receipt, so it is right here. */
  @MethodSource("seeds")
  @FuzzTest
  void refusesOrReadsAnyJson(byte[] damaged) {
    try {
      Manifest.read(damaged, "manifest.json");
    } catch (UnusableFileException | OtherSchemaException documented) {
      Fuzz.requireNames(documented, "manifest.json"); // it may be a receipt
    }
    try {
      UnitReceipt.read(ChecksummedFile.withSum(damaged), "receipt");
    } catch (UnusableFileException | OtherSchemaException documented) {
      Fuzz.requireNames(documented, "receipt");
    }
  }

  @Test
  void refusesOrReadsADamagedManifestOrReceipt() throws IOException {
    Fuzz.run(Fuzz.millis() / 2, this::refusesOrReadsAnyJson, seeds());
  }
}
