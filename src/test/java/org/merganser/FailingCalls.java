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
 * Makes the n-th call fail that this process makes for a file below a folder. The process was
 * started after {@link #prepare}, which puts the functions of {@code failing-calls.c} before those
 * of the C library, so all calls of the JVM and of native code pass through them.
 *
 * <p>Both sides map a file, the control block, whose fields are those of {@code struct control}
 * there.
 */
public final class FailingCalls {
  private static final String VARIABLE = "FAILING_CALLS";

  /** The size of the control block, and the places of its fields. */
  private static final int BYTES = 4096;

  private static final int CALLS_LEFT = 0;
  private static final int CALLS = 8;
  private static final int ERROR = 16;
  private static final int COUNTED = 24;
  private static final int FOLDER = 32;
  private static final int FAILED = 1032;
  private static final int STRING_BYTES = 1000;

  /** In {@link #COUNTED}: the calls after the failing one fail as well. */
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
   * Prepares a process that is not started yet.
   *
   * @param folder for the compiled library
   * @return false if there is no C compiler
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
   * Counts calls from now on, and makes the one with this number fail, from 1; 0: none fails. With
   * {@link ErrorNumber#EROFS} all later calls fail as well.
   */
  public void fail(long number, Kind kind, ErrorNumber error, Path folder) {
    stop();
    boolean forever = number > 0 && error == ErrorNumber.EROFS;
    control.putLong(ERROR, error.code);
    control.put(FAILED, new byte[STRING_BYTES]);
    control.put(FOLDER, new byte[STRING_BYTES]);
    control.put(FOLDER, folder.toString().getBytes(StandardCharsets.UTF_8));
    control.putLong(CALLS, 0);
    control.putLong(CALLS_LEFT, number);
    control.putLong(COUNTED, kind.code | (forever ? FOREVER : 0)); // last: it starts the counting
  }

  /** No call fails from now on, or is counted. */
  public void stop() {
    control.putLong(COUNTED, 0);
  }

  /** The number of calls since {@link #fail}. */
  public long seen() {
    return control.getLong(CALLS);
  }

  /** The name and the path of the call that failed; empty if none did. */
  public String failed() {
    byte[] text = new byte[STRING_BYTES];
    control.get(FAILED, text);
    int length = 0;
    while (text[length] != 0) {
      length++;
    }
    return new String(text, 0, length, StandardCharsets.UTF_8);
  }
}
