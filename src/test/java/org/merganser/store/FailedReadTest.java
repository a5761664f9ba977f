package org.merganser.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.ChildProcess;
import org.merganser.FailingCalls;
import org.merganser.FailingCalls.ErrorNumber;
import org.merganser.FailingCalls.Kind;
import org.merganser.JavaProcess;

/**
 * A disk that fails while the store looks for a file, lists or reads: each call of the operating
 * system fails once. What is there is never taken for absent, and the error names the file.
 */
final class FailedReadTest {
  @TempDir Path folder;

  @Test
  void aFailedCallIsAnErrorThatNamesTheFileAndNeverAbsence() throws Exception {
    ProcessBuilder process =
        new ProcessBuilder(
                JavaProcess.command(List.of(), Calls.class.getName(), List.of(folder.toString())))
            .redirectErrorStream(true);
    assumeThat(FailingCalls.prepare(process, folder)).as("there is a compiler of C").isTrue();
    assertThat(ChildProcess.output(process)).isEmpty();
  }

  /** The process whose calls fail; prints what is wrong. */
  static final class Calls {
    /** What is asked of the store. */
    @FunctionalInterface
    private interface Question {
      Object answer() throws IOException;
    }

    private Calls() {}

    /**
     * @param args the folder
     */
    public static void main(String[] args) throws IOException {
      Path disk = Files.createDirectories(Path.of(args[0], "disk"));
      FailingCalls calls = FailingCalls.ofThisProcess();
      questions(disk)
          .forEach(
              (name, question) -> {
                try {
                  ask(name, question, calls, disk);
                } catch (IOException e) {
                  System.out.println(name + ": " + e);
                }
              });
    }

    private static Map<String, Question> questions(Path disk) throws IOException {
      FileStore store = FileStore.of(disk.toString());
      String file = disk.resolve("folder/file").toString();
      ChecksummedFile.publish(file, "content".getBytes(StandardCharsets.UTF_8));
      Files.createSymbolicLink(disk.resolve("link"), disk.resolve("folder"));
      Map<String, Question> questions = new LinkedHashMap<>();
      questions.put("exists", () -> store.exists(file));
      questions.put("isFolder", () -> store.isFolder(disk.toString()));
      questions.put("stat", () -> store.stat(file));
      questions.put("list", () -> store.listFolder(disk.toString()));
      questions.put("list some", () -> store.listFolder(disk.toString(), path -> false));
      questions.put("children", () -> LocalDisk.children(disk));
      questions.put("isLink", () -> PathAttributes.isLink(disk.resolve("link")));
      questions.put("readAll", () -> new String(store.readAll(file), StandardCharsets.UTF_8));
      questions.put(
          "lines",
          () -> {
            try (BufferedReader lines = FileStore.lines(file)) {
              return lines.lines().toList();
            }
          });
      questions.put("find", () -> new String(Objects.requireNonNull(ChecksummedFile.find(file))));
      questions.put("isWhole", () -> ChecksummedFile.isWhole(file));
      return questions;
    }

    private static void ask(String name, Question question, FailingCalls calls, Path disk)
        throws IOException {
      calls.fail(0, Kind.READS, ErrorNumber.EIO, disk);
      Object expected = question.answer();
      calls.stop();
      long count = calls.seen();
      if (count == 0) {
        System.out.println(name + " makes no call that is counted");
      }
      for (long number = 1; number <= count; number++) {
        calls.fail(number, Kind.READS, ErrorNumber.EIO, disk);
        String wrong = wrong(question, expected, disk);
        calls.stop();
        if (!wrong.isEmpty()) {
          System.out.printf("%s, %d: %s: %s%n", name, number, calls.failed(), wrong);
        }
      }
    }

    private static String wrong(Question question, Object expected, Path disk) {
      try {
        Object answer = question.answer();
        return answer.equals(expected) ? "" : "answers " + answer;
      } catch (FileSystemException e) {
        return e.getMessage().contains(disk.toString()) ? "" : "names no file: " + e;
      } catch (IOException | RuntimeException e) {
        boolean named = String.valueOf(e.getMessage()).contains(disk.toString());
        return named ? "" : "names no file: " + e;
      }
    }
  }
}
