package org.merganser.tokenizer.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.bpe.encode.ListedModel;
import org.merganser.text.normalize.NormalizerSpec;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.regex.TextPattern;
import org.merganser.text.scan.SplitPattern;
import org.merganser.text.unicode.ByteAlphabet;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.parts.AddedToken;

/** Each kind of token, found in a vocabulary that has one. */
final class VocabularyAuditTest {
  private final Map<String, Integer> ids = new LinkedHashMap<>();
  private final List<String> merges = new ArrayList<>();
  private final List<AddedToken> added = new ArrayList<>();
  private @Nullable NormalizerSpec normalizer;
  private boolean prefixSpace;

  VocabularyAuditTest() {
    for (int b = 0; b < 256; b++) {
      ids.put(String.valueOf(ByteAlphabet.toChar(b)), b);
    }
  }

  /** Adds merges that make a text character by character from the left; gives its id. */
  private int learn(String text) {
    return learn(text.getBytes(StandardCharsets.UTF_8));
  }

  private int learn(byte... bytes) {
    String left = ByteAlphabet.toToken(bytes, 0, 1);
    for (int i = 1; i < bytes.length; i++) {
      String right = ByteAlphabet.toToken(bytes, i, i + 1);
      if (ids.putIfAbsent(left + right, ids.size()) == null) {
        merges.addAll(List.of(left, right));
      }
      left += right;
    }
    return ids.get(left);
  }

  private Tokenizer tokenizer() {
    List<ListedModel.Entry> entries = new ArrayList<>();
    ids.forEach((token, id) -> entries.add(new ListedModel.Entry(token, id)));
    PreTokenizerSpec split =
        new PreTokenizerSpec.Split(
            new TextPattern.Regex(SplitPattern.CL100K.regex()),
            PreTokenizerSpec.Behavior.ISOLATED,
            false);
    PreTokenizerSpec bytes = new PreTokenizerSpec.ByteLevel(prefixSpace, true, false);
    BpeModel model = ListedModel.of(entries, merges, BpeModel.Options.NONE);
    return TinyTokenizers.of(
        added, normalizer, new PreTokenizerSpec.Sequence(List.of(split, bytes)), model);
  }

  private VocabularyAudit audit() {
    return VocabularyAudit.of(tokenizer(), null, 10);
  }

  private static String detail(VocabularyAudit audit, TokenKind kind, int id) {
    return audit.findings(kind).stream()
        .filter(finding -> finding.id() == id)
        .map(VocabularyAudit.Finding::detail)
        .findFirst()
        .orElse("not found");
  }

  @Test
  void bytesAreReachableAndThoseOfPartsOfCharactersArePartialUtf8() {
    VocabularyAudit audit = audit();
    assertThat(audit.tokens()).isEqualTo(256);
    assertThat(audit.findings(TokenKind.UNREACHABLE)).isEmpty();
    assertThat(audit.ids(TokenKind.PARTIAL_UTF8).cardinality()).isEqualTo(128);
  }

  @Test
  void aTokenThatMergesNeverMakeIsUnreachable() {
    ids.put("xyz", ids.size());
    learn("bc");
    learn("abc"); // (b, c) comes first, and (a, bc) is no merge
    VocabularyAudit audit = audit();
    assertThat(detail(audit, TokenKind.UNREACHABLE, ids.get("xyz"))).isEqualTo("no merge makes it");
    assertThat(detail(audit, TokenKind.UNREACHABLE, ids.get("abc")))
        .isEqualTo("merging its own text ends in other tokens");
    assertThat(audit.ids(TokenKind.UNREACHABLE).get(ids.get("ab"))).isFalse();
  }

  @Test
  void aTokenThatThePatternCutsIsUnreachable() {
    int number = learn("1234");
    VocabularyAudit audit = audit();
    assertThat(detail(audit, TokenKind.UNREACHABLE, number))
        .isEqualTo("its own text gives other ids");
    assertThat(audit.ids(TokenKind.UNREACHABLE).get(ids.get("123"))).isFalse();
  }

  @Test
  void aTokenThatTheNormalizerChangesIsUnreachable() {
    normalizer = new NormalizerSpec.Nfc();
    learn("가");
    int apart = learn("\u1100\u1161");
    VocabularyAudit audit = audit();
    assertThat(detail(audit, TokenKind.UNREACHABLE, apart))
        .isEqualTo("its own text gives other ids");
  }

