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

/** What the JVM knows of time and memory. Times are CPU time of the calling thread. */
final class Meter {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Meter() {}

  static long cpuNanos() {
    return THREADS.getCurrentThreadCpuTime();
  }

  /** CPU nanoseconds of all threads of this process since it began. */
  static long processNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  static long allocatedBytes() {
    return THREADS.getCurrentThreadAllocatedBytes();
  }

  /** CPU nanoseconds of one run. */
  static long cpuNanos(Runnable task) {
    long start = cpuNanos();
    task.run();
    return cpuNanos() - start;
  }

  static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  static double megabytesPerSecond(long bytes, double nanos) {
    return bytes * 1e3 / nanos;
  }

  /** The most heap that was in use at once, in bytes, garbage included. */
  static long peakHeap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .mapToLong(pool -> pool.getPeakUsage().getUsed())
        .sum();
  }

  static void resetPeakHeap() {
    System.gc();
    ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
  }

  /** The most memory the process had resident, in bytes, or 0 where the system doesn't say. */
  static long peakResident() {
    return peakResident(ProcessHandle.current().pid());
  }

  /** The same of any process; 0 also where it has ended. */
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
