package org.merganser.pipeline.select;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.merganser.corpus.Document;

final class DocumentChoiceTest {
  @Test
  void takesBucketsUntilTheNextOneWouldBeTooMuch() {
    long[] bytes = new long[DocumentChoice.BUCKETS];
    bytes[3] = 10;
    bytes[7] = 5;
    bytes[4000] = 1;
    assertThat(DocumentChoice.within(14, bytes).bound()).isEqualTo(7);
    assertThat(DocumentChoice.within(15, bytes).bound()).isEqualTo(4000);
    assertThat(DocumentChoice.within(16, bytes)).isEqualTo(DocumentChoice.ALL);
  }

  @Test
  void takesTheFirstBucketThatHoldsAnythingHoweverLargeItIs() {
    long[] bytes = new long[DocumentChoice.BUCKETS];
    bytes[3] = 10;
    bytes[7] = 5;
    assertThat(DocumentChoice.within(1, bytes).bound()).isEqualTo(4);
    assertThat(DocumentChoice.within(1, new long[DocumentChoice.BUCKETS]))
        .isEqualTo(DocumentChoice.ALL);
  }

  /** Another bucket would change the training text of a job. */
  @Test
  void theBucketIsThatOfEarlierVersions() {
    Document document = new Document();
    document.file = "a.jsonl";
    document.id = "doc-1";
    assertThat(DocumentChoice.bucket(document)).isEqualTo(2264);
  }

  @Test
  void spreadsDocumentsEvenlyAndKeepsPartsTogether() {
    int[] quarters = new int[4];
    Document document = new Document();
    document.file = "a.jsonl";
    for (int i = 0; i < 40_000; i++) {
      document.id = "doc-" + i;
      document.part = i % 3;
      int bucket = DocumentChoice.bucket(document);
      quarters[bucket / (DocumentChoice.BUCKETS / 4)]++;
      document.part = 9;
      assertThat(DocumentChoice.bucket(document)).isEqualTo(bucket);
    }
    for (int quarter : quarters) {
      assertThat(quarter).isBetween(9_500, 10_500);
    }
  }
}
