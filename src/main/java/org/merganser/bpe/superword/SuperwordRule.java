package org.merganser.bpe.superword;

import java.util.Arrays;
import org.merganser.bpe.train.GrowingVocabulary;
import org.merganser.bpe.train.PairRule;

/**
 * Decides which pairs SuperBPE merges across words (as in {@code trainer.rs} of its fork of HF's
 * library): those whose token has at most {@value #MOST_WORDS} words (nonempty parts between
 * spaces) and no space after a colon. The length of a token may also be limited. The rule stores a
 * few facts of each token instead of reading its text again. Not thread-safe.
 */
final class SuperwordRule implements PairRule {
  /** The maximum number of words in a token. */
  private static final int MOST_WORDS = 4;

  /** The byte-level form of a space. */
  private static final char SPACE = '\u0120';

  // Flags of a token, in addition to NEVER.
  private static final int BEGINS_WITH_SPACE = 1;
  private static final int ENDS_WITH_SPACE = 2;
  private static final int ENDS_WITH_COLON = 4;

  /** Marks a token with a space after a colon: it is never merged. */
  private static final int NEVER = 8;

  private final GrowingVocabulary vocabulary;
  private final long maxTokenLength;

  /** The facts of ids below this are known: the flags, words and characters of these tokens. */
  private int known;

  /** By id, flags such as {@link #NEVER}. */
  private byte[] flags = {};

  /** By id, the number of words. */
  private int[] words = {};

  /** By id, the length in characters of the byte-level form. */
  private int[] characters = {};

  /**
   * Allows tokens of fewer than {@code maxTokenLength} characters of the byte-level form, and of
   * two single characters, which are never too long.
   */
  SuperwordRule(GrowingVocabulary vocabulary, long maxTokenLength) {
    this.vocabulary = vocabulary;
    this.maxTokenLength = maxTokenLength;
  }

  @Override
  public boolean allows(int left, int right) {
    if (left >= known || right >= known) {
      readNewTokens();
    }
    int ofLeft = flags[left];
    int ofRight = flags[right];
    boolean spaceAfterColon = (ofLeft & ENDS_WITH_COLON) != 0 && (ofRight & BEGINS_WITH_SPACE) != 0;
    if (((ofLeft | ofRight) & NEVER) != 0 || spaceAfterColon) {
      return false;
    }
    // Without a space between them, the last word of one and the first of the other are one word.
    boolean hasSpace = (ofLeft & ENDS_WITH_SPACE) != 0 || (ofRight & BEGINS_WITH_SPACE) != 0;
    int joined = hasSpace ? 0 : 1;
    long length = characters[left] + (long) characters[right];
    return words[left] + words[right] - joined <= MOST_WORDS
        && (length <= 2 || length < maxTokenLength);
  }

  /** Reads the facts of the tokens that were added to the vocabulary since the last call. */
  private void readNewTokens() {
    int size = vocabulary.size();
    if (size > flags.length) {
      int capacity = size + (size >> 1);
      flags = Arrays.copyOf(flags, capacity);
      words = Arrays.copyOf(words, capacity);
      characters = Arrays.copyOf(characters, capacity);
    }
    for (; known < size; known++) {
      String token = vocabulary.token(known);
      flags[known] = flags(token);
      words[known] = countWords(token);
      characters[known] = token.codePointCount(0, token.length());
    }
  }

  /** The flags of a token. */
  private static byte flags(String token) {
    String space = String.valueOf(SPACE);
    int flags = 0;
    flags |= token.startsWith(space) ? BEGINS_WITH_SPACE : 0;
    flags |= token.endsWith(space) ? ENDS_WITH_SPACE : 0;
    flags |= token.endsWith(":") ? ENDS_WITH_COLON : 0;
    flags |= token.contains(":" + SPACE) ? NEVER : 0;
    return (byte) flags;
  }

  /** The number of nonempty parts between spaces. */
  private static int countWords(String token) {
    int count = 0;
    char before = SPACE;
    for (int i = 0; i < token.length(); i++) {
      char c = token.charAt(i);
      if (c != SPACE && before == SPACE) {
        count++;
      }
      before = c;
    }
    return count;
  }
}
