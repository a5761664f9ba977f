package org.merganser.pipeline.step;

import java.io.IOException;
import org.apache.commons.io.function.IOConsumer;
import org.jspecify.annotations.Nullable;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.output.receipt.LocatedReceipt;
import org.merganser.pipeline.output.receipt.Receipts;
import org.merganser.pipeline.output.receipt.UnitFiles;
import org.merganser.pipeline.progress.RunProgress;
import org.merganser.pipeline.progress.StageMeter;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;

/**
 * The work of a stage on a unit. It writes files and then their receipt, all published together,
 * unless a valid receipt shows that this was done before ({@link Receipts#find}). So a stage only
 * needs a fingerprint and code that writes the files.
 *
 * @param stage whose meter counts the unit
 * @param name of the stage in the receipt
 * @param unit number in the plan, of a range, or {@link OutputPaths#AFTER_ALL_UNITS}
 * @param fingerprint of everything that the files depend on
 */
public record ResumableUnit(
    RunPaths paths, Stage stage, String name, int unit, String fingerprint) {
  /** The digits of the fingerprint in the unit's name for the meter. */
  private static final int SHOWN_FINGERPRINT = 12;

  /**
   * The work of a stage, with the fingerprint of its keys and inputs.
   *
   * @param name of the stage in the receipt
   * @param unit as {@link #unit}
   * @param inputs what the unit's files depend on, besides the keys that the stage declares
   */
  public static ResumableUnit of(
      RunSpec spec, Stage stage, String name, int unit, @Nullable Object... inputs) {
    String fingerprint = stage.fingerprint(spec.job(), name, Fingerprint.of(inputs));
    return new ResumableUnit(spec.paths(), stage, name, unit, fingerprint);
  }

  /**
   * Writes the files unless they exist, and counts the unit in the meter of the stage; returns
   * their receipt.
   *
   * @param maker writes the files
   */
  public LocatedReceipt complete(IOConsumer<UnitFiles> maker) throws IOException {
    StageMeter meter = RunProgress.meter(paths, stage);
    LocatedReceipt found = Receipts.find(paths, fingerprint, unit);
    if (found != null) {
      meter.unitSkipped(meterName());
      return found;
    }
    LocatedReceipt written = write(maker);
    meter.unitDone(meterName());
    return written;
  }

  /** Does the same as {@link #complete}; returns the receipt's location, for the next step. */
  public String completeAndLocate(IOConsumer<UnitFiles> maker) throws IOException {
    complete(maker);
    return location();
  }

  /** Publishes files that another stage has written, and their receipt. */
  public void publish(UnitFiles files) throws IOException {
    try {
      Receipts.noteWritten(paths, files.publish(unit, name, fingerprint).receipt());
    } catch (IOException e) {
      throw cannotWrite(e);
    }
    RunProgress.meter(paths, stage).unitDone(meterName());
  }

  /** Whether the work is done: there is a valid receipt. */
  public boolean isDone() throws IOException {
    return Receipts.find(paths, fingerprint, unit) != null;
  }

  /** The location of the receipt. */
  public String location() {
    return paths.at(path());
  }

  /** The path of the receipt, relative to the output folder. */
  public String path() {
    return UnitReceipt.path(fingerprint, unit);
  }

  /**
   * Writes the files and their receipt. A failure of the maker counts as one of reading if the
   * stage reads text, else of writing.
   */
  private LocatedReceipt write(IOConsumer<UnitFiles> maker) throws IOException {
    boolean mayBeReading = stage.readsText();
    try (UnitFiles files = new UnitFiles(paths)) {
      maker.accept(files);
      mayBeReading = false;
      return files.publish(unit, name, fingerprint);
    } catch (IOException e) {
      if (mayBeReading) {
        throw e;
      }
      throw cannotWrite(e);
    }
  }

  private RunException cannotWrite(IOException e) {
    String of = unit == OutputPaths.AFTER_ALL_UNITS ? "all units" : "unit " + unit;
    return RunException.cannotWrite(paths.root(), "the files of " + of, e);
  }

  /** The name of the unit in the meter: units of two steps of a stage may have the same number. */
  private String meterName() {
    int digits = Math.min(SHOWN_FINGERPRINT, fingerprint.length());
    return fingerprint.substring(0, digits) + "/" + unit;
  }
}
