package org.merganser.report.page;

import static org.merganser.report.page.StaticPage.number;
import static org.merganser.report.page.StaticPage.percent;
import static org.merganser.report.page.StaticPage.plain;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.merganser.report.Plural;
import org.merganser.report.RoundedFractions;
import org.merganser.report.statistics.Comparison;

/** A comparison as one HTML file, without scripts. */
public final class ComparisonPage {
  /** A tokenizer may have hundreds of them, most of them reserved. */
  private static final int MOST_SPECIAL = 100;

  private final StaticPage page = new StaticPage("Two tokenizers compared");
  private final StringBuilder out = page.out();

  private ComparisonPage() {}

  /** The page as UTF-8. */
  public static byte[] of(Comparison comparison) {
    ComparisonPage made = new ComparisonPage();
    made.write(comparison);
    return made.page.end();
  }

  private void write(Comparison c) {
    page.table(
        "Both on " + Plural.of(c.documents(), "text") + ", " + Plural.of(c.bytes(), "byte"),
        "text",
        List.of("", "A", "B"),
        List.of(
            List.of("file", c.nameA(), c.nameB()),
            List.of("sha256", c.sha256A(), c.sha256B()),
            List.of("tokens of the vocabulary", number(c.sizeA()), number(c.sizeB())),
            List.of("tokens of the texts", number(c.tokensA()), number(c.tokensB())),
            List.of("bytes per token", plain(c.bytesPerTokenA()), plain(c.bytesPerTokenB())),
            List.of(
                "share of its uses whose token the other has, too",
                percent(c.usesInB()),
                percent(c.usesInA()))));
    out.append("<p>")
        .append(number(c.shared()))
        .append(" tokens are in both vocabularies, which is ")
        .append(percent(c.jaccard()))
        .append(" of the tokens that either has (Jaccard index).</p>\n");
    bytesPerToken(c);
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
      out.append("<h3>").append(StaticPage.escape(capital(kind.kind()))).append("</h3>\n");
      for (Comparison.Text text : kind.examples()) {
        out.append("<article><p class=\"note\">")
            .append(StaticPage.escape(text.document()))
            .append("</p>\n");
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

  private void bytesPerToken(Comparison c) {
    out.append("<h2>Bytes per token</h2><p>Longer bars are cheaper: fewer tokens for the text. ")
        .append("The light bar is A's, the dark one B's.</p>\n");
    double most =
        Stream.concat(
                Stream.of(new BigDecimal[] {c.bytesPerTokenA(), c.bytesPerTokenB()}),
                c.byGroup().stream()
                    .flatMap(
                        row ->
                            Stream.of(
                                new BigDecimal[] {row.bytesPerTokenA(), row.bytesPerTokenB()})))
            .mapToDouble(RoundedFractions::asDouble)
            .filter(Double::isFinite)
            .max()
            .orElse(1);
    out.append("<div class=\"probabilities\" role=\"table\" aria-label=\"Bytes per token\">\n")
        .append("<div class=\"head\" role=\"row\"><span role=\"columnheader\">text</span>")
        .append("<span aria-hidden=\"true\"></span>")
        .append("<span role=\"columnheader\">A · B</span></div>\n");
    bars("all texts", c.bytesPerTokenA(), c.bytesPerTokenB(), most);
    c.byGroup().forEach(row -> bars(row.group(), row.bytesPerTokenA(), row.bytesPerTokenB(), most));
    out.append("</div>\n");
  }

  private void bars(String name, @Nullable BigDecimal a, @Nullable BigDecimal b, double most) {
    out.append("<div role=\"row\"><span role=\"rowheader\">")
        .append(StaticPage.escape(name))
        .append("</span><span class=\"pair\" aria-hidden=\"true\">");
    bar("faint", a, most);
    bar("", b, most);
    out.append("</span><span role=\"cell\">")
        .append(plain(a))
        .append(" · ")
        .append(plain(b))
        .append("</span></div>\n");
  }

  private void bar(String kind, @Nullable BigDecimal value, double most) {
    double width = value == null ? 0 : 100 * value.doubleValue() / most;
    out.append(
        String.format(
            Locale.ROOT, "<span class=\"bar %s\" style=\"width:%.2f%%\"></span>", kind, width));
  }

  private void cut(String title, String text, List<Integer> ends) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.append("<p>").append(title).append("</p><div class=\"tokens\" dir=\"auto\">");
    int at = 0;
    for (int i = 0; i < ends.size(); i++) {
      int end = Math.min(bytes.length, ends.get(i));
      out.append("<span class=\"c").append(i % 5).append("\">");
      // A space at the end of a line would hang over the edge.
      out.append(StaticPage.escape(VisibleText.of(bytes, at, end)).replace(' ', '·'))
          .append("</span>");
      at = end;
    }
    out.append("</div>\n");
  }

  private static String capital(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
