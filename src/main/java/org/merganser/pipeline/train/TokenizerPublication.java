package org.merganser.pipeline.train;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.job.ShardsSection;
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

  /** The work of learning a tokenizer and writing its folder, for {@link #write}. */
  static ResumableUnit work(RunSpec spec) {
    return new ResumableUnit(
        spec.paths(),
        Stage.LEARN,
        NAME,
        OutputPaths.AFTER_ALL_UNITS,
        receiptFingerprint(spec.paths(), spec.tokenizer().fingerprint()));
  }

  /**
   * The receipt of the tokenizer of a run; null if its folder is incomplete or was changed.
   *
   * @param fingerprint of the tokenizer
   */
  public static @Nullable LocatedReceipt find(RunPaths paths, String fingerprint)
      throws IOException {
    return Receipts.find(
        paths, receiptFingerprint(paths, fingerprint), OutputPaths.AFTER_ALL_UNITS);
  }

  /**
   * The path of the receipt of a tokenizer, relative to the output folder.
   *
   * @param fingerprint of the tokenizer
   */
  public static String path(FileLocations paths, String fingerprint) {
    return UnitReceipt.path(receiptFingerprint(paths, fingerprint), OutputPaths.AFTER_ALL_UNITS);
  }

  /** The tokenizer.json among the files of a receipt of this class. */
  public static FileRef ref(RunPaths paths, LocatedReceipt receipt) {
    return receipt.ref(paths.tokenizerJson());
  }

  /**
   * Writes the tokenizer.json of a learned tokenizer, in the version that the job asks for, and the
   * tokenizer in the formats of other tools.
   */
  static void write(RunSpec spec, Tokenizer tokenizer, UnitFiles files) throws IOException {
    FileVersion version = FileVersion.of(spec.job().requireTokenizer().fileVersion());
    writeAllForms(spec, tokenizer, tokenizer.toJson(version), files);
  }

  /**
   * Writes the files of a loaded tokenizer and their receipt, unless they are there.
   *
   * @param json the content of the tokenizer.json
   * @param allForms whether the formats of other tools are written, too
   */
  public static void publish(RunSpec spec, Tokenizer tokenizer, byte[] json, boolean allForms)
      throws IOException {
    RunPaths paths = spec.paths();
    String fingerprint = spec.tokenizer().fingerprint();
    if (find(paths, fingerprint) != null) {
      return;
    }
    try (UnitFiles files = new UnitFiles(paths)) {
      if (allForms) {
        writeAllForms(spec, tokenizer, json, files);
      } else {
        write(paths, TokenizerFolder.requiredFiles(tokenizer, json), files);
      }
      files.publish(OutputPaths.AFTER_ALL_UNITS, NAME, receiptFingerprint(paths, fingerprint));
    }
  }

  /** Writes a tokenizer.json, and the tokenizer in the formats of other tools. */
  private static void writeAllForms(RunSpec spec, Tokenizer tokenizer, byte[] json, UnitFiles files)
      throws IOException {
    ShardsSection shards = spec.job().shards();
    TokenizerFolder.Marks marks =
        new TokenizerFolder.Marks(shards.beginOfDocument(), shards.endOfDocument());
    write(spec.paths(), TokenizerFolder.allFiles(tokenizer, json, marks), files);
  }

  /**
   * Writes files into the folder of the tokenizer.
   *
   * @param contents the bytes of each file, by name
   */
  private static void write(RunPaths paths, Map<String, byte[]> contents, UnitFiles files)
      throws IOException {
    for (Map.Entry<String, byte[]> file : contents.entrySet()) {
      files.write(paths.tokenizerFile(file.getKey()), file.getValue());
    }
  }

  /**
   * The fingerprint of the receipt. It has the folder of the tokenizer, which is another one if the
   * run only learns.
   *
   * @param fingerprint of the tokenizer
   */
  private static String receiptFingerprint(FileLocations paths, String fingerprint) {
    return Fingerprint.of(NAME, fingerprint, paths.tokenizerFile(""));
  }
}
