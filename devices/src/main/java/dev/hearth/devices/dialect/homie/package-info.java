/**
 * The Homie convention, versions 3, 4 (attributes on topics of their own) and 5 (one description, a
 * {@code $target} beside each value), as its specification describes them.
 */
@NullMarked
package dev.hearth.devices.dialect.homie;

import org.jspecify.annotations.NullMarked;
