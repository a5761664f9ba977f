package org.merganser.job;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.InputFormat;
import org.merganser.json.NamedInFile;

/** The names of constants in a job file. {@link NearestName} finds the one that a user meant. */
final class Spelling {
  private Spelling() {}

  /** A constant as job files spell it: {@code DEAD_LETTER} becomes {@code deadLetter}. */
  static String ofConstant(Enum<?> constant) {
    if (constant instanceof NamedInFile named) {
      return named.nameInFile();
    }
    StringBuilder spelled = new StringBuilder();
    for (String word : constant.name().split("_", -1)) {
      String lower = word.toLowerCase(Locale.ROOT);
      spelled.append(
          spelled.isEmpty() ? lower : Character.toUpperCase(lower.charAt(0)) + lower.substring(1));
    }
    return spelled.toString();
  }

  /** The constants of an enum that a job may have, as job files spell them. */
  static List<String> ofConstants(Class<?> enumType) {
    return constants(enumType).stream().map(Spelling::ofConstant).toList();
  }

  /** The constant that a job file spells so; null for another name. */
  static @Nullable Enum<?> constant(Class<?> enumType, String name) {
    for (Enum<?> constant : constants(enumType)) {
      if (name.equals(ofConstant(constant))) {
        return constant;
      }
    }
    return null;
  }

  /** The constants of an enum that a job may have: all but the formats that only a plan has. */
  private static List<? extends Enum<?>> constants(Class<?> enumType) {
    return Arrays.stream(enumType.getEnumConstants())
        .filter(constant -> !(constant instanceof InputFormat f) || InputFormat.named().contains(f))
        .map(constant -> (Enum<?>) constant)
        .toList();
  }
}
