package org.merganser.report.page;

import static org.merganser.report.page.StaticPage.escape;
import static org.merganser.report.page.StaticPage.number;
import static org.merganser.report.page.StaticPage.percent;
import static org.merganser.report.page.StaticPage.plain;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.merganser.report.Plural;
import org.merganser.report.RoundedFractions;
import org.merganser.report.statistics.MeasuredVocabulary;
import org.merganser.report.statistics.VocabularyComparison;

/** Several vocabularies compared, as one HTML file without scripts. */
final class VocabularyComparisonPage {
  private static final int WIDTH = 440;
  private static final int HEIGHT = 300;
  private static final int LEFT = 44;
  private static final int BOTTOM = 44;
  private static final int EDGE = 24;

  private final VocabularyComparison compared;
  private final boolean grouped;
  private final StaticPage html = new StaticPage("Vocabularies compared");
  private final StringBuilder out = html.out();

  private VocabularyComparisonPage(VocabularyComparison compared) {
    this.compared = compared;
    this.grouped = !compared.texts().groups().isEmpty();
  }

  /** The page as UTF-8. */
  public static byte[] of(VocabularyComparison compared) {
    VocabularyComparisonPage page = new VocabularyComparisonPage(compared);
    page.write();
    return page.html.end();
  }

  private void write() {
    VocabularyComparison.Texts texts = compared.texts();
    out.append("<p class=\"lead\">On ")
        .append(Plural.of(texts.documents(), "document"))
        .append(": ")
        .append(Plural.of(texts.bytes(), "byte"))
        .append(", ")
        .append(Plural.of(texts.words(), "word"))
        .append(grouped ? ", " + Plural.of(texts.groups().size(), "group") : "")
        .append(".</p>\n");
    pareto();
    figures();
    if (grouped) {
      groups();
    }
    meaning();
  }

  private void pareto() {
    List<String> best = new ArrayList<>();
    for (VocabularyComparison.Row row : compared.vocabularies()) {
      if (row.best()) {
        best.add("<b>" + escape(row.name()) + "</b>");
      }
    }
    out.append("<h2>Size against what it gives</h2>\n<p>In the Pareto set: ")
        .append(String.join(", ", best))
        .append(". Each other vocabulary has one beside it that has no more rows and gives ")
        .append(grouped ? "its worst group" : "the text")
        .append(" no fewer bytes per token.</p>\n");
    scatter();
  }

  /** Rows on a logarithmic scale to the right, bytes per token of the worst group upwards. */
  private void scatter() {
    double[] across = {Double.MAX_VALUE, 0};
    double[] up = {Double.MAX_VALUE, 0};
    for (VocabularyComparison.Row row : compared.vocabularies()) {
      extend(across, StrictMath.log(row.figures().rows()));
      double bytes = RoundedFractions.asDouble(row.figures().worstBytesPerToken());
      if (Double.isFinite(bytes)) {
        extend(up, bytes);
      }
    }
    if (up[1] == 0) {
      return; // no text
    }
    out.append("<figure><svg viewBox=\"0 0 ")
        .append(WIDTH)
        .append(" ")
        .append(HEIGHT)
        .append("\" style=\"width:100%;max-width:38rem;height:auto;font-size:13px\" role=\"img\"")
        .append(" aria-label=\"Rows against bytes per token; the table below has the numbers\">\n");
    line(LEFT, EDGE, LEFT, HEIGHT - BOTTOM);
    line(LEFT, HEIGHT - BOTTOM, WIDTH - EDGE, HEIGHT - BOTTOM);
    for (double value : new double[] {up[0], up[1]}) {
      text(LEFT - 6, y(value, up) + 4, "end", String.format(Locale.ROOT, "%.2f", value));
    }
    for (double value : new double[] {across[0], across[1]}) {
      text(
          x(value, across),
          HEIGHT - BOTTOM + 18,
          "middle",
          number(Math.round(StrictMath.exp(value))));
    }
    text((LEFT + WIDTH) / 2.0, HEIGHT - 8, "middle", "rows");
    text(LEFT, EDGE - 8, "start", "bytes per token" + (grouped ? " of the worst group" : ""));
    for (VocabularyComparison.Row row : compared.vocabularies()) {
      double bytes = RoundedFractions.asDouble(row.figures().worstBytesPerToken());
      if (Double.isFinite(bytes)) {
        point(
            x(StrictMath.log(row.figures().rows()), across), y(bytes, up), row.best(), row.name());
      }
    }
    out.append("</svg><figcaption>Filled points are in the Pareto set.</figcaption></figure>\n");
  }

