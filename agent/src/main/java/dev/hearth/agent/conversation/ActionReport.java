package dev.hearth.agent.conversation;

import java.util.Map;

/**
 * One step of a turn as reported to the caller.
 *
 * @param entity the entity's id, such as {@code light.kitchen_ceiling}
 * @param command the command's name in snake case, such as {@code set_brightness}
 * @param arguments the command's arguments, such as {@code {"percent": 40}}
 * @param evidence the highest evidence reached, in lower case, such as {@code state_confirmed}
 * @param detail a sentence about it
 * @param ms milliseconds from publish to that evidence
 */
public record ActionReport(
    String entity,
    String command,
    Map<String, Object> arguments,
    String evidence,
    String detail,
    long ms) {}
