package org.merganser.beam;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.SoftReference;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.Map;
import org.merganser.checksum.Sha256;
import org.merganser.pipeline.output.RunException;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.TextEncoder;
import org.merganser.tokenizer.Tokenizer;

/**
 * The tokenizers of this JVM, parsed once for all pipelines and threads. The key is the content of
 * the file, not its name, so that a replaced file is never taken for the old one. An unused
 * tokenizer may be garbage-collected.
 */
final class SharedTokenizers {
  private static final Map<Key, SoftReference<TextEncoder>> LOADED = new HashMap<>();

  private SharedTokenizers() {}

  private record Key(String sha256, SpecialText specialText, boolean addSpecialTokens) {}

  /**
   * Reads the file, and parses it unless this JVM has done so.
   *
   * @throws RunException if there is no such file, or it has another sum than the requested one
   * @throws org.merganser.tokenizer.parts.TokenizerException if it is not a tokenizer.json
   */
  static TextEncoder get(TokenizerChoice choice) {
    String location = choice.location();
    try {
      byte[] json = FileStore.of(location).readAll(location);
      String found = Sha256.of(json);
      if (choice.sha256() != null && !choice.sha256().equalsIgnoreCase(found)) {
        throw RunException.of(
            "%s: has sha256 %s and not %s, which was requested; was the file replaced? Name the"
                + " sum of the tokenizer that is meant",
            location, found, choice.sha256());
      }
      return get(new Key(found, choice.specialText(), choice.addSpecialTokens()), json, location);
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

  private static synchronized TextEncoder get(Key key, byte[] json, String location)
      throws IOException {
    SoftReference<TextEncoder> known = LOADED.get(key);
    TextEncoder encoder = known == null ? null : known.get();
    if (encoder == null) {
      encoder =
          Tokenizer.read(json, location).newTextEncoder(key.specialText(), key.addSpecialTokens());
      LOADED.values().removeIf(other -> other.get() == null);
      LOADED.put(key, new SoftReference<>(encoder));
    }
    return encoder;
  }
}
