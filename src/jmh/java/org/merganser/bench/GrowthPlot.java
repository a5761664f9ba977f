package org.merganser.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Seconds over megabytes as an SVG picture, both axes logarithmic: a straight line of slope 1 is
 * linear.
 */
final class GrowthPlot {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 440;
  private static final int LEFT = 70;
  private static final int RIGHT = 150;
  private static final int TOP = 20;
  private static final int BOTTOM = 50;

  /** What the label of a series takes. */
  private static final int LINE = 14;

  /** What the label of a size takes. */
  private static final int LABEL = 44;

  private final List<GrowthRow> rows;
  private final double leastX;
  private final double mostX;
  private final double leastY;
  private final double mostY;
  private final StringBuilder svg = new StringBuilder();

  private record Series(String name, String color, Function<GrowthRow, @Nullable Double> seconds) {}

  private static final List<Series> SERIES =
      List.of(
          core("count", "#1b6ca8", GrowthRow.Core::count),
          core("learn", "#c0392b", GrowthRow.Core::learn),
          core("encode", "#2e8b57", GrowthRow.Core::encode),
          run("whole run", "#444444", row -> !row.growing() && !row.trainedAlone()),
          run("growing corpus", "#8e44ad", row -> row.growing() && !row.trainedAlone()),
          run("training alone", "#d35400", GrowthRow::trainedAlone));

  /** The core's steps, of a corpus that is repeated. */
  private static Series core(
      String name, String color, Function<GrowthRow.Core, GrowthRow.Step> step) {
    return new Series(
        name,
        color,
        row -> row.growing() || row.core() == null ? null : step.apply(row.core()).cpuSeconds());
  }

  private static Series run(String name, String color, Predicate<GrowthRow> rows) {
    return new Series(name, color, row -> rows.test(row) ? row.run().cpuSeconds() : null);
  }

  private GrowthPlot(List<GrowthRow> rows) {
    this.rows = rows;
    leastX = Math.log10(rows.get(0).bytes() / 1e6);
    mostX = Math.max(leastX + 0.1, Math.log10(rows.get(rows.size() - 1).bytes() / 1e6));
    double least = Double.MAX_VALUE;
    double most = 0;
    for (Series series : SERIES) {
      for (GrowthRow row : rows) {
        Double seconds = series.seconds().apply(row);
        if (seconds != null) {
          least = Math.min(least, seconds);
          most = Math.max(most, seconds);
        }
      }
    }
    leastY = Math.floor(Math.log10(Math.max(1e-3, least)));
    mostY = Math.ceil(Math.log10(Math.max(1e-2, most)));
  }

  /**
   * @param rows by size, at least one
   */
  static String svg(List<GrowthRow> rows) {
    return new GrowthPlot(rows).draw();
  }

  private String draw() {
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
            + " font-size=\"12\">",
        WIDTH, HEIGHT);
    add("<title>CPU seconds by megabytes of text</title>");
    add("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", WIDTH, HEIGHT);
    for (double y = leastY; y <= mostY; y++) {
      line(LEFT, y(y), WIDTH - RIGHT, y(y), "#dddddd");
      text(LEFT - 8, y(y) + 4, "end", number(Math.pow(10, y)));
    }
    double previous = -LABEL;
    for (GrowthRow row : rows) {
      double x = x(Math.log10(row.bytes() / 1e6));
      line(x, TOP, x, HEIGHT - BOTTOM, "#dddddd");
      if (x - previous >= LABEL) {
        text(x, HEIGHT - BOTTOM + 18, "middle", number(Math.round(row.bytes() / 1e6)));
        previous = x;
      }
    }
    text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 10, "middle", "megabytes of text");
    text(LEFT, TOP - 6, "end", "CPU s");
    double previousLabel = -100;
    for (Series series : SERIES) {
      StringBuilder points = new StringBuilder();
      double x = 0;
      double y = 0;
      for (GrowthRow row : rows) {
        Double seconds = series.seconds().apply(row);
        if (seconds == null) {
          continue;
        }
        x = x(Math.log10(row.bytes() / 1e6));
        y = y(Math.log10(Math.max(1e-3, seconds)));
        points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
        add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>", x, y, series.color());
      }
      if (points.isEmpty()) {
        continue;
      }
      add(
          "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>",
          points.toString().strip(), series.color());
      double label = y;
      if (Math.abs(y - previousLabel) < LINE) {
        label = y < previousLabel ? previousLabel - LINE : previousLabel + LINE;
      }
      add(
          "<text x=\"%.1f\" y=\"%.1f\" fill=\"%s\">%s</text>",
          x + 8, label + 4, series.color(), series.name());
      previousLabel = label;
    }
    add("</svg>");
    return svg.toString();
  }

  private double x(double log) {
    return LEFT + (log - leastX) / (mostX - leastX) * (WIDTH - LEFT - RIGHT);
  }

  private double y(double log) {
    return HEIGHT - BOTTOM - (log - leastY) / (mostY - leastY) * (HEIGHT - TOP - BOTTOM);
  }

  private void line(double x1, double y1, double x2, double y2, String color) {
    add(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>",
        x1, y1, x2, y2, color);
  }

  private void text(double x, double y, String anchor, String text) {
    add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, text);
  }

  private static String number(double value) {
    return value >= 1
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%s", value);
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
