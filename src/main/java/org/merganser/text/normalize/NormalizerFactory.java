package org.merganser.text.normalize;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.merganser.binary.ByteBuilder;
import org.merganser.text.unicode.ByteAlphabet;
import org.merganser.text.unicode.CodePointSet;
import org.merganser.text.unicode.CodePoints;
import org.merganser.text.unicode.ComponentClasses;
import org.merganser.text.unicode.NormalizationForm;
import org.merganser.text.unicode.Utf8;

/** Builds normalizers from their specifications. Refuses those for which HF's result is broken. */
final class NormalizerFactory {
  /** The set of is_chinese_char in bert.rs, which has a gap from U+2B820 to U+2B91F. */
  private static final CodePointSet CHINESE =
      CodePointSet.ofRanges(
          0x4E00, 0x9FFF, 0x3400, 0x4DBF, 0x20000, 0x2A6DF, 0x2A700, 0x2B73F, 0x2B740, 0x2B81F,
          0x2B920, 0x2CEAF, 0xF900, 0xFAFF, 0x2F800, 0x2FA1F);

  /** The control characters that BERT's cleaning takes for white space. */
  private static final CodePointSet TAB_AND_NEWLINES =
      CodePointSet.ofRanges('\t', '\n', '\r', '\r');

  private NormalizerFactory() {}

  /** See {@link NormalizerSpec#build}. */
  static Normalizer build(NormalizerSpec spec) {
    GrowthLimit limit = new GrowthLimit();
    List<Normalizer> steps = spec.steps().stream().map(each -> step(each, limit)).toList();
    // A sequence begins the limit with each text, which a Replace needs even alone.
    boolean grows = spec.steps().stream().anyMatch(NormalizerSpec.Replace.class::isInstance);
    return steps.size() == 1 && !grows ? steps.get(0) : new NormalizerSequence(steps, limit);
  }

  /**
   * The normalizer of one step.
   *
   * @param limit for steps that may make a text much longer
   */
  private static Normalizer step(NormalizerSpec spec, GrowthLimit limit) {
    if (spec instanceof NormalizerSpec.Nfc) {
      return new UnicodeFormNormalizer(NormalizationForm.NFC);
    } else if (spec instanceof NormalizerSpec.Nfd) {
      return new UnicodeFormNormalizer(NormalizationForm.NFD);
    } else if (spec instanceof NormalizerSpec.Nfkc) {
      return new UnicodeFormNormalizer(NormalizationForm.NFKC);
    } else if (spec instanceof NormalizerSpec.Nfkd) {
      return new UnicodeFormNormalizer(NormalizationForm.NFKD);
    } else if (spec instanceof NormalizerSpec.Lowercase) {
      return new LowercaseNormalizer();
    } else if (spec instanceof NormalizerSpec.Strip strip) {
      return strip(strip);
    } else if (spec instanceof NormalizerSpec.Prepend prepend) {
      return prepend(prepend.prepend());
    } else if (spec instanceof NormalizerSpec.Replace replace) {
      return replace(replace, limit);
    } else if (spec instanceof NormalizerSpec.Bert bert) {
      return bert(bert);
    } else if (spec instanceof NormalizerSpec.StripAccents) {
      return removing(ComponentClasses.MARK);
    } else if (spec instanceof NormalizerSpec.ByteLevel) {
      return byteLevel();
    }
    throw new IllegalStateException("normalizer " + spec);
  }

  /**
   * Refuses a Replace that can insert text before the first character. HF aligns such text with
   * nothing, and the next rewriting step (such as ByteLevel) writes it twice or runs out of bounds.
   */
  private static Normalizer replace(NormalizerSpec.Replace replace, GrowthLimit limit) {
    if (replace.insertsAtBeginning()) {
      throw new IllegalArgumentException(
          "normalizer Replace with a pattern that can match nothing at the beginning of the text ("
              + replace.pattern()
              + ") is not supported: HF has no offset for what it inserts there, and inserts it"
              + " twice or fails later; change the pattern so that it cannot match nothing");
    }
    return new ReplaceNormalizer(replace.pattern().newMatcher(), replace.content(), limit);
  }

