@NullMarked
package dev.hearth.training;

import org.jspecify.annotations.NullMarked;
