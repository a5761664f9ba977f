package org.merganser.pipeline.train;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.output.FileLocations;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.output.receipt.LocatedReceipt;
import org.merganser.pipeline.output.receipt.Receipts;
import org.merganser.pipeline.output.receipt.UnitFiles;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.step.ResumableUnit;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.TokenizerFolder;
import org.merganser.tokenizer.parts.FileVersion;

/**
 * Writes and finds the folder of a run's tokenizer below the output. Its receipt is written last: a
 * folder without a valid receipt counts as missing.
 */
public final class TokenizerPublication {
  /** The name of the stage in the receipt. */
  public static final String NAME = "tokenizer";

  private TokenizerPublication() {}

  /** The work of writing the folder of a learned tokenizer. */
  static ResumableUnit work(RunSpec spec) {
    return new ResumableUnit(
        spec.paths(),
        Stage.LEARN,
        NAME,
        OutputPaths.AFTER_ALL_UNITS,
        fingerprint(spec.paths(), spec.tokenizer().fingerprint()));
  }

  /**
   * The receipt of the tokenizer of a run; null if its folder is incomplete or was changed.
   *
   * @param fingerprint of the tokenizer
   */
  public static @Nullable LocatedReceipt find(RunPaths paths, String fingerprint)
      throws IOException {
    return Receipts.find(paths, fingerprint(paths, fingerprint), OutputPaths.AFTER_ALL_UNITS);
  }

  /** The path of the receipt of a tokenizer, relative to the output folder. */
  public static String path(FileLocations paths, String fingerprint) {
    return UnitReceipt.path(fingerprint(paths, fingerprint), OutputPaths.AFTER_ALL_UNITS);
  }

  /** The tokenizer.json among the files of a receipt. */
  public static FileRef ref(RunPaths paths, LocatedReceipt receipt) {
    return receipt.ref(paths.tokenizerJson());
  }

  /**
   * Writes the files of a learned tokenizer, also in the formats of other tools; tokenizer.json in
   * the version that the job asks for.
   */
  static void write(RunSpec spec, Tokenizer tokenizer, UnitFiles files) throws IOException {
    int version = spec.job().requireTokenizer().fileVersion();
    write(spec, tokenizer, tokenizer.toJson(FileVersion.of(version)), true, files);
  }

  /**
   * Writes the files of a loaded tokenizer, unless they are there.
   *
   * @param allForms whether the formats of other tools are written, too
   */
  public static void publish(RunSpec spec, Tokenizer tokenizer, byte[] json, boolean allForms)
      throws IOException {
    RunPaths paths = spec.paths();
    String fingerprint = fingerprint(paths, spec.tokenizer().fingerprint());
    if (Receipts.find(paths, fingerprint, OutputPaths.AFTER_ALL_UNITS) == null) {
      try (UnitFiles files = new UnitFiles(paths)) {
        write(spec, tokenizer, json, allForms, files);
        files.publish(OutputPaths.AFTER_ALL_UNITS, NAME, fingerprint);
      }
    }
  }

  private static void write(
      RunSpec spec, Tokenizer tokenizer, byte[] json, boolean allForms, UnitFiles files)
      throws IOException {
    Map<String, byte[]> contents =
        allForms
            ? TokenizerFolder.files(
                tokenizer,
                json,
                new TokenizerFolder.Marks(
                    spec.job().shards().beginOfDocument(), spec.job().shards().endOfDocument()))
            : TokenizerFolder.files(tokenizer, json);
    for (Map.Entry<String, byte[]> file : contents.entrySet()) {
      files.write(spec.paths().tokenizerFile(file.getKey()), file.getValue());
    }
  }

  /** The receipt's fingerprint; a run that only learns a tokenizer has another folder for it. */
  private static String fingerprint(FileLocations paths, String tokenizer) {
    return Fingerprint.of(NAME, tokenizer, paths.tokenizerFile(""));
  }
}
