package org.merganser.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.bpe.encode.MergeSteps;
import org.merganser.tokenizer.parts.AddedToken;

/**
 * The model as tiktoken's ranks: a line for each token, its bytes in base64 and its id.
 *
 * <p>tiktoken has no merges. It joins two neighbors if their bytes are a token, lowest rank first.
 * That is the same BPE if (1) all bytes are tokens, (2) every other token comes from exactly one
 * merge, and merges rank like their results, and (3) the model encodes each token's bytes as that
 * token. Proof, by induction over ranks: suppose both are equal up to rank r. If tiktoken now joins
 * x and y into token t of rank r, no earlier join crossed the bounds of t (joins are never undone),
 * so the span has the same symbols as t's bytes alone before rank r, which by (3) are the pair of
 * t's merge. So tiktoken joins what the merge joins, and vice versa.
 */
final class TiktokenRanks {
  private TiktokenRanks() {}

  /** The file; null if ranks cannot express the model. */
  static byte @Nullable [] of(Tokenizer tokenizer) {
    BpeModel model = tokenizer.model();
    if (!tokenizer.byteLevel()
        || tokenizer.missingBytes().length > 0
        || model.options().unkToken() != null
        || model.hasAffixes()
        || !mergesRankLikeTokens(model)) {
      return null;
    }
    BitSet specialIds = specialIds(tokenizer);
    MergeSteps steps = new MergeSteps(model);
    ByteBuilder out = new ByteBuilder(1 << 20);
    for (int id = 0; id < model.idBound(); id++) {
      if (!model.hasToken(id) || specialIds.get(id)) {
        continue; // The trainer also adds special tokens to the vocabulary.
      }
      byte[] bytes = model.textBytes(id);
      if (bytes == null || bytes.length == 0) {
        return null;
      }
      if (bytes.length > 1 && !steps.makesItself(id)) {
        return null;
      }
      appendLine(bytes, id, out);
    }
    return out.toByteArray();
  }

  /** The ids of the special tokens, which the file does not have. */
  private static BitSet specialIds(Tokenizer tokenizer) {
    BitSet specialIds = new BitSet();
    for (AddedToken token : tokenizer.addedTokens()) {
      specialIds.set(token.id(), token.special());
    }
    return specialIds;
  }

  private static void appendLine(byte[] bytes, int id, ByteBuilder out) {
    out.append(Base64.getEncoder().encode(bytes));
    out.append((byte) ' ');
    out.append(Integer.toString(id).getBytes(StandardCharsets.US_ASCII));
    out.append((byte) '\n');
  }

  /** Whether the results of the merges, by rank, have ascending ids: no token has two merges. */
  private static boolean mergesRankLikeTokens(BpeModel model) {
    int last = -1;
    for (int rank = 0; rank < model.mergeCount(); rank++) {
      int result = model.mergeResult(rank);
      if (result <= last) {
        return false;
      }
      last = result;
    }
    return true;
  }
}
