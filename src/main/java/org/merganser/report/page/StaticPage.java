package org.merganser.report.page;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An HTML file in the look of the report, without scripts, that asks no network for anything. */
final class StaticPage {
  private final StringBuilder out = new StringBuilder();

  StaticPage(String title) {
    out.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
        .append(
            "<meta name=\"color-scheme\" content=\"light dark\"><link rel=\"icon\" href=\"data:,\">")
        .append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ")
        .append("style-src 'unsafe-inline'; img-src data:\">")
        .append("<title>")
        .append(escape(title))
        .append("</title><style>")
        .append(ReportPage.resource("page.css"))
        .append("</style></head><body><main><h1>")
        .append(escape(title))
        .append("</h1>\n");
  }

  /** What the page has so far, to be added to. */
  StringBuilder out() {
    return out;
  }

  /** The page as UTF-8. */
  byte[] end() {
    out.append("</main></body></html>\n");
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * @param kind of the cells behind the first: {@code text}, or empty for numbers
   */
  void table(String caption, String kind, List<String> titles, List<List<String>> rows) {
    out.append("<div class=\"scroll still\" role=\"region\" tabindex=\"0\" aria-label=\"")
        .append(escape(caption))
        .append("\"><table><caption>")
        .append(escape(caption))
        .append("</caption><thead><tr>");
    for (int i = 0; i < titles.size(); i++) {
      String name = titles.get(i).isEmpty() ? "td" : "th scope=\"col\"";
      out.append("<").append(name).append(" class=\"").append(i == 0 ? "text" : kind).append("\">");
      out.append(escape(titles.get(i))).append("</").append(name, 0, 2).append(">");
    }
    out.append("</tr></thead><tbody>");
    for (List<String> row : rows) {
      out.append("<tr><th scope=\"row\" class=\"text\">")
          .append(escape(row.get(0)))
          .append("</th>");
      row.stream()
          .skip(1)
          .forEach(
              cell ->
                  out.append("<td class=\"")
                      .append(kind)
                      .append("\">")
                      .append(escape(cell))
                      .append("</td>"));
      out.append("</tr>");
    }
    out.append("</tbody></table></div>\n");
  }

  static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  static String plain(@Nullable BigDecimal value) {
    return value == null ? "–" : String.format(Locale.ROOT, "%.3f", value);
  }

  static String percent(@Nullable BigDecimal share) {
    return share == null ? "–" : String.format(Locale.ROOT, "%.1f %%", share.movePointRight(2));
  }

  static String escape(String text) {
    return VisibleText.of(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
