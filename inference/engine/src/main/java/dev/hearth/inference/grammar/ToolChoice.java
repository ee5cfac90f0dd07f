package dev.hearth.inference.grammar;

/** What a turn may consist of. */
public enum ToolChoice {
  /** One or more tool calls and nothing else. */
  CALLS,
  /** Text, or tool calls, or text followed by tool calls. */
  TEXT_OR_CALLS,
  /** Text only. */
  TEXT
}