  @Test
  void aTokenThatAnAddedOneIsCutOutOfIsUnreachable() {
    int word = learn("xfooy");
    added.add(new AddedToken(9999, "foo", false, false, false, false, false));
    VocabularyAudit audit = audit();
    assertThat(detail(audit, TokenKind.UNREACHABLE, word))
        .isEqualTo("its own text gives other ids");
  }

  @Test
  void aPieceFromWithinAWordIsReachableAfterAPrefixSpace() {
    prefixSpace = true;
    int piece = learn("ing");
    int word = learn(" walk");
    int number = learn("1234");
    VocabularyAudit audit = audit();
    assertThat(audit.ids(TokenKind.UNREACHABLE).get(piece)).isFalse();
    assertThat(audit.ids(TokenKind.UNREACHABLE).get(word)).isFalse();
    assertThat(audit.ids(TokenKind.UNREACHABLE).get(ids.get("123"))).isFalse();
    assertThat(number).isPositive();
    learn("bc");
    int abc = learn("abc");
    assertThat(audit().ids(TokenKind.UNREACHABLE).get(abc)).isTrue();
  }

  @Test
  void findsControlCharacters() {
    int control = learn("a\u0007");
    int format = learn("\u00ad");
    VocabularyAudit audit = audit();
    assertThat(detail(audit, TokenKind.CONTROL, control)).isEqualTo("U+0007");
    assertThat(detail(audit, TokenKind.CONTROL, format)).isEqualTo("U+00AD");
  }

  @Test
  void findsOddWhiteSpace() {
    int four = learn("    ");
    int tab = learn("\t\n");
    int trailing = learn("a ");
    int inside = learn("a b");
    VocabularyAudit audit = audit();
    assertThat(audit.ids(TokenKind.ODD_WHITE_SPACE).get(four)).isFalse();
    assertThat(detail(audit, TokenKind.ODD_WHITE_SPACE, tab))
        .isEqualTo("several kinds of white space");
    assertThat(detail(audit, TokenKind.ODD_WHITE_SPACE, trailing))
        .isEqualTo("white space at its end");
    assertThat(detail(audit, TokenKind.ODD_WHITE_SPACE, inside)).isEqualTo("white space inside");
  }

  @Test
  void countsUseAndTellsResidueFromWhatIsNoStepToAnother() {
    int the = learn("the");
    int cat = learn("cat");
    int dog = learn("dog");
    Tokenizer tokenizer = tokenizer();
    long[] uses = new long[tokenizer.idBound()];
    for (int id : tokenizer.encode("the cat, the cat the.")) {
      uses[id]++;
    }
    VocabularyAudit audit = VocabularyAudit.of(tokenizer, id -> uses[id], 3);
    assertThat(audit.ids(TokenKind.RESIDUE).stream().toArray())
        .containsExactly(ids.get("th"), ids.get("ca"), ids.get("do"));
    assertThat(audit.ids(TokenKind.UNUSED).get(dog)).isTrue();
    assertThat(audit.ids(TokenKind.UNUSED).get(ids.get("th"))).isTrue();
    assertThat(audit.ids(TokenKind.UNUSED).get('t')).isTrue();
    assertThat(audit.ids(TokenKind.UNUSED).get(cat)).isFalse();
    assertThat(detail(audit, TokenKind.RARE, '.')).isEqualTo("1 time");
    assertThat(detail(audit, TokenKind.RARE, cat)).isEqualTo("2 times");
    assertThat(audit.ids(TokenKind.RARE).get(dog)).isTrue();
    assertThat(audit.ids(TokenKind.RARE).get(the)).isFalse();
  }

  @Test
  void withoutTextsNothingIsSaidOfUse() {
    VocabularyAudit audit = audit();
    assertThat(List.of(TokenKind.values()).stream().filter(kind -> !audit.isKnown(kind)))
        .containsExactly(TokenKind.UNUSED, TokenKind.RESIDUE, TokenKind.RARE);
    for (TokenKind kind : TokenKind.values()) {
      assertThat(audit.isKnown(kind) || audit.findings(kind).isEmpty())
          .as(kind.toString())
          .isTrue();
    }
  }

  @Test
  void tokensOfAMegabyteDoNotDecideWhatAnAuditCosts() {
    String longest = "x".repeat(1 << 20);
    int first = ids.size();
    for (int i = 0; i < 20; i++) {
      ids.put(longest + "y".repeat(i), ids.size());
    }
    VocabularyAudit audit = audit();
    assertThat(audit.findings(TokenKind.UNREACHABLE)).hasSize(15); // of 16 MiB
    assertThat(audit.unexamined()).isEqualTo(ids.size() - first - 15);
  }
}
