package org.merganser.tokenizer.audit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.encode.MergeSteps;
import org.merganser.text.unicode.UnicodeCategories;
import org.merganser.tokenizer.Tokenizer;

/**
 * Finds the kinds of each token of a tokenizer, except added tokens. Takes seconds for 200,000
 * tokens. Deterministic.
 */
public final class VocabularyAudit {
  /**
   * A token of a kind.
   *
   * @param detail why it is of this kind, as a phrase; empty if the kind says all
   */
  public record Finding(int id, String detail) {}

  /** The detail of a finding whose kind says all. */
  private static final String NO_DETAIL = "";

  private final Tokenizer tokenizer;
  private final Map<TokenKind, List<Finding>> findings = new EnumMap<>(TokenKind.class);

  /** The occurrences of a token in texts, by id; null without texts. */
  private final @Nullable IntToLongFunction uses;

  /** See {@link #unexamined()}. */
  private int unexamined;

  private VocabularyAudit(Tokenizer tokenizer, @Nullable IntToLongFunction uses) {
    this.tokenizer = tokenizer;
    this.uses = uses;
  }

  /**
   * Audits a tokenizer.
   *
   * @param uses the occurrences of a token in texts, by id; null without texts: use is then unknown
   * @param rare tokens with fewer occurrences are rare
   */
  public static VocabularyAudit of(
      Tokenizer tokenizer, @Nullable IntToLongFunction uses, long rare) {
    VocabularyAudit audit = new VocabularyAudit(tokenizer, uses);
    audit.findKinds(rare);
    return audit;
  }

  /** The tokens of a kind by id, with reasons. */
  public List<Finding> findings(TokenKind kind) {
    return Collections.unmodifiableList(findings.getOrDefault(kind, List.of()));
  }

  /** Whether tokens of a kind were looked for, which some kinds need texts for. */
  public boolean isKnown(TokenKind kind) {
    return uses != null || !kind.needsTexts();
  }

  /** The ids of the tokens of a kind. */
  public BitSet ids(TokenKind kind) {
    BitSet ids = new BitSet();
    findings(kind).forEach(finding -> ids.set(finding.id()));
    return ids;
  }

  /** The number of tokens, added ones included. */
  public int tokens() {
    return tokenizer.tokenCount();
  }

  /**
   * The number of tokens that may be unreachable but were not examined, since all tokens together
   * are too long.
   */
  public int unexamined() {
    return unexamined;
  }

  /** Finds the kinds of all tokens; those with fewer than {@code rare} occurrences are rare. */
  private void findKinds(long rare) {
    UnusedTokens unused = new UnusedTokens(tokenizer, new MergeSteps(tokenizer.model()));
    for (int id = 0; id < tokenizer.idBound(); id++) {
      if (tokenizer.hasToken(id) && !tokenizer.isAdded(id)) {
        addKindsByUse(id, unused, rare);
        addKindsByBytes(id);
      }
    }
  }

  /** Adds the kinds of a token that its occurrences in texts show, or may show. */
  private void addKindsByUse(int id, UnusedTokens unused, long rare) {
    long count = uses == null ? 0 : uses.applyAsLong(id);
    if (count == 0) {
      addUnused(id, unused);
    }
    if (uses != null && count < rare) {
      add(TokenKind.RARE, id, count + (count == 1 ? " time" : " times"));
    }
  }

  /** Adds the kinds of a token that its bytes show. */
  private void addKindsByBytes(int id) {
    byte[] bytes = tokenizer.bytes(id);
    if (UnusedTokens.isPartial(bytes)) {
      add(TokenKind.PARTIAL_UTF8, id, NO_DETAIL);
    } else if (bytes.length > 0) {
      addOddCharacters(id, new String(bytes, StandardCharsets.UTF_8));
    }
  }

  /** Adds the kinds of a token that is in no text, or whose use is unknown. */
  private void addUnused(int id, UnusedTokens unused) {
    UnusedTokens.Kind kind = unused.classify(id);
    if (kind == UnusedTokens.Kind.UNREACHABLE) {
      add(TokenKind.UNREACHABLE, id, Objects.requireNonNull(unused.reasonUnreachable(id)));
    } else if (kind == UnusedTokens.Kind.UNEXAMINED) {
      unexamined++;
    } else if (kind == UnusedTokens.Kind.RESIDUE && uses != null) {
      add(TokenKind.RESIDUE, id, NO_DETAIL);
    }
    if (uses != null) {
      add(TokenKind.UNUSED, id, NO_DETAIL);
    }
  }

  /** Adds the kinds of a token that its characters show. */
  private void addOddCharacters(int id, String text) {
    text.codePoints()
        .filter(VocabularyAudit::isControl)
        .findFirst()
        .ifPresent(c -> add(TokenKind.CONTROL, id, String.format(Locale.ROOT, "U+%04X", c)));
    if (text.codePoints().allMatch(UnicodeCategories::isWhiteSpace)) {
      if (text.codePoints().distinct().count() > 1) {
        add(TokenKind.ODD_WHITE_SPACE, id, "several kinds of white space");
      }
    } else if (UnicodeCategories.isWhiteSpace(text.codePointBefore(text.length()))) {
      add(TokenKind.ODD_WHITE_SPACE, id, "white space at its end");
    } else if (text.codePoints().skip(1).anyMatch(UnicodeCategories::isWhiteSpace)) {
      add(TokenKind.ODD_WHITE_SPACE, id, "white space inside");
    }
  }

  /** Whether a character is a control or format character and no tab or line end. */
  private static boolean isControl(int c) {
    String category = UnicodeCategories.name(c);
    return category.equals("Cf") || (category.equals("Cc") && c != '\t' && c != '\n' && c != '\r');
  }

  private void add(TokenKind kind, int id, String detail) {
    findings.computeIfAbsent(kind, key -> new ArrayList<>()).add(new Finding(id, detail));
  }
}
