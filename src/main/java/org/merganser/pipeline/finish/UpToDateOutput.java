package org.merganser.pipeline.finish;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.merganser.output.ListedFolders;
import org.merganser.output.WrittenFile;
import org.merganser.output.manifest.CardFile;
import org.merganser.output.manifest.Manifest;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.finished.FinishedField;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.pipeline.output.receipt.Receipts;
import org.merganser.pipeline.output.version.OutputCleaning;
import org.merganser.pipeline.output.version.OutputVersions;
import org.merganser.pipeline.prepare.PreparedRun;
import org.merganser.pipeline.request.RunRecord;
import org.merganser.store.FileStore;

/** Decides whether an output folder already has the complete result of a run. */
public final class UpToDateOutput {
  private UpToDateOutput() {}

  /**
   * Whether the output is already the result of this job and input: it {@linkplain #isWhole is
   * whole}, has the report and the dataset card that the job asks for, and, if it grows, all its
   * versions are kept.
   */
  public static boolean isOf(PreparedRun prepared) throws IOException {
    OutputPaths paths = prepared.paths();
    String earlier = FinishedField.FINGERPRINT.in(paths).asText();
    if (!earlier.equals(prepared.fingerprint()) || !isWhole(paths)) {
      return false;
    }
    if (prepared.spec().measures() && !hasPage(prepared)) {
      return false;
    }
    if (DatasetCard.isWrittenBy(prepared.spec())
        && !FileStore.of(paths.root()).exists(paths.at(Manifest.CARD))) {
      return false;
    }
    // The next run that appends needs this version and all before it.
    return !prepared.spec().appends() || new OutputVersions(paths).isKept();
  }

  /**
   * Whether a finished run is undamaged, as far as lists, sizes and small files show: the lists
   * match the manifest, every file exists with its size, no command has noted damage, and no file
   * is there that a run wrote and the list of outputs does not name.
   */
  public static boolean isWhole(OutputPaths paths) throws IOException {
    if (FinishedOutput.at(paths).wholeManifest() == null
        || FileStore.of(paths.root()).exists(paths.at(OutputPaths.DAMAGED))) {
      return false;
    }
    List<WrittenFile> outputs = FinishedOutput.at(paths).outputs();
    for (WrittenFile file : outputs) {
      if (file.path().equals(Manifest.CARD) && CardFile.belongsToUser(paths.root(), outputs)) {
        continue;
      }
      // The summary reads these files. The tokenizer is compared when it is read.
      boolean isSmall =
          file.path().endsWith(".json") && !file.path().startsWith(ListedFolders.TOKENIZER + "/");
      boolean isSame =
          isSmall ? Receipts.isUnchanged(paths, file) : Receipts.isPresent(paths, file);
      if (!isSame) {
        return false;
      }
    }
    return new OutputCleaning(paths).leftovers(outputs).isEmpty(); // a run deletes them
  }

  /** Whether the report was written, and has the title of the job. */
  private static boolean hasPage(PreparedRun prepared) throws IOException {
    OutputPaths paths = prepared.paths();
    return FileStore.of(paths.root()).exists(paths.at(ReportPublication.FILE))
        && Objects.equals(RunRecord.name(paths), prepared.spec().job().name());
  }
}
