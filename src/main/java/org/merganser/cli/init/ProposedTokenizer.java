package org.merganser.cli.init;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.pipeline.spec.TokenizerConfig;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.parts.PostProcessor;

/**
 * A tokenizer that a proposed job loads.
 *
 * @param location as the job file names it
 * @param beginOfDocument the first token that its template puts before a text; null for none
 * @param endOfDocument the token that ends a text by the file next to it; null for none
 */
record ProposedTokenizer(
    String location, @Nullable String beginOfDocument, @Nullable String endOfDocument) {
  /**
   * Reads the tokens that begin and end a text from a tokenizer.json and the file next to it.
   *
   * @param location of the tokenizer.json
   * @param named the location as the job file names it
   */
  static ProposedTokenizer read(String location, String named) throws IOException {
    Tokenizer tokenizer = Tokenizer.read(FileStore.readNamed(location), location);
    PostProcessor template = tokenizer.parts().postProcessor();
    List<Integer> before = template == null ? List.of() : template.idsBefore();
    String begin = before.isEmpty() ? null : tokenizer.token(before.get(0));
    Integer end = TokenizerConfig.beside(location, tokenizer).end();
    return new ProposedTokenizer(named, begin, end == null ? null : tokenizer.token(end));
  }
}
