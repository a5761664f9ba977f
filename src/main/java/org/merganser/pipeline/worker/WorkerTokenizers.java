package org.merganser.pipeline.worker;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.io.function.Uncheck;
import org.merganser.pipeline.output.FileRef;
import org.merganser.tokenizer.Tokenizer;

/**
 * The tokenizers of this JVM. Each is loaded once from its published file, whether the run has
 * trained, loaded or resumed it.
 */
public final class WorkerTokenizers {
  private static final Map<String, Tokenizer> BY_SHA256 = new ConcurrentHashMap<>();

  private WorkerTokenizers() {}

  /**
   * The tokenizer of a file, loaded if this JVM has not done so.
   *
   * @throws org.merganser.pipeline.output.RunException if the file was changed
   */
  public static Tokenizer get(FileRef ref) {
    return BY_SHA256.computeIfAbsent(ref.sha256(), sha256 -> load(ref));
  }

  /**
   * Keeps a tokenizer that this JVM has read for another purpose.
   *
   * @param sha256 of its tokenizer.json
   */
  public static void keep(String sha256, Tokenizer tokenizer) {
    BY_SHA256.putIfAbsent(sha256, tokenizer);
  }

  private static Tokenizer load(FileRef ref) {
    String location = ref.location();
    String error = location + ": the run's tokenizer cannot be read by this worker";
    return Tokenizer.read(Uncheck.get(ref::read, () -> error), location);
  }
}
