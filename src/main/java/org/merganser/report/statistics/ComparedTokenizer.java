package org.merganser.report.statistics;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.merganser.bpe.IdBuffer;
import org.merganser.output.figures.IdHistogram;
import org.merganser.report.measure.TokenBytes;
import org.merganser.tokenizer.Encoder;
import org.merganser.tokenizer.Encoding;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.Tokenizer;

/** A compared tokenizer, with the counts of its tokens in the texts. Not thread-safe. */
final class ComparedTokenizer {
  /** The tokenizer with its name. */
  final NamedTokenizer named;

  /** The tokenizer of {@link #named}. */
  final Tokenizer tokenizer;

  /** The bytes of its tokens. */
  final TokenBytes bytes;

  /** The counts of tokens in the counted texts, by id. */
  final IdHistogram uses = new IdHistogram();

  private final Encoder encoder;

  /** The tokens of the last text. */
  private final IdBuffer ids = new IdBuffer(1024);

  ComparedTokenizer(NamedTokenizer named) {
    this.named = named;
    this.tokenizer = named.tokenizer();
    this.encoder = tokenizer.newEncoder(SpecialText.TEXT);
    this.bytes = new TokenBytes(tokenizer);
  }

  /** Encodes {@code text[from, to)}, and returns the number of its tokens. */
  int encode(byte[] text, int from, int to) {
    ids.clear();
    encoder.encode(text, from, to, ids);
    return ids.size();
  }

  /** Adds the tokens of the last text to {@link #uses}, and returns their number. */
  int countLast() {
    uses.addAll(ids.ids(), ids.size());
    return ids.size();
  }

  /**
   * Where each token of the last text, {@code text[from, to)}, ends in it, in bytes from its
   * beginning. If the tokens do not spell the text, because the tokenizer rewrites it, these are
   * the ends of their spans.
   */
  List<Integer> ends(byte[] text, int from, int to) {
    List<Integer> ends = new ArrayList<>();
    int end = from;
    for (int i = 0; i < ids.size(); i++) {
      byte[] token = bytes.of(ids.ids()[i]);
      int start = end;
      end = start + token.length;
      if (end > to || !Arrays.equals(token, 0, token.length, text, start, end)) {
        return endsOfSpans(new String(text, from, to - from, StandardCharsets.UTF_8));
      }
      ends.add(end - from);
    }
    return ends;
  }

  /** Where the span of each token of a text ends, in bytes. */
  private List<Integer> endsOfSpans(String text) {
    Encoding encoding = tokenizer.encodeWithOffsets(text);
    return IntStream.range(0, encoding.size()).mapToObj(encoding::byteEnd).toList();
  }

  /** The bytes of all tokens, each as a Latin-1 string. */
  Set<String> vocabulary() {
    Set<String> texts = new HashSet<>();
    bytes.ids().forEach(id -> texts.add(text(id)));
    return texts;
  }

  /** The bytes of a token as a Latin-1 string. */
  String text(int id) {
    return new String(bytes.of(id), StandardCharsets.ISO_8859_1);
  }
}
