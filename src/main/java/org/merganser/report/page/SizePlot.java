package org.merganser.report.page;

import static org.merganser.report.page.StaticPage.escape;
import static org.merganser.report.page.StaticPage.number;

import java.util.List;
import java.util.Locale;
import org.merganser.report.RoundedFractions;
import org.merganser.report.statistics.MeasuredVocabulary;
import org.merganser.report.statistics.VocabularyComparison;

/**
 * A drawing of vocabularies: rows on a logarithmic scale to the right, bytes per token of the worst
 * group upwards.
 */
final class SizePlot {
  private static final int WIDTH = 440;
  private static final int HEIGHT = 300;
  private static final int LEFT = 44;
  private static final int BOTTOM = 44;
  private static final int EDGE = 24;

  private final List<VocabularyComparison.Row> vocabularies;
  private final StringBuilder out;

  /**
   * @param out what the drawing is appended to
   */
  SizePlot(List<VocabularyComparison.Row> vocabularies, StringBuilder out) {
    this.vocabularies = vocabularies;
    this.out = out;
  }

  /**
   * Draws each vocabulary, or nothing where there is no text.
   *
   * @param upwards what the upper axis is called
   */
  void draw(String upwards) {
    double[] across = {Double.MAX_VALUE, 0};
    double[] up = {Double.MAX_VALUE, 0};
    for (VocabularyComparison.Row row : vocabularies) {
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
    for (double value : up) {
      text(LEFT - 6, y(value, up) + 4, "end", String.format(Locale.ROOT, "%.2f", value));
    }
    for (double value : across) {
      text(
          x(value, across),
          HEIGHT - BOTTOM + 18,
          "middle",
          number(Math.round(StrictMath.exp(value))));
    }
    text((LEFT + WIDTH) / 2.0, HEIGHT - 8, "middle", "rows");
    text(LEFT, EDGE - 8, "start", upwards);
    for (int i = 0; i < vocabularies.size(); i++) {
      VocabularyComparison.Row row = vocabularies.get(i);
      MeasuredVocabulary figures = row.figures();
      double bytes = RoundedFractions.asDouble(figures.worstBytesPerToken());
      if (Double.isFinite(bytes)) {
        point(x(StrictMath.log(figures.rows()), across), y(bytes, up), row, i);
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

  private void point(double x, double y, VocabularyComparison.Row row, int place) {
    out.append(
            String.format(
                Locale.ROOT,
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"5\" stroke=\"var(--accent)\""
                    + " fill=\"%s\"><title>",
                x,
                y,
                row.best() ? "var(--accent)" : "none"))
        .append(escape(row.name()))
        .append("</title></circle>\n");
    boolean toTheLeft = x > WIDTH / 2.0;
    text(
        toTheLeft ? x - 8 : x + 8,
        y + 4,
        toTheLeft ? "end" : "start",
        VocabularyComparison.letter(place));
  }
}
