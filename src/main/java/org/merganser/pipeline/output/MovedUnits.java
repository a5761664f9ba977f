package org.merganser.pipeline.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.WorkUnit;
import org.merganser.dataset.InputRange;
import org.merganser.dataset.UnitReceipt;
import org.merganser.dataset.WrittenFile;
import org.merganser.store.FileStore;

/**
 * Keeps what units have made whose number changes because files were added or removed before them.
 * Files are named by the number of their unit, so before a run begins those of a moved unit are
 * renamed out of the way, into {@code run/kept}, with their receipt; the unit that has the
 * receipt's fingerprint then renames them to its own names. What nobody takes is swept when the run
 * has finished.
 *
 * <p>Every step may be cut short and is then gone on with. Only where the output is a local folder:
 * without a rename a moved unit is made anew.
 */
public final class MovedUnits {
  private static final String FOLDER = "run/kept/";
  private static final String RECEIPTS = "run/units";

  /** A file of one unit: before, at and behind the number. */
  private static final Pattern OF_UNIT = Pattern.compile("(.*/part-)(\\d{7})([-.][^/]*)");

  private final OutputLayout layout;
  private final FileStore store;

  private MovedUnits(OutputLayout layout) {
    this.layout = layout;
    this.store = FileStore.of(layout.root());
  }

  /** Whether a folder can keep units at all. */
  private static boolean possible(OutputLayout layout) {
    return FileStore.isLocal(layout.root());
  }

  /**
   * Puts aside what moved units have made. Nothing else may write into the folder.
   *
   * @param units of the run that begins
   */
  public static void park(OutputLayout layout, List<WorkUnit> units) throws IOException {
    MovedUnits kept = new MovedUnits(layout);
    if (units.isEmpty() || !possible(layout) || !kept.store.exists(layout.at(RECEIPTS))) {
      return;
    }
    List<String> receipts =
        OwnFiles.list(layout, RECEIPTS).stream()
            .filter(path -> path.endsWith(".json"))
            .map(layout::at)
            .toList();
    BitSet moved = kept.moved(receipts, units);
    for (String location : moved.isEmpty() ? List.<String>of() : receipts) {
      UnitReceipt receipt = Receipts.readable(location);
      if (receipt != null && moved.get(receipt.unit()) && isOfOneUnit(receipt)) {
        kept.park(receipt, location);
      }
    }
  }

  /** Old numbers of units that have another one now, or are gone. */
  private BitSet moved(List<String> receipts, List<WorkUnit> units) throws IOException {
    Map<String, Integer> numbers = new HashMap<>();
    for (WorkUnit unit : units) {
      FileRange first = unit.ranges().get(0);
      numbers.put(key(first.file().path(), first.start()), unit.number());
    }
    BitSet moved = new BitSet();
    BitSet stay = new BitSet();
    for (String location : receipts) {
      UnitReceipt receipt = Receipts.readable(location);
      if (receipt != null
          && receipt.accountsForRecords()
          && !receipt.inputs().isEmpty()
          && isSomewhere(receipt)) {
        InputRange first = receipt.inputs().get(0);
        Integer now = numbers.get(key(first.path(), first.start()));
        (now != null && now == receipt.unit() ? stay : moved).set(receipt.unit());
      }
    }
    moved.andNot(stay);
    return moved;
  }

  private static String key(String path, long start) {
    return start + " " + path;
  }

