package org.merganser.pipeline.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.merganser.pipeline.output.FileRef;
import org.merganser.tokenizer.Tokenizer;

/**
 * The tokenizers of this JVM. Each is loaded once from its published file, so trained, loaded and
 * resumed tokenizers take the same path.
 */
public final class WorkerTokenizers {
  private static final Map<String, Tokenizer> BY_SHA256 = new ConcurrentHashMap<>();

  private WorkerTokenizers() {}

  public static Tokenizer get(FileRef ref) {
    return BY_SHA256.computeIfAbsent(ref.sha256(), sha256 -> load(ref));
  }

  /** Caches a tokenizer that this JVM read for another purpose. */
  public static void keep(String sha256, Tokenizer tokenizer) {
    BY_SHA256.putIfAbsent(sha256, tokenizer);
  }

  private static Tokenizer load(FileRef ref) {
    byte[] json;
    try {
      json = ref.read();
    } catch (IOException e) {
      throw new UncheckedIOException(
          ref.location() + ": the run's tokenizer cannot be read by this worker", e);
    }
    return Tokenizer.read(json, ref.location());
  }
}
