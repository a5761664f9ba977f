package org.merganser.pipeline.output.receipt;

import java.util.Map;
import java.util.Objects;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.output.FileRef;

/**
 * The receipt of a unit, and where its files are: in the stage of the run, or in place since an
 * earlier version. This is decided once, where the files were written or compared with the receipt.
 *
 * @param receipt the receipt
 * @param locations the locations of all its files by their paths
 */
public record LocatedReceipt(UnitReceipt receipt, Map<String, String> locations) {
  public LocatedReceipt {
    locations = Map.copyOf(locations);
  }

  /** The location of a file of the receipt. */
  public String location(String path) {
    return Objects.requireNonNull(locations.get(path), path);
  }

  /** A reference to a file of the receipt. */
  public FileRef ref(String path) {
    return new FileRef(location(path), receipt.file(path).sha256());
  }
}
