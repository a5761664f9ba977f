package org.merganser.tokenizer.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.merganser.bpe.ByteAlphabet;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.text.normalize.NormalizerSpec;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.regex.TextPattern;
import org.merganser.text.scan.SplitPattern;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.parts.AddedToken;
import org.merganser.tokenizer.parts.TokenizerParts;

/** Each kind of token, found in a vocabulary that has one. */
final class VocabularyAuditTest {
  private final Map<String, Integer> ids = new LinkedHashMap<>();
  private final List<String> merges = new ArrayList<>();
  private final List<AddedToken> added = new ArrayList<>();
  private @Nullable NormalizerSpec normalizer;

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
    List<BpeModel.Entry> entries = new ArrayList<>();
    ids.forEach((token, id) -> entries.add(new BpeModel.Entry(token, id)));
    PreTokenizerSpec split =
        new PreTokenizerSpec.Split(
            new TextPattern.Regex(SplitPattern.CL100K.regex()),
            PreTokenizerSpec.Behavior.ISOLATED,
            false);
    return new Tokenizer(
        new TokenizerParts(
            added,
            normalizer,
            new PreTokenizerSpec.Sequence(
                List.of(split, new PreTokenizerSpec.ByteLevel(false, true, false))),
            BpeModel.of(entries, merges, BpeModel.Options.NONE),
            null,
            null,
            null,
            null,
            false,
            List.of()),
        "test");
  }

  private VocabularyAudit audit() {
    return VocabularyAudit.of(tokenizer(), null, 10, null);
  }

  private static String detail(VocabularyAudit audit, TokenKind kind, int id) {
    return audit.findings(kind).stream()
        .filter(finding -> finding.id() == id)
        .map(VocabularyAudit.Finding::detail)
        .findFirst()
        .orElse("not found");
  }

  @Test
  void bytesThatNoTextHasAreUnreachable() {
    VocabularyAudit audit = audit();
    assertThat(audit.ids(TokenKind.UNREACHABLE).stream().toArray())
        .containsExactly(
            0xC0, 0xC1, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE, 0xFF);
    assertThat(audit.reachable()).isEqualTo(256 - 13);
    assertThat(detail(audit, TokenKind.UNREACHABLE, 0xC0))
        .isEqualTo("no UTF-8 text has these bytes");
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
        .isEqualTo("no match of the pre-tokenizer's pattern has it inside");
    assertThat(audit.ids(TokenKind.UNREACHABLE).get(ids.get("123"))).isFalse();
  }

  @Test
  void aTokenThatTheNormalizerChangesIsUnreachableAndADuplicate() {
    normalizer = new NormalizerSpec.Nfc();
    int composed = learn("가");
    int apart = learn("\u1100\u1161");
    VocabularyAudit audit = audit();
    assertThat(detail(audit, TokenKind.UNREACHABLE, apart))
        .isEqualTo("the normalizer changes its text");
    assertThat(detail(audit, TokenKind.DUPLICATE, apart)).isEqualTo("as #" + composed);
    assertThat(detail(audit, TokenKind.DUPLICATE, composed)).isEqualTo("as #" + apart);
  }

  @Test
  void aTokenThatAnAddedOneIsCutOutOfIsUnreachableAndShadowed() {
    int word = learn("xfooy");
    added.add(new AddedToken(9999, "foo", false, false, false, false, false));
    VocabularyAudit audit = audit();
    assertThat(detail(audit, TokenKind.UNREACHABLE, word))
        .isEqualTo("the added token \"foo\" is cut out of it first");
    assertThat(detail(audit, TokenKind.SHADOWED, word)).isEqualTo("has the added token \"foo\"");
  }

  @Test
  void anAddedTokenThatMergesMakeIsShadowed() {
    int end = learn("<e>");
    added.add(AddedToken.special(end, "<e>"));
    assertThat(detail(audit(), TokenKind.SHADOWED, end))
        .isEqualTo("an added token that merges make as well");
  }

  @Test
  void findsCopiesOddCharactersAndLongTokens() {
    int word = learn("Word");
    int lower = learn("word");
    int spaced = learn(" word");
    int control = learn("a\u0007");
    int format = learn("\u00ad");
    int replacement = learn("\ufffd");
    int privateUse = learn("\ue000");
    int longest = learn("x".repeat(33));
    VocabularyAudit audit = audit();
    assertThat(detail(audit, TokenKind.CASE_COPY, word)).isEqualTo("as #" + lower);
    assertThat(detail(audit, TokenKind.SPACE_COPY, spaced)).isEqualTo("as #" + lower);
    assertThat(detail(audit, TokenKind.CONTROL, control)).isEqualTo("U+0007");
    assertThat(detail(audit, TokenKind.CONTROL, format)).isEqualTo("U+00AD");
    assertThat(detail(audit, TokenKind.PRIVATE_USE, replacement)).isEqualTo("U+FFFD");
    assertThat(detail(audit, TokenKind.PRIVATE_USE, privateUse)).isEqualTo("U+E000");
    assertThat(audit.findings(TokenKind.LONG))
        .containsExactly(new VocabularyAudit.Finding(longest, "33 characters"));
  }

  @Test
  void findsIrregularDigitsAndWhiteSpace() {
    int ten = learn("10");
    int spacedTen = learn(" 10");
    int mixed = learn("x1");
    int four = learn("    ");
    int tab = learn("\t\n");
    int trailing = learn("a ");
    int inside = learn("a b");
    ids.put("Ġ".repeat(6), ids.size());
    VocabularyAudit audit = audit();
    assertThat(detail(audit, TokenKind.DIGITS, ten)).isEqualTo("digits of 2: 1 of 100 are tokens");
    assertThat(detail(audit, TokenKind.DIGITS, spacedTen))
        .isEqualTo("a space and digits of 2: 1 of 100 are tokens");
    assertThat(detail(audit, TokenKind.DIGITS, mixed)).isEqualTo("digits with other characters");
    assertThat(audit.ids(TokenKind.DIGITS).get('1')).isFalse();
    assertThat(audit.ids(TokenKind.WHITE_SPACE).get(four)).isFalse();
    assertThat(detail(audit, TokenKind.WHITE_SPACE, ids.get("Ġ".repeat(6))))
        .isEqualTo("a run of 6; one of 5 is no token");
    assertThat(detail(audit, TokenKind.WHITE_SPACE, tab)).isEqualTo("several kinds of white space");
    assertThat(detail(audit, TokenKind.WHITE_SPACE, trailing)).isEqualTo("white space at its end");
    assertThat(detail(audit, TokenKind.WHITE_SPACE, inside)).isEqualTo("white space inside");
  }

  @Test
  void countsUseByGroupAndTellsResidueFromUnused() {
    int the = learn("the");
    int cat = learn("cat");
    int dog = learn("dog");
    Tokenizer tokenizer = tokenizer();
    TokenUse use = new TokenUse(tokenizer.idBound());
    use(tokenizer, use, "en", "the cat, the cat");
    use(tokenizer, use, "de", "the.");
    VocabularyAudit audit = VocabularyAudit.of(tokenizer, use, 3, null);
    assertThat(audit.ids(TokenKind.RESIDUE).get(ids.get("th"))).isTrue();
    assertThat(audit.ids(TokenKind.RESIDUE).get('t')).isTrue();
    assertThat(audit.ids(TokenKind.UNUSED).get(dog)).isTrue();
    assertThat(audit.ids(TokenKind.UNUSED).get(ids.get("do"))).isTrue();
    assertThat(audit.ids(TokenKind.UNUSED).get(ids.get("th"))).isFalse();
    assertThat(detail(audit, TokenKind.ONCE, '.')).isEqualTo("in de");
    assertThat(detail(audit, TokenKind.RARE, cat)).isEqualTo("2 times");
    assertThat(detail(audit, TokenKind.ONE_GROUP, cat)).isEqualTo("2 times in en");
    assertThat(audit.ids(TokenKind.ONE_GROUP).get(the)).isFalse();
    assertThat(audit.ids(TokenKind.RARE).get(the)).isFalse();
  }

  private static void use(Tokenizer tokenizer, TokenUse use, String group, String text) {
    IdBuffer encoded = new IdBuffer(16);
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    tokenizer.newEncoder(SpecialText.TEXT).encode(utf8, 0, utf8.length, encoded);
    use.add(group, encoded);
  }

  @Test
  void withoutTextsAndVectorsNothingIsSaidOfUseAndTraining() {
    VocabularyAudit audit = audit();
    assertThat(List.of(TokenKind.values()).stream().filter(kind -> !audit.isKnown(kind)))
        .containsExactly(
            TokenKind.UNUSED,
            TokenKind.ONCE,
            TokenKind.RARE,
            TokenKind.ONE_GROUP,
            TokenKind.UNDER_TRAINED);
    for (TokenKind kind : TokenKind.values()) {
      assertThat(audit.isKnown(kind) || audit.findings(kind).isEmpty()).as(kind.key()).isTrue();
    }
  }

  @Test
  void theNearestToTheMeanAreUnderTrained() {
    double[] distances = new double[256];
    Arrays.fill(distances, 2.0);
    distances[100] = 0.5;
    distances[7] = 0.25;
    VocabularyAudit audit = VocabularyAudit.of(tokenizer(), null, 10, distances);
    assertThat(audit.findings(TokenKind.UNDER_TRAINED)).hasSize(6); // 2 % of 256, rounded up
    assertThat(audit.findings(TokenKind.UNDER_TRAINED).subList(0, 2))
        .containsExactly(
            new VocabularyAudit.Finding(7, "0.250000 from the mean, 0.125 of the median"),
            new VocabularyAudit.Finding(100, "0.500000 from the mean, 0.250 of the median"));
  }

  @Test
  @Timeout(120) // for one that hangs: each of hundreds of texts around each token takes minutes
  void tokensOfAMegabyteDoNotDecideWhatAnAuditCosts() {
    String longest = "x".repeat(1 << 20);
    int first = ids.size();
    for (int i = 0; i < 4; i++) {
      ids.put(longest + "Ã" + "y".repeat(i), ids.size()); // the byte C3 and no continuation
      ids.put(longest + "\u0120" + "z".repeat(i), ids.size()); // a space
    }
    VocabularyAudit audit = audit();
    for (int id = first; id < ids.size(); id++) {
      assertThat(detail(audit, TokenKind.UNREACHABLE, id)).isNotEqualTo("not found");
    }
  }
}
