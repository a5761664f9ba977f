package org.merganser.corpus.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.corpus.Compression;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFiles;
import org.merganser.corpus.InputFormat;
import org.merganser.store.FileStore;

class FileProbeTest {
  private static List<FileStore.Entry> entries(int count) {
    List<FileStore.Entry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      entries.add(new FileStore.Entry("s3://bucket/" + i, i, 0, 0));
    }
    return entries;
  }

  private static InputFile file(FileStore.Entry entry) {
    return InputFiles.of(
        entry.location(), entry.location(), entry.size(), 0, InputFormat.TEXT, Compression.NONE);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 32})
  void tellsOfAllFilesInOrder(int atOnce) throws IOException {
    List<FileStore.Entry> entries = entries(2_000);
    List<String> told = new ArrayList<>();
    FileProbe.forEach(
        entries,
        atOnce,
        FileProbeTest::file,
        (entry, answer) -> {
          assertThat(answer.get().location()).isEqualTo(entry.location());
          told.add(entry.location());
        });
    FileProbe.forEach(List.of(), atOnce, FileProbeTest::file, (entry, answer) -> told.add("none"));
    assertThat(told).isEqualTo(entries.stream().map(FileStore.Entry::location).toList());
  }

  @Test
  void opensFilesOfAnotherMachineAtOnce() throws IOException {
    CyclicBarrier allAreWaiting = new CyclicBarrier(32);
    AtomicInteger told = new AtomicInteger();
    FileProbe.forEach(
        entries(64),
        32,
        entry -> {
          try {
            allAreWaiting.await(5, TimeUnit.MINUTES); // broken when they come one by one
          } catch (Exception e) {
            throw new IOException(e);
          }
          return file(entry);
        },
        (entry, answer) -> {
          answer.get();
          told.incrementAndGet();
        });
    assertThat(told).hasValue(64);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 32})
  void complainsOfTheFirstFileInOrderThatCannotBeOpened(int atOnce) {
    assertThatThrownBy(
            () ->
                FileProbe.forEach(
                    entries(900),
                    atOnce,
                    entry -> {
                      if (entry.size() == 700 || entry.size() >= 800) {
                        throw new FileNotFoundException(entry.location());
                      }
                      return file(entry);
                    },
                    (entry, answer) -> answer.get()))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessage("s3://bucket/700");
  }
}
