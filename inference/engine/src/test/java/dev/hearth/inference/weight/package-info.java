@NullMarked
package dev.hearth.inference.weight;

import org.jspecify.annotations.NullMarked;
