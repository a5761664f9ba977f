package org.merganser.cli.tokenizer;

import org.merganser.bpe.IdBuffer;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.dataset.GroupCounts;
import org.merganser.text.regex.RegexLimitException;
import org.merganser.tokenizer.Encoder;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.UnencodableException;
import org.merganser.tokenizer.audit.TokenUse;

/** Counts the ids of documents. */
final class CountedTexts implements DocumentHandler {
  private final Encoder encoder;
  private final boolean grouped;
  private final TokenUse use;
  private final IdBuffer ids = new IdBuffer(1 << 10);
  private long documents;
  private long leftOut;

  /**
   * @param grouped whether documents have groups of their own, and not their file
   */
  CountedTexts(Tokenizer tokenizer, boolean grouped) {
    this.encoder = tokenizer.newEncoder(SpecialText.TEXT);
    this.grouped = grouped;
    this.use = new TokenUse(tokenizer.idBound());
  }

  @Override
  public void document(Document document) {
    ids.clear();
    try {
      encoder.encode(document.text, document.from, document.to, ids);
    } catch (UnencodableException | RegexLimitException e) {
      leftOut++;
      return;
    }
    String group = document.group == null ? GroupCounts.NONE : document.group;
    use.add(grouped ? group : document.file, ids);
    documents++;
  }

  @Override
  public void deadLetter(DeadLetter letter) {
    leftOut++;
  }

  TokenUse use() {
    return use;
  }

  long documents() {
    return documents;
  }

  /** Records without text, and documents that the tokenizer cannot encode. */
  long leftOut() {
    return leftOut;
  }
}
