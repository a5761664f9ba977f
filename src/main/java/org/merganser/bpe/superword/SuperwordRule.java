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
  static final int MOST_WORDS = 4;

  private static final String SPACE = "\u0120";
  private static final int BEGINS_WITH_SPACE = 1;
  private static final int ENDS_WITH_SPACE = 2;
  private static final int ENDS_WITH_COLON = 4;

  /** Marks a token with a space after a colon: it is never merged. */
  private static final int NEVER = 8;

  private final GrowingVocabulary vocabulary;
  private final long maxTokenLength;

  /** By id, for ids below {@link #known}. */
  private byte[] facts = {};

  private int[] words = {};
  private int[] characters = {};
  private int known;

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
      learn();
    }
    int a = facts[left];
    int b = facts[right];
    boolean spaceAfterColon = (a & ENDS_WITH_COLON) != 0 && (b & BEGINS_WITH_SPACE) != 0;
    if (((a | b) & NEVER) != 0 || spaceAfterColon) {
      return false;
    }
    int shared = (a & ENDS_WITH_SPACE) == 0 && (b & BEGINS_WITH_SPACE) == 0 ? 1 : 0;
    long length = characters[left] + (long) characters[right];
    return words[left] + words[right] - shared <= MOST_WORDS
        && (length <= 2 || length < maxTokenLength);
  }

  private void learn() {
    int size = vocabulary.size();
    if (size > facts.length) {
      int capacity = size + (size >> 1);
      facts = Arrays.copyOf(facts, capacity);
      words = Arrays.copyOf(words, capacity);
      characters = Arrays.copyOf(characters, capacity);
    }
    for (; known < size; known++) {
      String token = vocabulary.token(known);
      int fact = token.startsWith(SPACE) ? BEGINS_WITH_SPACE : 0;
      fact |= token.endsWith(SPACE) ? ENDS_WITH_SPACE : 0;
      fact |= token.endsWith(":") ? ENDS_WITH_COLON : 0;
      fact |= token.contains(":" + SPACE) ? NEVER : 0;
      facts[known] = (byte) fact;
      words[known] = words(token);
      characters[known] = token.codePointCount(0, token.length());
    }
  }

  private static int words(String token) {
    int count = 0;
    char before = SPACE.charAt(0);
    for (int i = 0; i < token.length(); i++) {
      char c = token.charAt(i);
      if (c != SPACE.charAt(0) && before == SPACE.charAt(0)) {
        count++;
      }
      before = c;
    }
    return count;
  }
}
