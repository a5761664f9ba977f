package org.merganser.report.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.audit.TokenKind;
import org.merganser.tokenizer.audit.TokenUse;
import org.merganser.tokenizer.audit.VocabularyAudit;

/** What an audit found, as one HTML file without scripts. */
public final class AuditPage {
  /** The most tokens of a kind that are listed. */
  private static final int MOST_LISTED = 2_000;

  private AuditPage() {}

  /**
   * The page as UTF-8.
   *
   * @param name of the tokenizer
   * @param use of the tokens in texts; null without texts
   */
  public static byte[] of(
      String name, Tokenizer tokenizer, VocabularyAudit audit, @Nullable TokenUse use) {
    StaticPage page = new StaticPage("The tokens of " + name);
    List<List<String>> kinds = new ArrayList<>();
    for (TokenKind kind : TokenKind.values()) {
      int count = audit.findings(kind).size();
      if (audit.isKnown(kind)) {
        kinds.add(List.of(kind.key(), String.format(Locale.ROOT, "%,d", count), kind.meaning()));
      }
    }
    page.table(
        String.format(
            Locale.ROOT,
            "%,d tokens; for %,d of them a text was found that gives them",
            audit.tokens(),
            audit.reachable()),
        "text",
        List.of("kind", "tokens", "a token of this kind"),
        kinds);
    for (TokenKind kind : TokenKind.values()) {
      if (!audit.findings(kind).isEmpty()) {
        list(page, kind, tokenizer, audit.findings(kind), use);
      }
    }
    return page.end();
  }

  private static void list(
      StaticPage page,
      TokenKind kind,
      Tokenizer tokenizer,
      List<VocabularyAudit.Finding> findings,
      @Nullable TokenUse use) {
    page.out()
        .append("<h2>")
        .append(StaticPage.escape(kind.key()))
        .append("</h2>\n<p>")
        .append(StaticPage.escape(kind.meaning()))
        .append("</p>\n<details><summary>")
        .append(String.format(Locale.ROOT, "%,d tokens", findings.size()))
        .append("</summary>\n");
    List<String> titles = new ArrayList<>(List.of("id", "text", "token", "what was found"));
    if (use != null) {
      titles.add("times in the input");
    }
    List<List<String>> rows = new ArrayList<>();
    for (VocabularyAudit.Finding finding :
        findings.subList(0, Math.min(MOST_LISTED, findings.size()))) {
      byte[] bytes = tokenizer.bytes(finding.id());
      List<String> row = new ArrayList<>();
      row.add(Integer.toString(finding.id()));
      row.add(VisibleText.of(bytes, 0, bytes.length));
      row.add(String.valueOf(tokenizer.token(finding.id())));
      row.add(finding.detail());
      if (use != null) {
        row.add(String.format(Locale.ROOT, "%,d", use.count(finding.id())));
      }
      rows.add(row);
    }
    page.table(
        findings.size() > MOST_LISTED
            ? String.format(Locale.ROOT, "the first %,d of %,d", MOST_LISTED, findings.size())
            : kind.key(),
        "text",
        titles,
        rows);
    page.out().append("</details>\n");
  }
}
