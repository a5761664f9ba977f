package org.merganser.report.page;

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

  private final StringBuilder out = new StringBuilder();

  private ComparisonPage() {}

  /** The page as UTF-8. */
  public static byte[] of(Comparison comparison) {
    ComparisonPage page = new ComparisonPage();
    page.write(comparison);
    return page.out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void write(Comparison c) {
    out.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
        .append(
            "<meta name=\"color-scheme\" content=\"light dark\"><link rel=\"icon\" href=\"data:,\">")
        .append("<title>Two tokenizers compared</title><style>")
        .append(ReportPage.resource("page.css"))
        .append("</style></head><body><main><h1>Two tokenizers compared</h1>\n");
    table(
        "Both on " + Plural.of(c.documents(), "text") + ", " + Plural.of(c.bytes(), "byte"),
        List.of("", "A", "B"),
        List.of(
            List.of("file", c.nameA(), c.nameB()),
            List.of("sha256", c.sha256A(), c.sha256B()),
            List.of("tokens of the vocabulary", number(c.sizeA()), number(c.sizeB())),
            List.of("tokens of the texts", number(c.tokensA()), number(c.tokensB())),
            List.of("bytes per token", plain(c.bytesPerTokenA()), plain(c.bytesPerTokenB())),
            List.of("uses of tokens that the other has", plain(c.usesInB()), plain(c.usesInA()))));
    out.append("<p>")
        .append(number(c.shared()))
        .append(" tokens are in both vocabularies; Jaccard ")
        .append(plain(c.jaccard()))
        .append(".</p>\n");
    out.append(
        "<h2>Bytes per token</h2><p>Longer bars are cheaper: fewer tokens for the text.</p>\n");
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
    out.append("<div class=\"probabilities\">");
    bars("all texts", c.bytesPerTokenA(), c.bytesPerTokenB(), most);
    c.byGroup().forEach(row -> bars(row.group(), row.bytesPerTokenA(), row.bytesPerTokenB(), most));
    out.append("</div><p class=\"note\">The light bar is A's, the dark one B's.</p>\n");
    special(c.specialTokens());
    out.append("<h2>Kinds of text</h2>\n");
    table(
        "What makes the most difference first; stretches of some 160 bytes, each encoded alone",
        List.of("kind", "bytes", "tokens, A", "tokens, B", "bytes per token, A", "B"),
        c.kinds().stream()
            .map(
                kind ->
                    List.of(
                        kind.kind(),
                        number(kind.bytes()),
                        number(kind.tokensA()),
                        number(kind.tokensB()),
                        plain(kind.bytesPerTokenA()),
                        plain(kind.bytesPerTokenB())))
            .toList());
    for (Comparison.Kind kind : c.kinds()) {
      out.append("<h3>").append(escape(kind.kind())).append("</h3>\n");
      for (Comparison.Text text : kind.examples()) {
        out.append("<article><p class=\"note\">").append(escape(text.document())).append("</p>\n");
        cut("A: " + Plural.of(text.tokensA(), "token"), text.text(), text.cutA());
        cut("B: " + Plural.of(text.tokensB(), "token"), text.text(), text.cutB());
        out.append("</article>\n");
      }
    }
    out.append("</main></body></html>\n");
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
    table(
        "Their ids, and how many tokens each text is where it is no special token"
            + (special.listed().size() > MOST_SPECIAL ? "; the first " + MOST_SPECIAL : ""),
        List.of("special token", "id, A", "id, B", "tokens, A", "tokens, B", "times in the texts"),
        special.listed().stream()
            .limit(MOST_SPECIAL)
            .map(
                token ->
                    List.of(
                        token.token(),
                        number(token.idA()),
                        number(token.idB()),
                        number(token.tokensA()),
                        number(token.tokensB()),
                        number(token.occurrences())))
            .toList());
  }

  private void table(String caption, List<String> titles, List<List<String>> rows) {
    out.append("<div class=\"scroll\"><table><caption>")
        .append(escape(caption))
        .append("</caption>");
    out.append("<thead><tr>");
    titles.forEach(title -> out.append("<th scope=\"col\">").append(escape(title)).append("</th>"));
    out.append("</tr></thead><tbody>");
    for (List<String> row : rows) {
      out.append("<tr><th scope=\"row\" class=\"text\">")
          .append(escape(row.get(0)))
          .append("</th>");
      row.stream()
          .skip(1)
          .forEach(cell -> out.append("<td class=\"text\">").append(escape(cell)).append("</td>"));
      out.append("</tr>");
    }
    out.append("</tbody></table></div>\n");
  }

  private void bars(String name, @Nullable BigDecimal a, @Nullable BigDecimal b, double most) {
    out.append("<div role=\"row\"><span>")
        .append(escape(name))
        .append("</span><span class=\"pair\">");
    bar("faint", a, most);
    bar("", b, most);
    out.append("</span><span>")
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
      out.append(escape(VisibleText.of(bytes, at, end))).append("</span>");
      at = end;
    }
    out.append("</div>\n");
  }

  private static String number(@Nullable Number value) {
    return value == null ? "–" : String.format(Locale.ROOT, "%,d", value);
  }

  private static String plain(@Nullable BigDecimal value) {
    return value == null ? "–" : value.toPlainString();
  }

  private static String escape(String text) {
    return VisibleText.of(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
