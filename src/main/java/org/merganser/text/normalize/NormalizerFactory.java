package org.merganser.text.normalize;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.merganser.text.regex.TextMatchers;
import org.merganser.text.unicode.NormalizationForm;

/** Makes normalizers from their descriptions, and refuses what HF doesn't do in a sane way. */
final class NormalizerFactory {
  private NormalizerFactory() {}

  static Normalizer build(NormalizerSpec spec) {
    List<NormalizerSpec> steps = new ArrayList<>();
    flatten(spec, steps);
    refuseLostAlignment(steps);
    if (steps.size() == 1) {
      return step(steps.get(0));
    }
    List<Normalizer> built = new ArrayList<>();
    steps.forEach(s -> built.add(step(s)));
    return new NormalizerSequence(built);
  }

  private static void flatten(NormalizerSpec spec, List<NormalizerSpec> into) {
    if (spec instanceof NormalizerSpec.Sequence sequence) {
      sequence.normalizers().forEach(s -> flatten(s, into));
    } else {
      into.add(spec);
    }
  }

  private static Normalizer step(NormalizerSpec spec) {
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
      return new StripNormalizer(strip.left(), strip.right());
    } else if (spec instanceof NormalizerSpec.Prepend prepend) {
      return prepend(prepend.prepend());
    } else if (spec instanceof NormalizerSpec.Replace replace) {
      return new ReplaceNormalizer(TextMatchers.of(replace.pattern()), replace.content());
    }
    throw new IllegalStateException("normalizer " + spec);
  }

  private static Normalizer prepend(String prefix) {
    if (prefix.isEmpty()) {
      throw new IllegalArgumentException(
          "normalizer Prepend with an empty string is not supported: HF loses the place of the"
              + " first character by it and fails later on; take the Prepend out");
    }
    byte[] bytes = prefix.getBytes(StandardCharsets.UTF_8);
    return (text, from, to, out) -> {
      if (from == to) {
        return false;
      }
      out.clear();
      out.append(bytes, 0, bytes.length);
      out.append(text, from, to);
      return true;
    };
  }

  /**
   * Where a Replace inserts text before the first character, HF aligns that with nothing, and the
   * next normalizer that rewrites characters one by one writes it twice or runs out of bounds.
   */
  private static void refuseLostAlignment(List<NormalizerSpec> steps) {
    for (int i = 0; i + 1 < steps.size(); i++) {
      if (steps.get(i) instanceof NormalizerSpec.Replace replace && replace.insertsAtBeginning()) {
        for (NormalizerSpec later : steps.subList(i + 1, steps.size())) {
          if (!(later instanceof NormalizerSpec.Replace)) {
            throw new IllegalArgumentException(
                "normalizer Replace with a pattern that can match nothing ("
                    + replace.pattern()
                    + ") before "
                    + later
                    + " is not supported: HF loses the place of what it inserts at the beginning and"
                    + " fails later on; give the pattern something to match");
          }
        }
      }
    }
  }
}
