package dev.hearth.agent.plan;

import dev.hearth.devices.Command;
import dev.hearth.devices.EntityId;

/**
 * One command to one entity.
 *
 * @param entity whom it is for
 * @param name the entity's name, for the reply
 * @param command what to do
 */
public record Step(EntityId entity, String name, Command command) {}
