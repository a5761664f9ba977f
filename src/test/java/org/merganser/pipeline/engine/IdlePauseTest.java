package org.merganser.pipeline.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.runners.TransformHierarchy;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IdlePauseTest {
  private static volatile boolean ended;

  /** Ends after so many other threads were seen waiting at one time. */
  private static final class WorkFn extends DoFn<Integer, Void> {
    @ProcessElement
    public void awaitWaitingThreads(@Element Integer threads) {
      while (waiting() < threads) {
        Thread.onSpinWait();
      }
      ended = true;
    }

    private static long waiting() {
      return Thread.getAllStackTraces().values().stream().filter(IdlePauseTest::isWaiting).count();
    }
  }

  private static boolean isWaiting(StackTraceElement[] stack) {
    List<String> methods =
        Arrays.stream(stack).map(call -> call.getClassName() + "." + call.getMethodName()).toList();
    return methods.stream().anyMatch(method -> method.endsWith("LockSupport.parkNanos"))
        && methods.stream().anyMatch(method -> method.startsWith(IdlePause.class.getName()));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void allThreadsButTheOneThatWorksWait(int threads) {
    ended = false;
    Pipeline pipeline = pipeline(threads);
    pipeline.apply(Create.of(threads - 1)).apply(ParDo.of(new WorkFn()));
    PipelineExecution.run(pipeline);
    assertThat(ended).isTrue();
    assertThat(steps(pipeline)).contains("IdlePause");
  }

  @Test
  void oneThreadIsNeverIdle() {
    Pipeline pipeline = pipeline(1);
    pipeline.apply(Create.of(0)).apply(ParDo.of(new WorkFn()));
    PipelineExecution.run(pipeline);
    assertThat(steps(pipeline)).isNotEmpty().doesNotContain("IdlePause");
  }

  private static Pipeline pipeline(int threads) {
    return Pipeline.create(RunnerFlags.options(List.of("--targetParallelism=" + threads)));
  }

  private static List<String> steps(Pipeline pipeline) {
    Stream.Builder<String> steps = Stream.builder();
    pipeline.traverseTopologically(
        new Pipeline.PipelineVisitor.Defaults() {
          @Override
          public void visitPrimitiveTransform(TransformHierarchy.Node node) {
            steps.add(node.getFullName().replaceFirst("/.*", ""));
          }
        });
    return steps.build().toList();
  }
}
