package org.merganser.pipeline.engine;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.options.PipelineOptionsRegistrar;

/**
 * Creates the options of the direct runner for a user who gave no flag, or only the number of
 * threads ({@link RunnerDefaults} has its default). When the class of Beam's factory is loaded, it
 * examines the options of all of Beam. This takes a tenth of the CPU time of a small job, so those
 * options are hidden from it here.
 */
final class DirectRunnerOptions {
  private DirectRunnerOptions() {}

  /** The options for this number of threads, with the other flags as {@link RunnerDefaults}. */
  static PipelineOptions of(int threads) {
    DirectOptions options = createUnregistered();
    options.setRunner(DirectRunner.class);
    options.setTargetParallelism(threads);
    options.setEnforceImmutability(false);
    options.setEnforceEncodability(false);
    return options;
  }

  /** Creates options while the class loader of this thread finds no options of Beam's modules. */
  private static DirectOptions createUnregistered() {
    Thread thread = Thread.currentThread();
    ClassLoader loader = thread.getContextClassLoader();
    thread.setContextClassLoader(
        new ClassLoader(loader) {
          @Override
          public Enumeration<URL> getResources(String name) throws IOException {
            return name.endsWith(PipelineOptionsRegistrar.class.getName())
                ? Collections.emptyEnumeration()
                : super.getResources(name);
          }
        });
    try {
      return PipelineOptionsFactory.as(DirectOptions.class);
    } finally {
      thread.setContextClassLoader(loader);
    }
  }
}
