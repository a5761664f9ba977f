package org.merganser.pipeline;

import java.util.function.Consumer;

/**
 * How a run is started, beside its job and the runner's flags: nothing of it changes what is
 * written.
 *
 * @param command as it was typed, to be told to whoever asks how to go on
 * @param ignoreSpace whether to begin though the output may not fit
 * @param warnings hears, once each, what the user should know though the run goes on
 */
public record RunOptions(String command, boolean ignoreSpace, Consumer<String> warnings) {}