  /** Removes white space (the property White_Space) from the ends. */
  private static Normalizer strip(NormalizerSpec.Strip spec) {
    return (text, from, to, out, origins) -> {
      int start = from;
      while (spec.left() && start < to && isWhiteSpaceAt(text, start)) {
        start += CodePoints.length(text[start]);
      }
      int end = to;
      while (spec.right() && end > start && isWhiteSpaceAt(text, CodePoints.before(text, end))) {
        end = CodePoints.before(text, end);
      }
      if (start == from && end == to) {
        return false;
      }
      out.clear();
      out.append(text, start, end);
      origins.clear();
      origins.addCopied(text, start, end);
      return true;
    };
  }

  private static boolean isWhiteSpaceAt(byte[] text, int at) {
    return ComponentClasses.WHITE_SPACE.contains(Utf8.codePoint(text, at));
  }

  /** Inserts a string before text that is not empty. */
  private static Normalizer prepend(String prefix) {
    if (prefix.isEmpty()) {
      throw new IllegalArgumentException(
          "normalizer Prepend with an empty string is not supported: HF loses the place of the"
              + " first character and fails later; remove the Prepend");
    }
    byte[] bytes = prefix.getBytes(StandardCharsets.UTF_8);
    return (text, from, to, out, origins) -> {
      if (from == to) {
        return false;
      }
      out.clear();
      out.append(bytes);
      out.append(text, from, to);
      origins.clear();
      origins.addRewritten(bytes.length, from, from + CodePoints.length(text[from]));
      origins.addCopied(text, from, to);
      return true;
    };
  }

  /** BERT's cleaning, spaces around Chinese characters, accents and lower case, in this order. */
  private static Normalizer bert(NormalizerSpec.Bert spec) {
    List<Normalizer> steps = new ArrayList<>();
    if (spec.cleanText()) {
      CodePointSet controls = ComponentClasses.OTHER.intersection(TAB_AND_NEWLINES.complement());
      steps.add(removing(controls.union(CodePointSet.ofRanges(0, 0, 0xFFFD, 0xFFFD))));
      steps.add(
          new CharacterNormalizer(
              ComponentClasses.WHITE_SPACE, (out, codePoint) -> out.append((byte) ' ')));
    }
    if (spec.handleChineseChars()) {
      steps.add(new CharacterNormalizer(CHINESE, NormalizerFactory::appendBetweenSpaces));
    }
    Boolean stripAccents = spec.stripAccents();
    boolean removesAccents = stripAccents == null ? spec.lowercase() : stripAccents;
    if (removesAccents) {
      steps.add(new UnicodeFormNormalizer(NormalizationForm.NFD));
      steps.add(removing(ComponentClasses.NONSPACING_MARK));
    }
    if (spec.lowercase()) {
      steps.add(new LowercaseNormalizer());
    }
    return new NormalizerSequence(steps, new GrowthLimit());
  }

  private static void appendBetweenSpaces(ByteBuilder out, int codePoint) {
    out.append((byte) ' ');
    out.appendCodePoint(codePoint);
    out.append((byte) ' ');
  }

  /** Replaces each byte with its character of {@link ByteAlphabet}. */
  private static Normalizer byteLevel() {
    ByteBuilder bytes = new ByteBuilder(4);
    CodePointSet unchanged = CodePointSet.ofRanges('!', '~');
    return new CharacterNormalizer(
        unchanged.complement(),
        (out, codePoint) -> {
          bytes.clear();
          bytes.appendCodePoint(codePoint);
          for (int i = 0; i < bytes.length(); i++) {
            out.appendCodePoint(ByteAlphabet.toChar(bytes.bytes()[i] & 0xFF));
          }
        });
  }

  /** Removes the characters of a set. */
  private static Normalizer removing(CodePointSet set) {
    return new CharacterNormalizer(set, (out, codePoint) -> {});
  }
}
