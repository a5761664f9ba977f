package org.merganser.binary;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Views of any byte array as little-endian numbers, at any index. An access throws an {@link
 * IndexOutOfBoundsException} unless all bytes of the number are inside the array.
 */
public final class LittleEndian {
  /** Two bytes as a short. */
  public static final VarHandle SHORT = view(short[].class);

  /** Four bytes as an int. */
  public static final VarHandle INT = view(int[].class);

  /** Eight bytes as a long. */
  public static final VarHandle LONG = view(long[].class);

  private LittleEndian() {}

  private static VarHandle view(Class<?> numbers) {
    return MethodHandles.byteArrayViewVarHandle(numbers, ByteOrder.LITTLE_ENDIAN);
  }
}
