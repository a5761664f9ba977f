package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.merganser.corpus.read.Reading.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.merganser.SharedData;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.RangeReceipt;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.CorpusPlanner;

@Tag("conformance")
class CorpusConformanceTest {
  /** MANIFEST.tsv states documents and bytes of text for each file. */
  @Test
  void readsEveryDocumentOfTheSharedCorpus() throws IOException {
    Path corpus = SharedData.dir().resolve("corpus");
    List<String> manifest = Files.readAllLines(corpus.resolve("MANIFEST.tsv"), UTF_8);
    Map<String, long[]> expected = new HashMap<>();
    for (String line : manifest.subList(1, manifest.size())) {
      String[] cells = line.split("\t");
      if (cells[0].endsWith(".jsonl.zst")) {
        expected.put(
            cells[0],
            new long[] {
              Long.parseLong(cells[5]), Long.parseLong(cells[7]), Long.parseLong(cells[3])
            });
      }
    }
    CorpusSettings settings = settings(InputFormat.AUTO, corpus + "/*.jsonl.zst");
    Map<String, RangeReceipt> receipts = new HashMap<>();
    UnitReader reader = new UnitReader(settings, null);
    for (WorkUnit unit : CorpusPlanner.plan(CorpusPlanner.list(settings))) {
      reader.read(
          unit,
          new DocumentHandler() {
            @Override
            public void document(Document document) {
              assertThat(document.id).doesNotContain(".jsonl");
            }

            @Override
            public void deadLetter(DeadLetter letter) {
              throw new AssertionError(letter);
            }

            @Override
            public void rangeRead(RangeReceipt receipt) {
              receipts.put(receipt.range().file().path(), receipt);
            }
          });
    }
    assertThat(receipts.keySet()).isEqualTo(expected.keySet()).hasSize(25);
    receipts.forEach(
        (file, receipt) ->
            assertThat(new long[] {receipt.documents(), receipt.textBytes(), receipt.rawBytes()})
                .as(file)
                .isEqualTo(expected.get(file)));
  }
}