  /** Whether every file is where it was written, or parked already by a run that was cut short. */
  private boolean isSomewhere(UnitReceipt receipt) throws IOException {
    for (WrittenFile file : files(receipt)) {
      if (!Receipts.present(layout, file) && !store.exists(parked(receipt, file.path()))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isOfOneUnit(UnitReceipt receipt) {
    for (WrittenFile file : receipt.files()) {
      Matcher name = OF_UNIT.matcher(file.path());
      if (!name.matches() || Integer.parseInt(name.group(2)) != receipt.unit()) {
        return false;
      }
    }
    return true;
  }

  private static List<WrittenFile> files(UnitReceipt receipt) {
    List<WrittenFile> files = new ArrayList<>(receipt.files());
    if (receipt.histogram() != null) {
      files.add(receipt.histogram());
    }
    return files;
  }

  private String folder(String fingerprint) {
    return layout.at(FOLDER + fingerprint);
  }

  private String parked(UnitReceipt receipt, String path) {
    return folder(receipt.fingerprint()) + "/" + receipt.unit() + "/" + path;
  }

  private String parkedReceipt(UnitReceipt receipt) {
    return folder(receipt.fingerprint()) + "/" + receipt.unit() + ".json";
  }

  private void park(UnitReceipt receipt, String location) throws IOException {
    if (!isSomewhere(receipt)) {
      return;
    }
    for (WrittenFile file : files(receipt)) {
      if (Receipts.present(layout, file)) {
        move(layout.at(file.path()), parked(receipt, file.path()));
      }
    }
    move(location, parkedReceipt(receipt)); // last: until then the next run parks the rest
  }

  private static void move(String from, String to) throws IOException {
    Path target = FileStore.localPath(to);
    Files.createDirectories(FileStore.localPath(to.substring(0, to.lastIndexOf('/'))));
    Files.move(
        FileStore.localPath(from),
        target,
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Takes what was put aside of the unit with this fingerprint, under its new number, and publishes
   * its receipt; null where there is nothing, or not to the byte.
   */
  static @Nullable UnitReceipt adopt(OutputLayout layout, String fingerprint, int unit)
      throws IOException {
    MovedUnits kept = new MovedUnits(layout);
    if (!possible(layout) || !kept.store.exists(kept.folder(fingerprint))) {
      return null;
    }
    for (FileStore.Entry entry : kept.store.listFolder(kept.folder(fingerprint))) {
      if (entry.location().endsWith(".json")) {
        try {
          UnitReceipt receipt = Receipts.readable(entry.location());
          UnitReceipt adopted = receipt == null ? null : kept.adopt(receipt, unit);
          if (adopted != null) {
            kept.store.delete(entry.location());
            return adopted;
          }
        } catch (NoSuchFileException takenByAnother) {
          // Two workers have the unit: the one that comes too late finds its receipt or makes it.
        }
      }
    }
    return null;
  }

  private @Nullable UnitReceipt adopt(UnitReceipt old, int unit) throws IOException {
    List<WrittenFile> renamed = new ArrayList<>();
    for (WrittenFile file : old.files()) {
      WrittenFile now = take(old, file, renamed(file.path(), unit));
      if (now == null) {
        return null;
      }
      renamed.add(now);
    }
    WrittenFile histogram = old.histogram();
    if (histogram != null) {
      histogram = take(old, histogram, layout.histogram(old.fingerprint(), unit));
      if (histogram == null) {
        return null;
      }
    }
    UnitReceipt receipt =
        new UnitReceipt(
            unit,
            old.stage(),
            old.fingerprint(),
            renamed,
            old.inputs(),
            old.groups(),
            histogram,
            old.excluded(),
            old.figures());
    Receipts.publish(layout, receipt);
    return receipt;
  }

  /** The file under its new name; null when it is neither there nor here as it was written. */
  private @Nullable WrittenFile take(UnitReceipt old, WrittenFile file, String path)
      throws IOException {
    WrittenFile now =
        new WrittenFile(path, file.size(), file.sha256(), file.documents(), file.tokens());
    String from = parked(old, file.path());
    if (!store.exists(from)) {
      return Receipts.unchanged(layout, now) ? now : null;
    }
    if (!Receipts.sha256(from).equals(file.sha256())) {
      return null;
    }
    move(from, layout.at(path));
    return now;
  }

  private static String renamed(String path, int unit) {
    Matcher name = OF_UNIT.matcher(path);
    if (!name.matches()) {
      throw new IllegalArgumentException(path + " is not a unit's");
    }
    return name.group(1) + String.format(Locale.ROOT, "%07d", unit) + name.group(3);
  }

  /** Deletes what nobody took. */
  public static void sweep(OutputLayout layout) throws IOException {
    FileStore store = FileStore.of(layout.root());
    if (possible(layout)) {
      for (String path : OwnFiles.list(layout, FOLDER.substring(0, FOLDER.length() - 1))) {
        store.delete(layout.at(path));
      }
    }
  }
}
