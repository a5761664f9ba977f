package org.merganser.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** CPU times, allocations and memory of this JVM, and the figures made of them. */
final class Meter {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Meter() {}

  /** CPU nanoseconds of the calling thread since it began. */
  static long cpuNanos() {
    return THREADS.getCurrentThreadCpuTime();
  }

  /** CPU nanoseconds of all threads of this process since it began. */
  static long processNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  /** Bytes that the calling thread has allocated since it began. */
  static long allocatedBytes() {
    return THREADS.getCurrentThreadAllocatedBytes();
  }

  /** CPU nanoseconds that the calling thread takes for a task. */
  static long cpuNanos(Runnable task) {
    long start = cpuNanos();
    task.run();
    return cpuNanos() - start;
  }

  /** The median; for an even number of values, the mean of the two in the middle. */
  static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /** Megabytes of 1,000,000 bytes per second. */
  static double megabytesPerSecond(long bytes, double nanos) {
    return bytes * 1e3 / nanos;
  }

  /** The maximum bytes of the heap in use since {@link #resetPeakHeap}, with garbage. */
  static long peakHeap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .mapToLong(pool -> pool.getPeakUsage().getUsed())
        .sum();
  }

  /** Collects garbage, and begins a new measurement of {@link #peakHeap}. */
  static void resetPeakHeap() {
    System.gc();
    ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
  }

  /** The maximum resident bytes of this process; 0 if the system does not record them. */
  static long peakResident() {
    return peakResident(ProcessHandle.current().pid());
  }

  /** The maximum resident bytes of a process; 0 also if it has ended. */
  static long peakResident(long pid) {
    Path status = Path.of("/proc", String.valueOf(pid), "status");
    try {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("VmHWM:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
        }
      }
    } catch (IOException e) {
      return 0; // It has ended, or this is not Linux.
    }
    return 0;
  }
}
