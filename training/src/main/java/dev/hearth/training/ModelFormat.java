package dev.hearth.training;

import dev.hearth.inference.chat.ToolCallSyntax;
import dev.hearth.inference.tokenizer.BpeTokenizer;
import dev.hearth.inference.tokenizer.TokenKind;
import dev.hearth.inference.tokenizer.Tokenizer;
import dev.hearth.inference.tokenizer.Vocabulary;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** The outer form of what the embedded model reads and writes; shipped in its GGUF. */
final class ModelFormat {
  /** Calls such as {@code <tool_call>control {"do":"off","kind":"light"}</tool_call>}. */
  static final ToolCallSyntax SYNTAX =
      new ToolCallSyntax("<tool_call>", " ", "</tool_call>", "", true);

  /** The chat template: an utterance and the answer to it, without names of roles. */
  static final String CHAT_TEMPLATE =
      "{%- for message in messages %}"
          + "{%- if message.role == 'user' %}{{ '<|im_start|>' + message.content + '<|im_end|>' }}"
          + "{%- elif message.role == 'assistant' %}"
          + "{%- for call in message.tool_calls %}"
          + "{{ '<tool_call>' + call.function.name + ' ' + call.function.arguments + '</tool_call>' }}"
          + "{%- endfor %}{{ '<|im_end|>' }}"
          + "{%- endif %}"
          + "{%- endfor %}";

  /** Tokens that are no pieces of text, with their kinds, after the learnt symbols. */
  static final List<String> SPECIAL =
      List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<tool_call>", "</tool_call>");

  private ModelFormat() {}

  /** What the model reads before it answers; as the chat template renders it. */
  static String prompt(String utterance) {
    return "<|im_start|>" + utterance + "<|im_end|>";
  }

  /** What the model answers. */
  static String answer(String calls) {
    return calls + "<|im_end|>";
  }

  /** The tokenizer over learnt symbols and merges. */
  static Tokenizer tokenizer(List<String> symbols, List<String> merges) {
    List<String> tokens = new ArrayList<>(symbols);
    List<TokenKind> kinds = new ArrayList<>(Collections.nCopies(symbols.size(), TokenKind.NORMAL));
    for (String special : SPECIAL) {
      tokens.add(special);
      kinds.add(special.contains("|") ? TokenKind.CONTROL : TokenKind.USER_DEFINED);
    }
    Set<Integer> end = Set.of(tokens.indexOf("<|im_end|>"));
    return new BpeTokenizer(new Vocabulary("hearth-home", tokens, kinds, merges, end));
  }
}
