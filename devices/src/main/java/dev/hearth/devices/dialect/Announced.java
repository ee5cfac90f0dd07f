package dev.hearth.devices.dialect;

/**
 * What one source says. A topic that announces one thing is one source; where a topic lists many
 * devices, each of them is one, so that a fault in one entry leaves the others alone.
 *
 * @param source its name: the topic, followed by a blank and the device where there are several
 * @param content what the announcement was made from; when an equal one is in place already, there
 *     is nothing to do
 * @param announcement what it says
 */
public record Announced(String source, Object content, Announcement announcement) {}
