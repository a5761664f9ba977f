package org.merganser.text.unicode;

import java.util.HashMap;
import java.util.Map;

/**
 * The character classes of HF's components that use other tables than Oniguruma's Unicode 16
 * ({@link UnicodeCategories}), each with its own Unicode version. Read from {@code
 * component-classes.txt}, which names the source of each.
 */
public final class ComponentClasses {
  static final String RESOURCE = "component-classes.txt";

  private static final Map<String, CodePointSet> CLASSES = load();

  /** Rust's {@code char::is_numeric} (Digits). */
  public static final CodePointSet NUMERIC = named("numeric");

  /** The punctuation of the crate {@code unicode_categories} and of ASCII (Punctuation). */
  public static final CodePointSet PUNCTUATION = named("punctuation");

  /** {@code \w} of the crate {@code regex} (Whitespace, and an added token's single_word). */
  public static final CodePointSet WORD = named("word");

  /**
   * White_Space: Rust's {@code char::is_whitespace} (WhitespaceSplit, Strip, an added token's
   * lstrip and rstrip), and {@code \s} of {@code regex} and of Oniguruma.
   */
  public static final CodePointSet WHITE_SPACE = named("white-space");

  /** Control, format and private use of the crate {@code unicode_categories} (BertNormalizer). */
  public static final CodePointSet OTHER = named("other");

  /** Nonspacing marks of the crate {@code unicode_categories} (BertNormalizer). */
  public static final CodePointSet NONSPACING_MARK = named("nonspacing-mark");

  /** The marks of the crate {@code unicode-normalization-alignments} (StripAccents). */
  public static final CodePointSet MARK = named("mark");

  /**
   * The characters that have a script in HF's UnicodeScripts ({@link Scripts#ofHfPreTokenizer}).
   */
  static final CodePointSet SCRIPT = named("script");

  private ComponentClasses() {}

  private static CodePointSet named(String name) {
    CodePointSet set = CLASSES.get(name);
    if (set == null) {
      throw new IllegalStateException(RESOURCE + " has no class " + name);
    }
    return set;
  }

  /** Each line of the resource is the name of a class, then ranges; a class can have many lines. */
  private static Map<String, CodePointSet> load() {
    Map<String, CodePointSet.Builder> builders = new HashMap<>();
    for (String line : TableLines.read(RESOURCE)) {
      int space = line.indexOf(' ');
      TableLines.addRanges(
          line.substring(space + 1),
          builders.computeIfAbsent(line.substring(0, space), name -> new CodePointSet.Builder()));
    }
    Map<String, CodePointSet> classes = new HashMap<>();
    builders.forEach((name, builder) -> classes.put(name, builder.build()));
    return classes;
  }
}
