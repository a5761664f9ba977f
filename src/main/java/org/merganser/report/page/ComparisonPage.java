package org.merganser.report.page;

import static org.merganser.report.page.StaticPage.escape;
import static org.merganser.report.page.StaticPage.number;
import static org.merganser.report.page.StaticPage.percent;
import static org.merganser.report.page.StaticPage.plain;
import static org.merganser.report.statistics.VocabularyComparison.letter;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.merganser.report.Plural;
import org.merganser.report.statistics.Comparison;
import org.merganser.report.statistics.MeasuredVocabulary;
import org.merganser.report.statistics.VocabularyComparison;

/** A comparison of tokenizers as one HTML file, without scripts. */
public final class ComparisonPage {
  /** A tokenizer may have hundreds of them, most of them reserved. */
  private static final int MOST_SPECIAL = 100;

  private final VocabularyComparison compared;
  private final boolean grouped;
  private final StaticPage page = new StaticPage("Tokenizers compared");
  private final StringBuilder out = page.out();

  private ComparisonPage(VocabularyComparison compared) {
    this.compared = compared;
    this.grouped = !compared.texts().groups().isEmpty();
  }

  /**
   * The page as UTF-8.
   *
   * @param differences of two tokenizers; null for more
   */
  public static byte[] of(VocabularyComparison compared, @Nullable Comparison differences) {
    ComparisonPage made = new ComparisonPage(compared);
    made.sizes();
    made.figures();
    made.meaning();
    if (differences != null) {
      made.write(differences);
    }
    return made.page.end();
  }

  private void sizes() {
    VocabularyComparison.Texts texts = compared.texts();
    out.append("<p class=\"lead\">On ")
        .append(Plural.of(texts.documents(), "text"))
        .append(": ")
        .append(Plural.of(texts.bytes(), "byte"))
        .append(", ")
        .append(Plural.of(texts.words(), "word"))
        .append(grouped ? ", " + Plural.of(texts.groups().size(), "group") : "")
        .append(".</p>\n");
    List<List<String>> rows = new ArrayList<>();
    for (VocabularyComparison.Row row : compared.vocabularies()) {
      rows.add(List.of(letter(rows.size()), row.name(), row.sha256()));
    }
    page.table("The tokenizers", "text", List.of("", "file", "sha256"), rows);
    boolean worst =
        compared.vocabularies().stream().anyMatch(row -> row.figures().worstGroup() != null);
    out.append("<h2>Size against what it gives</h2>\n<p>In the Pareto set: ")
        .append(
            IntStream.range(0, rows.size())
                .filter(i -> compared.vocabularies().get(i).best())
                .mapToObj(i -> "<b>" + letter(i) + "</b>")
                .collect(Collectors.joining(", ")))
        .append(". Each other tokenizer has one beside it that has no more rows and gives ")
        .append(worst ? "its worst group" : "the text")
        .append(" no fewer bytes per token.</p>\n");
    new SizePlot(compared.vocabularies(), out)
        .draw("bytes per token" + (worst ? " of the worst group" : ""));
  }

  private void figures() {
    List<String> titles = new ArrayList<>(List.of("", "Pareto set", "rows", "bytes per token"));
    if (grouped) {
      titles.addAll(List.of("worst group", "its bytes per token", "Gini"));
    }
    titles.addAll(List.of("tokens a word", "Rényi efficiency", "rare tokens"));
    if (compared.dim() != null) {
      titles.add("embedding parameters");
    }
    List<List<String>> rows = new ArrayList<>();
    for (VocabularyComparison.Row row : compared.vocabularies()) {
      rows.add(cells(letter(rows.size()), row));
    }
    out.append("<h2>Figures</h2>\n");
    page.table("Each tokenizer on the same texts", "", titles, rows);
    if (grouped) {
      groups();
    }
  }

  private List<String> cells(String letter, VocabularyComparison.Row row) {
    MeasuredVocabulary figures = row.figures();
    List<String> cells =
        new ArrayList<>(
            List.of(
                letter,
                row.best() ? "yes" : "–",
                number(figures.rows()),
                plain(figures.bytesPerToken())));
    if (grouped) {
      cells.add(figures.worstGroup() == null ? "–" : figures.worstGroup());
      cells.add(plain(figures.worstGroup() == null ? null : figures.worstBytesPerToken()));
      cells.add(plain(figures.gini()));
    }
    cells.add(plain(figures.fertility()));
    cells.add(plain(figures.renyiEfficiency()));
    cells.add(percent(figures.rareShare()));
    if (row.embeddingParameters() != null) {
      cells.add(number(row.embeddingParameters()));
    }
    return cells;
  }

