package org.merganser;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Lets the n-th call that this process makes for a file below a folder fail. The process was
 * started by {@link #prepare}, which puts the functions of {@code failing-calls.c} before those of
 * the C library: all that the JVM and native code do passes through them.
 */
public final class FailingCalls {
  private static final String VARIABLE = "FAILING_CALLS";
  private static final int BYTES = 4096;
  private static final int FOREVER = 4;

  /** Which calls are counted. */
  public enum Kind {
    /** What changes the disk: open to write, write, force, rename, delete, close. */
    WRITES(1),
    /** What reads: open, read, the attributes of a file, the names in a folder. */
    READS(2);

    private final int code;

    Kind(int code) {
      this.code = code;
    }
  }

  /** The numbers of errors on Linux. */
  public enum ErrorNumber {
    EIO(5),
    ENOSPC(28),
    /** A file system that may only be read; it stays so. */
    EROFS(30);

    private final int code;

    ErrorNumber(int code) {
      this.code = code;
    }
  }

  private final ByteBuffer control;

  private FailingCalls(ByteBuffer control) {
    this.control = control;
  }

  /**
   * Lets a process that is not started yet have calls that fail.
   *
   * @param folder for the compiled library
   * @return whether there is a compiler of C, which it takes
   */
  public static boolean prepare(ProcessBuilder process, Path folder)
      throws IOException, InterruptedException {
    Path source = folder.resolve("failing-calls.c");
    Files.writeString(source, TestResources.text("failing-calls.c"));
    Path library = folder.resolve("failing-calls.so");
    try {
      ChildProcess.output(
          new ProcessBuilder(
              "cc", "-shared", "-fPIC", "-O1", "-o", library.toString(), source.toString()));
    } catch (IOException noCompiler) {
      return false;
    }
    Path control = Files.write(folder.resolve("failing-calls"), new byte[BYTES]);
    process.environment().put("LD_PRELOAD", library.toString());
    process.environment().put(VARIABLE, control.toString());
    return true;
  }

  /** The calls of this process. */
  public static FailingCalls ofThisProcess() throws IOException {
    try (FileChannel file =
        FileChannel.open(
            Path.of(System.getenv(VARIABLE)), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MappedByteBuffer control = file.map(FileChannel.MapMode.READ_WRITE, 0, BYTES);
      return new FailingCalls(control.order(ByteOrder.nativeOrder()));
    }
  }

  /**
   * Counts calls from now on, and lets the one with this number fail; 0: none fails. With {@link
   * ErrorNumber#EROFS} all that follow fail as well.
   */
  public void fail(long number, Kind kind, ErrorNumber error, Path folder) {
    stop();
    control.putLong(16, error.code);
    control.put(1032, new byte[1000]);
    byte[] path = folder.toString().getBytes(StandardCharsets.UTF_8);
    control.put(32, new byte[1000]);
    control.put(32, path);
    control.putLong(8, 0);
    control.putLong(0, number);
    control.putLong(24, kind.code | (number > 0 && error == ErrorNumber.EROFS ? FOREVER : 0));
  }

  /** No call fails from now on, or is counted. */
  public void stop() {
    control.putLong(24, 0);
  }

  public long seen() {
    return control.getLong(8);
  }

  /** The name and the path of the call that failed; empty if none did. */
  public String failed() {
    byte[] text = new byte[1000];
    control.get(1032, text);
    int length = 0;
    while (text[length] != 0) {
      length++;
    }
    return new String(text, 0, length, StandardCharsets.UTF_8);
  }
}
