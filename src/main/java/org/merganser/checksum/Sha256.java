package org.merganser.checksum;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 sums of what is written and read, in lower-case hex. */
public final class Sha256 {
  private Sha256() {}

  /** A new digest without input. */
  public static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The SHA-256 of a digest's input, which the digest then forgets. */
  public static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The SHA-256 of some bytes. */
  public static String of(byte[] bytes) {
    MessageDigest digest = newDigest();
    digest.update(bytes);
    return hex(digest);
  }

  /**
   * The SHA-256 of a file.
   *
   * @throws java.nio.file.FileSystemException naming the file if it cannot be read
   */
  public static String of(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return of(in);
    } catch (IOException e) {
      throw WholeFile.named(file, e);
    }
  }

  /** The SHA-256 of the rest of a stream, which stays open. */
  public static String of(InputStream in) throws IOException {
    MessageDigest digest = newDigest();
    byte[] buffer = new byte[1 << 16];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      digest.update(buffer, 0, n);
    }
    return hex(digest);
  }

  /** A stream that passes bytes on and computes their number and SHA-256. */
  public static final class Output extends OutputStream {
    private final OutputStream out;
    private final MessageDigest digest = newDigest();
    private long size;

    /**
     * @param out receives the bytes; {@link #close} closes it
     */
    public Output(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
      digest.update(bytes, from, length);
      size += length;
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }

    /** The number of bytes so far. */
    public long size() {
      return size;
    }

    /** The SHA-256 of all bytes so far; call either this or {@link #sum}, and only once. */
    public String sha256() {
      return hex(digest);
    }

    /** The size and SHA-256 of all bytes so far; call either this or {@link #sha256}, only once. */
    public FileSum sum() {
      return new FileSum(size, sha256());
    }
  }
}
