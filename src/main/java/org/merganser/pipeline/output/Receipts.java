package org.merganser.pipeline.output;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.dataset.Manifest;
import org.merganser.dataset.UnitReceipt;
import org.merganser.dataset.WrittenFile;
import org.merganser.parquet.ShardException;
import org.merganser.store.FileStore;

public final class Receipts {
  /** The files of receipts that this process has published and not looked for yet. */
  private static final Map<String, List<FileStore.Entry>> WRITTEN = new ConcurrentHashMap<>();

  private Receipts() {}

  /**
   * The receipt of a unit, if it exists and its files still match byte for byte: another job may
   * have written other files under the same names since.
   */
  public static @Nullable UnitReceipt find(OutputLayout layout, String fingerprint, int unit)
      throws IOException {
    String location = layout.at(UnitReceipt.path(fingerprint, unit));
    UnitReceipt receipt = readable(location);
    if (receipt == null || receipt.unit() != unit || !receipt.fingerprint().equals(fingerprint)) {
      return null;
    }
    List<FileStore.Entry> written = WRITTEN.remove(location);
    if (written != null && written.equals(entries(layout, receipt))) {
      return receipt;
    }
    for (WrittenFile file : receipt.files()) {
      if (!unchanged(layout, file)) {
        return null;
      }
    }
    return receipt;
  }

  /**
   * Notes the files of a receipt that this process has just published, so that the next {@link
   * #find} need not sum them again if they are the same files still.
   */
  public static void noteWritten(OutputLayout layout, UnitReceipt receipt) throws IOException {
    WRITTEN.put(layout.at(receipt.path()), entries(layout, receipt));
  }

  private static List<FileStore.Entry> entries(OutputLayout layout, UnitReceipt receipt)
      throws IOException {
    List<FileStore.Entry> entries = new ArrayList<>();
    for (WrittenFile file : receipt.files()) {
      String location = layout.at(file.path());
      FileStore store = FileStore.of(location);
      if (store.exists(location)) {
        entries.add(store.stat(location));
      }
    }
    return entries;
  }

  /** Null if it is missing or damaged. */
  public static @Nullable UnitReceipt readable(String location) throws IOException {
    FileStore store = FileStore.of(location);
    try {
      return store.exists(location) ? read(location) : null;
    } catch (FileSystemException | ShardException damaged) {
      return null; // its unit is processed again
    }
  }

  public static boolean present(OutputLayout layout, WrittenFile file) throws IOException {
    String location = layout.at(file.path());
    FileStore store = FileStore.of(location);
    return store.exists(location) && store.stat(location).size() == file.size();
  }

  /** Whether a file exists with exactly the expected bytes. */
  public static boolean unchanged(OutputLayout layout, WrittenFile file) throws IOException {
    try {
      return present(layout, file) && sha256(layout.at(file.path())).equals(file.sha256());
    } catch (FileSystemException unreadable) {
      return false;
    }
  }

  public static boolean unchanged(OutputLayout layout, Manifest.ListFile list) throws IOException {
    return unchanged(layout, new WrittenFile(list.path(), list.size(), list.sha256(), 0, 0));
  }

  /** Whether the manifest is byte for byte that of the run that finished here. */
  public static boolean manifestUnchanged(OutputLayout layout) throws IOException {
    JsonNode sha256 = FinishedOutput.fields(layout, OutputLayout.FINISHED).path("manifestSha256");
    try {
      return sha256.isMissingNode() // there is no record to compare with
          || sha256.asText().equals(sha256(layout.at(Manifest.FILE)));
    } catch (FileSystemException unreadable) {
      return false;
    }
  }

  public static String sha256(String location) throws IOException {
    try (InputStream in = FileStore.of(location).open(location, 0)) {
      return Sha256.of(in);
    }
  }

  public static UnitReceipt read(String location) throws IOException {
    return UnitReceipt.read(FileStore.of(location).readAll(location), location);
  }
}
