package org.merganser.pipeline.output.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.output.WrittenFile;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.RunPaths;

/** Which receipts are valid, and where the files that they list are found. */
final class ReceiptsTest {
  private static final String F = "0123456789abcdef".repeat(2);
  private static final String SHARD = OutputPaths.shard(false, "", 3, 0);
  private static final String RECEIPT = UnitReceipt.path(F, 3);

  @TempDir Path out;
  private RunPaths run;
  private WrittenFile file;

  /** A unit whose shard waits in the stage. */
  @BeforeEach
  void writeAUnit() throws IOException {
    run = RunPaths.of(OutputPaths.of(out.toString()), F);
    try (UnitFiles files = new UnitFiles(run)) {
      files.write(SHARD, new byte[] {1, 2, 3});
      file = files.publish(3, UnitReceipt.ENCODE, F).receipt().file(SHARD);
    }
  }

  private Path staged() {
    return Path.of(run.at(SHARD));
  }

  private Path inPlace() throws IOException {
    Path place = out.resolve(SHARD);
    Files.createDirectories(place.getParent());
    return place;
  }

  private @Nullable String found() throws IOException {
    LocatedReceipt receipt = Receipts.find(run, F, 3);
    return receipt == null ? null : receipt.location(SHARD);
  }

  @Test
  void aReceiptIsValidWhileItsFilesHaveTheirBytesInTheStageOrInPlace() throws IOException {
    assertThat(found()).isEqualTo(staged().toString());
    Files.write(inPlace(), new byte[] {1, 2, 3});
    assertThat(found()).as("of equal files that of the stage").isEqualTo(staged().toString());
    Files.write(staged(), new byte[] {1, 2, 4});
    assertThat(found()).isEqualTo(inPlace().toString());
    assertThat(Receipts.isWritten(run, file)).isTrue();
    Files.write(inPlace(), new byte[] {0, 2, 3});
    assertThat(found()).isNull();
    assertThat(Receipts.isWritten(run, file)).isFalse();
    Files.write(staged(), new byte[] {1, 2, 3});
    assertThat(found()).isEqualTo(staged().toString());
  }

  @Test
  void aReceiptOfAnotherUnitOrFingerprintIsNone() throws IOException {
    String other = "fedcba9876543210".repeat(2);
    for (String path : new String[] {UnitReceipt.path(F, 4), UnitReceipt.path(other, 3)}) {
      Files.createDirectories(out.resolve(path).getParent());
      Files.copy(out.resolve(RECEIPT), out.resolve(path));
    }
    assertThat(Receipts.find(run, F, 3)).isNotNull();
    assertThat(Receipts.find(run, F, 4)).isNull();
    assertThat(Receipts.find(run, other, 3)).isNull();
  }

  @Test
  void aReceiptThatIsDamagedOrNoFileIsNone() throws IOException {
    Path receipt = out.resolve(RECEIPT);
    byte[] bytes = Files.readAllBytes(receipt);
    bytes[5] ^= 1;
    Files.write(receipt, bytes);
    assertThat(found()).isNull();
    Files.delete(receipt);
    assertThat(found()).isNull();
    Files.createDirectory(receipt);
    assertThat(found()).isNull();
  }

  /** This process may skip the sum of what it has just published, but not if it was replaced. */
  @Test
  void aFileThatWasReplacedAfterItWasNotedIsNotTakenForTheNotedOne() throws IOException {
    UnitReceipt receipt = Receipts.read(out.resolve(RECEIPT).toString());
    Receipts.noteWritten(run, receipt);
    assertThat(found()).isEqualTo(staged().toString());
    Receipts.noteWritten(run, receipt);
    Files.delete(staged());
    Files.write(staged(), new byte[] {3, 2, 1});
    assertThat(found()).isNull();
    Receipts.noteWritten(run, receipt);
    Files.delete(staged());
    assertThat(found()).isNull();
  }

  @Test
  void aFileOfTheRunIsLocatedByItsSizeAndOfTwoByItsSum() throws IOException {
    assertThat(Receipts.locate(run, file)).isEqualTo(staged().toString());
    Files.write(inPlace(), new byte[] {3, 2, 1});
    assertThat(Receipts.locate(run, file)).isEqualTo(staged().toString());
    Files.write(staged(), new byte[] {3, 2, 1});
    assertThat(Receipts.locate(run, file)).isEqualTo(inPlace().toString());
    Files.write(staged(), new byte[] {1, 2, 3, 4});
    assertThat(Receipts.locate(run, file)).isEqualTo(inPlace().toString());
    Files.write(inPlace(), new byte[] {1, 2});
    assertThatThrownBy(() -> Receipts.locate(run, file))
        .isInstanceOf(RunException.class)
        .hasMessage(
            inPlace() + ": was deleted or changed while the run was active; start the run again");
  }

  @Test
  void aUnitOfAVersionHasItsFilesInPlace() throws IOException {
    assertThat(Receipts.find(run.output(), F, 3)).isNull();
    Files.write(inPlace(), new byte[] {1, 2, 3});
    UnitReceipt receipt = Receipts.find(run.output(), F, 3);
    assertThat(receipt).isEqualTo(Receipts.read(out.resolve(RECEIPT).toString()));
    assertThat(Receipts.find(run.output(), F, 4)).isNull();
    Files.delete(inPlace());
    Files.createDirectory(inPlace());
    assertThat(Receipts.find(run.output(), F, 3)).isNull();
  }

  @Test
  void aUnitThatWritesNothingHasAReceiptWithoutFiles() throws IOException {
    try (UnitFiles files = new UnitFiles(run)) {
      files.publish(5, UnitReceipt.ENCODE, F);
    }
    LocatedReceipt receipt = Receipts.find(run, F, 5);
    assertThat(receipt).isNotNull();
    assertThat(receipt.locations()).isEqualTo(Map.of());
  }
}
