package org.merganser.cli.init;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.cli.init.TableHeading.Kind;
import org.merganser.corpus.read.CsvSample.Row;

/** Tables are written with {@code |} between cells and {@code /} between rows. */
class TableHeadingTest {
  private static TableHeading of(String table) {
    List<Row> rows = new ArrayList<>();
    for (String row : table.split("/", -1)) {
      rows.add(new Row(rows.size() + 1, List.of(row.split("\\|", -1))));
    }
    return TableHeading.of(rows);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1|A text/2|Another text/3|A third one",
        "3|World news|The market fell again on Monday./1|Sports|The team won the game at home.",
        "-2.5|a/17|b/1,000|c",
        "50 %|a/7 %|b",
        "doc0|One/doc1|Two/doc2|Three",
        "2024-01-01 00:00:00|x/2024-01-02 10:20:30|y",
        "0a1b2c3d|x/ffffffff|y/01234567|z",
        "00000000|A text/ffffffff|Other text/0a1b2c3d|Texts",
        "ham|One two/ham|Three four/spam|Five six",
        "A film that I like!|positive/Not my kind of film.|negative/It was too long.|negative",
        "20190|a/1|b/2|c",
        "|7|x/|8|y/|9|z"
      })
  void aFirstRowLikeTheOthersIsData(String table) {
    assertThat(of(table).kind()).isEqualTo(Kind.DATA);
  }

  @Test
  void aCellThatIsLongerThanNamesAreIsData() {
    String longest = "a".repeat(64);
    assertThat(of(longest + "|b/x|y/x|z").kind()).isEqualTo(Kind.NAMES);
    assertThat(of(longest + "a|b/x|y/x|z").kind()).isEqualTo(Kind.DATA);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "id|text/1|One/2|Two",
        "|text/0|One/1|Two",
        "review|sentiment/I liked it a lot./positive|I did not like it./negative",
        "Customer complaint text (English)|Rating 1-5/The parcel came late, and it was broken when"
            + " I opened it.|1/Nobody answers the telephone, and I have waited for an hour.|2",
        "What is your name?|How do you feel today?/Ann Lee|I feel well and I hope you do./Ben|Not"
            + " so good, to be honest with you.",
        "2019|2020|2021/One|Two|Three/Four|Five|Six",
        "country|2019|2020/Chad|1|2/Mali|3|4",
        "0|1/One text|Two texts/Other|More",
        "No.|text/1.|One/2.|Two",
        "label|text/label|One two/label|Three four",
        "a|b/c|d",
        "firma|a note of some words/One|/Two|/Three|",
        "text",
        ""
      })
  void aFirstRowUnlikeTheOthersNamesTheColumns(String table) {
    assertThat(of(table).kind()).isEqualTo(Kind.NAMES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0|1|2/7|8|9/4|5|6", "1|text/2|One/3|Two", "year|7|x/2000|8|y/2001|9|z"})
  void evidenceOfBothIsUnclear(String table) {
    assertThat(of(table).kind()).isEqualTo(Kind.UNCLEAR);
  }

  @Test
  void aRowOfOneCellBeforeOthersIsATitle() {
    TableHeading heading = of("Report of 2024/id|text/1|One");
    assertThat(heading.kind()).isEqualTo(Kind.TITLE);
    assertThat(heading.linesBefore()).isEqualTo(1);
    assertThat(heading.evidence()).isEqualTo("it has 1 cell, and line 2 has 2");
  }

  @Test
  void theLongestColumnIsNamedText() {
    assertThat(of("u1|en|A text of some words|0/u2|en|And another text|1/u3|en|A third|1").names())
        .containsExactly("id", "label", "text", "column4");
    assertThat(of("1|A text/2|Another text").evidence())
        .isEqualTo("\"1\" is a number, as all cells below it are");
  }
}
