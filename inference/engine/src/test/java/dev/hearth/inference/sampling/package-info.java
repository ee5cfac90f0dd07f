@NullMarked
package dev.hearth.inference.sampling;

import org.jspecify.annotations.NullMarked;
