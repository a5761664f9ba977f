package org.merganser.text.normalize;

import java.util.ArrayList;
import java.util.List;
import org.merganser.text.unicode.ByteBuilder;
import org.merganser.text.unicode.ByteCharacters;
import org.merganser.text.unicode.CodePointSet;
import org.merganser.text.unicode.ComponentClasses;
import org.merganser.text.unicode.NormalizationForm;

/** The normalizers that rewrite one character at a time (HF: {@code normalizers/*.rs}). */
final class CharacterNormalizers {
  /** The set of is_chinese_char in bert.rs, which has a gap from U+2B820 to U+2B91F. */
  private static final CodePointSet CHINESE =
      CodePointSet.ofRanges(
          0x4E00, 0x9FFF, 0x3400, 0x4DBF, 0x20000, 0x2A6DF, 0x2A700, 0x2B73F, 0x2B740, 0x2B81F,
          0x2B920, 0x2CEAF, 0xF900, 0xFAFF, 0x2F800, 0x2FA1F);

  /** The control characters that BERT's cleaning takes for white space. */
  private static final CodePointSet TAB_AND_NEWLINES =
      CodePointSet.ofRanges('\t', '\n', '\r', '\r');

  private CharacterNormalizers() {}

  static Normalizer bert(NormalizerSpec.Bert spec) {
    List<Normalizer> steps = new ArrayList<>();
    if (spec.cleanText()) {
      CodePointSet.Builder removed = new CodePointSet.Builder();
      removed.addAll(ComponentClasses.OTHER.intersection(TAB_AND_NEWLINES.complement()));
      steps.add(removing(removed.add(0).add(0xFFFD).build()));
      steps.add(new CharacterNormalizer(ComponentClasses.WHITE_SPACE, CharacterNormalizer.SPACE));
    }
    if (spec.handleChineseChars()) {
      steps.add(
          new CharacterNormalizer(
              CHINESE,
              (codePoint, out) -> {
                out.append((byte) ' ');
                out.appendCodePoint(codePoint);
                out.append((byte) ' ');
              }));
    }
    Boolean stripAccents = spec.stripAccents();
    if (stripAccents == null ? spec.lowercase() : stripAccents) {
      steps.add(new UnicodeFormNormalizer(NormalizationForm.NFD));
      steps.add(removing(ComponentClasses.NONSPACING_MARK));
    }
    if (spec.lowercase()) {
      steps.add(new LowercaseNormalizer());
    }
    return new NormalizerSequence(steps);
  }

  static Normalizer stripAccents() {
    return removing(ComponentClasses.MARK);
  }

  static Normalizer byteLevel() {
    ByteBuilder bytes = new ByteBuilder(4);
    return new CharacterNormalizer(
        CodePointSet.ofRanges('!', '~').complement(),
        (codePoint, out) -> {
          bytes.clear();
          bytes.appendCodePoint(codePoint);
          for (int i = 0; i < bytes.length(); i++) {
            out.appendCodePoint(ByteCharacters.of(bytes.bytes()[i] & 0xFF));
          }
        });
  }

  private static Normalizer removing(CodePointSet set) {
    return new CharacterNormalizer(set, CharacterNormalizer.REMOVED);
  }
}
