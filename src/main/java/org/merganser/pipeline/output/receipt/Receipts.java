package org.merganser.pipeline.output.receipt;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.merganser.output.WrittenFile;
import org.merganser.output.manifest.Manifest;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.output.FileLocations;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.store.FileStore;
import org.merganser.store.IrregularFileException;
import org.merganser.store.UnusableFileException;

/**
 * Finds the receipts that prove which files exist: a unit whose receipt names its fingerprint, and
 * whose files have the bytes that the receipt names, is not worked on again. Bytes are compared in
 * the stage of the run and in place. {@code ResumableUnit} calls {@link #find} for every stage.
 */
public final class Receipts {
  /**
   * The entries of the files of each receipt that this process has published and not looked for
   * yet, by the location of the receipt.
   */
  private static final Map<String, List<FileStore.Entry>> JUST_WRITTEN = new ConcurrentHashMap<>();

  private Receipts() {}

  /**
   * The receipt of a unit of a run; null if there is none, or if a file of it no longer has the
   * same bytes, neither in the stage nor in place: another job may have written other files under
   * the same names since.
   *
   * @param fingerprint of everything that the files of the unit depend on
   */
  public static @Nullable LocatedReceipt find(RunPaths paths, String fingerprint, int unit)
      throws IOException {
    UnitReceipt receipt = findReadable(paths, fingerprint, unit);
    if (receipt == null) {
      return null;
    }
    List<FileStore.Entry> noted = JUST_WRITTEN.remove(paths.at(receipt.path()));
    if (noted != null && noted.equals(entries(paths, receipt))) {
      return allWhereWritten(paths, receipt);
    }
    Map<String, String> locations = new HashMap<>();
    for (WrittenFile file : receipt.files()) {
      String location = findLocation(paths, file);
      if (location == null) {
        return null;
      }
      locations.put(file.path(), location);
    }
    return new LocatedReceipt(receipt, locations);
  }

  /**
   * The receipt of a unit of a version; null if there is none, or if its files do not match byte
   * for byte.
   */
  public static @Nullable UnitReceipt find(FileLocations paths, String fingerprint, int unit)
      throws IOException {
    UnitReceipt receipt = findReadable(paths, fingerprint, unit);
    if (receipt != null) {
      for (WrittenFile file : receipt.files()) {
        if (!isUnchanged(paths, file)) {
          return null;
        }
      }
    }
    return receipt;
  }

  /** Whether a file with exactly the expected bytes is in the stage or in place. */
  public static boolean isWritten(RunPaths paths, WrittenFile file) throws IOException {
    return findLocation(paths, file) != null;
  }

  /**
   * The location of a file of a receipt that this run found valid or has written, in the stage or
   * in place. The file is recognized by its size; its checksum is compared only if both places have
   * a file of this size.
   *
   * @throws RunException if the file has changed since
   */
  public static String locate(RunPaths paths, WrittenFile file) throws IOException {
    boolean isWaiting = paths.waitsInStage(file.path()) && isPresent(paths, file);
    boolean isInPlace = isPresent(paths.output(), file);
    if (isWaiting && (!isInPlace || isUnchanged(paths, file))) {
      return paths.at(file.path());
    }
    if (!isInPlace) {
      throw RunException.of(
          "%s: was deleted or changed while the run was active; start the run again",
          paths.output().at(file.path()));
    }
    return paths.output().at(file.path());
  }

  /**
   * Remembers the files of a receipt that this process has just published, so that the next {@link
   * #find} does not read them again if their entries are still the same.
   */
  public static void noteWritten(RunPaths paths, UnitReceipt receipt) throws IOException {
    JUST_WRITTEN.put(paths.at(receipt.path()), entries(paths, receipt));
  }

  /** The receipt at a location; null if it is missing or damaged. */
  public static @Nullable UnitReceipt findReadable(String location) throws IOException {
    FileStore store = FileStore.of(location);
    try {
      return store.exists(location) ? read(location) : null;
    } catch (NoSuchFileException | IrregularFileException | UnusableFileException damaged) {
      return null; // its unit is processed again
    }
  }

  /** Whether a file exists with the expected size. */
  public static boolean isPresent(FileLocations paths, WrittenFile file) throws IOException {
    String location = paths.at(file.path());
    FileStore store = FileStore.of(location);
    return store.exists(location) && store.stat(location).size() == file.size();
  }

  /** Whether a file exists with exactly the expected bytes. */
  public static boolean isUnchanged(FileLocations paths, WrittenFile file) throws IOException {
    try {
      return isPresent(paths, file)
          && FileStore.sha256(paths.at(file.path())).equals(file.sha256());
    } catch (NoSuchFileException | IrregularFileException none) {
      return false;
    }
  }

  /** Whether a list of a manifest exists with exactly the expected bytes. */
  public static boolean isUnchanged(FileLocations paths, Manifest.ListFile list)
      throws IOException {
    return isUnchanged(
        paths, WrittenFile.withoutDocuments(list.path(), list.size(), list.sha256()));
  }

  /**
   * The receipt at a location.
   *
   * @throws UnusableFileException if it is damaged
   */
  public static UnitReceipt read(String location) throws IOException {
    return UnitReceipt.read(FileStore.of(location).readAll(location), location);
  }

  /** The receipt of a unit; null if it is missing, damaged or of another unit. */
  private static @Nullable UnitReceipt findReadable(
      FileLocations paths, String fingerprint, int unit) throws IOException {
    UnitReceipt receipt = findReadable(paths.at(UnitReceipt.path(fingerprint, unit)));
    boolean isOfUnit =
        receipt != null && receipt.unit() == unit && receipt.fingerprint().equals(fingerprint);
    return isOfUnit ? receipt : null;
  }

  /** The entries of the files of a receipt where the run writes them. */
  private static List<FileStore.Entry> entries(RunPaths paths, UnitReceipt receipt)
      throws IOException {
    List<FileStore.Entry> entries = new ArrayList<>();
    for (WrittenFile file : receipt.files()) {
      String location = paths.at(file.path());
      FileStore store = FileStore.of(location);
      if (store.exists(location)) {
        entries.add(store.stat(location));
      }
    }
    return entries;
  }

  /** The receipt with the locations at which the run writes its files. */
  private static LocatedReceipt allWhereWritten(RunPaths paths, UnitReceipt receipt) {
    Map<String, String> locations = new HashMap<>();
    receipt.files().forEach(file -> locations.put(file.path(), paths.at(file.path())));
    return new LocatedReceipt(receipt, locations);
  }

  /** The location of a file with exactly the expected bytes, in the stage or in place; or null. */
  private static @Nullable String findLocation(RunPaths paths, WrittenFile file)
      throws IOException {
    if (paths.waitsInStage(file.path()) && isUnchanged(paths, file)) {
      return paths.at(file.path());
    }
    return isUnchanged(paths.output(), file) ? paths.output().at(file.path()) : null;
  }
}
