/**
 * Byte-pair encoding: pretoken counts, the trainer, merge ranks and the encoder, all over bytes.
 *
 * <p>Start with {@link org.merganser.bpe.BpeTrainer} for learning and {@link
 * org.merganser.bpe.BpeModel} for encoding. Imports nothing of the project.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.bpe;
