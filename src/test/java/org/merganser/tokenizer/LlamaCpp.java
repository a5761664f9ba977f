package org.merganser.tokenizer;

import de.kherud.llama.LlamaModel;
import de.kherud.llama.LogLevel;
import de.kherud.llama.ModelParameters;
import de.kherud.llama.args.LogFormat;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * llama.cpp as a reader of GGUF vocabularies. Its Java binding loads whole models alone, so the
 * vocabulary gets the smallest one that there is: a layer of 32 zeros wide.
 */
final class LlamaCpp implements Closeable {
  private static final int WIDTH = 32;

  private final LlamaModel model;

  private LlamaCpp(LlamaModel model) {
    this.model = model;
  }

  static LlamaCpp load(byte[] vocabulary, int tokens, Path folder) throws IOException {
    Path file = Files.write(folder.resolve("model.gguf"), withModel(vocabulary, tokens));
    List<String> log = new ArrayList<>();
    LlamaModel.setLogger(
        LogFormat.TEXT,
        (level, text) -> {
          if (level == LogLevel.ERROR || level == LogLevel.WARN) {
            synchronized (log) {
              log.add(text);
            }
          }
        });
    try {
      return new LlamaCpp(
          new LlamaModel(
              new ModelParameters()
                  .setModel(file.toString())
                  .setCtxSize(64)
                  .setThreads(1)
                  .skipWarmup()));
    } catch (RuntimeException e) {
      throw new AssertionError("llama.cpp refused the vocabulary: " + log, e);
    }
  }

  /** The ids of a text without frame; special tokens in it are parsed. */
  int[] encode(String text) {
    return model.encode(text);
  }

  @Override
  public void close() {
    model.close();
  }

  /** The keys of a vocabulary, those of a model of the family llama, and its tensors. */
  private static byte[] withModel(byte[] vocabulary, int tokens) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(vocabulary).order(ByteOrder.LITTLE_ENDIAN);
    long keys = in.getLong(16);
    int end = in.position(24).position();
    for (long i = 0; i < keys; i++) {
      skipString(in);
      skipValue(in, in.getInt());
      end = in.position();
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String[][] tensors = {
      {"token_embd.weight", WIDTH + "x" + tokens},
      {"output_norm.weight", "" + WIDTH},
      {"blk.0.attn_norm.weight", "" + WIDTH},
      {"blk.0.attn_q.weight", WIDTH + "x" + WIDTH},
      {"blk.0.attn_k.weight", WIDTH + "x" + WIDTH},
      {"blk.0.attn_v.weight", WIDTH + "x" + WIDTH},
      {"blk.0.attn_output.weight", WIDTH + "x" + WIDTH},
      {"blk.0.ffn_norm.weight", "" + WIDTH},
      {"blk.0.ffn_gate.weight", WIDTH + "x" + WIDTH},
      {"blk.0.ffn_up.weight", WIDTH + "x" + WIDTH},
      {"blk.0.ffn_down.weight", WIDTH + "x" + WIDTH},
    };
    String[] numbers = {
      "context_length",
      "embedding_length",
      "block_count",
      "feed_forward_length",
      "attention.head_count",
      "rope.dimension_count"
    };
    int[] values = {64, WIDTH, 1, WIDTH, 1, WIDTH};
    out.write("GGUF".getBytes(StandardCharsets.US_ASCII));
    out.write(buffer(20).putInt(3).putLong(tensors.length).putLong(keys + 7).array());
    byte[] pairs = java.util.Arrays.copyOfRange(vocabulary, 24, end);
    out.write(asLlama(pairs));
    for (int i = 0; i < numbers.length; i++) {
      string(out, "llama." + numbers[i]);
      out.write(buffer(8).putInt(4).putInt(values[i]).array());
    }
    string(out, "llama.attention.layer_norm_rms_epsilon");
    out.write(buffer(8).putInt(6).putFloat(1e-5f).array());
    long offset = 0;
    for (String[] tensor : tensors) {
      string(out, tensor[0]);
      String[] shape = tensor[1].split("x");
      out.write(buffer(4).putInt(shape.length).array());
      long size = 4;
      for (String dimension : shape) {
        out.write(buffer(8).putLong(Long.parseLong(dimension)).array());
        size *= Long.parseLong(dimension);
      }
      out.write(buffer(12).putInt(0).putLong(offset).array());
      offset += (size + 31) / 32 * 32;
    }
    out.write(new byte[(32 - out.size() % 32) % 32]);
    out.write(new byte[Math.toIntExact(offset)]);
    return out.toByteArray();
  }

  /** The same keys with the architecture llama, which the tensors are of. */
  private static byte[] asLlama(byte[] pairs) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(pairs).order(ByteOrder.LITTLE_ENDIAN);
    skipString(in);
    in.getInt();
    skipString(in); // general.architecture stands first
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    string(out, "general.architecture");
    out.write(buffer(4).putInt(8).array());
    string(out, "llama");
    out.write(pairs, in.position(), pairs.length - in.position());
    return out.toByteArray();
  }

  private static void skipString(ByteBuffer in) {
    long length = in.getLong();
    in.position(Math.toIntExact(in.position() + length));
  }

  private static void skipValue(ByteBuffer in, int type) {
    switch (type) {
      case 8 -> skipString(in);
      case 9 -> {
        int element = in.getInt();
        long count = in.getLong();
        for (long i = 0; i < count; i++) {
          skipValue(in, element);
        }
      }
      case 7 -> in.get();
      case 4, 5 -> in.getInt();
      default -> throw new AssertionError("a vocabulary has no value of type " + type);
    }
  }

  private static void string(ByteArrayOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write(buffer(8).putLong(bytes.length).array());
    out.write(bytes);
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
