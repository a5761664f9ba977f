package org.merganser.corpus.select;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.merganser.corpus.Document;

final class DocumentOrdinalsTest {
  @Test
  void partsOfADocumentHaveOneOrdinal() {
    DocumentOrdinals ordinals = new DocumentOrdinals();
    assertThat(ordinals.goTo(part("a", 0, 0))).isTrue();
    assertThat(ordinals.goTo(part("a", 0, 2))).isFalse();
    assertThat(ordinals.ordinal()).isZero();
    assertThat(ordinals.goTo(part("a", 9, 0))).isTrue();
    assertThat(ordinals.goTo(part("b", 9, 0))).as("another file").isTrue();
    assertThat(ordinals.ordinal()).isEqualTo(2);
  }

  private static Document part(String file, long offset, int part) {
    Document document = new Document();
    document.file = file;
    document.offset = offset;
    document.part = part;
    return document;
  }
}