  private static void extend(double[] range, double value) {
    range[0] = Math.min(range[0], value);
    range[1] = Math.max(range[1], value);
  }

  private static double x(double value, double[] range) {
    return LEFT + 30 + share(value, range) * (WIDTH - LEFT - EDGE - 60);
  }

  private static double y(double value, double[] range) {
    return HEIGHT - BOTTOM - 20 - share(value, range) * (HEIGHT - BOTTOM - EDGE - 40);
  }

  private static double share(double value, double[] range) {
    return range[1] > range[0] ? (value - range[0]) / (range[1] - range[0]) : 0.5;
  }

  private void line(double x1, double y1, double x2, double y2) {
    out.append(
        String.format(
            Locale.ROOT,
            "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"var(--soft)\"/>\n",
            x1,
            y1,
            x2,
            y2));
  }

  private void text(double x, double y, String anchor, String text) {
    out.append(
            String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"var(--soft)\">",
                x,
                y,
                anchor))
        .append(escape(text))
        .append("</text>\n");
  }

  /** A point, named where it is in the Pareto set: names of all would lie on one another. */
  private void point(double x, double y, boolean best, String name) {
    out.append(
            String.format(
                Locale.ROOT,
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"5\" stroke=\"var(--accent)\""
                    + " fill=\"%s\"><title>",
                x,
                y,
                best ? "var(--accent)" : "none"))
        .append(escape(name))
        .append("</title></circle>\n");
    if (best) {
      boolean toTheLeft = x > WIDTH / 2.0;
      text(toTheLeft ? x - 8 : x + 8, y + 4, toTheLeft ? "end" : "start", name);
    }
  }

  private void figures() {
    List<String> titles =
        new ArrayList<>(List.of("vocabulary", "Pareto set", "rows", "bytes per token"));
    if (grouped) {
      titles.addAll(List.of("worst group", "its bytes per token", "Gini"));
    }
    titles.addAll(List.of("tokens a word", "Rényi efficiency", "rare tokens"));
    if (compared.dim() != null) {
      titles.add("embedding parameters");
    }
    List<List<String>> rows = new ArrayList<>();
    for (VocabularyComparison.Row row : compared.vocabularies()) {
      rows.add(cells(row));
    }
    out.append("<h2>Figures</h2>\n");
    html.table("Each vocabulary on the same documents", "", titles, rows);
  }

  private List<String> cells(VocabularyComparison.Row row) {
    MeasuredVocabulary figures = row.figures();
    List<String> cells =
        new ArrayList<>(
            List.of(
                row.name(),
                row.best() ? "yes" : "–",
                number(figures.rows()),
                plain(figures.bytesPerToken())));
    if (grouped) {
      cells.add(figures.worstGroup() == null ? "–" : figures.worstGroup());
      cells.add(plain(figures.worstBytesPerToken()));
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
    compared.vocabularies().forEach(row -> titles.add(row.name()));
    List<List<String>> rows = new ArrayList<>();
    for (VocabularyComparison.GroupOfTexts group : compared.texts().groups()) {
      List<String> cells = new ArrayList<>(List.of(group.group(), number(group.bytes())));
      for (VocabularyComparison.Row row : compared.vocabularies()) {
        cells.add(
            row.figures().groups().stream()
                .filter(of -> of.group().equals(group.group()))
                .map(of -> plain(of.bytesPerToken()))
                .findFirst()
                .orElse("–"));
      }
      rows.add(cells);
    }
    out.append("<h2>Bytes per token by group</h2>\n");
    html.table("More is cheaper: fewer tokens for the text", "", titles, rows);
  }

  private void meaning() {
    out.append("<h2>What the figures mean</h2>\n<dl>\n");
    term("Rows", "One more than the largest id: what an embedding table has.");
    term("Bytes per token", "Bytes of text over the tokens that encode it.");
    if (grouped) {
      term("Worst group", "The group with the fewest bytes per token.");
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
            + " documents. It falls with more text.");
    out.append("</dl>\n");
  }

  private void term(String name, String meaning) {
    out.append("<dt><b>")
        .append(escape(name))
        .append("</b></dt><dd>")
        .append(escape(meaning))
        .append("</dd>\n");
  }
}