  private void groups() {
    List<String> titles = new ArrayList<>(List.of("group", "text bytes"));
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < compared.vocabularies().size(); i++) {
      titles.add(letter(i));
    }
    for (int group = 0; group < compared.texts().groups().size(); group++) {
      VocabularyComparison.GroupOfTexts texts = compared.texts().groups().get(group);
      List<String> cells = new ArrayList<>(List.of(texts.group(), number(texts.bytes())));
      for (VocabularyComparison.Row row : compared.vocabularies()) {
        cells.add(plain(row.figures().groups().get(group).bytesPerToken()));
      }
      rows.add(cells);
    }
    out.append("<h2>Bytes per token by group</h2>\n");
    page.table("More is cheaper: fewer tokens for the text", "", titles, rows);
  }

  private void meaning() {
    out.append("<h2>What the figures mean</h2>\n<dl>\n");
    term("Rows", "One more than the largest id: what an embedding table has.");
    term("Bytes per token", "Bytes of text over the tokens that encode it.");
    if (grouped) {
      term(
          "Worst group",
          "The group with the fewest bytes per token, among those with at least 10 kB of text.");
      term(
          "Gini",
          "Gini coefficient of the groups' tokens a byte, each group counting once: 0 where all pay"
              + " alike.");
    }
    term(
        "Tokens a word",
        "Fertility: all tokens over all words. A word is a longest run of letters, marks and"
            + " numbers; in scripts without spaces, a letter. Below 1 where tokens span words.");
    term(
        "Rényi efficiency",
        "Rényi entropy of order 2.5 of the tokens over the logarithm of the number of tokens in the"
            + " vocabulary (Zouhar et al., Tokenization and the Noiseless Channel, ACL 2023).");
    term(
        "Rare tokens",
        "Share of the vocabulary, special tokens aside, that occurs fewer than ten times in these"
            + " texts. It falls with more text.");
    out.append("</dl>\n");
  }

  private void term(String name, String meaning) {
    out.append("<dt><b>")
        .append(escape(name))
        .append("</b></dt><dd>")
        .append(escape(meaning))
        .append("</dd>\n");
  }

  private void write(Comparison c) {
    out.append("<h2>Where A and B differ</h2>\n<p>")
        .append(number(c.shared()))
        .append(" tokens are in both vocabularies, which is ")
        .append(percent(c.jaccard()))
        .append(" of the tokens that either has (Jaccard index). B has the token of ")
        .append(percent(c.usesInB()))
        .append(" of A's uses of tokens on these texts, and A that of ")
        .append(percent(c.usesInA()))
        .append(" of B's.</p>\n");
    special(c.specialTokens());
    out.append("<h2>Kinds of text</h2>\n");
    page.table(
        "The largest difference first; stretches of some 160 bytes, each encoded alone",
        "",
        List.of("kind", "of the text", "tokens, A", "tokens, B", "B − A"),
        c.kinds().stream()
            .map(
                kind ->
                    List.of(
                        capital(kind.kind()),
                        percent(kind.share()),
                        number(kind.tokensA()),
                        number(kind.tokensB()),
                        String.format(Locale.ROOT, "%+,d", kind.tokensB() - kind.tokensA())))
            .toList());
    for (Comparison.Kind kind : c.kinds()) {
      out.append("<h3>").append(escape(capital(kind.kind()))).append("</h3>\n");
      for (Comparison.Text text : kind.examples()) {
        out.append("<article><p class=\"note\">").append(escape(text.document())).append("</p>\n");
        cut("A: " + Plural.of(text.tokensA(), "token"), text.text(), text.cutA());
        cut("B: " + Plural.of(text.tokensB(), "token"), text.text(), text.cutB());
        out.append("</article>\n");
      }
    }
  }

  private void special(Comparison.SpecialTokens special) {
    out.append("<h2>Special tokens</h2>\n<p>")
        .append(number(special.both()))
        .append(" are special tokens of both, ")
        .append(number(special.onlyA()))
        .append(" of A only, ")
        .append(number(special.onlyB()))
        .append(" of B only.</p>\n");
    if (special.listed().isEmpty()) {
      return;
    }
    page.table(
        "What each makes of their text"
            + (special.listed().size() > MOST_SPECIAL ? "; the first " + MOST_SPECIAL : ""),
        "",
        List.of("special token", "A", "B", "times in the texts"),
        special.listed().stream()
            .limit(MOST_SPECIAL)
            .map(
                token ->
                    List.of(
                        token.token(),
                        made(token.idA(), token.tokensA()),
                        made(token.idB(), token.tokensB()),
                        number(token.occurrences())))
            .toList());
  }

  private static String made(@Nullable Integer id, @Nullable Integer tokens) {
    if (id != null) {
      return "id " + id;
    }
    return tokens == null ? "cannot encode it" : Plural.of(tokens, "token") + " of text";
  }

  private void cut(String title, String text, List<Integer> ends) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.append("<p>").append(title).append("</p><div class=\"tokens\" dir=\"auto\">");
    int at = 0;
    for (int i = 0; i < ends.size(); i++) {
      int end = Math.min(bytes.length, ends.get(i));
      out.append("<span class=\"c").append(i % 5).append("\">");
      // A space at the end of a line would hang over the edge.
      out.append(escape(VisibleText.of(bytes, at, end)).replace(' ', '·')).append("</span>");
      at = end;
    }
    out.append("</div>\n");
  }

  private static String capital(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
