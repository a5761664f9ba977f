package org.merganser.corpus.read;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.merganser.corpus.field.FieldPath;

/** Columns of Parquet files as JSON. */
final class ParquetJsonTest {
  @Test
  void aGroupThatIsTheElementOfAnOlderListStaysAGroup() {
    Group row =
        row(
            """
            message old {
              optional group pairs (LIST) { repeated group array { required binary a (STRING); } }
            }
            """);
    Group pairs = row.addGroup("pairs");
    pairs.addGroup("array").append("a", "p0");
    pairs.addGroup("array").append("a", "p1");
    assertThat(json(row)).isEqualTo("[{\"a\":\"p0\"},{\"a\":\"p1\"}]");
    Group tuples =
        row(
            """
            message old {
              optional group my (LIST) { repeated group my_tuple { required int32 n; } }
            }
            """);
    tuples.addGroup("my").addGroup("my_tuple").append("n", 7);
    assertThat(json(tuples)).isEqualTo("[{\"n\":7}]");
  }

  @Test
  void aGroupThatOnlyWrapsTheElementsOfAListIsNotShown() {
    Group row =
        row(
            """
            message current {
              optional group words (LIST) { repeated group list { optional binary element (STRING); } }
            }
            """);
    Group words = row.addGroup("words");
    words.addGroup("list").append("element", "a");
    words.addGroup("list");
    assertThat(json(row)).isEqualTo("[\"a\",null]");
  }

  @Test
  void aFloatHasItsOwnDigitsAndNotThoseOfADouble() {
    Group row =
        row(
            """
            message scores {
              required group score { required float f; required double d; required float none; }
            }
            """);
    row.addGroup("score").append("f", 0.1f).append("d", 0.1).append("none", Float.NaN);
    assertThat(json(row)).isEqualTo("{\"f\":0.1,\"d\":0.1,\"none\":null}");
  }

  private static Group row(String schema) {
    MessageType type = MessageTypeParser.parseMessageType(schema);
    return new SimpleGroup(type);
  }

  /** The first column of a row. */
  private static String json(Group row) {
    MessageType schema = (MessageType) row.getType();
    FieldPath first = FieldPath.parse(schema.getFieldName(0));
    return ParquetJson.of(row, requireNonNull(ParquetColumn.find(schema, first)));
  }
}
