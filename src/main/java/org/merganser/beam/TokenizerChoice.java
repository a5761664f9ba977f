package org.merganser.beam;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.ref.SoftReference;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.pipeline.output.RunException;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.TextEncoder;
import org.merganser.tokenizer.Tokenizer;

/**
 * A tokenizer and its settings. The tokenizers of this JVM are parsed once for all pipelines and
 * threads, and an unused one may be garbage-collected.
 *
 * @param location the location of tokenizer.json for every worker
 * @param sha256 the sha256 that the file must have; null accepts any
 * @param specialText what the text of a special token becomes
 * @param addSpecialTokens whether the post-processor's template is applied
 */
record TokenizerChoice(
    String location, @Nullable String sha256, SpecialText specialText, boolean addSpecialTokens)
    implements Serializable {
  /** The encoders of this JVM; also the lock of this map. */
  private static final Map<Content, SoftReference<TextEncoder>> LOADED = new HashMap<>();

  /**
   * What an encoder depends on: the content of the file and not its name, so that a replaced file
   * is never taken for the old one.
   */
  private record Content(String sha256, SpecialText specialText, boolean addSpecialTokens) {}

  /** Any file at a location; special tokens in the text are text, and none is added. */
  static TokenizerChoice at(String location) {
    return new TokenizerChoice(location, null, SpecialText.TEXT, false);
  }

  TokenizerChoice withSha256(String required) {
    return new TokenizerChoice(location, required, specialText, addSpecialTokens);
  }

  TokenizerChoice withSpecialText(SpecialText treatment) {
    return new TokenizerChoice(location, sha256, treatment, addSpecialTokens);
  }

  TokenizerChoice addingSpecialTokens() {
    return new TokenizerChoice(location, sha256, specialText, true);
  }

  /**
   * The encoder for the file's present content, which all threads may use. The file is read at each
   * call, and parsed unless this JVM has done so.
   *
   * @throws RunException if there is no such file, or it has another sum than the requested one
   * @throws org.merganser.tokenizer.parts.TokenizerException if it is not a tokenizer.json
   */
  TextEncoder encoder() {
    try {
      byte[] json = FileStore.of(location).readAll(location);
      String found = Sha256.of(json);
      if (sha256 != null && !sha256.equalsIgnoreCase(found)) {
        throw RunException.of(
            "%s: has sha256 %s and not %s, which was requested; was the file replaced? Name the"
                + " sum of the tokenizer that is meant",
            location, found, sha256);
      }
      return encoder(json, new Content(found, specialText, addSpecialTokens));
    } catch (NoSuchFileException e) {
      throw new RunException(
          location
              + ": there is no such file on this worker; every worker must reach the tokenizer, so"
              + " name a shared folder or a store such as hdfs:// or s3://",
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(location + ": the tokenizer cannot be read", e);
    }
  }

  /** The encoder for a file whose bytes are {@code json}; parses them if the encoder is new. */
  private TextEncoder encoder(byte[] json, Content content) throws IOException {
    synchronized (LOADED) {
      SoftReference<TextEncoder> known = LOADED.get(content);
      TextEncoder encoder = known == null ? null : known.get();
      if (encoder == null) {
        encoder = Tokenizer.read(json, location).newTextEncoder(specialText, addSpecialTokens);
        LOADED.values().removeIf(other -> other.get() == null);
        LOADED.put(content, new SoftReference<>(encoder));
      }
      return encoder;
    }
  }
}
