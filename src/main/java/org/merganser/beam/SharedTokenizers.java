package org.merganser.beam;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import org.merganser.checksum.Sha256;
import org.merganser.pipeline.output.RunException;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.TextEncoder;
import org.merganser.tokenizer.Tokenizer;

/**
 * The tokenizers of this JVM, parsed once ({@link SoftCache}). The key is the content of the file
 * and not its name, so that a file that was replaced is never taken for the old one.
 */
final class SharedTokenizers {
  private static final SoftCache<Key, TextEncoder> LOADED = new SoftCache<>();

  private SharedTokenizers() {}

  private record Key(String sha256, SpecialText specialText, boolean addSpecialTokens) {}

  /**
   * Reads the file, and parses it unless this JVM has done so.
   *
   * @throws RunException when there is no such file, or it has another sum than was asked for
   * @throws org.merganser.tokenizer.parts.TokenizerException when it is no tokenizer.json
   */
  static TextEncoder get(TokenizerChoice choice) {
    String location = choice.location();
    try {
      byte[] json = FileStore.of(location).readAll(location);
      String found = Sha256.of(json);
      if (choice.sha256() != null && !choice.sha256().equalsIgnoreCase(found)) {
        throw new RunException(
            ("%s: has sha256 %s where %s was asked for; was the file replaced? Name the sum of the"
                    + " tokenizer that is meant")
                .formatted(location, found, choice.sha256()));
      }
      return LOADED.get(
          new Key(found, choice.specialText(), choice.addSpecialTokens()),
          () ->
              Tokenizer.read(json, location)
                  .newTextEncoder(choice.specialText(), choice.addSpecialTokens()));
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
}
